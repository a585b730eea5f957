"""Guards against what a function may not do while it is recorded: draw random numbers."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from autograd_bp.compiling.front.captured import reachable
from autograd_bp.errors import FrozenNumberError
from autograd_bp.graph import leaves, topological_order
from autograd_bp.value import Value, number_of

NUMPY_RANDOM = "numpy.random"
MAX_OBJECTS = 1000  # that are looked at in search of generators


class Draws:
    """The random numbers that are drawn from now on.

    Arguments:
        function: the generators that it reaches by the names that it uses are watched too.
        loads_numpy: whether to load the random numbers of NumPy, so that these are watched too
            where the function is the first to ask for them; see `is_blind`.
    """

    def __init__(self, function: Callable[..., Any], *, loads_numpy: bool = False) -> None:
        self._global = [("random", random.getstate)]
        # NumPy loads this part of itself, which takes a while, when somebody asks for it.
        if loads_numpy and "numpy" in sys.modules:
            import_module(NUMPY_RANDOM)
        numpy: Any = sys.modules.get(NUMPY_RANDOM)
        self._has_numpy = numpy is not None
        if numpy is not None:
            self._global.append(("np.random", lambda: _comparable(numpy.get_state(legacy=False))))
        kinds = (random.Random, *((numpy.Generator, numpy.RandomState) if numpy else ()))
        self._own = [_state_of(item) for item in reachable(kinds, [function], MAX_OBJECTS)]
        self._before = [state() for _, state in self._global]
        self._own_before = [state() for state in self._own]

    @property
    def is_blind(self) -> bool:
        """Whether the function loaded NumPy's random numbers, so that nobody knows how they were:
        it has to be recorded again."""
        return not self._has_numpy and NUMPY_RANDOM in sys.modules

    def require_none_global(self, name: str) -> bool:
        """Whether numbers were drawn from a generator of the function's own.

        Raises: FrozenNumberError where they were drawn from a global one.
        """
        for (what, state), before in zip(self._global, self._before, strict=True):
            if state() != before:
                raise _frozen(name, what)
        return [state() for state in self._own] != self._own_before

    def require_none(self, name: str) -> None:
        """Raises FrozenNumberError where numbers were drawn from any generator that was found."""
        if self.require_none_global(name):
            raise _frozen(name, "from a generator of its own")

    def require_same(
        self, outputs: Sequence[Value | float], again: Sequence[Value | float], name: str
    ) -> None:
        """Raises FrozenNumberError where two recordings of the function have other constants."""
        if _constants(outputs) != _constants(again):
            raise _frozen(name, "from a generator of its own")


def require_same_graph(
    outputs: Sequence[Value], again: Sequence[Value], known: Sequence[Value], name: str
) -> None:
    """Raises FrozenNumberError where two recordings of a module differ, in an operation or in a
    number that the graph has of itself: by random numbers, a clock, a counter. `known` are the
    parameters and inputs."""
    for a, b in zip(_lines(outputs, known), _lines(again, known), strict=False):
        if a != b:
            numbers = f" ({a[1]} and then {b[1]})" if a[0] == b[0] == "constant" else ""
            raise FrozenNumberError(
                f"{name} computed something else when it was recorded a second time{numbers}: it "
                "is recorded once, and what it took from random numbers, a clock or a counter "
                "would be the same for all rows; draw random numbers with bp.random, pass others "
                "as inputs of the rows, or run it row by row (compiled=False)"
            )


def _lines(outputs: Sequence[Value], known: Sequence[Value]) -> list[tuple[Any, ...]]:
    """The graph, node after node: operations on places, and other leaves by their numbers."""
    places: dict[int, int] = {id(node): k for k, node in enumerate(known)}
    lines: list[tuple[Any, ...]] = []
    for node in topological_order(*outputs, stop=known):
        if id(node) in places:
            continue
        places[id(node)] = len(places)
        if node.op is not None:
            lines.append((node.op.name, *(places[id(parent)] for parent in node.parents)))
        else:
            lines.append(("constant", repr(number_of(node))))
    return [*lines, ("outputs", *(places[id(output)] for output in outputs))]


def _frozen(name: str, what: str) -> FrozenNumberError:
    return FrozenNumberError(
        f"{name} drew random numbers ({what}) while it was recorded: a compiled function is "
        "recorded once, so each call would have the same; draw them outside, and pass them as an "
        "argument, or in a module use bp.random (normal, uniform, bernoulli, dropout), whose "
        "numbers a training gives to each row"
    )


def _constants(outputs: Sequence[Value | float]) -> set[str]:
    """The numbers that a recorded graph has of itself."""
    nodes = [output for output in outputs if isinstance(output, Value)]
    plain = {repr(output) for output in outputs if not isinstance(output, Value)}
    return plain | {repr(number_of(leaf)) for leaf in leaves(*nodes) if leaf.is_constant}


def _state_of(generator: Any) -> Callable[[], Any]:
    if isinstance(generator, random.SystemRandom):
        return lambda: None  # it has no state: what it draws cannot be seen
    if isinstance(generator, random.Random):
        return generator.getstate
    if hasattr(generator, "bit_generator"):
        return lambda: _comparable(generator.bit_generator.state)
    return lambda: _comparable(generator.get_state(legacy=False))


def _comparable(state: Any) -> Any:
    """The state of a generator of NumPy's, whose arrays have no single answer to ==."""
    if isinstance(state, dict):
        return {key: _comparable(part) for key, part in state.items()}
    return state.tobytes() if hasattr(state, "tobytes") else state
