"""The lines that a student's process sends, read with suspicion."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from autograd_bp.notation.text import clean

__all__ = ["Answer", "Messages"]

MAX_NAMES = 200
MAX_TEXT = 700
MAX_LINES = 20


@dataclass(frozen=True)
class Answer:
    """The result of one call.

    Attributes:
        result: what the function returned, as text, numbers in lists and dictionaries; see
            `child.numbers`. None where there is none.
        problem: the error that the function raised, as a sentence.
        where: the lines of the student's file that led to it.
        changed: which arguments the function changed.
        is_missing: whether there is no such function.
        is_end: whether the problem is the end of the process.
    """

    result: Any = None
    problem: str = ""
    where: tuple[str, ...] = ()
    changed: tuple[int, ...] = ()
    is_missing: bool = False
    is_end: bool = False


class Messages:
    """The messages of a process so far.

    Arguments:
        functions: the function of each call.
        count: of the answers that will come, in both turns.

    Attributes:
        answers: by call and turn.
        functions: the names that the file defines; None until it has been imported.
        file_problem, where: the error in the file itself, and its lines.
        confined: the means of the system that confine it.
        done: whether all was said.
    """

    def __init__(self, functions: Sequence[str], count: int) -> None:
        self.answers: dict[tuple[int, int], Answer] = {}
        self.functions: list[str] | None = None
        self.file_problem = ""
        self.where: tuple[str, ...] = ()
        self.confined: tuple[str, ...] = ()
        self.done = False
        self.running: int | str | None = None  # the call, or "file"
        self._called, self._count = functions, count
        self._rest = bytearray()
        self._taken = 0

    def take(self, chunk: bytes, most: int) -> bool:
        """Read what was sent; False where it is no message, or more than `most` bytes in all."""
        self._taken += len(chunk)
        self._rest += chunk
        if self._taken > most:
            return False
        *lines, rest = self._rest.split(b"\n") if b"\n" in chunk else (self._rest,)
        self._rest = bytearray(rest)
        try:
            for line in lines:
                self._message(json.loads(line, parse_int=_count, parse_constant=_refused))
        except (ValueError, RecursionError, LookupError, TypeError, AttributeError):
            return False
        return True

    @property
    def function(self) -> str:
        """The function that was running; empty where the file itself was."""
        return self._called[self.running] if isinstance(self.running, int) else ""

    def place(self) -> str:
        """Where it was when it ended."""
        if self.running is None:
            return "before it began" if self.functions is None else "after a call"
        return f"in {self.function}()" if self.function else "while the file was imported"

    def _message(self, message: Any) -> None:
        if not isinstance(message, dict):
            raise ValueError
        if "confined" in message:
            if self.running is None:
                self.confined = tuple(_text(name) for name in message["confined"][:4])
        elif "begins" in message:
            running = message["begins"]
            is_call = isinstance(running, int) and 0 <= running < len(self._called)
            if running != "file" and not is_call:
                raise ValueError
            self.running = running
        elif message.get("ended") == "file":
            self._file(message)
        elif "ended" in message:
            self._answer(message)
        elif message.get("done") is True and (self.file_problem or self._is_complete()):
            self.done = True
        else:
            raise ValueError

    def _is_complete(self) -> bool:
        return self.functions is not None and len(self.answers) == self._count

    def _file(self, message: dict[str, Any]) -> None:
        if "error" in message:
            self.file_problem = _text(message["error"])
            self.where = _lines(message.get("where", []))
        else:
            self.functions = [_text(name) for name in message["functions"][:MAX_NAMES]]

    def _answer(self, message: dict[str, Any]) -> None:
        call, turn = message["ended"], message["turn"]
        if not (0 <= call < len(self._called) and turn in (0, 1)) or (call, turn) in self.answers:
            raise ValueError
        if message.get("missing") is True:
            answer = Answer(is_missing=True)
        elif "error" in message:
            answer = Answer(problem=_text(message["error"]), where=_lines(message["where"]))
        else:
            changed = tuple(int(k) for k in message["changed"][:20])
            answer = Answer(result=message["result"], changed=changed)
        self.answers[call, turn] = answer
        self.running = None


def _text(text: Any) -> str:
    if not isinstance(text, str):
        raise ValueError
    return "\n".join(map(clean, text[:MAX_TEXT].splitlines()))


def _lines(lines: Any) -> tuple[str, ...]:
    if not isinstance(lines, list):
        raise ValueError
    return tuple(_text(line) for line in lines[:MAX_LINES])


def _count(digits: str) -> int:
    if len(digits) > 9:
        raise ValueError
    return int(digits)


def _refused(_: str) -> NoReturn:
    raise ValueError
