"""Each optimiser takes the steps that other libraries take, and those of its publication."""

import json
import math
import os
import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.errors import KeywordError, ModelError, OperandError, SettingError, ShapeError
from autograd_bp.training.optimisers import (
    LBFGS,
    OPTIMISERS,
    Adam,
    GaussNewton,
    GradientAscent,
    LevenbergMarquardt,
    Rprop,
    TrustRegionNewton,
    maximise,
    minimise,
    minimise_by_scipy,
    optimiser,
)

sys.path.insert(0, os.path.dirname(__file__))
import trajectories as known

RULES = list(known.WITH_TORCH)


def valley(x, y):
    return (1 - x) ** 2 + 10 * (y - x**2) ** 2 + 0.1 * x * y


def slope(w):
    x, y = w
    return [
        -2 * (1 - x) - 40 * x * (y - x * x) + 0.1 * y,
        20 * (y - x * x) + 0.1 * x,
    ]


def rosenbrock(w):
    return sum(100 * (b - a**2) ** 2 + (1 - a) ** 2 for a, b in pairwise(w))


def numbers(function):
    """A function of Values as one of arrays, with its gradient."""

    def of_arrays(w):
        values = [Value(x) for x in w.tolist()]
        y = function(values)
        y.backward()
        return y.data, np.array([v.grad for v in values])

    return of_arrays


# ------------------------------------------------------------------------ held step by step
@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("kind", ["parameters", "arrays", "lists"])
def test_rules_of_gradients_take_the_steps_of_torch(name, kind):
    path = []
    if kind == "parameters":
        x, y = Value(-1.2), Value(1.0)
        tool = optimiser(name, [x, y], rate=0.01, minimise=True)
        for _ in known.WITH_TORCH[name]:
            valley(x, y).backward()
            tool.step()
            path.append([x.data, y.data])
            assert x.grad == y.grad == 0.0
    else:
        tool, w = optimiser(name, rate=0.01, minimise=True), [-1.2, 1.0]
        w = np.array(w) if kind == "arrays" else w
        for _ in known.WITH_TORCH[name]:
            g = slope(list(w))
            w = tool.step(w, np.array(g) if kind == "arrays" else g)
            path.append(list(w))
    assert path == [pytest.approx(step, rel=1e-12) for step in known.WITH_TORCH[name]]


@pytest.mark.parametrize("name", RULES)
def test_arrays_and_lists_give_the_same_bits_and_up_is_down_of_the_opposite(name):
    rng = np.random.default_rng(0)
    w = rng.normal(size=50)
    tools = [optimiser(name, minimise=up) for up in (False, False, True)]
    v, u, t = w, w.tolist(), w
    for _ in range(20):
        g = rng.normal(size=50) * 10.0 ** rng.integers(-9, 3, size=50)
        v, u, t = tools[0].step(v, g), tools[1].step(u, g.tolist()), tools[2].step(t, -g)
    assert v.tolist() == u == t.tolist()


def test_lbfgs_takes_the_steps_of_scipy():
    tool, w, path = LBFGS(memory=5, minimise=True), np.array([-1.2, 1.0, 0.5]), []
    for _ in known.LBFGS:
        w = tool.step(w, numbers(rosenbrock))
        path.append(w.tolist())
    assert path == [pytest.approx(step, rel=1e-7) for step in known.LBFGS]


def test_newton_in_a_trust_region_takes_the_steps_of_scipy():
    w = [Value(x) for x in (-1.2, 1.0, 0.5)]
    tool, path = TrustRegionNewton(w, minimise=True), []
    for _ in known.TRUST_REGION:
        tool.step(lambda: rosenbrock(w))
        path.append([v.data for v in w])
    assert path == [pytest.approx(step, rel=1e-9) for step in known.TRUST_REGION]


MISRA1A = [
    (77.6, 10.07), (114.9, 14.73), (141.1, 17.94), (190.8, 23.93), (239.9, 29.61),
    (289.0, 35.18), (332.8, 40.02), (378.4, 44.82), (434.8, 50.76), (477.3, 55.05),
    (536.8, 61.01), (593.1, 66.40), (689.1, 75.47), (760.0, 81.78),
]  # fmt: skip


def misra(a, b):
    return [a * (1.0 - bp.exp(-b * x)) - y for x, y in MISRA1A]


def test_levenberg_and_marquardt_take_the_steps_of_minpack():
    a, b = Value(500.0), Value(0.0001)
    tool, path = LevenbergMarquardt([a, b], rate=100.0), []
    for _ in known.MISRA:
        tool.step(lambda: misra(a, b))
        path.append([a.data, b.data])
    assert path == [pytest.approx(step, rel=1e-7) for step in known.MISRA]
    # the certified values
    assert path[-1] == pytest.approx([2.3894212918e2, 5.5015643181e-4], rel=1e-9)
    x, y = Value(-1.2), Value(1.0)
    tool, path = LevenbergMarquardt([x, y], rate=100.0), []
    for _ in known.ROSENBROCK:
        tool.step(lambda: [10 * (y - x**2), 1 - x])
        path.append([x.data, y.data])
    assert path == [pytest.approx(step, rel=1e-7) for step in known.ROSENBROCK]


HOURS = [
    0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 1.75, 2.0, 2.25, 2.5,
    2.75, 3.0, 3.25, 3.5, 4.0, 4.25, 4.5, 4.75, 5.0, 5.5,
]  # fmt: skip
PASSED = [0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 1, 1, 1, 1, 1]


def likelihood(w):
    """Residuals of Fisher's scoring, their jacobian, and the logarithm of the likelihood."""
    X, d = np.stack([np.ones(20), HOURS], axis=1), np.array(PASSED)
    z = 1.0 / (1.0 + np.exp(-X @ w))
    spread = np.sqrt(z * (1.0 - z))
    P = float(np.sum(np.log(np.where(d == 1, z, 1.0 - z))))
    return (z - d) / spread, spread[:, None] * X, P


def test_gauss_and_newton_take_the_steps_of_reweighted_least_squares():
    tool, w, path = GaussNewton(), np.zeros(2), []
    for _ in known.LOGIT:
        w = tool.step(w, likelihood)
        path.append(w.tolist())
    assert path == [pytest.approx(step, rel=1e-9) for step in known.LOGIT]


def test_one_step_of_gauss_and_newton_solves_a_linear_problem():
    rng = np.random.default_rng(1)
    A, b = rng.normal(size=(9, 4)), rng.normal(size=9)
    w = GaussNewton().step(np.zeros(4), lambda w: (A @ w - b, A))
    assert w == pytest.approx(np.linalg.lstsq(A, b, rcond=None)[0], rel=1e-12)


# ------------------------------------------------------------------------ functions of Values
@pytest.mark.parametrize("name", ["lbfgs", "trust-region"])
def test_a_function_is_minimised_and_its_opposite_maximised(name):
    down = minimise(rosenbrock, [-1.2, 1.0, 0.5], name)
    assert down.x == pytest.approx([1.0] * 3, abs=1e-6)
    assert down.value < 1e-12
    up = maximise(lambda w: -rosenbrock(w), [-1.2, 1.0, 0.5], name)
    assert up.x.tolist() == down.x.tolist()


@pytest.mark.parametrize("name", ["gauss-newton", "levenberg-marquardt"])
def test_residuals_are_made_small(name):
    found = minimise(lambda w: misra(*w), [250.0, 0.0005], name)
    assert found.x == pytest.approx([2.3894212918e2, 5.5015643181e-4], rel=1e-7)


@pytest.mark.parametrize("name", ["adam:rate=0.1", "rprop", "nesterov", "momentum", "rmsprop"])
def test_rules_of_gradients_reach_the_bottom_of_a_bowl(name):
    found = minimise(lambda w: (w[0] - 3.0) ** 2 + 2.0 * (w[1] + 1.0) ** 2, [0.0, 0.0], name,
                     steps=4000, tolerance=1e-3)  # fmt: skip
    assert found.x == pytest.approx([3.0, -1.0], abs=0.02)


@pytest.mark.parametrize("method", ["trust-ncg", "trust-krylov", "Newton-CG", "L-BFGS-B"])
def test_scipy_gets_gradients_and_products_of_the_hessian(method):
    pytest.importorskip("scipy")
    found = minimise_by_scipy(rosenbrock, [-1.2, 1.0, 0.5], method, tol=1e-10)
    assert found.x == pytest.approx([1.0] * 3, abs=1e-5)
    assert found.nhev if method != "L-BFGS-B" else found.njev


# ------------------------------------------------------------------------ hard places
@pytest.mark.parametrize("kind", [LBFGS, TrustRegionNewton])
def test_a_step_that_overflows_is_shortened(kind):
    w = Value(0.0)
    tool = kind([w], minimise=True)
    for _ in range(40):
        tool.step(lambda: bp.exp(50.0 * w) - 1e9 * w)
        if tool.finished:
            break
    assert w.data == pytest.approx(math.log(1e9 / 50.0) / 50.0, rel=1e-6)


def test_newton_goes_down_where_the_curvature_is_negative():
    w = Value(0.1)
    tool = TrustRegionNewton([w], minimise=True)
    for _ in range(20):
        tool.step(lambda: w**4 - w**2)
        if tool.finished:
            break
    assert abs(w.data) == pytest.approx(math.sqrt(0.5), rel=1e-6)


@pytest.mark.parametrize("name", ["gauss-newton", "levenberg-marquardt"])
def test_weights_without_influence_stay(name):
    a, b, c = Value(1.0), Value(2.0), Value(5.0)
    tool = optimiser(name, [a, b, c])
    for _ in range(5):
        tool.step(lambda: [a + b - 1.0, 2.0 * (a + b) - 2.0 + 0.0 * c])
    assert a.data + b.data == pytest.approx(1.0)
    assert c.data == 5.0


@pytest.mark.parametrize("name", ["lbfgs", "trust-region", "gauss-newton", "levenberg-marquardt"])
def test_the_best_place_is_left_as_it_is_and_said(name):
    w = Value(3.0)
    tool = optimiser(name, [w], minimise=True)
    squares = tool.kind == "residuals"
    tool.step(lambda: [w - 3.0] if squares else (w - 3.0) ** 2)
    assert (w.data, tool.finished) == (3.0, "the gradient is 0")


# ------------------------------------------------------------------------ state
def quadratic(w):
    x, y = w
    return x * x + 0.3 * x * y + 2 * y * y, np.array([2 * x + 0.3 * y, 0.3 * x + 4 * y])


@pytest.mark.parametrize("name", list(OPTIMISERS))
def test_a_saved_state_goes_on_with_the_same_bits(name):
    def steps(tool, w, count):
        for _ in range(count):
            if tool.kind == "residuals":
                w = tool.step(w, lambda w: likelihood(w)[:3])
            elif tool.kind == "gradient":
                w = tool.step(w, np.array(slope(w)))
            else:
                product = [lambda w, v: np.array([[2.0, 0.3], [0.3, 4.0]]) @ v]
                others = product if tool.kind == "curvature" else []
                w = tool.step(w, quadratic, *others)
        return w

    def made():
        return optimiser(name, rate=0.01 if OPTIMISERS[name].kind == "gradient" else None,
                         minimise=OPTIMISERS[name].kind != "residuals")  # fmt: skip

    start = np.array([-1.2, 1.0])
    through = steps(made(), start, 9)
    first, second = made(), made()
    half = steps(first, start, 4)
    second.load_state_dict(json.loads(json.dumps(first.state_dict())))
    assert steps(second, half, 5).tolist() == through.tolist()
    assert second.steps == 9


@pytest.mark.parametrize(
    "state",
    [
        {},
        None,
        {"name": "rprop"},
        {"name": "adam", "steps": -1},
        {"name": "adam", "steps": 1, "rate": 0.1},
        {"name": "adam", "steps": 1, "rate": 0.1, "slots": ["AAAA", "!"]},
        {"name": "adam", "steps": 1, "rate": 0.1, "slots": ["AAAAAAAAAAA="]},
        {"name": "adam", "steps": 1, "rate": -1, "slots": []},
    ],
    ids=str,
)
def test_a_state_that_does_not_fit_is_refused(state):
    with pytest.raises(ModelError):
        Adam().load_state_dict(state)


# ------------------------------------------------------------------------ what is refused
@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda: optimiser("adm"), SettingError, "did you mean adam"),
        (lambda: optimiser("adam:beta3=1"), SettingError, "no setting 'beta3'"),
        (lambda: optimiser("adam:beta1"), SettingError, "NAME:SETTING=NUMBER"),
        (lambda: optimiser("adam:beta1=x"), SettingError, "beta1 is a number"),
        (lambda: optimiser("adam", rate=-1.0), SettingError, "the rate is a number above 0"),
        (lambda: optimiser(None), SettingError, "an optimiser is one of"),
        (lambda: Adam(lr=0.1), KeywordError, "write rate="),
        (lambda: Adam(beta1=1.0), SettingError, "beta1 is a number, 0 or more and below 1"),
        (lambda: Adam(minimise=1), SettingError, "minimise is True or False"),
        (lambda: Adam([]), SettingError, "nothing to move"),
        (lambda: Adam([1.0]), OperandError, "a parameter is a Value"),
        (lambda: Adam().step(), SettingError, "made without parameters"),
        (lambda: GradientAscent(None, 0.1).step(), SettingError, "made without parameters"),
        (lambda: Adam().step([1.0]), OperandError, "weights and their gradient"),
        (lambda: Adam().step([1.0], [1.0, 2.0]), ShapeError, "gradient has 2 numbers"),
        (lambda: Adam().step(np.ones(2), np.ones(3)), ShapeError, "gradient has 3 numbers"),
        (lambda: Adam().step(np.ones((2, 2)), np.ones(4)), ShapeError, "flat vector"),
        (lambda: Adam().step(["a"], [1.0]), OperandError, "plain numbers"),
        (lambda: Rprop(shrink=2.0), SettingError, "shrink is below 1"),
        (lambda: Rprop(least=100.0), SettingError, "exchange them"),
        (lambda: LBFGS(memory=0), SettingError, "memory is a whole number"),
        (lambda: TrustRegionNewton(rate=2.0, most=1.0), SettingError, "at most that"),
        (lambda: LBFGS().step(np.ones(2), lambda w: 1.0), OperandError, "and its gradient"),
        (lambda: LBFGS().step(np.ones(2), lambda w: (1.0, [1.0])), ShapeError, "2 weights"),
        (lambda: LBFGS().step(np.ones(1), lambda w: (math.nan, w)), SettingError, "starts where"),
        (lambda: LBFGS([Value(1.0)]).step(lambda: 1.0), OperandError, "one Value"),
        (lambda: GaussNewton().step(np.ones(1), lambda w: w), OperandError, "residuals and"),
        (lambda: GaussNewton().step(np.ones(1), lambda w: (w, w)), ShapeError, "one row"),
        (lambda: minimise(lambda x: 1.0, [1.0]), OperandError, "depends on its arguments"),
        (lambda: minimise(lambda x: x[0], []), SettingError, "nothing to move"),
        (lambda: minimise(lambda x: x[0] ** 2, ["a"]), OperandError, "plain numbers"),
        (lambda: minimise(lambda x: x[0], [1.0], Adam([Value(1.0)])), SettingError, "of its own"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_refused_with_what_to_do(call, error, text):
    with pytest.raises(error, match=text):
        call()


def test_weights_of_another_number_are_refused():
    tool = Adam()
    tool.step([1.0, 2.0], [0.1, 0.1])
    with pytest.raises(ShapeError, match="moved 2 weights before, and got 3"):
        tool.step([1.0] * 3, [0.1] * 3)


def test_rules_need_no_numpy(tmp_path):
    (tmp_path / "numpy.py").write_text("raise ImportError('hidden')")
    code = (
        "import importlib.util as u; find = u.find_spec; "
        "u.find_spec = lambda n, *a: None if n == 'numpy' else find(n, *a)\n"
        "from autograd_bp import Value\n"
        "from autograd_bp.errors import MissingExtraError\n"
        "from autograd_bp.training.optimisers import Adam, LBFGS\n"
        "w = [Value(1.0) for _ in range(100)]\n"
        "adam = Adam(w, rate=0.1)\n"
        "w[3].grad = 2.0\n"
        "adam.step()\n"
        "print(w[3].data, w[4].data)\n"
        "try: LBFGS()\n"
        "except MissingExtraError as error: print(error)\n"
    )
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{root}"}
    run = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True,
                         text=True, check=False, timeout=60)  # fmt: skip
    assert run.returncode == 0, run.stderr
    first, second = run.stdout.splitlines()
    assert first == "1.0999999995 1.0"
    assert second == 'LBFGS needs NumPy: pip install "autograd_bp[arrays]"'
