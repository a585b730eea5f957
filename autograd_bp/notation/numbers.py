"""How numbers are written: in text, in LaTeX, and shortened in pictures."""

from __future__ import annotations

import math


def number(x: float, digits: int = 17) -> str:
    """A number as text: the shortest form that gives it back, or that many digits."""
    if math.isnan(x):
        return "NaN"
    if math.isinf(x):
        return "∞" if x > 0 else "-∞"
    text = repr(x) if digits >= 17 else f"{x:.{digits}g}"
    return text.removesuffix(".0")


def latex_number(x: float, digits: int = 17) -> str:
    r"""A number in LaTeX: 1.5 \cdot 10^{-7}."""
    return in_latex(number(x, digits))


def in_latex(text: str) -> str:
    """A number that is written as text, in LaTeX."""
    text = text.replace("∞", r"\infty").replace("NaN", r"\mathrm{NaN}")
    mantissa, e, exponent = text.partition("e")
    if not e:
        return text
    power = f"10^{{{int(exponent)}}}"
    return power if mantissa == "1" else rf"{mantissa} \cdot {power}"


def rounded(x: float) -> str:
    """Four significant digits, with a proper minus sign: −0.1475, 1.5e−7, ∞, NaN."""
    text = number(x + 0.0, 4)  # + 0.0 takes the sign off a zero
    mantissa, e, exponent = text.partition("e")
    if e:
        text = f"{mantissa}e{int(exponent)}"
    return text.replace("-", "−")
