"""Rows of the table on NumPy arrays, where the row itself would go number by number."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from autograd_bp.primitives import Primitive


def apply(row: Primitive, read: list[Any]) -> Any:
    """The row on arrays of one length and on numbers."""
    lowered = _LOWERED.get(row.name)
    return row(*read) if lowered is None else lowered(*read)


def into(row: Primitive) -> Callable[..., Any] | None:
    """What computes the row of arrays and writes the result into the last argument; None where
    nothing does."""
    if row.name in _INTO:
        return _INTO[row.name]
    if row.name in _LOWERED or row.numpy is None:
        return None
    found = getattr(np, row.numpy)
    return found if isinstance(found, np.ufunc) else None


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
        error = d - z
        total = total + error * error
    return -0.5 * total


def _mean(*x: Any) -> Any:
    total = _sum(*x)
    # Where the sum overflows the mean need not.
    return np.where(np.isfinite(total), total / len(x), _sum(*(each / len(x) for each in x)))


def _norm(*x: Any) -> Any:
    top = _largest(np.absolute(each) for each in x)
    infinite = functools.reduce(np.logical_or, [np.isinf(each) for each in x])
    scaled = [np.where(top == 0.0, 0.0, each / top) for each in x]
    return np.where(infinite, np.inf, top * np.sqrt(_dot(*scaled, *scaled)))


def _logsumexp(*x: Any) -> Any:
    top = _largest(x)
    others: Any = 0.0
    found = np.zeros(np.shape(top), dtype=bool)
    for each in x:
        first = (each == top) & ~found  # the largest is taken out, once
        found |= first
        others = others + np.where(first, 0.0, np.exp(each - top))
    return np.where(np.isfinite(top), top + np.log1p(others), top)


def _largest(numbers: Iterable[Any]) -> Any:
    return functools.reduce(np.maximum, numbers)


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
    "mean": _mean,
    "norm": _norm,
    "logsumexp": _logsumexp,
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


def _relu_into(x: Any, out: Any) -> None:
    np.maximum(x, 0.0, out=out)
    np.add(out, 0.0, out)  # of -0 and 0 any may be the larger


def _sigmoid_into(x: Any, out: Any) -> None:
    np.absolute(x, out)
    np.negative(out, out)
    np.exp(out, out)
    below = out + 1.0
    np.copyto(out, 1.0, where=x >= 0.0)
    np.divide(out, below, out)


def _heaviside_into(x: Any, at_zero: Any, out: Any) -> None:
    np.greater(x, 0.0, out)
    np.copyto(out, at_zero, where=x == 0.0)
    np.copyto(out, x, where=x != x)


def _where_into(c: Any, a: Any, b: Any, out: Any) -> None:
    np.copyto(out, b)
    np.copyto(out, a, where=c != 0.0)


_INTO: dict[str, Callable[..., Any]] = {
    "add": np.add,
    "sub": np.subtract,
    "mul": np.multiply,
    "neg": np.negative,
    "heaviside": _heaviside_into,
    "relu": _relu_into,
    "sigmoid": _sigmoid_into,
    "where": _where_into,
}
