"""Schedules: the factor of the rate as a function of the time, in epochs.

The time counts the rows of an epoch too: in the middle of the third epoch it is 2.5. Any function
of the time that returns a factor is a schedule; those here also have a name for the command.

>>> from autograd_bp.training.schedules import Cosine, WarmUp
>>> cosine = WarmUp(2, then=Cosine(10))
>>> [round(cosine(t), 3) for t in (0, 1, 2, 6, 10)]
[0.0, 0.488, 0.905, 0.345, 0.0]
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from autograd_bp.errors import SettingError
from autograd_bp.training.settings import not_negative, positive, whole

__all__ = ["Constant", "Cosine", "OnPlateau", "Schedule", "Steps", "WarmUp", "schedule_of"]


class Schedule:
    """A function of the time in epochs, which returns the factor of the rate.

    A class of one's own that is derived from it may keep something: then it has `observe`, and its
    attributes are plain numbers, which checkpoints save.
    """

    def __call__(self, time: float) -> float:
        raise NotImplementedError(f"{type(self).__name__} has no __call__(time)")

    def observe(self, P: float) -> None:
        """Called after each epoch, with the performance of the rows held out, or of the training
        rows where none are."""

    def state_dict(self) -> dict[str, Any]:
        return {k: v for k, v in vars(self).items() if isinstance(v, (int, float, str))}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        vars(self).update({k: v for k, v in state.items() if k in vars(self)})

    def __repr__(self) -> str:
        settings = ", ".join(f"{k}={v!r}" for k, v in vars(self).items() if k[0] != "_")
        return f"{type(self).__name__}({settings})"


class Constant(Schedule):
    """Always 1."""

    def __call__(self, time: float) -> float:
        return 1.0


class Steps(Schedule):
    """Multiplied by a factor after every so many epochs.

    Arguments:
        every: how many epochs.
        factor: above 0.
    """

    def __init__(self, every: float = 10.0, factor: float = 0.5) -> None:
        self.every, self.factor = positive("every", every), positive("factor", factor)

    def __call__(self, time: float) -> float:
        return float(self.factor ** math.floor(time / self.every))


class Cosine(Schedule):
    """Half a wave from 1 down to `least`, over so many epochs; `least` from then on.

    Arguments:
        epochs: how many; those of the training when left out.
        least: the last factor, 0 or more.
    """

    def __init__(self, epochs: float | None = None, least: float = 0.0) -> None:
        self.epochs = None if epochs is None else positive("epochs", epochs)
        self.least = not_negative("least", least)

    def __call__(self, time: float) -> float:
        if self.epochs is None:
            raise SettingError("Cosine does not know over how many epochs: give it a number")
        share = min(1.0, time / self.epochs)
        return self.least + (1.0 - self.least) * 0.5 * (1.0 + math.cos(math.pi * share))


class WarmUp(Schedule):
    """From 0 up to 1 in a straight line over the first epochs, times another schedule.

    Arguments:
        epochs: over how many.
        then: the other schedule, or its name; Constant when left out.
    """

    def __init__(
        self, epochs: float = 1.0, then: Schedule | str | Callable[[float], float] | None = None
    ) -> None:
        self.epochs = positive("epochs", epochs)
        self.then = schedule_of(then)

    def __call__(self, time: float) -> float:
        return min(1.0, time / self.epochs) * self.then(time)

    def observe(self, P: float) -> None:
        self.then.observe(P)

    def state_dict(self) -> dict[str, Any]:
        return {**super().state_dict(), "then": self.then.state_dict()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        self.then.load_state_dict(state["then"])


class OnPlateau(Schedule):
    """Multiplied by a factor whenever the performance was no better for so many epochs.

    Arguments:
        patience: how many epochs.
        factor: above 0 and below 1.
        least: the smallest factor in all.
    """

    def __init__(self, patience: int = 5, factor: float = 0.5, least: float = 1e-4) -> None:
        self.patience, self.factor = whole("patience", patience), positive("factor", factor)
        self.least = not_negative("least", least)
        if self.factor >= 1.0:
            raise SettingError(f"factor is below 1, got {self.factor:g}")
        self._best, self._waited, self._now = -math.inf, 0, 1.0

    def __call__(self, time: float) -> float:
        return self._now

    def observe(self, P: float) -> None:
        if self._best < P:
            self._best, self._waited = P, 0
            return
        self._waited += 1
        if self._waited >= self.patience:
            self._now, self._waited = max(self.least, self._now * self.factor), 0


class _Own(Schedule):
    """A function of a user's."""

    def __init__(self, function: Callable[[float], float]) -> None:
        self._function = function

    def __call__(self, time: float) -> float:
        return self._function(time)

    def state_dict(self) -> dict[str, Any]:
        return {}

    def __repr__(self) -> str:
        return getattr(self._function, "__qualname__", type(self._function).__qualname__)


_NAMED: dict[str, type[Schedule]] = {
    "constant": Constant,
    "step": Steps,
    "cosine": Cosine,
    "warm-up": WarmUp,
    "plateau": OnPlateau,
}


def schedule_of(schedule: Any, epochs: int | None = None) -> Schedule:
    """A schedule from what users write: one, a function, None, or a name with its numbers, such as
    "step:30:0.1", "cosine", "plateau:5" or "warm-up:3:cosine".

    Arguments:
        schedule: what was given.
        epochs: those of the training, for a schedule that needs them.

    Raises: SettingError for anything else.
    """
    if schedule is None:
        return Constant()
    if isinstance(schedule, str):
        schedule = _parsed(schedule)
    elif isinstance(schedule, type) and issubclass(schedule, Schedule):
        schedule = schedule()
    elif callable(schedule) and not isinstance(schedule, Schedule):
        schedule = _Own(schedule)
    if not isinstance(schedule, Schedule):
        raise SettingError(f"a schedule is one of {_known()}, or a function, got {schedule!r:.60}")
    _complete(schedule, epochs)
    return schedule


def _complete(schedule: Schedule, epochs: int | None) -> None:
    inner = schedule.then if isinstance(schedule, WarmUp) else schedule
    if isinstance(inner, Cosine) and inner.epochs is None and epochs is not None:
        inner.epochs = float(epochs)


def _parsed(text: str) -> Schedule:
    name, *parts = (part.strip() for part in text.lower().split(":"))
    if name not in _NAMED:
        raise SettingError(f"there is no schedule {name!r:.40}: it is one of {_known()}")
    numbers: list[Any] = []
    for place, part in enumerate(parts):
        if name == "warm-up" and part in _NAMED:
            numbers += [] if numbers else [1.0]
            numbers.append(_parsed(":".join(parts[place:])))
            break
        numbers.append(_number(text, part))
    try:
        return _NAMED[name](*numbers)
    except TypeError:
        raise SettingError(f"{name} takes fewer numbers than {text!r:.60} has") from None


def _number(text: str, part: str) -> float | int:
    try:
        number = float(part)
    except ValueError:
        raise SettingError(f"a schedule is NAME:NUMBER:NUMBER, got {text!r:.60}") from None
    return int(number) if part.isdigit() else number


def _known() -> str:
    return ", ".join(_NAMED)
