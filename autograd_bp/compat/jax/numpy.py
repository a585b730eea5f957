"""jax.numpy for functions of `compat.jax`: NumPy's functions, whose results are arrays that record
Values and have `x.at[i].set(v)`."""

from __future__ import annotations

import functools
import types
from collections.abc import Callable
from typing import Any

import numpy as _numpy

from autograd_bp.arrays import array as _array_of_values
from autograd_bp.compat.jax.array import Array as _Array
from autograd_bp.compat.jax.array import as_jax as _as_jax
from autograd_bp.value import Value as _Value

__all__ = ["array", "asarray", "clip", "linalg", "ndarray"]
ndarray = _Array


def array(values: Any, dtype: Any = None, copy: bool = True) -> Any:
    """An array of numbers, or of Values and numbers where a Value is in it."""
    if isinstance(values, _Value):
        return values
    numbers = _numpy.array(_plain(values))
    if numbers.dtype == object:
        return _array_of_values(numbers)
    return (numbers if dtype is None else numbers.astype(dtype)).view(_Array)


asarray = array


def clip(x: Any, min: Any = None, max: Any = None, **names: Any) -> Any:
    """x within bounds, of which one may be left out."""
    low, high = names.get("a_min", min), names.get("a_max", max)
    return _as_jax(_numpy.clip(x, low, high))


def _plain(values: Any) -> Any:
    """Lists of lists, whose parts may be arrays of Values, as NumPy takes them."""
    if isinstance(values, (list, tuple)):
        parts = [_plain(part) for part in values]
        if any(isinstance(part, _numpy.ndarray) and part.dtype == object for part in parts):
            return [part.tolist() if isinstance(part, _numpy.ndarray) else part for part in parts]
        return parts
    return values


def _handing_out_arrays(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def wrapped(*args: Any, **options: Any) -> Any:
        return _as_jax(function(*map(_listed, args), **options))

    return wrapped


def _listed(argument: Any) -> Any:
    """A list with Values in it as an array of which NumPy asks this library."""
    if isinstance(argument, (list, tuple)) and any(isinstance(x, _Value) for x in argument):
        return _array_of_values(list(argument))
    return argument


class _LinearAlgebra(types.ModuleType):
    def __getattr__(self, name: str) -> Any:
        return _handing_out_arrays(getattr(_numpy.linalg, name))


linalg = _LinearAlgebra("linalg")


@functools.cache
def _wrapped(name: str) -> Any:
    function = getattr(_numpy, name)
    if isinstance(function, type) or not callable(function):
        return function
    return _handing_out_arrays(function)


def __getattr__(name: str) -> Any:
    return _wrapped(name)


def __dir__() -> list[str]:
    return sorted({*dir(_numpy), *__all__})
