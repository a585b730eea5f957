"""The training of an estimator: `train` with its settings, and the choice of the decay."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograd_bp.errors import BranchError, FrozenNumberError, SettingError
from autograd_bp.nn.module import Module
from autograd_bp.nn.network import Network
from autograd_bp.training.history import Epoch, History
from autograd_bp.training.loop import evaluate, train
from autograd_bp.training.rows import ArrayRows
from autograd_bp.training.settings import whole
from autograd_bp.training.tabular import TableSplit

__all__ = ["Learning", "best_decay"]

MAX_BATCH = 200
EPOCHS_TO_COMPARE = 5
HELD_OUT = 0.25  # of the rows, for the choice of the decay


@dataclass(frozen=True)
class Learning:
    """How an estimator trains.

    Attributes:
        performance, epochs, batch, seed, patience, compiled: as for `train`.
        tol: by how much P must change in five epochs, relative to itself; None for no such rule.
        is_own: whether an activation or the performance is a function of the user's.
        verbose: whether a bar is shown.
    """

    performance: Callable[[Any, Any], Any]
    epochs: int
    batch: Any
    seed: int
    patience: int | None
    tol: float | None
    compiled: bool | str
    is_own: bool
    verbose: bool

    def run(self, network: Module, optimiser: Any, split: TableSplit, decay: float) -> History:
        """Train the network. A function of the user's is compiled too, unless it compares numbers
        or draws some."""
        options: dict[str, Any] = {
            "optimiser": optimiser,
            "epochs": self.epochs,
            "batch": self._batch(optimiser, len(split.training)),
            "seed": self.seed,
            "performance": self.performance,
            "decay": decay,
            "progress": self.verbose,
            "patience": self.patience,
            "on_epoch": self._stop(optimiser),
        }
        if self.compiled != "auto" or not self.is_own:
            return train(network, split, compiled=self.compiled, **options)
        try:
            return train(network, split, compiled=True, **options)
        except (BranchError, FrozenNumberError):
            return train(network, split, compiled=False, **options)

    def _batch(self, optimiser: Any, rows: int) -> int:
        if optimiser.takes_all_rows:
            return rows
        if self.batch == "auto":
            return min(MAX_BATCH, rows)
        if isinstance(self.batch, str):
            raise SettingError(f"batch is a whole number or 'auto', got {self.batch!r:.40}")
        return min(whole("batch", self.batch), rows)

    def _stop(self, optimiser: Any) -> Callable[[Epoch], bool] | None:
        """Ends a training that no longer changes P, where each step takes all rows."""
        if self.tol is None or not optimiser.takes_all_rows:
            return None
        tol, past = self.tol, list[float]()

        def stop(epoch: Epoch) -> bool:
            past.append(epoch.P)
            if getattr(optimiser, "finished", ""):
                return True
            if len(past) <= EPOCHS_TO_COMPARE:
                return False
            change = abs(epoch.P - past[-1 - EPOCHS_TO_COMPARE])
            return change <= tol * max(abs(epoch.P), 1e-3)

        return stop


def best_decay(
    decays: Sequence[float],
    contestant: Callable[[], tuple[Network, Any]],
    split: TableSplit,
    learning: Learning,
) -> float:
    """The decay with which a network is best on rows that it has not seen.

    Arguments:
        decays: those to choose from.
        contestant: makes a network and an optimiser, the same each time.
        split: its training rows are divided.
        learning: how to train.
    """
    rows = len(split.training)
    order = np.random.RandomState(learning.seed).permutation(rows)
    count = int(HELD_OUT * rows)
    judged = _part(split.training, order[:count])
    weights = split.weights and [split.weights[k] for k in order[count:]]
    part = replace(split, training=_part(split.training, order[count:]), weights=weights)
    quiet = replace(learning, verbose=False)
    results = []
    for decay in decays:
        network, optimiser = contestant()
        try:
            quiet.run(network, optimiser, part, decay)
            P, _ = evaluate(network, judged, learning.performance, judged=False)
        except SettingError:  # the weights ran away
            P = -math.inf
        results.append(P if math.isfinite(P) else -math.inf)
    return decays[results.index(max(results))]


def _part(rows: ArrayRows, places: Any) -> ArrayRows:
    return ArrayRows([column[places] for column in rows.columns], [rows.desired[k] for k in places])
