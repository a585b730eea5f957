"""The problem that `prove` and `check_formulas` are given: the network, the rows and how they are
derived."""

from __future__ import annotations

from typing import Any, NamedTuple

from autograd_bp.errors import SettingError
from autograd_bp.nn.gamma import Weights
from autograd_bp.nn.network import Network
from autograd_bp.nn.proof_activations import Performance, output_of, slopes_of
from autograd_bp.nn.proof_arguments import (
    desired_of,
    masks_of,
    not_negative,
    own_inputs,
    positive,
    recurrent_of,
    refuse_other_networks,
    rows_of,
)
from autograd_bp.nn.proof_options import Options, settled
from autograd_bp.nn.slopes import Setting
from autograd_bp.value import Value

__all__ = ["Problem"]


class Problem(NamedTuple):
    """A network, its rows, and what is derived from them.

    Attributes:
        network: the network.
        rows: the inputs of each row or step.
        desired: the desired outputs of each, None where there are none.
        setting: what the formulas need to know.
        performance: P of a row, as a function of d and of what the last layer puts out.
        rate: δ.
        is_plain: one row of a network of sigmoids with P = -½ Σ (d - z)²: the post's case.
        has_rows: whether reports number the rows.
        alike: whether both sides round alike, so that differences of 0 are expected.
        output_name: the name of the output, "" for one of the user's.
        activations: the name of each neuron's activation in SLOPES, "own" for another one.
    """

    network: Network
    rows: list[list[float]]
    desired: list[list[float] | None]
    setting: Setting
    performance: Performance
    rate: float
    is_plain: bool
    has_rows: bool
    alike: bool
    output_name: str
    activations: list[list[str]]

    @classmethod
    def of(
        cls, network: Any, x: Any, d: Any, rate: Any, options: Options, *, needs_slopes: bool = True
    ) -> Problem:
        """Read and check the arguments of `prove`. Without `needs_slopes` activations may have no
        stated slope, and a performance no stated γ.

        Raises: SettingError, ShapeError and OperandError, as `prove` says.
        """
        options = settled(options)
        δ = positive("rate", rate)
        refuse_other_networks(network)
        batch = options["batch"]
        if batch not in (None, "sum", "mean"):
            raise SettingError(f'batch is "sum" or "mean", got {batch!r:.60}')
        recurrent = recurrent_of(network, options["recurrent"])
        if batch and recurrent:
            raise SettingError("recurrent= reads the rows as steps in time: give no batch= with it")
        several = bool(batch or recurrent)
        rows = rows_of(x, several, network.sizes[0] - own_inputs(network, 1, recurrent))
        output, performance, name = output_of(
            options["output"], options["performance"], network, needs_slopes
        )
        desired = desired_of(d, several, len(rows), network.sizes[-1], name, bool(recurrent))
        slopes, names = slopes_of(network, options["slopes"], needs_slopes)
        kinds = {name for layer in names for name in layer}
        setting = Setting(
            slopes,
            output,
            masks_of(options["masks"], network, len(rows)),
            recurrent,
            1.0 / len(rows) if batch == "mean" else 1.0,
            not_negative("decay", options["decay"]),
            bool(options["decay_bias"]),
        )
        alone = not (several or setting.masks or setting.decay)
        return cls(
            network,
            rows,
            desired,
            setting,
            performance,
            δ,
            kinds == {"sigmoid"} and alone and name == "squares" and not _groups(network),
            several,
            kinds <= {"sigmoid", "tanh", "relu", "identity"} and name == "squares",
            name,
            names,
        )

    @property
    def layers(self) -> list[list[Weights]]:
        """The weights as plain numbers."""
        return [
            [
                Weights(None if n.bias is None else n.bias.data, [w.data for w in n.weights])
                for n in layer.neurons
            ]
            for layer in self.network.layers
        ]

    @property
    def shared(self) -> list[list[tuple[int, int, int]]]:
        """The places of each weight that is in several places."""
        return _groups(self.network)

    def tied(self, changes: list[list[Weights]]) -> list[list[Weights]]:
        """The changes, where a weight in several places has the sum of its places everywhere."""
        for group in self.shared:
            parts = [_part(changes[n][j], i) for n, j, i in group]
            whole = parts[0]
            for part in parts[1:]:
                whole = whole + part
            for n, j, i in group:
                bias, inputs = changes[n][j]
                inputs = list(inputs)
                if i:
                    inputs[i - 1] = whole
                changes[n][j] = Weights(bias if i else whole, inputs)
        return changes


def _part(weights: Weights, i: int) -> Any:
    return weights.inputs[i - 1] if i else weights.bias


def _groups(network: Network) -> list[list[tuple[int, int, int]]]:
    places: dict[Value, list[tuple[int, int, int]]] = {}
    for n, layer in enumerate(network.layers):
        for j, neuron in enumerate(layer.neurons):
            for i, weight in enumerate((neuron.bias, *neuron.weights)):
                if weight is not None:
                    places.setdefault(weight, []).append((n, j, i))
    return [group for group in places.values() if len(group) > 1]
