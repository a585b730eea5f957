"""Value: one node of a computation graph, and how operations record nodes.

A node knows its number, the operation that made it, its parents and the local partial
derivatives at the moment it was recorded. It knows no derivative rule: those stand in the
table of primitives. The fields with an underscore are C fields when this file is compiled
(see value.pxd); most nodes have one or two parents, kept in the node itself.

The compiled class has its methods in one body, so this file is long. Its parts, in this order:

    Value        what a node knows; operators; conditions; comparison, identity, conversion;
                 copies and pickles; functions as methods, which generate.py writes (two thirds
                 of the file)
    ManyValue    a node of any number of parents
    OpenValue    the compiled part of compat's Value
    functions    operands; recording (record1, record2, record_many); comparison and conditions;
                 results of subclasses; copies; nodes of compat; what the engine asks; installing
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NoReturn

from autograd_bp import contexts, ieee754
from autograd_bp.contexts import (
    is_recording,
    is_traced,
    refuse_branch,
    refuse_entry,
    refuse_equality,
    refuse_number,
)
from autograd_bp.entry import TABLE, Primitive, by_code, set_recorder
from autograd_bp.errors import ConversionError, OperandError, ShapeError
from autograd_bp.native import codes, kernels, memory
from autograd_bp.operands import number, unboxed
from autograd_bp.self_description import Parameters
from autograd_bp.words import ForeignName, refuse_children

LEAF = -1
CONSTANT = -2  # a leaf that an operation made of a plain number
CONDITIONS = frozenset(  # the primitives whose results are 0 or 1, and whose results & joins
    (
        codes.less,
        codes.less_equal,
        codes.greater,
        codes.greater_equal,
        codes.equal,
        codes.not_equal,
        codes.logical_and,
        codes.logical_or,
        codes.logical_not,
        codes.nonzero,
        codes.any,
        codes.all,
    )
)
OWN = len(TABLE)  # how many primitives are the library's own

# By weak references that take themselves out: a WeakKeyDictionary takes seven times as long.
_labels: dict[weakref.ref[Value], str] = {}
_reference, _forget = weakref.ref, _labels.pop
_paused = 0  # how many no_recording() blocks are open, in all threads: quick to ask
_guards = 0  # how many no_branching() blocks are open, likewise
_innermost = is_recording.innermost
_held: list[tuple[Any, Any]] | None = None  # see watch_scripts
_reached = 0  # see watch_scripts
_backward: Callable[..., None] | None = None  # the sweep, which backprop.py hands over


class Value:
    """A real number that remembers how it was computed.

    Arguments:
        data: the number (int, float, NumPy scalar, Fraction).
        label: a name, for pictures and reports.

    Raises: OperandError when `data` is not a real number.

    Arithmetic and comparison work with other Values, numbers, NumPy scalars and object
    arrays. `<`, `<=`, `>` and `>=` compare the numbers, and so do `v == 0` and `v != 0`, where the
    other side is no Value. Two Values are equal where they are the same node, since nodes are
    vertices of a graph: compare `a.data == b.data` for their numbers. The hash goes with the
    node: `v in [1.0]` compares the number, `v in {1.0}` looks for the node. `float(v)` and
    `if v:` raise an error: they would silently cut the graph.
    `round(v)`, `math.floor(v)`, `%` and `//` are recorded; `v.data` and `v.item()` are the number,
    and `f"{v:.3f}"` is its text.

    Results are of the operands' class: derive a class from Value to add methods, and call them on
    results too. Neither its `__new__` nor its `__init__` is called for a result.

    Example:
        >>> from autograd_bp import Value
        >>> w, x = Value(0.5, "w"), Value(2.0, "x")
        >>> y = w * x + 1
        >>> y.backward()
        >>> y.data, w.grad
        (2.0, 2.0)
    """

    result_class = None  # type: type[Value] | None
    """In a subclass: the class of what operations on its instances return. None means the
    subclass itself; `result_class = Value` suits a class that only marks leaves."""

    # Nodes of other engines have these names: the error says what is called so here.
    _prev = ForeignName("_prev", "parents, a tuple")  # type: Any
    _children = ForeignName("_children", "parents")  # type: Any
    _parents = ForeignName("_parents", "parents")  # type: Any
    _op = ForeignName("_op", "op, a primitive, whose name is op.name")  # type: Any
    _local_grads = ForeignName("_local_grads", "partials")  # type: Any
    _backward = ForeignName(
        "_backward", "parents and partials; an operation of your own is a primitive"
    )  # type: Any
    children = ForeignName("children", "parents, a tuple")  # type: Any
    value = ForeignName("value", "data")  # type: Any
    name = ForeignName("name", "label")  # type: Any
    gradient = ForeignName("gradient", "grad, after backward()")  # type: Any
    derivative = ForeignName("derivative", "grad, after backward()")  # type: Any
    requires_grad = ForeignName(
        "requires_grad",
        "leave it out, since every Value can be differentiated by; a plain number is a constant, "
        "and so is what detach() returns",
    )  # type: Any
    requires_grad_ = ForeignName("requires_grad_", "leave it out, since every Value has a gradient")  # type: Any
    retain_grad = ForeignName("retain_grad", "leave it out, since every node has its grad")  # type: Any
    is_leaf = ForeignName("is_leaf", "op is None")  # type: Any
    grad_fn = ForeignName("grad_fn", "op, the primitive; its partials are in partials")  # type: Any
    numpy = ForeignName("numpy", "data, a float")  # type: Any
    tolist = ForeignName("tolist", "data, a float")  # type: Any
    clone = ForeignName("clone", "value + 0.0, or copy.copy(value) for a leaf")  # type: Any
    pow = ForeignName("pow", "value ** exponent")  # type: Any
    abs = ForeignName("abs", "abs(value)")  # type: Any
    add = ForeignName("add", "value + other")  # type: Any
    mul = ForeignName("mul", "value * other")  # type: Any
    sum = ForeignName("sum", "the Value itself, which is one number")  # type: Any
    mean = ForeignName("mean", "the Value itself, which is one number")  # type: Any
    device = ForeignName("device", "leave it out, since numbers are computed by the processor")  # type: Any
    cpu = ForeignName("cpu", "leave it out, since numbers are computed by the processor")  # type: Any
    cuda = ForeignName("cuda", "leave it out, since numbers are computed by the processor")  # type: Any
    to = ForeignName("to", "leave it out, since a Value is a float of 64 bits")  # type: Any
    astype = ForeignName("astype", "leave it out, since a Value is a float of 64 bits")  # type: Any
    dtype = ForeignName(
        "dtype",
        "leave it out, since a Value is a float of 64 bits; a function of NumPy's that asks for it "
        "takes bp.array(values) in the place of a list of Values",
    )  # type: Any
    double = ForeignName("double", "leave it out, since a Value is a float of 64 bits")  # type: Any
    step = ForeignName("step", "value.data += rate * value.grad, or an optimiser of training")  # type: Any

    __slots__ = (
        "__weakref__",
        "_code",
        "_d_first",
        "_d_second",
        "_data",
        "_first",
        "_grad",
        "_mark",
        "_primitive",  # keeps a primitive of a user's, in the interpreted core
        "_second",
    )
    _data: float
    _grad: float
    _code: int
    _mark: int
    _first: Value | None
    _second: Value | None
    _d_first: float
    _d_second: float
    __signature__ = Parameters()

    def __init__(self, data: Any, label: str = "") -> None:
        self._data = data if type(data) is float else number(data)
        self._grad = 0.0
        self._code = LEAF
        self._mark = 0
        self._first = None
        self._second = None
        name: Any = label
        if name and isinstance(name, str):
            self.label = name
        elif name is not None and not isinstance(name, str):
            refuse_children(name)

    # ------------------------------------------------------------------ what a node knows
    @property
    def __class__(self) -> type:
        """float in a function that is compiled, so that it goes where plain numbers go:
        `isinstance(x, float)`, `numbers.Real`, `np.isscalar`, `case float():`."""
        return float if _guards and is_traced() else type(self)

    @__class__.setter
    def __class__(self, cls: Any) -> None:
        raise OperandError(
            f"the class of a Value stays, got {cls!r:.60} for another: make a Value of that class"
        )

    @property
    def data(self) -> float:
        """The number.

        Raises: ConversionError in a function that is compiled, where this number would stay; that
            of a constant may be read.
        """
        if _guards and self._code != CONSTANT:
            refuse_number("value.data")
        return self._data

    @data.setter
    def data(self, data: Any) -> None:
        if _guards:
            refuse_number("a new number for value.data")
        self._data = data if type(data) is float else number(data)

    @property
    def grad(self) -> float:
        """The derivative, with respect to this node, of the output that backward() started from.

        Raises: ConversionError in a function that is compiled, as `data`.
        """
        if _guards:
            refuse_number("value.grad")
        return self._grad

    @grad.setter
    def grad(self, grad: Any) -> None:
        gradient = grad if type(grad) is float else number(grad)
        if _reached:
            notice(self, gradient)
        self._grad = gradient

    @property
    def op(self) -> Primitive | None:
        """The primitive that made this node; None for a leaf."""
        return by_code(self._code) if self._code >= 0 else None

    @property
    def is_constant(self) -> bool:
        """True for a leaf that an operation made of a plain number, like the 2 in `2 * x`."""
        return self._code == CONSTANT

    @property
    def parents(self) -> tuple[Value, ...]:
        """The inputs, in order; the same node may stand twice."""
        if self._first is None:
            return ()
        return (self._first,) if self._second is None else (self._first, self._second)

    @property
    def partials(self) -> tuple[float, ...]:
        """The local derivatives when the node was recorded, one for each parent.

        Raises: ConversionError in a function that is compiled, as `data`.
        """
        if _guards:
            refuse_number("value.partials")
        return partials_of(self)

    @property
    def label(self) -> str:
        """The name given to this node, or the empty string."""
        return _labels.get(_reference(self), "") if _labels else ""

    @label.setter
    def label(self, label: str) -> None:
        if not isinstance(label, str):
            raise OperandError(f"a label is text, got {type(label).__name__} {label!r:.60}")
        # Labels are kept beside the nodes: few nodes have one, and all would pay for a field.
        if label:
            _labels[_reference(self, _forget)] = label
        else:
            _labels.pop(_reference(self), None)

    def backward(self, seed: float = 1.0, *, accumulate: bool = True, **unknown: NoReturn) -> None:
        """Fill `.grad` of every node that this one depends on with ∂self/∂node.

        Arguments:
            seed: what the sweep starts with here, usually 1.
            accumulate: leaves add to the gradient they hold (two sweeps give twice the
                gradient); False overwrites it. Other nodes hold the latest sweep either way.
            unknown: what is no keyword here, such as retain_graph; KeywordError says why.

        Raises: NotDifferentiableError when the sweep reaches an operation that refuses; the
            gradients of the leaves are then as they were.
        """
        if unknown:
            from autograd_bp.words import refuse_keywords

            refuse_keywords("backward", unknown, ("seed", "accumulate"))
        if _guards:
            refuse_number("value.backward()")
        assert _backward is not None
        _backward(self, seed, accumulate)

    def draw(self, **settings: Any) -> Any:
        """The picture of what this node was computed from; a notebook shows it, and
        `value.draw().show()` opens it in the browser.

        Arguments:
            settings: as for `autograd_bp.draw`.

        Returns: a Drawing.

        Raises: as `autograd_bp.draw`.
        """
        from autograd_bp.drawing.api import draw

        return draw(self, **settings)

    def zero_grad(self) -> None:
        """Set this node's gradient to 0."""
        self._grad = 0.0

    def detach(self) -> Value:
        """A constant with the same number: gradients end there.

        It has a gradient of its own, like every leaf; functions such as `grad` take it for a
        plain number.

        Raises: ConversionError in a function that is compiled, as `data`.
        """
        if _guards:
            refuse_number("value.detach()")
        return as_class(leaf(self._data, CONSTANT), class_of_results(type(self)))

    # ------------------------------------------------------------------------ operators
    def __add__(self, other: Any) -> Value:
        return binary(codes.add, self, other)

    def __radd__(self, other: Any) -> Value:
        return reflected(codes.add, self, other)

    def __sub__(self, other: Any) -> Value:
        return binary(codes.sub, self, other)

    def __rsub__(self, other: Any) -> Value:
        return reflected(codes.sub, self, other)

    def __mul__(self, other: Any) -> Value:
        return binary(codes.mul, self, other)

    def __rmul__(self, other: Any) -> Value:
        return reflected(codes.mul, self, other)

    def __truediv__(self, other: Any) -> Value:
        return binary(codes.div, self, other)

    def __rtruediv__(self, other: Any) -> Value:
        return reflected(codes.div, self, other)

    def __mod__(self, other: Any) -> Value:
        return binary(codes.remainder, self, other)

    def __rmod__(self, other: Any) -> Value:
        return reflected(codes.remainder, self, other)

    def __floordiv__(self, other: Any) -> Value:
        return binary(codes.floor_divide, self, other)

    def __rfloordiv__(self, other: Any) -> Value:
        return reflected(codes.floor_divide, self, other)

    def __divmod__(self, other: Any) -> tuple[Value, Value]:
        right = operand(other)
        return NotImplemented if right is None else (self // right, self % right)

    def __rdivmod__(self, other: Any) -> tuple[Value, Value]:
        left = operand(other)
        return NotImplemented if left is None else (left // self, left % self)

    def __pow__(self, other: Any, modulo: None = None) -> Value:
        if modulo is not None:
            return NotImplemented
        # A plain exponent is held fixed: its partial has a logarithm, which is NaN in (-2) ** 3.
        return binary(codes.pow if isinstance(other, Value) else codes.power, self, other)

    def __rpow__(self, other: Any, modulo: None = None) -> Value:
        if modulo is not None:
            return NotImplemented
        return reflected(codes.pow, self, other)

    def __neg__(self) -> Value:
        return record1(codes.neg, self)

    def __pos__(self) -> Value:
        return self

    def __abs__(self) -> Value:
        return record1(codes.abs, self)

    def __floor__(self) -> Value:
        return record1(codes.floor, self)

    def __ceil__(self) -> Value:
        return record1(codes.ceil, self)

    def __trunc__(self) -> Value:
        return record1(codes.trunc, self)

    def __round__(self, digits: Any = None) -> Value:
        if digits is None:
            return record1(codes.round, self)
        rounded: Value = TABLE[codes.round](self, digits)
        return rounded

    # NumPy calls these of the elements of an array, in np.fabs for example, and in np.var.
    def fabs(self) -> Value:
        """`abs`, under NumPy's name."""
        return record1(codes.abs, self)

    def rad2deg(self) -> Value:
        """`degrees`, under another of NumPy's names."""
        return record1(codes.degrees, self)

    def deg2rad(self) -> Value:
        """`radians`, under another of NumPy's names."""
        return record1(codes.radians, self)

    def conjugate(self) -> Value:
        """The node itself: a real number is its own conjugate."""
        return self

    @property
    def real(self) -> Value:
        """The node itself: the real part of a real number."""
        return self

    @property
    def imag(self) -> float:
        """0.0, the imaginary part of a real number."""
        return 0.0

    # ------------------------------------------------------- other callers of the primitives
    def __apply_primitive__(self, op: Primitive, operands: tuple[Any, ...]) -> Any:
        """Apply a primitive to operands of which one is a Value (see Primitive.__call__)."""
        for other in operands:
            if getattr(other, "ndim", 0):
                from autograd_bp.entry_arrays import applied

                return applied(op, operands)
        return apply(op, operands)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        """NumPy's functions on Values and object arrays: elementwise, recorded."""
        from autograd_bp.arrays import ufuncs

        return ufuncs.apply_ufunc(ufunc, method, inputs, options)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        """NumPy's other functions of a Value, such as np.where and np.clip."""
        from autograd_bp.arrays import ufuncs

        return ufuncs.apply_function(function, args, kwargs)

    # ------------------------------------------------------------------------ conditions
    def __and__(self, other: Any) -> Value:
        return joined("&", codes.logical_and, self, other)

    def __rand__(self, other: Any) -> Value:
        return joined("&", codes.logical_and, self, other)

    def __or__(self, other: Any) -> Value:
        return joined("|", codes.logical_or, self, other)

    def __ror__(self, other: Any) -> Value:
        return joined("|", codes.logical_or, self, other)

    def __xor__(self, other: Any) -> Value:
        return joined("^", codes.not_equal, self, other)

    def __rxor__(self, other: Any) -> Value:
        return joined("^", codes.not_equal, self, other)

    def __invert__(self) -> Value:
        require_condition("~", self)
        return record1(codes.logical_not, self)

    # --------------------------------------------------- comparison, identity, conversion
    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if _guards:
            refuse_equality("==", isinstance(other, Value))
        return False if isinstance(other, Value) else equals(self._data, other)

    def __ne__(self, other: object) -> bool:
        if self is other:
            return False
        if _guards:
            refuse_equality("!=", isinstance(other, Value))
        if isinstance(other, Value):
            return True
        equal = equals(self._data, other)
        return NotImplemented if equal is NotImplemented else not equal

    def __hash__(self) -> int:
        return id(self) >> 4

    def __lt__(self, other: Any) -> bool:
        if _guards and is_traced():
            return condition(codes.less, self, other)  # type: ignore[no-any-return]
        right = operand(other)
        return NotImplemented if right is None else self._data < right._data

    def __le__(self, other: Any) -> bool:
        if _guards and is_traced():
            return condition(codes.less_equal, self, other)  # type: ignore[no-any-return]
        right = operand(other)
        return NotImplemented if right is None else self._data <= right._data

    def __gt__(self, other: Any) -> bool:
        if _guards and is_traced():
            return condition(codes.greater, self, other)  # type: ignore[no-any-return]
        right = operand(other)
        return NotImplemented if right is None else self._data > right._data

    def __ge__(self, other: Any) -> bool:
        if _guards and is_traced():
            return condition(codes.greater_equal, self, other)  # type: ignore[no-any-return]
        right = operand(other)
        return NotImplemented if right is None else self._data >= right._data

    def __float__(self) -> float:
        refuse_entry()
        if _guards:
            refuse_number("float(value), and so math.exp(value),")
        raise ConversionError(
            "float(value), and so math.exp(value), statistics.fmean and '%f' % value, would cut "
            "the graph and lose gradients: use value.data for the number, autograd_bp.exp(value) "
            "(sqrt, hypot, sum, ... are there too) for a recorded result, or "
            'f"{value:.3f}" for text'
        )

    def __int__(self) -> int:
        if _guards:
            refuse_number("int(value)")
        raise ConversionError(
            "int(value) would cut the graph: use int(value.data) for the number, or "
            "math.trunc(value) for a recorded result"
        )

    def __index__(self) -> int:
        if _guards:
            refuse_number("a Value as an index or a count")
        raise ConversionError(
            "a Value is no index and no count: use int(value.data), which no derivative passes"
        )

    def __complex__(self) -> complex:
        raise ConversionError("complex(value) would cut the graph: use complex(value.data)")

    def as_integer_ratio(self) -> tuple[int, int]:
        """Raises ConversionError: Fraction(value) and statistics.mean would cut the graph."""
        raise ConversionError(
            "Fraction(value) and statistics.mean would cut the graph: use autograd_bp.mean, or "
            "value.data.as_integer_ratio()"
        )

    def item(self) -> float:
        """The number, as `data`; for code that is written for arrays.

        Raises: ConversionError in a function that is compiled, where this number would stay.
        """
        if _guards:
            refuse_number("value.item()")
        return self._data

    def __dir__(self) -> list[str]:
        names = object.__dir__(self)
        return [name for name in names if not isinstance(getattr(Value, name, None), ForeignName)]

    def __format__(self, spec: str) -> str:
        if not spec:
            return str(self)
        if _guards:
            refuse_number(f"a Value as text ({spec!r})")
        return format(self._data, spec)

    def __bool__(self) -> bool:
        if _guards:
            refuse_branch()
        raise ConversionError(
            "the truth of a Value is ambiguous: compare it (value > 0, value.data != 0), or "
            "ask for its presence with `value is not None`"
        )

    def __repr__(self) -> str:
        label = self.label
        name = f", {label!r}" if label else ""
        op = f", op={self.op.name}" if self.op is not None else ""
        if _guards and self._code != CONSTANT and is_traced():
            return f"Value(...{name}{op})"  # a number in a text could be read again
        return f"Value({self._data!r}{name}{op}, grad={self._grad!r})"

    # ------------------------------------------------------------------ copies and pickles
    def __copy__(self) -> Value:
        if _guards:
            refuse_number("a copy of a Value")
        from autograd_bp import graph

        return graph.copy_node(self)

    def __deepcopy__(self, memo: dict[int, Any]) -> Value:
        if _guards:
            refuse_number("a copy of a Value")
        from autograd_bp import graph

        return graph.deep_copy(self, memo)

    def __reduce__(self) -> tuple[Any, ...]:
        if _guards:
            refuse_number("a pickle of a Value")
        from autograd_bp import graph

        return graph.reduce(self)

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        return self.__reduce__()

    # ------------------------------- functions as methods: written by generate.py, from the table
    # <methods>
    def exp(self) -> Value:
        """The exponential function, e to the power x.

        Formula:    y = e^x
        Derivative: ∂y/∂x = y
        Domain:     all real numbers; y = 0 at x = -inf; y = inf at x = inf
        Kinks:      none
        Accuracy:   largest error measured, in units in the last place: y 0.5, ∂y/∂x 0.5
        See:        help(autograd_bp.exp)

        Example:
            >>> from autograd_bp import Value
            >>> x = Value(0.5)
            >>> y = x.exp()
            >>> y.backward()
            >>> round(y.data, 6), round(x.grad, 6)
            (1.648721, 1.648721)
        """
        return record1(codes.exp, self)

    def expm1(self) -> Value:
        """e to the power x, minus 1, without cancellation for small x.

        Formula:    y = e^x - 1
        Derivative: ∂y/∂x = exp(x)
        Domain:     all real numbers; y = -1 at x = -inf; y = inf at x = inf
        Kinks:      none
        Accuracy:   largest error measured, in units in the last place: y 0.76, ∂y/∂x 0.5
        See:        help(autograd_bp.expm1)

        Example:
            >>> from autograd_bp import Value
            >>> x = Value(0.5)
            >>> y = x.expm1()
            >>> y.backward()
            >>> round(y.data, 6), round(x.grad, 6)
            (0.648721, 1.648721)
        """
        return record1(codes.expm1, self)

    def exp2(self) -> Value:
        """2 to the power x.

        Formula:    y = 2^x
        Derivative: ∂y/∂x = 0.6931471805599453·y
        Domain:     all real numbers; y = 0 at x = -inf; y = inf at x = inf
        Kinks:      none
        Accuracy:   largest error measured, in units in the last place: y 0.5, ∂y/∂x 1.4
        See:        help(autograd_bp.exp2)

        Example:
            >>> from autograd_bp import Value
            >>> x = Value(0.5)
            >>> y = x.exp2()
            >>> y.backward()
            >>> round(y.data, 6), round(x.grad, 6)
            (1.414214, 0.980258)
        """
        return record1(codes.exp2, self)

    def log(self) -> Value:
        """The natural logarithm.

        Formula:    y = log(x)
        Derivative: ∂y/∂x = 1/x
        Domain:     x > 0; elsewhere y is NaN; y = -inf at x = 0; y = inf at x = inf
        Kinks:      none
        Accuracy:   largest error measured, in units in the last place: y 0.5, ∂y/∂x 0.47
        See:        help(autograd_bp.log)

        Example:
            >>> from autograd_bp import Value
            >>> x = Value(0.5)
            >>> y = x.log()
            >>> y.backward()
            >>> round(y.data, 6), round(x.grad, 6)
            (-0.693147, 2.0)
        """
        return record1(codes.log, self)

    def log1p(self) -> Value:
        """The natural logarithm of 1 + x, without cancellation for small x.

        Formula:    y = ln(1 + x)
        Derivative: ∂y/∂x = 1/(x + 1)
        Domain:     x > -1; elsewhere y is NaN; y = -inf at x = -1; y = inf at x = inf
        Kinks:      none
        Accuracy:   largest error measured, in units in the last place: y 0.74, ∂y/∂x 1.5
        See:        help(autograd_bp.log1p)

        Example:
            >>> from autograd_bp import Value
            >>> x = Value(0.5)
            >>> y = x.log1p()
            >>> y.backward()
            >>> round(y.data, 6), round(x.grad, 6)
            (0.405465, 0.666667)
        """
        return record1(codes.log1p, self)

    def log2(self) -> Value:
        """The logarithm to the base 2.

        Formula:    y = log2(x)
        Derivative: ∂y/∂x = 1.4426950408889634/x
        Domain:     x > 0; elsewhere y is NaN; y = -inf at x = 0; y = inf at x = inf
        Kinks:      none
        Accuracy:   largest error measured, in units in the last place: y 0.51, ∂y/∂x 0.62
        See:        help(autograd_bp.log2)

        Example:
            >>> from autograd_bp import Value
            >>> x = Value(0.5)
            >>> y = x.log2()
            >>> y.backward()
            >>> round(y.data, 6), round(x.grad, 6)
            (-1.0, 2.88539)
        """
        return record1(codes.log2, self)

    def log10(self) -> Value:
        """The logarithm to the base 10.

        Formula:    y = log10(x)
        Derivative: ∂y/∂x = 0.43429448190325176/x
        Domain:     x > 0; elsewhere y is NaN; y = -inf at x = 0; y = inf at x = inf
        Kinks:      none
        Accuracy:   largest error measured, in units in the last place: y 1.5, ∂y/∂x 1.9
        See:        help(autograd_bp.log10)

        Example:
            >>> from autograd_bp import Value
            >>> x = Value(0.5)
            >>> y = x.log10()
            >>> y.backward()
            >>> round(y.data, 6), round(x.grad, 6)
            (-0.30103, 0.868589)
        """
        return record1(codes.log10, self)

    def sqrt(self) -> Value:
        """The square root.

        Formula:    y = √(x)
        Derivative: ∂y/∂x = 0.5/y
        Domain:     x ≥ 0; elsewhere y is NaN; y = 0 at x = 0; y = inf at x = inf
        Kinks:      sqrt'(0) = +inf, the limit from the right
        Accuracy:   largest error measured, in units in the last place: y 0, ∂y/∂x 1.4
        See:        help(autograd_bp.sqrt)

        Example:
            >>> from autograd_bp import Value
            >>> x = Value(0.5)
            >>> y = x.sqrt()
            >>> y.backward()
            >>> round(y.data, 6), round(x.grad, 6)
            (0.707107, 0.707107)
        """
        return record1(codes.sqrt, self)

    def cbrt(self) -> Value:
        """The cube root, also of negative numbers.

        Formula:    y = root3(x)
        Derivative: ∂y/∂x = 0.3333333333333333/y^2
        Domain:     all real numbers; y = -inf at x = -inf; y = inf at x = inf
        Kinks:      cbrt'(0) = +inf
        Accuracy:   largest error measured, in units in the last place: y 0.73, ∂y/∂x 3
        See:        help(autograd_bp.cbrt)

        Example:
            >>> from autograd_bp import Value
            >>> x = Value(0.5)
            >>> y = x.cbrt()
            >>> y.backward()
            >>> round(y.data, 6), round(x.grad, 6)
            (0.793701, 0.529134)
        """
        return record1(codes.cbrt, self)

    def sin(self) -> Value:
        """The sine of an angle in radians.

        Formula:    y = sin(x)
        Derivative: ∂y/∂x = cos(x)
        Domain:     all real numbers; y is NaN at x = ±inf
        Kinks:      none
        Accuracy:   largest error measured, in units in the last place: y 0.51, ∂y/∂x 0.56
        See:        help(autograd_bp.sin)

        Example:
            >>> from autograd_bp import Value
            >>> x = Value(0.5)
            >>> y = x.sin()
            >>> y.backward()
            >>> round(y.data, 6), round(x.grad, 6)
            (0.479426, 0.877583)
        """
        return record1(codes.sin, self)

    def cos(self) -> Value:
        """The cosine of an angle in radians.

        Formula:    y = cos(x)
        Derivative: ∂y/∂x = -sin(x)
        Domain:     all real numbers; y is NaN at x = ±inf
        Kinks:      none
        Accuracy:   largest error measured, in units in the last place: y 0.56, ∂y/∂x 0.51
        See:        help(autograd_bp.cos)

        Example:
            >>> from autograd_bp import Value
            >>> x = Value(0.5)
            >>> y = x.cos()
            >>> y.backward()
            >>> round(y.data, 6), round(x.grad, 6)
            (0.877583, -0.479426)
        """
        return record1(codes.cos, self)

    def tan(self) -> Value:
        """The tangent of an angle in radians.

        Formula:    y = sin(x)/cos(x)
        Derivative: ∂y/∂x = y^2 + 1
        Domain:     all real numbers; y is NaN at x = ±inf
        Kinks:      none
        Accuracy:   largest error measured, in units in the last place: y 0.52, ∂y/∂x 1.6
        See:        help(autograd_bp.tan)

        Example:
            >>> from autograd_bp import Value
            >>> x = Value(0.5)
            >>> y = x.tan()
            >>> y.backward()
            >>> round(y.data, 6), round(x.grad, 6)
            (0.546302, 1.298446)
        """
        return record1(codes.tan, self)

    def asin(self) -> Value:
        """The angle in radians whose sine is x, from -π/2 to π/2.

        Formula:    y = asin(x)
        Derivative: ∂y/∂x = 1/sqrt(1 - x^2)
        Domain:     -1 ≤ x ≤ 1; elsewhere y is NaN; y = -1.5708 at x = -1; y = 1.5708 at x = 1
        Kinks:      none
        Accuracy:   largest error measured, in units in the last place: y 0.51, ∂y/∂x 1.7
        See:        help(autograd_bp.asin)

        Example:
            >>> from autograd_bp import Value
            >>> x = Value(0.5)
            >>> y = x.asin()
            >>> y.backward()
            >>> round(y.data, 6), round(x.grad, 6)
            (0.523599, 1.154701)
        """
        return record1(codes.asin, self)

    def arcsin(self) -> Value:
        """`asin`, under NumPy's name."""
        return record1(codes.asin, self)

    def acos(self) -> Value:
        """The angle in radians whose cosine is x, from 0 to π.

        Formula:    y = acos(x)
        Derivative: ∂y/∂x = (-1)/sqrt(1 - x^2)
        Domain:     -1 ≤ x ≤ 1; elsewhere y is NaN; y = 3.14159 at x = -1; y = 0 at x = 1
        Kinks:      none
        Accuracy:   largest error measured, in units in the last place: y 0.51, ∂y/∂x 1.9
        See:        help(autograd_bp.acos)

        Example:
            >>> from autograd_bp import Value
            >>> x = Value(0.5)
            >>> y = x.acos()
            >>> y.backward()
            >>> round(y.data, 6), round(x.grad, 6)
            (1.047198, -1.154701)
        """
        return record1(codes.acos, self)

    def arccos(self) -> Value:
        """`acos`, under NumPy's name."""
        return record1(codes.acos, self)

    def atan(self) -> Value:
        """The angle in radians whose tangent is x, from -π/2 to π/2.

        Formula:    y = atan(x)
        Derivative: ∂y/∂x = 1/(x^2 + 1)
        Domain:     all real numbers; y = -1.5708 at x = -inf; y = 1.5708 at x = inf
        Kinks:      none
        Accuracy:   largest error measured, in units in the last place: y 0.51, ∂y/∂x 1e+15
        See:        help(autograd_bp.atan)

        Example:
            >>> from autograd_bp import Value
            >>> x = Value(0.5)
            >>> y = x.atan()
            >>> y.backward()
            >>> round(y.data, 6), round(x.grad, 6)
            (0.463648, 0.8)
        """
        return record1(codes.atan, self)

    def arctan(self) -> Value:
        """`atan`, under NumPy's name."""
        return record1(codes.atan, self)

    def arctan2(self, other: Any) -> Any:
        """The angle in radians of the point with the coordinates (b, a), from -π to π.

        Formula:    y = atan2(a, b)
        Derivative: ∂y/∂a = b/hypot(a, b)^2
                    ∂y/∂b = -a/hypot(a, b)^2
        Domain:     all real numbers
        Kinks:      atan2 has no derivative at (0, 0): both partials are NaN
        Accuracy:   largest error measured, in units in the last place: y 0.51, ∂y/∂a 5e+14,
                    ∂y/∂b 8.3e+14
        See:        help(autograd_bp.atan2)

        Example:
            >>> from autograd_bp import Value
            >>> a = Value(1.5)
            >>> b = Value(2.0)
            >>> y = a.arctan2(b)
            >>> y.backward()
            >>> round(y.data, 6), round(a.grad, 6), round(b.grad, 6)
            (0.643501, 0.32, -0.24)
        """
        return TABLE[codes.atan2](self, other)

    def sinh(self) -> Value:
        """The hyperbolic sine.

        Formula:    y = 0.5·(exp(x) - exp(-x))
        Derivative: ∂y/∂x = cosh(x)
        Domain:     all real numbers; y = -inf at x = -inf; y = inf at x = inf
        Kinks:      none
        Accuracy:   largest error measured, in units in the last place: y 1.6, ∂y/∂x 0.99
        See:        help(autograd_bp.sinh)

        Example:
            >>> from autograd_bp import Value
            >>> x = Value(0.5)
            >>> y = x.sinh()
            >>> y.backward()
            >>> round(y.data, 6), round(x.grad, 6)
            (0.521095, 1.127626)
        """
        return record1(codes.sinh, self)

    def cosh(self) -> Value:
        """The hyperbolic cosine.

        Formula:    y = 0.5·(exp(x) + exp(-x))
        Derivative: ∂y/∂x = sinh(x)
        Domain:     all real numbers; y = inf at x = -inf; y = inf at x = inf
        Kinks:      none
        Accuracy:   largest error measured, in units in the last place: y 1.4, ∂y/∂x 1.5
        See:        help(autograd_bp.cosh)

        Example:
            >>> from autograd_bp import Value
            >>> x = Value(0.5)
            >>> y = x.cosh()
            >>> y.backward()
            >>> round(y.data, 6), round(x.grad, 6)
            (1.127626, 0.521095)
        """
        return record1(codes.cosh, self)

    def tanh(self) -> Value:
        """The hyperbolic tangent, which maps every number to one between -1 and 1.

        Formula:    y = sinh(x)/cosh(x)
        Derivative: ∂y/∂x = 1 - y^2
        Domain:     all real numbers; y = -1 at x = -inf; y = 1 at x = inf
        Kinks:      none
        Accuracy:   largest error measured, in units in the last place: y 1.9, ∂y/∂x 9e+15
        See:        help(autograd_bp.tanh)

        Example:
            >>> from autograd_bp import Value
            >>> x = Value(0.5)
            >>> y = x.tanh()
            >>> y.backward()
            >>> round(y.data, 6), round(x.grad, 6)
            (0.462117, 0.786448)
        """
        return record1(codes.tanh, self)

    def asinh(self) -> Value:
        """The number whose hyperbolic sine is x.

        Formula:    y = asinh(x)
        Derivative: ∂y/∂x = 1/hypot(x, 1)
        Domain:     all real numbers; y = -inf at x = -inf; y = inf at x = inf
        Kinks:      none
        Accuracy:   largest error measured, in units in the last place: y 1.6, ∂y/∂x 1.4
        See:        help(autograd_bp.asinh)

        Example:
            >>> from autograd_bp import Value
            >>> x = Value(0.5)
            >>> y = x.asinh()
            >>> y.backward()
            >>> round(y.data, 6), round(x.grad, 6)
            (0.481212, 0.894427)
        """
        return record1(codes.asinh, self)

    def arcsinh(self) -> Value:
        """`asinh`, under NumPy's name."""
        return record1(codes.asinh, self)

    def acosh(self) -> Value:
        """The number, 0 or more, whose hyperbolic cosine is x.

        Formula:    y = acosh(x)
        Derivative: ∂y/∂x = 1/(sqrt(x - 1)·sqrt(x + 1))
        Domain:     x ≥ 1; elsewhere y is NaN; y = 0 at x = 1; y = inf at x = inf
        Kinks:      none
        Accuracy:   largest error measured, in units in the last place: y 1.7, ∂y/∂x 2.5
        See:        help(autograd_bp.acosh)

        Example:
            >>> from autograd_bp import Value
            >>> x = Value(1.5)
            >>> y = x.acosh()
            >>> y.backward()
            >>> round(y.data, 6), round(x.grad, 6)
            (0.962424, 0.894427)
        """
        return record1(codes.acosh, self)

    def arccosh(self) -> Value:
        """`acosh`, under NumPy's name."""
        return record1(codes.acosh, self)

    def atanh(self) -> Value:
        """The number whose hyperbolic tangent is x.

        Formula:    y = atanh(x)
        Derivative: ∂y/∂x = 1/(1 - x^2)
        Domain:     -1 < x < 1; elsewhere y is NaN; y = -inf at x = -1; y = inf at x = 1
        Kinks:      none
        Accuracy:   largest error measured, in units in the last place: y 1.3, ∂y/∂x 1.8
        See:        help(autograd_bp.atanh)

        Example:
            >>> from autograd_bp import Value
            >>> x = Value(0.5)
            >>> y = x.atanh()
            >>> y.backward()
            >>> round(y.data, 6), round(x.grad, 6)
            (0.549306, 1.333333)
        """
        return record1(codes.atanh, self)

    def arctanh(self) -> Value:
        """`atanh`, under NumPy's name."""
        return record1(codes.atanh, self)

    def hypot(self, other: Any) -> Any:
        """The length of the vector (a, b), without overflow of the squares.

        Formula:    y = √(a^2 + b^2)
        Derivative: ∂y/∂a = a/y
                    ∂y/∂b = b/y
        Domain:     all real numbers
        Kinks:      both partials are 0 at (0, 0)
        Accuracy:   largest error measured, in units in the last place: y 0, ∂y/∂a 8.1e+15,
                    ∂y/∂b 8e+15
        See:        help(autograd_bp.hypot)

        Example:
            >>> from autograd_bp import Value
            >>> a = Value(1.5)
            >>> b = Value(2.0)
            >>> y = a.hypot(b)
            >>> y.backward()
            >>> round(y.data, 6), round(a.grad, 6), round(b.grad, 6)
            (2.5, 0.6, 0.8)
        """
        return TABLE[codes.hypot](self, other)

    def erf(self) -> Value:
        """The error function: 2/√π times the integral of e^(-t²) from 0 to x.

        Formula:    y = erf(x)
        Derivative: ∂y/∂x = 1.1283791670955126·exp(-x^2)
        Domain:     all real numbers; y = -1 at x = -inf; y = 1 at x = inf
        Kinks:      none
        Accuracy:   largest error measured, in units in the last place: y 0.9, ∂y/∂x 3
        See:        help(autograd_bp.erf)

        Example:
            >>> from autograd_bp import Value
            >>> x = Value(0.5)
            >>> y = x.erf()
            >>> y.backward()
            >>> round(y.data, 6), round(x.grad, 6)
            (0.5205, 0.878783)
        """
        return record1(codes.erf, self)

    def erfc(self) -> Value:
        """The complement of the error function, 1 - erf(x), without cancellation for large x.

        Formula:    y = 1 - erf(x)
        Derivative: ∂y/∂x = -1.1283791670955126·exp(-x^2)
        Domain:     all real numbers; y = 2 at x = -inf; y = 0 at x = inf
        Kinks:      none
        Accuracy:   largest error measured, in units in the last place: y 2.5, ∂y/∂x 3.4
        See:        help(autograd_bp.erfc)

        Example:
            >>> from autograd_bp import Value
            >>> x = Value(0.5)
            >>> y = x.erfc()
            >>> y.backward()
            >>> round(y.data, 6), round(x.grad, 6)
            (0.4795, -0.878783)
        """
        return record1(codes.erfc, self)

    def sigmoid(self) -> Value:
        """The logistic function σ, which maps every number to one between 0 and 1.

        Formula:    y = 1/(exp(-x) + 1)
        Derivative: ∂y/∂x = y·(1 - y)
        Domain:     all real numbers; y = 0 at x = -inf; y = 1 at x = inf
        Kinks:      none
        Accuracy:   largest error measured, in units in the last place: y 1.9, ∂y/∂x 9e+15
        See:        help(autograd_bp.sigmoid)

        Example:
            >>> from autograd_bp import Value
            >>> x = Value(0.5)
            >>> y = x.sigmoid()
            >>> y.backward()
            >>> round(y.data, 6), round(x.grad, 6)
            (0.622459, 0.235004)
        """
        return record1(codes.sigmoid, self)

    def log_sigmoid(self) -> Value:
        """The logarithm of the sigmoid, without underflow for large negative x.

        Formula:    y = ln(σ(x))
        Derivative: ∂y/∂x = logistic(-x)
        Domain:     all real numbers; y = -inf at x = -inf; y = 0 at x = inf
        Kinks:      none
        Accuracy:   largest error measured, in units in the last place: y 1.2, ∂y/∂x 1.9
        See:        help(autograd_bp.log_sigmoid)

        Example:
            >>> from autograd_bp import Value
            >>> x = Value(0.5)
            >>> y = x.log_sigmoid()
            >>> y.backward()
            >>> round(y.data, 6), round(x.grad, 6)
            (-0.474077, 0.377541)
        """
        return record1(codes.log_sigmoid, self)

    def softplus(self) -> Value:
        """The logarithm of 1 + e^x, a smooth form of relu, without overflow.

        Formula:    y = ln(1 + e^x)
        Derivative: ∂y/∂x = logistic(x)
        Domain:     all real numbers; y = 0 at x = -inf; y = inf at x = inf
        Kinks:      none
        Accuracy:   largest error measured, in units in the last place: y 1.3, ∂y/∂x 2
        See:        help(autograd_bp.softplus)

        Example:
            >>> from autograd_bp import Value
            >>> x = Value(0.5)
            >>> y = x.softplus()
            >>> y.backward()
            >>> round(y.data, 6), round(x.grad, 6)
            (0.974077, 0.622459)
        """
        return record1(codes.softplus, self)

    def relu(self) -> Value:
        """x where it is positive, else 0: the rectified linear unit.

        Formula:    y = maximum(x, 0)
        Derivative: ∂y/∂x = heaviside(x, 0)
        Domain:     all real numbers; y = 0 at x = -inf; y = inf at x = inf
        Kinks:      relu'(0) = 0
        Accuracy:   largest error measured, in units in the last place: y 0, ∂y/∂x 0
        See:        help(autograd_bp.relu)

        Example:
            >>> from autograd_bp import Value
            >>> x = Value(0.5)
            >>> y = x.relu()
            >>> y.backward()
            >>> round(y.data, 6), round(x.grad, 6)
            (0.5, 1.0)
        """
        return record1(codes.relu, self)

    def threshold(self) -> Value:
        """The step function: 1 from 0 on, 0 below. No gradient passes it.

        Formula:    y = 1.0 if x >= 0.0 else (0.0 if x < 0.0 else x)
        Derivative: none: the threshold function is a step: its derivative is 0 wherever it has
                    one, so no gradient passes and nothing before it can learn; use sigmoid, its
                    smooth replacement
        Domain:     all real numbers; y = 0 at x = -inf; y = 1 at x = inf
        Kinks:      threshold(0) = 1; a sweep through it is refused
        Accuracy:   largest error measured, in units in the last place: y 0
        See:        help(autograd_bp.threshold)

        Example:
            >>> from autograd_bp import Value
            >>> x = Value(0.5)
            >>> y = x.threshold()
            >>> round(y.data, 6)
            1.0
        """
        return record1(codes.threshold, self)

    def maximum(self, other: Any) -> Any:
        """The larger of two numbers.

        Formula:    y = a if a > b or isnan(a) else b
        Derivative: ∂y/∂a = 0.5·compare(a, b) + 0.5
                    ∂y/∂b = 0.5 - 0.5·compare(a, b)
        Domain:     all real numbers
        Kinks:      a tie gives half to each
        Accuracy:   largest error measured, in units in the last place: y 0, ∂y/∂a 0, ∂y/∂b 0
        See:        help(autograd_bp.maximum)

        Example:
            >>> from autograd_bp import Value
            >>> a = Value(1.5)
            >>> b = Value(2.0)
            >>> y = a.maximum(b)
            >>> y.backward()
            >>> round(y.data, 6), round(a.grad, 6), round(b.grad, 6)
            (2.0, 0.0, 1.0)
        """
        return TABLE[codes.maximum](self, other)

    def minimum(self, other: Any) -> Any:
        """The smaller of two numbers.

        Formula:    y = a if a < b or isnan(a) else b
        Derivative: ∂y/∂a = 0.5 - 0.5·compare(a, b)
                    ∂y/∂b = 0.5·compare(a, b) + 0.5
        Domain:     all real numbers
        Kinks:      a tie gives half to each
        Accuracy:   largest error measured, in units in the last place: y 0, ∂y/∂a 0, ∂y/∂b 0
        See:        help(autograd_bp.minimum)

        Example:
            >>> from autograd_bp import Value
            >>> a = Value(1.5)
            >>> b = Value(2.0)
            >>> y = a.minimum(b)
            >>> y.backward()
            >>> round(y.data, 6), round(a.grad, 6), round(b.grad, 6)
            (1.5, 1.0, 0.0)
        """
        return TABLE[codes.minimum](self, other)

    def sign(self) -> Value:
        """-1, 0 or 1: the sign of a number.

        Formula:    y = 1.0 if x > 0.0 else (-1.0 if x < 0.0 else (0.0 if x == 0.0 else x))
        Derivative: ∂y/∂x = 0
        Domain:     all real numbers; y = -1 at x = -inf; y = 1 at x = inf
        Kinks:      flat: the derivative is 0 everywhere, also at the jump
        Accuracy:   largest error measured, in units in the last place: y 0, ∂y/∂x 0
        See:        help(autograd_bp.sign)

        Example:
            >>> from autograd_bp import Value
            >>> x = Value(0.5)
            >>> y = x.sign()
            >>> y.backward()
            >>> round(y.data, 6), round(x.grad, 6)
            (1.0, 0.0)
        """
        return record1(codes.sign, self)

    def floor(self) -> Value:
        """The largest integer that is not above x.

        Formula:    y = ⌊x⌋
        Derivative: ∂y/∂x = 0
        Domain:     all real numbers; y = -inf at x = -inf; y = inf at x = inf
        Kinks:      flat: the derivative is 0 everywhere, also at the jumps
        Accuracy:   largest error measured, in units in the last place: y 0, ∂y/∂x 0
        See:        help(autograd_bp.floor)

        Example:
            >>> from autograd_bp import Value
            >>> x = Value(0.5)
            >>> y = x.floor()
            >>> y.backward()
            >>> round(y.data, 6), round(x.grad, 6)
            (0.0, 0.0)
        """
        return record1(codes.floor, self)

    def heaviside(self, other: Any) -> Any:
        """The step function with a value of its own at 0: 0 below, b at 0, 1 above.

        Formula:    y = b if a == 0.0 else (1.0 if a > 0.0 else (0.0 if a < 0.0 else a))
        Derivative: ∂y/∂a = 0
                    ∂y/∂b = 1 - nonzero(a)
        Domain:     all real numbers
        Kinks:      the step that rules use, 1 for a > 0, b at 0: its derivative in a is 0
                    everywhere
        Accuracy:   largest error measured, in units in the last place: y 0, ∂y/∂a 0, ∂y/∂b 0
        See:        help(autograd_bp.heaviside)

        Example:
            >>> from autograd_bp import Value
            >>> a = Value(1.5)
            >>> b = Value(2.0)
            >>> y = a.heaviside(b)
            >>> y.backward()
            >>> round(y.data, 6), round(a.grad, 6), round(b.grad, 6)
            (1.0, 0.0, 0.0)
        """
        return TABLE[codes.heaviside](self, other)

    def logical_not(self) -> Value:
        """1 where x is 0, else 0.

        Formula:    y = 1.0 if x == 0.0 else 0.0
        Derivative: ∂y/∂x = 0
        Domain:     all real numbers; y = 0 at x = -inf; y = 0 at x = inf
        Kinks:      its derivative is 0 everywhere
        Accuracy:   largest error measured, in units in the last place: y 0, ∂y/∂x 0
        See:        help(autograd_bp.logical_not)

        Example:
            >>> from autograd_bp import Value
            >>> x = Value(0.5)
            >>> y = x.logical_not()
            >>> y.backward()
            >>> round(y.data, 6), round(x.grad, 6)
            (0.0, 0.0)
        """
        return record1(codes.logical_not, self)

    def ceil(self) -> Value:
        """The smallest integer that is not below x.

        Formula:    y = ⌈x⌉
        Derivative: ∂y/∂x = 0
        Domain:     all real numbers; y = -inf at x = -inf; y = inf at x = inf
        Kinks:      flat: the derivative is 0 everywhere, also at the jumps
        Accuracy:   largest error measured, in units in the last place: y 0, ∂y/∂x 0
        See:        help(autograd_bp.ceil)

        Example:
            >>> from autograd_bp import Value
            >>> x = Value(0.5)
            >>> y = x.ceil()
            >>> y.backward()
            >>> round(y.data, 6), round(x.grad, 6)
            (1.0, 0.0)
        """
        return record1(codes.ceil, self)

    def trunc(self) -> Value:
        """The integer part of x: x rounded towards 0.

        Formula:    y = -floor(-x) if x < 0.0 else floor(x)
        Derivative: ∂y/∂x = 0
        Domain:     all real numbers; y = -inf at x = -inf; y = inf at x = inf
        Kinks:      flat: the derivative is 0 everywhere, also at the jumps
        Accuracy:   largest error measured, in units in the last place: y 0, ∂y/∂x 0
        See:        help(autograd_bp.trunc)

        Example:
            >>> from autograd_bp import Value
            >>> x = Value(0.5)
            >>> y = x.trunc()
            >>> y.backward()
            >>> round(y.data, 6), round(x.grad, 6)
            (0.0, 0.0)
        """
        return record1(codes.trunc, self)

    def round(self, *more: Any) -> Any:
        """The integer nearest to x; of two the even one, as Python's round.

        Formula:    y = round(x)
        Derivative: ∂y/∂x = 0
        Domain:     all real numbers; y = -inf at x = -inf; y = inf at x = inf
        Kinks:      flat: the derivative is 0 everywhere, also at the jumps; halves go to the
                    even integer
        Accuracy:   largest error measured, in units in the last place: y 0, ∂y/∂x 0
        See:        help(autograd_bp.round)

        Example:
            >>> from autograd_bp import Value
            >>> x = Value(2.0)
            >>> y = x.round()
            >>> y.backward()
            >>> round(y.data, 6), round(x.grad, 6)
            (2.0, 0.0)
        """
        return TABLE[codes.round](self, *more)

    def rint(self) -> Value:
        """`round`, under NumPy's name."""
        return record1(codes.round, self)

    def floor_divide(self, other: Any) -> Any:
        """The largest integer that is not above a / b, as Python's a // b.

        Formula:    y = ⌊a/b⌋
        Derivative: ∂y/∂a = 0
                    ∂y/∂b = 0
        Domain:     all real numbers
        Kinks:      flat: both derivatives are 0 everywhere, also at the jumps
        Accuracy:   largest error measured, in units in the last place: y 1, ∂y/∂a 0, ∂y/∂b 0
        See:        help(autograd_bp.floor_divide)

        Example:
            >>> from autograd_bp import Value
            >>> a = Value(1.5)
            >>> b = Value(2.0)
            >>> y = a.floor_divide(b)
            >>> y.backward()
            >>> round(y.data, 6), round(a.grad, 6), round(b.grad, 6)
            (0.0, 0.0, 0.0)
        """
        return TABLE[codes.floor_divide](self, other)

    def remainder(self, other: Any) -> Any:
        """What is left of a after its division by b, with the sign of b, as Python's a % b.

        Formula:    y = mod(a, b)
        Derivative: ∂y/∂a = 1
                    ∂y/∂b = -floor_divide(a, b)
        Domain:     all real numbers
        Kinks:      a - b⌊a / b⌋: at a jump the derivatives of the side that its value belongs
                    to
        Accuracy:   largest error measured, in units in the last place: y 0, ∂y/∂a 0, ∂y/∂b 1
        See:        help(autograd_bp.remainder)

        Example:
            >>> from autograd_bp import Value
            >>> a = Value(1.5)
            >>> b = Value(2.0)
            >>> y = a.remainder(b)
            >>> y.backward()
            >>> round(y.data, 6), round(a.grad, 6), round(b.grad, 6)
            (1.5, 1.0, 0.0)
        """
        return TABLE[codes.remainder](self, other)

    def fmod(self, other: Any) -> Any:
        """What is left of a after its division by b, with the sign of a, as C's fmod.

        Formula:    y = fmod(a, b)
        Derivative: ∂y/∂a = 1
                    ∂y/∂b = -round((a - y)/b)
        Domain:     all real numbers
        Kinks:      a minus a multiple of b towards 0: at a jump the derivatives of the side
                    that its value belongs to
        Accuracy:   largest error measured, in units in the last place: y 0, ∂y/∂a 0, ∂y/∂b 0.5
        See:        help(autograd_bp.fmod)

        Example:
            >>> from autograd_bp import Value
            >>> a = Value(1.5)
            >>> b = Value(2.0)
            >>> y = a.fmod(b)
            >>> y.backward()
            >>> round(y.data, 6), round(a.grad, 6), round(b.grad, 6)
            (1.5, 1.0, 0.0)
        """
        return TABLE[codes.fmod](self, other)

    def copysign(self, other: Any) -> Any:
        """A number of the size of a and the sign of b.

        Formula:    y = abs(a) if isnan(b) else copysign(a, b)
        Derivative: ∂y/∂a = sign(a)·(if b then sign(b) else sign(1/b))
                    ∂y/∂b = 0
        Domain:     all real numbers
        Kinks:      both partials are 0 at a = 0; the derivative in b is 0 everywhere
        Accuracy:   largest error measured, in units in the last place: y 0, ∂y/∂a 0, ∂y/∂b 0
        See:        help(autograd_bp.copysign)

        Example:
            >>> from autograd_bp import Value
            >>> a = Value(1.5)
            >>> b = Value(2.0)
            >>> y = a.copysign(b)
            >>> y.backward()
            >>> round(y.data, 6), round(a.grad, 6), round(b.grad, 6)
            (1.5, 1.0, 0.0)
        """
        return TABLE[codes.copysign](self, other)

    def square(self) -> Value:
        """The square of a number.

        Formula:    y = x^2
        Derivative: ∂y/∂x = 2·x
        Domain:     all real numbers; y = inf at x = -inf; y = inf at x = inf
        Kinks:      none
        Accuracy:   largest error measured, in units in the last place: y 0.48, ∂y/∂x 0
        See:        help(autograd_bp.square)

        Example:
            >>> from autograd_bp import Value
            >>> x = Value(0.5)
            >>> y = x.square()
            >>> y.backward()
            >>> round(y.data, 6), round(x.grad, 6)
            (0.25, 1.0)
        """
        return record1(codes.square, self)

    def degrees(self) -> Value:
        """An angle in degrees, from one in radians.

        Formula:    y = 57.29577951308232·x
        Derivative: ∂y/∂x = 57.29577951308232
        Domain:     all real numbers; y = -inf at x = -inf; y = inf at x = inf
        Kinks:      none
        Accuracy:   largest error measured, in units in the last place: y 0.8, ∂y/∂x 0
        See:        help(autograd_bp.degrees)

        Example:
            >>> from autograd_bp import Value
            >>> x = Value(0.5)
            >>> y = x.degrees()
            >>> y.backward()
            >>> round(y.data, 6), round(x.grad, 6)
            (28.64789, 57.29578)
        """
        return record1(codes.degrees, self)

    def radians(self) -> Value:
        """An angle in radians, from one in degrees.

        Formula:    y = 0.017453292519943295·x
        Derivative: ∂y/∂x = 0.017453292519943295
        Domain:     all real numbers; y = -inf at x = -inf; y = inf at x = inf
        Kinks:      none
        Accuracy:   largest error measured, in units in the last place: y 0.65, ∂y/∂x 0
        See:        help(autograd_bp.radians)

        Example:
            >>> from autograd_bp import Value
            >>> x = Value(0.5)
            >>> y = x.radians()
            >>> y.backward()
            >>> round(y.data, 6), round(x.grad, 6)
            (0.008727, 0.017453)
        """
        return record1(codes.radians, self)

    def logaddexp(self, other: Any) -> Any:
        """The logarithm of e^a + e^b, without overflow.

        Formula:    y = ln(e^a + e^b)
        Derivative: ∂y/∂a = logistic(a - b)
                    ∂y/∂b = logistic(b - a)
        Domain:     all real numbers
        Kinks:      none
        Accuracy:   largest error measured, in units in the last place: y 1.7e+03, ∂y/∂a 5e+02,
                    ∂y/∂b 5e+02
        See:        help(autograd_bp.logaddexp)

        Example:
            >>> from autograd_bp import Value
            >>> a = Value(1.5)
            >>> b = Value(2.0)
            >>> y = a.logaddexp(b)
            >>> y.backward()
            >>> round(y.data, 6), round(a.grad, 6), round(b.grad, 6)
            (2.474077, 0.377541, 0.622459)
        """
        return TABLE[codes.logaddexp](self, other)

    def entr(self) -> Value:
        """The term -x ln x of an entropy: 0 at 0, and -inf for negative numbers.

        Formula:    y = -x·ln(x)
        Derivative: ∂y/∂x = -log(x) - 1
        Domain:     x ≥ 0; elsewhere y is NaN; y = 0 at x = 0; y = -inf at x = inf
        Kinks:      entr'(0) = +inf, the limit from the right
        Accuracy:   largest error measured, in units in the last place: y 1.3, ∂y/∂x 2.6e+02
        See:        help(autograd_bp.entr)

        Example:
            >>> from autograd_bp import Value
            >>> x = Value(0.5)
            >>> y = x.entr()
            >>> y.backward()
            >>> round(y.data, 6), round(x.grad, 6)
            (0.346574, -0.306853)
        """
        return record1(codes.entr, self)

    def logit(self) -> Value:
        """The logarithm of the odds x / (1 - x), the inverse of the sigmoid.

        Formula:    y = ln(x/(1 - x))
        Derivative: ∂y/∂x = 1/x + 1/(1 - x)
        Domain:     0 < x < 1; elsewhere y is NaN; y = -inf at x = 0; y = inf at x = 1
        Kinks:      none
        Accuracy:   largest error measured, in units in the last place: y 1.6, ∂y/∂x 1.1
        See:        help(autograd_bp.logit)

        Example:
            >>> from autograd_bp import Value
            >>> x = Value(0.5)
            >>> y = x.logit()
            >>> y.backward()
            >>> round(y.data, 6), round(x.grad, 6)
            (0.0, 4.0)
        """
        return record1(codes.logit, self)

    def silu(self) -> Value:
        """x times its sigmoid, the sigmoid linear unit, which is also called swish.

        Formula:    y = x·σ(x)
        Derivative: ∂y/∂x = logistic(x) + x·sigmoid_slope(x)
        Domain:     all real numbers; y = 0 at x = -inf; y = inf at x = inf
        Kinks:      none
        Accuracy:   largest error measured, in units in the last place: y 2.8, ∂y/∂x 3.6e+02
        See:        help(autograd_bp.silu)

        Example:
            >>> from autograd_bp import Value
            >>> x = Value(0.5)
            >>> y = x.silu()
            >>> y.backward()
            >>> round(y.data, 6), round(x.grad, 6)
            (0.31123, 0.739961)
        """
        return record1(codes.silu, self)

    def lgamma(self) -> Value:
        """The logarithm of |Γ(x)|, the gamma function: ln((x - 1)!) for integers.

        Formula:    y = ln(|Γ(x)|)
        Derivative: ∂y/∂x = digamma(x)
        Domain:     all real numbers; y = inf at x = -inf; y = inf at x = inf
        Kinks:      none
        Accuracy:   largest error measured, in units in the last place: y 2e+02, ∂y/∂x 1e+03
        See:        help(autograd_bp.lgamma)

        Example:
            >>> from autograd_bp import Value
            >>> x = Value(0.5)
            >>> y = x.lgamma()
            >>> y.backward()
            >>> round(y.data, 6), round(x.grad, 6)
            (0.572365, -1.96351)
        """
        return record1(codes.lgamma, self)

    def digamma(self) -> Value:
        """The derivative of lgamma, ψ(x).

        Formula:    y = ψ(x)
        Derivative: ∂y/∂x = trigamma(x)
        Domain:     all real numbers; y is NaN at x = -inf; y = inf at x = inf
        Kinks:      none
        Accuracy:   largest error measured, in units in the last place: y 1.7e+02, ∂y/∂x 1.9
        See:        help(autograd_bp.digamma)

        Example:
            >>> from autograd_bp import Value
            >>> x = Value(0.5)
            >>> y = x.digamma()
            >>> y.backward()
            >>> round(y.data, 6), round(x.grad, 6)
            (-1.96351, 4.934802)
        """
        return record1(codes.digamma, self)

    def trigamma(self) -> Value:
        """The derivative of digamma, ψ′(x).

        Formula:    y = ψ′(x)
        Derivative: ∂y/∂x = polygamma_2(x)
        Domain:     all real numbers; y is NaN at x = -inf; y = 0 at x = inf
        Kinks:      none
        Accuracy:   largest error measured, in units in the last place: y 1.6, ∂y/∂x 2.4e+04
        See:        help(autograd_bp.trigamma)

        Example:
            >>> from autograd_bp import Value
            >>> x = Value(0.5)
            >>> y = x.trigamma()
            >>> y.backward()
            >>> round(y.data, 6), round(x.grad, 6)
            (4.934802, -16.828797)
        """
        return record1(codes.trigamma, self)

    def normal_pdf(self) -> Value:
        """The density φ of the standard normal distribution.

        Formula:    y = φ(x)
        Derivative: ∂y/∂x = -x·y
        Domain:     all real numbers; y = 0 at x = -inf; y = 0 at x = inf
        Kinks:      none
        Accuracy:   largest error measured, in units in the last place: y 2.9, ∂y/∂x 44
        See:        help(autograd_bp.normal_pdf)

        Example:
            >>> from autograd_bp import Value
            >>> x = Value(0.5)
            >>> y = x.normal_pdf()
            >>> y.backward()
            >>> round(y.data, 6), round(x.grad, 6)
            (0.352065, -0.176033)
        """
        return record1(codes.normal_pdf, self)

    def ndtr(self) -> Value:
        """The distribution function Φ of the standard normal distribution.

        Formula:    y = Φ(x)
        Derivative: ∂y/∂x = normal_pdf(x)
        Domain:     all real numbers; y = 0 at x = -inf; y = 1 at x = inf
        Kinks:      none
        Accuracy:   largest error measured, in units in the last place: y 4.3, ∂y/∂x 2.8
        See:        help(autograd_bp.ndtr)

        Example:
            >>> from autograd_bp import Value
            >>> x = Value(0.5)
            >>> y = x.ndtr()
            >>> y.backward()
            >>> round(y.data, 6), round(x.grad, 6)
            (0.691462, 0.352065)
        """
        return record1(codes.ndtr, self)

    def erfcx(self) -> Value:
        """The scaled complement of the error function, e^(x²) erfc(x).

        Formula:    y = exp(x^2)·erfc(x)
        Derivative: ∂y/∂x = -2·ierfcx(x)
        Domain:     all real numbers; y = inf at x = -inf; y = 0 at x = inf
        Kinks:      none
        Accuracy:   largest error measured, in units in the last place: y 3.2, ∂y/∂x 4.3
        See:        help(autograd_bp.erfcx)

        Example:
            >>> from autograd_bp import Value
            >>> x = Value(0.5)
            >>> y = x.erfcx()
            >>> y.backward()
            >>> round(y.data, 6), round(x.grad, 6)
            (0.61569, -0.512689)
        """
        return record1(codes.erfcx, self)

    def log_ndtr(self) -> Value:
        """The logarithm of the normal distribution function, exact far to the left.

        Formula:    y = ln(Φ(x))
        Derivative: ∂y/∂x = if less(x, 0) then mills_excess(-x) - x else normal_pdf(x)/ndtr(x)
        Domain:     all real numbers; y = -inf at x = -inf; y = 0 at x = inf
        Kinks:      none
        Accuracy:   largest error measured, in units in the last place: y 3.2, ∂y/∂x 3.5
        See:        help(autograd_bp.log_ndtr)

        Example:
            >>> from autograd_bp import Value
            >>> x = Value(0.5)
            >>> y = x.log_ndtr()
            >>> y.backward()
            >>> round(y.data, 6), round(x.grad, 6)
            (-0.368946, 0.50916)
        """
        return record1(codes.log_ndtr, self)

    def ndtri(self) -> Value:
        """The standard normal quantile, the inverse of ndtr.

        Formula:    y = Φ⁻¹(x)
        Derivative: by its rule, which branches or is too long to be written here
        Domain:     0 < x < 1; elsewhere y is NaN; y = -inf at x = 0; y = inf at x = 1
        Kinks:      none
        Accuracy:   largest error measured, in units in the last place: y 2.1, ∂y/∂x 4.8
        See:        help(autograd_bp.ndtri)

        Example:
            >>> from autograd_bp import Value
            >>> x = Value(0.5)
            >>> y = x.ndtri()
            >>> y.backward()
            >>> round(y.data, 6), round(x.grad, 6)
            (0.0, 2.506628)
        """
        return record1(codes.ndtri, self)

    def erfinv(self) -> Value:
        """The inverse of the error function.

        Formula:    y = erf⁻¹(x)
        Derivative: by its rule, which branches or is too long to be written here
        Domain:     -1 < x < 1; elsewhere y is NaN; y = -inf at x = -1; y = inf at x = 1
        Kinks:      none
        Accuracy:   largest error measured, in units in the last place: y 2.7, ∂y/∂x 3.9
        See:        help(autograd_bp.erfinv)

        Example:
            >>> from autograd_bp import Value
            >>> x = Value(0.5)
            >>> y = x.erfinv()
            >>> y.backward()
            >>> round(y.data, 6), round(x.grad, 6)
            (0.476936, 1.112585)
        """
        return record1(codes.erfinv, self)

    def sinc(self) -> Value:
        """sin(πx) / (πx), which is 1 at 0: the normalised cardinal sine, as NumPy's.

        Formula:    y = sinc(x)
        Derivative: ∂y/∂x = -3.141592653589793·spherical_bessel_pi_1(x)
        Domain:     all real numbers; y = 0 at x = -inf; y = 0 at x = inf
        Kinks:      none
        Accuracy:   largest error measured, in units in the last place: y 3.5, ∂y/∂x 3.3e+15
        See:        help(autograd_bp.sinc)

        Example:
            >>> from autograd_bp import Value
            >>> x = Value(0.5)
            >>> y = x.sinc()
            >>> y.backward()
            >>> round(y.data, 6), round(x.grad, 6)
            (0.63662, -1.27324)
        """
        return record1(codes.sinc, self)

    def gelu(self) -> Value:
        """x times the normal distribution function: the Gaussian error linear unit.

        Formula:    y = x·Φ(x)
        Derivative: ∂y/∂x = ndtr(x) + x·normal_pdf(x)
        Domain:     all real numbers; y = 0 at x = -inf; y = inf at x = inf
        Kinks:      none
        Accuracy:   largest error measured, in units in the last place: y 20, ∂y/∂x 8e+02
        See:        help(autograd_bp.gelu)

        Example:
            >>> from autograd_bp import Value
            >>> x = Value(0.5)
            >>> y = x.gelu()
            >>> y.backward()
            >>> round(y.data, 6), round(x.grad, 6)
            (0.345731, 0.867495)
        """
        return record1(codes.gelu, self)

    def logistic(self) -> Value:
        """The logistic function σ, as sigmoid, with derivatives that are exact in both tails.

        Formula:    y = 1/(exp(-x) + 1)
        Derivative: ∂y/∂x = sigmoid_slope(x)
        Domain:     all real numbers; y = 0 at x = -inf; y = 1 at x = inf
        Kinks:      none
        Accuracy:   largest error measured, in units in the last place: y 2.2, ∂y/∂x 3.2
        See:        help(autograd_bp.logistic)

        Example:
            >>> from autograd_bp import Value
            >>> x = Value(0.5)
            >>> y = x.logistic()
            >>> y.backward()
            >>> round(y.data, 6), round(x.grad, 6)
            (0.622459, 0.235004)
        """
        return record1(codes.logistic, self)

    def sigmoid_slope(self) -> Value:
        """The slope σ(x) σ(-x) of the sigmoid, exact in both tails.

        Formula:    y = σ(x)·σ(-x)
        Derivative: ∂y/∂x = -y·tanh(0.5·x)
        Domain:     all real numbers; y = 0 at x = -inf; y = 0 at x = inf
        Kinks:      none
        Accuracy:   largest error measured, in units in the last place: y 3.4, ∂y/∂x 4.2
        See:        help(autograd_bp.sigmoid_slope)

        Example:
            >>> from autograd_bp import Value
            >>> x = Value(0.5)
            >>> y = x.sigmoid_slope()
            >>> y.backward()
            >>> round(y.data, 6), round(x.grad, 6)
            (0.235004, -0.057557)
        """
        return record1(codes.sigmoid_slope, self)

    def sech2(self) -> Value:
        """The slope 1 - tanh² of tanh, exact in both tails.

        Formula:    y = sech(x)^2
        Derivative: ∂y/∂x = -2·y·tanh(x)
        Domain:     all real numbers; y = 0 at x = -inf; y = 0 at x = inf
        Kinks:      none
        Accuracy:   largest error measured, in units in the last place: y 3.3, ∂y/∂x 4.2
        See:        help(autograd_bp.sech2)

        Example:
            >>> from autograd_bp import Value
            >>> x = Value(0.5)
            >>> y = x.sech2()
            >>> y.backward()
            >>> round(y.data, 6), round(x.grad, 6)
            (0.786448, -0.726862)
        """
        return record1(codes.sech2, self)

    # </methods>


class ManyValue(Value):
    """A node of any number of parents: a sum, a dot product, a performance."""

    __slots__ = ("_count", "_inner", "_parents", "_partials")
    _count: int
    _inner: int  # how many of the parents have parents themselves
    _parents: list[Value]
    _partials: list[float]

    @property
    def parents(self) -> tuple[Value, ...]:
        """The inputs, in order; the same node may stand twice."""
        return tuple([memory.get_parent(self, i) for i in range(self._count)])


class OpenValue(Value):
    """The part of `compat.micrograd.Value` that is compiled: a node that may have attributes.

    Its operators are composed as scripts for other engines expect them: a - b is a + b * -1, a / b
    is a * b**-1, and so on. operators.h says the same in C, for two nodes that are of no subclass.
    A node of many parents is two nodes: what users see, whose only parent is a ManyValue. Its
    primitive is an addition without a second parent; `content` gives the other one.
    """

    @property
    def grad(self) -> Any:
        """The derivative with respect to this node; None after `node.grad = None`, until a sweep
        arrives here."""
        if _guards:
            refuse_number("value.grad")
        if memory.has_attributes(self):
            if memory.get_attribute(self, "requires_grad") is False:
                return 0.0
            if self._mark == 0 and self._grad == 0.0 and memory.get_attribute(self, "no_grad"):
                return None
        return self._grad

    @grad.setter
    def grad(self, grad: Any) -> None:
        if grad is None:
            self._grad = 0.0
            self._mark = 0
            memory.put_attribute(self, "no_grad", True)
            return
        gradient = grad if type(grad) is float else number(grad)
        if _reached:
            notice(self, gradient)
        self._grad = gradient
        if memory.has_attributes(self) and memory.get_attribute(self, "no_grad"):
            memory.put_attribute(self, "no_grad", False)

    @property
    def op(self) -> Primitive | None:
        """The primitive that made this node; None for a leaf."""
        code = content(self)._code
        return by_code(code) if code >= 0 else None

    @property
    def parents(self) -> tuple[Value, ...]:
        """The inputs, in order; the same node may stand twice."""
        node = content(self)
        if node is not self:
            return node.parents
        if self._first is None:
            return ()
        return (self._first,) if self._second is None else (self._first, self._second)

    # Cython needs both sides of an operator in one class.
    def __add__(self, other: Any) -> Value:
        return binary(codes.add, self, other)

    def __radd__(self, other: Any) -> Value:
        return self + other  # type: ignore[no-any-return]

    def __mul__(self, other: Any) -> Value:
        return binary(codes.mul, self, other)

    def __rmul__(self, other: Any) -> Value:
        return self * other  # type: ignore[no-any-return]

    def __neg__(self) -> Value:
        return self * -1

    def __sub__(self, other: Any) -> Value:
        right = term(other)
        return NotImplemented if right is None else self + (-right)

    def __rsub__(self, other: Any) -> Value:
        left = term(other)
        return NotImplemented if left is None else (-self) + left

    def __truediv__(self, other: Any) -> Value:
        right = term(other)
        if right is None:
            return NotImplemented
        factor = right**-1 if isinstance(right, Value) else ieee754.pow(right, -1.0)
        return self * factor

    def __rtruediv__(self, other: Any) -> Value:
        left = term(other)
        return NotImplemented if left is None else self**-1 * left

    def __pow__(self, other: Any, modulo: None = None) -> Value:
        if modulo is not None:
            return NotImplemented
        right = term(other)
        if right is None or isinstance(right, Value):
            return binary(codes.pow, self, other)
        exponent = as_class(leaf(right, CONSTANT), class_of_results(type(self)))
        if isinstance(exponent, OpenValue):
            memory.put_attribute(exponent, "exponent", other)
        return record2(codes.power, self, exponent)

    def __rpow__(self, other: Any, modulo: None = None) -> Value:
        return NotImplemented if modulo is not None else reflected(codes.pow, self, other)

    def __bool__(self) -> bool:
        return True  # as any object, and as the nodes of those engines


# ------------------------------------------------------------------------------- operands
def leaf(data: float, code: int) -> Value:
    node: Value = memory.plain_node(code, None, None)
    node._data = data
    return node


def constant(other: Any) -> Value:
    """A plain number as a node; the Value in an array of no dimensions."""
    if isinstance(other, (float, int)):
        return leaf(float(other), CONSTANT)
    content = unboxed(other)
    return content if isinstance(content, Value) else leaf(number(content), CONSTANT)


def as_nodes(operands: Iterable[Any]) -> tuple[Value, ...]:
    """Each operand as a node, plain numbers as constants.

    Raises: OperandError naming the operand that is not a real number.
    """
    return tuple([other if isinstance(other, Value) else constant(other) for other in operands])


def any_value(lists: Iterable[Sequence[Any]]) -> bool:
    """True when a Value stands in one of the lists."""
    for operands in lists:
        for other in operands:
            if isinstance(other, Value):
                return True
            if type(other) is not float and isinstance(unboxed(other), Value):
                return True
    return False


def operand(other: Any) -> Value | None:
    """`other` as a node; None when it is not a real number, so that Python tries the other side."""
    if isinstance(other, Value):
        return other
    if isinstance(other, (float, int)):
        return leaf(float(other), CONSTANT)
    if getattr(other, "ndim", 0):
        return None
    try:
        return constant(other)
    except OperandError:
        if isinstance(other, complex) or type(other).__name__ == "Decimal":
            raise  # no other library has a say, and Python would name two types and no reason
        return None


# ------------------------------------------------------------------------------ recording
def record1(code: int, parent: Value) -> Value:
    node: Value = memory.plain_node(code, parent, None)
    kernels.fill1(node)
    if _paused:
        forget(node)
    return node


def record2(code: int, left: Value, right: Value) -> Value:
    node: Value = memory.plain_node(code, left, right)
    kernels.fill2(node)
    if _paused:
        forget(node)
    return node


def binary(code: int, left: Value, other: Any) -> Value:
    """`left` and `other`; NotImplemented if `other` is not a number, so that Python asks it."""
    if isinstance(other, Value):
        return record2(code, left, other)
    right = operand(other)
    if right is not None and right._code != CONSTANT:  # the Value in an array of no dimensions
        code = codes.pow if code == codes.power else code
    elif right is not None and not is_plain(left):
        right = as_class(right, class_of_results(type(left)))
    return NotImplemented if right is None else record2(code, left, right)


def reflected(code: int, right: Value, other: Any) -> Value:
    """`other`, which is not a Value, and `right`."""
    left = operand(other)
    if left is not None and left._code == CONSTANT and not is_plain(right):
        left = as_class(left, class_of_results(type(right)))
    return NotImplemented if left is None else record2(code, left, right)


def record_many(code: int, lists: Iterable[Sequence[Any]]) -> Value:
    """Record a primitive of any number of inputs: those in `lists`, one list after another.

    Raises OperandError naming the operand that is not a real number.
    """
    count = 0
    for operands in lists:
        count += memory.length(operands)
    node: ManyValue = memory.many_node(count)
    for operands in lists:
        i = memory.put_parents(node, operands, 0)
        while i < memory.length(operands):
            memory.put_parent(node, constant(operands[i]))
            i = memory.put_parents(node, operands, i + 1)
    node._code = code
    kernels.fill_many(node)
    of_subclass = node._mark != 0
    node._mark = 0
    cls = class_of_result(node.parents) if of_subclass else Value
    if _paused and is_paused():
        if _guards:
            refuse_number("an operation without recording")
        node._code = LEAF
        return as_class(leaf(node._data, LEAF), cls)
    return as_class(node, cls)


def forget(node: Value) -> None:
    """Make a leaf of a node of one or two parents that was recorded inside no_recording()."""
    if is_paused():
        if _guards:
            refuse_number("an operation without recording")
        node._code = LEAF
        node._first = None
        node._second = None


def is_paused() -> bool:
    """Whether the code that runs is inside a no_recording() block."""
    block = _innermost.get()
    if block is None:
        return False
    verdict = block.verdict
    return not (block.says() if verdict is None else verdict)


def apply(op: Primitive, operands: Sequence[Any]) -> Value:
    """Record a primitive applied to Values and numbers.

    Raises OperandError naming the operand that is not a real number, and ShapeError when the
    primitive takes another number of operands.
    """
    if op.arity is not None and len(operands) != op.arity:
        raise ShapeError(f"{op.name} takes {op.arity} operands, got {len(operands)}")
    code = op.code
    if op.arity == 1:
        first = operands[0]
        node = record1(code, first if isinstance(first, Value) else constant(first))
    elif op.arity == 2:
        first, second = operands
        node = record2(
            code,
            first if isinstance(first, Value) else constant(first),
            second if isinstance(second, Value) else constant(second),
        )
    else:
        node = record_many(code, [operands])
    if code >= OWN:
        memory.keep(node, op)
    return node


def keep(node: Value, op: Primitive) -> None:
    """Keep a primitive of a user's as long as a node that it made."""
    memory.keep(node, op)


# -------------------------------------------------------------- comparison and conditions
def equals(data: float, other: Any) -> bool:
    """Whether a number equals what is no Value; NotImplemented for arrays, which compare each
    entry."""
    if isinstance(other, float):
        return data == float(other)
    if isinstance(other, int):  # all its digits count
        return data == other
    if getattr(other, "ndim", 0):
        return NotImplemented  # type: ignore[no-any-return]
    try:
        return data == number(other)
    except (OperandError, OverflowError):  # a decimal, text, what approx() returns
        return data == other  # type: ignore[no-any-return]


def condition(code: int, left: Value, other: Any) -> Any:
    """A comparison inside a no_branching() block: a Value, although Python's types say bool."""
    return binary(code, left, other)


def joined(sign: str, code: int, condition: Value, other: Any) -> Value:
    """Two conditions as one; NotImplemented for arrays, which join each entry.

    Raises: OperandError where one of them is no condition.
    """
    if getattr(other, "ndim", 0):
        return NotImplemented  # type: ignore[no-any-return]
    require_condition(sign, condition)
    require_condition(sign, unboxed(other))
    return binary(code, condition, other)


def require_condition(sign: str, operand: Any) -> None:
    """Raise OperandError for a Value or a number that is not surely 0 or 1: on other numbers &, |
    and ~ mean bits to Python."""
    if isinstance(operand, Value):
        node = content(operand)
        if node._code in CONDITIONS:
            return
    elif type(operand).__name__ in ("int", "bool", "bool_") and operand in (0, 1):
        return
    raise OperandError(
        f"{sign} joins conditions, such as (x > 0) {sign if sign != '~' else '&'} (y > 0) of "
        f"compiled functions, got {operand!r:.60}: put comparisons into brackets, and use "
        "autograd_bp.logical_and, logical_or or logical_not, for which each number but 0 is true"
    )


# ------------------------------------------------------------------ results of subclasses
def is_plain(node: Value) -> bool:
    """False for an instance of a subclass of the user's."""
    return type(node) is Value or type(node) is ManyValue


def plain_class(cls: Any) -> Any:
    """The class that users know: Value for ManyValue, and a subclass of theirs for what
    many_class() made of it."""
    if issubclass(cls, ManyValue):
        return Value if cls is ManyValue else cls.__bases__[0]
    return cls


def class_of_results(cls: Any) -> Any:
    """The class that operations on instances of `cls` give; see Value.result_class."""
    cls = plain_class(cls)
    if cls is Value or cls.result_class is None:
        return cls
    if isinstance(cls.result_class, type) and issubclass(cls.result_class, Value):
        return cls.result_class
    raise OperandError(
        f"{cls.__name__}.result_class is the class of what operations on its instances return: "
        f"a subclass of Value, or None for {cls.__name__} itself; got {cls.result_class!r:.60}"
    )


def class_of_result(nodes: Iterable[Value]) -> Any:
    """The class of a result of these operands: that of the first one that has a class of its own,
    unless a later one's is derived from it."""
    chosen: Any = Value
    for node in nodes:
        cls = class_of_results(type(node))
        if cls is not chosen and issubclass(cls, chosen):
            chosen = cls
    return chosen


def many_class(cls: Any) -> Any:
    """The class of nodes of any number of parents that are instances of `cls`.

    It is ManyValue where `cls` has slots of its own: Python cannot put those beside the parents.
    """
    if "_many_class" not in cls.__dict__:
        body = {"__slots__": (), "__module__": cls.__module__, "__qualname__": cls.__qualname__}
        try:
            cls._many_class = type(cls)(cls.__name__, (cls, ManyValue), body)
        except TypeError:
            cls._many_class = ManyValue
    return cls._many_class


def as_class(node: Value, cls: Any) -> Value:
    """The same node as an instance of a class; neither its __new__ nor its __init__ is called."""
    if cls is Value:
        return node
    if issubclass(cls, OpenValue) and isinstance(node, ManyValue):
        return wrap(node, cls)
    code = node._code
    node._code = LEAF  # the new node takes its place: it alone will keep its primitive
    return _filled(code, node._data, node._grad, node.parents, partials_of(node), cls)


# --------------------------------------------------------------------------------- copies
def restore(
    code: int,
    data: float,
    grad: float,
    parents: tuple[Value, ...],
    partials: Sequence[float],
    cls: Any = Value,
) -> Value:
    """A node with these numbers, which are not computed again: for copies and pickles."""
    node = _filled(code, data, grad, parents, partials, cls)
    if code >= OWN:
        memory.keep(content(node), by_code(code))
    return node


def _filled(
    code: int,
    data: float,
    grad: float,
    parents: tuple[Value, ...],
    partials: Sequence[float],
    cls: Any,
) -> Value:
    op = by_code(code) if code >= 0 else None
    if op is None or op.arity in (1, 2):
        node = leaf(data, LEAF) if cls is Value else _unfilled(cls)
        node._data = data
        if parents:
            node._first = parents[0]
            node._d_first = partials[0]
        if len(parents) > 1:
            node._second = parents[1]
            node._d_second = partials[1]
        if cls is not Value:
            memory.follow(node)
    else:
        is_open = issubclass(cls, OpenValue)
        many = ManyValue.__new__(ManyValue if cls is Value or is_open else many_class(cls))
        many._data = data
        many._code = LEAF
        many._mark = 0
        many._first = None
        many._second = None
        memory.reserve_parents(many, len(parents))
        for i in range(len(parents)):
            memory.put_parent(many, parents[i])
            many._partials[i] = partials[i]
        if is_open:
            many._grad = 0.0
            many._code = code
            node = wrap(many, cls)
            node._grad = grad
            return node
        node = many
    node._grad = grad
    node._code = code
    return node


def _unfilled(cls: Any) -> Value:
    node: Value
    node = OpenValue.__new__(cls) if issubclass(cls, OpenValue) else Value.__new__(cls)
    Value.__init__(node, 0.0)
    return node


# ------------------------------------------------------------------------ nodes of compat
def term(other: Any) -> Any:
    """An operand as a Value or a float; None where it is neither, such as an array."""
    if isinstance(other, Value):
        return other
    node = operand(other)
    if node is None:
        return None
    return node._data if node._code == CONSTANT else node


def content(node: Value) -> Value:
    """The node of many parents of which an OpenValue shows everything, or the node itself."""
    if node._code == codes.add and node._second is None:
        return node._first  # type: ignore[return-value]
    return node


def wrap(many: Value, cls: Any) -> Value:
    """An instance of a class derived from OpenValue that shows all that a ManyValue has."""
    node = _unfilled(cls)
    node._data = many._data
    node._first = many
    node._d_first = 1.0
    node._code = codes.add
    memory.follow(node)
    return node


def attributes_of(node: Any) -> dict[str, Any] | None:
    """The attributes that users gave to a node; None or empty where there are none."""
    if isinstance(node, OpenValue) and not memory.has_attributes(node):
        return None
    return getattr(node, "__dict__", None)


def set_attribute(node: OpenValue, name: str, value: Any) -> None:
    """Set an attribute that has no descriptor, or is kept under the name of one."""
    memory.put_attribute(node, name, value)


def all_attributes(node: OpenValue) -> dict[str, Any]:
    """The dict of a node's attributes, for somebody who may put anything into it."""
    return memory.attributes(node)


def recompose(
    node: OpenValue, op: Primitive, parents: tuple[Value, ...], partials: Sequence[float]
) -> bool:
    """Let a node be the result of a primitive of any number of inputs; its number stays.

    Returns: False inside no_recording(), where it becomes a leaf.
    """
    if _held is not None:
        _held.append((node._first, node._second))
    node._code = LEAF
    node._second = None
    if _paused and is_paused():
        node._first = None
        return False
    many = restore(op.code, node._data, 0.0, parents, partials)
    node._first = many
    node._d_first = 1.0
    node._code = codes.add
    memory.follow(node)
    return True


def watch_scripts(reached: int) -> None:
    """While a sweep calls functions of a script's, keep the parents of nodes that the script gives
    others: the sweep has them in its order, and counts no references. A node whose gradient the
    script changes gets the mark `reached`, as one that the sweep itself reaches. 0 ends this."""
    global _held, _reached
    _held = [] if reached else None
    _reached = reached


def notice(node: Value, gradient: float) -> None:
    """Mark a node whose gradient a script changes to this number during a sweep."""
    if gradient != node._grad:
        node._mark = _reached


def as_constant(node: OpenValue, is_constant: bool) -> None:
    """Let a leaf be a constant, which no gradient reaches, or a leaf that is none."""
    if node._code < 0:
        node._code = CONSTANT if is_constant else LEAF
    memory.put_attribute(node, "requires_grad", not is_constant)


# ------------------------------------------------------------------- what the engine asks
# It may ask at any time, also while a function is compiled.
def number_of(node: Value) -> float:
    return node._data


def grad_of(node: Value) -> float:
    return node._grad


def partials_of(node: Value) -> tuple[float, ...]:
    """The local derivatives when the node was recorded, one for each parent."""
    if node._second is not None:
        return (node._d_first, node._d_second)
    if node._first is not None and node._code != codes.add:
        return (node._d_first,)
    node = content(node)
    if isinstance(node, ManyValue):
        many: ManyValue = node
        return tuple([many._partials[i] for i in range(many._count)])
    return ()


def kind(node: Value) -> int:
    """The code of the node's primitive, LEAF or CONSTANT."""
    return content(node)._code


# ----------------------------------------------------------------------------- installing
def catch_subscripts(array_class: type, by_values: Callable[[Any, Any], Any]) -> None:
    """Make a class of arrays ask `by_values` for an index that NumPy refuses, such as a Value."""
    memory.catch_subscripts(array_class, by_values)


def adopt(cls: type[OpenValue]) -> None:
    """Record operations of instances of a class that is derived from OpenValue, and adds only
    methods, as quickly as those of Value."""
    memory.adopt(cls)


def count_paused(change: int) -> None:
    """Count a no_recording() block that opens (1) or closes (-1)."""
    global _paused
    _paused += change
    kernels.set_shortcuts(_paused == 0)


def count_guards(change: int) -> None:
    """Count a no_branching() block that opens (1) or closes (-1)."""
    global _guards
    _guards += change


def set_backward(sweep: Callable[..., None]) -> None:
    global _backward
    _backward = sweep


def _install() -> None:
    """Make the two types known to the files that record, count and allocate nodes."""
    set_recorder((Value, ManyValue), record1, keep)
    contexts.set_counters(count_paused, count_guards)
    memory.install_types(Value, ManyValue, OpenValue, class_of_result, OWN)
    node = leaf(1.0, LEAF)
    node._grad = 2.0
    memory.check_layout(node)
    kernels.check_names([op.name for op in TABLE])
    kernels.install_shortcuts()


_install()
