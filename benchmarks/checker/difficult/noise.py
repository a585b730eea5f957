"""Functions whose values are off by more than rounding, with the exact gradient."""

from __future__ import annotations

import math
import struct

import numpy as np

from benchmarks.checker.difficult.sample import Sample

Random = np.random.Generator


def _smooth(rng: Random) -> tuple:
    """A smooth function of two numbers and its gradient."""
    a, b, c = rng.uniform(0.5, 2.0, 3)
    x = rng.uniform(0.4, 2.0, 2) * rng.choice([-1.0, 1.0], 2)

    def f(v: np.ndarray) -> float:
        return a * math.sin(b * v[0]) + c * v[0] * v[1] + math.exp(0.3 * v[1])

    def gradient(v: np.ndarray) -> np.ndarray:
        return np.array(
            [a * b * math.cos(b * v[0]) + c * v[1], c * v[0] + 0.3 * math.exp(0.3 * v[1])]
        )

    return f, gradient, x


def rounded(rng: Random) -> Sample:
    f, gradient, x = _smooth(rng)
    places = int(rng.choice([4, 5, 6, 7, 8]))
    return Sample(lambda v: round(float(f(v)), places), gradient, x, f"{places} places")


def white(rng: Random) -> Sample:
    f, gradient, x = _smooth(rng)
    size = 10.0 ** rng.uniform(-9.0, -5.5)

    def noise(v: np.ndarray) -> float:
        bits = int.from_bytes(struct.pack("dd", *v), "little") * 0x9E3779B97F4A7C15F39CC0605CEDC835
        return (bits >> 60) % 65536 / 65536 - 0.5

    return Sample(lambda v: f(v) + size * noise(v), gradient, x, "white")


def single_inside(rng: Random) -> Sample:
    """float32 inside, floats outside."""
    w = rng.standard_normal((3, 5)).astype(np.float32)
    out = rng.standard_normal(5)
    x = rng.standard_normal(3)

    def f(v: np.ndarray) -> float:
        return float(np.tanh(v.astype(np.float32) @ w) @ out.astype(np.float32))

    def gradient(v: np.ndarray) -> np.ndarray:
        y = np.tanh(v @ w.astype(float))
        return w.astype(float) @ (out * (1.0 - y * y))

    return Sample(f, gradient, x, "network")


def root(rng: Random) -> Sample:
    """A root by bisection, secants or Brent's method to 1e-9, with the exact implicit gradient."""
    method = rng.choice(["bisection", "secant", "brent", "newton"])
    x = np.array([rng.uniform(0.5, 3.0), rng.uniform(0.5, 2.0)])

    def g(t: float, v: np.ndarray) -> float:
        return t**3 + v[1] * t - v[0]

    def solve(v: np.ndarray) -> float:
        low, high = 0.0, 4.0
        if method == "bisection":
            while high - low > 1e-9:
                middle = 0.5 * (low + high)
                low, high = (middle, high) if g(middle, v) < 0.0 else (low, middle)
            return 0.5 * (low + high)
        if method == "brent":
            from scipy.optimize import brentq

            return float(brentq(g, low, high, args=(v,), xtol=1e-9, rtol=1e-9))
        a, b = 0.2, 1.0
        for _ in range(60):
            slope = 3 * b * b + v[1] if method == "newton" else (g(b, v) - g(a, v)) / (b - a)
            a, b = b, b - g(b, v) / slope
            if abs(b - a) < 1e-6:
                break
        return b

    def gradient(v: np.ndarray) -> np.ndarray:
        t = solve(v)
        for _ in range(3):
            t -= g(t, v) / (3 * t * t + v[1])
        return np.array([1.0, -t]) / (3 * t * t + v[1])

    return Sample(solve, gradient, x, str(method))


def fixed_point(rng: Random) -> Sample:
    """A fixed point iterated until it moves by less than 1e-10, and its implicit gradient."""
    limit = 10.0 ** rng.uniform(-11.0, -7.0)
    kind = rng.choice(["cosine", "equilibrium"])
    x = rng.uniform(0.3, 0.9, 2)

    def step(t: float, v: np.ndarray) -> float:
        if kind == "cosine":
            return v[0] * math.cos(t) + v[1]
        return math.tanh(v[0] * t + v[1])

    def solve(v: np.ndarray, limit: float = limit) -> float:
        t = 0.5
        for _ in range(10_000):
            new = step(t, v)
            if abs(new - t) < limit:
                return new
            t = new
        return t

    def gradient(v: np.ndarray) -> np.ndarray:
        t = solve(v, 1e-16)
        if kind == "cosine":
            by, slope = np.array([math.cos(t), 1.0]), -v[0] * math.sin(t)
        else:
            bend = 1.0 - t * t
            by, slope = np.array([bend * t, bend]), bend * v[0]
        return by / (1.0 - slope)

    return Sample(solve, gradient, x, str(kind))


def ode(rng: Random) -> Sample:
    """An adaptive integrator's answer, whose steps depend on the parameters."""
    x = np.array([rng.uniform(0.5, 2.0), rng.uniform(0.5, 1.5)])
    tolerance = 10.0 ** rng.uniform(-9.0, -6.0)

    def f(v: np.ndarray) -> float:
        """y' = -v0 y (a decay from v1) by Heun's method with step control."""
        t, y, h = 0.0, float(v[1]), 0.1
        while t < 1.0:
            h = min(h, 1.0 - t)
            k1 = -v[0] * y
            k2 = -v[0] * (y + h * k1)
            error = abs(0.5 * h * (k2 - k1)) * h
            if error <= tolerance:
                t, y = t + h, y + 0.5 * h * (k1 + k2)
                if 1.0 - t < 1e-12:
                    break
            h *= min(2.0, max(0.3, 0.9 * math.sqrt(tolerance / max(error, 1e-300))))
        return y

    def gradient(v: np.ndarray) -> np.ndarray:
        decay = math.exp(-v[0])
        return np.array([-v[1] * decay, decay])

    return Sample(f, gradient, x, "decay")


NOISY = {
    "rounded results": rounded,
    "white noise": white,
    "float32 inside": single_inside,
    "roots to 1e-9": root,
    "fixed points": fixed_point,
    "adaptive integrators": ode,
}
