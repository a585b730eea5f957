"""The loop by compiled programs: the same steps as row by row, and when it is taken."""

import math
import subprocess
import sys

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp import Value, errors
from autograd_bp.nn import Module, Network, Neuron
from autograd_bp.training import choosing, digits, evaluate, plan, train

RNG = np.random.default_rng(8)
ROWS = [(RNG.normal(size=3).tolist(), [float(k % 2), float(k % 2 == 0)]) for k in range(23)]
ONE = [(x, d[0]) for x, d in ROWS]


def both(make, rows, **options):
    """Weights and history by programs and row by row."""
    found = []
    for compiled in (True, False):
        network = make()
        history = train(network, rows, compiled=compiled, **options)
        found.append(([w.data for w in network.parameters()], history))
    return found


@pytest.mark.parametrize("batch", [1, 4, 23, 100])
@pytest.mark.parametrize("rows", [ROWS, ONE], ids=["two outputs", "one"])
def test_the_steps_are_those_of_the_eager_loop(batch, rows):
    sizes = [3, 4, len(rows[0][1]) if rows is ROWS else 1]
    (quick, told), (eager, expected) = both(
        lambda: Network(sizes, seed=1), rows, batch=batch, epochs=5, held_out=rows[:7]
    )
    np.testing.assert_allclose(quick, eager, rtol=1e-10)
    np.testing.assert_allclose(told.P, expected.P, rtol=1e-11)
    np.testing.assert_allclose(told.held_out_P, expected.held_out_P, rtol=1e-11)
    assert told.accuracy == expected.accuracy
    assert told.held_out_accuracy == expected.held_out_accuracy
    assert told.how.startswith("compiled")
    assert expected.how == "eager: asked for"


@pytest.mark.parametrize("batch", [1, 4])
def test_so_are_they_by_machine_code(batch, monkeypatch):
    pytest.importorskip("llvmlite")
    monkeypatch.setattr(choosing, "_calls", lambda *_: (0.0, True))
    (quick, told), (eager, expected) = both(
        lambda: Network([3, 4, 2], seed=1), ROWS, batch=batch, epochs=5, held_out=ROWS[:7]
    )
    np.testing.assert_allclose(quick, eager, rtol=1e-10)
    np.testing.assert_allclose(told.P, expected.P, rtol=1e-11)
    assert told.accuracy == expected.accuracy
    assert told.held_out_accuracy == expected.held_out_accuracy


def test_one_step_differs_by_rounding_only():
    (quick, _), (eager, _) = both(lambda: Network([3, 4, 2], seed=1), ROWS, batch=23, epochs=1)
    np.testing.assert_allclose(quick, eager, rtol=0.0, atol=8 * math.ulp(1.0))


def test_a_wiring_of_the_users_own_is_compiled_when_asked():
    class Shared(Module):
        def __init__(self):
            self.neuron, self.scale = Neuron(3, "tanh", seed=4), Value(0.3)

        def __call__(self, x):
            return bp.sigmoid(self.neuron(x) * self.scale - self.neuron([x[2], x[1], x[0]]))

    def climbed(d, z):
        return bp.performance(d, z) - 0.01 * z[0] * z[0]

    (quick, told), (eager, expected) = both(Shared, ONE, batch=3, epochs=4, performance=climbed)
    np.testing.assert_allclose(quick, eager, rtol=1e-10)
    assert told.accuracy == expected.accuracy


def test_digits_are_learned_by_programs_without_being_asked():
    network = Network([64, 30, 10], seed=0)
    history = train(network, digits().split(), epochs=4, batch=8)
    assert history.how == "compiled: enough rows to pay"
    assert history.held_out_accuracy[-1] > 0.3
    assert not any(w.grad for w in network.parameters())


def test_few_rows_are_not_worth_a_program():
    history = train(Network([3, 4, 2]), ROWS, epochs=1)
    assert history.how == "eager: 23 rows and 26 weights are too few to compile for"


class Doubled(Network):
    def __call__(self, x):
        return super().__call__([2.0 * each for each in x])


def swish(x):
    return x * bp.sigmoid(x)


def tied():
    network = Network([3, 4, 2])
    first = network.layers[0].neurons[0]
    first.weights = (first.weights[1] * 2.0, *first.weights[1:])
    return network


@pytest.mark.parametrize(
    ("network", "options", "says"),
    [
        (Doubled([3, 4, 2]), {}, "a Doubled is compiled when asked"),
        (Network([3, 4, 2], swish), {}, "neurons of the user's own"),
        (tied(), {}, "neurons of the user's own"),
        (Network([3, 4, 2]), {"performance": lambda d, z: bp.performance(d, z)}, "of the user's"),
        (Network([3, 4, 2], "log"), {}, ""),
    ],
    ids=["subclass", "activation", "tied weights", "performance", "table row"],
)
def test_what_might_do_something_else_than_once_is_eager(network, options, says, monkeypatch):
    monkeypatch.setattr(choosing, "_too_little", lambda *_: None)
    how = choosing.choose_loop(
        "auto",
        network,
        ROWS,
        options.get("performance", bp.performance),
        passes=10,
        batch=1,
        with_gradient=True,
    )[1]
    assert says in how
    assert how.startswith("eager" if says else "compiled")


@pytest.mark.parametrize(
    "rows",
    [
        [([0.0, 1.0, "2"], [0.0, 1.0])],
        [([0.0, 1.0, Value(2.0)], [0.0, 1.0])],
        [([0.0, 1.0, 2.0], [0.0])],
        [([0.0, 1.0], [0.0, 1.0])],
        [(["0", "1", "2"], [0.0, 1.0])],
        [*ROWS, ([0.0, 1.0, 2.0], [0.0, 1.0, 0.0])],
    ],
    ids=["text", "value", "few outputs", "few inputs", "only texts", "different"],
)
def test_rows_that_do_not_fit_are_told_as_by_the_eager_loop(rows, monkeypatch):
    monkeypatch.setattr(choosing, "_too_little", lambda *_: None)

    def outcome(compiled):
        network = Network([3, 4, 2], seed=0)
        try:
            train(network, rows, epochs=1, compiled=compiled)
        except errors.AutogradError as error:
            return type(error), str(error)
        return network.state_dict()

    assert outcome("auto") == outcome(False)


def test_a_program_that_was_asked_for_and_cannot_be_says_why():
    class Branching(Network):
        def __call__(self, x):
            return super().__call__(x) if x[0] > 0.0 else super().__call__(x[::-1])

    with pytest.raises(errors.BranchError, match="use where"):
        train(Branching([3, 2]), ROWS, compiled=True)
    with pytest.raises(errors.DataError, match="no plain numbers"):
        train(Network([3, 2]), [(["a", "b", "c"], [0.0, 1.0])], compiled=True)
    with pytest.raises(errors.SettingError, match='True, False or "auto"'):
        train(Network([3, 2]), ROWS, compiled="yes")


def test_evaluation_is_the_same_by_programs():
    network = Network([3, 4, 2], seed=1)
    quick = evaluate(network, ROWS, compiled=True)
    eager = evaluate(network, ROWS, compiled=False)
    assert quick[0] == pytest.approx(eager[0], rel=1e-14)
    assert quick[1] == eager[1]
    assert evaluate(network, ROWS, compiled=True, judged=False)[1] is None


def test_weights_that_somebody_changes_between_epochs_are_used():
    def shrink(network):
        def on_epoch(_):
            for w in network.parameters():
                w.data *= 0.5

        return on_epoch

    found = []
    for compiled in (True, False):
        network = Network([3, 4, 2], seed=1)
        train(network, ROWS, epochs=3, on_epoch=shrink(network), compiled=compiled)
        found.append([w.data for w in network.parameters()])
    np.testing.assert_allclose(*found, rtol=1e-11)


def test_ctrl_c_leaves_the_weights_of_the_last_step(monkeypatch):
    from autograd_bp.training.progress import Bar

    def after(steps, compiled):
        network, done = Network([3, 4, 2], seed=1), []

        def advance(self, rows):
            done.append(rows)
            if len(done) == steps:
                raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(Bar, "advance", advance)
            history = train(network, ROWS, epochs=3, compiled=compiled)
        assert history.interrupted
        return [w.data for w in network.parameters()], len(history.epochs)

    for steps in (1, 10, 30):
        (quick, epochs), (eager, expected) = after(steps, True), after(steps, False)
        np.testing.assert_allclose(quick, eager, rtol=1e-12)
        assert epochs == expected


def test_weights_that_run_away_are_told_with_the_rate():
    with pytest.raises(errors.SettingError, match=r"ran away in epoch 1 .* smaller than 1e\+200"):
        train(Network([3, 2], "identity"), ROWS, rate=1e200, compiled=True)


def test_a_session_says_how_it_was_trained():
    result = plan("xor", seed=1, epochs=3).run()
    assert result.history.how == "eager: 12 rows and 25 weights are too few to compile for"
    assert result.model.about["how"] == result.history.how
    assert plan("digits", epochs=20).compiled == "auto"
    with pytest.raises(errors.SettingError, match='True, False or "auto"'):
        plan("xor", compiled=1)


def test_the_command_line_can_ask_for_the_eager_loop(tmp_path, capsys):
    from autograd_bp.command import main
    from autograd_bp.training import load_model

    run = str(tmp_path / "run")
    assert main(["train", "xor", "--eager", "--epochs", "3", "--seed", "1", "--out", run]) == 0
    assert load_model(tmp_path / "run" / "model.json").about["how"] == "eager: asked for"


def test_without_numpy_training_goes_on_row_by_row():
    program = (
        "import sys; sys.modules['numpy'] = None\n"
        "import autograd_bp.training.choosing as choosing\n"
        "choosing.find_spec = lambda name: None\n"
        "choosing._too_little = lambda *_: None\n"
        "from autograd_bp.nn import Network\n"
        "from autograd_bp.training import train\n"
        "print(train(Network([1, 1]), [([1.0], 0.0)] * 4, epochs=2).how)\n"
        "try: train(Network([1, 1]), [([1.0], 0.0)] * 4, compiled=True)\n"
        "except ImportError as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "eager: NumPy is not installed" in done.stdout
    assert 'compiling needs NumPy: pip install "autograd_bp[arrays]"' in done.stdout


def test_importing_training_loads_no_numpy():
    program = "import sys, autograd_bp.training; print('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.strip() == "False", done.stderr
