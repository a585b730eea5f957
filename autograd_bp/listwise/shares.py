# cython: infer_types=False
"""Softmax, and what classifiers make of it: shares of a whole that keep their digits."""

from __future__ import annotations

import importlib
import operator
from collections.abc import Iterable, Sequence
from typing import Any

from autograd_bp import primitives as ops
from autograd_bp import value
from autograd_bp.errors import ShapeError
from autograd_bp.listwise import folds
from autograd_bp.primitives import Primitive

__all__ = ["cross_entropy", "log_softmax", "logsumexp", "softmax"]

Number = Any  # a Value or a real number


def logsumexp(values: Iterable[Number], axis: Any = None, keepdims: bool = False) -> Any:
    """ln Σ e^x_i, without overflow in between.

    Formula:    y = ln(e^x1 + e^x2 + e^x3) for three terms
    Derivative: ∂y/∂x1 = exp(x1 - y)
    Domain:     all real numbers
    Kinks:      none
    Accuracy:   largest error measured, in units in the last place: y 1.5, ∂y/∂x 5.1e+02

    Arguments:
        values: the numbers; of an array of several dimensions all entries.
        axis: of an array the axis, or a tuple of axes, along which the entries are taken.
        keepdims: whether these axes stay, with one entry.

    Raises: ShapeError for no values, and for an axis that is not there.

    Example:
        >>> import autograd_bp as bp
        >>> x = [bp.Value(1000.0), bp.Value(1000.0)]
        >>> y = bp.logsumexp(x)
        >>> y.backward()
        >>> round(y.data, 6), [round(node.grad, 6) for node in x]
        (1000.693147, [0.5, 0.5])
    """
    if axis is not None or keepdims or getattr(values, "ndim", 1) > 1:
        return _along("fold_along", logsumexp, values, axis, keepdims)
    return folds.fold(ops.logsumexp, [folds.some("logsumexp", values)])


def softmax(values: Iterable[Number], axis: int | None = None) -> Any:
    """e^x_i / Σ e^x_k for each i: positive numbers that add up to 1.

    A number that is added to all values changes nothing. Each share keeps its digits, and so do
    its derivatives of every order, however far the values are apart. An input of -inf takes no
    share.

    Formula:    y_i = exp(x_i - logsumexp(x))
    Derivative: ∂y_i/∂x_k = y_i·(1 - y_i) for k = i, else -y_i·y_k
    Domain:     all real numbers
    Kinks:      none
    Accuracy:   a few units in the last place, beside those of the differences of the inputs

    Arguments:
        values: the numbers.
        axis: of an array the axis along which the shares are computed; -1 for each row.

    Returns: a list as long as the one that it was given; with `axis` an array of the shape of the
        given one.

    Raises: ShapeError for no values, and for an array of several dimensions without an axis.

    Example:
        >>> import autograd_bp as bp
        >>> x = [bp.Value(2.0), bp.Value(2.0)]
        >>> y = bp.softmax(x)
        >>> y[0].backward()
        >>> [round(node.data, 6) for node in y], [round(node.grad, 6) for node in x]
        ([0.5, 0.5], [0.25, -0.25])
    """
    if axis is not None or getattr(values, "ndim", 1) > 1:
        return _along("map_along", softmax, values, axis)
    inputs, top = _beside_largest("softmax", values)
    powers = _each(ops.expdiff, inputs, top)
    return _each(ops.share, powers, _part(folds.fold(ops.rest, [powers])))


def log_softmax(values: Iterable[Number], axis: int | None = None) -> Any:
    """ln softmax(values)_i for each i, also where the share has rounded to 1 or 0.

    Formula:    y_i = x_i - logsumexp(x)
    Derivative: ∂y_i/∂x_k = 1 - softmax(x)_i for k = i, else -softmax(x)_k
    Domain:     all real numbers
    Kinks:      none
    Accuracy:   a few units in the last place, beside those of the differences of the inputs

    Arguments:
        values: the numbers.
        axis: of an array the axis along which they are computed; -1 for each row.

    Returns: a list as long as the one that it was given; with `axis` an array of the shape of the
        given one.

    Raises: ShapeError for no values, and for an array of several dimensions without an axis.

    Example:
        >>> import autograd_bp as bp
        >>> bp.log_softmax([40.0, 0.0])
        [-4.248354255291589e-18, -40.0]
    """
    if axis is not None or getattr(values, "ndim", 1) > 1:
        return _along("map_along", log_softmax, values, axis)
    inputs, top = _beside_largest("log_softmax", values)
    rest = folds.fold(ops.rest, [_each(ops.expdiff, inputs, top)])
    return _each(ops.log_share, _each(ops.difference, inputs, top), rest)


def cross_entropy(desired: int | Sequence[Number], logits: Iterable[Number]) -> Any:
    """-Σ d_i ln softmax(logits)_i, the loss of a classifier.

    A class of probability 0 does not count, even if its logit is -inf.

    Formula:    y = d1·(ln(e^logit1 + e^logit2 + e^logit3) - logit1) + d2·(ln(e^logit1 +
                e^logit2 + e^logit3) - logit2) + d3·(ln(e^logit1 + e^logit2 + e^logit3) -
                logit3) for three terms
    Derivative: ∂y/∂d1 = logsumexp(logit1, logit2, logit3) - logit1
                ∂y/∂logit1 = (d1 + d2 + d3)·exp(logit1 - logsumexp(logit1, logit2, logit3))
                  - d1
    Domain:     all real numbers
    Kinks:      a class of probability 0 does not count, also if its logit is -inf
    Accuracy:   largest error measured, in units in the last place: y 6.8e+02, ∂y/∂x 3.3e+03

    Arguments:
        desired: the index of the right class, or a probability for each class.
        logits: a number for each class, not yet normalised.

    Raises: ShapeError when `desired` does not fit the number of classes.

    Example:
        >>> import autograd_bp as bp
        >>> logits = [bp.Value(1.0), bp.Value(1.0)]
        >>> y = bp.cross_entropy(0, logits)
        >>> y.backward()
        >>> round(y.data, 6), [round(node.grad, 6) for node in logits]
        (0.693147, [-0.5, 0.5])
    """
    inputs = folds.some("cross_entropy", logits)
    if hasattr(desired, "__index__") and not isinstance(desired, Iterable):
        index = operator.index(desired)
        if not 0 <= index < len(inputs):
            raise ShapeError(
                f"cross_entropy: class {index} is not one of the {len(inputs)} classes"
            )
        others = [*inputs]
        chosen = others.pop(index)
        return folds.fold(ops.surprise, [others, [chosen]])
    probabilities = folds.numbers("cross_entropy", desired)
    if len(probabilities) != len(inputs):
        raise ShapeError(
            f"cross_entropy needs a probability for each class, got {len(probabilities)} "
            f"for {len(inputs)} classes"
        )
    return folds.fold(ops.cross_entropy, [probabilities, inputs])


def _along(way: str, function: Any, values: Any, *options: Any) -> Any:
    """A function of lists along an axis of an array: arrays/axes.py, which loads NumPy."""
    return getattr(importlib.import_module("autograd_bp.arrays.axes"), way)(
        function, values, *options
    )


def _beside_largest(name: str, values: Iterable[Number]) -> tuple[Sequence[Any], Any]:
    """The inputs, and the largest of them."""
    inputs = [x if isinstance(x, value.Value) else ops.number(x) for x in folds.some(name, values)]
    return inputs, folds.fold(ops.largest, [inputs])


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
