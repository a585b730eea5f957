"""What can be checked, at what points, and how bad input is refused."""

import dataclasses
import math
import sys

import pytest

import autograd_bp as bp
from autograd_bp.checking import Verdict, assert_gradient, check_gradient
from autograd_bp.checking.plugin.fixture import Case, GradientFixture
from autograd_bp.errors import (
    KeywordError,
    MissingExtraError,
    OperandError,
    SettingError,
    ShapeError,
    SideEffectError,
)


def names(*arguments, **options):
    report = check_gradient(*arguments, **options)
    assert report.ok, str(report)
    return [each.name for each in report.components]


@dataclasses.dataclass
class Line:
    slope: float
    offset: list


@pytest.mark.parametrize(
    ("f", "x", "expected"),
    [
        (lambda x: x**3, 2.0, ["x"]),
        (lambda w: w[0] * w[1][0], [2.0, [3.0]], ["w[0]", "w[1][0]"]),
        (lambda p: p["a"] * p["b"], {"a": 2.0, "b": 3.0}, ["p['a']", "p['b']"]),
        (lambda p: p.slope * p.offset[0], Line(2.0, [3.0]), ["p.slope", "p.offset[0]"]),
        (lambda a, b: a * b[0] * b[1], (2.0, [3.0, 4.0]), ["a", "b[0]", "b[1]"]),
        (lambda p: p[0] * p[1], (2.0, 3.0), ["p[0]", "p[1]"]),
        (bp.hypot, (3.0, 4.0), ["a", "b"]),
        (lambda x: x * x, 3, ["x"]),
    ],
)
def test_arguments_may_be_trees_of_numbers_and_components_are_named_after_them(f, x, expected):
    assert names(f, x) == expected


def test_components_may_be_given_names():
    assert names(lambda x: x[0] * x[1], [1.0, 2.0], names=["w", "b"]) == ["w", "b"]
    assert names(lambda x: x[0] * x[1], [1.0, 2.0], names="w") == ["w[0]", "w[1]"]
    with pytest.raises(SettingError, match="one name for each of the 2 numbers, got 1"):
        check_gradient(lambda x: x[0] * x[1], [1.0, 2.0], names=["w"])


def test_several_arguments_have_a_gradient_of_several():
    def f(y, x):
        return math.atan2(y, x)

    def slopes(y, x):
        return x / (x * x + y * y), -y / (x * x + y * y)

    assert check_gradient(f, (1.0, 2.0), slopes).ok


def test_numpy_functions_and_gradients_are_checked():
    np = pytest.importorskip("numpy")
    x = np.array([[0.1, -0.2], [0.3, 0.4]])

    def f(a):
        return np.sum(np.sin(a) * a)

    report = check_gradient(f, x, lambda a: np.cos(a) * a + np.sin(a))
    assert report.ok
    assert report.components[3].name == "a[1][1]"
    wrong = check_gradient(f, x, lambda a: (np.cos(a) * a + np.sin(a)).T)
    assert wrong.hints == ("a[0][1] and a[1][0] are swapped",) or "transposed" in wrong.hints[0]


def test_numpy_functions_that_record_are_differentiated_too():
    np = pytest.importorskip("numpy")
    report = check_gradient(lambda a: (a * a).sum(), np.array([1.0, 2.0]))
    assert [each.autodiff for each in report.components] == [2.0, 4.0]


@pytest.mark.parametrize(("factor", "expected"), [(1.0, Verdict.OK), (1.001, Verdict.WRONG)])
def test_float32_is_known_by_its_dtype_and_judged_by_its_precision(factor, expected):
    np = pytest.importorskip("numpy")
    seen = set()

    def f(a):
        seen.add(a.dtype)
        return np.sum(np.sin(a))

    x = np.array([1.0, 2.0], dtype=np.float32)
    report = check_gradient(f, x, lambda a: np.cos(a) * np.float32(factor))
    assert report.verdict is expected, str(report)
    assert seen == {np.dtype("float32")}
    assert report.components[0].tolerance > 1e-5


def test_torch_functions_and_gradients_are_checked():
    torch = pytest.importorskip("torch")
    x = torch.tensor([0.5, -1.0], dtype=torch.float64)
    report = check_gradient(lambda a: torch.tanh(a).sum(), x)
    assert report.ok
    assert "torch.autograd" in str(report)
    wrong = check_gradient(lambda a: torch.tanh(a).sum(), x, lambda a: 1 - torch.tanh(a) ** 2.1)
    assert wrong.verdict is Verdict.WRONG
    single = check_gradient(lambda a: torch.tanh(a).sum(), x.float())
    assert single.ok
    assert single.components[0].tolerance > 1e-5
    with pytest.raises(OperandError, match=r"int64.*\.double\(\)"):
        check_gradient(lambda a: a.sum(), torch.tensor([1, 2]))


def test_jax_functions_and_gradients_are_checked():
    jax = pytest.importorskip("jax")
    x = {"w": jax.numpy.array([0.1, 0.2]), "b": 2.0}

    def f(p):
        return jax.numpy.sum(jax.numpy.tanh(p["w"]) * p["b"])

    assert check_gradient(f, x, jax.grad(f)).ok
    assert check_gradient(f, x).ok


# --------------------------------------------------------------------------- high precision
def test_the_recorded_graph_runs_again_at_many_digits():
    pytest.importorskip("mpmath")
    report = check_gradient(
        lambda x: bp.sigmoid(x[0]) * bp.norm(x) + bp.performance([1.0], [x[1]]) + bp.exp2(x[0]),
        [0.3, -0.7],
        digits=50,
    )
    assert report.ok
    for each in report.components:
        assert abs(each.precise - each.autodiff) <= 4 * math.ulp(each.precise)


@pytest.mark.parametrize(
    "row",
    [
        row
        for row in bp.primitives.TABLE
        if row.partials is not None
        and row.name not in ("heaviside", "share_slope", "where", "power")
        and not row.name.startswith("planted")
    ],
    ids=lambda row: row.name,
)
def test_every_row_is_known_at_high_precision(row):
    pytest.importorskip("mpmath")
    x = [1.25, 0.5, 2.0, 0.75][: row.arity]
    if row.domain[0][1] < x[0]:
        x[0] = 0.25
    report = check_gradient(lambda v: row(*v), x, digits=30)
    flat = not any(row.partials(*x, y=row(*x)))
    assert report.ok or (flat and report.verdict is Verdict.VACUOUS), str(report)
    for each in report.components:
        assert each.precise == pytest.approx(each.autodiff, rel=1e-14, abs=1e-300)


def test_a_function_itself_runs_on_mpmath_numbers_where_it_can():
    mpmath = pytest.importorskip("mpmath")

    def f(x):
        return x / (1.0 + x * x) if isinstance(x, mpmath.mpf) else float(x) / (1.0 + x * x)

    (component,) = check_gradient(f, 0.5, 0.48, digits=30).components
    assert component.autodiff is None
    assert component.precise == 0.48


def test_a_function_that_computes_with_floats_is_not_taken_for_precise():
    pytest.importorskip("mpmath")
    report = check_gradient(math.sin, 1.0, math.cos, digits=30)
    assert report.components[0].precise is None
    assert "not found in 1 of 1" in str(report)


def test_high_precision_without_mpmath_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "mpmath", None)
    with pytest.raises(MissingExtraError, match=r'pip install "autograd_bp\[precision\]"'):
        check_gradient(bp.sin, 1.0, digits=30)


# -------------------------------------------------------------------------------- bad input
def no_return(x):
    x * 2.0


def overwrite(x):
    x[0] = 5.0
    return x[1]


def grow(x):
    x.append(1.0)
    return x[0]


@pytest.mark.parametrize(
    ("f", "x", "gradient", "error", "message"),
    [
        (no_return, 1.0, None, OperandError, "returned None: give it a return statement"),
        (lambda x: [], 1.0, None, ShapeError, "returned no numbers"),
        (lambda x: x > 0.0, 1.0, None, OperandError, "returned bool True"),
        (lambda x: "1", 1.0, None, OperandError, "returned str '1'"),
        (lambda x: complex(x), 1.0, None, OperandError, "returned complex"),
        (3.0, 1.0, None, OperandError, "pass f itself, not f"),
        (lambda x: x, "1.0", None, OperandError, "a real number is needed"),
        (lambda x: x, True, None, OperandError, "truth value"),
        (lambda x: x[0], [], None, ShapeError, "its argument is empty"),
        (lambda x: x[0] * x[1], [1.0, 2.0], [2.0], ShapeError, r"differ at \[1\]"),
        (lambda x: x["a"], {"a": 1.0}, [1.0], ShapeError, "the shape of the argument"),
        (lambda x: x, 1.0, "1", OperandError, "the gradient is str"),
        (lambda x: x, 1.0, no_return, OperandError, "the gradient function returned None"),
        (overwrite, [1.0, 2.0], None, SideEffectError, r"x\[0\] from 1.0 to 5.0"),
        (grow, [1.0, 2.0], None, SideEffectError, "list of 3 entries"),
    ],
)
def test_bad_input_is_refused_with_the_way_out(f, x, gradient, error, message):
    with pytest.raises(error, match=message):
        check_gradient(f, x, gradient)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"tolerance": 0.0}, "tolerance must be a positive number"),
        ({"tolerance": True}, "tolerance must be a positive number"),
        ({"tolerance": 1.0}, "every gradient would pass"),
        ({"scale": -1.0}, "scale must be a positive number"),
        ({"scale": math.inf}, "scale must be a positive number"),
    ],
)
def test_settings_out_of_range_are_refused(options, message):
    with pytest.raises(SettingError, match=message):
        check_gradient(math.sin, 1.0, math.cos, **options)


def test_high_precision_takes_a_sensible_number_of_digits():
    pytest.importorskip("mpmath")
    for digits in (3, 10**9, 30.0, True):
        with pytest.raises(SettingError, match="digits must be an integer from 16"):
            check_gradient(bp.sin, 1.0, digits=digits)


def test_an_error_of_the_function_itself_comes_through():
    with pytest.raises(KeyError):
        check_gradient(lambda x: {}["missing"], 1.0)


def test_a_check_leaves_values_and_arguments_alone():
    w = bp.Value(2.0)
    x = [1.0, 3.0]
    assert check_gradient(lambda x: x[0] * w * x[1], x).ok
    assert w.grad == 0.0
    assert x == [1.0, 3.0]


def test_a_function_that_cuts_the_graph_is_told_so():
    report = check_gradient(lambda x: x.data * 2 if isinstance(x, bp.Value) else x * 2, 1.0)
    assert report.verdict is Verdict.WRONG
    assert ".data" in str(report)


def test_a_function_in_the_place_of_the_point_is_no_number_to_convert():
    with pytest.raises(OperandError, match=r"is the function cos: .* check_gradient\(f, x, gra"):
        check_gradient(math.sin, math.cos)
    with pytest.raises(SettingError, match=r"stands where a point is passed: .* gradient="):
        GradientFixture(Case(1.0, 0)).assert_gradient(math.sin, math.cos)


def test_a_wrong_keyword_is_one_of_the_function_that_was_called():
    with pytest.raises(KeywordError, match=r"assert_gradient\(\) has no keyword 'tol'"):
        assert_gradient(math.sin, 1.0, math.cos, tol=1e-6)
