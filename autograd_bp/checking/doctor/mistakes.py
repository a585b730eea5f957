"""Known mistakes in hand-derived backpropagation: what people write, and what it should be.

Each replaces one step of `hand_formulas.Formulas`. The list was made from the formulas themselves:
every sign, factor, index and letter in them that can be taken for another.
"""

from __future__ import annotations

import dataclasses
import math
from typing import Any

from autograd_bp.checking.doctor.hand_formulas import Example, HandNeuron
from autograd_bp.checking.doctor.mistake import (
    Mistake,
    Occurrence,
    bias,
    blame,
    blame_by,
    cause,
    following,
    rate,
    reach,
    scale,
    source,
    weigh,
    with_mistakes,
)
from autograd_bp.checking.doctor.mistakes_of_outputs import OUTPUT_MISTAKES
from autograd_bp.checking.doctor.mistakes_of_passes import PASS_MISTAKES
from autograd_bp.checking.doctor.mistakes_of_places import PLACE_MISTAKES
from autograd_bp.checking.doctor.mistakes_of_rows import ROW_MISTAKES
from autograd_bp.checking.doctor.mistakes_of_slopes import SLOPE_MISTAKES

__all__ = [
    "CONSTANTS",
    "MISTAKES",
    "Mistake",
    "Occurrence",
    "counted",
    "factors",
    "of_all",
    "reach",
    "stray_factor",
    "with_mistakes",
]


def _updated(n: HandNeuron, k: int) -> float:
    """w_kj + Δw_kj."""
    return n.w(k) + n.derived.Δw[n.layer + 1][k][n.j + (n.next[k].bias is not None)]


def _shifted(n: HandNeuron, k: int) -> float:
    """The weight before w_kj: w_k0, the bias, counts as the weight of the first input."""
    before = n.next[k].bias if n.j == 0 else n.next[k].inputs[n.j - 1]
    if before is None:
        raise IndexError
    return float(before)


def _own_outputs(n: HandNeuron, i: int) -> float:
    if len(n.all_y) != len(n.inputs):
        raise IndexError  # arrays would not fit
    return n.all_y[i]


def _network_input(n: HandNeuron, i: int) -> float:
    if n.layer == 1:
        raise IndexError  # there the input of the network is the right one
    return n.row.y[0][i]


MISTAKES: tuple[Mistake, ...] = (
    weigh("weights not changed", "0", lambda n: 0.0).because(
        "every weight has a γ to move by: a loop over the layers or neurons ended too early"
    ),
    scale("γ left at 0", "0", lambda n: 0.0).because("γ of these neurons was not computed"),
    *ROW_MISTAKES,
    *OUTPUT_MISTAKES,
    *SLOPE_MISTAKES,
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
        "wrong index of the sum", "Σ γ_k w_k(j+1)", lambda n, k: following(n.next[k].inputs, n.j)
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
        "Σ (γ_k without its slope) w_kj",
        lambda n: n.sum(lambda k: n.derived.received[n.t][n.layer + 1][k] * n.w(k)),
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
        "absolute γ sent back",
        "Σ |γ_k| w_kj",
        lambda n: n.sum(lambda k: abs(n.next_γ[k]) * n.w(k)),
    ).because("a negative γ turns the blame around"),
    blame(
        "absolute γ sent back",
        "-Σ |γ_k| w_kj",
        lambda n: -n.sum(lambda k: abs(n.next_γ[k]) * n.w(k)),
    ).because("the sign of a γ turns the blame around"),
    blame_by(
        "weights as shares of their neuron",
        "Σ γ_k w_kj / Σ_i w_ki",
        lambda n, k: n.w(k) / math.fsum(n.next[k].inputs),
    ).because("∂α/∂y is the weight itself, and not its share of all weights"),
    blame_by(
        "weights of the layer itself",
        "Σ γ_k w_kj of the layer itself",
        lambda n, k: n.own_layer[k].inputs[n.j],
    ).because("γ goes back through the weights of the next layer, which the neuron feeds"),
    blame(
        "layer skipped",
        "Σ γ_(k, two layers on) w_kj",
        lambda n: n.sum(lambda k: n.derived.γ[n.t][n.layer + 2][k] * n.w(k)),
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
        lambda n, i: n.row.α[n.layer - 1][i],
        first=2,
    ).because("the weight is fed by the output y of the neuron before it, after its activation"),
    source("own output for the one before", "δ y_j γ_j", lambda n, i: n.y).because(
        "the weight is fed by the neuron before it, not by its own"
    ),
    source("outputs of the layer itself", "δ y_i(of this layer) γ_j", _own_outputs).because(
        "the weight is fed by the layer before it: the index of the layer is one too large"
    ),
    source("network's inputs for the layer before", "δ x γ", _network_input, first=2).because(
        "only the first layer is fed by the inputs"
    ),
    source("output of the layer before left out", "δ γ", lambda n, i: 1.0).because(
        "a weight is answerable for as much as it passes on"
    ),
    source(
        "wrong index of the output before", "δ y_(i+1) γ_j", lambda n, i: following(n.inputs, i)
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
    *(
        bias(name, used, formula).because("the bias weight w0 sits on a constant -1")
        for name, used, formula in (
            ("bias fed by an output", "δ y_1 γ", lambda n: n.inputs[0]),
            ("bias fed by an output", "-δ y_1 γ", lambda n: -n.inputs[0]),
            ("bias fed by its own output", "δ y_j γ", lambda n: n.y),
            ("bias fed by its own output", "-δ y_j γ", lambda n: -n.y),
        )
    ),
    cause("neighbouring neuron's γ", "δ y γ_(j+1)", lambda n: following(n.all_γ, n.j)).because(
        "a weight moves by the γ of the neuron that it feeds"
    ),
    cause("next layer's γ", "δ y γ_(next layer)", lambda n: n.next_γ[n.j], spared=1).because(
        "a weight moves by the γ of the neuron that it feeds"
    ),
    cause("what arrives for γ", "δ y (γ without the slope)", lambda n: n.received).because(
        "γ has the slope of the neuron in it"
    ),
    cause("slope once more in the change", "δ y γ (dy/dα)", lambda n: n.γ * n.right_slope).because(
        "the slope is in γ already"
    ),
    scale("learning rate inside γ", "δ γ", lambda n: n.e.rate).because(
        "the rate belongs to the step Δw = δ y γ, not to γ"
    ),
    *PLACE_MISTAKES,
    *PASS_MISTAKES,
)


def _factor(c: float, text: str, step: str) -> Mistake:
    letters = "γ" if step == "scale" else "Δw"
    why = f"every {letters} is {text} times what it should be"
    if step == "weigh" and 0.0 < abs(c) < 1.0:
        why += ", as with a learning rate or a momentum inside"
    return Mistake(
        step, f"a factor of {text} in {letters}", f"{text} {letters}", lambda n: c, why=why
    )


_FACTORS = {"2": 2.0, "½": 0.5, "-1": -1.0, "¼": 0.25, "4": 4.0, "e": math.e, "π": math.pi}
_FACTORS |= {"10": 10.0, "1/10": 0.1}

_MOMENTUM = (0.9, 0.99, 0.95, 0.5, 0.8, 0.999)


def _momentum(text: str, c: float) -> Mistake:
    return weigh(
        f"momentum inside the gradient (a factor of {text})", f"{text} Δw", lambda n: c
    ).because(
        "momentum belongs to the step that uses the gradient: what is compared here is the "
        "gradient of this example alone"
    )


_RATES = (0.1, 0.01, 0.001, 0.05, 0.005, 0.02, 0.03, 0.3, 0.2, 1e-4)


def _learning_rate(c: float) -> Mistake:
    return weigh(
        f"learning rate inside the gradient (a factor of {c:g})", f"{c:g} Δw", lambda n: c
    ).because("the learning rate belongs to the step, and the gradient is compared without it")


CONSTANTS: tuple[Mistake, ...] = (
    *(
        _factor(c, text, step)
        for step in ("scale", "weigh")
        for text, c in _FACTORS.items()
        if (step, c) != ("weigh", -1.0)  # that has a name of its own
    ),
    *(_learning_rate(sign * c) for c in _RATES for sign in (1.0, -1.0)),
    *(_momentum(f"1 + {μ:g}", 1.0 + μ) for μ in _MOMENTUM),
    *(_momentum(f"1 - {μ:g}", 1.0 - μ) for μ in _MOMENTUM if μ != 0.5),
)
"""Stray factors with a name; any other is read off the numbers."""


def of_all(factor: Mistake) -> Mistake:
    """A factor of Δw that is also in its weight decay."""

    def arrange(e: Example, derived: Any, n: int, changes: list[list[float]]) -> Any:
        c = factor.formula(None)
        return [[c * change for change in row] for row in changes]

    return dataclasses.replace(factor, step="arrange", formula=arrange)


def factors(e: Example) -> tuple[Mistake, ...]:
    """Every factor that may be told by its size; with weight decay also in front of all of it."""
    known = (*CONSTANTS, *counted(e))
    if e.setting.decay:
        known += tuple(of_all(factor) for factor in known if factor.step == "weigh")
    return known


def counted(e: Example) -> list[Mistake]:
    """1/m and m for every m that can be counted in an example: a mean for a sum, or the reverse."""
    widths = [len(layer) for layer in e.layers]
    weights = [len(w.inputs) for layer in e.layers for w in layer]
    counts = {"rows": len(e.rows), "outputs": widths[-1], "inputs": len(e.y[0])}
    counts |= {f"neurons of layer {n}": width for n, width in enumerate(widths[:-1], 1)}
    counts["weights"] = sum(weights) + sum(w.bias is not None for ws in e.layers for w in ws)
    counts["rows times outputs"] = len(e.rows) * widths[-1]
    mistakes = []
    for m in {*counts.values()} - {1}:
        what = " or ".join(name for name, count in counts.items() if count == m)
        for step, letters in (("scale", "γ"), ("weigh", "Δw")):
            mistakes += [
                Mistake(step, f"1/m over {what} in {letters}", f"1/{m} {letters}",
                    lambda n, m=m: 1.0 / m,
                    why=f"there are {m} {what}: a mean was taken for the sum over them"),
                Mistake(step, f"m for 1 over {what} in {letters}", f"{m} {letters}",
                    lambda n, m=m: float(m),
                    why=f"there are {m} {what}: something was added up over them once too often"),
                Mistake(step, f"2/m over {what} in {letters}", f"2/{m} {letters}",
                    lambda n, m=m: 2.0 / m,
                    why=f"there are {m} {what}: a mean was taken for the sum over them, and the ½ "
                    "of P was forgotten"),
            ]  # fmt: skip
    return mistakes


def stray_factor(c: float, step: str) -> Mistake:
    """A constant factor that the numbers themselves suggest."""
    return _factor(c, f"{c:.10g}", step)
