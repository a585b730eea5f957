"""The parts of slopes of elementary functions, where these need digits of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograd_bp.entry import Primitive
from autograd_bp.table.making import entry, special_normal

if TYPE_CHECKING:  # rules run later: primitives.py hands them these entries
    from autograd_bp.table.arithmetic import div
    from autograd_bp.table.elementary import exp
    from autograd_bp.table.limits import decayed

# The formatter leaves the table alone: an expression and its rule stand side by side.
# fmt: off
# Their own derivatives keep their digits, and are 0 where these are.
square_left: Primitive = entry("square_left", lambda x: (1.0 - x) * (1.0 + x), lambda x, y: (-2.0 * x,),
    public=False, definition=lambda x: 1.0 - x * x, notation=lambda m, x: 1 - x**2, finite=True,
    points=(-1.0, -0.999, -1e-9, 0.0, 1e-300, 0.5, 0.99999999, 1.0, 3.0),
    summary="1 - x², without cancellation near 1.")
slope_of_atan: Primitive = entry("slope_of_atan", lambda x: 1.0 / (1.0 + x * x),
    lambda x, y: (-2.0 * (decayed(x, y) * y),),
    public=False, definition=lambda x: div(1.0, 1.0 + x * x),
    notation=lambda m, x: 1 / (1 + x**2), finite=True, points=(-3.0, 0.0, 1e-9, 0.5, 1.0, 1e10),
    summary="1 / (1 + x²), the derivative of atan.")
exp_of_minus_square: Primitive = entry("exp_of_minus_square", lambda x: special_normal.exp_of_square(x, -1.0),
    lambda x, y: (-2.0 * decayed(x, y),),
    public=False, definition=lambda x: exp(-(x * x)), notation=lambda m, x: m.e**-(x**2),
    finite=True, points=(-26.0, -2.5, 0.0, 1e-9, 0.5, 3.0, 20.0),
    summary="e^(-x²), the derivative of erf up to a factor.")
