"""Linear algebra on numbers and Values: small, dense, differentiable to any order.

NumPy's own `np.linalg` calls LAPACK, which knows floats only. On a `ValueArray` its `solve`, `inv`
and their like call this package; on an ordinary array of objects they raise a TypeError. The
functions here have the same names, take the same arguments and return the same shapes; what they
compute is recorded, as sums of products, so that derivatives of every order, `compiled` and
formulas work as they do for any other operation.

Matrices are arrays of NumPy or lists of lists. The result is an array where an argument is one,
else a list; it holds floats where all numbers are floats. More dimensions than a function needs
are a stack: the function is applied to each of its matrices.

The files: matrices.py reads arguments and builds results, elimination.py factorises with pivots,
expansion.py computes determinants without a division, and solving.py, factors.py and products.py
have the functions.
"""

import typing as _typing

from autograd_bp.linalg.factors import cholesky, lstsq, qr
from autograd_bp.linalg.products import matmul, norm, trace
from autograd_bp.linalg.solving import det, inv, slogdet, solve

__all__ = [
    "cholesky",
    "det",
    "inv",
    "lstsq",
    "matmul",
    "norm",
    "qr",
    "slogdet",
    "solve",
    "trace",
]


def __getattr__(name: str) -> _typing.Any:
    if name.startswith("_"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from autograd_bp.errors import UnknownNameError

    raise UnknownNameError(
        f"autograd_bp.linalg has no {name!r}: it has {', '.join(__all__)}; other functions of "
        "arrays of numbers can be called by way of bp.custom, which takes their gradient"
    )
