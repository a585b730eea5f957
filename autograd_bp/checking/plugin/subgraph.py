"""The part of a graph that a wrong gradient is about: as a tree of plain text, and as a picture.

There are two such trees. Where a rule is wrong, that is, where the local derivative of some node
differs from the slope of its own function, the tree is that node and its inputs. Where all rules
are right, and the gradient that was given is wrong, the tree is the part between the output and
the input in question.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from autograd_bp.checking.points.kinks import BUILT_IN, gap
from autograd_bp.derivatives.names import node_names
from autograd_bp.derivatives.paths import explain
from autograd_bp.errors import SettingError
from autograd_bp.graph import topological_order
from autograd_bp.notation.numbers import number
from autograd_bp.value import Value

__all__ = ["Suspect", "find_suspect", "left_out", "subgraph_text"]

DIGITS = 6
MAX_OPERANDS = 4  # of an operation that are written out
MIN_SLOPE = 1e-290  # below it differences are made of a few last places
MAX_CHECKED_NODES = 20_000  # each takes some twenty calls of its function
MAX_PATHS = 200  # of which one may have been left out
HEAD, TAIL = 3, 4  # nodes of a long path that are shown at its ends
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
        called = _named([*self.node.parents, self.node], names)
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


def subgraph_text(
    output: Value,
    input: Value | None = None,
    *,
    names: Mapping[Value, str] | None = None,
    most: int = 24,
    ways: int = 3,
) -> str:
    """The part of a graph between an output and an input, as a tree of text.

    Each line is a node: its name, the operation and its operands, its number. On the branch
    to it stands the local derivative; their product along a path, summed over all paths, is
    the gradient. A node that is reached again is not repeated. Of a large graph the paths with
    the largest products are shown, and the middle of long ones is left out.

    Arguments:
        output: the root of the tree.
        input: where all branches end; the parents of `output` when left out.
        names: names for some nodes, in the place of their labels.
        most: how many nodes are shown in full; of larger graphs only some paths are shown.
        ways: how many paths these are.

    Raises: SettingError for counts below 1.

    Example:
        >>> import autograd_bp as bp
        >>> from autograd_bp.checking.subgraph import subgraph_text
        >>> w, x = bp.Value(0.5, "w"), bp.Value(2.0, "x")
        >>> y = bp.sigmoid(w * x - 1)
        >>> y.label = "y"
        >>> print(subgraph_text(y, w))
        y = sigmoid(v2) = 0.5
        └─ 0.25 ── v2 = sub(v1, 1) = 0
           └─ 1 ── v1 = mul(w, x) = 1
              └─ 2 ── w = 0.5
    """
    if min(most, ways) < 1:
        raise SettingError(f"most and ways must be 1 or more, got {most!r} and {ways!r}")
    order = topological_order(output)
    called = _named(order, names)
    if input is None:
        edges = {output: [(_edge(output, i), p) for i, p in enumerate(output.parents)]}
    else:
        edges = _between(order, input)
        if output not in edges and output is not input:
            return f"{called[output]} = {number(output.data, DIGITS)} does not depend on the input"
        if len(edges) > most:
            edges = _largest_paths(output, input, ways)
    return "\n".join(_tree(output, edges, called))


def left_out(
    output: Value, input: Value, given: float, *, names: Mapping[Value, str] | None = None
) -> list[str]:
    """The path that, left out or counted with the wrong sign, explains a derivative that is not
    the gradient: a sentence, or nothing.
    """
    explanation = explain(output, input, most=MAX_PATHS)
    paths, gradient = explanation.paths, explanation.gradient
    if len(paths) < max(explanation.count, 2) or not math.isfinite(gradient):
        return []
    close = 1e-7 * max(abs(given), *(abs(path.product) for path in paths))
    for times, mistake in ((1.0, "left out"), (2.0, "of the wrong sign"), (-1.0, "counted twice")):
        fits = [path for path in paths if abs(gradient - times * path.product - given) <= close]
        if fits and close < abs(fits[0].product):
            called = _named(topological_order(output), names)
            path = _shortened([called[node] for node in fits[0].nodes])
            others = f" (or another path of that product, {len(fits)} have it)" * (len(fits) > 1)
            return [
                f"the paths add up to {number(gradient, 10)}; with {' ← '.join(path)} "
                f"{mistake}{others} it would be {number(given, 10)}, which was given"
            ]
    return []


def _shortened(names: list[str]) -> list[str]:
    return names if len(names) <= HEAD + TAIL + 1 else [*names[:HEAD], "…", *names[-TAIL:]]


def _named(order: Sequence[Value], names: Mapping[Value, str] | None) -> dict[Value, str]:
    called = {**node_names(order), **(names or {})}
    return {node: _in_one_line(name) for node, name in called.items()}


def _in_one_line(name: str) -> str:
    """Line ends, terminal commands and marks that turn text around, as escapes."""
    return name if name.isprintable() else name.encode("unicode_escape").decode("ascii")


Edges = dict[Value, list[tuple[str, Value]]]


def _edge(node: Value, position: int) -> str:
    return number(node.partials[position], DIGITS)


def _between(order: Sequence[Value], input: Value) -> Edges:
    """For each node on a path to the input: the branches that lead there."""
    edges: Edges = {}
    for node in order:
        branches = [
            (_edge(node, i), parent)
            for i, parent in enumerate(node.parents)
            if parent is input or parent in edges
        ]
        if branches:
            edges[node] = branches
    return edges


def _largest_paths(output: Value, input: Value, count: int) -> Edges:
    edges: Edges = {}
    for path in explain(output, input, most=count).paths:
        steps = len(path.partials)
        start = 0
        while start < steps:
            stop = start + 1
            if start == HEAD and steps > HEAD + TAIL + 1:
                stop = steps - TAIL
                product = number(math.prod(path.partials[start:stop]), DIGITS)
                text = f"{product}, the product over {stop - start} operations"
            else:
                text = number(path.partials[start], DIGITS)
            branch = (text, path.nodes[stop])
            branches = edges.setdefault(path.nodes[start], [])
            if branch not in branches:
                branches.append(branch)
            start = stop
    return edges


def _tree(output: Value, edges: Edges, names: dict[Value, str]) -> list[str]:
    lines: list[str] = []
    written: set[Value] = set()
    pending = [("", "", "", output)]
    while pending:
        first, rest, partial, node = pending.pop()
        branch = f"{first}{partial} ── " if partial else ""
        again = node in written and node in edges
        lines.append(branch + (f"{names[node]}, see above" if again else _line(node, names)))
        if again:
            continue
        written.add(node)
        children = edges.get(node, [])
        for i in reversed(range(len(children))):
            text, child = children[i]
            last = i == len(children) - 1
            pending.append(
                (rest + ("└─ " if last else "├─ "), rest + ("   " if last else "│  "), text, child)
            )
    return lines


def _line(node: Value, names: dict[Value, str]) -> str:
    op = node.op
    if op is None:
        same = node.is_constant and not node.label
        return names[node] if same else f"{names[node]} = {number(node.data, DIGITS)}"
    operands = [names.get(parent, "…") for parent in node.parents]
    if len(operands) > MAX_OPERANDS:
        operands = [*operands[: MAX_OPERANDS - 1], "…", operands[-1]]
    return f"{names[node]} = {op.name}({', '.join(operands)}) = {number(node.data, DIGITS)}"


# ------------------------------------------------------------- is a rule wrong by itself?
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
