"""The derivatives of what a function returned, as programs or loops: see derived.py.

A `Derivation` asks for each piece in the quickest way that there is: loops, steps of a recurrence,
instructions one by one, or node by node as it is recorded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from autograd_bp import primitives as ops
from autograd_bp.compiling.front import recorded
from autograd_bp.compiling.front.by_loops import (
    Derivative,
    differentiated,
    leaves_of,
    space_of,
)
from autograd_bp.compiling.front.by_steps import Asked, Shorter, derivative_by_steps
from autograd_bp.compiling.front.flattened import Flattened
from autograd_bp.compiling.front.packed import Nodes
from autograd_bp.compiling.front.results import MATRICES
from autograd_bp.compiling.front.sparse import SparsePart
from autograd_bp.compiling.loops.differentiate import UnsupportedError
from autograd_bp.compiling.loops.loops import Loops, RepeatedLoops
from autograd_bp.compiling.loops.outputs import Outputs, runs_of
from autograd_bp.compiling.loops.writer import LoopWriter
from autograd_bp.compiling.program.merging import with_outputs
from autograd_bp.compiling.program.program import Program
from autograd_bp.derivatives.slopes import has_infinite_slope
from autograd_bp.value import Value

__all__ = ["RECORDED", "STEPS", "Derivation", "Piece", "selected"]

Number = Any  # a float or a Value
# Operations of a program whose derivative asks what a gradient of 0 is: where results are looked
# at, and in files, where nobody looks.
MAX_ASKED_AT_ONCE = 100
MAX_ASKED = 2000
MAX_SWEEPS = 16  # outputs of a recurrence that is swept for each of them
# How a derivative came about.
STEPS, RECORDED = "steps", "recorded"


class Piece:
    """A program or loops of one or several results.

    Arguments:
        content: the program or the loops.
        names: what they compute, the numbers of one result after those of another.
        counts: how many numbers each of them has.
        shorter: see Derived.
    """

    def __init__(
        self,
        content: Program | Loops,
        names: Sequence[str],
        counts: Sequence[int],
        shorter: Shorter | None = None,
    ) -> None:
        self.content, self.names, self.counts, self.shorter = content, names, counts, shorter


class Derivation:
    """The derivatives of what a function returned.

    Arguments: as of `derived`.
    """

    def __init__(
        self,
        outputs: list[Number],
        nodes: Nodes,
        sums: bool,
        sparse: bool,
        *,
        machine_code: bool = False,
        by_steps: bool = False,
    ) -> None:
        self._machine_code, self._by_steps = machine_code, by_steps
        self.outputs, self.nodes, self.sums, self.is_sparse = outputs, nodes, sums, sparse
        self.groups = [(tree.size, varies) for tree, varies in nodes.groups]
        self.by: list[tuple[str, Sequence[int]]] = []
        self.along: list[tuple[str, Sequence[int]]] = []
        start = 0
        for k, (size, varies) in enumerate(self.groups):
            some = slice(start, start + size)
            space = nodes.inputs if varies else nodes.parameters
            self.by.append(
                (space_of(varies), range(nodes.starts[k], nodes.starts[k] + size))
                if nodes.starts
                else leaves_of(nodes.wrt[some], space, varies)
            )
            self.along.append(leaves_of(nodes.tangent[some], space, varies))
            start += size
        self.marks = [sums and not varies for _, varies in self.groups]
        self.width = len(nodes.wrt)
        self.places: dict[str, list[tuple[int, int]]] = {}  # of the entries of matrices
        self._values: dict[bool, Flattened] = {}

    def flat(self, summed: bool, more: Sequence[Number] = ()) -> Flattened:
        """The value, and other numbers after it."""
        if not more and summed in self._values:
            return self._values[summed]
        numbers = [*self.outputs, *more]
        flat = Flattened(numbers, self.nodes, [summed] * len(numbers))
        if not more:
            self._values[summed] = flat
        return flat

    def product(self) -> list[Number]:
        """The product of the outputs with the cotangent: its gradient is the vjp."""
        return [ops.dot(*self.outputs, *self.nodes.cotangent)]

    def pieces(self, names: Sequence[str], *, may_be_open: bool = False) -> tuple[list[Piece], str]:
        """Programs or loops that compute these.

        Arguments:
            names: what is computed.
            may_be_open: whether a program may leave open what a gradient of 0 is; then only very
                small ones are recorded.

        Raises: UnsupportedError where the derivative has to be recorded.
        """
        base = self.flat(self.sums)
        most = min(MAX_ASKED_AT_ONCE, MAX_ASKED) if may_be_open else MAX_ASKED
        if base.size <= most and has_infinite_slope(set(base.program.codes)):
            raise UnsupportedError
        pieces, way = [], ""
        left = [*names]
        for sweep in (("grad", "hvp"), ("vjp",), ("jvp",)):
            if any(name in left for name in sweep):
                some = [name for name in ("value", *sweep) if name in left]
                piece, way = self._swept(some)
                pieces.append(piece)
                left = [name for name in left if name not in some]
        for name in [name for name in left if name != "value"]:
            piece, way = self._matrix(name)
            pieces.append(piece)
        if "value" in left:
            pieces.append(Piece(base.program, ["value"], [len(self.outputs)]))
        return pieces, way

    def _swept(self, names: Sequence[str]) -> tuple[Piece, str]:
        """The value, the gradient and products with derivatives, by one sweep or two."""
        count, width = len(self.outputs), self.width
        base = self.flat(self.sums, self.product() if "vjp" in names else ())
        kind = names[-1] if names[-1] in ("jvp", "hvp") else "grad"
        asked = Asked(
            "vjp" if "vjp" in names else kind, "value" in names, "grad" in names, self.marks
        )
        along = self.along if kind in ("jvp", "hvp") else ()
        content: Program | Loops | None = derivative_by_steps(
            base, self.by, along, asked, always=self._by_steps, machine_code=self._machine_code
        )
        way, shorter = STEPS, None
        if content is None:
            if not self._machine_code:
                shorter = Shorter(base, self.by, along, asked)
            content, way, _ = differentiated(
                base.program,
                kind,
                self.by,
                self.along,
                outputs=[count] if "vjp" in names else None,
                keep=range(count) if "value" in names else (),
                keep_gradient="grad" in names,
                summed=self.marks,
            )
        counts = {"value": count, "jvp": count}
        return Piece(content, names, [counts.get(name, width) for name in names], shorter), way

    def _matrix(self, name: str) -> tuple[Piece, str]:
        """The Jacobian, or the Hessian, argument after argument."""
        is_uniform = len({varies for _, varies in self.groups}) == 1
        flat = self.flat(is_uniform and all(self.marks))
        by_steps = self._matrix_by_steps(flat) if name == "jacobian" and is_uniform else None
        found = by_steps or differentiated(
            flat.program,
            name,
            self.by,
            summed=self.marks,
            is_dense=not self.is_sparse,
            may_be_loops=is_uniform,
        )
        self.places[name], content = self._ordered(name, found.places, found.content)
        return Piece(content, [name], [len(found.places)]), found.way

    def _matrix_by_steps(self, flat: Flattened) -> Derivative | None:
        """The Jacobian of a recurrence that has few outputs; None where it is none."""
        count = len(self.outputs)
        if self.is_sparse or count > MAX_SWEEPS:
            return None
        asked = Asked("jacobian", False, False, self.marks)
        content = derivative_by_steps(flat, self.by, (), asked, always=self._by_steps)
        places = [(i, j) for i in range(count) for j in range(self.width)]
        return None if content is None else Derivative(content, STEPS, places)

    def _ordered(
        self, name: str, places: list[tuple[int, int]], content: Program | Loops
    ) -> tuple[list[tuple[int, int]], Program | Loops]:
        """Entries argument after argument, in the place of row after row."""
        order = self.order(places, self._lines(name))
        if order != sorted(order):
            content = selected(content, order)
        return [places[k] for k in order], content

    def order(
        self, places: Sequence[tuple[int, int]], rows: Sequence[tuple[int, bool]]
    ) -> list[int]:
        """The order of entries by arguments: those of the output, and those of the input. Sparse
        matrices have them line by line."""
        if self.is_sparse:
            return sorted(range(len(places)), key=lambda k: places[k])
        down = [k for k, (size, _) in enumerate(rows) for _ in range(size)]
        along = [k for k, (size, _) in enumerate(self.groups) for _ in range(size)]
        return sorted(range(len(places)), key=lambda k: (down[places[k][0]], along[places[k][1]]))

    # -------------------------------------------------------------------------- node by node
    def recorded(self, names: Sequence[str]) -> list[Piece]:
        """A program of these as they are recorded."""
        numbers: list[Number] = []
        marks: list[bool] = []
        counts = []
        for name in names:
            entries, summed = self._recorded(name)
            numbers += entries
            marks += summed
            counts.append(len(entries))
        return [Piece(Flattened(numbers, self.nodes, marks).program, names, counts)]

    def _recorded(self, name: str) -> tuple[list[Number], list[bool]]:
        """The numbers of one result as nodes, and for each whether it is summed."""
        if name not in MATRICES:
            numbers = recorded.numbers(name, self.outputs, self.nodes)
            of_value = name in ("value", "jvp")
            return numbers, [self.sums] * len(numbers) if of_value else self._by_leaf()
        matrix = recorded.matrix(name, self.outputs, self.nodes)
        places = _places(matrix, is_dense=not self.is_sparse)
        order = self.order(places, self._lines(name))
        places = self.places[name] = [places[k] for k in order]
        return [matrix[i][j] for i, j in places], self._marks_of(name, places)

    def _by_leaf(self) -> list[bool]:
        """For each leaf whether derivatives by it are summed over the rows."""
        return [m for (n, _), m in zip(self.groups, self.marks, strict=True) for _ in range(n)]

    def _lines(self, name: str) -> list[tuple[int, bool]]:
        """The groups of numbers of which a matrix has the derivatives."""
        return self.groups if name == "hessian" else [(len(self.outputs), not self.sums)]

    def _marks_of(self, name: str, places: Sequence[tuple[int, int]]) -> list[bool]:
        """For each entry of a matrix whether it is summed over the rows."""
        by_leaf = self._by_leaf()
        by_row = by_leaf if name == "hessian" else [True] * len(self.outputs)
        return [by_row[i] and by_leaf[j] for i, j in places]

    def sparse_part(self, name: str, title: str) -> SparsePart:
        """The entries of a matrix as a part of the result."""
        places = self.places[name]
        marks = self._marks_of(name, places)
        along = [n if n in self.nodes.tables else "" for n in self.nodes.names_of_wrt]
        lines = self._lines(name)
        down = along if name == "hessian" else [""] * len(lines)
        return SparsePart(places, marks, lines, self.groups, title, (down, along))


def _places(matrix: Sequence[Sequence[Number]], *, is_dense: bool) -> list[tuple[int, int]]:
    """The entries of a matrix, or those that may differ from 0."""
    return [
        (i, j)
        for i, line in enumerate(matrix)
        for j, entry in enumerate(line)
        if is_dense or isinstance(entry, Value) or entry != 0.0
    ]


def selected(content: Program | Loops, order: Sequence[int]) -> Program | Loops:
    """The content with these outputs."""
    if isinstance(content, Loops) and isinstance(content.loops, RepeatedLoops):
        return replace(content, outputs=Outputs(runs_of(content.outputs, order)))
    if isinstance(content, Loops):
        return LoopWriter(content).finish(runs_of(content.outputs, order))
    return with_outputs(content, order, [content.summed[k] for k in order])
