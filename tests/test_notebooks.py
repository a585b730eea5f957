"""The notebooks: their exercises are open, their solutions are right, common mistakes are named,
and a kernel prints what is stored."""

import importlib.util
import json
import re
import sys
from pathlib import Path

import pytest

from autograd_bp.drawing import renderer

ROOT = Path(__file__).resolve().parent.parent
pytest.importorskip("matplotlib")
pytestmark = pytest.mark.skipif(not renderer(), reason="no program that lays out pictures")

place = importlib.util.spec_from_file_location("notebooks", ROOT / "tools" / "notebooks.py")
notebooks = importlib.util.module_from_spec(place)
place.loader.exec_module(notebooks)
PAGES = notebooks.pages()
EXERCISES = [
    (path, int(number))
    for path in PAGES
    for number in re.findall(r"^# Exercise (\d+)$", path.read_text("utf-8"), re.MULTILINE)
]
each_exercise = pytest.mark.parametrize(
    ("path", "number"), EXERCISES, ids=[f"{path.stem}-{number}" for path, number in EXERCISES]
)


def name(number):
    return f"# Exercise {number}\n"


def printed(path, number, change, capsys):
    """What an exercise prints after the cells before it, with a change of its text."""
    names = {"__name__": "notebook"}
    for kind, text in notebooks.cells(path.read_text("utf-8")):
        if kind == "markdown" or "step_through(" in text:
            continue
        capsys.readouterr()
        if text.startswith(name(number)):
            exec(compile(change(text), str(path), "exec"), names)
            return capsys.readouterr().out
        exec(compile(text, str(path), "exec"), names)
    raise AssertionError(f"{path.name} has no exercise {number}")


def is_right(text):
    """What check_formulas says, or the two truth tables of the thresholds."""
    return "\nOK: " in text or text.count("True") == 2


def test_there_are_six_notebooks_with_exercises():
    assert [path.stem[:1] for path in PAGES] == list("123456")
    assert {path for path, _ in EXERCISES} == set(PAGES)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_notebook_is_its_page(path):
    """After a change: python tools/notebooks.py."""
    book = json.loads(path.with_suffix(".ipynb").read_text("utf-8"))
    fresh = notebooks.notebook(path)
    assert [c["source"] for c in book["cells"]] == [c["source"] for c in fresh["cells"]]
    outputs = [output for cell in book["cells"] for output in cell.get("outputs", ())]
    assert all(output["output_type"] != "error" for output in outputs)
    pages = [output for output in outputs if "srcdoc=" in "".join(html(output))]
    assert len(pages) == 1  # of steps, for those who have no kernel


def html(output):
    return output.get("data", {}).get("text/html", "")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_the_links_of_a_notebook_lead_somewhere(path):
    targets = re.findall(r"\]\(([^)\s#]+)\)", path.read_text("utf-8"))
    assert targets
    assert [target for target in targets if not (path.parent / target).exists()] == []


@each_exercise
def test_an_exercise_is_open_and_its_solution_is_right(path, number, capsys):
    solution = notebooks.solutions(path.read_text("utf-8"))[number]
    assert not is_right(printed(path, number, lambda text: text, capsys))
    assert is_right(printed(path, number, lambda text: notebooks.solved(text, solution), capsys))


MISTAKES = [
    ("1-neuron", 1, "None, None, None", "1, x1, x2", "bias input +1"),
    ("1-neuron", 1, "None, None, None", "-1, x2, x1", "WRONG: 2 of 3"),
    ("2-threshold", 1, "1.5, 1, 1", "0.5, 1, 1", "OR:   [0.0, 1.0, 1.0, 1.0] True\nNAND: [0.0"),
    ("2-threshold", 2, "slope = None", "slope = 1.0 if x1 > 0 else 0.0", "γ[1,1]@3"),
    ("3-sigmoid", 1, "[None]", "[y]", "WRONG"),
    ("3-sigmoid", 2, "** 2", "** -1", "WRONG"),
    ("3-sigmoid", 3, "[None]", "[y * (1 - y)]", "slope of the sigmoid"),
    ("4-performance", 1, "[None]", "[d[0] - z]", "missing y (1 - y)"),
    ("4-performance", 1, "[None]", "[z * (1 - z) * (z - d[0])]", "descent for ascent"),
    ("4-performance", 2, "None, None, None", "-γ, x[0] * γ, x[1] * γ", "rate forgotten"),
    ("4-performance", 3, "[None, None]", "[d[0] - z[0], d[1] - z[1]]", "missing y (1 - y)"),
    ("5-one-wave", 1, "[None for k in range(2)]", "[d[k] - z[k] for k in range(2)]", "slope"),
    ("5-one-wave", 2, "[None for y", "[y * γ for y", "rate forgotten"),
    ("6-learning", 1, "", "", "weights updated too early"),
    ("6-learning", 2, "None, None, None", "-γ, x[0] * γ, x[1] * γ", "decay"),
]


@pytest.mark.parametrize(("page", "number", "old", "new", "words"), MISTAKES)
def test_a_mistake_in_an_exercise_is_named(page, number, old, new, words, capsys):
    path = notebooks.FOLDER / f"{page}.md"
    text = printed(path, number, lambda text: text.replace(old, new), capsys)
    assert words in text
    assert not is_right(text)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_kernel_prints_what_is_stored(path, monkeypatch):
    pytest.importorskip("nbclient")
    pytest.importorskip("ipykernel")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    stored = json.loads(path.with_suffix(".ipynb").read_text("utf-8"))

    def texts(book):  # cell by cell: a slow machine sends what a cell prints in several pieces
        cells = [cell.get("outputs", ()) for cell in book["cells"]]
        return ["".join("".join(each.get("text", "")) for each in outputs) for outputs in cells]

    assert texts(notebooks.executed(path)) == texts(stored)


def test_a_page_of_the_site_has_the_outputs_and_the_embedded_page(tmp_path):
    frames = tmp_path / "pages"
    frames.mkdir()
    text = notebooks.as_page(notebooks.FOLDER / "3-sigmoid.ipynb", tmp_path, frames)
    assert text.startswith("# 3. The sigmoid\n")
    assert "σ(0) = 0.500000" in text
    [page] = frames.iterdir()
    assert f'src="pages/{page.name}"' in text
    assert page.read_text("utf-8").startswith("<!doctype html>")
    assert ".ipynb)" not in text


def test_the_tool_replaces_names_by_those_of_a_solution():
    cell = "# Exercise 1\na = 1\n\n\ndef f(x):\n    return None\n\n\nprint(f(a))\n"
    assert notebooks.solved(cell, "# Solution 1\ndef f(x):\n    return x\n").split() == (
        cell.replace("None", "x").split()
    )
    assert sys.modules.get("notebooks") is None
