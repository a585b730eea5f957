# cython: infer_types=False
"""Functions of numbers, Values and arrays alike: those of the table, and those that take lists.

Given plain numbers they return plain numbers; given a Value anywhere, a recorded Value; given
NumPy arrays, the functions of a fixed number of inputs work elementwise.
"""

from __future__ import annotations

import builtins
import operator
from collections.abc import Iterable, Sequence
from typing import Any

from autograd_bp import primitives as ops
from autograd_bp import value
from autograd_bp.errors import OperandError, ShapeError
from autograd_bp.primitives import TABLE, Primitive

__all__ = [
    "cross_entropy",
    "dot",
    "log_softmax",
    "logsumexp",
    "mean",
    "norm",
    "performance",
    "softmax",
    "sum",
    "where",
]
# The functions of the table: elementwise.pyi lists them for type checkers.
_elementwise = {op.name: op for op in TABLE if op.public and op.arity is not None}
globals().update(_elementwise)
__all__ += _elementwise

Number = Any  # a Value or a real number


def sum(values: Iterable[Number]) -> Any:
    """Σ x_i as one node, added from left to right; 0.0 for no values."""
    return _fold(ops.sum_, [_numbers("sum", values)])


def dot(left: Iterable[Number], right: Iterable[Number], bias: Number | None = None) -> Any:
    """bias + Σ left_i · right_i as one node, added from left to right.

    Raises: ShapeError when the two have different lengths.
    """
    first, second = _numbers("dot", left), _numbers("dot", right)
    if len(first) != len(second):
        raise ShapeError(f"dot needs two lists of one length, got {len(first)} and {len(second)}")
    return _fold(ops.dot, [first, second] if bias is None else [first, second, (bias,)])


def mean(values: Iterable[Number]) -> Any:
    """Σ x_i / n. Raises ShapeError for no values."""
    return _fold(ops.mean, [_some("mean", values)])


def norm(values: Iterable[Number]) -> Any:
    """sqrt(Σ x_i²), without overflow in between. Raises ShapeError for no values."""
    return _fold(ops.norm, [_some("norm", values)])


def logsumexp(values: Iterable[Number]) -> Any:
    """ln Σ e^x_i, without overflow in between. Raises ShapeError for no values."""
    return _fold(ops.logsumexp, [_some("logsumexp", values)])


def softmax(values: Iterable[Number]) -> list[Any]:
    """e^x_i / Σ e^x_k for each i: positive numbers that add up to 1.

    A number that is added to all values changes nothing. Each share keeps its digits, and so do
    its derivatives of every order, however far the values are apart. An input of -inf takes no
    share. Raises ShapeError for no values.
    """
    inputs, top = _beside_largest("softmax", values)
    powers = _each(ops.expdiff, inputs, top)
    return _each(ops.share, powers, _part(_fold(ops.rest, [powers])))


def log_softmax(values: Iterable[Number]) -> list[Any]:
    """ln softmax(values)_i for each i, as exact as softmax itself: ln(1 - 1e-18) is -1e-18.

    Raises ShapeError for no values.
    """
    inputs, top = _beside_largest("log_softmax", values)
    rest = _fold(ops.rest, [_each(ops.expdiff, inputs, top)])
    return _each(ops.log_share, [x - top for x in inputs], rest)


def cross_entropy(desired: int | Sequence[Number], logits: Iterable[Number]) -> Any:
    """-Σ d_i ln softmax(logits)_i, the loss of a classifier.

    A class of probability 0 does not count, even if its logit is -inf.

    Arguments:
        desired: the index of the right class, or a probability for each class.
        logits: a number for each class, not yet normalised.

    Raises: ShapeError when `desired` does not fit the number of classes.
    """
    inputs = _some("cross_entropy", logits)
    if hasattr(desired, "__index__") and not isinstance(desired, Iterable):
        index = operator.index(desired)
        if not 0 <= index < len(inputs):
            raise ShapeError(
                f"cross_entropy: class {index} is not one of the {len(inputs)} classes"
            )
        others = [*inputs]
        chosen = others.pop(index)
        return _fold(ops.surprise, [others, [chosen]])
    probabilities = _numbers("cross_entropy", desired)
    if len(probabilities) != len(inputs):
        raise ShapeError(
            f"cross_entropy needs a probability for each class, got {len(probabilities)} "
            f"for {len(inputs)} classes"
        )
    return _fold(ops.cross_entropy, [probabilities, inputs])


def _beside_largest(name: str, values: Iterable[Number]) -> tuple[Sequence[Any], Any]:
    """The inputs, and the largest of them."""
    inputs = [x if isinstance(x, value.Value) else ops.number(x) for x in _some(name, values)]
    return inputs, _fold(ops.largest, [inputs])


def _part(rest: Any) -> Any:
    """1 / (1 + rest)."""
    if isinstance(rest, value.Value):
        return value.record1(ops.part.code, rest)
    return ops.part.forward(rest)


def _each(op: Primitive, left: Sequence[Any], right: Any) -> list[Any]:
    """A primitive of two inputs of each left number with the right one."""
    if isinstance(right, value.Value):
        return [
            value.record2(op.code, x if isinstance(x, value.Value) else value.constant(x), right)
            for x in left
        ]
    return [op.forward(x, right) for x in left]


def performance(desired: Number | Sequence[Number], output: Number | Sequence[Number]) -> Any:
    """P(d, z) = -1/2 Σ (d_i - z_i)²: 0 for a perfect output, below 0 for every other.

    Arguments:
        desired: d, one number or a list of them.
        output: z, one number or a list of the same length.

    Returns: P as one node; ∂P/∂z_i = d_i - z_i.

    Raises: ShapeError when the lengths differ.
    """
    d = _as_list("performance", desired)
    z = _as_list("performance", output)
    if len(d) != len(z) or not d:
        raise ShapeError(
            f"performance needs one desired number for each output, got {len(d)} for {len(z)}"
        )
    return _fold(ops.performance, [d, z])


def where(condition: Any, yes: Number, no: Number) -> Any:
    """`yes` where the condition holds, else `no`; the other branch gets no gradient.

    The condition is a truth value, a number (0 is false) or a Value. Both branches are computed,
    so the choice can be made again when compiled code runs on other numbers.
    """
    if isinstance(condition, bool):
        condition = 1.0 if condition else 0.0
    return ops.where(condition, yes, no)


def _fold(op: Primitive, lists: list[Sequence[Number]]) -> Any:
    """Apply a primitive of any number of inputs to lists, one after another: to floats when no
    Value is in them."""
    if value.any_value(lists):
        return value.record_many(op.code, lists)
    return op.forward(*[ops.number(x) for inputs in lists for x in inputs])


def _some(name: str, values: Iterable[Number]) -> Sequence[Number]:
    inputs = _numbers(name, values)
    if not inputs:
        raise ShapeError(f"{name} needs at least one number, got none")
    return inputs


def _numbers(name: str, values: Iterable[Number]) -> Sequence[Number]:
    if type(values) is list or type(values) is tuple:
        return values
    if isinstance(values, (str, bytes)) or not isinstance(values, Iterable):
        raise OperandError(
            f"{name} takes a list of numbers, got {type(values).__name__} {values!r:.60}"
        )
    return builtins.list(values)


def _as_list(name: str, values: Number | Sequence[Number]) -> Sequence[Number]:
    if isinstance(values, value.Value) or not isinstance(values, Iterable):
        return [values]
    return _numbers(name, values)
