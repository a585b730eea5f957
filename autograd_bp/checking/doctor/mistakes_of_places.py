"""Mistakes in where numbers are put, and in which forward pass they are taken from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from autograd_bp.checking.doctor.hand_formulas import Derived, Example, derive
from autograd_bp.checking.doctor.mistake import Mistake
from autograd_bp.nn.gamma import Weights

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


# ---------------------------------------------------------------------------------------- caches
def stale(
    name: str, used: str, formula: Callable[[Example], Example], why: str, fits: Any = None
) -> Mistake:
    """A mistake that takes the numbers of another forward pass; it is made everywhere."""
    return Mistake(
        "example", name, used, formula, why=why, fits=fits or (lambda e: len(e.rows) > 1)
    )


def _cache(place: Callable[[int, int], int], *, inputs: bool = True, errors: bool = True) -> Any:
    """Every row with the numbers of the row at `place`, but its own desired outputs.

    Arguments:
        place: of a row and the number of rows, whose numbers it gets.
        inputs: whether x is taken from there, too.
        errors: whether z is.
    """

    def cached(e: Example) -> Example:
        rows = []
        for t, row in enumerate(e.rows):
            other = e.rows[place(t, len(e.rows))]
            fresh = e._row(other.y, other.α, other.fed, row.d)
            if not errors:
                slopes = [*fresh.slopes[:-1], row.slopes[-1]]
                fresh = fresh._replace(errors=row.errors, z=row.z, slopes=slopes)
            if not inputs:
                fed = [fresh.fed[0], row.fed[1], *fresh.fed[2:]]
                fresh = fresh._replace(y=[row.y[0], *fresh.y[1:]], fed=fed)
            rows.append(fresh)
        return e.replaced(rows)

    return cached


def _after_step(e: Example) -> Example:
    """The outputs of the weights after the step."""
    changes: dict[tuple[int, int], dict[int, float]] = {}
    for (n, j, i, _), value in derive(e):
        if i is not None:
            changes.setdefault((n, j), {})[i] = value
    moved = [
        [
            Weights(
                None if w.bias is None else w.bias + changes[n, j][0],
                [v + changes[n, j][i] for i, v in enumerate(w.inputs, 1)],
            )
            for j, w in enumerate(layer, 1)
        ]
        for n, layer in enumerate(e.layers, 1)
    ]
    return e.with_rows([row.y[0] for row in e.rows], [row.d for row in e.rows], moved)


def _last(t: int, m: int) -> int:
    return m - 1


def _first(t: int, m: int) -> int:
    return 0


def _before(t: int, m: int) -> int:
    return t - 1 if t else m - 1


def _stale(of: str, place: Callable[[int, int], int]) -> tuple[Mistake, ...]:
    why = (
        f"the outputs that the forward pass has kept are those of {of}: run it again for each row "
        "before its backward pass"
    )
    return (
        stale(f"stale cache: that of {of}", f"y of {of}", _cache(place), why),
        stale(f"stale cache: hidden outputs of {of}", f"y of {of}, z of this one",
              _cache(place, inputs=False, errors=False), why),
        stale(f"stale cache: all outputs of {of}", f"y and z of {of}, x of this one",
              _cache(place, inputs=False), why),
        stale(f"stale cache: inputs and hidden outputs of {of}", f"x and y of {of}",
              _cache(place, errors=False), why),
    )  # fmt: skip


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
    *_stale("the last row", _last),
    *_stale("the first row", _first),
    *_stale("the row before", _before),
    stale("stale cache: that of the weights after the step", "y of w + Δw", _after_step,
        "the forward pass belongs to the weights that are differentiated, before they are changed",
        lambda e: True),
)  # fmt: skip
