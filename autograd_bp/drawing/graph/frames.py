"""Neurons that are drawn value by value: what belongs in the frame of each."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence

from autograd_bp.value import Value

_PLACE = re.compile(r"\w+\[(\d+),(\d+),\d+\]")  # the label of a network's weight


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
    stimuli = {
        node
        for node in order
        if node in drawn
        and node.op is not None
        and node.op.name == "dot"
        and any(parent in drawn for parent in node.parents)
    }
    activation = {
        node.parents[0]: node
        for node in order
        if node in drawn
        and len(node.parents) == 1
        and node.parents[0] in stimuli
        and uses.get(node.parents[0]) == 1
    }
    found = []
    for node in order:
        if node not in stimuli:
            continue
        own = [
            parent
            for parent in dict.fromkeys(node.parents)
            if parent in drawn and not parent.parents and uses.get(parent) == 1
        ]
        places = {match.groups() for parent in own if (match := _PLACE.fullmatch(label(parent)))}
        title = "neuron"
        if len(places) == 1:
            [(layer, number)] = places
            title = f"layer {layer}, neuron {number}"
        end = [activation[node]] if node in activation else []
        found.append((title, (*own, node, *end)))
    return found
