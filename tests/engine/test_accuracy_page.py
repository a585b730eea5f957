"""The accuracy page: what it promises holds, of every row, and a wrong rule would break it."""

import json
import math
from pathlib import Path

import pytest
from mpmath import mpf

from autograd_bp.native import kernels
from autograd_bp.primitives import TABLE, Primitive
from benchmarks.accuracy import measure as measuring
from benchmarks.accuracy.command import FEW, main, within
from benchmarks.accuracy.measure import Worst, error, measure
from benchmarks.accuracy.reasons import LIMIT, REASONS, bound
from benchmarks.accuracy.references import ROWS, SUMS, Reference

DOCS = Path(__file__).parents[2] / "docs"
OWN = [row for row in TABLE if row.name in ROWS or row.name in SUMS]
DATA = json.loads((DOCS / "accuracy.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("row", OWN, ids=lambda row: row.name)
def test_what_the_page_promises_holds(row):
    for worst in measure(row, FEW, seed=1):
        assert within(worst), worst
        assert worst.count > 40


def test_the_page_and_its_data_have_every_row():
    library = {row.name for row in TABLE[: kernels.OWN]}
    assert {row.name for row in OWN} == library
    assert {each["row"] for each in DATA["results"]} == library
    page = (DOCS / "accuracy.md").read_text(encoding="utf-8")
    for each in DATA["results"]:
        assert f"| {each['row']} | {each['of']} |" in page
        assert each["points"] > 1000


def test_nothing_is_above_the_limit_without_a_reason():
    for each in DATA["results"]:
        high = each["ulps"] is None or each["ulps"] > LIMIT
        assert not high or each["reason"], each
        assert each["promised"] == bound(each["row"], each["of"])
    assert all(
        any(each["row"] == row and each["of"] == what for each in DATA["results"])
        for row, what in REASONS
    )


def test_the_worst_points_are_as_bad_as_the_data_say():
    """Where the C library is another one, the last digits may differ: within what is promised."""
    for each in DATA["results"]:
        if not each["point"] or each["row"] in SUMS or each["ulps"] is None:
            continue
        row = Primitive.named(each["row"])
        point = tuple(map(float.fromhex, each["point"]))
        names = ["y", *(f"∂y/∂{letter}" for letter in "abc")]
        with measuring.precise():
            found = list(measuring._errors(row, point))[names.index(each["of"])]
        assert found == pytest.approx(each["ulps"], abs=1.5, rel=0.1)


def test_an_error_is_counted_in_units_in_the_last_place():
    assert error(1.0, mpf(1)) == 0.0
    assert error(1.0 + 2**-52, mpf(1)) == 1.0
    assert error(5e-324, mpf(0)) == 1.0
    assert error(math.nan, mpf(1)) == math.inf
    assert error(math.inf, mpf(10) ** 400) == 0.0
    assert error(0.5, mpf(10) ** 400) > 2.0**52
    assert error(0.0, mpf(1) / 4, size=mpf(1)) == 2.0**50


def test_a_wrong_rule_would_be_seen(monkeypatch):
    right = ROWS["sin"]
    wrong = Reference(right.function, (lambda x: right.partials[0](x) * (1 + mpf(10) ** -15),))
    monkeypatch.setitem(ROWS, "sin", wrong)
    assert not all(map(within, measure(Primitive.named("sin"), FEW)))


def test_the_command_writes_page_and_data(tmp_path, monkeypatch, capsys):
    import benchmarks.accuracy.command as command

    monkeypatch.setattr(command, "MANY", 5)
    few = [row for row in command.TABLE if row.name in ("sub", "div", "tanh", "norm")]
    monkeypatch.setattr(command, "TABLE", few)
    assert main(["--out", str(tmp_path)]) == 0
    assert (tmp_path / "accuracy.md").read_text(encoding="utf-8").startswith("# Accuracy")
    assert json.loads((tmp_path / "accuracy.json").read_text(encoding="utf-8"))["results"]
    assert main(["--out", str(tmp_path / "missing")]) == 2
    assert "cannot write" in capsys.readouterr().err.splitlines()[-1]


def test_a_broken_promise_ends_with_1(monkeypatch, capsys):
    import benchmarks.accuracy.command as command

    monkeypatch.setattr(command, "measure", lambda row, count: [Worst(row.name, "y", 99.0, (1.0,))])
    assert main(["--quick"]) == 1
    assert "more than promised" in capsys.readouterr().err
