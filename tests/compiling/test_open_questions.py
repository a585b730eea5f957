"""A gradient of 0 that meets an infinite slope, in programs too large to ask all paths about it.

What cancels times ∞ is NaN and what never arrived is 0 (docs/kinks.md), whatever the size. Large
programs leave the question open, and a result with a NaN is computed again by one that asks.
"""

import math
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings

sys.path.insert(0, str(Path(__file__).parents[1] / "derivatives"))
from cancelling import CASES, POINTS, rounds_to_zero_or_infinity, same
from hypothesis import strategies as st
from test_zero_times_infinity import Program, steps

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.compiling import UndecidedZeroWarning
from autograd_bp.compiling.backends import registry
from autograd_bp.compiling.front import by_loops, derivation, derived

INF = math.inf
BACKENDS = [backend.name for backend in registry.backends() if backend.unavailable() is None]
FUNCTIONS = [function for function, _, _ in CASES.values()]
AT = [x for _, x, _ in CASES.values()]
SLOPES = [slope for _, _, slope in CASES.values()]


def of_all_cases(p):
    return [function(t) for function, t in zip(FUNCTIONS, p, strict=True)]


@pytest.fixture(params=["loops", "instructions"])
def large(request, monkeypatch):
    """Every program counts as a large one."""
    monkeypatch.setattr(derivation, "MAX_ASKED", 0)
    monkeypatch.setattr(by_loops, "MIN_READ", 0 if request.param == "loops" else 10**9)
    monkeypatch.setattr(by_loops, "FEW_LOOPS", 10**9)
    return request.param


def asked_again(f):
    """Whether the program that ran last is one of open questions."""
    return f._ready.other is not None


@pytest.mark.parametrize("backend", BACKENDS)
def test_every_case_has_the_slope_of_the_engine(large, backend):
    def total(p):
        return bp.sum(of_all_cases(p))

    f, each = (bp.compiled(g, backend=backend) for g in (total, of_all_cases))
    ones = [1.0] * len(AT)
    for point in ([2.0] * len(AT), AT):
        expected = [bp.grad(g)(x) for g, x in zip(FUNCTIONS, point, strict=True)]
        found = {
            "grad": f.grad(point),
            "again": f.grad(point),
            "jacobian": np.diag(each.jacobian(point)),
            "jvp": each.jvp(point, tangent=ones),
            "vjp": each.vjp(point, cotangent=ones),
        }
        assert f.way == large or backend == "reference"
        for kind, slopes in found.items():
            for name, slope, right in zip(CASES, slopes, expected, strict=True):
                assert same(slope, right), (name, kind)
    assert asked_again(f)


def test_second_derivatives_are_those_of_nested_gradients(large):
    for name, (function, x, _) in CASES.items():
        f = bp.compiled(lambda p, g=function: g(p[0]), backend="numpy")
        right = bp.grad(bp.grad(function))(x)
        assert same(f.hessian([x])[0][0], right), name
        assert same(f.hvp([x], tangent=[1.0])[0], right), name


@settings(max_examples=40, deadline=None)
@given(steps.map(Program), st.tuples(*[st.sampled_from(POINTS)] * 2))
def test_random_programs_have_the_gradient_of_the_engine(program, point):
    leaves = [Value(x) for x in point]
    y = program(*leaves)
    assume(not rounds_to_zero_or_infinity(y))
    y.backward()
    expected = [leaf.grad for leaf in leaves]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(derivation, "MAX_ASKED", 0)
        for numbers in (0, 10**9):
            patch.setattr(by_loops, "MIN_READ", numbers)
            f = bp.compiled(lambda a, b: program(a, b), wrt=("a", "b"), backend="numpy")
            assert all(map(same, f.grad(*point), expected))
            for k in range(2):
                unit = (float(k == 0), float(k == 1))
                moved = bp.jvp(program, point, unit)[1]
                assert same(f.jvp(*point, tangent=unit), moved)


def rows_of_roots(w, x):
    s = bp.sqrt(x[0])
    return w * (bp.exp(s - s) + bp.where(x[1] > 0.0, bp.log(x[1]), x[0]))


@pytest.mark.parametrize("backend", ["numpy", "tape", "llvm"])
def test_rows_calls_that_follow_and_bound_calls(large, backend):
    if backend not in BACKENDS:
        pytest.skip("not available")
    rows = np.array([[4.0, 2.0], [0.0, 1.0], [1.0, -1.0]])
    f = bp.compiled(rows_of_roots, rows="x", reduce=None, wrt="x", backend=backend)
    right = np.array([bp.grad(rows_of_roots, 1)(2.0, row) for row in rows])
    assert np.isnan(right).any()
    assert not np.isnan(right[0]).any()
    for _ in range(3):
        np.testing.assert_array_equal(f.grad(2.0, rows), right)
        np.testing.assert_array_equal(f.grad(2.0, rows[:1]), right[:1])
    bound = f.bind(2.0, rows, derivative="grad")
    np.testing.assert_array_equal(bound.result, right)
    bound.arguments["x"][...] = rows[::-1]
    bound()
    np.testing.assert_array_equal(bound.result, right[::-1])


def test_exported_c_takes_a_gradient_of_0_for_nothing(large):
    f = bp.compiled(lambda x: bp.exp((s := bp.sqrt(x)) - s))
    f.grad(0.0)
    assert asked_again(f)
    assert f._ready.for_export is not f._ready
    assert f._ready.for_export.other is None
    assert f._ready.for_export.backend.run(np.zeros(1), np.zeros((0, 1)), 1)[0] == [0.0]
    assert "sqrt" in f.to_c(what="grad")


@pytest.mark.parametrize("backend", BACKENDS)
def test_bound_calls_ask_when_a_result_is_nan(large, backend):
    f = bp.compiled(lambda x: bp.exp((s := bp.sqrt(x[0])) - s) * x[1] + 0.0 * x[2], backend=backend)
    bound = f.bind([4.0, 1.0, 1.0])
    engine = bp.grad(lambda x: bp.exp((s := bp.sqrt(x[0])) - s) * x[1] + 0.0 * x[2])
    for point in ([4.0, 2.0, 1.0], [0.0, 2.0, 1.0], [9.0, 3.0, 1.0], [1.0, 1.0, INF]):
        bound.arguments["x"][:] = point
        value = bound()
        assert same(value, f(point))
        assert all(map(same, bound.result[1], engine(point)))
        assert same(bound.result[0], value)


def test_a_program_without_sums_before_infinite_slopes_leaves_nothing_open(large):
    f = bp.compiled(lambda x: bp.where(x > 0.0, bp.log(x) * 3.0, x))
    assert f.grad(-1.0) == 1.0
    assert f.grad(0.0) == 1.0
    assert not asked_again(f)


@pytest.mark.parametrize("constant", [INF, -INF, math.nan])
def test_an_infinite_constant_is_stopped_by_a_zero(large, constant):
    functions = {
        "a gate": lambda x: bp.where(x > 0.5, constant * x, x),
        "a zero": lambda x: 0.0 * (constant * x) + x,
        "a product": lambda x: bp.relu(x) * (constant * x) + x,
        "a dot": lambda x: bp.where(x > 0.5, bp.dot([constant, 1.0], [x, x]), x),
        "what cancels": lambda x: (y := bp.sin(x)) * constant - y * constant + x,
        "a power": lambda x: bp.where(x > 0.5, (constant * x) ** 3, x),
    }
    for name, function in functions.items():
        f = bp.compiled(function, backend="numpy")
        for x in (0.0, -1.0, 2.0):
            assert same(f.grad(x), bp.grad(function)(x)), (name, x)
            assert same(f.jvp(x, tangent=1.0), bp.jvp(function, x, 1.0)[1]), (name, x)


def test_a_program_that_would_take_long_to_record_warns_and_takes_zero_for_nothing(
    large, monkeypatch
):
    def cancels(x):
        return bp.exp((s := bp.sqrt(x)) - s)

    assert math.isnan(bp.compiled(cancels).grad(0.0))
    monkeypatch.setattr(derived, "MAX_OPEN", 1)
    f = bp.compiled(cancels)
    assert f.grad(4.0) == 0.0
    for call in (lambda: f.grad(0.0), lambda: f.value_and_grad(0.0)[1], lambda: f.grad(0.0)):
        with pytest.warns(UndecidedZeroWarning, match=r"^(value_and_)?grad: .* find_nonfinite"):
            assert call() == 0.0
    rows = bp.compiled(cancels, rows="x", reduce=None)
    with pytest.warns(UndecidedZeroWarning):
        assert rows.grad([0.0, 1.0]).tolist() == [0.0, 0.0]


@pytest.mark.parametrize(
    "function",
    [
        lambda x: bp.where(x > 0.0, bp.log(x) - bp.log(x), x),  # 0 never arrived: nothing to tell
        lambda x: bp.sqrt(x) * bp.sqrt(x),  # NaN on every way
        lambda x: bp.log(x) - bp.sqrt(x),  # outside the domain
    ],
)
def test_a_program_too_large_to_ask_does_not_warn_of_what_it_shares_with_the_others(
    large, monkeypatch, recwarn, function
):
    monkeypatch.setattr(derived, "MAX_OPEN", 1)
    f = bp.compiled(function)
    for x in (2.0, 0.25):
        assert same(f.grad(x), bp.grad(function)(x))
    assert not recwarn.list


def test_a_program_of_so_many_operations_asks():

    def chain(x):
        y = s = bp.sqrt(x)
        for k in range(derivation.MAX_ASKED):
            y = bp.sin(y) * (1.0 + k % 7) if k % 3 else y + 0.1 * k
        return bp.exp(s - s) + y * 0.0

    f = bp.compiled(chain, backend="reference")
    assert math.isnan(f.grad(0.0))
    assert math.isnan(bp.grad(chain)(0.0))
    assert "where NaN would be right.\n" in f.to_c(what="grad")


def test_a_program_of_a_few_hundred_operations_asks_when_a_result_is_nan_and_in_files():
    def chain(x):
        y = s = bp.sqrt(x)
        for k in range(2 * derivation.MAX_ASKED_AT_ONCE):
            y = bp.sin(y) * (1.0 + k % 7) if k % 3 else y + 0.1 * k
        return bp.exp(s - s) + y * 0.0

    f = bp.compiled(chain)
    assert f.grad(4.0) == bp.grad(chain)(4.0)
    assert f.way == "instructions"
    assert math.isnan(f.grad(0.0))
    assert math.isnan(bp.grad(chain)(0.0))
    assert "where NaN would be right" not in f.to_c(what="grad")


def test_the_program_that_asks_may_be_too_large_for_machine_code(large):
    f = bp.compiled(lambda x: bp.exp((s := bp.sqrt(x)) - s), backend="numpy")
    f.grad(0.0)
    assert f._ready._asking.backend.choice.name == "numpy"
    if "llvm" in BACKENDS:
        f = f.with_options(backend="llvm")
        f.grad(0.0)
        assert f._ready._asking.backend.choice.name != "llvm"
