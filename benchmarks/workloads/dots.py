"""Sums of products: one dot node against a node for each * and +."""

# mypy: disable-error-code="import-not-found, import-untyped"
from __future__ import annotations

from collections.abc import Callable
from random import Random
from time import perf_counter_ns as now
from typing import Any

from benchmarks.model import (
    FORWARD,
    Contestant,
    Job,
    Workload,
    both_cores,
    both_settings,
)

Combine = Callable[[list[Any], list[Any]], Any]
TOGETHER = 1000  # pairs between two looks at the clock, so that looking costs nothing


def numbers(n: int) -> tuple[list[float], list[float]]:
    random = Random(n)
    return ([random.uniform(-1, 1) for _ in range(n)], [random.uniform(-1, 1) for _ in range(n)])


def sum_of_products(make: Callable[[float], Any], n: int, combine: Combine) -> Job:
    """Σ w x recorded, swept and freed, apart; w and x are there already."""
    w, x = ([make(number) for number in side] for side in numbers(n))
    sums = max(1, TOGETHER // n)

    def phases() -> dict[str, int]:
        start = now()
        graphs = [combine(w, x) for _ in range(sums)]
        recorded = now()
        for y in graphs:
            y.backward()
        swept = now()
        del graphs, y
        return {"record": recorded - start, "sweep": swept - recorded, "free": now() - swept}

    def answer() -> dict[str, float]:
        for each in (*w, *x):
            each.grad = 0.0
        y = combine(w, x)
        y.backward()
        return {
            "y": y.data,
            **{f"dy/dw{i}": each.grad for i, each in enumerate(w)},
            **{f"dy/dx{i}": each.grad for i, each in enumerate(x)},
        }

    return Job(phases, answer, units=n * sums, phases=phases)


def by_operators(w: list[Any], x: list[Any]) -> Any:
    y = w[0] * x[0]
    for w_i, x_i in zip(w[1:], x[1:], strict=True):
        y = y + w_i * x_i
    return y


def ours_by_operators(n: int) -> Job:
    from autograd_bp import Value

    return sum_of_products(Value, n, by_operators)


def ours_by_dot(n: int) -> Job:
    from autograd_bp import Value, dot

    return sum_of_products(Value, n, dot)


def micrograd(n: int) -> Job:
    from micrograd.engine import Value

    return sum_of_products(Value, n, by_operators)


def microgpt(n: int) -> Job:
    from benchmarks.microgpt_value import Value

    return sum_of_products(Value, n, by_operators)


def floats(n: int) -> Job:
    w, x = numbers(n)
    return Job(lambda: by_operators(w, x), lambda: {"y": by_operators(w, x)}, units=n)


WORKLOAD = Workload(
    name="dots",
    title="Sums of products",
    about=(
        "Σ w x of n pairs of Values that are there, recorded, swept and freed: as one `dot`, and "
        f"with * and +, {TOGETHER} pairs at a time. The time is that of one pair."
    ),
    sizes=(10, 100, 1000),
    quick=(10,),
    unit="pair",
    size_name="pairs",
    contestants=[
        *both_settings(both_cores(ours_by_dot, ", dot")),
        *both_cores(ours_by_operators, ", * and +"),
        Contestant("micrograd", micrograd, packages=("micrograd",)),
        Contestant("microgpt-style Value", microgpt),
        Contestant("Python floats", floats, FORWARD, only=("y",)),
    ],
)
