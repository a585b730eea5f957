"""Modules as programs: the outputs, the performance and its gradient for many rows in one call.

The module runs once, on Values, with its own parameters in their places. Its wiring is that of
this moment; the numbers of its parameters are read whenever a program runs.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd_bp import functions
from autograd_bp.compiling.backends.choosing import Choice
from autograd_bp.compiling.backends.registry import checked
from autograd_bp.compiling.calling.threads import count_of
from autograd_bp.compiling.front.compiled import Compiled
from autograd_bp.compiling.front.foreign import needs_limit_in_jax
from autograd_bp.compiling.front.graph import PARAMETERS
from autograd_bp.compiling.front.in_place import CompiledInPlace
from autograd_bp.compiling.front.recording import Performance, Recording
from autograd_bp.compiling.program.program import Program
from autograd_bp.errors import SettingError, ShapeError
from autograd_bp.float_arrays import floats_of
from autograd_bp.flow.rounds import PlainRoundsError
from autograd_bp.nn.module import Module
from autograd_bp.nn.sequences import require_length, takes_length
from autograd_bp.random.sources import Draw, source_of_rows
from autograd_bp.random.sources import table as drawn_table

if TYPE_CHECKING:
    from autograd_bp.compiling.calling.caller import Floats

__all__ = ["CompiledModule", "Recording"]


class CompiledModule:
    """A module as a program over rows of data; made by `Module.compiled`.

    Every call takes X, an array (rows, inputs), and uses the numbers that the parameters have then.

    Attributes:
        module: the module.
        parameters: its parameters: gradients come in their order.
    """

    def __init__(
        self,
        module: Module,
        performance: Performance = functions.performance,
        *,
        backend: str = "auto",
        threads: int | None = None,
    ) -> None:
        self.module, self.parameters = module, module.parameters()
        self._performance = performance
        self._options: dict[str, Any] = {"backend": checked(backend), "threads": count_of(threads)}
        self._recordings: dict[tuple[int, bool, bool], Recording] = {}
        self._functions: dict[tuple[str, int, bool, bool, str | None], Compiled] = {}
        self._latest: Compiled | None = None

    def __call__(self, X: Any) -> Floats:
        """The outputs z: an array (rows, outputs), or (rows,) where the module returns one Value.

        Raises: ShapeError when X is no table of as many inputs as the module takes.
        """
        table = self._table(X)
        recording = self._recorded(table.shape[1], rows=len(table))
        table = _with_random(table, recording.draws_of_outputs)
        recording = self._fitting(recording, table)
        z: Floats = self._function("outputs", recording, None)(recording.weights(), table)
        return z

    def performance(self, X: Any, D: Any, *, reduce: str | None = "sum") -> Any:
        """P, summed over the rows, or with reduce=None an array of one for each.

        Arguments:
            X: the inputs, an array (rows, inputs).
            D: the desired outputs, (rows, outputs), or (rows,) where there is one.
            reduce: "sum" or None.
        """
        recording, table, desired = self._pair(X, D)
        function = self._function("performance", recording, reduce)
        return function(recording.weights(), table, desired)

    def performance_and_gradient(
        self, X: Any, D: Any, *, reduce: str | None = "sum"
    ) -> tuple[Any, Floats]:
        """P and ∂P/∂w for all parameters: a float and an array, summed over the rows; with
        reduce=None an array (rows,) and an array (rows, parameters)."""
        recording, table, desired = self._pair(X, D)
        function = self._function("performance", recording, reduce)
        return function.value_and_grad(recording.weights(), table, desired)

    def gradient(self, X: Any, D: Any, *, reduce: str | None = "sum") -> Floats:
        """∂P/∂w for all parameters, see `performance_and_gradient`."""
        return self.performance_and_gradient(X, D, reduce=reduce)[1]

    def backward(self, X: Any, D: Any, seed: float = 1.0) -> float:
        """Add to the `.grad` of every parameter what `P.backward(seed)` adds for each row.

        Returns: P, summed over the rows.
        """
        P, gradient = self.performance_and_gradient(X, D)
        for w, slope in zip(self.parameters, (seed * gradient).tolist(), strict=True):
            w.grad += slope
        return float(P)

    def to_jax(self) -> Callable[..., Any]:
        """The outputs as a function of JAX, of the parameters in their order and of X; see
        `Compiled.to_jax`."""
        functions: dict[int, tuple[Recording, Callable[..., Any]]] = {}

        def outputs(parameters: Any, X: Any) -> Any:
            rows, width = map(int, X.shape)
            recording = self._recorded(width, drawn=False, rows=rows)
            if recording.grows:
                raise needs_limit_in_jax(repr(self.module))
            if width not in functions or functions[width][0] is not recording:
                compiled = (
                    self._function("outputs", recording, None)
                    if recording.looks_up
                    else self._by_weights(width)
                )
                functions[width] = recording, compiled.to_jax()
            return functions[width][1](parameters, X)

        return outputs

    def to_torch(self) -> Any:
        """The module as one of PyTorch: its parameter `weights` begins as the parameters are, and
        it is called with X. See `Compiled.to_torch`."""
        from autograd_bp.compiling.front.to_torch import layer

        functions: dict[int, tuple[Recording, Callable[..., Any]]] = {}

        def outputs(weights: Any, X: Any) -> Any:
            width = int(X.shape[1])
            recording = self._recorded(width, drawn=False)
            if recording.grows:
                numbers, rows = (x.detach().cpu().double().numpy() for x in (weights, X))
                recording = self._fitting(recording, rows, weights=numbers)
            if width not in functions or functions[width][0] is not recording:
                functions[width] = recording, self._by_weights(width).to_torch()
            return functions[width][1](weights, X)

        return layer(outputs, [w.data for w in self.parameters])

    def _by_weights(self, width: int) -> Compiled:
        function: Compiled = self._recorded(width, drawn=False).outputs_by_weights(**self._options)
        return function

    @property
    def program(self) -> Program:
        """The program that ran last; before, that of the outputs where the module is a Network."""
        return self._now().program

    @property
    def backend(self) -> Choice:
        """The backend that ran it, and why."""
        return self._now().backend

    # ------------------------------------------------------------------------------ how it does
    def _now(self) -> Compiled:
        if self._latest is None:
            sizes = getattr(self.module, "sizes", None)
            if sizes is None:
                raise ShapeError("it has no program yet: call it, the width of X decides")
            recording = self._recorded(sizes[0], drawn=False)
            function = self._function("outputs", recording, None)
            function.trace("value", recording.weights(), np.zeros((1, sizes[0])))
        assert self._latest is not None
        return self._latest

    def _recorded(self, width: int, drawn: bool | None = None, rows: int = 0) -> Recording:
        """The module for rows of so many inputs, with random numbers of each where some are asked
        for. With so many rows that it pays, entries of large tables are looked up."""
        is_drawn = source_of_rows() is not None if drawn is None else drawn
        key = width, is_drawn, rows > 0
        recording = self._recordings.get(key)
        if recording is None or 0 < recording.look_up_from <= rows:
            recording = self._recordings[key] = self._new(width, is_drawn, rows)
            self._functions = {k: f for k, f in self._functions.items() if k[1:4] != key}
        return recording

    def _new(self, width: int, drawn: bool, rows: int) -> Recording:
        def recorded(rows: int) -> Recording:
            return Recording(self.module, width, self._performance, drawn=drawn, rows=rows)

        with contextlib.suppress(PlainRoundsError):
            recording = recorded(rows)
            if not (recording.looks_up and recording.grows):
                return recording
        return recorded(0)

    def _function(self, what: str, recording: Recording, reduce: str | None) -> Compiled:
        """The outputs or the performance of a module that was recorded, as a compiled function."""
        key = (what, *self._key(recording), _checked(reduce))
        function = self._functions.get(key)
        if function is None:
            is_performance = what == "performance"
            graph = recording.performance_function if is_performance else recording.output_function
            function = self._functions[key] = CompiledInPlace(
                graph(),
                rows=("x", "d") if is_performance else "x",
                static=(),
                wrt=PARAMETERS,
                reduce=reduce,
                **self._options,
            )
        self._latest = function
        return function

    def _table(self, X: Any) -> Floats:
        """The inputs as an array. Raises DataError for lengths that rows cannot have."""
        table: Floats = floats_of("X", X, 2)
        if takes_length(self.module) and table.size:
            most = table.shape[1] - 1
            wrong = np.flatnonzero(~((table[:, -1] >= 0) & (table[:, -1] <= most)))
            if len(wrong):
                require_length(table[wrong[0], -1], most, f"row {wrong[0] + 1}")
        return table

    def _pair(self, X: Any, D: Any) -> tuple[Recording, Floats, Floats]:
        table, desired = self._table(X), np.asarray(D)
        recording = self._recorded(table.shape[1], rows=len(table))
        if desired.ndim == 1 and recording.outputs == 1:
            desired = desired[:, None]
        desired = floats_of("D", desired, 2)
        if desired.shape != (len(table), recording.outputs):
            raise ShapeError(
                f"D has the shape {desired.shape}, and {len(table)} rows of {recording.outputs} "
                "desired outputs are needed"
            )
        table = _with_random(table, recording.draws)
        return self._fitting(recording, table, desired), table, desired

    def _fitting(
        self,
        recording: Recording,
        table: Floats,
        desired: Floats | None = None,
        weights: Floats | None = None,
    ) -> Recording:
        """A recording whose loops have rounds enough for these rows; it is kept.

        Arguments:
            recording: the latest.
            table: the inputs, and what the rows draw.
            desired: the desired outputs, where the performance is computed too.
            weights: the numbers of the parameters; those that they have when left out.
        """
        if not recording.grows:
            return recording
        parts = [table] if desired is None else np.split(table, [recording.width], axis=1)
        parts[1:1] = [] if desired is None else [desired]
        rows = np.ascontiguousarray(np.concatenate(parts, axis=1).T)
        weights = recording.weights() if weights is None else weights
        fitting = recording.fitting(weights, rows, self._options["threads"])
        if fitting is not recording:
            key = self._key(recording)
            self._recordings[key] = fitting
            self._functions = {k: f for k, f in self._functions.items() if k[1:4] != key}
        return fitting

    def _key(self, recording: Recording) -> tuple[int, bool, bool]:
        """What it is found by: its width, whether numbers are drawn, whether rows were known."""
        for key, other in self._recordings.items():
            if other is recording:
                return key
        return recording.width, recording.is_drawn, False

    def __getstate__(self) -> dict[str, Any]:
        """Return what a pickle holds: programs are made again."""
        return {"module": self.module, "_performance": self._performance, **self._options}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Also the state of version 0.1.0, which kept the options under other names."""
        self.__init__(  # type: ignore[misc]
            state["module"],
            state["_performance"],
            backend=state.get("backend") or state["_backend"],
            threads=state.get("threads") or state["_threads"],
        )

    def __repr__(self) -> str:
        return f"<{self.module!r} compiled>"


def _with_random(table: Floats, draws: Sequence[Draw]) -> Floats:
    """The rows, and what each of them draws."""
    source = source_of_rows()
    if source is None or not draws:
        return table
    rows = range(source.row, source.row + len(table))
    drawn = drawn_table(draws, source.seed, source.epoch, rows)
    return np.concatenate([table, drawn.T], axis=1)


def _checked(reduce: Any) -> str | None:
    if reduce not in ("sum", None):
        raise SettingError(f'reduce is "sum", or None for a result a row, got {reduce!r:.60}')
    return "sum" if reduce == "sum" else None
