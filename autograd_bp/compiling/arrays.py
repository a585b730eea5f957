"""Rows of the table on NumPy arrays, where the row itself would go number by number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd_bp.primitives import Primitive


def apply(row: Primitive, read: list[Any]) -> Any:
    """The row on arrays of one length and on numbers."""
    lowered = _LOWERED.get(row.name)
    return row(*read) if lowered is None else lowered(*read)


def _dot(*x: Any) -> Any:
    n = len(x) // 2
    total = x[-1] if len(x) % 2 else 0.0
    for a, b in zip(x[:n], x[n : 2 * n], strict=True):
        total = total + a * b
    return total


def _sum(*x: Any) -> Any:
    total: Any = 0.0
    for each in x:
        total = total + each
    return total


def _performance(*x: Any) -> Any:
    m = len(x) // 2
    total: Any = 0.0
    for d, z in zip(x[:m], x[m:], strict=True):
        total = total + (d - z) * (d - z)
    return -0.5 * total


def _sigmoid(x: Any) -> Any:
    e = np.exp(-np.abs(x))
    return np.where(x >= 0.0, 1.0, e) / (1.0 + e)


def _softplus(x: Any) -> Any:
    return np.where(x > 0.0, x, 0.0) + np.log1p(np.exp(-np.abs(x)))


def _compare(a: Any, b: Any) -> Any:
    return np.where(a == b, 0.0, np.where(a > b, 1.0, np.where(a < b, -1.0, np.nan)))


def _heaviside(x: Any, at_zero: Any) -> Any:
    return np.where(x == 0.0, at_zero, np.where(x > 0.0, 1.0, np.where(x < 0.0, 0.0, x)))


_LOWERED: dict[str, Callable[..., Any]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "neg": lambda a: -a,
    "dot": _dot,
    "sum": _sum,
    "performance": _performance,
    "sigmoid": _sigmoid,
    "softplus": _softplus,
    "log_sigmoid": lambda x: -_softplus(-x),
    "relu": lambda x: np.where((x > 0.0) | (x != x), x, 0.0),
    "threshold": lambda x: np.where(x >= 0.0, 1.0, np.where(x < 0.0, 0.0, x)),
    "where": lambda c, a, b: np.where(c != 0.0, a, b),
    "nonzero": lambda x: np.where(x == 0.0, 0.0, 1.0),
    "compare": _compare,
    "heaviside": _heaviside,
    "maximum": lambda a, b: np.where((a > b) | (a != a), a, b),
    "minimum": lambda a, b: np.where((a < b) | (a != a), a, b),
    "power": lambda a, b: np.where(b == 1.0, a, np.power(a, b)),
}
