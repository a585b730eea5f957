"""A training on rows in blocks: the sums of some blocks, added in their order, make one step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd_bp.errors import DataError, ModelError, SettingError
from autograd_bp.nn.performances import is_known
from autograd_bp.training.course import Course, Score
from autograd_bp.training.dataset import order
from autograd_bp.training.moving import decayed_weights
from autograd_bp.training.objectives import Objective, Part
from autograd_bp.training.signs import warn_of_loss
from autograd_bp.training.spread.blocks import Blocks
from autograd_bp.training.spread.work import Floats, Work

__all__ = ["BlockRun"]


@dataclass(kw_only=True)
class BlockRun(Course):
    """The blocks and settings of one training. A step takes as many blocks as have `batch` rows,
    or all of them where that is 1.

    Attributes:
        blocks: the rows.
        score: P and the share that is right of the rows held out, with the weights as they are.
    """

    blocks: Blocks
    score: Callable[[], Score] | None = None

    @property
    def count(self) -> int:
        return self.blocks.rows

    def _fingerprint(self) -> str:
        return self.blocks.fingerprint()

    def _prepare(self) -> None:
        blocks, network, tool = self.blocks, self.network, self.mover.optimiser
        _require_possible(tool)
        self._work = Work.of(
            network, blocks.width, self.performance, weighted=blocks.weighted, seed=self.seed
        )
        if self._work.outputs != blocks.outputs:
            raise DataError(
                f"rows have {blocks.outputs} desired outputs, and the network has "
                f"{self._work.outputs}"
            )
        if not is_known(self.performance):  # seen at 0, since no row lies here
            zeros = [0.0] * blocks.width, [0.0] * blocks.outputs
            warn_of_loss(network, zeros, self.performance)
        self._history.how = (
            f"compiled: {blocks.count} blocks of {blocks.block:,} rows, by {self._work.backend}"
        )
        decayed = set(decayed_weights(network)) if self.decay else set()
        self._decay = self.decay * np.array([w in decayed for w in self._parameters], dtype=float)
        self._size = blocks.count
        if self.batch > 1 and not tool.takes_all_rows:
            self._size = min(blocks.count, max(1, round(self.batch / blocks.block)))
        self._objective = None if tool.kind == "gradient" else self._whole()
        if self.resumed is not None:
            self._take_over(self.resumed)

    def _whole(self) -> Objective:
        """The function of the weights that optimisers of all rows evaluate."""
        if self.mover.clip_norm is not None or self.mover.clip_value is not None:
            raise SettingError(
                f"{self.mover.optimiser.name} chooses its steps itself: leave clipping out"
            )
        return Objective(
            _AllBlocks(self.blocks, self._work),
            self.blocks.rows,
            self.performance,
            weights=self._weights(),
            decay=self._decay,
            free=self.mover.free,
        )

    def _order(self) -> list[int]:
        if self._size < self.blocks.count and not self.blocks.in_order:
            return order(self.blocks.count, self._random)
        return list(range(self.blocks.count))

    def _epoch(self, places: list[int], random: list[Any]) -> None:
        steps, progress, done, start = self._steps, self._progress, 0, self._steps.done
        for k in range(0, len(places), self._size):
            part = places[k : k + self._size]
            rows = self.blocks.rows_of(part)
            done += rows
            if done <= start:  # before the place of the checkpoint
                continue
            if done - rows < start:
                raise ModelError(f"the checkpoint has the place {start} in the epoch")
            if self._objective is None:
                self._step(part, rows)
            else:
                self._step_of_all(self._objective)
            progress.steps = steps.count
            if self._sees_steps:
                for callback in self.callbacks:
                    callback.after_step(progress)
                if progress.reason:
                    return
            is_last = steps.done == self.count
            if self.checkpoint is None or is_last or not self.checkpoint.is_due(steps.count):
                continue
            self._write(self.checkpoint, random, steps.epoch)

    def _step(self, places: list[int], rows: int) -> None:
        """A step by the mean gradient of some blocks."""
        steps, weights = self._steps, self._weights()
        sums = _added(self.blocks.sums(self._work, weights, places, epoch=self._drawn_epoch))
        with np.errstate(all="ignore"):
            gradient = sums[1:-1] / rows - self._decay * weights
            self.mover.time = steps.time
            self._keep(self.mover.move(weights, gradient))
        steps.total += float(sums[0])
        steps.right += int(sums[-1])
        steps.advance(rows)

    def _step_of_all(self, objective: Objective) -> None:
        """A step of an optimiser that evaluates all rows several times."""
        tool: Any = self.mover.optimiser
        weights, free = self._weights(), self.mover.free
        moved = weights if free is None else weights[free]
        self._steps.total, self._steps.right = objective.begin(moved, self._drawn_epoch)
        self.mover.time = self._steps.time
        if self.mover.set_rate():
            with np.errstate(all="ignore"):
                moved = tool.step(moved, *objective.arguments(tool.kind))
            if free is None:
                weights = moved
            else:
                weights[free] = moved
            self._keep(weights)
        self._steps.advance(self.count)
        if tool.finished:
            self._progress.stop(tool.finished)

    def _score(self) -> Score:
        return (None, None) if self.score is None else self.score()

    def _more_settings(self) -> dict[str, Any]:
        is_read_in_order = self.blocks.in_order and self._size < self.blocks.count
        return {
            "block": self.blocks.block,
            "blocks in their order": is_read_in_order,
            "backend": self._work.backend,
        }

    def _close(self) -> None:
        self.blocks.close()

    def _weights(self) -> Floats:
        return np.array([w.data for w in self._parameters], dtype=float)

    def _keep(self, weights: Floats) -> None:
        for parameter, weight in zip(self._parameters, weights.tolist(), strict=True):
            parameter.data = weight


class _AllBlocks:
    """All blocks, gone over for some weights."""

    def __init__(self, blocks: Blocks, work: Work) -> None:
        self._blocks, self._work, self.epoch = blocks, work, 0

    def sums(self, weights: Floats) -> tuple[Floats, int]:
        places = list(range(self._blocks.count))
        sums = _added(self._blocks.sums(self._work, weights, places, epoch=self.epoch))
        return sums[:-1], int(sums[-1])

    def product(self, weights: Floats, v: Floats) -> Floats:
        raise NotImplementedError

    def jacobians(self, weights: Floats) -> Iterator[Part]:
        raise NotImplementedError


def _added(sums: Floats) -> Floats:
    """The sums of all blocks, added one after another."""
    total: Floats = sums[0].copy()
    with np.errstate(all="ignore"):
        for part in sums[1:]:
            total += part
    return total


def _require_possible(optimiser: Any) -> None:
    if optimiser.kind not in ("gradient", "function"):
        raise SettingError(
            f"{optimiser.name} needs more of each row than a gradient, which is not computed of "
            "rows in blocks: use lbfgs, adam or another that takes gradients"
        )
