"""log Σ exp x, with the largest number taken out first."""

import numpy as np

import autograd_bp as bp
from benchmarks.gradbench.protocol import function, plain


@bp.compiled
def logsumexp(x):
    largest = bp.maximum(*x)
    return largest + bp.log(bp.sum([bp.exp(number - largest) for number in x]))


def numbers(given):
    return np.array(given["x"], dtype=float)


@function(numbers, plain)
def primal(x):
    return logsumexp(x)


@function(numbers, plain)
def gradient(x):
    return logsumexp.grad(x)
