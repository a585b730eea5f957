"""Passes: each takes a program and returns one that computes the same numbers with less work.

None of them changes a bit of a result, save that one NaN may stand for another.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from autograd_bp import primitives as rows
from autograd_bp.compiling.program.builder import Builder, Instruction, Step, rewrite
from autograd_bp.compiling.program.program import Program
from autograd_bp.primitives import Primitive

Pass = Callable[[Program], Program]


def dead_code(program: Program) -> Program:
    """Without the instructions that no output depends on."""
    wanted = [False] * (program.first + len(program))
    for k in program.outputs:
        wanted[k] = True
    starts, operands = program.starts, program.operands
    for i in range(len(program) - 1, -1, -1):
        if wanted[program.first + i]:
            for k in operands[starts[i] : starts[i + 1]]:
                wanted[k] = True
    if not all(wanted[program.first :]):
        marks = iter(wanted[program.first :])
        program = rewrite(program, lambda builder, row, read: (row, read) if next(marks) else 0)
    return _without_unread_constants(program)


def _without_unread_constants(program: Program) -> Program:
    start, end = len(program.parameters) + len(program.inputs), program.first
    read = {*program.operands, *program.outputs}
    if all(k in read for k in range(start, end)):
        return program
    builder = Builder(program.parameters, program.inputs)
    new = [*range(start)]
    for k, x in zip(range(start, end), program.constants, strict=True):
        new.append(builder.constant(x) if k in read else 0)
    for _, row, operands in program.instructions():
        new.append(builder.emit(row, [new[k] for k in operands]))
    return builder.finish([new[k] for k in program.outputs], program.summed)


def fold_constants(program: Program) -> Program:
    """With instructions that read constants only computed now."""
    return rewrite(program, _folded)


def _folded(builder: Builder, row: Primitive, read: Sequence[int]) -> int | Instruction:
    for k in read:
        if builder.number(k) is None:
            return row, read
    return builder.constant(row.forward(*[builder.number(k) for k in read]))


def simplify(program: Program) -> Program:
    """Without instructions that give back what they read: x·1, x/1, x - 0, --x, max(x, x)."""
    return rewrite(program, _simpler)


def _simpler(builder: Builder, row: Primitive, read: Sequence[int]) -> int | Instruction:
    same = _same_as(builder, row, read)
    if same is not None:
        return same
    if row is rows.mul:
        for one, other in (read, read[::-1]):
            if builder.number(one) == -1.0:
                return _simpler(builder, rows.neg, [other])
    if row is rows.add:
        # a + -b is a - b, to the bit; so is -a + b.
        for one, other in (read, read[::-1]):
            made = builder.made_by(other)
            if made is not None and made[0] == rows.neg.code:
                return rows.sub, [one, made[1][0]]
    return row, read


def _same_as(builder: Builder, row: Primitive, read: Sequence[int]) -> int | None:
    """The register that holds the result already, or None."""
    if row.arity == 2:
        a, b = read
        x, y = builder.number(a), builder.number(b)
        if row is rows.mul and (x == 1.0 or y == 1.0):
            return b if x == 1.0 else a
        if row in (rows.div, rows.pow, rows.power) and y == 1.0:
            return a
        if row is rows.sub and y == 0.0 and not _negative(y):
            return a
        if row is rows.add:  # -0 is what changes nothing: 0 would make a +0 of -0
            if y == 0.0 and _negative(y):
                return a
            if x == 0.0 and _negative(x):
                return b
        if row in (rows.maximum, rows.minimum) and a == b:
            return a
    if row is rows.neg:
        made = builder.made_by(read[0])
        if made is not None and made[0] == rows.neg.code:
            return made[1][0]
    if row is rows.where:
        condition, x, y = builder.number(read[0]), read[1], read[2]
        if x == y:
            return x
        if condition is not None:
            return x if condition != 0.0 else y
    return None


def _negative(x: float | None) -> bool:
    return x is not None and math.copysign(1.0, x) < 0.0


COMMUTATIVE = (rows.add, rows.mul)


def common_subexpressions(program: Program) -> Program:
    """With what is computed twice computed once."""
    return rewrite(program, _once())


def _once() -> Step:
    known: dict[tuple[int, ...], int] = {}

    def step(builder: Builder, row: Primitive, read: Sequence[int]) -> int:
        key = (row.code, *(sorted(read) if row in COMMUTATIVE else read))
        if key not in known:
            known[key] = builder.emit(row, read)
        return known[key]

    return step


def tidy(program: Program) -> Program:
    """`fold_constants`, `simplify` and `common_subexpressions` in one walk."""
    return rewrite(program, _folded, _simpler, _once())


def fuse_products(program: Program) -> Program:
    """With chains of additions as one `dot` each: ((a + b·c) + d) + e·f is a dot of three
    pairs with the bias a. Every step of the chain rounds as before."""
    uses = [0] * (program.first + len(program))
    for k in (*program.operands, *program.outputs):
        uses[k] += 1
    starts, operands, codes = program.starts, program.operands, program.codes

    def reads(k: int, row: Primitive) -> Sequence[int] | None:
        """The operands of register k where `row` fills it and one instruction alone reads it."""
        i = k - program.first
        if i < 0 or codes[i] != row.code or uses[k] != 1:
            return None
        return operands[starts[i] : starts[i + 1]]

    inner: set[int] = set()  # additions in the middle of a chain, products that it absorbs
    chains: dict[int, tuple[int, list[tuple[int, int | None]]]] = {}
    for register in range(program.first + len(program) - 1, program.first - 1, -1):
        i = register - program.first
        if codes[i] != rows.add.code or register in inner:
            continue
        terms: list[tuple[int, int | None]] = []
        initial, links = register, []
        pair: Sequence[int] | None = operands[starts[i] : starts[i + 1]]
        while pair is not None:
            initial, last = pair
            product = reads(last, rows.mul)
            terms.append((last, None) if product is None else (product[0], product[1]))
            if product is not None:
                links.append(last)
            pair = reads(initial, rows.add)
            if pair is not None:
                links.append(initial)
        if len(terms) > 1:
            inner.update(links)
            chains[register] = (initial, terms[::-1])

    # rewrite() walks all registers in order, so the old numbers are counted along.
    builder = Builder(program.parameters, program.inputs)
    new = [*range(len(program.parameters) + len(program.inputs))]
    new += [builder.constant(x) for x in program.constants]
    for register, row, read in program.instructions():
        if register in inner:
            new.append(0)
        elif register in chains:
            initial, terms = chains[register]
            left = [new[a] for a, _ in terms]
            right = [builder.constant(1.0) if b is None else new[b] for _, b in terms]
            new.append(builder.emit(rows.dot, [*left, *right, new[initial]]))
        else:
            new.append(builder.emit(row, [new[k] for k in read]))
    return builder.finish([new[k] for k in program.outputs], program.summed)


MOST_PIECES = 4


def split_products(program: Program) -> Program:
    """With a dot whose factors come from several places cut where the places change.

    What was w0·(-1) + w1·x1 + w2·x2 with a bias on a constant becomes w0·(-1), which all rows of
    data share, as the number that a dot of parameters and inputs starts from.
    """
    uniform = program.uniform()
    ends = (len(program.parameters), len(program.parameters) + len(program.inputs), program.first)

    def place(k: int) -> int:
        kind = sum(k >= end for end in ends)
        return kind + 1 if kind == 3 and uniform[k] else kind

    registers = iter(program.instructions())

    def step(builder: Builder, row: Primitive, read: Sequence[int]) -> int:
        _, _, old = next(registers)
        if row is not rows.dot:
            return builder.emit(row, read)
        left, right = row.operands.lists(read)
        n = len(left)
        places = [tuple(sorted((place(old[j]), place(old[n + j])))) for j in range(n)]
        cuts = [j for j in range(1, n) if places[j] != places[j - 1]]
        if not cuts or len(cuts) >= MOST_PIECES:
            return builder.emit(row, read)
        initial = list(read[2 * n :])
        for start, end in zip([0, *cuts], [*cuts, n], strict=True):
            initial = [builder.emit(row, [*left[start:end], *right[start:end], *initial])]
        return initial[0]

    return rewrite(program, step)


STANDARD: tuple[Pass, ...] = (
    dead_code,
    tidy,
    fuse_products,
    dead_code,
)


def optimised(program: Program, passes: Sequence[Pass] = STANDARD) -> Program:
    """The program after these passes, one after the other."""
    for each in passes:
        program = each(program)
    return program
