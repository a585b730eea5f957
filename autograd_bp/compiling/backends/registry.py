"""Which backends there are, by name. A new one is a file of its own and a line at the end of this.

A program of a user's own adds a backend by `register`.
"""

from __future__ import annotations

from typing import Any

from autograd_bp.compiling.backends.llvm.backend import LlvmBackend
from autograd_bp.compiling.backends.numpy.backend import Float32Backend, NumpyBackend
from autograd_bp.compiling.backends.protocol import Backend
from autograd_bp.compiling.backends.reference import ReferenceBackend
from autograd_bp.compiling.backends.tape.backend import TapeBackend
from autograd_bp.errors import SettingError

__all__ = ["AUTO", "backends", "checked", "named", "names", "register"]

AUTO = "auto"  # the name that stands for whatever backend suits
_REGISTRY: dict[str, Backend] = {}
_OF_FLOATS: dict[str, Backend] = {}  # those that compute with floats of 32 bits, by their names


def register(backend: Backend) -> None:
    """Add a backend. It takes the place of one that has the same name."""
    _REGISTRY[backend.name] = backend


def backends() -> list[Backend]:
    """All backends, in the order in which they were registered."""
    return [*_REGISTRY.values()]


def names() -> list[str]:
    """The names that `backend=` takes."""
    return [AUTO, *_REGISTRY]


def checked(name: Any) -> str:
    """The name, if it is one of `names()`.

    Raises: SettingError naming those that there are.
    """
    if not isinstance(name, str) or name not in names():
        raise SettingError(f"there is no backend {name!r:.60}: choose {', '.join(names())}")
    return name


def named(name: str) -> Backend:
    """The backend of that name.

    Raises: SettingError where there is none.
    """
    if name in _OF_FLOATS:
        return _OF_FLOATS[name]
    return _REGISTRY[checked(name)]


def of_floats(name: str) -> str:
    """The backend that computes with floats of 32 bits where one of this name is asked for.

    Raises: SettingError where the backend computes with doubles alone.
    """
    known = f"{'numpy' if name == AUTO else name}-float32"
    if known not in _OF_FLOATS:
        raise SettingError(
            f'dtype="float32" is computed by the backend "numpy", got backend={name!r}: leave it '
            'out, or write the function in C with real="float"'
        )
    return known


_OF_FLOATS[Float32Backend.name] = Float32Backend()
register(ReferenceBackend())
register(NumpyBackend())
register(TapeBackend())
register(LlvmBackend())
