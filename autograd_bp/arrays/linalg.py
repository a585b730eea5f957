"""The functions of np.linalg of arrays of Values, by those of `autograd_bp.linalg`."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from autograd_bp import functions as f
from autograd_bp import primitives as ops
from autograd_bp.arrays.slices import along, entries_of
from autograd_bp.arrays.value_array import as_values
from autograd_bp.errors import OperandError


class SlogdetResult(NamedTuple):
    """The results of np.linalg.slogdet, under NumPy's names."""

    sign: Any
    logabsdet: Any


class QRResult(NamedTuple):
    """The results of np.linalg.qr, under NumPy's names."""

    Q: Any
    R: Any


def linear_algebra(name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """The function of `autograd_bp.linalg`; NotImplemented where NumPy's own code records."""
    from autograd_bp import linalg

    if name in BY_LAPACK:
        raise OperandError(f"np.linalg.{name} of Values cannot be recorded: {BY_LAPACK[name]}")
    if name in OF_AXES:
        return as_values(OF_AXES[name](*args, **kwargs))
    if name not in LINEAR_ALGEBRA:
        return NotImplemented
    options = {key: option for key, option in kwargs.items() if key in ("a", "b", "x")}
    if len(options) < len(kwargs) or len(args) > 2:
        raise OperandError(
            f"np.linalg.{name} of Values takes no options, got {sorted(kwargs)}: leave them out"
        )
    result = getattr(linalg, name)(*args, **options)
    return RESULTS[name](*result) if name in RESULTS else result


def _norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    array = entries_of(x)
    if axis is None:
        if ord is None:
            return along(lambda entries, _: _length(entries), array, None, keepdims)
        axis = tuple(range(array.ndim))
    axes = axis if isinstance(axis, (tuple, list)) else (axis,)
    if len(axes) == 1:
        return along(lambda entries, _: _vector_norm(entries, ord), array, axes, keepdims)
    if len(axes) == 2:
        return _of_matrices(array, axes, ord, keepdims)
    raise OperandError(f"np.linalg.norm needs one or two axes, got {axis!r:.60}: name them")


def _length(entries: list[Any]) -> Any:
    return f.norm(entries) if entries else 0.0


def _vector_norm(entries: list[Any], ord: Any) -> Any:
    from autograd_bp import linalg

    if ord == 0 and not isinstance(ord, str):
        return f.sum([ops.not_equal(x, 0.0) for x in entries])
    return linalg.norm(entries, ord)


def _of_matrices(array: Any, axes: Any, ord: Any, keepdims: bool) -> Any:
    from autograd_bp import linalg

    rows, columns = (array.shape[axis] for axis in axes)

    def of(entries: list[Any], _: Any) -> Any:
        table = [entries[i * columns : (i + 1) * columns] for i in range(rows)]
        return linalg.norm(table, ord) if entries else 0.0

    return along(of, array, tuple(axes), keepdims)


def _vector_norm_of_axes(
    x: Any, /, *, axis: Any = None, keepdims: bool = False, ord: Any = 2
) -> Any:
    return along(lambda entries, _: _vector_norm(entries, ord), entries_of(x), axis, keepdims)


def _matrix_norm(x: Any, /, *, keepdims: bool = False, ord: Any = "fro") -> Any:
    return _of_matrices(entries_of(x), (-2, -1), ord, keepdims)


def _matrix_power(a: Any, n: Any) -> Any:
    array = as_values(entries_of(a))
    if array.ndim <= 2:
        return np.ndarray.__array_function__(array, np.linalg.matrix_power, (), (array, n), {})
    size = math.prod(array.shape[:-2])
    stack = array.reshape((size, *array.shape[-2:]))
    powers = np.empty(stack.shape, dtype=object)
    for place in range(size):
        powers[place] = _matrix_power(stack[place], n)
    return powers.reshape(array.shape)


RESULTS: dict[str, Any] = {"slogdet": SlogdetResult, "qr": QRResult}
OF_AXES: dict[str, Callable[..., Any]] = {
    "norm": _norm,
    "vector_norm": _vector_norm_of_axes,
    "matrix_norm": _matrix_norm,
    "matrix_power": _matrix_power,
}
LINEAR_ALGEBRA = {"solve", "inv", "det", "slogdet", "cholesky", "qr"}
BY_LAPACK = {
    "lstsq": "bp.linalg.lstsq(a, b) gives the solution alone",
    **dict.fromkeys(
        ("eig", "eigh", "eigvals", "eigvalsh", "svd", "svdvals", "pinv", "cond", "matrix_rank"),
        "it needs eigenvalues or singular values, which bp.linalg does not offer; bp.custom calls "
        "a function with a gradient that you state",
    ),
}
