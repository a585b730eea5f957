"""`@primitive`, which makes an entry of the table from a function of the user's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from autograd_bp.entry import Primitive
from autograd_bp.errors import PrimitiveError


def primitive(
    partials: Callable[..., Sequence[Any]], *, name: str | None = None, **columns: Any
) -> Callable[[Callable[..., float]], Primitive]:
    """A decorator that adds a function of your own to the table.

    Arguments:
        partials: the rule: the inputs and, as the keyword `y`, the output; one partial
            derivative per input. Written with operators and entries of the table it can be
            differentiated again.
        name: the entry's name; the function's own when left out.
        columns: any other argument of, see `Primitive`.

    Returns: a decorator; what it returns is a primitive, to be called on floats and Values.

    Raises: PrimitiveError when the name is taken, the arity cannot be read or the rule was left
        out.

    Example:
        >>> from autograd_bp import Value, primitive
        >>> @primitive(partials=lambda x, y: (2 * x,))
        ... def squared(x: float) -> float:
        ...     return x * x
        >>> x = Value(3.0)
        >>> squared(x).backward()
        >>> x.grad
        6.0
    """

    def register(*forwards: Callable[..., float]) -> Primitive:
        import inspect

        if len(forwards) != 1 or not callable(forwards[0]):
            written = getattr(partials, "__name__", "the function")
            raise PrimitiveError(
                f"primitive needs a rule: write @primitive(partials=...) before {written}, where "
                "partials is called with the inputs and with the output as the keyword y"
            )
        forward = forwards[0]
        parameters = inspect.signature(forward).parameters.values()
        variadic = any(p.kind is p.VAR_POSITIONAL for p in parameters)
        arity = columns.pop("arity", None if variadic else len(parameters))
        if arity == 0:
            raise PrimitiveError(f"{forward.__name__} takes no inputs: there is nothing to derive")
        return Primitive(name or forward.__name__, arity, forward, partials, **columns)

    return register
