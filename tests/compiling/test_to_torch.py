"""Compiled functions as operations of PyTorch, with gradients that can be differentiated."""

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp import errors
from autograd_bp.nn import Network

torch = pytest.importorskip("torch")
RNG = np.random.default_rng(12)
W, X, D = RNG.normal(size=31), RNG.normal(size=(5, 3)), RNG.random(5)


def network(w, x, d):
    hidden = [bp.sigmoid(bp.dot(w[4 * i : 4 * i + 4], [-1.0, *x])) for i in range(6)]
    return bp.performance(d, bp.sigmoid(bp.dot(w[24:], [-1.0, *hidden])))


def tensors(*arrays):
    return [torch.tensor(a, requires_grad=True) for a in arrays]


@pytest.mark.parametrize("reduce", ["sum", None])
def test_gradients_and_their_gradients_are_right(reduce):
    f = bp.compiled(network, rows=("x", "d"), reduce=reduce)
    g = f.to_torch()
    w, x, d = tensors(W, X, D)
    value = g(w, x, d)
    np.testing.assert_allclose(value.detach().numpy(), f(W, X, D), rtol=1e-14)
    value.sum().backward()
    total = f.with_options(reduce="sum")
    np.testing.assert_allclose(w.grad.numpy(), total.grad(W, X, D), rtol=1e-12)
    np.testing.assert_allclose(
        x.grad.numpy(), total.with_options(wrt="x").grad(W, X, D), rtol=1e-12, atol=1e-16
    )
    assert torch.autograd.gradcheck(g, (w, x, d))
    assert torch.autograd.gradgradcheck(g, (w, x, d))


def test_only_what_is_needed_is_differentiated():
    f = bp.compiled(network, rows=("x", "d"))
    w = torch.tensor(W, requires_grad=True)
    f.to_torch()(w, torch.tensor(X), D).backward()
    np.testing.assert_allclose(w.grad.numpy(), f.grad(W, X, D), rtol=1e-12)
    x = torch.tensor(X, requires_grad=True)
    f.to_torch()(W, x, D).backward()
    assert x.grad.shape == (5, 3)


def test_trees_types_and_defaults():
    f = bp.compiled(
        lambda p, n=2: {"a": p["k"] * p["v"][0] ** n, "b": [p["v"][1], np.array(p["v"]) * p["k"]]}
    )
    p = {
        "k": torch.tensor(2.0, requires_grad=True),
        "v": torch.tensor([3.0, 4.0], requires_grad=True),
    }
    found = f.to_torch()(p)
    assert found["a"].dtype == torch.float32
    assert found["a"].item() == 18.0
    (found["a"] + found["b"][1].sum()).backward()
    assert (p["k"].grad.item(), p["v"].grad.tolist()) == (16.0, [14.0, 2.0])
    assert f.to_torch()({"k": 2.0, "v": [3.0, 4.0]})["a"].dtype == torch.float64


@pytest.mark.parametrize("rows", [0, 1])
def test_few_rows_or_none(rows):
    f = bp.compiled(network, rows=("x", "d"), reduce=None)
    w, x = tensors(W, X[:rows])
    f.to_torch()(w, x, D[:rows]).sum().backward()
    expected = f.with_options(reduce="sum").grad(W, X[:rows], D[:rows])
    np.testing.assert_allclose(w.grad.numpy(), expected, rtol=1e-12, atol=0)


def test_outputs_that_are_arguments_or_constants():
    g = bp.compiled(lambda x: [x[0], 3.0, x[1] * 2.0]).to_torch()
    (x,) = tensors([1.0, 2.0])
    y = g(x)
    assert [t.item() for t in y] == [1.0, 3.0, 4.0]
    (y[0] + y[1] + y[2]).backward()
    assert x.grad.tolist() == [1.0, 2.0]
    assert bp.compiled(lambda: 4.0).to_torch()().item() == 4.0


def test_values_from_outside_are_read_at_each_call():
    scale = bp.Value(2.0)
    g = bp.compiled(lambda x: scale * x * x).to_torch()
    (x,) = tensors(3.0)
    assert g(x).item() == 18.0
    scale.data = 10.0
    y = g(x)
    y.backward()
    assert (y.item(), x.grad.item()) == (90.0, 60.0)


def test_a_bad_index_raises_and_nan_stays():
    g = bp.compiled(lambda table, i: bp.take(table, i), rows="i", reduce=None).to_torch()
    table = torch.tensor([1.0, np.nan])
    assert torch.isnan(g(table, torch.tensor([0, 1]))).tolist() == [False, True]
    with pytest.raises(errors.BadIndexError):
        g(table, torch.tensor([2]))


def test_a_third_derivative_is_refused():
    (x,) = tensors(2.0)
    y = bp.compiled(lambda x: x**4).to_torch()(x) * x
    (first,) = torch.autograd.grad(y, x, create_graph=True)
    (second,) = torch.autograd.grad(first, x, create_graph=True)
    assert second.item() == pytest.approx(20.0 * 8.0)
    with pytest.raises(errors.NotDifferentiableError, match="a third derivative"):
        torch.autograd.grad(second, x)


def test_what_is_no_real_number_is_refused():
    f = bp.compiled(lambda x: x * 2.0).to_torch()
    for wrong in (True, 1j, torch.tensor(True), torch.tensor(1j), bp.Value(1.0), "a"):
        with pytest.raises(errors.OperandError):
            f(wrong)
    with pytest.raises(errors.ShapeError, match="has rows is an array"):
        bp.compiled(lambda x: x, rows="x").to_torch()(3.0)


def test_a_network_is_a_layer():
    network = Network([3, 4, 1], seed=0)
    layer = network.compiled().to_torch()
    x, d = torch.tensor(X), torch.tensor(D)
    np.testing.assert_allclose(layer(x).detach().numpy(), network.compiled()(X), rtol=1e-14)
    model = torch.nn.Sequential(layer, torch.nn.Linear(1, 1, dtype=torch.float64))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    before = None
    for _ in range(30):
        optimizer.zero_grad()
        loss = ((model(x)[:, 0] - d) ** 2).mean()
        before = before or loss.item()
        loss.backward()
        optimizer.step()
    assert loss.item() < before
    assert [name for name, _ in layer.named_parameters()] == ["weights"]


def test_without_torch_the_error_says_what_to_install(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(errors.MissingExtraError, match=r"autograd_bp\[torch\]"):
        bp.compiled(lambda x: x).to_torch()


def test_rows_of_tables_are_gathered_and_differentiated():
    f = bp.compiled(lambda u: bp.sin(u[0] * u[2]) * u[1], rows="u")
    table, index, x = RNG.normal(size=(4, 2)), np.array([0, 3, 3]), RNG.normal(size=3)
    (c,) = tensors(table)
    f.to_torch()(bp.beside(bp.rows_of(c, index), torch.tensor(x))).backward()
    expected = f.grad(bp.beside(bp.rows_of(table, index), x))[0]
    np.testing.assert_allclose(c.grad.numpy(), expected, rtol=1e-13)
