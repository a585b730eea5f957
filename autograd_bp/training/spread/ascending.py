"""Steps over rows in blocks: the sums of some blocks, added in their order, make one step."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from random import Random
from typing import Any, NamedTuple

import numpy as np

from autograd_bp.errors import DataError, SettingError
from autograd_bp.interrupts import interrupts
from autograd_bp.nn.module import Module
from autograd_bp.nn.performances import is_known
from autograd_bp.training.dataset import order, stream
from autograd_bp.training.history import Epoch, History
from autograd_bp.training.progress import Bar
from autograd_bp.training.signs import warn_of_loss
from autograd_bp.training.spread.blocks import Blocks
from autograd_bp.training.spread.work import Floats, Work

__all__ = ["Settings", "ascend_by_blocks"]

Score = tuple[float | None, float | None]


class Settings(NamedTuple):
    """How to train.

    Attributes:
        optimiser: takes the steps, on one vector of weights.
        epochs: how often to go over the rows.
        batch: rows of a step: as many blocks as have so many; all of them where it is 1.
        seed: decides the order of the blocks.
        decay: λ of -½ λ Σ w².
        decayed: for each parameter 1.0 where it decays, else 0.0.
    """

    optimiser: Any
    epochs: int
    batch: int
    seed: int
    decay: float
    decayed: Sequence[float]


def ascend_by_blocks(
    network: Module,
    blocks: Blocks,
    performance: Callable[[Any, Any], Any],
    settings: Settings,
    *,
    judged: bool | None = None,
    score: Callable[[], Score] | None = None,
    bar: Bar | None = None,
    on_epoch: Callable[[Epoch], bool] | None = None,
) -> History:
    """Train a network, in place.

    Arguments:
        network: the network.
        blocks: the rows.
        performance: the function of d and the outputs.
        settings: how.
        judged: whether right and wrong are counted; where the desired outputs are classes when left
            out.
        score: P and the share that is right of the rows held out, after each epoch.
        bar: to show the progress.
        on_epoch: called with each finished epoch; True ends the training.

    Raises: DataError when the network has another number of outputs; SettingError when the weights
        have grown beyond all numbers; also the errors of `Module.compiled`.
    """
    _require_possible(settings.optimiser)
    work = Work.of(network, blocks.width, performance, weighted=blocks.weighted)
    if work.outputs != blocks.outputs:
        raise DataError(
            f"rows have {blocks.outputs} desired outputs, and the network has {work.outputs}"
        )
    if not is_known(performance):
        _warn(network, blocks, performance)
    history, random = History(), stream(settings.seed, "order")
    history.how = f"compiled: {blocks.count} blocks of {blocks.block:,} rows, by {work.backend}"
    ascent = _Ascent(network, blocks, work, settings)
    is_judged = blocks.are_classes if judged is None else judged
    with interrupts.handled(of_command=False):
        try:
            with interrupts.stoppable():
                for number in range(1, settings.epochs + 1):
                    P, right = ascent.epoch(random, bar)
                    _require_finite(number, P, ascent.weights, settings.optimiser.rate)
                    share = right / blocks.rows if is_judged else None
                    of_held_out: Score = (None, None) if score is None else score()
                    epoch = Epoch(number, P / blocks.rows, share, *of_held_out)
                    history.epochs.append(epoch)
                    if bar is not None:
                        bar.finish(epoch)
                    if on_epoch is not None and on_epoch(epoch):
                        break
        except KeyboardInterrupt:
            history.interrupted = True
        finally:
            blocks.close()
        if interrupts.count:
            history.interrupted = True
    return history


class _Ascent:
    """The weights on their way, as one vector; the network has those of the last step."""

    def __init__(self, network: Module, blocks: Blocks, work: Work, settings: Settings) -> None:
        self._parameters, self._blocks, self._work = network.parameters(), blocks, work
        self._settings = settings
        self.weights: Floats = np.array([w.data for w in self._parameters], dtype=float)
        self._decay = settings.decay * np.asarray(settings.decayed, dtype=float)

    def epoch(self, random: Random, bar: Bar | None) -> tuple[float, float]:
        """Σ P of the rows and how many were right, each before the step that learns from it."""
        total, right = 0.0, 0.0
        optimiser = self._settings.optimiser
        for places in self._steps(random):
            first: list[Floats] = []

            def function(weights: Floats, places: list[int] = places, first: Any = first) -> Any:
                sums = self._added(self._blocks.sums(self._work, weights, places))
                first.append(sums)
                return self._mean(weights, sums, self._blocks.rows_of(places))

            if optimiser.kind == "function":
                self.weights = optimiser.step(self.weights, function)
            else:
                _, gradient = function(self.weights)
                self.weights = optimiser.step(self.weights, gradient)
            total, right = total + float(first[0][0]), right + float(first[0][-1])
            self._keep()
            if bar is not None:
                bar.advance(self._blocks.rows_of(places))
        return total, right

    def _mean(self, weights: Floats, sums: Floats, rows: int) -> tuple[float, Floats]:
        """The mean performance of rows and its gradient, with the decay."""
        with np.errstate(all="ignore"):
            gradient = sums[1:-1] / rows - self._decay * weights
            squares = float((self._decay * weights) @ weights)
        return float(sums[0]) / rows - 0.5 * squares, gradient

    def _keep(self) -> None:
        for parameter, weight in zip(self._parameters, self.weights.tolist(), strict=True):
            parameter.data = weight

    def _steps(self, random: Random) -> list[list[int]]:
        """The blocks of each step."""
        count = self._blocks.count
        size = count
        if self._settings.batch > 1 and not self._settings.optimiser.takes_all_rows:
            size = min(count, max(1, round(self._settings.batch / self._blocks.block)))
        places = list(range(count))
        if size < count and not self._blocks.in_order:
            places = order(count, random)
        return [places[k : k + size] for k in range(0, count, size)]

    def _added(self, sums: Floats) -> Floats:
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


def _warn(network: Module, blocks: Blocks, performance: Callable[[Any, Any], Any]) -> None:
    """Say where a performance of the user's own is a loss: seen at 0, since no row lies here."""
    warn_of_loss(network, ([0.0] * blocks.width, [0.0] * blocks.outputs), performance)


def _require_finite(epoch: int, P: float, weights: Floats, rate: float) -> None:
    if not math.isfinite(P) or not np.isfinite(weights).all():
        raise SettingError(
            f"the weights ran away in epoch {epoch} (P is {P:g}): use a rate smaller than {rate:g}"
        )
