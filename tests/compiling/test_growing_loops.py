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
    LoopLimitError,
    LoopMemoryError,
    OperandError,
    SettingError,
)
from autograd_bp.training import train

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


def test_few_rounds_are_computed_in_vain():
    f = bp.compiled(lambda x: bp.while_loop(lambda y: y > 1.0, lambda y: 0.5 * y, x))
    for rounds in (33, 130, 131, 600, 1000):
        assert f(2.0**rounds) == 1.0
        most = max(f._repeating.limits.rounds.values())
        assert rounds <= most <= max(1.25 * rounds, 160)
    before = f.traces.count
    for rounds in range(1000, 1500):
        assert f(2.0 ** min(rounds, 1020)) == 1.0
    assert f.traces.count <= before + 1


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


def test_bound_calls_get_more_rounds_and_keep_their_arrays():
    f = bp.compiled(shrunk)
    bound = f.bind(1.5)
    x = bound.arguments["x"]
    for number in (1.5, 1e30, 2.0):
        x[...] = number
        assert bound() == pytest.approx(shrunk(number), rel=1e-12)
        assert bound.numbers[1] == pytest.approx(bp.grad(shrunk)(number), rel=1e-9)
        assert bound.result[0] == bound()


def test_a_bound_call_of_a_loop_without_end_says_so(monkeypatch):
    monkeypatch.setenv("AUTOGRAD_BP_LOOP_MIB", "0.5")
    bound = bp.compiled(lambda x: bp.while_loop(lambda y: y > 0.0, lambda y: y + 1.0, x)).bind(-1.0)
    bound.arguments["x"][...] = 1.0
    with pytest.raises(LoopMemoryError):
        bound()
    bound.arguments["x"][...] = -2.0
    assert bound() == -2.0


class Loop(nn.Module):
    """As many rounds as the first input and the weight need."""

    def __init__(self):
        self.w, self.b = bp.Value(1.0, "w"), bp.Value(0.1, "b")

    def parameters(self):
        return [self.w, self.b]

    def __call__(self, x):
        y = bp.while_loop(lambda y: y > 1.0, lambda y: self.w * 0.9 * y + 0.01 * bp.sin(y), x[0])
        return y + self.b * x[1]


FEW, MANY = np.array([[0.5, 1.0]]), np.array([[0.5, 1.0], [10.0, 2.0], [1e6, 3.0]])


def test_modules_get_as_many_rounds_as_rows_need():
    module = Loop()
    compiled = module.compiled()
    assert compiled(FEW).tolist() == [module(FEW[0]).data]
    np.testing.assert_allclose(compiled(MANY), [module(x).data for x in MANY], rtol=1e-12)
    P, gradient = compiled.performance_and_gradient(MANY, np.array([0.5, 0.7, 0.9]))
    desired = [0.5, 0.7, 0.9]
    pairs = zip(MANY, desired, strict=True)
    total = bp.sum([bp.performance([d], [module(x)]) for x, d in pairs])
    assert pytest.approx(total.data, rel=1e-12) == P
    np.testing.assert_allclose(gradient, bp.gradients(total, module.parameters()), rtol=1e-9)


@pytest.mark.parametrize("batch", [1, 3])
def test_training_gets_more_rounds_where_weights_need_them(batch):
    rows = [(x, [d]) for x, d in zip(MANY.tolist(), [0.5, 0.7, 0.9], strict=True)]
    one, other = Loop(), Loop()
    for module, compiled in ((one, True), (other, False)):
        options = {"optimiser": "adam", "rate": 0.001, "batch": batch, "compiled": compiled}
        train(module, rows, epochs=3, **options)
    assert one.w.data == pytest.approx(other.w.data, rel=1e-12)
    assert one.b.data == pytest.approx(other.b.data, rel=1e-12)
    assert one.w.data != 1.0


def test_optimisers_of_whole_tables_do_too():
    rows = [(x, [d]) for x, d in zip(MANY.tolist(), [0.5, 0.7, 0.9], strict=True)]
    one, other = Loop(), Loop()
    for module, compiled in ((one, True), (other, False)):
        train(module, rows, epochs=3, optimiser="gauss-newton", compiled=compiled)
    assert one.w.data == pytest.approx(other.w.data, rel=1e-10)


def test_a_training_that_goes_on_has_the_rounds_that_it_had(tmp_path):
    rows = [(x, [d]) for x, d in zip(MANY.tolist(), [0.5, 0.7, 0.9], strict=True)]
    options = {"optimiser": "adam", "rate": 0.001, "batch": 3, "compiled": True}
    whole, parts = Loop(), Loop()
    train(whole, rows, epochs=4, **options)
    path = str(tmp_path / "run.json")
    train(parts, rows, epochs=2, checkpoint=path, **options)
    train(parts, rows, epochs=4, checkpoint=path, resume=True, **options)
    assert parts.w.data == whole.w.data


def test_layers_of_pytorch_do_too():
    torch = pytest.importorskip("torch")
    layer = Loop().compiled().to_torch()
    assert layer(torch.tensor(FEW)).tolist() == [0.6]
    layer(torch.tensor(MANY)).sum().backward()
    module = Loop()
    z = bp.sum([module(x) for x in MANY])
    expected = bp.gradients(z, module.parameters())
    np.testing.assert_allclose(layer.weights.grad.numpy(), expected, rtol=1e-9)
    f = bp.compiled(shrunk).to_torch()
    x = torch.tensor(1e6, dtype=torch.float64, requires_grad=True)
    f(x).backward()
    assert float(x.grad) == pytest.approx(bp.grad(shrunk)(1e6), rel=1e-9)


def test_jax_needs_a_limit_and_the_error_says_why():
    jax = pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)
    for function, args in ((bp.compiled(shrunk), (2.0,)), (Loop().compiled(), ([1.0, 0.1], FEW))):
        with pytest.raises(SettingError, match="shapes that do not change, once: give the loop"):
            function.to_jax()(*args)


def test_inside_another_compiled_function_the_outer_one_grows():
    inner = bp.compiled(shrunk)
    outer = bp.compiled(lambda x: inner(x * x) * x)
    assert outer(1e4) == pytest.approx(shrunk(1e8) * 1e4, rel=1e-12)
    assert bp.grad(inner)(1e5) == pytest.approx(bp.grad(shrunk)(1e5), rel=1e-12)


def root_within(x, limit=1000):
    return bp.while_loop(
        lambda y: abs(y * y - x) > 1e-9, lambda y: 0.5 * (y + x / y), 1.0 + 0.0 * x, limit=limit
    )


def powers_within(x, n):
    return bp.fori(n, lambda i, y: x * y + bp.sin(y), 1.0, limit=500)


@pytest.mark.parametrize("backend", ["numpy", "tape", "llvm"])
def test_a_limit_that_no_row_comes_near_costs_nothing(backend):
    if backend == "llvm":
        pytest.importorskip("llvmlite")
    f = bp.compiled(root_within, rows="x", reduce=None, backend=backend)
    value, slope = f.value_and_grad([2.0, 9.0, 0.5])
    assert value == pytest.approx([root_within(x) for x in (2.0, 9.0, 0.5)], rel=1e-12)
    assert slope == pytest.approx([bp.grad(root_within)(x) for x in (2.0, 9.0, 0.5)], rel=1e-12)
    short = bp.compiled(lambda x: root_within(x, 32), rows="x", reduce=None)
    short([2.0])
    f([2.0])
    assert len(f.program) == len(short.program)


def test_rounds_grow_up_to_the_limit_and_no_further():
    f = bp.compiled(powers_within, rows=("x", "n"), reduce=None, backend="tape")
    for n in (3.0, 90.0, 500.0, 7.0):
        expected = [powers_within(0.1, n), powers_within(0.2, 1.0)]
        assert f([0.1, 0.2], [n, 1.0]) == pytest.approx(expected)
        assert f.grad([0.1], [n]) == pytest.approx([bp.grad(powers_within)(0.1, n)], rel=1e-9)
    with pytest.raises(LoopLimitError, match="limit of 500 rounds"):
        f([0.1], [501.0])
    assert f([0.1], [500.0]) == pytest.approx([powers_within(0.1, 500)])


def test_a_bound_call_gets_the_rounds_that_its_rows_need():
    f = bp.compiled(powers_within, rows=("x", "n"))
    bound = f.bind(np.array([0.1, 0.2]), np.array([3.0, 4.0]))
    bound.arguments["n"][:] = 200.0, 40.0
    assert bound() == pytest.approx(powers_within(0.1, 200) + powers_within(0.2, 40))
    bound.arguments["n"][1] = 900.0
    with pytest.raises(LoopLimitError, match="limit of 500 rounds"):
        bound()


def test_a_kind_of_result_takes_over_the_rounds_of_another():
    f = bp.compiled(powers_within, rows=("x", "n"), reduce=None)
    f.grad([0.1], [3.0])
    f([0.1], [40.0])
    f.grad([0.1], [40.0])
    assert f._repeating.limits.rounds == {next(iter(f._repeating.limits.rounds)): 48}


def test_a_file_of_c_has_all_rounds_of_a_limit():
    f = bp.compiled(powers_within, rows=("x", "n"), reduce=None)
    f([0.1], [3.0])
    assert "499.0" not in str(f.program)
    assert "499.0" in f.to_c(name="powers")


def test_a_function_of_jax_has_all_rounds_of_a_limit():
    jax = pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)
    f = bp.compiled(powers_within, rows=("x", "n"), reduce=None)
    f([0.1], [3.0])
    numbers = f.to_jax()(jax.numpy.array([0.1]), jax.numpy.array([300.0]))
    assert numbers == pytest.approx([powers_within(0.1, 300)])


def test_a_first_call_begins_with_the_rounds_that_its_rows_need():
    calls = []

    def counted(x, n):
        calls.append(type(n))
        return powers_within(x, n) + bp.fori(3, lambda i, y: 2.0 * y, x)

    f = bp.compiled(counted, rows=("x", "n"), reduce=None)
    n = [3.0, 90.0, 7.0]
    assert f([0.1] * 3, n) == pytest.approx([powers_within(0.1, k) + 0.8 for k in n])
    assert len(f.traces) == 1
    assert [*f._repeating.limits.rounds.values()] == [96]
    count = len(calls)
    f.grad([0.1] * 3, n)
    assert len(f.traces) == 2
    assert len(calls) - count <= count


def test_what_goes_wrong_in_a_row_is_said_when_it_runs():
    f = bp.compiled(powers_within, rows=("x", "n"), reduce=None)
    with pytest.raises(LoopLimitError, match="limit of 500 rounds"):
        f([0.1, 0.1], [3.0, 501.0])


def test_a_loop_that_does_not_end_for_stand_ins_is_not_counted_for_long():
    rounds = []

    def endless(x):
        def far(y):
            rounds.append(1)
            return bp.not_equal(y, 0.5 * x)

        return bp.while_loop(far, lambda y: y + 1.0, 0.0 * x)

    pytest.importorskip("jax").config.update("jax_enable_x64", True)
    with pytest.raises(SettingError, match="give the loop limit="):
        bp.compiled(endless).to_jax()(3.0)
    assert len(rounds) < 3000


def steps_to_90(x, limit=10**9):
    return bp.while_loop(lambda y: y < 90.0, lambda y: y + 0.4 + 0.1 * bp.sin(y), x, limit=limit)


def test_a_limit_for_which_there_is_no_memory_is_reached_step_by_step():
    f = bp.compiled(steps_to_90, rows="x", reduce=None, static="limit")
    x = [1.0, 80.0]  # some 200 rounds and 25
    np.testing.assert_allclose(f(x), [steps_to_90(t) for t in x], rtol=1e-12)
    np.testing.assert_allclose(f.grad(x), [bp.grad(steps_to_90)(t) for t in x], rtol=1e-9)
    with pytest.raises(LoopMemoryError, match="smaller limit="):
        f.to_c()


def test_a_loop_that_does_not_end_before_a_huge_limit_has_no_memory(monkeypatch):
    monkeypatch.setenv("AUTOGRAD_BP_LOOP_MIB", "1")
    f = bp.compiled(lambda x: bp.while_loop(lambda y: y > 0.0, lambda y: y + 1.0, x, limit=10**9))
    with pytest.raises(LoopMemoryError, match="smaller limit= or checkpoint=True"):
        f(1.0)


def test_functions_of_jax_refuse_a_limit_for_which_there_is_no_memory():
    jax = pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)
    with pytest.raises(LoopMemoryError, match="smaller limit="):
        bp.compiled(steps_to_90, static="limit").to_jax()(1.0)
