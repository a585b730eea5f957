"""The public name of `autograd_bp.checking.points.strategies`, for users to import."""

from autograd_bp.checking.points.strategies import (
    inputs,
    interval,
    kink_distance,
    points,
    smooth_points,
)

__all__ = ["inputs", "interval", "kink_distance", "points", "smooth_points"]
