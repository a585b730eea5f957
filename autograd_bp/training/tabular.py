"""A table with a target: its rows are split, and encoded as the training rows say.

It has the attributes of a `DataSet` and its splits those of a `Split`, for cells of any kind.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from autograd_bp.errors import DataError, SettingError
from autograd_bp.training import cells as text_cells
from autograd_bp.training.dataset import HELD_OUT, order, share_of, stream
from autograd_bp.training.encoder import Encoder
from autograd_bp.training.frames import Frame, listed
from autograd_bp.training.meaning import LinearNumbers, Shares
from autograd_bp.training.rows import ArrayRows
from autograd_bp.training.settings import not_negative
from autograd_bp.training.target import Classes, Numbers, Target

__all__ = ["TableData", "TableSplit", "table_data"]

MAX_CLASSES = 1000
MAX_CODES = 20  # whole numbers 0, 1, 2 ... are codes of classes, up to so many different ones
MIN_ROWS_PER_CODE = 3  # and from so many rows for each
TASKS = ("auto", "classes", "numbers")


@dataclass
class TableSplit:
    """Rows to learn from and rows to judge by, as inputs and outputs of a network; see `Split`.

    Attributes:
        training, held_out: pairs (x, d).
        scaling: the encoder of the inputs; `Sequences` for rows of different lengths.
        target: the meaning of the outputs.
        columns: the names of the raw columns that are needed.
        places: the places of the rows held out.
        learned_from: those of the training rows.
        weights: of the training rows; None where all count the same.
    """

    training: ArrayRows = field(repr=False)
    held_out: ArrayRows = field(repr=False)
    scaling: Any = field(repr=False)
    target: Target
    columns: tuple[str, ...] = field(repr=False)
    places: tuple[int, ...] = field(repr=False)
    learned_from: tuple[int, ...] = field(repr=False)
    weights: list[float] | None = field(default=None, repr=False)


@dataclass
class TableData:
    """Rows of cells of any kind, each with an answer.

    Attributes:
        name: of the table.
        frame: all columns.
        columns: the names of the input columns.
        targets: the names of the columns with the answers.
        answers: the answers as text; those of several columns are joined by a blank.
        classes: the classes in order; None where the answers are numbers.
        weights: how much each row counts; None where all count the same.
        held_out: the share of rows that a split holds out unless told otherwise.
        remarks: what was noticed, a sentence each.
    """

    name: str
    frame: Frame = field(repr=False)
    columns: tuple[str, ...]
    targets: tuple[str, ...]
    answers: list[str] = field(repr=False)
    classes: tuple[str, ...] | None
    weights: list[float] | None = field(default=None, repr=False)
    held_out: float = HELD_OUT
    remarks: list[str] = field(default_factory=list)

    @property
    def target_name(self) -> str:
        """The names of the targets, joined."""
        return ", ".join(self.targets)

    @property
    def inputs(self) -> list[list[Any]]:
        """The raw cells of the input columns, row by row."""
        return [self.row(place, self.columns) for place in range(len(self.frame))]

    def row(self, place: int, columns: Sequence[str]) -> list[Any]:
        """The raw cells of a row."""
        cells = [self.frame.columns[name].cell(place) for name in columns]
        return [_as_number(cell) for cell in cells]

    def split(
        self,
        seed: int = 0,
        held_out: float | None = None,
        *,
        output: str = "auto",
        stratify: bool = False,
        balanced: bool | Mapping[Any, float] = False,
        keep: Sequence[str] = (),
    ) -> TableSplit:
        """Hold rows out, chosen by the seed, and learn the encoder on the others.

        Arguments:
            seed: the same seed holds out the same rows on every platform.
            held_out: the share of rows, 0 or more and below 1.
            output: "auto", or "sigmoid" for the targets of the post.
            stratify: whether each class has the same share of the rows held out.
            balanced: whether each class counts the same, however many rows it has; or how much a
                row of each class counts, {class: weight}, 1 where a class is left out.
            keep: columns that are not left out although they look like identifiers.

        Raises: as `DataSet.split`.
        """
        if stratify:
            self.require_classes("stratify")
        if balanced and not isinstance(balanced, Mapping):
            self.require_classes("balanced")
        of_held_out, of_training = self._places(seed, held_out, stratify)
        frame = self.frame.take(of_training)
        encoder = Encoder.learned(frame, self.columns, keep)
        answers = [self.answers[place] for place in of_training]
        target = self._target(answers, output)
        return TableSplit(
            _encoded(encoder, target, frame, answers),
            _encoded(
                encoder,
                target,
                self.frame.take(of_held_out),
                [self.answers[place] for place in of_held_out],
                fill=True,
            ),
            encoder,
            target,
            encoder.columns,
            tuple(of_held_out),
            tuple(of_training),
            self._weights(of_training, answers, balanced),
        )

    def require_classes(self, setting: str) -> None:
        """Raises SettingError where a setting for classes is given for numbers."""
        if self.classes is None:
            raise SettingError(
                f"{setting} is for answers that are classes, and those of {self.targets[0]!r:.60} "
                "are numbers: leave it out, or say that they are classes (task: classes)"
            )

    def _places(
        self, seed: int, held_out: float | None, stratify: bool
    ) -> tuple[list[int], list[int]]:
        share = share_of(self.held_out if held_out is None else held_out)
        places = order(len(self.answers), stream(seed, "split"))
        if stratify and self.classes is not None:
            return _stratified(places, self.answers, share)
        count = int(share * len(places) + 0.5)
        if share and count == 0 and len(places) > 1:
            count = 1
        if count >= len(places):
            raise SettingError(
                f"holding out {share:g} of {len(places)} rows leaves none to learn from"
            )
        return places[:count], places[count:]

    def _target(self, answers: list[str], output: str) -> Target:
        if self.classes is None:
            columns = list(zip(*(map(float, answer.split(" ")) for answer in answers), strict=True))
            if output == "sigmoid":
                if len(columns) > 1:
                    raise SettingError("several numbers are learned with linear outputs")
                return Numbers.learned(self.targets[0], columns[0])
            return LinearNumbers.learned(self.targets, columns)
        if len(set(answers)) < 2:
            raise DataError(
                f"{self.name}: every row to learn from is of one class, {answers[0]!r:.60}: rows "
                "of two classes or more are needed"
            )
        kind = Classes if output == "sigmoid" else Shares
        return kind(self.targets[0], self.classes)

    def _weights(
        self, places: list[int], answers: list[str], balanced: bool | Mapping[Any, float]
    ) -> list[float] | None:
        weights = None if self.weights is None else [self.weights[place] for place in places]
        if isinstance(balanced, Mapping):
            of_class = class_weights(balanced, self.classes)
            plain = weights or [1.0] * len(answers)
            weights = [w * of_class[answer] for w, answer in zip(plain, answers, strict=True)]
        elif balanced and self.classes is not None:
            weights = _balanced(weights or [1.0] * len(answers), answers)
        if weights is None:
            return None
        if not any(weights):
            raise DataError("every row to learn from has the weight 0")
        mean = math.fsum(weights) / len(weights)
        return [weight / mean for weight in weights]


def class_weights(balanced: Mapping[Any, float], classes: Sequence[str] | None) -> dict[str, float]:
    """The weight of each class. Raises SettingError for classes that there are not, or numbers
    below 0."""
    if classes is None:
        raise SettingError("weights of classes are for answers that are classes, not numbers")
    weights = dict.fromkeys(classes, 1.0)
    for name, weight in balanced.items():
        key = f"{name:g}" if isinstance(name, float) and name.is_integer() else str(name)
        if key not in weights:
            raise SettingError(
                f"balanced has a weight for {name!r:.40}, and the classes are "
                f"{', '.join(classes)[:120]}"
            )
        weights[key] = not_negative(f"the weight of class {key:.40}", weight)
    return weights


def _balanced(weights: list[float], answers: list[str]) -> list[float]:
    """The weights, so that each class has the same sum of them."""
    totals = dict.fromkeys(answers, 0.0)
    for answer, weight in zip(answers, weights, strict=True):
        totals[answer] += weight
    return [w / (totals[answer] or 1.0) for w, answer in zip(weights, answers, strict=True)]


def table_data(
    name: str,
    frame: Frame,
    *,
    target: str | Sequence[str] | None = None,
    task: str = "auto",
    ignore: Collection[str] = (),
    weight: str | None = None,
) -> TableData:
    """A frame with its targets.

    Arguments:
        name: of the table.
        frame: the rows; those without an answer are left out.
        target: the columns with the answers: one of classes or numbers, or several of numbers. When
            left out, the column "target", or the last one.
        task: "classes", "numbers" or "auto": classes where the answers are text, or whole numbers
            that count 0, 1, 2 ... (or 1, 2, 3 ...) with several rows for each.
        ignore: columns to leave out.
        weight: a column that says how much each row counts.

    Raises: DataError when the answers cannot be learned; SettingError for another task.
    """
    if task not in TASKS:
        raise SettingError(f"task is 'auto', 'classes' or 'numbers', got {task!r:.60}")
    targets = _targets(frame, target)
    columns = _inputs(frame, targets, ignore, weight)
    remarks = list(frame.remarks)
    known = _known(frame, targets)
    if len(known) < len(frame):
        count = len(frame) - len(known)
        rows = (
            "1 row without an answer is" if count == 1 else f"{count:,} rows without an answer are"
        )
        remarks.append(f"{rows} left out")
        frame = frame.take(known)
    weights = None if weight is None else _weights(frame, weight)
    texts = [[cell.strip() for cell in frame.columns[column].texts()] for column in targets]
    classes = None
    if len(targets) == 1 and (task == "classes" or (task == "auto" and _are_classes(texts[0]))):
        answers = texts[0]
        classes = _classes(frame, targets[0], answers)
    else:
        hint = "where the answers are classes, say so (task: classes)"
        if len(targets) > 1:
            hint = "several targets are numbers: give one target for classes"
        numbers = [_numbers(frame, c, cells, hint) for c, cells in zip(targets, texts, strict=True)]
        answers = [" ".join(map(repr, row)) for row in zip(*numbers, strict=True)]
    return TableData(
        name, frame, tuple(columns), tuple(targets), answers, classes, weights, remarks=remarks
    )


def _inputs(
    frame: Frame, targets: list[str], ignore: Collection[str], weight: str | None
) -> list[str]:
    """The names of the input columns. Raises DataError where none is left."""
    left_out = {ignore} if isinstance(ignore, str) else set(ignore)
    if weight is not None:
        left_out.add(weight)
    for column in left_out:
        frame.column(column)
    columns = [name for name in frame.columns if name not in left_out and name not in targets]
    if not columns:
        raise DataError(
            f"{frame.source}: {targets[0]!r:.60} is the only column: a target needs inputs beside "
            "it"
        )
    return columns


def _known(frame: Frame, targets: list[str]) -> list[int]:
    """The rows that have all answers. Raises DataError where none has."""
    texts = [frame.columns[column].texts() for column in targets]
    known = [
        place
        for place, cells in enumerate(zip(*texts, strict=True))
        if not any(map(text_cells.is_missing, cells))
    ]
    if not known:
        raise DataError(f"{frame.source}: no row has an answer in column {targets[0]!r:.60}")
    return known


def _targets(frame: Frame, target: str | Sequence[str] | None) -> list[str]:
    if target is None:
        named = [column for column in frame.columns if column.lower() == "target"]
        return named[:1] or [list(frame.columns)[-1]]
    targets = [target] if isinstance(target, str) else list(target)
    for column in targets:
        frame.column(column)
    if len(set(targets)) < len(targets) or not targets:
        raise SettingError(f"each target is named once, got {listed(targets)}")
    return targets


def _weights(frame: Frame, column: str) -> list[float]:
    column_ = frame.columns[column]
    cells = column_.cells
    values = text_cells.numbers(cells).values if column_.kind == "text" else list(cells)
    for place, value in enumerate(values):
        if not value >= 0.0:
            raise DataError(
                f"{frame.place(place, column)}: a weight is a number, 0 or more, got "
                f"{column_.texts()[place]!r:.40}"
            )
    return [float(value) for value in values]


def _are_classes(answers: Sequence[str]) -> bool:
    """Whether answers are classes rather than numbers: text, codes such as 0, 1, 2, or two whole
    numbers such as -1 and 1."""
    found = text_cells.numbers(answers)
    if found.strange:
        return 2 * len(found.strange) > len(answers) or len(set(answers)) <= MAX_CODES
    distinct = sorted(set(found.values))
    if len(distinct) == 2 and all(value == int(value) for value in distinct):
        return distinct == [0.0, 1.0] or len(answers) >= 2 * MIN_ROWS_PER_CODE
    return are_codes(distinct, len(answers))


def are_codes(distinct: Sequence[float], rows: int) -> bool:
    """Whether the numbers of a column, each once and sorted, are codes such as 0, 1, 2."""
    return (
        distinct[0] in (0.0, 1.0)
        and all(value == distinct[0] + place for place, value in enumerate(distinct))
        and 2 <= len(distinct) <= min(MAX_CODES, rows // MIN_ROWS_PER_CODE)
    )


def _classes(frame: Frame, target: str, answers: list[str]) -> tuple[str, ...]:
    def key(name: str) -> tuple[bool, float | None, str]:
        value = text_cells.plain_number(name)
        return value is None, value, name

    names = sorted(set(answers), key=key)
    if len(names) == 1:
        raise DataError(
            f"{frame.source}: column {target!r:.60} has one class only, {names[0]!r:.60}: rows of "
            "two classes or more are needed"
        )
    if len(names) > MAX_CLASSES:
        raise DataError(
            f"{frame.source}: column {target!r:.60} has {len(names)} classes, more than "
            f"{MAX_CLASSES}: is it the target? choose another column with --target"
        )
    return tuple(names)


def _numbers(frame: Frame, target: str, answers: list[str], hint: str) -> list[float]:
    found = text_cells.numbers(answers)
    if found.strange:
        place = answers.index(found.strange[0])
        raise DataError(
            f"{frame.place(place, target)}: {found.strange[0]!r:.60} is not a number; correct it, "
            f"or leave the row out; {hint}"
        )
    if min(found.values) == max(found.values):
        raise DataError(
            f"{frame.source}: column {target!r:.60} has one class only, {found.values[0]:g} in "
            "every row: rows of two classes or more, or different numbers, are needed"
        )
    for place, value in enumerate(found.values):
        if math.isnan(value):
            raise DataError(f"{frame.place(place, target)}: {answers[place]!r:.40} is not finite")
    return found.values


def _stratified(places: list[int], answers: list[str], share: float) -> tuple[list[int], list[int]]:
    """The rows held out and the others: of each class the same share, but one to learn from."""
    of_class: dict[str, list[int]] = {}
    for place in places:
        of_class.setdefault(answers[place], []).append(place)
    held_out: set[int] = set()
    for members in of_class.values():
        held_out.update(members[: min(len(members) - 1, int(share * len(members) + 0.5))])
    if share and not held_out and len(places) > len(of_class):
        largest = max(of_class.values(), key=len)
        held_out.add(largest[0])
    return [p for p in places if p in held_out], [p for p in places if p not in held_out]


def _encoded(
    encoder: Encoder, target: Target, frame: Frame, answers: list[str], *, fill: bool = False
) -> ArrayRows:
    if not answers:
        return ArrayRows([[] for _ in range(encoder.width)], [])
    desired = {answer: target.desired(answer) for answer in set(answers)}
    return ArrayRows(encoder.table(frame, fill=fill), [desired[answer] for answer in answers])


def _as_number(cell: Any) -> Any:
    """A text that is a plain number, as that number."""
    if not isinstance(cell, str):
        return cell
    number = text_cells.plain_number(cell)
    return cell if number is None or not math.isfinite(number) else number
