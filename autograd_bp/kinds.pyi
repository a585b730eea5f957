# What type checkers know of a primitive: Value gives Value, float gives float, array gives array.
# There is no module of this name. elementwise.pyi says which function is of which kind.
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, TypeAlias, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from autograd_bp.primitives import Primitive
from autograd_bp.value import Value

_Real: TypeAlias = float | Fraction | np.floating[Any] | np.integer[Any]
_Number: TypeAlias = Value | _Real
_Floats: TypeAlias = NDArray[np.float64]
_Whole: TypeAlias = NDArray[np.integer[Any]] | NDArray[np.bool_]
_Array: TypeAlias = NDArray[Any]
A = TypeVar("A", bound=np.ndarray[Any, Any])

class Function(Primitive):
    """A primitive of any number of inputs, or of a number that is not known."""

    @overload
    def __call__(self, *operands: _Real) -> float: ...  # type: ignore[overload-overlap]
    @overload
    def __call__(self, *operands: _Number) -> Value: ...  # type: ignore[overload-overlap]
    @overload
    def __call__(self, *operands: _Number | _Array) -> _Array: ...

class OfOne(Primitive):
    """A primitive of one number."""

    @overload
    def __call__(self, x: Value, /) -> Value: ...
    @overload
    def __call__(self, x: _Real, /) -> float: ...
    @overload
    def __call__(self, x: _Whole, /) -> _Floats: ...
    @overload
    def __call__(self, x: A, /) -> A: ...

class OfTwo(Primitive):
    """A primitive of two numbers."""

    @overload
    def __call__(self, a: _Real, b: _Real, /) -> float: ...  # type: ignore[overload-overlap]
    @overload
    def __call__(self, a: _Number, b: _Number, /) -> Value: ...
    @overload
    def __call__(self, a: _Array, b: _Number | _Array, /) -> _Array: ...
    @overload
    def __call__(self, a: _Number, b: _Array, /) -> _Array: ...

class OfThree(Primitive):
    """A primitive of three numbers."""

    @overload
    def __call__(self, a: _Real, b: _Real, c: _Real, /) -> float: ...  # type: ignore[overload-overlap]
    @overload
    def __call__(self, a: _Number, b: _Number, c: _Number, /) -> Value: ...
    @overload
    def __call__(self, a: Any, b: Any, c: Any, /) -> Any: ...

def primitive(
    partials: Callable[..., Sequence[Any]], *, name: str | None = None, **columns: Any
) -> Callable[[Callable[..., float]], Function]: ...
