"""Computes a block of rows: sums of P and its gradient, by a program."""

from __future__ import annotations

import contextlib
import pickle
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from threading import Lock
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from autograd_bp.compiling.backends.choosing import BackendChoice
from autograd_bp.compiling.backends.protocol import Source
from autograd_bp.compiling.backends.registry import named
from autograd_bp.compiling.front.recording import Recording
from autograd_bp.errors import DataError, FrozenNumberError
from autograd_bp.nn.module import Module
from autograd_bp.random.sources import Draw
from autograd_bp.random.sources import table as drawn_table
from autograd_bp.training.target import THRESHOLD

__all__ = ["Facts", "Work", "facts_of_table", "table_of"]

Floats = NDArray[np.float64]
BACKENDS = ("llvm", "numpy")  # the best that is there: of each the sums have other bits

MAX_PREPARED = 16
_prepared: dict[str, BackendChoice] = {}
_lock = Lock()


class Facts(NamedTuple):
    """The facts that are known of a part of the rows.

    Attributes:
        rows: their number.
        are_classes: whether all their desired outputs are classes.
        problem: what is wrong with a number among them; "" where nothing is.
        place: of that row, from 0.
    """

    rows: int
    are_classes: bool
    problem: str = ""
    place: int = 0


@dataclass(frozen=True)
class Work:
    """A program, and the backend that runs it everywhere: it is pickled and sent to the rows.

    Attributes:
        program: z for each row, and the sums of P and ∂P/∂w.
        backend: its name.
        outputs: how many outputs a row has.
        width: how many inputs.
        guard: computes for each row 1 where an index is out of range; None where none may be.
        key: the same for equal programs.
        draws: the random numbers that each row draws.
        seed: of these.
    """

    program: Any = field(repr=False)
    backend: str
    outputs: int
    width: int
    guard: Any = field(repr=False)
    key: str
    draws: tuple[Draw, ...] = ()
    seed: int = 0

    @classmethod
    def of(
        cls,
        network: Module,
        width: int,
        performance: Callable[[Any, Any], Any],
        *,
        weighted: bool,
        seed: int | None = None,
    ) -> Work:
        """The work for a network.

        Arguments:
            network: the network.
            width: how many inputs a row has.
            performance: a function of d and the outputs.
            weighted: whether the last number of a row is its weight.
            seed: of the random numbers that rows draw; they are their means when left out.

        Raises: the errors of `Module.compiled`.
        """
        recording = _recorded(network, width, performance, weighted, seed is not None)
        program = recording.training_program(gradient=True)
        source = Source(program)
        backend = next(
            name
            for name in BACKENDS
            if named(name).unavailable() is None and named(name).refusal(source) is None
        )
        found = recording.guard()
        guard = None if found is None else found.program
        parts = pickle.dumps((program, guard), protocol=5)
        key = sha256(parts + backend.encode()).hexdigest()
        settings = recording.outputs, width, guard, key, recording.draws, seed or 0
        return cls(program, backend, *settings)

    def sums(self, weights: Floats, table: Floats, *, row: int = 0, epoch: int = 0) -> Floats:
        """Of the rows of a block: Σ P, ∂/∂w of it, and last how many outputs are right.

        Arguments:
            weights: of all parameters.
            table: the inputs, the desired outputs and the weight of each row, (numbers, rows).
            row: the number of the first row among all rows: what they draw depends on it.
            epoch: the same, from 0.
        """
        rows = np.ascontiguousarray(table)
        if self.draws:
            places = range(row, row + table.shape[1])
            rows = np.concatenate([rows, drawn_table(self.draws, self.seed, epoch, places)])
        if self.guard is not None:
            self._require_right(weights, rows)
        sums, z = self._choice("", self.program).run(weights, rows, 1)
        desired = table[self.width : self.width + self.outputs]
        return np.concatenate([sums, [float(_right(desired, z))]])

    def _require_right(self, weights: Floats, rows: Floats) -> None:
        _, faults = self._choice("guard", self.guard).run(weights, rows, 1)
        places = np.flatnonzero(faults[0])
        if len(places):
            raise DataError(
                f"an index that the network takes is out of range for the row "
                f"{rows[: self.width, places[0]].tolist()!s:.200}"
            )

    def _choice(self, what: str, program: Any) -> BackendChoice:
        """A prepared program: once in each process."""
        key = what + self.key
        with _lock:
            if key not in _prepared:
                if len(_prepared) > MAX_PREPARED:
                    _prepared.clear()
                _prepared[key] = BackendChoice(program, self.backend)
            return _prepared[key]


def _recorded(
    network: Module,
    width: int,
    performance: Callable[[Any, Any], Any],
    weighted: bool,
    drawn: bool,
) -> Recording:
    """One run of the network. The threads of a cluster's client draw random numbers now and then,
    and a run must not draw any: then it is done once more."""
    for _ in range(9):
        recording = _once(network, width, performance, weighted, drawn)
        if recording is not None:
            return recording
    return Recording(network, width, performance, weighted=weighted, drawn=drawn)


def _once(
    network: Module,
    width: int,
    performance: Callable[[Any, Any], Any],
    weighted: bool,
    drawn: bool,
) -> Recording | None:
    try:
        recording = Recording(network, width, performance, weighted=weighted, drawn=drawn)
        recording.performance_function()
    except FrozenNumberError:
        return None
    return recording


def sums_of_blocks(
    work: Work,
    weights: Floats,
    table: Floats,
    block: int,
    which: list[int],
    *,
    first: int = 0,
    epoch: int = 0,
) -> Floats:
    """The sums of some blocks of a table, one below the other; `first` is the number of its first
    block among all blocks."""
    sums = []
    for k in which:
        part = table[:, k * block : (k + 1) * block]
        sums.append(work.sums(weights, part, row=(first + k) * block, epoch=epoch))
    return np.stack(sums)


def digests_of_blocks(table: Floats, block: int) -> list[bytes]:
    """A fingerprint of each block of a table."""
    return [
        sha256(np.ascontiguousarray(table[:, start : start + block]).tobytes()).digest()
        for start in range(0, table.shape[1], block)
    ]


def table_of(X: Any, D: Any, weight: Any = None) -> Floats:
    """The table (numbers, rows) of arrays (rows, inputs), (rows, outputs) or (rows,), and (rows,).

    Raises: DataError when they do not fit or hold anything but numbers.
    """
    parts = [_columns("X", X), _columns("D", D)]
    if weight is not None:
        parts.append(_columns("sample_weight", weight))
    if len({part.shape[1] for part in parts}) > 1:
        lengths = ", ".join(str(part.shape[1]) for part in parts)
        raise DataError(f"a chunk has different numbers of rows in X, D and weights: {lengths}")
    return np.concatenate(parts)


def facts_of_table(table: Floats, width: int, outputs: int, *, weighted: bool = False) -> Facts:
    """Collect the facts about rows that are needed before they are learned from.

    Raises: DataError when they have another width than the first ones.
    """
    expected = width + outputs + weighted
    if len(table) != expected:
        raise DataError(
            f"a chunk has {len(table)} columns of inputs and desired outputs together, and the "
            f"first one had {expected}"
        )
    desired = table[width : width + outputs]
    is_class = bool(np.isin(desired, (0.0, 1.0)).all())
    if outputs > 1:
        is_class = is_class and bool((desired.sum(axis=0) == 1.0).all())
    unknown = np.argwhere(~np.isfinite(table.T))
    if len(unknown):
        place, column = unknown[0].tolist()
        what = "input" if column < width else "desired output"
        number = column + 1 if column < width else column - width + 1
        what, number = ("sample weight", 1) if column >= width + outputs else (what, number)
        problem = f"{what} {number} is {float(table[column, place])!r}, which says nothing"
        return Facts(table.shape[1], bool(is_class), problem, place)
    if weighted and (table[-1] < 0.0).any():
        place = int((table[-1] < 0.0).argmax())
        return Facts(table.shape[1], bool(is_class), "the sample weight is below 0", place)
    return Facts(table.shape[1], bool(is_class))


def _columns(what: str, part: Any) -> Floats:
    for method in ("to_numpy", "toarray"):
        if hasattr(part, method):
            part = getattr(part, method)()
            break
    try:
        array = np.asarray(part)
    except ValueError:
        raise DataError(f"{what} has rows of different lengths") from None
    if array.dtype.kind == "O":
        with contextlib.suppress(TypeError, ValueError):
            array = array.astype(float)
    if array.dtype.kind not in "fiub" or array.ndim not in (1, 2):
        raise DataError(
            f"{what} is a table of plain numbers, got the shape {array.shape} and the dtype "
            f"{array.dtype}; `fit` encodes tables of any kind"
        )
    columns = array[None] if array.ndim == 1 else array.T
    return np.ascontiguousarray(columns, dtype=float)


def _right(desired: Floats, z: Floats) -> int:
    """As `target.is_right`, for all rows at once."""
    if len(desired) == 1:
        return int(np.count_nonzero((desired >= THRESHOLD) == (z >= THRESHOLD)))
    return int(np.count_nonzero(desired.argmax(axis=0) == z.argmax(axis=0)))
