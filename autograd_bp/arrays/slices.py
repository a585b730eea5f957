"""What functions of NumPy that go along an axis have in common: the slices of an array, of whose
entries some may be absent (where=, NaN), and the array out= that takes a result."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd_bp import contexts
from autograd_bp import primitives as ops
from autograd_bp.arrays.value_array import as_values, boxed, elementwise, plain_array
from autograd_bp.errors import OperandError
from autograd_bp.value import Value


def entries_of(operand: Any) -> Any:
    """NumPy's own array of the Values and numbers of an operand; a Value has no dimensions."""
    return plain_array(np.asarray(boxed(operand)))


def numbers_of(operand: Any) -> Any:
    """The numbers of an array, where they decide about an order or a place: Raises BranchError in
    a function that is compiled, which is recorded for other numbers too."""
    array = entries_of(operand)
    if array.dtype != object:
        return array
    numbers = np.empty(array.shape)
    flat = numbers.reshape(-1)
    for place, entry in enumerate(array.reshape(-1).tolist()):
        if isinstance(entry, Value):
            contexts.refuse_branch()
            entry = entry.data
        flat[place] = entry
    return numbers


def is_chosen_later(operand: Any) -> bool:
    """Whether an operand has Values whose numbers are not known: in a function that is compiled."""
    return contexts.is_traced() and has_values(operand)


def has_values(operand: Any) -> bool:
    array = entries_of(operand)
    return array.dtype == object and any(isinstance(x, Value) for x in array.reshape(-1).tolist())


def presences(where: Any) -> Any:
    """An array of conditions: truth values where they are known, else the Values themselves."""
    array = entries_of(where)
    if array.dtype != object:
        return array
    return array if is_chosen_later(array) else numbers_of(array) != 0.0


def are_numbers(array: Any) -> Any:
    """For each entry whether it is not NaN: a truth value, or in a compiled function a Value."""

    def is_number(x: Any) -> Any:
        if isinstance(x, Value):
            return ops.equal(x, x) if contexts.is_traced() else not math.isnan(x.data)
        return not math.isnan(x)

    return elementwise(is_number, [array])


def both(first: Any, second: Any) -> Any:
    """The conjunction of two arrays of conditions."""

    def joined(a: Any, b: Any) -> Any:
        if isinstance(a, Value) or isinstance(b, Value):
            return ops.logical_and(float(a) if not isinstance(a, Value) else a, b)
        return bool(a and b)

    return elementwise(joined, [first, second])


def kept(array: Any, present: Any, filler: float) -> Any:
    """The array with `filler` in place of the entries that are absent, which get no gradient."""

    def chosen(is_there: Any, x: Any) -> Any:
        if isinstance(is_there, Value):
            return ops.where(is_there, x, filler)
        return x if is_there else filler

    return elementwise(chosen, [present, array])


def along(
    function: Callable[[list[Any], list[Any]], Any],
    a: Any,
    axis: Any,
    keepdims: Any = False,
    present: Any = True,
) -> Any:
    """A function of the entries of a slice, and of their presences, for each slice of an array
    along an axis, several axes or, for None, all of them."""
    array = entries_of(a)
    axes = axes_of(axis, array.ndim)
    others = [i for i in range(array.ndim) if i not in axes]
    shape = tuple(array.shape[i] for i in others)
    size = math.prod(array.shape[i] for i in axes)

    def sliced(whole: Any) -> Any:
        return whole.transpose([*others, *axes]).reshape((*shape, size))

    rows = sliced(array)
    masks = sliced(np.broadcast_to(entries_of(present), array.shape))
    result = np.empty(shape, dtype=object)
    for place in np.ndindex(shape):
        result[place] = function(rows[place].tolist(), masks[place].tolist())
    if keepdims is True or (keepdims is not np._NoValue and keepdims):
        result = result.reshape([1 if i in axes else n for i, n in enumerate(array.shape)])
    return result if result.ndim else result[()]


def axes_of(axis: Any, count: int) -> list[int]:
    if axis is None:
        return list(range(count))
    axes = axis if isinstance(axis, (tuple, list)) else (axis,)
    found = []
    for each in axes:
        if not hasattr(each, "__index__") or not -count <= each < count or each % count in found:
            raise OperandError(f"an array of {count} dimensions has no axes {axis!r:.60}")
        found.append(each % count)
    return found


def delivered(result: Any, out: Any = None) -> Any:
    """A result, written to the array out= where one is given."""
    if isinstance(out, tuple):
        (out,) = out
    if out is None:
        return as_values(result)
    if not isinstance(out, np.ndarray):
        raise OperandError(f"out= needs an array of objects, got {type(out).__name__}")
    shape = np.shape(boxed(result))
    if out.shape != shape:
        raise OperandError(f"out= has the shape {out.shape}, the result {shape}: they must agree")
    if out.dtype != object and has_values(result):
        raise OperandError(
            f"out= of dtype {out.dtype} would lose the record of Values: give np.empty(shape, "
            "dtype=object) or an array of bp.array"
        )
    plain_array(out)[...] = boxed(result)
    return out


def is_given(option: Any) -> bool:
    return option is not None and option is not np._NoValue
