"""The file format of models: JSON with a version, checked from top to bottom when read.

Sizes are compared with the numbers that the file really holds before anything is built, so a file
cannot ask for more memory than a few times its own size.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from autograd_bp.errors import DataError, ModelError, SettingError
from autograd_bp.nn.module import Module
from autograd_bp.nn.network import Network
from autograd_bp.nn.neuron import Neuron, activation_name, resolve
from autograd_bp.training.checked import (
    MAX_BYTES,
    cells_of,
    floats_of,
    list_of,
    mapping_of,
    size_of,
    text_of,
)
from autograd_bp.training.codingfile import encoder_from_json, target_from_json, target_to_json
from autograd_bp.training.encoder import Encoder
from autograd_bp.training.optimisers.base import Optimiser
from autograd_bp.training.optimisers.names import optimiser as by_name
from autograd_bp.training.scaling import Scaling
from autograd_bp.training.sequences import TOKENS, Sequences

if TYPE_CHECKING:
    from autograd_bp.training.model import Model

__all__ = ["read", "to_json"]

FORMAT = "autograd_bp model"
VERSION = 2
READABLE = (1, 2)  # version 1 had numbers that were scaled, and the targets of the post
MAX_LAYERS = 1000

Factories = Mapping[str, Callable[[], Module]]


# ------------------------------------------------------------------------------- writing
def to_json(model: Model) -> str:
    content: dict[str, Any] = {
        "format": FORMAT,
        "version": VERSION,
        "about": dict(model.about),
        **_described(model),
        "target": target_to_json(model.target),
        "columns": list(model.columns),
        **_scaling(model.scaling),
        "example": {"row": list(model.example[0]), "answer": model.example[1]},
        **({"optimiser": dict(model.learned_by)} if model.learned_by else {}),
        **_learned(model),
    }
    try:
        lines = [
            f"{json.dumps(key)}: {_indented(value) if key == 'weights' else _compact(value)}"
            for key, value in content.items()
        ]
    except (TypeError, ValueError) as error:
        raise ModelError(f"the model cannot be written as JSON: {error}") from None
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _described(model: Model) -> dict[str, Any]:
    """Describe the network as data."""
    network = model.network
    if model.factory:
        width = len(model.columns)
        if isinstance(model.scaling, (Encoder, Sequences)):
            width = model.scaling.width
        return {"factory": model.factory, "sizes": [width, model.target.n_outputs]}
    _require_plain(network)
    assert isinstance(network, Network)
    return {
        "sizes": list(network.sizes),
        "activations": network.activation_names,
        "bias": network.has_bias,
    }


def _learned(model: Model) -> dict[str, Any]:
    """Its weights."""
    network = model.network
    if not model.factory:
        assert isinstance(network, Network)
        rows = [[_numbers(neuron) for neuron in layer.neurons] for layer in network.layers]
        return {"weights": rows}
    state = network.state_dict()
    for name, number in state.items():
        if not math.isfinite(number):
            raise ModelError(f"the parameter {name} is {number}: it cannot be saved")
    return {"state": state}


def _scaling(scaling: Scaling | Encoder | Sequences) -> dict[str, Any]:
    if isinstance(scaling, Sequences):
        return {"sequences": scaling.to_json()}
    if isinstance(scaling, Encoder):
        return {"encoder": [coding.to_json() for coding in scaling.codings]}
    return {"low": list(scaling.low), "width": list(scaling.width)}


def _compact(value: Any) -> str:
    return json.dumps(value, allow_nan=False)


def _indented(layers: list[list[list[float]]]) -> str:
    """A line for each neuron."""
    shown = ("[\n" + ",\n".join(map(_compact, layer)) + "\n]" for layer in layers)
    return "[" + ", ".join(shown) + "]"


def _numbers(neuron: Neuron) -> list[float]:
    bias = [] if neuron.bias is None else [neuron.bias.data]
    return [*bias, *(weight.data for weight in neuron.weights)]


def _require_plain(network: Any) -> None:
    """Raises ModelError for a network that a file of this format cannot bring back."""
    if type(network) is not Network:
        raise ModelError(
            f"a {type(network).__name__} can be saved in a model that names a factory, which makes "
            "such a module when the file is loaded: dataclasses.replace(model, factory='name')"
        )
    neurons = [neuron for layer in network.layers for neuron in layer.neurons]
    weights = [w for neuron in neurons for w in (neuron.bias, *neuron.weights) if w is not None]
    if len(set(weights)) < len(weights):
        raise ModelError("a model is a Network, each neuron with weights of its own")
    if len({neuron.bias is None for neuron in neurons}) > 1:
        raise ModelError("a model has bias weights in all of its neurons, or in none")
    for neuron in neurons:
        name = activation_name(neuron.activation)
        try:
            known = resolve(name) is neuron.activation
        except SettingError:
            known = False
        if not known:
            raise ModelError(
                f"the activation {name!r:.60} has no place in a file: only those that have a name "
                "in the table of primitives can be saved"
            )
    for weight in weights:
        if not math.isfinite(weight.data):
            raise ModelError(f"the weight {weight.label} is {weight.data}: it cannot be saved")


# ------------------------------------------------------------------------------- reading
def read(path: str | os.PathLike[str], factories: Factories) -> dict[str, Any]:
    """The parts of a Model. Raises ModelError for a file that is not sound."""
    source = str(path)
    content = _parsed(source)
    try:
        return _checked(content, factories)
    except (ModelError, SettingError, DataError) as error:
        raise ModelError(f"{source} is not a sound model file: {error}") from None


def _parsed(source: str) -> dict[str, Any]:
    try:
        with open(source, "rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ModelError(f"cannot read the model {source!r}: {reason}") from None
    if len(raw) > MAX_BYTES:
        raise ModelError(f"{source} is larger than any model ({MAX_BYTES:,} bytes)")
    try:
        content = json.loads(raw.decode("utf-8-sig"), parse_constant=_refuse_constant)
    except RecursionError:
        raise ModelError(f"{source} is no model: it is nested deeper than any") from None
    except ValueError as error:
        raise ModelError(
            f"{source} is damaged, cut short, or no model at all ({str(error)[:120]}): train "
            "again, or take the file from where it was saved"
        ) from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise ModelError(f"{source} is not a model: it does not say format {FORMAT!r}")
    version = content.get("version")
    if version not in READABLE or isinstance(version, bool) or not isinstance(version, int):
        raise ModelError(
            f"{source} is of version {version!r:.20}, and this release reads versions 1 and 2: "
            "use the release that saved it, or train again"
        )
    return content


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not a number")


def _checked(content: Mapping[str, Any], factories: Factories) -> dict[str, Any]:
    sizes = [size_of(n) for n in list_of("sizes", content.get("sizes"))]
    if not 2 <= len(sizes) <= MAX_LAYERS:
        raise ModelError(f"sizes has {len(sizes)} entries, not 2 to {MAX_LAYERS}")
    factory = text_of("factory", content.get("factory", ""))
    network: Callable[[], Module]
    network = _made(content, factory, factories) if factory else _network(content, sizes)
    columns, scaling = _inputs(content, sizes[0])
    target = target_from_json(content.get("target"), sizes[-1])
    example = mapping_of("example", content.get("example"))
    row: tuple[Any, ...]
    if isinstance(scaling, Sequences):
        tokens = list_of("the row of example", example.get("row"))
        row = cells_of("the row of example", tokens, len(tokens))
    elif isinstance(scaling, Encoder):
        row = cells_of("the row of example", example.get("row"), len(columns))
    else:
        row = floats_of("the row of example", example.get("row"), sizes[0])
    answer = text_of("the answer of example", example.get("answer"))
    try:
        desired = target.desired(answer)
    except ValueError:  # a DataError among them
        desired = [math.nan]
    if not all(map(math.isfinite, desired)):
        raise ModelError(f"the example has the answer {answer!r:.40}, which fits no output")
    about = mapping_of("about", content.get("about", {}))
    learned_by = mapping_of("optimiser", content.get("optimiser", {}))
    if learned_by:
        optimiser_from(learned_by)
    return {
        "network": network(),
        "factory": factory,
        "columns": columns,
        "scaling": scaling,
        "target": target,
        "example": (row, answer),
        "about": about,
        "learned_by": learned_by or None,
    }


def optimiser_from(learned_by: Mapping[str, Any] | None) -> Optimiser:
    """The optimiser that a model has, in its state. Raises ModelError where it has none."""
    if not learned_by:
        raise ModelError("the model does not say with which optimiser it was learned")
    settings = mapping_of("the settings of the optimiser", learned_by.get("settings"))
    state = mapping_of("the state of the optimiser", learned_by.get("state"))
    try:
        optimiser = by_name(text_of("the optimiser", state.get("name")), None, **settings)
    except (SettingError, TypeError) as error:
        raise ModelError(f"its optimiser is not sound: {error}") from None
    optimiser.load_state_dict(state)
    return optimiser


def _network(content: Mapping[str, Any], sizes: list[int]) -> Callable[[], Module]:
    """Make the network, when everything else is checked."""
    bias = content.get("bias")
    if not isinstance(bias, bool):
        raise ModelError(f"bias is {bias!r:.40}, not true or false")
    weights = _weights(content.get("weights"), sizes, bias)
    activations = _activations(content.get("activations"), sizes)

    def make() -> Network:
        network = Network(sizes, activations, bias)
        for layer, rows in zip(network.layers, weights, strict=True):
            for neuron, numbers in zip(layer.neurons, rows, strict=True):
                values = neuron.weights if neuron.bias is None else (neuron.bias, *neuron.weights)
                for weight, number in zip(values, numbers, strict=True):
                    weight.data = number
        return network

    return make


def _made(content: Mapping[str, Any], factory: str, factories: Factories) -> Callable[[], Module]:
    """Make a module of the user's own, by the function that the caller has for its name."""
    if factory not in factories:
        raise ModelError(
            f"its network is made by {factory!r:.60}: give load_model the function of no arguments "
            f"that makes it, factories={{{factory!r:.60}: function}}"
        )
    state = mapping_of("state", content.get("state"))
    floats_of("state", list(state.values()), len(state))

    def make() -> Module:
        module = factories[factory]()
        module.load_state_dict(state)
        return module

    return make


def _weights(layers: Any, sizes: list[int], bias: bool) -> list[list[tuple[float, ...]]]:
    return [
        [
            floats_of(f"neuron {j} of layer {number}", neuron, n_inputs + bias)
            for j, neuron in enumerate(list_of(f"layer {number} of weights", layer, n), 1)
        ]
        for number, (layer, n_inputs, n) in enumerate(
            zip(list_of("weights", layers, len(sizes) - 1), sizes, sizes[1:], strict=False), 1
        )
    ]


def _activations(names: Any, sizes: list[int]) -> list[Any]:
    activations: list[Any] = []
    for entry, n in zip(list_of("activations", names, len(sizes) - 1), sizes[1:], strict=True):
        if isinstance(entry, str):
            activations.append(resolve(entry))
        else:
            of_neurons = list_of("activations of a layer", entry, n)
            activations.append([resolve(text_of("activations", name)) for name in of_neurons])
    return activations


def _inputs(
    content: Mapping[str, Any], width: int
) -> tuple[tuple[str, ...], Scaling | Encoder | Sequences]:
    """The columns and what is done to them first."""
    if "sequences" in content:
        sequences = Sequences.from_json(mapping_of("sequences", content["sequences"]))
        if sequences.width != width or content.get("columns") != [TOKENS]:
            raise ModelError(f"sequences has {sequences.width} inputs, and sizes asks for {width}")
        return (TOKENS,), sequences
    if content.get("version") == 1 or "encoder" not in content:
        names = list_of("columns", content.get("columns"), width)
        columns = tuple(text_of("columns", name) for name in names)
        if len(set(columns)) < len(columns):
            raise ModelError("two columns have one name")
        low = floats_of("low", content.get("low"), width)
        widths = floats_of("width", content.get("width"), width)
        if not all(w > 0.0 for w in widths):
            raise ModelError("a width is not above 0")
        return columns, Scaling(low, widths)
    encoder = encoder_from_json(content["encoder"])
    if encoder.width != width:
        raise ModelError(f"the encoder makes {encoder.width} inputs, and sizes asks for {width}")
    if content.get("columns") != list(encoder.columns):
        raise ModelError("columns are not those of the encoder")
    return encoder.columns, encoder
