"""The tasks of a reference: `Formulas` of a network, a `Gradient`, or any `Function`."""

from __future__ import annotations

import abc
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from autograd_bp.checking.grading.results import Explanation, Mark
from autograd_bp.checking.grading.sandbox import Call
from autograd_bp.errors import AutogradError, GradingError

__all__ = ["Outcome", "Returned", "Task", "checked_points", "group_of", "right_or_refused"]


class Returned(NamedTuple):
    """The result of a student's function for one example.

    Attributes:
        data: lists, dictionaries, arrays and numbers; None where there is nothing.
        problem: why there is nothing, as a sentence.
    """

    data: Any
    problem: str = ""


class Outcome(NamedTuple):
    """The outcome of a task for one solution.

    Attributes:
        marks: one for each expected number.
        problems: sentences.
        explanation: of the first wrong number.
    """

    marks: list[Mark]
    problems: list[str]
    explanation: Explanation | None


class Task(abc.ABC):
    """Functions that a solution has to contain, and how their results are judged.

    Attributes:
        signatures: for each function that a student writes, how it is called.
        calls: of these functions, in the order in which they are judged.
        points: for each group of terms what it is worth.
        notes: what these examples cannot show, for the teacher.
    """

    signatures: dict[str, str]
    calls: list[Call]
    points: dict[str, float]
    notes: list[str]

    @abc.abstractmethod
    def prepare(self) -> None:
        """Compute the right answers.

        Raises: GradingError where the reference cannot be right.
        """

    @abc.abstractmethod
    def judge(self, returned: Sequence[Returned]) -> Outcome:
        """Compare what a solution returned, a result for each call, with the right answers."""

    @abc.abstractmethod
    def terms(self) -> list[str]:
        """The names of all terms."""

    def group(self, term: str) -> str:
        """The entry of `points` that a term belongs to; empty for none."""
        return group_of(term, self.points)


def checked_points(points: Any, what: str) -> dict[str, float]:
    """The points of a task as floats.

    Raises: GradingError for what is no positive number.
    """
    if not isinstance(points, Mapping) or not points:
        raise GradingError(
            f"{what}: points is a dictionary of terms and what they are worth, got {points!r:.60}"
        )
    for name, value in points.items():
        if not isinstance(name, str):
            raise GradingError(f"{what}: points has the key {name!r:.40}, which is no name")
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise GradingError(f"{what}: points[{name!r}] is {value!r:.40}: a number is needed")
        if not 0 < value < math.inf:
            raise GradingError(f"{what}: points[{name!r}] is {value!r}: it must be positive")
    return {name: float(value) for name, value in points.items()}


def group_of(term: str, names: Mapping[str, float]) -> str:
    """The longest name that a term begins with: γ[2,1] belongs to γ[2,1], else γ[2], else γ."""
    fitting = [name for name in names if _begins(term, name)]
    return max(fitting, key=len, default="")


def _begins(term: str, name: str) -> bool:
    """Whether a name covers a term, ending at an index or a name of it."""
    if term == name:
        return True
    if name.endswith("]") and "[" in name:
        inner = name[:-1]
        return term.startswith((f"{inner},", f"{name}[", f"{name}.", f"{name}@"))
    return term.startswith(name) and not term[len(name)].isalnum()


def right_or_refused(what: str, compute: Callable[[], Any]) -> Any:
    """The result of a part of the reference.

    Raises: GradingError with the reason where it raises an error.
    """
    try:
        return compute()
    except GradingError:
        raise
    except AutogradError as error:
        raise GradingError(f"{what}: {error}") from error
    except Exception as error:
        raise GradingError(f"{what} raises {type(error).__name__}: {error}") from error
