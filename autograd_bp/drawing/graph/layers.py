"""Layers: operations that stand side by side and do the same, of which one is drawn."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from autograd_bp.value import Value

FEWEST = 8  # side by side that are worth a frame


@dataclass(frozen=True)
class Layer:
    """Families of as many operations each, every one of which goes on from the one before.

    Attributes:
        families: the operations: those of a family are alike, and the first is drawn.
    """

    families: tuple[tuple[Value, ...], ...]

    @property
    def shown(self) -> tuple[Value, ...]:
        return tuple(family[0] for family in self.families)


def find(
    order: Sequence[Value], uses: Mapping[Value, int], never: Collection[Value]
) -> list[Layer]:
    """The layers in a graph.

    Arguments:
        order: the nodes, in topological order.
        uses: how often each node is used.
        never: nodes that are drawn themselves.
    """
    layers: list[list[tuple[Value, ...]]] = []
    last: dict[Value, int] = {}  # the layer that a family's first member ends
    for family in _families(order, never):
        before = _before(family, uses)
        at = last.pop(before[0], None) if before else None
        if at is not None and layers[at][-1] == before:
            layers[at].append(family)
        else:
            at = len(layers)
            layers.append([family])
        last[family[0]] = at
    return [Layer(tuple(each)) for each in layers]


def _families(order: Sequence[Value], never: Collection[Value]) -> list[tuple[Value, ...]]:
    """Operations of one depth that apply the same row to as many parents of the same kinds."""
    depth: dict[Value, int] = {}
    found: dict[object, list[Value]] = {}
    for node in order:
        depth[node] = 1 + max((depth[parent] for parent in node.parents), default=-1)
        if not node.parents or node in never:
            continue
        kinds = {(depth[parent], parent.op) for parent in node.parents if parent.parents}
        key = (node.op, depth[node], len(node.parents), frozenset(kinds))
        found.setdefault(key, []).append(node)
    return [tuple(family) for family in found.values() if len(family) >= FEWEST]


def _before(family: tuple[Value, ...], uses: Mapping[Value, int]) -> tuple[Value, ...]:
    """What each member goes on from, if that is one operation that nobody else uses."""
    before = []
    for node in family:
        inner = [parent for parent in node.parents if parent.parents]
        if len(inner) != 1 or uses.get(inner[0]) != 1:
            return ()
        before.append(inner[0])
    return tuple(before)
