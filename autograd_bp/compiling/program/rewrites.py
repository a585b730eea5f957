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
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from autograd_bp.compiling.program.builder import Builder, Instruction
from autograd_bp.primitives import Primitive

__all__ = ["IDENTITIES", "simpler"]

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
Condition = Callable[[Builder, Operands], bool]
Getter = Callable[[Builder, Operands], int]


@dataclass(frozen=True)
class Rule:
    """One identity.

    Attributes:
        conditions: what must hold of the operands.
        operands: they get the operands of the replacement.
        op: the operation of the replacement; None where it is an operand.
    """

    conditions: tuple[Condition, ...]
    operands: tuple[Getter, ...]
    op: Primitive | None

    def replacement(self, builder: Builder, operands: Operands) -> int | Instruction | None:
        """What takes the place of an instruction; None where the identity does not apply."""
        for condition in self.conditions:
            if not condition(builder, operands):
                return None
        if self.op is None:
            return self.operands[0](builder, operands)
        return self.op, [operand(builder, operands) for operand in self.operands]


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
def _conditions(pattern: Sequence[str], places: dict[str, Getter]) -> Iterator[Condition]:
    """What the operands of an instruction must be. Notes where the letters stand in `places`."""
    for k, text in enumerate(pattern):
        inner = re.fullmatch(r"\((\w+) ([a-z])\)", text)
        if text == "#":
            yield _is_any_constant(k)
        elif inner:
            yield _is_result_of(k, Primitive.named(inner[1]).code)
            places[inner[2]] = _inner_operand(k)
        elif not text.isalpha():
            yield _is_constant(k, float(text))
        elif text in places:
            yield _is_same(k, places[text])
        else:
            places[text] = _operand(k)


def _is_any_constant(k: int) -> Condition:
    return lambda builder, operands: operands[k] < 0


def _is_constant(k: int, number: float) -> Condition:
    sign = math.copysign(1.0, number)

    def condition(builder: Builder, operands: Operands) -> bool:
        if operands[k] >= 0:
            return False
        constant = builder.number(operands[k])
        return constant == number and math.copysign(1.0, constant) == sign

    return condition


def _is_result_of(k: int, code: int) -> Condition:
    return lambda builder, operands: builder.code_of(operands[k]) == code


def _is_same(k: int, other: Getter) -> Condition:
    return lambda builder, operands: operands[k] == other(builder, operands)


def _operand(k: int) -> Getter:
    return lambda builder, operands: operands[k]


def _inner_operand(k: int) -> Getter:
    return lambda builder, operands: builder.operands_of(operands[k])[0]


def _rule(identity: str) -> tuple[int, Rule]:
    """The code of the operation that an identity is about, and the identity."""
    left, right = identity.split("=")
    op, *pattern = re.findall(r"\([^)]*\)|\S+", left)
    places: dict[str, Getter] = {}
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
