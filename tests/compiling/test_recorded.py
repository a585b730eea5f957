"""compile: graphs that are recorded already, run over rows."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_programs import NUMBERS, functions, run

import autograd_bp as bp
from autograd_bp import Value, errors
from autograd_bp.nn import Network

RNG = np.random.default_rng(3)
X, D = RNG.normal(size=(6, 2)), RNG.random(6)


def graph():
    """A neuron's performance: its weights, its inputs, the desired output, and P."""
    w = {"weights": [Value(0.5, "w1"), Value(-0.3, "w2")], "bias": Value(0.1, "w0")}
    x, d = [Value(1.0, "x1"), Value(2.0, "x2")], Value(1.0, "d")
    return w, x, d, bp.performance(d, bp.sigmoid(bp.dot(w["weights"], x) - w["bias"]))


def by_hand(w1, w2, w0):
    """Σ P over the rows and its gradient by w1, w2, w0."""
    z = 1.0 / (1.0 + np.exp(-(X @ [w1, w2] - w0)))
    slope = (D - z) * z * (1.0 - z)
    return -0.5 * ((D - z) ** 2).sum(), [*(slope @ X), -slope.sum()]


def test_a_recorded_graph_runs_over_many_rows():
    w, x, d, P = graph()
    f = bp.compile(P, parameters=w, inputs={"x": x, "d": d})
    value, gradient = f.value_and_grad({"weights": [0.2, 0.4], "bias": 0.6}, X, D)
    expected, slopes = by_hand(0.2, 0.4, 0.6)
    assert value == pytest.approx(expected, rel=1e-13)
    assert gradient["weights"] == pytest.approx(slopes[:2], rel=1e-13)
    assert gradient["bias"] == pytest.approx(slopes[2], rel=1e-13)
    assert f({"weights": [0.2, 0.4], "bias": 0.6}, x=X, d=D) == value


@pytest.mark.parametrize(
    "make",
    [
        lambda numbers: numbers,
        tuple,
        np.array,
        lambda numbers: {"bias": numbers[2], "weights": numbers[:2]},
        lambda numbers: {"weights": np.array(numbers[:2]), "bias": numbers[2]},
    ],
    ids=["list", "tuple", "array", "other order", "with an array"],
)
def test_parameters_come_in_their_shape_or_one_after_the_other(make):
    w, x, d, P = graph()
    f = bp.compile(P, parameters=w, inputs=[*x, d])
    found = f.grad(make([0.2, 0.4, 0.6]), np.column_stack([X, D]))
    expected = by_hand(0.2, 0.4, 0.6)[1]
    if isinstance(found, dict):
        found = [*found["weights"], found["bias"]]
    np.testing.assert_allclose(found, expected, rtol=1e-13)


def test_one_for_each_row_where_nothing_is_summed():
    w, x, d, P = graph()
    f = bp.compile(P, parameters=w, inputs=[*x, d], reduce=None)
    rows = np.column_stack([X, D])
    assert f([0.2, 0.4, 0.6], rows).shape == (6,)
    assert f.grad([0.2, 0.4, 0.6], rows)[1].shape == (6,)
    assert f([0.2, 0.4, 0.6], rows).sum() == pytest.approx(by_hand(0.2, 0.4, 0.6)[0])


def test_gradients_that_were_recorded_may_be_outputs():
    w, x, d, P = graph()
    listed = [*w["weights"], w["bias"]]
    gradient = bp.gradients(P, listed, record=True)
    f = bp.compile({"P": P, "slopes": gradient}, parameters=listed, inputs={"x": x, "d": d})
    found = f([0.2, 0.4, 0.6], X, D)
    expected, slopes = by_hand(0.2, 0.4, 0.6)
    assert found["P"] == pytest.approx(expected, rel=1e-13)
    assert found["slopes"] == pytest.approx(slopes, rel=1e-13)


def test_second_derivatives_of_a_recorded_graph():
    w, x, d, P = graph()
    f = bp.compile(P, parameters=w, inputs={"x": x, "d": d})
    point, step = np.array([0.2, 0.4, 0.6]), np.array([1.0, -2.0, 0.5])
    near = [np.array(by_hand(*(point + h * step))[1]) for h in (1e-5, -1e-5)]
    np.testing.assert_allclose(
        f.hvp(point, X, D, tangent=step), (near[0] - near[1]) / 2e-5, rtol=1e-6
    )


def test_left_out_parameters_are_the_other_leaves_by_their_labels():
    _, x, d, P = graph()
    f = bp.compile(P, inputs=[*x, d])
    gradient = f.grad({"w0": 0.6, "w2": 0.4, "w1": 0.2}, np.column_stack([X, D]))
    assert gradient == pytest.approx(
        dict(zip(("w1", "w2", "w0"), by_hand(0.2, 0.4, 0.6)[1], strict=True)), rel=1e-13
    )


def test_without_inputs_there_is_one_point():
    a, b = Value(2.0, "a"), Value(3.0, "b")
    f = bp.compile([a * b + 1.0, a - b])
    assert f({"a": 5.0, "b": 7.0}) == [36.0, -2.0]
    assert f([5.0, 7.0]) == [36.0, -2.0]


def test_without_parameters_derivatives_are_by_the_first_input():
    x = Value(2.0, "x")
    f = bp.compile(bp.exp(x) * 2.0, inputs=x)
    np.testing.assert_allclose(f.grad([0.0, 1.0]), 2.0 * np.exp([0.0, 1.0]), rtol=1e-15)


def test_a_network_compiles_with_its_weights_by_name():
    network = Network([2, 3, 1], seed=1)
    x = [Value(0.0, "x1"), Value(0.0, "x2")]
    f = bp.compile(network(x)[0], parameters=dict(network.named_parameters()), inputs=x)
    state = network.state_dict()
    assert f(state, X) == pytest.approx(sum(network(row)[0].data for row in X), rel=1e-13)
    assert f.grad(state, X).keys() == state.keys()
    assert "w[1,3,2]" in f.program.parameters


def test_a_node_in_the_middle_can_be_an_input():
    a = Value(2.0, "a")
    middle = a * 3.0
    f = bp.compile(bp.exp(middle), inputs=middle, reduce=None)
    np.testing.assert_allclose(f([0.0, 1.0]), np.exp([0.0, 1.0]), rtol=1e-15)
    assert "mul" not in str(f.program)


def test_frozen_leaves_keep_the_number_of_that_moment():
    a, b = Value(2.0), Value(3.0, "b")
    f = bp.compile(a * b, parameters=b, frozen=[a])
    a.data = 100.0
    assert f.value_and_grad(5.0) == (10.0, 2.0)


def test_the_graph_may_be_gone_and_is_left_as_it_was():
    w, x, d, P = graph()
    before = [P.data, P.op, x[0].label, w["bias"].grad]
    f = bp.compile(P, parameters=w, inputs=[*x, d])
    f.grad([0.2, 0.4, 0.6], np.column_stack([X, D]))
    assert [P.data, P.op, x[0].label, w["bias"].grad] == before
    del w, x, d, P
    assert f([0.2, 0.4, 0.6], np.column_stack([X, D])) == pytest.approx(by_hand(0.2, 0.4, 0.6)[0])


@given(
    functions(),
    st.lists(NUMBERS, min_size=3, max_size=3),
    st.lists(NUMBERS, min_size=6, max_size=6),
)
@settings(max_examples=40)
def test_random_graphs_compute_what_recording_again_would(steps, start, others):
    leaves = [Value(x, f"x{i}") for i, x in enumerate(start)]
    outputs = [leaves[0], run(steps, leaves)[-1]]
    f = bp.compile(
        outputs, parameters=leaves[0], inputs=leaves[1:], reduce=None, backend="reference"
    )
    rows = np.array(others[:6]).reshape(3, 2)
    found = f(start[0], rows)[1]
    expected = [run(steps, [start[0], *row])[-1] for row in rows.tolist()]
    np.testing.assert_array_equal(found, expected)


def test_a_first_call_where_nothing_is_recorded_records_all_the_same():
    f = bp.compiled(lambda x: x * x + 1.0)
    w, x, d, P = graph()
    g = bp.compile(P, parameters=w, inputs={"x": x, "d": d})
    with bp.no_recording():
        assert [f(3.0), f(5.0), f.grad(5.0)] == [10.0, 26.0, 10.0]
        assert g([0.2, 0.4, 0.6], X, D) == pytest.approx(by_hand(0.2, 0.4, 0.6)[0], rel=1e-13)


A, B = Value(1.0, "a"), Value(2.0, "b")


@pytest.mark.parametrize(
    ("make", "error", "says"),
    [
        (lambda: bp.compile(A * B, parameters=A), errors.OperandError, "'b'"),
        (lambda: bp.compile(A * Value(7.5), inputs=A), errors.OperandError, "7.5 has no label"),
        (lambda: bp.compile(A * Value(1.0, "a")), errors.OperandError, "two leaves are labelled"),
        (lambda: bp.compile(A * B, inputs=A, parameters=[A, B]), errors.OperandError, "twice"),
        (lambda: bp.compile(A * B, inputs=A, frozen=[A, B]), errors.OperandError, "twice"),
        (lambda: bp.compile(3.0), errors.OperandError, "Values of a graph"),
        (lambda: bp.compile(Value(2.0) + 1.0, frozen=[]), errors.OperandError, "no label"),
        (lambda: bp.compile(A * B, inputs=[A, 1.0]), errors.OperandError, r"inputs\[1\]"),
        (lambda: bp.compile(A * B, inputs={"parameters": A}), errors.SettingError, "names"),
        (lambda: bp.compile(A * B, inputs=1.0), errors.OperandError, "inputs takes Values"),
        (lambda: bp.compile(A * B, frozen=1.0), errors.OperandError, "frozen takes Values"),
        (lambda: bp.compile(A * B, inputs={"a": A}, wrt="c"), errors.SettingError, "wrt='c'"),
        (lambda: bp.compile(A * B)([1.0]), errors.ShapeError, "2 numbers"),
        (lambda: bp.compile(A * B)({"a": 1.0, "c": 2.0}), errors.ShapeError, "2 numbers"),
        (lambda: bp.compile(A * B, inputs=[A])([1.0], [[1.0, 2.0]]), errors.ShapeError, "inputs"),
    ],
)
def test_what_is_ambiguous_is_refused(make, error, says):
    with pytest.raises(error, match=says):
        make()
