"""Networks that are no layers in a row: plain Python between neurons."""

import math

import pytest

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.nn import Layer, Module, Network, Neuron, identity

XOR = [([0.0, 0.0], 0.0), ([0.0, 1.0], 1.0), ([1.0, 0.0], 1.0), ([1.0, 1.0], 0.0)]


def numerical(module, measure, name, h=1e-6):
    """A central difference of `measure` in the parameter of that name."""
    weight = dict(module.named_parameters())[name]
    middle = weight.data
    weight.data = middle + h
    up = measure().data
    weight.data = middle - h
    down = measure().data
    weight.data = middle
    return (up - down) / (2 * h)


def assert_gradients_are_right(module, measure):
    module.zero_grad()
    measure().backward()
    for name, parameter in module.named_parameters():
        assert parameter.grad == pytest.approx(
            numerical(module, measure, name), rel=1e-6, abs=1e-9
        ), name


class SkipXor(Module):
    """One hidden neuron, and an output that sees it and both inputs: the smallest XOR."""

    def __init__(self, seed):
        self.hidden = Neuron(2, seed=seed)
        self.output = Neuron(3, seed=seed + 100)

    def __call__(self, row):
        return self.output([self.hidden(row), *row])


class Recurrent(Module):
    """One neuron that reads a sequence, its own last output being one of its inputs."""

    def __init__(self, seed=0):
        self.cell = Neuron(2, bp.tanh, seed=seed)
        self.read = Neuron(1, seed=seed + 1)

    def __call__(self, sequence):
        state = 0.0
        for x in sequence:
            state = self.cell([x, state])
        return self.read([state])


def test_a_skip_connection_has_the_right_gradients():
    module = SkipXor(seed=3)
    assert_gradients_are_right(module, lambda: bp.performance(1.0, module([0.3, -0.8])))


def test_xor_is_learned_with_one_hidden_neuron_and_a_skip_connection():
    module = SkipXor(seed=3)
    for _ in range(1500):
        for x, d in XOR:
            module.zero_grad()
            bp.performance(d, module(x)).backward()
            for weight in module.parameters():
                weight.data += weight.grad
    assert [round(module(x).data) for x, _ in XOR] == [0, 1, 1, 0]


def test_a_weight_used_at_every_step_gets_the_sum_of_its_gradients():
    module = Recurrent()
    assert len(module.parameters()) == 5
    assert_gradients_are_right(module, lambda: module([0.5, -1.0, 0.25, 0.75]))


def test_a_recurrent_network_learns_to_remember_the_first_of_three():
    sequences = [[a, b, c] for a in (-1.0, 1.0) for b in (-1.0, 1.0) for c in (-1.0, 1.0)]
    module = Recurrent(seed=2)
    for _ in range(300):
        for sequence in sequences:
            module.zero_grad()
            desired = 1.0 if sequence[0] > 0 else 0.0
            bp.performance(desired, module(sequence)).backward()
            for weight in module.parameters():
                weight.data += 0.5 * weight.grad
    assert all((module(s).data > 0.5) == (s[0] > 0) for s in sequences)


def test_a_network_may_be_as_long_as_its_sequence_whatever_the_recursion_limit():
    module = Recurrent()
    output = module([0.1] * 5000)
    output.backward()
    assert math.isfinite(module.cell.bias.grad)


def test_two_branches_may_share_one_layer():
    class Siamese(Module):
        def __init__(self):
            self.eye = Layer(2, 2, bp.tanh, seed=5)

        def __call__(self, left, right):
            pairs = zip(self.eye(left), self.eye(right), strict=True)
            return bp.norm([a - b for a, b in pairs])

    module = Siamese()
    assert module([1.0, 2.0], [1.0, 2.0]).data == 0.0
    assert_gradients_are_right(module, lambda: module([1.0, 2.0], [-0.5, 0.25]))


def test_a_weight_shared_between_layers_is_one_parameter():
    network = Network([2, 2, 2], seed=6)
    encoder, decoder = network.layers
    for j, neuron in enumerate(decoder.neurons):  # the transpose: an autoencoder's tied weights
        neuron.weights = [other.weights[j] for other in encoder.neurons]
    assert len(network.parameters()) == 4 + 4
    assert_gradients_are_right(network, lambda: bp.performance([1, 0], network([0.5, -1.0])))


def test_several_outputs_of_different_kinds_come_from_one_trunk():
    class TwoHeads(Module):
        def __init__(self):
            self.trunk = Layer(3, 4, bp.tanh, seed=7)
            self.size = Neuron(4, identity, seed=8)
            self.kind = Layer(4, 3, identity, seed=9)

        def __call__(self, row):
            features = self.trunk(row)
            return self.size(features), bp.softmax(self.kind(features))

    module = TwoHeads()

    def measure():
        size, kinds = module([0.1, 0.5, -0.4])
        return bp.performance(3.0, size) + bp.log(kinds[1])

    assert bp.sum(module([0.0, 1.0, 2.0])[1]).data == pytest.approx(1.0, abs=1e-15)
    assert_gradients_are_right(module, measure)


def test_a_module_needs_no_layers_at_all():
    class Parabola(Module):
        def __init__(self):
            self.top = {"at": Value(0.0), "height": Value(0.0)}

        def __call__(self, x):
            return self.top["height"] - (x - self.top["at"]) ** 2

    module = Parabola()
    for _ in range(200):
        for x in (-1.0, 0.0, 2.0, 3.0):
            module.zero_grad()
            bp.performance(4.0 - (x - 1.5) ** 2, module(x)).backward()
            for parameter in module.parameters():
                parameter.data += 0.03 * parameter.grad
    assert module.state_dict() == pytest.approx({"top.at": 1.5, "top.height": 4.0}, abs=1e-6)


def test_neurons_may_be_wired_by_a_picture_of_the_wires():
    wires = {"h": ["a", "b"], "g": ["a", "h"], "out": ["h", "g", "b"]}

    class Wired(Module):
        def __init__(self):
            self.neurons = {name: Neuron(len(sources)) for name, sources in wires.items()}

        def __call__(self, **signals):
            for name, sources in wires.items():
                signals[name] = self.neurons[name]([signals[source] for source in sources])
            return signals["out"]

    module = Wired()
    assert module.named_parameters()[0][0] == "neurons.h.bias"
    assert_gradients_are_right(module, lambda: module(a=0.5, b=-0.25))
