"""Rows of the table as LLVM instructions, for all lanes at once.

What a row computes stands in the table as a C expression; that is read and written as vector
instructions. Functions of the C library come from where they are fastest:

- glibc's libmvec, where it is there: all lanes in one call, at most 4 ulps off;
- else exp by the polynomial in `exponential`, at most 2 ulps off, and every other function lane
  by lane from the C library.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence

from autograd_bp import primitives as rows
from autograd_bp.compiling.backends.llvm.writer import Writer, literal
from autograd_bp.compiling.loops.rolling import PRODUCTS
from autograd_bp.expressions import Expression, walk
from autograd_bp.primitives import Primitive
from autograd_bp.printers.c_parser import parse
from autograd_bp.printers.overrides import override

LIBRARY = {
    "acos",
    "acosh",
    "asin",
    "asinh",
    "atan",
    "atan2",
    "atanh",
    "cbrt",
    "cos",
    "cosh",
    "erf",
    "erfc",
    "exp",
    "expm1",
    "hypot",
    "log",
    "log10",
    "log1p",
    "log2",
    "pow",
    "sin",
    "sinh",
    "tan",
    "tanh",
}
OPERATIONS = {"+": "fadd", "-": "fsub", "*": "fmul", "/": "fdiv"}
COMPARISONS = {"==": "oeq", "!=": "une", "<": "olt", ">": "ogt", "<=": "ole", ">=": "oge"}
INTRINSICS = {"fabs": "fabs", "floor": "floor", "sqrt": "sqrt", "copysign": "copysign"}


@functools.cache
def expression(row: Primitive) -> Expression | None:
    """What the row computes; None where nothing says it."""
    own = override("llvm", row.name)
    if own is not None:
        return parse(own)
    return row.expression if isinstance(row.expression, Expression) else None


N_ARY = (rows.sum_, rows.dot, rows.mean, rows.norm, rows.logsumexp, rows.performance)


def understands(row: Primitive | None) -> bool:
    """Whether the row can be written for this backend."""
    if row is None or row in N_ARY:
        return True
    tree = expression(row)
    return tree is not None and all(node.head in _HEADS for node in walk(tree))


_HEADS = {
    "input",
    "number",
    "?",
    "neg",
    "and",
    "or",
    "not",
    "isnan",
    "isinf",
    "isfinite",
    *OPERATIONS,
    *COMPARISONS,
    *INTRINSICS,
    *LIBRARY,
}


class Arithmetic:
    """Writes rows.

    Arguments:
        writer: where to.
        vectors: how many doubles a call of libmvec takes, 8 or 4; 0 where there is none.
    """

    def __init__(self, writer: Writer, vectors: int) -> None:
        self.writer, self._vectors = writer, vectors

    def apply(self, row: Primitive, operands: Sequence[str], known: Sequence[float | None]) -> str:
        """The row on numbers. `known` has those that are constants."""
        exponent = known[1] if row in (rows.pow, rows.power) else None
        if exponent is not None and exponent in PRODUCTS:
            product = a = operands[0]
            for _ in range(int(exponent) - 1):
                product = self.mul(product, a)
            return product
        tree = expression(row)
        assert tree is not None
        return self._write(tree, dict(zip("abc", operands, strict=False)))

    def _write(self, tree: Expression, names: dict[str, str]) -> str:
        done: dict[Expression, str] = {}
        for node in walk(tree):
            done[node] = self._fresh(node, [done[part] for part in node.operands], names)
        return done[tree]

    def _fresh(self, node: Expression, x: Sequence[str], names: dict[str, str]) -> str:
        w, head = self.writer, node.head
        if head == "number":
            return w.constant(node.parts[0])
        if head == "input":
            return names[node.parts[0]]
        if head == "?":
            return self.choose(*x)
        if head == "neg":
            return w.op(f"fneg {w.number} {x[0]}")
        if head in OPERATIONS:
            return w.op(f"{OPERATIONS[head]} {w.number} {x[0]}, {x[1]}")
        if head in COMPARISONS:
            return self.compare(COMPARISONS[head], x[0], x[1])
        if head in ("and", "or"):
            return w.op(f"{head} {w.truth} {x[0]}, {x[1]}")
        if head == "not":
            return w.op(f"xor {w.truth} {x[0]}, {self._true()}")
        if head in INTRINSICS:
            return w.intrinsic(INTRINSICS[head], *x)
        if head == "isnan":
            return self.compare("uno", x[0], x[0])
        if head == "isinf":
            return self.compare("oeq", w.intrinsic("fabs", x[0]), w.constant(math.inf))
        if head == "isfinite":
            return self.finite(x[0])
        return self.library(head, x)

    # ---------------------------------------------------------------------------- small pieces
    def choose(self, condition: str, yes: str, no: str) -> str:
        w = self.writer
        return w.op(f"select {w.truth} {condition}, {w.number} {yes}, {w.number} {no}")

    def compare(self, how: str, a: str, b: str) -> str:
        return self.writer.op(f"fcmp {how} {self.writer.number} {a}, {b}")

    def finite(self, x: str) -> str:
        w = self.writer
        return self.compare("olt", w.intrinsic("fabs", x), w.constant(math.inf))

    def add(self, a: str, b: str) -> str:
        return self.writer.op(f"fadd {self.writer.number} {a}, {b}")

    def sub(self, a: str, b: str) -> str:
        return self.writer.op(f"fsub {self.writer.number} {a}, {b}")

    def mul(self, a: str, b: str) -> str:
        return self.writer.op(f"fmul {self.writer.number} {a}, {b}")

    def div(self, a: str, b: str) -> str:
        return self.writer.op(f"fdiv {self.writer.number} {a}, {b}")

    def fused(self, a: str, b: str, c: str) -> str:
        """a·b + c, rounded once where the processor can."""
        return self.writer.intrinsic("fmuladd", a, b, c)

    def _true(self) -> str:
        lanes = self.writer.lanes
        return "true" if lanes == 1 else "<" + ", ".join(["i1 true"] * lanes) + ">"

    # ----------------------------------------------------------------------- the C library
    def library(self, name: str, x: Sequence[str]) -> str:
        """A function of the C library on all lanes."""
        w = self.writer
        if w.lanes == 1:
            return w.call(name, *x)
        if self._vectors:
            return self._in_pieces(name, x)
        if name == "exp":
            return exponential(self, x[0])
        result = f"{w.number} poison"
        found = "poison"
        for lane in range(w.lanes):
            each = [w.op(f"extractelement {w.number} {k}, i32 {lane}") for k in x]
            y = w.call(name, *each, kind="double")
            found = w.op(f"insertelement {result}, double {y}, i32 {lane}")
            result = f"{w.number} {found}"
        return found

    def _in_pieces(self, name: str, x: Sequence[str]) -> str:
        w, width = self.writer, self._vectors
        letter = {8: "e", 4: "d"}[width]
        function = f"_ZGV{letter}N{width}{'v' * len(x)}_{name}"
        kind = f"<{width} x double>"
        if width == w.lanes:
            return w.call(function, *x)
        pieces = []
        for start in range(0, w.lanes, width):
            lanes = _lanes(range(start, start + width))
            parts = [w.op(f"shufflevector {w.number} {k}, {w.number} poison, {lanes}") for k in x]
            pieces.append(w.call(function, *parts, kind=kind))
        while len(pieces) > 1:
            kind = f"<{width} x double>"
            lanes = _lanes(range(2 * width))
            pieces = [
                w.op(f"shufflevector {kind} {a}, {kind} {b}, {lanes}")
                for a, b in zip(pieces[::2], pieces[1::2], strict=True)
            ]
            width *= 2
        return pieces[0]


def _lanes(places: range) -> str:
    return f"<{len(places)} x i32> <" + ", ".join(f"i32 {k}" for k in places) + ">"


LN2_HIGH, LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
ROUNDING = 6755399441055744.0  # 1.5·2^52: adding it rounds to an integer


def exponential(arithmetic: Arithmetic, x: str) -> str:
    """e^x = 2^n · e^r with |r| ≤ ln 2 / 2; e^r is its Taylor polynomial of degree 13."""
    a, w = arithmetic, arithmetic.writer
    low, high = w.constant(-746.0), w.constant(710.0)
    inside = a.choose(a.compare("olt", x, low), low, x)
    inside = a.choose(a.compare("ogt", inside, high), high, inside)
    magic = w.constant(ROUNDING)
    shifted = a.fused(inside, w.constant(1.0 / math.log(2.0)), magic)
    n = a.sub(shifted, magic)
    r = a.fused(n, w.constant(-LN2_HIGH), inside)
    r = a.fused(n, w.constant(-LN2_LOW), r)
    y = w.constant(1.0 / math.factorial(13))
    for k in range(12, -1, -1):
        y = a.fused(y, r, w.constant(1.0 / math.factorial(k)))
    # 2^n in two halves: n reaches beyond the exponents of normal numbers.
    whole = f"<{w.lanes} x i64>"
    bits = w.op(f"bitcast {w.number} {shifted} to {whole}")
    n = w.op(f"sub {whole} {bits}, {_integers(w, _bits_of(ROUNDING))}")
    half = w.op(f"ashr {whole} {n}, {_integers(w, 1)}")
    for part in (half, w.op(f"sub {whole} {n}, {half}")):
        biased = w.op(f"add {whole} {part}, {_integers(w, 1023)}")
        power = w.op(f"shl {whole} {biased}, {_integers(w, 52)}")
        y = a.mul(y, w.op(f"bitcast {whole} {power} to {w.number}"))
    return a.choose(a.compare("uno", x, x), x, y)


def _bits_of(x: float) -> int:
    return int(literal(x), 16)


def _integers(w: Writer, k: int) -> str:
    return "<" + ", ".join([f"i64 {k}"] * w.lanes) + ">"
