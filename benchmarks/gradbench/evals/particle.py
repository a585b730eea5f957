"""A particle between two charges, of which w moves one: for which w does it meet the origin?

Its path follows the gradient of a potential, by Euler's method, and the descent to w the gradient
of where the path ends: derivatives in derivatives, each forwards or in reverse.
"""

import autograd_bp as bp
from benchmarks.gradbench.evals._descent import MODES, argmin, length, minus
from benchmarks.gradbench.protocol import function

STEP = 0.1
MOST_STEPS = 400  # of a path


def miss(inner):
    """The square of where the path crosses the axis, as a function of w."""

    def where_it_crosses(w):
        charges = [[10.0, 10.0 - w[0]], [10.0, 0.0]]

        def potential(x):
            return bp.sum([1.0 / length(minus(x, charge)) for charge in charges])

        field = inner(potential)

        def moved(x, velocity):
            return [a + STEP * b for a, b in zip(x, velocity, strict=True)]

        def is_above(state):
            return moved(state["x"], state["velocity"])[1] > 0.0

        def step(state):
            x, velocity = state["x"], state["velocity"]
            force = field(x)
            faster = [a - STEP * b for a, b in zip(velocity, force, strict=True)]
            return {"x": moved(x, velocity), "velocity": faster}

        begin = {"x": [0.0, 8.0], "velocity": [0.75, 0.0]}
        end = bp.while_loop(is_above, step, begin, limit=MOST_STEPS)
        x, velocity = end["x"], end["velocity"]
        crossing = x[0] - x[1] / velocity[1] * velocity[0]
        return crossing * crossing

    return bp.compiled(where_it_crosses)


def adapter(outer, inner):
    cost = miss(MODES[inner])
    # By one number a sweep forwards is a product with the direction 1.
    gradient = cost.grad if outer == "r" else lambda w: [cost.jvp(w, tangent=[1.0])]

    @function(lambda given: [float(given["w"])], lambda w: w[0])
    def minimum(w):
        return argmin(cost, gradient, w)

    return minimum


ff, fr, rf, rr = adapter("f", "f"), adapter("f", "r"), adapter("r", "f"), adapter("r", "r")
