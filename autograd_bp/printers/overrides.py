"""Forms that one target needs in place of the table's, each with its reason.

tests/test_targets.py compares each of them with the table. Everything that is not listed here is
printed from the expression in the table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from autograd_bp.caching import cached_for_life
from autograd_bp.printers.c_parser import parse
from autograd_bp.printers.functions import is_printable

if TYPE_CHECKING:
    from typing import Any

    from autograd_bp.expressions import Expression
    from autograd_bp.folds import Fold


class Override(NamedTuple):
    """The form that a target computes in place of the expression of a primitive.

    Attributes:
        form: for Python the name of a function; for LLVM, the tape, NumPy, JavaScript, SymPy and
            mpmath an expression as in C, which may call functions that the target alone knows;
            for C the body of a function of x[0..n). Empty where the target has code of its own,
            which the reason names. For any number of inputs it may be a Fold.
        reason: why.
    """

    form: str | Fold
    reason: str


_LIBRARY = "the C library's function takes one call and is as exact"
LIBRARYS_OWN = "SymPy and mpmath have the function itself, to any precision"
_TIES = "NumPy's own function takes one call, and may take -0 for the larger of -0 and 0"
_OF_POSITIVE = ("beta", "log_beta", "digamma_difference", "polygamma_difference")
_TILES = "sums of products are most of the work: several are added up side by side, "


def _librarys_own(target: str, name: str, form: str) -> Override:
    """SymPy continues gamma functions to all numbers, where the table's primitives are NaN: that
    is what formulas mean. Numbers of mpmath are compared with those of the table."""
    if target == "mpmath" and name in _OF_POSITIVE:
        form = f"a > 0.0 ? (b >= 0.0 ? {form} : NAN) : NAN"
    return Override(form, LIBRARYS_OWN)


OVERRIDES: dict[tuple[str, str], Override] = {
    ("python", "norm"): Override(
        "math.hypot", "it rounds correctly in nearly all cases, which no sum of squares does"
    ),
    ("tape", "cbrt"): Override("cbrt(a)", _LIBRARY),
    ("llvm", "cbrt"): Override("cbrt(a)", _LIBRARY),
    ("numpy", "cbrt"): Override("cbrt(a)", _LIBRARY),
    ("numpy", "exp2"): Override("exp2(a)", "NumPy's own function is faster than a power"),
    ("numpy", "sign"): Override("sign(a)", "NumPy's own function takes one call"),
    ("numpy", "relu"): Override(
        "maximum(a, 0.0) + 0.0", "NumPy's own function takes one call, and may give -0 for 0"
    ),
    ("numpy", "maximum"): Override("a == b ? b : maximum(a, b)", _TIES),
    ("numpy", "minimum"): Override("a == b ? b : minimum(a, b)", _TIES),
    ("numpy", "heaviside"): Override(
        "a == 0.0 ? b : a != a ? a : greater(a, 0.0)", "two choices in place of three"
    ),
    ("javascript", "cbrt"): Override("cbrt(a)", _LIBRARY),
    **{
        (target, name): _librarys_own(target, name, form)
        for target in ("sympy", "mpmath")
        for name, form in {
            "lgamma": "lgamma(a)",
            "digamma": "polygamma(0.0, a)",
            "trigamma": "polygamma(1.0, a)",
            "beta": "exp(lgamma(a) + lgamma(b) - lgamma(a + b))",
            "log_beta": "lgamma(a) + lgamma(b) - lgamma(a + b)",
            "digamma_difference": "polygamma(0.0, a + b) - polygamma(0.0, a)",
            "normal_pdf": "exp(-0.5 * a * a) / sqrt(2.0 * acos(-1.0))",
            "ndtr": "0.5 * erfc(-a / sqrt(2.0))",
            "log_ndtr": "log(0.5 * erfc(-a / sqrt(2.0)))",
            "gelu": "0.5 * a * erfc(-a / sqrt(2.0))",
            "erfcx": "erfcx(a)",
            "ierfcx": "1.0 / sqrt(acos(-1.0)) - a * erfcx(a)",
            "ierfcx_2": "0.25 * ((1.0 + 2.0 * a * a) * erfcx(a) - 2.0 * a / sqrt(acos(-1.0)))",
            "mills_excess": "a < 0.0 ? NAN : sqrt(2.0 / acos(-1.0)) / erfcx(a / sqrt(2.0)) - a",
            "mills_excess_1": "a < 0.0 ? NAN : 1.0 / "
            "(sqrt(2.0 / acos(-1.0)) / erfcx(a / sqrt(2.0)) - a) - a",
            "ndtri": "sqrt(2.0) * erfinv(2.0 * a - 1.0)",
            "erfinv": "erfinv(a)",
            "sinc": "sincpi(a)",
        }.items()
    },
    ("sympy", "cbrt"): Override("cbrt(a)", "the table's Newton step improves a float"),
    ("mpmath", "cbrt"): Override("cbrt(a)", "the table's Newton step is exact to a float alone"),
    ("tape", "power"): Override(
        "b == 2.0 ? a * a : b == 1.0 ? a : pow(a, b)", "squares are frequent, and pow is slow"
    ),
    ("c", "norm"): Override(
        """\
    double top = 0.0, y = 0.0, lost = 0.0;
    int exponent;
    for (size_t t = 0; t < n; t++)
        if (isinf(x[t]))
            return INFINITY;
    for (size_t t = 0; t < n; t++)
        top = top > fabs(x[t]) || top != top ? top : fabs(x[t]);
    if (top == 0.0 || top != top)
        return top;
    frexp(top, &exponent);
    for (size_t t = 0; t < n; t++) { /* squares that neither overflow nor lose their digits */
        const double part = ldexp(x[t], -exponent), square = part * part - lost, next = y + square;
        lost = (next - y) - square;
        y = next;
    }
    return ldexp(sqrt(y), exponent);""",
        "the reference is Python's math.hypot: a compensated sum comes nearest to its bits",
    ),
    ("llvm", "dot"): Override("", _TILES + "in backends/llvm/nests.py"),
    ("tape", "dot"): Override("", _TILES + "in backends/tape/products.h"),
    ("numpy", "dot"): Override("", _TILES + "by BLAS, in backends/numpy/products.py"),
}

# What the compiled core leaves to the Python functions: there C's library rounds otherwise than
# Python, and both cores give the same bits.
WITHOUT_KERNEL = {
    "hypot": "Python's math.hypot is more exact than C's",
    "norm": "it is Python's math.hypot of all inputs",
}


def override(target: str, name: str) -> str | None:
    """The text that `target` needs for the primitive `name`; None where there is none."""
    known = OVERRIDES.get((target, name))
    return known.form if known is not None and known.form and isinstance(known.form, str) else None


def tuned(target: str, name: str) -> bool:
    """Whether `target` has code of its own for the primitive `name`."""
    known = OVERRIDES.get((target, name))
    return known is not None and not known.form


_FAMILIES = {
    "polygamma": "polygamma({order}.0, a)",
    "polygamma_difference": "polygamma({order}.0, a + b) - polygamma({order}.0, a)",
    "spherical_bessel_pi": "spherical_bessel({order}.0, acos(-1.0) * a)",
    "gammainc": "gammainc({order}.0, a, b)",
    "gammainc_held": "gammainc(0.0, a, b)",
    "gammaincc": "gammaincc(a, b)",
    "gammaincc_held": "gammaincc(a, b)",
    "gamma_density": "gamma_density({order}.0, a, b)",
    "betainc": "betainc({m}.0, {n}.0, a, b, c)",
    "betainc_held": "betainc(0.0, 0.0, a, b, c)",
    "beta_density": "beta_density({m}.0, {n}.0, a, b, c)",
    **{f"bessel_{kind}": f"bessel{kind}({{order}}.0, a)" for kind in "ijky"},
}


def _of_family(target: str, name: str) -> Override | None:
    """The name of a member of a family in SymPy and mpmath."""
    start, _, order = name.rpartition("_")
    if target not in ("sympy", "mpmath") or start not in _FAMILIES or not order.isdecimal():
        return None
    m, n = int(order), 0  # of two orders, as table/incomplete.py counts them
    while m > n:
        m, n = m - n - 1, n + 1
    m, n = n - m, m
    return _librarys_own(target, start, _FAMILIES[start].format(order=order, m=m, n=n))


@cached_for_life
def form(target: str, op: Any) -> Expression | Fold | None:
    """Return what `target` prints for a primitive: the table's expression, or an override of it;
    None where nothing says what the primitive computes, or functions that the target may not know.
    """
    own = OVERRIDES.get((target, op.name)) or _of_family(target, op.name)
    if own is not None and own.form:
        return parse(own.form) if isinstance(own.form, str) else own.form
    expression: Expression | Fold | None = op.expression
    return expression if is_printable(expression) else None
