"""Arrays of Values indexed by Values, array[i] and array[tokens]: as NumPy's by whole numbers."""

import itertools

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp.errors import BadIndexError, BranchError

A = np.random.default_rng(0).normal(size=(3, 4, 5))
V, M = np.array([1.0, 2.0, 0.0]), np.array([[1.0, 0.0], [2.0, 1.0]])
INDICES = {
    "i": lambda i, v, m: i,
    ":, i": lambda i, v, m: (slice(None), i),
    "i, 2": lambda i, v, m: (i, 2),
    "0, i": lambda i, v, m: (0, i),
    "0, :, i": lambda i, v, m: (0, slice(None), i),
    "..., i": lambda i, v, m: (..., i),
    "..., i, 1:3": lambda i, v, m: (..., i, slice(1, 3)),
    "None, i": lambda i, v, m: (None, i),
    ":, None, i, None": lambda i, v, m: (slice(None), None, i, None),
    "v": lambda i, v, m: v,
    "m": lambda i, v, m: m,
    ":, v": lambda i, v, m: (slice(None), v),
    ":, m, 1": lambda i, v, m: (slice(None), m, 1),
    "0, :, v": lambda i, v, m: (0, slice(None), v),
    "v, i": lambda i, v, m: (v, i),
    "v, v, v": lambda i, v, m: (v, v, v),
    "v, places": lambda i, v, m: (v, np.array([0, 1, 2])),
    "places, v": lambda i, v, m: (np.array([0, 1, 2]), v),
    "places, :, m": lambda i, v, m: (np.array([0, 2]), slice(None), m),
    "v[:, None], v[None, :]": lambda i, v, m: (v[:, None], v[None, :]),
    "i, ..., v": lambda i, v, m: (i, ..., v),
    ":2, ..., m": lambda i, v, m: (slice(None, 2), ..., m),
    "[i, 0, i]": lambda i, v, m: [i, 0, i],
    "i, i, i": lambda i, v, m: (i, i, i),
}


def whole(index):
    """An index of floats as NumPy takes it."""
    if isinstance(index, (tuple, list)):
        return type(index)(map(whole, index))
    if isinstance(index, np.ndarray):
        return index.astype(int)
    return int(index) if isinstance(index, float) else index


@pytest.mark.parametrize("name", INDICES)
def test_an_index_of_values_gives_what_numpy_gives_for_whole_numbers(name):
    index = INDICES[name]
    expected = A[whole(index(2.0, V, M))]
    values = [bp.array([bp.Value(x) for x in numbers.ravel()]) for numbers in (V, M)]
    eager = bp.array(A)[index(bp.Value(2.0), values[0], values[1].reshape(M.shape))]
    compiled = bp.compiled(lambda a, i, v, m: a[index(i, v, m)])(A, 2.0, V, M)
    for found in (eager, compiled):
        assert np.shape(found) == expected.shape
        np.testing.assert_array_equal(np.asarray(found, float), expected)


def test_gradients_add_up_where_an_entry_is_read_twice():
    def score(transitions, tags):
        return sum(transitions[a, b] ** 2 for a, b in itertools.pairwise(tags)) + bp.sum(
            transitions[tags].reshape(-1)
        )

    transitions, tags = np.arange(9.0).reshape(3, 3), np.array([0, 1, 0, 1, 2])
    expected = np.zeros((3, 3))
    for a, b in itertools.pairwise(tags):
        expected[a, b] += 2.0 * transitions[a, b]
    np.add.at(expected, tags, 1.0)
    np.testing.assert_allclose(bp.compiled(score).grad(transitions, tags), expected)
    labelled = bp.compiled(score, static="tags")
    np.testing.assert_allclose(labelled.grad(transitions, tags), expected)


def test_a_number_that_is_no_place_raises():
    f = bp.compiled(lambda table, i: table[i])
    table = np.array([1.0, 2.0])
    assert f(table, 1) == 2.0
    for index in (-1, 2, 0.5):
        with pytest.raises(BadIndexError):
            f(table, index)
        with pytest.raises(BadIndexError):
            bp.array(table)[bp.Value(index)]


def test_what_numpy_refuses_for_other_reasons_stays_refused():
    array = bp.array([[1.0, bp.Value(2.0)]])
    for index in ("a", (0, 0, 0), 5, 1.5, (bp.Value(0.0),) * 3):
        with pytest.raises(IndexError):
            array[index]
    with pytest.raises(BranchError, match="indexed by conditions"):
        bp.compiled(lambda v: v[v > 0.0].sum())(np.array([1.0, -1.0]))
    with pytest.raises(BranchError, match=r"autograd_bp\.take\(table, i\)"):
        bp.compiled(lambda i: np.array([1.0, 2.0])[i])(1.0)
    with pytest.raises(BranchError, match=r"autograd_bp\.take\(table, tokens\)"):
        bp.compiled(lambda i: np.eye(3)[i])(np.array([0, 2]))


@pytest.mark.parametrize("rounds", [60, 12])
def test_a_loop_that_reads_by_the_number_of_its_round_reads_entries(rounds):
    def f(w, x):
        return bp.fori(rounds, lambda i, c: 0.9 * c + w * x[i], 0.0)

    x = np.sin(np.arange(float(rounds)))
    expected = sum(0.5 * x[i] * 0.9 ** (rounds - 1 - i) for i in range(rounds))
    compiled = bp.compiled(f)
    assert compiled(0.5, x) == pytest.approx(expected)
    assert compiled.grad(0.5, x) == pytest.approx(2.0 * expected)


@pytest.mark.parametrize("axis", [0, 1, -1, None])
def test_numpys_take_and_take_along_axis_read_places_that_are_values(axis):
    table, places = np.arange(12.0).reshape(3, 4), np.array([[0, 2], [1, 1], [2, 0]])
    expected = np.take(table, places, axis)
    found = bp.compiled(lambda t, p: np.take(t, p, axis))(table, places)
    np.testing.assert_array_equal(found, expected)
    if axis != 0:
        along = places.reshape(-1) if axis is None else places
        expected = np.take_along_axis(table, along, axis)
        found = bp.compiled(lambda t, p: np.take_along_axis(t, p, axis))(table, along)
        np.testing.assert_array_equal(found, expected)


def test_numpys_piecewise_chooses_when_the_program_runs():
    def f(x):
        return np.piecewise(x, [x < 0.0, x > 1.0], [lambda v: -v, np.sqrt, lambda v: v**2])

    x = np.array([-2.0, 0.5, 4.0, 1.0])
    compiled = bp.compiled(f, backend="reference")
    compiled(np.zeros(4))
    np.testing.assert_allclose(compiled(x), f(x))
    np.testing.assert_allclose(bp.compiled(lambda x: f(x).sum()).grad(x), [-1.0, 1.0, 0.25, 2.0])
    with pytest.raises(bp.errors.OperandError, match="a function for each condition"):
        np.piecewise(bp.array([bp.Value(1.0)]), [[True]], [1.0, 2.0, 3.0])


def test_classes_that_are_derived_take_values_as_indices_too():
    class Own(bp.ValueArray):
        pass

    class Counting(bp.ValueArray):
        def __getitem__(self, index):
            return ("own", super().__getitem__(index))

    array, place = bp.array([1.0, bp.Value(2.0), 3.0]), bp.Value(1.0)
    assert array.view(Own)[place] is array[1]
    assert type(array.view(Own)[:2]) is Own
    assert array.view(Counting)[1] == ("own", array[1])
    assert array[place] is array[1]
