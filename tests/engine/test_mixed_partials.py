"""Mixed partial derivatives up to order 4 of every entry, compared with high precision.

A rule is differentiated again by its own parts. A gate in it, such as `where(b, ..., 0)`, may give
the right number and still cut what that number depends on; the next derivative is then wrong. So
every entry is differentiated four times, at its own points and where inputs are 0, 1, 2 or equal.
The right numbers are differences of the function itself, with mpmath at many digits.
"""

import functools
import itertools
import math
from types import SimpleNamespace

import exact
import pytest
from mpmath import mp, mpf

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.derivatives.recorded import record_gradients
from benchmarks.accuracy.references import ROWS, SUMS, sums
from benchmarks.fuzz.exact import Edge, Partials, Undefined

ORDER = 4
ULPS = 64.0
LARGE = 1e280  # from here on a step of a rule may overflow
TRUNCATED = 1e-38  # of a difference of steps of 1e-20; times a length, where numbers are large
TAIL_DIGITS = 350  # e^-745

# Functions that take mpmath seconds at a thousand digits.
SLOW = ("lgamma", "digamma", "trigamma", "polygamma", "log_beta", "beta", "sinc", "spherical")

NUMBERS = (0.0, 1.0, 2.0, -1.0, 0.5, -0.3)
LISTS = ((0.0, 1.0, 2.0), (1.0, 1.0, -1.0), (0.5, -0.3, 0.0), (2.0, 2.0), (0.0, 3.0), (-1.5,))
PAIRS = ((0.0, 1.0, 2.0, 0.0), (1.0, 1.0, 1.0, -1.0), (0.5, 0.0), (0.0, 0.0), (2.0, -0.3))

# What has no reference is for tests/engine/test_accuracy_page.py to report.
OPS = [
    op for op in exact.BUILT_IN if op.partials is not None and (op.name in ROWS or op.name in SUMS)
]


def function(op):
    """The entry on numbers of mpmath."""
    if hasattr(op, "truth"):
        return op.truth
    if op.name in SUMS:
        return _sum(op.name)
    return ROWS[op.name].function


@functools.cache
def _sum(name):
    return lambda *x: sums(name, x)[0]


def points(op):
    own = [point for point in op.points if point and all(map(math.isfinite, point))]
    if op.name.startswith(SLOW):
        own = [point for point in own if all(x == 0.0 or 1e-6 < abs(x) < 1e6 for x in point)]
    if op.arity is None:
        return [*own, *(PAIRS if "pairs" in op.operands.name else LISTS)]
    own = [point for point in own if len(point) == op.arity]
    return [*own, *itertools.islice(itertools.product(NUMBERS, repeat=op.arity), 40)]


def recorded(op, point, order):
    """All partials, each the recorded derivative of one of lower order."""
    return _tower(op, point, order, lambda y, x: bp.gradients(y, x, record=True))


def recorded_for_any_numbers(op, point, order):
    """The same as the compiler records it, with gates for other numbers in the graph."""
    return _tower(op, point, order, lambda y, x: record_gradients([y], x, again=True))


def _tower(op, point, order, gradients):
    inputs = [x if i in op.fixed else Value(x) for i, x in enumerate(point)]
    free = [i for i in range(len(point)) if i not in op.fixed]
    table = {(): op(*inputs)}
    for k in range(order):
        for places in [p for p in table if len(p) == k]:
            later = [i for i in free if not places or i >= places[-1]]
            slopes = [0.0] * len(later)
            if isinstance(table[places], Value):
                slopes = gradients(table[places], [inputs[i] for i in later])
            table |= {(*places, i): slope for i, slope in zip(later, slopes, strict=True)}
    return {places: number(y) for places, y in table.items()}


def expanded(op, point, order):
    """The partials by one input alone, as Taylor coefficients."""
    table = {}
    for i in range(len(point)):
        if i not in op.fixed:
            coefficients = bp.taylor(
                lambda t, i=i: op(*point[:i], t, *point[i + 1 :]), point[i], order
            )
            table |= {(i,) * k: coefficients[k] * math.factorial(k) for k in range(order + 1)}
    return table


def number(y):
    return y.data if isinstance(y, Value) else float(y)


# Slopes in terms of an output near 1: docs/kinks.md says so.
LOST = 2.0**-50

# Parts of the rules of softmax and its like. They are defined for shares of numbers, the only
# largest of which stays 1, and are tested as what they are parts of, at the end of this file.
OPS = [op for op in OPS if op.rounding != "shares"]


def at_a_kink(op, point):
    if op.name == "largest":  # a tie
        return sorted(point)[-1:] == sorted(point)[-2:-1]
    return op.kink is not None and op.kink.gap(*point) == 0.0


def at_an_end(op, point):
    """Whether an input is at the end of its domain, where there is no derivative."""
    return any(x in ends for x, ends in zip(point, op.domain, strict=False))


def compare(op, point, computed, order=ORDER):
    """Compare all partials at a point; returns how many there were."""
    if at_a_kink(op, point):
        return 0
    free = [i for i in range(len(point)) if i not in op.fixed]
    measured = computed(op, point, order)
    try:
        return compare_all(op, point, free, measured, order)
    except Undefined:
        return 0
    except Edge:
        # By which inputs is there a derivative? By the others there must be no number either.
        return sum(compare_one(op, point, i, measured, order) for i in free)


def compare_one(op, point, i, measured, order):
    """Compare the partials by one input, where there are any."""
    try:
        return compare_all(op, point, [i], measured, order)
    except Edge:
        slope = measured[i,]
        assert at_an_end(op, point) or not math.isfinite(slope), (
            f"∂{op.name}{point}/∂{i} is {slope!r}, but there is no derivative"
        )
        return 0


@functools.cache
def partials_of(name, exactly, point, free, order, tail):
    """The right numbers, once for all modes."""
    return Partials(exactly, point, free, order, tail)


def compare_all(op, point, free, measured, order):
    """Compare the partials by some inputs. Raises Edge where there are none."""
    tail = TAIL_DIGITS if max(map(abs, point)) > 30.0 else 0
    truth = partials_of(op.name, function(op), point, tuple(free), order, tail)
    sizes = {places: float(abs(x)) for places, x in truth.items()}
    count = 0
    for places in set(measured) & set(sizes):
        lower = [sizes[p] for p in sizes if set(p) <= set(places) and len(p) <= len(places)]
        if max(lower) > LARGE:
            continue
        count += 1
        number = measured[places]
        # Only differences of logits count: not their size, but 1 is the unit.
        at = (0.0,) * len(point) if hasattr(op, "truth") else point
        units = tolerance(sizes, places, at)
        if op.rounding == "length":  # near the origin right to a part of the largest
            units += max(size for p, size in sizes.items() if len(p) == len(places))
        allowed = ULPS * 2.0**-52 * units + (LOST if op.rounding == "saturated" else 0.0)
        error = float(abs(mpf(number) - truth[places])) if math.isfinite(number) else math.inf
        assert error <= allowed + truth.noise[places] + TRUNCATED, (
            f"∂{len(places)}{op.name}{point}/∂{places} = {number!r}, "
            f"not {float(truth[places])!r} (± {allowed:.1e})"
        )
    return count


def tolerance(sizes, places, point):
    """What one unit in the last place is relative to.

    That is the partial itself, and what rounding of the inputs moves it by (only up to the order
    that was computed). Rules subtract numbers of the size of partials of lower order, so these
    count too: in units of the inputs, or of 1 where an input is smaller.
    """
    total = 0.0
    for k in range(len(places) + 1):
        for some in set(itertools.combinations(places, k)):
            rest = list(places)
            for i in some:
                rest.remove(i)
            total += sizes[some] / math.prod(max(1.0, abs(point[i])) for i in rest)
    for i, x in enumerate(point):
        total += sizes.get(tuple(sorted((*places, i))), 0.0) * abs(x)
    return total


MODES = {f.__name__: f for f in (recorded, recorded_for_any_numbers, expanded)}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("op", OPS, ids=[op.name for op in OPS])
def test_all_mixed_partials_up_to_order_four_are_right(op, mode):
    assert sum(compare(op, point, MODES[mode]) for point in points(op)) > 0


# ----------------------------------------------------------------- functions that take lists
def shares(x):
    top = max(x)
    weights = [mp.exp(v - top) for v in x]
    total = mp.fsum(weights)
    return [w / total for w in weights]


def of_lists(name, function, truth):
    """What `compare` needs of a function that is made of several entries."""
    return SimpleNamespace(
        name=name,
        function=function,
        truth=truth,
        arity=3,
        fixed=(),
        kink=None,
        domain=(),
        rounding="",
    )


THIRDS = [0.25, 0.5, 0.25]
COMPOSED = [
    of_lists("softmax", lambda *x: bp.softmax(x)[0], lambda *x: shares(x)[0]),
    of_lists(
        "cross_entropy",
        lambda *x: bp.cross_entropy(1, x),
        lambda *x: mp.log1p(mp.fsum(mp.exp(v - x[1]) for v in (x[0], x[2]))),
    ),
    of_lists(
        "cross_entropy_of_probabilities",
        lambda *x: bp.cross_entropy(THIRDS, x),
        lambda *x: -mp.fsum(p * mp.log(s) for p, s in zip(THIRDS, shares(x), strict=True)),
    ),
    of_lists(
        "log_softmax",
        lambda *x: bp.log_softmax(x)[2],
        lambda *x: -mp.log1p(mp.fsum(mp.exp(v - x[2]) for v in x[:2])),
    ),
]
LOGITS = [
    (0.0, 1.0, 2.0),
    (1.0, 1.0, 1.0),
    (0.0, 0.0, -40.0),
    (40.0, 0.0, 0.0),
    (0.0, 40.0, 40.0),
    (-3.0, 37.5, 0.5),
    (1000.0, 999.0, 1001.0),
    (1e17, 1e17, 1e17),
]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("made", COMPOSED, ids=[made.name for made in COMPOSED])
def test_functions_of_lists_have_all_their_mixed_partials(made, mode):
    class Op(SimpleNamespace):
        __call__ = staticmethod(made.function)

    op = Op(**vars(made))
    assert sum(compare(op, point, MODES[mode]) for point in LOGITS) > 0
