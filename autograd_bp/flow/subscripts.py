"""array[index] with Values in the index: entries at places that are computed, by `take`."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_bp.arrays.value_array import as_values, plain_array
from autograd_bp.flow.common import is_open
from autograd_bp.flow.indexing import place_in, take
from autograd_bp.flow.rounds import in_traced_body
from autograd_bp.operands import unboxed
from autograd_bp.value import Value

# Of larger axes than that a round reads its entry sooner than a traced body goes over all of them.
MOST_IN_A_BODY = 32
# What gives truth values, in functions that are compiled.
CONDITIONS = frozenset(
    (
        "less",
        "less_equal",
        "greater",
        "greater_equal",
        "equal",
        "not_equal",
        "logical_and",
        "logical_or",
        "logical_not",
    )
)


def by_values(array: Any, index: Any) -> Any:
    """What NumPy would give if the Values in the index were whole numbers.

    Returns: NotImplemented where there are none, and for an array of conditions, `v[v > 0]`.

    Raises: BadIndexError for a number that is no place, also when a compiled function runs.
    """
    keys = [_plain_key(key) for key in (index if isinstance(index, tuple) else (index,))]
    if not any(map(_has_values, keys)):
        return NotImplemented
    axes = _axes(array, keys)
    if axes is None:
        return NotImplemented
    for k, axis in enumerate(axes):
        if axis is not None and _has_values(keys[k]):
            keys[k] = _settled(keys[k], array.shape[axis])
        if in_traced_body() and _has_values(keys[k]) and array.shape[axis or 0] > MOST_IN_A_BODY:
            return NotImplemented
    open_keys = [k for k, key in enumerate(keys) if _has_values(key)]
    if not open_keys:
        return array[tuple(keys)]
    if len(open_keys) == 1 and _is_simple(keys, open_keys[0]):
        return _along_one(array, keys, open_keys[0])
    return _entry_by_entry(array, keys, [(k, axes[k]) for k in open_keys])


def _plain_key(key: Any) -> Any:
    """A Value, an array of objects, or what NumPy takes."""
    key = unboxed(key)
    if isinstance(key, np.integer):
        return int(key)
    if isinstance(key, list) and any(isinstance(entry, Value) for entry in key):
        return np.fromiter(key, dtype=object, count=len(key))
    return plain_array(key)


def _has_values(key: Any) -> bool:
    return isinstance(key, Value) or (
        isinstance(key, np.ndarray)
        and key.dtype == object
        and any(isinstance(entry, Value) for entry in key.reshape(-1).tolist())
    )


def _axes(array: Any, keys: list[Any]) -> list[int | None] | None:
    """The axis of each key that has one; None for an index that NumPy refuses for other reasons."""
    used = [_width(key) for key in keys]
    if sum(used) > array.ndim or any(_are_conditions(key) for key in keys):
        return None
    axes: list[int | None] = []
    axis = 0
    for key, width in zip(keys, used, strict=True):
        axes.append(axis if width else None)
        axis += array.ndim - sum(used) if key is Ellipsis else width
    return axes


def _width(key: Any) -> int:
    """How many axes a key stands for."""
    if key is None or key is Ellipsis:
        return 0
    return key.ndim if getattr(getattr(key, "dtype", None), "kind", "") == "b" else 1


def _are_conditions(key: Any) -> bool:
    entries = key.reshape(-1).tolist() if isinstance(key, np.ndarray) else [key]
    return any(isinstance(entry, Value) and _is_condition(entry) for entry in entries)


def _is_condition(entry: Value) -> bool:
    return entry.op is not None and entry.op.name in CONDITIONS


def _settled(key: Any, length: int) -> Any:
    """A key whose numbers are known, as whole numbers."""
    if isinstance(key, Value):
        return key if is_open(key) else place_in(key, length)
    if any(map(is_open, key.reshape(-1).tolist())):
        return key
    return np.array([place_in(entry, length) for entry in key.reshape(-1)], int).reshape(key.shape)


def _is_simple(keys: list[Any], place: int) -> bool:
    """Whether the other keys are slices; or whole numbers, where they move no axis."""
    others = [key for k, key in enumerate(keys) if k != place]
    basic = (slice, type(None), type(Ellipsis), *((int,) if isinstance(keys[place], Value) else ()))
    return all(isinstance(key, basic) and not isinstance(key, bool) for key in others)


def _along_one(array: Any, keys: list[Any], place: int) -> Any:
    """All entries at places along one axis, so that a table is gone through once."""
    index = keys[place]
    others = (*keys[:place], slice(None), *keys[place + 1 :])
    part = array[others]
    unnamed = array.ndim - sum(map(_width, keys))  # the axes of an Ellipsis
    before = [unnamed if key is Ellipsis else not isinstance(key, int) for key in keys[:place]]
    axis = sum(before)
    table = np.moveaxis(part, axis, 0)
    taken = take(table, as_values(index))
    dimensions = 0 if isinstance(index, Value) else index.ndim
    if not dimensions:
        return taken
    return np.moveaxis(taken, range(dimensions), range(axis, axis + dimensions))


def _entry_by_entry(array: Any, keys: list[Any], places: list[tuple[int, Any]]) -> Any:
    """Entries at places along several axes, or beside other arrays of places."""
    indices = {axis: np.asarray(keys[k], dtype=object) for k, axis in places}
    shape = [indices[k].size if k in indices else n for k, n in enumerate(array.shape)]
    plain = list(keys)
    for k, axis in places:
        plain[k] = np.arange(indices[axis].size).reshape(indices[axis].shape)
    flat = np.arange(int(np.prod(shape))).reshape(shape)[tuple(plain)]
    results = np.empty(np.shape(flat), dtype=object)
    for where, number in np.ndenumerate(flat):
        place = np.unravel_index(number, shape)
        entry = array[tuple(slice(None) if k in indices else n for k, n in enumerate(place))]
        for axis in sorted(indices):
            entry = take(entry, indices[axis].reshape(-1)[place[axis]])
        results[where] = entry
    return as_values(results) if results.ndim else results[()]
