"""The normal distribution and the error function's relatives."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from autograd_bp.entry import Primitive
from autograd_bp.table.making import INF, entry, special

if TYPE_CHECKING:  # rules run later: primitives.py hands them these entries
    from autograd_bp.table.arithmetic import abs_, div
    from autograd_bp.table.choices import where
    from autograd_bp.table.elementary import erfc, exp, log
    from autograd_bp.table.logic import less


def _slope_of_quantile(tail: Any, size: Any, near: Any) -> Any:
    # 1 / φ, or its like for erfinv, where e^(size²) would magnify the rounding of the quantile:
    # the tail is ½ e^(-size²) erfcx(size), so it says what e^(size²) is. It is inf at tail = 0.
    far = where(tail, div(0.5 * erfcx(size), tail), INF)
    return where(less(tail, 0.25), far, near)


def _slope_of_log_ndtr(x: Any) -> Any:
    # φ(x) / Φ(x): to the left both vanish, and e^(-x²/2) is taken out of both.
    far = div(math.sqrt(2.0 / math.pi), erfcx(x * -math.sqrt(0.5)))
    return where(less(x, 0.0), far, div(normal_pdf(x), ndtr(x)))


# The formatter leaves the table alone: an expression and its rule stand side by side.
# fmt: off
normal_pdf: Primitive = entry("normal_pdf", lambda x: special.normal_pdf(x),
    lambda x, y: (-x * y,),
    symbol="φ", notation=lambda m, x: m.named("φ", x), finite=True,
    definition=lambda x: exp(-0.5 * (x * x)) * (1.0 / math.sqrt(2.0 * math.pi)),
    points=(-38.0, -2.5, 0.0, 1e-9, 0.5, 3.0, 20.0),
    summary="The density φ of the standard normal distribution.")
ndtr: Primitive = entry("ndtr", lambda x: special.ndtr(x), lambda x, y: (normal_pdf(x),),
    symbol="Φ", notation=lambda m, x: m.named("Φ", x), finite=True,
    definition=lambda x: 0.5 * erfc(x * -math.sqrt(0.5)),
    points=(-37.0, -5.5, -0.5, 0.0, 1e-9, 0.5, 3.0, 20.0),
    summary="The distribution function Φ of the standard normal distribution.")
erfcx: Primitive = entry("erfcx", lambda x: special.erfcx(x),
    lambda x, y: (-2.0 * ierfcx(x),),
    definition=lambda x: exp(x * x) * erfc(x),
    points=(-20.0, -2.5, -0.3, 0.0, 0.5, 1.0, 3.0, 11.0, 13.0, 30.0, 1e10),
    summary="The scaled complement of the error function, e^(x²) erfc(x).")
ierfcx: Primitive = entry("ierfcx", lambda x: special.ierfcx(x),
    lambda x, y: (2.0 * (x * y) - erfcx(x),), public=False,
    definition=lambda x: 1.0 / math.sqrt(math.pi) - x * erfcx(x),
    points=(-20.0, -2.5, -0.3, 0.0, 0.5, 1.0, 2.0),
    summary="e^(x²) times the integral of erfc from x on; -2 times it is the derivative of erfcx.")
log_ndtr = entry("log_ndtr", lambda x: special.log_ndtr(x),
    lambda x, y: (_slope_of_log_ndtr(x),),
    symbol="ln Φ", notation=lambda m, x: m.named("ln", m.named("Φ", x)),
    definition=lambda x: log(ndtr(x)),
    points=(-1000.0, -37.0, -5.5, -0.5, 0.0, 1e-9, 0.5, 3.0, 20.0),
    summary="The logarithm of the normal distribution function, exact far to the left.")
ndtri = entry("ndtri", lambda x: special.ndtri(x),
    lambda x, y: (_slope_of_quantile(
        where(less(x, 0.5), x, 1.0 - x), abs_(y) * math.sqrt(0.5),
        exp(0.5 * (y * y))) * math.sqrt(2.0 * math.pi),),
    symbol="Φ⁻¹", notation=lambda m, x: m.named("Φ⁻¹", x), domain=((0.0, 1.0),),
    points=(1e-300, 1e-9, 0.05, 0.3, 0.5, 0.6, 0.999, 0.99999999, 0.0, 1.0),
    summary="The standard normal quantile, the inverse of ndtr.")
erfinv = entry("erfinv", lambda x: special.erfinv(x),
    lambda x, y: (_slope_of_quantile(
        where(less(x, 0.0), 0.5 * (1.0 + x), 0.5 * (1.0 - x)), abs_(y),
        exp(y * y)) * (0.5 * math.sqrt(math.pi)),),
    symbol="erf⁻¹", notation=lambda m, x: m.named("erf⁻¹", x), domain=((-1.0, 1.0),),
    points=(-0.99999999, -0.999, -0.5, 0.0, 1e-12, 0.5, 0.9, 0.99999999, 1.0),
    summary="The inverse of the error function.")
