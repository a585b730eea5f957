"""Programs as JSON. A file is trusted in nothing: every entry is checked before it can run."""

from __future__ import annotations

import json
import math
from array import array
from typing import Any

from autograd_bp.compiling.program.program import Program
from autograd_bp.entry import Primitive, is_registered
from autograd_bp.errors import PrimitiveError, ProgramError

FORMAT = "autograd_bp program"
VERSION = 1


def to_json(program: Program) -> str:
    """The program as a JSON object; numbers that JSON does not have are texts.

    Raises: ProgramError for a primitive that its name would not find again.
    """
    for _, op, _ in program.instructions():
        if not is_registered(op):
            raise ProgramError(
                f"the primitive {op.name!r} cannot be written by its name, because it was made "
                "while a program ran, or was replaced by another one of its name: use @primitive, "
                "and record the program again"
            )
    return json.dumps(
        {
            "format": FORMAT,
            "version": VERSION,
            "parameters": list(program.parameters),
            "inputs": list(program.inputs),
            "constants": [x if math.isfinite(x) else repr(x) for x in program.constants],
            "instructions": [[op.name, *operands] for _, op, operands in program.instructions()],
            "outputs": program.outputs,
            "summed": program.summed,
        }
    )


def from_json(text: str) -> Program:
    """The program that `to_json` wrote.

    Raises: ProgramError for any other text, and for a primitive of the user's own that is not
        registered yet.
    """
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ProgramError(f"this is no program, since it is no JSON: {error}") from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise ProgramError(f"this is no program: its format should be {FORMAT!r}")
    if content.get("version") != VERSION:
        raise ProgramError(
            f"a program of version {content.get('version')!r:.20} cannot be read here, only of "
            f"version {VERSION}: make it again"
        )
    codes, starts, operands = array("i"), array("q", [0]), array("q")
    ops = []  # keeps them until the program does
    for i, line in enumerate(_list(content, "instructions")):
        if not isinstance(line, list) or not line or not isinstance(line[0], str):
            raise ProgramError(f"instruction r{i} is {line!r:.60}: a name and registers are needed")
        try:
            ops.append(Primitive.named(line[0]))
        except PrimitiveError as error:
            raise ProgramError(f"instruction r{i}: {error}; register it first") from None
        codes.append(ops[-1].code)
        operands.extend(_register(k, f"an operand of r{i}") for k in line[1:])
        starts.append(len(operands))
    return Program(
        tuple(_list_of(content, "parameters", str)),
        tuple(_list_of(content, "inputs", str)),
        tuple(_number(x) for x in _list(content, "constants")),
        codes,
        starts,
        operands,
        tuple(_register(k, "an output") for k in _list(content, "outputs")),
        tuple(_list_of(content, "summed", bool)),
    ).check()


def _list(content: dict[str, Any], key: str) -> list[Any]:
    entries = content.get(key)
    if not isinstance(entries, list):
        raise ProgramError(f"{key} should be a list, got {entries!r:.60}")
    return entries


def _list_of(content: dict[str, Any], key: str, kind: type) -> list[Any]:
    entries = _list(content, key)
    for entry in entries:
        if type(entry) is not kind:
            raise ProgramError(f"{key} should hold {kind.__name__}, got {entry!r:.60}")
    return entries


def _register(entry: Any, what: str) -> int:
    if type(entry) is not int or not 0 <= entry < 2**62:
        raise ProgramError(f"{what} should be a register, got {entry!r:.60}")
    return entry


def _number(entry: Any) -> float:
    if entry in ("inf", "-inf", "nan") or type(entry) is float or type(entry) is int:
        try:
            return float(entry)
        except OverflowError:
            pass
    raise ProgramError(f"a constant should be a number, got {entry!r:.60}")
