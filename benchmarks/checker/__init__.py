"""The proof of the checker: planted mistakes that it must catch, right gradients that it must
not fail. `python -m benchmarks.checker` prints the grids and records them.
"""
