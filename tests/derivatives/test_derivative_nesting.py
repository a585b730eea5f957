"""Derivatives inside derivatives: every mixture of modes, and no variable taken for another."""

import math

import pytest

import autograd_bp as bp
from autograd_bp import Value

REVERSE = bp.grad


def FORWARD(f):  # noqa: N802
    return lambda x: bp.jvp(f, x, 1.0)[1]


def forward_gradient(f):
    """∇f by forward sweeps, one direction at a time."""

    def gradient(x):
        units = [[float(i == k) for i in range(len(x))] for k in range(len(x))]
        return [bp.jvp(f, x, unit)[1] for unit in units]

    return gradient


MODES = {"forward": FORWARD, "reverse": REVERSE}
MIXTURES = [(outer, inner) for outer in MODES for inner in MODES]
GRADIENTS = {"forward": forward_gradient, "reverse": bp.grad}


@pytest.mark.parametrize(("outer", "inner"), MIXTURES)
def test_an_inner_variable_is_not_the_outer_one(outer, inner):
    D, d = MODES[outer], MODES[inner]
    assert D(lambda x: x * d(lambda y: x + y)(1.0))(1.0) == 1.0


@pytest.mark.parametrize(("outer", "inner"), MIXTURES)
def test_the_outer_variable_may_be_the_inner_point(outer, inner):
    D, d = MODES[outer], MODES[inner]
    assert D(lambda x: d(lambda y: x * y * y)(x))(3.0) == 12.0  # d/dx 2 x²
    assert D(lambda x: x * d(lambda y: x * y)(x))(3.0) == 6.0


@pytest.mark.parametrize(("outer", "inner"), MIXTURES)
def test_a_captured_value_of_the_outer_level_keeps_its_derivative(outer, inner):
    D, d = MODES[outer], MODES[inner]

    def f(x):
        s = bp.sin(x)
        return d(lambda y: y * s * s)(2.0)  # s², whatever y is

    assert D(f)(0.7) == pytest.approx(2 * math.sin(0.7) * math.cos(0.7), rel=1e-15)


@pytest.mark.parametrize("modes", [(a, b, c) for a in MODES for b in MODES for c in MODES])
def test_third_derivatives_in_every_mixture(modes):
    f = bp.sin
    for mode in modes:
        f = MODES[mode](f)
    assert f(0.3) == pytest.approx(-math.cos(0.3), rel=1e-15)


def test_a_sixth_derivative_by_nesting():
    f = lambda x: bp.exp(2.0 * x)  # noqa: E731
    for _ in range(6):
        f = bp.grad(f)
    assert f(0.1) == pytest.approx(2**6 * math.exp(0.2), rel=1e-13)


def test_second_derivatives_with_captured_values():
    w = Value(2.0)
    H = bp.hessian(lambda x: w * x**3)(1.0)
    assert H.data == 12.0
    assert bp.gradients(H, w) == 6.0
    assert bp.hvp(lambda x: w * x**3, 1.0, 2.0).data == 24.0
    assert bp.jvp(bp.grad(lambda x: w * x**3), 1.0, 1.0)[1].data == 12.0


def test_a_tangent_or_a_cotangent_may_be_the_outer_variable():
    assert bp.grad(lambda v: bp.jvp(lambda x: x * x, 3.0, v)[1] ** 2)(2.0) == 2 * 36.0 * 2.0
    assert bp.grad(lambda u: bp.vjp(lambda x: x * x, 3.0)[1](u) ** 2)(2.0) == 2 * 36.0 * 2.0
    assert bp.grad(lambda v: bp.hvp(lambda x: x**3, 3.0, v) ** 2)(2.0) == 2 * 18.0**2 * 2.0


# The saddle and the particle of Pearlmutter and Siskind, "Using Programming Language Theory to
# Make Automatic Differentiation Sound and Efficient" (2008).
def descend(f, gradient, start):
    """Minimise by gradient descent with a step that adapts, as their examples do."""
    x, value, slope, step, count = start, f(start), gradient(start), 1e-1, 0
    while sum(plain(s) ** 2 for s in slope) > 1e-10:
        moved = [a - step * b for a, b in zip(x, slope, strict=True)]
        new = f(moved)
        if new < value:
            x, value, slope, count = moved, new, gradient(moved), count + 1
            step, count = (2.0 * step, 0) if count == 10 else (step, count)
        else:
            step, count = step / 2.0, 0
    return x


def plain(x):
    return x.data if isinstance(x, Value) else x


@pytest.mark.parametrize(("outer", "inner"), MIXTURES)
def test_the_saddle(outer, inner):
    def game(p1, p2):
        (x1, y1), (x2, y2) = p1, p2
        return (x1**2 + y1**2) - (x2**2 + y2**2)

    def worst_case(p1):
        def loss(p2):
            return -game(p1, p2)

        return game(p1, descend(loss, GRADIENTS[inner](loss), [1.0, 1.0]))

    found = descend(worst_case, GRADIENTS[outer](worst_case), [1.0, 1.0])
    assert found == pytest.approx([0.0, 0.0], abs=1e-5)


@pytest.mark.parametrize(("outer", "inner"), MIXTURES)
def test_the_particle(outer, inner):
    def landing(w):
        charges = [[10.0, 10.0 - w], [10.0, 0.0]]

        def potential(x):
            return sum(1.0 / bp.norm([a - b for a, b in zip(x, c, strict=True)]) for c in charges)

        force = GRADIENTS[inner](potential)
        x, v, dt = [0.0, 8.0], [0.75, 0.0], 0.1
        while True:
            a = [-g for g in force(x)]
            new = [xi + dt * vi for xi, vi in zip(x, v, strict=True)]
            if not new[1] > 0.0:
                t = (0.0 - x[1]) / v[1]
                return (x[0] + t * v[0]) ** 2
            x, v = new, [vi + dt * ai for vi, ai in zip(v, a, strict=True)]

    D = MODES[outer]
    w = 0.2072
    w = w - D(landing)(w) / D(D(landing))(w)  # a step of Newton's method
    # Published: 0.20719187464861194, where their descent stopped, at a gradient below 1e-5.
    assert w == pytest.approx(0.20719187464861194, abs=1e-5)
    assert landing(w) < 1e-20


def test_a_power_depends_on_its_exponent_where_that_is_a_whole_number():
    # d²(x^y)/dx dy = x^(y-1) (1 + y ln x), and the derivatives of x^x at 1: 1, 1, 2, 3.
    assert bp.hessian(lambda p: p[0] ** p[1])([2.0, 0.0])[0] == [0.0, 0.5]
    assert bp.hessian(lambda p: p[0] ** p[1])([2.0, 1.0])[0][1] == 1.0 + math.log(2.0)
    assert bp.taylor(lambda x: x**x, 1.0, 3) == [1.0, 1.0, 1.0, 0.5]
    assert bp.grad(lambda y: bp.grad(bp.grad(lambda x: x**y))(2.0))(1.0) == 0.5
    assert bp.hvp(lambda p: p[0] ** p[1], [2.0, 0.0], [0.0, 1.0]) == [0.5, 0.4804530139182014]
