"""The results of a function that runs in parts (checkpoints.py): which sweeps give them, and how
their numbers are put together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd_bp.compiling.front.derivation import Derivation
from autograd_bp.compiling.front.results import MATRICES
from autograd_bp.compiling.loops.sweeps import indices_of

__all__ = ["Matrix", "Wanted"]


class Matrix:
    """Says how the matrices among some results are made.

    Arguments:
        names: the results.
        derivation: their derivatives.

    Attributes:
        is_by_columns: whether a direction is needed for each leaf: for a Hessian, and for a
            Jacobian with more outputs than leaves.
        jacobian_by_columns: whether that is so for the Jacobian.
    """

    def __init__(self, names: Sequence[str], derivation: Derivation) -> None:
        # A value that is summed over the rows does not tell what each row gave.
        is_told = not derivation.sums or all(derivation.marks)
        is_told = is_told and not {"jvp", "hvp"} & {*names}
        is_long = len(derivation.outputs) > derivation.width
        self.jacobian_by_columns = "jacobian" in names and is_told and is_long
        self.is_by_columns = self.jacobian_by_columns or "hessian" in names


class Wanted:
    """Which results a function gives.

    Arguments:
        names: "value", or what is differentiated, in the order of the results.
        derivation: the derivatives.
        matrix: how matrices are made.
        outputs: how many numbers there are without their tangents: those of the function, and
            where there is a cotangent their product with it.

    Attributes:
        sums: whether results are summed over the rows.
        targets: the outputs that are differentiated.
        seeds: for each sweep backwards a factor for each of them.
        directions: for each run what the last parameters are, which hold a direction.
        leaves: the spaces of the leaves to differentiate by, and their places there.
    """

    def __init__(
        self, names: Sequence[str], derivation: Derivation, matrix: Matrix, outputs: int
    ) -> None:
        self._names, self._derivation, self._matrix = names, derivation, matrix
        self.sums, self._count = derivation.sums, len(derivation.outputs)
        self._outputs = outputs
        self.leaves = [(space, indices_of(places)) for space, places in derivation.by]
        sweeps = [sweep for name in names for sweep in self._sweeps(name)]
        self._sweep_of = {sweep: k for k, sweep in enumerate(dict.fromkeys(sweeps))}
        self.targets = [*self._sweep_of]
        self.seeds = [*np.eye(len(self.targets))]
        width = derivation.width if matrix.is_by_columns else 0
        self.directions = [*np.eye(width)] or [np.zeros(0)]

    def _sweeps(self, name: str) -> list[int]:
        """The outputs that are swept back from."""
        if name == "jacobian":
            return [] if self._matrix.jacobian_by_columns else [*range(self._count)]
        sweeps = {
            "grad": 0,
            "vjp": self._count,
            "hvp": self._outputs,
            "hessian": self._outputs,
        }
        return [sweeps[name]] if name in sweeps else []

    def numbers(self, runs: Sequence[Any], rows: int) -> tuple[Any, Any]:
        """The numbers that are summed over the rows, and (numbers, rows) of the others.

        Arguments:
            runs: for each direction the sums and the lines of the outputs of each block of rows,
                and for each sweep the derivatives by each group of leaves.
            rows: how many there are.
        """
        sums: list[Any] = [np.zeros(0)]
        lines: list[Any] = [np.zeros((0, rows))]
        for name in self._names:
            if name in ("value", "jvp"):
                start = 0 if name == "value" else self._outputs
                some = self._outputs_of(runs[0])[start : start + self._count]
                (sums if self.sums else lines).append(some)
            elif name in MATRICES:
                self._add_matrix(name, runs, sums, lines)
            else:
                slopes = runs[0][2][self._sweep_of[self._sweeps(name)[0]]]
                for group, mark in zip(slopes, self._derivation.marks, strict=True):
                    if mark:
                        sums.append(group.sum(axis=1))
                    else:
                        lines.append(group)
        return np.concatenate(sums), np.concatenate(lines)

    def _outputs_of(self, run: Any) -> Any:
        """The outputs, those of all blocks of rows."""
        if not self.sums:
            return np.concatenate(run[1], axis=1)
        total = run[0][0]
        for block in run[0][1:]:
            total = total + block
        return total

    def _add_matrix(self, name: str, runs: Sequence[Any], sums: Any, lines: Any) -> None:
        """The entries of a matrix, argument after argument."""
        derivation = self._derivation
        entries, marks = {}, derivation._by_leaf()
        by_row = marks if name == "hessian" else [True] * self._count
        if name == "jacobian" and self._matrix.jacobian_by_columns:
            for j, run in enumerate(runs):
                moved = self._outputs_of(run)[self._outputs : self._outputs + self._count]
                entries.update({(i, j): moved[i] for i in range(self._count)})
        else:
            pairs = enumerate(runs) if name == "hessian" else enumerate([runs[0]])
            for k, run in pairs:
                for row, sweep in enumerate(self._sweeps(name)):
                    slopes = np.concatenate(_wide(run[2][self._sweep_of[sweep]]))
                    for i, slope in enumerate(slopes):
                        place = (i, k) if name == "hessian" else (row, i)
                        entries[place] = slope
        places = [(i, j) for i in range(len(by_row)) for j in range(len(marks))]
        for k in derivation.order(places, derivation._lines(name)):
            i, j = places[k]
            entry = entries[i, j]
            if by_row[i] and marks[j]:
                sums.append(np.atleast_1d(entry).sum(keepdims=True))
            else:
                lines.append(entry[None, :])


def _wide(groups: Sequence[Any]) -> list[Any]:
    """Groups of derivatives, (leaves, rows), with as many rows each."""
    rows = max(group.shape[1] for group in groups)
    return [
        group if group.shape[1] == rows else np.pad(group, ((0, 0), (0, rows - 1)))
        for group in groups
    ]
