"""Rows as arrays, and compiled programs that go over them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd_bp.compiling.choosing import Plan
from autograd_bp.compiling.modules import Recording
from autograd_bp.compiling.threads import count_of
from autograd_bp.errors import DataError
from autograd_bp.nn.module import Module
from autograd_bp.training.progress import Bar
from autograd_bp.training.target import THRESHOLD

__all__ = ["Batches"]

Floats = NDArray[np.float64]


class Batches:
    """Goes over rows a batch at a time, each in one call of a program.

    Arguments:
        network: the network; its weights are moved.
        rows: pairs (x, d).
        performance: the function of d and the outputs.
        climbing: whether its gradient is needed.

    Raises: DataError when the rows are not of one length or hold other things than numbers, and
        what `Module.compiled` raises.
    """

    def __init__(
        self, network: Module, rows: Sequence[tuple[Any, list[Any]]],
        performance: Callable[[Any, Any], Any], climbing: bool,
    ) -> None:  # fmt: skip
        X, D = _table([x for x, _ in rows], "inputs"), _table([d for _, d in rows], "outputs")
        self._recording = Recording(network, len(X), performance)
        if len(D) != self._recording.outputs:
            raise DataError(
                f"rows have {len(D)} desired outputs, and the network has "
                f"{self._recording.outputs}"
            )
        self._table, self._desired = np.concatenate([X, D]), D
        make = self._recording.climbing if climbing else self._recording.judging
        self._plan = Plan(make(summed=True), "auto")
        self._threads = count_of(None)

    def climb(self, places: Sequence[int], batch: int, rate: float, bar: Bar) -> tuple[float, int]:
        """A step for each batch of rows in that order: the weights move by rate · the gradient of
        the mean performance.

        Returns: Σ P of the rows and how many were right, each before the step that learns from it.
        """
        rows, total = self._table[:, places], 0.0
        count = rows.shape[1]
        z: Floats = np.empty((self._recording.outputs, count))
        weights = self._recording.weights()
        try:
            for start in range(0, count, batch):
                part = np.ascontiguousarray(rows[:, start : start + batch])
                sums, z[:, start : start + batch] = self._plan.run(weights, part, self._threads)
                total += float(sums[0])
                with np.errstate(all="ignore"):
                    weights += rate / part.shape[1] * sums[1:]
                bar.advance(part.shape[1])
        finally:  # also after Ctrl-C: the weights are those of the last step
            for parameter, weight in zip(self._recording.parameters, weights.tolist(), strict=True):
                parameter.data = weight
        return total, _right(self._desired[:, places], z)

    def judge(self) -> tuple[float, int]:
        """Σ P of all rows and how many are right."""
        sums, z = self._plan.run(self._recording.weights(), self._table, self._threads)
        return float(sums[0]), _right(self._desired, z)


def _table(rows: list[Any], what: str) -> Floats:
    """The rows as columns of an array. Raises DataError where that cannot be."""
    try:
        table = np.array([[*row] for row in rows])
    except (TypeError, ValueError):
        raise DataError(f"rows have different numbers of {what}, or none") from None
    if table.ndim != 2 or table.dtype.kind not in "fiub":
        raise DataError(f"rows hold {what} that are no plain numbers")
    return np.ascontiguousarray(table.T, dtype=float)


def _right(desired: Floats, z: Floats) -> int:
    """As `target.is_right`, for all rows at once."""
    if len(desired) == 1:
        return int(np.count_nonzero((desired >= THRESHOLD) == (z >= THRESHOLD)))
    return int(np.count_nonzero(desired.argmax(axis=0) == z.argmax(axis=0)))
