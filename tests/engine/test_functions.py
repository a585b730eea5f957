"""Functions of lists: on numbers a number, on Values a recorded one; bad lists are refused."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.errors import OperandError, ShapeError

LISTS = st.lists(st.floats(-700, 700), min_size=1, max_size=6)
FOLDS = [bp.sum, bp.mean, bp.norm, bp.logsumexp]


@pytest.mark.parametrize("fold", FOLDS)
def test_numbers_give_a_number_and_one_value_makes_a_recorded_result(fold):
    plain = fold([1.0, 2, 3.5])
    assert type(plain) is float
    recorded = fold([1.0, Value(2), 3.5])
    assert isinstance(recorded, Value)
    assert recorded.data == plain
    assert [parent.is_constant for parent in recorded.parents] == [True, False, True]


@pytest.mark.parametrize("fold", FOLDS)
def test_generators_are_lists_too(fold):
    assert fold(x for x in (1.0, 2.0)) == fold([1.0, 2.0])


@pytest.mark.parametrize("fold", [bp.mean, bp.norm, bp.logsumexp, bp.softmax])
def test_no_numbers_at_all_are_refused(fold):
    with pytest.raises(ShapeError, match=f"{fold.__name__} needs at least one number"):
        fold([])


def test_empty_sums_are_zero():
    assert bp.sum([]) == 0.0
    assert bp.dot([], []) == 0.0


@pytest.mark.parametrize("fold", [*FOLDS, bp.softmax])
@pytest.mark.parametrize("bad", [1.0, Value(1.0), "12", None])
def test_what_is_no_list_is_refused(fold, bad):
    with pytest.raises(OperandError, match=f"{fold.__name__} takes a list of numbers"):
        fold(bad)


def test_text_in_a_list_is_refused():
    with pytest.raises(OperandError, match="got str 'a'"):
        bp.sum([1.0, "a"])
    with pytest.raises(OperandError, match="got str 'a'"):
        bp.sum([Value(1.0), "a"])


def test_dot_needs_lists_of_one_length():
    with pytest.raises(ShapeError, match="got 2 and 1"):
        bp.dot([1.0, 2.0], [1.0])
    assert bp.dot([1.0, 2.0], [3.0, 4.0], bias=-1) == 10.0


@given(LISTS)
def test_softmax_is_a_distribution_in_the_order_of_its_inputs(xs):
    p = bp.softmax(xs)
    assert math.fsum(p) == pytest.approx(1.0)
    assert all(
        a <= b
        for (_, a), (_, b) in zip(
            sorted(zip(xs, p, strict=True)), sorted(zip(xs, p, strict=True))[1:], strict=False
        )
    )


def test_softmax_of_large_numbers_does_not_overflow():
    assert bp.softmax([1000.0, 1000.0]) == pytest.approx([0.5, 0.5], rel=1e-12)
    assert bp.softmax([-2000.0, 0.0]) == [0.0, 1.0]
    assert bp.cross_entropy(0, [-2000.0, 0.0]) == 2000.0


@given(LISTS)
def test_the_gradient_of_logsumexp_is_softmax(xs):
    inputs = [Value(x) for x in xs]
    bp.logsumexp(inputs).backward()
    assert [x.grad for x in inputs] == pytest.approx(bp.softmax(xs), rel=1e-12, abs=1e-300)


@given(LISTS, st.data())
def test_the_gradient_of_cross_entropy_is_softmax_minus_desired(xs, data):
    right = data.draw(st.integers(0, len(xs) - 1))
    inputs = [Value(x) for x in xs]
    by_index = bp.cross_entropy(right, inputs)
    by_index.backward()
    expected = [p - (i == right) for i, p in enumerate(bp.softmax(xs))]
    assert [x.grad for x in inputs] == pytest.approx(expected, rel=1e-9, abs=1e-12)
    desired = [float(i == right) for i in range(len(xs))]
    assert bp.cross_entropy(desired, xs) == pytest.approx(by_index.data, rel=1e-12, abs=1e-12)


def test_cross_entropy_refuses_classes_that_do_not_exist():
    for wrong in (3, -1):
        with pytest.raises(ShapeError, match=f"class {wrong} is not one of the 3 classes"):
            bp.cross_entropy(wrong, [1.0, 2.0, 3.0])
    with pytest.raises(ShapeError, match="got 2 for 3 classes"):
        bp.cross_entropy([0.5, 0.5], [1.0, 2.0, 3.0])


def test_a_class_can_be_any_integer():
    np = pytest.importorskip("numpy")
    assert bp.cross_entropy(np.int64(1), [1.0, 2.0]) == bp.cross_entropy(1, [1.0, 2.0])
    by_array = bp.cross_entropy(np.array([0.0, 1.0]), [1.0, 2.0])
    assert by_array == pytest.approx(bp.cross_entropy(1, [1.0, 2.0]))


def test_performance_takes_numbers_or_lists():
    assert bp.performance(1.0, 0.5) == -0.125
    assert bp.performance([1.0, 0.0], [0.5, 0.5]) == -0.25
    for wrong in (([1.0], [1.0, 2.0]), ([], [])):
        with pytest.raises(ShapeError, match="one desired number for each output"):
            bp.performance(*wrong)


def test_functions_of_floats_give_floats():
    for name in ("exp", "sigmoid", "relu", "floor", "erf"):
        assert type(getattr(bp, name)(1)) is float
    assert bp.maximum(1, 2.0) == 2.0
    assert bp.where(True, 1, 2) == 1.0


def test_where_takes_truth_numbers_and_values_as_conditions():
    a, b = Value(1.0), Value(2.0)
    for condition, expected in (
        (True, 1.0),
        (False, 2.0),
        (0.0, 2.0),
        (-3, 1.0),
        (Value(0.0), 2.0),
        (a < b, 1.0),
    ):
        assert bp.where(condition, a, b).data == expected
