"""The neighbourhood of a value: what is some steps away from it."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from autograd_bp import graph
from autograd_bp.value import Value


def within(outputs: Sequence[Value], depth: int) -> frozenset[Value]:
    """The operations `depth` steps away from the outputs, where a picture of that depth stops."""
    distance = dict.fromkeys(outputs, 0)
    queue = deque(distance)
    stops = set()
    while queue:
        node = queue.popleft()
        if distance[node] == depth:
            if node.parents:
                stops.add(node)
            continue
        for parent in node.parents:
            if parent not in distance:
                distance[parent] = distance[node] + 1
                queue.append(parent)
    return frozenset(stops)


def around(outputs: Sequence[Value], node: Value, radius: int, limit: int) -> frozenset[Value]:
    """The nodes at most `radius` steps from a node, up or down: the nearest `limit` of them."""
    users: dict[Value, list[Value]] = {}
    for user in graph.topological_order(*outputs):
        for parent in dict.fromkeys(user.parents):
            users.setdefault(parent, []).append(user)
    distance = {node: 0}
    queue = deque([node])
    while queue and len(distance) < limit:
        near = queue.popleft()
        if distance[near] == radius:
            break
        for neighbour in (*near.parents, *users.get(near, ())):
            if neighbour not in distance and len(distance) < limit:
                distance[neighbour] = distance[near] + 1
                queue.append(neighbour)
    return frozenset(distance)
