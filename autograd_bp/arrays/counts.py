"""NumPy's histograms of Values: counts of their numbers, and sums of weights that are Values."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from autograd_bp.arrays.orders import of_numbers, plain_numbers_of
from autograd_bp.arrays.slices import entries_of, has_values
from autograd_bp.arrays.value_array import array, as_values
from autograd_bp.errors import OperandError, ShapeError


def _counted(function: Callable[..., Any]) -> Callable[..., Any]:
    """How many numbers lie between which, as numbers: their derivatives are 0.

    Raises: OperandError for weights that are Values and for density=, whose derivatives are not.
    """
    count, signature = of_numbers(function), inspect.signature(function)

    def counted(*args: Any, **kwargs: Any) -> Any:
        options = signature.bind(*args, **kwargs).arguments
        if options.get("density"):
            _refuse(function.__name__, "density=")
        if has_values(options.get("weights")):
            _refuse(function.__name__, "weights that are Values")
        return count(*args, **kwargs)

    return counted


def _refuse(name: str, option: str) -> None:
    raise OperandError(
        f"np.{name} of Values counts the numbers, and with {option} it would lose their record: "
        "compute with its counts, or sum the weights that np.where chooses"
    )


def _histogram(
    a: Any, bins: Any = 10, range: Any = None, density: Any = None, weights: Any = None
) -> Any:
    """numpy.histogram: counts, or sums of the weights of each bin. Where the numbers of Values are
    the edges, as they are without range=, a density depends on them: that is refused."""
    numbers, edges, limits = map(plain_numbers_of, (a, bins, range))
    are_edges = has_values(bins) or (
        np.ndim(edges) == 0 and has_values(a if limits is None else range)
    )
    if density and are_edges:
        _refuse("histogram", "density= between edges that are Values")
    if not has_values(weights):
        return np.histogram(numbers, edges, limits, density, plain_numbers_of(weights))
    numbers, entries = np.asarray(numbers, dtype=float), entries_of(weights)
    if entries.shape != numbers.shape:
        raise ShapeError(
            f"np.histogram needs a weight for each of the numbers of shape {numbers.shape}, got "
            f"the shape {entries.shape}"
        )
    edges = np.histogram_bin_edges(numbers, edges, limits)
    flat = numbers.reshape(-1)
    places = np.searchsorted(edges, flat, "right") - 1
    places[flat == edges[-1]] = len(edges) - 2  # the last bin has both of its edges
    inside = (flat >= edges[0]) & (flat <= edges[-1])
    sums = _sums(entries.reshape(-1)[inside], places[inside], len(edges) - 1)
    if density:
        sums = sums / np.sum(sums) / np.diff(edges)
    return sums, edges


def _bincount(x: Any, /, weights: Any = None, minlength: Any = 0) -> Any:
    """numpy.bincount: how often each integer occurs, or the sums of its weights."""
    places = plain_numbers_of(x)
    if not has_values(weights):
        return np.bincount(places, plain_numbers_of(weights), minlength)
    counts = np.bincount(places, None, minlength)  # which refuses what are no places
    entries = entries_of(weights)
    if entries.shape != np.shape(places):
        raise ShapeError(
            f"np.bincount needs a weight for each of {len(places)} integers, got the shape "
            f"{entries.shape}"
        )
    return _sums(entries, np.asarray(places), len(counts))


def _sums(entries: Any, places: Any, count: int) -> Any:
    """For each place the sum of the entries that belong there, 0 for none."""
    order = np.argsort(places, kind="stable")
    starts = np.searchsorted(places[order], np.arange(count + 1))
    ordered = as_values(entries[order])
    slices = [ordered[a:b] for a, b in pairwise(starts)]
    return array([np.sum(each) if len(each) else 0.0 for each in slices])


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "histogram": _histogram,
    "bincount": _bincount,
    **{f.__name__: _counted(f) for f in (np.histogram2d, np.histogramdd)},
}
