"""The names of HIPS autograd: its tutorials' kinds of programs give known derivatives."""

import math

import numpy
import pytest

import autograd_bp as bp
import autograd_bp.compat.autograd.numpy as np
from autograd_bp.compat.autograd import (
    defjvp,
    defvjp,
    elementwise_grad,
    grad,
    hessian,
    hessian_vector_product,
    jacobian,
    make_hvp,
    make_jvp,
    make_vjp,
    notrace_primitive,
    primitive,
    value_and_grad,
    vector_jacobian_product,
)
from autograd_bp.errors import NotDifferentiableError, OperandError, SettingError

X = numpy.array([[0.5, -1.0, 2.0], [1.5, 0.25, -0.75]])


def tanh(x):
    return (1.0 - np.exp(-2 * x)) / (1.0 + np.exp(-2 * x))


def test_derivatives_of_every_order_of_a_function_of_one_number():
    function, slopes = tanh, []
    for _ in range(4):
        function = grad(function)
        slopes.append(function(0.5))
    t = math.tanh(0.5)
    s = 1 - t * t
    expected = [s, -2 * t * s, s * (6 * t * t - 2), 8 * t * s * (2 - 3 * t * t)]
    assert slopes == pytest.approx(expected)


def test_elementwise_derivatives():
    xs = numpy.linspace(-1, 1, 5)
    assert elementwise_grad(tanh)(xs) == pytest.approx(1 - numpy.tanh(xs) ** 2)
    twice = elementwise_grad(elementwise_grad(tanh))(xs)
    assert twice == pytest.approx(-2 * numpy.tanh(xs) * (1 - numpy.tanh(xs) ** 2))
    assert elementwise_grad(lambda a, x: a * x**2, 1)(3.0, xs) == pytest.approx(6 * xs)
    assert elementwise_grad(lambda x: x**3)(2.0) == 12.0


def test_arguments_by_position():
    def f(x, y, scale=1.0):
        return scale * x * y**2

    assert grad(f)(2.0, 3.0) == 9.0
    assert grad(f, 1)(2.0, 3.0, scale=2.0) == 24.0
    assert grad(f, (0, 1))(2.0, 3.0) == grad(f, [0, 1])(2.0, 3.0) == (9.0, 12.0)
    assert value_and_grad(f, -1)(2.0, 3.0) == (18.0, 12.0)
    with pytest.raises(SettingError, match="argnum is the position of one of the 2"):
        elementwise_grad(f, 5)(2.0, 3.0)


def test_matrices_of_derivatives_and_their_products():
    def f(x):
        return np.array([x[0] * x[1], np.sin(x[0]), x[1] ** 3])

    x, v, u = numpy.array([0.5, 2.0]), numpy.array([1.0, -2.0]), numpy.array([1.0, 2.0, 3.0])
    J = numpy.array([[2.0, 0.5], [math.cos(0.5), 0.0], [0.0, 12.0]])
    assert jacobian(f)(x) == pytest.approx(J)
    vjp, value = make_vjp(f)(x)
    assert value == pytest.approx([1.0, math.sin(0.5), 8.0])
    assert vjp(u) == pytest.approx(u @ J)
    assert vector_jacobian_product(f)(x, u) == pytest.approx(u @ J)
    assert make_jvp(f)(x)(v)[1] == pytest.approx(J @ v)

    def g(x):
        return np.sum(x**3) + x[0] * x[1]

    H = numpy.array([[3.0, 1.0], [1.0, 12.0]])
    assert hessian(g)(x) == pytest.approx(H)
    assert hessian_vector_product(g)(x, v) == pytest.approx(H @ v)
    hvp, gradient = make_hvp(g)(x)
    assert hvp(v) == pytest.approx(H @ v)
    assert gradient == pytest.approx([2.75, 12.5])


def test_logistic_regression_learns():
    inputs = numpy.array(
        [[0.52, 1.12, 0.77], [0.88, -1.08, 0.15], [0.52, 0.06, -1.3], [0.74, -2.49, 1.39]]
    )
    targets = numpy.array([True, True, False, True])

    def loss(weights):
        predictions = 0.5 * (np.tanh(np.dot(inputs, weights)) + 1)
        return -np.sum(np.log(predictions * targets + (1 - predictions) * (1 - targets)))

    gradient = grad(loss)
    weights = numpy.zeros(3)
    assert loss(weights) == pytest.approx(4 * math.log(2))
    for _ in range(100):
        weights -= gradient(weights) * 0.1
    assert loss(weights) < 0.1
    assert bp.check_gradient(loss, weights)


def test_parameters_in_dicts_and_lists():
    def loss(parameters):
        return np.sum(np.maximum(parameters["w"] @ X, 0.0) ** 2) * parameters["scales"][0]

    found = grad(loss)({"w": numpy.array([1.0, 2.0]), "scales": [3.0]})
    z = numpy.array([1.0, 2.0]) @ X
    assert found["scales"] == [pytest.approx(numpy.sum(numpy.maximum(z, 0) ** 2))]
    assert found["w"] == pytest.approx(X @ (6.0 * numpy.maximum(z, 0)))


@pytest.mark.parametrize(
    ("function", "derivative"),
    [
        (lambda x: np.sum(np.abs(x)), numpy.sign),
        (lambda x: np.sum(np.where(x > 0, x**2, 0.0)), lambda x: numpy.where(x > 0, 2 * x, 0.0)),
        (lambda x: np.mean(np.log1p(np.exp(x))), lambda x: 1 / (1 + numpy.exp(-x)) / x.size),
        (lambda x: np.sum(np.power(x, 2) / 2), lambda x: x),
        (lambda x: np.sum(np.square(x).T @ np.ones(2)), lambda x: 2 * x),
        (lambda x: np.sum(np.concatenate([x, 2 * x])), lambda x: 3.0 + 0 * x),
        (lambda x: np.einsum("ij,ij->", x, x), lambda x: 2 * x),
        (lambda x: np.sum(np.arctan2(x, 1.0)), lambda x: 1 / (1 + x * x)),
        (lambda x: np.max(x) + np.sum(np.logaddexp(x, x)), lambda x: 1.0 + (x == x.max())),
        (lambda x: np.std(x.ravel()) ** 2, lambda x: 2 * (x - x.mean()) / x.size),
        (lambda x: np.linalg.det(x @ x.T), None),
    ],
)
def test_functions_of_numpy(function, derivative):
    assert isinstance(function(X), float)
    found = grad(function)(X)
    assert found.dtype == float
    if derivative is None:
        assert bp.check_gradient(function, X)
    else:
        assert found == pytest.approx(derivative(X))


def test_what_numpy_alone_knows_is_numpys():
    assert np.pi == numpy.pi
    assert np.random is numpy.random
    assert np.zeros(2).dtype == float
    assert np.exp([0.0, 0.0]).tolist() == [1.0, 1.0]
    assert isinstance(np.exp(0.5), float)
    assert "exp" in dir(np)
    with pytest.raises(AttributeError):
        _ = np.no_such_name


# --------------------------------------------------------------------- functions of the user's
def logsumexp_of_the_user():
    @primitive
    def logsumexp(x):
        """The logarithm of a sum of exponentials."""
        assert x.dtype == float
        top = numpy.max(x)
        return top + numpy.log(numpy.sum(numpy.exp(x - top)))

    return logsumexp


def test_a_primitive_of_an_array():
    logsumexp = logsumexp_of_the_user()
    assert logsumexp.__doc__.startswith("The logarithm")
    x = numpy.array([0.1, 0.2, 0.3])
    with pytest.raises(NotDifferentiableError, match=r"call defvjp\(logsumexp"):
        grad(logsumexp)(x)

    def maker(ans, x):
        shape = x.shape
        return lambda g: np.full(shape, g) * np.exp(x - np.full(shape, ans))

    defvjp(logsumexp, maker)
    p = numpy.exp(x) / numpy.sum(numpy.exp(x))
    assert grad(logsumexp)(x) == pytest.approx(p)
    assert grad(lambda y: logsumexp(y**2))(x) == pytest.approx(
        2 * x * numpy.exp(x**2) / numpy.sum(numpy.exp(x**2))
    )
    assert hessian(logsumexp)(x) == pytest.approx(numpy.diag(p) - numpy.outer(p, p))


def test_a_primitive_of_several_arguments():
    @primitive
    def scaled(x, k, n):
        return k * x**n

    defvjp(scaled, lambda ans, x, k, n: lambda g: g * k * n * x ** (n - 1), None)
    defvjp(scaled, lambda ans, x, k, n: lambda g: g * x**n, argnums=[1])
    assert scaled(2.0, 3.0, 2) == 12.0
    assert grad(lambda x, k: scaled(x, k, 2.0), (0, 1))(2.0, 3.0) == (12.0, 4.0)
    assert grad(grad(lambda x: scaled(x, 3.0, 3.0)))(2.0) == 36.0
    with pytest.raises(NotDifferentiableError, match="its argument 2"):
        grad(scaled, 2)(2.0, 3.0, 2.0)


def test_a_primitive_that_returns_an_array():
    @primitive
    def powers(x):
        return numpy.array([x, x * x, x * x * x])

    defvjp(powers, lambda ans, x: lambda g: g[0] + 2 * x * g[1] + 3 * x * x * g[2])
    assert jacobian(powers)(2.0) == pytest.approx([1.0, 4.0, 12.0])
    assert grad(lambda x: np.sum(powers(x) * numpy.array([1.0, 10.0, 100.0])))(2.0) == 1241.0


def test_tangents_state_a_derivative_too():
    @primitive
    def cube(x):
        return x**3

    defjvp(cube, lambda g, ans, x: 3 * x**2 * g)
    assert grad(cube)(2.0) == 12.0
    assert grad(lambda x: np.sum(cube(x)))(numpy.array([1.0, 2.0])) == pytest.approx([3.0, 12.0])

    @primitive
    def double(x):
        return 2 * x

    defjvp(double, "same")
    assert grad(double)(5.0) == 2.0


def test_a_function_without_record_gets_numbers():
    @notrace_primitive
    def sign(x):
        return numpy.sign(x)

    assert grad(lambda x: x * sign(x))(-2.0) == -1.0
    with pytest.raises(OperandError, match="decorated with @primitive"):
        defvjp(math.sin, None)
