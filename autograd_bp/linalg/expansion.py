"""Determinants without a division: they have all derivatives where the matrix is singular too."""

from __future__ import annotations

import itertools

from autograd_bp import functions as f
from autograd_bp.linalg.matrices import Number, Row, Rows


def expanded(rows: Rows) -> Number:
    """The determinant by Laplace's expansion, row after row: a sum of products for each set of
    columns, 2ⁿ in all.

    It is as accurate as each of its n! terms, whatever the scale of rows and columns.
    """
    n = len(rows)
    minors: dict[tuple[int, ...], Number] = {(): 1.0}
    for k, row in enumerate(rows):
        negated = [-entry for entry in row] if k else row
        minors = {
            columns: _expansion(columns, row, negated, minors)
            for columns in itertools.combinations(range(n), k + 1)
        }
    return minors[tuple(range(n))]


def _expansion(
    columns: tuple[int, ...], row: Row, negated: Row, minors: dict[tuple[int, ...], Number]
) -> Number:
    """The minor of these columns and the rows up to this one, along this one."""
    if len(columns) == 1:
        return row[columns[0]]
    last = len(columns) - 1
    factors = [negated[j] if (last - i) % 2 else row[j] for i, j in enumerate(columns)]
    smaller = [minors[columns[:i] + columns[i + 1 :]] for i in range(len(columns))]
    return f.dot(factors, smaller)


def division_free(rows: Rows) -> Number:
    """The determinant by n⁴ multiplications and additions (R. S. Bird, A simple division-free
    algorithm for computing determinants, Information Processing Letters 111, 2011)."""
    n = len(rows)
    if n == 0:
        return 1.0
    product = rows
    for _ in range(n - 1):
        upper = [
            [-f.sum([product[k][k] for k in range(i + 1, n)]), *product[i][i + 1 :]]
            for i in range(n)
        ]
        product = [
            [f.dot(upper[i], [rows[k][j] for k in range(i, n)]) for j in range(n)] for i in range(n)
        ]
    return product[0][0] if n % 2 else -product[0][0]
