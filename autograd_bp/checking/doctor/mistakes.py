"""Known mistakes in hand-derived backpropagation: what people write, and what it should be.

Each is a formula of `wave.Formulas` put in the place of the right one. The list was made from the
formulas themselves: every sign, factor, index and letter in them that can be taken for another.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from autograd_bp.checking.doctor.hand_formulas import RIGHT, Example, Formulas
from autograd_bp.nn import gamma

__all__ = ["CONSTANTS", "MISTAKES", "Mistake", "reach", "stray_factor", "with_mistakes"]

Layers = frozenset[int]


@dataclass(frozen=True)
class Mistake:
    """A mistake that people make.

    Attributes:
        name: in a few words.
        step: the formula that it replaces, a field of `wave.Formulas`.
        formula: what is computed instead.
        used: that as it would be written, for the step alone.
        why: how it comes about, in one sentence.
        first: the first layer in which it can be made.
        spared: how many layers at the end it cannot be made in, beside those that do not have
            the step at all.
    """

    name: str
    step: str
    formula: Callable[..., float]
    used: str
    why: str
    first: int = 1
    spared: int = 0


def _y(e: Example, n: int, j: int) -> float:
    return e.y[n][j]


def _α(e: Example, n: int, j: int) -> float:
    α = e.α[n]
    assert α is not None
    return α[j]


def _sum(e: Example, n: int, j: int, term: Callable[[int, Any], float]) -> float:
    """Σ over the neurons k of the next layer, in the order of the right formula."""
    total = 0.0
    for k in reversed(range(len(e.layers[n]))):
        total += term(k, e.layers[n][k])
    return total


def _outputs(e: Example) -> int:
    return len(e.y[-1])


def _transposed(e: Example, n: int, j: int) -> float:
    return _sum(e, n, j, lambda k, later: e.γ[n + 1][k] * e.layers[n][j].inputs[k])


def _updated(e: Example, n: int, j: int) -> float:
    def term(k: int, later: Any) -> float:
        change = e.Δw[n + 1][k][j + (later.bias is not None)]
        w: float = later.inputs[j] + change
        return e.γ[n + 1][k] * w

    return _sum(e, n, j, term)


def _shifted(e: Example, n: int, j: int) -> float:
    """w_j0 counted as the first weight of an input."""
    return _sum(e, n, j, lambda k, later: e.γ[n + 1][k] * [later.bias, *later.inputs][j])


def _unslope(e: Example, n: int, j: int) -> float:
    return _sum(e, n, j, lambda k, later: e.received[n + 1][k] * later.inputs[j])


def _index(e: Example, n: int, j: int) -> float:
    return _sum(e, n, j, lambda k, later: e.γ[n + 1][k] * later.inputs[(j + 1) % len(later.inputs)])


def _neighbour(e: Example, n: int, j: int) -> float:
    return e.γ[n][(j + 1) % len(e.γ[n])]


def _stimulus_before(e: Example, n: int, j: int, i: int) -> float:
    before = e.α[n - 1]
    if before is None:
        raise IndexError
    return before[i]


def _inputs(e: Example, n: int, j: int, i: int) -> float:
    if n == 1:
        raise IndexError
    return e.y[0][i]


def _next_γ(e: Example, n: int, j: int) -> float:
    return e.γ[n + 1][j]


MISTAKES: tuple[Mistake, ...] = (
    # The error of an output neuron.
    Mistake(
        "descent for ascent",
        "error",
        lambda e, n, j: _y(e, n, j) - e.d[j],
        "z - d",
        "the sign of the error is that of E = ½ (d - z)², whose gradient is walked down; "
        "here weights move up the gradient of P",
    ),
    Mistake(
        "absolute error",
        "error",
        lambda e, n, j: abs(e.d[j] - _y(e, n, j)),
        "|d - z|",
        "the sign of the error says which way to go, and was lost",
    ),
    Mistake(
        "squared error",
        "error",
        lambda e, n, j: (e.d[j] - _y(e, n, j)) ** 2,
        "(d - z)²",
        "P itself was taken for its derivative",
    ),
    Mistake(
        "double 1/2",
        "error",
        lambda e, n, j: 0.5 * (e.d[j] - _y(e, n, j)),
        "½ (d - z)",
        "the ½ of P cancels against the 2 of the derivative, and was kept",
    ),
    Mistake(
        "missing 1/2",
        "error",
        lambda e, n, j: 2.0 * (e.d[j] - _y(e, n, j)),
        "2 (d - z)",
        "the 2 of the derivative cancels against the ½ of P, which was forgotten",
    ),
    Mistake(
        "1/m over outputs",
        "error",
        lambda e, n, j: (e.d[j] - _y(e, n, j)) / _outputs(e),
        "(d - z) / m",
        "P is a sum over the outputs, not their mean",
    ),
    Mistake(
        "stimulus for the output in the error",
        "error",
        lambda e, n, j: e.d[j] - _α(e, n, j),
        "d - α",
        "z is the output of the neuron, after the sigmoid",
    ),
    Mistake(
        "desired output alone",
        "error",
        lambda e, n, j: e.d[j],
        "d",
        "the output was not taken off the desired output",
    ),
    Mistake(
        "neighbour's desired output",
        "error",
        lambda e, n, j: e.d[(j + 1) % len(e.d)] - _y(e, n, j),
        "d_(k+1) - z_k",
        "the index of d is one too large",
    ),
    # The slope of the sigmoid.
    Mistake(
        "missing y (1 - y)",
        "slope",
        lambda e, n, j: 1.0,
        "1",
        "the slope of the sigmoid was left out of the chain",
    ),
    Mistake(
        "slope of the stimulus",
        "slope",
        lambda e, n, j: _α(e, n, j) * (1.0 - _α(e, n, j)),
        "α (1 - α)",
        "the slope of the sigmoid is y (1 - y) in terms of its output, not of its stimulus",
    ),
    Mistake("missing 1 - y", "slope", _y, "y", "the slope is y times (1 - y)"),
    Mistake(
        "missing y",
        "slope",
        lambda e, n, j: 1.0 - _y(e, n, j),
        "1 - y",
        "the slope is y times (1 - y)",
    ),
    Mistake(
        "slope of tanh",
        "slope",
        lambda e, n, j: 1.0 - _y(e, n, j) ** 2,
        "1 - y²",
        "that is the slope of tanh; the sigmoid's is y (1 - y)",
    ),
    Mistake(
        "plus for minus in the slope",
        "slope",
        lambda e, n, j: _y(e, n, j) * (1.0 + _y(e, n, j)),
        "y (1 + y)",
        "the slope of the sigmoid is y (1 - y)",
    ),
    Mistake(
        "slope twice",
        "slope",
        lambda e, n, j: (_y(e, n, j) * (1.0 - _y(e, n, j))) ** 2,
        "(y (1 - y))²",
        "the slope enters each neuron once",
    ),
    Mistake(
        "sigmoid of the output",
        "slope",
        lambda e, n, j: gamma.sigmoid(_y(e, n, j)) * (1.0 - gamma.sigmoid(_y(e, n, j))),
        "σ(y) (1 - σ(y))",
        "y is σ(α) already, and went through the sigmoid again",
    ),
    # What a hidden neuron is blamed for.
    Mistake(
        "transposed weights",
        "blame",
        _transposed,
        "Σ γ_k w_jk",
        "the weight from neuron j to neuron k is w_kj; rows and columns were exchanged",
    ),
    Mistake(
        "missing weights",
        "blame",
        lambda e, n, j: _sum(e, n, j, lambda k, _: e.γ[n + 1][k]),
        "Σ γ_k",
        "each γ comes back through the weight that it fed",
    ),
    Mistake(
        "weights updated too early",
        "blame",
        _updated,
        "Σ γ_k (w_kj + Δw_kj)",
        "the next layer's weights were changed before its γ went back through them",
    ),
    Mistake(
        "bias counted as the first weight",
        "blame",
        _shifted,
        "Σ γ_k w_k(j-1)",
        "w_k0 is the bias weight: the first input's weight is w_k1",
    ),
    Mistake(
        "wrong index of the sum",
        "blame",
        _index,
        "Σ γ_k w_k(j+1)",
        "the index of the weights is one too large",
    ),
    Mistake(
        "first term of the sum alone",
        "blame",
        lambda e, n, j: e.γ[n + 1][0] * e.layers[n][0].inputs[j],
        "γ_1 w_1j",
        "a hidden neuron is blamed by all neurons that it feeds",
    ),
    Mistake(
        "last term of the sum alone",
        "blame",
        lambda e, n, j: e.γ[n + 1][-1] * e.layers[n][-1].inputs[j],
        "γ_m w_mj",
        "a hidden neuron is blamed by all neurons that it feeds: the sum was overwritten "
        "rather than added to",
    ),
    Mistake(
        "error sent back without the slope",
        "blame",
        _unslope,
        "Σ (γ_k / y_k (1 - y_k)) w_kj",
        "what goes back is γ, which has the slope in it",
    ),
    Mistake(
        "mean for the sum",
        "blame",
        lambda e, n, j: _sum(e, n, j, lambda k, w: e.γ[n + 1][k] * w.inputs[j]) / len(e.layers[n]),
        "Σ γ_k w_kj / m",
        "the neurons that are fed add up",
    ),
    Mistake(
        "absolute weights",
        "blame",
        lambda e, n, j: _sum(e, n, j, lambda k, w: e.γ[n + 1][k] * abs(w.inputs[j])),
        "Σ γ_k |w_kj|",
        "a negative weight turns the blame around",
    ),
    Mistake(
        "layer skipped",
        "blame",
        lambda e, n, j: _sum(e, n, j, lambda k, w: e.γ[n + 2][k] * w.inputs[j]),
        "Σ γ_(k, two layers on) w_kj",
        "γ is that of the next layer",
        spared=1,
    ),
    # The change of a weight.
    Mistake(
        "descent in the change",
        "weigh",
        lambda e, n, j: -1.0,
        "-δ y γ",
        "γ points up the gradient of P, and weights move with it",
    ),
    Mistake("rate forgotten", "rate", lambda e, n, j: 1.0, "y γ", "Δw has the rate δ in front"),
    Mistake(
        "rate squared",
        "rate",
        lambda e, n, j: e.rate * e.rate,
        "δ² y γ",
        "the rate was multiplied in twice",
    ),
    Mistake(
        "divided by the rate",
        "rate",
        lambda e, n, j: 1.0 / e.rate,
        "y γ / δ",
        "the rate multiplies",
    ),
    Mistake(
        "stimulus for the output of the layer before",
        "source",
        _stimulus_before,
        "δ α γ",
        "the weight is fed by the output y of the neuron before it, after the sigmoid",
        first=2,
    ),
    Mistake(
        "own output for the one before",
        "source",
        lambda e, n, j, i: e.y[n][j],
        "δ y_j γ_j",
        "the weight is fed by the neuron before it, not by its own",
    ),
    Mistake(
        "network's inputs for the layer before",
        "source",
        _inputs,
        "δ x γ",
        "only the first layer is fed by the inputs",
        first=2,
    ),
    Mistake(
        "output of the layer before left out",
        "source",
        lambda e, n, j, i: 1.0,
        "δ γ",
        "a weight is answerable for as much as it passes on",
    ),
    Mistake(
        "wrong index of the output before",
        "source",
        lambda e, n, j, i: e.y[n - 1][(i + 1) % len(e.y[n - 1])],
        "δ y_(i+1) γ_j",
        "the index of y is one too large",
    ),
    Mistake(
        "weight for the output before",
        "source",
        lambda e, n, j, i: e.layers[n - 1][j].inputs[i],
        "δ w γ",
        "∂α/∂w is what the weight multiplies, not the weight",
    ),
    Mistake(
        "bias input +1",
        "bias",
        lambda e, n, j: 1.0,
        "δ (+1) γ",
        "the bias weight w0 sits on a constant -1",
    ),
    Mistake(
        "bias not changed",
        "bias",
        lambda e, n, j: 0.0,
        "0",
        "the bias weight is a weight like the others, on a constant -1",
    ),
    Mistake(
        "bias counted twice",
        "bias",
        lambda e, n, j: -2.0,
        "δ (-2) γ",
        "the bias weight enters the stimulus once",
    ),
    Mistake(
        "bias fed by an output",
        "bias",
        lambda e, n, j: e.y[n - 1][0],
        "δ y_1 γ",
        "the bias weight w0 sits on a constant -1",
    ),
    Mistake(
        "neighbouring neuron's γ",
        "cause",
        _neighbour,
        "δ y γ_(j+1)",
        "a weight moves by the γ of the neuron that it feeds",
    ),
    Mistake(
        "next layer's γ",
        "cause",
        _next_γ,
        "δ y γ_(next layer)",
        "a weight moves by the γ of the neuron that it feeds",
        spared=1,
    ),
    Mistake(
        "what arrives for γ",
        "cause",
        lambda e, n, j: e.received[n][j],
        "δ y (γ without y (1 - y))",
        "γ has the slope of the neuron in it",
    ),
    Mistake(
        "slope once more in the change",
        "cause",
        lambda e, n, j: e.γ[n][j] * (_y(e, n, j) * (1.0 - _y(e, n, j))),
        "δ y γ y (1 - y)",
        "the slope is in γ already",
    ),
)


def _factor(c: float, text: str, step: str) -> Mistake:
    letters = "γ" if step == "scale" else "Δw"
    return Mistake(
        f"a factor of {text} in {letters}",
        step,
        lambda e, n, j: c,
        f"{text} {letters}",
        f"every {letters} is {text} times what it should be",
    )


CONSTANTS: tuple[Mistake, ...] = tuple(
    _factor(c, text, step)
    for step in ("scale", "weigh")
    for c, text in (
        (2.0, "2"),
        (0.5, "½"),
        (-1.0, "-1"),
        (0.25, "¼"),
        (4.0, "4"),
        (math.e, "e"),
        (math.pi, "π"),
        (10.0, "10"),
        (0.1, "1/10"),
    )
    if (step, c) != ("weigh", -1.0)  # that has a name of its own
)
"""Stray factors with a name; any other is read off the numbers."""


Made = tuple[Mistake, Layers, int | None]
"""A mistake, the layers in which it is made, and the one neuron there, from 0; None for all."""


def reach(mistake: Mistake, depth: int) -> Layers:
    """The layers of a network in which the mistake can be made."""
    if mistake.step == "error":
        return frozenset([depth])
    last = depth - mistake.spared - (mistake.step == "blame")
    return frozenset(range(mistake.first, last + 1))


def with_mistakes(made: Sequence[Made]) -> Callable[[int, int], Formulas]:
    """The formulas of someone who makes these mistakes, for `wave.derive`."""
    changed: dict[tuple[int, int | None], Formulas] = {}
    for mistake, layers, j in made:
        for n in layers:
            before = changed.get((n, j), RIGHT)
            changed[n, j] = dataclasses.replace(before, **{mistake.step: mistake.formula})
    return lambda n, j: changed.get((n, j)) or changed.get((n, None)) or RIGHT


def stray_factor(c: float, step: str) -> Mistake:
    """A constant factor that the numbers themselves suggest."""
    return _factor(c, f"{c:.10g}", step)
