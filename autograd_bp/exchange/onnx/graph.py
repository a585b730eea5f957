"""The nodes and numbers of an ONNX model while it is made."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence
from typing import Any

from autograd_bp.errors import MissingExtraError, ModelError, SettingError
from autograd_bp.files import write_atomically
from autograd_bp.version import __version__

__all__ = ["Graph", "checked_dtype"]

OPSET, ML_OPSET, IR_VERSION = 18, 3, 9
DTYPES = ("float64", "float32")
MAX_BYTES = 2**31 - 1  # of a model in one file


class Graph:
    """Nodes in the order in which they are added; what each computes is known by a name.

    Arguments:
        dtype: "float64" or "float32": of all numbers.

    Raises: MissingExtraError without onnx; SettingError for another dtype.
    """

    def __init__(self, dtype: str = "float64") -> None:
        self.dtype = checked_dtype(dtype)
        self.onnx = _onnx()
        types = self.onnx.TensorProto
        self.type = types.DOUBLE if dtype == "float64" else types.FLOAT
        self._nodes: list[Any] = []
        self._numbers: list[Any] = []
        self._inputs: list[Any] = []
        self._outputs: list[Any] = []
        self._known: dict[tuple[Any, ...], str] = {}
        self._names: set[str] = set()
        self._uses_ml = False

    # ------------------------------------------------------------------------- what it is made of
    def input(self, name: str, width: int, type: int | None = None) -> str:
        """An input, an array (rows, width)."""
        return self._named(self._inputs, name, ["rows", width], type)

    def output(self, name: str, source: str, width: int | None, type: int | None = None) -> None:
        """Hand out what is called `source`: (rows, width), or (rows,) where width is None."""
        shape = ["rows"] if width is None else ["rows", width]
        self._nodes.append(self.onnx.helper.make_node("Identity", [source], [name]))
        self._named(self._outputs, name, shape, type)

    def node(self, op: str, *operands: str, ml: bool = False, **attributes: Any) -> str:
        """A node; the name of what it computes. Equal nodes are one."""
        key = (op, operands, repr(sorted(attributes.items(), key=lambda pair: pair[0])))
        if key not in self._known:
            name = self._known[key] = self._free(op.lower())
            if ml:
                self._uses_ml, attributes["domain"] = True, "ai.onnx.ml"
            self._nodes.append(
                self.onnx.helper.make_node(op, [*operands], [name], name=name, **attributes)
            )
        return self._known[key]

    def array(self, numbers: Any, dtype: Any = None) -> str:
        """An array of numbers, of the dtype of the graph when left out."""
        import numpy as np

        array = np.ascontiguousarray(numbers, dtype=dtype or self.dtype)
        key = ("array", array.dtype.str, array.shape, array.tobytes())
        if key not in self._known:
            name = self._known[key] = self._free("numbers")
            self._numbers.append(self.onnx.numpy_helper.from_array(array, name))
        return self._known[key]

    def number(self, number: float) -> str:
        """A number, rounded to the dtype of the graph."""
        largest = 1.7976931348623157e308 if self.dtype == "float64" else 3.4028234663852886e38
        if math.isfinite(number) and abs(number) > largest:
            number = math.copysign(math.inf, number)
        return self.array(number)

    def cast(self, source: str, type: int | None = None) -> str:
        """In another type: that of the graph when left out."""
        return self.node("Cast", source, to=type or self.type)

    # -------------------------------------------------------------------------------- as a model
    def model(self, name: str, facts: Mapping[str, str] | None = None) -> Any:
        """The onnx.ModelProto, checked.

        Arguments:
            name: of the graph.
            facts: texts that are kept in the model.

        Raises: ModelError when onnx finds fault with it.
        """
        onnx = self.onnx
        graph = onnx.helper.make_graph(
            self._nodes, name, self._inputs, self._outputs, initializer=self._numbers
        )
        sets = [onnx.helper.make_opsetid("", OPSET)]
        if self._uses_ml:
            sets.append(onnx.helper.make_opsetid("ai.onnx.ml", ML_OPSET))
        model = onnx.helper.make_model(
            graph,
            opset_imports=sets,
            ir_version=IR_VERSION,
            producer_name="autograd_bp",
            producer_version=__version__,
        )
        if facts:
            onnx.helper.set_model_props(model, dict(facts))
        if model.ByteSize() > MAX_BYTES:
            raise ModelError("the model is larger than the 2 GB that one file of ONNX may have")
        try:
            onnx.checker.check_model(model)
        except onnx.checker.ValidationError as error:
            raise ModelError(f"onnx does not accept the model: {error}") from None
        return model

    def _named(self, where: list[Any], name: str, shape: Sequence[Any], type: int | None) -> str:
        if name in self._names:
            raise ModelError(f"two inputs or outputs of the ONNX model are called {name!r:.60}")
        self._names.add(name)
        where.append(self.onnx.helper.make_tensor_value_info(name, type or self.type, [*shape]))
        return name

    def _free(self, stem: str) -> str:
        name = f"{stem}_{len(self._known)}"
        while name in self._names:
            name += "_"
        self._names.add(name)
        return name


def saved(model: Any, path: str | os.PathLike[str] | None) -> Any:
    """The model, written to a file where one is named."""
    if path is not None:
        write_atomically(path, model.SerializeToString())
    return model


def checked_dtype(dtype: str) -> str:
    """Raises SettingError for another dtype than those that a graph may have."""
    if dtype not in DTYPES:
        raise SettingError(f"dtype is 'float64' or 'float32', got {dtype!r:.40}")
    return dtype


def _onnx() -> Any:
    try:
        import onnx
        import onnx.checker
    except ImportError:
        raise MissingExtraError(
            'ONNX export needs onnx, which is not installed: pip install "autograd_bp[onnx]"'
        ) from None
    return onnx
