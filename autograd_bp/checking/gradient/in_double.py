"""A function of float16 or bfloat16, run in double precision.

Differences of such values know no digit of a slope. Most functions of such arrays are functions of
double arrays as well: their values then give sharp differences, which the gradient in the short
format is compared with. Differences of float32 are good enough without.
"""

from __future__ import annotations

import math
from typing import Any

from autograd_bp.checking.gradient.foreign_arrays import DOUBLE, is_foreign
from autograd_bp.checking.gradient.point_function import PointFunction
from autograd_bp.derivatives.trees import _taken_apart

__all__ = ["HALF", "in_double"]

HALF = 1e-5  # the precision of formats that leave two or three digits is coarser than this
ROUNDINGS = 256.0  # of the short format: how far the function may be from its double


def in_double(subject: PointFunction, x: Any, names: Any, cotangent: Any) -> PointFunction:
    """The function in double precision, where it is the same function there; else itself.

    Arguments:
        subject: the function at its point, in a short format.
        x: the point, as it was given.
        names: of the components, as they were given.
        cotangent: that the results are multiplied with.
    """
    if subject.rounding <= HALF or subject.library == "jax":
        return subject
    try:
        double = PointFunction(subject.function, _doubled(x, 0), names, cotangent)
    except Exception:  # it takes no doubles, as a module with short weights
        return subject
    is_double = double.rounding == DOUBLE and double.point == subject.point
    distance = abs(double.value - subject.value)
    if not (is_double and math.isfinite(distance)):
        return subject
    if distance > ROUNDINGS * subject.rounding * abs(double.value):
        return subject
    return double


def _doubled(tree: Any, depth: int) -> Any:
    """The same tree with doubles."""
    if is_foreign(tree) == "torch":
        return tree.detach().double()
    parts, _, make, _ = _taken_apart(tree)
    if parts is not None and depth <= 100:
        return make([_doubled(part, depth + 1) for part in parts])
    dtype = getattr(tree, "dtype", None)
    if getattr(dtype, "kind", "") != "f":
        return tree
    return tree.astype(float) if getattr(tree, "ndim", 0) else float(tree)
