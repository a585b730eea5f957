"""Rows per second on a Dask cluster against the number of workers and rows: `python -m
benchmarks.spread` writes SPREAD.md."""
