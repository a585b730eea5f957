"""Where the cards of a picture stand from left to right, and where its lines break."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence

from autograd_bp.drawing.fitting.sizes import LEAST_GAP, gap_widths
from autograd_bp.drawing.graph.scene import Scene

EARLIEST = 0.62  # of the width: where a line may end


def ranks(scene: Scene) -> dict[str, int]:
    """The column of each card and tag: right before its readers, or right after what it is made of
    where that makes the arrows shorter.
    """
    everything = [card.id for card in scene.cards] + [tag.id for tag in scene.tags]
    sources: dict[str, list[str]] = {id: [] for id in everything}
    readers: dict[str, list[str]] = {id: [] for id in everything}
    for edge in scene.edges:
        sources[edge.target].append(edge.source)
        readers[edge.source].append(edge.target)
    ids = _in_order(sources, readers)
    below = _heights(ids, sources, readers)
    deepest = max(below.values(), default=0)
    column = {id: deepest - height for id, height in below.items()}
    for id in ids:  # leaves beside their readers
        if not sources[id] and readers[id]:
            column[id] = min(column[reader] for reader in readers[id]) - 1
    least = min(column.values(), default=0)
    return {id: place - least for id, place in column.items()}


def _heights(
    ids: Sequence[str], sources: Mapping[str, Sequence[str]], readers: Mapping[str, Sequence[str]]
) -> dict[str, int]:
    """How many columns each stands left of the last one."""
    below: dict[str, int] = {}
    for id in reversed(ids):
        below[id] = 1 + max([below.get(reader, -1) for reader in readers[id]], default=-1)
    for _ in range(2):
        for id in ids:
            inner = [source for source in sources[id] if sources[source]]
            if len(inner) > len(readers[id]) > 0 and len(inner) == len(sources[id]):
                below[id] = min(below[source] for source in inner) - 1
    return below


def from_the_left(scene: Scene) -> dict[str, int]:
    """The columns of a scene whose lines each begin at the left."""
    column = ranks(scene)
    for ids in scene.lines:
        first = min((column[id] for id in ids), default=0)
        for id in ids:
            column[id] -= first
    return column


def _in_order(
    sources: Mapping[str, Sequence[str]], readers: Mapping[str, Sequence[str]]
) -> list[str]:
    """Everything after what it is made of. A card that is drawn once for many can lead to itself:
    there the order begins anywhere.
    """
    missing = {id: len(before) for id, before in sources.items()}
    free = deque(id for id, count in missing.items() if count == 0)
    others = deque(sources)
    order: dict[str, None] = {}
    while free or others:
        id = (free or others).popleft()
        if id in order:
            continue
        order[id] = None
        for reader in readers[id]:
            missing[reader] -= 1
            if missing[reader] == 0:
                free.append(reader)
    return list(order)


def broken(
    scene: Scene,
    column: Mapping[str, int],
    known: Mapping[str, tuple[float, float]],
    limit: float,
) -> dict[str, int] | None:
    """The line of each card and tag, or None where one line is enough."""
    axis = 1 if scene.direction == "down" else 0
    count = max(column.values(), default=0) + 1
    lengths = [0.0] * count
    for id, place in column.items():
        lengths[place] = max(lengths[place], known[id][axis])
    gaps = gap_widths(scene, column)
    steps = [length + gaps.get(place, LEAST_GAP) for place, length in enumerate(lengths)]
    if sum(steps) - steps[-1] + lengths[-1] <= limit:
        return None
    crossing = _crossings(scene, column, count)
    starts = _starts(steps, crossing, limit)
    for share in (0.7, 0.8, 0.9):  # as many lines, about equally long
        shorter = _starts(steps, crossing, share * limit)
        if len(shorter) == len(starts):
            starts = shorter
            break
    line_of_column = []
    line = -1
    for place in range(count):
        line += place in starts
        line_of_column.append(line)
    line_of = {id: line_of_column[place] for id, place in column.items()}
    first: dict[str, int] = {}
    sources = {edge.target for edge in scene.edges}
    for edge in scene.edges:
        there = line_of[edge.target]
        first[edge.source] = min(first.get(edge.source, there), there)
    # A leaf stands in the line in which it is read.
    return line_of | {id: line for id, line in first.items() if id not in sources}


def _crossings(scene: Scene, column: Mapping[str, int], count: int) -> list[int]:
    """How many values are passed on from the columns before each column."""
    last: dict[str, int] = {}
    for edge in scene.edges:
        last[edge.source] = max(last.get(edge.source, 0), column[edge.target])
    change = [0] * (count + 1)
    for id, end in last.items():
        if column[id] < end:
            change[column[id] + 1] += 1
            change[end + 1] -= 1
    crossing, total = [], 0
    for k in range(count):
        total += change[k]
        crossing.append(total)
    return crossing


def _starts(steps: Sequence[float], crossing: Sequence[int], limit: float) -> set[int]:
    """The columns at which lines begin: where few values are passed on, and lines are about
    equally long. A value that is passed on stands at the beginning of the next line, and needs a
    column.
    """
    room = limit - 60.0
    starts, start, count = {0}, 0, len(steps)
    while True:
        length, end = 0.0, start
        places: list[int] = []
        while end < count and (length + steps[end] <= room or end == start):
            length += steps[end]
            end += 1
            if length >= EARLIEST * room or end == count:
                places.append(end)
        if end >= count:
            return starts
        start = min(places or [end], key=lambda k: (crossing[k], -k))
        starts.add(start)
