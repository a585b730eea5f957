"""Where activations and performances change their formula, so that both sides of each place are
tried.

A network is run along a line. Where its graph has other operations, other constants or takes
another of its inputs than a little before, there is a kink.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from autograd_bp import graph
from autograd_bp.errors import AutogradError
from autograd_bp.nn.neuron import Neuron
from autograd_bp.nn.proof_problem import Problem
from autograd_bp.nn.slopes import SLOPES
from autograd_bp.value import Value

__all__ = ["Kinks", "kinks", "sizes"]

_STEPS = [10.0 ** (k / 8.0 - 3.0) for k in range(49)]  # 1e-3 to 1e3
_ANY = (0.05, 20.0, 400.0)  # sizes of stimuli that are tried in any case
_MOST = 4  # kinks of one function that are looked at
_SMOOTH = ("sigmoid", "tanh", "softplus", "silu", "identity")


class Kinks(NamedTuple):
    """Where something changes, from 1e-3 to 1e3; 0 for what changes at 0.

    Attributes:
        stimuli: distances of a stimulus from 0, or of an output.
        errors: distances of an output from the desired one.
    """

    stimuli: list[float]
    errors: list[float]


def kinks(problem: Problem) -> Kinks:
    """The kinks of the activations and of the performance."""
    found: dict[float, None] = {}
    seen = set()
    for layer, names in zip(problem.network.layers, problem.activations, strict=True):
        for neuron, name in zip(layer.neurons, names, strict=True):
            if neuron.activation in seen:
                continue
            seen.add(neuron.activation)
            if name == "own" or name not in SLOPES:
                found |= dict.fromkeys(_of(functools.partial(_fired, neuron), 1))
            elif name not in _SMOOTH:
                found[0.0] = None
    row = next((d for d in problem.desired if d is not None), None)
    errors: list[float] = []
    if not problem.output_name and row is not None:
        performance = problem.performance
        found |= dict.fromkeys(_of(lambda z: performance(row, z), len(row)))
        errors = _of(
            lambda e: performance(row, [d + part for d, part in zip(row, e, strict=True)]), len(row)
        )
    return Kinks(sorted(found), sorted(set(errors)))


def _fired(neuron: Neuron, α: Sequence[Value]) -> Value:
    return neuron.fire(α[0])


def sizes(places: Kinks) -> list[tuple[float, float]]:
    """Sizes of stimuli, and of errors or 0, that are on both sides of every place."""
    stimuli = [*_ANY, *(factor * c for c in places.stimuli if c for factor in (0.3, 3.0))]
    errors = [factor * c for c in places.errors if c for factor in (0.3, 3.0)]
    return [(size, 0.0) for size in dict.fromkeys(stimuli)] + [(0.0, e) for e in errors]


def _of(function: Callable[[list[Value]], Any], count: int) -> list[float]:
    directions = [1.0 - 0.1 * k for k in range(count)]

    def kind(t: float) -> object:
        leaves = [Value(t * u) for u in directions]
        try:
            return _kind(function(leaves), leaves)
        except (AutogradError, ArithmeticError, ValueError):
            return None

    found = [*_along(kind), *_along(lambda t: kind(-t))]
    if kind(_STEPS[0]) != kind(-_STEPS[0]):
        found.append(0.0)
    return [float(f"{c:.3g}") for c in found]


def _along(kind: Callable[[float], object]) -> list[float]:
    """Where the kind of graph changes, from near to far."""
    kinds = [kind(t) for t in _STEPS]
    changes = [k for k in range(len(_STEPS) - 1) if kinds[k] != kinds[k + 1]]
    return [_between(kind, _STEPS[k], _STEPS[k + 1]) for k in changes[:_MOST]]


def _between(kind: Callable[[float], object], low: float, high: float) -> float:
    below = kind(low)
    for _ in range(20):
        middle = math.sqrt(low * high)
        if kind(middle) == below:
            low = middle
        else:
            high = middle
    return math.sqrt(low * high)


def _kind(output: Any, leaves: Sequence[Value]) -> object:
    """What a graph is made of: operations, constants, and which input a choice takes."""
    if not isinstance(output, Value):
        return repr(output)
    own = set(leaves)
    return tuple(
        (
            None if node.op is None else node.op.name,
            _taken(node),
            node.data if not node.parents and node not in own else None,
        )
        for node in graph.topological_order(output)
    )


def _taken(node: Value) -> object:
    op = node.op
    if op is None or (op.kink is None and not op.gate):
        return None
    return tuple((p > 0.0) - (p < 0.0) for p in node.partials)
