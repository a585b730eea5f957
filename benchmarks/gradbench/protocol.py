"""What an eval asks and a tool answers: a JSON object on a line, each way."""

from __future__ import annotations

import json
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TextIO

import autograd_bp as bp

TOOL = "autograd_bp"
EVALS = sorted(path.stem for path in (Path(__file__).parent / "evals").glob("[!_]*.py"))


@dataclass(frozen=True)
class Function:
    """A function of an eval.

    Attributes:
        compute: what is timed, from what `prepare` made.
        prepare: makes it of the input of a message.
        finish: makes the output of a message of what was computed.
    """

    compute: Callable[[Any], Any]
    prepare: Callable[[Mapping[str, Any]], Any]
    finish: Callable[[Any], Any]

    def answer(self, given: Any) -> dict[str, Any]:
        """The answer to a message, after as many runs as it asks for."""
        runs = given if isinstance(given, Mapping) else {}
        fewest, seconds = runs.get("min_runs", 1), runs.get("min_seconds", 0.0)
        prepared = self.prepare(given)
        timings: list[dict[str, Any]] = []
        spent = 0
        output: Any = None
        while len(timings) < max(fewest, 1) or spent < seconds * 1e9:
            start = time.perf_counter_ns()
            output = self.compute(prepared)
            taken = time.perf_counter_ns() - start
            spent += taken
            timings.append({"name": "evaluate", "nanoseconds": taken})
        return {"success": True, "output": self.finish(output), "timings": timings}


def function(
    prepare: Callable[[Any], Any] = lambda given: given,
    finish: Callable[[Any], Any] = lambda output: output,
) -> Callable[[Callable[[Any], Any]], Function]:
    """A decorator that makes a function of an eval of the part that is timed."""
    return lambda compute: Function(compute, prepare, finish)


def plain(output: Any) -> Any:
    """Arrays and tuples as lists."""
    if hasattr(output, "tolist"):
        return output.tolist()
    if isinstance(output, (list, tuple)):
        return [plain(part) for part in output]
    return output


def serve(messages: TextIO, answers: TextIO) -> None:
    """Answers message after message until there are no more."""
    for line in messages:
        if line.strip():
            answers.write(json.dumps(answer(json.loads(line)), default=_refused) + "\n")
            answers.flush()


@cache
def load() -> None:
    """Loads the compiler before a clock runs; other tools are loaded when they are imported."""
    bp.array([1.0])  # what arrays of Values need
    for name in ("auto", "llvm") if find_spec("llvmlite") else ("auto",):
        bp.compiled(lambda x: x * x, rows="x", backend=name).grad([1.0, 2.0])


def answer(message: Mapping[str, Any]) -> dict[str, Any]:
    """The answer to one message. What goes wrong in an eval is an answer too."""
    response = {"id": message["id"]}
    kind = message.get("kind")
    if kind == "start":
        return {**response, "tool": TOOL}
    if kind not in ("define", "evaluate"):
        return response
    try:
        module = _module(message["module"])
        if kind == "define":
            load()
            return {**response, "success": True}
        known = getattr(module, str(message["function"]), None)
        if not isinstance(known, Function):
            raise LookupError(f"{message['module']} has no function {message['function']!r}")
        return {**response, **known.answer(message["input"])}
    except Exception:  # it belongs to the eval, which goes on
        return {**response, "success": False, "error": traceback.format_exc()}


def _module(name: str) -> Any:
    if name not in EVALS:
        raise LookupError(f"there is no module {name!r}: there are {', '.join(EVALS)}")
    return import_module(f"benchmarks.gradbench.evals.{name}")


def _refused(part: Any) -> Any:
    raise TypeError(f"an output may not have {type(part).__name__} in it")
