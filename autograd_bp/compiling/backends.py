"""Backends: what runs a program over rows of data.

A backend prepares a program once and then runs it often. All of them are held to
`Program.run`, the reference.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from autograd_bp.compiling.program import Program
from autograd_bp.errors import SettingError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Runner = Callable[[Floats, Floats], list[Any]]


def reference(program: Program) -> Runner:
    """One row after the other, one number after the other."""

    def run(parameters: Floats, inputs: Floats) -> list[Any]:
        import numpy as np

        found = program.run(parameters.tolist(), inputs.T.tolist())
        return [x if isinstance(x, float) else np.array(x) for x in found]

    return run


def numpy(program: Program) -> Runner:
    """Loops as operations on arrays of a block of rows, sums of products as matrix products."""
    from autograd_bp.compiling.rolled import rolled

    return rolled(program)


BACKENDS: Mapping[str, Callable[[Program], Runner]] = {"reference": reference, "numpy": numpy}


def backend(name: str) -> Callable[[Program], Runner]:
    """The backend of that name.

    Raises: SettingError naming those that there are.
    """
    try:
        return BACKENDS[name]
    except (KeyError, TypeError):
        raise SettingError(f"there is no backend {name!r}: choose {', '.join(BACKENDS)}") from None
