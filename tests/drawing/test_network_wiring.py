"""Neurons and connections are read off the graph, however the network is written."""

import pytest

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.drawing.network.wiring import read
from autograd_bp.nn import Module, Network, Neuron


def wired(network, row):
    inputs = [Value(x) for x in row]
    result = network(inputs)
    return read(inputs, [result] if isinstance(result, Value) else list(result))


def edges(wiring):
    return {(edge.source, edge.target): edge.weight for edge in wiring.connections}


def kinds(wiring):
    return [unit.kind for unit in wiring.units]


def test_a_network_of_layers_has_its_neurons_and_all_its_weights():
    net = Network([3, 4, 2], seed=0)
    wiring = wired(net, [1.0, 2.0, 3.0])
    assert kinds(wiring) == ["input"] * 3 + ["neuron"] * 6
    assert [unit.column for unit in wiring.units] == [0] * 3 + [1] * 4 + [2] * 2
    weights = sorted(edge.weight for edge in wiring.connections)
    assert weights == sorted(p.data for p in net.parameters())
    assert wiring.outputs == [7, 8]


def test_each_weight_lies_between_its_input_and_its_neuron():
    net = Network([3, 4, 2], seed=0)
    weights = edges(wired(net, [1.0, 2.0, 3.0]))
    for layer, first_input, first_neuron in ((0, 0, 3), (1, 3, 7)):
        for j, neuron in enumerate(net.layers[layer].neurons):
            for i, weight in enumerate(neuron.weights):
                assert weights[first_input + i, first_neuron + j] == weight.data


def test_a_bias_weight_stands_on_minus_one():
    wiring = wired(Neuron(2, seed=0), [1.0, 2.0])
    [bias] = [edge for edge in wiring.connections if edge.source is None]
    assert bias.constant == -1.0
    assert bias.by.label == "w0"


def test_a_bias_that_is_added_stands_on_one():
    b = Value(0.25)
    wiring = wired(lambda x: bp.tanh(Value(2.0) * x[0] + b), [1.0])
    [bias] = [edge for edge in wiring.connections if edge.source is None]
    assert (bias.constant, bias.weight) == (1.0, 0.25)


def test_plain_arithmetic_is_one_neuron_with_its_signs():
    a, b = Value(1.5), Value(2.0)
    wiring = wired(lambda x: bp.sigmoid(a * x[0] - x[1] * b), [1.0, 1.0])
    assert kinds(wiring) == ["input", "input", "neuron"]
    assert edges(wiring) == {(0, 2): 1.5, (1, 2): -2.0}


def test_an_activation_written_out_belongs_to_its_neuron():
    a = Value(1.5)
    wiring = wired(lambda x: 1 / (1 + (-(a * x[0])).exp()), [1.0])
    assert kinds(wiring) == ["input", "neuron"]
    assert wiring.units[1].functions == ["neg", "exp", "add", "div"]
    assert wiring.connections[0].weight == 1.5


def test_a_shortcut_goes_past_the_hidden_neuron():
    hidden, output = Neuron(2, seed=0), Neuron(3, seed=1)
    wiring = wired(lambda x: output([*x, hidden(x)]), [1.0, 1.0])
    assert {(0, 2), (1, 2), (0, 3), (1, 3), (2, 3)} <= {*edges(wiring)}
    assert [unit.column for unit in wiring.units] == [0, 0, 1, 2]


def test_a_residual_sum_is_an_operation():
    neuron = Neuron(1, "tanh", seed=0)
    wiring = wired(lambda x: neuron(x) + x[0], [1.0])
    assert kinds(wiring) == ["input", "neuron", "operation"]
    assert edges(wiring)[1, 2] is None


def test_a_product_of_two_neurons_is_an_operation():
    a, b = Neuron(1, seed=0), Neuron(1, seed=1)
    wiring = wired(lambda x: a(x) * b(x), [1.0])
    assert kinds(wiring) == ["input", "neuron", "neuron", "operation"]


def test_a_shared_weight_is_the_same_node_on_each_of_its_edges():
    w, v = Value(0.5), Value(-0.3)

    def chain(x):
        h = bp.tanh(w * x[0])
        return bp.tanh(w * x[1] + v * h)

    wiring = wired(chain, [1.0, 2.0])
    assert sum(edge.by is w for edge in wiring.connections) == 2
    assert wiring.units[1].column == 1  # the second input stands beside the first step


def test_a_weight_that_is_computed_is_a_weight():
    v = Value(0.5)
    wiring = wired(lambda x: bp.sigmoid(bp.exp(v) * x[0]), [1.0])
    assert wiring.connections[0].weight == pytest.approx(1.6487212707)


def test_an_output_that_another_neuron_uses_stays_a_unit():
    a, b = Neuron(1, seed=0), Neuron(1, seed=1)

    def both(x):
        y = a(x)
        return [y, b([y])]

    wiring = wired(both, [1.0])
    assert wiring.outputs == [1, 2]


def test_a_thousand_steps_are_read_without_recursion():
    w, v = Value(0.5), Value(-0.3)

    class Chain(Module):
        def __call__(self, x):
            h = bp.tanh(w * x[0])
            for _ in range(3000):
                h = bp.tanh(v * h)
            return h

    assert len(wired(Chain(), [1.0]).units) == 3002
