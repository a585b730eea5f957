"""The grids of the benchmark: no right gradient is called wrong, planted mistakes are caught."""

import itertools
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from autograd_bp.checking import Verdict, check_gradient
from benchmarks.checker import command, grids, right, wrong
from benchmarks.checker.checkers import ours
from benchmarks.checker.model import Case, Table


def test_no_right_gradient_is_called_wrong():
    for case in right.cases():
        report = check_gradient(case.f, case.x, case.gradient)
        assert report.verdict is not Verdict.WRONG, f"{case.name}\n{report}"


@pytest.mark.parametrize(
    "group", ["kinks", "overflow and scale", "edges of domains", "noise", "smooth"]
)
def test_right_gradients_in_hard_places_pass_an_assertion(group):
    for case in right.cases():
        if case.group == group:
            report = check_gradient(case.f, case.x, case.gradient)
            assert report.ok, f"{case.name}\n{report}"


def hand_derived():
    return (case for case in wrong.cases() if case.group.endswith("hand-derived"))


def test_mistakes_in_hand_derived_gradients_are_caught_at_one_point_at_least():
    caught: dict[str, bool] = {}
    for case in itertools.islice(hand_derived(), 0, None, 2):
        if not caught.get(case.plant):
            caught[case.plant] = not ours(case).passed
    missed = [plant for plant, found in caught.items() if not found]
    assert len(caught) > 400
    # Every second point only: a row of which that leaves saturated points may be missed.
    assert len(missed) <= 2, missed


def planted(word, gradient):
    return Case(
        "case", "group|hand-derived", lambda x: x[0] ** 2, gradient, gradient, [3.0], word, "plant"
    )


def test_the_count_of_a_grid_sees_what_is_missed_and_what_is_named(monkeypatch):
    monkeypatch.setattr(grids, "checkers", lambda: {"autograd_bp": ours})
    cases = [
        planted("factor of 1/2", lambda x: [x[0]]),
        planted("no such hint", lambda x: [-2.0 * x[0]]),
        planted("", lambda x: [2.0 * x[0]]),
    ]
    cases = [
        case.__class__(**{**vars(case), "name": str(k), "plant": str(k)})
        for k, case in enumerate(cases)
    ]
    monkeypatch.setattr(wrong, "cases", lambda: cases)
    table = grids.planted_mistakes()
    assert table.data["all"]["caught"]["autograd_bp"] == (2, 3)
    assert table.data["all"]["named"] == (1, 2)
    assert table.data["missed"] == ["2"]


def test_a_table_is_printed_as_markdown():
    text = command.markdown(Table(["a", "b"], [["1", "2"]], ["note"], {}))
    assert text.splitlines()[:3] == ["| a | b |", "|---|---|", "| 1 | 2 |"]
