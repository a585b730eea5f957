"""NumPy's quantiles of arrays of Values: its numbers, by every method, and their derivatives."""

import math

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.errors import BranchError, OperandError

METHODS = (
    *("linear", "lower", "higher", "midpoint", "nearest", "hazen", "weibull"),
    *("median_unbiased", "normal_unbiased", "inverted_cdf", "averaged_inverted_cdf"),
    *("closest_observation", "interpolated_inverted_cdf"),
)
NUMBERS = np.random.default_rng(5).normal(size=(2, 3, 3))


def values(numbers):
    flat = [Value(x) for x in np.ravel(numbers).tolist()]
    return bp.array(flat).reshape(np.shape(numbers))


def numbers_of(result):
    entries = np.asarray(result, dtype=object)
    flat = [getattr(x, "data", x) for x in entries.reshape(-1).tolist()]
    return np.array(flat, dtype=float).reshape(entries.shape)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("axis", [None, 0, -1, (0, 2)], ids=str)
def test_they_are_numpys_by_every_method_to_the_bit(method, axis):
    for q in (0.0, 0.3, 1.0, [0.1, 0.5], [[0.2], [0.85]]):
        for keepdims in (False, True):
            options = {"axis": axis, "method": method, "keepdims": keepdims}
            right = np.quantile(NUMBERS, q, **options)
            computed = numbers_of(np.quantile(values(NUMBERS), q, **options))
            assert computed.shape == right.shape
            assert (computed == right).all()
    percent = numbers_of(np.percentile(values(NUMBERS), 35, axis=axis, method=method))
    assert (percent == np.percentile(NUMBERS, 35, axis=axis, method=method)).all()


@pytest.mark.parametrize("method", METHODS)
def test_their_gradients_are_differences_of_numpys(method):
    x, step = np.array([3.0, -1.0, 0.5, 7.0, 2.0]), 1e-3
    gradient = bp.grad(lambda v: np.quantile(v, 0.37, method=method))(x)
    for i, slope in enumerate(gradient):
        e = np.eye(5)[i] * step
        rise = np.quantile(x + e, 0.37, method=method) - np.quantile(x - e, 0.37, method=method)
        assert slope == pytest.approx(rise / (2 * step), abs=1e-9)


@pytest.mark.parametrize("method", ["linear", "hazen", "weibull", "normal_unbiased"])
def test_the_level_may_be_a_value(method):
    x, q = [1.0, 4.0, 9.0, 16.0, 25.0], 0.41
    slope = bp.grad(lambda q: np.quantile(np.array(x), q, method=method))
    level = Value(q)
    np.quantile(bp.array(x), level, method=method).backward()
    rise = np.quantile(x, q + 1e-6, method=method) - np.quantile(x, q - 1e-6, method=method)
    assert level.grad == pytest.approx(rise / 2e-6, rel=1e-6)
    assert slope(q) == level.grad


def test_equal_numbers_share_the_derivative():
    for function in (np.median, lambda v: np.quantile(v, 0.5), lambda v: np.percentile(v, 50)):
        three = bp.grad(function)(np.array([2.0, 2.0, 2.0, 1.0, 3.0]))
        assert three == pytest.approx([1 / 3] * 3 + [0, 0])
        assert bp.grad(function)(np.array([2.0, 2.0, 1.0, 3.0])) == pytest.approx([0.5, 0.5, 0, 0])


def test_nan_is_passed_on_or_left_out():
    entries = [Value(1.0), Value(math.nan), Value(4.0)]
    assert math.isnan(np.quantile(bp.array(entries), 0.5).data)
    y = np.nanpercentile(bp.array(entries), 50)
    y.backward()
    assert (y.data, entries[0].grad, entries[1].grad) == (2.5, 0.5, 0.0)


def test_weights_of_numbers_choose_the_entry():
    x = values([5.0, 1.0, 3.0])
    y = np.quantile(x, 0.6, weights=[3.0, 1.0, 1.0], method="inverted_cdf")
    assert y is x[0]
    masses = np.arange(18.0).reshape(NUMBERS.shape) % 5.0 + 1.0
    for axis in (None, 1, (0, 2)):
        options = {"axis": axis, "weights": masses, "method": "inverted_cdf"}
        right = np.quantile(NUMBERS, [0.2, 0.7], **options)
        assert (numbers_of(np.quantile(values(NUMBERS), [0.2, 0.7], **options)) == right).all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda x: np.quantile(x, 1.5), r"1\.5.*range"),
        (lambda x: np.quantile(x, "half"), "numbers as q, got"),
        (lambda x: np.percentile(x, 50, axis=1.5), r"no axes 1\.5"),
        (lambda x: np.quantile(x, 0.5, method="middle"), "middle"),
        (lambda x: np.quantile(x, 0.5, weights=x, method="inverted_cdf"), r"plain numbers.*\.data"),
        (lambda x: np.quantile(x, 0.5, 0, weights=[1.0], method="inverted_cdf"), "must agree"),
        (lambda x: np.quantile(x, 0.5, 0, weights=[[1.0]], method="inverted_cdf"), "must agree"),
        (lambda x: np.quantile(bp.array([]), 0.5), "at least one"),
    ],
)
def test_what_is_no_quantile_is_refused(call, message):
    with pytest.raises(OperandError, match=message):
        call(values([1.0, 2.0]))


def test_a_compiled_function_knows_no_order():
    with pytest.raises(BranchError):
        bp.compiled(lambda v: np.quantile(v, 0.3))(np.array([1.0, 2.0]))
