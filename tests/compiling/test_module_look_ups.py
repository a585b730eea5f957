"""Modules that take from large tables, compiled: entries are looked up, and not selected."""

import pickle

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp.compiling.front import tracing
from autograd_bp.compiling.front.checkpoints import Checkpointed
from autograd_bp.errors import BadIndexError
from autograd_bp.nn import Module


class Embedding(Module):
    """The products of two vectors of a table."""

    def __init__(self, entries, width):
        numbers = np.sin(np.arange(entries * width + width)).tolist()
        self.table = [[bp.Value(x) for x in numbers[width * k : width * (k + 1)]]
                      for k in range(entries)]  # fmt: skip
        self.w = [bp.Value(x) for x in numbers[entries * width :]]

    def parameters(self):
        return [*(x for row in self.table for x in row), *self.w]

    def __call__(self, x):
        first, second = bp.take(self.table, [x[0], x[1]])
        z = bp.dot(self.w, [a * b for a, b in zip(first, second, strict=True)])
        return bp.sigmoid(z + x[2])


def penalised(d, z):
    """A performance that takes, too."""
    return bp.performance(d, z) * bp.take([1.0, 2.0, 3.0], 2.0 * d[0])


X = np.array([[0.0, 1.0, 0.5], [3.0, 3.0, 0.0], [11.0, 0.0, -1.0], [2.0, 5.0, 0.25]])
D = np.array([0.0, 1.0, 1.0, 0.0])


def results(module, performance):
    f = module.compiled(performance)
    each = f.performance_and_gradient(X, D, reduce=None)
    return [f(X), f.performance(X, D), *f.performance_and_gradient(X, D), *each], f


@pytest.mark.parametrize("performance", [bp.performance, penalised])
def test_the_numbers_are_those_that_are_selected(monkeypatch, performance):
    some = []
    for least in (1, 10**9):
        monkeypatch.setattr(tracing, "MIN_SELECTED", least)
        numbers, f = results(Embedding(12, 3), performance)
        assert isinstance(f._latest._ready.backend, Checkpointed) == (least == 1)
        some.append(numbers)
    for one, other in zip(*some, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-14, atol=1e-15)


def test_more_rows_are_looked_up(monkeypatch):
    monkeypatch.setattr(tracing, "MIN_SELECTED", 12 * 3 * 2 * 4)
    module = Embedding(12, 3)
    f = module.compiled()
    few, many = f(X[:3]), f(X)
    assert "look-ups" in f.backend.reason
    assert f(X[:3]).tolist() == few.tolist() == many[:3].tolist()
    assert len(f.program)  # that of selecting, which is made for it
    assert pickle.loads(pickle.dumps(f))(X).tolist() == many.tolist()
    before = f.gradient(X, D)
    module.table[3][0].data += 0.5
    assert f.gradient(X, D).tolist() != before.tolist()


def test_bad_indices_raise(monkeypatch):
    monkeypatch.setattr(tracing, "MIN_SELECTED", 1)
    f = Embedding(12, 3).compiled()
    for index in (12.0, -1.0, 0.5):
        with pytest.raises(BadIndexError, match="for a table of 12") as caught:
            f.gradient([[0.0, 1.0, 0.0], [1.0, index, 0.0]], [0.0, 1.0])
        assert "row 1" in "".join(caught.value.__notes__)


def test_functions_of_jax_look_up_too(monkeypatch):
    jax = pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)
    weights = [w.data for w in Embedding(12, 3).parameters()]
    found = []
    for least in (1, 10**9):
        monkeypatch.setattr(tracing, "MIN_SELECTED", least)
        f = Embedding(12, 3).compiled()
        outputs = f.to_jax()
        slope = jax.grad(lambda w, g=outputs: (g(w, X) ** 2).sum())(jax.numpy.array(weights))
        found.append((np.asarray(outputs(weights, X)), np.asarray(slope)))
        assert np.asarray(outputs(weights, X[:2])) == pytest.approx(f(X[:2]), rel=1e-13)
        assert f._recorded(3, drawn=False, rows=len(X)).looks_up == (least == 1)
    for one, other in zip(*found, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-13, atol=1e-15)
