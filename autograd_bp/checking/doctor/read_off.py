"""Mistakes whose numbers nobody can know in advance: they are read off the user's."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence

from autograd_bp.checking.doctor.hand_formulas import Example, TermPlace, derive
from autograd_bp.checking.doctor.mistake import Mistake
from autograd_bp.checking.doctor.mistakes_of_passes import paired_with

__all__ = ["earlier_pass", "other_example", "other_pairs", "stray_decays"]

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
    if x is None or _same(x, e.rows[0].y[0]):
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


_MAX_ROWS_TO_PAIR = 5


def other_pairs(e: Example) -> Iterator[Mistake]:
    """Rows with the desired outputs of others, in any order, where there are few rows."""
    count = len(e.rows)
    if not 2 < count <= _MAX_ROWS_TO_PAIR or any(row.d is None for row in e.rows):
        return
    for order in itertools.permutations(range(count)):
        if order != tuple(range(count)):
            shown = ", ".join(str(t + 1) for t in order)
            yield Mistake(
                "example",
                "desired outputs in another order than the rows",
                f"d of the rows {shown}",
                paired_with(order),
                why="a row and its desired outputs have the same place: what reorders one "
                "reorders both",
            )


def earlier_pass(e: Example, numbers: Mapping[TermPlace, float]) -> Iterator[Mistake]:
    """Outputs of hidden layers that are others than those of the weights as they are now, as the
    changes of the next layers show them."""
    kinds: set[str] = set().union(*(e.kinds(n) for n in range(1, e.depth)))
    if e.has_rows or not kinds or e.setting.masks or not kinds <= _OF_OUTPUT:
        return
    row = e.rows[0]
    fed = [_sources(e, numbers, n, len(row.fed[n])) for n in range(2, e.depth + 1)]
    outs = [of_layer for of_layer in fed if of_layer is not None]
    if len(outs) < len(fed) or all(map(_same, outs, row.fed[2:])):
        return
    y = [row.y[0], *outs, row.y[-1]]
    slopes = [
        [float(s(out, out)) for s, out in zip(of_layer, own, strict=True)]
        for of_layer, own in zip(e.setting.slopes, y[1:], strict=True)
    ]
    slopes[-1] = [1.0] * len(row.z)
    errors = [_gamma(e, numbers, e.depth, j) or 0.0 for j in range(1, len(row.z) + 1)]
    kept = row._replace(y=y, fed=[*row.fed[:2], *outs], slopes=[[], *slopes], errors=errors)
    yield Mistake(
        "example",
        "stale cache: the outputs of other weights",
        "y of an earlier forward pass",
        lambda example: example.replaced([kept]),
        why="the outputs that the forward pass has kept belong to other weights than those that "
        "are there now: run it again before the backward pass",
    )


_OF_OUTPUT = {"sigmoid", "tanh", "relu", "leaky_relu", "identity"}
"""Activations whose slope is known where the output is."""


def _same(a: Sequence[float], b: Sequence[float]) -> bool:
    return all(
        math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)
        for one, other in zip(a, b, strict=True)
    )


def _gamma(e: Example, numbers: Mapping[TermPlace, float], n: int, j: int) -> float | None:
    """The user's γ, which the change of the bias has in it, too."""
    γ = numbers.get(TermPlace(n, j, None))
    change = numbers.get(TermPlace(n, j, 0))
    return -change / e.rate if γ is None and change is not None else γ


def _inputs(e: Example, numbers: Mapping[TermPlace, float]) -> list[float] | None:
    return _sources(e, numbers, 1, len(e.rows[0].y[0]))


def _sources(
    e: Example, numbers: Mapping[TermPlace, float], n: int, count: int
) -> list[float] | None:
    """The inputs of layer n, Δw_ji / (δ γ_j), where every neuron gives the same."""
    sources: list[float | None] = [None] * count
    for j in range(1, len(e.layers[n - 1]) + 1):
        γ = _gamma(e, numbers, n, j)
        if γ is None or not e.rate * γ:
            continue  # 0, or so small that the product is
        for i in range(1, count + 1):
            change = numbers.get(TermPlace(n, j, i))
            if change is None:
                continue
            value = change / (e.rate * γ)
            known = sources[i - 1]
            if known is None:
                sources[i - 1] = value
            elif not math.isclose(known, value, rel_tol=_SAME, abs_tol=1e-9):
                return None
    return None if None in sources else sources  # type: ignore[return-value]
