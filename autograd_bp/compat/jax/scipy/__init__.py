"""jax.scipy: special functions, and the normal law."""

from autograd_bp.compat.jax.scipy import special, stats

__all__ = ["special", "stats"]
