"""A trained model as ONNX: the encoder, the network, and what its outputs stand for."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from autograd_bp.errors import ModelError, SettingError
from autograd_bp.exchange.onnx.graph import Graph, checked_dtype, saved
from autograd_bp.exchange.onnx.networks import outputs_of
from autograd_bp.training.cells import MISSING
from autograd_bp.training.coding import MAX_SCALED, Categories, Coding, Dates, Scaled, Truths
from autograd_bp.training.encoder import Encoder
from autograd_bp.training.meaning import LinearNumbers, Shares
from autograd_bp.training.sequences import Sequences
from autograd_bp.training.target import LOW_OUTPUT, OUTPUT_RANGE, THRESHOLD, Classes, Numbers

if TYPE_CHECKING:
    from autograd_bp.training.model import Model

__all__ = ["model_to_onnx"]

INPUTS = ("auto", "columns", "matrix")
MATRIX = "X"
OUTPUT_NAMES = ("label", "probabilities", "prediction", "outputs")


def model_to_onnx(
    model: Model,
    path: str | os.PathLike[str] | None = None,
    *,
    inputs: str = "auto",
    dtype: str = "float64",
) -> Any:
    """The model; see `Model.to_onnx`."""
    if inputs not in INPUTS:
        raise SettingError(f"inputs is one of {', '.join(map(repr, INPUTS))}, got {inputs!r:.40}")
    checked_dtype(dtype)
    graph = Graph(dtype)
    codings = _codings(model)
    texts = [coding.name for coding in codings if isinstance(coding, Categories)]
    if inputs == "matrix" and texts:
        raise SettingError(
            f"column {texts[0]!r:.60} has text, and a matrix has numbers: inputs='columns'"
        )
    is_matrix = inputs == "matrix" or (inputs == "auto" and not texts)
    columns = _inputs(graph, codings, as_matrix=is_matrix)
    parts = [_Encoding(graph, columns[coding.name]).of(coding) for coding in codings]
    x = parts[0] if len(parts) == 1 else graph.node("Concat", *parts, axis=1)
    width = sum(coding.width for coding in codings)
    z, count = outputs_of(graph, model.network, x, width)
    _outputs(graph, model, z, count)
    facts = {
        "columns": json.dumps([coding.name for coding in codings]),
        "target": model.target.name,
        "classes": json.dumps([*getattr(model.target, "classes", ())]),
    }
    return saved(graph.model("model", facts), path)


def _codings(model: Model) -> list[Coding]:
    """How each column is encoded, also by the scaling of the built-in data sets."""
    scaling = model.scaling
    if isinstance(scaling, Sequences):
        raise ModelError(
            "a model of rows of different lengths has no ONNX form with its tokens: write the "
            "module alone, model.network.to_onnx(path, inputs=...), whose last input is the length"
        )
    if isinstance(scaling, Encoder):
        return [coding for coding in scaling.codings if coding.width]
    return [
        Scaled(name, "", low, width or 1.0)
        for name, low, width in zip(model.columns, scaling.low, scaling.width, strict=True)
    ]


def _inputs(graph: Graph, codings: list[Coding], *, as_matrix: bool) -> dict[str, str]:
    """The inputs of the ONNX model: for each column the tensor (rows, 1) of its cells."""
    import numpy as np

    if as_matrix:
        X = graph.input(MATRIX, len(codings))
        return {
            coding.name: graph.node("Gather", X, graph.array([k], np.int64), axis=1)
            for k, coding in enumerate(codings)
        }
    text = graph.onnx.TensorProto.STRING
    for coding in codings:
        if coding.name in OUTPUT_NAMES or not coding.name:
            raise ModelError(
                f"a column is called {coding.name!r}, as an output of the ONNX model is: rename it"
            )
    return {
        coding.name: graph.input(coding.name, 1, text if isinstance(coding, Categories) else None)
        for coding in codings
    }


class _Encoding:
    """The inputs of the network that one column becomes.

    Arguments:
        graph: the graph.
        cells: the tensor (rows, 1) of the column.
    """

    def __init__(self, graph: Graph, cells: str) -> None:
        self._graph, self._cells = graph, cells

    def of(self, coding: Coding) -> str:
        """A tensor (rows, inputs). A cell that the coding refuses makes NaN, so that no output is
        a number."""
        kinds: dict[type, Callable[[Any], str]] = {
            Scaled: self._scaled,
            Truths: self._truths,
            Dates: self._dates,
            Categories: self._categories,
        }
        return kinds[type(coding)](coding)

    def _scaled(self, coding: Scaled) -> str:
        values = self._filled(coding.fill, coding.has_missing)
        return self._flagged(self._standard(values, coding.mean, coding.scale), coding.has_missing)

    def _standard(self, values: str, mean: float, scale: float) -> str:
        """(x - mean) / scale, at most MAX_SCALED away from 0; NaN stays."""
        graph, node = self._graph, self._graph.node
        x = node("Div", node("Sub", values, graph.number(mean)), graph.number(scale))
        clipped = node("Clip", x, graph.number(-MAX_SCALED), graph.number(MAX_SCALED))
        return node("Where", node("IsNaN", x), x, clipped)

    def _truths(self, coding: Truths) -> str:
        graph, node = self._graph, self._graph.node
        is_true = graph.cast(node("Not", node("Equal", self._cells, graph.number(0.0))))
        unknown = graph.number(0.5 if coding.has_missing else math.nan)
        values = node("Where", node("IsNaN", self._cells), unknown, is_true)
        return self._flagged(values, coding.has_missing)

    def _dates(self, coding: Dates) -> str:
        graph, node = self._graph, self._graph.node
        days = self._filled(coding.fill, coding.has_missing)
        parts = [self._standard(days, coding.mean, coding.scale)]
        for cycle in coding.cycles:
            place = days
            if graph.dtype == "float32":  # which has too few digits for the angle of all days
                place = node("Mod", days, graph.number(cycle), fmod=1)
            turns = node("Div", place, graph.number(cycle))
            angle = node("Mul", graph.number(math.tau), turns)
            parts += [node("Sin", angle), node("Cos", angle)]
        parts += [self._is_missing()] if coding.has_missing else []
        return parts[0] if len(parts) == 1 else node("Concat", *parts, axis=1)

    def _categories(self, coding: Categories) -> str:
        """Each text has a number, which is compared with the numbers of the inputs."""
        import numpy as np

        graph, node = self._graph, self._graph.node
        none, refused = coding.width, coding.width + 1
        missing = len(coding.values) + coding.has_others if coding.has_missing else refused
        codes = dict.fromkeys(_missing_texts(), missing)
        codes |= {value: k for k, value in enumerate(coding.values)}
        places = node(
            "LabelEncoder",
            self._cells,
            ml=True,
            keys_strings=[*codes],
            values_int64s=[*codes.values()],
            default_int64=len(coding.values) if coding.has_others else none,
        )
        if not coding.width:
            raise ModelError(f"column {coding.name!r:.60} has no categories")
        inputs = graph.array([[*range(coding.width)]], np.int64)
        flags = graph.cast(node("Equal", places, inputs))
        if coding.has_missing:
            return flags
        is_refused = node("Equal", places, graph.array([[refused]], np.int64))
        return node("Where", is_refused, graph.number(math.nan), flags)

    def _is_missing(self) -> str:
        return self._graph.cast(self._graph.node("IsNaN", self._cells))

    def _filled(self, fill: float, has_missing: bool) -> str:
        if not has_missing:
            return self._cells
        is_missing = self._graph.node("IsNaN", self._cells)
        return self._graph.node("Where", is_missing, self._graph.number(fill), self._cells)

    def _flagged(self, values: str, has_missing: bool) -> str:
        if not has_missing:
            return values
        return self._graph.node("Concat", values, self._is_missing(), axis=1)


def _missing_texts() -> list[str]:
    """How a missing cell is written."""
    return sorted({form for word in MISSING for form in (word, word.upper(), word.title())})


def _outputs(graph: Graph, model: Model, z: str, count: int) -> None:
    """Hand out the outputs of the network, and what they stand for."""
    target, node = model.target, graph.node
    if isinstance(target, Classes):
        if isinstance(target, Shares):
            graph.output("probabilities", _shares(graph, z, count), len(target.classes))
        graph.output("label", _label(graph, target, z, count), None, graph.onnx.TensorProto.STRING)
    elif isinstance(target, LinearNumbers):
        scaled = node("Mul", z, graph.array([target.scales]))
        graph.output("prediction", node("Add", scaled, graph.array([target.means])), count)
    elif isinstance(target, Numbers):
        share = node("Div", node("Sub", z, graph.number(LOW_OUTPUT)), graph.number(OUTPUT_RANGE))
        number = node(
            "Add", node("Mul", share, graph.number(target.width)), graph.number(target.low)
        )
        graph.output("prediction", number, count)
    graph.output("outputs", z, count)


def _shares(graph: Graph, z: str, count: int) -> str:
    node = graph.node
    if count == 1:
        return node("Concat", node("Sub", graph.number(1.0), z), z, axis=1)
    return node("Softmax", z, axis=1)


def _label(graph: Graph, target: Classes, z: str, count: int) -> str:
    """The name of the class; "" where the outputs are no numbers."""
    import numpy as np

    node, types = graph.node, graph.onnx.TensorProto
    if count == 1:
        above = node("GreaterOrEqual", z, graph.number(THRESHOLD))
        places = node("Squeeze", graph.cast(above, types.INT64), graph.array([1], np.int64))
    else:
        places = node("ArgMax", z, axis=1, keepdims=0)
    is_nan = graph.cast(node("IsNaN", z), types.INT64)
    unknown = node("ReduceMax", is_nan, graph.array([1], np.int64), keepdims=0)
    known = node("Equal", unknown, graph.array([0], np.int64))
    places = node("Where", known, places, graph.array([-1], np.int64))
    return node(
        "LabelEncoder",
        places,
        ml=True,
        keys_int64s=[*range(len(target.classes))],
        values_strings=[*target.classes],
        default_string="",
    )
