"""Programs that take the same numbers as one program, and other outputs of a program."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd_bp.compiling.program.program import Program

__all__ = ["merged", "with_outputs"]


def merged(programs: Sequence[Program]) -> Program:
    """The instructions of one program after those of another, and the outputs of all, in order.

    The programs have the same parameters and inputs. What several of them compute is there several
    times: `common_subexpressions` finds it.
    """
    if len(programs) == 1:
        return programs[0]
    leaves = len(programs[0].parameters) + len(programs[0].inputs)
    constants = [x for program in programs for x in program.constants]
    shift, start = 0, leaves + len(constants)  # of the constants and instructions of the next one
    operands, outputs = [], []
    for program in programs:
        old = np.array(program.operands, dtype=np.int64)
        moves = shift, start - program.first
        operands.append(_moved(old, leaves, program.first, moves))
        outputs.append(_moved(np.array(program.outputs, np.int64), leaves, program.first, moves))
        shift += len(program.constants)
        start += len(program)
    lengths = [np.diff(np.array(program.starts, dtype=np.int64)) for program in programs]
    ends = np.cumsum(np.concatenate(lengths), dtype=np.int64)
    return Program(
        programs[0].parameters,
        programs[0].inputs,
        tuple(constants),
        array("i", [code for program in programs for code in program.codes]),
        array("q", np.concatenate([[0], ends]).astype(np.int64).tobytes()),
        array("q", np.concatenate(operands).tobytes()),
        tuple(np.concatenate(outputs).tolist()),
        tuple(mark for program in programs for mark in program.summed),
    )


def _moved(registers: Any, leaves: int, first: int, moves: tuple[int, int]) -> Any:
    of_constants, of_instructions = moves
    moved = np.where(registers < first, registers + of_constants, registers + of_instructions)
    return np.where(registers < leaves, registers, moved)


def with_outputs(program: Program, chosen: Sequence[int], summed: Sequence[bool]) -> Program:
    """The program with some of its outputs, in this order; -1 stands for the number 0."""
    constants, shift = program.constants, 0
    operands = np.array(program.operands, dtype=np.int64)
    outputs = np.array(program.outputs, dtype=np.int64)
    zero = program.first - 1
    if any(k < 0 for k in chosen):
        constants, shift, zero = (*constants, 0.0), 1, program.first
        operands = np.where(operands < program.first, operands, operands + 1)
        outputs = np.where(outputs < program.first, outputs, outputs + 1)
    places = np.array(chosen, dtype=np.int64)
    if shift:
        outputs = np.append(outputs, zero)  # which -1 selects
    return Program(
        program.parameters,
        program.inputs,
        constants,
        program.codes,
        program.starts,
        array("q", operands.tobytes()) if shift else program.operands,
        tuple(outputs[places].tolist()),
        tuple(summed),
    )
