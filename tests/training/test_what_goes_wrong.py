"""What users give that cannot be learned from is named, and numbers of any size are judged."""

import math
import pickle

import pytest

from autograd_bp.command import main
from autograd_bp.errors import DataError, OperandError, SettingError
from autograd_bp.nn import Module, Network
from autograd_bp.training import evaluate, fit, train
from autograd_bp.training.scores import score_numbers
from autograd_bp.value import Value

OR = [([0, 0], 0), ([0, 1], 1), ([1, 0], 1), ([1, 1], 1)]


@pytest.mark.parametrize("factor", ["text", "0.5", None, 1j, [1], -1, math.nan, 10**400])
def test_a_schedule_that_gives_no_factor_is_named(factor):
    with pytest.raises(SettingError, match="the schedule gave the factor"):
        train(Network([2, 1]), OR, schedule=lambda time: factor, epochs=2)


def test_a_schedule_may_give_numbers_of_other_types():
    numpy = pytest.importorskip("numpy")
    networks = [Network([2, 1], seed=0) for _ in range(3)]
    for network, half in zip(networks, [0.5, numpy.float32(0.5), numpy.array(0.5)], strict=True):
        train(network, OR, schedule=lambda time, half=half: half, epochs=3)
    assert networks[0].weights == networks[1].weights == networks[2].weights


@pytest.mark.parametrize("P", [1.0, "text", None, [Value(1.0)]])
@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("optimiser", ["ascent", "lbfgs"])
def test_a_performance_that_is_no_value_is_named(P, compiled, optimiser):
    pytest.importorskip("numpy")
    with pytest.raises((SettingError, OperandError), match="the performance"):
        train(
            Network([2, 1]), OR, performance=lambda d, z: P,
            compiled=compiled, optimiser=optimiser, epochs=2,
        )  # fmt: skip
    with pytest.raises(SettingError, match="the performance of a row is"):
        evaluate(Network([2, 1]), OR, lambda d, z: P)


class Constant(Module):
    def __init__(self, output):
        self.w, self.output = Value(1.0), output

    def __call__(self, x):
        return self.output


@pytest.mark.parametrize("output", [3.0, None])
def test_a_compiled_module_that_returns_no_values_is_named(output):
    pytest.importorskip("numpy")
    with pytest.raises(OperandError, match=r"Constant returned .* its outputs must be Values"):
        train(Constant(output), OR, compiled=True, epochs=2)


@pytest.mark.parametrize("scale", [1e-200, 1e-3, 1.0, 1e200, 1e307])
def test_scores_of_numbers_of_any_size(scale):
    answers, predictions = [1.0, 2.0, 3.0, 6.0], [1.5, 2.0, 2.0, 6.5]
    score = score_numbers(
        "y", [scale * d for d in answers], [scale * z for z in predictions], 2.0 * scale
    )
    assert score.rmse == pytest.approx(scale * math.sqrt(1.5 / 4), rel=1e-14)
    assert score.mae == pytest.approx(scale * 0.5, rel=1e-14)
    assert score.baseline == pytest.approx(scale * math.sqrt(18 / 4), rel=1e-14)
    assert score.r2 == pytest.approx(1 - 1.5 / 14, rel=1e-14)


def test_answers_of_1e305_are_learned_by_the_command(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    lines = [f"{k * 1e300!r},{(k % 7) * 1e-300!r},{k * 1e304!r}" for k in range(20)]
    (tmp_path / "huge.csv").write_text("\n".join(["a,b,y", *lines]))
    assert main(["train", "huge.csv", "--target", "y", "--epochs", "20"]) == 0
    assert "R² 0.9" in capsys.readouterr().out


def test_whole_numbers_beyond_all_floats_are_missing_ones():
    table = {"a": [10**400, *range(19)], "b": [k % 3 for k in range(20)]}
    model = fit([2], table, [k % 2 for k in range(20)], epochs=2)
    assert "1 missing" in dict(model.scaling.report())["a"]


def test_classes_may_be_called_as_the_columns_are():
    table = {"a": [float(k) for k in range(20)], "b": [1.0, 2.0] * 10}
    model = fit([2], table, ["a", "b"] * 10, epochs=100)
    assert model.target.classes == ("a", "b")
    assert model.predict({"a": [4.0], "b": [2.0]}) == ["b"]
    both = fit([2], {**table, "c": table["a"]}, ["a", "b"], epochs=2)
    assert both.target.names == ("a", "b")


def test_a_text_is_no_row_of_letters():
    table = {"a": [float(k) for k in range(20)], "b": [1.0, 2.0] * 10}
    model = fit([2], table, ["p", "q"] * 10, epochs=2)
    for call in (model.predict, model.predict_probabilities, model.probabilities, model.outputs):
        with pytest.raises(DataError, match="'12'"):
            call("12")


def test_networks_and_models_go_through_cloudpickle():
    cloudpickle = pytest.importorskip("cloudpickle")
    network = Network([2, 3, 1], activation="tanh", seed=1)
    answer = network([0.5, -1.0])[0].data
    for dumps in (pickle.dumps, cloudpickle.dumps):
        assert dumps(network) == dumps(network)
        assert pickle.loads(dumps(network))([0.5, -1.0])[0].data == answer
    call = pickle.loads(cloudpickle.dumps(lambda x: network(x)))
    assert call([0.5, -1.0])[0].data == answer


def test_a_network_that_was_pickled_by_an_earlier_release_loads():
    from autograd_bp.entry import Primitive

    old = b"cbuiltins\ngetattr\n(cautograd_bp.entry\nPrimitive\nVnamed\ntR(Vsigmoid\ntR."
    assert pickle.loads(old) is Primitive.named("sigmoid")
