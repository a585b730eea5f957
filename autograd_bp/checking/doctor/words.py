"""Formulas in words: the right one for a term and the one that was used, with the numbers in."""

from __future__ import annotations

from collections.abc import Sequence

from autograd_bp.checking.doctor.hand_formulas import Example, Place, derive
from autograd_bp.checking.doctor.mistakes import Mistake
from autograd_bp.notation.numbers import number

_TERMS = 4  # of a sum, printed
_PARTS = {"slope": 0, "error": 1, "blame": 1}


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
    e: Example, place: Place, mistakes: Sequence[Mistake], given: float
) -> tuple[str, str]:
    """The right formula of a term, and the one that was used."""
    terms = {term.place: term.value for term in derive(e)}
    value = number(terms[place], 10)
    if place.weight is None:
        symbols, numbers = _of_γ(e, place, terms)
    else:
        symbols, numbers = _of_change(e, place, terms)
    right = f"{place.name} = {symbols} = {numbers} = {value}"
    return right, f"{place.name} = {_used(place, e, mistakes)} = {number(given, 10)}"


def _of_γ(e: Example, place: Place, terms: dict[Place, float]) -> tuple[str, str]:
    n, j = place.layer, place.neuron - 1
    y = _short(e.y[n][j])
    if n == e.depth:
        return "y (1 - y) (d - z)", f"{y} (1 - {y}) ({_short(e.d[j])} - {y})"
    later = e.layers[n]
    parts = [
        f"{_short(terms[Place(n + 1, k + 1, None)])} · {_short(neuron.inputs[j])}"
        for k, neuron in enumerate(later[:_TERMS])
    ]
    more = " + …" if len(later) > _TERMS else ""
    return "y (1 - y) Σ γ_k w_kj", f"{y} (1 - {y}) ({' + '.join(parts)}{more})"


def _of_change(e: Example, place: Place, terms: dict[Place, float]) -> tuple[str, str]:
    γ = _short(terms[Place(place.layer, place.neuron, None)])
    if place.weight == 0:
        return "δ (-1) γ", f"{_short(e.rate)} · (-1) · {γ}"
    assert place.weight is not None
    source = _short(e.y[place.layer - 1][place.weight - 1])
    return f"δ {'x' if place.layer == 1 else 'y'} γ", f"{_short(e.rate)} · {source} · {γ}"


def _used(place: Place, e: Example, mistakes: Sequence[Mistake]) -> str:
    """What the user computed for this term; where the mistake is in a step before it, that."""
    received = "(d - z)" if place.layer == e.depth else "Σ γ_k w_kj"
    parts = ["y (1 - y)", received]
    factors, changes = [], []
    plain = "δ (-1) γ" if place.weight == 0 else "δ y γ"
    for mistake in mistakes:
        if mistake.step in _PARTS:
            used = mistake.used
            wrap = " " in used and not used.startswith(("Σ", "("))
            parts[_PARTS[mistake.step]] = f"({used})" if wrap else used
        elif mistake.step == "scale":
            factors.append(mistake.used.removesuffix(" γ"))
        elif mistake.used.endswith(" Δw"):
            changes.append(mistake.used.removesuffix("Δw") + plain)
        else:
            changes.append(mistake.used)
    γ = " ".join([*factors, *(part for part in parts if part != "1")])
    if place.weight is None:
        return γ
    told = " and ".join(changes) or plain
    return told if changes else f"{told}, with γ = {γ}"


def _short(x: float) -> str:
    text = number(x, 6)
    return f"({text})" if text.startswith("-") else text
