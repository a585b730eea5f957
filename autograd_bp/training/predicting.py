"""Predictions for tables of any number of rows, by the compiled network where that pays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from autograd_bp.contexts import no_recording
from autograd_bp.nn.module import Module
from autograd_bp.nn.sequences import applied
from autograd_bp.random.sources import asked
from autograd_bp.training.frames import Frame
from autograd_bp.training.meaning import LinearNumbers, Shares
from autograd_bp.training.sequences import Sequences
from autograd_bp.training.target import THRESHOLD, Classes, Numbers, Target
from autograd_bp.value import Value

if TYPE_CHECKING:
    from autograd_bp.training.model import Model

__all__ = ["Predictor", "answers_of", "outputs_of_rows", "rows_of"]

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

    def outputs(self, frame: Frame) -> Any:
        """The outputs of each row, a list of lists, or an array of many rows.

        Raises: DataError as `Encoder.table`.
        """
        return self._run(self.model.inputs(frame, fill=self._fill), len(frame))

    def of_sequences(self, rows: Any) -> Any:
        """The outputs of rows of different lengths. Raises DataError for what are no such rows."""
        assert isinstance(self.model.scaling, Sequences)
        table = self.model.scaling.table(self.model.scaling.rows(rows))
        return self._run([*zip(*table, strict=True)], len(table))

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
        answers = answers_of(target, outputs)
        if not isinstance(target, Classes):
            several = isinstance(target, LinearNumbers) and target.n_outputs > 1
            rows = answers if several else [[number] for number in answers]
            return [tuple(f"{number:.6g}" for number in row) for row in rows]
        if not probabilities:
            return [(answer,) for answer in answers]
        shares = self.model.shares()
        return [
            (answer, *(f"{share:.6g}" for share in shares(row)))
            for answer, row in zip(answers, rows_of(outputs), strict=True)
        ]


def rows_of(outputs: Any) -> list[list[float]]:
    """Outputs as lists of plain floats."""
    return outputs.tolist() if hasattr(outputs, "tolist") else outputs  # type: ignore[no-any-return]


def outputs_of_rows(network: Module) -> Callable[[Sequence[Any], int], Any]:
    """The function of columns of inputs and the number of rows that computes the outputs of each
    row, as a list of lists, or an array of many rows. It compiles the network when it is called
    with more than a few."""
    compiled: list[Any] = []
    apply = applied(network)

    def run(columns: Sequence[Any], rows: int) -> Any:
        with asked(None):  # predictions are without chance
            return computed(columns, rows)

    def computed(columns: Sequence[Any], rows: int) -> Any:
        if rows <= FEW or find_spec("numpy") is None:
            with no_recording():
                return [_plain(apply([float(c[row]) for c in columns])) for row in range(rows)]
        import numpy as np

        compiled[:] = compiled or [network.compiled()]
        outputs = []
        for start in range(0, rows, PART):
            part = [np.asarray(column[start : start + PART], dtype=float) for column in columns]
            z = compiled[0](np.stack(part, axis=1))
            outputs.append(z if z.ndim == 2 else z[:, None])
        return np.concatenate(outputs)

    return run


def answers_of(target: Target, outputs: Any) -> list[Any]:
    """The answers that outputs stand for: the names of classes, floats, or lists of floats."""
    if isinstance(target, Classes):
        if not hasattr(outputs, "argmax"):
            return [target.answer(row) for row in outputs]
        one = target.n_outputs == 1
        chosen = (outputs[:, 0] >= THRESHOLD).astype(int) if one else outputs.argmax(axis=1)
        return [target.classes[k] for k in chosen.tolist()]
    rows = rows_of(outputs)
    if isinstance(target, LinearNumbers):
        numbers = [target.numbers(row) for row in rows]
        return numbers if target.n_outputs > 1 else [row[0] for row in numbers]
    assert isinstance(target, Numbers)
    return [target.number(row[0]) for row in rows]


def _plain(z: Any) -> list[float]:
    return [z.data] if isinstance(z, Value) else [output.data for output in z]
