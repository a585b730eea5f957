"""logsumexp, softmax, its logarithm and cross-entropy: right wherever the inputs are, to any order.

Adding a number to all inputs changes no share, and the shares of a sum that one input dominates
are exact to a few units: 1 - 4e-18 rounds to 1, but its logarithm and its derivatives are 4e-18.
The slopes are compared with those of mpmath.
"""

import itertools
import math

import pytest
from mpmath import mp, mpf

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.derivatives.graphs import data

INF, NAN = math.inf, math.nan
TAIL = 4.248354255291589e-18  # e^-40
# Far from the largest, ties, all alike, two above all others, and shares of no great difference.
POINTS = (
    [40.0, 0.0, -30.0],
    [1.0, 1.0, -45.0],
    [0.0, 0.0, 0.0],
    [-3.0, 35.0, 2.0],
    [0.5, 0.25, 0.1],
)


def total(x):
    return mp.log(mp.fsum(map(mp.exp, x)))


FUNCTIONS = {
    "logsumexp": (bp.logsumexp, total),
    "softmax of the first": (lambda x: bp.softmax(x)[0], lambda x: mp.exp(x[0] - total(x))),
    "softmax of the second": (lambda x: bp.softmax(x)[1], lambda x: mp.exp(x[1] - total(x))),
    "log_softmax": (lambda x: bp.log_softmax(x)[1], lambda x: x[1] - total(x)),
    "cross_entropy of a class": (lambda x: bp.cross_entropy(0, x), lambda x: total(x) - x[0]),
    "cross_entropy of shares": (
        lambda x: bp.cross_entropy([0.25, 0.25, 0.5], x),
        lambda x: total(x) - (x[0] + x[1] + 2 * x[2]) / 4,
    ),
}


def slope(function, point, places):
    """The derivative by the inputs at these places, one after the other."""
    x = [Value(number) for number in point]
    y = function(x)
    for place in places:
        if not isinstance(y, Value):
            return 0.0
        (y,) = bp.gradients(y, [x[place]], record=True)
    return data(y)


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("point", POINTS, ids=str)
def test_derivatives_to_the_third_order_are_those_of_mpmath(name, point):
    function, exact = FUNCTIONS[name]
    with mp.workdps(100):
        numbers = [mpf(x) for x in point]
        sizes = dict.fromkeys(range(4), mpf(0))
        for order in range(4):
            for places in itertools.combinations_with_replacement(range(3), order):
                orders = [places.count(k) for k in range(3)]
                true = mp.diff(lambda *x: exact(x), numbers, tuple(orders))
                error = abs(slope(function, point, places) - true)
                # Where a derivative passes 0 its terms cancel, and those are at most 1.
                cancels = abs(true) < mpf(10) ** -19 and max(point) - sorted(point)[1] < 1.0
                assert error <= 64 * 2.0**-53 * (mpf(1) if cancels else abs(true)), (places, true)
                sizes[order] = max(sizes[order], abs(true))
        assert all(sizes.values())


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_number_added_to_all_inputs_changes_no_slope(name):
    function, _ = FUNCTIONS[name]
    point = [2.0, 5.0, 3.0]
    for shift in (1024.0, -(2.0**40), 2.0**50):
        moved = [x + shift for x in point]
        for order in (1, 2, 3):
            for places in itertools.combinations_with_replacement(range(3), order):
                assert slope(function, moved, places) == slope(function, point, places)
        if name != "logsumexp":
            assert slope(function, moved, ()) == slope(function, point, ())


CASES = {
    "equal and huge": (lambda x: bp.softmax(x)[0], [1e17, 1e17], 0.5, [0.25, -0.25]),
    "huge and one": (lambda x: bp.cross_entropy(1, x), [1e16, 1e16], math.log(2), [0.5, -0.5]),
    "the same input twice": (lambda x: bp.logsumexp([x[0], x[0]]), [1e50], 1e50, [1.0]),
    "far from the largest": (lambda x: bp.cross_entropy(0, x), [40.0, 0.0], TAIL, [-TAIL, TAIL]),
    "the other class": (lambda x: bp.cross_entropy(1, x), [40.0, 0.0], 40.0, [1.0, -1.0]),
    "share of the largest": (lambda x: bp.softmax(x)[0], [40.0, 0.0], 1.0, [TAIL, -TAIL]),
    "its logarithm": (lambda x: bp.log_softmax(x)[0], [40.0, 0.0], -TAIL, [TAIL, -TAIL]),
    "a masked class": (lambda x: bp.cross_entropy([0, 1], x), [-INF, 0.0], 0.0, [0.0, 0.0]),
    "a masked input": (lambda x: bp.softmax(x)[1], [-INF, 0.0, 0.0], 0.5, [0.0, 0.25, -0.25]),
    "masked in a sum": (bp.logsumexp, [-INF, 3.0], 3.0, [0.0, 1.0]),
    "a class that is masked": (lambda x: bp.cross_entropy(0, x), [-INF, 0.0], INF, [-1.0, 1.0]),
    "one class": (lambda x: bp.cross_entropy(0, x), [7.0], 0.0, [0.0]),
    "nothing but masks": (lambda x: bp.softmax(x)[0], [-INF, -INF], 0.5, [0.25, -0.25]),
    "the sum of masks": (bp.logsumexp, [-INF, -INF], -INF, [0.5, 0.5]),
    "infinity": (lambda x: bp.softmax(x)[1], [INF, 0.0], 0.0, [0.0, 0.0]),
    "two infinities": (lambda x: bp.softmax(x)[1], [INF, INF, 0.0], 0.5, [-0.25, 0.25, 0.0]),
    "the sum with infinity": (bp.logsumexp, [INF, 0.0], INF, [1.0, 0.0]),
    "the class of infinity": (lambda x: bp.cross_entropy(0, x), [INF, 0.0], 0.0, [0.0, 0.0]),
    "infinity elsewhere": (lambda x: bp.cross_entropy(1, x), [INF, 0.0], INF, [1.0, -1.0]),
    "its logarithm far below": (lambda x: bp.log_softmax(x)[1], [INF, 0.0], -INF, [-1.0, 1.0]),
    "NaN": (lambda x: bp.softmax(x)[1], [NAN, 0.0], NAN, [NAN, NAN]),
    "NaN in a sum": (bp.logsumexp, [NAN, 0.0], NAN, [NAN, NAN]),
}
BACKENDS = ("reference", "numpy", "tape", "llvm")


def near(a, b):
    return (a != a and b != b) or a == b or abs(a - b) <= 8 * math.ulp(b)


@pytest.mark.parametrize("case", CASES)
def test_values_and_gradients_at_the_edges(case):
    function, point, value, gradient = CASES[case]
    x = [Value(number) for number in point]
    y = function(x)
    y.backward()
    assert near(y.data, value)
    assert near(float(function(point)), value)
    assert all(map(near, [leaf.grad for leaf in x], gradient)), [leaf.grad for leaf in x]
    recorded = bp.gradients(function(x), x, record=True)
    assert all(map(near, map(data, recorded), gradient)), recorded


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("case", CASES)
def test_compiled_they_are_the_same(case, backend):
    pytest.importorskip("numpy")
    if backend == "llvm":
        pytest.importorskip("llvmlite")
    function, point, value, gradient = CASES[case]
    f = bp.compiled(function, backend=backend)
    assert near(f(point), value)
    got, slopes = f.value_and_grad(point)
    assert near(got, value)
    assert all(map(near, slopes, gradient)), slopes


@pytest.mark.parametrize("backend", BACKENDS)
def test_compiled_hessians_are_exact_in_the_tail(backend):
    pytest.importorskip("numpy")
    if backend == "llvm":
        pytest.importorskip("llvmlite")
    f = bp.compiled(lambda x: bp.cross_entropy(0, x) + bp.logsumexp(x), backend=backend)
    for first, second in ([2 * TAIL, -2 * TAIL], [40.0, 0.0]), ([0.5, -0.5], [0.0, 0.0]):
        product = f.hvp(second, tangent=[1.0, 0.0])
        assert all(map(near, product, first)), product


def test_a_probability_that_is_a_value_has_its_slope_also_at_zero():
    d = [Value(0.0), Value(1.0)]
    bp.cross_entropy(d, [1.0, 1.0]).backward()
    assert [p.grad for p in d] == [math.log(2.0)] * 2


def test_the_logarithms_are_those_of_the_shares():
    x = [1.0, -2.0, 0.5]
    for logarithm, share in zip(bp.log_softmax(x), bp.softmax(x), strict=True):
        assert logarithm == pytest.approx(math.log(share), rel=1e-14)


TAILS = {
    "softplus": (bp.softplus, lambda x: mp.log1p(mp.exp(x))),
    "log_sigmoid": (bp.log_sigmoid, lambda x: -mp.log1p(mp.exp(-x))),
    "sigmoid_slope": (bp.sigmoid_slope, lambda x: mp.exp(-x) / (1 + mp.exp(-x)) ** 2),
    "sech2": (bp.sech2, lambda x: mp.sech(x) ** 2),
}


@pytest.mark.parametrize("name", TAILS)
@pytest.mark.parametrize("x", [-700.0, -40.0, -1.0, 0.25, 3.0, 40.0, 300.0])
def test_slopes_are_exact_where_the_function_is_saturated(name, x):
    function, exact = TAILS[name]
    with mp.workdps(700):
        true = [mp.diff(exact, mpf(x), k) / mp.factorial(k) for k in range(4)]
    for k, (coefficient, expected) in enumerate(zip(bp.taylor(function, x, 3), true, strict=True)):
        if x == -700.0 and name == "sech2":
            continue  # below the smallest float
        assert abs(coefficient - expected) <= 64 * 2.0**-53 * abs(expected), k


def test_the_slope_of_sigmoid_is_written_in_its_output_as_it_was():
    x = Value(40.0)
    y = bp.sigmoid(x)
    y.backward()
    assert (y.data, x.grad, bp.sigmoid_slope(40.0)) == (1.0, 0.0, TAIL)
