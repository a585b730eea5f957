"""Reports as records that JSON can hold, to pass between processes and into files."""

from __future__ import annotations

import math
from enum import Enum
from typing import Any

from autograd_bp.checking.gradient.headlines import headline
from autograd_bp.checking.gradient.report import Component, GradientReport
from autograd_bp.checking.gradient.verdicts import Verdict
from autograd_bp.checking.plugin.subgraph import find_suspect, left_out, subgraph_text
from autograd_bp.checking.points.coverage import Coverage
from autograd_bp.derivatives.names import node_names
from autograd_bp.errors import AutogradError
from autograd_bp.graph import topological_order
from autograd_bp.value import Value

__all__ = ["record", "subgraph"]

Record = dict[str, Any]
MAX_COMPONENTS = 200  # of a report; of more the worst are kept
_NUMBERS = (
    "given",
    "autodiff",
    "numerical",
    "numerical_error",
    "left",
    "right",
    "precise",
    "error",
    "ulps",
    "tolerance",
)


def record(report: Any, *, picture: bool, coverage: bool) -> Record:
    """The record of a report.

    Arguments:
        report: of a gradient check, or of another check that has a verdict and prints itself.
        picture: whether a failure is drawn.
        coverage: whether to count the derivatives that the graph exercised.
    """
    verdict = getattr(report, "verdict", None)
    entry: Record = {
        "headline": headline(report),
        "verdict": str(verdict) if isinstance(verdict, Enum) else "OK" if report.ok else "WRONG",
        "ok": bool(report.ok),
        "text": str(report),
        "function": str(getattr(report, "function", type(report).__name__)),
        "components": [],
    }
    if not isinstance(report, GradientReport):
        return entry
    worst = sorted(report.components, key=_gravity, reverse=True)[:MAX_COMPONENTS]
    kept = {id(component) for component in worst}
    entry |= {
        "title": report.title(),
        "summary": report.summary(),
        "point": [_plain(x) for x in report.point],
        "value": _plain(report.value),
        "taylor": _plain(report.taylor),
        "hints": [str(hint) for hint in report.hints],  # xdist sends plain text alone
        "evidence": [str(line) for line in report.evidence],
        "count": len(report.components),
        "verdicts": {str(verdict): n for verdict in Verdict if (n := report.count(verdict))},
        "components": [_component(part) for part in report.components if id(part) in kept],
    }
    if not report.ok:
        text, root, end = subgraph(report)
        entry["subgraph"] = text
        if picture and root is not None:
            entry["svg"] = _picture(root, end, _names(report))
    if coverage and report.output is not None:
        counts = Coverage()
        counts.add(report.output, inputs=report.inputs)
        entry["coverage"] = counts.as_data()
    return entry


def subgraph(report: GradientReport) -> tuple[str, Value | None, Value | None]:
    """The smallest part of the graph that a failure is about, as text; its root, and the node at
    which its branches end.
    """
    output, worst = report.output, report.worst
    if output is None or worst is None or not output.parents:
        return "", None, None
    names = _names(report)
    suspect = find_suspect(output, *report.inputs)
    if suspect is not None:
        lines = [f"{suspect.text(names)}:", subgraph_text(suspect.node, names=names)]
        if suspect.node is not output:
            lines += [
                "which reaches the output by:",
                subgraph_text(output, suspect.node, names=names),
            ]
        return "\n".join(lines), suspect.node, None
    place = next(i for i, part in enumerate(report.components) if part is worst)
    if place >= len(report.inputs):
        return "", None, None
    input = report.inputs[place]
    lines = [
        f"every rule agrees with its function; from {report.function} to {worst.name}, "
        "the local derivatives on the branches:",
        subgraph_text(output, input, names=names),
    ]
    if worst.given is not None:
        lines += left_out(output, input, worst.given, names=names)
    return "\n".join(lines), output, input


def _names(report: GradientReport) -> dict[Value, str]:
    """One name for each node, in every tree and picture of this report."""
    assert report.output is not None
    inputs = {
        node: component.name
        for node, component in zip(report.inputs, report.components, strict=False)
    }
    return node_names(topological_order(report.output)) | inputs


def _picture(root: Value, end: Value | None, names: dict[Value, str]) -> str:
    from autograd_bp.drawing import draw

    names = {node: name for node, name in names.items() if not node.is_constant}
    try:
        if end is None:
            return draw(root, depth=1, names=names).svg
        return draw(root, names=names, max_nodes=30).svg
    except AutogradError:  # no program to lay it out: the text has the same
        return ""


def _component(component: Component) -> Record:
    entry: Record = {"name": component.name, "verdict": str(component.verdict)}
    entry |= {name: _plain(getattr(component, name)) for name in _NUMBERS}
    entry["remark"] = component.remark
    return entry


def _plain(x: float | None) -> float | str | None:
    """A number for strict JSON: text where it is not finite."""
    if x is None or math.isfinite(x):
        return None if x is None else float(x)
    return repr(float(x))


def _gravity(component: Component) -> tuple[int, float]:
    error = component.error
    return component.verdict.gravity, error if error == error else math.inf
