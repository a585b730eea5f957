"""The part of a graph that a wrong gradient is about: as a tree of plain text, and as a picture.

There are two such trees. Where a rule is wrong, that is, where the local derivative of some node
differs from the slope of its own function, the tree is that node and its inputs. Where all rules
are right, and the gradient that was given is wrong, the tree is the part between the output and
the input in question.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from autograd_bp.checking.plugin.suspects import Suspect, find_suspect, one_line_names
from autograd_bp.derivatives.paths import explain
from autograd_bp.errors import SettingError
from autograd_bp.graph import topological_order
from autograd_bp.notation.numbers import number
from autograd_bp.value import Value

__all__ = ["Suspect", "find_suspect", "left_out", "subgraph_text"]

DIGITS = 6
MAX_OPERANDS = 4  # of an operation that are written out
MAX_PATHS = 200  # of which one may have been left out
HEAD, TAIL = 3, 4  # nodes of a long path that are shown at its ends


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
    called = one_line_names(order, names)
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
            called = one_line_names(topological_order(output), names)
            path = _shortened([called[node] for node in fits[0].nodes])
            others = f" (or another path of that product, {len(fits)} have it)" * (len(fits) > 1)
            return [
                f"the paths add up to {number(gradient, 10)}; with {' ← '.join(path)} "
                f"{mistake}{others} it would be {number(given, 10)}, which was given"
            ]
    return []


def _shortened(names: list[str]) -> list[str]:
    return names if len(names) <= HEAD + TAIL + 1 else [*names[:HEAD], "…", *names[-TAIL:]]


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
