"""The contents of a picture as plain data: cards, edges, frames, and how a graph is to be shown.

A scene holds the numbers and the names as they were when it was made, so the text of a picture can
be written later.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from autograd_bp.value import Value

_INPUT = re.compile(r"(x|in|input|pixel|feature)(?![^\W\d_])")


@dataclass(frozen=True)
class View:
    """How a graph is to be shown.

    Attributes:
        fold: sums of products and other operations on many values become tables.
        rows: the number of rows of a table.
        max_nodes: the number of cards; beyond it only the nearest are drawn.
        stops: nodes that are drawn as inputs, whatever they were computed from.
        keep: nodes whose rows stay when a table is shortened.
        names: the names of nodes that have no label, or that have another name here.
        grads: gradients that are not those of the nodes.
        numbers: of the nodes when the picture was drawn, where they may have changed since.
        marked: nodes that stand out.
        marked_edges: edges that stand out: a node and which of its parents.
        window: the only nodes that can be drawn; None for all.
        caption: what stands out or is in the window, in words.
        repeats: steps that repeat are drawn once.
        layers: from how many operations that do the same side by side only one is drawn; 0 draws
            all.
        compact: a card is one line, and constants stand in the operations that use them.
        brief: tables are one line too; what stands only in their rows is counted.
        kinds: what leaves are, where that is known: input, parameter, desired or constant.
        other_leaves: what all other leaves are that are no constants; empty where names tell.
    """

    fold: bool = True
    rows: int = 12
    max_nodes: int = 400
    stops: frozenset[Value] = frozenset()
    keep: frozenset[Value] = frozenset()
    names: Mapping[Value, str] = field(default_factory=dict)
    grads: Mapping[Value, float] = field(default_factory=dict)
    numbers: Mapping[Value, float] = field(default_factory=dict)
    marked: frozenset[Value] = frozenset()
    marked_edges: frozenset[tuple[Value, int]] = frozenset()
    window: frozenset[Value] | None = None
    caption: str = ""
    repeats: bool = False
    layers: int = 0
    compact: bool = False
    brief: bool = False
    kinds: Mapping[Value, str] = field(default_factory=dict)
    other_leaves: str = ""

    def label(self, node: Value) -> str:
        """The name of a node in the picture; empty where it has none."""
        return self.names.get(node) or node.label

    def number(self, node: Value) -> float:
        """The number of a node in the picture."""
        return self.numbers.get(node, node.data)

    def grad(self, node: Value) -> float:
        """The gradient of a node in the picture."""
        return self.grads.get(node, node.grad)

    def kind(self, node: Value) -> str:
        """The role of a node in the picture: operation, input, parameter, desired or constant."""
        if node in self.kinds:
            return self.kinds[node]
        if node.op is not None:
            return "input" if node in self.stops else "operation"
        label = self.label(node)
        if not self.other_leaves and _INPUT.match(label):
            return "input"
        if node.is_constant:
            return "constant"
        return self.other_leaves or ("parameter" if label else "input")


@dataclass(frozen=True)
class TableRow:
    """One row of a folded operation.

    Attributes:
        parents: the parents in it, as indices, in the order in which they are shown.
        linked: those of them that have a card of their own.
        contribution: what the row adds to the result.
        port: the name of the row, at which its edges end.
    """

    parents: tuple[int, ...]
    linked: tuple[int, ...]
    contribution: float
    port: str


@dataclass(frozen=True)
class FoldedTable:
    """An operation on many values as a table.

    Attributes:
        form: "products", "errors" or "values".
        rows: the rows that are shown.
        hidden: how many are not shown.
        rest: what those add up to.
    """

    form: str
    rows: tuple[TableRow, ...]
    hidden: int
    rest: float


@dataclass(frozen=True)
class Operand:
    """One of the values in a table.

    Attributes:
        name: its label, or else the symbol of the operation that made it.
        kind: what it is in the picture, as `View.kind` says.
        data: its number.
        grad: its gradient.
        is_stop: True where it is drawn as an input, whatever it was computed from.
        marked: True where the edge to the table stands out.
    """

    name: str
    kind: str
    data: float
    grad: float
    is_stop: bool
    marked: bool


@dataclass(frozen=True)
class Card:
    """One node of the picture.

    Attributes:
        node: the value.
        id: its name in the picture, in topological order: n0, n1 ...
        kind: what it is in the picture, as `View.kind` says, or output.
        symbol: the symbol of its operation; empty for a leaf.
        label: its name; empty where it has none.
        data, grad: its number and its gradient.
        table: its operands as a table; None for a plain card.
        operands: the values in that table, by their index among the parents.
        cut: True where what it was computed from is not drawn.
        is_stop: True where it is drawn as an input, whatever it was computed from.
        marked: True where it stands out.
        series: the numbers of all steps, the first step first, where the card stands for a step
            that repeats and the numbers differ.
        compact: True where it is drawn as one line.
        inline: constants that stand in it, by their index among the parents.
        earlier: the gradient that it held before this graph's sweep.
        began: True where the numbers stop being finite, although all parents are.
        mark: by what it is found in a later line of the picture; empty where it is in none.
        folded: how many rows its table would have; 0 where it has a table, or would have none.
        figure: what stands for its number; empty where that is the number itself.
        size: its width and height in points, where they do not depend on what is above.
    """

    node: Value
    id: str
    kind: str
    symbol: str
    label: str
    data: float
    grad: float
    table: FoldedTable | None
    operands: Mapping[int, Operand]
    cut: bool
    is_stop: bool = False
    marked: bool = False
    series: tuple[float, ...] = ()
    compact: bool = False
    inline: Mapping[int, float] = field(default_factory=dict)
    earlier: float = 0.0
    began: bool = False
    mark: str = ""
    folded: int = 0
    figure: str = ""
    size: tuple[float, float] | None = None


@dataclass(frozen=True)
class Tag:
    """A small card that stands for another one where that is used.

    Attributes:
        id: its name in the picture: t0, t1 ...
        of: the card.
        words: what it is called here.
        is_leaf: True where it stands for a leaf, False where it is at the beginning of a line.
    """

    id: str
    of: Card
    words: str
    is_leaf: bool = True


@dataclass(frozen=True)
class Edge:
    """An arrow from a parent to a node.

    Attributes:
        source, target: the ids of the two cards.
        port: the row of the target's table at which it ends; empty for a plain card.
        partial: the local derivative.
        passed: what the target's gradient adds to the parent's along this edge.
        marked: True where it stands out.
    """

    source: str
    target: str
    port: str
    partial: float
    passed: float
    marked: bool = False


@dataclass(frozen=True)
class Frame:
    """Cards with a line around them.

    Attributes:
        ids: the cards: those of a neuron, or of what is drawn once for `times` copies.
        title: the words at the line.
        times: the number of copies.
        beside: True where the copies stand side by side, False where one follows another.
        formulas: what one copy computes, a line for each state.
    """

    ids: tuple[str, ...]
    title: str
    times: int = 1
    beside: bool = False
    formulas: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scene:
    """Everything that a picture shows, in topological order.

    Attributes:
        cards, edges: what is drawn.
        has_gradients: True where any card has a gradient.
        output_label: the name of the output.
        note: what was left out, in one sentence; empty when nothing was.
        frames: the lines around cards.
        has_marked_edges: True where paths stand out, so that all other edges are thin.
        tags: cards that are repeated where they are used.
        lines: the ids of each line of a picture that is wrapped; empty where it is not.
        columns: where each id stands in its line, from 0.
        direction: "right" or "down".
        compact: True where cards are one line and edges have no numbers.
        tight: True where cards stand nearer to each other than is pleasant.
    """

    cards: list[Card]
    edges: list[Edge]
    has_gradients: bool
    output_label: str
    note: str
    frames: tuple[Frame, ...] = ()
    has_marked_edges: bool = False
    tags: tuple[Tag, ...] = ()
    lines: tuple[tuple[str, ...], ...] = ()
    columns: Mapping[str, int] = field(default_factory=dict)
    direction: str = "right"
    compact: bool = False
    tight: bool = False

    def nests(self) -> list[tuple[int, tuple[int, ...]]]:
        """The frames that stand in no other one, and those that stand in each, as indices."""
        members = [frozenset(frame.ids) for frame in self.frames]
        inside: dict[int, int] = {}  # for a frame, the one that it stands in
        for k, ids in enumerate(members):
            around = [j for j, others in enumerate(members) if ids < others and j not in inside]
            inside.update(dict.fromkeys([k], around[0]) if around else {})
        return [
            (k, tuple(j for j, outer in inside.items() if outer == k))
            for k in range(len(members))
            if k not in inside
        ]
