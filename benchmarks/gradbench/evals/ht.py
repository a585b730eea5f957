"""Hand tracking: how far points are from a hand whose bones are turned. Each point is a row."""

import numpy as np

import autograd_bp as bp
from benchmarks.gradbench.protocol import function

FINGERS, JOINTS = 5, 4
TINY = 1e-4  # angles below it turn nothing


def product(a, b):
    columns = [*zip(*b, strict=True)]
    return [[bp.dot(line, [*column]) for column in columns] for line in a]


def about_axis(axis):
    angle = bp.norm(axis)
    turns = angle >= TINY
    x, y, z = [a / bp.where(turns, angle, 1.0) for a in axis]
    s, c = bp.sin(angle), bp.cos(angle)
    t = 1.0 - c
    matrix = [
        [x * x + (1.0 - x * x) * c, x * y * t - z * s, x * z * t + y * s],
        [x * y * t + z * s, y * y + (1.0 - y * y) * c, y * z * t - x * s],
        [x * z * t - y * s, z * y * t + x * s, z * z + (1.0 - z * z) * c],
    ]
    still = np.eye(3).tolist()
    return [
        [bp.where(turns, a, b) for a, b in zip(line, other, strict=True)]
        for line, other in zip(matrix, still, strict=True)
    ]


def turned(bend, spread):
    """A joint that bends about x and spreads about z, as a matrix of four dimensions."""
    s, c, u, v = bp.sin(bend), bp.cos(bend), bp.sin(spread), bp.cos(spread)
    return [
        [v, -u * c, u * s, 0.0],
        [u, v * c, -v * s, 0.0],
        [0.0, s, c, 0.0],
        [0.0, 0.0, 0.0, 1.0],
    ]


def angles(theta, bones):
    """The bend and the spread of each bone: the wrist has none, nor have the tips of fingers."""
    pairs = [(0.0, 0.0)] * bones
    numbers = iter(theta[6:])
    for finger in range(FINGERS):
        first = 2 + JOINTS * finger
        for joint in range(JOINTS - 1):
            bend = next(numbers)
            pairs[first + joint] = (bend, next(numbers) if joint == 0 else 0.0)
    return pairs


def bone_matrices(theta, skeleton, parents):
    """From where each bone is at rest to where it is."""
    absolutes = []
    for k, (pair, parent) in enumerate(zip(angles(theta, len(parents)), parents, strict=True)):
        relative = product(skeleton["relatives"][k], turned(*pair))
        absolutes.append(relative if parent < 0 else product(absolutes[parent], relative))
    return [product(a, b) for a, b in zip(absolutes, skeleton["inverses"], strict=True)]


def from_surface(theta, skeleton, surface, point, parents, mirrored):
    """From a point of the surface: a sum, over bones, of where they take it."""
    matrices = bone_matrices(theta, skeleton, parents)
    place = [
        bp.sum([bp.dot(m[i], [*vector]) for m, vector in zip(matrices, surface, strict=True)])
        for i in range(3)
    ]
    place = [-place[0], *place[1:]] if mirrored else place
    rotation = about_axis(theta[:3])
    return [point[i] - bp.dot(rotation[i], place) - theta[3 + i] for i in range(3)]


distance = bp.compiled(
    from_surface, rows=("surface", "point"), static=("parents", "mirrored"), reduce=None
)


@bp.compiled(
    rows=("u", "surface", "point"), static=("parents", "mirrored"), reduce=None, wrt=("u", "theta")
)
def distance_on_triangle(theta, u, skeleton, surface, point, parents, mirrored):
    """From a point inside of a triangle, which u says."""
    shares = [u[0], u[1], 1.0 - u[0] - u[1]]
    mixed = [
        [bp.dot(shares, [corner[b][i] for corner in surface]) for i in range(4)]
        for b in range(len(parents))
    ]
    return from_surface(theta, skeleton, mixed, point, parents, mirrored)


def hand(given):
    data, model = given["data"], given["data"]["model"]
    theta, u = np.array(given["theta"], dtype=float), np.array(given["us"], dtype=float)
    skeleton = {
        "relatives": np.array(model["base_relatives"], dtype=float),
        "inverses": np.array(model["inverse_base_absolutes"], dtype=float),
    }
    rest, weights = np.array(model["base_positions"]), np.array(model["weights"])
    vectors = weights[:, :, None] * rest[:, None, :]  # (vertices, bones, 4)
    chosen = np.array(data["correspondences"], dtype=int)
    if len(u):
        chosen = np.array(model["triangles"], dtype=int)[chosen]
    points = np.array(data["points"], dtype=float)
    options = {"parents": tuple(model["parents"]), "mirrored": bool(model["is_mirrored"])}
    return theta, u, skeleton, vectors[chosen], points, options


def flat(distances):
    return np.stack(distances, axis=1).ravel().tolist()


@function(hand, flat)
def objective(given):
    theta, u, skeleton, surface, points, options = given
    if len(u):
        return distance_on_triangle(theta, u, skeleton, surface, points, **options)
    return distance(theta, skeleton, surface, points, **options)


@function(hand, lambda matrix: matrix.reshape(-1, matrix.shape[-1]).tolist())
def jacobian(given):
    theta, u, skeleton, surface, points, options = given
    if not len(u):
        return distance.jacobian(theta, skeleton, surface, points, **options)
    by_u, by_theta = distance_on_triangle.jacobian(theta, u, skeleton, surface, points, **options)
    return np.concatenate([by_u, by_theta], axis=2)
