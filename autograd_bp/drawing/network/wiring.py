"""Which neurons a network consists of and how they are connected, read off the graph of one run.

There is nothing to declare: a neuron is a sum of weighted values with whatever function of one
number follows, so layers, shortcuts, shared weights and plain Python arithmetic are all found.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from autograd_bp import graph
from autograd_bp.value import Value

ADDING = frozenset({"add", "sub", "sum"})  # what may stand between a product and its stimulus
LINEAR = ADDING | {"neg", "mul", "dot"}


@dataclass
class Unit:
    """A circle: an input, a neuron, or an operation on several values (`kind`).

    Attributes:
        node: what it gives to others.
        stimulus: the sum before its activation; None for an input or an operation.
        functions: the operations after the stimulus, in order.
        column: how many steps of the longest way from an input lead here.
    """

    kind: str
    node: Value
    stimulus: Value | None = None
    functions: list[str] = field(default_factory=list)
    column: int = 0


@dataclass(frozen=True)
class Connection:
    """An arrow from unit `source`, or from a constant, to unit `target`.

    Attributes:
        weight: the number that it multiplies by; None where it only passes a value on.
        by: the weight as a node of the graph.
        constant: the constant that stands in the place of a source.
    """

    source: int | None
    target: int
    weight: float | None
    by: Value | None = None
    constant: float = 0.0


@dataclass(frozen=True)
class Wiring:
    """Units in topological order, what connects them, and which of them are outputs."""

    units: list[Unit]
    connections: list[Connection]
    outputs: list[int]


@dataclass(frozen=True)
class Term:
    """A summand: `by` times a source, or times a constant; without `by` the source alone."""

    source: Value | None
    sign: float
    by: Value | None = None
    constant: float = 1.0

    @property
    def is_weighted(self) -> bool:
        """By more than a plain number: a weight, also one that is itself computed."""
        return self.by is not None and not self.by.is_constant


def read(inputs: Sequence[Value], outputs: Sequence[Value]) -> Wiring:
    """The wiring between inputs and outputs; what depends on no input counts as a weight."""
    return _Reader(inputs, outputs).read()


class _Reader:
    def __init__(self, inputs: Sequence[Value], outputs: Sequence[Value]) -> None:
        self.inputs, self.outputs = inputs, outputs
        self.alive = set(inputs)  # what depends on an input
        self.order = []
        for node in graph.topological_order(*outputs):
            if node not in self.alive and any(parent in self.alive for parent in node.parents):
                self.alive.add(node)
                self.order.append(node)
        self.users: dict[Value, list[Value]] = {node: [] for node in self.alive}
        for node in self.order:
            for parent in node.parents:
                if parent in self.alive:
                    self.users[parent].append(node)
        self.ends = set(outputs)
        self.units = [Unit("input", node) for node in inputs]
        self.connections: list[Connection] = []
        self.place = {node: i for i, node in enumerate(inputs)}

    def read(self) -> Wiring:
        for node in self.order:
            if not self._is_summand(node):
                self._add(node)
        self._move_inputs()
        ends = [self.place[node] for node in self.outputs if node in self.place]
        return Wiring(self.units, self.connections, list(dict.fromkeys(ends)))

    def _passes_on(self, node: Value) -> bool:
        """Only one operation uses it, and it is not itself a result."""
        return len(self.users[node]) == 1 and node not in self.ends

    def _is_summand(self, node: Value) -> bool:
        row = node.op
        if row is None or row.name not in LINEAR or not self._passes_on(node):
            return False
        user = self.users[node][0].op
        return user is not None and user.name in ADDING and self._terms_of(node) is not None

    def _add(self, node: Value) -> None:
        terms = self._expanded(node)
        row = node.op
        assert row is not None
        if terms is None:
            sources = [parent for parent in node.parents if parent in self.alive]
            terms = [Term(source, 1.0) for source in sources]
        terms = list(dict.fromkeys(terms)) if row.name not in ADDING else terms
        weighted = row.name == "dot" or any(term.is_weighted for term in terms)
        givers = {term.source for term in terms if term.source is not None}
        if not weighted and len(givers) == 1 and self._joins(*givers):
            # A function of one number, such as 1 + e^-α: part of the neuron that gives it.
            place = self.place[node] = self.place[givers.pop()]
            self.units[place].node = node
            self.units[place].functions.append(row.name)
            return
        self.place[node] = len(self.units)
        self.units.append(
            Unit("neuron", node, node) if weighted else Unit("operation", node, None, [row.name])
        )
        self._connect(self.place[node], terms)

    def _joins(self, source: Value) -> bool:
        place = self.place[source]
        unit = self.units[place]
        if unit.kind == "input" or source in self.ends:
            return False
        return len({*self.users[source]}) == 1

    def _move_inputs(self) -> None:
        """Inputs stand right before the first unit that takes them, as in a chain of steps."""
        first: dict[int, int] = {}
        for edge in self.connections:
            if edge.source is not None:
                column = self.units[edge.target].column
                first[edge.source] = min(first.get(edge.source, column), column)
        for i, unit in enumerate(self.units):
            if unit.kind == "input" and i in first:
                unit.column = first[i] - 1

    def _connect(self, target: int, terms: Iterable[Term]) -> None:
        unit = self.units[target]
        for term in terms:
            if term.source is not None:
                source = self.place[term.source]
                unit.column = max(unit.column, self.units[source].column + 1)
                weight = None if term.by is None else term.sign * term.by.data
                if term.by is None and term.sign < 0.0:
                    weight = -1.0
                self.connections.append(Connection(source, target, weight, term.by))
            elif term.by is not None:
                weight = term.sign * term.by.data
                self.connections.append(Connection(None, target, weight, term.by, term.constant))

    def _expanded(self, node: Value) -> list[Term] | None:
        """The terms of a sum, those of sums inside it included, in order; None for no sum."""
        first = self._terms_of(node)
        if first is None:
            return None
        found: list[Term] = []
        pending = first[::-1]
        while pending:
            term = pending.pop()
            source = term.source
            inner = None
            if source is not None and term.by is None and self._is_summand(source):
                inner = self._terms_of(source)
            if inner is None:
                found.append(term)
            else:
                pending += [
                    Term(each.source, each.sign * term.sign, each.by, each.constant)
                    for each in reversed(inner)
                ]
        return found

    def _terms_of(self, node: Value) -> list[Term] | None:
        row, parents = node.op, node.parents
        name = row.name if row is not None else ""
        if name in ("add", "sum"):
            return [self._term(parent, 1.0) for parent in parents]
        if name == "sub":
            return [self._term(parents[0], 1.0), self._term(parents[1], -1.0)]
        if name == "neg":
            return [self._term(parents[0], -1.0)]
        if name not in ("mul", "dot"):
            return None
        half = len(parents) // 2
        pairs = list(zip(parents[:half], parents[half : 2 * half], strict=True))
        terms = [self._product(a, b) for a, b in pairs]
        if any(term is None for term in terms):
            return None  # a product of two values that both depend on the inputs
        terms += [self._term(parent, 1.0) for parent in parents[2 * half :]]
        return [term for term in terms if term is not None]

    def _term(self, node: Value, sign: float) -> Term:
        return Term(node, sign) if node in self.alive else Term(None, sign, node)

    def _product(self, a: Value, b: Value) -> Term | None:
        if a in self.alive and b in self.alive:
            return None
        if a in self.alive:
            a, b = b, a
        if b in self.alive:
            return Term(b, 1.0, a)
        # A bias weight on a constant, in either order.
        return Term(None, 1.0, b, a.data) if a.is_constant else Term(None, 1.0, a, b.data)
