"""`python -m child RESULTS`: read a job from stdin, run it, write results to a pipe."""

from __future__ import annotations

import builtins
import importlib
import json
import linecache
import os
import random
import re
import resource
import sys
import time
import traceback
import types
from collections.abc import Callable
from typing import Any

from .confinement import close_files, close_system_calls, drop_capabilities
from .guards import Imports, guard
from .numbers import ADDRESS, decoded, encoded

Job = dict[str, Any]
MAX_FRAMES = 8
MAX_MESSAGE = 600
_write, _dumps, _exit = os.write, json.dumps, os._exit


def main() -> None:
    """Run the job that stdin holds."""
    pipe = int(sys.argv[1])
    job: Job = json.loads(sys.stdin.buffer.read())
    with open(os.devnull) as nothing:
        os.dup2(nothing.fileno(), 0)

    def send(**message: Any) -> None:
        line = (_dumps(message) + "\n").encode()
        while line:
            line = line[_write(pipe, line) :]

    source: str = job["source"]
    streams = (sys.stdout, sys.stderr)  # those of the file may be its own
    _prepare(job, source)
    confined = _confine(job)
    send(confined=confined)
    random.seed(0)
    module = _imported(job, source, send)
    if module is not None:
        for turn in (0, 1):
            for number, call in enumerate(job["calls"]):
                if call is None:  # a function that ended the process before
                    continue
                send(begins=number, turn=turn)
                send(ended=number, turn=turn, **_answer(module, call, job["name"]))
    for stream in streams:
        try:
            stream.flush()
        except BaseException:  # noqa: PERF203
            continue
    send(done=True)
    _exit(0)


def _prepare(job: Job, source: str) -> None:
    """Paths, libraries and limits; what a solution imports counts for none of the limits."""
    sys.dont_write_bytecode = True
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    sys.path[:] = [path for path in sys.path if path and os.path.realpath(path) != here]
    sys.path += job["roots"]
    sys.argv = [job["name"]]
    builtins.exit = builtins.quit = sys.exit  # type: ignore[assignment]
    for name in job["libraries"]:
        if re.search(rf"\b{re.escape(name)}\b", source):
            try:
                importlib.import_module(name)
            except ImportError:
                continue
    limits = job["limits"]
    seconds = int(time.process_time() + 0.999) + limits["seconds"]
    _limit("RLIMIT_CPU", seconds, seconds + 1)
    _limit("RLIMIT_AS", limits["memory"], limits["memory"])
    _limit("RLIMIT_FSIZE", 0, 0)
    _limit("RLIMIT_CORE", 0, 0)
    _limit("RLIMIT_NOFILE", 64, 64)


def _limit(name: str, soft: int, hard: int) -> None:
    which = getattr(resource, name, None)
    if which is None:
        return
    _, highest = resource.getrlimit(which)
    if highest != resource.RLIM_INFINITY:
        soft, hard = min(soft, highest), min(hard, highest)
    try:
        resource.setrlimit(which, (soft, hard))
    except (OSError, ValueError):
        return


def _confine(job: Job) -> list[str]:
    """Close files, processes and the network; the names of the means that worked."""
    means = []
    if sys.platform == "linux":
        drop_capabilities()
        if close_files([*job["readable"], os.getcwd()], job["listed"]):
            means.append("Landlock")
        if close_system_calls():
            means.append("seccomp")
    if len(means) < 2:
        _leave_root()
        _limit("RLIMIT_NPROC", 0, 0)
    sys.meta_path.insert(0, Imports(job["libraries"], job["roots"]))
    guard([*job["readable"], os.getcwd()], job["listed"], is_confined=len(means) == 2)
    return means


def _leave_root() -> None:
    """Become a user without rights, where the system does not confine this process by itself."""
    if os.geteuid() == 0:
        nobody = 65534
        os.setgroups([])
        os.setgid(nobody)
        os.setuid(nobody)


def _imported(job: Job, source: str, send: Callable[..., None]) -> types.ModuleType | None:
    """The student's file as a module; None where it ends in an error, which is sent."""
    name = job["name"]
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    module = types.ModuleType("solution")
    module.__file__ = name
    sys.modules["solution"] = module
    send(begins="file")
    try:
        exec(compile(source, name, "exec", dont_inherit=True), module.__dict__)
    except BaseException as error:
        send(ended="file", **_problem(error, name))
        return None
    functions = sorted(key for key, value in vars(module).items() if callable(value))[:200]
    send(ended="file", functions=[str(key)[:80] for key in functions])
    return module


def _answer(module: types.ModuleType, call: dict[str, Any], name: str) -> dict[str, Any]:
    """Call a function with new arguments: its result, and whether it changed the arguments."""
    function = getattr(module, call["function"], None)
    if not callable(function):
        return {"missing": True}
    arguments = decoded(call["arguments"])
    try:
        result = encoded(function(*arguments))
        changed = _changed(arguments, call)
    except BaseException as error:
        return _problem(error, name)
    return {"result": result, "changed": changed}


def _changed(arguments: list[Any], call: dict[str, Any]) -> list[int]:
    """Which arguments are no longer what they were."""
    return [
        k
        for k, (now, before) in enumerate(zip(arguments, call["arguments"], strict=True))
        if encoded(now) != before
    ]


def _problem(error: BaseException, name: str) -> dict[str, Any]:
    """An error as text: the lines of the student's file, and the message."""
    if isinstance(error, MemoryError):
        return {"error": "MemoryError", "where": _where(error, name), "memory": True}
    kind = type(error).__name__
    try:
        message = str(error)
        if isinstance(error, SyntaxError) and error.lineno is not None:
            message = f"{error.msg} (line {error.lineno})"
    except BaseException:
        message = ""
    text = ADDRESS.sub("0x…", f"{kind}: {message}" if message else kind)
    return {"error": text[:MAX_MESSAGE], "where": _where(error, name), "kind": kind}


def _where(error: BaseException, name: str) -> list[str]:
    try:
        frames = [
            f"line {frame.lineno}, in {frame.name}: {frame.line}"[:200]
            for frame in traceback.extract_tb(error.__traceback__)
            if frame.filename == name
        ]
    except BaseException:
        return []
    if len(frames) <= MAX_FRAMES:
        return frames
    left_out = len(frames) - MAX_FRAMES
    return [*frames[:3], f"… {left_out} more lines …", *frames[3 - MAX_FRAMES :]]


if __name__ == "__main__":
    try:
        main()
    except BaseException:  # the pipe is closed: the grader says so
        _exit(70)
