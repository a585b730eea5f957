"""Compiled functions as methods of a class: `self` is the object, and no argument of numbers."""

from __future__ import annotations

import functools
import inspect
import weakref
from collections.abc import Callable
from typing import Any

from autograd_bp.errors import SettingError

Compiled = Any  # compiled.py imports this file


class MethodFunction:
    """A function whose first argument is an object, as a function of the others.

    It does not keep the object alive, so that an object and its compiled methods are freed
    together.
    """

    def __init__(self, function: Callable[..., Any], instance: Any) -> None:
        self.__name__ = getattr(function, "__name__", type(function).__name__)
        self.__qualname__ = getattr(function, "__qualname__", self.__name__)
        self.__doc__ = function.__doc__
        signature = inspect.signature(function)
        self.__signature__ = signature.replace(parameters=[*signature.parameters.values()][1:])
        self._function = function
        try:
            self._instance: Callable[[], Any] = weakref.ref(instance)
        except TypeError:  # a class with slots
            self._instance = lambda: instance

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._function(self._instance(), *args, **kwargs)

    @property
    def __reachable__(self) -> list[Any]:
        return [self._function, self._instance()]


class Method:
    """A compiled method of one object: it has all that a compiled function has.

    Attributes:
        compiled: the compiled function.
        __self__: the object.
    """

    __slots__ = ("__self__", "compiled")

    def __init__(self, compiled: Compiled, instance: Any) -> None:
        self.compiled, self.__self__ = compiled, instance

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.compiled(*args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        attribute = getattr(self.compiled, name)
        if not callable(attribute) or isinstance(attribute, type):
            return attribute

        @functools.wraps(attribute, assigned=("__doc__",), updated=())
        def call(*args: Any, **kwargs: Any) -> Any:
            _ = self.__self__  # which lives as long as this function does
            return attribute(*args, **kwargs)

        return call

    def __repr__(self) -> str:
        return f"<method of {self.__self__!r:.60}: {self.compiled!r}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return getattr, (self.__self__, self.compiled.__name__)


class Methods:
    """The compiled methods that one compiled function of a class has become, one for each object.

    Arguments:
        function: the function, whose first parameter is the object.
        options: those of `compiled`.
    """

    def __init__(self, function: Callable[..., Any], options: dict[str, Any]) -> None:
        self._function, self._options = function, options
        self._made: dict[int, tuple[Any, Compiled]] = {}

    def of(self, instance: Any, kind: Callable[..., Compiled]) -> Method:
        """The method of an object.

        Raises: SettingError where an option of the function names the object itself.
        """
        key = id(instance)
        reference, compiled = self._made.get(key, (None, None))
        if compiled is None or (reference is not None and reference() is not instance):
            compiled = self._compiled(instance, kind)
            made = self._made
            try:
                reference = weakref.ref(instance, lambda gone: made.pop(key, None))
            except TypeError:  # it cannot be seen when the object goes: made anew each time
                return Method(compiled, instance)
            made[key] = reference, compiled
        return Method(compiled, instance)

    def _compiled(self, instance: Any, kind: Callable[..., Compiled]) -> Compiled:
        function = MethodFunction(self._function, instance)
        own = next(iter(inspect.signature(self._function).parameters), "")
        for option in ("rows", "static", "wrt"):
            chosen = self._options[option]
            if own and (chosen == own or (not isinstance(chosen, (str, int)) and own in chosen)):
                raise SettingError(
                    f"{option} names {own!r}, the object of the method {function.__name__}: name "
                    "its other parameters; positions count from the one after it"
                )
        return kind(function, **self._options)
