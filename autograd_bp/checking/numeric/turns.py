"""How often the loops of a function turn during a call.

A function that solves, integrates or iterates to a tolerance takes as many turns as its argument
needs. So the number of turns changes from point to point, where the values show no sign of it.
Counted are backward jumps in Python's code, calls of a function from inside itself, and calls that
come out of one compiled call in a row, as those of an integrand do. Turns are not counted where a
branch alone goes another way. Solvers of SciPy are known by their modules as well, and the
tolerance that they were given is read from their arguments.
"""

from __future__ import annotations

import gc
import sys
from collections import Counter
from collections.abc import Callable
from inspect import CO_ASYNC_GENERATOR, CO_COROUTINE, CO_GENERATOR
from types import CodeType, FrameType
from typing import Any, NamedTuple

__all__ = ["Work", "work_of"]

MAX_EVENTS = 400_000  # a call that takes more lines than this is not counted
SOLVERS = {  # modules of functions that stop at a tolerance, by how they begin
    "scipy.integrate._ivp": "scipy.integrate.solve_ivp",
    "scipy.integrate._odepack": "scipy.integrate.odeint",
    "scipy.integrate._ode": "scipy.integrate.ode",
    "scipy.integrate._bvp": "scipy.integrate.solve_bvp",
    "scipy.integrate._quad": "an adaptive quadrature of scipy.integrate",
    "scipy.integrate._tanhsinh": "an adaptive quadrature of scipy.integrate",
    "scipy.integrate._cubature": "an adaptive quadrature of scipy.integrate",
    "scipy.optimize": "a solver of scipy.optimize",
    "scipy.sparse.linalg._isolve": "an iterative solver of scipy.sparse.linalg",
    "scipy.sparse.linalg._eigen": "an iterative solver of scipy.sparse.linalg",
}
TOLERANCES = ("rtol", "atol", "xtol", "ftol", "gtol", "tol", "epsabs", "epsrel")
MAX_TOLERANCE = 0.1  # what is larger is no relative tolerance
RULES = "scipy.integrate._quadrature"  # fixed ones: nothing in them is chosen by a tolerance
RESUMED = CO_GENERATOR | CO_COROUTINE | CO_ASYNC_GENERATOR


class Work(NamedTuple):
    """What a call does: how often its loops turn, the solver that it uses, if it is known, and the
    largest tolerance that this was given."""

    turns: int
    solver: str
    tolerance: float = 0.0


def work_of(call: Callable[[], Any]) -> Work | None:
    """The work of a call; None where it is too much to be counted: then the call is ended.

    A debugger or a measurement of coverage does not see this call, and goes on behind it.
    """
    counter = _Counter()
    before, collects = sys.gettrace(), gc.isenabled()
    gc.disable()  # what is collected in between may run Python's code, which is not the call's
    sys.settrace(counter.on_call)
    try:
        call()
    except _TooManyError:
        return None
    finally:
        sys.settrace(before)
        if collects:
            gc.enable()
    return Work(counter.turns, _solver(counter.modules), counter.tolerance)


def _solver(modules: set[str]) -> str:
    for beginning, name in SOLVERS.items():
        if any(m.startswith(beginning) and not m.startswith(RULES) for m in modules):
            return name
    return ""


def _tolerance(arguments: dict[str, Any]) -> float:
    """The largest tolerance among the arguments of a call; 0 for none."""
    options = (value for value in arguments.values() if isinstance(value, dict))
    numbers = [named.get(name) for named in (arguments, *options) for name in TOLERANCES]
    sizes = [float(x) for x in numbers if isinstance(x, (int, float)) and 0.0 < x <= MAX_TOLERANCE]
    return max(sizes, default=0.0)


class _TooManyError(BaseException):
    """Ends a call; a function that catches every Exception does not catch it."""


class _Counter:
    def __init__(self) -> None:
        self.turns = self.events = 0
        self.tolerance = 0.0
        self.modules: set[str] = set()
        self._active: Counter[CodeType] = Counter()
        self._callers: dict[int, int] = {}  # a frame: the instruction that it called from last

    def on_call(self, frame: FrameType, event: str, argument: Any) -> Callable[..., Any]:
        code, caller = frame.f_code, frame.f_back
        self.events += 1
        is_plain = not code.co_flags & RESUMED  # a generator is called again for every item
        if is_plain:
            self.turns += self._active[code] > 0
            if caller is not None:
                instruction = caller.f_lasti
                self.turns += self._callers.get(id(caller)) == instruction
                self._callers[id(caller)] = instruction
        if code not in self._active:
            module = str(frame.f_globals.get("__name__", ""))
            self.modules.add(module)
            if module.startswith("scipy.") and _solver({module}):
                self.tolerance = max(self.tolerance, _tolerance(frame.f_locals))
        self._active[code] += 1
        last = -1

        def on_line(frame: FrameType, event: str, argument: Any) -> Callable[..., Any]:
            nonlocal last
            if event == "line":
                self.events += 1
                self.turns += is_plain and frame.f_lasti <= last
                last = frame.f_lasti
                self._callers.pop(id(frame), None)
                if self.events >= MAX_EVENTS:
                    raise _TooManyError
            elif event == "return":
                self._active[code] -= 1
                self._callers.pop(id(frame), None)
            return on_line

        return on_line
