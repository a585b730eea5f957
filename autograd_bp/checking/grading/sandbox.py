"""The grader's side of a student's process: it is started, watched, and what it sends is read.

The process gets the student's file and the arguments of the calls on its standard input, and
sends results over a pipe of their own; what it prints goes into another. Nothing that it sends is
trusted: only lists, dictionaries and numbers are taken from it.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from autograd_bp.checking.grading.child.numbers import ADDRESS, encoded
from autograd_bp.checking.grading.limits import Limits
from autograd_bp.checking.grading.messages import Answer, Messages
from autograd_bp.checking.grading.readable import (
    of_interpreter,
    of_library,
    root_of,
    standard_library,
)
from autograd_bp.errors import GradingError

__all__ = ["Call", "Run", "Sandbox", "require_posix"]

MAX_RESULTS = 20_000_000  # bytes that a solution may send
KEPT_OUTPUT = 4_000  # bytes of what it prints that are shown


@dataclass(frozen=True)
class Call:
    """One call of a student's function.

    Attributes:
        function: its name.
        arguments: lists, dictionaries, arrays and numbers.
    """

    function: str
    arguments: Sequence[Any]


@dataclass
class Run:
    """The run of a solution: its answers, its output, and how it ended.

    Attributes:
        answers: for each call and each of two turns, what came of it.
        functions: the names that the file defines; None where it did not get so far.
        fatal: the function in which the process ended; empty where it did not end in one.
        problem: what ended it before all calls were answered, as a sentence; empty for nothing.
        where: the lines of the student's file, of an error in the file itself.
        printed: the beginning of what it printed.
        confined: the means of the system that closed files and processes to it.
    """

    answers: dict[tuple[int, int], Answer] = field(default_factory=dict)
    functions: list[str] | None = None
    fatal: str = ""
    problem: str = ""
    where: tuple[str, ...] = ()
    printed: str = ""
    confined: tuple[str, ...] = ()


def require_posix() -> None:
    """Raises GradingError where the system cannot limit a process."""
    try:
        import resource
    except ImportError:
        resource = None  # type: ignore[assignment]
    if os.name != "posix" or resource is None or sys.platform in ("emscripten", "wasi"):
        raise GradingError(
            "grading runs each solution in a process with limits on time and memory, and needs the "
            f"resource limits of POSIX, which {sys.platform} does not have: grade on Linux or "
            "macOS, or in a container"
        )


def _require_limited_rights() -> None:
    """Raises GradingError for root on a system that does not confine processes by itself."""
    from autograd_bp.checking.grading.child.confinement import is_available

    if os.geteuid() == 0 and not is_available():
        raise GradingError(
            "this system has no Landlock or no seccomp, so that students' code could do whatever "
            "you may, and you are root: grade as another user, or in a container"
        )


class Sandbox:
    """Starts students' files, each in a process of its own.

    Arguments:
        calls: what to call; each is called in two turns, one after the other.
        libraries: names of the libraries that a solution may import.
        limits: what it may use.

    Raises: GradingError for a library that is not installed, or a system without limits.
    """

    def __init__(self, calls: Sequence[Call], libraries: Sequence[str], limits: Limits) -> None:
        require_posix()
        _require_limited_rights()
        self.limits = limits
        self.calls = calls
        roots = [root_of(name) for name in libraries]
        readable = of_interpreter()
        for name, root in zip(libraries, roots, strict=True):
            readable += of_library(name, root)
        self._job: dict[str, Any] = {
            "calls": [
                {"function": call.function, "arguments": [encoded(x) for x in call.arguments]}
                for call in calls
            ],
            "libraries": list(libraries),
            "roots": sorted({root for root in roots if root}),
            "readable": sorted(set(readable)),
            "listed": sorted({*(root for root in roots if root), *standard_library()}),
        }

    def run(self, name: str, source: str) -> Run:
        """Run one file. Where a function ends the process, the others run again without it, in
        half the time.

        Arguments:
            name: the name under which errors show it.
            source: its text.
        """
        run = self._run(name, source, frozenset(), self.limits)
        skipped: set[str] = set()
        shorter = replace(self.limits, seconds=-(-self.limits.seconds // 2))
        part = run
        while part.fatal and len(skipped) < len({call.function for call in self.calls}) - 1:
            skipped.add(part.fatal)
            for place, call in enumerate(self.calls):
                if call.function == part.fatal and (place, 0) not in run.answers:
                    run.answers[place, 0] = Answer(problem=part.problem, is_end=True)
            part = self._run(name, source, frozenset(skipped), shorter)
            run.answers = {**part.answers, **run.answers}
        return run

    def _run(self, name: str, source: str, skipped: frozenset[str], limits: Limits) -> Run:
        calls = self._job["calls"]
        changes = {
            "name": name,
            "source": source,
            "calls": [None if call["function"] in skipped else call for call in calls],
            "limits": {"seconds": limits.seconds, "memory": limits.memory * 2**20},
        }
        job = json.dumps(self._job | changes).encode()
        with tempfile.TemporaryDirectory(prefix="grading-") as folder:
            functions = [call.function for call in self.calls]
            count = 2 * sum(name not in skipped for name in functions)
            return _Process(job, folder, limits, Messages(functions, count)).result()


class _Process:
    """One process, from its start to its end."""

    def __init__(self, job: bytes, folder: str, limits: Limits, messages: Messages) -> None:
        self.limits, self.run = limits, Run()
        self.messages, self.folder = messages, folder
        self.printed = bytearray()
        self.count_printed = 0
        self.is_cut_off = False
        self.extensions = 9
        self.deadline = time.monotonic() + limits.wait
        results, sending = os.pipe()
        here = self.here = os.path.dirname(os.path.abspath(__file__))
        with tempfile.TemporaryFile() as stdin:
            stdin.write(job)
            stdin.seek(0)
            try:
                self.process = subprocess.Popen(
                    [sys.executable, "-sS", "-m", "child", str(sending)],
                    stdin=stdin,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    pass_fds=(sending,),
                    cwd=folder,
                    env=_environment(here, folder),
                    start_new_session=True,
                )
            finally:
                os.close(sending)
        self.results = results

    def result(self) -> Run:
        """Read until it ends, or has to be ended."""
        reason = ""
        try:
            reason = self._read()
        finally:
            self._end(wait=not reason)
            os.close(self.results)
            assert self.process.stdout is not None
            self.process.stdout.close()
        run, messages = self.run, self.messages
        run.answers, run.functions = messages.answers, messages.functions
        run.confined = messages.confined
        printed = _shown(bytes(self.printed), self.count_printed, self.limits.output)
        run.printed = printed.replace(self.folder, ".").replace(self.here, "…")
        run.where = messages.where
        if messages.file_problem:
            problem = messages.file_problem
            if problem == "MemoryError":
                problem += f": it needs more than {self.limits.memory:,} MB"
            run.problem = f"the file does not run: {problem}"
        elif reason or not messages.done:
            run.problem = f"it {reason or self._death()} {messages.place()}"
            run.fatal = messages.function
        return run

    def _read(self) -> str:
        """The reason for which it has to be ended; empty where it ends itself."""
        output = self.process.stdout
        assert output is not None
        with selectors.DefaultSelector() as selector:
            for stream in (self.results, output.fileno()):
                os.set_blocking(stream, False)
                selector.register(stream, selectors.EVENT_READ)
            open_streams = 2
            while open_streams and not self.messages.done:
                left = self.deadline - time.monotonic()
                if left <= 0 and self.extensions and _is_running(self.process.pid):
                    # It waits for a processor, which others use, and not of its own accord.
                    self.extensions -= 1
                    self.deadline += self.limits.wait
                elif left <= 0:
                    return f"took longer than {_seconds(self.limits.wait)} on the clock"
                for key, _ in selector.select(max(left, 0.0)):
                    chunk = _chunk(key.fd)
                    if not chunk:
                        selector.unregister(key.fd)
                        open_streams -= 1
                    elif key.fd == self.results:
                        if not self.messages.take(chunk, MAX_RESULTS):
                            return "sent something that is no result"
                    elif self._print(chunk):
                        return f"printed more than {self.limits.output:,} characters"
            self._rest(output.fileno())
        return ""

    def _rest(self, stream: int) -> None:
        """Read the rest of the pipe when the process has ended."""
        with contextlib.suppress(OSError, ValueError):
            while (chunk := os.read(stream, 1 << 16)) and not self._print(chunk):
                pass

    def _print(self, chunk: bytes) -> bool:
        self.count_printed += len(chunk)
        self.printed += chunk[: max(0, KEPT_OUTPUT - len(self.printed))]
        return self.count_printed > self.limits.output

    def _death(self) -> str:
        code = self.process.returncode
        if self.is_cut_off or code == 70:
            return "broke its connection to the grader"
        if code in (-signal.SIGXCPU, -signal.SIGKILL):
            return f"took more than {_seconds(self.limits.seconds)} of processor time"
        if code < 0:
            with contextlib.suppress(ValueError):
                return f"crashed with {signal.Signals(-code).name}"
            return f"crashed with signal {-code}"
        return f"ended its process itself, with exit code {code}"

    def _end(self, *, wait: bool) -> None:
        """Wait for the end of a process that ends by itself, and end all that is left."""
        if wait and not self.messages.done:
            try:
                self.process.wait(max(0.0, min(1.0, self.deadline - time.monotonic())))
            except subprocess.TimeoutExpired:
                self.is_cut_off = True
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def _seconds(count: float) -> str:
    return f"{count:g} second" + ("s" if count != 1 else "")


def _chunk(stream: int) -> bytes:
    try:
        return os.read(stream, 1 << 16)
    except OSError:
        return b""


def _is_running(process: int) -> bool:
    """Whether a process could run now; False where the system does not say."""
    try:
        with open(f"/proc/{process}/stat", encoding="ascii", errors="replace") as file:
            return file.read().rpartition(")")[2].split()[0] == "R"
    except (OSError, IndexError):
        return False


def _shown(printed: bytes, count: int, most: int) -> str:
    text = ADDRESS.sub("0x…", printed.decode(errors="replace"))
    if count <= KEPT_OUTPUT:
        return text
    # How far a process gets beyond the limit is another number in each run.
    size = f"{count:,}" if count <= most else f"more than {most:,}"
    return f"{text}… ({size} characters in all)"


def _environment(here: str, folder: str) -> Mapping[str, str]:
    """Nothing of the teacher's, one thread for each library, and the same hashes in every run."""
    threads = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")
    return {
        "PYTHONPATH": here,
        "PYTHONHASHSEED": "0",
        "PYTHONUTF8": "1",
        "HOME": folder,
        "TMPDIR": folder,
        "LC_ALL": "C.UTF-8",
        **dict.fromkeys(threads, "1"),
    }
