"""find_lost_gradient: where a gradient of 0 may not be the truth."""

import pytest

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.errors import OperandError

CASES = {
    "a root squared": (lambda x: bp.sqrt(x) ** 2, 0.0, ["stopped"]),
    "a reciprocal of a reciprocal": (lambda x: 1 / (1 / x), 0.0, ["stopped"]),
    "a difference that is NaN": (lambda x: (a := bp.acosh(x)) - a, -0.64, []),
    "a size squared": (lambda x: abs(x) ** 2, 0.0, ["kink"]),
    "a length squared": (lambda x: bp.norm([x, x]) ** 2, 0.0, ["kink"]),
    "hypot squared": (lambda x: bp.hypot(x, x) ** 2, 0.0, ["kink"]),
    "a saturated sigmoid": (lambda x: bp.sigmoid(x) * 2, 40.0, ["saturated"]),
    "a saturated tanh": (lambda x: bp.tanh(x), -20.0, ["saturated"]),
    "log of a share of 1": (lambda x: bp.log(bp.softmax([x, 0.0])[0]), 40.0, ["rounded"]),
    "log of a share": (lambda x: bp.log(bp.softmax([x, 0.0])[0]), 30.0, []),
    "log of a probability of 1": (lambda x: bp.log(bp.ndtr(x)), 9.0, ["rounded"]),
    "log of a saturated sigmoid": (lambda x: bp.log(bp.sigmoid(x)), 40.0, ["rounded", "saturated"]),
    "log of 1": (lambda x: bp.log(x), 1.0, []),
    "two of them": (lambda x: bp.sqrt(x) ** 2 + abs(x) ** 2, 0.0, ["kink", "stopped"]),
    "a sigmoid in the middle": (lambda x: bp.sigmoid(x), 3.0, []),
    "logistic in its tail": (lambda x: bp.logistic(x), 40.0, []),
    "a branch that is not taken": (lambda x: bp.where(x > 0, bp.log(x), x), 0.0, []),
    "a root away from 0": (lambda x: bp.sqrt(x) ** 2, 1.0, []),
    "a square": (lambda x: x * x, 0.0, []),
}


@pytest.mark.parametrize("name", CASES)
def test_the_nodes_that_lose_a_gradient_are_named(name):
    function, x, kinds = CASES[name]
    assert [lost.kind for lost in bp.find_lost_gradient(function, x)] == kinds
    assert [lost.kind for lost in bp.find_lost_gradient(function(Value(x)))] == kinds


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case[2] == ["stopped"]])
def test_there_the_gradient_is_0(name):
    function, x, _ = CASES[name]
    leaf = Value(x)
    y = function(leaf)
    y.backward()
    assert leaf.grad == 0.0
    assert bp.gradients(y, leaf) == bp.gradients(y, leaf, record=True).data == 0.0


def test_the_report_says_what_happened_and_where():
    (lost,) = bp.find_lost_gradient(lambda x: bp.sqrt(x) ** 2, 0.0)
    assert str(lost).startswith(
        "sqrt(0) passes nothing back: its derivative by input 0 is ∞, and the gradient that "
        "arrives is 0, at "
    )
    assert __file__ in lost.line
    (lost,) = bp.find_lost_gradient(bp.tanh(Value(20.0, "z")))
    assert "sech2" in str(lost)
    assert "z=20" in repr(lost)


def test_what_is_neither_a_node_nor_a_function_is_refused():
    with pytest.raises(OperandError, match="find_lost_gradient takes a Value or a function"):
        bp.find_lost_gradient(1.0)
