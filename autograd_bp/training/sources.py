"""Sources of data sets: the built-in ones, and CSV files."""

from __future__ import annotations

import gzip
import os
from collections.abc import Collection, Sequence
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any

from autograd_bp.errors import DataError, SettingError
from autograd_bp.training.dataset import DataSet
from autograd_bp.training.frames import frame_of
from autograd_bp.training.loading import frame_of_path, table_name
from autograd_bp.training.table import Table, number_in, read_table, table_of_text
from autograd_bp.training.tabular import TableData, are_codes, table_data

__all__ = ["BUILT_IN", "digits", "load", "read_csv", "xor"]

MAX_CLASSES = 1000
_XOR = "x1,x2,xor\n0,0,0\n0,1,1\n1,0,1\n1,1,0\n"


def digits() -> DataSet:
    """The optical handwritten digits: 1,797 images of 8x8 pixels, 0 to 16 (UCI, CC BY 4.0).

    Example:
        >>> from autograd_bp.training import digits
        >>> split = digits().split()
        >>> len(split.training) + len(split.held_out), len(split.columns)
        (1797, 64)
    """
    packed = resources.files("autograd_bp.training").joinpath("data/digits.csv.gz").read_bytes()
    table = table_of_text(gzip.decompress(packed).decode(), "digits")
    return _data_set("digits", table, "digit", "classes", ())


def xor() -> DataSet:
    """Exclusive or: all four rows are for learning, none is held out.

    Example:
        >>> from autograd_bp.training import xor
        >>> split = xor().split()
        >>> split.columns, len(split.training), split.held_out
        (('x1', 'x2'), 4, [])
    """
    data = _data_set("xor", table_of_text(_XOR, "xor"), "xor", "classes", ())
    return replace(data, held_out=0.0)


BUILT_IN = {"digits": digits, "xor": xor}


def load(
    data: Any,
    *,
    target: str | Sequence[str] | None = None,
    task: str = "auto",
    ignore: Collection[str] = (),
    weight: str | None = None,
    header: bool | None = None,
    encoding: str | None = None,
) -> DataSet | TableData:
    """A built-in data set by its name, a file of any kind by its path, or a table in memory.

    Arguments:
        data: "digits", "xor", a path ("-" for standard input), or a table, see `frame_of`.
        target: the columns with the answers, see `table_data`.
        task: what the answers are, see there.
        ignore: columns to leave out.
        weight: the column that says how much each row counts.
        header: whether the first line of a file has the names; None to decide by its content.
        encoding: of a file; None to decide.

    Raises: SettingError when a built-in data set is given settings of files; else as
        `frame_of_path` and `table_data`.
    """
    if not isinstance(data, (str, os.PathLike)):
        return table_data(
            "table", frame_of(data), target=target, task=task, ignore=ignore, weight=weight
        )
    if data not in BUILT_IN:
        frame = frame_of_path(data, header=header, encoding=encoding)
        name = table_name(data)
        return table_data(name, frame, target=target, task=task, ignore=ignore, weight=weight)
    built_in = BUILT_IN[str(data)]()
    if isinstance(target, (list, tuple)) and len(target) == 1:
        target = target[0]
    if task != "auto" or ignore or weight or encoding or header is not None:
        raise SettingError(
            f"{data} is a built-in data set, ready as it is: leave out the task and the columns "
            f"to ignore, or write ./{data} for a file of that name"
        )
    if target not in (None, built_in.target_name):
        raise DataError(
            f"{data} is a built-in data set with the target {built_in.target_name!r}, it has no "
            f"target {target!r:.60}: leave the target out"
        )
    return built_in


def read_csv(
    path: str | os.PathLike[str],
    *,
    target: str | None = None,
    task: str = "auto",
    ignore: Collection[str] = (),
) -> DataSet:
    """Read a data set of numbers from a CSV file with a header. `load` reads any table.

    Arguments:
        path: the file.
        target: the column with the answers: "target" where there is one of that name, else
            the last column.
        task: "classes", "numbers", or "auto": classes where the answers are text, or whole
            numbers that count 0, 1, 2 ... (or 1, 2, 3 ...) with several rows for each.
        ignore: columns to leave out.

    Raises: DataError naming the row and column that cannot be read; SettingError for another
        task.
    """
    if task not in ("auto", "classes", "numbers"):
        raise SettingError(f"task is 'auto', 'classes' or 'numbers', got {task!r:.60}")
    table = read_table(path)
    if target is None:
        targets = [column for column in table.columns if column.lower() == "target"]
        target = targets[0] if targets else table.columns[-1]
    name = Path(path).name.removesuffix(".gz").removesuffix(".csv")
    return _data_set(name, table, target, task, ignore)


def _data_set(name: str, table: Table, target: str, task: str, ignore: Collection[str]) -> DataSet:
    place = table.index(target)
    ignored = [ignore] if isinstance(ignore, str) else ignore
    left_out = {table.index(column) for column in ignored} | {place}
    columns = [column for i, column in enumerate(table.columns) if i not in left_out]
    if not columns:
        raise DataError(
            f"{table.source}: {target!r:.60} is the only column: a target needs inputs beside it"
        )
    inputs = table.numbers(columns)
    answers = [cells[place].strip() for cells in table.rows]
    classes = None
    if task == "classes" or (task == "auto" and _are_classes(answers)):
        classes = _classes(table, target, answers)
    else:
        _check_numbers(table, target, place, answers)
    return DataSet(name, tuple(columns), inputs, target, answers, classes)


def _are_classes(answers: Sequence[str]) -> bool:
    """Whether answers are classes rather than numbers: text, or codes such as 0, 1, 2."""
    numbers = [value for value in map(number_in, answers) if value is not None]
    if len(numbers) < len(answers):
        return 2 * len(numbers) < len(answers)  # else text among numbers: a mistake, found later
    distinct = sorted(set(numbers))
    return distinct == [0.0, 1.0] or are_codes(distinct, len(answers))


def _classes(table: Table, target: str, answers: list[str]) -> tuple[str, ...]:
    for n, answer in enumerate(answers):
        value = number_in(answer)
        if not answer or (value is not None and value != value):
            raise DataError(
                f"{table.place(n, target)}: the class is {answer!r}, which says nothing; fill it "
                "in, or leave the row out"
            )
    names = sorted(set(answers), key=lambda name: (number_in(name) is None, number_in(name), name))
    if len(names) == 1:
        raise DataError(
            f"{table.source}: column {target!r:.60} has one class only, {names[0]!r:.60}: rows of "
            "two classes or more are needed"
        )
    if len(names) > MAX_CLASSES:
        raise DataError(
            f"{table.source}: column {target!r:.60} has {len(names)} classes, more than "
            f"{MAX_CLASSES}: is it the target? choose another column with --target"
        )
    return tuple(names)


def _check_numbers(table: Table, target: str, place: int, answers: list[str]) -> None:
    try:
        numbers = [table.number(n, place, target) for n in range(len(answers))]
    except DataError as error:
        raise DataError(f"{error}; where the answers are classes, say so (task: classes)") from None
    if min(numbers) == max(numbers):
        raise DataError(
            f"{table.source}: column {target!r:.60} has one class only, {numbers[0]:g} in every "
            "row: rows of two classes or more, or different numbers, are needed"
        )
