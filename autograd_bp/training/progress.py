"""How a training goes: a bar in a terminal or a notebook, lines where there is neither."""

from __future__ import annotations

import sys
import time
from typing import Any

from autograd_bp.errors import SettingError
from autograd_bp.training.history import Epoch

__all__ = ["Bar", "bar_of"]

SECONDS = 10.0  # between two lines, where there is no terminal


class Bar:
    """Shows nothing; what shows something is derived from it.

    Arguments:
        rows: the number of rows in an epoch.
        epochs: the number of epochs.
    """

    def __init__(self, rows: int, epochs: int) -> None:
        self._rows, self._epochs = rows, epochs

    def advance(self, rows: int) -> None:
        """Count rows that are done."""

    def finish(self, epoch: Epoch) -> None:
        """Show the result of an epoch."""

    def close(self) -> None:
        """Leave the terminal as a finished line."""


class _Drawn(Bar):
    """A bar of tqdm: the rows that are done of all rows of all epochs, the epoch, its result."""

    def __init__(self, rows: int, epochs: int, tqdm: Any) -> None:
        super().__init__(rows, epochs)
        self._bar = tqdm(
            total=rows * epochs,
            unit="row",
            desc=f"epoch 1/{epochs}",
            unit_scale=True,
            dynamic_ncols=True,
            file=sys.stderr,
        )

    def advance(self, rows: int) -> None:
        self._bar.update(rows)

    def finish(self, epoch: Epoch) -> None:
        self._bar.set_postfix_str(result(epoch), refresh=False)
        self._bar.set_description(f"epoch {min(epoch.number + 1, self._epochs)}/{self._epochs}")

    def close(self) -> None:
        self._bar.close()


class _Lines(Bar):
    """A line on stderr after an epoch, at most one in so many seconds."""

    def __init__(self, rows: int, epochs: int, seconds: float) -> None:
        super().__init__(rows, epochs)
        self._seconds, self._moment = seconds, time.monotonic()

    def finish(self, epoch: Epoch) -> None:
        now = time.monotonic()
        if now - self._moment >= self._seconds:
            self._moment = now
            line = f"epoch {epoch.number} of {self._epochs}: {result(epoch)}"
            print(line, file=sys.stderr, flush=True)


def bar_of(rows: int, epochs: int, *, shown: bool | str) -> Bar:
    """The object that shows the progress: nothing, a bar, or lines.

    Raises: SettingError for anything but True, False and "lines".
    """
    if shown == "lines" and isinstance(shown, str):
        return _Lines(rows, epochs, 0.0) if sys.stderr is not None else Bar(rows, epochs)
    if shown is not True and shown is not False:
        raise SettingError(f'progress is True, False or "lines", got {shown!r:.40}')
    if not shown or sys.stderr is None:
        return Bar(rows, epochs)
    in_notebook = _is_notebook()
    if not in_notebook and not sys.stderr.isatty():
        return _Lines(rows, epochs, SECONDS)
    try:
        if in_notebook:
            from tqdm.notebook import tqdm
        else:
            from tqdm import tqdm
        return _Drawn(rows, epochs, tqdm)
    except ImportError:  # of tqdm, or in a notebook of its widgets
        return _Lines(rows, epochs, SECONDS)


def _is_notebook() -> bool:
    """Whether cells of a notebook run here: then IPython runs with a kernel."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return shell is not None and type(shell).__name__ == "ZMQInteractiveShell"


def result(epoch: Epoch) -> str:
    """The result of an epoch in a few words."""
    accuracy = epoch.accuracy if epoch.held_out_accuracy is None else epoch.held_out_accuracy
    P = epoch.P if epoch.held_out_P is None else epoch.held_out_P
    rows = "" if epoch.held_out_P is None else " held out"
    score = f"P {P:.3g}" if accuracy is None else f"{accuracy:.1%} right"
    return score + rows
