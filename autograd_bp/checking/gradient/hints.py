"""Explanations of a wrong gradient: mistakes that would give its numbers, as sentences."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

__all__ = ["Hint", "hints"]

TOLERANCE = 1e-6  # relative: numbers that are explained are as near as this
MAX_NAMED = 4  # components that a sentence names
MAX_SWAPPED = 100  # wrong components among which pairs are looked for
MAX_SMALL_INTEGER = 9  # of a fraction that is simple
Numbers = Sequence[float]


class Hint(str):
    """A sentence that explains a wrong gradient.

    Attributes:
        brief: the same in two or three words, for a line that has no room: "factor 1/2".
    """

    __slots__ = ("brief",)
    brief: str

    def __new__(cls, text: str = "", brief: str = "") -> Hint:
        hint = super().__new__(cls, text)
        hint.brief = brief
        return hint

    def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override]
        return str(self), self.brief


def hints(
    names: Sequence[str],
    checked: Numbers,
    reference: Numbers,
    wrong: Sequence[int],
    point: Numbers,
    value: float,
    shapes: Sequence[tuple[int, tuple[int, ...]]],
    rough: float,
) -> tuple[Hint, ...]:
    """Sentences, the best explanation first; none where nothing simple explains the numbers.

    Arguments:
        names: of the components.
        checked: the gradient that was found wrong.
        reference: the right one.
        wrong: which components are wrong.
        point: where.
        value: the function there.
        shapes: for each array of the argument, where it starts and its shape.
        rough: the relative error of the reference.
    """
    close = max(TOLERANCE, 10.0 * rough)
    finite = [i for i in wrong if math.isfinite(checked[i]) and math.isfinite(reference[i])]
    if not finite:
        return ()
    zero = _zero(names, checked, finite)
    if zero:
        return (zero,)
    every = [i for i in range(len(names)) if reference[i] or checked[i]]
    moved = _transposed(checked, reference, shapes, close) or _swapped(
        names, checked, reference, finite, close
    )
    # The factor may be in all of it, or in the wrong components alone.
    factor = _factor(every, "all of it", checked, reference, point, value, close) or _factor(
        finite, _list(names, finite), checked, reference, point, value, close
    )
    explanations = [sentence for sentence in (moved, factor) if sentence]
    return tuple(explanations or filter(None, [_term(finite, checked, reference, point, close)]))


def _near(a: float, b: float, close: float) -> bool:
    return abs(a - b) <= close * max(abs(a), abs(b))


def _list(names: Sequence[str], chosen: Sequence[int]) -> str:
    more = f" and {len(chosen) - MAX_NAMED} more" if len(chosen) > MAX_NAMED else ""
    return ", ".join(names[i] for i in chosen[:MAX_NAMED]) + more


def _zero(names: Sequence[str], checked: Numbers, wrong: Sequence[int]) -> Hint:
    zeros = [i for i in wrong if checked[i] == 0.0]
    if len(zeros) == len(wrong):
        where = _list(names, zeros)
        return Hint(f"the gradient is 0 in {where}, where the function does change", "it is 0")
    return Hint()


def _factor(
    chosen: Sequence[int],
    of: str,
    checked: Numbers,
    reference: Numbers,
    point: Numbers,
    value: float,
    close: float,
) -> Hint:
    """One factor in all chosen components: a constant, or a number that the formula knows."""
    chosen = [i for i in chosen if checked[i] and reference[i]]
    if not chosen:
        return Hint()
    ratios = [checked[i] / reference[i] for i in chosen]
    is_constant = all(_near(ratio, ratios[0], close) for ratio in ratios)
    # One ratio is always constant, so then it must be a likely one.
    sentence = _likely_constant(ratios[0], of, close) if is_constant else Hint()
    sentence = sentence or _known_factor(ratios, [point[i] for i in chosen], of, value, close)
    if sentence:
        return sentence
    if is_constant and len(chosen) > 1 and abs(ratios[0] - 1.0) > 100.0 * close:
        size = f"{ratios[0]:.10g}"
        return Hint(f"a constant factor of {size} in {of}", f"factor {size}")
    return Hint()


def _known_factor(ratios: Numbers, xs: Numbers, of: str, value: float, close: float) -> Hint:
    """A factor that is a number of the formula, missing or once too often."""
    known = {
        "the function's value f": [value] * len(xs),
        "1 - f": [1.0 - value] * len(xs),
        "f (1 - f), the slope of a sigmoid": [value * (1.0 - value)] * len(xs),
        "1 - f², the slope of a tanh": [1.0 - value * value] * len(xs),
        "the component's own x": xs,
    }
    for name, factors in known.items():
        if any(factor == 0.0 or abs(abs(factor) - 1.0) < 100.0 * close for factor in factors):
            continue
        pairs = list(zip(ratios, factors, strict=True))
        if all(_near(ratio * factor, 1.0, close) for ratio, factor in pairs):
            brief = f"missing factor {name.partition(',')[0]}"
            return Hint(f"a missing factor in {of}: {name}", brief)
        if all(_near(ratio, factor, close) for ratio, factor in pairs):
            brief = f"factor {name.partition(',')[0]} too many"
            return Hint(f"a factor too many in {of}: {name}", brief)
    return Hint()


_NAMED_CONSTANTS = {
    "π": math.pi,
    "ln 2": math.log(2.0),
    "ln 10": math.log(10.0),
    "√2": math.sqrt(2.0),
    "180/π": 180.0 / math.pi,
}


def _likely_constant(ratio: float, of: str, close: float) -> Hint:
    """A constant factor with a name, or a simple fraction."""
    if _near(ratio, -1.0, close):
        return Hint(f"the sign is flipped in {of}", "sign flipped")
    if abs(ratio - 1.0) <= 100.0 * close:
        return Hint()
    sign = "the sign is flipped and there is " if ratio < 0.0 else ""
    minus = "sign flipped, " if ratio < 0.0 else ""
    size = abs(ratio)
    for name, number in _NAMED_CONSTANTS.items():
        if _near(size, number, close):
            brief = f"{minus}factor {name} too many"
            return Hint(f"{sign}a factor of {name} too many in {of}", brief)
        if _near(size, 1.0 / number, close):
            brief = f"{minus}factor {name} missing"
            return Hint(f"{sign}a factor of {name} missing in {of}", brief)
    fraction = Fraction(size).limit_denominator(1000)
    if fraction and _is_simple(fraction) and _near(size, float(fraction), close):
        brief = f"{minus}factor {fraction}"
        return Hint(f"{sign}a constant factor of {fraction} in {of}", brief)
    return Hint()


def _is_simple(fraction: Fraction) -> bool:
    return 1 in fraction.as_integer_ratio() or max(fraction.as_integer_ratio()) <= MAX_SMALL_INTEGER


def _swapped(
    names: Sequence[str], checked: Numbers, reference: Numbers, wrong: Sequence[int], close: float
) -> Hint:
    if len(wrong) > MAX_SWAPPED:
        return Hint()
    left, pairs = [*wrong], []
    while left:
        i = left.pop()
        for j in left:
            if _near(checked[i], reference[j], close) and _near(checked[j], reference[i], close):
                left.remove(j)
                pairs.append(f"{names[j]} and {names[i]}")
                break
        else:
            return Hint()
    return Hint(", ".join(reversed(pairs)) + " are swapped", "swapped") if pairs else Hint()


def _transposed(
    checked: Numbers,
    reference: Numbers,
    shapes: Sequence[tuple[int, tuple[int, ...]]],
    close: float,
) -> Hint:
    for start, shape in shapes:
        if len(shape) != 2 or min(shape) < 2:
            continue
        rows, columns = shape
        block = range(start, start + rows * columns)
        # Entry (r, c) of a transposed result, written into the shape of the right one.
        transposed = [
            reference[start + (k % rows) * columns + k // rows] for k in range(rows * columns)
        ]
        same = all(_near(checked[i], t, close) for i, t in zip(block, transposed, strict=True))
        already = all(_near(checked[i], reference[i], close) for i in block)
        if same and not already:
            return Hint(f"the gradient of the array of shape {shape} is transposed", "transposed")
    return Hint()


def _term(
    chosen: Sequence[int], checked: Numbers, reference: Numbers, point: Numbers, close: float
) -> Hint:
    """One number added to all components, or a multiple of x, as weight decay adds it."""
    if len(chosen) < 2:
        return Hint()
    differences = [checked[i] - reference[i] for i in chosen]
    loose = max(1e-4, close)
    if all(_near(difference, differences[0], loose) for difference in differences):
        term = f"{differences[0]:.6g}"
        return Hint(f"{term} is added to each component", f"{term} added to each")
    if all(point[i] for i in chosen):
        multiples = [d / point[i] for d, i in zip(differences, chosen, strict=True)]
        if all(_near(multiple, multiples[0], loose) for multiple in multiples):
            return Hint(
                f"{multiples[0]:.6g} times the component's own x is added to each: a term in x² "
                "in only one of function and gradient",
                f"{multiples[0]:.6g} x added to each",
            )
    return Hint()
