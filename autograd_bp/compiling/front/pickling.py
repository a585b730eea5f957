"""How compiled functions are pickled: by the name that a module has for them."""

from __future__ import annotations

import sys
from typing import Any


def under_its_name(compiled: Any) -> Any:
    """Return the object that the module of a function has under the function's name."""
    place: Any = sys.modules.get(getattr(compiled, "__module__", None) or "")
    for name in str(getattr(compiled, "__qualname__", "")).split("."):
        # Read as it stands, not by getattr, which would make a method of it.
        place = getattr(place, "__dict__", {}).get(name)
    return place
