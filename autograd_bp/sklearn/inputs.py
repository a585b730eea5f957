"""Tables as inputs of networks: numbers are scaled, other columns encoded as `fit` encodes them."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.utils.validation import validate_data

from autograd_bp.training.coding import Coding, Scaled
from autograd_bp.training.encoder import Encoder, coding_of
from autograd_bp.training.frames import Column, Frame, frame_of

__all__ = ["checked_table", "encoded", "learned_encoder"]


def checked_table(estimator: Any, X: Any, *, reset: bool) -> Frame:
    """X as a frame, checked as scikit-learn does: its width and its names.

    A frame that has a column of something else than numbers is taken as it is, all else is an
    array of floats, in which NaN is a missing number.

    Raises: ValueError, TypeError, as scikit-learn.
    """
    if _has_other_cells(X):
        validate_data(estimator, X, reset=reset, skip_check_array=True)
        frame = frame_of(X, "X")
    else:
        array = validate_data(
            estimator, X, reset=reset, dtype=np.float64, ensure_all_finite="allow-nan"
        )
        names = [f"x{k + 1}" for k in range(array.shape[1])]
        known = getattr(estimator, "feature_names_in_", None)
        if known is not None and len(known) == len(names):
            names = [str(name) for name in known]
        frame = Frame("X", {n: Column._of(n, "numbers", array[:, k]) for k, n in enumerate(names)})
    return frame


def learned_encoder(frame: Frame, weights: Any, *, scale: bool) -> Encoder:
    """The encoder of these rows, each of which counts as often as its weight says."""
    codings: list[Coding] = []
    for name, column in frame.columns.items():
        if column.kind == "numbers":
            codings.append(_scaled(name, np.asarray(column.cells, dtype=float), weights, scale))
            continue
        codings.append(coding_of(column, keep=True))
    return Encoder(tuple(codings))


def encoded(encoder: Encoder, frame: Frame) -> Any:
    """The inputs, an array (inputs, rows).

    Raises: DataError, a ValueError, for a missing cell where no row that was learned from had one.
    """
    return np.array([np.asarray(c, dtype=float) for c in encoder.table(frame)]).reshape(
        encoder.width, len(frame)
    )


def _scaled(name: str, values: Any, weights: Any, scale: bool) -> Scaled:
    """(x - mean) / standard deviation, with weights. A column that is always the same becomes 0,
    and one without any number too."""
    known = ~np.isnan(values)
    has_missing = not known.all()
    present, counts = values[known], weights[known]
    if not len(present):
        return Scaled(name, "number: no cell has a value", 0.0, 1.0, 0.0, True)
    mean, width = 0.0, 1.0
    largest = np.abs(present).max() or 1.0  # squares of 1e200 are infinite
    if scale:
        parts = present / largest
        center = float(np.average(parts, weights=counts))
        spread = float(np.sqrt(np.average((parts - center) ** 2, weights=counts)))
        # Of a column that is always the same only rounding is left.
        is_constant = present.min() == present.max() or spread < 1e-15
        mean = float(center * largest) if not is_constant else float(present[0])
        width = 1.0 if is_constant else float(spread * largest)
    note = f"number: (x - {mean:.4g}) / {width:.4g}"
    return Scaled(name, note, mean, width, _median(present, counts), bool(has_missing))


def _median(values: Any, weights: Any) -> float:
    """Half of the weight lies on either side; the mean of two numbers where that is so of both."""
    order = np.argsort(values, kind="stable")
    values, below = values[order], np.cumsum(weights[order])
    half = 0.5 * below[-1]
    left, right = (
        int(np.searchsorted(below, half * (1.0 + e), side="left")) for e in (-1e-12, 1e-12)
    )
    last = len(values) - 1
    return float(0.5 * (values[min(left, last)] + values[min(right, last)]))


def _has_other_cells(X: Any) -> bool:
    """Whether it is a frame with a column of other cells than plain numbers."""
    dtypes = getattr(X, "dtypes", None)
    if not hasattr(X, "columns") or dtypes is None:
        return False
    numbers = ("int", "uint", "float", "bool", "decimal")
    return any(not str(dtype).lower().startswith(numbers) for dtype in dtypes)
