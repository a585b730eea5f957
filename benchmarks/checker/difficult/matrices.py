"""Linear algebra, splines, long recurrences and special functions."""

from __future__ import annotations

import math

import numpy as np

from benchmarks.checker.difficult.complex_step import by_complex_step
from benchmarks.checker.difficult.sample import Sample

Random = np.random.Generator


def factorised(rng: Random) -> Sample:
    """Determinants, inverses, close eigenvalues and singular values of matrices with a condition of
    up to 1e8."""
    kind = str(rng.choice(["logdet", "solve", "eigenvalue", "nuclear", "gaussian process"]))
    n = int(rng.choice([3, 6, 12]))
    condition = 10.0 ** rng.uniform(0.0, 8.0)
    q, _ = np.linalg.qr(rng.standard_normal((n, n)))
    base = q @ np.diag(np.geomspace(1.0, 1.0 / condition, n)) @ q.T
    base = 0.5 * (base + base.T)
    first, b = np.diag(rng.uniform(0.5, 1.0, n)), rng.standard_normal(n)
    second = np.full((n, n), 0.1) + 0.1 * np.eye(n)
    x = np.array([rng.uniform(0.5, 2.0), rng.uniform(0.5, 2.0) / condition])
    places = np.linspace(0.0, 1.0, n)

    def matrix(v: np.ndarray) -> tuple[np.ndarray, list[np.ndarray]]:
        if kind == "gaussian process":
            gaps = (places[:, None] - places) ** 2
            kernel = np.exp(-0.5 * gaps / v[0] ** 2)
            return kernel + v[1] * np.eye(n), [kernel * gaps / v[0] ** 3, np.eye(n)]
        return v[0] * base + v[1] * (first + second), [base, first + second]

    def f(v: np.ndarray) -> float:
        m, _ = matrix(v)
        if kind == "logdet":
            return float(np.linalg.slogdet(m)[1])
        if kind == "solve":
            return float(b @ np.linalg.solve(m, b))
        if kind == "gaussian process":
            return float(0.5 * b @ np.linalg.solve(m, b) + 0.5 * np.linalg.slogdet(m)[1])
        if kind == "eigenvalue":
            return float(np.linalg.eigvalsh(m)[-1])
        return float(np.linalg.svd(m, compute_uv=False).sum())

    def gradient(v: np.ndarray) -> np.ndarray:
        m, parts = matrix(v)
        if kind == "eigenvalue":
            u = np.linalg.eigh(m)[1][:, -1]
            return np.array([u @ part @ u for part in parts])
        if kind == "nuclear":  # of a positive matrix: its trace
            return np.array([np.trace(part) for part in parts])
        inverse = np.linalg.inv(m)
        y = inverse @ b
        logdet = np.array([np.sum(inverse * part) for part in parts])
        solved = np.array([-y @ part @ y for part in parts])
        return {"logdet": logdet, "solve": solved}.get(kind, 0.5 * solved + 0.5 * logdet)

    return Sample(f, gradient, x, kind)


def recurrence(rng: Random) -> Sample:
    """Long recurrences: a chaotic map, a network over time, Horner's scheme, Newton's steps."""
    kind = str(rng.choice(["chaos", "network", "leapfrog", "horner", "newton"]))
    steps = int(rng.choice([10, 20, 30]))
    x = np.array([rng.uniform(3.6, 3.99), rng.uniform(0.2, 0.4)])
    coefficients = rng.standard_normal(30)

    def f(v: np.ndarray) -> object:
        p, q = v
        if kind == "chaos":
            for _ in range(steps):
                q = p * q * (1.0 - q)
            return q
        if kind == "network":
            y = 0.1
            for k in range(10 * steps):
                y = np.tanh(0.3 * p * y + q * math.sin(k))
            return y
        if kind == "leapfrog":
            y, u, h = q, 0.0, 0.05
            for _ in range(10 * steps):
                u = u - h * p * np.sin(y)
                y = y + h * u
            return y
        if kind == "horner":
            y = 0.0
            for c in coefficients:
                y = y * (0.25 * p) + c * q
            return y
        y = p
        for _ in range(steps):
            y = y - (y * y - p - q) / (2.0 * y)
        return y

    return Sample(lambda v: float(f(v)), by_complex_step(f), x, kind)


def splines(rng: Random) -> Sample:
    """Splines of every order through random points, and pictures read between pixels."""
    from scipy import interpolate

    kind = str(rng.choice(["cubic", "monotone", "akima", "quadratic", "picture"]))
    knots = np.sort(rng.uniform(0.0, 10.0, 40))
    knots = knots[np.r_[True, np.diff(knots) > 1e-2]]
    values = np.cumsum(rng.standard_normal(len(knots)))
    picture = rng.standard_normal((20, 20))
    x = rng.uniform(1.0, 9.0, 2)
    reads = {
        "cubic": interpolate.CubicSpline,
        "monotone": interpolate.PchipInterpolator,
        "akima": interpolate.Akima1DInterpolator,
        "quadratic": lambda a, b: interpolate.make_interp_spline(a, b, 2),
    }
    read = reads.get(kind, interpolate.CubicSpline)(knots, values)
    slope = read.derivative()
    x = np.clip(x, knots[1], knots[-2])

    def pixels(v: np.ndarray) -> tuple[float, np.ndarray]:
        (i, j), (s, t) = np.floor(v).astype(int), v - np.floor(v)
        a, b, c, d = picture[i : i + 2, j : j + 2].ravel()
        value = a * (1 - s) * (1 - t) + b * (1 - s) * t + c * s * (1 - t) + d * s * t
        by = np.array([(c - a) * (1 - t) + (d - b) * t, (b - a) * (1 - s) + (d - c) * s])
        return float(value), by

    def f(v: np.ndarray) -> float:
        if kind == "picture":
            return pixels(v)[0]
        return float(read(v[0]) * v[1] + read(v[1]))

    def gradient(v: np.ndarray) -> np.ndarray:
        if kind == "picture":
            return pixels(v)[1]
        return np.array([slope(v[0]) * v[1], read(v[0]) + slope(v[1])])

    return Sample(f, gradient, x, kind)


def special(rng: Random) -> Sample:
    """SciPy's special functions, also at large arguments."""
    from scipy import special as s

    forms = {
        "gammaln": (s.gammaln, s.psi, 0.0, 6.0),
        "log_ndtr": (s.log_ndtr, lambda t: np.exp(_log_density(t) - s.log_ndtr(t)), None, 1.5),
        "erfcx": (s.erfcx, lambda t: 2 * t * s.erfcx(t) - 2 / math.sqrt(math.pi), 0.0, 1.0),
        "j0": (s.j0, lambda t: -s.j1(t), 0.0, 4.0),
        "airy": (lambda t: s.airy(-t)[0], lambda t: -s.airy(-t)[1], 0.0, 2.0),
        "expi": (s.expi, lambda t: np.exp(t) / t, 0.0, 2.0),
        "dawsn": (s.dawsn, lambda t: 1.0 - 2.0 * t * s.dawsn(t), 0.0, 1.0),
        "psi": (s.psi, lambda t: s.polygamma(1, t), 0.0, 6.0),
        "ellipk": (s.ellipk, _of_ellipk, -6.0, -0.05),
        "lambertw": (lambda t: s.lambertw(t).real, _of_lambertw, 0.0, 6.0),
    }
    kind = str(rng.choice(list(forms)))
    function, slope, low, high = forms[kind]
    t = -(10.0 ** rng.uniform(0.0, high)) if low is None else 10.0 ** rng.uniform(low, high)
    x = np.array([t, rng.uniform(0.5, 2.0)])

    def gradient(v: np.ndarray) -> np.ndarray:
        return np.array([slope(v[0]) * v[1], function(v[0]) + 1.0])

    return Sample(lambda v: float(function(v[0]) * v[1] + v[1]), gradient, x, kind)


def _log_density(t: float) -> float:
    return -0.5 * t * t - 0.5 * math.log(2.0 * math.pi)


def _of_ellipk(m: float) -> float:
    from scipy import special as s

    return float((s.ellipe(m) - (1.0 - m) * s.ellipk(m)) / (2.0 * m * (1.0 - m)))


def _of_lambertw(t: float) -> float:
    from scipy import special as s

    w = s.lambertw(t).real
    return float(w / (t * (1.0 + w)))


MATRICES = {
    "factorised matrices": factorised,
    "long recurrences": recurrence,
    "splines and pictures": splines,
    "special functions": special,
}
