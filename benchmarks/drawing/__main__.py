"""`python -m benchmarks.drawing`: time and size for 100 to 100,000 values and for the graphs of the
gallery's contact sheet, beside pictures with a node for each value and operation, to DRAWING.md.
"""

from __future__ import annotations

import importlib
import math
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import autograd_bp as bp
from autograd_bp import Value, graph
from autograd_bp.drawing import Drawing, diff, draw, renderer
from autograd_bp.drawing.output import render

SIZES = (100, 1_000, 10_000, 100_000)
RESULTS = Path(__file__).parents[1] / "DRAWING.md"
EXAMPLES = Path(__file__).parents[2] / "examples"
PATIENCE = 20.0  # seconds for one layout, by the clock on the wall


def clock() -> float:
    """Seconds of processor time of this process and of those that it has waited for: what else runs
    on the machine does not count."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


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
    start = clock()
    drawing = draw(value)
    text = clock() - start
    start = clock()
    svg = drawing.svg if renderer() else ""
    layout = clock() - start
    start = clock()
    difference = diff(value, value)
    compared = clock() - start
    cards = int(repr(drawing).split()[2])
    assert difference.dot
    return (
        f"| {name} | {n:,} | {cards:,} | {text:.2f} | {len(drawing.dot) / 1e3:,.0f} "
        f"| {layout:.2f} | {len(svg) / 1e3:,.0f} | {compared:.2f} |"
    )


def programs() -> dict[str, str]:
    """The programs that lay out pictures: the system's, and the one that comes along."""
    known = {"dot": shutil.which("dot") or "", "graphviz-pure": next(render._embedded(), "")}
    return {name: path for name, path in known.items() if path}


def node_for_everything(value: Value) -> str:
    """The picture that micrograd's draw_dot and torchviz make of a graph: a box for each value, a
    circle for each operation, and nothing folded.
    """
    order = graph.topological_order(value)
    name = {node: f"v{i}" for i, node in enumerate(order)}
    lines = ["digraph { rankdir=LR"]
    for node in order:
        words = f"{node.label} | data {node.data:.4f} | grad {node.grad:.4f}"
        lines.append(f'{name[node]} [shape=record label="{{ {words} }}"]')
        if node.op is not None:
            lines.append(f'{name[node]}o [label="{node.op.name}"] {name[node]}o -> {name[node]}')
            lines += [f"{name[parent]} -> {name[node]}o" for parent in node.parents]
    return "\n".join([*lines, "}"])


def laid_out(program: str, dot: str) -> tuple[float, str]:
    """The seconds of a layout, and width x height in pixels."""
    start = clock()
    try:
        done = subprocess.run(
            [program, "-Tsvg"],
            input=dot.encode(),
            capture_output=True,
            timeout=PATIENCE,
            check=True,
        )
    except subprocess.TimeoutExpired:
        return PATIENCE, "none"
    width, height = render.size(done.stdout.decode())
    return clock() - start, f"{width / 0.75:,.0f} x {height / 0.75:,.0f}"


def drawn(value: Value, program: str) -> tuple[Drawing, float, str]:
    """A picture by `draw`, the seconds until its SVG is there, and its width x height in pixels."""
    path = os.environ["PATH"]
    if Path(program).name != "dot":
        os.environ["PATH"] = ""  # the program that comes along is taken where there is no dot
    try:
        start = clock()
        drawing = draw(value, variables=False)
        width, height = render.size(drawing.svg)
        return drawing, clock() - start, f"{width / 0.75:,.0f} x {height / 0.75:,.0f}"
    finally:
        os.environ["PATH"] = path


def beside(name: str, value: Value, program: str) -> str:
    """A graph as `draw` draws it, and with a node for everything."""
    value.backward()
    drawing, ours, size = drawn(value, program)
    theirs, their_size = laid_out(program, node_for_everything(value))
    count = len(graph.topological_order(value))
    return (
        f"| {name} | {count:,} | {len(drawing.scene.cards) if drawing.scene else 0} "
        f"| {ours:.2f} | {size} | {'> ' if their_size == 'none' else ''}{theirs:.2f} "
        f"| {their_size} |"
    )


def common() -> list[str]:
    """The graphs of the contact sheet, with each program."""
    sys.path.insert(0, str(EXAMPLES))
    graphs = importlib.import_module("common_graphs").GRAPHS
    lines: list[str] = []
    for program, path in programs().items():
        lines += [
            "",
            f"## Graphs that people have, with {program}",
            "",
            "On the left as `draw` draws them, on the right with a node for each value and each "
            "operation, as micrograd's draw_dot and torchviz draw. Without a program only the text "
            "is written (.dot, .mmd).",
            "",
            "| graph | values | cards | s | pixels | all nodes: s | pixels |",
            "|---|--:|--:|--:|--:|--:|--:|",
        ]
        for title, build in graphs.values():
            lines.append(beside(title, build(), path))
            print(lines[-1], flush=True)
    return lines


def in_torch(steps: int) -> str:
    """What torchviz draws of a recurrence of scalars; nothing where it is missing."""
    try:
        torch = importlib.import_module("torch")
        torchviz = importlib.import_module("torchviz")
    except ImportError:
        return ""
    w, u, s = (torch.tensor(x, requires_grad=True) for x in (0.9, 0.4, 0.1))
    for i in range(steps):
        s = torch.tanh(w * s + u * math.sin(i))
    return str(torchviz.make_dot(s, {"w": w, "u": u}).source)


def growing() -> list[str]:
    """From 100 to 100,000 values, with each program. A way that takes too long is left there."""
    sys.path.insert(0, str(EXAMPLES))
    recurrence = importlib.import_module("common_graphs").recurrence
    kinds: dict[str, Callable[[int], Value]] = {
        "recurrence": lambda n: recurrence(n // 5),
        "network": network,
        "tangle": tangle,
    }
    lines: list[str] = []
    for program, path in programs().items():
        lines += [
            "",
            f"## From 100 to 100,000 values, with {program}",
            "",
            "Seconds and pixels: `draw` (text and layout), a node for each value and operation in "
            "the manner of draw_dot, and torchviz on the same recurrence of scalars.",
            "",
            "| graph | values | draw: s | pixels | all nodes: s | pixels | torchviz: s | pixels |",
            "|---|--:|--:|--:|--:|--:|--:|--:|",
        ]
        for name, build in kinds.items():
            late: set[str] = set()
            for n in SIZES:
                lines.append(grown(name, build(n), n, path, late))
                print(lines[-1], flush=True)
    return lines


def grown(name: str, value: Value, n: int, program: str, late: set[str]) -> str:
    """A line of that table; `late` collects what took too long."""
    value.backward()
    _, seconds, pixels = drawn(value, program)
    cells = [f"{seconds:.2f}", pixels]
    others: dict[str, Callable[[], str]] = {
        "all": lambda: node_for_everything(value),
        "torch": lambda: in_torch(n // 5) if name == "recurrence" else "",
    }
    for kind, text in others.items():
        dot = "" if kind in late else text()
        if not dot:
            cells += ["> 20" if kind in late else "", ""]
            continue
        seconds, pixels = laid_out(program, dot)
        if pixels == "none":
            late.add(kind)
        cells += [f"{'> ' if pixels == 'none' else ''}{seconds:.2f}", pixels]
    return f"| {name} | {len(graph.topological_order(value)):,} | {' | '.join(cells)} |"


def main() -> None:
    lines = [
        "# Pictures of large graphs",
        "",
        "`python -m benchmarks.drawing` repeats this. One core, the "
        f"{bp.info()['core']} core of the engine, renderer `{Path(renderer()).name}`; seconds of "
        "processor time and kilobytes; `diff` compares the graph with itself. "
        f'"> 20": stopped after {PATIENCE:.0f} s of the clock on the wall.',
        "",
        "| graph | values, about | cards | DOT s | DOT kB | layout s | SVG kB | diff s |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for name, build in (("chain", chain), ("network", network), ("tangle", tangle)):
        for n in SIZES:
            lines.append(measure(name, build, n))
            print(lines[-1], flush=True)
    lines += common()
    lines += growing()
    RESULTS.write_text("\n".join([*lines, ""]), encoding="utf-8")


if __name__ == "__main__":
    main()
