"""What random programs are made of: primitives of the table, and functions that take lists."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import autograd_bp as bp
from autograd_bp.entry import Kink
from autograd_bp.primitives import TABLE, Primitive
from benchmarks.accuracy.references import ROWS, SUMS, sums

# Entries without a name of their own in the package, which have an operator or a function.
OPERATORS = ("add", "sub", "mul", "div", "pow", "power", "neg", "abs", "where")
REFUSING = ("threshold",)

# What docs/accuracy.md promises of a primitive's value, tests/engine of its partials, and
# tests/engine/test_mixed_partials.py of theirs.
ULPS = (4.0, 8.0, 32.0)


@dataclass(frozen=True)
class Operation:
    """One step of a program.

    Attributes:
        name: what it is called in a printed program.
        arity: the number of its inputs.
        apply: floats to a float, Values to a Value.
        exact: numbers of mpmath to one; None, or an error, where nothing is defined.
        fixed: the places of inputs that are plain numbers.
        constants: what these may be.
        domain: an interval for each input outside of which nothing is defined.
        kink: where the function has a kink.
        is_fold: True where an error is relative to the terms that are added.
        is_saturating: True where the slope is in terms of the output, see docs/kinks.md.
        is_length: True for lengths, whose second derivatives are right to a part of the largest
            of them, see docs/kinks.md.
        ulps: how far off the value, its slopes and their slopes may be, in units in the last
            place.
        weight: how often it is drawn, compared with the others.
    """

    name: str
    arity: int
    apply: Callable[..., Any]
    exact: Callable[..., Any]
    fixed: tuple[int, ...] = ()
    constants: tuple[float, ...] = ()
    domain: tuple[tuple[float, float], ...] = ()
    kink: Kink | None = None
    is_fold: bool = False
    is_saturating: bool = False
    is_length: bool = False
    ulps: tuple[float, float, float] = ULPS
    weight: float = 1.0

    def __repr__(self) -> str:
        return self.name


CONSTANTS = {
    "power": (-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 7.0),
    "where": (0.0, 1.0),
    "polygamma": (0.0, 1.0, 2.0, 3.0),
}
STEP_WEIGHT = 0.1  # where steps abound most programs are at a jump, or constant


def of_primitive(op: Primitive, arity: int, exact: Callable[..., Any]) -> Operation:
    """A primitive as an operation; one of any number of inputs takes `arity` of them."""
    fold = op.arity is None
    return Operation(
        f"{op.name}{arity}" if fold else op.name,
        arity,
        op,
        exact,
        fixed=tuple(op.fixed),
        constants=CONSTANTS.get(op.name, (0.0, 1.0, 2.0)) if op.fixed else (),
        domain=() if fold else op.domain,
        kink=op.kink,
        is_fold=fold or op.rounding in ("terms", "zeros"),
        is_saturating=op.rounding == "saturated",
        is_length=op.rounding == "length",
        weight=STEP_WEIGHT if _is_flat(op, arity) else 1.0,
    )


def _is_flat(op: Primitive, arity: int) -> bool:
    """Whether all its derivatives are 0: a step, or a comparison."""
    at = [0.3 + 0.1 * k for k in range(arity)]
    assert op.partials is not None
    return all(slope == 0.0 for slope in op.partials(*at, y=op.forward(*at)))


def operations() -> list[Operation]:
    """All that programs are drawn from: every public entry with a rule, once; lists of two and
    three."""
    found = []
    for op in TABLE:
        if op.partials is None or op.name in REFUSING:
            continue
        if op.name in ROWS and (op.public or op.name in OPERATORS):
            assert op.arity is not None
            found.append(of_primitive(op, op.arity, ROWS[op.name].function))
        elif op.name in SUMS and op.public:
            arities = (2, 4) if _takes_pairs(op) else (2, 3)
            found += [of_primitive(op, n, _sum(op.name)) for n in arities]
    return [*found, *_of_lists(), *_of_families()]


def _takes_pairs(op: Primitive) -> bool:
    return "pairs" in op.operands.name


def _sum(name: str) -> Callable[..., Any]:
    return lambda *x: sums(name, x)[0]


def _logsumexp(*x: Any) -> Any:
    return sums("logsumexp", x)[0]


def _of_lists() -> list[Operation]:
    from mpmath import mp

    return [
        Operation(
            "softmax3",
            3,
            lambda *x: bp.softmax(x)[0],
            lambda *x: mp.exp(x[0] - _logsumexp(*x)),
            is_fold=True,  # half a unit of a difference of inputs is as much of a share
        ),
        Operation(
            "cross_entropy3",
            3,
            lambda *x: bp.cross_entropy(1, x),
            lambda *x: _logsumexp(*x) - x[1],
            is_fold=True,  # where it is small, it is a share
        ),
    ]


FAMILY_ULPS = (8.0, 32.0, 128.0)  # docs/accuracy.md, where these stand apart
FAMILY_WEIGHT = 0.1  # a derivative at 100 digits takes a second for some of them


def _of_families() -> list[Operation]:
    """Functions whose derivatives are functions of other orders, or series of their own."""
    from mpmath import mp

    bessel = [
        Operation(
            f"bessel_{kind}({order})",
            1,
            partial(getattr(bp, f"bessel_{kind}"), order),
            partial(getattr(mp, f"bessel{kind}"), order),
            domain=((0.0, math.inf),) if kind in "yk" else (),
            is_fold=True,  # near a zero it is as far off as its input's last place moves it
            ulps=FAMILY_ULPS,
            weight=FAMILY_WEIGHT / 2,
        )
        for kind in "jyik"
        for order in (0, 1, 3)
    ]
    positive, share = (0.0, math.inf), (0.0, 1.0)
    incomplete = [
        Operation(
            name, len(domain), ours, exact, domain=domain, ulps=FAMILY_ULPS, weight=FAMILY_WEIGHT
        )
        for name, ours, exact, domain in (
            ("gammainc", bp.gammainc, _gammainc, (positive, positive)),
            ("gammaincc", bp.gammaincc, _gammaincc, (positive, positive)),
            ("betainc", bp.betainc, _betainc, (positive, positive, share)),
        )
    ]
    return [*bessel, *incomplete]


def _gammainc(a: Any, x: Any) -> Any:
    from mpmath import mp

    return mp.gammainc(a, 0, x, regularized=True) if a > 0 and x >= 0 else None


def _gammaincc(a: Any, x: Any) -> Any:
    from mpmath import mp

    return mp.gammainc(a, x, regularized=True) if a > 0 and x >= 0 else None


def _betainc(a: Any, b: Any, x: Any) -> Any:
    from mpmath import mp

    if not (a > 0 and b > 0 and 0 <= x <= 1):
        return None
    return mp.betainc(a, b, 0, x, regularized=True)
