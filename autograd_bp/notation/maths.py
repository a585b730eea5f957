"""A formula as a tree, and the one table that says where it needs brackets.

A `Maths` is put together from smaller ones, with operators and with the functions below. The
notation of an entry of the table of primitives is a function of this module, `m`, and of its
inputs: `lambda m, x: m.root(x)`. The files plain.py, latex.py and mathml.py print the tree.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from autograd_bp.notation.numbers import number as plain_number

# How tightly things bind, from the loosest to the tightest. A term that binds less than its
# surroundings ask for is bracketed.
CHOICE, SUM, SIGN, PRODUCT, POWER, ATOM = range(6)


class Operator(NamedTuple):
    """How tightly an operator binds, and what it asks of its parts.

    Attributes:
        binding: of the whole.
        least: how tightly each part must bind to stand without brackets; the last of them holds
            for all parts that follow.
        apart: the parts that LaTeX and MathML set apart from the others (above a bar, raised),
            so that they need no brackets there.
    """

    binding: int
    least: tuple[int, ...]
    apart: tuple[int, ...] = ()


OPERATORS = {
    "words": Operator(CHOICE, (SUM,)),
    "sum": Operator(SUM, (SUM, PRODUCT)),
    "product": Operator(PRODUCT, (PRODUCT,)),
    "fraction": Operator(PRODUCT, (PRODUCT, POWER), apart=(0, 1)),
    "power": Operator(POWER, (ATOM, ATOM), apart=(1,)),
}
_ENCLOSING = Operator(ATOM, (CHOICE,))  # a function, a root, bars: everything else


class Maths:
    """A formula: an operation on formulas.

    Attributes:
        kind: what it is: "name", "number", "sum" and so on, the names of the printers' methods.
        parts: the formulas that it is made of.
        data: what else there is to say, such as a name, or the signs of a sum.
        binding: how tightly it binds.
        least: how tightly each part must bind (see `Operator`).
        size: how many names and numbers it has.
        printed: the printed forms that were asked for, by language.
    """

    __slots__ = ("apart", "binding", "data", "kind", "least", "parts", "printed", "size")

    def __init__(
        self,
        kind: str,
        parts: Sequence[Maths] = (),
        data: Any = None,
        *,
        binding: int | None = None,
        least: tuple[int, ...] | None = None,
        size: int | None = None,
    ) -> None:
        operator = OPERATORS.get(kind, _ENCLOSING)
        self.kind, self.parts, self.data = kind, tuple(parts), data
        self.binding = operator.binding if binding is None else binding
        self.least = operator.least if least is None else least
        self.apart = operator.apart
        self.size = _sizes(parts) if size is None else size
        self.printed: dict[str, Any] = {}

    @property
    def text(self) -> str:
        """In one line of plain text: w·x + 1."""
        from autograd_bp.notation.plain import PLAIN

        return PLAIN.printed(self)

    @property
    def latex(self) -> str:
        """In LaTeX, for a place in math mode."""
        from autograd_bp.notation.latex import LATEX

        return LATEX.printed(self)

    @property
    def mathml(self) -> str:
        """As a MathML element."""
        from autograd_bp.notation.mathml import MATHML, serialised

        return serialised(MATHML.printed(self))

    @property
    def is_number(self) -> bool:
        return self.kind in ("number", "half")

    def equals(self, x: float) -> bool:
        """Whether it is this number."""
        return self.kind == "number" and bool(self.data[0] == x)

    def __add__(self, other: Maths | float) -> Maths:
        return signed_sum([(1.0, self), (1.0, as_maths(other))])

    def __radd__(self, other: float) -> Maths:
        return as_maths(other) + self

    def __sub__(self, other: Maths | float) -> Maths:
        return signed_sum([(1.0, self), (-1.0, as_maths(other))])

    def __rsub__(self, other: float) -> Maths:
        return as_maths(other) - self

    def __mul__(self, other: Maths | float) -> Maths:
        return times([self, as_maths(other)])

    def __rmul__(self, other: float) -> Maths:
        return as_maths(other) * self

    def __truediv__(self, other: Maths | float) -> Maths:
        return Maths("fraction", (self, as_maths(other)))

    def __rtruediv__(self, other: float) -> Maths:
        return as_maths(other) / self

    def __pow__(self, other: Maths | float) -> Maths:
        return Maths("power", (self, as_maths(other)))

    def __rpow__(self, other: float) -> Maths:
        return as_maths(other) ** self

    def __neg__(self) -> Maths:
        return signed_sum([(-1.0, self)])

    def __repr__(self) -> str:
        return f"<maths {self.text}>"


def as_maths(operand: Maths | float) -> Maths:
    """A formula as it is, a plain number as a number."""
    return operand if isinstance(operand, Maths) else number(operand)


# ------------------------------------------------------------------------------ what is not made
def number(x: float, digits: int = 17) -> Maths:
    """A number, in its shortest form or with that many digits."""
    text = plain_number(x, digits)
    binding = SIGN if text.startswith("-") else PRODUCT if "e" in text else ATOM
    return Maths("number", data=(x, text), binding=binding, size=1)


def slot(key: int | str) -> Maths:
    """A place for a name or a number, which may have a minus, in a template."""
    return Maths("slot", data=key, binding=SIGN, size=1)


def place(key: int) -> Maths:
    """A place in a format string, whatever stands in it."""
    return Maths("slot", data=key, size=1)


# Shared by all formulas: none of them is changed once it is made.
e = Maths("symbol", data="e", size=1)
dots = Maths("symbol", data="…", size=1)
half = Maths("half", data=0.5, size=1)
minus_half = Maths("half", data=-0.5, binding=SIGN, size=1)


# -------------------------------------------------------------------------------------- operators
MANY = 6  # terms of a sum that are written out; of more, the first two and the last


def signed_sum(terms: Sequence[tuple[float, Maths]], gap: int | None = None) -> Maths:
    """A sum; each term with the sign that it has. `gap`: before which term … stands."""
    signs = tuple([sign for sign, _ in terms])
    parts = [part for _, part in terms]
    if len(parts) == 1 and signs[0] > 0:
        return parts[0]
    first = SUM if signs[0] > 0 else PRODUCT
    binding = SUM if len(parts) > 1 else SIGN
    return Maths("sum", parts, (signs, gap), binding=binding, least=(first, PRODUCT))


def sum(*terms: Maths) -> Maths:
    """A sum of any number of terms; a term with a minus is subtracted."""
    if not terms:
        return number(0.0)
    signed = [
        (-1.0, term.parts[0]) if term.kind == "sum" and term.binding == SIGN else (1.0, term)
        for term in terms
    ]
    if len(signed) <= MANY:
        return signed_sum(signed)
    return signed_sum([*signed[:2], signed[-1]], gap=2)


def product(a: Maths, b: Maths) -> Maths:
    """A product of two; with 1 or -1 it is the other, or its negative."""
    for one, other in ((b, a), (a, b)):
        if one.equals(1.0):
            return other
        if one.equals(-1.0):
            return -other
    return a * b


def times(factors: Sequence[Maths]) -> Maths:
    """A product. A sum among its factors is bracketed, and so is what begins with a minus; only
    a number in front of what is none, a coefficient, keeps its minus without brackets."""
    if len(factors) == 1:
        return factors[0]
    first = factors[0]
    if first.kind == "identifier" and all(
        other.kind == "identifier" and other.data == first.data for other in factors
    ):
        return Maths("power", (first, number(float(len(factors)))))
    leads = first.binding == SIGN and (
        first.kind == "product" or (first.is_number and not factors[1].is_number)
    )
    if leads:
        return Maths("product", factors, binding=SIGN, least=(SIGN, PRODUCT))
    return Maths("product", factors)


def minus(a: Maths, b: Maths) -> Maths:
    """A difference."""
    return a - b


def root(a: Maths, degree: int = 2) -> Maths:
    """A square root, or one of another degree."""
    return Maths("root", (a,), degree)


def enclosed(left: str, a: Maths, right: str) -> Maths:
    """Between two signs: |x|, ⌊x⌋."""
    return Maths("enclosed", (a,), (left, right))


def named(name: str, *arguments: Maths) -> Maths:
    """A function of arguments in brackets."""
    return Maths("function", arguments, name, size=1 + _sizes(arguments))


def formatted(formula: Maths, template: str, *arguments: Maths) -> Maths:
    """A formula that has a format string for LaTeX, of the arguments."""
    parts = (formula, *arguments)
    return Maths("formatted", parts, template, binding=formula.binding, size=formula.size)


def log(base: int, a: Maths) -> Maths:
    """A logarithm to a base that is written."""
    return Maths("logarithm", (number(base), a), size=1 + a.size)


def words(*pieces: str | Maths) -> Maths:
    """Words and formulas in turn: if c then a else b."""
    texts = tuple([None if isinstance(piece, Maths) else piece for piece in pieces])
    return Maths("words", [piece for piece in pieces if isinstance(piece, Maths)], texts)


def derivative(above: Maths, below: Maths) -> Maths:
    """∂above/∂below."""
    return Maths("derivative", (above, below), size=2)


def _sizes(parts: Sequence[Maths]) -> int:
    total = 0
    for part in parts:
        total += part.size
    return total
