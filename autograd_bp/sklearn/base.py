"""Shared by the classifier and the regressor."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from copy import deepcopy
from numbers import Integral
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils import check_random_state
from sklearn.utils.validation import _check_sample_weight, check_is_fitted

from autograd_bp.errors import DataError, SettingError
from autograd_bp.nn.network import Network
from autograd_bp.sklearn.inputs import checked_table, encoded, learned_encoder
from autograd_bp.sklearn.learning import Learning, best_decay
from autograd_bp.training.frames import Frame
from autograd_bp.training.meaning import OUTPUTS, output_of
from autograd_bp.training.model import Model
from autograd_bp.training.optimisers.names import optimiser as optimiser_of
from autograd_bp.training.predicting import outputs_of_rows
from autograd_bp.training.rows import ArrayRows
from autograd_bp.training.settings import not_negative, positive, share, whole
from autograd_bp.training.tabular import TableSplit
from autograd_bp.version import __version__

__all__ = ["NetworkEstimator"]

FEW_ROWS = 2_000  # up to which "auto" is lbfgs, which takes all rows for a step
FEWEST_TO_HOLD_OUT = 100
DECAYS = (1e-3, 1e-2, 1e-1)


class NetworkEstimator(BaseEstimator):  # type: ignore[misc]
    """A network of neurons that learns from tables."""

    # Learned by fit; scikit-learn wants the settings alone in __init__.
    model_: Model
    history_: list[float]

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
    ) -> None:
        self.hidden = hidden
        self.activation = activation
        self.optimiser = optimiser
        self.rate = rate
        self.epochs = epochs
        self.batch = batch
        self.decay = decay
        self.performance = performance
        self.scale = scale
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.patience = patience
        self.tol = tol
        self.warm_start = warm_start
        self.random_state = random_state
        self.compiled = compiled
        self.verbose = verbose

    # ------------------------------------------------------------------------------- learning
    def _learn(self, X: Any, y: Any, sample_weight: Any, *, classes: Any, goes_on: bool) -> Any:
        """Fit to rows, from the start or from where an earlier call stopped."""
        is_partial = classes is not None
        frame, y, weights = self._rows(X, y, sample_weight, reset=not goes_on)
        if not goes_on:
            self._begin(frame, y, weights, classes, is_partial)
        desired = self._desired(y)
        if desired.shape[1] != self.model_.target.n_outputs:
            raise DataError(
                f"y has {desired.shape[1]} outputs, and the network was made for "
                f"{self.model_.target.n_outputs}"
            )
        table = encoded(self.model_.scaling, frame)  # type: ignore[arg-type]
        chosen, judged = self._held_out(y, len(frame), is_partial)
        split = TableSplit(
            _as_rows(table, desired, chosen),
            _as_rows(table, desired, judged),
            self.model_.scaling,
            self.model_.target,
            self.model_.columns,
            tuple(judged.tolist()),
            tuple(chosen.tolist()),
            _with_mean_1(weights[chosen]),
        )
        self._train(split, is_partial=is_partial, goes_on=goes_on)
        self.n_iter_ = len(self.history_)
        return self

    def _rows(self, X: Any, y: Any, sample_weight: Any, *, reset: bool) -> tuple[Frame, Any, Any]:
        """The rows with a weight above 0."""
        frame = checked_table(self, X, reset=reset)
        y = self._checked_answers(y, len(frame))
        weights = _check_sample_weight(
            sample_weight, np.empty((len(frame), 1)), dtype=np.float64, ensure_non_negative=True
        )
        weights = weights * self._class_weights(y)
        if not weights.any():
            raise DataError("every row has the weight 0: there is nothing to learn from")
        kept = np.flatnonzero(weights)
        if len(kept) < len(frame):
            frame, y, weights = frame.take(kept.tolist()), y[kept], weights[kept]
        return frame, y, weights

    def _begin(self, frame: Frame, y: Any, weights: Any, classes: Any, is_partial: bool) -> None:
        """A new network, and the encoder of these rows."""
        target = self._target(y, weights, classes)
        encoder = learned_encoder(frame, weights, scale=bool(self.scale))
        if not encoder.width:
            raise DataError("no column of X is left to learn from: all are always the same")
        output = OUTPUTS[output_of(target)]
        hidden = [whole("the size of a hidden layer", n) for n in _listed(self.hidden)]
        activations = self.activation
        if not isinstance(activations, (list, tuple)):
            activations = [activations] * len(hidden)
        if len(activations) != len(hidden):
            raise SettingError(
                f"activation is one for all hidden layers, or one for each: got {len(activations)} "
                f"for {len(hidden)}"
            )
        generator = check_random_state(self.random_state)
        self._seed = int(generator.randint(2**31 - 1))
        network = Network(
            [encoder.width, *hidden, target.n_outputs],
            [*activations, output.activation],
            seed=self._seed,
        )
        row = tuple(column.cell(0) for n, column in frame.columns.items() if n in encoder.columns)
        answer = target.answer(self._desired_of(y[:1], target)[0].tolist())
        self.model_ = Model(network, encoder.columns, encoder, target, (row, answer))
        self._outputs = _Outputs(network)
        self._optimiser = self._new_optimiser(len(frame), is_partial)
        self.history_ = []
        self.n_outputs_ = target.n_outputs

    def _new_optimiser(self, rows: int, is_partial: bool) -> Any:
        """An optimiser that keeps its state from call to call."""
        if not isinstance(self.optimiser, str):
            return deepcopy(self.optimiser)  # settings stay as they are
        name = self.optimiser
        if name == "auto":
            name = "lbfgs" if rows <= FEW_ROWS and not is_partial else "adam"
        rate = None if self.rate is None else positive("rate", self.rate)
        if name == "adam" and rate is None:
            rate = 0.01
        return optimiser_of(name, rate=rate)

    def _train(self, split: TableSplit, *, is_partial: bool, goes_on: bool) -> None:
        if not goes_on or not hasattr(self, "decay_"):
            self.decay_ = self._decay(split, is_partial)
        network = self.model_.network
        history = self._learning(is_partial).run(network, self._optimiser, split, self.decay_)
        self.history_ = [*self.history_, *history.P]
        about = {
            "release": __version__,
            "rows": len(split.training),
            "decay": self.decay_,
            "how": history.how,
        }
        self.model_ = Model(**{**vars(self.model_), "about": about})

    def _learning(self, is_partial: bool) -> Learning:
        own = any(map(callable, _listed(self.activation))) or self.performance is not None
        stops_early = bool(self.early_stopping) and not is_partial
        return Learning(
            performance=self.performance or OUTPUTS[output_of(self.model_.target)].performance,
            epochs=1 if is_partial else whole("epochs", self.epochs),
            batch=self.batch,
            seed=self._seed + len(self.history_),
            patience=whole("patience", self.patience) if stops_early else None,
            tol=None if is_partial else float(self.tol),
            compiled=self.compiled,
            is_own=own,
            verbose=bool(self.verbose),
        )

    def _decay(self, split: TableSplit, is_partial: bool) -> float:
        """λ; where it is "auto", that of a few which is best on a quarter of the rows."""
        if self.decay != "auto":
            return not_negative("decay", self.decay)
        rows = len(split.training)
        if rows < FEWEST_TO_HOLD_OUT:
            return DECAYS[1]
        if is_partial or self.early_stopping or rows > FEW_ROWS:
            return DECAYS[0]

        def contestant() -> tuple[Network, Any]:
            return deepcopy(self.model_.network), self._new_optimiser(rows, is_partial)  # type: ignore[return-value]

        return best_decay(DECAYS, contestant, split, self._learning(is_partial))

    def _held_out(self, y: Any, rows: int, is_partial: bool) -> tuple[Any, Any]:
        """The places of the rows to learn from and of those to stop by."""
        if not self.early_stopping or is_partial:
            return np.arange(rows), np.arange(0)
        from sklearn.model_selection import train_test_split

        fraction = share("validation_fraction", self.validation_fraction)
        try:
            chosen, judged = train_test_split(
                np.arange(rows),
                test_size=fraction or 0.1,
                random_state=self._seed,
                stratify=self._strata(y),
            )
        except ValueError as error:
            raise DataError(f"early_stopping holds rows out, and {error}") from None
        return chosen, judged

    # ---------------------------------------------------------------------------- predicting
    def _predicted(self, X: Any) -> Any:
        """The outputs of the network, an array (rows, outputs)."""
        check_is_fitted(self, "model_")
        frame = checked_table(self, X, reset=False)
        table = encoded(self.model_.scaling, frame)  # type: ignore[arg-type]
        return self._outputs(table)

    def to_onnx(
        self,
        path: str | os.PathLike[str] | None = None,
        *,
        inputs: str = "auto",
        dtype: str = "float64",
    ) -> Any:
        """The network with its encoder as an ONNX model; see `autograd_bp.training.Model.to_onnx`.
        Labels are texts there."""
        check_is_fitted(self, "model_")
        return self.model_.to_onnx(path, inputs=inputs, dtype=dtype)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags

    # ----------------------------------------------------------------- what the two differ in
    def _checked_answers(self, y: Any, rows: int) -> Any:
        raise NotImplementedError

    def _class_weights(self, y: Any) -> Any:
        return 1.0

    def _target(self, y: Any, weights: Any, classes: Any) -> Any:
        raise NotImplementedError

    def _desired(self, y: Any) -> Any:
        return self._desired_of(y, self.model_.target)

    def _desired_of(self, y: Any, target: Any) -> Any:
        raise NotImplementedError

    def _strata(self, y: Any) -> Any:
        return None


class _Outputs:
    """Computes outputs by the compiled network, which a pickle does not hold."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._run = outputs_of_rows(network)

    def __call__(self, table: Any) -> Any:
        return np.asarray(self._run(table, table.shape[1]), dtype=float)

    def __getstate__(self) -> dict[str, Any]:
        return {"_network": self._network}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(state["_network"])  # type: ignore[misc]

    def __deepcopy__(self, memo: dict[int, Any]) -> _Outputs:
        return _Outputs(deepcopy(self._network, memo))


def _as_rows(table: Any, desired: Any, places: Any) -> ArrayRows:
    return ArrayRows([*table[:, places]], desired[places].tolist())


def _with_mean_1(weights: Any) -> list[float] | None:
    """Weights of mean 1; None where all are the same."""
    if np.all(weights == weights[0]):
        return None
    return [*(weights * (len(weights) / weights.sum())).tolist()]


def _listed(setting: Any) -> list[Any]:
    if isinstance(setting, Integral):
        return [setting]
    if isinstance(setting, str) or callable(setting):
        return [setting]
    return list(setting)
