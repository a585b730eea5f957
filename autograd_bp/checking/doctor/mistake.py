"""Defines a mistake: a step of the formulas that is replaced, and where that can be."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

from autograd_bp.checking.doctor.hand_formulas import RIGHT, Example, Formulas, HandNeuron

__all__ = [
    "Layers",
    "Mistake",
    "Occurrence",
    "bias",
    "blame",
    "blame_by",
    "cause",
    "error",
    "following",
    "rate",
    "reach",
    "reach_in",
    "scale",
    "slope",
    "source",
    "weigh",
    "with_mistakes",
]

Layers = frozenset[int]


def _everywhere(e: Example) -> bool:
    return True


@dataclass(frozen=True)
class Mistake:
    """A mistake that people make.

    Attributes:
        step: the formula that it replaces, a field of `Formulas`; "example" for numbers that are
            those of another forward pass.
        name: in a few words.
        used: the wrong formula as it would be written, for the step alone.
        formula: the same as a function.
        first: the first layer in which it can be made.
        spared: how many layers at the end it cannot be made in, beside those that do not have
            the step at all.
        why: how it comes about, in one sentence.
        kinds: the activations with which it can be made; empty for all.
        fits: of an example, whether it can be made there.
    """

    step: str
    name: str
    used: str
    formula: Callable[..., Any]
    first: int = 1
    spared: int = 0
    why: str = ""
    kinds: frozenset[str] = frozenset()
    fits: Callable[[Example], bool] = _everywhere

    def because(self, why: str) -> Mistake:
        """The mistake with the sentence that explains it."""
        return dataclasses.replace(self, why=why)


class Occurrence(NamedTuple):
    """A mistake, the layers in which it is made, and the one neuron there, from 0; None for all."""

    mistake: Mistake
    layers: Layers
    neuron: int | None


error = partial(Mistake, "error")
blame = partial(Mistake, "blame")
rate = partial(Mistake, "rate")
weigh = partial(Mistake, "weigh")
scale = partial(Mistake, "scale")
source = partial(Mistake, "source")
bias = partial(Mistake, "bias")
cause = partial(Mistake, "cause")


def slope(
    name: str, used: str, formula: Callable[[HandNeuron], float], *kinds: str, why: str = ""
) -> Mistake:
    """A mistake in the slope of neurons with these activations; others keep theirs."""

    def of_kinds(n: HandNeuron) -> float:
        return formula(n) if n.activation in kinds else n.right_slope

    return Mistake("slope", name, used, of_kinds, why=why, kinds=frozenset(kinds))


def blame_by(name: str, used: str, weight: Callable[[HandNeuron, int], float]) -> Mistake:
    """Blame summed over the next layer with something else in the place of the weight w_kj."""
    return blame(name, used, lambda n: n.sum(lambda k: n.next_γ[k] * weight(n, k)))


def following(numbers: Sequence[float], i: int) -> float:
    """The number with an index that is one too large; the first after the last."""
    return numbers[(i + 1) % len(numbers)]


def reach(mistake: Mistake, depth: int) -> Layers:
    """The layers of a network in which the mistake can be made."""
    if mistake.step == "error":
        return frozenset([depth])
    last = depth - mistake.spared - (mistake.step in ("blame", "mask"))
    return frozenset(range(mistake.first, last + 1))


def reach_in(mistake: Mistake, e: Example) -> Layers:
    """The layers of an example in which it can be made."""
    if not mistake.fits(e):
        return frozenset()
    layers = reach(mistake, e.depth)
    if mistake.kinds:
        layers = frozenset(n for n in layers if mistake.kinds & e.kinds(n))
    return layers


def with_mistakes(occurrences: Sequence[Occurrence]) -> Callable[[int, int], Formulas]:
    """The formulas of somebody who makes these mistakes, for `hand_formulas.derive`."""
    changed: dict[tuple[int, int | None], Formulas] = {}
    for mistake, layers, j in occurrences:
        for n in layers if mistake.step != "example" else ():
            before = changed.get((n, j), RIGHT)
            changed[n, j] = dataclasses.replace(before, **{mistake.step: mistake.formula})
    return lambda n, j: changed.get((n, j)) or changed.get((n, None)) or RIGHT
