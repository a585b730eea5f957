"""A table, its answers and its weights, which may come apart, as one frame."""

from __future__ import annotations

from typing import Any, NamedTuple

from autograd_bp.errors import DataError
from autograd_bp.training.frames import Column, Frame, frame_of, free_name
from autograd_bp.training.loading import frame_of_path, table_name
from autograd_bp.training.rows import weights_of

__all__ = ["Joined", "joined"]


class Joined(NamedTuple):
    """A frame that has all columns.

    Attributes:
        name: of the table.
        frame: its columns, the answers and the weights.
        targets: the names of the columns with the answers; None where nothing was said.
        weight: the name of the column of the weights; None where there is none.
    """

    name: str
    frame: Frame
    targets: list[str] | None
    weight: str | None


def joined(X: Any, y: Any, sample_weight: Any) -> Joined:
    """X, y and sample_weight, as `fit` takes them, in one frame.

    Raises: DataError when they do not fit together.
    """
    name = "table"
    if isinstance(X, (str, bytes)) or hasattr(X, "__fspath__"):
        name, frame = table_name(X), frame_of_path(X)
    else:
        frame = frame_of(X, "X")
    frame = Frame(frame.source, dict(frame.columns), list(frame.remarks), frame.lines)
    targets: list[str] | None
    if y is None or isinstance(y, str):
        targets = None if y is None else [y]
    elif _are_names(y, frame):
        targets = list(y)
    else:
        targets = _with_answers(frame, y)
    weight = sample_weight if isinstance(sample_weight, str) else None
    if sample_weight is not None and weight is None:
        weight = _free("weight", frame)
        numbers = weights_of(sample_weight, len(frame)) or []
        frame.columns[weight] = Column(weight, list(numbers))
    return Joined(name, frame, targets, weight)


def _are_names(y: Any, frame: Frame) -> bool:
    """Whether y are names of columns, and not an answer for each row."""
    if not isinstance(y, (list, tuple)) or not y:
        return False
    if len(y) == len(frame) and len(set(map(str, y))) < len(y):
        return False  # classes that are called as columns are
    return all(isinstance(name, str) and name in frame.columns for name in y)


def _with_answers(frame: Frame, y: Any) -> list[str]:
    """Put the answers into the frame; the names that they have there."""
    answers = frame_of(y, "y")
    if len(answers) != len(frame):
        raise DataError(f"X has {len(frame)} rows and y has {len(answers)}: give one y for each")
    names = []
    for column in answers.columns.values():
        is_named = hasattr(y, "columns") or getattr(y, "name", None)
        wanted = column.name if is_named else "y" if len(answers.columns) == 1 else column.name
        name = _free(wanted.replace("x", "y", 1) if not is_named else wanted, frame)
        column.name = name
        frame.columns[name] = column
        names.append(name)
    return names


def _free(name: str, frame: Frame) -> str:
    return free_name(name, frame.columns) if name in frame.columns else name
