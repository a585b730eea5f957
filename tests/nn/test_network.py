"""Neurons, layers and networks: the stimulus, the graph, settings, labels, activations."""

import math
import random

import pytest

import autograd_bp as bp
from autograd_bp import Value, graph
from autograd_bp.errors import (
    KeywordError,
    OperandError,
    SettingError,
    ShapeError,
    UnknownNameError,
)
from autograd_bp.nn import Layer, Module, Network, Neuron, activation_name, identity


def hand(neuron, *, bias, weights):
    if neuron.bias is not None:
        neuron.bias.data = bias
    for weight, number in zip(neuron.weights, weights, strict=True):
        weight.data = number
    return neuron


# ------------------------------------------------------------------------------- a neuron
def test_the_stimulus_is_minus_w0_plus_the_weighted_inputs():
    neuron = hand(Neuron(2), bias=0.5, weights=(2.0, 3.0))
    assert neuron.stimulus([10.0, 100.0]).data == -0.5 + 20.0 + 300.0


def test_the_bias_is_a_weight_on_a_constant_input_of_minus_one():
    neuron = Neuron(2)
    stimulus = neuron.stimulus([3.0, 4.0])
    w0, w1, w2, *inputs = stimulus.parents
    assert (stimulus.op.name, [w0, w1, w2]) == ("dot", [neuron.bias, *neuron.weights])
    assert [x.data for x in inputs] == [-1.0, 3.0, 4.0]
    assert all(x.is_constant for x in inputs)
    stimulus.backward()
    assert [w.grad for w in (w0, w1, w2)] == [-1.0, 3.0, 4.0]


def test_the_stimulus_adds_from_the_bias_to_the_last_input():
    neuron = hand(Neuron(3), bias=-1e16, weights=(1.0, -1e16, 1.0))
    assert neuron.stimulus([1.0, 1.0, 1.0]).data == ((1e16 + 1.0) - 1e16) + 1.0


def test_a_neuron_without_bias_has_one_weight_for_each_input():
    neuron = hand(Neuron(2, bias=False), bias=None, weights=(2.0, 3.0))
    assert (neuron.bias, neuron.stimulus([1.0, 1.0]).data) == (None, 5.0)
    assert len(neuron.parameters()) == 2


def test_the_output_is_the_activation_of_the_stimulus():
    neuron = hand(Neuron(1, bp.tanh), bias=0.0, weights=(0.5,))
    output = neuron([1.0])
    assert (output.data, output.parents[0].op.name) == (math.tanh(0.5), "dot")


def test_gradients_reach_inputs_that_are_values():
    neuron = hand(Neuron(2, identity), bias=1.0, weights=(5.0, 7.0))
    x = Value(2.0)
    neuron([x, x]).backward()
    assert x.grad == 12.0


def test_a_lone_neurons_weights_are_labelled_as_in_mathematics():
    assert [p.label for p in Neuron(3).parameters()] == ["w0", "w1", "w2", "w3"]


@pytest.mark.parametrize("row", [[1.0], [1.0, 2.0, 3.0], []])
def test_a_row_of_the_wrong_length_is_refused(row):
    for unit in (Neuron(2), Layer(2, 3), Network([2, 3, 1])):
        with pytest.raises(ShapeError, match=f"of 2 inputs got a row of {len(row)}"):
            unit(row)


@pytest.mark.parametrize("row", [[1.0, "2"], [1.0, None], [1.0, 2j], 5.0, None, Value(1.0)])
def test_a_row_that_is_not_numbers_is_refused(row):
    for unit in (Neuron(2), Layer(2, 3), Network([2, 3, 1])):
        with pytest.raises(OperandError, match="number"):
            unit(row)


def test_weights_that_are_not_values_are_refused():
    neuron = Neuron(2)
    with pytest.raises(OperandError, match="weight 2 of a neuron is a Value, got float"):
        neuron.weights = (Value(1.0), 2.0)
    with pytest.raises(OperandError, match="the bias of a neuron is a Value, got int"):
        neuron.bias = 1


def test_weights_that_are_too_few_for_the_layers_inputs_are_refused():
    layer = Layer(3, 2)
    layer.neurons[1].weights = layer.neurons[1].weights[:1]
    with pytest.raises(ShapeError, match="a neuron of 1 weights got 3 inputs"):
        layer([1.0, 2.0, 3.0])


def test_a_weight_may_be_computed_from_another():
    neuron = Neuron(2, identity, bias=False)
    w = Value(3.0)
    neuron.weights = [w, -w]
    output = neuron([5.0, 2.0])
    output.backward()
    assert (output.data, w.grad, neuron.parameters()) == (9.0, 3.0, [w])


# --------------------------------------------------------------------- layers and networks
def test_a_layer_makes_its_inputs_into_values_once_for_all_neurons():
    outputs = Layer(2, 5)([0.25, 0.5])
    constants = {id(leaf) for leaf in graph.leaves(*outputs) if leaf.is_constant}
    assert len(constants) == 3  # the two inputs and the -1


def test_each_layer_is_fed_by_the_one_before():
    net = Network([1, 2, 1], activation=identity, bias=False)
    for parameter, number in zip(net.parameters(), (2.0, 3.0, 5.0, 7.0), strict=True):
        parameter.data = number
    assert [z.data for z in net([10.0])] == [5.0 * 20.0 + 7.0 * 30.0]


def test_the_graph_of_a_network_has_two_nodes_for_each_neuron():
    outputs = Network([4, 3, 2])([0.0] * 4)
    made = [node.op.name for node in graph.topological_order(*outputs) if node.op is not None]
    assert sorted(made) == ["dot"] * 5 + ["sigmoid"] * 5


def test_a_trace_gives_the_stimuli_and_outputs_of_every_layer():
    net = Network([2, 3, 1], seed=3)
    trace = net.trace([0.5, -0.5])
    assert [(len(stimuli), len(outputs)) for stimuli, outputs in trace] == [(3, 3), (1, 1)]
    assert trace[-1].outputs[0].data == net([0.5, -0.5])[0].data
    assert trace[0].outputs[2].parents == (trace[0].stimuli[2],)


def test_the_nodes_of_a_trace_are_labelled():
    trace = Network([1, 2, 1]).trace([0.5])
    assert [node.label for layer in trace for nodes in layer for node in nodes] == [
        "α[1,1]",
        "α[1,2]",
        "y[1,1]",
        "y[1,2]",
        "α[2,1]",
        "z1",
    ]
    assert trace[0].stimuli[0].parents[-1].label == "x1"


def test_a_trace_leaves_names_that_are_there():
    x = Value(1.0, "pressure")
    Network([1, 1]).trace([x])
    assert x.label == "pressure"


def test_all_labels_in_a_network_differ():
    labels = [p.label for p in Network([2, 3, 2]).parameters()]
    assert len(set(labels)) == len(labels)
    assert labels[:4] == ["w[1,1,0]", "w[1,1,1]", "w[1,1,2]", "w[1,2,0]"]


def test_a_network_knows_its_sizes_and_activations():
    net = Network([2, 3, 2], activation=[bp.tanh, [bp.sigmoid, identity]])
    assert net.sizes == (2, 3, 2)
    assert net.activation_names == ["tanh", ["sigmoid", "identity"]]


def test_numpy_rows_are_rows():
    np = pytest.importorskip("numpy")
    net = Network([3, 2])
    row = [0.5, 0.25, 1.0]
    assert [z.data for z in net(np.array(row))] == [z.data for z in net(row)]
    assert [z.data for z in net(np.array(row, dtype=np.float32))] == [z.data for z in net(row)]


def test_inference_records_nothing():
    net = Network([2, 2, 1])
    recorded = net([1.0, 0.0])
    with bp.no_recording():
        plain = net([1.0, 0.0])
    assert (plain[0].data, plain[0].op) == (recorded[0].data, None)


@pytest.mark.parametrize(
    ("thing", "text"),
    [
        (Neuron(3), "Neuron(3, sigmoid)"),
        (Neuron(3, lambda a: a, bias=False), "Neuron(3, <lambda>, bias=False)"),
        (Layer(3, 2, [bp.tanh, bp.relu]), "Layer(3, 2, [tanh, relu])"),
        (Network([3, 2, 1], bias=False), "Network([3, 2, 1], sigmoid, bias=False)"),
        (Network([3, 2, 1], [bp.tanh, identity]), "Network([3, 2, 1], [tanh, identity])"),
    ],
)
def test_repr_is_how_it_was_made(thing, text):
    assert repr(thing) == text


# ------------------------------------------------------------------------------- settings
@pytest.mark.parametrize(
    "sizes", [[0, 1], [2, 0], [2, -1, 1], [2, 1.0], [2, "3"], [2, True], [2, None], [2, [3]]]
)
def test_sizes_below_one_and_sizes_that_are_not_whole_are_refused(sizes):
    with pytest.raises(SettingError, match="whole number, 1 or more"):
        Network(sizes)


@pytest.mark.parametrize("sizes", [[], [3]])
def test_fewer_than_two_sizes_are_refused(sizes):
    with pytest.raises(SettingError, match="two sizes or more"):
        Network(sizes)


@pytest.mark.parametrize("sizes", ["23", 5, None])
def test_sizes_that_are_no_list_are_refused(sizes):
    with pytest.raises(SettingError, match="sizes is a list"):
        Network(sizes)


@pytest.mark.parametrize("seed", [-1, 0.5, "0", None, True])
def test_seeds_that_are_not_whole_numbers_are_refused(seed):
    with pytest.raises(SettingError, match="a seed is a whole number"):
        Network([1, 1], seed=seed)


def test_a_bias_that_is_neither_true_nor_false_is_refused():
    with pytest.raises(SettingError, match="bias is True or False, got 1"):
        Network([1, 1], bias=1)


@pytest.mark.parametrize("activation", [None, 1.0, "softmax", "dot", "no such", Value(1.0)])
def test_what_is_no_activation_is_refused(activation):
    with pytest.raises(SettingError, match="activation"):
        Network([1, 1], activation=activation)


def test_the_number_of_activations_is_checked():
    with pytest.raises(SettingError, match="for each layer: got 3 for 2"):
        Network([1, 1, 1], activation=[bp.tanh] * 3)
    with pytest.raises(SettingError, match="for each neuron: got 1 for 2"):
        Layer(1, 2, [bp.tanh])


# ---------------------------------------------------------------------------- activations
def test_activations_go_by_name_too():
    assert Network([1, 1, 1], ["tanh", "identity"]).activation_names == ["tanh", "identity"]


def test_a_lambda_is_an_activation():
    swish = lambda a: a * bp.sigmoid(a)  # noqa: E731
    neuron = hand(Neuron(1, swish), bias=0.0, weights=(2.0,))
    neuron([1.0]).backward()
    s = 1.0 / (1.0 + math.exp(-2.0))
    assert neuron.weights[0].grad == pytest.approx(s + 2.0 * s * (1.0 - s), rel=1e-15)


def test_a_users_primitive_is_an_activation():
    @bp.primitive(partials=lambda x, y: (3.0 * x * x,))
    def cube_for_a_neuron(x: float) -> float:
        return x * x * x

    neuron = hand(Neuron(1, cube_for_a_neuron), bias=0.0, weights=(2.0,))
    neuron([1.0]).backward()
    assert (neuron.weights[0].grad, activation_name(neuron.activation)) == (
        12.0,
        "cube_for_a_neuron",
    )


def test_a_layer_may_mix_activations():
    layer = Layer(1, 3, [bp.sigmoid, bp.tanh, lambda a: 2.0 * a], bias=False)
    for neuron in layer.neurons:
        neuron.weights[0].data = 1.0
    assert [y.data for y in layer([0.5])] == [bp.sigmoid(0.5), math.tanh(0.5), 1.0]


def test_an_activation_with_a_parameter_of_its_own_is_learned():
    class Leaky(Module):
        def __init__(self):
            self.slope = Value(0.25)

        def __call__(self, a):
            return bp.maximum(a, self.slope * a)

    net = Network([1, 1, 1], activation=Leaky(), bias=False)
    for neuron in (net.layers[0].neurons[0], net.layers[1].neurons[0]):
        neuron.weights[0].data = 1.0
    (z,) = net([-8.0])
    z.backward()
    slope = dict(net.named_parameters())["layers.0.neurons.0.activation.slope"]
    assert (z.data, slope.grad) == (-0.5, 2 * 0.25 * -8.0)


def test_an_activation_that_loses_the_graph_is_refused():
    def step(a):
        return 1.0 if a > 0 else 0.0

    with pytest.raises(OperandError, match="activation step returned float"):
        Neuron(1, step)([0.0])


# ------------------------------------------------------------------------- initial weights
def test_the_first_weights_of_seed_0_are_these_on_every_platform():
    net = Network([2, 2, 1], seed=0)
    assert [p.data for p in net.parameters()] == [
        0.0,
        3.374631170003984,
        2.527426656432119,
        0.0,
        -0.7782363921613116,
        -2.3621237892568874,
        0.0,
        0.12755891097171132,
        -1.075547457090565,
    ]


def test_the_first_weights_come_from_the_formula():
    draws = random.Random(7)
    limit = 4.0 * math.sqrt(6.0 / (3 + 2))
    expected = [limit * (2.0 * draws.random() - 1.0) for _ in range(6)]
    net = Network([3, 2], seed=7, bias=False)
    assert [p.data for p in net.parameters()] == expected


def test_relu_starts_with_the_limit_of_he_and_tanh_with_that_of_glorot():
    from autograd_bp.nn.initialise import limit

    assert limit(bp.relu, 6, 100) == 1.0
    assert limit(bp.tanh, 2, 4) == 1.0
    assert limit(bp.sigmoid, 2, 4) == 4.0


def test_a_network_has_the_same_weights_with_and_without_bias():
    with_bias = [p.data for p in Network([3, 4, 2]).parameters() if not p.label.endswith(",0]")]
    assert with_bias == [p.data for p in Network([3, 4, 2], bias=False).parameters()]


def test_another_seed_gives_other_weights():
    assert Network([2, 2], seed=0).state_dict() != Network([2, 2], seed=1).state_dict()


def test_the_weights_of_a_layer_fill_their_range():
    weights = [p.data for p in Layer(40, 20, bias=False, seed=1).parameters()]
    limit = 4.0 * math.sqrt(6.0 / 60)
    assert 0.95 * limit < max(weights) < limit
    assert -limit < min(weights) < -0.95 * limit
    assert abs(sum(weights) / len(weights)) < 0.1 * limit


@pytest.mark.parametrize(
    ("name", "words"),
    [("fit", "training.train"), ("predict", "a call"), ("train", "nothing"), ("save", "weights")],
)
def test_words_of_other_networks_say_what_to_write(name, words):
    network = Network([2, 1])
    assert not hasattr(network, name)
    assert name not in dir(network)
    with pytest.raises(UnknownNameError, match=f"a Network has no {name!r}: here it is .*{words}"):
        getattr(network, name)
    with pytest.raises(UnknownNameError, match="a Neuron has no 'w': here it is weights"):
        _ = network.layers[0].neurons[0].w


def test_a_network_of_ones_own_may_have_these_names():
    class Predicting(Network):
        def predict(self, row):
            return self(row)[0].data

    network = Predicting([2, 1])
    assert network.predict([1.0, 2.0]) == network([1.0, 2.0])[0].data
    assert "predict" in dir(network)
    network.fit = "mine"
    assert network.fit == "mine"


def test_rows_where_one_row_is_needed_are_refused():
    for rows in ([[1.0, 2.0], [3.0, 4.0]], ([1.0, 2.0], [3.0, 4.0])):
        with pytest.raises(ShapeError, match=r"takes one row of 2 numbers, got rows.*compiled\(\)"):
            Network([2, 1])(rows)


def test_sizes_one_by_one_are_refused_with_the_list():
    with pytest.raises(SettingError, match=r"got 2: write Network\(\[2, 3, 1\]\)"):
        Network(2, [3, 1])
    with pytest.raises(KeywordError, match="no keyword 'inputs': it takes sizes, activation"):
        Network(inputs=2)
