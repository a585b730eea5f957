"""take from large tables in compiled functions: entries are looked up, and not selected."""

from itertools import pairwise

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp.compiling.backends.registry import backends
from autograd_bp.compiling.front import tracing
from autograd_bp.errors import BadIndexError

BACKENDS = [backend.name for backend in backends() if backend.unavailable() is None]
TABLE = np.sin(np.arange(12.0)) + 0.3
VECTORS = np.cos(np.arange(24.0)).reshape(12, 2)
TOKENS = np.array([[0, 11, 3], [3, 3, 7], [5, 0, 11], [2, 1, 2]])


def single(table, x, i):
    return bp.take(table, i) ** 2 * x


def of_computed(table, x, i):
    """The index and the table are computed."""
    scaled = [bp.exp(0.1 * t) * x for t in table]
    place = bp.floor(bp.minimum(abs(3.0 * x) + i, 11.0))
    return bp.take(scaled, place) + bp.take(table, bp.minimum(i + 1.0, 11.0)) * x


def of_taken(table, x, i):
    """An index that was taken itself."""
    hops = bp.take([float((7 * k + 3) % 12) for k in range(12)], i)
    return bp.take(table, hops) * x + bp.take(table, i)


def in_a_branch(table, x, i):
    """What the branch asks for that is not taken does not count."""
    return bp.cond(x > 0.0, lambda: bp.take(table, i) * x, lambda: bp.take(table, i - 5.0) + x)


def with_a_loop(table, x, i):
    """A loop between two look-ups, and one that is traced once."""
    start = bp.take(table, i)
    y = bp.fori(200, lambda k, y: y + 0.01 * bp.sin(y * x + table[0]), start, checkpoint=True)
    z = bp.fori(100, lambda k, z: z * 0.99 + 0.001 * bp.tanh(bp.cos(z) * y), y)
    return z * bp.take(table, 11.0 - i)


FUNCTIONS = [single, of_computed, of_taken, in_a_branch, with_a_loop]
X, PLACES = np.array([0.5, -0.25, 1.5, -0.75]), np.array([0, 5, 11, 5])
PLACES_OF_BRANCHES = np.array([0, 6, 11, 5])


def both(monkeypatch, make):
    """What is computed with look-ups, and by selection."""
    results = []
    for least in (1, 10**9):
        monkeypatch.setattr(tracing, "MIN_SELECTED", least)
        results.append(make())
    return results


def require_equal(one, other, digits=1e-13):
    if isinstance(one, tuple):
        for a, b in zip(one, other, strict=True):
            require_equal(a, b, digits)
        return
    np.testing.assert_allclose(np.asarray(one), np.asarray(other), rtol=digits, atol=digits)


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("reduce", ["sum", None])
def test_entries_and_gradients_are_those_that_are_selected(monkeypatch, function, reduce):
    indices = PLACES_OF_BRANCHES if function is in_a_branch else PLACES
    for wrt in ("table", "x", ("table", "x")):

        def make(wrt=wrt):
            f = bp.compiled(function, rows=("x", "i"), wrt=wrt, reduce=reduce)
            return f.value_and_grad(TABLE, X, indices), f(TABLE, X, indices)

        (one, value), (other, selected) = both(monkeypatch, make)
        require_equal(one, other)
        assert np.array_equal(value, selected)
    eager = [bp.grad(function)(TABLE, x, i) for x, i in zip(X, indices, strict=True)]
    if reduce is None:
        f = bp.compiled(function, rows=("x", "i"), reduce=None)
        require_equal(f.grad(TABLE, X, indices), eager, 1e-12)


@pytest.mark.parametrize("backend", BACKENDS)
def test_every_backend_looks_up(monkeypatch, backend):
    def make():
        f = bp.compiled(of_computed, rows=("x", "i"), backend=backend)
        return f.value_and_grad(TABLE, X, PLACES)

    require_equal(*both(monkeypatch, make))


def test_rows_of_vectors_and_tables_of_each_row(monkeypatch):
    def sentence(vectors, tokens):
        words = bp.take(vectors, tokens)
        return bp.sum([bp.dot(a, b) for a, b in pairwise(words)])

    def own(tables, i):
        return bp.take(tables, i) ** 3

    def make():
        f = bp.compiled(sentence, rows="tokens")
        g = bp.compiled(own, rows=("tables", "i"), wrt="tables")
        return (
            *f.value_and_grad(VECTORS, TOKENS),
            *f.value_and_grad(VECTORS, TOKENS.tolist()),
            *g.value_and_grad(np.outer(X, TABLE), PLACES),
        )

    one, other = both(monkeypatch, make)
    require_equal(one, other)
    expected = np.zeros((12, 2))
    for row in TOKENS:
        for a, b in pairwise(row):
            expected[a] += VECTORS[b]
            expected[b] += VECTORS[a]
    require_equal(one[1], expected)


def test_other_results_are_those_that_are_selected(monkeypatch):
    def make():
        f = bp.compiled(single, rows=("x", "i"))
        tangent = np.linspace(0.0, 1.0, 12)
        return (
            f.hvp(TABLE, X, PLACES, tangent=tangent),
            f.jvp(TABLE, X, PLACES, tangent=tangent),
            f.vjp(TABLE, X, PLACES, cotangent=2.0),
            f.hessian(TABLE, X, PLACES),
            f.with_options(reduce=None).jacobian(TABLE, X, PLACES),
            f.grad(TABLE, X, PLACES),
        )

    require_equal(*both(monkeypatch, make))


def test_a_bad_index_raises_and_nothing_outside_is_read(monkeypatch):
    monkeypatch.setattr(tracing, "MIN_SELECTED", 1)
    f = bp.compiled(single, rows=("x", "i"), reduce=None)
    assert f(TABLE, X, PLACES).shape == (4,)
    for bad in (-1, 12, 2.5, float("nan"), float("inf"), 1e300):
        with pytest.raises(BadIndexError, match="index"):
            f.value_and_grad(TABLE, X, [0, 1, bad, 2])
    require_equal(f(TABLE, X, PLACES), TABLE[PLACES] ** 2 * X)


def test_bound_calls_programs_and_c(monkeypatch):
    monkeypatch.setattr(tracing, "MIN_SELECTED", 1)
    f = bp.compiled(single, rows=("x", "i"))
    bound = f.bind(TABLE, X, PLACES)
    bound.arguments["i"][:] = [1, 2, 3, 4]
    require_equal(bound(), f(TABLE, X, [1, 2, 3, 4]))
    value, gradient = f.value_and_grad(TABLE, X, PLACES)
    assert bool(f.program)
    assert "double" in f.to_c(what="value_and_grad")
    require_equal(f.value_and_grad(TABLE, X, PLACES), (value, gradient))


def test_a_table_of_zeros_and_infinities_gives_what_it_has(monkeypatch):
    table = np.array([-0.0, np.inf, 1.0, np.nan])

    def make():
        f = bp.compiled(lambda t, i: bp.take(t, i), rows="i", reduce=None)
        return f(table, [0, 1, 2]), f.grad(table, [0, 1, 2])

    one, other = both(monkeypatch, make)
    require_equal(one, other)
    assert np.signbit(one[0]).tolist() == np.signbit(other[0]).tolist()


def test_what_a_row_costs_does_not_grow_with_the_table():
    """A table of 30,000 numbers: selecting would make 30,000 instructions for each index."""
    table = np.linspace(0.0, 1.0, 30_000)
    f = bp.compiled(lambda t, i: bp.take(t, i) ** 2, rows="i", reduce=None)
    indices = np.arange(0, 30_000, 1000)
    require_equal(f(table, indices), table[indices] ** 2)
    parts = f._latest[0].backend.parts
    assert len(parts.template) < 50
    assert f.with_options(reduce="sum").grad(table, indices)[2000] == 2 * table[2000]


def test_more_rows_bring_look_ups():
    """For few rows selecting is quicker; the function is recorded again when there are many."""
    table = np.linspace(0.0, 1.0, 2000)
    f = bp.compiled(lambda t, i: bp.take(t, i) ** 2, rows="i", reduce=None)
    require_equal(f(table, [3, 5]), table[[3, 5]] ** 2)
    assert f._latest[0].look_up_from == 50
    indices = np.arange(100) * 20
    require_equal(f(table, indices), table[indices] ** 2)
    assert f.traces.count == 2
    require_equal(f(table, [3, 5]), table[[3, 5]] ** 2)
    assert f.traces.count == 2
