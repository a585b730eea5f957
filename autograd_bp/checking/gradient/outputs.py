"""Turns the result of a checked function into one number: itself, or a product with a cotangent.

A function of several outputs y has a Jacobian J, and its check is that of v·y with a cotangent v,
whose gradient is v J. A sum of the outputs would be the cotangent of ones, in which a wrong
softmax, a forgotten cotangent and a transposed matrix do not show.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from autograd_bp.checking.gradient.foreign_arrays import (
    DOUBLE,
    assemble,
    blocks,
    is_foreign,
    plain,
    refuse_complex,
    rounding_of,
)
from autograd_bp.checking.numeric.sums import total
from autograd_bp.derivatives.calls import like
from autograd_bp.derivatives.trees import Tree, flatten, strip
from autograd_bp.errors import OperandError, ShapeError
from autograd_bp.value import Value

__all__ = ["Outputs", "contracted", "random_cotangent", "unit"]


class Outputs:
    """How results become one number.

    Attributes:
        size: how many numbers a result has.
        tree: their structure.
        cotangent: what they are multiplied with; None for a result of one number.
    """

    def __init__(self, name: str, cotangent: Any) -> None:
        self.name = name
        self.size = 1
        self.tree: Tree | None = None
        self._backs: list[Any] = []
        self.cotangent: list[float] | None = None
        self._wanted = cotangent
        self._array: Any = None  # the cotangent as an array, where results are arrays

    def learn(self, result: Any) -> float:
        """Take the structure of the first result, and return the precision of its numbers.

        Raises: OperandError, ShapeError for what is no real number, and no structure of them.
        """
        if result is None:
            raise OperandError(f"{self.name} returned None: give it a return statement")
        refuse_complex(result, f"{self.name} returned")
        leaves, self.tree, self._backs = self._flat(result)
        self.size = len(leaves)
        if not leaves:
            raise ShapeError(f"{self.name} returned no numbers: there is nothing to differentiate")
        is_one = self.size == 1 and not self.tree.children
        if not is_one or not (self._wanted is None or type(self._wanted) is int):
            self.cotangent = self._cotangent()
            shape = getattr(result, "shape", None)
            kind = getattr(getattr(result, "dtype", None), "kind", "")
            if shape is not None and not is_foreign(result) and kind == "f":
                import numpy as np

                self._array = np.array(self.cotangent)
        kinds = (float, int, Value)
        return max(
            [
                DOUBLE,
                *(
                    rounding_of(block, "the output")
                    for block in blocks(result)
                    if not isinstance(block, kinds)
                ),
            ]
        )

    def _cotangent(self) -> list[float]:
        wanted = self._wanted
        if wanted is None:
            wanted = 0
        if isinstance(wanted, _Unit):
            return [1.0 if k == wanted.place else 0.0 for k in range(self.size)]
        if type(wanted) is int:
            return random_cotangent(self.size, wanted)
        numbers = plain(strip(wanted))[0]
        assert self.tree is not None
        return [float(v) for v in like([numbers], [self.tree], "cotangent", "output")]

    def _flat(self, result: Any) -> tuple[list[float], Tree, list[Any]]:
        for block in blocks(result):
            if is_foreign(block) or getattr(block, "shape", None) is not None:
                rounding_of(block, f"the output of {self.name}")
        numbers, backs = plain(result)
        try:
            leaves, tree = flatten(strip(numbers), f"the output of {self.name}")
        except OperandError:
            raise OperandError(
                f"{self.name} returned {type(result).__name__} {result!r:.60}: a gradient is of "
                "real numbers, so return floats, arrays of them or Values"
            ) from None
        return leaves, tree, backs

    def number(self, result: Any) -> float:
        """A result as one number."""
        if isinstance(result, float) and self.cotangent is None:
            return float(result)
        if self._array is not None and type(result) is type(self._array):
            return float(self._array @ result.ravel())
        leaves, tree, _ = self._flat(result)
        if tree != self.tree and not (self.cotangent is None and len(leaves) == 1):
            raise ShapeError(f"{self.name} returned {self.tree} at first and {tree} later")
        if self.cotangent is None:
            return float(leaves[0])
        return total(v * float(y) for v, y in zip(self.cotangent, leaves, strict=True) if v)

    def as_output(self) -> Any:
        """The cotangent in the structure of the results."""
        assert self.tree is not None
        assert self.cotangent is not None
        return assemble(self.tree, self.cotangent, self._backs)


class _Unit:
    """The cotangent that is 1 for one output and 0 for the others."""

    def __init__(self, place: int) -> None:
        self.place = place


def unit(place: int) -> Any:
    """The cotangent of one output alone."""
    return _Unit(place)


def random_cotangent(size: int, seed: int) -> list[float]:
    """Numbers of either sign from 1/2 to 3/2, all different."""
    rng = random.Random(seed)
    return [rng.choice((-1.0, 1.0)) * rng.uniform(0.5, 1.5) for _ in range(size)]


def contracted(jacobian: Any, cotangent: Sequence[float], size: int, tree: Tree) -> list[float]:
    """v J for a Jacobian: an array with the shape of the output before that of the argument, or a
    list of one gradient for each output.

    Raises: ShapeError for another structure.
    """
    numbers = plain(strip(jacobian))[0]
    leaves, shape = flatten(numbers, "the gradient")
    if len(leaves) != size * tree.size:
        raise ShapeError(
            f"the function returns {size} numbers, so its gradient is a Jacobian of {size} rows of "
            f"{tree.size}, or a function of the argument and a cotangent; got {shape}"
        )
    rows = [leaves[k * tree.size : (k + 1) * tree.size] for k in range(size)]
    return [
        total(v * float(row[i]) for v, row in zip(cotangent, rows, strict=True))
        for i in range(tree.size)
    ]
