"""How accurate every primitive is: `python -m benchmarks.accuracy` writes docs/accuracy.md."""
