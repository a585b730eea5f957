"""`python -m benchmarks.drawing`: time and size for 100 to 100,000 values, to DRAWING.md."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.drawing import diff, draw, renderer

SIZES = (100, 1_000, 10_000, 100_000)
RESULTS = Path(__file__).parents[1] / "DRAWING.md"


def chain(n: int) -> Value:
    """x -> sin(x · 1.01), again and again."""
    value = Value(1.0, "x")
    for _ in range(n // 3):
        value = bp.sin(value * 1.01)
    return value


def network(n: int) -> Value:
    """The performance of a network of three layers with about n values."""
    width = max(2, int((n / 3) ** 0.5))
    numbers = random.Random(0)
    values = [Value(numbers.random(), f"x{i}") for i in range(width)]
    for layer in range(3):
        values = [
            bp.sigmoid(
                bp.dot(
                    [Value(numbers.uniform(-1, 1), f"w[{layer},{j},{i}]") for i in range(width)],
                    values,
                )
            )
            for j in range(width)
        ]
    return bp.performance([0.0] * width, values)


def tangle(n: int) -> Value:
    """Operations on random earlier values: no chain, no layer."""
    numbers = random.Random(0)
    values = [Value(numbers.random(), f"x{i}") for i in range(10)]
    for i in range(n - 11):
        left, right = values[-1 - i % 7], numbers.choice(values)
        values.append(left * 0.5 + right if i % 3 else bp.tanh(left - right))
    return bp.sum(values[-10:])


def measure(name: str, build: Callable[[int], Value], n: int) -> str:
    value = build(n)
    value.backward()
    start = time.perf_counter()
    drawing = draw(value)
    text = time.perf_counter() - start
    start = time.perf_counter()
    svg = drawing.svg if renderer() else ""
    layout = time.perf_counter() - start
    start = time.perf_counter()
    difference = diff(value, value)
    compared = time.perf_counter() - start
    cards = int(repr(drawing).split()[2])
    assert difference.dot
    return (
        f"| {name} | {n:,} | {cards:,} | {text:.2f} | {len(drawing.dot) / 1e3:,.0f} "
        f"| {layout:.2f} | {len(svg) / 1e3:,.0f} | {compared:.2f} |"
    )


def main() -> None:
    lines = [
        "# Pictures of large graphs",
        "",
        "`python -m benchmarks.drawing` repeats this. One core, the "
        f"{bp.info()['core']} core of the engine, renderer `{Path(renderer()).name}`; seconds and "
        "kilobytes; `diff` compares the graph with itself.",
        "",
        "| graph | values, about | cards | DOT s | DOT kB | layout s | SVG kB | diff s |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for name, build in (("chain", chain), ("network", network), ("tangle", tangle)):
        for n in SIZES:
            lines.append(measure(name, build, n))
            print(lines[-1], flush=True)
    RESULTS.write_text("\n".join([*lines, ""]), encoding="utf-8")


if __name__ == "__main__":
    main()
