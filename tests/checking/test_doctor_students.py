"""Mistakes of students in matrices of NumPy, which the doctor does not import, and the names and
orders that courses give to the arrays."""

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.checking import Verdict, check_formulas
from autograd_bp.errors import ConversionError, ShapeError
from autograd_bp.nn import Network

RATE = 0.5
ACTIVATIONS = {
    "sigmoid": (lambda a: 1 / (1 + np.exp(-a)), lambda a, y: y * (1 - y)),
    "tanh": (np.tanh, lambda a, y: 1 - y * y),
    "relu": (lambda a: np.maximum(a, 0), lambda a, y: (a > 0) * 1.0),
    "identity": (lambda a: a, lambda a, y: np.ones_like(a)),
}


class Right:
    """Backpropagation with a column for each row of data; a mistake replaces one method."""

    def __init__(self, names, output, is_mean):
        self.names, self.output, self.is_mean = names, output, is_mean

    def bias(self, b):
        return b

    def weights(self, W):
        return W

    def fire(self, n, stimulus):
        return ACTIVATIONS[self.names[n]][0](stimulus)

    def slope(self, n, stimulus, y):
        return ACTIVATIONS[self.names[n]][1](stimulus, y)

    def softmax(self, logits):
        powers = np.exp(logits)
        return powers / powers.sum(0)

    def error(self, z, d):
        return z - d

    def last(self, z, d, stimulus, y):
        error = self.error(z, d)
        return error if self.output != "squares" else error * self.slope(-1, stimulus, y)

    def sent_back(self, W, n, delta):
        return W[n].T @ delta

    def matrix(self, n):
        return self.deltas[n] @ self.y[n].T

    def biases(self, n):
        return self.deltas[n].sum(1)

    def pairs(self, x, d):
        return x, d

    def finished(self, gradients):
        return gradients

    def gradients(self, W, b, x, d):
        x, d = self.pairs(x, d)
        self.x, self.y, self.stimuli = x, [x], []
        for n, weights in enumerate(W):
            self.stimuli.append(self.weights(weights) @ self.y[-1] + self.bias(b[n]))
            self.y.append(self.fire(n, self.stimuli[-1]))
        z = self.softmax(self.y[-1]) if self.output == "softmax" else self.y[-1]
        self.deltas = [None] * len(W)
        self.deltas[-1] = self.last(z, d, self.stimuli[-1], self.y[-1])
        for n in range(len(W) - 1, 0, -1):
            back = self.sent_back(W, n, self.deltas[n])
            self.deltas[n - 1] = back * self.slope(n - 1, self.stimuli[n - 1], self.y[n])
        rows = x.shape[1] if self.is_mean else 1
        arrays = {f"dW{n + 1}": self.matrix(n) / rows for n in range(len(W))}
        arrays |= {f"db{n + 1}": self.biases(n) / rows for n in range(len(W))}
        return self.finished(arrays)


def hidden(change):
    return lambda self, n, a, y: change(a, y) if n >= 0 and n < len(self.names) - 1 else 1.0


def softmax_slope(self, z, d):
    error = z - d
    return z * (error - (error * z).sum(0))


def clipped(self, gradients):
    return {key: g * min(1.0, 0.1 / np.linalg.norm(g)) for key, g in gradients.items()}


def length(gradients):
    return np.sqrt(sum((g**2).sum() for g in gradients.values()))


def swapped(one, other):
    return lambda self, g: {**g, one: g[other], other: g[one]}


def sigmoid_for_tanh(self, n, a):
    return ACTIVATIONS["sigmoid"][0](a) if n == 0 else a


# the name that the doctor gives: the network, and what is replaced
SQUARES, SOFTMAX, LOGISTIC = "squares", "softmax", "logistic"
PLANTED = [
    ("weights not changed", LOGISTIC, {"finished": lambda s, g: {**g, "dW1": 0 * g["dW1"],
        "db1": 0 * g["db1"]}}),
    ("outputs of the layer itself", SQUARES, {"matrix": lambda s, n: s.deltas[n] @ s.y[n + 1].T}),
    ("array of another layer", SQUARES, {"biases": lambda s, n: s.deltas[1].sum(1)}),
    ("array of another layer", SQUARES, {"finished": swapped("dW1", "dW2")}),
    ("array of another layer", SQUARES, {"finished": swapped("db1", "db2")}),
    ("squared errors through the softmax", SOFTMAX, {"error": softmax_slope}),
    ("decision for the output", SOFTMAX, {"error": lambda s, z, d: (z == z.max(0)) - d}),
    ("decision for the output", SQUARES, {"error": lambda s, z, d: (z > 0.5) - d}),
    ("absolute error", SOFTMAX, {"error": lambda s, z, d: abs(z - d)}),
    ("squared error", LOGISTIC, {"error": lambda s, z, d: (z - d) ** 2}),
    ("plus for minus in the error", SQUARES, {"error": lambda s, z, d: z + d}),
    ("desired outputs of the row before", SOFTMAX, {"pairs": lambda s, x, d: (x,
        np.roll(d, 1, 1))}),
    ("desired outputs of the rows in reverse", SOFTMAX, {"pairs": lambda s, x, d: (x[:, ::-1],
        d)}),
    ("desired outputs in another order", SOFTMAX, {"pairs": lambda s, x, d: (x,
        d[:, [0, 2, 1, 3]])}),
    ("gradient divided by its length", LOGISTIC, {"finished": lambda s, g: {key: v / length(g)
        for key, v in g.items()}}),
    ("each array divided by its length", SOFTMAX, {"finished": lambda s, g: {
        key: v / np.linalg.norm(v) for key, v in g.items()}}),
    ("each array clipped to the norm 0.1", SOFTMAX, {"finished": clipped}),
    ("sign of the gradient alone", SQUARES, {"finished": lambda s, g: {key: np.sign(v)
        for key, v in g.items()}}),
    ("bias w0 added in the forward pass", SQUARES, {"bias": lambda s, b: -b}),
    ("bias left out of the forward pass", SOFTMAX, {"bias": lambda s, b: 0 * b}),
    ("weights transposed in the forward pass", SQUARES, {"weights": lambda s, W: W.T}),
    ("activation left out of the hidden layers", SOFTMAX, {"fire": lambda s, n, a: a}),
    ("activation left out of the output", SQUARES, {"fire": lambda s, n, a: a if n else
        Right.fire(s, n, a)}),
    ("activation twice at the output", SQUARES, {"fire": lambda s, n, a: Right.fire(s, n,
        Right.fire(s, n, a)) if n else Right.fire(s, n, a)}),
    ("sigmoid for the activation", SOFTMAX, {"fire": sigmoid_for_tanh,
        "slope": hidden(lambda a, y: y * (1 - y))}),
    ("softmax twice", SOFTMAX, {"softmax": lambda s, a: Right.softmax(s, Right.softmax(s, a))}),
    ("softmax over the wrong axis", SOFTMAX, {"softmax": lambda s, a: Right.softmax(s, a.T).T}),
    ("2/m over rows times outputs", SOFTMAX, {"error": lambda s, z, d: 2 * (z - d) / d.size}),
    ("absolute γ sent back", SOFTMAX, {"sent_back": lambda s, W, n, g: W[n].T @ abs(g)}),
    ("weights as shares", SQUARES, {"sent_back": lambda s, W, n, g: (W[n] / W[n].sum(1,
        keepdims=True)).T @ g}),
    ("weights of the layer itself", SQUARES, {"sent_back": lambda s, W, n, g: W[n - 1].T @ g}),
    ("bias fed by its own output", LOGISTIC, {"biases": lambda s, n: (s.deltas[n]
        * s.y[n + 1]).sum(1)}),
    ("slope with the wrong sign", SQUARES, {"slope": lambda s, n, a, y: y * (y - 1)}),
    ("slope with the wrong sign", SOFTMAX, {"slope": hidden(lambda a, y: y * y - 1)}),
    ("minus lost in the exponent", SQUARES, {"slope": lambda s, n, a, y: (1 + np.exp(-a)) ** 2
        * np.exp(-a)}),
    ("denominator of the slope forgotten", SQUARES, {"slope": lambda s, n, a, y: np.exp(-a)}),
    ("square around the difference", SOFTMAX, {"slope": hidden(lambda a, y: (1 - y) ** 2)}),
    ("missing square of 1 / cosh", SOFTMAX, {"slope": hidden(lambda a, y: 1 / np.cosh(a))}),
]  # fmt: skip
NETWORKS = {
    SQUARES: ([3, 3, 3], ["sigmoid", "sigmoid"], None),
    SOFTMAX: ([3, 4, 3], ["tanh", "identity"], "mean"),
    LOGISTIC: ([2, 4, 1], ["sigmoid", "sigmoid"], "mean"),
}


def handed_in(output, methods):
    sizes, names, batch = NETWORKS[output]
    network = Network(sizes, names, seed=7)
    random = np.random.default_rng(3)
    for layer in network.layers:
        for neuron in layer.neurons:
            neuron.bias.data = float(random.normal())
    x = random.normal(size=(4, sizes[0]))
    d = (
        np.eye(sizes[-1])[[0, 2, 1, 1]]
        if output == SOFTMAX
        else random.uniform(size=(4, sizes[-1]))
    )
    student = type("Student", (Right,), methods)(names, output, batch == "mean")

    def derived(network, x, d):
        W = [np.array([[w.data for w in n.weights] for n in layer.neurons])
             for layer in network.layers]  # fmt: skip
        b = [np.array([[-n.bias.data] for n in layer.neurons]) for layer in network.layers]
        columns = [np.atleast_2d(np.array(numbers)).T for numbers in (x, d)]
        return student.gradients(W, b, *columns)

    if not batch:
        x, d = x[0], d[0]
    options = {"output": output, "batch": batch, "rate": RATE}
    return check_formulas(network, x.tolist(), d.tolist(), gradients=derived, **options)


@pytest.mark.parametrize("output", NETWORKS)
def test_the_students_are_right_without_a_mistake(output):
    report = handed_in(output, {})
    assert report.ok, report


@pytest.mark.parametrize(
    ("name", "output", "methods"), PLANTED, ids=[f"{name}-{output}" for name, output, _ in PLANTED]
)
def test_a_mistake_in_matrices_is_named(name, output, methods):
    report = handed_in(output, methods)
    assert report.verdict is Verdict.WRONG
    assert any(each.name.startswith(name) for each in report.diagnosis), report.summary()


def test_a_pass_that_is_not_the_network_s_is_no_cache_of_other_weights():
    report = handed_in(SQUARES, {"fire": lambda self, n, a: Right.fire(self, n, a) if n else a})
    assert report.diagnosis[0].name == "activation left out of the hidden layers"


# --------------------------------------------------------------------------------- keys, orders
NET = Network([2, 3, 2], ["tanh", "identity"], seed=1)
X, D = [0.5, -1.0], [1.0, 0.0]


def arrays():
    W1, W2 = (
        np.array([[w.data for w in n.weights] for n in layer.neurons]) for layer in NET.layers
    )
    b1, b2 = (np.array([[-n.bias.data] for n in layer.neurons]) for layer in NET.layers)
    x, d = np.array([X]).T, np.array([D]).T
    y = np.tanh(W1 @ x + b1)
    last = W2 @ y + b2 - d
    first = W2.T @ last * (1 - y * y)
    return first @ x.T, first, last @ y.T, last


W1, B1, W2, B2 = arrays()


@pytest.mark.parametrize(
    ("of_matrix", "of_bias", "layers"),
    [
        ("W{}_grad", "b{}_grad", (1, 2)),
        ("grad_W{}", "grad_b{}", (1, 2)),
        ("dL_dW{}", "dL_db{}", (1, 2)),
        ("dE/dw{}", "dE/db{}", (1, 2)),
        ("∂E/∂W{}", "∂E/∂b{}", (1, 2)),
        ("W{}.grad", "b{}.grad", (1, 2)),
        ("dW[{}]", "db[{}]", (1, 2)),
        ("nabla_w{}", "nabla_b{}", (1, 2)),
        ("delta_w{}", "delta_b{}", (1, 2)),
        ("gradWeights{}", "gradBiases{}", (1, 2)),
        ("W{}", "b{}", (1, 2)),
        ("dW{}", "db{}", (0, 1)),
        ("dW{}", "db{}", ("₁", "₂")),
        ("{}.weight", "{}.bias", (0, 2)),
        ("fc{}.weight", "fc{}.bias", (1, 2)),
    ],
)
def test_keys_have_the_names_of_courses(of_matrix, of_bias, layers):
    first, second = layers
    grads = {
        of_matrix.format(first): W1,
        of_bias.format(first): B1,
        of_matrix.format(second): W2,
        of_bias.format(second): B2,
    }
    assert check_formulas(NET, X, D, gradients=grads).ok
    grads[of_bias.format(second)] = 2 * B2
    assert not check_formulas(NET, X, D, gradients=grads).ok


@pytest.mark.parametrize(
    "grads",
    [
        {"dW": [W1, W2], "db": [B1, B2]},
        {"Theta1_grad": np.hstack([B1, W1]), "Theta2_grad": np.hstack([B2, W2])},
        [W1, B1, W2, B2],
        (B1, W1, B2, W2),
        [W1, W2, B1, B2],
        ([B1, B2], [W1, W2]),
        [(W1, B1), (W2, B2[:, 0])],
        [W1.tolist(), B1.T.tolist(), W2.tolist(), B2[:, 0].tolist()],
    ],
)
def test_arrays_have_the_orders_of_books(grads):
    assert check_formulas(NET, X, D, gradients=grads).ok


def test_other_keys_are_named_as_they_were_written():
    grads = {"W1_grad": W1, "b1_grad": B1, "W2_gard": W2, "loss": 0.5}
    with pytest.raises(ShapeError, match=r"missing: dW2, db2; surplus: W2_gard, loss. It needs"):
        check_formulas(NET, X, D, gradients=grads)
    with pytest.raises(ShapeError, match="surplus: W1_grad"):
        check_formulas(NET, X, D, gradients={"dW1": W1, "W1_grad": W1, "db1": B1})
    with pytest.raises(ShapeError, match="missing: W1, b1, W2, b2; surplus: dW1"):
        check_formulas(NET, X, D, weights_after={"dW1": W1})


def test_keys_of_a_network_in_time():
    network = Network.from_weights(
        [[(0.1, 0.4, -0.3, 0.2), (-0.2, 0.5, 0.6, -0.1)], [(0.3, 0.7, -0.8)]], ["tanh", "identity"]
    )
    rows, desired = [[0.5], [-1.0], [0.25]], [[1.0], [0.0], [0.5]]

    def unrolled(network, rows, desired):
        matrix = [np.array([[w.data for w in n.weights] for n in layer.neurons])
                  for layer in network.layers]  # fmt: skip
        Wxh, Whh, Why = matrix[0][:, :1], matrix[0][:, 1:], matrix[1]
        bh, by = (np.array([-n.bias.data for n in layer.neurons]) for layer in network.layers)
        h, outputs = [np.zeros(2)], []
        for x in rows:
            h.append(np.tanh(Wxh @ x + Whh @ h[-1] + bh))
            outputs.append(Why @ h[-1] + by)
        grads = dict.fromkeys(("dWxh", "dWhh", "dWhy", "dbh", "dby"), 0.0)
        later = np.zeros(2)
        for t in reversed(range(len(rows))):
            dy = outputs[t] - desired[t]
            raw = (Why.T @ dy + later) * (1 - h[t + 1] ** 2)
            grads["dWhy"] += np.outer(dy, h[t + 1])
            grads["dby"] += dy
            grads["dWxh"] += np.outer(raw, rows[t])
            grads["dWhh"] += np.outer(raw, h[t])
            grads["dbh"] += raw
            later = Whh.T @ raw
        return grads

    def check(gradients):
        return check_formulas(network, rows, desired, gradients=gradients, recurrent=[1])

    assert check(unrolled).ok
    with pytest.raises(ShapeError, match="missing: dW1; surplus: dWxx"):
        check({**{k: v for k, v in unrolled(network, rows, desired).items() if k != "dWxh"},
               "dWxx": 0})  # fmt: skip


@pytest.mark.filterwarnings("ignore:the matrix subclass")
def test_a_row_in_a_list_and_a_numpy_matrix_are_columns():
    assert check_formulas(NET, X, D, gamma=[(-B1.T).tolist(), np.matrix(-B2)]).ok
    grads = {"dW1": np.matrix(W1), "db1": np.matrix(B1), "dW2": W2, "db2": B2.T.tolist()}
    assert check_formulas(NET, X, D, gradients=grads).ok


# ------------------------------------------------------------------------------ shared weights
def convolution():
    """A kernel of two weights that goes along four inputs, and a neuron that it feeds."""
    network = Network([4, 3, 1], ["identity", "identity"], seed=3)
    kernel, bias = [Value(0.5), Value(-0.3)], Value(0.1)
    for j, neuron in enumerate(network.layers[0].neurons):
        neuron.weights = tuple(kernel[i - j] if 0 <= i - j < 2 else Value(0.0) for i in range(4))
        neuron.bias = bias
    return network


@pytest.mark.parametrize(
    ("name", "tie"),
    [
        (None, sum),
        ("shared weight: each place for itself", None),
        ("shared weight: last place alone", lambda parts: parts[-1]),
        ("shared weight: first place alone", lambda parts: parts[0]),
        ("shared weight: mean over its places", lambda parts: sum(parts) / len(parts)),
    ],
)
def test_a_mistake_in_a_convolution_is_named_with_a_formula_that_adds_up(name, tie):
    network, x, d = convolution(), [0.1, 0.5, -0.3, 0.8], [1.0]
    (_, y), (_, (z,)) = network.trace(x)
    last = d[0] - z.data
    γ = [last * w.data for w in network.layers[1].neurons[0].weights]
    first = [[-g, *(g * value for value in x)] for g in γ]
    if tie is not None:
        groups = [[(j, 0) for j in range(3)], *([(j, j + i + 1) for j in range(3)] for i in (0, 1))]
        for group in groups:
            total = tie([first[j][i] for j, i in group])
            for j, i in group:
                first[j][i] = total
    changes = [first, [[-last, *(last * out.data for out in y)]]]
    report = check_formulas(network, x, d, weight_changes=changes)
    assert [each.name for each in report.diagnosis] == ([name] if name else [])
    if name:
        right = report.diagnosis[0].right
        symbols, numbers, value = right.split(" = ")[1:]
        assert "Σ of its 3 places" in symbols
        assert eval(numbers) == pytest.approx(float(value), rel=1e-5)


def test_zeros_are_said_to_be_zeros():
    report = check_formulas(NET, X, D, gamma=[[0.0, 0.0, 0.0], (-B2[:, 0]).tolist()])
    assert report.diagnosis[0].name == "γ left at 0"
    assert report.diagnosis[0].where == "in the hidden layer"


# --------------------------------------------------------------------------------- exact numbers
@pytest.mark.parametrize(
    ("formula", "says"),
    [
        (lambda z, d: bp.sum([d, -z]), r"write sum\(...\) of Python"),
        (lambda z, d: bp.dot([d, z], [1.0, -1.0]), r"write sum\(...\) of Python"),
        (lambda z, d: round(d - z, 3), "not rounded"),
        (lambda z, d: (d - z) // 1, "not rounded"),
    ],
)
def test_what_exact_numbers_do_not_do_is_said(formula, says):
    network = Network([2, 1], "identity", seed=1)

    def gamma(network, x, d):
        (z,) = network(x)
        return [[d - z.data if isinstance(z, Value) else formula(z, d)]]

    with pytest.raises(ConversionError, match=says):
        check_formulas(network, X, 1.0, gamma=gamma, exact=True)


def test_functions_get_exact_numbers_in_the_lists_and_arrays_that_were_given():
    network = Network([2, 3], "identity", seed=1)

    def with_a_class(network, x, d):
        logits = [
            sum(w * v for w, v in zip(n.weights, x, strict=True)) - n.bias
            for n in network.layers[0].neurons
        ]
        powers = np.exp(np.array([getattr(each, "data", each) for each in logits]))
        p = powers / powers.sum()
        p[d] -= 1
        return [-p]

    report = check_formulas(network, X, 2, gamma=with_a_class, output="softmax", exact=True)
    assert report.ok
    assert "for the desired outputs that were given" in str(report)

    def wrong_class(network, x, d):
        (right,) = with_a_class(network, x, d)
        return [right[::-1]]

    assert not check_formulas(network, X, 2, gamma=wrong_class, output="softmax", exact=True).ok

    def with_arrays(network, x, d):
        W = np.array([[w.data for w in n.weights] for n in network.layers[0].neurons])
        b = np.array([n.bias.data for n in network.layers[0].neurons])
        return [d - (x @ W.T - b)]

    rows, desired = np.array([X, D]), np.ones((2, 3))
    for number in (X, np.array(X)):
        row = np.ones(3)
        check = check_formulas(network, number, row, gamma=lambda n, x, d: with_arrays(
            n, np.asarray(x), d), exact=True)  # fmt: skip
        assert check.ok
    assert check_formulas(network, rows, desired, gamma=with_arrays, batch="sum", exact=True).ok


def test_a_table_fits_80_columns_and_says_what_it_leaves_out():
    network = Network([12, 11, 10], ["tanh", "identity"], seed=1)
    x, d = [1e-3 * k for k in range(12)], [1.234e-7] * 10
    right = check_formulas(network, x, d, gamma=[[0.0] * 11, [0.0] * 10])
    γ = [[1.001 * t.autodiff for t in right.components if t.place.layer == n] for n in (1, 2)]
    tiny = [[v * 1e-250 for v in layer] for layer in γ]
    for wrong in (γ, tiny):
        report = check_formulas(network, x, d, gamma=wrong)
        table = report.table().split("WRONG: 21 of 21")[0].splitlines()
        assert max(map(len, table)) <= 80
        assert table[-1] == "and 9 more: 9 WRONG"
        assert sum(line.endswith("WRONG") or "the first" in line for line in table) == 13
    one = [γ[0], [t.autodiff for t in right.components if t.place.layer == 2]]
    table = check_formulas(network, x, d, gamma=one).table().splitlines()
    assert [line.split()[0] for line in table[4:15]] == [f"γ[1,{j}]" for j in range(1, 12)]
    assert table[15] == "and 10 more: 10 OK"
