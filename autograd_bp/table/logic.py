"""Comparisons and logic: 1 for true, 0 for false."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd_bp.entry import Kink, Primitive
from autograd_bp.expressions import choose
from autograd_bp.folds import LIST, Fold, Stage
from autograd_bp.table import gaps
from autograd_bp.table.making import INF, NAN, TWO_NUMBERS, entry, fold


def comparison(name: str, test: Callable[..., Any], symbol: str, **columns: Any) -> Primitive:
    """Add an entry that is 1 where a test of two numbers holds, else 0."""
    return Primitive(
        name,
        2,
        None,
        lambda a, b, y: (0.0, 0.0),
        expression=lambda a, b: choose(test(a, b), 1.0, 0.0),
        gate=True,
        finite=True,
        symbol=symbol,
        notation=lambda m, a, b: m.words(a, f" {symbol} ", b),
        points=(*TWO_NUMBERS, (2.5, 2.5), (NAN, 1.0), (INF, INF)),
        kinks="its derivatives are 0 everywhere",
        trusted=True,
        **columns,
    )


# The formatter leaves the table alone: an expression and its rule stand side by side.
# fmt: off
_TRUTHS = ((1.0, 2.0), (0.0, 3.0), (-1.0, 0.0), (0.0, 0.0), (NAN, 1.0), (-0.0, INF))
less: Primitive = comparison("less", lambda a, b: a < b, "<", kink=Kink(gaps.of_two, jumps=True),
    summary="1 where a is less than b, else 0.")
less_equal = comparison("less_equal", lambda a, b: a <= b, "≤", kink=Kink(gaps.of_two, jumps=True),
    summary="1 where a is at most b, else 0.")
greater: Primitive = comparison("greater", lambda a, b: a > b, ">", kink=Kink(gaps.of_two, jumps=True),
    summary="1 where a is greater than b, else 0.")
greater_equal = comparison("greater_equal", lambda a, b: a >= b, "≥", kink=Kink(gaps.of_two, jumps=True),
    summary="1 where a is at least b, else 0.")
equal: Primitive = comparison("equal", lambda a, b: a == b, "=", kink=Kink(gaps.of_two, jumps=True),
    summary="1 where two numbers are equal, else 0.")
not_equal = comparison("not_equal", lambda a, b: a != b, "≠", kink=Kink(gaps.of_two, jumps=True),
    summary="1 where two numbers differ, else 0; NaN differs from every number.")
logical_and = comparison("logical_and", lambda a, b: (a != 0.0) & (b != 0.0), "∧",
    kink=Kink(lambda a, b: min(a, b, key=abs), jumps=True),
    summary="1 where neither of two numbers is 0, else 0.")
logical_or = comparison("logical_or", lambda a, b: (a != 0.0) | (b != 0.0), "∨",
    kink=Kink(lambda a, b: min(a, b, key=abs), jumps=True),
    summary="1 where one of two numbers is not 0, else 0.")
logical_not = entry("logical_not", lambda x: choose(x == 0.0, 1.0, 0.0), lambda x, y: (0.0,),
    gate=True, symbol="¬", notation="not", finite=True,
    points=(-2.5, 0.0, -0.0, 1.0, NAN),
    kinks="its derivative is 0 everywhere", kink=Kink(lambda x: x, jumps=True),
    summary="1 where x is 0, else 0.")
any_ = fold("any", Fold(LIST, [Stage(lambda result, x: choose(x != 0.0, 1.0, result), result=0.0)],
        lambda result: result, lambda x: 0.0),
    gate=True, finite=True, points=((0.0, 0.0), (0.0, 2.0, 0.0), (1.0, 2.0), (NAN,)),
    kinks="its derivatives are 0 everywhere", kink=Kink(gaps.least, jumps=True),
    summary="1 where one of any number of numbers is not 0, else 0.")
all_ = fold("all", Fold(LIST, [Stage(lambda result, x: choose(x == 0.0, 0.0, result), result=1.0)],
        lambda result: result, lambda x: 0.0),
    gate=True, finite=True, points=((1.0, 2.0), (0.0, 2.0), (NAN,)),
    kinks="its derivatives are 0 everywhere", kink=Kink(gaps.least, jumps=True),
    summary="0 where one of any number of numbers is 0, else 1.")
