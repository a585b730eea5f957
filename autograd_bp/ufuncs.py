"""NumPy's functions of Values: recorded, element by element.

`np.exp(value)` and `array + value` arrive at `Value.__array_ufunc__`, `np.where(c, value, 0.0)` at
`Value.__array_function__`; both call this file. Functions of arrays of Values do not arrive here,
because such an array is one of NumPy's own: NumPy then calls the operators and the methods of its
elements, which is why Value has methods under NumPy's names.
"""

from __future__ import annotations

import math
import operator
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd_bp import contexts
from autograd_bp import functions as f
from autograd_bp import primitives as ops
from autograd_bp.entry import TABLE, Primitive, number, unboxed
from autograd_bp.errors import OperandError, PrimitiveError
from autograd_bp.value import Value

LN_2 = math.log(2.0)


def apply_ufunc(ufunc: Any, method: str, inputs: tuple[Any, ...], options: dict[str, Any]) -> Any:
    """What `Value.__array_ufunc__` returns.

    Raises: OperandError for a function that has no entry in the table and no recipe here.
    """
    if any(_answers_itself(operand) for operand in inputs):
        return NotImplemented
    # Matrix products, where NumPy says what is wrong with a single Value; and Python's functions
    # as ufuncs (np.frompyfunc), which take any object.
    if ufunc.signature is not None or all(set(loop) <= set("O->") for loop in ufunc.types):
        return getattr(ufunc, method)(*map(_boxed, inputs), **options)
    function = recorded(ufunc)
    if method == "__call__" and not options and not any(map(_has_dimensions, inputs)):
        return function(*map(_plain, inputs))
    result = getattr(np.frompyfunc(function, ufunc.nin, ufunc.nout), method)(
        *map(_boxed, inputs), **options
    )
    return _as_truths(result) if ufunc.__name__ in QUESTIONS else result


def recorded(ufunc: Any) -> Callable[..., Any]:
    """The function that records what a ufunc computes on numbers and Values.

    Raises: OperandError where there is none.
    """
    name = ufunc.__name__
    function = RECIPES.get(name)
    if function is not None:
        return function
    op = next((op for op in TABLE if op.numpy == name and op.arity == ufunc.nin), None)
    if op is None and getattr(np, name, None) is not ufunc:  # a ufunc of another library
        op = _of_that_name(OTHER_NAMES.get(name, name), ufunc.nin)
    if op is not None:
        return op
    if name in INTEGERS:
        reason = "it works on integers; use int(value.data) for an integer"
    else:
        reason = ADVICE.get(name, "use a function of autograd_bp, or value.data for the number")
    raise OperandError(f"{name} of a Value cannot be recorded: {reason}")


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


def _question(name: str, answer: Callable[[float], bool]) -> Callable[[Any], bool]:
    """A question about the number of a Value, which is answered by a plain truth value."""

    def answered(x: Any) -> bool:
        if isinstance(x, Value):
            contexts.refuse_number(f"np.{name}(value)")
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
    "isnan": _question("isnan", math.isnan),
    "isinf": _question("isinf", math.isinf),
    "isfinite": _question("isfinite", math.isfinite),
    "signbit": _question("signbit", lambda x: math.copysign(1.0, x) < 0.0),
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
INTEGERS = {
    "bitwise_count",
    "gcd",
    "lcm",
    "left_shift",
    "right_shift",
}
ADVICE = {
    "frexp": "use bp.floor(bp.log2(bp.primitives.abs_(value))) for the exponent",
    "nextafter": "it depends on how floats are stored; use np.nextafter(value.data, ...)",
    "spacing": "it depends on how floats are stored; use np.spacing(value.data)",
    "isnat": "it asks about dates",
}


# ---------------------------------------------------------------- functions that are no ufuncs
def apply_function(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """What `Value.__array_function__` returns: the result of NumPy's own code, which meets the
    operators of Values, save for a few functions that it would compute otherwise."""
    own = FUNCTIONS.get(function.__name__) if function.__module__ == "numpy" else None
    if own is not None:
        return own(*args, **kwargs)
    result = np.ndarray.__array_function__(np.empty(0), function, (), args, kwargs)
    content = unboxed(result)
    return content if isinstance(content, Value) else result


def _where(condition: Any, *branches: Any) -> Any:
    if len(branches) != 2:
        raise OperandError(
            "np.where(condition) of a Value asks for places, which are integers: compare "
            "value.data, or give both branches"
        )
    return f.where(_plain(condition), *map(_plain, branches))


def _select(condlist: Any, choicelist: Any, default: Any = 0) -> Any:
    if len(condlist) != len(choicelist):
        raise OperandError(
            f"np.select needs a choice for each condition, got {len(choicelist)} choices and "
            f"{len(condlist)} conditions"
        )
    result = _plain(default)
    for condition, choice in zip(reversed(condlist), reversed(choicelist), strict=True):
        result = f.where(_plain(condition), _plain(choice), result)
    return result


def _clip(a: Any, a_min: Any = None, a_max: Any = None, out: Any = None, **options: Any) -> Any:
    low, high = options.pop("min", a_min), options.pop("max", a_max)
    if out is not None or options:
        raise OperandError("np.clip of a Value takes bounds alone: leave out out=, where=, dtype=")
    bounds = [None if bound is None else _plain(bound) for bound in (low, high)]
    return f.clip(_plain(a), *bounds)


def _round(a: Any, decimals: int = 0, out: Any = None) -> Any:
    return ops.round_(_plain(a), decimals)


def _fix(x: Any, out: Any = None) -> Any:
    return ops.trunc(_plain(x))


def _nan_to_num(
    x: Any, copy: bool = True, nan: Any = 0.0, posinf: Any = None, neginf: Any = None
) -> Any:
    x = _plain(x)
    finite = ops.where(ops.not_equal(x, x), nan, x)
    largest = sys.float_info.max
    high, low = largest if posinf is None else posinf, -largest if neginf is None else neginf
    return ops.where(ops.equal(x, math.inf), high, ops.where(ops.equal(x, -math.inf), low, finite))


def _sinc(x: Any) -> Any:
    return ops.sinc(_plain(x))


def _interp(
    x: Any, xp: Any, fp: Any, left: Any = None, right: Any = None, period: Any = None
) -> Any:
    if period is not None:
        raise OperandError("np.interp of a Value takes no period=: give bp.primitives.remainder")
    knots, heights = list(map(_plain, xp)), list(map(_plain, fp))
    if len(knots) != len(heights) or not knots:
        raise OperandError(
            f"np.interp needs as many heights as places, got {len(heights)} and {len(knots)}"
        )

    def at(x: Any) -> Any:
        y = heights[0]
        for k in range(len(knots) - 1):
            start, end = knots[k], knots[k + 1]
            line = heights[k] + (x - start) * ops.div(heights[k + 1] - heights[k], end - start)
            y = ops.where(ops.less(x, start), y, line)
        y = ops.where(ops.less(knots[-1], x), heights[-1] if right is None else right, y)
        return y if left is None else ops.where(ops.less(x, knots[0]), left, y)

    x = _plain(x)
    return np.frompyfunc(at, 1, 1)(x) if _has_dimensions(x) else at(x)


def _on_numbers(function: Any) -> Callable[..., Any]:
    """A question about numbers, which is answered by truth values."""

    def answered(*args: Any, **kwargs: Any) -> Any:
        contexts.refuse_number(f"np.{function.__name__}(value, ...)")
        return function(*map(_numbers, args), **kwargs)

    return answered


def _numbers(operand: Any) -> Any:
    array = np.asarray(operand)
    if array.dtype != object:
        return operand
    return np.vectorize(lambda x: x.data if isinstance(x, Value) else x, otypes=[float])(array)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "where": _where,
    "select": _select,
    "clip": _clip,
    "round": _round,
    "around": _round,
    "fix": _fix,
    "nan_to_num": _nan_to_num,
    "sinc": _sinc,
    "interp": _interp,
    "isclose": _on_numbers(np.isclose),
    "allclose": _on_numbers(np.allclose),
    "array_equal": _on_numbers(np.array_equal),
    "array_equiv": _on_numbers(np.array_equiv),
}


# ----------------------------------------------------------------------------------- operands
def _answers_itself(operand: Any) -> bool:
    """Whether an operand of another library has a say in what NumPy's functions do with it."""
    if isinstance(operand, (Value, np.ndarray, np.generic)):
        return False
    return getattr(type(operand), "__array_ufunc__", None) is not None


def _has_dimensions(operand: Any) -> bool:
    return bool(getattr(operand, "ndim", 0)) or isinstance(operand, (list, tuple))


def _plain(operand: Any) -> Any:
    """A Value or a float; anything that has elements as an array."""
    if isinstance(operand, (Value, float)):
        return operand
    if _has_dimensions(operand):
        return np.asarray(operand)
    content = unboxed(operand)
    return content if isinstance(content, Value) else number(content)


def _boxed(operand: Any) -> Any:
    """A Value as an array of no dimensions: NumPy then reads it, and does not call it again."""
    if not isinstance(operand, Value):
        return operand
    box = np.empty((), dtype=object)
    box[()] = operand
    return box


def _as_truths(result: Any) -> Any:
    """Results of comparisons as truth values, unless some are conditions that are recorded."""
    if not isinstance(result, np.ndarray):
        return result
    if any(isinstance(each, Value) for each in result.ravel()):
        return result
    return result.astype(bool)
