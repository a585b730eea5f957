"""Every derivative of functions that run in parts: loops with checkpoints, look-ups in tables."""

import numpy as np
import pytest
from test_look_ups import FUNCTIONS, PLACES, PLACES_OF_BRANCHES, TABLE, X, both, in_a_branch
from test_loop_checkpoints import CASES, require_equal

import autograd_bp as bp
from autograd_bp.compiling.backends.registry import backends
from autograd_bp.compiling.front import tracing
from autograd_bp.compiling.front.checkpoints import Checkpointed

BACKENDS = [backend.name for backend in backends() if backend.unavailable() is None]


def tangents(args, names, wrt):
    """A direction for each argument: those of rows have rows."""
    some = [0.3 + 0.1 * np.arange(np.size(args[names.index(k)])) for k in wrt]
    some = [v.reshape(np.shape(args[names.index(k)])) for v, k in zip(some, wrt, strict=True)]
    some = [
        v if isinstance(args[names.index(k)], np.ndarray) else v.tolist()
        for v, k in zip(some, wrt, strict=True)
    ]
    return some[0] if len(some) == 1 else tuple(some)


def require_in_parts(f):
    assert isinstance(f._latest[0].backend, Checkpointed)


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("wrt", [("w",), ("w", "x")])
def test_with_checkpoints(name, wrt):
    make, args = CASES[name]
    rows = ("x", "n") if name == "masked" else "x"
    is_alone = len(wrt) == 1
    options = {"rows": rows, "wrt": wrt[0] if is_alone else wrt}
    options["reduce"] = None if is_alone == (name == "network") else "sum"
    f, g = (bp.compiled(make(c), **options) for c in (7, None))
    if not is_alone and name in ("masked", "nested"):
        require_equal(f.hessian(*args), g.hessian(*args), 1e-11)
        require_equal(f.value_and_jacobian(*args), g.value_and_jacobian(*args))
        require_in_parts(f)
    v = tangents(args, ("w", "x", "n"), wrt)
    if is_alone:
        require_equal(f.value_and_jvp(*args, tangent=v), g.value_and_jvp(*args, tangent=v))
        require_in_parts(f)
    some = [h.derivatives("grad", "hvp", "value")(*args, tangent=v) for h in (f, g)]
    require_equal(*some, 1e-11)
    require_in_parts(f)


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("reduce", ["sum", None])
def test_around_look_ups(monkeypatch, function, reduce):
    wrts = [("table",), ("x",), ("table", "x")]
    if function is FUNCTIONS[-1]:  # with a loop
        wrts = wrts[2:] if reduce else wrts[1:2]
    indices = PLACES_OF_BRANCHES if function is in_a_branch else PLACES
    args = (TABLE, X, indices)
    for wrt in wrts:
        v = tangents(args, ("table", "x", "i"), wrt)

        def make(wrt=wrt, v=v):
            by = wrt if len(wrt) > 1 else wrt[0]
            f = bp.compiled(function, rows=("x", "i"), wrt=by, reduce=reduce)
            some = [
                f.value_and_jvp(*args, tangent=v),
                f.derivatives("value", "grad", "hvp")(*args, tangent=v),
                f.derivatives("hessian", "jacobian", "value")(*args),
                f.derivatives("grad", "jacobian")(*args),
            ]
            if tracing.MIN_SELECTED == 1:
                require_in_parts(f)
            return tuple(some)

        for one, other in zip(*both(monkeypatch, make), strict=True):
            require_equal(one, other, 1e-10)


@pytest.mark.parametrize("backend", BACKENDS)
def test_every_backend(monkeypatch, backend):
    function = FUNCTIONS[1]

    def make():
        f = bp.compiled(function, rows=("x", "i"), backend=backend, wrt=("x", "table"))
        return f.value_and_hvp(TABLE, X, PLACES, tangent=(X, TABLE))

    for one, other in zip(*both(monkeypatch, make), strict=True):
        require_equal(one, other, 1e-10)


@pytest.mark.parametrize("outputs", [2, 30])
@pytest.mark.parametrize("reduce", ["sum", None])
def test_jacobians_with_few_and_with_many_outputs(monkeypatch, outputs, reduce):
    """By a sweep for each output, or by a direction for each leaf."""

    def several(table, x, i):
        y = bp.take(table, i) * x
        return [bp.sin(k * y) + bp.take(table, i) * k for k in range(outputs)]

    for wrt in ("table", "x", ("table", "x")):

        def make(wrt=wrt):
            f = bp.compiled(several, rows=("x", "i"), wrt=wrt, reduce=reduce)
            value, jacobian = f.value_and_jacobian(TABLE, X, PLACES)
            return value, jacobian

        require_equal(*both(monkeypatch, make))


def test_sparse_matrices_and_two_directions_select(monkeypatch):
    pytest.importorskip("scipy")
    monkeypatch.setattr(tracing, "MIN_SELECTED", 1)
    f = bp.compiled(FUNCTIONS[0], rows=("x", "i"), sparse=True)
    g = bp.compiled(FUNCTIONS[0], rows=("x", "i"))
    hessian = g.hessian(TABLE, X, PLACES)
    require_equal(f.hessian(TABLE, X, PLACES).toarray(), hessian)
    both_ways = g.derivatives("hessian", "hvp")(TABLE, X, PLACES, tangent=TABLE)
    require_equal(both_ways, (hessian, np.asarray(hessian) @ TABLE))


def test_derivatives_are_those_of_eager_code(monkeypatch):
    monkeypatch.setattr(tracing, "MIN_SELECTED", 1)

    def f(table, x, i):
        y = bp.fori(64, lambda k, y: y + 0.1 * bp.sin(y * x + table[3]), x, checkpoint=5)
        z = bp.take(table, i) * y
        return z * bp.take([z, y * table[1], x * z], i - 2.0)

    g = bp.compiled(f, wrt=("table", "x"))
    eager = bp.hessian(lambda t, x: f(t, x, 3.0), ("t", "x"))(TABLE.tolist(), 0.4)
    require_equal(g.hessian(TABLE.tolist(), 0.4, 3.0), eager, 1e-10)


def test_the_hessian_by_little_does_not_grow_with_the_table():
    table = np.linspace(0.0, 1.0, 30_000)
    f = bp.compiled(lambda t, x, i: bp.sin(bp.take(t, i) * x), rows="i", wrt="x")
    i = np.arange(0, 30_000, 1000)
    require_equal(f.hessian(table, 0.7, i), -np.sum(np.sin(0.7 * table[i]) * table[i] ** 2))
    assert len(f._latest[0].backend.parts.template) < 50
    slopes = f.with_options(wrt="t").hvp(table, 0.7, i, tangent=np.ones(30_000))
    require_equal(slopes[i], -0.49 * np.sin(0.7 * table[i]))
    assert np.flatnonzero(slopes).tolist() == i[1:].tolist()
