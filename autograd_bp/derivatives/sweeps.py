"""The chain rule over a region of a graph: reverse and forward sweeps.

`Sweeps` has the two loops, each once. Its subclasses say what passes an edge: `Floats` here, on
the partials that were taken when the nodes were recorded, and `Recorded` in recorded.py, which
evaluates the rules on the nodes themselves, so that its results are graphs. No sweep changes a
node's `.grad`; `backward`, which fills it, has a loop of its own in backprop.py, over C pointers.

Nothing is passed to an input whose partial is an exact zero, as in `backward`: so it meets no
infinite partial there. Where zero times the gradient is NaN this takes a gate. None stands for
nothing; a gradient whose parts cancel to 0 is something, and times infinity it is NaN.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from autograd_bp.derivatives.graphs import Region, refuse
from autograd_bp.primitives import Primitive
from autograd_bp.value import Value, partials_of

Number = Any  # a float or a Value


class Sweeps:
    """Sweeps over one region; many of them share the preparation."""

    def __init__(self, region: Region) -> None:
        self._region = region
        self._ops = [node.op for node in region.nodes]
        self._refusing = any(op is not None and op.partials is None for op in self._ops)

    def reverse(self, seeds: Sequence[Number]) -> list[Number]:
        """Σ_j seed_j · ∂output_j/∂input_i for each input i.

        Raises: NotDifferentiableError when a gradient arrives at a primitive that refuses it.
        """
        region, backwards = self._region, self._backwards
        adjoints: list[Number | None] = [None] * len(region.nodes)
        for k, seed in zip(region.outputs, seeds, strict=True):
            if k is not None and not is_zero(seed):
                adjoints[k] = plus(adjoints[k], seed)
        for k in range(len(adjoints) - 1, -1, -1):
            adjoint = adjoints[k]
            if adjoint is None:
                continue
            for parent, amount in backwards(k, adjoint):
                known = adjoints[parent]
                adjoints[parent] = amount if known is None else known + amount
        return [self._result(None if k is None else adjoints[k]) for k in region.inputs]

    def forward(self, tangents: Sequence[Number]) -> list[Number]:
        """Σ_i ∂output_j/∂input_i · tangent_i for each output j: one pass in recording order.

        Raises: NotDifferentiableError when an output depends on a primitive that refuses.
        """
        region, forwards = self._region, self._forwards
        moved: list[Number | None] = [None] * len(region.nodes)
        for k, tangent in zip(region.inputs, tangents, strict=True):
            if k is not None and not is_zero(tangent):
                moved[k] = plus(moved[k], tangent)
        refusals = Refusals(region)
        for k in range(len(moved)):
            for amount in forwards(k, moved):
                known = moved[k]  # an input has a tangent of its own
                moved[k] = amount if known is None else known + amount
            if self._refusing:
                refusals.follow(k, moved)
        refusals.raise_at(region.outputs)
        return [self._result(None if k is None else moved[k]) for k in region.outputs]

    def _backwards(self, k: int, adjoint: Number) -> Iterable[tuple[int, Number]]:
        """The terms that the k-th node passes to its parents: partial · adjoint, with each parent's
        index."""
        raise NotImplementedError

    def _forwards(self, k: int, moved: Sequence[Number | None]) -> Iterable[Number]:
        """The terms that the parents of the k-th node pass to it: partial · tangent, of each that
        moves."""
        raise NotImplementedError

    def _result(self, number: Number | None) -> Number:
        """The number that the caller gets; None stands for a derivative that nothing reached."""
        return 0.0 if number is None else number


class Floats(Sweeps):
    """Sweeps on floats."""

    def __init__(self, region: Region) -> None:
        super().__init__(region)
        self._links: list[list[tuple[int, float]]] = []
        for node, op, edges in zip(region.nodes, self._ops, region.edges, strict=True):
            if not edges or op is None or op.partials is None:
                self._links.append([])
                continue
            partials = partials_of(node)
            if op.gate:
                edges = [(k, i) for k, i in edges if partials[i] != 0.0]
            self._links.append([(k, partials[i]) for k, i in edges])

    def _backwards(self, k: int, adjoint: float) -> Iterable[tuple[int, float]]:
        links = self._links[k]
        if not links:
            op = self._ops[k]
            if op is not None and op.partials is None and self._region.edges[k]:
                raise refuse(op)
        finite = adjoint - adjoint == 0.0
        return [(p, adjoint * partial) for p, partial in links if partial != 0.0 or not finite]

    def _forwards(self, k: int, moved: Sequence[float | None]) -> Iterable[float]:
        return [
            partial * tangent if partial != 0.0 else 0.0
            for parent, partial in self._links[k]
            if (tangent := moved[parent]) is not None
        ]

    def _result(self, number: float | None) -> float:
        return number or 0.0  # -0.0 too is 0.0


class Refusals:
    """The primitives that forward mode met and that refuse, and the nodes that they move.

    It is an error only if that reaches an output: a branch that is not taken may refuse.
    """

    def __init__(self, region: Region) -> None:
        self._region = region
        self._ops: dict[int, Primitive] = {}

    def follow(self, k: int, moved: Sequence[Number | None]) -> None:
        """Look at the k-th node, after all its parents."""
        node, edges = self._region.nodes[k], self._region.edges[k]
        op = node.op
        if op is not None and op.partials is None:
            if any(moved[parent] is not None or parent in self._ops for parent, _ in edges):
                self._ops[k] = op
        elif self._ops:
            partials = partials_of(node)
            for parent, i in edges:
                if parent in self._ops and partials[i] != 0.0:
                    self._ops[k] = self._ops[parent]

    def raise_at(self, outputs: Sequence[int | None]) -> None:
        for k in outputs:
            if k in self._ops:
                raise refuse(self._ops[k])


def is_zero(number: Number) -> bool:
    """True for a plain number that is 0; what a node holds may change."""
    return not isinstance(number, Value) and float(number) == 0.0


def plus(a: Number | None, b: Number) -> Number:
    """The sum a + b, where None is nothing at all."""
    return b if a is None else a + b
