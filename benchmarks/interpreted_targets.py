"""What the interpreted core is to reach, compared with what was measured."""

from __future__ import annotations

from benchmarks.model import INTERPRETED, OFF, ON
from benchmarks.results import Data, find, sizes
from benchmarks.summary import ratios, spread
from benchmarks.targets import Verdict

PEER = "microgpt-style Value"


def verdicts(data: Data) -> list[Verdict]:
    """Every target, in order."""
    return [
        as_fast(data, size, collector)
        for size in sizes(data, "interpreted")
        for collector in (OFF, ON)
    ]


def as_fast(data: Data, size: str, collector: str) -> Verdict:
    """At most as long as the plain Value, both with the same collector setting."""
    target = f"{size}: at most as long as {PEER} (collector {collector} for both)"
    lines = [find(data, "interpreted", size, who, collector) for who in (INTERPRETED, PEER)]
    rounds = [{int(r): ns for r, ns in line["by_round"].items()} for line in lines if line]
    if len(rounds) < 2:
        return Verdict(target, "", None)
    ratio = spread(ratios(*rounds))
    text = f"{ratio.median:.3g}x ({ratio.low:.3g} to {ratio.high:.3g})"
    return Verdict(target, text, ratio.median <= 1.0)
