"""A progress bar, where there is a terminal to show it on and tqdm to draw it."""

from __future__ import annotations

import sys
from typing import Any

from autograd_bp.training.history import Epoch

__all__ = ["Bar"]


class Bar:
    """The rows that are done of all rows of all epochs, the epoch, and its result.

    Arguments:
        rows: the number of rows in an epoch.
        epochs: the number of epochs.
        shown: False for no bar at all.
    """

    def __init__(self, rows: int, epochs: int, *, shown: bool) -> None:
        self._epochs = epochs
        self._bar: Any = None
        if not shown or sys.stderr is None or not sys.stderr.isatty():
            return
        try:
            from tqdm import tqdm
        except ImportError:
            return
        self._bar = tqdm(
            total=rows * epochs,
            unit="row",
            desc=f"epoch 1/{epochs}",
            unit_scale=True,
            dynamic_ncols=True,
            file=sys.stderr,
        )

    def advance(self, rows: int) -> None:
        """Count rows that are done."""
        if self._bar is not None:
            self._bar.update(rows)

    def finish(self, epoch: Epoch) -> None:
        """Show the result of an epoch."""
        if self._bar is None:
            return
        accuracy = epoch.accuracy if epoch.held_out_accuracy is None else epoch.held_out_accuracy
        P = epoch.P if epoch.held_out_P is None else epoch.held_out_P
        rows = "" if epoch.held_out_P is None else " held out"
        score = f"P {P:.3g}" if accuracy is None else f"{accuracy:.1%} right"
        self._bar.set_postfix_str(score + rows, refresh=False)
        self._bar.set_description(f"epoch {min(epoch.number + 1, self._epochs)}/{self._epochs}")

    def close(self) -> None:
        """Leave the terminal as a finished line."""
        if self._bar is not None:
            self._bar.close()
