"""NumPy's quantiles, percentiles and medians of Values: of the entries in the order of their
numbers one, or a point on the line between two.

Where equal numbers are next to it, each has an equal share of the derivative, as in a maximum."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from autograd_bp import extremes
from autograd_bp import primitives as ops
from autograd_bp.arrays.slices import (
    along,
    are_numbers,
    axes_of,
    delivered,
    entries_of,
    has_values,
    numbers_of,
)
from autograd_bp.errors import OperandError
from autograd_bp.value import Value

# Of the methods that interpolate, how far the place moves with q beside the number of entries.
SLOPES = {
    "linear": -1.0,
    "hazen": 0.0,
    "weibull": 1.0,
    "median_unbiased": 1.0 / 3.0,
    "normal_unbiased": 0.25,
    "interpolated_inverted_cdf": 0.0,
}


class _Rank(NamedTuple):
    """Where a quantile lies: after so many entries, and this part of the way to the next one."""

    below: int
    part: Any


class _Sorted:
    """Entries in the order of their numbers; of those that are equal one that shares."""

    def __init__(self, entries: list[Any]) -> None:
        numbers = numbers_of(_as_array(entries))
        self.order = np.argsort(numbers, kind="stable")
        self._entries, self._numbers = entries, numbers
        self.is_nan = bool(len(entries)) and math.isnan(numbers[self.order[-1]])

    def __getitem__(self, place: int) -> Any:
        number = self._numbers[self.order[place]]
        tied = [self._entries[i] for i in np.flatnonzero(self._numbers == number)]
        if len(tied) < 2 or not any(isinstance(each, Value) for each in tied):
            return self._entries[self.order[place]]
        return extremes.extreme(ops.maximum, tied)

    def at(self, rank: _Rank) -> Any:
        if self.is_nan:
            return self._entries[self.order[-1]]
        start = self[rank.below]
        if not isinstance(rank.part, Value) and rank.part == 0.0:
            return start
        # As NumPy's, from the nearer end.
        end = self[min(rank.below + 1, len(self.order) - 1)]
        number = rank.part.data if isinstance(rank.part, Value) else rank.part
        if number < 0.5:
            return start + (end - start) * rank.part
        return end - (end - start) * (1.0 - rank.part)


def _as_array(entries: list[Any]) -> Any:
    array = np.empty(len(entries), dtype=object)
    array[:] = entries
    return array


def _rank(count: int, q: Any, method: str, weights: Any = None) -> _Rank:
    """Where a quantile of so many numbers lies: NumPy is asked for those of 0, 1, 2 and so on."""
    number = q.data if isinstance(q, Value) else float(q)

    def asked(numbers: Any) -> float:
        # Said only where it is there: earlier versions of NumPy have no weights.
        options: dict[str, Any] = {} if weights is None else {"weights": weights}
        try:
            return float(np.quantile(numbers, number, **{**options, "method": method}))
        except (ValueError, TypeError) as error:
            raise OperandError(f"np.quantile, got {number} and {method!r}: {error}") from None

    below = math.floor(asked(np.arange(float(count))))
    part: Any = asked((np.arange(count) > below).astype(float))
    if isinstance(q, Value) and method in SLOPES and 0.0 < below + part < count - 1.0:
        part = part + (q - number) * (count + SLOPES[method])
    return _Rank(below, part)


def _quantiles(
    a: Any,
    q: Any,
    axis: Any,
    out: Any,
    method: str,
    keepdims: Any,
    weights: Any,
    *,
    skips_nan: bool,
) -> Any:
    array, levels = entries_of(a), entries_of(q)
    if levels.dtype.kind not in "fiubO" or any(x is None for x in levels.reshape(-1).tolist()):
        raise OperandError(f"np.quantile needs numbers as q, got {q!r:.60}")
    numbers_of(array), numbers_of(levels)  # which refuse a compiled function
    if has_values(weights):
        raise OperandError("np.quantile of Values takes plain numbers as weights=: give .data")
    known: dict[tuple[int, int], _Rank] = {}
    masses: Any = True
    if weights is not None:
        masses = _spread(np.asarray(weights, dtype=float), array.shape, axis)

    def of(entries: list[Any], masses: list[Any]) -> list[Any]:
        places = list(range(len(entries)))
        if skips_nan:
            places = [i for i in places if not math.isnan(_number(entries[i]))]
        chosen = _Sorted([entries[i] for i in places])
        if not places:
            return [math.nan] * levels.size
        results = []
        for k, level in enumerate(levels.reshape(-1).tolist()):
            if weights is None:
                if (len(places), k) not in known:
                    known[len(places), k] = _rank(len(places), level, method)
                rank = known[len(places), k]
            else:
                ordered = np.array([masses[places[i]] for i in chosen.order])
                rank = _rank(len(places), level, method, ordered)
            results.append(chosen.at(rank))
        return results

    return delivered(_of_slices(of, array, axis, keepdims, masses, levels.shape), out)


def _of_slices(
    of: Callable[..., list[Any]],
    array: Any,
    axis: Any,
    keepdims: Any,
    masses: Any,
    shape: tuple[int, ...],
) -> Any:
    """All levels of all slices: the levels are the first axes of the result."""
    if array.size == 0:
        raise OperandError("a quantile of no entries is not defined: give at least one")
    lists = along(of, array, axis, keepdims, masses)
    if not isinstance(lists, np.ndarray):
        results = _as_array(lists).reshape(shape)
        return results if results.ndim else results[()]
    results = np.empty((math.prod(shape), lists.size), dtype=object)
    for place, column in enumerate(lists.reshape(-1).tolist()):
        results[:, place] = column
    return results.reshape((*shape, *lists.shape))


def _spread(weights: Any, shape: tuple[int, ...], axis: Any) -> Any:
    """The weights of the entries: for each slice, or the same for all of them."""
    if weights.shape == shape:
        return weights
    if weights.ndim != 1:
        raise OperandError(
            f"weights= has the shape {weights.shape}, the array {shape}: they must agree"
        )
    if isinstance(axis, (tuple, list)) or axis is None:
        raise OperandError("weights= of one dimension needs one axis=: name it")
    (place,) = axes_of(axis, len(shape))
    if len(weights) != shape[place]:
        raise OperandError(
            f"weights= has {len(weights)} numbers, and axis {axis} of the array {shape[place]}: "
            "they must agree"
        )
    columns = [1] * len(shape)
    columns[place] = len(weights)
    return np.broadcast_to(weights.reshape(columns), shape)


def _number(entry: Any) -> float:
    return entry.data if isinstance(entry, Value) else float(entry)


def _by_level(scale: float, skips_nan: bool) -> Callable[..., Any]:
    """quantile and its like, whose levels end at this scale."""

    def computed(
        a: Any,
        q: Any,
        axis: Any = None,
        out: Any = None,
        overwrite_input: bool = False,
        method: str = "linear",
        keepdims: Any = False,
        *,
        weights: Any = None,
        interpolation: Any = None,
    ) -> Any:
        method = method if interpolation is None else interpolation
        levels = entries_of(q)
        if scale != 1.0:
            levels = levels / scale
        return _quantiles(a, levels, axis, out, method, keepdims, weights, skips_nan=skips_nan)

    return computed


def _middle(entries: list[Any], present: list[Any]) -> Any:
    """The median of the entries that are there; NaN where one of them is NaN, or there is none."""
    entries = [x for x, is_there in zip(entries, present, strict=True) if is_there]
    if not entries:
        return np.nan
    ordered = _Sorted(entries)
    half = len(entries) // 2
    if len(entries) % 2 or ordered.is_nan:
        return ordered.at(_Rank(half, 0.0))
    return (ordered[half - 1] + ordered[half]) / 2.0


def _median(
    a: Any, axis: Any = None, out: Any = None, overwrite_input: bool = False, keepdims: Any = False
) -> Any:
    return delivered(along(_middle, a, axis, keepdims), out)


def _nanmedian(
    a: Any, axis: Any = None, out: Any = None, overwrite_input: bool = False, keepdims: Any = False
) -> Any:
    array = entries_of(a)
    numbers_of(array)  # which refuses a compiled function
    return delivered(along(_middle, array, axis, keepdims, are_numbers(array)), out)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "median": _median,
    "nanmedian": _nanmedian,
    "quantile": _by_level(1.0, skips_nan=False),
    "percentile": _by_level(100.0, skips_nan=False),
    "nanquantile": _by_level(1.0, skips_nan=True),
    "nanpercentile": _by_level(100.0, skips_nan=True),
}
