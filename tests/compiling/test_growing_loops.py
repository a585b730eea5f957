"""Loops of compiled functions that go around as often as the data says, without a limit."""

import signal
import threading
import time

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp import nn
from autograd_bp.compiling.backends import registry
from autograd_bp.errors import (
    BadIndexError,
    BranchError,
    LoopLimitError,
    LoopMemoryError,
    OperandError,
    SettingError,
)

BACKENDS = [b.name for b in registry.backends() if b.unavailable() is None]


def shrunk(x):
    return bp.while_loop(lambda y: y > 1.0, lambda y: 0.9 * y + 0.01 * bp.sin(y), x)


def powers(x):
    n = bp.floor(10.0 * x)
    return bp.fori(n, lambda i, c: {"y": c["y"] * 0.95 + x * i, "z": c["y"]}, {"y": x, "z": 1.0})[
        "y"
    ]


def newton(x):
    """Cube roots, each to the last digit."""

    def far(c):
        return abs(c[0] - c[1]) > 1e-14 * abs(c[0])

    return bp.while_loop(far, lambda c: ((2.0 * c[0] + x / c[0] ** 2) / 3.0, c[0]), (x, 0.0))[0]


def nested(x):
    def outer(c):
        inner = bp.while_loop(lambda d: d > 0.5, lambda d: d * 0.8, c)
        return 0.97 * c - 0.01 * inner

    return bp.while_loop(lambda c: c > 1.0, outer, x)


FUNCTIONS = {
    shrunk: [0.5, 3.0, 100.0, 1e6],
    powers: [-1.0, 0.05, 2.0, 9.0],
    newton: [0.1, 27.0, 1e12],
    nested: [0.5, 1.2],
}


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("backend", ["tape", "llvm", "numpy"])
def test_each_row_goes_around_as_often_as_it_needs(function, backend):
    if backend not in BACKENDS or (function is nested and backend != "tape"):
        pytest.skip("not here")
    points = FUNCTIONS[function]
    f = bp.compiled(function, rows="x", reduce=None, backend=backend)
    values, slopes = f.value_and_grad(points)
    np.testing.assert_allclose(values, [function(x) for x in points], rtol=1e-12)
    np.testing.assert_allclose(slopes, [bp.grad(function)(x) for x in points], rtol=1e-9)
    if backend == "tape":
        second = [bp.grad(bp.grad(function))(x) for x in points]
        got = f.hvp(points, tangent=np.ones(len(points)))
        np.testing.assert_allclose(got, second, rtol=1e-6, atol=1e-9)


def test_few_rounds_are_computed_until_more_are_needed():
    calls = []

    def f(x):
        def body(y):
            calls.append(y)
            return 0.5 * y

        return bp.while_loop(lambda y: y > 1.0, body, x)

    g = bp.compiled(f)
    assert (g(8.0), g.grad(8.0)) == (1.0, 0.125)
    assert len(g.traces) == 2
    assert g(2.0**100) == 1.0
    assert "needs more rounds" in g.traces[2].reason
    assert len(g.traces) == 3
    del calls[:]
    assert g(2.0**90) == 1.0
    assert not calls


def test_counts_that_other_derivatives_needed_are_kept():
    f = bp.compiled(shrunk)
    f(1e6)
    before = f.traces.count
    f.grad(1e6)
    assert f.traces.count == before + 1


def test_the_first_bad_thing_of_a_row_is_still_raised():
    def f(x):
        last = bp.while_loop(lambda c: c[0] > 1.0, lambda c: (c[0] * 0.5, c[1] + 1.0), (x, 0.0))[1]
        return bp.take([x, x * x, x**3], last)

    g = bp.compiled(f, rows="x", reduce=None)
    assert g([0.5, 1.5, 3.0]).tolist() == [0.5, 2.25, 27.0]
    with pytest.raises(BadIndexError, match="the index 100"):
        g([0.5, 2.0**100])
    with pytest.raises(OperandError, match="whole number"):
        bp.compiled(lambda n: bp.fori(n, lambda i, c: c * 2.0, 1.0))(2.5)


def test_a_loop_that_never_ends_runs_out_of_its_memory(monkeypatch):
    monkeypatch.setenv("AUTOGRAD_BP_LOOP_MIB", "0.5")
    f = bp.compiled(lambda x: bp.while_loop(lambda y: y > 0.0, lambda y: y + 1.0, x))
    with pytest.raises(LoopMemoryError, match="AUTOGRAD_BP_LOOP_MIB"):
        f(1.0)
    assert issubclass(LoopMemoryError, MemoryError)
    assert f(-1.0) == -1.0
    monkeypatch.setenv("AUTOGRAD_BP_LOOP_MIB", "plenty")
    with pytest.raises(SettingError, match="number of MiB"):
        f(1.0)


@pytest.mark.skipif(not hasattr(signal, "pthread_kill"), reason="signals of POSIX")
def test_ctrl_c_stops_a_loop_that_never_ends(monkeypatch):
    monkeypatch.setenv("AUTOGRAD_BP_LOOP_MIB", "1e9")
    calls = []  # no Event: an interrupt inside its methods would leave its lock locked

    def body(y):
        calls.append(None)
        return y + 1.0

    def interrupt():
        for _ in range(60_000):
            if len(calls) > 500:
                break
            time.sleep(0.001)
        signal.pthread_kill(main, signal.SIGINT)

    main = threading.main_thread().ident
    old = signal.signal(signal.SIGINT, signal.default_int_handler)
    thread = threading.Thread(target=interrupt)
    try:
        f = bp.compiled(lambda x: bp.while_loop(lambda y: y > 0.0, body, x))
        thread.start()
        with pytest.raises(KeyboardInterrupt):
            f(1.0)
        thread.join()
    finally:
        signal.signal(signal.SIGINT, old)
    assert f(-1.0) == -1.0


def test_bound_calls_have_the_rounds_that_they_were_bound_with():
    f = bp.compiled(shrunk).bind(1e6)
    assert f() is not None
    f.arguments["x"][...] = 1e300
    with pytest.raises(LoopLimitError, match="bind it again"):
        f()


def test_modules_need_a_limit():
    class Loop(nn.Module):
        def parameters(self):
            return []

        def __call__(self, x):
            return shrunk(x[0])

    with pytest.raises(BranchError, match="limit="):
        Loop().compiled()(np.ones((2, 1)))


def test_inside_another_compiled_function_the_outer_one_grows():
    inner = bp.compiled(shrunk)
    outer = bp.compiled(lambda x: inner(x * x) * x)
    assert outer(1e4) == pytest.approx(shrunk(1e8) * 1e4, rel=1e-12)
    assert bp.grad(inner)(1e5) == pytest.approx(bp.grad(shrunk)(1e5), rel=1e-12)
