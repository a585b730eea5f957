"""Mistakes written anew, with sums in an order of their own: nothing here is the doctor's.

The grid plants mistakes with the functions that the doctor searches with, so it cannot see a
search that is too strict about rounding. This can.
"""

import math
from random import Random

import pytest

from autograd_bp.checking import Verdict, check_formulas
from autograd_bp.nn import Network

SIZES = [(2, 2, 2), (4, 6, 3), (3, 3, 3, 3), (2, 8, 8, 2), (3, 2, 4, 3, 2)]
RATE = 0.3
NAMES = [
    "missing y (1 - y)",
    "slope of tanh",
    "slope of the stimulus",
    "missing 1/2",
    "squared error",
    "weights updated too early",
    "missing weights",
    "bias input +1",
    "stimulus for the output of the layer before",
    "output of the layer before left out",
    "wrong index of the output before",
    "rate squared",
]


def example(sizes, seed, size):
    random = Random(seed)
    net = Network(sizes, seed=seed)
    for parameter in net.parameters():
        parameter.data *= size
    x = [random.uniform(-1.0, 1.0) for _ in range(sizes[0])]
    return net, x, [random.uniform(0.05, 0.95) for _ in range(sizes[-1])]


def derive(net, x, d, mistake=None):
    """γ and Δw as somebody with this mistake writes them."""
    w = [[[v.data for v in n.weights] for n in layer.neurons] for layer in net.layers]
    α, y = [x], [x]
    for layer, weights in zip(net.layers, w, strict=True):
        α.append(
            [
                math.fsum([a * b for a, b in zip(row, y[-1], strict=True)]) - n.bias.data
                for row, n in zip(weights, layer.neurons, strict=True)
            ]
        )
        y.append([1.0 / (1.0 + math.exp(-a)) for a in α[-1]])
    γ, Δw = [], []
    for n in range(len(w), 0, -1):
        if n == len(w):
            back = [t - z for t, z in zip(d, y[n], strict=True)]
            back = [2.0 * b for b in back] if mistake == "missing 1/2" else back
            back = [b * b for b in back] if mistake == "squared error" else back
        else:
            rows = w[n]
            if mistake == "weights updated too early":
                rows = [
                    [a + b for a, b in zip(row, changes[1:], strict=True)]
                    for row, changes in zip(rows, Δw[0], strict=True)
                ]
            if mistake == "missing weights":
                rows = [[1.0] * len(row) for row in rows]
            back = [
                math.fsum(g * row[j] for g, row in zip(γ[0], rows, strict=True))
                for j in range(len(y[n]))
            ]
        slopes = {
            "missing y (1 - y)": lambda a, out: 1.0,
            "slope of tanh": lambda a, out: 1.0 - out * out,
            "slope of the stimulus": lambda a, out: a * (1.0 - a),
        }
        slope = slopes.get(mistake, lambda a, out: out * (1.0 - out))
        γ.insert(
            0,
            [b * slope(*both) for b, both in zip(back, zip(α[n], y[n], strict=True), strict=True)],
        )
        source = y[n - 1]
        if mistake == "stimulus for the output of the layer before":
            source = α[n - 1]
        if mistake == "output of the layer before left out":
            source = [1.0] * len(source)
        if mistake == "wrong index of the output before":
            source = [*source[1:], source[0]]
        δ = RATE * RATE if mistake == "rate squared" else RATE
        bias = 1.0 if mistake == "bias input +1" else -1.0
        Δw.insert(0, [[g * δ * s for s in (bias, *source)] for g in γ[0]])
    return γ, Δw


def report(net, x, d, mistake=None):
    γ, Δw = derive(net, x, d, mistake)
    return check_formulas(net, x, d, gamma=γ, weight_changes=Δw, rate=RATE)


@pytest.mark.parametrize("size", [1.0, 5.0])
@pytest.mark.parametrize("seed", range(len(SIZES)))
def test_right_formulas_in_another_order_of_sums_pass(seed, size):
    assert not report(*example(SIZES[seed], seed, size)).wrong


@pytest.mark.parametrize("mistake", NAMES)
def test_a_mistake_that_somebody_else_wrote_is_named(mistake):
    for seed, sizes in enumerate(SIZES):
        found = report(*example(sizes, seed, 1.0), mistake)
        assert found.verdict is Verdict.WRONG, sizes
        assert mistake in [each.name for each in found.diagnosis], sizes


@pytest.mark.parametrize("mistake", NAMES)
def test_near_saturation_it_is_named_or_said_to_be_invisible(mistake):
    """A γ of 1e-12 changes no weight by more than rounding: then an early update is no error."""
    named = 0
    for seed, sizes in enumerate(SIZES):
        found = report(*example(sizes, seed, 5.0), mistake)
        if found.verdict is Verdict.WRONG:
            assert mistake in [each.name for each in found.diagnosis], sizes
            named += 1
        else:
            assert found.ok, sizes
            assert mistake in found.invisible, sizes
    assert named >= 4
