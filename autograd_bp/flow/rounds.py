"""Rounds of a loop that are traced once.

While a function is compiled, a tracer may take over the rounds of `fori`, `scan` and `while_loop`:
it calls the body on Values that stand for the carry and for the x of any round, and the compiler
repeats what was recorded. The results are nodes that the compiler
knows; no derivative can pass them, so a function that differentiates inside itself is recorded
again, round by round.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from autograd_bp import functions
from autograd_bp import primitives as ops
from autograd_bp.contexts import is_traced, on_plain_numbers
from autograd_bp.derivatives.trees import Tree, flatten_static
from autograd_bp.flow.checks import note, noting_apart
from autograd_bp.flow.common import kept_states
from autograd_bp.value import Value, number_of

Number = Any  # a float or a Value
MAX_LOOK_UPS = 64  # and loops that are traced once: each of them cuts the program
Step = Callable[[list[Number], list[Number]], tuple[list[Number], list[Number]]]


class SelectedEntriesError(Exception):
    """A result that needs entries of tables to be selected, and not looked up."""


class PlainRoundsError(Exception):
    """Rounds that have to be recorded one after the other; the text says why."""


@dataclass
class TracedLoop:
    """A loop whose body was traced once.

    Attributes:
        count: how many rounds there are.
        init: the carry before the first.
        columns: for each number of x those of all rounds, from the first to the last.
        starts, xs: the leaves that stand for the carry and for x.
        ends, ys: the carry after a round, and what it hands out.
        results: the nodes that stand for the last carry.
        lines: for each round the nodes that stand for what it hands out.
        strangers: leaves that the graph must not have.
        kept: how many states are kept for derivatives; 0 where all of them are.
        table: the entries, the numbers of each, and the indices of what is no loop but `take`: its
            columns are the numbers of a table and then indices, and it hands out entries.
    """

    count: int
    init: list[Number]
    columns: list[list[Number]]
    starts: list[Value]
    xs: list[Value]
    ends: list[Number]
    ys: list[Number]
    results: list[Value] = field(default_factory=list)
    lines: list[list[Value]] = field(default_factory=list)
    strangers: list[Value] = field(default_factory=list)
    kept: int = 0
    table: tuple[int, int, int] | None = None

    @property
    def leaves(self) -> list[Value]:
        """The leaves that it made."""
        return [*self.starts, *self.xs, *self.strangers]


class Tracer:
    """Traces the loops of a function that is compiled.

    Arguments:
        least_rounds: of a loop that is traced once.
        pays: says of two tracings of a body whether they are the same and large enough; it raises
            PlainRoundsError where they are not.
        least_selected: entries of tables are looked up where so many numbers would be passed to
            select them; they are always selected where it is left out.
        rows: for how many rows of data the function is recorded.

    Attributes:
        loops: those that were traced, in the order in which they run.
        look_up_from: with how many rows entries are looked up that are selected now; 0 where there
            are none.
        reason: why the function has to be recorded round by round; the empty text where it does
            not.
    """

    def __init__(
        self,
        least_rounds: int,
        pays: Callable[[TracedLoop, TracedLoop], None],
        least_selected: int | None = None,
        rows: int = 1,
    ) -> None:
        self._least_rounds, self._pays = least_rounds, pays
        self._least_selected, self._rows = least_selected, rows
        self.look_up_from = 0
        self.loops: list[TracedLoop] = []
        self.reason = ""

    @property
    def looks_up(self) -> bool:
        """Whether entries of large tables are looked up."""
        return self._least_selected is not None

    def takes(self, count: int) -> bool:
        """Whether a loop of so many rounds is traced once."""
        return count >= self._least_rounds

    def take(
        self, columns: Sequence[Sequence[Number]], indices: Sequence[Value]
    ) -> list[list[Number]] | None:
        """The entries of a table at these indices; None where they are to be selected.

        Arguments:
            columns: the numbers of each entry.
            indices: Values.
        """
        entries, width = len(columns), len(columns[0])
        if self._least_selected is None or not indices or len(self.loops) >= MAX_LOOK_UPS:
            return None
        needed = -(-self._least_selected // (entries * width * len(indices)))
        if self._rows < needed:
            self.look_up_from = min(self.look_up_from or needed, needed)
            return None
        numbers = [x for column in columns for x in column]
        loop = TracedLoop(1, [], [[x] for x in [*numbers, *indices]], [], [], [], [])
        hub = functions.sum([x for x in [*numbers, *indices] if isinstance(x, Value)])
        loop.table = entries, width, len(indices)
        loop.lines = [[ops.threshold(hub) for _ in range(width * len(indices))]]
        self.loops.append(loop)
        line: list[Number] = [*loop.lines[0]]
        return [line[k * width : (k + 1) * width] for k in range(len(indices))]

    def trace(
        self, count: int, step: Step, init: list[Number], columns: list[list[Number]], kept: int
    ) -> tuple[list[Number], list[list[Number]]]:
        """The last carry, and what each round hands out.

        Raises: PlainRoundsError where a body does not stand for all of its rounds.
        """
        token = _tracer.set(None)  # the rounds of loops inside are recorded one after the other
        outside = _in_body.set(True)
        try:
            first, _ = self._traced(count, step, init, columns)
            loop, faults = self._traced(count, step, init, columns)
            loop.strangers, loop.kept = [*first.starts, *first.xs], kept
            with on_plain_numbers():
                self._pays(first, loop)
        except Exception as error:
            self.reason = f"{type(error).__name__}: {error}" if str(error) else repr(error)
            if isinstance(error, PlainRoundsError):
                self.reason = str(error)
                raise
            raise PlainRoundsError(self.reason) from error
        finally:
            _tracer.reset(token)
            _in_body.reset(outside)
        self._add_results(loop)
        self.loops.append(loop)
        results: list[Number] = [*loop.results]
        if faults:
            note(results.pop())
        return results, [*loop.lines]

    def _traced(
        self, count: int, step: Step, init: list[Number], columns: list[list[Number]]
    ) -> tuple[TracedLoop, bool]:
        """The body on new leaves; whether something may go wrong in it, which is one number more
        of the carry."""
        starts = [Value(_plain(x)) for x in init]
        xs = [Value(_plain(column[0])) for column in columns]
        with noting_apart() as faults:
            ends, ys = step([*starts], [*xs])
        if not faults:
            return TracedLoop(count, init, columns, starts, xs, ends, ys), False
        before = Value(0.0)
        ends = [*ends, ops.logical_or(before, functions.any([*faults]))]
        return TracedLoop(count, [*init, 0.0], columns, [*starts, before], xs, ends, ys), True

    def _add_results(self, loop: TracedLoop) -> None:
        """Nodes that depend on all that the loop reads, and refuse derivatives."""
        numbers = [*loop.starts, *loop.xs, *loop.init, *loop.ends, *loop.ys]
        numbers += [x for column in loop.columns for x in column]
        hub = functions.sum([x for x in numbers if isinstance(x, Value)])
        loop.results = [ops.threshold(hub) for _ in loop.init]
        width = range(len(loop.ys))
        loop.lines = [[ops.threshold(hub) for _ in width] for _ in range(loop.count)]


_tracer: ContextVar[Tracer | None] = ContextVar("tracer", default=None)
_in_body: ContextVar[bool] = ContextVar("in_body", default=False)


@contextmanager
def tracing(tracer: Tracer | None) -> Iterator[None]:
    """Around a function that is recorded: loops are traced once, or round by round for None."""
    token = _tracer.set(tracer)
    try:
        yield
    finally:
        _tracer.reset(token)


def trace(
    count: int,
    step: Step,
    init: list[Number],
    columns: list[list[Number]],
    checkpoint: bool | int | None = None,
) -> tuple[list[Number], list[list[Number]]]:
    """The carry after so many rounds of `carry, y = step(carry, x)`, and the y of each, where
    `may_trace` says so.

    Arguments:
        count: how many rounds.
        step: takes and returns lists of numbers.
        init: the first carry.
        columns: for each number of x those of all rounds.
        checkpoint: whether states are computed again for derivatives; or how many are kept.
    """
    tracer = _tracer.get()
    assert tracer is not None
    return tracer.trace(count, step, init, columns, kept_states(count, checkpoint))


@contextmanager
def watched_loops() -> Iterator[list[TracedLoop]]:
    """Around a function that is recorded: the loops that were traced once in it.

    Raises: PlainRoundsError where it has to be recorded round by round; also in the place of an
        error that the function raised, since it may come from tracing.
    """
    tracer = _tracer.get()
    if tracer is None:
        yield []
        return
    tracer.loops = []
    try:
        yield tracer.loops
    except PlainRoundsError:
        raise
    except Exception as error:
        if tracer.loops or tracer.reason:
            raise PlainRoundsError(tracer.reason or f"{type(error).__name__}: {error}") from error
        raise
    if tracer.reason:
        raise PlainRoundsError(tracer.reason)


def looked_up(
    columns: Sequence[Sequence[Number]], indices: Sequence[Value]
) -> list[list[Number]] | None:
    """The entries of a table at these indices; None where they have to be selected."""
    tracer = _tracer.get()
    return tracer.take(columns, indices) if tracer is not None and is_traced() else None


def looks_up() -> bool:
    """Whether entries of large tables are looked up in what is recorded here."""
    tracer = _tracer.get()
    return tracer is not None and tracer.looks_up


def may_trace(count: int) -> bool:
    """Whether a loop of so many rounds is traced once here."""
    tracer = _tracer.get()
    return tracer is not None and tracer.takes(count) and is_traced()


def _plain(x: Number) -> float:
    return number_of(x) if isinstance(x, Value) else float(x)


def in_traced_body() -> bool:
    """Whether the body of a loop is being traced, whose rounds are not told apart."""
    return _in_body.get()


def rows_of(items: Sequence[Any]) -> tuple[list[list[Number]], Tree]:
    """The numbers of what each round gets, and the shape that all of it has.

    Raises: PlainRoundsError where the shapes differ.
    """
    first, tree = flatten_static(items[0], "x")
    if tree.key == "number" and all(type(x) is float or isinstance(x, Value) for x in items):
        return [[x] for x in items], tree
    rows = [first]
    for item in items[1:]:
        row, other = flatten_static(item, "x")
        if other != tree:
            raise PlainRoundsError(f"what the rounds get differs: {other} and {tree}")
        rows.append(row)
    return rows, tree
