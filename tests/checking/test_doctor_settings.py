"""The doctor beyond the post's network: other activations and outputs, rows, time, dropout, decay.

The mistakes are planted by benchmarks/checker/students.py, which imports nothing of the doctor.
"""

import inspect
from pathlib import Path

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp.checking import Verdict, check_formulas
from autograd_bp.checking.doctor.mistakes import MISTAKES as MISTAKES_KNOWN
from autograd_bp.errors import (
    KeywordError,
    OperandError,
    SettingError,
    ShapeError,
    SideEffectError,
)
from autograd_bp.nn import Network, prove
from benchmarks.checker.formula_grid import handed_in, names, planted
from benchmarks.checker.students import MISTAKES, STUDENTS

X, D = [0.5, -1.0], [0.25, 1.0]


# ---------------------------------------------------------------------------- the fast grid
@pytest.mark.parametrize("student", STUDENTS, ids=lambda each: each.name)
@pytest.mark.parametrize("seed", range(3))
def test_right_formulas_pass_without_a_diagnosis(student, seed):
    report = handed_in(student, seed)
    assert report.ok, report
    assert report.diagnosis == ()


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_of_somebody_elses_code_is_named_first(mistake):
    student = [student for name, student in planted() if name == mistake][-1]
    report = handed_in(student, 0, mistake)
    assert report.verdict is Verdict.WRONG
    assert names(report, mistake), report
    assert any(name in str(report.diagnosis[0]) for name in MISTAKES[mistake]) or (
        len(report.diagnosis) > 1
    )


def test_every_mistake_that_it_knows_is_on_the_page():
    page = (Path(__file__).parents[2] / "docs" / "doctor.md").read_text(encoding="utf-8")
    assert [each.name for each in MISTAKES_KNOWN if f"{each.name} (`" not in page] == []


# --------------------------------------------------------------------------- the user's forms
NET = Network([2, 3, 2], ["tanh", "identity"], seed=1)


def derived(network, x, d):
    """dW, db and dZ of E = ½ Σ (d - z)², as courses write them."""
    W1, W2 = (
        np.array([[w.data for w in n.weights] for n in layer.neurons]) for layer in network.layers
    )
    b1, b2 = (np.array([[-n.bias.data] for n in layer.neurons]) for layer in network.layers)
    x, d = np.array(x, dtype=object).reshape(-1, 1), np.array(d, dtype=object).reshape(-1, 1)
    A1 = np.tanh(W1 @ x.astype(W1.dtype) + b1)
    dZ2 = W2 @ A1 + b2 - d.astype(W1.dtype)
    dZ1 = (W2.T @ dZ2) * (1 - A1**2)
    return {"dW1": dZ1 @ x.T, "db1": dZ1, "dW2": dZ2 @ A1.T, "db2": dZ2}


def test_the_keys_of_courses_columns_and_all():
    assert check_formulas(NET, X, D, gradients=derived(NET, X, D)).ok
    assert check_formulas(NET, X, D, gradients=derived).ok
    changes = {key: -0.1 * np.array(g, dtype=float) for key, g in derived(NET, X, D).items()}
    assert check_formulas(NET, X, D, weight_changes=changes, rate=0.1).ok
    after = {
        f"{letter}{n}": number.reshape(-1) if letter == "b" else number
        for n, layer in enumerate(NET.layers, 1)
        for letter, number in (
            ("W", [[w.data for w in each.weights] for each in layer.neurons] + changes[f"dW{n}"]),
            ("b", np.array([-each.bias.data for each in layer.neurons]) + changes[f"db{n}"][:, 0]),
        )
    }
    assert check_formulas(NET, X, D, weights_after=after, rate=0.1).ok


def test_a_flat_vector_has_the_order_of_the_parameters():
    P = bp.performance(D, NET(X))
    flat = bp.gradients(P, NET.parameters())
    assert check_formulas(NET, X, D, weight_changes=flat).ok
    assert check_formulas(NET, X, D, weight_changes=np.array(flat)).ok
    assert not check_formulas(NET, X, D, weight_changes=np.array(flat)[::-1]).ok


def test_γ_may_be_columns():
    γ = [[[-g] for g in np.array(derived(NET, X, D)[f"db{n}"], dtype=float)[:, 0]] for n in (1, 2)]
    assert check_formulas(NET, X, D, gamma=γ).ok
    assert check_formulas(NET, X, D, gamma=[np.array(layer) for layer in γ]).ok
    assert check_formulas(NET, X, D, gamma={"dZ1": γ[0], "dZ2": γ[1]}).ok


def changed(**others):
    grads = {key: np.array(g, dtype=float) for key, g in derived(NET, X, D).items()}
    return {key: g for key, g in {**grads, **others}.items() if g is not None}


@pytest.mark.parametrize(
    ("gradients", "error", "says"),
    [
        (changed(dW2=None), ShapeError, "missing: dW2. It needs dW1, db1, dW2, db2"),
        (changed(dA1=0, dw3=0), ShapeError, "surplus: dA1, dw3"),
        (changed(dW2=None, DW2x=0), ShapeError, "missing: dW2; surplus: DW2x"),
        (changed(dW2=np.ones((3, 2))), ShapeError, "that of its transpose"),
        (changed(dW1=np.ones((3, 3))), ShapeError, r"dW1'] has the shape \(3, 3\)"),
        (changed(db1=np.ones(2)), ShapeError, "3 neurons of layer 1"),
        (changed(dW1=1.0), ShapeError, "is a matrix"),
        (changed(db2=["a", 1.0]), OperandError, "db2"),
        ([1.0, 2.0, 3.0], ShapeError, "a flat vector has 3 numbers, but the network has 17"),
    ],
)
def test_what_does_not_fit_is_named(gradients, error, says):
    with pytest.raises(error, match=says):
        check_formulas(NET, X, D, gradients=gradients)


def test_a_bias_that_was_summed_over_the_wrong_axis_has_another_shape():
    grads = {"dW1": np.ones((2, 2)), "db1": np.ones(5)}
    with pytest.raises(ShapeError, match="summed over the wrong axis"):
        check_formulas(Network([2, 2], "identity"), [X] * 5, [D] * 5, gradients=grads, batch="sum")


def test_changes_are_given_in_one_way():
    with pytest.raises(SettingError, match="give one of them"):
        check_formulas(NET, X, D, gradients=derived, weight_changes=[])


# ----------------------------------------------------------------- functions that do too much
def test_a_function_that_changes_the_network_is_named_and_changes_nothing():
    network = Network([2, 3, 2], ["tanh", "identity"], seed=1)
    before, neurons = network.weights, network.layers[0].neurons

    def in_place(network, x, d):
        network.layers[0].neurons[1].weights[0].data -= 0.5
        network.layers[1].neurons.pop()
        network.layers[0].neurons[0].activation = bp.relu
        network.parameters()[0].grad = 3.0
        return derived(NET, x, d)

    with pytest.raises(SideEffectError, match=r"in_place changes its arguments: w\[1,2,1\]|layer"):
        check_formulas(network, X, D, gradients=in_place)
    assert network.weights == before
    assert network.layers[0].neurons is neurons or network.layers[0].neurons == neurons
    assert network.activation_names == ["tanh", "identity"]
    assert network.parameters()[0].grad == 0.0


@pytest.mark.parametrize("kind", [list, np.array])
def test_a_function_that_changes_x_or_d_is_named(kind):
    x, d = kind(X), kind(D)

    def normalised(network, x, d):
        result = derived(network, x, d)
        x[0], d[1] = 7.0, 8.0
        return result

    with pytest.raises(SideEffectError, match=r"x from .* d from"):
        check_formulas(NET, x, d, gradients=normalised)
    assert list(x) == X
    assert list(d) == D


def test_a_function_that_raises_leaves_the_network_as_it_was():
    before = NET.weights

    def fails(network, x, d):
        network.layers[0].neurons[0].weights[0].data = 9.0
        raise KeyError("dW1")

    with pytest.raises(KeyError):
        check_formulas(NET, X, D, gradients=fails)
    assert NET.weights == before


def test_a_function_that_adds_up_is_found_at_the_second_call():
    total = {}

    def accumulated(network, x, d):
        for key, g in derived(network, x, d).items():
            total[key] = total.get(key, 0.0) + g
        return dict(total)

    report = check_formulas(NET, X, D, gradients=accumulated)
    assert report.verdict is Verdict.NONDETERMINISTIC
    assert not report.ok
    assert "at the second" in str(report)


def stateful(factor, share, change=lambda grads: grads):
    """A gradient function with a velocity that has seen other examples before."""
    velocity = {}

    def gradients(network, x, d):
        for key, g in change(derived(network, x, d)).items():
            velocity[key] = factor * velocity.get(key, 0.0) + share * g
        return dict(velocity)

    gradients(NET, [2.0, 0.5], [1.0, 0.0])
    gradients(NET, [-1.0, 0.25], [0.5, 0.5])
    return gradients


@pytest.mark.parametrize("factor", [0.9, 0.5, 0.99, 0.375])
@pytest.mark.parametrize("is_mean", [True, False])
def test_a_velocity_that_comes_from_other_examples_is_named_as_momentum(factor, is_mean):
    share = 1.0 - factor if is_mean else 1.0
    report = check_formulas(NET, X, D, gradients=stateful(factor, share))
    assert report.verdict is Verdict.NONDETERMINISTIC
    assert [each.name for each in report.diagnosis] == ["momentum inside"]
    assert report.summary().endswith("momentum inside")
    assert f"{factor:g} times what the calls before it left" in str(report)


def test_a_mistake_beside_a_momentum_is_named_too():
    def without_bias(grads):
        return {**grads, "db2": grads["db2"] * -1.0}

    report = check_formulas(NET, X, D, gradients=stateful(0.9, 1.0, without_bias))
    assert report.diagnosis[0].name.startswith("momentum inside and bias input +1")


def test_a_sum_of_other_examples_is_named():
    report = check_formulas(NET, X, D, gradients=stateful(1.0, 1.0))
    assert [each.name for each in report.diagnosis] == ["a sum that is not reset"]


def test_a_cache_of_the_call_before_is_named():
    left = [derived(NET, [2.0, 0.5], [1.0, 0.0])]

    def gradients(network, x, d):
        left.append(derived(network, x, d))
        return left[-2]

    report = check_formulas(NET, X, D, gradients=gradients)
    assert [each.name for each in report.diagnosis] == ["stale cache"]


def test_random_numbers_are_not_taken_for_a_momentum():
    rng = np.random.default_rng(0)

    def gradients(network, x, d):
        return {key: g * rng.normal() for key, g in derived(network, x, d).items()}

    report = check_formulas(NET, X, D, gradients=gradients)
    assert report.verdict is Verdict.NONDETERMINISTIC
    assert report.diagnosis == ()
    assert "draws random numbers" in str(report)


@pytest.mark.parametrize("check", [check_formulas, prove])
def test_an_option_that_does_not_exist_is_refused_by_name(check):
    with pytest.raises(KeywordError, match="no keyword 'outputs': did you mean output="):
        check(NET, X, D, outputs="softmax")
    assert {"output", "decay_bias", "exact"} <= inspect.signature(check).parameters.keys()


# ---------------------------------------------------------------------------- for all weights
def test_formulas_of_ones_own_are_proved_for_all_weights():
    report = check_formulas(NET, X, D, gradients=derived, exact=True)
    assert report.ok
    assert report.exact.error_probability < 2.0**-60
    assert "proved for all numbers" in str(report)


def test_an_error_below_rounding_is_found_exactly():
    def tiny(network, x, d):
        grads = derived(network, x, d)
        return {**grads, "dW1": grads["dW1"] * (1 + 1e-17 * network.weights[0][0][1])}

    def exactly(network, x, d):
        grads = derived(network, x, d)
        w = network.layers[0].neurons[0].weights[0].data
        return {**grads, "dW1": grads["dW1"] + (w * 1e-17)}

    assert check_formulas(NET, X, D, gradients=exactly).ok
    report = check_formulas(NET, X, D, gradients=exactly, exact=True)
    assert report.verdict is Verdict.WRONG
    assert report.exact.wrong[0] == "Δw[1,1,1]"
    assert "the numbers agree here, the formulas do not" in str(report)
    assert check_formulas(NET, X, D, gradients=tiny, exact=True).verdict is Verdict.WRONG


def relu_gammas(mask):
    def gammas(network, x, d):
        (stimuli, _), (_, outputs) = network.trace(x)
        last = [t - z.data for t, z in zip(d, outputs, strict=True)]
        first = []
        for j, α in enumerate(stimuli):
            blame = sum(
                g * n.weights[j].data for g, n in zip(last, network.layers[1].neurons, strict=True)
            )
            first.append(blame * mask(α.data))
        return [first, last]

    return gammas


def test_a_relu_is_proved_on_both_sides():
    network = Network([2, 3, 2], ["relu", "identity"], seed=2)
    right = relu_gammas(lambda α: 1 if α > 0 else 0)
    assert check_formulas(network, X, D, gamma=right, exact=True).ok
    for wrong in (lambda α: 1, lambda α: 0, lambda α: 1 if α < 0 else 0):
        report = check_formulas(network, X, D, gamma=relu_gammas(wrong), exact=True)
        assert not report.exact.ok
        assert report.exact.counterexample is not None


def test_exactly_proved_are_functions_and_not_numbers():
    with pytest.raises(SettingError, match="give functions"):
        check_formulas(NET, X, D, gradients=derived(NET, X, D), exact=True)


def test_formulas_of_a_batch_are_proved():
    rows, targets = [X, [0.1, 0.2], [-1.0, 2.0]], [D, [0.0, 0.0], [1.0, 0.5]]

    def summed(network, rows, targets):
        grads = [derived(network, x, d) for x, d in zip(rows, targets, strict=True)]
        return {key: sum(g[key] for g in grads) / 3 for key in grads[0]}

    arguments = {"gradients": summed, "batch": "mean", "exact": True}
    assert check_formulas(NET, rows, targets, **arguments).ok
    arguments["batch"] = "sum"
    report = check_formulas(NET, rows, targets, **arguments)
    assert report.diagnosis[0].name == "mean for the sum of rows"
    assert not report.exact.ok


# ------------------------------------------------------------------- activations of one's own
def test_an_activation_without_a_stated_slope_has_that_of_its_graph():
    network = Network([2, 3, 1], [lambda a: a * bp.sigmoid(1.5 * a), "identity"], seed=3)
    trace = network.trace(X)
    P = bp.performance(1.0, trace[1].outputs[0])
    γ = [bp.gradients(P, layer.stimuli) for layer in trace]
    assert check_formulas(network, X, 1.0, gamma=γ).ok
    slopes = [bp.gradients(y, α) for α, y in zip(*trace[0], strict=True)]
    bare = [[g / s for g, s in zip(γ[0], slopes, strict=True)], γ[1]]
    assert check_formulas(network, X, 1.0, gamma=bare).diagnosis[0].name == "missing slope"


def test_a_performance_of_ones_own_needs_no_output_here():
    def absolute(d, z):
        return -bp.sum([abs(a - b) for a, b in zip(d, z, strict=True)])

    trace = NET.trace(X)
    γ = [bp.gradients(absolute(D, trace[1].outputs), layer.stimuli) for layer in trace]
    assert check_formulas(NET, X, D, gamma=γ, performance=absolute).ok
    flipped = [[-g for g in layer] for layer in γ]
    report = check_formulas(NET, X, D, gamma=flipped, performance=absolute)
    assert report.diagnosis[0].name == "descent for ascent"


def test_one_wrong_number_is_not_explained_by_a_factor():
    γ = [-np.array(derived(NET, X, D)[f"db{n}"], dtype=float)[:, 0] for n in (1, 2)]
    γ[1][0] *= 1.2345
    report = check_formulas(NET, X, D, gamma=[None, γ[1]])
    assert report.verdict is Verdict.WRONG
    assert report.diagnosis == ()


def test_a_decay_that_nobody_asked_for_is_read_off():
    grads = changed()
    for n, layer in enumerate(NET.layers, 1):
        grads[f"dW{n}"] = grads[f"dW{n}"] + 0.03 * np.array(
            [[w.data for w in each.weights] for each in layer.neurons]
        )
    report = check_formulas(NET, X, D, gradients=grads)
    assert report.diagnosis[0].name == "a weight decay of 0.03"


def test_the_cache_of_another_example_is_read_off():
    grads = derived(NET, X, D)
    other = derived(NET, [1.5, 0.25], D)
    assert check_formulas(NET, X, D, gradients=grads).ok
    report = check_formulas(NET, X, D, gradients=other)
    assert report.diagnosis[0].name == "stale cache: the outputs of another example"
    assert "(1.5, 0.25)" in report.diagnosis[0].used


def test_the_cache_of_earlier_weights_is_read_off():
    earlier = Network([2, 3, 2], ["tanh", "identity"], seed=9)
    y = [out.data for out in earlier.trace(X)[0].outputs]
    z = [out.data for out in earlier(X)]
    last = [t - out for t, out in zip(D, z, strict=True)]
    W2 = [[w.data for w in n.weights] for n in NET.layers[1].neurons]
    first = [
        (1 - y[j] ** 2) * sum(g * row[j] for g, row in zip(last, W2, strict=True)) for j in range(3)
    ]
    changes = [[[-g, *(g * v for v in fed)] for g in γ] for γ, fed in ((first, X), (last, y))]
    report = check_formulas(NET, X, D, gamma=[first, last], weight_changes=changes)
    assert report.diagnosis[0].name == "stale cache: the outputs of other weights"


def test_clipped_gradients_are_read_off():
    grads = changed()
    clipped = {key: np.clip(g, -0.05, 0.05) for key, g in grads.items()}
    report = check_formulas(NET, X, D, gradients=clipped)
    assert report.diagnosis[0].name == "gradients clipped at 0.05"
    norm = np.sqrt(sum((g**2).sum() for g in grads.values()))
    scaled = {key: g * 0.25 / norm for key, g in grads.items()}
    report = check_formulas(NET, X, D, gradients=scaled)
    assert report.diagnosis[0].name == "gradients clipped to the norm 0.25"


def test_numbers_of_single_precision_have_its_rounding():
    single = {key: g.astype(np.float32) for key, g in changed().items()}
    assert check_formulas(NET, X, D, gradients=single).ok
    wrong = {**single, "dW1": single["dW1"] * np.float32(1.001)}
    assert not check_formulas(NET, X, D, gradients=wrong).ok


def test_a_column_for_each_example_is_recognised():
    with pytest.raises(ShapeError, match=r"give x\.T"):
        check_formulas(NET, np.ones((2, 5)), np.ones((5, 2)), gamma=[], batch="sum")


def test_a_class_may_be_its_index():
    for d in (1, np.int64(1), [0.0, 1.0]):
        assert bp.nn.prove(NET, X, d, output="softmax").ok
    with pytest.raises(ShapeError, match="class 2 is not one of the 2 classes"):
        bp.nn.prove(NET, X, 2, output="softmax")
