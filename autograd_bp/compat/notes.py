"""The Variable of course notes on reverse mode: a value, and the local gradient by each child.

>>> from autograd_bp.compat.notes import Variable, get_gradients
>>> a, b = Variable(4.0), Variable(3.0)
>>> c = a + b
>>> gradients = get_gradients(a * c)
>>> gradients[a], gradients[b]
(11.0, 4.0)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from autograd_bp.compat.engine import Value
from autograd_bp.errors import ShapeError
from autograd_bp.graph import topological_order
from autograd_bp.value import adopt

__all__ = ["Var", "Variable", "get_gradients"]


class Variable(Value):
    """A number, and how it depends on others.

    Arguments:
        value: the number.
        local_gradients: pairs of a child and the local derivative by it.
        parents: the same under another name.

    The number is `.value`, `.v` or `.data`, the derivative after `backward()` is `.grad`.

    Raises: OperandError where a number is no real number; ShapeError for what is no pair.

    Example:
        >>> import math
        >>> from autograd_bp.compat.notes import Variable, get_gradients
        >>> def sin(a):
        ...     return Variable(math.sin(a.value), ((a, math.cos(a.value)),))
        >>> x = Variable(0.0)
        >>> get_gradients(sin(x) * 2)[x]
        2.0
    """

    __slots__ = ()

    def __init__(
        self,
        value: Any,
        local_gradients: Iterable[tuple[Any, Any]] = (),
        *,
        parents: Iterable[tuple[Any, Any]] | None = None,
    ) -> None:
        pairs = list(local_gradients if parents is None else parents)
        if any(not isinstance(pair, (tuple, list)) or len(pair) != 2 for pair in pairs):
            raise ShapeError(
                "local_gradients holds pairs of a child and the derivative by it: "
                f"((a, 1.0), (b, 1.0)), got {pairs!r:.60}"
            )
        if pairs:
            children, slopes = zip(*pairs, strict=True)
            super().__init__(value, children, slopes)
        else:
            super().__init__(value)

    @property
    def value(self) -> float:
        """The number."""
        number: float = self.data
        return number

    @value.setter
    def value(self, number: Any) -> None:
        self.data = number

    v = value

    @property
    def local_gradients(self) -> tuple[tuple[Any, float], ...]:
        """The children, each with the local derivative by it."""
        return tuple(zip(self._children, self._local_grads, strict=True))

    def __repr__(self) -> str:
        return f"Variable({self.data})"


adopt(Variable)
Var = Variable


def get_gradients(variable: Value) -> dict[Any, float]:
    """The derivative of a variable by everything that it was computed from, 0 for all else.

    Unlike the function of the notes, which follows each path by itself, it sweeps once.
    """
    variable.backward(accumulate=False)
    gradients: dict[Any, float] = defaultdict(float)
    for node in topological_order(variable):
        if node is not variable:
            gradients[node] = node.grad
    return gradients
