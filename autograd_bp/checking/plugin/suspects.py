"""Nodes whose rule contradicts their function, each found by itself."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from autograd_bp.checking.points.kinks import BUILT_IN, gap
from autograd_bp.derivatives.names import node_names
from autograd_bp.graph import topological_order
from autograd_bp.notation.numbers import number
from autograd_bp.value import Value

__all__ = ["Suspect", "find_suspect", "one_line_names"]

MIN_SLOPE = 1e-290  # below it differences are made of a few last places
MAX_CHECKED_NODES = 20_000  # each takes some twenty calls of its function
LEVELS = 8  # of the extrapolation of a slope


class Suspect(NamedTuple):
    """A node whose rule contradicts its function.

    Attributes:
        node: the node.
        position: which of its parents.
        partial: the local derivative that its rule gave.
        slope: that of its function there, by extrapolated differences.
    """

    node: Value
    position: int
    partial: float
    slope: float

    def text(self, names: Mapping[Value, str] | None = None) -> str:
        """The contradiction in one line."""
        op, parent = self.node.op, self.node.parents[self.position]
        assert op is not None
        called = one_line_names([*self.node.parents, self.node], names)
        return (
            f"the rule of {op.name} gives ∂{called[self.node]}/∂{called[parent]} = "
            f"{number(self.partial, 10)}, but its function has the slope {number(self.slope, 10)}"
        )

    def __str__(self) -> str:
        return self.text()


def find_suspect(output: Value, *inputs: Value) -> Suspect | None:
    """The first node, in the order of recording, whose rule is wrong for the numbers at hand.

    Each node is compared by itself with differences of its own function, so the nodes before and
    after it do not matter. Nodes at kinks, with infinities, or with differences that are too rough
    are passed over; so are, in graphs of more than 20,000 nodes, the primitives of the library.

    Arguments:
        output: a recorded node.
        inputs: only nodes that depend on one of them are checked; all when left out.
    """
    order = topological_order(output)
    live = {*inputs} if inputs else {*order}
    for node in order:
        flags = [parent in live for parent in node.parents]
        if not any(flags):
            continue
        live.add(node)
        if node.op is None or (len(order) > MAX_CHECKED_NODES and node.op.name in BUILT_IN):
            continue
        for position, flag in enumerate(flags):
            if flag and (suspect := _contradiction(node, position)):
                return suspect
    return None


def one_line_names(order: Sequence[Value], names: Mapping[Value, str] | None) -> dict[Value, str]:
    """A name for each node, without line ends: the caller's own where there is one."""
    called = {**node_names(order), **(names or {})}
    return {node: _in_one_line(name) for node, name in called.items()}


def _in_one_line(name: str) -> str:
    """Line ends, terminal commands and marks that turn text around, as escapes."""
    return name if name.isprintable() else name.encode("unicode_escape").decode("ascii")


def _contradiction(node: Value, position: int) -> Suspect | None:
    op = node.op
    if op is None or op.partials is None or position in op.fixed:
        return None
    inputs = [parent.data for parent in node.parents]
    partial = node.partials[position]
    if not all(map(math.isfinite, [*inputs, node.data, partial])):
        return None
    slope, error = _slope(op.forward, inputs, position)
    distance = gap(op, inputs)
    if distance is not None and abs(distance) <= 2.0 * _step(inputs[position]):
        return None
    scale = max(abs(slope), abs(partial))
    if not math.isfinite(error) or error > 1e-3 * scale or scale < MIN_SLOPE:
        return None  # the differences are too rough
    if abs(slope - partial) <= 10.0 * error + 1e-9 * scale:
        return None
    return Suspect(node, position, partial, slope)


def _step(x: float) -> float:
    return 1e-2 * max(abs(x), 1e-2) if x else 1e-2


def _slope(forward: object, inputs: Sequence[float], position: int) -> tuple[float, float]:
    """The slope in one input by central differences, extrapolated (Ridders 1982), and an
    estimate of its error.
    """
    assert callable(forward)

    def at(x: float) -> float:
        return float(forward(*inputs[:position], x, *inputs[position + 1 :]))

    x = inputs[position]
    step = _step(x)
    before: list[float] = []
    best, error = math.nan, math.inf
    for k in range(LEVELS):
        h = step / 2**k
        above, below = x + h, x - h
        high, low = at(above), at(below)
        slopes = [(high - low) / (above - below)]
        noise = 2.0**-52 * max(abs(high), abs(low)) / h
        for j in range(k):
            slopes.append(slopes[j] + (slopes[j] - before[j]) / (4.0 ** (j + 1) - 1.0))
            spread = max(abs(slopes[-1] - slopes[-2]), abs(slopes[-1] - before[j])) + noise
            if spread <= error:
                best, error = slopes[-1], spread
        before = slopes
    return best, error
