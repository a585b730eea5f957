"""What a problem is, and the functions that its code is written with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

GRADIENT = "gradient"  # the sum over rows and its gradient by the first argument
SLOPES = "slopes"  # the value of each row and its slopes by each argument
JACOBIAN = "Jacobian"  # of each row, by some of the arguments
NEWTON = "newton"  # the gradient of the sum and the product of its Hessian with ones


@dataclass(frozen=True)
class Problem:
    """Numbers, and what is computed from them.

    Attributes:
        derivative: one of the words above.
        numbers: the arguments, arrays whose first axis are the rows for those named in `rows`.
        scalar: f(m, *arguments) for one row, scalars in lists; m holds the functions of a library.
        rows: names of the arguments that have rows.
        arrays: f(m, *arguments) for all rows, written with the arrays of a library; None where
            the scalar code is mapped over the rows.
        wrt: the arguments that a Jacobian is by.
        step: for a recurrence, what comes after a state.
        by_hand: the answer with NumPy, derivatives written by hand.
        in_c: the name of a function of c/problems.c that does so.
    """

    derivative: str
    numbers: tuple[Any, ...]
    scalar: Callable[..., Any]
    rows: tuple[str, ...] = ()
    arrays: Callable[..., Any] | None = None
    wrt: tuple[int, ...] = (0,)
    step: Recurrence | None = None
    by_hand: Callable[..., Any] | None = None
    in_c: str = ""

    @property
    def count(self) -> int:
        """How many rows there are; 0 where no argument has rows."""
        return len(self.numbers[-1]) if self.rows else 0


@dataclass(frozen=True)
class Recurrence:
    """A loop that starts with `first(x)`, goes on with `after(m, w, state, x_t)` and sums the last
    state's first numbers.

    Attributes:
        steps: how often.
        width: how many numbers of the state are summed.
        first: the state before, of all inputs.
        after: the next state.
        of_step: the inputs of a step t; an empty list where there are none.
    """

    steps: int
    width: int
    first: Callable[[Sequence[Any]], Sequence[Any]]
    after: Callable[[Any, Sequence[Any], Sequence[Any], Sequence[Any]], Sequence[Any]]
    of_step: Callable[[Sequence[Any], int], Sequence[Any]]


def flat(answer: Any) -> list[float]:
    """All numbers of an answer, in order: of nested sequences of arrays."""
    import numpy as np

    if isinstance(answer, (tuple, list)):
        return [number for part in answer for number in flat(part)]
    return list(map(float, np.asarray(answer, dtype=float).ravel()))


def named(answer: Any) -> dict[str, float]:
    """What must agree: of long answers every k-th number."""
    numbers = flat(answer)
    stride = max(1, len(numbers) // 997)
    return {f"number {i}": numbers[i] for i in range(0, len(numbers), stride)}
