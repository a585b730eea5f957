"""Arrays of Values, of which NumPy asks this library what its functions are to do.

An ordinary array of objects is NumPy's own: its functions call the operators and methods of the
elements. They fail where NumPy has no code for objects (np.heaviside, np.logaddexp), where a float
stands beside Values (np.exp), and where a choice asks for truth values (np.where in a compiled
function). A ValueArray has answers of its own, those of ufuncs.py and functions.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

import numpy as np

from autograd_bp.arrays.numbers import Numbers
from autograd_bp.errors import (
    BranchError,
    OperandError,
    ShapeError,
    UnknownNameError,
)
from autograd_bp.operands import number, unboxed
from autograd_bp.value import ManyValue, Value, catch_subscripts

if TYPE_CHECKING:
    from collections.abc import Iterable

    _Objects = np.ndarray[Any, np.dtype[np.object_]]
    _Floats = np.ndarray[tuple[Any, ...], np.dtype[np.float64]]
else:
    _Objects = np.ndarray


class ValueArray(_Objects):
    """A NumPy array of Values and floats; every function of NumPy that has a derivative records it.

    `bp.array(values)` and `bp.ValueArray(values)` make one. The library's own functions return one
    wherever a result is an array with Values in it, and `grad`, `jacobian`, `compiled` and their
    like hand one to a function whose argument is an array. It is an ndarray of objects in every
    other respect: shapes, slices, broadcasting, reductions and `@` are NumPy's. Slices, and the
    results of operations with ordinary arrays, are of this class too; `numpy.asarray` gives the
    ordinary array.

    Attributes:
        data: the numbers, as a read-only array of floats; assigning to it, as in
            array.data -= 0.1 * array.grad, gives the Values of the array new numbers.
        grad: the gradients after backward(), as a read-only array of floats; 0 for a plain number.
            It may be assigned to as well.

    Example:
        >>> import numpy as np
        >>> import autograd_bp as bp
        >>> x = bp.array([bp.Value(1.0), bp.Value(-2.0), 3.0])
        >>> y = np.where(x > 0.0, np.square(x), np.heaviside(x, 0.5)).sum()
        >>> y.backward()
        >>> y.data, x.data, x.grad
        (10.0, array([ 1., -2.,  3.]), array([2., 0., 0.]))
    """

    def __new__(cls, values: Any, *others: Any, **options: Any) -> ValueArray:
        if others or options:
            raise OperandError(
                "ValueArray takes the values alone, as array does: for an empty array write "
                "np.empty(shape, dtype=object).view(ValueArray)"
            )
        return array(values).view(cls)

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        # Python gives a new class NumPy's own subscripts.
        if cls.__getitem__ is np.ndarray.__getitem__:
            catch_subscripts(cls, _by_values)

    @property  # type: ignore[override]
    def data(self) -> _Floats:
        """The numbers, as a read-only array of floats."""
        return self._floats(lambda node: node.data, float)

    @data.setter
    def data(self, numbers: Any) -> None:
        entries = self.view(np.ndarray)
        for place, x in self._assigned("data", numbers):
            entry = entries[place]
            if isinstance(entry, Value):
                entry.data = x
            else:
                entries[place] = float(x)

    @property
    def grad(self) -> _Floats:
        """The gradients, as a read-only array of floats: 0 for a plain number."""
        return self._floats(lambda node: node.grad, lambda x: 0.0)

    @grad.setter
    def grad(self, numbers: Any) -> None:
        if numbers is None:
            raise OperandError("grad needs numbers, got None: to clear it write array.zero_grad()")
        entries = self.view(np.ndarray)
        for place, x in self._assigned("grad", numbers):
            if isinstance(entries[place], Value):
                entries[place].grad = x

    def _assigned(self, name: str, numbers: Any) -> Iterable[tuple[Any, Any]]:
        new = plain_numbers(numbers)
        if new.shape not in ((), self.shape):
            raise ShapeError(
                f"{name} of an array of shape {self.shape} was given numbers of shape {new.shape}"
            )
        return np.ndenumerate(np.broadcast_to(new, self.shape))

    @property
    def at(self) -> Any:
        """`array.at[index].set(x)`, `.add(x)` and the like give a copy with other entries."""
        from autograd_bp.arrays.updates import Updates

        return Updates(self)

    def zero_grad(self) -> None:
        """Set the gradients of the Values to 0."""
        for entry in self.reshape(-1).tolist():
            if isinstance(entry, Value):
                entry.grad = 0.0

    def _floats(self, of_value: Any, of_number: Any) -> _Floats:
        entries = self.reshape(-1).tolist()
        floats: _Floats = np.array(
            [(of_value if isinstance(x, Value) else of_number)(x) for x in entries]
        )
        numbers: _Floats = floats.astype(float).reshape(self.shape).view(Numbers)
        numbers.flags.writeable = False
        return numbers

    def __iter__(self) -> Any:
        # Entries come out of `flat` six times as fast; both see what is assigned meanwhile.
        return iter(self.flat) if self.ndim == 1 else super().__iter__()

    if not TYPE_CHECKING:  # a type checker would take any name for one that is there

        def __getattr__(self, name: str) -> Any:
            advice = FOREIGN_NAMES.get(name)
            reason = f": {advice}" if advice else ""
            raise UnknownNameError(f"a ValueArray has no attribute {name!r}{reason}")

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        if (
            method == "__call__"
            and not options
            and (ufunc in QUICK or _is_whole_power(ufunc, inputs))
        ):
            result = _by_elements(ufunc, inputs)
            if result is not None:
                return result
        from autograd_bp.arrays import ufuncs

        return ufuncs.apply_ufunc(ufunc, method, inputs, options)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        from autograd_bp.arrays import ufuncs

        return ufuncs.apply_function(function, args, kwargs)

    if TYPE_CHECKING:  # what NumPy's types of ndarray say of any array of objects, said of this one
        # fmt: off
        def __add__(self, other: Any, /) -> ValueArray: ...
        def __radd__(self, other: Any, /) -> ValueArray: ...
        def __sub__(self, other: Any, /) -> ValueArray: ...
        def __rsub__(self, other: Any, /) -> ValueArray: ...
        def __mul__(self, other: Any, /) -> ValueArray: ...
        def __rmul__(self, other: Any, /) -> ValueArray: ...
        def __truediv__(self, other: Any, /) -> ValueArray: ...
        def __rtruediv__(self, other: Any, /) -> ValueArray: ...
        def __floordiv__(self, other: Any, /) -> ValueArray: ...
        def __rfloordiv__(self, other: Any, /) -> ValueArray: ...
        def __mod__(self, other: Any, /) -> ValueArray: ...
        def __rmod__(self, other: Any, /) -> ValueArray: ...
        def __pow__(self, other: Any, /) -> ValueArray: ...  # type: ignore[override]
        def __rpow__(self, other: Any, /) -> ValueArray: ...  # type: ignore[override]
        def reshape(self, *args: Any, **options: Any) -> ValueArray: ...
        def ravel(self, *args: Any, **options: Any) -> ValueArray: ...
        def flatten(self, *args: Any, **options: Any) -> ValueArray: ...
        def transpose(self, *args: Any, **options: Any) -> ValueArray: ...
        def squeeze(self, *args: Any, **options: Any) -> ValueArray: ...
        def swapaxes(self, *args: Any, **options: Any) -> ValueArray: ...
        @overload  # type: ignore[override]
        def __getitem__(self, key: slice | list[int], /) -> ValueArray: ...
        @overload
        def __getitem__(self, key: Any, /) -> Any: ...
        def __getitem__(self, key: Any, /) -> Any: ...
        # fmt: on

    def round(self, decimals: Any = 0, out: Any = None) -> Any:
        """The entries rounded to so many decimal digits: `numpy.round`."""
        return np.round(self, decimals, out)

    def std(self, *args: Any, **options: Any) -> Any:
        """The standard deviation: `numpy.std`, with the derivative 0 for equal numbers."""
        return np.std(self, *args, **options)

    def mean(self, *args: Any, **options: Any) -> Any:
        """The mean: `numpy.mean`."""
        return np.mean(self, *args, **options)

    def var(self, *args: Any, **options: Any) -> Any:
        """The variance: `numpy.var`."""
        return np.var(self, *args, **options)

    def argmax(self, *args: Any, **options: Any) -> Any:
        """The places of the largest numbers: `numpy.argmax`."""
        return np.argmax(self, *args, **options)

    def argmin(self, *args: Any, **options: Any) -> Any:
        """The places of the smallest numbers: `numpy.argmin`."""
        return np.argmin(self, *args, **options)

    def argsort(self, *args: Any, **options: Any) -> Any:
        """The places of the numbers in their order, NaN last: `numpy.argsort`."""
        return np.argsort(self, *args, **options)

    def argpartition(self, *args: Any, **options: Any) -> Any:
        """The places of a partial order: `numpy.argpartition`."""
        return np.argpartition(self, *args, **options)

    def searchsorted(self, *args: Any, **options: Any) -> Any:
        """The places where numbers belong: `numpy.searchsorted`."""
        return np.searchsorted(self, *args, **options)

    def sort(self, axis: Any = -1, *args: Any, **options: Any) -> None:
        """Sort the array itself by its numbers, NaN last, as `numpy.sort` does a copy."""
        self[...] = np.sort(self, axis, *args, **options)

    def partition(self, kth: Any, axis: Any = -1, *args: Any, **options: Any) -> None:
        """Bring the array itself into the partial order of `numpy.partition`."""
        self[...] = np.partition(self, kth, axis, *args, **options)


def _by_values(array: ValueArray, index: Any) -> Any:
    """What is at an index that NumPy refuses; NotImplemented where no Value is in it."""
    from autograd_bp.flow import subscripts

    return subscripts.by_values(array, index)


catch_subscripts(ValueArray, _by_values)


def _by_elements(ufunc: Any, inputs: tuple[Any, ...]) -> Any:
    """NumPy's loop over objects, which calls the operator or the method of each; None where that
    is not what is meant: with operands of another library, for floats that raise errors or have no
    such method, and for truths that are not known."""
    operands: list[Any] = []
    for operand in inputs:
        if isinstance(operand, ValueArray):
            operands.append(operand.view(np.ndarray))
        elif type(operand) in PLAIN:
            operands.append(operand)
        else:
            return None
    try:
        method = METHODS.get(ufunc)
        if method is not None and operands[0].ndim:
            entries = operands[0].reshape(-1).tolist()
            if VALUES.issuperset(map(type, entries)):  # NumPy would look for each method by name
                result = np.fromiter(map(method, entries), object, len(entries))
                return as_values(result.reshape(operands[0].shape))
        with np.errstate(all="ignore"):
            result = ufunc(*operands)
    except (ArithmeticError, TypeError, AttributeError, BranchError):
        return None
    return as_values(result)


def _is_whole_power(ufunc: Any, inputs: tuple[Any, ...]) -> bool:
    """Whether it is a power such as x ** 2, which floats have without complex numbers."""
    if ufunc is not np.power or type(inputs[1]) not in (int, float):
        return False
    exponent: float = inputs[1]
    return 0 < exponent < 100 and exponent == int(exponent)


# What nodes and arrays of other libraries have, and what to write here.
FOREIGN_NAMES = {
    "backward": "a sweep starts from one number, so write array.sum().backward(), or call "
    "backward() of an entry; jacobian gives the derivatives of every entry",
    **dict.fromkeys(
        ("numpy", "values", "value", "to_numpy", "numbers"), "here it is data, an array of floats"
    ),
    "detach": "here it is stop_gradient(array); data gives the numbers",
    "requires_grad": "leave it out, since every Value can be differentiated by",
    **dict.fromkeys(("label", "op", "parents", "partials"), "its entries have it: array[0]"),
    **dict.fromkeys(("size_", "view_as", "unsqueeze", "permute"), "it has the methods of NumPy"),
    **dict.fromkeys(
        ("exp", "log", "sqrt", "sin", "cos", "tanh", "relu", "sigmoid", "abs", "pow", "softmax"),
        "call the function of autograd_bp or of numpy, as in autograd_bp.exp(array)",
    ),
}
PLAIN = frozenset((np.ndarray, Numbers, float, int, np.float64, np.int64))
# Ufuncs for which NumPy calls an operator that has one meaning for Values and for floats, or a
# method of Value.
OPERATORS = frozenset(
    (np.add, np.subtract, np.multiply, np.divide, np.negative, np.positive, np.absolute)
)
METHODS = {
    ufunc: getattr(Value, ufunc.__name__)
    for ufunc in (
        *(np.exp, np.log, np.sqrt, np.sin, np.cos, np.tan, np.tanh, np.sinh, np.cosh, np.arctan),
        *(np.arcsin, np.arccos, np.arcsinh, np.arctanh, np.log1p, np.expm1, np.cbrt),
    )
}
VALUES = frozenset((Value, ManyValue))  # not what users derive from these
QUICK = OPERATORS.union(
    METHODS,
    (np.less, np.less_equal, np.greater, np.greater_equal, np.equal, np.not_equal),
)


def array(values: Any) -> ValueArray:
    """An array of Values and numbers, on which every function of NumPy with a derivative works.

    Arguments:
        values: an array, or a list (of lists ...) of Values and real numbers. It is copied; the
            Values are the same nodes.

    Returns: a ValueArray of the same shape. Its entries are Values and floats.

    Raises: OperandError for what is no real number, and for lists of different lengths.

    Example:
        >>> import numpy as np
        >>> import autograd_bp as bp
        >>> x = bp.Value(0.0)
        >>> y = np.logaddexp(bp.array([x, 1.0]), 0.0)
        >>> y[0].backward()
        >>> x.grad, np.round(float(y[1]), 6)
        (0.5, np.float64(1.313262))
    """
    try:
        entries = np.array(values, dtype=object)
    except ValueError as error:
        raise OperandError(
            f"array needs lists of one length, got {values!r:.60}: {error}"
        ) from None
    flat = entries.reshape(-1)
    for place, entry in enumerate(flat.tolist()):
        content = unboxed(entry)
        if not isinstance(content, Value):
            if isinstance(content, (list, tuple)):
                raise OperandError(f"array needs lists of one length, got {values!r:.60}")
            try:
                content = number(content)
            except OverflowError:
                raise OperandError(
                    f"array needs numbers that a float holds, got an integer of "
                    f"{content.bit_length()} bits: divide it first"
                ) from None
        flat[place] = content
    return flat.reshape(entries.shape).view(ValueArray)


def plain_numbers(numbers: Any) -> Any:
    """An array of floats. Raises: OperandError for anything else."""
    entries = np.asarray(numbers)
    if entries.dtype.kind not in "fiub":
        raise OperandError(
            f"plain numbers are needed, got {numbers!r:.60}: give an array of floats"
        )
    return entries.astype(float)


def as_values(result: Any) -> Any:
    """An array of objects as a ValueArray; anything else as it is."""
    if type(result) is np.ndarray and result.dtype == object:
        return result.view(ValueArray)
    return result


def plain_array(operand: Any) -> Any:
    """A ValueArray as NumPy's own array of the same elements; anything else as it is."""
    return operand.view(np.ndarray) if isinstance(operand, ValueArray) else operand


def boxed(operand: Any) -> Any:
    """A Value as an array of no dimensions, and a ValueArray as NumPy's: NumPy then reads it, and
    does not call it again."""
    if not isinstance(operand, Value):
        return plain_array(operand)
    box = np.empty((), dtype=object)
    box[()] = operand
    return box


def has_dimensions(operand: Any) -> bool:
    return bool(getattr(operand, "ndim", 0)) or isinstance(operand, (list, tuple))


def plain(operand: Any) -> Any:
    """A Value or a float; anything that has elements as an array."""
    if isinstance(operand, (Value, float)):
        return operand
    if has_dimensions(operand):
        return np.asarray(operand)
    content = unboxed(operand)
    return content if isinstance(content, Value) else number(content)


def elementwise(function: Any, arrays: list[Any]) -> Any:
    """A function of numbers and Values on arrays of objects, element by element."""
    with np.errstate(all="ignore"):
        return as_values(np.frompyfunc(function, len(arrays), 1)(*map(plain_array, arrays)))
