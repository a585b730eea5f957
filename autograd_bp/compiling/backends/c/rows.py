"""What a row of the table of primitives is in C: an expression where it is short, else a function
that the file carries."""

from __future__ import annotations

import re
from collections.abc import Iterable

from autograd_bp import primitives
from autograd_bp.compiling.backends.c.names import identifier
from autograd_bp.errors import ProgramError
from autograd_bp.native.kernels import OWN
from autograd_bp.primitives import Primitive

INLINE = {primitives.dot.name, primitives.sum_.name, primitives.performance.name}  # see nests
# A sign or a single call: these stand where they are used.
_SHORT = re.compile(r"-?a( [-+*/] b)?|\w+\((\d\.\d, )?a(, b)?\)")

# Where the table has no C: the reference rounds otherwise than C's own function. Sigmoid: the same
# bits by one exponential.
_BODIES = {
    primitives.cbrt.name: """
    if (a == 0.0 || !isfinite(a))
        return a;
    const double root = copysign(pow(fabs(a), 1.0 / 3.0), a);
    return root - (root - a / (root * root)) / 3.0;""",
    primitives.hypot.name: """
    return hypot(a, b);""",
    primitives.sigmoid.name: """
    const double e = exp(-fabs(a));
    return (a >= 0.0 ? 1.0 : e) / (1.0 + e);""",
    primitives.mean.name: """
    double y = 0.0, small = 0.0;
    for (size_t t = 0; t < n; t++) {
        y += x[t];
        small += x[t] / (double)n; /* where the sum overflows, the mean need not */
    }
    return isfinite(y) ? y / (double)n : small;""",
    primitives.logsumexp.name: """
    size_t first = 0;
    double y = -INFINITY, others = 0.0;
    for (size_t t = 0; t < n; t++)
        y = y > x[t] || y != y ? y : x[t];
    if (!isfinite(y))
        return y;
    while (x[first] != y)
        first++;
    for (size_t t = 0; t < n; t++)
        if (t != first)
            others += exp(x[t] - y);
    return y + log1p(others);""",
    primitives.norm.name: """
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
}


def takes_list(row: Primitive) -> bool:
    """Whether it is called with a list of numbers and its length."""
    return row.arity is None and row.name not in INLINE


def require_c(row: Primitive) -> None:
    """Raises ProgramError for a row that C cannot compute."""
    known = row.c is not None or row.name in _BODIES
    if not known or (row.arity is not None and row.arity > 3):
        why = "has no C expression" if not known else f"takes {row.arity} inputs, and C gets 3"
        raise ProgramError(
            f"the primitive {row.name!r} {why}, so no C can be written: give its row one, "
            'Primitive(..., c="...") in a, b and c, or compose it of rows that have one'
        )


def expression(row: Primitive, operands: list[str], prefix: str) -> tuple[str, bool]:
    """A row with a fixed number of inputs, applied, and whether it calls a function of the file."""
    if row.name not in _BODIES and row.c is not None and _SHORT.fullmatch(row.c):
        given = dict(zip("ab", operands, strict=False))
        return re.sub(r"\b[ab]\b", lambda found: given[found[0]], row.c), False
    return f"{function_name(row, prefix)}({', '.join(operands)})", True


def function_name(row: Primitive, prefix: str) -> str:
    if row.code < OWN:
        return f"{prefix}_{row.name}"
    # The code tells apart what becomes the same name in C.
    return f"{prefix}_{identifier(row.name)}_{row.code}"


def function(row: Primitive, prefix: str) -> str:
    """The definition of that function."""
    name, body = function_name(row, prefix), _BODIES.get(row.name)
    if row.arity is None:
        return f"static double {name}({_list_of(row, body)}\n}}"
    letters = "abc"[: row.arity]
    text = (
        body
        or "".join(
            f"\n    (void){letter};"
            for letter in letters
            if not re.search(rf"\b{letter}\b", row.c or "")
        )
        + f"\n    return {row.c};"
    )
    given = ", ".join(f"double {letter}" for letter in letters)
    return f"static inline double {name}({given})\n{{{text}\n}}"


def _list_of(row: Primitive, body: str | None) -> str:
    if body is not None:
        return f"const double *x, size_t n)\n{{{body}"
    # The column is written for the compiled core: it leaves the partials in the place of x.
    text = "\n".join(f"    {line.strip()}" for line in (row.c or "").splitlines())
    return (
        "double *x, ptrdiff_t n)\n{\n    double y = 0.0, *const d = x;\n    ptrdiff_t i;\n"
        f"    (void)d;\n    (void)i;\n{text.replace('Py_ssize_t', 'ptrdiff_t')}\n    return y;"
    )


def words(used: Iterable[Primitive], prefix: str) -> set[str]:
    """The names of functions that are called in the nests."""
    found = {prefix, f"{prefix}_total", f"{prefix}_constants"}
    for row in used:
        found.add(function_name(row, prefix))
        if _SHORT.fullmatch(row.c or ""):
            found |= set(re.findall(r"\w+(?=\()", row.c or ""))
    return found
