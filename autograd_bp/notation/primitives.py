"""A node of the graph as a formula of its parents."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from autograd_bp.notation import maths
from autograd_bp.notation.maths import ATOM, Maths
from autograd_bp.primitives import Primitive

MANY = 6  # terms of a sum that are written out; of more, the first two and the last
_E = Maths("e", "e", "<mi>e</mi>")
_MINUS_HALF = Maths(
    "-½",
    r"-\tfrac{1}{2}",
    "<mrow><mo>−</mo><mfrac><mn>1</mn><mn>2</mn></mfrac></mrow>",
    maths.PRODUCT,
)
ONE, TWO, TEN = (maths.number(x) for x in (1.0, 2.0, 10.0))


def apply(row: Primitive, parts: Sequence[Maths]) -> Maths:
    """The formula of an operation on formulas."""
    rule = RULES.get(row.name)
    if rule is not None:
        return rule(*parts)
    name, tex = COMMANDS.get(row.name, (row.name, ""))
    if len(parts) > MANY:
        parts = [*parts[:2], Maths("…", r"\cdots", "<mo>⋯</mo>"), parts[-1]]
    return maths.function(name, parts, tex)


def _listed(terms: Sequence[tuple[float, Maths]]) -> Maths:
    if not terms:
        return maths.number(0.0)
    if len(terms) <= MANY:
        return maths.added(terms)
    return maths.added([*terms[:2], terms[-1]], dots=2)


def _dot(*parts: Maths) -> Maths:
    half = len(parts) // 2
    terms = [_product(a, b) for a, b in zip(parts[:half], parts[half : 2 * half], strict=True)]
    return _listed([*terms, *((1.0, bias) for bias in parts[2 * half :])])


def _product(a: Maths, b: Maths) -> tuple[float, Maths]:
    """A term of a sum: a weight on a constant of -1 is subtracted."""
    for one, other in ((b, a), (a, b)):
        if one.latex in ("-1", "1"):  # a name that looks like it is \\text{1}
            return float(one.latex), other
    return 1.0, maths.times([a, b])


def _mul(a: Maths, b: Maths) -> Maths:
    sign, m = _product(a, b)
    return m if sign > 0 else maths.added([(-1.0, m)])


def _performance(*parts: Maths) -> Maths:
    half = len(parts) // 2
    squares = [
        (1.0, maths.power(maths.added([(1.0, d), (-1.0, z)]), TWO))
        for d, z in zip(parts[:half], parts[half:], strict=True)
    ]
    return maths.times([_MINUS_HALF, _listed(squares)])


def _squares(*parts: Maths) -> Maths:
    return maths.root(_listed([(1.0, maths.power(part, TWO)) for part in parts]))


def _mean(*parts: Maths) -> Maths:
    return maths.fraction(_listed([(1.0, part) for part in parts]), maths.number(len(parts)))


def _exp(x: Maths) -> Maths:
    return maths.power(_E, x)


def _logsumexp(*parts: Maths) -> Maths:
    return _named("ln", r"\ln")(_listed([(1.0, _exp(part)) for part in parts]))


def _named(name: str, tex: str) -> Callable[[Maths], Maths]:
    return lambda x: maths.function(name, [x], tex)


def _log_base(base: Maths) -> Callable[[Maths], Maths]:
    def write(x: Maths) -> Maths:
        argument = maths.bracketed(x._replace(binding=-1), ATOM)
        return Maths(
            f"log{base.text}{argument.text}",
            rf"\log_{{{base.latex}}}{argument.latex}",
            f"<mrow><msub><mi>log</mi>{base.mathml}</msub><mo>&#x2061;</mo>{argument.mathml}"
            "</mrow>",
            ATOM,
            1 + x.size,
        )

    return write


_ln = _named("ln", r"\ln")
_σ = _named("σ", r"\sigma")

RULES: dict[str, Callable[..., Maths]] = {
    "add": lambda a, b: maths.added([(1.0, a), (1.0, b)]),
    "sub": lambda a, b: maths.added([(1.0, a), (-1.0, b)]),
    "neg": lambda a: maths.added([(-1.0, a)]),
    "mul": _mul,
    "div": maths.fraction,
    "pow": maths.power,
    "power": maths.power,
    "sum": lambda *parts: _listed([(1.0, part) for part in parts]),
    "dot": _dot,
    "mean": _mean,
    "norm": _squares,
    "hypot": _squares,
    "performance": _performance,
    "exp": _exp,
    "expm1": lambda x: maths.added([(1.0, _exp(x)), (-1.0, ONE)]),
    "exp2": lambda x: maths.power(TWO, x),
    "log": _ln,
    "log1p": lambda x: _ln(maths.added([(1.0, ONE), (1.0, x)])),
    "log2": _log_base(TWO),
    "log10": _log_base(TEN),
    "sqrt": maths.root,
    "cbrt": lambda x: maths.root(x, 3),
    "abs": lambda x: maths.enclosed(("|", "|"), x, ("|", "|")),
    "floor": lambda x: maths.enclosed(("⌊", r"\lfloor"), x, ("⌋", r"\rfloor")),
    "sigmoid": _σ,
    "log_sigmoid": lambda x: _ln(_σ(x)),
    "softplus": lambda x: _ln(maths.added([(1.0, ONE), (1.0, _exp(x))])),
    "logsumexp": _logsumexp,
}

COMMANDS = {
    **{name: (name, rf"\{name}") for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh")},
    "asin": ("arcsin", r"\arcsin"),
    "acos": ("arccos", r"\arccos"),
    "atan": ("arctan", r"\arctan"),
    "asinh": ("arsinh", ""),
    "acosh": ("arcosh", ""),
    "atanh": ("artanh", ""),
    "maximum": ("max", r"\max"),
    "minimum": ("min", r"\min"),
}
