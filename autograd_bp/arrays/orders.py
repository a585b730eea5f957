"""Functions of NumPy that go by the order of numbers, or ask which are equal: of Values they
compare the numbers, NaN last, as NumPy does for floats. In a compiled function `sort`,
`searchsorted`, `argmax` and `argmin` are computed by comparisons (gates.py), and the others
raise BranchError."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd_bp import contexts
from autograd_bp import primitives as ops
from autograd_bp.arrays import gates
from autograd_bp.arrays.slices import (
    entries_of,
    has_values,
    is_chosen_later,
    numbers_of,
)
from autograd_bp.arrays.value_array import ValueArray, as_values
from autograd_bp.errors import OperandError


def sort(a: Any, axis: Any = -1, kind: Any = None, order: Any = None, *, stable: Any = None) -> Any:
    """numpy.sort: the entries themselves, in the order of their numbers."""
    if is_chosen_later(a):
        return as_values(gates.sort(a, axis))
    return _ordered(a, axis, lambda numbers, axis: np.argsort(numbers, axis, kind="stable"))


def partition(
    a: Any, kth: Any, axis: Any = -1, kind: str = "introselect", order: Any = None
) -> Any:
    return _ordered(a, axis, lambda numbers, axis: np.argpartition(numbers, kth, axis))


def _ordered(a: Any, axis: Any, places_of: Callable[[Any, Any], Any]) -> Any:
    array = entries_of(a)
    if axis is None:
        array, axis = array.reshape(-1), -1
    return np.take_along_axis(array, places_of(numbers_of(array), axis), axis)


def argsort(
    a: Any, axis: Any = -1, kind: Any = None, order: Any = None, *, stable: Any = None
) -> Any:
    return np.argsort(numbers_of(a), axis, kind="stable")


def argpartition(
    a: Any, kth: Any, axis: Any = -1, kind: str = "introselect", order: Any = None
) -> Any:
    return np.argpartition(numbers_of(a), kth, axis)


def searchsorted(a: Any, v: Any, side: Any = "left", sorter: Any = None) -> Any:
    if sorter is None and (is_chosen_later(a) or is_chosen_later(v)):
        return as_values(gates.searchsorted(a, v, side))
    return np.searchsorted(numbers_of(a), numbers_of(v), side, sorter)


def _lexsort(keys: Any, axis: int = -1) -> Any:
    return np.lexsort([numbers_of(key) for key in keys], axis)


def _digitize(x: Any, bins: Any, right: bool = False) -> Any:
    return np.digitize(numbers_of(x), numbers_of(bins), right)


def of_places(function: Callable[..., Any]) -> Callable[..., Any]:
    """argmax and its like, of the numbers."""
    beats = {"argmax": ops.greater_equal, "argmin": ops.less_equal}.get(function.__name__)

    def found(a: Any, axis: Any = None, out: Any = None, **options: Any) -> Any:
        if beats is not None and out is None and is_chosen_later(a):
            keepdims = bool(options.get("keepdims"))
            return as_values(gates.place_of_extreme(a, axis, beats, keepdims))
        return function(numbers_of(a), axis, out, **options)

    return found


# ------------------------------------------------------------------------------------- sets
def _unique(
    ar: Any,
    return_index: bool = False,
    return_inverse: bool = False,
    return_counts: bool = False,
    axis: Any = None,
    *,
    equal_nan: bool = True,
    sorted: bool = True,
) -> Any:
    """numpy.unique: of equal numbers the first entry stands for all."""
    array, numbers = entries_of(ar), numbers_of(ar)
    options: dict[str, Any] = {"return_inverse": return_inverse, "return_counts": return_counts}
    _, places, *rest = np.unique(numbers, True, axis=axis, equal_nan=equal_nan, **options)
    chosen = array.reshape(-1)[places] if axis is None else np.take(array, places, axis)
    results = [chosen, *([places] if return_index else []), *rest]
    return tuple(results) if len(results) > 1 else chosen


def _isin(
    element: Any,
    test_elements: Any,
    assume_unique: bool = False,
    invert: bool = False,
    *,
    kind: Any = None,
) -> Any:
    return np.isin(numbers_of(element), numbers_of(test_elements), assume_unique, invert, kind=kind)


def _union1d(ar1: Any, ar2: Any) -> Any:
    return _unique(np.concatenate([entries_of(ar1).reshape(-1), entries_of(ar2).reshape(-1)]))


def _intersect1d(
    ar1: Any, ar2: Any, assume_unique: bool = False, return_indices: bool = False
) -> Any:
    first, second = entries_of(ar1).reshape(-1), numbers_of(ar2).reshape(-1)
    _, places, others = np.intersect1d(numbers_of(first), second, assume_unique, True)
    return (first[places], places, others) if return_indices else first[places]


def _setdiff1d(ar1: Any, ar2: Any, assume_unique: bool = False) -> Any:
    first = entries_of(ar1).reshape(-1)
    if not assume_unique:
        first = _unique(first)
    return first[~np.isin(numbers_of(first), numbers_of(ar2))]


def _setxor1d(ar1: Any, ar2: Any, assume_unique: bool = False) -> Any:
    return _unique(
        np.concatenate([_setdiff1d(ar1, ar2, assume_unique), _setdiff1d(ar2, ar1, assume_unique)])
    )


def _refused(name: str) -> Callable[..., Any]:
    def refused(*args: Any, **options: Any) -> Any:
        raise OperandError(
            f"np.{name} of Values cannot be recorded: np.unique(x, return_index=True, "
            "return_inverse=True, return_counts=True) gives the same"
        )

    return refused


# --------------------------------------------------------------------------------- questions
def of_numbers(function: Callable[..., Any]) -> Callable[..., Any]:
    """A question about numbers, which is answered by truth values."""

    def answered(*args: Any, **kwargs: Any) -> Any:
        if any(map(has_values, (*args, *kwargs.values()))):
            contexts.refuse_number(f"np.{function.__name__}(value, ...)")
        named = {name: plain_numbers_of(x) for name, x in kwargs.items()}
        return function(*map(plain_numbers_of, args), **named)

    return answered


def plain_numbers_of(operand: Any) -> Any:
    # An array of this library's is made one of NumPy's also where it has floats alone: NumPy would
    # call this library again.
    is_ours = isinstance(operand, ValueArray) or has_values(operand)
    return numbers_of(operand)[()] if is_ours else operand


# Which entries are equal or not 0: integers and truths.
QUESTIONS = (
    *(np.isclose, np.allclose, np.array_equal, np.array_equiv),
    *(np.nonzero, np.flatnonzero, np.argwhere, np.count_nonzero),
)
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "sort": sort,
    "partition": partition,
    "argsort": argsort,
    "argpartition": argpartition,
    "searchsorted": searchsorted,
    "lexsort": _lexsort,
    "digitize": _digitize,
    "unique": _unique,
    "isin": _isin,
    "union1d": _union1d,
    "intersect1d": _intersect1d,
    "setdiff1d": _setdiff1d,
    "setxor1d": _setxor1d,
    "unique_values": _unique,
    **{name: _refused(name) for name in ("unique_all", "unique_counts", "unique_inverse")},
    **{f.__name__: of_places(f) for f in (np.argmax, np.argmin, np.nanargmax, np.nanargmin)},
    **{f.__name__: of_numbers(f) for f in QUESTIONS},
}
