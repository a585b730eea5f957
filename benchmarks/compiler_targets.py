"""What compiled programs are to reach, compared with what was measured."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from benchmarks import ready_targets, reasons
from benchmarks.model import OURS
from benchmarks.results import Data, find, sizes
from benchmarks.summary import Spread, ratios, spread
from benchmarks.targets import Verdict
from benchmarks.workloads import BATCHES

LLVM = OURS + " llvm, bound"
THREADS = ", all threads"
FRAMEWORKS = (
    "torch, eager",
    "torch, compiled",
    "jax, jit",
    "ddx-ad, buffer",
    "casadi SX, C, buffer",
)
OPERATIONS = {"2-16-16-1": 1_526, "2-64-64-1": 21_446, "2-128-128-1": 83_846}  # on two numbers
LINEAR = 2.0  # an operation of the largest program takes at most so many times as much as of others
SIZES = (1_000, 10_000, 100_000, 1_000_000)


def verdicts(data: Data) -> list[Verdict]:
    """Every target, in order."""
    bound, array = (f"{OURS} compiled, {each}" for each in ("bound", "array"))
    found = [
        *reasons.verdict(data),
        *ready_targets.verdicts(data),
        *(call(data, bound, peer, 1.0) for peer in ("casadi SX, buffer", "ddx-ad, buffer")),
        call(data, bound, "C, called", 2.0),
        *(call(data, array, peer, 1.0) for peer in ("ddx-ad, array", "jax, jit")),
        *(fastest(data, name) for name in BATCHES),
        *(fastest(data, name, THREADS) for name in BATCHES if name.endswith("-10000")),
        *(near_c(data, name) for name in BATCHES),
        first(data, "compile-networks", OURS + " llvm"),
        first(data, "compile-networks", OURS + " tape"),
        first(data, "compile-graphs", OURS + " auto"),
        *(
            linear(data, name, who, what)
            for name, who in (("compile-networks", " llvm"), ("compile-graphs", " auto"))
            for what in ("time", "memory")
        ),
        replay(data),
        step(data),
    ]
    return [each for each in found if each.found]  # details need not be measured


def ratio(data: Data, name: str, size: Any, over: str, under: str) -> Spread | None:
    """How many times as long `over` takes as `under`, by rounds; None where one is missing."""
    lines = [find(data, name, size, who) for who in (over, under)]
    rounds = [{int(r): ns for r, ns in line["by_round"].items()} for line in lines if line]
    return spread(ratios(*rounds)) if len(rounds) == 2 else None


def text(found: Spread) -> str:
    return f"{found.median:.3g}x ({found.low:.3g} to {found.high:.3g})"


def call(data: Data, ours: str, peer: str, most: float) -> Verdict:
    found = {
        size: each
        for size in sizes(data, "calls")
        if (each := ratio(data, "calls", size, ours, peer))
    }
    kind = ours.rsplit(" ", 1)[-1]
    wanted = "less than" if most == 1.0 else f"at most {most:g}x as long as"
    return judged(
        f"one point, {kind} call: {wanted} {peer}",
        [f"{text(each)} at {size}" for size, each in found.items()],
        [each.median < most for each in found.values()],
        2,
    )


def fastest(data: Data, name: str, threads: str = "") -> Verdict:
    """Each framework takes longer, at every network."""
    found = {
        (peer, size): each
        for size in sizes(data, name)
        for peer in FRAMEWORKS
        if (each := ratio(data, name, size, peer + threads, LLVM + threads))
    }  # fmt: skip
    slower = [
        f"{peer} at {size}: {text(each)}"
        for (peer, size), each in found.items()
        if each.median <= 1.0
    ]
    nearest = min(found.items(), key=lambda item: item[1].median, default=None)
    shown = slower or (
        [f"at least {text(nearest[1])}: {nearest[0][0]} at {nearest[0][1]}"] if nearest else []
    )
    return judged(
        f"{name}: faster than every framework at every network{threads}",
        shown,
        [each.median > 1.0 for each in found.values()],
        6,
    )


def near_c(data: Data, name: str) -> Verdict:
    found = {
        size: each
        for size in sizes(data, name)
        if (each := ratio(data, name, size, LLVM, "C, by hand"))
    }
    return judged(
        f"{name}: at most 1.5x as long as C by hand, vectorised",
        [f"{each.median:.3g}x at {size}" for size, each in found.items()],
        [each.median <= 1.5 for each in found.values()],
        6,
    )


def first(data: Data, name: str, who: str) -> Verdict:
    line = find(data, name, 1_000, who)
    ms = line["ns"]["median"] * 1e-6 if line else 0.0
    return judged(
        f"{name}: at most 100 ms from a function to the first result at 1,000 operations ({who})",
        [f"{ms:.3g} ms"] if line else [],
        [ms <= 100] * bool(line),
    )


def linear(data: Data, name: str, who: str, what: str) -> Verdict:
    """Per operation the largest program takes hardly more than the cheapest smaller one."""
    get: Callable[[Data], float | None] = (
        (lambda line: line["ns"]["median"] * 1e-3)
        if what == "time"
        else (lambda line: line.get("peak_bytes"))
    )
    lines = {size: find(data, name, size, OURS + who) for size in SIZES}
    each = {
        size: number / size
        for size, line in lines.items()
        if line
        for number in [get(line)]
        if number
    }
    unit = "µs" if what == "time" else "bytes"
    least = min((cost for size, cost in each.items() if size < SIZES[-1]), default=1.0)
    return judged(
        f"{name}: {what} linear up to 1,000,000 operations: an operation there within "
        f"{LINEAR:g}x of the cheapest smaller size",
        [f"{cost:.3g} {unit} an operation at {size:,}" for size, cost in each.items()],
        [each.get(SIZES[-1], 0.0) <= LINEAR * least] * len(each),
        len(SIZES),
    )


def replay(data: Data) -> Verdict:
    found = {}
    for network, operations in OPERATIONS.items():
        line = find(data, "relu-1000", network, OURS + " tape, bound")
        if line:
            found[network] = line["ns"]["median"] / operations / 1000
    return judged(
        "replay without compilation: at most 1.5 ns an operation and row (tape)",
        [f"{ns:.3g} ns at {network}" for network, ns in found.items()],
        [ns <= 1.5 for ns in found.values()],
    )


def step(data: Data) -> Verdict:
    line = next(
        (
            find(data, "gpt-compiled", size, OURS + " compiled, padded")
            for size in sizes(data, "gpt-compiled")
        ),
        None,
    )
    ms = line["ns"]["median"] * 1e-6 if line else 0.0
    return judged(
        "a training step of the GPT: at most 1 ms, with the losses of the others over 20 steps",
        [f"{ms:.3g} ms"] if line else [],
        [ms <= 1.0] * bool(line),
    )


def judged(target: str, shown: Sequence[str], met: Sequence[bool], least: int = 1) -> Verdict:
    """Met if all are, and there are enough to say so."""
    if len(met) < least:
        return Verdict(target, ", ".join(shown), None if all(met) else False)
    return Verdict(target, ", ".join(shown), all(met))
