"""The weights of a module as arrays by name, and back.

A Network has `layers.0.weight` (outputs, inputs) and `layers.0.bias` (outputs,) for its first layer
and so on. Another module has one array of its parameters and the list of their names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from autograd_bp.errors import ModelError
from autograd_bp.nn.module import Module
from autograd_bp.nn.network import Network

__all__ = ["PARAMETERS", "layers_of", "set_layers", "set_tensors", "tensors_of"]

PARAMETERS = "parameters"
Layers = list[tuple[Any, Any]]  # an array (outputs, inputs) and one (outputs,), or None


def layers_of(network: Network) -> Layers:
    """For each layer W and b of W x + b; b is None where no neuron has a bias.

    Raises: ModelError for a layer in which some neurons have a bias and others have none.
    """
    import numpy as np

    layers: Layers = []
    for number, neurons in enumerate(network.weights, 1):
        with_bias = [neuron[0] is not None for neuron in neurons]
        if any(with_bias) and not all(with_bias):
            raise ModelError(
                f"in layer {number} some neurons have a bias and others have none, which these "
                "formats cannot say: give each a bias, with the weight 0.0 where there is none"
            )
        weight = np.array([neuron[1:] for neuron in neurons], dtype=float)
        bias = np.array([0.0 - neuron[0] for neuron in neurons]) if with_bias[0] else None  # type: ignore[operator]
        layers.append((weight, bias))
    return layers


def tensors_of(module: Module) -> tuple[dict[str, Any], list[str] | None]:
    """The arrays of a module, and the names of its parameters where it is no Network.

    Raises: ModelError for weights that are not finite, and as `layers_of`.
    """
    import numpy as np

    for name, parameter in module.named_parameters():
        if not np.isfinite(parameter.data):
            raise ModelError(f"the parameter {name} is {parameter.data}: it cannot be saved")
    if isinstance(module, Network):
        tensors = {}
        for k, (weight, bias) in enumerate(layers_of(module)):
            tensors[f"layers.{k}.weight"] = weight
            if bias is not None:
                tensors[f"layers.{k}.bias"] = bias
        return tensors, None
    state = module.state_dict()
    return {PARAMETERS: np.array([*state.values()], dtype=float)}, list(state)


def set_tensors(module: Module, tensors: Mapping[str, Any], names: list[str] | None) -> None:
    """Give a module the weights that `tensors_of` made, or those of a network of layers from
    elsewhere. Everything is checked before anything is changed.

    Raises: ModelError when they do not fit.
    """
    if names is not None or set(tensors) == {PARAMETERS}:
        numbers = _plain(PARAMETERS, tensors.get(PARAMETERS))
        own = names if names is not None else list(module.state_dict())
        if numbers.ndim != 1 or len(numbers) != len(own):
            raise ModelError(
                f"there are {numbers.size} numbers for {len(own)} parameters: the file is damaged, "
                "or of another module"
            )
        module.load_state_dict(dict(zip(own, numbers.tolist(), strict=True)))
        return
    if not isinstance(module, Network):
        raise ModelError(
            f"these are the weights of layers ({_some(tensors)}), and the module is a "
            f"{type(module).__name__}: load them into a Network"
        )
    set_layers(module, layers_from(tensors))


def layers_from(tensors: Mapping[str, Any]) -> Layers:
    """The layers of arrays that are called NAME.weight and NAME.bias, in the order of the numbers
    in their names.

    Raises: ModelError for other names and shapes.
    """
    parts: dict[str, dict[str, Any]] = {}
    for name, tensor in tensors.items():
        layer, _, part = name.rpartition(".")
        if part not in ("weight", "bias"):
            raise ModelError(
                f"the weights of layers are called NAME.weight and NAME.bias, got {name!r:.60}"
            )
        parts.setdefault(layer, {})[part] = _plain(name, tensor)
    layers: Layers = []
    for layer in sorted(parts, key=_by_numbers):
        weight, bias = parts[layer].get("weight"), parts[layer].get("bias")
        if weight is None or weight.ndim != 2:
            raise ModelError(
                f"{layer}.weight is an array (outputs, inputs), got "
                f"{'none' if weight is None else f'the shape {weight.shape}'}: only fully "
                "connected layers have a counterpart here"
            )
        if bias is not None and bias.shape != weight.shape[:1]:
            raise ModelError(
                f"{layer}.bias has the shape {bias.shape}, and the layer has {len(weight)} neurons"
            )
        layers.append((weight, bias))
    if not layers:
        raise ModelError("there are no weights in it")
    return layers


def set_layers(network: Network, layers: Layers) -> None:
    """Give the network the weights of `layers_of`. A layer without b gives its neurons w0 = 0.

    Raises: ModelError when the shapes differ.
    """
    sizes = [layers[0][0].shape[1], *(len(weight) for weight, _ in layers)]
    if sizes != list(network.sizes):
        raise ModelError(
            f"the weights are those of a network of the sizes {sizes}, and this one has "
            f"{list(network.sizes)}"
        )
    known = network.weights
    rows = []
    for number, ((weight, bias), neurons) in enumerate(zip(layers, known, strict=True), 1):
        has_bias = neurons[0][0] is not None
        if bias is not None and not has_bias and bias.any():
            raise ModelError(
                f"layer {number} has no bias, and the weights have one: make the network with "
                "bias=True"
            )
        first = [None] * len(weight) if not has_bias else [0.0] * len(weight)
        if bias is not None and has_bias:
            first = (0.0 - bias).tolist()
        rows.append([(w0, *w) for w0, w in zip(first, weight.tolist(), strict=True)])
    network.set_weights(rows)


def _plain(name: str, tensor: Any) -> Any:
    """An array of floats, also of torch's tensor. Raises ModelError for what is no such."""
    import numpy as np

    if hasattr(tensor, "detach"):
        tensor = tensor.detach().cpu().double().numpy()
    array = np.asarray(tensor)
    if array.dtype.kind not in "fiu":
        raise ModelError(f"{name:.60} is no array of real numbers, got the dtype {array.dtype}")
    array = array.astype(float)
    if not np.isfinite(array).all():
        raise ModelError(f"{name:.60} holds a number that is not finite")
    return array


def _by_numbers(name: str) -> list[tuple[int, str]]:
    """layers.10 after layers.9."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", name)]


def _some(tensors: Mapping[str, Any]) -> str:
    names = list(tensors)
    return ", ".join(names[:3]) + (" ..." if len(names) > 3 else "")
