"""What random programs are made of: primitives of the table, and functions that take lists."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import autograd_bp as bp
from autograd_bp.entry import Kink
from autograd_bp.primitives import TABLE, Primitive
from benchmarks.accuracy.references import ROWS, SUMS, sums

# Entries without a name of their own in the package, which have an operator or a function.
OPERATORS = ("add", "sub", "mul", "div", "pow", "power", "neg", "abs", "where")
REFUSING = ("threshold",)


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
    return [*found, *_of_lists()]


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
