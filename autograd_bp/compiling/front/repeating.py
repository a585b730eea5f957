"""How the loops of a compiled function are recorded: once or round by round, how many rounds."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any, TypeVar

from autograd_bp.compiling.front.tracing import new_tracer
from autograd_bp.flow.growing import Limits, MoreRoundsError
from autograd_bp.flow.rounds import PlainRoundsError, SelectedEntriesError, Tracer

T = TypeVar("T")
R = TypeVar("R")


class Repeating:
    """Knows the loops of a compiled function.

    Attributes:
        limits: how many rounds are computed of loops where numbers say it.
        plain: for the signatures of arguments with which loops are recorded round by round, why;
            the empty text where there is little to repeat.
    """

    def __init__(self) -> None:
        self.limits = Limits(shortens=True)
        self.plain: dict[Any, str] = {}
        self._outgrown: set[Any] = set()  # keys of programs that had too few rounds

    def recorded(self, signature: Any, record: Callable[[Tracer | None], T], rows: int) -> T:
        """Call `record`: with bodies that are traced once, or without where that fails."""
        if signature not in self.plain:
            try:
                with contextlib.suppress(SelectedEntriesError):
                    return record(new_tracer(rows))
                return record(new_tracer(None))
            except PlainRoundsError as error:
                self.plain[signature] = str(error)
        with contextlib.suppress(PlainRoundsError, SelectedEntriesError):
            return record(new_tracer(rows, traces_loops=False))
        return record(None)

    def selected(self, record: Callable[[Tracer | None], T]) -> T:
        """Call `record`, so that entries of tables are selected."""
        with contextlib.suppress(PlainRoundsError):
            return record(new_tracer(None))
        return record(None)

    def run(
        self,
        key: tuple[str, Any],
        programs: dict[Any, Any],
        program: Callable[[], R],
        run: Callable[[R], T],
    ) -> tuple[T, R]:
        """Run a program, and record it again as often as its loops have too few rounds.

        Arguments:
            key: of the program, a kind of result and a signature.
            programs: those that there are; one with too few rounds is taken out.
            program: makes the program, or finds it.
            run: runs it.

        Raises: LoopMemoryError where there would be too many rounds.
        """
        while True:
            ready = program()
            with contextlib.suppress(MoreRoundsError):
                return self._run_or_grow(key, programs, run, ready), ready

    def _run_or_grow(
        self, key: tuple[str, Any], programs: dict[Any, Any], run: Callable[[R], T], ready: R
    ) -> T:
        try:
            return run(ready)
        except MoreRoundsError as more:
            self.grow(key, programs, more)
            raise

    def grow(self, key: tuple[str, Any], programs: dict[Any, Any], more: MoreRoundsError) -> None:
        """Takes a program that has too few rounds out; the next one will have more.

        Raises: LoopMemoryError where there would be too many rounds.
        """
        self.limits.grow(more)
        programs.pop(key, None)
        self._outgrown.add(key)
        self.forget(key[1])

    def forget(self, signature: Any) -> None:
        """Forgets that there was little to repeat, where there are more rounds now."""
        if self.plain.get(signature) == "":
            del self.plain[signature]

    def remarks(self, key: tuple[str, Any]) -> dict[str, Any]:
        """Return what a trace says of the loops of a program that was just made."""
        grown = key in self._outgrown
        self._outgrown.discard(key)
        return {"rounds": self.plain.get(key[1], ""), "grown": grown}
