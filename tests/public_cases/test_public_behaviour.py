"""Public cases about what happens: nesting, sharing, sweeping twice, depth, blocks, closures.

`source` names the report that each test comes from.
"""

import math
import statistics

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp import Value

SOURCES = []


def source(report):
    """Note where a test comes from."""

    def mark(test):
        SOURCES.append(report)
        return test

    return mark


def D(f, x):  # noqa: N802
    """The derivative, in reverse mode."""
    return bp.grad(f)(x)


def F(f, x):  # noqa: N802
    """The derivative, in forward mode."""
    return bp.jvp(f, x, 1.0)[1]


def number(x):
    return float(getattr(x, "data", x))


both = pytest.mark.parametrize(
    ("outer", "inner"), [(D, D), (D, F), (F, D), (F, F)], ids=["DD", "DF", "FD", "FF"]
)


# ------------------------------------------------------------------- one derivative in another
@source("JuliaDiff/ForwardDiff.jl#83")
@both
def test_an_inner_derivative_does_not_see_the_outer_variable_move(outer, inner):
    assert number(outer(lambda x: x * inner(lambda y: x + y, 1.0), 1.0)) == 1.0
    assert number(outer(lambda x: x * inner(lambda y: y**2, 1.0), 1.0)) == 2.0


@source("JuliaDiff/ForwardDiff.jl#83")
def test_an_inner_derivative_of_a_norm_of_the_outer_variables():
    f = lambda v: bp.sum(v) * D(lambda y: y * bp.norm(v), 1.0)  # noqa: E731
    assert bp.grad(f)([1.0]) == [2.0]


@source("JuliaDiff/ReverseDiff.jl#45")
@both
def test_a_product_with_the_derivative_of_a_product(outer, inner):
    assert number(outer(lambda x: x * inner(lambda y: x * y, 1.0), 4.0)) == 8.0


@source("HIPS/autograd#4")
@both
def test_a_derivative_by_the_inner_variable_depends_on_the_outer(outer, inner):
    assert number(outer(lambda x: x * inner(lambda y: x * y, 2.0), 1.0)) == 2.0


@source("JuliaDiff/ForwardDiff.jl#313")
@both
def test_a_function_that_differentiates_itself_is_not_confused(outer, inner):
    class Confuse:
        def __init__(self, first, x):
            self.first, self.x = first, x

        def __call__(self, y):
            return y * inner(Confuse(False, y), 1.0) if self.first else self.x + y

    assert number(outer(Confuse(True, 0.0), 1.0)) == 1.0


@source("JuliaDiff/ForwardDiff.jl#443")
@both
def test_a_variable_that_the_inner_function_assigns(outer, inner):
    # x becomes x·1, by the first inner call and by the second: its derivative by y is x = 1.
    def f(x):
        def g(y):
            nonlocal x
            x = number(x) * y
            return x

        inner(g, 1.0)
        return inner(g, 1.0)

    assert number(f(1.0)) == 1.0


@source("JuliaDiff/ForwardDiff.jl#238")
def test_the_mixed_derivatives_of_a_lagrangian():
    m, g, q, v = 1.0, 9.8, [1.0, 2.0], [3.0, 4.0]
    L = lambda q, v: 0.5 * m * bp.dot(v, v) - m * g * q[1]  # noqa: E731
    assert bp.jacobian(lambda q: bp.grad(lambda v: L(q, v))(v))(q) == [[0.0, 0.0], [0.0, 0.0]]


@source("JuliaDiff/ForwardDiff.jl#238")
def test_the_gradient_of_a_hamiltonian_by_a_legendre_transformation():
    m, g, q, p = 1.0, 9.8, [1.0, 2.0], [5.0, 6.0]

    def hamiltonian(q):
        L = lambda v: 0.5 * m * bp.dot(v, v) - m * g * q[1]  # noqa: E731
        slope = bp.grad(L)([0.0, 0.0])
        M = bp.hessian(L)([0.0, 0.0])
        # M is diagonal: v = (p - slope) / M
        v = [(p[i] - slope[i]) / M[i][i] for i in range(2)]
        return bp.dot(p, v) - L(v)

    assert bp.grad(hamiltonian)(q) == pytest.approx([0.0, 9.8])


@source("tsotchke/eshkol#138")
def test_a_gradient_through_a_second_derivative():
    second = lambda p: F(lambda x: F(lambda z: p[0] * z * z, x), 2.0)  # noqa: E731
    assert bp.grad(second)([3.0]) == [2.0]
    assert F(lambda x: D(lambda y: x * y, 1.0), 5.0) == 1.0


@source("FluxML/Zygote.jl#1177")
def test_a_second_derivative_that_closes_over_a_number():
    b = 5.0
    f = lambda x: 4.0 * x**2 + b * x + 10.0  # noqa: E731
    assert [D(f, 25.0), D(lambda x: D(f, x), 25.0)] == [205.0, 8.0]


@source("JuliaDiff/ForwardDiff.jl#59")
def test_a_gradient_of_a_product_with_a_constant_derivative():
    f = lambda x: x / 2.0  # noqa: E731
    assert bp.grad(lambda x: D(f, x[0]) * f(x[1]))([1.0, 2.0]) == [0.0, 0.25]


# ------------------------------------------------------------------- nothing to differentiate
@source("pytorch/pytorch#44189")
def test_third_derivatives_of_a_linear_function_are_zero():
    third = lambda f, x: D(lambda x: D(lambda x: D(f, x), x), x)  # noqa: E731
    assert third(lambda x: 0.3 * x, 1.0) == 0.0
    assert third(lambda x: bp.cos(0.3 * x), 1.0) == pytest.approx(0.027 * math.sin(0.3))


@source("pytorch/pytorch#32304")
def test_the_second_derivative_of_a_linear_function_is_zero():
    assert D(lambda x: D(lambda x: 2.0 * x, x), 1.0) == 0.0
    x = Value(1.0)
    slope = bp.gradients(2.0 * x, x, record=True)
    assert slope.data == 2.0
    assert bp.gradients(slope, x) == 0.0


@source("pytorch/functorch#5")
def test_arguments_that_are_not_used_have_the_gradient_zero():
    gradient = bp.grad(lambda x: bp.sum([v**2 for v in x[0]]))(([1.0, 2.0], [3.0, 4.0]))
    assert gradient == ([2.0, 4.0], [0.0, 0.0])


@source("jax-ml/jax#2663")
@pytest.mark.parametrize("two", [2, np.int64(2), np.float32(2.0)])
def test_integers_and_numpy_scalars_are_numbers(two):
    assert float(np.asarray(bp.grad(bp.tanh)(two))) == pytest.approx(1.0 / math.cosh(2.0) ** 2)


@source("jax-ml/jax#48")
def test_the_square_of_an_integer():
    assert bp.grad(lambda x: x**2)(3) == 6.0


@source("jax-ml/jax#424")
def test_truth_values_are_refused():
    with pytest.raises(bp.AutogradError):
        bp.grad(lambda x: x**2)(True)


@source("jax-ml/jax#2215")
def test_an_integer_among_the_parameters_is_a_number_like_the_others():
    assert bp.grad(lambda p: p["d"] * p["c"] ** 2)({"c": 2.0, "d": 1}) == {"c": 4.0, "d": 4.0}


# ------------------------------------------------------------------------ graphs and sweeps
@source("karpathy/micrograd#2")
def test_a_node_that_is_used_again_is_swept_once():
    x = Value(2.0)
    y = x * 3.0
    z = y * y + y
    z.backward()
    assert x.grad == (2.0 * 6.0 + 1.0) * 3.0


@source("karpathy/micrograd#53")
def test_sweeping_twice_adds_the_gradient_of_leaves_once_more():
    a, b = Value(3.0), Value(2.0)
    e = (a + b) * 1.0
    e.backward()
    once = [a.grad, b.grad]
    e.backward()
    assert [a.grad, b.grad] == [2.0 * once[0], 2.0 * once[1]]


@source("karpathy/micrograd#102")
def test_nodes_in_the_middle_do_not_accumulate():
    x = Value(2.0)
    y = x * x
    z = y * y
    for _ in range(3):
        z.backward()
    assert (y.grad, x.grad) == (8.0, 3 * 32.0)


@source("karpathy/nn-zero-to-hero#52")
def test_the_slope_of_exp_is_its_output():
    x = Value(2.0)
    y = bp.exp(x) + bp.exp(x)
    y.backward()
    assert x.grad == 2.0 * math.exp(2.0)


@source("karpathy/micrograd#90")
def test_a_chain_that_is_longer_than_the_stack():
    x = y = Value(1.0)
    for _ in range(50_000):
        y = y + 1e-6 * x
    y.backward()
    assert x.grad == pytest.approx(1.05)


@source("pytorch/pytorch#5534")
def test_a_deep_graph_is_freed_without_recursion():
    for _ in range(2):
        y = Value(1.0)
        for _ in range(100_000):
            y = y + y * 1e-9
    del y


@source("pytorch/pytorch#49017")
def test_a_suspended_generator_in_a_block_does_not_cut_its_caller():
    def numbers():
        with bp.no_recording():
            yield 1.0
        yield 2.0

    x, total = Value(3.0), Value(0.0)
    for k in numbers():
        total = total + k * x
    total.backward()
    assert x.grad == 3.0


@source("pytorch/pytorch#31497")
def test_a_decorated_generator_records_nothing_and_its_caller_does():
    @bp.no_recording()
    def squares(x):
        for _ in range(3):
            yield x * x

    x = Value(2.0)
    found = [(square, x * 1.0) for square in squares(x)]
    assert all(getattr(square, "op", None) is None for square, _ in found)
    assert all(other.op is not None for _, other in found)


@source("HIPS/autograd#139")
def test_a_median_gives_its_middle_numbers_the_gradient():
    x = [Value(v) for v in (3.0, 1.0, 2.0, 5.0)]
    statistics.median(x).backward()
    assert [v.grad for v in x] == [0.5, 0.0, 0.5, 0.0]
    odd = [Value(v) for v in (3.0, 1.0, 2.0)]
    statistics.median(odd).backward()
    assert [v.grad for v in odd] == [0.0, 0.0, 1.0]


@source("bshillingford/autobw.torch#7")
def test_a_graph_that_splits_gives_the_same_gradient_each_time():
    def gradient():
        x = Value(0.5)
        trunk = bp.tanh(x)
        (bp.exp(trunk) + trunk * trunk).backward()
        return x.grad

    assert gradient() == gradient() == gradient()


@source("JuliaDiff/ForwardDiff.jl#242")
def test_an_array_that_is_filled_in_place():
    def f(x):
        work = np.zeros(3, dtype=object)
        for i in range(3):
            work[i] = x * float(i + 1)
        work *= work
        return work.sum()

    assert bp.grad(f)(2.0) == 2.0 * 2.0 * (1 + 4 + 9)


@source("JuliaDiff/ForwardDiff.jl#480")
def test_a_product_that_stops_early_at_zero_says_so():
    def product(x):
        p = 1.0
        for v in x:
            p = p * v
        return p

    assert bp.grad(product)([1.0, 2.0, 0.0, 3.0]) == [0.0, 0.0, 6.0, 0.0]


@source("tensorflow/tensorflow#59046")
def test_the_slope_of_a_logarithm_of_nan_is_nan():
    f = lambda y: bp.log(bp.sqrt(1.0 - 2.0) - y + y)  # noqa: E731
    assert math.isnan(bp.grad(f)(1.0))


@source("stan-dev/stan#857")
def test_the_value_of_floor_at_nan_is_nan():
    x = Value(math.nan)
    assert math.isnan(bp.floor(x).data)


@source("pytorch/pytorch#187460")
def test_a_mantissa_with_a_negative_integer_exponent():
    assert bp.grad(lambda x: np.ldexp(x, -1))(0.5) == 0.5
    assert bp.grad(lambda x: np.ldexp(x, np.int32(-2)))(0.5) == 0.25


@source("EnzymeAD/Enzyme#101")
def test_a_branch_may_return_an_integer():
    f = bp.grad(lambda x: x if x >= 0 else 0)
    assert [f(1.0), f(0.0), f(-1.0)] == [1.0, 1.0, 0.0]


@source("EnzymeAD/Enzyme.jl#3346")
@pytest.mark.parametrize("mode", ["forward", "reverse"])
def test_the_derivative_of_a_gradient_of_an_array(mode):
    gradient = bp.grad(lambda x: (x * x).sum())
    assert bp.jacobian(gradient, mode=mode)(np.array([1.0, 2.0, 3.0])).tolist() == [
        [2.0, 0.0, 0.0],
        [0.0, 2.0, 0.0],
        [0.0, 0.0, 2.0],
    ]


@source("HIPS/autograd#441")
def test_a_padded_array():
    gradient = bp.grad(lambda x: np.sum(np.pad(x, ((1, 1),), "constant") ** 2))
    assert gradient(np.array([1.0, -2.0])).tolist() == [2.0, -4.0]


@source("jax-ml/jax#9040")
def test_what_is_not_a_number_is_left_out_of_a_mean_of_squares():
    x = np.array([math.nan, 1.0, 2.0])
    assert bp.grad(lambda v: np.nanmean(v**2))(x).tolist() == [0.0, 1.0, 2.0]


@source("HIPS/autograd#396")
def test_a_choice_between_arrays():
    x = np.array([-2.0, 3.0])
    assert bp.grad(lambda v: np.where(v > 0.0, v * v, -v).sum())(x).tolist() == [-1.0, 6.0]


# ----------------------------------------------------------------------------------- counts
def test_there_are_many_public_cases():
    import test_public_numbers

    sources = {case.source for case in test_public_numbers.ALL} | {*SOURCES}
    assert len(sources) >= 100
    for report in sources:
        place, _, number_of = report.partition("#")
        owner, _, repository = place.partition("/")
        assert owner, report
        assert repository, report
        assert number_of.isdigit(), report
