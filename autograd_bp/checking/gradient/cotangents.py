"""Functions of several outputs: one run for each cotangent, and one report of all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from autograd_bp.checking.gradient.outputs import unit
from autograd_bp.checking.gradient.report import Component, GradientReport
from autograd_bp.checking.gradient.run import CheckRun, Settings
from autograd_bp.derivatives.trees import Tree
from autograd_bp.errors import SettingError, ShapeError

__all__ = ["checked_report"]

RANDOM = 2  # cotangents, where nothing is said
MAX_UNIT = 1000  # outputs, each with a cotangent of its own


def checked_report(
    f: Callable[..., Any], x: Any, gradient: Any, settings: Settings, cotangents: Any
) -> GradientReport:
    """The report on a function of any number of outputs.

    Raises: SettingError for cotangents that are none.
    """
    first = CheckRun(f, x, gradient, settings, _first(cotangents, settings.seed))
    outputs = first.subject.outputs
    if gradient is None and cotangents is None and first.subject.returns_its_gradient:
        raise ShapeError(
            f"{first.subject.name} returned a pair of a number and what could be its gradient: if "
            "it is (value, gradient), pass jac=True"
        )
    if outputs.cotangent is None:
        if cotangents is not None:
            raise SettingError(
                f"{first.subject.name} returns one number, so cotangents= says nothing: "
                "leave it out"
            )
        return first.report()
    others = _others(cotangents, outputs.size, settings.seed)
    runs = [first, *(CheckRun(f, x, gradient, settings, cotangent) for cotangent in others)]
    reports = [run.report() for run in runs]
    if isinstance(cotangents, str):
        assert outputs.tree is not None
        return _by_output(reports, outputs.tree)
    return _gravest(reports)


def _first(cotangents: Any, seed: int) -> Any:
    if cotangents is None or (type(cotangents) is int and cotangents > 0):
        return None if cotangents is None else seed
    if isinstance(cotangents, str):
        if cotangents == "unit":
            return unit(0)
    elif not isinstance(cotangents, (bool, int)):
        return cotangents
    raise SettingError(
        "cotangents= is a number of random ones, 'unit' for one of each output alone, or one in "
        f"the structure of the output, got {cotangents!r:.60}"
    )


def _others(cotangents: Any, size: int, seed: int) -> Iterator[Any]:
    if isinstance(cotangents, str):
        if size > MAX_UNIT:
            raise SettingError(
                f"cotangents='unit' checks each output alone, but there are {size}: use a number "
                "of random ones"
            )
        yield from (unit(k) for k in range(1, size))
    elif cotangents is None or type(cotangents) is int:
        count = RANDOM if cotangents is None else cotangents
        yield from (seed + k for k in range(1, count))


def _by_output(reports: Sequence[GradientReport], tree: Tree) -> GradientReport:
    """One report with a component for each output and each input."""
    components = [
        replace(component, name=f"∂y{name}/∂{component.name}")
        for name, report in zip(tree.names, reports, strict=True)
        for component in report.components
    ]
    return _joined(reports, tuple(components))


def _gravest(reports: Sequence[GradientReport]) -> GradientReport:
    """One report with the gravest of each component."""

    def badness(part: Component) -> tuple[int, float]:
        return part.verdict.gravity, part.error if part.error == part.error else 0.0

    together = zip(*(report.components for report in reports), strict=True)
    return _joined(reports, tuple([max(parts, key=badness) for parts in together]))


def _joined(reports: Sequence[GradientReport], components: tuple[Component, ...]) -> GradientReport:
    count = len(reports)
    what = "one cotangent" if count == 1 else f"{count} cotangents"
    note = f"the output is multiplied with {what}: the value is v·y, the gradient v J"
    sentences = dict.fromkeys(sentence for report in reports for sentence in report.evidence)
    worst = min(
        (report for report in reports if report.taylor is not None),
        key=lambda report: report.taylor or 0.0,
        default=reports[0],
    )
    # Each run has a sentence on its Taylor remainder: that of the worst stands for all.
    evidence = [one for one in sentences if not one.startswith("Taylor")]
    evidence += [one for one in worst.evidence if one.startswith("Taylor")]
    verdicts = dict.fromkeys(verdict for report in reports for verdict in report.verdicts)
    return replace(
        reports[0],
        components=components,
        taylor=worst.taylor,
        evidence=(note, *evidence),
        hints=_shared_hints(reports),
        verdicts=tuple(verdicts),
    )


def _shared_hints(reports: Sequence[GradientReport]) -> tuple[str, ...]:
    """Find the hints that explain the gradient of every cotangent whose gradient is wrong."""
    wrong = [report.hints for report in reports if report.wrong]
    if not wrong:
        return ()
    return tuple([hint for hint in wrong[0] if all(hint in others for others in wrong)])
