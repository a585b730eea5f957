"""Where 0 meets ∞ or NaN, every mode gives the same derivative; docs/kinks.md says which.

Nothing is passed to an input whose partial is 0, so what lies behind it does no harm. A gradient
whose parts cancel to 0 is passed on, and times ∞ it is NaN.
"""

import copy
import ctypes
import json
import math
import os
import pickle
import shutil
import subprocess
import sys

import pytest
from cancelling import (
    CASES,
    POINTS,
    TABLE,
    UNBOUNDED,
    Program,
    adds_to_infinity,
    cancelled,
    forward_modes,
    gradient,
    gradients_of_cases,
    reverse_modes,
    rounds_to_zero_or_infinity,
    same,
)
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.compiling import flatten, optimised, to_c
from autograd_bp.compiling.backends import registry
from autograd_bp.derivatives.recorded import record_gradients
from autograd_bp.errors import NotDifferentiableError
from autograd_bp.value import constant

INF = math.inf
GCC = shutil.which("gcc")


@pytest.mark.parametrize("name", CASES)
def test_every_mode_gives_it(name):
    function, x, slope = CASES[name]
    leaf = Value(x)
    y = function(leaf)
    assert bp.find_nonfinite(y) is not None or not math.isnan(slope)
    modes = {
        "backward": gradient(function, x),
        "grad": bp.grad(function)(x),
        "gradients": bp.gradients(y, leaf),
        "recorded": bp.gradients(y, leaf, record=True).data,
        "vjp": bp.vjp(function, x)[1](1.0),
        "jvp": bp.jvp(function, x, 1.0)[1],
        "recorded jvp": bp.jvp(function, x, 1.0, record=True)[1].data,
        "jacobian": bp.jacobian(function)(x),
        "taylor": bp.taylor(function, x, 1)[1],
    }
    for mode, result in modes.items():
        assert same(result, slope), mode


@pytest.mark.parametrize("runs_on", registry.backends(), ids=lambda each: each.name)
def test_compiled_functions_give_it_wherever_they_were_traced(runs_on):
    """All cases in one program, each with an input of its own, for three kinds of derivative."""
    if runs_on.unavailable() is not None:
        pytest.skip(runs_on.unavailable())
    backend = runs_on.name
    functions = [function for function, _, _ in CASES.values()]
    points = [x for _, x, _ in CASES.values()]
    slopes = [slope for _, _, slope in CASES.values()]

    def values(p):
        return [function(t) for function, t in zip(functions, p, strict=True)]

    def nested(p):
        return [bp.grad(function)(t) for function, t in zip(functions, p, strict=True)]

    def forward(p):
        return [bp.jvp(function, t, 1.0)[1] for function, t in zip(functions, p, strict=True)]

    kinds = {
        "jacobian": lambda p: [row[k] for k, row in enumerate(jacobian.jacobian(p))],
        "nested": bp.compiled(nested, backend=backend),
        "forward": bp.compiled(forward, backend=backend),
    }
    jacobian = bp.compiled(values, backend=backend)
    for kind, f in kinds.items():
        f([2.0] * len(points))
        for name, result, slope in zip(CASES, f(points), slopes, strict=True):
            assert same(result, slope), f"{name}, {kind}"


@pytest.mark.skipif(GCC is None, reason="there is no gcc")
def test_exported_c_gives_it(tmp_path):
    leaves = [Value(2.0, f"x{k}") for k in range(len(CASES))]
    outputs = [case[0](leaf) for case, leaf in zip(CASES.values(), leaves, strict=True)]
    slopes = [record_gradients([y], [x])[0] for y, x in zip(outputs, leaves, strict=True)]
    nodes = [slope if isinstance(slope, Value) else constant(slope) + 0.0 for slope in slopes]
    program = optimised(flatten(nodes, parameters=leaves, summed=[True] * len(nodes)))
    path = tmp_path / "cases.so"
    flags = ["-std=c99", "-O1", "-ffp-contract=off", "-shared", "-fPIC"]
    command = [GCC, *flags, "-xc", "-", "-o", str(path), "-lm"]
    text = to_c(program, name="slopes")
    subprocess.run(command, input=text, text=True, check=True, timeout=100)
    points = (ctypes.c_double * len(leaves))(*[x for _, x, _ in CASES.values()])
    results, nothing = (ctypes.c_double * len(leaves))(), (ctypes.c_double * 1)()
    function = ctypes.CDLL(str(path)).slopes
    function.restype = None
    scratch = ctypes.create_string_buffer(1 << 16)
    function(points, nothing, ctypes.c_size_t(1), results, nothing, scratch)
    for (name, (_, _, slope)), result in zip(CASES.items(), results, strict=True):
        assert same(result, slope), name


SQUARED = {
    "abs": (lambda p: abs(p[0]) ** 2, [0.0]),
    "hypot": (lambda p: bp.hypot(p[0], p[1]) ** 2, [0.0, 0.0]),
    "norm": (lambda p: bp.norm(p) ** 2, [0.0, 0.0]),
    "√": (lambda p: bp.sqrt(p[0]) ** 2, [0.0]),
    "1/(1/x)": (lambda p: 1.0 / (1.0 / p[0]), [0.0]),
    "√ - √": (lambda p: cancelled(bp.sqrt)(p[0]), [0.0]),
}


@pytest.mark.parametrize("name", SQUARED)
def test_second_derivatives_agree(name):
    """The corner gives its middle slope, 0, to all of them."""
    function, at = SQUARED[name]
    unit = [1.0, *[0.0] * (len(at) - 1)]
    slope = bp.grad(function)
    rows = {
        "reverse over reverse": bp.grad(lambda p: slope(p)[0])(at),
        "forward over reverse": bp.jvp(slope, (at,), (unit,))[1],
        "hessian": bp.hessian(function)(at)[0],
        "hvp": bp.hvp(function, at, unit),
        "compiled": bp.compiled(function).hvp(at, tangent=unit),
        "compiled nested": bp.compiled(lambda p: bp.hvp(function, p, unit))(at),
    }
    expected = rows["reverse over reverse"]
    for mode, row in rows.items():
        assert all(map(same, row, expected)), mode


@pytest.mark.parametrize(
    "function",
    [
        lambda x: bp.hypot(bp.sqrt(x), x),
        lambda x: bp.norm([x, bp.log(x)]),
        lambda x: bp.atan2(bp.sqrt(x), x),
        lambda x: bp.sqrt(x) ** x,
    ],
    ids=["hypot", "norm", "atan2", "pow"],
)
def test_a_tangent_of_0_moves_nothing_although_a_part_is_nan(function):
    leaf = Value(-1.0)
    modes = forward_modes(function(leaf), [leaf], [0.0], compiled=True)
    assert modes == dict.fromkeys(modes, 0.0)


def along(program, point, j):
    """The program as a function of its j-th input."""
    fixed = [constant(x) for x in point]
    return lambda t: program(*fixed[:j], t, *fixed[j + 1 :])


steps = st.lists(
    st.tuples(st.integers(0, len(TABLE) - 1), *[st.integers(0, 3)] * 3), min_size=1, max_size=6
)


@settings(max_examples=250, deadline=None)
@given(steps.map(Program), st.tuples(*[st.sampled_from(POINTS + UNBOUNDED)] * 2))
def test_random_programs_agree(program, point):
    """Excluded are roundings to 0 or ∞, and sums in which ∞ meets a number that is not an infinity
    of its sign: there a mode may give NaN where another gives ∞. For compiled derivatives the
    leaves are finite."""
    leaves = [Value(x) for x in point]
    y = program(*leaves)
    assume(not rounds_to_zero_or_infinity(y))
    compiled = all(map(math.isfinite, point))
    modes = reverse_modes(y, leaves, compiled=compiled)
    for mode, result in modes.items():
        assert all(map(same, result, modes["backward"])), mode
    for j, leaf in enumerate(modes["backward"]):
        tangents = [float(i == j) for i in range(len(leaves))]
        slopes = forward_modes(y, leaves, tangents, compiled=compiled)
        slopes["taylor"] = bp.taylor(along(program, point, j), point[j], 1)[1]
        for mode, result in slopes.items():
            assert same(result, slopes["floats"]), f"forward, {mode}"
        if not same(leaf, slopes["floats"]):
            assert not math.isfinite(leaf)
            assert not math.isfinite(slopes["floats"])
            assert math.isnan(leaf) or math.isnan(slopes["floats"])
            assert adds_to_infinity(y, leaves, tangents)


@settings(max_examples=60, deadline=None)
@given(steps.map(Program))
def test_a_compiled_gradient_agrees_at_every_point(program):
    leaves = [Value(0.3), Value(0.7)]
    slopes = record_gradients([program(*leaves)], leaves)
    nodes = [slope if isinstance(slope, Value) else constant(slope) for slope in slopes]
    compiled = optimised(flatten(nodes, inputs=leaves))
    rows = [[a, b] for a in POINTS for b in POINTS]
    columns = [
        column if isinstance(column, list) else [column] * len(rows)
        for column in compiled.run([], rows)
    ]
    for row, *found in zip(rows, *columns, strict=True):
        leaves = [Value(x) for x in row]
        y = program(*leaves)
        if not rounds_to_zero_or_infinity(y):
            y.backward()
            assert all(map(same, found, [leaf.grad for leaf in leaves])), row


def test_both_cores_agree():
    here = os.path.dirname(__file__)
    code = (
        f"import sys; sys.path.insert(0, {here!r})\n"
        "import json, cancelling; print(json.dumps(cancelling.gradients_of_cases()))"
    )
    environment = {**os.environ, "AUTOGRAD_BP_PURE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert all(map(same, json.loads(done.stdout), gradients_of_cases()))


def test_no_gradient_is_shown_as_minus_zero():
    x, t = Value(2.0), Value(3.0)
    unreached, cancelled_ = bp.sqrt(x), bp.exp(t)
    y = 0.0 * unreached + (cancelled_ - cancelled_) * -1.0 + bp.where(0.0, bp.log(t), -0.0 * x)
    y.backward()
    nodes = [x, t, unreached, cancelled_, *y.parents]
    copies = [pickle.loads(pickle.dumps(y)), copy.deepcopy(y)]
    for node in [*nodes, *copies, *[parent for twin in copies for parent in twin.parents]]:
        assert math.copysign(1.0, node.grad) == 1.0
        assert "grad=-0.0" not in repr(node)
    for seed in (0.0, -0.0):
        y.backward(seed)
        assert math.copysign(1.0, y.grad) == 1.0


def test_a_seed_of_zero_passes_nothing():
    for seed in (0.0, -0.0):
        x = Value(0.0)
        y = bp.sqrt(x)
        y.backward(seed)
        assert (x.grad, y.grad) == (0.0, 0.0)
        assert bp.vjp(bp.sqrt, 0.0)[1](seed) == 0.0
        assert bp.gradients([y, x * 1.0], x, seeds=[seed, 1.0]) == 1.0
        assert bp.gradients([y, x * 1.0], x, seeds=[seed, 1.0], record=True).data == 1.0


def test_leaves_that_nothing_reaches_keep_their_gradient():
    x, w = Value(0.0), Value(1.0)
    x.grad = 5.0
    y = 0.0 * bp.sqrt(x) + w
    y.backward()
    assert (x.grad, w.grad) == (5.0, 1.0)
    y.backward(accumulate=False)
    assert (x.grad, w.grad) == (0.0, 1.0)


def test_a_threshold_refuses_what_cancels_in_both_modes():
    x = Value(1.0)
    y = bp.threshold(x)
    with pytest.raises(NotDifferentiableError):
        (y - y).backward()
    with pytest.raises(NotDifferentiableError):
        bp.jvp(lambda x: (y := bp.threshold(x)) - y, 1.0, 1.0)
    (0.0 * bp.threshold(x)).backward()
    assert x.grad == 0.0


def test_rules_of_users_and_implicit_equations():
    @bp.custom(lambda x: INF if x == 0.0 else 1.0)
    def steep(x):
        return x * 2.0

    root = bp.implicit(lambda y, a: y * y - a, solve=math.sqrt)
    for function in (steep, root):
        assert math.isnan(gradient(cancelled(function), 0.0))
        assert math.isnan(bp.jvp(cancelled(function), 0.0, 1.0)[1])
        assert gradient(lambda x, f=function: 0.0 * f(x), 0.0) == 0.0
        assert bp.jvp(lambda x, f=function: 0.0 * f(x), 0.0, 1.0)[1] == 0.0


def _script_of_closures():
    """A root and a product whose derivatives are closures of a script's."""
    from autograd_bp.compat.micrograd import Value as Open

    def root(x):
        output = Open(math.sqrt(x.data), (x,), "root")

        def backward():
            x.grad += (0.5 / output.data if output.data else INF) * output.grad

        output._backward = backward
        return output

    def product(a, b):
        output = Open(a.data * b.data, (a, b), "product")

        def backward():
            a.grad += b.data * output.grad
            b.grad += a.data * output.grad

        output._backward = backward
        return output

    return Open, root, product


def test_closures_of_a_script_pass_what_cancels_and_no_zeros():
    Open, root, product = _script_of_closures()
    formulas = {
        "cancels": (lambda s: s - s, math.nan),
        "cancels in closures": (lambda s: product(s, Open(1.0)) + product(s, Open(-1.0)), math.nan),
        "a zero": (lambda s: 0.0 * s, 0.0),
        "a zero of a closure": (lambda s: product(s, Open(0.0)), 0.0),
        "a zero of a closure, negative": (lambda s: -product(s, Open(0.0)), 0.0),
        "neither": (lambda s: product(s, Open(2.0)), INF),
    }
    for name, (formula, slope) in formulas.items():
        for start in (root, lambda x: x**0.5):
            x = Open(0.0)
            formula(start(x)).backward()
            assert same(x.grad, slope), name
