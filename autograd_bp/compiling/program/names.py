"""Names of parameters and inputs that are made when somebody reads them.

A network has hundreds of thousands of parameters, and nobody reads their names unless a program is
printed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, overload

__all__ = ["Names", "as_names"]


class Names(Sequence[str]):
    """A tuple of names that is made when one of them is read; it equals that tuple.

    Arguments:
        count: how many there are.
        make: makes all of them.
    """

    __slots__ = ("_count", "_make", "_names")

    def __init__(self, count: int, make: Callable[[], Iterable[str]]) -> None:
        self._count = count
        self._make: Callable[[], Iterable[str]] | None = make
        self._names: tuple[str, ...] = ()

    def _all(self) -> tuple[str, ...]:
        if self._make is not None:
            self._names, self._make = tuple(self._make()), None
        return self._names

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, k: int) -> str: ...
    @overload
    def __getitem__(self, k: slice) -> tuple[str, ...]: ...
    def __getitem__(self, k: int | slice) -> str | tuple[str, ...]:
        return self._all()[k]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __contains__(self, name: object) -> bool:
        return name in self._all()

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, (tuple, Names)):
            return NotImplemented
        return len(other) == self._count and self._all() == tuple(other)

    def __hash__(self) -> int:
        return hash(self._all())

    def __add__(self, other: Sequence[str]) -> tuple[str, ...]:
        return (*self._all(), *other)

    def __radd__(self, other: Sequence[str]) -> tuple[str, ...]:
        return (*other, *self._all())

    def __repr__(self) -> str:
        return repr(self._all())

    def __reduce__(self) -> tuple[Any, ...]:
        return tuple, (self._all(),)


def as_names(names: Sequence[str]) -> Sequence[str]:
    """The names, which do not change."""
    return names if isinstance(names, (Names, tuple)) else tuple(names)
