"""Where GradientAscent and the checks of settings were before they had files of their own."""

from autograd_bp.training.optimisers.ascent import GradientAscent
from autograd_bp.training.settings import not_negative, positive, whole

__all__ = ["GradientAscent", "not_negative", "positive", "whole"]
