"""Public cases in every mode and on every backend of the compiler."""

import cases_functions
import cases_kinks
import cases_tails
import pytest
from public_case import is_available

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.compiling.backends import registry

ALL = [*cases_kinks.CASES, *cases_tails.CASES, *cases_functions.CASES]
CASES = [case for case in ALL if is_available(case)]
SECOND = [case for case in CASES if case.has_second]
BACKENDS = [backend.name for backend in registry.backends()]
every_case = pytest.mark.parametrize("case", CASES, ids=str)
every_second = pytest.mark.parametrize("case", SECOND, ids=str)


def unit(k, width):
    return [float(i == k) for i in range(width)]


@every_case
def test_in_reverse(case):
    leaves = [Value(x) for x in case.at]
    output = case.function(*leaves)
    output.backward()
    case.check("the value", (), output.data)
    for i, leaf in enumerate(leaves):
        case.check("backward", (i,), leaf.grad)
    for i, slope in enumerate(bp.grad(case.of_list())(list(case.at))):
        case.check("grad", (i,), slope)


@every_case
def test_forward(case):
    for i in range(len(case.at)):
        value, slope = bp.jvp(case.of_list(), list(case.at), unit(i, len(case.at)))
        case.check("the value, forward", (), value)
        case.check("jvp", (i,), slope)


@every_case
def test_recorded(case):
    leaves = [Value(x) for x in case.at]
    for i, slope in enumerate(bp.gradients(case.function(*leaves), leaves, record=True)):
        case.check("recorded", (i,), slope.data)
    for i in range(len(case.at)):
        slope = bp.jvp(case.of_list(), list(case.at), unit(i, len(case.at)), record=True)[1]
        case.check("recorded forward", (i,), float(getattr(slope, "data", slope)))


@every_second
def test_second_derivatives(case):
    f, at, width = case.of_list(), list(case.at), len(case.at)
    H = bp.hessian(f)(at)
    for i in range(width):
        forward_over_reverse = bp.jvp(bp.grad(f), at, unit(i, width))[1]
        product = bp.hvp(f, at, unit(i, width))
        for j in range(width):
            case.check("hessian", (i, j), H[i][j])
            case.check("jvp of grad", (i, j), forward_over_reverse[j])
            case.check("hvp", (i, j), product[j])


@every_second
def test_taylor_coefficients(case):
    at = case.at
    for i in range(len(at)):
        line = lambda t, i=i: case.function(*at[:i], at[i] + t, *at[i + 1 :])  # noqa: E731
        if at[i] == 0.0:
            line = lambda t, i=i: case.function(*at[:i], t, *at[i + 1 :])  # noqa: E731
        order = 3 if case.exact is not None else 2
        coefficients = bp.taylor(line, 0.0, order)
        case.check("taylor", (), coefficients[0])
        case.check("taylor", (i,), coefficients[1])
        case.check("taylor", (i, i), 2.0 * coefficients[2])


@pytest.mark.parametrize("backend", BACKENDS)
@every_case
def test_compiled(case, backend):
    f = bp.compiled(case.of_list(), backend=backend)
    at, width = list(case.at), len(case.at)
    value, slopes = f.value_and_grad(at)
    case.check(f"{backend}, the value", (), value)
    for i, slope in enumerate(slopes):
        case.check(f"{backend}, grad", (i,), slope)
    if case.has_second:
        for i in range(width):
            for j, bend in enumerate(f.hvp(at, tangent=unit(i, width))):
                case.check(f"{backend}, hvp", (i, j), bend)
