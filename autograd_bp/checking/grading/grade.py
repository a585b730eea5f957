"""grade: every solution run by itself, and judged."""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from autograd_bp.checking.grading.grades import Grades
from autograd_bp.checking.grading.messages import Answer
from autograd_bp.checking.grading.reference import Reference, load_reference
from autograd_bp.checking.grading.results import Explanation, Group, Mark, Result
from autograd_bp.checking.grading.sandbox import Run, Sandbox, require_posix
from autograd_bp.checking.grading.solutions import SolutionFile, find_solutions
from autograd_bp.checking.grading.structures import data_of
from autograd_bp.checking.grading.tasks import Outcome, Returned, Task
from autograd_bp.errors import SettingError, ShapeError
from autograd_bp.tracebacks import without_own_frames

__all__ = ["grade"]

MAX_WORKERS = 64
UNSTEADY = (
    "two calls with the same arguments gave different numbers: the function keeps something "
    "between calls, or draws random numbers"
)


@without_own_frames
def grade(
    solutions: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    reference: str | os.PathLike[str] | Reference,
    *,
    workers: int | None = None,
    progress: Callable[[Result], None] | None = None,
) -> Grades:
    """Grade students' files: each runs in a process of its own, and is judged in this one.

    A process has limits on time, memory and output, an empty folder, and no access to the
    reference, to other files, to other processes and to the network. What a file does wrong is its
    own result: an error, an infinite loop, the end of the process, a result of another shape.

    Arguments:
        solutions: files that end in .py, and folders of them.
        reference: the teacher's file, see `load_reference`; or a Reference.
        workers: how many files run at a time; as many as there are processors when left out.
        progress: called with each result, in the order of names.

    Returns: the grades; `.save(folder)` writes a page for each student, an overview and a table.

    Raises: GradingError for a reference that cannot be right, for paths that are no solutions, and
        on a system without POSIX limits.

    Example:
        >>> from pathlib import Path
        >>> from autograd_bp.checking import grading
        >>> def energy(x):
        ...     return x[0] ** 2 * x[1]
        >>> code = "def gradient_of_energy(x): return [2 * x[0] * x[1], x[0]]"
        >>> _ = Path("ana.py").write_text(code)
        >>> task = grading.Gradient(energy, at=[[3.0, 5.0]], points=4)
        >>> grades = grading.grade(["ana.py"], grading.Reference([task]))
        >>> grades.results[0].points, grades.results[0].first_wrong.mark.term
        (2.0, 'gradient_of_energy[1]')
    """
    require_posix()
    own = None if isinstance(reference, Reference) else reference
    files = find_solutions(solutions, own)
    loaded = reference if isinstance(reference, Reference) else load_reference(reference)
    count = _workers(workers, len(files))
    sandbox = Sandbox(
        [call for task in loaded.tasks for call in task.calls], loaded.libraries, loaded.limits
    )
    results = []
    with ThreadPoolExecutor(count) as pool:
        try:
            for result in pool.map(lambda file: _graded(file, loaded, sandbox), files):
                results.append(result)
                if progress is not None:
                    progress(result)
        except BaseException:  # Ctrl-C: the files that have not begun do not begin
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return Grades(loaded, tuple(results))


def _workers(workers: int | None, files: int) -> int:
    if workers is None:
        available = getattr(os, "sched_getaffinity", None)
        workers = len(available(0)) if available is not None else os.cpu_count() or 1
    if isinstance(workers, bool) or not isinstance(workers, int) or not 1 <= workers <= MAX_WORKERS:
        raise SettingError(f"workers is from 1 to {MAX_WORKERS}, got {workers!r:.40}")
    return min(workers, files)


def _graded(file: SolutionFile, reference: Reference, sandbox: Sandbox) -> Result:
    source, problem = file.source()
    run = Run(problem=problem) if problem else sandbox.run(file.path.name, source)
    try:
        first, second = (_judged(run, turn, reference, sandbox) for turn in (0, 1))
    except Exception as error:  # what one solution sends must not end the grading of others
        run = Run(problem=f"what it returned cannot be judged ({type(error).__name__})")
        first, second = (_judged(run, turn, reference, sandbox) for turn in (0, 1))
    outcomes = [
        _both(one, other) if run.answers and other is not None else one
        for one, other in zip(first, second, strict=True)
        if one is not None
    ]
    marks = [mark for outcome in outcomes for mark in outcome.marks]
    problems = [run.problem] if run.problem else []
    problems += [text for one in outcomes for text in one.problems if text not in problems]
    explanations = [one.explanation for one in outcomes if one.explanation is not None]
    return Result(
        file.name,
        str(file.path),
        tuple(_groups(reference, marks)),
        tuple(marks),
        tuple(explanations),
        tuple(dict.fromkeys(problems)),
        _where(run),
        tuple(_remarks(run, reference, sandbox)),
        run.printed,
        run.confined,
    )


def _judged(run: Run, turn: int, reference: Reference, sandbox: Sandbox) -> list[Outcome | None]:
    """The outcome of each task for the results of one turn; None where a second turn has none."""
    outcomes: list[Outcome | None] = []
    start = 0
    for task in reference.tasks:
        places = range(start, start + len(task.calls))
        start += len(task.calls)
        answers = [run.answers.get((place, turn)) for place in places]
        firsts = [run.answers.get((place, 0)) for place in places]
        if turn and (None in answers or answers == firsts):
            outcomes.append(None)
            continue
        returned = [
            _returned(answer, call.function, run, task, sandbox)
            for answer, call in zip(answers, task.calls, strict=True)
        ]
        outcomes.append(task.judge(returned))
    return outcomes


def _returned(
    answer: Answer | None, function: str, run: Run, task: Task, sandbox: Sandbox
) -> Returned:
    """Return the result of a call as data, or the reason why there is none."""
    if answer is None:
        return Returned(None, run.problem or "there is no answer")
    if answer.is_missing:
        return Returned(None, _missing(function, run, task))
    if answer.is_end:
        return Returned(None, answer.problem)
    if answer.problem:
        return Returned(None, f"{function}() raised {_problem(answer.problem, sandbox)}")
    try:
        return Returned(data_of(answer.result))
    except (ShapeError, RecursionError, ValueError, TypeError) as error:
        return Returned(None, f"{function}() returned no numbers: {error}")


def _problem(problem: str, sandbox: Sandbox) -> str:
    if problem == "MemoryError":
        return f"MemoryError: it needs more than {sandbox.limits.memory:,} MB"
    return problem


def _missing(function: str, run: Run, task: Task) -> str:
    names = run.functions or []
    close = difflib.get_close_matches(function, names, 1, 0.6)
    hint = f"; there is {close[0]}()" if close else ""
    if not names:
        hint = "; the file defines no functions"
    return f"there is no function {task.signatures[function]}{hint}"


def _where(run: Run) -> tuple[str, ...]:
    if run.where:
        return run.where
    for _, answer in sorted(run.answers.items(), key=lambda item: (item[0][1], item[0][0])):
        if answer.where:
            return answer.where
    return ()


def _remarks(run: Run, reference: Reference, sandbox: Sandbox) -> list[str]:
    """Say which arguments a function changes: it gets new ones for each call."""
    remarks = []
    for (place, _), answer in sorted(run.answers.items()):
        if answer.changed:
            name = sandbox.calls[place].function
            signature = reference.signatures.get(name, "")
            parameters = signature.partition("(")[2].rstrip(")").split(", ")
            changed = [parameters[k] for k in answer.changed if k < len(parameters)]
            remarks.append(
                f"{name}() changes its arguments ({', '.join(changed)}): let it work on a copy"
            )
    return list(dict.fromkeys(remarks))


def _both(first: Outcome, second: Outcome) -> Outcome:
    """Right is what is right in both turns: functions get the same arguments in each.

    A number that is another one in the second turn is not shown: the next run would show another.
    """
    pairs = list(zip(first.marks, second.marks, strict=True))
    moving = {_function(one) for one, other in pairs if _moves(one, other)}
    marks = [
        replace(one, given=None, ok=False, follows=False, note=UNSTEADY)
        if _moves(one, other) or (_function(one) in moving and not one.ok)
        else one
        for one, other in pairs
    ]
    problems = list(dict.fromkeys([*first.problems, *second.problems]))
    unsteady = next((mark for mark in marks if mark.note == UNSTEADY), None)
    explanation = first.explanation
    if unsteady is not None:
        problems.append(UNSTEADY)
        explanation = Explanation(unsteady)
    return Outcome(marks, problems, explanation)


def _moves(one: Mark, other: Mark) -> bool:
    """Whether a number is another one in the second turn; NaN stays what it is."""
    same = repr(one.given) == repr(other.given)
    return not same and not (one.ok and other.ok)


def _function(mark: Mark) -> str:
    """Describe what the numbers of one function have in common."""
    return mark.term.partition("[")[0]


def _groups(reference: Reference, marks: Sequence[Mark]) -> list[Group]:
    groups: list[Group] = []
    rest: list[Any] = list(marks)
    for task in reference.tasks:
        terms = set(task.terms())
        own = [mark for mark in rest if mark.term in terms]
        for name, points in task.points.items():
            here = [mark for mark in own if task.group(mark.term) == name]
            right, following = (sum(mark.ok for mark in here), sum(mark.follows for mark in here))
            groups.append(Group(name, points, right, len(here), following))
    return groups
