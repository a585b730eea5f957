"""The command line: `python -m benchmarks`."""

from __future__ import annotations

import argparse
import math
import os
import shlex
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

from benchmarks import machine, report, results
from benchmarks.agreement import DisagreementError
from benchmarks.fuzz import command as fuzz
from benchmarks.model import OURS, find
from benchmarks.pages import PAGES
from benchmarks.rounds import QUICK, Plan, Table, measure
from benchmarks.workloads import MODULES

HERE = Path(__file__).parent
FUZZ = "fuzz"  # no workload: nothing is timed
EXAMPLE = "example: python -m benchmarks --only chains --only gpt --out /tmp/chains"


class Parser(argparse.ArgumentParser):
    """One line for bad input, and exit status 2."""

    def error(self, message: str) -> NoReturn:
        raise SystemExit(_refuse(message))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmarks. Returns the exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    options = parser().parse_args(given)
    if options.list:
        print(listing())
        return 0
    try:
        plan = plan_of(options)
        folder = folder_of(options)
        joined = results.join(map(results.read, options.join)) if options.join else {}
        if options.names:
            check_names(options.names)
    except (ValueError, OSError) as error:
        return _refuse(str(error))
    if options.join:
        return _publish(joined, folder)
    if FUZZ in options.only:
        status = fuzz.main(quick=options.quick, folder=folder, say=_say)
        options.only = [name for name in options.only if name != FUZZ]
        if status or not options.only:
            return status
    return _measured(_names(options), plan, folder, _measuring(given))


def _names(options: argparse.Namespace) -> list[str]:
    """The workloads that were asked for; all of a page, or of all pages, where none was."""
    return list(dict.fromkeys(options.only)) or [
        name for page in PAGES if options.page in (None, page.name) for name in page.workloads
    ]


def _measured(names: list[str], plan: Plan, folder: Path | None, given: list[str]) -> int:
    """Run the workloads, and print or write their pages. Returns the exit status."""
    command = " ".join(["python -m benchmarks", *map(shlex.quote, given)])
    try:
        tables = [measure(MODULES[name], plan, _say) for name in names]
    except DisagreementError as error:
        print(f"benchmarks: contestants disagree, nothing is reported: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("benchmarks: interrupted, nothing is reported", file=sys.stderr)
        return 130
    status = _publish(results.record(tables, plan, machine.facts(), command), folder)
    failures = list(_failures(tables)) if plan.quick else []
    for failure in failures:
        _say(f"benchmarks: {failure}")
    return status or int(bool(failures))


def _failures(tables: list[Table]) -> Iterator[str]:
    """Contestants that could not do what they were asked. In a quick run, whose sizes are tiny,
    each is a mistake, but for peers that are recursive; else some meet a limit of theirs, which the
    page says."""
    for table in tables:
        for case in table.cases:
            for entry in case.entries:
                is_deep = entry.reason.startswith("RecursionError")
                is_ours = entry.contestant.name.startswith(OURS)
                if entry.status == "failed" and (is_ours or not is_deep):
                    name, size = table.workload.name, report.size_text(case.size)
                    yield f"{name}, {size}: {entry.contestant.name} failed: {entry.reason}"


def _publish(data: results.Data, folder: Path | None) -> int:
    """Print the pages, or write them. Returns the exit status."""
    found = [(page, part) for page in PAGES if (part := page.part_of(data)) is not None]
    if folder is None:
        print("\n".join(page.markdown(part, []) for page, part in found))
        return 0
    try:
        for page, part in found:
            page.publish(part, folder, _say)
    except OSError as error:
        return _refuse(f"the results cannot be written to {folder}: {error.strerror}")
    return 0


def _measuring(given: list[str]) -> list[str]:
    """The arguments without --out, which has nothing to do with what is measured."""
    kept = list(given)
    while "--out" in kept:
        place = kept.index("--out")
        del kept[place : place + 2]
    return [each for each in kept if not each.startswith("--out=")]


def parser() -> argparse.ArgumentParser:
    it = Parser(prog="python -m benchmarks", description=__doc__, epilog=EXAMPLE)
    it.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="NAME",
        help="run this workload, or fuzz: random programs compared with 50 digits; may be given "
        "several times (default: all workloads)",
    )
    it.add_argument(
        "--page",
        choices=[page.name for page in PAGES],
        help="run the workloads of this page (default: of all)",
    )
    it.add_argument(
        "--quick",
        action="store_true",
        help="tiny sizes, in seconds: whether everything works, not how fast",
    )
    it.add_argument(
        "--out",
        metavar="DIR",
        help="write pages (.md, .json) and plots here "
        "(default: beside the benchmarks for a full run; else print only)",
    )
    it.add_argument(
        "--join",
        action="append",
        default=[],
        metavar="JSON",
        help="measure nothing: pages of what these files hold",
    )
    it.add_argument("--rounds", type=int, metavar="N", help="rounds of measuring, at most")
    it.add_argument(
        "--budget",
        type=float,
        metavar="SECONDS",
        help="seconds of measuring for each contestant and size (default: 6)",
    )
    it.add_argument("--names", metavar="PATH", help="the list of names that the GPT learns")
    it.add_argument("--list", action="store_true", help="list workloads and contestants, and stop")
    return it


def plan_of(options: argparse.Namespace) -> Plan:
    unknown = [name for name in options.only if name not in MODULES and name != FUZZ]
    if unknown:
        raise ValueError(
            f"there is no workload {unknown[0]!r}: choose from {', '.join([*MODULES, FUZZ])}"
        )
    plan = QUICK if options.quick else Plan()
    if options.rounds is not None:
        if options.rounds < 1:
            raise ValueError(f"--rounds is 1 or more, got {options.rounds}")
        plan = replace(plan, rounds=options.rounds)
    if options.budget is not None:
        if not 0.0 < options.budget < math.inf:
            raise ValueError(f"--budget is a number of seconds above 0, got {options.budget:g}")
        plan = replace(plan, budget=options.budget)
    return plan


def folder_of(options: argparse.Namespace) -> Path | None:
    """Where to write; None for a partial run that was given no place of its own."""
    if options.out is None:
        return None if options.quick or options.only or options.join else HERE
    folder = Path(options.out)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ValueError(f"--out {folder} is no folder to write to: {error.strerror}") from None
    if not os.access(folder, os.W_OK):
        raise ValueError(f"--out {folder} is no folder to write to: permission denied")
    return folder


def check_names(path: str) -> None:
    os.environ["BENCHMARKS_NAMES"] = path
    from benchmarks.workloads import gpt

    try:
        gpt.names()
    except OSError as error:
        raise ValueError(f"--names {path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ValueError(f"--names {path} is no text") from None


def listing() -> str:
    """Workloads and contestants, with what keeps one from taking part."""
    lines = []
    for name, module in MODULES.items():
        workload = find(module)
        lines.append(
            f"{name}: {workload.title}; {workload.size_name} "
            f"{', '.join(map(report.size_text, workload.sizes))}"
        )
        for each in workload.contestants:
            missing = next(filter(None, map(machine.why_missing, each.packages)), "")
            lines.append(f"  {each.key}" + (f" (skipped: {missing})" if missing else ""))
    lines.append(f"{FUZZ}: random programs compared with 50 digits, in every mode; not timed")
    return "\n".join(lines)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _refuse(message: str) -> int:
    print(f"benchmarks: {' '.join(message.split())}", file=sys.stderr)
    return 2
