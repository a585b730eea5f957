"""Compiled derivatives come from loops, on every backend, and are those that are recorded."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_programs import NUMBERS, functions, run

import autograd_bp as bp
from autograd_bp import Value, errors
from autograd_bp.compiling.backends import registry
from autograd_bp.compiling.front import by_loops, derivation
from autograd_bp.compiling.loops.rules import UnsupportedError
from autograd_bp.nn import Network
from autograd_bp.training import train

BACKENDS = [backend.name for backend in registry.backends() if backend.unavailable() is None]
RNG = np.random.default_rng(7)
W, X, D = RNG.normal(size=52) / 3.0, RNG.normal(size=(19, 4)), RNG.normal(size=(19, 2))


@pytest.fixture(params=["loops", "instructions", "recorded"])
def way(request, monkeypatch):
    """One way after the other, for programs of any size."""
    take(request.param, monkeypatch)
    return request.param


def take(way, patch):
    patch.setattr(derivation, "MAX_ASKED", 0)
    patch.setattr(by_loops, "MIN_READ", 0 if way == "loops" else 10**9)
    patch.setattr(by_loops, "FEW_LOOPS", 10**9)
    if way == "recorded":
        patch.setattr(derivation, "differentiated", refuse)


def refuse(*_args, **_options):
    raise UnsupportedError


def network(w, x, d):
    hidden = [bp.tanh(bp.dot(w[5 * i : 5 * i + 4], x) + w[5 * i + 4]) for i in range(6)]
    outputs = [bp.dot(w[30 + 7 * i : 36 + 7 * i], hidden) + w[36 + 7 * i] for i in range(2)]
    return bp.performance(d, [bp.sigmoid(y) for y in outputs])


def attention(w, x, d):
    keys = [[a * b for a, b in zip(w[4 * t : 4 * t + 4], x, strict=True)] for t in range(5)]
    mixed = []
    for t in range(5):
        shares = bp.softmax([bp.dot(keys[t], keys[s]) for s in range(t + 1)])
        mixed.append(bp.dot(shares, [keys[s][0] for s in range(t + 1)]))
    return bp.sum(mixed) * d[0] + bp.logsumexp(mixed) * d[1]


def steps(w, x, d):
    state = [*x]
    for _ in range(6):
        slope = [bp.tanh(bp.dot(w[4 * i : 4 * i + 4], state)) for i in range(4)]
        state = [a + 0.1 * b for a, b in zip(state, slope, strict=True)]
    return bp.dot(state[:2], d)


def convolution(w, x, d):
    signal = [a * b for a, b in zip([*x, *x, *x], w[:12], strict=True)]
    layer = [bp.relu(bp.dot(w[12:15], signal[i : i + 3])) for i in range(10)]
    return bp.norm([bp.dot(w[15:18], layer[i : i + 3]) + d[0] for i in range(8)])


def projection(w, x, d):
    angle = bp.sqrt(w[0] * w[0] + w[1] * w[1] + w[2] * w[2])
    c, s = bp.cos(angle), bp.sin(angle)
    point = [x[0] * c - x[1] * s, x[0] * s + x[1] * c, x[2] + 9.0]
    radius = (point[0] ** 2 + point[1] ** 2) / point[2] ** 2
    bent = 1.0 + w[3] * radius + w[4] * radius * radius
    errors = [w[5] * bent * p / point[2] - q for p, q in zip(point, d, strict=False)]
    return bp.dot(errors, errors)


FUNCTIONS = [network, attention, steps, convolution, projection]


def named(function):
    return function.__name__


def close(found, expected, rtol=1e-10):
    found, expected = np.asarray(found), np.asarray(expected)
    assert found.shape == expected.shape
    np.testing.assert_allclose(found, expected, rtol=rtol, atol=rtol * np.abs(expected).max())


@pytest.mark.parametrize("function", FUNCTIONS, ids=named)
@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("way", ["loops", "instructions"], indirect=True)
def test_derivatives_are_those_of_the_engine(function, backend, way):
    f = bp.compiled(function, rows=("x", "d"), backend=backend)
    value, gradient = f.value_and_grad(W, X, D)
    assert f.way == way
    slopes = [bp.value_and_grad(function)(W, x, d) for x, d in zip(X, D, strict=True)]
    close(value, sum(y for y, _ in slopes))
    close(gradient, np.sum([slope for _, slope in slopes], axis=0))
    if backend == "llvm":
        return  # which takes long to compile
    close(f.grad(W, X, D), gradient)
    rows = f.with_options(reduce=None).grad(W, X, D)
    close(rows, np.array([slope for _, slope in slopes]))
    by_x = f.with_options(wrt="x").grad(W, X, D)
    close(by_x, np.array([bp.grad(function, 1)(W, x, d) for x, d in zip(X, D, strict=True)]))


@pytest.mark.parametrize("function", FUNCTIONS, ids=named)
def test_second_derivatives_and_jacobians_are_those_of_the_engine(function, way):
    f = bp.compiled(function, rows=("x", "d"), backend="numpy")
    v = RNG.normal(size=len(W))
    product = f.hvp(W, X[:4], D[:4], tangent=v)
    assert f.way == way
    expected = [bp.hvp(lambda w: function(w, x, d), W, v) for x, d in zip(X[:4], D, strict=False)]  # noqa: B023
    close(product, np.sum(expected, axis=0), 1e-9)
    pair = bp.compiled(
        lambda w, x, d: [function(w, x, d), function(w[::-1], x, d) * 2.0],
        rows=("x", "d"),
        backend="numpy",
    )
    first, second = pair.jacobian(W, X, D)
    close(first, f.grad(W, X, D))
    close(second, 2.0 * np.asarray(f.grad(W[::-1].copy(), X, D))[::-1])


def test_several_arguments_with_rows_and_without_are_differentiated_at_once(way):
    f = bp.compiled(network, rows=("x", "d"), wrt=("x", "w"), backend="numpy")
    by_x, by_w = f.grad(W, X, D)
    assert f.way == way
    close(by_x, f.with_options(wrt="x").grad(W, X, D))
    close(by_w, f.with_options(wrt="w").grad(W, X, D))
    pair = bp.compiled(lambda a, b: bp.dot(a, b) ** 2 * a[0], wrt=("a", "b"))
    a, b, v = [0.5, -1.0], [2.0, 0.25], [0.3, 0.7, -0.2, 1.0]
    found = pair.hvp(a, b, tangent=(v[:2], v[2:]))
    expected = bp.hvp(lambda x: bp.dot(x[:2], x[2:]) ** 2 * x[0], [*a, *b], v)
    close([*found[0], *found[1]], expected)


def test_many_outputs_in_few_inputs_are_differentiated_forwards(way):
    def curve(w, x):
        return [bp.sin(w[0] * k + x) * bp.exp(w[1]) for k in range(40)]

    f = bp.compiled(curve, rows="x", reduce=None, backend="numpy")
    x = np.array([0.1, 0.7])
    matrix = f.jacobian(np.array([0.3, -0.2]), x)
    assert f.way == way
    k = np.arange(40.0)
    angle = 0.3 * k[None, :] + x[:, None]
    expected = np.stack([k * np.cos(angle), np.sin(angle)], axis=-1) * np.exp(-0.2)
    close(np.array(matrix), expected)
    if way == "loops":
        assert sum(loop.op is not None for loop in f._latest[0].backend.loops.loops) < 20


@given(functions(), st.lists(NUMBERS, min_size=3, max_size=3), st.sampled_from(BACKENDS))
@settings(max_examples=40)
def test_random_gradients_of_loops_are_those_that_are_recorded(steps, point, backend):
    function = lambda x: run(steps, x)[-1] * 1.0  # noqa: E731
    found = []
    for way in ("recorded", "loops", "instructions"):
        with pytest.MonkeyPatch.context() as patch:
            take(way, patch)
            found.append(np.array(bp.compiled(function, backend=backend).grad(point)))
    finite = np.abs(found[0])[np.isfinite(found[0])].max(initial=1e-300)
    for other in found[1:]:
        np.testing.assert_allclose(other, found[0], rtol=1e-8, atol=1e-8 * min(finite, 1e3))


def test_large_programs_of_a_few_loops_are_differentiated_as_loops():
    f = bp.compiled(lambda w: w * bp.sin(w))
    assert f(0.5) == pytest.approx(0.5 * np.sin(0.5))
    assert f.way == ""
    f.grad(0.5)
    assert f.way == "instructions"
    wide = bp.compiled(lambda w, x: bp.sum([bp.tanh(v * x) for v in w]), rows="x")
    wide.grad(np.ones(2000), X[:, 0])
    assert wide.way == "loops"


def test_a_rule_that_reads_other_values_is_recorded(way):
    number = 3.0
    scale = Value(number)

    def rule(x, y):
        return ((scale if isinstance(x, Value) else number) * x * x,)

    cube = bp.Primitive("cube_of_scale", 1, lambda x: x * x * x, rule)
    f = bp.compiled(lambda x: cube(x) * 2.0)
    assert f.grad(2.0) == 24.0
    assert f.way == "recorded"


def test_the_program_and_the_file_of_c_are_those_of_the_loops(way):
    f = bp.compiled(network, rows=("x", "d"), backend="numpy")
    value, gradient = f.value_and_grad(W, X, D)
    sums = f.program.check().run(W.tolist(), np.concatenate([X, D], axis=1).tolist())
    close(sums, [value, *gradient])
    assert "r0 = dot" in str(f.program)
    assert "void network(" in f.to_c()


def test_a_threshold_is_refused_in_the_same_words(way):
    f = bp.compiled(lambda w: bp.threshold(w[0]) * w[1])
    with pytest.raises(errors.NotDifferentiableError, match="the threshold function is a step"):
        f.grad([0.5, 2.0])


def test_training_by_loops_moves_weights_as_the_recorded_gradient_does(monkeypatch):
    rows = [(x, [float(d)]) for x, d in zip(X[:, :2].tolist(), D[:, 0] > 0.0, strict=True)]
    weights = []
    for least in (0, 10**9):
        monkeypatch.setattr(by_loops, "MIN_READ", least)
        model = Network([2, 5, 1], seed=3)
        train(model, rows, epochs=3, batch=4, compiled=True)
        weights.append([w.data for w in model.parameters()])
    close(*weights, 1e-12)
