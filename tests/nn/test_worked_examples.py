"""Published numbers, and problems that must be learned."""

import random

import pytest

import autograd_bp as bp
from autograd_bp.nn import Network, Neuron, gamma, prove
from autograd_bp.nn.gamma import Weights


# --------------------------------------- cs231n.github.io/optimization-2, the sigmoid example
def test_the_sigmoid_neuron_of_cs231n():
    """w = (2, -3, -3), the last one added; x = (-1, -2). The bias here is w0 = 3 on -1."""
    neuron = Neuron(2)
    neuron.bias.data, neuron.weights[0].data, neuron.weights[1].data = 3.0, 2.0, -3.0
    x = bp.Value(-1.0), bp.Value(-2.0)
    y = neuron(x)
    y.backward()
    slope = 0.19661193324148185  # (1 - y) y
    assert y.data == 0.7310585786300049
    assert [w.grad for w in neuron.weights] == [-slope, -2.0 * slope]
    assert -neuron.bias.grad == slope  # theirs is added: the derivative has the other sign
    assert [v.grad for v in x] == [2.0 * slope, -3.0 * slope]


# ------------------------------------ M. Mazur, "A Step by Step Backpropagation Example", 2015
X, D, RATE = [0.05, 0.10], [0.01, 0.99], 0.5
# His biases are added, .35 for the hidden and .60 for the output neurons: here w0 on -1.
MAZUR = [
    [Weights(-0.35, [0.15, 0.20]), Weights(-0.35, [0.25, 0.30])],
    [Weights(-0.60, [0.40, 0.45]), Weights(-0.60, [0.50, 0.55])],
]
HIDDEN_STEP = [0.14978072, 0.19956143, 0.24975114, 0.29950229]
OUTPUT_STEP = [0.35891648, 0.40866619, 0.51130127, 0.56137012]


def error(layers):
    """His E = Σ ½ (d - z)², which is -P."""
    return -gamma.performance(D, gamma.outputs(layers, X)[-1])


def stepped(layers, Δw):
    """Weights after the step; he does not update biases."""
    return [
        [
            Weights(w.bias, [a + b for a, b in zip(w.inputs, c.inputs, strict=True)])
            for w, c in zip(layer, changes, strict=True)
        ]
        for layer, changes in zip(layers, Δw, strict=True)
    ]


def flat(layers):
    return [weight for layer in layers for neuron in layer for weight in neuron.inputs]


def mazur_network():
    network = Network([2, 2, 2])
    for layer, numbers in zip(network.layers, MAZUR, strict=True):
        for neuron, (bias, inputs) in zip(layer.neurons, numbers, strict=True):
            neuron.bias.data = bias
            for weight, number in zip(neuron.weights, inputs, strict=True):
                weight.data = number
    return network


def test_the_outputs_and_the_first_error_of_mazur():
    y = gamma.outputs(MAZUR, X)
    assert y[1] == pytest.approx([0.593269992, 0.596884378], abs=5e-10)
    assert y[2] == pytest.approx([0.75136507, 0.772928465], abs=5e-9)
    assert error(MAZUR) == pytest.approx(0.298371109, abs=5e-10)


def test_the_first_step_of_mazur_by_hand():
    y = gamma.outputs(MAZUR, X)
    after = stepped(MAZUR, gamma.changes(MAZUR, y, gamma.gammas(MAZUR, y, D), RATE))
    assert flat(after) == pytest.approx(HIDDEN_STEP + OUTPUT_STEP, abs=5e-9)
    assert error(after) == pytest.approx(0.29102777369, abs=5e-12)


def test_the_first_step_of_mazur_by_autodiff():
    network = mazur_network()
    weights = [w for layer in network.layers for neuron in layer.neurons for w in neuron.weights]
    bp.performance(D, network(X)).backward()
    for weight in weights:
        weight.data += RATE * weight.grad
    assert [w.data for w in weights] == pytest.approx(HIDDEN_STEP + OUTPUT_STEP, abs=5e-9)
    assert -bp.performance(D, network(X)).data == pytest.approx(0.29102777369, abs=5e-12)


def test_the_network_of_mazur_is_proved():
    assert prove(mazur_network(), X, D, RATE).max_ulps == 0.0


def test_the_error_that_mazur_prints_comes_from_output_weights_updated_too_early():
    """Erratum: the page prints the weights of the step above, but 0.291027924 as the error
    after it. That number comes from hidden deltas computed with the output weights that
    have been updated already, which is not the gradient; its hidden weights differ from
    those on the page in the fifth digit."""
    y = gamma.outputs(MAZUR, X)
    γ = gamma.gammas(MAZUR, y, D)
    Δw = gamma.changes(MAZUR, y, γ, RATE)
    updated = stepped(MAZUR, Δw)
    too_late = gamma.gammas([MAZUR[0], updated[1]], y, D)
    mixed = gamma.changes(MAZUR, y, [too_late[0], γ[1]], RATE)
    after = stepped(MAZUR, mixed)
    assert error(after) == pytest.approx(0.291027924, abs=5e-10)
    assert flat(after)[0] == pytest.approx(0.14981764, abs=5e-9)
    assert abs(flat(after)[0] - HIDDEN_STEP[0]) > 3e-5
    assert abs(error(after) - error(updated)) > 1e-7


# -------------------------------------------------------------------------------- learning
XOR = [([0.0, 0.0], 0.0), ([0.0, 1.0], 1.0), ([1.0, 0.0], 1.0), ([1.0, 1.0], 0.0)]


@pytest.mark.parametrize("seed", range(5))
def test_xor_is_learned(seed):
    network = Network([2, 6, 1], seed=seed)
    parameters = network.parameters()
    order = random.Random(seed)
    for _ in range(600):
        for x, d in order.sample(XOR, 4):
            network.zero_grad()
            bp.performance(d, network(x)).backward()
            for weight in parameters:
                weight.data += weight.grad
    outputs = [network(x)[0].data for x, _ in XOR]
    assert [round(z) for z in outputs] == [0, 1, 1, 0], outputs
    assert all(abs(z - d) < 0.2 for z, (_, d) in zip(outputs, XOR, strict=True)), outputs
