"""Chains that do the same again and again: the stretch that repeats, and how often."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from autograd_bp.value import Value

LONGEST = 16  # operations in the stretch that repeats
FEWEST = 4  # repetitions that are worth a frame


@dataclass(frozen=True)
class Run:
    """A stretch of a chain that stands `times` times in a row.

    Attributes:
        shown: the operations of its last copy, with the leaves that only they use.
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
    for chain in _chains(order, uses, never):
        tokens = [_token(node, spine) for node, spine in chain]
        i = len(tokens)
        while i > 0:
            period, times = _period(tokens, i)
            if times >= FEWEST:
                start = i - period * times
                runs.append(_run(chain[i - period : i], chain[start], times, uses))
                i = start
            else:
                i -= 1
    return runs


def _chains(
    order: Sequence[Value], uses: Mapping[Value, int], never: Collection[Value]
) -> list[list[tuple[Value, int]]]:
    """Operations each of which is all that the one before it is used for; with each, which of
    its parents continues the chain (the only one that is an operation, or else the first).
    """
    chains: dict[Value, list[tuple[Value, int]]] = {}
    done = []
    for node in order:
        if not node.parents or node in never:
            continue
        inner = [i for i, parent in enumerate(node.parents) if parent.parents]
        if len(inner) > 1 or len(node.parents) > 3:
            continue
        spine = inner[0] if inner else 0
        parent = node.parents[spine]
        chain = chains.pop(parent, None) if uses.get(parent) == 1 else None
        chain = [] if chain is None else chain
        if not chain:
            done.append(chain)
        chain.append((node, spine))
        chains[node] = chain
    return [chain for chain in done if len(chain) >= FEWEST]


def _token(node: Value, spine: int) -> tuple[object, ...]:
    """What two steps of a chain must have in common to look the same."""
    others = [
        (parent.label, parent.data) if parent.is_constant else (parent.label,)
        for i, parent in enumerate(node.parents) if i != spine
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
) -> Run:
    shown: list[Value] = []
    for node, spine in last:
        shown += [
            parent for i, parent in enumerate(node.parents)
            if i != spine and not parent.parents and uses.get(parent) == 1
        ]
        shown.append(node)
    first, spine = last[0]
    return Run(tuple(shown), first, spine, start[0].parents[start[1]], times)
