"""Schedules, clipping, frozen parameters, early stopping, callbacks, and what is shown."""

import json
import logging
import math

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.errors import ModelError, OperandError, SettingError
from autograd_bp.nn import Module, Network
from autograd_bp.training import (
    Callback,
    EarlyStopping,
    GradientAscent,
    Model,
    fit,
    load_model,
    plan,
    schedules,
    train,
    xor,
)
from autograd_bp.training.optimisers import OPTIMISERS, Adam, optimiser

OR = [([0, 0], 0), ([0, 1], 1), ([1, 0], 1), ([1, 1], 1)]
HALF = [([1.0], 2.0)] * 4


class Line(Module):
    """One weight and a bias, one output."""

    def __init__(self):
        self.w, self.bias = Value(0.0), Value(0.0)

    def __call__(self, row):
        return self.w * row[0] + self.bias


def path_of(data, *, frozen=("bias",), **options):
    """w after each step."""
    line, path = Line(), []

    class Watch(Callback):
        def after_step(self, progress):
            path.append(line.w.data)

    train(line, data, frozen=frozen, callbacks=[Watch()], epochs=1, **options)
    return path


# ------------------------------------------------------------------------ steps by hand
@pytest.mark.parametrize("compiled", [False, True])
def test_a_schedule_multiplies_the_rate_of_each_step(compiled):
    path = path_of(HALF, rate=0.5, schedule=lambda time: 1.0 - time, compiled=compiled)
    w, expected = 0.0, []
    for k in range(4):
        w += 0.5 * (1.0 - k / 4) * (2.0 - w)
        expected.append(w)
    assert path == pytest.approx(expected, rel=1e-15)


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize(
    ("clip", "first"),
    [({"clip_norm": 1.0}, 1.0 / math.sqrt(2)), ({"clip_value": 0.25}, 0.25), ({}, 2.0)],
)
def test_gradients_are_clipped(compiled, clip, first):
    path = path_of([([1.0], 2.0)], rate=1.0, frozen=(), compiled=compiled, **clip)
    assert path == pytest.approx([first])


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("name", list(OPTIMISERS))
def test_frozen_parameters_stay_and_the_others_move(compiled, name):
    network = Network([2, 3, 1], seed=1)
    before = network.state_dict()
    train(network, OR, optimiser=name, frozen=["layers.0.*"], epochs=3, compiled=compiled)
    after = network.state_dict()
    moved = {key for key in before if before[key] != after[key]}
    assert moved
    assert all(key.startswith("layers.1.") for key in moved)


def test_values_and_modules_are_frozen_too():
    network = Network([2, 3, 1], seed=1)
    w = network.layers[1].neurons[0].bias
    before, data = [p.data for p in network.layers[0].parameters()], w.data
    train(network, OR, frozen=[network.layers[0], w], epochs=2)
    assert ([p.data for p in network.layers[0].parameters()], w.data) == (before, data)
    train(network, OR, epochs=1)
    assert w.data != data


def test_the_state_of_an_optimiser_goes_on_in_the_next_call():
    one, two = Network([2, 3, 1], seed=1), Network([2, 3, 1], seed=1)
    train(one, OR, optimiser=Adam(rate=0.01), epochs=6)
    adam = Adam(rate=0.01)
    train(two, OR, optimiser=adam, epochs=3)
    train(two, OR, optimiser=adam, epochs=3)
    assert one.state_dict() == two.state_dict()
    assert adam.steps == 24


@pytest.mark.parametrize("name", ["ascent", "nesterov", "adam", "lbfgs", "levenberg-marquardt"])
def test_eager_and_compiled_steps_are_the_same_but_for_rounding(name):
    ends = []
    for compiled in (False, True):
        network = Network([2, 3, 1], seed=1)
        train(network, OR, optimiser=name, epochs=4, compiled=compiled, decay=0.01,
              sample_weight=[1.0, 2.0, 0.5, 1.0])  # fmt: skip
        ends.append(list(network.state_dict().values()))
    assert ends[0] == pytest.approx(ends[1], rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("output", ["linear", "softmax", "logistic", "sigmoid"])
def test_residuals_give_the_gradient_of_each_performance(output):
    from autograd_bp.training.choosing import objective_of
    from autograd_bp.training.meaning import OUTPUTS

    kind = OUTPUTS[output]
    count = 1 if output == "logistic" else 3
    network = Network([2, 3, count], ["tanh", kind.activation], seed=2)
    rng = np.random.default_rng(0)
    X = rng.normal(size=(20, 2)).tolist()
    D = [[1.0] if count == 1 else [float(k == i % 3) for k in range(3)] for i in range(20)]
    rows = list(zip(X, D, strict=True))
    weights = np.array([p.data for p in network.parameters()])
    objective = objective_of(
        None, network, rows, kind.performance,
        sample_weight=rng.uniform(0.5, 2.0, size=20).tolist(), decay=0.1,
        decayed=set(network.parameters()[:4]), free=None,
    )  # fmt: skip
    r, J, P = objective.residuals(weights)
    value, gradient = objective.value_and_gradient(weights)
    assert value == P
    assert -(J.T @ r) == pytest.approx(gradient, rel=1e-9, abs=1e-12)
    v = rng.normal(size=len(weights))
    step = 1e-5 * v
    slopes = [objective.value_and_gradient(weights + s * step)[1] for s in (1, -1)]
    assert objective.product(weights, v) == pytest.approx(
        (slopes[0] - slopes[1]) / 2e-5, rel=1e-5, abs=1e-7
    )
    if output == "linear" and count:  # of a linear layer alone H is exactly -JᵀJ
        places = [k for k, (n, _) in enumerate(network.named_parameters()) if n[7] == "1"]
        H = np.array([objective.product(weights, e) for e in np.eye(len(weights))])
        part = np.ix_(places, places)
        assert -(J.T @ J)[part] == pytest.approx(H[part], rel=1e-9, abs=1e-12)


# ------------------------------------------------------------------------ schedules
@pytest.mark.parametrize(
    ("text", "times", "factors"),
    [
        ("constant", [0, 5], [1, 1]),
        ("step:10:0.5", [0, 9.9, 10, 25], [1, 1, 0.5, 0.25]),
        ("cosine:10", [0, 5, 10, 20], [1, 0.5, 0, 0]),
        ("cosine:10:0.1", [0, 10], [1, 0.1]),
        ("warm-up:4", [0, 1, 4, 9], [0, 0.25, 1, 1]),
        ("warm-up:2:cosine:10", [1, 10], [0.5 * 0.5 * (1 + math.cos(math.pi / 10)), 0]),
        ("warm-up:step:1:0.5", [0.5, 1.0], [0.5, 0.5]),
    ],
)
def test_schedules_by_their_names(text, times, factors):
    schedule = schedules.schedule_of(text)
    assert [schedule(t) for t in times] == pytest.approx(factors, abs=1e-15)


def test_a_plateau_lowers_the_rate():
    schedule = schedules.OnPlateau(patience=2, factor=0.1, least=0.05)
    factors = []
    for P in (-1.0, -1.0, -1.0, -0.5, -0.6, -0.5):
        schedule.observe(P)
        factors.append(schedule(0))
    assert factors == [1.0, 1.0, 0.1, 0.1, 0.1, 0.05]


@pytest.mark.parametrize(
    ("schedule", "text"),
    [
        ("triangle", "no schedule 'triangle'"),
        ("step:x", "NAME:NUMBER:NUMBER"),
        ("step:1:2:3", "takes fewer numbers"),
        ("plateau:3:1.5", "factor is below 1"),
        ("step:0", "every is a number above 0"),
        (5, "a schedule is one of"),
        (lambda time: -1.0, "gave the factor -1.0"),
        (lambda time: math.nan, "gave the factor nan"),
    ],
    ids=lambda value: "function" if callable(value) else str(value),
)
def test_schedules_that_make_no_sense_are_refused(schedule, text):
    with pytest.raises(SettingError, match=text):
        train(Network([2, 1]), OR, schedule=schedule, epochs=1)


# ------------------------------------------------------------------------ early stopping
@pytest.mark.parametrize("optimiser_name", ["ascent", "adam"])
def test_early_stopping_restores_the_best_weights(optimiser_name):
    kept = {}
    network = Network([2, 4, 1], seed=3)

    def keep(progress):
        kept[progress.epoch.number] = network.state_dict()

    wrong = [([0, 0], 1), ([1, 1], 0)]
    history = train(network, OR, held_out=wrong, rate=0.05, epochs=200, patience=6, callbacks=keep,
                    optimiser=optimiser_name)  # fmt: skip
    best = max(history.epochs, key=lambda epoch: epoch.held_out_P).number
    assert history.restored == best
    assert len(history.epochs) == best + 6
    assert history.stopped == f"no better for 6 epochs, the best is epoch {best}"
    assert network.state_dict() == kept[best]


def test_without_rows_held_out_it_looks_at_the_training_rows_and_may_keep_the_last_weights():
    network = Network([2, 1], seed=3)
    stopping = EarlyStopping(2, least=0.01, restore=False)
    history = train(network, OR, rate=0.1, epochs=50, callbacks=[stopping])
    assert history.restored == 0
    assert 2 <= len(history.epochs) < 50
    assert stopping.best == len(history.epochs) - 2


# ------------------------------------------------------------------------ callbacks
def test_callbacks_see_the_network_the_optimiser_and_the_rate():
    seen = []

    class Watch(Callback):
        def begin(self, progress):
            seen.append("begin")

        def after_step(self, progress):
            seen.append((progress.steps, progress.rate))

        def after_epoch(self, progress):
            seen.append((progress.epoch.number, progress.network is network))
            return progress.epoch.number == 2

        def end(self, progress):
            seen.append(type(progress.optimiser).__name__)

    network = Network([2, 1])
    history = train(
        network, OR, batch=2, epochs=9, rate=0.4, schedule="step:1", callbacks=[Watch()]
    )
    assert seen == [
        "begin", (1, 0.4), (2, 0.4), (1, True), (3, 0.2), (4, 0.2), (2, True), "GradientAscent",
    ]  # fmt: skip
    assert history.stopped == "a callback asked for it"


def test_a_callback_stops_in_the_middle_of_an_epoch():
    class Stop(Callback):
        def after_step(self, progress):
            if progress.steps == 3:
                progress.stop("enough")

    history = train(Network([2, 1]), OR, epochs=9, callbacks=[Stop()])
    assert (history.epochs, history.stopped) == ([], "enough")


def test_looking_changes_no_bit():
    ends = []
    for callbacks in ([], [lambda p: None], [type("C", (Callback,), {"after_step": print})()]):
        network = Network([2, 4, 1], seed=1)
        train(network, OR * 50, epochs=4, compiled=True, callbacks=callbacks)
        ends.append(network.state_dict())
    assert ends[0] == ends[1] == ends[2]


# ------------------------------------------------------------------------ what is shown
def test_lines_and_logging_tell_each_epoch(capsys, caplog):
    with caplog.at_level(logging.INFO, logger="autograd_bp.training"):
        train(Network([2, 1]), OR, epochs=2, progress="lines", held_out=OR[:1])
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(":")[0] for line in lines] == ["epoch 1 of 2", "epoch 2 of 2"]
    assert "right held out" in lines[0]
    assert [record.name for record in caplog.records] == ["autograd_bp.training"] * 2
    assert caplog.messages[1].startswith("epoch 2 of 2: ")


def test_without_a_terminal_a_short_training_says_nothing(capsys):
    train(Network([2, 1]), OR, epochs=2, progress=True)
    assert capsys.readouterr().err == ""


def test_weights_of_classes_count_as_weights_of_rows():
    X, y = {"x": [1.0, 2.0, 3.0, 4.0, 5.0]}, ["a", "a", "b", "b", "c"]
    by_class = fit([2], X, y, balanced={"a": 2.0, "c": 0.5}, epochs=5)
    by_row = fit([2], X, y, sample_weight=[2.0, 2.0, 1.0, 1.0, 0.5], epochs=5)
    assert by_class.network.state_dict() == by_row.network.state_dict()
    assert by_class.network.state_dict() != fit([2], X, y, epochs=5).network.state_dict()
    numbers = fit([2], {"x": [1, 2, 3, 4]}, [0, 0, 1, 1], balanced={0: 3.0, 1.0: 1.0}, epochs=1)
    assert numbers.target.classes == ("0", "1")
    for weights, text in (({"d": 1.0}, "the classes are a, b, c"), ({"a": -1}, "class a")):
        with pytest.raises(SettingError, match=text):
            fit([2], X, y, balanced=weights, epochs=1)
    with pytest.raises(SettingError, match="for answers that are classes"):
        fit([2], X, [0.5, 1.5, 2.25, 9.0, 1.0], balanced={"a": 1.0}, epochs=1)


def test_a_state_that_no_checkpoint_can_hold_is_named(tmp_path):
    class Odd(Callback):
        def state_dict(self):
            return {"x": object()}

    with pytest.raises(SettingError, match="has something else in its state"):
        train(Network([2, 1]), OR, epochs=1, callbacks=[Odd()], checkpoint=tmp_path / "x.json")


def test_classes_stand_for_their_defaults():
    one, two = Network([2, 1], seed=1), Network([2, 1], seed=1)
    train(one, OR, optimiser=Adam, schedule=schedules.Cosine, epochs=3)
    train(two, OR, optimiser="adam", schedule="cosine", epochs=3)
    assert one.state_dict() == two.state_dict()
    with pytest.raises(SettingError, match="there are no weights"):
        Adam().step([], [])


# ------------------------------------------------------------------------ models
@pytest.mark.parametrize("name", ["ascent", "adam:beta1=0.8", "lbfgs", "levenberg-marquardt"])
def test_a_model_keeps_its_optimiser(tmp_path, name):
    result = plan("xor", epochs=3, optimiser=name).run()
    path = result.model.save(tmp_path / "model.json")
    model = load_model(path)
    tool = model.optimiser()
    assert tool.state_dict() == result.model.optimiser().state_dict()
    assert tool.name == name.partition(":")[0]
    again = [result.model.network, model.network]
    tools = [result.model.optimiser(), tool]
    for network, one in zip(again, tools, strict=True):
        train(network, xor().split(), optimiser=one, epochs=2, seed=9)
    assert again[0].state_dict() == again[1].state_dict()


def test_a_model_of_an_earlier_release_has_no_optimiser(tmp_path):
    path = plan("xor", epochs=1).run().model.save(tmp_path / "model.json")
    content = json.loads(path.read_text())
    del content["optimiser"]
    path.write_text(json.dumps(content))
    with pytest.raises(ModelError, match="does not say with which optimiser"):
        load_model(path).optimiser()


@pytest.mark.parametrize(
    "state",
    [
        5,
        {"settings": {}, "state": {"name": "adam"}},
        {"settings": {"x": 1}, "state": {"name": "adam", "steps": 1, "rate": 1.0, "slots": []}},
        {"settings": {"rate": "a"}, "state": {"name": "adam"}},
        {"settings": {}, "state": {"name": ["adam"]}},
        {"settings": {}},
    ],
    ids=str,
)
def test_a_damaged_optimiser_in_a_model_is_refused(tmp_path, state):
    path = plan("xor", epochs=1).run().model.save(tmp_path / "model.json")
    content = json.loads(path.read_text())
    path.write_text(json.dumps({**content, "optimiser": state}))
    with pytest.raises(ModelError):
        load_model(path)


# ------------------------------------------------------------------------ what is refused
@pytest.mark.parametrize(
    ("options", "error", "text"),
    [
        ({"optimiser": "sgd"}, SettingError, "there is no optimiser 'sgd'"),
        ({"optimiser": Adam(minimise=True)}, SettingError, "moves up a performance"),
        ({"optimiser": Adam([Value(1.0)])}, SettingError, "not those of the network"),
        ({"optimiser": "lbfgs", "batch": 2}, SettingError, "lbfgs takes all rows in each step"),
        ({"optimiser": "lbfgs", "clip_norm": 2}, SettingError, "leave clipping out"),
        ({"frozen": ["layers.9.*"]}, SettingError, "no parameter of the network"),
        ({"frozen": ["*"]}, SettingError, "all parameters are frozen"),
        ({"frozen": 3}, SettingError, "frozen is a list of names"),
        ({"clip_norm": 0}, SettingError, "clip_norm is a number above 0"),
        ({"clip_value": "a"}, SettingError, "clip_value is a number above 0"),
        ({"patience": 0}, SettingError, "patience is a whole number"),
        ({"callbacks": 3}, SettingError, "callbacks are a list"),
        ({"callbacks": [3]}, SettingError, "a callback is a function"),
        ({"callbacks": [EarlyStopping]}, SettingError, "a callback is a function"),
        ({"progress": "bar"}, SettingError, 'progress is True, False or "lines"'),
        ({"optimiser": "adam", "rate": 1e300}, SettingError, "the weights ran away in epoch"),
    ],
    ids=lambda case: str(case)[:40],
)
def test_settings_that_do_not_fit_are_refused(options, error, text):
    network = Network([2, 3, 1], ["identity", "identity"])
    with pytest.raises(error, match=text):
        train(network, [([1.0, 2.0], 3.0)] * 3, epochs=5, **options)


def test_levenberg_needs_squares_or_likelihoods():
    with pytest.raises(SettingError, match="a sum of squares or a likelihood"):
        train(Network([2, 1]), OR, optimiser="levenberg-marquardt", epochs=1,
              performance=lambda d, z: -abs(d[0] - z[0]))  # fmt: skip


def test_a_function_that_only_falls_is_no_way_to_learn():
    with pytest.raises(OperandError):
        optimiser("lbfgs").step([1.0], 3)
    assert GradientAscent(None, 0.5).step([1.0, 2.0], [2.0, 0.0]) == [2.0, 2.0]
    assert bp.training.optimisers.Adam is Adam


def test_fit_takes_all_of_it():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(60, 2))
    model = fit([4], X, X[:, 0] - X[:, 1], optimiser="levenberg-marquardt", epochs=20)
    assert isinstance(model, Model)
    assert model.score({"x1": X[:, 0], "x2": X[:, 1], "y": X[:, 0] - X[:, 1]})[0].r2 > 0.999
    assert model.about["optimiser"]["name"] == "levenberg-marquardt"
    assert (model.about["batch"], model.about["epochs"]) == (60, 20)


def test_tensorboard_gets_the_curves(tmp_path):
    pytest.importorskip("tensorboardX")
    from autograd_bp.training import TensorBoard

    history = train(Network([2, 1]), OR, epochs=3, callbacks=[TensorBoard(tmp_path)])
    (file,) = tmp_path.iterdir()
    assert len(history.epochs) == 3
    assert b"P/training" in file.read_bytes()


def test_tensorboard_says_what_it_needs(tmp_path, monkeypatch):
    import sys

    from autograd_bp.errors import MissingExtraError
    from autograd_bp.training import TensorBoard

    monkeypatch.setitem(sys.modules, "tensorboardX", None)
    with pytest.raises(MissingExtraError, match=r"autograd_bp\[tensorboard\]"):
        TensorBoard(tmp_path)
