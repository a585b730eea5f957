"""x² and its derivative."""

import autograd_bp as bp
from benchmarks.gradbench.protocol import function


@bp.compiled
def squared(x):
    return x * x


@function()
def square(x):
    return squared(x)


@function()
def double(x):
    return squared.grad(x)
