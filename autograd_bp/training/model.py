"""Model: a trained network that can be used on raw rows of a table."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograd_bp.contexts import no_recording
from autograd_bp.errors import DataError, SettingError, ShapeError
from autograd_bp.files import write_atomically
from autograd_bp.nn.module import Module
from autograd_bp.nn.network import Network
from autograd_bp.nn.proof import prove
from autograd_bp.nn.report import Proof
from autograd_bp.nn.sequences import applied
from autograd_bp.primitives import log
from autograd_bp.random.sources import asked
from autograd_bp.training import modelfile
from autograd_bp.training.cells import is_missing
from autograd_bp.training.coding import Scaled
from autograd_bp.training.dataset import DataSet, Split
from autograd_bp.training.encoder import Encoder
from autograd_bp.training.frames import Frame, frame_of
from autograd_bp.training.judging import score_of
from autograd_bp.training.meaning import OUTPUTS, Shares, output_of
from autograd_bp.training.optimisers.base import Optimiser
from autograd_bp.training.predicting import Predictor, answers_of, rows_of
from autograd_bp.training.scaling import Scaling
from autograd_bp.training.scores import ClassScore, NumberScore
from autograd_bp.training.sequences import Sequences
from autograd_bp.training.table import Table
from autograd_bp.training.tabular import TableData, TableSplit
from autograd_bp.training.target import Target
from autograd_bp.value import Value

__all__ = ["Model", "load_model"]


@dataclass(frozen=True)
class Model:
    """A network, what makes its inputs out of raw cells, and the meaning of its outputs.

    Attributes:
        network: the network.
        columns: the names of the columns that it needs.
        scaling: what is applied to a raw row first: a scaling of numbers, an encoder, or for rows
            of different lengths `Sequences`.
        target: the meaning of the outputs.
        example: a row, as raw cells, and its answer: `prove` and `draw` use them where no other
            row is given.
        about: how it was trained, for readers.
        factory: where the network is a module of your own, the name of the function that makes
            such a module, see `load_model`; "" for a Network.
        learned_by: the settings and the state of the optimiser, see `optimiser`; None where they
            are not known, as in files of earlier releases.
    """

    network: Module
    columns: tuple[str, ...]
    scaling: Scaling | Encoder | Sequences
    target: Target
    example: tuple[tuple[Any, ...], str]
    about: Mapping[str, Any] = field(default_factory=dict)
    factory: str = ""
    learned_by: Mapping[str, Any] | None = field(default=None, repr=False)

    @classmethod
    def of(
        cls,
        network: Module,
        data: DataSet | TableData,
        split: Split | TableSplit,
        about: Mapping[str, Any],
        learned_by: Mapping[str, Any] | None = None,
    ) -> Model:
        """The model of a network that was trained on a split of a data set; its example is the
        first row held out (the last row where none is)."""
        place = split.places[0] if split.places else len(data.answers) - 1
        row = data.inputs[place] if isinstance(data, DataSet) else data.row(place, split.columns)
        example = (tuple(row), data.answers[place])
        parts = (network, split.columns, split.scaling, split.target, example, dict(about))
        return cls(*parts, learned_by=learned_by)

    def optimiser(self) -> Optimiser:
        """The optimiser with which it was learned, in the state in which that ended: with it
        `train(model.network, rows, optimiser=model.optimiser())` goes on.

        Raises: ModelError where the file does not say, as those of earlier releases.
        """
        return modelfile.optimiser_from(self.learned_by)

    def outputs(self, row: Sequence[Any], *, fill: bool = False) -> list[float]:
        """The outputs z for a row of numbers that are not scaled.

        Raises: ShapeError when the row is not as long as the model has columns; DataError naming a
            column whose number is NaN or infinite, or that holds none.
        """
        self._require_numbers(row)
        if isinstance(self.scaling, Encoder):
            x = self.scaling.apply(row, fill=fill)
        else:
            x = self.scaling.apply(row)
        with no_recording(), asked(None):
            z = applied(self.network)(x)
            return [z.data] if isinstance(z, Value) else [output.data for output in z]

    def probabilities(self, row: Sequence[Any]) -> dict[str, float]:
        """The probability of each class for a row.

        Raises: SettingError where the outputs stand for no probabilities.
        """
        shares = self.shares()(self.outputs(row))
        return dict(zip(self.target.classes, shares, strict=True))  # type: ignore[attr-defined]

    def shares(self) -> Callable[[Sequence[float]], list[float]]:
        """The function that makes probabilities of outputs; see `probabilities`."""
        if not isinstance(self.target, Shares):
            raise SettingError(
                "this model gives no probabilities: they come with classes that are learned with "
                "softmax or logistic outputs"
            )
        return self.target.probabilities

    @property
    def output(self) -> str:
        """The kind of output: "sigmoid", "linear", "softmax" or "logistic"."""
        return output_of(self.target)

    def _require_numbers(self, row: Sequence[Any]) -> None:
        """Raises DataError for the first cell of a row from which nothing can be told. An encoder
        knows itself what it can encode."""
        if isinstance(self.scaling, Sequences):
            return
        if isinstance(row, (str, bytes)):
            raise DataError(f"a row is a list of cells, or a dict by their names, got {row!r:.60}")
        if isinstance(self.scaling, Encoder):
            return
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

    def predict(self, rows: Any, *, fill: bool = False) -> Any:
        """Return the outputs of the network.

        Arguments:
            rows: one row of raw cells, a list in the order of `columns` or a dict by their names;
                or a table of any make, see `frame_of`, which has the columns by their names. An
                array has them in the order of `columns`.
            fill: whether cells from which nothing can be told are filled with what is usual in
                their column, also where no training row had such.

        Returns: for one row the class, or the number, as text. For a table a list: the names of the
            classes, or floats, or a list of floats for each row where there are several targets.

        Raises: DataError naming the cell from which nothing can be predicted.
        """
        if isinstance(self.scaling, Sequences):
            if self.scaling.is_row(rows):
                return self.target.answer(self.outputs(rows))
            return answers_of(self.target, Predictor(self).of_sequences(rows))
        if len(getattr(rows, "shape", (1,))) == 1 and hasattr(rows, "to_dict"):
            rows = rows.to_dict()  # a row of pandas
        if _is_empty(rows):
            return []
        if _is_row(rows):
            if isinstance(rows, Mapping):
                rows = [rows.get(column) for column in self.columns]
            return self.target.answer(self.outputs(rows, fill=fill))
        return answers_of(self.target, Predictor(self, fill=fill).outputs(self.frame(rows)))

    def predict_probabilities(self, rows: Any) -> list[list[float]]:
        """The probability of each class for each row of a table, in the order of
        `target.classes`; see `predict` and `probabilities`."""
        if isinstance(self.scaling, Sequences):
            return [*map(self.shares(), rows_of(Predictor(self).of_sequences(rows)))]
        return [*map(self.shares(), rows_of(Predictor(self).outputs(self.frame(rows))))]

    def frame(self, table: Any) -> Frame:
        """A table of any make with the columns of the model."""
        frame = frame_of(table)
        names, own = list(frame.columns), [list(self.columns)]
        if isinstance(self.scaling, Encoder):
            own.append([coding.name for coding in self.scaling.codings])
        if names == [f"x{k + 1}" for k in range(len(names))]:  # columns without names
            for known in own:
                if len(known) == len(names):
                    cells = dict(zip(known, frame.columns.values(), strict=True))
                    return Frame(frame.source, cells, [], frame.lines, frame.first)
        return frame

    def row(self, frame: Frame, place: int) -> list[Any]:
        """The raw cells of one row of a frame. Raises DataError as `inputs`."""
        frame = self.frame(frame)
        self.inputs(frame.take([place]))
        cells = [frame.columns[column].cell(place) for column in self.columns]
        if isinstance(self.scaling, Encoder):
            return cells
        return [float(cell) for cell in cells]

    def answer(self, frame: Frame, place: int) -> str | None:
        """The answer that a row of a frame has; None where it has none."""
        names = getattr(self.target, "names", (self.target.name,))
        if any(name not in frame.columns for name in names):
            return None
        texts = [frame.columns[name].texts()[place].strip() for name in names]
        return None if any(map(is_missing, texts)) else " ".join(texts)

    def inputs(self, frame: Frame, *, fill: bool = False) -> list[Any]:
        """The inputs of the network for the rows of a frame, a column for each.

        Arguments:
            frame: the rows.
            fill: see `predict`.

        Raises: DataError when a column is missing, or naming the cell that cannot be used.
        """
        if isinstance(self.scaling, Encoder):
            return self.scaling.table(frame, fill=fill)
        codings = [Scaled(name, "", 0.0, 1.0) for name in self.columns]
        numbers = Encoder(tuple(codings)).table(frame)
        return [
            list(column)
            for column in zip(
                *(self.scaling.apply(row) for row in zip(*numbers, strict=True)), strict=True
            )
        ]

    def score(self, table: Any) -> ClassScore | list[NumberScore]:
        """How good the predictions for a table are that has the answers too; rows of different
        lengths come with theirs, as (X, y).

        Returns: a ClassScore, or for numbers a NumberScore for each target.

        Raises: DataError when the answers are missing, or are none of the classes.
        """
        return score_of(self, table)

    def rows(self, table: Table) -> list[list[float]]:
        """The inputs that a table holds; it may have other columns too, in any order.

        Raises: DataError when a column is missing or a cell is no number.
        """
        if not isinstance(table, Table) or isinstance(self.scaling, Sequences):
            raise DataError(
                f"rows reads a Table with the columns {self.columns!s:.80}, got "
                f"{type(table).__name__}: predict takes tables of any make"
            )
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
        row: Sequence[Any] | None = None,
        answer: str | None = None,
        *,
        unfold: bool = False,
    ) -> Proof:
        """Compare hand-derived γ and Δw with autodiff, on the example or another row.

        The performance is that which the model was trained with, its decay included.

        Raises: SettingError when there are no formulas for the network.
        """
        network = self._layered()  # refuses a wiring of its own, whatever the row is
        x, d = self._row(row, answer)
        options: dict[str, Any] = {}
        if self.output in ("softmax", "logistic"):
            options["output"] = self.output
        if self.about.get("decay"):
            options["decay"] = self.about["decay"]
        report: Proof = prove(network, x, d, unfold=unfold, **options)
        return report

    def graph(
        self,
        row: Sequence[Any] | None = None,
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
        network = self._layered()
        x, d = self._row(row, answer)
        number = d.index(max(d)) + 1 if output is None else output
        if not 1 <= number <= len(d):
            raise ShapeError(f"there is no output {number}: the network has {len(d)}")
        outputs = network.trace(x)[-1].outputs
        P = _of_outputs(self.output)(d, outputs)
        P.label = "P"
        P.backward(accumulate=False)
        return outputs[number - 1], P

    def _layered(self) -> Network:
        """The network. Raises SettingError for a module of the user's own."""
        if not isinstance(self.network, Network):
            raise SettingError(
                f"the network is a {type(self.network).__name__}, a wiring of its own: check it "
                "with check_gradient, and draw its graph with draw"
            )
        return self.network

    def _row(
        self, row: Sequence[Any] | None, answer: str | None
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

    def to_onnx(
        self,
        path: str | os.PathLike[str] | None = None,
        *,
        inputs: str = "auto",
        dtype: str = "float64",
    ) -> Any:
        """The model as ONNX, with its encoder: raw cells in, answers out, without this library.

        Columns of text are tensors of strings, all others numbers: NaN for a missing one, 1 and 0
        for yes and no, days since 1970 for dates. Where `predict` refuses a cell, the outputs are
        NaN and the label is "". Classes have the outputs `label` and `probabilities`, numbers have
        `prediction`, in both cases beside the `outputs` of the network.

        Arguments:
            path: a file to write, whole or not at all; none when left out.
            inputs: "columns" for an input (rows, 1) under the name of each column; "matrix" for one
                input X, (rows, columns), in the order of `columns`; "auto" for a matrix where no
                column has text.
            dtype: of the numbers, "float64" or "float32".

        Returns: the onnx.ModelProto.

        Raises: MissingExtraError without onnx; SettingError for text in a matrix; ModelError for
            what ONNX cannot say.
        """
        from autograd_bp.training.onnx_model import model_to_onnx

        return model_to_onnx(self, path, inputs=inputs, dtype=dtype)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the model to a file, whole or not at all.

        Raises: ModelError as `to_json`; OutputError when the file cannot be written.
        """
        return write_atomically(path, self.to_json().encode())


def _of_outputs(output: str) -> Callable[[Any, Any], Any]:
    """The performance, as a function of the outputs of neurons: in a picture the stimulus of the
    last neuron leads to P through its output alone."""
    if output != "logistic":
        return OUTPUTS[output].performance

    def entropy(d: Sequence[float], z: Sequence[Any]) -> Any:
        (desired,), (output,) = d, z
        return log(output) if desired == 1.0 else log(1.0 - output)

    return entropy


def _is_empty(rows: Any) -> bool:
    """Whether it is a table without rows."""
    if isinstance(rows, Mapping):
        columns = [*rows.values()]
        return bool(columns) and not any(
            isinstance(column, str) or getattr(column, "__len__", lambda: 1)() for column in columns
        )
    return getattr(rows, "shape", (1,))[0] == 0 or (isinstance(rows, list) and not rows)


def _is_row(rows: Any) -> bool:
    """Whether it is one row: a list of cells, or a dict of them."""
    if isinstance(rows, Mapping):
        return not any(hasattr(c, "__len__") and not isinstance(c, str) for c in rows.values())
    if len(getattr(rows, "shape", (0,))) != 1 or hasattr(rows, "columns"):
        return False
    if not hasattr(rows, "__len__") or isinstance(rows, (str, bytes)):
        return False  # chunks, or no table at all
    cells = list(rows)
    return not any(hasattr(c, "__len__") and not isinstance(c, (str, bytes)) for c in cells)


def load_model(
    path: str | os.PathLike[str], factories: Mapping[str, Callable[[], Module]] | None = None
) -> Model:
    """Read a model that `Model.save` wrote; everything is checked, nothing is executed.

    Arguments:
        path: the file.
        factories: for modules of your own, the functions that make them, by the names that their
            models have for them: only a function that is given here is called.

    Raises: ModelError when the file is no such model, or needs a factory that is not given.
    """
    return Model(**modelfile.read(path, factories or {}))
