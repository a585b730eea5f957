"""The pages that are written: which workloads stand on them, and what they are compared with."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks import (
    compat_targets,
    compiler_targets,
    files,
    interpreted_targets,
    plots,
    reasons,
    report,
    targets,
)
from benchmarks.fuzz.command import PAGE, with_section
from benchmarks.results import Data
from benchmarks.targets import Verdict
from benchmarks.workloads import COMPAT, COMPILER, DETAILS, ENGINE, INTERPRETED

Say = Callable[[str], None]


@dataclass(frozen=True)
class Page:
    """A page.

    Attributes:
        name: for `--page`; its files are NAME.md and NAME.json in capitals.
        title: its heading.
        subject: what has the targets.
        workloads: what stands on it.
        verdicts: its targets, compared with what was measured.
        drawn: whether there are plots.
        details: what stands on it too where it was asked for by name.
    """

    name: str
    title: str
    subject: str
    workloads: tuple[str, ...]
    verdicts: Callable[[Data], list[Verdict]]
    drawn: bool
    details: tuple[str, ...] = ()

    def part_of(self, data: Data) -> Data | None:
        """What was measured for this page; None where that is nothing."""
        kept = [
            each
            for name in (*self.workloads, *self.details)
            for each in data["workloads"]
            if each["name"] == name
        ]
        return {**data, "workloads": kept} if kept else None

    def markdown(self, data: Data, links: list[str]) -> str:
        found = [] if data["quick"] else self.verdicts(data)
        more = reasons.section(data)
        return report.markdown(data, links, self.title, self.subject, found, more)

    def publish(self, data: Data, folder: Path, say: Say) -> None:
        """Write the page, its data and its plots, each file in one piece."""
        data["targets"] = [v._asdict() for v in self.verdicts(data)]
        drawn = plots.draw(data, folder / "plots", say) if self.drawn else []
        page, numbers = (folder / f"{self.name.upper()}.{kind}" for kind in ("md", "json"))
        files.write(numbers, json.dumps(data, indent=1, ensure_ascii=False) + "\n")
        text = self.markdown(data, [f"plots/{path.name}" for path in drawn])
        files.write(page, with_section(text, folder) if page.name == PAGE else text)
        say(f"wrote {page}, {numbers.name} and {len(drawn)} plots")


PAGES = (
    Page("results", "Results", "compiled core", ENGINE, targets.verdicts, True),
    Page(
        "compiler",
        "Compiled programs",
        'backend "llvm" unless it says otherwise',
        COMPILER,
        compiler_targets.verdicts,
        False,
        DETAILS,
    ),
    Page(
        "interpreted",
        "Without a compiler",
        "interpreted core",
        INTERPRETED,
        interpreted_targets.verdicts,
        False,
    ),
    Page(
        "compat",
        "Scripts for other engines",
        "compiled core",
        COMPAT,
        compat_targets.verdicts,
        False,
    ),
)
