"""Compiled functions as users call them: inside one another and inside derivatives, as methods, in
other processes, with defaults, with trees of rows, and by several arguments at once."""

import collections
import copy
import dataclasses
import multiprocessing
import pickle

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.compiling import RetraceWarning
from autograd_bp.compiling.backends.registry import backends
from autograd_bp.errors import OperandError, SettingError, ShapeError

BACKENDS = [backend.name for backend in backends() if backend.unavailable() is None]

X = np.array([[1.0, 2.0], [3.0, -1.0], [0.5, 0.25]])
W = [0.5, -0.25]


@bp.compiled(rows="x")
def model(w, x):
    return bp.tanh(bp.dot(w, x)) * w[0]


each = model.with_options(reduce=None)


@bp.compiled
def cube(x):
    """x to the power 3."""
    return x * x * x


# ------------------------------------------------------------------------------- defaults
@pytest.mark.parametrize("backend", BACKENDS)
def test_defaults_that_a_call_leaves_out_stay_python_values(backend):
    @bp.compiled(backend=backend)
    def f(w, x, count=3, name="sum", scale=None, *, again=True):
        total = sum(w * x for _ in range(count)) if name == "sum" else 0.0
        return total * (2.0 if again else 1.0) * (1.0 if scale is None else scale)

    for _ in range(2):  # the second call is a fast one
        assert f(2.0, 5.0) == 60.0
        assert f.value_and_grad(2.0, 5.0) == (60.0, 30.0)
    assert f(2.0, 5.0, scale=3.0) == 180.0
    assert f(x=5.0, w=2.0) == 60.0
    with pytest.raises(TypeError):
        f(2.0, 5.0, 3.0)


def test_defaults_between_arguments_that_are_passed_do_not_move_them():
    f = bp.compiled(lambda a, b=10.0, c=100.0: a + 2.0 * b + 3.0 * c)
    assert f(1.0, c=2.0) == 1.0 + 20.0 + 6.0
    assert f(1.0, 2.0) == 1.0 + 4.0 + 300.0
    assert f(1.0, c=2.0) == 27.0
    assert f(1.0, 2.0, 3.0) == 14.0


def test_a_default_is_a_number_where_derivatives_are_taken_by_it():
    f = bp.compiled(lambda x, w=3.0: x * w * w, wrt="w")
    assert (f(2.0), f.grad(2.0), f.grad(2.0, 1.0)) == (18.0, 12.0, 4.0)


# ------------------------------------------------------------- inside one another and derivatives
def test_compiled_functions_inside_compiled_ones():
    outer = bp.compiled(lambda x: cube(x) + cube.grad(x) + cube.value_and_grad(x)[1])
    assert outer(2.0) == 8.0 + 12.0 + 12.0
    assert outer.grad(2.0) == 12.0 + 2.0 * 12.0
    assert bp.compiled(lambda x: cube.hvp(x, tangent=2.0)).grad(3.0) == 12.0
    assert bp.compiled(lambda x: cube.jacobian(x)).grad(3.0) == 18.0
    assert bp.compiled(lambda x: x * cube(2.0))(3.0) == 24.0


def test_rows_inside_are_summed_or_stacked():
    plain = model._function
    summed = bp.compiled(lambda w: model(w, X) + 0.0)
    stacked = bp.compiled(lambda w: bp.sum(each(w, X)))
    expected = sum(plain([Value(a) for a in W], x).data for x in X)
    assert summed(W) == pytest.approx(expected, rel=1e-14)
    assert stacked(W) == pytest.approx(expected, rel=1e-14)
    np.testing.assert_allclose(summed.grad(W), model.grad(W, X), rtol=1e-13)
    by_x = model.with_options(wrt="x")
    inner = bp.compiled(lambda w: by_x.grad(w, X)[1][0])
    assert inner(W) == pytest.approx(by_x.grad(W, X)[1][0], rel=1e-14)
    pair = bp.compiled(lambda w: list(model.value_and_grad(w, X)))
    value, gradient = pair(W)
    np.testing.assert_allclose([value, *gradient], [model(W, X), *model.grad(W, X)], rtol=1e-13)
    rows = bp.compiled(lambda w, x: model(w, [x, x]), rows="x")
    assert rows(W, X) == pytest.approx(2.0 * expected, rel=1e-14)


@pytest.mark.parametrize("reduce", ["sum", None])
def test_compiled_functions_inside_derivatives(reduce):
    f = model.with_options(reduce=reduce)

    def total(w):
        return bp.sum(f(w, X)) if reduce is None else f(w, X)

    def by_hand(w):
        return bp.sum([model._function(w, x) for x in X])

    np.testing.assert_allclose(bp.grad(total)(W), bp.grad(by_hand)(W), rtol=1e-14)
    np.testing.assert_allclose(bp.hessian(total)(W), bp.hessian(by_hand)(W), rtol=1e-13)
    np.testing.assert_allclose(
        bp.jvp(total, (W,), ([1.0, 2.0],))[1], bp.jvp(by_hand, (W,), ([1.0, 2.0],))[1], rtol=1e-14
    )
    assert bp.grad(cube)(2.0) == 12.0
    assert bp.grad(bp.grad(cube.grad))(2.0) == 6.0
    assert bp.jacobian(lambda x: [cube(x[0]), x[1]])([2.0, 1.0]) == [[12.0, 0.0], [0.0, 1.0]]


def test_values_from_outside_of_an_inner_function_are_read_by_the_outer_one():
    w = Value(2.0)
    inner = bp.compiled(lambda x: w * x)
    outer = bp.compiled(lambda x: inner(x) * x + inner(3.0))
    assert outer(2.0) == 14.0
    w.data = 5.0
    assert outer(2.0) == 35.0
    w = Value(1.0)
    assert outer(2.0) == 7.0


def test_a_value_in_a_call_of_its_own_is_refused():
    with pytest.raises(OperandError, match="call the function itself"):
        cube(Value(2.0))


# --------------------------------------------------------------------------------- methods
class Line:
    def __init__(self, w, b):
        self.w, self.b = w, b

    @bp.compiled
    def at(self, x):
        return self.w * x * x + self.b

    @bp.compiled(rows="x", wrt="slope", reduce=None)
    def rows(self, slope, x, power=2):
        return slope * x**power + self.b

    @bp.compiled(wrt="self")
    def wrong(self, x):
        return x


class Slotted:
    __slots__ = ("w",)

    def __init__(self, w):
        self.w = w

    @bp.compiled
    def at(self, x):
        return self.w * x


def test_methods_are_compiled_for_each_object():
    one, two = Line(1.0, 0.0), Line(2.0, 10.0)
    for _ in range(2):
        assert (one.at(3.0), two.at(3.0)) == (9.0, 28.0)
        assert (one.at.grad(3.0), two.at.grad(3.0)) == (6.0, 12.0)
    assert one.rows(2.0, [1.0, 3.0]).tolist() == [2.0, 18.0]
    assert one.rows.grad(2.0, [1.0, 3.0]).tolist() == [1.0, 9.0]
    assert one.at.program.parameters == ("x",)
    assert Line(3.0, 1.0).at(2.0) == 13.0
    assert Line(3.0, 1.0).at.grad(2.0) == 12.0
    assert Line.at is Line.__dict__["at"]
    assert Slotted(4.0).at(2.0) == 8.0
    assert one.at.traces.count == 2


def test_weights_of_an_object_are_read_at_each_call():
    line = Line(Value(1.0), Value(0.0))
    assert line.at(3.0) == 9.0
    line.w.data = 2.0
    assert line.at(3.0) == 18.0
    line.b = Value(5.0)
    assert line.at(3.0) == 23.0
    assert line.at.grad(3.0) == 12.0


def test_an_object_and_its_compiled_methods_are_freed_together():
    import gc
    import weakref

    gc.disable()
    try:
        line = Line(1.0, 2.0)
        line.at(3.0)
        reference = weakref.ref(line)
        del line
        assert reference() is None
    finally:
        gc.enable()


def test_methods_are_pickled_and_copied_with_their_objects():
    line = Line(2.0, 1.0)
    assert line.at(3.0) == 19.0
    assert pickle.loads(pickle.dumps(line)).at(3.0) == 19.0
    assert pickle.loads(pickle.dumps(line.at))(3.0) == 19.0
    other = copy.deepcopy(line)
    other.w = 3.0
    assert (other.at(3.0), line.at(3.0)) == (28.0, 19.0)
    with pytest.raises(SettingError, match="the object of the method"):
        line.wrong(1.0)


# ----------------------------------------------------------------------- in other processes
def test_a_function_of_a_module_is_pickled_by_its_name():
    assert pickle.loads(pickle.dumps(cube)) is cube
    assert copy.copy(cube)(2.0) == copy.deepcopy(cube)(2.0) == 8.0
    other = pickle.loads(pickle.dumps(each))
    assert other(W, X).shape == (3,)
    assert other.with_options(reduce="sum")(W, X) == model(W, X)
    with pytest.raises((pickle.PicklingError, AttributeError, TypeError)):
        pickle.dumps(bp.compiled(lambda x: x))


@pytest.mark.parametrize("kind", ["grad", "value_and_grad", "hessian"])
def test_calls_of_a_function_of_a_module_are_pickled_and_copied(kind):
    call = getattr(cube, kind)
    expected = call(2.0)
    for other in (pickle.loads(pickle.dumps(call)), copy.deepcopy(call), copy.copy(call)):
        assert other(2.0) == expected
    both = cube.derivatives("value", "grad")
    assert pickle.loads(pickle.dumps(both))(2.0) == both(2.0)


def test_other_processes_run_compiled_functions():
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.map(cube, [1.0, 2.0]) == [1.0, 8.0]
        assert pool.apply(each, (W, X)).tolist() == each(W, X).tolist()


# ------------------------------------------------------------------------------ trees of rows
Row = collections.namedtuple("Row", "a b")


@dataclasses.dataclass
class Point:
    a: object
    b: object


A, B = np.array([1.0, 2.0]), np.array([[1.0, 0.0, 2.0], [0.5, 1.0, 1.0]])
TREES = {
    "dict": ({"a": A, "b": B}, lambda r: (r["a"], r["b"])),
    "nested": ({"in": {"a": A.tolist()}, "b": B}, lambda r: (r["in"]["a"], r["b"])),
    "named tuple": (Row(A, B), lambda r: (r.a, r.b)),
    "dataclass": (Point(A, B), lambda r: (r.a, r.b)),
    "records": ([{"a": a, "b": b} for a, b in zip(A, B, strict=True)], lambda r: (r["a"], r["b"])),
    "points": ([Point(a, [*b]) for a, b in zip(A, B, strict=True)], lambda r: (r.a, r.b)),
}


@pytest.mark.parametrize("name", TREES)
@pytest.mark.parametrize("backend", BACKENDS)
def test_rows_may_be_trees(name, backend):
    rows, parts = TREES[name]

    def f(w, r):
        a, b = parts(r)
        return w * a * bp.sum([x * x for x in b])

    g = bp.compiled(f, rows="r", backend=backend)
    expected = A * (B * B).sum(axis=1)
    for _ in range(2):
        np.testing.assert_allclose(g(2.0, rows), 2.0 * expected.sum())
        np.testing.assert_allclose(g.grad(2.0, rows), expected.sum())
    np.testing.assert_allclose(g.with_options(reduce=None)(2.0, rows), 2.0 * expected)
    slopes = parts_of(g.with_options(wrt="r").grad(2.0, rows), parts)
    np.testing.assert_allclose(slopes[0], 2.0 * (B * B).sum(axis=1))
    by_b = 4.0 * A[:, None] * B
    np.testing.assert_allclose(np.array(slopes[1]), by_b.T if name == "points" else by_b)
    inside = bp.compiled(lambda w: g(w, rows))
    np.testing.assert_allclose(inside(2.0), 2.0 * expected.sum())


def parts_of(tree, parts):
    return parts(tree)


@pytest.mark.parametrize(
    ("rows", "error", "says"),
    [
        ({"a": [1.0, 2.0], "b": [1.0]}, ShapeError, r"\['b'\] has 1 rows"),
        ({"a": [1.0, 2.0], "b": 1.0}, ShapeError, r"r\['b'\] has rows, got the single number"),
        ([{"a": 1.0, "b": 2.0}, {"a": 1.0}], ShapeError, "the rows must have one shape"),
        ([{"a": 1.0, "b": 2.0}, {"b": 1.0, "a": 2.0}], ShapeError, "same order"),
        ({}, ShapeError, "it is empty"),
        ({"a": ["x", "y"], "b": [1.0, 2.0]}, OperandError, r"real number"),
    ],
)
def test_trees_of_rows_that_do_not_fit_are_refused(rows, error, says):
    with pytest.raises(error, match=says):
        bp.compiled(lambda r: r["a"] * r["b"], rows="r")(rows)


# ----------------------------------------------------------------------- several arguments at once
@pytest.mark.parametrize("backend", BACKENDS)
def test_derivatives_by_several_arguments_are_a_tuple(backend):
    def residual(camera, point, weight):
        return weight * (camera["f"] * point[0] - point[1] * camera["k"]) ** 2

    f = bp.compiled(residual, wrt=("camera", "point"), backend=backend)
    arguments = {"f": 2.0, "k": 0.5}, [1.0, 3.0], 1.5
    expected = bp.grad(residual, ("camera", "point"))(*arguments)
    for _ in range(2):
        assert f.grad(*arguments) == expected
        value, gradient = f.value_and_grad(*arguments)
        assert (value, gradient) == (residual(*arguments), expected)
    tangent = {"f": 1.0, "k": 0.0}, [0.0, 1.0]
    product = f.hvp(*arguments, tangent=tangent)
    call = bp.hvp(lambda c, p: residual(c, p, 1.5), arguments[:2], tangent)
    assert product == call
    assert bp.compiled(residual, wrt=[0, "weight"]).grad(*arguments) == bp.grad(
        residual, (0, "weight")
    )(*arguments)
    pair = bp.compiled(lambda a, b: [a * b, a + b], wrt=(0, 1), backend=backend)
    assert pair.jacobian(2.0, 3.0) == bp.jacobian(lambda a, b: [a * b, a + b], (0, 1))(2.0, 3.0)
    alone = bp.compiled(lambda a, b: [a * b, a + b], wrt=("b",), backend=backend)
    assert alone.jacobian(2.0, 3.0) == ([2.0, 1.0],)
    assert alone.with_options(wrt=(1,))(2.0, 3.0) == [6.0, 5.0]
    inside = bp.compiled(lambda a: pair.jacobian(a, 3.0)[1][0] * 1.0)
    assert inside(2.0) == 2.0


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("reduce", ["sum", None])
def test_several_arguments_of_which_some_have_rows(reduce, backend):
    def f(w, x, d):
        return (bp.dot(w, x) - d) ** 2

    d = np.array([1.0, 0.0, 2.0])
    both = bp.compiled(f, rows=("x", "d"), wrt=("w", "x"), reduce=reduce, backend=backend)
    slopes = [bp.grad(f, ("w", "x"))(W, x, y) for x, y in zip(X, d, strict=True)]
    by_w = np.array([s[0] for s in slopes])
    by_x = np.array([s[1] for s in slopes])
    for value_too in (False, True):
        if value_too:
            value, gradient = both.value_and_grad(W, X, d)
            values = np.array([f(W, x, y) for x, y in zip(X, d, strict=True)])
            np.testing.assert_allclose(value, values.sum() if reduce else values, rtol=1e-12)
        else:
            gradient = both.grad(W, X, d)
        assert type(gradient) is tuple
        np.testing.assert_allclose(
            np.array(gradient[0]), by_w.sum(axis=0) if reduce else by_w.T, rtol=1e-12
        )
        np.testing.assert_allclose(gradient[1], by_x, rtol=1e-12)
    rows = bp.compiled(f, rows=("x", "d"), wrt=("x", "d"), reduce=reduce, backend=backend)
    assert [part.shape for part in rows.grad(W, X, d)] == [(3, 2), (3,)]
    inside = bp.compiled(lambda w: both.grad(w, X, d)[1][0][0])
    assert inside(W) == pytest.approx(by_x[0][0])


def test_arguments_that_cannot_be_selected_are_refused():
    for wrt in ((), ("w", "w"), ("w", 0), ("w", "z"), (0, 5), (True,)):
        with pytest.raises(SettingError, match="wrt"):
            bp.compiled(lambda w, x: w * x, wrt=wrt)


# ------------------------------------------------------------------------------------ jacobians
NUMBERS = [2.0, -1.0, 0.5]
OUTPUTS = {
    "number": lambda a: a[0] * a[1] * a[2],
    "list": lambda a: [a[0] * a[1], a[2] * a[2]],
    "tuple": lambda a: (a[0] * a[1], a[2] * a[2]),
    "array": lambda a: np.array([[a[0] * a[1], a[2]], [a[0], a[1] * a[2]]]),
    "dict": lambda a: {"p": a[0] * a[1], "q": [a[2] * a[2]]},
}
ARGUMENTS = {
    "list": (NUMBERS, lambda a: a),
    "tuple": (tuple(NUMBERS), lambda a: a),
    "array": (np.array(NUMBERS), lambda a: a),
    "dict": ({"a": NUMBERS[0], "b": NUMBERS[1:]}, lambda a: [a["a"], *a["b"]]),
}


def assert_same(found, expected):
    assert type(found) is type(expected)
    if isinstance(expected, dict):
        assert found.keys() == expected.keys()
        found, expected = list(found.values()), list(expected.values())
    if isinstance(expected, (list, tuple)):
        assert len(found) == len(expected)
        for a, b in zip(found, expected, strict=True):
            assert_same(a, b)
    else:
        assert np.shape(found) == np.shape(expected)
        np.testing.assert_allclose(found, expected, rtol=1e-13)


@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.parametrize("argument", ARGUMENTS)
@pytest.mark.parametrize("backend", ["reference", "tape"])
def test_jacobians_have_the_shapes_of_outputs_and_arguments(output, argument, backend):
    point, numbers = ARGUMENTS[argument]

    def f(a, x):
        line = numbers(a)
        return OUTPUTS[output]([line[0] * x, line[1], line[2] + x])

    rows = [1.0, 2.0, 3.0, 4.0]
    singles = [bp.jacobian(f)(point, x) for x in rows]
    alone = bp.compiled(f, backend=backend)
    for x, expected in zip(rows, singles, strict=True):
        assert_same(alone.jacobian(point, x), expected)
    by_row = bp.compiled(f, rows="x", reduce=None, backend=backend)
    found = by_row.jacobian(point, rows)
    assert len(found) == 4
    if "dict" in (output, argument):
        assert type(found) is list
        for matrix, expected in zip(found, singles, strict=True):
            assert_same(matrix, expected)
        return
    assert type(found) is np.ndarray
    np.testing.assert_allclose(found, np.array(singles), rtol=1e-13)
    assert by_row.jacobian(point, [7.0]).shape == found[:1].shape
    assert by_row.jacobian(point, []).shape == found[:0].shape
    last = (-1,) * found.ndim
    inside = bp.compiled(lambda a: by_row.jacobian(a, rows)[last] * 1.0)
    assert inside(point) == pytest.approx(found[last], rel=1e-13)


def test_a_jacobian_is_not_overwritten_by_the_next_call():
    f = bp.compiled(lambda a, x: [a[0] * x, a[1]], rows="x", reduce=None)
    first = f.jacobian([1.0, 2.0], [3.0])
    f.jacobian([1.0, 2.0], [4.0])
    assert first.tolist() == [[[3.0, 0.0], [0.0, 1.0]]]


# -------------------------------------------------------------------------------- odd arguments
def test_numbers_in_arrays_of_no_dimensions():
    assert cube(np.array(2.0)) == cube(np.float64(2.0)) == 8.0
    assert cube.grad(np.array(2.0)) == 12.0
    scaled = bp.compiled(lambda w, x: w * x, rows="x")
    assert scaled(np.array(2.0), np.array([1.0, 2.0])) == 6.0


def test_empty_arguments_and_functions_without_any():
    total = bp.compiled(lambda w: bp.sum(w) + 1.0)
    assert (total([]), total.grad([]), total.grad(())) == (1.0, [], ())
    assert total.grad(np.zeros((0, 3))).shape == (0, 3)
    assert total.value_and_grad([]) == (1.0, [])
    nothing = bp.compiled(lambda: Value(3.0) * 2.0)
    assert nothing() == 6.0
    with pytest.raises(SettingError, match="no parameters to differentiate by"):
        nothing.grad()


def test_compile_of_a_function_points_to_compiled():
    for function in (lambda x: x, cube, bp.sigmoid):
        with pytest.raises(OperandError, match=r"autograd_bp\.compiled\(function\)"):
            bp.compile(function)


# ------------------------------------------------------------------------------- repr and traces
def test_what_a_compiled_function_is_can_be_printed():
    f = bp.compiled(lambda w, x, n: w * x, rows="x", static=("n",))
    assert repr(f) == "<compiled <lambda>(w, x, n), rows='x', static=('n',): no programs>"
    f(1.0, [2.0], "a")
    assert repr(f).endswith(": one program>")
    assert "Line" in repr(Line(1.0, 2.0).at)


def test_traces_say_when_and_why_a_function_was_recorded():
    w = Value(1.0)
    f = bp.compiled(lambda x, n=2: bp.sum([w * a for a in x]) * n, static="n")
    assert (len(f.traces), repr(f.traces)) == (0, "not recorded yet")
    f([1.0])
    f([1.0])
    f([1.0, 2.0])
    f.grad([1.0, 2.0])
    f([1.0, 2.0], n=3)
    w = Value(2.0)
    f([1.0])
    assert [trace.reason for trace in f.traces] == [
        "the first call",
        "x is a list of 2 entries and was a list of 1 entry",
        "the first call of grad",
        "n is static 3 and was static 2",
        "other Values stand outside than before",
    ]
    assert f.traces[-1].kind == "value"
    assert "value of x: a list of 1 entry" in str(f.traces[0])


def test_values_that_are_replaced_at_each_call_are_warned_about():
    w = Value(1.0)
    f = bp.compiled(lambda x: w * x)
    for k in range(31):
        w = Value(float(k))
        assert f(2.0) == 2.0 * k
    w = Value(3.0)
    with pytest.warns(RetraceWarning, match="the attribute traces"):
        f(2.0)
