"""Shares e / Σ e of numbers, which softmax, logsumexp and cross-entropies are made of."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from autograd_bp.entry import Kink, Primitive
from autograd_bp.expressions import Expression, call, choose
from autograd_bp.folds import INITIAL, LIST, LIST_WITH_INITIAL, PAIRS, Fold, Stage
from autograd_bp.table import gaps
from autograd_bp.table.lists import TOP, added, beside_one, power_of
from autograd_bp.table.making import INF, entry, fold

if TYPE_CHECKING:  # rules run later: primitives.py hands them these entries
    from autograd_bp.table.choices import maximum, nonzero, where
    from autograd_bp.table.elementary import exp, log, log1p
    from autograd_bp.table.limits import difference
    from autograd_bp.table.lists import dot, logsumexp, sum_
    from autograd_bp.table.logic import equal


def _other_shares_partials(e: Any, rest: Any, y: Any) -> tuple[Any, Any]:
    scale = part(rest)
    return -share_slope(e, scale), (e * scale) * scale


def _cross_entropy_partials(
    left: Any, right: Any, top: Any, rest: Any, scale: Any, total: Any, beside: Any
) -> tuple[Any, Any]:
    # Of the only largest logit total · share - left would lose its digits.
    e = expdiff(right, top)
    of_largest = beside - total * other_shares(1.0, rest)
    return (
        -log_share(difference(right, top), rest),
        where(moves(e, scale), total * share(e, scale) - left, of_largest),
    )


def _cross_entropy_slopes(*x: Any, y: Any) -> list[Any]:
    """As formulas show them."""
    d, logits = PAIRS.lists(x)
    total, whole = logsumexp(*logits), added(*d)
    slopes = [whole * exp(v - total) - p for p, v in zip(d, logits, strict=True)]
    return [*[total - v for v in logits], *slopes]


def _cross_entropy_definition(*x: Any) -> Any:
    d, logits = PAIRS.lists(x)
    total = log(added(*(exp(v) for v in logits)))
    return added(*(p * (total - v) for p, v in zip(d, logits, strict=True)))


# The same of pairs, whose right number it is, and of a list and one more number.
_TOP_OF_RIGHT = Stage(
    lambda top, right: choose((top > right) | call("isnan", top), top, right),
    top=-INF,
)


_OTHERS_OF_RIGHT = Stage(
    lambda ones, others, right, top: beside_one(ones, others, power_of(right, top)),
    ones=-1.0,
    others=0.0,
)


_MISSES = Stage(
    lambda total, misses, left, right, top: (
        total + left,
        # A class that does not count may have the logit -inf.
        misses + left * choose((left == 0.0) | (right == top), 0.0, top - right),
    ),
    total=0.0,
    misses=0.0,
)


_TOP_OF_ALL = Stage(
    lambda top, x: choose((top > x) | call("isnan", top), top, x),
    top=INITIAL,
)


_INITIAL_POWER = power_of(INITIAL, Expression("input", "top"))


_OTHERS_OF_ALL = Stage(
    lambda ones, others, x, top: beside_one(ones, others, power_of(x, top)),
    ones=choose(_INITIAL_POWER == 1.0, 0.0, -1.0),
    others=choose(_INITIAL_POWER == 1.0, 0.0, _INITIAL_POWER),
)


# The formatter leaves the table alone: an expression and its rule stand side by side.
# fmt: off
expdiff: Primitive = entry("expdiff", power_of, lambda a, b, y: (y, -y),
    public=False, definition=lambda a, b: exp(a - b), notation=lambda m, a, b: m.e**(a - b),
    points=((1.0, 2.0), (1e17, 1e17), (-745.0, 0.0), (0.5, 0.0), (3.0, -700.0)), finite=True,
    rounding="shares",
    summary="e^(a - b), for a number a that is not above b.")
moves: Primitive = entry("moves", lambda e, part: choose((e == 1.0) & (part > 0.5), 0.0, 1.0),
    lambda e, part, y: (0.0, 0.0),
    gate=True, public=False, points=((0.25, 0.75), (1.0, 0.75), (1.0, 0.5), (-1.0, 0.2)),
    kinks="0 for e = 1 and a part above 1/2, the only largest number, which stays 1; else 1: its "
          "derivatives are 0 everywhere",
    finite=True,
    rounding="shares",
    summary="1 for a number that can move relative to the largest, else 0.")
part: Primitive = entry("part", lambda rest: 1.0 / (1.0 + rest), lambda rest, y: (-(y * y),),
    public=False, definition=lambda rest: 1.0 / (1.0 + rest),
    notation=lambda m, rest: 1 / (1 + rest),
    points=(0.0, 4e-18, 0.5, 1.0, 3.0, 1e20), finite=True,
    rounding="magnified",
    summary="1 / (1 + rest), the part of the largest number in a sum.")
share: Primitive = entry("share", lambda e, part: e * part,
    lambda e, part, y: (share_slope(e, part), e),
    public=False, definition=lambda e, part: e * part,
    notation=lambda m, e, part: m.product(e, part), domain=((0.0, 1.0), (0.0, 1.0)),
    points=((0.5, 0.5), (4e-18, 0.3), (1.0, 0.4), (0.999, 1.0), (1e-300, 0.25)),
    kinks="e = 1 with a part above 1/2 is the only largest number: its partial in e is 0",
    finite=True,
    rounding="shares",
    summary="What one number is of a sum: a softmax.")
share_slope: Primitive = entry("share_slope",
    lambda e, part: choose((e == 1.0) & (part > 0.5), 0.0, part),
    lambda e, part, y: (0.0, nonzero(y)),
    public=False, domain=((0.0, 1.0), (0.0, 1.0)), gate=True,
    points=((0.5, 0.5), (4e-18, 0.3), (1.0, 0.4), (0.999, 1.0), (1.0, 0.75)),
    kinks="0 for e = 1 and a part above 1/2, the only largest number, else the part",
    finite=True,
    rounding="shares",
    summary="The derivative of a share by its number.")
other_shares: Primitive = entry("other_shares",
    lambda e, rest: (rest + (1.0 - e)) / (1.0 + rest), _other_shares_partials,
    public=False, definition=lambda e, rest: (rest + (1.0 - e)) / (1.0 + rest),
    symbol="1 - share",
    notation=lambda m, e, rest: (rest + (1 - e)) / (1 + rest), domain=((0.0, 1.0), (0.0, INF)),
    points=((0.5, 0.5), (4e-18, 3.0), (1.0, 1.5), (0.999, 0.0), (1e-300, 0.25)),
    kinks="e = 1 with a rest below 1 is the only largest number: its partial in e is 0",
    finite=True,
    rounding="shares",
    summary="What all other numbers are of a sum.")
log_share: Primitive = entry("log_share", lambda z, rest: z - call("log1p", rest),
    lambda z, rest, y: (moves(1.0 - nonzero(z), part(rest)), -part(rest)),
    public=False, definition=lambda z, rest: z - log1p(rest), symbol="ln share",
    notation=lambda m, z, rest: z - m.named("ln", 1 + rest),
    domain=((-INF, 0.0), (0.0, INF)),
    points=((-1.0, 0.5), (-40.0, 3.0), (0.0, 1.5), (-0.5, 0.0), (-800.0, 0.2)),
    kinks="z = 0 with a rest below 1 is the only largest number: its partial in z is 0",
    finite=True,
    rounding="shares",
    summary="The logarithm of a share.")
largest: Primitive = fold("largest", Fold(LIST, [TOP],
        lambda top: top, lambda x, y: equal(x, y)),
    definition=lambda *x: functools.reduce(maximum, x), symbol="max", finite=True, gate=True,
    public=False, points=((1.0, 2.0, 3.0), (2.0, 1.5, -1.0), (5.0,), (-1e300, 1e300)),
    kink=Kink(gaps.to_second),
    kinks="several largest have the partial 1 each: it serves differences to the largest number, "
          "whose derivatives then cancel",
    rounding="magnified",
    summary="The largest of any number of numbers, for differences to it.")
rest: Primitive = fold("rest", Fold(LIST,
        [Stage(lambda ones, others, x: beside_one(ones, others, x), ones=-1.0, others=0.0)],
        lambda ones, others: others + ones,
        lambda x, y: moves(x, part(y))),
    definition=lambda *x: added(*x, -1.0), notation=lambda m, x: m.sum(*x) - 1, public=False,
    points=((0.25, 1.0, 1.0), (1.0, 1.0, 0.5), (0.75, 0.5), (4e-18, 1.0, 0.0, 1.0)),
    kinks="1 among numbers whose rest is below 1 is the only largest number: its partial is 0", finite=True,
    rounding="shares",
    summary="Σ e - 1, exact where one of the numbers is 1 and the others are small.")
surprise: Primitive = fold("surprise", Fold(LIST_WITH_INITIAL, [_TOP_OF_ALL, _OTHERS_OF_ALL],
        lambda top, ones, others, initial:
            choose(top == initial, 0.0, top - initial) + call("log1p", others + ones),
        lambda x, top, scale: share(expdiff(x, top), scale),
        {"top": (lambda top: top, lambda x, initial: largest(*x, initial)),
         "rest": (lambda ones, others: others + ones,
                  lambda x, initial, top: rest(*[expdiff(v, top) for v in (initial, *x)])),
         "scale": (lambda ones, others: part(others + ones), lambda rest: part(rest))},
        lambda initial, top, rest: -other_shares(expdiff(initial, top), rest),
        lambda *x, y: [*[exp(v - x[-1] - y) for v in x[:-1]], exp(-y) - 1.0]),
    definition=lambda *x: log(added(*(exp(v) for v in x))) - x[-1], symbol="-ln share",
    notation=lambda m, x, chosen: m.named("ln", m.sum(*[m.e**v for v in (*x, chosen)])) - chosen,
    labels=("others", "chosen"), public=False,
    points=((1.0, 2.0, 3.0), (1000.0, 1000.0), (-1000.0, -1001.0), (0.0,), (0.0, 40.0)), finite=True,
    rounding="shares",
    summary="-ln of the share of the last number: the cross-entropy of a class.")
cross_entropy: Primitive = fold("cross_entropy", Fold(PAIRS,
        [_TOP_OF_RIGHT, _OTHERS_OF_RIGHT, _MISSES,
         Stage(lambda beside, left, right, top, ones, others: beside + choose(
                   (right == top) & (1.0 / (1.0 + (others + ones)) > 0.5), 0.0, left), beside=0.0)],
        lambda total, misses, ones, others: misses + total * call("log1p", others + ones),
        _cross_entropy_partials,
        {"top": (lambda top: top, lambda right: largest(*right)),
         "rest": (lambda ones, others: others + ones,
                  lambda right, top: rest(*[expdiff(v, top) for v in right])),
         "scale": (lambda ones, others: part(others + ones), lambda rest: part(rest)),
         "total": (lambda total: total, lambda left: sum_(*left)),
         "beside": (lambda beside: beside, lambda left, right, top, scale: dot(
             *left, *[moves(expdiff(v, top), scale) for v in right]))},
        written=_cross_entropy_slopes),
    definition=_cross_entropy_definition, symbol="H", labels=("d", "logit"), public=False,
    notation=lambda m, d, x: m.sum(*[
        m.product(p, m.named("ln", m.sum(*[m.e**v for v in x])) - z)
        for p, z in zip(d, x, strict=True)]),
    points=((0.25, 0.75, 2.0, 3.0), (0.0, 1.0, 0.5, 0.25), (1.0, 0.0, 40.0, 0.0), (1.0, 3.0),
            (0.5, 0.5, 1000.0, 1000.0)),
    kinks="a class of probability 0 does not count, also if its logit is -inf", finite=True,
    rounding="magnified",
    summary="Σ d (logsumexp(x) - x), the cross-entropy of probabilities d.")
