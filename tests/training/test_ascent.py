"""Gradient ascent: Δw = δ ∂P/∂w, and nothing else."""

import pytest

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.errors import OperandError, SettingError
from autograd_bp.nn import Network, gamma
from autograd_bp.training import GradientAscent


def test_a_step_moves_a_weight_up_its_gradient():
    w = Value(0.5)
    P = bp.performance(3.0, 2.0 * w)  # P = -½ (3 - 2w)², ∂P/∂w = 2 (3 - 2w) = 4
    P.backward()
    GradientAscent([w], rate=0.1).step()
    assert w.data == 0.5 + 0.1 * 4.0
    assert bp.performance(3.0, 2.0 * w).data > P.data


def test_a_step_of_a_network_is_the_one_that_is_derived_by_hand():
    network = Network([3, 4, 2], seed=5)
    x, d, δ = [0.2, -0.4, 0.9], [1.0, 0.0], 0.7

    def weights():
        return [
            [gamma.Weights(n.bias.data, [w.data for w in n.weights]) for n in layer.neurons]
            for layer in network.layers
        ]

    expected = gamma.step(weights(), x, d, δ)
    bp.performance(d, network(x)).backward()
    GradientAscent(network.parameters(), δ).step()
    assert weights() == expected


def test_a_step_leaves_no_gradient_for_the_next():
    w = Value(1.0)
    ascent = GradientAscent([w], 0.5)
    (w * 2.0).backward()
    ascent.step()
    ascent.step()
    assert (w.data, w.grad) == (2.0, 0.0)


def test_gradients_of_several_sweeps_add_up_until_the_step():
    w = Value(0.0)
    ascent = GradientAscent([w], 1.0)
    (w * 2.0).backward(0.5)
    (w * 4.0).backward(0.5)
    ascent.step()
    assert w.data == 3.0


def test_forgotten_gradients_move_nothing():
    w = Value(1.0)
    ascent = GradientAscent([w], 0.5)
    (w * 2.0).backward()
    ascent.zero_grad()
    ascent.step()
    assert w.data == 1.0


def test_a_parameter_listed_twice_is_moved_once():
    w = Value(0.0)
    ascent = GradientAscent([w, w], 1.0)
    (w * 3.0).backward()
    ascent.step()
    assert w.data == 3.0


def test_the_rate_can_be_changed_between_steps():
    w = Value(0.0)
    ascent = GradientAscent([w], 1.0)
    ascent.rate = 0.25
    (w * 2.0).backward()
    ascent.step()
    assert w.data == 0.5


@pytest.mark.parametrize(
    "rate", [0.0, -1.0, float("nan"), float("inf"), True, "0.1", None, 10**400], ids=repr
)
def test_a_rate_that_is_no_number_above_0_is_refused(rate):
    with pytest.raises(SettingError, match="the rate is a number above 0"):
        GradientAscent([Value(1.0)], rate)


def test_nothing_to_move_is_refused():
    with pytest.raises(SettingError, match="no parameters"):
        GradientAscent([], 0.1)


@pytest.mark.parametrize("parameters", [Value(1.0), 3, [0.5], [[Value(1.0)]]], ids=repr)
def test_parameters_that_are_no_list_of_values_are_refused(parameters):
    with pytest.raises(OperandError, match="Value"):
        GradientAscent(parameters, 0.1)
