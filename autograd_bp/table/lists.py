"""Functions of any number of inputs, as folds."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from autograd_bp.entry import Kink, Primitive
from autograd_bp.expressions import Expression, call, choose
from autograd_bp.folds import INITIAL, LIST, PAIRS, PAIRS_WITH_INITIAL, Fold, Stage
from autograd_bp.table import gaps
from autograd_bp.table.making import INF, fold

if TYPE_CHECKING:  # rules run later: primitives.py hands them these entries
    from autograd_bp.table.arithmetic import div
    from autograd_bp.table.choices import maximum, minimum
    from autograd_bp.table.elementary import exp, log, sqrt
    from autograd_bp.table.limits import infinities, unit
    from autograd_bp.table.logic import equal
    from autograd_bp.table.shares import expdiff, largest, part, rest, share


def _dot_definition(*x: Any) -> Any:
    left, right = PAIRS_WITH_INITIAL.lists(x)
    products = [a * b for a, b in zip(left, right, strict=True)]
    initial = PAIRS_WITH_INITIAL.initial_value(x)
    return added(*(products if initial is None else [initial, *products]))


def _performance_definition(*x: Any) -> Any:
    errors = [d - z for d, z in zip(*PAIRS.lists(x), strict=True)]
    return -0.5 * added(*(error * error for error in errors))


def _share_of_tie(x: Any, y: Any, ties: Any) -> Any:
    # NaN is equal to nothing: 0 / 0 is NaN, as in maximum(a, b).
    return div(equal(x, y), ties)


def _ties(x: Any, y: Any) -> Any:
    return sum_(*[equal(each, y) for each in x])


def added(*x: Any) -> Any:
    """The sum as a chain of additions, from left to right."""
    total = x[0] if x else 0.0
    for value in x[1:]:
        total = total + value
    return total


# The sum from left to right: Python's own sum() compensates, and C does not.
_TOTAL = Stage(lambda total, x: total + x, total=0.0)


# The largest number is taken out: no exponential overflows, and log1p keeps what the others add.
# Of the numbers e^(x - top) those that are 1 are counted, one of them left out. The derivatives
# are those of shares of these numbers. The largest is 1 and stays 1 when its x moves: only so the
# shares keep their digits where one of them is near 1.
TOP = Stage(
    lambda top, x: choose((top > x) | call("isnan", top), top, x),
    top=-INF,
)


_OTHERS = Stage(
    lambda ones, others, x, top: beside_one(ones, others, power_of(x, top)),
    ones=-1.0,
    others=0.0,
)


def power_of(x: Expression, top: Expression) -> Expression:
    """e^(x - top), where equal infinities differ by 0."""
    return choose(x == top, 1.0, call("exp", x - top))


def beside_one(ones: Any, others: Any, e: Expression) -> tuple[Any, Any]:
    return ones + choose(e == 1.0, 1.0, 0.0), others + choose(e == 1.0, 0.0, e)


# The same from the other side; and how many of the numbers are the one that was found.
_BOTTOM = Stage(
    lambda bottom, x: choose((bottom < x) | call("isnan", bottom), bottom, x),
    bottom=INF,
)
_AT_TOP = Stage(lambda ties, x, top: ties + choose(x == top, 1.0, 0.0), ties=0.0)
_AT_BOTTOM = Stage(lambda ties, x, bottom: ties + choose(x == bottom, 1.0, 0.0), ties=0.0)


# Squares of numbers up to 1 neither overflow nor vanish.
_LARGEST = Stage(
    lambda largest, infinite, x: (
        choose((largest > abs(x)) | call("isnan", largest), largest, abs(x)),
        infinite + choose(call("isinf", x), 1.0, 0.0),
    ),
    largest=0.0,
    infinite=0.0,
)


_SQUARES = Stage(
    lambda squares, x, largest: (
        squares
        + choose(largest == 0.0, 0.0, x / largest) * choose(largest == 0.0, 0.0, x / largest)
    ),
    squares=0.0,
)


# The formatter leaves the table alone: an expression and its rule stand side by side.
# fmt: off
sum_ = fold("sum", Fold(LIST, [_TOTAL], lambda total: total, lambda x: 1.0),
    definition=added, symbol="Σ", notation=lambda m, x: m.sum(*x), finite=True,
    points=((1.0, 2.0, 3.0), (1e16, 1.0, -1e16), (5.0,), ()),
    summary="The sum of any number of numbers, added from left to right.")
dot = fold("dot", Fold(PAIRS_WITH_INITIAL,
        [Stage(lambda total, left, right: total + left * right, total=INITIAL)],
        lambda total: total, lambda left, right: (right, left)),
    definition=_dot_definition, symbol="Σ×", finite=True, labels=("left", "right", "bias"),
    notation=lambda m, left, right, *initial: m.sum(*map(m.product, left, right), *initial),
    points=((1.0, 2.0, 3.0, 4.0), (1.0, 2.0, 3.0, 4.0, 0.5), (0.5,), ()),
    summary="The sum of the products of two lists, and of an initial value if there is one.")
mean = fold("mean", Fold(LIST,
        # Where the sum overflows the mean need not.
        [_TOTAL, Stage(lambda small, x, n: small + x / n, small=0.0,
                       when=lambda total: ~call("isfinite", total))],
        lambda total, small, n: choose(call("isfinite", total), total / n, small),
        lambda n: 1.0 / n),
    definition=lambda *x: added(*x) / float(len(x)), symbol="mean", finite=True,
    notation=lambda m, x: m.sum(*x) / len(x),
    points=((1.0, 2.0, 6.0), (5.0,), (1.5e308, 1.5e308, -1e307)),
    summary="The mean of any number of numbers, also where their sum would overflow.")
norm = fold("norm", Fold(LIST, [_LARGEST, _SQUARES],
        lambda largest, infinite, squares:
            choose(infinite > 0.0, INF, largest * call("sqrt", squares)),
        lambda x, y, infinite: unit(x, y, infinite),
        {"infinite": (lambda infinite, largest: choose(call("isnan", largest), largest, infinite),
                      lambda x: infinities(*x))}),
    definition=lambda *x: sqrt(added(*(v * v for v in x))), symbol="‖ ‖",
    notation=lambda m, x: m.root(m.sum(*[v**2 for v in x])),
    points=((3.0, 4.0), (0.0, 0.0), (1e200, 1e200, 1e200), (-2.0,)),
    kinks="all partials are 0 where all inputs are 0",
    kink=Kink(gaps.size, above="away from 0", at="all inputs 0"),
    rounding="length",
    summary="The length of a vector, without overflow of the squares.")
logsumexp = fold("logsumexp", Fold(LIST, [TOP, _OTHERS],
        lambda top, ones, others:
            choose(call("isfinite", top), top + call("log1p", others + ones), top),
        lambda x, top, scale: share(expdiff(x, top), scale),
        {"top": (lambda top: top, lambda x: largest(*x)),
         "scale": (lambda ones, others: part(others + ones),
                   lambda x, top: part(rest(*[expdiff(v, top) for v in x])))},
        written=lambda *x, y: [exp(v - y) for v in x]),
    definition=lambda *x: log(added(*(exp(v) for v in x))), symbol="ln Σ e", finite=True,
    notation=lambda m, x: m.named("ln", m.sum(*[m.e**v for v in x])),
    points=((1.0, 2.0, 3.0), (1000.0, 1000.0), (-1000.0, -1001.0), (0.0,)),
    summary="The logarithm of the sum of exponentials, without overflow.")
performance = fold("performance", Fold(PAIRS,
        [Stage(lambda total, left, right: total + (left - right) * (left - right), total=0.0)],
        lambda total: -0.5 * total, lambda left, right: (-(left - right), left - right)),
    definition=_performance_definition, symbol="P", finite=True,
    labels=("d", "z"),
    notation=lambda m, d, z: m.minus_half * m.sum(*[e**2 for e in map(m.minus, d, z)]),
    points=((1.0, 0.75), (1.0, 0.0, 0.25, 0.5)),
    summary="P = -½ Σ (d - z)², which is 0 for perfect outputs and negative for all others.")
highest: Primitive = fold("highest", Fold(LIST, [TOP, _AT_TOP], lambda top: top, _share_of_tie,
        {"ties": (lambda ties: ties, _ties)}),
    definition=lambda *x: functools.reduce(maximum, x), symbol="max", finite=True, gate=True,
    public=False, points=((1.0, 2.0, 3.0), (2.0, 1.5, 2.0), (5.0,), (-1e300, 1e300, 0.0), (-INF, -2.0)),
    kink=Kink(gaps.to_second, at="a tie"),
    kinks="those that tie have equal shares",
    summary="The largest of any number of numbers.")
lowest: Primitive = fold("lowest", Fold(LIST, [_BOTTOM, _AT_BOTTOM], lambda bottom: bottom, _share_of_tie,
        {"ties": (lambda ties: ties, _ties)}),
    definition=lambda *x: functools.reduce(minimum, x), symbol="min", finite=True, gate=True,
    public=False, points=((3.0, 2.0, 1.0), (1.0, 1.5, 1.0), (5.0,), (-1e300, 1e300, 0.0), (INF, -2.0)),
    kink=Kink(gaps.to_second_least, at="a tie"),
    kinks="those that tie have equal shares",
    summary="The smallest of any number of numbers.")
