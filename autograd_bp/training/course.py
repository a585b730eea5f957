"""A training as it goes, wherever its rows lie: epochs, callbacks, checkpoints."""

from __future__ import annotations

import logging
import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from autograd_bp.errors import ModelError, SettingError
from autograd_bp.interrupts import interrupts
from autograd_bp.nn.module import Module
from autograd_bp.training import checkpoints
from autograd_bp.training.callbacks import Callback, Progress, load_states, performance_of
from autograd_bp.training.checkpoints import Checkpoint
from autograd_bp.training.history import Epoch, History
from autograd_bp.training.moving import Mover
from autograd_bp.training.optimisers.base import packed, unpacked
from autograd_bp.training.orders import epochs_before, orders, remember_order
from autograd_bp.training.progress import bar_of
from autograd_bp.training.steps import Steps

__all__ = ["Course", "Score"]

LOG = logging.getLogger("autograd_bp.training")
Performance = Callable[[Any, Any], Any]
Score = tuple[float | None, float | None]


@dataclass(kw_only=True)
class Course(ABC):
    """The settings of one training, and what all trainings do.

    Attributes:
        before: how many epochs the trainings had that this one goes on with.
    """

    network: Module
    performance: Performance
    judged: bool
    epochs: int
    batch: int
    seed: int
    decay: float
    mover: Mover
    callbacks: list[Callback] = field(default_factory=list)
    checkpoint: Checkpoint | None = None
    resumed: dict[str, Any] | None = None
    before: int = 0

    @property
    @abstractmethod
    def count(self) -> int:
        """How many rows there are."""

    def train(self, progress: bool | str) -> History:
        """All of it; see `autograd_bp.training.train`."""
        history, network = History(), self.network
        self._history = history
        bar = bar_of(self.count, self.epochs, shown=progress)
        self._progress = Progress(network, self.mover.optimiser, history, self.epochs)
        self._steps = Steps(self.count, bar)
        self._parameters = network.parameters()
        self._sees_steps = any(
            type(callback).after_step is not Callback.after_step for callback in self.callbacks
        )
        network.zero_grad()
        with interrupts.handled(of_command=False):
            try:
                with interrupts.stoppable():
                    self._random = orders(network, self.seed, self.count)
                    self.before = epochs_before(network)
                    self._data = ""
                    if self.checkpoint is not None or self.resumed is not None:
                        self._data = self._fingerprint()
                    self._prepare()
                    self._run()
            except KeyboardInterrupt:
                network.zero_grad()
                history.interrupted = True
            finally:
                self.mover.optimiser.rate = self.mover.rate
                remember_order(network, history, self.before)
                bar.close()
                self._close()
            self._end()
            if interrupts.count:
                history.interrupted = True
        return history

    # ---------------------------------------------------------------- what kinds of rows differ in
    @abstractmethod
    def _fingerprint(self) -> str:
        """Of the rows."""

    @abstractmethod
    def _prepare(self) -> None:
        """Choose the programs, and take over a checkpoint.

        Raises: DataError and SettingError where a checkpoint is of another training.
        """

    @abstractmethod
    def _order(self) -> list[int]:
        """The order of this epoch, of rows or of what takes their place."""

    def _begin_epoch(self) -> None:  # noqa: B027
        """An epoch begins that is not the first."""

    @abstractmethod
    def _epoch(self, places: list[int], random: list[Any]) -> None:
        """The steps of an epoch that are left, and the checkpoints between them.

        Arguments:
            places: the order.
            random: the state of the random numbers before it was drawn.
        """

    def _score(self) -> Score:
        """P and the share that is right of the rows held out, after an epoch."""
        return None, None

    def _more_settings(self) -> dict[str, Any]:
        """Those of this kind of rows on which the steps depend."""
        return {}

    def _places(self) -> dict[str, Any]:
        """The places that decide which backend runs the next call of each program."""
        return {}

    def _take_places(self, content: dict[str, Any]) -> None:  # noqa: B027
        """Take over the rest of a checkpoint, from which all else was taken. Raises ModelError
        where its place in the epoch is none."""

    def _close(self) -> None:  # noqa: B027
        """Let go of the rows."""

    @property
    def _drawn_epoch(self) -> int:
        """The epoch of the random numbers of rows: a training that goes on with another does not
        repeat them."""
        return self.before + self._steps.epoch - 1

    def _run(self) -> None:
        """All epochs, or those that are left."""
        progress, steps = self._progress, self._steps
        for callback in self.callbacks:
            callback.begin(progress)
        if self.checkpoint is not None:
            self.checkpoint.begin(steps.count)
        first = steps.epoch
        for number in range(first, self.epochs + 1):
            if progress.reason:
                break
            before = checkpoints.random_state_of(self._random) if self.checkpoint else []
            places = self._order()
            if number != first:
                steps.begin(number)
                self._begin_epoch()
            self._epoch(places, before)
            if steps.done < self.count:
                break
            self._finish_epoch(number)

    def _end(self) -> None:
        """Tell the callbacks that it is over."""
        self._history.stopped = self._progress.reason
        for callback in self.callbacks:
            callback.end(self._progress)

    def _finish_epoch(self, number: int) -> None:
        """Judge, tell, and write a checkpoint where one is due."""
        steps, progress, history = self._steps, self._progress, self._history
        self._require_finite(number, steps.total)
        share = steps.right / self.count if self.judged else None
        epoch = Epoch(number, steps.total / self.count, share, *self._score())
        history.epochs.append(epoch)
        steps.finish(epoch)
        if LOG.isEnabledFor(logging.INFO):
            LOG.info("epoch %d of %d: %s", number, self.epochs, epoch)
        self.mover.schedule.observe(performance_of(epoch))
        for callback in self.callbacks:
            if _is_true(callback.after_epoch(progress)):
                progress.stop(progress.reason or "a callback asked for it")
        if self.checkpoint is not None:
            is_last = number == self.epochs or progress.reason
            if (is_last and self.checkpoint.at_end) or self.checkpoint.is_due(steps.count):
                steps.begin(number + 1)
                random = checkpoints.random_state_of(self._random)
                self._write(self.checkpoint, random, number + 1)

    def _require_finite(self, epoch: int, P: float) -> None:
        if not math.isfinite(P) or not all(math.isfinite(w.data) for w in self._parameters):
            raise SettingError(
                f"the weights ran away in epoch {epoch} (P is {P:g}): use a rate smaller than "
                f"{self.mover.rate:g}"
            )

    # ------------------------------------------------------------------------------ checkpoints
    def _settings(self) -> dict[str, Any]:
        """All on which the steps depend."""
        mover = self.mover
        return {
            "network": repr(self.network),
            "parameters": checkpoints.names_of(self.network),
            "optimiser": mover.optimiser.name,  # before what depends on it
            "batch": self.batch,
            "seed": self.seed,
            "decay": self.decay,
            "rate": mover.rate,
            "settings of the optimiser": {
                k: v for k, v in mover.optimiser.settings.items() if k != "rate"
            },
            "schedule": repr(mover.schedule),
            "clip_norm": mover.clip_norm,
            "clip_value": mover.clip_value,
            "weights that move": mover.free,
            "performance": getattr(self.performance, "__qualname__", ""),
            "compiled": self._history.how.partition(":")[0],
            "callbacks": [type(callback).__name__ for callback in self.callbacks],
            **self._more_settings(),
        }

    def _write(self, checkpoint: Checkpoint, random: list[Any], epoch: int) -> None:
        steps = self._steps
        content = {
            "settings": self._settings(),
            "data": self._data,
            "weights": packed([w.data for w in self._parameters]),
            "optimiser": self.mover.optimiser.state_dict(),
            "schedule": self.mover.schedule.state_dict(),
            "callbacks": [callback.state_dict() for callback in self.callbacks],
            "epoch": epoch,
            "done": steps.done,
            "count": steps.count,
            "total": steps.total,
            "right": steps.right,
            "reason": self._progress.reason,
            "random": random,
            "before": self.before,
            "history": checkpoints.history_to(self._history),
            "programs": self._places(),
        }
        with interrupts.held():  # a signal that comes now waits until the file is there
            checkpoint.write(steps.count, content)

    def _take_over(self, content: dict[str, Any]) -> None:
        checkpoints.require_same(content, self._settings(), self._data)
        before = len(content["history"])
        if before > self.epochs:
            raise SettingError(
                f"epochs is {self.epochs}, and the checkpoint has {before} already: give so many "
                "or more, or start again without resume"
            )
        numbers = unpacked(content["weights"])
        if len(numbers) != len(self._parameters):
            raise ModelError(f"the checkpoint has {len(numbers)} weights")
        self.mover.optimiser.load_state_dict(content["optimiser"])
        self.mover.schedule.load_state_dict(content["schedule"])
        load_states(self.callbacks, content.get("callbacks"))
        checkpoints.set_random_state(self._random, content["random"])
        self.before = content.get("before", 0)
        steps = self._steps
        steps.begin(content["epoch"])
        if content["done"] >= self.count:
            raise ModelError(f"the checkpoint has the place {content['done']} in the epoch")
        steps.resume(content["done"], content["count"], content["total"], content["right"])
        self._progress.reason = str(content.get("reason", ""))
        self._progress.steps = steps.count
        self._history.epochs[:] = checkpoints.history_from(content["history"])
        self._take_places(content)
        for w, number in zip(self._parameters, numbers, strict=True):
            w.data = number


def _is_true(answer: object) -> bool:
    """True, also NumPy's; a number or a list that a callback happens to return is no answer."""
    return answer is True or (
        getattr(getattr(answer, "dtype", None), "kind", "") == "b" and bool(answer)
    )
