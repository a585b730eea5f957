"""Modules as programs: the outputs, the performance and its gradient for many rows in one call.

The module runs once, on Values, with its own parameters in their places. Its wiring is that of
this moment; the numbers of its parameters are read whenever the program runs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd_bp import functions
from autograd_bp.compiling.backends.choosing import BackendChoice, Choice
from autograd_bp.compiling.backends.registry import checked
from autograd_bp.compiling.calling.threads import count_of
from autograd_bp.compiling.front.graph import require_all_named
from autograd_bp.compiling.program.flatten import flatten
from autograd_bp.compiling.program.passes import optimised
from autograd_bp.compiling.program.program import Program
from autograd_bp.contexts import no_branching, recording
from autograd_bp.derivatives.recorded import record_gradients
from autograd_bp.errors import OperandError, SettingError, ShapeError
from autograd_bp.nn.module import Module
from autograd_bp.value import Value

if TYPE_CHECKING:
    from autograd_bp.compiling.backends.numpy.views import Floats

__all__ = ["CompiledModule", "Recording"]

Performance = Callable[[Any, Any], Any]


class Recording:
    """A module that ran once on Values, and the programs that this makes.

    Arguments:
        module: the module.
        width: how many inputs a row has.
        performance: a function of the desired outputs d and the outputs z.

    Attributes:
        parameters: the module's parameters, in their order.
        width: as given.
        outputs: how many outputs a row has.
        alone: whether the module returned its output as a Value and not in a list.

    Raises: BranchError where the module compares Values; OperandError where it returns something
        else than Values, or computes with leaves that are not among its parameters.
    """

    def __init__(self, module: Module, width: int, performance: Performance) -> None:
        self.parameters, self.width = module.parameters(), width
        self._x = [Value(0.5, f"x{i}") for i in range(1, width + 1)]
        with recording(), no_branching():
            returned = module([*self._x])
            self.alone = isinstance(returned, Value)
            self._z = [returned] if self.alone else list(returned)
            self._require_values(module)
            self._performance = performance
        self.outputs = len(self._z)

    def _require_values(self, module: Module) -> None:
        for z in self._z:
            if not isinstance(z, Value):
                raise OperandError(
                    f"{type(module).__name__} returned {type(z).__name__} {z!r:.40}: its outputs "
                    "must be Values"
                )
        require_all_named(self._z, [*self.parameters, *self._x])

    @cached_property
    def _d(self) -> list[Value]:
        return [Value(0.25, f"d{i}") for i in range(1, self.outputs + 1)]

    @cached_property
    def _climbed(self) -> Value:
        with recording(), no_branching():
            P = self._performance(self._d, self._z)
        if not isinstance(P, Value):
            raise OperandError(
                f"the performance is {type(P).__name__} {P!r:.40}: it must be one Value"
            )
        require_all_named([P], [*self.parameters, *self._x, *self._d])
        return P

    def forward(self) -> Program:
        """x -> z, for each row."""
        return self._program(self._z, [False] * self.outputs, self._x)

    def judging(self, *, summed: bool) -> Program:
        """x and d -> z for each row, and P, summed over the rows or not."""
        return self._program(
            [*self._z, self._climbed], [False] * self.outputs + [summed], [*self._x, *self._d]
        )

    def climbing(self, *, summed: bool) -> Program:
        """x and d -> z for each row, P and ∂P/∂w for each parameter, summed or not."""
        with recording():
            gradient = record_gradients([self._climbed], self.parameters)
        marks = [False] * self.outputs + [summed] * (1 + len(gradient))
        return self._program([*self._z, self._climbed, *gradient], marks, [*self._x, *self._d])

    def _program(
        self, outputs: Sequence[Any], summed: Sequence[bool], inputs: Sequence[Value]
    ) -> Program:
        return optimised(flatten(outputs, parameters=self.parameters, inputs=inputs, summed=summed))

    def weights(self) -> Floats:
        """The numbers of the parameters now."""
        return np.array([w.data for w in self.parameters], dtype=float)


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
        self._backend, self._threads = checked(backend), count_of(threads)
        self._recordings: dict[int, Recording] = {}
        self._plans: dict[tuple[int, str, bool], BackendChoice] = {}
        self._latest: BackendChoice | None = None

    def __call__(self, X: Any) -> Floats:
        """The outputs z: an array (rows, outputs), or (rows,) where the module returns one Value.

        Raises: ShapeError when X is no table of as many inputs as the module takes.
        """
        table = _table("X", X)
        recording = self._recorded(table.shape[1])
        _, z = self._run(recording, "forward", False, table.T)
        return z[0] if recording.alone else np.ascontiguousarray(z.T)

    def performance(self, X: Any, D: Any, *, reduce: str | None = "sum") -> Any:
        """P, summed over the rows, or with reduce=None an array of one for each.

        Arguments:
            X: the inputs, an array (rows, inputs).
            D: the desired outputs, (rows, outputs), or (rows,) where there is one.
            reduce: "sum" or None.
        """
        recording, inputs = self._pair(X, D)
        sums, each = self._run(recording, "judging", _sums(reduce), inputs)
        return each[-1] if reduce is None else float(sums[0])

    def performance_and_gradient(
        self, X: Any, D: Any, *, reduce: str | None = "sum"
    ) -> tuple[Any, Floats]:
        """P and ∂P/∂w for all parameters: a float and an array, summed over the rows; with
        reduce=None an array (rows,) and an array (rows, parameters)."""
        recording, inputs = self._pair(X, D)
        sums, each = self._run(recording, "climbing", _sums(reduce), inputs)
        if reduce is not None:
            return float(sums[0]), sums[1:]
        return each[recording.outputs], np.ascontiguousarray(each[recording.outputs + 1 :].T)

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

    @property
    def program(self) -> Program:
        """The program that ran last; before, that of the outputs where the module is a Network."""
        return self._now().program

    @property
    def backend(self) -> Choice:
        """What ran it, and why."""
        return self._now().choice

    # ------------------------------------------------------------------------------ how it does
    def _now(self) -> BackendChoice:
        if self._latest is None:
            sizes = getattr(self.module, "sizes", None)
            if sizes is None:
                raise ShapeError("it has no program yet: call it, the width of X decides")
            self._latest = self._plan(self._recorded(sizes[0]), "forward", False)
        return self._latest

    def _recorded(self, width: int) -> Recording:
        if width not in self._recordings:
            self._recordings[width] = Recording(self.module, width, self._performance)
        return self._recordings[width]

    def _plan(self, recording: Recording, what: str, summed: bool) -> BackendChoice:
        key = (recording.width, what, summed)
        if key not in self._plans:
            make = getattr(recording, what)
            program = make() if what == "forward" else make(summed=summed)
            self._plans[key] = BackendChoice(program, self._backend)
        return self._plans[key]

    def _run(
        self, recording: Recording, what: str, summed: bool, inputs: Floats
    ) -> tuple[Floats, Floats]:
        self._latest = self._plan(recording, what, summed)
        return self._latest.run(recording.weights(), np.ascontiguousarray(inputs), self._threads)

    def _pair(self, X: Any, D: Any) -> tuple[Recording, Floats]:
        table, desired = _table("X", X), np.asarray(D)
        recording = self._recorded(table.shape[1])
        if desired.ndim == 1 and recording.outputs == 1:
            desired = desired[:, None]
        desired = _table("D", desired)
        if desired.shape != (len(table), recording.outputs):
            raise ShapeError(
                f"D has the shape {desired.shape}, and {len(table)} rows of {recording.outputs} "
                "desired outputs are needed"
            )
        return recording, np.concatenate([table.T, desired.T])

    def __repr__(self) -> str:
        return f"<{self.module!r} compiled>"


def _sums(reduce: str | None) -> bool:
    if reduce not in ("sum", None):
        raise SettingError(f'reduce is "sum", or None for a result a row, got {reduce!r:.60}')
    return reduce == "sum"


def _table(name: str, given: Any) -> Floats:
    try:
        table = np.asarray(given)
    except ValueError as error:
        raise ShapeError(f"{name} is no table: {error}") from None
    if table.dtype.kind not in "fiu":
        raise OperandError(f"{name} must hold real numbers, got an array of dtype {table.dtype}")
    if table.ndim != 2:
        raise ShapeError(f"{name} must be a table (rows, numbers), got the shape {table.shape}")
    return table.astype(float, copy=False)
