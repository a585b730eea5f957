"""Tables as people have them: what is read, what is said of it, and what a model makes of it."""

import dataclasses
import datetime
import gzip
import json
import math
import os
import random
from pathlib import Path

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.command import main
from autograd_bp.errors import DataError, ModelError, SettingError, ShapeError
from autograd_bp.nn import Module, Network, Neuron, prove
from autograd_bp.nn.performances import logistic, softmax
from autograd_bp.training import Model, evaluate, fit, frame_of, load_model, plan, train
from autograd_bp.training.cells import moments, numbers, truths
from autograd_bp.training.delimited import frame_of_file
from autograd_bp.training.encoder import Encoder
from autograd_bp.training.meaning import LinearNumbers, Shares
from autograd_bp.training.rows import ArrayRows
from autograd_bp.training.scores import score_classes, score_numbers


@pytest.fixture
def file(tmp_path):
    def write(content, name="table.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def cells_of(frame):
    return {name: list(column.texts()) for name, column in frame.columns.items()}


def notes(table, **options):
    """What an encoder says of each column of a dict of columns."""
    frame = frame_of(table)
    return dict(Encoder.learned(frame, list(frame.columns), **options).report())


# ------------------------------------------------------------------------------------- cells
@pytest.mark.parametrize(
    ("cells", "expected", "style", "unit"),
    [
        (["1", " 2.5 ", "-3e2"], [1.0, 2.5, -300.0], "", ""),
        (["1,5", "-0,25", "3"], [1.5, -0.25, 3.0], "decimal comma", ""),
        (["1,234", "12,345,678"], [1234.0, 12345678.0], "thousands by commas", ""),
        (["1,234.5", "7"], [1234.5, 7.0], "thousands by commas", ""),
        (["1.234,5", "1.000.000,25"], [1234.5, 1000000.25], "thousands by points", ""),
        (["1 234", "1\u00a0000,5"], [1234.0, 1000.5], "thousands by spaces", ""),
        (["1'234.5", "9"], [1234.5, 9.0], "thousands by apostrophes", ""),
        (["5%", "7.5 %"], [5.0, 7.5], "", "%"),
        (["$1,000", "$ 20"], [1000.0, 20.0], "thousands by commas", "$"),
        (["0,125", "0,500"], [0.125, 0.5], "decimal comma", ""),
        (["−3", "4"], [-3.0, 4.0], "", ""),
        (["3 km/h", "4.5 km/h"], [3.0, 4.5], "", "km/h"),
        (["3kg", "1,5kg"], [3.0, 1.5], "decimal comma", "kg"),
    ],
)
def test_numbers_are_read_as_their_column_writes_them(cells, expected, style, unit):
    found = numbers(cells)
    assert (found.values, found.style, found.unit, found.strange) == (expected, style, unit, [])
    assert numbers(cells, style, unit).values == expected


@pytest.mark.parametrize("cell", ["", " ", "NA", "n/a", "NaN", "null", "None", "?", "-", "inf"])
def test_cells_that_say_nothing_are_missing(cell):
    found = numbers(["1", cell])
    assert math.isnan(found.values[1])
    assert found.strange == []


def test_a_text_among_numbers_is_named():
    assert numbers(["1", "5+", "1_000"]).strange == ["5+", "1_000"]


@pytest.mark.parametrize(
    ("cells", "day"),
    [
        (["2021-03-04", "2021-12-31"], 18690.0),
        (["04.03.2021", "31.12.2021"], 18690.0),
        (["03/04/2021", "12/31/2021"], 18690.0),
        (["2021-03-04 12:00", "2021-12-31 06:00"], 18690.5),
        (["2021-03-04T06:00:00", ""], 18690.25),
        (["Mar 4, 2021", "Dec 31, 2021"], 18690.0),
    ],
)
def test_dates_are_days(cells, day):
    assert moments(cells)[0][0] == day


def test_what_is_no_date_or_no_truth_is_none():
    assert moments(["2021-03-04", "soon"]) is None
    assert moments(["1", "2"]) is None
    assert truths(["Yes", "no", "yes"]) == ("yes", "no")
    assert truths(["yes", "perhaps"]) is None


# ------------------------------------------------------------------------------------- files
@pytest.mark.parametrize(
    ("content", "columns", "remark"),
    [
        ("größe;x\n1;a\n".encode("latin-1"), {"größe": ["1"], "x": ["a"]}, "Windows-1252"),
        ("a,b\n1,2\n".encode("utf-16-le"), {"a": ["1"], "b": ["2"]}, "UTF-16-LE"),
        ("a,b\n1,2\n".encode("utf-8-sig"), {"a": ["1"], "b": ["2"]}, ""),
        (gzip.compress(b"a\tb\n1\t2\n", mtime=0), {"a": ["1"], "b": ["2"]}, ""),
        ("sep=;\na;b\n1;2\n", {"a": ["1"], "b": ["2"]}, ""),
        ("a  b\n1  2\n3  4\n", {"a": ["1", "3"], "b": ["2", "4"]}, ""),
        ("a|b\n1|2\n", {"a": ["1"], "b": ["2"]}, ""),
        ("a,a,a\n1,2,3\n", {"a": ["1"], "a 2": ["2"], "a 3": ["3"]}, "two columns are named 'a'"),
        (",a\n0,5\n1,6\n", {"unnamed": ["0", "1"], "a": ["5", "6"]}, "has no name"),
        ("a,b\nr1,1,2\nr2,3,4\n", {"unnamed": ["r1", "r2"], "a": ["1", "3"], "b": ["2", "4"]}, ""),
        ("a,b,\n1,2,\n", {"a": ["1"], "b": ["2"]}, ""),
        ("a,b\n1,2,\n", {"a": ["1"], "b": ["2"]}, ""),
        ("a,b\n1,2\n3\n", {"a": ["1", "3"], "b": ["2", ""]}, "1 row has fewer cells"),
        ('a,b\n1,"x\ny, z"\n', {"a": ["1"], "b": ["x\ny, z"]}, ""),
        ("5.1,x\n4.9,y\n", {"x1": ["5.1", "4.9"], "x2": ["x", "y"]}, "no header"),
        ("p,x\ne,x\np,y\ne,x\n", {"x1": [*"pepe"], "x2": [*"xxyx"]}, "no header"),
        ("name,2019,2020\na,5,6\nb,7,8\n", {"name": [*"ab"], "2019": [*"57"], "2020": [*"68"]}, ""),
        ("0,1\n5,6\n", {"0": ["5"], "1": ["6"]}, ""),
        ("# by me\n\na,b\n1,2\n3,4\n5,6\n", {"a": [*"135"], "b": [*"246"]}, "2 lines are a title"),
        ("Report,,\na,b,c\n1,2,3\n4,5,6\n", {"a": [*"14"], "b": [*"25"], "c": [*"36"]}, "title"),
        (
            b"n,y\n" + "é,1\n".encode() * 3 + b"\xe9,1\n",
            {"n": [*"ééé\ufffd"], "y": [*"1111"]},
            "damaged characters",
        ),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_files_are_read_whatever_wrote_them(file, content, columns, remark):
    frame = frame_of_file(file(content))
    assert cells_of(frame) == columns
    assert (remark in " ".join(frame.remarks)) if remark else frame.remarks is not None


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('a,b\n1,x\n2,"y\n3,z\n4,w\n', r"line 3 cannot be read as CSV .* opened there"),
        ('a,b\n1,"x\ny"\n2,"y\n3,z\n', "line 4 cannot be read as CSV"),
        ("a,b\n1,2\n1,2,3\n", r"row 2 \(line 3\) has 3 cells where the header has 2"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\0", "not a text file"),
        (gzip.compress(b"a,b\n1,2\n" * 99, mtime=0)[:-9], "cannot read"),
        ("", "is empty"),
    ],
)
def test_what_cannot_be_read_is_named_by_its_line(file, content, message):
    with pytest.raises(DataError, match=message):
        frame_of_file(file(content))


def test_the_header_can_be_said(file):
    assert list(frame_of_file(file("1,2\n3,4\n"), header=True).columns) == ["1", "2"]
    assert list(frame_of_file(file("a,b\nc,d\n"), header=False).columns) == ["x1", "x2"]


def test_pyarrow_reads_the_same_cells(file, monkeypatch):
    pytest.importorskip("pyarrow")
    from autograd_bp.training import loading

    rows = "".join(f'{i},{i / 3:.3f},"a, {i % 3}",{"" if i % 5 else i}\n' for i in range(500))
    path = file("id,x,text,gaps\n" + rows)
    slow = frame_of_file(path)
    monkeypatch.setattr(loading, "LARGE", 1)
    quick = loading.frame_of_path(path)
    assert cells_of(quick) == cells_of(slow)
    (chunk,) = loading.chunks_of_path(path)
    assert cells_of(chunk) == cells_of(slow)


@pytest.mark.parametrize(
    "content",
    [
        '[{"a": 1, "b": "x"}, {"a": 2}]',
        '{"a": [1, 2], "b": ["x", null]}',
        '{"a": 1, "b": "x"}\n{"a": 2, "b": null}\n',
    ],
)
def test_json_is_read(file, content):
    from autograd_bp.training.loading import frame_of_path

    assert cells_of(frame_of_path(file(content))) == {"a": ["1", "2"], "b": ["x", ""]}


@pytest.mark.parametrize(
    ("content", "message"),
    [("<html>", "is HTML"), (b"PK\x03\x04", "Excel"), ("{1", "as JSON"), ("[" * 9999, "as JSON")],
)
def test_what_is_another_kind_of_file_is_named(file, content, message):
    from autograd_bp.training.loading import frame_of_path

    with pytest.raises(DataError, match=message):
        frame_of_path(file(content))


def test_two_whole_numbers_are_classes():
    assert fit([2], {"x": [1.0, 2.0] * 5}, [-1, 1] * 5, epochs=1).target.classes == ("-1", "1")


def test_parquet_is_read(tmp_path):
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    from autograd_bp.training.loading import frame_of_path

    table = pyarrow.table({"a": [1.5, None], "when": [datetime.date(1970, 1, 2), None]})
    parquet.write_table(table, tmp_path / "t.parquet")
    frame = frame_of_path(tmp_path / "t.parquet")
    assert frame.columns["a"].cell(0) == 1.5
    assert frame.columns["when"].kind == "dates"
    assert frame.columns["when"].cell(1) is None


# ----------------------------------------------------------------------------------- encoder
def test_each_kind_of_column_is_encoded_and_told():
    table = {
        "x": [1.0, 2.0, 3.0, None],
        "colour": ["red", "blue", "red", ""],
        "flag": ["yes", "no", "yes", "no"],
        "when": ["2021-01-01", "2021-07-01", "2021-03-04", "2021-12-31"],
        "same": [7, 7, 7, 7],
        "nothing": [None, None, "", None],
        "id": [4, 3, 2, 1],
        "zip": ["01234", "04321", "01234", "04321"],
    }
    told = notes(table)
    assert told["x"] == "number: (x - 2) / 0.8165; 1 missing, filled with 2 and flagged"
    assert told["colour"].startswith("2 categories, an input each: blue, red; 1 missing")
    assert told["flag"] == "yes or no: yes is 1, no is 0"
    assert told["when"].startswith("date: days and the place in the year")
    assert told["same"] == "left out: always 7"
    assert told["nothing"] == "left out: no cell has a value"
    assert told["id"].startswith("left out: it numbers the rows")
    assert told["zip"].startswith("2 categories")
    assert notes(table, keep=["id"])["id"].startswith("number")


def test_the_inputs_are_what_the_names_say():
    frame = frame_of({"x": ["1", "3", ""], "c": ["a", "b", "a"]})
    encoder = Encoder.learned(frame, ["x", "c"])
    assert encoder.names == ["x", "x is missing", "c is a", "c is b"]
    assert encoder.apply(["3", "b"]) == [1.0, 0.0, 0.0, 1.0]
    assert encoder.apply([None, "new"]) == [0.0, 1.0, 0.0, 0.0]
    assert [list(map(float, column)) for column in encoder.table(frame)] == [
        [-1.0, 1.0, 0.0],
        [0.0, 0.0, 1.0],
        [1.0, 0.0, 1.0],
        [0.0, 1.0, 0.0],
    ]


def test_rare_categories_are_one_and_texts_of_their_own_are_left_out():
    cells = ["a"] * 30 + ["b"] * 30 + [f"rare {i}" for i in range(5)]
    assert "5 rare ones (5 rows) count as other" in notes({"c": cells, "d": cells})["c"]
    many = [f"c{i % 60}" for i in range(600)]
    assert notes({"c": many})["c"].startswith("50 categories")
    told = notes({"c": [f"text {i}" for i in range(50)], "x": list(range(50))})
    assert told["c"].startswith("left out: every row has another text")


def test_the_encoder_never_sees_the_rows_held_out(file):
    rows = [f"{i},{'ab'[i % 2]},{i % 2}\n" for i in range(50)]
    first = plan(file("x,c,y\n" + "".join(rows))).split
    place = first.places[0]
    rows[place] = f"1e6,never,{place % 2}\n"
    second = plan(file("x,c,y\n" + "".join(rows))).split
    assert second.places == first.places
    assert second.scaling == first.scaling
    assert max(abs(x[0]) for x, _ in second.held_out) > 1e3


def test_missing_cells_among_the_rows_held_out_alone_are_filled(file):
    rows = [f"{i},{i % 2}\n" for i in range(50)]
    place = plan(file("x,y\n" + "".join(rows))).split.places[0]
    rows[place] = f",{place % 2}\n"
    split = plan(file("x,y\n" + "".join(rows))).split
    assert split.scaling.names == ["x"]
    assert all(math.isfinite(x[0]) for x, _ in split.held_out)


@pytest.mark.parametrize("column", [[1e308, -1e308], ["1e308", "-1e308"]])
def test_numbers_too_far_apart_are_refused(column):
    with pytest.raises(DataError, match="too far apart"):
        notes({"x": column})


# ------------------------------------------------------------------------------------ targets
def test_gammas_of_the_outputs_are_d_minus_z():
    z = [Value(0.3), Value(-1.0), Value(0.2)]
    softmax([0.0, 1.0, 0.0], z).backward()
    shares = [math.exp(v.data) / sum(math.exp(w.data) for w in z) for v in z]
    assert [v.grad for v in z] == pytest.approx(
        [d - s for d, s in zip([0, 1, 0], shares, strict=True)], abs=1e-15
    )
    for α in (-800.0, 0.4, 800.0):
        stimulus = Value(α)
        logistic([1.0], [bp.sigmoid(stimulus)]).backward()
        assert stimulus.grad == pytest.approx(1.0 - bp.sigmoid(α), abs=1e-15)
    assert logistic([1.0], [Value(0.25)]).data == pytest.approx(math.log(0.25))


@pytest.mark.parametrize(
    ("sizes", "last", "output"),
    [([2, 3, 3], "identity", "softmax"), ([2, 3, 1], "sigmoid", "logistic")],
)
@pytest.mark.parametrize("hidden", ["sigmoid", "tanh", "relu"])
def test_outputs_are_proved(sizes, last, output, hidden):
    d = [1.0] + [0.0] * (sizes[-1] - 1)
    assert prove(Network(sizes, [hidden, last]), [0.3, -0.8], d, output=output, decay=0.1).ok


@pytest.mark.parametrize(
    ("answers", "kind", "task"),
    [
        (["a", "b", "c"], Shares, "classes"),
        ([0, 1], Shares, "classes"),
        ([1.5, 2.5, 7.25], LinearNumbers, "numbers"),
    ],
)
def test_targets_have_the_outputs_that_fit(answers, kind, task):
    y = [answers[i % len(answers)] for i in range(30)]
    x = [float(answers.index(a)) for a in y]
    for named in ("auto", task):
        model = fit([4], {"x": x}, y, epochs=60, task=named, rate=0.1)
        assert type(model.target) is kind
    predictions = model.predict({"x": x})
    if task == "classes":
        assert predictions == [str(answer) for answer in y]
        shares = model.predict_probabilities({"x": x[:2]})
        assert all(sum(row) == pytest.approx(1.0) for row in shares)
        assert model.probabilities([x[0]])[str(y[0])] > 0.5
    else:
        assert predictions == pytest.approx(y, abs=0.5)
        with pytest.raises(SettingError, match="no probabilities"):
            model.probabilities([x[0]])


def test_several_targets_are_learned_together():
    x = [i / 30 for i in range(60)]
    table = {"x": x, "a": [2 * v for v in x], "b": [1 - v for v in x]}
    model = fit([5], table, ["a", "b"], epochs=200, rate=0.05)
    assert model.columns == ("x",)
    a, b = model.predict({"x": [0.5]})[0]
    assert (a, b) == (pytest.approx(1.0, abs=0.1), pytest.approx(0.5, abs=0.1))
    scores = model.score(table)
    assert [score.name for score in scores] == ["a", "b"]
    assert all(score.r2 > 0.95 for score in scores)


def test_weights_of_rows_count_and_a_weight_of_0_is_no_row():
    x, y = [0.0, 1.0, 2.0, 3.0] * 5, ["a", "a", "b", "b"] * 5
    wrong = [*y[:-1], "a"]
    kept = {"x": x[:-1]}
    for compiled in (True, False):
        options = {"epochs": 20, "batch": 20, "compiled": compiled, "activation": "tanh"}
        weighted = fit([2], {"x": x}, wrong, sample_weight=[1.0] * 19 + [0.0], **options)
        assert weighted.predict({"x": [3.0]}) == ["b"]
        assert fit([2], kept, y[:-1], **options).predict({"x": [3.0]}) == ["b"]
    for bad in ([1.0], [-1.0] * 20, [0.0] * 20, [float("nan")] * 20):
        with pytest.raises(DataError, match="sample_weight"):
            fit([2], {"x": x}, y, sample_weight=bad)


@pytest.mark.parametrize("batch", [1, 4])
def test_weights_and_decay_are_the_same_compiled_and_eager(batch):
    rng = random.Random(1)
    rows = [([rng.random(), rng.random()], [float(i % 2)]) for i in range(11)]
    weights = [rng.random() for _ in rows]
    states = []
    for compiled in (True, False):
        network = Network([2, 3, 1], seed=2)
        history = train(
            network,
            rows,
            epochs=3,
            batch=batch,
            compiled=compiled,
            sample_weight=weights,
            decay=0.3,
            performance=logistic,
        )
        states.append([w.data for w in network.parameters()] + history.P)
    np.testing.assert_allclose(*states, rtol=1e-10)


def test_one_step_with_decay_is_the_hand_derived_one():
    network = Network([1, 1], "identity")
    neuron = network.layers[0].neurons[0]
    neuron.w0.data, neuron.w1.data = 0.5, 2.0
    train(network, [([3.0], [1.0])], rate=0.1, epochs=1, decay=0.25, sample_weight=[2.0])
    γ = 2.0 * (1.0 - (2.0 * 3.0 - 0.5))
    assert neuron.w1.data == pytest.approx(2.0 + 0.1 * (γ * 3.0 - 0.25 * 2.0), rel=1e-15)
    assert neuron.w0.data == pytest.approx(0.5 + 0.1 * -γ, rel=1e-15)


def test_balanced_classes_find_the_rare_one():
    rng = random.Random(0)
    y = ["rare" if i % 20 == 0 else "common" for i in range(400)]
    table = {"x": [rng.gauss(2.0 * (answer == "rare"), 1.0) for answer in y]}
    recall = [
        fit([3], table, y, epochs=30, balanced=balanced).score({**table, "y": y}).recall["rare"]
        for balanced in (False, True)
    ]
    assert recall[1] > recall[0] + 0.2


def test_stratified_splits_hold_the_same_share_of_each_class(file):
    rows = "".join(f"{i},{'ab'[i % 10 == 0]}\n" for i in range(100))
    split = plan(file("x,y\n" + rows), stratify=True).split
    rare = [place for place in split.places if place % 10 == 0]
    assert (len(split.places), len(rare)) == (20, 2)


# -------------------------------------------------------------------------------------- scores
def test_the_score_of_classes_is_what_the_definitions_say():
    score = score_classes(
        ["a", "b"],
        ["a", "a", "b", "b", "b"],
        ["a", "b", "b", "b", "a"],
        "a",
        [[0.8, 0.2], [0.4, 0.6], [0.1, 0.9], [0.3, 0.7], [0.6, 0.4]],
    )
    assert score.confusion == ((1, 1), (1, 2))
    assert (score.accuracy, score.baseline) == (0.6, 0.4)
    assert score.recall == {"a": 0.5, "b": pytest.approx(2 / 3)}
    assert score.precision == {"a": 0.5, "b": pytest.approx(2 / 3)}
    entropy = -sum(map(math.log, [0.8, 0.4, 0.9, 0.7, 0.4])) / 5
    assert score.cross_entropy == pytest.approx(entropy)
    # One bin each for 0.9, 0.8, 0.7, which were right, and one for 0.6 twice, which were wrong.
    assert score.calibration_error == pytest.approx((0.1 + 0.2 + 0.3 + 1.2) / 5)


def test_the_score_of_numbers_is_what_the_definitions_say():
    score = score_numbers("y", [1.0, 2.0, 3.0], [1.0, 2.0, 5.0], mean=1.0)
    assert score.rmse == pytest.approx(math.sqrt(4 / 3))
    assert score.mae == pytest.approx(2 / 3)
    assert score.r2 == pytest.approx(1 - 4 / 2)
    assert score.baseline == pytest.approx(math.sqrt(5 / 3))


# ------------------------------------------------------------------------------- tables of any make
def made(make):
    return make({"a": [1.0, 2.0, 3.0, 4.0] * 5, "c": ["u", "v", "u", "w"] * 5})


@pytest.mark.parametrize(
    "make",
    [
        lambda table: table,
        lambda table: [
            dict(zip(table, row, strict=True)) for row in zip(*table.values(), strict=True)
        ],
        lambda table: iter([table]),
        lambda table: pytest.importorskip("pandas").DataFrame(table),
        lambda table: pytest.importorskip("polars").DataFrame(table),
        lambda table: pytest.importorskip("pyarrow").table(table),
        lambda table: np.array(
            list(zip(*table.values(), strict=True)), dtype=[("a", float), ("c", "U1")]
        ),
    ],
    ids=["dict", "list of dicts", "chunks", "pandas", "polars", "Arrow", "structured array"],
)
def test_every_make_of_table_is_the_same_table(make):
    y = [0, 1, 1, 0] * 5
    model = fit([3], made(make), y, epochs=3)
    expected = fit([3], made(dict), y, epochs=3)
    assert model.scaling == expected.scaling
    assert model.network.state_dict() == expected.network.state_dict()
    assert model.predict(made(make)) == expected.predict(made(dict))


def test_missing_cells_of_pandas_are_missing():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(
        {
            "i": pandas.array([1, None, 3, 4] * 5, dtype="Int64"),
            "c": pandas.Categorical(["u", None, "v", "u"] * 5),
            "t": pandas.to_datetime(["2020-01-01", None, "2020-02-01", "2020-03-01"] * 5),
            "b": pandas.array([True, None, False, True] * 5, dtype="boolean"),
        }
    )
    encoder = Encoder.learned(frame_of(frame), list(frame))
    assert all("5 missing" in note for _, note in encoder.report())


def test_arrays_are_columns_in_their_order_and_rows_may_be_given_one_by_one():
    X = np.array([[float(i), float(i % 3)] for i in range(30)])
    y = np.array([i % 2 for i in range(30)])
    model = fit([3], X, y, epochs=2)
    assert model.predict(X) == model.predict([list(row) for row in X])
    assert model.predict(X)[4] == model.predict(list(X[4])) == model.predict({"x1": 4.0, "x2": 1.0})
    many = np.tile(X, (10, 1))  # by the compiled network
    assert model.predict(many)[:30] == model.predict(X)


def test_tables_of_unusual_makes():
    X, y = np.arange(8.0), [0, 1] * 4
    days = [datetime.timedelta(hours=12 * i) for i in range(8)]
    assert frame_of({"d": days}).columns["d"].cells[3] == 1.5
    model = fit([2], {"x": X}, y, epochs=1)
    assert model.predict([]) == model.predict(np.zeros((0, 1))) == []
    with pytest.raises(DataError, match="complex"):
        fit([2], {"x": X * 1j}, y)
    with pytest.raises(DataError, match="two dimensions"):
        fit([2], np.zeros((8, 2, 2)), y)


def test_a_network_of_ones_own_has_to_fit_the_table():
    X, y = np.ones((10, 2)) * np.arange(10)[:, None], [0, 1] * 5
    network = Network([2, 3, 1])
    assert fit(network, X, y, epochs=1).network is network
    with pytest.raises(ShapeError, match="2 inputs and 1 outputs"):
        fit(Network([3, 1]), X, y)
    with pytest.raises(SettingError, match="outputs of this target are sigmoid neurons"):
        fit(Network([2, 1], "tanh"), X, y)
    with pytest.raises(DataError, match="X has 10 rows and y has 3"):
        fit(None, X, [0, 1, 0])


def test_rows_of_a_table_are_pairs_on_demand():
    rows = ArrayRows([[1.0, 2.0], np.array([3.0, 4.0])], [[0.0], [1.0]])
    assert list(rows) == [([1.0, 3.0], [0.0]), ([2.0, 4.0], [1.0])]
    assert evaluate(Network([2, 1]), rows, compiled=True)[0] == pytest.approx(
        evaluate(Network([2, 1]), list(rows), compiled=False)[0]
    )


# ---------------------------------------------------------------------------------- the model
def any_model():
    table = {
        "x": ["1", "2", "", "4"] * 5,
        "c": ["u", "v", "u", "w"] * 5,
        "f": ["yes", "no", "no", "yes"] * 5,
        "d": [f"2021-0{i % 9 + 1}-11" for i in range(20)],
        "k": ["same"] * 20,
    }
    return fit([3], table, ["p", "q", "r", "q"] * 5, epochs=2, decay=0.01), table


def test_a_model_with_an_encoder_comes_back_from_its_file(tmp_path):
    model, table = any_model()
    path = model.save(tmp_path / "model.json")
    loaded = load_model(path)
    assert loaded.scaling == model.scaling
    assert loaded.target == model.target
    assert loaded.predict(table) == model.predict(table)
    assert loaded.to_json() == model.to_json()
    assert loaded.prove().ok
    content = json.loads(path.read_text())
    assert content["version"] == 2
    assert {"release", "date", "fingerprint", "rows"} <= set(content["about"])


@pytest.mark.parametrize(
    "change",
    [
        lambda e: e.pop(),
        lambda e: e.append(e[0]),
        lambda e: e.__setitem__(0, 7),
        lambda e: e[0].pop("mean"),
        lambda e: e[0].update(scale=0.0),
        lambda e: e[0].update(scale="1"),
        lambda e: e[0].update(kind="code"),
        lambda e: e[0].update(kind=["number"]),
        lambda e: e[0].update(style="eval"),
        lambda e: e[0].update(more=1),
        lambda e: e[1].update(values=["u", "u", "w"]),
        lambda e: e[1].update(has_missing=1),
        lambda e: e[3].update(cycles=[0.0]),
        lambda e: e[3].update(cycles=[1.0] * 10**5),
    ],
)
def test_a_hostile_encoder_is_refused(tmp_path, change):
    content = json.loads(any_model()[0].to_json())
    kept = content["encoder"].pop() if content["encoder"][-1]["kind"] == "left out" else None
    assert kept
    change(content["encoder"])
    (tmp_path / "model.json").write_text(json.dumps(content))
    with pytest.raises(ModelError):
        load_model(tmp_path / "model.json")


def test_a_module_of_ones_own_is_saved_with_the_name_of_its_factory(tmp_path):
    class Twice(Module):
        def __init__(self):
            self.first, self.second = Neuron(1, "tanh", seed=1), Neuron(1, seed=2)

        def __call__(self, x):
            return [self.second([self.first(x)])]

    table = {"x": [1.0, 2.0, 3.0, 4.0]}
    model = fit(Twice(), table, [0, 0, 1, 1], epochs=50)
    with pytest.raises(ModelError, match="names a factory"):
        model.save(tmp_path / "model.json")
    path = dataclasses.replace(model, factory="twice").save(tmp_path / "model.json")
    with pytest.raises(ModelError, match="its network is made by 'twice'"):
        load_model(path)
    loaded = load_model(path, {"twice": Twice})
    assert loaded.network.state_dict() == model.network.state_dict()
    assert loaded.predict(table) == model.predict(table)
    with pytest.raises(ModelError, match="does not fit"):
        load_model(path, {"twice": lambda: Neuron(1)})


def test_files_of_version_1_load(tmp_path):
    old = {
        "format": "autograd_bp model",
        "version": 1,
        "about": {},
        "sizes": [2, 1],
        "activations": ["sigmoid"],
        "bias": True,
        "target": {"name": "kind", "classes": ["no", "yes"]},
        "columns": ["a", "b"],
        "low": [0.0, 1.0],
        "width": [1.0, 2.0],
        "example": {"row": [0.5, 2.0], "answer": "yes"},
        "weights": [[[0.5, 1.0, -1.0]]],
    }
    (tmp_path / "old.json").write_text(json.dumps(old))
    model = load_model(tmp_path / "old.json")
    assert model.predict([1.0, 1.0]) == "yes"
    assert model.predict({"a": [1.0, 0.0], "b": [1.0, 3.0]}) == ["yes", "no"]
    assert isinstance(model, Model)


def test_a_missing_cell_where_none_was_learned_is_refused_or_filled():
    model = fit([2], {"x": [1.0, 2.0, 3.0, 4.0], "c": [*"uvuv"]}, [0, 0, 1, 1], epochs=2)
    with pytest.raises(DataError, match="row 2, column 'x': the cell is empty"):
        model.predict({"x": [1.0, None], "c": ["u", "v"]})
    with pytest.raises(DataError, match=r"column 'c'.*the cell is empty"):
        model.predict([1.0, None])
    assert len(model.predict({"x": [1.0, None], "c": ["u", ""]}, fill=True)) == 2


# -------------------------------------------------------------------------- the command line
PENGUINS = "species,island,bill,mass,sex\n" + "".join(
    f"{kind},{island},{bill + i % 7 / 3:.1f},{mass + 13 * (i % 5)},{['m', 'f', 'NA'][i % 3]}\n"
    for i in range(30)
    for kind, island, bill, mass in (
        ("Adelie", "Dream", 38.0, 3700),
        ("Gentoo", "Biscoe", 47.5, 5000),
        ("Chinstrap", "Dream", 49.0, 3750),
    )
)


def test_a_table_with_text_and_gaps_is_learned_at_once(folder, capsys):
    Path("penguins.csv").write_text(PENGUINS.replace("38.0", "NA"))
    line = ["train", "penguins.csv", "--target", "species", "--epochs", "30", "--stratify"]
    assert main([*line, "--activation", "tanh", "--decay", "0.001"]) == 0
    told = capsys.readouterr().out
    assert "island  2 categories, an input each: Biscoe, Dream" in told
    assert "missing, filled with" in told
    assert "tanh-softmax network" in told
    assert "always 'Adelie' would be" in told
    assert "proof: 13 y, 13 γ" in told
    Path("new.csv").write_text("\n".join(PENGUINS.splitlines()[:4]) + "\n")
    assert main(["predict", "penguins-run/model.json", "new.csv", "--probabilities"]) == 0
    header, *rows = capsys.readouterr().out.splitlines()
    assert header.startswith("prediction,probability of Adelie,")
    assert [row.split(",")[0] for row in rows] == ["Adelie", "Gentoo", "Chinstrap"]
    assert main(["score", "penguins-run/model.json", "penguins.csv"]) == 0
    assert "true class  said:" in capsys.readouterr().out
    assert main(["prove", "penguins-run/model.json", "--data", "penguins.csv", "--row", "2"]) == 0


def test_numbers_have_linear_outputs_and_the_post_is_one_option_away(folder, capsys):
    Path("t.csv").write_text(PENGUINS)
    assert main(["train", "t.csv", "--target", "mass", "--target", "bill", "--epochs", "20"]) == 0
    told = capsys.readouterr().out
    assert "sigmoid-linear network" in told
    assert told.count("R² ") == 2
    line = ["train", "t.csv", "--target", "mass", "--epochs", "5", "--outputs", "sigmoid"]
    assert main(line) == 0
    assert "1 sigmoid network" in capsys.readouterr().out


def test_many_rows_are_predicted_in_chunks(folder, capsys):
    Path("t.csv").write_text("x,y\n" + "".join(f"{i % 10},{i % 10 > 4:d}\n" for i in range(100)))
    assert main(["train", "t.csv", "--epochs", "30"]) == 0
    Path("new.csv").write_text("x\n" + "".join(f"{i % 10}\n" for i in range(45_000)))
    capsys.readouterr()
    assert main(["predict", "t-run/model.json", "new.csv", "--out", "said.csv"]) == 0
    said = Path("said.csv").read_text().splitlines()
    assert len(said) == 45_001
    assert said[1:11] == said[40_001:40_011] == [str(int(i > 4)) for i in range(10)]
    Path("bad.csv").write_text("x\n" + "1\n" * 30_000 + "one\n")
    assert main(["predict", "t-run/model.json", "bad.csv", "--out", "other.csv"]) == 2
    assert "row 30001 (line 30002), column 'x': 'one' is not a number" in capsys.readouterr().err
    assert not os.path.exists("other.csv")
