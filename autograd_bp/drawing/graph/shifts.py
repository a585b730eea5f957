"""A graph compared with itself, one step earlier: which node is the counterpart of which.

A *shift* takes a node of a loop to the node that did the same in the step before. It grows from one
pair of nodes to their parents, and then to the operations that use them.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Collection, Mapping, Sequence

from autograd_bp.value import Value

REACH = 400  # nodes below an operation among which its counterpart is looked for
MAX_CANDIDATES = 6
GLANCE = 3_000  # pairs by which candidates are compared
LEAST = 3  # times that a node has to be shifted
WORK = 200_000  # edges, and some for each node, after which no further loop is looked for
_STEM = re.compile(r"[\d\[\]{}(),_₀₁₂₃₄₅₆₇₈₉]+$")


def stem(label: str) -> str:
    """A label without its number: x for x0, x_12 and x[3]."""
    return _STEM.sub("", label)


def alike(a: Value, b: Value) -> bool:
    """Whether two leaves can be the same thing in two steps."""
    return a.is_constant == b.is_constant and stem(a.label) == stem(b.label)


class Shifts:
    """Finds the shifts of one graph."""

    def __init__(self, order: Sequence[Value], never: Collection[Value]) -> None:
        """Arguments:
        order: the nodes, in topological order.
        never: nodes that have no counterpart.
        """
        self.order, self.never = order, never
        self.place = {node: i for i, node in enumerate(order)}
        self.rank = _ranks(order)
        self.users: dict[Value, dict[Value, None]] = {}
        for node in order:
            for parent in node.parents:
                if parent.parents:
                    self.users.setdefault(parent, {})[node] = None
        self.looks = _looks(order)
        self.frequency = Counter(self.looks.values())
        self.work = WORK + 6 * len(order)

    def largest(self, node: Value) -> dict[Value, Value]:
        """The shift of an operation to an earlier one that covers most of the graph."""
        if self.frequency[self.looks[node]] < LEAST or self.work <= 0:
            return {}
        best: dict[Value, Value] = {}
        highest = 0
        for candidate in self._candidates(node):
            shift = self._grown(node, candidate, GLANCE)
            score = sum(1 + _shared(a, b) for a, b in shift.items())
            # Of two that cover as much, the one between equal constants, if they cover all.
            is_better = score > highest or (
                score == highest and len(shift) < GLANCE and _constants(shift) > _constants(best)
            )
            if is_better:
                best, highest = shift, score
        if _orbit(node, best) < LEAST:  # it can be no loop
            return {}
        if len(best) >= GLANCE:
            best = self._grown(node, best[node], len(self.order))
        return self._with_users(best)

    def _candidates(self, node: Value) -> list[Value]:
        """Operations that look the same, the nearest first."""
        look = self.looks[node]
        seen, queue = {node}, deque([node])
        found: list[Value] = []
        while queue and len(seen) < REACH and len(found) < MAX_CANDIDATES:
            for parent in queue.popleft().parents:
                if parent in seen or not parent.parents or parent not in self.looks:
                    continue
                seen.add(parent)
                queue.append(parent)
                if self.looks[parent] == look and parent not in self.never:
                    found.append(parent)
        self.work -= len(seen)
        return found[:MAX_CANDIDATES]

    def _grown(self, node: Value, earlier: Value, limit: int) -> dict[Value, Value]:
        """The shift to which a pair grows through parents."""
        shift: dict[Value, Value] = {}
        images: set[Value] = set()
        pending = deque([(node, earlier)])
        edges = 0
        while pending and len(shift) < limit:
            a, b = pending.popleft()
            if a in shift or b in images or not self._can_pair(a, b):
                continue
            shift[a] = b
            images.add(b)
            edges += len(a.parents)
            pending.extend(
                (p, q)
                for p, q in zip(a.parents, b.parents, strict=True)
                if p is not q and p.parents and q.parents
            )
        self.work -= edges
        return shift

    def _can_pair(self, a: Value, b: Value) -> bool:
        if a.op is not b.op or len(a.parents) != len(b.parents):
            return False
        # Earlier means further from the output, so that no node is its own counterpart.
        if a not in self.rank or b not in self.rank or self.rank[b] <= self.rank[a]:
            return False
        if a in self.never or b in self.never:
            return False
        return not (a.label and b.label) or stem(a.label) == stem(b.label)

    def _with_users(self, shift: dict[Value, Value]) -> dict[Value, Value]:
        """The shift with the operations that use its nodes in the same way: another state, a sum
        over the steps.
        """
        images = set(shift.values())
        pending = deque(shift.items())
        while pending and self.work > 0:
            a, b = pending.popleft()
            above = [user for user in self.users.get(a, ()) if user not in shift]
            if not above:
                continue
            places: dict[tuple[object, ...], list[Value]] = {}
            for user in self.users.get(b, ()):
                places.setdefault(_key(user, {}), []).append(user)
                self.work -= len(user.parents)
            for node in above:
                self.work -= len(node.parents)
                others = [c for c in places.get(_key(node, shift), ()) if c not in images]
                other = self._counterpart(node, others, above, shift)
                if other is not None and node not in shift:
                    shift[node] = other
                    images.add(other)
                    pending.append((node, other))
        return shift

    def _counterpart(
        self,
        node: Value,
        others: Sequence[Value],
        above: Sequence[Value],
        shift: Mapping[Value, Value],
    ) -> Value | None:
        free = [c for c in others if self._can_pair(node, c)]
        if len(free) > 1:  # of several, the one that reads the same leaves
            scores = [_shared(node, c) + _equal_constants(node, c) for c in free]
            free = [c for c, score in zip(free, scores, strict=True) if score == max(scores)]
        if len(free) > 1:  # values that are computed several times are paired in order
            key = _key(node, shift)
            twins = [n for n in above if n not in shift and _key(n, shift) == key]
            free = free[: len(free) == len(twins)]
        return free[0] if free else None


def _orbit(node: Value, shift: Mapping[Value, Value]) -> int:
    """How often a node can be shifted, up to `LEAST`."""
    for times in range(LEAST):
        earlier = shift.get(node)
        if earlier is None:
            return times
        node = earlier
    return LEAST


def _shared(a: Value, b: Value) -> int:
    """How many parents two operations have in common, each at its place."""
    return sum(p is q for p, q in zip(a.parents, b.parents, strict=True))


def _equal_constants(a: Value, b: Value) -> int:
    """How many constants two operations have in common, each at its place."""
    return sum(
        p.is_constant and q.is_constant and p.data == q.data
        for p, q in zip(a.parents, b.parents, strict=True)
    )


def _constants(shift: Mapping[Value, Value]) -> int:
    return sum(_equal_constants(a, b) for a, b in shift.items())


def _key(node: Value, shift: Mapping[Value, Value]) -> tuple[object, ...]:
    """An operation and what it is applied to, one step earlier; any leaves can stand for leaves."""
    return (node.op, *(shift.get(p, p) if p.parents else None for p in node.parents))


def _looks(order: Sequence[Value]) -> dict[Value, int]:
    """A number for each operation, equal for those that look the same three steps down."""
    looks: dict[Value, int] = dict.fromkeys(order, 0)
    for _ in range(3):
        looks = {
            node: hash((id(node.op), *[looks.get(parent, 0) for parent in node.parents]))
            if node.parents
            else 0
            for node in order
        }
    return looks


def _ranks(order: Sequence[Value]) -> dict[Value, tuple[int, int]]:
    """How far each node is from the output, at most, and then how near to the leaves."""
    height: dict[Value, int] = {}
    for node in reversed(order):
        above = height.setdefault(node, 0) + 1
        for parent in node.parents:
            if height.get(parent, -1) < above:
                height[parent] = above
    depth: dict[Value, int] = {}
    for node in order:
        depth[node] = 1 + max([depth.get(parent, -1) for parent in node.parents], default=-1)
    return {node: (height[node], -depth[node]) for node in order}
