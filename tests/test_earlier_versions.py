"""What earlier versions wrote still loads, and computes the same numbers."""

import importlib
import json
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

import autograd_bp
from autograd_bp import _moved, training
from autograd_bp.primitives import TABLE

pytest.importorskip("numpy")  # which the compiler needs
from autograd_bp import compiling

FIXTURES = Path(__file__).parent / "fixtures"
NUMBERS = json.loads((FIXTURES / "numbers.json").read_text(encoding="utf-8"))


@pytest.fixture
def measures(monkeypatch):
    monkeypatch.syspath_prepend(FIXTURES)
    return importlib.import_module("measures").OF


def assert_alike(numbers, expected):
    """The same structure; floats may differ by the mathematics library of the platform."""
    if isinstance(expected, dict):
        assert {*numbers} == {*expected}
        for key in expected:
            assert_alike(numbers[key], expected[key])
    elif isinstance(expected, list):
        assert len(numbers) == len(expected)
        for number, other in zip(numbers, expected, strict=True):
            assert_alike(number, other)
    elif isinstance(expected, float):
        assert numbers == pytest.approx(expected, rel=1e-12, abs=1e-12)
    else:
        assert numbers == expected


@pytest.mark.parametrize("name", sorted(path.stem for path in FIXTURES.glob("*.pickle")))
def test_pickles_load_with_their_numbers(name, measures):
    thing = pickle.loads((FIXTURES / f"{name}.pickle").read_bytes())
    assert_alike(measures[name](thing), NUMBERS[name])


def test_every_number_has_its_file():
    names = {path.stem for path in FIXTURES.glob("*.pickle")}
    assert {*NUMBERS} == names | {"model", "operations"}
    assert len(names) > 20


def test_models_load_with_their_numbers(measures):
    model = training.load_model(FIXTURES / "model.json")
    assert_alike(measures["network"](model.network), NUMBERS["model"])


def test_program_files_load_with_their_numbers(measures):
    program = compiling.from_json((FIXTURES / "program.json").read_text(encoding="utf-8"))
    assert_alike(measures["program"](program), NUMBERS["program"])


def test_operations_keep_their_places_in_the_table():
    """A pickled program names its operations by their places: new ones are added at the end."""
    names = NUMBERS["operations"]
    assert [op.name for op in TABLE[: len(names)]] == names


@pytest.mark.parametrize("old", sorted(_moved.MODULES))
def test_a_moved_module_is_the_same_under_both_names(old):
    new = importlib.import_module(f"autograd_bp.{_moved.MODULES[old]}")
    assert importlib.import_module(f"autograd_bp.{old}") is new


def test_loading_an_old_name_leaves_the_functions_of_the_package_alone():
    importlib.import_module("autograd_bp.compiling.compiled")
    assert compiling.compiled is autograd_bp.compiled
    assert callable(compiling.compiled)


def test_a_module_that_never_was_is_still_missing():
    with pytest.raises(ModuleNotFoundError, match=r"autograd_bp\.checking\.nothing"):
        importlib.import_module("autograd_bp.checking.nothing")


def test_todays_names_do_not_ask_for_the_old_ones():
    program = (
        "import sys, autograd_bp\n"
        "from autograd_bp import checking, compiling, drawing, training\n"
        "from autograd_bp._moved import MODULES\n"
        "print(*(name for name in MODULES if f'autograd_bp.{name}' in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.stdout.split(), done.stderr) == ([], "")
