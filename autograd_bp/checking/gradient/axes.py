"""Along which lines a gradient is checked: its components, some of them, or random directions."""

from __future__ import annotations

import math
import operator
import random
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from autograd_bp.checking.gradient.point_function import Line, PointFunction
from autograd_bp.checking.numeric.sums import total
from autograd_bp.derivatives.calls import like
from autograd_bp.errors import SettingError

__all__ = ["Axes", "chosen_components", "component_axes", "directional_axes", "scales_of"]

MANY_LARGEST = 20  # components that "largest" chooses
SMALL = 0.1  # of the usual size: smaller numbers are taken for neighbours of 0


class Axes(NamedTuple):
    """Lines through the point, one for each number that is checked.

    Attributes:
        names: of the numbers.
        centres: where on its line each number is.
        scales: the size of steps that change the function notably, where somebody said so.
        lines: from the place of an axis to its line.
        along: from a gradient to its numbers along the axes.
        places: the places of components; none for directions.
        directions: the directions, as rows; none for components.
    """

    names: Sequence[str]
    centres: Sequence[float]
    scales: Sequence[float | None]
    lines: Callable[[int], Line]
    along: Callable[[Sequence[float]], list[float]]
    places: Sequence[int] | None
    directions: Sequence[Any] | None = None


def component_axes(
    subject: PointFunction, places: Sequence[int], scales: Sequence[float | None]
) -> Axes:
    """One axis for each of these components."""
    return Axes(
        [subject.names[i] for i in places],
        [subject.point[i] for i in places],
        [scales[i] for i in places],
        lambda k: subject.line(places[k]),
        lambda gradient: [gradient[i] for i in places],
        places,
    )


def directional_axes(subject: PointFunction, count: int, seed: int) -> Axes:
    """Random directions, in which every number moves by as much of its own size."""
    usual = SMALL * usual_size(subject.point)
    directions: list[Any] = []
    if subject.numbers is not subject.point:
        import numpy as np

        generator, sizes = np.random.default_rng(seed), np.maximum(np.abs(subject.numbers), usual)
        for _ in range(count):
            signs = generator.choice((-1.0, 1.0), len(sizes))
            directions.append(signs * generator.uniform(0.5, 1.5, len(sizes)) * sizes)
    else:
        rng = random.Random(seed)
        directions = [
            [
                rng.choice((-1.0, 1.0)) * rng.uniform(0.5, 1.5) * max(abs(x), usual)
                for x in subject.point
            ]
            for _ in range(count)
        ]
    return Axes(
        [f"direction {k}" for k in range(1, count + 1)],
        [1.0] * count,
        [None] * count,
        lambda k: subject.line_along(directions[k]),
        lambda gradient: [_product(gradient, direction) for direction in directions],
        None,
        directions,
    )


def _product(gradient: Sequence[float], direction: Any) -> float:
    """The derivative along a direction; NaN where it overflows, and any other gradient's would."""
    moves = direction if isinstance(direction, list) else direction.tolist()
    product = total(map(operator.mul, gradient, moves))
    return product if math.isfinite(product) else math.nan


def usual_size(point: Sequence[float]) -> float:
    """The median size of the numbers that are not 0; 1 where there are none."""
    sizes = sorted(abs(x) for x in point if x and math.isfinite(x))
    return sizes[len(sizes) // 2] if sizes else 1.0


def scales_of(scale: Any, subject: PointFunction) -> list[float | None]:
    """A scale for each number, from one for all, or from numbers in the structure of the point.

    Raises: SettingError for what is not positive; ShapeError for another structure.
    """
    size = len(subject.point)
    if scale is None:
        return [None] * size
    if isinstance(scale, (int, float)) and not isinstance(scale, bool):
        return [_positive(float(scale), scale)] * size
    if isinstance(scale, (str, bool)):
        raise SettingError(f"scale must be a positive number or one for each, got {scale!r:.60}")
    numbers = like([scale], [subject.tree], "scale", "argument")
    return [_positive(float(x), scale) for x in numbers]


def _positive(x: float, scale: Any) -> float:
    if not 0.0 < x < math.inf:
        raise SettingError(f"scale must be a positive number, got {scale!r:.60}")
    return x


def chosen_components(
    components: Any, subject: PointFunction, gradient: Sequence[float] | None, seed: int
) -> list[int]:
    """The places of the components that are checked.

    Arguments:
        components: None for all; a number of random ones; "largest"; or names or places.
        subject: the function.
        gradient: that is checked, for "largest".
        seed: of the random ones.

    Raises: SettingError for what names no components.
    """
    size = len(subject.point)
    if components is None:
        return list(range(size))
    if type(components) is int:
        if components < 1:
            raise SettingError(f"components= must be at least 1, got {components!r}")
        return sorted(random.Random(seed).sample(range(size), min(components, size)))
    if components == "largest":
        sizes = [abs(g) if g == g else math.inf for g in gradient or [0.0] * size]
        return sorted(sorted(range(size), key=lambda i: -sizes[i])[:MANY_LARGEST])
    if isinstance(components, str):
        components = [components]
    try:
        wanted = list(components)
    except TypeError:
        raise SettingError(
            "components= is a number of random ones, 'largest', or a list of names or places, "
            f"got {components!r:.60}"
        ) from None
    if not wanted:
        raise SettingError("components= names none: leave it out to check all of them")
    return [_place(one, subject) for one in wanted]


def _place(one: Any, subject: PointFunction) -> int:
    if isinstance(one, str):
        if one in subject.names:
            return list(subject.names).index(one)
        few = ", ".join(subject.names[:3])
        raise SettingError(f"components= names {one!r}, which is none of them: {few} ...")
    try:
        place = int(one)
    except (TypeError, ValueError):
        place = len(subject.point)
    if isinstance(one, bool) or place != one or not 0 <= place < len(subject.point):
        raise SettingError(
            f"components= holds {one!r:.60}: a name, or a place from 0 to {len(subject.point) - 1}"
        )
    return place
