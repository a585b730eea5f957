"""Loops as functions in memory."""

from __future__ import annotations

from autograd_bp.compiling.backends.llvm.jit import Code, Processor, processor
from autograd_bp.compiling.backends.llvm.nests import chunk_of, module
from autograd_bp.compiling.calling.code import NativeCode
from autograd_bp.compiling.loops.loops import Loops
from autograd_bp.compiling.loops.sequences import repeated
from autograd_bp.errors import ProgramError
from autograd_bp.primitives import Primitive
from autograd_bp.printers.functions import is_printable
from autograd_bp.printers.overrides import form

FEW_ROWS = 2  # so many are faster one by one than side by side


def refused(loops: Loops) -> str | None:
    """The name of a primitive that cannot be written for LLVM; None if there is none."""
    for loop in loops.loops:
        if loop.op is not None and not understands(loop.op):
            return loop.op.name
    return None


def understands(op: Primitive) -> bool:
    """Whether the primitive can be written for LLVM."""
    return is_printable(form("llvm", op))


def different(loops: Loops) -> int:
    """How many loops are written: those that come again and again count once."""
    shared = [loop for loop in loops.loops if loop.space == "shared"]
    return sum(
        len(piece.body) for part in (shared, loops.loops[len(shared) :]) for piece in repeated(part)
    )


def compiled_loops(loops: Loops, rows: int) -> NativeCode:
    """The loops compiled for batches of about so many rows; it takes any number.

    Raises: ProgramError naming a primitive that has no expression; MissingExtraError without
        llvmlite.
    """
    name = refused(loops)
    if name is not None:
        raise ProgramError(
            f'the primitive {name!r} has no C expression, so the backend "llvm" cannot run it: '
            'give it one (c="...") or choose backend="numpy"'
        )
    machine = processor()
    code = Code(_text(loops, rows, machine), machine)
    lanes = _lanes(rows, machine)
    scratch = loops.sizes["slot"] * chunk_of(loops, lanes)
    return NativeCode(code.address("rows"), code.address("shared"), 0, scratch, code, lanes)


def _lanes(rows: int, machine: Processor) -> int:
    return 1 if rows <= FEW_ROWS else machine.lanes


def _text(loops: Loops, rows: int, machine: Processor) -> str:
    return module(loops, _lanes(rows, machine), machine.vectors)
