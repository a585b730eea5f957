"""What a gradient check can say: the verdicts, from the mildest to the gravest."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

__all__ = ["Verdict"]


class Verdict(Enum):
    """The outcome of a check, of one component or of all. The value is its meaning.

    `ok` is True for OK and KINK. All others fail an assertion: WRONG because the gradient is,
    the others because they leave it open whether it is. NOISY can be accepted by the caller's
    own choice (`accept_noisy=True`, or a tolerance that the noise allows).
    """

    OK = "the gradient agrees with everything that it was held against"
    KINK = "the one-sided derivatives differ, and the gradient lies between them"
    NOISY = "the differences of the function are too rough to tell"
    VACUOUS = "nothing was tested"
    UNDEFINED = "there is no derivative here: the function or its slope is NaN or infinite"
    NONDETERMINISTIC = "two calls with the same numbers gave different results"
    WRONG = "the gradient is not the derivative of the function"

    @property
    def ok(self) -> bool:
        """True for OK and KINK."""
        return self in (Verdict.OK, Verdict.KINK)

    @property
    def meaning(self) -> str:
        """In one line."""
        return self.value

    @property
    def gravity(self) -> int:
        """0 for OK, rising to that of WRONG."""
        return _ORDER.index(self)

    @classmethod
    def gravest(cls, verdicts: Iterable[Verdict]) -> Verdict:
        """The gravest of several; VACUOUS for none."""
        return max(verdicts, key=lambda verdict: verdict.gravity, default=cls.VACUOUS)

    def __str__(self) -> str:
        return self.name


_ORDER = list(Verdict)
