"""The variables of the one who draws, as names for values that have none."""

from __future__ import annotations

from types import FrameType

from autograd_bp.value import Value

MOST = 1_000  # variables, and items of a list


def variables(frame: FrameType) -> dict[str, Value]:
    """The Values that variables of a frame hold, and those in its lists and tuples as `w[0]`.

    Names that begin with an underscore are private. Nothing of a variable is called: what
    only acts like a list is passed over.
    """
    found: dict[str, Value] = {}
    for name, held in list(frame.f_locals.items())[:MOST]:
        if name.startswith("_"):
            continue
        if isinstance(held, Value):
            found[name] = held
    for name, held in list(frame.f_locals.items())[:MOST]:
        if type(held) in (list, tuple) and not name.startswith("_"):
            for i, item in enumerate(held[:MOST]):
                if isinstance(item, Value):
                    found[f"{name}[{i}]"] = item
    return found
