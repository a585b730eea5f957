"""array.at[index].set(x): a copy of an array with other entries, for scripts of JAX."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd_bp import functions
from autograd_bp.arrays.value_array import ValueArray, array, plain_array
from autograd_bp.errors import OperandError
from autograd_bp.flow.common import is_open
from autograd_bp.flow.indexing import inside_table, place_in
from autograd_bp.value import Value


class Updates:
    """The property `at` of an array: `array.at[index]`."""

    __slots__ = ("_array",)

    def __init__(self, array: Any) -> None:
        self._array = array

    def __getitem__(self, index: Any) -> Update:
        return Update(self._array, index)


class Update:
    """Some entries of an array, and what gives a copy of it in which they are others."""

    __slots__ = ("_array", "_index")

    def __init__(self, array: Any, index: Any) -> None:
        self._array, self._index = array, index

    def get(self) -> Any:
        """The entries themselves."""
        return self._array[self._index]

    def set(self, values: Any) -> Any:
        """A copy of the array with these values in their places."""
        return self._changed(lambda old, new: new, values)

    def add(self, values: Any) -> Any:
        """A copy with the values added; where an index occurs twice, both are added."""
        return self._changed(operator.add, values)

    def subtract(self, values: Any) -> Any:
        """A copy with the values subtracted."""
        return self._changed(operator.sub, values)

    def multiply(self, values: Any) -> Any:
        """A copy with the entries multiplied."""
        return self._changed(operator.mul, values)

    mul = multiply

    def divide(self, values: Any) -> Any:
        """A copy with the entries divided."""
        return self._changed(operator.truediv, values)

    def power(self, values: Any) -> Any:
        """A copy with the entries raised to powers."""
        return self._changed(operator.pow, values)

    def min(self, values: Any) -> Any:
        """A copy with the smaller one of entry and value."""
        return self._changed(functions.minimum, values)  # type: ignore[attr-defined]

    def max(self, values: Any) -> Any:
        """A copy with the larger one of entry and value."""
        return self._changed(functions.maximum, values)  # type: ignore[attr-defined]

    def apply(self, function: Callable[[Any], Any]) -> Any:
        """A copy with a function of the entries in their places."""
        return self.set(function(self.get()))

    def _changed(self, change: Callable[[Any, Any], Any], values: Any) -> Any:
        copy = array(self._array)
        places = np.arange(copy.size).reshape(copy.shape)
        index = self._index
        if isinstance(index, Value):
            if is_open(index):
                return _at_open_place(copy, index, change, values)
            index = place_in(index, len(copy))
        chosen = places[index]
        new = np.broadcast_to(plain_array(np.asarray(_boxed(values))), np.shape(chosen))
        entries = copy.reshape(-1).view(np.ndarray)
        pairs = zip(np.ravel(chosen).tolist(), new.reshape(-1).tolist(), strict=True)
        for place, value in pairs:
            entries[place] = change(entries[place], value)
        return entries.reshape(copy.shape).view(ValueArray)


def _at_open_place(copy: Any, index: Value, change: Callable[[Any, Any], Any], values: Any) -> Any:
    """The change at a place along the first axis that is known when a compiled function runs."""
    index = inside_table(index, len(copy))
    results = np.empty(copy.shape, dtype=object)
    new = np.broadcast_to(plain_array(np.asarray(_boxed(values))), copy.shape[1:])
    for k in range(len(copy)):
        is_here = functions.equal(index, float(k))  # type: ignore[attr-defined]
        for place in np.ndindex(copy.shape[1:]):
            whole = (k, *place)
            old = copy[whole]
            results[whole] = functions.where(is_here, change(old, new[place]), old)
    return results.view(ValueArray)


def _boxed(values: Any) -> Any:
    """Values as NumPy takes them: a Value as an array without dimensions."""
    if isinstance(values, (list, tuple)):
        raise OperandError(
            f"array.at[index].set takes a number or an array, got a {type(values).__name__}: "
            "write autograd_bp.array([...])"
        )
    if not isinstance(values, Value):
        return values
    box = np.empty((), dtype=object)
    box[()] = values
    return box
