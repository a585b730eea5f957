"""Operations that stand side by side and do the same, of which only one is drawn."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from autograd_bp.drawing.graph.shifts import stem
from autograd_bp.value import Value

MIN_SIDE_BY_SIDE = 8  # operations that are worth a frame


@dataclass(frozen=True)
class AlikeLayer:
    """Families of equally many operations, where each family continues the one before it.

    Attributes:
        families: the operations: those of a family are alike, and the first is drawn.
    """

    families: tuple[tuple[Value, ...], ...]

    @property
    def shown(self) -> tuple[Value, ...]:
        """The operations that are drawn."""
        return tuple(family[0] for family in self.families)


def find(
    order: Sequence[Value],
    uses: Mapping[Value, int],
    never: Collection[Value],
    least: int = MIN_SIDE_BY_SIDE,
    step: Mapping[Value, int] | None = None,
) -> list[AlikeLayer]:
    """The layers in a graph.

    Arguments:
        order: the nodes, in topological order.
        uses: how often each node is used.
        never: nodes that are drawn themselves.
        least: operations that are worth a frame.
        step: the step to which a node belongs, where it belongs to one; operations of different
            steps do not stand side by side.
    """
    return chained(families(order, never, step or {}), uses, least)


def chained(
    found: Sequence[tuple[Value, ...]], uses: Mapping[Value, int], least: int
) -> list[AlikeLayer]:
    """The layers that families of at least so many operations form."""
    layers: list[list[tuple[Value, ...]]] = []
    last: dict[Value, int] = {}  # the layer that a family's first member ends
    for family in found:
        if len(family) < least:
            continue
        before = _before(family, uses)
        layer = last.pop(before[0], None) if before else None
        if layer is not None and {*layers[layer][-1]} == {*before}:
            user = dict(zip(before, family, strict=True))
            family = tuple(user[node] for node in layers[layer][-1])
            layers[layer].append(family)
        else:
            layer = len(layers)
            layers.append([family])
        last[family[0]] = layer
    return [AlikeLayer(tuple(families)) for families in layers]


def families(
    order: Sequence[Value],
    never: Collection[Value],
    step: Mapping[Value, int],
    outputs: Collection[Value] = (),
) -> list[tuple[Value, ...]]:
    """Operations of one depth: the same primitive, as many parents, of the same kinds, and used by
    the same primitives; outputs are alike with outputs only.
    """
    depth: dict[Value, int] = {}
    for node in order:
        # The parents of a node at which the picture stops are not in the order.
        depth[node] = 1 + max([depth.get(parent, 0) for parent in node.parents], default=-1)
    alike = _looks(order, never, step, outputs, depth)
    candidates = {node for nodes in alike.values() if len(nodes) > 1 for node in nodes}
    users = _users(order, candidates, depth)
    members: dict[object, list[Value]] = {}
    for look, nodes in alike.items():
        for node in nodes if len(nodes) > 1 else ():
            kinds = {
                (depth[parent], parent.op) if parent.parents else stem(parent.label)
                for parent in node.parents
            }
            key = (look, frozenset(kinds), frozenset(users.get(node, ())))
            members.setdefault(key, []).append(node)
    place = {node: i for i, node in enumerate(order)}
    found = [tuple(family) for family in members.values() if len(family) > 1]
    return sorted(found, key=lambda family: place[family[0]])


def _looks(
    order: Sequence[Value],
    never: Collection[Value],
    step: Mapping[Value, int],
    outputs: Collection[Value],
    depth: Mapping[Value, int],
) -> dict[tuple[object, ...], list[Value]]:
    """The operations by what is seen of each alone."""
    alike: dict[tuple[object, ...], list[Value]] = {}
    for node in order:
        if node.parents and node not in never:
            look = (node.op, step.get(node), depth[node], len(node.parents), node in outputs)
            alike.setdefault(look, []).append(node)
    return alike


def _users(
    order: Sequence[Value], candidates: Collection[Value], depth: Mapping[Value, int]
) -> dict[Value, set[object]]:
    """What the operations are that use each candidate, and in which of their lists."""
    users: dict[Value, set[object]] = {}
    for node in order if candidates else ():
        for side, operands in enumerate(_lists(node)):
            for parent in operands:
                if parent in candidates:
                    users.setdefault(parent, set()).add((node.op, side, depth[node]))
    return users


def _lists(node: Value) -> Sequence[Sequence[Value]]:
    """The parents of an operation on lists of values, list by list."""
    if node.op is None or node.op.arity is not None:
        return [node.parents]
    return node.op.operands.lists(node.parents)


def _before(family: tuple[Value, ...], uses: Mapping[Value, int]) -> tuple[Value, ...]:
    """The operation that each member continues; empty where any member continues none, several,
    or one that is used elsewhere.
    """
    before = []
    for node in family:
        inner = [parent for parent in node.parents if parent.parents]
        if len(inner) != 1 or uses.get(inner[0]) != 1:
            return ()
        before.append(inner[0])
    return tuple(before)
