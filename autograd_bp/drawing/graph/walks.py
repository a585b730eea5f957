"""Walks over a graph that stop somewhere: at given values, or some steps away from one."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection

from autograd_bp.value import Value


def walk(output: Value, stops: Collection[Value]) -> list[Value]:
    """The topological order of `graph.topological_order`, not going beyond the stops."""
    order: list[Value] = []
    opened: set[Value] = set()
    closed: set[Value] = set()
    pending = [output]
    while pending:
        node = pending[-1]
        if node in closed:
            pending.pop()
        elif node in opened:
            closed.add(node)
            order.append(pending.pop())
        else:
            opened.add(node)
            if node not in stops or node is output:
                pending.extend(p for p in reversed(node.parents) if p not in closed)
    return order


def within(output: Value, depth: int) -> frozenset[Value]:
    """The operations that are `depth` steps away from the output: the stops of a
    neighbourhood.
    """
    distance = {output: 0}
    queue = deque([output])
    rim = set()
    while queue:
        node = queue.popleft()
        if distance[node] == depth:
            if node.parents:
                rim.add(node)
            continue
        for parent in node.parents:
            if parent not in distance:
                distance[parent] = distance[node] + 1
                queue.append(parent)
    return frozenset(rim)


def around(output: Value, node: Value, radius: int, limit: int) -> frozenset[Value]:
    """The nodes at most `radius` steps from a node, up or down, the nearest first."""
    users: dict[Value, list[Value]] = {}
    for each in walk(output, ()):
        for parent in dict.fromkeys(each.parents):
            users.setdefault(parent, []).append(each)
    distance = {node: 0}
    queue = deque([node])
    while queue and len(distance) < limit:
        near = queue.popleft()
        if distance[near] == radius:
            break
        for other in (*near.parents, *users.get(near, ())):
            if other not in distance and len(distance) < limit:
                distance[other] = distance[near] + 1
                queue.append(other)
    return frozenset(distance)
