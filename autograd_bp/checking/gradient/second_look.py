"""Explanations of a wrong gradient, tried at a second point.

At a round point many things are a simple fraction of each other. A mistake in a formula is there at
a point beside it too, and an accident is not.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

from autograd_bp.checking.gradient.report import GradientReport
from autograd_bp.checking.gradient.verdicts import Verdict

__all__ = ["confirmed"]

MAX_COMPONENTS = 100  # an accident would have to be the same in more than these
_STRETCH, _SHIFT = 1.0 + 0.1 / math.e, 0.1 / math.pi  # no number of a formula, and near


def confirmed(
    report: GradientReport, check: Callable[[Sequence[float]], GradientReport]
) -> GradientReport:
    """The report with the explanations that hold at a second point as well.

    Arguments:
        report: at the point that was asked for.
        check: the same check at another point.
    """
    if not report.hints or len(report.components) > MAX_COMPONENTS:
        return report
    point = [x * _STRETCH if x else _SHIFT for x in report.point]
    try:
        second = check(point)
    except Exception:  # whatever the caller's functions raise outside of their domain
        return report
    if second.verdict not in (Verdict.WRONG, Verdict.OK):
        return report
    there = {getattr(hint, "brief", hint) for hint in second.hints}
    kept = tuple([hint for hint in report.hints if getattr(hint, "brief", hint) in there])
    return report if len(kept) == len(report.hints) else replace(report, hints=kept)
