"""Attributes that say what a primitive or a class is, for `help` and `inspect.signature`.

The texts are written by describe/, which is imported when one of them is first asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograd_bp.entry import Primitive


class Told:
    """An attribute of an entry that is written when it is first asked for: its docstring, say.

    Arguments:
        write: makes it of the entry.
        of_class: the same attribute of the class.
    """

    def __init__(self, write: Callable[[Primitive], Any], of_class: Any) -> None:
        self.write, self.of_class = write, of_class

    def __get__(self, op: Primitive | None, owner: type | None = None) -> Any:
        return self.of_class if op is None else self.write(op)


class Parameters:
    """`__signature__`: the parameters of a class, which Python does not see where it is compiled,
    and of its objects, if they can be called."""

    def __init__(self, of_object: Callable[[Any], Any] | None = None) -> None:
        self.of_object = of_object

    def __get__(self, thing: Any, owner: type) -> Any:
        if thing is not None and self.of_object is not None:
            return self.of_object(thing)
        own = next(cls for cls in owner.__mro__ if "__init__" in vars(cls))
        if thing is not None or vars(own).get("__signature__") is not self:
            raise AttributeError("__signature__")  # a subclass has parameters of its own
        from autograd_bp.describe import classes

        return classes.signature(own)


def told_name(op: Primitive) -> str:
    return op.name


def told_documentation(op: Primitive) -> str:
    """The help of an entry, kept with it: writing it takes a millisecond or two."""
    if op._documentation is None:
        from autograd_bp.describe import entry

        op._documentation = entry.text(op)
    text: str = op._documentation
    return text


def told_signature(op: Primitive) -> Any:
    from autograd_bp.describe import entry

    return entry.signature(op)
