"""Calls with numbers and containers of other kinds give what floats and arrays of doubles give."""

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp.errors import OperandError, ShapeError


@pytest.fixture(params=["auto", "numpy"])
def backend(request):
    return request.param


def thrice(call, *args):
    """The result of three calls: later ones go by native code."""
    results = [call(*args) for _ in range(3)]
    for result in results:
        np.testing.assert_array_equal(result, results[0])
    return results[0]


@pytest.mark.parametrize(
    "number", [3, np.float64(3.0), np.float32(3.0), np.int64(3), np.array(3.0)]
)
def test_numbers(backend, number):
    f = bp.compiled(lambda x, y: x * x + y[0], backend=backend)
    assert thrice(f, number, [number]) == 12.0
    assert thrice(f.grad, number, [3.0]) == 6.0
    assert f(2.0, [number]) == 7.0


def not_aligned(array):
    """The same numbers, at an address that is no multiple of their size, as in a packed file."""
    raw = np.frombuffer(b"-" + np.ascontiguousarray(array).tobytes(), np.uint8)
    return raw[1:].view(array.dtype).reshape(array.shape)


@pytest.mark.parametrize(
    "make",
    [
        not_aligned,
        lambda a: a.astype(np.float32),
        lambda a: a.astype(int),
        lambda a: a.astype(np.uint8),
        np.asfortranarray,
        lambda a: np.repeat(a, 2, axis=0)[::2],
        lambda a: a.astype(">f8"),
    ],
)
@pytest.mark.parametrize("rows", [4, 40_000])
def test_arrays(backend, make, rows):
    shared, table = np.arange(6.0).reshape(3, 2), np.arange(rows * 2.0).reshape(rows, 2) % 100
    f = bp.compiled(lambda w, x: bp.dot(w[0], x) * w[2, 1], rows="x", backend=backend)
    expected = f(shared, table)
    gradient = f.grad(shared, table)
    assert thrice(f, make(shared), make(table)) == expected
    np.testing.assert_array_equal(thrice(f.grad, make(shared), make(table)), gradient)


def test_lists_of_rows(backend):
    f = bp.compiled(lambda w, x: w * x[0] * x[1], rows="x", backend=backend)
    assert thrice(f, 2.0, [[1.0, 2.0], [3, 4.0], (5.0, 6.0)]) == 2.0 * (2.0 + 12.0 + 30.0)
    for _ in range(2):
        with pytest.raises(ShapeError, match="not of one shape"):
            f(2.0, [[1.0, 2.0], [3.0]])
        with pytest.raises(OperandError):
            f(2.0, [["a", "b"]])


@pytest.mark.parametrize("rows", [4, 40_000])
def test_dicts_of_rows(backend, rows):
    def function(w, r):
        return w * r["a"] * r["b"]["c"][1] + r["b"]["d"]

    f = bp.compiled(function, rows="r", wrt="r", backend=backend)
    a, c, d = np.arange(float(rows)), np.ones((rows, 2)), np.arange(rows)
    tables = {"a": a, "b": {"c": 2.0 * c, "d": d}}
    assert thrice(f, 3.0, tables) == 6.0 * a.sum() + d.sum()
    for _ in range(3):
        gradient = f.grad(3.0, tables)
        assert gradient["a"].tolist() == [6.0] * rows
        assert gradient["b"]["c"][:, 1].tolist() == (3.0 * a).tolist()
    swapped = {"b": {"d": d, "c": 2.0 * c}, "a": a}
    assert thrice(f, 3.0, swapped) == 6.0 * a.sum() + d.sum()
    with pytest.raises(ShapeError):
        f(3.0, {"a": a[:2], "b": tables["b"]})


def test_whole_numbers_without_a_double_are_refused_in_later_calls_too(backend):
    f = bp.compiled(lambda x, y: x + y[0], backend=backend)
    thrice(f, 1, np.array([2]))
    with pytest.raises(OperandError, match="no float holds exactly"):
        f(2**53 + 1, np.array([2]))
    with pytest.raises(OperandError, match="no float holds exactly"):
        f(1, np.array([2**53 + 1]))
    with pytest.raises(OperandError, match=r"is True, and a compiled function"):
        f(True, np.array([2]))


def test_masked_arrays_are_refused_wherever_they_stand(backend):
    f = bp.compiled(lambda w, x: bp.dot(w, x), rows="x", backend=backend)
    w, x = np.ones(2), np.ones((3, 2))
    for _ in range(2):
        assert f(w, x) == 6.0
        for masked in (np.ma.masked_array(w, [True, False]), np.ma.masked_array(x, x > 0.0)):
            with pytest.raises(OperandError, match="MaskedArray"):
                f(w if masked.ndim == 2 else masked, masked if masked.ndim == 2 else x)
