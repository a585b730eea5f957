"""The first line of a failure: the verdict, where, and what would explain it."""

from __future__ import annotations

from typing import Any

__all__ = ["headline"]


def headline(report: Any) -> str:
    """In one line: "WRONG in x[1], factor 1/2", "WRONG in γ[2,1], missing y (1 - y)".

    Arguments:
        report: of a gradient check, of a formula check, or another that has `ok` and prints itself.
    """
    own = getattr(report, "headline", None)
    if callable(own):
        return str(own())
    first = getattr(report, "first_wrong", None)
    if first is not None:
        names = [diagnosis.name for diagnosis in getattr(report, "diagnosis", ())[:1]]
        return ", ".join([f"WRONG in {first.name}", *names])
    summary = getattr(report, "summary", None)
    lines = str(summary() if callable(summary) else report).splitlines()
    return lines[0] if lines else ""
