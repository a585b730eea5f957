"""A primitive of one number applied to a plain float.

In the compiled core floats.pxd and floats.h take the place of this file: there the kernel of the
primitive computes the number, without a call of Python's.
"""

from __future__ import annotations

from typing import Any


def output(code: int, op: Any, x: float) -> Any:
    """The output of the primitive, whose code is `code`, at `x`."""
    forward = op._forward  # the slot first: the property would cost a call
    return op.forward(x) if forward is None else forward(x)
