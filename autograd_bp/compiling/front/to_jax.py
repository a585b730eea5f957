"""A compiled function as a function of JAX."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from autograd_bp.compiling.backends.choosing import BackendChoice
from autograd_bp.compiling.backends.jax import JaxLoops, JaxPrimitives
from autograd_bp.compiling.front.checkpoints import Checkpointed
from autograd_bp.compiling.front.foreign import (
    foreign_call,
    handed_out,
    needs_limit_in_jax,
    require_real,
)
from autograd_bp.compiling.front.guarded import content_with_nan
from autograd_bp.compiling.front.jax_parts import JaxParts
from autograd_bp.compiling.front.ready import ReadyProgram, no_collections
from autograd_bp.compiling.loops.loops import Loops
from autograd_bp.compiling.loops.rolling import roll
from autograd_bp.errors import FrozenNumberError, MissingExtraError, SettingError

Compiled = Any  # compiled.py imports this file
Array = Any  # of JAX


def to_jax(compiled: Compiled) -> Callable[..., Any]:
    """See `Compiled.to_jax`."""
    jax = _jax()
    library, primitives = _Library(jax), JaxPrimitives(jax)
    prepared: dict[int, tuple[Any, Callable[..., Any]]] = {}

    def function(*args: Any, **kwargs: Any) -> Any:
        with no_collections():  # JAX calls this once, to trace it
            return computed(args, kwargs)

    def computed(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        _require_doubles(jax, compiled.__name__)
        call = foreign_call(library, compiled._arguments, args, kwargs)
        ready = compiled._program_for("value", call.packed)
        if ready.captured.leaves:
            names = ", ".join(leaf.label or "one without a name" for leaf in ready.captured.leaves)
            raise FrozenNumberError(
                f"{compiled.__name__} takes Values from outside ({names}), and JAX would keep the "
                "numbers that they have while it traces: pass them as arguments"
            )
        if ready.guard is not None and ready.guard.has_endless:
            raise needs_limit_in_jax(compiled.__name__)
        ready = ready.with_all_rounds
        if id(ready) not in prepared:
            prepared[id(ready)] = ready, _computed(jax, ready, primitives)
        sums, per_row = prepared[id(ready)][1](call.parameters, call.inputs)
        (part,) = ready.result.parts
        return handed_out(part, sums if part.summed else per_row, lambda array: array.T)

    return _named(function, compiled)


def _computed(
    jax: Any, ready: ReadyProgram, primitives: JaxPrimitives
) -> Callable[[Array, Array], tuple[Array, Array]]:
    """A function of the parameters and the inputs of rows: the outputs that are summed, and the
    others; NaN for a row in which something goes wrong."""
    guard = None if ready.guard is None else ready.guard.backend
    if not any(isinstance(some, Checkpointed) for some in (ready.backend, guard)):
        content = content_with_nan(ready.content, ready.guard)
        loops = content if isinstance(content, Loops) else roll(content)
        return JaxLoops(jax, loops, primitives)

    def by_rows(backend: BackendChoice | Checkpointed) -> Callable[[Array, Array], Array]:
        if isinstance(backend, Checkpointed):
            return JaxParts(jax, backend.parts, primitives)
        program = backend.program
        each = JaxLoops(
            jax, roll(replace(program, summed=(False,) * len(program.outputs))), primitives
        )
        return lambda parameters, inputs: each(parameters, inputs)[1]

    compute = by_rows(ready.backend)
    fault = None if guard is None else by_rows(guard)
    is_summed = bool(ready.result.parts[0].summed)

    def function(parameters: Array, inputs: Array) -> tuple[Array, Array]:
        numbers = compute(parameters, inputs)
        if fault is not None:
            numbers = jax.numpy.where(fault(parameters, inputs)[0] != 0.0, math.nan, numbers)
        return (numbers.sum(axis=1), numbers[:0]) if is_summed else (numbers[0, :0], numbers)

    return function


class _Library:
    """JAX as foreign.py uses it."""

    def __init__(self, jax: Any) -> None:
        self._np = jax.numpy

    def array(self, numbers: Any) -> Array:
        require_real(numbers)
        return self._np.asarray(numbers, dtype=float)

    def concatenate(self, arrays: Sequence[Array], axis: int) -> Array:
        return self._np.concatenate(arrays, axis=axis)


def _jax() -> Any:
    try:
        import jax
        import jax.scipy.special
    except ImportError:
        raise MissingExtraError(
            'to_jax needs JAX, which is not installed: pip install "autograd_bp[jax]"'
        ) from None
    return jax


def _require_doubles(jax: Any, name: str) -> None:
    if not jax.config.jax_enable_x64:
        raise SettingError(
            f"{name} computes with doubles, and JAX makes floats of 32 bits of them: switch its "
            'doubles on before anything else, by jax.config.update("jax_enable_x64", True) or '
            "JAX_ENABLE_X64=1"
        )


def _named(function: Callable[..., Any], compiled: Compiled) -> Callable[..., Any]:
    names = ("__module__", "__name__", "__qualname__", "__doc__")
    return functools.wraps(compiled, assigned=names, updated=())(function)
