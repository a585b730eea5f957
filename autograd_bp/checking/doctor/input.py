"""Reads the user's derivation: lists, arrays, dicts and flat vectors, as terms by their places."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from autograd_bp.checking.doctor.hand_formulas import TermPlace
from autograd_bp.checking.doctor.keys import has_gammas, of_arrays, of_keys, spelled
from autograd_bp.checking.doctor.structure import (
    Structure,
    column,
    entries_of,
    is_flat,
    length,
    matrix_of,
    number_of,
    unflattened,
)
from autograd_bp.errors import SettingError, ShapeError
from autograd_bp.nn.gamma import Weights
from autograd_bp.primitives import number

__all__ = ["DOUBLE", "Given", "plain", "precision", "read", "refuse_two_of_one", "rounding_of"]


class Given(NamedTuple):
    """The user's derivation, as numbers or as functions that return them."""

    gamma: Any = None
    weight_changes: Any = None
    weights_after: Any = None
    gradients: Any = None


Terms = dict[TermPlace, Any]


def refuse_two_of_one(given: Given) -> None:
    """Raise SettingError where changes are given in two ways."""
    ways = [
        name
        for name in ("weight_changes", "weights_after", "gradients")
        if getattr(given, name) is not None
    ]
    if len(ways) > 1:
        raise SettingError(f"{' and '.join(ways)} say the same: give one of them")


def read(given: Given, s: Structure) -> Terms:
    """The user's numbers by their places; `given` has no functions.

    Raises: ShapeError for another structure than the network's, with the missing and the surplus
        keys of a dict; OperandError for an entry that is no number.
    """
    terms: Terms = {}
    if given.gamma is not None:
        terms |= _gammas("gamma", given.gamma, s, 1.0)
    if given.weight_changes is not None:
        terms |= _changes("weight_changes", given.weight_changes, s, "dw")
    if given.gradients is not None:
        slopes = dict(_changes("gradients", given.gradients, s, "dw"))
        terms |= {
            place: -value if place.weight is None else -s.rate * value
            for place, value in slopes.items()
        }
    if given.weights_after is not None:
        for place, after in _changes("weights_after", given.weights_after, s, "w"):
            bias, inputs = s.layers[place.layer - 1][place.neuron - 1]
            assert place.weight is not None
            terms[place] = after - (inputs[place.weight - 1] if place.weight else bias)
    return terms


# ------------------------------------------------------------------------------------------- γ
def _gammas(what: str, derived: Any, s: Structure, sign: float) -> Iterator[tuple[TermPlace, Any]]:
    depth = len(s.layers)
    if isinstance(derived, Mapping):
        by_layer = of_keys(what, derived, ["dz"], s)
        for n in range(1, depth + 1):
            yield from _layer_of_gammas(f"{what}[{n}]", by_layer["dz", n], n, s, sign)
        return
    layers_first = s.rows is not None and _has_matrices(derived, s)
    if s.rows is None or layers_first:
        layers = entries_of(what, derived, depth, "layers, first layer first")
        for n, numbers in enumerate(layers, 1):
            yield from _layer_of_gammas(f"{what}[{n - 1}]", numbers, n, s, sign)
        return
    for t, row in enumerate(entries_of(what, derived, s.rows, "rows"), 1):
        if row is None:
            continue
        layers = entries_of(f"{what}[{t - 1}]", row, depth, "layers, first layer first")
        for n, numbers in enumerate(layers, 1):
            at = f"{what}[{t - 1}][{n - 1}]"
            yield from _row_of_gammas(at, numbers, n, t, s, sign)


def _has_matrices(derived: Any, s: Structure) -> bool:
    """Whether the entries are one matrix for each layer, of neurons and rows."""
    if isinstance(derived, (str, bytes)) or not isinstance(derived, Sequence):
        return False
    return len(derived) == len(s.layers) and all(
        getattr(entry, "shape", None) in ((s.size(n), s.rows), (s.rows, s.size(n)))
        for n, entry in enumerate(derived, 1)
    )


def _layer_of_gammas(
    what: str, numbers: Any, n: int, s: Structure, sign: float
) -> Iterator[tuple[TermPlace, Any]]:
    """γ of a layer: of a single row its neurons, of several a matrix of neurons and rows."""
    if numbers is None:
        return
    if s.rows is None:
        yield from _row_of_gammas(what, numbers, n, None, s, sign)
        return
    matrix = matrix_of(what, numbers)
    shape = (len(matrix), len(matrix[0]))
    if shape == (s.rows, s.size(n)) and shape[0] != shape[1]:
        matrix = [list(entries) for entries in zip(*matrix, strict=True)]
    elif shape != (s.size(n), s.rows):
        raise ShapeError(
            f"{what} has the shape {shape}: γ of layer {n} has {s.size(n)} neurons and {s.rows} "
            "rows, a column for each row"
        )
    for t in range(1, s.rows + 1):
        of_row = [row[t - 1] for row in matrix]
        yield from _row_of_gammas(what, of_row, n, t, s, sign)


def _row_of_gammas(
    what: str, numbers: Any, n: int, t: int | None, s: Structure, sign: float
) -> Iterator[tuple[TermPlace, Any]]:
    if numbers is None:
        return
    γ = column(what, numbers, s.size(n), f"neurons of layer {n}")
    for j, value in enumerate(γ, 1):
        if value is not None:
            number = number_of(f"{what}[{j - 1}]", value, s)
            yield TermPlace(n, j, None, t), number if sign > 0 else -number


# ------------------------------------------------------------------------------------------ Δw
def _changes(what: str, derived: Any, s: Structure, kind: str) -> Iterator[tuple[TermPlace, Any]]:
    depth = len(s.layers)
    arrays = of_arrays(derived, kind.removesuffix("w"), s)
    if arrays is not None:
        derived = arrays
    if isinstance(derived, Mapping):
        yield from _changes_of_keys(what, derived, s, kind)
        return
    if is_flat(derived, s):
        derived = unflattened(derived, s)
    layers = entries_of(what, derived, depth, "layers, first layer first")
    for n, (layer, neurons) in enumerate(zip(s.layers, layers, strict=True), 1):
        if neurons is None:
            continue
        at = f"{what}[{n - 1}]"
        neurons = entries_of(at, neurons, len(layer), f"neurons of layer {n}")
        for j, (w, weights) in enumerate(zip(layer, neurons, strict=True), 1):
            yield from _neuron(f"{at}[{j - 1}]", weights, n, j, w, s)


def _neuron(
    at: str, weights: Any, n: int, j: int, w: Weights, s: Structure
) -> Iterator[tuple[TermPlace, Any]]:
    if weights is None:
        return
    if isinstance(weights, Weights):
        biases = [weights.bias] if w.bias is not None else []
        weights = [*biases, *weights.inputs]
    first = int(w.bias is None)
    size = len(w.inputs) + 1 - first
    own = weights
    if first and length(weights) == size + 1:
        w0, *others = weights  # as network.weights has them: None for no bias
        own = others if w0 is None else weights
    about = f"weights of neuron {j} of layer {n}" + ("" if first else ", w0 first")
    for i, value in enumerate(entries_of(at, own, size, about), first):
        if value is not None:
            yield TermPlace(n, j, i), number_of(f"{at}[{i - first}]", value, s)


def _changes_of_keys(
    what: str, derived: Mapping[Any, Any], s: Structure, short: str
) -> Iterator[tuple[TermPlace, Any]]:
    """Matrices and columns by the names of courses, "dW1" and "db1". They add the bias b = -w0."""
    of_bias = short.replace("w", "b")
    kinds = [short, of_bias]
    if short == "dw" and has_gammas(derived):
        kinds.append("dz")
    by_key = of_keys(what, derived, kinds, s)
    for n, layer in enumerate(s.layers, 1):
        if len(kinds) > 2:
            # Δw gives γ; of a gradient of E = -P the sign is turned with all the others.
            yield from _layer_of_gammas(f"{what}['dZ{n}']", by_key["dz", n], n, s, 1.0)
        matrix = by_key[short, n]
        if matrix is not None:
            yield from _matrix_of_layer(f"{what}['{spelled(short)}{n}']", matrix, n, s)
        biases = by_key.get((of_bias, n))
        if biases is not None:
            at = f"{what}[{of_bias + str(n)!r}]"
            for j, value in enumerate(_biases(at, biases, n, s), 1):
                if value is not None and layer[j - 1].bias is not None:
                    yield TermPlace(n, j, 0), -number_of(f"{at}[{j - 1}]", value, s)


def _matrix_of_layer(at: str, given: Any, n: int, s: Structure) -> Iterator[tuple[TermPlace, Any]]:
    rows, columns = s.size(n), len(s.layers[n - 1][0].inputs)
    matrix = matrix_of(at, given)
    shape = (len(matrix), len(matrix[0]))
    if shape != (rows, columns):
        transposed = ", that of its transpose" if shape == (columns, rows) else ""
        raise ShapeError(
            f"{at} has the shape {shape}{transposed}: a row for each of the {rows} neurons of "
            f"layer {n} and a column for each of its {columns} inputs are needed, "
            f"({rows}, {columns})"
        )
    for j, row in enumerate(matrix, 1):
        for i, value in enumerate(row, 1):
            if value is not None:
                yield TermPlace(n, j, i), number_of(f"{at}[{j - 1}][{i - 1}]", value, s)


def _biases(at: str, given: Any, n: int, s: Structure) -> list[Any]:
    size = s.size(n)
    try:
        return column(at, given, size, f"neurons of layer {n}")
    except ShapeError as error:
        count = length(given)
        if count == s.rows and count != size:
            raise ShapeError(
                f"{error}; {count} is the number of rows: was it summed over the wrong axis?"
            ) from None
        raise


def plain(value: Any) -> float:
    """A number of the user's as a float; of a Value its number."""
    if hasattr(value, "detach"):
        value = value.detach()  # torch warns of the graph that would be lost
    return number(getattr(value, "data", value) if hasattr(value, "partials") else value)


def precision(results: Given) -> float:
    """One unit of rounding of the numbers: of doubles, or of a shorter type that an array has."""
    return max((_precision(derived) for derived in results), default=DOUBLE)


DOUBLE = 2.0**-52
_SHORTER = {"float32": 2.0**-23, "float16": 2.0**-10, "bfloat16": 2.0**-7}


def _precision(derived: Any) -> float:
    dtype = getattr(derived, "dtype", None)
    if dtype is not None:
        return _SHORTER.get(str(dtype).rpartition(".")[2], DOUBLE)
    if isinstance(derived, Mapping):
        derived = list(derived.values())
    if isinstance(derived, (list, tuple)):
        return max((_precision(entry) for entry in derived), default=DOUBLE)
    return DOUBLE


def rounding_of(
    given: Given, terms: Terms, s: Structure, decimals: int | None
) -> dict[TermPlace, float]:
    """How far each number may be off because it was rounded in print.

    Raises: SettingError for decimals that are none.
    """
    half = _half_of_last_place(decimals)
    rounding = dict.fromkeys(terms, half)
    if given.weights_after is not None and not half:
        for place, change in terms.items():
            if place.weight is not None:
                bias, inputs = s.layers[place.layer - 1][place.neuron - 1]
                w = inputs[place.weight - 1] if place.weight else bias
                rounding[place] = 2.0 * math.ulp(max(abs(w), abs(w + change)))
    return rounding


def _half_of_last_place(decimals: int | None) -> float:
    """How far rounding to that many places after the point moves a number."""
    if decimals is None:
        return 0.0
    if isinstance(decimals, bool) or not isinstance(decimals, int) or not 0 <= decimals <= 20:
        raise SettingError(f"decimals is a whole number from 0 to 20, got {decimals!r:.60}")
    return 0.5 * 10.0**-decimals * (1.0 + 1e-9)
