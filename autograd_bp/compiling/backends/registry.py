"""Which backends there are, by name. A new one is a file of its own and a line at the end of this.

A program of a user's own adds a backend by `register`.
"""

from __future__ import annotations

from typing import Any

from autograd_bp.compiling.backends.llvm.backend import LlvmBackend
from autograd_bp.compiling.backends.numpy.backend import NumpyBackend
from autograd_bp.compiling.backends.protocol import Backend
from autograd_bp.compiling.backends.reference import ReferenceBackend
from autograd_bp.compiling.backends.tape.backend import TapeBackend
from autograd_bp.errors import SettingError

__all__ = ["AUTO", "backends", "checked", "named", "names", "register"]

AUTO = "auto"  # the name that stands for whatever backend suits
_REGISTRY: dict[str, Backend] = {}


def register(backend: Backend) -> None:
    """Add a backend. It takes the place of one that has the same name."""
    _REGISTRY[backend.name] = backend


def backends() -> list[Backend]:
    """All backends, in the order in which they were registered."""
    return [*_REGISTRY.values()]


def names() -> list[str]:
    """What `backend=` may be."""
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
    return _REGISTRY[checked(name)]


register(ReferenceBackend())
register(NumpyBackend())
register(TapeBackend())
register(LlvmBackend())
