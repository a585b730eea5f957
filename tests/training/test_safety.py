"""Numbers that say nothing, numbers that freeze, losses, interrupts, and files of earlier runs."""

import itertools
import os
import random
import secrets
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.command import main
from autograd_bp.errors import ConversionError, DataError, FrozenNumberError
from autograd_bp.interrupts import Interrupts
from autograd_bp.nn import Module, Network
from autograd_bp.training import LossWarning, evaluate, load_model, plan, train

ROOT = Path(__file__).parents[2]
OR = [([0, 0], 0), ([0, 1], 1), ([1, 0], 1), ([1, 1], 1)]
NAN, INF = float("nan"), float("inf")
posix_only = pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals")


# ---------------------------------------------------------------- numbers that say nothing
@pytest.mark.parametrize("number", [NAN, INF, -INF, None, "3"], ids=repr)
def test_no_class_is_predicted_from_what_is_no_number(number):
    model = plan("xor", epochs=1).run().model
    with pytest.raises(DataError, match=r"column 'x2' is .* no finite number"):
        model.predict([0.0, number])
    with pytest.raises(DataError, match="column 'x2'"):
        model.prove([0.0, number], "1")


@pytest.mark.parametrize(
    ("rows", "place"),
    [
        ([([0.0, 1.0], [1.0]), ([NAN, 1.0], [1.0])], "row 2: input 1 is nan"),
        ([([0.0, 1.0], [INF])], "row 1: desired output 1 is inf"),
        ((np.array([[0.0, -INF]]), np.array([[1.0]])), "row 1: input 2 is -inf"),
        ([(np.zeros((1, 2)), np.full((1, 1), NAN))], "row 1: desired output 1 is nan"),
    ],
    ids=["input", "output", "arrays", "chunks"],
)
@pytest.mark.parametrize("compiled", [False, True])
def test_rows_with_unknown_numbers_are_refused_by_their_place(rows, place, compiled):
    with pytest.raises(DataError, match=place):
        train(Network([2, 1]), rows, compiled=compiled)
    with pytest.raises(DataError, match=place):
        evaluate(Network([2, 1]), rows, compiled=compiled)


# ------------------------------------------------------------------- numbers that would freeze
def module_of(extra):
    """A module that multiplies by a number from somewhere."""

    class Multiplied(Module):
        def __init__(self):
            self.w, self.rng, self.calls = Value(1.0), np.random.default_rng(0), itertools.count()

        def __call__(self, x):
            return self.w * x[0] * extra(self)

    return Multiplied()


@pytest.mark.parametrize(
    "extra",
    [
        lambda module: random.random(),
        lambda module: np.random.rand(),
        lambda module: module.rng.random() < 2.0,
        lambda module: secrets.randbelow(10**9),
        lambda module: time.perf_counter_ns(),
        lambda module: next(module.calls),
        lambda module: Value(time.perf_counter_ns()),
        lambda module: bp.sin(1.0) if next(module.calls) else bp.cos(Value(1.0)),
    ],
    ids=["random", "numpy", "own generator", "system", "clock", "counter", "Value", "wiring"],
)
def test_a_number_that_the_next_run_would_have_otherwise_is_refused(extra):
    with pytest.raises(FrozenNumberError, match=r"Multiplied (drew|computed something else)"):
        module_of(extra).compiled()(np.ones((3, 1)))
    with pytest.raises(FrozenNumberError):
        train(module_of(extra), [([1.0], 1.0)] * 3, compiled=True)


def test_a_performance_that_draws_is_refused():
    with pytest.raises(FrozenNumberError, match="the performance drew random numbers"):
        train(
            Network([2, 1]),
            OR,
            compiled=True,
            performance=lambda d, z: bp.performance(d, z) * random.random(),
        )


@pytest.mark.parametrize("label", ["", "start"])
def test_values_that_a_module_makes_from_numbers_are_constants(label):
    module = module_of(lambda module: 1.0)
    Summed = type("Summed", (Module,), {})
    Summed.__call__ = lambda self, x: sum((v * self.w for v in x), Value(0.25, label))
    summed = Summed()
    summed.w = module.w
    compiled = summed.compiled()
    X = np.array([[1.0, 2.0], [3.0, 4.0]])
    assert compiled(X).tolist() == [3.25, 7.25]
    assert compiled.gradient(X, np.zeros((2, 1))).shape == (1,)


def test_a_number_that_was_taken_out_of_an_input_is_still_refused():
    with pytest.raises(ConversionError, match=r"value\.data was asked for"):
        module_of(lambda module: Value(module.w.data)).compiled()(np.ones((3, 1)))


def test_boolean_arrays_are_numbers():
    network = Network([2, 1])
    table = np.array([[True, False], [True, True]])
    assert np.array_equal(network.compiled()(table), network.compiled()(table.astype(float)))


# ------------------------------------------------------------------------- kinds of arguments
def test_a_loss_is_noticed_and_a_performance_is_not():
    def loss(d, z):
        return (d[0] - z[0]) ** 2

    with pytest.warns(LossWarning, match="looks like a loss"):
        train(Network([2, 1]), OR, epochs=1, performance=loss)
    train(Network([2, 1]), OR, epochs=1, performance=lambda d, z: -loss(d, z))
    train(Network([2, 1]), OR, epochs=1, performance=lambda d, z: 7.0 - abs(d[0] - z[0]))


@pytest.mark.parametrize("answer", [True, np.True_, np.array(True)], ids=repr)
def test_every_kind_of_true_stops_the_training(answer):
    assert len(train(Network([2, 1]), OR, epochs=5, on_epoch=lambda _: answer).epochs) == 1


@pytest.mark.parametrize("answer", [None, False, np.False_, 1, [1.0], np.ones(3)], ids=repr)
def test_other_answers_do_not(answer):
    assert len(train(Network([2, 1]), OR, epochs=2, on_epoch=lambda _: answer).epochs) == 2


@pytest.mark.parametrize("rows", [1, 2, 4])
@pytest.mark.parametrize("make", [np.array, lambda table: table], ids=["arrays", "lists"])
def test_two_tables_are_inputs_and_desired_outputs(make, rows):
    X, D = [[0.0, 1.0]] * rows, [[1.0]] * rows
    a, b = Network([2, 1]), Network([2, 1])
    train(a, (make(X), make(D)), epochs=2)
    train(b, list(zip(X, D, strict=True)), epochs=2)
    assert a.state_dict() == b.state_dict()
    chunks = [(np.array(X), np.array(D))] * 2
    train(b, (chunk for chunk in chunks), epochs=1)


def test_two_lists_of_two_that_may_be_either_are_refused():
    either = ([[0, 1], [1, 1]], [[1, 0], [0, 1]])
    with pytest.raises(DataError, match=r"write list\(zip\(X, D\)\)"):
        train(Network([2, 2]), either)
    train(Network([2, 2]), list(either), epochs=1)


def test_training_goes_on_where_it_stopped():
    a, b = Network([2, 3, 1]), Network([2, 3, 1])
    start = a.state_dict()
    for _ in range(2):
        train(a, OR, epochs=5)
    train(b, OR, epochs=10)
    assert a.state_dict() == b.state_dict()
    for network in (a, b):  # from the same weights the same call does the same
        network.load_state_dict(start)
    train(a, OR, epochs=5)
    train(b, OR, epochs=5)
    assert a.state_dict() == b.state_dict()
    train(b, OR, epochs=5, seed=1)
    train(a, OR, epochs=5)
    assert a.state_dict() != b.state_dict()


def test_an_option_may_be_given_once(tmp_path, capsys):
    assert main(["train", "xor", "--rate", "1", "--rate", "2", "--out", str(tmp_path)]) == 2
    assert "argument --rate: it was given twice" in capsys.readouterr().err


# --------------------------------------------------------------------------- earlier results
@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_second_run_takes_the_next_free_folder_and_says_so(folder, capsys):
    for _ in range(3):
        assert main(["train", "xor", "--epochs", "1"]) == 0
    told = capsys.readouterr().out
    assert "xor-run holds an earlier run: this one goes to xor-run-2" in told
    assert "xor-run holds an earlier run: this one goes to xor-run-3" in told
    assert sorted(os.listdir()) == ["xor-run", "xor-run-2", "xor-run-3"]


def test_a_folder_with_results_is_replaced_by_force_only(folder, capsys):
    line = ["train", "xor", "--epochs", "1", "--out", "run"]
    assert main(line) == 0
    before = contents(folder / "run")
    assert main([*line, "--seed", "1"]) == 2
    assert "exists already" in capsys.readouterr().err
    assert contents(folder / "run") == before
    assert main([*line, "--seed", "1", "--force"]) == 0
    after = contents(folder / "run")
    assert set(after) == set(before)
    assert all(after[name] != before[name] for name in after)


def test_results_of_two_runs_are_never_mixed(folder, monkeypatch):
    assert main(["train", "xor", "--epochs", "1", "--out", "run"]) == 0

    def killed(*args, **options):
        raise SystemExit(9)  # between the model and the pictures

    monkeypatch.setattr("autograd_bp.command.train._save_curve", killed)
    assert main(["train", "xor", "--epochs", "2", "--out", "run", "--force"]) == 9
    assert os.listdir("run") == ["model.json"]


def test_predictions_replace_a_file_by_force_only(folder, capsys):
    assert main(["train", "xor", "--epochs", "1", "--out", "run"]) == 0
    Path("new.csv").write_text("x1,x2\n0,1\n")
    Path("said.csv").write_text("mine")
    line = ["predict", "run/model.json", "new.csv", "--out", "said.csv"]
    assert main(line) == 2
    assert "exists already" in capsys.readouterr().err
    assert Path("said.csv").read_text() == "mine"
    assert main([*line, "--force"]) == 0
    assert Path("said.csv").read_text().startswith("prediction\n")
    if os.name == "posix":
        assert main([*line[:-1], "/dev/null"]) == 0


def test_pictures_of_another_row_get_another_name(folder, capsys):
    assert main(["train", "xor", "--epochs", "1", "--out", "run"]) == 0
    before = contents(folder / "run")
    capsys.readouterr()
    assert main(["draw", "run/model.json", "--data", "xor", "--row", "1"]) == 0
    assert "neuron-2.svg" in capsys.readouterr().out
    assert main(["draw", "run/model.json", "--data", "xor", "--row", "1"]) == 0
    assert "neuron-2.svg" in capsys.readouterr().out  # the same picture
    after = contents(folder / "run")
    assert {name: after[name] for name in before} == before


def test_a_network_of_very_many_outputs_is_drawn(folder):
    rows = "".join(f"{i % 7},{i % 5},c{i % 189}\n" for i in range(2 * 189))
    Path("many.csv").write_text("a,b,kind\n" + rows)
    assert main(["train", "many.csv", "--epochs", "1", "--layers", "3"]) == 0
    assert Path("many-run/neuron.svg").stat().st_size > 1000


# ------------------------------------------------------------------------------- interrupts
@pytest.fixture
def signals_as_in_a_terminal():
    """In the background of a shell SIGINT is ignored, under nohup SIGHUP, and both stay so."""
    usual = {signal.SIGINT: signal.default_int_handler, signal.SIGHUP: signal.SIG_DFL}
    before = {number: signal.signal(number, handler) for number, handler in usual.items()}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@posix_only
def test_signals_raise_only_where_nothing_is_lost(signals_as_in_a_terminal):
    interrupts, told = Interrupts(), []
    before = signal.getsignal(signal.SIGTERM)
    with interrupts.handled():
        interrupts.hold()
        signal.raise_signal(signal.SIGTERM)
        told.append(interrupts.count)  # noted
        with pytest.raises(KeyboardInterrupt), interrupts.stoppable():
            told.append("never")
        signal.raise_signal(signal.SIGINT)
        interrupts.release(after=2)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGHUP)
        signal.raise_signal(signal.SIGHUP)
    assert told == [1]
    assert (interrupts.count, interrupts.exit_code) == (4, 128 + signal.SIGTERM)
    assert signal.getsignal(signal.SIGTERM) is before


SECOND = """
import os, signal, sys, time
from autograd_bp import command, files
import autograd_bp.training.model as model
save = model.Model.save
def slow(self, path):
    print("saving", flush=True)
    for _ in range(20): time.sleep(0.02)
    return save(self, path)
model.Model.save = slow
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # nohup has it ignored
sys.exit(command.main(["train", "xor", "--epochs", "100000000", "--eager", "--out", "run"]))
"""


def started(folder, *words):
    return subprocess.Popen(
        [sys.executable, *words],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


@posix_only
@pytest.mark.parametrize("second", ["SIGINT", "SIGTERM"])
@pytest.mark.parametrize("first", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_second_signal_while_the_model_is_saved_loses_nothing(folder, first, second):
    with started(folder, "-c", SECOND) as process:
        assert "4 rows" in process.stdout.readline()
        assert "network" in process.stdout.readline()
        time.sleep(0.3)
        process.send_signal(getattr(signal, first))
        assert process.stdout.readline() == "saving\n"
        for _ in range(3):
            process.send_signal(getattr(signal, second))
            time.sleep(0.05)
        complaints = process.communicate(timeout=60)[1]
    assert process.returncode == 128 + getattr(signal, first)
    assert complaints.count("\n") == 1, complaints
    assert load_model("run/model.json").about["epochs_finished"] >= 0
    assert not [name for name in os.listdir("run") if name.endswith(".part")]


@posix_only
def test_a_signal_while_the_command_starts_prints_no_traceback(folder):
    # As soon as the package is being imported; what comes before is Python's own start.
    program = (
        "import os, signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "sys.argv[0] = 'autograd-bp'\n"
        "import autograd_bp._starting\n"
        "os.kill(os.getpid(), signal.SIGINT)\n"
    )
    with started(folder, "-c", program) as process:
        complaints = process.communicate(timeout=60)[1]
    assert (process.returncode, complaints) == (-signal.SIGINT, "")


@posix_only
def test_other_programs_keep_their_answer_to_ctrl_c(folder):
    program = "import signal, autograd_bp; print(signal.getsignal(2) is signal.default_int_handler)"
    hears = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler);"
    with started(folder, "-c", hears + program) as process:
        assert process.communicate(timeout=60) == ("True\n", "")
