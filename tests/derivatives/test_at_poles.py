"""At a pole and at a vertical tangent all derivatives are infinite, with the signs of the limit."""

import math

import pytest

import autograd_bp as bp

INF = math.inf
UP, TURNS = [INF] * 4, [INF, -INF, INF, -INF]
DOWN, TURNS_DOWN = [-INF] * 4, [-INF, INF, -INF, INF]

# A function, a point, and its derivatives 1 to 4 on the side where it is defined; at 0.0 and -0.0
# the sign says which side it is.
EDGES = {
    "√": (bp.sqrt, 0.0, TURNS),
    "∛, right": (bp.cbrt, 0.0, TURNS),
    "∛, left": (bp.cbrt, -0.0, UP),
    "log": (bp.log, 0.0, TURNS),
    "log2": (bp.log2, 0.0, TURNS),
    "log1p": (bp.log1p, -1.0, TURNS),
    "1/x": (lambda x: 1.0 / x, 0.0, TURNS_DOWN),
    "1/x²": (lambda x: x**-2, 0.0, TURNS_DOWN),
    "1/x², left": (lambda x: x**-2, -0.0, UP),
    "1/x³": (lambda x: x**-3, 0.0, TURNS_DOWN),
    "x^0.5": (lambda x: x**0.5, 0.0, TURNS),
    "x^1.5": (lambda x: x**1.5, 0.0, [0.0, INF, -INF, INF]),
    "acosh": (bp.acosh, 1.0, TURNS),
    "asin": (bp.asin, 1.0, UP),
    "acos": (bp.acos, 1.0, DOWN),
    "atanh": (bp.atanh, 1.0, UP),
    "logit, 0": (bp.logit, 0.0, TURNS),
    "logit, 1": (bp.logit, 1.0, UP),
    "entr": (bp.entr, 0.0, TURNS),
    "x log x": (lambda x: bp.xlogy(x, x), 0.0, TURNS_DOWN),
    "lgamma": (bp.lgamma, 0.0, TURNS_DOWN),
}


@pytest.mark.parametrize("name", EDGES)
def test_derivatives_are_infinite_with_the_signs_of_the_limit(name):
    function, x, derivatives = EDGES[name]
    expanded = bp.taylor(function, x, 4)[1:]
    nested = []
    gradient = function
    for _ in range(4):
        gradient = bp.grad(gradient)
        nested.append(gradient(x))
    assert nested == derivatives
    assert expanded == derivatives


@pytest.mark.parametrize("name", EDGES)
def test_compiled_derivatives_are_the_same(name):
    function, x, derivatives = EDGES[name]
    f = bp.compiled(function, backend="numpy")
    assert [f.grad(x), f.hessian(x), f.hvp(x, tangent=1.0)] == [
        derivatives[0],
        *derivatives[1:2] * 2,
    ]


def test_a_power_with_a_negative_exponent_keeps_its_digits():
    for x in (0.3, -1.7, 1e-40):
        for n in (-1, -2, -5):
            expected = [n * x ** (n - 1), n * (n - 1) / 2 * x ** (n - 2)]
            assert bp.taylor(lambda t, n=n: t**n, x, 2)[1:] == pytest.approx(expected, rel=1e-14)
