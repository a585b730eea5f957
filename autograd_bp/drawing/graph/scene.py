"""What a picture shows, as plain data: cards, edges, frames, and how a graph is to be shown.

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
        marked: nodes that stand out.
        marked_edges: edges that stand out: a node and which of its parents.
        window: the only nodes that can be drawn; None for all.
        caption: what stands out or is in the window, in words.
        repeats: chains that repeat are drawn once; None does so only for graphs of more than
            `max_nodes` values.
    """

    fold: bool = True
    rows: int = 12
    max_nodes: int = 400
    stops: frozenset[Value] = frozenset()
    keep: frozenset[Value] = frozenset()
    names: Mapping[Value, str] = field(default_factory=dict)
    grads: Mapping[Value, float] = field(default_factory=dict)
    marked: frozenset[Value] = frozenset()
    marked_edges: frozenset[tuple[Value, int]] = frozenset()
    window: frozenset[Value] | None = None
    caption: str = ""
    repeats: bool | None = None

    def label(self, node: Value) -> str:
        """The name of a node in the picture; empty where it has none."""
        return self.names.get(node) or node.label

    def grad(self, node: Value) -> float:
        """The gradient of a node in the picture."""
        return self.grads.get(node, node.grad)

    def kind(self, node: Value) -> str:
        """What a node is in the picture: operation, input, parameter or constant."""
        if node.op is not None:
            return "input" if node in self.stops else "operation"
        label = self.label(node)
        if _INPUT.match(label):
            return "input"
        if node.is_constant:
            return "constant"
        return "parameter" if label else "input"


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
    """

    ids: tuple[str, ...]
    title: str
    times: int = 1
    beside: bool = False


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
    """

    cards: list[Card]
    edges: list[Edge]
    has_gradients: bool
    output_label: str
    note: str
    frames: tuple[Frame, ...] = ()
    has_marked_edges: bool = False
