"""The functions that take lists: sums and products in folds.py, softmax and its kin in shares.py.

functions.py has all of them under their public names.
"""
