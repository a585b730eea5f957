"""The hand-derived formulas on their own, before anything is compared with them."""

import ast
import inspect
import math

import pytest

from autograd_bp.nn import gamma
from autograd_bp.nn.gamma import Weights

LAYERS = [
    [Weights(0.3, [0.5, -1.5]), Weights(-0.2, [2.0, 0.25]), Weights(0.9, [-0.7, 0.1])],
    [Weights(-0.4, [1.1, -0.6, 0.8]), Weights(0.7, [-1.3, 0.4, 0.2])],
    [Weights(0.1, [0.9, -2.1]), Weights(0.0, [1.4, 0.3])],
]
X, D = [0.6, -1.2], [0.0, 1.0]


def replaced(layers, place, weight, number):
    """The same layers with one number changed; weight 0 is the bias."""
    layers = [[Weights(w.bias, list(w.inputs)) for w in layer] for layer in layers]
    layer, neuron = place
    old = layers[layer][neuron]
    if weight == 0:
        layers[layer][neuron] = Weights(number, old.inputs)
    else:
        old.inputs[weight - 1] = number
    return layers


def test_the_module_imports_nothing_of_the_engine():
    imported = set()
    for node in ast.walk(ast.parse(inspect.getsource(gamma))):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add("." * node.level + (node.module or ""))
    assert imported == {"__future__", "collections.abc", "math", "typing"}


def test_no_name_of_the_module_reaches_the_engine_another_way():
    calls = {n.id for n in ast.walk(ast.parse(inspect.getsource(gamma))) if type(n) is ast.Name}
    assert not calls & {"__import__", "importlib", "eval", "exec", "globals", "sys"}


def test_the_output_of_one_neuron_is_the_sigmoid_of_its_stimulus():
    (_, [y]) = gamma.outputs([[Weights(1.0, [2.0, 3.0])]], [0.5, -1.0])
    assert y == pytest.approx(1.0 / (1.0 + math.exp(-(-1.0 + 1.0 - 3.0))), rel=1e-15)


@pytest.mark.parametrize(("α", "expected"), [(-1000.0, 0.0), (1000.0, 1.0), (0.0, 0.5)])
def test_the_sigmoid_is_safe_at_both_ends(α, expected):
    assert gamma.sigmoid(α) == expected


def test_γ_of_an_output_neuron_is_the_formula_of_the_post():
    layers = [[Weights(None, [1.0])]]
    y = gamma.outputs(layers, [0.0])
    assert gamma.gammas(layers, y, [1.0]) == [[0.5 * 0.5 * (1.0 - 0.5)]]


def test_γ_of_a_hidden_neuron_sums_over_the_neurons_it_feeds():
    y = gamma.outputs(LAYERS[1:], [0.2, 0.4, 0.6])
    (first, second) = gamma.gammas(LAYERS[1:], y, D)
    for j, out in enumerate(y[1]):
        fed = sum(γ_k * LAYERS[2][k].inputs[j] for k, γ_k in enumerate(second))
        assert first[j] == pytest.approx(out * (1 - out) * fed, rel=1e-14)


@pytest.mark.parametrize("rate", [1.0, 0.25])
def test_every_change_is_the_rate_times_a_numerical_derivative_of_the_performance(rate):
    y = gamma.outputs(LAYERS, X)
    Δw = gamma.changes(LAYERS, y, gamma.gammas(LAYERS, y, D), rate)
    h = 1e-5
    checked = 0
    for n, layer in enumerate(LAYERS):
        for j, neuron in enumerate(layer):
            for i, w in enumerate([neuron.bias, *neuron.inputs]):
                up, down = (
                    gamma.performance(D, gamma.outputs(replaced(LAYERS, (n, j), i, v), X)[-1])
                    for v in (w + h, w - h)
                )
                expected = rate * (up - down) / (2 * h)
                found = Δw[n][j].bias if i == 0 else Δw[n][j].inputs[i - 1]
                assert found == pytest.approx(expected, rel=1e-6, abs=1e-11)
                checked += 1
    assert checked == 3 * 3 + 2 * 4 + 2 * 3


def test_a_bias_change_has_the_sign_of_its_input_minus_one():
    y = gamma.outputs(LAYERS, X)
    γ = gamma.gammas(LAYERS, y, D)
    Δw = gamma.changes(LAYERS, y, γ, 2.0)
    assert [w.bias for w in Δw[1]] == [-2.0 * g for g in γ[1]]


def test_without_bias_there_is_nothing_to_change():
    layers = [[Weights(None, [1.0])]]
    assert gamma.step(layers, [1.0], [1.0])[0][0].bias is None


def test_a_step_adds_the_changes_and_raises_the_performance():
    y = gamma.outputs(LAYERS, X)
    stepped = gamma.step(LAYERS, X, D, 0.5)
    Δw = gamma.changes(LAYERS, y, gamma.gammas(LAYERS, y, D), 0.5)
    assert stepped[1][0].inputs[2] == LAYERS[1][0].inputs[2] + Δw[1][0].inputs[2]
    assert gamma.performance(D, gamma.outputs(stepped, X)[-1]) > gamma.performance(D, y[-1])


def test_desired_outputs_of_another_number_are_not_cut_short():
    y = gamma.outputs(LAYERS, X)
    with pytest.raises(ValueError, match="zip"):
        gamma.gammas(LAYERS, y, [1.0])
