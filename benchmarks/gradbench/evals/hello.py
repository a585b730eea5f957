"""x² and its derivative by one sweep: a product is not worth a program."""

import autograd_bp as bp
from benchmarks.gradbench.protocol import function


def squared(x):
    return x * x


@function()
def square(x):
    return squared(x)


@function()
def double(x):
    x = bp.Value(x)
    squared(x).backward()
    return x.grad
