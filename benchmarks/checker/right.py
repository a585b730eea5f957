"""Right gradients where checkers stumble: kinks, overflow, edges, noise, few digits."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Iterator
from itertools import pairwise

import autograd_bp as bp
from autograd_bp.checking.points.kinks import BUILT_IN
from autograd_bp.primitives import TABLE, Primitive
from benchmarks.checker.model import Case
from benchmarks.checker.wrong import held, points

Numbers = list[float]


def cases() -> Iterator[Case]:
    yield from _rows()
    for group, entries in HARD.items():
        for name, (f, gradient, x) in entries.items():
            yield Case(name, group, f, gradient, gradient or _autodiff(f), list(x))


def _rows() -> Iterator[Case]:
    """Every row at each of its points, kinks included, as autodiff has it."""
    for row in [*TABLE]:
        if row.partials is None or row.name not in BUILT_IN:
            continue
        for x in points(row):
            if row.kink is not None and row.kink.jumps and _is_beyond_jumps(x):
                continue  # every float is an integer there, and differences see the identity
            yield _row_at(row, x)


def _is_beyond_jumps(x: tuple[float, ...]) -> bool:
    return abs(x[0]) > 2.0**53


def _row_at(row: Primitive, x: tuple[float, ...]) -> Case:
    full, live = held(row, x)

    def claimed(numbers: Numbers) -> Numbers:
        inputs = full(numbers)
        slopes = row.partials(*inputs, y=row.forward(*inputs))
        return [float(slopes[i]) for i in live]

    f = lambda numbers: row(*full(numbers))  # noqa: E731
    return Case(f"{row.name}{x}", "every row at its points", f, None, claimed, [x[i] for i in live])


def _autodiff(f: Callable) -> Callable[[Numbers], Numbers]:
    return lambda x: bp.grad(f)(list(x))


def _single(x: float) -> float:
    return struct.unpack("f", struct.pack("f", x))[0]


def _hash(x: float) -> float:
    """A number from -1/2 to 1/2 that jumps with every bit of x, the same on every machine."""
    bits = int.from_bytes(struct.pack("d", x), "little")
    return (bits * 0x9E3779B97F4A7C15 >> 40) % 65536 / 65536 - 0.5


def _root(a: float) -> float:
    """√a by bisection, stopped at 1e-9: how a solver inside a function makes noise."""
    low, high = 0.0, max(1.0, a)
    while high - low > 1e-9:
        middle = 0.5 * (low + high)
        low, high = (middle, high) if middle * middle < a else (low, middle)
    return 0.5 * (low + high)


def _quadrature(a: float) -> float:
    n = 200
    return sum(math.sin(a * (k + 0.5) / n) for k in range(n)) * a / n


def _quadrature_slope(a: list[float]) -> list[float]:
    n, a0 = 200, a[0]
    angles = [(k + 0.5) / n for k in range(n)]
    return [sum(math.sin(a0 * t) + a0 * t * math.cos(a0 * t) for t in angles) / n]


def _cosine(x: Numbers) -> Numbers:
    return [math.cos(x[0])]


def _tie_of_three(x: list) -> object:
    return bp.maximum(bp.maximum(x[0], x[1]), x[2])


def _hidden(x: list) -> object:
    """A ReLU neuron whose stimulus is exactly 0."""
    return bp.sigmoid(2.0 * bp.relu(x[0] * 3.0 + x[1] * -1.5 - 0.0) + 0.3 * x[0])


def _rosenbrock(x: list) -> object:
    return bp.sum([100.0 * (b - a * a) ** 2 + (1.0 - a) ** 2 for a, b in pairwise(x)])


def _rosenbrock_slopes(x: Numbers) -> Numbers:
    g = [0.0] * len(x)
    for i, (a, b) in enumerate(pairwise(x)):
        g[i] += -400.0 * a * (b - a * a) - 2.0 * (1.0 - a)
        g[i + 1] += 200.0 * (b - a * a)
    return g


Entry = tuple[Callable, Callable | None, list[float]]
HARD: dict[str, dict[str, Entry]] = {
    "kinks": {
        "relu(0)": (lambda x: bp.relu(x[0]), lambda x: [0.0], [0.0]),
        "relu(0), slope 1": (lambda x: bp.relu(x[0]), lambda x: [1.0], [0.0]),
        "abs(0)": (lambda x: abs(x[0]), lambda x: [0.0], [0.0]),
        "abs(0), slope -1": (lambda x: abs(x[0]), lambda x: [-1.0], [0.0]),
        "a tie of maximum": (lambda x: bp.maximum(x[0], x[1]), None, [2.0, 2.0]),
        "a tie, all to one": (lambda x: bp.maximum(x[0], x[1]), lambda x: [1.0, 0.0], [2.0, 2.0]),
        "a tie of minimum": (lambda x: bp.minimum(x[0], x[1]), None, [-1e8, -1e8]),
        "a tie of three": (_tie_of_three, None, [1.5, 1.5, 1.5]),
        "maximum(x, x)": (lambda x: bp.maximum(x[0], x[0]), None, [3.0]),
        "where": (lambda x: bp.where(x[0] > 0.0, x[0] * 2.0, x[0]), None, [0.0]),
        "norm(0, 0, 0)": (bp.norm, None, [0.0, 0.0, 0.0]),
        "hypot(0, 0)": (lambda x: bp.hypot(x[0], x[1]), None, [0.0, 0.0]),
        "L1 norm": (lambda x: bp.sum([abs(v) for v in x]), None, [0.0, -2.0, 0.0, 3.0]),
        "clip at its end": (lambda x: bp.minimum(bp.maximum(x[0], -1.0), 1.0), None, [1.0]),
        "a neuron that is just off": (_hidden, None, [1.0, 2.0]),
        "a leaky neuron": (lambda x: bp.maximum(x[0], 0.01 * x[0]), None, [0.0]),
        "|x| x": (lambda x: abs(x[0]) * x[0], lambda x: [2.0 * abs(x[0])], [0.0]),
        "a kink 1e-6 away": (lambda x: bp.relu(x[0] - 1e-6) + x[0], None, [0.0]),
        "a kink 1e-9 away": (lambda x: bp.relu(x[0] - 1.0) + x[0], None, [1.0 - 1e-9]),
        "a jump 1e-5 away": (
            lambda x: math.sin(x[0]) + (x[0] > 1.00001),
            lambda x: [math.cos(x[0])],
            [1.0],
        ),
    },
    "overflow and scale": {
        "exp(709.7)": (lambda x: bp.exp(x[0]), None, [709.7]),
        "exp(-740)": (lambda x: bp.exp(x[0]), None, [-740.0]),
        "sinh(710)": (lambda x: bp.sinh(x[0]), None, [710.0]),
        "square of 1e154": (lambda x: x[0] * x[0], lambda x: [2.0 * x[0]], [1.3e154]),
        "square of 1e-160": (lambda x: x[0] * x[0], lambda x: [2.0 * x[0]], [1e-160]),
        "a product of 1e300 and 1e-300": (lambda x: x[0] * x[1], None, [1e300, 1e-300]),
        "sigmoid(-1000)": (lambda x: bp.sigmoid(x[0]), None, [-1000.0]),
        "sigmoid(40)": (lambda x: bp.sigmoid(x[0]), None, [40.0]),
        "tanh(19)": (lambda x: bp.tanh(x[0]), None, [19.0]),
        "tanh(12), 1 - y²": (lambda x: bp.tanh(x[0]), lambda x: [1 - math.tanh(x[0]) ** 2], [12.0]),
        "softplus(1e4)": (lambda x: bp.softplus(x[0]), None, [1e4]),
        "logsumexp of 1000s": (bp.logsumexp, None, [1000.0, 999.0, -1000.0]),
        "inputs of 1e-8 and 1e8": (lambda x: bp.sin(x[0] * 1e8) * x[1], None, [1e-8, 1e8]),
        "sin(1e6)": (lambda x: bp.sin(x[0]), None, [1e6]),
        "1/x at 1e-200": (lambda x: 1.0 / x[0], lambda x: [-1.0 / x[0] / x[0]], [1e-150]),
        "cos at 1e-8": (lambda x: bp.cos(x[0]) + x[0], None, [1e-8]),
        "(x - 1)² at 1": (lambda x: (x[0] - 1.0) ** 2, lambda x: [2.0 * x[0] - 2.0], [1.0]),
        "cos(π)": (lambda x: bp.cos(x[0]), lambda x: [0.0], [math.pi]),
    },
    "edges of domains": {
        "sqrt(0)": (lambda x: bp.sqrt(x[0]), None, [0.0]),
        "cbrt(0)": (lambda x: bp.cbrt(x[0]), None, [0.0]),
        "asin(1)": (lambda x: bp.asin(x[0]), None, [1.0]),
        "acos(-1)": (lambda x: bp.acos(x[0]), None, [-1.0]),
        "acosh(1)": (lambda x: bp.acosh(x[0]), None, [1.0]),
        "x^1.5 at 0": (lambda x: x[0] ** 1.5, lambda x: [0.0], [0.0]),
        "x^2.5 at 0": (lambda x: bp.sqrt(x[0]) * x[0] ** 2, lambda x: [0.0], [0.0]),
        "log(1e-300)": (lambda x: bp.log(x[0]), None, [1e-300]),
        "log(1 + x) near -1": (lambda x: bp.log1p(x[0]), None, [-1.0 + 1e-9]),
        "atanh near 1": (lambda x: bp.atanh(x[0]), None, [1.0 - 1e-9]),
        "math.sqrt near 0": (lambda x: math.sqrt(x[0]), lambda x: [0.5 / math.sqrt(x[0])], [1e-12]),
        "x² on x >= 0 only": (lambda x: math.sqrt(x[0]) ** 4, lambda x: [2.0 * x[0]], [0.0]),
    },
    "noise": {
        "1e-12": (lambda x: math.sin(x[0]) + 1e-12 * _hash(x[0]), _cosine, [1.0]),
        "1e-9": (lambda x: math.sin(x[0]) + 1e-9 * _hash(x[0]), _cosine, [1.0]),
        "1e-6": (lambda x: math.sin(x[0]) + 1e-6 * _hash(x[0]), _cosine, [1.0]),
        "1e-6, two inputs": (
            lambda x: x[0] * x[0] * x[1] + 1e-6 * _hash(x[0] + 3.0 * x[1]),
            lambda x: [2.0 * x[0] * x[1], x[0] ** 2],
            [1.3, -0.7],
        ),
        "rounded to 6 places": (lambda x: round(math.sin(x[0]), 6), _cosine, [1.0]),
        "computed in float32": (
            lambda x: _single(math.sin(_single(x[0]))),
            lambda x: [math.cos(x[0])],
            [1.0],
        ),
        "cancellation of 1e8": (lambda x: (x[0] * x[0] + 1e8) - 1e8, lambda x: [2.0 * x[0]], [1.3]),
        "an offset of 1e10": (lambda x: bp.sin(x[0]) + 1e10, lambda x: [math.cos(x[0])], [1.0]),
        "a root by bisection": (
            lambda x: _root(float(x[0])),
            lambda x: [0.5 / math.sqrt(x[0])],
            [2.0],
        ),
        "a sum of 200 sines": (lambda x: _quadrature(x[0]), _quadrature_slope, [2.0]),
    },
    "smooth": {
        "Rosenbrock's function": (_rosenbrock, _rosenbrock_slopes, [-1.2, 1.0, 0.5, 2.0, -0.3]),
        "sin of 1e4 x": (
            lambda x: bp.sin(1e4 * x[0]),
            lambda x: [1e4 * math.cos(1e4 * x[0])],
            [1.0],
        ),
        "softmax": (lambda x: bp.softmax(x)[1], None, [0.3, -1.0, 2.0]),
        "a network": (
            lambda x: bp.sigmoid(bp.tanh(x[0] * x[1] + 0.1) * x[2] - x[3]),
            None,
            [0.5, -1.0, 2.0, 0.25],
        ),
        "x⁹": (lambda x: x[0] ** 9, lambda x: [9.0 * x[0] ** 8], [-0.7]),
        "gamma function": (
            lambda x: math.gamma(x[0]),
            lambda x: [math.gamma(x[0]) * 0.9227843350984671],
            [3.0],
        ),
    },
}
