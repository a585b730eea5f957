"""Chains that do the same again and again: the stretch that repeats, and how often."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from autograd_bp.value import Value

LONGEST = 16  # operations in the stretch that repeats, and in each twig that it takes in
WIDEST = 8  # parents of one of them
FEWEST = 4  # repetitions that are worth a frame


@dataclass(frozen=True)
class Run:
    """A stretch of a chain that stands `times` times in a row.

    Attributes:
        shown: the operations of its last copy, with the leaves and the twigs that only they use.
        first: the first of these operations; `spine` is which of its parents is the chain.
        before: what the first copy starts from.
    """

    shown: tuple[Value, ...]
    first: Value
    spine: int
    before: Value
    times: int


def find(order: Sequence[Value], uses: Mapping[Value, int], never: Collection[Value]) -> list[Run]:
    """The runs in a graph.

    Arguments:
        order: the nodes, in topological order.
        uses: how often each node is used.
        never: nodes that may not disappear into a run.
    """
    runs = []
    twigs = _twigs(order, uses, never)
    for chain in _chains(order, uses, never, twigs):
        tokens = [_token(node, spine, twigs) for node, spine in chain]
        i = len(tokens)
        while i > 0:
            period, times = _period(tokens, i)
            if times >= FEWEST:
                start = i - period * times
                runs.append(_run(chain[i - period : i], chain[start], times, uses, twigs))
                i = start
            else:
                i -= 1
    return runs


@dataclass(frozen=True)
class Twig:
    """A small tree of operations, each of which is all that the one before it is used for.

    Attributes:
        token: equal for twigs that look the same.
        nodes: its operations and the leaves that only they use.
    """

    token: tuple[object, ...]
    nodes: tuple[Value, ...]


def _twigs(
    order: Sequence[Value], uses: Mapping[Value, int], never: Collection[Value]
) -> dict[Value, Twig]:
    twigs: dict[Value, Twig] = {}
    for node in order:
        inner = [parent for parent in node.parents if parent.parents]
        if not node.parents or node in never or uses.get(node) != 1:
            continue
        if len(node.parents) > WIDEST or any(parent not in twigs for parent in inner):
            continue
        tokens = [
            twigs[parent].token if parent in twigs else _leaf(parent) for parent in node.parents
        ]
        nodes = [each for parent in node.parents for each in _with(parent, uses, twigs)]
        if len(nodes) < LONGEST:
            code = node.op.code if node.op is not None else -1
            twigs[node] = Twig((code, node.label, *tokens), (*nodes, node))
    return twigs


def _leaf(node: Value) -> tuple[object, ...]:
    return (node.label, node.data) if node.is_constant else (node.label,)


def _with(node: Value, uses: Mapping[Value, int], twigs: Mapping[Value, Twig]) -> tuple[Value, ...]:
    """What is drawn for a parent beside the chain, if nothing else uses it."""
    if node in twigs:
        return twigs[node].nodes
    return (node,) if not node.parents and uses.get(node) == 1 else ()


def _chains(
    order: Sequence[Value],
    uses: Mapping[Value, int],
    never: Collection[Value],
    twigs: Mapping[Value, Twig],
) -> list[list[tuple[Value, int]]]:
    """Operations each of which is all that the one before it is used for; with each, which of
    its parents continues the chain: the one that goes back furthest; the others are leaves and
    twigs.
    """
    chains: dict[Value, list[tuple[Value, int]]] = {}
    depth: dict[Value, int] = {}
    done = []
    for node in order:
        depth[node] = 1 + max((depth[parent] for parent in node.parents), default=-1)
        if not node.parents or node in never or len(node.parents) > WIDEST:
            continue
        spine = max(range(len(node.parents)), key=lambda i: (depth[node.parents[i]], -i))
        if any(
            parent.parents and parent not in twigs
            for i, parent in enumerate(node.parents)
            if i != spine
        ):
            continue
        parent = node.parents[spine]
        chain = chains.pop(parent, None) if uses.get(parent) == 1 else None
        chain = [] if chain is None else chain
        if not chain:
            done.append(chain)
        chain.append((node, spine))
        chains[node] = chain
    return [chain for chain in done if len(chain) >= FEWEST]


def _token(node: Value, spine: int, twigs: Mapping[Value, Twig]) -> tuple[object, ...]:
    """What two steps of a chain must have in common to look the same."""
    others = [
        twigs[parent].token if parent in twigs else _leaf(parent)
        for i, parent in enumerate(node.parents)
        if i != spine
    ]
    return (node.op.code if node.op is not None else -1, spine, node.label, *others)


def _period(tokens: Sequence[tuple[object, ...]], end: int) -> tuple[int, int]:
    """The shortest stretch that ends there and repeats, and how often it stands there."""
    for period in range(1, LONGEST + 1):
        i = end - period
        while i > 0 and tokens[i - 1] == tokens[i - 1 + period]:
            i -= 1
        times = (end - i) // period if i >= 0 else 0
        if times >= FEWEST:
            return period, times
    return 1, 1


def _run(
    last: Sequence[tuple[Value, int]],
    start: tuple[Value, int],
    times: int,
    uses: Mapping[Value, int],
    twigs: Mapping[Value, Twig],
) -> Run:
    shown: list[Value] = []
    for node, spine in last:
        for i, parent in enumerate(node.parents):
            if i != spine:
                shown += _with(parent, uses, twigs)
        shown.append(node)
    first, spine = last[0]
    return Run(tuple(shown), first, spine, start[0].parents[start[1]], times)
