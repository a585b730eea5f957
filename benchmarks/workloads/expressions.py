"""Two expressions of two inputs: what is left when there is hardly any work to do.

Both are those of the BurTorch paper (Burlachenko and Richtárik 2025, arXiv 2503.13795) and of
the experiments published with it: the tiny one has 8 operations at a = -41, b = 2; the small
one is the expression of micrograd's README at a = -4, b = 2, whose published results are
g = 24.7041, dg/da = 138.8338, dg/db = 645.5773.
"""

# mypy: disable-error-code="import-not-found, import-untyped"
from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

from benchmarks import build, engines
from benchmarks.model import (
    BY_HAND,
    FORWARD,
    ONCE,
    Contestant,
    Job,
    Workload,
    both_collectors,
    both_cores,
    both_settings,
)

POINTS = {"tiny": (-41.0, 2.0), "small": (-4.0, 2.0)}
Relu = Callable[[Any], Any]
Expression = Callable[[Any, Any, Relu], Any]


def tiny(a: Any, b: Any, relu: Relu) -> Any:
    c = a + b
    d = a * b + b**3
    e = c - d
    f = e**2
    return f / 2.0


def small(a: Any, b: Any, relu: Relu) -> Any:
    c = a + b
    d = a * b + b**3
    c = c + (c + 1)
    c = c + (1 + c + (-a))
    d = d + (d * 2 + relu(b + a))
    d = d + (3 * d + relu(b - a))
    e = c - d
    f = e**2
    g = f / 2.0
    return g + 10.0 / f


EXPRESSIONS: dict[str, Expression] = {"tiny": tiny, "small": small}


def named(value: Any, gradient: Any) -> dict[str, float]:
    return {"g": float(value), "dg/da": float(gradient[0]), "dg/db": float(gradient[1])}


def recorded(make: Callable[[float], Any], size: str, relu: Relu) -> Job:
    """An engine with `.backward()` and `.grad`."""
    expression, (x, y) = EXPRESSIONS[size], POINTS[size]

    def run() -> tuple[Any, Any, Any]:
        a, b = make(x), make(y)
        g = expression(a, b, relu)
        g.backward()
        return g, a, b

    def answer() -> dict[str, float]:
        g, a, b = run()
        return named(g.data, (a.grad, b.grad))

    return Job(run, answer)


def called(function: Callable[[], tuple[Any, Any]]) -> Job:
    """An engine whose function returns the number and the gradient."""
    return Job(function, lambda: named(*function()))


def method(x: Any) -> Any:
    return x.relu()


def ours(size: str) -> Job:
    from autograd_bp import Value

    return recorded(Value, size, method)


def micrograd(size: str) -> Job:
    from micrograd.engine import Value

    return recorded(Value, size, method)


def microgpt(size: str) -> Job:
    from benchmarks.microgpt_value import Value

    return recorded(Value, size, method)


def torch(size: str) -> Job:
    torch = engines.torch()
    return recorded(lambda x: torch.tensor(x, requires_grad=True), size, torch.relu)


def xad(size: str) -> Job:
    import xad.adj_1st as adjoint
    from xad.math import max as maximum

    expression, (x, y) = EXPRESSIONS[size], POINTS[size]
    tape = adjoint.Tape()
    tape.activate()

    def run() -> tuple[Any, Any]:
        a, b = adjoint.Real(x), adjoint.Real(y)
        tape.registerInput(a)
        tape.registerInput(b)
        tape.newRecording()
        g = expression(a, b, lambda u: maximum(u, 0.0))
        tape.registerOutput(g)
        g.derivative = 1.0
        tape.computeAdjoints()
        result = g.value, (a.derivative, b.derivative)
        tape.clearAll()
        return result

    return called(run)


def autograd(size: str) -> Job:
    import autograd.numpy as anp
    from autograd import value_and_grad

    expression, (x, y) = EXPRESSIONS[size], POINTS[size]
    both = value_and_grad(lambda v: expression(v[0], v[1], lambda u: anp.maximum(u, 0.0)))
    return called(lambda: both((x, y)))


def jax_function(size: str) -> Any:
    jax = engines.jax()
    relu = jax.nn.relu
    expression = EXPRESSIONS[size]
    return jax, jax.value_and_grad(lambda a, b: expression(a, b, relu), argnums=(0, 1))


def jax_eager(size: str) -> Job:
    jax, both = jax_function(size)
    return called(lambda: jax.block_until_ready(both(*POINTS[size])))


def jax_jit(size: str) -> Job:
    jax, both = jax_function(size)
    compiled = jax.jit(both)
    return called(lambda: jax.block_until_ready(compiled(*POINTS[size])))


def casadi_function(size: str) -> Any:
    import casadi

    a, b = casadi.SX.sym("a"), casadi.SX.sym("b")
    g = EXPRESSIONS[size](a, b, lambda u: casadi.fmax(u, 0.0))
    ab = casadi.vertcat(a, b)
    return casadi.Function("g", [ab], [g, casadi.gradient(g, ab)])


def casadi_each_time(size: str) -> Job:
    def run() -> tuple[Any, Any]:
        g, gradient = casadi_function(size)(POINTS[size])
        return g, (gradient[0], gradient[1])

    return called(run)


def casadi_once(size: str) -> Job:
    function = casadi_function(size)

    def run() -> tuple[Any, Any]:
        g, gradient = function(POINTS[size])
        return g, (gradient[0], gradient[1])

    return called(run)


def ddx_once(size: str) -> Job:
    import ddx

    @ddx.equation  # type: ignore[untyped-decorator, unused-ignore]
    def model() -> Any:
        return EXPRESSIONS[size](ddx.var("a"), ddx.var("b"), lambda u: ddx.max(u, 0.0))

    compiled = model.compile()
    point = list(POINTS[size])
    return called(lambda: compiled.jacobian(point))


def floats(size: str) -> Job:
    expression, (x, y) = EXPRESSIONS[size], POINTS[size]

    def relu(u: float) -> float:
        return u if u > 0.0 else 0.0

    return Job(lambda: expression(x, y, relu), lambda: {"g": expression(x, y, relu)})


def in_c(function: str) -> Callable[[str], Job]:
    def prepare(size: str) -> Job:
        entry = getattr(build.library("expressions"), function)
        entry.argtypes = [
            ctypes.c_int,
            ctypes.c_double,
            ctypes.c_double,
            ctypes.c_long,
            ctypes.POINTER(ctypes.c_double),
        ]
        entry.restype = None
        out = build.doubles([0.0] * 3)

        def batch(n: int) -> None:
            entry(size == "small", *POINTS[size], n, out)

        def answer() -> dict[str, float]:
            batch(1)
            return named(out[0], (out[1], out[2]))

        return Job(lambda: batch(1), answer, batch=batch)

    return prepare


WORKLOAD = Workload(
    name="expressions",
    title="Two small expressions",
    about=(
        "The number and both derivatives of the tiny expression (8 operations) and the small "
        "one (micrograd's README) of the BurTorch paper, arXiv 2503.13795, at the points its "
        "published experiments use. The C rows loop inside C."
    ),
    sizes=("tiny", "small"),
    quick=("small",),
    unit="gradient",
    size_name="expression",
    contestants=[
        *both_settings(both_cores(ours)),
        *both_collectors(Contestant("micrograd", micrograd, packages=("micrograd",))),
        *both_collectors(Contestant("microgpt-style Value", microgpt)),
        Contestant("xad", xad, packages=("xad",)),
        Contestant("autograd", autograd, packages=("autograd",)),
        Contestant("torch, scalars", torch, packages=("torch",)),
        Contestant("jax, eager", jax_eager, packages=("jax",)),
        Contestant("jax, jit", jax_jit, ONCE, packages=("jax",)),
        Contestant("casadi SX", casadi_each_time, packages=("casadi",)),
        Contestant("casadi SX, once", casadi_once, ONCE, packages=("casadi",)),
        Contestant("ddx-ad, once", ddx_once, ONCE, packages=("ddx-ad",)),
        Contestant("C, tape", in_c("tape"), packages=("cc",)),
        Contestant("C, by hand", in_c("by_hand"), BY_HAND, packages=("cc",)),
        Contestant("Python floats", floats, FORWARD, only=("g",)),
    ],
)
