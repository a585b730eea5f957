"""jax.scipy.stats: the normal law."""

from __future__ import annotations

import math
from typing import Any

from autograd_bp import functions as _functions
from autograd_bp.compat.jax import numpy as jnp

__all__ = ["norm"]


class _Normal:
    """The normal law with mean `loc` and deviation `scale`."""

    @staticmethod
    def logpdf(x: Any, loc: Any = 0.0, scale: Any = 1.0) -> Any:
        z = (x - loc) / scale
        return -0.5 * z * z - jnp.log(scale) - 0.5 * math.log(2.0 * math.pi)

    @staticmethod
    def pdf(x: Any, loc: Any = 0.0, scale: Any = 1.0) -> Any:
        return jnp.exp(_Normal.logpdf(x, loc, scale))

    @staticmethod
    def cdf(x: Any, loc: Any = 0.0, scale: Any = 1.0) -> Any:
        return _functions.ndtr((x - loc) / scale)  # type: ignore[attr-defined]


norm = _Normal
