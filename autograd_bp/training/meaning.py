"""Targets of tables: what the outputs of a network stand for, and the performance that fits them.

Classes are shares: softmax with its cross-entropy, or for two classes one sigmoid with its. Numbers
are scaled to a mean of 0 and a standard deviation of 1, for a linear output with P = -½ Σ (d - z)².
The targets of the post, for sigmoids with P, are in target.py.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from autograd_bp import functions
from autograd_bp.errors import DataError
from autograd_bp.nn.performances import logistic, softmax
from autograd_bp.training.coding import Scaled
from autograd_bp.training.target import Classes, Numbers, Target

__all__ = ["OUTPUTS", "LinearNumbers", "Shares", "is_number", "output_of"]

Performance = Callable[[Any, Any], Any]


@dataclass(frozen=True)
class Output:
    """A kind of output.

    Attributes:
        activation: of the last layer.
        performance: of d and z.
    """

    activation: str
    performance: Performance


OUTPUTS = {
    "sigmoid": Output("sigmoid", functions.performance),
    "linear": Output("identity", functions.performance),
    "softmax": Output("identity", softmax),
    "logistic": Output("sigmoid", logistic),
}
"""The kinds of outputs by their names: "sigmoid" is that of the post."""


@dataclass(frozen=True)
class Shares(Classes):
    """One of several names, as a probability for each of them."""

    @property
    def output(self) -> str:
        """The kind of output, a key of OUTPUTS."""
        return "logistic" if self.n_outputs == 1 else "softmax"

    def probabilities(self, outputs: Sequence[float]) -> list[float]:
        """The probability of each class, which the outputs stand for."""
        if len(outputs) == 1:
            return [1.0 - outputs[0], outputs[0]]
        top = max(outputs)
        parts = [math.exp(z - top) for z in outputs]
        total = math.fsum(parts)
        return [part / total for part in parts]


@dataclass(frozen=True)
class LinearNumbers:
    """One or several numbers, each scaled as it was on the training rows.

    Attributes:
        names: of the columns.
        means, scales: one for each.
    """

    names: tuple[str, ...]
    means: tuple[float, ...]
    scales: tuple[float, ...]

    output = "linear"

    @classmethod
    def learned(cls, names: Sequence[str], columns: Sequence[Sequence[float]]) -> LinearNumbers:
        """Scaled so that each column has a mean of 0 and a standard deviation of 1.

        Raises: DataError when the numbers of a column are all the same.
        """
        scaled = []
        for name, numbers in zip(names, columns, strict=True):
            if min(numbers) == max(numbers):
                raise DataError(
                    f"the target {name!r:.60} is {numbers[0]:g} in every training row: there is "
                    "nothing to learn; choose another with --target"
                )
            scaled.append(Scaled.learned(name, numbers))
        return cls(
            tuple(names), tuple(part.mean for part in scaled), tuple(part.scale for part in scaled)
        )

    @property
    def name(self) -> str:
        """The names, joined."""
        return ", ".join(self.names)

    @property
    def n_outputs(self) -> int:
        return len(self.names)

    def desired(self, answer: str) -> list[float]:
        cells = answer.split(" ") if len(self.names) > 1 else [answer]
        return [
            (float(cell) - mean) / scale
            for cell, mean, scale in zip(cells, self.means, self.scales, strict=True)
        ]

    def numbers(self, outputs: Sequence[float]) -> list[float]:
        """The numbers that the outputs stand for."""
        return [
            mean + scale * z
            for z, mean, scale in zip(outputs, self.means, self.scales, strict=True)
        ]

    def answer(self, outputs: Sequence[float]) -> str:
        return " ".join(f"{number:.6g}" for number in self.numbers(outputs))


def output_of(target: Target) -> str:
    """The kind of output that a target is learned with."""
    return getattr(target, "output", "sigmoid")


def is_number(target: Target) -> bool:
    """Whether answers are numbers, which are near and not right."""
    return isinstance(target, (Numbers, LinearNumbers))
