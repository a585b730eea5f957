"""`fit` for rows of different lengths: answers, targets and weights are those of tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from autograd_bp.errors import DataError
from autograd_bp.training.frames import Column, Frame
from autograd_bp.training.joining import joined
from autograd_bp.training.rows import ArrayRows
from autograd_bp.training.sequence_forms import held, named_columns
from autograd_bp.training.sequences import TOKENS, Sequences, rows_of_sequences, text_of_row
from autograd_bp.training.tabular import TableData, TableSplit, table_data

__all__ = ["example_of", "sequence_table"]

ROW = "row"


def sequence_table(
    X: Any,
    y: Any,
    sample_weight: Any,
    *,
    task: str,
    output: str,
    balanced: bool | Mapping[Any, float],
    seed: int,
) -> tuple[TableData, TableSplit, list[list[Any]]]:
    """The answers as a table, the rows to learn from, and the tokens of all rows.

    Raises: as `fit`.
    """
    X, y, column = _apart(held(X), y)
    sequences = Sequences.learned(X, column)
    rows = sequences.rows(X)
    texts = [text_of_row(row) for row in rows]
    frame = Frame("X", {ROW: Column(ROW, [*map(float, range(len(rows)))])})
    frame.columns[TOKENS] = Column(TOKENS, texts)
    part = joined(frame, y, sample_weight)
    data = table_data(part.name, part.frame, target=part.targets, task=task, weight=part.weight)
    split = data.split(seed, 0.0, output=output, balanced=balanced, keep=[ROW])
    kept = [rows[int(place)] for place in data.frame.columns[ROW].cells]
    table = sequences.table([kept[place] for place in split.learned_from])
    columns = [list(column) for column in zip(*table, strict=True)]
    training = ArrayRows(columns, split.training.desired)
    split = replace(split, training=training, scaling=sequences, columns=(TOKENS,))
    return data, split, kept


def example_of(row: Any) -> tuple[Any, ...]:
    """A row as a model keeps it."""
    (tokens,) = rows_of_sequences([row])
    return tuple(token if isinstance(token, str) else float(token) for token in tokens)


def _apart(X: Any, y: Any) -> tuple[Any, Any, str]:
    """Rows and answers, where both are columns of one table, and the name of the column with the
    rows, "" where there is none."""
    columns = named_columns(X)
    if columns is None:
        if y is None or isinstance(y, str):
            raise DataError("rows of different lengths need their answers: give y, one for each")
        return X, y, ""
    names = [column for column, _ in columns]
    name = names[-1] if y is None and names else y
    others = columns
    if isinstance(name, str):
        if name not in names:
            raise DataError(f"there is no column {name!r:.60}: the columns are {names!s:.120}")
        cells = columns[names.index(name)][1]
        y = Frame("y", {name: Column(name, cells)})
        others = [column for column in columns if column[0] != name]
    if len(others) != 1:
        raise DataError(
            f"rows of different lengths are one column, and the table has {len(others)}: "
            f"{[column for column, _ in others]!s:.120}"
        )
    return others[0][1], y, others[0][0]
