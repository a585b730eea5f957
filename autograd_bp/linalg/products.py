"""Products, lengths and traces."""

from __future__ import annotations

import math
from typing import Any

from autograd_bp import functions as f
from autograd_bp import primitives as ops
from autograd_bp.errors import SettingError, ShapeError
from autograd_bp.extremes import extreme
from autograd_bp.linalg.matrices import (
    Number,
    Operand,
    Row,
    Rows,
    apply_to_stacks,
    transposed,
)


def matmul(a: Any, b: Any) -> Any:
    """The product of two matrices, of a matrix and a vector, or of two vectors, as `a @ b`.

    Each entry is one node; `@` on arrays of Values records a product and a sum for each term.

    Raises: ShapeError where the columns of a are not as many as the rows of b.

    Example:
        >>> import autograd_bp as bp
        >>> bp.linalg.matmul([[1.0, 2.0], [3.0, 4.0]], [1.0, 10.0])
        [21.0, 43.0]
    """
    left, right = Operand("matmul", "a", a), Operand("matmul", "b", b)
    left.require(1, "a vector or a matrix")
    right.require(1, "a vector or a matrix")
    dimensions = [min(2, len(left.shape)), min(2, len(right.shape))]
    inner = right.shape[-dimensions[1]]
    if left.shape[-1] != inner:
        raise ShapeError(
            f"matmul: a has {left.shape[-1]} columns and b has {inner} rows: they must be as many; "
            f"the shapes are {left.shape} and {right.shape}"
        )
    core = (*left.shape[-2:-1], *(right.shape[-1:] if dimensions[1] == 2 else ()))

    def product(first: Any, second: Any) -> Row:
        rows = first if dimensions[0] == 2 else [first]
        columns = transposed(second, right.shape[-1]) if dimensions[1] == 2 else [second]
        return [f.dot(row, column) for row in rows for column in columns]

    return apply_to_stacks(product, [left, right], dimensions, core)


def trace(a: Any) -> Any:
    """The sum of the diagonal of a matrix, or of each matrix of a stack.

    Raises: ShapeError for what is no matrix.

    Example:
        >>> import autograd_bp as bp
        >>> bp.linalg.trace([[1.0, 2.0], [3.0, 4.0]])
        5.0
    """
    matrix = Operand("trace", "a", a)
    matrix.require(2, "a matrix")
    count = min(matrix.shape[-2:])
    return apply_to_stacks(
        lambda rows: [f.sum([rows[i][i] for i in range(count)])], [matrix], [2], ()
    )


def norm(x: Any, ord: float | str | None = None) -> Any:
    """The length of a vector, or the norm of a matrix.

    Arguments:
        x: a vector or a matrix.
        ord: which norm, as in NumPy. Of vectors: None or 2 for the Euclidean length, 1 for the
            sum of absolute values, inf for the largest of them, -inf for the smallest, another
            p > 0 for (Σ|x_i|ᵖ)^(1/p). Of matrices: None or "fro" for the root of the sum of
            squares, 1 for the largest sum of a column, inf for that of a row.

    Raises: ShapeError unless x has one or two dimensions; SettingError for another `ord`.

    The Euclidean length has the partials 0 where all numbers are 0; see docs/kinks.md.

    Example:
        >>> import autograd_bp as bp
        >>> bp.linalg.norm([3.0, -4.0]), bp.linalg.norm([3.0, -4.0], 1)
        (5.0, 7.0)
    """
    operand = Operand("norm", "x", x)
    if len(operand.shape) not in (1, 2):
        raise ShapeError(f"norm: x must be a vector or a matrix, got {operand.described}")
    if not operand.entries:
        return 0.0
    if ord is None or ord == ("fro" if len(operand.shape) == 2 else 2):
        return f.norm(operand.entries)
    absolute = [ops.abs_(entry) for entry in operand.entries]
    if len(operand.shape) == 1:
        return _vector_norm(absolute, ord)
    width = operand.shape[1]
    rows = [absolute[i : i + width] for i in range(0, len(absolute), width)]
    return _matrix_norm(rows, width, ord)


def _vector_norm(absolute: Row, ord: float | str) -> Number:
    if ord == 1:
        return f.sum(absolute)
    if ord == math.inf:
        return extreme(ops.maximum, absolute)
    if ord == -math.inf:
        return extreme(ops.minimum, absolute)
    if isinstance(ord, str) or not ord > 0:
        raise SettingError(f"norm: ord of a vector must be above 0, inf or -inf, got {ord!r}")
    return ops.power(f.sum([ops.power(entry, ord) for entry in absolute]), 1.0 / ord)


def _matrix_norm(absolute: Rows, width: int, ord: float | str) -> Number:
    if ord == 1:
        absolute = transposed(absolute, width)
    elif ord != math.inf:
        raise SettingError(f"norm: ord of a matrix must be 'fro', 1 or inf, got {ord!r}")
    return extreme(ops.maximum, [f.sum(row) for row in absolute])
