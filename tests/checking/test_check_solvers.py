"""Functions that solve, integrate or iterate to a tolerance, and slopes that larger terms hide."""

import math
import sys

import pytest

import autograd_bp as bp
from autograd_bp.checking import Verdict, check_gradient
from autograd_bp.checking.numeric.jumps import nearest_jump
from autograd_bp.checking.numeric.turns import work_of


def integral(p, allowed=1e-4):
    """∫₀² exp(-p t²) dt by trapezoids that are halved until they settle."""

    def halves(a, b, allowed):
        g = lambda t: math.exp(-p * t * t)  # noqa: E731
        middle = 0.5 * (a + b)
        coarse = 0.5 * (b - a) * (g(a) + g(b))
        fine = 0.5 * coarse + 0.5 * (b - a) * g(middle)
        if abs(fine - coarse) <= 3.0 * allowed:
            return fine
        return halves(a, middle, 0.5 * allowed) + halves(middle, b, 0.5 * allowed)

    return halves(0.0, 2.0, allowed)


def exact_slope(p):
    root = math.sqrt(p)
    area = 0.5 * math.sqrt(math.pi) * math.erf(2.0 * root) / root
    return (2.0 * math.exp(-4.0 * p) - area) / (2.0 * p)


@pytest.mark.parametrize("p", [0.6, 0.8, 0.95, 1.3, 1.7])
def test_the_gradient_of_an_integral_is_not_wrong_for_what_its_steps_leave(p):
    report = check_gradient(integral, p, exact_slope)
    assert report.verdict is Verdict.NOISY, str(report)
    assert "tolerance=1e-0" in report.components[0].remark
    assert check_gradient(integral, p, exact_slope, tolerance=1e-2).verdict is Verdict.OK
    assert check_gradient(integral, p, lambda p: 1.05 * exact_slope(p)).verdict is Verdict.WRONG


def series(x):
    """exp by its series, to the last digit: another number of turns, and no jump."""
    term, result, k = 1.0, 1.0, 0
    while abs(term) > 1e-17 * result:
        k += 1
        term *= x / k
        result += term
    return result


def test_loops_that_leave_nothing_excuse_nothing():
    assert check_gradient(series, 1.3, math.exp).verdict is Verdict.OK
    wrong = check_gradient(series, 1.3, lambda x: 1.001 * math.exp(x))
    assert wrong.verdict is Verdict.WRONG, str(wrong)
    assert work_of(lambda: series(1.0)) != work_of(lambda: series(3.0))


def test_turns_are_those_of_loops_and_not_of_branches():
    def branches(x):
        total = 0.0
        for k in range(20):
            if math.sin(k * x) > 0.0:
                total += helper(k)
        return total + sum(helper(k) for k in range(9) if k * x > 3.0)

    def helper(k):
        return k if k > 2 else -k

    assert len({work_of(lambda x=x: branches(x)) for x in (0.3, 0.8, 1.7)}) == 1
    before = sys.gettrace()
    assert work_of(lambda: [None for _ in iter(int, 1)]) is None  # without an end
    assert sys.gettrace() is before


def test_jumps_are_told_from_kinks_and_from_bends():
    def line(f):
        return lambda step: (step, f(1.0 + step))

    assert nearest_jump(line(math.sin), math.sin(1.0), 1.0, 2.0**-52) is None
    kinked = lambda x: max(x, 1.3)  # noqa: E731
    assert nearest_jump(line(kinked), 1.3, 1.0, 2.0**-52) is None
    stepped = lambda x: math.sin(x) + 1e-9 * (x > 1.3)  # noqa: E731
    jump = nearest_jump(line(stepped), math.sin(1.0), 1.0, 2.0**-52)
    assert jump.distance == pytest.approx(0.3)
    assert jump.height == pytest.approx(1e-9, rel=1e-3)


def test_a_gradient_of_what_is_simulated_is_noisy_and_its_opposite_is_not_ok():
    np = pytest.importorskip("numpy")
    draws = np.random.default_rng(0).standard_normal(20_000)

    def share(x):
        return float(np.mean(x[0] + x[1] * draws > 1.0))

    def slopes(x):
        d = (x[0] - 1.0) / x[1]
        density = math.exp(-0.5 * d * d) / math.sqrt(2.0 * math.pi)
        return np.array([density / x[1], -density * d / x[1]])

    x = np.array([1.2, 0.5])
    assert check_gradient(share, x, slopes).verdict is Verdict.NOISY
    assert not check_gradient(share, x, lambda x: -slopes(x)).ok
    assert not check_gradient(share, x, lambda x: 0.0 * slopes(x)).ok


@pytest.mark.parametrize("size", [1e-6, 1e-3, 1.0])
@pytest.mark.parametrize("large", [math.sin, math.exp, lambda a: a**3 - 7.0])
def test_a_slope_of_0_beside_a_huge_term_is_not_ok_unless_it_is_0(size, large):
    by_first = {math.sin: math.cos, math.exp: math.exp}.get(large, lambda a: 3.0 * a * a)
    zero = lambda v: [1e12 * by_first(v[0]), 0.0]  # noqa: E731

    def f(v):
        return 1e12 * large(v[0]) + size * math.sin(v[1])

    report = check_gradient(f, [0.7, 0.4], zero)
    assert report.components[0].ok
    assert not report.components[1].ok, str(report)
    for right in (
        lambda v: 1e12 * large(v[0]),
        lambda v: 1e12 * large(v[0]) + size * (v[1] - 0.4) ** 2,
        lambda v: 1e12 * large(v[0]) + size * max(v[1] - 3.0, 0.0),
    ):
        assert check_gradient(right, [0.7, 0.4], zero).verdict is Verdict.OK


@pytest.mark.parametrize("factor", [-1.0, 2.0, 0.5])
def test_two_derivations_that_differ_are_not_ok_because_both_are_tiny(factor):
    right = 5.520948362159764e-88
    assert check_gradient(bp.ndtr, 20.0, right).verdict is Verdict.OK
    assert check_gradient(bp.ndtr, 20.0, factor * right).verdict is Verdict.NOISY
    assert check_gradient(bp.tanh, 19.0, lambda x: 1.0 - math.tanh(x) ** 2).verdict is Verdict.OK


def test_a_slope_of_1_that_is_asserted_where_nothing_moves_is_wrong_beside_autodiff():
    report = check_gradient(lambda x: bp.copysign(x[0], x[1]), [3e302, -2e-14], [-1.0, 1.0])
    assert [part.verdict for part in report.components] == [Verdict.OK, Verdict.WRONG]


def test_the_precision_of_a_large_argument_is_no_jump():
    x = 3e8
    assert nearest_jump(lambda h: (x + h - x, math.sin(x + h)), math.sin(x), x, 2.0**-52) is None


def _root_by_inequality(x):
    low, high = 0.0 * x, 1.0 + x
    middle = 0.5 * (low + high)
    while middle != low and middle != high:
        low, high = (middle, high) if middle * middle < x else (low, middle)
        middle = 0.5 * (low + high)
    return middle


def _root_by_equality(x):
    new = x
    while True:
        next_one = 0.5 * (new + x / new)
        if next_one == new or abs(next_one - new) < 1e-15:
            return next_one
        new = next_one


@pytest.mark.parametrize("function", [_root_by_inequality, _root_by_equality])
@pytest.mark.parametrize(("factor", "verdict"), [(1.0, "OK"), (1.02, "WRONG")])
def test_a_loop_that_waits_for_equal_numbers_does_not_run_for_ever_on_values(
    function, factor, verdict
):
    report = check_gradient(function, 2.0, lambda x: factor * 0.5 / math.sqrt(x))
    assert report.components[0].verdict.name == verdict
    assert "two Values were compared by" in str(report)
