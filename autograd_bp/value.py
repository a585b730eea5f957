"""Value: one node of a computation graph, and how operations record nodes.

A node knows its number, the operation that made it, its parents and the local partial
derivatives at the moment it was recorded. It knows no derivative rule: those stand in the
table of primitives. The fields with an underscore are C fields when this file is compiled
(see value.pxd); most nodes have one or two parents, kept in the node itself.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from autograd_bp import contexts
from autograd_bp.contexts import is_recording, refuse_branch
from autograd_bp.entry import TABLE, Primitive, by_code, number, set_recorder
from autograd_bp.errors import ConversionError, OperandError, ShapeError
from autograd_bp.native import codes, kernels, memory

LEAF = -1
CONSTANT = -2  # a leaf that an operation made of a plain number
OWN = len(TABLE)  # how many primitives are the library's own

_labels: weakref.WeakKeyDictionary[Value, str] = weakref.WeakKeyDictionary()
_paused = 0  # how many no_recording() blocks are open, in all threads: quick to ask
_guards = 0  # how many no_branching() blocks are open, likewise
_innermost = is_recording.innermost
_backward: Callable[..., None] | None = None  # the sweep, which backprop.py hands over


class Value:
    """A real number that remembers how it was computed.

    Arguments:
        data: the number (int, float, NumPy scalar, Fraction).
        label: a name, for pictures and reports.

    Raises: OperandError when `data` is not a real number.

    Arithmetic and comparison work with other Values, numbers, NumPy scalars and object
    arrays. `==` tests identity, since nodes are vertices of a graph; `<`, `<=`, `>` and `>=`
    compare the numbers. `float(v)` and `if v:` raise an error: they would silently cut the graph.

    Example:
        >>> from autograd_bp import Value
        >>> w, x = Value(0.5, "w"), Value(2.0, "x")
        >>> y = w * x + 1
        >>> y.backward()
        >>> y.data, w.grad
        (2.0, 2.0)
    """

    __slots__ = (
        "__weakref__",
        "_code",
        "_d_first",
        "_d_second",
        "_data",
        "_first",
        "_grad",
        "_mark",
        "_op",  # keeps a primitive of a user's, in the interpreted core
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

    def __init__(self, data: Any, label: str = "") -> None:
        self._data = data if type(data) is float else number(data)
        self._grad = 0.0
        self._code = LEAF
        self._mark = 0
        self._first = None
        self._second = None
        if label:
            self.label = label

    # ------------------------------------------------------------------ what a node knows
    @property
    def data(self) -> float:
        """The number."""
        return self._data

    @data.setter
    def data(self, data: Any) -> None:
        self._data = data if type(data) is float else number(data)

    @property
    def grad(self) -> float:
        """The derivative, with respect to this node, of the output that backward() started from."""
        return self._grad

    @grad.setter
    def grad(self, grad: Any) -> None:
        self._grad = grad if type(grad) is float else number(grad)

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
        """The local derivatives when the node was recorded, one for each parent."""
        if self._first is None:
            return ()
        if self._second is None:
            return (self._d_first,)
        return (self._d_first, self._d_second)

    @property
    def label(self) -> str:
        """The name given to this node, or the empty string."""
        return _labels.get(self, "") if _labels else ""

    @label.setter
    def label(self, label: str) -> None:
        if not isinstance(label, str):
            raise OperandError(f"a label is text, got {type(label).__name__} {label!r:.60}")
        # Labels are kept beside the nodes: few nodes have one, and all would pay for a field.
        if label:
            _labels[self] = label
        else:
            _labels.pop(self, None)

    def backward(self, seed: float = 1.0, *, accumulate: bool = True) -> None:
        """Fill `.grad` of every node that this one depends on with ∂self/∂node.

        Arguments:
            seed: what the sweep starts with here, usually 1.
            accumulate: leaves add to the gradient they hold (two sweeps give twice the
                gradient); False overwrites it. Other nodes hold the latest sweep either way.

        Raises: NotDifferentiableError when the sweep reaches an operation that refuses; the
            gradients of the leaves are then as they were.
        """
        assert _backward is not None
        _backward(self, seed, accumulate)

    def zero_grad(self) -> None:
        """Set this node's gradient to 0."""
        self._grad = 0.0

    def detach(self) -> Value:
        """A new leaf with the same number: gradients end there."""
        return leaf(self._data, LEAF)

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

    def __pow__(self, other: Any, modulo: None = None) -> Value:
        if modulo is not None:
            return NotImplemented
        # A plain exponent is held fixed: its partial has a logarithm, which is NaN in (-2) ** 3.
        return binary(codes.pow if isinstance(other, Value) else codes.power, self, other)

    def __rpow__(self, other: Any, modulo: None = None) -> Value:
        return NotImplemented if modulo is not None else reflected(codes.pow, self, other)

    def __neg__(self) -> Value:
        return record1(codes.neg, self)

    def __pos__(self) -> Value:
        return self

    def __abs__(self) -> Value:
        return record1(codes.abs, self)

    # ------------------------------- functions as methods: written by generate.py, from the table
    # <methods>
    def exp(self) -> Value:
        return record1(codes.exp, self)

    def expm1(self) -> Value:
        return record1(codes.expm1, self)

    def exp2(self) -> Value:
        return record1(codes.exp2, self)

    def log(self) -> Value:
        return record1(codes.log, self)

    def log1p(self) -> Value:
        return record1(codes.log1p, self)

    def log2(self) -> Value:
        return record1(codes.log2, self)

    def log10(self) -> Value:
        return record1(codes.log10, self)

    def sqrt(self) -> Value:
        return record1(codes.sqrt, self)

    def cbrt(self) -> Value:
        return record1(codes.cbrt, self)

    def sin(self) -> Value:
        return record1(codes.sin, self)

    def cos(self) -> Value:
        return record1(codes.cos, self)

    def tan(self) -> Value:
        return record1(codes.tan, self)

    def asin(self) -> Value:
        return record1(codes.asin, self)

    def acos(self) -> Value:
        return record1(codes.acos, self)

    def atan(self) -> Value:
        return record1(codes.atan, self)

    def sinh(self) -> Value:
        return record1(codes.sinh, self)

    def cosh(self) -> Value:
        return record1(codes.cosh, self)

    def tanh(self) -> Value:
        return record1(codes.tanh, self)

    def asinh(self) -> Value:
        return record1(codes.asinh, self)

    def acosh(self) -> Value:
        return record1(codes.acosh, self)

    def atanh(self) -> Value:
        return record1(codes.atanh, self)

    def erf(self) -> Value:
        return record1(codes.erf, self)

    def erfc(self) -> Value:
        return record1(codes.erfc, self)

    def sigmoid(self) -> Value:
        return record1(codes.sigmoid, self)

    def log_sigmoid(self) -> Value:
        return record1(codes.log_sigmoid, self)

    def softplus(self) -> Value:
        return record1(codes.softplus, self)

    def relu(self) -> Value:
        return record1(codes.relu, self)

    def threshold(self) -> Value:
        return record1(codes.threshold, self)

    def sign(self) -> Value:
        return record1(codes.sign, self)

    def floor(self) -> Value:
        return record1(codes.floor, self)

    # </methods>

    # ------------------------------------------------------- other callers of the primitives
    def __apply_primitive__(self, op: Primitive, operands: tuple[Any, ...]) -> Any:
        """Apply a primitive to operands of which one is a Value (see Primitive.__call__)."""
        for other in operands:
            if getattr(other, "ndim", 0):
                return op._apply_to_arrays(operands)
        return apply(op, operands)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        """NumPy's functions on Values and object arrays: elementwise, recorded."""
        from autograd_bp import ufuncs

        return ufuncs.apply_ufunc(ufunc, method, inputs, options)

    # --------------------------------------------------- comparison, identity, conversion
    def __eq__(self, other: object) -> bool:
        if _guards and not isinstance(other, Value):
            refuse_branch("==")
        return self is other

    def __ne__(self, other: object) -> bool:
        if _guards and not isinstance(other, Value):
            refuse_branch("!=")
        return self is not other

    def __hash__(self) -> int:
        return id(self) >> 4

    def __lt__(self, other: Any) -> bool:
        if _guards:
            refuse_branch("<")
        right = operand(other)
        return NotImplemented if right is None else self._data < right._data

    def __le__(self, other: Any) -> bool:
        if _guards:
            refuse_branch("<=")
        right = operand(other)
        return NotImplemented if right is None else self._data <= right._data

    def __gt__(self, other: Any) -> bool:
        if _guards:
            refuse_branch(">")
        right = operand(other)
        return NotImplemented if right is None else self._data > right._data

    def __ge__(self, other: Any) -> bool:
        if _guards:
            refuse_branch(">=")
        right = operand(other)
        return NotImplemented if right is None else self._data >= right._data

    def __float__(self) -> float:
        raise ConversionError(
            "float(value), and so math.exp(value), would cut the graph and lose gradients: "
            "use value.data for the number, or autograd_bp.exp(value) for a recorded result"
        )

    def __int__(self) -> int:
        raise ConversionError("int(value) would cut the graph: use int(value.data)")

    def __complex__(self) -> complex:
        raise ConversionError("complex(value) would cut the graph: use complex(value.data)")

    def __bool__(self) -> bool:
        raise ConversionError(
            "the truth of a Value is ambiguous: compare it (value > 0, value.data != 0), or "
            "ask for its presence with `value is not None`"
        )

    def __repr__(self) -> str:
        label = self.label
        name = f", {label!r}" if label else ""
        op = f", op={self.op.name}" if self.op is not None else ""
        return f"Value({self._data!r}{name}{op}, grad={self._grad!r})"

    # ------------------------------------------------------------------ copies and pickles
    def __copy__(self) -> Value:
        from autograd_bp import graph

        return graph.copy_node(self)

    def __deepcopy__(self, memo: dict[int, Any]) -> Value:
        from autograd_bp import graph

        return graph.deep_copy(self, memo)

    def __reduce__(self) -> tuple[Any, ...]:
        from autograd_bp import graph

        return graph.reduce(self)

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        return self.__reduce__()


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

    @property
    def partials(self) -> tuple[float, ...]:
        """The local derivatives when the node was recorded, one for each parent."""
        return tuple([self._partials[i] for i in range(self._count)])


# ------------------------------------------------------------------------------ recording
def leaf(data: float, code: int) -> Value:
    node: Value = memory.plain_node(code, None, None)
    node._data = data
    return node


def constant(other: Any) -> Value:
    return leaf(other if type(other) is float else number(other), CONSTANT)


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
        return leaf(number(other), CONSTANT)
    except OperandError:
        return None


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
    return NotImplemented if right is None else record2(code, left, right)


def reflected(code: int, right: Value, other: Any) -> Value:
    """`other`, which is not a Value, and `right`."""
    left = operand(other)
    return NotImplemented if left is None else record2(code, left, right)


def record_many(code: int, lists: Iterable[Sequence[Any]]) -> Value:
    """Record a primitive of any number of inputs: those in `lists`, one list after another.

    Raises OperandError naming the operand that is not a real number.
    """
    node = ManyValue.__new__(ManyValue)
    node._grad = 0.0
    node._code = LEAF
    node._mark = 0
    node._first = None
    node._second = None
    count = 0
    for operands in lists:
        count += len(operands)
    memory.reserve_parents(node, count)
    for operands in lists:
        i = memory.put_parents(node, operands, 0)
        while i < len(operands):
            memory.put_parent(node, constant(operands[i]))
            i = memory.put_parents(node, operands, i + 1)
    node._code = code
    kernels.fill_many(node)
    if _paused and is_paused():
        return leaf(node._data, LEAF)
    return node


def forget(node: Value) -> None:
    """Make a leaf of a node of one or two parents that was recorded inside no_recording()."""
    if is_paused():
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


def restore(
    code: int, data: float, grad: float, parents: tuple[Value, ...], partials: Sequence[float]
) -> Value:
    """A node with these numbers, which are not computed again: for copies and pickles."""
    op = by_code(code) if code >= 0 else None
    if op is None or op.arity in (1, 2):
        node = leaf(data, LEAF)
        if parents:
            node._first = parents[0]
            node._d_first = partials[0]
        if len(parents) > 1:
            node._second = parents[1]
            node._d_second = partials[1]
    else:
        many = ManyValue.__new__(ManyValue)
        many._data = data
        many._code = LEAF
        many._mark = 0
        many._first = None
        many._second = None
        memory.reserve_parents(many, len(parents))
        for i in range(len(parents)):
            memory.put_parent(many, parents[i])
            many._partials[i] = partials[i]
        node = many
    node._grad = grad
    node._code = code
    if code >= OWN:
        memory.keep(node, op)
    return node


def kind(node: Value) -> int:
    """The code of the node's primitive, LEAF or CONSTANT."""
    return node._code


# ------------------------------------------------------------------------------ installing
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
    set_recorder((Value, ManyValue), record1, apply)
    contexts.set_counters(count_paused, count_guards)
    memory.install_types(Value, ManyValue, OWN)
    node = leaf(1.0, LEAF)
    node._grad = 2.0
    memory.check_layout(node)
    kernels.check_names([op.name for op in TABLE])
    kernels.install_shortcuts()


_install()
