"""Functions that are narrow compared with |x|: peaks, lines, phases, options with one day left."""

from __future__ import annotations

import math

import numpy as np

from benchmarks.checker.difficult.sample import Sample

Random = np.random.Generator


def peak(rng: Random) -> Sample:
    """exp(-(x - c)²/2w²), a Lorentz line, sech² or a logistic step at an offset of 1e1 to 1e9."""
    centre = 10.0 ** rng.uniform(1.0, 9.0) * rng.choice([-1.0, 1.0])
    width = 10.0 ** rng.uniform(-0.5, 0.7)
    x = centre + width * rng.uniform(0.2, 2.0) * rng.choice([-1.0, 1.0])
    shape = rng.choice(["gauss", "lorentz", "sech", "step"])
    height = 10.0 ** rng.uniform(-2.0, 2.0)

    def parts(v: np.ndarray) -> tuple[float, float]:
        u = (float(v[0]) - centre) / width
        if shape == "gauss":
            y = math.exp(-0.5 * u * u)
            return y, -u * y
        if shape == "lorentz":
            y = 1.0 / (1.0 + u * u)
            return y, -2.0 * u * y * y
        if shape == "sech":
            y = 1.0 / math.cosh(min(abs(u), 300.0)) ** 2
            return y, -2.0 * y * math.tanh(u)
        y = 0.5 * (1.0 + math.tanh(0.5 * u))
        return y, y * (1.0 - y)

    return Sample(
        lambda v: height * parts(v)[0],
        lambda v: np.array([height * parts(v)[1] / width]),
        np.array([x]),
        str(shape),
    )


def spectrum(rng: Random) -> Sample:
    """A least-squares fit of a line's centre, width, height and background to samples of it."""
    centre, width = rng.uniform(50.0, 5000.0), rng.uniform(0.5, 3.0)
    t = centre + np.linspace(-12.0, 12.0, 97)
    data = 3.0 * np.exp(-(((t - centre) / width) ** 2)) + 0.2 + 0.05 * rng.standard_normal(97)
    x = np.array([centre + width * rng.uniform(-0.7, 0.7), width * 1.2, 2.5, 0.1])

    def model(v: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        u = (t - v[0]) / v[1]
        line = np.exp(-u * u)
        return u, line, v[2] * line + v[3] - data

    def gradient(v: np.ndarray) -> np.ndarray:
        u, line, rest = model(v)
        bend = v[2] * line * 2.0 * u / v[1]
        return np.array([rest @ bend, rest @ (bend * u), rest @ line, rest.sum()])

    return Sample(lambda v: 0.5 * float(model(v)[2] @ model(v)[2]), gradient, x, "line fit")


def phase(rng: Random) -> Sample:
    """sin(ω(x - c)) at a large x: a clock, a carrier."""
    centre = 10.0 ** rng.uniform(1.0, 9.0)
    ω = 10.0 ** rng.uniform(-0.3, 0.5)
    x = centre + rng.uniform(-3.0, 3.0)
    return Sample(
        lambda v: math.sin(ω * (float(v[0]) - centre)),
        lambda v: np.array([ω * math.cos(ω * (float(v[0]) - centre))]),
        np.array([x]),
        "phase",
    )


def option(rng: Random) -> Sample:
    """Delta and gamma of an option with a day left, by the price and by the volatility."""
    days = rng.uniform(0.3, 3.0)
    root = math.sqrt(days / 365.0)
    strike = 10.0 ** rng.uniform(0.5, 5.0)
    σ = rng.uniform(0.1, 0.5)
    x = np.array([strike * math.exp(σ * root * rng.uniform(-1.5, 1.5)), σ])
    which = rng.choice(["price", "delta", "gamma"])

    def normal(d: float) -> float:
        return math.exp(-0.5 * d * d) / math.sqrt(2.0 * math.pi)

    def cumulative(d: float) -> float:
        return 0.5 * math.erfc(-d / math.sqrt(2.0))

    def f(v: np.ndarray) -> float:
        s, σ = float(v[0]), float(v[1])
        d1 = math.log(s / strike) / (σ * root) + 0.5 * σ * root
        if which == "price":
            return s * cumulative(d1) - strike * cumulative(d1 - σ * root)
        return cumulative(d1) if which == "delta" else normal(d1) / (s * σ * root)

    def gradient(v: np.ndarray) -> np.ndarray:
        s, σ = float(v[0]), float(v[1])
        d1 = math.log(s / strike) / (σ * root) + 0.5 * σ * root
        d2 = d1 - σ * root
        if which == "price":
            return np.array([cumulative(d1), s * normal(d1) * root])
        if which == "delta":
            return np.array([normal(d1) / (s * σ * root), -normal(d1) * d2 / σ])
        g = normal(d1) / (s * σ * root)
        return np.array([-g / s * (1.0 + d1 / (σ * root)), g / σ * (d1 * d2 - 1.0)])

    return Sample(f, gradient, x, str(which))


NARROW = {
    "narrow peaks": peak,
    "spectral lines": spectrum,
    "phases": phase,
    "one-day options": option,
}
