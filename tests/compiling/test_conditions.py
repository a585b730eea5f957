"""Comparisons inside compiled functions are Values of 0 or 1, which `where` chooses by."""

import itertools
import operator

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.compiling.backends.registry import names
from autograd_bp.errors import BranchError, ConversionError, OperandError

POINTS = [-2.0, -0.0, 0.0, 0.5, 1.0, 3.0, float("inf"), float("nan")]
COMPARISONS = {
    operator.lt: bp.less,
    operator.le: bp.less_equal,
    operator.gt: bp.greater,
    operator.ge: bp.greater_equal,
}


@pytest.mark.parametrize("backend", names())
@pytest.mark.parametrize("compare", COMPARISONS)
def test_a_comparison_is_one_or_zero(compare, backend):
    pairs = list(itertools.product(POINTS, POINTS))
    x, y = np.array(pairs).T
    expected = [float(compare(a, b)) for a, b in pairs]
    both = bp.compiled(lambda x, y: compare(x, y), rows=("x", "y"), reduce=None, backend=backend)
    assert both(x, y).tolist() == expected
    for number in (1.0, 1, np.float64(1.0), np.int64(1)):
        right = bp.compiled(
            lambda x, n=number: compare(x, n), rows="x", reduce=None, backend=backend
        )
        left = bp.compiled(
            lambda x, n=number: compare(n, x), rows="x", reduce=None, backend=backend
        )
        assert right(POINTS).tolist() == [float(compare(a, 1.0)) for a in POINTS]
        assert left(POINTS).tolist() == [float(compare(1.0, a)) for a in POINTS]


@pytest.mark.parametrize("backend", names())
def test_conditions_are_joined_summed_and_chosen_by(backend):
    def f(x, y):
        inside = (x > 0.0) & (y > 0.0)
        outside = ~inside | (x >= 2.0)
        odd = (x > 0.0) ^ (y > 0.0)
        count = (x < 1.0) + (y < 1.0) + 0.0
        return [bp.where(inside, x * y, x + y), outside * 1.0, count * x, odd * y, 1.0 - inside]

    def by_hand(x, y):
        inside = x > 0.0 and y > 0.0
        return [
            x * y if inside else x + y,
            float(not inside or x >= 2.0),
            ((x < 1.0) + (y < 1.0)) * x,
            ((x > 0.0) != (y > 0.0)) * y,
            1.0 - inside,
        ]

    points = list(itertools.product([-2.0, 0.0, 0.5, 2.0], repeat=2))
    x, y = np.array(points).T
    compiled = bp.compiled(f, rows=("x", "y"), reduce=None, backend=backend)
    np.testing.assert_array_equal(np.transpose(compiled(x, y)), [by_hand(*p) for p in points])
    slopes = compiled.jacobian(x, y)
    expected = [
        [b if a > 0.0 and b > 0.0 else 1.0, 0.0, float((a < 1.0) + (b < 1.0)), 0.0, 0.0]
        for a, b in points
    ]
    np.testing.assert_array_equal([[float(s) for s in line] for line in slopes], expected)


def test_second_derivatives_pass_the_branch_that_is_taken():
    f = bp.compiled(lambda x: bp.where(x < 1.0, x * x * x, bp.sqrt(x - 1.0)))
    assert f.hvp(0.5, tangent=1.0) == 3.0
    assert f.hvp(5.0, tangent=1.0) == pytest.approx(-0.25 * 4.0**-1.5)
    nested = bp.compiled(bp.grad(bp.grad(lambda x: bp.where(x < 1.0, x**3, 0.0 * x))))
    assert (nested(0.5), nested(2.0)) == (3.0, 0.0)


BRANCHES = {
    "if": lambda x: x if x < 1.0 else 1.0,
    "if value": lambda x: x if x else 1.0,
    "not": lambda x: 1.0 if not x > 0.0 else x,
    "and": lambda x: (x > 0.0) and (x < 1.0),
    "or": lambda x: (x > 0.0) or (x < 1.0),
    "bool": lambda x: bool(x > 0.0) * x,
    "chain": lambda x: 0.0 < x < 1.0,
    "max": lambda x: max(x, 0.0),
    "min": lambda x: min([x, 2.0 * x]),
    "sorted": lambda x: sorted([x, 1.0])[0],
    "any": lambda x: any([x > 0.0]) * x,
    "all": lambda x: all([x > 0.0]) * x,
    "filter": lambda x: sum(filter(None, [x])),
    "while": lambda x: _halved(x),
    "assert": lambda x: _asserted(x),
    "np.any": lambda x: np.any(np.array([x > 0.0])) * x,
    "mask": lambda x: np.array([1.0, 2.0])[np.array([x > 0.0, x < 0.0]).astype(bool)].sum() * x,
    "np.isnan": lambda x: x if np.isnan(x) else 2.0 * x,
    "np.max": lambda x: np.max(np.array([x, 2.0 * x])),
    "np.sort": lambda x: np.sort(np.array([x, 2.0 * x]))[0],
    "array comparison": lambda x: (np.array([x, x]) < 1.0).sum() * x,
}


def _halved(x):
    while x > 1.0:
        x = x * 0.5
    return x


def _asserted(x):
    assert x > 0.0
    return x


@pytest.mark.parametrize("name", BRANCHES)
def test_the_truth_of_a_condition_is_refused(name):
    with pytest.raises(BranchError, match=r"use where\(condition, a, b\).*logical_and"):
        bp.compiled(BRANCHES[name])(0.5)


@pytest.mark.parametrize(
    "compare", [operator.eq, operator.ne, lambda x, y: x in [y], lambda x, y: [y].index(x)]
)
def test_equality_points_to_the_function(compare):
    for other in (1.0, 1, None):
        with pytest.raises(BranchError, match=r"autograd_bp\.(not_)?equal\(a, b\)"):
            bp.compiled(lambda x: x * compare(x, other))(1.0)  # noqa: B023
    with pytest.raises(BranchError, match=r"autograd_bp\.(not_)?equal\(a, b\)"):
        bp.compiled(lambda x, y: x * compare(x, y))(1.0, 1.0)


def test_arrays_are_compared_by_functions():
    f = bp.compiled(lambda x: bp.sum(bp.less(x, 1.0) * x))
    assert f(np.array([0.5, 2.0, -1.0])) == -0.5
    assert f.grad(np.array([0.5, 2.0, -1.0])).tolist() == [1.0, 0.0, 1.0]
    g = bp.compiled(lambda x: np.sum(bp.where(np.less(x, x[0] + 1.0), x, 0.0)))
    assert g(np.array([0.5, 2.0, -1.0])) == -0.5


def test_outside_comparisons_are_truth_values():
    x, y = Value(1.0), Value(2.0)
    assert (x < y) is True
    assert (x > 1.5) is False
    assert sorted([y, x]) == [x, y]
    with pytest.raises(ConversionError, match="truth of a Value"):
        bool(x)


@pytest.mark.parametrize("x", [0.5, -0.5])
def test_conditions_that_are_values_are_joined_outside_too(x):
    v = Value(x)
    positive, small = bp.greater(v, 0.0), bp.less(v, 0.7)
    truth = x > 0.0
    assert (positive & small).data == float(truth)
    assert (positive & True).data == (True & positive).data == float(truth)
    assert (positive | np.bool_(False)).data == (1 & positive).data == float(truth)
    assert (positive ^ small).data == (False | ~positive).data == float(not truth)
    array = np.array([positive, small]) & np.array([True, False])
    assert [each.data for each in array] == [float(truth), 0.0]


@pytest.mark.parametrize(
    "join",
    [
        lambda x: x & True,
        lambda x: (x > 0.0) & x,
        lambda x: 2 & (x > 0.0),
        lambda x: (x > 0.0) | 0.5,
        lambda x: ~x,
        lambda x: ~(bp.greater(x, 0.0) + bp.greater(x, 1.0)),
        lambda x: x ^ "text",
    ],
)
def test_what_is_no_condition_is_not_joined(join):
    with pytest.raises(OperandError, match="joins conditions"):
        bp.compiled(join)(1.0)
