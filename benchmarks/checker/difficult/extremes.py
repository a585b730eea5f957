"""Functions of extreme size or slope: near overflow and underflow, branch points and poles."""

from __future__ import annotations

import math

import numpy as np

from benchmarks.checker.difficult.complex_step import by_complex_step
from benchmarks.checker.difficult.sample import Sample

Random = np.random.Generator


def growth(rng: Random) -> Sample:
    """Functions that grow fast, up to the largest floats."""
    kind = str(rng.choice(["exp of a square", "power", "cosh", "exp of exp", "product"]))
    x = rng.uniform(0.5, 2.0, 2)
    largest = {"exp of a square": 26.6, "power": 1100.0, "cosh": 709.0, "exp of exp": 6.54}
    top = largest.get(kind, 300.0)
    x[0] = top * (1.0 - 10.0 ** rng.uniform(-5.0, -0.5))

    def f(v: np.ndarray) -> object:
        if kind == "exp of a square":
            return np.exp(v[0] * v[0]) * v[1] * 1e-4
        if kind == "power":
            return v[0] ** 100 * v[1]
        if kind == "cosh":
            return np.cosh(v[0]) / (1.0 + v[1] ** 2)
        if kind == "exp of exp":
            return np.exp(np.exp(v[0])) * v[1] * 0.25
        return 10.0 ** v[0] * v[1] ** 20 * 1e-3

    return Sample(lambda v: float(f(v)), by_complex_step(f), x, kind)


def scaled(rng: Random) -> Sample:
    """Values of 1e±300, arguments of 1e±150, and numbers without all of their digits."""
    kind = str(rng.choice(["huge", "tiny", "huge argument", "tiny argument", "subnormal", "mixed"]))
    by, at = 1.0, np.ones(3)
    if kind in ("huge", "tiny"):
        by = 10.0 ** (rng.uniform(250.0, 305.0) * (1.0 if kind == "huge" else -1.0))
    if kind in ("huge argument", "tiny argument"):
        at *= 10.0 ** (rng.uniform(100.0, 150.0) * (1.0 if kind == "huge argument" else -1.0))
    if kind == "subnormal":
        by = 10.0 ** rng.uniform(-309.0, -307.0)
    if kind == "mixed":
        at = 10.0 ** rng.uniform(-120.0, 120.0, 3)
    x = rng.uniform(0.5, 2.0, 3) * rng.choice([-1.0, 1.0], 3) * at
    a = rng.uniform(0.5, 1.5, 3)

    def f(v: np.ndarray) -> object:
        u = v / at
        return by * (np.sin(a * u).sum() + u[0] * u[1] + np.exp(0.3 * u[2]))

    def gradient(v: np.ndarray) -> np.ndarray:
        u = v / at
        inner = a * np.cos(a * u) + np.array([u[1], u[0], 0.3 * np.exp(0.3 * u[2])])
        return by * inner / at

    return Sample(lambda v: float(f(v)), gradient, x, kind)


BRANCHES = {
    "root": lambda t: np.sqrt(t),
    "log": lambda t: np.log(t),
    "power of itself": lambda t: np.exp(t * np.log(t)),
    "power 1.5": lambda t: t**1.5,
    "entropy": lambda t: -t * np.log(t) - (1.0 - t) * np.log1p(-t),
    "wave": lambda t: t * t * np.sin(1.0 / t),
    "cube root": lambda t: np.exp(np.log(t) / 3.0),
    "inverse power": lambda t: t**-0.25,
    "log of a log": lambda t: np.log(-np.log(t)),
}


def branch(rng: Random) -> Sample:
    """Near a branch point: √x at 1e-12, x^x, x² sin(1/x)."""
    kind = str(rng.choice(list(BRANCHES)))
    least = {"wave": -3.0, "power 1.5": -8.0}.get(kind, -12.0)
    small = 10.0 ** rng.uniform(least, -1.0)
    x = np.array([small, rng.uniform(0.5, 2.0)])
    f = BRANCHES[kind]
    whole = lambda v: f(v[0]) * v[1] + 0.1 * v[1] ** 2  # noqa: E731
    return Sample(lambda v: float(whole(v)), by_complex_step(whole), x, kind)


def edge(rng: Random) -> Sample:
    """Near an end of a domain that is not 0: arcsin, arccosh, √(1 - x²), odds, a capacity."""
    kind = str(rng.choice(["arcsin", "arccosh", "circle", "odds", "capacity", "cone"]))
    gap = 10.0 ** rng.uniform(-9.0, -1.0)
    x = np.array([1.0 + gap if kind == "arccosh" else 1.0 - gap, rng.uniform(0.5, 2.0)])

    def f(v: np.ndarray) -> float:
        t = float(v[0])
        first = {
            "arcsin": lambda: math.asin(t),
            "arccosh": lambda: math.acosh(t),
            "circle": lambda: math.sqrt((1.0 - t) * (1.0 + t)),
            "odds": lambda: math.log(t / (1.0 - t)),
            "capacity": lambda: t / (1.0 - t),
            "cone": lambda: math.sqrt(1.0 - t),
        }[kind]()
        return float(first * v[1] + v[1] ** 3)

    def gradient(v: np.ndarray) -> np.ndarray:
        t, q = map(float, v)
        rest = (1.0 - t) * (1.0 + t)
        slope = {
            "arcsin": lambda: 1.0 / math.sqrt(rest),
            "arccosh": lambda: 1.0 / math.sqrt(-rest),
            "circle": lambda: -t / math.sqrt(rest),
            "odds": lambda: 1.0 / (t * (1.0 - t)),
            "capacity": lambda: 1.0 / (1.0 - t) ** 2,
            "cone": lambda: -0.5 / math.sqrt(1.0 - t),
        }[kind]()
        return np.array([slope * q, (f(v) - q**3) / q + 3.0 * q * q])

    return Sample(f, gradient, x, kind)


def pole(rng: Random) -> Sample:
    """Near a pole, from far away to a few units in the last place."""
    kind = str(rng.choice(["tangent", "reciprocal", "square", "gamma", "coth", "lens"]))
    at = {"tangent": math.pi / 2.0, "gamma": -2.0, "lens": 1.0}.get(kind, 0.0)
    gap = 10.0 ** rng.uniform(-14.0 if kind == "tangent" else -9.0, -1.0)
    x = np.array([at + gap * rng.choice([-1.0, 1.0]), rng.uniform(0.5, 2.0)])

    def both(t: float) -> tuple[float, float]:
        if kind == "tangent":
            y = math.tan(t)
            return y, 1.0 + y * y
        if kind == "reciprocal":
            return 1.0 / t, -1.0 / t**2
        if kind == "square":
            return 1.0 / t**2, -2.0 / t**3
        if kind == "gamma":
            y = math.gamma(t + 3.0) / (t * (t + 1.0) * (t + 2.0))
            # The digamma function by its recurrence and its series.
            s, z = 0.0, t + 3.0
            while z < 12.0:
                s, z = s - 1.0 / z, z + 1.0
            z2 = 1.0 / (z * z)
            s += math.log(z) - 0.5 / z
            s -= z2 * (1 / 12 - z2 * (1 / 120 - z2 * (1 / 252 - z2 * (1 / 240 - z2 / 132))))
            return y, y * (s - 1.0 / t - 1.0 / (t + 1.0) - 1.0 / (t + 2.0))
        if kind == "coth":
            return 1.0 / math.tanh(t), -1.0 / math.sinh(t) ** 2
        return t / (t - 1.0), -1.0 / (t - 1.0) ** 2

    def f(v: np.ndarray) -> float:
        return both(float(v[0]))[0] * float(v[1]) + float(v[1]) ** 2

    def gradient(v: np.ndarray) -> np.ndarray:
        y, slope = both(float(v[0]))
        return np.array([slope * v[1], y + 2.0 * v[1]])

    return Sample(f, gradient, x, kind)


def short(rng: Random) -> Sample:
    """Functions of float16 arrays, with gradients that are computed in float16, too."""
    n = int(rng.choice([2, 5, 12]))
    kind = str(rng.choice(["waves", "norm", "tanh", "entropy", "product"]))
    x = (rng.uniform(0.4, 1.6, n) * rng.choice([-1.0, 1.0], n)).astype(np.float16)
    if kind == "entropy":
        x = np.abs(x)

    def f(v: np.ndarray) -> object:
        if kind == "waves":
            return np.sum(np.sin(v))
        if kind == "norm":
            return np.sqrt(np.sum(v * v))
        if kind == "tanh":
            return np.sum(np.tanh(v) ** 2)
        if kind == "entropy":
            return np.sum(v * np.log(v))
        return np.prod(v)

    def gradient(v: np.ndarray) -> np.ndarray:
        one = v.dtype.type(1.0)
        if kind == "waves":
            return np.cos(v)
        if kind == "norm":
            return v / np.sqrt(np.sum(v * v))
        if kind == "tanh":
            y = np.tanh(v)
            return (one + one) * y * (one - y * y)
        if kind == "entropy":
            return one + np.log(v)
        return np.prod(v) / v

    return Sample(f, gradient, x, kind)


EXTREMES = {
    "float16": short,
    "fast growth": growth,
    "extreme scales": scaled,
    "branch points": branch,
    "near an end": edge,
    "near a pole": pole,
}
