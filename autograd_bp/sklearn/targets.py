"""Answers as desired outputs of networks."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.utils.multiclass import check_classification_targets

from autograd_bp.errors import DataError
from autograd_bp.training.meaning import LinearNumbers, Shares

__all__ = ["classes_of", "desired_classes", "numbers_of"]


def classes_of(y: Any, weights: Any) -> Any:
    """The classes that have rows. Raises DataError, a ValueError, where there is only one."""
    check_classification_targets(y)
    classes = np.unique(y[weights > 0.0])
    if len(classes) < 2:
        raise DataError(
            f"every row is of one class, {classes.tolist()!r:.60}: rows of two classes or more are "
            "needed"
        )
    return classes


def desired_classes(y: Any, classes: Any) -> Any:
    """The desired outputs, (rows, outputs): one for two classes, else one for each.

    Raises: DataError for an answer that is none of the classes.
    """
    places = np.searchsorted(classes, y)
    places = np.minimum(places, len(classes) - 1)
    unknown = classes[places] != y
    if np.any(unknown):
        raise DataError(
            f"{np.asarray(y)[unknown].tolist()[0]!r:.60} is none of the classes "
            f"{classes.tolist()!s:.80}: name all of them in the first call of partial_fit "
            "(classes=)"
        )
    if len(classes) == 2:
        return places[:, None].astype(float)
    return (places[:, None] == np.arange(len(classes))).astype(float)


def shares_of(classes: Any) -> Shares:
    """The target of a model that has these classes."""
    return Shares("y", tuple(str(name) for name in classes.tolist()))


def numbers_of(y: Any, weights: Any) -> LinearNumbers:
    """The target of numbers, (rows, outputs), scaled to a weighted mean of 0 and a standard
    deviation of 1; one that is always the same stays so."""
    means = np.average(y, axis=0, weights=weights)
    # A power of two keeps the squares of 1e200 finite, and changes no bit of others.
    unit = 2.0 ** (np.frexp(np.abs(y - means).max())[1] - 1)
    widths = unit * np.sqrt(np.average(((y - means) / unit) ** 2, axis=0, weights=weights))
    widths = np.where(widths > 1e-14 * np.abs(means), widths, 1.0)
    names = ("y",) if y.shape[1] == 1 else tuple(f"y{k + 1}" for k in range(y.shape[1]))
    return LinearNumbers(names, tuple(means.tolist()), tuple(widths.tolist()))
