"""Rows that lie in this process, or come to it chunk after chunk, in blocks."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from typing import Any

import numpy as np

from autograd_bp.errors import DataError
from autograd_bp.training.rows import ArrayRows, pairs_of
from autograd_bp.training.spread.kinds import is_spread
from autograd_bp.training.spread.work import (
    Facts,
    Floats,
    Work,
    digests_of_blocks,
    facts_of_table,
    sums_of_blocks,
    table_of,
)

__all__ = ["Blocks", "LocalBlocks", "StreamedBlocks", "blocks_of"]


class Blocks(ABC):
    """Rows in blocks: each has `block` rows but the last.

    Attributes:
        block: how many.
        rows: of all blocks.
        width, outputs: how many inputs and desired outputs a row has.
        weighted: whether each row has a weight.
        are_classes: whether all desired outputs are classes.
        in_order: whether the blocks can only be visited from the first to the last.
    """

    lie_in_blocks = True
    block: int
    rows: int
    width: int
    outputs: int
    weighted: bool = False
    are_classes: bool
    in_order = False

    @property
    def count(self) -> int:
        """How many blocks."""
        return -(-self.rows // self.block)

    def rows_of(self, places: Sequence[int]) -> int:
        """How many rows these blocks have."""
        short = self.count * self.block - self.rows
        return len(places) * self.block - (short if self.count - 1 in places else 0)

    @abstractmethod
    def sums(self, work: Work, weights: Floats, places: Sequence[int], *, epoch: int = 0) -> Floats:
        """Return what `Work.sums` gives of each of these blocks, in their order."""

    @abstractmethod
    def digests(self) -> Iterable[bytes]:
        """A fingerprint of each block, wherever the chunks end."""

    def fingerprint(self) -> str:
        """SHA-256 over all rows."""
        facts = self.block, self.rows, self.width, self.outputs, self.weighted
        digest = sha256(repr(facts).encode())
        for part in self.digests():
            digest.update(part)
        return digest.hexdigest()

    @abstractmethod
    def close(self) -> None:
        """Let go of the rows, and of what was prepared for them elsewhere."""

    def _take_facts(self, facts: Sequence[Facts]) -> None:
        """Raises DataError for the first number that is not finite, and where there are no rows."""
        before = 0
        for part in facts:
            if part.problem:
                raise DataError(
                    f"row {before + part.place + 1}: {part.problem}; correct it, or leave the row "
                    "out"
                )
            before += part.rows
        self.rows = before
        self.are_classes = all(part.are_classes for part in facts)
        if not self.rows:
            raise DataError("there are no rows to learn from")


class LocalBlocks(Blocks):
    """Rows in the memory of this process.

    Arguments:
        tables: chunks, as `table_of` makes them.
        outputs: how many desired outputs a row has.
        block: rows of a block.
        weighted: whether the last number of a row is its weight.
    """

    def __init__(
        self, tables: Sequence[Floats], outputs: int, block: int, *, weighted: bool = False
    ) -> None:
        if not tables:
            raise DataError("there are no rows to learn from")
        self.block, self.outputs, self.weighted = block, outputs, weighted
        self.width = len(tables[0]) - outputs - weighted
        self._take_facts(
            [facts_of_table(t, self.width, outputs, weighted=weighted) for t in tables]
        )
        self._table = np.concatenate(tables, axis=1) if len(tables) > 1 else tables[0]

    def sums(self, work: Work, weights: Floats, places: Sequence[int], *, epoch: int = 0) -> Floats:
        return sums_of_blocks(work, weights, self._table, self.block, list(places), epoch=epoch)

    def digests(self) -> list[bytes]:
        return digests_of_blocks(self._table, self.block)

    def close(self) -> None:
        self._table = np.empty((0, 0))


class StreamedBlocks(Blocks):
    """Chunks that are read anew for each pass; one block and one chunk are in memory.

    Arguments:
        chunks: an iterable of tuples (X, D), which can be gone over again and again.
        block: rows of a block.
    """

    in_order = True

    def __init__(self, chunks: Iterable[Any], block: int) -> None:
        self._chunks, self.block = chunks, block
        facts, first = [], True
        for X, D in _pairs(chunks):
            table = table_of(X, D)
            if first:
                self.outputs, first = 1 if np.ndim(D) == 1 else np.shape(D)[1], False
                self.width = len(table) - self.outputs
            facts.append(facts_of_table(table, self.width, self.outputs))
        self._take_facts(facts)
        self._pass: Iterator[Floats] = iter(())
        self._next = 0

    def sums(self, work: Work, weights: Floats, places: Sequence[int], *, epoch: int = 0) -> Floats:
        results = []
        for place in places:
            if place == 0 or place != self._next:
                self._pass, self._next = self._blocks(), 0
            while self._next <= place:
                table = next(self._pass)
                self._next += 1
            row = place * self.block
            results.append(work.sums(weights, table, row=row, epoch=epoch))
        return np.stack(results)

    def digests(self) -> Iterator[bytes]:
        for table in self._blocks():
            yield from digests_of_blocks(table, self.block)

    def close(self) -> None:
        self._pass, self._next = iter(()), 0

    def _blocks(self) -> Iterator[Floats]:
        rest: Floats | None = None
        for X, D in _pairs(self._chunks):
            table = table_of(X, D)
            if rest is not None:
                table = np.concatenate([rest, table], axis=1)
            whole = table.shape[1] // self.block * self.block
            for start in range(0, whole, self.block):
                yield table[:, start : start + self.block]
            rest = table[:, whole:].copy()
        if rest is not None and rest.shape[1]:
            yield rest


def blocks_of(data: Any, block: int, sample_weight: Any = None) -> Blocks:
    """The rows of (X, D), or of an iterable of such tuples, in blocks.

    Arguments:
        data: a tuple of two tables, of Dask or in memory; an iterable of tuples (X, D), which is
            streamed where it can be gone over several times; or pairs (x, d).
        block: rows of a block.
        sample_weight: a weight for each row.

    Raises: DataError for what is no table of numbers.
    """
    if is_spread(data):
        from autograd_bp.training.spread.cluster import blocks_on_cluster

        return blocks_on_cluster(data, block, sample_weight)
    weighted = sample_weight is not None
    if isinstance(data, ArrayRows):
        inputs, desired = data.arrays()
        X, D = inputs.T, desired.T
        return LocalBlocks([table_of(X, D, sample_weight)], len(desired), block, weighted=weighted)
    if isinstance(data, tuple) and len(data) == 2:
        X, D = data
        outputs = 1 if np.ndim(D) == 1 else np.shape(D)[1]
        return LocalBlocks([table_of(X, D, sample_weight)], outputs, block, weighted=weighted)
    if not isinstance(data, (list, Iterator)) and not weighted and _has_tables(data):
        return StreamedBlocks(data, block)
    rows = pairs_of(data)
    if not rows:
        raise DataError("there are no rows to learn from")
    X, D = [x for x, _ in rows], [d for _, d in rows]
    return LocalBlocks([table_of(X, D, sample_weight)], len(D[0]), block, weighted=weighted)


def _has_tables(data: Any) -> bool:
    """Whether the first item is a tuple of tables."""
    try:
        first = next(iter(data))
    except (TypeError, StopIteration):
        return False
    return isinstance(first, tuple) and len(first) == 2 and np.ndim(first[0]) == 2


def _pairs(chunks: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
    for number, chunk in enumerate(chunks, 1):
        if not isinstance(chunk, tuple) or len(chunk) != 2:
            raise DataError(f"chunk {number} is no tuple (X, D), got {chunk!r:.60}")
        yield chunk
