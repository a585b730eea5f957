"""The arguments of a compiled function as arrays of another library, JAX or torch.

The shapes of the arguments choose the program. Their numbers become two arrays of that library, one
of all parameters and one of the inputs of all rows, by operations that it differentiates.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from autograd_bp.compiling.front.arguments import Arguments
from autograd_bp.compiling.front.packed import Packed
from autograd_bp.compiling.front.parts import Part
from autograd_bp.compiling.front.rows import is_container
from autograd_bp.compiling.front.tables import RowsOf
from autograd_bp.derivatives.trees import parts_of_tree
from autograd_bp.errors import OperandError, SettingError, ShapeError
from autograd_bp.value import Value

Array = Any  # of the other library


class Library(Protocol):
    """The functions that are needed of the other library."""

    def array(self, numbers: Any) -> Array:
        """Numbers, or an array of any library, as an array of doubles."""

    def concatenate(self, arrays: Sequence[Array], axis: int) -> Array:
        """Several arrays as one."""


@dataclass(frozen=True)
class ForeignCall:
    """The arguments of one call.

    Attributes:
        packed: their shapes, with other numbers.
        passed: the arguments by name, with such numbers.
        parameters: an array (parameters,).
        inputs: an array (inputs, rows).
    """

    packed: Packed
    passed: dict[str, Any]
    parameters: Array
    inputs: Array


def foreign_call(
    library: Library, arguments: Arguments, args: Sequence[Any], kwargs: dict[str, Any]
) -> ForeignCall:
    """The arguments of a call.

    Raises: as `Arguments.pack`.
    """
    shared: list[Array] = [library.array(np.zeros(0))]
    columns: list[Array] = []
    passed = arguments.passed(args, kwargs)
    for name, argument in passed.items():
        if name in arguments.static:
            continue
        leaves: list[Array] = []
        passed[name] = _stand_in(library, argument, name in arguments.rows, leaves)
        if name in arguments.rows:
            columns += [leaf.reshape(len(leaf), _rest(leaf.shape)).T for leaf in leaves]
        else:
            shared += [leaf.reshape(-1) for leaf in leaves]
    packed = arguments.pack((), passed)
    inputs = columns or [library.array(np.zeros((0, 1)))]
    return ForeignCall(
        packed, passed, library.concatenate(shared, 0), library.concatenate(inputs, 0)
    )


def _rest(shape: Sequence[int]) -> int:
    return int(np.prod(shape[1:], dtype=np.int64))


def _stand_in(library: Library, argument: Any, has_rows: bool, leaves: list[Array]) -> Any:
    """The argument with ones in the places of its numbers, which are added to `leaves`."""
    if has_rows and isinstance(argument, RowsOf):
        leaves.append(argument.joined(library.array, library.concatenate))
        return np.ones(tuple(leaves[-1].shape))
    if has_rows and not is_container(argument):
        if isinstance(argument, (list, tuple)) and argument and is_container(argument[0]):
            return _records(library, argument, leaves)
        leaves.append(_table(library, argument))
        if not leaves[-1].shape:
            raise ShapeError(f"an argument that has rows is an array of them, got {argument!r:.60}")
        return np.ones(tuple(leaves[-1].shape))
    parts, make = parts_of_tree(argument)
    if parts is not None:
        return make([_stand_in(library, part, has_rows, leaves) for part in parts])
    if argument is None or isinstance(argument, (str, bytes)):
        return argument
    array = library.array(argument)
    leaves.append(array)
    shape = tuple(array.shape)
    return np.ones(shape) if shape else 1.0


def require_real(numbers: Any) -> None:
    """Raises OperandError for what is no real number and no array of them."""
    kind = str(getattr(numbers, "dtype", type(numbers).__name__))
    if isinstance(numbers, Value):
        raise OperandError(
            "a Value was given to a function of another library, which knows none: pass its .data"
        )
    if kind.rpartition(".")[2].startswith(("bool", "complex", "object", "str")):
        raise OperandError(f"real numbers are needed, got {kind}: convert them first")


def _table(library: Library, argument: Any) -> Array:
    """Rows as one array: a list may have arrays of the library in it."""
    if isinstance(argument, (list, tuple)):
        rows = [_table(library, part) for part in argument]
        if not rows:
            return library.array(np.zeros(0))
        return library.concatenate([row.reshape(1, *row.shape) for row in rows], 0)
    return library.array(argument)


def _records(library: Library, records: Sequence[Any], leaves: list[Array]) -> Any:
    """A list with a tree for each row."""
    lines = []
    stand_ins = []
    for record in records:
        line: list[Array] = []
        stand_ins.append(_stand_in(library, record, False, line))
        flat = [leaf.reshape(-1) for leaf in line]
        lines.append(library.concatenate(flat, 0))
    leaves.append(library.concatenate([line.reshape(1, -1) for line in lines], 0))
    return stand_ins


def handed_out(part: Part, numbers: Array, stack: Callable[[Array], Array]) -> Any:
    """Return the caller's result, from an array (numbers,), or (numbers, rows) of what is not
    summed.

    Arguments:
        part: its shape.
        numbers: the array.
        stack: transposes an array (numbers, rows).
    """
    parts, start = [], 0
    for block in part.tree.blocks():
        some = numbers[start : start + block.size]
        start += block.size
        shape = block.shape if part.summed else (numbers.shape[1], *block.shape)
        parts.append((some if part.summed else stack(some)).reshape(shape))
    return part.tree.map_blocks(iter(parts))


def needs_limit_in_jax(name: str) -> SettingError:
    """The error of a function of JAX whose loops have no limit."""
    return SettingError(
        f"{name} has a loop that goes around as often as numbers say, and JAX compiles shapes that "
        "do not change, once: give the loop limit=, the most rounds that there may be, and one for "
        "which there is memory"
    )
