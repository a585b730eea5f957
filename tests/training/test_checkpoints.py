"""A training that is interrupted and goes on gives what one without interruption gives."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograd_bp.command import main
from autograd_bp.errors import DataError, ModelError, OutputError, SettingError
from autograd_bp.nn import Network
from autograd_bp.training import Checkpoint, EarlyStopping, fit, plan, train, xor

HERE = Path(__file__).parent
OR = [([0, 0], 0), ([0, 1], 1), ([1, 0], 1), ([1, 1], 1)]
posix_only = pytest.mark.skipif(os.name != "posix", reason="needs fork and SIGKILL")


@posix_only
def test_25_kills_at_random_moments_change_no_bit():
    environment = {**os.environ, "PYTHONPATH": str(HERE.parents[1]), "OMP_NUM_THREADS": "1"}
    run = subprocess.run(
        [sys.executable, str(HERE / "killed.py"), "25", "0"],
        env=environment, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stdout.startswith("25 kills")


def stopping_after(steps):
    """A callback that ends a training as Ctrl-C does."""
    seen = []

    def stop(progress):
        seen.append(progress.steps)
        if progress.steps >= steps:
            raise KeyboardInterrupt

    return stop


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("optimiser", ["ascent", "adam", "lbfgs"])
def test_a_training_goes_on_from_any_epoch(tmp_path, optimiser, compiled):
    options = {"optimiser": optimiser, "epochs": 9, "compiled": compiled, "held_out": OR[:2]}
    whole = Network([2, 3, 1], seed=1)
    expected = train(whole, OR, callbacks=[lambda p: None], **options)
    path, network = tmp_path / "run.json", Network([2, 3, 1], seed=1)
    history = train(
        network, OR, checkpoint=Checkpoint(path, steps=1), callbacks=[stopping_after(4)], **options
    )
    assert history.interrupted
    again = Network([2, 3, 1], seed=77)
    history = train(again, OR, resume=path, callbacks=[lambda p: None], **options)
    assert again.state_dict() == whole.state_dict()
    assert history.epochs == expected.epochs


def test_more_epochs_follow_a_training_that_ended(tmp_path):
    whole, network = Network([2, 3, 1], seed=1), Network([2, 3, 1], seed=1)
    train(whole, OR, optimiser="adam", epochs=12)
    path = tmp_path / "run.json"
    train(network, OR, optimiser="adam", epochs=5, checkpoint=path)
    train(network, OR, optimiser="adam", epochs=12, checkpoint=path, resume=True)
    assert network.state_dict() == whole.state_dict()


def test_more_epochs_keep_the_loop_that_the_training_began_with(tmp_path):
    pytest.importorskip("numpy")
    rows = [([k % 7, k % 5], k % 2) for k in range(50)]
    network, path = Network([2, 6, 1], seed=0), tmp_path / "run.json"
    train(network, rows, epochs=2, checkpoint=path, compiled=False)
    many = train(network, rows, epochs=200, checkpoint=path, resume=True)
    whole = Network([2, 6, 1], seed=0)
    train(whole, rows, epochs=200, compiled=False)
    assert many.how == "eager: as in the checkpoint"
    assert train(Network([2, 6, 1]), rows, epochs=200).how.startswith("compiled")
    assert network.state_dict() == whole.state_dict()


def test_fewer_epochs_than_the_checkpoint_has_are_refused(tmp_path):
    network, path = Network([2, 1], seed=0), tmp_path / "run.json"
    train(network, OR, epochs=4, checkpoint=path)
    before = path.read_bytes()
    with pytest.raises(SettingError, match="epochs is 3, and the checkpoint has 4 already"):
        train(network, OR, epochs=3, checkpoint=path, resume=True)
    assert path.read_bytes() == before


def test_resume_begins_where_no_checkpoint_is(tmp_path):
    whole, network = Network([2, 1], seed=1), Network([2, 1], seed=1)
    train(whole, OR, epochs=3)
    train(network, OR, epochs=3, checkpoint=tmp_path / "new.json", resume=True)
    assert network.state_dict() == whole.state_dict()


def test_early_stopping_knows_its_best_epoch_after_an_interruption(tmp_path):
    def options():
        return {"epochs": 60, "rate": 3.0, "held_out": OR[:1], "callbacks": [EarlyStopping(4)]}

    whole, network, path = Network([2, 1], seed=1), Network([2, 1], seed=1), tmp_path / "run.json"
    expected = train(whole, OR, **options())
    first = options()
    first["epochs"] = 3
    train(network, OR, checkpoint=path, **first)
    history = train(network, OR, resume=path, **options())
    assert (history.restored, history.stopped) == (expected.restored, expected.stopped)
    assert network.state_dict() == whole.state_dict()


@pytest.mark.parametrize(
    ("change", "error", "text"),
    [
        ({"data": OR[:3]}, DataError, "not those that the checkpoint was made with"),
        ({"data": [OR[1], OR[0], *OR[2:]]}, DataError, "fingerprints differ"),
        ({"held_out": OR[:1]}, DataError, "fingerprints differ"),
        ({"sample_weight": [1, 2, 1, 1]}, DataError, "fingerprints differ"),
        ({"rate": 0.1}, SettingError, "rate is 0.1, and the checkpoint was made with 0.5"),
        ({"batch": 2}, SettingError, "batch is 2"),
        ({"seed": 3}, SettingError, "seed is 3"),
        ({"decay": 0.1}, SettingError, "decay is 0.1"),
        ({"optimiser": "adam"}, SettingError, "optimiser is 'adam'"),
        ({"schedule": "cosine"}, SettingError, "schedule is"),
        ({"clip_norm": 1.0}, SettingError, "clip_norm is 1.0"),
        ({"frozen": ["layers.0.neurons.0.bias"]}, SettingError, "weights that move is"),
        ({"patience": 3}, SettingError, "callbacks is"),
        ({"compiled": True}, SettingError, "compiled is 'compiled'"),
        ({"network": Network([2, 2, 1])}, SettingError, "network is|parameters is"),
        ({"performance": lambda d, z: -((d[0] - z[0]) ** 4)}, SettingError, "performance is"),
    ],
    ids=lambda case: "-".join(case) if isinstance(case, dict) else "",
)
def test_other_rows_and_settings_are_refused(tmp_path, change, error, text):
    path, options = tmp_path / "run.json", {"epochs": 4, "rate": 0.5, "compiled": False}
    train(Network([2, 1], seed=1), OR, checkpoint=path, **options)
    options |= change
    network, data = options.pop("network", Network([2, 1], seed=1)), options.pop("data", OR)
    before = network.state_dict()
    with pytest.raises(error, match=text):
        train(network, data, resume=path, **{**options, "epochs": 6})
    assert network.state_dict() == before


def damaged(content, **changes):
    return json.dumps({**content, **changes})


@pytest.mark.parametrize(
    "damage",
    [
        lambda c: "",
        lambda c: "{}",
        lambda c: "[" * 100_000,
        lambda c: "\0\xff",
        lambda c: json.dumps(c)[:200],
        lambda c: damaged(c, version=2),
        lambda c: damaged(c, weights="AAAA"),
        lambda c: damaged(c, weights=""),
        lambda c: damaged(c, weights=c["weights"][:-24] + "=" * 24),
        lambda c: damaged(c, random=[3, [1], None]),
        lambda c: damaged(c, random="x"),
        lambda c: damaged(c, done=-1),
        lambda c: damaged(c, done=99),
        lambda c: damaged(c, epoch="1"),
        lambda c: damaged(c, total=None),
        lambda c: damaged(c, history=[[1]]),
        lambda c: damaged(c, optimiser={"name": "adam"}),
        lambda c: damaged(c, callbacks=None),
        lambda c: damaged(c, callbacks=[{}]),
        lambda c: damaged(c, programs=[]),
        lambda c: json.dumps({k: v for k, v in c.items() if k != "random"}),
    ],
)
def test_a_damaged_checkpoint_is_refused_and_changes_nothing(tmp_path, damage):
    path = tmp_path / "run.json"
    train(Network([2, 1], seed=1), OR, epochs=2, checkpoint=path)
    path.write_text(damage(json.loads(path.read_text())))
    network = Network([2, 1], seed=1)
    before = network.state_dict()
    with pytest.raises(ModelError):
        train(network, OR, epochs=4, resume=path)
    assert network.state_dict() == before


@pytest.mark.parametrize(
    ("options", "error", "text"),
    [
        ({"resume": "nowhere.json"}, ModelError, "cannot read the checkpoint"),
        ({"resume": True}, SettingError, "say which with checkpoint="),
        ({"checkpoint": 5}, SettingError, "is written to a path"),
        ({"checkpoint": "no/such/folder/x.json"}, OutputError, "cannot write"),
    ],
)
def test_places_that_do_not_work_are_named(tmp_path, monkeypatch, options, error, text):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(error, match=text):
        train(Network([2, 1]), OR, epochs=1, **options)


def test_settings_of_checkpoints_are_checked():
    with pytest.raises(SettingError, match="steps is a whole number"):
        Checkpoint("x", steps=0)
    with pytest.raises(SettingError, match="seconds is a number above 0"):
        Checkpoint("x", seconds=-1)


def test_plans_and_fit_go_on_too(tmp_path):
    path = tmp_path / "run.json"
    whole = plan("xor", seed=1, epochs=8).run().model
    plan("xor", seed=1, epochs=3).run(checkpoint=path)
    resumed = plan("xor", seed=1, epochs=8).run(checkpoint=path, resume=True).model
    assert resumed.network.state_dict() == whole.network.state_dict()
    table, y = {"x": [1.0, 2.0, 3.0, 4.0]}, ["a", "a", "b", "b"]
    whole = fit([2], table, y, epochs=6)
    fit([2], table, y, epochs=4, checkpoint=tmp_path / "fit.json")
    resumed = fit([2], table, y, epochs=6, resume=tmp_path / "fit.json")
    assert resumed.network.state_dict() == whole.network.state_dict()
    assert resumed.about["history"] == whole.about["history"]


# ------------------------------------------------------------------------ the command
def weights(folder):
    return json.loads((folder / "model.json").read_text())["weights"]


def test_the_command_resumes(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    common = ["train", "xor", "--seed", "3", "--optimiser", "adam"]
    assert main([*common, "--epochs", "20", "--out", "whole"]) == 0
    assert not Path("whole/checkpoint.json").exists()
    assert main([*common, "--epochs", "7", "--out", "run", "--checkpoint", "10"]) == 0
    assert Path("run/checkpoint.json").exists()
    assert main([*common, "--epochs", "20", "--out", "run", "--resume"]) == 0
    assert weights(Path("run")) == weights(Path("whole"))
    assert not Path("run/checkpoint.json").exists()
    capsys.readouterr()
    for words, text in (
        (["--resume", "--out", "elsewhere"], "there is no checkpoint.json in 'elsewhere'"),
        (["--checkpoint", "often"], "--checkpoint is a number of steps, or of seconds as in 30s"),
        (["--checkpoint", "0"], "--checkpoint is a whole number, 1 or more"),
        (["--checkpoint", "0s"], "--checkpoint is a number above 0"),
        (["--optimiser", "sgd"], "there is no optimiser 'sgd'"),
        (["--schedule", "triangle"], "there is no schedule 'triangle'"),
        (["--clip-norm", "-1"], "clip_norm is a number above 0"),
        (["--patience", "0"], "patience is a whole number"),
        (["--optimiser", "lbfgs", "--batch", "2"], "lbfgs takes all rows in each step"),
    ):
        assert main([*common, *words]) == 2 if "--optimiser" not in words else main(
            ["train", "xor", *words]
        ) == 2  # fmt: skip
        assert text in capsys.readouterr().err


def test_a_run_that_was_killed_is_not_replaced_by_a_new_one(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("xor-run").mkdir()
    Path("xor-run/checkpoint.json").write_text("precious")
    assert main(["train", "xor", "--epochs", "2"]) == 0
    assert Path("xor-run/checkpoint.json").read_text() == "precious"
    assert Path("xor-run-2/model.json").exists()


def test_xor_learns_with_each_optimiser_of_the_command(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for name in ("rprop", "lbfgs"):
        assert main(["train", "xor", "--optimiser", name, "--epochs", "60"]) == 0
    assert "sigmoid network: lbfgs, rate 1, 60 epochs, batch 4" in capsys.readouterr().out
    assert xor().split().held_out == []


def test_a_training_that_begins_replaces_no_earlier_checkpoint(tmp_path):
    path, other = tmp_path / "run.json", tmp_path / "other.json"
    train(Network([2, 1]), OR, epochs=3, checkpoint=path)
    other.write_text("a table of somebody's")
    before = path.read_bytes()
    for options in ({"checkpoint": path}, {"checkpoint": other, "resume": path}):
        with pytest.raises(OutputError, match="exists already: go on from it with resume=True"):
            train(Network([2, 1]), OR, epochs=5, **options)
    assert (path.read_bytes(), other.read_text()) == (before, "a table of somebody's")
    train(Network([2, 1]), OR, epochs=2, checkpoint=Checkpoint(other, force=True))
    train(Network([2, 1]), OR, epochs=4, checkpoint=other, resume=other)
    train(Network([2, 1]), OR, epochs=4, checkpoint=tmp_path / "new.json", resume=path)
    assert path.read_bytes() == before
