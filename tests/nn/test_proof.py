"""prove: agreement on random networks, refusals, the report, and planted mistakes."""

import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.errors import OperandError, SettingError, ShapeError
from autograd_bp.nn import Module, Network, gamma, prove
from autograd_bp.nn.gamma import Weights
from autograd_bp.nn.proof import difference
from autograd_bp.nn.report import INDICES


@st.composite
def examples(draw, max_weight=50.0):
    """A network of depth 1 to 6 and widths 1 to 6, an input and desired outputs."""
    sizes = draw(st.lists(st.integers(1, 6), min_size=2, max_size=7))
    scale = draw(st.sampled_from([0.01, 1.0, 5.0, max_weight]))
    rng = random.Random(draw(st.integers(0, 2**32)))
    network = Network(sizes, bias=draw(st.booleans()), seed=rng)
    for parameter in network.parameters():
        parameter.data = rng.choice([rng.uniform(-scale, scale), rng.uniform(-scale, scale), 0.0])
    x = [rng.choice([0.0, 1.0, rng.uniform(-2, 2)]) for _ in range(sizes[0])]
    d = [rng.choice([0.0, 1.0, rng.random()]) for _ in range(sizes[-1])]
    return network, x, d


weights = st.floats(-50.0, 50.0)


# ------------------------------------------------------------------------------ agreement
@settings(max_examples=1500, deadline=None)
@given(examples(), st.sampled_from([1.0, 0.1, 7.0]))
def test_γ_and_weight_changes_equal_autodiff_to_the_last_place(example, rate):
    report = prove(*example, rate)
    assert report.max_ulps <= 2.0, report


@settings(max_examples=600, deadline=None)
@given(examples(max_weight=500.0))
def test_they_equal_the_unfolded_graph_within_its_rounding(example):
    report = prove(*example, unfold=True)
    assert report.ok, report


@settings(max_examples=150, deadline=None)
@given(st.lists(weights, min_size=17, max_size=17), st.booleans())
def test_they_agree_at_weights_chosen_by_the_search(numbers, unfold):
    network = Network([2, 2, 2, 1])
    for parameter, number in zip(network.parameters(), numbers[:15], strict=True):
        parameter.data = number
    assert prove(network, numbers[15:], [0.5], unfold=unfold).ok


def test_saturated_neurons_agree():
    network = Network([1, 2, 1], bias=False)
    for parameter, number in zip(network.parameters(), (1000.0, -1000.0, 3.0, 2.0), strict=True):
        parameter.data = number
    for unfold in (False, True):
        report = prove(network, [1.0], [0.5], unfold=unfold)
        assert report.ok
        assert [row.by_hand for row in report.rows[:2]] == [1.0, 0.0]


def test_every_γ_is_the_gradient_at_its_stimulus():
    network, x, d = Network([2, 3, 2], seed=4), [0.5, -1.0], [1.0, 0.0]
    trace = network.trace(x)
    bp.performance(d, trace[-1].outputs).backward()
    rows = {row.name: row for row in prove(network, x, d).rows}
    for layer, (stimuli, _) in enumerate(trace, 1):
        for j, α in enumerate(stimuli, 1):
            assert rows[f"γ[{layer},{j}]"].autodiff == α.grad != 0.0


def test_every_change_is_the_rate_times_the_gradient_of_its_weight():
    network, x, d = Network([2, 2, 1], seed=4), [0.5, -1.0], [1.0]
    report = prove(network, x, d, rate=0.25)
    bp.performance(d, network(x)).backward()
    rows = {row.name: row for row in report.rows}
    for parameter in network.parameters():
        assert rows[parameter.label.replace("w", "Δw")].autodiff == 0.25 * parameter.grad


@pytest.mark.parametrize("unfold", [False, True])
def test_gradients_are_left_as_they_were(unfold):
    network = Network([2, 2, 1])
    for i, parameter in enumerate(network.parameters()):
        parameter.grad = float(i)
    prove(network, [1.0, 2.0], [0.0], unfold=unfold)
    assert [p.grad for p in network.parameters()] == [float(i) for i in range(9)]


def test_weights_and_values_given_as_inputs_are_left_as_they_were():
    network, x = Network([1, 1]), Value(2.0)
    x.grad = 5.0
    before = network.state_dict()
    prove(network, [x], Value(1.0))
    assert (network.state_dict(), x.grad, x.label) == (before, 5.0, "")


def test_one_desired_number_will_do_for_one_output():
    network = Network([1, 1])
    assert prove(network, [1.0], 0.5).rows == prove(network, [1.0], [0.5]).rows


# ------------------------------------------------------------------------------- refusals
class Skip(Module):
    def __init__(self):
        self.inner = Network([1, 1])

    def __call__(self, row):
        return [self.inner(row)[0] + row[0]]


class TwiceOver(Network):
    def __call__(self, row):
        return super().__call__(super().__call__(row))


@pytest.mark.parametrize(
    ("network", "message"),
    [
        (Network([1, 2, 1], [bp.sigmoid, bp.atan]), "neuron 1 of layer 2 has atan"),
        (Network([1, 2], [[bp.sigmoid, "sin"]]), "neuron 2 of layer 1 has sin"),
        (Network([1, 1], lambda a: 2.0 * bp.sigmoid(a)), r"1 has <lambda> \(its last node is mul"),
        (Network([1, 1], lambda a: bp.sigmoid(2.0 * a)), r"<lambda> \(its last node is sigmoid"),
        (Skip(), "got Skip, a wiring of its own"),
        (TwiceOver([1, 1]), "got TwiceOver, a wiring of its own"),
        (None, "got NoneType"),
    ],
)
def test_what_the_formulas_do_not_cover_is_refused(network, message):
    with pytest.raises(SettingError, match=message) as refusal:
        prove(network, [1.0], [1.0, 1.0][: getattr(network, "sizes", (1,))[-1]])
    assert "hand-derived formulas cover a Network of layers of neurons" in str(refusal.value)


def test_a_sigmoid_by_another_name_is_covered():
    assert prove(Network([1, 1], lambda a: a.sigmoid()), [1.0], 1.0).ok


def test_computed_weights_are_refused():
    computed = Network([2, 2, 2])
    computed.layers[0].neurons[0].bias = 2.0 * Value(1.0)
    with pytest.raises(SettingError, match="computed weights"):
        prove(computed, [1.0, 2.0], [0.0, 1.0])


def test_inside_no_recording_there_is_no_graph_to_prove():
    with bp.no_recording(), pytest.raises(SettingError, match="outside no_recording"):
        prove(Network([1, 1]), [1.0], 1.0)


def test_inputs_and_desired_outputs_of_the_wrong_number_are_refused():
    with pytest.raises(ShapeError, match="a network of 2 inputs got a row of 1"):
        prove(Network([2, 1]), [1.0], [1.0])
    with pytest.raises(ShapeError, match="the network has 1 outputs, got 2 desired"):
        prove(Network([2, 1]), [1.0, 2.0], [1.0, 0.0])


def test_what_is_not_a_number_is_refused():
    with pytest.raises(OperandError, match="real number"):
        prove(Network([1, 1]), ["1"], [1.0])
    with pytest.raises(OperandError, match="real number"):
        prove(Network([1, 1]), [1.0], [None])


@pytest.mark.parametrize("number", [0.0, -1.0, math.nan, math.inf, True, "1"])
def test_a_rate_or_tolerance_that_is_not_above_zero_is_refused(number):
    with pytest.raises(SettingError, match="rate is a number above 0"):
        prove(Network([1, 1]), [1.0], 1.0, rate=number)
    with pytest.raises(SettingError, match="tolerance is a number above 0"):
        prove(Network([1, 1]), [1.0], 1.0, tolerance=number)


# ----------------------------------------------------------------------- planted mistakes
def minus_sign(layers, y, d):
    return [[-g for g in layer] for layer in right_gammas(layers, y, d)]


def without_slope_at_the_outputs(layers, y, d):
    γ = right_gammas(layers, y, d)
    return [*γ[:-1], [desired - z for desired, z in zip(d, y[-1], strict=True)]]


def without_slope_when_hidden(layers, y, d):
    γ = right_gammas(layers, y, d)
    return [[g / (out * (1 - out)) for g, out in zip(γ[0], y[1], strict=True)], *γ[1:]]


def one_neuron_wrong_in_the_tenth_digit(layers, y, d):
    γ = right_gammas(layers, y, d)
    γ[0][1] *= 1.0 + 1e-10
    return γ


def transposed(later, γ, j):
    return sum(γ[k] * later[j].inputs[k] for k in range(len(later)))


def bias_on_plus_one(neuron, y):
    return right_stimulus(neuron, y) + 2.0 * neuron.bias


def changes_of_a_bias_on_plus_one(layers, y, γ, rate=1.0):
    return [
        [Weights(-w.bias, w.inputs) for w in layer] for layer in right_changes(layers, y, γ, rate)
    ]


def changes_from_the_neurons_own_output(layers, y, γ, rate=1.0):
    return right_changes(layers, y[1:], γ, rate)


right_gammas, right_changes = gamma.gammas, gamma.changes
right_stimulus = gamma._stimulus

MISTAKES = [
    ("gammas", minus_sign, "γ[2,1]"),
    ("gammas", without_slope_at_the_outputs, "γ[2,1]"),
    ("gammas", without_slope_when_hidden, "γ[1,1]"),
    ("gammas", one_neuron_wrong_in_the_tenth_digit, "γ[1,2]"),
    ("_blame", transposed, "γ[1,1]"),
    ("_stimulus", bias_on_plus_one, "y[1,1]"),
    ("changes", changes_of_a_bias_on_plus_one, "Δw[2,1,0]"),
    ("changes", changes_from_the_neurons_own_output, "Δw[2,1,1]"),
]


@pytest.mark.parametrize("unfold", [False, True])
@pytest.mark.parametrize(
    ("name", "mistake", "first"), MISTAKES, ids=lambda each: getattr(each, "__name__", "")
)
def test_a_mistake_is_found_and_the_first_wrong_neuron_named(
    name, mistake, first, unfold, monkeypatch
):
    network = Network([2, 2, 2], seed=1)
    for neuron, bias in zip(
        network.layers[0].neurons + network.layers[1].neurons, (0.5, -0.25, 0.75, 1.5), strict=True
    ):
        neuron.bias.data = bias
    arguments = network, [0.7, -0.4], [0.0, 1.0]
    assert prove(*arguments, unfold=unfold).ok
    monkeypatch.setattr(gamma, name, mistake)
    report = prove(*arguments, unfold=unfold)
    assert not report.ok
    assert report.wrong[0].name == first
    neuron = f"first in neuron {report.wrong[0].neuron} of layer {report.wrong[0].layer}: {first}"
    assert "NOT PROVED" in str(report)
    assert neuron in str(report)


def test_a_sweep_that_is_wrong_is_found_too(monkeypatch):
    flat = bp.Primitive.named("sigmoid")
    monkeypatch.setattr(gamma, "sigmoid", lambda α: flat.forward(α) * (1.0 + 2.0**-50))
    assert not prove(Network([1, 1]), [1.0], 1.0).ok


# ----------------------------------------------------------------------------- the report
def test_the_report_has_a_row_for_every_output_γ_and_weight_change():
    report = prove(Network([2, 3, 1]), [1.0, 0.0], 1.0)
    assert [report.count(kind) for kind in ("y", "γ", "Δw")] == [4, 4, 13]
    assert [row.name for row in report.rows[:9]] == [
        "y[1,1]",
        "y[1,2]",
        "y[1,3]",
        "y[2,1]",
        "γ[2,1]",
        "Δw[2,1,0]",
        "Δw[2,1,1]",
        "Δw[2,1,2]",
        "Δw[2,1,3]",
    ]


def test_without_bias_weights_count_from_one():
    report = prove(Network([2, 1], bias=False), [1.0, 2.0], 1.0)
    assert [row.name for row in report.rows] == ["y[1,1]", "γ[1,1]", "Δw[1,1,1]", "Δw[1,1,2]"]


def test_a_small_report_prints_every_row_in_columns():
    network = Network([1, 1], bias=False)
    network.layers[0].neurons[0].weights[0].data = 0.0
    assert str(prove(network, [2.0], 1.0)) == "\n".join(
        [
            "Derived by hand and by autodiff: 1-1 network, δ = 1",
            INDICES,
            "           by hand  autodiff  ulps",
            "y[1,1]         0.5       0.5     0",
            "γ[1,1]       0.125     0.125     0",
            "Δw[1,1,1]     0.25      0.25     0",
            "proved: 1 y, 1 γ, 1 Δw agree, largest difference 0 ulps (limit 4)",
        ]
    )


def test_a_big_report_prints_the_worst_rows_unless_asked_for_all():
    report = prove(Network([8, 8, 4]), [0.5] * 8, [0.0, 1.0, 0.0, 1.0], unfold=True)
    short, full = str(report).splitlines(), report.table(full=True).splitlines()
    assert len(report.rows) == 132
    assert (len(short), len(full)) == (15, 136)
    assert short[2] == "the 10 of 132 rows that differ most:"
    worst = sorted((row.ulps for row in report.rows), reverse=True)[:10]
    assert [line.split()[-1] for line in short[4:-1]] == [f"{ulps:.3g}" for ulps in worst]


def test_an_example_that_proves_little_says_so():
    network = Network([1, 1], bias=False)
    network.layers[0].neurons[0].weights[0].data = 1000.0
    report = prove(network, [1.0], [1.0])
    assert report.ok
    assert report.vacuous
    assert "every γ is 0 here, choose another example" in str(report)
    assert not prove(network, [1e-3], [1.0]).vacuous


def test_nothing_is_proved_where_a_number_is_not_a_number():
    report = prove(Network([1, 1]), [math.nan], [1.0])
    assert (report.ok, report.max_ulps) == (False, math.inf)


@pytest.mark.parametrize(
    ("a", "b", "ulps"),
    [
        (1.0, 1.0, 0.0),
        (0.0, -0.0, 0.0),
        (1.0, 1.0 + 2.0**-52, 1.0),
        (8.0, 8.0 - 2.0**-50, 0.5),
        (0.0, 5e-324, 1.0),
        (math.inf, math.inf, 0.0),
        (math.inf, 1.0, math.inf),
        (math.nan, math.nan, math.inf),
    ],
)
def test_differences_count_in_units_in_the_last_place(a, b, ulps):
    assert difference(a, b) == difference(b, a) == ulps
