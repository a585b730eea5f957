"""The numbers and gradients that an array of Values hands out."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_bp.errors import SettingError


class Numbers(np.ndarray):
    """The numbers or gradients of an array of Values: a copy that is read-only, since what is
    written there would not reach the Values.

    `array.data -= steps` gives the Values new numbers, and so does `array.data = numbers`. What is
    computed from it is an ordinary array.
    """

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        if not {Numbers, np.ndarray}.issuperset(types):  # the other one knows better
            return NotImplemented
        return super().__array_function__(function, types, args, kwargs)

    def __array_wrap__(self, array: Any, context: Any = None, return_scalar: bool = False) -> Any:
        plain = np.asarray(array)
        return plain if plain.ndim else plain[()]

    def __repr__(self) -> str:
        return repr(np.asarray(self))

    def __setitem__(self, key: Any, numbers: Any) -> None:
        if not self.flags.writeable:
            raise SettingError(
                "the numbers of a ValueArray are read-only: assign to one Value, as in "
                "array[0].data = 2.0, or to all, as in array.data = numbers"
            )
        super().__setitem__(key, numbers)


def _anew(name: str) -> Any:
    """`data -= steps`, which assigns the result to the property `data`."""
    in_place, apart = (getattr(np.ndarray, f"__{prefix}{name}__") for prefix in ("i", ""))

    def assigned(self: Numbers, other: Any) -> Any:
        return (in_place if self.flags.writeable else apart)(self, other)

    return assigned


for _name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow"):
    setattr(Numbers, f"__i{_name}__", _anew(_name))
