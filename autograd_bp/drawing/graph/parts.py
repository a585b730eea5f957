"""What is known of a graph on its way to a scene: its order, what repeats in it, what is chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from autograd_bp.drawing.graph import layers, repeats
from autograd_bp.drawing.graph.layers import AlikeLayer
from autograd_bp.drawing.graph.links import DrawnNodes, Links
from autograd_bp.drawing.graph.numbers import Facts
from autograd_bp.drawing.graph.repeats import Repetition
from autograd_bp.value import Value


@dataclass(frozen=True)
class Graph:
    """A graph that is to be drawn, and what is found in it once for all views of it.

    Attributes:
        outputs: the values that are drawn.
        order: the nodes in topological order, as far as the picture can go.
        uses: how often each node is a parent.
        never: nodes that are drawn themselves, whatever repeats.
        facts: what the numbers say beyond the cards.
        found_steps, found_layers: the repetitions and layers, once they were looked for.
    """

    outputs: tuple[Value, ...]
    order: Sequence[Value]
    uses: Mapping[Value, int]
    never: frozenset[Value]
    facts: Facts
    found_steps: list[list[Repetition]] = field(default_factory=list)
    found_layers: dict[tuple[int, int], list[AlikeLayer]] = field(default_factory=dict)

    def repetitions(self) -> list[Repetition]:
        """The steps that repeat."""
        if not self.found_steps:
            self.found_steps.append(repeats.find(self.order, self.uses, self.never))
        return self.found_steps[0]

    def layers(self, repeated: frozenset[Value], least: int) -> list[AlikeLayer]:
        """The operations of which at least so many do the same side by side."""
        key = (least, len(repeated))
        if key not in self.found_layers:
            never = {*self.outputs} | self.never | repeated
            self.found_layers[key] = layers.find(self.order, self.uses, never, least)
        return self.found_layers[key]


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
