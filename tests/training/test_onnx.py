"""Networks and models as ONNX give the same numbers in ONNX Runtime."""

import math
from datetime import date

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp.command import main
from autograd_bp.errors import FrozenNumberError, ModelError, SettingError, ShapeError
from autograd_bp.nn import Module, Network, Neuron
from autograd_bp.training import fit, load_model, plan
from autograd_bp.training.cells import day_of

onnx = pytest.importorskip("onnx")
runtime = pytest.importorskip("onnxruntime")

# How far apart outputs may be, in units in the last place of the largest one: sums are added in
# another order, and exp and log are another library's.
MAX_ULPS = {"float64": 16, "float32": 32}


def run(model, **inputs):
    session = runtime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(None, inputs), strict=True))


def require_equal(found, expected, dtype):
    expected = np.asarray(expected)
    largest = np.abs(expected).max()
    assert found.shape == expected.shape
    assert found.dtype == dtype
    assert np.abs(found - expected).max() <= MAX_ULPS[dtype] * np.spacing(largest.astype(dtype))


ACTIVATIONS = [
    *("sigmoid", "tanh", "relu", "gelu", "silu", "softplus", "log_sigmoid", "sin", "atan"),
    *("erf", "asinh", "cosh", "identity", "square", "ndtr", "expm1"),
]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_a_network_gives_the_same_numbers(activation, dtype):
    network = Network([4, 7, 3], [activation, "identity"], seed=2)
    X = np.random.default_rng(1).normal(size=(50, 4)).astype(dtype)
    z = run(network.to_onnx(dtype=dtype), x=X)["z"]
    require_equal(z, network.compiled()(X.astype(float)), dtype)


def test_functions_and_several_activations_of_one_layer():
    def swish(α):
        return α * bp.sigmoid(1.5 * α)

    def one(α):
        return bp.Value(1.0) + 0.0

    network = Network([2, 3, 2], [["tanh", swish, one], swish], seed=1)
    X = np.random.default_rng(1).normal(size=(9, 2))
    require_equal(run(network.to_onnx(), x=X)["z"], network.compiled()(X), "float64")


class Wiring(Module):
    """A neuron that sees the inputs and another neuron."""

    def __init__(self):
        self.first, self.second = Neuron(2, "tanh", seed=1), Neuron(3, seed=2)

    def __call__(self, x):
        y = self.first(x)
        return [self.second([*x, y]), y * 0.0 + bp.maximum(x[0], x[1])]


def test_a_module_of_any_wiring_is_written_value_by_value(tmp_path):
    X = np.random.default_rng(1).normal(size=(9, 2))
    model = Wiring().to_onnx(tmp_path / "wiring.onnx", inputs=2)
    require_equal(run(model, x=X)["z"], Wiring().compiled()(X), "float64")
    assert onnx.load(tmp_path / "wiring.onnx") == model
    with pytest.raises(ShapeError, match="how many inputs"):
        Wiring().to_onnx()
    with pytest.raises(ShapeError, match="has 2 inputs"):
        Network([2, 1]).to_onnx(inputs=3)


def test_what_onnx_cannot_say_is_refused():
    class Noisy(Network):
        def __call__(self, row):
            import random

            return super().__call__([x + random.random() for x in row])

    with pytest.raises(FrozenNumberError):
        Noisy([2, 1]).to_onnx()
    with pytest.raises(SettingError, match="dtype"):
        Network([2, 1]).to_onnx(dtype="float16")
    broken = Network([1, 1])
    broken.layers[0].neurons[0].weights[0].data = math.nan
    with pytest.raises(ModelError, match="not finite"):
        broken.to_onnx()
    with pytest.raises(ModelError, match="has no expression"):
        Network([1, 1], looked_up).to_onnx()


@bp.primitive(partials=lambda x, y: (1.0,), name="looked_up_for_onnx")
def looked_up(x: float) -> float:
    return {0.0: 1.0}.get(x, 2.0)


# ------------------------------------------------------------------------- models with encoders
TABLE = {
    "size": [1.0, 2.0, None, 4.0, 4.5, 5.0, 1.5, 4.4],
    "colour": ["red", "red", None, "blue", "blue", "green", "red", "blue"],
    "fresh": [True, False, None, True, True, False, True, False],
    "day": ["2020-01-03", "2020-05-03", "2020-09-11", "2021-01-30"] * 2,
    "weight": [10.0, 12.0, 11.0, 30.0, 31.0, 33.0, 9.0, 29.0],
}
DAYS = [day_of(date.fromisoformat(day)) for day in TABLE["day"]]
KINDS = ["apple", "apple", "apple", "plum", "plum", "pear", "apple", "plum"]
PRICES = [1.0, 1.5, 1.2, 4.0, 4.2, 5.0, 1.1, 3.9]


def column(cells):
    return np.array([[math.nan if cell is None else float(cell)] for cell in cells])


def texts(cells):
    return np.array([["" if cell is None else cell] for cell in cells], dtype=object)


FEEDS = {
    "size": column(TABLE["size"]),
    "colour": texts(TABLE["colour"]),
    "fresh": column(TABLE["fresh"]),
    "day": np.array([[day] for day in DAYS]),
    "weight": column(TABLE["weight"]),
}


@pytest.mark.parametrize("answers", [KINDS, [k == "apple" for k in KINDS]])
@pytest.mark.parametrize("output", ["auto", "sigmoid"])
def test_the_encoder_goes_with_the_model(answers, output):
    model = fit([3], TABLE, [str(answer) for answer in answers], epochs=60, output=output)
    results = run(model.to_onnx(), **FEEDS)
    assert results["label"].tolist() == model.predict(TABLE)
    if output == "auto":
        require_equal(results["probabilities"], model.predict_probabilities(TABLE), "float64")


def test_numbers_and_several_of_them():
    model = fit([3], TABLE, PRICES, task="numbers", epochs=30)
    prediction = run(model.to_onnx(), **FEEDS)["prediction"]
    require_equal(prediction[:, 0], model.predict(TABLE), "float64")
    two = np.array([PRICES, PRICES[::-1]]).T
    model = fit([3], TABLE, two, task="numbers", epochs=30)
    require_equal(run(model.to_onnx(), **FEEDS)["prediction"], model.predict(TABLE), "float64")
    model = fit([3], TABLE, PRICES, task="numbers", output="sigmoid", epochs=30)
    prediction = run(model.to_onnx(), **FEEDS)["prediction"]
    require_equal(prediction[:, 0], model.predict(TABLE), "float64")


def test_float32_feeds_and_labels():
    model = fit([3], TABLE, KINDS, epochs=60)
    feeds = {n: c if n == "colour" else c.astype("float32") for n, c in FEEDS.items()}
    results = run(model.to_onnx(dtype="float32"), **feeds)
    assert results["label"].tolist() == model.predict(TABLE)
    assert np.allclose(results["probabilities"], model.predict_probabilities(TABLE), atol=1e-5)


def test_new_and_missing_categories_are_as_in_predict():
    model = fit([3], {"colour": TABLE["colour"], "weight": TABLE["weight"]}, KINDS, epochs=40)
    cells = ["violet", "NA", "", "red", "n/a", "Missing"]
    table = {"colour": cells, "weight": [10.0] * 6}
    results = run(model.to_onnx(), colour=texts(cells), weight=np.full((6, 1), 10.0))
    require_equal(results["probabilities"], model.predict_probabilities(table), "float64")
    # The last one is in no form of the list: it counts as another text.
    rare = ["a", "a", "b", "b", "c", "d", "e", "f"] * 5 + ["g", "h", "i"]
    several = fit([3], {"text": rare, "n": range(43)}, (["x", "y"] * 22)[:43], epochs=10)
    cells = ["a", "g", "never seen"]
    results = run(several.to_onnx(), text=texts(cells), n=np.array([[1.0], [2.0], [3.0]]))
    expected = several.predict_probabilities({"text": cells, "n": [1.0, 2.0, 3.0]})
    require_equal(results["probabilities"], expected, "float64")


def test_where_predict_refuses_nothing_is_answered():
    model = fit([3], {"colour": ["red", "blue"] * 4, "n": range(8)}, ["x", "y"] * 4, epochs=10)
    results = run(
        model.to_onnx(),
        colour=texts(["", "red", "red"]),
        n=np.array([[1.0], [math.nan], [1.0]]),
    )
    assert np.isnan(results["outputs"][:2]).all()
    assert results["label"].tolist()[:2] == ["", ""]
    assert results["label"].tolist()[2] in ("x", "y")


def test_numbers_alone_are_a_matrix_unless_told_otherwise(tmp_path, capsys):
    X = np.random.default_rng(0).normal(size=(40, 3))
    model = fit([4], X, (X[:, 0] > 0).astype(int), epochs=20)
    labels = run(model.to_onnx(), X=X)["label"]
    assert labels.tolist() == model.predict(X)
    columns = {name: X[:, [k]] for k, name in enumerate(model.columns)}
    assert run(model.to_onnx(inputs="columns"), **columns)["label"].tolist() == labels.tolist()
    with pytest.raises(SettingError, match="has text"):
        fit([3], TABLE, KINDS, epochs=1).to_onnx(inputs="matrix")
    with pytest.raises(SettingError, match="inputs is one of"):
        model.to_onnx(inputs="rows")
    path = model.save(tmp_path / "model.json")
    target = tmp_path / "model.onnx"
    assert main(["export", str(path), "--onnx", str(target)]) == 0
    assert main(["export", str(path), "--onnx", str(target)]) == 2  # it is there
    assert main(["export", str(path), "--onnx", str(target), "--force"]) == 0
    assert main(["export", str(path)]) == 2
    assert main(["export", str(path), "--onnx", str(path), "--force"]) == 2
    assert main(["export", str(path), "--weights", str(tmp_path / "w.npz")]) == 0
    assert "Traceback" not in capsys.readouterr().err
    assert run(onnx.load(target), X=X)["label"].tolist() == labels.tolist()
    other = load_model(path)
    other.network.load_weights(tmp_path / "w.npz")
    assert other.network.weights == model.network.weights


def test_the_built_in_tables_and_names_of_outputs():
    model = plan("xor", epochs=200).run().model
    X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    assert run(model.to_onnx(), X=X)["label"].tolist() == [model.predict(list(x)) for x in X]
    clash = fit([2], {"label": ["a", "b"] * 3, "n": range(6)}, ["x", "y"] * 3, epochs=1)
    with pytest.raises(ModelError, match="rename"):
        clash.to_onnx()
    wiring = fit(Wiring2(), X, [0, 1, 1, 0], epochs=5)
    assert run(wiring.to_onnx(), X=X)["label"].tolist() == wiring.predict(X)


class Wiring2(Module):
    def __init__(self):
        self.first, self.second = Neuron(2, "tanh", seed=1), Neuron(3, seed=2)

    def __call__(self, x):
        return [self.second([*x, self.first(x)])]
