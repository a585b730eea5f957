"""What the picture of two graphs shows: what differs, and of what is the same, as much as has room.

What differs is never folded. What is the same in both graphs, and made of nothing else, is.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from autograd_bp.drawing.graph.compare import Merged, equal
from autograd_bp.drawing.graph.scene import Card, Edge
from autograd_bp.notation import text
from autograd_bp.notation.numbers import rounded
from autograd_bp.value import Value

Neighbours = list[list[int]]
MAX_BEGINNINGS = 12  # of more, the first one is drawn with what is near


@dataclass(frozen=True)
class ComparedCard(Card):
    """A node of the picture of two graphs; its numbers are those after.

    Attributes:
        status: what `Merged.status` says.
        gradient: its gradient, or what it was and is, in words.
        gradient_differs: True where both graphs have the node, with other gradients.
    """

    status: str = "same"
    gradient: str = ""
    gradient_differs: bool = False


@dataclass(frozen=True)
class ComparedEdge(Edge):
    """An arrow of that picture.

    Attributes:
        times: how often the graph before and the graph after have it.
    """

    times: tuple[int, int] = (1, 1)


class Shown(NamedTuple):
    """The contents of a picture.

    Attributes:
        cards, edges: what is drawn.
        note: how many nodes differ, and what is not drawn, in one sentence.
        is_cut: True where nodes are left out that have room in no other card.
    """

    cards: list[ComparedCard]
    edges: list[ComparedEdge]
    note: str
    is_cut: bool


@dataclass(frozen=True)
class Comparison:
    """Two graphs, with the numbers that they had when they were compared.

    Attributes:
        cards: the nodes that a picture can show, by their index.
        edges: the arrows between them and from others, with how often each graph has them.
        statuses: how many nodes of both graphs have each status.
        whole, folded: the nodes to draw, the most important first: of all, and without those that
            are the same and are read only by others that are the same all the way down.
        n_folded: how many nodes `folded` leaves out because of that.
        constants: the nodes that can stand in the cards that read them.
        has_gradients: both graphs have gradients.
    """

    cards: Mapping[int, ComparedCard]
    edges: Mapping[tuple[int, int], tuple[int, int]]
    statuses: Mapping[str, int]
    whole: list[int]
    folded: list[int]
    n_folded: int
    constants: frozenset[int]
    has_gradients: bool

    def shown(
        self, max_nodes: int, *, fold: bool = False, inline: bool = False, asked: bool = False
    ) -> Shown:
        """What a picture shows of at most so many nodes.

        Arguments:
            max_nodes: the number of cards.
            fold: True draws nothing below what is the same all the way down.
            inline: True writes constants that are the same into the cards that read them.
            asked: True where so many cards were asked for.
        """
        order = self.folded if fold else self.whole
        inlined = self.constants if inline else frozenset()
        drawn = sorted([i for i in order if i not in inlined][:max_nodes])
        ids = {i: f"n{i}" for i in drawn}
        edges: list[ComparedEdge] = []
        written: dict[int, dict[int, float]] = {i: {} for i in drawn}
        cut: set[int] = set()
        used: set[int] = set()  # constants that stand in cards
        for (source, target), times in self.edges.items():
            if target not in ids:
                continue
            if source in ids:
                edges.append(ComparedEdge(ids[source], ids[target], "", 0.0, 0.0, times=times))
            elif source in inlined:
                used.add(source)
                number = self.cards[source].data
                written[target].update((k, number) for k in self._places(source, target))
            else:
                cut.add(target)
        cards = [
            replace(self.cards[i], id=ids[i], inline=dict(sorted(written[i].items())), cut=i in cut)
            for i in drawn
        ]
        count = len(drawn) + len(used)
        total = sum(self.statuses.values())
        is_cut = count < total - (self.n_folded if fold else 0)
        return Shown(cards, edges, self._note(count, max_nodes if asked else 0, is_cut), is_cut)

    def _places(self, source: int, target: int) -> list[int]:
        """Where a constant stands among the parents of a node."""
        number = self.cards[source].data
        return [
            k
            for k, parent in enumerate(self.cards[target].node.parents)
            if parent.is_constant and not parent.label and repr(parent.data) == repr(number)
        ]

    def _note(self, shown: int, asked: int, is_cut: bool) -> str:
        count = self.statuses
        note = (
            f"{text.count(count['more'], 'value')} more, {count['fewer']:,} fewer, "
            f"{count['other']:,} with other numbers, {count['same']:,} the same"
        )
        missing = sum(count.values()) - shown
        if not missing:
            return note
        if not is_cut:
            return f"{note}; {missing:,} of these are not drawn: cards with “…” are made of them"
        if asked:
            return f"{note}; drawn are {shown:,}, differences first (max_nodes={asked:,})"
        return f"{note}; drawn are {shown:,}: where differences begin, and what is nearest to them"


def change(old: float, new: float) -> str:
    """A number, or what it was and what it is."""
    shown = rounded(new)
    if equal(old, new):
        return shown
    before = rounded(old)
    same_digits = f" (by {rounded(new - old)})" if before == shown else ""
    return f"{before} → {shown}{same_digits}"


def compare(merged: Merged, names: Mapping[Value, str], max_nodes: int) -> Comparison:
    """The comparison of two graphs, for pictures of at most so many cards."""
    statuses = [merged.status(i) for i in range(len(merged.nodes))]
    sources: Neighbours = [[] for _ in statuses]
    readers: Neighbours = [[] for _ in statuses]
    for source, target in merged.edges:
        sources[target].append(source)
        readers[source].append(target)
    steady = _steady(statuses, sources)
    left = [i for i in range(len(statuses)) if not _is_below(i, steady, readers)]
    order = _by_importance(merged, statuses, sources, readers)
    kept = {*left}
    whole, folded = order[:max_nodes], [i for i in order if i in kept][:max_nodes]
    cards = {i: _card(merged, i, statuses[i], names) for i in {*whole, *folded}}
    edges = {edge: times for edge, times in merged.edges.items() if edge[1] in cards}
    return Comparison(
        cards,
        edges,
        Counter(statuses),
        whole,
        folded,
        len(statuses) - len(left),
        _constants(merged, cards, readers),
        merged.has_gradients,
    )


def _constants(
    merged: Merged, cards: Mapping[int, ComparedCard], readers: Neighbours
) -> frozenset[int]:
    """The constants without a name that both graphs have, and use in the same places."""
    changed = {
        source
        for (source, target), (first, second) in merged.edges.items()
        if first != second and None not in merged.nodes[target]
    }
    return frozenset(
        i
        for i, card in cards.items()
        if (card.kind, card.status, card.label) == ("constant", "same", "")
        and readers[i]
        and i not in changed
    )


def _card(merged: Merged, i: int, status: str, names: Mapping[Value, str]) -> ComparedCard:
    old, new = merged.nodes[i]
    node = new if new is not None else old
    assert node is not None
    first = node if old is None else old
    return ComparedCard(
        node,
        f"n{i}",
        "constant" if node.is_constant else "operation" if node.parents else "input",
        node.op.symbol if node.op is not None else "",
        names.get(node) or node.label,
        node.data,
        node.grad,
        None,
        {},
        False,
        figure=change(first.data, node.data),
        status=status,
        gradient=change(first.grad, node.grad) if merged.has_gradients else "",
        gradient_differs=merged.has_gradients and not equal(first.grad, node.grad),
    )


# --------------------------------------------------------------------------------- choice
def _steady(statuses: list[str], sources: Neighbours) -> list[bool]:
    """Whether a node is the same, and so is everything that it is made of."""
    waiting = [len(before) for before in sources]
    steady = [False] * len(statuses)
    readers: Neighbours = [[] for _ in statuses]
    for target, before in enumerate(sources):
        for source in before:
            readers[source].append(target)
    free = deque(i for i, count in enumerate(waiting) if not count)
    while free:
        i = free.popleft()
        steady[i] = statuses[i] == "same" and all(steady[j] for j in sources[i])
        for reader in readers[i]:
            waiting[reader] -= 1
            if not waiting[reader]:
                free.append(reader)
    return steady


def _is_below(i: int, steady: list[bool], readers: Neighbours) -> bool:
    """Whether only nodes read a node that are the same all the way down, as it is itself."""
    return steady[i] and bool(readers[i]) and all(steady[reader] for reader in readers[i])


def _by_importance(
    merged: Merged, statuses: list[str], sources: Neighbours, readers: Neighbours
) -> list[int]:
    """All nodes: those of one graph and those where other numbers begin, or the first of many, then
    the other differences, then what is the same, each by their distance from the first ones.
    """
    depth = _depths(sources, readers)
    one_sided = [i for i, status in enumerate(statuses) if status in ("more", "fewer")]
    origins = [
        i
        for i, status in enumerate(statuses)
        if status == "other" and _begins(merged, i, sources[i])
    ]
    first = sorted(one_sided, key=depth.__getitem__) + sorted(origins, key=depth.__getitem__)
    first = first or [i for i, status in enumerate(statuses) if status != "same"][-1:]
    first = first if len(first) <= MAX_BEGINNINGS else first[:1]
    seeds = dict.fromkeys(first or [len(statuses) - 1])
    differing = (i for i in _reached(seeds, sources, readers, statuses) if i not in seeds)
    order = dict.fromkeys(seeds)
    order.update(dict.fromkeys(differing))
    order.update(dict.fromkeys(i for i, status in enumerate(statuses) if status != "same"))
    order.update(dict.fromkeys(_reached(order, sources, readers)))
    order.update(dict.fromkeys(range(len(statuses))))
    return [*order]


def _begins(merged: Merged, i: int, sources: Iterable[int]) -> bool:
    """Whether the data of a node differ, and those of what it is made of do not."""

    def differs(k: int) -> bool:
        old, new = merged.nodes[k]
        return old is None or new is None or not equal(old.data, new.data)

    return differs(i) and not any(map(differs, sources))


def _reached(
    seeds: Iterable[int],
    sources: Neighbours,
    readers: Neighbours,
    statuses: list[str] | None = None,
) -> list[int]:
    """The nodes around some, the nearest first; with statuses, through differing nodes only. Who
    else reads a leaf is not near, except where the leaf is one of the first.
    """
    seen = dict.fromkeys(seeds)
    first = {*seen}
    queue = deque(seen)
    while queue:
        i = queue.popleft()
        around = readers[i] if sources[i] or i in first else ()
        near = sorted((*around, *sources[i]), key=lambda j: not sources[j])  # leaves come last
        for other in near:
            if other not in seen and (statuses is None or statuses[other] != "same"):
                seen[other] = None
                queue.append(other)
    return [*seen]


def _depths(sources: Neighbours, readers: Neighbours) -> list[int]:
    """How many steps an operation is away from the leaves of its own graph; a leaf stands right
    before the first that reads it.
    """
    depth: list[int] = []
    for i, before in enumerate(sources):
        depth.append(1 + max([depth[j] for j in before if j < i], default=-1))
    return [
        steps if sources[i] else min([depth[j] for j in readers[i]], default=1) - 1
        for i, steps in enumerate(depth)
    ]
