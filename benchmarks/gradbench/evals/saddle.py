"""min over x of max over y of |x|² - |y|², both by gradient descent from one start: the outer
gradient goes through the inner descent, each forwards or in reverse."""

import autograd_bp as bp
from benchmarks.gradbench.evals._descent import MODES, argmin
from benchmarks.gradbench.protocol import function

MOST_ROUNDS = 400  # of the inner descent


def value(x, y):
    return bp.dot(x, x) - bp.dot(y, y)


def best_answer(x, start, mode, limit=None):
    """The y that the descent finds, for a given x."""

    def cost(y):
        return -value(x, y)

    return argmin(cost, mode(cost), start, limit)


def adapter(outer, inner):
    @bp.compiled
    def largest(x, start):
        return value(x, best_answer(x, [*start], MODES[inner], MOST_ROUNDS))

    units = ([1.0, 0.0], [0.0, 1.0])

    @function(lambda given: [float(a) for a in given["start"]])
    def saddle(start):
        def cost(x):
            return largest(x, start)

        def reverse(x):
            return largest.grad(x, start)

        def forward(x):
            return [largest.jvp(x, start, tangent=unit) for unit in units]

        x = argmin(cost, reverse if outer == "r" else forward, start)
        return [*x, *best_answer(x, start, MODES[outer])]

    return saddle


ff, fr, rf, rr = adapter("f", "f"), adapter("f", "r"), adapter("r", "f"), adapter("r", "r")
