"""Derivatives of functions, with the argument that autograd has: `argnum`, one position or
several."""

# mypy: disable-error-code="no-any-return"
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from autograd_bp import derivatives
from autograd_bp.errors import SettingError

Function = Callable[..., Any]
Argnum = int | Sequence[int]


def grad(fun: Function, argnum: Argnum = 0) -> Function:
    """The gradient of a function that returns one number, with respect to argument `argnum`.

    Arguments:
        fun: a function of numbers, arrays, lists, tuples or dicts of numbers.
        argnum: the position of an argument; a tuple of them gives a tuple.

    Returns: a function of the same arguments; the gradient is shaped like the argument.

    Raises: as `autograd_bp.grad`.

    Example:
        >>> from autograd_bp.compat.autograd import grad
        >>> grad(lambda x, y: x * y ** 2, 1)(2.0, 3.0)
        12.0
    """
    return derivatives.grad(fun, _which(argnum))


def value_and_grad(fun: Function, argnum: Argnum = 0) -> Function:
    """As `grad`, returning (value, gradient)."""
    return derivatives.value_and_grad(fun, _which(argnum))


def jacobian(fun: Function, argnum: Argnum = 0) -> Function:
    """All derivatives of the outputs: an array of the output's shape by the argument's."""
    return derivatives.jacobian(fun, _which(argnum))


def hessian(fun: Function, argnum: Argnum = 0) -> Function:
    """All second derivatives of a function that returns one number."""
    return derivatives.hessian(fun, _which(argnum))


def elementwise_grad(fun: Function, argnum: int = 0) -> Function:
    """The derivative of the sum of the outputs: that of each output by its own input, where each
    output depends on one input only.

    Example:
        >>> import numpy
        >>> from autograd_bp.compat.autograd import elementwise_grad as egrad
        >>> egrad(lambda x: x ** 3)(numpy.array([1.0, 2.0]))
        array([ 3., 12.])
    """

    def gradient(*args: Any, **kwargs: Any) -> Any:
        function, x = _of_one(fun, argnum, args, kwargs)
        value, pullback = derivatives.vjp(function, x)
        return pullback(_ones(value))

    return gradient


def make_vjp(fun: Function, argnum: int = 0) -> Function:
    """A function of the same arguments that returns (vjp, value): `vjp(v)` is vᵀJ."""

    def made(*args: Any, **kwargs: Any) -> tuple[Function, Any]:
        function, x = _of_one(fun, argnum, args, kwargs)
        value, pullback = derivatives.vjp(function, x)
        return pullback, value

    return made


def make_jvp(fun: Function, argnum: int = 0) -> Function:
    """A function of the same arguments that returns jvp: `jvp(v)` is (value, J·v)."""

    def made(*args: Any, **kwargs: Any) -> Function:
        function, x = _of_one(fun, argnum, args, kwargs)
        return lambda v: derivatives.jvp(function, (x,), (v,))

    return made


def make_hvp(fun: Function, argnum: int = 0) -> Function:
    """A function of the same arguments that returns (hvp, gradient): `hvp(v)` is H·v."""
    return make_vjp(grad(fun, argnum), argnum)


def hessian_vector_product(fun: Function, argnum: int = 0) -> Function:
    """A function of the arguments, then a vector, that returns the Hessian times the vector."""

    def product(*args_and_vector: Any, **kwargs: Any) -> Any:
        *args, vector = args_and_vector
        function, x = _of_one(fun, argnum, args, kwargs)
        return derivatives.hvp(function, (x,), (vector,))[0]

    return product


def vector_jacobian_product(fun: Function, argnum: int = 0) -> Function:
    """A function of the arguments, then a vector v, that returns vᵀJ."""

    def product(*args_and_vector: Any, **kwargs: Any) -> Any:
        *args, vector = args_and_vector
        function, x = _of_one(fun, argnum, args, kwargs)
        return derivatives.vjp(function, x)[1](vector)

    return product


def _which(argnum: Argnum) -> Any:
    return argnum if isinstance(argnum, (int, str)) else tuple(argnum)


def _of_one(
    fun: Function, argnum: int, args: Sequence[Any], kwargs: dict[str, Any]
) -> tuple[Function, Any]:
    """The function of one of its arguments alone, and that argument."""
    if not isinstance(argnum, int) or not -len(args) <= argnum < len(args):
        raise SettingError(
            f"argnum is the position of one of the {len(args)} arguments, got {argnum!r}"
        )

    def function(x: Any) -> Any:
        given = [*args]
        given[argnum] = x
        return fun(*given, **kwargs)

    return function, args[argnum]


def _ones(value: Any) -> Any:
    shape = getattr(value, "shape", ())
    if not shape:
        return 1.0
    import numpy

    return numpy.ones(shape)
