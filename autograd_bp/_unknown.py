"""Imports of names that other libraries have: `from autograd_bp import jit` says what is here.

For a name that a package does not have Python looks for a module of that name, and asks the finder
of this file last. What nothing is known of stays Python's own error.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Explainer"]

_PACKAGE = __name__.rpartition(".")[0]


class Explainer:
    """The finder; `install` puts it behind all others."""

    @classmethod
    def install(cls) -> None:
        if cls not in sys.meta_path:
            sys.meta_path.append(cls)

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None, target: Any = None) -> None:
        """Raise UnknownImportError where something is known of a name that is imported."""
        parent, _, missing = name.rpartition(".")
        if parent.partition(".")[0] != _PACKAGE or missing.startswith("_"):
            return
        package, steps = sys.modules.get(parent), _steps()
        if package is None or "_find_and_load_unlocked" not in steps:
            return
        from autograd_bp.words import explain_name

        advice = explain_name(missing, dir(package))
        if not advice:
            return
        from autograd_bp.errors import UnknownImportError, UnknownModuleError

        message = f"cannot import {missing!r} from {parent!r}{advice}"
        if "_handle_fromlist" in steps:  # from package import name
            raise UnknownImportError(message, name=parent, path=package.__file__)
        raise UnknownModuleError(message, name=name)


def _steps() -> set[str]:
    """The functions of the import system that ask: those of an import, or those of a program that
    wants to know whether there is such a module (importlib.util.find_spec)."""
    frame, names = sys._getframe(2), set()
    while frame is not None and "importlib" in frame.f_globals.get("__name__", ""):
        names.add(frame.f_code.co_name)
        frame = frame.f_back  # type: ignore[assignment]
    return names
