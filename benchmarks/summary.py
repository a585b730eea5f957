"""Medians, quartiles, and ratios taken round by round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median
from typing import NamedTuple


class Spread(NamedTuple):
    """The middle of some measurements and how far they reach."""

    median: float
    low: float
    high: float
    rounds: int


def spread(numbers: Sequence[float]) -> Spread:
    """The median and the quartiles; of fewer than four numbers the least and the greatest."""
    if not numbers:
        raise ValueError("there is nothing to summarise")
    ordered = sorted(numbers)
    if len(ordered) < 4:
        return Spread(median(ordered), ordered[0], ordered[-1], len(ordered))
    return Spread(median(ordered), quantile(ordered, 0.25), quantile(ordered, 0.75), len(ordered))


def quantile(ordered: Sequence[float], q: float) -> float:
    """The q-quantile of sorted numbers, linear between neighbours."""
    place = q * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def ratios(times: Mapping[int, float], reference: Mapping[int, float]) -> list[float]:
    """time / reference of every round in which both took part, in the order of the rounds.

    Both times of one ratio were measured within moments of each other, so a machine that
    slows down for a while slows both.
    """
    return [times[r] / reference[r] for r in sorted(times) if r in reference]


def schedule(counts: Sequence[int]) -> list[list[int]]:
    """Who runs in each round, in which order.

    Arguments:
        counts: the number of rounds that each contestant takes part in.

    Returns: a list of contestants for each round. A contestant with fewer rounds than others
        is in the first ones; the order is turned by one place from round to round, so that
        nobody always runs after the same neighbour.
    """
    n = len(counts)
    return [
        [i for i in ((r + k) % n for k in range(n)) if r < counts[i]]
        for r in range(max(counts, default=0))
    ]
