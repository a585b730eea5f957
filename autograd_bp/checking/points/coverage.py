"""Which derivatives a test suite has exercised: partials, branches, and the sides of kinks.

A right gradient says something about a rule only if that rule took part: its node was on a path
from an input that is differentiated to the output, and no partial of exactly 0 was between it and
the output.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from autograd_bp.caching import cached_for_life
from autograd_bp.checking.points.kinks import BUILT_IN, DerivativePart, parts_of
from autograd_bp.graph import topological_order
from autograd_bp.primitives import TABLE, Primitive
from autograd_bp.value import Value

__all__ = ["Coverage", "RowCoverage"]

Parts = tuple[tuple[str, bool], ...]  # the names of the parts; whether each is a kink


@dataclass
class RowCoverage:
    """The parts of one primitive that were exercised.

    Attributes:
        nodes: how many nodes of that primitive took part.
        hits: how often, for each partial, branch or side by its name.
        low, high: the smallest and largest input that was differentiated.
    """

    nodes: int = 0
    hits: dict[str, int] = field(default_factory=dict)
    low: float = math.inf
    high: float = -math.inf


class Coverage:
    """Counts over recorded graphs.

    Attributes:
        assertions: how many graphs were added.
        rows: the parts that were exercised, by the names of primitives.
        others: the parts of primitives that other processes have registered.

    Example:
        >>> import autograd_bp as bp
        >>> from autograd_bp.checking.coverage import Coverage
        >>> x = bp.Value(2.0, "x")
        >>> coverage = Coverage()
        >>> coverage.add(bp.relu(x) * 3.0)
        >>> coverage.missing("relu"), coverage.missing("mul")
        (['x < 0', 'x = 0'], ['∂b'])
    """

    def __init__(self) -> None:
        self.assertions = 0
        self.rows: dict[str, RowCoverage] = {}
        self.others: dict[str, Parts] = {}

    def add(self, *outputs: Value, inputs: Iterable[Value] | None = None) -> None:
        """Count the nodes of a graph whose gradient was checked.

        Arguments:
            outputs: the nodes that were differentiated.
            inputs: the nodes by which; all leaves that are no constants when left out.
        """
        self.assertions += 1
        order = topological_order(*outputs)
        live = _live(order, inputs)
        for node in _reached(order, outputs):
            parents = node.parents
            flags = [parent in live for parent in parents]
            if node.op is not None and any(flags):
                self._count(node.op, [parent.data for parent in parents], flags)

    def _count(self, op: Primitive, inputs: list[float], live: list[bool]) -> None:
        counts = self.rows.setdefault(op.name, RowCoverage())
        counts.nodes += 1
        for x, is_live in zip(inputs, live, strict=True):
            if is_live:
                counts.low, counts.high = min(counts.low, x), max(counts.high, x)
        for part in _parts(op):
            if part.hit(inputs, live):
                counts.hits[part.name] = counts.hits.get(part.name, 0) + 1

    def missing(self, name: str, *, kinks: bool = True) -> list[str]:
        """The parts of a primitive that were not exercised; without its kinks for kinks=False."""
        hits = self.rows[name].hits if name in self.rows else {}
        parts = [part for part, kink in self._parts(name) if kinks or not kink]
        return [part for part in parts if part not in hits]

    @property
    def unused(self) -> list[str]:
        """The primitives with a derivative of which no node was exercised."""
        return [name for name in self._names() if name not in self.rows]

    def _names(self) -> list[str]:
        """Every primitive that has parts to exercise, in the order of the table."""
        here = {op.name: None for op in TABLE if _parts(op)}
        return [*(here | dict.fromkeys(self.others))]

    def _parts(self, name: str) -> Parts:
        op = _op(name)
        return self.others.get(name, ()) if op is None else _names_of(op)

    def totals(self) -> dict[str, tuple[int, int]]:
        """How many were exercised, of how many: primitives, partials and sides, kinks."""
        names = self._names()
        totals = {"primitives": (len(names) - len(self.unused), len(names))}
        for what, of_kinks in (("partials and sides", False), ("kinks", True)):
            hit = [
                name in self.rows and part in self.rows[name].hits
                for name in names
                for part, kink in self._parts(name)
                if kink is of_kinks
            ]
            totals[what] = (sum(hit), len(hit))
        return totals

    def summary(self) -> str:
        """The totals in one line."""
        return ", ".join(f"{hit} of {all} {what}" for what, (hit, all) in self.totals().items())

    def cells(self) -> list[tuple[str, str, str, str, str]]:
        """For every primitive that was exercised: its name, the number of its nodes, the range of
        their inputs, the parts that were exercised and those that were not.
        """
        lines = []
        for name in self._names():
            if name in self.rows:
                counts = self.rows[name]
                hits = ", ".join(part for part, _ in self._parts(name) if part in counts.hits)
                missing = ", ".join(self.missing(name))
                lines.append((name, f"{counts.nodes:,}", _range(counts), hits, missing))
        return lines

    def table(self, width: int = 100) -> str:
        """The coverage as text."""
        head = ("primitive", "nodes", "inputs", "exercised", "not exercised")
        cells = [head, *self.cells()]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        lines = []
        for name, nodes, inputs, hits, missing in cells:
            line = f"{name:{widths[0]}}  {nodes:>{widths[1]}}  {inputs:{widths[2]}}  "
            lines.append((line + f"{hits:{widths[3]}}  {missing}").rstrip())
        if self.unused:
            text = "never exercised: " + ", ".join(self.unused)
            lines += textwrap.wrap(text, max(width, 40), subsequent_indent="  ")
        plural = "" if self.assertions == 1 else "s"
        return "\n".join([*lines, f"{self.assertions:,} gradient{plural}: {self.summary()}"])

    def __str__(self) -> str:
        return self.table()

    def merge(self, other: Coverage) -> None:
        """Add the counts of another process, or of another test."""
        self.assertions += other.assertions
        self.others.update(other.others)
        for name, theirs in other.rows.items():
            ours = self.rows.setdefault(name, RowCoverage())
            ours.nodes += theirs.nodes
            ours.low, ours.high = min(ours.low, theirs.low), max(ours.high, theirs.high)
            for part, hits in theirs.hits.items():
                ours.hits[part] = ours.hits.get(part, 0) + hits

    def as_data(self) -> dict[str, Any]:
        """The counts in a form that JSON can hold."""
        rows = {
            name: {
                "nodes": counts.nodes,
                "hits": dict(counts.hits),
                "inputs": [_finite(counts.low), _finite(counts.high)],
            }
            for name, counts in self.rows.items()
        }
        registered = {op.name: _names_of(op) for op in TABLE if op.name not in BUILT_IN}
        return {"assertions": self.assertions, "rows": rows, "others": self.others | registered}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Coverage:
        """Counts from the result of `as_data`."""
        coverage = cls()
        coverage.assertions = data["assertions"]
        coverage.others = {
            name: tuple([(part, kink) for part, kink in parts])
            for name, parts in data["others"].items()
            if parts
        }
        for name, counts in data["rows"].items():
            low, high = (float(x) for x in counts["inputs"])
            hits = dict(counts["hits"])
            coverage.rows[name] = RowCoverage(counts["nodes"], hits, low, high)
        return coverage


@cached_for_life
def _parts(op: Primitive) -> tuple[DerivativePart, ...]:
    return parts_of(op)


def _names_of(op: Primitive) -> Parts:
    return tuple([(part.name, part.kink) for part in _parts(op)])


def _op(name: str) -> Primitive | None:
    return next((op for op in TABLE if op.name == name), None)


def _live(order: list[Value], inputs: Iterable[Value] | None) -> set[Value]:
    """The nodes that change when an input does."""
    if inputs is None:
        live = {node for node in order if node.op is None and not node.is_constant}
    else:
        live = set(inputs)
    for node in order:
        if node not in live and any(parent in live for parent in node.parents):
            live.add(node)
    return live


def _reached(order: list[Value], outputs: Iterable[Value]) -> list[Value]:
    """The nodes that a sweep from the outputs gives a gradient."""
    reached = set(outputs)
    nodes = []
    for node in reversed(order):
        if node not in reached:
            continue
        nodes.append(node)
        for parent, partial in zip(node.parents, node.partials, strict=True):
            if partial != 0.0:
                reached.add(parent)
    return nodes


def _range(counts: RowCoverage) -> str:
    if counts.low > counts.high:
        return "NaN"
    low, high = f"{counts.low + 0.0:.3g}", f"{counts.high + 0.0:.3g}"
    return low if low == high else f"{low} … {high}"


def _finite(x: float) -> float | str:
    return x if math.isfinite(x) else repr(x)
