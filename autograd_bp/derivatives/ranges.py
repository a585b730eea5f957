"""Bounds the numbers of a graph, whatever finite numbers its leaves get.

Where a partial surely is finite, no zero has to stop it, so a compiled derivative need not ask.
Known are bounds, whether a number may be infinite or NaN, and whether it may be 0. A scale such as
(mean(x²) + 1e-5) ** -0.5 is finite because a square is not negative. range_rules.py says what
primitives make of such ranges.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from autograd_bp import primitives as ops
from autograd_bp.derivatives.range_rules import UNKNOWN, Range, of_constant, range_of
from autograd_bp.value import Value

__all__ = ["UNKNOWN", "Range", "Ranges", "of_this_recording", "shared_ranges"]

LENGTHS = (ops.norm, ops.hypot)


class Ranges:
    """The ranges of nodes; what has been computed is kept."""

    def __init__(self) -> None:
        self._known: dict[Value, Range] = {}

    def assume(self, node: Value, known: Range) -> None:
        """Say of a node what its range is, whatever it was computed from."""
        self._known[node] = known

    def __call__(self, number: Any) -> Range:
        """The range of a Value or a float."""
        if not isinstance(number, Value):
            return of_constant(number)
        known = self._known
        pending = [number]
        while pending:
            node = pending[-1]
            if node not in known:
                unknown = [parent for parent in node.parents if parent not in known]
                if unknown:
                    pending += unknown
                    continue
                known[node] = _range(node, known)
            pending.pop()
        return known[number]


_shared: ContextVar[Ranges | None] = ContextVar("shared", default=None)


def of_this_recording() -> Ranges:
    """The ranges that everything shares that is recorded together; else new ones."""
    return _shared.get() or Ranges()


@contextmanager
def shared_ranges() -> Iterator[None]:
    """Around a function that is recorded: derivatives inside it, of which there may be one in each
    round of a loop, do not look at what came before again and again."""
    token = _shared.set(Ranges())
    try:
        yield
    finally:
        _shared.reset(token)


def _range(node: Value, known: Mapping[Value, Range]) -> Range:
    """Of a node, from the ranges of all that it was computed from."""
    if node.op is None:
        return of_constant(node.data) if node.is_constant else Range()
    if node.op is ops.unit and _is_part_of_finite_length(node, known):
        return Range(-1.0, 1.0)
    return range_of(node.op, node.parents, [known[parent] for parent in node.parents])


def _is_part_of_finite_length(node: Value, known: Mapping[Value, Range]) -> bool:
    """Whether x in x / length is a part of that length, and all its parts are finite."""
    x, length, _ = node.parents
    parts = length.parents if length.op in LENGTHS else ()
    if not any(x is part for part in parts):
        return False
    return known[length].finite or all(_is_finite(part, known) for part in parts)


def _is_finite(node: Value, known: Mapping[Value, Range]) -> bool:
    """Whether it is known to be: nothing is known of what an assumed node was computed from."""
    if node.is_constant and node.op is None:
        return of_constant(node.data).finite
    return node in known and known[node].finite
