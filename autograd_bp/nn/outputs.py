"""The outputs of a layer or a network: a list that explains itself to those who take it for one
number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from autograd_bp.errors import OperandError, UnknownNameError
from autograd_bp.value import Value

__all__ = ["Outputs"]


class Outputs(list[Value]):
    """The outputs z1, z2 and so on, as a plain list of Values.

    A network gives a list also where it has one output: `z, = network(x)` takes it out. What a
    Value can do and a list cannot (`backward()`, arithmetic, comparisons with a number) raises an
    error that says so.
    """

    __slots__ = ()
    kind_of_tree = list  # derivatives in the shape of the outputs are lists of their own

    if not TYPE_CHECKING:  # for a type checker it is a list, which refuses the same

        def __getattr__(self, name: str) -> NoReturn:
            if name.startswith("_") or not hasattr(Value, name):
                raise AttributeError(f"a list of outputs has no attribute {name!r}")
            raise UnknownNameError(
                f"a list of outputs has no {name!r}: {_advice(self, '.' + name)}"
            )

        def __sub__(self, other: Any) -> Any:
            return _refused(self, "-", other)

        __rsub__ = __sub__

        def __truediv__(self, other: Any) -> Any:
            return _refused(self, "/", other)

        __rtruediv__ = __truediv__

        def __pow__(self, other: Any) -> Any:
            return _refused(self, "**", other)

        __rpow__ = __pow__

        def __neg__(self) -> Any:
            return _refused(self, "-")

        def __abs__(self) -> Any:
            return _refused(self, "abs()")

        def __float__(self) -> Any:
            return _refused(self, "float()")

        # A list may be repeated, added to a list and compared with a list.
        def __add__(self, other: Any) -> Any:
            return super().__add__(other) if isinstance(other, list) else _refused(self, "+", other)

        def __radd__(self, other: Any) -> Any:
            return [*other, *self] if isinstance(other, list) else _refused(self, "+", other)

        def __mul__(self, other: Any) -> Any:
            return super().__mul__(other) if isinstance(other, int) else _refused(self, "*", other)

        __rmul__ = __mul__

        def __lt__(self, other: Any) -> Any:
            return super().__lt__(other) if isinstance(other, list) else _refused(self, "<", other)

        def __le__(self, other: Any) -> Any:
            return super().__le__(other) if isinstance(other, list) else _refused(self, "<=", other)

        def __gt__(self, other: Any) -> Any:
            return super().__gt__(other) if isinstance(other, list) else _refused(self, ">", other)

        def __ge__(self, other: Any) -> Any:
            return super().__ge__(other) if isinstance(other, list) else _refused(self, ">=", other)


def _refused(outputs: Outputs, sign: str, other: Any = None) -> Any:
    """Raise OperandError; arrays of NumPy know what to do with a list."""
    if hasattr(other, "__array_ufunc__") and not isinstance(other, Value):
        return NotImplemented
    raise OperandError(f"a list of outputs has no {sign}: {_advice(outputs, f' {sign} ...')}")


def _advice(outputs: Outputs, use: str) -> str:
    """How to get one number, z, for which to write `z` and then `use`."""
    if len(outputs) == 1:
        return (
            "it is a list, also of one output. Take the output out, `z, = network(x)`, and write "
            f"z{use}"
        )
    return (
        f"it is a list of {len(outputs)} outputs. Choose one, z = network(x)[0], or make one "
        f"number of them, such as autograd_bp.performance(d, network(x)), and write z{use} for it"
    )
