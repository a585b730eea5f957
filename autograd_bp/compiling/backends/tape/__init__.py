"""The backend "tape": loops interpreted over lanes of rows, with nothing to compile.

    loops.Loops -> numbers in an array -> tape.h, part of the compiled core

tape.h runs the loops over a block of rows, wide.h members side by side where there is a single row,
and lanes.h what one block takes on each kind of processor; primitives.h and folds.h, which
`generate` writes, have the table of primitives, exponentials.h the functions that need no library.
A primitive of the user's is a recipe: see recipes.h.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, TypeVar

from autograd_bp import built
from autograd_bp.caching import cached_for_life
from autograd_bp.compiling.calling.code import NativeCode
from autograd_bp.compiling.loops.fused_steps import fused_steps
from autograd_bp.compiling.loops.loops import Access, Loop, Loops, RepeatedLoops
from autograd_bp.compiling.loops.table import SPACES, LoopTable
from autograd_bp.compiling.program.native import walks
from autograd_bp.errors import ProgramError, SettingError
from autograd_bp.folds import Fold
from autograd_bp.native.kernels import OWN
from autograd_bp.primitives import TABLE, Primitive, dot
from autograd_bp.printers.overrides import form
from autograd_bp.printers.tape import recipe

_interpreter: Any
_why_none = "the compiled core is not there: reinstall autograd_bp where a C compiler is"
try:
    built.check(built.TAPE)
    from autograd_bp.compiling.backends.tape import _interpreter
except ImportError:  # the interpreted core
    _interpreter = None
    _why_none = built.stale([built.TAPE]) or _why_none

_T = TypeVar("_T")

__all__ = ["processors", "refused", "tape_of", "unavailable"]

NUMBERS_OF_SPACES = {space: k for k, space in enumerate(SPACES)}
COPY = -1
UNIFORM = ("parameter", "constant", "shared")
DEEPEST = 16  # counters of a nest
LONGEST_BLOCK = 128  # rows
LANES = 16  # rows side by side
CACHE = 3 << 19  # bytes that the lines of a block should take
MANY_SLOTS = 20_000  # so many lines do not fit any cache


def unavailable() -> str | None:
    """Why there is no tape; None where there is."""
    if _interpreter is None:
        return _why_none
    if not _are_of_this_table(_interpreter.names):
        return "the compiled core was built for another table of primitives: reinstall autograd_bp"
    return None


@cache
def _are_of_this_table(names: Callable[[int], list[str]]) -> bool:
    return names(OWN) == [op.name for op in TABLE[:OWN]]


def processors() -> list[str]:
    """The kinds of processor that the tape has code for and this one can run, the best last."""
    return [] if _interpreter is None else _interpreter.processors()


def refused(loops: Loops) -> str | None:
    """The name of a primitive that the tape cannot run; None if there is none."""
    for op in loops.ops:
        if op is not None and not (_is_compiled(op) or _has_recipe(op)):
            return op.name
    return None


def _is_compiled(op: Primitive) -> bool:
    """Whether the tape was compiled for it; others are recipes."""
    return op.code < OWN and (op.arity is None or op.arity <= 3)


@cached_for_life
def _has_recipe(op: Primitive) -> bool:
    reads = len(op.operands.elements) if op.arity is None else op.arity
    return recipe(form("tape", op), reads, 1, lambda _: 0) is not None


def tape_of(loops: Loops, processor: str | None = None) -> NativeCode:
    """The loops for the tape; it takes batches of any size.

    Arguments:
        loops: what to compute.
        processor: one of `processors()`; the best when left out.

    Raises: ProgramError naming a primitive that has no expression; SettingError where there is no
        tape, or not for that processor.
    """
    reason = unavailable()
    if reason is not None:
        raise SettingError(f'there is no backend "tape": {reason}; choose backend="numpy"')
    name = refused(loops)
    if name is not None:
        raise ProgramError(
            f"the primitive {name!r} has no C expression, or one that is too long, so the backend "
            '"tape" cannot run it: give it one (c="...", or a Fold for any number of inputs) or '
            'choose backend="numpy"'
        )
    known = processors()
    if processor is not None and processor not in known:
        raise SettingError(f"the tape has no code for {processor!r}: choose {', '.join(known)}")
    if isinstance(loops.loops, RepeatedLoops):
        loops = fused_steps(loops, None)
    text = _Text(loops)
    made = _interpreter.Interpreter(
        text.loops or array("q", [0]),
        text.tables or array("i", [0]),
        text.recipes or array("q", [0]),
        text.constants or array("d", [0.0]),
        text.pieces,
        text.shifts or array("q", [0]),
        count=text.count,
        reads=text.reads,
        shared=text.shared,
        slots=loops.sizes["slot"],
        block=_block(loops),
        processor=known.index(processor or known[-1]),
        **({} if text.table is None else {"table": text.table}),
    )
    return NativeCode(made.rows, made.shared, made.self, made.scratch, made, LANES)


def _block(loops: Loops) -> int:
    """How many rows at a time: long lines, that stay in the cache."""
    slots = max(loops.sizes["slot"], 1)
    shortest = 64 if slots < MANY_SLOTS else 16
    return max(shortest, min(CACHE // (8 * slots), LONGEST_BLOCK) // 16 * 16)


class _Text:
    """Loops as numbers for tape.h.

    Attributes:
        written: the loops, those that are repeated once.
        count: how many these are.
        reads: how many accesses they have.
        loops: for each of them nine numbers, the shape, then each access.
        pieces: for each run of loops the first of them, how many there are, how often they run, and
            where their shifts begin.
        shifts: how far loops that are repeated move, see `Repeat`.
        shared: how many pieces compute what all rows share.
        tables: the tables of places, one after the other.
        recipes: the recipes of primitives that the tape was not compiled for.
        constants: those of the program, then those of the recipes.
        table: in the place of `loops` the numbers of a LoopTable, and its facts; None without one.
    """

    def __init__(self, loops: Loops) -> None:
        self.loops, self.tables, self.recipes = array("q"), array("i"), array("q")
        self.constants = array("d", loops.constants)
        self._recipes: dict[tuple[Primitive, int, int], int] = {}
        self.pieces, self.shifts, self.shared = array("q"), array("q"), 0
        self.table: tuple[Any, ...] | None = None
        table = loops.loops if isinstance(loops.loops, LoopTable) else None
        if table is not None and self._is_added(table):
            return
        self.written = [loop for loop, _ in loops.with_times()]
        self.count, self.reads = len(self.written), sum([len(loop.reads) for loop in self.written])
        self._add_pieces(loops)
        _require_shallow(max((len(loop.shape) for loop in self.written), default=0))
        if walks is not None:
            self.loops, self.tables = walks.tape_text(
                tuple(self.written), (Loop, Access), NUMBERS_OF_SPACES, _facts, self._recipe
            )
        else:
            self.add_in_python()

    def _is_added(self, table: LoopTable) -> bool:
        """Takes loops in numbers as they are, if none of them needs a recipe."""
        _require_shallow(table.deepest)
        facts = table.facts(_facts_in_bits)
        if facts is None:
            return False
        self.table, self.tables = (table.numbers, table.starts, facts), table.tables
        self.written, self.count, self.reads = [], len(table), table.reads
        self._add_two(len(table), int(table.in_space("shared").sum()))
        return True

    def _add_two(self, count: int, shared: int) -> None:
        """The loops that compute what all rows share, and the others."""
        self.pieces.extend((0, shared, 1, 0, shared, count - shared, 1, 0))
        self.shared = 1

    def _add_pieces(self, loops: Loops) -> None:
        if isinstance(loops.loops, RepeatedLoops):
            first = 0
            for repeat in loops.loops.repeats:
                self.pieces.extend((first, len(repeat.body), repeat.count, len(self.shifts)))
                for loop, shifts in zip(repeat.body, repeat.shifts, strict=True):
                    base, *moves = shifts
                    self.shifts.extend((base, *_in_order(loop, moves)))
                first += len(repeat.body)
                self.shared += repeat.body[0].space == "shared"
            return
        shared = sum([loop.space == "shared" for loop in loops.loops])
        self._add_two(len(loops.loops), shared)

    def add_in_python(self) -> None:
        """Do in Python what the walk does."""
        for loop in self.written:
            self._add(loop)

    def _add(self, loop: Loop) -> None:
        reads, op = _in_order(loop, loop.reads), loop.op
        self.loops.extend(
            (
                COPY if op is None else op.code,
                SPACES.index(loop.space),
                loop.base,
                loop.terms,
                loop.has_initial,
                len(reads),
                len(loop.shape),
                op is not None and isinstance(op.expression, Fold),
                -1 if op is None or _is_compiled(op) else self._recipe(op, loop),
                *loop.shape,
            )
        )
        for access in reads:
            self.loops.extend(
                (
                    SPACES.index(access.space),
                    access.base,
                    access.step,
                    len(self.tables) if access.table else -1,
                    *_strides(access, loop),
                )
            )
            self.tables.extend(array("i", access.table))

    def _recipe(self, op: Primitive, loop: Loop) -> int:
        """Where its recipe begins."""
        key = op, len(loop.reads), loop.terms
        if key not in self._recipes:
            numbers = recipe(form("tape", op), len(loop.reads), loop.terms, self._constant)
            assert numbers is not None
            self._recipes[key] = len(self.recipes)
            self.recipes.extend(numbers)
        return self._recipes[key]

    def _constant(self, x: float) -> int:
        self.constants.append(x)
        return len(self.constants) - 1


def _require_shallow(deepest: int) -> None:
    """Raises ProgramError where a nest has more counters than the interpreter."""
    if deepest > DEEPEST:
        raise ProgramError(f"a nest of {deepest} counters is deeper than {DEEPEST}")


def _in_order(loop: Loop, reads: Sequence[_T]) -> list[_T]:
    """Sort by the accesses of a loop: weights that all rows share come first."""
    is_turned = loop.op is dot and len(reads) > 1 and loop.reads[1].space in UNIFORM
    return [reads[1], reads[0], *reads[2:]] if is_turned else [*reads]


def _facts(op: Primitive | None, reads: int) -> tuple[int, bool, bool, bool, tuple[str, ...]]:
    """The facts about a primitive that the walk needs: see tape_text."""
    if op is None:
        return COPY, False, False, False, ()
    has_initial = op.arity is None and op.operands.has_initial(reads)
    is_fold = isinstance(op.expression, Fold)
    return op.code, has_initial, is_fold, not _is_compiled(op), UNIFORM if op is dot else ()


def _facts_in_bits(op: Primitive | None, reads: int) -> int | None:
    """The same as one number: whether the last access is an initial value, whether it is a fold,
    and whether a second access that all rows share comes first. None where it has a recipe."""
    _, has_initial, is_fold, has_recipe, before = _facts(op, reads)
    return None if has_recipe else has_initial + 2 * is_fold + 4 * bool(before)


def _strides(access: Access, loop: Loop) -> tuple[int, ...]:
    return access.strides or (0,) * len(loop.shape)
