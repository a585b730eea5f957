"""Problems of arrays: attention, convolution, bodies, prices, regression, clusters."""

# mypy: disable-error-code="import-not-found, import-untyped"
from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

from benchmarks.problems.model import GRADIENT, NEWTON, SLOPES, Problem

Numbers = Sequence[Any]
CHANNELS = 16  # of attention
FILTERS, WINDOW = 4, 3  # of the convolution
FEATURES, CLASSES = 20, 5  # of softmax regression
CENTROIDS, PLANE = 10, 4  # of k-means: how many, of how many coordinates


def attention(positions: int) -> Problem:
    """Half the square of what one causal head makes of so many positions, by its matrices."""
    import numpy as np

    d = CHANNELS
    scale = d**-0.5

    def scalar(m: Any, w: Numbers, x: Numbers) -> Any:
        def projected(k: int, y: Numbers) -> list[Any]:
            return [m.dot(w[(k * d + i) * d : (k * d + i + 1) * d], y) for i in range(d)]

        q, k, v = ([projected(part, y) for y in x] for part in range(3))
        total = 0.0
        for p in range(positions):
            scores = [m.exp(m.dot(q[p], k[j]) * scale) for j in range(p + 1)]
            share = 1.0 / m.sum(scores)
            mixed = [m.dot(scores, [v[j][i] for j in range(p + 1)]) * share for i in range(d)]
            total = total + m.dot(mixed, mixed)
        return 0.5 * total

    def arrays(m: Any, w: Any, x: Any) -> Any:
        q, k, v = (x @ part.T for part in w.reshape(3, d, d))
        past = m.array(np.tril(np.ones((positions, positions))))
        scores = m.exp(q @ k.T * scale) * past
        mixed = (scores @ v) / scores.sum(1)[:, None]
        return 0.5 * (mixed * mixed).sum()

    random = np.random.default_rng(1)
    numbers = random.normal(size=3 * d * d) / d**0.5, random.normal(size=(positions, d))
    return Problem(GRADIENT, numbers, scalar, arrays=arrays)


def convolution(rows: int) -> Problem:
    """Half the square of four filters, relus and their mean over pictures of 12 x 12."""
    import numpy as np

    side = 12
    inner = side - WINDOW + 1
    size = WINDOW * WINDOW + 1

    def scalar(m: Any, w: Numbers, image: Numbers, target: Numbers) -> Any:
        total = 0.0
        for f in range(FILTERS):
            weights, bias = w[f * size : (f + 1) * size - 1], w[(f + 1) * size - 1]
            seen = [
                m.relu(
                    m.dot(
                        weights,
                        [image[(i + a) * side + j + b] for a in range(3) for b in range(3)],
                    )
                    + bias
                )
                for i in range(inner)
                for j in range(inner)
            ]
            error = m.sum(seen) * (1.0 / inner**2) - target[f]
            total = total + 0.5 * error * error
        return total

    def arrays(m: Any, w: Any, image: Any, target: Any) -> Any:
        w = w.reshape(FILTERS, size)
        seen = m.convolve(
            image.reshape(-1, 1, side, side), w[:, :-1].reshape(FILTERS, 1, WINDOW, WINDOW)
        )
        mean = m.relu(seen + w[:, -1].reshape(1, FILTERS, 1, 1)).sum((2, 3)) * (1.0 / inner**2)
        return 0.5 * ((mean - target) ** 2).sum()

    random = np.random.default_rng(2)
    numbers = (
        random.normal(size=FILTERS * size) / 3,
        random.random((rows, side * side)),
        random.random((rows, FILTERS)),
    )
    return Problem(GRADIENT, numbers, scalar, ("image", "target"), arrays)


def bodies(count: int) -> Problem:
    """The potential of bodies in space, and the forces on them."""
    import numpy as np

    def scalar(m: Any, places: Numbers, mass: Numbers) -> Any:
        total = 0.0
        for i, j in combinations(range(count), 2):
            off = [places[3 * i + k] - places[3 * j + k] for k in range(3)]
            total = total - mass[i] * mass[j] / m.sqrt(m.dot(off, off))
        return total

    first, second = np.triu_indices(count, 1)

    def arrays(m: Any, places: Any, mass: Any) -> Any:
        p = places.reshape(count, 3)
        i, j = m.array(first), m.array(second)
        off = p[i] - p[j]
        return -(mass[i] * mass[j] / m.sqrt((off * off).sum(1))).sum()

    def by_hand(places: Any, mass: Any) -> Any:
        p = places.reshape(count, 3)
        off = p[:, None] - p[None]
        square = (off * off).sum(2) + np.eye(count)
        share = mass[:, None] * mass[None] * square**-0.5 * (1.0 - np.eye(count))
        return -0.5 * share.sum(), ((share / square)[:, :, None] * off).sum(1).ravel()

    random = np.random.default_rng(3)
    numbers = random.normal(size=3 * count), random.uniform(0.5, 1.5, count)
    return Problem(GRADIENT, numbers, scalar, arrays=arrays, by_hand=by_hand, in_c="bodies")


def prices(rows: int) -> Problem:
    """Prices of options and their slopes: see workloads/prices.py."""
    from benchmarks.workloads.prices import price, rows_of

    return Problem(
        SLOPES,
        tuple(rows_of(f"{rows} rows")),
        price,
        ("spot", "strike", "time", "volatility"),
        price,
    )


def softmax(rows: int) -> Problem:
    """Softmax regression: the cross-entropy of five classes."""
    import numpy as np

    size = FEATURES + 1

    def scalar(m: Any, w: Numbers, x: Numbers, d: Numbers) -> Any:
        scores = [
            m.dot(w[k * size : (k + 1) * size - 1], x) + w[(k + 1) * size - 1]
            for k in range(CLASSES)
        ]
        return m.log(m.sum([m.exp(z) for z in scores])) - m.dot(scores, d)

    def arrays(m: Any, w: Any, x: Any, d: Any) -> Any:
        matrix = w.reshape(CLASSES, size)
        scores = x @ matrix[:, :-1].T + matrix[:, -1]
        return (m.log(m.exp(scores).sum(1)) - (scores * d).sum(1)).sum()

    def by_hand(w: Any, x: Any, d: Any) -> Any:
        matrix = w.reshape(CLASSES, size)
        scores = x @ matrix[:, :-1].T + matrix[:, -1]
        shares = np.exp(scores)
        total = shares.sum(1)
        loss = np.log(total).sum() - (scores * d).sum()
        g = shares / total[:, None] - d
        return loss, np.concatenate([g.T @ x, g.sum(0)[:, None]], axis=1).ravel()

    random = np.random.default_rng(4)
    numbers = (
        random.normal(size=CLASSES * size) / 4,
        random.normal(size=(rows, FEATURES)),
        np.eye(CLASSES)[random.integers(CLASSES, size=rows)],
    )
    return Problem(GRADIENT, numbers, scalar, ("x", "d"), arrays, by_hand=by_hand, in_c="softmax")


def k_means(rows: int) -> Problem:
    """Squared distances from the nearest of the centroids."""
    import numpy as np

    def scalar(m: Any, centroids: Numbers, point: Numbers) -> Any:
        def square(k: int) -> Any:
            rest = [point[i] - centroids[k * PLANE + i] for i in range(PLANE)]
            return m.dot(rest, rest)

        return m.minimum(*map(square, range(CENTROIDS)))

    def arrays(m: Any, centroids: Any, point: Any) -> Any:
        off = point[:, None] - centroids.reshape(CENTROIDS, PLANE)[None]
        return m.amin((off * off).sum(2), 1).sum()

    def by_hand(centroids: Any, point: Any) -> Any:
        centres = centroids.reshape(CENTROIDS, PLANE)
        off = centres[None] - point[:, None]
        nearest = (off * off).sum(2).argmin(1)
        count = np.bincount(nearest, minlength=CENTROIDS)
        sums = np.stack([np.bincount(nearest, p, CENTROIDS) for p in point.T], axis=1)
        gradient = 2.0 * (count[:, None] * centres - sums)
        return gradient.ravel(), np.repeat(2.0 * count, PLANE)

    random = np.random.default_rng(5)
    numbers = random.normal(size=CENTROIDS * PLANE), random.normal(size=(rows, PLANE))
    return Problem(NEWTON, numbers, scalar, ("point",), arrays, by_hand=by_hand, in_c="k_means")
