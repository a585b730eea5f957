"""The gamma function's logarithm, its derivatives, and the beta function."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from autograd_bp.entry import Primitive
from autograd_bp.table.making import INF, entry, family, special_gamma

if TYPE_CHECKING:  # rules run later: primitives.py hands them these entries
    from autograd_bp.table.elementary import exp
    from autograd_bp.table.limits import decayed


# The formatter leaves the table alone: an expression and its rule stand side by side.
# fmt: off
lgamma = entry("lgamma", lambda x: special_gamma.lgamma(x), lambda x, y: (digamma(x),),
    symbol="ln Γ", notation=lambda m, x: m.named("ln", m.enclosed("|", m.named("Γ", x), "|")),
    points=(-3.5, -0.3, 1e-300, 0.1, 0.6, 1.0, 1.3, 2.0, 2.4, 5.5, 30.0, 1e10, 0.0, -3.0),
    rounding="zeros",
    summary="The logarithm of |Γ(x)|, the gamma function: ln((x - 1)!) for integers.")
digamma: Primitive = entry("digamma", lambda x: special_gamma.digamma(x), lambda x, y: (trigamma(x),),
    symbol="ψ", notation=lambda m, x: m.named("ψ", x),
    points=(-2.5, -0.3, 1e-300, 0.1, 0.6, 1.0, 1.3, 2.0, 2.4, 5.5, 30.0, 1e10),
    rounding="zeros",
    summary="The derivative of lgamma, ψ(x).")
trigamma: Primitive = entry("trigamma", lambda x: special_gamma.polygamma(1, x),
    lambda x, y: (polygamma_2(x),),
    symbol="ψ′", notation=lambda m, x: m.named("ψ′", x),
    points=(-2.5, -0.3, 1e-100, 0.1, 1.0, 2.4, 5.5, 30.0, 1e10),
    rounding="magnified",
    summary="The derivative of digamma, ψ′(x).")
polygamma_2: Primitive = entry("polygamma_2", lambda x: special_gamma.polygamma(2, x),
    lambda x, y: (polygamma_3(x),), public=False, symbol="ψ″",
    notation=lambda m, x: m.named("ψ″", x), points=(-2.3, -0.3, 0.1, 1.0, 2.4, 5.5, 30.0, 1e10),
    rounding="magnified",
    summary="The derivative of trigamma, ψ″(x).")
polygamma_3: Primitive = entry("polygamma_3", lambda x: special_gamma.polygamma(3, x),
    lambda x, y: (polygamma(4)(x),), public=False, symbol="ψ‴",
    notation=lambda m, x: m.named("ψ‴", x), points=(-2.5, -0.3, 0.1, 1.0, 2.4, 5.5, 30.0, 1e10),
    rounding="magnified",
    summary="The third derivative of digamma, ψ‴(x).")
digamma_difference: Primitive = entry("digamma_difference",
    lambda a, b: special_gamma.digamma_difference(a, b),
    lambda a, b, y: (polygamma_difference_1(a, b), trigamma(a + b)),
    public=False, definition=lambda a, b: digamma(a + b) - digamma(a),
    domain=((0.0, INF), (0.0, INF)),
    points=((0.5, 0.5), (2.0, 3.0), (1e-5, 20.0), (300.0, 0.1), (30.0, 40.0)),
    rounding="magnified",
    summary="ψ(a + b) - ψ(a) for positive numbers, without cancellation.")
polygamma_difference_1: Primitive = entry("polygamma_difference_1",
    lambda a, b: special_gamma.polygamma_difference(1, a, b),
    lambda a, b, y: (polygamma_difference(2)(a, b), polygamma_2(a + b)),
    public=False, definition=lambda a, b: trigamma(a + b) - trigamma(a),
    domain=((0.0, INF), (0.0, INF)),
    points=((0.5, 0.5), (2.0, 3.0), (1e-5, 20.0), (300.0, 0.1), (30.0, 40.0)),
    rounding="magnified",
    summary="ψ′(a + b) - ψ′(a) for positive numbers, without cancellation.")
log_beta: Primitive = entry("log_beta", lambda a, b: special_gamma.log_beta(a, b),
    lambda a, b, y: (-digamma_difference(a, b), -digamma_difference(b, a)),
    symbol="ln B", notation=lambda m, a, b: m.named("ln", m.named("B", a, b)),
    definition=lambda a, b: lgamma(a) + lgamma(b) - lgamma(a + b), domain=((0.0, INF), (0.0, INF)),
    points=((0.5, 0.5), (2.0, 3.0), (1e-5, 20.0), (300.0, 0.1), (1e10, 1e10), (30.0, 40.0)),
    rounding="zeros",
    summary="The logarithm of the beta function, without the cancellation of large logarithms.")
beta = entry("beta", lambda a, b: special_gamma.beta(a, b),
    lambda a, b, y: (
        -decayed(digamma_difference(a, b), y), -decayed(digamma_difference(b, a), y),
    ),
    symbol="B", notation=lambda m, a, b: m.named("B", a, b),
    definition=lambda a, b: exp(log_beta(a, b)), domain=((0.0, INF), (0.0, INF)),
    points=((0.5, 0.5), (2.0, 3.0), (0.1, 20.0), (30.0, 0.1), (9.0, 9.0)),
    rounding="magnified",
    summary="The beta function Γ(a) Γ(b) / Γ(a + b) of positive numbers.")

# Families: one primitive for each order, made when it is first needed.
polygamma: Callable[[int], Primitive] = family("polygamma", lambda order: entry(
        f"polygamma_{order}", lambda x: special_gamma.polygamma(order, x),
        lambda x, y: (polygamma(order + 1)(x),), public=False, trusted=False,
        points=(-2.3, 0.1, 1.0, 2.4, 30.0),
        summary=f"The derivative of order {order} of digamma."),
    {0: digamma, 1: trigamma, 2: polygamma_2, 3: polygamma_3})
polygamma_difference: Callable[[int], Primitive] = family("polygamma_difference", lambda order: entry(
        f"polygamma_difference_{order}", lambda a, b: special_gamma.polygamma_difference(order, a, b),
        lambda a, b, y: (polygamma_difference(order + 1)(a, b), polygamma(order + 1)(a + b)),
        public=False, trusted=False, domain=((0.0, INF), (0.0, INF)),
        points=((0.5, 0.5), (2.0, 3.0), (300.0, 0.1)),
        summary=f"The polygamma function of order {order} of a + b, less that of a."),
    {0: digamma_difference, 1: polygamma_difference_1})
