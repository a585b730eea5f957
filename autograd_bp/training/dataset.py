"""Data sets, and how a split of their rows makes the examples for a network.

>>> from autograd_bp.training import digits
>>> split = digits().split(seed=0)
>>> len(split.training), len(split.held_out)
(1438, 359)
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from autograd_bp.errors import DataError, SettingError
from autograd_bp.nn.initialise import generator
from autograd_bp.primitives import number
from autograd_bp.training.scaling import Scaling
from autograd_bp.training.target import Classes, Numbers, Target

__all__ = ["DataSet", "Example", "Split", "order", "stream"]

HELD_OUT = 0.2

Example = tuple[list[float], list[float]]


@dataclass(frozen=True)
class Split:
    """Rows to learn from and rows to judge by, as inputs and outputs of a network.

    Attributes:
        training: pairs (x, d) of inputs and desired outputs.
        held_out: pairs of the rows that training never sees.
        scaling: how the inputs were scaled, learned on the training rows.
        target: the meaning of the outputs.
        columns: the names of the inputs.
        places: the places of the held-out rows in the data set, counted from 0.
        learned_from: those of the training rows.
    """

    training: list[Example] = field(repr=False)
    held_out: list[Example] = field(repr=False)
    scaling: Scaling = field(repr=False)
    target: Target
    columns: tuple[str, ...] = field(repr=False)
    places: tuple[int, ...] = field(repr=False)
    learned_from: tuple[int, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class DataSet:
    """Named rows of numbers, each with an answer.

    Attributes:
        name: such as "digits".
        columns: the names of the inputs.
        inputs: a row of numbers for each row of the table.
        target_name: the column of the answers.
        answers: the answers as text.
        classes: the classes in order; None where the answers are numbers.
        held_out: the share of rows that a split holds out unless told otherwise.
    """

    name: str
    columns: tuple[str, ...]
    inputs: list[list[float]] = field(repr=False)
    target_name: str
    answers: list[str] = field(repr=False)
    classes: tuple[str, ...] | None
    held_out: float = HELD_OUT

    def split(self, seed: int = 0, held_out: float | None = None) -> Split:
        """Hold rows out, chosen by the seed, and learn the scaling on the others.

        Arguments:
            seed: the same seed holds out the same rows on every platform.
            held_out: the share of rows, 0 or more and below 1.

        Raises: SettingError for a setting out of range; DataError when the rows to learn from
            are of one class, or have one number for an answer.
        """
        share = share_of(self.held_out if held_out is None else held_out)
        places = order(len(self.inputs), stream(seed, "split"))
        n_held_out = int(share * len(places) + 0.5)
        if share and n_held_out == 0 and len(places) > 1:
            n_held_out = 1
        if n_held_out >= len(places):
            raise SettingError(
                f"holding out {share:g} of {len(places)} rows leaves none to learn from"
            )
        of_held_out, of_training = places[:n_held_out], places[n_held_out:]
        scaling = Scaling.learned([self.inputs[i] for i in of_training])
        target = self._target([self.answers[i] for i in of_training])

        def examples(places: list[int]) -> list[Example]:
            return [
                (scaling.apply(self.inputs[i]), target.desired(self.answers[i])) for i in places
            ]

        return Split(
            examples(of_training),
            examples(of_held_out),
            scaling,
            target,
            self.columns,
            tuple(of_held_out),
            tuple(of_training),
        )

    def _target(self, answers: list[str]) -> Target:
        """The target, with the scaling of numbers that is learned from the training rows."""
        if self.classes is None:
            return Numbers.learned(self.target_name, [float(answer) for answer in answers])
        if len(set(answers)) < 2:
            raise DataError(
                f"{self.name}: every row to learn from is of one class, {answers[0]!r:.60}: rows "
                "of two classes or more are needed"
            )
        return Classes(self.target_name, self.classes)


def order(n: int, random: Random) -> list[int]:
    """0 ... n-1 in random order (Fisher and Yates), by numbers that Python promises to keep."""
    places = list(range(n))
    for i in range(n - 1, 0, -1):
        j = int(random.random() * (i + 1))
        places[i], places[j] = places[j], places[i]
    return places


def stream(seed: int, purpose: str) -> Random:
    """Random numbers of a seed, different for each purpose.

    Raises: SettingError when the seed is not a whole number, 0 or more.
    """
    generator(seed)  # checks it
    return Random(3 * seed + {"split": 1, "order": 2}[purpose])


def share_of(setting: float) -> float:
    try:
        share = number(setting)
    except (TypeError, OverflowError):
        share = -1.0
    if not 0.0 <= share < 1.0:
        raise SettingError(
            f"held_out is the share of rows to hold out, 0 or more and below 1, got {setting!r:.60}"
        )
    return share
