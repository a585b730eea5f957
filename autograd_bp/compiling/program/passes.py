"""Passes: each takes a program and returns one that computes the same numbers with less work.

None of them changes a bit of a result, except that one NaN may stand for another. The functions say
what a pass does; where the compiled core runs, `in_c` puts the same walk in C into their place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from autograd_bp import primitives as ops
from autograd_bp.compiling.program.builder import Builder, Instruction, Step, rewrite
from autograd_bp.compiling.program.collector import no_collections
from autograd_bp.compiling.program.native import CODES, in_c, walks
from autograd_bp.compiling.program.program import Program
from autograd_bp.compiling.program.rewrites import in_numbers, simpler
from autograd_bp.entry import by_code
from autograd_bp.primitives import Primitive

Pass = Callable[[Program], Program]
COMMUTATIVE = (ops.add, ops.mul)
MAX_PIECES = 4  # that split_products cuts a dot into


# ------------------------------------------------------------------------------ dead code
@in_c(lambda program: walks.dead_code(program, CODES))
def dead_code(program: Program) -> Program:
    """Without the instructions and the constants that no output depends on."""
    alive = [False] * (program.first + len(program))
    for k in program.outputs:
        alive[k] = True
    starts, operands = program.starts, program.operands
    for i in range(len(program) - 1, -1, -1):
        if alive[program.first + i]:
            for k in operands[starts[i] : starts[i + 1]]:
                alive[k] = True
    first = len(program.parameters) + len(program.inputs)
    if all(alive[first:]):
        return program

    def step(
        builder: Builder, register: int, op: Primitive, operands: Sequence[int]
    ) -> int | Instruction:
        return (op, operands) if alive[register] else 0

    constants = {k for k in range(first, program.first) if alive[k]}
    return rewrite(program, step, constants=constants)


# ------------------------------------------------------------------------------ algebra
@in_c(lambda program: walks.simplify(program, CODES, None, by_code, False))
def fold_constants(program: Program) -> Program:
    """With the results of instructions whose operands are all constants, as constants."""
    return rewrite(program, _folded)


def _folded(
    builder: Builder, register: int, op: Primitive, operands: Sequence[int]
) -> int | Instruction:
    for k in operands:
        if k >= 0:  # no constant
            return op, operands
    return builder.constant(op.forward(*[builder.number(k) for k in operands]))


@in_c(lambda program: walks.simplify(program, CODES, in_numbers(), None, False))
def simplify(program: Program) -> Program:
    """With the identities of `rewrites` applied: x·1 and --x are x, a + -b is a - b ..."""
    return rewrite(program, simpler)


@in_c(lambda program: walks.simplify(program, CODES, None, None, True))
def common_subexpressions(program: Program) -> Program:
    """With what is computed twice computed once."""
    return rewrite(program, _once())


def _once() -> Step:
    registers: dict[tuple[int, ...], int] = {}

    def step(builder: Builder, register: int, op: Primitive, operands: Sequence[int]) -> int:
        key = (op.code, *(sorted(operands) if op in COMMUTATIVE else operands))
        if key not in registers:
            registers[key] = builder.emit(op, operands)
        return registers[key]

    return step


@in_c(lambda program: walks.simplify(program, CODES, in_numbers(), by_code, True))
def tidy(program: Program) -> Program:
    """`fold_constants`, `simplify` and `common_subexpressions` in one walk."""
    return rewrite(program, _folded, simpler, _once())


# ------------------------------------------------------------------------------ products
@in_c(lambda program: walks.fuse_products(program, CODES))
def fuse_products(program: Program) -> Program:
    """With chains of additions as one `dot` each: ((a + b·c) + d) + e·f is a dot of three
    pairs with the initial value a. Every step of the chain rounds as before."""
    links, ends = _chains(program)
    if not ends:
        return program
    factors: dict[int, Sequence[int]] = {}  # of the products that chains absorb
    chains: dict[int, tuple[int, list[int], list[int]]] = {}  # initial value and factors so far

    def step(
        builder: Builder, register: int, op: Primitive, operands: Sequence[int]
    ) -> int | Instruction:
        if register not in links and register not in ends:
            return op, operands
        if op is ops.mul:
            factors[register] = operands
            return 0
        before, term = program.operands_of(register)
        initial, left, right = chains.pop(before, (operands[0], [], []))
        one, other = factors[term] if term in factors else (operands[1], builder.constant(1.0))
        left.append(one)
        right.append(other)
        if register in ends:
            return ops.dot, [*left, *right, initial]
        chains[register] = initial, left, right
        return 0

    return rewrite(program, step)


def _chains(program: Program) -> tuple[set[int], set[int]]:
    """The instructions inside chains of at least two additions, and the last one of each chain.

    A chain goes on from an addition to its first operand, and absorbs a product that is its second
    operand, where nothing else reads that result.
    """
    uses = [0] * (program.first + len(program))
    for k in (*program.operands, *program.outputs):
        uses[k] += 1
    starts, operands, codes, first = program.starts, program.operands, program.codes, program.first

    def is_link(k: int, op: Primitive) -> bool:
        return k >= first and codes[k - first] == op.code and uses[k] == 1

    links: set[int] = set()
    ends: set[int] = set()
    for i in range(len(program) - 1, -1, -1):
        if codes[i] != ops.add.code:
            continue
        register, (before, term) = first + i, operands[starts[i] : starts[i + 1]]
        goes_on = is_link(before, ops.add)
        if goes_on:
            links.add(before)
            if register not in links:
                ends.add(register)
        if is_link(term, ops.mul) and (goes_on or register in links):
            links.add(term)
    return links, ends


@in_c(lambda program: walks.split_products(program, CODES, MAX_PIECES))
def split_products(program: Program) -> Program:
    """With a dot whose factors come from several places cut where the places change.

    The sum w0·(-1) + w1·x1 + w2·x2 with a bias on a constant becomes w0·(-1), which all rows of
    data share, as the initial value of a dot of parameters and inputs.
    """
    if ops.dot.code not in program.codes:
        return program
    uniform = program.uniform()
    ends = (len(program.parameters), len(program.parameters) + len(program.inputs), program.first)

    def place(k: int) -> int:
        kind = sum(k >= end for end in ends)
        return kind + 1 if kind == 3 and uniform[k] else kind

    def cuts(register: int) -> Iterator[int]:
        """The terms of a dot at which the places of the factors change."""
        pairs = zip(*ops.dot.operands.lists(program.operands_of(register)), strict=True)
        places = [sorted(map(place, pair)) for pair in pairs]
        return (j for j in range(1, len(places)) if places[j] != places[j - 1])

    def step(
        builder: Builder, register: int, op: Primitive, operands: Sequence[int]
    ) -> int | Instruction:
        if op is not ops.dot:
            return op, operands
        left, right = op.operands.lists(operands)
        bounds = [0, *cuts(register), len(left)]
        if len(bounds) == 2 or len(bounds) > MAX_PIECES + 1:
            return op, operands
        initial = list(operands[2 * len(left) :])
        for start, end in pairwise(bounds):
            initial = [builder.emit(op, [*left[start:end], *right[start:end], *initial])]
        return initial[0]

    return rewrite(program, step)


# ------------------------------------------------------------------------------ all of them
STANDARD: tuple[Pass, ...] = (
    dead_code,
    tidy,
    fuse_products,
    dead_code,
)


def optimised(program: Program, passes: Sequence[Pass] = STANDARD) -> Program:
    """The program after these passes, one after the other."""
    with no_collections():
        for one_pass in passes:
            program = one_pass(program)
    return program
