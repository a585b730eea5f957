"""jvp: derivatives of ordinary functions by one sweep in recording order."""

from __future__ import annotations

from typing import Any

from autograd_bp.derivatives.calls import Call, Function, as_arguments, like
from autograd_bp.words import explains_keywords


@explains_keywords
def jvp(
    function: Function, primals: Any, tangents: Any, *, record: bool | None = None
) -> tuple[Any, Any]:
    """The value of a function and its derivative in a direction, J·v, in forward mode.

    Arguments:
        function: a function of numbers or trees of numbers; so may its output be.
        primals: the arguments, as a tuple with one entry for each; anything but a tuple is
            the only argument.
        tangents: the direction v, shaped like `primals`.
        record: as in `grad`.

    Returns: the value and J·v, shaped like the value.

    Raises: as `grad`, and ShapeError when the shapes differ.

    Example:
        >>> import autograd_bp as bp
        >>> bp.jvp(lambda x: [x ** 2, x ** 3], 2.0, 1.0)
        ([4.0, 8.0], [4.0, 12.0])
    """
    args, alone = as_arguments(primals)
    directions = (tangents,) if alone else tangents
    call = Call(function, args, {}, range(len(args)), record=record)
    if not isinstance(directions, (tuple, list)):
        directions = (directions,)
    flat = like(directions, call.trees, "tangent", "argument")
    call.meets(flat)
    return call.value(), call.forward(flat)
