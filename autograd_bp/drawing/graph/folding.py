"""An operation on many values as one table: a row for each pair of a sum of products, for each
pair (d, z) of a performance, for each value of a sum.

What is used nowhere else stands in the table only; everything else keeps its own card, with
an edge to its row. A long table keeps the rows that matter most and adds up the others.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from autograd_bp.value import Value

FEW = 3  # values that a sum, mean, norm may have without becoming a table


@dataclass(frozen=True)
class Row:
    """One row: the parents in it, as indices, in the order in which they are shown; those of
    them that have a card of their own (`linked`); and what the row adds to the result.
    """

    parents: tuple[int, ...]
    linked: tuple[int, ...]
    adds: float
    port: str


@dataclass(frozen=True)
class Table:
    """The rows that are shown, how many are not, and what those add up to."""

    form: str  # "products", "errors" or "values"
    rows: tuple[Row, ...]
    hidden: int
    rest: float


def fold(
    node: Value,
    limit: int,
    alone: Collection[Value],
    keep: Collection[Value],
    kind: Callable[[Value], str],
) -> Table | None:
    """The table of an operation, or None where a plain card says it better.

    Arguments:
        node: the operation.
        limit: the number of rows; the one that stands for the others is not counted.
        alone: nodes that nothing else in the picture uses, and that end it.
        keep: nodes whose row is always shown.
        kind: what a node is: input, parameter, constant, operation.
    """
    row = node.op
    if row is None or row.arity is not None:
        return None
    parents = node.parents
    n = len(parents)
    if row.name == "dot" and n > 1:
        form, groups = "products", _products(parents, kind)
    elif row.name == "performance" and n > 2:
        form, groups = "errors", [(i, n // 2 + i) for i in range(n // 2)]
    elif n > FEW:
        form, groups = "values", [(i,) for i in range(n)]
    else:
        return None

    adds = [_adds(form, [parents[i].data for i in group]) for group in groups]
    shown = range(len(groups))
    if len(groups) > limit + 1:  # one row is not replaced by the row "and 1 more"
        kept = [any(parents[i] in keep for i in group) for group in groups]
        weight = [
            (not kept[k], not _is_bias(form, [parents[i] for i in groups[k]]), -_size(adds[k]), k)
            for k in shown
        ]
        shown = sorted(k for *_, k in sorted(weight)[:limit])  # type: ignore[assignment]
    chosen = set(shown)
    rest = 0.0
    for k, added in enumerate(adds):
        if k not in chosen:
            rest += added
    rows = tuple(
        Row(
            groups[k],
            tuple(i for i in groups[k] if parents[i] not in alone),
            adds[k],
            f"r{k}",
        )
        for k in shown
    )
    return Table(form, rows, len(groups) - len(chosen), rest)


def _products(parents: tuple[Value, ...], kind: Callable[[Value], str]) -> list[tuple[int, ...]]:
    """The pairs of a sum of products, inputs before weights, and its bias, if any, last."""
    half = len(parents) // 2
    left = sum(kind(parent) == "parameter" for parent in parents[:half])
    right = sum(kind(parent) == "parameter" for parent in parents[half : 2 * half])
    pairs: list[tuple[int, ...]]
    if left >= right:
        pairs = [(half + i, i) for i in range(half)]
    else:
        pairs = [(i, half + i) for i in range(half)]
    return [*pairs, (2 * half,)] if len(parents) % 2 else pairs


def _adds(form: str, data: list[float]) -> float:
    if form == "errors":
        return -0.5 * (data[0] - data[1]) * (data[0] - data[1])
    if len(data) == 2:
        return data[0] * data[1]
    return data[0]


def _is_bias(form: str, group: list[Value]) -> bool:
    return form == "products" and (
        len(group) == 1 or any(node.is_constant and node.data == -1.0 for node in group)
    )


def _size(x: float) -> float:
    return abs(x) if x == x else float("inf")
