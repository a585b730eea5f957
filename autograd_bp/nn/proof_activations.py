"""The slopes of a network's activations, and what its outputs are blamed for, as stated by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from autograd_bp import functions
from autograd_bp.derivatives.reverse import gradients
from autograd_bp.errors import SettingError, ShapeError
from autograd_bp.nn.network import Network
from autograd_bp.nn.neuron import Neuron, activation_name
from autograd_bp.nn.slopes import OUTPUTS, SLOPES, Output, Slope
from autograd_bp.primitives import log_sigmoid
from autograd_bp.value import Value

__all__ = ["COVERS", "Performance", "output_of", "slopes_of"]

Performance = Callable[[Sequence[Any], Sequence[Any]], Any]
COVERS = "the hand-derived formulas cover a Network of layers of neurons"


def slopes_of(
    network: Network, given: Any, needed: bool
) -> tuple[list[list[Slope]], list[list[str]]]:
    """The slope of each neuron, and the name of its activation.

    Arguments:
        network: the network.
        given: what the user states.
        needed: whether an activation may not go without; else it has that of its graph.
    """
    stated = _stated(given, network)
    slopes: list[list[Slope]] = []
    names: list[list[str]] = []
    for n, layer in enumerate(network.layers, 1):
        slopes.append([])
        names.append([])
        for j, neuron in enumerate(layer.neurons, 1):
            α = Value(0.5)
            y = neuron.fire(α)
            name = _known(α, y)
            if not y.parents and y is not α:
                raise SettingError(
                    "the formulas are compared with the graph of the network: call this outside "
                    "no_recording(), with activations that are functions of a Value"
                )
            own = stated(n, neuron.activation)
            if own is not None:
                name = "own"
            elif name:
                own = SLOPES[name]
            elif needed:
                what = activation_name(neuron.activation)
                made_of = (
                    "" if y.op is None or y.op.name == what else f" (its last node is {y.op.name})"
                )
                raise SettingError(
                    f"{COVERS} with known slopes; neuron {j} of layer {n} has {what}{made_of}: "
                    f"give its slope, slopes={{{what!r}: Slope(of_output=lambda y: ...)}}, or "
                    "slopes=[...] with one for each layer"
                )
            if own is None or (own.function is None and not needed):
                own = _of_graph(neuron, own)
            slopes[-1].append(own)
            names[-1].append(name or "own")
    return slopes, names


def _of_graph(neuron: Neuron, stated: Slope | None) -> Slope:
    """The slope of an activation that nobody has stated, and its function: those of its graph."""

    def slope(α: float) -> Any:
        at = Value(α)
        return gradients(neuron.fire(at), at)

    def function(α: float) -> float:
        return neuron.fire(Value(α)).data

    if stated is not None:
        return Slope(of_both=stated, function=function, text=stated.text)
    return Slope(of_stimulus=slope, function=function, text="dy/dα")


def _known(α: Value, y: Value) -> str:
    """The name of an activation in SLOPES; "" for another one."""
    if y is α:
        return "identity"
    if y.op is None or not y.parents or y.parents[0] is not α or y.op.name not in SLOPES:
        return ""
    if y.op.name == "leaky_relu":
        return "leaky_relu" if y.parents[1].data == 0.01 else ""
    return y.op.name if len(y.parents) == 1 else ""


def _stated(given: Any, network: Network) -> Callable[[int, Any], Slope | None]:
    """The slope that the user states for a layer and an activation, if any."""
    if given is None:
        return lambda n, activation: None
    if isinstance(given, Mapping):
        return _stated_by_name(given, network)
    if isinstance(given, (list, tuple)):
        if len(given) != len(network.layers):
            raise ShapeError(
                f"slopes has {len(given)} entries, but there are {len(network.layers)} layers"
            )
        listed = [None if s is None else _slope(f"slopes[{n}]", s) for n, s in enumerate(given)]
        return lambda n, activation: listed[n - 1]
    one = _slope("slopes", given)
    return lambda n, activation: one


def _stated_by_name(
    given: Mapping[Any, Any], network: Network
) -> Callable[[int, Any], Slope | None]:
    known = {key: _slope(f"slopes[{key!r:.40}]", slope) for key, slope in given.items()}
    names = {
        key
        for layer in network.layers
        for neuron in layer.neurons
        for key in (neuron.activation, activation_name(neuron.activation))
    }
    surplus = [key for key in known if key not in names]
    if surplus:
        has = ", ".join(sorted({name for name in names if isinstance(name, str)}))
        raise SettingError(
            f"slopes has {', '.join(map(repr, surplus)):.80}, but the activations of the network "
            f"are {has}"
        )
    return lambda n, activation: known.get(activation, known.get(activation_name(activation)))


_OF_STIMULUS = ("α", "alpha", "a", "stimulus")
_OF_OUTPUT = ("y", "output")


def _slope(what: str, given: Any) -> Slope:
    """A Slope, or a function whose parameters say what it is a function of."""
    if isinstance(given, Slope):
        return given
    code = getattr(given, "__code__", None)
    names: tuple[str, ...] = code.co_varnames[: code.co_argcount] if code is not None else ()
    if len(names) == 1 and names[0] in _OF_OUTPUT:
        return Slope(of_output=given)
    if len(names) == 1 and names[0] in _OF_STIMULUS:
        return Slope(of_stimulus=given)
    if len(names) == 2 and names[0] in _OF_STIMULUS and names[1] in _OF_OUTPUT:
        return Slope(of_both=given)
    raise SettingError(
        f"{what} is a Slope, such as Slope(of_output=lambda y: 1 - y * y), or a function of y, of "
        f"alpha, or of alpha and y, in these names; got {type(given).__name__} {given!r:.60}"
    )


# ------------------------------------------------------------------------------------- outputs
def _squares(d: Sequence[Any], z: Sequence[Any]) -> Any:
    return functions.performance(d, z)


def _softmax(d: Sequence[Any], z: Sequence[Any]) -> Any:
    return -functions.cross_entropy(d, z)


def _logistic(d: Sequence[Any], z: Sequence[Any]) -> Any:
    """Σ d ln z + (1 - d) ln(1 - z), where z = σ(α): ln(1 - z) = ln σ(-α)."""
    parts = []
    for desired, out in zip(d, z, strict=True):
        (α,) = out.parents
        parts.append(desired * log_sigmoid(α) + (1.0 - desired) * log_sigmoid(-α))
    return functions.sum(parts)


_PERFORMANCES = {"squares": _squares, "softmax": _softmax, "logistic": _logistic}
_LAST = {"softmax": "identity", "logistic": "sigmoid"}


def output_of(
    given: Any, performance: Performance | None, network: Network, needed: bool
) -> tuple[Output, Performance, str]:
    """The blame of outputs, P, and the name of both; without `needed` a performance may have no
    output that is stated."""
    if performance is not None and not callable(performance):
        raise SettingError(
            f"performance is a function of d and z that returns P, got {performance!r:.60}"
        )
    if given is None:
        given = "squares" if performance is None else None
    if isinstance(given, str):
        if given not in OUTPUTS:
            raise SettingError(
                f"output is one of {', '.join(map(repr, OUTPUTS))}, or an Output of your own; got "
                f"{given!r:.60}"
            )
        _refuse_other_last_layers(given, network)
        if performance is not None:
            return OUTPUTS[given], performance, ""
        return OUTPUTS[given], _PERFORMANCES[given], given
    return _own_output(given, performance, needed)


def _own_output(
    given: Any, performance: Performance | None, needed: bool
) -> tuple[Output, Performance, str]:
    if given is not None and not isinstance(given, Output):
        raise SettingError(
            "output is a name or an Output, such as Output(error=lambda d, z: d - z); got "
            f"{type(given).__name__} {given!r:.60}"
        )
    if given is None and not needed:
        assert performance is not None
        return _of_performance(performance), performance, ""
    if given is None:
        raise SettingError(
            "performance= needs the γ that is derived from it by hand: give output=, such as "
            "Output(error=lambda d, z: d - z)"
        )
    if performance is None:
        raise SettingError(
            "an Output of your own is compared with a performance: give performance=, a function "
            "of d and z that returns P"
        )
    return given, performance, ""


def _of_performance(performance: Performance) -> Output:
    """The blame of outputs, where nobody has stated it: ∂P/∂z of the graph of P."""

    def errors(d: Sequence[Any], z: Sequence[Any]) -> Any:
        outputs = [Value(out) for out in z]
        return gradients(performance(d, outputs), outputs)

    return Output(errors=errors, text="∂P/∂z")


def _refuse_other_last_layers(name: str, network: Network) -> None:
    needed = _LAST.get(name)
    for j, neuron in enumerate(network.layers[-1].neurons, 1):
        α = Value(0.5)
        if needed and _known(α, neuron.fire(α)) != needed:
            raise SettingError(
                f"output={name!r} needs a last layer with the activation {needed!r}, which "
                + ("the softmax is taken of" if name == "softmax" else "it is derived with")
                + f"; neuron {j} has {activation_name(neuron.activation)}"
            )
