"""TensorBoard: the curves of a training as event files, written by tensorboardX."""

from __future__ import annotations

import os
from typing import Any

from autograd_bp.errors import MissingExtraError
from autograd_bp.training.callbacks import Callback, Progress

__all__ = ["TensorBoard"]


class TensorBoard(Callback):
    """A callback that writes P, accuracy and the rate of each epoch for `tensorboard --logdir`.

    Arguments:
        folder: where the event files are written; each training has one of its own.

    Raises: MissingExtraError without tensorboardX.
    """

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        try:
            from tensorboardX import SummaryWriter
        except ImportError:
            raise MissingExtraError(
                'TensorBoard files need tensorboardX: pip install "autograd_bp[tensorboard]"'
            ) from None
        self._make, self._folder = SummaryWriter, os.fspath(folder)
        self._writer: Any = None

    def begin(self, progress: Progress) -> None:
        self._writer = self._make(self._folder)

    def after_epoch(self, progress: Progress) -> object:
        epoch = progress.history.epochs[-1]
        curves = {
            "P/training": epoch.P,
            "P/held out": epoch.held_out_P,
            "accuracy/training": epoch.accuracy,
            "accuracy/held out": epoch.held_out_accuracy,
            "rate": progress.rate,
        }
        for name, number in curves.items():
            if number is not None:
                self._writer.add_scalar(name, number, epoch.number)
        return None

    def end(self, progress: Progress) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None
