"""k-means: the squared distances of points from the nearest centroid.

Each point is a row. The program of the cost passes all centroids. For the direction, a program
finds the number of the nearest centroid, which each point then reads from the table of them; so a
centroid's derivatives are the sums over its points. The Hessian is diagonal, and its product with
ones is all of it; it comes from the program of the gradient.
"""

import numpy as np

import autograd_bp as bp
from benchmarks.gradbench.protocol import function


def farness(centroid, point):
    """|c - p|² without |p|², which is the same for all centroids."""
    return bp.dot(centroid, centroid) - 2.0 * bp.dot(centroid, point)


@bp.compiled(rows="point")
def least(centroids, point):
    return bp.dot(point, point) + bp.minimum(*[farness(c, point) for c in centroids])


@bp.compiled(rows="point", reduce=None)
def nearest(centroids, point):
    """The number of the nearest centroid."""
    shortest, number = farness(centroids[0], point), 0.0
    for k in range(1, len(centroids)):
        other = farness(centroids[k], point)
        is_nearer = other < shortest
        shortest = bp.where(is_nearer, other, shortest)
        number = bp.where(is_nearer, float(k), number)
    return number


@bp.compiled(rows=("centroid", "point"))
def square(centroid, point):
    rest = [a - b for a, b in zip(point, centroid, strict=True)]
    return bp.dot(rest, rest)


slopes = square.derivatives("grad", "hvp")


def arguments(given):
    return np.array(given["centroids"], dtype=float), np.array(given["points"], dtype=float)


@function(arguments)
def cost(given):
    return least(*given)


@function(arguments, lambda direction: direction.tolist())
def dir(given):
    centroids, points = given
    rows = bp.rows_of(centroids, nearest(centroids, points))
    gradient, diagonal = slopes(rows, points, tangent=np.ones_like(centroids))
    return gradient / diagonal
