"""The conventions at kinks and edges: what docs/kinks.md promises, number by number."""

import math

import exact
import pytest

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.errors import NotDifferentiableError
from autograd_bp.primitives import Primitive

INF, NAN = math.inf, math.nan

# What stands in the column `kinks`: the inputs, and the partials they give.
POLICY = {
    "pow": [
        ((0.0, 0.0), (0.0, 0.0)),
        ((2.0, 0.0), (0.0, math.log(2.0))),
        ((0.0, 1.0), (1.0, 0.0)),
        ((0.0, 2.0), (0.0, 0.0)),
        ((0.0, 0.5), (INF, 0.0)),
        ((-2.0, 3.0), (12.0, NAN)),
        ((0.0, -1.0), (-INF, -INF)),
        ((-2.0, 0.5), (NAN, NAN)),
    ],
    "power": [
        ((0.0, 0.0), (0.0, 0.0)),
        ((0.0, 1.0), (1.0, 0.0)),
        ((-2.0, 3.0), (12.0, 0.0)),
        ((0.0, 0.5), (INF, 0.0)),
        ((-2.0, 2.0), (-4.0, 0.0)),
        ((-2.0, 0.5), (NAN, 0.0)),
    ],
    "abs": [((0.0,), (0.0,)), ((-0.0,), (0.0,)), ((5e-324,), (1.0,)), ((-5e-324,), (-1.0,))],
    "sqrt": [((0.0,), (INF,)), ((5e-324,), (0.5 / math.sqrt(5e-324),))],
    "cbrt": [((0.0,), (INF,)), ((-0.0,), (INF,))],
    "atan2": [((0.0, 0.0), (NAN, NAN)), ((INF, 1.0), (0.0, 0.0)), ((1.0, -INF), (0.0, 0.0))],
    "hypot": [((0.0, 0.0), (0.0, 0.0)), ((0.0, -2.0), (0.0, -1.0))],
    "norm": [
        ((0.0, 0.0, 0.0), (0.0, 0.0, 0.0)),
        ((0.0, -2.0), (0.0, -1.0)),
        ((0.0,), (0.0,)),
        ((INF, 1.0), (1.0, 0.0)),
        ((INF, NAN), (NAN, NAN)),
        ((INF, -INF, 2.0, INF, INF), (0.5, -0.5, 0.0, 0.5, 0.5)),
    ],
    "relu": [((0.0,), (0.0,)), ((-0.0,), (0.0,)), ((5e-324,), (1.0,)), ((-5e-324,), (0.0,))],
    "maximum": [
        ((2.0, 2.0), (0.5, 0.5)),
        ((0.0, -0.0), (0.5, 0.5)),
        ((INF, INF), (0.5, 0.5)),
        ((1.0, math.nextafter(1.0, 2.0)), (0.0, 1.0)),
    ],
    "minimum": [
        ((2.0, 2.0), (0.5, 0.5)),
        ((-INF, -INF), (0.5, 0.5)),
        ((1.0, math.nextafter(1.0, 2.0)), (1.0, 0.0)),
    ],
    "where": [
        ((1.0, 2.0, NAN), (0.0, 1.0, 0.0)),
        ((0.0, INF, 3.0), (0.0, 0.0, 1.0)),
        ((-0.0, 2.0, 3.0), (0.0, 0.0, 1.0)),
        ((NAN, 2.0, 3.0), (0.0, 1.0, 0.0)),
    ],
    "sign": [((0.0,), (0.0,)), ((3.0,), (0.0,))],
    "floor": [((2.0,), (0.0,)), ((-0.0,), (0.0,))],
    "heaviside": [((0.0, 0.5), (0.0, 1.0)), ((2.0, 0.5), (0.0, 0.0))],
    "compare": [((1.0, 1.0), (0.0, 0.0)), ((1.0, 2.0), (0.0, 0.0))],
    "nonzero": [((0.0,), (0.0,)), ((2.0,), (0.0,))],
    "moves": [((1.0, 0.75), (0.0, 0.0)), ((0.5, 0.75), (0.0, 0.0))],
    "share": [((1.0, 0.75), (0.0, 1.0)), ((1.0, 0.5), (0.5, 1.0)), ((0.0, 0.5), (0.5, 0.0))],
    "share_slope": [((1.0, 0.75), (0.0, 0.0)), ((1.0, 0.5), (0.0, 1.0))],
    "other_shares": [((1.0, 0.25), (-0.0, 0.6400000000000001)), ((1.0, 1.0), (-0.5, 0.25))],
    "log_share": [((0.0, 0.25), (0.0, -0.8)), ((0.0, 1.0), (1.0, -0.5))],
    "largest": [
        ((2.0, 2.0, 1.0), (1.0, 1.0, 0.0)),
        ((1.0, 3.0), (0.0, 1.0)),
        ((INF, 1.0), (1.0, 0.0)),
    ],
    "highest": [
        ((2.0, 2.0, 1.0, 2.0, 2.0), (0.25, 0.25, 0.0, 0.25, 0.25)),
        ((0.0, -0.0, -1.0), (0.5, 0.5, 0.0)),
        ((INF, 1.0, INF), (0.5, 0.0, 0.5)),
        ((-INF, -INF), (0.5, 0.5)),
        ((1.0, NAN, 2.0), (NAN, NAN, NAN)),
    ],
    "lowest": [
        ((2.0, 1.0, 1.0, 1.0, 1.0), (0.0, 0.25, 0.25, 0.25, 0.25)),
        ((0.0, -0.0, 1.0), (0.5, 0.5, 0.0)),
        ((-INF, 1.0, -INF), (0.5, 0.0, 0.5)),
        ((1.0, NAN, 2.0), (NAN, NAN, NAN)),
    ],
    "rest": [((1.0, 0.0), (0.0, 1.0)), ((1.0, 1.0), (1.0, 1.0)), ((1.0,), (0.0,))],
    "cross_entropy": [((0.0, 1.0, -INF, 2.0), (INF, 0.0, 0.0, -0.0))],
    **{
        name: [((1.0, 1.0), (0.0, 0.0)), ((0.0, 2.0), (0.0, 0.0)), ((INF, NAN), (0.0, 0.0))]
        for name in (
            *("less", "less_equal", "greater", "greater_equal", "equal", "not_equal"),
            *("logical_and", "logical_or", "any", "all"),
        )
    },
    "logical_not": [((0.0,), (0.0,)), ((NAN,), (0.0,))],
    "ceil": [((2.0,), (0.0,)), ((-0.0,), (0.0,))],
    "trunc": [((2.0,), (0.0,)), ((0.0,), (0.0,))],
    "round": [((0.5,), (0.0,)), ((2.0,), (0.0,))],
    "round_to": [
        ((0.125, 100.0, 1.0), (0.0, 0.0, 0.0)),
        ((250.0, 1.0, 100.0), (0.0, 0.0, 0.0)),
        ((1e300, 1e10, 1.0), (0.0, 0.0, 0.0)),
    ],
    "floor_divide": [((6.0, 3.0), (0.0, 0.0)), ((1.0, 0.0), (0.0, 0.0))],
    "remainder": [
        ((6.0, 3.0), (1.0, -2.0)),
        ((-6.0, 3.0), (1.0, 2.0)),
        ((0.0, 3.0), (1.0, -0.0)),
        ((5.0, -INF), (1.0, 1.0)),
        ((1.0, 0.0), (1.0, -INF)),
    ],
    "fmod": [
        ((6.0, 3.0), (1.0, -2.0)),
        ((-6.0, 3.0), (1.0, 2.0)),
        ((1.0, 0.1), (1.0, -9.0)),
        ((5.0, -INF), (1.0, 0.0)),
    ],
    "decayed": [((INF, 0.0), (0.0, 0.0)), ((3.0, 0.0), (0.0, 0.0)), ((0.0, 3.0), (3.0, 0.0))],
    "unless_stopped": [
        ((INF, 0.0), (0.0, 0.0)),
        ((INF, 2.0), (1.0, 0.0)),
        ((3.0, 0.0), (1.0, 0.0)),
        ((0.0, 0.0), (1.0, 0.0)),
    ],
    "unit": [
        ((0.0, 0.0, 0.0), (INF, NAN, 0.0)),
        ((INF, INF, 1.0), (0.0, -0.0, 0.0)),
        ((-INF, INF, 2.0), (0.0, 0.0, 0.0)),
    ],
    "infinities": [((INF, 1.0, -INF), (0.0, 0.0, 0.0))],
    "power_logarithm": [((0.0, 2.0), (0.0, 0.0)), ((0.0, -1.0), (INF, INF))],
    "power_slope": [((0.0, 0.0), (0.0, 0.0)), ((0.0, 2.0), (2.0, 0.0))],
    "exp_left": [((0.0, 0.5), (0.5, 1.0)), ((5e-324, 0.5), (0.0, 0.0))],
    "copysign": [
        ((0.0, 2.0), (0.0, 0.0)),
        ((2.0, -0.0), (-1.0, 0.0)),
        ((-2.0, 0.0), (-1.0, 0.0)),
        ((-2.0, -3.0), (1.0, 0.0)),
    ],
    "xlogy": [
        ((0.0, 0.0), (-INF, 0.0)),
        ((0.0, 2.0), (math.log(2.0), 0.0)),
        ((2.0, 0.0), (-INF, INF)),
    ],
    "xlog1py": [((0.0, -1.0), (-INF, 0.0)), ((0.0, 1.0), (math.log(2.0), 0.0))],
    "entr": [((0.0,), (INF,)), ((1.0,), (-1.0,))],
    "leaky_relu": [
        ((0.0, 0.25), (0.25, 0.0)),
        ((5e-324, 0.25), (1.0, 0.0)),
        ((-2.0, 0.5), (0.5, -2.0)),
    ],
    "elu": [((0.0, 0.25), (0.25, 0.0)), ((5e-324, 0.25), (1.0, 0.0)), ((-INF, 0.5), (0.0, -1.0))],
    "clip": [
        ((0.0, 0.0, 1.0), (0.5, 0.5, 0.0)),
        ((1.0, 0.0, 1.0), (0.5, 0.0, 0.5)),
        ((1.0, 1.0, 1.0), (0.25, 0.25, 0.5)),
        ((0.0, 3.0, 2.0), (0.0, 0.0, 1.0)),
    ],
}

CASES = [(name, *case) for name, cases in POLICY.items() for case in cases]


def same(a: float, b: float) -> bool:
    return a == b or (a != a and b != b)


@pytest.mark.parametrize(("name", "inputs", "expected"), CASES)
def test_the_partials_at_kinks_are_those_of_the_policy(name, inputs, expected):
    op = Primitive.named(name)
    on_floats = op.partials(*inputs, y=op.forward(*inputs))
    recorded = op(*map(Value, inputs)).partials
    assert all(map(same, on_floats, expected)), on_floats
    assert all(map(same, recorded, expected)), recorded


VALUES_AT_LIMITS = [
    ("unit", (INF, INF, 1.0), 1.0),
    ("unit", (-INF, INF, 4.0), -0.5),
    ("infinities", (INF, 1.0, -INF), 2.0),
    ("infinities", (INF, NAN), NAN),
    ("power_logarithm", (0.0, 0.5), 0.0),
    ("power_logarithm", (0.0, -1.0), -INF),
    ("power_logarithm", (0.0, NAN), NAN),
]


@pytest.mark.parametrize(("name", "inputs", "expected"), VALUES_AT_LIMITS)
def test_values_at_limits(name, inputs, expected):
    op = Primitive.named(name)
    assert same(op.forward(*inputs), expected)
    assert same(op(*map(Value, inputs)).data, expected)


@pytest.mark.parametrize("name", ["power_slope", "power_logarithm"])
def test_parts_of_powers_take_any_exponent_of_a_base_that_is_not_negative(name):
    base, exponent = Primitive.named(name).domain
    assert base == (0.0, INF)
    assert exponent == (-INF, INF)


@pytest.mark.parametrize("name", ["unit"])
def test_a_part_has_a_length_that_is_not_negative(name):
    part, length, infinite = Primitive.named(name).domain
    assert part == (-INF, INF)
    assert length == infinite == (0.0, INF)


@pytest.mark.parametrize("name", ["exp_left"])
def test_the_left_of_an_exponential_ends_at_0_by_its_definition_too(name):
    definition = Primitive.named(name).definition
    assert definition(Value(0.5), 2.0).data == 0.0
    assert definition(Value(-0.5), 2.0).data == 2.0 * math.exp(-0.5)


def test_every_primitive_that_states_a_kink_has_its_policy_tested():
    stated = {op.name for op in exact.BUILT_IN if op.kinks}
    assert stated == {*POLICY, "threshold"}


POWERS = [  # IEEE 754-2019, 9.2.1
    (0.0, 0.0, 1.0),
    (-0.0, 0.0, 1.0),
    (INF, 0.0, 1.0),
    (NAN, 0.0, 1.0),
    (1.0, NAN, 1.0),
    (1.0, INF, 1.0),
    (-1.0, INF, 1.0),
    (-1.0, -INF, 1.0),
    (0.0, -1.0, INF),
    (-0.0, -1.0, -INF),
    (-0.0, -2.0, INF),
    (-0.0, 3.0, -0.0),
    (0.0, -INF, INF),
    (-2.0, 0.5, NAN),
    (-8.0, 3.0, -512.0),
    (0.5, INF, 0.0),
    (0.5, -INF, INF),
    (2.0, INF, INF),
    (2.0, -INF, 0.0),
    (-INF, 3.0, -INF),
    (-INF, 2.0, INF),
    (-INF, -3.0, -0.0),
    (INF, -1.0, 0.0),
    (10.0, 400.0, INF),
    (-10.0, 401.0, -INF),
    (-10.0, 400.0, INF),
    (10.0, -400.0, 0.0),
]


@pytest.mark.parametrize(("base", "exponent", "expected"), POWERS)
def test_powers_are_those_of_ieee_754(base, exponent, expected):
    for name in ("pow", "power"):
        y = Primitive.named(name).forward(base, exponent)
        assert same(y, expected)
        assert math.copysign(1.0, y) == math.copysign(1.0, expected) or math.isnan(expected)


@pytest.mark.parametrize("exponent", [2, 3, -1, -2])
def test_a_negative_base_has_all_its_derivatives_when_the_exponent_is_a_number(exponent):
    x = Value(-1.5)
    (x**exponent).backward()
    assert x.grad == pytest.approx(exponent * (-1.5) ** (exponent - 1), rel=1e-15)


def test_saturated_sigmoids_are_exact():
    x = Value(-1000.0)
    y = bp.sigmoid(x)
    y.backward()
    assert (y.data, x.grad) == (0.0, 0.0)
    assert bp.sigmoid(1000.0) == 1.0
    assert bp.sigmoid(-745.0) == pytest.approx(math.exp(-745.0))


def test_softplus_of_a_large_number_is_that_number():
    assert bp.softplus(1000.0) == 1000.0
    assert bp.softplus(-1000.0) == 0.0
    assert bp.log_sigmoid(-1000.0) == -1000.0


def test_log1p_and_expm1_keep_small_numbers():
    for x in (1e-20, -1e-20, 5e-324):
        assert bp.log1p(x) == x
        assert bp.expm1(x) == x


def test_large_legs_do_not_overflow_a_hypotenuse_or_an_angle():
    a, b = Value(1e200), Value(1e200)
    bp.hypot(a, b).backward()
    assert a.grad == b.grad == pytest.approx(math.sqrt(0.5))
    a, b = Value(1e200), Value(1e200)
    bp.atan2(a, b).backward()
    assert (a.grad, b.grad) == (pytest.approx(5e-201), pytest.approx(-5e-201))


def test_logsumexp_neither_overflows_nor_vanishes():
    assert bp.logsumexp([1000.0, 1000.0]) == 1000.0 + math.log(2.0)
    assert bp.logsumexp([-1000.0, -1000.0]) == -1000.0 + math.log(2.0)
    assert bp.logsumexp([0.0, -50.0]) == math.log1p(math.exp(-50.0))
    assert bp.logsumexp([-INF, 2.0]) == 2.0


@pytest.mark.parametrize("poison", [NAN, INF, -INF])
def test_where_lets_nothing_leak_from_the_branch_that_is_not_taken(poison):
    taken, other = Value(2.0), Value(poison)
    y = bp.where(True, taken * 3, bp.log(other) * poison)
    y.backward()
    assert (y.data, taken.grad, other.grad) == (6.0, 3.0, 0.0)


@pytest.mark.parametrize("seed", [INF, -INF, NAN])
def test_not_even_an_infinite_adjoint_passes_a_closed_gate(seed):
    taken, other = Value(2.0), Value(3.0)
    bp.where(0.0, other, taken).backward(seed)
    assert same(taken.grad, seed)
    assert other.grad == 0.0
    x = Value(-1.0)
    bp.relu(x).backward(seed)
    assert x.grad == 0.0


def test_the_square_root_behind_where_is_safe_at_zero():
    x = Value(0.0)
    bp.where(x > 0, bp.sqrt(x), 0.0 * x).backward()
    assert x.grad == 0.0


def test_an_exact_zero_adjoint_stops_before_an_infinite_partial():
    x = Value(0.0)
    (bp.sqrt(x) * 0.0).backward()
    assert x.grad == 0.0


def test_a_condition_gets_no_gradient():
    condition, a, b = Value(1.0), Value(2.0), Value(3.0)
    bp.where(condition, a, b).backward()
    assert (condition.grad, a.grad, b.grad) == (0.0, 1.0, 0.0)


def test_threshold_refuses_a_sweep_says_why_and_names_the_way_out():
    x = Value(0.3)
    y = bp.threshold(x)
    assert y.data == 1.0
    with pytest.raises(NotDifferentiableError, match=r"threshold.*derivative is 0.*use sigmoid"):
        y.backward()


def test_a_refused_sweep_leaves_the_gradients_of_leaves_untouched():
    w, x = Value(2.0), Value(0.5)
    (w * x).backward()
    output = bp.threshold(w * x) * w
    for accumulate in (True, False):
        with pytest.raises(NotDifferentiableError):
            output.backward(accumulate=accumulate)
        assert (w.grad, x.grad) == (0.5, 2.0)
    (w * x).backward()
    assert (w.grad, x.grad) == (1.0, 4.0)


def test_a_threshold_that_no_gradient_reaches_refuses_nothing():
    w = Value(2.0)
    bp.where(True, w * 3, bp.threshold(w)).backward()
    assert w.grad == 3.0


@pytest.mark.parametrize(("x", "y"), [(-1.0, 0.0), (-5e-324, 0.0), (-0.0, 1.0), (0.0, 1.0)])
def test_the_step_is_one_from_zero_on(x, y):
    assert bp.threshold(x) == y


def test_ties_between_shared_operands_add_up_to_the_whole():
    x = Value(2.0)
    bp.maximum(x, x).backward()
    assert x.grad == 1.0
    x.zero_grad()
    bp.minimum(x, x).backward()
    assert x.grad == 1.0


@pytest.mark.parametrize(
    ("name", "inputs", "y"),
    [("unless_stopped", (INF, 0.0), 0.0), ("unless_stopped", (-INF, 0.0), 0.0)],
)
def test_the_value_where_a_factor_is_stopped(name, inputs, y):
    assert Primitive.named(name).forward(*inputs) == y
