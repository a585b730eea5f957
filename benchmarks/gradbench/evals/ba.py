"""Bundle adjustment: how far cameras see points from where they were seen. Each observation is a
row, which reads its camera and its point from their tables; the Jacobian is sparse."""

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


@bp.compiled(rows=("unknowns", "seen"), reduce=None)
def error(unknowns, seen):
    """The unknowns are a camera, a point and a weight."""
    rotation, centre, focal = unknowns[:3], unknowns[3:6], unknowns[6]
    principal, radial, point, weight = unknowns[7:9], unknowns[9:11], unknowns[11:14], unknowns[14]
    x, y, z = rotated(rotation, [p - c for p, c in zip(point, centre, strict=True)])
    x, y = x / z, y / z
    square = x * x + y * y
    bent = 1.0 + radial[0] * square + radial[1] * square * square
    image = [x * bent * focal + principal[0], y * bent * focal + principal[1]]
    return [weight * (a - b) for a, b in zip(image, seen, strict=True)]


@bp.compiled(rows="weight", reduce=None)
def weight_error(weight):
    return 1.0 - weight * weight


class Scene:
    """Cameras, points, weights, what was seen, and which observation is of which."""

    def __init__(self, given):
        n, m, p = given["n"], given["m"], given["p"]
        self.cameras, self.points = np.tile(given["cam"], (n, 1)), np.tile(given["x"], (m, 1))
        self.weights, self.seen = np.full(p, float(given["w"])), np.tile(given["feat"], (p, 1))
        self.of_camera, self.of_point = np.arange(p) % n, np.arange(p) % m
        self.unknowns = bp.beside(
            bp.rows_of(self.cameras, self.of_camera),
            bp.rows_of(self.points, self.of_point),
            self.weights,
        )
        self.starts, self.columns = self.places()

    def places(self):
        """Where the rows of the Jacobian begin, and its columns: the numbers do not move them."""
        n, m, p = len(self.cameras), len(self.points), len(self.weights)
        weights = 11 * n + 3 * m + np.arange(p)[:, None]
        columns = np.concatenate(
            [
                11 * self.of_camera[:, None] + np.arange(11),
                11 * n + 3 * self.of_point[:, None] + np.arange(3),
                weights,
            ],
            axis=1,
        )
        columns = np.concatenate([np.repeat(columns, 2, axis=0).ravel(), weights.ravel()])
        lengths = np.concatenate([np.full(2 * p, 15), np.ones(p, dtype=int)])
        return np.concatenate([[0], np.cumsum(lengths)]), columns


def errors(output):
    reprojection, weights = output
    return {
        "reproj_error": {
            "elements": [float(part[0]) for part in reprojection],
            "repeated": len(weights),
        },
        "w_err": {"element": float(weights[0]), "repeated": len(weights)},
    }


@function(Scene, errors)
def objective(scene):
    return error(scene.unknowns, scene.seen), weight_error(scene.weights)


def entries(matrix):
    starts, columns, (above, below) = matrix
    return {
        name: [*first.flat[:SHOWN].tolist(), last[-1].item()]
        for name, first, last in (
            ("rows", starts, starts),
            ("cols", columns, columns),
            ("vals", above, below),
        )
    }


@function(Scene, entries)
def jacobian(scene):
    """Compressed rows: where each row of the matrix begins, the columns, and the numbers: those of
    the observations, (observations, 2, 15), above those of the weights."""
    above = error.jacobian(scene.unknowns, scene.seen)
    return scene.starts, scene.columns, (above, weight_error.grad(scene.weights))
