"""Expressions and folds as recipes, for primitives that the tape was not compiled for.

A recipe is a list of operations, each over all lanes of a block. Its numbers lie in registers,
lines of the block's width. Register 0 is the result, the next ones are what the loop reads, and
the others hold constants, the state of a fold, and what is computed on the way. A truth is 1.0 or
0.0. backends/tape/recipes.h runs it:

    registers, blocks, then for each block
        how often (ONCE or once for each TERM), the register of a condition or -1, steps, then
        for each step
            operation, target, three operands

A block whose condition holds in no lane is left out. An operand of CONSTANT is the place of the
constant, the first operand of SWAP the register that changes places with the target.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence

from autograd_bp.expressions import (
    ARITHMETIC,
    COMPARISONS,
    TESTS,
    Expression,
    last_uses,
    letters,
    walk,
)
from autograd_bp.folds import Fold
from autograd_bp.printers.functions import SPELLINGS

INPUTS: dict[str, int] = {
    "neg": 1,
    "not": 1,
    **dict.fromkeys(TESTS, 1),
    **dict.fromkeys((*ARITHMETIC, *COMPARISONS, "and", "or"), 2),
    "?": 3,
    **{name: function.inputs for name, function in sorted(SPELLINGS.items())},
}
"""The operations, and how many operands each has."""
CODES = {head: code for code, head in enumerate(INPUTS)}
CONSTANT, SWAP, COPY = -1, -2, -3  # operations of recipes.h itself
ONCE, TERM = 0, 1
MAX_REGISTERS = 128  # recipes.h has room for so many
MAX_READS = 8


class _Block:
    """Operations that run one after the other, once or once for each term."""

    def __init__(self, often: int, condition: int = -1) -> None:
        self.often, self.condition = often, condition
        self.steps: list[tuple[int, int, int, int, int]] = []

    def add(self, operation: int, target: int, *operands: int) -> None:
        a, b, c = (*operands, 0, 0, 0)[:3]
        self.steps.append((operation, target, a, b, c))

    def numbers(self) -> list[int]:
        steps = [number for step in self.steps for number in step]
        return [self.often, self.condition, len(self.steps), *steps]


class _Recipe:
    """A recipe in the making.

    Arguments:
        reads: how many operands the loop reads.
        constant: gives the place of a constant.
        sparing: whether constants are loaded anew for each operation, as long expressions need
            that would keep too many of them in registers.
    """

    def __init__(
        self, reads: int, constant: Callable[[float], int], *, sparing: bool = False
    ) -> None:
        self._constant, self._sparing = constant, sparing
        self._count = 1 + reads
        self._free: list[int] = []
        self._numbers: dict[int, int] = {}
        self.blocks = [_Block(ONCE)]

    def begin(self, often: int, condition: int = -1) -> _Block:
        self.blocks.append(_Block(often, condition))
        return self.blocks[-1]

    def take(self) -> int:
        """A register that nothing uses."""
        if self._free:
            return self._free.pop()
        self._count += 1
        return self._count - 1

    def written(
        self, block: _Block, roots: Sequence[Expression], names: Mapping[str, int], last: int = -1
    ) -> list[int]:
        """The registers of these expressions; `last` is that of the last root, if it matters."""
        nodes = list(walk(*roots))
        final, ends = last_uses(nodes, roots), {id(root) for root in roots}
        at: dict[int, int] = {}
        for place, node in enumerate(nodes):
            if node.head == "input":
                at[id(node)] = names[node.parts[0]]
            elif node.head == "number":
                if not self._sparing or id(node) in ends:
                    at[id(node)] = self._number(block, node)
            else:
                target = last if last >= 0 and node is roots[-1] else self.take()
                self._operation(block, node, target, at)
                at[id(node)] = target
                kept = ("input", "number") if block.often == TERM else ("input",)
                done = [part for part in node.operands if final[id(part)] == place]
                self._release([part for part in done if part.head not in kept], at)
        return [at[id(root)] for root in roots]

    def _release(self, parts: Sequence[Expression], at: Mapping[int, int]) -> None:
        """Nothing needs these any more; constants of one operation alone are free already."""
        self._free += dict.fromkeys([at[id(part)] for part in parts if id(part) in at])

    def _operation(
        self, block: _Block, node: Expression, target: int, at: Mapping[int, int]
    ) -> None:
        """One step, with constants that are loaded for it alone."""
        parts = {id(part): part for part in node.operands}
        loaded = {key: self._loaded(block, part) for key, part in parts.items() if key not in at}
        places = [loaded[key] if key in loaded else at[key] for key in map(id, node.operands)]
        block.add(CODES[node.head], target, *places)
        self._free += loaded.values()

    def _loaded(self, block: _Block, number: Expression) -> int:
        register = self.take()
        block.add(CONSTANT, register, self._constant(number.parts[0]))
        return register

    def result(self, block: _Block, root: Expression, names: Mapping[str, int]) -> None:
        (register,) = self.written(block, [root], names, 0)
        if register != 0:
            block.add(COPY, 0, register)

    def advance(
        self, block: _Block, state: Mapping[str, int], steps: Sequence[Expression],
        names: Mapping[str, int],
    ) -> None:  # fmt: skip
        """The new state of a fold: all of it is computed before any of it is replaced."""
        registers = self.written(block, steps, names)
        fresh: list[int] = []
        for register, step in zip(registers, steps, strict=True):
            if not step.operands or register in fresh:
                copy = self.take()
                block.add(COPY, copy, register)
                register = copy
            fresh.append(register)
        for old, new in zip(state.values(), fresh, strict=True):
            block.add(SWAP, old, new)
        self._free += fresh

    def _number(self, block: _Block, node: Expression) -> int:
        """The register of a constant: outside a loop it is soon free, inside it is kept."""
        if block.often != TERM:
            return self._loaded(block, node)
        register = self._numbers.get(id(node))
        if register is None:
            register = self._numbers[id(node)] = self._count
            self._count += 1
            self.blocks[0].add(CONSTANT, register, self._constant(node.parts[0]))
        return register

    def numbers(self) -> list[int]:
        if self._count > MAX_REGISTERS:
            raise OverflowError
        lines = [number for block in self.blocks for number in block.numbers()]
        return [self._count, len(self.blocks), *lines]


def recipe(
    tree: Expression | Fold | None, reads: int, terms: int, constant: Callable[[float], int]
) -> list[int] | None:
    """A recipe in numbers; None where the tape cannot run it.

    Arguments:
        tree: what is computed.
        reads: how many operands there are, or how many lists of them and initial values.
        terms: how many terms each list has.
        constant: gives the place of a constant.
    """
    if tree is None or reads > MAX_READS:
        return None
    try:
        if isinstance(tree, Fold):
            return _of_fold(tree, reads, terms, constant)
        with contextlib.suppress(OverflowError):
            return _of_expression(tree, reads, constant, sparing=False)
        return _of_expression(tree, reads, constant, sparing=True)
    except OverflowError:
        return None


def _of_expression(
    tree: Expression, reads: int, constant: Callable[[float], int], *, sparing: bool
) -> list[int]:
    made = _Recipe(reads, constant, sparing=sparing)
    names = {name: 1 + k for k, name in enumerate(letters(reads))}
    made.result(made.begin(ONCE), tree, names)
    return made.numbers()


def _of_fold(fold: Fold, reads: int, terms: int, constant: Callable[[float], int]) -> list[int]:
    elements = fold.operands.elements if terms else ()
    made = _Recipe(reads, constant)
    names = {name: 1 + k for k, name in enumerate(elements)}
    start = made.begin(ONCE)
    (names["n"],) = made.written(start, [Expression("number", float(terms))], names)
    if reads > len(elements):
        names["initial"] = 1 + len(elements)
    else:
        (names["initial"],) = made.written(start, [Expression("number", 0.0)], names)
    for stage in fold.stages_of_output:
        block = made.begin(ONCE)
        state = {name: made.take() for name in stage.names}
        first = made.written(block, stage.start, names)
        for target, register in zip(state.values(), first, strict=True):
            block.add(COPY, target, register)
        condition = -1
        if stage.when is not None:
            (condition,) = made.written(block, [stage.when], names)
        if terms:
            made.advance(made.begin(TERM, condition), state, stage.steps, {**names, **state})
        names |= state
    made.result(made.begin(ONCE), fold.finish, names)
    return made.numbers()
