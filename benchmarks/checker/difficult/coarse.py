"""Functions of coarse values: printed and read, of three digits, read from tables, simulated, or
computed on a grid that follows the argument. The gradient is that of what they stand for.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from benchmarks.checker.difficult.sample import Sample

Random = np.random.Generator


def _smooth(rng: Random) -> tuple[Callable, Callable, np.ndarray]:
    a, b, c = rng.uniform(0.5, 2.0, 3)
    x = rng.uniform(0.4, 2.0, 2)

    def f(v: np.ndarray) -> float:
        return float(a * math.sin(b * v[0]) + c * v[0] * v[1] + math.exp(0.3 * v[1]))

    def gradient(v: np.ndarray) -> np.ndarray:
        return np.array(
            [a * b * math.cos(b * v[0]) + c * v[1], c * v[0] + 0.3 * math.exp(0.3 * v[1])]
        )

    return f, gradient, x


def printed(rng: Random) -> Sample:
    """A result that is printed and read again, with six digits or in fixed places."""
    f, gradient, x = _smooth(rng)
    form = str(rng.choice([".6g", ".5e", ".4f", ".7f", "g"]))
    return Sample(lambda v: float(format(f(v), form)), gradient, x, form)


def three_digits(rng: Random) -> Sample:
    """Every step of the computation rounded to three to five significant digits."""
    digits = int(rng.choice([3, 4, 5]))
    a, b = rng.uniform(0.5, 2.0, 2)
    x = rng.uniform(0.5, 2.0, 2)

    def r(y: float) -> float:
        return float(f"{y:.{digits - 1}e}")

    def f(v: np.ndarray) -> float:
        product = r(r(v[0]) * r(v[1]))
        return r(r(a * product) + r(r(b) * r(math.exp(r(0.5 * v[1])))))

    def gradient(v: np.ndarray) -> np.ndarray:
        return np.array([a * v[1], a * v[0] + 0.5 * b * math.exp(0.5 * v[1])])

    return Sample(f, gradient, x, f"{digits} digits")


def read_from_table(rng: Random) -> Sample:
    """A function read from a table of its values: the nearest one, lines, or a cubic spline."""
    f, gradient, x = _smooth(rng)
    knots = np.linspace(0.0, 3.0, int(rng.choice([101, 301, 1001])))
    kind = str(rng.choice(["nearest", "linear", "spline"]))
    table = np.sin(2.0 * knots) + 0.5 * knots * knots

    if kind == "spline":
        from scipy.interpolate import CubicSpline

        read = CubicSpline(knots, table)
    elif kind == "linear":
        read = lambda t: np.interp(t, knots, table)  # noqa: E731
    else:
        read = lambda t: table[round(t / 3.0 * (len(knots) - 1))]  # noqa: E731

    def slope(t: float) -> float:
        if kind != "linear":
            return 2.0 * math.cos(2.0 * t) + t
        k = int(np.searchsorted(knots, t))  # of the line that t is on
        return float((table[k] - table[k - 1]) / (knots[k] - knots[k - 1]))

    def slopes(v: np.ndarray) -> np.ndarray:
        return gradient(v) + np.array([slope(v[0]), 0.0])

    return Sample(lambda v: f(v) + float(read(v[0])), slopes, x, kind)


def rejection(rng: Random) -> Sample:
    """Monte Carlo with common random numbers: draws that are accepted or not, shares of paths
    above a level, and clipped gains. The gradient is that of the expectation."""
    n = int(rng.choice([10_000, 40_000]))
    kind = str(rng.choice(["accepted", "share", "digital and call"]))
    z, u = rng.standard_normal(n), rng.uniform(0.0, 1.0, n)
    x = np.array([rng.uniform(0.6, 1.6), rng.uniform(0.2, 0.8)])

    def density(t: float) -> float:
        return math.exp(-0.5 * t * t) / math.sqrt(2.0 * math.pi)

    def cumulative(t: float) -> float:
        return 0.5 * math.erfc(-t / math.sqrt(2.0))

    def f(v: np.ndarray) -> float:
        if kind == "accepted":  # u <= exp(-v0 t), t uniform: the share of a triangle
            return float(v[1] * np.mean(u[: n // 2] <= np.exp(-v[0] * u[n // 2 :])))
        if kind == "share":
            return float(np.mean(v[0] + v[1] * z > 1.0))
        end = v[0] + v[1] * z
        return float(np.mean(np.where(end > 1.0, end, 0.0)))

    def gradient(v: np.ndarray) -> np.ndarray:
        p, q = map(float, v)
        if kind == "accepted":
            share = (1.0 - math.exp(-p)) / p
            return np.array([q * (math.exp(-p) - share) / p, share])
        d = (p - 1.0) / q
        if kind == "share":
            return np.array([density(d) / q, -density(d) * d / q])
        # E[end; end > 1] = p Φ(d) + q φ(d)
        by_d = p * density(d) - q * d * density(d)
        return np.array([cumulative(d) + by_d / q, density(d) - by_d * d / q])

    return Sample(f, gradient, x, kind)


def adaptive_grid(rng: Random) -> Sample:
    """A sum over a grid whose number of cells follows the argument: between two of its jumps the
    function is smooth, with a slope that is biased by what the grid leaves."""
    x = np.array([rng.uniform(0.5, 2.0), rng.uniform(0.5, 2.0)])
    kind = str(rng.choice(["cells", "time steps", "plateaus"]))
    fine = 10.0 ** rng.uniform(1.0, 2.5)
    size = 10.0 ** rng.uniform(-5.0, -2.5)

    def f(v: np.ndarray) -> float:
        p, q = map(float, v)
        if kind == "cells":  # the midpoint rule for ∫₀¹ exp(-p t) sin(q t) dt
            n = math.ceil(fine * (1.0 + p * q * q))
            t = (np.arange(n) + 0.5) / n
            return float(np.mean(np.exp(-p * t) * np.sin(q * t)))
        if kind == "time steps":  # y' = -p y from q, by the midpoint method
            n = math.ceil(fine * p * (1.0 + q))
            h = 1.0 / n
            return q * (1.0 - p * h + 0.5 * (p * h) ** 2) ** n
        cell = math.floor(fine * (p + 0.7 * q))
        return math.exp(-p) * q + size * math.sin(12.9898 * cell) * (1.0 + p * q)

    def gradient(v: np.ndarray) -> np.ndarray:
        p, q = map(float, v)
        if kind != "cells":
            return np.array([-math.exp(-p) * q, math.exp(-p)])
        nodes, weights = np.polynomial.legendre.leggauss(40)
        t, w = 0.5 * (nodes + 1.0), 0.5 * weights
        decay = np.exp(-p * t)
        return np.array([w @ (-t * decay * np.sin(q * t)), w @ (t * decay * np.cos(q * t))])

    return Sample(f, gradient, x, kind)


COARSE = {
    "printed results": printed,
    "three digits": three_digits,
    "tables of a function": read_from_table,
    "rejection by common numbers": rejection,
    "grids that follow": adaptive_grid,
}
