"""Backpropagation by hand, with steps that can be replaced by wrong ones.

The right formulas are those of nn/gamma.py. Here each step is a function of one neuron. A mistake
replaces one of them, in some layers or in one neuron, and everything that is computed after it
uses its result, as it does when a person makes the mistake.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from autograd_bp.checking.doctor.examples import Example
from autograd_bp.checking.doctor.hand_neuron import (
    Derived,
    HandNeuron,
    HandTerm,
    Place,
    TermPlace,
)

__all__ = [
    "RIGHT",
    "Derived",
    "Example",
    "Formulas",
    "HandNeuron",
    "HandTerm",
    "Place",
    "TermPlace",
    "derive",
    "nested",
]


Step = Callable[[HandNeuron], float]
InputStep = Callable[[HandNeuron, int], float]  # of a neuron and one of its inputs, from 0
RowsStep = Callable[[HandNeuron, Sequence[float]], float]  # of a neuron and a number of each row
WeightStep = Callable[[HandNeuron, int, float], float]  # of a neuron and one of its weights
LayerStep = Callable[[Example, Derived, int, list[list[float]]], list[list[float]]]


def _of_rows(n: HandNeuron, parts: Sequence[float]) -> float:
    total = parts[0]
    for part in parts[1:]:
        total += part
    return total if n.e.setting.share == 1.0 else float(n.e.setting.share * total)


def _decay(n: HandNeuron, i: int, w: float) -> float:
    """λ w; i is 0 for the bias."""
    setting = n.e.setting
    return float(setting.decay * w) if i or setting.decay_bias else 0.0


@dataclass(frozen=True)
class Formulas:
    """How each step is computed; right when left out.

    γ = scale · slope · (error, of an output neuron; mask · blame, of a hidden one; + back), and
    Δw = rate · weigh · rows(source · cause) - rate · decay, for the bias with bias for source.
    `arrange` puts the Δw of a layer where they belong.
    """

    scale: Step = lambda n: 1.0
    slope: Step = lambda n: n.right_slope
    error: Step = lambda n: n.right_error
    blame: Step = lambda n: n.sum(lambda k: n.next_γ[k] * n.w(k))
    mask: Step = lambda n: n.mask
    back: Step = lambda n: n.back()
    rate: Step = lambda n: n.e.rate
    weigh: Step = lambda n: 1.0
    source: InputStep = lambda n, i: n.inputs[i]
    bias: Step = lambda n: -1.0
    cause: Step = lambda n: n.γ
    rows: RowsStep = _of_rows
    decay: WeightStep = _decay
    arrange: LayerStep = lambda e, derived, n, changes: changes


RIGHT = Formulas()


def derive(
    example: Example, formulas: Callable[[int, int], Formulas] = lambda n, j: RIGHT
) -> Iterator[HandTerm]:
    """γ and Δw one after the other, from the last layer to the first, of each neuron its γ in
    each row and then its Δw.

    Arguments:
        example: what they are derived for.
        formulas: those that are used in a layer, counted from 1, for a neuron, from 0.

    A term whose wrong formula does not fit the network (an index that is not there) is NaN.
    """
    terms = _derive(example, formulas)
    return _tied(example, terms) if example.shared else terms


def _derive(e: Example, formulas: Callable[[int, int], Formulas]) -> Iterator[HandTerm]:
    derived = Derived(e)
    rows = range(len(e.rows))
    for n in range(e.depth, 0, -1):
        width = len(e.layers[n - 1])
        stated = [formulas(n, j) for j in range(width)]
        for t in reversed(rows):
            _derive_row(e, derived, n, t, stated)
        arrange = stated[0].arrange
        whole = None
        if arrange is not RIGHT.arrange:
            whole = _arranged(e, derived, n, stated)
        changes = derived.Δw[n] = []
        for j, weights in enumerate(e.layers[n - 1]):
            for t in rows:
                place = TermPlace(n, j + 1, None, t + 1 if e.has_rows else None)
                yield HandTerm(place, derived.γ[t][n][j])
            own = whole[j] if whole else _changes(HandNeuron(e, derived, n, j, 0), stated[j])
            for i, change in enumerate(own, int(weights.bias is None)):
                yield HandTerm(TermPlace(n, j + 1, i), change)
            changes.append(own)


def _derive_row(e: Example, derived: Derived, n: int, t: int, stated: list[Formulas]) -> None:
    """γ of a layer in a row."""
    steps = [(HandNeuron(e, derived, n, j, t), f) for j, f in enumerate(stated)]
    derived.received[t][n] = received = []
    for neuron, f in steps:
        if n == e.depth:
            got = _result(f.error, neuron)
        else:
            got = _result(f.mask, neuron) * _result(f.blame, neuron)
        back = _result(f.back, neuron) if n in e.setting.recurrent else 0.0
        received.append(got + back if back else got)
    derived.γ[t][n] = [
        _result(f.scale, neuron) * (_result(f.slope, neuron) * neuron.received)
        for neuron, f in steps
    ]


def _changes(neuron: HandNeuron, f: Formulas) -> list[float]:
    """Δw of each weight of a neuron, that of the bias first where there is one."""
    steps = [neuron.at(t) for t in range(len(neuron.e.rows))]
    causes = [_result(f.cause, step) for step in steps]
    δ = _result(f.rate, neuron)
    factor = δ * _result(f.weigh, neuron)
    bias, inputs = neuron.weights
    changes = []
    if bias is not None:
        parts = [_result(f.bias, s) * cause for s, cause in zip(steps, causes, strict=True)]
        changes.append(factor * _result(f.rows, neuron, parts) - δ * f.decay(neuron, 0, bias))
    for i, w in enumerate(inputs):
        parts = [_result(f.source, s, i) * cause for s, cause in zip(steps, causes, strict=True)]
        changes.append(factor * _result(f.rows, neuron, parts) - δ * f.decay(neuron, i + 1, w))
    return changes


def _arranged(
    e: Example, derived: Derived, n: int, stated: Sequence[Formulas]
) -> list[list[float]]:
    """The changes of a layer, put where the formulas say."""
    changes = [_changes(HandNeuron(e, derived, n, j, 0), f) for j, f in enumerate(stated)]
    try:
        return stated[0].arrange(e, derived, n, changes)
    except IndexError:
        return changes  # the mistake changes nothing in this layer


def _tied(e: Example, terms: Iterable[HandTerm]) -> Iterator[HandTerm]:
    """The terms, where a weight in several places has the sum of its places everywhere."""
    listed = list(terms)
    values = dict(listed)
    if e.tie is None:
        return iter(listed)
    for group in e.shared:
        places = [TermPlace(n + 1, j + 1, i) for n, j, i in group]
        (n, j, i), *_ = group
        bias, inputs = e.layers[n][j]
        decay = 0.0
        if i or e.setting.decay_bias:  # each place has taken it off
            decay = e.rate * e.setting.decay * (inputs[i - 1] if i else bias)
        total = e.tie([values[places[0]], *(values[place] + decay for place in places[1:])])
        values.update(dict.fromkeys(places, total))
    return (HandTerm(term.place, values[term.place]) for term in listed)


def nested(e: Example, terms: Iterable[HandTerm]) -> tuple[list[list[float]], list[Any]]:
    """γ and Δw as lists by layer, neuron and weight, as `check_formulas` takes them; of several
    rows the γ of each row."""
    rows = [[[0.0] * len(layer) for layer in e.layers] for _ in e.rows]
    Δw = [[[0.0] * (len(w.inputs) + (w.bias is not None)) for w in layer] for layer in e.layers]
    for (n, j, i, t), value in terms:
        if i is None:
            rows[(t or 1) - 1][n - 1][j - 1] = value
        else:
            Δw[n - 1][j - 1][i - (e.layers[n - 1][j - 1].bias is None)] = value
    return rows if e.has_rows else rows[0], Δw  # type: ignore[return-value]


def _result(step: Callable[..., float], *operands: Any) -> float:
    try:
        return step(*operands)
    except (IndexError, TypeError, KeyError, ZeroDivisionError, OverflowError, ValueError):
        return float("nan")
