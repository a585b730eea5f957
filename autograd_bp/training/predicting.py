"""Predictions for tables of any number of rows, by the compiled network where that pays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from autograd_bp.contexts import no_recording
from autograd_bp.nn.module import Module
from autograd_bp.training.frames import Frame
from autograd_bp.training.meaning import LinearNumbers, Shares
from autograd_bp.training.target import Classes, Numbers, Target
from autograd_bp.value import Value

if TYPE_CHECKING:
    from autograd_bp.training.model import Model

__all__ = ["Predictor", "answers_of", "outputs_of_rows"]

FEW = 100  # rows up to which the network is run row by row
PART = 50_000  # rows that are computed at once


class Predictor:
    """A model that goes over tables, chunk after chunk.

    Arguments:
        model: the model.
        fill: see `Model.predict`.
    """

    def __init__(self, model: Model, *, fill: bool = False) -> None:
        self.model, self._fill = model, fill
        self._run = outputs_of_rows(model.network)

    def outputs(self, frame: Frame) -> list[list[float]]:
        """The outputs of each row. Raises DataError as `Encoder.table`."""
        return self._run(self.model.inputs(frame, fill=self._fill), len(frame))

    def header(self, *, probabilities: bool = False) -> list[str]:
        """The names of the columns of `lines`."""
        target = self.model.target
        names = ["prediction"]
        if isinstance(target, LinearNumbers) and len(target.names) > 1:
            names = [f"prediction of {name}" for name in target.names]
        if probabilities:
            self.model.shares()
            assert isinstance(target, Shares)
            names += [f"probability of {name}" for name in target.classes]
        return names

    def lines(self, frame: Frame, *, probabilities: bool = False) -> list[tuple[str, ...]]:
        """The cells of a CSV file for each row: the answer, and the probability of each class."""
        target, outputs = self.model.target, self.outputs(frame)
        if isinstance(target, LinearNumbers):
            return [tuple(f"{n:.6g}" for n in target.numbers(row)) for row in outputs]
        answers = [(target.answer(row),) for row in outputs]
        if not probabilities:
            return answers  # type: ignore[return-value]
        shares = self.model.shares()
        return [
            (*answer, *(f"{share:.6g}" for share in shares(row)))
            for answer, row in zip(answers, outputs, strict=True)
        ]


def outputs_of_rows(network: Module) -> Callable[[Sequence[Any], int], list[list[float]]]:
    """The function of columns of inputs and the number of rows that computes the outputs of each
    row. It compiles the network when it is called with more than a few rows."""
    compiled: list[Any] = []

    def run(columns: Sequence[Any], rows: int) -> list[list[float]]:
        if rows <= FEW or find_spec("numpy") is None:
            with no_recording():
                return [_plain(network([float(c[row]) for c in columns])) for row in range(rows)]
        import numpy as np

        compiled[:] = compiled or [network.compiled()]
        outputs: list[list[float]] = []
        for start in range(0, rows, PART):
            part = [np.asarray(column[start : start + PART], dtype=float) for column in columns]
            z = compiled[0](np.stack(part, axis=1))
            outputs += z.tolist() if z.ndim == 2 else [[number] for number in z.tolist()]
        return outputs

    return run


def answers_of(target: Target, outputs: Sequence[Sequence[float]]) -> list[Any]:
    """The answers that outputs stand for: the names of classes, floats, or lists of floats."""
    if isinstance(target, LinearNumbers):
        numbers = [target.numbers(row) for row in outputs]
        return numbers if target.n_outputs > 1 else [row[0] for row in numbers]
    if isinstance(target, Numbers):
        return [target.number(row[0]) for row in outputs]
    assert isinstance(target, Classes)
    return [target.answer(row) for row in outputs]


def _plain(z: Any) -> list[float]:
    return [z.data] if isinstance(z, Value) else [output.data for output in z]
