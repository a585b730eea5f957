"""Collects facts about a graph on its way to a scene: its order, what repeats in it, what is
chosen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from autograd_bp.drawing.graph import layers, repeats
from autograd_bp.drawing.graph.layers import AlikeLayer
from autograd_bp.drawing.graph.links import DrawnNodes, Links
from autograd_bp.drawing.graph.numbers import Facts
from autograd_bp.drawing.graph.repeats import Repetition
from autograd_bp.drawing.graph.units import consistent
from autograd_bp.value import Value

T = TypeVar("T")

MANY_OUTPUTS = 24  # of which those that do the same are drawn once too


@dataclass(frozen=True)
class Graph:
    """A graph that is to be drawn, and what is found in it once for all views of it.

    Attributes:
        outputs: the values that are drawn.
        order: the nodes in topological order, as far as the picture can go.
        uses: how often each node is a parent.
        never: nodes that are drawn themselves, whatever repeats.
        facts: what the numbers say beyond the cards.
        found: what was looked for already.
        numbers: of the nodes when they were drawn, where they may have changed since.
    """

    outputs: tuple[Value, ...]
    order: Sequence[Value]
    uses: Mapping[Value, int]
    never: frozenset[Value]
    facts: Facts
    found: dict[object, Any] = field(default_factory=dict)
    numbers: Mapping[Value, float] = field(default_factory=dict)

    def number(self, node: Value) -> float:
        """The number of a node when it was drawn."""
        return self.numbers.get(node, node.data)

    @property
    def place(self) -> dict[Value, int]:
        """Where each node stands in the order."""
        return self._once("place", lambda: {node: i for i, node in enumerate(self.order)})

    def repetitions(self) -> list[Repetition]:
        """The steps that repeat."""
        return self._once(
            "repeats", lambda: repeats.find(self.order, self.uses, self.never, self.number)
        )

    def series(self) -> dict[Value, tuple[float, ...]]:
        """The numbers of all steps, for the nodes of steps that repeat."""
        return self._once(
            "series",
            lambda: dict(pair for r in self.repetitions() for pair in r.series(self.number)),
        )

    def layers(self, repeated: bool, least: int) -> list[AlikeLayer]:
        """The operations of which at least so many do the same side by side; `repeated`: of steps
        that repeat, those of the step that is drawn.
        """
        steps = self.repetitions() if repeated else []

        def families() -> list[tuple[Value, ...]]:
            folded = {node for r in steps for copy in r.copies[1:] for node in copy}
            never = self.never | folded
            if len(self.outputs) < MANY_OUTPUTS:
                never |= {*self.outputs}
            step = {node: k for k, r in enumerate(steps) for node in r.copies[0]}
            found = layers.families(self.order, never, step, {*self.outputs})
            return consistent(found, self.number)

        found = self._once(("families", repeated), families)
        return self._once(
            ("layers", repeated, least), lambda: layers.chained(found, self.uses, least)
        )

    def representatives(self, repeated: bool, least: int) -> dict[Value, Value]:
        """For each operation that is drawn by way of another one, that one."""

        def find() -> dict[Value, Value]:
            drawn: dict[Value, Value] = {}
            for layer in self.layers(repeated, least) if least else []:
                for family in layer.families:
                    drawn.update(dict.fromkeys(family, family[0]))
            for repetition in self.repetitions() if repeated else []:
                last = [drawn.get(node, node) for node in repetition.copies[0]]
                for copy in repetition.copies[1:]:
                    drawn.update(zip(copy, last, strict=True))
            return drawn

        return self._once(("representatives", *self._drawn_once(repeated, least)), find)

    def _drawn_once(self, repeated: bool, least: int) -> tuple[bool, int]:
        """Tells views in which something else is drawn once: a smaller `least` finds all that a
        larger one does.
        """
        return repeated, len(self.layers(repeated, least)) if least else 0

    def readers(self, repeated: bool, least: int) -> Mapping[Value, int]:
        """How many operations that are drawn themselves read each node."""
        drawn = self.representatives(repeated, least)
        if not drawn:
            return self.uses

        def count() -> Counter[Value]:
            return Counter(
                parent
                for node in self.order
                if drawn.get(node, node) is node
                for parent in {*node.parents}
            )

        return self._once(("readers", *self._drawn_once(repeated, least)), count)

    def _once(self, key: object, find: Callable[[], T]) -> T:
        """Find the facts that all views of the graph share, once."""
        if key not in self.found:
            self.found[key] = find()
        found: T = self.found[key]
        return found


@dataclass(frozen=True)
class Shown:
    """A graph on its way to a scene.

    Attributes:
        graph: the graph.
        links: the arrows of the picture.
        nodes: the nodes that get a card.
        repetitions: the steps that are drawn once.
        alike: the layers of which one operation is drawn.
    """

    graph: Graph
    links: Links
    nodes: DrawnNodes
    repetitions: Sequence[Repetition] = ()
    alike: Sequence[AlikeLayer] = ()
