"""Weights under the names of the post, as numbers, and what a network says of wrong names."""

import copy
import itertools
import math
import pickle

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.errors import OperandError, SettingError, ShapeError, UnknownNameError
from autograd_bp.nn import Layer, Module, Network, Neuron, prove
from autograd_bp.training import Model, load_model, xor

XOR = [[(10.0, 20.0, 20.0), (30.0, 20.0, 20.0)], [(10.0, 20.0, -20.0)]]


# ---------------------------------------------------------------------------- w0, w1, ...
def test_w0_is_the_bias_and_the_others_are_the_weights():
    neuron = Neuron(2)
    assert neuron.w0 is neuron.bias
    assert (neuron.w1, neuron.w2) == neuron.weights


def test_setting_w0_changes_what_the_neuron_computes():
    neuron = Neuron(1, activation="identity")
    neuron.w0, neuron.w1 = Value(99.0), Value(2.0)
    assert neuron([3.0]).data == -99.0 + 2.0 * 3.0
    assert neuron.bias.data == 99.0
    assert [parameter.data for parameter in neuron.parameters()] == [99.0, 2.0]
    neuron.w0 = None
    assert neuron([3.0]).data == 6.0
    assert neuron.w0 is None


def test_the_weights_under_their_names_are_values_only():
    neuron = Neuron(2)
    before = (neuron.bias, neuron.weights)
    for name in ("w0", "w2"):
        with pytest.raises(OperandError, match=r"is a Value, got float 1\.0"):
            setattr(neuron, name, 1.0)
    assert (neuron.bias, neuron.weights) == before


@pytest.mark.parametrize(
    "name", ["w3", "w01", "w_1", "w", "wo", "bais", "Weights", "label", "n_inputs"]
)
def test_a_neuron_refuses_names_that_it_does_not_have(name):
    neuron = Neuron(2)
    with pytest.raises(UnknownNameError, match="weights, bias, activation, w0, w1, w2") as caught:
        setattr(neuron, name, Value(1.0))
    assert isinstance(caught.value, AttributeError)
    assert f"{name!r}" in str(caught.value)
    assert set(vars(neuron)) == {"activation", "bias", "weights"}


def test_a_close_name_is_suggested():
    with pytest.raises(UnknownNameError, match=r"did you mean bias\?"):
        Neuron(2).bais = Value(1.0)


def test_reading_a_weight_that_is_not_there_lists_those_that_are():
    with pytest.raises(UnknownNameError, match="no attribute 'w3': it has w0, w1, w2"):
        _ = Neuron(2).w3
    assert not hasattr(Neuron(2), "w3")
    assert not hasattr(Neuron(2), "")
    assert getattr(Neuron(2), "nothing", 5) == 5


@pytest.mark.parametrize(
    ("thing", "right"),
    [(Layer(2, 3), "it has neurons"), (Network([2, 1]), "it has layers, weights")],
)
def test_layers_and_networks_refuse_names_that_they_do_not_have(thing, right):
    with pytest.raises(UnknownNameError, match=right):
        thing.rate = 0.1
    assert "rate" not in vars(thing)


def test_classes_of_users_have_any_names():
    class Own(Module):
        def __init__(self):
            self.anything, self.w0, self.w1 = Value(1.0), 2, "text"

    class Kept(Neuron):
        def __init__(self):
            self.w1 = "before there are weights"
            super().__init__(2)
            self.note, self.w7, self.w2 = "mine", 3.0, 4.0

    class Scaled(Neuron):
        @property
        def w0(self):
            return "mine"

    class Net(Network):
        def __init__(self):
            super().__init__([1, 1])
            self.weights, self.rate = [1.0], 0.5

    own, kept, net = Own(), Kept(), Net()
    assert (own.w0, own.w1, len(own.parameters())) == (2, "text", 1)
    assert (kept.note, kept.w7, kept.w2, kept.w1) == ("mine", 3.0, 4.0, "before there are weights")
    assert len(kept.parameters()) == 3
    assert Scaled(1).w0 == "mine"
    assert (net.weights, net.rate) == ([1.0], 0.5)


def test_a_class_derived_from_neuron_has_the_names_too():
    class Own(Neuron):
        pass

    neuron = Own(1)
    neuron.w0 = Value(5.0)
    assert neuron.bias.data == 5.0


@pytest.mark.parametrize(
    "copied", [copy.copy, copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))]
)
def test_neurons_can_be_copied_and_pickled(copied):
    neuron = copied(Neuron(2, seed=1))
    assert [w.data for w in neuron.weights] == [w.data for w in Neuron(2, seed=1).weights]
    assert neuron.w0.data == 0.0


# -------------------------------------------------------------------------- weights as numbers
def test_a_network_is_made_of_its_weights_and_gives_them_back():
    network = Network.from_weights(XOR)
    assert network.weights == XOR
    assert network.sizes == (2, 2, 1)
    assert network.layers[0].neurons[1].weights[0].data == 20.0
    assert network.layers[0].neurons[1].w1.label == "w[1,2,1]"
    outputs = [network([a, b])[0].data for a in (0.0, 1.0) for b in (0.0, 1.0)]
    assert [round(z) for z in outputs] == [0, 1, 1, 0]


@pytest.mark.parametrize("sizes", [[1, 1], [3, 2], [2, 4, 3, 2]])
@pytest.mark.parametrize("bias", [True, False])
def test_weights_make_the_round_trip_for_every_shape(sizes, bias):
    network = Network(sizes, bias=bias, seed=3)
    weights = network.weights
    assert [[len(neuron) - 1 for neuron in layer] for layer in weights] == [
        [n] * m for n, m in itertools.pairwise(sizes)
    ]
    assert all((neuron[0] is None) is not bias for layer in weights for neuron in layer)
    again = Network.from_weights(weights)
    x = [0.5] * sizes[0]
    assert [z.data for z in again(x)] == [z.data for z in network(x)]
    other = Network(sizes, bias=bias, seed=4)
    other.set_weights(weights)
    assert other.weights == weights
    assert other.state_dict() == network.state_dict()


def test_the_index_of_a_weight_is_that_of_its_label():
    network = Network([3, 4, 2], seed=0)
    for n, layer in enumerate(network.layers, 1):
        for j, neuron in enumerate(layer.neurons, 1):
            for i, weight in enumerate((neuron.bias, *neuron.weights)):
                assert weight.label == f"w[{n},{j},{i}]"
                assert network.weights[n - 1][j - 1][i] == weight.data
                assert getattr(neuron, f"w{i}") is weight


def test_activations_can_be_chosen_with_the_weights():
    network = Network.from_weights([[(0.0, 2.0)], [(0.0, 1.0)]], activation=["tanh", "identity"])
    assert network([0.5])[0].data == math.tanh(1.0)
    with pytest.raises(SettingError):
        Network.from_weights(XOR, activation="nothing")


def test_weights_may_be_arrays_iterators_and_numbers_of_any_kind():
    network = Network.from_weights([np.array([[1, 2, 3]]), iter([(np.float32(0.5), 1)])])
    assert network.weights == [[(1.0, 2.0, 3.0)], [(0.5, 1.0)]]
    assert all(type(w) is float for layer in network.weights for neuron in layer for w in neuron)


def test_values_become_the_weights_themselves():
    shared = Value(0.5, "shared")
    network = Network.from_weights([[(0.0, shared), (0.0, shared)], [(0.0, 2.0 * shared, 1.0)]])
    assert network.layers[0].neurons[1].w1 is shared
    assert network.layers[1].neurons[0].w1.op.name == "mul"
    network([1.0])[0].backward()
    assert shared.grad != 0.0


def test_assigning_weights_sets_them():
    network = Network([1, 1])
    network.weights = [[(1.0, 2.0)]]
    assert network.weights == [[(1.0, 2.0)]]
    network.weights[0][0] = (9.0, 9.0)  # of a copy
    assert network.weights == [[(1.0, 2.0)]]


def test_setting_weights_keeps_the_values_and_their_gradients():
    network = Network([2, 2, 1], seed=0)
    parameters = network.parameters()
    network([0.0, 1.0])[0].backward()
    gradients = [p.grad for p in parameters]
    network.set_weights(XOR)
    assert network.parameters() == parameters
    assert [p.grad for p in parameters] == gradients


WRONG = [
    ([[(1.0, 2.0, 3.0)], [(1.0, 2.0)]], ShapeError, r"sizes \[2, 1, 1\].*\[2, 2, 1\]"),
    ([], ShapeError, "there are no layers"),
    ([[], []], ShapeError, "layer 1 has no neurons"),
    ([[()]], ShapeError, "neuron 1 of layer 1 needs w0 and a weight for each input"),
    ([[(1.0,)]], ShapeError, "neuron 1 of layer 1 needs w0 and a weight for each input"),
    ([XOR[0], [(1.0, 2.0)]], ShapeError, "neuron 1 of layer 2 has 2 weights, where 3 are needed"),
    ([[XOR[0][0], (1.0, 2.0)], XOR[1]], ShapeError, "neuron 2 of layer 1 has 2 weights"),
    ([[XOR[0][0], (1.0, "a", 2.0)], XOR[1]], OperandError, r"w\[1,2,1\] is given as str 'a'"),
    ([XOR[0], [(1.0, math.nan, 2.0)]], OperandError, r"w\[2,1,1\] is given as float nan"),
    ([XOR[0], [(1.0, math.inf, 2.0)]], OperandError, r"w\[2,1,1\] is given as float inf"),
    ([XOR[0], [(1.0, True, 2.0)]], OperandError, r"w\[2,1,1\] is given as bool True"),
    ([XOR[0], [(1.0, None, 2.0)]], (OperandError, ShapeError), r"w\[2,1,1\]"),
    (3.0, OperandError, "the argument is float 3.0"),
    ("text", OperandError, "the argument is str 'text'"),
    ([1.0], OperandError, "layer 1 is float 1.0"),
    ([[1.0, 2.0]], OperandError, "the weights of neuron 1 of layer 1 is float 1.0"),
]


@pytest.mark.parametrize(("weights", "error", "message"), WRONG)
def test_wrong_weights_are_named_and_change_nothing(weights, error, message):
    network = Network([2, 2, 1], seed=0)
    before = network.weights
    with pytest.raises(error, match=message):
        network.set_weights(weights)
    assert network.weights == before
    if "sizes" not in message:
        with pytest.raises(error, match=message):
            Network.from_weights(weights)


def test_a_bias_must_be_where_the_network_has_one():
    with pytest.raises(ShapeError, match=r"w\[1,1,0\]: the neuron has a bias.*given as None"):
        Network([1, 1]).set_weights([[(None, 1.0)]])
    with pytest.raises(ShapeError, match=r"w\[1,1,0\]: the neuron has no bias.*given as a number"):
        Network([1, 1], bias=False).set_weights([[(0.0, 1.0)]])


def test_a_value_has_no_place_among_numbers_that_are_set():
    with pytest.raises(OperandError, match=r"w\[1,1,1\] is given as Value.*take its \.data"):
        Network([1, 1]).set_weights([[(0.0, Value(1.0))]])


def test_one_shared_weight_has_one_number():
    shared = Value(0.5)
    network = Network.from_weights([[(0.0, shared), (0.0, shared)]])
    with pytest.raises(ShapeError, match=r"w\[1,2,1\] and w\[1,1,1\] are one shared weight"):
        network.set_weights([[(0.0, 1.0), (0.0, 2.0)]])
    assert shared.data == 0.5
    network.set_weights([[(0.0, 3.0), (0.0, 3.0)]])
    assert shared.data == 3.0


def test_a_computed_weight_cannot_be_set():
    network = Network.from_weights([[(0.0, 2.0 * Value(1.0))]])
    with pytest.raises(OperandError, match="computed from other Values"):
        network.set_weights([[(0.0, 1.0)]])


def test_a_network_of_given_weights_is_proved_and_saved(tmp_path):
    network = Network.from_weights(XOR)
    assert prove(network, [0.0, 1.0], 1.0).ok
    Model.of(network, xor(), xor().split(), {}).save(tmp_path / "model.json")
    assert load_model(tmp_path / "model.json").network.weights == XOR


# --------------------------------------------------------------------------- lists of outputs
@pytest.mark.parametrize("thing", [Network([2, 1]), Layer(2, 1)])
@pytest.mark.parametrize("name", ["backward", "grad", "data", "exp", "op", "sigmoid"])
def test_a_list_of_one_output_says_how_to_take_the_output_out(thing, name):
    with pytest.raises(UnknownNameError, match=rf"z, = network\(x\).* z\.{name}"):
        getattr(thing([0.0, 1.0]), name)


def test_a_list_of_several_outputs_says_what_a_sweep_needs():
    with pytest.raises(UnknownNameError, match=r"list of 3 outputs.*performance"):
        Network([1, 3])([1.0]).backward()


@pytest.mark.parametrize(
    "compute",
    [
        lambda z: 1.0 - z, lambda z: z - 1.0, lambda z: z**2, lambda z: 2.0 * z, lambda z: z * 2.0,
        lambda z: z / 2, lambda z: 1 / z, lambda z: z + 1.0, lambda z: 1.0 + z, lambda z: -z,
        lambda z: z > 0.5, lambda z: z < 0.5, lambda z: z >= 1, lambda z: z <= 1, float, abs,
        lambda z: z - Value(1.0), lambda z: Value(1.0) - z, lambda z: z * Value(1.0),
    ],
)  # fmt: skip
def test_arithmetic_with_a_list_of_outputs_is_refused_with_advice(compute):
    with pytest.raises(TypeError, match=r"z, = network\(x\)|unsupported operand|not supported"):
        compute(Network([1, 1])([1.0]))


def test_the_commonest_of_these_mistakes_has_advice():
    with pytest.raises(OperandError, match=r"z, = network\(x\)"):
        (1.0 - Network([1, 1])([1.0])) ** 2


def test_outputs_are_a_list_in_every_other_way():
    network = Network([1, 2], seed=0)
    z = network([1.0])
    assert isinstance(z, list)
    assert z == [z[0], z[1]]
    empty = []
    assert empty + z == z + empty == z
    assert z * 2 == 2 * z == [*z, *z]
    assert repr(z) == repr(list(z))
    assert z[:1] == [z[0]]
    assert bp.performance([1.0, 0.0], z).op.name == "performance"
    assert bp.sum(z).data == bp.sum(list(z)).data
    assert not hasattr(z, "shape")
    assert not hasattr(z, "__array_ufunc__")
    again = pickle.loads(pickle.dumps(z))
    assert [node.data for node in again] == [node.data for node in z]
    assert [node.data for node in copy.deepcopy(z)] == [node.data for node in z]


def test_derivatives_in_the_shape_of_outputs_are_plain_lists():
    network = Network([2, 1], seed=0)
    assert type(bp.jacobian(network)([0.0, 1.0])) is list
    with pytest.raises(ShapeError, match="got a list of 1 entry"):
        bp.grad(network)([0.0, 1.0])


def test_outputs_and_arrays_are_computed_with_elementwise():
    z = Network([1, 2], seed=0)([1.0])
    d = np.array([1.0, 0.0])
    for difference in (d - z, -(z - d)):
        assert [e.data for e in difference] == [1.0 - z[0].data, 0.0 - z[1].data]
    assert ((d > z) == [True, False]).all()
    assert np.array(z).dtype == object


def test_the_names_of_weights_are_listed_for_the_neuron_that_has_them():
    large, small = Neuron(120), Neuron(2)
    assert large.w120 is large.weights[119]
    assert [name for name in dir(small) if name.startswith("w") and name[1:].isdigit()] == [
        "w0",
        "w1",
        "w2",
    ]
    with pytest.raises(AttributeError, match="w1"):
        _ = Neuron.__new__(Neuron).w1
    assert not hasattr(Neuron, "__getattr__"), "it would make every attribute of a neuron slow"
