"""The teacher's table: a line for each solution, as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from autograd_bp.checking.grading.results import Result, points_in_words
from autograd_bp.notation.text import clean

__all__ = ["table"]

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def table(results: Sequence[Result]) -> str:
    """The grades as CSV, with a header.

    Columns: name, file, points, out of; the points of each group; right, numbers; the first wrong
    term, where, the student's number and the right one, the mistake; problem, remarks. Text that a
    spreadsheet would take for a formula begins with an apostrophe.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    groups = [group.name for group in results[0].groups] if results else []
    writer.writerow(
        ["name", "file", "points", "out of"]
        + [f"points for {name}" for name in groups]
        + ["right", "numbers", "first wrong", "at", "given", "expected", "mistake"]
        + ["problem", "remarks"]
    )
    for result in results:
        writer.writerow(_row(result))
    return text.getvalue()


def _row(result: Result) -> list[str]:
    first = result.first_wrong
    mark = None if first is None else first.mark
    return [
        _safe(result.name),
        _safe(result.file),
        points_in_words(result.points),
        points_in_words(result.out_of),
        *(points_in_words(group.earned) for group in result.groups),
        str(sum(one.ok for one in result.marks)),
        str(len(result.marks)),
        _safe(mark.term) if mark is not None else "",
        _safe(mark.place) if mark is not None else "",
        repr(mark.given) if mark is not None and mark.given is not None else "",
        repr(mark.right) if mark is not None else "",
        _safe(first.mistake) if first is not None else "",
        _safe("; ".join(result.problems)),
        _safe("; ".join(result.remarks)),
    ]


def _safe(text: str) -> str:
    """In one line, and not to be taken for a formula."""
    line = " ".join(clean(text).split())
    return f"'{line}" if line.startswith(_FORMULA_STARTS) else line
