"""The measurements as a page for docs/, and as data."""

from __future__ import annotations

import math
import platform
import sys
from collections.abc import Sequence
from typing import Any

import autograd_bp as bp
from benchmarks.accuracy.measure import Worst
from benchmarks.accuracy.reasons import ADDED, LIMIT, REASONS, TERMS, bound, reason
from benchmarks.accuracy.references import DIGITS

HEAD = f"""# Accuracy

How far the numbers of each primitive, and its partial derivatives, are from the truth. Written by
`python -m benchmarks.accuracy`, not edited; the same numbers as data are in
[accuracy.json](accuracy.json).

The truth is computed with {DIGITS} digits by mpmath, from formulas that are written there again
([references.py](../benchmarks/accuracy/references.py)) and share nothing with the rules of the
table. An error is |found - exact| in *units in the last place*: one unit is the distance between
two neighbouring floats where the exact result lies (2⁻¹⁰⁷⁴ below 2⁻¹⁰²²). A result that is the
float nearest to the truth counts as 0; a correctly rounded operation never has more than ½.
Primitives that add up (sum, mean, dot, performance, logsumexp) are measured in units of what they
add up, Σ |terms|, for 2 to {TERMS} numbers: the result itself may cancel.

Inputs are floats of all sizes, the ends of each domain, the places where formulas change, overflow
and underflow, each with its neighbours, and then the neighbours of the worst so far. Kinks and
poles, where there is nothing to compare, are on [another page](kinks.md).

The library promises at most {LIMIT:g} units, and {TERMS // 2} for sums of {TERMS} terms. Where the
error can be larger, the reason stands below the table.
"""


def page(found: Sequence[Worst]) -> str:
    """The page as Markdown."""
    lines = [
        HEAD,
        _measured(),
        "",
        "| primitive | of | largest error | at | points | promised |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for worst in found:
        promised = bound(worst.row, worst.what)
        text = "see below" if promised is None else f"{promised:g}"
        lines.append(
            f"| {worst.row} | {worst.what} | {_units(worst.ulps)} | {_point(worst.point)} "
            f"| {worst.count:,} | {text} |"
        )
    lines += ["", "## Reasons", ""]
    grouped: dict[str, list[str]] = {}
    for (row, what), why in {**REASONS, **ADDED}.items():
        grouped.setdefault(why, []).append(f"{row} {what}")
    lines += [f"- {', '.join(names)}: {why}." for why, names in grouped.items()]
    return "\n".join(lines) + "\n"


def data(found: Sequence[Worst]) -> dict[str, Any]:
    """The measurements as data: points as hexadecimal floats, None for an infinite error."""
    return {
        "format": "autograd_bp accuracy",
        "version": 1,
        "autograd_bp": bp.__version__,
        "core": bp.info()["core"],
        "libc": " ".join(platform.libc_ver()) or platform.system(),
        "machine": platform.machine(),
        "python": platform.python_version(),
        "digits": DIGITS,
        "results": [
            {
                "row": worst.row,
                "of": worst.what,
                "ulps": worst.ulps if math.isfinite(worst.ulps) else None,
                "point": [x.hex() for x in worst.point],
                "points": worst.count,
                "promised": bound(worst.row, worst.what),
                "reason": reason(worst.row, worst.what),
            }
            for worst in found
        ],
    }


def _measured() -> str:
    libc = " ".join(platform.libc_ver()) or platform.system()
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return (
        f"Measured with {libc} on {platform.machine()}, Python {version}. The rules give the same "
        "bits on both cores; exp, log, sin and their like are the C library's."
    )


def _units(ulps: float) -> str:
    if ulps == 0.0:
        return "0"
    return f"{ulps:.3g}" if ulps < 1e5 else f"{ulps:.0e}".replace("e+", "e")


def _point(point: Sequence[float]) -> str:
    shown = ", ".join(f"{x:.6g}" for x in point[:2])
    return f"({shown}{', …' if len(point) > 2 else ''})" if point else "–"
