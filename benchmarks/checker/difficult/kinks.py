"""Functions with many kinks or jumps: sums over rows, paths, tables and remainders."""

from __future__ import annotations

import math

import numpy as np

from benchmarks.checker.difficult.sample import Sample

Random = np.random.Generator


def _rows(rng: Random, rows: int, columns: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    design = rng.standard_normal((rows, columns))
    w = rng.standard_normal(columns)
    return (
        design,
        design @ w + 0.5 * rng.standard_normal(rows),
        w + 0.1 * rng.standard_normal(columns),
    )


def l1(rng: Random) -> Sample:
    """Regression of 10,000 rows by absolute errors, by quantiles, or with hinges."""
    design, target, x = _rows(rng, 10_000, 3)
    kind = rng.choice(["absolute", "quantile", "hinge"])
    τ = rng.uniform(0.1, 0.9)
    sign = np.sign(target)

    def f(w: np.ndarray) -> float:
        r = design @ w - target
        if kind == "absolute":
            return float(np.abs(r).mean())
        if kind == "quantile":
            return float(np.maximum(τ * r, (τ - 1.0) * r).mean())
        return float(np.maximum(0.0, 1.0 - sign * (design @ w)).mean())

    def gradient(w: np.ndarray) -> np.ndarray:
        r = design @ w - target
        if kind == "absolute":
            slopes = np.sign(r)
        elif kind == "quantile":
            slopes = np.where(r > 0.0, τ, τ - 1.0)
        else:
            slopes = np.where(1.0 - sign * (design @ w) > 0.0, -sign, 0.0)
        return design.T @ slopes / len(target)

    return Sample(f, gradient, x, str(kind))


def monte_carlo(rng: Random) -> Sample:
    """A call, a basket of two, or a lookback by simulated paths, differentiated path by path."""
    n = int(rng.choice([2_000, 10_000, 20_000]))
    z = rng.standard_normal((2, n))
    kind = rng.choice(["call", "put", "maximum"])
    strike = 100.0
    x = np.array([rng.uniform(85.0, 115.0), rng.uniform(0.15, 0.4), rng.uniform(0.0, 0.06)])

    def paths(v: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        s, σ, r = v
        first = s * np.exp((r - 0.5 * σ * σ) * 0.5 + σ * math.sqrt(0.5) * z[0])
        return first, first * np.exp((r - 0.5 * σ * σ) * 0.5 + σ * math.sqrt(0.5) * z[1])

    def f(v: np.ndarray) -> float:
        middle, end = paths(v)
        if kind == "maximum":
            end = np.maximum(middle, end)
        gain = end - strike if kind != "put" else strike - end
        return float(math.exp(-v[2]) * np.maximum(gain, 0.0).mean())

    def gradient(v: np.ndarray) -> np.ndarray:
        s, σ, r = v
        middle, end = paths(v)
        half = math.sqrt(0.5)
        by = [
            (middle / s, middle * (half * z[0] - 0.5 * σ), 0.5 * middle),
            (end / s, end * (half * (z[0] + z[1]) - σ), end),
        ]
        late = end >= middle if kind == "maximum" else np.ones(n, bool)
        value = np.where(late, end, middle)
        sign = -1.0 if kind == "put" else 1.0
        inside = sign * (value - strike) > 0.0
        slopes = [
            math.exp(-r) * float((sign * np.where(late, b, a) * inside).mean())
            for a, b in zip(*by, strict=True)
        ]
        slopes[2] -= f(v)
        return np.array(slopes)

    return Sample(f, gradient, x, str(kind))


def relu_net(rng: Random) -> Sample:
    """A network of ReLU, leaky ReLU or maxout neurons over a batch of 1,000 rows."""
    kind = rng.choice(["relu", "leaky", "maxout"])
    rows, inputs, hidden = 1_000, 3, 4
    batch = rng.standard_normal((rows, inputs))
    target = rng.standard_normal(rows)
    x = rng.standard_normal(inputs * hidden + hidden) * 0.7

    def forward(v: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        w, out = v[: inputs * hidden].reshape(inputs, hidden), v[inputs * hidden :]
        a = batch @ w
        if kind == "maxout":
            partner = np.roll(a, 1, axis=1)
            return np.where(a >= partner, 1.0, 0.0), np.maximum(a, partner), out
        slope = np.where(a > 0.0, 1.0, 0.1 if kind == "leaky" else 0.0)
        return slope, a * slope, out

    def f(v: np.ndarray) -> float:
        _, y, out = forward(v)
        return float(0.5 * np.mean((y @ out - target) ** 2))

    def gradient(v: np.ndarray) -> np.ndarray:
        slope, y, out = forward(v)
        rest = (y @ out - target) / rows
        back = rest[:, None] * out
        if kind == "maxout":
            back = back * slope + np.roll(back * (1.0 - slope), -1, axis=1)
        else:
            back = back * slope
        return np.concatenate([(batch.T @ back).ravel(), y.T @ rest])

    return Sample(f, gradient, x, str(kind))


def table(rng: Random) -> Sample:
    """A piecewise linear table of 1,001 knots, read at a few places."""
    knots = np.linspace(0.0, 10.0, 1_001)
    values = np.cumsum(rng.standard_normal(1_001)) * 0.05 + np.sin(knots)
    if rng.random() < 0.3:
        knots = np.sort(rng.uniform(0.0, 10.0, 1_001))
    x = rng.uniform(0.5, 9.5, 3)
    slopes = np.diff(values) / np.diff(knots)
    weights = rng.uniform(0.5, 2.0, 3)

    def gradient(v: np.ndarray) -> np.ndarray:
        return weights * slopes[np.searchsorted(knots, v, side="right") - 1]

    return Sample(lambda v: float(weights @ np.interp(v, knots, values)), gradient, x, "table")


def remainder(rng: Random) -> Sample:
    """Remainders: saws, triangles, wrapped angles, a weighted hash."""
    q = 10.0 ** rng.uniform(-4.0, 1.0)
    x = rng.uniform(0.3, 50.0, 2) * rng.choice([1.0, 20.0])
    kind = rng.choice(["saw", "triangle", "angle", "saw and parabola"])
    weights = rng.uniform(0.5, 2.0, 2)

    def f(v: np.ndarray) -> float:
        u = np.mod(v, q)
        if kind == "triangle":
            u = np.abs(u - 0.5 * q)
        if kind == "angle":
            u = np.sin(np.mod(v, 2.0 * math.pi))
        if kind == "saw and parabola":
            u = u + 0.01 * v * v
        return float(weights @ u)

    def gradient(v: np.ndarray) -> np.ndarray:
        if kind == "triangle":
            return weights * np.sign(np.mod(v, q) - 0.5 * q)
        if kind == "angle":
            return weights * np.cos(v)
        return weights * (1.0 + (0.02 * v if kind == "saw and parabola" else 0.0))

    return Sample(f, gradient, x, str(kind))


KINKED = {
    "regression by absolute errors": l1,
    "pathwise Monte Carlo": monte_carlo,
    "ReLU networks over a batch": relu_net,
    "tables of 1,001 knots": table,
    "remainders": remainder,
}
