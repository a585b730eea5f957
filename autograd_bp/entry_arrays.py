"""An entry applied to numbers of other types than float and int, and elementwise to arrays.

NumPy is imported only where there is an array.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autograd_bp.errors import OperandError
from autograd_bp.operands import number, unboxed

if TYPE_CHECKING:
    from autograd_bp.entry import Primitive


def applied(op: Primitive, operands: tuple[Any, ...]) -> Any:
    """The entry of operands of which one is neither a float nor an integer.

    Raises: OperandError where one is no real number, nor an array of them.
    """
    if not any(getattr(operand, "ndim", 0) for operand in operands):
        from autograd_bp.value import Value

        contents = [unboxed(operand) for operand in operands]
        if any(isinstance(content, Value) for content in contents):
            return op(*contents)
        return op.forward(*map(number, contents))
    import numpy as np

    arrays = [np.asarray(operand) for operand in operands]
    if any(array.dtype == object for array in arrays):
        from autograd_bp.arrays import elementwise

        return elementwise(op, arrays)
    if any(array.dtype.kind not in "fiub" for array in arrays):
        kinds = ", ".join(str(array.dtype) for array in arrays)
        raise OperandError(f"{op.name} takes real numbers, got arrays of dtype {kinds}")
    # As floats first: NumPy's integers wrap around, and have no negative powers.
    arrays = [array.astype(float) for array in arrays]
    with np.errstate(all="ignore"):
        if op.numpy is not None:
            return getattr(np, op.numpy)(*arrays)
        from autograd_bp.printers.overrides import form

        tree = form("numpy", op)
        if tree is None:
            return np.frompyfunc(op.forward, len(arrays), 1)(*arrays).astype(float)
        from autograd_bp.printers.numpy import evaluated

        return evaluated(tree, arrays)
