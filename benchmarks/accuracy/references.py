"""The functions of the table and their partial derivatives, written again in mpmath.

Nothing here reads the rules of the table: it is the witness against them. Formulas: NIST Digital
Library of Mathematical Functions, 4.2 to 4.37 (elementary functions), 7.2 (error functions).
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial
from typing import Any, NamedTuple

import mpmath
from mpmath import mp, mpf

DIGITS = 50

Number = Any
Sized = tuple[Number, list[Number], Number]
"""A number, its partials, and the size of what it adds up."""


class Reference(NamedTuple):
    """A row's function and partials at high precision; partials give None where there is none."""

    function: Callable[..., Number]
    partials: tuple[Callable[..., Number], ...]


def _one(function: Callable[[Number], Number], slope: Callable[[Number], Number]) -> Reference:
    return Reference(function, (slope,))


def _sigmoid(x: Number) -> Number:
    return 1 / (1 + mp.exp(-x)) if x >= 0 else mp.exp(x) / (1 + mp.exp(x))


def _slope_of_sigmoid(x: Number) -> Number:
    e = mp.exp(-abs(x))
    return e / (1 + e) ** 2


def _softplus(x: Number) -> Number:
    return max(x, mpf(0)) + mp.log1p(mp.exp(-abs(x)))


def _cbrt(x: Number) -> Number:
    return mp.sign(x) * mp.cbrt(abs(x))


def _power(a: Number, b: Number) -> Number:
    return mp.power(a, b) if a > 0 or b == int(b) else None


def _power_by_base(a: Number, b: Number) -> Number:
    if b == 0:
        return mpf(0)
    below = _power(a, b)
    return None if below is None or a == 0 else b * below / a


def _power_by_exponent(a: Number, b: Number) -> Number:
    return mp.power(a, b) * mp.log(a) if a > 0 else None


def _none(*x: Number) -> Number:
    return None


def _zero(*x: Number) -> Number:
    return mpf(0)


def _atan2(a: Number, b: Number) -> Number:
    return mp.atan2(a, b) if a != 0 or b > 0 else None  # here the sign of a zero decides


def _unless_alone(number: Number, rest: Number, top: int, slope: Number) -> Number:
    """A slope; None for the only largest of the numbers whose shares are computed."""
    return None if number == top and rest < 1 else slope


def _fraction(x: Number) -> Fraction:
    sign, mantissa, exponent, _ = mpf(x)._mpf_
    if not mantissa and exponent:
        raise ValueError("no number is infinite")
    return Fraction(-int(mantissa) if sign else int(mantissa)) * Fraction(2) ** exponent


def _quotient(a: Number, b: Number, whole: Callable[[Fraction], int]) -> tuple[Number, Number]:
    """A whole quotient of two numbers and what is left, exactly, at any precision."""
    if b == 0:
        raise ZeroDivisionError
    top, bottom = _fraction(a), _fraction(b)
    quotient = whole(top / bottom)
    rest = top - quotient * bottom
    return mpf(quotient), mpf(rest.numerator) / rest.denominator


def _nearest_multiple(a: Number, b: Number, c: Number) -> Number:
    return round(_fraction(a) * _fraction(b) / _fraction(c)) * c / b


def _is_real(x: Number) -> Number:
    if x < 0:
        raise ValueError("its logarithm is no real number")
    return x


def _x_log(a: Number, b: Number) -> Number:
    return mpf(0) if a == 0 else a * mp.log(_is_real(b))


def _log1p(x: Number) -> Number:
    if x < -1:
        raise ValueError("its logarithm is no real number")
    return mp.log1p(x) if x > -1 else mp.ninf


def _slope_of_silu(x: Number) -> Number:
    return _sigmoid(x) + x * _slope_of_sigmoid(x)


def _lgamma(x: Number) -> Number:
    if x > 0:
        return mp.loggamma(x)
    sine = mp.sinpi(x)
    return mp.log(mp.pi / abs(sine)) - mp.loggamma(1 - x) if sine else None


def _polygamma(n: int) -> Callable[[Number], Number]:
    def of(x: Number) -> Number:
        if x > 0:
            return mp.psi(n, x)
        # DLMF 5.15.6; the derivatives of the cotangent from its own, -(1 + c²).
        c = mp.cospi(x) / mp.sinpi(x)
        terms = [0, 1]
        for _ in range(n):
            slopes = [k * term for k, term in enumerate(terms)][1:]
            terms = [0] * (len(terms) + 1)
            for k, slope in enumerate(slopes):
                terms[k] -= slope
                terms[k + 2] -= slope
        cotangent = mp.pi ** (n + 1) * mp.polyval(terms[::-1], c)
        return (-1) ** n * mp.psi(n, 1 - x) - cotangent

    return of


def _log_beta(a: Number, b: Number) -> Number:
    _positive(a), _positive(b)
    low, high = min(a, b), max(a, b)
    if low < mpf(10) ** -9 * high:
        return mp.loggamma(low) - _increase(-1, high, low)
    with mp.workdps(mp.dps + 40):
        return mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b)


def _increase(n: int, a: Number, b: Number) -> Number:
    """ψ of order n of a + b less that of a, for b much smaller than a; ln Γ has the order -1."""
    return mp.fsum(mp.psi(n + k, a) * b**k / mp.factorial(k) for k in range(1, 6))


def _positive(x: Number) -> None:
    if not x > 0:
        raise ValueError("it is not positive")


def _difference_of_polygamma(n: int, a: Number, b: Number) -> Number:
    _positive(a), _positive(b)
    if b < mpf(10) ** -9 * a:
        return _increase(n, a, b)
    with mp.workdps(mp.dps + 40):
        return mp.psi(n, a + b) - mp.psi(n, a)


def _difference_of_digamma(a: Number, b: Number) -> Number:
    return _difference_of_polygamma(0, a, b)


def _normal_pdf(x: Number) -> Number:
    return mp.exp(-x * x / 2) / mp.sqrt(2 * mp.pi)


def _ndtr(x: Number) -> Number:
    return mp.erfc(-x / mp.sqrt(2)) / 2


def _erfcx(x: Number) -> Number:
    if x < 50:
        return mp.exp(x * x) * mp.erfc(x)
    total = term = mpf(1)
    for k in range(1, 40):
        term *= -(2 * k - 1) / (2 * x * x)
        total += term
    return total / (x * mp.sqrt(mp.pi))


def _integral_of_erfc(n: int, x: Number) -> Number:
    """e^(x²) times the integral of order n of erfc, from its moments' recurrence (DLMF 7.18.7) or,
    far out, its series in 1/x (DLMF 7.18.14)."""
    if x < 50:
        with mp.workdps(mp.dps + 40 + 20 * n):
            before, now = 2 / mp.sqrt(mp.pi), _erfcx(x)
            for k in range(1, n + 1):
                before, now = now, (before - 2 * x * now) / (2 * k)
            return now
    total = term = mpf(1)
    for k in range(1, 40):
        term *= -mpf((n + 2 * k - 1) * (n + 2 * k)) / (k * 4 * x * x)
        total += term
    return 2 / mp.sqrt(mp.pi) * total / (2 * x) ** (n + 1)


def _mills_tail(n: int, x: Number) -> Number:
    if x < 0:
        return None
    z = x / mp.sqrt(2)
    return (n + 1) * mp.sqrt(2) * _integral_of_erfc(n + 1, z) / _integral_of_erfc(n, z)


def _slope_of_mills_tail(n: int, x: Number) -> Number:
    if x < 0:
        return None
    with mp.workdps(mp.dps + 20):
        k = _mills_tail(n, x)
        return k * k - k * _mills_tail(n + 1, x)


def _log_ndtr(x: Number) -> Number:
    if x > -50:
        return mp.log(_ndtr(x)) if x < 0 else mp.log1p(-_ndtr(-x))
    return mp.log(_erfcx(-x / mp.sqrt(2)) / 2) - x * x / 2


def _slope_of_log_ndtr(x: Number) -> Number:
    if x > -50:
        return _normal_pdf(x) / _ndtr(x)
    return mp.sqrt(2 / mp.pi) / _erfcx(-x / mp.sqrt(2))


def _ndtri(p: Number) -> Number:
    """The normal quantile, by Newton's method from the float that the engine finds."""
    if not 0 < p < 1:
        return None
    if p > mpf(1) / 2:
        return -_ndtri(1 - p)
    x = mpf(statistics.NormalDist().inv_cdf(max(float(p), 1e-300)))
    if p < 1e-300:
        x = -mp.sqrt(-2 * mp.log(p))
    for _ in range(60):
        below = _ndtr(x)
        step = mp.log(below / p) * below / _normal_pdf(x)
        x -= step
        if abs(step) < mpf(10) ** -45 * (abs(x) or 1):
            break
    return x


def _slope_of_ndtri(p: Number) -> Number:
    return 1 / _normal_pdf(_ndtri(p)) if 0 < p < 1 else None


def _erfinv(x: Number) -> Number:
    if not -1 < x < 1:
        return None
    if abs(x) > 0.25:
        return -_ndtri((1 - x) / 2) / mp.sqrt(2)
    y = x * mp.sqrt(mp.pi) / 2
    for _ in range(12):
        y -= (mp.erf(y) - x) * mp.sqrt(mp.pi) / 2 * mp.exp(y * y)
    return y


def _bessel(n: int, x: Number) -> Number:
    """j_n(πx), the spherical Bessel function (DLMF 10.49.3), with the digits that it cancels."""
    if x == 0:
        return mpf(n == 0)
    z = mp.pi * x
    if abs(z) < 1e-3:  # DLMF 10.53.1
        total = term = z**n / mp.fac2(2 * n + 1)
        for k in range(1, 12):
            term *= -z * z / (2 * k * (2 * n + 2 * k + 1))
            total += term
        return total
    with mp.workdps(mp.dps + 20):
        z = mp.pi * x
        before, now = mp.cospi(x) / z, mp.sinpi(x) / z
        for k in range(n):
            before, now = now, (2 * k + 1) / z * now - before
        return now


def _slope_of_bessel(n: int, x: Number) -> Number:
    if n == 0:
        return -mp.pi * _bessel(1, x)
    return mp.pi * (n * _bessel(n - 1, x) - (n + 1) * _bessel(n + 1, x)) / (2 * n + 1)


def _truth(holds: Callable[..., bool]) -> Reference:
    return Reference(lambda a, b: mpf(bool(holds(a, b))), (_zero, _zero))


LN2, LN10 = mp.ln2, mp.ln10

ROWS: dict[str, Reference] = {
    "add": Reference(lambda a, b: a + b, (lambda a, b: mpf(1), lambda a, b: mpf(1))),
    "sub": Reference(lambda a, b: a - b, (lambda a, b: mpf(1), lambda a, b: mpf(-1))),
    "mul": Reference(lambda a, b: a * b, (lambda a, b: b, lambda a, b: a)),
    "div": Reference(lambda a, b: a / b, (lambda a, b: 1 / b, lambda a, b: -a / b**2)),
    "pow": Reference(_power, (_power_by_base, _power_by_exponent)),
    "power": Reference(_power, (_power_by_base, _zero)),
    "neg": _one(lambda x: -x, lambda x: mpf(-1)),
    "abs": _one(abs, lambda x: mp.sign(x)),
    "exp": _one(mp.exp, mp.exp),
    "expm1": _one(mp.expm1, mp.exp),
    "exp2": _one(lambda x: mpf(2) ** x, lambda x: mpf(2) ** x * +LN2),
    "log": _one(mp.log, lambda x: 1 / x),
    "log1p": _one(mp.log1p, lambda x: 1 / (1 + x)),
    "log2": _one(lambda x: mp.log(x) / LN2, lambda x: 1 / (x * LN2)),
    "log10": _one(lambda x: mp.log(x) / LN10, lambda x: 1 / (x * LN10)),
    "sqrt": _one(mp.sqrt, lambda x: 1 / (2 * mp.sqrt(x))),
    "cbrt": _one(_cbrt, lambda x: 1 / (3 * _cbrt(x) ** 2)),
    "sin": _one(mp.sin, mp.cos),
    "cos": _one(mp.cos, lambda x: -mp.sin(x)),
    "tan": _one(mp.tan, lambda x: 1 / mp.cos(x) ** 2),
    "asin": _one(mp.asin, lambda x: 1 / mp.sqrt((1 - x) * (1 + x))),
    "acos": _one(mp.acos, lambda x: -1 / mp.sqrt((1 - x) * (1 + x))),
    "atan": _one(mp.atan, lambda x: 1 / (1 + x**2)),
    "atan2": Reference(_atan2, (lambda a, b: b / (a**2 + b**2), lambda a, b: -a / (a**2 + b**2))),
    "sinh": _one(mp.sinh, mp.cosh),
    "cosh": _one(mp.cosh, mp.sinh),
    "tanh": _one(mp.tanh, lambda x: mp.sech(x) ** 2),
    "asinh": _one(mp.asinh, lambda x: 1 / mp.sqrt(1 + x**2)),
    "acosh": _one(mp.acosh, lambda x: 1 / mp.sqrt((x - 1) * (x + 1))),
    "atanh": _one(mp.atanh, lambda x: 1 / ((1 - x) * (1 + x))),
    "hypot": Reference(
        lambda a, b: mp.sqrt(a**2 + b**2),
        (lambda a, b: a / mp.sqrt(a**2 + b**2), lambda a, b: b / mp.sqrt(a**2 + b**2)),
    ),
    "erf": _one(mp.erf, lambda x: 2 / mp.sqrt(mp.pi) * mp.exp(-(x**2))),
    "erfc": _one(mp.erfc, lambda x: -2 / mp.sqrt(mp.pi) * mp.exp(-(x**2))),
    "sigmoid": _one(_sigmoid, _slope_of_sigmoid),
    "logistic": _one(_sigmoid, _slope_of_sigmoid),
    "sigmoid_slope": _one(_slope_of_sigmoid, lambda x: -_slope_of_sigmoid(x) * mp.tanh(x / 2)),
    "sech2": _one(lambda x: mp.sech(x) ** 2, lambda x: -2 * mp.sech(x) ** 2 * mp.tanh(x)),
    "log_sigmoid": _one(lambda x: -_softplus(-x), lambda x: _sigmoid(-x)),
    "softplus": _one(_softplus, _sigmoid),
    "relu": _one(lambda x: max(x, mpf(0)), lambda x: mpf(1) if x > 0 else mpf(0)),
    "threshold": _one(lambda x: mpf(1) if x >= 0 else mpf(0), _none),
    "maximum": Reference(
        max,
        (lambda a, b: (1 + mp.sign(a - b)) / 2, lambda a, b: (1 - mp.sign(a - b)) / 2),
    ),
    "minimum": Reference(
        min,
        (lambda a, b: (1 - mp.sign(a - b)) / 2, lambda a, b: (1 + mp.sign(a - b)) / 2),
    ),
    "where": Reference(
        lambda c, a, b: a if c != 0 else b,
        (_zero, lambda c, a, b: mpf(c != 0), lambda c, a, b: mpf(c == 0)),
    ),
    "sign": _one(mp.sign, _zero),
    "floor": _one(mp.floor, _zero),
    "heaviside": Reference(
        lambda a, b: b if a == 0 else mpf(a > 0), (_zero, lambda a, b: mpf(a == 0))
    ),
    "compare": Reference(lambda a, b: mp.sign(a - b), (_zero, _zero)),
    "nonzero": _one(lambda x: mpf(x != 0), _zero),
    "lgamma": _one(_lgamma, _polygamma(0)),
    "digamma": _one(_polygamma(0), _polygamma(1)),
    "trigamma": _one(_polygamma(1), _polygamma(2)),
    "polygamma_2": _one(_polygamma(2), _polygamma(3)),
    "polygamma_3": _one(_polygamma(3), _polygamma(4)),
    "digamma_difference": Reference(
        _difference_of_digamma,
        (
            lambda a, b: _difference_of_polygamma(1, a, b),
            lambda a, b: mp.psi(1, a + b) if a > 0 and b > 0 else None,
        ),
    ),
    "polygamma_difference_1": Reference(
        lambda a, b: _difference_of_polygamma(1, a, b),
        (
            lambda a, b: _difference_of_polygamma(2, a, b),
            lambda a, b: mp.psi(2, a + b) if a > 0 and b > 0 else None,
        ),
    ),
    "log_beta": Reference(
        _log_beta,
        (lambda a, b: -_difference_of_digamma(a, b), lambda a, b: -_difference_of_digamma(b, a)),
    ),
    "beta": Reference(
        lambda a, b: mp.exp(_log_beta(a, b)),
        (
            lambda a, b: -mp.exp(_log_beta(a, b)) * _difference_of_digamma(a, b),
            lambda a, b: -mp.exp(_log_beta(a, b)) * _difference_of_digamma(b, a),
        ),
    ),
    "normal_pdf": _one(_normal_pdf, lambda x: -x * _normal_pdf(x)),
    "ndtr": _one(_ndtr, _normal_pdf),
    "square_left": _one(lambda x: 1 - x * x, lambda x: -2 * x),
    "slope_of_atan": _one(lambda x: 1 / (1 + x * x), lambda x: -2 * x / (1 + x * x) ** 2),
    "exp_of_minus_square": _one(lambda x: mp.exp(-x * x), lambda x: -2 * x * mp.exp(-x * x)),
    "erfcx": _one(_erfcx, lambda x: -2 * _integral_of_erfc(1, x)),
    "ierfcx": _one(partial(_integral_of_erfc, 1), lambda x: -4 * _integral_of_erfc(2, x)),
    "ierfcx_2": _one(partial(_integral_of_erfc, 2), lambda x: -6 * _integral_of_erfc(3, x)),
    "mills_excess": _one(partial(_mills_tail, 0), partial(_slope_of_mills_tail, 0)),
    "mills_excess_1": _one(partial(_mills_tail, 1), partial(_slope_of_mills_tail, 1)),
    "log_ndtr": _one(_log_ndtr, _slope_of_log_ndtr),
    "ndtri": _one(_ndtri, _slope_of_ndtri),
    "erfinv": _one(
        _erfinv, lambda x: mp.sqrt(mp.pi) / 2 * mp.exp(_erfinv(x) ** 2) if abs(x) < 1 else None
    ),
    "sinc": _one(lambda x: _bessel(0, x), lambda x: _slope_of_bessel(0, x)),
    "spherical_bessel_pi_1": _one(lambda x: _bessel(1, x), lambda x: _slope_of_bessel(1, x)),
    "gelu": _one(lambda x: x * _ndtr(x), lambda x: _ndtr(x) + x * _normal_pdf(x)),
    "stopped": Reference(lambda a, b: a * b, (lambda a, b: b, lambda a, b: a)),
    "decayed": Reference(lambda a, b: a * b, (lambda a, b: b, lambda a, b: a if b else None)),
    "unless_stopped": Reference(lambda a, b: a, (lambda a, b: mpf(1), _zero)),
    "difference": Reference(lambda a, b: a - b, (lambda a, b: mpf(1), lambda a, b: mpf(-1))),
    "unit": Reference(
        lambda a, b, c: a / b if b else None,
        (
            lambda a, b, c: 1 / b if b else None,
            lambda a, b, c: -a / b**2 if b else None,
            _zero,
        ),
    ),
    "power_slope": Reference(
        _power_by_base,
        (
            lambda a, b: b * (b - 1) * _power(a, b - 2) if a > 0 else None,
            lambda a, b: _power(a, b - 1) * (1 + b * mp.log(a)) if a > 0 else None,
        ),
    ),
    "power_logarithm": Reference(
        lambda a, b: _power(a, b) * mp.log(a) if a > 0 else None,
        (
            lambda a, b: _power(a, b - 1) * (1 + b * mp.log(a)) if a > 0 else None,
            lambda a, b: _power(a, b) * mp.log(a) ** 2 if a > 0 else None,
        ),
    ),
    "exp_left": Reference(
        lambda a, b: b * mp.exp(a) if a <= 0 else mpf(0),
        (
            lambda a, b: b * mp.exp(a) if a <= 0 else mpf(0),
            lambda a, b: mp.exp(a) if a <= 0 else mpf(0),
        ),
    ),
    "expdiff": Reference(
        lambda a, b: mp.exp(a - b), (lambda a, b: mp.exp(a - b), lambda a, b: -mp.exp(a - b))
    ),
    "moves": Reference(lambda e, part: mpf(e != 1 or part <= 0.5), (_zero, _zero)),
    "part": _one(lambda rest: 1 / (1 + rest), lambda rest: -1 / (1 + rest) ** 2),
    "share": Reference(
        lambda e, part: e * part,
        (lambda e, part: mpf(0) if e == 1 and part > 0.5 else part, lambda e, part: e),
    ),
    "share_slope": Reference(
        lambda e, part: mpf(0) if e == 1 and part > 0.5 else part,
        (_zero, lambda e, part: mpf(0) if e == 1 and part > 0.5 else mpf(1) if part else None),
    ),
    "other_shares": Reference(
        lambda e, rest: (rest + (1 - e)) / (1 + rest),
        (
            lambda e, rest: _unless_alone(e, rest, 1, -1 / (1 + rest)),
            lambda e, rest: e / (1 + rest) ** 2,
        ),
    ),
    "log_share": Reference(
        lambda z, rest: z - mp.log1p(rest),
        (lambda z, rest: _unless_alone(z, rest, 0, mpf(1)), lambda z, rest: -1 / (1 + rest)),
    ),
    "less": _truth(lambda a, b: a < b),
    "less_equal": _truth(lambda a, b: a <= b),
    "greater": _truth(lambda a, b: a > b),
    "greater_equal": _truth(lambda a, b: a >= b),
    "equal": _truth(lambda a, b: a == b),
    "not_equal": _truth(lambda a, b: a != b),
    "logical_and": _truth(lambda a, b: a != 0 and b != 0),
    "logical_or": _truth(lambda a, b: a != 0 or b != 0),
    "logical_not": _one(lambda x: mpf(x == 0), _zero),
    "ceil": _one(mp.ceil, _zero),
    "trunc": _one(lambda x: mpf(int(x)), _zero),
    "round": _one(lambda x: mpf(round(_fraction(x))), _zero),
    "round_to": Reference(_nearest_multiple, (_zero, _zero, _zero)),
    "floor_divide": Reference(lambda a, b: _quotient(a, b, math.floor)[0], (_zero, _zero)),
    "remainder": Reference(
        lambda a, b: _quotient(a, b, math.floor)[1],
        (lambda a, b: mpf(1), lambda a, b: -_quotient(a, b, math.floor)[0]),
    ),
    "fmod": Reference(
        lambda a, b: _quotient(a, b, math.trunc)[1],
        (lambda a, b: mpf(1), lambda a, b: -_quotient(a, b, math.trunc)[0]),
    ),
    "copysign": Reference(  # of a zero the sign is no number
        lambda a, b: abs(a) * mp.sign(b) if b else None,
        (lambda a, b: mp.sign(a) * mp.sign(b) if b else None, _zero),
    ),
    "square": _one(lambda x: x * x, lambda x: 2 * x),
    "degrees": _one(lambda x: x * 180 / mp.pi, lambda x: 180 / mp.pi),
    "radians": _one(lambda x: x * mp.pi / 180, lambda x: mp.pi / 180),
    "logaddexp": Reference(
        lambda a, b: max(a, b) + mp.log1p(mp.exp(-abs(a - b))),
        (lambda a, b: _sigmoid(a - b), lambda a, b: _sigmoid(b - a)),
    ),
    "xlogy": Reference(
        _x_log, (lambda a, b: mp.log(_is_real(b)), lambda a, b: a / b if b > 0 else None)
    ),
    "xlog1py": Reference(
        lambda a, b: mpf(0) if a == 0 else a * _log1p(b),
        (
            lambda a, b: _log1p(b),
            lambda a, b: a / (1 + b) if b > -1 else None,
        ),
    ),
    "entr": _one(lambda x: -x * mp.log(x) if x else mpf(0), lambda x: -mp.log(x) - 1),
    "logit": _one(lambda x: mp.log(x / (1 - x)), lambda x: 1 / (x * (1 - x))),
    "leaky_relu": Reference(
        lambda a, b: a if a > 0 else a * b,
        (lambda a, b: mpf(1) if a > 0 else b, lambda a, b: min(a, mpf(0))),
    ),
    "elu": Reference(
        lambda a, b: a if a > 0 else b * mp.expm1(a),
        (
            lambda a, b: mpf(1) if a > 0 else b * mp.exp(a),
            lambda a, b: mpf(0) if a > 0 else mp.expm1(a),
        ),
    ),
    "silu": _one(lambda x: x * _sigmoid(x), _slope_of_silu),
    "clip": Reference(
        lambda a, b, c: min(max(a, b), c),
        (
            lambda a, b, c: (1 + mp.sign(a - b)) * (1 + mp.sign(c - max(a, b))) / 4,
            lambda a, b, c: (1 + mp.sign(b - a)) * (1 + mp.sign(c - max(a, b))) / 4,
            lambda a, b, c: (1 + mp.sign(max(a, b) - c)) / 2,
        ),
    ),
}


# ------------------------------------------------------------------- rows of any number of inputs
def _misses(logits: Sequence[Number]) -> tuple[list[Number], list[Number]]:
    """ln Σ e - x for each logit, and its share, without the difference of two near 1."""
    top = max(logits)
    powers = [mp.exp(x - top) for x in logits]
    place = list(logits).index(top)
    rest = mp.fsum(powers[:place] + powers[place + 1 :])
    return [mp.log1p(rest) + (top - x) for x in logits], [p / (1 + rest) for p in powers]


def _slopes(d: Sequence[Number], shares: Sequence[Number]) -> list[Number]:
    """share Σ d - d of each class, as its share of the other d less d times the other shares."""
    return [
        share * mp.fsum([*d[:k], *d[k + 1 :]]) - d[k] * mp.fsum([*shares[:k], *shares[k + 1 :]])
        for k, share in enumerate(shares)
    ]


def sums(name: str, x: Sequence[Number]) -> tuple[Number, list[Number], Number]:
    """The function, its partials, and the size of what it adds up, which sets the unit."""
    return SUMS[name](x)


def _sum(x: Sequence[Number]) -> Sized:
    return mp.fsum(x), [mpf(1)] * len(x), mp.fsum(x, absolute=True)


def _mean(x: Sequence[Number]) -> Sized:
    n = len(x)
    return mp.fsum(x) / n, [1 / mpf(n)] * n, mp.fsum(x, absolute=True) / n


def _norm(x: Sequence[Number]) -> Sized:
    norm = mp.sqrt(mp.fsum(x, squared=True))
    return norm, [each / norm for each in x], norm


def _logsumexp(x: Sequence[Number]) -> Sized:
    total = mp.fsum([mp.exp(each) for each in x])
    y = mp.log(total)
    return y, [mp.exp(each) / total for each in x], max(abs(y), *map(abs, x))


def _largest(x: Sequence[Number]) -> Sized:
    top = max(x)
    return top, [mpf(each == top) for each in x], abs(top)


def _extreme(end: Number, x: Sequence[Number]) -> Sized:
    return end, [mpf(each == end) / x.count(end) for each in x], abs(end)


def _rest(x: Sequence[Number]) -> Sized:
    return mp.fsum(x) - 1, [mpf(1)] * len(x), mp.fsum(x, absolute=True) + 1


def _truth(holds: bool, x: Sequence[Number]) -> Sized:
    return mpf(holds), [mpf(0)] * len(x), mpf(1)


def _surprise(x: Sequence[Number]) -> Sized:
    misses, shares = _misses(x)
    return misses[-1], [*shares[:-1], -mp.fsum(shares[:-1])], max(misses[-1], *map(abs, x))


def _halves(x: Sequence[Number]) -> tuple[Sequence[Number], Sequence[Number]]:
    return x[: len(x) // 2], x[len(x) // 2 :]


def _cross_entropy(x: Sequence[Number]) -> Sized:
    d, right = _halves(x)
    misses, shares = _misses(right)
    terms = [p * miss for p, miss in zip(d, misses, strict=True)]
    size = mp.fsum([abs(p) * max(map(abs, right)) for p in d])
    return mp.fsum(terms), [*misses, *_slopes(d, shares)], max(abs(mp.fsum(terms)), size)


def _dot(x: Sequence[Number]) -> Sized:
    left, right = _halves(x)
    terms = [a * b for a, b in zip(left, right, strict=True)]
    return mp.fsum(terms), [*right, *left], mp.fsum(terms, absolute=True)


def _performance(x: Sequence[Number]) -> Sized:
    d, z = _halves(x)
    errors = [a - b for a, b in zip(d, z, strict=True)]
    y = -mp.fsum(errors, squared=True) / 2
    return y, [*(-error for error in errors), *errors], abs(y)


SUMS: dict[str, Callable[[Sequence[Number]], Sized]] = {
    "sum": _sum,
    "dot": _dot,
    "mean": _mean,
    "norm": _norm,
    "largest": _largest,
    "highest": lambda x: _extreme(max(x), x),
    "lowest": lambda x: _extreme(min(x), x),
    "rest": _rest,
    "logsumexp": _logsumexp,
    "surprise": _surprise,
    "cross_entropy": _cross_entropy,
    "performance": _performance,
    "any": lambda x: _truth(any(x), x),
    "all": lambda x: _truth(all(x), x),
    "infinities": lambda x: (mpf(sum(map(math.isinf, x))), [mpf(0)] * len(x), mpf(1)),
}
"""By name, the reference of each primitive of any number of inputs."""


def precise() -> Any:
    """The precision at which references are computed, as a context."""
    return mpmath.workdps(DIGITS)
