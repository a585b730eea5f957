"""Which rows lie elsewhere, without importing what they are made of."""

from __future__ import annotations

from typing import Any

__all__ = ["is_of_dask", "is_spread"]


def is_spread(data: Any) -> bool:
    """Whether rows lie on a cluster: arrays or frames of Dask, or a tuple of such; or are blocks
    already."""
    if getattr(type(data), "lie_in_blocks", False):
        return True
    parts = data if isinstance(data, tuple) else (data,)
    return any(is_of_dask(part) for part in parts)


def is_of_dask(thing: Any) -> bool:
    """Whether it is a collection of Dask; Dask is not imported for that."""
    module = type(thing).__module__.partition(".")[0]
    return module in ("dask", "dask_expr") and hasattr(thing, "__dask_graph__")
