"""Where the numbers of edges stand: on their edges, where they cover no circle or other number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Point = tuple[float, float]
Box = tuple[float, float, float, float]

SHARES = (0.5, 0.38, 0.62, 0.28, 0.72, 0.44, 0.56, 0.33, 0.67, 0.22, 0.78, 0.17, 0.83)
HEIGHT = 11.0  # of a number


def on_curve(points: Sequence[Point], share: float) -> Point:
    """The point of a piecewise cubic at a share of its pieces, 0 to 1."""
    pieces = (len(points) - 1) // 3
    piece = min(int(share * pieces), pieces - 1)
    t = share * pieces - piece
    a, b, c, d = points[3 * piece : 3 * piece + 4]
    w = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
    return (
        w[0] * a[0] + w[1] * b[0] + w[2] * c[0] + w[3] * d[0],
        w[0] * a[1] + w[1] * b[1] + w[2] * c[1] + w[3] * d[1],
    )


def place(
    curves: Sequence[tuple[Sequence[Point], float]], circles: Iterable[tuple[Point, float]]
) -> list[Point]:
    """The centre of each label.

    Arguments:
        curves: each edge's control points and the width of its label.
        circles: the centres and radii of what must not be covered.
    """
    taken: list[Box] = [(x - r, y - r, x + r, y + r) for (x, y), r in circles]
    lines = [[on_curve(points, i / 24) for i in range(25)] for points, _ in curves]
    centres = []
    for k, (points, width) in enumerate(curves):
        best, least = on_curve(points, 0.5), float("inf")
        for order, share in enumerate(SHARES):
            x, y = on_curve(points, share)
            box = (x - width / 2, y - HEIGHT / 2, x + width / 2, y + HEIGHT / 2)
            cost = order * 0.01
            cost += sum(100.0 * _overlap(box, other) for other in taken)
            cost += sum(_covers(box, line) for i, line in enumerate(lines) if i != k)
            if cost < least:
                best, least = (x, y), cost
        x, y = best
        taken.append((x - width / 2, y - HEIGHT / 2, x + width / 2, y + HEIGHT / 2))
        centres.append(best)
    return centres


def _overlap(a: Box, b: Box) -> float:
    """The area that two boxes share."""
    width = min(a[2], b[2]) - max(a[0], b[0]) + 2.0
    height = min(a[3], b[3]) - max(a[1], b[1]) + 2.0
    return width * height if width > 0.0 and height > 0.0 else 0.0


def _covers(box: Box, line: Iterable[Point]) -> float:
    """1 when the line passes through the box, or so near that it would look cut."""
    return float(
        any(box[0] - 3.0 < x < box[2] + 3.0 and box[1] - 4.0 < y < box[3] + 4.0 for x, y in line)
    )
