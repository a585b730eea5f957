"""A module that ran once on Values: the graph of its outputs and of their performance."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd_bp.compiling.front.derived import differentiated
from autograd_bp.compiling.front.graph import PARAMETERS, require_all_named
from autograd_bp.compiling.front.in_place import GraphInPlace
from autograd_bp.compiling.front.ready import no_collections
from autograd_bp.compiling.loops.loops import Loops
from autograd_bp.compiling.loops.rules import UnsupportedError
from autograd_bp.compiling.program.flatten import flatten
from autograd_bp.compiling.program.passes import optimised
from autograd_bp.compiling.program.program import Program
from autograd_bp.contexts import no_branching, recording
from autograd_bp.derivatives.recorded import record_gradients
from autograd_bp.errors import OperandError
from autograd_bp.nn.module import Module
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

    Attributes:
        parameters: the module's parameters, in their order.
        width: as given.
        outputs: how many outputs a row has.

    Raises: BranchError where the module compares Values; OperandError where it returns something
        else than Values, or computes with leaves that are not among its parameters.
    """

    def __init__(self, module: Module, width: int, performance: Performance) -> None:
        self.parameters, self.width = module.parameters(), width
        self._x = [Value(0.5, f"x{i}") for i in range(1, width + 1)]
        with no_collections(), recording(), no_branching():
            returned = module([*self._x])
            self._is_single = isinstance(returned, Value)
            self._z = [returned] if self._is_single else list(returned)
            self._require_values(module)
            self._performance = performance
        self.outputs = len(self._z)
        self._d = [Value(0.25, f"d{i}") for i in range(1, self.outputs + 1)]

    def _require_values(self, module: Module) -> None:
        for z in self._z:
            if not isinstance(z, Value):
                raise OperandError(
                    f"{type(module).__name__} returned {type(z).__name__} {z!r:.40}: its outputs "
                    "must be Values"
                )
        require_all_named(self._z, [*self.parameters, *self._x])

    @cached_property
    def _performance_node(self) -> Value:
        with no_collections(), recording(), no_branching():
            P = self._performance(self._d, self._z)
        if not isinstance(P, Value):
            raise OperandError(
                f"the performance is {type(P).__name__} {P!r:.40}: it must be one Value"
            )
        require_all_named([P], [*self.parameters, *self._x, *self._d])
        return P

    # ------------------------------------------------------------------------- as functions
    def output_function(self) -> GraphInPlace:
        """The parameters and x -> z: a list of outputs, or the one that the module returns."""
        arguments = {PARAMETERS: self.parameters, "x": self._x}
        z = self._z[0] if self._is_single else np.array(self._z, dtype=object)
        return GraphInPlace("outputs", z, arguments)

    def performance_function(self) -> GraphInPlace:
        """The parameters, x and d -> P."""
        arguments = {PARAMETERS: self.parameters, "x": self._x, "d": self._d}
        return GraphInPlace("performance", self._performance_node, arguments)

    def training_program(self, *, gradient: bool) -> Program | Loops:
        """x and d -> z for each row, the sum of P and, if asked for, those of ∂P/∂w for each
        parameter w."""
        with no_collections(), recording():
            P = self._performance_node
            program = self._program([P])
            if not gradient:
                return program
            by = [("parameter", range(len(self.parameters)))]
            try:
                keep = range(len(program.outputs))
                return differentiated(program, "grad", by, outputs=[self.outputs], keep=keep)[0]
            except UnsupportedError:
                return self._program([P, *record_gradients([P], self.parameters)])

    def _program(self, sums: list[Value]) -> Program:
        graph = flatten(
            [*self._z, *sums],
            parameters=self.parameters,
            inputs=[*self._x, *self._d],
            summed=[False] * self.outputs + [True] * len(sums),
        )
        return optimised(graph)

    def weights(self) -> Floats:
        """The numbers of the parameters now."""
        return np.array([w.data for w in self.parameters], dtype=float)
