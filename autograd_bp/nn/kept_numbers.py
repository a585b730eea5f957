"""Random numbers that a module keeps: they would be those of one row, for all rows after it."""

from __future__ import annotations

import weakref
from collections.abc import Sequence

from autograd_bp.errors import FrozenNumberError
from autograd_bp.graph import topological_order
from autograd_bp.nn.module import Module, values_inside
from autograd_bp.value import Value

__all__ = ["KeptNumbers"]

_refused: weakref.WeakSet[Value] = weakref.WeakSet()


class KeptNumbers:
    """Looks for random numbers in a module, after it ran on a row.

    A number that was drawn is refused at once; what was computed from one only when it is still
    there after the next row, since a module may show what it computed last.
    """

    def __init__(self, module: Module) -> None:
        self._module = module
        self._suspects: dict[str, Value] = {}
        if len(_refused):
            for name, value in values_inside(module):
                if value in _refused:
                    self._refuse(name, value)

    def look(self, drawn: Sequence[Value]) -> None:
        """After a row, with what it drew. Raises FrozenNumberError for a number that is kept."""
        if not drawn and not self._suspects:
            return
        ids, suspects = {*map(id, drawn)}, {}
        for name, value in values_inside(self._module):
            if id(value) in ids or self._suspects.get(name) is value:
                self._refuse(name, value)
            if value.op is not None and any(id(node) in ids for node in topological_order(value)):
                suspects[name] = value
        self._suspects = suspects

    def _refuse(self, name: str, value: Value) -> None:
        _refused.add(value)
        raise FrozenNumberError(
            f"{type(self._module).__name__} keeps a random number as {name!r:.60}: all rows would "
            "have that of one row; draw it in each call, and set that attribute to None again"
        )
