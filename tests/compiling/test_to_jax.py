"""Compiled functions as functions of JAX: the same numbers, in JAX's own jit, grad and vmap."""

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp import errors
from autograd_bp.compiling.front import tracing
from autograd_bp.compiling.loops.sequences import repeated
from autograd_bp.entry import TABLE
from autograd_bp.native.kernels import OWN
from autograd_bp.nn import Network

jax = pytest.importorskip("jax")
jax.config.update("jax_enable_x64", True)
jax.config.update("jax_disable_most_optimizations", True)  # XLA compiles in a third of the time
RNG = np.random.default_rng(11)
SUBNORMAL = 2.3e-308  # XLA takes smaller numbers for 0
ULPS = 16  # of a primitive and of its slopes


def close(found, expected, rtol=1e-13):
    np.testing.assert_allclose(np.asarray(found), np.asarray(expected), rtol=rtol, atol=1e-15)


def network(w, x, d):
    hidden = [bp.sigmoid(bp.dot(w[4 * i : 4 * i + 4], [-1.0, *x])) for i in range(3)]
    return bp.performance(d, bp.sigmoid(bp.dot(w[12:], [-1.0, *hidden])))


W, X, D = RNG.normal(size=16), RNG.normal(size=(5, 3)), RNG.random(5)


def test_values_and_derivatives_of_a_network_are_ours():
    f = bp.compiled(network, rows=("x", "d"))
    g = f.to_jax()
    close(g(W, X, D), f(W, X, D))
    value, gradient = jax.jit(jax.value_and_grad(g))(W, X, D)
    close(value, f(W, X, D))
    close(gradient, f.grad(W, X, D))
    close(jax.jit(jax.hessian(g))(W, X, D), f.hessian(W, X, D), 1e-11)
    close(jax.grad(g, 1)(W, X, D), f.with_options(wrt="x").grad(W, X, D))
    moved = jax.jit(lambda w, v: jax.jvp(lambda u: g(u, X, D), (w,), (v,))[1])(W, W)
    close(moved, f.jvp(W, X, D, tangent=W), 1e-11)
    close(jax.jit(jax.grad(g))(W, X[:1], D[:1]), f.grad(W, X[:1], D[:1]))
    each = f.with_options(reduce=None)
    close(each.to_jax()(W, X, D), each(W, X, D))
    many = jax.vmap(lambda w: g(w, X, D))(np.stack([W, 2.0 * W]))
    close(many, [f(W, X, D), f(2.0 * W, X, D)])


def test_trees_defaults_and_static_arguments():
    def function(p, x, scale=2, *, kind="sum"):
        line = [bp.sin(p["a"] * x["t"]), *(v * scale for v in p["v"])]
        return {"y": getattr(bp, kind)(line), "z": [np.array(line), x["u"][1]]}

    f = bp.compiled(function, rows="x", static="kind", reduce=None)
    p, x = {"a": 0.5, "v": [1.0, np.float64(2.0)]}, {"t": np.arange(3.0), "u": np.ones((3, 2))}
    for options in ({}, {"kind": "norm"}, {"scale": 3.0}):
        found, expected = f.to_jax()(p, x, **options), f(p, x, **options)
        assert found.keys() == expected.keys()
        close(found["y"], expected["y"])
        close(found["z"][0], expected["z"][0])
        close(found["z"][1], expected["z"][1])
    records = [{"t": jax.numpy.asarray(t), "u": [1.0, 1.0]} for t in np.arange(3.0)]
    close(f.to_jax()(p, records)["y"], f(p, x)["y"])


def test_no_rows():
    f = bp.compiled(lambda w, x: bp.sin(bp.dot(w, x)), rows="x")
    w, x = np.ones(2), np.ones((0, 2))
    assert float(f.to_jax()(w, x)) == 0.0
    assert jax.grad(f.to_jax())(w, x).tolist() == [0.0, 0.0]
    assert f.with_options(reduce=None).to_jax()(w, x).shape == (0,)


def test_outputs_that_are_arguments_or_constants_and_no_parameters():
    f = bp.compiled(lambda x: [x[0], 3.0, x[1] * 2.0])
    assert [float(y) for y in f.to_jax()([1.0, 2.0])] == [1.0, 3.0, 4.0]
    assert float(bp.compiled(lambda: 4.0).to_jax()()) == 4.0
    assert float(jax.jit(bp.compiled(lambda x: bp.exp(x)).to_jax())(1.0)) == pytest.approx(np.e)


def test_steps_that_repeat_are_one_loop():
    def steps(w, x):
        state = [*x]
        for _ in range(100):
            state = [
                s + 0.1 * bp.tanh(bp.dot(w[3 * k : 3 * k + 3], state)) for k, s in enumerate(state)
            ]
        return bp.sum(state)

    f = bp.compiled(steps, rows="x")
    w, x = RNG.normal(size=9), RNG.normal(size=(4, 3))
    g = f.to_jax()
    close(g(w, x), f(w, x), 1e-12)
    assert max(piece.count for piece in repeated(f._ready.backend.loops.loops)) > 90
    text = str(jax.make_jaxpr(g)(w, x))
    assert text.count("tanh") < 8
    close(jax.grad(g)(w, x), f.grad(w, x), 1e-11)


def test_lists_of_places_strides_and_tables():
    def function(x):
        n = len(x)
        parts = [
            bp.dot(x[:4], x[::-1][:4]),
            bp.dot(x[0:8:2], x[1:9:2]),
            bp.norm([x[(7 * k) % n] for k in range(n)]),
            bp.logsumexp(x[::3]),
            bp.maximum(*x[1::2]),
            bp.sum([x[k] * x[k + 1] * x[n - 1 - k] for k in range(n - 1)]),
            bp.sum([bp.dot(x[k : k + 3], x[3:6]) ** 2 for k in range(6)]),
        ]
        return [*parts, *x[:2], *bp.softmax(x[2:6])]

    f = bp.compiled(function)
    x = RNG.normal(size=12)
    close(f.to_jax()(x), f(x))
    cotangent = [float(k) for k in range(len(f(x)))]
    pulled = jax.jit(lambda x: jax.vjp(f.to_jax(), x)[1](cotangent)[0])
    close(pulled(x), f.vjp(x, cotangent=cotangent), 1e-12)


def test_control_flow_and_what_a_branch_stops():
    def function(x):
        root = bp.while_loop(
            lambda y: abs(y * y - x) > 1e-12, lambda y: 0.5 * (y + x / y), 1.0 + 0.0 * x, limit=9
        )
        return bp.where(x < 1.0, x, bp.log(x)) + bp.relu(x - 2.0) + root

    f = bp.compiled(function, rows="x", reduce=None)
    x = np.array([0.5, 2.0, 4.0])
    close(f.to_jax()(x), f(x))
    slopes = jax.grad(lambda t: f.to_jax()(t).sum())(x)
    close(slopes, f.with_options(wrt="x").grad(x), 1e-12)
    open_gates = bp.compiled(lambda t: bp.where(t > 0.0, t * t, 3.0 * t) + bp.relu(t)).to_jax()
    assert float(jax.grad(open_gates)(-1.0)) == 3.0
    assert np.isnan(float(f.to_jax()(np.array([np.nan]))[0]))


def only_where_positive(x):
    return bp.cond(x[0] > 0.0, lambda: bp.sqrt(x[0]) * bp.log(x[0]), lambda: x[0] * x[1])


def divided(x):
    return bp.where(x[0] > 0.0, x[1] / x[0] + bp.log(x[0]) * x[1] + x[0], x[1] ** 2)


def overflowing(x):
    return bp.where(x[0] < 10.0, bp.exp(x[0] * x[0]) * x[1], x[1])


@pytest.mark.parametrize("function", [only_where_positive, divided, overflowing])
def test_a_branch_that_is_not_taken_may_have_any_slope(function):
    f = bp.compiled(function)
    g = f.to_jax()
    for x in (np.array([0.0, 1.5]), np.array([-2.0, 1.5]), np.array([40.0, -1.0])):
        close(jax.grad(g)(x), bp.grad(function)(x), 1e-12)
        close(jax.jacfwd(g)(x), bp.grad(function)(x), 1e-12)
        close(jax.hessian(g)(x), bp.hessian(function)(x), 1e-12)
    both = np.array([[-2.0, 1.5], [2.0, 1.5]])
    close(jax.vmap(jax.grad(g))(both), [bp.grad(function)(x) for x in both], 1e-12)


def test_entries_of_large_tables_are_gathered(monkeypatch):
    monkeypatch.setattr(tracing, "MIN_SELECTED", 1)
    table, x, i = np.cos(np.arange(12.0)), np.array([0.5, -0.25, 1.5]), np.array([0.0, 11.0, 0.0])

    def function(table, x, i):
        """An entry of a table that rows share, and one of their own."""
        y = bp.take(table, i) * x
        return bp.sin(y) * bp.take([y, x, table[1]], bp.minimum(i, 2.0))

    f = bp.compiled(function, rows=("x", "i"))
    g = f.to_jax()
    close(g(table, x, i), f(table, x, i))
    assert "gather" in str(jax.make_jaxpr(lambda t: g(t, x, i))(table))
    slopes = jax.jit(jax.grad(g))(table, x, i)
    close(slopes, f.grad(table, x, i), 1e-12)
    assert np.flatnonzero(slopes).tolist() == [0, 1, 11]
    close(jax.hessian(g, 1)(table, x, i), np.diag(f.with_options(wrt="x").hessian(table, x, i)))
    each = f.with_options(reduce=None).to_jax()
    assert np.isnan(each(table, x, np.array([0.0, 12.0, 1.0]))).tolist() == [False, True, False]
    assert np.isnan(each(table, x, np.array([0.5, -1.0, 1.0]))).tolist() == [True, True, False]


def test_states_between_checkpoints_are_computed_again():
    def function(checkpoint):
        def f(w, x, ts):
            def body(y, t):
                y = y + 0.1 * bp.sin(w * y + x * t) * bp.cos(y)
                return y, y * t

            y, ys = bp.scan(body, x, ts, checkpoint=checkpoint)
            return y + bp.sum(ys)

        return bp.compiled(f, rows="x")

    args = 0.7, np.array([-0.5, 0.9]), np.linspace(0.0, 1.0, 261)
    f, plain = function(10), function(None)  # segments of two lengths
    g = f.to_jax()
    close(g(*args), plain(*args), 1e-12)
    close(jax.jit(jax.grad(g, 0))(*args), plain.grad(*args), 1e-11)
    jaxpr = str(jax.make_jaxpr(jax.grad(g))(*args))
    assert "checkpoint" in jaxpr or "remat" in jaxpr


def test_networks_and_methods():
    network = Network([3, 4, 2], seed=0)
    batch = network.compiled()
    weights = np.array([w.data for w in network.parameters()])
    close(batch.to_jax()(weights, X), batch(X))
    assert jax.jacobian(batch.to_jax())(weights, X).shape == (5, 2, len(weights))

    class Spring:
        stiffness = 3.0

        @bp.compiled
        def energy(self, x):
            return self.stiffness * x * x / 2

    spring = Spring()
    assert float(jax.grad(spring.energy.to_jax())(2.0)) == 6.0


def test_what_cannot_be_is_refused_by_name(monkeypatch):
    scale = bp.Value(2.0, "scale")
    with pytest.raises(errors.FrozenNumberError, match=r"\(scale\).*pass them as arguments"):
        bp.compiled(lambda x: scale * x).to_jax()(1.0)
    with pytest.raises(errors.NotDifferentiableError, match="threshold"):
        jax.grad(bp.compiled(bp_threshold).to_jax())(1.0)
    jax.config.update("jax_enable_x64", False)
    try:
        with pytest.raises(errors.SettingError, match="jax_enable_x64"):
            bp.compiled(lambda x: x).to_jax()(1.0)
    finally:
        jax.config.update("jax_enable_x64", True)
    import sys

    monkeypatch.setitem(sys.modules, "jax", None)
    with pytest.raises(errors.MissingExtraError, match=r"autograd_bp\[jax\]"):
        bp.compiled(lambda x: x).to_jax()


def test_what_is_no_real_number_is_refused_and_a_bad_index_is_nan():
    f = bp.compiled(lambda x: x * 2.0).to_jax()
    for wrong in (True, 1j, bp.Value(1.0), "a", jax.numpy.array(True)):
        with pytest.raises(errors.OperandError):
            f(wrong)
    g = bp.compiled(lambda table, i: bp.take(table, i), rows="i", reduce=None).to_jax()
    found = np.asarray(g([1.0, 2.0], np.array([1, 7, -1])))
    assert found[0] == 2.0
    assert np.isnan(found[1:]).all()
    with pytest.raises(errors.ShapeError, match="has rows is an array"):
        g([1.0, 2.0], 3)


def bp_threshold(x):
    return bp.threshold(x)


def primitives():
    return [op for op in TABLE[:OWN] if op.arity is not None and not op.rounding]


def test_every_primitive_and_its_slope_are_those_of_the_table():
    from autograd_bp.compiling.backends.jax import JaxPrimitives

    printed = JaxPrimitives(jax)
    for op in primitives()[::6]:  # each takes XLA a while
        points = [p for p in op.points if len(p) == op.arity]
        at = np.array(points or [p * op.arity for p in op.points], dtype=float)
        at = at[(np.abs(at) < 1e100).all(axis=1)]

        def apply(x, op=op):
            return printed.apply(op, list(x))

        expected = np.array([op.forward(*p) for p in at.tolist()])
        same(op, jax.jit(jax.vmap(apply))(at), expected)
        if op.partials is not None and op.arity == 1:
            slopes = jax.jit(jax.vmap(jax.grad(apply)))(at)[:, 0]
            rule = [op.partials(*p, y=y)[0] for p, y in zip(at.tolist(), expected, strict=True)]
            same(op, slopes, np.array(rule, dtype=float))


def same(op, found, expected):
    found = np.asarray(found)
    with np.errstate(all="ignore"):
        off = np.abs(found - expected) / np.spacing(np.maximum(np.abs(expected), SUBNORMAL))
        # A slope such as 1 - y² has what the rounding of y leaves it.
        off = np.minimum(off, np.abs(found - expected) / 1e-15)
    wrong = ~((found == expected) | (np.isnan(found) & np.isnan(expected)) | (off <= ULPS))
    wrong &= ~(np.abs(expected) < SUBNORMAL) | (np.abs(found) > SUBNORMAL)
    assert not wrong.any(), (op.name, found[wrong], expected[wrong])


def test_loops_that_do_not_repeat_are_no_copies_of_all_numbers():
    """Each loop reads and writes its own numbers, so XLA compiles as many small arrays as there are
    loops, and not arrays of the whole program."""

    def f(w, x):
        pool = [*w, *x]
        for k in range(40):
            a, b = pool[k * 7 % len(pool)], pool[(k * k + 3) % len(pool)]
            pool.append([a * b, bp.sin(a) + b, bp.tanh(a - b), a * a + 0.5][k * k % 4])
        return bp.sum(pool[-6:])

    g = bp.compiled(f)
    w, x = [0.3, -0.2, 0.9], [0.5, 1.1]
    value = g.to_jax()
    text = jax.jit(jax.grad(value)).lower(w, x).as_text()
    assert "dynamic_update_slice" not in text
    np.testing.assert_allclose(jax.grad(value)(w, x), g.grad(w, x), rtol=1e-14)


def test_spaces_are_put_together_of_what_was_written_last():
    from autograd_bp.compiling.backends.jax.space import Space

    rng = np.random.default_rng(0)
    for _ in range(200):
        numbers, space = np.zeros(12), Space(np, 12)
        for k in range(rng.integers(1, 6)):
            start = int(rng.integers(0, 12))
            part = np.full(int(rng.integers(1, 13 - start)), k + 1.0)
            numbers[start : start + len(part)] = part
            space = space.with_part(start, part)
        start, end = sorted(rng.integers(0, 13, 2).tolist())
        assert space.window(start, end).tolist() == numbers[start:end].tolist()
        assert space.whole.tolist() == numbers.tolist()


def test_rows_of_tables_are_gathered_and_differentiated():
    f = bp.compiled(lambda c, x: bp.sin(c[0] * x) * c[1], rows=("c", "x"))
    table, index, x = RNG.normal(size=(4, 2)), np.array([0, 3, 3]), RNG.normal(size=3)
    g = f.to_jax()
    gradient = jax.grad(lambda c: g(bp.rows_of(c, index), x))(table)
    close(gradient, f.grad(bp.rows_of(table, index), x))
