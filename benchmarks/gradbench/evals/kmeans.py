"""k-means: the squared distances of points from the nearest centroid. Each point is a row. The
Hessian is diagonal, so its product with ones is all of it, from the program of the gradient."""

import numpy as np

import autograd_bp as bp
from benchmarks.gradbench.protocol import function


@bp.compiled(rows="point")
def total(centroids, point):
    def square(centroid):
        rest = [a - b for a, b in zip(point, centroid, strict=True)]
        return bp.dot(rest, rest)

    return bp.minimum(*[square(centroid) for centroid in centroids])


slopes = total.derivatives("grad", "hvp")


def arguments(given):
    return np.array(given["centroids"], dtype=float), np.array(given["points"], dtype=float)


@function(arguments)
def cost(given):
    return total(*given)


@function(arguments, lambda direction: direction.tolist())
def dir(given):
    centroids, points = given
    gradient, diagonal = slopes(centroids, points, tangent=np.ones_like(centroids))
    return gradient / diagonal
