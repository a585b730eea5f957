"""The command line: `python -m benchmarks.accuracy`."""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Sequence
from pathlib import Path

from autograd_bp.errors import AutogradError
from autograd_bp.files import write_atomically
from autograd_bp.primitives import TABLE
from benchmarks.accuracy.measure import Worst, measure
from benchmarks.accuracy.page import data, page
from benchmarks.accuracy.reasons import bound
from benchmarks.accuracy.references import ROWS, SUMS

DOCS = Path(__file__).parents[2] / "docs"
MANY, FEW = 20_000, 200
# mpmath takes milliseconds for these.
SLOW_MANY, SLOW = 1_500, frozenset((
    "lgamma", "digamma", "trigamma", "polygamma_2", "polygamma_3", "digamma_difference",
    "polygamma_difference_1",
    "log_beta", "beta", "ndtr", "log_ndtr", "gelu", "ndtri", "erfinv",
    "power_slope", "power_logarithm", "exp_left", "stopped", "decayed", "unless_stopped", "unit",
))  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    name = "python -m benchmarks.accuracy"
    parser = argparse.ArgumentParser(prog=name, description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few points; writes nothing")
    parser.add_argument(
        "--only",
        nargs="+",
        metavar="NAME",
        help="measure these rows, and keep the numbers of the others",
    )
    parser.add_argument(
        "--out",
        type=Path,
        default=DOCS,
        metavar="DIR",
        help="write accuracy.md and accuracy.json here (default: docs)",
    )
    options = parser.parse_args(arguments)
    if not (options.quick or options.out.is_dir()):  # seen before minutes of measuring
        print(
            f"cannot write into {str(options.out)!r}: there is no such folder; make it, or choose "
            "another with --out",
            file=sys.stderr,
        )
        return 2
    found = _measurements(options)
    broken = [each for each in found if not within(each)]
    for each in broken:
        print(
            f"{each.row} {each.what}: {each.ulps:.3g} units at {each.point}, more than promised",
            file=sys.stderr,
        )
    if not options.quick:
        try:
            write_atomically(options.out / "accuracy.md", page(found).encode())
            text = json.dumps(data(found), indent=1, ensure_ascii=False)
            write_atomically(options.out / "accuracy.json", (text + "\n").encode())
        except AutogradError as error:
            print(error, file=sys.stderr)
            return 2
    return 1 if broken else 0


def _measurements(options: argparse.Namespace) -> list[Worst]:
    """Of the rows that the options name, or all; of the others what accuracy.json says."""
    found: list[Worst] = []
    for row in TABLE:
        if options.only and row.name not in options.only:
            found += measured(options.out, row.name)
        elif row.name in ROWS or row.name in SUMS:
            many = SLOW_MANY if row.name in SLOW else MANY
            worsts = measure(row, FEW if options.quick else many)
            for worst in worsts:
                print(f"{worst.row:12} {worst.what:6} {worst.ulps:.3g}", file=sys.stderr)
            found += worsts
    return found


def measured(folder: Path, name: str) -> list[Worst]:
    """What accuracy.json says of a row."""
    results = json.loads((folder / "accuracy.json").read_text(encoding="utf-8"))["results"]
    return [
        Worst(
            each["row"],
            each["of"],
            math.inf if each["ulps"] is None else each["ulps"],
            tuple(map(float.fromhex, each["point"])),
            each["points"],
        )
        for each in results
        if each["row"] == name
    ]


def within(worst: Worst) -> bool:
    """Whether an error is what is promised."""
    promised = bound(worst.row, worst.what)
    return promised is None or worst.ulps <= promised
