"""Arrays as static arguments: labels, masks and places, which distinguish programs."""

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp import errors
from autograd_bp.compiling.backends import registry

BACKENDS = [backend.name for backend in registry.backends() if backend.unavailable() is None]


def chosen():
    return bp.compiled(lambda x, places: (x[places] ** 2).sum(), static="places")


def test_a_static_array_is_one_for_the_function():
    f, x = chosen(), np.array([1.0, 2.0, 3.0])
    assert f(x, np.array([0, 2])) == 10.0
    assert f(x, np.array([True, True, False])) == 5.0
    np.testing.assert_array_equal(f.grad(x, np.array([0, 0, 1])), [4.0, 4.0, 0.0])
    assert len(list(f.traces)) == 3


@pytest.mark.parametrize("backend", ["auto", *BACKENDS])
def test_equal_arrays_share_a_program_and_others_do_not(backend):
    f, x = chosen().with_options(backend=backend), np.array([1.0, 2.0, 3.0])
    for _ in range(3):
        assert [f(x, np.array(places)) for places in ([0], [1], [0, 1], [0])] == [1, 4, 5, 1]
    assert f(x, np.array([0], dtype=np.int32)) == 1.0
    assert f(x, np.array([[0]])) == 1.0
    assert len(list(f.traces)) == 5


def test_an_array_that_was_written_to_is_another_one():
    f, x, places = chosen(), np.array([1.0, 2.0, 3.0]), np.array([0])
    for place in (0, 2, 1, 2):
        places[0] = place
        assert f(x, places) == x[place] ** 2
        np.testing.assert_array_equal(f.grad(x, places), 2.0 * x * (np.arange(3) == place))


def test_the_array_that_the_function_gets_cannot_be_written_to():
    def f(x, places):
        places[0] = 1
        return x[places[0]]

    with pytest.raises(ValueError, match="read-only"):
        bp.compiled(f, static="places")(np.array([1.0, 2.0]), np.array([0]))


def test_what_is_no_plain_array_is_refused():
    with pytest.raises(errors.OperandError, match="an array of NumPy or a number"):
        chosen()(np.array([1.0]), [0])
    with pytest.raises(errors.OperandError, match="cannot be hashed"):
        chosen()(np.array([1.0]), np.array([{}]))


def test_an_array_of_truth_values_is_refused_with_both_things_to_write():
    x, mask = np.array([1.0, 2.0]), np.array([True, False])
    with pytest.raises(errors.OperandError, match=r"mask\.astype\(float\).*static='mask'"):
        bp.compiled(lambda x, mask: np.where(mask, x, 0.0).sum())(x, mask)
    f = bp.compiled(lambda x, mask: np.where(mask, x, 0.0).sum())
    assert f(x, mask.astype(float)) == 1.0
    assert f.with_options(static="mask")(x, mask) == 1.0
