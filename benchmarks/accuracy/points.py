"""Where the rows are measured: all sizes of numbers, and the places where formulas change."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from random import Random

from autograd_bp.primitives import Primitive

TINY, HUGE = 5e-324, sys.float_info.max
SPECIAL = (
    0.0,
    TINY,
    2.0**-1022,
    1e-300,
    1e-160,
    1e-17,
    2.0**-54,
    2.0**-27,
    1e-8,
    1e-3,
    0.1,
    0.25,
    0.5,
    math.log(2.0),
    0.75,
    1.0,
    1.5,
    math.pi / 2,
    2.0,
    math.e,
    3.0,
    math.pi,
    10.0,
    17.0,
    22.0,
    26.5,
    36.7,
    37.0,
    100.0,
    354.9,
    700.0,
    709.78,
    745.1,
    1e8,
    2.0**53,
    1e16,
    1e100,
    1e154,
    1.4e154,
    1e155,
    1e300,
    HUGE,
)


def numbers(low: float, high: float, count: int, random: Random) -> Iterator[float]:
    """Floats between two: those with a name and their neighbours, then all sizes at random."""
    ends = [x for x in (low, high) if math.isfinite(x)]
    for x in (*SPECIAL, *ends):
        for signed in (x, -x):
            up, down = (math.nextafter(signed, end) for end in (math.inf, -math.inf))
            for each in (signed, up, down):
                if low <= each <= high:
                    yield each
    made = 0
    while made < count:
        kind = random.random()
        if kind < 0.4:  # where most functions do something
            x = random.uniform(-40.0, 40.0)
        elif kind < 0.5:
            x = random.uniform(-1.0, 1.0)
        elif kind < 0.6:  # near 1, and near the ends
            x = random.choice((1.0, -1.0, *ends)) + math.ldexp(
                random.uniform(-1, 1), random.randint(-60, 0)
            )
        elif kind < 0.7:
            x = random.uniform(-760.0, 760.0)
        else:  # any exponent
            x = random.choice((-1.0, 1.0)) * math.ldexp(
                random.uniform(0.5, 1.0), random.randint(-1074, 1024)
            )
        if low <= x <= high:
            made += 1
            yield x


def points(row: Primitive, count: int, random: Random) -> Iterator[tuple[float, ...]]:
    """Inputs for a row of a fixed number of them."""
    if row.arity == 1:
        for x in numbers(*row.domain[0], count, random):
            yield (x,)
        return
    yield from (point for point in row.points if len(point) == row.arity)
    pools = [list(numbers(*domain, count // 2, random)) for domain in row.domain]
    for _ in range(count):
        if row.name in ("pow", "power"):
            yield _for_power(pools[0], random)
        elif row.name == "round_to":
            yield _for_digits(pools[0], random)
        else:
            point = [random.choice(pool) for pool in pools]
            if random.random() < 0.5:  # of like size, so that the two meet
                point[-1] = point[0] * random.uniform(-4.0, 4.0)
                if not row.domain[-1][0] <= point[-1] <= row.domain[-1][1]:
                    point[-1] = abs(point[-1])
            if all(low <= x <= high for x, (low, high) in zip(point, row.domain, strict=True)):
                yield tuple(point)


def _for_power(bases: list[float], random: Random) -> tuple[float, float]:
    kind = random.random()
    if kind < 0.3:
        return random.choice(bases), float(random.randint(-8, 8))
    if kind < 0.6:
        return abs(random.choice(bases)) or 1.0, random.uniform(-3.0, 3.0)
    return random.uniform(0.0, 4.0) or 1.0, random.uniform(-500.0, 500.0)


def _for_digits(numbers: list[float], random: Random) -> tuple[float, float, float]:
    scale = 10.0 ** random.randint(0, 22)
    near = random.choice((random.choice(numbers), random.randint(-3000, 3000) * 0.0005))
    return (near, scale, 1.0) if random.random() < 0.6 else (near * scale, 1.0, scale)


def lists(name: str, count: int, random: Random) -> Iterator[tuple[float, ...]]:
    """Inputs for a row of any number of them: 2 to 32, of like and of unlike sizes."""
    for _ in range(count):
        n = 2 * random.randint(1, 16)
        spread = random.choice((0, 3, 30))
        scale = 0 if name == "logsumexp" else random.randint(-200, 200)
        yield tuple(
            math.ldexp(random.uniform(-1.0, 1.0), scale + random.randint(-spread, spread) % 64)
            if name != "logsumexp"
            else random.uniform(-2.0, 2.0) * 10.0 ** random.randint(-3, 3)
            for _ in range(n)
        )
