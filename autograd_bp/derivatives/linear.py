"""The derivative of some nodes by others as a linear map.

Products with it from either side are sweeps; its matrix takes as few sweeps as its pattern of
zeros allows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograd_bp import primitives as ops
from autograd_bp.backprop import backward
from autograd_bp.contexts import recording
from autograd_bp.derivatives.colouring import colour, transposed
from autograd_bp.derivatives.graphs import Edge, Region
from autograd_bp.derivatives.recorded import Recorded
from autograd_bp.derivatives.sweeps import Floats, Sweeps
from autograd_bp.errors import NotDifferentiableError, SettingError
from autograd_bp.value import Value, grad_of, partials_of

MODES = ("forward", "reverse")
MAX_PATTERN_BITS = 2**29  # a larger pattern of zeros is not computed


class Linear:
    """J = ∂outputs/∂inputs at the recorded point.

    Arguments:
        outputs, inputs: nodes; the inputs are what the graph is made of.
        closed: True where the inputs and constants are the only leaves: then no node's `.grad`
            is visible outside, and the engine's own sweep may be used.
        records: True where products are Values.
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
        product = None if self.records or not self._closed else self._backward(seeds)
        return self.sweeps.reverse(seeds) if product is None else product

    def forward(self, tangents: Sequence[Any]) -> list[Any]:
        """J · tangents, one number for each output."""
        return self.sweeps.forward(tangents)

    def _backward(self, seeds: Sequence[float]) -> list[float] | None:
        """seedsᵀ · J by the engine's own sweep, the fastest; None where a primitive refuses it."""
        with recording():
            output = ops.dot(*seeds, *self._outputs) if len(seeds) > 1 else self._outputs[0]
        for node in self._inputs:
            node.grad = 0.0
        try:
            backward(output, seeds[0] if len(seeds) == 1 else 1.0)
        except NotDifferentiableError:  # perhaps in a part that leads to no input
            return None
        return [grad_of(node) for node in self._inputs]

    def matrix(self, mode: str | None = None) -> list[list[Any]]:
        """J as rows of numbers.

        Arguments:
            mode: "forward" or "reverse"; the cheaper one when left out.

        Raises: SettingError for another mode.
        """
        if mode is not None and mode not in MODES:
            raise SettingError(f"mode must be one of {', '.join(MODES)} or None, got {mode!r}")
        pattern = self.pattern()
        groups, forward = self._plan(pattern, mode)
        n = len(self._inputs)
        J: list[list[Any]] = [[0.0] * n for _ in pattern]
        for group in groups:
            if forward:
                product = self.forward(_indicator(group, n))
                for i, bits in enumerate(pattern):
                    for j in group:
                        if bits >> j & 1:
                            J[i][j] = product[i]
            else:
                product = self.reverse(_indicator(group, len(pattern)))
                for i in group:
                    J[i] = [x if pattern[i] >> j & 1 else 0.0 for j, x in enumerate(product)]
        return J

    def _plan(self, pattern: list[int], mode: str | None) -> tuple[list[list[int]], bool]:
        """Which columns (or rows) each sweep computes, and whether the sweeps are forward."""
        n = len(self._inputs)
        columns = colour(pattern, n) if mode != "reverse" else None
        rows = colour(transposed(pattern, n), len(pattern)) if mode != "forward" else None
        if columns is None or (rows is not None and len(rows) <= len(columns)):
            assert rows is not None
            return rows, False
        return columns, True

    def pattern(self) -> list[int]:
        """For each output, the inputs that it depends on, as the bits of an integer."""
        region = self.region
        full = (1 << len(self._inputs)) - 1
        if len(self._inputs) * len(region.nodes) > MAX_PATTERN_BITS or full == 1:
            return [full if k is not None else 0 for k in region.outputs]
        bits = [0] * len(region.nodes)
        for j, k in enumerate(region.inputs):
            if k is not None:
                bits[k] |= 1 << j
        for k, (node, edges) in enumerate(zip(region.nodes, region.edges, strict=True)):
            for parent in self._open_parents(node, edges):
                bits[k] |= bits[parent]
        return [0 if k is None else bits[k] for k in region.outputs]

    def _open_parents(self, node: Value, edges: list[Edge]) -> list[int]:
        """The parents in the region, without those behind a gate that is closed at this point."""
        if self.records or node.op is None or not node.op.gate:
            return [parent for parent, _ in edges]
        partials = partials_of(node)
        return [parent for parent, i in edges if partials[i] != 0.0]


def _indicator(group: Sequence[int], size: int) -> list[float]:
    """The vector that is 1 at the places in `group` and 0 elsewhere."""
    vector = [0.0] * size
    for k in group:
        vector[k] = 1.0
    return vector
