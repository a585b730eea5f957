"""Jacobians of rows: bundle adjustment, and hand tracking on a skeleton."""

# mypy: disable-error-code="import-not-found, import-untyped"
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from benchmarks.problems.model import JACOBIAN, Problem

Numbers = Sequence[Any]
FINGERS, JOINTS = 5, 4
PARENTS = (-1, 0, *(1 if joint == 0 else 1 + JOINTS * f + joint for f in range(FINGERS)
           for joint in range(JOINTS)))  # fmt: skip
TURNING = [  # of each bone: the places of its bend and its spread in the angles, or none
    next(
        (
            (4 * f + joint + (joint > 0), 4 * f + 1 if joint == 0 else -1)
            for f in range(FINGERS)
            for joint in range(JOINTS - 1)
            if bone == 2 + JOINTS * f + joint
        ),
        (-1, -1),
    )
    for bone in range(len(PARENTS))
]


def rotated(m: Any, axis: Numbers, point: Numbers) -> list[Any]:
    """Rodrigues' formula."""
    angle = m.sqrt(axis[0] * axis[0] + axis[1] * axis[1] + axis[2] * axis[2])
    cosine, sine = m.cos(angle), m.sin(angle)
    u = [axis[k] / angle for k in range(3)]
    turned = [u[(k + 1) % 3] * point[(k + 2) % 3] - u[(k + 2) % 3] * point[(k + 1) % 3]
              for k in range(3)]  # fmt: skip
    along = (u[0] * point[0] + u[1] * point[1] + u[2] * point[2]) * (1.0 - cosine)
    return [point[k] * cosine + turned[k] * sine + u[k] * along for k in range(3)]


def reprojection(m: Any, camera: Numbers, point: Numbers, weight: Any, seen: Numbers) -> list[Any]:
    """How far a camera sees a point from where it was seen."""
    x, y, z = rotated(m, camera, [point[k] - camera[3 + k] for k in range(3)])
    x, y = x / z, y / z
    square = x * x + y * y
    bent = 1.0 + camera[9] * square + camera[10] * square * square
    image = x * bent * camera[6] + camera[7], y * bent * camera[6] + camera[8]
    return [weight * (image[k] - seen[k]) for k in range(2)]


def bundle(rows: int) -> Problem:
    """Bundle adjustment: the blocks of the sparse Jacobian, a row for each observation."""
    import numpy as np

    random = np.random.default_rng(6)
    numbers = (
        random.uniform(0.1, 0.6, (rows, 11)),
        random.uniform([0.5, 0.5, 3.5], [2.0, 2.0, 5.0], (rows, 3)),
        random.uniform(0.5, 1.0, rows),
        random.normal(size=(rows, 2)),
    )
    names = ("camera", "point", "weight", "seen")
    return Problem(JACOBIAN, numbers, reprojection, names, wrt=(0, 1, 2))


def hand(rows: int) -> Problem:
    """How far points are from a hand whose 22 bones are turned, by pose, place and 20 angles."""
    import numpy as np

    bones = len(PARENTS)
    random = np.random.default_rng(7)
    rest = np.tile(np.eye(4), (2, bones, 1, 1))
    rest[:, :, :3] += random.uniform(-0.2, 0.2, (2, bones, 3, 4))
    relatives, inverses = rest.tolist()

    def product(m: Any, a: Any, b: Any) -> list[list[Any]]:
        columns = [*zip(*b, strict=True)]
        return [[m.dot([*line], [*column]) for column in columns] for line in a]

    def turning(m: Any, theta: Numbers, bone: int) -> tuple[Any, Any, Any, Any]:
        bend, spread = TURNING[bone]
        s, c = (m.sin(theta[6 + bend]), m.cos(theta[6 + bend])) if bend >= 0 else (0.0, 1.0)
        u, v = (m.sin(theta[6 + spread]), m.cos(theta[6 + spread])) if spread >= 0 else (0.0, 1.0)
        return s, c, u, v

    def turned(m: Any, theta: Numbers, bone: int) -> list[list[Any]]:
        s, c, u, v = turning(m, theta, bone)
        return [
            [v, -u * c, u * s, 0.0],
            [u, v * c, -v * s, 0.0],
            [0.0, s, c, 0.0],
            [0.0, 0.0, 0.0, 1.0],
        ]

    def scalar(m: Any, theta: Numbers, surface: Numbers, point: Numbers) -> list[Any]:
        absolutes: list[Any] = []
        for bone, parent in enumerate(PARENTS):
            own = product(m, relatives[bone], turned(m, theta, bone))
            absolutes.append(own if parent < 0 else product(m, absolutes[parent], own))
        matrices = [product(m, a, b) for a, b in zip(absolutes, inverses, strict=True)]
        place = [
            m.sum([
                m.dot(matrices[bone][i], [surface[bone][j] for j in range(4)])
                for bone in range(bones)
            ])
            for i in range(3)
        ]  # fmt: skip
        moved = rotated(m, theta, place)
        return [point[i] - moved[i] - theta[3 + i] for i in range(3)]

    def arrays(m: Any, theta: Any, surface: Any, point: Any) -> Any:
        absolutes: list[Any] = []
        zero, one = theta[0] * 0.0, theta[0] * 0.0 + 1.0
        for bone, parent in enumerate(PARENTS):
            s, c, u, v = (zero + number for number in turning(m, theta, bone))
            local = m.stack(
                [v, -u * c, u * s, zero, u, v * c, -v * s, zero, zero, s, c, *[zero] * 4, one], 0
            ).reshape(4, 4)
            own = m.array(rest[0, bone]) @ local
            absolutes.append(own if parent < 0 else absolutes[parent] @ own)
        matrices = m.stack(absolutes, 0) @ m.array(rest[1])
        place = m.einsum("bij,rbj->ir", matrices, surface)
        return point - m.stack(rotated(m, theta, place), 1)[:, :3] - theta[3:6]

    numbers = (
        random.uniform(0.1, 0.5, 26),
        random.random((rows, bones, 4)) / bones,
        random.normal(size=(rows, 3)),
    )
    return Problem(JACOBIAN, numbers, scalar, ("surface", "point"), arrays)
