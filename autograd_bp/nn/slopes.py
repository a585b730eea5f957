"""Slopes and outputs that are stated by hand, for gamma.py. Nothing of the engine is imported here.

Sources: the definitions of the functions, differentiated; for a softmax with cross-entropy
C. M. Bishop, "Pattern Recognition and Machine Learning" (2006), section 4.3.4.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from autograd_bp.nn.gamma import sigmoid, softmax

__all__ = ["OUTPUTS", "SLOPES", "Output", "Setting", "Slope"]


class Slope:
    """dy/dα of an activation, as it is derived by hand.

    Arguments, of which exactly one says the slope:
        of_output: a function of y: `Slope(of_output=lambda y: 1 - y * y)` for tanh.
        of_stimulus: a function of α: `Slope(of_stimulus=lambda α: 1.0 if α > 0 else 0.0)`.
        of_both: a function of α and y, in this order.
    Two more may be given:
        function: y as a function of α on plain numbers, so that outputs are compared too.
        text: the slope as it is written, for reports: "1 - y²".

    Raises: ValueError where none of the three is given, or more than one.
    """

    def __init__(
        self,
        *,
        of_output: Callable[[Any], Any] | None = None,
        of_stimulus: Callable[[Any], Any] | None = None,
        of_both: Callable[[Any, Any], Any] | None = None,
        function: Callable[[Any], Any] | None = None,
        text: str = "",
    ) -> None:
        stated = [f for f in (of_output, of_stimulus, of_both, function) if f is not None]
        if len(stated) - (function is not None) != 1 or not all(map(callable, stated)):
            raise ValueError(
                "a slope is one function: of_output= of y, of_stimulus= of α, or of_both= of α "
                "and y"
            )
        self.of_output, self.of_stimulus, self.of_both = of_output, of_stimulus, of_both
        self.function, self.text = function, text

    def __call__(self, α: Any, y: Any) -> Any:
        """The slope of a neuron with the stimulus α and the output y."""
        if self.of_output is not None:
            return self.of_output(y)
        if self.of_stimulus is not None:
            return self.of_stimulus(α)
        assert self.of_both is not None
        return self.of_both(α, y)


class Output:
    """The blame of the outputs of a network, as it is derived by hand.

    Arguments, of which exactly one says it:
        error: ∂P/∂z of an output neuron, as a function of its d and its z: d - z for
            P = -½ Σ (d - z)². γ is this times the slope of the neuron.
        errors: the same of all output neurons at once, as a function of the lists d and z.
        gamma: γ of all output neurons at once, as a function of the lists d and z: for
            activations and performances that are derived together, as a softmax with its
            cross-entropy, d_k - z_k.
    Two more may be given:
        outputs: z as a function of the list of what the last layer puts out: the softmax.
        text: γ as it is written, for reports.

    Raises: ValueError where none of the three is given, or more than one.
    """

    def __init__(
        self,
        *,
        error: Callable[[Any, Any], Any] | None = None,
        errors: Callable[[Sequence[Any], Sequence[Any]], Sequence[Any]] | None = None,
        gamma: Callable[[Sequence[Any], Sequence[Any]], Sequence[Any]] | None = None,
        outputs: Callable[[Sequence[Any]], Sequence[Any]] | None = None,
        text: str = "",
    ) -> None:
        stated = [f for f in (error, errors, gamma) if f is not None]
        if len(stated) != 1 or not callable(stated[0]):
            raise ValueError(
                "an output is one function: error= of d and z, errors= or gamma= of their lists"
            )
        if error is not None:

            def each(d: Sequence[Any], z: Sequence[Any]) -> Sequence[Any]:
                return [error(*of) for of in zip(d, z, strict=True)]

            errors = each
        self.errors, self.gamma, self.outputs, self.text = errors, gamma, outputs, text


class Setting(NamedTuple):
    """The settings that the formulas depend on, beside weights and numbers.

    Attributes:
        slopes: for each layer, for each neuron its slope.
        output: what the output neurons are blamed for.
        masks: for each row, for each layer None, or a factor on each output, as dropout has them.
        recurrent: the layers, from 1, that also get their own outputs of the step before.
        share: the factor of the sum over rows, 1 for a sum and 1/m for the mean of m rows.
        decay: λ of the weight decay: P has - ½ λ Σ w² added to it.
        decay_bias: whether bias weights decay too.
        row: the row that is derived, from 0: it has masks of its own.
    """

    slopes: Sequence[Sequence[Slope]]
    output: Output
    masks: Sequence[Sequence[Sequence[Any] | None]] | None = None
    recurrent: frozenset[int] = frozenset()
    share: Any = 1.0
    decay: Any = 0.0
    decay_bias: bool = False
    row: int = 0

    def of_row(self, t: int) -> Setting:
        """The same for another row."""
        return self if self.masks is None else self._replace(row=t)


def _tanh(α: Any) -> Any:
    return α.tanh() if hasattr(α, "tanh") else math.tanh(α)


def _softplus(α: Any) -> Any:
    if hasattr(α, "softplus"):
        return α.softplus()
    return max(α, 0.0) + math.log1p(math.exp(-abs(α)))


def _swish_slope(α: Any, y: Any) -> Any:
    """d(α σ)/dα = σ + α σ (1 - σ) = σ + y (1 - σ), with y = α σ."""
    σ = sigmoid(α)
    return σ + y * (1.0 - σ)


SLOPES = {
    "sigmoid": Slope(of_output=lambda y: y * (1.0 - y), function=sigmoid, text="y (1 - y)"),
    "tanh": Slope(of_output=lambda y: 1.0 - y * y, function=_tanh, text="1 - y²"),
    "relu": Slope(
        of_stimulus=lambda α: 1.0 if α > 0.0 else 0.0,
        function=lambda α: α if α > 0.0 else 0.0,
        text="(1 where α > 0, else 0)",
    ),
    "identity": Slope(of_stimulus=lambda α: 1.0, function=lambda α: α, text="1"),
    "softplus": Slope(of_stimulus=sigmoid, function=_softplus, text="σ(α)"),
    "silu": Slope(
        of_both=_swish_slope, function=lambda α: α * sigmoid(α), text="(σ(α) + y (1 - σ(α)))"
    ),
    "leaky_relu": Slope(
        of_stimulus=lambda α: 1.0 if α > 0.0 else 0.01,
        function=lambda α: α if α > 0.0 else 0.01 * α,
        text="(1 where α > 0, else 0.01)",
    ),
}
"""Slopes by the names of the activations."""

OUTPUTS = {
    "squares": Output(error=lambda d, z: d - z, text="(d - z)"),
    "softmax": Output(
        gamma=lambda d, z: [t - out for t, out in zip(d, z, strict=True)],
        outputs=softmax,
        text="d - z",
    ),
    "logistic": Output(
        gamma=lambda d, z: [t - out for t, out in zip(d, z, strict=True)], text="d - z"
    ),
}
"""The blame of outputs: "squares" with P = -½ Σ (d - z)², "softmax" with
P = Σ d ln z and z the softmax of what the last layer puts out, "logistic" with
P = Σ d ln z + (1 - d) ln (1 - z), the cross-entropy of sigmoids."""
