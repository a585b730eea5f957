"""take: entries of a table, by numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from autograd_bp import functions
from autograd_bp import primitives as ops
from autograd_bp.derivatives.trees import Tree, flatten_static
from autograd_bp.errors import BadIndexError, OperandError, ShapeError
from autograd_bp.flow.checks import checked
from autograd_bp.flow.common import is_open
from autograd_bp.flow.rounds import looked_up
from autograd_bp.operands import number, unboxed
from autograd_bp.value import Value, number_of


def take(table: Any, index: Any) -> Any:
    """The entry of a table at an index, which may be a number that is computed.

    Arguments:
        table: a list, a tuple or an array; its entries are numbers, or trees of numbers of one
            shape: the rows of an array, vectors of an embedding.
        index: a whole number from 0 to the length of the table, without it, as an int, a float or a
            Value; or a list or an array of such: tokens, a segment.

    Returns: the entry; for several indices a list of entries, or an array of the shape of the
        indices followed by that of an entry where the indices are an array. Gradients go to the
        entries that were taken, and add up where one is taken several times; the derivative by
        the index is 0.

    Inside a compiled function a Value as an index adds up all entries, of which all but one count
    as 0; entries of large tables are looked up, see docs/compiling.md. An entry of -0 comes out as
    0.

    Raises: BadIndexError for an index that is negative, too large, not whole or NaN, also when a
        compiled function runs; OperandError where the table is none, or the index is no number;
        ShapeError where the entries of a table of a compiled function differ in shape.

    Example:
        >>> import autograd_bp as bp
        >>> bp.take([10.0, 20.0, 30.0], 2)
        30.0
        >>> bp.grad(lambda table: bp.sum(bp.take(table, [0, 2, 0])))([1.0, 2.0, 3.0])
        [2.0, 0.0, 1.0]
        >>> f = bp.compiled(lambda table, i: bp.take(table, i) ** 2, rows="i", reduce=None)
        >>> f([1.0, 2.0, 3.0], [2, 0, 1])
        array([9., 1., 4.])
    """
    if not isinstance(table, (list, tuple)) and not getattr(table, "ndim", 0):
        raise OperandError(
            f"take reads a list, a tuple or an array, got {type(table).__name__} {table!r:.60}"
        )
    index = unboxed(index)
    if isinstance(index, (list, tuple)):
        return _of_list(table, index)
    if getattr(index, "ndim", 0):
        return _at_array(table, index)
    if is_open(index):
        return _chosen(table, [index])[0]
    return table[place_in(index, len(table))]


def _of_list(table: Any, indices: Sequence[Any]) -> list[Any]:
    plain = [unboxed(index) for index in indices]
    if any(map(is_open, plain)) and not any(map(_is_line, plain)):
        return _chosen(table, plain)
    return [take(table, index) for index in indices]


def _at_array(table: Any, indices: Any) -> Any:
    """An array of entries, or of the parts of entries that are arrays or lists."""
    import numpy as np

    entries = _of_list(table, indices.ravel().tolist())
    result = np.empty(len(entries), dtype=object)
    result[:] = entries if not entries or not _is_line(entries[0]) else [None] * len(entries)
    if entries and _is_line(entries[0]):
        result = np.array([np.asarray(entry) for entry in entries])
    elif not any(isinstance(entry, Value) for entry in entries):
        result = np.array(entries)
    from autograd_bp.arrays import as_values

    return as_values(result.reshape(*indices.shape, *result.shape[1:]))


def _is_line(entry: Any) -> bool:
    return isinstance(entry, (list, tuple)) or bool(getattr(entry, "ndim", 0))


def place_in(index: Any, length: int) -> int:
    try:
        place = number_of(index) if isinstance(index, Value) else number(index)
    except OperandError:
        raise OperandError(
            f"an index is a whole number, got {type(index).__name__} {index!r:.60}"
        ) from None
    if isinstance(index, bool) or type(index).__name__ == "bool_":
        raise OperandError(f"an index is a whole number, got the truth value {index!r}")
    if not math.isfinite(place) or place != int(place) or not 0 <= place < length:
        shown = repr(place).removesuffix(".0")  # all digits: 2.9999999999999996 is not 3
        raise BadIndexError(
            f"take got the index {shown} for a table of {length}: an index is a whole number "
            f"from 0 to {length - 1}" + ("" if length else "; the table is empty")
        )
    return int(place)


def _chosen(table: Sequence[Any], indices: Sequence[Any]) -> list[Any]:
    """Entries at indices some of which will be known when a compiled function runs."""
    if not len(table):
        raise BadIndexError("take reads a table that is empty: there is no index for it")
    columns, tree = _columns(table)
    entries = looked_up(columns, [index for index in indices if is_open(index)])
    found = None if entries is None else iter(entries)
    results = []
    for index in indices:
        if not is_open(index):
            results.append(table[place_in(index, len(table))])
            continue
        numbers = _at(columns, index) if found is None else next(found)
        results.append(tree.build(checked(_is_inside(index, len(table)), numbers)))
    return results


def _is_inside(index: Value, length: int) -> Value:
    """Whether an index is a place of a table."""
    inside = ops.logical_and(ops.greater_equal(index, 0.0), ops.less(index, float(length)))
    inside = ops.logical_and(inside, ops.equal(ops.floor(index), index))
    assert isinstance(inside, Value)
    return inside


def inside_table(index: Value, length: int) -> Value:
    """An index that is not known yet, which has to be a place of a table when the function runs."""
    (index,) = checked(_is_inside(index, length), [index])
    return index


def _columns(table: Sequence[Any]) -> tuple[list[list[Any]], Tree]:
    """The numbers of each entry of a table, and the shape that all of them have."""
    columns: list[list[Any]] = []
    first: Tree | None = None
    for k in range(len(table)):
        leaves, tree = flatten_static(table[k], f"entry {k} of the table")
        if first is not None and tree != first:
            raise ShapeError(
                f"the entries of a table must have one shape: entry {k} is {tree} and entry 0 is "
                f"{first}"
            )
        columns.append(leaves)
        first = tree
    assert first is not None
    return columns, first


def _at(columns: Sequence[Sequence[Any]], index: Value) -> Sequence[Any]:
    """The entries at an index: sums over the table, of which all terms but one are 0. They are as
    regular as the products of a layer, so few loops compute them and their derivatives."""
    is_here = [ops.equal(index, float(k)) for k in range(len(columns))]
    return [
        functions.sum(
            [functions.where(here, x, 0.0) for here, x in zip(is_here, column, strict=True)]
        )
        for column in zip(*columns, strict=True)
    ]
