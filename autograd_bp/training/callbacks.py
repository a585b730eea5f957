"""Callbacks: what a training tells while it runs, and early stopping, which is one of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from autograd_bp.errors import ModelError, SettingError
from autograd_bp.nn.module import Module
from autograd_bp.training.history import Epoch, History
from autograd_bp.training.optimisers.base import Optimiser, packed, unpacked
from autograd_bp.training.settings import not_negative, whole

__all__ = ["Callback", "EarlyStopping", "Progress", "callbacks_of"]


@dataclass
class Progress:
    """The state of a running training, for callbacks.

    Attributes:
        network: its weights are those of this moment.
        optimiser: the optimiser; its rate is that of the last step.
        history: the epochs so far.
        epochs: how many there will be.
        steps: how many steps were taken.
        reason: why the training stops; "" while it goes on.
    """

    network: Module
    optimiser: Optimiser
    history: History = field(default_factory=History)
    epochs: int = 0
    steps: int = 0
    reason: str = ""

    @property
    def rate(self) -> float:
        """The rate of the last step."""
        return self.optimiser.rate

    @property
    def epoch(self) -> Epoch | None:
        """The last epoch that was finished."""
        return self.history.epochs[-1] if self.history.epochs else None

    def stop(self, reason: str = "a callback asked for it") -> None:
        """End the training after this epoch, or after this step."""
        self.reason = reason


class Callback:
    """The methods of callbacks; derive a class from it and define those that are needed.

    A callback that keeps something returns it in `state_dict` as numbers, texts, lists and dicts,
    so that checkpoints save it. A function is a callback too: it is called after each epoch, and
    ends the training when it returns True.
    """

    def begin(self, progress: Progress) -> None:
        """Called before the first step."""

    def after_step(self, progress: Progress) -> None:
        """Called after each step; only a class that defines it costs time."""

    def after_epoch(self, progress: Progress) -> object:
        """Called after each epoch. The training ends when it returns True."""
        return None

    def end(self, progress: Progress) -> None:
        """Called after the last step, also after Ctrl-C."""

    def state_dict(self) -> dict[str, Any]:
        """The state that a checkpoint saves."""
        return {}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what `state_dict` gave."""


class EarlyStopping(Callback):
    """Ends a training that gets no better, and restores the weights of its best epoch.

    The performance is that of the rows held out, or of the training rows where none are.

    Arguments:
        patience: after how many epochs without a better performance it ends.
        least: how much better it has to be.
        restore: whether the weights of the best epoch are restored at the end.

    Attributes:
        best: the best epoch so far, from 1; 0 before the first.
    """

    def __init__(self, patience: int = 10, *, least: float = 0.0, restore: bool = True) -> None:
        self.patience, self.least = whole("patience", patience), not_negative("least", least)
        self.restore, self.best = restore, 0
        self._P, self._weights = -math.inf, ""

    def begin(self, progress: Progress) -> None:
        if not progress.history.epochs:
            self.best, self._P, self._weights = 0, -math.inf, ""

    def after_epoch(self, progress: Progress) -> object:
        epoch = progress.history.epochs[-1]
        P = performance_of(epoch)
        if self._P + self.least < P or not self.best:
            self.best, self._P = epoch.number, P
            if self.restore:
                self._weights = packed([w.data for w in progress.network.parameters()])
        elif epoch.number - self.best >= self.patience:
            progress.stop(f"no better for {self.patience} epochs, the best is epoch {self.best}")
        return None

    def end(self, progress: Progress) -> None:
        if not self.restore or not self._weights:
            return
        numbers = unpacked(self._weights)
        for w, number in zip(progress.network.parameters(), numbers, strict=True):
            w.data = number
        progress.history.restored = self.best

    def state_dict(self) -> dict[str, Any]:
        return {"best": self.best, "P": self._P, "weights": self._weights}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        unpacked(state["weights"])
        self.best, self._P, self._weights = state["best"], state["P"], state["weights"]

    def __repr__(self) -> str:
        return f"EarlyStopping({self.patience}, least={self.least:g}, restore={self.restore})"


def performance_of(epoch: Epoch) -> float:
    """The performance of the rows held out, or of the training rows where none are."""
    return epoch.P if epoch.held_out_P is None else epoch.held_out_P


class _AfterEpoch(Callback):
    """A function of a user's."""

    def __init__(self, function: Callable[[Progress], object]) -> None:
        self._function = function

    def after_epoch(self, progress: Progress) -> object:
        return self._function(progress)

    def __repr__(self) -> str:
        return getattr(self._function, "__qualname__", type(self._function).__qualname__)


def callbacks_of(callbacks: Any) -> list[Callback]:
    """Callbacks from a list of them and of functions, or from one of both.

    Raises: SettingError for anything else.
    """
    if callbacks is None:
        return []
    given = [callbacks] if callable(callbacks) or isinstance(callbacks, Callback) else callbacks
    if not isinstance(given, (list, tuple)):
        raise SettingError(f"callbacks are a list of functions and Callbacks, got {given!r:.60}")
    checked: list[Callback] = []
    for callback in given:
        if isinstance(callback, type) or not (isinstance(callback, Callback) or callable(callback)):
            raise SettingError(
                f"a callback is a function of the progress, or a Callback, got {callback!r:.60}"
            )
        checked.append(callback if isinstance(callback, Callback) else _AfterEpoch(callback))
    return checked


def load_states(callbacks: list[Callback], states: Any) -> None:
    """Give callbacks the states of a checkpoint. Raises ModelError where they do not fit."""
    count = len(states) if isinstance(states, list) else "no list of"
    if count != len(callbacks):
        raise ModelError(f"the checkpoint has {count} callbacks, and there are {len(callbacks)}")
    for callback, state in zip(callbacks, states, strict=True):
        _load_state(callback, state)


def _load_state(callback: Callback, state: Any) -> None:
    try:
        callback.load_state_dict(state)
    except (KeyError, TypeError, ValueError) as error:
        raise ModelError(f"the state of {callback!r:.60} does not fit: {error!r:.99}") from None
