"""The operations of jax.lax. Some mean something else than NumPy's function of that name: `max`
compares two arrays, `cumsum` goes along axis 0, `round` takes halves away from 0."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as _np

from autograd_bp import functions
from autograd_bp.compat.jax import nn
from autograd_bp.compat.jax import numpy as jnp
from autograd_bp.compat.jax.array import as_jax

_SAME_IN_NUMPY = """
    abs sign sqrt cbrt exp exp2 expm1 log log1p square reciprocal sin cos tan sinh cosh tanh floor
    ceil full full_like reshape expand_dims squeeze transpose dot
""".split()  # noqa: SIM905
_NAMES_IN_NUMPY = {
    **{name: name for name in _SAME_IN_NUMPY},
    **{f"a{name}": f"arc{name}" for name in ("sin", "cos", "tan", "tan2", "sinh", "cosh", "tanh")},
    "add": "add",
    "sub": "subtract",
    "mul": "multiply",
    "neg": "negative",
    "rem": "fmod",
    "max": "maximum",
    "min": "minimum",
    "pow": "power",
    "integer_pow": "power",
    "eq": "equal",
    "ne": "not_equal",
    "lt": "less",
    "le": "less_equal",
    "rev": "flip",
    "gt": "greater",
    "ge": "greater_equal",
    "is_finite": "isfinite",
}
_NAMES_IN_TABLE = {
    **{name: name for name in ("erf", "erfc", "lgamma", "digamma")},
    "logistic": "sigmoid",
    "erf_inv": "erfinv",
}


def div(x: Any, y: Any) -> Any:
    """x / y; of whole numbers, the whole part of it."""
    if all(_np.asarray(number).dtype.kind in "iu" for number in (x, y)):
        return as_jax(_np.trunc(_np.true_divide(x, y)).astype(int))
    return jnp.true_divide(x, y)


def rsqrt(x: Any) -> Any:
    return 1.0 / jnp.sqrt(x)


def round(x: Any) -> Any:
    """The nearest whole number, of two the one that is farther from 0."""
    whole = jnp.trunc(x)
    return jnp.where(jnp.abs(x - whole) >= 0.5, whole + jnp.sign(x), whole)


def clamp(min: Any, x: Any, max: Any) -> Any:
    return jnp.clip(x, min, max)


def iota(dtype: Any, size: int) -> Any:
    return jnp.arange(size).astype(dtype)


def concatenate(operands: Sequence[Any], dimension: int) -> Any:
    return jnp.concatenate(list(operands), axis=dimension)


def sort(operand: Any, dimension: int = -1) -> Any:
    return jnp.sort(operand, axis=dimension)


def cumsum(operand: Any, axis: int = 0, reverse: bool = False) -> Any:
    return _cumulated(jnp.cumsum, operand, axis, reverse)


def cumprod(operand: Any, axis: int = 0, reverse: bool = False) -> Any:
    return _cumulated(jnp.cumprod, operand, axis, reverse)


def _cumulated(function: Any, operand: Any, axis: int, reverse: bool) -> Any:
    if reverse:
        return jnp.flip(function(jnp.flip(operand, axis), axis=axis), axis)
    return function(operand, axis=axis)


def operation(name: str) -> Any:
    """The operation of this name.

    Raises: AttributeError where there is none.
    """
    if name in _NAMES_IN_NUMPY:
        return getattr(jnp, _NAMES_IN_NUMPY[name])
    if name in _NAMES_IN_TABLE:
        return nn.elementwise(getattr(functions, _NAMES_IN_TABLE[name]))
    raise AttributeError(
        f"autograd_bp.compat.jax.lax has no {name!r}: write it by functions of jax.numpy, "
        "and loops by scan, fori_loop or while_loop"
    )
