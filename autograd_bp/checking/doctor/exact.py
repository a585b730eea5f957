"""check_formulas(exact=True): the user's functions over exact numbers, for all weights at once."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Sequence
from typing import Any

from autograd_bp.checking.doctor.hand_formulas import TermPlace
from autograd_bp.checking.doctor.input import Given, read
from autograd_bp.checking.doctor.structure import Structure
from autograd_bp.errors import OperandError, SettingError, UnknownNameError
from autograd_bp.nn.exact.numbers import Exact
from autograd_bp.nn.exact.points import CONSTANTS, Point
from autograd_bp.nn.exact.proof import ExactProof, prove_exactly
from autograd_bp.nn.gamma import Weights
from autograd_bp.nn.network import Trace
from autograd_bp.nn.outputs import Outputs
from autograd_bp.nn.proof_problem import Problem

__all__ = ["prove_given"]

_HAS = "sizes, weights, layers, parameters(), trace(x) and network(x)"


class ExactNeuron:
    """A neuron of a point: its weights are exact numbers, also as `.data` of them."""

    def __init__(self, weights: Weights, activation: Any) -> None:
        self.bias, self.weights = weights.bias, tuple(weights.inputs)
        self.activation = activation
        self.n_inputs = len(self.weights)

    def __getattr__(self, name: str) -> Any:
        if name[:1] == "w" and name[1:].isdecimal() and int(name[1:]) <= len(self.weights):
            return (self.bias, *self.weights)[int(name[1:])]
        raise UnknownNameError(f"a neuron of an exact proof has no attribute {name!r}")


class ExactLayer:
    """A layer of a point."""

    def __init__(self, neurons: list[ExactNeuron]) -> None:
        self.neurons = neurons


class ExactNetwork:
    """A network at a point of an exact proof, as functions of the user's read it."""

    def __init__(self, problem: Problem, point: Point) -> None:
        self._problem, self._point = problem, point
        self.sizes = problem.network.sizes
        self.layers = [
            ExactLayer(
                [
                    ExactNeuron(w, neuron.activation)
                    for w, neuron in zip(weights, layer.neurons, strict=True)
                ]
            )
            for weights, layer in zip(point.layers, problem.network.layers, strict=True)
        ]
        self.weights = [
            [(neuron.bias, *neuron.weights) for neuron in layer.neurons] for layer in self.layers
        ]
        self.has_bias = problem.network.has_bias
        self.activation_names = problem.network.activation_names

    def parameters(self) -> list[Exact]:
        """Every weight, in the order of the network's own parameters."""
        return [w for layer in self.weights for neuron in layer for w in neuron if w is not None]

    def trace(self, row: Any) -> list[Trace]:
        """The stimuli and outputs of a row of the problem."""
        t = self._place(row)
        outputs = self._point.y[t][1:]
        return [Trace(*pair) for pair in zip(self._point.stimuli[t], outputs, strict=True)]

    def __call__(self, row: Any) -> Any:
        """The outputs of a row of the problem."""
        return Outputs(self._point.y[self._place(row)][-1])

    def _place(self, row: Any) -> int:
        entries = list(row)
        for t, outs in enumerate(self._point.y):
            if len(entries) == len(outs[0]) and all(
                a == b for a, b in zip(entries, outs[0], strict=True)
            ):
                return t
        raise SettingError(
            "exact=True knows the outputs of the rows of x and of no others: call network.trace "
            "with a row of x as it was given"
        )

    def __getattr__(self, name: str) -> Any:
        raise UnknownNameError(
            f"the network of an exact proof has no attribute {name!r}: it has {_HAS}"
        )


def prove_given(problem: Problem, given: Given, x: Any, d: Any) -> ExactProof:
    """The proof that the functions of the user's are the formulas of autodiff.

    Arguments:
        problem: what is derived.
        given: the functions.
        x: the inputs as the user gave them; functions get exact numbers in the same lists or
            arrays.
        d: the same of the desired outputs. Classes that are given by their index stay as they are.

    Raises: SettingError where numbers were given in the place of a function.
    """
    if not any(callable(derived) for derived in given):
        raise SettingError(
            "exact=True proves formulas for all weights: give functions of (network, x, d), "
            "numbers are right for one network alone"
        )

    is_class = _are_classes(d, problem)

    def formulas(point: Point) -> tuple[Any, Any]:
        network = ExactNetwork(problem, point)
        all_x = [list(row[0]) for row in point.y]
        all_d = [None if row is None else list(row) for row in point.d]
        rows, desired = (all_x, all_d) if problem.has_rows else (all_x[0], all_d[0])
        rows, desired = (
            _shaped_like(x, rows),
            copy.deepcopy(d) if is_class else _shaped_like(d, desired),
        )
        results = Given(
            *[derived(network, rows, desired) if callable(derived) else None for derived in given]
        )
        count = len(all_x) if problem.has_rows else None

        def number(value: Any) -> Exact:
            if getattr(value, "shape", None) == ():
                value = value.item()
            if isinstance(value, (str, bytes, complex)):
                raise OperandError(f"a real number is needed, got {value!r:.40}")
            return point.f.number(value)

        recurrent = problem.setting.recurrent
        terms = read(results, Structure(point.layers, count, point.rate, number, recurrent))
        return _nested(point, terms)

    return prove_exactly(problem, formulas, constants=(*CONSTANTS, "d") if is_class else CONSTANTS)


def _are_classes(d: Any, problem: Problem) -> bool:
    """Whether desired outputs are given by the index of the class."""
    if problem.network.sizes[-1] == 1:
        return False
    first = next((row for row in d if row is not None), None) if problem.has_rows else d
    return hasattr(first, "__index__") and not hasattr(first, "__len__")


def _shaped_like(original: Any, numbers: Any) -> Any:
    """Exact numbers in the lists, tuples or arrays of the original; one number alone for one."""
    shape = getattr(original, "shape", None)
    if shape is not None and hasattr(original, "dtype"):
        import numpy as np

        own = np.array(_flat(numbers), dtype=object).reshape(tuple(shape))
        return own if own.shape else own.item()
    if isinstance(original, (list, tuple)) and isinstance(numbers, list):
        pairs = zip(original, numbers, strict=True)
        return type(original)([_shaped_like(*pair) for pair in pairs])
    is_number = original is not None and not isinstance(original, Iterable)
    return numbers[0] if is_number and isinstance(numbers, list) and len(numbers) == 1 else numbers


def _flat(numbers: Any) -> list[Any]:
    if isinstance(numbers, list):
        return [number for part in numbers for number in _flat(part)]
    return [numbers]


def _nested(point: Point, terms: dict[TermPlace, Any]) -> tuple[Any, Any]:
    """γ of each row, and Δw; None for what is not there."""
    rows = len(point.y)

    def of(n: int, j: int, i: int | None, t: int | None = None) -> Any:
        return terms.get(TermPlace(n, j, i, t))

    several = any(place.row is not None for place in terms)
    γ = [
        [
            [of(n, j, None, t if several else None) for j in range(1, len(layer) + 1)]
            for n, layer in enumerate(point.layers, 1)
        ]
        for t in range(1, rows + 1)
    ]
    Δw = [
        [
            Weights(None if w.bias is None else of(n, j, 0), _each(of, n, j, len(w.inputs)))
            for j, w in enumerate(layer, 1)
        ]
        for n, layer in enumerate(point.layers, 1)
    ]
    return γ, Δw


def _each(of: Any, n: int, j: int, count: int) -> Sequence[Any]:
    return [of(n, j, i) for i in range(1, count + 1)]
