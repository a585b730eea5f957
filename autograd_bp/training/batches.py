"""Rows as arrays, and compiled programs that go over them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd_bp.compiling.backends.choosing import BackendChoice
from autograd_bp.compiling.backends.registry import AUTO
from autograd_bp.compiling.calling.caller import VECTOR, Bound, Machine
from autograd_bp.compiling.calling.threads import count_of
from autograd_bp.compiling.front.recording import Recording
from autograd_bp.errors import DataError
from autograd_bp.nn.module import Module
from autograd_bp.random.sources import table as drawn_table
from autograd_bp.training.moving import Mover
from autograd_bp.training.rows import ArrayRows
from autograd_bp.training.steps import Steps
from autograd_bp.training.target import THRESHOLD
from autograd_bp.value import Value

__all__ = ["Batches"]

Floats = NDArray[np.float64]
MOST_DRAWN = 1 << 20  # random numbers that are held at once


class Batches:
    """Goes over rows a batch at a time, each in one call of a program.

    Arguments:
        network: the network; its weights are moved.
        rows: pairs (x, d).
        performance: the function of d and the outputs.
        with_gradient: whether the gradient is needed.
        at_once: whether there are so many rows that machine code is made before the first step.
        sample_weight: of each row.
        seed: of the random numbers that rows draw, where steps are taken.

    Attributes:
        epoch: that of these numbers, from 0.

    Raises: DataError when the rows are not of one length or hold anything but numbers; also the
        errors of `Module.compiled`.
    """

    def __init__(
        self,
        network: Module,
        rows: Sequence[tuple[Any, list[Any]]],
        performance: Callable[[Any, Any], Any],
        with_gradient: bool,
        *,
        at_once: bool = False,
        sample_weight: Sequence[float] | None = None,
        seed: int | None = None,
    ) -> None:
        if isinstance(rows, ArrayRows):
            X, D = rows.arrays()
        else:
            X, D = _table([x for x, _ in rows], "inputs"), _table([d for _, d in rows], "outputs")
        weighted = sample_weight is not None
        drawn = seed is not None
        self._recording = Recording(network, len(X), performance, weighted=weighted, drawn=drawn)
        if len(D) != self._recording.outputs:
            raise DataError(
                f"rows have {len(D)} desired outputs, and the network has {self._recording.outputs}"
            )
        self._table, self._desired = np.concatenate([X, D]), D
        if weighted:
            self._table = np.concatenate([self._table, np.array([sample_weight])])
        self._with_gradient, self._backend = with_gradient, AUTO
        self._adopt(self._recording)
        self._threads = count_of(None)
        self._draws, self._seed, self.epoch = self._recording.draws, seed, 0
        self._drawn: tuple[int, Floats] | None = None
        self._one: One | None = None
        self._decay: Floats | None = None
        if at_once:
            self._choice.compile_now()

    def _adopt(self, recording: Recording) -> None:
        """Goes on with the program of a recording."""
        self._recording = recording
        program = recording.training_program(gradient=self._with_gradient)
        self._choice = BackendChoice(program, self._backend)
        self._guard = recording.guard()

    def decay(self, decay: float, weights: set[Value]) -> None:
        """From now on P has -½ λ Σ w² beside it, over some of the weights; decay is λ."""
        marks = [parameter in weights for parameter in self._recording.parameters]
        self._decay = decay * np.array(marks, dtype=float) if decay else None

    def ascend(
        self, places: Sequence[int], batch: int, mover: Mover, progress: Steps
    ) -> tuple[float, int]:
        """A step for each batch of rows in that order.

        Arguments:
            places: of the rows.
            batch: how many make a step.
            mover: what makes new weights of the gradient of their mean performance.
            progress: what counts the steps.

        Returns: Σ P of all rows of the epoch so far, and how many of these rows were right, each
            before the step that learns from it.
        """
        right, size = 0, self._at_once(batch) or len(places)
        for start in range(0, len(places), size):
            part = places[start : start + size]
            if batch == 1 and self._one is not None:
                go = self._steady_one_by_one if mover.is_steady_ascent else self._one_by_one
                z = go(self._rows(part), mover, progress)
            else:
                z = self._in_batches(self._rows(part), batch, mover, progress)
            right += _right(self._desired[:, part], z)
        return progress.total, right

    def _at_once(self, batch: int) -> int:
        """How many rows get their random numbers together; 0 for all."""
        if not self._draws:
            return 0
        return max(1, MOST_DRAWN // (len(self._draws) * batch)) * batch

    def _rows(self, places: Sequence[int]) -> Floats:
        """The numbers of some rows, those that are drawn last."""
        rows: Floats = self._table[:, places]
        if not self._draws:
            return rows
        return np.concatenate([rows, self._random(places)])

    def _random(self, places: Sequence[int]) -> Floats:
        assert self._seed is not None
        drawn: Floats = drawn_table(self._draws, self._seed, self.epoch, places)
        return drawn

    def _all_random(self) -> Floats:
        """Draw the random numbers of all rows in this epoch."""
        if self._drawn is None or self._drawn[0] != self.epoch:
            self._drawn = self.epoch, self._random(range(self._table.shape[1]))
        return self._drawn[1]

    def _in_batches(self, rows: Floats, batch: int, mover: Mover, progress: Steps) -> Floats:
        count = rows.shape[1]
        z: Floats = np.empty((self._recording.outputs, count))
        weights = self._recording.weights()
        is_steady, rate = mover.is_steady_ascent, mover.rate
        try:
            for start in range(0, count, batch):
                part = np.ascontiguousarray(rows[:, start : start + batch])
                self._require_right(weights, part)
                sums, z[:, start : start + batch] = self._choice.run(weights, part, self._threads)
                progress.total += float(sums[0])
                with np.errstate(all="ignore"):
                    if is_steady:
                        step = rate / part.shape[1] * sums[1:]
                        if self._decay is not None:
                            step -= rate * self._decay * weights
                        weights += step
                    else:
                        gradient = sums[1:] / part.shape[1]
                        if self._decay is not None:
                            gradient -= self._decay * weights
                        mover.time = progress.time
                        weights = mover.move(weights, gradient)
                progress.advance(part.shape[1])
        finally:  # after Ctrl-C, too: the weights are those of the last step
            self._keep(weights)
        return z

    def prepare_epoch(self, batch: int) -> None:
        """Find out whether there is machine code to call for single rows, with buffers of its own.
        The result holds for a whole epoch, wherever that is interrupted."""
        if batch != 1 or self._recording.grows:
            return
        machine = self._choice.runner(1)
        if self._one is None and isinstance(machine, Machine):
            width = len(self._table) + len(self._draws)
            self._one = One(machine, len(self._recording.parameters), width)

    def _steady_one_by_one(self, table: Floats, mover: Mover, progress: Steps) -> Any:
        """The same for single rows, for which making arrays would take longer than computing."""
        one, total = self._one, progress.total
        assert one is not None
        rows = np.ascontiguousarray(table.T)
        z: Floats = np.empty((len(rows), self._recording.outputs))
        weights, gradient, call, inputs = one.weights, one.gradient, one.call, one.inputs
        step, advance, rate = np.empty(len(weights)), progress.advance, mover.rate
        shrink = None if self._decay is None else rate * self._decay
        weights[:] = self._recording.weights()
        try:
            with np.errstate(all="ignore"):
                for row, outputs in zip(rows, z, strict=True):
                    inputs[:] = row
                    if self._guard is not None:
                        self._require_right(weights, np.ascontiguousarray(row[:, None]))
                    total += call()
                    one.numbers.take(one.outputs, 0, outputs, "clip")
                    np.multiply(gradient, rate, step)
                    if shrink is not None:
                        np.subtract(step, shrink * weights, step)
                    np.add(weights, step, weights)
                    advance(1)
        finally:
            progress.total = total
            self._keep(weights)
        return z.T

    def _one_by_one(self, table: Floats, mover: Mover, progress: Steps) -> Any:
        """The same with any optimiser."""
        one = self._one
        assert one is not None
        rows = np.ascontiguousarray(table.T)
        z: Floats = np.empty((len(rows), self._recording.outputs))
        weights = one.weights
        weights[:] = self._recording.weights()
        try:
            with np.errstate(all="ignore"):
                for row, outputs in zip(rows, z, strict=True):
                    one.inputs[:] = row
                    if self._guard is not None:
                        self._require_right(weights, np.ascontiguousarray(row[:, None]))
                    progress.total += one.call()
                    one.numbers.take(one.outputs, 0, outputs, "clip")
                    gradient = one.gradient
                    if self._decay is not None:
                        gradient = gradient - self._decay * weights
                    mover.time = progress.time
                    weights[:] = mover.move(weights, gradient)
                    progress.advance(1)
        finally:
            self._keep(weights)
        return z.T

    def _require_right(self, weights: Floats, rows: Floats) -> None:
        """Raises what the network raises on the first row where something goes wrong, such as an
        index outside of its table."""
        if self._recording.grows:
            fitting = self._recording.fitting(weights, rows, self._threads)
            if fitting is not self._recording:
                self._adopt(fitting)
        elif self._guard is not None:
            self._keep(weights)  # the network itself says what it is
            self._guard.check(weights, rows, self._threads, self._recording.nodes)

    def _keep(self, weights: Floats) -> None:
        for parameter, weight in zip(self._recording.parameters, weights.tolist(), strict=True):
            parameter.data = weight

    def judge(self) -> tuple[float, int]:
        """Σ P of all rows and how many are right."""
        sums, right = self.all_rows(self._recording.weights())
        return float(sums[0]), right

    def all_rows(self, weights: Floats) -> tuple[Floats, int]:
        """Σ P of all rows and, if asked for, its gradient; and how many rows are right."""
        table = self._table
        if self._draws:
            table = np.concatenate([table, self._all_random()])
        self._require_right(weights, table)
        sums, z = self._choice.run(weights, table, self._threads)
        return sums, _right(self._desired, z)

    def arrays(self, sample_weight: Sequence[float] | None) -> tuple[Floats, Floats, Floats]:
        """The inputs and the desired outputs, a row for each row, and the weights of the rows."""
        rows, width = self._table.shape[1], self._recording.width
        weight = np.ones(rows) if sample_weight is None else np.array(sample_weight)
        return self._table[:width].T.copy(), self._desired.T.copy(), weight

    def random(self) -> Floats:
        """The random numbers of each row in this epoch, a row for each: first for its outputs."""
        return self._all_random().T if self._draws else np.empty((self._table.shape[1], 0))

    @property
    def seed(self) -> int | None:
        """The seed of the random numbers; None where all are their means."""
        return self._seed

    def settle(self) -> str:
        """Let the backend that would run the next call run all of them; its name. Optimisers that
        evaluate more or less often in a step get the same bits."""
        name = self._backend = self._choice.choice.name
        self._choice = BackendChoice(self._choice.content, name)
        return name

    @property
    def place(self) -> dict[str, Any]:
        """The place that decides which backend runs the next call: with it a training that goes on
        from a checkpoint gets the same bits."""
        rounds = {"rounds": self._recording.rounds} if self._recording.grows else {}
        return {**self._choice.place, "one": self._one is not None, **rounds}

    @place.setter
    def place(self, place: dict[str, Any]) -> None:
        if place.get("rounds"):
            self._adopt(self._recording.with_rounds(place["rounds"]))
        self._choice.place = place
        if place["one"]:
            self.prepare_epoch(1)


class One:
    """A call for one row. Its numbers stay in the arrays that machine code reads and writes.

    Attributes:
        weights, inputs: arrays to write into.
        gradient: the gradient by the weights, after a call.
        numbers, outputs: an array, and the places of the row's outputs in it.
        call: computes, and returns P.
    """

    def __init__(self, machine: Machine, weights: int, width: int) -> None:
        self.call: Any = Bound(machine, 1, 1, True)
        fixed, self.numbers, sums = (
            np.frombuffer(buffer, dtype=float) for buffer in self.call._buffers()
        )
        self.weights, self.gradient = fixed[:weights], sums[1 : 1 + weights]
        self.inputs = self.numbers[: width * VECTOR : VECTOR]
        self.outputs = np.array(self.call._lines())


def _table(rows: list[Any], what: str) -> Floats:
    """The rows as columns of an array. Raises DataError where that cannot be."""
    try:
        table = np.array([[*row] for row in rows])
    except (TypeError, ValueError):
        raise DataError(f"rows have different numbers of {what}, or none") from None
    if table.ndim != 2 or table.dtype.kind not in "fiub":
        raise DataError(f"rows hold {what} that are no plain numbers")
    return np.ascontiguousarray(table.T, dtype=float)


def _right(desired: Floats, z: Floats) -> int:
    """As `target.is_right`, for all rows at once."""
    if len(desired) == 1:
        return int(np.count_nonzero((desired >= THRESHOLD) == (z >= THRESHOLD)))
    return int(np.count_nonzero(desired.argmax(axis=0) == z.argmax(axis=0)))
