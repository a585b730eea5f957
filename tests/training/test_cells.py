"""Cells as people, accounts and other programs write them."""

import pytest

from autograd_bp.errors import DataError
from autograd_bp.training import fit, plan


def column_of(*cells):
    """How a column of text is read, and the numbers that come out, scaled back."""
    model = fit([2], {"x": list(cells) * 3}, [str(k % 2) for k in range(3 * len(cells))], epochs=1)
    (coding,) = model.scaling.codings
    if not hasattr(coding, "mean"):
        return coding.note, None
    table = model.scaling.table(model.frame({"x": list(cells)}))
    return coding.note, [coding.mean + coding.scale * float(x) for x in table[0]]


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        (["€0.50", "(€1.25)", "€3.00", "(€4.00)"], [0.5, -1.25, 3.0, -4.0]),
        (["5.00-", "7.25", "1.50-", "2"], [-5.0, 7.25, -1.5, 2.0]),
        (["CHF 1.50", "CHF -2.50", "CHF 3"], [1.5, -2.5, 3.0]),
        (["R$ 1.234,50", "R$ 2.000,00", "R$ 3,25"], [1234.5, 2000.0, 3.25]),
        (["\u22120.410", "\u22121.234", "2.5"], [-0.41, -1.234, 2.5]),
        (["1", "2", "3.5", "<0.5", "4", "7", ">10"], [1, 2, 3.5, 0.5, 4, 7, 10]),
        (["12 kg", "13 kg", "~15 kg", "16 kg", "18 kg", "1 kg"], [12, 13, 15, 16, 18, 1]),
        (["80 km/h", "90 km/h", "100 km/h"], [80.0, 90.0, 100.0]),
    ],
)
def test_numbers_are_read_as_accounts_and_laboratories_write_them(cells, numbers):
    note, read = column_of(*cells)
    assert note.startswith("number")
    assert read == pytest.approx(numbers)
    assert ("limits such as" in note) == any(cell[0] in "<>~" for cell in cells)


@pytest.mark.parametrize(
    "cells",
    [
        ["<10", "10", ">10"],
        ["<=50K", ">50K"],
        ["<18", "18-25", ">25"],
        ["A10", "A20", "A30"],
        ["A+", "A-", "B", "B+"],
        ["Q1", "Q2", "Q3", "Q4"],
    ],
)
def test_names_of_groups_are_no_numbers(cells):
    note, read = column_of(*cells)
    assert read is None
    assert note.startswith(f"{len(cells)} categories")


def test_codes_for_missing_cells_of_other_programs_are_filled():
    for missing in (".a", ".z", "\\N", "n.a.", "#REF!", "\u2013"):
        note, read = column_of("1", "2", missing, "4")
        assert "3 missing, filled" in note
        assert read[3] == pytest.approx(4.0)


def test_a_cell_that_is_a_list_is_named(tmp_path):
    path = tmp_path / "rows.json"
    path.write_text('{"a": 1, "tags": ["x"], "y": "p"}\n{"a": 2, "tags": [], "y": "q"}\n')
    with pytest.raises(DataError, match=r"row 1 has the list .* as its 'tags'"):
        plan(str(path))


def test_hours_before_and_after_noon_are_times():
    note, _ = column_of("7/19/23 6:18 PM", "7/20/23 6:18 AM", "7/21/23 12:00 PM")
    assert note.startswith("date")


def test_a_column_under_a_name_that_differs_in_capitals_is_hinted_at():
    model = fit([2], {"Size": [1.0, 2.0, 3.0, 4.0]}, list("abab"), epochs=1)
    with pytest.raises(DataError, match="' size' there is 'Size' here"):
        model.predict({" size": [1.0]})
    assert model.predict({"Size": []}) == []
