"""Scores: how good predictions are, beside how good one is without learning.

For classes: the share that is right and that of the majority class, the confusion matrix, recall
and precision of each class, the cross-entropy, and calibration: how far probabilities are from what
happens. For numbers: the root mean square error and that of the mean, R², the mean absolute error.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from autograd_bp.errors import DataError

__all__ = ["ClassScore", "NumberScore", "score_classes", "score_numbers"]

BINS = 10
MAX_SHOWN = 12  # classes in a printed matrix


@dataclass(frozen=True)
class ClassScore:
    """The score of predicted classes.

    Attributes:
        classes: the names.
        confusion: rows by their true class and their predicted class.
        majority: the class that most rows to learn from have.
        cross_entropy: the mean of -ln of the probability of the true class; None without
            probabilities.
        calibration_error: the mean distance, over rows, between the probability of the predicted
            class and the share that is right among rows of a like probability (ten bins); None
            without probabilities.
    """

    classes: tuple[str, ...]
    confusion: tuple[tuple[int, ...], ...]
    majority: str
    cross_entropy: float | None = None
    calibration_error: float | None = None

    @property
    def rows(self) -> int:
        """How many rows there were."""
        return sum(map(sum, self.confusion))

    @property
    def right(self) -> int:
        """How many were right."""
        return sum(row[k] for k, row in enumerate(self.confusion))

    @property
    def accuracy(self) -> float:
        """The share that is right."""
        return self.right / self.rows

    @property
    def baseline(self) -> float:
        """The share that is right when the majority class is always predicted."""
        return sum(self.confusion[self.classes.index(self.majority)]) / self.rows

    @property
    def recall(self) -> dict[str, float]:
        """Of the rows of each class, the share that is found; NaN for a class without rows."""
        return {
            name: row[k] / sum(row) if sum(row) else math.nan
            for k, (name, row) in enumerate(zip(self.classes, self.confusion, strict=True))
        }

    @property
    def precision(self) -> dict[str, float]:
        """Of the rows that are said to be of a class, the share that is; NaN where none is."""
        columns = [*zip(*self.confusion, strict=True)]
        return {
            name: column[k] / sum(column) if sum(column) else math.nan
            for k, (name, column) in enumerate(zip(self.classes, columns, strict=True))
        }

    def lines(self) -> list[str]:
        """The score as text."""
        lines = [
            f"{self.accuracy:.1%} right ({self.right:,} of {self.rows:,}); always "
            f"{self.majority!r:.40} would be {self.baseline:.1%}"
        ]
        if self.cross_entropy is not None:
            lines.append(
                f"cross-entropy {self.cross_entropy:.4g}, calibration error "
                f"{self.calibration_error:.1%}"
            )
        if len(self.classes) > MAX_SHOWN:
            worst = sorted(
                (share, name) for name, share in self.recall.items() if not math.isnan(share)
            )
            shown = ", ".join(f"{name[:20]} {share:.0%}" for share, name in worst[:5])
            return [*lines, f"least recall: {shown}"]
        names = [name[:12] for name in self.classes]
        width = max(5, *map(len, names), len(f"{self.rows:,}"))
        first = max(len("true class"), *map(len, names))
        lines.append(
            "true class".ljust(first)
            + "  said: "
            + " ".join(name.rjust(width) for name in names)
            + "  recall"
        )
        for name, row, share in zip(names, self.confusion, self.recall.values(), strict=True):
            cells = " ".join(f"{count:,}".rjust(width) for count in row)
            shown = "" if math.isnan(share) else f"{share:.1%}"
            lines.append(f"{name.ljust(first)}        {cells}  {shown.rjust(6)}")
        return lines


@dataclass(frozen=True)
class NumberScore:
    """The score of predicted numbers.

    Attributes:
        name: of the column.
        rows: how many there were.
        rmse: the root of the mean squared error.
        mae: the mean absolute error.
        baseline: the root mean square error when the mean of the rows to learn from is always
            predicted.
        r2: 1 - Σ (d - z)² / Σ (d - mean of d)²; NaN where all d are the same.
    """

    name: str
    rows: int
    rmse: float
    mae: float
    baseline: float
    r2: float

    def lines(self) -> list[str]:
        """The score as text."""
        return [
            f"typical error of {self.name!r:.40} (root mean square) {self.rmse:.4g}; always the "
            f"mean would be {self.baseline:.4g}; R² {self.r2:.3f}, mean absolute error "
            f"{self.mae:.4g}"
        ]


def score_classes(
    classes: Sequence[str],
    answers: Sequence[str],
    predictions: Sequence[str],
    majority: str,
    probabilities: Sequence[Sequence[float]] | None = None,
) -> ClassScore:
    """The score of predicted classes.

    Arguments:
        classes: the names.
        answers: the true class of each row.
        predictions: what was predicted.
        majority: the class that most rows to learn from have.
        probabilities: of each class, for each row.

    Raises: DataError for an answer that is no class, or where there are no rows.
    """
    if not answers:
        raise DataError("there are no rows to judge by")
    places = {name: k for k, name in enumerate(classes)}
    pairs = Counter(zip(answers, predictions, strict=True))
    unknown = sorted({answer for answer, _ in pairs} - set(places))
    if unknown:
        raise DataError(
            f"{unknown[0]!r:.60} is not one of the {len(classes)} classes: "
            f"{', '.join(classes[:8])!r:.80}"
        )
    confusion = tuple(tuple(pairs[a, b] for b in classes) for a in classes)
    if probabilities is None:
        return ClassScore(tuple(classes), confusion, majority)
    chosen = [row[places[answer]] for row, answer in zip(probabilities, answers, strict=True)]
    entropy = -math.fsum(math.log(max(share, 1e-300)) for share in chosen) / len(answers)
    right = [a == b for a, b in zip(answers, predictions, strict=True)]
    error = _calibration([max(row) for row in probabilities], right)
    return ClassScore(tuple(classes), confusion, majority, entropy, error)


def _calibration(confidence: Sequence[float], right: Sequence[bool]) -> float:
    bins: dict[int, list[tuple[float, bool]]] = {}
    for share, is_right in zip(confidence, right, strict=True):
        bins.setdefault(min(BINS - 1, int(share * BINS)), []).append((share, is_right))
    total = sum(
        abs(math.fsum(share for share, _ in rows) - sum(is_right for _, is_right in rows))
        for rows in bins.values()
    )
    return total / len(right)


def score_numbers(
    name: str, answers: Sequence[float], predictions: Sequence[float], mean: float
) -> NumberScore:
    """The score of predicted numbers.

    Arguments:
        name: of the column.
        answers: the true numbers.
        predictions: what was predicted.
        mean: of the rows to learn from.

    Raises: DataError where there are no rows.
    """
    if not answers:
        raise DataError("there are no rows to judge by")
    n = len(answers)
    # Squares of 1e200 overflow, and those of 1e-200 are zero. A power of two changes no other bit.
    largest = max(map(abs, filter(math.isfinite, (*answers, *predictions, mean))), default=0.0)
    power = math.frexp(largest)[1] + 1
    answers, predictions = _scaled(answers, -power), _scaled(predictions, -power)
    [mean] = _scaled([mean], -power)
    errors = [d - z for d, z in zip(answers, predictions, strict=True)]
    own = math.fsum(answers) / n
    spread = math.fsum((d - own) ** 2 for d in answers)
    squares = math.fsum(e * e for e in errors)
    typical, absolute, baseline = _scaled(
        [
            math.sqrt(squares / n),
            math.fsum(map(abs, errors)) / n,
            math.sqrt(math.fsum((d - mean) ** 2 for d in answers) / n),
        ],
        power,
    )
    r2 = 1.0 - squares / spread if spread else math.nan
    return NumberScore(name, n, typical, absolute, baseline, r2)


def _scaled(numbers: Sequence[float], power: int) -> list[float]:
    """The numbers times 2 ** power; what is too large for a float becomes infinite."""
    half = power // 2  # 2.0 ** power alone may be too large or too small for a float
    first, second = 2.0**half, 2.0 ** (power - half)
    return [number * first * second for number in numbers]
