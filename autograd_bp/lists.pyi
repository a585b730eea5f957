# What type checkers know of the functions over lists: numbers give a number, and a Value among them
# gives a Value. There is no module of this name: the functions are in functions.py, and a test
# compares their parameters with these.
from collections.abc import Iterable, Sequence
from typing import Any, Literal, TypeAlias, overload

import numpy as np
from numpy.typing import NDArray

from autograd_bp.value import Value

_Number: TypeAlias = Value | float
_Floats: TypeAlias = NDArray[np.floating[Any]] | NDArray[np.integer[Any]]
_Objects: TypeAlias = NDArray[np.object_]
_Array: TypeAlias = NDArray[Any]

__all__ = [
    "all",
    "any",
    "clip",
    "cross_entropy",
    "dot",
    "elu",
    "leaky_relu",
    "log_softmax",
    "logsumexp",
    "mean",
    "norm",
    "performance",
    "polygamma",
    "prod",
    "softmax",
    "std",
    "sum",
    "var",
    "where",
]

@overload
def logsumexp(values: _Floats, axis: None = None, keepdims: Literal[False] = False) -> float: ...
@overload
def logsumexp(values: _Objects, axis: None = None, keepdims: Literal[False] = False) -> Value: ...
@overload
def logsumexp(  # type: ignore[overload-overlap]
    values: Iterable[float], axis: None = None, keepdims: Literal[False] = False
) -> float: ...
@overload
def logsumexp(
    values: Iterable[_Number], axis: None = None, keepdims: Literal[False] = False
) -> Value: ...
@overload
def logsumexp(
    values: Any, axis: int | tuple[int, ...] | None = None, keepdims: bool = False
) -> _Array: ...
@overload
def mean(values: _Floats) -> float: ...
@overload
def mean(values: _Objects) -> Value: ...
@overload
def mean(values: Iterable[float]) -> float: ...  # type: ignore[overload-overlap]
@overload
def mean(values: Iterable[_Number]) -> Value: ...
@overload
def norm(values: _Floats) -> float: ...
@overload
def norm(values: _Objects) -> Value: ...
@overload
def norm(values: Iterable[float]) -> float: ...  # type: ignore[overload-overlap]
@overload
def norm(values: Iterable[_Number]) -> Value: ...
@overload
def sum(values: _Floats) -> float: ...
@overload
def sum(values: _Objects) -> Value: ...
@overload
def sum(values: Iterable[float]) -> float: ...  # type: ignore[overload-overlap]
@overload
def sum(values: Iterable[_Number]) -> Value: ...
@overload
def softmax(values: _Floats, axis: None = None) -> list[float]: ...
@overload
def softmax(values: _Objects, axis: None = None) -> list[Value]: ...
@overload
def softmax(values: Iterable[float], axis: None = None) -> list[float]: ...  # type: ignore[overload-overlap]
@overload
def softmax(values: Iterable[_Number], axis: None = None) -> list[Value]: ...
@overload
def softmax(values: Any, axis: int) -> _Array: ...
@overload
def dot(left: Iterable[float], right: Iterable[float], bias: float | None = None) -> float: ...  # type: ignore[overload-overlap]
@overload
def dot(
    left: Iterable[_Number], right: Iterable[_Number], bias: _Number | None = None
) -> Value: ...
@overload
def cross_entropy(desired: int | Sequence[float], logits: Iterable[float]) -> float: ...  # type: ignore[overload-overlap]
@overload
def cross_entropy(desired: int | Sequence[_Number], logits: Iterable[_Number]) -> Value: ...
@overload
def performance(desired: float | Iterable[float], output: float | Iterable[float]) -> float: ...  # type: ignore[overload-overlap]
@overload
def performance(
    desired: _Number | Iterable[_Number], output: _Number | Iterable[_Number]
) -> Value: ...
@overload
def where(condition: float, yes: float, no: float) -> float: ...  # type: ignore[overload-overlap]
@overload
def where(condition: _Number, yes: _Number, no: _Number) -> Value: ...
@overload
def where(condition: Any, yes: Any, no: Any) -> Any: ...
@overload
def prod(values: _Floats) -> float: ...
@overload
def prod(values: _Objects) -> Value: ...
@overload
def prod(values: Iterable[float]) -> float: ...  # type: ignore[overload-overlap]
@overload
def prod(values: Iterable[_Number]) -> Value: ...
@overload
def any(values: _Floats) -> float: ...
@overload
def any(values: _Objects) -> Value: ...
@overload
def any(values: Iterable[float]) -> float: ...  # type: ignore[overload-overlap]
@overload
def any(values: Iterable[_Number]) -> Value: ...
@overload
def all(values: _Floats) -> float: ...
@overload
def all(values: _Objects) -> Value: ...
@overload
def all(values: Iterable[float]) -> float: ...  # type: ignore[overload-overlap]
@overload
def all(values: Iterable[_Number]) -> Value: ...
@overload
def var(values: _Floats, *, ddof: float = 0) -> float: ...
@overload
def var(values: _Objects, *, ddof: float = 0) -> Value: ...
@overload
def var(values: Iterable[float], *, ddof: float = 0) -> float: ...  # type: ignore[overload-overlap]
@overload
def var(values: Iterable[_Number], *, ddof: float = 0) -> Value: ...
@overload
def std(values: _Floats, *, ddof: float = 0) -> float: ...
@overload
def std(values: _Objects, *, ddof: float = 0) -> Value: ...
@overload
def std(values: Iterable[float], *, ddof: float = 0) -> float: ...  # type: ignore[overload-overlap]
@overload
def std(values: Iterable[_Number], *, ddof: float = 0) -> Value: ...
@overload
def leaky_relu(x: float, slope: float = 0.01) -> float: ...
@overload
def leaky_relu(x: Value, slope: _Number = 0.01) -> Value: ...
@overload
def leaky_relu(x: float, slope: Value) -> Value: ...
@overload
def leaky_relu(x: _Array, slope: Any = 0.01) -> _Array: ...
@overload
def elu(x: float, alpha: float = 1.0) -> float: ...
@overload
def elu(x: Value, alpha: _Number = 1.0) -> Value: ...
@overload
def elu(x: float, alpha: Value) -> Value: ...
@overload
def elu(x: _Array, alpha: Any = 1.0) -> _Array: ...
@overload
def clip(x: float, low: float | None = None, high: float | None = None) -> float: ...
@overload
def clip(x: Value, low: _Number | None = None, high: _Number | None = None) -> Value: ...
@overload
def clip(x: _Array, low: Any = None, high: Any = None) -> _Array: ...
@overload
def clip(x: float, low: _Number | None = None, high: _Number | None = None) -> Value: ...
@overload
def polygamma(order: int, x: float) -> float: ...
@overload
def polygamma(order: int, x: Value) -> Value: ...
@overload
def polygamma(order: int, x: _Array) -> _Array: ...
@overload
def log_softmax(values: _Floats, axis: None = None) -> list[float]: ...
@overload
def log_softmax(values: _Objects, axis: None = None) -> list[Value]: ...
@overload
def log_softmax(values: Iterable[float], axis: None = None) -> list[float]: ...  # type: ignore[overload-overlap]
@overload
def log_softmax(values: Iterable[_Number], axis: None = None) -> list[Value]: ...
@overload
def log_softmax(values: Any, axis: int) -> _Array: ...
