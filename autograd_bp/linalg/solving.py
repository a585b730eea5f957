"""Systems of equations, inverses and determinants."""

from __future__ import annotations

from typing import Any

from autograd_bp import primitives as ops
from autograd_bp.linalg.elimination import Elimination, back_substituted, is_traced
from autograd_bp.linalg.expansion import expanded
from autograd_bp.linalg.matrices import (
    Number,
    Operand,
    Rows,
    apply_to_stacks,
    build,
    flattened,
    solved_for_right_sides,
)

MAX_EXPANDED = 4  # the size of a matrix up to which a determinant is expanded
MAX_EXPANDED_TRACED = 7  # the same where exchanging rows takes nodes too


def solve(a: Any, b: Any) -> Any:
    """x of a · x = b.

    Arguments:
        a: a square matrix (n, n), or a stack of them (..., n, n).
        b: a vector (n,), or a matrix (n, k) of k right-hand sides, or a stack of such matrices.

    Returns: x, in the shape of b. By the product rule dx = a⁻¹ (db - da · x); the derivatives
        are those of the elimination itself, to any order.

    Raises: ShapeError for shapes that do not fit; MatrixError where a is singular. In a function
        that is compiled numbers are not known: there the result of a singular matrix is infinite
        or NaN.

    The method is elimination with partial pivoting, as in LAPACK. In a function that is compiled
    rows are exchanged when it runs, so it is right for every matrix; this takes some n³ nodes.

    Example:
        >>> import autograd_bp as bp
        >>> bp.linalg.solve([[0.0, 2.0], [4.0, 0.0]], [2.0, 8.0])
        [2.0, 1.0]
        >>> bp.grad(lambda x: bp.linalg.solve([[0.0, x], [x, 0.0]], [1.0, 1.0])[0])(2.0)
        -0.25
    """
    matrix, right = Operand("solve", "a", a), Operand("solve", "b", b)
    matrix.require_square()
    return solved_for_right_sides(
        matrix, right, lambda rows, columns: _solution("solve", rows, columns)
    )


def inv(a: Any) -> Any:
    """The inverse of a square matrix, or of each matrix of a stack.

    Raises: ShapeError unless a is square; MatrixError where it is singular.

    `solve(a, b)` takes fewer operations than `inv(a) @ b`, and is more accurate.

    Example:
        >>> import autograd_bp as bp
        >>> bp.linalg.inv([[0.0, 2.0], [4.0, 0.0]])
        [[0.0, 0.25], [0.5, 0.0]]
    """
    matrix = Operand("inv", "a", a)
    matrix.require_square()
    n = matrix.shape[-1]
    identity = [[float(i == j) for j in range(n)] for i in range(n)]
    return apply_to_stacks(
        lambda rows: flattened(_solution("inv", rows, identity)), [matrix], [2], (n, n)
    )


def det(a: Any) -> Any:
    """The determinant of a square matrix, or of each matrix of a stack; 1 for the empty matrix.

    Raises: ShapeError unless a is square.

    A singular matrix has a determinant, 0, and derivatives: they are right as well, to any
    order. Small matrices are expanded, without a division; the determinant of others is the
    product of the pivots. In a function that is compiled the numbers are not known: there, a
    matrix of more than 7 rows in which a whole column is eliminated gives NaN.

    Example:
        >>> import autograd_bp as bp
        >>> bp.grad(bp.linalg.det)([[1.0, 2.0], [2.0, 4.0]])
        [[4.0, -2.0], [-2.0, 1.0]]
    """
    matrix = Operand("det", "a", a)
    matrix.require_square()
    return apply_to_stacks(lambda rows: [_determinant(rows)], [matrix], [2], ())


def slogdet(a: Any) -> tuple[Any, Any]:
    """The sign of the determinant and the logarithm of its absolute value, which neither
    overflows nor underflows; (0, -inf) for a singular matrix.

    Raises: ShapeError unless a is square.

    Example:
        >>> import autograd_bp as bp
        >>> bp.linalg.slogdet([[0.0, 1.0], [1.0, 0.0]])
        (-1.0, 0.0)
    """
    matrix = Operand("slogdet", "a", a)
    matrix.require_square()
    pairs = [_sign_and_logarithm(rows) for rows in matrix.items(2)]
    stack = matrix.stack(2)
    signs = build([sign for sign, _ in pairs], stack, matrix.is_array)
    return signs, build([logarithm for _, logarithm in pairs], stack, matrix.is_array)


def _solution(function: str, rows: Rows, right: Rows) -> Rows:
    form = Elimination(function, rows, right)
    n = form.size
    return back_substituted(form.rows, [row[n:] for row in form.rows])


def _determinant(rows: Rows) -> Number:
    limit = MAX_EXPANDED_TRACED if is_traced(*flattened(rows)) else MAX_EXPANDED
    if len(rows) <= limit:
        return expanded(rows)
    form = Elimination("det", rows, singular=True)
    product = form.rest
    for pivot in form.pivots:
        product = product * pivot
    return product * form.sign


def _sign_and_logarithm(rows: Rows) -> tuple[Number, Number]:
    form = Elimination("slogdet", rows, singular=True)
    sign, logarithm = form.sign, 0.0
    factors = form.pivots if form.rank == form.size else [*form.pivots, form.rest]
    for factor in factors:
        sign = sign * ops.sign(factor)
        logarithm = logarithm + ops.log(ops.abs_(factor))
    return sign, logarithm
