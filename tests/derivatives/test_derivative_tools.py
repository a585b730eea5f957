"""implicit, find_nonfinite and tracing_lines."""

import math
import sys

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.errors import NotDifferentiableError, OperandError, ShapeError


def kepler(e, M):
    """E - e sin E = M by Newton's method, on floats."""
    E = M
    for _ in range(50):
        E -= (E - e * math.sin(E) - M) / (1 - e * math.cos(E))
    return E


anomaly = bp.implicit(lambda E, e, M: E - e * bp.sin(E) - M, kepler)


def crossing(a, b):
    """x + y = a and x·y = b."""
    root = math.sqrt(a * a - 4 * b)
    return {"x": (a - root) / 2, "y": (a + root) / 2}


crossed = bp.implicit(lambda s, a, b: [s["x"] + s["y"] - a, s["x"] * s["y"] - b], crossing)


def test_an_implicit_derivative_is_that_of_the_theorem():
    E = kepler(0.3, 1.0)
    found = bp.grad(anomaly, wrt=(0, 1))(0.3, 1.0)
    below = 1 - 0.3 * math.cos(E)
    assert found == pytest.approx((math.sin(E) / below, 1 / below), rel=1e-14)


def test_implicit_derivatives_of_higher_order():
    E = kepler(0.3, 1.0)
    below = 1 - 0.3 * math.cos(E)
    second = -0.3 * math.sin(E) / below**3
    assert bp.grad(bp.grad(anomaly, 1), 1)(0.3, 1.0) == pytest.approx(second, rel=1e-13)
    third = bp.grad(bp.grad(bp.grad(anomaly, 1), 1), 1)(0.3, 1.0)
    h = 1e-4
    slope = [bp.grad(bp.grad(anomaly, 1), 1)(0.3, 1.0 + s * h) for s in (-1, 1)]
    assert third == pytest.approx((slope[1] - slope[0]) / (2 * h), rel=1e-6)


def test_a_system_of_equations():
    assert bp.jacobian(crossed, wrt=(0, 1))(5.0, 6.0) == (
        {"x": -2.0, "y": 3.0},
        {"x": 1.0, "y": -1.0},
    )
    direct = lambda a, b: (a + bp.sqrt(a * a - 4 * b)) / 2  # noqa: E731
    found = bp.hessian(lambda a, b: crossed(a, b)["y"], wrt=(0, 1))(5.0, 6.0)
    np.testing.assert_allclose(found, bp.hessian(direct, wrt=(0, 1))(5.0, 6.0), rtol=1e-13)


def test_implicit_on_numbers_only_solves():
    assert anomaly(0.3, 1.0) == kepler(0.3, 1.0)


def test_no_solution_is_refused():
    wrong = bp.implicit(lambda y, a: y * y - a, lambda a: 3.0)
    with pytest.raises(NotDifferentiableError, match="no solution"):
        bp.grad(wrong)(4.0)


def test_an_equation_that_hides_a_value_is_refused():
    w = Value(2.0)
    hidden = bp.implicit(lambda y, a: y * w - a, lambda a: a / 2)
    with pytest.raises(OperandError, match="not its arguments"):
        bp.grad(hidden)(4.0)


def test_an_equation_with_too_few_numbers_is_refused():
    few = bp.implicit(lambda y, a: y[0] - a, lambda a: [a, a])
    with pytest.raises(ShapeError, match="2 are needed, got 1"):
        bp.grad(lambda a: few(a)[0])(4.0)


# ------------------------------------------------------------------------------ non-finite
def loss(x):
    scale = x * 2.0
    parts = [bp.log(scale - 2.0), bp.exp(scale)]
    return parts[0] + parts[1]


def root(x):
    shifted = x - 1.0
    shifted.label = "shifted"
    return bp.sqrt(shifted) * 3.0


def line_of(function, offset):
    return f"{__file__}:{function.__code__.co_firstlineno + offset} in {function.__name__}"


def test_the_first_value_that_is_not_finite_is_named_with_its_line():
    found = bp.find_nonfinite(loss, 1.0)
    assert found.kind == "value"
    assert found.node.op.name == "log"
    assert found.inputs == [0.0]
    assert found.line == f"{line_of(loss, 2)}: parts = [bp.log(scale - 2.0), bp.exp(scale)]"
    assert str(found).startswith("log(0) is -∞, at ")


def test_the_first_gradient_that_is_not_finite_is_named_with_its_input():
    found = bp.find_nonfinite(root, 1.0)
    assert (found.kind, found.gradient, found.number) == ("gradient", 3.0, math.inf)
    assert "sqrt(shifted=0) passes back ∞" in str(found)
    assert line_of(root, 3) in str(found)


def test_an_input_that_is_not_finite_is_named():
    found = bp.find_nonfinite(Value(math.nan, "rate") * 2.0)
    assert (found.kind, str(found)) == ("input", "the input 'rate' is NaN")


def test_nothing_is_found_where_all_is_finite():
    assert bp.find_nonfinite(loss, 2.0) is None
    assert bp.find_nonfinite(root, 2.0) is None


def test_a_branch_that_is_not_taken_is_not_blamed():
    assert bp.find_nonfinite(lambda x: bp.where(x, bp.sqrt(x), 0.0), 0.0) is None


def test_what_is_neither_a_value_nor_a_function_is_refused():
    with pytest.raises(OperandError, match="a Value or a function"):
        bp.find_nonfinite(1.0)


def test_lines_are_traced_inside_the_block_and_in_functions():
    def double(x):
        twice = x + x
        return twice + 0.0

    x = Value(1.0)
    before = sys.gettrace()
    with bp.tracing_lines() as lines:
        a = double(x)
        listed = [double(a), a * a]
        b = bp.sum([double(v) for v in listed])
    assert sys.gettrace() is before
    assert lines.text(a.parents[0]) == f"{line_of(double, 1)}: twice = x + x"
    assert lines.text(a) == f"{line_of(double, 2)}: return twice + 0.0"
    assert lines.text(listed[1]).endswith("listed = [double(a), a * a]")
    assert lines.text(b).endswith("b = bp.sum([double(v) for v in listed])")
    assert lines.line(x) is None
    assert lines.text(Value(1.0)) == ""


def test_the_trace_is_put_back_after_an_error():
    before = sys.gettrace()
    with pytest.raises(ZeroDivisionError), bp.tracing_lines():
        1 / 0  # noqa: B018
    assert sys.gettrace() is before
