"""Names and places of outputs that are made when somebody reads them."""

import copy
import operator
import pickle

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp.compiling.loops.outputs import Outputs, outputs_of, places_in, runs_of
from autograd_bp.compiling.program.names import Names
from autograd_bp.derivatives.trees import flatten

MADE: list[int] = []


def names(count=3):
    def make():
        MADE.append(count)
        return [f"w{k}" for k in range(count)]

    return Names(count, make)


def test_names_are_made_when_one_is_read_and_once():
    MADE.clear()
    some = names()
    assert len(some) == 3
    assert MADE == []
    assert some[1] == "w1"
    assert (some[-1], some[1:]) == ("w2", ("w1", "w2"))
    assert [*some] == ["w0", "w1", "w2"]
    assert MADE == [3]


def test_names_are_as_good_as_a_tuple():
    some, others = names(), ("w0", "w1", "w2")
    assert some == others
    assert others == some
    assert hash(some) == hash(others)
    assert repr(some) == repr(others)
    assert operator.add(some, ("b",)) == (*others, "b")
    assert operator.add(("b",), some) == ("b", *others)
    assert "w1" in some
    assert some != ("w0", "w1")
    assert some != ("w0", "w1", "b")
    assert some != ["w0", "w1", "w2"]
    assert pickle.loads(pickle.dumps(some)) == others
    assert copy.deepcopy(some) == others


ARGUMENTS = [
    np.arange(300.0),
    [float(k) for k in range(300)],
    {"a": np.ones((20, 15)), "b": [1.0, 2.0]},
    [[1.0] * 20] * 15,
    (3.0, [np.ones(300)]),
]


@pytest.mark.parametrize("argument", ARGUMENTS)
def test_a_program_names_numbers_by_how_they_are_reached(argument):
    def square(w, scale):
        leaves, _ = flatten(w)
        return bp.dot(leaves, leaves) * scale

    f = bp.compiled(square)
    leaves, tree = flatten(argument)
    value, slopes = f.value_and_grad(argument, 2.0)
    assert value == pytest.approx(2.0 * sum(x * x for x in leaves), rel=1e-12)
    assert flatten(slopes)[0] == [4.0 * x for x in leaves]
    expected = tuple([f"w{place}" for place in tree.names] + ["scale"])
    assert f.program.parameters == expected
    assert str(f.program).startswith(f"parameters {' '.join(expected)}\n")


def test_other_names_follow_those_of_arguments():
    outside = bp.Value(3.0, "outside")
    f = bp.compiled(lambda w: w.sum() * outside)
    f.grad(np.ones(300))
    assert f.program.parameters[299:] == ("w[299]", "outside")


def test_lists_and_arrays_of_many_numbers_are_told_apart_as_before():
    f = bp.compiled(lambda w: w[0] * w[299])
    f([1.0] * 300)
    f((1.0,) * 300)
    f(np.ones(300))
    f([1.0] * 301)
    f([1] * 300)
    assert f.traces.count == 4
    assert [trace.arguments["w"] for trace in f.traces] == [
        "a list of 300 entries",
        "a tuple of 300 entries",
        "an array of shape (300,)",
        "a list of 301 entries",
    ]


def test_an_argument_that_is_wrong_is_named_by_its_place():
    f = bp.compiled(lambda w: w[0] * w[299])
    with pytest.raises(bp.errors.OperandError, match=r"w\[7\] is a Value"):
        f([*[1.0] * 7, bp.Value(1.0), *[1.0] * 292])
    with pytest.raises(bp.errors.OperandError, match=r"'w' of <lambda>\[7\] is str"):
        f([*[1.0] * 7, "1", *[1.0] * 292])


# ------------------------------------------------------------------------------ outputs
PAIRS = (("sum", 0), ("sum", 4), ("per_row", 1), ("sum", 2))


def outputs():
    return Outputs([("sum", np.array([0, 4])), ("per_row", np.array([1])), ("sum", np.array([2]))])


def test_outputs_are_as_good_as_a_tuple_of_pairs():
    some = outputs()
    assert len(some) == 4
    assert some == PAIRS
    assert some == PAIRS
    assert [some[k] for k in range(-4, 4)] == [*PAIRS, *PAIRS]
    assert some[1:3] == PAIRS[1:3]
    assert hash(some) == hash(PAIRS)
    assert repr(some) == repr(PAIRS)
    assert pickle.loads(pickle.dumps(some)) == PAIRS
    assert some != PAIRS[:3]
    assert some != (*PAIRS[:3], ("sum", 1))
    with pytest.raises(IndexError):
        some[4]


@pytest.mark.parametrize("chosen", [range(4), [3, 2, 1, 0], [2], [], range(1, 3), [1, 1, 0]])
def test_some_outputs_are_the_same_runs_as_of_a_tuple(chosen):
    for some in (outputs(), PAIRS):
        runs = runs_of(some, chosen)
        assert [(s, k) for s, places in runs for k in places] == [PAIRS[k] for k in chosen]
        assert places_in("sum", some).tolist() == [0, 4, 2]
        assert places_in("per_row", some).tolist() == [1]
        assert places_in("slot", some).tolist() == []


def test_marks_and_places_make_outputs():
    assert outputs_of((True, True, False, True), [0, 4, 1, 2]) == PAIRS
    assert outputs_of((), []) == ()
