"""What a module returns, and the numbers that its parameters have while it runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from autograd_bp.errors import OperandError
from autograd_bp.nn.module import Module
from autograd_bp.value import Value

if TYPE_CHECKING:
    from autograd_bp.compiling.calling.caller import Floats

__all__ = ["outputs_of", "with_weights"]


def outputs_of(module: Module, returned: Any) -> list[Value]:
    """The outputs of a module, from what it returned.

    Raises: OperandError where they are no Values.
    """
    several = hasattr(returned, "__iter__") or hasattr(returned, "__getitem__")
    outputs = list(returned) if several and not isinstance(returned, Value) else [returned]
    for z in outputs:
        if not isinstance(z, Value):
            raise OperandError(
                f"{type(module).__name__} returned {type(z).__name__} {z!r:.40}: its outputs "
                "must be Values"
            )
    return outputs


@contextmanager
def with_weights(parameters: Sequence[Value], weights: Floats) -> Iterator[None]:
    """Around code that runs a module with these numbers in its parameters."""
    before = [w.data for w in parameters]
    for w, number in zip(parameters, weights.tolist(), strict=True):
        w.data = number
    try:
        yield
    finally:
        for w, number in zip(parameters, before, strict=True):
            w.data = number
