"""Least squares: a polynomial through the signs of points between -1 and 1. Each point is a row."""

import numpy as np

import autograd_bp as bp
from benchmarks.gradbench.protocol import function, plain


@bp.compiled(rows=("t", "sign"))
def half_of_squares(x, t, sign):
    rest, power = sign, 1.0
    for coefficient in x:
        rest = rest - coefficient * power
        power = power * t
    return 0.5 * rest * rest


def table(given):
    t = -1.0 + 2.0 * np.arange(given["n"]) / (given["n"] - 1)
    return np.array(given["x"], dtype=float), t, np.sign(t)


@function(table, plain)
def primal(arguments):
    return half_of_squares(*arguments)


@function(table, plain)
def gradient(arguments):
    return half_of_squares.grad(*arguments)
