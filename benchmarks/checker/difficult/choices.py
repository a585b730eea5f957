"""Functions that choose: events, orders, branches, clips and stairs, between two choices."""

from __future__ import annotations

import math

import numpy as np

from benchmarks.checker.difficult.sample import Sample

Random = np.random.Generator


def events(rng: Random) -> Sample:
    """Simulations with events: a ball that bounces, a queue, stock that runs out, a threshold."""
    kind = str(rng.choice(["ball", "queue", "stock", "stopping"]))
    n = int(rng.choice([50, 500]))
    arrivals, services = rng.exponential(1.0, n), rng.exponential(0.8, n)
    x = np.array([rng.uniform(0.8, 1.2), rng.uniform(0.6, 0.95)])

    def run(p: float, q: float) -> tuple[float, float, float]:
        """The value and its derivatives by p and q, each carried along."""
        if kind == "ball":  # dropped from p, keeps the share q of its speed; height at time 1.5
            g, t, tp = 9.81, math.sqrt(2.0 * p / 9.81), 0.5 * math.sqrt(2.0 / (9.81 * p))
            u, up, uq, tq = g * t * q, g * tp * q, g * t, 0.0
            for _ in range(100):  # bounces, which may be more than any number in no time
                if t + 2.0 * u / g >= 1.5:
                    break
                t, tp, tq = t + 2.0 * u / g, tp + 2.0 * up / g, tq + 2.0 * uq / g
                u, up, uq = u * q, up * q, uq * q + u
            s = 1.5 - t
            by = [us * s - (u - g * s) * ts for us, ts in ((up, tp), (uq, tq))]
            return u * s - 0.5 * g * s * s, by[0], by[1]
        if kind == "queue":  # Lindley's recursion: mean wait
            w = wp = wq = total = tp = tq = 0.0
            for a, s in zip(arrivals, services, strict=True):
                w, wp, wq = w + q * s - p * a, wp - a, wq + s
                if w <= 0.0:
                    w = wp = wq = 0.0
                total, tp, tq = total + w, tp + wp, tq + wq
            return total / n, tp / n, tq / n
        if kind == "stock":
            level, lp, lq, sold, sp, sq = 2.0, 0.0, 0.0, 0.0, 0.0, 0.0
            for a, s in zip(arrivals, services, strict=True):
                level, lp, lq = level + p * a, lp + a, lq
                if level < q * s:
                    sold, sp, sq = sold + level, sp + lp, sq + lq
                    level, lp, lq = 0.0, 0.0, 0.0
                else:
                    sold, sq = sold + q * s, sq + s
                    level, lq = level - q * s, lq - s
            return sold / n, sp / n, sq / n
        level = rest = 0.0
        for a, s in zip(arrivals, services, strict=True):
            level, rest = level + a, rest + s
            if p * level + q * rest > 10.0:
                break
        return (p * level + q * rest) ** 2, *(
            2.0 * (p * level + q * rest) * one for one in (level, rest)
        )

    f = lambda v: run(float(v[0]), float(v[1]))[0]  # noqa: E731
    return Sample(f, lambda v: np.array(run(float(v[0]), float(v[1]))[1:]), x, kind)


def orders(rng: Random) -> Sample:
    """Sorted numbers, medians, shortest paths, the best of many plans."""
    n = int(rng.choice([5, 15, 40]))
    kind = str(rng.choice(["sorted", "median", "path", "best plan", "trimmed", "matching"]))
    x = rng.uniform(0.5, 2.0, n) * rng.choice([1.0, 10.0])
    weights = np.sort(rng.uniform(0.1, 1.0, n))
    plans = rng.standard_normal((200, n))

    def slopes(v: np.ndarray) -> np.ndarray:
        g = np.zeros(n)
        order = np.argsort(v)
        if kind == "sorted":
            g[order] = weights
        elif kind == "median":
            g[order[n // 2]] = 1.0
        elif kind == "trimmed":
            kept = order[1:-1]
            g[kept] = 2.0 * v[kept] / len(kept)
        elif kind == "path":  # a step or a jump over one, at the price of where one lands
            cost, path = [0.0, v[0]], [[], [0]]
            for k in range(1, n):
                one = k if cost[k] <= cost[k - 1] + 0.1 else k - 1
                cost.append(cost[one] + v[k] + (0.0 if one == k else 0.1))
                path.append([*path[one], k])
            g[path[-1]] = 1.0
        elif kind == "best plan":
            g = plans[np.argmax(plans @ v)].copy()
        else:
            half = n // 2
            a, b = order[:half], order[half : 2 * half]
            g[a], g[b] = 2.0 * (v[a] - v[b]), 2.0 * (v[b] - v[a])
        return g

    def f(v: np.ndarray) -> float:
        g = slopes(v)
        if kind in ("trimmed", "matching"):
            return float(0.5 * g @ v)
        if kind == "path":
            steps = np.flatnonzero(g)
            return float(g @ v + 0.1 * np.count_nonzero(np.diff([-1, *steps]) > 1))
        return float(g @ v)

    return Sample(f, slopes, x, kind)


def branches(rng: Random) -> Sample:
    """Formulas that change at thresholds: tariffs, taxes, clips, a table of weights."""
    kind = str(rng.choice(["tariff", "clipped", "cases", "barrier", "capped", "deadband"]))
    x = rng.uniform(0.5, 3.0, 4)
    a = rng.uniform(0.5, 1.5, 4)
    levels = np.sort(rng.uniform(0.5, 3.0, 3))
    near = 10.0 ** rng.uniform(-7.0, -1.0)
    if rng.random() < 0.5:
        x[0] = levels[1] + near * rng.choice([-1.0, 1.0])

    def pieces(t: float) -> tuple[float, float]:
        k = int(np.searchsorted(levels, t))
        if kind == "tariff":
            rates = [0.1, 0.2, 0.35, 0.42]
            ends = [0.0, *levels]
            paid = sum(rates[j] * (levels[j] - ends[j]) for j in range(k))
            return paid + rates[k] * (t - ends[k]), rates[k]
        if kind == "clipped":
            inside = levels[0] < t < levels[2]
            u = min(max(t, levels[0]), levels[2])
            return u * u, 2.0 * t if inside else 0.0
        if kind == "cases":
            forms = [
                (t * t, 2.0 * t),
                (2.0 + math.sin(t), math.cos(t)),
                (math.exp(-t), -math.exp(-t)),
                (1.0 / t, -1.0 / t**2),
            ]
            return forms[k]
        if kind == "barrier":
            return (0.0, 0.0) if t > levels[1] else (t**3, 3.0 * t * t)
        if kind == "capped":
            return (math.log(t), 1.0 / t) if t < levels[1] else (math.log(levels[1]), 0.0)
        gap = t - levels[1]
        return (0.0, 0.0) if abs(gap) < 0.5 * near else (gap * abs(gap), 2.0 * abs(gap))

    def f(v: np.ndarray) -> float:
        return float(pieces(float(v[0]))[0] * v[1] + a[2] * v[2] ** 2 + a[3] * v[2] * v[3])

    def gradient(v: np.ndarray) -> np.ndarray:
        y, slope = pieces(float(v[0]))
        rest = [2.0 * a[2] * v[2] + a[3] * v[3], a[3] * v[2]]
        return np.array([slope * v[1], y, *rest])

    return Sample(f, gradient, x, kind)


def stairs(rng: Random) -> Sample:
    """Integer-valued and quantised parts beside smooth ones."""
    kind = str(rng.choice(["fees", "counts", "quantised", "pixels", "calendar"]))
    q = 10.0 ** rng.uniform(-2.0, 0.5)
    x = rng.uniform(1.0, 20.0, 3)
    a = rng.uniform(0.5, 1.5, 3)
    data = rng.uniform(0.0, 20.0, 100)

    def stair(t: float) -> float:
        if kind == "fees":
            return 0.3 * math.ceil(t / q)
        if kind == "counts":
            return float(np.count_nonzero(data < t)) * 0.05
        if kind == "quantised":
            return q * round(t / q)
        if kind == "pixels":
            return float(int(t * 8.0) % 3)
        return float(math.floor(t) + (math.floor(t) % 4 == 0))

    def f(v: np.ndarray) -> float:
        u, w, z = map(float, v)
        return a[0] * math.sin(u) * w + stair(u) + a[1] * w * w / 20.0 + a[2] * math.sqrt(z)

    def gradient(v: np.ndarray) -> np.ndarray:
        u, w, z = map(float, v)
        return np.array(
            [
                a[0] * math.cos(u) * w,
                a[0] * math.sin(u) + a[1] * w / 10.0,
                0.5 * a[2] / math.sqrt(z),
            ]
        )

    return Sample(f, gradient, x, kind)


CHOICES = {
    "events": events,
    "orders": orders,
    "branches": branches,
    "stairs beside slopes": stairs,
}
