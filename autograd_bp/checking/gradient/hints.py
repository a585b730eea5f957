"""Explanations of a wrong gradient: mistakes that would give its numbers, as sentences."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

__all__ = ["hints"]

TOLERANCE = 1e-6  # relative: numbers that are explained are as near as this
MAX_NAMED = 4  # components that a sentence names
MAX_SWAPPED = 100  # wrong components among which pairs are looked for
MAX_SMALL_INTEGER = 9  # of a fraction that is simple
Numbers = Sequence[float]


def hints(
    names: Sequence[str],
    checked: Numbers,
    reference: Numbers,
    wrong: Sequence[int],
    point: Numbers,
    value: float,
    shapes: Sequence[tuple[int, tuple[int, ...]]],
    rough: float,
) -> tuple[str, ...]:
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


def _zero(names: Sequence[str], checked: Numbers, wrong: Sequence[int]) -> str:
    zeros = [i for i in wrong if checked[i] == 0.0]
    if len(zeros) == len(wrong):
        return f"the gradient is 0 in {_list(names, zeros)}, where the function does change"
    return ""


def _factor(
    chosen: Sequence[int],
    of: str,
    checked: Numbers,
    reference: Numbers,
    point: Numbers,
    value: float,
    close: float,
) -> str:
    """One factor in all chosen components: a constant, or a number that the formula knows."""
    chosen = [i for i in chosen if checked[i] and reference[i]]
    if not chosen:
        return ""
    ratios = [checked[i] / reference[i] for i in chosen]
    is_constant = all(_near(ratio, ratios[0], close) for ratio in ratios)
    # One ratio is always constant, so then it must be a likely one.
    sentence = _likely_constant(ratios[0], of, close) if is_constant else ""
    sentence = sentence or _known_factor(ratios, [point[i] for i in chosen], of, value, close)
    if sentence:
        return sentence
    if is_constant and len(chosen) > 1 and abs(ratios[0] - 1.0) > 100.0 * close:
        return f"a constant factor of {ratios[0]:.10g} in {of}"
    return ""


def _known_factor(ratios: Numbers, xs: Numbers, of: str, value: float, close: float) -> str:
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
            return f"a missing factor in {of}: {name}"
        if all(_near(ratio, factor, close) for ratio, factor in pairs):
            return f"a factor too many in {of}: {name}"
    return ""


_NAMED_CONSTANTS = {
    "π": math.pi,
    "ln 2": math.log(2.0),
    "ln 10": math.log(10.0),
    "√2": math.sqrt(2.0),
    "180/π": 180.0 / math.pi,
}


def _likely_constant(ratio: float, of: str, close: float) -> str:
    """A constant factor with a name, or a simple fraction."""
    if _near(ratio, -1.0, close):
        return f"the sign is flipped in {of}"
    if abs(ratio - 1.0) <= 100.0 * close:
        return ""
    sign = "the sign is flipped and there is " if ratio < 0.0 else ""
    size = abs(ratio)
    for name, number in _NAMED_CONSTANTS.items():
        if _near(size, number, close):
            return f"{sign}a factor of {name} too many in {of}"
        if _near(size, 1.0 / number, close):
            return f"{sign}a factor of {name} missing in {of}"
    fraction = Fraction(size).limit_denominator(1000)
    if fraction and _is_simple(fraction) and _near(size, float(fraction), close):
        return f"{sign}a constant factor of {fraction} in {of}"
    return ""


def _is_simple(fraction: Fraction) -> bool:
    return 1 in fraction.as_integer_ratio() or max(fraction.as_integer_ratio()) <= MAX_SMALL_INTEGER


def _swapped(
    names: Sequence[str], checked: Numbers, reference: Numbers, wrong: Sequence[int], close: float
) -> str:
    if len(wrong) > MAX_SWAPPED:
        return ""
    left, pairs = [*wrong], []
    while left:
        i = left.pop()
        for j in left:
            if _near(checked[i], reference[j], close) and _near(checked[j], reference[i], close):
                left.remove(j)
                pairs.append(f"{names[j]} and {names[i]}")
                break
        else:
            return ""
    return ", ".join(reversed(pairs)) + " are swapped" if pairs else ""


def _transposed(
    checked: Numbers,
    reference: Numbers,
    shapes: Sequence[tuple[int, tuple[int, ...]]],
    close: float,
) -> str:
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
            return f"the gradient of the array of shape {shape} is transposed"
    return ""


def _term(
    chosen: Sequence[int], checked: Numbers, reference: Numbers, point: Numbers, close: float
) -> str:
    """One number added to all components, or a multiple of x, as weight decay adds it."""
    if len(chosen) < 2:
        return ""
    differences = [checked[i] - reference[i] for i in chosen]
    loose = max(1e-4, close)
    if all(_near(difference, differences[0], loose) for difference in differences):
        return f"{differences[0]:.6g} is added to each component"
    if all(point[i] for i in chosen):
        multiples = [d / point[i] for d, i in zip(differences, chosen, strict=True)]
        if all(_near(multiple, multiples[0], loose) for multiple in multiples):
            return (
                f"{multiples[0]:.6g} times the component's own x is added to each: a term in x² "
                "in only one of function and gradient"
            )
    return ""
