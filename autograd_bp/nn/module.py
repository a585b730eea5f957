"""Module: an object with parameters, which are found and named.

A parameter is a leaf Value that is an attribute of a module, or stands inside its lists, tuples,
dicts, object arrays and modules. Its name is the path to it, joined by dots. There is nothing to
register and no wiring to declare: a module computes with plain Python.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograd_bp.errors import (
    MissingExtraError,
    ModelError,
    OperandError,
    SettingError,
    UnknownNameError,
)
from autograd_bp.primitives import number
from autograd_bp.value import Value

if TYPE_CHECKING:
    from autograd_bp.compiling.front.module import CompiledModule

__all__ = ["Module"]

_PLAIN = frozenset({float, int, bool, str, bytes, type(None)})  # nothing to find inside


class Module:
    """Something with parameters. Subclass it, put Values and modules on it, give it a `__call__`.

    Parameters are the leaf Values found on its attributes, except constants; a Value that
    stands there twice, or is shared by two modules, is one parameter and has one name.

    Example:
        >>> from autograd_bp import Value
        >>> from autograd_bp.nn import Module
        >>> class Line(Module):
        ...     def __init__(self):
        ...         self.slope, self.offset = Value(2.0), Value(1.0)
        ...     def __call__(self, x):
        ...         return self.slope * x + self.offset
        >>> line = Line()
        >>> line(3.0).data, line.state_dict()
        (7.0, {'slope': 2.0, 'offset': 1.0})
    """

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Compute the outputs; every subclass defines this."""
        raise NotImplementedError(
            f"{type(self).__name__} does not say what it computes: give it a __call__ method"
        )

    def compiled(
        self,
        performance: Callable[[Any, Any], Any] | None = None,
        *,
        backend: str = "auto",
        threads: int | None = None,
    ) -> CompiledModule:
        """The module as a program that runs over rows of data: outputs, performance, gradient.

        The module runs once, on Values. The program keeps the wiring of this run, and takes the
        numbers of the parameters at each call.

        Arguments:
            performance: a function of d and the outputs; P(d, z) when left out.
            backend: what runs the program, as for `autograd_bp.compiled`.
            threads: how many may share the rows, as there.

        Raises: MissingExtraError without NumPy. A call raises BranchError where the module
            compares Values.

        Example:
            >>> from autograd_bp.nn import Network
            >>> network = Network([2, 3, 1], seed=0).compiled()
            >>> X, D = [[0.0, 1.0], [1.0, 1.0]], [[1.0], [0.0]]
            >>> network(X).shape, network.gradient(X, D).shape
            ((2, 1), (13,))
        """
        from autograd_bp import functions

        try:
            from autograd_bp.compiling.front.module import CompiledModule
        except ModuleNotFoundError as error:
            if error.name != "numpy":
                raise
            raise MissingExtraError(
                'compiling needs NumPy: pip install "autograd_bp[arrays]"'
            ) from None
        return CompiledModule(
            self, performance or functions.performance, backend=backend, threads=threads
        )

    def to_onnx(
        self,
        path: str | os.PathLike[str] | None = None,
        *,
        inputs: int | None = None,
        dtype: str = "float64",
    ) -> Any:
        """The module as an ONNX model, which ONNX Runtime and other programs run.

        It has one input x, (rows, inputs), and one output z, (rows, outputs). A `Network` is
        written layer by layer, another module value by value, with the wiring of one run. Sums are
        added in another order there, so outputs differ by rounding: see docs/training.md.

        Arguments:
            path: a file to write, whole or not at all; none when left out.
            inputs: how many inputs a row has; a Network knows it.
            dtype: "float64", or "float32" for numbers of half the length.

        Returns: the onnx.ModelProto.

        Raises: MissingExtraError without onnx; ModelError for what ONNX cannot say; BranchError
            where the module compares Values; ShapeError when `inputs` is missing.
        """
        from autograd_bp.exchange.onnx import to_onnx

        return to_onnx(self, path, inputs=inputs, dtype=dtype)

    def save_weights(self, path: str | os.PathLike[str], *, dtype: str = "float64") -> Path:
        """Write the weights to a .npz or .safetensors file; see
        `autograd_bp.exchange.save_weights`."""
        from autograd_bp.exchange.weights import save_weights

        return save_weights(self, path, dtype=dtype)

    def load_weights(self, path: str | os.PathLike[str]) -> None:
        """Read the weights from a .npz or .safetensors file; see
        `autograd_bp.exchange.load_weights`."""
        from autograd_bp.exchange.weights import load_weights

        load_weights(self, path)

    def named_parameters(self) -> list[tuple[str, Value]]:
        """Every parameter once, with its name, such as `layers.0.neurons.2.weights.1`.

        Returns: pairs in the order in which attributes were set and containers are ordered;
            a shared parameter goes by the first name it is met under.

        Raises: SettingError when two parameters have one name (a dict with the keys 1 and "1").
        """
        named: dict[str, Value] = {}
        for name, value in values_inside(self):
            if value.op is None and not value.is_constant:
                if name in named:
                    raise SettingError(f"two parameters are named {name!r}: rename one of them")
                named[name] = value
        return list(named.items())

    def parameters(self) -> list[Value]:
        """Every parameter once, in the order of `named_parameters`."""
        return [parameter for _, parameter in self.named_parameters()]

    def zero_grad(self) -> None:
        """Set the gradient of every parameter to 0."""
        for parameter in self.parameters():
            parameter.zero_grad()

    def state_dict(self) -> dict[str, float]:
        """The parameters as plain numbers by name, as a saved model holds them."""
        return {name: parameter.data for name, parameter in self.named_parameters()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Give every parameter the number that `state` has under its name.

        Everything is checked before anything is changed.

        Raises: ModelError naming the parameters that are missing, that this module does not
            have, or whose numbers are not finite real numbers.
        """
        if not isinstance(state, Mapping):
            raise ModelError(
                f"a state is a mapping of names to numbers, got {type(state).__name__}"
            )
        parameters = dict(self.named_parameters())
        missing = [name for name in parameters if name not in state]
        unexpected = [name for name in state if name not in parameters]
        if missing or unexpected:
            problems = [
                f"{what} {_some(names)}"
                for what, names in (("misses", missing), ("has the unknown", unexpected))
                if names
            ]
            raise ModelError(
                f"the state does not fit this {type(self).__name__}: it {' and '.join(problems)}; "
                "load it into a module of the same shape"
            )
        numbers = {name: _finite(name, state[name]) for name in parameters}
        for name, parameter in parameters.items():
            parameter.data = numbers[name]

    def __repr__(self) -> str:
        return f"<{type(self).__name__} with {len(self.parameters())} parameters>"


def refuse_unknown(module: Module, of_library: type, name: str, known: Iterable[str]) -> None:
    """Raise UnknownNameError where an attribute of a class of the library is set that would have
    no effect. A class that is derived from it may have names of its own."""
    if type(module) is not of_library or name in known or name.startswith("__"):
        return
    from difflib import get_close_matches

    close = get_close_matches(name, known, 1)
    hint = f" (did you mean {close[0]}?)" if close else ""
    raise UnknownNameError(
        f"a {of_library.__name__} has no attribute {name!r} that can be set{hint}: it has "
        f"{', '.join(known)}; for names of your own derive a class from {of_library.__name__}"
    )


def values_inside(module: Module) -> Iterator[tuple[str, Value]]:
    """Every Value that a module has, also constants and results, once, by the first name under
    which it is met."""
    seen: dict[int, Any] = {}  # keeps objects alive, so that an id belongs to one of them
    pending: list[tuple[str, Any]] = [("", module)]
    while pending:
        name, thing = pending.pop()
        if id(thing) in seen:
            continue
        seen[id(thing)] = thing
        if isinstance(thing, Value):
            yield name, thing
            continue
        inside = [
            (f"{name}.{key}" if name else str(key), child)
            for key, child in _children(thing)
            if type(child) not in _PLAIN
        ]
        pending.extend(reversed(inside))


def _children(thing: Any) -> Iterable[tuple[Any, Any]]:
    """The attributes of a module or the entries of a container, by attribute, index or key."""
    if isinstance(thing, Module):
        slots = [
            name
            for cls in reversed(type(thing).__mro__)
            for name in _slots(cls)
            if name not in ("__dict__", "__weakref__") and hasattr(thing, name)
        ]
        return [*((name, getattr(thing, name)) for name in slots), *vars(thing).items()]
    if isinstance(thing, dict):
        return thing.items()
    if isinstance(thing, (list, tuple)):
        return enumerate(thing)
    if getattr(getattr(thing, "dtype", None), "kind", "") == "O" and getattr(thing, "ndim", 0):
        return enumerate(thing.tolist())
    return ()


def _slots(cls: type) -> tuple[str, ...]:
    slots = cls.__dict__.get("__slots__", ())
    return (slots,) if isinstance(slots, str) else tuple(slots)


def _finite(name: str, value: Any) -> float:
    if not isinstance(value, bool):
        try:
            data = number(value)
        except (OperandError, OverflowError):
            data = math.nan
        if math.isfinite(data):
            return data
    raise ModelError(
        f"the state has {value!r:.60} for {name}, where a finite real number is needed"
    )


def _some(names: list[Any]) -> str:
    shown = ", ".join(str(name)[:60] for name in names[:3])
    return shown if len(names) <= 3 else f"{shown} and {len(names) - 3} more"
