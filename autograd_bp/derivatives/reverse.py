"""grad, value_and_grad, vjp: derivatives of ordinary functions by reverse sweeps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from autograd_bp.contexts import refuse_number
from autograd_bp.derivatives.calls import Call, Derived, Function, Which, check_made_of, like
from autograd_bp.derivatives.graphs import Region
from autograd_bp.derivatives.recorded import Recorded
from autograd_bp.derivatives.sweeps import Floats
from autograd_bp.errors import OperandError, ShapeError
from autograd_bp.value import Value, constant
from autograd_bp.words import explains_keywords


@explains_keywords
def grad(
    function: Function, wrt: Which = 0, *, has_aux: bool = False, record: bool | None = None
) -> Callable[..., Any]:
    """The gradient of a function that returns one number.

    Arguments:
        function: any Python function of numbers, and of lists, tuples, dicts, dataclasses and
            NumPy arrays of numbers, nested as you like.
        wrt: the argument to differentiate by, a position or a name, or several of them.
        has_aux: the function returns (output, aux); aux is returned as it is.
        record: True gives Values, False floats. When left out, the results are Values where
            they can be differentiated further: where an argument holds a Value, or where the
            output also depends on Values that are not arguments.

    Returns: a function of the same arguments that returns the gradient, shaped like the
        selected argument (a tuple of such where `wrt` is several), and (gradient, aux) with
        `has_aux`.

    Raises: ShapeError when the output is not one number or there is nothing to differentiate
        by; OperandError when an argument or the output is not a number; SettingError when `wrt`
        selects an argument that does not exist; NotDifferentiableError when the gradient would
        have to pass an operation that has none.

    Example:
        >>> import autograd_bp as bp
        >>> bp.grad(lambda x: x ** 3)(2.0)
        12.0
        >>> bp.grad(bp.grad(lambda x: x ** 3))(2.0)
        12.0
        >>> bp.grad(lambda w, x: bp.dot(w["in"], x) ** 2, wrt="w")({"in": [1.0, 2.0]}, [3.0, 4.0])
        {'in': [66.0, 88.0]}
    """
    check_made_of(grad, function, wrt)
    derived: Any = value_and_grad(function, wrt, has_aux=has_aux, record=record)
    both = derived.call

    def gradient(*args: Any, **kwargs: Any) -> Any:
        value, slopes = both(*args, **kwargs)
        return (slopes, value[1]) if has_aux else slopes

    options = {"wrt": wrt, "has_aux": has_aux, "record": record}
    return Derived(grad, function, options, gradient)


@explains_keywords
def value_and_grad(
    function: Function, wrt: Which = 0, *, has_aux: bool = False, record: bool | None = None
) -> Callable[..., tuple[Any, Any]]:
    """As `grad`, returning (value, gradient) of one run; with `has_aux` ((value, aux), gradient).

    Example:
        >>> import autograd_bp as bp
        >>> bp.value_and_grad(lambda x, y: x * y, wrt=(0, "y"))(2.0, 5.0)
        (10.0, (5.0, 2.0))
    """

    def value_and_gradient(*args: Any, **kwargs: Any) -> tuple[Any, Any]:
        call = Call(function, args, kwargs, wrt, has_aux=has_aux, record=record)
        call.scalar()
        gradient = call.reverse([1.0])
        value = call.value()
        return ((value, call.aux) if has_aux else value), gradient

    options = {"wrt": wrt, "has_aux": has_aux, "record": record}
    return Derived(value_and_grad, function, options, value_and_gradient)


@explains_keywords
def vjp(function: Function, *primals: Any, record: bool | None = None) -> tuple[Any, Any]:
    """The value of a function and its vector-Jacobian product.

    Arguments:
        function: a function of these arguments; its output may be a tree of numbers.
        primals: the arguments.
        record: as in `grad`.

    Returns: the value, and a function that takes a cotangent v, shaped like the value, and
        returns vᵀJ: shaped like the argument, or a tuple with one entry for each of several.
        It may be called again with another v; the function itself runs once.

    Raises: as `grad`, and ShapeError when v does not have the shape of the value.

    Example:
        >>> import autograd_bp as bp
        >>> value, pullback = bp.vjp(lambda x: [x[0] * x[1], x[0] + x[1]], [2.0, 3.0])
        >>> value, pullback([1.0, 10.0])
        ([6.0, 5.0], [13.0, 12.0])
    """
    call = Call(
        function, primals, {}, range(len(primals)) if len(primals) > 1 else 0, record=record
    )

    def pullback(cotangent: Any) -> Any:
        seeds = like([cotangent], [call.output_tree], "cotangent", "value")
        call.meets(seeds)
        return call.reverse(seeds)

    return call.value(), pullback


@explains_keywords
def gradients(
    outputs: Value | Sequence[Value],
    inputs: Value | Sequence[Value],
    *,
    seeds: Sequence[Any] | None = None,
    record: bool = False,
) -> Any:
    """∂output/∂input for nodes of a recorded graph; every node's `.grad` stays as it is.

    Arguments:
        outputs: a node, or several whose gradients are added up.
        inputs: a node or several: leaves or nodes in between.
        seeds: the factor of each output, 1 when left out.
        record: True gives Values: the gradient is a graph, made of the same nodes.

    Returns: one number for a single input, else a list of them; 0 where nothing depends on it.

    Raises: OperandError for what is not a Value; NotDifferentiableError when the gradient would
        have to pass an operation that has none.

    Example:
        >>> import autograd_bp as bp
        >>> x = bp.Value(3.0, "x")
        >>> slope = bp.gradients(x * x * x, x, record=True)
        >>> slope.data, bp.gradients(slope, x), x.grad
        (27.0, 18.0, 0.0)
    """
    ends = _values("outputs", outputs)
    starts = _values("inputs", inputs)
    factors = [1.0] * len(ends) if seeds is None else list(seeds)
    if len(factors) != len(ends):
        raise ShapeError(f"{len(ends)} seeds are needed, one for each output, got {len(factors)}")
    region = Region(ends, starts)
    if record:
        slopes = Recorded(region).reverse(factors)
        slopes = [slope if isinstance(slope, Value) else constant(slope) for slope in slopes]
    else:
        refuse_number("gradients(...) as plain numbers")
        slopes = Floats(region).reverse(factors)
    return slopes[0] if isinstance(inputs, Value) else slopes


def _values(what: str, nodes: Value | Sequence[Value]) -> list[Value]:
    listed = list(nodes) if isinstance(nodes, Iterable) else [nodes]
    for node in listed:
        if not isinstance(node, Value):
            raise OperandError(
                f"{what} must be Values, got {type(node).__name__} {node!r:.60}: for a function "
                "of numbers use grad"
            )
    return listed
