"""Targets: the answers that a network learns, and how its outputs express them.

The outputs of sigmoid neurons lie between 0 and 1. Two classes are one output (0 or 1), more
classes one output each (1 for the right class, 0 for the others), and a number is scaled into
the middle of that range, where a sigmoid can reach it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from autograd_bp.errors import DataError

__all__ = ["Classes", "Numbers", "Target", "is_right"]

LOW_OUTPUT, OUTPUT_RANGE = 0.1, 0.8  # the training numbers become 0.1 to 0.9
THRESHOLD = 0.5


class Target(Protocol):
    """The interface of `Classes` and `Numbers`.

    Attributes:
        name: of its column.
    """

    @property
    def name(self) -> str: ...

    @property
    def n_outputs(self) -> int:
        """The number of output neurons."""

    def desired(self, answer: str) -> list[float]:
        """The desired outputs for an answer of the table."""

    def answer(self, outputs: Sequence[float]) -> str:
        """The answer that the outputs z stand for, as in the table."""


@dataclass(frozen=True)
class Classes:
    """One of several names."""

    name: str
    classes: tuple[str, ...]

    @property
    def n_outputs(self) -> int:
        return 1 if len(self.classes) == 2 else len(self.classes)

    def index(self, answer: str) -> int:
        """The index of a class. Raises DataError when there is none of that name."""
        try:
            return self.classes.index(answer.strip())
        except ValueError:
            raise DataError(
                f"{answer!r:.60} is not one of the {len(self.classes)} classes of "
                f"{self.name!r:.60}: {', '.join(self.classes[:8])!r:.80}"
            ) from None

    def desired(self, answer: str) -> list[float]:
        index = self.index(answer)
        if self.n_outputs == 1:
            return [float(index)]
        return [float(index == k) for k in range(len(self.classes))]

    def answer(self, outputs: Sequence[float]) -> str:
        return self.classes[_choice(outputs)]


@dataclass(frozen=True)
class Numbers:
    """A number, scaled as learned on the training rows."""

    name: str
    low: float
    width: float

    @property
    def n_outputs(self) -> int:
        return 1

    @classmethod
    def learned(cls, name: str, numbers: Sequence[float]) -> Numbers:
        """Scaled so that the training rows' numbers lie in 0.1 ... 0.9.

        Raises: DataError when they are all the same, or too far apart.
        """
        low, high = min(numbers), max(numbers)
        if not 0.0 < high - low < math.inf:
            problem = f"is {low:g} in every training row" if low == high else "spans too wide"
            raise DataError(
                f"the target {name!r:.60} {problem}: there is nothing to learn; choose another "
                "with --target"
            )
        return cls(name, low, high - low)

    def desired(self, answer: str) -> list[float]:
        return [LOW_OUTPUT + OUTPUT_RANGE * (float(answer) - self.low) / self.width]

    def number(self, output: float) -> float:
        """The number that an output stands for."""
        return self.low + self.width * (output - LOW_OUTPUT) / OUTPUT_RANGE

    def answer(self, outputs: Sequence[float]) -> str:
        return f"{self.number(outputs[0]):.6g}"


def is_right(desired: Sequence[float], outputs: Sequence[float]) -> bool:
    """Whether outputs say the class that is desired: the largest one, or, for a single
    output, the side of 0.5."""
    return _choice(outputs) == _choice(desired)


def _choice(outputs: Sequence[float]) -> int:
    if len(outputs) == 1:
        return int(outputs[0] >= THRESHOLD)
    return max(range(len(outputs)), key=outputs.__getitem__)
