"""Adjoints: what loops pass back to the places that they read, and the sums of that.

A contribution says that each of some places gets a product, or a number. The sum of those that a
place gets is written as a `dot`. Where all is affine, contributions are transposed (see
contributions.py). Where they overlap in other ways, they are sorted by the places that they
reach.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd_bp import primitives as ops
from autograd_bp.compiling.loops.contributions import (
    Cell,
    Contribution,
    chosen_of,
    is_by_member,
    transposed,
)
from autograd_bp.compiling.loops.places import Places, Shape, numbered
from autograd_bp.compiling.loops.writer import LoopWriter
from autograd_bp.compiling.program.distinct import distinct

__all__ = ["Piece", "Sums", "added"]

RANKS = {name: k for k, name in enumerate(("parameter", "input", "constant", "shared", "slot"))}
MAX_CHAIN = 4  # contributions that are added one after the other, without sorting
MANY_BOUNDS = 64  # of places in one space
MANY_TERMS = 8  # of a contribution that is worth a sum of its own


@dataclass(frozen=True)
class Piece:
    """The facts about some members of a block.

    Attributes:
        members: which they are, in increasing order; None for all.
        places: where their numbers are.
        sure: whether a 0 there surely says that nothing was passed: each is a single product.
    """

    members: Any
    places: Places
    sure: bool


Key = tuple[str, str, int]  # the spaces of the factors, and between which bounds they are
Entry = tuple[Any, Any, Any]  # what is reached, and the factors


class Sums:
    """Contributions to the places of loops, by the block of places that a loop writes.

    Arguments:
        writer: writes the loops that add them up.
        sizes: how many places each space has; of a sweep with several seeds the place p of seed s
            is at s · size + p.
        blocks: for each space where its blocks begin, and the end.
        seeds: how many seeds there are.
        wanted: for each space whether a place needs its adjoint.

    Attributes:
        bounds: for a space places in ascending order. No sum has a list with numbers from both
            sides of one, so that lists of one step are as those of the others.
    """

    def __init__(
        self,
        writer: LoopWriter,
        sizes: dict[str, int],
        blocks: dict[str, list[int]],
        seeds: int,
        wanted: dict[str, Any],
    ) -> None:
        self._writer, self._sizes, self._seeds = writer, sizes, seeds
        self._blocks = blocks
        self._starts = {space: np.array(starts) for space, starts in blocks.items()}
        self._wanted = wanted
        self.bounds: dict[str, list[int]] = {}
        self._by_block: dict[tuple[str, int], list[Contribution]] = {}

    def needs(self, reached: Places) -> bool:
        """Whether any of these places of the program needs its adjoint."""
        flags = self._wanted.get(reached.space)
        return flags is not None and bool(reached.of(flags).any())

    # ------------------------------------------------------------------------------- adding
    def add(
        self, reached: Places, left: Places, right: Places | None = None, *, sure: bool
    ) -> None:
        """Add products to the adjoints of places, seeds in front: see `sizes`."""
        contribution = Contribution(reached, left, right, sure)
        block = self._single_block(reached)
        if block is not None:
            self._keep(block, contribution)
            return
        places = reached.array() % self._sizes[reached.space]
        blocks = self._starts[reached.space].searchsorted(places, side="right") - 1
        blocks = np.where(self._wanted[reached.space][places], blocks, -1)
        order = np.argsort(blocks, kind="stable")
        cuts = np.flatnonzero(np.diff(blocks[order])) + 1
        pieces = np.split(order, cuts)
        for members in pieces:
            if blocks[members[0]] >= 0:
                some = contribution if len(pieces) == 1 else chosen_of(contribution, members)
                self._keep((reached.space, int(blocks[members[0]])), some)

    def _single_block(self, reached: Places) -> tuple[str, int] | None:
        """The block of affine places, if it is one and all of them need their adjoints."""
        if reached.table is not None:
            return None
        within = _without_seeds(reached, self._seeds)
        first, last = within.ends()
        block = self._block_of(reached.space, first)
        is_one = block == self._block_of(reached.space, last)
        return block if is_one and within.of(self._wanted[reached.space]).all() else None

    def _block_of(self, space: str, place: int) -> tuple[str, int]:
        return space, bisect_right(self._blocks[space], place) - 1

    def _keep(self, block: tuple[str, int], contribution: Contribution) -> None:
        left, right = contribution.left, contribution.right
        if right is not None:
            if self._writer.number(right) == 1.0:
                right = None
            elif self._writer.number(left) == 1.0:
                left, right = right, None
            elif RANKS[left.space] > RANKS[right.space]:
                left, right = right, left
        contribution.left, contribution.right = left, right
        self._by_block.setdefault(block, []).append(contribution)

    # ------------------------------------------------------------------------------ adding up
    def settle(self, firsts: dict[str, int], least: int) -> None:
        """Add up what one step passes to the same numbers from outside of the steps, member by
        member, with what those behind it pass: else all steps keep their factors until the end.

        Arguments:
            firsts: of spaces that steps write, where their places begin.
            least: the fewest members that are worth it.
        """
        for (space, block), contributions in self._by_block.items():
            if self._blocks[space][block] >= firsts.get(space, 1):
                continue
            groups: dict[Any, list[Contribution]] = {}
            for contribution in contributions:
                if contribution.reached.count >= least and is_by_member(contribution):
                    reached = contribution.reached
                    key = reached.base, reached.shape, reached.strides
                    groups.setdefault(key, []).append(contribution)
            for some in groups.values():
                if len(some) > 1:
                    reached = some[0].reached
                    parts = [(each.left, each.right) for each in some]
                    total = added(self._writer, reached.shape, parts)
                    contributions[:] = [c for c in contributions if not any(c is s for s in some)]
                    contributions.append(Contribution(reached, total, None, False))

    def pieces(self, space: str, base: int, count: int, target: str = "") -> list[Piece]:
        """The adjoints of the block at `base`, members numbered seed · count + place - base.

        Arguments:
            space: the space of the block.
            base: where it begins.
            count: how many places it has.
            target: where the sums go, as in `LoopWriter.emit`; a piece that needs no sum stays
                where it is.
        """
        contributions = self._by_block.pop(self._block_of(space, base), [])
        if not contributions:
            return []
        local = [self._local(c, space, base, count) for c in contributions]
        block = _Block(self._writer, local, self._seeds * count, target, self.bounds)
        return list(block.pieces())

    def _local(self, contribution: Contribution, space: str, base: int, count: int) -> Contribution:
        """The same with places numbered as members of the block."""
        size, reached = self._sizes[space], contribution.reached
        if reached.table is not None:
            table = reached.table // size * count + reached.table % size - base
            reached = Places(space, reached.shape, table=table)
        else:
            strides = reached.strides
            if self._seeds > 1:
                strides = (count, *strides[1:])
            reached = Places(space, reached.shape, reached.base - base, strides)
        return Contribution(reached, contribution.left, contribution.right, contribution.sure)


class _Block:
    """The contributions to one block, numbered from 0."""

    def __init__(
        self,
        writer: LoopWriter,
        contributions: Sequence[Contribution],
        count: int,
        target: str,
        bounds: dict[str, list[int]],
    ) -> None:
        self._writer, self._count, self._target = writer, count, target
        self._contributions, self._bounds = contributions, bounds

    def pieces(self) -> Iterator[Piece]:
        cells, rest = self._cells()
        for cell in cells:
            total = added(self._writer, cell.shape, cell.parts, self._target)
            whole = Places("", cell.shape, cell.base, cell.strides)
            is_all = whole.count == self._count
            yield Piece(None if is_all else whole.array(), total, cell.is_sure)
        if rest:
            yield from self._sorted(rest)

    def _cells(self) -> tuple[list[Cell], list[Contribution]]:
        """The members that can be taken without sorting, and the other contributions."""
        cells: dict[Any, tuple[Cell, list[Contribution]]] = {}
        rest = []
        reaches = np.zeros(self._count, np.int32)
        for contribution in self._contributions:
            cell = transposed(contribution)
            if cell is None:
                rest.append(contribution)
                if contribution.reached.table is not None:
                    reaches[contribution.reached.table] += 1
                else:
                    reaches[contribution.reached.array()] += 1
                continue
            key = (cell.base, cell.shape, cell.strides)
            if key in cells:
                cells[key][0].parts.extend(cell.parts)
                cells[key][1].append(contribution)
            else:
                cells[key] = cell, [contribution]
                Places("", cell.shape, cell.base, cell.strides).of(reaches)[...] += 1
        alone = []
        for cell, contributions in cells.values():
            where = Places("", cell.shape, cell.base, cell.strides)
            if (where.of(reaches) == 1).all() and _is_chain(cell):
                alone.append(cell)
            else:
                rest += contributions
        return alone, rest

    # ----------------------------------------------------------------------------- by sorting
    def _sorted(self, contributions: Sequence[Contribution]) -> Iterator[Piece]:
        """Sums of contributions that overlap in any way: members that get as many terms from the
        same spaces are one piece."""
        groups: dict[Key, list[Entry]] = {}
        for contribution in contributions:
            for key, entry in self._entries(contribution):
                groups.setdefault(key, []).append(entry)
        # A sum begins with what is no product.
        keys = sorted(
            groups, key=lambda key: (key[1] != "", RANKS[key[0]], RANKS.get(key[1], 0), key[2])
        )
        lists = [_in_order(groups[key], self._count) for key in keys]
        counts = np.stack([counts for counts, _, _, _ in lists])
        are_sure = all(contribution.sure for contribution in contributions)
        reached = np.flatnonzero(counts.any(axis=0))
        kinds = counts[:, reached]
        code = np.zeros(len(reached), np.int64)
        for line in kinds:
            code = code * (int(line.max()) + 1) + line
        for members in _by_kind(reached, code):
            parts = []
            for (space, other, _), (many, starts, left, right) in zip(keys, lists, strict=True):
                n = int(many[members[0]])
                if n == 0:
                    continue
                where = (starts[members][:, None] + np.arange(n)).ravel()
                shape = (len(members), n) if n > 1 else (len(members),)
                factor = None if right is None else Places(other, shape, table=right[where])
                parts.append((Places(space, shape, table=left[where]), factor))
            total = self._sum_of(members, parts)
            is_one = int(counts[:, members[0]].sum()) == 1
            yield Piece(
                None if len(members) == self._count else members, total, are_sure and is_one
            )

    def _entries(self, contribution: Contribution) -> Iterator[tuple[Key, Entry]]:
        """The key that it is sorted by, and its members; in parts where bounds cut its lists."""
        left, right = contribution.left, contribution.right
        spaces = (left.space, "" if right is None else right.space)
        reached, one = contribution.reached.array(), left.array()
        other = None if right is None else right.array()
        where = self._between(spaces[0], one)
        if other is not None:
            where = where * MANY_BOUNDS + self._between(spaces[1], other)
        if not len(where):
            return
        first = int(where[0])
        if (where == first).all():
            yield (*spaces, first), (reached, one, other)
            return
        for part in distinct(where).tolist():
            some = where == part
            yield (
                (*spaces, part),
                (reached[some], one[some], None if other is None else other[some]),
            )

    def _between(self, space: str, places: Any) -> Any:
        """Between which bounds places are."""
        bounds = self._bounds.get(space)
        if not bounds:
            return np.zeros(places.shape, np.int64)
        return np.array(bounds).searchsorted(places, side="right")

    def _sum_of(self, members: Any, parts: list[tuple[Places, Places | None]]) -> Places:
        """The sum of sorted parts; two numbers from one space are added, not a sum of terms."""
        left, right = parts[0]
        if len(parts) == 1 and right is None and left.shape[1:] == (2,):
            table = left.array().reshape(-1, 2)
            parts = [(numbered(left.space, table[:, k]), None) for k in range(2)]
        return added(self._writer, (len(members),), parts, self._target)


def _by_kind(members: Any, code: Any) -> list[Any]:
    """The members that have the same code, by increasing codes."""
    if (code == code[:1]).all():
        return [members] if len(members) else []
    return [members[code == kind] for kind in distinct(code)]


def added(
    writer: LoopWriter,
    shape: Shape,
    parts: Sequence[tuple[Places, Places | None]],
    target: str = "",
) -> Places:
    """The sum of products over one more counter each, or of numbers, from the first to the last.

    Arguments:
        writer: writes the loops.
        shape: the counters of the members.
        parts: the factors, over `shape` and, where there are several, the terms; None for 1.
        target: where the sum goes, as in `LoopWriter.emit`. A single number stays where it is.
    """
    plain = [k for k, (left, right) in enumerate(parts) if right is None and left.shape == shape]
    order = sorted(range(len(parts)), key=lambda k: k not in plain[:1])  # a sum begins with one
    total: Places | None = None
    for k in order:
        left, right = parts[k]
        to = target if k == order[-1] else ""
        if k in plain:
            total = left if total is None else writer.emit(ops.add, shape, [total, left], target=to)
        elif total is None and left.shape == shape and right is not None:
            total = writer.emit(ops.mul, shape, [left, right], target=to)
        else:
            factors = _factors(writer, left, right)
            terms = 1 if left.shape == shape else left.shape[-1]
            total = writer.emit(ops.dot, shape, factors, terms=terms, initial=total, target=to)
    assert total is not None
    return total


def _factors(writer: LoopWriter, left: Places, right: Places | None) -> list[Places]:
    """Two factors in the order of their spaces."""
    if right is None:
        right = writer.constant(1.0, left.shape)
    return [left, right] if RANKS[left.space] <= RANKS[right.space] else [right, left]


def _in_order(entries: Sequence[tuple[Any, Any, Any]], count: int) -> tuple[Any, Any, Any, Any]:
    """For each member how many terms it gets and where they start, and the factors in order."""
    reached = np.concatenate([entry[0] for entry in entries])
    order = np.argsort(reached, kind="stable")
    many = np.bincount(reached, minlength=count)
    left = np.concatenate([entry[1] for entry in entries])[order]
    is_product = entries[0][2] is not None
    right = np.concatenate([entry[2] for entry in entries])[order] if is_product else None
    return many, np.cumsum(many) - many, left, right


def _is_chain(cell: Cell) -> bool:
    """Whether the parts of a cell are better added one after the other than as one sum."""
    if len(cell.parts) > MAX_CHAIN:
        return False
    if len(cell.parts) <= 2:
        return True
    return all(
        len(left.shape) > len(cell.shape) and left.shape[-1] >= MANY_TERMS for left, _ in cell.parts
    )


def _without_seeds(reached: Places, seeds: int) -> Places:
    if seeds == 1:
        return reached
    return Places(reached.space, reached.shape[1:], reached.base, reached.strides[1:])
