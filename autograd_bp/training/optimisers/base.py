"""Shared by all optimisers: parameters or flat vectors, a rate, a state that can be saved."""

from __future__ import annotations

import base64
import binascii
from array import array
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from autograd_bp.errors import ModelError, OperandError, SettingError, ShapeError
from autograd_bp.float_arrays import floats_of
from autograd_bp.training.optimisers.vectors import (
    Operations,
    arrays,
    each,
    has_arrays,
    is_array,
    numbers_of,
)
from autograd_bp.training.settings import positive
from autograd_bp.value import Value

__all__ = ["GradientRule", "Optimiser", "as_list", "packed", "unpacked"]

FEW = 32  # weights that a loop of Python moves as quickly as arrays do


class Optimiser:
    """Moves weights, one flat vector of numbers, to a better performance.

    There is one convention: weights move *up* the gradient of a performance. For a loss, which is
    to go down, say `minimise=True`; then give its values and gradients as they are.

    Attributes:
        parameters: the Values that are moved; none where `step` is called with vectors.
        rate: δ, the size of a step; it may be changed between steps.
        steps: how many steps were taken.
    """

    name: ClassVar[str] = ""
    kind: ClassVar[str] = "gradient"  # what a step needs
    takes_all_rows: ClassVar[bool] = False
    names: ClassVar[tuple[str, ...]] = ("rate",)  # of the settings

    def __init__(
        self, parameters: Iterable[Value] | None, rate: float, minimise: bool = False
    ) -> None:
        if minimise is not True and minimise is not False:
            raise SettingError(f"minimise is True or False, got {minimise!r:.60}")
        self.rate, self.minimise, self.steps = rate, minimise, 0
        self.parameters = [] if parameters is None else _checked(type(self).__name__, parameters)

    @property
    def rate(self) -> float:
        """δ; it may be changed between steps."""
        return self._rate

    @rate.setter
    def rate(self, rate: float) -> None:
        self._rate = positive("the rate", rate)

    @property
    def settings(self) -> dict[str, Any]:
        """The settings by their names, as keywords of the class."""
        settings = {name: getattr(self, name) for name in self.names}
        return {**settings, "minimise": True} if self.minimise else settings

    def zero_grad(self) -> None:
        """Set the gradients of the parameters to 0."""
        for w in self.parameters:
            w.grad = 0.0

    def state_dict(self) -> dict[str, Any]:
        """The state as plain texts and numbers: a run that goes on from it takes the same steps to
        the last bit."""
        return {"name": self.name, "rate": self.rate, "steps": self.steps, **self._state()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over a state that `state_dict` gave.

        Raises: ModelError for a state of another optimiser, or one that is damaged.
        """
        if not isinstance(state, Mapping) or state.get("name") != self.name:
            name = state.get("name") if isinstance(state, Mapping) else state
            raise ModelError(f"this is no state of {self.name}, but of {name!r:.40}")
        steps = state.get("steps")
        if not isinstance(steps, int) or isinstance(steps, bool) or steps < 0:
            raise ModelError(f"the state has {steps!r:.40} as its number of steps")
        try:
            self._load(state)
            self.rate = state["rate"]
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ModelError(f"the state of {self.name} is damaged: {error!r:.200}") from None
        self.steps = steps

    def _state(self) -> dict[str, Any]:
        return {}

    def _load(self, state: Mapping[str, Any]) -> None:
        """Take over what `_state` gave."""

    def _require_parameters(self) -> None:
        if not self.parameters:
            raise SettingError(
                f"{type(self).__name__} was made without parameters: give it the Values to move, "
                "or call step with the weights and what it needs"
            )

    def _weights(self) -> list[float]:
        return [w.data for w in self.parameters]

    def _keep(self, weights: Sequence[float]) -> None:
        for w, number in zip(self.parameters, as_list(weights), strict=True):
            w.data = number

    def __repr__(self) -> str:
        moved = [f"{len(self.parameters)} parameters"] if self.parameters else []
        settings = [
            f"{name}={setting:g}" if isinstance(setting, float) else f"{name}={setting}"
            for name, setting in self.settings.items()
        ]
        return f"{type(self).__name__}({', '.join([*moved, *settings])})"


class GradientRule(Optimiser):
    """An optimiser that needs one gradient for a step, and moves each weight by itself.

    A class that is derived from it has a method `_rule(functions, w, g, *slots)`, which returns the
    new w and the new slots: on floats, or on arrays of all weights at once.
    """

    slots: ClassVar[tuple[str, ...]] = ()  # the names of the vectors of its state

    def __init__(
        self, parameters: Iterable[Value] | None, rate: float, minimise: bool = False
    ) -> None:
        super().__init__(parameters, rate, minimise)
        self._slots: list[Any] = []

    def step(self, weights: Any = None, gradient: Any = None) -> Any:
        """Take a step.

        Without arguments the parameters move by their `.grad`, which is then set to 0. Gradients
        of several sweeps add up until the step.

        Arguments:
            weights: a flat array or list of the weights; it stays as it is.
            gradient: the gradient of the performance at these weights, as long.

        Returns: the new weights: an array, or a list where lists were given; None without
            arguments.

        Raises: ShapeError where the lengths differ, from each other or from those of earlier steps;
            SettingError without arguments where there are no parameters.
        """
        if weights is None:
            self._step_parameters()
            return None
        if gradient is None:
            raise OperandError("step takes weights and their gradient, or nothing at all")
        if is_array(weights) or is_array(gradient):
            arrays("a step on arrays")
            w, g = floats_of("weights", weights, 1), floats_of("gradient", gradient, 1)
            if w.shape != g.shape:
                raise ShapeError(
                    f"gradient has {len(g)} numbers where {len(w)} are needed, one for each weight"
                )
        else:
            w = numbers_of("weights", weights)
            g = numbers_of("gradient", gradient, len(w))
        if not len(w):
            raise SettingError("there are no weights: there is nothing to move")
        return self.advance(w, g)

    def advance(self, weights: Any, gradient: Any) -> Any:
        """As `step` with two vectors of one kind that are known to fit: nothing is checked."""
        count = len(weights)
        if not self._slots and self.slots:
            self._slots = [[value] * count for value in self._initial()]
        elif self._slots and len(self._slots[0]) != count:
            raise ShapeError(
                f"{self.name} moved {len(self._slots[0])} weights before, and got {count}: make "
                "another one for other weights"
            )
        self.steps += 1
        self._prepare()
        if is_array(weights):
            return self._advance_arrays(weights, gradient)
        if self.minimise:
            gradient = [-g for g in gradient]
        moved, *self._slots = each(self._rule, [weights, gradient, *map(as_list, self._slots)])
        return moved

    def _advance_arrays(self, weights: Any, gradient: Any) -> Any:
        import numpy as np

        slots = [np.asarray(slot, dtype=float) for slot in self._slots]
        if self.minimise:
            gradient = -gradient
        with np.errstate(all="ignore"):
            moved, *self._slots = self._rule(_array_functions(), weights, gradient, *slots)
        return moved

    def _step_parameters(self) -> None:
        self._require_parameters()
        weights: Any = self._weights()
        gradient: Any = [w.grad for w in self.parameters]
        if len(weights) > FEW and has_arrays():
            import numpy as np

            weights, gradient = np.array(weights), np.array(gradient)
        self._keep(self.advance(weights, gradient))
        self.zero_grad()

    def _initial(self) -> list[float]:
        """The numbers of the slots before the first step."""
        return [0.0] * len(self.slots)

    def _prepare(self) -> None:
        """Compute what is the same for all weights in this step."""

    def _rule(self, functions: Operations, w: Any, g: Any, *slots: Any) -> tuple[Any, ...]:
        raise NotImplementedError

    def _state(self) -> dict[str, Any]:
        return {"slots": [packed(slot) for slot in self._slots]}

    def _load(self, state: Mapping[str, Any]) -> None:
        slots = [unpacked(slot) for slot in state["slots"]]
        if slots and (len(slots) != len(self.slots) or len(set(map(len, slots))) > 1):
            raise ValueError(f"{self.name} has {len(self.slots)} vectors of one length")
        self._slots = list(slots)


_functions: Operations | None = None


def _array_functions() -> Operations:
    global _functions
    if _functions is None:
        import numpy as np

        _functions = Operations(np.sqrt, np.where, np.clip, np.sign)
    return _functions


def _checked(who: str, parameters: Any) -> list[Value]:
    """The Values, each once."""
    if isinstance(parameters, Value) or not isinstance(parameters, Iterable):
        raise OperandError(
            f"{who} takes a list of Values, such as network.parameters(), got "
            f"{type(parameters).__name__} {parameters!r:.60}"
        )
    values = list(parameters)
    for value in values:
        if not isinstance(value, Value):
            raise OperandError(f"a parameter is a Value, got {type(value).__name__} {value!r:.60}")
    if not values:
        raise SettingError(f"{who} got no parameters: there is nothing to move")
    return list(dict.fromkeys(values))


def as_list(vector: Any) -> list[float]:
    """A vector as a list of floats."""
    return vector.tolist() if is_array(vector) else list(vector)


def packed(vector: Any) -> str:
    """A vector as text, exact to the last bit: base64 of floats of 64 bits, the lowest byte first.
    Unlike JSON's numbers it holds infinities."""
    import sys

    numbers = array("d", as_list(vector))
    if sys.byteorder == "big":
        numbers.byteswap()
    return base64.b64encode(numbers.tobytes()).decode("ascii")


def unpacked(text: Any) -> list[float]:
    """The numbers of a text that `packed` made. Raises ValueError for other texts."""
    import sys

    if not isinstance(text, str):
        raise ValueError("a vector is a text")
    numbers = array("d")
    try:
        numbers.frombytes(base64.b64decode(text, validate=True))
    except binascii.Error as error:
        raise ValueError(f"a vector is damaged: {error}") from None
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers.tolist()
