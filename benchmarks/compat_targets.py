"""How quick scripts for other engines are to be, compared with what was measured."""

from __future__ import annotations

from benchmarks.model import OFF, ON, OURS
from benchmarks.results import Data, find
from benchmarks.summary import ratios, spread
from benchmarks.targets import Verdict
from benchmarks.workloads.compat import CHAIN, COMPAT, GPT, MICROGPT
from benchmarks.workloads.interpreted import NETWORK

SHARE = 0.8  # of the speed of our own Value
TIMES = {ON: 20.0, OFF: 12.0}  # as quick as the Value that microgpt has


def verdicts(data: Data) -> list[Verdict]:
    """Every target, in order."""
    own = [
        faster(data, size, collector, OURS, SHARE)
        for size in (CHAIN, NETWORK)
        for collector in (ON, OFF)
    ]
    theirs = [faster(data, GPT, collector, MICROGPT, TIMES[collector]) for collector in (ON, OFF)]
    return own + theirs


def faster(data: Data, size: str, collector: str, other: str, least: float) -> Verdict:
    """At least `least` times as fast as another engine, with the same collector setting."""
    target = f"{size}: at least {least:g}x as fast as {other} (collector {collector} for both)"
    lines = [find(data, "compat", size, who, collector) for who in (other, COMPAT)]
    rounds = [{int(r): ns for r, ns in line["by_round"].items()} for line in lines if line]
    if len(rounds) < 2:
        return Verdict(target, "", None)
    ratio = spread(ratios(*rounds))
    text = f"{ratio.median:.3g}x ({ratio.low:.3g} to {ratio.high:.3g})"
    return Verdict(target, text, ratio.median >= least)
