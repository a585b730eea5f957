"""The classifier."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from sklearn.base import ClassifierMixin
from sklearn.utils.class_weight import compute_sample_weight
from sklearn.utils.validation import (
    check_array,
    check_consistent_length,
    check_is_fitted,
    column_or_1d,
)

from autograd_bp.errors import DataError
from autograd_bp.sklearn.base import NetworkEstimator
from autograd_bp.sklearn.targets import classes_of, desired_classes, shares_of

__all__ = ["NetworkClassifier"]


class NetworkClassifier(ClassifierMixin, NetworkEstimator):  # type: ignore[misc]
    """A network that tells classes apart: one sigmoid for two, a softmax for more, with
    cross-entropy.

    Arguments:
        hidden: the sizes of the hidden layers.
        activation: of the hidden layers: a name of the table, or any function of a Value; a list
            for one each.
        optimiser: a name of `autograd_bp.training.optimisers`, or an object of theirs without
            parameters; "auto" for lbfgs on up to 2,000 rows, else adam.
        rate: δ; the optimiser's own when None, for adam 0.01.
        epochs: how often to go over the rows, at most.
        batch: rows of a step; "auto" for up to 200. Some optimisers always take all.
        decay: λ of -½ λ Σ w² beside the mean performance, over all weights but bias weights. "auto"
            takes 0.001, 0.01 or 0.1, whichever is best on a quarter of the rows, and then learns
            from all of them; fewer than 100 rows take 0.01, more than 2,000 take 0.001.
        performance: a function of d and the outputs z, which is to go up: minus your loss. The
            cross-entropy when None.
        scale: whether columns of numbers are scaled to mean 0 and standard deviation 1.
        early_stopping: whether rows are held out, and the training ends with the weights of its
            best epoch when they have not come closer for a while.
        validation_fraction: the share of rows that is held out then.
        patience: epochs without a better result.
        tol: training by all rows ends when P changes by less in five epochs, relative to itself.
        warm_start: whether `fit` goes on with the weights of the last call.
        random_state: a whole number, a RandomState of NumPy, or None for other weights each time.
        compiled: as for `autograd_bp.training.train`.
        verbose: whether a progress bar is shown.
        class_weight: a dict of weights by class, "balanced", or None.

    Attributes:
        classes_: the classes, sorted.
        model_: the `autograd_bp.training.Model`: network, encoder, `to_onnx`, `save`.
        history_: the mean performance, epoch by epoch.
        decay_: the decay that was used.
        n_iter_: how many epochs there were.
        n_features_in_, feature_names_in_, n_outputs_: as usual.

    X is an array, or a frame, whose columns of text, truths and dates are encoded as by
    `autograd_bp.training.fit`. NaN is a missing number, which is filled and flagged.

    Raises: SettingError and DataError, which are ValueErrors.
    """

    def __init__(
        self,
        hidden: Sequence[int] = (20,),
        *,
        activation: Any = "tanh",
        optimiser: Any = "auto",
        rate: float | None = None,
        epochs: int = 200,
        batch: int | str = "auto",
        decay: float | str = "auto",
        performance: Callable[[Any, Any], Any] | None = None,
        scale: bool = True,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        patience: int = 10,
        tol: float = 1e-3,
        warm_start: bool = False,
        random_state: Any = None,
        compiled: bool | str = "auto",
        verbose: bool = False,
        class_weight: Any = None,
    ) -> None:
        super().__init__(
            hidden,
            activation=activation,
            optimiser=optimiser,
            rate=rate,
            epochs=epochs,
            batch=batch,
            decay=decay,
            performance=performance,
            scale=scale,
            early_stopping=early_stopping,
            validation_fraction=validation_fraction,
            patience=patience,
            tol=tol,
            warm_start=warm_start,
            random_state=random_state,
            compiled=compiled,
            verbose=verbose,
        )
        self.class_weight = class_weight

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> NetworkClassifier:
        """Learn from rows X and their classes y."""
        goes_on = bool(self.warm_start) and hasattr(self, "model_")
        if goes_on and not set(np.unique(y).tolist()) <= set(self.classes_.tolist()):
            raise DataError(
                f"with warm_start y has the classes of the last call: {self.classes_!s:.80}"
            )
        learned: NetworkClassifier = self._learn(X, y, sample_weight, classes=None, goes_on=goes_on)
        return learned

    def partial_fit(
        self, X: Any, y: Any, classes: Any = None, sample_weight: Any = None
    ) -> NetworkClassifier:
        """Go over some rows once. The first call makes the network, learns the scaling from its
        rows, and is told all `classes`."""
        goes_on = hasattr(self, "model_")
        if not goes_on and classes is None:
            raise DataError("the first call of partial_fit needs all classes (classes=)")
        known = np.unique(classes) if classes is not None else self.classes_
        if goes_on and not np.array_equal(known, self.classes_):
            raise DataError(
                f"classes={known.tolist()!s:.80} are not those of the last call, "
                f"{self.classes_.tolist()!s:.80}"
            )
        if len(known) < 2:
            raise DataError("two classes or more are needed")
        learned: NetworkClassifier = self._learn(
            X, y, sample_weight, classes=known, goes_on=goes_on
        )
        return learned

    def predict_proba(self, X: Any) -> Any:
        """The probability of each class, in the order of `classes_`."""
        z = self._predicted(X)
        if z.shape[1] == 1:
            return np.concatenate([1.0 - z, z], axis=1)
        parts = np.exp(z - z.max(axis=1, keepdims=True))
        return parts / parts.sum(axis=1, keepdims=True)

    def predict_log_proba(self, X: Any) -> Any:
        """The logarithms of the probabilities."""
        with np.errstate(divide="ignore"):
            return np.log(self.predict_proba(X))

    def predict(self, X: Any) -> Any:
        """The class of each row."""
        check_is_fitted(self, "model_")
        z = self._predicted(X)
        places = (z[:, 0] >= 0.5).astype(int) if z.shape[1] == 1 else z.argmax(axis=1)
        return self.classes_[places]

    def _checked_answers(self, y: Any, rows: int) -> Any:
        if y is None:
            raise ValueError("requires y to be passed, but the target y is None")
        y = column_or_1d(check_array(y, ensure_2d=False, dtype=None), warn=True)
        if len(y) != rows:
            check_consistent_length(np.empty(rows), y)
        return y

    def _class_weights(self, y: Any) -> Any:
        if self.class_weight is None:
            return 1.0
        return compute_sample_weight(self.class_weight, y)

    def _target(self, y: Any, weights: Any, classes: Any) -> Any:
        self.classes_ = classes_of(y, weights) if classes is None else classes
        return shares_of(self.classes_)

    def _desired_of(self, y: Any, target: Any) -> Any:
        return desired_classes(y, self.classes_)

    def _strata(self, y: Any) -> Any:
        return y
