"""Writes autograd_bp/special/coefficients.py: what the special functions are approximated by.

    python tools/fit_special.py

Each function is fitted as P(t) / Q(t), both from the lowest power up, for the smallest relative
error: weighted least squares at Chebyshev points with 50 digits, repeated with the last
denominator and the last errors as weights (Loeb's and Lawson's iterations). It takes half a minute,
and needs mpmath. The errors that it prints are those of exact arithmetic; what floating-point
arithmetic adds is measured by `python -m benchmarks.accuracy`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import mpmath as mp

mp.mp.dps = 50
TARGET = Path(__file__).parent.parent / "autograd_bp" / "special" / "coefficients.py"
HEAD = '''\
"""Coefficients of rational approximations, lowest power first. Written by tools/fit_special.py: do
not edit. Each pair is a numerator and a denominator."""

from __future__ import annotations

Polynomial = tuple[float, ...]
Rational = tuple[Polynomial, Polynomial]
'''
Function = Callable[[Any], Any]


def fitted(f: Function, low: Any, high: Any, above: int, below: int) -> tuple[Any, Any, Any]:
    """The largest relative error, the numerator and the denominator, of these degrees."""
    low, high = mp.mpf(low), mp.mpf(high)
    count = 4 * (above + below + 2)
    points = [
        (low + high) / 2 + (high - low) / 2 * mp.cos((2 * k + 1) * mp.pi / (2 * count))
        for k in range(count)
    ]
    values = [f(t) for t in points]
    under = [mp.mpf(1)] * count
    weights = [mp.mpf(1)] * count
    best: tuple[Any, Any, Any] | None = None
    for turn in range(6):
        system, right = mp.matrix(count, above + 1 + below), mp.matrix(count, 1)
        for i, (t, value) in enumerate(zip(points, values, strict=True)):
            weight = mp.sqrt(weights[i]) / (abs(value) * under[i])
            for j in range(above + 1):
                system[i, j] = weight * t**j
            for j in range(1, below + 1):
                system[i, above + j] = -weight * value * t**j
            right[i] = weight * value
        solution = mp.lu_solve(system, right)
        p = [solution[j] for j in range(above + 1)]
        q = [mp.mpf(1), *(solution[above + j] for j in range(1, below + 1))]
        under = [abs(mp.polyval(q[::-1], t)) for t in points]
        errors = [
            abs(mp.polyval(p[::-1], t) / mp.polyval(q[::-1], t) / value - 1)
            for t, value in zip(points, values, strict=True)
        ]
        if best is None or max(errors) < best[0]:
            best = max(errors), p, q
        if turn >= 2:
            total = mp.fsum(w * e for w, e in zip(weights, errors, strict=True))
            weights = [
                max(w * e / total * count, mp.mpf(10) ** -8)
                for w, e in zip(weights, errors, strict=True)
            ]
    assert best is not None
    return best


def lgamma_from_2(t: Any) -> Any:
    """ln Γ(2 + t) / t, which is not 0 where ln Γ is."""
    return mp.loggamma(2 + t) / t if t else mp.digamma(2)


ROOT = mp.mpf("1.461632144968362341262659542325721328468196204006446351295988")


def digamma_by_root(t: Any) -> Any:
    """ψ(1.5 + t) / (1.5 + t - root)."""
    distance = 1.5 + t - ROOT
    return mp.digamma(1.5 + t) / distance if abs(distance) > 1e-20 else mp.psi(1, ROOT)


def scaled_erfcx(t: Any) -> Any:
    """(1 + 2x) e^(x²) erfc(x) with t = (x - 3) / (x + 3): from x = 1 to infinity."""
    if t == 1:
        return 2 / mp.sqrt(mp.pi)
    x = 3 * (1 + t) / (1 - t)
    if x < 10_000:
        return (1 + 2 * x) * mp.exp(x * x) * mp.erfc(x)
    series = 1 - 1 / (2 * x**2) + 3 / (4 * x**4) - 15 / (8 * x**6)
    return (1 + 2 * x) / (mp.sqrt(mp.pi) * x) * series


EDGE = mp.mpf(0.425)


def central_quantile(t: Any) -> Any:
    """What the standard normal quantile of ½ + q is more than √(2π) q, over q³: t = 0.425² - q²."""
    q = mp.sqrt(abs(EDGE**2 - t))
    if q < mp.mpf(10) ** -12:
        return mp.sqrt(2 * mp.pi) * mp.pi / 3
    return (mp.erfinv(2 * q) * mp.sqrt(2) / q - mp.sqrt(2 * mp.pi)) / q**2


def erfc_ratio(n: int, centre: Any, shift: Any) -> Function:
    """(shift + x) iⁿerfc(x) / iⁿ⁻¹erfc(x) with t = (x - centre) / (x + centre), by DLMF 7.18.10."""

    def integral(order: int, x: Any) -> Any:
        return mp.hyperu(mp.mpf(order + 1) / 2, mp.mpf(1) / 2, x * x) / 2**order

    def of(t: Any) -> Any:
        if t == 1:
            return mp.mpf(1) / 2
        x = centre * (1 + t) / (1 - t)
        return (shift + x) * integral(n, x) / integral(n - 1, x)

    return of


def tail_quantile(r: Any) -> Any:
    """The x at which a standard normal variable is larger with probability e^(-r²)."""
    p = mp.exp(-r * r)
    x = mp.sqrt(-2 * mp.log(p))
    for _ in range(60):
        q = mp.erfc(x / mp.sqrt(2)) / 2
        step = mp.log(q / p) * q * mp.sqrt(2 * mp.pi) * mp.exp(x * x / 2)
        x += step
        if abs(step) < mp.mpf(10) ** -45 * (1 + abs(x)):
            break
    return x


def tail_shortfall(r: Any) -> Any:
    """What that number is less than √2 r."""
    return mp.sqrt(2) * r - tail_quantile(r)


BESSEL_ROOTS = {0: mp.besseljzero(0, 1), 1: mp.besseljzero(1, 1)}
"""The first zeros of J₀ and J₁."""


def near_bessel_j(n: int) -> Function:
    """Jₙ(x) / (xⁿ (x² - root²)) with x² = 12.5 (1 + t), for n of 0 and 1: up to x = 5."""

    def of(t: Any) -> Any:
        x = mp.sqrt(abs(12.5 * (1 + t)))
        if x == 0:
            x = mp.mpf(10) ** -25
        return mp.besselj(n, x) / (x**n * (x * x - BESSEL_ROOTS[n] ** 2))

    return of


def near_bessel_y(n: int) -> Function:
    """What Yₙ(x) is more than (2/π) (ln(x) Jₙ(x) - n/x), over xⁿ, with x² = 12.5 (1 + t)."""

    def of(t: Any) -> Any:
        x = mp.sqrt(abs(12.5 * (1 + t)))
        if x < mp.mpf(10) ** -12:
            return (mp.euler - mp.log(2) - mp.mpf(n) / 2) * (2 - n) / mp.pi
        large = 2 / mp.pi * (mp.log(x) * mp.besselj(n, x) - n / x)
        return (mp.bessely(n, x) - large) / x**n

    return of


def bessel_phase(n: int, is_sine: bool) -> Function:
    """P, or x Q, of DLMF 10.17.3 with t = 25/x²: √(πx/2) (Jₙ + i Yₙ) = (P + i Q) e^(i χ)."""

    def of(t: Any) -> Any:
        if t < mp.mpf(10) ** -20:
            return (4 * mp.mpf(n) ** 2 - 1) / 8 if is_sine else mp.mpf(1)
        x = 5 / mp.sqrt(t)
        turned = (mp.besselj(n, x) + 1j * mp.bessely(n, x)) * mp.exp(
            -1j * (x - (2 * n + 1) * mp.pi / 4)
        )
        scaled = turned * mp.sqrt(mp.pi * x / 2)
        return scaled.imag * x if is_sine else scaled.real

    return of


def near_bessel_i(n: int) -> Function:
    """Iₙ(x) / xⁿ with x² = 64 t: up to x = 8."""

    def of(t: Any) -> Any:
        x = 8 * mp.sqrt(abs(t))
        return mp.besseli(n, x) / x**n if x > mp.mpf(10) ** -20 else mp.mpf(1) / (1 + n)

    return of


def far_bessel_i(n: int) -> Function:
    """√x e^-x Iₙ(x) with t = 16/x - 1: from x = 8 to infinity."""

    def of(t: Any) -> Any:
        if t + 1 < mp.mpf(10) ** -20:
            return 1 / mp.sqrt(2 * mp.pi)
        x = 16 / (1 + t)
        return mp.sqrt(x) * mp.exp(-x) * mp.besseli(n, x)

    return of


def near_bessel_k(n: int) -> Function:
    """What Kₙ(x) is more than n/x - (-1)ⁿ ln(x/2) Iₙ(x), over xⁿ, with t = x²: up to x = 1."""

    def of(t: Any) -> Any:
        x = mp.sqrt(abs(t))
        if x < mp.mpf(10) ** -12:
            return (2 * mp.euler - 1) / 4 if n else -mp.euler
        large = n / x - (-1) ** n * mp.log(x / 2) * mp.besseli(n, x)
        return (mp.besselk(n, x) - large) / x**n

    return of


def far_bessel_k(n: int) -> Function:
    """√x e^x Kₙ(x) with t = 1/x."""

    def of(t: Any) -> Any:
        if t < mp.mpf(10) ** -20:
            return mp.sqrt(mp.pi / 2)
        x = 1 / t
        return mp.sqrt(x) * mp.exp(x) * mp.besselk(n, x)

    return of


# Of these degrees and around these points no sum of a numerator or denominator cancels much.
FITS: dict[str, tuple[Function, Any, Any, int, int]] = {
    "LGAMMA": (lgamma_from_2, -0.5, 0.5, 19, 0),
    "DIGAMMA": (digamma_by_root, -0.5, 0.5, 22, 0),
    "DIGAMMA_ABOVE": (lambda t: mp.digamma(2.5 + t), -0.5, 0.5, 17, 0),
    "ERFCX": (scaled_erfcx, -0.5, 1, 21, 0),
    "ERFC_RATIO_2": (erfc_ratio(2, 3, 1), -1, 1, 11, 11),
    "ERFC_RATIO_3": (erfc_ratio(3, 3.5, 1.25), -1, 1, 11, 11),
    "ERFC_RATIO_4": (erfc_ratio(4, 3.5, 1.5), -1, 1, 11, 11),
    "ERFC_RATIO_5": (erfc_ratio(5, 4, 2), -1, 1, 11, 11),
    "ERFC_RATIO_6": (erfc_ratio(6, 4, 2), -1, 1, 11, 11),
    "CENTRAL_QUANTILE": (central_quantile, 0, EDGE**2, 7, 7),
    "TAIL_QUANTILE": (lambda t: tail_shortfall(t + 1.6), 0, 3.4, 7, 7),
    "FAR_TAIL_QUANTILE": (lambda t: tail_shortfall(t + 5), 0, 22.5, 8, 8),
    "BESSEL_J0": (near_bessel_j(0), -1, 1, 12, 0),
    "BESSEL_J1": (near_bessel_j(1), -1, 1, 12, 0),
    "BESSEL_P0": (bessel_phase(0, False), 0, 1, 7, 7),
    "BESSEL_Q0": (bessel_phase(0, True), 0, 1, 7, 7),
    "BESSEL_P1": (bessel_phase(1, False), 0, 1, 7, 7),
    "BESSEL_Q1": (bessel_phase(1, True), 0, 1, 7, 7),
    "BESSEL_I0": (near_bessel_i(0), 0, 1, 18, 0),
    "BESSEL_I1": (near_bessel_i(1), 0, 1, 18, 0),
    "BESSEL_FAR_I0": (far_bessel_i(0), -1, 1, 24, 0),
    "BESSEL_FAR_I1": (far_bessel_i(1), -1, 1, 24, 0),
    "BESSEL_FAR_K0": (far_bessel_k(0), 0, 1, 9, 9),
    "BESSEL_FAR_K1": (far_bessel_k(1), 0, 1, 9, 9),
}
# What has zeros of its own is fitted for the smallest error, by polynomials in t from -1 to 1.
SUMMANDS: dict[str, tuple[Function, Any, Any, int]] = {
    "BESSEL_Y0": (near_bessel_y(0), -1, 1, 14),
    "BESSEL_Y1": (near_bessel_y(1), -1, 1, 14),
    "BESSEL_K0": (near_bessel_k(0), 0, 1, 8),
    "BESSEL_K1": (near_bessel_k(1), 0, 1, 8),
}


def legendre(count: int) -> list[tuple[Any, Any]]:
    """The nodes and weights of Gauss's rule on [0, 1]."""
    rule = []
    for k in range(count):
        x = mp.cos(mp.pi * (k + mp.mpf(3) / 4) / (count + mp.mpf(1) / 2))
        for _ in range(7):  # Newton's steps
            slope = count * (mp.legendre(count - 1, x) - x * mp.legendre(count, x)) / (1 - x * x)
            x -= mp.legendre(count, x) / slope
        rule.append(((1 - x) / 2, 1 / ((1 - x * x) * slope * slope)))
    return rule


def main() -> None:
    lines = [HEAD]
    for name, (f, low, high, above, below) in FITS.items():
        error, p, q = fitted(f, low, high, above, below)
        print(f"{name}: {mp.nstr(error, 2)}", flush=True)
        lines.append(f"{name}: Rational = (")
        for row in (p, q):
            numbers = "".join(f"        {float(c)!r},\n" for c in row)
            lines.append(f"    (\n{numbers}    ),")
        lines.append(")")
    for name, (f, low, high, degree) in SUMMANDS.items():
        terms, error = mp.chebyfit(f, [low, high], degree + 1, error=True)
        print(f"{name}: {mp.nstr(error, 2)}", flush=True)
        numbers = "".join(f"    {float(c)!r},\n" for c in reversed(terms))
        lines.append(f"{name}: Polynomial = (\n{numbers})")
    for n, zero in BESSEL_ROOTS.items():
        lines.append(f"BESSEL_ROOT_{n} = ({float(zero)!r}, {float(zero - float(zero))!r})")
    rows = [
        "".join(f"        {float(c)!r},\n" for c in row) for row in zip(*legendre(28), strict=True)
    ]
    lines.append("LEGENDRE: Rational = (")
    lines += [f"    (\n{row}    )," for row in rows]
    lines.append(")")
    root = float(ROOT)
    lines.append(f"DIGAMMA_ROOT = ({root!r}, {float(ROOT - root)!r})")
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
