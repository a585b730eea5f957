"""How soon a compiled gradient is to be there, compared with what was measured."""

from __future__ import annotations

from benchmarks.results import Data, find, sizes
from benchmarks.summary import spread
from benchmarks.targets import Verdict
from benchmarks.workloads.ready import COMPILED_NAME, EAGER_NAME

NAMES = ("ready", "unrolled")  # of the workloads
NETWORKS, OTHERS = 10.0, 30.0  # eager gradients that a first one may take
AND = 3e6  # nanoseconds beside that


def verdicts(data: Data) -> list[Verdict]:
    """Every target, in order."""
    return [verdict(data, name, size) for name in NAMES for size in sizes(data, name)]


def verdict(data: Data, name: str, size: str) -> Verdict:
    """The first gradient in eager gradients, both of one round."""
    most = NETWORKS if size.startswith("network") else OTHERS
    target = f"{size}: first gradient at most {most:g} eager gradients and {AND * 1e-6:g} ms"
    first, eager = (find(data, name, size, who) for who in (COMPILED_NAME, EAGER_NAME))
    if first is None or eager is None:
        return Verdict(target, "", None)
    rounds = [
        (first["by_round"][r], eager["by_round"][r])
        for r in first["by_round"]
        if r in eager["by_round"]
    ]
    ratio = spread([a / b for a, b in rounds])
    met = spread([(a - AND) / b for a, b in rounds]).median <= most
    text = f"{ratio.median:.3g}x ({ratio.low:.3g} to {ratio.high:.3g})"
    return Verdict(target, text, met)
