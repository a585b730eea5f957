"""Mistakes in whole arrays of changes, which are read off the numbers: they were clipped, scaled to
one length, or taken from another layer."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping

from autograd_bp.checking.doctor.hand_formulas import Example, TermPlace, derive
from autograd_bp.checking.doctor.mistake import Mistake

__all__ = ["clipped", "exchanged"]

_SAME = 1e-6  # relative: what is read off twice has to be the same
_WHY_CLIPPED = "what is compared is the gradient, before it is clipped"
Array = tuple[int, bool]  # a layer, and whether it is its biases


def clipped(e: Example, numbers: Mapping[TermPlace, float]) -> Iterator[Mistake]:
    """Numbers that were clipped: to a largest one, or to a largest length, together or by array."""
    right = {
        place: value for place, value in derive(e) if place in numbers and place.weight is not None
    }
    if len(right) < 2:
        return
    top = max(abs(numbers[place]) for place in right)
    if sum(abs(value) > top * (1.0 + _SAME) for value in right.values()) > 1:
        name = f"gradients clipped at {top / e.rate:.6g}"
        used = f"∂P/∂w, at most {top / e.rate:.6g}"
        yield Mistake("arrange", name, used, _clip(top), why=_WHY_CLIPPED)
    yield from _of_one_length(e, numbers, right)
    yield from _arrays_of_one_length(e, numbers, right)


def _of_one_length(
    e: Example, numbers: Mapping[TermPlace, float], right: Mapping[TermPlace, float]
) -> Iterator[Mistake]:
    length = math.hypot(*right.values())
    own = math.hypot(*(numbers[place] for place in right))
    norm = round(own / e.rate, 2)
    if not length or not math.isclose(own, norm * e.rate, rel_tol=1e-9):
        return
    if norm == 1.0:
        name, used = "gradient divided by its length", "Δw = δ ∂P/∂w / ‖∂P/∂w‖"
        why = "what is compared is the gradient, with its length"
        yield Mistake("arrange", name, used, _times(own / length), why=why)
    if own < length:
        name, used = f"gradients clipped to the norm {norm:.6g}", f"Δw · {norm:.6g} / ‖∂P/∂w‖"
        yield Mistake("arrange", name, used, _times(own / length), why=_WHY_CLIPPED)


def _arrays_of_one_length(
    e: Example, numbers: Mapping[TermPlace, float], right: Mapping[TermPlace, float]
) -> Iterator[Mistake]:
    """Each array clipped to the same length, if it was longer."""
    lengths, own = _lengths(right), _lengths({place: numbers[place] for place in right})
    shorter = [own[a] for a, length in lengths.items() if own[a] < length * (1.0 - _SAME)]
    top = max(shorter, default=0.0)
    if len(shorter) < 2 or any(not math.isclose(top, part, rel_tol=_SAME) for part in shorter):
        return

    def by_array(example: Example, derived: object, n: int, rows: list[list[float]]) -> object:
        changes = []
        for row, w in zip(rows, example.layers[n - 1], strict=True):
            first = int(w.bias is not None)
            parts = (((n, True), row[:first]), ((n, False), row[first:]))
            changes.append(
                [_share(top, lengths.get(a, 0.0)) * v for a, part in parts for v in part]
            )
        return changes

    norm = f"{top / e.rate:.6g}"
    yield Mistake(
        "arrange",
        f"each array clipped to the norm {norm}",
        f"Δw · min(1, {norm} / ‖∂P/∂w‖), array by array",
        by_array,
        why=_WHY_CLIPPED,
    )


def _share(top: float, length: float) -> float:
    return top / length if length > top else 1.0


def _lengths(numbers: Mapping[TermPlace, float]) -> dict[Array, float]:
    parts: dict[Array, list[float]] = {}
    for place, value in numbers.items():
        parts.setdefault((place.layer, place.weight == 0), []).append(value)
    return {array: math.hypot(*values) for array, values in parts.items()}


def _clip(top: float) -> Callable[..., list[list[float]]]:
    return lambda e, derived, n, rows: [[min(max(v, -top), top) for v in row] for row in rows]


def _times(c: float) -> Callable[..., list[list[float]]]:
    return lambda e, derived, n, rows: [[c * v for v in row] for row in rows]


# ------------------------------------------------------------------------------- other arrays
def exchanged(e: Example, numbers: Mapping[TermPlace, float]) -> Iterator[Mistake]:
    """Arrays that are those of another layer."""
    right = _arrays({place: value for place, value in derive(e) if place.weight is not None})
    own = _arrays({place: value for place, value in numbers.items() if place.weight is not None})
    taken = {
        array: other
        for array, values in own.items()
        if array in right and not _alike(values, right[array])
        if (other := _another(array, values, right)) is not None
    }
    if not taken:
        return
    said = [f"{_named(array)} is that of layer {other[0]}" for array, other in taken.items()]

    def from_others(example: Example, derived: object, n: int, rows: list[list[float]]) -> object:
        changes = []
        for j, row in enumerate(rows, 1):
            first = int(example.layers[n - 1][j - 1].bias is None)
            changes.append([_taken(right, taken, n, j, i, v) for i, v in enumerate(row, first)])
        return changes

    yield Mistake(
        "arrange",
        "array of another layer",
        "Δw: " + "; ".join(said),
        from_others,
        why="; ".join(said) + ": the index of the layer is wrong",
    )


def _another(array: Array, values: Mapping[tuple[int, int], float], right: Arrays) -> Array | None:
    """The array of the same kind that has these values."""
    kind = array[1]
    alike = (a for a in right if a != array and a[1] == kind and _alike(values, right[a]))
    return next(alike, None) if len(values) > 1 else None


Arrays = dict[Array, dict[tuple[int, int], float]]


def _arrays(numbers: Mapping[TermPlace, float]) -> Arrays:
    """By layer and kind, the numbers by neuron and weight."""
    arrays: Arrays = {}
    for place, value in numbers.items():
        assert place.weight is not None
        of_array = arrays.setdefault((place.layer, place.weight == 0), {})
        of_array[place.neuron, place.weight] = value
    return arrays


def _alike(one: Mapping[tuple[int, int], float], other: Mapping[tuple[int, int], float]) -> bool:
    return one.keys() == other.keys() and all(
        math.isclose(value, other[place], rel_tol=1e-9, abs_tol=1e-300)
        for place, value in one.items()
    )


def _named(array: Array) -> str:
    return f"{'b' if array[1] else 'W'} of layer {array[0]}"


def _taken(
    right: Arrays, taken: Mapping[Array, Array], n: int, j: int, i: int, value: float
) -> float:
    source = taken.get((n, i == 0))
    return value if source is None else right[source][j, i]
