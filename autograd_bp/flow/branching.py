"""cond: one of two functions, by a condition."""

from __future__ import annotations

from typing import Any

from autograd_bp import primitives as ops
from autograd_bp.flow.checks import where_taken
from autograd_bp.flow.common import (
    Function,
    chosen,
    is_open,
    leaves_like,
    require_function,
    truth,
)
from autograd_bp.operands import unboxed


def cond(condition: Any, then: Function, otherwise: Function, *operands: Any) -> Any:
    """`then(*operands)` where a condition holds, else `otherwise(*operands)`.

    Arguments:
        condition: a truth value, a number or a Value: all but 0, and NaN, is true. No derivative is
            taken by it.
        then: a function that returns a tree of numbers.
        otherwise: another one; of the same shape, where the condition is a Value of a compiled
            function.
        *operands: what they are called with.

    Returns: what the function that was called returns. Inside a compiled function, where the
        condition is a Value, both are recorded and **both are computed**; `where` chooses each
        number, and a derivative passes the branch that is taken, whatever the other one computes.

    Raises: OperandError where `condition` is no number or the others are no functions; ShapeError
        where the two results differ in shape in a compiled function.

    Example:
        >>> import autograd_bp as bp
        >>> def root(x):
        ...     return bp.cond(x > 0.0, bp.sqrt, lambda x: 0.0 * x, x)
        >>> root(4.0), bp.grad(root)(4.0), bp.grad(root)(-1.0)
        (2.0, 0.25, 0.0)
        >>> f = bp.compiled(root, rows="x", reduce=None)
        >>> f([4.0, -1.0]), f.grad([4.0, -1.0])
        (array([ 2., -0.]), array([0.25, 0.  ]))
    """
    require_function("then", then)
    require_function("otherwise", otherwise)
    condition = unboxed(condition)
    if not is_open(condition):
        branch = then if truth(condition, "the condition of cond") else otherwise
        return branch(*operands)
    with where_taken(condition):
        leaves, tree = leaves_like(None, then(*operands), "what then returned")
    with where_taken(ops.logical_not(condition)):
        others, _ = leaves_like(tree, otherwise(*operands), "what otherwise returned")
    return tree.build(chosen(condition, leaves, others))
