"""The mean performance of all rows as a function of the weights, for optimisers that evaluate it
several times in a step.

It has the gradient, the products of the Hessian with vectors, and, where P is a sum of squares or
the logarithm of a likelihood, residuals with their jacobian. The rows are gone over by a compiled
program, or one by one where none is wanted.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from autograd_bp import functions
from autograd_bp.compiling.calling.threads import count_of
from autograd_bp.compiling.front.graph import compile
from autograd_bp.compiling.front.recording import Recording
from autograd_bp.derivatives.reverse import gradients
from autograd_bp.errors import SettingError
from autograd_bp.nn.module import Module
from autograd_bp.nn.performances import logistic, softmax
from autograd_bp.nn.sequences import applied
from autograd_bp.random.sources import RowNumbers, asked
from autograd_bp.training.batches import Batches
from autograd_bp.training.rows import Pair, no_performance
from autograd_bp.training.target import is_right
from autograd_bp.value import Value

__all__ = ["CompiledRows", "EagerRows", "Objective"]

Floats = NDArray[np.float64]
Performance = Callable[[Any, Any], Any]
Part = tuple[Floats, Floats, Floats, Floats]  # z, J, d and the weights of some rows
MOST_NUMBERS = 4_000_000  # of a jacobian that is held at once
LEAST_SPREAD = 1e-30  # of a probability z (1 - z)


class Rows(Protocol):
    """All rows, gone over for some weights.

    Attributes:
        epoch: that of the random numbers that rows draw, from 0.
    """

    epoch: int

    def sums(self, weights: Floats) -> tuple[Floats, int]:
        """Σ P and its gradient in one array, and how many rows are right."""

    def product(self, weights: Floats, v: Floats) -> Floats:
        """Σ H v."""

    def jacobians(self, weights: Floats) -> Iterator[Part]:
        """For some rows after the others z (rows, outputs), ∂z/∂w (rows, outputs, weights), the
        desired outputs and the weight of each row."""


class Objective:
    """The mean performance, with decay, as a function of the weights that move.

    Arguments:
        rows: the rows, and what goes over them.
        count: how many there are.
        performance: what P is, for the residuals.
        weights: the numbers of all parameters.
        decay: λ of -½ λ Σ w², for each parameter.
        free: the places of the parameters that move; None for all.

    Attributes:
        total: Σ P at the weights where a step began, without decay.
        right: how many rows were right there.
    """

    def __init__(
        self,
        rows: Rows,
        count: int,
        performance: Performance,
        *,
        weights: Floats,
        decay: Floats,
        free: list[int] | None,
    ) -> None:
        self._rows, self._count, self._performance = rows, count, performance
        self._all, self._decay = weights.copy(), decay
        self._free = np.arange(len(weights)) if free is None else np.array(free)
        self._known: tuple[bytes, tuple[Floats, int]] | None = None
        self._factors: tuple[bytes, tuple[Floats, Floats]] | None = None

    def begin(self, weights: Floats, epoch: int = 0) -> tuple[float, int]:
        """Σ P and how many rows are right where a step begins, whose random numbers are those of an
        epoch."""
        if self._rows.epoch != epoch:
            self._rows.epoch, self._known, self._factors = epoch, None, None
        sums, right = self._sums(self._full(weights))
        return float(sums[0]), right

    def arguments(self, kind: str) -> tuple[Callable[..., Any], ...]:
        """The arguments of the step of an optimiser of that kind."""
        if kind == "residuals":
            return (self.residuals,)
        if kind == "curvature":
            return self.value_and_gradient, self.product
        return (self.value_and_gradient,)

    def value_and_gradient(self, weights: Floats) -> tuple[float, Floats]:
        full = self._full(weights)
        sums, _ = self._sums(full)
        P = float(sums[0]) / self._count - 0.5 * float(self._decay @ (full * full))
        gradient = sums[1:] / self._count - self._decay * full
        return P, gradient[self._free]

    def product(self, weights: Floats, v: Floats) -> Floats:
        full, direction = self._full(weights), np.zeros(len(self._all))
        direction[self._free] = v
        product = self._rows.product(full, direction) / self._count - self._decay * direction
        return product[self._free]

    def residuals(self, weights: Floats) -> tuple[Floats, Floats, float]:
        """Residuals, their jacobian, and P: as many rows as there are weights, by a factor of the
        jacobian of all rows that is built part after part."""
        full = self._full(weights)
        key = full.tobytes()
        if self._factors is None or self._factors[0] != key:
            self._factors = (key, self._reduced(full))
        r, J = self._factors[1]
        return r, J, self.value_and_gradient(weights)[0]

    def _reduced(self, full: Floats) -> tuple[Floats, Floats]:
        n = len(self._free)
        kept: Any = np.zeros((0, n + 1))
        with np.errstate(all="ignore"):
            for part in self._rows.jacobians(full):
                A, r = _squares(self._performance, *part)
                block = np.concatenate(
                    [A.reshape(-1, A.shape[-1])[:, self._free], r.reshape(-1, 1)], 1
                )
                block = np.concatenate([kept, block])
                if not np.isfinite(block).all():
                    raise SettingError("the slopes of the outputs are beyond all numbers")
                kept = np.linalg.qr(block, mode="r") if len(block) > n + 1 else block
        kept = kept / math.sqrt(self._count)
        if self._decay.any():
            root = np.sqrt(self._decay[self._free])
            decayed = np.concatenate([np.diag(root), (root * full[self._free])[:, None]], 1)
            kept = np.concatenate([kept, decayed])
        return kept[:, -1], kept[:, :-1]

    def _full(self, weights: Floats) -> Floats:
        full: Floats = self._all.copy()
        full[self._free] = weights
        return full

    def _sums(self, full: Floats) -> tuple[Floats, int]:
        key = full.tobytes()
        if self._known is None or self._known[0] != key:
            self._known = (key, self._rows.sums(full))
        return self._known[1]


def _squares(
    performance: Performance, z: Floats, J: Floats, d: Floats, weight: Floats
) -> tuple[Floats, Floats]:
    """A and r, so that AᵀA is -H in the approximation of Gauss and Newton, and -Aᵀr is ∇P."""
    if performance is functions.performance:
        A, r = J, z - d
    elif performance is logistic:
        root = np.sqrt(np.maximum(z * (1.0 - z), LEAST_SPREAD))
        A, r = J / root[..., None], (z - d) / root
    elif performance is softmax:
        s = np.exp(z - z.max(axis=1, keepdims=True))
        s = np.maximum(s / s.sum(axis=1, keepdims=True), LEAST_SPREAD)
        root = np.sqrt(s)
        A = root[..., None] * (J - np.einsum("rk,rkw->rw", s, J)[:, None, :])
        r = (s - d) / root
    else:
        raise SettingError(
            "this optimiser needs a performance that is a sum of squares or a likelihood: "
            "bp.performance, softmax or logistic outputs; choose lbfgs for others"
        )
    root = np.sqrt(weight)
    return A * root[:, None, None], r * root[:, None]


class CompiledRows:
    """Rows gone over by compiled programs.

    Arguments:
        batches: the program of the gradient.
        network: the network.
        arrays: the inputs (rows, inputs), the desired outputs (rows, outputs), and the weight of
            each row.
        performance: P.
        backend: what runs the other programs.
    """

    def __init__(
        self,
        batches: Batches,
        network: Module,
        arrays: tuple[Floats, Floats, Floats],
        performance: Performance,
        backend: str,
    ) -> None:
        self._batches = batches
        self.X, self.D, self.weight = arrays
        self._recording = Recording(
            network,
            self.X.shape[1],
            performance,
            weighted=True,
            drawn=batches.seed is not None,
        )
        self._options: dict[str, Any] = {"backend": backend, "threads": None}
        self._performance: Any = None
        self._outputs: Any = None

    @property
    def epoch(self) -> int:
        """The epoch of the random numbers that rows draw."""
        return self._batches.epoch

    @epoch.setter
    def epoch(self, epoch: int) -> None:
        self._batches.epoch = epoch

    def sums(self, weights: Floats) -> tuple[Floats, int]:
        return self._batches.all_rows(weights)

    def _fit(self, weights: Floats) -> None:
        """Sees to it that loops have rounds enough for all rows."""
        if not self._recording.grows:
            return
        parts = [self.X, self.D, self.weight[:, None], self._batches.random()]
        rows = np.ascontiguousarray(np.concatenate(parts, axis=1).T)
        fitting = self._recording.fitting(weights, rows, count_of(None))
        if fitting is not self._recording:
            self._recording, self._performance, self._outputs = fitting, None, None

    def product(self, weights: Floats, v: Floats) -> Floats:
        self._fit(weights)
        if self._performance is None:
            P, inputs = self._recording.weighted_performance()
            self._performance = compile(
                P, parameters=self._recording.parameters, inputs=inputs, reduce="sum",
                **self._options,
            )  # fmt: skip
        X = np.concatenate([self.X, self._batches.random()], axis=1)
        return np.asarray(
            self._performance.hvp(weights, X, self.D, self.weight[:, None], tangent=v)
        )

    def jacobians(self, weights: Floats) -> Iterator[Part]:
        self._fit(weights)
        if self._outputs is None:
            self._outputs = self._recording.outputs_by_weights(**self._options)
        size = max(1, MOST_NUMBERS // (len(weights) * self.D.shape[1]))
        drawn = self._batches.random()[:, : len(self._recording.draws_of_outputs)]
        X = np.concatenate([self.X, drawn], axis=1)
        for start in range(0, len(X), size):
            part = slice(start, start + size)
            z, J = self._outputs.value_and_jacobian(weights, X[part])
            d = self.D[part]
            yield z.reshape(d.shape), J.reshape(*d.shape, -1), d, self.weight[part]


class EagerRows:
    """Rows recorded and swept one by one."""

    def __init__(
        self,
        network: Module,
        rows: Sequence[Pair],
        performance: Performance,
        sample_weight: Sequence[float] | None,
        numbers: RowNumbers | None = None,
    ) -> None:
        self._network, self._rows, self._performance = applied(network), rows, performance
        self._weight, self._numbers, self.epoch = sample_weight, numbers or RowNumbers(0), 0
        self._parameters = network.parameters()

    def sums(self, weights: Floats) -> tuple[Floats, int]:
        total, right = 0.0, 0
        for w in self._parameters:
            w.grad = 0.0
        for P, z, d in self._performances(weights):
            P.backward()
            total += P.data
            right += is_right(d, [output.data for output in z])
        gradient = [w.grad for w in self._parameters]
        for w in self._parameters:
            w.grad = 0.0
        return np.array([total, *gradient]), right

    def product(self, weights: Floats, v: Floats) -> Floats:
        result = np.zeros(len(weights))
        for P, _, _ in self._performances(weights):
            slopes = gradients(P, self._parameters, record=True)
            parts = zip(slopes, v.tolist(), strict=True)
            along = sum((slope * number for slope, number in parts), Value(0.0))
            result += np.array(gradients(along, self._parameters), dtype=float)
        return result

    def jacobians(self, weights: Floats) -> Iterator[Part]:
        self._set(weights)
        size = max(1, MOST_NUMBERS // (len(weights) * len(self._rows[0][1])))
        for start in range(0, len(self._rows), size):
            z, J, d = [], [], []
            for place, (x, desired) in enumerate(self._rows[start : start + size], start):
                self._numbers.begin(self.epoch, place)
                with asked(self._numbers):
                    outputs = _listed(self._network(x))
                z.append([output.data for output in outputs])
                J.append([gradients(output, self._parameters) for output in outputs])
                d.append(desired)
            weight = [1.0] * len(z) if self._weight is None else self._weight[start : start + size]
            yield tuple(np.array(part, dtype=float) for part in (z, J, d, weight))  # type: ignore[misc]

    def _performances(self, weights: Floats) -> Iterator[tuple[Any, Sequence[Value], list[Any]]]:
        self._set(weights)
        for place, (x, d) in enumerate(self._rows):
            self._numbers.begin(self.epoch, place)
            with asked(self._numbers):
                z = _listed(self._network(x))
                P = self._performance(d, z)
            if not isinstance(P, Value):
                raise no_performance(P)
            yield P if self._weight is None else self._weight[place] * P, z, d

    def _set(self, weights: Floats) -> None:
        for w, number in zip(self._parameters, weights.tolist(), strict=True):
            w.data = number


def _listed(z: Any) -> Sequence[Value]:
    return [z] if isinstance(z, Value) else z
