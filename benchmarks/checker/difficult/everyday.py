"""Losses and likelihoods as people write them: large sums, large logits, stiff penalties, units."""

from __future__ import annotations

import math

import numpy as np

from benchmarks.checker.difficult.complex_step import by_complex_step
from benchmarks.checker.difficult.sample import Sample

Random = np.random.Generator


def likelihood(rng: Random) -> Sample:
    """Log-likelihoods of 1e5 to 1e9, as sums over many rows have."""
    kind = str(rng.choice(["normal", "logistic", "poisson", "mixture", "constant"]))
    rows = int(rng.choice([200, 2_000, 20_000]))
    design = np.column_stack([np.ones(rows), rng.standard_normal((rows, 2))])
    x = rng.uniform(-1.0, 1.0, 3)
    y = design @ rng.uniform(-1.0, 1.0, 3) + rng.standard_normal(rows)
    counts = rng.poisson(5.0, rows).astype(float)
    weight = 10.0 ** rng.uniform(0.0, 4.0)
    constant = 10.0 ** rng.uniform(4.0, 8.0) if kind == "constant" else 0.0

    def f(v: np.ndarray) -> object:
        eta = design @ v
        if kind == "normal":
            return weight * 0.5 * ((y - eta) ** 2).sum()
        if kind == "logistic":
            return weight * (np.log1p(np.exp(eta)) - (y > 0.0) * eta).sum()
        if kind == "poisson":
            return weight * (np.exp(eta) - counts * eta).sum()
        if kind == "mixture":
            near = np.exp(-0.5 * (y - v[0]) ** 2) / (1.0 + np.exp(-v[2]))
            far = np.exp(-0.5 * (y - v[1]) ** 2) / (1.0 + np.exp(v[2]))
            return -weight * np.log(near + far).sum()
        return constant + 0.5 * ((y - eta) ** 2).mean()

    return Sample(lambda v: float(f(v)), by_complex_step(f), x, kind)


def logits(rng: Random) -> Sample:
    """Softmax, log-sum-exp and attention with logits of up to 1e4."""
    n = int(rng.choice([3, 10, 30]))
    kind = str(rng.choice(["cross-entropy", "log-sum-exp", "attention", "softplus"]))
    size = 10.0 ** rng.uniform(0.0, 4.0)
    x = rng.standard_normal(n) * size
    label, values = int(np.argsort(x)[rng.integers(n - 1)]), rng.standard_normal(n)  # not the top

    def f(v: np.ndarray) -> object:
        top = v[np.argmax(np.real(v))]
        e = np.exp(v - top)
        if kind == "cross-entropy":
            return top + np.log(e.sum()) - v[label]
        if kind == "log-sum-exp":
            return top + np.log(e.sum())
        if kind == "attention":
            return values @ e / e.sum() + 0.1 * v[label] / size
        return sum(t + np.log1p(np.exp(-t)) if t.real > 0 else np.log1p(np.exp(t)) for t in v)

    return Sample(lambda v: float(f(v)), by_complex_step(f), x, kind)


def penalty(rng: Random) -> Sample:
    """A loss with a penalty of 1/ε, a barrier, or a smooth form of a kink that is ε wide."""
    kind = str(rng.choice(["violated", "kept", "barrier", "smooth abs", "sharp sigmoid", "huber"]))
    ε = 10.0 ** rng.uniform(-8.0, -2.0)
    x = rng.uniform(0.5, 2.0, 3)
    a = rng.uniform(0.5, 1.5, 3)
    offset = float(a @ x) + (-0.1 if kind == "violated" else 0.1)
    near = ε * rng.uniform(-2.0, 2.0)

    def f(v: np.ndarray) -> object:
        loss = (np.sin(v) * v).sum() + v[0] * v[1]
        beyond = a @ v - offset
        if kind in ("violated", "kept"):
            return loss + (0.5 / ε * beyond**2 if beyond.real > 0.0 else 0.0)
        if kind == "barrier":
            return loss - ε * np.log(-beyond)
        u = a @ v - float(a @ x) + near
        if kind == "smooth abs":
            return loss + np.sqrt(u * u + ε * ε)
        if kind == "sharp sigmoid":
            return loss + 1.0 / (1.0 + np.exp(-u / ε))
        size = u if u.real > 0.0 else -u
        return loss + (0.5 * u * u / ε if size.real < ε else size - 0.5 * ε)

    return Sample(lambda v: float(f(v)), by_complex_step(f), x, kind)


def units(rng: Random) -> Sample:
    """Physics in SI units: constants of 1e-34 to 1e30, and arguments of as many sizes."""
    kind = str(rng.choice(["orbit", "planck", "arrhenius", "lennard-jones", "spring", "diode"]))
    u = rng.uniform(0.8, 1.25, 3)
    starts = {
        "orbit": [5.97e24, 7.3e22, 3.8e8],
        "planck": [5e14, 5_800.0, 1.0],
        "arrhenius": [8e4, 350.0, 1e13],
        "lennard-jones": [3.4e-10, 1.65e-21, 3.6e-10],
        "spring": [2e9, 1e-3, 1e-2],
        "diode": [0.65, 300.0, 1e-12],
    }
    x = np.array(starts[kind]) * u

    def f(v: np.ndarray) -> object:
        a, b, c = v
        if kind == "orbit":
            return 6.674e-11 * a * b / c**2
        if kind == "planck":
            top = 2.0 * 6.626e-34 * a**3 / 299_792_458.0**2
            return c * top / np.expm1(6.626e-34 * a / (1.381e-23 * b))
        if kind == "arrhenius":
            return c * np.exp(-a / (8.314 * b))
        if kind == "lennard-jones":
            return 4.0 * b * ((a / c) ** 12 - (a / c) ** 6)
        if kind == "spring":
            return 0.5 * a * (b - 5e-4) ** 2 + 9.81 * c * b
        return c * np.expm1(1.602e-19 * a / (1.381e-23 * b))

    return Sample(lambda v: float(f(v)), by_complex_step(f), x, kind)


def moments(rng: Random) -> Sample:
    """Times since 1970, years, and places on the earth, in functions of their differences."""
    kind = str(rng.choice(["daily", "decay", "year", "distance", "fourier", "wrapped"]))
    now = rng.uniform(1.6e9, 1.8e9)
    x = np.array([now, rng.uniform(0.5, 2.0)])
    epoch = now - rng.uniform(-3e4, 3e4)
    if kind == "year":
        x[0] = rng.uniform(1990.0, 2030.0)
    if kind == "distance":
        x = np.array([52.0, 13.0]) + rng.uniform(-1.0, 1.0, 2)
    if kind in ("fourier", "wrapped"):
        x[0] = rng.uniform(10.0, 1e5)
    there = x + 10.0 ** rng.uniform(-4.0, -1.0) * np.array([1.0, -0.7])
    frequency = 10.0 ** rng.uniform(0.0, 3.0)

    def f(v: np.ndarray) -> object:
        t, a = v
        if kind == "daily":
            return a * np.sin(2.0 * math.pi * (t - epoch) / 86_400.0)
        if kind == "decay":
            return a * np.exp(-(t - epoch) / 3_600.0)
        if kind == "year":
            return a * np.cos(2.0 * math.pi * t) + 0.01 * (t - 2_000.0) ** 2
        if kind == "distance":
            p, q = v * (math.pi / 180.0), there * (math.pi / 180.0)
            h = np.sin(0.5 * (q[0] - p[0])) ** 2
            h = h + np.cos(p[0]) * np.cos(q[0]) * np.sin(0.5 * (q[1] - p[1])) ** 2
            return 2.0 * 6_371.0 * np.arcsin(np.sqrt(h))
        if kind == "fourier":
            return a * np.sin(frequency * t) + 0.5 * np.cos(0.3 * frequency * t)
        turn = 2.0 * math.pi
        return a * (t - 1.0 - turn * np.round((np.real(t) - 1.0) / turn)) ** 2

    return Sample(lambda v: float(f(v)), by_complex_step(f), x, kind)


EVERYDAY = {
    "large likelihoods": likelihood,
    "large logits": logits,
    "stiff penalties": penalty,
    "units of physics": units,
    "times and places": moments,
}
