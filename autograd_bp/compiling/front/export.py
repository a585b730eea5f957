"""A compiled function as a file of C: what its outputs are called, and what it is checked with."""

from __future__ import annotations

import os
from typing import Any

from autograd_bp.compiling.backends import c
from autograd_bp.compiling.front.c_parts import plan_of
from autograd_bp.compiling.front.checkpoints import Checkpointed
from autograd_bp.compiling.front.derivation import RECORDED
from autograd_bp.compiling.front.guarded import content_with_nan
from autograd_bp.compiling.front.ready import ReadyProgram, no_collections

ZEROS = (
    "A gradient of 0 that meets an infinite slope gives 0 here,",
    "also if its parts have cancelled, where NaN would be right.",
)


def to_c(
    ready: ReadyProgram,
    path: str | os.PathLike[str] | None,
    *,
    name: str | None,
    label: str,
    vectors: Any,
    **options: Any,
) -> str:
    """The text of the file, see `Compiled.to_c`."""
    example, is_open = ready.example, ready.other is not None
    ready = ready.for_export
    left_open = ZEROS if is_open and ready.way != RECORDED else ()  # what is recorded asks
    options |= {
        "name": name or c.name_for(label),
        "vectors": _vectors(example) if vectors is None else vectors,
        "outputs": [*_output_lines(ready), *left_open],
    }
    with no_collections():
        if isinstance(ready.backend, Checkpointed):
            return c.parts_to_c(plan_of(ready.backend, ready.guard), path, **options)
        return c.to_c(content_with_nan(ready.content, ready.guard), path, **options)


def _vectors(example: tuple[Any, Any]) -> Any:
    """Numbers that the file can check itself with: those of the first call where it had rows."""
    parameters, inputs = example
    return (parameters, inputs.T) if inputs.shape[1] else c.ROWS


def _output_lines(ready: ReadyProgram) -> list[str]:
    """Describe the outputs of a compiled function: a line for each part."""
    lines, places = [], {"sums": 0, "each": 0}
    for part in ready.result.parts:
        for array, mark in (("sums", True), ("each", False)):
            size = part.count(mark)
            start = places[array]
            places[array] += size
            if size:
                numbers = f"{start}" if size == 1 else f"{start} to {start + size - 1}"
                lines.append(f"{array} {numbers}: {part.title}")
    return lines
