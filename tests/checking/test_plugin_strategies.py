"""Hypothesis strategies for points, and domains."""

import math
import subprocess
import sys

import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

import autograd_bp as bp
from autograd_bp.checking.points import strategies
from autograd_bp.checking.points.kinks import BUILT_IN, gap
from autograd_bp.errors import PrimitiveError, SettingError
from autograd_bp.primitives import TABLE, Primitive


@given(strategies.interval(-2, 5))
def test_an_interval_has_nothing_outside(x):
    assert -2 <= x <= 5


@given(strategies.interval(-2, 5, avoid=(0.0, 1.0), margin=0.25))
def test_kinks_are_avoided_by_the_margin(x):
    assert abs(x) >= 0.25
    assert abs(x - 1) >= 0.25


@given(strategies.interval(-2, 5, only=(0.0, 1.0, 7.0)))
def test_only_kinks_inside_on_demand(x):
    assert x in (0.0, 1.0)


@pytest.mark.parametrize(
    ("strategy", "condition", "simplest"),
    [
        (strategies.interval(-5, 5), lambda x: True, 0.0),
        (strategies.interval(-5, 5), lambda x: x > 1.3, 2.0),
        (strategies.interval(-5, 5, avoid=(0,)), lambda x: True, 1.0),
        (strategies.interval(2, 5), lambda x: True, 2.0),
        (strategies.points([(0.5, 4), (0.5, 4)]), lambda p: p[0] + p[1] > 3.5, [1.0, 3.0]),
    ],
)
def test_points_shrink_to_simple_numbers(strategy, condition, simplest):
    assert find(strategy, condition, settings=settings(derandomize=True)) == simplest


@given(strategies.points({"w": [(-1, 1), (2, 3)], "rate": "log"}))
def test_points_have_the_shape_of_the_domain(point):
    assert {*point} == {"w", "rate"}
    assert -1 <= point["w"][0] <= 1
    assert 2 <= point["w"][1] <= 3
    assert point["rate"] > 0


WITH_DERIVATIVE = [row for row in TABLE if row.partials is not None and row.name in BUILT_IN]


@given(st.data())
@settings(max_examples=10)
@pytest.mark.parametrize("row", WITH_DERIVATIVE, ids=lambda row: row.name)
def test_inputs_of_a_row_lie_in_its_domain_and_off_its_kinks(row, data):
    inputs = data.draw(strategies.inputs(row))
    assert math.isfinite(row.forward(*inputs))
    domain = row.domain if row.arity is not None else row.domain * len(inputs)
    near = 0.999 * strategies.MARGIN
    assert all(low + near < x < high - near for x, (low, high) in zip(inputs, domain, strict=True))
    assert gap(row, inputs) is None or abs(gap(row, inputs)) >= strategies.MARGIN


KINKED = [
    "relu",
    "abs",
    "maximum",
    "minimum",
    "sqrt",
    "cbrt",
    "hypot",
    "atan2",
    "norm",
    "floor",
    "sign",
    "pow",
    "power",
    "heaviside",
]


@given(st.data())
@settings(max_examples=10)
@pytest.mark.parametrize("name", KINKED)
def test_inputs_on_the_kink_on_demand(name, data):
    inputs = data.draw(strategies.inputs(name, at_kinks=True))
    assert gap(Primitive.named(name), inputs) == 0.0


def test_the_end_of_a_domain_is_kept_away_from():
    with pytest.raises(NoSuchExample):
        find(strategies.inputs("log"), lambda x: x[0] < strategies.MARGIN)


def test_a_smooth_row_has_no_kink_to_go_to():
    with pytest.raises(SettingError, match="exp has no kink"):
        strategies.inputs("exp", at_kinks=True)


@given(strategies.smooth_points(lambda p: bp.relu(p[0] - p[1]), [(0, 5), (0, 5)], margin=0.5))
def test_points_keep_away_from_the_kinks_of_a_function(point):
    assert abs(point[0] - point[1]) >= 0.5


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: strategies.interval(3, 1), SettingError, "low <= high"),
        (lambda: strategies.interval(0, float("inf")), SettingError, "low <= high"),
        (lambda: strategies.interval(0, 1, margin=-1.0), SettingError, "margin must be 0 or more"),
        (
            lambda: strategies.interval(0, 1, avoid=(0.5,), margin=2),
            SettingError,
            "nothing is left",
        ),
        (lambda: strategies.interval(0, 1, only=(5,)), SettingError, "none of the kinks"),
        (lambda: strategies.points("nothing"), SettingError, "not the name of a primitive"),
        (lambda: strategies.points([]), SettingError, "a domain is"),
        (lambda: strategies.inputs("nothing"), PrimitiveError, "no primitive named"),
    ],
)
def test_what_is_no_domain_is_refused(make, error, message):
    with pytest.raises(error, match=message):
        make()


def test_without_hypothesis_the_error_names_the_command():
    program = (
        "import sys; sys.modules['hypothesis'] = None\n"
        "from autograd_bp.checking import strategies\n"
        "try: strategies.interval(0, 1)\n"
        "except Exception as error: print(type(error).__name__, error)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.startswith("MissingExtraError strategies need Hypothesis"), done.stderr
    assert "pip install hypothesis" in done.stdout
