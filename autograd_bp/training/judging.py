"""A model judged by rows whose answers are known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from autograd_bp.errors import DataError
from autograd_bp.training import cells as text_cells
from autograd_bp.training.frames import Column, Frame, frame_of
from autograd_bp.training.meaning import LinearNumbers, Shares
from autograd_bp.training.predicting import Predictor, answers_of, rows_of
from autograd_bp.training.scores import ClassScore, NumberScore, score_classes, score_numbers
from autograd_bp.training.sequence_forms import named_columns
from autograd_bp.training.sequences import Sequences
from autograd_bp.training.target import Classes, Target

if TYPE_CHECKING:
    from autograd_bp.training.model import Model

__all__ = ["baseline_of", "score_of", "score_outputs"]


def score_of(model: Model, table: Any) -> ClassScore | list[NumberScore]:
    """The score of a model on a table that has its targets, or for rows of different lengths on
    (X, y); rows without an answer are left out.

    Raises: DataError when a target is missing, or an answer is none of the classes.
    """
    target = model.target
    names = target.names if isinstance(target, LinearNumbers) else (target.name,)
    rows: list[Any] = []
    if isinstance(model.scaling, Sequences):
        rows, frame = _with_answers(model.scaling, table, names)
    else:
        frame = model.frame(table)
    texts = [frame.column(name).texts() for name in names]
    known = [
        place
        for place, cells in enumerate(zip(*texts, strict=True))
        if not any(map(text_cells.is_missing, cells))
    ]
    if not known:
        raise DataError(f"{frame.source}: no row has an answer in column {names[0]!r:.60}")
    if isinstance(model.scaling, Sequences):
        outputs = Predictor(model).of_sequences([rows[place] for place in known])
    else:
        outputs = Predictor(model).outputs(frame.take(known))
    answers = [[column[place].strip() for place in known] for column in texts]
    return score_outputs(target, answers, outputs, model.about.get("baseline"))


def _with_answers(
    sequences: Sequences, table: Any, names: Sequence[str]
) -> tuple[list[Any], Frame]:
    """The rows of (X, y), or of a table with the columns of both, and y as a frame."""
    columns = named_columns(table)
    if columns is not None:
        own = dict(columns)
        given = {name: Column(name, own[name]) for name in names if name in own}
        others = [column for column in columns if column[0] not in given]
        return sequences.rows(dict(others)), Frame("the table", given)
    if not isinstance(table, tuple) or len(table) != 2:
        raise DataError("rows of different lengths are judged with their answers: score((X, y))")
    rows, answers = sequences.rows(table[0]), [*frame_of(table[1], "y").columns.values()]
    lengths = [len(rows), *map(len, answers)]
    if len(answers) != len(names) or len({*lengths}) > 1:
        raise DataError(
            f"X has {len(rows)} rows and y {len(answers)} columns of "
            f"{len(answers[0]) if answers else 0} answers, and {len(names)} of {len(rows)} are "
            "needed"
        )
    return rows, Frame("y", dict(zip(names, answers, strict=True)))


def score_outputs(
    target: Target,
    answers: Sequence[Sequence[str]],
    outputs: Any,
    baseline: Any = None,
) -> ClassScore | list[NumberScore]:
    """The score of outputs.

    Arguments:
        target: what they stand for.
        answers: for each target, the answer of each row as text.
        outputs: of each row, lists or an array.
        baseline: what is predicted without learning, see `baseline_of`.
    """
    if isinstance(target, Classes):
        shares = None
        if isinstance(target, Shares):
            shares = [target.probabilities(row) for row in rows_of(outputs)]
        if baseline not in target.classes:
            baseline = max(target.classes, key=list(answers[0]).count)
        predictions = answers_of(target, outputs)
        return score_classes(target.classes, answers[0], predictions, str(baseline), shares)
    predictions = answers_of(target, outputs)
    names = target.names if isinstance(target, LinearNumbers) else (target.name,)
    scores = []
    for k, (name, texts) in enumerate(zip(names, answers, strict=True)):
        numbers = text_cells.numbers(texts)
        if numbers.strange:
            raise DataError(f"the answer {numbers.strange[0]!r:.60} of {name!r:.60} is no number")
        own = [row[k] for row in predictions] if len(names) > 1 else predictions
        means = baseline if isinstance(baseline, Mapping) else {}
        mean = means.get(name, sum(numbers.values) / len(numbers.values))
        scores.append(score_numbers(name, numbers.values, own, float(mean)))
    return scores


def baseline_of(target: Target, answers: Sequence[str]) -> Any:
    """Predict without learning: the class that most of the rows to learn from have, or the mean of
    each target."""
    if isinstance(target, Classes):
        return max(target.classes, key=list(answers).count)
    if isinstance(target, LinearNumbers):
        return dict(zip(target.names, target.means, strict=True))
    return {target.name: sum(map(float, answers)) / len(answers)}
