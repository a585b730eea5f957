"""Functions with derivatives of the user's, as in `autograd.extend`: `primitive`, `defvjp`,
`defjvp`."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

from autograd_bp.derivatives import custom
from autograd_bp.derivatives.trees import flatten
from autograd_bp.errors import NotDifferentiableError, OperandError
from autograd_bp.value import Value

Maker = Callable[..., Any]


class primitive:  # noqa: N801, it is a decorator
    """A decorator for a function that is called with plain numbers and arrays only.

    `defvjp` or `defjvp` states its derivatives. Until one of them has, differentiating it raises
    NotDifferentiableError.

    Example:
        >>> import math
        >>> from autograd_bp.compat.autograd import defvjp, grad, primitive
        >>> @primitive
        ... def cosine(x):
        ...     return math.cos(x)
        >>> defvjp(cosine, lambda ans, x: lambda g: -g * math.sin(x))
        >>> grad(cosine)(0.5) == -math.sin(0.5)
        True
    """

    def __init__(self, fun: Callable[..., Any]) -> None:
        functools.update_wrapper(self, fun)
        self.fun = fun
        self.vjps: dict[int, Maker | None] = {}
        self.jvps: dict[int, Maker | str | None] = {}

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """The value, recorded where an argument holds a Value."""
        needed = [k for k, argument in enumerate(args) if _has_value(argument)]
        if not needed:
            return self.fun(*args, **kwargs)
        plain = _plain(args)
        value = self.fun(*plain, **kwargs)
        shape = getattr(value, "shape", ())
        if not shape:
            return self._entry(kwargs, (), needed)(*args)
        import numpy

        outputs = numpy.empty(shape, dtype=object)
        for place in numpy.ndindex(*shape):
            outputs[place] = self._entry(kwargs, place, needed)(*args)
        return outputs

    def _entry(
        self, kwargs: dict[str, Any], place: tuple[int, ...], needed: Sequence[int]
    ) -> Callable[..., Any]:
        """One of the numbers that it returns, as a function with a gradient by the arguments that
        are needed."""

        def number(*args: Any) -> Any:
            value = self.fun(*args, **kwargs)
            return value[place] if place else value

        def gradient(*args: Any) -> Any:
            value = self(*args, **kwargs)
            slopes = tuple(
                self._slope(k, value, args, kwargs, place) if k in needed else _zeros(x)
                for k, x in enumerate(args)
            )
            return slopes if len(args) > 1 else slopes[0]

        functools.update_wrapper(number, self.fun)
        return custom(gradient=gradient)(number)

    def _slope(
        self, k: int, value: Any, args: Sequence[Any], kwargs: dict[str, Any], place: Any
    ) -> Any:
        """The derivative of an output by argument k, shaped like the argument."""
        x = args[k]
        if k in self.vjps:
            maker = self.vjps[k]
            seed = _unit(getattr(value, "shape", ()), place)
            return _zeros(x) if maker is None else _like(maker(value, *args, **kwargs)(seed), x)
        if k in self.jvps:
            return self._by_tangents(self.jvps[k], k, value, args, kwargs, place)
        raise NotDifferentiableError(
            f"nothing states the derivative of {self.fun.__name__} by its argument {k}: call "
            f"defvjp({self.fun.__name__}, ...) or defjvp"
        )

    def _by_tangents(
        self,
        maker: Any,
        k: int,
        value: Any,
        args: Sequence[Any],
        kwargs: dict[str, Any],
        place: Any,
    ) -> Any:
        x = args[k]
        if maker is None:
            return _zeros(x)

        def along(tangent: Any) -> Any:
            if maker == "same":  # linear in this argument: the same function of the tangent
                slope = self(*args[:k], tangent, *args[k + 1 :], **kwargs)
            else:
                slope = maker(tangent, value, *args, **kwargs)
            return slope[place] if place else slope

        shape = getattr(x, "shape", ())
        if not shape:
            return along(1.0)
        import numpy

        slopes = numpy.empty(shape, dtype=object)
        for where in numpy.ndindex(*shape):
            slopes[where] = along(_unit(shape, where))
        return slopes


def notrace_primitive(fun: Callable[..., Any]) -> Callable[..., Any]:
    """A decorator for a function of which nothing is recorded: it gets plain numbers."""

    @functools.wraps(fun)
    def untraced(*args: Any, **kwargs: Any) -> Any:
        return fun(*_plain(args), **kwargs)

    return untraced


def defvjp(fun: Any, *makers: Maker | None, argnums: Sequence[int] | None = None) -> None:
    """State how a gradient passes a primitive, argument by argument.

    Arguments:
        fun: what `primitive` returned.
        makers: for each argument a function of the value and the arguments that returns a function
            of the gradient of the value; None where nothing passes.
        argnums: the positions of these arguments; 0, 1, ... when left out.

    Raises: OperandError where `fun` is no primitive.
    """
    _require(fun)
    fun.vjps.update(zip(argnums or range(len(makers)), makers, strict=False))


def defjvp(fun: Any, *makers: Maker | str | None, argnums: Sequence[int] | None = None) -> None:
    """State how a tangent passes a primitive, argument by argument.

    Arguments:
        fun: what `primitive` returned.
        makers: for each argument a function of the tangent, the value and the arguments; None
            where nothing passes; "same" where the primitive is linear in the argument.
        argnums: the positions of these arguments; 0, 1, ... when left out.

    Raises: OperandError where `fun` is no primitive.
    """
    _require(fun)
    fun.jvps.update(zip(argnums or range(len(makers)), makers, strict=False))


def _require(fun: Any) -> None:
    if not isinstance(fun, primitive):
        raise OperandError(
            f"a function decorated with @primitive is needed, got {fun!r:.60}: decorate it first"
        )


def _has_value(argument: Any) -> bool:
    return any(isinstance(number, Value) for number in flatten(argument)[0])


def _plain(args: tuple[Any, ...]) -> tuple[Any, ...]:
    """The arguments with numbers in the place of Values, arrays as arrays of floats."""
    numbers, shape = flatten(args)
    plain = shape.build([x.data if isinstance(x, Value) else x for x in numbers])
    return tuple([_as_floats(each) for each in plain])


def _as_floats(argument: Any) -> Any:
    is_of_objects = getattr(getattr(argument, "dtype", None), "kind", "") == "O"
    return argument.astype(float) if is_of_objects else argument


def _unit(shape: tuple[int, ...], place: tuple[int, ...]) -> Any:
    """1 at one place, and 0 elsewhere."""
    if not shape:
        return 1.0
    import numpy

    unit = numpy.zeros(shape)
    unit[place] = 1.0
    return unit


def _zeros(x: Any) -> Any:
    numbers, shape = flatten(x)
    return shape.build([0.0] * len(numbers))


def _like(slope: Any, x: Any) -> Any:
    """A slope in the shape of its argument: one number for all of an array is repeated."""
    shape = getattr(x, "shape", ())
    if not shape or getattr(slope, "shape", ()) == shape:
        return slope
    import numpy

    return numpy.broadcast_to(numpy.asarray(slope, dtype=object), shape)
