"""The estimators beside scikit-learn's and PyTorch on the same splits of sixteen tables:
`python -m benchmarks.tables` writes TABLES.md."""
