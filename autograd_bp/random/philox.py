"""Random numbers by counting: what a row draws depends on the seed, the epoch and the row alone.

Philox4x64-10 makes four numbers of 64 bits of a key of two and a counter of four (J. K. Salmon,
M. A. Moraes, R. O. Dror, D. E. Shaw: Parallel random numbers: as easy as 1, 2, 3; SC 2011). The
key is (seed, epoch) and the counter (1, row, 0, 0), (2, row, 0, 0) and so on, as
`numpy.random.Philox(key=[seed, epoch], counter=[0, row, 0, 0])` counts. With and without NumPy the
numbers are the same.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

__all__ = ["LANES", "raw", "raw_table", "standard_normal", "standard_normals", "uniform"]

LANES = 4  # numbers of a counter
MASK = (1 << 64) - 1
MULTIPLIERS = 0xD2E7470EE14C6C93, 0xCA5A826395121157
WEYL = 0x9E3779B97F4A7C15, 0xBB67AE8584CAA73B  # the golden ratio, and √3 - 1
ROUNDS = 10


def raw(key: tuple[int, int], row: int, block: int) -> tuple[int, int, int, int]:
    """Four numbers of 64 bits, those of a row with the places 4 block, 4 block + 1 and so on."""
    a, b, c, d = block + 1, row, 0, 0
    low, high = key
    for _ in range(ROUNDS):
        p, q = a * MULTIPLIERS[0], c * MULTIPLIERS[1]
        a, b, c, d = (q >> 64) ^ b ^ low, q & MASK, (p >> 64) ^ d ^ high, p & MASK
        low, high = (low + WEYL[0]) & MASK, (high + WEYL[1]) & MASK
    return a, b, c, d


def raw_table(key: tuple[int, int], rows: Any, blocks: int) -> Any:
    """The same for many rows: an array (4 blocks, rows)."""
    import numpy as np

    shape = blocks, len(rows)
    a = np.empty(shape, dtype=np.uint64)
    a[:] = np.arange(1, blocks + 1, dtype=np.uint64)[:, None]
    b = np.empty(shape, dtype=np.uint64)
    b[:] = np.asarray(rows, dtype=np.uint64)
    c, d = np.zeros(shape, dtype=np.uint64), np.zeros(shape, dtype=np.uint64)
    low, high = key
    for _ in range(ROUNDS):
        (p_high, p), (q_high, q) = _product(a, MULTIPLIERS[0]), _product(c, MULTIPLIERS[1])
        a, b = q_high ^ b ^ np.uint64(low), q
        c, d = p_high ^ d ^ np.uint64(high), p
        low, high = (low + WEYL[0]) & MASK, (high + WEYL[1]) & MASK
    return np.stack([a, b, c, d], axis=1).reshape(LANES * blocks, len(rows))


def _product(numbers: Any, factor: int) -> tuple[Any, Any]:
    """The high and the low 64 bits of a product, by parts of 32 bits."""
    import numpy as np

    half, mask = np.uint64(32), np.uint64(0xFFFFFFFF)
    f_low, f_high = np.uint64(factor & 0xFFFFFFFF), np.uint64(factor >> 32)
    n_low, n_high = numbers & mask, numbers >> half
    across = n_high * f_low + (n_low * f_low >> half)
    other = n_low * f_high + (across & mask)
    high = n_high * f_high + (across >> half) + (other >> half)
    return high, numbers * np.uint64(factor)


def uniform(bits: Any) -> Any:
    """Of 64 bits, an int or an array, a number from 0 to 1, without it, as NumPy makes it."""
    if isinstance(bits, int):
        return (bits >> 11) * 2.0**-53
    return (bits >> bits.dtype.type(11)) * 2.0**-53


def standard_normal(bits: int) -> float:
    """Of 64 bits a number with mean 0 and deviation 1, by the inverse of its distribution."""
    return _inverse()(((bits >> 12) + 0.5) * 2.0**-52)


def standard_normals(bits: Any) -> Any:
    """The same for an array. Each number is computed as for a single row, since the logarithms of
    arrays may have other last bits."""
    import numpy as np

    shares = ((bits >> bits.dtype.type(12)) + 0.5) * 2.0**-52
    return np.array([*map(_inverse(), shares.ravel().tolist())]).reshape(shares.shape)


@cache
def _inverse() -> Callable[[float], float]:
    from statistics import NormalDist

    return NormalDist().inv_cdf
