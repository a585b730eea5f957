"""cond, fori, scan, while_loop, take: the same on floats, on Values and when compiled."""

import collections
import copy
import dataclasses
import math

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.compiling.backends.registry import names
from autograd_bp.errors import (
    BadIndexError,
    BranchError,
    LoopLimitError,
    OperandError,
    SettingError,
    ShapeError,
)

TABLE = [[0.5, -1.0], [2.0, 0.25], [1.5, 1.5], [-0.75, 3.0], [0.1, 0.2]]


def clipped_log(x):
    return bp.cond(x > 0.5, bp.log, lambda x: 2.0 * x * x, x)


def guarded_log(x):
    return bp.cond(x > 0.0, lambda: bp.log(x) * x, lambda: 0.0 * x)


def nested_cond(x):
    def far(x):
        return bp.cond(x > 2.0, lambda x: x**3, lambda x: x * x, x)

    return bp.cond(x > 1.0, far, bp.sin, x)


def tree_cond(x):
    def then(p):
        return {"a": p["a"] * x, "b": [p["a"], x * x]}

    def otherwise(p):
        return {"a": x, "b": [x * 3.0, p["a"] * p["a"]]}

    result = bp.cond(x < 1.0, then, otherwise, {"a": 2.0 * x})
    return result["a"] + result["b"][0] * result["b"][1]


def powers(x):
    def body(i, carry):
        total, term = carry
        return total + term / (i + 1.0), term * x

    return bp.fori(5, body, (0.0, x))[0]


def rounds_by_data(x):
    return bp.fori(bp.floor(x * 2.0), lambda i, y: y * x + i, x, limit=8)


def logistic_map(x):
    last, states = bp.scan(lambda s, r: (r * s * (1.0 - s), s * s), 0.1 * x, [2.5, 3.0, 3.5])
    return last + bp.sum(states)


def backwards(x):
    last, ys = bp.scan(lambda c, v: (bp.tanh(c + v * x), c * v), x, [1.0, -2.0, 0.5], reverse=True)
    return last * ys[0] + ys[2]


def halved(x):
    return bp.while_loop(lambda x: x > 0.4, lambda x: 0.5 * x * x / (x + 0.1), x, limit=7)


def newton(x):
    """The square root of x, by Newton's method."""

    def far(carry):
        return abs(carry["y"] * carry["y"] - carry["x"]) > 1e-12

    def better(carry):
        y = carry["y"]
        return {"x": carry["x"], "y": 0.5 * (y + carry["x"] / y)}

    return bp.while_loop(far, better, {"x": x, "y": 1.0 + 0.0 * x}, limit=10)["y"]


def looked_up(x):
    return bp.take([x, x * x, bp.sin(x), 4.0], bp.floor(x)) * x


def embedded(x):
    row = bp.take([[x * a, b] for a, b in TABLE], bp.floor(x))
    return row[0] * row[1] + x


def nested_loops(x):
    def inner(i, c):
        return bp.fori(3, lambda j, c: bp.cond(c > 1.0, lambda: c * 0.5, lambda: c + x * j), c)

    return bp.fori(2, inner, x)


def taken_in_a_branch(x):
    """The index is outside of the table where the branch is not taken."""
    table = [x, 2.0 * x, x * x]
    return bp.cond(x < 2.5, lambda: bp.take(table, bp.floor(x)), lambda: x * 10.0)


def taken_in_a_loop(x):
    table = [0.5, 0.25, x * 0.125]

    def body(carry):
        i, y = carry
        return i + 1.0, y + bp.take(table, i) * x

    return bp.while_loop(lambda c: c[0] < bp.floor(x), body, (0.0, x), limit=5)[1]


FUNCTIONS = {
    clipped_log: [0.25, 0.5, 0.75, 3.0],
    guarded_log: [-1.0, 0.0, 0.5, 2.0],
    nested_cond: [0.5, 1.5, 2.5],
    tree_cond: [0.5, 1.0, 2.0],
    powers: [0.5, -1.5],
    rounds_by_data: [0.2, 0.5, 1.7, 3.9],
    logistic_map: [0.5, 2.0],
    backwards: [0.5, -0.5],
    halved: [0.1, 0.7, 3.0, 20.0],
    newton: [0.25, 2.0, 50.0],
    looked_up: [0.5, 1.25, 2.5, 3.75],
    embedded: [0.5, 1.25, 2.5, 4.75],
    nested_loops: [0.5, 1.5],
    taken_in_a_branch: [0.5, 1.5, 2.25, 2.75, 9.0],
    taken_in_a_loop: [0.5, 1.5, 2.5, 3.5],
}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_on_floats_and_on_values_the_numbers_are_the_same(function):
    for x in FUNCTIONS[function]:
        assert function(Value(x)).data == pytest.approx(function(x), rel=1e-15, abs=0.0)


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("backend", names())
def test_compiled_values_and_gradients_are_those_of_eager_code(function, backend):
    points = FUNCTIONS[function]
    for reduce in ("sum", None) if backend != "llvm" else (None,):
        f = bp.compiled(function, rows="x", reduce=reduce, backend=backend)
        values, slopes = f.value_and_grad(points)
        expected = [function(x) for x in points]
        np.testing.assert_allclose(values, np.sum(expected) if reduce else expected, rtol=1e-12)
        np.testing.assert_allclose(slopes, [bp.grad(function)(x) for x in points], rtol=1e-11)
    assert bp.compiled(function, backend=backend)(points[0]) == pytest.approx(function(points[0]))


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("backend", ["numpy", "tape", "llvm"])
def test_second_derivatives(function, backend):
    second = bp.grad(bp.grad(function))
    f = bp.compiled(function, backend=backend)
    inner = bp.compiled(bp.grad(function), backend="tape")
    for x in FUNCTIONS[function]:
        expected = pytest.approx(second(x), rel=1e-9, abs=1e-12)
        assert f.hvp(x, tangent=1.0) == expected
        assert inner.grad(x) == expected
    if function not in (nested_cond, tree_cond):
        g = bp.compiled(lambda x: [function(x), x], backend=backend)
        assert g.jacobian(FUNCTIONS[function][0])[0] == pytest.approx(
            bp.grad(function)(FUNCTIONS[function][0]), rel=1e-11
        )


@pytest.mark.parametrize("function", FUNCTIONS)
def test_gradients_are_right(function):
    for x in FUNCTIONS[function]:
        if x in (0.0, 0.5, 1.0):  # a jump
            continue
        h = 1e-6
        slope = (function(x + h) - function(x - h)) / (2.0 * h)
        assert bp.grad(function)(x) == pytest.approx(slope, rel=1e-5, abs=1e-6)
        assert bp.jvp(function, (x,), (1.0,))[1] == pytest.approx(bp.grad(function)(x), rel=1e-12)


# --------------------------------------------------------------------------------------- cond
def test_eager_code_calls_one_branch_and_compiled_code_both():
    calls = []

    def f(x):
        return bp.cond(
            x > 0.0, lambda: calls.append("then") or x, lambda: calls.append("else") or -x
        )

    assert (f(2.0), f(-2.0)) == (2.0, 2.0)
    assert bp.grad(f)(2.0) == 1.0
    assert calls == ["then", "else", "then"]
    calls.clear()
    g = bp.compiled(f)
    assert (g(2.0), g(-3.0), g.grad(-3.0)) == (2.0, 3.0, -1.0)
    assert calls == ["then", "else"] * 2


def test_what_is_a_condition():
    for true in (True, 1, 2.0, np.True_, np.array(True), math.nan, Value(3.0), Value(math.nan)):
        assert bp.cond(true, lambda: 1.0, lambda: 2.0) == 1.0
    for false in (False, 0, 0.0, -0.0, np.False_, Value(0.0), Value(2.0) > 3.0):
        assert bp.cond(false, lambda: 1.0, lambda: 2.0) == 2.0
    f = bp.compiled(lambda x: bp.cond(x, lambda: 1.0, lambda: 2.0))
    assert [f(x) for x in (0.0, -0.0, 2.0, math.nan)] == [2.0, 2.0, 1.0, 1.0]
    g = bp.compiled(lambda x, flag: bp.cond(flag, lambda: x, lambda: [x, x]), static="flag")
    assert (g(2.0, True), g(2.0, False)) == (2.0, [2.0, 2.0])


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda x: bp.cond("yes", lambda: x, lambda: x), OperandError, "is a condition"),
        (lambda x: bp.cond(None, lambda: x, lambda: x), OperandError, "is a condition"),
        (lambda x: bp.cond(x > 0.0, x, lambda: x), OperandError, "then is a function"),
        (lambda x: bp.cond(x > 0.0, lambda: x, 3.0), OperandError, "otherwise is a function"),
        (lambda x: bp.fori(2.5, lambda i, c: c, x), OperandError, "whole number"),
        (lambda x: bp.fori("3", lambda i, c: c, x), OperandError, "real number"),
        (lambda x: bp.fori(math.nan, lambda i, c: c, x), OperandError, "whole number"),
        (lambda x: bp.fori(3, x, x), OperandError, "body is a function"),
        (lambda x: bp.fori(3, lambda i, c: [c], x), ShapeError, "must have the shape a number"),
        (lambda x: bp.fori(3, lambda i, c: (c[0], x), [x, x]), ShapeError, "the body of fori"),
        (lambda x: bp.fori(3, lambda i, c: None, x), ShapeError, "got None"),
        (lambda x: bp.fori(3, lambda i, c: c, x, limit=-1), SettingError, "limit"),
        (lambda x: bp.fori(3, lambda i, c: c, x, limit=True), SettingError, "limit"),
        (lambda x: bp.scan(lambda c, v: c, x, [1.0]), ShapeError, "a pair"),
        (lambda x: bp.scan(lambda c, v: (c, v), x, 3.0), OperandError, "goes through a list"),
        (lambda x: bp.scan(lambda c, v: (c, v), x, None), SettingError, "length="),
        (lambda x: bp.scan(lambda c, v: (c, v), x, [x], length=2), SettingError, "length=2"),
        (
            lambda x: bp.scan(lambda c, v: (c, v), x, ([1.0], [1.0, 2.0])),
            ShapeError,
            "must have one length",
        ),
        (
            lambda x: bp.scan(lambda c, v: (c, [x] * v), x, [1, 2]),
            ShapeError,
            "the y that the body of scan",
        ),
        (lambda x: bp.while_loop(lambda c: "yes", lambda c: c, x), OperandError, "is a condition"),
        (lambda x: bp.while_loop(x, lambda c: c, x), OperandError, "condition is a function"),
        (lambda x: bp.take(3.0, 0), OperandError, "reads a list"),
        (lambda x: bp.take([x], "a"), OperandError, "an index is a whole number"),
        (lambda x: bp.take([x], True), OperandError, "truth value"),
    ],
)
def test_what_does_not_fit_is_refused(call, error, says):
    with pytest.raises(error, match=says):
        call(1.0)
    with pytest.raises(error, match=says):
        call(Value(1.0))
    with pytest.raises(error, match=says):
        bp.compiled(call)(1.0)


@pytest.mark.parametrize(
    ("index", "shown"),
    [
        (math.nextafter(3.0, 0.0), "2.9999999999999996"),
        (1234567.25, "1234567.25"),
        (4.0, "4"),
        (-1.0, "-1"),
    ],
)
def test_a_bad_index_is_shown_with_all_its_digits(index, shown):
    for take in (bp.take, bp.compiled(bp.take, rows="index", reduce=None)):
        with pytest.raises(BadIndexError, match=f"the index {shown} for"):
            take([1.0, 2.0, 3.0, 4.0], [index] if take is not bp.take else index)


@pytest.mark.parametrize(("rounds", "shown"), [(2.5, "2.5"), (math.nan, "nan"), (math.inf, "inf")])
def test_a_number_of_rounds_that_is_not_whole_is_shown_as_a_number(rounds, shown):
    f = bp.compiled(
        lambda x, n: bp.fori(n, lambda i, y: x * y, 1.0, limit=10), rows="n", reduce=None
    )
    with pytest.raises(OperandError, match=f"is a whole number, got {shown}"):
        f(2.0, [rounds])


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda x: bp.cond(x > 0.0, lambda: x, lambda: [x]), ShapeError, "otherwise returned"),
        (lambda x: bp.cond(x > 0.0, lambda: [x, x], lambda: [x]), ShapeError, r"\[1\] is missing"),
        (lambda x: bp.take([x, [x]], x), ShapeError, "entry 1 is a list"),
        (lambda x: bp.take([], x), BadIndexError, "empty"),
    ],
)
def test_what_only_compiled_functions_refuse(call, error, says):
    with pytest.raises(error, match=says):
        bp.compiled(call)(1.0)


# ----------------------------------------------------------------------------- loops, their trees
Pair = collections.namedtuple("Pair", "a b")


@dataclasses.dataclass
class State:
    position: object
    velocity: object
    name: str = "state"


def test_carries_are_any_tree():
    def body(i, c):
        return {
            "state": State(c["state"].position + c["state"].velocity, c["state"].velocity * 0.5),
            "list": [c["list"][1], c["list"][0] + 1.0],
            "array": c["array"] * 2.0,
        }

    def run(x):
        start = {"state": State(x, 1.0), "list": [x, 0.0], "array": np.array([1.0, 2.0])}
        end = bp.fori(3, body, start)
        assert end["state"].name == "state"
        return end["state"].position + end["list"][0] * end["array"][1]

    assert run(2.0) == bp.compiled(run)(2.0) == 2.0 + 1.75 + 16.0
    assert bp.grad(run)(2.0) == bp.compiled(run).grad(2.0) == 1.0


@pytest.mark.parametrize(
    ("xs", "total"),
    [
        ([1.0, 2.0, 3.0], lambda x: x),
        (np.array([1.0, 2.0, 3.0]), lambda x: x),
        (([1.0, 2.0, 3.0], [4.0, 5.0, 6.0]), lambda x: x[0] * x[1]),
        (Pair([1.0, 2.0, 3.0], np.array([4.0, 5.0, 6.0])), lambda x: x.a * x.b),
        ({"a": [1.0, 2.0, 3.0], "b": np.ones((3, 2))}, lambda x: x["a"] * x["b"][1]),
        (State([1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]), lambda x: x.position * x.name),
        ([{"a": 1.0}, {"a": 2.0}, {"a": 3.0}], lambda x: x["a"]),
        ([(1.0, 2.0), (2.0, 3.0), (3.0, 4.0)], lambda x: x[0] + x[1]),
    ],
)
def test_scan_goes_through_lists_arrays_and_trees_of_them(xs, total):
    def f(w):
        def body(c, x):
            step = total(x) * w
            return c + step, {"step": step, "both": np.array([step, c])}

        last, ys = bp.scan(body, 0.0, xs)
        assert len(ys["step"]) == 3
        assert ys["both"].shape == (3, 2)
        return last + ys["step"][1] + ys["both"][2, 1]

    assert f(2.0) == bp.compiled(f)(2.0) == 2.0 * f(1.0)
    assert bp.grad(f)(2.0) == bp.compiled(f).grad(2.0) == f(1.0)


def test_no_rounds_and_rounds_of_nothing():
    assert bp.fori(0, lambda i, c: c / 0.0, 2.0) == bp.fori(-3, lambda i, c: c, 2.0) == 2.0
    assert bp.scan(lambda c, x: (c, x), 2.0, []) == (2.0, [])
    assert bp.scan(lambda c, x: (c * 2.0, None), 1.0, None, length=3)[0] == 8.0
    assert bp.while_loop(lambda c: False, lambda c: c, 2.0) == 2.0
    f = bp.compiled(lambda x: bp.fori(x, lambda i, c: c * 2.0, x, limit=3), rows="x", reduce=None)
    assert f([-1.0, 0.0, 2.0, 3.0]).tolist() == [-1.0, 0.0, 8.0, 24.0]


def test_rounds_by_python_numbers_and_static_arguments_need_no_limit():
    f = bp.compiled(lambda x, n: bp.fori(n, lambda i, c: c * x, 1.0), static="n")
    assert (f(2.0, 3), f(2.0, 5)) == (8.0, 32.0)
    g = bp.compiled(
        lambda x: bp.while_loop(lambda c: c[0] < 3, lambda c: (c[0] + 1, c[1] * x), (0, x))[1]
    )
    assert g(2.0) == 16.0


@pytest.mark.parametrize("backend", names())
@pytest.mark.parametrize("kind", ["__call__", "grad", "value_and_grad", "jacobian"])
def test_too_many_rounds_raise_wherever_it_runs(backend, kind):
    def loop(x):
        return bp.while_loop(lambda c: c > 1.0, lambda c: 0.5 * c, x, limit=3)

    def rounds(x):
        return bp.fori(x, lambda i, c: c + x, 0.0, limit=3)

    for function, good, bad in ((loop, 8.0, 9.0), (rounds, 3.0, 4.0)):
        for call in (function, bp.grad(function)):
            call(good)
            with pytest.raises(LoopLimitError, match="limit of 3 rounds"):
                call(bad)
        f = getattr(bp.compiled(function, rows="x", backend=backend), kind)
        f([good, 1.0])
        with pytest.raises(LoopLimitError, match="limit of 3 rounds"):
            f([1.0, bad, good])
    with pytest.raises(OperandError, match="whole number"):
        bp.compiled(rounds, backend=backend)(2.5)


# --------------------------------------------------------------------------------------- take
BAD = [-1, 5, 5.0, 100, -0.5, 1.5, math.nan, math.inf, -math.inf, 1e300]


@pytest.mark.parametrize("bad", BAD)
def test_a_bad_index_raises_on_numbers_and_values(bad):
    for table in (TABLE, tuple(TABLE), np.array(TABLE)):
        for index in (bad, Value(bad), np.float64(bad), [0, bad], np.array([0.0, bad])):
            with pytest.raises(BadIndexError, match="from 0 to 4"):
                bp.take(table, index)
    with pytest.raises(IndexError):
        bp.take(TABLE, bad)


@pytest.mark.parametrize("bad", [-1, 5, 1.5, math.nan, math.inf])
@pytest.mark.parametrize("backend", names())
def test_a_bad_index_raises_when_a_compiled_function_runs(bad, backend):
    f = bp.compiled(lambda t, i: bp.dot(bp.take(t, i), [1.0, 2.0]), rows="i", backend=backend)
    for call in (f, f.grad, f.value_and_grad, f.with_options(reduce=None)):
        call(TABLE, [0, 4, 2])
        with pytest.raises(BadIndexError, match="from 0 to 4") as caught:
            call(TABLE, [0, 4, bad, 2])
        if hasattr(caught.value, "__notes__"):
            assert "in row 2" in caught.value.__notes__[0]
    bound = f.bind(TABLE, [0.0, 1.0])
    assert bound() == f(TABLE, [0, 1])
    bound.arguments["i"][1] = bad
    with pytest.raises(BadIndexError, match="from 0 to 4"):
        bound()
    bound.arguments["i"][1] = 4.0
    assert bound() == f(TABLE, [0, 4])
    alone = bp.compiled(lambda i: bp.take([1.0, 2.0], i), backend=backend)
    with pytest.raises(BadIndexError, match="from 0 to 1"):
        alone(bad)


@pytest.mark.parametrize("backend", names())
def test_gradients_add_up_where_entries_are_taken(backend):
    tokens = np.array([[0, 2, 2], [4, 0, 1]])

    def f(table, ids, w):
        rows = [bp.take(table, i) for i in ids]
        return bp.sum([w[0] * row[0] * row[0] + bp.sin(w[1] * row[1]) for row in rows])

    w = [0.5, 2.0]
    for table in (TABLE, np.array(TABLE)):
        g = bp.compiled(f, rows="ids", backend=backend)

        def total(table):
            return bp.sum([f(table, [int(i) for i in ids], w) for ids in tokens])

        assert g(table, tokens, w) == pytest.approx(total(table), rel=1e-12)
        np.testing.assert_allclose(g.grad(table, tokens, w), bp.grad(total)(table), rtol=1e-12)
        tangent = np.ones((5, 2)) if table is not TABLE else [[1.0, 1.0]] * 5
        product = g.hvp(table, tokens, w, tangent=tangent)
        np.testing.assert_allclose(product, bp.hvp(total, table, tangent), rtol=1e-12)
    assert np.array(g.grad(np.array(TABLE), tokens, w))[3].tolist() == [0.0, 0.0]


def test_numbers_that_are_not_taken_do_not_matter():
    f = bp.compiled(lambda x, i: bp.take([x, bp.log(x - 5.0), 1.0 / (x - 2.0)], i), rows="i")
    assert f(2.0, [0.0]) == 2.0
    assert f.grad(2.0, [0.0]) == 1.0
    assert f.hvp(2.0, [0.0], tangent=1.0) == 0.0


def test_segments_keep_the_shape_of_the_indices():
    table = np.array(TABLE)
    indices = np.array([[0, 4], [2, 2], [1, 0]])
    assert bp.take(TABLE, [1, 3]) == [TABLE[1], TABLE[3]]
    np.testing.assert_array_equal(bp.take(table, indices), table[indices])
    np.testing.assert_array_equal(bp.take(table[:, 0], indices), table[indices, 0])
    np.testing.assert_array_equal(bp.take([1.0, 2.0, 3.0], np.array([2, 0])), [3.0, 1.0])
    assert bp.take([1.0, 2.0], np.array(1)) == 2.0
    f = bp.compiled(lambda t, i: np.sum(bp.take(t, i) ** 2))
    by_hand = bp.grad(lambda t: np.sum(bp.take(t, indices) ** 2))
    assert f(table, indices) == pytest.approx((table[indices] ** 2).sum())
    np.testing.assert_allclose(f.grad(table, indices), by_hand(table))
    points = bp.take([Pair(1.0, 2.0), Pair(3.0, 4.0)], 1)
    assert points == Pair(3.0, 4.0)


def test_a_branch_that_is_not_taken_may_have_a_bad_index():
    f = bp.compiled(taken_in_a_branch)
    assert f(9.0) == 90.0
    g = bp.compiled(lambda x: bp.cond(x < 9.0, lambda: bp.take([x, x], x), lambda: x))
    assert g(20.0) == 20.0
    with pytest.raises(BadIndexError):
        g(2.0)


def test_indices_are_computed_from_values_outside_too():
    w = Value(1.0)
    f = bp.compiled(lambda x: bp.take([x, 2.0 * x, 3.0 * x], w))
    assert f(2.0) == 4.0
    w.data = 2.0
    assert (f(2.0), f.grad(2.0)) == (6.0, 3.0)
    w.data = 3.0
    with pytest.raises(BadIndexError, match="the index 3"):
        f(2.0)


def test_inside_another_compiled_function_the_outer_one_raises():
    inner = bp.compiled(lambda t, i: bp.take(t, i) * 1.0, rows="i")
    outer = bp.compiled(lambda x, i: inner([x, x * x], [i, 0.0]))
    assert outer(3.0, 1.0) == 12.0
    with pytest.raises(BadIndexError, match="the index 2"):
        outer(3.0, 2.0)
    plain = bp.compiled(lambda x: x * inner([1.0, 2.0], [1.0, 1.0]))
    assert plain(2.0) == 8.0


def test_compiled_functions_with_checks_can_be_copied_and_exported():
    f = bp.compiled(lambda t, i: bp.take(t, i), rows="i")
    f([1.0, 2.0], [0.0, 1.0])
    assert copy.copy(f)([1.0, 2.0], [1.0]) == 2.0
    assert "where" in str(f.program)
    assert f.to_c(name="table").count("table")


@pytest.mark.parametrize(
    "function",
    [
        lambda x: bp.fori(3, lambda i, c: {"b": c["b"] * x, "a": c["a"] + i}, {"a": x, "b": 2.0})[
            "b"
        ],
        lambda x: bp.cond(x > 0.0, lambda: {"a": x, "b": 2.0}, lambda: {"b": x, "a": 1.0})["a"],
        lambda x: bp.while_loop(lambda c: c[0], lambda c: (c[1] < 3.0, c[1] + x), (True, x))[1],
        lambda x: bp.scan(lambda c, k: (c + k * x, c), x, range(4))[0],
    ],
)
def test_dicts_in_any_order_flags_and_ranges(function):
    """The keys of a carry, truth values in it, and range as what is gone through."""
    f = bp.compiled(function)
    assert f.value_and_grad(0.7) == (function(0.7), bp.grad(function)(0.7))


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (
            lambda x: bp.fori(3, lambda i, c: (c[0], 1.0), (x, None)),
            ShapeError,
            r"; at \[1\], None is needed, got a number",
        ),
        (
            lambda x: bp.fori(3, lambda i, c: {"a": x}, {"a": x, "b": x}),
            ShapeError,
            r"a dict of 1 entry: \['b'\] is missing",
        ),
        (
            lambda x: bp.fori(3, lambda i, c: {"s": [x, (x,)]}, {"s": [x, [x]]}),
            ShapeError,
            r"; at \['s'\]\[1\], a list of 1 entry is needed, got a tuple",
        ),
        (lambda x: bp.scan(lambda c, y: (c, c), x, (1.0, 2.0)), OperandError, "write a list"),
        (lambda x: bp.scan(lambda c, y: (c, c), x, iter([1.0])), OperandError, r"write list\("),
        (
            lambda x: bp.scan(lambda c, y: (c, c), x, None, length=-1),
            SettingError,
            "0 or more, got -1",
        ),
        (lambda x: bp.scan(lambda c, y: (c, c), x, {}), ShapeError, "nothing to go through"),
        (lambda x: bp.fori(3, lambda i, c: c, x, limit="a"), OperandError, "limit is a whole"),
    ],
)
def test_what_differs_is_said(call, error, says):
    for function in (call, bp.compiled(lambda x: call(x))):
        with pytest.raises(error, match=says):
            function(1.0)


def test_an_index_by_a_value_names_take():
    for table in ([1.0, 2.0], np.arange(2.0)):
        with pytest.raises((BranchError, bp.errors.ConversionError), match=r"take\("):
            bp.compiled(lambda i, table=table: table[i])(1.0)
    with pytest.raises(bp.errors.ConversionError, match=r"fori\(n, body, init\)"):
        bp.compiled(lambda n: sum(n for _ in range(n)))(2.0)
