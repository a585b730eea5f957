"""Rows on a Dask cluster: each chunk's sums are computed where the chunk lies.

Every result is a task that the scheduler can run again, so a worker that dies takes nothing with
it. Chunks are cut and joined so that they end where blocks end: what is moved are their ends.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from autograd_bp.errors import DataError, MissingExtraError
from autograd_bp.training.spread.blocks import Blocks, LocalBlocks
from autograd_bp.training.spread.kinds import is_of_dask
from autograd_bp.training.spread.work import (
    Floats,
    Work,
    digests_of_blocks,
    facts_of_table,
    sums_of_blocks,
    table_of,
)

__all__ = ["ClusterBlocks", "blocks_on_cluster", "client_or_none", "gathered", "parts_of"]


class ClusterBlocks(Blocks):
    """Chunks that are results on a cluster.

    Arguments:
        client: of the cluster.
        tables: futures of chunks, as `table_of` makes them.
        width, outputs: as for `Blocks`.
        block: rows of a block.
        weighted: whether the last number of a row is its weight.
    """

    def __init__(
        self,
        client: Any,
        tables: Sequence[Any],
        width: int,
        outputs: int,
        block: int,
        *,
        weighted: bool = False,
    ) -> None:
        self._client, self.block = client, block
        self.width, self.outputs, self.weighted = width, outputs, weighted
        facts = gathered(
            client,
            [
                client.submit(facts_of_table, table, width, outputs, weighted=weighted)
                for table in tables
            ],
        )
        self._take_facts(facts)
        self._chunks, self._starts = _aligned(client, tables, [f.rows for f in facts], block)
        self._work: Any = None
        self._key = ""

    def sums(self, work: Work, weights: Floats, places: Sequence[int], *, epoch: int = 0) -> Floats:
        client = self._client
        if work.key != self._key:
            self._work, self._key = client.submit(_same, work, key=f"work-{work.key}"), work.key
        of_chunk: dict[int, list[int]] = {}
        for place in sorted(places):
            chunk = int(np.searchsorted(self._starts, place, side="right")) - 1
            of_chunk.setdefault(chunk, []).append(place)
        tasks = []
        for chunk, blocks in of_chunk.items():
            inside = [place - self._starts[chunk] for place in blocks]
            tasks.append(
                client.submit(
                    sums_of_blocks,
                    self._work,
                    weights,
                    self._chunks[chunk],
                    self.block,
                    inside,
                    first=self._starts[chunk],
                    epoch=epoch,
                    pure=False,
                )
            )
        rows: dict[int, Floats] = {}
        for blocks, sums in zip(of_chunk.values(), gathered(client, tasks), strict=True):
            rows |= dict(zip(blocks, sums, strict=True))
        return np.stack([rows[place] for place in places])

    def digests(self) -> list[bytes]:
        client, block = self._client, self.block
        parts = [client.submit(digests_of_blocks, chunk, block) for chunk in self._chunks]
        return [digest for part in gathered(client, parts) for digest in part]

    def close(self) -> None:
        self._chunks, self._work, self._key = [], None, ""


def blocks_on_cluster(data: Any, block: int, sample_weight: Any = None) -> Blocks:
    """The rows of a tuple (X, D) of arrays or frames of Dask.

    Without a cluster they are computed in this process. Raises DataError for anything else.
    """
    if not isinstance(data, tuple) or len(data) != 2:
        raise DataError(
            "rows of Dask are a tuple (X, D) of two arrays or frames; `fit` takes a frame with the "
            "name of the column of the answers"
        )
    X, D = data
    outputs = 1 if D.ndim == 1 else int(D.shape[1])
    width, weighted = int(X.shape[1]), sample_weight is not None
    collections = [X, D, _like(sample_weight, X)] if weighted else [X, D]
    chunks = chunks_together(collections)
    return on_cluster(chunks, table_of, width, outputs, block, weighted=weighted)


def chunks_together(collections: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Chunk after chunk of all collections, which are cut at the same rows."""
    first = collections[0]
    rows = [first, *(_with_chunks_of(first, other) for other in collections[1:])]
    return _together([parts_of(part) for part in rows])


def on_cluster(
    chunks: Sequence[tuple[Any, ...]],
    table: Callable[..., Floats],
    width: int,
    outputs: int,
    block: int,
    *,
    weighted: bool = False,
) -> Blocks:
    """Chunks, each a tuple of delayed parts, of which `table` makes a table, as blocks."""
    import dask

    tables = [dask.delayed(table, pure=True)(*parts) for parts in chunks]
    client = client_or_none()
    if client is None:
        computed = dask.compute(*tables)
        return LocalBlocks(list(computed), outputs, block, weighted=weighted)
    futures = client.compute(tables)
    return ClusterBlocks(client, futures, width, outputs, block, weighted=weighted)


def parts_of(collection: Any) -> list[Any]:
    """The chunks of rows of a collection, delayed.

    Raises: DataError for what is no collection of Dask.
    """
    _require_dask()
    if not is_of_dask(collection):
        raise DataError(
            f"one part is {type(collection).__name__}, and the others are collections of Dask: "
            "give all of them as such"
        )
    if not hasattr(collection, "npartitions") or hasattr(collection, "chunks"):
        if collection.ndim == 2 and collection.numblocks[1] > 1:
            collection = collection.rechunk({1: -1})
        return list(collection.to_delayed().ravel())
    return list(collection.to_delayed())


def client_or_none() -> Any:
    """The client of the cluster that is in use; None where there is none."""
    try:
        from distributed import default_client
    except ImportError:
        return None
    try:
        return default_client()
    except ValueError:
        return None


def gathered(client: Any, futures: Sequence[Any]) -> list[Any]:
    """The results. Raises DataError where a task killed every worker that tried it."""
    from distributed import KilledWorker

    try:
        return client.gather(list(futures))  # type: ignore[no-any-return]
    except KilledWorker as error:
        raise DataError(
            f"workers died again and again while they computed {error.task}: they may have too "
            "little memory for a chunk; use smaller chunks"
        ) from None


def _together(parts: list[list[Any]]) -> list[tuple[Any, ...]]:
    """Chunk after chunk of all parts. Raises DataError where they have different numbers of
    chunks."""
    counts = {len(part) for part in parts}
    if len(counts) > 1:
        raise DataError(
            f"X and D have {', '.join(map(str, sorted(counts)))} chunks: cut them at the same rows"
        )
    return list(zip(*parts, strict=True))


def _with_chunks_of(X: Any, other: Any) -> Any:
    """An array that is cut at the rows where X is, if these are known."""
    chunks, own = getattr(X, "chunks", None), getattr(other, "chunks", None)
    if not chunks or not own or chunks[0] == own[0]:
        return other
    if sum(chunks[0]) != sum(own[0]):
        raise DataError(f"X has {sum(chunks[0])} rows and the other table has {sum(own[0])}")
    return other.rechunk({0: chunks[0]})


def _like(weights: Any, X: Any) -> Any:
    """Weights in memory as an array of Dask with the chunks of X."""
    if is_of_dask(weights):
        return _with_chunks_of(X, weights)
    if not hasattr(X, "chunks"):
        raise DataError("the weights of a frame of Dask are a column of it, or a series of Dask")
    import dask.array

    return dask.array.from_array(np.asarray(weights, dtype=float), chunks=(X.chunks[0],))


def _aligned(
    client: Any, tables: Sequence[Any], lengths: Sequence[int], block: int
) -> tuple[list[Any], list[int]]:
    """Chunks that end where blocks end, and the number of the first block of each."""
    ends = np.cumsum([0, *lengths])
    cuts = {0, -(-int(ends[-1]) // block) * block}
    cuts |= {int(end / block + 0.5) * block for end in ends[1:-1]}
    bounds = sorted(cuts)
    chunks, starts = [], []
    for low, high in pairwise(bounds):
        pieces = []
        for k, table in enumerate(tables):
            start, stop = max(low, int(ends[k])), min(high, int(ends[k + 1]))
            if start >= stop:
                continue
            first, last = start - int(ends[k]), stop - int(ends[k])
            is_all = last - first == lengths[k]
            pieces.append(table if is_all else client.submit(_cut, table, first, last))
        if pieces:
            chunks.append(pieces[0] if len(pieces) == 1 else client.submit(_joined, pieces))
            starts.append(low // block)
    return chunks, starts


def _cut(table: Floats, start: int, stop: int) -> Floats:
    part: Floats = table[:, start:stop].copy()
    return part


def _joined(tables: list[Floats]) -> Floats:
    return np.concatenate(tables, axis=1)


def _same(work: Work) -> Work:
    return work


def _require_dask() -> None:
    try:
        import dask  # noqa: F401
    except ImportError:  # a collection of a library that looks like it
        raise MissingExtraError('this needs Dask: pip install "autograd_bp[dask]"') from None
