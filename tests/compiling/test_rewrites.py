"""Rewrites: every identity of the table holds to the bit, and is applied."""

import itertools
import math
import struct

import pytest

from autograd_bp.compiling import Builder, Program, simplify
from autograd_bp.compiling.program.rewrites import IDENTITIES
from autograd_bp.primitives import Primitive

LINES = [" ".join(line.split()) for line in IDENTITIES.strip().splitlines()]
SPECIAL = [0.0, -0.0, 1.0, -1.0, 0.3, -2.5, 5e-324, -1e308, math.inf, -math.inf, math.nan]


def emitted(builder, tokens, letters):
    """Appends what the tokens of one side say. Returns: its register."""
    op, *operands = tokens
    registers = []
    while operands:
        token = operands.pop(0)
        if token.startswith("("):
            inner = [token[1:], operands.pop(0)[:-1]]
            registers.append(emitted(builder, inner, letters))
        elif token.isalpha():
            registers.append(letters[token])
        else:
            registers.append(builder.constant(7.5 if token == "#" else float(token)))
    return builder.emit(Primitive.named(op), registers)


def both_sides(identity):
    """Two programs of the letters of an identity: its left side, and its right side."""
    left, right = [side.split() for side in identity.split(" = ")]
    letters = sorted(set(filter(str.islower, (t.strip("()") for t in [*left[1:], *right]))))
    letters = [letter for letter in letters if len(letter) == 1]
    programs = []
    for side in (left, right):
        builder = Builder([], letters)
        places = {letter: k for k, letter in enumerate(letters)}
        register = places[side[0]] if len(side) == 1 else emitted(builder, side, places)
        programs.append(builder.finish([register], [False]))
    return programs


def bits(numbers):
    return [b"nan" if x != x else struct.pack("d", x) for x in numbers]


def holds(identity):
    left, right = both_sides(identity)
    rows = list(itertools.product(SPECIAL, repeat=len(left.inputs)))
    return bits(left.run([], rows)[0]) == bits(right.run([], rows)[0])


@pytest.mark.parametrize("identity", LINES)
def test_an_identity_holds_to_the_bit(identity):
    assert holds(identity)


@pytest.mark.parametrize("identity", LINES)
def test_an_identity_is_applied(identity):
    left, right = both_sides(identity)
    result = simplify(left)
    assert result.outputs[0] == right.outputs[0] or last(result) == last(right)


def last(program: Program):
    """The operation of the last instruction, and the names of its operands."""
    *_, (_, op, operands) = program.instructions()
    return op.name, [program.name(k) for k in operands]


def test_what_a_rewrite_gives_is_rewritten_again():
    builder = Builder([], ["x"])
    negative = builder.emit(Primitive.named("neg"), [0])
    program = builder.finish(
        [builder.emit(Primitive.named("mul"), [negative, builder.constant(-1.0)])], [False]
    )
    assert simplify(program).outputs == (0,)


def test_constants_are_told_apart_by_their_bits():
    for zero, length in ((0.0, 1), (-0.0, 0)):
        builder = Builder([], ["x"])
        program = builder.finish(
            [builder.emit(Primitive.named("add"), [0, builder.constant(zero)])], [False]
        )
        assert len(simplify(program)) == length


@pytest.mark.parametrize(
    "wrong", ["add x 0 = x", "sub x -0 = x", "mul x 0 = x", "sub x y = sub y x"]
)
def test_a_wrong_identity_would_be_seen(wrong):
    assert not holds(wrong)
