"""The results of grading a solution: numbers, the points of groups of them, and the whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from autograd_bp.notation.numbers import number

__all__ = ["Explanation", "Group", "Mark", "Result", "points_in_words"]


@dataclass(frozen=True)
class Mark:
    """One number of a solution.

    Attributes:
        term: its name: γ[2,1], Δw[1,1,0], energy x[0].
        place: at which example: "example 2".
        given: the student's number; None where there is none.
        right: the right one.
        ok: whether it is right.
        follows: whether it is wrong, but what follows from the student's own earlier numbers.
        note: why there is no number, or why a right one does not count.
    """

    term: str
    place: str
    given: float | None
    right: float
    ok: bool
    note: str = ""
    follows: bool = False


@dataclass(frozen=True)
class Group:
    """The terms that share an entry of `points`.

    Attributes:
        name: the entry.
        points: what it is worth.
        right, count: how many of its numbers are right, over all examples.
        following: how many count although they are wrong, since they follow from earlier ones.
    """

    name: str
    points: float
    right: int
    count: int
    following: int = 0

    @property
    def earned(self) -> float:
        """The share of the points that the share of right numbers earns."""
        if not self.count:
            return 0.0
        return self.points * (self.right + self.following) / self.count


@dataclass(frozen=True)
class Explanation:
    """The explanation of the first wrong number.

    Attributes:
        mark: that number.
        formula: the right formula, with the numbers put in; empty where it is not known.
        used: the formula that gives the student's number; empty where none is known.
        mistake: its name, and where it was made.
        why: how it comes about.
        others: further mistakes that would give the same numbers.
    """

    mark: Mark
    formula: str = ""
    used: str = ""
    mistake: str = ""
    why: str = ""
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Result:
    """The grade of one solution.

    Attributes:
        name: of the student, which is that of the file.
        file: its path, as it was given.
        groups: the points.
        marks: every number, in the order in which the terms are derived.
        explanations: of each task the first wrong number, explained.
        problems: what kept functions from answering, as sentences.
        where: the lines of the file that the first problem came from.
        remarks: other sentences, which cost no points.
        printed: the beginning of what it printed.
        confined: the means of the system that closed files and processes to it.
    """

    name: str
    file: str
    groups: tuple[Group, ...]
    marks: tuple[Mark, ...] = field(repr=False)
    explanations: tuple[Explanation, ...] = ()
    problems: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    printed: str = field(default="", repr=False)
    confined: tuple[str, ...] = field(default=(), compare=False)

    @property
    def points(self) -> float:
        """Those that were earned."""
        return sum(group.earned for group in self.groups)

    @property
    def out_of(self) -> float:
        """Those that a right solution earns."""
        return sum(group.points for group in self.groups)

    @property
    def first_wrong(self) -> Explanation | None:
        """The first wrong number; None where all that came is right."""
        return next(iter(self.explanations), None)

    @property
    def ok(self) -> bool:
        """True when every number is right."""
        return all(mark.ok for mark in self.marks) and bool(self.marks)

    @property
    def summary(self) -> str:
        """The most important result, in one line."""
        if self.ok:
            return "everything is right"
        parts = list(self.problems[:1])
        if self.first_wrong is not None:
            mark, mistake = self.first_wrong.mark, self.first_wrong.mistake
            parts.append(f"first wrong: {mark.term}" + (f", {mistake}" if mistake else ""))
        return "; ".join(parts) or "nothing was answered"


def points_in_words(points: float, digits: int = 2) -> str:
    """Points with at most two places after the point: 7, 3.5, 0.67."""
    return number(round(points + 0.0, digits), 12)


def share(groups: Sequence[Group]) -> float:
    """The share of the points that was earned, between 0 and 1."""
    points = sum(group.points for group in groups)
    return sum(group.earned for group in groups) / points if points else 0.0
