"""A model judged by rows whose answers are known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from autograd_bp.errors import DataError
from autograd_bp.training import cells as text_cells
from autograd_bp.training.frames import Frame
from autograd_bp.training.meaning import LinearNumbers, Shares
from autograd_bp.training.predicting import Predictor, answers_of, rows_of
from autograd_bp.training.scores import ClassScore, NumberScore, score_classes, score_numbers
from autograd_bp.training.target import Classes, Target

if TYPE_CHECKING:
    from autograd_bp.training.model import Model

__all__ = ["baseline_of", "score_of", "score_outputs"]


def score_of(model: Model, frame: Frame) -> ClassScore | list[NumberScore]:
    """The score of a model on a frame that has its targets; rows without an answer are left out.

    Raises: DataError when a target is missing, or an answer is none of the classes.
    """
    target = model.target
    names = target.names if isinstance(target, LinearNumbers) else (target.name,)
    texts = [frame.column(name).texts() for name in names]
    known = [
        place
        for place, cells in enumerate(zip(*texts, strict=True))
        if not any(map(text_cells.is_missing, cells))
    ]
    if not known:
        raise DataError(f"{frame.source}: no row has an answer in column {names[0]!r:.60}")
    outputs = Predictor(model).outputs(frame.take(known))
    answers = [[column[place].strip() for place in known] for column in texts]
    return score_outputs(target, answers, outputs, model.about.get("baseline"))


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
    """What is predicted without learning: the class that most of the rows to learn from have, or
    the mean of each target."""
    if isinstance(target, Classes):
        return max(target.classes, key=list(answers).count)
    if isinstance(target, LinearNumbers):
        return dict(zip(target.names, target.means, strict=True))
    return {target.name: sum(map(float, answers)) / len(answers)}
