"""Compiled: a function with a program for each kind of call.

The function runs once for each shape of its arguments, on Values: that records its graph, and
that of the derivative that is asked for. From then on only the program runs.
"""

from __future__ import annotations

import contextlib
import functools
import os
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from typing import Any

# What functions ask for while they are recorded: no first call is to load it.
import autograd_bp.arrays.ufuncs
import autograd_bp.entry_arrays
import autograd_bp.printers.python  # noqa: F401
from autograd_bp.compiling.backends.choosing import Choice
from autograd_bp.compiling.backends.registry import checked, of_floats
from autograd_bp.compiling.calling.caller import FastCall
from autograd_bp.compiling.calling.threads import count_of
from autograd_bp.compiling.front import export, fast_call, within
from autograd_bp.compiling.front.arguments import Arguments, names_of
from autograd_bp.compiling.front.bound import Bound, PlainBound
from autograd_bp.compiling.front.checkpoints import Checkpointed
from autograd_bp.compiling.front.kinds_of_call import OWN, KindsOfCall
from autograd_bp.compiling.front.methods import Methods
from autograd_bp.compiling.front.packed import Packed
from autograd_bp.compiling.front.pickling import under_its_name
from autograd_bp.compiling.front.ready import ReadyProgram, no_collections
from autograd_bp.compiling.front.repeating import Repeating
from autograd_bp.compiling.front.results import (
    DIRECTIONS,
    checked_kind,
    directions_of,
    names_of_kind,
)
from autograd_bp.compiling.front.rows import holds_values
from autograd_bp.compiling.front.sparse import checked_sparse
from autograd_bp.compiling.front.traced_function import MAX_KINDS, RetraceWarning, TracedFunction
from autograd_bp.compiling.front.traces import Traces
from autograd_bp.compiling.program.program import Program
from autograd_bp.derivatives.calls import name_of, named_like
from autograd_bp.errors import OperandError, SettingError
from autograd_bp.flow.growing import MoreRoundsError
from autograd_bp.words import refuse_keywords

__all__ = ["MAX_KINDS", "Compiled", "RetraceWarning"]


class Compiled(KindsOfCall, TracedFunction):
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
        wrt: int | str | Sequence[int | str],
        reduce: str | None,
        backend: str,
        threads: int | None,
        sparse: bool = False,
        dtype: str = "float64",
    ) -> None:
        if not callable(function):
            raise OperandError(f"a function is needed, got {name_of(function)}: pass f, not f(x)")
        self._backend, self._threads = checked(backend), count_of(threads)
        if reduce not in ("sum", None):
            raise SettingError(f'reduce is "sum", or None for a result a row, got {reduce!r:.60}')
        named_like(function, functools.WRAPPER_UPDATES)(self)
        for name in (*OWN, "traces"):  # those of a function that is compiled already
            self.__dict__.pop(name, None)
        self._function = function
        row_names, static_names = names_of("rows", rows), names_of("static", static)
        if not isinstance(wrt, (str, bytes, Mapping, Set)) and isinstance(wrt, Iterable):
            wrt = tuple(wrt)
        self._arguments = Arguments(function, row_names, static_names, wrt)
        self._options: dict[str, Any] = {  # as they are now: lists change, iterators end
            "rows": rows if isinstance(rows, str) else row_names,
            "static": static if isinstance(static, str) else static_names,
            "wrt": wrt,
            "reduce": reduce,
            "backend": backend,
            "threads": threads,
            "sparse": checked_sparse(sparse),
            "dtype": dtype,
        }
        if dtype not in ("float64", "float32"):
            raise SettingError(f'dtype is "float64" or "float32", got {dtype!r:.60}')
        if dtype == "float32":
            self._backend = of_floats(self._backend)
        self._reduce = reduce
        self._programs: dict[Any, ReadyProgram] = {}
        self._latest: list[ReadyProgram] = []  # one entry: what ran last
        self._methods: Methods | None = None
        self._repeating = Repeating()
        self._guards: dict[Any, Any] = {}
        self._counted: set[Any] = set()
        self._shapes: dict[Any, Any] = {}
        self.traces = Traces()
        self._value = self._fast_call("value")

    def with_options(self, **options: Any) -> Compiled:
        """The same function with other options of `compiled`.

        Raises: KeywordError for what is no option; else as `compiled`.
        """
        refuse_keywords("with_options", options, (*self._options,))
        return type(self)(self._function, **{**self._options, **options})

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        """As an attribute of a class: the compiled method of an object."""
        if instance is None:
            return self
        if self._methods is None:
            self._methods = Methods(self._function, self._options)
        return self._methods.of(instance, type(self))

    @property
    def __reachable__(self) -> list[Any]:
        """The objects that the function may take Values from; see captured.py."""
        return [self._function]

    def __repr__(self) -> str:
        given = {name: self._options[name] for name in ("rows", "static") if self._options[name]}
        options = "".join(f", {name}={choice!r}" for name, choice in given.items())
        count = len(self._programs)
        programs = "one program" if count == 1 else f"{count or 'no'} programs"
        return f"<compiled {self._arguments.text}{options}: {programs}>"

    def bind(
        self, *args: Any, derivative: str = "value_and_grad", **kwargs: Any
    ) -> Bound | PlainBound:
        """A call with buffers of its own, to be repeated with other numbers.

        Arguments:
            *args: the arguments of a first call.
            **kwargs: those that are given by name.
            derivative: what it computes: "value", "grad", "jacobian", "hessian", "jvp", "vjp",
                "hvp", or several of these joined by "_and_". tangent= and cotangent= are given by
                name, and are among the `arguments`.

        Returns: an object to call without arguments; it returns the value, or None where that
            is no single number. Write new numbers into the arrays of its `arguments`.

        Raises: as a call does.
        """
        kind = checked_kind(derivative)
        given: dict[str, Any] = kwargs
        directions: dict[str, Any] = {}
        if {*names_of_kind(kind)} & {*DIRECTIONS}:
            given, directions = within.without_directions(kwargs)
        packed = self._fitting(kind, args, given, directions)

        def again(more: MoreRoundsError) -> ReadyProgram:
            self._repeating.grow((kind, packed.signature), self._programs, more)
            return self._program_for(kind, packed)

        with no_collections():
            return self._program_for(kind, packed).bound(packed, self._threads, again)

    @property
    def program(self) -> Program:
        """The program that ran last.

        Raises: SettingError before the first call.
        """
        return self._ready.program

    @property
    def way(self) -> str:
        """How the derivative that ran last came about: "loops" where the loops of the function
        were differentiated, "steps" where those of a few steps of a recurrence were,
        "instructions" where these were, one by one, "recorded" where it had
        to be recorded node by node; the empty text for a value.

        Raises: SettingError before the first call.
        """
        return self._ready.way

    @property
    def _ready(self) -> ReadyProgram:
        if not self._latest:
            raise SettingError(
                f"{self._arguments.name} has no program yet: call it, the shapes of its arguments "
                "decide"
            )
        return self._latest[0]

    @property
    def backend(self) -> Choice:
        """The backend that ran the latest call: print it to see why.

        Raises: SettingError before the first call.
        """
        if not self._latest:
            raise SettingError(
                f"{self._arguments.name} has not run yet: call it, the size of its program decides"
            )
        return self._latest[0].backend.choice

    def to_c(
        self,
        path: str | os.PathLike[str] | None = None,
        *,
        what: str | None = None,
        name: str | None = None,
        vectors: Any = None,
        real: str | None = None,
        sums: str = "rows",
    ) -> str:
        """The program that ran last as one file of portable C99; see docs/compiling.md.

        Arguments:
            path: where to write it; nowhere when left out.
            what: another program than that: the latest of "value", "grad", "value_and_grad",
                "hvp", "jacobian" and so on.
            name: of the function in C; that of this function when left out.
            vectors: what the file checks itself with: a pair (parameters, rows), a number of rows
                made up, or 0; rows of the first call with such arguments when left out.
            real: "double" or "float", the type of all numbers; that of `dtype` when left out.
            sums: "rows" adds up the rows in their order; "lanes" is faster and rounds otherwise.

        Returns: the text of the file.

        Raises: as `compiling.to_c`; SettingError where that program has not run.
        """
        ready = self._ready if what is None else self._latest_of(what)
        return export.to_c(
            ready,
            path,
            name=name,
            label=self._arguments.name,
            vectors=vectors,
            real=real or ("float" if self._options["dtype"] == "float32" else "double"),
            sums=sums,
        )

    def to_jax(self) -> Callable[..., Any]:
        """The function as one of JAX: it can be jitted, mapped over, differentiated in any mode
        and to any order, and put on JAX's devices. It takes what the function itself takes,
        with arrays of JAX in the places of numbers and arrays, and returns the value in the same
        layout.

        Raises: MissingExtraError without JAX. A call raises SettingError where JAX's doubles are
            switched off, FrozenNumberError where the function takes Values from outside, and
            ProgramError where a primitive has no expression.
        """
        from autograd_bp.compiling.front.to_jax import to_jax

        return to_jax(self)

    def to_torch(self) -> Callable[..., Any]:
        """The function as an operation of PyTorch, with tensors in the places of numbers and
        arrays. The compiled program computes it on the processor, and its gradient, which can be
        differentiated once more. Numbers are doubles inside; what comes out has the type and
        the device of the tensors that go in.

        Raises: MissingExtraError without PyTorch.
        """
        from autograd_bp.compiling.front.to_torch import to_torch

        return to_torch(self)

    # ------------------------------------------------------------------------------ how it does
    def _fast_call(self, kind: str) -> FastCall:
        """A function for one kind of result. Once called, it knows how to pack such arguments. A
        tangent and a cotangent follow the arguments of the function, or have their names."""
        names = directions_of(kind)

        def fallback(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
            count = len(args) - len(names)
            options = {name: x for name, x in kwargs.items() if name not in names}
            if len(options) < len(kwargs):
                directions = {name: kwargs[name] for name in names}
                value, packed, ready = self._run(kind, args, options, directions)
            else:
                directions = dict(zip(names, args[count:], strict=True))
                value, packed, ready = self._run(kind, args[:count], kwargs, directions)
            if packed is None or ready is None or ready.captured.leaves:
                return value
            if ready.captured.took_means:  # each call looks whether numbers are drawn by then
                return value
            guard = None if ready.guard is None else ready.guard.backend
            if isinstance(ready.backend, Checkpointed) or isinstance(guard, Checkpointed):
                return value
            fast_call.aim(
                call,
                packed,
                ready.result,
                ready.backend,
                given=(args, kwargs),
                is_flexible=self._arguments.is_flexible,
                threads=self._threads,
                latest=self._latest,
                program=ready,
                is_open=ready.other is not None,
                guard=guard,
            )
            return value

        call = _Call(fallback)
        call.made_of = self, kind
        return call

    def _run(
        self, kind: str, args: Any, kwargs: Any, directions: dict[str, Any] | None = None
    ) -> tuple[Any, Packed | None, ReadyProgram | None]:
        directions = directions or {}
        try:
            packed = self._fitting(kind, args, kwargs, directions)
        except OperandError:
            if not within.is_within() or not holds_values([args, kwargs, directions]):
                raise
            return self._recorded_call(kind, args, kwargs, directions), None, None
        if within.is_within() and self._program_for(kind, packed).captured.leaves:
            # A function around this one takes these Values too.
            return self._recorded_call(kind, args, kwargs, directions), None, None
        # From the trace to the first result the collector would find nothing to free.
        is_first = (kind, packed.signature) not in self._programs
        with no_collections() if is_first else contextlib.nullcontext():
            value, ready = self._with_rounds(kind, packed, lambda r: r.run(packed, self._threads))
        return value, packed, ready

    def _recorded_call(self, kind: str, args: Any, kwargs: Any, directions: dict[str, Any]) -> Any:
        """The function itself on Values, inside a derivative or another compiled function."""
        arguments = self._arguments
        wrt = arguments.wrt[0] if arguments.is_single and arguments.wrt else arguments.wrt
        sums = self._reduce == "sum"
        function = within.Recorded(self._function, wrt, arguments.rows, sums, arguments.name)
        return function.run(kind, arguments.by_name(args, kwargs), directions)

    def __reduce__(self) -> Any:
        """A compiled function that a module has under its name is pickled by that name; with other
        options, by the name and these."""
        named = under_its_name(self)
        if named is self:
            return self.__qualname__
        if isinstance(named, Compiled) and named._function is self._function:
            return _with_options, (named, self._options)
        return super().__reduce__()

    def __getstate__(self) -> dict[str, Any]:
        """Return what a pickle holds: programs are made again."""
        return {"_function": self._function, "_options": self._options}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(state["_function"], **state["_options"])  # type: ignore[misc]


class _Call(FastCall):
    """A call of one kind of result: it is pickled and copied as what it was made of is.

    Attributes:
        made_of: the compiled function, and the kind.
    """

    __slots__ = ("made_of",)

    made_of: tuple[Compiled, str]

    def __reduce__(self) -> tuple[Callable[..., FastCall], tuple[Compiled, str]]:
        return _call_of, self.made_of


def _call_of(compiled: Compiled, kind: str) -> FastCall:
    return compiled._call_of(kind)


def _with_options(compiled: Compiled, options: dict[str, Any]) -> Compiled:
    return compiled.with_options(**options)
