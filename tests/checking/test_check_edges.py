"""Verdicts beside the end of a domain, a pole, or a place where an iteration stops."""

from __future__ import annotations

import contextlib
import io
import math

import pytest

import autograd_bp as bp
from autograd_bp.checking import check_gradient
from autograd_bp.checking.gradient.verdicts import Verdict

LARGE = 1.7e9
FACTORS = (1.03, 0.9, 0.5, -1.0)


def _slope_of_root(x):
    return 0.5 / math.sqrt(x - 1)


NEAR = {
    "acos": (math.acos, lambda x: -1 / math.sqrt((1 - x) * (1 + x)), -1.0),
    "asin": (math.asin, lambda x: 1 / math.sqrt((1 - x) * (1 + x)), -1.0),
    "atanh": (math.atanh, lambda x: 1 / ((1 - x) * (1 + x)), -1.0),
    "logarithm": (lambda x: math.log(1 - x), lambda x: -1 / (1 - x), -1.0),
    "circle": (
        lambda x: math.sqrt((1 - x) * (1 + x)),
        lambda x: -x / math.sqrt((1 - x) * (1 + x)),
        -1.0,
    ),
    "acosh": (math.acosh, lambda x: 1 / math.sqrt((x - 1) * (x + 1)), 1.0),
    "root": (lambda x: math.sqrt(x - 1), _slope_of_root, 1.0),
    "pole": (lambda x: 1 / (x - 1), lambda x: -1 / (x - 1) ** 2, 1.0),
    "logarithmic pole": (lambda x: math.log(abs(x - 1)), lambda x: 1 / (x - 1), 1.0),
    "power": (lambda x: (x - 1) ** 0.3, lambda x: 0.3 * (x - 1) ** -0.7, 1.0),
}


@pytest.mark.parametrize("name", NEAR)
@pytest.mark.parametrize("distance", [1e-14, 1e-13, 3e-12, 1e-9])
def test_a_slope_beside_an_edge_or_a_pole_is_that_of_the_nearest_steps(name, distance):
    f, slope, side = NEAR[name]
    x = 1.0 + side * distance
    assert check_gradient(f, x, slope).verdict in (Verdict.OK, Verdict.NOISY)
    for factor in FACTORS:
        report = check_gradient(f, x, lambda x, factor=factor: factor * slope(x))
        assert report.verdict in (Verdict.WRONG, Verdict.NOISY), str(report)


@pytest.mark.parametrize("log", [math.log, bp.log])
def test_a_logarithm_near_its_end_at_a_large_number_has_no_kink(log):
    def slope(t):
        return 1 / (t - LARGE - 0.249)

    def f(t):
        return log(t - LARGE - 0.249)

    assert check_gradient(f, LARGE + 0.25, slope).verdict in (Verdict.OK, Verdict.NOISY)
    for factor in FACTORS:
        report = check_gradient(f, LARGE + 0.25, lambda t, factor=factor: factor * slope(t))
        assert report.verdict in (Verdict.WRONG, Verdict.NOISY), str(report)


def test_no_tolerance_of_three_percent_lets_a_gradient_pass():
    def f(t):
        return 1 / (t - LARGE - 0.2499)

    wrong = check_gradient(f, LARGE + 0.25, lambda t: -1.03 / (t - LARGE - 0.2499) ** 2)
    assert wrong.verdict in (Verdict.WRONG, Verdict.NOISY)
    right = check_gradient(f, LARGE + 0.25, lambda t: -1 / (t - LARGE - 0.2499) ** 2)
    assert right.verdict is Verdict.OK
    assert right.components[0].tolerance <= 1e-3


@pytest.mark.parametrize(("f", "x"), [(lambda x: bp.sqrt(x - 1), 1 + 1e-14), (bp.acosh, 1 + 1e-14)])
def test_autodiff_alone_is_not_wrong_beside_an_edge(f, x):
    assert check_gradient(f, x).verdict in (Verdict.OK, Verdict.NOISY)


@pytest.mark.parametrize("ulps", [1, 2, 3, 5])
def test_a_few_floats_from_an_edge_nothing_is_said_to_be_wrong(ulps):
    x = 1.0 + ulps * 2.0**-52
    report = check_gradient(lambda x: math.sqrt(x - 1), x, _slope_of_root)
    assert report.verdict is not Verdict.WRONG
    assert report.verdict is not Verdict.KINK


@pytest.mark.parametrize(
    ("f", "x", "slope"),
    [
        (abs, 0.0, 0.5),
        (lambda x: abs(x - LARGE), LARGE, 0.5),
        (lambda x: abs(x - 1) + 1e3, 1.0, -0.3),
        (lambda x: max(math.exp(x) - math.e, 0.0), 1.0, 1.0),
        (lambda x: math.sqrt(abs(x - 1)) + 5, 1.0, 0.0),
        (lambda x: abs(math.log(x)) / 3, 1.0, 0.0),
    ],
)
def test_a_real_kink_stays_one(f, x, slope):
    assert check_gradient(f, x, slope).verdict is Verdict.KINK


def test_a_loop_that_turns_as_its_numbers_ask_for_is_noisy_or_says_so():
    def heron(a):
        y = 1.0
        while abs(y * y - a) > 1e-3:
            y = 0.5 * (y + a / y)
        return y

    assert check_gradient(heron, 1.05, lambda a: 0.5 / math.sqrt(a)).verdict is Verdict.NOISY
    far = check_gradient(heron, 1.05, lambda a: 0.55 / math.sqrt(a))
    assert far.verdict is Verdict.WRONG
    assert "tolerance=" in far.components[0].remark


def test_where_a_minimizer_stops_is_no_kink():
    optimize = pytest.importorskip("scipy.optimize")

    def f(a):
        def loss(z):
            return (z[0] - a) ** 2 + 3 * (z[1] - a * a) ** 2 + z[0] * z[1]

        return float(optimize.minimize(loss, [0.0, 0.0]).x[0])

    for factor in (1.0, 1.015):
        assert check_gradient(f, 0.7, 0.3272727 * factor).verdict is Verdict.NOISY


def test_nothing_is_printed_of_a_try_on_values():
    optimize = pytest.importorskip("scipy.optimize")
    text = io.StringIO()
    with contextlib.redirect_stderr(text):
        check_gradient(
            lambda a: optimize.fsolve(lambda y: y * y - a, 1.0)[0], 2.0, lambda a: 0.5 / a**0.5
        )
    assert text.getvalue() == ""
