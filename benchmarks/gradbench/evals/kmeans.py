"""k-means: the squared distances of points from the nearest centroid.

Which centroid is the nearest is a whole number, and NumPy finds it. Each point with its centroid is
a row. A centroid's derivatives are the sums over its points. The Hessian is diagonal, so its
product with ones is all of it; it comes from the program of the gradient.
"""

import numpy as np

import autograd_bp as bp
from benchmarks.gradbench.protocol import function


@bp.compiled(rows=("centroid", "point"))
def square(centroid, point):
    rest = [a - b for a, b in zip(point, centroid, strict=True)]
    return bp.dot(rest, rest)


slopes = square.derivatives("grad", "hvp")


def nearest(centroids, points):
    """The number of the nearest centroid of each point; |p|², the same for all, is left out."""
    lengths = np.einsum("kd,kd->k", centroids, centroids)
    return np.argmin(points @ (-2.0 * centroids.T) + lengths, axis=1)


def summed(rows, numbers, count):
    """For each number the sum of its rows."""
    columns = [np.bincount(numbers, column, count) for column in rows.T]
    return np.stack(columns, axis=1)


def arguments(given):
    return np.array(given["centroids"], dtype=float), np.array(given["points"], dtype=float)


@function(arguments)
def cost(given):
    centroids, points = given
    return square(centroids[nearest(centroids, points)], points)


@function(arguments, lambda direction: direction.tolist())
def dir(given):
    centroids, points = given
    numbers = nearest(centroids, points)
    gradient, diagonal = slopes(centroids[numbers], points, tangent=np.ones_like(points))
    gradient, diagonal = (summed(rows, numbers, len(centroids)) for rows in (gradient, diagonal))
    return gradient / diagonal
