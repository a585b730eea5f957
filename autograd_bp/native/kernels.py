"""Compute the number and the partials of a new node, by the rule of its primitive.

In the compiled core kernels.pxd, rules.h and the generated kernels.h take the place of the `fill`
functions. `evaluate` is called there too, for a primitive without a kernel: hypot, norm, and the
primitives that users add.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from autograd_bp.entry import by_code
from autograd_bp.errors import PrimitiveError
from autograd_bp.primitives import TABLE

NAN = math.nan
GATE = 1  # nothing passes back where the partial is an exact zero
REFUSE = 2  # a sweep that passes through the node is an error
OWN = len(TABLE)  # how many primitives are the library's own; those of users have higher codes


def flags(code: int) -> int:
    op = by_code(code)
    return (GATE if op.gate else 0) | (REFUSE if op.partials is None else 0)


def evaluate(code: int, inputs: Sequence[float]) -> tuple[float, Sequence[float]]:
    """The output and the partials of the primitive with this code at `inputs`.

    Raises PrimitiveError when the rule does not give one partial for each input.
    """
    op = by_code(code)
    y = float((op._forward or op.forward)(*inputs))  # the slot is quicker than the property
    if op.partials is None:
        return y, (NAN,) * len(inputs)
    partials = op.partials(*inputs, y=y)
    try:
        count = len(partials)
    except TypeError:
        raise PrimitiveError(
            f"{op.name}: the rule gave {type(partials).__name__} {partials!r:.60} where a sequence "
            "with one partial for each input is needed: write (partial,)"
        ) from None
    if count != len(inputs):
        raise PrimitiveError(f"{op.name}: the rule gave {count} partials for {len(inputs)} inputs")
    # A rule of the user's may give integers.
    return y, partials if code < OWN else [float(partial) for partial in partials]


def fill1(node: Any) -> None:
    node._data, (node._d_first,) = evaluate(node._code, (node._first._data,))


def fill2(node: Any) -> None:
    inputs = node._first._data, node._second._data
    node._data, (node._d_first, node._d_second) = evaluate(node._code, inputs)


def fill_many(node: Any) -> None:
    node._data, partials = evaluate(node._code, [parent._data for parent in node._parents])
    node._partials[:] = partials


def check_names(names: Sequence[str]) -> None:
    """Compiled, this raises ImportError where the kernels were generated from another table."""


def set_shortcuts(on: bool) -> None:
    """Compiled, this says whether + - * of two plain Values may take the C form."""


def install_shortcuts() -> None:
    """Compiled, this gives + - * of two plain Values a C form, without the calls of value.py."""
