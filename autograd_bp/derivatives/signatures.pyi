# What type checkers know of the functions of this package whose result has the shape of an
# argument. There is no module of this name: the functions are in reverse.py, jacobians.py and so
# on, and a test compares their parameters with these.
from collections.abc import Callable, Sequence
from typing import Any, Literal, Protocol, TypeAlias, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from autograd_bp.value import Value

A = TypeVar("A")
B = TypeVar("B")
Aux = TypeVar("Aux")
Aux_co = TypeVar("Aux_co", covariant=True)
K = TypeVar("K")
N = TypeVar("N", float, Value)
S = TypeVar("S", bound=np.generic)
T = TypeVar("T")
Which: TypeAlias = int | str | Sequence[int | str]
_Floats: TypeAlias = NDArray[np.float64]

# ------------------------------------------------------------------------------------ gradients
class Gradient(Protocol):
    """The gradient by the first argument: shaped like it."""

    @overload
    def __call__(self, x: N, /, *args: Any, **kwargs: Any) -> N: ...
    @overload
    def __call__(self, x: list[int], /, *args: Any, **kwargs: Any) -> list[float]: ...
    @overload
    def __call__(self, x: dict[K, int], /, *args: Any, **kwargs: Any) -> dict[K, float]: ...
    @overload
    def __call__(self, x: T, /, *args: Any, **kwargs: Any) -> T: ...
    @overload
    def __call__(self, **kwargs: Any) -> Any: ...

class GradientOfSecond(Protocol):
    """The gradient by the second argument: shaped like it."""

    @overload
    def __call__(self, a: Any, x: N, /, *args: Any, **kwargs: Any) -> N: ...
    @overload
    def __call__(self, a: Any, x: T, /, *args: Any, **kwargs: Any) -> T: ...
    @overload
    def __call__(self, a: Any = ..., /, **kwargs: Any) -> Any: ...

class GradientOfBoth(Protocol):
    """The gradients by the first two arguments."""

    @overload
    def __call__(self, a: A, b: B, /, *args: Any, **kwargs: Any) -> tuple[A, B]: ...
    @overload
    def __call__(self, a: Any = ..., /, **kwargs: Any) -> tuple[Any, Any]: ...

class GradientWithAux(Protocol[Aux_co]):
    """The gradient by the first argument, and what else the function returned."""

    @overload
    def __call__(self, x: N, /, *args: Any, **kwargs: Any) -> tuple[N, Aux_co]: ...
    @overload
    def __call__(self, x: T, /, *args: Any, **kwargs: Any) -> tuple[T, Aux_co]: ...
    @overload
    def __call__(self, **kwargs: Any) -> tuple[Any, Aux_co]: ...

@overload
def grad(
    function: Callable[..., Any],
    wrt: Which = 0,
    *,
    has_aux: bool = False,
    record: Literal[True],
) -> Callable[..., Any]: ...
@overload
def grad(
    function: Callable[..., Any],
    wrt: Literal[0] = 0,
    *,
    has_aux: Literal[False] = False,
    record: bool | None = None,
) -> Gradient: ...
@overload
def grad(
    function: Callable[..., Any],
    wrt: Literal[1],
    *,
    has_aux: Literal[False] = False,
    record: bool | None = None,
) -> GradientOfSecond: ...
@overload
def grad(
    function: Callable[..., Any],
    wrt: tuple[Literal[0], Literal[1]],
    *,
    has_aux: Literal[False] = False,
    record: bool | None = None,
) -> GradientOfBoth: ...
@overload
def grad(
    function: Callable[..., tuple[Any, Aux]],
    wrt: Literal[0] = 0,
    *,
    has_aux: Literal[True],
    record: bool | None = None,
) -> GradientWithAux[Aux]: ...
@overload
def grad(
    function: Callable[..., Any],
    wrt: Which = 0,
    *,
    has_aux: bool = False,
    record: bool | None = None,
) -> Callable[..., Any]: ...

# -------------------------------------------------------------------------- values and gradients
class ValueAndGradient(Protocol):
    """The value, and the gradient by the first argument."""

    @overload
    def __call__(self, x: N, /, *args: Any, **kwargs: Any) -> tuple[N, N]: ...
    @overload
    def __call__(self, x: list[N], /, *args: Any, **kwargs: Any) -> tuple[N, list[N]]: ...
    @overload
    def __call__(self, x: dict[K, N], /, *args: Any, **kwargs: Any) -> tuple[N, dict[K, N]]: ...
    @overload
    def __call__(
        self, x: tuple[Value, ...], /, *args: Any, **kwargs: Any
    ) -> tuple[Value, tuple[Value, ...]]: ...
    @overload
    def __call__(self, x: T, /, *args: Any, **kwargs: Any) -> tuple[float, T]: ...
    @overload
    def __call__(self, **kwargs: Any) -> tuple[Any, Any]: ...

class ValueAndGradientOfBoth(Protocol):
    """The value, and the gradients by the first two arguments."""

    @overload
    def __call__(self, a: A, b: B, /, *args: Any, **kwargs: Any) -> tuple[Any, tuple[A, B]]: ...
    @overload
    def __call__(self, a: Any = ..., /, **kwargs: Any) -> tuple[Any, tuple[Any, Any]]: ...

class ValueAndGradientWithAux(Protocol[Aux_co]):
    """The value with what else the function returned, and the gradient."""

    @overload
    def __call__(self, x: N, /, *args: Any, **kwargs: Any) -> tuple[tuple[N, Aux_co], N]: ...
    @overload
    def __call__(
        self, x: list[N], /, *args: Any, **kwargs: Any
    ) -> tuple[tuple[N, Aux_co], list[N]]: ...
    @overload
    def __call__(self, x: T, /, *args: Any, **kwargs: Any) -> tuple[tuple[float, Aux_co], T]: ...
    @overload
    def __call__(self, **kwargs: Any) -> tuple[tuple[Any, Aux_co], Any]: ...

@overload
def value_and_grad(
    function: Callable[..., Any],
    wrt: Which = 0,
    *,
    has_aux: bool = False,
    record: Literal[True],
) -> Callable[..., tuple[Any, Any]]: ...
@overload
def value_and_grad(
    function: Callable[..., Any],
    wrt: Literal[0] = 0,
    *,
    has_aux: Literal[False] = False,
    record: bool | None = None,
) -> ValueAndGradient: ...
@overload
def value_and_grad(
    function: Callable[..., Any],
    wrt: tuple[Literal[0], Literal[1]],
    *,
    has_aux: Literal[False] = False,
    record: bool | None = None,
) -> ValueAndGradientOfBoth: ...
@overload
def value_and_grad(
    function: Callable[..., tuple[Any, Aux]],
    wrt: Literal[0] = 0,
    *,
    has_aux: Literal[True],
    record: bool | None = None,
) -> ValueAndGradientWithAux[Aux]: ...
@overload
def value_and_grad(
    function: Callable[..., Any],
    wrt: Which = 0,
    *,
    has_aux: bool = False,
    record: bool | None = None,
) -> Callable[..., tuple[Any, Any]]: ...

# -------------------------------------------------------------------------------------- matrices
class JacobianOfNumber(Protocol):
    """The Jacobian of a function that returns one number: shaped like the argument."""

    @overload
    def __call__(self, x: N, /, *args: Any, **kwargs: Any) -> N: ...
    @overload
    def __call__(self, x: T, /, *args: Any, **kwargs: Any) -> T: ...
    @overload
    def __call__(self, **kwargs: Any) -> Any: ...

class JacobianOfList(Protocol):
    """The Jacobian of a function that returns a list of numbers: a list with an entry for each."""

    @overload
    def __call__(self, x: N, /, *args: Any, **kwargs: Any) -> list[N]: ...
    @overload
    def __call__(self, x: list[N], /, *args: Any, **kwargs: Any) -> list[list[N]]: ...
    @overload
    def __call__(self, x: T, /, *args: Any, **kwargs: Any) -> list[T]: ...
    @overload
    def __call__(self, **kwargs: Any) -> list[Any]: ...

class JacobianOfArray(Protocol):
    """The Jacobian of a function that returns an array."""

    @overload
    def __call__(self, x: float | NDArray[Any], /, *args: Any, **kwargs: Any) -> _Floats: ...
    @overload
    def __call__(self, **kwargs: Any) -> Any: ...

@overload
def jacobian(
    function: Callable[..., float] | Callable[..., Value],
    wrt: Literal[0] = 0,
    *,
    mode: str | None = None,
    has_aux: Literal[False] = False,
    record: Literal[False] | None = None,
) -> JacobianOfNumber: ...
@overload
def jacobian(
    function: Callable[..., list[float]] | Callable[..., list[Value]],
    wrt: Literal[0] = 0,
    *,
    mode: str | None = None,
    has_aux: Literal[False] = False,
    record: Literal[False] | None = None,
) -> JacobianOfList: ...
@overload
def jacobian(
    function: Callable[..., NDArray[Any]],
    wrt: Literal[0] = 0,
    *,
    mode: str | None = None,
    has_aux: Literal[False] = False,
    record: Literal[False] | None = None,
) -> JacobianOfArray: ...
@overload
def jacobian(
    function: Callable[..., Any],
    wrt: Which = 0,
    *,
    mode: str | None = None,
    has_aux: bool = False,
    record: bool | None = None,
) -> Callable[..., Any]: ...

class Hessian(Protocol):
    """The Hessian by the first argument: shaped like it, twice."""

    @overload
    def __call__(self, x: N, /, *args: Any, **kwargs: Any) -> N: ...
    @overload
    def __call__(self, x: list[N], /, *args: Any, **kwargs: Any) -> list[list[N]]: ...
    @overload
    def __call__(self, x: dict[K, N], /, *args: Any, **kwargs: Any) -> dict[K, dict[K, N]]: ...
    @overload
    def __call__(
        self, x: tuple[float, ...], /, *args: Any, **kwargs: Any
    ) -> tuple[tuple[float, ...], ...]: ...
    @overload
    def __call__(self, x: NDArray[S], /, *args: Any, **kwargs: Any) -> NDArray[S]: ...
    @overload
    def __call__(self, **kwargs: Any) -> Any: ...

@overload
def hessian(
    function: Callable[..., Any], wrt: Literal[0] = 0, *, record: Literal[False] | None = None
) -> Hessian: ...
@overload
def hessian(
    function: Callable[..., Any], wrt: Which = 0, *, record: bool | None = None
) -> Callable[..., Any]: ...

# --------------------------------------------------------------------------- products and others
@overload
def hvp(
    function: Callable[..., Any], primals: N, tangents: Any, *, record: bool | None = None
) -> N: ...
@overload
def hvp(
    function: Callable[..., Any], primals: T, tangents: Any, *, record: bool | None = None
) -> T: ...
def jvp(
    function: Callable[..., Any], primals: Any, tangents: Any, *, record: bool | None = None
) -> tuple[Any, Any]: ...
@overload
def vjp(
    function: Callable[..., Any], x: N, /, *, record: Literal[False] | None = None
) -> tuple[Any, Callable[[Any], N]]: ...
@overload
def vjp(
    function: Callable[..., Any], x: T, /, *, record: Literal[False] | None = None
) -> tuple[Any, Callable[[Any], T]]: ...
@overload
def vjp(
    function: Callable[..., Any], *primals: Any, record: bool | None = None
) -> tuple[Any, Callable[[Any], Any]]: ...
@overload
def gradients(
    outputs: Value | Sequence[Value],
    inputs: Value,
    *,
    seeds: Sequence[Any] | None = None,
    record: Literal[False] = False,
) -> float: ...
@overload
def gradients(
    outputs: Value | Sequence[Value],
    inputs: Value,
    *,
    seeds: Sequence[Any] | None = None,
    record: Literal[True],
) -> Value: ...
@overload
def gradients(
    outputs: Value | Sequence[Value],
    inputs: Sequence[Value],
    *,
    seeds: Sequence[Any] | None = None,
    record: Literal[False] = False,
) -> list[float]: ...
@overload
def gradients(
    outputs: Value | Sequence[Value],
    inputs: Sequence[Value],
    *,
    seeds: Sequence[Any] | None = None,
    record: Literal[True],
) -> list[Value]: ...
@overload
def gradients(
    outputs: Value | Sequence[Value],
    inputs: Value | Sequence[Value],
    *,
    seeds: Sequence[Any] | None = None,
    record: bool = False,
) -> Any: ...
def stop_gradient(tree: T) -> T: ...
