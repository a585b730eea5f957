"""The reverse sweep: what gradients become, and when."""

import math

import pytest

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.errors import OperandError


def test_the_expression_of_micrograds_readme():
    """Numbers printed in the README of micrograd (github.com/karpathy/micrograd), there
    rounded to four digits: 24.7041, 138.8338, 645.5773."""
    a, b = Value(-4.0), Value(2.0)
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    g.backward()
    assert g.data == pytest.approx(24.704081632653061, rel=1e-15)
    assert a.grad == pytest.approx(138.83381924198251, rel=1e-15)
    assert b.grad == pytest.approx(645.57725947521866, rel=1e-15)


def test_sums_of_a_node_with_itself_count_twice():
    a = Value(3.0)
    b = a + a
    c = b + b
    c.backward()
    assert (a.grad, b.grad, c.grad) == (4.0, 2.0, 1.0)


def test_a_square_gets_both_halves_of_its_gradient():
    x = Value(3.0)
    (x * x).backward()
    assert x.grad == 6.0


def test_the_gradients_of_a_diamond_meet_at_its_start():
    x = Value(0.5)
    left, right = bp.sin(x), bp.exp(x)
    (left * right).backward()
    assert x.grad == pytest.approx(math.exp(0.5) * (math.sin(0.5) + math.cos(0.5)))
    assert left.grad == right.data
    assert right.grad == left.data


def test_a_node_is_complete_before_it_is_passed_on_whatever_the_order_of_its_consumers():
    for swapped in (False, True):
        x = Value(2.0)
        near = x * 3
        far = bp.exp(near * 0.1) * near
        y = far + near if swapped else near + far
        y.backward()
        u = 6.0
        assert near.grad == pytest.approx(1 + math.exp(0.6) * (1 + 0.1 * u))
        assert x.grad == pytest.approx(3 * near.grad)


def test_leaves_accumulate_exactly_and_other_nodes_hold_the_latest_sweep():
    x = Value(0.3)
    y = bp.sin(x)
    z = y * y
    z.backward()
    once, between = x.grad, y.grad
    z.backward()
    assert x.grad == 2 * once
    assert (y.grad, z.grad) == (between, 1.0)
    z.backward()
    assert x.grad == 3 * once


def test_without_accumulation_leaves_are_overwritten():
    x = Value(3.0)
    y = x * x
    y.backward()
    y.backward(accumulate=False)
    assert x.grad == 6.0


def test_leaves_accumulate_over_several_outputs():
    x = Value(3.0)
    (x * 2).backward()
    (x * 5).backward()
    assert x.grad == 7.0


def test_a_sweep_touches_only_what_its_output_depends_on():
    x, other = Value(3.0), Value(4.0)
    y = x * 2
    z = y * other
    z.backward()
    y.backward()
    assert (z.grad, other.grad, y.grad) == (1.0, 6.0, 1.0)
    assert x.grad == 8.0 + 2.0


def test_an_output_that_is_itself_a_leaf_gets_the_seed_and_accumulates():
    x = Value(3.0)
    x.backward()
    assert x.grad == 1.0
    x.backward(2.5)
    assert x.grad == 3.5
    x.backward(accumulate=False)
    assert x.grad == 1.0


@pytest.mark.parametrize("seed", [0.5, -2, 0.0, math.inf])
def test_the_seed_scales_the_gradient(seed):
    x = Value(3.0)
    y = x * 4
    y.backward(seed)
    assert x.grad == 4 * seed
    assert y.grad == seed


def test_a_zero_seed_gives_zero_even_where_a_partial_is_infinite():
    x = Value(0.0)
    bp.sqrt(x).backward(0.0)
    assert x.grad == 0.0


def test_a_nan_seed_is_passed_on():
    x = Value(3.0)
    (x * 4).backward(math.nan)
    assert math.isnan(x.grad)


@pytest.mark.parametrize("seed", ["1", None, 1j])
def test_a_seed_that_is_no_number_is_refused_and_nothing_changes(seed):
    x = Value(3.0)
    y = x * 4
    y.backward()
    with pytest.raises(OperandError):
        y.backward(seed)
    assert (x.grad, y.grad) == (4.0, 1.0)


def test_zero_grad_of_a_node_and_of_a_graph():
    from autograd_bp import graph

    x = Value(3.0)
    y = x * 4
    y.backward()
    x.zero_grad()
    assert (x.grad, y.grad) == (0.0, 1.0)
    y.backward()
    graph.zero_grad(y)
    assert (x.grad, y.grad) == (0.0, 0.0)


def test_constants_get_gradients_too_and_harm_nobody():
    x = Value(3.0)
    y = x * 4
    y.backward()
    assert y.parents[1].grad == 3.0


def test_an_old_gradient_of_an_inner_node_does_not_leak_into_the_next_sweep():
    x = Value(3.0)
    y = x * 2
    y.grad = 100.0
    (y * y).backward()
    assert y.grad == 12.0
    assert x.grad == 24.0


def test_a_gradient_that_the_user_set_on_a_leaf_is_added_to():
    x = Value(3.0)
    x.grad = 10.0
    (x * 2).backward()
    assert x.grad == 12.0


def test_n_ary_nodes_pass_gradients_to_each_operand_in_order():
    a, b, c, d = (Value(v) for v in (1.0, 2.0, 3.0, 4.0))
    y = bp.dot([a, b], [c, d], bias=a)
    y.backward()
    assert y.data == 12.0
    assert [v.grad for v in (a, b, c, d)] == [4.0, 4.0, 1.0, 2.0]


def test_infinite_gradients_stay_infinite_and_signed():
    x = Value(0.0)
    (-bp.sqrt(x)).backward()
    assert x.grad == -math.inf


def test_backward_of_a_number_says_where_a_sweep_starts():
    from autograd_bp.backprop import backward

    with pytest.raises(OperandError, match=r"starts at a Value, got float 2\.0"):
        backward(2.0)


def test_the_gradient_of_performance_is_desired_minus_output():
    z = [Value(0.75), Value(0.25)]
    P = bp.performance([1.0, 0.0], z)
    P.backward()
    assert P.data == -0.0625
    assert [v.grad for v in z] == [0.25, -0.25]
