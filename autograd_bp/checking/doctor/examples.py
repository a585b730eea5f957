"""The numbers that formulas are derived from: a network, its rows, and what it puts out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from autograd_bp.nn import gamma
from autograd_bp.nn.gamma import Weights
from autograd_bp.nn.network import Network
from autograd_bp.nn.proof_options import Options
from autograd_bp.nn.proof_problem import Problem
from autograd_bp.nn.slopes import Setting

if TYPE_CHECKING:
    from typing_extensions import Unpack

__all__ = ["Example", "RowNumbers", "add_up"]


def add_up(parts: Sequence[float]) -> float:
    """Their sum, from left to right."""
    total = parts[0]
    for part in parts[1:]:
        total += part
    return total


class RowNumbers(NamedTuple):
    """One row, or one step in time.

    Attributes:
        y: the inputs, then the outputs of each layer.
        α: the stimuli of each layer; an empty list for the inputs, which have none.
        fed: what each layer is fed: masked outputs, and its own of the step before.
        d: the desired outputs; None where a step has none.
        z: the outputs as P sees them: of a softmax the shares.
        slopes: dy/dα of each layer; 1 where an output has it in its error.
        errors: ∂P/∂z of each output.
    """

    y: list[list[float]]
    α: list[list[float]]
    fed: list[list[float]]
    d: list[float] | None
    z: list[float]
    slopes: list[list[float]]
    errors: list[float]


@dataclass(frozen=True)
class Example:
    """A network, its rows and the rate, with what it puts out.

    Attributes:
        layers: the weights, first layer first.
        rows: the numbers of each row.
        rate: δ.
        setting: what the formulas need to know.
        activations: the name of each neuron's activation, "own" for one that has no name here.
        output_name: the name of the output, "" for one of the user's.
        has_rows: whether terms have the number of their row.
        shared: the places of each weight that is in several places.
        tie: what such a weight has of the changes of its places, which is their sum.
    """

    layers: Sequence[Sequence[Weights]]
    rows: list[RowNumbers]
    rate: float
    setting: Setting
    activations: list[list[str]]
    output_name: str = "squares"
    has_rows: bool = False
    shared: tuple[tuple[tuple[int, int, int], ...], ...] = ()
    tie: Callable[[Sequence[float]], float] | None = add_up

    @classmethod
    def of_problem(cls, problem: Problem) -> Example:
        """The example of a problem whose setting is complete."""
        example = cls(
            problem.layers,
            [],
            problem.rate,
            problem.setting,
            problem.activations,
            problem.output_name,
            problem.has_rows,
            tuple(map(tuple, problem.shared)),
        )
        return example.with_rows(problem.rows, problem.desired)

    @classmethod
    def of_network(
        cls, network: Network, x: Any, d: Any, rate: float, **options: Unpack[Options]
    ) -> Example:
        """For the weights that a network has now; the other arguments are those of `prove`."""
        return cls.of_problem(Problem.of(network, x, d, rate, options, needs_slopes=False))

    def with_rows(
        self,
        x: Sequence[Sequence[float]],
        d: Sequence[Sequence[float] | None],
        layers: Sequence[Sequence[Weights]] | None = None,
    ) -> Example:
        """The same network at other inputs, or with outputs of other weights than its own."""
        layers = self.layers if layers is None else layers
        rows: list[RowNumbers] = []
        before = None
        for t, (inputs, desired) in enumerate(zip(x, d, strict=True)):
            setting = self.setting.of_row(t)
            past = before if setting.recurrent else None
            y = gamma.outputs(layers, inputs, setting, past)
            α = gamma.stimuli(layers, y, setting, past)
            fed = gamma._all_fed(layers, y, setting, past)
            rows.append(self._row(y, [[], *α], [[], *fed], desired))
            before = y
        return replace(self, rows=rows)

    def _row(
        self,
        y: list[list[float]],
        α: list[list[float]],
        fed: list[list[float]],
        d: Sequence[float] | None,
    ) -> RowNumbers:
        output = self.setting.output
        z = list(y[-1] if output.outputs is None else output.outputs(y[-1]))
        slopes = [
            [float(s(a, out)) for s, a, out in zip(of_layer, α[n], y[n], strict=True)]
            for n, of_layer in enumerate(self.setting.slopes, 1)
        ]
        if d is None:
            errors: list[Any] = [0.0] * len(z)
        elif output.gamma is not None:
            slopes[-1], errors = [1.0] * len(z), list(output.gamma(d, z))
        else:
            assert output.errors is not None
            errors = list(output.errors(d, z))
        return RowNumbers(
            y, α, fed, None if d is None else list(d), z, [[], *slopes], list(map(float, errors))
        )

    def replaced(self, rows: list[RowNumbers]) -> Example:
        """The same with other numbers."""
        return replace(self, rows=rows)

    @property
    def depth(self) -> int:
        """The number of layers."""
        return len(self.layers)

    @property
    def y(self) -> list[list[float]]:
        """The inputs and the outputs of each layer, in the first row."""
        return self.rows[0].y

    @property
    def α(self) -> list[list[float]]:
        """The stimuli of each layer, in the first row."""
        return self.rows[0].α

    @property
    def d(self) -> list[float]:
        """The desired outputs of the first row that has some."""
        return next(row.d for row in self.rows if row.d is not None)

    @property
    def is_combined(self) -> bool:
        """Whether γ of the outputs is stated as a whole, with the slope in it."""
        return self.setting.output.gamma is not None

    def activation(self, layer: int, j: int) -> str:
        """The name of a neuron's activation; "combined" in an output that has its slope in its
        error."""
        if self.is_combined and layer == self.depth:
            return "combined"
        return self.activations[layer - 1][j]

    def kinds(self, layer: int) -> set[str]:
        """The activations of a layer."""
        return {self.activation(layer, j) for j in range(len(self.layers[layer - 1]))}
