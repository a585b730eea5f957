"""The file format of models: JSON with a version, checked from top to bottom when read.

Sizes are compared with the numbers that the file really holds before anything is built, so a file
cannot ask for more memory than a few times its own size.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from autograd_bp.errors import DataError, ModelError, SettingError
from autograd_bp.nn.network import Network
from autograd_bp.nn.neuron import Neuron, activation_name, resolve
from autograd_bp.training.scaling import Scaling
from autograd_bp.training.target import Classes, Numbers, Target

if TYPE_CHECKING:
    from autograd_bp.training.model import Model

__all__ = ["read", "to_json"]

FORMAT = "autograd_bp model"
VERSION = 1
MAX_BYTES = 200_000_000
MAX_LAYERS = 1000
MAX_TEXT = 10_000  # characters in a name


# ------------------------------------------------------------------------------- writing
def to_json(model: Model) -> str:
    network = model.network
    _require_plain(network)
    target: dict[str, Any] = {"name": model.target.name}
    if isinstance(model.target, Classes):
        target["classes"] = list(model.target.classes)
    elif isinstance(model.target, Numbers):
        target |= {"low": model.target.low, "width": model.target.width}
    content: dict[str, Any] = {
        "format": FORMAT,
        "version": VERSION,
        "about": dict(model.about),
        "sizes": list(network.sizes),
        "activations": network.activation_names,
        "bias": network.has_bias,
        "target": target,
        "columns": list(model.columns),
        "low": list(model.scaling.low),
        "width": list(model.scaling.width),
        "example": {"row": list(model.example[0]), "answer": model.example[1]},
        "weights": [[_numbers(neuron) for neuron in layer.neurons] for layer in network.layers],
    }
    try:
        lines = [
            f"{json.dumps(key)}: {_indented(value) if key == 'weights' else _compact(value)}"
            for key, value in content.items()
        ]
    except (TypeError, ValueError) as error:
        raise ModelError(f"the model cannot be written as JSON: {error}") from None
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _compact(value: Any) -> str:
    return json.dumps(value, allow_nan=False)


def _indented(layers: list[list[list[float]]]) -> str:
    """A line for each neuron."""
    shown = ("[\n" + ",\n".join(map(_compact, layer)) + "\n]" for layer in layers)
    return "[" + ", ".join(shown) + "]"


def _numbers(neuron: Neuron) -> list[float]:
    bias = [] if neuron.bias is None else [neuron.bias.data]
    return [*bias, *(weight.data for weight in neuron.weights)]


def _require_plain(network: Network) -> None:
    """Raises ModelError for a network that a file of this format cannot bring back."""
    neurons = [neuron for layer in network.layers for neuron in layer.neurons]
    weights = [w for neuron in neurons for w in (neuron.bias, *neuron.weights) if w is not None]
    if type(network) is not Network or len(set(weights)) < len(weights):
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
def read(path: str | os.PathLike[str]) -> dict[str, Any]:
    """The parts of a Model. Raises ModelError for a file that is not sound."""
    source = str(path)
    content = _parsed(source)
    try:
        return _checked(content)
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
    if version != VERSION or isinstance(version, bool):
        raise ModelError(
            f"{source} is of version {version!r:.20}, and this release reads version {VERSION}: "
            "use the release that saved it, or train again"
        )
    return content


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not a number")


def _checked(content: Mapping[str, Any]) -> dict[str, Any]:
    sizes = [_size(n) for n in _list("sizes", content.get("sizes"))]
    if not 2 <= len(sizes) <= MAX_LAYERS:
        raise ModelError(f"sizes has {len(sizes)} entries, not 2 to {MAX_LAYERS}")
    bias = content.get("bias")
    if not isinstance(bias, bool):
        raise ModelError(f"bias is {bias!r:.40}, not true or false")
    weights = _weights(content.get("weights"), sizes, bias)
    activations = _activations(content.get("activations"), sizes)
    columns = tuple(_text("columns", c) for c in _list("columns", content.get("columns"), sizes[0]))
    if len(set(columns)) < len(columns):
        raise ModelError("two columns have one name")
    low = _floats("low", content.get("low"), sizes[0])
    width = _floats("width", content.get("width"), sizes[0])
    if not all(w > 0.0 for w in width):
        raise ModelError("a width is not above 0")
    target = _target(content.get("target"), sizes[-1])
    example = _mapping("example", content.get("example"))
    row = _floats("the row of example", example.get("row"), sizes[0])
    answer = _text("the answer of example", example.get("answer"))
    try:
        desired = target.desired(answer)
    except ValueError:  # a DataError among them
        desired = [math.nan]
    if not all(map(math.isfinite, desired)):
        raise ModelError(f"the example has the answer {answer!r:.40}, which fits no output")
    about = _mapping("about", content.get("about", {}))
    network = Network(sizes, activations, bias)
    for layer, rows in zip(network.layers, weights, strict=True):
        for neuron, numbers in zip(layer.neurons, rows, strict=True):
            values = neuron.weights if neuron.bias is None else (neuron.bias, *neuron.weights)
            for weight, number in zip(values, numbers, strict=True):
                weight.data = number
    return {
        "network": network,
        "columns": columns,
        "scaling": Scaling(low, width),
        "target": target,
        "example": (row, answer),
        "about": about,
    }


def _weights(layers: Any, sizes: list[int], bias: bool) -> list[list[tuple[float, ...]]]:
    return [
        [
            _floats(f"neuron {j} of layer {number}", neuron, n_inputs + bias)
            for j, neuron in enumerate(_list(f"layer {number} of weights", layer, n), 1)
        ]
        for number, (layer, n_inputs, n) in enumerate(
            zip(_list("weights", layers, len(sizes) - 1), sizes, sizes[1:], strict=False), 1
        )
    ]


def _activations(names: Any, sizes: list[int]) -> list[Any]:
    activations: list[Any] = []
    for entry, n in zip(_list("activations", names, len(sizes) - 1), sizes[1:], strict=True):
        if isinstance(entry, str):
            activations.append(resolve(entry))
        else:
            of_neurons = _list("activations of a layer", entry, n)
            activations.append([resolve(_text("activations", name)) for name in of_neurons])
    return activations


def _target(target: Any, n_outputs: int) -> Target:
    content = _mapping("target", target)
    name = _text("the name of target", content.get("name"))
    meaning = _classes(name, content) if "classes" in content else _numbers_of(name, content)
    if meaning.n_outputs != n_outputs:
        raise ModelError(
            f"target needs {meaning.n_outputs} outputs, and the network has {n_outputs}"
        )
    return meaning


def _classes(name: str, content: Mapping[str, Any]) -> Classes:
    names = [_text("classes", entry) for entry in _list("classes", content["classes"])]
    if len(set(names)) < len(names) or len(names) < 2:
        raise ModelError("classes must be two different names or more")
    return Classes(name, tuple(names))


def _numbers_of(name: str, content: Mapping[str, Any]) -> Numbers:
    range_ = [content.get("low"), content.get("width")]
    low, width = _floats("low and width of target", range_, 2)
    if width <= 0.0:
        raise ModelError("the width of target is not above 0")
    return Numbers(name, low, width)


def _mapping(what: str, thing: Any) -> dict[str, Any]:
    if not isinstance(thing, dict):
        raise ModelError(f"{what} is {_kind(thing)}, not an object")
    return thing


def _list(what: str, thing: Any, n: int | None = None) -> list[Any]:
    if not isinstance(thing, list):
        raise ModelError(f"{what} is {_kind(thing)}, not a list")
    if n is not None and len(thing) != n:
        raise ModelError(f"{what} has {len(thing)} entries where sizes asks for {n}")
    return thing


def _floats(what: str, thing: Any, n: int) -> tuple[float, ...]:
    numbers = _list(what, thing, n)
    for number in numbers:
        if isinstance(number, bool) or not isinstance(number, (int, float)):
            raise ModelError(f"{what} holds {_kind(number)} where a number is needed")
        if not -1.7976931348623157e308 <= number <= 1.7976931348623157e308:
            raise ModelError(f"{what} holds a number that is not finite")
    return tuple(map(float, numbers))


def _size(n: Any) -> int:
    if isinstance(n, bool) or not isinstance(n, int) or not 1 <= n <= MAX_BYTES:
        raise ModelError(f"sizes holds {n!r:.40}, not the number of neurons in a layer")
    return n


def _text(what: str, thing: Any) -> str:
    if not isinstance(thing, str) or len(thing) > MAX_TEXT or not _can_be_encoded(thing):
        raise ModelError(f"{what} holds {_kind(thing)} where a short text is needed")
    return thing


def _can_be_encoded(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _kind(thing: Any) -> str:
    kinds = {dict: "an object", list: "a list", str: "a text", bool: "true or false"}
    return "nothing" if thing is None else kinds.get(type(thing), "a number")
