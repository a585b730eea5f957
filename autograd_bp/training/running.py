"""A training on rows that lie in one list: row after row, or compiled."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from autograd_bp.errors import DataError, ModelError, SettingError
from autograd_bp.nn.kept_numbers import KeptNumbers
from autograd_bp.nn.performances import is_known
from autograd_bp.nn.sequences import applied, takes_length
from autograd_bp.random.sources import RowNumbers, asked
from autograd_bp.training import checkpoints
from autograd_bp.training.choosing import choose_loop, objective_of
from autograd_bp.training.course import Course, Score
from autograd_bp.training.dataset import order
from autograd_bp.training.evaluating import judge_of, outputs_of, score_of_rows
from autograd_bp.training.moving import decayed_weights
from autograd_bp.training.optimisers.base import as_list
from autograd_bp.training.rows import Pair, no_performance
from autograd_bp.training.signs import warn_of_loss
from autograd_bp.training.target import is_right
from autograd_bp.value import Value

if TYPE_CHECKING:
    from autograd_bp.training.batches import Batches
    from autograd_bp.training.objectives import Objective

__all__ = ["Run"]


@dataclass(kw_only=True)
class Run(Course):
    """The rows and settings of one training."""

    rows: Sequence[Pair]
    held_out: Sequence[Pair]
    compiled: bool | str
    sample_weight: list[float] | None

    @property
    def count(self) -> int:
        return len(self.rows)

    def _fingerprint(self) -> str:
        return checkpoints.fingerprint_of_rows(self.rows, self.held_out, self.sample_weight)

    def _prepare(self) -> None:
        self._numbers = RowNumbers(self.seed, KeptNumbers(self.network).look)
        self._decayed = decayed_weights(self.network) if self.decay else []
        compiled, judged = self._loops()
        self._batches, self._history.how = choose_loop(
            compiled,
            self.network,
            self.rows,
            self.performance,
            passes=self.epochs,
            batch=self.batch,
            with_gradient=True,
            sample_weight=self.sample_weight,
            seed=self.seed,
        )
        if self.resumed is not None and self.compiled == "auto":
            self._history.how = f"{self._history.how.partition(':')[0]}: as in the checkpoint"
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

    def _require_finite(self, epoch: int, P: float) -> None:
        if not math.isfinite(P) and takes_length(self.network):
            empty = [n for n, (x, _) in enumerate(self.rows, 1) if not x[-1]]
            if empty:
                raise DataError(
                    f"P is {P:g} in epoch {epoch}, and row {empty[0]} has no tokens: where the "
                    "module divides by the length, leave such rows out, or divide by "
                    "bp.where(length > 0, length, 1.0)"
                )
        super()._require_finite(epoch, P)

    def _order(self) -> list[int]:
        return order(len(self.rows), self._random)

    def _begin_epoch(self) -> None:
        if self._batches is not None:
            self._batches.prepare_epoch(self.batch)

    def _score(self) -> Score:
        if not self.held_out:
            return None, None
        return score_of_rows(
            self.network, self.held_out, self.performance, self.judged, self._judge
        )

    def _places(self) -> dict[str, Any]:
        programs = {"batches": self._batches, "judge": self._judge}
        return {name: p and p.place for name, p in programs.items()}

    def _take_places(self, content: dict[str, Any]) -> None:
        if content["done"] % self.batch:
            raise ModelError(f"the checkpoint has the place {content['done']} in the epoch")
        for name, program in (("batches", self._batches), ("judge", self._judge)):
            place = content["programs"].get(name)
            if program is not None and place:
                program.place = place
        if self._batches is not None and not self._steps.done:
            self._batches.prepare_epoch(self.batch)

    # ------------------------------------------------------------------------------ an epoch
    def _epoch(self, places: list[int], random: list[Any]) -> None:
        """The rows of this epoch that are left, in pieces between which checkpoints are due."""
        steps, progress = self._steps, self._progress
        while steps.done < len(places):
            end = min(len(places), steps.done + self._piece())
            if self._objective is not None:
                self._step_of_all(self._objective)
            elif self._batches is not None:
                self._batches.epoch = self._drawn_epoch
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
        """Record, sweep and step, row after row, each with its own random numbers."""
        with asked(self._numbers):
            self._go_through(places)

    def _go_through(self, places: list[int]) -> None:
        weights, steps, mover, batch = self.sample_weight, self._steps, self.mover, self.batch
        network, performance, judged = applied(self.network), self.performance, self.judged
        numbers, epoch = self._numbers, self._drawn_epoch
        tool: Any = mover.optimiser
        is_steady, ascend, total, right = mover.is_steady_ascent, tool.step, steps.total, 0
        try:
            for start in range(0, len(places), batch):
                part = places[start : start + batch]
                share = 1.0 / len(part)
                for place in part:
                    x, d = self.rows[place]
                    numbers.begin(epoch, place)
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
            self._steps.total, self._steps.right = objective.begin(weights, self._drawn_epoch)
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
            numbers=self._numbers,
        )
