"""Neurons that are drawn value by value: which nodes belong in the frame of each."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from autograd_bp.value import Value

_WEIGHT = re.compile(r"\w+\[(\d+),(\d+),\d+\]")  # the label of a network's weight


def neurons(
    order: Sequence[Value],
    uses: Mapping[Value, int],
    drawn: Collection[Value],
    label: Callable[[Value], str],
) -> list[tuple[str, tuple[Value, ...]]]:
    """The title of each neuron, and its weights, its stimulus and its activation.

    Arguments:
        order: the nodes, in topological order.
        uses: how often each node is used.
        drawn: the nodes that are in the picture.
        label: the name of a node.
    """
    stimuli = [node for node in order if node in drawn and _is_stimulus(node, drawn)]
    activations = _activations(order, uses, drawn, set(stimuli))
    titled = []
    for stimulus in stimuli:
        weights = [
            parent
            for parent in dict.fromkeys(stimulus.parents)
            if parent in drawn and not parent.parents and uses.get(parent) == 1
        ]
        nodes = (*weights, stimulus, *activations.get(stimulus, ()))
        titled.append((_title(map(label, weights)), nodes))
    return titled


def _is_stimulus(node: Value, drawn: Collection[Value]) -> bool:
    """A sum of products, drawn with any of its operands."""
    return (
        node.op is not None
        and node.op.name == "dot"
        and any(parent in drawn for parent in node.parents)
    )


def _activations(
    order: Sequence[Value],
    uses: Mapping[Value, int],
    drawn: Collection[Value],
    stimuli: Collection[Value],
) -> dict[Value, tuple[Value]]:
    """For each stimulus the one operation that uses it, if that has no other operand."""
    return {
        node.parents[0]: (node,)
        for node in order
        if node in drawn
        and len(node.parents) == 1
        and node.parents[0] in stimuli
        and uses.get(node.parents[0]) == 1
    }


def _title(labels: Iterable[str]) -> str:
    """`layer 1, neuron 2`, where all labels of weights say so."""
    numbers = {match.groups() for label in labels if (match := _WEIGHT.fullmatch(label))}
    if len(numbers) != 1:
        return "neuron"
    [(layer, number)] = numbers
    return f"layer {layer}, neuron {number}"
