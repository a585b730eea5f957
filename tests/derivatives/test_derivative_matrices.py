"""Jacobians, Hessians and products with them: closed forms, random programs, work counted."""

import math
import random

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.derivatives import linear, sweeps
from autograd_bp.derivatives.colouring import colour, transposed

UNARY = [
    bp.sin,
    bp.cos,
    bp.tanh,
    bp.sigmoid,
    bp.softplus,
    bp.erf,
    bp.atan,
    bp.asinh,
    lambda x: bp.exp(0.3 * x),
    lambda x: bp.sqrt(1.0 + x * x),
    lambda x: bp.log(2.0 + x * x),
    lambda x: x**3,
    lambda x: 1.0 / (1.5 + x * x),
]
BINARY = [
    lambda a, b: a + b,
    lambda a, b: a - b,
    lambda a, b: a * b,
    lambda a, b: a / (2.0 + b * b),
    bp.hypot,
    lambda a, b: bp.logsumexp([a, b, 0.5]),
    lambda a, b: bp.dot([a, b], [b, 0.5], a),
    lambda a, b: bp.performance(a, b),
]


def program(seed, inputs=3, outputs=2, steps=9):
    """A smooth function of a list, the same for the same seed."""
    draw = random.Random(seed)
    plan = [
        (draw.choice(UNARY), None) if draw.random() < 0.5 else (draw.choice(BINARY), 2)
        for _ in range(steps)
    ]
    places = [(draw.random(), draw.random()) for _ in range(steps)]

    def f(x):
        numbers = list(x)
        for (function, arity), (p, q) in zip(plan, places, strict=True):
            a, b = numbers[int(p * len(numbers))], numbers[int(q * len(numbers))]
            numbers.append(function(a) if arity is None else function(a, b))
        return numbers[-outputs:]

    return f, [draw.uniform(-1.0, 1.0) for _ in range(inputs)]


def numerical(f, x, h=1e-3):
    """Central differences of f at x, extrapolated twice: columns of the Jacobian."""

    def slope(k, h):
        up, down = list(x), list(x)
        up[k] += h
        down[k] -= h
        return (np.array(f(up)) - np.array(f(down))) / (up[k] - down[k])

    def better(k, h):
        return (4 * slope(k, h / 2) - slope(k, h)) / 3

    return np.array([(16 * better(k, h / 2) - better(k, h)) / 15 for k in range(len(x))]).T


@pytest.mark.parametrize("seed", range(40))
def test_both_modes_agree_with_central_differences(seed):
    f, x = program(seed)
    expected = numerical(f, x)
    for mode in ("forward", "reverse", None):
        np.testing.assert_allclose(bp.jacobian(f, mode=mode)(x), expected, rtol=1e-8, atol=1e-9)


@pytest.mark.parametrize("seed", range(20))
def test_hessians_of_random_programs(seed):
    f, x = program(seed, outputs=1)
    g = lambda x: f(x)[0]  # noqa: E731
    H = np.array(bp.hessian(g)(x))
    np.testing.assert_allclose(H, numerical(bp.grad(g), x), rtol=1e-8, atol=1e-9)
    np.testing.assert_allclose(H, H.T, rtol=1e-11, atol=1e-13)
    v = [0.5, -1.0, 2.0]
    np.testing.assert_allclose(bp.hvp(g, x, v), H @ v, rtol=1e-11, atol=1e-13)
    forward = bp.jvp(bp.grad(g), x, v)[1]
    np.testing.assert_allclose(forward, H @ v, rtol=1e-11, atol=1e-13)
    over_forward = bp.grad(lambda x: bp.jvp(g, x, v)[1])(x)
    np.testing.assert_allclose(over_forward, H @ v, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("seed", range(20))
def test_recorded_sweeps_give_the_numbers_of_float_sweeps(seed):
    f, x = program(seed)
    floats, values = bp.jacobian(f)(x), bp.jacobian(f, record=True)(x)
    recorded = [[each.data for each in line] for line in values]
    np.testing.assert_allclose(recorded, floats, rtol=1e-13, atol=1e-15)


@pytest.mark.parametrize("seed", range(10))
def test_vjp_and_jvp_are_products_with_the_jacobian(seed):
    f, x = program(seed)
    J = np.array(bp.jacobian(f)(x))
    value, pullback = bp.vjp(f, x)
    np.testing.assert_allclose(value, f(x), rtol=1e-15)
    for u in ([1.0, 0.0], [0.5, -2.0]):
        np.testing.assert_allclose(pullback(u), u @ J, rtol=1e-12, atol=1e-14)
    v = [1.0, -0.5, 0.25]
    np.testing.assert_allclose(bp.jvp(f, x, v)[1], J @ v, rtol=1e-12, atol=1e-14)


def test_a_planted_wrong_rule_is_noticed_by_these_tests():
    wrong = bp.primitive(partials=lambda x, y: (bp.cos(x) * (1 + 1e-6),), name="wrong_sine")(
        math.sin
    )
    f = lambda x: [wrong(x[0] * x[1])]  # noqa: E731
    with pytest.raises(AssertionError):
        np.testing.assert_allclose(
            bp.jacobian(f)([0.3, 0.7]), numerical(f, [0.3, 0.7]), rtol=1e-8, atol=1e-9
        )


def test_shapes_of_jacobians():
    a = np.arange(6.0).reshape(2, 3)
    assert bp.jacobian(lambda a: a[0] * a[1])(a).shape == (3, 2, 3)
    both = bp.jacobian(lambda a: {"s": a.sum(), "t": [a[0, 0] ** 2]})(a)
    assert both["s"].tolist() == np.ones((2, 3)).tolist()
    assert both["t"][0].shape == (2, 3)
    by_list = bp.jacobian(lambda x: np.array([1.0, 2.0]) * x[0] + x[1])([1.0, 2.0])
    assert [each.tolist() for each in by_list] == [[1.0, 2.0], [1.0, 1.0]]
    assert bp.jacobian(lambda x, y: [x * y, y], wrt=(0, 1))(2.0, 3.0) == ([3.0, 0.0], [2.0, 1.0])


def test_the_blocks_of_a_hessian_of_two_arguments():
    f = lambda x, y: x * x * y["k"]  # noqa: E731
    assert bp.hessian(f, wrt=(0, 1))(3.0, {"k": 5.0}) == (
        (10.0, {"k": 6.0}),
        ({"k": 6.0}, {"k": {"k": 0.0}}),
    )


class Counter:
    """Counts sweeps, of both kinds and both modes."""

    def __init__(self, monkeypatch):
        self.count = 0
        for owner, name in [
            (sweeps.Floats, "forward"),
            (sweeps.Floats, "reverse"),
            (linear.Linear, "_backward"),
        ]:
            monkeypatch.setattr(owner, name, self.counting(getattr(owner, name)))

    def counting(self, method):
        def counted(*arguments):
            self.count += 1
            return method(*arguments)

        return counted


@pytest.mark.parametrize(
    ("f", "inputs", "expected"),
    [
        (lambda x: [v * v for v in x], 30, 1),  # diagonal
        (lambda x: [x[i] * x[i + 1] for i in range(29)], 30, 2),  # two bands
        (lambda x: [x[i - 1] + x[i] ** 2 + x[(i + 1) % 30] for i in range(30)], 30, 3),
        (lambda x: [sum(x), *x], 30, 30),  # a full row: forward needs 30, a full column too
        (lambda x: [x[0] * v for v in range(1, 9)], 20, 1),  # one input matters
        (lambda x: [bp.sin(x[0]) * 2.0 for _ in range(5)], 1, 1),
        (lambda x: [bp.dot(x, x)], 30, 1),
    ],
)
def test_a_sparse_jacobian_takes_few_sweeps(f, inputs, expected, monkeypatch):
    x = [0.1 * i + 1.0 for i in range(inputs)]
    dense = numerical(f, x)
    counter = Counter(monkeypatch)
    J = bp.jacobian(f)(x)
    assert counter.count <= expected
    np.testing.assert_allclose(J, dense, rtol=1e-8, atol=1e-8)


def test_a_banded_hessian_takes_few_sweeps(monkeypatch):
    n = 40
    counter = Counter(monkeypatch)

    def rosenbrock(v):
        return bp.sum([100 * (v[i + 1] - v[i] ** 2) ** 2 + (1 - v[i]) ** 2 for i in range(n - 1)])

    H = np.array(bp.hessian(rosenbrock)([1.0] * n))
    assert counter.count <= 3
    assert H[0, 0] == 802.0
    assert H[1, 1] == 1002.0
    assert H[5, 6] == H[6, 5] == -400.0
    assert H[5, 7] == 0.0


def test_colours_never_share_a_row():
    draw = random.Random(1)
    for _ in range(50):
        n, m = draw.randint(1, 12), draw.randint(1, 12)
        rows = [draw.getrandbits(n) & draw.getrandbits(n) for _ in range(m)]
        groups = colour(rows, n)
        assert sorted(j for group in groups for j in group) == [
            j for j in range(n) if any(bits >> j & 1 for bits in rows)
        ] or any(bits == (1 << n) - 1 for bits in rows)
        for group in groups:
            assert all(sum(bits >> j & 1 for j in group) <= 1 for bits in rows)
        assert transposed(transposed(rows, n), m) == rows


def test_zero_times_infinity_is_zero_in_both_modes_and_orders():
    f = lambda x: 0.0 * bp.sqrt(x) + x * x  # noqa: E731
    assert bp.grad(f)(0.0) == 0.0
    assert bp.jvp(f, 0.0, 1.0) == (0.0, 0.0)
    assert bp.grad(f, record=True)(0.0).data == 0.0
    g = lambda x: bp.where(x, bp.sqrt(x), x)  # noqa: E731
    assert bp.grad(g)(0.0) == bp.jvp(g, 0.0, 1.0)[1] == bp.grad(g, record=True)(0.0).data == 1.0


def test_a_closed_gate_stops_an_infinite_partial_in_both_modes_and_orders():
    f = lambda x: bp.sqrt(bp.relu(x)) + x  # noqa: E731
    assert bp.grad(f)(-1.0) == bp.jvp(f, -1.0, 1.0)[1] == 1.0
    assert bp.grad(f, record=True)(-1.0).data == bp.jvp(f, -1.0, 1.0, record=True)[1].data == 1.0
    w = Value(-1.0)
    assert bp.gradients(f(w), w) == 1.0


def test_a_recorded_gradient_has_the_same_structure_on_both_sides_of_a_gate():
    def size(x):
        x = Value(x)
        return len(bp.graph.topological_order(bp.gradients(bp.relu(bp.sin(x)) * x, x, record=True)))

    assert size(0.5) == size(-0.5)


def test_a_recorded_jacobian_keeps_what_is_behind_a_closed_gate():
    ((by_first, _),) = bp.jacobian(lambda x: [bp.relu(x[0]) * x[1]], record=True)([-1.0, 2.0])
    assert by_first.data == 0.0
    assert by_first.parents


def test_a_zero_adjoint_that_depends_on_an_input_is_not_dropped():
    H = bp.hessian(lambda v: v[0] * bp.sin(v[1]))([0.0, 0.5])
    assert H[0] == [0.0, math.cos(0.5)]
    assert H[1] == [math.cos(0.5), 0.0]


def test_gradients_of_several_outputs_with_seeds_and_of_nodes_in_between():
    x = Value(2.0)
    y = x * x
    z = y * 3.0 + x
    assert bp.gradients(z, [x, y]) == [13.0, 3.0]
    assert bp.gradients([z, y], x, seeds=[1.0, 10.0]) == 53.0
    assert bp.gradients(y, Value(1.0)) == 0.0


def test_a_chain_of_a_million_nodes_is_differentiated():
    def chain(x):
        for _ in range(1_000_000):
            x = -x
        return x

    assert bp.grad(chain)(1.0) == 1.0


def test_deep_chains_in_every_other_way():
    def chain(x, n=20_000):
        for _ in range(n):
            x = x * 1.0001
        return x

    expected = pytest.approx(1.0001**20_000, rel=1e-9)
    x = Value(1.0, "x")
    assert bp.jvp(chain, 1.0, 1.0)[1] == expected
    assert bp.grad(bp.grad(lambda x: chain(x) ** 2))(1.0) == pytest.approx(
        2 * 1.0001**40_000, rel=1e-9
    )
    assert bp.taylor(chain, 1.0, 2)[1] == expected
    assert bp.explain(chain(x), x).gradient == expected
    assert bp.formula(chain(x), x).expressions[0].data == expected
    assert bp.find_nonfinite(chain(x)) is None
