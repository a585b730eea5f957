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
        """Raise UnknownImportError where something is known of the name."""
        parent, _, missing = name.rpartition(".")
        if parent.partition(".")[0] != _PACKAGE or missing.startswith("_"):
            return
        package = sys.modules.get(parent)
        if package is None:
            return
        from autograd_bp.words import explain_name

        advice = explain_name(missing, dir(package))
        if advice:
            from autograd_bp.errors import UnknownImportError

            raise UnknownImportError(f"cannot import {missing!r} from {parent!r}{advice}")
