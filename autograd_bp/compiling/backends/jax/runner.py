"""Loops as one function of JAX: array operations for loops, lax.fori_loop around what repeats."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd_bp import primitives as ops
from autograd_bp.compiling.backends.jax.primitives import JaxPrimitives
from autograd_bp.compiling.backends.jax.space import Space
from autograd_bp.compiling.backends.jax.views import Views
from autograd_bp.compiling.loops.loops import Loop, Loops, Repeat
from autograd_bp.compiling.loops.outputs import places_in
from autograd_bp.compiling.loops.sequences import pieces
from autograd_bp.derivatives.slopes import has_infinite_slope

Array = Any  # of JAX
WRITTEN = ("shared", "slot", "sum", "per_row")
FEW_TERMS = 16  # of products that are not left to JAX's products of matrices
AXES = "abcdefghijklm"  # of products; z are the terms


class JaxLoops:
    """A function of JAX that computes what loops compute.

    Arguments:
        jax: the module.
        loops: the loops.
        primitives: those of the table on JAX's arrays.
    """

    def __init__(self, jax: Any, loops: Loops, primitives: JaxPrimitives) -> None:
        self._jax, self._np, self._loops = jax, jax.numpy, loops
        self._primitives, self._views = primitives, Views(jax)
        self._shared, self._rows = pieces(loops)
        # Where slopes may be infinite, an exact zero stops them in short products too.
        self._is_steep = has_infinite_slope(
            {loop.op.code for loop, _ in loops.with_times() if loop.op is not None}
        )
        self._jitted = jax.jit(self._compute)
        self._summed = places_in("sum", loops.outputs).tolist()
        self._per_row = places_in("per_row", loops.outputs).tolist()

    def __call__(self, parameters: Array, inputs: Array) -> tuple[Array, Array]:
        """The numbers of the outputs.

        Arguments:
            parameters: an array of all of them.
            inputs: an array (inputs, rows).

        Returns: the outputs that are summed over the rows, and an array (outputs, rows) of the
            others.
        """
        numbers: tuple[Array, Array] = self._jitted(parameters, inputs)
        return numbers

    def _compute(self, parameters: Array, inputs: Array) -> tuple[Array, Array]:
        """The outputs that are summed over the rows, and the others."""
        sizes = self._loops.sizes
        first = {
            "parameter": parameters,
            "constant": np.array(self._loops.constants, dtype=float),
        }
        known = {name: Space(self._np, len(array), [(0, array)]) for name, array in first.items()}
        known["shared"] = Space(self._np, sizes["shared"])
        known = self._run(self._shared, known)

        def row(numbers: Array) -> tuple[Array, Array]:
            spaces = {**known, "input": Space(self._np, len(numbers), [(0, numbers)])}
            spaces |= {space: Space(self._np, sizes[space]) for space in WRITTEN[1:]}
            spaces = self._run(self._rows, spaces)
            return spaces["sum"].whole, spaces["per_row"].whole

        sums, per_row = self._jax.vmap(row)(inputs.T)
        sums, per_row = sums.sum(axis=0), per_row.T
        return sums[np.array(self._summed, int)], per_row[np.array(self._per_row, int)]

    def _run(self, pieces: Sequence[Repeat], spaces: dict[str, Space]) -> dict[str, Space]:
        for piece in pieces:
            if piece.count == 1:
                for loop in piece.body:
                    reads = [
                        self._views.of(spaces[access.space], loop, k)
                        for k, access in enumerate(loop.reads)
                    ]
                    space = spaces[loop.space].with_part(loop.base, self._numbers(loop, reads))
                    spaces = {**spaces, loop.space: space}
            else:
                spaces = self._repeat(piece, spaces)
        return spaces

    def _repeat(self, piece: Repeat, known: dict[str, Space]) -> dict[str, Space]:
        """Loops that run again and again: those that they write are carried."""
        written = sorted({loop.space for loop in piece.body})
        read = {access.space for loop in piece.body for access in loop.reads}
        spaces = {name: known[name].whole for name in {*written, *read}}

        def step(i: Array, carried: Sequence[Array]) -> list[Array]:
            now = {**spaces, **dict(zip(written, carried, strict=True))}
            for loop, shifts in zip(piece.body, piece.shifts, strict=True):
                now = self._loop(loop, now, shifts, i)
            return [now[space] for space in written]

        start = [spaces[space] for space in written]
        carried = self._jax.lax.fori_loop(0, piece.count, step, start)
        arrays = zip(written, carried, strict=True)
        return {**known, **{k: Space(self._np, len(x), [(0, x)]) for k, x in arrays}}

    def _loop(
        self, loop: Loop, spaces: dict[str, Array], shifts: Sequence[int], i: Array
    ) -> dict[str, Array]:
        """Compute a loop for the i-th time, in its place."""
        moved = [shift * i if shift else 0 for shift in shifts]
        reads = [
            self._views.of(spaces[access.space], loop, k, moved[k + 1])
            for k, access in enumerate(loop.reads)
        ]
        numbers = self._numbers(loop, reads)
        space = spaces[loop.space]
        if loop.members == len(space):
            return {**spaces, loop.space: numbers}
        start = (loop.base + moved[0],)
        return {**spaces, loop.space: self._jax.lax.dynamic_update_slice(space, numbers, start)}

    def _numbers(self, loop: Loop, reads: Sequence[Array]) -> Array:
        return self._np.broadcast_to(self._members(loop, reads), loop.shape).reshape(-1)

    def _members(self, loop: Loop, reads: Sequence[Array]) -> Array:
        op = loop.op
        if op is None:
            return reads[0][..., 0]
        if loop.is_product or (op is ops.dot and loop.terms):
            if self._is_steep and loop.terms <= FEW_TERMS:
                product = self._stopped_product(reads[0], reads[1])
            else:
                product = self._product(reads[0], reads[1], loop.terms)
            return product + reads[2][..., 0] if loop.has_initial else product
        if op is ops.sum_ and not loop.has_initial:
            return reads[0].sum(axis=-1)
        if op.arity is not None:
            return self._primitives.apply(op, [x[..., 0] for x in reads])
        initial = reads[-1][..., 0] if loop.has_initial else None
        return self._primitives.fold(op, reads[:-1] if loop.has_initial else reads, initial)

    def _stopped_product(self, left: Array, right: Array) -> Array:
        """Sums of few products, of which exact zeros stop the derivatives."""
        return self._primitives.apply(ops.mul, [left, right]).sum(axis=-1)

    def _product(self, left: Array, right: Array, terms: int) -> Array:
        """Sums of products over the last axis: products of matrices, where they are some."""
        if terms == 1:
            return left[..., 0] * right[..., 0]
        axes = AXES[: left.ndim - 1] + "z"
        used = [
            "".join(a for a, n in zip(axes, x.shape, strict=True) if n > 1) for x in (left, right)
        ]
        kept = [a for a in axes[:-1] if a in used[0] + used[1]]
        narrow = [x.reshape([n for n in x.shape if n > 1]) for x in (left, right)]
        form = f"{used[0]},{used[1]}->{''.join(kept)}"
        product = self._np.einsum(form, *narrow, precision="highest")
        if "z" not in used[0] + used[1]:
            product = product * float(terms)
        sizes = [max(pair) for pair in zip(left.shape, right.shape, strict=True)]
        return product.reshape(sizes[:-1])
