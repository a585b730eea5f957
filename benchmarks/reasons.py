"""Where a peer is ahead, and why: a sentence for each, or the page says that there is none."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import NamedTuple

from benchmarks.model import OURS
from benchmarks.results import Data
from benchmarks.summary import ratios, spread
from benchmarks.targets import Verdict
from benchmarks.workloads import COMPILED

AHEAD = 1.1  # a peer takes so many times less than the fastest of our rows
NO_REASON = "**no reason given**"

# Workload, size and contestant by patterns; the first line that fits.
REASONS: tuple[tuple[str, str, str, str], ...] = (
    (
        "compiled-steady",
        "network *",
        "C, by hand",
        "It is written for this very network: tiles of registers chosen by hand, and each array "
        "is read once; ours writes what the backward pass reads again.",
    ),
    (
        "compiled-steady",
        "chain *",
        "C, by hand",
        "It carries the derivative along in one loop; ours keeps every state and goes back, as "
        "reverse mode does, and reads them again.",
    ),
    (
        "compiled-steady",
        "n-body *",
        "C, by hand",
        "It goes over the pairs once and adds each force where it belongs; ours stores what each "
        "pair makes and gathers it by tables of places.",
    ),
    (
        "compiled-steady",
        "k-means *",
        "C, by hand",
        "It knows that only the nearest centroid counts and that the second derivative is 2; ours "
        "computes the derivatives of every distance and multiplies by 0.",
    ),
    (
        "compiled-steady",
        "softmax *",
        "C, by hand",
        "Its exponentials are those that -ffast-math takes out of glibc's vector library, and it "
        "has the sizes of both loops as constants.",
    ),
    (
        "compiled-steady",
        "GPT *",
        "C, by hand",
        "It records a name of six letters; ours computes all 16 positions of a padded one.",
    ),
    (
        "compiled-steady",
        "*",
        "ddx-ad",
        "It compiles straight-line code for this one size, without loops and tables of places, at "
        "the price of its first call (see the table above).",
    ),
    (
        "compiled-first",
        "*",
        "casadi",
        "CasADi interprets its expressions: nothing is compiled, rolled or unrolled before the "
        "first call, and each later call takes longer for it (see the next table).",
    ),
    (
        "compiled-first",
        "*",
        "ddx-ad",
        "It makes straight-line code of small programs without looking for loops in it.",
    ),
    (
        "compiled-first",
        "*",
        "jax, jit",
        "JAX was given arrays and `scan`, a handful of operations; ours was given scalar code, "
        "which Python runs operation by operation before anything else happens.",
    ),
    (
        "compiled-threads",
        "prices *",
        "torch, compiled",
        "Both wait for memory: five arrays of results are written on every call.",
    ),
    (
        "compiled-threads",
        "prices *",
        "jax, jit",
        "Both wait for memory: five arrays of results are written on every call.",
    ),
)


class Ahead(NamedTuple):
    """A peer that took less time than the fastest of our rows: how many times less, and why."""

    workload: str
    size: str
    peer: str
    ratio: float
    reason: str


def ahead(data: Data) -> list[Ahead]:
    """Every case of the tables of problems in which a peer is ahead by more than `AHEAD`."""
    return [
        Ahead(workload["name"], str(case["size"]), name, ratio, reason_for(
            workload["name"], str(case["size"]), name
        ))
        for workload in data["workloads"]
        if workload["name"] in COMPILED
        for case in workload["cases"]
        for name, ratio in _faster(case)
    ]  # fmt: skip


def _faster(case: Data) -> Iterator[tuple[str, float]]:
    lines = [line for line in case["contestants"] if line["status"] == "measured"]
    own = [line for line in lines if line["name"].startswith(OURS)]
    if not own:
        return
    best = _by_round(min(own, key=lambda line: float(line["ns"]["median"])))
    for line in lines:
        if line not in own:
            found = ratios(best, _by_round(line))
            if found and (ratio := spread(found).median) > AHEAD:
                yield line["name"], ratio


def _by_round(line: Data) -> dict[int, float]:
    return {int(number): float(ns) for number, ns in line["by_round"].items()}


def reason_for(workload: str, size: str, peer: str) -> str:
    """The sentence for a peer that is ahead there."""
    for *patterns, sentence in REASONS:
        if all(map(fnmatchcase, (workload, size, peer), patterns)):
            return sentence
    return NO_REASON


def unexplained(data: Data) -> list[str]:
    """Cases without a reason, in words."""
    return [
        f"{each.workload}, {each.size}: {each.peer} is {each.ratio:.3g}x ahead"
        for each in ahead(data)
        if each.reason == NO_REASON
    ]


def section(data: Data) -> str:
    """A part of the page; the empty string where the tables of problems were not measured."""
    from benchmarks.report import table

    if not any(workload["name"] in COMPILED for workload in data["workloads"]):
        return ""
    rows = [
        [each.workload, each.size, each.peer, f"{each.ratio:.3g}x", each.reason]
        for each in ahead(data)
    ]
    text = f"## Where a peer is ahead\n\nEvery case in which a peer takes {AHEAD:g}x less time than"
    text += " the fastest row of this library, and why:\n\n"
    if not rows:
        return text.partition("\n\n")[0] + "\n\nNowhere by more than " + f"{AHEAD:g}x."
    return text + table(["table", "problem", "peer", "ahead", "why"], rows)


def verdict(data: Data) -> list[Verdict]:
    """Whether there is a reason for each; nothing where the tables were not measured."""
    if not section(data):
        return []
    missing = unexplained(data)
    target = f"no peer more than {AHEAD:g}x ahead without a sentence that says why"
    return [Verdict(target, "; ".join(missing) or f"{len(ahead(data))} cases", not missing)]
