"""implicit and custom: what the functions read besides their arguments, and expansions."""

import math

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.errors import NotDifferentiableError, OperandError

square_root = bp.implicit(lambda y, a: y * y - a, solve=lambda a: a**0.5)
crossing = bp.implicit(
    lambda s, a, b: [s["x"] + s["y"] - a, s["x"] * s["y"] - b],
    lambda a, b: {"x": a / 2 + (a * a / 4 - b) ** 0.5, "y": a / 2 - (a * a / 4 - b) ** 0.5},
)


def larger_root(a, b):
    return a / 2 + bp.sqrt(a * a / 4 - b)


@bp.custom(gradient=lambda p: [2 * x for x in p])
def energy(p):
    return sum(x * x for x in p)


@bp.custom(gradient=lambda x: exponential(x))
def exponential(x):
    return math.exp(x)


# ------------------------------------------------------------------ what is read from elsewhere
@pytest.mark.parametrize("evaluate", [bp.grad, lambda f: bp.grad(bp.grad(f)), lambda f: f])
def test_a_root_is_new_after_the_solver_chooses_another_branch(evaluate):
    sign = [1.0]
    root = bp.implicit(lambda y, a: y * y - a, solve=lambda a: sign[0] * a**0.5)
    first = evaluate(root)(4.0)
    sign[0] = -1.0
    assert evaluate(root)(4.0) == -first != 0.0


def test_a_root_is_new_after_a_number_in_the_equation_has_changed():
    factor = [2.0]
    root = bp.implicit(lambda y, a: y * y - factor[0] * a, lambda a: (factor[0] * a) ** 0.5)
    assert bp.value_and_grad(root)(8.0) == (4.0, 0.25)
    factor[0] = 18.0
    assert bp.value_and_grad(root)(8.0) == (12.0, 0.75)
    assert root(Value(8.0)).data == 12.0
    assert bp.taylor(root, 8.0, 1) == [12.0, 0.75]


def test_the_second_derivative_belongs_to_the_root_of_its_graph():
    sign = [1.0]
    pair = bp.implicit(
        lambda s, a: [s[0] * s[0] - a, s[1] - s[0]], lambda a: [sign[0] * a**0.5] * 2
    )
    a = Value(4.0)
    first, second = pair(a)
    sign[0] = -1.0
    for root in (first, second):
        slope = bp.gradients(root, a, record=True)
        assert slope.data == 0.25
        assert bp.gradients(slope, a) == pytest.approx(-0.03125)


def test_a_solution_may_have_another_shape_when_it_is_solved_again():
    count = [1]
    roots = bp.implicit(lambda y, a: [x - a for x in y], lambda a: [a] * count[0])
    assert len(roots(Value(2.0))) == 1
    count[0] = 3
    assert [x.data for x in roots(Value(2.0))] == [2.0] * 3


def test_a_compiled_root_is_solved_for_each_row():
    compiled = bp.compiled(lambda a: square_root(a), rows="a", reduce=None, backend="numpy")
    assert compiled([1.0, 4.0, 9.0]).tolist() == [1.0, 2.0, 3.0]
    value, slopes = compiled.with_options(reduce="sum").value_and_grad([1.0, 4.0])
    assert value == 3.0
    assert slopes.tolist() == [0.5, 0.25]


def hides(t):
    return bp.implicit(lambda y, a: y * y - a * t, lambda a: (a * bp.stop_gradient(t)).data ** 0.5)


@pytest.mark.parametrize(
    "call",
    [
        lambda: bp.grad(lambda t: hides(t)(2.0))(3.0),  # no argument is a Value
        lambda: bp.grad(lambda t: hides(t)(2.0 * t))(3.0),
        lambda: bp.grad(hides(Value(3.0)))(2.0),
        lambda: bp.jacobian(lambda v: [hides(v[0])(v[1])])([3.0, 2.0]),
        lambda: bp.jvp(lambda t: hides(t)(2.0), 3.0, 1.0),
        lambda: bp.taylor(lambda t: hides(t)(2.0), 3.0, 2),
        lambda: hides(Value(3.0) * 1.0)(Value(2.0)),
        lambda: bp.compiled(lambda a, t: hides(t)(a))(2.0, 3.0),
    ],
)
def test_a_value_that_the_equation_reaches_besides_its_arguments_is_refused(call):
    with pytest.raises(OperandError, match="not its arguments: pass them"):
        call()


def test_a_value_that_appears_after_the_first_call_is_refused():
    factor = [2.0]
    root = bp.implicit(lambda y, a: y * factor[0] - a, lambda a: a / 2.0)
    assert bp.grad(root)(4.0) == 0.5
    factor[0] = Value(2.0)
    with pytest.raises(OperandError, match="not its arguments"):
        bp.grad(root)(4.0)


def test_without_recording_nothing_is_lost_and_nothing_refused():
    with bp.no_recording():
        assert hides(Value(3.0))(12.0) == 6.0
        assert hides(Value(3.0))(Value(12.0)).parents == ()


def test_a_custom_function_that_reads_other_values_is_refused():
    w = Value(3.0)
    scaled = bp.custom(gradient=lambda x: 3.0)(lambda x: w * x)
    with pytest.raises(OperandError, match="not its arguments"):
        bp.grad(scaled)(2.0)


def test_a_custom_function_and_its_gradient_may_read_numbers_that_change():
    factor = [2.0]
    scaled = bp.custom(gradient=lambda x: factor[0])(lambda x: factor[0] * x)
    assert bp.value_and_grad(scaled)(5.0) == (10.0, 2.0)
    factor[0] = 3.0
    assert bp.value_and_grad(scaled)(5.0) == (15.0, 3.0)


def test_a_custom_gradient_may_be_made_of_values():
    w = Value(3.0)
    scaled = bp.custom(gradient=lambda x: w * 1.0)(lambda x: w.data * x)
    x = Value(2.0)
    y = scaled(x)
    y.backward()
    assert (y.data, x.grad) == (6.0, 3.0)
    assert bp.gradients(bp.gradients(y, x, record=True), w) == 1.0


# ------------------------------------------------------------------------------- expansions
@pytest.mark.parametrize(
    ("function", "same", "at"),
    [
        (square_root, bp.sqrt, 4.0),
        (
            lambda x: square_root(x) * bp.sin(square_root(x * x)),
            lambda x: bp.sqrt(x) * bp.sin(x),
            4.0,
        ),
        (
            lambda t: crossing(5 + t, 3 - t * t)["x"],
            lambda t: larger_root(5 + t, 3 - t * t),
            0.0,
        ),
        (lambda t: energy([t, t * t]), lambda t: t**2 + t**4, 2.0),
        (exponential, bp.exp, 0.5),
        (lambda t: exponential(t * t) * t, lambda t: bp.exp(t * t) * t, 0.5),
        (bp.grad(square_root), bp.grad(bp.sqrt), 4.0),
    ],
)
def test_an_expansion_passes_functions_whose_derivatives_are_stated(function, same, at):
    assert bp.taylor(function, at, 5) == pytest.approx(bp.taylor(same, at, 5), rel=1e-12)
    third = bp.grad(lambda x: bp.taylor(function, x, 3)[3])(at)
    assert third == pytest.approx(4.0 * bp.taylor(same, at, 4)[4], rel=1e-11, abs=1e-11)


def test_a_gradient_of_floats_is_enough_for_an_expansion_to_order_1():
    floats = bp.custom(gradient=math.exp)(math.exp)
    assert bp.taylor(floats, 1.0, 1) == [math.e, math.e]
    with pytest.raises(NotDifferentiableError, match="cannot be recorded"):
        bp.taylor(floats, 1.0, 2)


def test_a_rule_may_use_methods_of_values_in_an_expansion():
    @bp.primitive(
        partials=lambda x, y: (x.exp() if isinstance(x, Value) else math.exp(x),),
        name="exponential_by_methods",
    )
    def by_methods(x):
        return math.exp(x)

    assert bp.taylor(by_methods, 0.0, 4) == pytest.approx(bp.taylor(bp.exp, 0.0, 4))


def test_implicit_on_arrays_has_second_derivatives_in_forward_mode_too():
    solved = bp.implicit(
        lambda y, A, b: A @ y - b, lambda A, b: np.linalg.solve(A.astype(float), b.astype(float))
    )
    A, b = np.array([[2.0, 1.0], [1.0, 3.0]]), np.array([1.0, 2.0])
    V = np.array([[1.0, 0.5], [0.0, 2.0]])
    inverse = np.linalg.inv(A)
    expected = [1.0 * inverse @ b, -inverse @ V @ inverse @ b, (inverse @ V) @ (inverse @ V)]
    expected[2] = expected[2] @ inverse @ b
    coefficients = bp.taylor(lambda t: solved(A + t * V, b), 0.0, 2)
    np.testing.assert_allclose(coefficients, expected, rtol=1e-12)


@pytest.mark.parametrize(
    ("make", "argument"),
    [
        (lambda: bp.implicit(3.0, abs), "equation"),
        (lambda: bp.implicit(abs, Value(3.0)), "solve"),
        (lambda: bp.custom(gradient=3.0), "gradient"),
    ],
)
def test_what_is_no_function_is_refused_at_once(make, argument):
    with pytest.raises(OperandError, match=rf"takes a function as {argument}, got .*3\.0"):
        make()


@pytest.mark.parametrize("count", [1, 2])
def test_a_gradient_that_was_left_out_is_asked_for(count):
    @bp.custom
    def product(*factors):
        return math.prod(factors)

    with pytest.raises(OperandError, match=r"write @custom\(gradient=...\) before product"):
        product(*[Value(2.0)] * count)


@pytest.mark.parametrize(
    ("equation", "solve"),
    [
        (lambda y, a: 3.0, lambda a: a),
        (lambda y, a: a, lambda a: a),
        (lambda y, a: [y[0] - a, 2.0 + 0.0 * y[1]], lambda a: [a, a]),
    ],
)
def test_an_equation_that_y_cannot_solve_is_refused(equation, solve):
    """Its solution got the derivative NaN without a word."""
    with pytest.raises(NotDifferentiableError, match="derivatives by y are all 0"):
        bp.implicit(equation, solve)(Value(1.0))
