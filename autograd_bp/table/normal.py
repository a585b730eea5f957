"""The normal distribution and the error function's relatives."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from autograd_bp.entry import Primitive
from autograd_bp.table.making import INF, entry, family, special_normal

if TYPE_CHECKING:  # rules run later: primitives.py hands them these entries
    from autograd_bp.table.arithmetic import abs_, div
    from autograd_bp.table.choices import where
    from autograd_bp.table.elementary import erfc, exp, log
    from autograd_bp.table.limits import decayed
    from autograd_bp.table.logic import less


def _slope_of_quantile(tail: Any, size: Any, near: Any) -> Any:
    # 1 / φ, or its like for erfinv, where e^(size²) would magnify the rounding of the quantile:
    # the tail is ½ e^(-size²) erfcx(size), so it says what e^(size²) is. It is inf at tail = 0.
    far = where(tail, div(0.5 * erfcx(size), tail), INF)
    return where(less(tail, 0.25), far, near)


def _slope_of_log_ndtr(x: Any) -> Any:
    # φ(x) / Φ(x): to the left both vanish, and the ratio is a little more than -x.
    return where(less(x, 0.0), mills_excess(-x) - x, div(normal_pdf(x), ndtr(x)))


# The formatter leaves the table alone: an expression and its rule stand side by side.
# fmt: off
normal_pdf: Primitive = entry("normal_pdf", lambda x: special_normal.normal_pdf(x),
    lambda x, y: (-decayed(x, y),),
    symbol="φ", notation=lambda m, x: m.named("φ", x), finite=True,
    definition=lambda x: exp(-0.5 * (x * x)) * (1.0 / math.sqrt(2.0 * math.pi)),
    points=(-38.0, -2.5, 0.0, 1e-9, 0.5, 3.0, 20.0),
    rounding="magnified",
    summary="The density φ of the standard normal distribution.")
ndtr: Primitive = entry("ndtr", lambda x: special_normal.ndtr(x), lambda x, y: (normal_pdf(x),),
    symbol="Φ", notation=lambda m, x: m.named("Φ", x), finite=True,
    definition=lambda x: 0.5 * erfc(x * -math.sqrt(0.5)),
    points=(-37.0, -5.5, -0.5, 0.0, 1e-9, 0.5, 3.0, 20.0),
    rounding="magnified",
    summary="The distribution function Φ of the standard normal distribution.")
erfcx: Primitive = entry("erfcx", lambda x: special_normal.erfcx(x),
    lambda x, y: (-2.0 * ierfcx(x),),
    definition=lambda x: exp(x * x) * erfc(x),
    points=(-20.0, -2.5, -0.3, 0.0, 0.5, 1.0, 3.0, 11.0, 13.0, 30.0, 1e10),
    rounding="magnified",
    summary="The scaled complement of the error function, e^(x²) erfc(x).")
ierfcx: Primitive = entry("ierfcx", lambda x: special_normal.ierfcx(1, x),
    lambda x, y: (-4.0 * ierfcx_2(x),), public=False,
    definition=lambda x: 1.0 / math.sqrt(math.pi) - x * erfcx(x),
    points=(-20.0, -2.5, -0.3, 0.0, 0.5, 1.0, 2.0),
    rounding="magnified",
    summary="e^(x²) times the integral of erfc from x on; -2 times it is the derivative of erfcx.")
ierfcx_2: Primitive = entry("ierfcx_2", lambda x: special_normal.ierfcx(2, x),
    lambda x, y: (-6.0 * integral_of_erfc(3)(x),), public=False,
    definition=lambda x: 0.25 * erfcx(x) - 0.5 * (x * ierfcx(x)),
    points=(-20.0, -2.5, -0.3, 0.0, 0.5, 1.0, 2.0, 1e10),
    rounding="magnified",
    summary="e^(x²) times the second integral of erfc from x on.")
mills_excess: Primitive = entry("mills_excess", lambda x: special_normal.mills_excess(0, x),
    lambda x, y: (-(y * (mills_excess_1(x) - y)),), public=False,
    definition=lambda x: math.sqrt(2.0) * ierfcx(x * math.sqrt(0.5)) / erfcx(x * math.sqrt(0.5)),
    domain=((0.0, INF),), points=(0.0, 1e-9, 0.5, 2.0, 30.0, 1e4),
    rounding="magnified",
    summary="φ(x) / Φ(-x) - x, what the inverse Mills ratio of a positive number is above it.")
mills_excess_1: Primitive = entry("mills_excess_1", lambda x: special_normal.mills_excess(1, x),
    lambda x, y: (-(y * (mills_tail(2)(x) - y)),), public=False,
    definition=lambda x: 1.0 / mills_excess(x) - x,
    domain=((0.0, INF),), points=(0.0, 1e-9, 0.5, 2.0, 30.0, 1e4),
    rounding="magnified",
    summary="The number k in φ(x) / Φ(-x) - x = 1 / (x + k).")
log_ndtr = entry("log_ndtr", lambda x: special_normal.log_ndtr(x),
    lambda x, y: (_slope_of_log_ndtr(x),),
    symbol="ln Φ", notation=lambda m, x: m.named("ln", m.named("Φ", x)),
    definition=lambda x: log(ndtr(x)),
    points=(-1000.0, -37.0, -5.5, -0.5, 0.0, 1e-9, 0.5, 3.0, 20.0),
    rounding="magnified",
    summary="The logarithm of the normal distribution function, exact far to the left.")
ndtri = entry("ndtri", lambda x: special_normal.ndtri(x),
    lambda x, y: (_slope_of_quantile(
        where(less(x, 0.5), x, 1.0 - x), abs_(y) * math.sqrt(0.5),
        exp(0.5 * (y * y))) * math.sqrt(2.0 * math.pi),),
    symbol="Φ⁻¹", notation=lambda m, x: m.named("Φ⁻¹", x), domain=((0.0, 1.0),),
    points=(1e-300, 1e-9, 0.05, 0.3, 0.5, 0.6, 0.999, 0.99999999, 0.0, 1.0),
    rounding="magnified",
    summary="The standard normal quantile, the inverse of ndtr.")
erfinv = entry("erfinv", lambda x: special_normal.erfinv(x),
    lambda x, y: (_slope_of_quantile(
        where(less(x, 0.0), 0.5 * (1.0 + x), 0.5 * (1.0 - x)), abs_(y),
        exp(y * y)) * (0.5 * math.sqrt(math.pi)),),
    symbol="erf⁻¹", notation=lambda m, x: m.named("erf⁻¹", x), domain=((-1.0, 1.0),),
    points=(-0.99999999, -0.999, -0.5, 0.0, 1e-12, 0.5, 0.9, 0.99999999, 1.0),
    rounding="magnified",
    summary="The inverse of the error function.")

# Families: one primitive for each order, made when it is first needed. Nothing cancels in the rules.
integral_of_erfc: Callable[[int], Primitive] = family("ierfcx", lambda order: entry(
        f"ierfcx_{order}", lambda x: special_normal.ierfcx(order, x),
        lambda x, y: (-2.0 * (order + 1) * integral_of_erfc(order + 1)(x),),
        public=False, trusted=False, points=(-20.0, -0.3, 0.0, 0.5, 1.0, 1e10),
        summary=f"e^(x²) times the integral of order {order} of erfc from x on."),
    {0: erfcx, 1: ierfcx, 2: ierfcx_2})
mills_tail: Callable[[int], Primitive] = family("mills_excess", lambda order: entry(
        f"mills_excess_{order}", lambda x: special_normal.mills_excess(order, x),
        lambda x, y: (-(y * (mills_tail(order + 1)(x) - y)),),
        public=False, trusted=False, domain=((0.0, INF),),
        points=(0.0, 0.5, 2.0, 30.0, 1e10),
        summary=f"What the tail of order {order} is in the continued fraction of φ(x) / Φ(-x)."),
    {0: mills_excess, 1: mills_excess_1})
