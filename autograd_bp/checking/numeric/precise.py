"""The derivative at many digits: the recorded graph run again with mpmath, or the function itself.

No rule for a derivative takes part. What each primitive computes is evaluated on mpmath's numbers
(see printers/mpmath.py). The slope is a difference with a step so small, at a precision so high,
that the requested digits are exact.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from autograd_bp.errors import MissingExtraError, SettingError
from autograd_bp.graph import topological_order
from autograd_bp.printers.mpmath import Precise
from autograd_bp.value import Value

__all__ = ["precise_slopes"]

Run = Callable[[list[Any]], Any]
MAX_DIGITS = 10_000


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
    if type(digits) is not int or not 16 <= digits <= MAX_DIGITS:
        raise SettingError(f"digits must be an integer from 16 to {MAX_DIGITS}, got {digits!r}")
    if output is not None:
        run, how = _rerun(output, inputs, mpmath), f"the recorded graph at {digits} digits"
    else:
        run, how = function, f"the function itself on mpmath numbers of {digits} digits"
    with mpmath.workdps(4 * digits + 20):
        slopes = [_slope(run, point, i, digits, mpmath) for i in range(len(point))]
    return slopes, how


def _mpmath() -> Any:
    try:
        import mpmath
    except ImportError:
        raise MissingExtraError(
            'digits= needs mpmath: pip install "autograd_bp[precision]"'
        ) from None
    return mpmath


def _slope(run: Run, point: Sequence[float], i: int, digits: int, mpmath: Any) -> float | None:
    x = [mpmath.mpf(number) for number in point]
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
    precise = Precise(mpmath)

    def run(numbers: list[Any]) -> Any:
        at: dict[Value, Any] = dict(zip(inputs, numbers, strict=True))
        for node in order:
            if node in at:
                continue
            if node.op is None:
                at[node] = mpmath.mpf(node.data)
            else:
                at[node] = precise.apply(node.op, [at[parent] for parent in node.parents])
        return at[output]

    return run
