"""The regressor."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import RegressorMixin
from sklearn.utils.validation import check_array, check_consistent_length, column_or_1d

from autograd_bp.sklearn.base import NetworkEstimator
from autograd_bp.sklearn.targets import numbers_of

__all__ = ["NetworkRegressor"]


class NetworkRegressor(RegressorMixin, NetworkEstimator):  # type: ignore[misc]
    """A network that comes close to numbers: linear outputs, P = -½ Σ (d - z)² of answers scaled to
    mean 0 and standard deviation 1.

    The arguments, attributes and errors are those of `NetworkClassifier`, without `class_weight`
    and `classes_`. y may have several columns. A performance of your own sees scaled answers.
    """

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> NetworkRegressor:
        """Learn from rows X and their answers y, (rows,) or (rows, outputs)."""
        goes_on = bool(self.warm_start) and hasattr(self, "model_")
        learned: NetworkRegressor = self._learn(X, y, sample_weight, classes=None, goes_on=goes_on)
        return learned

    def partial_fit(self, X: Any, y: Any, sample_weight: Any = None) -> NetworkRegressor:
        """Go over some rows once. The first call makes the network, and learns the scaling of X and
        y from its rows."""
        goes_on = hasattr(self, "model_")
        learned: NetworkRegressor = self._learn(X, y, sample_weight, classes=(), goes_on=goes_on)
        return learned

    def predict(self, X: Any) -> Any:
        """The numbers of each row, in the shape of y."""
        z = self._predicted(X)
        target: Any = self.model_.target
        numbers = z * np.array(target.scales) + np.array(target.means)
        return numbers[:, 0] if self._is_flat else numbers

    def _checked_answers(self, y: Any, rows: int) -> Any:
        if y is None:
            raise ValueError("requires y to be passed, but the target y is None")
        y = check_array(y, ensure_2d=False, dtype="numeric", input_name="y").astype(float)
        self._is_flat = y.ndim == 1
        if y.ndim == 2 and y.shape[1] == 1:
            y, self._is_flat = column_or_1d(y, warn=True), True
        y = y[:, None] if y.ndim == 1 else y
        if len(y) != rows:
            check_consistent_length(np.empty(rows), y)
        return y

    def _target(self, y: Any, weights: Any, classes: Any) -> Any:
        return numbers_of(y, weights)

    def _desired_of(self, y: Any, target: Any) -> Any:
        return (y - np.array(target.means)) / np.array(target.scales)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags
