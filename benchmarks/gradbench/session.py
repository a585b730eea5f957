"""A session of GradBench's protocol: an eval and a tool, and what passes between them is read."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import tempfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Command:
    """A program to start.

    Attributes:
        words: the command.
        folder: where it is started.
        environment: what it gets besides the environment of this process.
        processors: those that it may use; all when empty.
    """

    words: Sequence[str]
    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    processors: frozenset[int] = frozenset()


@dataclass
class Evaluation:
    """What an eval asked for and what it said of the answer.

    Attributes:
        function: the name of the function.
        description: the eval's words for the input.
        seconds: one number for each run of the function, in their order.
        valid: the verdict of the eval; None when it gave none.
        error: what the tool or the eval says is wrong.
    """

    function: str
    description: str
    seconds: list[float] = field(default_factory=list)
    valid: bool | None = None
    error: str = ""


@dataclass
class Session:
    """All evaluations of a session, and why it ended early; an empty string when it did not."""

    evaluations: list[Evaluation]
    failure: str = ""


class _Ended(Exception):
    """A process closed its output; the argument is its name."""


class _Child:
    """A process that reads and writes lines."""

    def __init__(self, name: str, command: Command) -> None:
        self.name = name
        self.errors = tempfile.TemporaryFile()  # noqa: SIM115, its last line says why it ended
        self.process = subprocess.Popen(
            command.words,
            cwd=command.folder,
            env={**os.environ, **command.environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            text=True,
            encoding="utf-8",
        )
        if command.processors and hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(self.process.pid, command.processors)

    def read(self) -> str:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise _Ended(self.name)
        return line

    def write(self, line: str) -> None:
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(line)
            self.process.stdin.flush()
        except BrokenPipeError:
            raise _Ended(self.name) from None

    def last_words(self) -> str:
        self.errors.seek(0)
        lines = self.errors.read().decode(errors="replace").strip().splitlines()
        return lines[-1].strip() if lines else "nothing was printed"

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.errors):
            with contextlib.suppress(BrokenPipeError):
                if stream is not None:
                    stream.close()


def run(eval_command: Command, tool_command: Command, limit: float) -> Session:
    """Connects an eval with a tool until the eval ends.

    Arguments:
        eval_command: the program that asks.
        tool_command: the program that answers.
        limit: how many seconds the session may take. Both are stopped then.

    Returns:
        What was evaluated until then.
    """
    session = Session([])
    judge, tool = _Child("the eval", eval_command), _Child("the tool", tool_command)
    late = threading.Event()

    def stop() -> None:
        late.set()
        tool.process.kill()
        judge.process.kill()

    timer = threading.Timer(limit, stop)
    timer.start()
    try:
        _pump(judge, tool, session)
    except _Ended as ended:
        child = judge if str(ended) == judge.name else tool
        status = child.process.wait()
        if late.is_set():
            session.failure = f"took more than {limit:.0f} s"
        elif child is tool or status:
            session.failure = f"{child.name} ended with status {status}: {child.last_words()}"
    finally:
        timer.cancel()
        tool.close()
        judge.close()
    return session


def _pump(judge: _Child, tool: _Child, session: Session) -> None:
    evaluations: dict[Any, Evaluation] = {}
    while True:
        line = judge.read()
        message = json.loads(line)
        if message["kind"] == "evaluate":
            name, words = message["function"], message.get("description", "")
            evaluation = evaluations[message["id"]] = Evaluation(name, words)
            session.evaluations.append(evaluation)
        elif message["kind"] == "analysis":
            evaluation = evaluations[message["of"]]
            evaluation.valid = message["valid"]
            evaluation.error = message.get("error") or ""
        tool.write(line)
        answer = tool.read()
        response = json.loads(answer)
        if message["kind"] == "evaluate":
            _read_timings(response, evaluation)
        elif message["kind"] == "define" and not response.get("success"):
            session.failure = "has no such eval"
        judge.write(answer)


def _read_timings(response: Mapping[str, Any], evaluation: Evaluation) -> None:
    evaluation.error = "" if response.get("success") else response.get("error") or "no success"
    evaluation.seconds = [
        timing["nanoseconds"] * 1e-9
        for timing in response.get("timings") or []
        if timing["name"] == "evaluate"
    ]
