"""Bad input: one line on stderr, exit code 2, nothing overwritten, and never a traceback."""

import errno
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from autograd_bp.command import main
from autograd_bp.errors import OutputError
from autograd_bp.training import load_model

ROOT = Path(__file__).parent.parent
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such thing")


@pytest.fixture(autouse=True)
def _in_a_folder_with_earlier_work(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("xor-run").mkdir()
    Path("xor-run/model.json").write_text("earlier work")


@pytest.fixture
def model(capsys):
    assert main(["train", "xor", "--epochs", "2", "--out", "small"]) == 0
    capsys.readouterr()
    return Path("small/model.json")


@pytest.fixture
def refused(capsys):
    """Runs a command that must be refused; returns its one line."""

    def run(line, code=2):
        before = contents()
        assert main(shlex.split(line)) == code
        told = capsys.readouterr()
        assert told.out == "" or line.startswith("train")
        assert told.err.startswith("autograd-bp: ")
        assert told.err.count("\n") == 1
        assert contents() == before
        return told.err

    return run


def contents():
    return {str(path): path.read_bytes() if path.is_file() else None for path in Path().rglob("*")}


def started(line, **options):
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        [sys.executable, "-m", "autograd_bp", *shlex.split(line)],
        text=True,
        encoding="utf-8",
        stderr=subprocess.PIPE,
        env=environment,
        check=False,
        **options,
    )


# ------------------------------------------------------------------------------ settings
@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("", "arguments are required: COMMAND"),
        ("fly", "invalid choice: 'fly'"),
        ("train", "arguments are required: DATA"),
        ("train xor --rat 1", "unrecognized arguments"),
        ("train xor --layers 0", "the size of a layer is a whole number, 1 or more, got 0"),
        ("train xor --layers 3,0,2", "the size of a layer is a whole number, 1 or more, got 0"),
        ("train xor --layers -4", "the size of a layer is a whole number, 1 or more, got -4"),
        ("train xor --layers=-4", "the size of a layer is a whole number, 1 or more, got -4"),
        ("train xor --layers 3,x", "argument --layers: invalid list of sizes value"),
        ("train xor --layers ''", "argument --layers: invalid list of sizes value"),
        ("train xor --layers 999999999", "more than 20,000,000"),
        ("train xor --rate -1", "the rate is a number above 0, got -1.0"),
        ("train xor --rate 0", "the rate is a number above 0"),
        ("train xor --rate nan", "the rate is a number above 0, got nan"),
        ("train xor --rate inf", "the rate is a number above 0, got inf"),
        ("train xor --rate fast", "argument --rate: invalid float value: 'fast'"),
        ("train xor --epochs 0", "epochs is a whole number, 1 or more, got 0"),
        ("train xor --epochs 1.5", "argument --epochs: invalid int value"),
        ("train xor --batch 0", "batch is a whole number, 1 or more, got 0"),
        ("train xor --seed -1", "a seed is a whole number, 0 or more, got -1"),
        ("train xor --held-out 1", "held_out is the share of rows"),
        ("train xor --held-out nan", "held_out is the share of rows"),
        ("train xor --target x1", "no target 'x1'"),
        ("train xor --ignore x1", "ready as it is"),
        ("train xor --task guess", "argument --task: invalid choice"),
        ("train nowhere.csv", "there is no file 'nowhere.csv'"),
        ("train .", "cannot read '.'"),
        ("predict nowhere.json nowhere.csv", "cannot read the model 'nowhere.json'"),
        ("prove nowhere.json", "cannot read the model"),
        ("draw nowhere.json", "cannot read the model"),
        ("info now", "unrecognized arguments: now"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused(line, message, refused):
    assert message in refused(line)


# ---------------------------------------------------------------------------------- data
@pytest.mark.parametrize(
    ("content", "options", "message"),
    [
        ("", "", "data.csv is empty"),
        ("a,b\n", "", "has a header and no rows"),
        ("a,b\n1,2\n3,4,5\n", "", "row 2 (line 3) has 3 cells where the header has 2"),
        ("a,b\nnan,x\n,y\n", "", "no column is left to learn from: 'a' left out: no cell"),
        ("a,b\n1,nan\n2,\n", "", "no row has an answer in column 'b'"),
        ("a,b\n1,0.5\n2,x\n3,4\n", "--task numbers", "column 'b': 'x' is not a number"),
        ("a,b\n1,x\n2,x\n", "", "column 'b' has one class only, 'x'"),
        ("a,b\n1,x\n2,y\n", "--target c", "there is no column 'c'; the columns are 'a', 'b'"),
        ("a,b\n1,x\n2,y\n", "--ignore c", "there is no column 'c'"),
        ("a,b\n1,x\n2,y\n", "--target b --target b", "each target is named once"),
        ("a,b\n1,x\n2,y\n", "--encoding nonsense", "cannot be read as 'nonsense'"),
        ("a,b\n1," + "x" * 150_000 + "\n", "", "field larger than field limit"),
        ('a,b\n1,"x\n', "", "cannot be read as CSV"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "", "is not a text file"),
        (b"PK\x03\x04and so on", "", "is an Excel workbook or another archive"),
        (b"a,b\n\0,1\n", "", "null characters"),
        ("a,b\n1,x\n", "", "one class only"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_data_that_cannot_be_learned_are_refused(content, options, message, refused):
    Path("data.csv").write_bytes(content if isinstance(content, bytes) else content.encode())
    assert message in refused(f"train data.csv --out xor-run {options}")


def test_a_message_stays_one_line_where_names_hold_several(refused):
    Path("data.csv").write_text('c,"a\nb"\nx,1\ny,1\n')
    assert r"'a\nb' has one class only" in refused("train data.csv")


def test_rows_to_predict_need_the_columns_of_the_model(model, refused):
    Path("new.csv").write_text("x1,y\n1,2\n")
    assert "1 of the model's 2 columns are missing ('x2')" in refused(f"predict {model} new.csv")
    Path("new.csv").write_text("x1,x2\n1,a\n")
    assert "row 1 (line 2), column 'x2'" in refused(f"predict {model} new.csv --out said.csv")
    assert "there is no file" in refused(f"predict {model} nowhere.csv")


def test_predictions_never_replace_what_they_are_made_from(model, refused):
    Path("new.csv").write_text("x1,x2\n1,1\n")
    for kept in ("new.csv", "./new.csv", str(model)):
        assert "is an input file" in refused(f"predict {model} new.csv --out {kept}")


def test_a_row_that_is_not_there_is_refused(model, refused):
    assert "rows 1 to 4, and no row 5" in refused(f"prove {model} --data xor --row 5")
    assert "no row 0" in refused(f"draw {model} --data xor --row 0")
    assert "--row needs --data" in refused(f"prove {model} --row 1")
    assert "there is no output 2" in refused(f"draw {model} --output 2")
    assert "a row of 2 numbers is needed, got 64" in refused(f"prove {model} --data digits")


# --------------------------------------------------------------------------------- models
@pytest.mark.parametrize("command", ["prove {}", "draw {} --out .", "predict {} new.csv"])
@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"version": 2', '"version": 3', "this release reads versions 1 and 2"),
        ('"sizes": [2, 6, 1]', '"sizes": [2, 600000000, 1]', "not a sound model file"),
        ('"sizes": [2, 6, 1]', '"sizes": [2, "6", 1]', "not a sound model file"),
        ('"weights": [', '"weights": ' + "[" * 100_000, "deeper than any"),
        ("]\n}\n", "", "damaged, cut short"),
        ('"low": [0.0', '"low": [NaN', "NaN is not a number"),
        ('"format": "autograd_bp model"', '"format": "x"', "is not a model"),
    ],
    ids=["version", "huge", "type", "deep", "cut", "NaN", "format"],
)
def test_a_model_that_is_not_sound_is_refused(command, old, new, message, model, refused):
    text = model.read_text()
    assert old in text
    Path("bad.json").write_text(text.replace(old, new, 1) if new else text[:-6])
    Path("new.csv").write_text("x1,x2\n1,1\n")
    assert message in refused(command.format("bad.json"))


def test_a_model_of_other_activations_cannot_be_proved_and_says_so(model, refused):
    text = model.read_text().replace('["sigmoid", "sigmoid"]', '["erf", "sigmoid"]')
    Path("other.json").write_text(text)
    assert "layers of neurons with known slopes" in refused("prove other.json")


# --------------------------------------------------------------------------------- output
def test_a_folder_that_cannot_be_made_is_refused_before_training(refused, monkeypatch):
    def never(*args, **options):
        raise AssertionError("trained")

    monkeypatch.setattr("autograd_bp.training.session.train", never)
    Path("file").write_text("a file")
    assert "cannot write into the folder" in refused("train xor --out file/below")
    assert "cannot write into the folder" in refused("train xor --out file")


def test_a_folder_that_takes_no_files_is_refused_before_training(refused, monkeypatch):
    def denied(*args, **options):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr("tempfile.NamedTemporaryFile", denied)
    assert "Permission denied; choose another" in refused("train xor")


def test_a_disk_that_is_full_leaves_the_earlier_model(refused, monkeypatch):
    def full(*args):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    assert "No space left on device; what was there is untouched" in refused("train xor --epochs 2")


@POSIX
def test_a_disk_that_really_takes_no_more_leaves_the_earlier_model():
    import resource

    before = contents()
    done = started(
        "train xor --epochs 2",
        stdout=subprocess.DEVNULL,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100)),
    )
    assert done.returncode == 2
    assert "File too large; what was there is untouched" in done.stderr
    assert done.stderr.count("\n") == 1
    assert contents() == before


def test_a_model_for_which_there_is_no_place_left_is_saved_in_another(
    capsys, monkeypatch, tmp_path
):
    from autograd_bp.training import Model

    save, other = Model.save, tmp_path / "temporary"
    other.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(other))

    def full(model, path):
        if "full" in str(path):
            raise OutputError(f"cannot write '{path}': No space left on device")
        return save(model, path)

    monkeypatch.setattr(Model, "save", full)
    assert main(["train", "xor", "--epochs", "2", "--out", "full"]) == 2
    told = capsys.readouterr()
    (path,) = other.glob("*/model.json")
    assert f"No space left on device; the model is saved in '{path}'" in told.err
    assert f"model: {path}" in told.out
    assert load_model(path).columns == ("x1", "x2")


@POSIX
def test_room_for_the_model_is_reserved_before_anything_is_learned(refused, monkeypatch):
    def full(handle, start, size):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "posix_fallocate", full, raising=False)
    monkeypatch.setattr("autograd_bp.training.session.train", None)
    assert "bytes left for the model: No space left" in refused("train xor")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full")
def test_an_output_that_takes_nothing_is_told_in_one_line(model):
    with open("/dev/full", "w") as full:
        done = started(f"prove {model}", stdout=full)
    assert done.returncode == 2
    assert done.stderr == "autograd-bp: cannot write the output: No space left on device\n"


@POSIX
def test_a_reader_that_went_away_gets_no_traceback(model):
    Path("new.csv").write_text("x1,x2\n" + "1,1\n" * 20_000)
    process = subprocess.Popen(
        [sys.executable, "-m", "autograd_bp", "predict", str(model), "new.csv"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    process.stdout.close()
    complaints = process.stderr.read()
    process.stderr.close()
    assert (process.wait(timeout=60), complaints) == (141, b"")


def test_a_terminal_that_knows_no_greek_gets_no_traceback(model):
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(
        [sys.executable, "-m", "autograd_bp", "prove", str(model)],
        env=environment,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"7 y, 7 ?" in done.stdout


def test_ctrl_c_where_nothing_was_learned_yet_is_told_in_one_line(refused, monkeypatch):
    def interrupt(*args, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr("autograd_bp.training.plan", interrupt)
    assert refused("train xor", code=130) == "autograd-bp: interrupted\n"


def test_too_little_memory_is_told_in_one_line(refused, monkeypatch):
    def exhausted(*args, **options):
        raise MemoryError

    monkeypatch.setattr("autograd_bp.training.plan", exhausted)
    assert "not enough memory" in refused("train xor")
