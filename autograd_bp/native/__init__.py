"""Replacements for Python's own lists and calls, which the compiled core uses.

`memory` and `kernels` are each written twice: here in Python, and in C for the compiled core
(`memory.pxd` with the headers that it names; `kernels.pxd` with rules.h and kernels.h, which
`generate.py` writes). `value.py` and `backprop.py` call them by the same names either way.
"""
