"""Chains that do the same again and again: the stretch that repeats, and how often.

A chain is a sequence of operations, each of which is the only user of the one before it. Beside
the chain, an operation may have leaves and twigs: small trees that nothing else uses.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from autograd_bp.value import Value

MAX_STRETCH = 16  # operations in the stretch that repeats, and in each twig beside it
MAX_PARENTS = 8  # of an operation in a chain or a twig
MIN_REPETITIONS = 4  # that are worth a frame

Step = tuple[Value, int]
"""An operation of a chain, and which of its parents the chain comes from."""


@dataclass(frozen=True)
class Repetition:
    """A stretch of a chain that stands `times` times in a row.

    Attributes:
        shown: the operations of its last copy, with the leaves and the twigs that only they use.
        first: the first of these operations; `spine` is which of its parents is the chain.
        before: the value that the first copy starts from.
        times: how often the stretch is repeated.
    """

    shown: tuple[Value, ...]
    first: Value
    spine: int
    before: Value
    times: int


@dataclass(frozen=True)
class Twig:
    """A small tree of operations that only the operation at its end uses.

    Attributes:
        token: equal for twigs that look the same.
        nodes: its operations and the leaves that only they use.
    """

    token: tuple[object, ...]
    nodes: tuple[Value, ...]


def find(
    order: Sequence[Value], uses: Mapping[Value, int], never: Collection[Value]
) -> list[Repetition]:
    """The repetitions in a graph.

    Arguments:
        order: the nodes, in topological order.
        uses: how often each node is used.
        never: nodes that are drawn themselves.
    """
    repetitions = []
    twigs = _twigs(order, uses, never)
    for chain in _chains(order, uses, never, twigs):
        tokens = [_token(node, spine, twigs) for node, spine in chain]
        end = len(tokens)
        while end > 0:
            period, times = _period(tokens, end)
            if times >= MIN_REPETITIONS:
                start = end - period * times
                last_copy = chain[end - period : end]
                repetitions.append(_repetition(last_copy, chain[start], times, uses, twigs))
                end = start
            else:
                end -= 1
    return repetitions


def _is_small(node: Value, never: Collection[Value]) -> bool:
    """Whether an operation can be part of a chain or of a twig."""
    return 0 < len(node.parents) <= MAX_PARENTS and node not in never


def _has_only_twigs(parents: Sequence[Value], twigs: Mapping[Value, Twig]) -> bool:
    """Whether all parents are leaves or twigs."""
    return all(parent in twigs or not parent.parents for parent in parents)


def _twigs(
    order: Sequence[Value], uses: Mapping[Value, int], never: Collection[Value]
) -> dict[Value, Twig]:
    """The twigs of a graph, by the operation at their end."""
    twigs: dict[Value, Twig] = {}
    for node in order:
        if uses.get(node) != 1 or not _is_small(node, never):
            continue
        if not _has_only_twigs(node.parents, twigs):
            continue
        nodes = [own for parent in node.parents for own in _own_nodes(parent, uses, twigs)]
        if len(nodes) < MAX_STRETCH:
            twigs[node] = Twig(_look(node, node.parents, twigs), (*nodes, node))
    return twigs


def _look(
    node: Value, operands: Sequence[Value], twigs: Mapping[Value, Twig]
) -> tuple[object, ...]:
    """What two operations with these operands must have in common to look the same."""
    code = node.op.code if node.op is not None else -1
    tokens = [twigs[x].token if x in twigs else _leaf(x) for x in operands]
    return (code, node.label, *tokens)


def _leaf(node: Value) -> tuple[object, ...]:
    return (node.label, node.data) if node.is_constant else (node.label,)


def _own_nodes(
    node: Value, uses: Mapping[Value, int], twigs: Mapping[Value, Twig]
) -> tuple[Value, ...]:
    """The nodes that are drawn for an operand beside the chain, if nothing else uses it."""
    if node in twigs:
        return twigs[node].nodes
    return (node,) if not node.parents and uses.get(node) == 1 else ()


def _chains(
    order: Sequence[Value],
    uses: Mapping[Value, int],
    never: Collection[Value],
    twigs: Mapping[Value, Twig],
) -> list[list[Step]]:
    """The chains of a graph. Each continues through the parent that has the longest path from a
    leaf; the other parents are leaves and twigs.
    """
    open_chains: dict[Value, list[Step]] = {}  # by their last operation
    depth: dict[Value, int] = {}
    chains = []
    for node in order:
        # The parents of a node at which the picture stops are not in the order.
        depth[node] = 1 + max((depth.get(parent, 0) for parent in node.parents), default=-1)
        if not _is_small(node, never):
            continue
        spine = max(range(len(node.parents)), key=lambda i: (depth[node.parents[i]], -i))
        if not _has_only_twigs(_without(node.parents, spine), twigs):
            continue
        parent = node.parents[spine]
        chain = open_chains.pop(parent, None) if uses.get(parent) == 1 else None
        if chain is None:
            chain = []
            chains.append(chain)
        chain.append((node, spine))
        open_chains[node] = chain
    return [chain for chain in chains if len(chain) >= MIN_REPETITIONS]


def _without(parents: Sequence[Value], spine: int) -> list[Value]:
    return [parent for i, parent in enumerate(parents) if i != spine]


def _token(node: Value, spine: int, twigs: Mapping[Value, Twig]) -> tuple[object, ...]:
    """What two steps of a chain must have in common to look the same."""
    return (spine, *_look(node, _without(node.parents, spine), twigs))


def _period(tokens: Sequence[tuple[object, ...]], end: int) -> tuple[int, int]:
    """The shortest stretch that ends there and repeats, and how often it stands there."""
    for period in range(1, MAX_STRETCH + 1):
        start = end - period
        while start > 0 and tokens[start - 1] == tokens[start - 1 + period]:
            start -= 1
        times = (end - start) // period if start >= 0 else 0
        if times >= MIN_REPETITIONS:
            return period, times
    return 1, 1


def _repetition(
    last_copy: Sequence[Step],
    start: Step,
    times: int,
    uses: Mapping[Value, int],
    twigs: Mapping[Value, Twig],
) -> Repetition:
    shown: list[Value] = []
    for node, spine in last_copy:
        for operand in _without(node.parents, spine):
            shown += _own_nodes(operand, uses, twigs)
        shown.append(node)
    first, spine = last_copy[0]
    node, index = start
    return Repetition(tuple(shown), first, spine, node.parents[index], times)
