"""Models on disk: exact, whole, and never trusted."""

import errno
import json
import os
import pickle
import sys

import pytest

from autograd_bp import Value, tanh
from autograd_bp.errors import DataError, ModelError, OutputError, SettingError, ShapeError
from autograd_bp.nn import Network
from autograd_bp.training import Model, load_model, plan, read_csv
from autograd_bp.training.scaling import Scaling
from autograd_bp.training.table import read_table
from autograd_bp.training.target import Classes, Numbers


def small(network=None, target=None):
    return Model(
        network or Network([2, 3, 3], seed=1),
        ("x", "y"),
        Scaling((0.1, -1e-300), (0.3, 1.0)),
        target or Classes("kind", ("a", "b", "größe")),
        ((1.0 / 3.0, 2.0), "b"),
        {"data": "small"},
    )


@pytest.fixture
def path(tmp_path):
    return tmp_path / "model.json"


# -------------------------------------------------------------------------------- soundness
@pytest.mark.parametrize(
    "model",
    [
        small(),
        small(Network([2, 1], bias=False), Classes("kind", ("a", "b"))),
        small(Network([2, 3, 1], ["tanh", "identity"]), Numbers("kind", 0.1, 1e-5)),
        small(Network([2, 2, 3], [["relu", "sigmoid"], "sigmoid"])),
    ],
    ids=["classes", "no bias", "numbers", "an activation for each neuron"],
)
def test_a_model_comes_back_from_its_file_to_the_last_bit(model, path):
    if isinstance(model.target, Numbers):
        model = Model(*list(vars(model).values())[:4], ((0.5, 2.0), "7"), model.about)
    model.save(path)
    loaded = load_model(path)
    assert loaded.network.state_dict() == model.network.state_dict()
    assert loaded.network.activation_names == model.network.activation_names
    assert loaded.outputs([0.2, 5.0]) == model.outputs([0.2, 5.0])
    assert (loaded.columns, loaded.scaling, loaded.target, loaded.example, loaded.about) == (
        model.columns,
        model.scaling,
        model.target,
        model.example,
        model.about,
    )
    assert loaded.to_json() == model.to_json()


def test_a_loaded_model_can_be_trained_on():
    loaded = small().network
    assert [w.label for w in loaded.layers[0].neurons[0].weights] == ["w[1,1,1]", "w[1,1,2]"]
    assert all(w.op is None and not w.is_constant for w in loaded.parameters())


def test_a_model_predicts_from_raw_rows():
    network = Network([1, 1], seed=0)
    neuron = network.layers[0].neurons[0]
    neuron.weights[0].data, neuron.bias.data = 10.0, 5.0
    model = Model(
        network, ("age",), Scaling((20.0,), (40.0,)), Classes("old", ("no", "yes")), ((20.0,), "no")
    )
    assert [model.predict([age]) for age in (20.0, 39.0, 41.0, 90.0)] == ["no", "no", "yes", "yes"]


def test_columns_are_found_by_their_names(tmp_path):
    csv = tmp_path / "rows.csv"
    csv.write_text("note,y,x\nhello,1,2\n")
    assert small().rows(read_table(csv)) == [[2.0, 1.0]]
    csv.write_text("note,y\nhello,1\n")
    with pytest.raises(DataError, match=r"1 of the model's 2 columns are missing \('x'\)"):
        small().rows(read_table(csv))


def test_a_model_proves_its_gradients_on_its_example_and_on_other_rows():
    model = small()
    assert model.prove().ok
    assert model.prove([0.5, 0.5]).ok
    assert model.prove([0.5, 0.5], "a", unfold=True).ok
    with pytest.raises(DataError, match="not one of the 3 classes"):
        model.prove([0.5, 0.5], "z")


def test_the_graph_is_that_of_the_neuron_that_is_desired_to_be_largest():
    z, P = small().graph()
    assert z.label == "z2"
    assert P.grad == 1.0
    assert z.grad == 1.0 - z.data
    assert small().graph(output=3)[0].label == "z3"
    with pytest.raises(ShapeError, match="no output 4"):
        small().graph(output=4)


def test_numbers_in_the_file_are_exact_and_the_file_says_its_version(path):
    model = small()
    model.save(path)
    content = json.loads(path.read_text())
    assert (content["format"], content["version"]) == ("autograd_bp model", 2)
    neuron = model.network.layers[1].neurons[2]
    assert content["weights"][1][2] == [neuron.bias.data, *(w.data for w in neuron.weights)]


def test_the_same_seed_gives_the_same_file_byte_for_byte(tmp_path):
    csv = tmp_path / "data.csv"
    csv.write_text("x,y\n" + "".join(f"{i},{'ab'[i > 9]}\n" for i in range(20)))
    first, second = (plan(csv, seed=3, epochs=5).run().model.to_json() for _ in range(2))
    assert first == second
    assert plan(csv, seed=4, epochs=5).run().model.to_json() != first


# ------------------------------------------------------------------------------ saving
@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda one, other: setattr(one, "activation", lambda α: α), "no place in a file"),
        (lambda one, other: setattr(one.weights[0], "data", float("nan")), "w.1,1,1. is nan"),
        (lambda one, other: setattr(one, "bias", None), "in all of its neurons, or in none"),
        (lambda one, other: setattr(one, "weights", other.weights), "weights of its own"),
    ],
    ids=["a lambda", "NaN", "a bias missing", "shared weights"],
)
def test_what_a_file_could_not_bring_back_is_not_saved(path, change, message):
    model = small()
    change(*model.network.layers[0].neurons[:2])
    with pytest.raises(ModelError, match=message):
        model.save(path)
    assert not path.exists()


def test_a_function_that_only_has_the_name_of_an_activation_is_not_saved(path):
    def sigmoid(stimulus):
        return tanh(stimulus)

    with pytest.raises(ModelError, match="'sigmoid' has no place"):
        small(Network([2, 3, 3], sigmoid)).save(path)


def full_disk(*args):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("call", ["fsync", "replace", "write"])
def test_a_full_disk_leaves_the_old_file_and_no_other(path, monkeypatch, call):
    path.write_text("old")
    monkeypatch.setattr(os, call, full_disk)
    with pytest.raises(OutputError, match="No space left on device; what was there is untouched"):
        small().save(path)
    monkeypatch.undo()
    assert path.read_text() == "old"
    assert os.listdir(path.parent) == ["model.json"]


def test_an_interrupted_save_leaves_the_old_file_and_no_other(path, monkeypatch):
    def interrupt(*args):
        raise KeyboardInterrupt

    path.write_text("old")
    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        small().save(path)
    assert path.read_text() == "old"
    assert os.listdir(path.parent) == ["model.json"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_a_new_file_can_be_read_as_any_other_and_an_old_one_keeps_its_permissions(path, tmp_path):
    (tmp_path / "other").write_text("")
    small().save(path)
    assert path.stat().st_mode == (tmp_path / "other").stat().st_mode
    path.chmod(0o640)
    small().save(path)
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(OutputError, match=r"cannot write .*nowhere"):
        small().save(tmp_path / "nowhere" / "model.json")


# --------------------------------------------------------------------- what is not trusted
@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 0.9, 0.99])
def test_a_file_that_is_cut_short_is_refused(path, share):
    whole = small().to_json().encode()
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(ModelError, match="damaged, cut short, or no model"):
        load_model(path)


@pytest.mark.parametrize("version", [0, 3, "1", 1.5, None, True, [1]], ids=repr)
def test_another_version_is_refused(path, version):
    path.write_text(json.dumps({**json.loads(small().to_json()), "version": version}))
    with pytest.raises(ModelError, match="this release reads versions 1 and 2"):
        load_model(path)


HUGE = 10**18
HOSTILE = {
    "sizes": [
        None,
        3,
        "2,3,3",
        [],
        [2],
        [2, 3],
        [2, 3, 3, 3],
        [2, 0, 3],
        [2, -3, 3],
        [2, 3.0, 3],
        [2, True, 3],
        [2, "3", 3],
        [HUGE, 3, 3],
        [2, HUGE, 3],
        [2, 3, HUGE],
        [1] * 2000,
        [2, 10**4000, 3],
    ],
    "activations": [
        None,
        "sigmoid",
        ["sigmoid"],
        ["sigmoid", "nothing"],
        ["sigmoid", "atan2"],
        ["sigmoid", ["sigmoid"]],
        ["sigmoid", [1, 2, 3]],
        ["sigmoid", "__import__('os')"],
        [{}, []],
    ],
    "bias": [None, False, 1, "true"],
    "weights": [
        None,
        [],
        [[]],
        {},
        [[[]]],
        [[], []],
        "weights",
        [[[0.0, 0.0, 0.0]] * 3],
        [[[0.0] * 3] * 3, [[0.0] * 4] * 2 + [[0.0] * 3]],
        [[[0.0] * 3] * 3, [[0.0] * 4] * 2 + [[0.0, 0.0, 0.0, "0"]]],
        [[[0.0] * 3] * 3, [[0.0] * 4] * 2 + [[0.0, 0.0, 0.0, None]]],
        [[[0.0] * 3] * 3, [[0.0] * 4] * 2 + [[0.0, 0.0, 0.0, False]]],
        [[[0.0] * 3] * 3, [[0.0] * 4] * 2 + [[0.0, 0.0, 0.0, 10**400]]],
        [[[0.0] * 3] * 3, [[0.0] * 4] * 2 + [[0.0, 0.0, 0.0, [0.0]]]],
    ],
    "columns": [None, ["x"], ["x", "x"], ["x", 1], ["x", "\ud800"], ["x", "y" * 20_000]],
    "low": [None, [0.0], [0.0, None], [0.0, "0"]],
    "width": [None, [1.0], [1.0, 0.0], [1.0, -1.0]],
    "target": [
        None,
        [],
        {},
        {"name": "kind"},
        {"name": 1, "classes": ["a", "b", "c"]},
        {"name": "kind", "classes": ["a", "b"]},
        {"name": "kind", "classes": ["a", "b", "b"]},
        {"name": "kind", "classes": ["a", "b", 3]},
        {"name": "kind", "classes": []},
        {"name": "kind", "low": 0.0, "width": 1.0},
    ],
    "example": [
        None,
        [],
        {},
        {"row": [1.0, 2.0]},
        {"row": [1.0], "answer": "a"},
        {"row": [1.0, 2.0], "answer": "z"},
        {"row": [1.0, 2.0], "answer": 3},
    ],
    "about": [None, 3, []],
    "format": [None, "pickle", 1],
}


@pytest.mark.parametrize(
    ("key", "value"),
    [(key, value) for key, values in HOSTILE.items() for value in values],
    ids=lambda value: repr(value)[:30],
)
def test_a_hostile_model_is_refused_before_anything_is_built(path, key, value, monkeypatch):
    def never(*args, **options):
        raise AssertionError("a network was built")

    path.write_text(json.dumps({**json.loads(small().to_json()), key: value}))
    monkeypatch.setattr("autograd_bp.training.modelfile.Network", never)
    with pytest.raises(ModelError) as caught:
        load_model(path)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 500 + len(str(path))


@pytest.mark.parametrize("key", sorted(set(HOSTILE) - {"about"}))
def test_a_model_that_misses_something_is_refused(path, key):
    content = json.loads(small().to_json())
    del content[key]
    path.write_text(json.dumps(content))
    with pytest.raises(ModelError):
        load_model(path)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "9" * 5000])
def test_numbers_that_are_not_finite_are_refused(path, number):
    path.write_text(small().to_json().replace(repr(1.0 / 3.0), number))
    with pytest.raises(ModelError):
        load_model(path)


@pytest.mark.parametrize("deep", ["[" * 200_000, '{"a":' * 200_000, "[" * 99_999 + "]" * 99_999])
def test_deep_nesting_is_refused(path, deep):
    path.write_text(deep)
    with pytest.raises(ModelError):
        load_model(path)
    path.write_text(small().to_json().replace('"about": {', '"about": {"deep": ' + deep + ",", 1))
    with pytest.raises(ModelError):
        load_model(path)


@pytest.mark.parametrize(
    "content",
    [b"", b"null", b"[]", b"7", b"\xff\xfe\x00", b"\0" * 99, pickle.dumps({"weights": [1.0]})],
)
def test_what_is_no_model_is_refused(path, content):
    path.write_bytes(content)
    with pytest.raises(ModelError):
        load_model(path)


def test_a_missing_model_and_a_folder_are_refused(tmp_path):
    for place in (tmp_path / "nowhere.json", tmp_path, "a\0b"):
        with pytest.raises(ModelError, match="cannot read the model"):
            load_model(place)


def test_a_file_larger_than_any_model_is_refused(path, monkeypatch):
    monkeypatch.setattr("autograd_bp.training.modelfile.MAX_BYTES", 100)
    small().save(path)
    with pytest.raises(ModelError, match="larger than any model"):
        load_model(path)


# --------------------------------------------------------------------------------- plans
@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"layers": [0]}, "the size of a layer is a whole number, 1 or more, got 0"),
        ({"layers": [3, -1]}, "the size of a layer"),
        ({"layers": [10**9]}, "more than 20,000,000"),
        ({"rate": -1.0}, "the rate is a number above 0"),
        ({"rate": float("nan")}, "the rate is a number above 0"),
        ({"epochs": 0}, "epochs is a whole number"),
        ({"batch": 0}, "batch is a whole number"),
        ({"seed": -1}, "a seed is a whole number"),
        ({"held_out": 1.0}, "held_out is the share"),
        ({"held_out": 0.9}, "leaves none to learn from"),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_a_plan_refuses_settings_out_of_range(settings, message):
    with pytest.raises(SettingError, match=message):
        plan("xor", **settings)


def test_a_plan_reads_and_checks_but_does_not_train(tmp_path):
    csv = tmp_path / "data.csv"
    csv.write_text("x,y\n" + "".join(f"{i},{'ab'[i > 9]}\n" for i in range(20)))
    assert plan(csv, layers=[], optimiser="ascent").settings["epochs"] == 500
    planned = plan(csv, layers=[], held_out=0.25)
    assert planned.network.sizes == (1, 1)
    assert planned.network.state_dict() == Network([1, 1], seed=0).state_dict()
    assert (planned.optimiser.name, planned.settings["epochs"]) == ("rprop", 200)
    assert (planned.settings["batch"], planned.settings["decay"]) == (15, 0.003)
    assert len(planned.split.held_out) == 5
    assert read_csv(csv).inputs == planned.data.inputs


def test_the_model_tells_how_it_was_trained(path):
    model = plan("xor", epochs=3, seed=2).run().model
    assert model.about["epochs_finished"] == 3
    assert (model.about["rate"], model.about["seed"], model.about["batch"]) == (1.0, 2, 1)
    model.save(path)
    assert load_model(path).about == model.about
    assert isinstance(model.network.parameters()[0], Value)
