"""Affine families: integer arrays as nests of counters, and back."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd_bp.compiling.loops.affine import arrange, common_nest, fold

SHAPES = st.lists(st.integers(1, 4), min_size=1, max_size=3)
NUMBERS = st.integers(-9, 9)


def places(family, shape, terms):
    """The array (members, terms) of a family: what its definition says, number by number."""
    base, strides, step = family
    members = np.array([*np.ndindex(*shape)], dtype=int).reshape(math.prod(shape), len(shape))
    starts = base + members @ np.array(strides, dtype=int)
    return starts[:, None] + step * np.arange(terms)


@pytest.mark.parametrize("shape", [(7,), (3, 4), (2, 3, 4)])
def test_a_nest_is_found_from_its_places(shape):
    strides = (100, 17, 3)[-len(shape) :]
    starts = places((5, strides, 0), shape, 1)
    found, steps = fold(starts)
    assert found == shape
    assert tuple(int(step[0]) for step in steps) == strides


def test_one_member_needs_no_counter():
    assert fold(np.array([[4, 9]])) == ((), [])


@pytest.mark.parametrize("starts", [[0, 1, 3], [0, 1, 5, 6, 9], [0, 1, 10, 12]])
def test_places_without_a_pattern_have_no_nest(starts):
    assert fold(np.array(starts)[:, None]) is None


@given(st.data(), SHAPES, st.integers(1, 3))
def test_families_of_one_nest_are_found_again(data, shape, terms):
    families = [
        (data.draw(NUMBERS), tuple(data.draw(NUMBERS) for _ in shape), data.draw(NUMBERS))
        for _ in range(data.draw(st.integers(1, 3)))
    ]
    lists = [places(family, shape, terms) for family in families]
    nest = common_nest(lists)
    # A nest whose counters happen to go on evenly into each other may be missed.
    assert nest is not None or len(shape) > 1
    if nest is not None:
        for numbers, family in zip(lists, nest[1], strict=True):
            assert (places(family, nest[0], terms) == numbers).all()


@given(st.lists(st.lists(NUMBERS, min_size=2, max_size=2), min_size=1, max_size=6), st.randoms())
def test_an_arrangement_reads_the_same_places(rows, random):
    first = np.array(rows)
    second = np.array(random.sample(rows, len(rows)))
    order, shape, families = arrange([first, second])
    order = slice(None) if order is None else order
    for numbers, family in zip((first, second), families, strict=True):
        array = places(family, shape, 2) if isinstance(family, tuple) else family
        assert (array == numbers[order]).all()


def test_members_in_disorder_are_put_in_order():
    order, shape, families = arrange([np.array([[4], [0], [2]])])
    assert ([*order], shape, families) == ([1, 2, 0], (3,), [(0, (2,), 0)])


def test_two_lists_need_a_nest_that_fits_both():
    inner, outer = np.arange(12) % 4, np.arange(12) // 4
    _, shape, families = arrange([inner[:, None], outer[:, None]])
    assert shape == (3, 4)
    assert families == [(0, (0, 1), 0), (0, (1, 0), 0)]


def test_a_list_without_a_pattern_does_not_spoil_the_other():
    _, shape, families = arrange([np.arange(5)[:, None], np.array([[3], [3], [0], [9], [1]])])
    assert shape == (5,)
    assert {type(family) for family in families} == {tuple, np.ndarray}


def test_terms_at_uneven_distances_have_no_family():
    assert common_nest([np.array([[0, 1, 3], [4, 5, 7]])]) is None
