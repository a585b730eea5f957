"""Loops of compiled functions whose bodies are traced once."""

import collections
import itertools

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.compiling.backends import registry
from autograd_bp.compiling.front import by_steps, derivation, tracing
from autograd_bp.errors import BadIndexError, LoopLimitError, ShapeError

ROUNDS = 60
BACKENDS = [b.name for b in registry.backends() if b.unavailable() is None]
W, X = np.array([0.7, -0.4, 0.3]), np.linspace(-0.8, 0.9, ROUNDS)
State = collections.namedtuple("State", "a b")


@pytest.fixture(autouse=True)
def _short_loops(monkeypatch):
    """Loops of tests are short."""
    monkeypatch.setattr(tracing, "MIN_OPERATIONS", 0)
    monkeypatch.setattr(derivation, "MAX_ASKED", 0)
    monkeypatch.setattr(by_steps, "MIN_TRACED", 0)


def decay(w, x):
    return bp.fori(ROUNDS, lambda i, y: y - 0.1 * w[0] * bp.sin(y + w[1]), w[2])


def counted(w, x):
    return bp.fori(ROUNDS, lambda i, y: 0.9 * y + bp.sin(w[0] * i) / (i + 1.0), w[1] * w[2])


def over_an_argument(w, x):
    last, ys = bp.scan(lambda c, v: (bp.tanh(w[0] * c + w[1] * v), c * v), w[2], list(x))
    return last + bp.sum(ys)


def over_constants(w, x):
    times = np.linspace(0.0, 3.0, ROUNDS)
    return bp.scan(lambda c, t: (c + 0.01 * bp.cos(w[0] * t + c), None), w[1], times)[0]


def over_vectors(w, x):
    rows = np.sin(np.arange(3.0 * ROUNDS)).reshape(ROUNDS, 3)

    def body(h, row):
        h = [bp.tanh(bp.dot(w, [a, row[k], 0.5])) for k, a in enumerate(h)]
        return h, h[0] * row[1]

    last, ys = bp.scan(body, [w[0], 0.0], rows)
    return bp.sum(last) + bp.sum(ys) * 0.1


def backwards(w, x):
    step = lambda c, v: (0.8 * c + w[0] * v * c, c)  # noqa: E731
    last, ys = bp.scan(step, w[1], list(x), reverse=True)
    return last + bp.dot(ys, list(x))


def swapped(w, x):
    return bp.fori(ROUNDS, lambda i, c: State(c.b, 0.9 * c.a + 0.05 * w[2]), State(w[0], w[1]))[0]


def turned(w, x):
    """Numbers that only change places."""
    a, b, c = bp.fori(ROUNDS + 1, lambda i, c: [c[1], c[2], c[0]], [w[0], w[1], w[2]])
    return a * b + c * c * w[0]


def with_constants_in_the_carry(w, x):
    def body(i, c):
        return {"k": c["k"], "y": c["y"] * 0.9 + c["k"] * 0.1, "n": c["n"] + 1, "z": 2.0}

    end = bp.fori(ROUNDS, body, {"k": w[0] * w[1], "y": w[2], "n": 0, "z": w[0]})
    return end["y"] * end["z"] + end["n"] * 0.01


def delayed(w, x):
    """What a round reads was handed over by x two rounds ago."""

    def body(c, v):
        before, earlier, total = c
        return (v, before, total + w[0] * earlier * v), before

    (a, b, total), ys = bp.scan(body, (0.0, w[1], w[2]), list(x))
    return total + a * b + ys[5]


def with_arrays(w, x):
    A = np.array([[0.5, -0.2], [0.1, 0.6]])
    end = bp.fori(ROUNDS, lambda i, c: A @ c + 0.1 * np.array([w[0], w[1]]), np.array([w[2], 1.0]))
    return end[0] * end[1]


def what_stays_is_computed_before(w, x):
    scale = bp.exp(w[0])
    return bp.fori(ROUNDS, lambda i, y: y + 0.01 * bp.exp(w[0]) * scale * bp.cos(y), w[1]) * scale


def two_loops(w, x):
    a, ys = bp.scan(lambda c, v: (0.9 * c + w[0] * v, c), w[1], list(x))
    b = bp.fori(ROUNDS, lambda i, c: bp.sin(c + w[2] * a), a)
    return b + bp.sum(ys) + bp.fori(7, lambda i, c: c * w[0], b)


def two_lengths(w, x):
    a = bp.fori(40, lambda i, c: bp.sin(c + w[2]), w[0])
    return bp.fori(ROUNDS, lambda i, c: 0.5 * c + a * w[1], a)


def nested(w, x):
    def outer(i, c):
        inner = bp.scan(lambda d, k: (d * 0.5 + w[1] * k, d), c, [1.0, 2.0, 3.0])[1]
        return 0.9 * c + 0.01 * bp.sum(inner) + bp.fori(40, lambda j, d: 0.3 * d + w[0], c) * 0.1

    return bp.fori(ROUNDS, outer, w[2])


def conditions(w, x):
    def body(c, v):
        c = bp.cond(v > w[0], lambda: c * 0.5, lambda: c + w[1] * v)
        return c, bp.where(c > 0.0, c, -c)

    last, ys = bp.scan(body, w[2], list(x))
    return last + bp.sum(ys)


def taken(w, x):
    table = [w[0], w[1] * w[2], 0.5]
    body = lambda i, c: 0.9 * c + bp.take(table, i - 3.0 * bp.floor(i / 3.0))  # noqa: E731
    return bp.fori(ROUNDS, body, w[2])


def as_many_as_a_number_says(w, x):
    n = bp.floor(40.0 + 10.0 * w[0])
    return bp.fori(n, lambda i, c: 0.9 * c + 0.1 * bp.sin(w[1] * i), w[2], limit=ROUNDS)


def until(w, x):
    body = lambda c: (c[0] * 0.9 + w[0] * 0.01, c[1] + c[0])  # noqa: E731
    return bp.while_loop(lambda c: c[0] > 0.3, body, (w[0] + 2.0, w[1]), limit=ROUNDS)[1]


def read_elsewhere_too(w, x):
    last = bp.scan(lambda c, v: (0.9 * c + w[0] * v, None), w[1], list(x))[0]
    return last * bp.sum(list(x)) + x[7] * x[3]


def two_columns(w, x):
    pairs = (list(x), [a * 0.5 for a in x])
    return bp.scan(lambda c, p: (0.5 * c + w[0] * p[0] * p[1], None), w[1], pairs)[0]


def of_powers(w, x):
    return bp.fori(ROUNDS, lambda i, c: 0.5 * c + w[0] ** i * 0.1, w[1])


ALIKE = [
    decay,
    counted,
    over_an_argument,
    over_constants,
    over_vectors,
    backwards,
    swapped,
    turned,
    with_constants_in_the_carry,
    delayed,
    with_arrays,
    what_stays_is_computed_before,
    two_loops,
    two_lengths,
    nested,
    conditions,
    taken,
    as_many_as_a_number_says,
    until,
    read_elsewhere_too,
    two_columns,
    of_powers,
]


# ------------------------------------------------------- bodies that have to be called each time
def by_list_index(w, x):
    return bp.fori(ROUNDS, lambda i, c: 0.9 * c + w[0] * x[i], w[1])


def by_parity(w, x):
    return bp.fori(ROUNDS, lambda i, c: c * w[0] if i % 2 == 0 else c + w[1], w[2])


def triangular(w, x):
    return bp.fori(40, lambda i, c: 0.5 * c + 0.01 * sum(w[0] * j for j in range(i)), w[1])


def by_counter(w, x):
    count = itertools.count()
    return bp.fori(ROUNDS, lambda i, c: 0.9 * c + w[0] * next(count) * 0.01, w[1])


def by_iterator(w, x):
    entries = iter(x)
    return bp.fori(ROUNDS, lambda i, c: 0.9 * c + w[0] * next(entries), w[1])


def kept_in_a_list(w, x):
    kept = []

    def body(i, c):
        kept.append(c)
        return 0.9 * c + w[0] * 0.1

    return bp.fori(ROUNDS, body, w[1]) + bp.sum(kept)


def kept_for_the_next(w, x):
    before = [w[2]]

    def body(i, c):
        result = 0.5 * c + 0.1 * before[0]
        before[0] = c
        return result

    return bp.fori(ROUNDS, body, w[1])


def by_class(w, x):
    body = lambda i, c: c * 0.9 + (w[0] if isinstance(i, int) else w[1])  # noqa: E731
    return bp.fori(ROUNDS, body, w[2])


def differentiated_inside(w, x):
    return bp.grad(lambda a: bp.fori(ROUNDS, lambda i, c: bp.sin(c * a), w[1]))(w[0])


def moved_inside(w, x):
    return bp.jvp(lambda a: bp.fori(ROUNDS, lambda i, c: bp.sin(c * a), w[1]), (w[0],), (1.0,))[1]


PLAIN = [
    by_list_index,
    by_parity,
    triangular,
    by_counter,
    by_iterator,
    kept_in_a_list,
    kept_for_the_next,
    differentiated_inside,
    moved_inside,
]


def was_traced_once(f):
    return not f._repeating.plain


STEPS = [decay, counted, over_an_argument, over_constants, over_vectors, until, conditions]
MACHINE = [over_an_argument, over_vectors, two_loops, conditions]  # on all backends


@pytest.mark.parametrize("function", [*ALIKE, *PLAIN])
def test_values_and_derivatives_are_those_of_eager_code(function):
    f = bp.compiled(function, backend="numpy")
    value, slope = f.value_and_grad(W, X)
    expected, slopes = bp.value_and_grad(function)(W, X)
    assert value == pytest.approx(expected, rel=1e-12)
    np.testing.assert_allclose(slope, slopes, rtol=1e-9, atol=1e-12)
    assert f(W, X) == pytest.approx(expected, rel=1e-12)
    assert was_traced_once(f) == (function not in PLAIN)
    v = np.array([0.3, -1.0, 0.5])
    expected = bp.hvp(lambda w: function(w, X), W, v)
    np.testing.assert_allclose(f.hvp(W, X, tangent=v), expected, rtol=1e-8, atol=1e-11)
    assert f.jvp(W, X, tangent=v) == pytest.approx(np.dot(slopes, v), rel=1e-9, abs=1e-12)
    np.testing.assert_allclose(f.vjp(W, X, cotangent=2.0), 2 * slope, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(f.jacobian(W, X), slopes, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("function", ALIKE)
def test_by_the_numbers_that_rounds_go_through(function):
    f = bp.compiled(function, backend="numpy", wrt="x")
    expected = bp.grad(function, 1)(W, X)
    np.testing.assert_allclose(f.grad(W, X), expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(
    ("function", "backend"),
    [(f, b) for f in ALIKE for b in BACKENDS if b == "tape" or f in MACHINE],
)
def test_every_backend_with_rows(function, backend):
    rows = np.stack([X, X[::-1], 0.5 * X])
    f = bp.compiled(function, rows="x", reduce=None, backend=backend)
    values, slopes = f.value_and_grad(W, rows)
    expected = [bp.value_and_grad(function)(W, row) for row in rows]
    np.testing.assert_allclose(values, [v for v, _ in expected], rtol=1e-11)
    np.testing.assert_allclose(slopes, [s for _, s in expected], rtol=1e-8, atol=1e-11)
    assert was_traced_once(f)


@pytest.mark.parametrize("function", STEPS)
def test_the_loops_of_one_round_are_stored(function):
    f = bp.compiled(function, backend="numpy")
    f.grad(W, X)
    assert f.way == "steps"


@pytest.mark.parametrize("reduce", ["sum", None])
def test_jacobians_and_products_with_them_are_made_of_few_rounds(reduce, monkeypatch):
    monkeypatch.setattr(by_steps, "MIN_OPERATIONS", 0)

    def f(w, x):
        body = lambda c, v: ([0.9 * c[0] + w[0] * bp.sin(v), c[1] * w[1] + c[0]], None)  # noqa: E731
        return bp.scan(body, [w[2], w[0]], list(x))[0]

    rows = np.stack([X, 0.5 * X])
    g = bp.compiled(f, rows="x", reduce=reduce, backend="numpy")
    expected = np.array([bp.jacobian(f)(W, row) for row in rows])
    expected = expected if reduce is None else expected.sum(axis=0)
    found = g.jacobian(W, rows)
    assert g.way == "steps"
    np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-13)
    cotangent = [0.5, -2.0]
    product = np.einsum("i,...ij->...j", cotangent, expected)
    if reduce is None:
        cotangent = [np.full(2, 0.5), np.full(2, -2.0)]
    values, found = g.value_and_vjp(W, rows, cotangent=cotangent)
    assert g.way == "steps"
    np.testing.assert_allclose(found, product, rtol=1e-10, atol=1e-13)
    np.testing.assert_allclose(values, g(W, rows), rtol=1e-12)


def test_the_body_is_called_twice_however_many_rounds_there_are():
    calls = []

    def f(w):
        def body(i, y):
            calls.append(i)
            return y - 0.01 * bp.sin(w * y)

        return bp.fori(5000, body, w)

    g = bp.compiled(f, backend="numpy")
    slope = g.grad(0.7)
    assert len(calls) == 2
    assert slope == pytest.approx(bp.grad(f)(0.7), rel=1e-9)


def test_all_that_rounds_hand_out_is_returned():
    def f(w, x):
        last, ys = bp.scan(lambda c, v: (0.9 * c + w[0] * v, [c * c, w[1] * v]), w[2], list(x))
        return {"last": last, "ys": ys}

    g = bp.compiled(f, backend="numpy")
    got, expected = g(W, X), f(W, X)
    assert was_traced_once(g)
    np.testing.assert_allclose(got["ys"], expected["ys"], rtol=1e-12)
    assert got["last"] == pytest.approx(expected["last"], rel=1e-12)
    got, expected = g.jacobian(W, X), bp.jacobian(f)(W, X)
    np.testing.assert_allclose(got["ys"], expected["ys"], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("bad", [1.0, 3.5])
def test_a_bad_index_in_a_round_raises(bad):
    def f(w, x):
        return bp.scan(lambda c, v: (0.5 * c + bp.take([w[0], w[1]], v), None), w[2], list(x))[0]

    g = bp.compiled(f, rows="x", backend="numpy")
    indices = np.zeros((2, ROUNDS))
    g(W, indices)
    assert was_traced_once(g)
    indices[1, 33] = 1.0 + bad
    with pytest.raises(BadIndexError, match=f"the index {1.0 + bad:g}"):
        g.grad(W, indices)


def test_too_many_rounds_raise():
    g = bp.compiled(until, backend="numpy")
    g(W, X)
    with pytest.raises(LoopLimitError, match="limit of 60"):
        g([300.0, 1.0, 1.0], X)


def test_values_from_outside_are_read_at_each_call():
    scale = Value(0.5)
    f = bp.compiled(lambda w: bp.fori(ROUNDS, lambda i, y: bp.sin(scale * y + w), w))
    first = f.grad(0.3)
    assert was_traced_once(f)
    scale.data = 0.25
    second = f.grad(0.3)
    eager = bp.grad(lambda w: bp.fori(ROUNDS, lambda i, y: bp.sin(0.25 * y + w), w))
    assert first != second == pytest.approx(eager(0.3), rel=1e-12)


def test_errors_of_bodies_are_those_of_the_rounds():
    with pytest.raises(ShapeError, match="the body of fori"):
        bp.compiled(lambda x: bp.fori(ROUNDS, lambda i, c: [c], x))(1.0)
    with pytest.raises(ZeroDivisionError):
        bp.compiled(lambda x: bp.fori(ROUNDS, lambda i, c: c / 0 if i < 0 else 1 / 0, x))(1.0)


def test_traces_say_why_rounds_were_recorded_one_by_one():
    f = bp.compiled(by_list_index, backend="numpy")
    f(W, X)
    assert "round by round" in str(f.traces)
    g = bp.compiled(decay, backend="numpy")
    g(W, X)
    assert "round by round" not in str(g.traces)
