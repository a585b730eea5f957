"""Programs as people write them for JAX, with the imports changed alone: values are those of the
same formula in plain NumPy, gradients those of differences."""

import functools
from typing import NamedTuple

import numpy as np
import pytest

import autograd_bp as bp
import autograd_bp.compat.jax.numpy as jnp
from autograd_bp.compat import jax
from autograd_bp.compat.jax import grad, jit, lax, nn, vmap
from autograd_bp.compat.jax.scipy.special import logsumexp
from autograd_bp.compat.jax.scipy.stats import norm


def differences(f, x, step=1e-6):
    x = np.asarray(x, float)
    slopes = np.empty(x.size)
    for k in range(x.size):
        ahead, behind = x.copy().reshape(-1), x.copy().reshape(-1)
        ahead[k] += step
        behind[k] -= step
        slopes[k] = (f(ahead.reshape(x.shape)) - f(behind.reshape(x.shape))) / (2.0 * step)
    return slopes.reshape(x.shape)


def agrees(f, expected, x, *others):
    """Whether f, jitted and not, has the expected value, and the slopes of differences."""
    np.testing.assert_allclose(f(x, *others), expected, rtol=1e-12)
    np.testing.assert_allclose(jit(f)(x, *others), expected, rtol=1e-12)
    slopes = differences(lambda x: float(f(x, *others)), x)
    for gradient in (grad(f), jit(grad(f))):
        np.testing.assert_allclose(gradient(x, *others), slopes, rtol=1e-6, atol=1e-7)


def test_it_is_listed_among_the_engines():
    assert "jax" in dir(bp.compat)
    assert bp.compat.__getattr__("jax") is jax


def test_a_kalman_filter_by_scan():
    def loglikelihood(theta, ys):
        a = jnp.array([[1.0, 0.1], [0.0, 1.0]])
        h = jnp.array([[1.0, 0.0]])
        q, r = jnp.exp(theta[0]) * jnp.eye(2), jnp.exp(theta[1]) * jnp.eye(1)

        def step(carry, y):
            mean, cov = carry
            mean, cov = a @ mean, a @ cov @ a.T + q
            s = h @ cov @ h.T + r
            gain = jnp.linalg.solve(s, h @ cov).T
            v = y - h @ mean
            density = -0.5 * (jnp.log(jnp.linalg.det(s)) + v @ jnp.linalg.solve(s, v))
            return (mean + gain @ v, cov - gain @ s @ gain.T), density

        _, densities = lax.scan(step, (jnp.zeros(2), jnp.eye(2)), ys)
        return densities.sum()

    ys = np.sin(np.arange(6.0)).reshape(6, 1)
    mean, cov, total = np.zeros(2), np.eye(2), 0.0
    a, h = np.array([[1.0, 0.1], [0.0, 1.0]]), np.array([[1.0, 0.0]])
    for y in ys:
        mean, cov = a @ mean, a @ cov @ a.T + np.exp(-2.0) * np.eye(2)
        s = h @ cov @ h.T + np.exp(-1.0)
        gain, v = (np.linalg.inv(s) @ h @ cov).T, y - h @ mean
        total += -0.5 * (np.log(np.linalg.det(s)) + v @ np.linalg.inv(s) @ v)
        mean, cov = mean + gain @ v, cov - gain @ s @ gain.T
    agrees(loglikelihood, total, np.array([-2.0, -1.0]), ys)


def test_entries_are_replaced_by_at():
    def energy(x):
        y = jnp.zeros(5)
        y = y.at[0].set(x[0])

        def body(i, y):
            return y.at[i].set(0.5 * y[i - 1] + x[i])

        y = lax.fori_loop(1, 5, body, y)
        y = y.at[1:-1].add(x[2:] - x[:-2]).at[0].multiply(2.0)
        return jnp.sum(y**2)

    x = np.array([0.5, -1.0, 2.0, 0.25, 1.0, 1.5])[:5]
    y = np.zeros(5)
    y[0] = x[0]
    for i in range(1, 5):
        y[i] = 0.5 * y[i - 1] + x[i]
    y[1:-1] += x[2:] - x[:-2]
    y[0] *= 2.0
    agrees(energy, (y**2).sum(), x)


def test_each_method_of_at():
    x = jnp.array([1.0, 2.0, 3.0])
    at = x.at[np.array([0, 0, 2])]
    assert at.add(1.0).tolist() == [3.0, 2.0, 4.0]
    assert at.get().tolist() == [1.0, 1.0, 3.0]
    assert x.at[1].subtract(0.5).tolist() == [1.0, 1.5, 3.0]
    assert x.at[1].divide(4.0).tolist() == [1.0, 0.5, 3.0]
    assert x.at[1].power(3).tolist() == [1.0, 8.0, 3.0]
    assert x.at[:2].min(1.5).tolist() == [1.0, 1.5, 3.0]
    assert x.at[:2].max(1.5).tolist() == [1.5, 2.0, 3.0]
    assert x.at[0].apply(lambda v: -v).tolist() == [-1.0, 2.0, 3.0]
    assert x.tolist() == [1.0, 2.0, 3.0]
    with pytest.raises(TypeError, match=r"x\.at\[index\]\.set"):
        x[0] = 1.0


@pytest.mark.parametrize("place", [0, 1, 2])
def test_at_takes_a_place_that_is_computed(place):
    f = bp.compiled(lambda x, i, v: (x.at[i].set(v) * bp.array([1.0, 10.0, 100.0])).sum())
    x = np.array([1.0, 2.0, 3.0])
    expected = x.copy()
    expected[place] = 7.0
    assert f(x, place, 7.0) == expected @ [1.0, 10.0, 100.0]
    assert f.grad(x, place, 7.0)[place] == 0.0
    with pytest.raises(bp.errors.BadIndexError):
        f(x, 3, 7.0)


def test_a_loss_of_rows_by_vmap_with_labels():
    def loss(params, xs, labels):
        def one(x, label):
            hidden = nn.relu(params["w"] @ x + params["b"])
            return -nn.log_softmax(hidden)[label]

        return jnp.mean(vmap(one)(xs, labels))

    rng = np.random.default_rng(0)
    params = {"w": rng.normal(size=(3, 2)), "b": rng.normal(size=3)}
    xs, labels = rng.normal(size=(4, 2)), np.array([0, 2, 1, 1])
    h = np.maximum(xs @ params["w"].T + params["b"], 0.0)
    logs = h - np.log(np.exp(h).sum(1, keepdims=True))
    assert float(loss(params, xs, labels)) == pytest.approx(-logs[np.arange(4), labels].mean())
    gradient = jit(grad(loss), static_argnums=2)(params, xs, labels)
    slopes = differences(lambda w: float(loss({**params, "w": w}, xs, labels)), params["w"])
    np.testing.assert_allclose(gradient["w"], slopes, atol=1e-7)
    traced = jit(grad(loss))(params, xs, labels)
    np.testing.assert_allclose(traced["b"], gradient["b"], rtol=1e-12)


def test_a_ray_marches_by_while_loop():
    def depth(ball):
        def distance(t):
            p = jnp.array([0.0, 0.0, 1.0]) * t
            return jnp.sqrt(jnp.sum((p - ball[:3]) ** 2)) - ball[3]

        def goes_on(state):
            rounds, _t, d = state
            return (rounds < 40) & (d > 1e-9)

        def body(state):
            rounds, t, d = state
            return rounds + 1, t + d, distance(t + d)

        return lax.while_loop(goes_on, body, (0, 0.0, distance(0.0)))[1]

    x, y, z, r = 0.1, 0.2, 3.0, 1.0
    value, slope = jit(jax.value_and_grad(depth))(np.array([x, y, z, r]))
    assert value == pytest.approx(z - np.sqrt(r * r - x * x - y * y), abs=1e-7)
    np.testing.assert_allclose(slope[2], 1.0, atol=1e-3)


def test_conditions_and_branches():
    def f(x, kind):
        smooth = lax.cond(jnp.abs(x) < 1.0, lambda t: 0.5 * t * t, lambda t: jnp.abs(t) - 0.5, x)
        return lax.switch(kind, [jnp.sin, lambda t: t**2, lambda t: -t], smooth)

    for x in (0.5, -3.0):
        smooth = 0.5 * x * x if abs(x) < 1 else abs(x) - 0.5
        for kind, g in (
            (-1, np.sin),
            (0, np.sin),
            (1, np.square),
            (2, np.negative),
            (9, np.negative),
        ):
            assert f(x, kind) == pytest.approx(g(smooth))
            assert jit(f)(x, kind) == pytest.approx(g(smooth))
    assert lax.select(True, 1.0, 2.0) == 1.0


def test_a_convolution_by_dynamic_slice():
    def f(w, x):
        def body(i, total):
            return total + w @ lax.dynamic_slice(x, (i,), (3,)) ** 2

        return lax.fori_loop(0, 6, body, 0.0)

    x, w = np.arange(8.0), np.array([1.0, -2.0, 0.5])
    agrees(f, sum(w @ x[i : i + 3] ** 2 for i in range(6)), w, x)
    table = np.arange(12.0).reshape(3, 4)
    part = jit(lambda t, i: lax.dynamic_slice(t, (i, i), (2, 2)))(table, 1)
    np.testing.assert_array_equal(part, table[1:3, 1:3])
    row = jit(lambda t, i: lax.dynamic_index_in_dim(t, i, keepdims=False))(table, 2)
    np.testing.assert_array_equal(row, table[2])


class State(NamedTuple):
    place: object
    speed: object


def test_named_tuples_are_carried_and_outputs_are_arrays():
    @functools.partial(jit, static_argnames="steps")
    def path(k, steps=20):
        def step(state, _):
            speed = state.speed - 0.1 * k * state.place
            return State(state.place + 0.1 * speed, speed), state.place

        last, places = lax.scan(step, State(1.0, 0.0), None, length=steps)
        return jnp.sum(places**2) + last._replace(speed=0.0).place

    place, speed, total = 1.0, 0.0, 0.0
    for _ in range(20):
        total += place**2
        speed -= 0.2 * place
        place += 0.1 * speed
    assert path(2.0) == pytest.approx(total + place)
    assert path(2.0, steps=0) == 1.0


def test_splines_look_their_places_up():
    def f(x, ys):
        xs = jnp.linspace(0.0, 1.0, 5)
        i = jnp.clip(jnp.searchsorted(xs, x) - 1, 0, 3)
        t = (x - xs[i]) / (xs[i + 1] - xs[i])
        return jnp.sum(ys[i] * (1.0 - t) + ys[i + 1] * t**2)

    ys = np.array([1.0, -1.0, 0.5, 2.0, 0.0])
    for x in (0.3, np.array([0.1, 0.6, 0.9])):
        i = np.clip(np.searchsorted(np.linspace(0, 1, 5), x) - 1, 0, 3)
        t = (x - i / 4) / 0.25
        agrees(f, np.sum(ys[i] * (1 - t) + ys[i + 1] * t**2), x, ys)


def test_hidden_states_and_the_normal_law():
    def f(p, x):
        alpha = p["start"]
        for row in x:
            alpha = logsumexp(alpha[:, None] + p["move"], axis=0) + norm.logpdf(row, p["mean"], 2.0)
        return logsumexp(alpha)

    rng = np.random.default_rng(0)
    p = {"start": rng.normal(size=2), "move": rng.normal(size=(2, 2)), "mean": rng.normal(size=2)}
    x = rng.normal(size=4)
    value, gradient = jit(jax.value_and_grad(f))(p, x)
    assert value == pytest.approx(float(f(p, x)))
    slopes = differences(lambda move: float(f({**p, "move": move}, x)), p["move"])
    np.testing.assert_allclose(gradient["move"], slopes, atol=1e-7)
    stepped = jax.tree_util.tree_map(lambda w, g: w - 0.1 * g, p, gradient)
    np.testing.assert_allclose(stepped["mean"], p["mean"] - 0.1 * gradient["mean"])


def test_derivatives_take_jaxs_keywords():
    def f(x, y):
        return x**2 * y

    assert grad(f, argnums=(0, 1))(3.0, 2.0) == (12.0, 9.0)
    assert jax.value_and_grad(lambda x: (x**2, "aux"), has_aux=True)(3.0) == ((9.0, "aux"), 6.0)
    assert jax.jvp(f, (3.0, 2.0), (1.0, 0.0)) == (18.0, 12.0)
    value, pull = jax.vjp(lambda x: x**2, 3.0)
    assert (value, pull(1.0)) == (9.0, (6.0,))
    x = np.array([1.0, 2.0])
    for jacobian in (jax.jacfwd, jax.jacrev):
        np.testing.assert_allclose(jacobian(lambda x: x**2)(x), np.diag(2.0 * x))
    np.testing.assert_allclose(jax.hessian(lambda x: jnp.sum(x**3))(x), np.diag(6.0 * x))


def test_rows_along_other_axes():
    x = np.arange(6.0).reshape(2, 3)
    total = vmap(lambda w, x: w * x.sum(), in_axes=(None, 1))
    np.testing.assert_allclose(total(2.0, x), 2.0 * x.sum(0))
    pairs = vmap(lambda x: {"a": x, "b": x.sum()}, out_axes=-1)
    np.testing.assert_allclose(jit(lambda x: pairs(x)["a"])(x), x.T)
    with pytest.raises(bp.errors.ShapeError, match="rows of one number"):
        vmap(lambda x, y: x)(np.ones(2), np.ones(3))


def test_activations_are_those_of_jax():
    x = np.array([-2.0, 0.5, 3.0])
    np.testing.assert_allclose(nn.one_hot(np.array([1, 0]), 3), [[0, 1, 0], [1, 0, 0]])
    inner = np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)
    np.testing.assert_allclose(nn.gelu(x), 0.5 * x * (1 + np.tanh(inner)), rtol=1e-12)
    np.testing.assert_allclose(nn.swish(x), x / (1 + np.exp(-x)), rtol=1e-12)
    np.testing.assert_allclose(nn.hard_tanh(x), [-1.0, 0.5, 1.0])
    np.testing.assert_allclose(nn.softmax(np.stack([x, x])).sum(-1), 1.0)
    with pytest.raises(AttributeError, match="has no 'celu_'"):
        getattr(nn, "celu" + "_")
