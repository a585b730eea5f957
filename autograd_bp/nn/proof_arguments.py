"""The rows, desired outputs, masks and settings of a proof, read and checked."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from autograd_bp.errors import OperandError, SettingError, ShapeError
from autograd_bp.nn.network import Network
from autograd_bp.nn.proof_activations import COVERS
from autograd_bp.primitives import number
from autograd_bp.value import Value

__all__ = [
    "desired_of",
    "masks_of",
    "not_negative",
    "own_inputs",
    "positive",
    "recurrent_of",
    "refuse_other_networks",
    "rows_of",
]


def rows_of(x: Any, several: bool, width: int) -> list[list[float]]:
    if not several:
        _refuse_rows(x, width)
        return [_row("x", x, width, "the network has {} inputs")]
    rows = _listed("x", x, "a list of rows")
    if not rows:
        raise ShapeError("x is a list of rows, and it is empty")
    shape = tuple(getattr(x, "shape", ()))
    if len(shape) == 2 and width == shape[0] != shape[-1]:
        raise ShapeError(
            f"x has the shape {shape}, a column for each example: rows of x are rows of "
            "data here, give x.T"
        )
    return [_row(f"x[{t}]", row, width, "the network has {} inputs") for t, row in enumerate(rows)]


def _refuse_rows(x: Any, width: int) -> None:
    """Raise ShapeError for rows of x where one row is expected."""
    shape = tuple(getattr(x, "shape", ()))
    if not shape and isinstance(x, (list, tuple)) and x and isinstance(x[0], (list, tuple)):
        shape = (len(x), len(x[0]))
    if len(shape) == 2 and shape not in ((width, 1), (1, width)):
        raise ShapeError(
            f"x has {shape[0]} rows of {shape[1]}, where one row of {width} numbers is expected: "
            'give batch="sum" or "mean" for several rows, or recurrent= for steps in time'
        )


def desired_of(
    d: Any, several: bool, count: int, width: int, name: str, in_time: bool
) -> list[list[float] | None]:
    text = "the network has {} outputs"
    if name == "softmax":
        d = [_probabilities(row, width) for row in d] if several else _probabilities(d, width)
    if not several:
        rows = [_row("d", d, width, text, "desired numbers")]
    else:
        listed = _listed("d", d, "a list with the desired outputs of each row")
        if len(listed) != count:
            raise ShapeError(f"there are {count} rows in x, and {len(listed)} in d")
        rows = [
            None  # type: ignore[misc]
            if row is None and in_time
            else _row(f"d[{t}]", row, width, text, "desired numbers")
            for t, row in enumerate(listed)
        ]
        if not any(row is not None for row in rows):
            raise ShapeError("no step has desired outputs: d is None everywhere")
    for row in rows if name == "softmax" else ():
        if row is not None and not abs(math.fsum(row) - 1.0) <= 1e-9:
            raise SettingError(
                "the desired outputs of a softmax are probabilities that add up to 1, got "
                f"{row!r:.60} with the sum {math.fsum(row):.6g}"
            )
    return rows  # type: ignore[return-value]


def _probabilities(d: Any, width: int) -> Any:
    """The index of a class, from 0, as probabilities; anything else as it is."""
    if width == 1 or isinstance(d, bool) or not hasattr(d, "__index__") or hasattr(d, "__len__"):
        return d
    if not 0 <= int(d) < width:
        raise ShapeError(f"class {int(d)} is not one of the {width} classes, 0 to {width - 1}")
    return [float(k == int(d)) for k in range(width)]


def _row(what: str, given: Any, width: int, has: str, of: str = "") -> list[float]:
    single = isinstance(given, Value) or not isinstance(given, Iterable)
    if single and what.startswith("x"):
        raise OperandError(
            f"{what} is a row of {width} numbers, got {type(given).__name__} {given!r:.60}"
        )
    if isinstance(given, (str, bytes)):
        raise OperandError(f"{what} is a row of real numbers, got {given!r:.60}")
    if getattr(given, "shape", None) == (1, width):
        (given,) = given
    entries = [given] if single else [_alone(entry) for entry in given]
    if len(entries) != width:
        raise ShapeError(
            f"a network of {width} inputs got a row of {len(entries)}: give one number each"
            if not of
            else f"{has.format(width)}, got {len(entries)} {of}"
        )
    return [entry.data if isinstance(entry, Value) else number(entry) for entry in entries]


def _alone(entry: Any) -> Any:
    """The number of a row that has one, as a column of NumPy's has."""
    while getattr(entry, "shape", None) == (1,) or (isinstance(entry, list) and len(entry) == 1):
        (entry,) = entry
    return entry


def _listed(what: str, given: Any, of: str) -> list[Any]:
    if isinstance(given, (str, bytes, Mapping, Value)) or not isinstance(given, Iterable):
        raise OperandError(f"{what} is {of}; got {type(given).__name__} {given!r:.60}")
    return list(given)


def recurrent_of(network: Network, given: Any) -> frozenset[int]:
    layers = [given] if isinstance(given, int) else given
    if isinstance(layers, (str, bytes)) or not isinstance(layers, Collection):
        raise SettingError(f"recurrent is the number of a layer, or several; got {given!r:.60}")
    last = len(network.layers)
    for n in layers:
        if isinstance(n, bool) or not isinstance(n, int) or not 1 <= n <= last:
            raise SettingError(f"recurrent is the number of a layer, 1 to {last}; got {n!r:.60}")
    recurrent = frozenset(layers)
    for n, layer in enumerate(network.layers, 1):
        got = layer.neurons[0].n_inputs
        own = own_inputs(network, n, recurrent)
        before = len(network.layers[n - 2].neurons) if n > 1 else got - own
        if before < 1 or before + own != got:
            others = "those of the network" if n == 1 else f"the {before} outputs before it"
            raise ShapeError(
                f"layer {n} has {got} inputs; recurrent, it needs one for each of its {own} "
                f"neurons beside {others}"
            )
    return recurrent


def own_inputs(network: Network, n: int, recurrent: frozenset[int]) -> int:
    """How many inputs of layer n are its own outputs of the step before."""
    return len(network.layers[n - 1].neurons) if n in recurrent else 0


def masks_of(given: Any, network: Network, rows: int) -> list[list[list[float] | None]] | None:
    """The masks of each row, for each layer; the last one has none."""
    if given is None:
        return None
    hidden = len(network.layers) - 1
    listed = _listed("masks", given, f"a list of {hidden} masks, one for each hidden layer")
    if len(listed) != hidden:
        layers = "is 1 hidden layer" if hidden == 1 else f"are {hidden} hidden layers"
        raise ShapeError(f"masks has {len(listed)} entries, but there {layers}")
    by_layer = [
        _masks_of_layer(f"masks[{n - 1}]", mask, n, len(network.layers[n - 1].neurons), rows)
        for n, mask in enumerate(listed, 1)
    ]
    return [[*(masks[t] for masks in by_layer), None] for t in range(rows)]


def _masks_of_layer(
    what: str, given: Any, n: int, width: int, rows: int
) -> list[list[float] | None]:
    """One mask for each row."""
    if given is None:
        return [None] * rows
    entries = [_alone(entry) for entry in _listed(what, given, "a list")]
    if entries and all(_is_nested(entry) for entry in entries) and len(entries) == rows:
        masks = [[number(_alone(v)) for v in entry] for entry in entries]
    elif not any(map(_is_nested, entries)):
        masks = [[number(entry) for entry in entries]] * rows
    else:
        raise ShapeError(f"{what} has {len(entries)} entries: give one mask, or one for each row")
    for mask in masks:
        if len(mask) != width:
            raise ShapeError(f"{what} has {len(mask)} entries, but layer {n} has {width} neurons")
    return list(masks)


def _is_nested(entry: Any) -> bool:
    return isinstance(entry, Iterable) and not isinstance(entry, Value)


def refuse_other_networks(network: Any) -> None:
    if not isinstance(network, Network) or type(network).__call__ is not Network.__call__:
        raise SettingError(
            f"{COVERS}, fed by the layer before and nothing else; got "
            f"{type(network).__name__}, a wiring of its own: check it with numerical gradients"
        )
    for layer in network.layers:
        for neuron in layer.neurons:
            if any(w is not None and w.parents for w in (neuron.bias, *neuron.weights)):
                raise SettingError(
                    f"{COVERS} whose weights are parameters; this one has computed weights"
                )


def positive(what: str, setting: Any) -> float:
    plain = math.nan if isinstance(setting, (bool, str)) else number(setting)
    if not 0.0 < plain < math.inf:
        raise SettingError(f"{what} is a number above 0, got {setting!r:.60}")
    return plain


def not_negative(what: str, setting: Any) -> float:
    plain = math.nan if isinstance(setting, (bool, str)) else number(setting)
    if not 0.0 <= plain < math.inf:
        raise SettingError(f"{what} is a number, 0 or more, got {setting!r:.60}")
    return plain
