# What type checkers know of the functions over lists: numbers give a number, and a Value among them
# gives a Value. There is no module of this name: the functions are in functions.py, and a test
# compares their parameters with these.
from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias, overload

import numpy as np
from numpy.typing import NDArray

from autograd_bp.value import Value

_Number: TypeAlias = Value | float
_Floats: TypeAlias = NDArray[np.floating[Any]] | NDArray[np.integer[Any]]
_Objects: TypeAlias = NDArray[np.object_]

__all__ = [
    "cross_entropy",
    "dot",
    "logsumexp",
    "mean",
    "norm",
    "performance",
    "softmax",
    "sum",
    "where",
]

@overload
def logsumexp(values: _Floats) -> float: ...
@overload
def logsumexp(values: _Objects) -> Value: ...
@overload
def logsumexp(values: Iterable[float]) -> float: ...  # type: ignore[overload-overlap]
@overload
def logsumexp(values: Iterable[_Number]) -> Value: ...
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
def softmax(values: _Floats) -> list[float]: ...
@overload
def softmax(values: _Objects) -> list[Value]: ...
@overload
def softmax(values: Iterable[float]) -> list[float]: ...  # type: ignore[overload-overlap]
@overload
def softmax(values: Iterable[_Number]) -> list[Value]: ...
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
