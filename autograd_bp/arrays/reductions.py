"""Sums, extremes and deviations of NumPy where its own code does not record what is meant: of
entries that tie, that are NaN, or that a condition leaves out."""

from __future__ import annotations

import functools
import itertools
import math
import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd_bp import contexts, extremes
from autograd_bp import functions as f
from autograd_bp import primitives as ops
from autograd_bp.arrays.slices import (
    along,
    are_numbers,
    both,
    delivered,
    entries_of,
    is_chosen_later,
    is_given,
    kept,
    presences,
)
from autograd_bp.arrays.value_array import as_values, elementwise
from autograd_bp.errors import OperandError
from autograd_bp.value import Value


# --------------------------------------------------------------------------------- extremes
def extreme(name: str, array: Any, options: dict[str, Any]) -> Any:
    """The reduction of maximum, minimum, fmax or fmin: those that tie share the derivative."""
    initial = options.get("initial", np._NoValue)
    where = options.get("where", True)
    choice, lowest = _choice_of(name)
    entries = entries_of(array)
    present = presences(True if where is None else where)
    if where is not True and not is_given(initial):
        raise OperandError(f"np.{name}.reduce with where= needs initial=, as for floats: give one")
    skips_nan = name in ("fmax", "fmin")

    def chosen(numbers: list[Any], are_there: list[Any]) -> Any:
        if is_given(initial):
            numbers, are_there = [*numbers, initial], [*are_there, True]
        numbers = _remaining(numbers, are_there, initial if is_given(initial) else lowest)
        if not numbers:
            raise OperandError(f"np.{name}.reduce of no entries needs initial=: give one")
        return (
            _without_nan(choice, numbers, lowest)
            if skips_nan
            else extremes.extreme(choice, numbers)
        )

    axis = options.get("axis", 0)
    result = along(chosen, entries, axis, options.get("keepdims", False), present)
    return delivered(result, options.get("out"))


def _choice_of(name: str) -> tuple[Any, float]:
    """The entry for two numbers, and what it never prefers."""
    larger = name.endswith("max") or name == "maximum"
    return (ops.maximum, -math.inf) if larger else (ops.minimum, math.inf)


def _remaining(entries: list[Any], present: list[Any], filler: Any) -> list[Any]:
    """The entries that are there; where a compiled function finds out, a filler for the others."""
    pairs = zip(entries, present, strict=True)
    return [
        ops.where(is_there, x, filler) if isinstance(is_there, Value) else x
        for x, is_there in pairs
        if isinstance(is_there, Value) or is_there
    ]


def _without_nan(choice: Any, entries: list[Any], lowest: float) -> Any:
    numbers = are_numbers(_as_array(entries)).tolist()
    if not any(isinstance(each, Value) for each in numbers):
        return extremes.extreme(choice, _remaining(entries, numbers, lowest) or entries[:1])
    found = extremes.extreme(choice, _remaining(entries, numbers, lowest))
    if not all(isinstance(each, Value) for each in numbers):
        return found  # one is a known number
    return ops.where(functools.reduce(ops.logical_or, numbers), found, math.nan)


def _as_array(entries: list[Any]) -> Any:
    array = np.empty(len(entries), dtype=object)
    array[:] = entries
    return array


def extremes_so_far(
    name: str, array: Any, axis: Any = 0, dtype: Any = None, out: Any = None
) -> Any:
    """`accumulate` of maximum, minimum, fmax or fmin."""
    entries = entries_of(array)
    rows = np.moveaxis(entries.astype(object), axis, -1)
    found = np.empty(rows.shape, dtype=object)
    for place in np.ndindex(rows.shape[:-1]):
        found[place] = _as_array(_so_far(name, rows[place].tolist()))
    return delivered(np.moveaxis(found, -1, axis), out)


def _so_far(name: str, entries: list[Any]) -> list[Any]:
    choice, lowest = _choice_of(name)
    if name in ("maximum", "minimum") or not entries:
        return _chosen_so_far(choice, entries)
    are_there = are_numbers(_as_array(entries)).tolist()
    found = _chosen_so_far(choice, [
        ops.where(is_there, x, lowest) if isinstance(is_there, Value) else x if is_there else lowest
        for x, is_there in zip(entries, are_there, strict=True)
    ])  # fmt: skip
    any_yet = list(itertools.accumulate(are_there, _either))
    return [
        ops.where(is_there, x, math.nan) if isinstance(is_there, Value) else x if is_there else nan
        for x, is_there, nan in zip(found, any_yet, entries, strict=True)
    ]


def _either(first: Any, second: Any) -> Any:
    if isinstance(first, Value) or isinstance(second, Value):
        return ops.logical_or(*[x if isinstance(x, Value) else float(x) for x in (first, second)])
    return first or second


def _chosen_so_far(choice: Any, entries: list[Any]) -> list[Any]:
    if not entries:
        return []
    if not contexts.is_traced():
        numbers = [x.data if isinstance(x, Value) else x for x in entries]
        if len(set(numbers)) == len(numbers):  # no ties: the same in fewer nodes
            return list(itertools.accumulate(entries, choice))
    return list(extremes.running(choice, entries))


def extremes_at(
    name: str, array: Any, indices: Any, axis: Any = 0, dtype: Any = None, out: Any = None
) -> Any:
    """`reduceat` of maximum, minimum, fmax or fmin: of the entries from each index to the next
    one; where that is not larger, the entry at the index."""
    entries = np.moveaxis(entries_of(array), axis, -1)
    count, starts = entries.shape[-1], [operator.index(i) for i in np.asarray(indices).tolist()]
    if not starts or not all(0 <= start < count for start in starts):
        raise OperandError(
            f"np.{name}.reduceat needs indices from 0 to {count - 1}, got {indices!r:.60}"
        )
    pieces = []
    for start, end in zip(starts, [*starts[1:], count], strict=True):
        piece = entries[..., start : max(end, start + 1)]
        pieces.append(entries_of(extreme(name, piece, {"axis": -1})))
    return delivered(np.moveaxis(np.stack(pieces, -1), -1, axis), out)


def _nan_extreme(name: str) -> Callable[..., Any]:
    def reduced(
        a: Any,
        axis: Any = None,
        out: Any = None,
        keepdims: Any = False,
        initial: Any = np._NoValue,
        where: Any = True,
    ) -> Any:
        where = True if where is np._NoValue else where
        options = {"axis": axis, "out": out, "keepdims": keepdims, "initial": initial}
        return extreme(name, a, {**options, "where": where})

    return reduced


# ------------------------------------------------------------------------- sums and products
def _gated(function: Callable[..., Any], filler: float) -> Callable[..., Any]:
    """A function of NumPy of an array in which `filler` stands in the places of NaN."""

    def called(a: Any, *args: Any, **options: Any) -> Any:
        array = entries_of(a)
        filled = as_values(np.asarray(kept(array, are_numbers(array), filler), dtype=object))
        return function(filled, *args, **options)

    return called


def gated_operands(ufunc: Any, array: Any, where: Any, initial: Any) -> Any:
    """The array of a reduction by conditions that a compiled function finds out."""
    neutral = ufunc.identity if ufunc.identity is not None else initial
    if neutral is None:
        raise OperandError(f"np.{ufunc.__name__}.reduce with where= needs initial=: give one")
    return kept(entries_of(array), entries_of(where), float(neutral))


# ----------------------------------------------------------------- means and standard deviations
def _count(present: list[Any]) -> Any:
    later = [each for each in present if isinstance(each, Value)]
    known = float(sum(bool(each) for each in present if not isinstance(each, Value)))
    return f.sum([*later, known]) if later else known


def _mean_of(entries: list[Any], present: list[Any]) -> Any:
    numbers = _remaining(entries, present, 0.0)
    return ops.div(f.sum(numbers), _count(present)) if numbers else math.nan


def _deviations(entries: list[Any], present: list[Any], centre: Any) -> list[Any]:
    if centre is None:
        centre = _mean_of(entries, present)
    return _remaining([x - centre for x in entries], present, 0.0)


def _var_of(entries: list[Any], present: list[Any], ddof: Any, centre: Any = None) -> Any:
    distances = _deviations(entries, present, centre)
    if not distances:
        return math.nan
    return ops.div(f.dot(distances, distances), _divisor(present, ddof))


def _std_of(entries: list[Any], present: list[Any], ddof: Any, centre: Any = None) -> Any:
    distances = _deviations(entries, present, centre)
    if not distances:
        return math.nan
    return ops.div(_length(distances), ops.sqrt(_divisor(present, ddof)))


def _length(distances: list[Any]) -> Any:
    """Their norm, but NaN where one is NaN: the norm of infinity and NaN is infinity."""
    if contexts.is_traced():
        total = f.sum(distances)
        return ops.where(ops.equal(total, total), f.norm(distances), total)
    for each in distances:
        if math.isnan(each.data if isinstance(each, Value) else each):
            return each
    return f.norm(distances)


def _divisor(present: list[Any], ddof: Any) -> Any:
    rest = _count(present) - ddof
    return ops.maximum(rest, 0.0) if isinstance(rest, Value) else max(rest, 0.0)


def _of_present(
    of: Callable[..., Any], skips_nan: bool, has_ddof: bool = True
) -> Callable[..., Any]:
    """var, std or mean, of the entries that where= and, for nanvar, NaN leave."""

    def computed(a: Any, axis: Any = None, dtype: Any = None, out: Any = None, *args: Any,
                 **options: Any) -> Any:  # fmt: skip
        names = ("ddof", "keepdims") if has_ddof else ("keepdims",)
        given = {**dict(zip(names, args, strict=False)), **options}
        given = {key: x for key, x in given.items() if x is not np._NoValue}
        keepdims, where = given.pop("keepdims", False), given.pop("where", True)
        centre = given.pop("mean", None)
        ddof = given.pop("correction", given.pop("ddof", 0))
        if given or (not has_ddof and (ddof or centre is not None)):
            raise OperandError(f"no option {sorted(given)} of a mean or deviation of Values")
        array = entries_of(a)
        present = presences(where)
        if skips_nan:
            present = both(present, are_numbers(array))
        if centre is not None:
            centred = entries_of(elementwise(operator.sub, [array, entries_of(centre)]))
            result = along(lambda x, p: of(x, p, ddof, 0.0), centred, axis, keepdims, present)
        elif has_ddof:
            result = along(lambda x, p: of(x, p, ddof), array, axis, keepdims, present)
        else:
            result = along(of, array, axis, keepdims, present)
        return delivered(result, out)

    return computed


def _where_known(name: str, computed: Callable[..., Any]) -> Callable[..., Any]:
    """NumPy's own code, save where conditions are found out by a compiled function."""

    def called(*args: Any, **options: Any) -> Any:
        where = options.get("where", True)
        if where is not np._NoValue and is_chosen_later(where):
            return computed(*args, **options)
        options = {key: x for key, x in options.items() if x is not np._NoValue}
        if where is not True and "where" in options:
            options["where"] = presences(where)
        if "correction" in options:
            options["ddof"] = options.pop("correction")
        array = as_values(entries_of(args[0] if args else options.pop("a")))
        return getattr(np.ndarray, name)(array, *args[1:], **options)

    return called


std = _of_present(_std_of, skips_nan=False)
mean_where = _of_present(_mean_of, skips_nan=False, has_ddof=False)
var_where = _of_present(_var_of, skips_nan=False)
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "nanmax": _nan_extreme("fmax"),
    "nanmin": _nan_extreme("fmin"),
    "nansum": _gated(np.sum, 0.0),
    "nanprod": _gated(np.prod, 1.0),
    "nancumsum": _gated(np.cumsum, 0.0),
    "nancumprod": _gated(np.cumprod, 1.0),
    "nanmean": _of_present(_mean_of, skips_nan=True, has_ddof=False),
    "nanvar": _of_present(_var_of, skips_nan=True),
    "nanstd": _of_present(_std_of, skips_nan=True),
    "std": std,
    "mean": _where_known("mean", mean_where),
    "var": _where_known("var", var_where),
}
