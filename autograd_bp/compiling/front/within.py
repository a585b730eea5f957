"""Compiled functions that are called on Values, inside other compiled functions and inside
derivatives: there the function itself runs, and what it does is recorded as always.

With rows it runs once for each, and results are summed or stacked as a program does it.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from types import FrameType
from typing import Any

from autograd_bp import functions
from autograd_bp.compiling.front.results import DIRECTIONS, names_of_kind
from autograd_bp.compiling.front.rows import columns_of, table_of
from autograd_bp.compiling.front.tables import RowsOf
from autograd_bp.contexts import is_traced
from autograd_bp.derivatives.calls import Call
from autograd_bp.derivatives.jacobians import hessian, jacobian
from autograd_bp.derivatives.reverse import grad, value_and_grad
from autograd_bp.derivatives.trees import Tree, as_array, flatten
from autograd_bp.errors import ShapeError

RECORDING = (
    "derivatives",
    "checking.gradient",
    "compiling.front.guarded",
    "training",
    "drawing",
    "stepping",
)
"""The parts of the library that call functions of the user's on Values."""

_NO_TABLES: dict[str, RowsOf] = {}


def is_within() -> bool:
    """Whether a compiled function or one of RECORDING called the code that runs."""
    if is_traced():
        return True
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        package, _, part = str(frame.f_globals.get("__name__")).partition(".")
        if package == "autograd_bp" and part.startswith(RECORDING):
            return True
        frame = frame.f_back
    return False


def without_directions(kwargs: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The arguments of a function that are given by name, and the tangent and the cotangent."""
    names = {*DIRECTIONS.values()}
    others = {name: x for name, x in kwargs.items() if name not in names}
    return others, {name: x for name, x in kwargs.items() if name in names}


def require_directions(kind: str, directions: dict[str, Any], name: str) -> None:
    """Raises TypeError where a tangent or a cotangent is missing, or is not needed."""
    needed = {DIRECTIONS[part] for part in names_of_kind(kind) if part in DIRECTIONS}
    for direction in sorted(needed ^ {*directions}):
        problem = "needs" if direction in needed else "takes no"
        raise TypeError(f"{kind} of {name} {problem} {direction}=")


@dataclass(frozen=True)
class Recorded:
    """A function, and how its results are put together.

    Attributes:
        function: the function.
        wrt: the names of the arguments to differentiate by; one name where there is one.
        rows: those that have rows.
        sums: whether results are summed over the rows.
        name: what the function is called.
    """

    function: Callable[..., Any]
    wrt: str | tuple[str, ...]
    rows: frozenset[str]
    sums: bool
    name: str

    @property
    def names(self) -> tuple[str, ...]:
        """The arguments to differentiate by."""
        return (self.wrt,) if isinstance(self.wrt, str) else self.wrt

    def run(self, kind: str, arguments: dict[str, Any], directions: dict[str, Any]) -> Any:
        """Compute a compiled function; see `Compiled`.

        Arguments:
            kind: "value", "grad", "value_and_grad", "hvp", "jacobian" ...
            arguments: by the names of the parameters.
            directions: a tangent and a cotangent, by these names.
        """
        names = names_of_kind(kind)
        if len(names) > 1 and kind != "value_and_grad":
            return tuple([self.run(name, arguments, directions) for name in names])
        tables = {name: x for name, x in arguments.items() if isinstance(x, RowsOf)}
        lines = self._direction_rows(kind, directions, tables)
        results = [
            self._result(kind, {**arguments, **row}, line)
            for row, line in zip(self._rows(arguments), lines, strict=False)
        ]
        if not self.rows:
            return results[0]
        if kind == "value_and_grad":
            values, gradients = zip(*results, strict=True)
            value = self._together(values, "value", tables)
            return value, self._together(gradients, "grad", tables)
        return self._together(results, kind, tables)

    def _rows(self, arguments: dict[str, Any]) -> Iterator[dict[str, Any]]:
        if not self.rows:
            yield {}
            return
        tables = {name: table_of(self.name, name, arguments[name]) for name in self.rows}
        counts = {len(table) for table in tables.values()}
        if len(counts) != 1 or 0 in counts:
            raise ShapeError(
                f"{self.name} needs one row or more of each argument that has rows when it is "
                f"called on Values, got {sorted(counts)} rows"
            )
        for k in range(counts.pop()):
            yield {name: table.row(k) for name, table in tables.items()}

    def _direction_rows(
        self, kind: str, directions: dict[str, Any], tables: dict[str, RowsOf]
    ) -> Iterator[Any]:
        """For each row the tangent or the cotangent that belongs to it; None without one."""
        direction = directions.get(DIRECTIONS.get(kind, ""))
        if direction is None:
            return itertools.repeat(None)
        if kind == "vjp":
            if self.sums or not self.rows:
                return itertools.repeat(direction)
            table = columns_of(self.name, "the cotangent", direction)
            return iter([table.row(k) for k in range(len(table))])
        if self.rows.isdisjoint(self.names):
            return itertools.repeat(direction)
        parts = (direction,) if isinstance(self.wrt, str) else direction
        lines = []
        for name, part in zip(self.names, parts, strict=True):
            if name in self.rows:
                what = f"the tangent of {name}"
                rows = tables[name].like(part, what) if name in tables else part
                table = table_of(self.name, what, rows)
                lines.append(iter([table.row(k) for k in range(len(table))]))
            else:
                lines.append(itertools.repeat(part))
        return (
            line[0] if isinstance(self.wrt, str) else line for line in zip(*lines, strict=False)
        )

    def _result(self, kind: str, arguments: dict[str, Any], direction: Any) -> Any:
        if kind == "value":
            return self.function(**arguments)
        if kind in DIRECTIONS:
            return self._product(kind, arguments, direction)
        transform = {
            "grad": grad,
            "value_and_grad": value_and_grad,
            "jacobian": jacobian,
            "hessian": hessian,
        }[kind]
        return transform(self.function, self.wrt)(**arguments)

    def _product(self, kind: str, arguments: dict[str, Any], direction: Any) -> Any:
        call = Call(self.function, (), arguments, self.wrt)
        flat, _ = flatten(direction, f"the {DIRECTIONS[kind]}")
        call.meets(flat)
        if kind == "jvp":
            return call.forward(flat)
        return call.reverse(flat) if kind == "vjp" else call.shaped(call.slopes().reverse(flat))

    def _together(
        self, results: Sequence[Any], kind: str, tables: dict[str, RowsOf] = _NO_TABLES
    ) -> Any:
        """The results of the rows as one: their sum, or arrays with the rows first; added to the
        entries of tables that rows were read from."""
        if kind in ("jacobian", "hessian") and not (self.sums and self.rows.isdisjoint(self.names)):
            if isinstance(self.wrt, str):
                return _side_by_side(results)
            return _over_arguments(results, kind == "hessian")
        if kind in ("value", "jvp", "jacobian", "hessian") or isinstance(self.wrt, str):
            varies = kind not in ("value", "jvp") and not self.rows.isdisjoint(self.names)
            joined = _joined(results, self.sums and not varies)
            return self._added(self.wrt, joined, tables) if varies else joined
        return tuple(
            self._added(name, _joined(part, self.sums and name not in self.rows), tables)
            for name, part in zip(self.wrt, zip(*results, strict=True), strict=True)
        )

    def _added(self, name: Any, gradient: Any, tables: dict[str, RowsOf]) -> Any:
        if not self.sums or name not in tables:
            return gradient
        return tables[name].added_values(gradient, functions.sum)


def _over_arguments(results: Sequence[Any], twice: bool) -> Any:
    """A tuple with what `_side_by_side` makes for each argument, or for each pair of them."""
    parts = [*zip(*results, strict=True)]
    return tuple([_over_arguments(p, False) if twice else _side_by_side(p) for p in parts])


def _side_by_side(matrices: Sequence[Any]) -> Any:
    """The matrices of all rows as one array, or as a list where they are trees of another kind."""
    leaves, trees = zip(*[flatten(matrix, "a jacobian") for matrix in matrices], strict=True)
    shape = _shape_of(trees[0])
    if shape is None:
        return list(matrices)
    return as_array([x for line in leaves for x in line], (len(matrices), *shape))


def _shape_of(tree: Tree) -> tuple[int, ...] | None:
    """The shape of a number, of an array, or of a list of things of one shape."""
    if tree.is_array or tree.key == "number":
        return tree.shape
    if not isinstance(tree.key, tuple) or tree.key[0] not in (list, tuple):
        return None
    parts = {_shape_of(child) for child in tree.children}
    inner = parts.pop() if len(parts) == 1 else None
    return None if inner is None else (len(tree.children), *inner)


def _joined(results: Sequence[Any], summed: bool) -> Any:
    lines, trees = zip(*[flatten(result, "the result of a row") for result in results], strict=True)
    tree = trees[0]
    if any(other != tree for other in trees):
        raise ShapeError(f"the results of the rows differ in shape: {tree} and others")
    columns = list(zip(*lines, strict=True))
    if summed:
        return tree.result([functions.sum(column) for column in columns])
    parts, start = [], 0
    for block in tree.blocks():
        entries = [x for line in lines for x in line[start : start + block.size]]
        parts.append(as_array(entries, (len(lines), *block.shape)))
        start += block.size
    return tree.map_blocks(iter(parts))
