"""In a compiled function a Value passes for a float, so that code which asks what it has got goes
the way that plain numbers go."""

import functools
import numbers

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.errors import OperandError


def by_match(x):
    match x:
        case int() | float():
            return 2.0 * x
        case _:
            return 3.0 * x


def by_captured_match(x):
    match x:
        case float(number):
            return 2.0 * number
        case _:
            return 3.0 * x


@functools.singledispatch
def by_dispatch(x):
    return 3.0 * x


@by_dispatch.register
def _(x: float):
    return 2.0 * x


def asked(question):
    return lambda x: 2.0 * x if question(x) else 3.0 * x


QUESTIONS = {
    "float": lambda x: isinstance(x, float),
    "int or float": lambda x: isinstance(x, (int, float)),
    "union": lambda x: isinstance(x, int | float),
    "numbers.Real": lambda x: isinstance(x, numbers.Real),
    "numbers.Number": lambda x: isinstance(x, numbers.Number),
    "np.isscalar": np.isscalar,
    "__class__": lambda x: x.__class__ is float,
    "list": lambda x: isinstance(x, (list, tuple, np.ndarray, str, bool)),
    "int": lambda x: isinstance(x, int),
}
FUNCTIONS = {name: asked(question) for name, question in QUESTIONS.items()} | {
    "match": by_match,
    "match that captures": by_captured_match,
    "singledispatch": lambda x: by_dispatch(x),
    "in a round": lambda x: bp.fori(3, lambda i, y: 2.0 * y if isinstance(y, float) else 3.0, x),
    "in a round that is traced once": lambda x: bp.fori(
        5000, lambda i, y: bp.sin(y) + 0.5 * x if isinstance(y, float) else 3.0 * y, x
    ),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_compiled_code_goes_the_way_of_plain_numbers(name):
    function = FUNCTIONS[name]
    assert bp.compiled(function)(1.5) == pytest.approx(function(1.5), rel=1e-12)
    over_rows = bp.compiled(function, rows="x", reduce=None)
    assert over_rows([1.5, 0.5]) == pytest.approx([function(1.5), function(0.5)], rel=1e-12)


def test_derivatives_belong_to_that_way():
    assert bp.compiled(FUNCTIONS["float"]).value_and_grad(1.5) == (3.0, 2.0)


def test_it_is_a_value_too_and_only_there():
    kinds = []

    @bp.compiled
    def function(x):
        kinds.extend([isinstance(x, Value), type(x) is Value, isinstance(x, float)])
        return x

    function(1.0)
    assert kinds[:3] == [True, True, True]
    x = Value(1.0)
    assert not isinstance(x, float)
    assert x.__class__ is Value


def test_in_code_that_is_not_compiled_it_is_none():
    seen = []
    bp.grad(lambda x: seen.append(isinstance(x, float)) or x)(1.0)
    assert seen == [False]


def test_the_class_of_a_value_stays():
    with pytest.raises(OperandError, match="the class of a Value stays"):
        Value(1.0).__class__ = float


def test_functions_of_the_library_take_values_for_what_they_are():
    compiled = bp.compiled(lambda x: bp.gammainc(x, 2.0) + x**x + bp.where(x > 1.0, x, 0.0))
    value, slope = compiled.value_and_grad(1.5)
    assert value == pytest.approx(bp.gammainc(1.5, 2.0) + 1.5**1.5 + 1.5)
    assert slope == pytest.approx(
        bp.grad(lambda x: bp.gammainc(x, 2.0) + x**x + bp.where(x > 1.0, x, 0.0))(1.5)
    )


def test_an_attribute_that_numpy_asks_for_says_what_to_do():
    with pytest.raises(AttributeError, match=r"bp\.array\(values\) in the place of a list"):
        np.quantile([Value(1.0), Value(3.0)], 0.5)
