"""Value: what a node knows, what it accepts, what it refuses and with which words."""

import math
import operator
from decimal import Decimal
from fractions import Fraction

import pytest

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.errors import AutogradError, ConversionError, OperandError

OPERATORS = [operator.add, operator.sub, operator.mul, operator.truediv, operator.pow]


def test_a_leaf_knows_its_number_its_name_and_no_parents():
    v = Value(0.5, "w1")
    assert (v.data, v.grad, v.label, v.op, v.parents, v.partials) == (0.5, 0.0, "w1", None, (), ())
    assert not v.is_constant


@pytest.mark.parametrize("number", [2, 2.0, True, Fraction(2)])
def test_any_real_number_becomes_a_float(number):
    assert type(Value(number).data) is float


def test_an_operation_knows_its_primitive_its_parents_in_order_and_its_partials():
    a, b = Value(6.0), Value(3.0)
    y = a / b
    assert y.data == 2.0
    assert y.op.name == "div"
    assert y.parents == (a, b)
    assert y.partials == (1 / 3, -2 / 3)


def test_parents_keep_their_multiplicity():
    x = Value(3.0)
    for y in (x * x, x + x):
        assert y.parents == (x, x)
    assert bp.sum([x, x, x]).parents == (x, x, x)
    assert (x * x).partials == (3.0, 3.0)


@pytest.mark.parametrize("apply", OPERATORS)
@pytest.mark.parametrize("other", [3, 3.0, True, Fraction(3, 2)])
def test_numbers_work_on_either_side(apply, other):
    v = Value(2.0)
    assert apply(v, other).data == apply(2.0, float(other))
    assert apply(other, v).data == apply(float(other), 2.0)


def test_a_number_is_recorded_as_a_constant_leaf():
    y = 2 * Value(3.0)
    constant, leaf = y.parents
    assert constant.is_constant
    assert constant.data == 2.0
    assert not leaf.is_constant
    assert not y.is_constant


def test_a_constant_exponent_is_held_fixed_and_a_value_is_not():
    x = Value(-2.0)
    assert (x**3).op.name == "power"
    assert (x ** Value(3.0)).op.name == "pow"
    assert (3**x).op.name == "pow"
    assert (x**3).partials == (12.0, 0.0)


def test_unary_operators_record_too():
    v = Value(-2.0)
    assert (-v).data == 2.0
    assert abs(v).data == 2.0
    assert +v is v


def test_builtin_sum_min_max_and_sorted_work():
    a, b = Value(2.0), Value(1.0)
    assert sum([a, b]).data == 3.0
    assert max(a, b) is a
    assert min(a, b) is b
    assert sorted([a, b]) == [b, a]


@pytest.mark.parametrize("apply", OPERATORS)
@pytest.mark.parametrize("other", ["1", b"1", 1j, None, [1.0], {}, Decimal(1), object()])
def test_what_is_no_real_number_is_refused_on_either_side(apply, other):
    with pytest.raises(TypeError):
        apply(Value(2.0), other)
    with pytest.raises(TypeError):
        apply(other, Value(2.0))


@pytest.mark.parametrize("other", ["1", b"1", 1j, None, [1.0], object()])
def test_a_leaf_of_what_is_no_real_number_is_refused_by_name(other):
    with pytest.raises(OperandError, match=f"real number is needed, got {type(other).__name__}"):
        Value(other)


def test_a_value_is_no_number_for_another_leaf():
    with pytest.raises(OperandError, match="got Value"):
        Value(Value(1.0))


def test_data_and_grad_can_be_set_to_real_numbers_only():
    v = Value(1.0)
    v.data, v.grad = 2, Fraction(1, 2)
    assert (v.data, v.grad) == (2.0, 0.5)
    for name in ("data", "grad"):
        with pytest.raises(OperandError):
            setattr(v, name, "3")
    assert (v.data, v.grad) == (2.0, 0.5)


@pytest.mark.parametrize("name", ["op", "parents", "partials", "is_constant"])
def test_how_a_node_was_made_cannot_be_changed(name):
    with pytest.raises(AttributeError):
        setattr(Value(1.0) + 1, name, None)


def test_partials_are_those_of_the_moment_of_recording():
    x = Value(3.0)
    y = x * x
    x.data = 100.0
    y.backward()
    assert x.grad == 6.0


def test_large_integers_work_as_far_as_floats_reach():
    assert (Value(1.0) + 10**300).data == 1e300
    with pytest.raises((OverflowError, AutogradError)):
        Value(1.0) + 10**400


def test_three_argument_pow_is_refused():
    with pytest.raises(TypeError):
        pow(Value(2.0), 3, 5)


# ------------------------------------------------------------- comparison and identity
def test_comparison_orders_by_data():
    a, b = Value(1.0), Value(2.0)
    assert a < b
    assert b > a
    assert a <= Value(1.0)
    assert a >= Value(1.0)
    assert not a < Value(1.0)
    assert a < 1.5 < b
    assert Fraction(1, 2) < a
    assert not a < math.nan


@pytest.mark.parametrize("compare", [operator.lt, operator.le, operator.gt, operator.ge])
def test_ordering_by_text_is_refused(compare):
    with pytest.raises(TypeError):
        compare(Value(1.0), "a")


def test_equality_of_two_values_is_identity():
    a, b = Value(1.0), Value(1.0)
    assert a == a
    assert a != b
    assert b in [a, b]
    assert b not in [a]
    assert len({a, b, a}) == 2


def test_a_node_can_be_a_key_and_its_hash_stays_when_its_data_changes():
    v = Value(1.0)
    names = {v: "v"}
    v.data = 2.0
    assert names[v] == "v"


# ----------------------------------------------------------------------- conversion
@pytest.mark.parametrize(
    ("convert", "way_out"),
    [
        (float, r"value\.data.*autograd_bp\.exp"),
        (int, r"int\(value\.data\)"),
        (complex, r"complex\(value\.data\)"),
        (bool, r"value > 0"),
        (math.exp, r"autograd_bp\.exp\(value\)"),
        (math.sqrt, r"autograd_bp\.exp\(value\)"),
    ],
)
def test_conversion_refuses_and_names_the_way_out(convert, way_out):
    with pytest.raises(ConversionError, match=way_out):
        convert(Value(1.0))


def test_asking_for_truth_refuses_in_every_form():
    v = Value(1.0)
    for ask in (
        lambda: not v,
        lambda: v and 1,
        lambda: v or 1,
        lambda: 1 if v else 2,
        lambda: any([v]),
        lambda: [x for x in [v] if x],
    ):
        with pytest.raises(ConversionError, match="truth of a Value"):
            ask()


def test_a_value_is_no_index_and_no_sequence():
    v = Value(0.0)
    for misuse in (lambda: [1, 2][v], lambda: len(v), lambda: list(v), lambda: v[0], lambda: v()):
        with pytest.raises(TypeError):
            misuse()


# ------------------------------------------------------------------- methods, labels, text
METHODS = [
    name
    for name in bp.functions.__all__
    if isinstance(getattr(bp, name), bp.Primitive) and getattr(bp, name).arity == 1
]


@pytest.mark.parametrize("name", METHODS)
def test_every_function_of_one_number_is_a_method_too(name):
    v = Value(0.5) if name != "acosh" else Value(1.5)
    method, function = getattr(v, name)(), getattr(bp, name)(v)
    assert method.op is function.op
    assert method.data == function.data


def test_a_label_can_be_set_changed_and_taken_away():
    v = Value(1.0, "a")
    v.label = "b"
    assert v.label == "b"
    v.label = ""
    assert v.label == ""
    with pytest.raises(OperandError, match="a label is text, got int 3"):
        v.label = 3
    with pytest.raises(OperandError):
        Value(1.0, 5)


def test_operations_can_have_labels_and_they_die_with_their_nodes():
    y = Value(2.0, "x") * 3
    y.label = "y"
    assert y.label == "y"
    assert y.parents[0].label == "x"
    del y
    assert (Value(2.0) * 3).label == ""


def test_repr_says_number_name_operation_and_gradient():
    w = Value(0.5, "w")
    y = w * 2
    y.backward()
    assert repr(w) == "Value(0.5, 'w', grad=2.0)"
    assert repr(y) == "Value(1.0, op=mul, grad=1.0)"


def test_repr_of_a_deep_graph_is_short():
    y = Value(0.0)
    for _ in range(10_000):
        y = y + 1
    assert repr(y) == "Value(10000.0, op=add, grad=0.0)"
    assert str(y) == repr(y)


def test_detach_gives_a_leaf_where_gradients_end():
    x = Value(3.0)
    y = (x * x).detach() * x
    y.backward()
    assert x.grad == 9.0


def test_a_value_has_no_room_for_misspelt_attributes():
    v = Value(1.0)
    for misspelt in ("gradient", "value", "Data"):
        with pytest.raises(AttributeError):
            setattr(v, misspelt, 1.0)


def test_apply_with_too_few_operands_is_refused():
    with pytest.raises(AutogradError, match="hypot takes 2"):
        bp.hypot(Value(1.0))
