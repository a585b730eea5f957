"""Calling native code.

Native code is two functions in memory, for a program as loops:

    void shared(const void *self, const double *P, double *U)
    void rows(const void *self, const double *P, const double *U, const double *X, int64 stride,
              int64 rows, double *sums, double *per_row, double *scratch)

`shared` computes from the parameters P what all rows share, U. `rows` computes the rows: input k of
row r is X[k·stride + r]; it adds to `sums`, one number for each accumulator, and writes
per_row[k·stride + r]. The stride is a multiple of 16, and the rows up to it hold copies of the
last, so that whole vectors can be read. All pointers are at multiples of 64 bytes.

Rows are cut into at most 16 stripes, at multiples of 256 rows, by their number alone. Each stripe
has accumulators of its own, which are added up from the first to the last. Threads take stripes, so
their number changes no bit of a result.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd_bp import built
from autograd_bp.compiling.calling.code import NativeCode
from autograd_bp.compiling.calling.threads import pool
from autograd_bp.compiling.loops.loops import Loops
from autograd_bp.compiling.loops.outputs import places_in

try:
    built.check(built.CALLER)
    from autograd_bp.compiling.calling._caller import Bound as Bound
    from autograd_bp.compiling.calling._caller import CallKind as CallKind
    from autograd_bp.compiling.calling._caller import FastCall as FastCall
    from autograd_bp.compiling.calling._caller import Machine as Machine
    from autograd_bp.compiling.calling._caller import added as added

    IS_COMPILED = True
except ImportError:  # the interpreted core: native code is called by PlainMachine
    IS_COMPILED = False

    class Machine:  # type: ignore[no-redef]
        """There is none."""

    class FastCall:  # type: ignore[no-redef]
        """Hands all calls on; see _caller.pyx."""

        def __init__(self, fallback: Callable[[tuple[Any, ...], dict[str, Any]], Any]) -> None:
            self._fallback = fallback

        def __call__(self, *args: Any, **kwargs: Any) -> Any:
            return self._fallback(args, kwargs)

    Bound, CallKind, added = object, None, None  # type: ignore[assignment, misc]

Floats = NDArray[np.float64]

VECTOR, STRIPE, STRIPES = 16, 256, 16


def machine(loops: Loops, native: NativeCode) -> Any:
    """The caller of this native code: it has the method `run` of a backend's `Runner`."""
    kind = Machine if IS_COMPILED else PlainMachine
    return kind(
        native,
        parameters=len(loops.parameters),
        inputs=len(loops.inputs),
        shared=loops.sizes["shared"] if native.numbers is None else native.numbers,
        sums=loops.sizes["sum"],
        per_row=loops.sizes["per_row"],
        summed=places_in("sum", loops.outputs),
        separate=places_in("per_row", loops.outputs),
        work=loops.work,
    )


def stripe_of(rows: int) -> int:
    """How many rows a stripe has; the last one may have fewer."""
    pieces = -(-rows // STRIPE)
    return -(-pieces // STRIPES) * STRIPE


def doubles(count: int) -> Floats:
    """Zeros at a multiple of 64 bytes."""
    room = np.zeros(count + 8)
    start = (-room.ctypes.data // 8) % 8
    return room[start : start + count]


class PlainMachine:
    """The machine without its compiled part: it computes the same and takes longer for a call."""

    def __init__(
        self,
        native: NativeCode,
        *,
        parameters: int,
        inputs: int,
        shared: int,
        sums: int,
        per_row: int,
        summed: Any,
        separate: Any,
        work: int,
    ) -> None:
        pointer, count = ctypes.c_void_p, ctypes.c_int64
        self._shared = ctypes.CFUNCTYPE(None, pointer, pointer, pointer)(native.shared)
        self._rows = ctypes.CFUNCTYPE(
            None, pointer, pointer, pointer, pointer, count, count, pointer, pointer, pointer
        )(native.rows)
        self._native, self.work, self.lanes = native, work, native.lanes
        self._sizes = parameters, inputs, shared, sums, per_row
        self._summed, self._separate = list(summed), list(separate)

    def run(self, parameters: Floats, inputs: Floats, threads: int = 1) -> tuple[Floats, Floats]:
        """See `Runner`."""
        _, width, shared, sums, per_row = self._sizes
        rows = inputs.shape[1]
        stride = -(-rows // VECTOR) * VECTOR
        P, U, X = doubles(len(parameters) + 1), doubles(shared + 1), doubles(width * stride + 1)
        Y = doubles(per_row * stride + 1)
        P[: len(parameters)] = parameters
        lines = X[: width * stride].reshape(width, stride)
        lines[:, :rows] = inputs
        if rows:
            lines[:, rows:] = inputs[:, -1:]
        length = stripe_of(rows)
        starts = range(0, rows, length) if rows else range(0)
        room = -(-sums // 8) * 8
        totals = doubles(max(len(starts), 1) * room)
        self._shared(self._native.self, P.ctypes.data, U.ctypes.data)

        def stripe(k: int) -> None:
            scratch = doubles(self._native.scratch + 1)
            first = starts[k]
            self._rows(
                self._native.self,
                P.ctypes.data,
                U.ctypes.data,
                X.ctypes.data + 8 * first,
                stride,
                min(length, rows - first),
                totals.ctypes.data + 8 * k * room,
                Y.ctypes.data + 8 * first,
                scratch.ctypes.data,
            )

        if threads > 1 and len(starts) > 1:
            list(pool().map(stripe, range(len(starts))))
        else:
            for k in range(len(starts)):
                stripe(k)
        added = totals[:room].copy()
        for k in range(1, len(starts)):
            added += totals[k * room : (k + 1) * room]
        table = Y[: per_row * stride].reshape(per_row, stride)[:, :rows]
        return added[self._summed], table[self._separate]
