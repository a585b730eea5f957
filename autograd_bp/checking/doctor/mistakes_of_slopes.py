"""Mistakes in dy/dα, for each activation."""

from __future__ import annotations

import math

from autograd_bp.checking.doctor.hand_formulas import HandNeuron
from autograd_bp.checking.doctor.mistake import slope
from autograd_bp.nn.gamma import sigmoid

__all__ = ["SLOPE_MISTAKES"]

_SIGMOID, _TANH = ("sigmoid",), ("tanh",)
_RELU, _LEAKY = ("relu",), ("leaky_relu",)
_OTHERS = ("softplus", "silu", "own")
_NOT_SIGMOID = ("tanh", "relu", "leaky_relu", "identity", *_OTHERS)
_NOT_TANH = ("sigmoid", "relu", "leaky_relu", "identity", *_OTHERS)
_CURVED = ("sigmoid", "tanh", *_OTHERS)


def _of_output(n: HandNeuron) -> float:
    """The slope's formula with y in the place of α."""
    function = n.slope.function
    assert function is not None
    return float(n.slope(n.y, function(n.y)))


SLOPE_MISTAKES = (
    slope("missing y (1 - y)", "1", lambda n: 1.0, *_SIGMOID,
        why="the slope of the sigmoid was left out of the chain"),
    slope("slope of the stimulus", "α (1 - α)", lambda n: n.α * (1.0 - n.α), *_SIGMOID,
        why="the slope of the sigmoid is y (1 - y) in terms of its output, not of its stimulus"),
    slope("missing 1 - y", "y", lambda n: n.y, *_SIGMOID, why="the slope is y times (1 - y)"),
    slope("missing y", "1 - y", lambda n: 1.0 - n.y, *_SIGMOID,
        why="the slope is y times (1 - y)"),
    slope("slope of tanh", "1 - y²", lambda n: 1.0 - n.y**2, *_NOT_TANH,
        why="that is the slope of tanh; this neuron has another activation"),
    slope("plus for minus in the slope", "y (1 + y)", lambda n: n.y * (1.0 + n.y), *_SIGMOID,
        why="the slope of the sigmoid is y (1 - y)"),
    slope("slope twice", "(dy/dα)²", lambda n: n.right_slope**2, *_CURVED,
        why="the slope enters each neuron once"),
    slope("sigmoid of the output", "σ(y) (1 - σ(y))",
        lambda n: sigmoid(n.y) * (1.0 - sigmoid(n.y)), *_SIGMOID,
        why="y is σ(α) already, and went through the sigmoid again"),
    slope("slope with the wrong sign", "y (y - 1)", lambda n: n.y * (n.y - 1.0), *_SIGMOID,
        why="the slope of the sigmoid is y (1 - y), which is positive"),
    slope("minus lost in the exponent of the slope", "(1 + e^-α)² e^-α",
        lambda n: (1.0 + math.exp(-n.α)) ** 2 * math.exp(-n.α), *_SIGMOID,
        why="the slope is (1 + e^-α)^-2 e^-α: the -1 of the power rule makes it -2"),
    slope("denominator of the slope forgotten", "e^-α", lambda n: math.exp(-n.α), *_SIGMOID,
        why="the slope of the sigmoid is e^-α / (1 + e^-α)²"),
    # tanh
    slope("slope with the wrong sign", "y² - 1", lambda n: n.y**2 - 1.0, *_TANH,
        why="the slope of tanh is 1 - y², which is positive"),
    slope("square around the difference", "(1 - y)²", lambda n: (1.0 - n.y) ** 2, *_TANH,
        why="the slope of tanh is 1 - y²: only y is squared"),
    slope("missing square of 1 / cosh", "1 / cosh(α)", lambda n: 1.0 / math.cosh(n.α), *_TANH,
        why="the slope of tanh is 1 / cosh(α)²"),
    slope("missing 1 - y²", "1", lambda n: 1.0, *_TANH,
        why="the slope of tanh was left out of the chain"),
    slope("tanh' of the stimulus", "1 - α²", lambda n: 1.0 - n.α**2, *_TANH,
        why="the slope of tanh is 1 - y² in terms of its output, not of its stimulus"),
    slope("slope of the sigmoid", "y (1 - y)", lambda n: n.y * (1.0 - n.y), *_NOT_SIGMOID,
        why="that is the slope of the sigmoid; this neuron has another activation"),
    slope("missing square in the slope", "1 - y", lambda n: 1.0 - n.y, *_TANH,
        why="the slope of tanh is 1 - y²"),
    slope("plus for minus in the slope", "1 + y²", lambda n: 1.0 + n.y**2, *_TANH,
        why="the slope of tanh is 1 - y²"),
    slope("1 forgotten in the slope", "-y²", lambda n: -(n.y**2), *_TANH,
        why="the slope of tanh is 1 - y²"),
    slope("tanh of the output", "1 - tanh(y)²", lambda n: 1.0 - math.tanh(n.y) ** 2, *_TANH,
        why="y is tanh(α) already, and went through tanh again"),
    # relu
    slope("ReLU mask forgotten", "1", lambda n: 1.0, *_RELU,
        why="nothing passes back where α ≤ 0: the slope is 1 for α > 0, else 0"),
    slope("ReLU mask inverted", "(0 where α > 0, else 1)", lambda n: float(n.α <= 0.0), *_RELU,
        why="the slope is 1 for α > 0, else 0"),
    slope("output for the slope", "y", lambda n: n.y, "relu", "leaky_relu", "tanh", "softplus",
        why="the activation itself was taken for its derivative"),
    slope("stimulus for the slope", "α", lambda n: n.α, "relu", "leaky_relu", "tanh", "identity",
        why="the stimulus was taken for the derivative of the activation"),
    slope("ReLU mask of what arrives", "(1 where the blame > 0, else 0)",
        lambda n: float(n.received > 0.0), *_RELU,
        why="the mask is that of the stimulus, not of the gradient that comes back"),
    slope("mask from both sides", "(1 where α > 0 and the blame > 0, else 0)",
        lambda n: float(n.α > 0.0 and n.received > 0.0), *_RELU,
        why="the mask is that of the stimulus alone"),
    slope("neighbour's ReLU mask", "(1 where α_(j+1) > 0, else 0)",
        lambda n: float(n.row.α[n.layer][(n.j + 1) % len(n.row.α[n.layer])] > 0.0), *_RELU,
        why="the index of the mask is one too large"),
    slope("ReLU mask of another layer", "(1 where α of the next layer > 0, else 0)",
        lambda n: float(n.row.α[n.layer + 1][n.j] > 0.0), *_RELU,
        why="the mask is that of the neuron's own stimulus: the index of the layer is wrong"),
    slope("ReLU mask of another layer", "(1 where α of the layer before > 0, else 0)",
        lambda n: float(n.row.α[n.layer - 1][n.j] > 0.0), *_RELU,
        why="the mask is that of the neuron's own stimulus: the index of the layer is wrong"),
    slope("leak in a ReLU", "(1 where α > 0, else 0.01)",
        lambda n: 1.0 if n.α > 0.0 else 0.01, *_RELU,
        why="that is the slope of a leaky ReLU"),
    slope("sign for the mask", "(1 where α > 0, else -1)",
        lambda n: 1.0 if n.α > 0.0 else -1.0, *_RELU, why="the slope is 1 for α > 0, else 0"),
    slope("leak forgotten", "(1 where α > 0, else 0)", lambda n: float(n.α > 0.0), *_LEAKY,
        why="a leaky ReLU passes a small part back where α ≤ 0"),
    slope("mask forgotten", "1", lambda n: 1.0, *_LEAKY,
        why="a leaky ReLU passes only a small part back where α ≤ 0"),
    slope("leaky mask inverted", "(the small part where α > 0, else 1)",
        lambda n: 1.0 if n.α <= 0.0 else float(n.slope(-1.0, -0.01)), *_LEAKY,
        why="the slope is 1 for α > 0, else the small part"),
    # softplus, silu and others
    slope("missing slope", "1", lambda n: 1.0, *_OTHERS,
        why="the slope of the activation was left out of the chain"),
    slope("slope of the output", "the slope at y", _of_output, *_OTHERS, "tanh",
        why="the slope is that at the stimulus α; y was put into it"),
    slope("slope of ReLU", "(1 where α > 0, else 0)", lambda n: float(n.α > 0.0),
        "softplus", "silu", "own", "sigmoid", "tanh", "identity",
        why="that is the slope of a ReLU; this neuron has another activation"),
    slope("slope of the sigmoid in the stimulus", "σ(α) (1 - σ(α))",
        lambda n: sigmoid(n.α) * (1.0 - sigmoid(n.α)), *_OTHERS, "identity", "tanh", "relu",
        why="that is the slope of the sigmoid; this neuron has another activation"),
    slope("product rule forgotten", "σ(α)", lambda n: sigmoid(n.α), "silu", "own",
        why="α σ(α) has two factors, and both depend on α"),
    slope("first term of the product rule missing", "α σ(α) (1 - σ(α))",
        lambda n: n.α * sigmoid(n.α) * (1.0 - sigmoid(n.α)), "silu",
        why="α σ(α) has two factors, and both depend on α"),
    slope("slope divided by", "1 / (dy/dα)", lambda n: 1.0 / n.right_slope,
        *_CURVED, "leaky_relu", why="γ is the slope times what arrives, not what arrives by it"),
)  # fmt: skip
