"""Elimination with partial pivoting: P·A = L·U, with right-hand sides beside the matrix.

Each entry of L and U is one sum of products (Doolittle's form; Golub and Van Loan, Matrix
Computations, 3.4): an n × n matrix is recorded as some n² nodes.

Which row holds the pivot depends on numbers. In a function that is being compiled these are not
known yet, so there two rows are exchanged by `where`, a choice that is made when the program runs.
The exchanges happen in the same order in both ways, and so the numbers are the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograd_bp import functions as f
from autograd_bp import primitives as ops
from autograd_bp.contexts import may_branch
from autograd_bp.errors import MatrixError
from autograd_bp.linalg.expansion import division_free
from autograd_bp.linalg.matrices import Number, Row, Rows, data
from autograd_bp.value import Value


def is_traced(*entries: Number) -> bool:
    """Whether choices may not be made by these numbers: they will be others when it runs."""
    return not may_branch.get() and any(isinstance(entry, Value) for entry in entries)


def larger(a: Number, b: Number) -> Any:
    """|a| > |b|: a truth value, or a condition for `where` in a function that is compiled."""
    if is_traced(a, b):
        return ops.greater(ops.abs_(a), ops.abs_(b))
    return abs(data(a)) > abs(data(b))


def choose(condition: Any, yes: Number, no: Number) -> Number:
    if not isinstance(condition, Value):
        return yes if condition else no
    if yes is no or (not isinstance(yes, Value) and not isinstance(no, Value) and yes == no):
        return yes
    return ops.where(condition, yes, no)


def less_products(entry: Number, left: Sequence[Number], right: Sequence[Number]) -> Number:
    """entry - Σ left_i · right_i, without the terms in which a plain 0 stands."""
    pairs = [
        (a, b)
        for a, b in zip(left, right, strict=True)
        if (isinstance(a, Value) or a != 0.0) and (isinstance(b, Value) or b != 0.0)
    ]
    if not pairs:
        return entry
    products = f.dot([a for a, _ in pairs], [b for _, b in pairs])
    return -products if not isinstance(entry, Value) and entry == 0.0 else entry - products


class Elimination:
    """A square matrix, and right-hand sides, brought to triangular form.

    Arguments:
        function: the function that is called, for errors.
        matrix: the rows of the matrix.
        right: for each row its numbers on the right-hand sides.
        singular: what happens where a column has no pivot: True goes on with another column, and
            if the rest of the matrix is 0 stops there; False raises.

    Attributes:
        size: n.
        rows: U on and above the diagonal, followed by L⁻¹ P times the right-hand sides.
        sign: the sign of the permutation: 1.0, -1.0, or a Value.
        rest: the determinant of what was left where a singular matrix ended the elimination.

    Raises: MatrixError where the matrix is singular, unless `singular` is True.
    """

    def __init__(
        self, function: str, matrix: Rows, right: Rows | None = None, *, singular: bool = False
    ) -> None:
        self.size = len(matrix)
        self.rows = [
            [*row, *beside] for row, beside in zip(matrix, right or [[]] * self.size, strict=True)
        ]
        self.sign: Number = 1.0
        self.rest: Number = 1.0
        self.rank = self.size
        self._function, self._singular = function, singular
        for k in range(self.size):
            if not self._find_pivot(k):
                break
            self._finish(k)

    @property
    def pivots(self) -> Row:
        """The diagonal of U, as far as the elimination went."""
        return [self.rows[k][k] for k in range(self.rank)]

    def _entry(self, i: int, j: int, k: int) -> Number:
        """The entry in row i and column j after k steps."""
        row = self.rows[i]
        return less_products(row[j], row[:k], [self.rows[m][j] for m in range(k)])

    def _find_pivot(self, k: int) -> bool:
        """Bring the largest number of column k to the diagonal."""
        column = [self._entry(i, k, k) for i in range(k, self.size)]
        if self._is_zero(column):
            if not self._singular:
                raise MatrixError(
                    f"{self._function}: the matrix is singular: after {k} steps of elimination "
                    f"column {k} has no number other than 0 left, so there is no single "
                    "solution; leave out rows and columns that depend on others, or use lstsq"
                )
            return self._exchange_columns(k)
        for i, entry in enumerate(column, start=k):
            self.rows[i][k] = entry
        for i in range(k + 1, self.size):
            self._exchange_rows(larger(self.rows[i][k], self.rows[k][k]), k, i)
        return True

    def _exchange_rows(self, condition: Any, k: int, i: int) -> None:
        rows = self.rows
        if not isinstance(condition, Value):
            if condition:
                rows[k], rows[i] = rows[i], rows[k]
                self.sign = -self.sign
            return
        pairs = list(zip(rows[k], rows[i], strict=True))
        rows[k] = [choose(condition, b, a) for a, b in pairs]
        rows[i] = [choose(condition, a, b) for a, b in pairs]
        self.sign = choose(condition, -1.0, 1.0) * self.sign

    def _exchange_columns(self, k: int) -> bool:
        """Go on with a column that has a pivot; where all that is left is 0, end here."""
        places = range(k, self.size)
        left = [[self._entry(i, j, k) for j in places] for i in places]
        for j in range(1, len(left)):
            if not self._is_zero([row[j] for row in left]):
                for row in self.rows:
                    row[k], row[k + j] = row[k + j], row[k]
                self.sign = -self.sign
                return self._find_pivot(k)
        self.rank, self.rest = k, division_free(left)
        return False

    def _is_zero(self, column: Row) -> bool:
        return not is_traced(*column) and all(data(entry) == 0.0 for entry in column)

    def _finish(self, k: int) -> None:
        """Row k of U and of the right-hand sides, and column k of L."""
        row = self.rows[k]
        for j in range(k + 1, len(row)):
            row[j] = self._entry(k, j, k)
        for i in range(k + 1, self.size):
            below = self.rows[i]
            if isinstance(below[k], Value) or below[k] != 0.0:
                below[k] = ops.div(below[k], row[k])


def back_substituted(upper: Rows, right: Rows) -> Rows:
    """X of U·X = R, from the last row to the first; only the upper triangle is read."""
    n = len(upper)
    columns = len(right[0]) if right else 0
    solution: Rows = [[] for _ in range(n)]
    for i in range(n - 1, -1, -1):
        for j in range(columns):
            known = [solution[k][j] for k in range(i + 1, n)]
            rest = less_products(right[i][j], upper[i][i + 1 : n], known)
            solution[i].append(ops.div(rest, upper[i][i]))
    return solution
