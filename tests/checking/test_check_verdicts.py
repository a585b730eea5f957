"""Each verdict, where it belongs: right gradients pass, wrong ones do not, and doubts are told."""

import math
import random

import pytest

import autograd_bp as bp
from autograd_bp.checking import Verdict, assert_gradient, check_gradient
from autograd_bp.checking.numeric.noise import noise_of
from autograd_bp.checking.numeric.sums import total
from autograd_bp.errors import AutogradError, GradientMismatchError


def product(x):
    return x[0] ** 2 * bp.sin(x[1])


def slopes(x):
    return [2.0 * x[0] * math.sin(x[1]), x[0] ** 2 * math.cos(x[1])]


def verdict(*arguments, **options):
    return check_gradient(*arguments, **options).verdict


def jitter(size):
    """Noise that every bit of x changes, and that is the same in every run."""
    return lambda x: size * (random.Random(x.hex()).random() - 0.5)


# ------------------------------------------------------------------------------ OK and WRONG
def test_a_right_gradient_is_ok_and_every_witness_is_in_the_report():
    report = check_gradient(product, [3.0, 0.5], slopes, digits=40)
    assert report.verdict is Verdict.OK
    assert report.ok
    first = report.components[0]
    exact = 6.0 * math.sin(0.5)
    for number in (first.given, first.autodiff, first.numerical, first.precise):
        assert number == pytest.approx(exact, rel=1e-12)
    assert first.numerical_error < 1e-10
    assert first.ulps <= 2.0
    assert report.taylor == pytest.approx(2.0, abs=0.1)


def test_without_a_gradient_autodiff_is_what_is_checked():
    report = check_gradient(product, [3.0, 0.5])
    assert report.ok
    assert [each.given for each in report.components] == [None, None]
    assert report.components[0].checked == report.components[0].autodiff


@pytest.mark.parametrize("factor", [1.0 + 1e-8, 1.0 - 1e-8])
@pytest.mark.parametrize("f", [math.sin, bp.sin], ids=["floats only", "recorded"])
def test_one_part_in_a_hundred_million_is_wrong(f, factor):
    assert verdict(f, 1.0, lambda x: math.cos(x)) is Verdict.OK
    assert verdict(f, 1.0, lambda x: math.cos(x) * factor) is Verdict.WRONG


def test_a_wrong_rule_inside_autodiff_is_found_by_the_differences():
    planted = bp.custom(lambda x: math.exp(x) * (1.0 + 1e-8))(math.exp)
    right = bp.custom(math.exp)(math.exp)
    assert verdict(lambda x: planted(x) * 2.0, 0.7) is Verdict.WRONG
    assert verdict(lambda x: right(x) * 2.0, 0.7) is Verdict.OK


def test_a_right_gradient_does_not_whitewash_a_wrong_rule():
    planted = bp.custom(lambda x: 1.1 * math.exp(x))(math.exp)
    report = check_gradient(planted, 0.7, math.exp)
    assert report.verdict is Verdict.WRONG
    assert "a rule in the graph is wrong" in str(report)


def test_the_taylor_remainder_of_a_wrong_gradient_vanishes_like_a_first_power():
    report = check_gradient(product, [3.0, 0.5], lambda x: [1.01 * g for g in slopes(x)])
    assert report.taylor == pytest.approx(1.0, abs=0.1)


def test_only_the_wrong_component_is_called_wrong():
    report = check_gradient(product, [3.0, 0.5], lambda x: [slopes(x)[0], 0.0])
    assert [each.verdict for each in report.components] == [Verdict.OK, Verdict.WRONG]
    assert report.worst is report.components[1]
    assert report.wrong == (report.components[1],)


def test_a_nan_where_the_derivative_exists_is_wrong():
    assert verdict(lambda x: x * x, 3.0, math.nan) is Verdict.WRONG


def test_a_tolerance_of_ones_own_is_kept():
    assert verdict(math.sin, 1.0, math.cos(1.0) * 1.0005, tolerance=1e-3) is Verdict.OK
    assert verdict(math.sin, 1.0, math.cos(1.0) * 1.002, tolerance=1e-3) is Verdict.WRONG


# -------------------------------------------------------------------------------------- KINK
@pytest.mark.parametrize(
    ("f", "x", "gradient"),
    [
        (bp.relu, 0.0, 0.0),
        (bp.relu, 0.0, 1.0),
        (bp.relu, 0.0, 0.3),
        (abs, 0.0, 0.0),
        (abs, 0.0, -1.0),
        (bp.maximum, (2.0, 2.0), (0.5, 0.5)),
        (bp.maximum, (2.0, 2.0), (1.0, 0.0)),
        (bp.norm, [0.0, 0.0], [0.0, 0.0]),
        (lambda x: math.exp(x) if x > 0 else 1.0 + 2.0 * x, 0.0, 1.5),
    ],
)
def test_a_gradient_between_the_one_sided_derivatives_passes_at_a_kink(f, x, gradient):
    report = check_gradient(f, x, gradient)
    assert report.verdict is Verdict.KINK
    assert report.ok


@pytest.mark.parametrize(
    ("f", "x", "gradient"),
    [
        (bp.relu, 0.0, -0.01),
        (bp.relu, 0.0, 1.01),
        (abs, 0.0, 2.0),
        (bp.norm, [0.0], [1.1]),
    ],
)
def test_a_gradient_outside_of_the_one_sided_derivatives_is_wrong(f, x, gradient):
    assert verdict(f, x, gradient) is Verdict.WRONG


def test_a_kink_shows_both_sides():
    (component,) = check_gradient(abs, 0.0).components
    assert (component.left, component.right) == (pytest.approx(-1.0), pytest.approx(1.0))


@pytest.mark.parametrize("side", [-1.0, 1.0])
def test_a_rule_that_is_wrong_on_one_side_of_a_kink_is_wrong_there_alone(side):
    def leaky(x):
        return x if x > 0.0 else 0.01 * x

    def one_sided(x):
        right = 1.0 if x > 0.0 else 0.01
        return 1.1 * right if x * side > 0.0 else right

    assert verdict(leaky, side * 0.5, one_sided) is Verdict.WRONG
    assert verdict(leaky, -side * 0.5, one_sided) is Verdict.OK


@pytest.mark.parametrize("distance", [1e-3, 1e-6, -1e-6])
def test_a_kink_nearby_does_not_blur_the_slope_here(distance):
    assert (
        verdict(lambda x: abs(x - distance) + math.sin(x), 0.0, 1.0 - math.copysign(1.0, distance))
        is Verdict.OK
    )


# ----------------------------------------------------------------- edges, overflow, scales
@pytest.mark.parametrize(
    ("f", "x", "gradient"),
    [
        (bp.sqrt, 0.0, math.inf),
        (bp.asin, 1.0, math.inf),
        (bp.cbrt, 0.0, math.inf),
        (lambda x: math.sqrt(x) ** 3, 0.0, 0.0),
        (math.log, 1e-300, 1e300),
        (bp.exp, 709.7, bp.exp(709.7)),
        (lambda x: x * x, 1.3e154, 2.6e154),
        (lambda x: x * x, 1e-160, 2e-160),
        (bp.sigmoid, -1000.0, 0.0),
        (bp.relu, -2.5, 0.0),
        (lambda x: math.cos(x) + x, 1e-8, 1.0 - 1e-8),
        (math.sin, 1e6, math.cos(1e6)),
        (math.tanh, 12.0, 1.0 - math.tanh(12.0) ** 2),
        (math.cos, math.pi, 0.0),
        (lambda x: math.sin(x) + (x > 1.00001), 1.0, math.cos(1.0)),
    ],
)
def test_right_gradients_pass_at_edges_and_at_any_scale(f, x, gradient):
    report = check_gradient(f, x, gradient)
    assert report.verdict is Verdict.OK, str(report)


# ------------------------------------------------------------------------------------- NOISY
@pytest.mark.parametrize("seed", range(20))
def test_no_noise_makes_a_right_gradient_wrong(seed):
    rng = random.Random(seed)
    size = 10.0 ** rng.uniform(-12.0, 0.0)
    rough = jitter(size)
    report = check_gradient(lambda x: math.sin(x) + rough(x + seed), 1.0, math.cos)
    assert report.verdict is (Verdict.NOISY if size > 1e-4 else report.verdict), str(report)
    assert report.verdict in (Verdict.OK, Verdict.NOISY), str(report)


@pytest.mark.parametrize("noise", [1e-12, 1e-9, 1e-6])
def test_a_right_gradient_passes_in_noise_and_the_tolerance_says_how_far_it_was_seen(noise):
    rough = jitter(noise)
    report = check_gradient(lambda x: math.sin(x) + rough(x), 1.0, math.cos)
    assert report.verdict is Verdict.OK, str(report)
    assert noise < report.components[0].tolerance < 1e5 * max(noise, 1e-13)


def test_a_gradient_that_is_wrong_beyond_the_noise_is_wrong():
    rough = jitter(1e-6)
    assert verdict(lambda x: math.sin(x) + rough(x), 1.0, 0.55) is Verdict.WRONG


def test_what_noise_hides_is_noisy_and_does_not_pass_unseen():
    rough = jitter(1e-2)

    def f(x):
        return math.sin(x) + rough(x)

    report = check_gradient(f, 1.0, math.cos)
    assert report.verdict is Verdict.NOISY
    assert not report.ok
    assert check_gradient(f, 1.0, math.cos, accept_noisy=True).ok
    assert check_gradient(f, 1.0, math.cos, tolerance=0.9).ok


def test_a_strict_tolerance_that_the_differences_cannot_reach_is_noisy():
    rough = jitter(1e-6)
    assert verdict(lambda x: math.sin(x) + rough(x), 1.0, math.cos, tolerance=1e-9) is Verdict.NOISY


@pytest.mark.parametrize(
    ("f", "gradient"),
    [
        (lambda x: round(math.sin(x), 6), math.cos(1.3)),
        (lambda x: (x * x + 1e8) - 1e8, 2.6),
    ],
)
def test_values_that_are_rounded_on_the_way_do_not_fail_a_right_gradient(f, gradient):
    assert verdict(f, 1.3, gradient) is Verdict.OK


# ------------------------------------------------- UNDEFINED, NONDETERMINISTIC and VACUOUS
@pytest.mark.parametrize(
    ("f", "x", "gradient"),
    [
        (bp.log, 0.0, None),
        (lambda x: math.nan, 1.0, 0.0),
        (bp.sign, 0.0, None),
        (lambda x: 2.0 if x < 1 else 3.0, 1.0, 0.0),
        (bp.sqrt, 0.0, 0.0),
        (lambda x: bp.sqrt(x * x), 0.0, None),
        (lambda x: x, math.nan, 1.0),
    ],
)
def test_where_there_is_no_derivative_the_verdict_is_undefined(f, x, gradient):
    assert verdict(f, x, gradient) is Verdict.UNDEFINED


def test_two_calls_that_differ_are_nondeterministic():
    rng = random.Random(0)
    report = check_gradient(lambda x: x * rng.random(), 1.0, 0.5)
    assert report.verdict is Verdict.NONDETERMINISTIC
    assert "fix its seed" in str(report)


def test_a_function_that_keeps_something_between_calls_is_found_out_at_the_end():
    largest = [0.0]

    def f(x):
        largest[0] = max(largest[0], x)
        return x + largest[0]

    assert verdict(f, 1.0, 1.0) is Verdict.NONDETERMINISTIC


@pytest.mark.parametrize("f", [lambda x: 3.0, lambda x: bp.Value(2.0) * 1.5, lambda x: 0.0 * x[0]])
def test_a_function_that_never_moves_tests_nothing(f):
    assert verdict(f, [1.0, 2.0]) is Verdict.VACUOUS


def test_a_function_that_is_only_flat_here_tests_something():
    assert verdict(bp.relu, -1.0) is Verdict.OK
    assert verdict(bp.floor, 2.5) is Verdict.OK


def test_with_nothing_to_compare_the_check_is_vacuous():
    report = check_gradient(math.sin, 1.0)
    assert report.verdict is Verdict.VACUOUS
    assert "pass gradient=" in str(report)


# ----------------------------------------------------------------------------- as assertion
def test_assert_gradient_returns_the_report_or_raises_with_it():
    assert assert_gradient(math.sin, 1.0, math.cos).ok
    with pytest.raises(GradientMismatchError) as caught:
        assert_gradient(math.sin, 1.0, lambda x: -math.cos(x))
    assert isinstance(caught.value, AssertionError)
    assert isinstance(caught.value, AutogradError)
    assert caught.value.report.verdict is Verdict.WRONG
    assert str(caught.value) == f"WRONG in x, sign flipped\n{caught.value.report}"
    assert "the sign is flipped" in str(caught.value)


def test_gravity_orders_the_verdicts_and_only_two_are_ok():
    assert Verdict.gravest([]) is Verdict.VACUOUS
    assert Verdict.gravest([Verdict.NOISY, Verdict.WRONG, Verdict.OK]) is Verdict.WRONG
    assert [each.name for each in Verdict if each.ok] == ["OK", "KINK"]
    assert {each.name for each in Verdict} == {
        "OK",
        "WRONG",
        "NOISY",
        "KINK",
        "UNDEFINED",
        "NONDETERMINISTIC",
        "VACUOUS",
    }


# ----------------------------------------------------------------- what rounding may do
def test_formulas_that_cancel_differently_are_all_right():
    def sech_squared(x):
        return 4.0 / (math.exp(x) + math.exp(-x)) ** 2

    report = check_gradient(bp.tanh, 12.0, sech_squared)
    assert report.verdict is Verdict.OK, str(report)
    assert report.components[0].error > 1e-8  # 1 - y² has few digits left


def test_a_gradient_is_judged_by_what_rounding_leaves_of_its_function():
    def f(x):
        return 1e8 * (bp.sin(x) - bp.sin(x + 1e-8))

    for k in range(20):
        report = check_gradient(
            f, 1.0 + k / 20, lambda x: 2e8 * math.sin(x + 5e-9) * math.sin(5e-9)
        )
        assert report.verdict is Verdict.OK, str(report)


def test_a_zero_may_be_the_last_digit_of_something():
    assert verdict(lambda x: (x - 0.3) ** 2, 0.1 + 0.2, 0.0) is Verdict.OK
    assert verdict(lambda x: (x - 0.3) ** 2, 0.1 + 0.2, 1e-9) is Verdict.WRONG


def test_noise_is_measured_and_a_jump_or_a_corner_is_none():
    rng = random.Random(1)
    smooth = [math.sin(0.001 * k) for k in range(14)]
    rough = [y + rng.gauss(0.0, 1e-9) for y in smooth]
    assert noise_of(smooth) < 1e-15
    assert 3e-10 < noise_of(rough) < 3e-9
    assert noise_of([y + (k > 6) for k, y in enumerate(smooth)]) == 0.0
    assert noise_of([y + max(k - 6, 0) for k, y in enumerate(smooth)]) == 0.0


def test_a_jump_nearby_is_not_taken_for_noise():
    def f(x):
        return math.sin(x) + 5.0 * (x > 1.0001)

    assert verdict(f, 1.0, math.cos) is Verdict.OK
    assert verdict(f, 1.0, lambda x: math.cos(x) * (1.0 + 1e-7)) is Verdict.WRONG


# ------------------------------------------------------------- what differences must not claim
def test_a_bounded_function_in_float32_at_0_is_not_flat():
    np = pytest.importorskip("numpy")
    x = np.arange(5, dtype=np.float32) * np.float32(0.3)
    assert check_gradient(lambda x: np.sum(np.sin(x)), x, np.cos).verdict is Verdict.OK


def test_terms_that_larger_ones_round_away_do_not_fail():
    x, right = [-1.0, 1e-6], lambda x: [3.0 * each**2 for each in x]
    f = lambda x: x[0] ** 3 + x[1] ** 3 + 1.0  # noqa: E731
    assert check_gradient(f, x, right).verdict is Verdict.OK
    hidden = check_gradient(lambda x: float(f([float(each) for each in x])), x, right)
    assert hidden.verdict is Verdict.NOISY  # without autodiff nothing can tell
    wrong = check_gradient(f, x, lambda x: [3.0, 6e-12])
    assert wrong.verdict is Verdict.WRONG


def test_a_slope_that_fades_in_noise_is_no_vertical_tangent():
    f = lambda x: bp.exp(-x * x) + 100.0  # noqa: E731
    assert check_gradient(f, 5.0).verdict is Verdict.OK
    assert check_gradient(f, 5.0, lambda x: -4.0 * x * math.exp(-x * x)).verdict is Verdict.WRONG


# ------------------------------------------------------------------------- many jumps
STAIRCASES = {
    "x % 1": (lambda x: x % 1, 1000.3, 1.0),
    "x % 0.1 and a parabola": (lambda x: x * x + x % 0.1, 5000.33, 10001.66),
    "a saw": (lambda x: x - bp.floor(x), 1000.3, 1.0),
    "stairs of 0.1": (lambda x: bp.floor(10 * x) / 10, 1000.37, 0.0),
    "stairs times x": (lambda x: bp.floor(x) * x, 1000.5, 1000.0),
    "two places": (lambda x: round(x, 2), 123.456, 0.0),
    "ten places": (lambda x: round(x, 10), 0.3, 0.0),
    "triangles": (lambda x: abs(x % 2 - 1), 513.3, 1.0),
    "angles": (lambda x: bp.sin(x % (2 * math.pi)), 700.0, math.cos(700.0)),
}


@pytest.mark.parametrize("name", STAIRCASES)
def test_a_step_that_crosses_jumps_of_the_graph_does_not_count(name):
    """Long steps see the mean slope of stairs and saws."""
    f, x, slope = STAIRCASES[name]
    report = check_gradient(f, x, lambda x: slope)
    assert report.verdict is Verdict.OK, str(report)
    assert report.components[0].numerical == pytest.approx(slope, rel=1e-6, abs=1e-9)
    assert check_gradient(f, x).verdict is Verdict.OK
    for wrong in (slope + 1.0, 1.001 * slope if slope else -0.01):
        assert check_gradient(f, x, lambda x, wrong=wrong: wrong).verdict is Verdict.WRONG


@pytest.mark.parametrize("x", [1.0, 2.675])
def test_a_point_on_a_jump_is_no_mistake(x):
    for f in (lambda x: x // 0.1, lambda x: round(x, 2) if x > 2.0 else x // 1):
        assert check_gradient(f, x, lambda x: 0.0).verdict in (Verdict.OK, Verdict.UNDEFINED)


def test_a_corner_beside_a_comparison_is_still_checked():
    for f in (bp.relu, lambda x: bp.where(x > 0.0, 2.0 * x, x)):
        assert check_gradient(f, 0.0, lambda x: 5.0).verdict is Verdict.WRONG


# ------------------------------------------------ functions that turn fast, and short formats
@pytest.mark.parametrize("x", [404.1825669263892, 85.45291882989684, 1537.3974373328272])
@pytest.mark.parametrize(
    ("f", "slope"),
    [
        (lambda x: math.sin(x * x), lambda x: 2.0 * x * math.cos(x * x)),
        (lambda x: math.sin(50.0 * x), lambda x: 50.0 * math.cos(50.0 * x)),
        (lambda x: math.cos(x**3), lambda x: -3.0 * x * x * math.sin(x**3)),
    ],
)
def test_a_fast_oscillation_has_no_kink_in_a_few_units_of_rounding(f, slope, x):
    assert verdict(lambda v: f(float(v)), x, lambda v: slope(float(v))) is Verdict.OK
    wrong = verdict(lambda v: f(float(v)), x, lambda v: 1.02 * slope(float(v)))
    assert wrong is Verdict.WRONG


def test_small_shares_of_a_softmax_pass_in_float32():
    numpy = pytest.importorskip("numpy")

    def logsumexp(v):
        return v.max() + numpy.log(numpy.exp(v - v.max()).sum())

    def shares(v):
        powers = numpy.exp(v - v.max())
        return powers / powers.sum()

    for seed in range(4):
        x = 3.0 * numpy.random.default_rng(seed).standard_normal(30)
        x = x.astype(numpy.float32)
        assert verdict(logsumexp, x, shares) is Verdict.OK
        largest = shares(x).argmax()
        for i in (largest, shares(x).argsort()[20]):
            wrong = shares(x)
            wrong[i] *= -1.0
            assert verdict(logsumexp, x, wrong) is Verdict.WRONG


def test_a_small_difference_names_the_tolerance_that_an_integrator_needs():
    def integral(a):  # by a fixed number of steps, as if chosen by an error estimate
        steps = [k / 64.0 for k in range(65)]
        values = [math.exp(-a * t * t) for t in steps]
        return (sum(values) - 0.5 * (values[0] + values[-1])) / 64.0

    def exact(a):
        root = math.sqrt(math.pi) / 2.0
        return math.exp(-a) / (2.0 * a) - root * math.erf(math.sqrt(a)) / (2.0 * a**1.5)

    report = check_gradient(lambda a: integral(float(a)), 1.2, lambda a: exact(float(a)))
    assert report.verdict is Verdict.WRONG
    assert "iterates to a tolerance" in str(report)
    tolerance = 1e-4
    assert verdict(lambda a: integral(float(a)), 1.2, exact, tolerance=tolerance) is Verdict.OK


def test_values_near_overflow_do_not_end_a_check():
    def f(x):
        return math.exp(x[0]) - math.exp(x[1])

    def gradient(x):
        return [math.exp(x[0]), -math.exp(x[1])]

    for point in ([709.7, 709.75], [709.0, 700.0], [1.0, 709.78]):
        assert check_gradient(f, point, gradient).ok
        wrong = check_gradient(f, point, lambda x: [0.999 * x for x in gradient(x)])
        assert not wrong.ok
        assert check_gradient(f, point, gradient, directions=2).verdict is not Verdict.WRONG
    assert total([1e308, 1e308, -1e308]) == math.inf
    assert math.isnan(total([math.inf, -math.inf]))


def test_half_precision_passes_no_wrong_gradient():
    numpy = pytest.importorskip("numpy")
    x = numpy.array([0.9, -1.3, 0.7, 1.6, -0.4, 1.1], dtype=numpy.float16)

    def slopes(v):
        return (numpy.prod(v.astype(float)) / v).astype(numpy.float16)

    for factor in (1.2, 0.0, -1.0, 2.0):
        right = slopes(x)
        report = check_gradient(numpy.prod, x, lambda v, g=right, c=factor: g * v.dtype.type(c))
        assert not report.ok, factor
    assert check_gradient(numpy.prod, x, slopes).verdict is not Verdict.WRONG
