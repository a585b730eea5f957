"""Vector outputs, some components, directions, scales, and functions that keep something."""

import math
import random

import pytest

import autograd_bp as bp
from autograd_bp.checking import Verdict, check_gradient
from autograd_bp.errors import OperandError, SettingError, ShapeError, SideEffectError

np = pytest.importorskip("numpy")
X = np.array([0.3, -1.0, 2.0])
MATRIX = np.arange(9.0).reshape(3, 3)


def verdict(*arguments, **options):
    return check_gradient(*arguments, **options).verdict


def softmax(x):
    y = np.exp(x - x.max())
    return y / y.sum()


def softmax_vjp(x, v):
    y = softmax(x)
    return y * (v - y @ v)


# --------------------------------------------------------------------------- several outputs
@pytest.mark.parametrize(
    ("f", "gradient", "expected"),
    [
        (softmax, softmax_vjp, Verdict.OK),
        (softmax, lambda x, v: softmax(x) * v, Verdict.WRONG),
        (softmax, lambda x: np.diag(softmax(x)) - np.outer(softmax(x), softmax(x)), Verdict.OK),
        (lambda x: MATRIX @ x, lambda x, v: MATRIX.T @ v, Verdict.OK),
        (lambda x: MATRIX @ x, lambda x, v: MATRIX @ v, Verdict.WRONG),
        (lambda x: MATRIX @ x, MATRIX, Verdict.OK),
        (lambda x: MATRIX @ x, MATRIX.T, Verdict.WRONG),
        (np.tanh, lambda x, v: 1.0 - np.tanh(x) ** 2, Verdict.WRONG),  # v was forgotten
    ],
)
def test_a_function_of_several_outputs_is_checked_with_random_cotangents(f, gradient, expected):
    assert verdict(f, X, gradient) is expected


def test_without_a_gradient_the_sweep_with_the_cotangent_is_checked():
    report = check_gradient(lambda x: [x[0] * x[1], bp.sin(x[0])], [1.0, 2.0])
    assert report.verdict is Verdict.OK
    assert report.components[0].autodiff == pytest.approx(report.components[0].numerical)


def test_every_output_can_be_checked_alone():
    wrong = MATRIX.copy()
    wrong[1, 2] += 1.0
    report = check_gradient(lambda x: MATRIX @ x, X, wrong, cotangents="unit")
    assert len(report.components) == 9
    assert [part.name for part in report.wrong] == ["∂y[1]/∂x[2]"]
    ones = check_gradient(lambda x: MATRIX @ x, X, MATRIX, cotangents=[1.0, 1.0, 1.0] * np.ones(3))
    assert ones.ok
    assert ones.value == pytest.approx((MATRIX @ X).sum())


def test_torch_and_jax_get_the_cotangent():
    torch = pytest.importorskip("torch")
    x = torch.tensor([0.3, -1.0, 2.0], dtype=torch.float64)
    assert verdict(lambda t: torch.softmax(t, 0), x) is Verdict.OK
    jax = pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)
    assert verdict(jax.nn.softmax, jax.numpy.array([0.3, -1.0, 2.0])) is Verdict.OK


@pytest.mark.parametrize(
    ("arguments", "options", "error", "message"),
    [
        ((lambda x: x @ x, X), {"cotangents": 2}, SettingError, "returns one number"),
        ((softmax, X), {"cotangents": "all"}, SettingError, "'unit' for one of each"),
        ((softmax, X), {"cotangents": 0}, SettingError, "number of random ones"),
        ((softmax, X), {"cotangents": [1.0]}, ShapeError, "the shape of the output"),
        ((softmax, X, [1.0, 1.0, 1.0]), {}, ShapeError, "a Jacobian of 3 rows of 3"),
        ((lambda x: np.exp(1j * x), X), {}, OperandError, "returned complex numbers"),
        ((np.sum, np.array([1j])), {}, OperandError, "holds complex numbers"),
        ((lambda x: (float(x @ x), 2 * x), X), {}, ShapeError, "pass jac=True"),
        ((np.sum, X), {"jac": True}, ShapeError, r"must return \(value, gradient\)"),
        ((np.sum, X, X), {"jac": True}, SettingError, "says it twice"),
        ((np.sum, X), {"components": "y"}, SettingError, "names 'y', which is none"),
        ((np.sum, X), {"components": [3]}, SettingError, "from 0 to 2"),
        ((np.sum, X), {"components": []}, SettingError, "names none"),
        ((np.sum, X), {"components": 0}, SettingError, "at least 1"),
        ((np.sum, X), {"components": 2.5}, SettingError, "a number of random ones"),
        ((np.sum, X), {"directions": 0}, SettingError, "integer from 1"),
        ((np.sum, X), {"directions": 1, "components": 1}, SettingError, "one of them"),
        ((np.sum, X), {"scale": [1.0, 2.0]}, ShapeError, "the shape of the argument"),
        ((np.sum, X), {"scale": np.array([1.0, 0.0, 1.0])}, SettingError, "positive number"),
    ],
)
def test_what_says_nothing_is_refused(arguments, options, error, message):
    with pytest.raises(error, match=message):
        check_gradient(*arguments, **options)


def test_a_function_that_returns_its_gradient_is_taken_as_scipy_takes_it():
    assert verdict(lambda x: (float(x @ x), 2.0 * x), X, jac=True) is Verdict.OK
    assert verdict(lambda x: (float(x @ x), 3.0 * x), X, jac=True) is Verdict.WRONG


# ------------------------------------------------------- less than all, and other scales
def cubes(x):
    return float((x**3).sum())


def one_wrong(x):
    slopes = 3.0 * x**2
    slopes[57] *= 1.02
    return slopes


MANY = np.linspace(0.5, 3.0, 200)


def test_components_can_be_chosen():
    names = [part.name for part in check_gradient(cubes, MANY, one_wrong, components=5).components]
    assert len(names) == 5
    assert verdict(cubes, MANY, one_wrong, components=["x[57]", 3]) is Verdict.WRONG
    assert verdict(cubes, MANY, one_wrong, components=[56, 58]) is Verdict.OK
    largest = check_gradient(cubes, MANY, one_wrong, components="largest").components
    assert [part.name for part in largest] == [f"x[{i}]" for i in range(180, 200)]


def test_directions_see_one_wrong_component_among_many_in_a_few_calls():
    calls = [0]

    def counted(x):
        calls[0] += 1
        return cubes(x)

    assert verdict(counted, MANY, lambda x: 3.0 * x**2, directions=2) is Verdict.OK
    assert calls[0] < 30
    report = check_gradient(cubes, MANY, one_wrong, directions=2)
    assert report.verdict is Verdict.WRONG
    assert [part.name for part in report.components] == ["direction 1", "direction 2"]


def test_a_right_gradient_of_many_components_costs_a_few_calls_for_each():
    calls = [0]

    def counted(x):
        calls[0] += 1
        return cubes(x)

    assert verdict(counted, MANY, lambda x: 3.0 * x**2) is Verdict.OK
    assert calls[0] < 8 * len(MANY)


def test_each_component_can_have_a_scale_of_its_own():
    def f(p):
        return math.sin(1e6 * p["t"]) + p["w"][0] ** 2

    def slopes(p):
        return {"t": 1e6 * math.cos(1e6 * p["t"]), "w": [2.0 * p["w"][0]]}

    point = {"t": 1.0, "w": [3.0]}
    assert verdict(f, point, slopes, scale={"t": 1e-6, "w": [1.0]}) is Verdict.OK
    assert verdict(f, point, {"t": 0.0, "w": [6.0]}, scale={"t": 1e-6, "w": [1.0]}) is Verdict.WRONG


# ------------------------------------------------------------ functions that keep something
def test_a_gradient_function_that_adds_up_is_found():
    total = [0.0]

    def gradient(x):
        total[0] += math.cos(x)
        return total[0]

    report = check_gradient(math.sin, 1.0, gradient)
    assert report.verdict is Verdict.NONDETERMINISTIC
    assert "keeps something between calls" in str(report)


@pytest.mark.parametrize(
    ("factor", "name"), [(0.9, "momentum inside"), (1.0, "a sum that is not reset")]
)
def test_what_a_gradient_function_keeps_is_named(factor, name):
    velocity = np.zeros(2)

    def gradient(x):
        nonlocal velocity
        velocity = factor * velocity + np.cos(x)
        return velocity

    gradient(np.array([3.0, 1.0]))
    report = check_gradient(lambda x: np.sin(x).sum(), np.array([0.5, 1.0]), gradient)
    assert not report.ok
    assert name in str(report)
    assert report.headline() == f"WRONG in x[0] and x[1], {name}"


def test_a_gradient_function_that_trains_what_f_uses_is_found():
    w = [1.0]

    def gradient(x):
        w[0] += 0.1
        return w[0]

    report = check_gradient(lambda x: w[0] * x, 1.0, gradient)
    assert report.verdict is Verdict.NONDETERMINISTIC
    assert "changes something that the function uses" in str(report)


def test_a_gradient_function_may_not_change_its_argument():
    def gradient(x):
        x *= 2.0
        return x

    with pytest.raises(SideEffectError, match="the gradient function changes its argument"):
        check_gradient(lambda x: float(x @ x), X, gradient)


def test_last_bits_may_differ():
    rng = random.Random(0)

    def trembling(f):
        return lambda x: f(x) * (1.0 + rng.choice((0.0, 2.2e-16, 4.4e-16)))

    assert verdict(trembling(math.sin), 1.0, trembling(math.cos)) is Verdict.OK


def test_errors_off_the_point_mean_no_value_there():
    def f(x):
        assert abs(x - 1.0) < 1e-3, "out of range"
        return x * x

    report = check_gradient(f, 1.0, 2.0)
    assert report.verdict is Verdict.OK
    assert "f raised AssertionError in" in str(report)
    assert verdict(f, 1.0, 2.1) is Verdict.WRONG


# ------------------------------------------------------------------------ exact witnesses
@pytest.mark.parametrize("factor", [-1.0, 2.0, 1.0 + 1e-7, 0.0])
def test_a_small_term_beside_a_large_one_is_known_exactly_where_it_is_recorded(factor):
    def f(v):
        return 1e12 * bp.sin(v[0]) + 1e-6 * bp.sin(v[1])

    def slopes(v, factor=factor):
        return [1e12 * math.cos(v[0]), factor * 1e-6 * math.cos(v[1])]

    assert verdict(f, [0.7, 0.9], lambda v: slopes(v, 1.0)) is Verdict.OK
    assert verdict(f, [0.7, 0.9], slopes) is Verdict.WRONG
    floats = lambda v: 1e12 * math.sin(v[0]) + 1e-6 * math.sin(v[1])  # noqa: E731
    assert verdict(floats, [0.7, 0.9], slopes) is Verdict.NOISY


def test_overflow_beside_does_not_switch_the_check_off():
    assert verdict(math.exp, 709.0, lambda x: 2.0 * math.exp(x)) is Verdict.WRONG
    assert (
        verdict(
            lambda x: float(np.exp(x[0]) * 1e-300 + x[1] ** 2),
            np.array([709.5, 2.0]),
            lambda x: np.array([np.exp(x[0]) * 1e-300, 3.0 * x[1]]),
        )
        is Verdict.WRONG
    )


@pytest.mark.parametrize("offset", [1e1, 1e3, 1e5, 1e7, 1e9])
def test_a_peak_far_from_zero_is_not_taken_for_flat(offset):
    def f(x):
        return math.exp(-((x - offset) ** 2))

    def slope(x):
        return -2.0 * (x - offset) * f(x)

    x = offset + 0.75
    assert verdict(f, x, slope) is Verdict.OK
    assert verdict(f, x, 0.0) is Verdict.WRONG
    assert verdict(f, x, -slope(x)) is Verdict.WRONG
    assert verdict(f, x, 1.02 * slope(x)) is Verdict.WRONG


def test_a_solver_with_a_tolerance_is_named_and_the_tolerance_helps():
    def fixed(a):
        y = 0.5
        while True:
            before, y = y, math.cos(a * y)
            if abs(y - before) < 1e-8:
                return y

    def implicit(a):
        y = fixed(a)
        for _ in range(100):
            y = math.cos(a * y)
        return -math.sin(a * y) * y / (1.0 + a * math.sin(a * y))

    report = check_gradient(fixed, 0.8, implicit)
    assert report.verdict is Verdict.NOISY, str(report)
    assert "tolerance=1e-0" in str(report)
    assert verdict(fixed, 0.8, implicit, tolerance=1e-5) is Verdict.OK
    assert verdict(fixed, 0.8, lambda a: 1.02 * implicit(a)) is Verdict.WRONG
