"""Bound calls: the buffers of a call, allocated once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd_bp.compiling.calling.caller import VECTOR
from autograd_bp.compiling.calling.caller import Bound as Base
from autograd_bp.compiling.front.arguments import Packed
from autograd_bp.compiling.front.results import Result

if TYPE_CHECKING:
    from autograd_bp.compiling.calling.caller import Floats


def views(packed: Packed, parameters: Floats, lines: Floats) -> dict[str, Any]:
    """For each argument an array that looks at its numbers: of its own shape, with the rows
    first if it has rows; in one dimension where it is a nest of lists, dicts and so on."""
    found, place, line = {}, 0, 0
    for name, tree, varies in packed.arguments:
        shape = tree.shape if tree.is_array or tree.key == "number" else (tree.size,)
        if varies:
            part = lines[line : line + tree.size, : packed.inputs.shape[1]]
            line += tree.size
            # Lines are far apart and rows side by side: the last dimensions become strides.
            steps = [part.strides[0] * int(np.prod(shape[k + 1 :])) for k in range(len(shape))]
            found[name] = np.lib.stride_tricks.as_strided(
                part, (part.shape[1], *shape), (part.strides[1], *steps)
            )
        else:
            found[name] = parameters[place : place + tree.size].reshape(shape)
            place += tree.size
    return found


class Bound(Base):
    """A call whose numbers are kept where native code reads and writes them.

    Write into `arguments`, call, read `numbers` or `result`; nothing is allocated in between.
    One thread at a time may do so.

    Attributes:
        arguments: for each argument an array to write into, see docs/compiling.md.
        numbers: all outputs that are summed over the rows, in one array: the value first, then
            the gradient in the order of the argument.
    """

    arguments: dict[str, Any]
    numbers: Floats

    def __init__(self, machine: Any, packed: Packed, result: Result, threads: int) -> None:
        rows, width = packed.inputs.shape[1], len(packed.inputs)
        value = bool(result.parts[0].summed and result.parts[0].tree.key == "number")
        super().__init__(machine, rows, threads, value)
        fixed, moving, found = (np.frombuffer(each, dtype=float) for each in self._buffers())
        stride = -(-rows // VECTOR) * VECTOR
        lines = moving[: width * stride].reshape(width, stride)
        self.arguments = views(packed, fixed, lines)
        self.numbers = found[: sum(result.summed)]
        self._result, self._each = result, [moving[k : k + rows] for k in self._lines()]
        fixed[: len(packed.parameters)] = packed.parameters
        lines[:, :rows] = packed.inputs
        self()

    @property
    def result(self) -> Any:
        """What the latest call computed, as the convenient call hands it out: a copy."""
        return self._result.made_of(self.numbers, np.array(self._each))


class PlainBound:
    """The same where there is no native code to bind to: convenient, not quick."""

    def __init__(self, run: Callable[..., Any], packed: Packed, result: Result) -> None:
        self._run, self._result = run, result
        self._parameters, self._inputs = packed.parameters.copy(), packed.inputs.copy()
        self.arguments = views(packed, self._parameters, self._inputs)
        self.numbers = np.zeros(sum(result.summed))
        self._value = bool(result.parts[0].summed and result.parts[0].tree.key == "number")
        self()

    def __call__(self) -> float | None:
        sums, self._each = self._run(self._parameters, self._inputs)
        self.numbers[:] = sums
        return float(sums[0]) if self._value else None

    @property
    def result(self) -> Any:
        """What the latest call computed."""
        return self._result.made_of(self.numbers, self._each)
