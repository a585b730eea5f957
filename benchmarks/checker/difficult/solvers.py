"""Functions that solve, integrate or iterate to a tolerance, with the gradient of what they solve
for. Between two changes of their steps they are smooth, with a slope of their own.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from benchmarks.checker.difficult.sample import Sample

Random = np.random.Generator
Function = Callable[[np.ndarray], float]
Gradient = Callable[[np.ndarray], np.ndarray]


def _flows(rng: Random) -> tuple[str, Callable, list, float, Callable, Callable, np.ndarray]:
    """A differential equation y' = rhs(t, y, v), its start, its end, the value that is asked for,
    and that value's exact form and gradient."""
    kind = str(rng.choice(["decay", "logistic", "oscillator", "forced"]))
    a, b, end = rng.uniform(0.5, 2.0), rng.uniform(0.5, 1.5), rng.uniform(1.0, 3.0)
    x = np.array([a, b])
    if kind == "decay":

        def exact(v: np.ndarray) -> np.ndarray:
            decay = math.exp(-v[0] * end)
            return np.array([-end * v[1] * decay, decay])

        return kind, lambda t, y, v: [-v[0] * y[0]], [None], end, _first, exact, x
    if kind == "logistic":
        start = rng.uniform(0.05, 0.3)

        def exact(v: np.ndarray) -> np.ndarray:
            grown = math.exp(-v[0] * end)
            ratio = (v[1] - start) / start
            bottom = 1.0 + ratio * grown
            by_capacity = 1.0 / bottom - v[1] * grown / start / bottom**2
            return np.array([v[1] * ratio * grown * end / bottom**2, by_capacity])

        rhs = lambda t, y, v: [v[0] * y[0] * (1.0 - y[0] / v[1])]  # noqa: E731
        return kind, rhs, [start], end, _first, exact, x
    if kind == "oscillator":

        def exact(v: np.ndarray) -> np.ndarray:
            ω = math.sqrt(v[0])
            return np.array([-v[1] * math.sin(ω * end) * end / (2.0 * ω), math.cos(ω * end)])

        return kind, lambda t, y, v: [y[1], -v[0] * y[0]], [None, 0.0], end, _first, exact, x

    def exact(v: np.ndarray) -> np.ndarray:
        # y' = -a y + b cos t from 0: y = b (a cos t + sin t - a exp(-a t)) / (a² + 1).
        p, q = v
        decay = math.exp(-p * end)
        top = p * math.cos(end) + math.sin(end) - p * decay
        bottom = p * p + 1.0
        by_p = (math.cos(end) - decay + p * end * decay) / bottom - 2.0 * p * top / bottom**2
        return np.array([q * by_p, top / bottom])

    return kind, lambda t, y, v: [-v[0] * y[0] + v[1] * math.cos(t)], [0.0], end, _first, exact, x


def _first(y: np.ndarray) -> float:
    return float(y[0])


def solve_ivp(rng: Random) -> Sample:
    """SciPy's integrators at their default tolerance, and at tighter ones."""
    from scipy import integrate

    kind, rhs, start, end, value, exact, x = _flows(rng)
    method = str(rng.choice(["RK45", "RK23", "DOP853", "LSODA"]))
    options = {} if rng.random() < 0.6 else {"rtol": 10.0 ** rng.uniform(-8.0, -3.0)}

    def f(v: np.ndarray) -> float:
        y0 = [v[1] if y is None else y for y in start]
        found = integrate.solve_ivp(
            lambda t, y: rhs(t, y, v), (0.0, end), y0, method=method, **options
        )
        return value(found.y[:, -1])

    return Sample(f, exact, x, f"{kind} by {method}")


def odeint(rng: Random) -> Sample:
    """The older interface, as it is or with a loose tolerance."""
    from scipy import integrate

    kind, rhs, start, end, value, exact, x = _flows(rng)
    loose = 10.0 ** rng.uniform(-6.0, -3.0)
    options = {} if rng.random() < 0.4 else {"rtol": loose, "atol": loose}

    def f(v: np.ndarray) -> float:
        y0 = [v[1] if y is None else y for y in start]
        found = integrate.odeint(lambda y, t: rhs(t, y, v), y0, [0.0, end], **options)
        return value(found[-1])

    return Sample(f, exact, x, kind)


def _integrand(rng: Random) -> tuple[str, Callable, Callable, np.ndarray, float]:
    """An integrand of t and v, the derivatives of its integral, and the upper end."""
    kind = str(rng.choice(["bell", "waves", "ratio", "root"]))
    end = rng.uniform(1.0, 4.0)
    x = np.array([rng.uniform(0.5, 2.5), rng.uniform(0.5, 2.0)])
    forms: dict[str, tuple[Callable, Callable]] = {
        "bell": (
            lambda t, p, q: q * math.exp(-p * t * t),
            lambda t, p, q: (-q * t * t * math.exp(-p * t * t), math.exp(-p * t * t)),
        ),
        "waves": (
            lambda t, p, q: q * math.sin(p * t) + t,
            lambda t, p, q: (q * t * math.cos(p * t), math.sin(p * t)),
        ),
        "ratio": (
            lambda t, p, q: q / (1.0 + p * t * t),
            lambda t, p, q: (-q * t * t / (1.0 + p * t * t) ** 2, 1.0 / (1.0 + p * t * t)),
        ),
        "root": (
            lambda t, p, q: math.sqrt(p + q * t),
            lambda t, p, q: (0.5 / math.sqrt(p + q * t), 0.5 * t / math.sqrt(p + q * t)),
        ),
    }
    h, slopes = forms[kind]
    nodes, weights = np.polynomial.legendre.leggauss(60)
    places = [float(0.5 * end * (u + 1.0)) for u in nodes]

    def gradient(v: np.ndarray) -> np.ndarray:
        rows = np.array([slopes(t, float(v[0]), float(v[1])) for t in places])
        return 0.5 * end * (weights @ rows)

    return kind, h, gradient, x, end


def quadrature(rng: Random) -> Sample:
    """Adaptive rules: trapezoids or Simpson's parabolas by halves, trapezoids doubled until they
    settle, and SciPy's quad with a loose tolerance."""
    kind, h, gradient, x, end = _integrand(rng)
    rule = str(rng.choice(["trapezoid", "simpson", "doubled", "quad"]))
    tolerance = 10.0 ** rng.uniform(-7.0, -2.5)

    def halves(g: Callable, a: float, b: float, allowed: float, depth: int) -> float:
        middle = 0.5 * (a + b)
        if rule == "trapezoid":
            coarse = 0.5 * (b - a) * (g(a) + g(b))
            fine = 0.25 * (b - a) * (g(a) + 2.0 * g(middle) + g(b))
            error = abs(fine - coarse) / 3.0
        else:
            quarters = g(a + 0.25 * (b - a)), g(a + 0.75 * (b - a))
            coarse = (b - a) / 6.0 * (g(a) + 4.0 * g(middle) + g(b))
            inner = g(a) + 4.0 * quarters[0] + 2.0 * g(middle) + 4.0 * quarters[1] + g(b)
            fine = (b - a) / 12.0 * inner
            error = abs(fine - coarse) / 15.0
        if error <= allowed or depth > 20:
            return fine
        left = halves(g, a, middle, 0.5 * allowed, depth + 1)
        return left + halves(g, middle, b, 0.5 * allowed, depth + 1)

    def doubled(g: Callable) -> float:
        n, before = 4, math.inf
        while True:
            width = end / n
            now = width * (0.5 * (g(0.0) + g(end)) + sum(g(k * width) for k in range(1, n)))
            if abs(now - before) <= tolerance or n > 2**14:
                return now
            n, before = 2 * n, now

    def f(v: np.ndarray) -> float:
        p, q = map(float, v)
        if rule == "quad":
            from scipy import integrate

            loose = max(tolerance, 1e-4)
            return float(integrate.quad(h, 0.0, end, (p, q), epsabs=loose, epsrel=loose)[0])
        if rule == "doubled":
            return doubled(lambda t: h(t, p, q))
        return halves(lambda t: h(t, p, q), 0.0, end, tolerance, 0)

    return Sample(f, gradient, x, f"{kind} by {rule}")


def loose_root(rng: Random) -> Sample:
    """A root to three to six digits, and its exact implicit gradient."""
    method = str(rng.choice(["bisection", "secant", "brent", "newton", "false position"]))
    x = np.array([rng.uniform(0.5, 3.0), rng.uniform(0.5, 2.0)])
    limit = 10.0 ** rng.uniform(-6.0, -2.5)

    def g(t: float, v: np.ndarray) -> float:
        return float(t**3 + v[1] * t - v[0])

    def solve(v: np.ndarray) -> float:
        low, high = 0.0, 4.0
        if method == "bisection":
            while high - low > limit:
                middle = 0.5 * (low + high)
                low, high = (middle, high) if g(middle, v) < 0.0 else (low, middle)
            return 0.5 * (low + high)
        if method == "brent":
            from scipy import optimize

            return float(optimize.brentq(g, low, high, args=(v,), xtol=limit, rtol=1e-9))
        if method == "false position":
            middle = low
            for _ in range(500):
                middle = low - g(low, v) * (high - low) / (g(high, v) - g(low, v))
                if abs(g(middle, v)) < limit:
                    break
                low, high = (middle, high) if g(middle, v) < 0.0 else (low, middle)
            return middle
        a, b = 0.2, 1.0
        for _ in range(60):
            slope = 3 * b * b + v[1] if method == "newton" else (g(b, v) - g(a, v)) / (b - a)
            a, b = b, b - g(b, v) / slope
            if abs(b - a) < limit:
                break
        return float(b)

    def gradient(v: np.ndarray) -> np.ndarray:
        t = 1.0
        for _ in range(50):
            t -= g(t, v) / (3 * t * t + v[1])
        return np.array([1.0, -t]) / (3 * t * t + v[1])

    return Sample(solve, gradient, x, method)


def linear_solver(rng: Random) -> Sample:
    """c·A(v)⁻¹b by conjugate gradients, Jacobi's or Gauss and Seidel's iteration, or GMRES."""
    n = int(rng.choice([6, 20, 60]))
    root = rng.standard_normal((n, n)) / math.sqrt(n)
    spd = root @ root.T + 0.1 * np.eye(n)
    strength = np.diag(rng.uniform(0.5, 2.0, n))
    b, c = rng.standard_normal(n), rng.standard_normal(n)
    method = str(rng.choice(["cg", "gmres", "jacobi", "gauss-seidel"]))
    limit = 1e-5 if rng.random() < 0.5 else 10.0 ** rng.uniform(-7.0, -3.0)
    x = np.array([rng.uniform(0.5, 1.5), rng.uniform(1.0, 2.0)])
    share = 0.3 if method in ("cg", "gmres") else 0.3 / max(1.0, np.linalg.norm(spd, 2))

    def matrix(v: np.ndarray) -> np.ndarray:
        return share * v[0] * spd + v[1] * strength

    def f(v: np.ndarray) -> float:
        a = matrix(v)
        if method in ("cg", "gmres"):
            from scipy.sparse import linalg

            return float(c @ getattr(linalg, method)(a, b, rtol=limit)[0])
        y = np.zeros(n)
        lower = np.tril(a) if method == "gauss-seidel" else np.diag(np.diag(a))
        for _ in range(2_000):
            rest = b - a @ y
            if np.linalg.norm(rest) <= limit * np.linalg.norm(b):
                break
            y = y + np.linalg.solve(lower, rest)
        return float(c @ y)

    def gradient(v: np.ndarray) -> np.ndarray:
        a = matrix(v)
        y, back = np.linalg.solve(a, b), np.linalg.solve(a.T, c)
        return np.array([-back @ (share * spd) @ y, -back @ strength @ y])

    return Sample(f, gradient, x, method)


def optimum(rng: Random) -> Sample:
    """The least value of a loss, the place of it, the largest eigenvalue of a matrix, or the value
    of waiting, each by an iteration that stops early."""
    kind = str(rng.choice(["place", "eigenvalue", "waiting", "series"]))
    limit = 10.0 ** rng.uniform(-7.0, -3.0)
    x = np.array([rng.uniform(0.5, 1.5), rng.uniform(0.3, 0.8)])
    root = rng.standard_normal((5, 5))
    first = root @ root.T
    second = np.diag(rng.uniform(0.0, 3.0, 5))
    if kind == "place":
        f, gradient = place_of_least_loss(limit)
    elif kind == "eigenvalue":
        f, gradient = largest_eigenvalue(limit, first, second)
    else:
        f, gradient = worth_of_waiting(limit) if kind == "waiting" else sum_of_series(limit)
    return Sample(f, gradient, x, kind)


def place_of_least_loss(limit: float) -> tuple[Function, Gradient]:
    """Descent of (t - v0)² / 2 + v1 log cosh t."""

    def place(v: np.ndarray, limit: float) -> float:
        t = 0.0
        for _ in range(100_000):
            slope = t - v[0] + v[1] * math.tanh(t)
            if abs(slope) < limit:
                break
            t -= 0.4 * slope
        return float(t)

    def gradient(v: np.ndarray) -> np.ndarray:
        t = place(v, 1e-14)
        bottom = 1.0 + v[1] * (1.0 - math.tanh(t) ** 2)
        return np.array([1.0, -math.tanh(t)]) / bottom

    return lambda v: place(v, limit), gradient


def largest_eigenvalue(
    limit: float, first: np.ndarray, second: np.ndarray
) -> tuple[Function, Gradient]:
    """That of v0·A + v1·B, by the power method."""

    def f(v: np.ndarray) -> float:
        u, before = np.ones(len(first)), math.inf
        for _ in range(10_000):
            u = (v[0] * first + v[1] * second) @ u
            size = float(np.linalg.norm(u))
            u = u / size
            if abs(size - before) < limit * size:
                break
            before = size
        return size

    def gradient(v: np.ndarray) -> np.ndarray:
        u = np.linalg.eigh(v[0] * first + v[1] * second)[1][:, -1]
        return np.array([u @ first @ u, u @ second @ u])

    return f, gradient


def worth_of_waiting(limit: float) -> tuple[Function, Gradient]:
    """The fixed point W = log(1 + v0) + v1/2 · √(1 + W²)."""

    def f(v: np.ndarray) -> float:
        worth, rate = 0.0, 0.5 * v[1]
        for _ in range(100_000):
            new = math.log1p(v[0]) + rate * math.sqrt(1.0 + worth * worth)
            if abs(new - worth) < limit:
                return float(new)
            worth = new
        raise ArithmeticError("the iteration does not end")  # as far off as some tools step

    def gradient(v: np.ndarray) -> np.ndarray:
        worth, rate = 0.0, 0.5 * v[1]
        for _ in range(500):
            worth = math.log1p(v[0]) + rate * math.sqrt(1.0 + worth * worth)
        size = math.sqrt(1.0 + worth * worth)
        return np.array([1.0 / (1.0 + v[0]), 0.5 * size]) / (1.0 - rate * worth / size)

    return f, gradient


def sum_of_series(limit: float) -> tuple[Function, Gradient]:
    """e^(v0·(1 + v1)), by its series."""

    def f(v: np.ndarray) -> float:
        term, result, k = 1.0, 1.0, 0
        while abs(term) > limit:
            k += 1
            if k > 100_000:
                raise ArithmeticError("the series does not end")
            term *= v[0] * (1.0 + v[1]) / k
            result += term
        return float(result)

    def gradient(v: np.ndarray) -> np.ndarray:
        power = math.exp(v[0] * (1.0 + v[1]))
        return np.array([(1.0 + v[1]) * power, v[0] * power])

    return f, gradient


SOLVERS = {
    "SciPy's solve_ivp": solve_ivp,
    "SciPy's odeint": odeint,
    "adaptive quadrature": quadrature,
    "loose roots": loose_root,
    "iterative linear solvers": linear_solver,
    "iterations that stop early": optimum,
}
