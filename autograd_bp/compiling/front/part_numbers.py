"""The numbers of one call of a function that runs in parts (part_runs.py)."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_bp.compiling.program.distinct import distinct
from autograd_bp.compiling.program.parts import Part, Parts

__all__ = ["Run"]


class Run:
    """The numbers of one call.

    Attributes:
        numbers: for each register of the template its number, where rows share it.
        slopes: for each register the derivative by it, where rows share it.
        own, own_slopes: the same for numbers of the rows, (numbers, rows).
        seeds: a factor for each output that is differentiated.
        threads: how many may share the work.
    """

    def __init__(self, parts: Parts, parameters: Any, inputs: Any, threads: int) -> None:
        self._parts, self.threads = parts, threads
        total = len(parts.shared)
        self.numbers, self.slopes = np.zeros(total), np.zeros(total)
        template = parts.template
        first = template.first
        self.numbers[first - len(template.constants) : first] = template.constants
        self._leaves = len(parameters), len(inputs)
        self._parameters = parameters
        self.numbers[: len(parameters)] = parameters
        self._places = np.cumsum(~parts.shared) - 1
        self._size = int((~parts.shared).sum())
        self.kept: dict[int, list[Any]] = {}

    def begin(self, seeds: Any, slopes: Any) -> None:
        """Begins a sweep backwards.

        Arguments:
            seeds: a factor for each output that is differentiated.
            slopes: the derivatives by what rows share, to which those of the sweep are added.
        """
        self.seeds, self.slopes = seeds, slopes
        self.own_slopes = np.zeros(self.own.shape)

    def take(self, inputs: Any) -> None:
        """Begins with some rows."""
        rows = inputs.shape[1]
        self.own = np.zeros((self._size, rows))
        count = self._leaves[0]
        if len(self._parameters) and not self._parts.shared[0]:
            self.own[self._places[:count]] = self._parameters[:, None]
        self.own[self._places[count : count + len(inputs)]] = inputs

    def slopes_by(self, space: str, places: Any, own: Any) -> Any:
        """The derivatives by leaves, (leaves, rows), or (leaves, 1) where rows share them.

        Arguments:
            space: "parameter" or "input".
            places: of the leaves.
            own: the derivatives by all numbers of the rows.
        """
        registers = places + (self._leaves[0] if space == "input" else 0)
        if len(registers) and self._parts.shared[registers[0]]:
            return self.slopes[registers][:, None]
        return own[self._places[registers]]

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return int(self.own.shape[1])

    def read(self, part: Part) -> tuple[Any, Any]:
        """What a plain part reads, as parameters and inputs."""
        shared, own = part.reads[: part.shares], part.reads[part.shares :]
        if part.is_shared:
            return self.numbers[shared], np.empty((0, 1))
        return self.numbers[shared], self.own[self._places[own]]

    def write(self, registers: Any, numbers: Any, *, is_shared: bool) -> None:
        """Keeps numbers, (numbers, rows)."""
        if is_shared:
            self.numbers[registers] = numbers[:, 0]
        else:
            self.own[self._places[registers]] = numbers

    def gathered(self, registers: Any, *, is_shared: bool) -> Any:
        """Numbers of these registers, (numbers, rows)."""
        return self._gathered(registers, is_shared, self.numbers, lambda: self.own)

    def _gathered(self, registers: Any, is_shared: bool, numbers: Any, own: Any) -> Any:
        if is_shared:
            return numbers[registers][:, None]
        result = np.repeat(numbers[registers][:, None], self.rows, axis=1)
        mine = np.flatnonzero(~self._parts.shared[registers])
        result[mine] = own()[self._places[registers[mine]]]
        return result

    def slopes_of(self, registers: Any, *, is_shared: bool) -> Any:
        """The derivatives by these registers, which are alike: (numbers, rows)."""
        if is_shared:
            return self.slopes[registers][:, None]
        return self.own_slopes[self._places[registers]]

    def add(self, registers: Any, slopes: Any) -> None:
        """Adds to the derivatives by registers: (numbers, rows), or (numbers, 1) of sums."""
        shared = self._parts.shared[registers]
        if shared.any():
            np.add.at(self.slopes, registers[shared], slopes[shared].sum(axis=1))
        if not shared.all():
            places = self._places[registers[~shared]]
            if len(distinct(places)) == len(places):
                self.own_slopes[places] += slopes[~shared]
            else:
                np.add.at(self.own_slopes, places, slopes[~shared])

    def add_single(self, registers: Any, slopes: Any, rows: Any) -> None:
        """Adds to the derivatives by single registers, (places, numbers), in one row each."""
        shared = self._parts.shared[registers]
        if shared.any():
            np.add.at(self.slopes, registers[shared], slopes[shared])
        if not shared.all():
            where = np.broadcast_to(np.asarray(rows)[:, None], registers.shape)[~shared]
            np.add.at(self.own_slopes, (self._places[registers[~shared]], where), slopes[~shared])
