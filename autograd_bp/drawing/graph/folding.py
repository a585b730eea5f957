"""An operation on many values as one table: a row for each pair of a sum of products, for each
pair (d, z) of a performance, for each value of a sum.

A value that is used nowhere else stands only in the table; every other value keeps its own card,
with an edge to its row. A long table keeps the rows that matter most and adds up the others.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from autograd_bp.drawing.graph.scene import FoldedTable, TableRow, View
from autograd_bp.folds import Operands
from autograd_bp.value import Value

MAX_PLAIN_VALUES = 3  # a sum, a mean or a norm of more values becomes a table


def fold(node: Value, view: View, alone: Collection[Value]) -> FoldedTable | None:
    """The table of an operation, or None where a plain card is clearer.

    Arguments:
        node: the operation.
        view: how the graph is to be shown. Its `rows` are the rows of the table (the row that
            stands for all others is not counted), and the rows of the nodes to `keep` are always
            shown.
        alone: nodes that nothing else in the picture uses, and from which the graph is not
            followed further.
    """
    form, groups = _groups(node, view)
    if not groups:
        return None
    parents = node.parents
    contributions = [
        _contribution(form, [view.number(parents[i]) for i in group]) for group in groups
    ]
    shown = _shown_rows(form, groups, contributions, parents, view)
    hidden = sorted({*range(len(groups))} - {*shown})
    rest = 0.0
    for k in hidden:
        rest += contributions[k]
    rows = tuple(
        TableRow(
            groups[k],
            tuple(i for i in groups[k] if parents[i] not in alone),
            contributions[k],
            f"r{k}",
        )
        for k in shown
    )
    return FoldedTable(form, rows, len(hidden), rest)


def _groups(node: Value, view: View) -> tuple[str, list[tuple[int, ...]]]:
    """The form of a node's table, and which of its parents stand in each row; no rows where the
    node is no table.
    """
    op, n = node.op, len(node.parents)
    if op is None or op.arity is not None:
        return "", []
    if op.name == "dot" and n > 1:
        return "products", _products(node, op.operands, view)
    if op.name == "performance" and n > 2:
        return "errors", list(zip(*op.operands.lists(range(n)), strict=True))
    return "values", [(i,) for i in range(n)] if n > MAX_PLAIN_VALUES else []


def _products(node: Value, operands: Operands, view: View) -> list[tuple[int, ...]]:
    """The pairs of a sum of products, inputs before weights, and its bias, if any, last."""

    def n_parameters(nodes: Sequence[Value]) -> int:
        return [view.kind(parent) for parent in nodes].count("parameter")

    left, right = map(n_parameters, operands.lists(node.parents))
    indices = range(len(node.parents))
    pairs: list[tuple[int, ...]] = list(zip(*operands.lists(indices), strict=True))
    if left >= right:
        pairs = [pair[::-1] for pair in pairs]
    return [*pairs, (indices[-1],)] if operands.has_initial(len(indices)) else pairs


def _shown_rows(
    form: str,
    groups: Sequence[tuple[int, ...]],
    contributions: Sequence[float],
    parents: Sequence[Value],
    view: View,
) -> Sequence[int]:
    """The rows that are shown, in order: nodes to keep, the bias, and the largest."""
    if len(groups) <= view.rows + 1:  # one row would only be replaced by the row "and 1 more"
        return range(len(groups))

    def rank(k: int) -> tuple[bool, bool, float, int]:
        nodes = [parents[i] for i in groups[k]]
        is_kept = any(node in view.keep for node in nodes)
        return not is_kept, not _is_bias(form, nodes), -_size(contributions[k]), k

    return sorted(sorted(range(len(groups)), key=rank)[: view.rows])


def _contribution(form: str, data: list[float]) -> float:
    """The part of a row in the result."""
    if form == "errors":
        return -0.5 * (data[0] - data[1]) * (data[0] - data[1])
    if len(data) == 2:
        return data[0] * data[1]
    return data[0]


def _is_bias(form: str, nodes: list[Value]) -> bool:
    return form == "products" and (
        len(nodes) == 1 or any(node.is_constant and node.data == -1.0 for node in nodes)
    )


def _size(x: float) -> float:
    return abs(x) if x == x else float("inf")
