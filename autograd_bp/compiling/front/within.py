"""Compiled functions that are called on Values, inside other compiled functions and inside
derivatives: there the function itself runs, and what it does is recorded as always.

With rows it runs once for each, and results are summed or stacked as a program does it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from types import FrameType
from typing import Any

from autograd_bp import functions
from autograd_bp.compiling.front.rows import table_of
from autograd_bp.contexts import is_traced
from autograd_bp.derivatives.calls import Call
from autograd_bp.derivatives.jacobians import jacobian
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

    def run(self, kind: str, arguments: dict[str, Any], tangent: Any) -> Any:
        """What a compiled function computes; see `Compiled`.

        Arguments:
            kind: "value", "grad", "value_and_grad", "hvp" or "jacobian".
            arguments: by the names of the parameters.
            tangent: that of an hvp.
        """
        results = [
            self._result(kind, {**arguments, **row}, tangent) for row in self._rows(arguments)
        ]
        if not self.rows:
            return results[0]
        if kind == "value_and_grad":
            values, gradients = zip(*results, strict=True)
            return self._together(values, "value"), self._together(gradients, "grad")
        return self._together(results, kind)

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

    def _result(self, kind: str, arguments: dict[str, Any], tangent: Any) -> Any:
        if kind == "value":
            return self.function(**arguments)
        if kind == "hvp":
            return self._product(arguments, tangent)
        transform = {"grad": grad, "value_and_grad": value_and_grad, "jacobian": jacobian}[kind]
        return transform(self.function, self.wrt)(**arguments)

    def _product(self, arguments: dict[str, Any], tangent: Any) -> Any:
        call = Call(self.function, (), arguments, self.wrt)
        flat, _ = flatten(tangent, "the tangent")
        call.meets(flat)
        return call.shaped(call.slopes().reverse(flat))

    def _together(self, results: Sequence[Any], kind: str) -> Any:
        """The results of the rows as one: their sum, or arrays with the rows first."""
        if kind == "jacobian" and not (self.sums and self.rows.isdisjoint(self.names)):
            if isinstance(self.wrt, str):
                return _side_by_side(results)
            return tuple([_side_by_side(part) for part in zip(*results, strict=True)])
        if kind in ("value", "jacobian", "hvp") or isinstance(self.wrt, str):
            varies = kind != "value" and not self.rows.isdisjoint(self.names)
            return _joined(results, self.sums and not varies)
        return tuple(
            _joined(part, self.sums and name not in self.rows)
            for name, part in zip(self.wrt, zip(*results, strict=True), strict=True)
        )


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
