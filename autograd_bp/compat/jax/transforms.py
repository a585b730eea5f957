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
from autograd_bp.derivatives.trees import parts_of_tree
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


def jacfwd(fun: Function, argnums: Argnums = 0, has_aux: bool = False, **_: Any) -> Function:
    """All derivatives of the outputs, in forward mode."""
    return derivatives.jacobian(fun, _which(argnums), mode="forward", has_aux=has_aux)


def jacrev(fun: Function, argnums: Argnums = 0, has_aux: bool = False, **_: Any) -> Function:
    """All derivatives of the outputs, in reverse mode."""
    return derivatives.jacobian(fun, _which(argnums), mode="reverse", has_aux=has_aux)


def hessian(fun: Function, argnums: Argnums = 0) -> Function:
    """All second derivatives of a function that returns one number."""
    return derivatives.hessian(fun, _which(argnums))


def jvp(
    fun: Function, primals: Sequence[Any], tangents: Sequence[Any], has_aux: bool = False
) -> Any:
    """The value, its derivative in a direction, and with `has_aux` what else `fun` returns."""
    value, tangent = derivatives.jvp(fun, tuple(primals), tuple(tangents))
    return (value[0], tangent[0], value[1]) if has_aux else (value, tangent)


def linearize(fun: Function, *primals: Any) -> Any:
    """The value, and the function that gives its derivative in a direction."""
    return fun(*primals), lambda *tangents: jvp(fun, primals, tangents)[1]


def vjp(fun: Function, *primals: Any, has_aux: bool = False) -> Any:
    """The value, and the function that gives the gradients of its product with a cotangent; with
    `has_aux` what else the function returns."""
    value, pull = derivatives.vjp(fun, *primals)

    def gradients(cotangent: Any) -> Any:
        if has_aux:
            cotangent = (cotangent, tree_map(lambda leaf: np.zeros(np.shape(leaf))[()], value[1]))
        slopes = pull(cotangent)
        return (slopes,) if len(primals) == 1 else slopes

    return (value[0], gradients, value[1]) if has_aux else (value, gradients)


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


def vmap(fun: Function, in_axes: Any = 0, out_axes: Any = 0) -> Function:
    """The function of each row, side by side. Inside a compiled function the rows become loops.

    Arguments:
        fun: a function of one row of each argument.
        in_axes: the axis of each argument that has the rows, or a tree of these for its parts; None
            for what all rows share.
        out_axes: the axis of the rows in the results, or a tree of these.

    Example:
        >>> import numpy
        >>> from autograd_bp.compat import jax
        >>> jax.vmap(lambda w, x: w * x, in_axes=(None, 0))(2.0, numpy.array([1.0, 3.0])).tolist()
        [2.0, 6.0]
    """

    @functools.wraps(fun)
    def mapped(*args: Any, **names: Any) -> Any:
        axes = _axes_of_arguments(in_axes, args)
        leaves = [(x, axis) for pair in zip(args, axes, strict=True) for x, axis in _pairs(*pair)]
        leaves += [(x, 0) for x in tree_leaves(names)]
        sizes = {np.shape(leaf)[axis] for leaf, axis in leaves if axis is not None}
        if len(sizes) != 1:
            raise ShapeError(
                f"vmap needs rows of one number, got {sorted(sizes)}: in_axes={in_axes!r} says "
                "which axis of each argument has the rows, None that all rows share it"
            )
        results = [
            fun(
                *[_row(x, axis, k) for x, axis in zip(args, axes, strict=True)],
                **_row(names, 0, k),
            )
            for k in range(*sizes)
        ]
        return _stacked(results, out_axes)

    return mapped


def _axes_of_arguments(in_axes: Any, args: tuple[Any, ...]) -> tuple[Any, ...]:
    if not isinstance(in_axes, (tuple, list)):
        return (in_axes,) * len(args)
    if len(in_axes) != len(args):
        raise ShapeError(
            f"vmap: in_axes={in_axes!r} has {len(in_axes)} entries for {len(args)} arguments: "
            "write one for each argument by place; arguments by name have rows along axis 0"
        )
    return tuple(in_axes)


def _pairs(tree: Any, axes: Any) -> list[tuple[Any, Any]]:
    """Each leaf and its axis: a whole number, or None, holds for all leaves below it."""
    if axes is None or isinstance(axes, int):
        return [(leaf, axes) for leaf in tree_leaves(tree)]
    if isinstance(tree, dict):
        return [pair for key in tree for pair in _pairs(tree[key], axes[key])]
    parts, below = parts_of_tree(tree)[0], parts_of_tree(axes)[0]
    return [
        pair
        for each, axis in zip(parts or (), below or (), strict=True)
        for pair in _pairs(each, axis)
    ]


def _stacked(results: list[Any], out_axes: Any) -> Any:
    """The results of the rows in arrays; their axis may differ from part to part."""
    if isinstance(out_axes, int):
        return tree_map(lambda *rows: jnp.stack(list(rows), axis=out_axes), *results)
    if out_axes is None:
        return results[0]
    _, make = parts_of_tree(results[0])
    rows = [parts_of_tree(result)[0] or [] for result in results]
    if isinstance(out_axes, dict):
        rows = [[result[key] for key in out_axes] for result in results]
        _, make = parts_of_tree(out_axes)
    below = parts_of_tree(out_axes)[0] or []
    parts = zip(zip(*rows, strict=True), below, strict=True)
    return make([_stacked(list(part), axis) for part, axis in parts])


def checkpoint(fun: Function, **_: Any) -> Function:
    """The function itself: what is kept for a gradient is said by `autograd_bp.fori` and `scan`."""
    return fun


def block_until_ready(tree: Any) -> Any:
    """The tree itself: nothing is computed later."""
    return tree


def _row(argument: Any, axes: Any, k: int) -> Any:
    if axes is None:
        return argument
    if isinstance(axes, int):
        return tree_map(lambda leaf: leaf[(slice(None),) * (axes % leaf.ndim) + (k,)], argument)
    parts, make = parts_of_tree(argument)
    if isinstance(argument, dict):
        return make([_row(part, axes[key], k) for key, part in argument.items()])
    below = parts_of_tree(axes)[0]
    return make([_row(part, axis, k) for part, axis in zip(parts or (), below or (), strict=True)])


def _which(argnums: Argnums) -> Any:
    return argnums if isinstance(argnums, int) else tuple(argnums)


def _listed(names: Any) -> list[Any]:
    return [names] if isinstance(names, (int, str)) else list(names)
