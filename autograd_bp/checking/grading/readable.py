"""The files that a student's process may read: Python's own, and the libraries of the exercise."""

from __future__ import annotations

import contextlib
import os
import sys
import sysconfig
from importlib.util import find_spec
from pathlib import Path

from autograd_bp.errors import GradingError

__all__ = ["of_interpreter", "of_library", "root_of", "standard_library"]

_LIBRARY_FOLDERS = ("site-packages", "dist-packages")
_SYSTEM = (
    "/lib",
    "/lib64",
    "/usr/lib64",
    "/usr/local/lib64",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/dev/null",
    "/dev/urandom",
    "/usr/share/zoneinfo",
    "/System/Library",
)


def root_of(name: str) -> str:
    """The folder from which a library is imported; empty for one of Python's own."""
    if name in sys.stdlib_module_names:
        return ""
    try:
        spec = find_spec(name)
    except (ImportError, ValueError):
        spec = None
    if spec is None:
        raise GradingError(
            f"the library {name!r:.60} of the reference is not installed here: install it, or "
            "take it out of libraries"
        )
    places = list(spec.submodule_search_locations or ()) or [spec.origin or ""]
    return str(Path(places[0]).parent)


def of_library(name: str, root: str) -> list[str]:
    """The files of a library: in a folder of libraries its neighbours too, on which it depends."""
    if not root:
        return []
    if Path(root).name not in _LIBRARY_FOLDERS:
        return [str(path) for path in (Path(root, name), Path(root, f"{name}.py")) if path.exists()]
    return [
        entry.path
        for entry in os.scandir(root)
        if not entry.name.startswith(("autograd_bp", "__editable__")) or entry.name == name
    ]


def standard_library() -> list[str]:
    paths = sysconfig.get_paths()
    own = {paths["stdlib"], paths["platstdlib"]}
    return sorted({*own, *(os.path.join(path, "lib-dynload") for path in own)})


def of_interpreter() -> list[str]:
    """The files that Python itself reads: its library, without installed packages, and the
    system's."""
    readable = [path for path in _SYSTEM if os.path.exists(path)]
    for folder in standard_library():
        with contextlib.suppress(OSError):
            readable += [
                entry.path for entry in os.scandir(folder) if entry.name not in _LIBRARY_FOLDERS
            ]
    for folder in {os.path.join(sys.base_prefix, "lib"), "/usr/lib", "/usr/local/lib"}:
        with contextlib.suppress(OSError):
            readable += [
                entry.path for entry in os.scandir(folder) if not entry.name.startswith("python")
            ]
    return readable
