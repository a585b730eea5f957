"""Taylor coefficients to any order, against high precision."""

import math

import mpmath
import pytest

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.derivatives import series
from autograd_bp.errors import NotDifferentiableError

m = mpmath
sigma = lambda x: 1 / (1 + m.exp(-x))  # noqa: E731

FUNCTIONS = {
    "polynomial": (lambda x: 3 * x**4 - x / 2 + 1, lambda x: 3 * x**4 - x / 2 + 1),
    "quotient": (lambda x: (1 + x) / (2 - x * x), lambda x: (1 + x) / (2 - x * x)),
    "exp": (bp.exp, m.exp),
    "expm1": (bp.expm1, m.expm1),
    "exp2": (bp.exp2, lambda x: 2**x),
    "log": (lambda x: bp.log(1.5 + x), lambda x: m.log(m.mpf(1.5) + x)),
    "log1p": (bp.log1p, m.log1p),
    "log2": (lambda x: bp.log2(1.5 + x), lambda x: m.log(m.mpf(1.5) + x, 2)),
    "sqrt": (lambda x: bp.sqrt(1.5 + x), lambda x: m.sqrt(m.mpf(1.5) + x)),
    "cbrt": (lambda x: bp.cbrt(1.5 + x), lambda x: m.cbrt(m.mpf(1.5) + x)),
    "power": (lambda x: (1.5 + x) ** 2.5, lambda x: (m.mpf(1.5) + x) ** m.mpf(2.5)),
    "negative power": (lambda x: (1.5 + x) ** -3, lambda x: (m.mpf(1.5) + x) ** -3),
    "power of powers": (lambda x: (1.5 + x) ** x, lambda x: (m.mpf(1.5) + x) ** x),
    "constant base": (lambda x: 3.0**x, lambda x: m.mpf(3) ** x),
    "sin of exp": (lambda x: bp.sin(bp.exp(x)), lambda x: m.sin(m.exp(x))),
    "cos": (bp.cos, m.cos),
    "tan": (bp.tan, m.tan),
    "asin": (bp.asin, m.asin),
    "acos": (bp.acos, m.acos),
    "atan": (bp.atan, m.atan),
    "atan2": (lambda x: bp.atan2(x, 1 + x * x), lambda x: m.atan2(x, 1 + x * x)),
    "sinh": (bp.sinh, m.sinh),
    "cosh": (bp.cosh, m.cosh),
    "tanh of square": (lambda x: bp.tanh(x * x), lambda x: m.tanh(x * x)),
    "asinh": (bp.asinh, m.asinh),
    "acosh": (lambda x: bp.acosh(1.5 + x), lambda x: m.acosh(m.mpf(1.5) + x)),
    "atanh": (bp.atanh, m.atanh),
    "hypot": (lambda x: bp.hypot(x, 2.0), lambda x: m.sqrt(x * x + 4)),
    "erf": (bp.erf, m.erf),
    "erfc": (bp.erfc, m.erfc),
    "sigmoid": (bp.sigmoid, sigma),
    "log_sigmoid": (bp.log_sigmoid, lambda x: m.log(sigma(x))),
    "softplus": (bp.softplus, lambda x: m.log(1 + m.exp(x))),
    "norm": (lambda x: bp.norm([x, bp.exp(x)]), lambda x: m.sqrt(x * x + m.exp(2 * x))),
    "logsumexp": (
        lambda x: bp.logsumexp([x, x * x, 0.5]),
        lambda x: m.log(m.exp(x) + m.exp(x * x) + m.exp(m.mpf(0.5))),
    ),
    "performance": (
        lambda x: bp.performance([1.0, x], [bp.sin(x), x * x]),
        lambda x: -((1 - m.sin(x)) ** 2 + (x - x * x) ** 2) / 2,
    ),
    "mean": (lambda x: bp.mean([x, bp.exp(x), 2.0]), lambda x: (x + m.exp(x) + 2) / 3),
    "branches": (
        lambda x: bp.maximum(x * x, -x) * bp.relu(x) + bp.where(x, abs(x), 1.0),
        lambda x: x**3 + x,
    ),
}


def agree(found, exact, x, order, rel):
    with mpmath.workdps(60):
        expected = mpmath.taylor(exact, mpmath.mpf(x), order)
        size = max(abs(c) for c in expected)
        for k, (a, b) in enumerate(zip(found, expected, strict=True)):
            assert abs(a - b) <= rel * abs(b) + 1e-15 * size * 1e-3, (k, a, float(b))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_coefficients_agree_with_high_precision(name):
    f, exact = FUNCTIONS[name]
    found = bp.taylor(f, 0.3, 12)
    assert all(type(c) is float for c in found)
    agree(found, exact, 0.3, 12, 1e-11)


def test_a_high_order():
    found = bp.taylor(lambda x: bp.exp(x) / (1 - x), 0.0, 150)
    partial = 0.0
    for k, c in enumerate(found):
        partial += 1 / math.factorial(k)
        assert c == pytest.approx(partial, rel=1e-13)


def test_the_work_is_polynomial_in_the_order(monkeypatch):
    def work(order):
        count = 0
        original = series.coefficient

        def counted(y, k):
            nonlocal count
            count += 1
            return original(y, k)

        with monkeypatch.context() as patch:
            patch.setattr(series, "coefficient", counted)
            bp.taylor(lambda x: bp.sin(x) ** x, 0.5, order)
        return count

    assert work(40) < 5 * work(20)  # auxiliary series grow with the order, for general powers


def test_polynomials_end():
    assert bp.taylor(lambda x: x**3, 0.0, 5) == [0.0, 0.0, 0.0, 1.0, 0.0, 0.0]
    assert bp.taylor(lambda x: (x - 1) ** 2 * x, 1.0, 4) == [0.0, 0.0, 1.0, 1.0, 0.0]


def test_the_first_coefficient_is_the_value_to_the_last_digit():
    for k in range(20):
        x = 1.1 + k / 7
        assert bp.taylor(lambda x: x**13, x, 1)[0] == x**13


def test_what_has_no_derivative_is_refused_wherever_it_stands():
    for f in (
        bp.threshold,
        lambda x: bp.exp(2.0 * bp.threshold(x)) / x,
        lambda x: bp.threshold(x) ** 0.5,
    ):
        with pytest.raises(NotDifferentiableError, match="use sigmoid"):
            bp.taylor(f, 1.0, 3)
        assert bp.taylor(f, 1.0, 0) == [f(1.0)]


def test_trees_of_outputs_and_order_zero():
    found = bp.taylor(lambda x: {"a": x * x, "b": [2.0]}, 3.0, 2)
    assert found == [{"a": 9.0, "b": [2.0]}, {"a": 6.0, "b": [0.0]}, {"a": 1.0, "b": [0.0]}]
    assert bp.taylor(bp.exp, 0.0, 0) == [1.0]


def test_coefficients_can_be_differentiated():
    third = lambda x: bp.taylor(bp.sin, x, 3)[3] * 6.0  # noqa: E731
    assert bp.grad(third)(0.3) == pytest.approx(math.sin(0.3), rel=1e-14)
    w = Value(2.0)
    found = bp.taylor(lambda x: bp.exp(w * x), 0.0, 2)
    assert found[2].data == 2.0
    assert bp.gradients(found[2], w) == 2.0  # d/dw w²/2


def test_a_planted_wrong_rule_is_noticed():
    wrong = bp.primitive(partials=lambda x, y: (y * (1 + 1e-9),), name="wrong_exponential")(
        math.exp
    )
    with pytest.raises(AssertionError):
        agree(bp.taylor(wrong, 0.3, 12), m.exp, 0.3, 12, 1e-11)
