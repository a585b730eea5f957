"""Primitives on JAX's arrays: their expressions by jax.numpy, their rules as rules of JAX.

Each primitive becomes a function with a derivative of its own (jax.custom_jvp), which is the rule
of the table, written with primitives again. So JAX differentiates it in either mode and to any
order, and never by the branches of `where` that are not taken. Sums of products are left to JAX.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import Any

from autograd_bp import primitives as ops
from autograd_bp.compiling.backends.jax.stopping import stopping_product
from autograd_bp.contexts import no_branching, recording
from autograd_bp.derivatives.recorded import apply_rule
from autograd_bp.derivatives.slopes import has_infinite_slope
from autograd_bp.errors import NotDifferentiableError, ProgramError
from autograd_bp.expressions import letters
from autograd_bp.folds import Fold, Stage
from autograd_bp.graph import topological_order
from autograd_bp.printers.jax import JaxEvaluator
from autograd_bp.printers.numpy import reductions
from autograd_bp.printers.overrides import form
from autograd_bp.value import Value, number_of

Array = Any  # of JAX


class JaxPrimitives:
    """The primitives as functions of JAX's arrays.

    Arguments:
        jax: the module.

    Attributes:
        stopped: the product of a slope and a derivative, which an exact zero stops.
    """

    def __init__(self, jax: Any) -> None:
        self._jax, self._np = jax, jax.numpy
        self._evaluator = JaxEvaluator(jax)
        self.stopped = stopping_product(jax)
        self._known: dict[Any, Any] = {}

    def apply(self, op: Any, operands: Sequence[Array]) -> Array:
        """A primitive with a fixed number of inputs.

        Raises: ProgramError where nothing says what it computes.
        """
        if op not in self._known:
            self._known[op] = self._with_rule(op)
        return self._known[op](*operands)

    def fold(self, op: Any, lists: Sequence[Array], initial: Array | None) -> Array:
        """A primitive of any number of inputs, over the last axis of each list."""
        key = op, initial is None
        if key not in self._known:
            self._known[key] = self._fold_with_rule(op)
        return self._known[key](*lists, *([] if initial is None else [initial]))

    def _form(self, op: Any) -> Any:
        tree = form("jax", op)
        if tree is None:
            raise ProgramError(
                f"{op.name} has no expression, so it cannot be written for JAX: give it "
                "expression=, or a Python function that can be traced"
            )
        return tree

    # ------------------------------------------------------------- a fixed number of inputs
    def _with_rule(self, op: Any) -> Any:
        tree, names = self._form(op), letters(op.arity)

        def forward(*operands: Array) -> Array:
            numbers = [self._np.asarray(x, float) for x in operands]
            return self._evaluator.array(tree, dict(zip(names, numbers, strict=True)))

        function = self._jax.custom_jvp(forward)

        def tangent(primals: Sequence[Array], tangents: Sequence[Array]) -> tuple[Array, Array]:
            y = function(*primals)
            total = self._np.zeros_like(y)
            for partial, moved in zip(self._partials(op, primals, y), tangents, strict=True):
                amount = self._product(op, partial, moved)
                total = total if amount is None else total + amount
            return y, total

        function.defjvp(tangent)
        return function

    def _product(self, op: Any, partial: Array, tangent: Array) -> Array | None:
        if isinstance(partial, float):
            return None if partial == 0.0 else partial * tangent
        if op.gate:  # nothing passes what was not used
            return self._np.where(partial == 0.0, 0.0, partial * tangent)
        if op is ops.mul or has_infinite_slope([op.code]):
            return self.stopped(partial, tangent)
        return partial * tangent

    def _partials(self, op: Any, operands: Sequence[Array], y: Array) -> list[Array]:
        """The rule of a primitive on arrays."""
        inputs, result, partials = _rule(op)
        known: dict[int, Array] = {id(result): y}
        known |= {id(leaf): x for leaf, x in zip(inputs, operands, strict=True)}
        nodes = [partial for partial in partials if isinstance(partial, Value)]
        for node in topological_order(*nodes, stop=[*inputs, result]):
            if id(node) not in known:
                known[id(node)] = self._node(node, known)
        return [known[id(p)] if isinstance(p, Value) else float(p) for p in partials]

    def _node(self, node: Value, known: Mapping[int, Array]) -> Array:
        if node.op is None:
            return number_of(node)
        operands = [known[id(parent)] for parent in node.parents]
        if node.op.arity is not None:
            return self.apply(node.op, operands)
        arranged = node.op.operands
        numbers = self._np.broadcast_arrays(*[self._np.asarray(x, float) for x in operands])
        lists = [self._np.stack(part, axis=-1) for part in arranged.lists(numbers) if part]
        return self.fold(node.op, lists, arranged.initial_value(numbers))

    # ------------------------------------------------------------------- any number of inputs
    def _fold_with_rule(self, op: Any) -> Any:
        fold = self._form(op)
        is_steep = has_infinite_slope([op.code])

        def forward(*operands: Array) -> Array:
            names, _ = self._accumulated(fold, operands, fold.stages_of_output)
            return self._evaluator.array(fold.finish, names)

        function = self._jax.custom_jvp(forward)

        def tangent(primals: Sequence[Array], tangents: Sequence[Array]) -> tuple[Array, Array]:
            if op.partials is None:
                raise NotDifferentiableError(f"{op.name}: {op.refusal}")
            y = function(*primals)
            names, elements = self._accumulated(fold, primals, fold.stages)
            beside = {name: self._np.asarray(x)[..., None] for name, x in {**names, "y": y}.items()}
            total = self._np.zeros_like(y)
            for slope, moved in zip(fold.slopes, tangents, strict=False):
                partial = self._evaluator.array(slope, {**beside, **elements})
                partial = self._np.broadcast_to(partial, moved.shape)
                amounts = self.stopped(partial, moved) if is_steep else partial * moved
                if op.gate:
                    amounts = self._np.where(partial == 0.0, 0.0, amounts)
                total = total + amounts.sum(-1)
            if len(tangents) > len(fold.operands.elements):
                partial = self._evaluator.array(fold.initial_slope, {**names, "y": y})
                total = total + partial * tangents[-1]
            return y, total

        function.defjvp(tangent)
        return function

    def _accumulated(
        self, fold: Fold, operands: Sequence[Array], stages: Sequence[Stage]
    ) -> tuple[dict[str, Array], dict[str, Array]]:
        """The accumulators of stages, the initial value and n; and the lists by their names."""
        names = fold.operands.elements
        elements = dict(zip(names, operands, strict=False))
        count = operands[0].shape[-1] if elements else 0
        known: dict[str, Array] = {"n": float(count), "initial": 0.0}
        if len(operands) > len(names):
            known["initial"] = operands[-1]
        shape = self._np.broadcast_shapes(*[x.shape[:-1] for x in elements.values()])
        for stage in stages:
            starts = [
                self._np.broadcast_to(self._evaluator.array(start, known), shape)
                for start in stage.start
            ]
            state = self._stage(stage, starts, elements, known) if count else starts
            if stage.when is not None:
                condition = self._evaluator.array(stage.when, known)
                pairs = zip(state, starts, strict=True)
                state = [self._np.where(condition, new, start) for new, start in pairs]
            known.update(zip(stage.names, state, strict=True))
        return known, elements

    def _stage(
        self,
        stage: Stage,
        starts: Sequence[Array],
        elements: Mapping[str, Array],
        known: Mapping[str, Array],
    ) -> list[Array]:
        over_terms = reductions(stage, elements)
        if over_terms is not None:
            beside = {name: self._np.asarray(x)[..., None] for name, x in known.items()}
            return [
                self._reduced(reduction, start, {**beside, **elements})
                for reduction, start in zip(over_terms, starts, strict=True)
            ]

        def step(state: Sequence[Array], term: Mapping[str, Array]) -> tuple[list[Array], None]:
            names = {**known, **term, **dict(zip(stage.names, state, strict=True))}
            return [self._evaluator.array(tree, names) for tree in stage.steps], None

        terms = {name: self._np.moveaxis(x, -1, 0) for name, x in elements.items()}
        state: list[Array]
        state, _ = self._jax.lax.scan(step, [*starts], terms)
        return state

    def _reduced(self, reduction: Any, start: Array, names: Mapping[str, Array]) -> Array:
        numbers = self._evaluator.array(reduction.of, names)
        kind = reduction.function.__name__
        if kind == "add":
            return start + numbers.sum(-1)
        if kind == "logical_or":
            return self._np.where(numbers.any(-1), reduction.latched, start)
        reduce = {"maximum": self._np.max, "minimum": self._np.min}[kind]
        return getattr(self._np, kind)(start, reduce(numbers, -1))


@functools.cache
def _rule(op: Any) -> tuple[list[Value], Value, list[Any]]:
    """The rule of a primitive on nodes: its inputs, its output, its partials.

    Raises: NotDifferentiableError where it has none.
    """
    with recording(), no_branching():
        inputs = [Value(0.5) for _ in range(op.arity)]
        result = op(*inputs)
        partials = apply_rule(op, inputs, result)
    return inputs, result, [p if isinstance(p, Value) else float(p) for p in partials]
