"""Names the units of a network: x₁ for an input, z₁ for an output, y₁₂ for neuron 2 of layer 1; a
label stays."""

from __future__ import annotations

from collections import Counter

from autograd_bp.drawing.network.wiring import Wiring
from autograd_bp.drawing.output.text import SUBSCRIPTS


def names_of_units(wiring: Wiring) -> list[str]:
    """The name of each unit."""
    outputs = {unit: k for k, unit in enumerate(wiring.outputs, 1)}
    computed = [unit.column for unit in wiring.units if unit.kind != "input"]
    is_chain = len({*computed}) == len(computed)  # one unit in each column
    hidden_columns = {
        unit.column
        for i, unit in enumerate(wiring.units)
        if i not in outputs and unit.kind != "input"
    }
    ranks: Counter[int] = Counter()
    names = []
    for i, unit in enumerate(wiring.units):
        column = 0 if unit.kind == "input" else unit.column
        ranks[column] += 1
        if unit.node.label:
            name = unit.node.label
        elif i in outputs:
            name = "z" + (_subscript(outputs[i]) if len(outputs) > 1 else "")
        else:
            name = "y" + _index(unit.column, ranks[column], is_chain, len(hidden_columns))
        names.append(name)
    return names


def _index(column: int, rank: int, is_chain: bool, n_hidden_columns: int) -> str:
    """The index of a hidden unit: the `rank`-th of its column."""
    if is_chain:
        is_only_one = n_hidden_columns == rank == 1
        return "" if is_only_one else _subscript(column)
    if n_hidden_columns == 1:
        return _subscript(rank)
    separator = "" if rank < 10 and column < 10 else ","
    return _subscript(column) + separator + _subscript(rank)


def _subscript(k: int) -> str:
    return str(k).translate(SUBSCRIPTS)
