"""log Σ exp x, which the library has as a primitive: it takes the largest number out first."""

import numpy as np

import autograd_bp as bp
from benchmarks.gradbench.protocol import function, plain

logsumexp = bp.compiled(lambda x: bp.logsumexp(x))


def numbers(given):
    return np.array(given["x"], dtype=float)


@function(numbers, plain)
def primal(x):
    return logsumexp(x)


@function(numbers, plain)
def gradient(x):
    return logsumexp.grad(x)
