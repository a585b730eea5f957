"""What an exact zero stops in a compiled derivative, for other numbers than it was traced with.

A gradient that is 0 here stops an infinite slope; but it still depends on the inputs, and second
derivatives see that.
"""

import math

import pytest

import autograd_bp as bp
from autograd_bp.compiling.backends import registry

BACKENDS = [backend.name for backend in registry.backends()]


def angle(p):
    return bp.atan2(p[0], p[1]) ** 2


# A function, a point where a gradient on the way is exactly 0, and the Hessian there.
LEVEL = {
    "sqrt": (lambda p: (bp.sqrt(p[0]) - 1.0) ** 2, [1.0], [[0.5]]),
    "log": (lambda p: bp.log(p[0]) ** 2, [1.0], [[2.0]]),
    "div": (lambda p: (1.0 / p[0] - 0.5) ** 2, [2.0], [[0.125]]),
    "atan2": (angle, [0.0, 1.0], [[2.0, 0.0], [0.0, 0.0]]),
    "pow": (lambda p: (p[0] ** p[1] - 1.0) ** 2, [2.0, 0.0], [[0.0, 0.0], [0.0, 0.96090603]]),
    "hypot": (
        lambda p: (bp.hypot(p[0], p[1]) - 5.0) ** 2,
        [3.0, 4.0],
        [[0.72, 0.96], [0.96, 1.28]],
    ),
}


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("name", LEVEL)
def test_a_gradient_of_zero_still_has_derivatives(name, backend):
    function, at, hessian = LEVEL[name]
    f = bp.compiled(function, backend=backend)
    for k, row in enumerate(hessian):
        unit = [float(i == k) for i in range(len(at))]
        assert f.hvp(at, tangent=unit) == pytest.approx(row, rel=1e-8, abs=1e-15)
        assert bp.hvp(function, at, unit) == pytest.approx(row, rel=1e-8, abs=1e-15)


@pytest.mark.parametrize("traced_at", [0.0, 4.0])
@pytest.mark.parametrize(
    "derivative",
    [
        lambda f: bp.grad(f),
        lambda f: lambda x: bp.jvp(f, x, 1.0)[1],
        lambda f: lambda x: bp.vjp(f, x)[1](1.0),
        lambda f: lambda x: bp.jacobian(f)(x),
    ],
    ids=["grad", "jvp", "vjp", "jacobian"],
)
def test_a_derivative_inside_a_compiled_function_serves_all_numbers(derivative, traced_at):
    inner = derivative(lambda t: bp.sqrt(t) ** 2)  # at 0 an infinite slope meets a zero
    f = bp.compiled(lambda x: inner(x))
    f(traced_at)
    assert f(4.0) == pytest.approx(1.0)
    assert f(0.0) == inner(0.0)
    assert f.grad(9.0) == pytest.approx(0.0, abs=1e-15)


def test_an_infinite_slope_is_stopped_by_a_zero_in_every_mode():
    f = bp.compiled(lambda x: 0.0 * bp.sqrt(x))
    assert f.grad(0.0) == 0.0
    assert f.hvp(0.0, tangent=1.0) == 0.0
    assert bp.jvp(lambda x: bp.sqrt(x) ** 2, 0.0, 1.0) == (0.0, 0.0)
    recorded = bp.jvp(lambda x: bp.sqrt(x) ** 2, 0.0, 1.0, record=True)[1]
    assert recorded.data == 0.0
    assert math.isinf(bp.compiled(lambda x: bp.sqrt(x)).grad(0.0))


@pytest.mark.parametrize("traced_at", [-1.0, 0.0, 2.0])
@pytest.mark.parametrize(
    "function",
    [
        lambda t: bp.relu(t) * t,
        lambda t: abs(t) * t,
        lambda t: abs(t) ** 3.5,
        lambda t: t**3.0,
        lambda t: bp.where(bp.heaviside(t, 0.0), t * t, -t),
        lambda t: bp.maximum(t * t, t),
    ],
    ids=["relu", "abs", "half powers", "cube", "where", "maximum"],
)
def test_an_expansion_inside_a_compiled_function_serves_all_numbers(function, traced_at):
    inner = lambda x: bp.taylor(function, x, 3)[1:]  # noqa: E731
    f = bp.compiled(lambda x: inner(x))
    f(traced_at)
    for x in (-1.5, 0.25, 2.0, traced_at):
        assert f(x) == pytest.approx(inner(x), rel=1e-13, nan_ok=True)
