"""Functions of the C library on all lanes, from where they are fastest.

- glibc's libmvec, where it is there: all lanes in one call, at most 4 ulps off;
- else exp by the polynomial in `exponential`, at most 2 ulps off, and every other function lane
  by lane from the C library.

Those of floats of 32 bits have the same names with an f at the end, and take twice as many.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial

from autograd_bp.compiling.backends.llvm.writer import BYTES, FLOAT, Writer, literal
from autograd_bp.printers.llvm import Printer

IN_LIBMVEC = frozenset((
    "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "cbrt", "cos", "cosh", "erf",
    "erfc", "exp", "expm1", "hypot", "log", "log10", "log1p", "log2", "pow", "sin", "sinh", "tan",
    "tanh",
))  # fmt: skip


def printer(writer: Writer, vectors: int, width: int = 1) -> Printer:
    """The printer that writes expressions with these functions.

    Arguments:
        writer: where the instructions go.
        vectors: how many doubles a call of libmvec takes, 8 or 4; 0 where there is none.
        width: the lanes of a vector in code for one row; a fold makes calls for as many terms.
    """
    return Printer(writer, partial(_call, writer, vectors), width)


def _call(w: Writer, vectors: int, own: Printer, name: str, x: Sequence[str]) -> str:
    is_float = w.real == FLOAT
    function = f"{name}f" if is_float else name
    if w.lanes == 1:
        # LLVM makes one call of a sine and a cosine of the same number that it knows as such.
        return w.intrinsic(name, *x) if name in ("sin", "cos") else w.call(function, *x)
    if vectors and name in IN_LIBMVEC:
        return _in_pieces(w, 2 * vectors if is_float else vectors, function, x)
    if name == "exp" and not is_float:
        return exponential(own, w, x[0])
    return _lane_by_lane(w, function, x)


def _lane_by_lane(w: Writer, name: str, x: Sequence[str]) -> str:
    vector = "poison"
    for lane in range(w.lanes):
        numbers = [w.op(f"extractelement {w.number} {k}, i32 {lane}") for k in x]
        y = w.call(name, *numbers, kind=w.real)
        vector = w.op(f"insertelement {w.number} {vector}, {w.real} {y}, i32 {lane}")
    return vector


def _in_pieces(w: Writer, width: int, name: str, x: Sequence[str]) -> str:
    letter = {64: "e", 32: "d"}[width * BYTES[w.real]]
    function = f"_ZGV{letter}N{width}{'v' * len(x)}_{name}"
    kind = f"<{width} x {w.real}>"
    if width == w.lanes:
        return w.call(function, *x)
    pieces = []
    for start in range(0, w.lanes, width):
        lanes = _lanes(range(start, start + width))
        parts = [w.op(f"shufflevector {w.number} {k}, {w.number} poison, {lanes}") for k in x]
        pieces.append(w.call(function, *parts, kind=kind))
    while len(pieces) > 1:
        kind = f"<{width} x {w.real}>"
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


def exponential(a: Printer, w: Writer, x: str) -> str:
    """e^x = 2^n · e^r with |r| ≤ ln 2 / 2; e^r is its Taylor polynomial of degree 13."""
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
