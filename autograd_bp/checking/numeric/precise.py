"""The derivative at many digits: the recorded graph run again with mpmath, or the function itself.

No rule for a derivative takes part. Each row is computed by the mpmath function of its name, by
a line below, or by its definition; the slope is a difference with a step so small, at a precision
so high, that the requested digits are exact.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from autograd_bp.errors import MissingExtraError, SettingError
from autograd_bp.graph import topological_order
from autograd_bp.primitives import Primitive
from autograd_bp.value import Value

__all__ = ["precise_slopes"]

Run = Callable[[list[Any]], Any]
LARGEST = 10_000


def precise_slopes(
    digits: int,
    point: Sequence[float],
    output: Value | None,
    inputs: Sequence[Value],
    function: Callable[[list[Any]], Any],
) -> tuple[list[float | None], str]:
    """∂f/∂x_i, right to about `digits` digits and then rounded, and how they were found.

    Arguments:
        digits: of precision.
        point: where.
        output: of the recorded graph, or None.
        inputs: of the recorded graph.
        function: the function on a list of mpmath numbers, for where there is no graph.

    Returns: a slope for each input; None where the two sides differ, or where the function is
        not defined, or cuts the numbers down to floats.

    Raises: MissingExtraError without mpmath; SettingError for digits out of range.
    """
    mpmath = _mpmath()
    if type(digits) is not int or not 16 <= digits <= LARGEST:
        raise SettingError(f"digits must be an integer from 16 to {LARGEST}, got {digits!r}")
    if output is not None:
        run, how = _rerun(output, inputs, mpmath), f"the recorded graph at {digits} digits"
    else:
        run, how = function, f"the function itself on mpmath numbers of {digits} digits"
    with mpmath.workdps(4 * digits + 20):
        found = [_slope(run, point, i, digits, mpmath) for i in range(len(point))]
    return found, how


def _mpmath() -> Any:
    try:
        import mpmath
    except ImportError:
        raise MissingExtraError(
            'digits= needs mpmath: pip install "autograd_bp[precision]"'
        ) from None
    return mpmath


def _slope(run: Run, point: Sequence[float], i: int, digits: int, mpmath: Any) -> float | None:
    x = [mpmath.mpf(each) for each in point]
    size = abs(x[i]) or mpmath.mpf(1)
    sides = []
    for step in (mpmath.mpf(10) ** -digits, -(mpmath.mpf(10) ** -digits)):
        h = step * size
        near, far = _at(run, x, i, h, mpmath), _at(run, x, i, 2 * h, mpmath)
        here = _at(run, x, i, 0, mpmath)
        if near is None or far is None or here is None:
            return None
        sides.append((4 * near - far - 3 * here) / (2 * h))
    right, left = sides
    if abs(right - left) > mpmath.mpf(10) ** (-digits / 2) * max(abs(right), abs(left)):
        return None
    return float((right + left) / 2)


def _at(run: Run, x: list[Any], i: int, h: Any, mpmath: Any) -> Any:
    moved = [*x]
    moved[i] = x[i] + h
    try:
        result = run(moved)
    except (ValueError, ArithmeticError, TypeError):
        return None
    if not isinstance(result, mpmath.mpf) or not mpmath.isfinite(result):
        return None  # complex, infinite, or cut down to a float on the way
    return result


def _rerun(output: Value, inputs: Sequence[Value], mpmath: Any) -> Run:
    """The graph as a function of mpmath numbers."""
    order = topological_order(output)

    def run(numbers: list[Any]) -> Any:
        at: dict[Value, Any] = dict(zip(inputs, numbers, strict=True))
        for node in order:
            if node in at:
                continue
            row = node.op
            if row is None:
                at[node] = mpmath.mpf(node.data)
            else:
                at[node] = row_at(row, [at[parent] for parent in node.parents], mpmath)
        return at[output]

    return run


def row_at(row: Primitive, inputs: Sequence[Any], mpmath: Any) -> Any:
    """A row of the table on mpmath numbers.

    Raises: ValueError where it is not defined, or not known there.
    """
    mp = mpmath.mp
    own = _OWN.get(row.name)
    if own is not None:
        return own(mp, *inputs)
    by_name = getattr(mp, row.name, None) if row.arity is not None else None
    if by_name is not None:
        return by_name(*inputs)
    if row.definition is None:
        raise ValueError(f"{row.name} has no definition and is no function of mpmath")
    result = row.definition(*(_Precise(x, mpmath) for x in inputs))
    return result.number if isinstance(result, _Precise) else mp.mpf(result)


_OWN: dict[str, Callable[..., Any]] = {
    "add": lambda mp, a, b: a + b,
    "sub": lambda mp, a, b: a - b,
    "mul": lambda mp, a, b: a * b,
    "div": lambda mp, a, b: a / b,
    "pow": lambda mp, a, b: mp.mpf(1) if b == 0 else mp.power(a, b),
    "power": lambda mp, a, b: mp.mpf(1) if b == 0 else mp.power(a, b),
    "neg": lambda mp, x: -x,
    "abs": lambda mp, x: abs(x),
    "exp2": lambda mp, x: mp.power(2, x),
    "log2": lambda mp, x: mp.log(x) / mp.log(2),
    "cbrt": lambda mp, x: mp.sign(x) * mp.cbrt(abs(x)),
    "floor": lambda mp, x: mp.floor(x),
    "relu": lambda mp, x: max(x, mp.mpf(0)),
    "maximum": lambda mp, a, b: max(a, b),
    "minimum": lambda mp, a, b: min(a, b),
    "threshold": lambda mp, x: mp.mpf(x >= 0),
    "where": lambda mp, c, a, b: a if c else b,
    "heaviside": lambda mp, a, b: b if a == 0 else mp.mpf(a > 0),
    "compare": lambda mp, a, b: mp.sign(a - b),
    "nonzero": lambda mp, x: mp.mpf(x != 0),
    "sigmoid": lambda mp, x: 1 / (1 + mp.exp(-x)),
    "log_sigmoid": lambda mp, x: -mp.log1p(mp.exp(-x)),
    "softplus": lambda mp, x: mp.log1p(mp.exp(x)),
    "sum": lambda mp, *x: mp.fsum(x),
    "norm": lambda mp, *x: mp.sqrt(mp.fsum(v * v for v in x)),
    "logsumexp": lambda mp, *x: mp.log(mp.fsum(mp.exp(v) for v in x)),
}


class _Precise:
    """A number that definitions of composites can be run on: operators, and rows of the table."""

    def __init__(self, number: Any, mpmath: Any) -> None:
        self.number: Any = number.number if isinstance(number, _Precise) else mpmath.mpf(number)
        self._mpmath = mpmath

    def __apply_primitive__(self, row: Primitive, operands: Sequence[Any]) -> _Precise:
        numbers = [_Precise(each, self._mpmath).number for each in operands]
        return _Precise(row_at(row, numbers, self._mpmath), self._mpmath)

    def _with(self, other: Any) -> _Precise:
        return _Precise(other, self._mpmath)

    def __add__(self, other: Any) -> _Precise:
        return self._with(self.number + self._with(other).number)

    def __sub__(self, other: Any) -> _Precise:
        return self._with(self.number - self._with(other).number)

    def __mul__(self, other: Any) -> _Precise:
        return self._with(self.number * self._with(other).number)

    def __truediv__(self, other: Any) -> _Precise:
        return self._with(self.number / self._with(other).number)

    def __pow__(self, other: Any) -> _Precise:
        return self._with(self.number ** self._with(other).number)

    def __rsub__(self, other: Any) -> _Precise:
        return self._with(other) - self

    def __rtruediv__(self, other: Any) -> _Precise:
        return self._with(other) / self

    def __neg__(self) -> _Precise:
        return self._with(-self.number)

    def __abs__(self) -> _Precise:
        return self._with(abs(self.number))

    def __lt__(self, other: Any) -> bool:
        return bool(self.number < self._with(other).number)

    def __gt__(self, other: Any) -> bool:
        return bool(self.number > self._with(other).number)

    def __le__(self, other: Any) -> bool:
        return bool(self.number <= self._with(other).number)

    def __ge__(self, other: Any) -> bool:
        return bool(self.number >= self._with(other).number)

    __radd__ = __add__
    __rmul__ = __mul__
