"""jax.nn: activations of numbers, Values and arrays."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import Any

import numpy as _numpy

from autograd_bp import functions
from autograd_bp.compat.jax.array import as_jax

__all__ = ["gelu", "hard_tanh", "leaky_relu", "log_softmax", "logsumexp", "one_hot", "softmax"]


def elementwise(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of the table of each entry, which hands out arrays as this package does."""

    @functools.wraps(function)
    def wrapped(*args: Any, **options: Any) -> Any:
        return as_jax(function(*args, **options))

    return wrapped


_NAMES = {
    name: elementwise(getattr(functions, name))
    for name in ("sigmoid", "relu", "softplus", "silu", "elu", "log_sigmoid", "tanh")
}
_NAMES["swish"] = _NAMES["silu"]
__all__ += [*_NAMES, "hard_sigmoid", "hard_silu", "mish", "relu6", "soft_sign"]


def softmax(x: Any, axis: int = -1) -> Any:
    """The shares along an axis."""
    return as_jax(functions.softmax(_numpy.asarray(x), axis))


def log_softmax(x: Any, axis: int = -1) -> Any:
    """Their logarithms."""
    return as_jax(functions.log_softmax(_numpy.asarray(x), axis))


def logsumexp(a: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """ln Σ e^x along an axis, or of all entries."""
    return as_jax(functions.logsumexp(_numpy.asarray(a), axis, keepdims))


def leaky_relu(x: Any, negative_slope: float = 0.01) -> Any:
    return as_jax(functions.leaky_relu(x, negative_slope))


def hard_tanh(x: Any) -> Any:
    return as_jax(functions.clip(x, -1.0, 1.0))


def relu6(x: Any) -> Any:
    return as_jax(functions.clip(x, 0.0, 6.0))


def hard_sigmoid(x: Any) -> Any:
    return relu6(x + 3.0) / 6.0


def hard_silu(x: Any) -> Any:
    return x * hard_sigmoid(x)


def soft_sign(x: Any) -> Any:
    return x / (abs(x) + 1.0)


def mish(x: Any) -> Any:
    return x * _NAMES["tanh"](_NAMES["softplus"](x))


def gelu(x: Any, approximate: bool = True) -> Any:
    """x times the normal law's share below it; the approximation by tanh is JAX's default."""
    if approximate:
        inner = math.sqrt(2.0 / math.pi) * (x + 0.044715 * x * x * x)
        return 0.5 * x * (1.0 + functions.tanh(inner))  # type: ignore[attr-defined]
    return x * functions.ndtr(x)  # type: ignore[attr-defined]


def one_hot(x: Any, num_classes: int) -> Any:
    """1.0 at the place that each entry of x names."""
    places = _numpy.arange(num_classes)
    return as_jax(_numpy.where(_numpy.asarray(x)[..., None] == places, 1.0, 0.0))


def __getattr__(name: str) -> Any:
    if name in _NAMES:
        return _NAMES[name]
    raise AttributeError(
        f"autograd_bp.compat.jax.nn has no {name!r}: write its formula by functions of jax.numpy"
    )
