"""The independent oracle: every primitive of the table at hundreds of digits, with mpmath.

Derivatives are differences of the exact function with a step of 1e-60, so no rule for a
derivative stands here. A primitive is looked up by its name: below, then in mpmath; a composite
that neither knows is computed by its definition, run on exact numbers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from mpmath import mp, mpf

from autograd_bp import primitives
from autograd_bp.primitives import Primitive

DIGITS = 700  # log(1 + e^-745) keeps 320 digits of its own, the differences need 120
STEP = mpf(10) ** -60
KINK = mpf(10) ** -20

BUILT_IN = [op for op in vars(primitives).values() if isinstance(op, Primitive)]

FUNCTIONS: dict[str, Callable[..., Any]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "pow": lambda a, b: mpf(1) if b == 0 else mp.power(a, b),
    "power": lambda a, b: mpf(1) if b == 0 else mp.power(a, b),
    "neg": lambda x: -x,
    "abs": abs,
    "exp2": lambda x: mp.power(2, x),
    "log2": lambda x: mp.log(x) / mp.log(2),
    "cbrt": lambda x: mp.sign(x) * mp.cbrt(abs(x)),
    "relu": lambda x: max(x, mpf(0)),
    "maximum": max,
    "minimum": min,
    "threshold": lambda x: mpf(1) if x >= 0 else mpf(0),
    "where": lambda c, a, b: a if c else b,
    "heaviside": lambda a, b: b if a == 0 else mpf(a > 0),
    "compare": lambda a, b: mp.sign(a - b),
    "nonzero": lambda x: mpf(x != 0),
    "moves": lambda e, part: mpf(e != 1 or part <= 0.5),
    "share_slope": lambda e, part: mpf(0) if e == 1 and part > 0.5 else part,
    "unless_stopped": lambda a, b: a,
    "unit": lambda a, b, c: a / b if b else mpf(0),
    "infinities": lambda *x: mpf(sum(map(mp.isinf, x))),
    "difference": lambda a, b: a - b,
    "exp_left": lambda a, b: b * mp.exp(a) if a <= 0 else mpf(0),
    "tanh": mp.tanh,
    "less": lambda a, b: mpf(a < b),
    "less_equal": lambda a, b: mpf(a <= b),
    "greater": lambda a, b: mpf(a > b),
    "greater_equal": lambda a, b: mpf(a >= b),
    "equal": lambda a, b: mpf(a == b),
    "not_equal": lambda a, b: mpf(a != b),
    "logical_and": lambda a, b: mpf(a != 0 and b != 0),
    "logical_or": lambda a, b: mpf(a != 0 or b != 0),
    "logical_not": lambda x: mpf(x == 0),
    "any": lambda *x: mpf(any(v != 0 for v in x)),
    "all": lambda *x: mpf(all(v != 0 for v in x)),
    "trunc": lambda x: mp.sign(x) * mp.floor(abs(x)),
    "round": mp.nint,
    "round_to": lambda a, b, c: mp.nint(a * b / c) * c / b,
    "floor_divide": lambda a, b: mp.floor(a / b),
    "remainder": lambda a, b: a - b * mp.floor(a / b) if mp.isfinite(b) else a,
    "fmod": lambda a, b: a - b * mp.sign(a / b) * mp.floor(abs(a / b)) if mp.isfinite(b) else a,
    "copysign": lambda a, b: abs(a) * (-1 if b < 0 else 1),
    "xlogy": lambda a, b: mpf(0) if a == 0 else a * _logarithm(b),
    "xlog1py": lambda a, b: mpf(0) if a == 0 else a * _logarithm(1 + b),
    "entr": lambda x: mpf(0) if x == 0 else -x * mp.log(x),
    "lgamma": lambda x: mp.log(abs(mp.gamma(x))) if abs(x) < 100 else mp.loggamma(x),
    "trigamma": lambda x: mp.psi(1, x),
    "polygamma_2": lambda x: mp.psi(2, x),
    "polygamma_3": lambda x: mp.psi(3, x),
    "beta": lambda a, b: mp.exp(mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b)),
    "log_beta": lambda a, b: mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b),
    "normal_pdf": lambda x: mp.exp(-x * x / 2) / mp.sqrt(2 * mp.pi),
    "ndtr": lambda x: mp.erfc(-x / mp.sqrt(2)) / 2,
    "log_ndtr": lambda x: mp.log(mp.erfc(-x / mp.sqrt(2)) / 2),
    "gelu": lambda x: x * mp.erfc(-x / mp.sqrt(2)) / 2,
    "erfcx": lambda x: _erfcx(x),
    "ierfcx": lambda x: _integral_of_erfc(1, x),
    "ierfcx_2": lambda x: _integral_of_erfc(2, x),
    "mills_excess": lambda x: _mills_tail(0, x),
    "mills_excess_1": lambda x: _mills_tail(1, x),
    "digamma_difference": lambda a, b: mp.digamma(a + b) - mp.digamma(a),
    "polygamma_difference_1": lambda a, b: mp.psi(1, a + b) - mp.psi(1, a),
    "ndtri": lambda p: _quantile(p),
    "erfinv": lambda x: _quantile((1 + x) / 2) / mp.sqrt(2),
    "sinc": mp.sincpi,
    "spherical_bessel_pi_1": lambda x: _spherical_bessel(mp.pi * x),
    "logit": lambda x: _logarithm(x / (1 - x)),
    "leaky_relu": lambda a, b: a if a > 0 else b * a,
    "elu": lambda a, b: a if a > 0 else b * mp.expm1(a),
}


def _erfcx(x: Any) -> Any:
    """e^(x²) erfc(x): far out the terms of DLMF 7.12.1, until they are below all digits."""
    if x < 40:
        return mp.exp(x * x) * mp.erfc(x)
    total, term, k = mpf(0), mpf(1), 0
    while abs(term) > mp.eps and k < 2 * x * x:
        total += term
        k += 1
        term *= -(2 * k - 1) / (2 * x * x)
    return total / (x * mp.sqrt(mp.pi))


def _integral_of_erfc(n: int, x: Any) -> Any:
    """e^(x²) iⁿerfc(x), DLMF 7.18.10 and 7.18.7."""
    if x > 1:
        return mp.hyperu(mpf(n + 1) / 2, mpf(1) / 2, x * x) / (2**n * mp.sqrt(mp.pi))
    before, now = 2 / mp.sqrt(mp.pi), _erfcx(x)
    for k in range(1, n + 1):
        before, now = now, (before - 2 * x * now) / (2 * k)
    return now


def _mills_tail(n: int, x: Any) -> Any:
    if x < 0:
        return None
    z = x / mp.sqrt(2)
    return (n + 1) * mp.sqrt(2) * _integral_of_erfc(n + 1, z) / _integral_of_erfc(n, z)


def _spherical_bessel(z: Any) -> Any:
    """j_1(z), by its series near 0, where the closed form cancels (DLMF 10.53.1, 10.49.3)."""
    if abs(z) > 1:
        return mp.sin(z) / z**2 - mp.cos(z) / z
    total, term, k = mpf(0), z / 3, 0
    while abs(term) > mp.eps * abs(z):
        total += term
        k += 1
        term *= -z * z / (2 * k * (2 * k + 3))
    return total


def _quantile(p: Any) -> Any:
    """The standard normal quantile, by Newton's method on the logarithm of the tail."""
    if not 0 < p < 1:
        raise ValueError("no quantile")
    if p > mpf(1) / 2:
        return -_quantile(1 - p)
    x = -mp.sqrt(-2 * mp.log(p)) if p < 0.4 else (p - mpf(1) / 2) * mp.sqrt(2 * mp.pi)
    for _ in range(200):
        below = mp.erfc(-x / mp.sqrt(2)) / 2
        step = mp.log(below / p) * below * mp.sqrt(2 * mp.pi) * mp.exp(x * x / 2)
        x -= step
        if abs(step) < mp.eps * 1000 * (abs(x) or 1):
            break
    return x


def _logarithm(x: Any) -> Any:
    if x < 0:
        raise ValueError("it is no real number")
    return mp.log(x)


class Exact:
    """A number of many digits that definitions of composites can be run on."""

    def __init__(self, number: Any) -> None:
        self.number = number.number if isinstance(number, Exact) else mpf(number)

    def __apply_primitive__(self, op: Primitive, operands: Sequence[Any]) -> Exact:
        return Exact(exactly(op)(*(Exact(operand).number for operand in operands)))

    def __add__(self, other: Any) -> Exact:
        return Exact(self.number + Exact(other).number)

    def __sub__(self, other: Any) -> Exact:
        return Exact(self.number - Exact(other).number)

    def __mul__(self, other: Any) -> Exact:
        return Exact(self.number * Exact(other).number)

    def __truediv__(self, other: Any) -> Exact:
        return Exact(self.number / Exact(other).number)

    def __rsub__(self, other: Any) -> Exact:
        return Exact(other) - self

    def __rtruediv__(self, other: Any) -> Exact:
        return Exact(other) / self

    def __neg__(self) -> Exact:
        return Exact(-self.number)

    __radd__ = __add__
    __rmul__ = __mul__


def exactly(op: Primitive) -> Callable[..., Any]:
    """The exact function of a primitive, on mpmath numbers."""
    function = FUNCTIONS.get(op.name)
    by_mpmath = None if op.arity is None else getattr(mp, op.name, None)
    if function is None and op.definition is not None and by_mpmath is None:
        definition = op.definition
        return lambda *x: Exact(definition(*map(Exact, x))).number
    function = function or by_mpmath
    assert function is not None, (
        f"{op.name}: give the primitive a definition, or exact.py a function"
    )
    return function


SLOW = frozenset((
    "lgamma", "digamma", "trigamma", "polygamma_2", "polygamma_3", "beta", "log_beta", "ndtr",
    "log_ndtr", "gelu", "erfcx", "ndtri", "erfinv", "sinc", "spherical_bessel_pi_1", "ierfcx",
    "ierfcx_2", "mills_excess", "mills_excess_1",
    "digamma_difference", "polygamma_difference_1",
))  # fmt: skip
"""What takes long with many digits, and needs fewer: nothing cancels in it."""


def digits_of(op: Primitive) -> int:
    return 150 if op.name in SLOW else DIGITS


def value(op: Primitive, inputs: Sequence[float]) -> Any:
    """What the primitive gives at these floats, exactly; None where it is no real number."""
    with mp.workdps(digits_of(op)):
        return _real(exactly(op), [mpf(x) for x in inputs])


def _real(function: Callable[..., Any], inputs: Sequence[Any]) -> Any:
    try:
        result = function(*inputs)
    except (ValueError, ZeroDivisionError):
        return None
    return result if isinstance(result, mpf) and mp.isfinite(result) else None


def derivative(op: Primitive, inputs: Sequence[float], i: int) -> Any:
    """∂op/∂input_i at these floats; None at a kink, at a pole and on the edge of the domain."""
    with mp.workdps(digits_of(op)):
        step = mpf(10) ** -30 if op.name in SLOW else STEP
        return _slope(exactly(op), [mpf(x) for x in inputs], i, step)


def _slope(function: Callable[..., Any], x: list[Any], i: int, step: Any = STEP) -> Any:
    """The slope that both sides agree on, with this step and with a much smaller one."""
    slopes = []
    middle = _real(function, x)
    for h in (step, step * mpf(10) ** -10):
        h = h * (min(abs(x[i]), mpf(1)) or 1)
        right, left = [*x], [*x]
        right[i] += h
        left[i] -= h
        before, after = _real(function, left), _real(function, right)
        if None in (before, middle, after):
            return None
        slopes += [(middle - before) / h, (after - middle) / h, (after - before) / (2 * h)]
    if max(slopes) - min(slopes) > KINK * (1 + abs(slopes[-1])) * (1 + 1 / abs(x[i] or 1)):
        return None
    return slopes[-1]


def second_derivative(op: Primitive, inputs: Sequence[float], i: int, j: int) -> Any:
    """∂²row/∂input_i∂input_j; None where `derivative` is None nearby."""

    def slope(*x: Any) -> Any:
        inner = _slope(exactly(op), [*x], i, mpf(10) ** (-60 if op.name in SLOW else -130))
        if inner is None:
            raise ValueError
        return inner

    with mp.workdps(digits_of(op)):
        step = mpf(10) ** -30 if op.name in SLOW else STEP
        return _slope(slope, [mpf(x) for x in inputs], j, step)


def ulps(measured: float, true: Any) -> float:
    """The error of a float in units in the last place of what is true."""
    with mp.workdps(DIGITS):
        nearest = float(true)
        if measured == nearest:
            return 0.0
        if not (math.isfinite(measured) and math.isfinite(nearest)):
            return math.inf
        return float(abs(mpf(measured) - true) / mpf(math.ulp(nearest)))
