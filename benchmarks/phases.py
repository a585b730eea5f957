"""Which part of a first call takes how long: the functions of the compiler with a clock in each.

A function's time is its own: what it calls among the others is theirs.
"""

from __future__ import annotations

import functools
import importlib
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter_ns as now
from typing import Any

COMPILING = "autograd_bp.compiling"
# What belongs to a phase: a module, and a function or a method in it. Some may not exist.
FUNCTIONS = (
    ("record", f"{COMPILING}.front.traced_function", "TracedFunction._record"),
    ("flatten", f"{COMPILING}.program.flatten", "flatten"),
    ("passes", f"{COMPILING}.program.passes", "optimised"),
    ("roll", f"{COMPILING}.loops.rolling", "roll"),
    ("roll", f"{COMPILING}.loops.rolling", "roll_if"),
    ("gradient", "autograd_bp.derivatives.recorded", "record_gradients"),
    ("gradient", f"{COMPILING}.loops.differentiate", "gradients"),
    ("gradient", f"{COMPILING}.loops.instructions", "program_gradients"),
    ("backend", f"{COMPILING}.backends.choosing", "BackendChoice.runner"),
)
REST = "rest"  # packing the arguments, running, handing out the results


class Phases:
    """Nanoseconds by phase, of what runs inside `measured`."""

    def __init__(self) -> None:
        self.ns = dict.fromkeys([*(phase for phase, _, _ in FUNCTIONS), REST], 0)
        self._open = [REST]
        self._since = 0

    def begin(self) -> None:
        self._since = now()

    def end(self) -> None:
        self._turn()

    def _turn(self) -> None:
        time = now()
        self.ns[self._open[-1]] += time - self._since
        self._since = time

    @contextmanager
    def of(self, phase: str) -> Iterator[None]:
        self._turn()
        self._open.append(phase)
        try:
            yield
        finally:
            self._turn()
            self._open.pop()

    def timed(self, phase: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def run(*args: Any, **kwargs: Any) -> Any:
            with self.of(phase):
                return function(*args, **kwargs)

        return run


@contextmanager
def measured() -> Iterator[Phases]:
    """A block in which the compiler's functions tell their time."""
    phases = Phases()
    places = [
        (owner, name, original, phases.timed(phase, original))
        for phase, module, path in FUNCTIONS
        for owner, name, original in _places(module, path)
    ]
    for owner, name, _, timed in places:
        setattr(owner, name, timed)
    try:
        phases.begin()
        yield phases
        phases.end()
    finally:
        for owner, name, original, _ in places:
            setattr(owner, name, original)


def _places(module: str, path: str) -> Iterator[tuple[Any, str, Any]]:
    """Where a function stands: in a class, or in all modules that have imported it."""
    try:
        owner: Any = importlib.import_module(module)
    except ImportError:
        return
    *classes, name = path.split(".")
    if classes:
        owner = getattr(owner, classes[0])
        yield owner, name, vars(owner)[name]
        return
    original = getattr(owner, name)
    for other in [*sys.modules.values()]:
        if getattr(other, "__name__", "").startswith("autograd_bp."):
            for alias, thing in [*vars(other).items()]:
                if thing is original:
                    yield other, alias, original
