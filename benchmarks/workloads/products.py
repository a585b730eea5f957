"""One operation on two Values against the same on two floats."""

# mypy: disable-error-code="import-not-found, import-untyped"
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmarks.model import (
    FORWARD,
    Contestant,
    Job,
    Workload,
    both_collectors,
    both_cores,
    both_settings,
)

UNROLLED = 100  # written out in a row, so that the loop around them costs next to nothing
X, Y = 0.75, -1.25


def loop_of(operation: str) -> Callable[[Any, Any, int], None]:
    """A function that computes and drops the operation, 100 times n."""
    lines = ["def loop(a, b, n):", "    for _ in range(n):", *[f"        {operation}"] * UNROLLED]
    space: dict[str, Any] = {}
    exec("\n".join(lines), space)
    loop: Callable[[Any, Any, int], None] = space["loop"]
    return loop


def repeated(make: Callable[[float], Any], operation: str) -> Job:
    loop = loop_of(operation)
    a, b = make(X), make(Y)

    def answer() -> dict[str, float]:
        y = a * b if operation == "a * b" else a + b
        return {"y": float(getattr(y, "data", y))}

    return Job(lambda: loop(a, b, 1), answer, units=UNROLLED, batch=lambda n: loop(a, b, n))


def ours(operation: str) -> Job:
    from autograd_bp import Value

    return repeated(Value, operation)


def micrograd(operation: str) -> Job:
    from micrograd.engine import Value

    return repeated(Value, operation)


def microgpt(operation: str) -> Job:
    from benchmarks.microgpt_value import Value

    return repeated(Value, operation)


def floats(operation: str) -> Job:
    return repeated(float, operation)


WORKLOAD = Workload(
    name="products",
    title="One operation",
    about=(
        "The line `a * b` (or `a + b`) on two Values that are there: recorded and dropped at "
        "once, no sweep. The same line on two floats. It stands 100 times in the body of a loop."
    ),
    sizes=("a * b", "a + b"),
    quick=("a * b",),
    unit="operation",
    size_name="operation",
    contestants=[
        *both_settings(both_cores(ours)),
        *both_collectors(Contestant("micrograd", micrograd, packages=("micrograd",))),
        *both_collectors(Contestant("microgpt-style Value", microgpt)),
        Contestant("Python floats", floats, FORWARD),
    ],
)
