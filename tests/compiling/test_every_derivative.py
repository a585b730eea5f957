"""Every derivative of a compiled function is that of the engine, alone and together with others,
in one layout, on every way."""

import collections

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp import errors
from autograd_bp.compiling.backends import registry
from autograd_bp.compiling.program.merging import merged, with_outputs
from autograd_bp.compiling.program.program import Program
from autograd_bp.derivatives.trees import flatten as take_apart

BACKENDS = [backend.name for backend in registry.backends() if backend.unavailable() is None]
RNG = np.random.default_rng(3)
W, X, D = RNG.normal(size=4), RNG.normal(size=(5, 3)), RNG.normal(size=5)


def loss(w, x, d):
    return (bp.tanh(bp.dot(w[:3], x) + w[3]) * w[0] - d) ** 2 * x[1]


def pair(w, x, d):
    return [bp.sin(bp.dot(w[:3], x)), w[3] * d * x[0], w[0] * w[1]]


def close(found, expected):
    if isinstance(expected, tuple):
        assert len(found) == len(expected)
        for a, b in zip(found, expected, strict=True):
            close(a, b)
    else:
        assert np.shape(found) == np.shape(expected)
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)


def hvps(v):
    return [bp.hvp(lambda w: loss(w, x, d), W, v) for x, d in zip(X, D, strict=True)]  # noqa: B023


@pytest.mark.parametrize("backend", BACKENDS)
def test_derivatives_by_what_the_rows_share_are_sums_or_one_for_each_row(way, backend):
    v, c = RNG.normal(size=4), RNG.normal(size=3)
    each = [*zip(X, D, strict=True)]
    hessians = np.array([bp.hessian(loss)(W, *row) for row in each])
    matrices = np.array([bp.jacobian(pair)(W, *row) for row in each])
    moved = matrices @ v
    for reduce in ("sum", None):

        def over_rows(numbers, reduce=reduce):
            return np.sum(numbers, axis=0) if reduce else np.array(numbers)

        f = bp.compiled(loss, rows=("x", "d"), reduce=reduce, backend=backend)
        g = bp.compiled(pair, rows=("x", "d"), reduce=reduce, backend=backend)
        close(f.hessian(W, X, D), over_rows(hessians))
        assert f.way == way
        close(f.hvp(W, X, D, tangent=v), over_rows(hvps(v)))
        close(np.array(g.jvp(W, X, D, tangent=v)), over_rows(moved).T)
        close(g.jacobian(W, X, D), over_rows(matrices))
        cotangent = c.tolist() if reduce else [np.full(5, x) for x in c]
        close(g.vjp(W, X, D, cotangent=cotangent), over_rows(np.einsum("i,kij->kj", c, matrices)))
        if backend == "llvm":
            return  # which takes long to compile


def test_derivatives_by_what_a_row_has_are_those_of_each_row(way):
    v = RNG.normal(size=X.shape)
    each = [*zip(X, D, strict=True)]
    for reduce in ("sum", None):
        f = bp.compiled(loss, rows=("x", "d"), wrt="x", reduce=reduce, backend="numpy")
        g = bp.compiled(pair, rows=("x", "d"), wrt="x", reduce=reduce, backend="numpy")
        hessians = np.array([bp.hessian(loss, 1)(W, *row) for row in each])
        matrices = np.array([bp.jacobian(pair, 1)(W, *row) for row in each])
        close(f.hessian(W, X, D), hessians)
        close(f.hvp(W, X, D, tangent=v), np.einsum("kij,kj->ki", hessians, v))
        moved = np.einsum("kij,kj->ik", matrices, v)
        close(np.array(g.jvp(W, X, D, tangent=v)), moved.sum(axis=1) if reduce else moved)
        close(g.jacobian(W, X, D), matrices)


def test_derivatives_by_both_are_tuples(way):
    v = W, X
    f = bp.compiled(loss, rows=("x", "d"), wrt=("w", "x"), backend="numpy")
    each = [bp.hessian(loss, ("w", "x"))(W, *row) for row in zip(X, D, strict=True)]
    (ww, wx), (xw, xx) = f.hessian(W, X, D)
    assert f.way == ("instructions" if way == "loops" else way)  # sums and others
    close(ww, np.sum([h[0][0] for h in each], axis=0))
    close(wx, np.array([h[0][1] for h in each]))
    close(xw, np.array([h[1][0] for h in each]))
    close(xx, np.array([h[1][1] for h in each]))
    by_w, by_x = f.hvp(W, X, D, tangent=v)
    close(by_w, ww @ W + np.einsum("kij,kj->i", wx, X))
    close(by_x, xw @ W + np.einsum("kij,kj->ki", xx, X))
    by_w, by_x = bp.compiled(
        pair, rows=("x", "d"), wrt=("w", "x"), backend="numpy", reduce="sum"
    ).jacobian(W, X, D)
    each = [bp.jacobian(pair, ("w", "x"))(W, *row) for row in zip(X, D, strict=True)]
    close(by_w, np.sum([j[0] for j in each], axis=0))
    close(by_x, np.array([j[1] for j in each]))


def test_several_come_out_of_one_program(way):
    f = bp.compiled(loss, rows=("x", "d"), backend="numpy")
    v = RNG.normal(size=4)
    names = ["value", "grad", "hvp", "hessian", "jacobian", "jvp", "vjp"]
    alone = {
        "value": f(W, X, D),
        "grad": f.grad(W, X, D),
        "hvp": f.hvp(W, X, D, tangent=v),
        "hessian": f.hessian(W, X, D),
        "jacobian": f.jacobian(W, X, D),
        "jvp": f.jvp(W, X, D, tangent=v),
        "vjp": f.vjp(W, X, D, cotangent=2.0),
    }
    for chosen in (names, names[::-1], ["grad", "hvp"], ["hvp", "value", "grad"], ["hessian"]):
        given = {}
        if {"hvp", "jvp"} & {*chosen}:
            given["tangent"] = v
        if "vjp" in chosen:
            given["cotangent"] = 2.0
        found = f.derivatives(*chosen)(W, X, D, **given)
        found = found if len(chosen) > 1 else (found,)
        assert type(found) is tuple
        for name, part in zip(chosen, found, strict=True):
            close(part, alone[name])
        bound = f.bind(W, X, D, derivative="_and_".join(chosen), **given)
        parts = bound.result if len(chosen) > 1 else (bound.result,)
        for name, part in zip(chosen, parts, strict=True):
            close(part, alone[name])
    close(f.value_and_hessian(W, X, D), (alone["value"], alone["hessian"]))
    close(f.value_and_jacobian(W, X, D), (alone["value"], alone["jacobian"]))
    close(f.value_and_hvp(W, X, D, tangent=v), (alone["value"], alone["hvp"]))
    close(f.value_and_jvp(W, X, D, tangent=v), (alone["value"], alone["jvp"]))
    close(f.value_and_vjp(W, X, D, cotangent=2.0), (alone["value"], alone["vjp"]))


def test_a_gradient_and_a_product_share_what_they_compute():
    f = bp.compiled(loss, rows=("x", "d"))
    f.hvp(W, X, D, tangent=W)
    alone = len(f.program)
    f.value_and_grad(W, X, D)
    together = alone + len(f.program)
    f.derivatives("value", "grad", "hvp")(W, X, D, tangent=W)
    assert len(f.program) < 0.8 * together


@pytest.mark.parametrize("rows", [0, 1])
def test_few_rows_or_none(way, rows):
    f = bp.compiled(loss, rows=("x", "d"), backend="numpy")
    value, hessian = f.value_and_hessian(W, X[:rows], D[:rows])
    assert hessian.shape == (4, 4)
    each = f.with_options(reduce=None)
    assert each.hessian(W, X[:rows], D[:rows]).shape == (rows, 4, 4)
    assert each.jvp(W, X[:rows], D[:rows], tangent=W).shape == (rows,)
    assert each.vjp(W, X[:rows], D[:rows], cotangent=D[:rows]).shape == (rows, 4)
    assert (value, np.abs(hessian).max()) == (0.0, 0.0) or rows


def test_outputs_that_are_arguments_or_constants(way):
    f = bp.compiled(lambda x: [x[0], 3.0, x[1] * x[1], x[0]], backend="numpy")
    x = [2.0, 5.0]
    assert f.jacobian(x) == [[1.0, 0.0], [0.0, 0.0], [0.0, 10.0], [1.0, 0.0]]
    assert f.jvp(x, tangent=[1.0, 2.0]) == [1.0, 0.0, 20.0, 1.0]
    assert f.vjp(x, cotangent=[1.0, 7.0, 1.0, 2.0]) == [3.0, 10.0]
    assert bp.compiled(lambda x: 4.0).hessian([1.0, 2.0]) == [[0.0, 0.0], [0.0, 0.0]]
    assert bp.compiled(lambda x: x[0]).value_and_hessian([1.0]) == (1.0, [[0.0]])


def test_trees_keep_their_shapes():
    f = bp.compiled(lambda p: {"a": p["k"] * p["v"][0], "b": [p["v"][1] ** 2]})
    p = {"k": 2.0, "v": np.array([3.0, 4.0])}
    expected = bp.jacobian(f)(p)
    for _ in range(2):
        found = f.jacobian(p)
        assert found.keys() == expected.keys()
        assert found["a"]["k"] == expected["a"]["k"] == 3.0
        assert found["a"]["v"].tolist() == expected["a"]["v"].tolist() == [2.0, 0.0]
        assert found["b"][0]["v"].tolist() == [0.0, 8.0]
    tangent = {"k": 1.0, "v": np.array([0.0, 1.0])}
    assert f.jvp(p, tangent=tangent) == {"a": 3.0, "b": [8.0]}
    back = f.vjp(p, cotangent={"a": 1.0, "b": [2.0]})
    assert back["k"] == 3.0
    assert back["v"].tolist() == [2.0, 16.0]
    g = bp.compiled(lambda p: p["k"] * p["v"][0] ** 2)
    assert g.hessian(p)["v"]["v"].tolist() == [[4.0, 0.0], [0.0, 0.0]]


def test_a_parameter_may_be_called_tangent():
    f = bp.compiled(lambda tangent: tangent**3)
    assert f.hvp(2.0, tangent=1.0) == 12.0
    g = bp.compiled(lambda cotangent: cotangent**3)
    assert g.vjp(2.0, cotangent=2.0) == 24.0


def test_matrices_at_one_point_are_fast_calls():
    f = bp.compiled(lambda x: [x[0] * x[1], x[1] ** 2], backend=BACKENDS[-1])
    f.jacobian(np.array([2.0, 3.0]))
    assert f._ready.result.is_plain


def test_more_than_two_parts_come_out_of_later_calls_too():
    f = bp.compiled(lambda a, b, c: a * b * c, wrt=(0, 1, 2), rows="c", reduce=None)
    slopes = f.derivatives("value", "grad", "jacobian")
    for _ in range(3):
        assert len(f.jacobian(2.0, 3.0, [4.0])) == 3
        value, gradient, jacobian = slopes(2.0, 3.0, [4.0])
        assert (value[0], len(gradient), len(jacobian)) == (24.0, 3, 3)
    one = bp.compiled(lambda a: [a[0] * a[1], a[1]])
    for _ in range(3):
        found = one.derivatives("value", "jacobian", "jvp")([2.0, 3.0], tangent=[1.0, 0.0])
        assert found == ([6.0, 3.0], [[3.0, 2.0], [0.0, 1.0]], [3.0, 0.0])


@pytest.mark.parametrize("backend", BACKENDS)
def test_later_calls_take_other_numbers_and_other_shapes(backend):
    f = bp.compiled(lambda x, n=2.0: bp.dot(x, x) ** 2 * x[0] * n, backend=backend)
    eager = f._function
    for _ in range(2):
        for x in ([1.0, 2.0], [0.5, -1.0], (1.0, 2.0, 3.0), np.array([3.0, 4.0])):
            v = [float(k) + 1.0 for k in range(len(x))]
            v = np.array(v) if isinstance(x, np.ndarray) else type(x)(v)
            expected = bp.hvp(eager, (x,), (v,))[0]
            np.testing.assert_allclose(f.hvp(x, tangent=v), expected)
            np.testing.assert_allclose(f.hvp(x, 2.0, tangent=v), expected)
            np.testing.assert_allclose(f.hvp(x, n=2.0, tangent=v), expected)
            value, moved = f.value_and_jvp(x, 4.0, tangent=v)
            assert value == pytest.approx(2.0 * eager(x))
            assert moved == pytest.approx(2.0 * bp.jvp(eager, (x,), (v,))[1])
            both = f.derivatives("jvp", "vjp")(x, cotangent=3.0, tangent=v)
            assert both[0] == pytest.approx(moved / 2.0)
            np.testing.assert_allclose(both[1], 3.0 * np.array(bp.grad(eager)(x)))
    g = bp.compiled(loss, rows=("x", "d"), reduce=None, backend=backend)
    for rows in (5, 2, 5):
        c = np.arange(1.0, rows + 1.0)
        found = g.vjp(W, X[:rows], D[:rows], cotangent=c)
        close(found, c[:, None] * g.grad(W, X[:rows], D[:rows]))
        found = g.with_options(wrt="x").hvp(W, X[:rows], D[:rows], tangent=X[:rows])
        hessians = g.with_options(wrt="x").hessian(W, X[:rows], D[:rows])
        close(found, np.einsum("kij,kj->ki", hessians, X[:rows]))


def test_inside_other_compiled_functions_and_derivatives(way):
    f = bp.compiled(loss, rows=("x", "d"))
    v = [1.0, 0.5, -1.0, 2.0]

    def around(w):
        value, gradient, product = f.derivatives("value", "grad", "hvp")(w, X, D, tangent=v)
        return value + gradient[0] * product[1] + f.hessian(w, X, D)[0][1]

    w = W.tolist()
    value = around(w)
    assert bp.compiled(around)(w) == pytest.approx(value)
    step = 1e-6
    near = [around([w[0] + s, *w[1:]]) for s in (step, -step)]
    assert bp.grad(around)(w)[0] == pytest.approx((near[0] - near[1]) / (2 * step), rel=1e-6)


def test_what_does_not_fit_is_refused_by_name():
    f = bp.compiled(loss, rows=("x", "d"))
    with pytest.raises(errors.ShapeError, match="tangent must have the shape"):
        f.jvp(W, X, D, tangent=[1.0])
    with pytest.raises(errors.ShapeError, match="cotangent must have the shape"):
        f.vjp(W, X, D, cotangent=[1.0])
    with pytest.raises(errors.ShapeError, match="has 2 rows"):
        f.with_options(reduce=None).vjp(W, X, D, cotangent=[1.0, 2.0])
    with pytest.raises(errors.ShapeError, match="hessian needs a function that returns one number"):
        bp.compiled(lambda x: [x, x]).hessian(1.0)
    with pytest.raises(errors.SettingError, match="derivatives are some of value, grad"):
        f.derivatives("laplacian")
    with pytest.raises(errors.SettingError, match="each once"):
        f.derivatives("grad", "grad")
    with pytest.raises(TypeError, match="needs tangent="):
        f.derivatives("hvp")(W, X, D)
    with pytest.raises(TypeError, match="takes no cotangent="):
        f.derivatives("hvp")(W, X, D, tangent=W, cotangent=1.0)
    with pytest.raises(errors.SettingError, match='joined by "_and_"'):
        f.bind(W, X, D, derivative=3)


def test_infinite_slopes_and_nan():
    f = bp.compiled(lambda x: bp.sqrt(x[0]) * x[1])
    assert f.jvp([0.0, 0.0], tangent=[0.0, 1.0]) == bp.jvp(f, [0.0, 0.0], [0.0, 1.0])[1]
    assert f.vjp([4.0, 3.0], cotangent=0.0) == [0.0, 0.0]
    assert np.isnan(f.hessian([np.nan, 1.0])[0][1])


def test_many_outputs_of_few_inputs_are_one_sweep_for_each_input():
    def recurrence(w):
        states = [w[2]]
        for _ in range(60):
            states.append(bp.tanh(w[0] * states[-1] + w[1]))
        return states[1:]

    f = bp.compiled(recurrence)
    w = [0.5, 0.1, 0.3]
    np.testing.assert_allclose(f.jacobian(w), bp.jacobian(recurrence)(w), rtol=1e-12)
    assert len(f.program) < 60 * 12


# ------------------------------------------------------------------------------------ programs
def test_programs_that_are_merged_compute_what_each_computes():
    def program(function):
        f = bp.compiled(function)
        f([2.0, 3.0])
        return f.program

    first, second = program(lambda x: [x[0] * 2.0, x[1] + 3.0]), program(lambda x: x[0] - 4.0)
    both = merged([first, second]).check()
    assert isinstance(both, Program)
    assert both.run([2.0, 3.0]) == [*first.run([2.0, 3.0]), *second.run([2.0, 3.0])]
    some = with_outputs(both, [2, -1, 0], [True, True, False]).check()
    assert some.run([2.0, 3.0]) == [-2.0, 0.0, [4.0]]


@pytest.mark.parametrize(
    ("tangent", "words"),
    [
        ({"a": 0.0, "c": [1.0]}, "keys 'a', 'b' is needed, got 'a', 'c'"),
        ({"a": 0.0}, "a dict of 2 entries is needed, got a dict of 1 entry"),
        ({"a": 0.0, "b": [1.0, 2.0]}, r"at \['b'\], a list of 1 entry is needed, got a list of 2"),
        ([0.0, [1.0]], "a dict of 2 entries is needed, got a list of 2 entries"),
        ({"a": [0.0], "b": [1.0]}, r"at \['a'\], a number is needed, got a list of 1"),
    ],
)
def test_the_place_where_a_direction_has_another_shape_is_named(tangent, words):
    f = bp.compiled(lambda p: {"y": p["a"] * p["b"][0], "p": p})
    point = {"a": 2.0, "b": [3.0]}
    with pytest.raises(errors.ShapeError, match=f"tangent must have the shape of p: .*{words}"):
        f.jvp(point, tangent=tangent)
    with pytest.raises(errors.ShapeError, match=r"cotangent must have .* value: at \['p'\]"):
        f.vjp(point, cotangent={"y": 1.0, "p": tangent})


Pair = collections.namedtuple("Pair", "a b")


@pytest.mark.parametrize(
    ("point", "directions"),
    [
        ([1.0, 2.0], [(0.5, 3.0), np.array([0.5, 3.0]), [np.float32(0.5), 3]]),
        (np.array([1.0, 2.0]), [(0.5, 3.0), [0.5, 3.0], np.array([0.5, 3.0], dtype=np.float32)]),
        ((1.0, 2.0), [[0.5, 3.0], np.array([0.5, 3.0])]),
        ({"a": 1.0, "b": 2.0}, [{"b": 3.0, "a": 0.5}, {"a": np.array(0.5), "b": np.float64(3.0)}]),
        (Pair(1.0, 2.0), [(0.5, 3.0), {"b": 3.0, "a": 0.5}]),
        ({"a": [1.0, [2.0]]}, [{"a": (0.5, (3.0,))}, {"a": [0.5, np.array([3.0])]}]),
    ],
)
def test_directions_may_be_in_other_containers(point, directions):
    def cubes(p):
        return [x**3 for x in take_apart(p)[0]]

    f, total = bp.compiled(cubes), bp.compiled(lambda p: bp.sum(cubes(p)))
    for direction in directions:
        for _ in range(2):
            assert f.jvp(point, tangent=direction) == [3.0 * 0.5, 12.0 * 3.0]
            assert total.jvp(point, tangent=direction) == 37.5
            product = total.hvp(point, tangent=direction)
            assert take_apart(product)[0] == [6.0 * 0.5, 12.0 * 3.0]
            assert take_apart(product)[1] == take_apart(point)[1]
            g = bp.compiled(lambda p: p)  # whose value, and so its cotangent, is like the point
            assert take_apart(g.vjp(point, cotangent=direction))[0] == [0.5, 3.0]


def test_directions_of_rows_may_be_in_other_containers():
    f = bp.compiled(lambda x: {"y": x["a"] ** 2, "z": [x["b"][0] ** 2]}, rows="x", reduce=None)
    x = {"a": np.arange(3.0), "b": np.ones((3, 1))}
    result = f.jvp(x, tangent={"b": [[1.0], [2.0], [3.0]], "a": [1, 1, 1]})
    assert result["y"].tolist() == [0.0, 2.0, 4.0]
    assert result["z"][0].tolist() == [2.0, 4.0, 6.0]
    back = f.vjp(x, cotangent={"z": (np.ones(3),), "y": np.ones(3)})
    assert back["a"].tolist() == [0.0, 2.0, 4.0]
    assert back["b"].tolist() == [[2.0], [2.0], [2.0]]


@pytest.mark.parametrize("compiling", [False, True])
def test_a_carry_may_have_its_keys_in_another_order(compiling):
    def swapped(x):
        carry = bp.fori(3, lambda _, c: {"b": c["b"] * 3.0, "a": c["a"] * 2.0}, {"a": x, "b": x})
        return carry["a"] + carry["b"] / 100.0

    f = bp.compiled(swapped) if compiling else swapped
    assert f(1.0) == pytest.approx(8.27, rel=1e-15)
    assert bp.grad(swapped)(1.0) == pytest.approx(8.27, rel=1e-15)
