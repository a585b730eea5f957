"""The history of a training: performance and accuracy, epoch by epoch."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

__all__ = ["Epoch", "History"]


class Epoch(NamedTuple):
    """One pass over the training rows.

    Attributes:
        number: from 1.
        P: the mean performance of the training rows, each before the step that learned from it.
        accuracy: the share of training rows that were right, each before the step that learned
            from it; None where right and wrong mean nothing, as for numbers.
        held_out_P: the mean performance of the rows held out, after the epoch; None without
            such rows.
        held_out_accuracy: the share of the rows held out that are right after the epoch.
    """

    number: int
    P: float
    accuracy: float | None
    held_out_P: float | None  # noqa: N815
    held_out_accuracy: float | None


@dataclass
class History:
    """The epochs that were finished.

    Attributes:
        epochs: one entry for each.
        interrupted: True when Ctrl-C ended the training; the weights are those so far.
        how: whether batches ran as compiled programs or row by row, and why.
    """

    epochs: list[Epoch] = field(default_factory=list)
    interrupted: bool = False
    how: str = ""

    @property
    def P(self) -> list[float]:  # noqa: N802
        """The mean performance of the training rows in each epoch."""
        return [epoch.P for epoch in self.epochs]

    @property
    def accuracy(self) -> list[float | None]:
        """The share of training rows that were right, in each epoch."""
        return [epoch.accuracy for epoch in self.epochs]

    @property
    def held_out_P(self) -> list[float | None]:  # noqa: N802
        """The mean performance of the rows held out, after each epoch."""
        return [epoch.held_out_P for epoch in self.epochs]

    @property
    def held_out_accuracy(self) -> list[float | None]:
        """The share of rows held out that are right, after each epoch."""
        return [epoch.held_out_accuracy for epoch in self.epochs]
