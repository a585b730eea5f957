"""A chunk of a table as numbers: done where the chunk lies, with the encoder of the table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from autograd_bp.training.cells import is_missing, numbers
from autograd_bp.training.frames import Column, Frame
from autograd_bp.training.joining import Joined
from autograd_bp.training.spread.work import Floats
from autograd_bp.training.tabular import TableSplit

__all__ = ["Encoding", "encoded_chunk", "numbers_of", "with_answers"]


class Encoding(NamedTuple):
    """How rows become inputs and desired outputs.

    Attributes:
        split: its encoder and its target.
        targets: the names of the columns of the answers.
        are_classes: whether answers are classes.
        weight: the column of weights; None where there is none.
        scale: by what weights are multiplied, so that their mean is 1.
        of_class: the weight of each class where they are balanced.
    """

    split: TableSplit
    targets: tuple[str, ...]
    are_classes: bool
    weight: str | None
    scale: float
    of_class: dict[str, float] | None

    @property
    def weighted(self) -> bool:
        """Whether each row has a weight."""
        return self.weight is not None or self.of_class is not None


def encoded_chunk(part: Joined, offset: int, encoding: Encoding) -> Floats:
    """The table of a chunk: the inputs, the desired outputs and the weight of each row that has an
    answer.

    Arguments:
        part: the chunk.
        offset: how many rows of the table stand before it.
        encoding: see there.

    Raises: DataError naming the cell that cannot be encoded.
    """
    frame, target = part.frame, encoding.split.target
    if not len(frame):
        return np.empty((encoding.split.scaling.width + target.n_outputs + encoding.weighted, 0))
    texts = [[c.strip() for c in frame.columns[name].texts()] for name in encoding.targets]
    places = with_answers(texts)
    frame.first = offset
    inputs = np.array(encoding.split.scaling.table(frame), dtype=float)[:, places]
    answers = _answers(frame, texts, encoding)
    known = [answers[k] for k in places]
    of_answer = {answer: target.desired(answer) for answer in set(known)}
    desired = np.array([of_answer[answer] for answer in known], dtype=float)
    rows = [inputs, desired.reshape(len(known), target.n_outputs).T]
    if encoding.of_class is not None:
        rows.append(np.array([[encoding.of_class[answer] for answer in known]]))
    elif encoding.weight is not None:
        weights = numbers_of(frame.columns[encoding.weight])
        rows.append(np.array([[weights[k] * encoding.scale for k in places]]))
    return np.concatenate(rows)


def _answers(frame: Frame, texts: Sequence[Sequence[str]], encoding: Encoding) -> list[str]:
    """The answers as the target reads them."""
    if encoding.are_classes:
        return [" ".join(cells) for cells in zip(*texts, strict=True)]
    columns = [numbers_of(frame.columns[name]) for name in encoding.targets]
    return [" ".join(map(repr, row)) for row in zip(*columns, strict=True)]


def with_answers(texts: Sequence[Sequence[str]]) -> list[int]:
    """The places of the rows of which no answer is missing, given the columns of the answers."""
    rows = enumerate(zip(*texts, strict=True))
    return [place for place, cells in rows if not any(map(is_missing, cells))]


def numbers_of(column: Column) -> list[float]:
    """The cells of a column as numbers."""
    if column.kind == "text":
        return list(numbers([cell.strip() for cell in column.cells]).values)
    return [float(cell) for cell in column.cells]
