"""prove for any activation, output and arrangement of rows, numerically and exactly."""

import ast
import inspect
import math

import pytest

import autograd_bp as bp
from autograd_bp.errors import SettingError, ShapeError
from autograd_bp.nn import Layer, Network, gamma, prove, slopes
from autograd_bp.nn.slopes import Output, Slope

X, D = [0.5, -1.0], [0.0, 1.0]
ROWS, TARGETS = [[0.5, -1.0], [0.1, 0.7], [-0.9, 0.3]], [[0.0, 1.0], [1.0, 0.0], [0.25, 0.75]]


def swish(a):
    return a * bp.sigmoid(2.0 * a)


def slope_of_swish(alpha, y):
    σ = 1.0 / (1.0 + math.exp(-2.0 * alpha))
    return σ + 2.0 * y * (1.0 - σ)


def huber(u):
    return bp.where(abs(u) < 1.0, 0.5 * u**2, abs(u) - 0.5)


def shared():
    network = Network([2, 2, 2], "tanh", seed=3)
    network.layers[1].neurons[0].weights = network.layers[0].neurons[1].weights
    return network


def deep_recurrent():
    network = Network([2, 3, 2], ["tanh", "identity"], seed=4)
    network.layers[1] = Layer(5, 2, "tanh", seed=5)
    return network


ABSOLUTE = Output(error=lambda d, z: 1.0 if d > z else -1.0)
CASES = {
    "tanh": (Network([2, 3, 2], "tanh", seed=1), X, D, {}),
    "linear regression": (Network([2, 3, 2], ["tanh", "identity"], seed=1), X, D, {}),
    "relu": (Network([2, 5, 4, 2], ["relu", "relu", "identity"], seed=1), X, D, {}),
    "softplus": (Network([2, 3, 2], "softplus", seed=1), X, D, {}),
    "silu": (Network([2, 3, 2], "silu", seed=1), X, D, {}),
    "leaky relu": (Network([2, 3, 2], bp.leaky_relu, seed=1), X, D, {}),
    "one of each": (Network([2, 3, 2], [["tanh", "relu", "sigmoid"], "silu"], seed=1), X, D, {}),
    "no bias": (Network([2, 3, 2], "tanh", bias=False, seed=1), X, D, {}),
    "softmax": (Network([2, 4, 2], ["relu", "identity"], seed=1), X, D, {"output": "softmax"}),
    "logistic": (Network([2, 3, 2], ["tanh", "sigmoid"], seed=1), X, D, {"output": "logistic"}),
    "own slope": (Network([2, 3, 2], swish, seed=1), X, D, {"slopes": slope_of_swish}),
    "own slope of y": (
        Network([2, 3, 2], [bp.exp, "identity"], seed=1),
        X,
        D,
        {"slopes": {"exp": lambda y: y}},
    ),
    "own output": (
        Network([2, 3, 2], "tanh", seed=1),
        X,
        D,
        {
            "output": ABSOLUTE,
            "performance": lambda d, z: -bp.sum([abs(a - b) for a, b in zip(d, z, strict=True)]),
        },
    ),
    "choices in P": (
        Network([2, 3, 2], ["tanh", "identity"], seed=1),
        X,
        D,
        {
            "output": Output(error=lambda d, z: d - z if abs(d - z) < 1 else (1 if d > z else -1)),
            "performance": lambda d, z: -bp.sum([huber(a - b) for a, b in zip(d, z, strict=True)]),
        },
    ),
    "a mean of P": (
        Network([2, 3, 2], ["tanh", "identity"], seed=1),
        X,
        D,
        {
            "output": Output(errors=lambda d, z: [a - b for a, b in zip(d, z, strict=True)]),
            "performance": lambda d, z: -bp.mean([(a - b) ** 2 for a, b in zip(d, z, strict=True)]),
        },
    ),
    "an activation with a branch": (
        Network([2, 5, 2], [lambda a: a if a.data > 0.0 else 0.3 * a, "identity"], seed=1),
        X,
        D,
        {"slopes": [lambda alpha: 1.0 if alpha > 0 else 0.3, None]},
    ),
    "elu": (
        Network([2, 5, 2], [bp.elu, "identity"], seed=1),
        X,
        D,
        {"slopes": {"elu": lambda alpha, y: 1.0 if alpha > 0 else y + 1.0}},
    ),
    "softsign": (
        Network([2, 3, 2], [lambda a: a / (1.0 + abs(a)), "identity"], seed=1),
        X,
        D,
        {"slopes": [Slope(of_output=lambda y: (1.0 - abs(y)) ** 2), None]},
    ),
    "tanh by its definition": (
        Network([2, 3, 2], [lambda a: 1.0 - 2.0 / (bp.exp(2.0 * a) + 1.0), "identity"], seed=1),
        X,
        D,
        {"slopes": [Slope(of_output=lambda y: 1.0 - y * y), None]},
    ),
    "weight decay": (Network([2, 3, 2], "tanh", seed=1), X, D, {"decay": 0.1}),
    "decay of biases": (
        Network([2, 3, 2], "tanh", seed=1),
        X,
        D,
        {"decay": 0.1, "decay_bias": True},
    ),
    "batch": (Network([2, 3, 2], "tanh", seed=1), ROWS, TARGETS, {"batch": "sum"}),
    "mean": (
        Network([2, 3, 2], ["relu", "identity"], seed=1),
        ROWS,
        TARGETS,
        {"batch": "mean", "output": "softmax", "decay": 0.01},
    ),
    "shared weights": (shared(), X, D, {"decay": 0.1}),
    "recurrent": (
        Network([5, 3, 2], ["tanh", "identity"], seed=1),
        ROWS,
        TARGETS,
        {"recurrent": 1},
    ),
    "last step": (
        Network([5, 3, 2], ["sigmoid", "identity"], seed=1),
        ROWS,
        [None, None, D],
        {"recurrent": [1], "output": "softmax"},
    ),
    "two recurrent layers": (deep_recurrent(), ROWS, TARGETS, {"recurrent": (2,)}),
    "dropout": (
        Network([2, 4, 2], ["relu", "identity"], seed=1),
        X,
        D,
        {"masks": [[0.0, 2.0, 2.0, 0.0]]},
    ),
    "dropout of rows": (
        Network([2, 3, 2, 2], ["relu", "tanh", "identity"], seed=1),
        ROWS,
        TARGETS,
        {"masks": [[[0.0, 2.0, 2.0], [2.0, 0.0, 2.0], [2.0, 2.0, 2.0]], None], "batch": "sum"},
    ),
    "dropout in time": (
        Network([5, 3, 2], ["tanh", "identity"], seed=1),
        ROWS,
        TARGETS,
        {"masks": [[0.0, 2.0, 1.0]], "recurrent": 1},
    ),
    "one input, one output": (Network([1, 1], "tanh", seed=1), [0.5], 1.0, {}),
    "wide": (Network([1, 40, 1], "tanh", seed=1), [0.5], 1.0, {}),
    "deep": (Network([2] + 8 * [3] + [2], "tanh", seed=1), X, D, {}),
}


@pytest.mark.parametrize("name", CASES)
def test_the_formulas_are_those_of_autodiff_to_rounding(name):
    network, x, d, options = CASES[name]
    report = prove(network, x, d, 0.3, **options)
    assert report.ok, report
    assert not report.vacuous


@pytest.mark.parametrize("name", CASES)
def test_the_formulas_are_those_of_autodiff_exactly(name):
    network, x, d, options = CASES[name]
    before = network.weights
    proof = prove(network, x, d, exact=True, **options)
    assert proof.ok, proof
    assert proof.error_probability < 2.0**-60
    assert proof.points >= 2
    assert network.weights == before


@pytest.mark.parametrize("name", CASES)
def test_a_slope_that_is_wrong_by_a_millionth_is_found(name, monkeypatch):
    network, x, d, options = CASES[name]
    right = Slope.__call__
    monkeypatch.setattr(Slope, "__call__", lambda s, α, y: right(s, α, y) * (1.0 + 1e-6))
    if name == "own slope":
        with pytest.raises(SettingError, match="is not that of its graph"):
            prove(network, x, d, exact=True, **options)
    elif len(network.layers) > 1:
        assert not prove(network, x, d, exact=True, **options).ok
    assert options.get("output") or not prove(network, x, d, **options).ok


def test_a_wrong_term_has_a_counterexample_that_can_be_followed():
    network = Network([2, 2, 1], ["tanh", "identity"])
    proof = prove(network, X, 1.0, exact=True, slopes={"tanh": lambda y: 1 - y})
    assert not proof.ok
    assert proof.wrong[0] == "γ[1,1]"
    name, by_hand, autodiff, numbers = proof.counterexample
    y, γ, w = numbers["y[1,1]"], numbers["γ[2,1]"], numbers["w[2,1,1]"]
    assert name == "γ[1,1]"
    assert by_hand == (1 - y) * γ * w
    assert autodiff == (1 - y * y) * γ * w
    assert max(abs(n.numerator) + n.denominator for n in numbers.values()) < 100
    assert str(proof.counterexample) in str(proof)


def test_a_wrong_index_is_found_exactly(monkeypatch):
    right = gamma._blame

    def shifted(later, γ, j):
        return right(later, γ, (j + 1) % len(later[0].inputs))

    monkeypatch.setattr(gamma, "_blame", shifted)
    proof = prove(Network([2, 3, 2], "tanh"), X, D, exact=True)
    assert proof.wrong[0] == "γ[1,1]"


def test_a_wrong_rule_of_the_table_is_found_exactly(monkeypatch):
    op = bp.Primitive.named("tanh")
    monkeypatch.setattr(op, "partials", lambda x, y: (1.0 - y,))
    assert not prove(Network([2, 3, 2], "tanh"), X, D, exact=True).ok


def test_a_relu_is_tried_on_both_sides():
    network = Network([1, 1], "relu")
    for wrong in (lambda alpha: 1.0, lambda alpha: 0.0, lambda alpha: 0.0 if alpha > 0 else 1.0):
        proof = prove(network, [1.0], 1.0, exact=True, slopes=wrong)
        assert proof.masks
        assert not proof.ok


def test_it_is_proved_at_numbers_where_floats_show_nothing():
    """Every γ is 0 for an output that is right; the formulas are wrong all the same."""
    network = Network([1, 1], "identity")
    z = network([1.0])[0].data
    wrong = Output(error=lambda d, z: 2.0 * (d - z))
    given = {"output": wrong, "performance": bp.performance}
    assert prove(network, [1.0], z, **given).ok
    assert not prove(network, [1.0], z, exact=True, **given).ok


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        (
            {"slopes": {"relu": Slope(of_output=abs)}},
            SettingError,
            "activations of the network are",
        ),
        ({"slopes": lambda u: u}, SettingError, "a function of y, of alpha"),
        ({"slopes": [Slope(of_output=abs)]}, ShapeError, "1 entries, but there are 2 layers"),
        ({"output": "hinge"}, SettingError, "'squares', 'softmax', 'logistic'"),
        ({"output": "softmax"}, SettingError, "needs a last layer with the activation 'identity'"),
        ({"output": ABSOLUTE}, SettingError, "give performance="),
        ({"performance": bp.performance}, SettingError, "give output="),
        ({"x": [X, X]}, ShapeError, 'give batch="sum"'),
        ({"batch": "all"}, SettingError, '"sum" or "mean"'),
        ({"recurrent": 3}, SettingError, "1 to 2"),
        ({"recurrent": 1}, ShapeError, "recurrent, it needs one for each of its 3 neurons"),
        ({"masks": [[1.0, 0.0]]}, ShapeError, "2 entries, but layer 1 has 3 neurons"),
        ({"decay": -1.0}, SettingError, "0 or more"),
        ({"exact": True, "unfold": True}, SettingError, "rounding"),
    ],
)
def test_a_setting_that_does_not_fit_is_refused(options, error, says):
    with pytest.raises(error, match=says):
        prove(Network([2, 3, 2], "tanh"), **{"x": X, "d": D, **options})


def test_rows_are_steps_in_time_or_a_batch():
    with pytest.raises(SettingError, match="give no batch="):
        prove(Network([5, 3, 2], "tanh"), ROWS, TARGETS, recurrent=1, batch="sum")


def test_probabilities_add_up_to_one():
    network = Network([2, 2], "identity")
    with pytest.raises(SettingError, match="add up to 1"):
        prove(network, X, [1.0, 1.0], output="softmax")


def test_a_slope_is_one_function():
    for given in ({}, {"of_output": abs, "of_stimulus": abs}, {"function": abs}):
        with pytest.raises(ValueError, match="a slope is one function"):
            Slope(**given)
    with pytest.raises(ValueError, match="an output is one function"):
        Output()


def test_the_usual_slopes_import_nothing_of_the_engine_either():
    imported = [
        node.module or ""
        for node in ast.walk(ast.parse(inspect.getsource(slopes)))
        if isinstance(node, ast.ImportFrom)
    ]
    assert [name for name in imported if name.startswith("autograd_bp")] == ["autograd_bp.nn.gamma"]


# ------------------------------------------------------------------------- kinks away from 0
def clipped(a):
    return bp.minimum(bp.maximum(a, 0), 6)


def far(a):
    return bp.where(a > 50, 2 * a - 50, a)


def narrow(a):
    return bp.where(abs(a) > 0.004, a, 0.0 * a)


def branching(a):
    return 2 * a - 3 if a.data > 3 else 1 * a


@pytest.mark.parametrize(
    ("activation", "right", "wrong"),
    [
        (clipped, lambda alpha: float(0 < alpha < 6), lambda alpha: float(alpha > 0)),
        (far, lambda alpha: 2.0 if alpha > 50 else 1.0, lambda alpha: 1.0),
        (narrow, lambda alpha: float(abs(alpha) > 0.004), lambda alpha: 1.0),
        (branching, lambda alpha: 2.0 if alpha > 3 else 1.0, lambda alpha: 1.0),
    ],
)
@pytest.mark.parametrize("sizes", [[1, 1, 1], [2, 3, 2], [2, 3, 3, 1]])
def test_a_slope_that_is_wrong_beyond_a_kink_far_from_0_is_found(activation, right, wrong, sizes):
    network = Network(sizes, [activation] * (len(sizes) - 2) + ["identity"], seed=1)
    x, d = [0.3] * sizes[0], [0.1] * sizes[-1]
    assert prove(network, x, d, exact=True, slopes={activation: right}).ok
    proof = prove(network, x, d, exact=True, slopes={activation: wrong})
    assert not proof.ok
    if activation is clipped:
        at = proof.counterexample.numbers
        assert at[next(name for name in at if name.startswith("α"))] > 6


@pytest.mark.parametrize("width", [0.01, 1.0, 50.0])
def test_an_error_that_is_wrong_on_one_side_of_a_kink_is_found(width):
    def performance(d, z):
        apart = [abs(a - b) for a, b in zip(d, z, strict=True)]
        return -bp.sum([bp.where(e < width, 0.5 * e**2, width * (e - 0.5 * width)) for e in apart])

    def end(d, z):
        return width if d > z else -width

    network = Network([2, 3, 2], ["tanh", "identity"], seed=1)
    given = {"performance": performance, "exact": True}
    right = Output(error=lambda d, z: d - z if abs(d - z) < width else end(d, z))
    assert prove(network, X, D, output=right, **given).ok
    for wrong in (lambda d, z: d - z, end):
        assert not prove(network, X, D, output=Output(error=wrong), **given).ok


def test_errors_of_a_proof_have_no_frames_of_the_library():
    def slope(y):
        raise ValueError("own")

    network = Network([2, 1], seed=1)
    for given in ({"x": [1.0]}, {"slopes": slope}, {"slopes": 3}, {"decay": -1.0}):
        with pytest.raises((ShapeError, SettingError, ValueError)) as caught:
            prove(network, **{"x": X, "d": [1.0], **given})
        files = [entry.path.name for entry in caught.traceback]
        assert set(files) <= {"test_proof_of_formulas.py", "tracebacks.py"}, files
