"""How the parts of a long list are reached, made when somebody reads it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import overload

_INDEX = "[%d]".__mod__


class Indices(Sequence[str]):
    """How the parts of a list are reached: "[0]", "[1]" and so on, each made when it is read."""

    __slots__ = ("_count",)

    def __init__(self, count: int) -> None:
        self._count = count

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, k: int) -> str: ...
    @overload
    def __getitem__(self, k: slice) -> list[str]: ...
    def __getitem__(self, k: int | slice) -> str | list[str]:
        places = range(self._count)[k]
        return [*map(_INDEX, places)] if isinstance(places, range) else _INDEX(places)

    def __iter__(self) -> Iterator[str]:
        return map(_INDEX, range(self._count))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Indices) and self._count == other._count

    def __hash__(self) -> int:
        return hash(self._count)

    def __repr__(self) -> str:
        return repr(tuple(self))
