"""The recorded side of the proofs: the graph of P over all rows, and what a sweep gives in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from autograd_bp import functions
from autograd_bp.derivatives.reverse import gradients
from autograd_bp.nn.gamma import Weights
from autograd_bp.nn.proof_problem import Problem
from autograd_bp.value import Value

__all__ = ["Leaves", "Recording", "in_order", "names", "parameters", "record"]


class Leaves(NamedTuple):
    """The leaves of the recorded graph, beside the weights: numbers or Values.

    Attributes:
        x, d: the inputs and desired outputs of each row; None for a step that has none.
        masks: a factor on each output, of each row layer by layer, or None.
        decay: λ.
    """

    x: Sequence[Sequence[Any]]
    d: Sequence[Sequence[Any] | None]
    masks: Sequence[Sequence[Sequence[Any] | None]] | None
    decay: Any

    @classmethod
    def of(cls, problem: Problem) -> Leaves:
        """The plain numbers of a problem."""
        return cls(problem.rows, problem.desired, problem.setting.masks, problem.setting.decay)


class Recording(NamedTuple):
    """The graph of all rows.

    Attributes:
        stimuli, outputs: of each row, layer by layer.
        rows: Σ P of the rows, of which γ is the derivative by a stimulus.
        P: share · Σ P - ½ λ Σ w², of which Δw is the derivative.
    """

    stimuli: list[list[list[Value]]]
    outputs: list[list[list[Value]]]
    rows: Value
    P: Value

    def gradients(self, weights: Sequence[Value], *, exactly: bool = False) -> dict[Value, Any]:
        """∂(Σ P)/∂α of every stimulus, ∂P/∂w of the weights; as recorded graphs on request."""
        flat = [α for row in self.stimuli for layer in row for α in layer]
        if self.rows is self.P:
            slopes = gradients(self.P, [*flat, *weights], record=exactly)
        else:
            slopes = gradients(self.rows, flat, record=exactly)
            slopes += gradients(self.P, list(weights), record=exactly)
        return dict(zip([*flat, *weights], slopes, strict=True))


def record(problem: Problem, leaves: Leaves) -> Recording:
    """Run the network over all rows, and add up their P."""
    stimuli: list[list[list[Value]]] = []
    outputs: list[list[list[Value]]] = []
    parts = []
    for t, (row, d) in enumerate(zip(leaves.x, leaves.d, strict=True)):
        before = outputs[-1] if outputs else None
        α, y = _row(problem, row, leaves.masks and leaves.masks[t], before)
        stimuli.append(α)
        outputs.append(y)
        if d is not None:
            parts.append(problem.performance(d, y[-1]))
    rows = parts[0] if len(parts) == 1 else functions.sum(parts)
    share = problem.setting.share
    P = rows if share == 1.0 else share * rows
    if isinstance(leaves.decay, Value) or leaves.decay:
        P = P - 0.5 * leaves.decay * functions.sum([w * w for w in _decaying(problem)])
    return Recording(stimuli, outputs, rows, P)


def _row(
    problem: Problem,
    row: Sequence[Any],
    masks: Sequence[Sequence[Any] | None] | None,
    before: Sequence[Sequence[Any]] | None,
) -> tuple[list[list[Value]], list[list[Value]]]:
    """The stimuli and outputs of one row."""
    α: list[list[Value]] = []
    y: list[list[Value]] = []
    fed: list[Any] = list(row)
    for n, layer in enumerate(problem.network.layers, 1):
        if n in problem.setting.recurrent:
            fed = [*fed, *([0.0] * len(layer.neurons) if before is None else before[n - 1])]
        α.append(layer.stimuli(fed))
        y.append([neuron.fire(s) for neuron, s in zip(layer.neurons, α[-1], strict=True)])
        mask = masks[n - 1] if masks else None
        fed = list(y[-1]) if mask is None else [m * out for m, out in zip(mask, y[-1], strict=True)]
    return α, y


def parameters(problem: Problem) -> list[Value]:
    """Every weight of the network, once."""
    return list(
        dict.fromkeys(
            w
            for layer in problem.network.layers
            for n in layer.neurons
            for w in (n.bias, *n.weights)
            if w is not None
        )
    )


def _decaying(problem: Problem) -> list[Value]:
    """The weights that decay, each once."""
    weights: dict[Value, None] = {}
    for layer in problem.network.layers:
        for neuron in layer.neurons:
            biases = [neuron.bias] if problem.setting.decay_bias else []
            weights.update(dict.fromkeys([w for w in (*biases, *neuron.weights) if w is not None]))
    return list(weights)


def in_order(
    y: Sequence[Sequence[Sequence[Any]]],
    γ: Sequence[Sequence[Sequence[Any]]],
    Δw: Sequence[Sequence[Weights]],
) -> Iterator[Any]:
    """One after the other as they are derived: the outputs of each row forward, then layer by
    layer backward the γ of a neuron in each row and its Δw.

    Arguments:
        y: of each row, for each layer, without the inputs.
        γ: of each row, for each layer.
        Δw: for each layer.
    """
    for row in y:
        for outs in row:
            yield from outs
    for n in range(len(Δw) - 1, -1, -1):
        for j, change in enumerate(Δw[n]):
            for row in γ:
                yield row[n][j]
            if change.bias is not None:
                yield change.bias
            yield from change.inputs


def names(
    layers: Sequence[Sequence[Weights]], rows: int
) -> Iterator[tuple[str, int, int, int | None, int]]:
    """The kind, layer, neuron, weight and row of each number; all of them count from 1."""
    for t in range(1, rows + 1):
        for n, layer in enumerate(layers, 1):
            for j in range(1, len(layer) + 1):
                yield "y", n, j, None, t
    for n, layer in reversed(list(enumerate(layers, 1))):
        for j, neuron in enumerate(layer, 1):
            for t in range(1, rows + 1):
                yield "γ", n, j, None, t
            for i in range(neuron.bias is None, len(neuron.inputs) + 1):
                yield "Δw", n, j, i, 0
