"""taylor: the Taylor coefficients of a function of one number, to any order."""

from __future__ import annotations

import operator
from typing import Any

from autograd_bp.contexts import recording
from autograd_bp.derivatives.calls import Call, Function
from autograd_bp.derivatives.graphs import Region, is_fixed
from autograd_bp.derivatives.series import Series, SeriesGraph
from autograd_bp.errors import SettingError, ShapeError
from autograd_bp.value import Value, number_of
from autograd_bp.words import explains_keywords


@explains_keywords
def taylor(function: Function, x: Any, order: int, *, record: bool | None = None) -> list[Any]:
    """The Taylor coefficients of a function around x.

    Arguments:
        function: a function of one number; its output may be a tree of numbers.
        x: the point.
        order: of the last coefficient.
        record: as in `grad`.

    Returns: [f(x), f'(x), f''(x) / 2!, ..., f⁽ⁿ⁾(x) / n!] with n = order, each entry shaped
        like the output. The function runs once; the work grows with the square of the order.

    Raises: as `grad`; ShapeError when x is not one number; SettingError for an order below 0.

    Example:
        >>> import autograd_bp as bp
        >>> bp.taylor(lambda x: 1 / (1 - x), 0.0, 5)
        [1.0, 1.0, 1.0, 1.0, 1.0, 1.0]
    """
    try:
        length = operator.index(order) + 1
    except TypeError:
        length = 0
    if length < 1 or isinstance(order, bool):
        raise SettingError(f"the order of an expansion is 0, 1, 2, ..., got {order!r:.60}")
    call = Call(function, (x,), {}, 0, record=record)
    if call.trees[0].key != "number":
        raise ShapeError(
            f"taylor expands functions of one number, got {call.trees[0]}: expand along a line, "
            "with t ↦ f(x + t v)"
        )
    with recording():
        series = _expand(call.linear().region, length, call.records)
    constants = [[output, *[0.0] * (length - 1)] for output in call.outputs]
    columns = [
        constants[i] if k is None else _coefficients(series[k], length)
        for i, k in enumerate(call.linear().region.outputs)
    ]
    lines: list[list[Any]] = [[column[k] for column in columns] for k in range(length)]
    lines[0] = call.outputs  # a power by products may differ in the last digit
    return [call.output_tree.result(call.numbers(line)) for line in lines]


def _expand(region: Region, length: int, records: bool) -> list[Any]:
    """The series of every node of the region that an output needs."""
    graph = SeriesGraph(length, records=records)
    index = {id(node): k for k, node in enumerate(region.nodes)}
    series: list[Any] = []
    for node, edges in zip(region.nodes, region.edges, strict=True):
        value = node if records else number_of(node)
        op = node.op
        if not edges or op is None:
            variable = [value, 1.0, *[0.0] * length]
            series.append(graph.start(variable))
            continue
        operands = [
            series[index[id(parent)]] if id(parent) in index else _constant(graph, parent, records)
            for parent in node.parents
        ]
        series.append(graph.apply(op, operands, value))
    graph.grow([series[k] for k in region.outputs if k is not None])
    return series


def _constant(graph: SeriesGraph, node: Value, records: bool) -> Any:
    if not records or is_fixed(node):
        return number_of(node)
    return graph.start([node], constant=True)


def _coefficients(series: Any, length: int) -> list[Any]:
    coefficients = series.coefficients if isinstance(series, Series) else [series]
    return [*coefficients, *[0.0] * length][:length]
