"""What Python's own functions and NumPy's do with a Value: what people type first."""

import decimal
import fractions
import functools
import math
import numbers
import operator
import random
import statistics

import pytest

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.errors import (
    AutogradError,
    ConversionError,
    OperandError,
    PrimitiveError,
    UnknownNameError,
)

NUMBERS = [2.5, -2.5, 0.5, 3.7, -0.2, 1e20, 0.0, -0.0, 7.0]
PAIRS = [
    (7.5, 2.0),
    (-7.5, 2.0),
    (7.5, -2.0),
    (0.3, 0.1),
    (1e17, 3.0),
    (-4.0, 2.0),
    (5, 3),
    (-5, 3),
]


# ------------------------------------------------------------------------------------- text
@pytest.mark.parametrize(
    "spec", [".3f", "10.2e", ">12", "+", "g", "08.3f", ".0%", "n", ",.1f", "_"]
)
def test_a_format_is_that_of_the_number(spec):
    assert format(Value(1234.5678), spec) == format(1234.5678, spec)
    assert f"{Value(-0.5) * 2:{spec}}" == format(-1.0, spec)
    assert ("{:" + spec + "}").format(Value(1.5)) == format(1.5, spec)


def test_without_a_format_the_node_is_shown():
    v = Value(1.5, "w")
    assert f"{v}" == str(v) == repr(v) == f"{v!r}" == f"{v!s}" == "%s" % v  # noqa: UP031
    assert f"{v!r:>40}" == repr(v).rjust(40)
    assert f"{v.data}" == "1.5"


def test_a_format_that_floats_refuse_is_refused():
    for spec in ("d", "zz", "s"):
        with pytest.raises(ValueError, match="format"):
            format(Value(1.0), spec)


def test_percent_formats_say_what_to_write():
    with pytest.raises(ConversionError, match=r"value:\.3f"):
        "%.3f" % Value(1.0)  # noqa: UP031


# --------------------------------------------------------------------------------- rounding
@pytest.mark.parametrize("x", NUMBERS)
@pytest.mark.parametrize("rounded", [round, math.floor, math.ceil, math.trunc])
def test_rounding_gives_a_value_that_is_flat(rounded, x):
    v = Value(x)
    y = rounded(v)
    assert isinstance(y, Value)
    assert y.data == rounded(x)
    assert type(y.data) is float
    y.backward()
    assert v.grad == 0.0


DIGITS = [0, 1, 2, 3, 10, 17, 22, 30, 300, 400, -1, -2, -5, -20, -400]


@pytest.mark.parametrize("digits", DIGITS)
def test_rounding_to_digits_gives_pythons_own_number(digits):
    generator = random.Random(digits)
    numbers = [2.675, 1.005, 0.285, 1.115, -0.125, 0.5, 250.0, 150.0, -1250.0, 1e300, -1e-300, 0.0]
    numbers += [generator.uniform(-1e3, 1e3) for _ in range(100)]
    numbers += [generator.randrange(2000) / 16 for _ in range(50)]
    numbers += [generator.randrange(20000) / 1000 + 0.0005 for _ in range(50)]
    for x in numbers:
        v = Value(x)
        y = round(v, digits)
        assert repr(y.data) == repr(round(x, digits)), x
        y.backward()
        assert v.grad == 0.0


def test_rounding_keeps_what_is_no_number():
    assert math.isnan(round(Value(math.nan), 2).data)
    assert round(Value(math.inf), 2).data == math.inf
    assert round(Value(-math.inf)).data == -math.inf
    assert math.isnan(math.floor(Value(math.nan)).data)


def test_digits_are_an_integer():
    assert round(Value(1.25), True).data == 1.2
    for digits in (1.5, "2", Value(1.0)):
        with pytest.raises(TypeError):
            round(Value(1.0), digits)


def test_a_sawtooth_has_the_slope_of_its_teeth():
    assert bp.grad(lambda x: x - math.floor(x))(2.3) == 1.0
    assert bp.grad(lambda x: (x - round(x)) ** 2)(2.75) == -0.5


# ------------------------------------------------------------------- remainders and quotients
@pytest.mark.parametrize(("a", "b"), PAIRS)
@pytest.mark.parametrize("apply", [operator.mod, operator.floordiv])
def test_remainders_and_quotients_are_pythons(apply, a, b):
    expected = apply(float(a), float(b))
    left, right = Value(a), Value(b)
    for y in (
        apply(left, right),
        apply(left, b),
        apply(a, right),
        apply(left, fractions.Fraction(b)),
    ):
        assert isinstance(y, Value)
        assert y.data == expected
    quotient, rest = divmod(left, right)
    assert (quotient.data, rest.data) == divmod(float(a), float(b))
    assert [y.data for y in divmod(left, b)] == [y.data for y in divmod(a, right)]


def test_a_remainder_has_the_derivatives_1_and_minus_the_quotient():
    a, b = Value(7.5), Value(-2.0)
    (a % b).backward()
    assert (a.grad, b.grad) == (1.0, 4.0)  # floor(7.5 / -2) = -4
    assert bp.grad(lambda x: x // 2.0)(7.0) == 0.0
    assert bp.grad(lambda x: 7.5 % x)(2.0) == -3.0
    assert bp.grad(lambda x: sum(divmod(x, 2.0)))(7.0) == 1.0
    x = 2.0
    x %= Value(1.5)
    assert x.data == 0.5


def test_a_remainder_by_zero_is_nan_as_in_numpy():
    assert math.isnan((Value(1.0) % 0.0).data)
    assert (Value(1.0) // 0.0).data == math.inf


@pytest.mark.parametrize("apply", [operator.mod, operator.floordiv, divmod])
@pytest.mark.parametrize("other", ["1", None, [1.0], 1j, decimal.Decimal(1)])
def test_what_is_no_number_has_no_remainder(apply, other):
    with pytest.raises(TypeError):
        apply(Value(2.0), other)
    if not isinstance(other, str):
        with pytest.raises(TypeError):
            apply(other, Value(2.0))


def test_powers_modulo_are_refused_as_floats_refuse_them():
    for call in (lambda: pow(Value(2.0), 3, 5), lambda: pow(2, Value(3.0), 5)):
        with pytest.raises(TypeError, match="pow"):
            call()
    assert (Value(2.0) ** 3 % 5).data == 3.0


# ------------------------------------------------------------------------------ plain numbers
def test_item_is_the_number():
    v = Value(1.5) * 2
    assert v.item() == v.data == 3.0
    assert type(v.item()) is float


CUTS = {
    "int": int,
    "float": float,
    "complex": complex,
    "math.sqrt": math.sqrt,
    "math.isclose": lambda v: math.isclose(v, 1.5),
    "math.isnan": math.isnan,
    "math.hypot": lambda v: math.hypot(v, 2.0),
    "math.fsum": lambda v: math.fsum([v, 1.0]),
    "math.dist": lambda v: math.dist([v], [0.0]),
    "math.pow": lambda v: math.pow(v, 2),
    "math.copysign": lambda v: math.copysign(1.0, v),
    "math.ldexp": lambda v: math.ldexp(v, 2),
    "math.fmod": lambda v: math.fmod(v, 1),
    "math.gamma": math.gamma,
    "math.comb": lambda v: math.comb(v, 1),
    "math.gcd": lambda v: math.gcd(v, 2),
    "statistics.mean": lambda v: statistics.mean([v, v]),
    "statistics.fmean": lambda v: statistics.fmean([v, v]),
    "statistics.stdev": lambda v: statistics.stdev([v, v]),
    "range": range,
    "index": lambda v: [1, 2][v],
    "slice": lambda v: [1, 2][:v],
    "repeat": lambda v: "a" * v,
    "hex": hex,
    "chr": chr,
    "if": lambda v: 1 if v else 0,
    "not": lambda v: not v,
    "any": lambda v: any([v]),
    "while": lambda v: list(filter(None, [v])),
}


@pytest.mark.parametrize("name", CUTS)
def test_what_would_cut_the_graph_is_refused_by_name(name):
    with pytest.raises(ConversionError, match=r"value\.data|is not None|autograd_bp"):
        CUTS[name](Value(1.5))


def test_what_python_computes_by_operators_is_recorded():
    v, w = Value(2.0), Value(3.0)
    for y, gradient in (
        (sum([v, w]), (1.0, 1.0)),
        (math.prod([v, w]), (3.0, 2.0)),
        (max(v, w), (0.0, 1.0)),
        (min([v, w, 5.0]), (1.0, 0.0)),
        (sorted([w, v])[0], (1.0, 0.0)),
        (functools.reduce(operator.mul, [v, w, v]), (12.0, 4.0)),
        (math.sumprod([v], [w]) if hasattr(math, "sumprod") else v * w, (3.0, 2.0)),
        (abs(-v), (1.0, 0.0)),
        (+v, (1.0, 0.0)),
        (v.real, (1.0, 0.0)),
        (v.conjugate(), (1.0, 0.0)),
        (pow(v, 2), (4.0, 0.0)),
    ):
        v.grad = w.grad = 0.0
        (y + 0.0 * v).backward()
        assert (v.grad, w.grad) == gradient
    assert statistics.median([w, v, 9.0]) is w
    assert v.imag == 0.0


# ----------------------------------------------------------------------------------- compiled
@pytest.mark.parametrize(
    "f",
    [
        lambda x: x - math.floor(x),
        lambda x: x * math.ceil(x) + math.trunc(x),
        lambda x: x * round(x) + round(x, 1),
        lambda x: x % 0.7 + 7.3 % x + x // 0.7,
        lambda x: sum(divmod(x, 0.7)),
    ],
)
def test_compiled_functions_round_when_they_run(f):
    compiled = bp.compiled(f, backend="reference")
    for x in (2.6, -1.3, 0.45):
        assert compiled(x) == f(x)
        assert compiled.grad(x) == bp.grad(f)(x)


@pytest.mark.parametrize(
    ("what", "f"),
    [
        (r"value\.item\(\)", lambda x: x * x.item()),
        (r"as text \('\.3f'\)", lambda x: x * float(f"{x:.3f}")),
        (r"int\(value\)", lambda x: x * int(x)),
        (r"float\(value\)", lambda x: x * math.sqrt(x)),
        ("as an index", lambda x: x * [1.0, 2.0, 3.0][x]),
    ],
)
def test_a_number_that_would_be_frozen_is_refused(what, f):
    with pytest.raises(ConversionError, match=f"{what}.*runs on other numbers"):
        bp.compiled(f)(1.0)
    assert Value(1.0).item() == 1.0  # and afterwards it is answered again


def test_all_refusals_are_errors_of_this_library():
    for call in CUTS.values():
        with pytest.raises(AutogradError):
            call(Value(1.5))


ADVICE = {
    "a list": ([1.0, 2.0], r"got list \[1.0, 2.0\]: autograd_bp.array"),
    "a tuple": ((1.0,), "autograd_bp.array"),
    "a dict": ({"a": 1.0}, "one by one"),
    "None": (None, "a function without return gives None"),
    "text": ("3", r"float\(text\)"),
    "a complex number": (1j, "a pair of Values"),
    "a Decimal": (decimal.Decimal("0.5"), r"got Decimal .*float\(\.\.\.\)"),
    "a function": (math.sin, "call it first"),
    "anything else": (object(), "convert it first"),
}


@pytest.mark.parametrize("name", ADVICE)
def test_what_is_no_number_says_what_to_do_with_it(name):
    thing, words = ADVICE[name]
    v = Value(1.0)
    for call in (Value, bp.sin, lambda x: setattr(v, "data", x), lambda x: setattr(v, "grad", x)):
        with pytest.raises(OperandError, match=words):
            call(thing)


def test_a_value_of_a_value_is_refused_with_its_number():
    with pytest.raises(OperandError, match=r"it is a Value already; its number is value\.data"):
        Value(Value(2.0))


DECIMAL_OPERATIONS = {
    **{name: getattr(operator, name) for name in ("add", "sub", "mul", "truediv", "pow", "mod")},
    **{name: getattr(operator, name) for name in ("floordiv", "lt", "le", "gt", "ge")},
    "divmod": divmod,
}


@pytest.mark.parametrize("name", DECIMAL_OPERATIONS)
def test_decimals_do_not_mix_with_values_as_they_do_not_with_floats(name):
    apply, v, other = DECIMAL_OPERATIONS[name], Value(2.0), decimal.Decimal(2)
    for operands in ((v, other), (other, v)):
        with pytest.raises(OperandError, match=r"got Decimal .*convert it first"):
            apply(*operands)
    assert v == other


@pytest.mark.parametrize("function", [bp.maximum, bp.hypot, bp.atan2, bp.minimum])
def test_a_list_where_several_numbers_are_needed_is_refused(function):
    with pytest.raises(PrimitiveError, match=r"takes 2 inputs, got 1: .* a list as \*numbers"):
        function([Value(1.0), 2.0])


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("sum", "one number"),
        ("mean", "one number"),
        ("device", "processor"),
        ("cuda", "processor"),
        ("to", "64 bits"),
        ("step", r"value.data \+= rate"),
    ],
)
def test_words_of_tensors_say_what_to_write(name, words):
    v = Value(1.0)
    assert not hasattr(v, name)
    with pytest.raises(UnknownNameError, match=f"no attribute {name!r}: .*{words}"):
        getattr(v, name)


def test_numpys_reductions_of_one_value_are_not_led_astray_by_these_words():
    np = pytest.importorskip("numpy")
    v = Value(2.0)
    assert [np.sum(v).data, np.mean(v).data, np.sum([v, v]).data] == [2.0, 2.0, 4.0]


def test_a_rule_that_was_left_out_is_asked_for():
    @bp.primitive
    def product(a, b):
        return a * b

    for operands in ((Value(1.0), 2.0), (Value(1.0),), ()):
        with pytest.raises(
            PrimitiveError, match=r"write @primitive\(partials=...\) before product"
        ):
            product(*operands)


def test_what_detach_returns_is_a_constant():
    """The gradient of a function with it was a Value, as if it could still depend on something."""
    v = Value(3.0, "v")
    detached = v.detach()
    assert detached.is_constant
    assert not detached.parents
    gradient = bp.grad(lambda x: x * x.detach())(3.0)
    assert (gradient, type(gradient)) == (3.0, float)
    (detached * detached).backward()
    assert (detached.grad, v.grad) == (6.0, 0.0)


def test_a_value_is_no_number_of_the_module_numbers():
    assert not isinstance(Value(1.0), numbers.Number)
    assert (Value(2.0) * fractions.Fraction(1, 4)).data == 0.5


MODULES_OF_SYMPY = {
    "numpy": lambda: "numpy",
    "scipy": lambda: "scipy",
    "ours": lambda: [{name: getattr(bp, name) for name in ("sin", "exp", "log", "sqrt")}, "numpy"],
    "the package": lambda: bp,
}


@pytest.mark.parametrize("name", MODULES_OF_SYMPY)
def test_functions_that_sympy_prints_take_values(name):
    sympy = pytest.importorskip("sympy")
    pytest.importorskip("scipy" if name == "scipy" else "numpy")
    s, t = sympy.symbols("s t", positive=True)
    expression = sympy.sin(s) * sympy.exp(t) + sympy.log(s) / sympy.sqrt(t) + sympy.atan2(s, t)
    f = sympy.lambdify((s, t), expression, MODULES_OF_SYMPY[name]())
    at = {s: 2.3, t: 1.7}
    slopes = [float(sympy.diff(expression, x).subs(at)) for x in (s, t)]
    assert bp.grad(lambda p: f(*p))([2.3, 1.7]) == pytest.approx(slopes, rel=1e-13)
    assert f(Value(2.3), Value(1.7)).data == pytest.approx(float(expression.subs(at)), rel=1e-14)
