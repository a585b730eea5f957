"""The formulas of a diagnosis: the right one for a term, and the one that the user used instead.

Both are written with symbols and with the numbers of the example put in.
"""

from __future__ import annotations

from collections.abc import Sequence

from autograd_bp.checking.doctor.hand_formulas import Example, TermPlace, derive
from autograd_bp.checking.doctor.mistakes import Mistake
from autograd_bp.notation.numbers import number

__all__ = ["formulas_in_words", "where"]

_MAX_SUMMANDS = 4  # of a sum that is printed
_FACTOR_OF_STEP = {"slope": 0, "error": 1, "blame": 1}  # its place in γ = slope · (error or blame)


def where(layers: frozenset[int], j: int | None, depth: int) -> str:
    """A part of the network: "everywhere", "in the output layer", "in neuron 2 of layer 1"."""
    listed = sorted(layers)
    if j is not None:
        return f"in neuron {j + 1} of layer {listed[0]} alone"
    if len(listed) == depth:
        return "everywhere" if depth > 1 else "in the only layer"
    if listed == [depth]:
        return "in the output layer"
    if len(listed) == depth - 1 and depth not in layers:
        return "in the hidden layers" if depth > 2 else "in the hidden layer"
    return f"in layer {listed[0]}" if len(listed) == 1 else f"in layers {listed}"


def formulas_in_words(
    e: Example, place: TermPlace, mistakes: Sequence[Mistake], used: float
) -> tuple[str, str]:
    """The right formula of a term, and the one that was used, which gave the number `used`."""
    terms = {term.place: term.value for term in derive(e)}
    value = number(terms[place], 10)
    if place.weight is None:
        symbols, numbers = _of_γ(e, place, terms)
    else:
        symbols, numbers = _of_change(e, place, terms)
    right = f"{place.name} = {symbols} = {numbers} = {value}"
    return right, f"{place.name} = {_used(place, e, mistakes)} = {number(used, 10)}"


def _of_γ(e: Example, place: TermPlace, terms: dict[TermPlace, float]) -> tuple[str, str]:
    n, j = place.layer, place.neuron - 1
    y = _short(e.y[n][j])
    if n == e.depth:
        return "y (1 - y) (d - z)", f"{y} (1 - {y}) ({_short(e.d[j])} - {y})"
    later = e.layers[n]
    parts = [
        f"{_short(terms[TermPlace(n + 1, k + 1, None)])} · {_short(neuron.inputs[j])}"
        for k, neuron in enumerate(later[:_MAX_SUMMANDS])
    ]
    more = " + …" if len(later) > _MAX_SUMMANDS else ""
    return "y (1 - y) Σ γ_k w_kj", f"{y} (1 - {y}) ({' + '.join(parts)}{more})"


def _of_change(e: Example, place: TermPlace, terms: dict[TermPlace, float]) -> tuple[str, str]:
    γ = _short(terms[TermPlace(place.layer, place.neuron, None)])
    if place.weight == 0:
        return "δ (-1) γ", f"{_short(e.rate)} · (-1) · {γ}"
    assert place.weight is not None
    source = _short(e.y[place.layer - 1][place.weight - 1])
    return f"δ {'x' if place.layer == 1 else 'y'} γ", f"{_short(e.rate)} · {source} · {γ}"


def _used(place: TermPlace, e: Example, mistakes: Sequence[Mistake]) -> str:
    """The formula that the user used for this term. For a change with a mistake in its γ, the
    formula of the change is followed by the one of γ.
    """
    right = "δ (-1) γ" if place.weight == 0 else "δ y γ"
    changes = [
        mistake.used.removesuffix("Δw") + right if mistake.used.endswith(" Δw") else mistake.used
        for mistake in mistakes
        if mistake.step not in ("scale", *_FACTOR_OF_STEP)
    ]
    if place.weight is None:
        return _used_γ(place, e, mistakes)
    return " and ".join(changes) or f"{right}, with γ = {_used_γ(place, e, mistakes)}"


def _used_γ(place: TermPlace, e: Example, mistakes: Sequence[Mistake]) -> str:
    """The user's formula for the γ of a neuron."""
    parts = ["y (1 - y)", "(d - z)" if place.layer == e.depth else "Σ γ_k w_kj"]
    factors = []
    for mistake in mistakes:
        used = mistake.used
        if mistake.step == "scale":
            factors.append(used.removesuffix(" γ"))
        elif mistake.step in _FACTOR_OF_STEP:
            is_product = used.startswith(("Σ", "(")) or " " not in used
            parts[_FACTOR_OF_STEP[mistake.step]] = used if is_product else f"({used})"
    return " ".join([*factors, *(part for part in parts if part != "1")])


def _short(x: float) -> str:
    text = number(x, 6)
    return f"({text})" if text.startswith("-") else text
