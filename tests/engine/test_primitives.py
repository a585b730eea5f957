"""Every primitive of the table, at its points and at random ones.

A new entry is tested here without a change in this file.
"""

import itertools
import math
import operator

import exact
import primitive_checks
import pytest

from autograd_bp import Value
from autograd_bp.expressions import FUNCTIONS, Expression, walk
from autograd_bp.folds import Fold
from autograd_bp.primitives import Primitive
from autograd_bp.printers.overrides import OVERRIDES

OPS = exact.BUILT_IN
SMOOTH = [op for op in OPS if op.partials is not None]
COMPOSITES = [op for op in SMOOTH if op.definition is not None]
NAN, INF = math.nan, math.inf

# Where IEEE 754, or the meaning of a choice, says that a NaN does not reach the output.
NAN_IS_IGNORED = {
    "pow": [(NAN, 0.0), (1.0, NAN)],
    "power": [(NAN, 0.0), (1.0, NAN)],
    "hypot": [(NAN, INF), (INF, NAN)],
    "norm": [(NAN, INF), (INF, NAN)],
    "where": [(1.0, 2.0, NAN), (0.0, NAN, 3.0), (NAN, 2.0, 3.0)],
    "heaviside": [(2.0, NAN), (-1.0, NAN)],
    "nonzero": [(NAN,)],
    "moves": [(NAN, 0.75), (1.0, NAN)],
    "share_slope": [(NAN, 0.75)],
    "copysign": [(-2.0, NAN), (0.0, NAN), (0.5, NAN), (1.0, NAN), (INF, NAN)],
    "leaky_relu": [(0.5, NAN), (1.0, NAN), (INF, NAN)],
    "decayed": [(NAN, 0.0)],
    "power_slope": [(NAN, 1.0)],
    "power_logarithm": [(1.0, NAN)],
    # How many parts are infinite is asked for an infinite one only.
    "unit": [(INF, NAN, INF), *((x, x, NAN) for x in (-2.0, 0.0, 0.5, 1.0))],
    "exp_left": [(0.5, NAN), (1.0, NAN), (INF, NAN)],
    "elu": [(0.5, NAN), (1.0, NAN), (INF, NAN)],
}

# Limits at infinity, as C's Annex F has them.
AT_INFINITY = {
    "abs": (INF, INF),
    "exp": (0.0, INF),
    "expm1": (-1.0, INF),
    "exp2": (0.0, INF),
    "log": (NAN, INF),
    "log1p": (NAN, INF),
    "log2": (NAN, INF),
    "log10": (NAN, INF),
    "sqrt": (NAN, INF),
    "cbrt": (-INF, INF),
    "sin": (NAN, NAN),
    "cos": (NAN, NAN),
    "tan": (NAN, NAN),
    "asin": (NAN, NAN),
    "acos": (NAN, NAN),
    "atan": (-math.pi / 2, math.pi / 2),
    "sinh": (-INF, INF),
    "cosh": (INF, INF),
    "tanh": (-1.0, 1.0),
    "asinh": (-INF, INF),
    "acosh": (NAN, INF),
    "atanh": (NAN, NAN),
    "erf": (-1.0, 1.0),
    "erfc": (2.0, 0.0),
    "sigmoid": (0.0, 1.0),
    "log_sigmoid": (-INF, 0.0),
    "softplus": (0.0, INF),
    "relu": (0.0, INF),
    "threshold": (0.0, 1.0),
    "sign": (-1.0, 1.0),
    "floor": (-INF, INF),
    "nonzero": (1.0, 1.0),
    "neg": (INF, -INF),
}


def same(a: float, b: float) -> bool:
    return a == b or (a != a and b != b)


def everyone(ops: list[Primitive]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("op", ops, ids=[op.name for op in ops])


def moderate(op: Primitive) -> list[tuple[float, ...]]:
    """Points where a composition of simpler primitives neither overflows nor cancels."""
    inside = [p for p in primitive_checks.points(op) if p and all(1e-3 < abs(x) < 15.0 for x in p)]
    return [p for p in inside if exact.value(op, p) is not None]


@everyone(OPS)
def test_the_output_is_right_to_a_few_units_in_the_last_place(op):
    for point in primitive_checks.points(op):
        primitive_checks.check_forward(op, point)


@everyone(SMOOTH)
def test_the_partials_are_those_of_the_exact_function(op):
    checked = sum(
        primitive_checks.check_partials(op, point) for point in primitive_checks.points(op)
    )
    assert checked > 0


@everyone(SMOOTH)
def test_the_partials_are_those_of_central_differences(op):
    checked = sum(primitive_checks.check_differences(op, point) for point in moderate(op))
    assert checked > 0


@everyone(SMOOTH)
def test_the_recorded_partials_give_the_second_derivatives(op):
    # Where an input is 0 a rule often has a guard, which must not cut what depends on the input.
    points = primitive_checks.points(op)
    guarded = [p for p in points if 0.0 in p and any(1e-3 < abs(x) < 15.0 for x in p)]
    checked = sum(primitive_checks.check_second(op, p) for p in [*moderate(op)[:8], *guarded])
    assert checked > 0


@everyone(OPS)
def test_a_primitive_never_raises_and_gives_a_float_for_any_floats(op):
    odd = [0.0, -0.0, 1.0, -1.0, 0.5, -2.5, 5e-324, -5e-324, 1e308, -1e308, INF, -INF, NAN]
    width = op.arity if op.arity is not None else 4
    for left in odd:
        for right in odd:
            inputs = (left, right, left, right)[:width]
            y = op.forward(*inputs)
            assert type(y) is float
            if op.partials is not None:
                partials = op.partials(*inputs, y=y)
                assert [type(partial) for partial in partials] == [float] * width


# What is 1 or 0, as Python's answer: NaN is unequal to everything, and true.
TRUTHS = {
    "less": operator.lt,
    "less_equal": operator.le,
    "greater": operator.gt,
    "greater_equal": operator.ge,
    "equal": operator.eq,
    "not_equal": operator.ne,
    "logical_and": lambda a, b: bool(a and b),
    "logical_or": lambda a, b: bool(a or b),
    "logical_not": operator.not_,
    "any": lambda *x: any(x),
    "all": lambda *x: all(x),
}


@pytest.mark.parametrize("name", TRUTHS)
def test_comparisons_and_logic_give_pythons_answer(name):
    op = Primitive.named(name)
    numbers = (-2.0, -0.0, 0.0, 0.5, INF, -INF, NAN)
    for inputs in itertools.product(numbers, repeat=op.arity or 3):
        assert op.forward(*inputs) == float(TRUTHS[name](*inputs)), inputs


@everyone(OPS)
def test_nan_in_is_nan_out_save_where_it_is_not_used(op):
    width = op.arity if op.arity is not None else 2
    for i in range(width):
        for other in (-2.0, 0.0, 0.5, 1.0, INF):
            inputs = [other] * width
            inputs[i] = NAN
            if any(all(map(same, inputs, case)) for case in NAN_IS_IGNORED.get(op.name, [])):
                continue
            if (
                op.name in ("where", "moves", "share_slope", "unless_stopped")
                or op.name in TRUTHS
                or (op.name == "heaviside" and i == 1 and other != 0.0)
            ):
                continue
            assert math.isnan(op.forward(*inputs)), inputs


@pytest.mark.parametrize("name", NAN_IS_IGNORED)
def test_the_exceptions_to_nan_in_nan_out_are_those_listed(name):
    for inputs in NAN_IS_IGNORED[name]:
        assert not math.isnan(Primitive.named(name).forward(*inputs)), inputs


@everyone([op for op in OPS if op.arity == 1])
def test_infinity_gives_the_limit(op):
    for sign, expected in zip((-1.0, 1.0), AT_INFINITY.get(op.name, (None, None)), strict=True):
        y = op.forward(sign * INF)
        if expected is None:  # a primitive that is not in the list above: at least no surprise
            far = op.forward(sign * 1.7e308)
            assert not math.isfinite(y) or y == pytest.approx(far, rel=1e-9, abs=1e-9)
        else:
            assert same(y, expected)


@everyone([op for op in OPS if op.arity == 1 and op.domain != ((-INF, INF),)])
def test_outside_its_domain_a_primitive_is_nan(op):
    """Of one input here; test_outside_domains.py asks every entry, on all targets."""
    ((low, high),) = op.domain
    for step in (1e-15, 0.5, 1e300):
        if op.name == "entr":  # a concave function, which is -inf outside as SciPy has it
            assert op.forward(-step) == -INF
            continue
        if math.isfinite(low):
            assert math.isnan(op.forward(low - step - step * abs(low)))
        if math.isfinite(high):
            assert math.isnan(op.forward(high + step + step * abs(high)))


@everyone(COMPOSITES)
def test_a_composite_is_its_definition(op):
    for point in moderate(op):
        assert op(*point) == pytest.approx(float(op.definition(*point)), rel=1e-11, abs=1e-14)


@everyone(COMPOSITES)
def test_a_composite_has_the_derivatives_of_its_definition(op):
    for point in moderate(op):
        direct, composed = [Value(x) for x in point], [Value(x) for x in point]
        op(*direct).backward()
        op.definition(*composed).backward()
        for a, b in zip(direct, composed, strict=True):
            assert a.grad == pytest.approx(b.grad, rel=1e-9, abs=1e-12)


@everyone(SMOOTH)
def test_recording_gives_the_numbers_that_floats_give(op):
    for point in primitive_checks.points(op):
        if not point:
            continue
        y = op.forward(*point)
        node = op(*map(Value, point))
        assert same(node.data, y)
        assert all(map(same, node.partials, map(float, op.partials(*point, y=y))))
        assert [parent.data for parent in node.parents] == list(point)
        assert node.op is op


@everyone(SMOOTH)
def test_the_rule_gives_the_same_numbers_on_values(op):
    for point in primitive_checks.points(op):
        on_floats = op.partials(*point, y=op.forward(*point))
        inputs = [Value(x) for x in point]
        output = op(*inputs) if inputs else op.forward()
        for a, b in zip(on_floats, op.partials(*inputs, y=output), strict=True):
            assert same(a, b.data if isinstance(b, Value) else float(b))


@everyone([op for op in OPS if op.arity is not None])
def test_arrays_are_taken_element_by_element(op):
    np = pytest.importorskip("numpy")
    points = primitive_checks.points(op)
    columns = [np.array(column) for column in zip(*points, strict=True)]
    ys = op(*columns)
    for y, point in zip(ys, points, strict=True):
        assert_near(y, op.forward(*point), exactly=not calls_numpy(op))
    if op.partials is None:
        return
    with np.errstate(all="ignore"):
        partials = op.partials(*columns, y=ys)
    for i, partial in enumerate(partials):
        for measured, y, point in zip(np.broadcast_to(partial, ys.shape), ys, points, strict=True):
            assert_near(measured, float(op.partials(*point, y=float(y))[i]), exactly=False)


@everyone([op for op in SMOOTH if op.arity is None])
def test_primitives_of_any_number_of_inputs_take_arrays_too(op):
    np = pytest.importorskip("numpy")
    columns = [np.array([1.0, -2.0]), np.array([0.5, 3.0])]
    for k, y in enumerate(op(*columns)):
        assert_near(y, op.forward(*(column[k] for column in columns)), exactly=not calls_numpy(op))


def calls_numpy(op: Primitive) -> bool:
    """Whether NumPy rounds otherwise: it, or a function that it calls, is NumPy's own."""
    tree = op.expression
    roots = [tree] if isinstance(tree, Expression) else [tree.finish]
    if isinstance(tree, Fold):
        roots += [step for stage in tree.stages for step in stage.steps]
    called = {node.head for node in walk(*roots)} & FUNCTIONS
    others = op.numpy is not None or ("python", op.name) in OVERRIDES
    return others or not called <= {"fabs", "floor", "copysign", "sqrt"}


def assert_near(measured: float, expected: float, exactly: bool) -> None:
    """NumPy has its own exp and sin: they may differ from the C library's in the last digits."""
    if same(measured, expected):
        return
    assert not exactly
    assert abs(measured - expected) <= 16 * math.ulp(expected) + 2**-52 * (abs(expected) < 1e-3)


@everyone(OPS)
def test_a_primitive_takes_integers_and_fractions_as_numbers(op):
    from fractions import Fraction

    width = op.arity if op.arity is not None else 2
    assert same(op(*[1] * width), op.forward(*[1.0] * width))
    assert same(op(*[Fraction(1, 2)] * width), op.forward(*[0.5] * width))
