"""Rewrites: what an instruction can be replaced by, to the bit. One identity of the algebra a line.

On the left stands an instruction as it is printed, an operation and its operands; on the right the
operand that holds its result already, or the instruction that is emitted instead.

| written | stands for |
|---|---|
| a letter | any register; the same letter twice is the same register |
| a number | a constant with the bits of that number: 0 and -0 differ |
| `#` | any constant |
| `(neg x)` | a register that this instruction fills |
"""

from __future__ import annotations

import math
import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache

from autograd_bp.compiling.program.builder import Builder, Instruction
from autograd_bp.primitives import Primitive

__all__ = ["IDENTITIES", "in_numbers", "simpler"]

IDENTITIES = """
    mul x 1             = x
    mul 1 x             = x
    mul -1 x            = neg x
    mul x -1            = neg x
    div x 1             = x
    pow x 1             = x
    power x 1           = x
    sub x 0             = x
    add x -0            = x
    add -0 x            = x
    add x (neg y)       = sub x y
    add (neg x) y       = sub y x
    neg (neg x)         = x
    maximum x x         = x
    minimum x x         = x
    where c x x         = x
    where 0 x y         = y
    where -0 x y        = y
    where # x y         = x
"""

Operands = Sequence[int]


@dataclass(frozen=True)
class Place:
    """Where an instruction has a register: an operand, or the operand of what fills that one."""

    operand: int
    is_inside: bool = False

    def register(self, builder: Builder, operands: Operands) -> int:
        k = operands[self.operand]
        return builder.operands_of(k)[0] if self.is_inside else k


class Kind(IntEnum):
    """The kinds of a condition on an operand; passes.h has the same numbers."""

    ANY_CONSTANT = 0
    THIS_CONSTANT = 1
    RESULT_OF = 2
    SAME = 3


@dataclass(frozen=True)
class Condition:
    """A condition on an operand.

    Attributes:
        kind: what is asked.
        operand: of which operand.
        number: the constant that it must be.
        code: of the operation that must fill it.
        place: where the same register must be.
    """

    kind: Kind
    operand: int
    number: float = 0.0
    code: int = 0
    place: Place = Place(0)

    def holds(self, builder: Builder, operands: Operands) -> bool:
        k = operands[self.operand]
        if self.kind is Kind.ANY_CONSTANT:
            return k < 0
        if self.kind is Kind.THIS_CONSTANT:
            x = builder.number(k)
            return x == self.number and math.copysign(1.0, x) == math.copysign(1.0, self.number)
        if self.kind is Kind.RESULT_OF:
            return builder.code_of(k) == self.code
        return k == self.place.register(builder, operands)


@dataclass(frozen=True)
class Rule:
    """One identity.

    Attributes:
        conditions: what must hold of the operands.
        places: where the operands of the replacement are.
        op: the operation of the replacement; None where it is an operand.
    """

    conditions: tuple[Condition, ...]
    places: tuple[Place, ...]
    op: Primitive | None

    def replacement(self, builder: Builder, operands: Operands) -> int | Instruction | None:
        """The replacement of an instruction; None where the identity does not apply."""
        for condition in self.conditions:
            if not condition.holds(builder, operands):
                return None
        registers = [place.register(builder, operands) for place in self.places]
        return registers[0] if self.op is None else (self.op, registers)


def simpler(
    builder: Builder, register: int, op: Primitive, operands: Operands
) -> int | Instruction:
    """A step of `rewrite`: the identities applied until none applies any more."""
    rules = _RULES.get(op.code)
    while rules is not None:
        for rule in rules:
            replacement = rule.replacement(builder, operands)
            if replacement is not None:
                break
        else:
            break
        if isinstance(replacement, int):
            return replacement
        op, operands = replacement
        rules = _RULES.get(op.code)
    return op, operands


# -------------------------------------------------------------------------- reading the identities
def _conditions(pattern: Sequence[str], places: dict[str, Place]) -> Iterator[Condition]:
    """The conditions on operands of an instruction. `places` gets where the letters stand."""
    for k, text in enumerate(pattern):
        inner = re.fullmatch(r"\((\w+) ([a-z])\)", text)
        if text == "#":
            yield Condition(Kind.ANY_CONSTANT, k)
        elif inner:
            yield Condition(Kind.RESULT_OF, k, code=Primitive.named(inner[1]).code)
            places[inner[2]] = Place(k, is_inside=True)
        elif not text.isalpha():
            yield Condition(Kind.THIS_CONSTANT, k, number=float(text))
        elif text in places:
            yield Condition(Kind.SAME, k, place=places[text])
        else:
            places[text] = Place(k)


def _rule(identity: str) -> tuple[int, Rule]:
    """The code of the operation that an identity is about, and the identity."""
    left, right = identity.split("=")
    op, *pattern = re.findall(r"\([^)]*\)|\S+", left)
    places: dict[str, Place] = {}
    conditions = tuple(_conditions(pattern, places))
    *new_op, replacement = right.split(maxsplit=1)
    rule = Rule(
        conditions,
        tuple([places[letter] for letter in replacement.split()]),
        Primitive.named(new_op[0]) if new_op else None,
    )
    return Primitive.named(op).code, rule


_RULES: dict[int, list[Rule]] = {}
for _line in IDENTITIES.strip().splitlines():
    _code, _identity = _rule(_line)
    _RULES.setdefault(_code, []).append(_identity)


# -------------------------------------------------------------------------- for the walk in C
@cache
def in_numbers() -> tuple[array[int], array[int], array[float]]:
    """The rules as passes.h reads them: where those about each operation begin, their text, and
    the constants in them."""
    starts, text, numbers = array("q"), array("q"), array("d")
    for code in range(max(_RULES) + 1):
        starts.append(len(text))
        for rule in _RULES.get(code, ()):
            text.append(len(rule.conditions))
            for condition in rule.conditions:
                text.extend(_condition_in_numbers(condition, len(numbers)))
                numbers.append(condition.number)
            text.extend([-1 if rule.op is None else rule.op.code, len(rule.places)])
            for place in rule.places:
                text.extend([place.operand, place.is_inside])
    starts.append(len(text))
    return starts, text, numbers


def _condition_in_numbers(condition: Condition, number: int) -> list[int]:
    place = condition.place
    about = condition.code if condition.kind is Kind.RESULT_OF else place.operand
    return [condition.kind, condition.operand, about, place.is_inside, number]
