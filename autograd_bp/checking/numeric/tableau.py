"""Extrapolated difference quotients, and the choice of the steps that are believed.

Quotients with steps h, h/2, h/4 ... are extrapolated to h = 0: Richardson's deferred approach to
the limit, in Neville's scheme. Central quotients have an error in even powers of h, one-sided ones
in all powers. The estimated error is the disagreement of neighbouring entries, as Ridders (1982)
has it, plus the noise of the function over the step. Without the noise, entries that agree by
chance would look exact.

Which entry is believed is decided from the shortest step to the longest, as Lepski (1991) chooses
a bandwidth: a longer step is more precise, but it may see another function (the tail beside a
peak, the mean slope of many kinks). So it is believed as long as it agrees with all shorter ones.
"""

from __future__ import annotations

import math
from typing import NamedTuple

__all__ = ["SAFETY", "Candidate", "Choice", "Tableau"]

MAX_COLUMNS = 7  # of the tableau: a polynomial of degree 14 in h for central quotients
SAFETY = 4.0  # a slope may be off by this many times its estimated error
MOST_DOUBT = 0.125  # of an entry: rounding of the argument does not make it another one
STRIKES = 3  # steps in a row that contradict the shorter ones end the search
# How much of the noise over the smallest step an extrapolated quotient has.
NOISE_FACTOR = {1: 8.0, 2: 2.0}


class Candidate(NamedTuple):
    """An entry of the tableau: its value, how far its neighbours are from it, the noise of single
    values of the function there, and the shortest step that it uses."""

    value: float
    disagreement: float
    noise: float
    step: float


class Choice(NamedTuple):
    """The entry that is believed, with its estimated error, and the best one among longer steps
    that contradict it, if there are any."""

    value: float
    error: float
    step: float
    longer: Candidate | None
    longer_error: float


NOTHING = Choice(math.nan, math.inf, 0.0, None, math.inf)


class Tableau:
    """Neville's scheme for quotients whose error is a series in h ** power.

    Arguments:
        power: 2 for central quotients, 1 for one-sided ones.
        grain: how far rounding may move the argument inside the function, as in sin(50 x).
    """

    def __init__(self, power: int, grain: float = 0.0) -> None:
        self.power = power
        self.grain = grain
        self.levels: list[list[Candidate]] = []  # entries, from the longest step to the shortest
        self.quotients: list[tuple[float, float]] = []
        self._steps: list[float] = []
        self._entries: list[float] = []  # of the latest step

    def add(self, h: float, quotient: float, noise: float) -> None:
        """Take the quotient with the next shorter step."""
        if not (math.isfinite(quotient) and 0.0 < h < math.inf):
            self._steps, self._entries = [], []
            return
        self.quotients.append((h, quotient))
        before, entries, level = self._entries, [quotient], []
        for j in range(min(len(before), MAX_COLUMNS)):
            ratio = (self._steps[-1 - j] / h) ** self.power - 1.0
            if ratio <= 0.0:
                break
            entry = entries[j] + (entries[j] - before[j]) / ratio
            disagreement = max(abs(entry - entries[j]), abs(entry - before[j]))
            entries.append(entry)
            if math.isfinite(disagreement):
                level.append(Candidate(entry, disagreement, noise, h))
        if level:
            self.levels.append(level)
        self._steps.append(h)
        self._entries = entries

    def error_of(self, entry: Candidate, noise: float) -> float:
        """The estimated error of an entry where the function is as noisy as this."""
        return entry.disagreement + NOISE_FACTOR[self.power] * max(entry.noise, noise) / entry.step

    def choose(self, noise: float = 0.0) -> Choice:
        """The entry that is believed, for a function as noisy as this."""
        best: Candidate | None = None
        least, strikes, disturbance = math.inf, 0, 0.0
        for k in range(len(self.levels) - 1, -1, -1):
            error, entry = min((self.error_of(entry, noise), entry) for entry in self.levels[k])
            # Noise at short steps disturbs the values at longer ones, too: entries
            # that agree better than that do so by chance.
            disturbance = max(disturbance, error * entry.step)
            error = disturbance / entry.step
            if best is None:
                best, least = entry, error
            elif abs(entry.value - best.value) <= SAFETY * (error + max(least, self._doubt(best))):
                strikes = 0
                if error < least:
                    best, least = entry, error
            else:
                strikes += 1
                if strikes == STRIKES:
                    return self._chosen(best, least, k + STRIKES, noise)
        return self._chosen(best, least, 0, noise)

    def _doubt(self, entry: Candidate) -> float:
        """How far rounding of the argument inside the function may move an entry. Of a few steps
        as short as that, neighbours may agree by chance, and must not overrule all longer ones."""
        doubt = NOISE_FACTOR[self.power] * self.grain / entry.step
        return min(doubt, MOST_DOUBT) * abs(entry.value)

    def _chosen(self, best: Candidate | None, error: float, above: int, noise: float) -> Choice:
        if best is None:
            return NOTHING
        longer = [
            (self.error_of(entry, noise), entry) for level in self.levels[:above] for entry in level
        ]
        other_error, other = min(longer, default=(math.inf, None))
        return Choice(best.value, error, best.step, other, other_error)
