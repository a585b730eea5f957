"""Module.compiled: outputs, performance and gradients of many rows in one program."""

import pickle

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp import Value, errors
from autograd_bp.nn import Layer, Module, Network, Neuron

RNG = np.random.default_rng(2)
X, D = RNG.normal(size=(9, 3)), RNG.random((9, 2))


def eager(module, X, D, performance=bp.performance):
    """z, Σ P and the gradient by every parameter, row by row."""
    module.zero_grad()
    outputs, total = [], 0.0
    for x, d in zip(X.tolist(), D.tolist(), strict=True):
        z = module(x)
        P = performance(d, z)
        P.backward()
        total += P.data
        outputs.append([each.data for each in (z if isinstance(z, list) else [z])])
    gradient = [w.grad for w in module.parameters()]
    module.zero_grad()
    return np.array(outputs), total, np.array(gradient)


class Shortcut(Module):
    """Shared weights, an input that skips a layer, an output that is one Value."""

    def __init__(self):
        self.first, self.scale = Layer(3, 4, bp.tanh, seed=1), Value(0.5, "scale")

    def __call__(self, x):
        hidden = self.first(x)
        return bp.sigmoid(bp.sum(hidden) * self.scale + x[0] * self.scale)


@pytest.mark.parametrize(
    "module",
    [
        Network([3, 4, 2], seed=3),
        Network([3, 5, 4, 2], "relu", seed=3),
        Network([3, 2], bias=False),
        Network([3, 4, 2], ["tanh", lambda x: x * bp.sigmoid(x)]),
        Layer(3, 2),
    ],
    ids=repr,
)
def test_it_computes_what_the_module_does(module):
    f = module.compiled()
    z, P, gradient = eager(module, X, D)
    np.testing.assert_allclose(f(X), z, rtol=1e-13)
    assert f.performance(X, D) == pytest.approx(P, rel=1e-13)
    found = f.performance_and_gradient(X, D)
    assert found[0] == pytest.approx(P, rel=1e-13)
    np.testing.assert_allclose(found[1], gradient, rtol=1e-11, atol=1e-14)
    np.testing.assert_array_equal(f.gradient(X, D), found[1])


def test_any_wiring_compiles_and_one_value_is_one_column():
    module = Shortcut()
    f = module.compiled()
    z, P, gradient = eager(module, X, D[:, :1])
    np.testing.assert_allclose(f(X), z[:, 0], rtol=1e-14)
    np.testing.assert_allclose(f.gradient(X, D[:, 0]), gradient, rtol=1e-12)
    assert f.performance(X, D[:, :1]) == pytest.approx(P, rel=1e-14)


def test_the_weights_are_those_of_the_call():
    network = Network([3, 2], seed=0)
    f = network.compiled()
    before = f(X)
    network.layers[0].neurons[0].weights[0].data += 1.0
    z, _, gradient = eager(network, X, D)
    assert (f(X) != before).any()
    np.testing.assert_allclose(f(X), z, rtol=1e-14)
    np.testing.assert_allclose(f.gradient(X, D), gradient, rtol=1e-12)


def test_results_for_each_row_where_nothing_is_summed():
    f = Network([3, 4, 2], seed=3).compiled()
    P, gradient = f.performance_and_gradient(X, D, reduce=None)
    assert P.shape == (9,)
    assert gradient.shape == (9, 26)
    np.testing.assert_array_equal(f.performance(X, D, reduce=None), P)
    np.testing.assert_allclose(gradient.sum(axis=0), f.gradient(X, D), rtol=1e-12)
    np.testing.assert_allclose(gradient[4], f.gradient(X[4:5], D[4:5]), rtol=1e-12)


def test_backward_adds_to_the_gradients_as_sweeps_do():
    network = Network([3, 4, 2], seed=3)
    _, P, gradient = eager(network, X, D)
    f = network.compiled()
    assert f.backward(X, D) == pytest.approx(P, rel=1e-13)
    f.backward(X, D, seed=0.5)
    found = [w.grad for w in network.parameters()]
    np.testing.assert_allclose(found, 1.5 * gradient, rtol=1e-11, atol=1e-14)


def test_it_is_recorded_where_nothing_else_is():
    network = Network([3, 2], seed=0)
    with bp.no_recording():
        f = network.compiled()
        z, gradient = f(X), f.gradient(X, D)
    expected, _, slopes = eager(network, X, D)
    np.testing.assert_allclose(z, expected, rtol=1e-14)
    np.testing.assert_allclose(gradient, slopes, rtol=1e-12)


def test_another_performance_is_climbed_when_it_is_given():
    def both(d, z):
        return bp.performance(d, z) - 0.1 * bp.sum([each * each for each in z])

    network = Network([3, 4, 2], seed=3)
    f = network.compiled(both)
    _, P, gradient = eager(network, X, D, both)
    assert f.performance(X, D) == pytest.approx(P, rel=1e-13)
    np.testing.assert_allclose(f.gradient(X, D), gradient, rtol=1e-11, atol=1e-14)


def test_compiling_leaves_no_gradients_and_no_labels_behind():
    network = Network([3, 2], seed=0)
    network.compiled().gradient(X, D)
    assert not any(w.grad for w in network.parameters())
    assert network.layers[0].neurons[1].weights[2].label == "w[1,2,3]"


def test_the_program_can_be_read_before_the_first_call():
    f = Network([2, 1]).compiled()
    assert "sigmoid" in str(f.program)
    f.gradient([[1.0, 2.0]], [[1.0]])
    assert "performance" in str(f.program)
    assert f.backend.name in ("numpy", "llvm", "tape")
    with pytest.raises(errors.ShapeError, match="call it"):
        _ = Neuron(2).compiled().program


def test_no_rows_at_all_sum_up_to_zero():
    f = Network([3, 2]).compiled()
    assert f(np.empty((0, 3))).shape == (0, 2)
    assert f.performance(np.empty((0, 3)), np.empty((0, 2))) == 0.0


FREE = Value(3.0, "free")


class Branching(Shortcut):
    def __call__(self, x):
        return x[0] * self.scale if x[0] > 0.0 else x[1]


class Outside(Shortcut):
    def __call__(self, x):
        return x[0] * self.scale * FREE


class Plain(Shortcut):
    def __call__(self, x):
        return [1.0, x[0] * self.scale]


network = Network([3, 2]).compiled()


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: Branching().compiled()(X), errors.BranchError, "use where"),
        (lambda: Outside().compiled()(X), errors.OperandError, "'free'"),
        (lambda: Plain().compiled()(X), errors.OperandError, "must be Values"),
        (lambda: network(X[:, :2]), errors.ShapeError, "3 inputs got a row of 2"),
        (lambda: network(X[0]), errors.ShapeError, "must be a table"),
        (lambda: network([["a", "b", "c"]]), errors.OperandError, "real numbers"),
        (lambda: network([[1.0, 2.0], [3.0]]), errors.ShapeError, "X"),
        (lambda: network.performance(X, D[:4]), errors.ShapeError, "9 rows of 2"),
        (lambda: network.performance(X, D[:, 0]), errors.ShapeError, "must be a table"),
        (lambda: network.performance(X, D, reduce="mean"), errors.SettingError, "reduce"),
        (lambda: Network([3, 2]).compiled(backend="none"), errors.SettingError, "no backend"),
        (
            lambda: Network([3, 2]).compiled(lambda d, z: 1.0).gradient(X, D),
            errors.OperandError,
            "one Value",
        ),
        (
            lambda: Network([3, 2], "threshold").compiled().gradient(X, D),
            errors.NotDifferentiableError,
            "step",
        ),
    ],
)
def test_what_cannot_be_compiled_is_refused(call, error, says):
    with pytest.raises(error, match=says):
        call()


def test_a_module_that_ran_can_be_pickled():
    f = Network([3, 4, 2], seed=3).compiled(backend="numpy")
    z, gradient = f(X), f.gradient(X, D)
    again = pickle.loads(pickle.dumps(f))
    np.testing.assert_array_equal(again(X), z)
    np.testing.assert_array_equal(again.gradient(X, D), gradient)
    assert again.backend.name == "numpy"


def test_the_same_program_serves_tables_of_every_length():
    f = Network([3, 4, 2], seed=3).compiled()
    f.gradient(X, D)
    program = f.program
    f.gradient(X[:2], D[:2])
    assert f.program is program
    f(X)
    assert f.program is not program


def test_nn_alone_loads_no_numpy_and_compiling_says_when_it_is_missing():
    import subprocess
    import sys

    program = (
        "import sys\n"
        "from autograd_bp.nn import Network\n"
        "assert 'numpy' not in sys.modules\n"
        "sys.modules['numpy'] = None\n"
        "try: Network([2, 1]).compiled()\n"
        "except ImportError as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert "autograd_bp[arrays]" in done.stdout, done.stderr
