"""What to write where a logarithm is taken of a number that has rounded to 0 or to 1."""

from __future__ import annotations

from autograd_bp import primitives as ops
from autograd_bp.value import Value

LOGARITHMS = {
    ops.share: "log_softmax",
    ops.sigmoid: "log_sigmoid",
    ops.logistic: "log_sigmoid",
    ops.ndtr: "log_ndtr",
}


def exact_logarithm(node: Value) -> str:
    """The function that keeps the digits which a logarithm of such a number loses; else ""."""
    if node.op is not ops.log or node.parents[0].data not in (0.0, 1.0):
        return ""
    op = node.parents[0].op
    return "" if op is None else LOGARITHMS.get(op, "")
