"""Scales far apart, overflow beside, float32, domains that end, and plain smooth functions."""

from __future__ import annotations

import math

import numpy as np

import autograd_bp as bp
from benchmarks.checker.difficult.sample import Sample

Random = np.random.Generator


def spread(rng: Random) -> Sample:
    """Terms of 1e8 to 1e13 beside terms of 1e-6 to 1, on Values: autodiff is an exact witness."""
    large, small = 10.0 ** rng.uniform(8.0, 13.0), 10.0 ** rng.uniform(-6.0, 0.0)
    x = rng.uniform(0.4, 1.2, 2)
    kind = rng.choice(["sines", "product", "exponential"])

    def f(v: list) -> object:
        if kind == "sines":
            return large * bp.sin(v[0]) + small * bp.sin(v[1])
        if kind == "product":
            return large * bp.sin(v[0]) * v[0] + small * v[1] ** 3
        return large * bp.exp(v[0]) - small * bp.exp(v[1])

    def gradient(v: list) -> np.ndarray:
        if kind == "sines":
            return np.array([large * math.cos(v[0]), small * math.cos(v[1])])
        if kind == "product":
            first = large * (math.cos(v[0]) * v[0] + math.sin(v[0]))
            return np.array([first, 3.0 * small * v[1] ** 2])
        return np.array([large * math.exp(v[0]), -small * math.exp(v[1])])

    return Sample(f, gradient, x, str(kind), opaque=False)


def overflow(rng: Random) -> Sample:
    """One component beside the largest float, the others ordinary."""
    x = np.array([rng.uniform(700.0, 709.7), rng.uniform(0.5, 2.0), rng.uniform(0.5, 2.0)])
    kind = rng.choice(["softplus", "ratio", "power"])

    def big(a: float) -> tuple[float, float]:
        e = np.exp(a)
        if kind == "softplus":
            return float(np.log(1.0 + e)), float(1.0 / (1.0 + 1.0 / e))
        if kind == "ratio":
            return float(1.0 + 1.0 / e), float(-1.0 / e)
        return float(e * 1e-300), float(e * 1e-300)

    def f(v: np.ndarray) -> float:
        return big(v[0])[0] + math.sin(v[1]) * v[2] ** 2

    def gradient(v: np.ndarray) -> np.ndarray:
        return np.array([big(v[0])[1], math.cos(v[1]) * v[2] ** 2, 2.0 * math.sin(v[1]) * v[2]])

    return Sample(f, gradient, x, str(kind))


def single(rng: Random) -> Sample:
    """Functions of float32 arrays."""
    n = int(rng.choice([3, 10, 50]))
    x = rng.standard_normal(n).astype(np.float32)
    kind = rng.choice(["silu", "gelu", "logsumexp", "square", "normalised"])
    one = np.float32(1.0)

    def σ(v: np.ndarray) -> np.ndarray:
        return one / (one + np.exp(-v))

    def f(v: np.ndarray) -> np.float32:
        if kind == "silu":
            return np.sum(v * σ(v))
        if kind == "gelu":
            return np.sum(v * σ(np.float32(1.702) * v))
        if kind == "logsumexp":
            return np.log(np.sum(np.exp(v)))
        if kind == "square":
            return np.sum(v * v) * np.float32(0.5)
        return v[0] / np.sqrt(np.sum(v * v))

    def gradient(v: np.ndarray) -> np.ndarray:
        if kind == "silu":
            return σ(v) * (one + v * (one - σ(v)))
        if kind == "gelu":
            s = σ(np.float32(1.702) * v)
            return s * (one + np.float32(1.702) * v * (one - s))
        if kind == "logsumexp":
            return np.exp(v) / np.sum(np.exp(v))
        if kind == "square":
            return v
        norm = np.sqrt(np.sum(v * v))
        return np.eye(1, n, dtype=np.float32)[0] / norm - v[0] * v / norm**3

    return Sample(f, gradient, x, str(kind))


def domain(rng: Random) -> Sample:
    """Functions that raise beyond their domain, near its end: asserts, Cholesky, a solver."""
    kind = rng.choice(["assert", "cholesky", "solver", "simplex"])
    gap = 10.0 ** rng.uniform(-6.0, -0.5)
    if kind == "cholesky":
        x = np.array([1.0, 1.0 - gap, 1.0])
    elif kind == "simplex":
        x = np.array([0.5 - gap, 0.3, 0.2])
    else:
        x = np.array([gap, rng.uniform(0.5, 2.0)])

    def f(v: np.ndarray) -> float:
        if kind == "assert":
            assert v[0] > 0.0, "prices are positive"
            return float(v[1] * math.log(v[0]) + v[1] ** 2)
        if kind == "cholesky":
            factor = np.linalg.cholesky(np.array([[v[0], v[1]], [v[1], v[2]]]))
            return float(2.0 * np.log(np.diag(factor)).sum())
        if kind == "simplex":
            if not 0.0 < v.sum() < 1.0:
                raise RuntimeError("weights must sum to less than 1")
            return float(np.log(1.0 - v.sum()) + v @ v)
        if v[0] <= 0.0 or v[0] > 4.0:
            raise RuntimeError("the solver did not converge")
        return float(math.sqrt(v[0]) * v[1] ** 3)

    def gradient(v: np.ndarray) -> np.ndarray:
        if kind == "assert":
            return np.array([v[1] / v[0], math.log(v[0]) + 2.0 * v[1]])
        if kind == "cholesky":
            return np.array([v[2], -2.0 * v[1], v[0]]) / (v[0] * v[2] - v[1] ** 2)
        if kind == "simplex":
            return 2.0 * v - 1.0 / (1.0 - v.sum())
        return np.array([0.5 * v[1] ** 3 / math.sqrt(v[0]), 3.0 * math.sqrt(v[0]) * v[1] ** 2])

    return Sample(f, gradient, x, str(kind))


def smooth(rng: Random) -> Sample:
    """Plain smooth functions of several numbers, at every scale."""
    n = int(rng.choice([1, 3, 10]))
    size = 10.0 ** rng.uniform(-6.0, 6.0)
    a = rng.standard_normal((n, n))
    x = rng.standard_normal(n) * size
    kind = rng.choice(["quadratic", "tanh", "logistic", "norm"])

    def f(v: np.ndarray) -> float:
        u = v / size
        if kind == "quadratic":
            return float(0.5 * u @ a @ u + u.sum())
        if kind == "tanh":
            return float(np.tanh(a @ u).sum())
        if kind == "logistic":
            return float(np.log1p(np.exp(a @ u)).mean())
        return float(np.sqrt(1.0 + u @ u))

    def gradient(v: np.ndarray) -> np.ndarray:
        u = v / size
        if kind == "quadratic":
            return (0.5 * (a + a.T) @ u + 1.0) / size
        if kind == "tanh":
            return a.T @ (1.0 - np.tanh(a @ u) ** 2) / size
        if kind == "logistic":
            return a.T @ (1.0 / (1.0 + np.exp(-(a @ u)))) / n / size
        return u / np.sqrt(1.0 + u @ u) / size

    return Sample(f, gradient, x, str(kind))


OTHERS = {
    "scales far apart": spread,
    "overflow beside": overflow,
    "float32": single,
    "ends of domains": domain,
    "smooth": smooth,
}
