"""Evaluate a freshly made node: its number and its partials, by the rule of its row.

Compiled, `kernels.pxd`, rules.h and the generated kernels.h replace the `fill` functions;
`evaluate` is what they fall back on for a row without a kernel: hypot, or one of the user's.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograd_bp.errors import PrimitiveError
from autograd_bp.primitives import NAN, TABLE

GATE = 1  # an exact zero partial lets nothing back
REFUSE = 2  # a sweep through the node is an error
OWN = len(TABLE)  # rows from here on are the user's


def flags(code: int) -> int:
    row = TABLE[code]
    return (GATE if row.gate else 0) | (REFUSE if row.partials is None else 0)


def evaluate(code: int, inputs: Sequence[float]) -> tuple[float, Sequence[float]]:
    """The output and the partials of row `code` at `inputs`.

    Raises PrimitiveError when the rule does not give one partial for each input.
    """
    row = TABLE[code]
    y = float(row.forward(*inputs))
    if row.partials is None:
        return y, (NAN,) * len(inputs)
    partials = row.partials(*inputs, y=y)
    if len(partials) != len(inputs):
        raise PrimitiveError(
            f"{row.name}: the rule gave {len(partials)} partials for {len(inputs)} inputs"
        )
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


def check(names: Sequence[str]) -> None:
    """Compiled: raises ImportError where the kernels are those of another table."""


def shortcuts(on: bool) -> None:
    """Compiled: may + - * of two plain Values skip the question whether they are recorded?"""


def install_shortcuts() -> None:
    """Compiled: + - * of two plain Values in C, without the calls of value.py."""
