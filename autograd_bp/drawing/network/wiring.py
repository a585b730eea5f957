"""Which neurons a network consists of and how they are connected, read off the graph of one run.

Nothing is declared. A neuron is a sum of weighted values, followed by any functions of one number,
so layers, shortcuts, shared weights and plain Python arithmetic are all recognised.
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
    """A circle: an input, a neuron, or an operation on several values.

    Attributes:
        kind: "input", "neuron" or "operation".
        node: the value that it gives to others.
        stimulus: the sum before its activation; None for an input or an operation.
        functions: the operations after the stimulus, in order.
        column: the number of steps of the longest path from an input.
    """

    kind: str
    node: Value
    stimulus: Value | None = None
    functions: list[str] = field(default_factory=list)
    column: int = 0


@dataclass(frozen=True)
class Connection:
    """An arrow from a unit, or from a constant, to a unit.

    Attributes:
        source: the unit where it starts; None for a constant.
        target: the unit where it ends.
        weight: the number that it multiplies by; None where it only passes a value on.
        by: the weight as a node of the graph.
        constant: the constant at which it starts, where there is no source.
    """

    source: int | None
    target: int
    weight: float | None
    by: Value | None = None
    constant: float = 0.0


@dataclass(frozen=True)
class Wiring:
    """A network.

    Attributes:
        units: in topological order, inputs first.
        connections: the arrows between them.
        outputs: which units are outputs.
    """

    units: list[Unit]
    connections: list[Connection]
    outputs: list[int]


@dataclass(frozen=True)
class Summand:
    """One of the values that a unit adds up.

    Attributes:
        source: the value that comes from another unit; None for a constant.
        sign: 1 or -1.
        by: the weight; None where the source is added as it is.
        constant: the constant that is multiplied by the weight, where there is no source.
    """

    source: Value | None
    sign: float
    by: Value | None = None
    constant: float = 1.0

    @property
    def is_weighted(self) -> bool:
        """Multiplied by more than a plain number: by a weight, also by one that is computed."""
        return self.by is not None and not self.by.is_constant

    def times(self, sign: float) -> Summand:
        """The summand as part of a sum that is added or subtracted itself."""
        return Summand(self.source, self.sign * sign, self.by, self.constant)


def read(inputs: Sequence[Value], outputs: Sequence[Value]) -> Wiring:
    """The wiring between inputs and outputs; what depends on no input counts as a weight."""
    return _WiringReader(inputs, outputs).read()


class _WiringReader:
    """Goes through a graph once and makes units of its operations."""

    def __init__(self, inputs: Sequence[Value], outputs: Sequence[Value]) -> None:
        """Arguments:
        inputs, outputs: of the network.
        """
        self.outputs, self.is_output = outputs, set(outputs).__contains__
        self.order, self.users = _operations(inputs, outputs)
        self.units = [Unit("input", node) for node in inputs]
        self.connections: list[Connection] = []
        self.unit_of = {node: i for i, node in enumerate(inputs)}

    def read(self) -> Wiring:
        for node in self.order:
            if not self._is_summand(node):
                self._add(node)
        self._move_inputs()
        outputs = [self.unit_of[node] for node in self.outputs if node in self.unit_of]
        return Wiring(self.units, self.connections, list(dict.fromkeys(outputs)))

    def _depends_on_input(self, node: Value) -> bool:
        return node in self.users

    def _is_summand(self, node: Value) -> bool:
        """Whether a node is only a part of a longer sum: one operation, which adds, uses it."""
        op, users = node.op, self.users[node]
        if op is None or op.name not in LINEAR or len(users) != 1 or self.is_output(node):
            return False
        user = users[0].op
        return user is not None and user.name in ADDING and self._summands(node) is not None

    # ---------------------------------------------------------------------------- units
    def _add(self, node: Value) -> None:
        """Make a unit of an operation, or a part of the unit before it."""
        op = node.op
        assert op is not None
        summands = self._all_summands(node)
        if op.name not in ADDING:
            summands = list(dict.fromkeys(summands))
        is_neuron = op.name == "dot" or any(summand.is_weighted for summand in summands)
        sources = {summand.source for summand in summands if summand.source is not None}
        if not is_neuron and len(sources) == 1 and self._can_join(*sources):
            # A function of one number, such as 1 + e^-α: part of the neuron that gives it.
            i = self.unit_of[node] = self.unit_of[sources.pop()]
            self.units[i].node = node
            self.units[i].functions.append(op.name)
            return
        self.unit_of[node] = len(self.units)
        self.units.append(
            Unit("neuron", node, node) if is_neuron else Unit("operation", node, None, [op.name])
        )
        self._connect(self.unit_of[node], summands)

    def _can_join(self, source: Value) -> bool:
        """Whether the only user of a node can be part of the same unit."""
        if self.units[self.unit_of[source]].kind == "input" or self.is_output(source):
            return False
        return len({*self.users[source]}) == 1

    def _connect(self, target: int, summands: Iterable[Summand]) -> None:
        unit = self.units[target]
        for summand in summands:
            weight = None if summand.by is None else summand.sign * summand.by.data
            if summand.source is not None:
                source = self.unit_of[summand.source]
                unit.column = max(unit.column, self.units[source].column + 1)
                if summand.by is None and summand.sign < 0.0:
                    weight = -1.0
                self.connections.append(Connection(source, target, weight, summand.by))
            elif summand.by is not None:
                self.connections.append(
                    Connection(None, target, weight, summand.by, summand.constant)
                )

    def _move_inputs(self) -> None:
        """Put inputs right before the first unit that takes them, as in a chain of steps."""
        first: dict[int, int] = {}
        for edge in self.connections:
            if edge.source is not None:
                column = self.units[edge.target].column
                first[edge.source] = min(first.get(edge.source, column), column)
        for i, unit in enumerate(self.units):
            if unit.kind == "input" and i in first:
                unit.column = first[i] - 1

    # ------------------------------------------------------------------------- summands
    def _all_summands(self, node: Value) -> list[Summand]:
        """The summands of a sum, those of sums inside it included, in order; of another
        operation, its operands.
        """
        summands = self._summands(node)
        if summands is None:
            return [Summand(p, 1.0) for p in node.parents if self._depends_on_input(p)]
        flat: list[Summand] = []
        pending = summands[::-1]
        while pending:
            summand = pending.pop()
            source, inner = summand.source, None
            if source is not None and summand.by is None and self._is_summand(source):
                inner = self._summands(source)
            if inner is None:
                flat.append(summand)
            else:
                pending += [part.times(summand.sign) for part in reversed(inner)]
        return flat

    def _summands(self, node: Value) -> list[Summand] | None:
        """The summands of one operation; None for an operation that is no sum."""
        op, parents = node.op, node.parents
        name = op.name if op is not None else ""
        if name in ("add", "sum"):
            return [self._summand(parent, 1.0) for parent in parents]
        if name == "sub":
            return [self._summand(parents[0], 1.0), self._summand(parents[1], -1.0)]
        if name == "neg":
            return [self._summand(parents[0], -1.0)]
        if name == "mul":
            return self._products([(parents[0], parents[1])])
        if op is None or name != "dot":
            return None
        left, right = op.operands.lists(parents)
        products = self._products(zip(left, right, strict=True))
        if products is not None and op.operands.has_initial(len(parents)):
            products.append(self._summand(parents[-1], 1.0))
        return products

    def _summand(self, node: Value, sign: float) -> Summand:
        if self._depends_on_input(node):
            return Summand(node, sign)
        return Summand(None, sign, node)

    def _products(self, pairs: Iterable[tuple[Value, Value]]) -> list[Summand] | None:
        """Products as summands; None where both factors of one depend on the inputs."""
        summands = []
        for a, b in pairs:
            if self._depends_on_input(a):
                a, b = b, a
            if self._depends_on_input(a):
                return None
            if self._depends_on_input(b):
                summands.append(Summand(b, 1.0, a))
            elif a.is_constant:  # a bias weight on a constant, in either order
                summands.append(Summand(None, 1.0, b, a.data))
            else:
                summands.append(Summand(None, 1.0, a, b.data))
        return summands


def _operations(
    inputs: Sequence[Value], outputs: Sequence[Value]
) -> tuple[list[Value], dict[Value, list[Value]]]:
    """The operations that depend on an input, in topological order; and the inputs and these
    operations, with the operations that use them.
    """
    users: dict[Value, list[Value]] = {node: [] for node in inputs}
    order = []
    for node in graph.topological_order(*outputs):
        if node not in users and any(parent in users for parent in node.parents):
            users[node] = []
            order.append(node)
    for node in order:
        for parent in node.parents:
            if parent in users:
                users[parent].append(node)
    return order, users
