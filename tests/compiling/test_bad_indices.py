"""A bad index raises wherever a program runs: modules, training, bound calls, PyTorch."""

import math

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp import Value, nn
from autograd_bp.compiling.backends.registry import names
from autograd_bp.errors import BadIndexError, LoopLimitError
from autograd_bp.training import train

GOOD, BAD = np.array([[0.0], [1.0]]), np.array([[1.0], [0.0], [2.0]])


class Table(nn.Module):
    """Looks its output up."""

    def __init__(self):
        super().__init__()
        self.w = [Value(1.0), Value(2.0)]

    def parameters(self):
        return self.w

    def __call__(self, x):
        return bp.take(self.w, x[0])


class Countdown(Table):
    """Needs as many rounds as its input says."""

    def __call__(self, x):
        return bp.fori(x[0], lambda i, y: y * self.w[1], self.w[0], limit=1)


def chosen_performance(d, z):
    return bp.take([z[0], 2.0 * z[0]], d[0])


def calls_of(batch):
    return {
        "outputs": batch,
        "performance": lambda X: batch.performance(X, np.zeros(len(X))),
        "one for each": lambda X: batch.performance(X, np.zeros(len(X)), reduce=None),
        "gradient": lambda X: batch.gradient(X, np.zeros((len(X), 1))),
        "backward": lambda X: batch.backward(X, np.zeros(len(X))),
    }


@pytest.mark.parametrize("backend", names())
@pytest.mark.parametrize("call", [*calls_of(None)])
def test_a_compiled_module_raises(backend, call):
    run = calls_of(Table().compiled(backend=backend))[call]
    run(GOOD)
    for bad in (2.0, -1.0, 0.5, math.nan):
        with pytest.raises(BadIndexError, match="for a table of 2") as caught:
            run(np.array([[1.0], [0.0], [bad]]))
        assert "in row 2" in "".join(getattr(caught.value, "__notes__", ["in row 2"]))
    run(GOOD)


def test_a_module_with_too_many_rounds_raises():
    batch = Countdown().compiled()
    assert batch(GOOD).tolist() == [1.0, 2.0]
    with pytest.raises(LoopLimitError, match="limit of 1 rounds"):
        batch(BAD)


def test_the_weights_of_the_call_are_those_that_decide():
    class Chosen(Table):
        def __call__(self, x):
            return bp.take([x[0], 2.0 * x[0]], self.w[0])

    module = Chosen()
    batch = module.compiled()
    assert batch(GOOD).tolist() == [0.0, 2.0]
    module.w[0].data = 5.0
    with pytest.raises(BadIndexError, match="the index 5"):
        batch(GOOD)


def test_a_bad_index_in_a_performance_raises():
    batch = Table().compiled(chosen_performance)
    assert batch.performance(GOOD, [0.0, 1.0]) == 1.0 + 2.0 * 2.0
    with pytest.raises(BadIndexError, match="the index 2"):
        batch.performance(GOOD, [0.0, 2.0])


@pytest.mark.parametrize("batch", [1, 2, 8])
def test_training_raises_before_the_step_and_keeps_the_weights(batch):
    module = Table()
    rows = [([0.0], [1.0]), ([1.0], [1.0])] * 3
    assert "compiled" in train(module, rows, epochs=1, batch=batch, compiled=True).how
    before = [w.data for w in module.w]
    with pytest.raises(BadIndexError, match=r"the index 0\.5"):
        train(module, [([0.5], [1.0])] * 8, epochs=1, batch=batch, compiled=True)
    assert [w.data for w in module.w] == before


def test_bound_calls_raise():
    f = bp.compiled(lambda table, i: bp.take(table, i), rows="i").bind([1.0, 2.0], [0.0, 1.0])
    assert f() == 3.0
    f.arguments["i"][1] = 2.0
    with pytest.raises(BadIndexError, match="the index 2"):
        f()


def test_modules_of_pytorch_raise():
    torch = pytest.importorskip("torch")
    layer = Table().compiled().to_torch()
    assert layer(torch.tensor(GOOD)).tolist() == [1.0, 2.0]
    with pytest.raises(BadIndexError, match="outside of its table"):
        layer(torch.tensor(BAD))


def test_functions_of_jax_give_nan():
    jax = pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)
    z = Table().compiled().to_jax()(np.array([1.0, 2.0]), BAD)
    assert z[:2].tolist() == [2.0, 1.0]
    assert np.isnan(z[2])


@pytest.mark.parametrize("rows", [3, 40_000])
def test_a_bad_index_is_found_in_every_later_call(rows):
    f = bp.compiled(lambda table, i: bp.take(table, i) ** 2, rows="i")
    table, good = np.arange(5.0), np.arange(float(rows)) % 5
    expected = f(table, good)
    for bad in (-1.0, 5.0, 1.5, np.nan):
        assert f(table, good) == expected  # by native code, from the second call on
        index = good.copy()
        index[rows // 2] = bad
        for call in (f, f.grad):
            with pytest.raises(BadIndexError, match="index"):
                call(table, index)
