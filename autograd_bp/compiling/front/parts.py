"""Parts of the result of a compiled function: each in the shape of a tree, and how they stand
together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from autograd_bp.compiling.front.tables import RowsOf
from autograd_bp.derivatives.trees import Tree

Tables = Mapping[str, RowsOf]  # the arguments that are rows of tables
NO_TABLES: Tables = MappingProxyType({})


@dataclass(frozen=True)
class Part:
    """Outputs that are handed out together: in the shape of a tree, summed over the rows or
    as arrays with the rows first.

    Attributes:
        tree: the shape.
        summed: whether they are summed.
        title: what they are, in words.
        arrange: makes what is handed out of an array (numbers,), or (numbers, rows) where they are
            not summed, in the place of the tree.
        added_to: the argument to whose tables the numbers of each row are added; none when empty.
    """

    tree: Tree
    summed: bool
    title: str = "the value"
    arrange: Callable[[Any], Any] | None = None
    added_to: str = ""

    @property
    def is_plain(self) -> bool:
        """Whether it is handed out in the shape of its tree, the rows first."""
        return self.arrange is None and not self.added_to

    @property
    def is_added(self) -> bool:
        """Whether its numbers are added to the entries of tables."""
        return bool(self.added_to)

    @property
    def spaces(self) -> list[tuple[Tree | int, bool]]:
        """What native code makes of its numbers: a tree, or so many in an array, and whether they
        are summed."""
        return [(self.tree if self.is_plain else self.tree.size, self.summed)]

    def of_spaces(self, spaces: Iterator[Any], tables: Tables) -> Any:
        """Return the caller's result, from what native code made."""
        numbers = next(spaces)
        if self.added_to:
            return tables[self.added_to].added(numbers, is_transposed=False)
        if self.arrange is not None:
            return self.arrange(numbers if self.summed else numbers.T)
        return numbers

    @property
    def marks(self) -> list[bool]:
        """For each number whether it is summed over the rows."""
        return [self.summed] * self.tree.size

    def count(self, summed: bool) -> int:
        """How many of its numbers are summed over the rows, or are not."""
        return self.tree.size if self.summed == summed else 0

    def of_numbers(self, sums: Any, per_row: Any, tables: Tables = NO_TABLES) -> Any:
        """Return the caller's result, from its outputs that are summed and an array (outputs,
        rows)."""
        if self.added_to:
            return tables[self.added_to].added(per_row, is_transposed=True)
        if self.arrange is not None:
            return self.arrange(sums if self.summed else per_row)
        return _tree_of(self.tree, sums) if self.summed else _over_rows(self.tree, per_row)


@dataclass(frozen=True)
class Result:
    """How the caller's result is made from numbers.

    Attributes:
        parts: what they are handed out as.
        form: how the parts stand together: None for a part, a tuple for a tuple.
    """

    parts: tuple[Any, ...]
    form: Any = None

    @property
    def summed(self) -> list[bool]:
        """For each number, whether it is summed over the rows."""
        return [mark for part in self.parts for mark in part.marks]

    @property
    def begins_with_the_value(self) -> bool:
        """Whether the first number that is summed is the value, a single number."""
        first = self.parts[0]
        return isinstance(first, Part) and bool(first.summed and first.tree.key == "number")

    @property
    def is_plain(self) -> bool:
        """Whether it is a part, or a pair of parts, in the shapes of their trees: what native code
        hands out by itself."""
        plain = all(isinstance(part, Part) and part.is_plain for part in self.parts)
        return plain and self.form in (None, (None, None))

    def of_spaces(self, spaces: Sequence[Any], tables: Tables) -> Any:
        """Return the caller's result, from what native code made of the spaces of its parts."""
        rest = iter(spaces)
        return _formed(self.form, iter([part.of_spaces(rest, tables) for part in self.parts]))

    def of_numbers(self, sums: Any, per_row: Any, tables: Tables = NO_TABLES) -> Any:
        """Return the caller's result, from its outputs that are summed and an array (outputs,
        rows)."""
        results, places = [], {True: 0, False: 0}
        for part in self.parts:
            some = {}
            for mark, numbers in ((True, sums), (False, per_row)):
                start = places[mark]
                places[mark] += part.count(mark)
                some[mark] = numbers[start : places[mark]]
            results.append(part.of_numbers(some[True], some[False], tables))
        return _formed(self.form, iter(results))


def _formed(form: Any, parts: Iterator[Any]) -> Any:
    return next(parts) if form is None else tuple([_formed(inner, parts) for inner in form])


def _tree_of(tree: Tree, numbers: Any) -> Any:
    """A tree of that shape, from an array of floats."""
    if tree.is_array:
        return numbers.reshape(tree.shape).copy()
    if tree.is_flat or not any(block.is_array for block in tree.children):
        return tree.result(numbers.tolist())
    parts, start = [], 0
    for block in tree.blocks():
        parts.append(_tree_of(block, numbers[start : start + block.size]))
        start += block.size
    return tree.map_blocks(iter(parts))


def _over_rows(tree: Tree, numbers: Any) -> Any:
    """A tree of that shape with arrays, rows first, from an array (outputs, rows)."""
    parts, start = [], 0
    for block in tree.blocks():
        part = numbers[start : start + block.size].T.copy()
        parts.append(part.reshape(len(part), *block.shape))
        start += block.size
    return tree.map_blocks(iter(parts))


def single(parts: Sequence[Part]) -> Result:
    """A part alone, or a tuple of several."""
    return Result(tuple(parts), None if len(parts) == 1 else (None,) * len(parts))
