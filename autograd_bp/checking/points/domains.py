"""The points at which to check a gradient: intervals, boxes of them, and points drawn by a seed."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from typing import Any, NamedTuple

from autograd_bp.errors import AutogradError, SettingError
from autograd_bp.primitives import Primitive

__all__ = ["Interval", "box", "draw_point", "interval_of", "outside"]

MAX_DRAWN = 3.0  # the largest number that is drawn where a domain has no end
MARGIN = 1e-3  # from an open end

Box = Any  # an Interval, or a list, tuple or dict of boxes


class Interval(NamedTuple):
    """The numbers from low to high."""

    low: float
    high: float


def box(domain: Any) -> Box:
    """A domain with an Interval for each of its pairs and names.

    Arguments:
        domain: `(low, high)`, the name of a primitive of one input, or a list or dict of such.

    Raises: SettingError naming the part that is no domain.
    """
    if isinstance(domain, Mapping) and domain:
        return {key: box(part) for key, part in domain.items()}
    if isinstance(domain, list) and domain:
        return [box(part) for part in domain]
    return interval_of(domain)


def interval_of(domain: Any) -> Interval:
    """One interval, from a pair of numbers or from the name of a primitive."""
    if isinstance(domain, str):
        return _of_primitive(domain)
    if isinstance(domain, tuple) and len(domain) == 2 and all(map(_is_real, domain)):
        low, high = map(float, domain)
        if low <= high and math.isfinite(low) and math.isfinite(high):
            return Interval(low, high)
    raise SettingError(
        f"a domain is (low, high) with low <= high, a primitive's name, or a list or dict of "
        f"such, got {domain!r:.80}"
    )


def draw_point(domain: Box, source: random.Random) -> Any:
    """A point of a box, shaped like it; the same source gives the same points."""
    if isinstance(domain, Interval):
        return source.uniform(*domain)
    if isinstance(domain, Mapping):
        return {key: draw_point(part, source) for key, part in domain.items()}
    return [draw_point(part, source) for part in domain]


def outside(point: Any, domain: Box, place: str = "") -> str:
    """The first part of a point that lies outside a box, or has another shape; empty for none."""
    if isinstance(domain, Interval):
        if not _is_real(point):
            return f"point{place} must be a number, got {point!r:.60}"
        if not domain.low <= point <= domain.high:
            return f"point{place} = {point!r} is outside {domain.low:g} to {domain.high:g}"
        return ""
    if isinstance(domain, Mapping):
        if not isinstance(point, Mapping) or {*point} != {*domain}:
            keys = ", ".join(map(str, domain))
            return f"point{place} must be a dict of {keys}, got {point!r:.60}"
        parts = [(f"{place}[{key!r}]", point[key], domain[key]) for key in domain]
    else:
        if not isinstance(point, (list, tuple)) or len(point) != len(domain):
            return f"point{place} must be a list of {len(domain)}, got {point!r:.60}"
        parts = [(f"{place}[{i}]", point[i], part) for i, part in enumerate(domain)]
    return next(filter(None, (outside(x, part, name) for name, x, part in parts)), "")


def _of_primitive(name: str) -> Interval:
    try:
        op = Primitive.named(name)
    except AutogradError:
        raise SettingError(
            f"the domain {name!r} is not the name of a primitive: use one such as 'log', or "
            "(low, high)"
        ) from None
    if op.arity != 1:
        raise SettingError(
            f"the domain {name!r} is that of a primitive of several inputs: use (low, high)"
        )
    low, high = op.domain[0]
    if math.isfinite(low):
        return Interval(low + MARGIN, high - MARGIN if math.isfinite(high) else low + 2 * MAX_DRAWN)
    return Interval(-MAX_DRAWN, high - MARGIN if math.isfinite(high) else MAX_DRAWN)


def _is_real(x: Any) -> bool:
    return isinstance(x, (int, float)) and not isinstance(x, bool)
