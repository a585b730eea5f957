"""The task of writing a function of numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from autograd_bp.checking.gradient.report import GradientReport
from autograd_bp.checking.grading.child.numbers import encoded
from autograd_bp.checking.grading.results import Explanation, Mark
from autograd_bp.checking.grading.sandbox import Call
from autograd_bp.checking.grading.structures import matched, names_of, plain
from autograd_bp.checking.grading.tasks import (
    Outcome,
    Returned,
    Task,
    checked_points,
    right_or_refused,
)
from autograd_bp.errors import GradingError, ShapeError
from autograd_bp.notation.numbers import number

__all__ = ["Function", "RightAnswer"]

SMALL = 1e-6  # of the largest number: below it, differences are of rounding


class RightAnswer(NamedTuple):
    """The right numbers at one point.

    Attributes:
        shape: their structure.
        numbers: they themselves, in its order.
        report: of a gradient check at the point; None for other functions.
    """

    shape: Any
    numbers: list[float]
    report: GradientReport | None


class Function(Task):
    """A function that a student writes, compared with the right one.

    A solution contains a function of that name, which takes the same arguments.

    Arguments:
        function: the right one: it returns a number, or lists, dictionaries and arrays of numbers.
        at: the points, a list. A tuple is a list of separate arguments.
        name: of the student's function; that of `function` when left out.
        points: what it is worth; or a dictionary of its entries, such as {"[0]": 1, "['w']": 2}.
        formula: the right formula, which the page of a student with a wrong number shows.
        tolerance: the relative error that is allowed.

    Raises: GradingError for what cannot be graded.
    """

    kind = "Function"

    def __init__(
        self,
        function: Callable[..., Any],
        at: Sequence[Any],
        *,
        name: str = "",
        points: float | Mapping[str, float] = 1,
        formula: str = "",
        tolerance: float = 1e-6,
    ) -> None:
        if not callable(function):
            raise GradingError(f"{self.kind}: a function is needed, got {function!r:.60}")
        self.function = function
        self.name = name or self._default_name()
        if not self.name.isidentifier():
            raise GradingError(
                f"{self.kind}: {self.name!r:.40} is no name that a student can write: give name="
            )
        what = f"{self.kind} {self.name}"
        if isinstance(at, (str, bytes, Mapping)) or not hasattr(at, "__iter__"):
            raise GradingError(f"{what}: at is a list of points, got {at!r:.60}")
        self.at = list(at)
        if not self.at:
            raise GradingError(f"{what}: there are no points in at")
        if not isinstance(tolerance, float) or not 0.0 < tolerance < 1.0:
            raise GradingError(f"{what}: tolerance is between 0 and 1, got {tolerance!r:.40}")
        self.tolerance, self.formula = tolerance, formula
        named = points if isinstance(points, Mapping) else {"": points}
        given = checked_points(named, what)
        self.points = {f"{self.name}{_joined(key)}": value for key, value in given.items()}
        self.calls: list[Call] = []
        self.notes: list[str] = []
        self.signatures: dict[str, str] = {}
        self._right: list[RightAnswer] = []

    def _default_name(self) -> str:
        return str(getattr(self.function, "__name__", "function"))

    def prepare(self) -> None:
        what = f"{self.kind} {self.name}"
        for k, point in enumerate(self.at, 1):
            arguments = list(point) if isinstance(point, tuple) else [point]
            for argument in arguments:
                if "'bad'" in str(encoded(argument)):
                    raise GradingError(
                        f"{what}, point {k}: {argument!r:.60} cannot be handed to another process: "
                        "use numbers, lists, dictionaries and arrays"
                    )
            self.calls.append(Call(self.name, arguments))
            example = right_or_refused(
                f"{what}, point {k}",
                lambda point=point, arguments=arguments: self._example(point, arguments),  # type: ignore[misc]
            )
            if not all(map(math.isfinite, example.numbers)):
                raise GradingError(f"{what}, point {k}: a right number is not finite")
            if not example.numbers:
                raise GradingError(f"{what}, point {k}: there are no numbers to compare")
            self._right.append(example)
        self._require_terms(what)
        names = ", ".join(_parameters(self.function, len(self.calls[0].arguments)))
        self.signatures = {self.name: f"{self.name}({names})"}

    def _example(self, point: Any, arguments: list[Any]) -> RightAnswer:
        shape = plain(self.function(*arguments))
        numbers = [x for x in matched(shape, shape, self.name) if x is not None]
        return RightAnswer(shape, numbers, None)

    def _require_terms(self, what: str) -> None:
        terms = self.terms()
        for name in self.points:
            if not any(self.group(term) == name for term in terms):
                raise GradingError(
                    f"{what}: points names {name.removeprefix(self.name)!r:.40}, which the result "
                    f"does not have: its entries are {', '.join(self._entries(0))[:200]}"
                )

    def _entries(self, k: int) -> list[str]:
        return list(names_of(self._right[k].shape, ""))

    def terms(self) -> list[str]:
        named = [
            f"{self.name}{entry}" for k in range(len(self._right)) for entry in self._entries(k)
        ]
        return list(dict.fromkeys(named))

    # ------------------------------------------------------------------------- judging
    def judge(self, returned: Sequence[Returned]) -> Outcome:
        marks: list[Mark] = []
        problems: list[str] = []
        results: list[list[float | None]] = []
        first_wrong: tuple[int, Mark] | None = None
        for k, (example, one) in enumerate(zip(self._right, returned, strict=True)):
            numbers, note = self._numbers(example, one)
            results.append(numbers)
            if note and note not in problems:
                problems.append(note)
            largest = max(map(abs, example.numbers), default=0.0)
            here = []
            for entry, right, given in zip(self._entries(k), example.numbers, numbers, strict=True):
                term = f"{self.name}{entry}"
                if self.group(term):
                    ok = given is not None and self._agrees(given, right, largest)
                    missing = "" if given is not None else note or "there is None in its place"
                    here.append(Mark(term, self._place(k), given, right, ok, missing))
            marks += here
            first = next((mark for mark in here if not mark.ok and mark.given is not None), None)
            if first_wrong is None and first is not None:
                first_wrong = k, first
        if first_wrong is None:
            return Outcome(marks, problems, None)
        return Outcome(marks, problems, self._explained(*first_wrong, results))

    def _place(self, k: int) -> str:
        arguments = ", ".join(_shown(x) for x in self.calls[k].arguments)
        return f"{self.name}({arguments})" if len(arguments) <= 60 else f"point {k + 1}"

    def _numbers(self, example: RightAnswer, one: Returned) -> tuple[list[float | None], str]:
        nothing: list[float | None] = [None] * len(example.numbers)
        if one.problem:
            return nothing, one.problem
        if one.data is None:
            return nothing, f"{self.name}() returned None: it needs a return statement"
        try:
            return matched(one.data, example.shape, f"the result of {self.name}()"), ""
        except ShapeError as error:
            return nothing, str(error)

    def _agrees(self, given: float, right: float, largest: float) -> bool:
        return abs(given - right) <= self.tolerance * max(abs(right), SMALL * largest)

    def _explained(
        self, k: int, mark: Mark, results: Sequence[Sequence[float | None]]
    ) -> Explanation:
        return Explanation(mark, self.formula)


def _joined(key: str) -> str:
    """An entry of `points` as the end of a term's name."""
    return key if not key or key.startswith("[") else f"[{key!r}]"


def _shown(x: Any) -> str:
    if isinstance(x, (int, float)):
        return number(float(x), 6)
    if isinstance(x, Mapping):
        return "{" + ", ".join(f"{key!r}: {_shown(part)}" for key, part in x.items()) + "}"
    parts = x.tolist() if hasattr(x, "tolist") else x
    if isinstance(parts, (list, tuple)):
        return "[" + ", ".join(map(_shown, parts)) + "]"
    return _shown(parts)


def _parameters(function: Callable[..., Any], count: int) -> list[str]:
    import inspect

    try:
        names = list(inspect.signature(function).parameters)[:count]
    except (TypeError, ValueError):
        names = []
    return names + [f"x{k}" for k in range(len(names) + 1, count + 1)]
