"""What a compiled function is asked for: its value, derivatives of it, or several at once."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from autograd_bp.compiling.calling.caller import FastCall
from autograd_bp.compiling.front import within
from autograd_bp.compiling.front.arguments import Arguments
from autograd_bp.compiling.front.results import DIRECTIONS, directions_of, kind_of

__all__ = ["OWN", "KindsOfCall"]

OWN = (
    "grad",
    "value_and_grad",
    "jacobian",
    "hessian",
    "value_and_jacobian",
    "value_and_hessian",
    "_calls",
)  # attributes that are made when they are first used


class KindsOfCall:
    """The calls of a function, one method for each kind of result."""

    _arguments: Arguments
    _value: FastCall

    def _fast_call(self, kind: str) -> FastCall:
        """A function for one kind of result."""
        raise NotImplementedError

    def _run(
        self, kind: str, args: Any, kwargs: Any, directions: dict[str, Any] | None = None
    ) -> tuple[Any, Any, Any]:
        """The result, and what computed it."""
        raise NotImplementedError

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """The value: summed over the rows or, with reduce=None, one for each row."""
        return self._value(*args, **kwargs)

    @functools.cached_property
    def grad(self) -> Callable[..., Any]:
        """The gradient by the argument `wrt`, shaped like it; by one that has rows always a
        gradient for each row. It is called as the function itself."""
        return self._fast_call("grad")

    @functools.cached_property
    def value_and_grad(self) -> Callable[..., tuple[Any, Any]]:
        """The value and the gradient, from one program that shares what they share. It is called
        as the function itself."""
        return self._fast_call("value_and_grad")

    @functools.cached_property
    def jacobian(self) -> Callable[..., Any]:
        """The derivative of each output: the output's shape, with a gradient at each number. It is
        called as the function itself."""
        return self._fast_call("jacobian")

    @functools.cached_property
    def hessian(self) -> Callable[..., Any]:
        """All second derivatives: the shape of the argument `wrt`, with one more of that shape at
        each number. It is called as the function itself."""
        return self._fast_call("hessian")

    @functools.cached_property
    def value_and_jacobian(self) -> Callable[..., tuple[Any, Any]]:
        """The value and `jacobian`, from one program. It is called as the function itself."""
        return self._fast_call("value_and_jacobian")

    @functools.cached_property
    def value_and_hessian(self) -> Callable[..., tuple[Any, Any]]:
        """The value and `hessian`, from one program. It is called as the function itself."""
        return self._fast_call("value_and_hessian")

    def hvp(self, *args: Any, tangent: Any, **kwargs: Any) -> Any:
        """The product of the Hessian by `wrt` with a vector shaped like that argument, the rows
        first where it has rows. The result is shaped like a gradient."""
        return self._directed("hvp", args, kwargs, {"tangent": tangent})

    def value_and_hvp(self, *args: Any, tangent: Any, **kwargs: Any) -> tuple[Any, Any]:
        """The value and `hvp`, from one program."""
        pair: tuple[Any, Any] = self._directed("value_and_hvp", args, kwargs, {"tangent": tangent})
        return pair

    def jvp(self, *args: Any, tangent: Any, **kwargs: Any) -> Any:
        """The derivative of the value in the direction `tangent`, which is shaped like the argument
        `wrt`. The result is shaped like the value."""
        return self._directed("jvp", args, kwargs, {"tangent": tangent})

    def value_and_jvp(self, *args: Any, tangent: Any, **kwargs: Any) -> tuple[Any, Any]:
        """The value and `jvp`, from one program."""
        pair: tuple[Any, Any] = self._directed("value_and_jvp", args, kwargs, {"tangent": tangent})
        return pair

    def vjp(self, *args: Any, cotangent: Any, **kwargs: Any) -> Any:
        """The gradient of the product of the value with `cotangent`, which is shaped like the
        value: with the rows first where the value has a result for each."""
        return self._directed("vjp", args, kwargs, {"cotangent": cotangent})

    def value_and_vjp(self, *args: Any, cotangent: Any, **kwargs: Any) -> tuple[Any, Any]:
        """The value and `vjp`, from one program."""
        directions = {"cotangent": cotangent}
        pair: tuple[Any, Any] = self._directed("value_and_vjp", args, kwargs, directions)
        return pair

    def derivatives(self, *names: str) -> Callable[..., Any]:
        """Several results out of one program, which computes once what they share.

        Arguments:
            *names: some of "value", "grad", "jacobian", "hessian", "jvp", "vjp" and "hvp".

        Returns: a function that is called as the function itself, with tangent= and cotangent=
            where they are needed. It returns a tuple of the results, in this order.

        Raises: SettingError for other names.

        Example:
            >>> import autograd_bp as bp
            >>> f = bp.compiled(lambda x: x[0] ** 2 * x[1])
            >>> f.derivatives("value", "grad", "hvp")([2.0, 3.0], tangent=[1.0, 0.0])
            (12.0, [12.0, 4.0], [6.0, 4.0])
        """
        kind = kind_of(names)
        if not {*names} & {*DIRECTIONS}:
            return self._call_of(kind)

        directions = directions_of(kind)
        quick = self._call_of(kind)

        def call(*args: Any, **kwargs: Any) -> Any:
            if (*kwargs,) == directions:
                return quick(*args, *kwargs.values())
            return self._directed(kind, args, *within.without_directions(kwargs))

        return call

    def _directed(self, kind: str, args: Any, kwargs: Any, directions: dict[str, Any]) -> Any:
        """A result that a tangent or a cotangent belongs to."""
        names = directions_of(kind)
        is_complete = (*directions,) == names or {*names} == {*directions}
        if not is_complete or (kwargs and self._arguments.has_any(names)):
            return self._run(kind, args, kwargs, directions)[0]
        if kwargs:
            return self._call_of(kind)(*args, **kwargs, **directions)
        return self._call_of(kind)(*args, *[directions[name] for name in names])

    def _call_of(self, kind: str) -> FastCall:
        if kind not in self._calls:
            self._calls[kind] = self._fast_call(kind)
        return self._calls[kind]

    @functools.cached_property
    def _calls(self) -> dict[str, FastCall]:
        """Calls of each kind of result."""
        return {}
