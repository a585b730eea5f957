"""Lists, columns and matrices of the structure of a network."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from autograd_bp.errors import OperandError, ShapeError
from autograd_bp.nn.gamma import Weights

__all__ = [
    "Structure",
    "column",
    "entries_of",
    "is_flat",
    "length",
    "matrix_of",
    "number_of",
    "unflattened",
]


class Structure(NamedTuple):
    """The shape of the terms of a network.

    Attributes:
        layers: the weights that the network has.
        rows: how many rows there are; None where terms have no row.
        rate: δ.
        number: makes a number of an entry.
        recurrent: the layers that also get their own outputs of the step before.
    """

    layers: Sequence[Sequence[Weights]]
    rows: int | None
    rate: Any
    number: Callable[[Any], Any]
    recurrent: frozenset[int] = frozenset()

    @property
    def depth(self) -> int:
        """The number of layers."""
        return len(self.layers)

    def size(self, n: int) -> int:
        """The number of neurons of layer n."""
        return len(self.layers[n - 1])

    def has_bias(self, n: int) -> bool:
        """Whether a neuron of layer n has a bias weight."""
        return any(w.bias is not None for w in self.layers[n - 1])


def is_flat(derived: Any, s: Structure) -> bool:
    """Whether it is one vector of all weights, in the order of `network.parameters()`."""
    if getattr(derived, "ndim", None) == 1:
        return True
    if not isinstance(derived, (list, tuple)) or len(derived) == len(s.layers) == 1:
        return False
    return bool(derived) and all(not _is_nested(entry) for entry in derived) and None not in derived


def _is_nested(entry: Any) -> bool:
    return getattr(entry, "ndim", 0) > 0 or isinstance(entry, (list, tuple, dict, str))


def unflattened(derived: Any, s: Structure) -> list[list[list[Any]]]:
    counts = [[len(w.inputs) + (w.bias is not None) for w in layer] for layer in s.layers]
    total = sum(map(sum, counts))
    entries = list(derived)
    if len(entries) != total:
        raise ShapeError(
            f"a flat vector has {len(entries)} numbers, but the network has {total} weights: those "
            "of each neuron, w0 first, neuron by neuron, as network.parameters() has them"
        )
    numbers = iter(entries)
    return [[[next(numbers) for _ in range(count)] for count in layer] for layer in counts]


def _without_np_matrix(given: Any) -> Any:
    """A numpy.matrix as lists, since its rows are matrices again."""
    return given.tolist() if type(given).__name__ == "matrix" else given


def matrix_of(what: str, given: Any) -> list[list[Any]]:
    given = _without_np_matrix(given)
    if isinstance(given, (str, bytes, Mapping)) or not isinstance(given, Iterable):
        raise ShapeError(f"{what} is a matrix; got {type(given).__name__} {given!r:.40}")
    rows = [list(row) if _is_nested(row) and isinstance(row, Iterable) else [row] for row in given]
    if not rows or any(len(row) != len(rows[0]) for row in rows):
        raise ShapeError(f"{what} is a matrix whose rows have one length; got {given!r:.60}")
    return rows


def column(what: str, given: Any, size: int, of: str) -> list[Any]:
    """A list, or a column (n, 1) or row (1, n) of an array, as a list."""
    given = _without_np_matrix(given)
    shape = getattr(given, "shape", None)
    if shape is None and size > 1 and length(given) == 1 and _is_nested(given[0]):
        shape = (1, length(given[0]))  # a row as a list in a list
    if shape == (1, size) and size > 1:
        (given,) = given
    return [_alone(entry) for entry in entries_of(what, given, size, of)]


def _alone(entry: Any) -> Any:
    if isinstance(entry, (list, tuple)) and len(entry) == 1:
        return entry[0]
    return entry[0] if getattr(entry, "shape", None) == (1,) else entry


def length(entries: Any) -> int:
    try:
        return len(entries)
    except TypeError:
        return -1


def entries_of(what: str, entries: Any, size: int, of: str) -> list[Any]:
    if isinstance(entries, (str, bytes, Mapping)) or not isinstance(entries, Iterable):
        kind = type(entries).__name__
        raise ShapeError(f"{what} is a list of {_counted(size, of)}; got {kind} {entries!r:.40}")
    listed = list(entries)
    if len(listed) != size:
        be = "is" if size == 1 else "are"
        entries = _counted(len(listed), "entries")
        raise ShapeError(f"{what} has {entries}, but there {be} {_counted(size, of)}")
    return listed


def _counted(size: int, of: str) -> str:
    """Things of that number: "1 neuron of layer 2"."""
    words, _, more = of.partition(" ")
    if size == 1:
        words = "entry" if words == "entries" else words.removesuffix("s").removesuffix("s,")
    return f"{size} {words} {more}".strip()


def number_of(what: str, value: Any, s: Structure) -> Any:
    if isinstance(value, bool):
        raise OperandError(f"{what} is the truth value {value}: a number is needed, or None")
    try:
        return s.number(_alone(value))
    except OperandError as error:
        raise OperandError(f"{what}: {error}, or None where it is not known") from None
