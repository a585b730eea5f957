"""The verdicts of a check, from the mildest to the gravest."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import Any

__all__ = ["Verdict"]


class Verdict(Enum):
    """The outcome of a check, of one component or of all. The value is its meaning.

    `ok` is True for OK and KINK. All others fail an assertion: WRONG because the gradient is wrong,
    the others because they leave open whether it is. The caller can accept NOISY
    (`accept_noisy=True`, or a tolerance that the noise allows).
    """

    OK = "the gradient agrees with everything that it was compared with"
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

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        """Pickled by its name: the meaning is a sentence, which may be rewritten."""
        return getattr, (Verdict, self.name)

    @classmethod
    def _missing_(cls, value: object) -> Verdict | None:
        return cls.OK if value == _EARLIER_MEANING_OF_OK else None


_ORDER = list(Verdict)
_EARLIER_MEANING_OF_OK = (
    "the gradient agrees with everything that it was held against"  # in pickles
)
