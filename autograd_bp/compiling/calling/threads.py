"""The threads that share the rows of a call."""

from __future__ import annotations

import functools
import os
from concurrent.futures import ThreadPoolExecutor

from autograd_bp.errors import SettingError

MOST = 16  # of which each gets a stripe: rows are cut into no more of them (STRIPES of caller.py)


def count_of(threads: int | None) -> int:
    """How many threads to use: no more than there are stripes of rows.

    Arguments:
        threads: as the user said; None for as many as this process may run on.

    Raises: SettingError where that is no positive integer.
    """
    if threads is None:
        return min(_allowed(), MOST)
    if isinstance(threads, bool) or not isinstance(threads, int) or threads < 1:
        raise SettingError(
            f"threads is a positive integer, or None for all processors, got {threads!r:.60}"
        )
    return min(threads, MOST)


@functools.cache
def _allowed() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@functools.cache
def pool() -> ThreadPoolExecutor:
    """Threads that wait for work; they are started when they are first needed."""
    return ThreadPoolExecutor(max_workers=max(64, _allowed()), thread_name_prefix="autograd_bp")


if hasattr(os, "register_at_fork"):
    # Threads do not survive a fork: a child starts its own.
    os.register_at_fork(after_in_child=pool.cache_clear)
