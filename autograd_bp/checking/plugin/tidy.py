"""A failure as pytest shows it, without what is of this library and not of the test."""

from __future__ import annotations

from typing import Any

import pytest
from _pytest._code.code import ExceptionRepr

from autograd_bp.checking.gradient.headlines import headline
from autograd_bp.tracebacks import is_own, pruned

__all__ = ["put_first", "tidy"]

_EXPLANATION = "Explanation:"  # of Hypothesis: lines that only failing test cases run
_MORE = "(and "


def tidy(call: pytest.CallInfo[Any]) -> None:
    """Take the frames of the library out of the traceback of an error that a check raised, and
    its lines out of the explanation of Hypothesis.
    """
    assert call.excinfo is not None
    error = call.excinfo.value
    if isinstance(error, Exception) and _has_own(error):
        error = pruned(error)
        if error.__traceback__ is not None:
            call.excinfo = pytest.ExceptionInfo.from_exception(error)
    notes = getattr(error, "__notes__", None)
    if notes:
        notes[:] = _without_own_lines("\n".join(notes)).splitlines()


def put_first(report: pytest.TestReport, failure: Any) -> None:
    """Begin the line of a failure in pytest's summary with the verdict."""
    shown = report.longrepr
    if isinstance(shown, ExceptionRepr) and shown.reprcrash is not None:
        _, _, rest = shown.reprcrash.message.partition("\n")
        shown.reprcrash.message = f"{headline(failure)}\n{rest}"


def _has_own(error: BaseException) -> bool:
    """Whether the error came through a check: then the frame of its guard is in the traceback."""
    traceback = error.__traceback__
    while traceback is not None:
        frame = traceback.tb_frame
        if is_own(frame.f_code.co_filename) and "__tracebackhide__" in frame.f_locals:
            return True
        traceback = traceback.tb_next
    return False


def _without_own_lines(note: str) -> str:
    """The notes of Hypothesis without the places inside this library."""
    lines = note.splitlines()
    kept = [line for line in lines if not is_own(line.strip())]
    if len(kept) == len(lines):
        return note
    starts = [k for k, line in enumerate(kept) if line.strip() == _EXPLANATION]
    if not starts:
        return "\n".join(kept)
    start = starts[0]
    end = first = start + 2
    while end < len(kept) and _indented(kept[end]) > _indented(kept[start]):
        end += 1
    places = [line for line in kept[first:end] if not line.strip().startswith(_MORE)]
    return "\n".join((kept[:first] + places if places else kept[:start]) + kept[end:])


def _indented(line: str) -> int:
    """How far a line is indented; 0 for an empty one."""
    return len(line) - len(line.lstrip())
