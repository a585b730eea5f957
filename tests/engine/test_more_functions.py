"""Rounding, products, variances and choices: as Python and NumPy compute them, with derivatives."""

import math
import random

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.errors import OperandError, ShapeError

INF, NAN = math.inf, math.nan
SIZES = [0.1, 0.3, 1.0, 2.0, 7.5, 1e-5, 1e5, 3e17, 5e-324]


def numbers(seed, count=300):
    """Floats of many sizes, halves and integers among them."""
    generator = random.Random(seed)
    for _ in range(count):
        x = generator.choice(SIZES) * generator.choice((1.0, generator.uniform(0.0, 9.0)))
        yield generator.choice((-1.0, 1.0)) * generator.choice((x, round(x), round(x) + 0.5))


def same(a, b):
    return (a == b and math.copysign(1.0, a) == math.copysign(1.0, b)) or (a != a and b != b)


def test_rounding_is_that_of_python_and_numpy():
    for x in numbers(1):
        assert bp.round(x) == round(x)
        assert bp.ceil(x) == math.ceil(x)
        assert bp.trunc(x) == math.trunc(x)
        for ours, theirs in ((bp.round, np.rint), (bp.ceil, np.ceil), (bp.trunc, np.trunc)):
            assert same(ours(x), float(theirs(x))), x
            assert same(ours(np.array([x]))[0], float(theirs(x))), x


def test_rounding_to_digits_is_that_of_python():
    for x in (2.675, -1.005, 1234.5678, 0.0, -0.3):
        for digits in (-2, 0, 1, 2, 3):
            assert bp.round(x, digits) == round(x, digits)
            assert bp.round(Value(x), digits).data == round(x, digits)
    assert list(bp.round(np.array([2.675, 0.25]), 1)) == [2.7, 0.2]
    with pytest.raises(TypeError):
        bp.round(2.5, 1.5)


def test_quotients_and_remainders_are_pythons_to_the_bit():
    for a, b in zip(numbers(2, 2000), numbers(3, 2000), strict=True):
        if b:
            assert same(bp.remainder(a, b), a % b), (a, b)
            assert same(bp.floor_divide(a, b), a // b), (a, b)
            assert same(bp.fmod(a, b), math.fmod(a, b)), (a, b)


@pytest.mark.parametrize("b", [0.0, -0.0, INF, -INF, NAN])
def test_quotients_and_remainders_of_special_numbers_are_numpys(b):
    with np.errstate(all="ignore"):
        for a in (-2.5, -0.0, 0.0, 3.0, INF, NAN):
            assert same(bp.remainder(a, b), float(np.remainder(a, b))), (a, b)
            assert same(bp.floor_divide(a, b), float(np.floor_divide(a, b))), (a, b)
            assert same(bp.fmod(a, b), float(np.fmod(a, b))), (a, b)


def test_a_remainder_is_the_number_minus_a_multiple():
    a, b = Value(7.5), Value(-2.0)
    assert bp.gradients(bp.remainder(a, b), [a, b]) == [1.0, 4.0]
    assert bp.gradients(bp.fmod(a, b), [a, b]) == [1.0, 3.0]


def test_the_partials_of_a_product_are_the_products_of_the_others():
    gradient, hessian = bp.grad(bp.prod), bp.hessian(bp.prod)
    assert gradient([2.0, 3.0, 4.0]) == [12.0, 8.0, 6.0]
    assert gradient([2.0, 0.0, 4.0]) == [0.0, 8.0, 0.0]
    assert gradient([0.0, 0.0, 4.0]) == [0.0, 0.0, 0.0]
    assert hessian([0.0, 0.0, 4.0]) == [[0.0, 4.0, 0.0], [4.0, 0.0, 0.0], [0.0, 0.0, 0.0]]
    assert bp.prod([]) == 1.0
    assert type(bp.prod([2])) is float


def test_a_product_refuses_what_is_no_number():
    with pytest.raises(OperandError):
        bp.prod(["2"])
    with pytest.raises(OperandError):
        bp.prod(2.0)


@pytest.mark.parametrize("ddof", [0, 1, 1.5])
def test_variances_are_numpys_and_their_slopes_those_of_differences(ddof):
    x = [1.5, -2.0, 0.25, 4.0]
    for ours, theirs in ((bp.var, np.var), (bp.std, np.std)):
        assert ours(x, ddof=ddof) == pytest.approx(theirs(x, ddof=ddof), rel=1e-15)
        gradient = bp.grad(lambda v, f=ours: f(v, ddof=ddof))(x)
        for k in range(4):
            high, low = ([v + h * (j == k) for j, v in enumerate(x)] for h in (1e-6, -1e-6))
            slope = (theirs(high, ddof=ddof) - theirs(low, ddof=ddof)) / 2e-6
            assert gradient[k] == pytest.approx(slope, rel=1e-7)


def test_the_deviation_of_equal_numbers_has_the_slope_0():
    assert bp.grad(bp.std)([2.0, 2.0, 2.0]) == [0.0, 0.0, 0.0]
    assert bp.grad(bp.var)([2.0, 2.0, 2.0]) == [0.0, 0.0, 0.0]
    assert bp.hessian(bp.var)([2.0, 2.0]) == [[0.5, -0.5], [-0.5, 0.5]]


def test_a_variance_needs_more_numbers_than_it_subtracts():
    with pytest.raises(ShapeError, match="more than 1 values, got 1"):
        bp.std([2.0], ddof=1)
    with pytest.raises(ShapeError, match="needs at least one number"):
        bp.var([])


def test_truths_of_lists():
    assert (bp.any([]), bp.all([])) == (0.0, 1.0)
    x = Value(2.0)
    y = bp.where(bp.all([bp.greater(x, 1.0), bp.less(x, 3.0)]), x * x, 0.0)
    y.backward()
    assert (y.data, x.grad) == (4.0, 4.0)


@pytest.mark.parametrize(
    ("values", "shares"),
    [
        ([1.0, 3.0, 2.0], [0.0, 1.0, 0.0]),
        ([3.0, 3.0, 3.0], [1 / 3, 1 / 3, 1 / 3]),
        ([3.0, 1.0, 3.0, 2.0], [0.5, 0.0, 0.5, 0.0]),
        ([1.0, 1.0, 5.0, 5.0, 5.0, 5.0], [0.0, 0.0, 0.25, 0.25, 0.25, 0.25]),
        ([-INF, 0.5, -INF], [0.0, 1.0, 0.0]),
    ],
)
def test_the_extreme_of_several_shares_its_derivative_among_ties(values, shares):
    for function, sign in ((bp.maximum, 1.0), (bp.minimum, -1.0)):
        nodes = [Value(sign * x) for x in values]
        y = function(*nodes)
        y.backward()
        assert y.data == sign * max(values) == function(*[sign * x for x in values])
        assert [node.grad for node in nodes] == pytest.approx(shares, rel=1e-15)


def test_the_extreme_of_infinite_numbers_and_of_nan():
    assert bp.maximum(Value(INF), Value(INF), Value(1.0)).data == INF
    assert bp.minimum(Value(-INF), 2.0, Value(-INF)).data == -INF
    for place in range(3):
        assert math.isnan(bp.maximum(*[Value(NAN if k == place else 1.0) for k in range(3)]).data)


def test_the_extreme_of_several_arrays_is_elementwise():
    a, b, c = np.array([1.0, 5.0]), np.array([3.0, 2.0]), 2.5
    assert bp.maximum(a, b, c).tolist() == [3.0, 5.0]
    values = np.array([Value(1.0), Value(5.0)])
    assert [v.data for v in bp.minimum(values, b, c)] == [1.0, 2.0]


def test_clip_takes_one_bound_or_two():
    assert [bp.clip(x, 0.0, 1.0) for x in (-1.0, 0.5, 2.0)] == [0.0, 0.5, 1.0]
    assert bp.clip(-1.0, low=0.0) == 0.0
    assert bp.clip(2.0, high=1.0) == 1.0
    assert bp.clip(np.array([-1.0, 0.5, 2.0]), 0.0, 1.0).tolist() == [0.0, 0.5, 1.0]
    x = Value(0.5)
    bp.clip(x, 0.0, 1.0).backward()
    assert x.grad == 1.0


def test_activations_have_their_usual_parameters():
    assert bp.leaky_relu(-2.0) == -0.02
    assert bp.leaky_relu(-2.0, slope=0.5) == -1.0
    assert bp.elu(-1.0) == math.expm1(-1.0)
    assert bp.elu(-1.0, alpha=2.0) == 2.0 * math.expm1(-1.0)
    x = Value(0.0)
    bp.elu(x).backward()
    assert x.grad == 1.0


@pytest.mark.parametrize(
    ("function", "point", "mixed"),
    [
        (bp.xlogy, [0.0, 2.0], 0.5),
        (bp.xlog1py, [0.0, 3.0], 0.25),
        (bp.remainder, [0.5, 2.0], 0.0),
        (bp.elu, [-1.0, 0.5], math.exp(-1.0)),
        (bp.leaky_relu, [0.0, 0.5], 1.0),
    ],
)
def test_the_mixed_derivative_is_there_where_an_input_is_0(function, point, mixed):
    hessian = bp.hessian(lambda p: function(*p))(point)
    assert hessian[0][1] == hessian[1][0] == mixed


def test_silu_is_right_at_its_ends():
    assert same(bp.silu(-INF), -0.0)
    assert bp.silu(INF) == INF
    assert bp.grad(bp.silu)(INF) == 1.0
    assert bp.grad(bp.silu)(-INF) == 0.0
    assert bp.silu(-744.0) == pytest.approx(
        -744.0 * math.exp(-372.0) * math.exp(-372.0), abs=1e-322
    )
