"""A training as it runs: epochs, steps, callbacks, checkpoints."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any

from autograd_bp.errors import ModelError, SettingError
from autograd_bp.interrupts import interrupts
from autograd_bp.nn.module import Module
from autograd_bp.nn.performances import is_known
from autograd_bp.training import checkpoints
from autograd_bp.training.callbacks import Callback, Progress, load_states, performance_of
from autograd_bp.training.checkpoints import Checkpoint
from autograd_bp.training.choosing import choose_loop, objective_of
from autograd_bp.training.dataset import order
from autograd_bp.training.evaluating import judge_of, outputs_of, score_of_rows
from autograd_bp.training.history import Epoch, History
from autograd_bp.training.moving import Mover, decayed_weights
from autograd_bp.training.optimisers.base import as_list, packed, unpacked
from autograd_bp.training.progress import Bar
from autograd_bp.training.rows import Pair, no_performance
from autograd_bp.training.signs import warn_of_loss
from autograd_bp.training.steps import Steps
from autograd_bp.training.target import is_right
from autograd_bp.value import Value

if TYPE_CHECKING:
    from autograd_bp.training.batches import Batches
    from autograd_bp.training.objectives import Objective

__all__ = ["Run"]

LOG = logging.getLogger("autograd_bp.training")
Performance = Callable[[Any, Any], Any]


@dataclass
class Run:
    """The rows and settings of one training."""

    network: Module
    rows: Sequence[Pair]
    held_out: Sequence[Pair]
    performance: Performance
    judged: bool
    epochs: int
    batch: int
    seed: int
    compiled: bool | str
    sample_weight: list[float] | None
    decay: float
    mover: Mover
    callbacks: list[Callback] = field(default_factory=list)
    checkpoint: Checkpoint | None = None
    resumed: dict[str, Any] | None = None

    def prepare(self, random: Random, history: History, bar: Bar) -> None:
        """Choose the programs, and take over a checkpoint.

        Raises: DataError and SettingError where a checkpoint is of another training.
        """
        self._random, self._history = random, history
        self._progress = Progress(self.network, self.mover.optimiser, history, self.epochs)
        self._steps = Steps(len(self.rows), bar)
        self._parameters = self.network.parameters()
        self._decayed = decayed_weights(self.network) if self.decay else []
        self._data = ""
        if self.checkpoint is not None or self.resumed is not None:
            self._data = checkpoints.fingerprint_of_rows(
                self.rows, self.held_out, self.sample_weight
            )
        compiled, judged = self._loops()
        self._batches, history.how = choose_loop(
            compiled,
            self.network,
            self.rows,
            self.performance,
            passes=self.epochs,
            batch=self.batch,
            with_gradient=True,
            sample_weight=self.sample_weight,
        )
        if self.resumed is not None and self.compiled == "auto":
            history.how = f"{history.how.partition(':')[0]}: as in the checkpoint"
        if self._batches is not None:
            self._batches.decay(self.decay, set(self._decayed))
        self._judge: Batches | None = None
        if self.held_out:
            self._judge = judge_of(
                judged, self.network, self.held_out, self.performance, self.epochs
            )
        if not is_known(self.performance):
            warn_of_loss(self.network, self.rows[0], self.performance)
        self._objective = self._whole() if self.mover.optimiser.kind != "gradient" else None
        self._sees_steps = any(
            type(callback).after_step is not Callback.after_step for callback in self.callbacks
        )
        if self.resumed is not None:
            self._take_over(self.resumed)
        elif self._batches is not None:
            self._batches.prepare_epoch(self.batch)

    def _loops(self) -> tuple[bool | str, bool | str]:
        """Whether the loop and the judge are compiled. A training that goes on has what it had:
        "auto" might choose otherwise for more epochs, and the last bits would be others."""
        if self.resumed is None or self.compiled != "auto":
            return self.compiled, self.compiled
        before = self.resumed["settings"]
        self._history.how = how = str(before.get("compiled"))
        checkpoints.require_same(self.resumed, self._settings(), self._data)
        return how == "compiled", bool(self.resumed["programs"].get("judge"))

    def run(self) -> None:
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
            places = order(len(self.rows), self._random)
            if number != first:
                steps.begin(number)
                if self._batches is not None:
                    self._batches.prepare_epoch(self.batch)
            self._epoch(places, before)
            if steps.done < len(self.rows):
                break
            self._finish_epoch(number)

    def end(self) -> None:
        """Tell the callbacks that it is over."""
        self._history.stopped = self._progress.reason
        for callback in self.callbacks:
            callback.end(self._progress)

    # ------------------------------------------------------------------------------ an epoch
    def _epoch(self, places: list[int], random: list[Any]) -> None:
        """The rows of this epoch that are left, in pieces between which checkpoints are due."""
        steps, progress = self._steps, self._progress
        while steps.done < len(places):
            end = min(len(places), steps.done + self._piece())
            if self._objective is not None:
                self._step_of_all(self._objective)
            elif self._batches is not None:
                part = places[steps.done : end]
                _, right = self._batches.ascend(part, self.batch, self.mover, steps)
                steps.right += right
            else:
                self._one_by_one(places[steps.done : end])
            progress.steps = steps.count
            if self._sees_steps:
                for callback in self.callbacks:
                    callback.after_step(progress)
                if progress.reason:
                    return
            if self.checkpoint is None or steps.done == len(places):
                continue
            if self.checkpoint.is_due(steps.count):
                self._write(self.checkpoint, random, steps.epoch)

    def _piece(self) -> int:
        """How many rows are learned from before callbacks or the checkpoint get their turn."""
        if self._sees_steps:
            return self.batch
        if self.checkpoint is not None:
            return self.batch * self.checkpoint.segment(self._steps.count)
        return len(self.rows)

    def _one_by_one(self, places: list[int]) -> None:
        """Record, sweep and step, row after row."""
        weights, steps, mover, batch = self.sample_weight, self._steps, self.mover, self.batch
        network, performance, judged = self.network, self.performance, self.judged
        tool: Any = mover.optimiser
        is_steady, ascend, total, right = mover.is_steady_ascent, tool.step, steps.total, 0
        try:
            for start in range(0, len(places), batch):
                part = places[start : start + batch]
                share = 1.0 / len(part)
                for place in part:
                    x, d = self.rows[place]
                    z = outputs_of(network(x))
                    P = performance(d, z)
                    if not isinstance(P, Value):
                        raise no_performance(P)
                    if weights is not None:
                        P = weights[place] * P
                    P.backward(share)
                    total += P.data
                    if judged and is_right(d, [output.data for output in z]):
                        right += 1
                for w in self._decayed:
                    w.grad -= self.decay * w.data
                if is_steady:
                    ascend()
                else:
                    mover.time = steps.time
                    self._move()
                steps.advance(len(part))
        finally:
            steps.total = total
            steps.right += right

    def _move(self) -> None:
        """A step by the gradients that the parameters have."""
        mover, parameters = self.mover, self._parameters
        weights: Any = [w.data for w in parameters]
        gradient: Any = [w.grad for w in parameters]
        if mover.uses_arrays(len(weights)):
            import numpy as np

            weights, gradient = np.array(weights), np.array(gradient)
        for w, number in zip(parameters, as_list(mover.move(weights, gradient)), strict=True):
            w.data, w.grad = number, 0.0

    def _step_of_all(self, objective: Objective) -> None:
        """A step of an optimiser that evaluates all rows several times."""
        import numpy as np

        tool: Any = self.mover.optimiser
        free = self.mover.free
        moved = self._parameters if free is None else [self._parameters[k] for k in free]
        weights = np.array([w.data for w in moved])
        try:
            self._steps.total, self._steps.right = objective.begin(weights)
            self.mover.time = self._steps.time
            if self.mover.set_rate():
                weights = tool.step(weights, *objective.arguments(tool.kind))
        finally:  # after Ctrl-C in the middle of it, too
            for w, number in zip(moved, weights.tolist(), strict=True):
                w.data, w.grad = number, 0.0
        self._steps.advance(len(self.rows))
        if tool.finished:
            self._progress.stop(tool.finished)

    def _whole(self) -> Objective:
        """The function of the weights that optimisers of all rows evaluate."""
        if self.batch < len(self.rows):
            raise SettingError(
                f"{self.mover.optimiser.name} takes all rows in each step: leave batch out"
            )
        if self.mover.clip_norm is not None or self.mover.clip_value is not None:
            raise SettingError(
                f"{self.mover.optimiser.name} chooses its steps itself: leave clipping out"
            )
        return objective_of(
            self._batches,
            self.network,
            self.rows,
            self.performance,
            sample_weight=self.sample_weight,
            decay=self.decay,
            decayed=set(self._decayed),
            free=self.mover.free,
        )

    def _finish_epoch(self, number: int) -> None:
        """Judge, tell, and write a checkpoint where one is due."""
        steps, progress, history = self._steps, self._progress, self._history
        self._require_finite(number, steps.total)
        score: tuple[float | None, float | None] = (None, None)
        if self.held_out:
            score = score_of_rows(
                self.network, self.held_out, self.performance, self.judged, self._judge
            )
        share = steps.right / len(self.rows) if self.judged else None
        epoch = Epoch(number, steps.total / len(self.rows), share, *score)
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
        }

    def _write(self, checkpoint: Checkpoint, random: list[Any], epoch: int) -> None:
        steps, programs = self._steps, {"batches": self._batches, "judge": self._judge}
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
            "history": checkpoints.history_to(self._history),
            "programs": {name: p and p.place for name, p in programs.items()},
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
        steps = self._steps
        steps.begin(content["epoch"])
        if content["done"] >= len(self.rows) or content["done"] % self.batch:
            raise ModelError(f"the checkpoint has the place {content['done']} in the epoch")
        steps.resume(content["done"], content["count"], content["total"], content["right"])
        self._progress.reason = str(content.get("reason", ""))
        self._progress.steps = steps.count
        self._history.epochs[:] = checkpoints.history_from(content["history"])
        for name, program in (("batches", self._batches), ("judge", self._judge)):
            place = content["programs"].get(name)
            if program is not None and place:
                program.place = place
        if self._batches is not None and not steps.done:
            self._batches.prepare_epoch(self.batch)
        for w, number in zip(self._parameters, numbers, strict=True):
            w.data = number


def _is_true(answer: object) -> bool:
    """True, also NumPy's; a number or a list that a callback happens to return is no answer."""
    return answer is True or (
        getattr(getattr(answer, "dtype", None), "kind", "") == "b" and bool(answer)
    )
