"""A module that ran once on Values: the graph of its outputs and of their performance."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd_bp.compiling.backends.registry import AUTO
from autograd_bp.compiling.front.by_loops import differentiated
from autograd_bp.compiling.front.captured import captured_values
from autograd_bp.compiling.front.graph import PARAMETERS, compile_checked, require_all_named
from autograd_bp.compiling.front.guarded import Guard
from autograd_bp.compiling.front.guards import Draws, require_same_graph
from autograd_bp.compiling.front.in_place import GraphInPlace
from autograd_bp.compiling.front.packed import Nodes
from autograd_bp.compiling.front.ready import no_collections
from autograd_bp.compiling.front.returned import outputs_of, with_weights
from autograd_bp.compiling.front.tracing import new_tracer
from autograd_bp.compiling.loops.loops import Loops
from autograd_bp.compiling.loops.rules import UnsupportedError
from autograd_bp.compiling.program.flatten import flatten
from autograd_bp.compiling.program.passes import optimised
from autograd_bp.compiling.program.program import Program
from autograd_bp.contexts import no_branching, recording
from autograd_bp.derivatives.recorded import record_gradients
from autograd_bp.derivatives.trees import flatten as take_apart
from autograd_bp.errors import BranchError, OperandError
from autograd_bp.flow.checks import noting
from autograd_bp.flow.growing import Limits, MoreRoundsError, growing
from autograd_bp.flow.rounds import TracedLoop, tracing, watched_loops
from autograd_bp.nn.kept_numbers import KeptNumbers
from autograd_bp.nn.module import Module
from autograd_bp.nn.network import is_plain
from autograd_bp.nn.performances import is_known
from autograd_bp.nn.sequences import applied, takes_length
from autograd_bp.random.sources import Draw, RecordedNumbers, Replayed, asked
from autograd_bp.value import Value

if TYPE_CHECKING:
    from autograd_bp.compiling.calling.caller import Floats

__all__ = ["Performance", "Recording"]

Performance = Callable[[Any, Any], Any]


class Recording:
    """A module that ran once on Values, with its own parameters in their places.

    Arguments:
        module: the module.
        width: how many inputs a row has.
        performance: a function of the desired outputs d and the outputs z.
        weighted: whether the last input of a row of training is the weight of its performance.
        drawn: whether the random numbers that the module draws are inputs of each row; they are
            their means where not.
        limits: how many rounds are computed of loops that have no limit; few when left out.
        rows: for how many rows it is recorded, so that entries of large tables are looked up; they
            are selected for 0.

    Attributes:
        limits: the same.
        looks_up: whether entries are looked up.
        parameters: the module's parameters, in their order.
        width: as given.
        outputs: how many outputs a row has.

    Raises: BranchError where the module compares Values; FrozenNumberError where another run of it
        would have other numbers; OperandError where it returns something else than Values, or
        computes with leaves that are not among its parameters.
    """

    def __init__(
        self,
        module: Module,
        width: int,
        performance: Performance,
        *,
        weighted: bool = False,
        drawn: bool = False,
        limits: Limits | None = None,
        rows: int = 0,
    ) -> None:
        self._tracer = new_tracer(rows, traces_loops=False) if rows else None
        if limits is None:  # a loop over a row has no more rounds than that has places
            limits = Limits(width - 1) if takes_length(module) and width > 1 else Limits()
        self.limits = limits
        self._again: dict[str, Any] = {"weighted": weighted, "drawn": drawn}
        self.parameters, self.width = module.parameters(), width
        self._x = [Value(0.5, f"x{i}") for i in range(1, width + 1)]
        self._performance = performance
        self._weight = [Value(1.0, "weight")] if weighted else []
        self._module, self._applied = module, applied(module)
        self._numbers = RecordedNumbers() if drawn else None
        with no_collections():
            draws = Draws(module, loads_numpy=True)
            with noting() as self._faults, self._watched() as self._loops:
                returned = self._run()
            kept = None if self._numbers is None else KeptNumbers(module)
            if kept is not None:
                kept.look(self._random)
            self._is_single = isinstance(returned, Value)
            self._z = outputs_of(module, returned)
            draws.require_none(type(module).__name__)
            if not is_plain(module):
                with noting(), self._watched():
                    again = outputs_of(module, self._run())
                if kept is not None:
                    kept.look(self._random)
                require_same_graph(self._z, again, self._known, type(module).__name__)
            self._drawn_by_outputs = len(self._random)
            self._require_named(module, self._z, self._known)
        self.outputs = len(self._z)
        self._d = [Value(0.25, f"d{i}") for i in range(1, self.outputs + 1)]

    @contextmanager
    def _watched(self) -> Iterator[list[TracedLoop]]:
        """Around code that is recorded: the look-ups in it."""
        with tracing(self._tracer), watched_loops() as loops:
            yield loops

    @property
    def looks_up(self) -> bool:
        return bool(self._loops)

    @property
    def look_up_from(self) -> int:
        """With how many rows entries are looked up that are selected now; 0 for none."""
        return self._tracer.look_up_from if self._tracer is not None else 0

    def _run(self) -> Any:
        if self._numbers is not None:
            self._numbers.again()
        with recording(), no_branching(), asked(self._numbers), growing(self.limits):
            return self._applied([*self._x])

    @property
    def _random(self) -> list[Value]:
        """The inputs of a row that are drawn, those of the performance last."""
        return [] if self._numbers is None else self._numbers.leaves

    @property
    def _known(self) -> list[Value]:
        return [*self.parameters, *self._x, *self._random]

    @property
    def is_drawn(self) -> bool:
        """Whether random numbers are inputs."""
        return self._numbers is not None

    @property
    def draws(self) -> tuple[Draw, ...]:
        """The random numbers of each row, for its outputs and for its performance."""
        _ = self._performance_node
        return () if self._numbers is None else tuple(self._numbers.draws)

    @property
    def draws_of_outputs(self) -> tuple[Draw, ...]:
        """The random numbers of each row for its outputs alone."""
        return () if self._numbers is None else tuple(self._numbers.draws[: self._drawn_by_outputs])

    def _require_named(self, source: Any, outputs: list[Value], known: list[Value]) -> None:
        """Raises OperandError for leaves from outside. A Value that the code made for itself from a
        plain number is a constant."""
        outside = captured_values(outputs, known, source)
        if outside:
            require_all_named(outside, known)

    @cached_property
    def _performance_node(self) -> Value:
        with no_collections():
            draws = Draws(self._performance, loads_numpy=True)
            with (
                noting() as self._faults_of_performance,
                self._watched() as self._loops_of_performance,
            ):
                P = self._perform()
            draws.require_none("the performance")
            if not is_known(self._performance):
                known = [*self._z, *self._d, *self.parameters, *self._random]
                with noting(), self._watched():
                    again = self._perform()
                require_same_graph([P], [again], known, "the performance")
            self._require_named(self._performance, [P], [*self._known, *self._d])
        return P

    def _perform(self) -> Value:
        if self._numbers is not None:
            self._numbers.again(self._drawn_by_outputs)
        with recording(), no_branching(), asked(self._numbers), growing(self.limits):
            P = self._performance(self._d, self._z)
        if not isinstance(P, Value):
            raise OperandError(
                f"the performance is {type(P).__name__} {P!r:.40}: it must be one Value"
            )
        return P

    # ------------------------------------------------------------------------- as functions
    def output_function(self) -> GraphInPlace:
        """The parameters and x -> z: a list of outputs, or the one that the module returns. What a
        row draws for them follows its x."""
        x = [*self._x, *self._random[: self._drawn_by_outputs]]
        arguments = {PARAMETERS: self.parameters, "x": x}
        z = self._z[0] if self._is_single else np.array(self._z, dtype=object)
        return GraphInPlace(
            "outputs",
            z,
            arguments,
            self._faults,
            self._run_again,
            self._loops,
            lambda: self._recorded_again().output_function(),
        )

    def wiring(self) -> tuple[list[Value], list[Value]]:
        """The Values of a row of inputs, and those of its outputs."""
        return self._x, self._z

    def outputs_by_weights(self, **options: Any) -> Any:
        """The same as a function that is compiled on its own, with the options of `compiled`."""
        x = [*self._x, *self._random[: self._drawn_by_outputs]]
        z = self._z[0] if self._is_single else np.array(self._z, dtype=object)
        return compile_checked(
            z,
            self._faults,
            parameters=self.parameters,
            inputs={"x": x},
            reduce=None,
            **options,
        )

    def performance_function(self) -> GraphInPlace:
        """The parameters, x and d -> P. What a row draws follows its x."""
        P = self._performance_node
        x = [*self._x, *self._random]
        arguments = {PARAMETERS: self.parameters, "x": x, "d": self._d}
        loops = [*self._loops, *self._loops_of_performance]
        faults, again = self._all_faults(), self._run_again
        return GraphInPlace(
            "performance",
            P,
            arguments,
            faults,
            again,
            loops,
            lambda: self._recorded_again().performance_function(),
        )

    def weighted_performance(self) -> tuple[Value, dict[str, list[Value]]]:
        """P times the weight of its row, and the inputs of a row: x and what it draws, d, and that
        weight."""
        with no_collections(), recording():
            P = self._performance_node
            for weight in self._weight:
                P = weight * P
        return P, {"x": [*self._x, *self._random], "d": self._d, "weight": self._weight}

    def training_program(self, *, gradient: bool) -> Program | Loops:
        """x, d, the weight and what is drawn -> z for each row, the sum of P and, if asked for,
        those of ∂P/∂w for each parameter w."""
        with no_collections(), recording():
            P = self._performance_node
            for weight in self._weight:
                P = weight * P
            program = self._program([P])
            if not gradient:
                return program
            by = [("parameter", range(len(self.parameters)))]
            try:
                keep = range(len(program.outputs))
                return differentiated(program, "grad", by, outputs=[self.outputs], keep=keep)[0]
            except UnsupportedError:
                return self._program([P, *record_gradients([P], self.parameters)])

    def guard(self) -> Guard | None:
        """The guard of what may go wrong in a step of training; None where nothing may."""
        return self._guard(self._all_faults())

    def _guard(self, faults: Sequence[Value], inputs: list[Value] | None = None) -> Guard | None:
        if not faults:
            return None
        name, nodes = type(self._module).__name__, self._nodes(faults, None, inputs)
        return Guard(self._run_again, name, nodes, [], AUTO, limits=self.limits)

    @property
    def grows(self) -> bool:
        """Whether it has loops without a limit, so that other rows may need another recording."""
        return bool(self.limits.rounds)

    @property
    def rounds(self) -> list[int]:
        """How many rounds are computed of these loops, in the order in which they are met."""
        return [*self.limits.rounds.values()]

    def with_rounds(self, rounds: Sequence[int]) -> Recording:
        """The recording itself, or one whose loops have so many rounds."""
        if self.rounds == [*rounds]:
            return self
        self.limits.rounds.update(zip(self.limits.rounds, rounds, strict=False))
        return self._recorded_again()

    def _recorded_again(self) -> Recording:
        return Recording(
            self._module, self.width, self._performance, limits=self.limits, **self._again
        )

    def fitting(self, weights: Floats, rows: Floats, threads: int) -> Recording:
        """The recording itself, or a new one whose loops have rounds enough for some rows.

        Arguments:
            weights: the numbers of the parameters.
            rows: (numbers, rows); the numbers of a row of training, or its inputs alone with what
                is drawn for its outputs.
            threads: how many may share the work.

        Raises: what the module raises on a row where something goes wrong; LoopMemoryError where
            there would be too many rounds.
        """
        fitting = self
        while fitting.grows:
            guard, nodes = fitting._guard_of(len(rows))
            if guard is None:
                break
            try:
                with with_weights(fitting.parameters, weights):
                    guard.check(weights, rows, threads, nodes)
                break
            except MoreRoundsError as more:
                fitting.limits.grow(more)
                count, fitting = len(fitting._random), fitting._recorded_again()
                if count != len(fitting._random):
                    raise BranchError(
                        f"{type(self._module).__name__} draws random numbers in a loop that goes "
                        "around as often as numbers say: give the loop limit=, the most rounds "
                        "that there may be"
                    ) from None
        return fitting

    def _guard_of(self, numbers: int) -> tuple[Guard | None, Callable[[], Nodes]]:
        """What may go wrong with rows of so many numbers, and what makes leaves for them."""
        if numbers not in self._guards:
            x = [*self._x, *self._random[: self._drawn_by_outputs]]
            if numbers != len(x):
                self._guards[numbers] = self.guard(), self.nodes
            else:
                self._guards[numbers] = self._guard(self._faults, x), self._nodes_of_outputs
        return self._guards[numbers]

    @cached_property
    def _guards(self) -> dict[int, tuple[Guard | None, Callable[[], Nodes]]]:
        return {}

    def _nodes_of_outputs(self) -> Nodes:
        """New leaves, in the places of what the outputs of a row are computed from."""
        drawn = self._random[: self._drawn_by_outputs]
        w, x = ([Value(0.0) for _ in some] for some in (self.parameters, [*self._x, *drawn]))
        return self._nodes((), w, x, (w, x))

    def nodes(self) -> Nodes:
        """New leaves, in the places of the numbers of a row of training."""
        rows = [*self._x, *self._d, *self._weight, *self._random]
        w, x = ([Value(0.0) for _ in some] for some in (self.parameters, rows))
        end = self.width + self.outputs
        drawn = x[len(x) - len(self._random) :]
        return self._nodes((), w, x, (w, [*x[: self.width], *drawn], x[self.width : end]))

    def _nodes(
        self,
        faults: Sequence[Value],
        parameters: list[Value] | None = None,
        inputs: list[Value] | None = None,
        args: tuple[Any, ...] = (),
    ) -> Nodes:
        return Nodes(
            args,
            {},
            parameters or self.parameters,
            inputs or [*self._x, *self._d, *self._weight, *self._random],
            wrt=[],
            tree=take_apart([], "nothing")[1],
            varies=False,
            tangent=[],
            faults=tuple(faults),
        )

    def _all_faults(self) -> list[Value]:
        """Those of the module, and those of its performance, which has run."""
        _ = self._performance_node
        return [*self._faults, *self._faults_of_performance]

    def _run_again(self, parameters: Any, x: Any, d: Any = None) -> None:
        """The module on the numbers of a row, with its parameters as they are now, to raise what
        goes wrong."""
        with asked(None if self._numbers is None else Replayed(x[self.width :])):
            z = self._applied([*x[: self.width]])
            if d is not None:
                self._performance([*d], [z] if isinstance(z, Value) else list(z))

    def _program(self, sums: list[Value]) -> Program:
        graph = flatten(
            [*self._z, *sums],
            parameters=self.parameters,
            inputs=[*self._x, *self._d, *self._weight, *self._random],
            summed=[False] * self.outputs + [True] * len(sums),
        )
        return optimised(graph)

    def weights(self) -> Floats:
        """The numbers of the parameters now."""
        return np.array([w.data for w in self.parameters], dtype=float)
