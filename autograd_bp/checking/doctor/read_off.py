"""Mistakes whose numbers nobody can know in advance: they are read off the user's."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from autograd_bp.checking.doctor.hand_formulas import Example, TermPlace, derive
from autograd_bp.checking.doctor.mistake import Mistake

__all__ = ["other_example", "stray_decays"]

_SAME = 1e-6  # relative: what is read off twice has to be the same


def stray_decays(
    e: Example, numbers: Mapping[TermPlace, float], first: TermPlace
) -> Iterator[Mistake]:
    """A weight decay that nobody asked for, or with another λ."""
    if first.weight is None:
        return
    right = next(term.value for term in derive(e) if term.place == first)
    bias, inputs = e.layers[first.layer - 1][first.neuron - 1]
    w = inputs[first.weight - 1] if first.weight else bias
    if not w:
        return
    λ = e.setting.decay + (right - numbers[first]) / (e.rate * w)
    text = f"{λ:.6g}"
    asked = f"λ is {e.setting.decay:g}" if e.setting.decay else "P has no weight decay in it"
    why = f"every Δw has - δ {text} w in it; {asked}, as far as decay= says"
    for on_bias, where in ((False, ""), (True, ", also of biases")):

        def decay(n: object, i: int, weight: float, on_bias: bool = on_bias) -> float:
            return λ * weight if i or on_bias else 0.0

        yield Mistake("decay", f"a weight decay of {text}{where}", f"- δ {text} w", decay, why=why)


def other_example(e: Example, numbers: Mapping[TermPlace, float]) -> Iterator[Mistake]:
    """The forward pass of another example, whose inputs the changes of the first layer show."""
    if len(e.rows) > 1 or e.setting.recurrent:
        return
    x = _inputs(e, numbers)
    if x is None or all(
        math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12)
        for a, b in zip(x, e.rows[0].y[0], strict=True)
    ):
        return
    shown = ", ".join(f"{value:.6g}" for value in x[:6]) + (" ..." if len(x) > 6 else "")

    def cached(example: Example) -> Example:
        return example.with_rows([x], [example.rows[0].d])

    yield Mistake(
        "example",
        "stale cache: the outputs of another example",
        f"y for the inputs ({shown})",
        cached,
        why="the outputs that the forward pass has kept are those of other inputs: run it again "
        "before the backward pass",
    )


def _inputs(e: Example, numbers: Mapping[TermPlace, float]) -> list[float] | None:
    """x_i = Δw_ji / (δ γ_j), where every neuron of the first layer says the same."""
    x: list[float | None] = [None] * len(e.rows[0].y[0])
    for j, w in enumerate(e.layers[0], 1):
        γ = numbers.get(TermPlace(1, j, None))
        if γ is None and (w.bias is not None and TermPlace(1, j, 0) in numbers):
            γ = -numbers[TermPlace(1, j, 0)] / e.rate
        if not γ:
            continue
        for i in range(1, len(x) + 1):
            change = numbers.get(TermPlace(1, j, i))
            if change is None:
                continue
            value = change / (e.rate * γ)
            known = x[i - 1]
            if known is None:
                x[i - 1] = value
            elif not math.isclose(known, value, rel_tol=_SAME, abs_tol=1e-9):
                return None
    return None if None in x else x  # type: ignore[return-value]
