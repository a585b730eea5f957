"""Networks and PyTorch's modules: state dicts, and sequences of fully connected layers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autograd_bp.errors import MissingExtraError, ModelError, OperandError
from autograd_bp.exchange.tensors import layers_from, layers_of, set_layers
from autograd_bp.nn.network import Network

__all__ = ["from_torch", "load_torch_state", "to_torch_sequential", "torch_state"]

# The modules of torch by the name of the primitive that computes the same.
MODULES = {
    "sigmoid": "Sigmoid",
    "tanh": "Tanh",
    "relu": "ReLU",
    "softplus": "Softplus",
    "silu": "SiLU",
    "gelu": "GELU",
    "log_sigmoid": "LogSigmoid",
    "identity": "Identity",
}


def torch_state(network: Network) -> dict[str, Any]:
    """The weights as the state dict of `to_torch_sequential(network)`: tensors of float64 called
    0.weight, 0.bias, 2.weight and so on, since every second part is an activation.

    Raises: OperandError for a module that is no Network; MissingExtraError without PyTorch.
    """
    torch = _torch()
    _require_network(network)
    state = {}
    for k, (weight, bias) in enumerate(layers_of(network)):
        state[f"{2 * k}.weight"] = torch.from_numpy(weight)
        if bias is not None:
            state[f"{2 * k}.bias"] = torch.from_numpy(bias)
    return state


def load_torch_state(network: Network, state: Mapping[str, Any]) -> None:
    """Give a network the weights of a state dict of fully connected layers, whatever the layers
    are called: they are taken in the order of the numbers in their names.

    Raises: ModelError when they do not fit; nothing has been changed then.

    Example:
        >>> import numpy as np
        >>> from autograd_bp.exchange import load_torch_state
        >>> from autograd_bp.nn import Network
        >>> network = Network([2, 1])
        >>> load_torch_state(network, {"fc1.weight": np.array([[1.0, 2.0]]), "fc1.bias": [0.5]})
        >>> network.weights
        [[(-0.5, 1.0, 2.0)]]
    """
    _require_network(network)
    if not isinstance(state, Mapping):
        raise ModelError(f"a state dict is a mapping, got {type(state).__name__}")
    set_layers(network, layers_from(state))


def to_torch_sequential(network: Network) -> Any:
    """The network as a torch.nn.Sequential of Linear layers and activations, in float64.

    Raises: ModelError for an activation that torch.nn has no module for; as `torch_state`.
    """
    torch = _torch()
    _require_network(network)
    parts = []
    for name, (weight, bias) in zip(network.activation_names, layers_of(network), strict=True):
        if not isinstance(name, str) or name not in MODULES:
            raise ModelError(
                f"torch.nn has no module for the activation {name!s:.60}; it has those for "
                f"{', '.join(MODULES)}; network.compiled().to_torch() takes any"
            )
        parts.append(torch.nn.Linear(weight.shape[1], len(weight), bias is not None).double())
        parts.append(getattr(torch.nn, MODULES[name])())
    module = torch.nn.Sequential(*parts)
    module.load_state_dict(torch_state(network))
    return module


def from_torch(module: Any) -> Network:
    """A Network that computes what a torch.nn.Sequential of Linear layers and activations does.

    Raises: ModelError naming a part that has no counterpart here; MissingExtraError.
    """
    torch = _torch()
    if not isinstance(module, torch.nn.Sequential):
        raise ModelError(
            f"a torch.nn.Sequential of Linear layers and activations is needed, got "
            f"{type(module).__name__}; the state dict of another module is for load_torch_state"
        )
    layers: list[tuple[Any, Any]] = []
    activations: list[str] = []
    names = {getattr(torch.nn, name): ours for ours, name in MODULES.items()}
    for part in module:
        if isinstance(part, torch.nn.Linear):
            bias = None if part.bias is None else part.bias.detach().cpu().double().numpy()
            layers.append((part.weight.detach().cpu().double().numpy(), bias))
            activations.append("identity")
        elif isinstance(part, torch.nn.Dropout):
            continue  # it does nothing where nothing is learned
        elif type(part) in names and layers and activations[-1] == "identity":
            activations[-1] = _activation(part, names[type(part)])
        else:
            raise ModelError(f"{part!r:.60} has no counterpart in a Network")
    if not layers:
        raise ModelError("the module has no Linear layer")
    rows = [
        [(None if bias is None else 0.0 - bias[j], *weight[j].tolist()) for j in range(len(weight))]
        for weight, bias in layers
    ]
    return Network.from_weights(rows, activations)


def _activation(part: Any, name: str) -> str:
    settings = {"approximate": "none", "beta": 1.0}
    if any(getattr(part, key, value) != value for key, value in settings.items()):
        raise ModelError(f"{part!r:.60} has settings that the primitive {name} has not")
    return name


def _require_network(network: Any) -> None:
    if not isinstance(network, Network):
        raise OperandError(
            f"a Network is needed, got {type(network).__name__}: for another module save its "
            "weights with save_weights, or use compiled().to_torch()"
        )


def _torch() -> Any:
    try:
        import torch
    except ImportError:
        raise MissingExtraError(
            'this needs PyTorch, which is not installed: pip install "autograd_bp[torch]"'
        ) from None
    return torch
