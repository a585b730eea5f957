"""Known mistakes in hand-derived backpropagation: what people write, and what it should be.

Each replaces one step of `hand_formulas.Formulas`. The list was made from the formulas themselves:
every sign, factor, index and letter in them that can be taken for another.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from autograd_bp.checking.doctor.hand_formulas import RIGHT, Formulas, HandNeuron
from autograd_bp.nn import gamma

__all__ = [
    "CONSTANTS",
    "MISTAKES",
    "Mistake",
    "Occurrence",
    "reach",
    "stray_factor",
    "with_mistakes",
]

Layers = frozenset[int]


@dataclass(frozen=True)
class Mistake:
    """A mistake that people make.

    Attributes:
        step: the formula that it replaces, a field of `Formulas`.
        name: in a few words.
        used: the wrong formula as it would be written, for the step alone.
        formula: the same as a function.
        first: the first layer in which it can be made.
        spared: how many layers at the end it cannot be made in, beside those that do not have
            the step at all.
        why: how it comes about, in one sentence.
    """

    step: str
    name: str
    used: str
    formula: Callable[..., float]
    first: int = 1
    spared: int = 0
    why: str = ""

    def because(self, why: str) -> Mistake:
        """The mistake with the sentence that explains it."""
        return dataclasses.replace(self, why=why)


class Occurrence(NamedTuple):
    """A mistake, the layers in which it is made, and the one neuron there, from 0; None for all."""

    mistake: Mistake
    layers: Layers
    neuron: int | None


error = partial(Mistake, "error")
slope = partial(Mistake, "slope")
blame = partial(Mistake, "blame")
rate = partial(Mistake, "rate")
weigh = partial(Mistake, "weigh")
source = partial(Mistake, "source")
bias = partial(Mistake, "bias")
cause = partial(Mistake, "cause")


def blame_by(name: str, used: str, weight: Callable[[HandNeuron, int], float]) -> Mistake:
    """Blame summed over the next layer with something else in the place of the weight w_kj."""
    return blame(name, used, lambda n: n.sum(lambda k: n.next_γ[k] * weight(n, k)))


def _updated(n: HandNeuron, k: int) -> float:
    """w_kj + Δw_kj."""
    return n.w(k) + n.e.Δw[n.layer + 1][k][n.j + (n.next[k].bias is not None)]


def _shifted(n: HandNeuron, k: int) -> float:
    """The weight before w_kj: w_k0, the bias, counts as the weight of the first input."""
    before = n.next[k].bias if n.j == 0 else n.next[k].inputs[n.j - 1]
    if before is None:
        raise IndexError
    return float(before)


def _network_input(n: HandNeuron, i: int) -> float:
    if n.layer == 1:
        raise IndexError  # there the input of the network is the right one
    return n.e.y[0][i]


def _following(numbers: Sequence[float], i: int) -> float:
    """The number with an index that is one too large; the first after the last."""
    return numbers[(i + 1) % len(numbers)]


MISTAKES: tuple[Mistake, ...] = (
    # The error of an output neuron.
    error("descent for ascent", "z - d", lambda n: n.y - n.d).because(
        "the sign of the error is that of E = ½ (d - z)², whose gradient is walked down; here "
        "weights move up the gradient of P"
    ),
    error("absolute error", "|d - z|", lambda n: abs(n.d - n.y)).because(
        "the sign of the error says which way to go, and was lost"
    ),
    error("squared error", "(d - z)²", lambda n: (n.d - n.y) ** 2).because(
        "P itself was taken for its derivative"
    ),
    error("double 1/2", "½ (d - z)", lambda n: 0.5 * (n.d - n.y)).because(
        "the ½ of P cancels against the 2 of the derivative, and was kept"
    ),
    error("missing 1/2", "2 (d - z)", lambda n: 2.0 * (n.d - n.y)).because(
        "the 2 of the derivative cancels against the ½ of P, which was forgotten"
    ),
    error("1/m over outputs", "(d - z) / m", lambda n: (n.d - n.y) / len(n.e.d)).because(
        "P is a sum over the outputs, not their mean"
    ),
    error("stimulus for the output in the error", "d - α", lambda n: n.d - n.α).because(
        "z is the output of the neuron, after the sigmoid"
    ),
    error("desired output alone", "d", lambda n: n.d).because(
        "the output was not taken off the desired output"
    ),
    error(
        "neighbour's desired output", "d_(k+1) - z_k", lambda n: _following(n.e.d, n.j) - n.y
    ).because("the index of d is one too large"),
    # The slope of the sigmoid.
    slope("missing y (1 - y)", "1", lambda n: 1.0).because(
        "the slope of the sigmoid was left out of the chain"
    ),
    slope("slope of the stimulus", "α (1 - α)", lambda n: n.α * (1.0 - n.α)).because(
        "the slope of the sigmoid is y (1 - y) in terms of its output, not of its stimulus"
    ),
    slope("missing 1 - y", "y", lambda n: n.y).because("the slope is y times (1 - y)"),
    slope("missing y", "1 - y", lambda n: 1.0 - n.y).because("the slope is y times (1 - y)"),
    slope("slope of tanh", "1 - y²", lambda n: 1.0 - n.y**2).because(
        "that is the slope of tanh; the sigmoid's is y (1 - y)"
    ),
    slope("plus for minus in the slope", "y (1 + y)", lambda n: n.y * (1.0 + n.y)).because(
        "the slope of the sigmoid is y (1 - y)"
    ),
    slope("slope twice", "(y (1 - y))²", lambda n: (n.y * (1.0 - n.y)) ** 2).because(
        "the slope enters each neuron once"
    ),
    slope(
        "sigmoid of the output",
        "σ(y) (1 - σ(y))",
        lambda n: gamma.sigmoid(n.y) * (1.0 - gamma.sigmoid(n.y)),
    ).because("y is σ(α) already, and went through the sigmoid again"),
    # The blame of a hidden neuron.
    blame_by("transposed weights", "Σ γ_k w_jk", lambda n, k: n.next[n.j].inputs[k]).because(
        "the weight from neuron j to neuron k is w_kj; rows and columns were exchanged"
    ),
    blame_by("missing weights", "Σ γ_k", lambda n, k: 1.0).because(
        "each γ comes back through the weight that it fed"
    ),
    blame_by("weights updated too early", "Σ γ_k (w_kj + Δw_kj)", _updated).because(
        "the next layer's weights were changed before its γ went back through them"
    ),
    blame_by("bias counted as the first weight", "Σ γ_k w_k(j-1)", _shifted).because(
        "w_k0 is the bias weight: the first input's weight is w_k1"
    ),
    blame_by(
        "wrong index of the sum", "Σ γ_k w_k(j+1)", lambda n, k: _following(n.next[k].inputs, n.j)
    ).because("the index of the weights is one too large"),
    blame("first term of the sum alone", "γ_1 w_1j", lambda n: n.next_γ[0] * n.w(0)).because(
        "a hidden neuron is blamed by all neurons that it feeds"
    ),
    blame("last term of the sum alone", "γ_m w_mj", lambda n: n.next_γ[-1] * n.w(-1)).because(
        "a hidden neuron is blamed by all neurons that it feeds: the sum was overwritten rather "
        "than added to"
    ),
    blame(
        "error sent back without the slope",
        "Σ (γ_k / y_k (1 - y_k)) w_kj",
        lambda n: n.sum(lambda k: n.e.received[n.layer + 1][k] * n.w(k)),
    ).because("what goes back is γ, which has the slope in it"),
    blame(
        "mean for the sum",
        "Σ γ_k w_kj / m",
        lambda n: n.sum(lambda k: n.next_γ[k] * n.w(k)) / len(n.next),
    ).because("the neurons that are fed add up"),
    blame_by("absolute weights", "Σ γ_k |w_kj|", lambda n, k: abs(n.w(k))).because(
        "a negative weight turns the blame around"
    ),
    blame(
        "layer skipped",
        "Σ γ_(k, two layers on) w_kj",
        lambda n: n.sum(lambda k: n.e.γ[n.layer + 2][k] * n.w(k)),
        spared=1,
    ).because("γ is that of the next layer"),
    # The change of a weight.
    weigh("descent in the change", "-δ y γ", lambda n: -1.0).because(
        "γ points up the gradient of P, and weights move with it"
    ),
    rate("rate forgotten", "y γ", lambda n: 1.0).because("Δw has the rate δ in front"),
    rate("rate squared", "δ² y γ", lambda n: n.e.rate * n.e.rate).because(
        "the rate was multiplied in twice"
    ),
    rate("divided by the rate", "y γ / δ", lambda n: 1.0 / n.e.rate).because("the rate multiplies"),
    source(
        "stimulus for the output of the layer before",
        "δ α γ",
        lambda n, i: n.e.α[n.layer - 1][i],
        first=2,
    ).because("the weight is fed by the output y of the neuron before it, after the sigmoid"),
    source("own output for the one before", "δ y_j γ_j", lambda n, i: n.y).because(
        "the weight is fed by the neuron before it, not by its own"
    ),
    source("network's inputs for the layer before", "δ x γ", _network_input, first=2).because(
        "only the first layer is fed by the inputs"
    ),
    source("output of the layer before left out", "δ γ", lambda n, i: 1.0).because(
        "a weight is answerable for as much as it passes on"
    ),
    source(
        "wrong index of the output before", "δ y_(i+1) γ_j", lambda n, i: _following(n.inputs, i)
    ).because("the index of y is one too large"),
    source("weight for the output before", "δ w γ", lambda n, i: n.weights.inputs[i]).because(
        "∂α/∂w is what the weight multiplies, not the weight"
    ),
    bias("bias input +1", "δ (+1) γ", lambda n: 1.0).because(
        "the bias weight w0 sits on a constant -1"
    ),
    bias("bias not changed", "0", lambda n: 0.0).because(
        "the bias weight is a weight like the others, on a constant -1"
    ),
    bias("bias counted twice", "δ (-2) γ", lambda n: -2.0).because(
        "the bias weight enters the stimulus once"
    ),
    bias("bias fed by an output", "δ y_1 γ", lambda n: n.inputs[0]).because(
        "the bias weight w0 sits on a constant -1"
    ),
    cause(
        "neighbouring neuron's γ", "δ y γ_(j+1)", lambda n: _following(n.e.γ[n.layer], n.j)
    ).because("a weight moves by the γ of the neuron that it feeds"),
    cause("next layer's γ", "δ y γ_(next layer)", lambda n: n.next_γ[n.j], spared=1).because(
        "a weight moves by the γ of the neuron that it feeds"
    ),
    cause("what arrives for γ", "δ y (γ without y (1 - y))", lambda n: n.received).because(
        "γ has the slope of the neuron in it"
    ),
    cause(
        "slope once more in the change", "δ y γ y (1 - y)", lambda n: n.γ * (n.y * (1.0 - n.y))
    ).because("the slope is in γ already"),
)


def _factor(c: float, text: str, step: str) -> Mistake:
    letters = "γ" if step == "scale" else "Δw"
    why = f"every {letters} is {text} times what it should be"
    return Mistake(
        step, f"a factor of {text} in {letters}", f"{text} {letters}", lambda n: c, why=why
    )


_FACTORS = {"2": 2.0, "½": 0.5, "-1": -1.0, "¼": 0.25, "4": 4.0, "e": math.e, "π": math.pi}
_FACTORS |= {"10": 10.0, "1/10": 0.1}

CONSTANTS: tuple[Mistake, ...] = tuple(
    _factor(c, text, step)
    for step in ("scale", "weigh")
    for text, c in _FACTORS.items()
    if (step, c) != ("weigh", -1.0)  # that has a name of its own
)
"""Stray factors with a name; any other is read off the numbers."""


def reach(mistake: Mistake, depth: int) -> Layers:
    """The layers of a network in which the mistake can be made."""
    if mistake.step == "error":
        return frozenset([depth])
    last = depth - mistake.spared - (mistake.step == "blame")
    return frozenset(range(mistake.first, last + 1))


def with_mistakes(occurrences: Sequence[Occurrence]) -> Callable[[int, int], Formulas]:
    """The formulas of somebody who makes these mistakes, for `hand_formulas.derive`."""
    changed: dict[tuple[int, int | None], Formulas] = {}
    for mistake, layers, j in occurrences:
        for n in layers:
            before = changed.get((n, j), RIGHT)
            changed[n, j] = dataclasses.replace(before, **{mistake.step: mistake.formula})
    return lambda n, j: changed.get((n, j)) or changed.get((n, None)) or RIGHT


def stray_factor(c: float, step: str) -> Mistake:
    """A constant factor that the numbers themselves suggest."""
    return _factor(c, f"{c:.10g}", step)
