"""Which backends there are, by name. A new one is a file of its own and a line at the end of this.

A program of a user's own adds a backend by `register`.
"""

from __future__ import annotations

from typing import Any

from autograd_bp.compiling.backends.llvm.backend import LlvmBackend, LlvmFloat32Backend
from autograd_bp.compiling.backends.numpy.backend import NumpyBackend, NumpyFloat32Backend
from autograd_bp.compiling.backends.protocol import Backend
from autograd_bp.compiling.backends.reference import ReferenceBackend
from autograd_bp.compiling.backends.tape.backend import TapeBackend
from autograd_bp.errors import SettingError

__all__ = [
    "AUTO",
    "AUTOS",
    "always_compiles",
    "auto_for",
    "backends",
    "checked",
    "named",
    "names",
    "of_floats",
    "register",
]

AUTO = "auto"  # the name that stands for whatever backend suits
AUTO_OF_FLOATS = "auto-float32"  # the same among those that compute with floats of 32 bits
AUTOS = AUTO, AUTO_OF_FLOATS
_REGISTRY: dict[str, Backend] = {}
_OF_FLOATS: dict[str, Backend] = {}  # those that compute with floats of 32 bits, by their names


def register(backend: Backend) -> None:
    """Add a backend. It takes the place of one that has the same name."""
    _REGISTRY[backend.name] = backend


def backends(name: str = AUTO) -> list[Backend]:
    """All backends, in the order in which they were registered, or those of floats of 32 bits
    where the name is that of a choice among these."""
    return [*(_OF_FLOATS if name == AUTO_OF_FLOATS else _REGISTRY).values()]


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


def always_compiles(name: str) -> bool:
    """Whether a backend makes machine code from the first call on."""
    return name not in AUTOS and named(name).compiles


def auto_for(name: str) -> str:
    """The name of a choice among the backends that compute with numbers of the same type."""
    return AUTO_OF_FLOATS if name in _OF_FLOATS else AUTO


def of_floats(name: str) -> str:
    """The name of the backend that computes with floats of 32 bits where one is asked for.

    Raises: SettingError where the backend computes with doubles alone.
    """
    known = f"{name}-float32"
    if known not in AUTOS and known not in _OF_FLOATS:
        raise SettingError(
            'dtype="float32" is computed by the backends "llvm" and "numpy", got '
            f'backend={name!r}: leave it out, or write the function in C with real="float"'
        )
    return known


_OF_FLOATS.update({each.name: each for each in (NumpyFloat32Backend(), LlvmFloat32Backend())})
register(ReferenceBackend())
register(NumpyBackend())
register(TapeBackend())
register(LlvmBackend())
