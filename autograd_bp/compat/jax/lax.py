"""jax.lax: control flow with the arguments that JAX has, and its operations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd_bp import flow, functions
from autograd_bp.compat.jax import numpy as jnp
from autograd_bp.compat.jax.array import as_jax
from autograd_bp.compat.jax.lax_operations import (  # noqa: F401
    clamp,
    concatenate,
    cumprod,
    cumsum,
    div,
    iota,
    operation,
    round,
    rsqrt,
    sort,
)
from autograd_bp.compat.jax.tree_util import tree_map
from autograd_bp.flow.common import is_open

Function = Callable[..., Any]


def scan(f: Function, init: Any, xs: Any = None, length: int | None = None, **options: Any) -> Any:
    """The last carry, and an array of all y, of `carry, y = f(carry, x)`."""
    options.pop("unroll", None)  # how JAX writes the loop down
    return flow.scan(lambda carry, x: f(_own(carry), x), init, xs, length=length, **options)


def fori_loop(lower: Any, upper: Any, body_fun: Function, init_val: Any, **_: Any) -> Any:
    """`body_fun(i, carry)` for i from lower to upper - 1."""
    if isinstance(lower, int) and lower == 0:
        return flow.fori(upper, lambda i, carry: body_fun(i, _own(carry)), init_val)
    rounds = upper - lower
    return flow.fori(rounds, lambda i, carry: body_fun(i + lower, _own(carry)), init_val)


def while_loop(cond_fun: Function, body_fun: Function, init_val: Any) -> Any:
    """`body_fun(carry)` as long as `cond_fun(carry)` holds."""
    return flow.while_loop(cond_fun, lambda carry: body_fun(_own(carry)), init_val)


def _own(carry: Any) -> Any:
    """Copies of the arrays in a carry: `carry += x` changes an array here, which may be an output
    of an earlier round, and makes another one in JAX."""
    return tree_map(lambda leaf: leaf.copy() if isinstance(leaf, np.ndarray) else leaf, carry)


def cond(pred: Any, true_fun: Function, false_fun: Function, *operands: Any, **names: Any) -> Any:
    """One of two functions of the operands."""
    if "operand" in names:
        operands = (names["operand"],)
    return flow.cond(pred, true_fun, false_fun, *operands)


def switch(index: Any, branches: Sequence[Function], *operands: Any) -> Any:
    """The branch with this number, or the nearest one."""
    last = len(branches) - 1
    if not is_open(index):
        return branches[min(max(int(getattr(index, "data", index)), 0), last)](*operands)

    def chosen(k: int) -> Function:
        if k == last:
            return branches[k]
        return lambda *parts: flow.cond(index <= k, branches[k], chosen(k + 1), *parts)

    return chosen(0)(*operands)


def select(pred: Any, on_true: Any, on_false: Any) -> Any:
    """on_true where pred holds, else on_false, entry by entry."""
    return jnp.where(pred, on_true, on_false)


def stop_gradient(x: Any) -> Any:
    """x, which no derivative passes."""
    return tree_map(functions.stop_gradient, x)  # type: ignore[attr-defined]


def map(f: Function, xs: Any) -> Any:
    """f of each x, side by side."""
    return scan(lambda _, x: (None, f(x)), None, xs)[1]


def dynamic_slice(operand: Any, start_indices: Sequence[Any], slice_sizes: Sequence[int]) -> Any:
    """A part of an array of fixed size, which begins at indices that may be Values."""
    for axis, (start, size) in enumerate(zip(start_indices, slice_sizes, strict=True)):
        operand = dynamic_slice_in_dim(operand, start, size, axis)
    return operand


def dynamic_slice_in_dim(operand: Any, start_index: Any, slice_size: int, axis: int = 0) -> Any:
    """The same along one axis."""
    if slice_size == operand.shape[axis]:
        return operand
    places = jnp.array([start_index + k for k in range(slice_size)])
    index = (*(slice(None),) * axis, _whole(places))
    return as_jax(operand[index])


def dynamic_index_in_dim(operand: Any, index: Any, axis: int = 0, keepdims: bool = True) -> Any:
    """The entry at an index along one axis, which may be a Value."""
    place = (*(slice(None),) * axis, index)
    entry = operand[place]
    return jnp.expand_dims(entry, axis) if keepdims else entry


def _whole(places: Any) -> Any:
    return places.astype(int) if places.dtype.kind == "f" else places


def __getattr__(name: str) -> Any:
    return operation(name)
