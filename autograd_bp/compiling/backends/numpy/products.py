"""Sums of products as matrix products: what BLAS is for.

Each counter of the nest is read by the left factors, by the right ones, or by both. Those of
both number matrices; those of one are the lines of its matrix.

Only true sums of products become matrix products: BLAS multiplies all that it is given, and
where the program stops a product (`where`), that is a loop of its own.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from autograd_bp.compiling.backends.numpy.views import Floats, Scratch, Step, is_for_blas, merged


def dot(
    left: Floats,
    right: Floats,
    shared: Sequence[bool],
    out: Floats,
    scratch: Scratch,
    once: list[Step],
    steps: list[Step],
) -> None:
    """Σ_j left_j · right_j for each member and row, written to `out`.

    Arguments:
        left: a view (counters ..., terms, width).
        right: another.
        shared: of each of the two, whether all rows share it.
        out: the view (counters ..., width) to fill.
        scratch: room for copies of what BLAS cannot read as it stands.
        once: where to put what is needed once in a call.
        steps: where to put what each block of rows needs.
    """
    left, right = _all_counted(left, right, out.shape[:-1])
    if left.shape[-2] == 1:
        steps.append(partial(np.multiply, left[..., 0, :], right[..., 0, :], out))
        steps.append(partial(np.add, out, 0.0, out))  # a sum starts at +0
        return
    if shared[1] and (not shared[0] or _only(right, left)):
        left, right, shared = right, left, shared[::-1]
    rows, batch = _only(left, right), _read(right)
    if shared[0] and (rows or not _read(left)):
        _matrix_times_block(left, right, out, rows, batch, scratch, once, steps)
    else:
        steps.append(_einsum(left, right, out))


def _matrix_times_block(
    left: Floats,
    right: Floats,
    out: Floats,
    rows: list[int],
    batch: list[int],
    scratch: Scratch,
    once: list[Step],
    steps: list[Step],
) -> None:
    """Numbers that all rows share, times those of a block."""
    matrix = left[..., 0].transpose(*batch, *rows, left.ndim - 2)
    block = right[tuple(0 if d in rows else slice(None) for d in range(right.ndim - 2))]
    if block.strides[-2] < 0:
        matrix, block = matrix[..., ::-1], block[..., ::-1, :]
    lines = math.prod(left.shape[d] for d in rows)
    # The matrix is copied once in a call: it is small beside the rows.
    copy = np.empty(matrix.shape, matrix.dtype)
    once.append(partial(np.copyto, copy, matrix))
    copy = copy.reshape(*matrix.shape[: len(batch)], lines, left.shape[-2])
    if not is_for_blas(block):
        whole = scratch.take(block.shape)
        steps.append(partial(np.copyto, whole, block))
        block = whole
    _multiply(copy, block, out.transpose(*batch, *rows, out.ndim - 1), scratch, steps)


def summed_dot(
    left: Floats, right: Floats, sums: Floats, scratch: Scratch, steps: list[Step]
) -> None:
    """Σ over terms and rows of left · right for each member, written to `sums`.

    Arguments:
        left: a view (counters ..., terms, width).
        right: another.
        sums: the view (counters ...) to fill.
        scratch: as for `dot`.
        steps: as for `dot`.
    """
    left, right = _all_counted(left, right, sums.shape)
    rows, columns = _only(left, right), _only(right, left)
    if columns and (not rows or columns[0] < rows[0]):  # so that results lie as in `sums`
        left, right, rows, columns = right, left, columns, rows
    batch = [d for d in range(sums.ndim) if d not in rows and d not in columns]
    if left.shape[-1] != right.shape[-1] or not rows:
        steps.append(_einsum(left, right, sums, reduced=True))
        return
    if left.strides[-2] < 0 and right.strides[-2] < 0:
        left, right = left[..., ::-1, :], right[..., ::-1, :]
    left, sums = _upwards(left, sums, rows)
    right, sums = _upwards(right, sums, columns)
    first = _flat(left, batch, rows, scratch, steps)
    second = _flat(right, batch, columns, scratch, steps).swapaxes(-1, -2)
    _multiply(first, second, sums.transpose(*batch, *rows, *columns), scratch, steps)


def _multiply(
    first: Floats, second: Floats, out: Floats, scratch: Scratch, steps: list[Step]
) -> None:
    """The matrix product, written to where its numbers belong in whatever order."""
    shape = (*second.shape[:-2], first.shape[-2], second.shape[-1])
    target = merged(out, shape)
    if target is not None and is_for_blas(target):
        steps.append(partial(np.matmul, first, second, target))
        return
    found = scratch.take(shape)
    steps.append(partial(np.matmul, first, second, found))
    steps.append(partial(np.copyto, out, found.reshape(out.shape)))


def _flat(
    factors: Floats, batch: list[int], lines: list[int], scratch: Scratch, steps: list[Step]
) -> Floats:
    """The factors as matrices (lines, terms · width), copied where BLAS needs that."""
    other = [d for d in range(factors.ndim - 2) if d not in batch and d not in lines]
    factors = factors.transpose(*batch, *lines, *other, factors.ndim - 2, factors.ndim - 1)
    shape = (
        *factors.shape[: len(batch)],
        math.prod(factors.shape[len(batch) : len(batch) + len(lines)]),
        math.prod(factors.shape[-2:]),
    )
    found = merged(factors, shape)
    if found is not None and is_for_blas(found):
        return found
    whole = scratch.take(factors.shape)
    steps.append(partial(np.copyto, whole, factors))
    return whole.reshape(shape)


def _upwards(factors: Floats, sums: Floats, lines: list[int]) -> tuple[Floats, Floats]:
    """The same with lines in the order of their places: BLAS reads no matrix backwards."""
    turned = [d for d in lines if factors.strides[d] < 0]
    return _turned(factors, turned), _turned(sums, turned)


def _turned(array: Floats, axes: list[int]) -> Floats:
    back = slice(None, None, -1)
    return array[tuple(back if d in axes else slice(None) for d in range(array.ndim))]


def _read(factors: Floats) -> list[int]:
    """The counters that these factors depend on."""
    return [d for d in range(factors.ndim - 2) if factors.shape[d] > 1]


def _only(factors: Floats, others: Floats) -> list[int]:
    return [d for d in _read(factors) if others.shape[d] == 1]


def _all_counted(left: Floats, right: Floats, counts: Any) -> tuple[Floats, Floats]:
    """The same, with a counter that neither depends on read by the left."""
    shape = [
        count if left.shape[d] == right.shape[d] == 1 else left.shape[d]
        for d, count in enumerate(counts)
    ]
    return np.broadcast_to(left, (*shape, *left.shape[-2:])), right


def _einsum(left: Floats, right: Floats, out: Floats, reduced: bool = False) -> Step:
    """Products added term after term, in the order of the program."""
    n = left.ndim - 2
    width = max(left.shape[-1], right.shape[-1])

    def operand(factors: Floats) -> tuple[Floats, list[int]]:
        kept = [*_read(factors), n]
        if factors.shape[-1] == width:
            kept.append(n + 1)
        index = tuple(slice(None) if d in kept else 0 for d in range(n + 2))
        return factors[index], kept

    (a, a_axes), (b, b_axes) = operand(left), operand(right)
    letters = "abcdefghijklmnopqrstuvwxyz"

    def names(axes: list[int]) -> str:
        return "".join(letters[d] for d in axes)

    target = [*range(n), *([] if reduced else [n + 1])]
    return partial(np.einsum, f"{names(a_axes)},{names(b_axes)}->{names(target)}", a, b, out=out)
