"""One point, over and over, through what each compiler has for that: what a call costs.

The expressions are those of `expressions`. Nobody moves the point between the calls.
"""

# mypy: disable-error-code="import-not-found, import-untyped"
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmarks import build
from benchmarks.model import BY_HAND, FRESH, ONCE, OURS, Contestant, Job, Workload
from benchmarks.workloads.expressions import (
    EXPRESSIONS,
    POINTS,
    casadi_function,
    jax_jit,
    method,
    named,
    ours,
)

COMPILED = ("compiled core", "numpy", "llvmlite")
NO_CACHE = {"AUTOGRAD_BP_CACHE": "off"}


def compiled(size: str) -> Any:
    """The expression as a compiled function of one argument of two numbers."""
    import autograd_bp as bp

    expression = EXPRESSIONS[size]
    return bp.compiled(lambda v: expression(v[0], v[1], method), backend="llvm")


def bound(size: str) -> Job:
    import numpy as np

    call = compiled(size).bind(np.array(POINTS[size]))

    def answer() -> dict[str, float]:
        return named(call(), call.numbers[1:])

    return Job(call, answer)


def convenient(argument: Callable[[tuple[float, float]], Any]) -> Callable[[str], Job]:
    """A call of `value_and_grad`, the point as this argument."""

    def prepare(size: str) -> Job:
        function, point = compiled(size), argument(POINTS[size])
        function.value_and_grad(point)
        both = function.value_and_grad  # from the second call on the quick way
        return Job(lambda: both(point), lambda: named(*both(point)))

    return prepare


def array(point: tuple[float, float]) -> Any:
    import numpy as np

    return np.array(point)


def casadi_buffer(size: str) -> Job:
    import numpy as np

    function = casadi_function(size)
    buffer, call = function.buffer()
    point, g, gradient = np.array(POINTS[size]), np.zeros(1), np.zeros(2)
    buffer.set_arg(0, memoryview(point))
    buffer.set_res(0, memoryview(g))
    buffer.set_res(1, memoryview(gradient))

    def answer(keep: Any = (function, buffer)) -> dict[str, float]:  # freed, they crash the call
        call()
        return named(g[0], gradient)

    return Job(call, answer)


def casadi_plain(size: str) -> Job:
    import numpy as np

    function, point = casadi_function(size), np.array(POINTS[size])

    def answer() -> dict[str, float]:
        g, gradient = function(point)
        return named(g, (gradient[0], gradient[1]))

    return Job(lambda: function(point), answer)


def ddx_model(size: str) -> Any:
    import ddx

    @ddx.equation  # type: ignore[untyped-decorator, unused-ignore]
    def model() -> Any:
        return EXPRESSIONS[size](ddx.var("a"), ddx.var("b"), lambda u: ddx.max(u, 0.0))

    return model.compile()


def ddx_buffer(size: str) -> Job:
    import numpy as np

    call = ddx_model(size).buffer(np.array(POINTS[size]))

    def answer() -> dict[str, float]:
        call()
        return named(call.value, call.jacobian)

    return Job(call, answer)


def ddx_array(size: str) -> Job:
    import numpy as np

    jacobian, point = ddx_model(size).jacobian, np.array(POINTS[size])
    return Job(lambda: jacobian(point), lambda: named(*jacobian(point)))


def in_c(size: str) -> Job:
    module = build.module("called")
    module.set(*POINTS[size])
    call = getattr(module, size)
    return Job(call, lambda: named(call(), module.gradient()))


WORKLOAD = Workload(
    name="calls",
    title="What a call costs",
    about=(
        "The number and both derivatives of the two expressions of `expressions`, once for each "
        "call from Python. Bound calls and buffers have their memory from before and return at "
        'most a float; the others take a point and hand out what is new. "C, called" is the '
        "gradient written by hand in a module of C: a call without arguments that returns a float "
        "is the least that Python can do."
    ),
    sizes=("tiny", "small"),
    quick=("small",),
    unit="call",
    size_name="expression",
    contestants=[
        Contestant(OURS + " compiled, bound", bound, ONCE, COMPILED, environment=NO_CACHE),
        Contestant(
            OURS + " compiled, array", convenient(array), ONCE, COMPILED, environment=NO_CACHE
        ),
        Contestant(
            OURS + " compiled, list", convenient(list), ONCE, COMPILED, environment=NO_CACHE
        ),
        Contestant(OURS, ours, FRESH, ("compiled core",)),
        Contestant("ddx-ad, buffer", ddx_buffer, ONCE, ("ddx-ad",)),
        Contestant("ddx-ad, array", ddx_array, ONCE, ("ddx-ad",)),
        Contestant("casadi SX, buffer", casadi_buffer, ONCE, ("casadi",)),
        Contestant("casadi SX, array", casadi_plain, ONCE, ("casadi",)),
        Contestant("jax, jit", jax_jit, ONCE, ("jax",)),
        Contestant("C, called", in_c, BY_HAND, ("cc",)),
    ],
)
