"""NumPy's functions of Values and ValueArrays: recorded, element by element.

`np.exp(value)` and `array + value` arrive at `__array_ufunc__` of Value and of ValueArray, and
`np.where(c, value, 0.0)` at `__array_function__`; these call this file. Functions of an ordinary
array of objects do not arrive here, because such an array is one of NumPy's own: NumPy then calls
the operators and the methods of its elements, which is why Value has methods under NumPy's names.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd_bp import contexts
from autograd_bp import primitives as ops
from autograd_bp.arrays import functions, linalg, reductions, scipy
from autograd_bp.arrays.refusals import advice_for, refuse_function
from autograd_bp.arrays.slices import delivered, is_chosen_later, presences
from autograd_bp.arrays.value_array import (
    OPERATORS,
    as_values,
    boxed,
    elementwise,
    has_dimensions,
    plain,
    plain_array,
)
from autograd_bp.entry import TABLE, Primitive
from autograd_bp.errors import OperandError, PrimitiveError
from autograd_bp.operands import unboxed
from autograd_bp.orders import LARGEST_ORDER
from autograd_bp.value import Value

LN_2 = math.log(2.0)
EXTREMES = {"maximum", "minimum", "fmax", "fmin"}
# Frequent functions whose code asks for no equality.
_WITHOUT_EQUALITY = (
    "sum prod cumsum cumprod dot vdot inner outer matmul einsum tensordot kron cross trace diff "
    "concatenate stack vstack hstack dstack column_stack append insert delete split array_split "
    "hsplit vsplit reshape ravel transpose swapaxes moveaxis squeeze expand_dims atleast_1d "
    "atleast_2d broadcast_to broadcast_arrays repeat tile roll flip fliplr flipud rot90 pad take "
    "take_along_axis choose compress diag diagonal tril triu copy shape ndim size full_like "
    "zeros_like ones_like empty_like average convolve correlate polyval vander"
)
WITHOUT_EQUALITY = frozenset(_WITHOUT_EQUALITY.split())


def apply_ufunc(ufunc: Any, method: str, inputs: tuple[Any, ...], options: dict[str, Any]) -> Any:
    """Return the result of `Value.__array_ufunc__` and that of ValueArray.

    Raises: OperandError for a function that has no entry in the table and no recipe here.
    """
    if any(_answers_itself(operand) for operand in inputs):
        return NotImplemented
    # Matrix products, where NumPy says what is wrong with a single Value; and Python's functions
    # as ufuncs (np.frompyfunc), which take any object.
    if _takes_objects(ufunc):
        return _run(ufunc, method, inputs, options)
    function = recorded(ufunc)
    if options.get("where", True) is not True:
        options = {**options, "where": presences(options["where"])}
        if is_chosen_later(options["where"]):
            return _where_found_later(ufunc, method, inputs, options)
    if ufunc.__name__ in EXTREMES and method in ("reduce", "accumulate", "reduceat"):
        return _extremes(ufunc.__name__, method, inputs, options)
    if method == "__call__" and not options and not any(map(has_dimensions, inputs)):
        return function(*map(plain, inputs))
    if ufunc in OPERATORS and any(_has_objects(operand) for operand in inputs):
        try:
            return _run(ufunc, method, inputs, options)
        except ZeroDivisionError:  # of two floats: Python raises it, the table divides
            pass
    return _by_entries(ufunc, function, method, inputs, options)


def _extremes(name: str, method: str, inputs: tuple[Any, ...], options: dict[str, Any]) -> Any:
    """The largest or the smallest of many: one node, whatever their number."""
    if method == "reduce":
        return reductions.extreme(name, inputs[0], _named(inputs, options))
    if method == "accumulate":
        return reductions.extremes_so_far(name, *inputs, **options)
    return reductions.extremes_at(name, *inputs, **options)


def _by_entries(
    ufunc: Any,
    function: Callable[..., Any],
    method: str,
    inputs: tuple[Any, ...],
    options: dict[str, Any],
) -> Any:
    """The function that records, for each element in turn."""
    # None says that the order does not matter.
    has_no_order = ufunc.identity is not None or ufunc.__name__ in EXTREMES
    identity = {"identity": ufunc.identity} if has_no_order else {}
    by_entries = np.frompyfunc(function, ufunc.nin, ufunc.nout, **identity)
    result = _run(by_entries, method, inputs, options)
    return _as_truths(result) if ufunc.__name__ in QUESTIONS else result


def _one_of(condition: Any, yes: Any, no: Any) -> Any:
    if isinstance(condition, Value):
        return ops.where(condition, yes, no)
    return yes if condition else no


def _named(inputs: tuple[Any, ...], options: dict[str, Any]) -> dict[str, Any]:
    """The options of a reduction, of which some may stand without a name."""
    names = ("axis", "dtype", "out", "keepdims", "initial", "where")
    return {**dict(zip(names, inputs[1:], strict=False)), **options}


def _where_found_later(
    ufunc: Any, method: str, inputs: tuple[Any, ...], options: dict[str, Any]
) -> Any:
    """A ufunc where conditions hold that a compiled function finds out when it runs."""
    where, others = options["where"], {k: x for k, x in options.items() if k != "where"}
    if method == "reduce":
        if ufunc.__name__ in EXTREMES:
            return reductions.extreme(ufunc.__name__, inputs[0], _named(inputs, options))
        initial = options.get("initial")
        gated = reductions.gated_operands(ufunc, inputs[0], where, initial)
        return apply_ufunc(ufunc, method, (as_values(gated), *inputs[1:]), others)
    out = others.pop("out", (None,))
    if method != "__call__" or len(out) != 1 or out[0] is None:
        raise OperandError(
            f"np.{ufunc.__name__} with where=, a condition that is a Value, needs out=, which says "
            "what stands elsewhere: write np.where(condition, function(x), elsewhere)"
        )
    result = apply_ufunc(ufunc, method, inputs, others)
    elsewhere = plain_array(out[0])
    conditions, results, rest = np.broadcast_arrays(where, boxed(result), elsewhere)
    return delivered(elementwise(_one_of, [conditions, results, rest]), out)


def _takes_objects(ufunc: Any) -> bool:
    if ufunc in OPERATORS:
        return False
    return ufunc.signature is not None or all(set(loop) <= set("O->") for loop in ufunc.types)


def apply_function(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Return the result of `Value.__array_function__` and that of ValueArray: it is that of NumPy's
    own code, which meets the operators of Values, save for those of functions.py.

    Raises: OperandError for functions of NumPy's library for linear algebra that have no
        counterpart in `autograd_bp.linalg`.
    """
    name = function.__name__
    if function.__module__ == "numpy" and name in functions.FUNCTIONS:
        result = functions.FUNCTIONS[name](*args, **kwargs)
        return tuple(map(as_values, result)) if type(result) is tuple else as_values(result)
    if function.__module__ == "numpy.linalg":
        answer = linalg.linear_algebra(name, args, kwargs)
        if answer is not NotImplemented:
            return answer
    try:
        if name in WITHOUT_EQUALITY:
            result = np.ndarray.__array_function__(np.empty(0), function, (), args, kwargs)
        else:
            # NumPy's code means numbers by ==, and would be told whether two Values are one node.
            with contexts.no_comparing_of_nodes():
                result = np.ndarray.__array_function__(np.empty(0), function, (), args, kwargs)
    except (AttributeError, TypeError) as error:
        refuse_function(function, error)
    if isinstance(result, (tuple, list)):
        return type(result)(map(as_values, result)) if type(result) in (tuple, list) else result
    content = unboxed(result)
    return content if isinstance(content, Value) else as_values(result)


def _run(ufunc: Any, method: str, inputs: tuple[Any, ...], options: dict[str, Any]) -> Any:
    """NumPy's own loop over the elements; arrays of objects that it returns are ValueArrays."""
    out = options.get("out")
    if out is not None:
        options = {**options, "out": tuple(map(plain_array, out))}
    if method == "reduce" and options.get("where", True) is not True:
        # Of objects NumPy knows no initial value.
        options = {"initial": ufunc.identity, **options}
    with np.errstate(all="ignore"):
        result = getattr(ufunc, method)(*map(boxed, inputs), **options)
    if isinstance(result, tuple):
        return tuple(map(as_values, result)) if out is None else out
    return as_values(result) if out is None or out[0] is None else out[0]


def recorded(ufunc: Any) -> Callable[..., Any]:
    """The function that records what a ufunc computes on numbers and Values.

    Raises: OperandError where there is none.
    """
    name = ufunc.__name__
    function = RECIPES.get(name)
    if function is not None:
        return function
    op: Callable[..., Any] | None = next(
        (op for op in TABLE if op.numpy == name and op.arity == ufunc.nin), None
    )
    if op is None and getattr(np, name, None) is not ufunc:
        op = _of_another_library(name, ufunc.nin)
    if op is not None:
        return op
    reason = advice_for(name) or (
        "write it with functions of autograd_bp, or by way of bp.custom, which takes its gradient; "
        "value.data is the number"
    )
    raise OperandError(f"{name} of a Value cannot be recorded: {reason}")


def _of_another_library(name: str, arity: int) -> Callable[..., Any] | None:
    """The function for a ufunc that is none of NumPy's, but of SciPy's."""
    family = FAMILIES.get(name[:1])
    if family is not None and name[1:] in ("v", "n"):
        return _of_order(name, family)
    if family is not None and name[1:] in ("0", "1"):
        return family(int(name[1:]))
    if name in scipy.SCIPY:
        return scipy.SCIPY[name]
    op = DISTRIBUTIONS[name](0) if name in DISTRIBUTIONS else None
    return op or _of_that_name(OTHER_NAMES.get(name, name), arity)


def _of_that_name(name: str, arity: int) -> Primitive | None:
    try:
        op = Primitive.named(name)
    except PrimitiveError:
        return None
    return op if op.public and op.arity == arity else None


# ------------------------------------------------- ufuncs that have no entry under their name
def _power(base: Any, exponent: Any) -> Any:
    # A plain exponent is held fixed, as in value ** 3.
    return (ops.pow if isinstance(exponent, Value) else ops.power)(base, exponent)


def _without_nan(choice: Primitive) -> Callable[[Any, Any], Any]:
    """maximum or minimum that prefers a number to NaN: only NaN is not equal to itself."""

    def chosen(a: Any, b: Any) -> Any:
        return ops.where(ops.not_equal(a, a), b, ops.where(ops.not_equal(b, b), a, choice(a, b)))

    return chosen


def _modf(x: Any) -> tuple[Any, Any]:
    whole = ops.trunc(x)
    is_infinite = ops.equal(ops.abs_(x), math.inf)
    return ops.where(is_infinite, ops.copysign(0.0, x), ops.fmod(x, 1.0)), whole


def _ldexp(x: Any, exponent: Any) -> Any:
    if isinstance(exponent, Value) or exponent != int(exponent):
        raise OperandError(f"ldexp needs an integer as its exponent, got {exponent!r:.60}")
    exponent = int(exponent)
    half = exponent // 2  # 2 ** exponent may overflow where the product does not
    return x * 2.0**half * 2.0 ** (exponent - half)


def _logaddexp2(a: Any, b: Any) -> Any:
    return ops.logaddexp(a * LN_2, b * LN_2) / LN_2


def _logical_xor(a: Any, b: Any) -> Any:
    return ops.not_equal(ops.nonzero(a), ops.nonzero(b))


def _of_order(name: str, family: Callable[[int], Primitive]) -> Callable[[Any, Any], Any]:
    """A function of SciPy's whose first operand is an order, which is held fixed."""

    def of(order: Any, x: Any) -> Any:
        if isinstance(order, Value) or not 0 <= order <= LARGEST_ORDER or order != int(order):
            raise OperandError(
                f"{name} needs a whole number from 0 to {LARGEST_ORDER} as its order, which is "
                f"held fixed, got {order!r:.60}"
            )
        return family(int(order))(x)

    return of


def _question(answer: Callable[[float], bool], gate: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A question about the number of a Value, which is answered by a plain truth value; in a
    function that is compiled by a gate, a Value of 0 or 1."""

    def answered(x: Any) -> Any:
        if isinstance(x, Value):
            if contexts.is_traced() and not x.is_constant:
                return gate(x)
            x = x.data
        return answer(x)

    return answered


def _of_conditions(name: str, join: Callable[..., Any]) -> Callable[..., Any]:
    """A ufunc of integers, which joins conditions that are Values: 0 or 1."""

    def joined(*operands: Any) -> Any:
        try:
            return join(*operands)
        except OperandError as error:
            raise OperandError(
                f"{name} of a Value cannot be recorded: it works on integers; use int(value.data) "
                f"for an integer; {error}"
            ) from None

    return joined


RECIPES: dict[str, Callable[..., Any]] = {
    "positive": operator.pos,
    "conjugate": operator.pos,
    "power": _power,
    "float_power": _power,
    "reciprocal": lambda x: ops.div(1.0, x),
    "fabs": ops.abs_,
    "clip": ops.clip,
    "rad2deg": ops.degrees,
    "deg2rad": ops.radians,
    "fmax": _without_nan(ops.maximum),
    "fmin": _without_nan(ops.minimum),
    "divmod": lambda a, b: (ops.floor_divide(a, b), ops.remainder(a, b)),
    "modf": _modf,
    "ldexp": _ldexp,
    "logaddexp2": _logaddexp2,
    "logical_and": ops.logical_and,
    "logical_or": ops.logical_or,
    "logical_not": ops.logical_not,
    "logical_xor": _logical_xor,
    "bitwise_and": _of_conditions("bitwise_and", operator.and_),
    "bitwise_or": _of_conditions("bitwise_or", operator.or_),
    "bitwise_xor": _of_conditions("bitwise_xor", operator.xor),
    "invert": _of_conditions("invert", operator.invert),
    "less": operator.lt,
    "less_equal": operator.le,
    "greater": operator.gt,
    "greater_equal": operator.ge,
    "equal": operator.eq,
    "not_equal": operator.ne,
    "isnan": _question(math.isnan, lambda x: ops.not_equal(x, x)),
    "isinf": _question(math.isinf, lambda x: ops.equal(abs(x), math.inf)),
    "isfinite": _question(math.isfinite, lambda x: ops.less(abs(x), math.inf)),
    "signbit": _question(
        lambda x: math.copysign(1.0, x) < 0.0, lambda x: ops.less(ops.copysign(1.0, x), 0.0)
    ),
}
FAMILIES = {"i": ops.bessel_i, "j": ops.bessel_j, "k": ops.bessel_k, "y": ops.bessel_y}
DISTRIBUTIONS = {
    "gammainc": ops.gammainc,
    "gammaincc": ops.gammaincc,
    "betainc": ops.betainc,
}
QUESTIONS = {name for name in RECIPES if name.startswith(("less", "greater", "equal", "is"))} | {
    "not_equal",
    "signbit",
}
OTHER_NAMES = {  # SciPy's names for entries of the table
    "expit": "sigmoid",
    "log_expit": "log_sigmoid",
    "gammaln": "lgamma",
    "psi": "digamma",
    "betaln": "log_beta",
}


# ----------------------------------------------------------------------------------- operands
def _answers_itself(operand: Any) -> bool:
    """Whether an operand of another library has a say in what NumPy's functions do with it."""
    if isinstance(operand, (Value, np.ndarray, np.generic)):
        return False
    return getattr(type(operand), "__array_ufunc__", None) is not None


def _has_objects(operand: Any) -> bool:
    return isinstance(operand, Value) or getattr(getattr(operand, "dtype", None), "kind", "") == "O"


def _as_truths(result: Any) -> Any:
    """Results of comparisons as truth values, unless some are conditions that are recorded."""
    if not isinstance(result, np.ndarray):
        return result
    if any(isinstance(each, Value) for each in result.ravel().tolist()):
        return result
    return plain_array(result).astype(bool)
