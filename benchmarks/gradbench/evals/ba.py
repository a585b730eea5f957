"""Bundle adjustment: how far cameras see points from where they were seen. Each observation is a
row; the Jacobian is sparse."""

import numpy as np

import autograd_bp as bp
from benchmarks.gradbench.protocol import function

SHOWN = 30  # entries of the matrix that are reported, and the last one


def cross(a, b):
    return [
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    ]


def rotated(axis, point):
    """Rodrigues' formula; for no rotation at all, its limit."""
    square = bp.dot(axis, axis)
    turns = square > 0.0
    angle = bp.sqrt(bp.where(turns, square, 1.0))
    cosine, sine = bp.cos(angle), bp.sin(angle)
    unit = [a / angle for a in axis]
    along = bp.dot(unit, point) * (1.0 - cosine)
    turned = [
        p * cosine + c * sine + u * along
        for p, c, u in zip(point, cross(unit, point), unit, strict=True)
    ]
    still = [p + c for p, c in zip(point, cross(axis, point), strict=True)]
    return [bp.where(turns, a, b) for a, b in zip(turned, still, strict=True)]


@bp.compiled(rows=("camera", "point", "weight", "seen"), reduce=None, wrt=(0, 1, 2))
def error(camera, point, weight, seen):
    centre, focal, principal, radial = camera[3:6], camera[6], camera[7:9], camera[9:11]
    x, y, z = rotated(camera[:3], [p - c for p, c in zip(point, centre, strict=True)])
    x, y = x / z, y / z
    square = x * x + y * y
    bent = 1.0 + radial[0] * square + radial[1] * square * square
    image = [x * bent * focal + principal[0], y * bent * focal + principal[1]]
    return [weight * (a - b) for a, b in zip(image, seen, strict=True)]


@bp.compiled(rows="weight", reduce=None)
def weight_error(weight):
    return 1.0 - weight * weight


def scene(given):
    n, m, p = given["n"], given["m"], given["p"]
    cameras, points = np.tile(given["cam"], (n, 1)), np.tile(given["x"], (m, 1))
    of_camera, of_point = np.arange(p) % n, np.arange(p) % m
    weights, seen = np.full(p, float(given["w"])), np.tile(given["feat"], (p, 1))
    return cameras, points, weights, seen, of_camera, of_point


def errors(output):
    reprojection, weights = output
    return {
        "reproj_error": {
            "elements": [float(part[0]) for part in reprojection],
            "repeated": len(weights),
        },
        "w_err": {"element": float(weights[0]), "repeated": len(weights)},
    }


@function(scene, errors)
def objective(given):
    cameras, points, weights, seen, of_camera, of_point = given
    rows = cameras[of_camera], points[of_point], weights, seen
    return error(*rows), weight_error(weights)


def entries(matrix):
    starts, columns, numbers = matrix
    return {
        name: [*array[:SHOWN].tolist(), array[-1].item()]
        for name, array in (("rows", starts), ("cols", columns), ("vals", numbers))
    }


@function(scene, entries)
def jacobian(given):
    """Compressed rows: where each row of the matrix begins, the columns, the numbers."""
    cameras, points, weights, seen, of_camera, of_point = given
    by_camera, by_point, by_weight = error.jacobian(
        cameras[of_camera], points[of_point], weights, seen
    )
    p, n, m = len(weights), len(cameras), len(points)
    numbers = np.concatenate([by_camera, by_point, by_weight[:, :, None]], axis=2)
    observation = np.arange(p)
    columns = np.concatenate(
        [
            11 * of_camera[:, None] + np.arange(11),
            11 * n + 3 * of_point[:, None] + np.arange(3),
            11 * n + 3 * m + observation[:, None],
        ],
        axis=1,
    )
    columns = np.repeat(columns[:, None], 2, axis=1)
    lengths = np.concatenate([np.full(2 * p, 15), np.ones(p, dtype=int)])
    starts = np.concatenate([[0], np.cumsum(lengths)])
    columns = np.concatenate([columns.ravel(), 11 * n + 3 * m + observation])
    return starts, columns, np.concatenate([numbers.ravel(), weight_error.grad(weights)])
