"""What a compiled function is traced to: a program for each kind of call."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from contextlib import nullcontext, suppress
from dataclasses import replace
from typing import Any

from autograd_bp.compiling.front import within
from autograd_bp.compiling.front.arguments import Arguments
from autograd_bp.compiling.front.captured import (
    Captured,
    captured_values,
    refuse_recorded,
    remember,
)
from autograd_bp.compiling.front.derived import Zeros
from autograd_bp.compiling.front.guarded import Guard, rounds_of
from autograd_bp.compiling.front.guards import Draws
from autograd_bp.compiling.front.numpys_errors import named_error
from autograd_bp.compiling.front.packed import Nodes, Packed, joined
from autograd_bp.compiling.front.ready import ReadyProgram, no_collections, ready_program
from autograd_bp.compiling.front.repeating import Repeating
from autograd_bp.compiling.front.results import (
    OtherShapeError,
    require_like,
)
from autograd_bp.compiling.front.traces import Traces
from autograd_bp.contexts import is_traced, no_branching, recording
from autograd_bp.derivatives.likeness import arranged, leaves_like
from autograd_bp.derivatives.ranges import shared_ranges
from autograd_bp.derivatives.trees import Tree
from autograd_bp.derivatives.trees import flatten as take_apart
from autograd_bp.errors import BranchError, OperandError, SettingError, ShapeError
from autograd_bp.flow.checks import noting
from autograd_bp.flow.growing import MoreRoundsError, all_rounds, growing
from autograd_bp.flow.rounds import Tracer, tracing, watched_loops
from autograd_bp.random.sources import noting_means, refused
from autograd_bp.value import Value

# Rounds that are counted before a function is recorded, by running it on plain numbers: those that
# need more are counted when the program runs.
MOST_COUNTED = 2000
MAX_KINDS = 32  # of calls of one function; then the user is told what keeps changing


class RetraceWarning(UserWarning):
    """A compiled function was traced again and again because its arguments change shape."""


class TracedFunction:
    """The programs of a compiled function; `Compiled` hands out what they compute.

    The function runs once for each shape of its arguments, on Values.
    """

    _function: Callable[..., Any]
    _arguments: Arguments
    _options: dict[str, Any]
    _backend: str
    _threads: int
    _reduce: str | None
    _programs: dict[Any, ReadyProgram]
    _latest: list[ReadyProgram]  # one entry: what ran last
    _repeating: Repeating
    _guards: dict[Any, tuple[Any, Guard | None]]
    _counted: set[Any]  # signatures of calls whose rounds were counted before they were recorded
    _shapes: dict[Any, Tree]  # of values, for signatures with cotangents in other containers
    traces: Traces

    def trace(self, kind: str, *args: Any, **kwargs: Any) -> None:
        """Makes the program for a call with such arguments, without running it.

        Arguments:
            kind: "value", "grad", "value_and_grad", "jacobian" or "hessian".
            *args: the arguments of the call.
            **kwargs: those that are given by name.
        """
        self._program_for(kind, self._arguments.pack(args, kwargs))

    def _with_rounds(
        self, kind: str, packed: Packed, run: Callable[[ReadyProgram], Any]
    ) -> tuple[Any, ReadyProgram]:
        """Run a program, and return its result and the program whose loops have rounds enough."""
        key = (kind, packed.signature)
        return self._repeating.run(
            key, self._programs, lambda: self._program_for(kind, packed), run
        )

    def _packed(self, kind: str, args: Any, kwargs: Any, directions: dict[str, Any]) -> Packed:
        """The numbers of a call, those of a tangent and a cotangent among them.

        Raises: TypeError where one of these is missing or not needed.
        """
        within.require_directions(kind, directions, self._arguments.name)
        if "cotangent" in directions:
            varies = self._reduce is None and bool(self._arguments.rows)
            directions = {**directions, "cotangent": (directions["cotangent"], varies)}
        return self._arguments.pack(args, kwargs, directions)

    def _fitting(self, kind: str, args: Any, kwargs: Any, directions: dict[str, Any]) -> Packed:
        """As `_packed`; a cotangent may be in other containers than the value, whose shape is known
        once the function was traced."""
        packed = self._packed(kind, args, kwargs, directions)
        if "cotangent" not in directions:
            return packed
        tree = self._shapes.get(packed.signature)
        if tree is None:
            try:
                self._program_for(kind, packed)
                return packed
            except OtherShapeError as error:
                tree, problem = error.tree, error
            if self._arranged(directions["cotangent"], tree) is None:
                raise ShapeError(str(problem)) from None
            self._shapes[packed.signature] = tree
        like = self._arranged(directions["cotangent"], tree)
        return self._packed(kind, args, kwargs, {**directions, "cotangent": like})

    def _arranged(self, cotangent: Any, tree: Tree) -> Any:
        """A cotangent in the containers of the value; None where it does not fit."""
        if self._reduce is None and self._arguments.rows:
            return arranged(cotangent, tree)
        leaves = leaves_like(cotangent, tree, "the cotangent")
        return None if leaves is None else tree.result(leaves)

    def _latest_of(self, kind: str | None) -> ReadyProgram:
        for (other, _), ready in reversed(self._programs.items()):
            if other == kind:
                return ready
        kinds = ", ".join(dict.fromkeys(other for other, _ in self._programs)) or "nothing"
        raise SettingError(
            f"{self._arguments.name} has run {kinds}, so there is no program for {kind!r:.60}: "
            "call that first"
        )

    def _program_for(self, kind: str, packed: Packed) -> ReadyProgram:
        """The program for such arguments, traced where they are the first of their kind."""
        key = (kind, packed.signature)
        ready = self._programs.get(key)
        if ready is not None and 0 < ready.look_up_from <= packed.inputs.shape[1]:
            ready = None  # with so many rows entries of tables are looked up
        if ready is None or not ready.captured.is_current(packed.static):
            self._programs[key] = self._trace(kind, packed)
            remarks = self._repeating.remarks(key)
            self.traces.add(kind, packed.shapes, replaced=ready is not None, **remarks)
            ready = self._programs[key]
            if self.traces.count == MAX_KINDS:
                warnings.warn(
                    f"{self._arguments.name} was traced for {MAX_KINDS} kinds of "
                    f"arguments, the latest {packed.description}: every new shape, every new "
                    "value of a static argument, and other Values in the place of those outside "
                    "cost a trace; the attribute traces says why each was made",
                    RetraceWarning,
                    stacklevel=4,
                )
        self._latest[:] = [ready]
        return ready

    def _trace(
        self,
        kind: str,
        packed: Packed,
        zeros: Zeros = Zeros.OPEN,
        *,
        is_exported: bool = False,
        rows: int | None = None,
    ) -> ReadyProgram:
        if kind != "value":
            self._arguments.require_wrt()
        if zeros is Zeros.ASKED:
            return self._traced(kind, packed, zeros, None)

        def record() -> ReadyProgram:
            return self._repeating.recorded(
                packed.signature,
                lambda tracer: self._traced(kind, packed, zeros, tracer, is_exported=is_exported),
                packed.inputs.shape[1] if rows is None else rows,
            )

        try:
            return record()
        except MoreRoundsError:
            self._repeating.forget(packed.signature)
            return record()

    def _traced(
        self,
        kind: str,
        packed: Packed,
        zeros: Zeros,
        tracer: Tracer | None,
        *,
        is_exported: bool = False,
    ) -> ReadyProgram:
        with no_collections(), recording(), tracing(tracer):
            # A function of its own: the graph is gone before the collector looks at what there is.
            return self._traced_at_once(kind, packed, zeros, tracer, is_exported)

    def _traced_at_once(
        self, kind: str, packed: Packed, zeros: Zeros, tracer: Tracer | None, is_exported: bool
    ) -> ReadyProgram:
        with noting_means() as means, all_rounds() if is_exported else nullcontext():
            nodes, outputs, tree = self._record(packed)
            if not is_exported:
                self._require_rounds(packed)
        inner = [leaf for loop in nodes.loops for leaf in loop.leaves]
        known = joined([nodes.parameters, nodes.inputs, inner])
        roots = (self._function, *packed.static)
        leaves = captured_values([*outputs, *nodes.faults], known, *roots)
        if not is_traced():  # inside another function these are that function's arguments
            refuse_recorded(leaves, self._arguments.name)
        sums = self._reduce == "sum" or not packed.batched
        require_like(nodes.shape_of_cotangent, tree, sums)
        # Of the numbers it keeps those of one row, which it is recorded with again.
        small, rows = replace(packed, inputs=packed.inputs[:, :1].copy()), packed.inputs.shape[1]
        ready = ready_program(
            kind,
            outputs,
            tree,
            nodes,
            packed,
            sums=sums,
            backend=self._backend,
            wrt=", ".join(self._arguments.wrt),
            captured=Captured(self._function, leaves, packed.static, took_means=bool(means)),
            guard=self._shared_guard(packed.signature, nodes, leaves, is_exported),
            sparse=self._options["sparse"],
            zeros=zeros,
            other=lambda zeros: self._trace(kind, small, zeros, rows=rows),
            exported=lambda zeros: self._trace(kind, small, zeros, is_exported=True, rows=rows),
            is_exported=is_exported,
            selecting=lambda: (
                self._repeating.selected(
                    lambda tracer: self._traced(kind, small, zeros, tracer)
                ).content
            ),
        )
        if tracer is None or not tracer.look_up_from:
            return ready
        return replace(ready, look_up_from=tracer.look_up_from)

    def _require_rounds(self, packed: Packed) -> None:
        """Raises MoreRoundsError where loops were recorded with fewer rounds than some rows of a
        first call need: a program of so few would be made for nothing. Other errors are raised
        when it runs."""
        limits, count = self._repeating.limits, packed.inputs.shape[1]
        if not limits.may_grow or packed.signature in self._counted or not count:
            return
        self._counted.add(packed.signature)
        counts: dict[Any, int] = {}
        for row in sorted({0, count // 2, count - 1}):
            numbers = packed.parameters, packed.inputs[:, row]
            with suppress(Exception):
                for key, n in rounds_of(
                    self._function, *numbers, packed.nodes(), MOST_COUNTED
                ).items():
                    counts[key] = max(n, counts.get(key, 0))
        recorded = dict(limits.rounds)
        limits.fit(counts)
        if limits.rounds != recorded:
            raise MoreRoundsError(counts, recorded)

    def _shared_guard(
        self, signature: Any, nodes: Nodes, outside: list[Value], is_exported: bool
    ) -> Guard | None:
        """The guard of what may go wrong when a function runs; None where nothing may. What goes
        wrong is the same for the value and for its derivatives, so they share it."""
        if not nodes.faults:
            return None
        if is_exported:
            return self._guard(nodes, outside)
        rounds = [*self._repeating.limits.rounds.values()]
        made_for = [*map(id, outside), *rounds, len(nodes.faults), len(nodes.loops)]
        known, guard = self._guards.get(signature, (None, None))
        if guard is None or known != made_for:
            guard = self._guard(nodes, outside)
            self._guards[signature] = made_for, guard
        return guard

    def _guard(self, nodes: Nodes, outside: list[Value]) -> Guard:
        backend, name = str(self._options["backend"]), self._arguments.name
        return Guard(self._function, name, nodes, outside, backend, limits=self._repeating.limits)

    def _record(self, packed: Packed) -> tuple[Nodes, list[Value | float], Tree]:
        """The function, run on Values: its arguments, what it returned, and the shape of that."""
        draws = Draws(self._function)
        nodes, outputs, tree = self._recorded(packed)
        if draws.is_blind:
            return self._record(packed)
        if draws.require_none_global(self._arguments.name):
            # Which operations there are may be drawn, as a wiring at random is; numbers may not.
            draws.require_same(outputs, self._recorded(packed)[1], self._arguments.name)
        return nodes, outputs, tree

    def _recorded(self, packed: Packed) -> tuple[Nodes, list[Value | float], Tree]:
        name, nodes = self._arguments.name, packed.nodes()
        with (
            growing(self._repeating.limits),
            noting() as faults,
            no_branching(),
            shared_ranges(),
            watched_loops() as loops,
            refused(name),
        ):
            try:
                returned = self._function(*nodes.args, **nodes.kwargs)
            except (IndexError, TypeError, BranchError) as error:
                named = named_error(error)
                if named is None:
                    raise
                raise named from error
        if faults or loops:
            nodes = replace(nodes, faults=tuple(faults), loops=tuple(loops))
        remember(nodes.parameters, nodes.inputs)
        for loop in loops:
            remember(loop.leaves)
        if returned is None:
            raise OperandError(f"{name} returned None: give it a return statement")
        outputs, tree = take_apart(returned, f"the output of {name}")
        if not outputs:
            raise ShapeError(f"{name} returned no numbers: there is nothing to compute")
        return nodes, outputs, tree
