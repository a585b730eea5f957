"""Gradient descent with steps that grow as long as they help, on floats and in compiled code."""

import autograd_bp as bp

SMALL, FIRST, PATIENCE = 1e-5, 1e-5, 10


def reverse(function):
    """The gradient by one sweep backwards."""
    return bp.grad(function)


def forward(function):
    """The gradient by a sweep forwards for each number."""

    def gradient(x):
        units = [[1.0 if j == k else 0.0 for j in range(len(x))] for k in range(len(x))]
        return [bp.jvp(function, x, unit)[1] for unit in units]

    return gradient


MODES = {"f": forward, "r": reverse}


def length(x):
    return bp.sqrt(bp.dot(x, x))


def argmin(function, gradient, start, limit=None):
    """The place where the descent from `start` ends.

    Arguments:
        function: of a list of numbers.
        gradient: of that.
        start: where to begin.
        limit: the most rounds in compiled code, where no loop has an end of its own.
    """

    def goes_on(state):
        return state["goes_on"] > 0.5

    def step(state):
        x, slopes, eta, helped = state["x"], state["slopes"], state["eta"], state["helped"]
        is_longer = bp.greater_equal(helped, PATIENCE - 0.5)
        further = [a - eta * b for a, b in zip(x, slopes, strict=True)]
        cost = function(further)
        stays = bp.less_equal(bp.dot(minus(x, further), minus(x, further)), SMALL * SMALL)
        is_flat = bp.less_equal(bp.dot(slopes, slopes), SMALL * SMALL)
        ends = bp.logical_or(is_flat, bp.logical_and(bp.logical_not(is_longer), stays))
        goes = bp.logical_not(bp.logical_or(ends, is_longer))
        better = bp.logical_and(goes, bp.less(cost, state["cost"]))
        worse = bp.logical_and(goes, bp.logical_not(better))
        here = [bp.where(better, a, b) for a, b in zip(further, x, strict=True)]
        return {
            "x": here,
            "cost": bp.where(better, cost, state["cost"]),
            "slopes": gradient(here),
            "eta": bp.where(is_longer, 2.0 * eta, bp.where(worse, 0.5 * eta, eta)),
            "helped": bp.where(better, helped + 1.0, 0.0),
            "goes_on": bp.logical_not(ends),
        }

    begin = {
        "x": start,
        "cost": function(start),
        "slopes": gradient(start),
        "eta": FIRST,
        "helped": 0.0,
        "goes_on": 1.0,
    }
    return bp.while_loop(goes_on, step, begin, limit=limit)["x"]


def minus(a, b):
    return [p - q for p, q in zip(a, b, strict=True)]
