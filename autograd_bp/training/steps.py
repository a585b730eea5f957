"""Where a training is: the epoch, the rows of it that are done, the steps."""

from __future__ import annotations

from autograd_bp.training.history import Epoch
from autograd_bp.training.progress import Bar

__all__ = ["Steps"]


class Steps:
    """Counts rows and steps.

    Attributes:
        rows: of an epoch.
        epoch: which, from 1.
        done: the rows of this epoch that are done.
        count: the steps in all.
        total: Σ P of the rows of this epoch that are done, each before the step that learns from
            it.
        right: how many of these rows were right.
    """

    def __init__(self, rows: int, bar: Bar) -> None:
        self.rows, self._bar, self._tell = rows, bar, bar.advance
        self.epoch, self.done, self.count, self.total, self.right = 1, 0, 0, 0.0, 0

    @property
    def time(self) -> float:
        """In epochs."""
        return self.epoch - 1 + self.done / self.rows

    def begin(self, epoch: int) -> None:
        """Begin an epoch."""
        self.epoch, self.done, self.total, self.right = epoch, 0, 0.0, 0

    def resume(self, done: int, count: int, total: float, right: int) -> None:
        """Go on in this epoch where a checkpoint was written."""
        self.done, self.count, self.total, self.right = done, count, total, right
        self._bar.advance((self.epoch - 1) * self.rows + done)

    def finish(self, epoch: Epoch) -> None:
        """Show the result of an epoch."""
        self._bar.finish(epoch)

    def advance(self, rows: int) -> None:
        """Count a step, and the rows that it took."""
        self.done += rows
        self.count += 1
        self._tell(rows)
