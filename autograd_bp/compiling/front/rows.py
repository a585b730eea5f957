"""Arguments that have rows: an array with the rows first, a tree of such arrays, or a list of trees
of which there is one for each row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd_bp.compiling.front.tables import RowsOf, not_real, require_no_mask
from autograd_bp.derivatives.tree_differences import difference
from autograd_bp.derivatives.trees import Tree, as_array, flatten
from autograd_bp.errors import OperandError, ShapeError
from autograd_bp.value import Value


@dataclass(frozen=True)
class Table:
    """An argument that has rows.

    Attributes:
        numbers: an array (rows, numbers of a row), of floats, or of objects where there are Values.
        tree: the shape of a row.
    """

    numbers: Any
    tree: Tree

    def __len__(self) -> int:
        return len(self.numbers)

    def row(self, k: int) -> Any:
        """The argument of one row, as the function takes it."""
        return self.tree.build(self.numbers[k].tolist())


def table_of(function: str, name: str, argument: Any) -> Table:
    """An argument that has rows, taken apart; Values may be among its numbers.

    Raises: ShapeError where the rows are not of one shape; OperandError for what is no number.
    """
    if isinstance(argument, RowsOf):
        rows = argument.joined(lambda table: table)
        tree = tree_of_array(rows.shape[1:])
        return Table(rows.reshape(len(rows), tree.size), tree)
    if is_container(argument):
        return _of_columns(function, name, argument)
    if isinstance(argument, (list, tuple)) and argument and is_container(argument[0]):
        return _of_records(function, name, argument)
    require_no_mask(argument, f"{function}: {name}")
    array = np.asarray(argument, dtype=object if holds_values(argument) else None)
    if array.dtype == object:
        leaves, _ = flatten(array, f"argument {name!r} of {function}")
        array = as_array(leaves, array.shape)
    if array.ndim == 0:
        raise ShapeError(f"{function}: {name} has rows, got the single number {argument!r:.60}")
    tree = tree_of_array(array.shape[1:])
    return Table(array.reshape(len(array), tree.size), tree)


def is_container(argument: Any) -> bool:
    """Whether an argument is a dict, a dataclass or a named tuple: then each of its parts has the
    rows first. Lists and tuples are tables, as NumPy reads them."""
    return (
        isinstance(argument, dict)
        or (isinstance(argument, tuple) and hasattr(argument, "_fields"))
        or hasattr(type(argument), "__dataclass_fields__")
    )


def tree_of_array(shape: tuple[int, ...]) -> Tree:
    """The shape of an array, or of a number."""
    return flatten(np.ones(shape) if shape else 1.0)[1]


def holds_values(argument: Any) -> bool:
    """Whether there is a Value somewhere in a tree."""
    pending = [argument]
    while pending:
        part = pending.pop()
        if isinstance(part, Value):
            return True
        if isinstance(part, (list, tuple)):
            pending += part
        elif isinstance(part, RowsOf):
            pending += part.tables
        elif isinstance(part, dict):
            pending += part.values()
        elif isinstance(part, np.ndarray):
            pending += part.ravel().tolist() if part.dtype == object else []
        elif hasattr(type(part), "__dataclass_fields__"):
            pending += vars(part).values()
    return False


def columns_of(function: str, name: str, results: Any) -> Table:
    """Return the columns of something shaped like a result for each row: arrays or lists of
    numbers, the rows first, in a tree, in which lists and tuples of such are containers.

    Raises: as `table_of`.
    """
    return _of_columns(function, name, results, lists=True)


def _of_columns(function: str, name: str, argument: Any, *, lists: bool = False) -> Table:
    """A tree whose arrays have the rows first."""
    columns: list[tuple[str, Table]] = []

    def column(part: Any, place: str) -> Any:
        table = table_of(function, name + place, part)
        if columns and len(table) != len(columns[0][1]):
            raise ShapeError(
                f"{function}: {name}{place} has {len(table)} rows and {columns[0][0]} has "
                f"{len(columns[0][1])}: one row of each belongs together"
            )
        columns.append((name + place, table))
        # One row stands for the part, so that the tree is that of a row.
        return table.tree.build([1.0] * table.tree.size)

    like = _mapped(argument, column, "", lists)
    tree = flatten(like, f"argument {name!r} of {function}")[1]
    if not columns:
        raise ShapeError(f"{function}: {name} has rows, and it is empty: give it arrays")
    return Table(np.concatenate([table.numbers for _, table in columns], axis=1), tree)


def _mapped(tree: Any, change: Callable[[Any, str], Any], place: str, lists: bool) -> Any:
    """The containers of a tree with what `change` makes of each array or list in them.

    Arguments:
        tree: the tree.
        change: what is done with an array, and the place where it stands.
        place: where the tree stands.
        lists: whether lists and tuples are containers, unless they hold numbers alone.
    """

    def inner(part: Any, name: str) -> Any:
        return _mapped(part, change, place + name, lists)

    if isinstance(tree, dict):
        return {key: inner(part, f"[{key!r}]") for key, part in tree.items()}
    if isinstance(tree, tuple) and hasattr(tree, "_fields"):
        parts = [inner(getattr(tree, n), f".{n}") for n in tree._fields]
        make: Callable[[Any], Any] = type(tree)._make  # type: ignore[attr-defined]
        return make(parts)
    if hasattr(type(tree), "__dataclass_fields__"):
        import dataclasses

        fields = [f for f in dataclasses.fields(tree) if f.init and not f.metadata.get("static")]
        names = [field.name for field in fields]
        parts_of = {n: inner(getattr(tree, n), f".{n}") for n in names}
        return dataclasses.replace(tree, **parts_of)
    if lists and isinstance(tree, (list, tuple)) and any(map(_is_no_number, tree)):
        return type(tree)([inner(part, f"[{k}]") for k, part in enumerate(tree)])
    return change(tree, place)


def _is_no_number(part: Any) -> bool:
    return is_container(part) or isinstance(part, (list, tuple)) or np.ndim(part) > 0


def _of_records(function: str, name: str, records: Sequence[Any]) -> Table:
    """A list with a dict, a dataclass or a named tuple for each row."""
    lines, trees = [], []
    for k, record in enumerate(records):
        leaves, tree = flatten(record, f"{name}[{k}] of {function}")
        lines.append(leaves)
        trees.append(tree)
    odd = [k for k, tree in enumerate(trees) if tree != trees[0]]
    if odd:
        raise ShapeError(
            f"{function}: {name}[{odd[0]}] is {trees[odd[0]]} and {name}[0] is {trees[0]}: the "
            "rows must have one shape, and the same keys in the same order; "
            f"{difference(trees[odd[0]], trees[0])}"
        )
    entries = [leaf for line in lines for leaf in line]
    return Table(as_array(entries, (len(lines), trees[0].size)), trees[0])


def require_numbers(function: str, name: str, table: Table, argument: Any) -> None:
    """Raises OperandError for a table that is not of real numbers."""
    if table.numbers.dtype.kind not in "fiu":
        raise OperandError(not_real(function, name, argument, table.numbers.dtype))
