"""The formulas of a diagnosis: the right one for a term, and the one that the user used instead.

Both are written with symbols and with the numbers of the example put in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from autograd_bp.checking.doctor.hand_formulas import Example, TermPlace, derive
from autograd_bp.checking.doctor.mistake import Mistake
from autograd_bp.notation.numbers import number

__all__ = ["formulas_in_words", "where"]

_MAX_SUMMANDS = 4  # of a sum that is printed
_FACTOR_OF_STEP = {"slope": 0, "error": 1, "blame": 1, "mask": 1, "back": 1}
_WHOLE = ("arrange", "example", "decay", "rows")


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
    value = number(terms[place] + 0.0, 10)  # -0.0 is printed as 0
    if place.weight is None:
        symbols, numbers = _of_γ(e, place, terms)
    else:
        symbols, numbers = _of_change(e, place, terms)
    right = f"{place.name} = {symbols} = {numbers} = {value}"
    return right, f"{place.name} = {_used(place, e, mistakes)} = {number(used, 10)}"


def _slope(e: Example, place: TermPlace) -> tuple[str, str]:
    """The slope of a neuron in symbols and in numbers; "" for a slope of 1."""
    n, j = place.layer, place.neuron - 1
    kind = e.activation(n, j)
    if kind in ("combined", "identity"):
        return "", ""
    row = e.rows[(place.row or 1) - 1]
    y = _short(row.y[n][j])
    text = e.setting.slopes[n - 1][j].text or "dy/dα"
    if kind == "sigmoid":
        return text, f"{y} (1 - {y})"
    if kind == "tanh":
        return f"({text})", f"(1 - {y}²)"
    return text, _short(row.slopes[n][j])


def _error(e: Example) -> str:
    """The error of an output in symbols."""
    return e.setting.output.text or ("γ of the output" if e.is_combined else "∂P/∂z")


def _of_γ(e: Example, place: TermPlace, terms: dict[TermPlace, float]) -> tuple[str, str]:
    n, j = place.layer, place.neuron - 1
    row = e.rows[(place.row or 1) - 1]
    symbols, numbers = _slope(e, place)
    got = _of_output(e, place) if n == e.depth else _blame(e, place, terms)
    if n in e.setting.recurrent and (place.row or 1) < len(e.rows):
        received = _short(terms[place] / (row.slopes[n][j] or 1.0))
        got = f"({got[0]} + Σ γ_i(t+1) w_ij)", received if not numbers else f"· {received}"
    return f"{symbols} {got[0]}".strip(), f"{numbers} {got[1]}".strip()


def _of_output(e: Example, place: TermPlace) -> tuple[str, str]:
    j, row = place.neuron - 1, e.rows[(place.row or 1) - 1]
    if not e.output_name or row.d is None:
        return _error(e), _short(row.errors[j])
    error = f"{_short(row.d[j])} - {_short(row.z[j])}"
    return _error(e), error if e.is_combined else f"({error})"


def _blame(e: Example, place: TermPlace, terms: dict[TermPlace, float]) -> tuple[str, str]:
    n, j = place.layer, place.neuron - 1
    later = e.layers[n]
    parts = [
        f"{_short(terms[TermPlace(n + 1, k + 1, None, place.row)])} · {_short(neuron.inputs[j])}"
        for k, neuron in enumerate(later[:_MAX_SUMMANDS])
    ]
    more = " + …" if len(later) > _MAX_SUMMANDS else ""
    masks = e.setting.masks[(place.row or 1) - 1][n - 1] if e.setting.masks else None
    mask = f"{_short(masks[j])} " if masks else ""
    return (
        f"{'m ' if mask else ''}Σ γ_k w_kj",
        f"{mask}({' + '.join(parts)}{more})",
    )


def _of_change(e: Example, place: TermPlace, terms: dict[TermPlace, float]) -> tuple[str, str]:
    assert place.weight is not None
    n, j, i = place.layer, place.neuron, place.weight
    group = next((g for g in e.shared if (n - 1, j - 1, i) in g), ())
    if group:
        return _of_shared(e, place, group)
    δ, letter = _short(e.rate), "x" if n == 1 else "y"
    sources = [-1.0 if i == 0 else row.fed[n][i - 1] for row in e.rows]
    products = [
        f"{'(-1)' if i == 0 else _short(source)} · "
        + _short(terms[TermPlace(n, j, None, t if e.has_rows else None)])
        for t, source in enumerate(sources, 1)
    ]
    term = "(-1) γ" if i == 0 else f"{letter} γ"
    if len(e.rows) == 1:
        symbols, numbers = f"δ {term}", f"{δ} · {products[0]}"
    else:
        more = " + …" if len(products) > _MAX_SUMMANDS else ""
        is_mean = e.setting.share != 1.0
        symbols = f"δ{'/m' if is_mean else ''} Σ {term}"
        m = f" / {len(e.rows)}" if is_mean else ""
        numbers = f"{δ}{m} · ({' + '.join(products[:_MAX_SUMMANDS])}{more})"
    return _with_decay(e, place, symbols, numbers)


def _of_shared(
    e: Example, place: TermPlace, group: Sequence[tuple[int, int, int]]
) -> tuple[str, str]:
    """The change of a weight in several places, as the sum of the changes of each."""
    alone = {
        term.place: term.value
        for term in derive(replace(e, tie=None, setting=e.setting._replace(decay=0.0)))
    }
    parts = [_short(alone[TermPlace(n + 1, j + 1, i)]) for n, j, i in group]
    more = " + …" if len(parts) > _MAX_SUMMANDS else ""
    symbols = f"(Σ of its {len(parts)} places, {'δ (-1) γ' if place.weight == 0 else 'δ y γ'})"
    return _with_decay(e, place, symbols, f"({' + '.join(parts[:_MAX_SUMMANDS])}{more})")


def _with_decay(e: Example, place: TermPlace, symbols: str, numbers: str) -> tuple[str, str]:
    if not e.setting.decay or not (place.weight or e.setting.decay_bias):
        return symbols, numbers
    bias, inputs = e.layers[place.layer - 1][place.neuron - 1]
    w = _short(inputs[place.weight - 1] if place.weight else bias)
    δ, λ = _short(e.rate), _short(e.setting.decay)
    return f"{symbols} - δ λ w", f"{numbers} - {δ} · {λ} · {w}"


def _used(place: TermPlace, e: Example, mistakes: Sequence[Mistake]) -> str:
    """The formula that the user used for this term. For a change with a mistake in its γ, the
    formula of the change is followed by the one of γ.
    """
    right = "δ (-1) γ" if place.weight == 0 else "δ y γ"
    whole = [mistake.used for mistake in mistakes if mistake.step in _WHOLE]
    if whole and (place.weight is None or len(whole) == len(mistakes)):
        return " and ".join(whole)
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
    slope, _ = _slope(e, place)
    parts = [slope or "1", _error(e) if place.layer == e.depth else "Σ γ_k w_kj"]
    factors = []
    for mistake in mistakes:
        used = mistake.used
        if mistake.step == "scale":
            factors.append(used.removesuffix(" γ"))
        elif mistake.step in _FACTOR_OF_STEP:
            is_product = used.startswith(("Σ", "(")) or " " not in used
            parts[_FACTOR_OF_STEP[mistake.step]] = used if is_product else f"({used})"
    return " ".join([*factors, *(part for part in parts if part != "1")]) or "1"


def _short(x: float) -> str:
    text = number(x, 6)
    return f"({text})" if text.startswith("-") else text
