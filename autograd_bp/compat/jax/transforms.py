"""Derivatives, jit and vmap, with the arguments that JAX has."""

# mypy: disable-error-code="no-any-return"
from __future__ import annotations

import functools
import importlib
import inspect
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd_bp import derivatives
from autograd_bp.compat.jax import numpy as jnp
from autograd_bp.compat.jax.tree_util import tree_leaves, tree_map
from autograd_bp.errors import ShapeError

Function = Callable[..., Any]
Argnums = int | Sequence[int]


def grad(fun: Function, argnums: Argnums = 0, has_aux: bool = False, **_: Any) -> Function:
    """The gradient of a function that returns one number.

    Example:
        >>> from autograd_bp.compat import jax
        >>> jax.grad(lambda x, y: x * y ** 2, argnums=1)(2.0, 3.0)
        12.0
    """
    return derivatives.grad(fun, _which(argnums), has_aux=has_aux)


def value_and_grad(fun: Function, argnums: Argnums = 0, has_aux: bool = False) -> Function:
    """As `grad`, returning (value, gradient)."""
    return derivatives.value_and_grad(fun, _which(argnums), has_aux=has_aux)


def jacfwd(fun: Function, argnums: Argnums = 0) -> Function:
    """All derivatives of the outputs, in forward mode."""
    return derivatives.jacobian(fun, _which(argnums), mode="forward")


def jacrev(fun: Function, argnums: Argnums = 0) -> Function:
    """All derivatives of the outputs, in reverse mode."""
    return derivatives.jacobian(fun, _which(argnums), mode="reverse")


def hessian(fun: Function, argnums: Argnums = 0) -> Function:
    """All second derivatives of a function that returns one number."""
    return derivatives.hessian(fun, _which(argnums))


def jvp(fun: Function, primals: Sequence[Any], tangents: Sequence[Any]) -> Any:
    """The value, and its derivative in a direction."""
    return derivatives.jvp(fun, tuple(primals), tuple(tangents))


def vjp(fun: Function, *primals: Any) -> Any:
    """The value, and the function that gives the gradient of its product with a cotangent."""
    value, pull = derivatives.vjp(fun, *primals)
    if len(primals) == 1:
        return value, lambda cotangent: (pull(cotangent),)
    return value, pull


def jit(fun: Function | None = None, **options: Any) -> Any:
    """The function as a program that is recorded once: `autograd_bp.compiled`.

    Arguments:
        fun: a function; without one the result is a decorator.
        **options: static_argnums and static_argnames, arguments that are no numbers, by place or by
            name; others say how JAX compiles, and are ignored.

    Example:
        >>> from autograd_bp.compat import jax
        >>> jax.jit(lambda x, n: x ** n, static_argnums=1)(2.0, 3)
        8.0
    """
    if fun is None:
        return functools.partial(jit, **options)
    compiled = importlib.import_module("autograd_bp.compiling").compiled
    names = list(inspect.signature(fun).parameters)
    static = [names[place] for place in _listed(options.get("static_argnums", ()))]
    static += _listed(options.get("static_argnames", ()))
    return compiled(fun, static=tuple(dict.fromkeys(static)))


def vmap(fun: Function, in_axes: Any = 0, out_axes: int = 0) -> Function:
    """The function of each row, side by side. Inside a compiled function the rows become loops.

    Arguments:
        fun: a function of one row of each argument.
        in_axes: the axis of each argument that has the rows; None for one that all rows share.
        out_axes: the axis of the rows in the results.

    Example:
        >>> import numpy
        >>> from autograd_bp.compat import jax
        >>> jax.vmap(lambda w, x: w * x, in_axes=(None, 0))(2.0, numpy.array([1.0, 3.0])).tolist()
        [2.0, 6.0]
    """

    @functools.wraps(fun)
    def mapped(*args: Any) -> Any:
        axes = in_axes if isinstance(in_axes, (tuple, list)) else (in_axes,) * len(args)
        sizes = {
            np.shape(leaf)[axis]
            for argument, axis in zip(args, axes, strict=True)
            if axis is not None
            for leaf in tree_leaves(argument)
        }
        if len(sizes) != 1:
            raise ShapeError(f"vmap needs rows of one number, got {sorted(sizes)}")
        results = [
            fun(*[_row(x, axis, k) for x, axis in zip(args, axes, strict=True)])
            for k in range(*sizes)
        ]
        return tree_map(lambda *rows: jnp.stack(list(rows), axis=out_axes), *results)

    return mapped


def checkpoint(fun: Function, **_: Any) -> Function:
    """The function itself: what is kept for a gradient is said by `autograd_bp.fori` and `scan`."""
    return fun


def block_until_ready(tree: Any) -> Any:
    """The tree itself: nothing is computed later."""
    return tree


def _row(argument: Any, axis: Any, k: int) -> Any:
    if axis is None:
        return argument

    def row(leaf: Any) -> Any:
        index = (*(slice(None),) * (axis % leaf.ndim), k)
        return leaf[index]

    return tree_map(row, argument)


def _which(argnums: Argnums) -> Any:
    return argnums if isinstance(argnums, int) else tuple(argnums)


def _listed(names: Any) -> list[Any]:
    return [names] if isinstance(names, (int, str)) else list(names)
