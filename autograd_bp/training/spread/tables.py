"""Tables on a cluster: the encoder is learned on rows from all over the table, and each chunk is
encoded where it lies.

Nothing here depends on where chunks end: the rows of the sample are chosen by their numbers, and
sums over all rows are exact before they are rounded.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from autograd_bp.errors import DataError, SettingError
from autograd_bp.training.cells import is_missing
from autograd_bp.training.frames import Column, Frame, free_name
from autograd_bp.training.joining import Joined, joined
from autograd_bp.training.spread.blocks import Blocks, LocalBlocks
from autograd_bp.training.spread.encoding import (
    Encoding,
    encoded_chunk,
    numbers_of,
    with_answers,
)
from autograd_bp.training.spread.kinds import is_of_dask
from autograd_bp.training.tabular import MAX_CLASSES, TableData, TableSplit, table_data

__all__ = ["SAMPLE", "SpreadTable", "spread_table"]

SAMPLE = 100_000  # rows that the encoder is learned on, where there are more


class SpreadTable(NamedTuple):
    """A table whose rows lie elsewhere.

    Attributes:
        data: the sample, as a table with a target.
        split: the sample encoded; its encoder and target are those of all rows.
        blocks: all rows, encoded.
    """

    data: TableData
    split: TableSplit
    blocks: Blocks


@dataclass(frozen=True)
class Options:
    """The options of `fit`; see there."""

    task: str
    output: str
    balanced: bool | Mapping[Any, float]
    keep: Sequence[str]
    seed: int
    block: int


def spread_table(X: Any, y: Any, sample_weight: Any, options: Options) -> SpreadTable:
    """The table of X and y, which are collections of Dask or in memory.

    Raises: as `fit`.
    """
    parts = _Parts(X, y, sample_weight)
    counted = parts.map(_counted)
    rows = sum(part.rows for part in counted)
    offsets = np.cumsum([0, *(part.rows for part in counted)]).tolist()
    places = _places_of_sample(counted, offsets, rows)
    taken = zip(parts.map(_taken, places), places, strict=True)
    sample: list[Joined] = [part for part, chosen in taken if chosen]
    if not sample:
        raise DataError("the table has no rows: there is nothing to learn from")
    first = sample[0]
    frame = _below([part.frame for part in sample], "table")
    data = table_data("table", frame, target=first.targets, task=options.task, weight=first.weight)
    split = data.split(options.seed, 0.0, output=options.output, keep=list(options.keep))
    scales = _weights(counted, data, options)
    encoding = Encoding(split, data.targets, data.classes is not None, first.weight, *scales)
    tables = parts.kept(encoded_chunk, offsets[:-1], encoding)
    weighted = encoding.weighted
    width, outputs = split.scaling.width, split.target.n_outputs
    if parts.client is None:
        blocks: Blocks = LocalBlocks(tables, outputs, options.block, weighted=weighted)
    else:
        from autograd_bp.training.spread.cluster import ClusterBlocks

        blocks = ClusterBlocks(
            parts.client, tables, width, outputs, options.block, weighted=weighted
        )
    return SpreadTable(data, split, blocks)


class _Parts:
    """The chunks of a table, each with its answers and weights: here, or as futures."""

    def __init__(self, X: Any, y: Any, sample_weight: Any) -> None:
        self.client = None
        if not is_of_dask(X):
            self._parts: list[Any] = [joined(X, y, sample_weight)]
            return
        import dask

        from autograd_bp.training.spread import cluster

        collections = [X, y, sample_weight]
        of_dask = [k for k, part in enumerate(collections) if is_of_dask(part)]
        chunks = cluster.chunks_together([collections[k] for k in of_dask])
        others = {k: part for k, part in enumerate(collections) if k not in of_dask}
        for k, part in others.items():
            if part is not None and not _are_names(part):
                raise DataError(
                    f"{('X', 'y', 'sample_weight')[k]} is {type(part).__name__}, and X is of Dask: "
                    "give the name of a column, or a collection of Dask"
                )
        delayed = [
            dask.delayed(_joined_part, pure=True)(dict(zip(of_dask, chunk, strict=True)), others)
            for chunk in chunks
        ]
        self.client = cluster.client_or_none()
        self._gathered: Callable[..., Any] = cluster.gathered
        if self.client is None:
            self._parts = list(dask.compute(*delayed))
        else:
            self._parts = self.client.compute(delayed)

    def map(self, function: Callable[..., Any], *lists: Sequence[Any]) -> list[Any]:
        """The function of each chunk and what the lists have for it."""
        results = self.kept(function, *lists)
        return results if self.client is None else self._gathered(self.client, results)

    def kept(self, function: Callable[..., Any], *lists: Any) -> list[Any]:
        """The same, left where the chunks lie. An argument that is no list is the same for all
        chunks."""
        per_part = [x if isinstance(x, list) else [x] * len(self._parts) for x in lists]
        calls = zip(self._parts, *per_part, strict=True)
        if self.client is None:
            return [function(part, *more) for part, *more in calls]
        return [self.client.submit(function, part, *more) for part, *more in calls]


def _joined_part(of_dask: dict[int, Any], others: dict[int, Any]) -> Joined:
    X, y, sample_weight = ({**of_dask, **others}[k] for k in range(3))
    if not len(X):
        return Joined("table", Frame("a chunk without rows", {}), None, None)
    if sample_weight is None or isinstance(sample_weight, str):
        return joined(X, y, sample_weight)
    part = joined(X, y, None)  # all weights of a chunk may be 0
    name = free_name("weight", part.frame.columns)
    part.frame.columns[name] = Column(name, np.asarray(sample_weight, dtype=float).ravel())
    return part._replace(weight=name)


def _are_names(thing: Any) -> bool:
    return isinstance(thing, str) or (
        isinstance(thing, (list, tuple)) and all(isinstance(name, str) for name in thing)
    )


class _Counted(NamedTuple):
    """The facts about a chunk before the encoder is known.

    Attributes:
        rows: their number.
        first: the place of the first row of each answer; None where there are too many.
        counts: how many rows have each answer; None likewise.
        weights: floats that add up to the sum of the weights exactly.
        weighted: how many rows have an answer.
        missing: for each column the place of the first row in which it says nothing.
    """

    rows: int
    first: dict[str, int] | None
    counts: Counter[str] | None
    weights: list[float]
    weighted: int
    missing: dict[str, int]


def _counted(part: Joined) -> _Counted:
    if not len(part.frame):
        return _Counted(0, {}, Counter(), [], 0, {})
    frame, targets = part.frame, part.targets or _named_target(part.frame)
    for target in targets:
        frame.column(target)
    texts = [frame.columns[target].texts() for target in targets]
    answers = [" ".join(cells).strip() for cells in zip(*texts, strict=True)]
    known = with_answers(texts)
    counts: Counter[str] | None = Counter([answers[k] for k in known])
    first: dict[str, int] | None = {}
    if len(targets) > 1 or counts is None or len(counts) > MAX_CLASSES:
        counts = first = None
    else:
        for place in reversed(known):
            first[answers[place]] = place  # type: ignore[index]
    weights: list[float] = []
    if part.weight is not None:
        cells = numbers_of(frame.columns[part.weight])
        weights = _exact([cells[place] for place in known])
    return _Counted(len(frame), first, counts, weights, len(known), _missing(frame))


def _missing(frame: Frame) -> dict[str, int]:
    """The place of the first row in which a column says nothing."""
    places = {}
    for name, column in frame.columns.items():
        if column.kind == "text":
            place = next((k for k, cell in enumerate(column.cells) if is_missing(cell)), -1)
        else:
            unknown = np.flatnonzero(np.isnan(np.asarray(column.cells, dtype=float)))
            place = int(unknown[0]) if len(unknown) else -1
        if place >= 0:
            places[name] = place
    return places


def _places_of_sample(
    counted: Sequence[_Counted], offsets: Sequence[int], rows: int
) -> list[list[int]]:
    """Of each chunk the places of the rows that the encoder is learned on: each so-manieth row of
    the table, the first row in which a column says nothing, and the first row of each answer where
    the answers may be classes."""
    step = max(1, -(-rows // SAMPLE))
    places = [
        set(range(-offset % step, part.rows, step))
        for part, offset in zip(counted, offsets, strict=False)
    ]
    without: set[str] = set()
    for k, part in enumerate(counted):
        places[k] |= {place for name, place in part.missing.items() if name not in without}
        without |= set(part.missing)
    if all(part.first is not None for part in counted):
        seen: set[str] = set()
        firsts: list[tuple[int, int]] = []
        for k, part in enumerate(counted):
            for answer, place in (part.first or {}).items():
                if answer not in seen:
                    seen.add(answer)
                    firsts.append((k, place))
        if len(seen) <= MAX_CLASSES:
            for k, place in firsts:
                places[k].add(place)
    return [sorted(part) for part in places]


def _taken(part: Joined, places: list[int]) -> Joined | None:
    return part._replace(frame=part.frame.take(places)) if places else None


def _below(frames: Sequence[Frame], source: str) -> Frame:
    """The rows of all frames, one below the other."""
    columns = {}
    for name in frames[0].columns:
        parts = [frame.columns[name] for frame in frames if name in frame.columns]
        if len(parts) != len(frames):
            raise DataError(f"{source}: column {name!r:.60} is not in every chunk")
        kinds = {part.kind for part in parts}
        if len(kinds) > 1 or "text" in kinds:
            cells: Any = [text for part in parts for text in part.texts()]
            columns[name] = Column._of(name, "text", cells)
        elif all(hasattr(part.cells, "take") for part in parts):
            columns[name] = Column._of(
                name, parts[0].kind, np.concatenate([p.cells for p in parts])
            )
        else:
            cells = [cell for part in parts for cell in part.cells]
            columns[name] = Column._of(name, parts[0].kind, cells)
    return Frame(source, columns)


def _weights(
    counted: Sequence[_Counted], data: TableData, options: Options
) -> tuple[float, dict[str, float] | None]:
    """The weights of terms, and the weight of each class where they are balanced."""
    known = sum(part.weighted for part in counted)
    if isinstance(options.balanced, Mapping):
        raise SettingError(
            "weights of classes are for tables in memory: put them into sample_weight, a number "
            "for each row"
        )
    if options.balanced:
        data.require_classes("balanced")
    if options.balanced and data.classes is not None:
        if data.weights is not None:
            raise SettingError(
                "balanced=True and sample_weight together are for tables in memory: put the "
                "balance into the weights"
            )
        counts: Counter[str] = Counter()
        for part in counted:
            counts.update(part.counts or {})
        present = [c for c in data.classes if counts[c]]
        return 1.0, {c: known / (len(present) * counts[c]) for c in present}
    total = math.fsum([x for part in counted for x in part.weights])
    if data.weights is not None and not total > 0.0:
        raise DataError("every row to learn from has the weight 0")
    return (known / total if data.weights is not None else 1.0), None


def _named_target(frame: Frame) -> list[str]:
    named = [column for column in frame.columns if column.lower() == "target"]
    return named[:1] or [list(frame.columns)[-1]]


def _exact(values: Sequence[float]) -> list[float]:
    """Floats that add up to the sum exactly."""
    parts: list[float] = []
    while True:
        rest = math.fsum([*values, *(-part for part in parts)])
        if not rest or not math.isfinite(rest):
            return [*parts, rest] if rest else parts
        parts.append(rest)
