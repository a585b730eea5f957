"""check_gradient near poles, overflow and jumps, where functions rest, and below rounding."""

import math

import pytest

import autograd_bp as bp
from autograd_bp.checking import Verdict, check_gradient
from autograd_bp.errors import OperandError

np = pytest.importorskip("numpy")


def verdict(f, x, gradient):
    return check_gradient(f, x, gradient).verdict


@pytest.mark.parametrize("units", [5, 13, 40, 387, 5_000])
@pytest.mark.parametrize("side", [-1.0, 1.0])
def test_near_a_pole_right_gradients_are_not_wrong_and_wrong_ones_do_not_pass(units, side):
    x = math.pi / 2.0 + side * units * math.ulp(1.5)

    def slope(x):
        return 1.0 + math.tan(x) ** 2

    assert verdict(math.tan, x, slope) is not Verdict.WRONG
    for factor in (1.5, -1.0, 0.0):
        assert not check_gradient(math.tan, x, lambda x, c=factor: c * slope(x)).ok


@pytest.mark.parametrize("x", [26.0, 26.5, 26.58, 26.6, 26.64])
def test_a_slope_beyond_the_largest_float_is_infinite(x):
    def f(x):
        return math.exp(x * x)

    def slope(x):
        return 2.0 * x * math.exp(x * x)

    assert verdict(f, x, slope) is Verdict.OK
    assert verdict(f, x, lambda x: -slope(x)) is Verdict.WRONG
    assert not check_gradient(f, x, lambda x: min(0.98 * slope(x), 1e308)).ok
    assert verdict(lambda x: bp.exp(x * x), x, None) is Verdict.OK


def test_a_directional_derivative_that_overflows_is_not_right():
    report = check_gradient(
        lambda v: math.exp(v[0]) + v[1], [709.7, 1.0], lambda v: [2.0 * math.exp(v[0]), 1.0],
        directions=2,
    )  # fmt: skip
    assert report.verdict is Verdict.UNDEFINED


def test_a_function_that_rests_has_the_slope_0():
    point = [1.0, 2.0, 3.0, 4.0, 5.5]

    def median(v):
        return sorted(v)[2]

    assert verdict(median, point, lambda v: [0.0, 0.0, 1.0, 0.0, 0.0]) is Verdict.OK
    assert verdict(median, point, lambda v: [0.0, 1.0, 0.0, 0.0, 0.0]) is Verdict.WRONG
    # Values that are rounded rest, too.
    assert verdict(lambda x: round(math.sin(x), 6), 0.3, lambda x: 0.0) is Verdict.WRONG


@pytest.mark.parametrize("distance", [1e-3, 1e-5, 1e-7])
def test_a_jump_beside_the_point_is_no_jump_at_it(distance):
    x = 1.0 + distance
    assert verdict(lambda x: float(x >= 1.0), x, lambda x: 0.0) is Verdict.OK
    assert verdict(lambda x: float(x >= 1.0) + x, x, lambda x: 1.0) is Verdict.OK
    assert not check_gradient(lambda x: float(x >= 1.0) + x, x, lambda x: 1.5).ok
    assert verdict(lambda x: float(x >= 1.0), 1.0, lambda x: 0.0) is Verdict.UNDEFINED


def test_beside_an_infinite_slope_a_kink_ends_at_the_finite_one():
    def corner(x):
        return math.sqrt(x - 1.0) if x > 1.0 else x - 1.0

    for between in (1.0, 5.0, math.inf):
        assert verdict(corner, 1.0, lambda x, g=between: g) is Verdict.KINK
    for outside in (0.5, -1.0):
        assert verdict(corner, 1.0, lambda x, g=outside: g) is Verdict.WRONG


def test_a_slope_that_is_infinite_like_a_logarithm_confirms_no_number():
    def entropy(p):
        return -p * math.log(p) if p > 0.0 else 0.0

    for number in (math.inf, 1.0, -1.0, 26.0):
        report = check_gradient(entropy, 0.0, lambda p, g=number: g)
        assert report.verdict is not Verdict.OK
        assert number == math.inf or not report.ok


def test_a_wave_that_dies_towards_the_point_has_the_slope_0_there():
    def wave(x):
        return x * x * math.sin(1.0 / x) if x else 0.0

    assert verdict(wave, 0.0, lambda x: 0.0) is Verdict.OK
    assert not check_gradient(wave, 0.0, lambda x: 0.01).ok


@pytest.mark.parametrize("factor", [1.03, 1.001, -1.0])
def test_a_fast_wave_in_the_gradient_function_is_no_noise(factor):
    start = 1.7e9

    def wave(x):
        return bp.sin(x - start)

    assert verdict(wave, start + 0.7, lambda x: math.cos(x - start)) is Verdict.OK
    wrong = verdict(wave, start + 0.7, lambda x: factor * math.cos(x - start))
    assert wrong is Verdict.WRONG


def test_a_slope_below_rounding_is_tested_where_it_shows():
    point = np.array([80.0, 25.0, 30.0, 78.0])

    def log_sum_exp(v):
        return float(v.max() + np.log(np.exp(v - v.max()).sum()))

    def softmax(v):
        return np.exp(v - v.max()) / np.exp(v - v.max()).sum()

    def flipped(v):
        return softmax(v) * np.array([1.0, 1.0, -1.0, 1.0])

    def twice(v):
        return softmax(v) * np.array([1.0, 2.0, 1.0, 1.0])

    report = check_gradient(log_sum_exp, point, softmax)
    assert report.verdict is Verdict.OK
    assert "where it shows" in report.components[2].remark
    for wrong in (flipped, twice, flipped(point)):
        assert check_gradient(log_sum_exp, point, wrong).verdict is Verdict.NOISY


def test_the_tolerance_that_a_solver_was_given_says_what_it_may_leave():
    integrate = pytest.importorskip("scipy.integrate")
    end, start = 1.234, 0.1847

    def logistic(v):
        growth = lambda y, t: v[0] * y * (1.0 - y / v[1])  # noqa: E731
        times = [0.0, end]
        return float(integrate.odeint(growth, start, times, rtol=1e-3, atol=1e-3)[-1, 0])

    def exact(v):
        grown = math.exp(-v[0] * end)
        ratio = (v[1] - start) / start
        bottom = 1.0 + ratio * grown
        by_capacity = 1.0 / bottom - v[1] * grown / start / bottom**2
        return np.array([v[1] * ratio * grown * end / bottom**2, by_capacity])

    point = np.array([1.706, 1.004])
    report = check_gradient(logistic, point, exact)
    assert report.verdict is Verdict.NOISY
    assert "odeint" in str(report)
    assert "tolerance=" in str(report)
    assert verdict(logistic, point, lambda v: 1.2 * exact(v)) is Verdict.WRONG


@pytest.mark.parametrize("factor", [1.02, 1.1, -1.0, 0.0])
def test_ten_per_cent_are_no_rounding_in_float16(factor):
    point = np.array([0.5, 1.0, 0.25], dtype=np.float16)
    formats = set()

    def waves(v):
        formats.add(v.dtype)
        return np.sum(np.sin(v))

    assert verdict(waves, point, np.cos) is Verdict.OK
    assert np.dtype("float64") in formats  # it is the same function there
    assert not check_gradient(waves, point, lambda v: v.dtype.type(factor) * np.cos(v)).ok


def test_a_function_that_takes_float16_alone_is_checked_in_it():
    point = np.array([0.5, 1.0], dtype=np.float16)

    def waves(v):
        assert v.dtype == np.float16
        return np.sum(np.sin(v))

    assert verdict(waves, point, np.cos) in (Verdict.OK, Verdict.NOISY)
    assert verdict(waves, point, lambda v: -np.cos(v)) is Verdict.WRONG


def test_beside_a_power_of_two_four_calls_confirm_a_component():
    edges = np.concatenate([2.0 ** np.arange(-4.0, 4.0)] * 8)
    point = edges * (1.0 + np.linspace(-1e-3, 1e-3, len(edges)))
    calls = []

    def f(v):
        calls.append(1)
        return float(np.sin(v).sum())

    assert verdict(f, point, np.cos) is Verdict.OK
    assert len(calls) < 6 * len(point)


def test_objects_of_pandas_are_points_and_gradients():
    pandas = pytest.importorskip("pandas")
    point = pandas.Series([1.0, 2.0], index=["a", "b"])

    def f(s):
        return s["a"] ** 2 * s["b"]

    def gradient(s, factor=1.0):
        return pandas.Series({"b": s["a"] ** 2, "a": factor * 2.0 * s["a"] * s["b"]})

    assert verdict(f, point, gradient) is Verdict.OK  # by labels, in any order
    report = check_gradient(f, point, lambda s: gradient(s, 1.1))
    assert [part.verdict.name for part in report.components] == ["WRONG", "OK"]
    frame = pandas.DataFrame({"a": [1.0, 2.0], "b": [3.0, 4.0]})
    assert verdict(lambda d: float((d**2).to_numpy().sum()), frame, lambda d: 2.0 * d) is Verdict.OK
    with pytest.raises(OperandError, match="select_dtypes"):
        check_gradient(lambda s: 1.0, pandas.Series(["a"]), lambda s: s)


@pytest.mark.filterwarnings("ignore::PendingDeprecationWarning")
def test_masked_arrays_and_matrices_are_refused_by_name():
    masked = np.ma.array([1.0, 2.0], mask=[False, True])
    with pytest.raises(OperandError, match=r"masked array.*\.filled"):
        check_gradient(lambda v: float((v**2).sum()), masked, lambda v: 2.0 * v)
    with pytest.raises(OperandError, match=r"matrix.*asarray"):
        check_gradient(lambda v: float((v @ v.T)[0, 0]), np.matrix([[1.0, 2.0]]), lambda v: 2.0 * v)
    with pytest.raises(OperandError, match="the gradient holds a numpy"):
        check_gradient(lambda v: float(v @ v), np.ones(2), lambda v: np.matrix(2.0 * v))
