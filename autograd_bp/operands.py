"""What users give as numbers, as floats: the one place that says what a real number is."""

from __future__ import annotations

from typing import Any

from autograd_bp.errors import OperandError


def unboxed(operand: Any) -> Any:
    """What an array of objects of no dimensions holds, as np.where returns; else the operand."""
    if (
        getattr(operand, "shape", None) == ()
        and getattr(getattr(operand, "dtype", None), "kind", "") == "O"
    ):
        return operand.item()
    return operand


def number(operand: Any) -> float:
    """The float of any real number: int, float, Fraction, NumPy scalar.

    Raises OperandError for everything else (text, complex numbers, None, arrays).
    """
    if isinstance(operand, (float, int)):
        return float(operand)
    from numbers import Real

    # Not isinstance: a Value passes for a float in functions that are compiled.
    if issubclass(type(operand), Real) or (
        getattr(operand, "shape", None) == () and getattr(operand.dtype, "kind", "") in "fiub"
    ):
        return float(operand)
    from autograd_bp.words import number_advice

    raise OperandError(
        f"a real number is needed, got {type(operand).__name__} {operand!r:.60}: "
        f"{number_advice(operand)}"
    )


def float_or_operand(name: str, operand: Any) -> Any:
    """The float of an integer; any other operand as it is, for a primitive to take.

    Raises OperandError for an integer that no float holds, in the name of a function.
    """
    if type(operand) is not int:
        return operand
    try:
        return float(operand)
    except OverflowError:
        raise OperandError(
            f"{name} needs numbers that floats hold, got an integer of "
            f"{operand.bit_length()} bits: give math.inf"
        ) from None
