"""Bound calls: the buffers of a call, allocated once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from autograd_bp.compiling.calling.caller import VECTOR, Floats
from autograd_bp.compiling.calling.caller import Bound as NativeBound
from autograd_bp.compiling.front.captured import Captured
from autograd_bp.compiling.front.guarded import Guard
from autograd_bp.compiling.front.packed import Packed
from autograd_bp.compiling.front.parts import Result
from autograd_bp.compiling.front.tables import RowsOf
from autograd_bp.errors import SettingError
from autograd_bp.flow.growing import MoreRoundsError

if TYPE_CHECKING:
    from autograd_bp.compiling.backends.protocol import Runner


Settle = Callable[[Any, Any, Any, Any, int], tuple[Any, Any]]


def views(packed: Packed, parameters: Floats, lines: Floats) -> dict[str, Any]:
    """For each argument an array that looks at its numbers: of its own shape, with the rows
    first if it has rows; in one dimension where it is a nest of lists, dicts and so on."""
    arrays: dict[str, Any] = {}
    place, line = 0, 0
    for name, tree, varies in packed.arguments:
        shape = tree.shape if tree.is_array or tree.key == "number" else (tree.size,)
        if varies:
            part = lines[line : line + tree.size, : packed.inputs.shape[1]]
            line += tree.size
            # Lines are far apart and rows side by side: the last dimensions become strides.
            steps = [part.strides[0] * int(np.prod(shape[k + 1 :])) for k in range(len(shape))]
            if name in packed.tables:
                arrays[name] = TablesOfRows(packed.tables[name], part)
                continue
            arrays[name] = np.lib.stride_tricks.as_strided(
                part, (part.shape[1], *shape), (part.strides[1], *steps)
            )
        else:
            arrays[name] = parameters[place : place + tree.size].reshape(shape)
            place += tree.size
    return arrays


class TablesOfRows:
    """The tables of an argument of a bound call, to write into, and where their rows go.

    Arguments:
        rows_of: the argument of the first call.
        lines: an array (numbers of a row, rows) that the program reads.
    """

    def __init__(self, rows_of: RowsOf, lines: Floats) -> None:
        copies = [np.array(table, dtype=float, order="C") for table in rows_of.tables]
        self.rows_of, self._lines = rows_of.with_tables(copies), lines

    @property
    def arrays(self) -> Any:
        """The array to write into; a tuple of several."""
        tables = self.rows_of.tables
        return tables if self.rows_of.is_several else tables[0]

    def read(self) -> None:
        """Takes over the numbers that the tables have now."""
        self.rows_of.copied_to(self._lines)


def taken_out(arguments: dict[str, Any]) -> dict[str, TablesOfRows]:
    """Puts the arrays in the place of each `TablesOfRows` among these; returns those by name."""
    tables = {name: part for name, part in arguments.items() if isinstance(part, TablesOfRows)}
    arguments.update({name: table.arrays for name, table in tables.items()})
    return tables


def _rows(tables: dict[str, TablesOfRows]) -> dict[str, RowsOf]:
    return {name: table.rows_of for name, table in tables.items()}


class Outside:
    """The Values from outside of a bound call, and what may go wrong in it.

    Arguments:
        captured: the Values.
        guard: what may go wrong.
        packed: the arguments of the call.
        parameters: where the numbers of these and of the arguments are written.
        inputs: where those of the rows are written.
        settled: see `ReadyProgram`; None where no question is open.
    """

    def __init__(
        self,
        captured: Captured,
        guard: Guard | None,
        packed: Packed,
        parameters: Floats,
        inputs: Floats,
        settled: Settle | None,
    ) -> None:
        self._settled = settled
        self._captured, self._static = captured, packed.static
        end = len(packed.parameters)
        self._room = parameters[end - len(captured.leaves) : end]
        self._parameters, self._inputs = parameters[:end], inputs
        self._guard, self._nodes = guard, packed.nodes

    def read(self) -> None:
        """Takes over the numbers that they have now.

        Raises: SettingError where others stand in their places; what the function raises where
            something goes wrong; MoreRoundsError where a loop needs more rounds.
        """
        if not self._captured.is_current(self._static):
            raise SettingError(
                "the function of a bound call finds other Values outside than when it was bound: "
                "bind it again, or pass these numbers as arguments"
            )
        self._room[:] = self._captured.numbers()
        if self._guard is not None:
            inputs = np.ascontiguousarray(self._inputs)
            self._guard.check(self._parameters.copy(), inputs, 1, self._nodes)

    def settle(self, sums: Floats, per_row: Any) -> None:
        """Writes other numbers over these outputs where a question was left open."""
        if self._settled is None:
            return
        lines = np.array(per_row) if len(per_row) else np.empty((0, self._inputs.shape[1]))
        inputs = np.ascontiguousarray(self._inputs)
        others = self._settled(sums, lines, self._parameters.copy(), inputs, 1)
        if others[0] is not sums:
            sums[:] = others[0]
            for line, other in zip(per_row, others[1], strict=True):
                line[:] = other


class Bound(NativeBound):
    """A call whose numbers are kept where native code reads and writes them.

    Write into `arguments`, call, read `numbers` or `result`; nothing is allocated in between.
    One thread at a time may do so.

    Attributes:
        arguments: for each argument an array to write into, see docs/compiling.md.
        numbers: all outputs that are summed over the rows, in one array: the value first, then
            the gradient in the order of the argument.
    """

    arguments: dict[str, Any]
    numbers: Floats

    def __init__(
        self,
        machine: Any,
        packed: Packed,
        result: Result,
        threads: int,
        captured: Captured,
        guard: Guard | None,
        settled: Settle | None,
    ) -> None:
        rows, width = packed.inputs.shape[1], len(packed.inputs)
        is_open = settled is not None
        super().__init__(machine, rows, threads, result.begins_with_the_value, is_open)
        shared, moving, sums = (np.frombuffer(buffer, dtype=float) for buffer in self._buffers())
        stride = -(-rows // VECTOR) * VECTOR
        lines = moving[: width * stride].reshape(width, stride)
        self.arguments = views(packed, shared, lines)
        self.numbers = sums[: sum(result.summed)]
        self._tables = taken_out(self.arguments)
        self._result, self._per_row = result, [moving[k : k + rows] for k in self._lines()]
        shared[: len(packed.parameters)] = packed.parameters
        self._outside = Outside(captured, guard, packed, shared, lines[:, :rows], settled)
        lines[:, :rows] = packed.inputs
        self()

    def _settle(self) -> None:
        """Native code calls it where a question is open and an output is NaN."""
        self._outside.settle(self.numbers, self._per_row)

    @property
    def result(self) -> Any:
        """The result of the latest call."""
        return self._result.of_numbers(self.numbers, np.array(self._per_row), _rows(self._tables))


class BoundToTables(Bound):
    """The same for rows of tables, which are read from the tables at each call."""

    def __call__(self) -> float | None:
        for table in self._tables.values():
            table.read()
        return super().__call__()


class BoundToValues(BoundToTables):
    """The same for a function that takes Values from outside, or where something may go wrong."""

    def __call__(self) -> float | None:
        self._outside.read()
        return super().__call__()


class PlainBound:
    """The same where there is no native code to bind to: convenient, not fast."""

    def __init__(
        self,
        runner: Runner,
        packed: Packed,
        result: Result,
        threads: int,
        captured: Captured,
        guard: Guard | None,
        settled: Settle | None,
    ) -> None:
        self._runner, self._result, self._threads = runner, result, threads
        self._parameters, self._inputs = packed.parameters.copy(), packed.inputs.copy()
        self.arguments = views(packed, self._parameters, self._inputs)
        self._tables = taken_out(self.arguments)
        self.numbers = np.zeros(sum(result.summed))
        self._outside = Outside(captured, guard, packed, self._parameters, self._inputs, settled)
        self()

    def __call__(self) -> float | None:
        for table in self._tables.values():
            table.read()
        self._outside.read()
        sums, self._per_row = self._runner.run(self._parameters, self._inputs, self._threads)
        self.numbers[:] = sums
        self._outside.settle(self.numbers, self._per_row)
        return float(self.numbers[0]) if self._result.begins_with_the_value else None

    @property
    def result(self) -> Any:
        """The result of the latest call."""
        return self._result.of_numbers(self.numbers, self._per_row, _rows(self._tables))


class Grown(NamedTuple):
    """What a bound call goes on with when its loops have got more rounds.

    Attributes:
        runner: what runs the new program.
        captured, guard, settled: see `Outside`.
    """

    runner: Runner
    captured: Captured
    guard: Guard | None
    settled: Settle | None


class GrowingBound(PlainBound):
    """The same for a function with loops that have no limit. Where numbers need more rounds, the
    function is recorded again; the arrays stay.

    Arguments: as of `PlainBound`, and
        again: records the function with more rounds.
    """

    def __init__(
        self,
        grown: Grown,
        packed: Packed,
        result: Result,
        threads: int,
        again: Callable[[MoreRoundsError], Grown],
    ) -> None:
        self._packed, self._again = packed, again
        super().__init__(grown.runner, packed, result, threads, *grown[1:])

    def __call__(self) -> float | None:
        while True:
            try:
                return super().__call__()
            except MoreRoundsError as more:
                grown = self._again(more)
            self._runner = grown.runner
            self._outside = Outside(
                grown.captured,
                grown.guard,
                self._packed,
                self._parameters,
                self._inputs,
                grown.settled,
            )
