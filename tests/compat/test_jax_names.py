"""Names of JAX that mean something else than NumPy's, trees, axes of vmap, and what has no
counterpart: expected numbers are those that JAX gives, written down by hand."""

import numpy as np
import pytest

import autograd_bp.compat.jax.numpy as jnp
from autograd_bp.compat import jax
from autograd_bp.compat.jax import lax
from autograd_bp.compat.jax.flatten_util import ravel_pytree

TABLE = np.array([[1.0, -2.5], [3.0, 0.5]])

OPERATIONS = {
    "max compares two arrays": (lambda x: lax.max(x, 0.0 * x), [[1.0, 0.0], [3.0, 0.5]]),
    "min compares two arrays": (lambda x: lax.min(x, 0.5 + 0.0 * x), [[0.5, -2.5], [0.5, 0.5]]),
    "cumsum goes along axis 0": (lax.cumsum, [[1.0, -2.5], [4.0, -2.0]]),
    "cumsum from the end": (lambda x: lax.cumsum(x, reverse=True), [[4.0, -2.0], [3.0, 0.5]]),
    "cumprod goes along axis 0": (lax.cumprod, [[1.0, -2.5], [3.0, -1.25]]),
    "round takes halves away from 0": (lax.round, [[1.0, -3.0], [3.0, 1.0]]),
    "rem has the sign of x": (lambda x: lax.rem(x, 2.0), [[1.0, -0.5], [1.0, 0.5]]),
    "clamp has x in the middle": (lambda x: lax.clamp(0.0, x, 2.0), [[1.0, 0.0], [2.0, 0.5]]),
    "rev turns an axis round": (lambda x: lax.rev(x, 0), [[3.0, 0.5], [1.0, -2.5]]),
    "logistic": (lambda x: lax.logistic(0.0 * x), [[0.5, 0.5], [0.5, 0.5]]),
    "erf": (lambda x: lax.erf(0.0 * x), [[0.0, 0.0], [0.0, 0.0]]),
    "sub, mul, neg": (lambda x: lax.neg(lax.sub(lax.mul(x, 2.0), x)), [[-1.0, 2.5], [-3.0, -0.5]]),
}


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_operations_of_lax_mean_what_they_mean_in_jax(operation):
    function, expected = operation
    for f in (function, jax.jit(function)):
        np.testing.assert_array_equal(f(jnp.array(TABLE)), expected)


def test_operations_of_lax_have_derivatives():
    def f(x):
        return (
            lax.max(x, 0.75).sum()
            + lax.round(x).sum()
            + lax.cumsum(x)[1, 0]
            + lax.rem(x, 2.0).sum()
        )

    for gradient in (jax.grad(f), jax.jit(jax.grad(f))):
        np.testing.assert_array_equal(gradient(TABLE), [[3.0, 1.0], [3.0, 1.0]])


def test_div_of_whole_numbers_is_whole():
    assert lax.div(7, 2) == 3
    assert lax.div(-7, 2) == -3
    assert lax.div(7.0, 2.0) == 3.5


def test_leaves_are_in_the_order_of_keys():
    tree = {"b": 1.0, "a": [2.0, None, (3.0,)]}
    assert jax.tree.leaves(tree) == [2.0, 3.0, 1.0]
    leaves, shape = jax.tree_util.tree_flatten(tree)
    assert jax.tree.unflatten(shape, [10.0 * x for x in leaves]) == {
        "b": 10.0,
        "a": [20.0, None, (30.0,)],
    }
    assert shape == jax.tree.structure({"a": [0.0, None, (0.0,)], "b": 0.0})
    assert shape != jax.tree.structure({"a": 0.0, "b": 0.0})
    with pytest.raises(ValueError, match="3 leaves, got 1"):
        jax.tree.unflatten(shape, [1.0])


def test_a_tree_as_one_array():
    vector, unravel = ravel_pytree({"w": jnp.ones((2, 2)), "b": 3.0})
    assert vector.tolist() == [3.0, 1.0, 1.0, 1.0, 1.0]
    assert unravel(2.0 * vector)["w"].tolist() == [[2.0, 2.0], [2.0, 2.0]]
    slope = jax.grad(lambda v: (unravel(v)["w"] ** 2).sum() * unravel(v)["b"])
    assert slope(vector).tolist() == [4.0, 6.0, 6.0, 6.0, 6.0]


def test_axes_of_vmap_are_trees():
    parameters = {"b": 2.0, "w": jnp.ones((2, 3))}
    rows = jnp.arange(6.0).reshape(2, 3)
    model = jax.vmap(lambda p, x: p["w"] @ x + p["b"], in_axes=({"w": 0, "b": None}, 0))
    assert model(parameters, rows).tolist() == [5.0, 14.0]
    pair = jax.vmap(lambda t: t[0] * t[1], in_axes=((0, None),))
    assert pair((jnp.arange(3.0), 2.0)).tolist() == [0.0, 2.0, 4.0]
    doubled, sums = jax.vmap(lambda x: (2.0 * x, x.sum()), out_axes=(1, 0))(rows)
    assert doubled.tolist() == [[0.0, 6.0], [2.0, 8.0], [4.0, 10.0]]
    assert sums.tolist() == [3.0, 12.0]
    assert jax.vmap(lambda a, b: a * b)(jnp.arange(3.0), b=jnp.arange(3.0)).tolist() == [
        0.0,
        1.0,
        4.0,
    ]
    with pytest.raises(ValueError, match="2 entries for 1 arguments"):
        jax.vmap(lambda a, b=1.0: a, in_axes=(0, None))(jnp.arange(3.0))


def test_what_else_a_function_returns():
    def f(x):
        return x**2, {"twice": 2.0 * x}

    x = jnp.array([1.0, 3.0])
    for jacobian in (jax.jacfwd(f, has_aux=True), jax.jacrev(f, has_aux=True)):
        slopes, other = jacobian(x)
        assert slopes.tolist() == [[2.0, 0.0], [0.0, 6.0]]
        assert other["twice"].tolist() == [2.0, 6.0]
    value, tangent, other = jax.jvp(f, (x,), (np.ones(2),), has_aux=True)
    assert (value.tolist(), tangent.tolist()) == ([1.0, 9.0], [2.0, 6.0])
    assert other["twice"].tolist() == [2.0, 6.0]
    value, pull, other = jax.vjp(f, x, has_aux=True)
    assert [slope.tolist() for slope in pull(np.ones(2))] == [[2.0, 6.0]]
    assert other["twice"].tolist() == [2.0, 6.0]
    assert jax.linearize(lambda y: y**3, 2.0)[1](1.0) == 12.0


def test_copies_by_at_are_arrays_of_the_same_numbers():
    x = jnp.zeros(3, dtype=int).at[1].set(5)
    assert (x.dtype.kind, x.tolist()) == ("i", [0, 5, 0])
    y = jax.nn.relu(jnp.array([-1.0, 2.0])).at[0].add(3.0)
    assert (y.dtype.kind, y.tolist()) == ("f", [3.0, 2.0])
    assert jnp.zeros((0, 3)).at[:, 0].set(1.0).shape == (0, 3)


def test_options_of_functions_may_be_arrays_and_names():
    assert jax.nn.elu(jnp.array([-1.0, 2.0]), alpha=0.0).tolist() == [0.0, 2.0]
    x = jnp.arange(3.0)
    assert jnp.add(x, 1.0, where=x > 1.0, out=np.zeros(3)).tolist() == [0.0, 0.0, 3.0]


def test_printing_shows_numbers_where_they_are_known(capsys):
    jax.grad(lambda x: jax.debug.print("{} {x:.1f}", 1, x=x) or x * x)(2.0)
    jax.jit(lambda x: jax.debug.print("{x:.1f}", x=x) or x * x)(2.0)
    assert capsys.readouterr().out == "1 2.0\n...\n"


def test_settings_are_ignored_and_missing_names_say_what_to_write():
    jax.config.update("jax_enable_x64", True)
    with pytest.raises(AttributeError, match="pass the array as an argument"):
        jax.random.PRNGKey(0)
    with pytest.raises(AttributeError, match=r"lax has no 'top_k'"):
        _ = lax.top_k
    with pytest.raises(AttributeError, match=r"docs/migrating\.md"):
        _ = jax.custom_vjp


def test_augmented_assignment_makes_another_array():
    x = jnp.arange(6.0).reshape(2, 3)
    y = x
    y += 1.0
    assert (x[0, 0], y[0, 0]) == (0.0, 1.0)


@pytest.mark.parametrize("method", ["mean", "std", "var", "sum", "max", "prod", "cumsum"])
def test_methods_of_arrays_go_along_an_axis(method):
    numbers = np.arange(6.0).reshape(2, 3)
    expected = getattr(numbers, method)(axis=0)
    np.testing.assert_array_equal(getattr(jnp.array(numbers), method)(axis=0), expected)


@pytest.mark.parametrize("way", [lambda f: f, jax.jit], ids=["eager", "compiled"])
def test_carries_that_a_body_adds_to_are_those_of_their_round(way):
    def step(carry, x):
        carry += x
        return carry, carry

    def body(i, carry):
        a, total = carry
        total = total + a.sum()
        a *= 2.0
        return a, total

    def doubled(carry):
        k, a = carry
        a *= 2.0
        return k + 1, a

    f = way(lambda start, xs: lax.scan(step, start, xs)[1])
    rows = jnp.arange(6.0).reshape(3, 2)
    assert f(jnp.zeros(2), rows).tolist() == [[0.0, 1.0], [2.0, 4.0], [6.0, 9.0]]
    g = way(lambda a: lax.fori_loop(0, 3, body, (a, 0.0))[1] + a.sum())
    assert g(jnp.ones(2)) == 16.0
    h = way(lambda a: lax.while_loop(lambda c: c[0] < 3, doubled, (0, a))[1] + a)
    assert h(jnp.ones(2)).tolist() == [9.0, 9.0]
