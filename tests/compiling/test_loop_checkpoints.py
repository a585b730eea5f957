"""checkpoint= of fori, scan and while_loop: states that are computed again for the gradient."""

import os
import subprocess
import sys

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp.compiling.backends.registry import backends
from autograd_bp.compiling.front import part_runs

BACKENDS = [backend.name for backend in backends() if backend.unavailable() is None]
CHECKPOINTS = [True, 1, 2, 7, 300, 5000]


def numbers(tree):
    if isinstance(tree, dict):
        tree = list(tree.values())
    if isinstance(tree, (list, tuple)):
        return np.concatenate([np.zeros(0), *map(numbers, tree)])
    return np.ravel(np.asarray(tree, float))


def require_equal(results, expected, digits=1e-12):
    one, other = numbers(results), numbers(expected)
    assert one.shape == other.shape
    np.testing.assert_allclose(one, other, rtol=digits, atol=digits)


def network(checkpoint):
    """A scan with y, whose weights all rows share."""

    def f(w, x):
        def body(h, x):
            new = [bp.tanh(bp.dot(w[2 * i : 2 * i + 2], h) + w[4 + i] * x) for i in range(2)]
            return new, new[0] * new[1]

        h, ys = bp.scan(body, [0.0, 0.1], x, checkpoint=checkpoint)
        return bp.sum(ys) + h[1]

    return f


def masked(checkpoint):
    """A number of rounds that differs from row to row."""

    def f(w, x, n):
        def body(i, y):
            return y + 0.1 * bp.sin(w * y + i * x) * bp.cos(y)

        return bp.fori(n, body, x, limit=400, checkpoint=checkpoint)

    return f


def nested(checkpoint):
    """A loop in a loop."""

    def f(w, x):
        def inner(j, c):
            return c + 0.01 * bp.sin(c * w[0] + x)

        return bp.fori(
            200,
            lambda i, c: bp.fori(3, inner, c * w[1], checkpoint=2),
            w[0] * x,
            checkpoint=checkpoint,
        )

    return f


def two_loops(checkpoint):
    """A loop that rows share, and one of the rows that reads it."""

    def f(w, x):
        def common(i, c):
            return c[0] + 0.001 * bp.sin(w[0] * c[1] + 0.01 * i), c[1] - 0.001 * c[0] * w[1]

        y = bp.fori(700, common, (0.3, w[1]), checkpoint=checkpoint)
        z = bp.fori(500, lambda i, c: c + 0.01 * bp.tanh(c * x * w[0] + y[0]), y[1] * x)
        return z * y[0] + bp.exp(x * w[1])

    return f


def with_columns(checkpoint):
    """A scan backwards over columns: plain numbers, arguments and what was computed of them."""

    def f(w, x):
        xs = {"a": np.linspace(-1.0, 1.0, 400), "b": [w[0] * x * k / 400 for k in range(400)]}

        def body(c, x):
            return c * 0.99 + 0.01 * bp.sin(x["a"] * w[1] * c) + 0.001 * x["b"], c * x["b"]

        c, ys = bp.scan(body, 0.2, xs, reverse=True, checkpoint=checkpoint)
        return c + ys[3] * ys[390] + bp.sum(ys)

    return f


W2, X3 = [0.4, 0.7], np.array([-0.5, 0.1, 0.9])
CASES = {
    "network": (network, (np.linspace(-0.5, 0.5, 6), np.sin(np.arange(900.0)).reshape(3, 300))),
    "masked": (masked, (0.7, X3, [3, 400, 0])),
    "nested": (nested, ([0.3, 0.999], X3)),
    "two loops": (two_loops, (W2, X3)),
    "columns": (with_columns, (W2, X3)),
}


@pytest.mark.parametrize("name", CASES)
def test_gradients_are_those_of_all_states(name):
    make, args = CASES[name]
    reduce = None if name in ("network", "two loops") else "sum"
    rows = ("x", "n") if name == "masked" else "x"
    wrts = ("w", "x", ("w", "x"))
    plain = [bp.compiled(make(None), rows=rows, reduce=reduce, wrt=wrt) for wrt in wrts]
    expected = [f.value_and_grad(*args) for f in plain]
    for checkpoint in CHECKPOINTS if name == "network" else (True, 7):
        for wrt, one in zip(wrts, expected, strict=True):
            f = bp.compiled(make(checkpoint), rows=rows, reduce=reduce, wrt=wrt)
            require_equal(f.value_and_grad(*args), one)
            assert f.way == "checkpoints"


@pytest.mark.parametrize("backend", BACKENDS)
def test_every_backend_runs_them(backend):
    args = (0.7, X3, [3, 200, 40])
    plain = bp.compiled(masked(None), rows=("x", "n"), backend=backend)
    f = bp.compiled(masked(4), rows=("x", "n"), backend=backend)
    require_equal(f.value_and_grad(*args), plain.value_and_grad(*args))
    assert f.backend.name == backend
    if backend in ("reference", "tape"):
        each, other = f.with_options(reduce=None), plain.with_options(reduce=None)
        assert each(*args).tolist() == other(*args).tolist()


def test_the_gradient_is_that_of_eager_code():
    args = (0.7, 0.2, 123)
    f = bp.compiled(masked(True))
    require_equal(f.grad(*args), bp.grad(masked(None))(*args))
    assert masked(True)(*args) == masked(None)(*args)  # plain numbers: nothing to compute again


def test_what_one_row_of_a_batch_gives_does_not_depend_on_the_others(monkeypatch):
    make, (w, x, _) = CASES["masked"]
    x = np.linspace(-1.0, 1.0, 200)
    n = np.arange(200) * 2
    f = bp.compiled(make(True), rows=("x", "n"), reduce=None, wrt=("w", "x"))
    whole = f.value_and_grad(w, x, n)
    monkeypatch.setattr("autograd_bp.compiling.front.checkpoints.BLOCK_BYTES", 1)
    parts = bp.compiled(make(True), rows=("x", "n"), reduce=None, wrt=("w", "x"))
    require_equal(parts.value_and_grad(w, x, n), whole, 1e-15)
    sums = bp.compiled(make(True), rows=("x", "n"))
    require_equal(sums.grad(w, x, n), whole[1][0].sum())


def test_a_vjp_goes_through_what_the_rounds_hand_out():
    def f(checkpoint):
        def g(w, xs):
            def body(c, x):
                h = bp.tanh(c["h"] * w[0] + x["a"] * w[1])
                return {"h": h}, [c["h"] * x["b"], x["a"]]

            return bp.scan(body, {"h": 0.5}, xs, checkpoint=checkpoint)

        return bp.compiled(g, wrt=("w", "xs"))

    xs = {"a": np.linspace(-1.0, 1.0, 500), "b": np.linspace(0.0, 1.0, 500) ** 2}
    cotangent = ({"h": 1.5}, [np.linspace(0.0, 2.0, 500), np.linspace(1.0, 2.0, 500)])
    cotangent = (cotangent[0], [part.tolist() for part in cotangent[1]])
    some, plain = f(True), f(None)
    require_equal(some([0.5, 0.6], xs), plain([0.5, 0.6], xs), 0.0)
    given = some.value_and_vjp([0.5, 0.6], xs, cotangent=cotangent)
    require_equal(given, plain.value_and_vjp([0.5, 0.6], xs, cotangent=cotangent))
    assert some.way == "checkpoints"


def test_loops_without_a_limit_grow_and_answer_by_name():
    def f(w, x):
        return bp.while_loop(
            lambda c: c[0] < 3.0,
            lambda c: (c[0] + w[0] * bp.sigmoid(c[0] * c[1]), c[1] * w[1] + bp.sin(c[0])),
            (x, 0.1),
            checkpoint=True,
        )[1]

    w, x = [0.01, 0.99], [0.5, 1.0, 2.0]
    g = bp.compiled(f, rows="x")
    require_equal(g.grad(w, x), numbers([bp.grad(f)(w, a) for a in x]).reshape(3, 2).sum(axis=0))
    assert g.way == "checkpoints"
    limited = bp.compiled(masked(True), rows=("x", "n"))
    with pytest.raises(bp.errors.LoopLimitError, match="n = 401"):
        limited.grad(0.7, X3, [3, 401, 1])


def test_bound_calls_values_from_outside_and_exports():
    scale = bp.Value(0.5)

    def f(x):
        return bp.fori(400, lambda i, y: y + 0.1 * bp.sin(scale * y + i * x), x, checkpoint=True)

    g = bp.compiled(f)
    for number in (0.5, 0.6):
        scale.data = number
        require_equal(g.grad(0.3), bp.grad(f)(0.3).data)
    bound = bp.compiled(masked(True), rows=("x", "n")).bind(0.7, X3, [3, 400, 0])
    bound.arguments["w"][...] = 0.2
    plain = bp.compiled(masked(None), rows=("x", "n"))
    value, slope = plain.value_and_grad(0.2, X3, [3, 400, 0])
    require_equal([bound(), *bound.numbers], [value, value, slope])
    assert "double" in g.to_c(what="grad")
    assert len(g.program) > 400


def test_an_open_question_is_asked():
    """0 · infinity in a state: the gradient that eager code has."""

    def f(checkpoint):
        def g(x):
            return bp.fori(
                300, lambda i, y: bp.where(y > 1e9, y, 0.999 * y) + 0.0 * bp.sqrt(y * y), x,
                checkpoint=checkpoint,
            )  # fmt: skip

        return bp.compiled(g)

    for x in (0.0, 0.5):
        one, other = f(True).grad(x), f(None).grad(x)
        assert one == pytest.approx(other, rel=1e-12, nan_ok=True)


@pytest.mark.parametrize("checkpoint", [0, -3, bp.Value(2.0)])
def test_a_number_of_states_is_at_least_one(checkpoint):
    with pytest.raises(bp.errors.SettingError, match="checkpoint is True, or how many states"):
        bp.fori(3, lambda i, y: y, 1.0, checkpoint=checkpoint)
    with pytest.raises(bp.errors.OperandError, match="checkpoint"):
        bp.scan(lambda c, x: (c, x), 1.0, [1.0], checkpoint=2.5)


def test_a_segment_of_the_gradient_is_used(monkeypatch):
    """The rounds are gone through in segments, backwards."""
    lengths = []
    slope = part_runs.LoopRun.slope_of
    monkeypatch.setattr(
        part_runs.LoopRun, "slope_of", lambda self, n: lengths.append(n) or slope(self, n)
    )
    bp.compiled(masked(9)).grad(0.7, 0.2, 300)
    assert lengths == [*[35] * 4, *[36] * 5]  # 320 rounds are computed


MEMORY = """
import autograd_bp as bp
def peak():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
def f(w):
    def body(i, c):
        some = [bp.sin(w * x) for x in c]
        return [x + 0.01 * bp.tanh(s * some[k - 1]) for k, (x, s) in enumerate(zip(c, some))]
    return bp.sum(bp.fori(8000, body, [0.1 * k for k in range(20)], checkpoint=%r))
g = bp.compiled(f)
before = peak()
g.grad(0.7)
print(peak() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_the_memory_does_not_grow_with_the_rounds():
    def kib(checkpoint):
        run = [sys.executable, "-c", MEMORY % checkpoint]
        return int(subprocess.run(run, check=True, capture_output=True, env=os.environ).stdout)

    assert kib(True) < 0.5 * kib(None)
