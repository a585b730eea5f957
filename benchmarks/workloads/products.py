"""One product, one dot product, one neuron: what an operation costs without its neighbours."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from benchmarks.model import (
    FORWARD,
    Contestant,
    Job,
    Workload,
    both_collectors,
    both_cores,
)

UNROLLED = 100  # products written out in a row, so that the loop costs next to nothing
PRODUCT = "a * b"
KINDS = (PRODUCT, "10 pairs", "100 pairs", "1000 pairs")


def product_loop() -> Callable[[Any, Any, int], None]:
    """A function that computes and drops a * b, 100 times n."""
    lines = ["def loop(a, b, n):", "    for _ in range(n):", *["        a * b"] * UNROLLED]
    space: dict[str, Any] = {}
    exec("\n".join(lines), space)  # noqa: S102
    loop: Callable[[Any, Any, int], None] = space["loop"]
    return loop


def product(make: Callable[[float], Any]) -> Job:
    loop = product_loop()
    a, b = make(0.75), make(-1.25)

    def answer() -> dict[str, float]:
        y = a * b
        return {"y": float(getattr(y, "data", y))}

    return Job(lambda: loop(a, b, 1), answer, units=UNROLLED, batch=lambda n: loop(a, b, n))


def pairs(kind: str) -> int:
    return int(kind.split()[0])


def numbers(n: int) -> tuple[list[float], list[float]]:
    random = Random(n)
    return ([random.uniform(-1, 1) for _ in range(n)], [random.uniform(-1, 1) for _ in range(n)])


Combine = Callable[[list[Any], list[Any]], Any]


def sum_of_products(make: Callable[[float], Any], n: int, combine: Combine) -> Job:
    """Σ w x recorded, swept and freed; w and x are there already."""
    w, x = ([make(number) for number in side] for side in numbers(n))

    def run() -> Any:
        y = combine(w, x)
        y.backward()
        return y

    def answer() -> dict[str, float]:
        for each in (*w, *x):
            each.grad = 0.0
        y = run()
        return {"y": y.data, **{f"dy/dw{i}": each.grad for i, each in enumerate(w)},
                **{f"dy/dx{i}": each.grad for i, each in enumerate(x)}}

    return Job(run, answer, units=n)


def by_operators(w: list[Any], x: list[Any]) -> Any:
    y = w[0] * x[0]
    for w_i, x_i in zip(w[1:], x[1:], strict=True):
        y = y + w_i * x_i
    return y


def ours_by_operators(kind: str) -> Job:
    from autograd_bp import Value

    return product(Value) if kind == PRODUCT else sum_of_products(Value, pairs(kind), by_operators)


def ours_by_dot(kind: str) -> Job:
    from autograd_bp import Value, dot

    if kind == PRODUCT:
        raise NotImplementedError("a * b is no dot product")
    return sum_of_products(Value, pairs(kind), dot)


def micrograd(kind: str) -> Job:
    from micrograd.engine import Value

    return product(Value) if kind == PRODUCT else sum_of_products(Value, pairs(kind), by_operators)


def microgpt(kind: str) -> Job:
    from benchmarks.microgpt_value import Value

    return product(Value) if kind == PRODUCT else sum_of_products(Value, pairs(kind), by_operators)


def floats(kind: str) -> Job:
    if kind == PRODUCT:
        return product(float)
    w, x = numbers(pairs(kind))
    return Job(lambda: by_operators(w, x), lambda: {"y": by_operators(w, x)}, units=pairs(kind))


WORKLOAD = Workload(
    name="products",
    title="One product, and sums of products",
    about=(
        "`a * b`: the product of two Values that are there, recorded and dropped, written out "
        "100 times in a loop, against the same line on two floats. \"n pairs\": Σ w x of n pairs, "
        "recorded, swept and freed, as one `dot` and with * and +; the time is that of one pair."
    ),
    sizes=KINDS,
    quick=(PRODUCT, "10 pairs"),
    unit="product or pair",
    size_name="what",
    contestants=[
        *(each for contestant in both_cores(ours_by_operators, ", * and +")
          for each in both_collectors(contestant)),
        *both_cores(ours_by_dot, ", dot"),
        Contestant("micrograd", micrograd, packages=("micrograd",)),
        Contestant("microgpt-style Value", microgpt),
        Contestant("Python floats", floats, FORWARD, only=("y",)),
    ],
)
