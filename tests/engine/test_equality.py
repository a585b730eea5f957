"""== and !=: a Value compares with a number by number, and with a Value by identity."""

import dataclasses
import decimal
import fractions
import math
import operator
import unittest
import weakref

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.errors import BranchError

case = unittest.TestCase()

EQUAL = [2, 2.0, np.float64(2), np.float32(2), np.int8(2), np.array(2.0), fractions.Fraction(2)]
EQUAL += [decimal.Decimal(2), 2 + 0j, pytest.approx(2.0)]
DIFFERENT = [3, 2.5, -2.0, math.nan, math.inf, np.float64(2.5), np.array(3), 10**400]
DIFFERENT += [fractions.Fraction(5, 2), fractions.Fraction(10**400), decimal.Decimal("2.5")]
DIFFERENT += [2 + 1j, "2.0", None, b"2", [2.0], (2.0,), {2.0}, object(), pytest.approx(2.5)]


@pytest.mark.parametrize("other", EQUAL, ids=repr)
def test_a_value_equals_its_number_in_every_form(other):
    v = Value(2.0)
    assert bool(v == other) and bool(other == v)  # noqa: PT018
    assert not bool(v != other) and not bool(other != v)  # noqa: PT018


@pytest.mark.parametrize("other", DIFFERENT, ids=lambda other: repr(other)[:20])
def test_a_value_differs_from_everything_else(other):
    v = Value(2.0)
    assert not bool(v == other) and not bool(other == v)  # noqa: PT018
    assert bool(v != other) and bool(other != v)  # noqa: PT018


def test_results_of_comparisons_with_numbers_are_truth_values():
    for other in EQUAL[:7]:
        assert (Value(2.0) == other) is True
        assert (Value(2.0) != other) is False


def test_truth_values_zeros_and_nan_compare_as_floats_do():
    assert Value(1.0) == True  # noqa: E712
    assert Value(0.0) == -0.0
    assert Value(math.nan) != math.nan
    assert not Value(math.nan) == math.nan  # noqa: SIM201
    assert Value(math.inf) == math.inf
    assert Value(2.0**53) != 2**53 + 1


def test_the_usual_guard_takes_its_branch():
    def sinc(x):
        return 1.0 if x == 0 else bp.sin(x) / x

    def other_way(x):
        return bp.sin(x) / x if x != 0.0 else 1.0

    for function in (sinc, other_way):
        assert function(Value(0.0)) == 1.0
        assert bp.value_and_grad(function)(0.0) == (1.0, 0.0)
        assert bp.grad(function)(1.0) == pytest.approx(math.cos(1.0) - math.sin(1.0))


def test_two_values_are_equal_where_they_are_the_same_node():
    a, b = Value(1.0), Value(1.0)
    assert a == a
    assert not a != a  # noqa: SIM202
    assert a != b
    assert not a == b  # noqa: SIM201
    y = a * b
    assert y.parents == (a, b)
    assert y.parents != (b, a)
    nan = Value(math.nan)
    assert nan == nan


def test_subclasses_compare_in_the_same_way():
    class Special(Value):
        pass

    a, b = Special(2.0), Value(2.0)
    assert a == 2.0
    assert a != b
    assert b != a
    assert a in {a}


# --------------------------------------------------------------------------------- containers
def test_lists_find_numbers_and_nodes():
    v, w = Value(2.0), Value(3.0)
    assert v in [1.0, 2.0]
    assert 2.0 in [w, v]
    assert [1.0, 2.0].index(v) == 1
    assert [w, v].index(2.0) == 1
    assert [w, v].index(v) == 1
    assert [1.0, 2.0, 2].count(v) == 2
    assert Value(2.0) not in [v, w]
    assert v not in [w, 3.0]
    nodes = [w, v, w]
    nodes.remove(v)
    assert [id(node) for node in nodes] == [id(w), id(w)]
    assert [v, 3.0] == [2.0, w]
    assert (v, w) != (2.0, 4.0)


def test_sets_and_dicts_look_for_nodes():
    v, w = Value(2.0), Value(2.0)
    assert v in {v}
    assert v not in {2.0}
    assert 2.0 not in {v, w}
    assert len({v, w, 2.0, v}) == 3
    names = {v: "v", 2.0: "two"}
    assert (names[v], names[2.0], names.get(w)) == ("v", "two", None)
    v.data = 3.0
    assert names[v] == "v"
    assert hash(v) != hash(w)
    known = weakref.WeakKeyDictionary({v: 1, w: 2})
    assert (known[v], known[w]) == (1, 2)


def test_sorting_and_least_values_go_by_number():
    v, w = Value(2.0), Value(1.0)
    assert sorted([v, 1.5, w, 3.0]) == [w, 1.5, v, 3.0]
    assert max(v, 1.5) is v
    assert min([v, w]) is w


def test_dataclasses_compare_their_fields():
    @dataclasses.dataclass
    class Point:
        x: object
        y: object

    v = Value(1.0)
    assert Point(v, 2.0) == Point(1.0, 2.0)
    assert Point(v, 2.0) == Point(v, 2.0)
    assert Point(v, 2.0) != Point(Value(1.0), 2.0)


# -------------------------------------------------------------------------------------- NumPy
def test_arrays_compare_each_entry():
    v, numbers = Value(2.0), np.array([1.0, 2.0, 3.0])
    for result in (v == numbers, numbers == v, np.equal(numbers, v), np.equal(v, numbers)):
        assert result.dtype == bool
        assert result.tolist() == [False, True, False]
    for result in (v != numbers, numbers != v, np.not_equal(v, numbers)):
        assert result.tolist() == [True, False, True]


def test_arrays_of_values_compare_each_entry():
    v, w = Value(2.0), Value(3.0)
    nodes = np.array([v, w, 2.0], dtype=object)
    assert (nodes == 2.0).tolist() == [True, False, True]
    assert (nodes != 2.0).tolist() == [False, True, False]
    assert (nodes == np.array([2.0, 2.0, 2.0])).tolist() == [True, False, True]
    assert (nodes == v).tolist() == [True, False, True]
    assert (v == nodes).tolist() == [True, False, True]
    assert (nodes == nodes).all()
    assert np.where(nodes == 2.0, 1.0, nodes)[0] == 1.0


# --------------------------------------------------------------------------------- test suites
def test_asserting_libraries_compare_numbers():
    v = Value(2.0)
    case.assertEqual(v, 2.0)  # noqa: PT009
    case.assertNotEqual(v, 2.5)  # noqa: PT009
    case.assertIn(v, [1.0, 2.0])  # noqa: PT009
    case.assertListEqual([v, 1.0], [2.0, 1.0])  # noqa: PT009
    case.assertEqual({"a": v}, {"a": 2.0})  # noqa: PT009
    assert v == pytest.approx(2.0 + 1e-9)
    assert pytest.approx(2.0) == v
    assert pytest.approx(2.0 + 1e-9) == v.data  # on the left it asks for a type that it knows
    assert [v, v * 2.0] == pytest.approx([2.0, 4.0 + 1e-9])
    assert v != pytest.approx(2.1)
    assert pytest.approx(v) == 2.0
    assert pytest.approx(v) != 2.1


# ------------------------------------------------------------------------------------ compiled
@pytest.mark.parametrize(
    ("compare", "words"),
    [
        (lambda x, w: x == 0, r"\(==\).*autograd_bp\.equal\("),
        (lambda x, w: 0.0 == x, r"\(==\).*autograd_bp\.equal\("),  # noqa: SIM300
        (lambda x, w: x != 0, r"\(!=\).*autograd_bp\.not_equal\("),
        (lambda x, w: x == w, r"\(==\)"),
        (lambda x, w: x != w, r"\(!=\)"),
        (lambda x, w: x in [0.0, 1.0], r"\(==\)"),
        (lambda x, w: [w, 1.0].index(x), r"\(==\)"),
        (lambda x, w: np.array([0.0, 1.0]) == x, r"\(==\)"),
        (lambda x, w: x * 2.0 == w + 1.0, r"\(==\)"),
    ],
)
def test_a_compiled_function_refuses_to_ask(compare, words):
    def function(x, w):
        return x if np.any(compare(x, w)) else w

    for use in (bp.compiled(function), bp.compiled(bp.grad(function))):
        with pytest.raises(BranchError, match=words):
            use(1.0, 2.0)


def test_a_compiled_function_may_ask_for_the_same_node():
    def function(x, w):
        nodes = {x: 1.0, w: 2.0}
        assert x == x
        assert x in [x, w]
        assert x in nodes
        return x * nodes[x] if x is not w else w

    assert bp.compiled(function)(3.0, 2.0) == 3.0


@pytest.mark.parametrize("compare", [operator.eq, operator.ne])
def test_nothing_is_recorded_by_a_comparison(compare):
    v = Value(2.0)
    compare(v, 2.0)
    compare(v, v * 1.0)
    y = v * 1.0
    y.backward()
    assert v.grad == 1.0
