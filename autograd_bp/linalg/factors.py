"""Factorisations: Cholesky's, and by reflections, which solves least squares too."""

from __future__ import annotations

from typing import Any

from autograd_bp import functions as f
from autograd_bp import primitives as ops
from autograd_bp.errors import MatrixError
from autograd_bp.linalg.elimination import back_substituted, choose, is_traced, less_products
from autograd_bp.linalg.matrices import (
    Number,
    Operand,
    Row,
    Rows,
    apply_to_stacks,
    build,
    data,
    flattened,
    solved_for_right_sides,
    transposed,
)

EPSILON = 2.0**-52


def cholesky(a: Any) -> Any:
    """L of a = L · Lᵀ, lower triangular with a positive diagonal.

    Arguments:
        a: a symmetric positive definite matrix, or a stack of them. As with NumPy its lower
            triangle is read, the diagonal included; what stands above gets no gradient.

    Raises: ShapeError unless a is square; MatrixError where it is not positive definite (in a
        function that is compiled the result is NaN then).

    Example:
        >>> import autograd_bp as bp
        >>> bp.linalg.cholesky([[4.0, 2.0], [2.0, 10.0]])
        [[2.0, 0.0], [1.0, 3.0]]
    """
    matrix = Operand("cholesky", "a", a)
    matrix.require_square()
    shape = matrix.shape[-2:]
    return apply_to_stacks(lambda rows: flattened(_cholesky(rows)), [matrix], [2], shape)


def qr(a: Any) -> tuple[Any, Any]:
    """Q and R of a = Q · R: Q has orthogonal columns of length 1, R is upper triangular.

    Arguments:
        a: a matrix (m, n), or a stack of them. With k = min(m, n), Q is (m, k) and R is (k, n).

    Raises: ShapeError for what is no matrix; MatrixError where one of the first k columns depends
        on those before it: there Q has no derivative.

    The signs of R's diagonal are those of LAPACK, save where a column has nothing to eliminate.

    Example:
        >>> import autograd_bp as bp
        >>> q, r = bp.linalg.qr([[3.0], [4.0]])
        >>> [[round(x, 12) for x in row] for row in q], r
        ([[-0.6], [-0.8]], [[-5.0]])
    """
    matrix = Operand("qr", "a", a)
    matrix.require(2, "a matrix")
    m, n = matrix.shape[-2:]
    k = min(m, n)
    q: Row = []
    r: Row = []
    for rows in matrix.items(2):
        form = Reflections("qr", rows, n)
        identity = [[float(i == j) for j in range(k)] for i in range(m)]
        q += flattened(form.backward(identity))
        r += flattened([[0.0] * i + form.rows[i][i:] for i in range(k)])
    stack = matrix.stack(2)
    return (
        build(q, (*stack, m, k), matrix.is_array),
        build(r, (*stack, k, n), matrix.is_array),
    )


def lstsq(a: Any, b: Any) -> Any:
    """The x for which ‖a · x - b‖ is least; of several the shortest.

    Arguments:
        a: a matrix (m, n) of full rank, or a stack of them.
        b: a vector (m,), or a matrix (m, k) of k right-hand sides, or a stack of such matrices.

    Returns: x, of shape (n,) or (n, k): what NumPy's lstsq returns first.

    Raises: ShapeError for shapes that do not fit; MatrixError where the rank is less than
        min(m, n), so that the derivatives are not defined.

    Example:
        >>> import autograd_bp as bp
        >>> line = bp.linalg.lstsq([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]], [1.0, 3.0, 5.0])
        >>> [round(x, 12) for x in line]
        [1.0, 2.0]
    """
    matrix, right = Operand("lstsq", "a", a), Operand("lstsq", "b", b)
    matrix.require(2, "a matrix")
    n = matrix.shape[-1]
    return solved_for_right_sides(
        matrix, right, lambda rows, columns: _least_squares(rows, columns, n)
    )


def _cholesky(rows: Rows) -> Rows:
    n = len(rows)
    lower: Rows = [[0.0] * n for _ in range(n)]
    for j in range(n):
        left = lower[j][:j]
        square = less_products(rows[j][j], left, left)
        if not is_traced(square) and not data(square) > 0.0:
            raise MatrixError(
                f"cholesky: the matrix is not positive definite: after {j} steps {data(square)!r} "
                f"stands on the diagonal in row {j}; check that it is symmetric, and that no row "
                "depends on others"
            )
        lower[j][j] = ops.sqrt(square)
        for i in range(j + 1, n):
            rest = less_products(rows[i][j], lower[i][:j], left)
            lower[i][j] = ops.div(rest, lower[j][j])
    return lower


def _least_squares(rows: Rows, right: Rows, n: int) -> Rows:
    m = len(rows)
    if m >= n:
        form = Reflections("lstsq", rows, n)
        form.require_full_rank()
        return back_substituted(form.rows[:n], form.forward(right)[:n])
    # Too few equations: a = Rᵀ Qᵀ, and the shortest solution is Q R⁻ᵀ b.
    form = Reflections("lstsq", transposed(rows, n), m)
    form.require_full_rank()
    mirrored = [[form.rows[m - 1 - j][m - 1 - i] for j in range(m)] for i in range(m)]
    reached = back_substituted(mirrored, right[::-1])[::-1]
    width = len(right[0]) if right else 0
    return form.backward([*reached, *([0.0] * width for _ in range(n - m))])


class Reflections:
    """a = Q · R by Householder's reflections (Golub and Van Loan, Matrix Computations, 5.2).

    Each maps a column x to (α, 0, ..., 0) with α = ∓‖x‖: it is y + v (v · y) / (α v_0), where
    v = x - (α, 0, ..., 0).

    Attributes:
        rows: R, with what was eliminated still below its diagonal.
    """

    def __init__(self, function: str, rows: Rows, width: int) -> None:
        self._function = function
        self.rows = [list(row) for row in rows]
        self._size = min(len(rows), width)
        self._reflections: list[tuple[int, Row, Number]] = []
        for k in range(min(len(rows) - 1, width)):
            self._eliminate(k)

    def _eliminate(self, k: int) -> None:
        x = [row[k] for row in self.rows[k:]]
        length = f.norm(x)
        if not is_traced(length) and data(length) == 0.0:
            raise MatrixError(
                f"{self._function}: column {k} depends on the columns before it: the "
                "factorisation has no derivative there; leave that column out"
            )
        first = x[0]
        if is_traced(first):
            alpha = choose(ops.greater_equal(first, 0.0), -length, length)
        else:
            alpha = -length if data(first) >= 0.0 else length
        v = [first - alpha, *x[1:]]
        scale = alpha * v[0]
        self._reflections.append((k, v, scale))
        self.rows = self._reflected(self.rows, k, v, scale, k + 1)
        self.rows[k][k] = alpha

    @staticmethod
    def _reflected(rows: Rows, k: int, v: Row, scale: Number, start: int) -> Rows:
        """The rows from k on, reflected in their columns from `start` on."""
        result = [*rows[:k], *([*row] for row in rows[k:])]
        for j in range(start, len(rows[k])):
            factor = ops.div(f.dot(v, [row[j] for row in rows[k:]]), scale)
            for i, component in enumerate(v):
                result[k + i][j] = rows[k + i][j] + component * factor
        return result

    def forward(self, rows: Rows) -> Rows:
        """Qᵀ times the rows."""
        for k, v, scale in self._reflections:
            rows = self._reflected(rows, k, v, scale, 0)
        return rows

    def backward(self, rows: Rows) -> Rows:
        """Q times the rows."""
        for k, v, scale in reversed(self._reflections):
            rows = self._reflected(rows, k, v, scale, 0)
        return rows

    def require_full_rank(self) -> None:
        """Raise MatrixError where R's diagonal says that columns depend on each other."""
        diagonal = [self.rows[k][k] for k in range(self._size)]
        if is_traced(*diagonal):
            return
        sizes = [abs(data(entry)) for entry in diagonal]
        least = EPSILON * max(len(self.rows), self._size) * max(sizes, default=0.0)
        for k, size in enumerate(sizes):
            if size <= least:
                raise MatrixError(
                    f"{self._function}: the matrix has not full rank: column {k} depends on "
                    "others, so that the solution has no derivative; leave that column out"
                )
