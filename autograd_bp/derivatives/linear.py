"""The derivative of some nodes by others as a linear map: products with it from either side,
and its matrix by as few sweeps as its structure allows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograd_bp import primitives as rows
from autograd_bp.contexts import recording
from autograd_bp.derivatives.colouring import colour, transposed
from autograd_bp.derivatives.graphs import Region
from autograd_bp.derivatives.recorded import Recorded
from autograd_bp.derivatives.sweeps import Floats, Sweeps
from autograd_bp.errors import NotDifferentiableError, SettingError
from autograd_bp.value import Value

MODES = ("forward", "reverse")
LARGEST_PATTERN = 2**29  # bits: beyond it the structure is not looked at


class Linear:
    """J = ∂outputs/∂inputs at the recorded point.

    Arguments:
        outputs, inputs: nodes; the inputs are what the graph is made of.
        closed: the graph has no leaves but the inputs and constants, so nobody else can see
            the `.grad` of its nodes.
        records: products are Values.
    """

    def __init__(
        self, outputs: Sequence[Value], inputs: Sequence[Value], *, closed: bool, records: bool
    ) -> None:
        self.records = records
        self._outputs, self._inputs, self._closed = outputs, inputs, closed
        self._region: Region | None = None
        self._sweeps: Sweeps | None = None

    @property
    def region(self) -> Region:
        if self._region is None:
            self._region = Region(self._outputs, self._inputs, stop=True)
        return self._region

    @property
    def sweeps(self) -> Sweeps:
        if self._sweeps is None:
            self._sweeps = Recorded(self.region) if self.records else Floats(self.region)
        return self._sweeps

    def reverse(self, seeds: Sequence[Any]) -> list[Any]:
        """seedsᵀ · J, one number for each input."""
        found = None if self.records or not self._closed else self._backward(seeds)
        return self.sweeps.reverse(seeds) if found is None else found

    def forward(self, tangents: Sequence[Any]) -> list[Any]:
        """J · tangents, one number for each output."""
        return self.sweeps.forward(tangents)

    def _backward(self, seeds: Sequence[float]) -> list[float] | None:
        """By the engine's own sweep, which is the fastest."""
        with recording():
            output = rows.dot(*seeds, *self._outputs) if len(seeds) > 1 else self._outputs[0]
        for node in self._inputs:
            node.grad = 0.0
        try:
            output.backward(seeds[0] if len(seeds) == 1 else 1.0)
        except NotDifferentiableError:  # perhaps on a side that leads to no input
            return None
        return [node.grad for node in self._inputs]

    def matrix(self, mode: str | None = None) -> list[list[Any]]:
        """J as rows of numbers.

        Arguments:
            mode: "forward" or "reverse"; the cheaper one when left out.

        Raises: SettingError for another mode.
        """
        if mode is not None and mode not in MODES:
            raise SettingError(f"mode must be one of {', '.join(MODES)} or None, got {mode!r}")
        by_row = self.pattern()
        groups, forward = self._plan(by_row, mode)
        m, n = len(self._outputs), len(self._inputs)
        J: list[list[Any]] = [[0.0] * n for _ in range(m)]
        for group in groups:
            if forward:
                product = self.forward(_indicator(group, n))
                for i, bits in enumerate(by_row):
                    for j in group:
                        if bits >> j & 1:
                            J[i][j] = product[i]
            else:
                product = self.reverse(_indicator(group, m))
                for i in group:
                    bits = by_row[i]
                    J[i] = [each if bits >> j & 1 else 0.0 for j, each in enumerate(product)]
        return J

    def _plan(self, by_row: list[int], mode: str | None) -> tuple[list[list[int]], bool]:
        """What to sweep together, and whether forwards."""
        n = len(self._inputs)
        columns = colour(by_row, n) if mode != "reverse" else None
        by_column = transposed(by_row, n)
        lines = colour(by_column, len(by_row)) if mode != "forward" else None
        if columns is None or (lines is not None and len(lines) <= len(columns)):
            assert lines is not None
            return lines, False
        return columns, True

    def pattern(self) -> list[int]:
        """For each output, the inputs that it depends on, as the bits of an integer."""
        region = self.region
        every = (1 << len(self._inputs)) - 1
        if len(self._inputs) * len(region.nodes) > LARGEST_PATTERN or every == 1:
            return [every if k is not None else 0 for k in region.outputs]
        bits = [0] * len(region.nodes)
        for j, k in enumerate(region.inputs):
            if k is not None:
                bits[k] |= 1 << j
        for k, edges in enumerate(region.edges):
            node = region.nodes[k]
            gate = not self.records and node.op is not None and node.op.gate
            partials: Sequence[float] = node.partials if gate else ()
            for parent, i in edges:
                if not gate or partials[i] != 0.0:
                    bits[k] |= bits[parent]
        return [0 if k is None else bits[k] for k in region.outputs]


def _indicator(group: Sequence[int], size: int) -> list[float]:
    chosen = [0.0] * size
    for k in group:
        chosen[k] = 1.0
    return chosen
