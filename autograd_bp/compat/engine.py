"""The Value of compat.micrograd: ours, with the words of scripts for other scalar engines.

The operators, the fields and the sweep are those of value.py and backprop.py. Here is what
scripts ask a node for: `_prev`, `_op`, `_backward`, `_local_grads`. It is computed on demand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from autograd_bp.compat import closures
from autograd_bp.errors import KeywordError, OperandError, UnknownNameError
from autograd_bp.functions import leaky_relu
from autograd_bp.value import (
    OpenValue,
    adopt,
    all_attributes,
    as_constant,
    attributes_of,
    set_attribute,
)
from autograd_bp.value import Value as PlainValue

OPERATIONS = {"add": "+", "mul": "*", "relu": "ReLU", "neg": "neg", "sub": "-", "div": "/"}
"""What micrograd calls an operation, by the name of its primitive here; others have one name."""
WORDS = {
    **dict.fromkeys(("children", "_children", "parents", "_parents", "prev", "_prev"), "children"),
    **dict.fromkeys(("op", "_op"), "op"),
    **dict.fromkeys(("label", "_label", "name"), "label"),
    **dict.fromkeys(("local_grads", "_local_grads", "grads"), "local_grads"),
    "requires_grad": "requires_grad",
}
"""The keywords of Value that are met in scripts, and what each says."""


class Value(OpenValue):
    """A node of a graph, with the words of micrograd, of microgpt and of the lectures on them.

    Arguments:
        data: the number. A Value gives its number, and a new leaf has it.
        children: what the number was computed from: Values, or plain numbers.
        op: how, as text ("tanh"); or the local derivatives, one for each child, as microgpt has
            them there.
        label: a name.
        words: the same under the names `_children`, `_parents`, `_op`, `_label`, `local_grads`;
            and `requires_grad=False` for a constant, which no gradient reaches.

    Raises: OperandError where the number or a child is no real number; ShapeError where there is
        not one local derivative for each child; KeywordError for any other keyword.

    A node with children and without local derivatives passes no gradient on until its script
    assigns a function to `_backward`. Results are of the operands' class, and a node may have any
    attribute. Operators are composed as in micrograd: a - b is a + b * -1, a / b is a * b**-1.

    Example:
        >>> from autograd_bp.compat.micrograd import Value
        >>> a, b = Value(2.0, label="a"), Value(-3.0, label="b")
        >>> c = a * b
        >>> c._op, c._prev == {a, b}
        ('*', True)
        >>> c.backward()
        >>> a
        Value(data=2.0, grad=-3.0)
    """

    __slots__ = ()

    def __init__(
        self, data: Any, children: Any = (), op: Any = "", label: Any = "", **words: Any
    ) -> None:
        super().__init__(data.data if isinstance(data, PlainValue) else data)
        local_grads: Any = None
        if words:
            words = _known(words)
            children = words.get("children", children)
            op, label = words.get("op", op), words.get("label", label)
            local_grads = words.get("local_grads")
            if not words.get("requires_grad", True):
                as_constant(self, True)
        if isinstance(children, str):  # Value(2.0, "w"), as our own class has it
            children, label = (), children
        if op and not isinstance(op, str):
            op, local_grads = "", op
        if children != () and children is not None:
            children = closures.nodes_of(children, type(self))
        if local_grads is not None:
            closures.with_derivatives(self, children or (), local_grads)
        elif children:
            closures.computed_by_script(self, children)
        if op:
            set_attribute(self, "_op", op)
        if label:
            self.label = label

    # ------------------------------------------------------------------ what a node knows
    @property
    def _children(self) -> tuple[PlainValue, ...]:
        """The operands that it was computed from, in order, without the exponent of a power."""
        op = self.op
        return self.parents[:1] if op is not None and op.name == "power" else self.parents

    @_children.setter
    def _children(self, children: Any) -> None:
        closures.computed_by_script(self, children)

    @property
    def _prev(self) -> set[PlainValue]:
        """The operands that it was computed from, as a set."""
        return set(self._children)

    @_prev.setter
    def _prev(self, children: Any) -> None:
        closures.computed_by_script(self, children)

    _parents = _children

    @property
    def parents(self) -> tuple[PlainValue, ...]:
        """The inputs of its primitive, in order; of a power the exponent is one of them."""
        return super().parents

    @parents.setter
    def parents(self, children: Any) -> None:
        closures.computed_by_script(self, children)

    @property
    def op(self) -> Any:
        """The primitive that made this node; None for a leaf. How a script calls it is `_op`."""
        return super().op

    @op.setter
    def op(self, op: Any) -> None:
        raise UnknownNameError(
            "op is the primitive that computed a node and cannot be set: write _op for the name of "
            f"an operation, got op = {op!r:.60}"
        )

    @property
    def _local_grads(self) -> tuple[float, ...]:
        """The local derivatives, one for each child."""
        return self.partials[: len(self._children)]

    @_local_grads.setter
    def _local_grads(self, local_grads: Iterable[Any]) -> None:
        set_attribute(self, "_op", self._op)
        closures.with_derivatives(self, self._children, local_grads)

    @property
    def _op(self) -> str:
        """How it was computed, as micrograd writes it: "+", "*", "**2", "ReLU"; "" for a leaf."""
        attributes = attributes_of(self)
        own = attributes.get("_op") if attributes else None
        op = self.op
        if own is not None:
            return str(own)
        if op is None or op in (closures.CLOSURE, closures.STATED):
            return ""
        if op.name == "power":
            return f"**{_exponent(self.parents[1])}"
        name: str = op.name
        return OPERATIONS.get(name, name)

    @_op.setter
    def _op(self, op: str) -> None:
        set_attribute(self, "_op", op)

    @property
    def label(self) -> str:
        """The name given to this node, or the empty string."""
        text: str = super().label
        return text

    @label.setter
    def label(self, label: Any) -> None:
        text = "" if label is None else str(label)
        PlainValue.label.__set__(self, text)  # type: ignore[attr-defined]

    _label = label

    @property
    def requires_grad(self) -> bool:
        """False for a constant: its gradient stays 0."""
        attributes = attributes_of(self)
        return True if attributes is None else bool(attributes.get("requires_grad", True))

    @requires_grad.setter
    def requires_grad(self, wish: Any) -> None:
        as_constant(self, not wish)

    @property
    def __dict__(self) -> dict[str, Any]:  # type: ignore[override]
        return all_attributes(self)

    # ---------------------------------------------------------------------------- sweeping
    @property
    def _backward(self) -> Callable[[], Any]:
        """Passes this node's gradient on to its children; assign a function to replace it."""
        return closures.backward_of(self)

    @_backward.setter
    def _backward(self, closure: Any) -> None:
        closures.set_closure(self, closure, self._children, self._op)

    def backward(self, seed: Any = 1.0, *, accumulate: bool = True, **unknown: Any) -> None:
        """Fill `.grad` of every node that this one depends on; closures are called on the way.

        Arguments:
            seed: what the sweep starts with here, usually 1.
            accumulate: leaves add to the gradient they hold; False overwrites it.
            unknown: what is no keyword here; KeywordError says why.

        Raises: NotDifferentiableError where an operation has no derivative; what a closure raises.
            The gradients of the leaves are then as they were.
        """
        if unknown:
            from autograd_bp.words import refuse_keywords

            refuse_keywords("backward", unknown, ("seed", "accumulate"))
        closures.sweep(self, seed, accumulate)

    # --------------------------------------------------------------------------- functions
    def pow(self, other: Any) -> Any:
        """`self ** other`."""
        return self**other

    def leaky_relu(self, alpha: Any = 0.01) -> Any:
        """The value where it is positive, else alpha times it."""
        return leaky_relu(self, alpha)

    def softmax(self: Any, others: Iterable[Any] | None = None) -> Any:
        """The share of this value among others, e^x / Σ e^xⱼ.

        Arguments:
            others: the values that are compared, this one among them. `Value.softmax(values)`,
                without it, gives the list of all shares.
        """
        if others is None:
            if isinstance(self, PlainValue):
                raise OperandError(
                    "softmax compares values: write value.softmax(values), with the value itself "
                    "among them, or Value.softmax(values) for all shares"
                )
            return _shares(list(self))
        values = list(others)
        for value, share in zip(values, _shares(values), strict=True):
            if value is self:
                return share
        raise OperandError("value.softmax(values) needs the value itself among the values")

    def __repr__(self) -> str:
        return f"Value(data={self.data}, grad={self.grad})"


def _shares(values: list[Any]) -> list[Any]:
    nodes = [value if isinstance(value, PlainValue) else Value(value) for value in values]
    largest = max(node.data for node in nodes)
    powers = [(node - largest).exp() for node in nodes]
    total: Any = sum(powers)
    return [power / total for power in powers]


def _known(words: dict[str, Any]) -> dict[str, Any]:
    """The keywords under one name each."""
    for word in words:
        if word not in WORDS:
            raise KeywordError(
                f"Value() of compat.micrograd has no keyword {word!r}: it takes data, children, "
                f"op, label, and {', '.join(sorted({*WORDS} - {'children', 'op', 'label'}))}"
            )
    return {WORDS[word]: value for word, value in words.items()}


def _exponent(node: PlainValue) -> Any:
    """The exponent as it was written: `**2` and `**2.0` differ."""
    attributes = attributes_of(node)
    written = attributes.get("exponent") if attributes else None
    return node.data if written is None else written


adopt(Value)
