"""A recurrent network whose matrices are diagonal, and what it costs to spell a text with it."""

from itertools import pairwise

import numpy as np

import autograd_bp as bp
from benchmarks.gradbench.protocol import function


def gate(function, x, weight, bias):
    return [function(a * w + b) for a, w, b in zip(x, weight, bias, strict=True)]


def layer(weights, biases, hidden, cell, x):
    size = len(x)
    w, b = ([part[size * k : size * (k + 1)] for k in range(4)] for part in (weights, biases))
    forget, outgate = gate(bp.sigmoid, x, w[0], b[0]), gate(bp.sigmoid, x, w[2], b[2])
    ingate, change = gate(bp.sigmoid, hidden, w[1], b[1]), gate(bp.tanh, hidden, w[3], b[3])
    cell = [c * f + i * d for c, f, i, d in zip(cell, forget, ingate, change, strict=True)]
    return [o * bp.tanh(c) for o, c in zip(outgate, cell, strict=True)], cell


@bp.compiled(wrt=("main", "extra"))
def loss(main, extra, state, text):
    into, out, bias = extra

    def step(carry, letters):
        letter, following = letters
        x = [a * w for a, w in zip(letter, into, strict=True)]
        states = []
        for k in range(0, len(main), 2):
            hidden, cell = layer(main[k], main[k + 1], carry[k], carry[k + 1], x)
            states += [hidden, cell]
            x = hidden
        y = [a * w + b for a, w, b in zip(x, out, bias, strict=True)]
        total = bp.log(bp.sum([bp.exp(a) for a in y]) + 2.0)
        return states, bp.dot(following, y) - total * bp.sum(following)

    lines = [*pairwise(text)]
    _, terms = bp.scan(step, [[*line] for line in state], lines)
    return -bp.sum(terms) / (len(lines) * len(into))


def arguments(given):
    names = ("main_params", "extra_params", "state", "sequence")
    return [np.array(given[name], dtype=float) for name in names]


@function(arguments)
def objective(given):
    return loss(*given)


@function(arguments, lambda slopes: np.concatenate([s.ravel() for s in slopes]).tolist())
def jacobian(given):
    return loss.grad(*given)
