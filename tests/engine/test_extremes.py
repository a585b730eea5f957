"""The largest and the smallest of many: one node, equal shares of a tie, in every mode."""

import itertools
import math

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.errors import OperandError

TIED = [1.0, 3.0, -2.0, 3.0, 0.0, 3.0, 4.0, 4.0, -2.0]
INDICES = [0, 4, 2, 6, 6]
THREE = list(itertools.product([1.0, -1.0, math.nan, math.inf], repeat=3))


def shares(numbers, best):
    """The derivative of max(numbers) or min(numbers), from the definition."""
    top = best(numbers)
    return [(x == top) / numbers.count(top) for x in numbers]


def pieces(count, indices):
    """The places that each number of `reduceat` is of, from NumPy's description."""
    ends = [*indices[1:], count]
    return [range(i, j) if i < j else range(i, i + 1) for i, j in zip(indices, ends, strict=True)]


def expected_rows(name, places):
    best = max if name in ("maximum", "fmax") else min
    rows = np.zeros((len(places), len(TIED)))
    for row, chosen in zip(rows, places, strict=True):
        row[list(chosen)] = shares([TIED[i] for i in chosen], best)
    return rows


METHODS = {
    "accumulate": (lambda f, x: f.accumulate(x), [range(i + 1) for i in range(len(TIED))]),
    "reduceat": (lambda f, x: f.reduceat(x, INDICES), pieces(len(TIED), INDICES)),
    "reduce": (lambda f, x: [f.reduce(x)], [range(len(TIED))]),
}


@pytest.mark.parametrize("name", ["maximum", "minimum", "fmax", "fmin"])
@pytest.mark.parametrize("method", METHODS)
def test_ties_share_equally_in_every_mode(name, method):
    call, places = METHODS[method]
    ufunc, expected = getattr(np, name), expected_rows(name, places)

    def f(x):
        return bp.array(list(call(ufunc, x)))

    x = np.array(TIED)
    assert [y.data for y in f(bp.array([Value(each) for each in TIED]))] == list(call(ufunc, x))
    assert bp.jacobian(f)(x) == pytest.approx(expected, abs=1e-15)
    assert bp.jacobian(f, mode="forward")(x) == pytest.approx(expected, abs=1e-15)
    weights = np.arange(1.0, len(expected) + 1.0)
    for backend in ("tape", "numpy", "llvm"):
        gradient = bp.compiled(lambda x: (f(x) * weights).sum(), backend=backend).grad(x)
        assert gradient == pytest.approx(weights @ expected, abs=1e-14)
    assert not bp.hessian(lambda x: (f(x) * weights).sum())(x).any()


@pytest.mark.parametrize("ufunc", [np.maximum, np.minimum, np.fmax, np.fmin])
@pytest.mark.parametrize("numbers", THREE)
def test_numbers_are_those_of_numpy_with_nan_and_infinity(ufunc, numbers):
    x = bp.array([Value(each) for each in numbers])
    for result, expected in (
        (ufunc.accumulate(x), ufunc.accumulate(numbers)),
        (ufunc.reduceat(x, [0, 1]), ufunc.reduceat(numbers, [0, 1])),
        ([ufunc.reduce(x)], [ufunc.reduce(numbers)]),
    ):
        np.testing.assert_array_equal([y.data for y in result], expected)


def test_compiled_accumulation_skips_nan_that_it_finds_out_later():
    f = bp.compiled(np.fmax.accumulate)
    for numbers in ([math.nan, 1.0, 3.0], [2.0, math.nan, 1.0], [math.nan, math.nan, 1.0]):
        np.testing.assert_array_equal(f(np.array(numbers)), np.fmax.accumulate(numbers))


def test_axes_and_arrays_for_results():
    x = np.array([[1.0, 5.0, 5.0], [2.0, 0.0, 7.0]])
    values = bp.array([[Value(each) for each in row] for row in x])
    for axis in (0, 1, -1):
        out = np.empty((2, 3), dtype=object)
        assert np.maximum.accumulate(values, axis=axis, out=out) is out
        assert (bp.array(out).astype(object) == np.maximum.accumulate(x, axis=axis)).all()
    result = np.minimum.reduceat(values, [0, 2], axis=1)
    assert [[y.data for y in row] for row in result] == [[1.0, 5.0], [0.0, 7.0]]
    with pytest.raises(OperandError, match="indices from 0 to 1, got"):
        np.maximum.reduceat(values, [2])


def test_the_largest_of_many_is_one_node():
    values = [Value(float(k % 5)) for k in range(100)]
    for y in (bp.maximum(*values), np.max(bp.array(values)), np.nanmax(bp.array(values))):
        assert y.op.name == "highest"
        assert len(y.parents) == 100
    assert np.min(bp.array(values)).op.name == "lowest"


def test_arrays_beside_values_and_floats():
    a, b = Value(2.0), Value(1.0)
    result = bp.maximum(a, np.array([1.0, 3.0]), bp.array([b, 2.0]), 2.0)
    assert [y.data for y in result] == [2.0, 3.0]
    result.sum().backward()
    assert (a.grad, b.grad) == (0.5, 0.0)
    assert bp.minimum(3.0, 2.0, 5.0) == 2.0
    assert bp.maximum(np.array([1.0, 4.0]), 2.0, np.array([3.0, 3.0])).tolist() == [3.0, 4.0]


def test_a_compiled_maximum_takes_few_instructions_for_an_entry():
    x = np.linspace(-1.0, 1.0, 500)
    program = bp.compiled(np.max, backend="tape")
    program(x)
    assert len(program.program) == 1
