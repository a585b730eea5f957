"""Data sets: targets, splits, and scaling that never sees the rows held out."""

import hashlib

import pytest

from autograd_bp.errors import DataError, SettingError, ShapeError
from autograd_bp.training import digits, load, read_csv, xor
from autograd_bp.training.dataset import order, stream
from autograd_bp.training.scaling import Scaling
from autograd_bp.training.table import MAX_BYTES
from autograd_bp.training.target import Classes, Numbers


@pytest.fixture
def file(tmp_path):
    def write(text, name="data.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def numbered(n, answers="abc"):
    return "x,y\n" + "".join(f"{i},{answers[i % len(answers)]}\n" for i in range(n))


# ------------------------------------------------------------------------------- built in
def test_the_digits_are_those_of_the_uci_repository():
    data = digits()
    rows = [
        "".join(f"{x:.0f}," for x in row) + d
        for row, d in zip(data.inputs, data.answers, strict=True)
    ]
    text = ",".join([*data.columns, "digit"]) + "\n" + "\n".join(rows) + "\n"
    assert hashlib.sha256(text.encode()).hexdigest() == (
        "eac2b5b8c6a8df5a61524efb5c49269d47e2f78d0b70ea5b321656cbc967556d"
    )


def test_the_digits_have_the_published_numbers_of_each_class():
    data = digits()
    counts = [data.answers.count(str(d)) for d in range(10)]
    assert counts == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert (min(map(min, data.inputs)), max(map(max, data.inputs))) == (0.0, 16.0)


def test_the_file_of_digits_is_packed_without_a_date():
    from importlib import resources

    packed = resources.files("autograd_bp.training").joinpath("data/digits.csv.gz").read_bytes()
    assert packed[3:8] == bytes(5)  # no name, no time
    assert len(packed) < MAX_BYTES / 1000


def test_xor_is_its_truth_table_and_holds_nothing_out():
    split = xor().split(seed=4)
    assert sorted(split.training) == [
        ([0.0, 0.0], [0.0]),
        ([0.0, 1.0], [1.0]),
        ([1.0, 0.0], [1.0]),
        ([1.0, 1.0], [0.0]),
    ]
    assert split.held_out == []


def test_a_built_in_data_set_takes_no_settings_of_files():
    with pytest.raises(SettingError, match="ready as it is"):
        load("xor", task="numbers")
    with pytest.raises(DataError, match="no target 'x1'"):
        load("xor", target="x1")
    assert load("digits", target="digit").name == "digits"


def test_a_file_may_have_the_name_of_a_built_in_data_set(file, monkeypatch):
    path = file(numbered(9), name="xor")
    monkeypatch.chdir(path.parent)
    assert load("./xor").columns == ("x",)


# ------------------------------------------------------------------------------- targets
def test_the_target_is_the_last_column_unless_one_is_called_target(file):
    assert read_csv(file("a,b\n1,0\n2,1\n")).target_name == "b"
    assert read_csv(file("Target,b\n0,1\n1,2\n")).target_name == "Target"
    assert read_csv(file("a,target,b\n0,1,0\n1,2,1\n"), target="b").target_name == "b"


def test_text_is_classes_in_alphabetical_order(file):
    data = read_csv(file("x,y\n1,red\n2,blue\n3, red \n4,green\n"))
    assert data.classes == ("blue", "green", "red")
    assert data.answers == ["red", "blue", "red", "green"]


def test_codes_with_several_rows_each_are_classes_in_their_order(file):
    answers = [str(i) for i in (10, 2, 1, 3, 4, 5, 6, 7, 8, 9)]
    assert read_csv(file(numbered(30, answers))).classes == tuple(map(str, range(1, 11)))
    assert read_csv(file("x,y\n1,0\n2,1\n")).classes == ("0", "1")


@pytest.mark.parametrize(
    "answers", [["0.5", "1"], ["2", "4", "6"], ["-1", "0", "1"], [str(i) for i in range(30)]]
)
def test_other_numbers_are_numbers(file, answers):
    assert read_csv(file(numbered(30, answers))).classes is None


def test_the_task_can_be_said(file):
    path = file(numbered(30, ["2", "4", "6"]))
    assert read_csv(path, task="classes").classes == ("2", "4", "6")
    assert read_csv(file(numbered(30, ["0", "1"])), task="numbers").classes is None
    with pytest.raises(SettingError, match="task is"):
        read_csv(path, task="guess")


def test_columns_can_be_left_out(file):
    data = read_csv(file("id,x,y\nAB-1,1,0\nAB-2,2,1\n"), ignore=["id"])
    assert (data.columns, data.inputs) == (("x",), [[1.0], [2.0]])
    assert read_csv(file("id,x,y\nA,1,0\nB,2,1\n"), ignore="id").columns == ("x",)


def test_two_classes_are_one_output_and_more_are_one_of_n():
    two, three = Classes("y", ("no", "yes")), Classes("y", ("a", "b", "c"))
    assert (two.n_outputs, three.n_outputs) == (1, 3)
    assert (two.desired("no"), two.desired("yes")) == ([0.0], [1.0])
    assert three.desired("b") == [0.0, 1.0, 0.0]
    assert (two.answer([0.4]), two.answer([0.6])) == ("no", "yes")
    assert three.answer([0.1, 0.2, 0.6]) == "c"


def test_a_number_is_scaled_into_the_reach_of_a_sigmoid_and_back():
    target = Numbers.learned("price", [10.0, 30.0, 20.0])
    assert target.desired("10") == [0.1]
    assert target.desired("30") == [pytest.approx(0.9, abs=1e-15)]
    assert target.number(0.5) == pytest.approx(20.0, abs=1e-13)
    assert target.answer([0.1]) == "10"


# --------------------------------------------------------------------------------- splits
def test_a_fifth_of_the_rows_is_held_out_and_none_is_lost(file):
    data = read_csv(file(numbered(50)))
    split = data.split(seed=3)
    assert len(split.held_out) == 10
    low, width = split.scaling.low[0], split.scaling.width[0]
    all_rows = [round(x[0] * width + low) for x, _ in split.training + split.held_out]
    assert sorted(all_rows) == list(range(50))


def test_the_seed_decides_which_rows_are_held_out(file):
    data = read_csv(file(numbered(50)))
    assert data.split(1).places == data.split(1).places != data.split(2).places
    assert data.split(0).places == tuple(order(50, stream(0, "split"))[:10])


def test_the_share_held_out_can_be_said(file):
    data = read_csv(file(numbered(50)))
    assert len(data.split(0, held_out=0.5).held_out) == 25
    assert data.split(0, held_out=0).held_out == []


@pytest.mark.parametrize("share", [-0.1, 1.0, float("nan"), "a", None], ids=repr)
def test_a_share_out_of_range_is_refused(file, share):
    data = read_csv(file(numbered(50)))
    if share is None:
        assert len(data.split(0, None).held_out) == 10
    else:
        with pytest.raises(SettingError, match="held_out is the share"):
            data.split(0, held_out=share)


def test_scaling_is_learned_on_the_training_rows_only(file):
    text = "x,y\n" + "".join(f"{i},{'ab'[i % 2]}\n" for i in range(10))
    data = read_csv(file(text))
    first = data.split(0).places[0]
    data.inputs[first][0] = 1e6  # an outlier in a row that is held out
    split = data.split(0)
    assert first in split.places
    assert split.scaling.low[0] + split.scaling.width[0] <= 9.0
    assert all(0.0 <= x[0] <= 1.0 for x, _ in split.training)
    assert max(x[0] for x, _ in split.held_out) > 1e4


def test_the_scaling_of_a_number_to_learn_comes_from_the_training_rows_only(file):
    data = read_csv(file("x,y\n" + "".join(f"{i},{i * 1.5}\n" for i in range(10))))
    data.answers[data.split(0).places[0]] = "1e9"
    assert data.split(0).target.width <= 13.5


def test_scaling_takes_each_column_to_0_and_1():
    scaling = Scaling.learned([[2.0, -1.0, 7.0], [4.0, 3.0, 7.0]])
    assert scaling.apply([2.0, -1.0, 7.0]) == [0.0, 0.0, 0.0]
    assert scaling.apply([4.0, 3.0, 8.0]) == [1.0, 1.0, 1.0]
    assert scaling.apply([3.0, 1.0, 7.0]) == [0.5, 0.5, 0.0]


def test_what_lies_far_from_what_was_learned_stays_finite():
    scaling = Scaling.learned([[0.0], [5e-324]])
    assert scaling.apply([1e308]) == [1e6]
    assert scaling.apply([-1e308]) == [-1e6]


def test_a_row_of_another_length_is_refused():
    with pytest.raises(ShapeError, match="a row of 1 numbers is needed, got 2"):
        Scaling.learned([[0.0], [1.0]]).apply([1.0, 2.0])


# --------------------------------------------------------------------------------- errors
@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        ("x,y\n1,a\n2,a\n", {}, "one class only, 'a'"),
        ("x,y\n1,5\n2,5\n", {}, "one class only, 5 in every row"),
        ("x,y\n1,1\n2,1\n", {"task": "classes"}, "one class only, '1'"),
        ("x,y\n1,a\n2,\n", {}, r"row 2 \(line 3\), column 'y': the class is ''"),
        ("x,y\n1,a\n2,nan\n3,b\n", {}, r"row 2 \(line 3\), column 'y': the class is 'nan'"),
        ("x,y\n1,0.5\n2,nan\n", {}, r"row 2 \(line 3\), column 'y': 'nan' is not a finite"),
        ("x,y\n1,0.5\n2,b\n3,1\n", {}, r"row 2 .*column 'y': 'b' is not a number.*task: classes"),
        ("x,y\nred,a\n2,b\n", {}, r"row 1 \(line 2\), column 'x': 'red' is not a number"),
        ("x,y\n1,a\n2,b\n", {"target": "z"}, "no column 'z'"),
        ("x,y\n1,a\n2,b\n", {"ignore": ["q"]}, "no column 'q'"),
        ("y\na\nb\n", {}, "'y' is the only column"),
        ("x,y\n1,a\n2,b\n", {"ignore": ["x"]}, "'y' is the only column"),
        ("x,y\n" + "".join(f"1,c{i}\n" for i in range(1001)), {}, "1001 classes, more than 1000"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_a_data_set_that_cannot_be_learned_is_refused(file, text, options, message):
    with pytest.raises(DataError, match=message):
        read_csv(file(text), **options)


def test_training_rows_of_one_class_are_refused(file):
    data = read_csv(file("x,y\n" + "1,a\n" * 4 + "2,b\n"))
    holds_b_out = next(s for s in range(99) if order(5, stream(s, "split"))[0] == 4)
    with pytest.raises(DataError, match="every row to learn from is of one class, 'a'"):
        data.split(holds_b_out)


def test_a_column_wider_than_floats_is_refused(file):
    data = read_csv(file("x,y\n" + "1e308,a\n-1e308,b\n" * 5))
    with pytest.raises(DataError, match="input column 1 are too far apart"):
        data.split(0)


def test_one_row_cannot_be_split(file):
    with pytest.raises(DataError):
        read_csv(file("x,y\n1,a\n")).split(0)
