"""Mistakes in what output neurons are blamed for."""

from __future__ import annotations

import dataclasses
import math
import operator
from collections.abc import Callable

from autograd_bp.checking.doctor.hand_formulas import Example, HandNeuron
from autograd_bp.checking.doctor.mistake import Mistake, following
from autograd_bp.checking.doctor.mistake import error as of_any
from autograd_bp.nn.gamma import sigmoid

__all__ = ["OUTPUT_MISTAKES"]


def _through_softmax(n: HandNeuron) -> float:
    """The gradient of squared errors: z_k (e_k - Σ e_i z_i), with e = d - z."""
    errors = [d - z for d, z in zip(n.row.d or [], n.row.z, strict=True)]
    return n.z * (errors[n.j] - math.fsum(map(operator.mul, errors, n.row.z)))


def _above_half(n: HandNeuron) -> float:
    return n.d - float(n.z > 0.5)


def _largest(n: HandNeuron) -> float:
    if len(n.row.z) == 1:
        raise IndexError
    return n.d - float(n.z == max(n.row.z))


_SQUARES, _SOFTMAX, _LOGISTIC = ("squares",), ("softmax",), ("logistic",)
_NAMED = (*_SQUARES, *_SOFTMAX, *_LOGISTIC)
_ENTROPIES = (*_SOFTMAX, *_LOGISTIC)


def error(
    name: str, used: str, formula: Callable[[HandNeuron], float], *outputs: str, why: str
) -> Mistake:
    """A mistake in the error of outputs with these names; a step without desired outputs has
    none."""

    def of_row(n: HandNeuron) -> float:
        return formula(n) if n.row.d is not None else 0.0

    def fits(e: Example) -> bool:
        return not outputs or e.output_name in outputs

    return dataclasses.replace(of_any(name, used, of_row), fits=fits, why=why)


OUTPUT_MISTAKES = (
    error("descent for ascent", "z - d", lambda n: -n.right_error,
        why="the sign of the error is that of E = -P, whose gradient is walked down; here "
        "weights move up the gradient of P"),
    error("absolute error", "|d - z|", lambda n: abs(n.right_error),
        why="the sign of the error says which way to go, and was lost"),
    error("absolute error", "-|z - d|", lambda n: -abs(n.right_error),
        why="the sign of the error says which way to go, and was lost"),
    error("squared error", "-(z - d)²", lambda n: -((n.d - n.z) ** 2), *_NAMED,
        why="P itself was taken for its derivative"),
    error("plus for minus in the error", "-(z + d)", lambda n: -(n.d + n.z), *_NAMED,
        why="the error is the desired output less the output"),
    error("squared error", "(d - z)²", lambda n: (n.d - n.z) ** 2, *_NAMED,
        why="P itself was taken for its derivative"),
    error("double 1/2", "½ (d - z)", lambda n: 0.5 * n.right_error,
        why="the ½ of P cancels against the 2 of the derivative, and was kept"),
    error("missing 1/2", "2 (d - z)", lambda n: 2.0 * n.right_error,
        why="the 2 of the derivative cancels against the ½ of P, which was forgotten"),
    error("1/m over outputs", "(d - z) / m", lambda n: n.right_error / len(n.row.z),
        why="P is a sum over the outputs, not their mean"),
    error("stimulus for the output in the error", "d - α", lambda n: n.d - n.α, *_SQUARES,
        why="z is the output of the neuron, after its activation"),
    error("desired output alone", "d", lambda n: n.d, *_NAMED,
        why="the output was not taken off the desired output"),
    error("neighbour's desired output", "d_(k+1) - z_k",
        lambda n: following(n.row.d or [], n.j) - n.z, *_NAMED,
        why="the index of d is one too large"),
    error("output alone", "-z", lambda n: -n.z, *_SQUARES, *_LOGISTIC,
        why="the desired output was left out of the error"),
    error("plus for minus in the error", "d + z", lambda n: n.d + n.z, *_NAMED,
        why="the error is the desired output less the output"),
    # A softmax with its cross-entropy.
    error("softmax's -1 missing", "-z", lambda n: -n.z, *_SOFTMAX,
        why="γ is d - z: of the right class 1 is taken off the share z (dz[k] -= 1 in descent), "
        "and was not"),
    error("logits for the softmax", "d - α", lambda n: n.d - n.α, *_ENTROPIES,
        why="z is what the softmax or the sigmoid makes of the stimulus, not the stimulus"),
    error("slope once more at the output", "(d - z) z (1 - z)",
        lambda n: (n.d - n.z) * (n.z * (1.0 - n.z)), *_ENTROPIES,
        why="with cross-entropy the slope has cancelled already: γ is d - z"),
    error("derivative of the logarithm alone", "d / z", lambda n: n.d / n.z, *_ENTROPIES,
        why="that is ∂P/∂z; γ is the derivative by the stimulus, d - z"),
    error("diagonal of the softmax alone", "d (1 - z)", lambda n: n.d * (1.0 - n.z), *_ENTROPIES,
        why="every share depends on every stimulus: the terms -d_i z_k of the others are missing"),
    error("slope of the sigmoid missing at the output", "(d - z) / (z (1 - z))",
        lambda n: (n.d - n.z) / (n.z * (1.0 - n.z)), *_LOGISTIC,
        why="that is ∂P/∂z; γ is the derivative by the stimulus, d - z"),
    error("exponentials not normalised", "d - e^α", lambda n: n.d - math.exp(n.α), *_SOFTMAX,
        why="a softmax divides the exponentials by their sum"),
    error("sigmoid for the softmax", "d - σ(α)", lambda n: n.d - sigmoid(n.α), *_SOFTMAX,
        why="the outputs are shares of a softmax"),
    error("right class alone", "(d - z) d", lambda n: (n.d - n.z) * n.d, *_ENTROPIES,
        why="the other classes have γ = -z, which is not 0"),
    error("shares left out of other classes", "1 - z", lambda n: 1.0 - n.z, *_ENTROPIES,
        why="only of the right class 1 is taken off"),
    error("sign of the error alone", "sign(d - z)",
        lambda n: math.copysign(1.0, n.d - n.z) if n.d != n.z else 0.0, *_NAMED,
        why="that is the derivative of -|d - z|"),
    error("no ½ and a mean over outputs", "2 (d - z) / m",
        lambda n: 2.0 * n.right_error / len(n.row.z),
        why="P is ½ of a sum over the outputs, not their mean"),
    error("squared errors through the softmax", "z ((d - z) - Σ (d - z) z)", _through_softmax,
        *_SOFTMAX, why="P is the cross-entropy here, whose slope cancels that of the softmax"),
    error("derivative of the logarithm alone", "-d / z", lambda n: -n.d / n.z, *_ENTROPIES,
        why="γ is the derivative by the stimulus, d - z, and P has a plus in front"),
    *(error("decision for the output", used, formula, *_NAMED,
        why="the error is that of the output itself, and not of the class that is read off it")
        for used, formula in (("d - (1 where z > ½, else 0)", _above_half),
            ("d - (1 for the largest z, else 0)", _largest))),
)  # fmt: skip
