"""Matrices as arguments and results: nested lists and NumPy's arrays as lists of rows, and back."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from autograd_bp.errors import OperandError, ShapeError
from autograd_bp.primitives import number
from autograd_bp.value import Value, number_of

Number = Any  # a float or a Value
Row = list[Number]
Rows = list[Row]
Shape = tuple[int, ...]


class Operand:
    """An argument: its numbers, row by row, and its shape.

    Arguments:
        function: the function that is called, for errors.
        name: the name of the argument.
        argument: a number, a nested list, or an array of numbers and Values.

    Raises: ShapeError where the lists are ragged; OperandError for what is no real number.
    """

    def __init__(self, function: str, name: str, argument: Any) -> None:
        self.function, self.name = function, name
        self.is_array = False
        self.entries: Row = []
        self.shape = self._read(argument, "")

    def _read(self, argument: Any, place: str) -> Shape:
        if isinstance(argument, (Value, float)):
            self.entries.append(argument)
            return ()
        if isinstance(argument, Sequence) and not isinstance(argument, (str, bytes)):
            return self._read_list(argument, place)
        if hasattr(argument, "__array__") and getattr(argument, "ndim", None) != 0:
            return self._read_array(argument, place)
        if getattr(argument, "shape", None) == ():
            argument = argument.item()  # an array of no dimensions, or a number of NumPy's
        if isinstance(argument, Value):
            self.entries.append(argument)
            return ()
        try:
            self.entries.append(number(argument))
        except OperandError as error:
            raise OperandError(f"{self.function}: {self.name}{place}: {error}") from None
        return ()

    def _read_list(self, argument: Sequence[Any], place: str) -> Shape:
        shapes = [self._read(part, f"{place}[{i}]") for i, part in enumerate(argument)]
        for i, shape in enumerate(shapes):
            if shape != shapes[0]:
                raise ShapeError(
                    f"{self.function}: {self.name}{place} is ragged: {self.name}{place}[0] has the "
                    f"shape {shapes[0]} and {self.name}{place}[{i}] the shape {shape}; give all "
                    "rows the same length"
                )
        return (len(shapes), *(shapes[0] if shapes else ()))

    def _read_array(self, argument: Any, place: str) -> Shape:
        array = argument.__array__()
        if array.dtype.kind not in "fiubO":
            raise OperandError(
                f"{self.function}: {self.name}{place} is an array of dtype {array.dtype}: real "
                "numbers are needed, convert it with .astype(float)"
            )
        self.is_array = True
        for index, entry in zip(_indices(array.shape), array.ravel().tolist(), strict=True):
            self._read(entry, place + "".join(f"[{i}]" for i in index))
        return tuple(array.shape)

    def require(self, dimensions: int, shape: str) -> None:
        """Raise ShapeError where there are fewer dimensions; `shape` is what is needed."""
        if self.shape == (0,) and dimensions == 2:
            self.shape = (0, 0)  # [] is the empty matrix
        if len(self.shape) < dimensions:
            raise ShapeError(f"{self.function}: {self.name} must be {shape}, got {self.described}")

    def require_square(self) -> None:
        """Raise ShapeError unless this is a square matrix, or a stack of them."""
        self.require(2, "a square matrix")
        if self.shape[-1] != self.shape[-2]:
            raise ShapeError(
                f"{self.function}: {self.name} must be a square matrix, got {self.described}"
            )

    @property
    def described(self) -> str:
        return f"the shape {self.shape}" if self.shape else "a number"

    def stack(self, dimensions: int) -> Shape:
        """The leading dimensions: those beyond the last `dimensions`."""
        return self.shape[: len(self.shape) - dimensions]

    def items(self, dimensions: int) -> Iterator[Any]:
        """Each vector (for one dimension) or list of rows (for two) of the stack."""
        *_, width = self.shape
        count = math.prod(self.shape[-dimensions:])
        for k in range(math.prod(self.stack(dimensions))):
            flat = self.entries[k * count : (k + 1) * count]
            if dimensions == 1:
                yield flat
            else:
                yield (
                    [flat[i : i + width] for i in range(0, count, width)]
                    if width
                    else ([[] for _ in range(self.shape[-2])])
                )


def _indices(shape: Shape) -> Iterator[tuple[int, ...]]:
    return itertools.product(*map(range, shape))


def build(entries: Row, shape: Shape, as_array: bool) -> Any:
    """Numbers in this shape: a number, nested lists, or an array."""
    if as_array and shape:
        import numpy as np

        from autograd_bp.arrays import as_values

        values = any(isinstance(entry, Value) for entry in entries)
        array = np.empty(len(entries), dtype=object if values else float)
        array[:] = entries
        return as_values(array.reshape(shape))
    if not shape:
        return entries[0]
    count = math.prod(shape[1:])
    parts = [entries[i * count : (i + 1) * count] for i in range(shape[0])]
    return [build(part, shape[1:], False) for part in parts]


def solved_for_right_sides(
    matrix: Operand, right: Operand, solution: Callable[[Rows, Rows], Rows]
) -> Any:
    """Solve equations with a matrix for one right side, a vector, or for the columns of a matrix.

    Arguments:
        matrix: the coefficients, or a stack of matrices.
        right: the right sides, or a stack of them.
        solution: takes the rows of both, and returns a row for each unknown.

    Raises: ShapeError where the two do not fit each other.
    """
    right.require(1, "a vector or a matrix")
    equations, unknowns = matrix.shape[-2:]
    is_vector = len(right.shape) == 1
    if right.shape[-1 if is_vector else -2] != equations:
        raise ShapeError(
            f"{right.function}: b must have a row for each of the {equations} rows of a,"
            f" got {right.described}"
        )

    def solved(rows: Rows, beside: Any) -> Row:
        columns = [[entry] for entry in beside] if is_vector else beside
        return flattened(solution(rows, columns))

    core = (unknowns,) if is_vector else (unknowns, right.shape[-1])
    return apply_to_stacks(solved, [matrix, right], [2, 1 if is_vector else 2], core)


def apply_to_stacks(
    function: Callable[..., Row],
    operands: Sequence[Operand],
    dimensions: Sequence[int],
    core: Shape,
) -> Any:
    """A function of matrices and vectors, applied to each item of the stacks.

    Arguments:
        function: takes a vector or rows of each operand; returns the numbers of one result.
        operands: the arguments; those that are no stacks are used with each item of the others.
        dimensions: how many dimensions of each operand the function takes.
        core: the shape of one result.

    Raises: ShapeError where two stacks have different shapes.
    """
    stacks = [x.stack(d) for x, d in zip(operands, dimensions, strict=True)]
    stack = max(stacks, key=len)
    for operand, leading in zip(operands, stacks, strict=True):
        if leading not in ((), stack):
            raise ShapeError(
                f"{operand.function}: {operand.name} is a stack of shape {leading}, another "
                f"argument one of shape {stack}: give stacks of one shape, or a single matrix"
            )
    lists = [
        x.items(d) if leading == stack else itertools.repeat(next(x.items(d)))
        for x, d, leading in zip(operands, dimensions, stacks, strict=True)
    ]
    entries: Row = []
    for _ in range(math.prod(stack)):
        entries += function(*[next(items) for items in lists])
    return build(entries, (*stack, *core), any(x.is_array for x in operands))


def data(entry: Number) -> float:
    """The number of a Value, or the number itself."""
    return number_of(entry) if isinstance(entry, Value) else entry


def flattened(rows: Rows) -> Row:
    return [entry for row in rows for entry in row]


def transposed(rows: Rows, width: int) -> Rows:
    return [[row[j] for row in rows] for j in range(width)]
