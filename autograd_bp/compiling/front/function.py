"""compiled: a function of numbers, run over rows of data as a program.

The function runs once for each shape of its arguments, on Values: that records its graph, and
that of the derivative that is asked for. From then on only the program runs.
"""

from __future__ import annotations

import functools
import gc
import os
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, overload

from autograd_bp.compiling.backends import c
from autograd_bp.compiling.backends.choosing import BackendChoice, Choice
from autograd_bp.compiling.backends.registry import checked
from autograd_bp.compiling.calling.bound import Bound, PlainBound
from autograd_bp.compiling.calling.caller import Machine, quick_call
from autograd_bp.compiling.calling.threads import count_of
from autograd_bp.compiling.front.arguments import Arguments, Packed, names_of
from autograd_bp.compiling.front.results import Result, result
from autograd_bp.compiling.program.flatten import flatten
from autograd_bp.compiling.program.passes import optimised
from autograd_bp.compiling.program.program import Program
from autograd_bp.contexts import no_branching, recording
from autograd_bp.derivatives.calls import name_of
from autograd_bp.derivatives.trees import Tree
from autograd_bp.derivatives.trees import flatten as take_apart
from autograd_bp.errors import OperandError, SettingError, ShapeError
from autograd_bp.value import Value

MOST_SIGNATURES = 32  # programs of one function; then the user is told what keeps changing


class RetraceWarning(UserWarning):
    """A compiled function was traced again and again because its arguments change shape."""


@contextmanager
def _no_collections() -> Iterator[None]:
    """A trace makes millions of objects and no cycles: the collector would look at them in vain."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@dataclass(frozen=True)
class Trace:
    """A program, what runs it, and the making of a result from its outputs."""

    program: Program
    plan: BackendChoice
    result: Result
    example: tuple[Any, Any]  # parameters, and inputs of some rows, of the first call
    outputs: list[str]  # what they are, for the reader of generated code

    @property
    def vectors(self) -> Any:
        """Numbers that generated code can be checked with."""
        parameters, inputs = self.example
        return (parameters, inputs.T) if inputs.shape[1] else c.ROWS

    def run(self, packed: Packed, threads: int) -> Any:
        return self.result.made_of(*self.plan.run(packed.parameters, packed.inputs, threads))

    def quick(
        self, packed: Packed, threads: int, otherwise: Callable[..., Any], note: list[Any]
    ) -> Any:
        """A quick way for later calls of this kind; None where there is none."""
        rows = packed.inputs.shape[1]
        return quick_call(
            self.plan.runner(rows),
            packed,
            self.result,
            threads,
            otherwise=otherwise,
            note=note,
            trace=self,
            batches=self.plan.batches(rows),
            budget=self.plan.budget,
        )

    def bound(self, packed: Packed, threads: int) -> Bound | PlainBound:
        self.plan.compile_now()
        machine = self.plan.runner(packed.inputs.shape[1])
        if not isinstance(machine, Machine):
            run = functools.partial(self.plan.run, threads=threads)
            return PlainBound(run, packed, self.result)
        return Bound(machine, packed, self.result, threads)


class Compiled:
    """A function that runs as a program; made by `compiled`.

    Call it as the function itself, with an array in the place of each argument that has rows:
    X of shape (rows, ...) where the function takes one x of shape (...).
    """

    def __init__(
        self,
        function: Callable[..., Any],
        *,
        rows: str | Iterable[str],
        static: str | Iterable[str],
        wrt: int | str,
        reduce: str | None,
        backend: str,
        threads: int | None,
    ) -> None:
        if not callable(function):
            raise OperandError(f"a function is needed, got {name_of(function)}: pass f, not f(x)")
        self._backend, self._threads = checked(backend), count_of(threads)
        if reduce not in ("sum", None):
            raise SettingError(f'reduce is "sum", or None for a result a row, got {reduce!r:.60}')
        functools.update_wrapper(self, function)
        self._function = function
        self._arguments = Arguments(
            function, names_of("rows", rows), names_of("static", static), wrt
        )
        self._options: dict[str, Any] = {
            "rows": rows,
            "static": static,
            "wrt": wrt,
            "reduce": reduce,
            "backend": backend,
            "threads": threads,
        }
        self._reduce = reduce
        self._traces: dict[Any, Trace] = {}
        self._latest: list[Trace] = []  # one entry: what ran last
        self._quick_value: Any = None

    def with_options(self, **options: Any) -> Compiled:
        """The same function with other options of `compiled`."""
        return Compiled(self._function, **{**self._options, **options})

    # ------------------------------------------------------------------------- what it computes
    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """The value: summed over the rows or, with reduce=None, one for each row."""
        if self._quick_value is not None:
            return self._quick_value(*args, **kwargs)
        return self._run("value", args, kwargs)

    def grad(self, *args: Any, **kwargs: Any) -> Any:
        """The gradient by the argument `wrt`, shaped like it; by one that has rows always a
        gradient for each row."""
        return self._run("grad", args, kwargs)

    def value_and_grad(self, *args: Any, **kwargs: Any) -> tuple[Any, Any]:
        """The value and the gradient, from one program that shares what they share."""
        value, gradient = self._run("value_and_grad", args, kwargs)
        return value, gradient

    def hvp(self, *args: Any, tangent: Any, **kwargs: Any) -> Any:
        """The product of the Hessian by `wrt` with a vector shaped like that argument."""
        return self._run("hvp", args, kwargs, tangent)

    def jacobian(self, *args: Any, **kwargs: Any) -> Any:
        """The derivative of each output: the output's shape, with a gradient at each number."""
        return self._run("jacobian", args, kwargs)

    def bind(
        self, *args: Any, derivative: str = "value_and_grad", **kwargs: Any
    ) -> Bound | PlainBound:
        """A call with buffers of its own, to be repeated with other numbers.

        Arguments:
            *args: the arguments of a first call.
            **kwargs: those that are given by name.
            derivative: what it computes: "value", "grad" or "value_and_grad".

        Returns: an object to call without arguments; it returns the value, or None where that
            is no single number. Write new numbers into the arrays of its `arguments`.

        Raises: as a call does.
        """
        if derivative not in ("value", "grad", "value_and_grad"):
            raise SettingError(
                f'derivative is "value", "grad" or "value_and_grad", got {derivative!r:.60}'
            )
        packed = self._arguments.pack(args, kwargs, None)
        trace = self._traced(derivative, packed)
        return trace.bound(packed, self._threads)

    @property
    def program(self) -> Program:
        """The program that ran last.

        Raises: SettingError before the first call.
        """
        if not self._latest:
            raise SettingError(
                f"{self._arguments.name} has no program yet: call it, the shapes of its arguments "
                "decide"
            )
        return self._latest[0].program

    @property
    def backend(self) -> Choice:
        """What ran the latest call: print it to see why.

        Raises: SettingError before the first call.
        """
        if not self._latest:
            raise SettingError(
                f"{self._arguments.name} has not run yet: call it, the size of its program decides"
            )
        return self._latest[0].plan.choice

    def to_c(
        self,
        path: str | os.PathLike[str] | None = None,
        *,
        what: str | None = None,
        name: str | None = None,
        vectors: Any = None,
    ) -> str:
        """The program that ran last as one file of portable C99; see docs/compiling.md.

        Arguments:
            path: where to write it; nowhere when left out.
            what: another program than that: the latest of "value", "grad", "value_and_grad",
                "hvp" or "jacobian".
            name: of the function in C; that of this function when left out.
            vectors: what the file checks itself with: a pair (parameters, rows), a number of rows
                made up, or 0; rows of the first call with such arguments when left out.

        Returns: the text of the file.

        Raises: as `compiling.to_c`; SettingError where that program has not run.
        """
        trace = self._latest[0] if what is None and self.program else self._ran(what)
        return c.to_c(
            trace.program,
            path,
            name=name or c.name_for(self._arguments.name),
            vectors=trace.vectors if vectors is None else vectors,
            outputs=trace.outputs,
        )

    # ------------------------------------------------------------------------------ how it does
    def _ran(self, what: str | None) -> Trace:
        for (kind, _), trace in reversed(self._traces.items()):
            if kind == what:
                return trace
        ran = ", ".join(dict.fromkeys(kind for kind, _ in self._traces)) or "nothing"
        raise SettingError(
            f"{self._arguments.name} has run {ran}, so there is no program for {what!r:.60}: call "
            "that first"
        )

    def _run(self, what: str, args: Any, kwargs: Any, tangent: Any = None) -> Any:
        packed = self._arguments.pack(args, kwargs, tangent if what == "hvp" else None)
        trace = self._traced(what, packed)
        found = trace.run(packed, self._threads)
        if what in ("value", "grad", "value_and_grad"):
            quick = trace.quick(
                packed, self._threads, functools.partial(self._run, what), self._latest
            )
            if what == "value":
                self._quick_value = quick
            elif quick is not None:
                self.__dict__[what] = quick  # instead of the method
        return found

    def _traced(self, what: str, packed: Packed) -> Trace:
        key = (what, packed.signature)
        trace = self._traces.get(key)
        if trace is None:
            trace = self._traces[key] = self._trace(what, packed)
            if len(self._traces) == MOST_SIGNATURES:
                warnings.warn(
                    f"{self._arguments.name} was traced for {MOST_SIGNATURES} kinds of "
                    f"arguments, the latest {packed.description}: every new shape, and every new "
                    "value of a static argument, costs a trace",
                    RetraceWarning,
                    stacklevel=3,
                )
        self._latest[:] = [trace]
        return trace

    def _trace(self, what: str, packed: Packed) -> Trace:
        with _no_collections(), recording():
            call = packed.nodes()
            with no_branching():
                returned = self._function(*call.args, **call.kwargs)
            outputs, tree = self._outputs(returned)
            sums = self._reduce == "sum" or not packed.batched
            wanted = result(what, outputs, tree, call, sums)
            program = optimised(
                flatten(
                    wanted.outputs,
                    parameters=call.parameters,
                    inputs=call.inputs,
                    summed=wanted.summed,
                )
            )
            example = packed.parameters.copy(), packed.inputs[:, : c.rows_for(program)].copy()
            lines = c.described(what, self._arguments.wrt, wanted.parts)
            # The recorded graph is many times as large as the program, and done with.
            wanted = replace(wanted, outputs=[])
            return Trace(program, BackendChoice(program, self._backend), wanted, example, lines)

    def _outputs(self, returned: Any) -> tuple[list[Value | float], Tree]:
        name = self._arguments.name
        if returned is None:
            raise OperandError(f"{name} returned None: give it a return statement")
        leaves, tree = take_apart(returned, f"the output of {name}")
        if not leaves:
            raise ShapeError(f"{name} returned no numbers: there is nothing to compute")
        return leaves, tree


@overload
def compiled(function: Callable[..., Any]) -> Compiled: ...


@overload
def compiled(
    *,
    rows: str | Iterable[str] = (),
    static: str | Iterable[str] = (),
    wrt: int | str = 0,
    reduce: str | None = "sum",
    backend: str = "auto",
    threads: int | None = None,
) -> Callable[[Callable[..., Any]], Compiled]: ...


def compiled(
    function: Callable[..., Any] | None = None,
    *,
    rows: str | Iterable[str] = (),
    static: str | Iterable[str] = (),
    wrt: int | str = 0,
    reduce: str | None = "sum",
    backend: str = "auto",
    threads: int | None = None,
) -> Any:
    """A function of numbers as a program that runs over rows of data.

    Arguments:
        function: ordinary scalar code: operators and functions of this library on numbers,
            nested lists, tuples, dicts, dataclasses and arrays of numbers.
        rows: the parameters that have a value for each row; in the call an array of shape
            (rows, ...) stands for them. All other arguments are shared by the rows.
        static: the parameters that are no numbers to compute with (a size, a flag, a name);
            each of their values has a program of its own.
        wrt: the parameter that derivatives are taken by, its position or name.
        reduce: "sum" adds up the rows; None hands out a result for each.
        backend: what runs the program: "tape", "llvm", "numpy", "reference", or "auto" for what
            suits; docs/compiling.md describes them, `.backend` of the function tells which it is.
        threads: how many may share the rows of a call; all processors when left out. The results
            are the same, to the bit, for any number.

    Returns: a `Compiled`, called like the function; without `function`, a decorator.

    Raises: SettingError for options that do not fit the function. A call raises BranchError
        where the function compares Values, ShapeError where rows or shapes do not fit,
        OperandError for what is no number.

    Example:
        >>> import numpy as np
        >>> import autograd_bp as bp
        >>> @bp.compiled(rows=("x", "d"))
        ... def performance(w, x, d):
        ...     return bp.performance(d, bp.sigmoid(bp.dot(w, x)))
        >>> X, D = np.array([[1.0, 2.0], [3.0, -1.0]]), np.array([1.0, 0.0])
        >>> value, gradient = performance.value_and_grad([0.0, 0.0], X, D)
        >>> value, gradient
        (-0.25, [-0.25, 0.375])
    """

    def make(function: Callable[..., Any]) -> Compiled:
        return Compiled(
            function,
            rows=rows,
            static=static,
            wrt=wrt,
            reduce=reduce,
            backend=backend,
            threads=threads,
        )

    return make if function is None else make(function)
