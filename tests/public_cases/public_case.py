"""A case from another project's public tracker, with the numbers that are right.

Only the question is theirs: which function, at which point. The right numbers are ours: derivatives
of an exact function by mpmath at many digits, or the policy of docs/kinks.md.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from mpmath import mp, mpf

import autograd_bp as bp
from benchmarks.fuzz.exact import Partials

EPSILON = 2.0**-52
ULPS = 16.0
TINY = 2.0**-1022
TAIL_DIGITS = 350
TRUNCATED = 1e-38  # of a difference of steps of 1e-20


@dataclass(frozen=True, eq=False)
class Case:
    """A function at a point.

    Attributes:
        source: owner/repository#number of the report.
        title: what it is about.
        function: of one or several numbers.
        at: the point.
        exact: the same function on numbers of mpmath, where it has derivatives.
        value, gradient, hessian: instead of what `exact` says, or None where nothing is promised.
        needs: the functions of the package that it calls, by name.
        ulps: how many units in the last place are allowed, times the condition.
    """

    source: str
    title: str
    function: Callable[..., Any]
    at: tuple[float, ...]
    exact: Callable[..., Any] | None = None
    value: float | None = None
    gradient: Sequence[float] | None = None
    hessian: Sequence[Sequence[float]] | None = None
    needs: tuple[str, ...] = ()
    ulps: float = ULPS

    def __str__(self) -> str:
        return f"{self.source} {self.title}"

    def of_list(self) -> Callable[[Sequence[Any]], Any]:
        """The function of the list of its inputs."""
        return lambda numbers: self.function(*numbers)

    def truth(self, places: tuple[int, ...]) -> tuple[Any, float] | None:
        """A derivative and how far off it may be; None where nothing is promised."""
        given = self._given(places)
        if given is not None:
            return given, self.ulps * EPSILON * abs(given)
        if self.exact is None:
            return None
        partials = self._partials()
        places = tuple(sorted(places))
        moved = sum(abs(x) * float(abs(partials[(*places, j)])) for j, x in enumerate(self.at))
        right = partials[places]
        bound = self.ulps * EPSILON * (float(abs(right)) + moved)
        bound += partials.noise[places] + TRUNCATED
        return right, bound

    def _given(self, places: tuple[int, ...]) -> float | None:
        if not places:
            return self.value
        if len(places) == 1:
            return None if self.gradient is None else self.gradient[places[0]]
        return None if self.hessian is None else self.hessian[places[0]][places[1]]

    @cache  # noqa: B019  (cases live as long as the tests)
    def _partials(self) -> Partials:
        assert self.exact is not None
        return Partials(self.exact, list(map(mpf, self.at)), range(len(self.at)), 3, TAIL_DIGITS)

    def check(self, mode: str, places: tuple[int, ...], found: float) -> None:
        """Compare one derivative."""
        truth = self.truth(places)
        if truth is None:
            return
        right, bound = truth
        what = f"{self}: {mode}, ∂{places} at {self.at} is {found!r}, right is {float(right)!r}"
        if not math.isfinite(right) or not math.isfinite(found):
            assert found == right or (found != found and right != right), what
            return
        with mp.workdps(60):
            assert float(abs(found - right)) <= bound + TINY, what

    @property
    def has_second(self) -> bool:
        return self.exact is not None or self.hessian is not None


def is_available(case: Case) -> bool:
    """Whether the package has the functions that a case calls."""
    return all(hasattr(bp, name) for name in case.needs)
