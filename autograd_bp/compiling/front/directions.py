"""The tangents and cotangents of a call of a compiled function, as numbers to pack."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

from autograd_bp.compiling.front.packed import Directions
from autograd_bp.compiling.front.tables import RowsOf
from autograd_bp.derivatives.likeness import arranged, leaves_like
from autograd_bp.derivatives.tree_differences import difference
from autograd_bp.derivatives.trees import Tree
from autograd_bp.errors import ShapeError
from autograd_bp.value import Value


class Directing:
    """What `Arguments` knows of directions.

    Attributes:
        name: what the function is called.
        rows: the arguments that have rows.
        wrt: those that derivatives are taken by.
        is_single: whether that is one, and no tuple.
    """

    name: str
    rows: frozenset[str]
    wrt: tuple[str, ...]
    is_single: bool
    _signature: inspect.Signature

    def _numbers(self, name: str, argument: Any) -> tuple[Any, Tree]:
        raise NotImplementedError

    def _table(self, name: str, argument: Any) -> tuple[Any, Tree]:
        raise NotImplementedError

    def _wrt_tree(self, trees: dict[str, Tree]) -> Tree:
        raise NotImplementedError

    def _directions(
        self,
        directions: Directions,
        trees: dict[str, Tree],
        tables: dict[str, RowsOf],
        sources: dict[str, str],
    ) -> dict[str, tuple[Any, Tree, bool]]:
        """The numbers of tangents and cotangents by name, their shapes, whether they have rows."""
        packed: dict[str, tuple[Any, Tree, bool]] = {}
        if "tangent" in directions:
            packed.update(self._tangents(directions["tangent"], trees, tables, sources))
        if "cotangent" in directions:
            cotangent, varies = directions["cotangent"]
            pack = self._cotangents if varies else self._numbers
            packed[self._free("cotangent")] = (*pack("the cotangent", cotangent), varies)
        return packed

    def _free(self, name: str) -> str:
        """The name, or another one where a parameter has it."""
        return name if name not in self._signature.parameters else f"the {name}"

    def _tangents(
        self,
        tangent: Any,
        trees: dict[str, Tree],
        tables: dict[str, RowsOf],
        sources: dict[str, str],
    ) -> Iterator[tuple[str, tuple[Any, Tree, bool]]]:
        name = self._free("tangent")
        if self.rows.isdisjoint(self.wrt):
            yield name, (*self._like("tangent", tangent, self._wrt_tree(trees)), False)
            return
        parts = [tangent] if self.is_single else tangent
        if not isinstance(parts, (list, tuple)) or len(parts) != len(self.wrt):
            raise ShapeError(
                f"the tangent must be a tuple with a part for each of {', '.join(self.wrt)}, got "
                f"{type(tangent).__name__}"
            )
        for k, (argument, part) in enumerate(zip(self.wrt, parts, strict=True)):
            what = f"the tangent of {argument}"
            place = name if self.is_single else f"{name}[{k}]"
            if argument not in self.rows:
                yield place, (*self._like(what, part, trees[argument]), False)
                continue
            rows = part
            if argument in tables:
                rows = tables[place] = tables[argument].like(part, what).checked(self.name, what)
                sources[place] = argument
            elif trees[argument].children:
                rows = arranged(part, trees[argument])
                rows = part if rows is None else rows
            numbers, tree = self._table(what, rows)
            self._require_like(tree, trees[argument])
            yield place, (numbers, tree, True)

    def _like(self, name: str, direction: Any, expected: Tree) -> tuple[Any, Tree]:
        """The numbers of a direction, and its shape: that of what it belongs to. Other containers
        are taken where it is clear which number belongs where.

        Raises: ShapeError where it is not.
        """
        leaves, tree = self._numbers(name, direction)
        if tree != expected:
            others = leaves_like(direction, expected, f"argument {name!r} of {self.name}")
            if others is None:
                self._require_like(tree, expected)
            else:
                leaves = others
        return leaves, expected

    def _require_like(self, tree: Tree, expected: Tree) -> None:
        if tree != expected:
            raise ShapeError(
                f"the tangent must have the shape of {', '.join(self.wrt)}: "
                f"{difference(tree, expected)}"
            )

    def _cotangents(self, name: str, cotangent: Any) -> tuple[Any, Tree]:
        """A cotangent for each row: arrays with the rows first, or lists of numbers, in a tree."""
        from autograd_bp.compiling.front.rows import columns_of

        records = columns_of(self.name, name, cotangent)
        return records.numbers.astype(float, copy=False), records.tree

    def _tangent_leaves(self, leaves: dict[str, list[Value]]) -> list[Value]:
        name = self._free("tangent")
        if name in leaves:
            return leaves[name]
        parts = [leaves.get(f"{name}[{k}]", []) for k in range(len(self.wrt))]
        return [leaf for part in parts for leaf in part]
