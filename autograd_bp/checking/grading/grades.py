"""Grades: the results of all solutions, as text and as files."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autograd_bp.checking.grading.reference import Reference
from autograd_bp.checking.grading.results import Result, points_in_words
from autograd_bp.errors import OutputError
from autograd_bp.files import folder_for_output, write_atomically
from autograd_bp.notation.text import clean

__all__ = ["OVERVIEW", "TABLE", "Grades", "line", "name_width", "page_names", "refuse_existing"]

OVERVIEW, TABLE = "index.html", "grades.csv"
WIDTH, LEAST_NAME_WIDTH, NAME_WIDTH = 80, 12, 24
_UNSAFE = re.compile(r"[^\w.-]+")


@dataclass(frozen=True)
class Grades:
    """The grades of all solutions.

    Attributes:
        reference: what was asked for.
        results: one for each solution, sorted by name.
    """

    reference: Reference
    results: tuple[Result, ...]

    def save(self, folder: str | os.PathLike[str], *, force: bool = False) -> list[Path]:
        """Write index.html, grades.csv and, in students/, a page for each solution.

        Every page is one file that loads nothing from elsewhere. The same grades give the same
        bytes.

        Arguments:
            folder: is made where it does not exist.
            force: replace files of these names that are there.

        Returns: the paths of the overview, of the table, and of the pages.

        Raises: OutputError when a file is there already, or cannot be written.
        """
        from autograd_bp.checking.grading.overview import overview
        from autograd_bp.checking.grading.page import page
        from autograd_bp.checking.grading.table import table

        base = Path(folder)
        names = page_names(self.results)
        contents = {TABLE: table(self.results), OVERVIEW: overview(self, names)}
        contents |= {
            name: page(result, self.reference.title)
            for name, result in zip(names, self.results, strict=True)
        }
        refuse_existing(base, list(contents), force=force)
        folder_for_output(base)
        folder_for_output(base / "students")
        return [write_atomically(base / name, text.encode()) for name, text in contents.items()]

    def text(self) -> str:
        """A line for each solution, and a summary: at most 80 columns wide."""
        width = name_width([result.name for result in self.results])
        lines = [line(result, width) for result in self.results]
        return "\n".join([*lines, self.summary()])

    def summary(self) -> str:
        """How many solutions there are, how many are right, and the points on average."""
        count = len(self.results)
        right = sum(result.ok for result in self.results)
        average = sum(result.points for result in self.results) / count if count else 0.0
        out_of = self.results[0].out_of if self.results else 0.0
        return (
            f"{count:,} solution{'s' * (count != 1)}, {right:,} without a mistake, "
            f"{points_in_words(average)} of {points_in_words(out_of)} points on average"
        )

    def mistakes(self) -> list[tuple[str, int]]:
        """The first mistake of each solution, counted, the most frequent first."""
        counts: Counter[str] = Counter()
        for result in self.results:
            if result.first_wrong is not None and result.first_wrong.mistake:
                counts[result.first_wrong.mistake] += 1
            elif result.problems:
                counts[_kind(result.problems[0])] += 1
            elif result.first_wrong is not None:
                counts[f"{result.first_wrong.mark.term} is wrong, no known mistake"] += 1
        return sorted(counts.items(), key=lambda item: (-item[1], item[0]))

    def __str__(self) -> str:
        return self.text()


def page_names(results: tuple[Result, ...]) -> list[str]:
    """The file name of each student's page: the name, as far as file names allow it."""
    taken: set[str] = set()
    names = []
    for result in results:
        stem = (_UNSAFE.sub("_", result.name).strip("._") or "student")[:80]
        name, number = stem, 1
        while name.lower() in taken:  # also on a disk that does not know A from a
            number += 1
            name = f"{stem}_{number}"
        taken.add(name.lower())
        names.append(f"students/{name}.html")
    return names


def refuse_existing(folder: Path, names: list[str], *, force: bool) -> None:
    """Raises OutputError where one of these files is there and may not be replaced."""
    there = [name for name in names if os.path.lexists(folder / name)]
    if there and not force:
        more = f" and {len(there) - 1} more" if len(there) > 1 else ""
        raise OutputError(
            f"{str(folder / there[0])!r}{more} exists already: choose another folder, or let it be "
            "replaced (force=True, on the command line --force)"
        )


def name_width(names: Sequence[str]) -> int:
    """The columns that these names take: long ones are cut."""
    return min(NAME_WIDTH, max([LEAST_NAME_WIDTH, *map(len, names)]))


def line(result: Result, width: int) -> str:
    """A result in a line of at most 80 columns: name, in so many of them, points, and what matters
    most."""
    points = f"{points_in_words(result.points)} of {points_in_words(result.out_of)}"
    name = _cut(result.name, width).ljust(width)
    return _cut(f"{name} {points:>11}  {clean(result.summary)}", WIDTH)


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def _kind(problem: str) -> str:
    """A problem without what differs from one student to the next."""
    return re.sub(r" \(line \d+\)|; there is .*|: .*", "", problem)[:80]
