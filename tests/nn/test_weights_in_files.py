"""Weights in the files of other libraries: .npz, .safetensors, state dicts of PyTorch."""

import json
import math

import numpy as np
import pytest

from autograd_bp import Value
from autograd_bp.errors import ModelError, OperandError, OutputError, SettingError
from autograd_bp.exchange import (
    from_torch,
    load_torch_state,
    load_weights,
    save_weights,
    to_torch_sequential,
    torch_state,
)
from autograd_bp.nn import Module, Network

ENDINGS = [".npz", ".safetensors"]


class Line(Module):
    def __init__(self, slope=2.0):
        self.slope, self.offset = Value(slope), Value(1.0)

    def __call__(self, x):
        return [self.slope * x[0] + self.offset]


@pytest.fixture(params=ENDINGS)
def ending(request):
    if request.param == ".safetensors":
        pytest.importorskip("safetensors")
    return request.param


def test_a_network_has_the_same_bits_after_a_file(ending, tmp_path):
    network, other = Network([3, 12, 11, 2], "tanh", seed=1), Network([3, 12, 11, 2], seed=2)
    path = save_weights(network, tmp_path / f"weights{ending}")
    load_weights(other, path)
    assert other.weights == network.weights


def test_the_bias_has_the_sign_of_other_libraries(tmp_path):
    network = Network.from_weights([[(0.5, 2.0, 3.0)]])
    with np.load(save_weights(network, tmp_path / "weights.npz")) as file:
        assert file["layers.0.weight"].tolist() == [[2.0, 3.0]]
        assert file["layers.0.bias"].tolist() == [-0.5]


def test_more_than_ten_layers_keep_their_order(ending, tmp_path):
    network, other = Network([2] * 13, seed=1), Network([2] * 13, seed=2)
    other.load_weights(network.save_weights(tmp_path / f"deep{ending}"))
    assert other.weights == network.weights


def test_a_module_of_any_wiring_goes_by_the_names_of_its_parameters(ending, tmp_path):
    line, other = Line(0.1), Line()
    other.load_weights(line.save_weights(tmp_path / f"line{ending}"))
    assert other.state_dict() == line.state_dict()
    with pytest.raises(ModelError, match="does not fit"):
        load_weights(_Other(), tmp_path / f"line{ending}")


class _Other(Module):
    def __init__(self):
        self.a, self.b = Value(1.0), Value(2.0)


def test_networks_without_bias_and_float32(ending, tmp_path):
    network, other = Network([2, 3], bias=False, seed=1), Network([2, 3], bias=False, seed=2)
    other.load_weights(network.save_weights(tmp_path / f"w{ending}", dtype="float32"))
    expected = [[float(np.float32(w)) for w in neuron[1:]] for neuron in network.weights[0]]
    assert [list(neuron[1:]) for neuron in other.weights[0]] == expected


@pytest.mark.parametrize("content", [b"", b"no file of weights", b"PK\x03\x04", b"\x00" * 30])
def test_damaged_files_are_refused_by_name(content, ending, tmp_path):
    path = tmp_path / f"w{ending}"
    path.write_bytes(content)
    with pytest.raises(ModelError, match="cannot read"):
        load_weights(Network([1, 1]), path)
    with pytest.raises(ModelError, match="cannot read"):
        load_weights(Network([1, 1]), tmp_path / f"missing{ending}")


def test_a_pickle_in_an_archive_is_not_executed(tmp_path):
    np.savez(tmp_path / "w.npz", **{"layers.0.weight": np.array([[print]], dtype=object)})
    with pytest.raises(ModelError, match="cannot read"):
        load_weights(Network([1, 1]), tmp_path / "w.npz")


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"a.weight": np.ones((2, 3))}, "sizes"),
        ({"a.weight": np.ones((1, 2)), "a.bias": np.ones(2)}, "1 neurons"),
        ({"a.weight": np.ones((1, 2, 3))}, "fully connected"),
        ({"a.bias": np.ones(1)}, "fully connected"),
        ({"a.weight": np.array([[np.nan, 1.0]])}, "not finite"),
        ({"a.weight": np.array([["a", "b"]])}, "no array of real numbers"),
        ({"running_mean": np.ones(2)}, "NAME.weight"),
        ({"parameters": np.ones(7)}, "7 numbers for 3 parameters"),
        ({}, "no weights"),
    ],
)
def test_weights_that_do_not_fit_change_nothing(arrays, message, tmp_path):
    network = Network([2, 1], seed=1)
    before = network.weights
    np.savez(tmp_path / "w.npz", **arrays)
    with pytest.raises(ModelError, match=message):
        load_weights(network, tmp_path / "w.npz")
    assert network.weights == before


def test_what_cannot_be_saved_is_said(tmp_path):
    with pytest.raises(SettingError, match="end in"):
        save_weights(Network([1, 1]), tmp_path / "w.h5")
    with pytest.raises(SettingError, match="dtype"):
        save_weights(Network([1, 1]), tmp_path / "w.npz", dtype="int8")
    with pytest.raises(OutputError):
        save_weights(Network([1, 1]), tmp_path / "no folder" / "w.npz")
    with pytest.raises(ModelError, match="too large"):
        save_weights(Network.from_weights([[(0.0, 1e200)]]), tmp_path / "w.npz", dtype="float32")
    network = Network([1, 1])
    network.layers[0].neurons[0].weights[0].data = math.inf
    with pytest.raises(ModelError, match="cannot be saved"):
        save_weights(network, tmp_path / "w.npz")
    mixed = Network.from_weights([[(0.0, 1.0), (None, 1.0)]])
    with pytest.raises(ModelError, match="some neurons have a bias"):
        save_weights(mixed, tmp_path / "w.npz")


def test_names_in_safetensors_that_are_damaged(tmp_path):
    safetensors = pytest.importorskip("safetensors.numpy")
    path = tmp_path / "w.safetensors"
    path.write_bytes(safetensors.save({"parameters": np.ones(2)}, {"names": "["}))
    with pytest.raises(ModelError, match="list of names is damaged"):
        load_weights(Line(), path)
    path.write_bytes(safetensors.save({"parameters": np.ones(2)}, {"names": json.dumps(["a"])}))
    with pytest.raises(ModelError, match="2 numbers for 1 parameters"):
        load_weights(Line(), path)


# ------------------------------------------------------------------------------------ PyTorch
def test_a_sequence_of_torch_computes_the_same():
    torch = pytest.importorskip("torch")
    network = Network([3, 5, 4, 2], ["tanh", "sigmoid", "identity"], seed=3)
    module = to_torch_sequential(network)
    X = np.random.default_rng(0).normal(size=(20, 3))
    with torch.no_grad():
        z = module(torch.from_numpy(X)).numpy()
    assert np.allclose(z, network.compiled()(X), rtol=0, atol=1e-14)
    assert from_torch(module).weights == network.weights
    assert from_torch(module).activation_names == network.activation_names
    other = Network([3, 5, 4, 2])
    load_torch_state(other, module.state_dict())
    assert other.weights == network.weights
    assert set(torch_state(network)) == set(module.state_dict())


def test_parts_of_torch_without_a_counterpart_are_named():
    torch = pytest.importorskip("torch")
    nn = torch.nn
    with pytest.raises(ModelError, match="Conv1d"):
        from_torch(nn.Sequential(nn.Conv1d(1, 1, 1)))
    with pytest.raises(ModelError, match="settings"):
        from_torch(nn.Sequential(nn.Linear(1, 1), nn.Softplus(beta=2.0)))
    with pytest.raises(ModelError, match="Sequential"):
        from_torch(nn.Linear(1, 1))
    with pytest.raises(ModelError, match="no Linear layer"):
        from_torch(nn.Sequential())
    with pytest.raises(ModelError, match="for the activation sin"):
        to_torch_sequential(Network([1, 1], "sin"))
    with pytest.raises(OperandError, match="Network"):
        torch_state(Line())
    with pytest.raises(ModelError, match="mapping"):
        load_torch_state(Network([1, 1]), [1.0])
