"""The items that the rounds of a scan go through, and those that they hand out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from autograd_bp.derivatives.trees import Tree, as_array
from autograd_bp.errors import OperandError, SettingError, ShapeError
from autograd_bp.flow.common import whole


def items_of(xs: Any, length: int | None) -> Sequence[Any]:
    """The item for each round of a scan."""
    count = None if length is None else whole(length, "length")
    if count is not None and count < 0:
        raise SettingError(f"length is a number of rounds, 0 or more, got {count}")
    if xs is None:
        if count is None:
            raise SettingError("scan over None needs length=, the number of rounds")
        return [None] * count
    items = list(_entries(xs, "xs"))
    if count is not None and count != len(items):
        raise SettingError(f"scan got length={count} and {len(items)} x: leave length out")
    return items


def _entries(xs: Any, place: str) -> Iterator[Any]:
    if isinstance(xs, (list, range)) or (hasattr(xs, "ndim") and xs.ndim):
        return iter(xs)
    if not (isinstance(xs, (dict, tuple)) or hasattr(type(xs), "__dataclass_fields__")):
        is_iterator = hasattr(xs, "__next__")
        raise OperandError(
            f"scan goes through a list, an array, or a tuple or dict of such, got {place} = "
            f"{type(xs).__name__} {xs!r:.60}"
            + (": write list(...)" if is_iterator else "")
            + (": write a list in the place of the tuple" if place.startswith("xs[") else "")
        )
    return _side_by_side(xs, place)


def _side_by_side(xs: Any, place: str) -> Iterator[Any]:
    """The entries of the parts of a container, in a container like it."""
    parts, make = _parts(xs)
    columns = {name: list(_entries(part, f"{place}[{name!r}]")) for name, part in parts.items()}
    if not columns:
        raise ShapeError(f"scan got {place} = {xs!r}, in which there is nothing to go through")
    lengths = {name: len(column) for name, column in columns.items()}
    if len(set(lengths.values())) != 1:
        raise ShapeError(f"the parts of {place} must have one length, got {lengths}")
    for line in zip(*columns.values(), strict=True):
        yield make(dict(zip(columns, line, strict=True)))


def _parts(xs: Any) -> tuple[dict[Any, Any], Callable[[dict[Any, Any]], Any]]:
    """The parts of a container, and what makes one like it of other parts."""
    if isinstance(xs, dict):
        return dict(xs), dict
    if isinstance(xs, tuple):
        make: Callable[[Any], Any] = getattr(type(xs), "_make", tuple)
        return dict(enumerate(xs)), lambda parts: make(parts.values())
    import dataclasses

    parts = {field.name: getattr(xs, field.name) for field in dataclasses.fields(xs)}
    return parts, lambda new: dataclasses.replace(xs, **new)


def gives_arrays(xs: Any) -> bool:
    """Whether all y of a scan are an array: where it goes through arrays, or through nothing."""
    if xs is None or bool(getattr(xs, "ndim", 0)):
        return True
    if isinstance(xs, (dict, tuple)) or hasattr(type(xs), "__dataclass_fields__"):
        return any(map(gives_arrays, _parts(xs)[0].values()))
    return False


def stacked(lines: list[list[Any]], tree: Tree | None, in_arrays: bool) -> Any:
    """Put the results of all rounds of a scan side by side: numbers in lists, or in arrays."""
    if tree is None:  # no rounds: the shape of y is not known
        return as_array([], (0,)) if in_arrays else []
    parts: list[Any] = []
    start = 0
    for block in tree.blocks():
        some = [line[start : start + block.size] for line in lines]
        start += block.size
        if block.is_array or in_arrays:
            parts.append(as_array([x for line in some for x in line], (len(lines), *block.shape)))
        else:
            parts.append([line[0] for line in some])
    return tree.map_blocks(iter(parts))
