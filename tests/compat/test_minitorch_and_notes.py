"""The scalars of minitorch and the Variable of course notes, in scripts written for the purpose."""

import math
import random

import pytest

import autograd_bp as bp
from autograd_bp.compat.minitorch import (
    Scalar,
    ScalarFunction,
    ScalarHistory,
    central_difference,
    derivative_check,
)
from autograd_bp.compat.notes import Var, Variable, get_gradients
from autograd_bp.errors import GradientMismatchError, OperandError, ShapeError


# ------------------------------------------------------------------------------- minitorch
class Parameter:
    """A number that training changes, as modules of minitorch hold it."""

    def __init__(self, value):
        self.value = value
        value.requires_grad_(True)

    def update(self, value):
        self.value = value
        value.requires_grad_(True)


def line(rng, steps):
    """Logistic regression by gradient descent, as a script of minitorch does it."""
    points = [(rng.uniform(-1, 1), rng.uniform(-1, 1)) for _ in range(12)]
    labels = [1.0 if a + b > 0.1 else 0.0 for a, b in points]
    parameters = [Parameter(Scalar(w, name=f"w{k}")) for k, w in enumerate((0.3, -0.2, 0.0))]
    losses = []
    for _ in range(steps):
        for p in parameters:
            p.value.zero_derivative_()
        total = 0.0
        for (a, b), y in zip(points, labels, strict=True):
            w, v, c = (p.value for p in parameters)
            out = (w * Scalar(a) + v * Scalar(b) + c).sigmoid()
            chance = out if y else -out + 1.0
            loss = -chance.log()
            (loss / len(points)).backward()
            total += loss.data
        losses.append(total)
        for p in parameters:
            p.update(Scalar(p.value.data - 0.5 * p.value.derivative))
    return losses, [p.value.data for p in parameters], points, labels


def test_a_training_script_gives_the_losses_that_floats_give():
    losses, weights, points, labels = line(random.Random(1), 20)
    w = [0.3, -0.2, 0.0]
    for k in range(20):
        outs = [1 / (1 + math.exp(-(w[0] * a + w[1] * b + w[2]))) for a, b in points]
        chances = [z if y else 1 - z for z, y in zip(outs, labels, strict=True)]
        assert losses[k] == pytest.approx(-sum(map(math.log, chances)), rel=1e-12)
        errors = [(z - y) / 12 for z, y in zip(outs, labels, strict=True)]
        for i, inputs in enumerate(([a for a, _ in points], [b for _, b in points], [1.0] * 12)):
            w[i] -= 0.5 * sum(e * x for e, x in zip(errors, inputs, strict=True))
    assert weights == pytest.approx(w, rel=1e-10)


class Hypotenuse(ScalarFunction):
    @staticmethod
    def forward(ctx, a, b):
        c = math.hypot(a, b)
        ctx.save_for_backward(a, b, c)
        return c

    @staticmethod
    def backward(ctx, d):
        a, b, c = ctx.saved_values
        return d * a / c, d * b / c


def test_a_function_of_ones_own_passes_its_derivatives_on():
    a, b = Scalar(3.0), Scalar(4.0)
    c = Hypotenuse.apply(a, b)
    (c * 2.0).backward()
    assert (c.data, a.derivative, b.derivative) == (5.0, 1.2, 1.6)
    assert c.history.last_fn == "Hypotenuse"
    assert c.history.inputs == (a, b)
    Hypotenuse.apply(a, 4.0).backward(5.0)
    assert a.derivative == pytest.approx(1.2 + 3.0)


def test_a_function_with_too_few_derivatives_is_refused_by_name():
    class Half(Hypotenuse):
        @staticmethod
        def backward(ctx, d):
            return d

    with pytest.raises(ShapeError, match=r"Half\.backward must give one number for each of the 2"):
        Half.apply(Scalar(1.0), Scalar(2.0))


def test_constants_leaves_and_results_are_told_apart():
    x, constant = Scalar(2.0, name="x"), Scalar(3.0, back=None)
    y = x * constant
    y.backward()
    assert (x.derivative, constant.derivative) == (3.0, 0.0)
    assert (x.is_leaf(), y.is_leaf(), constant.is_constant(), x.is_constant()) == (
        True,
        False,
        True,
        False,
    )
    assert (x.name, x.history, constant.history) == ("x", ScalarHistory(), None)
    assert (y.history.inputs, type(y), repr(x)) == ((x, constant), Scalar, "Scalar(2.0)")
    assert x.unique_id != y.unique_id
    assert [part.is_constant() for part in (x * 2.0).parents] == [False, True]
    assert str(bp.formula(x * x * 2.0, x)).endswith("4·x")
    x.grad = None  # as optimizers do
    assert x.derivative == 0.0
    x.derivative = None
    x.accumulate_derivative(0.5)
    assert x.derivative == 0.5
    assert bool(Scalar(1.0) < Scalar(2.0))
    with pytest.raises(OperandError):
        Scalar("2")


def test_derivatives_are_checked_and_wrong_ones_found():
    derivative_check(lambda a, b: a * b.exp() + a.log() / b, Scalar(0.7), Scalar(-1.3))
    assert central_difference(lambda a, b: a * b, 5.0, 10.0, arg=1) == pytest.approx(5.0)

    class Wrong(Hypotenuse):
        @staticmethod
        def backward(ctx, d):
            a, _, c = ctx.saved_values
            return d * a / c, d * a / c

    with pytest.raises(GradientMismatchError):
        derivative_check(Wrong.apply, Scalar(3.0), Scalar(4.0))


# ------------------------------------------------------------------------------ course notes
def sine(a):
    return Variable(math.sin(a.value), ((a, math.cos(a.value)),))


def product(a, b):
    return Variable(a.value * b.value, local_gradients=[(a, b.value), (b, a.value)])


def test_a_script_of_the_notes_gets_the_gradients_of_our_engine():
    a, b = Variable(0.7), Variable(-1.3)
    y = product(sine(a), b) + a / b - b * 2
    gradients = get_gradients(y)
    x = bp.Value(0.7), bp.Value(-1.3)
    right = bp.sin(x[0]) * x[1] + x[0] / x[1] - x[1] * 2
    right.backward()
    assert y.value == pytest.approx(right.data, rel=1e-15)
    assert (gradients[a], gradients[b]) == pytest.approx((x[0].grad, x[1].grad), rel=1e-15)
    assert gradients[Variable(1.0)] == 0.0
    assert get_gradients(y)[a] == gradients[a]  # nothing is added up


def test_a_variable_shows_its_children_and_their_derivatives():
    a, b = Variable(2.0), Variable(5.0)
    c = product(a, b)
    assert c.local_gradients == ((a, 5.0), (b, 2.0))
    assert (a * b).local_gradients == ((a, 5.0), (b, 2.0))
    assert (type(a * b), repr(c), a.local_gradients) == (Variable, "Variable(10.0)", ())
    a.value = 3.0
    assert (a.v, a.data, Var) == (3.0, 3.0, Variable)
    d = Var(6.0, parents=[(a, 2.0)])
    d.backward()
    assert a.grad == 2.0
    with pytest.raises(ShapeError, match="pairs of a child"):
        Variable(1.0, [a])


def test_many_paths_through_one_graph_are_swept_once():
    a = b = Variable(1.0)
    for _ in range(200):  # 2^200 paths, each of which the notes follow
        b = b + b
    assert get_gradients(b)[a] == 2.0**200
