"""Programs that many compute: each in scalar code for one row, and with arrays for all rows.

A size of the tables `compiled-...` is a problem: a kind and a count, "RK4 100".
"""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.problems import geometry, recurrent, static
from benchmarks.problems.model import Problem

KINDS: dict[str, Callable[[int], Problem]] = {
    "chain": recurrent.chain,
    "irregular": recurrent.irregular,
    "RK4": recurrent.runge_kutta,
    "LSTM": recurrent.lstm,
    "attention": static.attention,
    "convolution": static.convolution,
    "n-body": static.bodies,
    "prices": static.prices,
    "bundle": geometry.bundle,
    "hand": geometry.hand,
    "softmax": static.softmax,
    "k-means": static.k_means,
}


def problem_of(size: str) -> Problem:
    """The problem that a size names."""
    kind, count = size.rsplit(" ", 1)
    return KINDS[kind](int(count.replace(",", "")))
