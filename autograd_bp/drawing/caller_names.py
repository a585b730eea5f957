"""The variables of the function that calls `draw`, as names for values that have no label."""

from __future__ import annotations

from types import FrameType

from autograd_bp.value import Value

MAX_ITEMS = 1_000  # variables, and items of a list


def variables(frame: FrameType) -> dict[str, Value]:
    """The Values that variables of a frame hold, and those in its lists and tuples as `w[0]`.

    Names that begin with an underscore are private. No method of a variable is called: an object
    that only behaves like a list is ignored.
    """
    items = [
        (name, variable)
        for name, variable in list(frame.f_locals.items())[:MAX_ITEMS]
        if not name.startswith("_")
    ]
    names = {name: variable for name, variable in items if isinstance(variable, Value)}
    for name, variable in items:
        if type(variable) in (list, tuple):
            for i, item in enumerate(variable[:MAX_ITEMS]):
                if isinstance(item, Value):
                    names[f"{name}[{i}]"] = item
    return names
