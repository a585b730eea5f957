"""One point of a proof: the numbers that are drawn for its unknowns, and what belongs to what.

No number of a field is the exponential of another, so e^α is an unknown of its own for every α,
kept where it is asked for again; e^-α is its inverse and e^(α + β) a product. An output σ(α) or
tanh(α) is an unknown, too, and ln u for every u. A field has no order either: whether a number is
above 0 is the sign of the float that it stands for at the numbers where the graph was recorded.
"""

from __future__ import annotations

import math
from fractions import Fraction
from random import Random
from typing import Any

from autograd_bp.nn.exact.numbers import Exact, simple_fraction

__all__ = ["PRIME", "Unknowns"]

PRIME = 2**127 - 1


class Unknowns:
    """One point: what is drawn for the unknowns of a proof, and what belongs to what.

    Arguments:
        seed: what the numbers are drawn with.
        small: fractions of small numbers in place of a field of primes.
    """

    def __init__(self, seed: int, *, small: bool = False) -> None:
        self.random = Random(seed)
        self.small = small
        self.p = 0 if small else PRIME
        self._exponentials: dict[Any, Exact] = {}
        self._logarithms: dict[Any, Exact] = {}
        self._functions: dict[Any, Exact] = {}
        self._signs: dict[Any, int] = {}
        self._known: dict[Any, Exact] = {}
        self.asked = False  # whether an order was needed
        self.guessed = False  # whether one was drawn, since nobody knows it
        self.contradiction = (
            False  # of small fractions: floats have another order, or are at a kink
        )

    # ------------------------------------------------------------------------------- numbers
    def unknown(self, x: float = math.nan) -> Exact:
        """A number that is drawn, for the float x."""
        if self.small:
            return Exact(self, _small(self.random), 1, 0, x)
        return Exact(self, self.random.getrandbits(126) + 2, 1, 0, x)

    def part(self, of: Exact, x: float) -> Exact:
        """A number that is drawn for σ(of); a fraction between 0 and 1, above ½ for of > 0."""
        if not self.small:
            return self.unknown(x)
        if of.v == 0:
            return self.number(Fraction(1, 2))
        part = self.random.choice(_PARTS)
        return Exact(self, part if of.v > 0 else 1 - part, 1, 0, x)

    def number(self, x: Any) -> Exact:
        """A plain number, exactly."""
        if type(x) is Exact:
            return x
        try:
            known = self._known.get(x)
        except TypeError:
            known = None
        if known is None:
            fraction = simple_fraction(x)
            known = Exact(self, self.reduced(fraction), 0, 0, float(x))
            if len(self._known) < 10_000:
                self._known[x] = known
        return known

    def reduced(self, fraction: Fraction) -> Any:
        if self.small:
            return fraction
        return fraction.numerator * pow(fraction.denominator, -1, self.p) % self.p

    # --------------------------------------------------------------------------------- order
    def sign(self, number: Exact) -> int:
        """1, 0 or -1: the sign of the float that a number stands for, drawn where nobody knows."""
        v, x = number.v, number.x
        of_float = int(x > 0.0) - int(x < 0.0)
        if self.small:
            sign = int(v > 0) - int(v < 0)
            # At 0 itself sides are a matter of convention.
            self.contradiction = self.contradiction or not sign or (x == x and of_float != sign)
            return sign
        if v == 0:
            return 0
        self.asked = self.asked or bool(number.n or number.d)
        if not of_float:
            self.guessed = True
            of_float = self._signs.setdefault(v, self.random.choice((-1, 1)))
            self._signs[-v % self.p] = -of_float
        return of_float

    # ----------------------------------------------------------------------------- functions
    def exp(self, x: Exact) -> Exact:
        """e^x."""
        table = self._exponentials
        known = table.get(x.v)
        if known is None:
            known = self._exponential_of_parts(x) or self._positive(_exp(x.x))
            self._keep(x, known)
        return known

    def _exponential_of_parts(self, x: Exact) -> Exact | None:
        """e^x = e^u e^w of exponentials that are known, where u + w = x."""
        if x.v == 0:
            return self.number(1.0)
        table, p = self._exponentials, self.p
        if len(table) > 512:
            return None
        for u, power in table.items():
            w = x.v - u if self.small else (x.v - u) % p
            if w in table:
                product: Exact = power * table[w]
                return product
        return None

    def _keep(self, x: Exact, power: Exact) -> None:
        """Remember power = e^x."""
        minus = -x
        self._exponentials[x.v], self._exponentials[minus.v] = power, 1.0 / power
        self._logarithms.setdefault(power.v, x)
        self._logarithms.setdefault(self._exponentials[minus.v].v, minus)

    def _positive(self, x: float) -> Exact:
        power = self.unknown(x)
        while self.small and power.v <= 0:
            power = self.unknown(x)
        return power

    def log(self, x: Exact) -> Exact:
        """ln x."""
        known = self._logarithms.get(x.v)
        if known is None:
            plain = math.log(x.x) if x.x > 0.0 else math.nan
            known = self.number(0.0) if x.v == 1 else self.unknown(plain)
            self._keep(known, x)
        return known

    def sigmoid(self, x: Exact) -> Exact:
        """σ(x), drawn; e^x is then σ / (1 - σ)."""
        power = self._exponentials.get(x.v)
        if power is None:
            power = self._exponential_of_parts(x)
        if power is not None:
            self._exponentials.setdefault(x.v, power)
            part: Exact = power / (1.0 + power)
            return part
        y = self._functions.get(("sigmoid", x.v))
        if y is None:
            y = self.part(x, 1.0 / (1.0 + _exp(-x.x)))
            minus = -x
            self._functions["sigmoid", x.v] = y
            self._functions["sigmoid", minus.v] = 1.0 - y
            self._keep(x, y / (1.0 - y))
        return y

    def tanh(self, x: Exact) -> Exact:
        """tanh x, drawn."""
        y = self._functions.get(("tanh", x.v))
        if y is None:
            power = self._exponentials.get(x.v)
            if power is not None:
                y = (power - 1.0 / power) / (power + 1.0 / power)
            elif self.small:
                y = 2 * self.part(x, 0.5 + 0.5 * math.tanh(x.x)) - 1
            else:
                y = self.unknown(math.tanh(x.x))
            self._functions["tanh", x.v] = y
            self._functions["tanh", (-x).v] = -y
            if (x + x).v not in self._exponentials:
                self._keep(x + x, (1.0 + y) / (1.0 - y))
        return y

    def function(self, name: str, *x: Exact) -> Exact:
        """Any other function: a number that is drawn for these inputs."""
        key = (name, *[operand.v for operand in x])
        known = self._functions.get(key)
        if known is None:
            known = self._functions[key] = self.unknown()
        return known


def _small(random: Random) -> Fraction:
    return Fraction(random.choice((1, 2, 3, -1, -2, 1, 2)), random.choice((1, 1, 1, 2)))


_PARTS = [Fraction(2, 3), Fraction(3, 4)]


def _exp(x: float) -> float:
    return math.exp(x) if x < 700.0 else math.inf if x == x else x
