"""The teacher's file: the tasks, and what solutions may use."""

from __future__ import annotations

import os
import sys
import traceback
import types
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograd_bp.checking.grading.limits import Limits
from autograd_bp.checking.grading.sandbox import require_posix
from autograd_bp.checking.grading.tasks import Task
from autograd_bp.errors import AutogradError, GradingError

__all__ = ["Reference", "load_reference"]

_NAMES = ("tasks", "title", "libraries", "limits")


@dataclass(frozen=True)
class Reference:
    """The functions that a solution must have, and their right results.

    Arguments:
        tasks: `Formulas`, `Gradient` and `Function` objects.
        title: of the pages.
        libraries: those that a solution may import, beside Python's own.
        limits: what a solution may use.

    Raises: GradingError for what cannot be graded.
    """

    tasks: tuple[Task, ...]
    title: str = "Grades"
    libraries: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        object.__setattr__(self, "tasks", _tasks(self.tasks))
        object.__setattr__(self, "libraries", _libraries(self.libraries))
        if not isinstance(self.title, str) or not self.title.strip():
            raise GradingError(f"title is a text, got {self.title!r:.60}")
        if not isinstance(self.limits, Limits):
            raise GradingError(f"limits is Limits(seconds=2, ...), got {self.limits!r:.60}")

    @property
    def points(self) -> dict[str, float]:
        """The points of each group of terms."""
        return {name: value for task in self.tasks for name, value in task.points.items()}

    @property
    def signatures(self) -> dict[str, str]:
        """The functions that a solution contains, and how they are called."""
        return {name: text for task in self.tasks for name, text in task.signatures.items()}


def load_reference(path: str | os.PathLike[str]) -> Reference:
    """Run the teacher's file and compute the right answers.

    The file defines `tasks`, a list; and, where they differ from the defaults, `title` (the first
    line of its docstring), `libraries` (numpy where it is installed) and `limits`.

    Raises: GradingError naming the file and what is wrong with it.
    """
    require_posix()
    source = Path(path)
    try:
        text = source.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise GradingError(f"the reference {str(source)!r} cannot be read: {reason}") from None
    module = _executed(source, text)
    if "tasks" not in module:
        raise GradingError(
            f"the reference {str(source)!r} does not define tasks: write "
            "tasks = [Formulas(network, ...)], or Gradient or Function in its place"
        )
    settings = {name: module[name] for name in _NAMES if name in module}
    first, *_ = (module.get("__doc__") or "").strip().splitlines() or [""]
    settings.setdefault("title", first.rstrip(". ") or source.stem.replace("_", " "))
    settings.setdefault("libraries", _default_libraries())
    try:
        reference = Reference(**settings)
    except AutogradError as error:
        raise GradingError(f"{str(source)!r}: {error}") from error
    return reference


def _executed(source: Path, text: bytes) -> dict[str, Any]:
    """The names that the file defines."""
    module = types.ModuleType("reference")
    module.__file__ = str(source)
    before = list(sys.path)
    sys.path.insert(0, str(source.resolve().parent))
    try:
        exec(compile(text, str(source), "exec", dont_inherit=True), module.__dict__)
    except (Exception, SystemExit) as error:
        place = _line(error, str(source))
        raise GradingError(
            f"the reference {str(source)!r} ends in {type(error).__name__}{place}: {error}"
        ) from error
    finally:
        sys.path[:] = before
    return vars(module)


def _line(error: BaseException, name: str) -> str:
    lines = [
        frame.lineno
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename == name
    ]
    if isinstance(error, SyntaxError):
        lines = [error.lineno]
    return f" in line {lines[-1]}" if lines else ""


def _tasks(tasks: Any) -> tuple[Task, ...]:
    listed = (tasks,) if isinstance(tasks, Task) else tasks
    if isinstance(listed, (str, bytes)) or not isinstance(listed, Sequence) or not listed:
        raise GradingError(
            f"tasks is a list of Formulas, Gradient and Function objects, got {tasks!r:.60}"
        )
    names: dict[str, int] = {}
    for number, task in enumerate(listed, 1):
        if not isinstance(task, Task):
            raise GradingError(
                f"task {number} is {type(task).__name__} {task!r:.60}: a task is Formulas(...), "
                "Gradient(...) or Function(...)"
            )
        if not task.calls:
            task.prepare()
        for name in task.signatures:
            if name in names:
                raise GradingError(
                    f"tasks {names[name]} and {number} both ask for the function {name}(): a "
                    "solution can contain one of that name; give one of them name="
                )
            names[name] = number
    return tuple(listed)


def _libraries(libraries: Any) -> tuple[str, ...]:
    if isinstance(libraries, str):
        libraries = [libraries]
    if not isinstance(libraries, (list, tuple)) or not all(
        isinstance(name, str) and name.isidentifier() for name in libraries
    ):
        raise GradingError(
            f'libraries is a list of names, such as ["numpy"], got {libraries!r:.60}'
        )
    return tuple(dict.fromkeys(libraries))


def _default_libraries() -> tuple[str, ...]:
    from importlib.util import find_spec

    return ("numpy",) if find_spec("numpy") is not None else ()
