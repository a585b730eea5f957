"""The tester, tested: rules that are wrong, by little or only somewhere, must be found out."""

import math
from types import SimpleNamespace

import pytest
import rowcheck

from autograd_bp import primitives as rows


def planted(row, **columns):
    """A row with another rule, outside the table."""
    own = {name: getattr(row, name) for name in dir(row) if not name.startswith("_")}
    return SimpleNamespace(**{**own, **columns})


def check(check_point, row):
    return sum(check_point(row, point) for point in rowcheck.points(row))


WRONG = {
    "by 0.05 %": planted(rows.exp, partials=lambda x, y: (y * 1.0005,)),
    "by 1e-14": planted(rows.sin, partials=lambda x, y: (rows.cos(x) * (1 + 1e-14),)),
    "in its sign": planted(rows.cos, partials=lambda x, y: (rows.sin(x),)),
    "by a factor of two": planted(rows.tanh, partials=lambda x, y: (2 * (1 - y * y),)),
    "with its inputs swapped": planted(
        rows.div, partials=lambda a, b, y: (-rows.div(y, b), rows.div(1.0, b))
    ),
    "zero": planted(rows.erf, partials=lambda x, y: (0.0,)),
    "by the input for the output": planted(rows.sigmoid, partials=lambda x, y: (x * (1 - x),)),
    "on one side only": planted(rows.abs_, partials=lambda x, y: (1.0,)),
    "in the second input": planted(rows.hypot, partials=lambda a, b, y: (a / y if y else 0.0, 0.0)),
    "where it underflows": planted(rows.softplus, partials=lambda x, y: (1.0 - rows.exp(-y),)),
    "in one input of many": planted(
        rows.sum_, partials=lambda *x, y: (*(1.0,) * (len(x) - 1), 1.0 + 1e-12)[: len(x)]
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_rule_that_is_wrong_is_found_out(name):
    with pytest.raises(AssertionError, match="∂"):
        check(rowcheck.check_partials, WRONG[name])


@pytest.mark.parametrize("name", ["by 0.05 %", "in its sign", "zero", "on one side only"])
def test_differences_find_it_too(name):
    with pytest.raises(AssertionError, match="differences say"):
        check(rowcheck.check_differences, WRONG[name])


def test_a_rule_that_cannot_be_differentiated_again_is_found_out():
    frozen = planted(rows.exp, partials=lambda x, y: (math.exp(x.data),))

    class Callable(SimpleNamespace):
        def __call__(self, *inputs):
            return rows.exp(*inputs)

    with pytest.raises(AssertionError, match="∂²exp"):
        rowcheck.check_second(Callable(**vars(frozen)), (0.5,))


def test_a_function_that_is_wrong_is_found_out():
    naive = planted(rows.log1p, forward=lambda x: math.log(1.0 + x) if x > -1 else -math.inf)
    with pytest.raises(AssertionError, match="ulps"):
        rowcheck.check_forward(naive, (1e-12,))


def test_the_rows_themselves_pass():
    for row in (rows.exp, rows.div, rows.abs_, rows.hypot, rows.softplus, rows.sum_):
        assert check(rowcheck.check_partials, row) > 0
