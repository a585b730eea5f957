"""compiled: a function of numbers, run over rows of data as a program."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, overload

from autograd_bp.compiling.front.compiled import Compiled, RetraceWarning
from autograd_bp.words import explains_keywords

__all__ = ["Compiled", "RetraceWarning", "compiled"]


@overload
def compiled(
    function: Callable[..., Any],
    *,
    rows: str | Iterable[str] = (),
    static: str | Iterable[str] = (),
    wrt: int | str | Sequence[int | str] = 0,
    reduce: str | None = "sum",
    backend: str = "auto",
    threads: int | None = None,
    sparse: bool = False,
    dtype: str = "float64",
) -> Compiled: ...


@overload
def compiled(
    *,
    rows: str | Iterable[str] = (),
    static: str | Iterable[str] = (),
    wrt: int | str | Sequence[int | str] = 0,
    reduce: str | None = "sum",
    backend: str = "auto",
    threads: int | None = None,
    sparse: bool = False,
    dtype: str = "float64",
) -> Callable[[Callable[..., Any]], Compiled]: ...


@explains_keywords
def compiled(
    function: Callable[..., Any] | None = None,
    *,
    rows: str | Iterable[str] = (),
    static: str | Iterable[str] = (),
    wrt: int | str | Sequence[int | str] = 0,
    reduce: str | None = "sum",
    backend: str = "auto",
    threads: int | None = None,
    sparse: bool = False,
    dtype: str = "float64",
) -> Any:
    """A function of numbers as a program that runs over rows of data.

    Arguments:
        function: ordinary scalar code: operators and functions of this library on numbers,
            nested lists, tuples, dicts, dataclasses and arrays of numbers.
        rows: the parameters that have a value for each row; in the call an array of shape
            (rows, ...) stands for them, or a dict, named tuple or dataclass of such arrays, or a
            list with one of these for each row. All other arguments are shared by the rows.
        static: the parameters that are no numbers to compute with (a size, a flag, a name);
            each of their values has a program of its own.
        wrt: the parameter that derivatives are taken by, its position or name; several, as in
            wrt=("camera", "point"), give a tuple of gradients.
        reduce: "sum" adds up the rows; None hands out a result for each.
        backend: what runs the program: "tape", "llvm", "numpy", "reference", or "auto" for what
            suits; docs/compiling.md describes them, `.backend` of the function tells which it is.
        threads: how many may share the rows of a call; all processors when left out. The results
            are the same, to the bit, for any number.
        sparse: whether `jacobian` and `hessian` give matrices of scipy.sparse.
        dtype: "float64", or "float32" for a program of floats of 32 bits.

    Returns: a `Compiled`, called like the function; without `function`, a decorator.

    Raises: SettingError for options that do not fit the function. A call raises BranchError
        where the function compares Values, ShapeError where rows or shapes do not fit,
        OperandError for what is no number.

    Example:
        >>> import numpy as np
        >>> import autograd_bp as bp
        >>> @bp.compiled(rows=("x", "d"))
        ... def performance(w, x, d):
        ...     return bp.performance(d, bp.sigmoid(bp.dot(w, x)))
        >>> X, D = np.array([[1.0, 2.0], [3.0, -1.0]]), np.array([1.0, 0.0])
        >>> value, gradient = performance.value_and_grad([0.0, 0.0], X, D)
        >>> value, gradient
        (-0.25, [-0.25, 0.375])
    """

    def make(function: Callable[..., Any]) -> Compiled:
        return Compiled(
            function,
            rows=rows,
            static=static,
            wrt=wrt,
            reduce=reduce,
            backend=backend,
            threads=threads,
            sparse=sparse,
            dtype=dtype,
        )

    return make if function is None else make(function)
