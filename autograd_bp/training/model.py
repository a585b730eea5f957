"""Model: a trained network that can be used on raw rows of a table."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograd_bp import functions
from autograd_bp.contexts import no_recording
from autograd_bp.errors import DataError, ShapeError
from autograd_bp.files import write_atomically
from autograd_bp.nn.network import Network
from autograd_bp.nn.proof import prove
from autograd_bp.nn.report import Proof
from autograd_bp.training import modelfile
from autograd_bp.training.dataset import DataSet, Split
from autograd_bp.training.scaling import Scaling
from autograd_bp.training.table import Table
from autograd_bp.training.target import Target
from autograd_bp.value import Value

__all__ = ["Model", "load_model"]


@dataclass(frozen=True)
class Model:
    """A network, the scaling of its inputs, and the meaning of its outputs.

    Attributes:
        network: the network.
        columns: the names of the inputs.
        scaling: the scaling, which is applied to a raw row first.
        target: the meaning of the outputs.
        example: a row, as numbers that are not scaled, and its answer: `prove` and `draw` use
            them where no other row is given.
        about: how it was trained, for readers.
    """

    network: Network
    columns: tuple[str, ...]
    scaling: Scaling
    target: Target
    example: tuple[tuple[float, ...], str]
    about: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, network: Network, data: DataSet, split: Split, about: Mapping[str, Any]) -> Model:
        """The model of a network that was trained on a split of a data set; its example is the
        first row held out (the last row where none is)."""
        place = split.places[0] if split.places else len(data.inputs) - 1
        example = (tuple(data.inputs[place]), data.answers[place])
        return cls(network, split.columns, split.scaling, split.target, example, dict(about))

    def outputs(self, row: Sequence[float]) -> list[float]:
        """The outputs z for a row of numbers that are not scaled.

        Raises: ShapeError when the row is not as long as the model has columns; DataError naming a
            column whose number is NaN or infinite, or that holds none.
        """
        self._require_numbers(row)
        with no_recording():
            return [z.data for z in self.network(self.scaling.apply(row))]

    def _require_numbers(self, row: Sequence[float]) -> None:
        """Raises DataError for the first cell of a row from which nothing can be told."""
        for column, cell in zip(self.columns, row, strict=False):
            try:
                is_finite = math.isfinite(cell)
            except (TypeError, ValueError, OverflowError):
                is_finite = False
            if not is_finite:
                raise DataError(
                    f"column {column!r:.60} is {cell!r:.40}, which is no finite number: nothing "
                    "can be predicted from it; fill it in, or leave the row out"
                )

    def predict(self, row: Sequence[float]) -> str:
        """The answer of the network for a row: the class, or the number, as text."""
        return self.target.answer(self.outputs(row))

    def rows(self, table: Table) -> list[list[float]]:
        """The inputs that a table holds; it may have other columns too, in any order.

        Raises: DataError when a column is missing or a cell is no number.
        """
        missing = [column for column in self.columns if column not in table.columns]
        if missing:
            shown = ", ".join(map(repr, missing[:5])) + (" ..." if len(missing) > 5 else "")
            raise DataError(
                f"{table.source}: {len(missing)} of the model's {len(self.columns)} columns are "
                f"missing ({shown:.200}): the header must name them as in training"
            )
        return table.numbers(list(self.columns))

    def prove(
        self,
        row: Sequence[float] | None = None,
        answer: str | None = None,
        *,
        unfold: bool = False,
    ) -> Proof:
        """Compare hand-derived γ and Δw with autodiff, on the example or another row.

        Raises: SettingError when the network has an activation whose slope is not known.
        """
        x, d = self._row(row, answer)
        return prove(self.network, x, d, unfold=unfold)

    def graph(
        self,
        row: Sequence[float] | None = None,
        answer: str | None = None,
        output: int | None = None,
    ) -> tuple[Value, Value]:
        """An output neuron and the performance it is part of, swept: for a picture.

        Arguments:
            row: numbers that are not scaled; the example when left out.
            answer: the row's answer.
            output: which output, from 1; when left out, the one that is desired to be largest.

        Raises: ShapeError when there is no such output.
        """
        x, d = self._row(row, answer)
        number = d.index(max(d)) + 1 if output is None else output
        if not 1 <= number <= len(d):
            raise ShapeError(f"there is no output {number}: the network has {len(d)}")
        outputs = self.network.trace(x)[-1].outputs
        P = functions.performance(d, outputs)
        P.label = "P"
        P.backward(accumulate=False)
        return outputs[number - 1], P

    def _row(
        self, row: Sequence[float] | None, answer: str | None
    ) -> tuple[list[float], list[float]]:
        if row is None:
            row, answer = self.example
        elif answer is None:
            answer = self.predict(row)
        self._require_numbers(row)
        return self.scaling.apply(row), self.target.desired(answer)

    def to_json(self) -> str:
        """The model as text: versioned JSON, numbers exact to the last bit.

        Raises: ModelError when it cannot be written down: an activation that is no primitive of the
            table, weights that are shared or not finite.
        """
        return modelfile.to_json(self)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the model to a file, whole or not at all.

        Raises: ModelError as `to_json`; OutputError when the file cannot be written.
        """
        return write_atomically(path, self.to_json().encode())


def load_model(path: str | os.PathLike[str]) -> Model:
    """Read a model that `Model.save` wrote; everything is checked, nothing is executed.

    Raises: ModelError when the file is no such model.
    """
    return Model(**modelfile.read(path))
