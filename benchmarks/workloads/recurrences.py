"""Recurrences as people unroll them in Python: filters, solvers, integrators, dynamic programming.

Each takes how many steps there are, and gives a function of parameters and inputs with how many of
each it takes.
"""

# mypy: disable-error-code="import-not-found, import-untyped"
from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

Numbers = Sequence[Any]
Graph = tuple[Callable[[Numbers, Numbers], Any], int, int]
SEASON = 12  # steps after which a pattern comes again
HIDDEN = 3  # states of the Markov model


def horner(degree: int) -> Graph:
    """A polynomial whose coefficients are parameters, from the highest power down."""

    def value(w: Numbers, x: Numbers) -> Any:
        y = w[degree]
        for k in range(degree - 1, -1, -1):
            y = y * x[0] + w[k]
        return y

    return value, degree + 1, 1


def fraction(steps: int) -> Graph:
    """A continued fraction, from the innermost level outwards."""

    def value(w: Numbers, x: Numbers) -> Any:
        y = w[-1] + 1.5
        for k in range(steps - 2, -1, -1):
            y = w[k] + 1.5 + x[0] / y
        return y

    return value, steps, 1


def thomas(size: int) -> Graph:
    """The square of the solution of a tridiagonal system (Thomas' algorithm)."""

    def square(w: Numbers, x: Numbers) -> Any:
        lower, diagonal, upper = w[0] - 1.0, w[1] + 4.0, w[2] - 1.0
        ratios, rights = [upper / diagonal], [x[0] / diagonal]
        for k in range(1, size):
            pivot = diagonal - lower * ratios[-1]
            rights.append((x[k] - lower * rights[-1]) / pivot)
            ratios.append(upper / pivot)
        y = rights[-1]
        total = y * y
        for k in range(size - 2, -1, -1):
            y = rights[k] - ratios[k] * y
            total = total + y * y
        return total

    return square, 3, size


def newton(steps: int) -> Graph:
    """A cube root by damped steps of Newton's method."""

    def root(w: Numbers, x: Numbers) -> Any:
        y = x[0] + 2.0
        for _ in range(steps):
            y = y - 0.1 * (y * y * y - w[0] - 2.0) / (3.0 * y * y + 0.1)
        return y

    return root, 1, 1


def kalman(steps: int) -> Graph:
    """The likelihood of a series under a local trend, by the Kalman filter with two states."""

    def likelihood(w: Numbers, x: Numbers) -> Any:
        a, b, c, d = w[0] * 0.05 + 0.9, w[1] * 0.05, w[2] * 0.05, w[3] * 0.05 + 0.9
        noise, error = w[4] * w[4] + 0.1, w[5] * w[5] + 0.1
        m, n, p, q, r = x[0], x[0], 1.0, 0.0, 1.0
        total = 0.0
        for t in range(steps):
            m, n = a * m + b * n, c * m + d * n
            e, f, g, h = a * p + b * q, a * q + b * r, c * p + d * q, c * q + d * r
            p, q, r = e * a + f * b + noise, e * c + f * d, g * c + h * d + noise
            spread = p + error
            miss = x[t] - m
            gain, other = p / spread, q / spread
            m, n = m + gain * miss, n + other * miss
            p, q, r = p - gain * p, q - gain * q, r - other * q
            total = total + miss * miss / spread
        return total

    return likelihood, 6, steps


def garch(steps: int) -> Graph:
    """The likelihood of returns whose variance follows the last one."""

    def likelihood(w: Numbers, x: Numbers) -> Any:
        from autograd_bp import exp, log, sigmoid

        level, shock, memory = exp(w[0]), sigmoid(w[1]) * 0.5, sigmoid(w[2]) * 0.5
        variance, total = level, 0.0
        for t in range(1, steps):
            variance = level + shock * x[t - 1] ** 2 + memory * variance
            total = total + 0.5 * (log(variance) + x[t] ** 2 / variance)
        return total

    return likelihood, 3, steps


def seasons(steps: int) -> Graph:
    """Squared errors of smoothing with a trend and a season (Holt and Winters)."""

    def errors(w: Numbers, x: Numbers) -> Any:
        from autograd_bp import sigmoid

        a, b, c = (sigmoid(weight) for weight in w[:3])
        level, trend, season, total = x[0] + 0.0 * w[0], 0.0 * w[0], list(w[3:]), 0.0
        for t in range(steps):
            pattern = season[t % SEASON]
            miss = x[t] - (level + trend + pattern)
            total = total + miss * miss
            before, level = level, a * (x[t] - pattern) + (1.0 - a) * (level + trend)
            trend = b * (level - before) + (1.0 - b) * trend
            season[t % SEASON] = c * (x[t] - level) + (1.0 - c) * pattern
        return total

    return errors, 3 + SEASON, steps


def hidden(steps: int) -> Graph:
    """The likelihood of a series under a hidden Markov model, forward and in logarithms."""

    def likelihood(w: Numbers, x: Numbers) -> Any:
        from autograd_bp import logsumexp

        states, means = range(HIDDEN), w[HIDDEN * HIDDEN :]
        a = list(w[:HIDDEN])
        for t in range(1, steps):
            a = [
                logsumexp([a[i] + w[HIDDEN * i + j] for i in states])
                - 0.5 * (x[t] - means[j]) * (x[t] - means[j])
                for j in states
            ]
        return logsumexp(a)

    return likelihood, HIDDEN * HIDDEN + HIDDEN, steps


def distance(size: int) -> Graph:
    """The edit distance of two series of so many numbers."""

    def least(w: Numbers, x: Numbers) -> Any:
        from autograd_bp import minimum

        before = [0.3 * j + 0.0 * w[0] for j in range(size + 1)]
        for i in range(size):
            line = [before[0] + 0.3]
            for j in range(size):
                miss = x[i] - w[j]
                skipped = minimum(before[j + 1] + 0.3, line[j] + 0.3)
                line.append(minimum(skipped, before[j] + miss * miss))
            before = line
        return before[-1]

    return least, size, size


def option(steps: int) -> Graph:
    """An American put option on a binomial tree."""

    def price(w: Numbers, x: Numbers) -> Any:
        from autograd_bp import exp, maximum

        spot, rate = 1.0 + 0.1 * w[0], 0.03 + 0.01 * w[2]
        up = exp((0.2 + 0.05 * w[1]) * math.sqrt(1.0 / steps))
        discount = exp(-rate / steps)
        chance = (1.0 / discount - 1.0 / up) / (up - 1.0 / up)
        values = [maximum(1.0 - spot * up ** (2 * k - steps), 0.0) for k in range(steps + 1)]
        for n in range(steps - 1, -1, -1):
            values = [
                maximum(
                    discount * (chance * values[k + 1] + (1.0 - chance) * values[k]),
                    1.0 - spot * up ** (2 * k - n),
                )
                for k in range(n + 1)
            ]
        return values[0]

    return price, 3, 1


def heat(steps: int) -> Graph:
    """A rod of as many points as steps, each with a conductivity of its own."""

    def square(w: Numbers, x: Numbers) -> Any:
        y = list(x)
        for _ in range(steps):
            inner = range(1, steps - 1)
            change = [w[k] * 0.2 * (y[k - 1] - 2.0 * y[k] + y[k + 1]) for k in inner]
            y = [y[0], *[y[k] + change[k - 1] for k in inner], y[-1]]
        return sum([a * a for a in y[1:]], y[0] * y[0])

    return square, steps, steps


def factors(size: int) -> Graph:
    """The logarithm of a determinant, by Cholesky's factorisation."""

    def logarithm(w: Numbers, x: Numbers) -> Any:
        from autograd_bp import log, sqrt

        lines: list[list[Any]] = []
        for i in range(size):
            line: list[Any] = []
            for j in range(i + 1):
                total = 0.1 * w[i * size + j] + (2.0 + 0.1 * size if i == j else 0.0)
                for k in range(j):
                    total = total - line[k] * (line[k] if i == j else lines[j][k])
                line.append(sqrt(total) if i == j else total / lines[j][j])
            lines.append(line)
        return sum([log(lines[k][k]) for k in range(1, size)], log(lines[0][0]))

    return logarithm, size * size, 1


def adam(steps: int) -> Graph:
    """What so many steps of Adam reach with ten weights, by the learning rate."""

    def loss(w: Numbers, x: Numbers) -> Any:
        from autograd_bp import sqrt

        y, rate = list(x), 0.01 + 0.001 * w[0]
        first, second = [0.0] * len(y), [0.0] * len(y)
        for t in range(1, steps + 1):
            slopes = [a * a * a + b for a, b in zip(y, [*y[1:], y[0]], strict=True)]
            first = [0.9 * m + 0.1 * s for m, s in zip(first, slopes, strict=True)]
            second = [0.999 * v + 0.001 * s * s for v, s in zip(second, slopes, strict=True)]
            one, two = 1.0 - 0.9**t, 1.0 - 0.999**t
            y = [
                a - rate * (m / one) / (sqrt(v / two) + 1e-8)
                for a, m, v in zip(y, first, second, strict=True)
            ]
        return sum([a * a for a in y[1:]], y[0] * y[0])

    return loss, 1, 10


RECURRENCES: dict[str, Callable[[int], Graph]] = {
    "horner": horner,
    "fraction": fraction,
    "thomas": thomas,
    "newton": newton,
    "kalman": kalman,
    "garch": garch,
    "seasons": seasons,
    "hidden": hidden,
    "distance": distance,
    "option": option,
    "heat": heat,
    "factors": factors,
    "adam": adam,
}
