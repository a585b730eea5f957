"""A progress bar, where there is a terminal to show it on and tqdm to draw it."""

from __future__ import annotations

import sys
from typing import Any

from autograd_bp.training.history import Epoch

__all__ = ["Bar"]


class Bar:
    """Rows done of all rows of all epochs; beside them the epoch and how it went.

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
        """So many rows more are done."""
        if self._bar is not None:
            self._bar.update(rows)

    def finish(self, epoch: Epoch) -> None:
        """An epoch is done."""
        if self._bar is None:
            return
        accuracy = epoch.accuracy if epoch.held_out_accuracy is None else epoch.held_out_accuracy
        P = epoch.P if epoch.held_out_P is None else epoch.held_out_P
        where = "" if epoch.held_out_P is None else " held out"
        told = f"P {P:.3g}" if accuracy is None else f"{accuracy:.1%} right"
        self._bar.set_postfix_str(told + where, refresh=False)
        self._bar.set_description(f"epoch {min(epoch.number + 1, self._epochs)}/{self._epochs}")

    def close(self) -> None:
        """Leave the terminal as a finished line."""
        if self._bar is not None:
            self._bar.close()
