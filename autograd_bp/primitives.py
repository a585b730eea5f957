# cython: infer_types=False
"""The table of primitives: one row per operation, and the only place where a derivative stands.

A row puts the function and its partial derivatives side by side. Everything else reads the
row: the operators of `Value`, the sweep, the pictures, the tests and the native kernels.

Rules for a row:

- `forward` takes floats, returns a float and never raises: outside its domain it is NaN, at a
  pole it is infinite (IEEE 754, as in C and NumPy). NaN in is NaN out, save where IEEE 754
  says otherwise (`nan ** 0` is 1).
- `partials` takes the inputs and, as `y`, the output; it returns one partial derivative per
  input. It is written with operators and with rows of this table, so it runs on floats (when
  a node is recorded), on Values (so that gradients are graphs) and on arrays. Two operators
  raise on plain floats, so rules use `div` and `pow` instead of `/` and `**`.
- `definition` says the same function in terms of simpler rows. A row that has one is a
  composite: it is recorded as one node, can be unfolded, and tests hold it to its definition.
- `c` is the forward function as a C expression in a, b, c. From it and from the traced rule
  `native/generate.py` writes the kernels of the compiled core. For an n-ary row it is the
  body of a C function of x[0..n) that sets y (0.0 at first) and d[0..n), where d is the same
  array as x. Without it the compiled core calls the Python function: where libm and CPython
  differ in the last digit.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from typing import Any

from autograd_bp.errors import OperandError, PrimitiveError

__all__ = ["TABLE", "Primitive", "primitive"]

INF = math.inf
NAN = math.nan

TABLE: list[Primitive] = []
"""Every row, in the order of registration; `row.code` is its index."""
_NAMED: dict[str, Primitive] = {}

# value.py puts its types of nodes here, and how one that is alone is recorded: the way of most
# calls, short enough to be worth a place before the general one.
_nodes: tuple[type, ...] = ()
_record: Callable[[int, Any], Any] | None = None


def set_recorder(nodes: tuple[type, ...], record: Callable[[int, Any], Any]) -> None:
    global _nodes, _record
    _nodes = nodes
    _record = record


class Primitive:
    """One row of the table. Call it on floats, Values or arrays: `exp(x)`.

    Attributes:
        name: what it is called, unique in the table.
        arity: the number of inputs; None for any number.
        forward: floats to a float.
        partials: the inputs and `y=output` to one partial derivative per input;
            None where there is none, and then `refusal` says why.
        refusal: why a sweep through this operation is refused.
        gate: True where an exact zero partial means that the input was not used (relu,
            maximum, where): nothing passes back through it, not even an infinite adjoint.
        definition: the same function composed from simpler rows, or None.
        symbol: how it is drawn.
        latex: how it is printed; a format string over the printed inputs.
        c: the C expression (n-ary: function body) of `forward`, or None.
        numpy: the name of the NumPy function that computes `forward` on arrays, or None.
        domain: the open interval of each input outside of which the result is NaN.
        points: inputs at which to test the row: special values, kinks, large and small.
        kinks: what the partials are where the function has no derivative, in one sentence.
        code: the row's index in TABLE.
    """

    def __init__(
        self,
        name: str,
        arity: int | None,
        forward: Callable[..., float],
        partials: Callable[..., Sequence[Any]] | None,
        *,
        refusal: str = "",
        gate: bool = False,
        definition: Callable[..., Any] | None = None,
        symbol: str = "",
        latex: str = "",
        c: str | None = None,
        numpy: str | None = None,
        domain: tuple[tuple[float, float], ...] = (),
        points: Sequence[float | tuple[float, ...]] = (-2.5, -1.0, -0.3, 0.0, 0.7, 1.0, 3.0),
        kinks: str = "",
    ) -> None:
        if not name.isidentifier():
            raise PrimitiveError(f"a primitive's name must be an identifier, not {name!r}")
        if name in _NAMED:
            raise PrimitiveError(f"a primitive named {name!r} exists already: choose another name")
        if partials is None and not refusal:
            raise PrimitiveError(f"{name}: without partials, refusal= must say why there are none")
        self.name = name
        self.arity = arity
        self.forward = forward
        self.partials = partials
        self.refusal = refusal
        self.gate = gate
        self.definition = definition
        self.symbol = symbol or name
        self.latex = latex or rf"\operatorname{{{{{name}}}}}\left({{}}\right)".replace("_", r"\_")
        self.c = c
        self.numpy = numpy
        self.domain = domain or ((-INF, INF),) * (arity or 1)
        self.points = tuple(p if isinstance(p, tuple) else (p,) for p in points)
        self.kinks = kinks
        self.code = len(TABLE)
        TABLE.append(self)
        _NAMED[name] = self

    @classmethod
    def named(cls, name: str) -> Primitive:
        """The row of that name. Raises PrimitiveError when there is none."""
        try:
            return _NAMED[name]
        except KeyError:
            raise PrimitiveError(f"there is no primitive named {name!r}") from None

    def __call__(self, *operands: Any) -> Any:
        """Apply to floats (a float), to anything with a Value in it (a Value), or elementwise
        to NumPy arrays."""
        if self.arity is not None and len(operands) != self.arity:
            raise PrimitiveError(f"{self.name} takes {self.arity} inputs, got {len(operands)}")
        if self.arity == 1:
            kind = type(operands[0])
            if kind in _nodes:
                assert _record is not None
                return _record(self.code, operands[0])
            if kind is float:
                return self.forward(operands[0])
        for operand in operands:
            if type(operand) is not float:
                # As with __array_ufunc__: what is not a number says itself how it is applied.
                apply = getattr(type(operand), "__apply_primitive__", None)
                if apply is not None:
                    return apply(operand, self, operands)
        for operand in operands:
            if type(operand) is not float and not isinstance(operand, (float, int)):
                return self._apply_to_arrays(operands)
        return self.forward(*map(float, operands))

    def _apply_to_arrays(self, operands: tuple[Any, ...]) -> Any:
        if not any(getattr(operand, "ndim", 0) for operand in operands):
            return self.forward(*map(number, operands))
        import numpy as np

        arrays = [np.asarray(operand) for operand in operands]
        if any(array.dtype == object for array in arrays):
            return np.frompyfunc(self, len(arrays), 1)(*arrays)
        if any(array.dtype.kind not in "fiub" for array in arrays):
            kinds = ", ".join(str(array.dtype) for array in arrays)
            raise OperandError(f"{self.name} takes real numbers, got arrays of dtype {kinds}")
        # As floats first: NumPy's integers wrap around, and have no negative powers.
        arrays = [array.astype(float) for array in arrays]
        with np.errstate(all="ignore"):
            if self.numpy is not None:
                return getattr(np, self.numpy)(*arrays)
            return np.frompyfunc(self.forward, len(arrays), 1)(*arrays).astype(float)

    def __repr__(self) -> str:
        return f"<primitive {self.name}>"

    def __reduce__(self) -> tuple[Callable[[str], Primitive], tuple[str]]:
        return Primitive.named, (self.name,)


def number(operand: Any) -> float:
    """The float of any real number: int, float, Fraction, NumPy scalar.

    Raises OperandError for everything else (text, complex numbers, None, arrays).
    """
    if isinstance(operand, (float, int)):
        return float(operand)
    from numbers import Real

    if isinstance(operand, Real) or (
        getattr(operand, "shape", None) == () and getattr(operand.dtype, "kind", "") in "fiub"
    ):
        return float(operand)
    raise OperandError(
        f"a real number is needed, got {type(operand).__name__} {operand!r:.60}: convert it first"
    )


def primitive(
    partials: Callable[..., Sequence[Any]], *, name: str | None = None, **columns: Any
) -> Callable[[Callable[..., float]], Primitive]:
    """A decorator that adds a function of your own to the table.

    Arguments:
        partials: the rule: the inputs and, as the keyword `y`, the output; one partial
            derivative per input. Written with operators and rows of the table it can be
            differentiated again.
        name: the row's name; the function's own when left out.
        columns: any other column of the row, see `Primitive`.

    Returns: a decorator; what it returns is a row, to be called on floats and Values.

    Raises: PrimitiveError when the name is taken or the arity cannot be read.

    Example:
        >>> from autograd_bp import Value, primitive
        >>> @primitive(partials=lambda x, y: (2 * x,))
        ... def squared(x: float) -> float:
        ...     return x * x
        >>> x = Value(3.0)
        >>> squared(x).backward()
        >>> x.grad
        6.0
    """

    def register(forward: Callable[..., float]) -> Primitive:
        import inspect

        parameters = inspect.signature(forward).parameters.values()
        variadic = any(p.kind is p.VAR_POSITIONAL for p in parameters)
        arity = columns.pop("arity", None if variadic else len(parameters))
        if arity == 0:
            raise PrimitiveError(f"{forward.__name__} takes no inputs: there is nothing to derive")
        return Primitive(name or forward.__name__, arity, forward, partials, **columns)

    return register


# ---------------------------------------------------------------- IEEE 754 on Python's floats
def _total(function: Callable[..., float], overflow: float = INF) -> Callable[..., float]:
    """`function` of the math module as C defines it: NaN outside its domain, ±∞ on overflow."""

    def forward(*inputs: float) -> float:
        try:
            return function(*inputs)
        except ValueError:
            return NAN
        except OverflowError:
            return overflow

    return forward


def _div(a: float, b: float) -> float:
    try:
        return a / b
    except ZeroDivisionError:
        if a == 0.0 or a != a:
            return NAN
        return math.copysign(INF, a) * math.copysign(1.0, b)


def _pow(a: float, b: float) -> float:
    try:
        return math.pow(a, b)
    except ValueError:  # 0 ** negative, or a negative number to a fractional power
        if a != 0.0:
            return NAN
        return math.copysign(INF, a) if b % 2.0 == 1.0 else INF
    except OverflowError:
        return -INF if a < 0.0 and b % 2.0 == 1.0 else INF


def _log(function: Callable[[float], float], pole: float) -> Callable[[float], float]:
    """A logarithm with -∞ at its pole."""

    def forward(x: float) -> float:
        if x > pole:
            return function(x)
        return -INF if x == pole else NAN

    return forward


def _atanh(x: float) -> float:
    if -1.0 < x < 1.0:
        return math.atanh(x)
    return math.copysign(INF, x) if abs(x) == 1.0 else NAN


def _sinh(x: float) -> float:
    try:
        return math.sinh(x)
    except OverflowError:
        return math.copysign(INF, x)


def _exp2(x: float) -> float:
    return _pow(2.0, x)


def _cbrt(x: float) -> float:
    if x == 0.0 or not math.isfinite(x):
        return x
    root = math.copysign(math.pow(abs(x), 1.0 / 3.0), x)
    # One Newton step brings the last digits right; math.cbrt exists only from Python 3.11 on.
    return root - (root - x / (root * root)) / 3.0


def _floor(x: float) -> float:
    return float(math.floor(x)) if math.isfinite(x) and x != 0.0 else x


def _sigmoid(x: float) -> float:
    # e^-x overflows for x below -709, so each side uses the exponential that shrinks.
    if x >= 0.0:
        return 1.0 / (1.0 + math.exp(-x))
    e = math.exp(x)
    return e / (1.0 + e)


def _softplus(x: float) -> float:
    # The larger of x and 0, plus a correction that never overflows.
    return (x if x > 0.0 else 0.0) + math.log1p(math.exp(-abs(x))) if x == x else x


def _maximum(a: float, b: float) -> float:
    return a if a > b or a != a else b


def _minimum(a: float, b: float) -> float:
    return a if a < b or a != a else b


def _compare(a: float, b: float) -> float:
    if a == b:
        return 0.0
    return 1.0 if a > b else -1.0 if a < b else NAN


def _heaviside(x: float, at_zero: float) -> float:
    return at_zero if x == 0.0 else 1.0 if x > 0.0 else 0.0 if x < 0.0 else NAN


def _atan2_partials(a: Any, b: Any, y: Any) -> tuple[Any, Any]:
    # b / (a² + b²) without the overflow of the squares; at infinity, where 1 / h is 0, it is 0.
    h = hypot(a, b)
    near = div(1.0, h)
    return where(near, div(div(b, h), h), 0.0), where(near, -div(div(a, h), h), 0.0)


def _sum(*x: float) -> float:
    # Left to right: the built-in sum() compensates from Python 3.12 on, and C does not.
    total = 0.0
    for value in x:
        total += value
    return total


def _dot(*x: float) -> float:
    n = len(x) // 2
    total = x[-1] if len(x) % 2 else 0.0
    for i in range(n):
        total += x[i] * x[n + i]
    return total


def _dot_partials(*x: Any, y: Any) -> tuple[Any, ...]:
    n = len(x) // 2
    return (*x[n : 2 * n], *x[:n], *((1.0,) if len(x) % 2 else ()))


def _dot_definition(*x: Any) -> Any:
    n = len(x) // 2
    products = [x[i] * x[n + i] for i in range(n)]
    return _chain(*((x[-1], *products) if len(x) % 2 else products))


def _chain(*x: Any) -> Any:
    """The sum as a chain of additions, from left to right."""
    total = x[0] if x else 0.0
    for value in x[1:]:
        total = total + value
    return total


def _mean(*x: float) -> float:
    n = float(len(x))
    total = _sum(*x)
    # Where the sum overflows the mean need not.
    return _div(total, n) if math.isfinite(total) else _sum(*(value / n for value in x))


def _norm(*x: float) -> float:
    return math.hypot(*x)


def _logsumexp(*x: float) -> float:
    # The largest is taken out: no exponential overflows, and log1p keeps what the others add.
    top = -INF
    for value in x:
        top = _maximum(top, value)
    if not math.isfinite(top):
        return top
    first = x.index(top)
    others = (math.exp(value - top) for k, value in enumerate(x) if k != first)
    return top + math.log1p(_sum(*others))


def _performance(*x: float) -> float:
    m = len(x) // 2
    total = 0.0
    for i in range(m):
        error = x[i] - x[m + i]
        total += error * error
    return -0.5 * total


def _performance_partials(*x: Any, y: Any) -> tuple[Any, ...]:
    m = len(x) // 2
    errors = [x[i] - x[m + i] for i in range(m)]
    return (*(-error for error in errors), *errors)


def _performance_definition(*x: Any) -> Any:
    m = len(x) // 2
    errors = [x[i] - x[m + i] for i in range(m)]
    return -0.5 * _chain(*(error * error for error in errors))


# ------------------------------------------------------------------------------- the table
_PAIRS = ((1.5, -2.0), (-2.0, 3.0), (0.0, 0.0), (0.0, -1.0), (-0.3, 0.7), (1e200, -1e200))
_SPECIAL = (-745.2, -30.0, -1.0, -1e-9, 0.0, 1e-9, 0.5, 1.0, 30.0, 709.0)

# Arithmetic.
add = Primitive("add", 2, operator.add, lambda a, b, y: (1.0, 1.0),
    symbol="+", latex="{} + {}", c="a + b", numpy="add", points=_PAIRS)
sub = Primitive("sub", 2, operator.sub, lambda a, b, y: (1.0, -1.0),
    symbol="−", latex="{} - {}", c="a - b", numpy="subtract", points=_PAIRS)
mul = Primitive("mul", 2, operator.mul, lambda a, b, y: (b, a),
    symbol="×", latex=r"{} \cdot {}", c="a * b", numpy="multiply", points=_PAIRS)
div: Primitive = Primitive("div", 2, _div, lambda a, b, y: (div(1.0, b), -div(y, b)),
    symbol="÷", latex=r"\frac{{{}}}{{{}}}", c="a / b", numpy="divide", points=_PAIRS)
pow: Primitive = Primitive("pow", 2, _pow,
    lambda a, b, y: (
        where(b, b * pow(a, b - 1.0), 0.0),
        where(a, y * log(a), where(heaviside(b, 1.0), 0.0, -INF)),
    ),
    symbol="^", latex="{{{}}}^{{{}}}", c="pow(a, b)", numpy="power",
    points=((2.0, 3.0), (2.0, -0.5), (0.0, 0.0), (0.0, 2.0), (0.0, -1.0), (1e-3, 80.0)),
    kinks="x**0 has the derivative 0 in x, also at x = 0; 0**b has the derivative 0 in b for "
          "b >= 0; for a negative base the derivative in the exponent is undefined (NaN)")
power: Primitive = Primitive("power", 2, _pow, lambda a, b, y: (where(b, b * power(a, b - 1.0), 0.0), 0.0),
    symbol="^", latex="{{{}}}^{{{}}}", c="b == 1.0 ? a : pow(a, b)", numpy="power",
    points=((2.0, 3.0), (-2.0, 3.0), (-2.0, 0.5), (0.0, 0.0), (0.0, 1.0), (0.0, -1.0)),
    kinks="a power with a constant exponent: the exponent is held fixed, its partial is 0")
neg = Primitive("neg", 1, operator.neg, lambda x, y: (-1.0,),
    symbol="−", latex="-{}", c="-a", numpy="negative")
abs_ = Primitive("abs", 1, operator.abs, lambda x, y: (compare(x, 0.0),),
    gate=True, definition=lambda x: maximum(x, -x),
    symbol="| |", latex=r"\left|{}\right|", c="fabs(a)", numpy="absolute",
    kinks="abs'(0) = 0, the middle of -1 and 1")

# Exponentials, logarithms, roots.
exp = Primitive("exp", 1, _total(math.exp), lambda x, y: (y,),
    latex="e^{{{}}}", c="exp(a)", numpy="exp", points=_SPECIAL)
expm1 = Primitive("expm1", 1, _total(math.expm1), lambda x, y: (exp(x),),
    latex="e^{{{}}} - 1", definition=lambda x: exp(x) - 1.0,
    c="expm1(a)", numpy="expm1", points=_SPECIAL)
exp2 = Primitive("exp2", 1, _exp2, lambda x, y: (y * math.log(2.0),),
    latex="2^{{{}}}", definition=lambda x: pow(2.0, x), c="pow(2.0, a)", numpy="exp2")
log: Primitive = Primitive("log", 1, _log(math.log, 0.0), lambda x, y: (div(1.0, x),),
    latex=r"\ln {}", c="log(a)", numpy="log", domain=((0.0, INF),),
    points=(5e-324, 1e-9, 0.5, 1.0, 3.0, 1e300, 0.0, -1.0))
log1p = Primitive("log1p", 1, _log(math.log1p, -1.0), lambda x, y: (div(1.0, 1.0 + x),),
    latex=r"\ln\left(1 + {}\right)", definition=lambda x: log(1.0 + x),
    c="log1p(a)", numpy="log1p", domain=((-1.0, INF),),
    points=(-1.0, -0.999, -1e-12, 0.0, 1e-300, 1e-12, 1.0, 1e300))
log2 = Primitive("log2", 1, _log(math.log2, 0.0), lambda x, y: (div(1.0 / math.log(2.0), x),),
    latex=r"\log_2 {}", definition=lambda x: log(x) / math.log(2.0),
    c="log2(a)", numpy="log2", domain=((0.0, INF),), points=(1e-9, 0.5, 1.0, 8.0, 0.0))
log10 = Primitive("log10", 1, _log(math.log10, 0.0), lambda x, y: (div(1.0 / math.log(10.0), x),),
    latex=r"\log_{{10}} {}", definition=lambda x: log(x) / math.log(10.0),
    c="log10(a)", numpy="log10", domain=((0.0, INF),), points=(1e-9, 0.5, 1.0, 1000.0, 0.0))
sqrt = Primitive("sqrt", 1, _total(math.sqrt), lambda x, y: (div(0.5, y),),
    symbol="√", latex=r"\sqrt{{{}}}", definition=lambda x: power(x, 0.5),
    c="sqrt(a)", numpy="sqrt", domain=((0.0, INF),), points=(0.0, 1e-300, 0.25, 1.0, 2.0, 1e300),
    kinks="sqrt'(0) = +inf, the limit from the right")
cbrt = Primitive("cbrt", 1, _cbrt, lambda x, y: (div(1.0, 3.0 * (y * y)),),
    symbol="∛", latex=r"\sqrt[3]{{{}}}", numpy="cbrt", kinks="cbrt'(0) = +inf",
    points=(-1e300, -8.0, -0.3, -5e-324, 0.0, 1e-310, 0.7, 27.0, 1.7e308))

# Trigonometry and its hyperbolic companions.
sin = Primitive("sin", 1, _total(math.sin), lambda x, y: (cos(x),),
    latex=r"\sin {}", c="sin(a)", numpy="sin")
cos: Primitive = Primitive("cos", 1, _total(math.cos), lambda x, y: (-sin(x),),
    latex=r"\cos {}", c="cos(a)", numpy="cos")
tan = Primitive("tan", 1, _total(math.tan), lambda x, y: (1.0 + y * y,),
    latex=r"\tan {}", definition=lambda x: sin(x) / cos(x), c="tan(a)", numpy="tan")
asin = Primitive("asin", 1, _total(math.asin),
    lambda x, y: (div(1.0, sqrt((1.0 - x) * (1.0 + x))),),
    latex=r"\arcsin {}", c="asin(a)", numpy="arcsin", domain=((-1.0, 1.0),),
    points=(-1.0, -0.5, 0.0, 0.3, 0.999, 1.0, 1.5))
acos = Primitive("acos", 1, _total(math.acos),
    lambda x, y: (-div(1.0, sqrt((1.0 - x) * (1.0 + x))),),
    latex=r"\arccos {}", c="acos(a)", numpy="arccos", domain=((-1.0, 1.0),),
    points=(-1.0, -0.5, 0.0, 0.3, 0.999, 1.0, 1.5))
atan = Primitive("atan", 1, math.atan, lambda x, y: (div(1.0, 1.0 + x * x),),
    latex=r"\arctan {}", c="atan(a)", numpy="arctan")
atan2 = Primitive("atan2", 2, math.atan2, _atan2_partials,
    latex=r"\operatorname{{atan2}}\left({}, {}\right)", c="atan2(a, b)", numpy="arctan2",
    points=((1.0, 2.0), (-1.0, -2.0), (0.0, 1.0), (1.0, 0.0), (1e200, 1e200)),
    kinks="atan2 has no derivative at (0, 0): both partials are NaN")
sinh = Primitive("sinh", 1, _sinh, lambda x, y: (cosh(x),),
    latex=r"\sinh {}", definition=lambda x: (exp(x) - exp(-x)) / 2.0, c="sinh(a)", numpy="sinh")
cosh: Primitive = Primitive("cosh", 1, _total(math.cosh), lambda x, y: (sinh(x),),
    latex=r"\cosh {}", definition=lambda x: (exp(x) + exp(-x)) / 2.0, c="cosh(a)", numpy="cosh")
tanh = Primitive("tanh", 1, math.tanh, lambda x, y: (1.0 - y * y,),
    latex=r"\tanh {}", definition=lambda x: sinh(x) / cosh(x), c="tanh(a)", numpy="tanh")
asinh = Primitive("asinh", 1, math.asinh, lambda x, y: (div(1.0, hypot(x, 1.0)),),
    latex=r"\operatorname{{arsinh}} {}", c="asinh(a)", numpy="arcsinh")
acosh = Primitive("acosh", 1, _total(math.acosh),
    lambda x, y: (div(1.0, sqrt(x - 1.0) * sqrt(x + 1.0)),),
    latex=r"\operatorname{{arcosh}} {}", c="acosh(a)", numpy="arccosh", domain=((1.0, INF),),
    points=(1.0, 1.0001, 2.0, 1e200, 0.5))
atanh = Primitive("atanh", 1, _atanh, lambda x, y: (div(1.0, (1.0 - x) * (1.0 + x)),),
    latex=r"\operatorname{{artanh}} {}", c="atanh(a)", numpy="arctanh", domain=((-1.0, 1.0),),
    points=(-1.0, -0.5, 0.0, 1e-12, 0.999, 1.0, 1.5))
hypot: Primitive = Primitive("hypot", 2, math.hypot,
    lambda a, b, y: (where(y, div(a, y), 0.0), where(y, div(b, y), 0.0)),
    latex=r"\sqrt{{{}^2 + {}^2}}", definition=lambda a, b: sqrt(a * a + b * b), numpy="hypot",
    points=((3.0, 4.0), (-3.0, 4.0), (0.0, 0.0), (0.0, 2.0), (1e200, 1e200)),
    kinks="both partials are 0 at (0, 0)")
erf = Primitive("erf", 1, math.erf, lambda x, y: (2.0 / math.sqrt(math.pi) * exp(-(x * x)),),
    latex=r"\operatorname{{erf}} {}", c="erf(a)")
erfc = Primitive("erfc", 1, math.erfc, lambda x, y: (-2.0 / math.sqrt(math.pi) * exp(-(x * x)),),
    latex=r"\operatorname{{erfc}} {}", definition=lambda x: 1.0 - erf(x), c="erfc(a)")

# Neurons: the sigmoid β has the derivative β(1 - β), in terms of its own output.
sigmoid = Primitive("sigmoid", 1, _sigmoid, lambda x, y: (y * (1.0 - y),),
    definition=lambda x: 1.0 / (1.0 + exp(-x)), symbol="σ", latex=r"\sigma\left({}\right)",
    c="a >= 0.0 ? 1.0 / (1.0 + exp(-a)) : exp(a) / (1.0 + exp(a))",
    points=(-1000.0, -40.0, *_SPECIAL, 1000.0))
log_sigmoid = Primitive("log_sigmoid", 1, lambda x: -_softplus(-x), lambda x, y: (sigmoid(-x),),
    definition=lambda x: log(sigmoid(x)), symbol="ln σ", latex=r"\ln\sigma\left({}\right)",
    c="a != a ? a : -((a < 0.0 ? -a : 0.0) + log1p(exp(-fabs(a))))",
    points=(-1000.0, *_SPECIAL, 1000.0))
softplus = Primitive("softplus", 1, _softplus, lambda x, y: (sigmoid(x),),
    definition=lambda x: log(1.0 + exp(x)), latex=r"\ln\left(1 + e^{{{}}}\right)",
    c="a != a ? a : (a > 0.0 ? a : 0.0) + log1p(exp(-fabs(a)))",
    points=(-1000.0, *_SPECIAL, 1000.0))
relu = Primitive("relu", 1, lambda x: x if x > 0.0 or x != x else 0.0,
    lambda x, y: (heaviside(x, 0.0),), gate=True, definition=lambda x: maximum(x, 0.0),
    c="a > 0.0 || a != a ? a : 0.0", kinks="relu'(0) = 0")
threshold = Primitive("threshold", 1, lambda x: 1.0 if x >= 0.0 else 0.0 if x < 0.0 else x, None,
    refusal="the threshold function is a step: its derivative is 0 wherever it has one, so no "
            "gradient passes and nothing before it can learn; use sigmoid, its smooth replacement",
    symbol="⎍", c="a >= 0.0 ? 1.0 : a < 0.0 ? 0.0 : a",
    kinks="threshold(0) = 1; a sweep through it is refused")

# Choices. Their partials are 0 or 1, and an exact 0 closes the gate.
maximum: Primitive = Primitive("maximum", 2, _maximum,
    lambda a, b, y: (0.5 + 0.5 * compare(a, b), 0.5 - 0.5 * compare(a, b)), gate=True,
    symbol="max", latex=r"\max\left({}, {}\right)", c="a > b || a != a ? a : b", numpy="maximum",
    points=_PAIRS, kinks="a tie gives half to each")
minimum = Primitive("minimum", 2, _minimum,
    lambda a, b, y: (0.5 - 0.5 * compare(a, b), 0.5 + 0.5 * compare(a, b)), gate=True,
    symbol="min", latex=r"\min\left({}, {}\right)", c="a < b || a != a ? a : b", numpy="minimum",
    points=_PAIRS, kinks="a tie gives half to each")
where: Primitive = Primitive("where", 3, lambda c, a, b: a if c else b,
    lambda c, a, b, y: (0.0, nonzero(c), 1.0 - nonzero(c)), gate=True,
    symbol="if", latex=r"\text{{if }}{}\text{{ then }}{}\text{{ else }}{}", c="a != 0.0 ? b : c",
    points=((1.0, 2.0, 3.0), (0.0, 2.0, 3.0), (0.0, INF, 3.0), (-1.0, 2.0, NAN)),
    kinks="the branch that is not taken gets nothing, whatever its value")
sign = Primitive("sign", 1, lambda x: _compare(x, 0.0), lambda x, y: (0.0,), gate=True,
    c="a > 0.0 ? 1.0 : a < 0.0 ? -1.0 : a == 0.0 ? 0.0 : a", numpy="sign",
    kinks="flat: the derivative is 0 everywhere, also at the jump")
floor = Primitive("floor", 1, _floor, lambda x, y: (0.0,), gate=True,
    symbol="floor", latex=r"\left\lfloor {} \right\rfloor", c="floor(a)", numpy="floor",
    points=(-1.5, -1.0, -0.0, 0.0, 0.5, 1.0, 1e300),
    kinks="flat: the derivative is 0 everywhere, also at the jumps")
heaviside: Primitive = Primitive("heaviside", 2, _heaviside, lambda a, b, y: (0.0, nonzero(a) * -1.0 + 1.0),
    gate=True, symbol="H", c="a == 0.0 ? b : a > 0.0 ? 1.0 : a < 0.0 ? 0.0 : a", numpy="heaviside",
    points=((-1.0, 0.5), (0.0, 0.5), (2.0, 0.5)),
    kinks="the step that rules use, 1 for a > 0, b at 0: its derivative in a is 0 everywhere")
compare: Primitive = Primitive("compare", 2, _compare, lambda a, b, y: (0.0, 0.0), gate=True,
    symbol="<>", c="a == b ? 0.0 : a > b ? 1.0 : a < b ? -1.0 : NAN", points=_PAIRS,
    kinks="the sign of a - b, without the difference: its derivatives are 0 everywhere")
nonzero: Primitive = Primitive("nonzero", 1, lambda x: 0.0 if x == 0.0 else 1.0, lambda x, y: (0.0,), gate=True,
    symbol="≠0", c="a == 0.0 ? 0.0 : 1.0", kinks="its derivative is 0 everywhere")

# Any number of inputs.
sum_ = Primitive("sum", None, _sum, lambda *x, y: (1.0,) * len(x), definition=_chain,
    symbol="Σ", points=((1.0, 2.0, 3.0), (1e16, 1.0, -1e16), (5.0,), ()),
    c="for (i = 0; i < n; i++) { y += x[i]; d[i] = 1.0; }")
dot = Primitive("dot", None, _dot, _dot_partials, definition=_dot_definition, symbol="Σ×",
    points=((1.0, 2.0, 3.0, 4.0), (1.0, 2.0, 3.0, 4.0, 0.5), (0.5,), ()),
    c="""Py_ssize_t m = n / 2;
    if (n & 1) { y = x[n - 1]; d[n - 1] = 1.0; }
    for (i = 0; i < m; i++) {
        const double left = x[i], right = x[m + i];
        y += left * right; d[i] = right; d[m + i] = left;
    }""")
mean = Primitive("mean", None, _mean,
    lambda *x, y: (1.0 / len(x),) * len(x), definition=lambda *x: _chain(*x) / float(len(x)),
    symbol="mean", points=((1.0, 2.0, 6.0), (5.0,), (1.5e308, 1.5e308, -1e307)),
    c="""double total = 0.0;
    for (i = 0; i < n; i++) total += x[i];
    if (isfinite(total)) y = total / (double)n;
    else for (i = 0; i < n; i++) y += x[i] / (double)n;
    for (i = 0; i < n; i++) d[i] = 1.0 / (double)n;""")
norm = Primitive("norm", None, _norm, lambda *x, y: tuple(where(y, div(v, y), 0.0) for v in x),
    definition=lambda *x: sqrt(_chain(*(v * v for v in x))), symbol="‖ ‖",
    points=((3.0, 4.0), (0.0, 0.0), (1e200, 1e200, 1e200), (-2.0,)),
    kinks="all partials are 0 where all inputs are 0")
logsumexp = Primitive("logsumexp", None, _logsumexp,
    lambda *x, y: tuple(exp(v - y) for v in x),
    definition=lambda *x: log(_chain(*(exp(v) for v in x))), symbol="ln Σ e",
    points=((1.0, 2.0, 3.0), (1000.0, 1000.0), (-1000.0, -1001.0), (0.0,)),
    c="""Py_ssize_t first = 0;
    double total = 0.0;
    y = -INFINITY;
    for (i = 0; i < n; i++) y = y > x[i] || y != y ? y : x[i];
    while (isfinite(y) && x[first] != y) first++;
    for (i = 0; i < n; i++) if (i != first) total += exp(x[i] - y);
    if (isfinite(y)) y += log1p(total);
    for (i = 0; i < n; i++) d[i] = exp(x[i] - y);""")
performance = Primitive("performance", None, _performance, _performance_partials,
    definition=_performance_definition, symbol="P",
    latex=r"-\tfrac12 \sum \left(d - z\right)^2",
    points=((1.0, 0.75), (1.0, 0.0, 0.25, 0.5)),
    c="""Py_ssize_t m = n / 2;
    for (i = 0; i < m; i++) {
        const double error = x[i] - x[m + i];
        d[m + i] = error; d[i] = -error;
    }
    for (i = 0; i < m; i++) y += d[m + i] * d[m + i];
    y = -0.5 * y;""")
