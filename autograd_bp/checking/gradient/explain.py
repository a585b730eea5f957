"""Explains wrong gradients: the components of a report as `hints` needs them."""

from __future__ import annotations

from collections.abc import Sequence

from autograd_bp.checking.gradient.hints import hints
from autograd_bp.checking.gradient.point_function import PointFunction
from autograd_bp.checking.gradient.report import Component
from autograd_bp.checking.gradient.verdicts import Verdict

__all__ = ["explanations"]


def explanations(
    subject: PointFunction,
    places: Sequence[int] | None,
    checked: Sequence[float] | None,
    components: Sequence[Component],
) -> tuple[str, ...]:
    """Sentences that explain the wrong components; none where directions were checked."""
    wrong = [k for k, part in enumerate(components) if part.verdict is Verdict.WRONG]
    if not wrong or checked is None or places is None:
        return ()
    reference = [component.reference for component in components]
    shapes, start = [], 0
    if len(places) == len(subject.point):
        for block in subject.tree.blocks():
            shapes.append((start, block.shape))
            start += block.size
    rough = max(
        (
            components[k].numerical_error / abs(reference[k])
            for k in wrong
            if reference[k] == components[k].numerical and reference[k]
        ),
        default=0.0,
    )
    return hints(
        [subject.names[i] for i in places],
        [checked[i] for i in places],
        reference,
        wrong,
        [subject.point[i] for i in places],
        subject.value,
        shapes,
        rough,
    )
