"""The determinant by expansion along the first row, minor after minor."""

import numpy as np

import autograd_bp as bp
from benchmarks.gradbench.protocol import function, plain


@bp.compiled
def determinant(a):
    minors = {}  # a minor belongs to its columns: there are 2ⁿ of them

    def of_columns(columns):
        row = len(a) - len(columns)
        if len(columns) == 1:
            return a[row][columns[0]]
        if columns not in minors:
            total = 0.0
            for k, column in enumerate(columns):
                product = a[row][column] * of_columns(columns[:k] + columns[k + 1 :])
                total = total - product if k % 2 else total + product
            minors[columns] = total
        return minors[columns]

    return of_columns(tuple(range(len(a))))


def matrix(given):
    return np.array(given["A"], dtype=float).reshape(given["ell"], given["ell"])


@function(matrix, plain)
def primal(a):
    return determinant(a)


@function(matrix, lambda slopes: slopes.ravel().tolist())
def gradient(a):
    return determinant.grad(a)
