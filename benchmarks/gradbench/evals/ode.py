"""y_0' = x_0 and y_i' = x_i · y_{i-1} from 0 to 2, by Runge-Kutta with s steps."""

import numpy as np

import autograd_bp as bp
from benchmarks.gradbench.protocol import function, plain

END = 2.0


def slopes(x, y):
    return [x[0], *(a * b for a, b in zip(x[1:], y, strict=False))]


def solution(x, steps):
    h = END / steps

    def moved(y, k, part):
        return [a + part * b for a, b in zip(y, k, strict=True)]

    def step(_, y):
        k1 = slopes(x, y)
        k2 = slopes(x, moved(y, k1, h / 2.0))
        k3 = slopes(x, moved(y, k2, h / 2.0))
        k4 = slopes(x, moved(y, k3, h))
        together = zip(y, k1, k2, k3, k4, strict=True)
        return [a + h * (b + 2.0 * c + 2.0 * d + e) / 6.0 for a, b, c, d, e in together]

    return bp.fori(steps, step, [0.0] * len(x))


whole = bp.compiled(lambda x, steps: np.array(solution(x, steps), dtype=object), static="steps")
last = bp.compiled(lambda x, steps: solution(x, steps)[-1], static="steps")


def problem(given):
    return np.array(given["x"], dtype=float), given["s"]


@function(problem, plain)
def primal(arguments):
    return whole(*arguments)


@function(problem, plain)
def gradient(arguments):
    return last.grad(*arguments)
