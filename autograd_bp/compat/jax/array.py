"""Arrays of plain numbers with what arrays of JAX have: `x.at[i].set(v)`, and Values as indices."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_bp.arrays import array, as_values
from autograd_bp.arrays.updates import Update, Updates
from autograd_bp.flow.subscripts import by_values
from autograd_bp.value import Value


class Array(np.ndarray):
    """An array of numbers, which becomes an array of Values where Values are put into it."""

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        out = options.get("out")
        if out is not None and any(part is out[0] for part in inputs):
            del options["out"]  # x += 1 makes another array, as in JAX
        options = {name: _plain(option) for name, option in options.items()}
        return as_jax(getattr(ufunc, method)(*map(_plain, inputs), **options))

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        return as_jax(function(*map(_plain, args), **{k: _plain(x) for k, x in kwargs.items()}))

    @property
    def at(self) -> Updates:
        return _Updates(self)

    def __getitem__(self, index: Any) -> Any:
        try:
            return super().__getitem__(index)
        except Exception:
            result = by_values(array(self), index)
            if result is NotImplemented:
                raise
            return result

    def __setitem__(self, index: Any, values: Any) -> None:
        raise TypeError("an array of JAX does not change: write x = x.at[index].set(values)")


class _Updates(Updates):
    __slots__ = ()

    def __getitem__(self, index: Any) -> Update:
        return _Update(self._array, index)


class _Update(Update):
    """Copies have numbers of the same type, unless Values were put into them."""

    __slots__ = ()

    def _changed(self, *args: Any) -> Any:
        changed = super()._changed(*args)
        if any(isinstance(entry, Value) for entry in changed.flat):
            return changed
        numbers = np.array(changed.tolist()).astype(self._array.dtype)
        return as_jax(numbers.reshape(changed.shape))


def _plain(argument: Any) -> Any:
    """NumPy's own arrays in the place of these, in lists too."""
    if isinstance(argument, Array):
        return argument.view(np.ndarray)
    if type(argument) in (list, tuple):
        return type(argument)(map(_plain, argument))
    return argument


def as_jax(result: Any) -> Any:
    """Arrays as this package hands them out; all else as it is."""
    if type(result) is np.ndarray:
        return as_values(result) if result.dtype == object else result.view(Array)
    if isinstance(result, (list, tuple)) and any(type(part) is np.ndarray for part in result):
        parts = map(as_jax, result)
        make = getattr(type(result), "_make", type(result))
        return make(parts)
    return result
