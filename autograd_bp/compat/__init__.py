"""Scripts that were written for another engine: its words, and this library's numbers.

    compat.micrograd    Value, Neuron, Layer, MLP and Module of micrograd, microgpt and the lectures
    compat.minitorch    Scalar, ScalarFunction and derivative_check of minitorch
    compat.notes        Variable and get_gradients of course notes
    compat.autograd     grad, jacobian, primitive and so on of HIPS autograd, and its numpy
    compat.jax          grad, jit, vmap, lax and so on of JAX, and its numpy

docs/migrating.md says word for word what corresponds to what, and what differs on purpose.
"""

from __future__ import annotations

import importlib
from typing import Any

_MODULES = ("autograd", "jax", "micrograd", "minitorch", "notes")


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return importlib.import_module(f"{__name__}.{name}")


def __dir__() -> list[str]:
    return [*_MODULES]
