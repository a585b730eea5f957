"""The command line, doing what it should."""

import contextlib
import csv
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from autograd_bp.command import main
from autograd_bp.command.line import HELP
from autograd_bp.core import is_native
from autograd_bp.training import digits, load_model, plan

ROOT = Path(__file__).parent.parent
PICTURES = ["learning_curve.png", "neuron.png", "neuron.svg"]


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def trained(capsys):
    """A small model in the folder `run`."""
    Path("rows.csv").write_text(
        "a,b,kind\n" + "".join(f"{i},{i % 3},{'ns'[i > 9]}\n" for i in range(20))
    )
    assert run("train rows.csv --epochs 3 --layers 2 --out run") == 0
    capsys.readouterr()
    return "run/model.json"


def run(line):
    return main(shlex.split(line))


MAX_SECONDS = 120.0  # of a command in a process of its own, which is then killed

# A shell starts `pytest &` with SIGINT ignored, and its processes inherit that.
HEARS_CTRL_C = """
import runpy, signal
signal.signal(signal.SIGINT, signal.default_int_handler)
if hasattr(signal, "pthread_sigmask"):
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
runpy.run_module("autograd_bp", run_name="__main__", alter_sys=True)
"""


@contextlib.contextmanager
def subprocess_of(*arguments, start=("-m", "autograd_bp")):
    process = subprocess.Popen(
        [sys.executable, *start, *arguments],
        text=True,
        encoding="utf-8",
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
    )
    watchdog = threading.Timer(MAX_SECONDS, process.kill)
    watchdog.start()
    try:
        with process:
            try:
                yield process
            except BaseException:
                process.kill()
                raise
    finally:
        watchdog.cancel()


def test_the_default_command_learns_the_digits(capsys):
    # The interpreted core takes minutes for the default; a seed that is quick stands for it.
    seed, shorter = (0, "") if is_native() else (3, "--seed 3 --epochs 4")
    assert run(f"train digits {shorter}") == 0
    told = capsys.readouterr().out
    share = re.search(r"rows held out: ([\d.]+)% right \((\d+) of 359\)", told)
    assert float(share[1]) >= 95.0
    assert int(share[2]) >= 0.95 * 359
    assert "proof: 40 y, 40 γ, 2260 Δw agree, largest difference 0 ulps" in told
    for line in ("model: digits-run", "learning curve: digits-run", "neuron: digits-run"):
        assert line in told
    assert sorted(os.listdir("digits-run")) == sorted([*PICTURES, "model.json"])
    model, data = load_model("digits-run/model.json"), digits()
    held_out = data.split(seed).places
    right = sum(model.predict(data.inputs[i]) == data.answers[i] for i in held_out)
    assert right == int(share[2])


@pytest.mark.skipif(not is_native(), reason="the interpreted core takes minutes")
@pytest.mark.parametrize("seed", [1, 2])
def test_the_digits_are_learned_from_other_seeds(seed):
    result = plan("digits", seed=seed).run()
    assert result.held_out[1] >= 0.95
    assert result.proof.ok
    assert not result.proof.vacuous


def test_training_writes_the_model_its_curve_and_a_graph(capsys):
    assert run("train xor --seed 3 --out here/there") == 0
    told = capsys.readouterr()
    assert "100.0% right (4 of 4)" in told.out
    assert told.err == ""
    for name in [*PICTURES, "model.json"]:
        assert str(Path("here/there", name)) in told.out
        assert Path("here/there", name).stat().st_size > 500


@pytest.mark.parametrize("epochs", ["5", "2000"], ids=["row by row", "compiled"])
def test_the_same_command_writes_the_same_bytes(epochs, capsys):
    for folder in ("a", "b"):
        main(["train", "xor", "--epochs", epochs, "--out", folder])
    for name in ["model.json", "learning_curve.png", "neuron.svg"]:
        assert Path("a", name).read_bytes() == Path("b", name).read_bytes(), name


def test_training_on_numbers_tells_the_typical_error(capsys):
    Path("line.csv").write_text("x,y\n" + "".join(f"{i},{i * 10.5}\n" for i in range(20)))
    assert run("train line.csv --epochs 300 --layers 3 --seed 1") == 0
    told = capsys.readouterr().out
    error = re.search(r"typical error of 'y' \(root mean square\) ([\d.]+)", told)
    assert 0 < float(error[1]) < 20
    model = load_model("line-run/model.json")
    assert abs(float(model.predict([10.0])) - 105.0) < 30


def test_options_reach_the_training(capsys):
    rows = [f"r{i},{i},{i % 2},{i}\n" for i in range(20)]
    Path("t.csv").write_text("id,x,kind,y\n" + "".join(rows))
    line = "train t.csv --layers 4,3 --rate 0.1 --epochs 2 --batch 5 --seed 7 --target kind "
    assert run(line + "--task classes --ignore id --ignore y --held-out 0.5") == 0
    model = load_model("t-run/model.json")
    assert model.network.sizes == (1, 4, 3, 1)
    settings = {name: model.about[name] for name in ("rate", "epochs", "batch", "seed", "held_out")}
    assert settings == {"rate": 0.1, "epochs": 2, "batch": 5, "seed": 7, "held_out": 0.5}
    assert model.about["held_out_rows"]["rows"] == 10


def test_a_network_without_hidden_layers_can_be_asked_for():
    assert run("train xor --layers none --epochs 2") == 0
    assert load_model("xor-run/model.json").network.sizes == (2, 1)


def test_predictions_are_a_csv_in_the_order_of_the_rows(trained, capsys):
    Path("new.csv").write_text("b,note,a\n1,x,0\n1,y,19\n1,z,1\n")
    assert main(["predict", trained, "new.csv"]) == 0
    told = capsys.readouterr().out
    model = load_model(trained)
    assert list(csv.reader(told.splitlines())) == [
        ["prediction"],
        *([model.predict([a, 1.0])] for a in (0.0, 19.0, 1.0)),
    ]
    assert main(["predict", trained, "new.csv", "--out", "said.csv"]) == 0
    assert capsys.readouterr().out == "predictions: said.csv\n"
    assert Path("said.csv").read_text() == told


def test_a_proof_is_a_table_with_a_verdict(trained, capsys):
    assert main(["prove", trained]) == 0
    assert "proved: 3 y, 3 γ, 9 Δw agree" in capsys.readouterr().out
    assert main(["prove", trained, "--data", "rows.csv", "--row", "20", "--unfold", "--full"]) == 0
    told = capsys.readouterr().out
    assert "composites unfolded" in told
    assert "Δw[1,2,2]" in told


def test_a_proof_that_fails_has_exit_code_1(trained, capsys, monkeypatch):
    from autograd_bp.nn import gamma

    def wrong(layers, y, d, *rest):
        return [[1.0 for _ in layer] for layer in layers]

    monkeypatch.setattr(gamma, "gammas", wrong)
    assert main(["prove", trained]) == 1
    assert "NOT PROVED" in capsys.readouterr().out
    assert run("train xor --epochs 1") == 1
    assert "proof: NOT PROVED" in capsys.readouterr().out


def test_a_row_with_its_answer_is_what_is_drawn(trained, capsys):
    assert main(["draw", trained]) == 0
    written = [str(Path("run", name)) for name in ("neuron.svg", "neuron.png")]
    assert capsys.readouterr().out.split() == written
    assert main(["draw", trained, "--data", "rows.csv", "--row", "12", "--out", "new"]) == 0
    picture = Path("new/neuron.svg").read_text()
    assert "rows: output neuron z1 for a row whose kind is s" in picture
    assert main(["draw", "xor-run/model.json"]) == 2


def test_info_tells_versions_and_the_core(capsys):
    assert main(["info"]) == 0
    told = capsys.readouterr().out
    assert re.search(r"^core +(native|pure Python)$", told, re.MULTILINE)
    assert re.search(r"^autograd_bp +\d", told, re.MULTILINE)
    assert re.search(r"^cache +(off|none|.*\(\d+ programs)", told, re.MULTILINE)


@pytest.mark.parametrize("command", HELP)
def test_every_help_shows_a_worked_example(command, capsys):
    assert main([*command.split(), "--help"]) == 0
    assert "example:" in capsys.readouterr().out


def test_the_worked_examples_are_true(capsys):
    Path("new.csv").write_text("x1,x2\n0,1\n1,1\n")
    for name in ("train", "predict", "prove", "draw", "export", "info"):
        example = HELP[name][1].split("example:\n")[1].split("\n\nmore:")[0]
        example = example[example.index("  $ autograd-bp") :]
        command, *shown = [line[2:] for line in example.splitlines()]
        assert main(command.removeprefix("$ autograd-bp ").split()) == 0
        told = capsys.readouterr().out.replace("\\", "/")
        pattern = re.escape("\n".join(shown)).replace(r"\.\.\.", "(.|\n)*")
        assert re.fullmatch(pattern.strip(), told.strip()), told


def test_the_version_is_told(capsys):
    assert main(["--version"]) == 0
    assert re.fullmatch(r"autograd-bp \d+\.\d+\.\d+\S*\n", capsys.readouterr().out)


def test_python_m_runs_the_command():
    with subprocess_of("train", "xor", "--epochs", "2") as process:
        told, complaints = process.communicate()
    assert (process.returncode, complaints) == (0, "")
    assert "proof: 7 y, 7 γ, 25 Δw agree" in told


def test_a_process_of_a_test_that_fails_is_killed(monkeypatch):
    monkeypatch.setitem(globals(), "MAX_SECONDS", 0.5)
    endless = ("-c", "while True: pass")
    with subprocess_of(start=endless) as process:
        process.communicate()
    assert process.returncode != 0
    monkeypatch.setitem(globals(), "MAX_SECONDS", 60.0)
    with pytest.raises(ZeroDivisionError), subprocess_of(start=endless) as process:
        1 / 0  # noqa: B018
    assert process.returncode != 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_ctrl_c_saves_what_was_learned_so_far_and_exits_with_130():
    start = ("-c", HEARS_CTRL_C)
    for seconds in (2.0, 8.0, 30.0):  # a busy machine needs longer until the first epoch begins
        shutil.rmtree("xor-run", ignore_errors=True)
        with subprocess_of("train", "xor", "--epochs", "100000000", start=start) as process:
            assert "4 rows" in process.stdout.readline()
            assert "sigmoid network" in process.stdout.readline()
            time.sleep(seconds)
            process.send_signal(signal.SIGINT)
            told, complaints = process.communicate()
        if complaints != "autograd-bp: interrupted\n" and " after 0 of " not in complaints:
            break
    assert process.returncode == 130
    assert re.fullmatch(
        r"autograd-bp: interrupted after \d+ of 100000000 epochs: .* is saved\n", complaints
    )
    assert "model: " in told
    about = json.loads(Path("xor-run/model.json").read_text())["about"]
    assert 0 < about["epochs_finished"] < 100000000


def test_ctrl_c_before_the_first_epoch_is_over_saves_the_weights_so_far(capsys, monkeypatch):
    from autograd_bp.training import GradientAscent

    steps = []

    def step(self):
        steps.append(1)
        if len(steps) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(GradientAscent, "step", step)
    assert main(["train", "xor", "--eager"]) == 130
    told = capsys.readouterr()
    assert "interrupted after 0 of 600 epochs" in told.err
    assert "left out, learning curve: no epoch was finished" in told.out
    assert load_model("xor-run/model.json").about["epochs_finished"] == 0


@pytest.mark.parametrize(
    ("module", "what", "extra"),
    [
        ("matplotlib.figure", "learning curve", "plots"),
        ("autograd_bp.drawing.output.render", "graph of one output neuron", "drawing"),
        ("tqdm", "progress bar", "progress"),
    ],
)
def test_a_missing_extra_does_not_lose_the_training(module, what, extra, capsys, monkeypatch):
    if extra == "drawing":
        from autograd_bp.drawing.output import render

        monkeypatch.setattr(render, "renderer", lambda: "")
    else:
        monkeypatch.setitem(sys.modules, module, None)
    if extra == "progress":
        monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    assert run("train xor --epochs 2") == 0
    told = capsys.readouterr().out
    assert Path("xor-run/model.json").exists()
    left_out = [line for line in told.splitlines() if line.startswith("left out")]
    assert len(left_out) == 1
    assert left_out[0].startswith(f"left out, {what}: ")
    assert f'pip install "autograd_bp[{extra}]"' in left_out[0]


def test_weights_of_classes_and_frozen_weights_are_said_on_the_command_line(capsys):
    Path("t.csv").write_text("a,b,y\n" + "1,2,p\n2,1,p\n3,5,q\n4,4,q\n" * 4)
    words = "train t.csv --epochs 3 --held-out 0 --seed 2"
    assert main([*words.split(), "--class-weight", "p=3", "--freeze", "layers.0.*"]) == 0
    model = load_model("t-run/model.json")
    begun = plan("t.csv", seed=2, held_out=0.0).network
    same = [a == b for a, b in zip(model.network.weights, begun.weights, strict=True)]
    assert same == [True, False]
    expected = plan(
        "t.csv", epochs=3, held_out=0.0, seed=2, balanced={"p": 3.0}, frozen="layers.0.*"
    )
    assert expected.run().model.network.weights == model.network.weights
    wrong = [
        "--class-weight p",
        "--class-weight z=1",
        "--class-weight p=nan",
        "--class-weight p=1 --class-weight p=2",
        "--class-weight p=1 --balanced",
        "--freeze no",
    ]
    for bad in wrong:
        assert main([*words.split(), *bad.split()]) == 2
    assert capsys.readouterr().err.count("\n") == 6
