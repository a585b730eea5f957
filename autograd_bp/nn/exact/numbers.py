"""Exact numbers, of a field of primes or fractions, with the operators of a float."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from autograd_bp.errors import ConversionError, OperandError

if TYPE_CHECKING:
    from autograd_bp.nn.exact.unknowns import Unknowns

__all__ = ["Exact", "simple_fraction"]

_MAX_DENOMINATOR = 10**6  # of a float that stands for a fraction, as 0.1 for 1/10
_simple: dict[float, Fraction] = {}


def simple_fraction(x: Any) -> Fraction:
    """The simplest fraction that a float stands for, as 1/3 for 1.0 / 3.0; else its exact value.

    Raises: OperandError for what is no finite real number.
    """
    known = _simple.get(x) if type(x) is float else None
    if known is None:
        if isinstance(x, (int, Fraction)):
            return Fraction(x)
        if hasattr(x, "__index__"):
            return Fraction(int(x))
        if not isinstance(x, float) and not hasattr(x, "__float__"):
            raise OperandError(f"an exact number is made of real numbers, got {type(x).__name__}")
        plain = float(x)
        if not math.isfinite(plain):
            raise OperandError(f"an exact number is finite, got {plain!r}")
        known = Fraction(plain)
        short = known.limit_denominator(_MAX_DENOMINATOR)
        if float(short) == plain:
            known = short
        if len(_simple) < 10_000:
            _simple[plain] = known
    return known


class Exact:
    """One exact number, with the operators of a float.

    Attributes:
        f: the point that it belongs to.
        v: a whole number below the prime, or a Fraction.
        n, d: bounds of the degrees of its numerator and denominator in the unknowns.
        x: the float that it stands for, of which comparisons ask the sign; NaN where nobody knows.
    """

    __slots__ = ("d", "f", "n", "v", "x")
    f: Unknowns

    def __init__(self, f: Unknowns, v: Any, n: int, d: int, x: float) -> None:
        self.f, self.v, self.n, self.d, self.x = f, v, n, d, x

    @property
    def data(self) -> Exact:
        """Itself: formulas may read `.data` of numbers as of Values."""
        return self

    # ------------------------------------------------------------------------------ operators
    def __add__(self, other: Any) -> Any:
        if type(other) is not Exact:
            if _is_foreign(other):
                return NotImplemented
            other = self.f.number(other)
        v, p, x = self.v + other.v, self.f.p, self.x + other.x
        a, b = self.d, other.d
        if a == b == 0:
            n = self.n if self.n > other.n else other.n
            return Exact(self.f, v % p if p else v, n, 0, x)
        return Exact(self.f, v % p if p else v, max(self.n + b, other.n + a), a + b, x)

    __radd__ = __add__

    def __neg__(self) -> Exact:
        v, p = -self.v, self.f.p
        return Exact(self.f, v % p if p else v, self.n, self.d, -self.x)

    def __pos__(self) -> Exact:
        return self

    def __sub__(self, other: Any) -> Any:
        if type(other) is not Exact:
            if _is_foreign(other):
                return NotImplemented
            other = self.f.number(other)
        return self + -other

    def __rsub__(self, other: Any) -> Any:
        if _is_foreign(other):
            return NotImplemented
        return self.f.number(other) + -self

    def __mul__(self, other: Any) -> Any:
        if type(other) is not Exact:
            if _is_foreign(other):
                return NotImplemented
            other = self.f.number(other)
        v, p = self.v * other.v, self.f.p
        x = self.x * other.x
        return Exact(self.f, v % p if p else v, self.n + other.n, self.d + other.d, x)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Any:
        if type(other) is not Exact:
            if _is_foreign(other):
                return NotImplemented
            other = self.f.number(other)
        if other.v == 0:
            raise ZeroDivisionError("division of an exact number by 0")
        p = self.f.p
        v = self.v * pow(other.v, -1, p) % p if p else self.v / other.v
        x = self.x / other.x if other.x else math.nan
        return Exact(self.f, v, self.n + other.d, self.d + other.n, x)

    def __rtruediv__(self, other: Any) -> Any:
        if _is_foreign(other):
            return NotImplemented
        return self.f.number(other) / self

    def __pow__(self, exponent: Any) -> Any:
        if type(exponent) is not Exact:
            whole = simple_fraction(exponent)
            if whole.denominator == 1:
                power: Any
                base: Any
                power, base = self.f.number(1), self if whole >= 0 else 1 / self
                for _ in range(abs(int(whole))):
                    power = power * base
                return power
            if whole == Fraction(1, 2):
                return self.sqrt()
            exponent = self.f.number(exponent)
        product: Exact = exponent * self.f.log(self)
        return product.exp()

    def __rpow__(self, base: Any) -> Any:
        return (self * self.f.log(self.f.number(base))).exp()

    def __abs__(self) -> Exact:
        return -self if self.f.sign(self) < 0 else self

    # ---------------------------------------------------------------------------- comparisons
    def __eq__(self, other: Any) -> bool:
        try:
            return bool(self.v == self.f.number(other).v)
        except OperandError:
            return False

    def __hash__(self) -> int:
        return hash(self.v)

    def __lt__(self, other: Any) -> bool:
        return self.f.sign(self - other) < 0

    def __le__(self, other: Any) -> bool:
        return self.f.sign(self - other) <= 0

    def __gt__(self, other: Any) -> bool:
        return self.f.sign(self - other) > 0

    def __ge__(self, other: Any) -> bool:
        return self.f.sign(self - other) >= 0

    def __bool__(self) -> bool:
        return bool(self.v != 0)

    # ------------------------------------------------------- functions, also those of np.exp(x)
    def exp(self) -> Exact:
        return self.f.exp(self)

    def log(self) -> Exact:
        return self.f.log(self)

    def tanh(self) -> Exact:
        return self.f.tanh(self)

    def sigmoid(self) -> Exact:
        return self.f.sigmoid(self)

    def softplus(self) -> Exact:
        return self.f.log(1.0 + self.f.exp(self))

    def sqrt(self) -> Exact:
        half: Exact = 0.5 * self.f.log(self)
        return half.exp()

    def relu(self) -> Exact:
        return self if self.f.sign(self) > 0 else self.f.number(0.0)

    def __getattr__(self, name: str) -> Any:
        if name in _NAMES:
            return lambda: self.f.function(name, self)
        raise AttributeError(f"an exact number has no attribute {name!r}")

    def __float__(self) -> float:
        raise ConversionError(
            "exact=True runs the formulas on exact numbers, which are no floats: write them with "
            "+ - * /, with np.exp, np.tanh or functions of autograd_bp, and not with math, "
            "float() or arrays of dtype float"
        )

    __int__ = __index__ = __complex__ = __float__

    def __round__(self, digits: object = None) -> float:
        raise ConversionError(
            "exact=True runs the formulas on exact numbers, which are not rounded: leave out "
            "round(), floor(), // and %, which formulas do not have"
        )

    __floor__ = __ceil__ = __trunc__ = __round__
    __mod__ = __rmod__ = __floordiv__ = __rfloordiv__ = __round__

    def __repr__(self) -> str:
        return str(self.v) if self.f.small else "<exact number>"

    def __apply_primitive__(self, op: Any, operands: Sequence[Any]) -> Exact:
        """Apply an entry of the table to exact numbers (see `Primitive.__call__`)."""
        from autograd_bp.nn.exact.entries import applied

        return applied(op, [self.f.number(operand) for operand in operands], self.f)


_NAMES = frozenset(
    ("sin", "cos", "tan", "sinh", "cosh", "arctan", "log1p", "expm1", "log10", "log2")
)


def _is_foreign(other: Any) -> bool:
    """Whether it is an array, which applies operators to its entries."""
    return getattr(other, "ndim", 0) > 0
