"""One neuron: its weights, its stimulus α = -w0 + Σ x_i w_i, its activation."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from random import Random
from typing import TYPE_CHECKING, Any

from autograd_bp import primitives
from autograd_bp.errors import (
    OperandError,
    PrimitiveError,
    SettingError,
    ShapeError,
    UnknownNameError,
)
from autograd_bp.nn import initialise
from autograd_bp.nn.missing import OF_NEURONS, explain_missing, without_missing
from autograd_bp.nn.module import Module, refuse_unknown
from autograd_bp.primitives import Primitive
from autograd_bp.value import Value, as_nodes, constant, record_many
from autograd_bp.words import explains_keywords

__all__ = ["Activation", "Neuron", "activation_name", "identity"]

Activation = Callable[[Any], Any]
_DOT = primitives.dot.code


class Neuron(Module):
    """A neuron with n weights and a bias weight w0, which stands on a constant input of -1.

    Arguments:
        n_inputs: the number of inputs.
        activation: any function of a Value, or the name of a primitive of the table ("tanh").
        bias: False for a neuron without w0.
        seed: a whole number, or a `random.Random` to draw the weights from.
        place: its place in its network, for the labels of its weights: w1 for a neuron
            of its own, w[2,1] in neuron 2 of a layer, w[1,2,1] in layer 1 of a network. All
            count from 1; weight 0 is the bias.
        width: the number of neurons in its layer, which the size of the first weights
            depends on.

    Attributes:
        weights: w1 to wn, a tuple of Values.
        bias: w0, or None.
        activation: the function that is applied to the stimulus.
        w0, w1, ...: the same weights under the names of the formula; w0 is the bias. They can be
            set, `neuron.w0 = Value(3.0)`.

    Raises: SettingError when a setting is outside its range.

    Example:
        >>> from autograd_bp.nn import Neuron
        >>> neuron = Neuron(2)
        >>> neuron.weights[0].data, neuron.weights[1].data, neuron.bias.data = 2.0, -3.0, 3.0
        >>> neuron.stimulus([-1.0, -2.0]).data, neuron([-1.0, -2.0]).data
        (1.0, 0.7310585786300049)
    """

    weights: tuple[Value, ...]
    bias: Value | None
    activation: Activation

    @explains_keywords
    def __init__(
        self,
        n_inputs: int,
        activation: Activation | str = primitives.sigmoid,
        bias: bool = True,
        seed: int | Random = 0,
        *,
        place: tuple[int, ...] = (),
        width: int = 1,
    ) -> None:
        size("a neuron's number of inputs", n_inputs)
        self.activation = resolve(activation)
        self.bias = Value(0.0, _label(place, 0)) if switch("bias", bias) else None
        numbers = initialise.draw(
            initialise.generator(seed), self.activation, n_inputs, size("width", width)
        )
        self.weights = tuple(Value(w, _label(place, i)) for i, w in enumerate(numbers, 1))

    def __setattr__(self, name: str, value: Any) -> None:
        # Weights may be shared or computed, but what is not a Value cannot be a parent.
        place = self._place_of(name)
        if type(self) is not Neuron and not isinstance(value, Value):
            place = None  # a class of the user's may call anything w1
        if place == 0:
            name = "bias"
        elif place is not None:
            name, value = "weights", self._with_weight(place, value)
        if name == "weights":
            value = tuple(value)
            for i, weight in enumerate(value, 1):
                _needs_value(f"weight {i}", weight)
            _name_weights(len(value) + 1)
        elif name == "bias" and value is not None:
            _needs_value("the bias", value)
        elif name not in ("bias", "activation"):
            refuse_unknown(self, Neuron, name, ("weights", "bias", "activation", *self._names()))
        super().__setattr__(name, value)

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...  # a Value, or None for w0

    def __dir__(self) -> list[str]:
        names = without_missing(type(self), super().__dir__())
        names = [name for name in names if not _is_weight(type(self), name)]
        return [*names, *self._names()]

    def _place_of(self, name: str) -> int | None:
        """The index of the weight that is called w0, w1 and so on; None for another name, also
        for one that a class of the user's defines."""
        place, cls = _index(name), type(self)
        if place is None or "weights" not in self.__dict__:
            return None
        if hasattr(cls, name) and not _is_weight(cls, name):
            return None
        return place if place <= len(self.weights) else None

    def _names(self) -> list[str]:
        """The weights under the names of the formula."""
        return [f"w{i}" for i in range(1 + len(self.__dict__.get("weights", ())))]

    def _with_weight(self, place: int, weight: Any) -> tuple[Any, ...]:
        _needs_value(f"weight {place}", weight)
        return (*self.weights[: place - 1], weight, *self.weights[place:])

    @property
    def n_inputs(self) -> int:
        """The number of inputs."""
        return len(self.weights)

    def stimulus(self, inputs: Iterable[Any]) -> Value:
        """α = -w0 + Σ x_i w_i, added in that order, as one `dot` node.

        Raises: ShapeError when the number of inputs is not the number of weights.
        """
        return self.weigh(receive("a neuron", inputs, len(self.weights)), constant(-1.0))

    def weigh(self, inputs: tuple[Value, ...], minus_one: Value) -> Value:
        """The stimulus of inputs that are Values already: a layer makes them once for all."""
        weights, bias = self.weights, self.bias
        if len(inputs) != len(weights):
            raise ShapeError(f"a neuron of {len(weights)} weights got {len(inputs)} inputs")
        if bias is None:
            return record_many(_DOT, (weights, inputs))
        return record_many(_DOT, ((bias,), weights, (minus_one,), inputs))

    def fire(self, stimulus: Value) -> Value:
        """The activation of a stimulus.

        Raises: OperandError when the activation does not return a Value.
        """
        output = self.activation(stimulus)
        if not isinstance(output, Value):
            raise OperandError(
                f"the activation {activation_name(self.activation)} returned "
                f"{type(output).__name__} {output!r:.40}, which has no gradient: compute with "
                "the Value and with autograd_bp's functions"
            )
        return output

    def __call__(self, inputs: Iterable[Any]) -> Value:
        """The output for one row of inputs."""
        return self.fire(self.stimulus(inputs))

    def __repr__(self) -> str:
        bias = "" if self.bias is not None else ", bias=False"
        return f"Neuron({self.n_inputs}, {activation_name(self.activation)}{bias})"


def identity(stimulus: Any) -> Any:
    """The activation that changes nothing: for outputs that may be any number."""
    return stimulus


def activation_name(activation: Activation) -> str:
    """The name of an activation: that of the primitive, or of the function."""
    if isinstance(activation, Primitive):
        return activation.name
    return str(getattr(activation, "__name__", type(activation).__name__))


def resolve(activation: Any) -> Activation:
    """The activation itself, or that of a name."""
    if isinstance(activation, str):
        if activation == "identity":
            return identity
        try:
            op = Primitive.named(activation)
        except PrimitiveError:
            op = None
        if op is None or op.arity != 1:
            raise SettingError(
                f"there is no activation named {activation!r:.60}: give a function of a Value, or "
                "the name of a function of one number, such as 'sigmoid', 'tanh' or 'identity'"
            )
        return op
    if not callable(activation) or isinstance(activation, Value):
        raise SettingError(
            "an activation is a function of a Value, such as autograd_bp.sigmoid, got "
            f"{type(activation).__name__} {activation!r:.60}"
        )
    return activation  # type: ignore[no-any-return]


def size(what: str, n: Any) -> int:
    """A number of inputs or neurons, checked."""
    if isinstance(n, bool) or not hasattr(type(n), "__index__") or n < 1:
        raise SettingError(f"{what} is a whole number, 1 or more, got {n!r:.60}")
    return int(n)


def switch(what: str, on: Any) -> bool:
    """A setting that is True or False, checked."""
    if not isinstance(on, bool):
        raise SettingError(f"{what} is True or False, got {on!r:.60}")
    return on


def receive(who: str, inputs: Iterable[Any], n: int) -> tuple[Value, ...]:
    """A row of inputs as Values: plain numbers become constants."""
    try:
        values = as_nodes(inputs)
    except TypeError as error:
        if isinstance(error, OperandError):
            if any(hasattr(each, "__len__") and not isinstance(each, str) for each in inputs):
                raise ShapeError(
                    f"{who} takes one row of {n} numbers, got rows, {inputs!r:.60}: call it for "
                    "each of them, or run many with network.compiled()"
                ) from None
            raise
        raise OperandError(
            f"{who} takes a row of {n} numbers, got {type(inputs).__name__} {inputs!r:.60}"
        ) from None
    if len(values) != n:
        raise ShapeError(f"{who} of {n} inputs got a row of {len(values)}: give one number each")
    return values


class _Weight:
    """The weight w0, w1 and so on of a neuron, an attribute of the class.

    `__getattr__` would do the same for all of them, and make every attribute of a neuron slow."""

    def __init__(self, place: int) -> None:
        self.place = place

    def __get__(self, neuron: Neuron | None, owner: type) -> Any:
        if neuron is None:
            return self
        weights = neuron.__dict__.get("weights", ())
        if self.place <= len(weights):
            return weights[self.place - 1] if self.place else neuron.bias
        raise UnknownNameError(
            f"a {owner.__name__} has no attribute 'w{self.place}': it has "
            f"{', '.join(neuron._names())}"
        )


def _is_weight(cls: type, name: str) -> bool:
    return isinstance(getattr(cls, name, None), _Weight)


def _name_weights(last: int) -> None:
    """Let neurons have the attributes w0 to w`last`."""
    while not hasattr(Neuron, f"w{last}"):
        setattr(Neuron, f"w{last}", _Weight(last))
        last -= 1


def _index(name: str) -> int | None:
    """The index in w0, w1 and so on; None for another name."""
    match = re.fullmatch(r"w(0|[1-9][0-9]*)", name)
    return int(match[1]) if match else None


def _label(place: tuple[int, ...], i: int) -> str:
    return f"w[{','.join(map(str, (*place, i)))}]" if place else f"w{i}"


def _needs_value(what: str, weight: Any) -> None:
    if not isinstance(weight, Value):
        raise OperandError(
            f"{what} of a neuron is a Value, got {type(weight).__name__} {weight!r:.40}: "
            "write Value(number), or set .data of the weight that is there"
        )


for _place in range(100):
    setattr(Neuron, f"w{_place}", _Weight(_place))


explain_missing(Neuron, OF_NEURONS)
