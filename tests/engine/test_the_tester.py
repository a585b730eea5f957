"""The tester, tested: rules that are wrong, by little or only somewhere, must be found out."""

import math
from types import SimpleNamespace

import primitive_checks
import pytest

from autograd_bp import primitives as ops


def planted(op, **columns):
    """A primitive with another rule, outside the table."""
    own = {name: getattr(op, name) for name in dir(op) if not name.startswith("_")}
    return SimpleNamespace(**{**own, **columns})


def check(check_point, op):
    return sum(check_point(op, point) for point in primitive_checks.points(op))


WRONG = {
    "by 0.05 %": planted(ops.exp, partials=lambda x, y: (y * 1.0005,)),
    "by 1e-14": planted(ops.sin, partials=lambda x, y: (ops.cos(x) * (1 + 1e-14),)),
    "in its sign": planted(ops.cos, partials=lambda x, y: (ops.sin(x),)),
    "by a factor of two": planted(ops.tanh, partials=lambda x, y: (2 * (1 - y * y),)),
    "with its inputs swapped": planted(
        ops.div, partials=lambda a, b, y: (-ops.div(y, b), ops.div(1.0, b))
    ),
    "zero": planted(ops.erf, partials=lambda x, y: (0.0,)),
    "by the input for the output": planted(ops.sigmoid, partials=lambda x, y: (x * (1 - x),)),
    "on one side only": planted(ops.abs_, partials=lambda x, y: (1.0,)),
    "in the second input": planted(ops.hypot, partials=lambda a, b, y: (a / y if y else 0.0, 0.0)),
    "where it underflows": planted(ops.softplus, partials=lambda x, y: (1.0 - ops.exp(-y),)),
    "in one input of many": planted(
        ops.sum_, partials=lambda *x, y: (*(1.0,) * (len(x) - 1), 1.0 + 1e-12)[: len(x)]
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_rule_that_is_wrong_is_found_out(name):
    with pytest.raises(AssertionError, match="∂"):
        check(primitive_checks.check_partials, WRONG[name])


@pytest.mark.parametrize("name", ["by 0.05 %", "in its sign", "zero", "on one side only"])
def test_differences_find_it_too(name):
    with pytest.raises(AssertionError, match="differences say"):
        check(primitive_checks.check_differences, WRONG[name])


def test_a_rule_that_cannot_be_differentiated_again_is_found_out():
    frozen = planted(ops.exp, partials=lambda x, y: (math.exp(x.data),))

    class Callable(SimpleNamespace):
        def __call__(self, *inputs):
            return ops.exp(*inputs)

    with pytest.raises(AssertionError, match="∂²exp"):
        primitive_checks.check_second(Callable(**vars(frozen)), (0.5,))


def test_a_function_that_is_wrong_is_found_out():
    naive = planted(ops.log1p, forward=lambda x: math.log(1.0 + x) if x > -1 else -math.inf)
    with pytest.raises(AssertionError, match="ulps"):
        primitive_checks.check_forward(naive, (1e-12,))


def test_the_primitives_themselves_pass():
    for op in (ops.exp, ops.div, ops.abs_, ops.hypot, ops.softplus, ops.sum_):
        assert check(primitive_checks.check_partials, op) > 0
