"""y_0' = x_0 and y_i' = x_i · y_{i-1} from 0 to 2, by Runge-Kutta with s steps.

A 1 that stays, in front of y, makes all equations alike: y_0' = x_0 · 1. Its own factor is 0.
"""

import numpy as np

import autograd_bp as bp
from benchmarks.gradbench.protocol import function, plain

END = 2.0


def slopes(x, y):
    return [a * b for a, b in zip(x, [y[-1], *y[:-1]], strict=True)]


def solution(x, start, steps):
    h = END / steps

    def moved(y, k, part):
        return [a + part * b for a, b in zip(y, k, strict=True)]

    def step(_, y):
        k1 = slopes(x, y)
        k2 = slopes(x, moved(y, k1, h / 2.0))
        k3 = slopes(x, moved(y, k2, h / 2.0))
        k4 = slopes(x, moved(y, k3, h))
        together = zip(y, k1, k2, k3, k4, strict=True)
        return [a + h / 6.0 * (b + 2.0 * c + 2.0 * d + e) for a, b, c, d, e in together]

    return bp.fori(steps, step, [*start])


@bp.compiled(static="steps")
def whole(x, start, steps):
    return np.array(solution(x, start, steps)[1:], dtype=object)


@bp.compiled(static="steps")
def last(x, start, steps):
    return solution(x, start, steps)[-1]


def problem(given):
    x = np.array([0.0, *given["x"]])
    start = np.zeros(len(x))
    start[0] = 1.0
    return x, start, given["s"]


@function(problem, plain)
def primal(arguments):
    return whole(*arguments)


@function(problem, plain)
def gradient(arguments):
    return last.grad(*arguments)[1:]
