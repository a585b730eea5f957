"""Mistakes in where numbers are put, and in how large they are made afterwards."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from autograd_bp.checking.doctor.hand_formulas import Derived, Example
from autograd_bp.checking.doctor.mistake import Mistake

__all__ = ["PLACE_MISTAKES"]

Changes = list[list[float]]


def arrange(
    name: str,
    used: str,
    formula: Callable[[Example, Derived, int, Changes], Changes],
    why: str,
    fits: Callable[[Example], bool] = lambda e: True,
) -> Mistake:
    return Mistake("arrange", name, used, formula, why=why, fits=fits)


def _has_bias(e: Example) -> bool:
    return any(w.bias is not None for layer in e.layers for w in layer)


# --------------------------------------------------------------------------------------- biases
def _with_biases(e: Example, n: int, changes: Changes, totals: Sequence[float]) -> Changes:
    """The changes with other sums of γ in those of the biases."""
    factor = -e.rate * e.setting.share
    of_bias = e.setting.decay if e.setting.decay_bias else 0.0
    return [
        own if w.bias is None else [factor * total - e.rate * of_bias * w.bias, *own[1:]]
        for own, w, total in zip(changes, e.layers[n - 1], totals, strict=True)
    ]


def _sum_over_neurons(e: Example, derived: Derived, n: int, changes: Changes) -> Changes:
    """Σ_k γ_k of row j for neuron j: of one row the same sum for all."""
    sums = [sum(row[n]) for row in derived.γ]
    if len(sums) == 1:
        sums *= len(changes)
    if len(sums) != len(changes):
        raise IndexError
    return _with_biases(e, n, changes, sums)


def _sum_over_all(e: Example, derived: Derived, n: int, changes: Changes) -> Changes:
    if len(derived.γ) == 1:
        raise IndexError  # the same as over the neurons
    return _with_biases(e, n, changes, [sum(sum(row[n]) for row in derived.γ)] * len(changes))


def _mean_over_neurons(e: Example, derived: Derived, n: int, changes: Changes) -> Changes:
    mean = sum(sum(row[n]) for row in derived.γ) / len(changes)
    return _with_biases(e, n, changes, [mean] * len(changes))


def _last_of_rows(e: Example, derived: Derived, n: int, changes: Changes) -> Changes:
    return _with_biases(e, n, changes, derived.γ[-1][n])


def _first_of_rows(e: Example, derived: Derived, n: int, changes: Changes) -> Changes:
    return _with_biases(e, n, changes, derived.γ[0][n])


def _mean_of_rows(e: Example, derived: Derived, n: int, changes: Changes) -> Changes:
    m = len(derived.γ)
    return _with_biases(
        e, n, changes, [sum(row[n][j] for row in derived.γ) / m for j in range(len(changes))]
    )


def _sum_of_rows(e: Example, derived: Derived, n: int, changes: Changes) -> Changes:
    m = len(derived.γ)
    return _with_biases(
        e, n, changes, [sum(row[n][j] for row in derived.γ) * m for j in range(len(changes))]
    )


def _several(e: Example) -> bool:
    return _has_bias(e) and len(e.rows) > 1


def _of_mean(e: Example) -> bool:
    return _several(e) and e.setting.share != 1.0


def _of_sum(e: Example) -> bool:
    return _several(e) and e.setting.share == 1.0


# ------------------------------------------------------------------------------------- matrices
def _block(changes: Changes, e: Example, n: int, with_bias: bool) -> tuple[Changes, Changes]:
    """The columns before a matrix, and the matrix."""
    first = int(e.layers[n - 1][0].bias is not None and not with_bias)
    return [row[:first] for row in changes], [row[first:] for row in changes]


def _transposed(with_bias: bool, back: bool) -> Callable[[Example, Derived, int, Changes], Changes]:
    """The matrix of a layer, laid out by columns and read by rows, or the reverse."""

    def arranged(e: Example, derived: Derived, n: int, changes: Changes) -> Changes:
        before, block = _block(changes, e, n, with_bias)
        rows, columns = len(block), len(block[0])
        if with_bias and e.layers[n - 1][0].bias is None:
            raise IndexError
        if back:
            flat = [x for row in block for x in row]
            read = [[flat[i * rows + j] for i in range(columns)] for j in range(rows)]
        else:
            flat = [block[j][i] for i in range(columns) for j in range(rows)]
            read = [flat[j * columns : (j + 1) * columns] for j in range(rows)]
        return [[*a, *b] for a, b in zip(before, read, strict=True)]

    return arranged


def _biases_last(e: Example, derived: Derived, n: int, changes: Changes) -> Changes:
    """The bias after the weights of each neuron."""
    return [[*row[1:], row[0]] for row in changes]


def _biases_behind_matrix(e: Example, derived: Derived, n: int, changes: Changes) -> Changes:
    """All weights of a layer, then all its biases, read neuron by neuron."""
    flat = [x for row in changes for x in row[1:]] + [row[0] for row in changes]
    width = len(changes[0])
    return [flat[j * width : (j + 1) * width] for j in range(len(changes))]


def _biases_before_matrix(e: Example, derived: Derived, n: int, changes: Changes) -> Changes:
    flat = [row[0] for row in changes] + [x for row in changes for x in row[1:]]
    width = len(changes[0])
    return [flat[j * width : (j + 1) * width] for j in range(len(changes))]


def _transposed_beside_biases(last: bool) -> Callable[..., Changes]:
    """The transpose of a layer's matrix with its biases behind or before it, read neuron by
    neuron."""

    def arranged(e: Example, derived: Derived, n: int, changes: Changes) -> Changes:
        width = len(changes[0])
        matrix = [row[i] for i in range(1, width) for row in changes]
        biases = [row[0] for row in changes]
        flat = [*matrix, *biases] if last else [*biases, *matrix]
        return [flat[j * width : (j + 1) * width] for j in range(len(changes))]

    return arranged


def _reversed(e: Example, derived: Derived, n: int, changes: Changes) -> Changes:
    before, block = _block(changes, e, n, False)
    return [[*a, *reversed(b)] for a, b in zip(before, block, strict=True)]


# --------------------------------------------------------------------------- sizes of the changes
def _sign(e: Example, derived: Derived, n: int, changes: Changes) -> Changes:
    return [[math.copysign(e.rate, v) if v else 0.0 for v in row] for row in changes]


def _by_own_length(e: Example, derived: Derived, n: int, changes: Changes) -> Changes:
    """The biases and the matrix of a layer, each divided by its length."""
    before, block = _block(changes, e, n, False)
    parts = []
    for part in (before, block):
        length = math.hypot(*(v for row in part for v in row)) or 1.0
        parts.append([[e.rate * v / length for v in row] for row in part])
    return [[*one, *other] for one, other in zip(*parts, strict=True)]


PLACE_MISTAKES = (
    arrange("bias summed over the wrong axis", "δ (-1) Σ γ over the neurons", _sum_over_neurons,
        "the bias weight of a neuron adds up its own γ over the rows", _has_bias),
    arrange("bias summed over everything", "δ (-1) Σ γ over rows and neurons", _sum_over_all,
        "the bias weight of a neuron adds up its own γ over the rows", _several),
    arrange("bias averaged over the neurons", "δ (-1) mean of γ", _mean_over_neurons,
        "the bias weight of a neuron has its own γ", _has_bias),
    arrange("bias not summed over the rows", "δ (-1) γ of the last row", _last_of_rows,
        "the bias weight adds up its γ over the rows", _several),
    arrange("bias not summed over the rows", "δ (-1) γ of the first row", _first_of_rows,
        "the bias weight adds up its γ over the rows", _several),
    arrange("mean for the sum in the bias", "δ (-1) Σ γ / m", _mean_of_rows,
        "P is the sum over the rows, not their mean", _of_sum),
    arrange("sum for the mean in the bias", "δ (-1) Σ γ", _sum_of_rows,
        "P is the mean over the rows: 1/m is missing", _of_mean),
    arrange("matrix transposed in a flat vector", "Δw by columns, read by rows",
        _transposed(False, False), "the weights of a neuron lie beside each other: W, and not its "
        "transpose, is laid out row by row"),
    arrange("matrix transposed in a flat vector", "Δw by rows, read by columns",
        _transposed(False, True), "the weights of a neuron lie beside each other: W, and not its "
        "transpose, is laid out row by row"),
    arrange("matrix transposed in a flat vector", "Δw and Δw0 by columns, read by rows",
        _transposed(True, False), "the weights of a neuron lie beside each other, w0 first"),
    arrange("matrix transposed in a flat vector", "Δw and Δw0 by rows, read by columns",
        _transposed(True, True), "the weights of a neuron lie beside each other, w0 first"),
    *(arrange("matrix transposed in a flat vector", used, _transposed_beside_biases(last),
        "the weights of a neuron lie beside each other, w0 first", _has_bias)
        for last, used in ((True, "Δw by columns, then Δw0"), (False, "Δw0, then Δw by columns"))),
    arrange("bias at the end of its neuron", "Δw1, Δw2 ... Δw0", _biases_last,
        "w0 comes first", _has_bias),
    arrange("biases behind the matrix", "all Δw, then all Δw0", _biases_behind_matrix,
        "the weights of a neuron lie beside each other, w0 first", _has_bias),
    arrange("biases before the matrix", "all Δw0, then all Δw", _biases_before_matrix,
        "the weights of a neuron lie beside each other, w0 first", _has_bias),
    arrange("weights in reverse", "Δwn ... Δw1", _reversed, "w1 belongs to the first input"),
    arrange("sign of the gradient alone", "δ sign(∂P/∂w)", _sign,
        "a step of one size for all weights, whatever their gradients are, is another method"),
    arrange("each array divided by its length", "δ ∂P/∂w / ‖∂P/∂w‖", _by_own_length,
        "what is compared is the gradient, with its length"),
)  # fmt: skip
