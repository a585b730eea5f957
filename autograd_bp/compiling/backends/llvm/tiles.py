"""Members of a loop in tiles, and the sums of a vector's lanes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from itertools import product

from autograd_bp.compiling.backends.llvm.places import Counters
from autograd_bp.compiling.backends.llvm.writer import Writer


def even(count: int, most: int) -> int:
    """How many side by side, of so many: so that nothing is left over, if half of the most do."""
    sizes = [size for size in range(min(most, count), most // 2, -1) if count % size == 0]
    return sizes[0] if sizes else min(most, count)


def balanced(count: int, most: int) -> int:
    """The same for tiles of which the last may be smaller: so that it is nearly as large."""
    size = even(count, most)
    return size if count % size == 0 else -(-count // -(-count // most))


def tiles(
    w: Writer,
    shape: Sequence[int],
    sizes: Sequence[int],
    *,
    may_overlap: bool = False,
    is_even: bool = True,
) -> Iterator[list[Counters]]:
    """Writes the counters; yields the members to compute side by side, tile after tile.

    Arguments:
        w: where to write.
        shape: the counters of the members.
        sizes: at most so many of each of the last counters belong to a tile.
        may_overlap: whether members may be computed twice. Then the last tile begins earlier where
            a count is no multiple of its size, and one text does for all.
        is_even: whether tiles may be smaller, so that they have as many members each.
    """
    sizes = [1] * (len(shape) - len(sizes)) + list(sizes[max(len(sizes) - len(shape), 0) :])
    if is_even:
        sizes = [balanced(count, size) for count, size in zip(shape, sizes, strict=True)]
    yield from _tiled(w, shape, sizes, [], may_overlap)


def _tiled(
    w: Writer,
    shape: Sequence[int],
    sizes: Sequence[int],
    choices: list[list[str]],
    may_overlap: bool,
) -> Iterator[list[Counters]]:
    k = len(choices)
    if k == len(shape):
        yield [list(each) for each in product(*choices)]
        return
    count, size = shape[k], min(sizes[k], shape[k])
    times, rest = divmod(count, size)
    if times == 1 and not rest:
        numbered = [str(j) for j in range(size)]
        yield from _tiled(w, shape, sizes, [*choices, numbered], may_overlap)
        return
    last_is_moved = may_overlap and rest > 0
    with w.loop(times + last_is_moved) if times + last_is_moved > 1 else nullcontext("0") as tile:
        first = w.index(0, (tile, size))
        if last_is_moved:
            first = w.least(first, count - size)
        numbered = [w.index(first, (j, 1)) for j in range(size)]
        yield from _tiled(w, shape, sizes, [*choices, numbered], may_overlap)
    if rest and not may_overlap:
        numbered = [str(times * size + j) for j in range(rest)]
        yield from _tiled(w, shape, sizes, [*choices, numbered], may_overlap)


def folded(w: Writer, x: str) -> str:
    """The sum of the lanes of a vector: halves onto halves."""
    lanes = w.lanes
    while lanes > 1:
        kind, lanes = f"<{lanes} x {w.real}>", lanes // 2
        a = w.op(f"shufflevector {kind} {x}, {kind} poison, {numbers(range(lanes))}")
        b = w.op(f"shufflevector {kind} {x}, {kind} poison, {numbers(range(lanes, 2 * lanes))}")
        x = w.op(f"fadd <{lanes} x {w.real}> {a}, {b}")
    return w.op(f"extractelement <1 x {w.real}> {x}, i32 0")


def folded_together(w: Writer, vectors: Sequence[str]) -> str:
    """A vector of the sums of the lanes of as many vectors as each has lanes."""
    even_lanes, odd_lanes = (numbers(range(first, 2 * w.lanes, 2)) for first in (0, 1))
    while len(vectors) > 1:
        pairs = zip(vectors[::2], vectors[1::2], strict=True)
        vectors = [
            w.op(
                f"fadd {w.number} "
                + ", ".join(
                    [
                        w.op(f"shufflevector {w.number} {x}, {w.number} {y}, {lanes}")
                        for lanes in (even_lanes, odd_lanes)
                    ]
                )
            )
            for x, y in pairs
        ]
    return vectors[0]


def folded_in_order(w: Writer, vectors: Sequence[str]) -> str:
    """A vector of the sums of the lanes of some vectors, at most as many as each has lanes: those
    that `folded` gives, in fewer instructions. It has as many lanes as the power of two that is
    not less than their number."""
    size, kind = w.lanes, w.number  # size: of the lanes that belong together
    while len(vectors) > 1:
        if len(vectors) % 2:
            vectors = [*vectors, vectors[-1]]
        low, high = _halves(2 * w.lanes, size)
        pairs = zip(vectors[::2], vectors[1::2], strict=True)
        vectors = [_added(w, kind, a, b, low, high) for a, b in pairs]
        size //= 2
    (x,), lanes = vectors, w.lanes
    while size > 1:
        low, high = _halves(lanes, size)
        x = _added(w, f"<{lanes} x double>", x, "poison", low, high)
        size, lanes = size // 2, lanes // 2
    return x


def _halves(count: int, size: int) -> tuple[list[int], list[int]]:
    """The first and the second halves of groups of so many lanes."""
    lows = [lane for lane in range(count) if lane % size < size // 2]
    return lows, [lane + size // 2 for lane in lows]


def _added(w: Writer, kind: str, a: str, b: str, low: Sequence[int], high: Sequence[int]) -> str:
    """The sum of two choices of the lanes of two vectors."""
    x, y = (
        w.op(f"shufflevector {kind} {a}, {kind} {b}, {numbers(lanes)}") for lanes in (low, high)
    )
    return w.op(f"fadd <{len(low)} x double> {x}, {y}")


def numbers(places: Sequence[int], kind: str = "i32") -> str:
    """A constant vector of integers, with its type."""
    return f"<{len(places)} x {kind}> <" + ", ".join(f"{kind} {k}" for k in places) + ">"


def splat(w: Writer, integer: str, lanes: int) -> str:
    """An i64 in so many lanes."""
    kind = f"<{lanes} x i64>"
    one = w.op(f"insertelement {kind} poison, i64 {w.whole(integer)}, i32 0")
    all_lanes = f"<{lanes} x i32> zeroinitializer"
    return w.op(f"shufflevector {kind} {one}, {kind} poison, {all_lanes}")


def lanes_below(w: Writer, count: str) -> str:
    """The lanes of a vector whose number is below an i64, a mask."""
    return w.op(f"icmp ult {numbers(range(w.lanes), 'i64')}, {splat(w, count, w.lanes)}")
