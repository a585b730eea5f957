"""Which columns of a sparse matrix can share one sweep: those that have no row in common.

Patterns are lists of integers, one for each row, whose bits are the columns that are not zero.
"""

from __future__ import annotations

from collections.abc import Sequence


def colour(by_row: Sequence[int], columns: int) -> list[list[int]]:
    """Groups of columns without a common row; each column that is not empty is in one.

    Greedy, the columns with the most neighbours first. A lower bound for the number of groups
    is the largest number of columns in one row, and a full row gives as many as it has.
    """
    full = (1 << columns) - 1
    if any(bits == full for bits in by_row):
        return [[j] for j in range(columns)]
    neighbours = [0] * columns
    for bits in set(by_row):
        for j in positions(bits):
            neighbours[j] |= bits
    order = [j for j in range(columns) if neighbours[j]]
    order.sort(key=lambda j: -neighbours[j].bit_count())
    groups: list[list[int]] = []
    taken: list[int] = []
    for j in order:
        for k, members in enumerate(taken):
            if not members & neighbours[j]:
                groups[k].append(j)
                taken[k] |= 1 << j
                break
        else:
            groups.append([j])
            taken.append(1 << j)
    return groups


def transposed(by_row: Sequence[int], columns: int) -> list[int]:
    """For each column, the rows in which it is not zero."""
    by_column = [0] * columns
    for i, bits in enumerate(by_row):
        for j in positions(bits):
            by_column[j] |= 1 << i
    return by_column


def positions(bits: int) -> list[int]:
    """The places of the bits that are set."""
    if 16 * bits.bit_count() < bits.bit_length():
        places = []
        while bits:
            lowest = bits & -bits
            places.append(lowest.bit_length() - 1)
            bits ^= lowest
        return places
    text = bin(bits)[:1:-1]
    return [j for j, digit in enumerate(text) if digit == "1"]
