"""Hypothesis strategies for the points at which to check a gradient.

    from hypothesis import given
    from autograd_bp.checking import assert_gradient, strategies

    @given(strategies.points({"w": (-2, 2), "x": (0.1, 5)}))
    def test_my_gradient(point): ...

Failing points shrink to simple numbers, as Hypothesis' own floats do. Hypothesis is imported when
a strategy is made, so this module costs nothing without it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from autograd_bp.checking.points.domains import Box, Interval, box, interval_of
from autograd_bp.checking.points.kinks import distance, gap
from autograd_bp.errors import MissingExtraError, SettingError
from autograd_bp.primitives import Primitive

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

__all__ = ["inputs", "interval", "points", "smooth_points"]

MARGIN = 1e-3


def interval(
    low: float,
    high: float,
    *,
    avoid: tuple[float, ...] = (),
    only: tuple[float, ...] = (),
    margin: float = MARGIN,
) -> SearchStrategy[float]:
    """Numbers from low to high, both included.

    Arguments:
        low: a finite number.
        high: another, not below it.
        avoid: kinks; no number is nearer to one than `margin`.
        only: kinks; only those of them that lie between low and high are drawn.
        margin: in absolute terms.

    Raises: SettingError for an empty interval, also one that `avoid` leaves empty;
        MissingExtraError without Hypothesis.

    Example:
        >>> from autograd_bp.checking.strategies import interval
        >>> from hypothesis import find
        >>> find(interval(-5, 5, avoid=(0,)), lambda x: x < -0.1)
        -1.0
    """
    st = _hypothesis()
    whole = interval_of((low, high))
    if only:
        inside = sorted({float(x) for x in only if whole.low <= x <= whole.high})
        if not inside:
            raise SettingError(f"none of the kinks {only!r} lies from {low!r} to {high!r}")
        chosen: SearchStrategy[float] = st.sampled_from(inside)
        return chosen
    if not margin >= 0.0:
        raise SettingError(f"margin must be 0 or more, got {margin!r}")
    pieces = _without(whole, avoid, margin)
    if not pieces:
        raise SettingError(
            f"nothing is left from {low!r} to {high!r} at a distance of {margin!r} from {avoid!r}: "
            "make the margin smaller"
        )
    # The piece with the simplest number comes first: strategies shrink towards it.
    pieces.sort(key=lambda piece: (min(abs(piece.low), abs(piece.high)), piece.low < 0.0))
    parts = [st.floats(piece.low, piece.high, allow_subnormal=False) for piece in pieces]
    whole_without: SearchStrategy[float] = st.one_of(parts)
    return whole_without


def points(
    domain: Any,
    *,
    avoid: tuple[float, ...] = (),
    only: tuple[float, ...] = (),
    margin: float = MARGIN,
) -> SearchStrategy[Any]:
    """Points of a box: a number, or a list, tuple or dict of numbers.

    Arguments:
        domain: an interval `(low, high)`, the name of a primitive for its domain, or a list or
            dict of such; points are shaped like it.
        avoid: of each number, as for `interval`.
        only: the same.
        margin: the same.

    Raises: SettingError for anything that is no domain; MissingExtraError without Hypothesis.

    Example:
        >>> from autograd_bp.checking.strategies import points
        >>> from hypothesis import find
        >>> find(points({"rate": "log", "w": [(-1, 1), (-1, 1)]}), lambda p: True)["w"]
        [0.0, 0.0]
    """
    st = _hypothesis()

    def of(part: Box) -> Any:
        if isinstance(part, Interval):
            return interval(part.low, part.high, avoid=avoid, only=only, margin=margin)
        if isinstance(part, Mapping):
            return st.fixed_dictionaries({key: of(child) for key, child in part.items()})
        return st.tuples(*map(of, part)).map(type(part))

    return of(box(domain))  # type: ignore[no-any-return]


def inputs(
    row: Primitive | str, *, at_kinks: bool = False, largest: float = 1e3, margin: float = MARGIN
) -> SearchStrategy[tuple[float, ...]]:
    """Inputs of a primitive inside its domain, as the table states it, where neither the result
    nor a partial is NaN or infinite.

    Arguments:
        row: a primitive, or its name. One that takes any number of inputs gets 1 to 6.
        at_kinks: exactly on the kink instead of away from it.
        largest: no input is larger.
        margin: from the ends of the domain, and from kinks.

    Raises: SettingError for at_kinks=True and a primitive without a kink; PrimitiveError for an
        unknown name; MissingExtraError without Hypothesis.

    Example:
        >>> from autograd_bp.checking.strategies import inputs
        >>> from hypothesis import find
        >>> find(inputs("maximum", at_kinks=True), lambda pair: pair[0] > 2)
        (3.0, 3.0)
    """
    st = _hypothesis()
    op = Primitive.named(row) if isinstance(row, str) else row
    parts = [st.floats(*_inner(low, high, largest, margin)) for low, high in op.domain]
    many = op.arity is None
    drawn: SearchStrategy[tuple[float, ...]] = (
        st.lists(parts[0], min_size=1, max_size=6).map(tuple) if many else st.tuples(*parts)
    )
    if not at_kinks:
        return drawn.filter(lambda x: _gap(op, x) >= margin and _is_regular(op, x))
    probe = tuple([_probe(low, high) for low, high in op.domain]) * (2 if many else 1)
    for move in (_first_to_0, _all_to_first, _all_to_0):
        if _gap(op, move(probe)) == 0.0:
            return drawn.map(move)
    raise SettingError(f"{op.name} has no kink: leave out at_kinks=True")


def smooth_points(
    f: Callable[[Any], Any], domain: Any, *, margin: float = MARGIN
) -> SearchStrategy[Any]:
    """Points of a box at which no operation of `f` is nearer to a kink than `margin`.

    Arguments:
        f: a function of one argument, recorded at each point to see.
        domain: as for `points`.
        margin: in the units of the operation that has the kink.

    Raises: as `points`.

    Example:
        >>> import autograd_bp as bp
        >>> from autograd_bp.checking.strategies import smooth_points
        >>> from hypothesis import find
        >>> f = lambda p: bp.relu(p["x"] - 2) * p["x"]
        >>> find(smooth_points(f, {"x": (0, 5)}, margin=0.5), lambda p: p["x"] > 1.9)
        {'x': 3.0}
    """
    return points(domain).filter(lambda point: kink_distance(f, point) >= margin)


def kink_distance(f: Callable[[Any], Any], point: Any) -> float:
    """How near the nearest kink is when `f` is recorded at a point; infinite without one."""
    from autograd_bp.derivatives.trees import flatten
    from autograd_bp.graph import topological_order
    from autograd_bp.value import Value

    numbers, tree = flatten(point)
    result, _ = flatten(f(tree.build([Value(float(x)) for x in numbers])))
    return distance(topological_order(*[node for node in result if isinstance(node, Value)]))


def _hypothesis() -> Any:
    try:
        from hypothesis import strategies
    except ImportError:
        raise MissingExtraError(
            "strategies need Hypothesis, which is not installed: run pip install hypothesis"
        ) from None
    return strategies


def _without(whole: Interval, avoid: tuple[float, ...], margin: float) -> list[Interval]:
    pieces = [whole]
    for kink in avoid:
        pieces = [
            part
            for piece in pieces
            for part in (
                Interval(piece.low, min(piece.high, kink - margin)),
                Interval(max(piece.low, kink + margin), piece.high),
            )
            if part.low <= part.high
        ]
    return pieces


def _inner(low: float, high: float, largest: float, margin: float) -> tuple[float, float]:
    return (
        low + margin if math.isfinite(low) else -largest,
        min(high - margin if math.isfinite(high) else largest, largest),
    )


def _probe(low: float, high: float) -> float:
    return 0.5 if low < 0.5 < high else 2.0


def _is_regular(op: Primitive, x: tuple[float, ...]) -> bool:
    y = op.forward(*x)
    partials = (0.0,) if op.partials is None else op.partials(*x, y=y)
    return math.isfinite(y) and all(map(math.isfinite, partials))


def _first_to_0(x: tuple[float, ...]) -> tuple[float, ...]:
    return (0.0, *x[1:])


def _all_to_first(x: tuple[float, ...]) -> tuple[float, ...]:
    return (x[0],) * len(x)


def _all_to_0(x: tuple[float, ...]) -> tuple[float, ...]:
    return (0.0,) * len(x)


def _gap(op: Primitive, x: tuple[float, ...]) -> float:
    distance = gap(op, x)
    return math.inf if distance is None else abs(distance)
