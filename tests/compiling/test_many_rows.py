"""Calls of so many rows that stripes are copied, computed and copied back one by one."""

import threading

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp.compiling.backends import tape
from autograd_bp.errors import ShapeError

pytest.importorskip("llvmlite")

every_backend = pytest.mark.parametrize(
    "backend", ["llvm"] if tape.unavailable() else ["llvm", "tape"]
)
every_size = pytest.mark.parametrize("rows", [1 << 15, 40_001])
W = {"a": np.array([0.5, -1.5]), "b": 0.25}


def f(w, x, d, m):
    y = w["a"][0] * x[0] + w["a"][1] * x[1] * m["k"][1] + w["b"] * m["k"][0]
    return (y - d) * bp.tanh(m["v"])


def data(rows):
    random = np.random.default_rng(rows)
    m = {"k": random.normal(size=(rows, 2)), "v": random.normal(size=rows)}
    return random.normal(size=(rows, 2)), random.normal(size=rows), m


def flat(w, x, d):
    return f(w, x, d, {"k": [x[1], d], "v": x[0]})


def leaves(tree):
    if isinstance(tree, dict):
        tree = tree.values()
    if isinstance(tree, (list, tuple)) or not hasattr(tree, "dtype"):
        return (
            [leaf for part in tree for leaf in leaves(part)]
            if hasattr(tree, "__iter__")
            else [tree]
        )
    return [tree]


def same(found, expected):
    pairs = [*zip(leaves(found), leaves(expected), strict=True)]
    assert len(pairs) > 1
    for a, b in pairs:
        assert type(a) is type(b)
        assert np.array_equal(a, b)


@every_backend
@every_size
@pytest.mark.parametrize("threads", [1, 2, 5])
@pytest.mark.parametrize("reduce", ["sum", None])
def test_later_calls_give_the_bits_of_the_first(backend, rows, threads, reduce):
    options = {"rows": ("x", "d"), "reduce": reduce, "backend": backend, "threads": threads}
    x, d, _ = data(rows)
    for wrt in ("w", "x", ("x", "d"), ("w", "d")):
        g = bp.compiled(flat, wrt=wrt, **options)
        first = g.value_and_grad(W, x, d)
        again = g.value_and_grad(W, x, d)
        same(again, first)
        kept = [leaf * 1.0 for leaf in leaves(again)]
        g.value_and_grad(W, 2.0 * x, d)
        same(kept, leaves(again))


@every_backend
def test_the_numbers_are_those_of_numpy(backend):
    x, d, _ = data(50_000)
    calls = [
        bp.compiled(flat, rows=("x", "d"), wrt=("w", "x"), reduce=None, backend=name)
        for name in (backend, "numpy")
    ]
    for _ in range(2):
        found, expected = (leaves(call.value_and_grad(W, x, d)) for call in calls)
        for a, b in zip(found, expected, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-13)


@every_backend
def test_nests_of_rows_and_several_outputs(backend):
    def g(w, x, d, m):
        y = f(w, x, d, m)
        return {"y": y, "more": [y * y, (x[0], m["k"])]}

    h = bp.compiled(g, rows=("x", "d", "m"), reduce=None, backend=backend)
    x, d, m = data(40_000)
    same(h(W, x, d, m), h(W, x, d, m))


@every_backend
def test_later_calls_are_checked(backend):
    x, d, _ = data(40_000)
    g = bp.compiled(flat, rows=("x", "d"), backend=backend)
    expected = g.grad(W, x, d)
    same(g.grad(W, np.asfortranarray(x), d), expected)
    same(g.grad(W, x, np.repeat(d, 2)[::2]), expected)
    same(g.grad(W, x.tolist(), d.tolist()), expected)
    whole = np.rint(8.0 * d)
    same(g.grad(W, x, whole.astype(int)), g.grad(W, x, whole))
    for wrong in (x[:-1], x[:100]):
        with pytest.raises(ShapeError):
            g.grad(W, wrong, d)
    same(g.grad(W, x, d), expected)


@every_backend
def test_fewer_rows_follow_more(backend):
    g = bp.compiled(flat, rows=("x", "d"), wrt="x", backend=backend)
    x, d, _ = data(70_000)
    whole = g.grad(W, x, d)
    for rows in (70_000, 100, 33_000, 0, 32_768, 17, 70_000):
        assert np.array_equal(g.grad(W, x[:rows], d[:rows]), whole[:rows])


@every_backend
def test_threads_of_the_user_do_not_meet(backend):
    x, d, _ = data(40_000)
    g = bp.compiled(flat, rows=("x", "d"), backend=backend, threads=2)
    expected = [g.grad(W, (1.0 + k) * x, d) for k in range(3)]
    found = [[] for _ in range(3)]

    def call(k):
        found[k] += [g.grad(W, (1.0 + k) * x, d) for _ in range(15)]

    workers = [threading.Thread(target=call, args=(k,)) for k in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    for k in range(3):
        for gradient in found[k]:
            same(gradient, expected[k])


@every_backend
def test_rows_whose_zeros_meet_infinity_are_those_of_few_rows(backend):
    def g(x):
        return bp.sqrt(x * x) * x

    x = np.linspace(-2.0, 2.0, 40_001)
    assert 0.0 in x
    h = bp.compiled(g, rows="x", reduce=None, backend=backend)
    for _ in range(2):
        slopes = h.grad(x)
        few = np.concatenate([h.grad(part) for part in np.array_split(x, 20)])
        assert np.array_equal(slopes, few, equal_nan=True)
