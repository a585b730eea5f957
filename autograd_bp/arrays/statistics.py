"""Covariances, slopes of tables and fits of polynomials: functions of NumPy whose own code is made
for floats, written with the operators of arrays of Values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd_bp import primitives as ops
from autograd_bp.arrays.slices import axes_of, entries_of, has_values, is_chosen_later
from autograd_bp.arrays.value_array import array, as_values, has_dimensions, plain
from autograd_bp.errors import OperandError, SettingError, ShapeError
from autograd_bp.value import Value


def _angle(z: Any, deg: bool = False) -> Any:
    angle = ops.atan2(0.0, plain(z))
    return ops.degrees(angle) if deg else angle


# ------------------------------------------------------------------------------- covariances
def _variables(m: Any, rowvar: bool) -> Any:
    """A row for each variable, a column for each observation."""
    entries = entries_of(m)
    if entries.ndim > 2:
        raise ShapeError(f"np.cov needs one or two dimensions, got the shape {entries.shape}")
    rows = np.atleast_2d(entries)
    # A table of one row was taken for one variable before NumPy 2.2.
    is_table = entries.ndim == 2 and (rows.shape[0] != 1 or _is_numpy("2.2.0"))
    return rows.T if not rowvar and is_table else rows


def _is_numpy(version: str) -> bool:
    return np.lib.NumpyVersion(np.__version__) >= version


def _weights(weights: Any, count: int, *, whole: bool = False) -> Any:
    if weights is None:
        return None
    entries = array(weights)
    if not has_values(entries):
        numbers = entries.data
        if (numbers < 0.0).any() or (whole and (numbers != np.floor(numbers)).any()):
            kind = "whole numbers from 0 as fweights=" if whole else "aweights= from 0"
            raise SettingError(f"np.cov needs {kind}, got {weights!r:.60}")
    if entries.shape != (count,):
        raise ShapeError(
            f"np.cov needs a weight for each of {count} observations, got the shape {entries.shape}"
        )
    return entries


def _cov(
    m: Any,
    y: Any = None,
    rowvar: bool = True,
    bias: bool = False,
    ddof: Any = None,
    fweights: Any = None,
    aweights: Any = None,
    *,
    dtype: Any = None,
) -> Any:
    rows = _variables(m, rowvar)
    if y is not None:
        rows = np.concatenate([rows, _variables(y, rowvar)])
    rows = array(rows)
    count = rows.shape[1]
    if ddof is not None and not (isinstance(ddof, (int, float, np.number)) and ddof == int(ddof)):
        raise SettingError(f"np.cov needs a whole number as ddof=, got {ddof!r:.60}")
    repeats, importance = _weights(fweights, count, whole=True), _weights(aweights, count)
    given = [weights for weights in (repeats, importance) if weights is not None]
    weights = given[0] * given[-1] if len(given) == 2 else given[0] if given else np.ones(count)
    total, lost = np.sum(weights), (0 if bias else 1) if ddof is None else ddof
    factor = total - lost
    if importance is not None:
        factor = total - lost * ops.div(np.sum(weights * importance), total)
    if not isinstance(factor, Value):
        factor = max(factor, 0.0)  # too few observations: nothing to divide by
    distances = rows - as_values(np.sum(rows * weights, axis=1) / total)[:, np.newaxis]
    products = (distances * weights) @ distances.T / factor
    return products[0, 0] if products.size == 1 else products


def _corrcoef(x: Any, y: Any = None, rowvar: bool = True, *options: Any, dtype: Any = None) -> Any:
    products = _cov(x, y, rowvar)
    if not has_dimensions(products):
        return ops.div(products, products)
    deviations = as_values(np.sqrt(as_values(products.diagonal())))
    return products / deviations[:, np.newaxis] / deviations[np.newaxis, :]


# ------------------------------------------------------------------------------------ slopes
def _gradient(f: Any, *spacings: Any, axis: Any = None, edge_order: int = 1) -> Any:
    values = array(entries_of(f))
    if not values.ndim:
        raise ShapeError(
            "np.gradient needs an array of values, got one Value; for its derivative write bp.grad"
        )
    axes = axes_of(axis, values.ndim)
    if edge_order not in (1, 2):
        raise SettingError(f"np.gradient takes edge_order=1 or 2, got {edge_order!r:.60}")
    if len(spacings) not in (0, 1, len(axes)):
        raise ShapeError(
            f"np.gradient needs one spacing, or one for each of {len(axes)} axes, got "
            f"{len(spacings)}"
        )
    given = list(spacings or (1.0,)) * (1 if len(spacings) == len(axes) else len(axes))
    results = [
        _slopes(values, axis, *_steps(spacing, values.shape[axis]), edge_order)
        for axis, spacing in zip(axes, given, strict=True)
    ]
    if len(results) == 1:
        return results[0]
    return tuple(results) if _is_numpy("2.0.0") else results


def _steps(spacing: Any, count: int) -> tuple[Any, bool]:
    """The distances between neighbours, and whether they are one number."""
    if not has_dimensions(spacing):
        return array([plain(spacing)] * (count - 1)), True
    places = array(spacing)
    if places.shape != (count,):
        raise ShapeError(
            f"np.gradient needs a place for each of {count} values, got the shape {places.shape}"
        )
    steps = places[1:] - places[:-1]
    return steps, not has_values(steps) and bool((steps == steps[:1]).all())


def _slopes(values: Any, axis: int, steps: Any, are_equal: bool, edge_order: int) -> Any:
    """Differences of second order inside, for any distances, and at the edges of either order."""
    count = values.shape[axis]
    if count < edge_order + 1:
        raise ShapeError(
            f"np.gradient with edge_order={edge_order} needs {edge_order + 1} values along an "
            f"axis, got {count}"
        )
    rows = as_values(np.moveaxis(values, axis, 0))
    chords = [(rows[k + 1] - rows[k]) / steps[k] for k in range(count - 1)]
    slopes = [chords[0]]
    for k in range(1, count - 1):  # the mean of both chords, the shorter of which counts for more
        before, after = steps[k - 1], steps[k]
        if are_equal:  # the value itself, which may be NaN, does not count
            slopes.append((rows[k + 1] - rows[k - 1]) / (2.0 * after))
            continue
        slopes.append((chords[k - 1] * after + chords[k] * before) / (before + after))
    slopes.append(chords[-1])
    if edge_order == 2:  # the parabola through three values
        slopes[0] = 2.0 * chords[0] - slopes[1] if count > 2 else chords[0]
        slopes[-1] = 2.0 * chords[-1] - slopes[-2]
    result = np.empty(rows.shape, dtype=object)
    for k, slope in enumerate(slopes):
        result[k] = slope
    return as_values(np.moveaxis(result, 0, axis))


# -------------------------------------------------------------------------------------- fits
def _polyfit(
    x: Any,
    y: Any,
    deg: Any,
    rcond: Any = None,
    full: bool = False,
    w: Any = None,
    cov: Any = False,
) -> Any:
    from autograd_bp import linalg

    if full or cov is not False:
        raise OperandError("np.polyfit of Values gives the coefficients: leave out full= and cov=")
    degree = int(deg) if isinstance(deg, (int, float, np.number)) else -1
    if degree != deg or degree < 0:
        raise SettingError(f"np.polyfit needs a whole degree from 0, got {deg!r:.60}")
    places, heights = array(x), array(y)
    if places.ndim != 1 or not places.size or heights.shape[:1] != places.shape:
        raise ShapeError(
            f"np.polyfit needs a row of y for each x, got the shapes {places.shape} and "
            f"{heights.shape}"
        )
    powers = array(np.ones((len(places), degree + 1)))
    for k in range(degree - 1, -1, -1):
        powers[:, k] = powers[:, k + 1] * places
    if w is not None:
        weights = array(w)
        powers = powers * weights[:, np.newaxis]
        heights = (heights.T * weights).T
    # Columns of one length, as NumPy's: of several solutions the one that is shortest by them.
    lengths = as_values(np.sqrt(as_values(np.sum(powers * powers, axis=0))))
    lengths = array(lengths) if is_chosen_later(lengths) else _without_zeros(lengths)
    solution = as_values(linalg.lstsq(powers / lengths, heights))
    return as_values((solution.T / lengths).T)


def _without_zeros(lengths: Any) -> Any:
    return array([1.0 if number == 0.0 else number for number in lengths.tolist()])


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "angle": _angle,
    "cov": _cov,
    "corrcoef": _corrcoef,
    "gradient": _gradient,
    "polyfit": _polyfit,
}
