"""What autograd_bp costs, next to its peers and next to C: `python -m benchmarks`."""
