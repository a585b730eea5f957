"""The GPT of the examples, eager and compiled, has the losses of the published script."""

import importlib.util
from itertools import islice
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parent.parent / "examples" / "gpt"
FIRST, FIFTIETH = 3.3659669476, 2.4049823341  # printed by microgpt with its seed 42


def names():
    return (FOLDER / "names.txt").read_text(encoding="utf-8").split()


def losses(script, steps):
    place = importlib.util.spec_from_file_location(script, FOLDER / f"{script}.py")
    module = importlib.util.module_from_spec(place)
    place.loader.exec_module(module)
    return list(islice(module.train(names(), steps), steps))


def test_eager():
    found = losses("eager", 50)
    assert [round(found[0], 10), round(found[-1], 10)] == [FIRST, FIFTIETH]


def test_compiled():
    pytest.importorskip("numpy")
    found = losses("compiled", 50)
    assert [round(found[0], 10), round(found[-1], 10)] == [FIRST, FIFTIETH]
