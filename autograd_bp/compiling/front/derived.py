"""Derives each kind of result of a compiled function: its value, or derivatives of it.

The value is recorded, flattened and rolled. Where that gives a few large loops, these are
differentiated, which takes little longer for a million operations than for a hundred. Otherwise the
instructions of the program are differentiated one by one. Where a rule cannot be seen from one
member or instruction alone, the derivative is recorded node by node.

It is recorded too where a slope may be infinite and the program is small. Then it matters whether a
gradient of 0 has cancelled or has never arrived (docs/kinks.md), which a recorded sweep asks of all
paths. Larger programs leave the question open where a gradient is a sum: a result with a NaN is
computed again by what is recorded (ready.py). A result that is too large to be recorded is then
computed again by a program that takes 0 for nothing, with a warning where it gives a number.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from enum import Enum
from itertools import accumulate
from typing import Any, NamedTuple

from autograd_bp import primitives as ops
from autograd_bp.compiling.front import recorded
from autograd_bp.compiling.front.by_loops import (
    INSTRUCTIONS,
    LOOPS,
    Derivative,
    differentiated,
    leaves_of,
    space_of,
)
from autograd_bp.compiling.front.by_steps import Asked, Shorter, derivative_by_steps, value_by_steps
from autograd_bp.compiling.front.flattened import Flattened
from autograd_bp.compiling.front.packed import Nodes
from autograd_bp.compiling.front.results import MATRICES, Result, names_of_kind, result
from autograd_bp.compiling.front.sparse import SparsePart
from autograd_bp.compiling.loops.differentiate import UnsupportedError
from autograd_bp.compiling.loops.loops import Loops, RepeatedLoops
from autograd_bp.compiling.loops.outputs import Outputs, runs_of
from autograd_bp.compiling.loops.rules import OpenQuestions, questions_left_open
from autograd_bp.compiling.loops.unrolled import unrolled
from autograd_bp.compiling.loops.writer import LoopWriter
from autograd_bp.compiling.program.merging import merged, with_outputs
from autograd_bp.compiling.program.passes import optimised
from autograd_bp.compiling.program.program import Program
from autograd_bp.derivatives.slopes import has_infinite_slope
from autograd_bp.derivatives.trees import Tree
from autograd_bp.flow.rounds import PlainRoundsError
from autograd_bp.value import Value

__all__ = ["INSTRUCTIONS", "LOOPS", "RECORDED", "STEPS", "derived", "differentiated"]

Number = Any  # a float or a Value
MAX_ASKED = 2000  # operations of a program whose derivative asks what a gradient of 0 is
MAX_OPEN = 100_000  # of one that asks when a result is NaN: it takes some ten seconds to record
MAX_SWEEPS = 16  # outputs of a recurrence that is swept for each of them
# How a derivative came about.
STEPS, RECORDED = "steps", "recorded"


class Zeros(Enum):
    """The treatment of a gradient of 0 that meets an infinite slope.

    ASKED: all paths are asked whether anything reached it, so derivatives are recorded.
    OPEN: the same for small programs; larger ones may leave the question open.
    NOTHING: all but small programs take it for one that nothing has reached.
    """

    ASKED = "asked"
    OPEN = "open"
    NOTHING = "nothing"


class Derived(NamedTuple):
    """Computes one kind of result.

    Attributes:
        result: how it is handed out.
        content: what computes its numbers.
        way: LOOPS, STEPS, INSTRUCTIONS or RECORDED, the way that a derivative came about, or the
            empty text for a value.
        is_open: whether a question was left open: then a result with a NaN has to be computed
            again by what Zeros.ASKED gives.
        is_too_large: whether that would take too long to record; then Zeros.NOTHING has to do.
        shorter: makes loops of the same for machine code, see `Shorter`; None for nothing else.
    """

    result: Result
    content: Program | Loops
    way: str
    is_open: bool
    is_too_large: bool = False
    shorter: Shorter | None = None


def derived(
    kind: str,
    outputs: list[Number],
    tree: Tree,
    nodes: Nodes,
    sums: bool,
    sparse: bool = False,
    zeros: Zeros = Zeros.OPEN,
    *,
    machine_code: bool = False,
    by_steps: bool = False,
) -> Derived:
    """Return the object that computes one kind of result.

    Arguments:
        kind: "value", "grad", "value_and_grad", "hvp", "jacobian" ...
        outputs: what the function returned.
        tree: the shape of that.
        nodes: its arguments.
        sums: whether results are summed over the rows.
        sparse: whether Jacobians and Hessians are handed out as sparse matrices.
        zeros: what is done about a gradient of 0 that meets an infinite slope.
        machine_code: whether it will be compiled at once: then loops are worth more.
        by_steps: whether a recurrence is differentiated by its steps however few they are.

    Raises: ShapeError where one number is needed and the function returned more; the errors of
        `record_gradients`.
    """
    shape = result(kind, len(outputs), tree, nodes, sums, sparse)
    names = names_of_kind(kind)
    derivation = Derivation(
        outputs, nodes, sums, sparse, machine_code=machine_code, by_steps=by_steps
    )
    if names == ["value"]:
        flat = derivation.flat(sums)
        return Derived(shape, value_by_steps(flat) or flat.program, "", False)
    may_be_open = zeros is Zeros.OPEN
    block: Any = questions_left_open() if may_be_open else nullcontext(OpenQuestions())
    with block as questions:
        try:
            if zeros is Zeros.ASKED:
                raise UnsupportedError
            pieces, way = derivation.pieces(names)
            is_open = questions.any
        except UnsupportedError:
            if nodes.loops:
                raise PlainRoundsError("its derivative is recorded node by node") from None
            pieces, way, is_open = derivation.recorded(names), RECORDED, False
    return Derived(
        _with_sparse(shape, names, derivation),
        _together(pieces, names),
        way,
        is_open,
        is_open and derivation.flat(sums).size > MAX_OPEN,
        shorter_of(pieces, names, may_be_open, is_open),
    )


def shorter_of(
    pieces: Sequence[Piece], names: Sequence[str], may_be_open: bool, is_open: bool
) -> Shorter | None:
    """See Derived."""
    shorter = pieces[0].shorter
    if shorter is None or pieces[0].names != [*names]:
        return None
    return replace(shorter, may_be_open=may_be_open, is_open=is_open)


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

    def pieces(self, names: Sequence[str]) -> tuple[list[Piece], str]:
        """Programs or loops that compute these.

        Raises: UnsupportedError where the derivative has to be recorded.
        """
        base = self.flat(self.sums)
        if base.size <= MAX_ASKED and has_infinite_slope(set(base.program.codes)):
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
            content = _selected(content, order)
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


def _with_sparse(shape: Result, names: Sequence[str], derivation: Derivation) -> Result:
    """The result with sparse matrices in the place of others."""
    matrices = [name for name in names if name in derivation.places]
    if not derivation.is_sparse or not matrices:
        return shape
    parts: list[Any] = []
    forms: list[Any] = []
    rest = iter(shape.parts)
    for name, form in zip(names, shape.form if len(names) > 1 else (shape.form,), strict=True):
        some = [next(rest) for _ in range(_count(form))]
        is_sparse = name in matrices
        parts += [derivation.sparse_part(name, some[0].title)] if is_sparse else some
        forms.append(None if is_sparse else form)
    return Result(tuple(parts), forms[0] if len(forms) == 1 else tuple(forms))


def _count(form: Any) -> int:
    return 1 if form is None else sum(map(_count, form))


def _together(pieces: Sequence[Piece], names: Sequence[str]) -> Program | Loops:
    """One program of all pieces, with the results in this order."""
    together = [name for piece in pieces for name in piece.names]
    counts = [count for piece in pieces for count in piece.counts]
    content = pieces[0].content
    if len(pieces) > 1:
        programs = [
            unrolled(piece.content) if isinstance(piece.content, Loops) else piece.content
            for piece in pieces
        ]
        content = optimised(merged(programs))
    if together == list(names):
        return content
    starts = [0, *accumulate(counts)]
    order = [
        k
        for name in names
        for k in range(starts[together.index(name)], starts[together.index(name) + 1])
    ]
    return _selected(content, order)


def _selected(content: Program | Loops, order: Sequence[int]) -> Program | Loops:
    """The content with these outputs."""
    if isinstance(content, Loops) and isinstance(content.loops, RepeatedLoops):
        return replace(content, outputs=Outputs(runs_of(content.outputs, order)))
    if isinstance(content, Loops):
        return LoopWriter(content).finish(runs_of(content.outputs, order))
    return with_outputs(content, order, [content.summed[k] for k in order])
