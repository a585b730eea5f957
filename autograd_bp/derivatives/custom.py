"""Derivatives that the user states: custom, for functions of trees, and stop_gradient.

For a function of a few numbers, `@primitive` is all that is needed.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

from autograd_bp.contexts import is_traced, on_plain_numbers
from autograd_bp.derivatives.calls import Function, like, name_of
from autograd_bp.derivatives.graphs import data, depends_on_others
from autograd_bp.derivatives.shaped import Recent, build_all, flatten_all, temporary_primitive
from autograd_bp.derivatives.trees import flatten
from autograd_bp.errors import OperandError, ShapeError
from autograd_bp.primitives import Primitive
from autograd_bp.value import Value, constant
from autograd_bp.words import explains_keywords


@explains_keywords
def custom(gradient: Function) -> Callable[[Function], Callable[..., Any]]:
    """A decorator that gives a function a gradient of your own.

    Arguments:
        gradient: called with the function's arguments; returns the gradient, shaped like the
            argument, or a tuple with one entry for each of several arguments. Written with
            operators and functions of autograd_bp it can be differentiated again.

    Returns: a decorator for a function that returns one number. The function itself is only
        ever called with floats (and lists, arrays ... of floats), so it may be anything: a
        simulation, a library in C, NumPy.

    Raises: ShapeError when the gradient has not the shape of the arguments; OperandError for a
        gradient that is no function, and when the function is applied to Values and its result
        depends on others, which are not its arguments, because their derivatives would be lost.

    Example:
        >>> import autograd_bp as bp
        >>> @bp.custom(gradient=lambda x: [2 * each for each in x])
        ... def energy(x):
        ...     return sum(each * each for each in x)
        >>> bp.grad(lambda t: energy([t, 3 * t]))(1.0)
        20.0
    """
    require_function("custom", "gradient", gradient)

    def decorate(*functions: Function) -> Callable[..., Any]:
        if len(functions) != 1 or not callable(functions[0]):
            raise OperandError(
                f"custom needs a gradient: write @custom(gradient=...) before {name_of(gradient)}, "
                "where gradient is called with its arguments and returns its gradient"
            )
        function = functions[0]
        name = name_of(function)
        primitives = Recent()

        @functools.wraps(function)
        def with_gradient(*arguments: Any) -> Any:
            flat, trees = flatten_all(arguments, name)
            if not any(isinstance(number, Value) for number in flat):
                return function(*arguments)

            def forward(*numbers: float) -> float:
                with on_plain_numbers():
                    returned = function(*build_all(numbers, trees))
                result, shape = flatten(returned, f"what {name} gave")
                if shape.children or len(result) != 1:
                    raise ShapeError(f"{name} must return one number, got {shape}")
                if isinstance(result[0], Value) and depends_on_others(result, ()):
                    raise OperandError(
                        f"{name} depends on Values that are not its arguments: pass them as "
                        "arguments, or their derivatives would be lost; for their numbers write "
                        ".data"
                    )
                return data(result[0])

            def partials(*inputs: Any, y: Any) -> Sequence[Any]:
                result = gradient(*build_all(inputs, trees))
                gradients = like(
                    [result] if len(trees) == 1 else result, trees, "gradient", "argument"
                )
                if any(isinstance(x, Value) for x in (*inputs, y)):
                    return gradients
                return [data(x) for x in gradients]

            op = primitives.get(
                tuple([tree.key for tree in trees]),
                lambda: temporary_primitive(name, forward, partials),
            )
            return op(*flat)

        return with_gradient

    return decorate


def require_function(caller: str, argument: str, given: Any) -> None:
    """Raise OperandError where an argument that is a function is none."""
    if not callable(given):
        raise OperandError(
            f"{caller} takes a function as {argument}, got {type(given).__name__} {given!r:.60}: "
            "pass f itself, not f(x)"
        )


def stop_gradient(tree: Any) -> Any:
    """The same numbers, as constants: no derivative of any order passes.

    Arguments:
        tree: a number, or a tree of numbers.

    Returns: a tree of the same shape: its Values as constants, its floats unchanged.

    Raises: OperandError for what is no tree of numbers.

    Example:
        >>> import autograd_bp as bp
        >>> bp.grad(lambda x: x * bp.stop_gradient(x))(3.0)
        3.0
    """
    leaves, shape = flatten(tree)
    stop = _stopped() if is_traced() else lambda x: constant(data(x))
    return shape.build([stop(x) if isinstance(x, Value) else x for x in leaves])


@functools.cache
def _stopped() -> Primitive:
    """A primitive that returns its input and passes no derivative on."""
    return Primitive("stop_gradient", 1, lambda x: x, lambda x, y: (0.0,), c="a", numpy="positive")
