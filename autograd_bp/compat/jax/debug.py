"""jax.debug: printing."""

from __future__ import annotations

import builtins
from typing import Any

import numpy as np

from autograd_bp.contexts import is_traced
from autograd_bp.value import Value, number_of


def print(fmt: str, *args: Any, **kwargs: Any) -> None:
    """Prints numbers. While a function is compiled they are not known: then three dots stand in the
    places of numbers, once, and later calls print nothing."""
    kwargs.pop("ordered", None)
    shown = {name: _shown(x) for name, x in kwargs.items()}
    builtins.print(fmt.format(*[_shown(x) for x in args], **shown))


def _shown(x: Any) -> Any:
    if isinstance(x, np.ndarray) and x.dtype == object:
        return np.array([_shown(entry) for entry in x.flat]).reshape(x.shape)
    if not isinstance(x, Value):
        return x
    return _Unknown() if is_traced() else number_of(x)


class _Unknown:
    """The place of a number that is not known, in whatever format."""

    def __format__(self, spec: str) -> str:
        return "..."

    def __repr__(self) -> str:
        return "..."
