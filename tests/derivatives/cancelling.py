"""Random programs that meet zeros and infinities, and their first derivatives in every mode."""

import math
import random

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.derivatives.graphs import Region
from autograd_bp.derivatives.policies import AnyNumbers, AtHand
from autograd_bp.derivatives.recorded import Recorded
from autograd_bp.derivatives.sweeps import Floats
from autograd_bp.graph import topological_order

POINTS = [0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -0.64]
INF, NAN = math.inf, math.nan
UNBOUNDED = [INF, -INF, NAN]
ONE = [
    *(bp.sqrt, bp.log, bp.acosh, bp.asin, bp.atanh, bp.cbrt, bp.log1p, bp.entr, bp.square),
    *(bp.relu, bp.tanh, bp.exp, bp.sign, bp.sigmoid, bp.erf, bp.sin, bp.softplus, abs),
    *(lambda x: 1.0 / x, lambda x: x**2, lambda x: x**0.5, lambda x: x**3, lambda x: x**-1),
    *(lambda x: -x, lambda x: 2.0 * x, lambda x: 0.0 * x, lambda x: x + 1.0, lambda x: x - 1.0),
    *(lambda x: x - x, lambda x: 2.0 * x - x, lambda x: bp.dot([1.0, -1.0, 0.0], [x, x, x])),
]
TWO = [
    *(lambda a, b: a + b, lambda a, b: a - b, lambda a, b: a * b, lambda a, b: a / b),
    *(bp.maximum, bp.minimum, bp.hypot, bp.atan2, bp.xlogy, bp.logaddexp, bp.copysign),
    *(bp.heaviside, lambda a, b: a**b, lambda a, b: bp.norm([a, b])),
    *(lambda a, b: bp.dot([a, b], [b, a]), lambda a, b: bp.dot([1.0, -1.0], [a, b])),
    *(lambda a, b: bp.sum([a, b, a]), lambda a, b: bp.mean([a, b])),
    *(lambda a, b: bp.softmax([a, b])[0], lambda a, b: bp.logsumexp([a, b])),
    lambda a, b: bp.performance([a], [b]),
]
THREE = [bp.where, bp.clip, lambda a, b, c: bp.dot([a, b], [c, a])]
TABLE = [*((f, 1) for f in ONE), *((f, 2) for f in TWO), *((f, 3) for f in THREE)]
INPUTS = 2


class Program:
    """A function of two numbers.

    Arguments:
        steps: for each an index into TABLE and three numbers that choose its operands among what
            was computed before, the latest first.
    """

    def __init__(self, steps):
        self._steps = steps

    def __call__(self, *inputs):
        nodes = list(inputs)
        for index, *choices in self._steps:
            function, arity = TABLE[index % len(TABLE)]
            nodes.append(function(*[nodes[-1 - c % len(nodes)] for c in choices[:arity]]))
        return nodes[-1]

    def __repr__(self):
        return f"Program({self._steps!r})"


def number(x):
    return x.data if isinstance(x, Value) else float(x)


def reverse_modes(y, leaves, *, compiled):
    """The gradient by each of the sweeps; `compiled` adds those for any numbers."""
    y.backward(accumulate=False)
    region = Region([y], leaves, stop=True)
    modes = {
        "backward": [leaf.grad for leaf in leaves],
        "floats": Floats(region).reverse([1.0]),
        "recorded": Recorded(region, AtHand()).reverse([1.0]),
    }
    if compiled:
        modes["any numbers"] = Recorded(region, AnyNumbers(again=False)).reverse([1.0])
        modes["any, again"] = Recorded(region, AnyNumbers(again=True)).reverse([1.0])
    return {name: [*map(number, gradient)] for name, gradient in modes.items()}


def forward_modes(y, leaves, tangents, *, compiled):
    region = Region([y], leaves, stop=True)
    modes = {
        "floats": Floats(region).forward(tangents),
        "recorded": Recorded(region, AtHand()).forward(tangents),
    }
    if compiled:
        variable = [Value(tangent) for tangent in tangents]
        modes["any numbers"] = Recorded(region, AnyNumbers(again=False)).forward(tangents)
        modes["any tangents"] = Recorded(region, AnyNumbers(again=True)).forward(variable)
    return {name: number(slope) for name, (slope,) in modes.items()}


def same(a, b):
    """Both NaN, the same infinity, or equal up to rounding."""
    if not (math.isfinite(a) and math.isfinite(b)):
        return a == b or (math.isnan(a) and math.isnan(b))
    return abs(a - b) <= 1e-9 * max(abs(a), abs(b)) + 1e-12


def rounds_to_zero_or_infinity(y):
    """Whether a number of the graph is so large or small that a product of them may overflow or
    underflow: then 0 or ∞ is not what it would be without rounding, and modes may differ."""
    numbers = [x for node in topological_order(y) for x in (node.data, *node.partials)]
    return any(x != 0.0 and math.isfinite(x) and not 1e-30 < abs(x) < 1e30 for x in numbers)


def adds_to_infinity(y, leaves, tangents):
    """Whether a sweep adds an infinite number to one that is not infinite of the same sign.

    (a + b) · ∞ is not a · ∞ + b · ∞ where a and b have different signs or one is 0, and the modes
    multiply at different times.
    """
    region = Region([y], leaves, stop=True)
    sweeps, count = Floats(region), len(region.nodes)
    parts = [[] for _ in range(count)]
    moved = [None] * count
    for k, tangent in zip(region.inputs, tangents, strict=True):
        if k is not None and tangent:
            parts[k].append(tangent)
    for k in range(count):
        parts[k] += sweeps._forwards(k, moved)
        moved[k] = sum(parts[k]) if parts[k] else None
    arrived = [[] for _ in range(count)]
    arrived[region.outputs[0]].append(1.0)
    for k in reversed(range(count)):
        if arrived[k]:
            for parent, amount in sweeps._backwards(k, sum(arrived[k])):
                arrived[parent].append(amount)
    return any(map(_is_mixed, [*parts, *arrived]))


def _is_mixed(parts):
    infinite = any(map(math.isinf, parts))
    return infinite and not (all(x > 0 for x in parts) or all(x < 0 for x in parts))


def cancelled(function, factor=1.0):
    """f(x) · factor - f(x) · factor, whose gradient at f is a sum of two numbers that cancel."""

    def difference(x):
        node = function(x)
        if factor != 1.0:
            node = factor * node
        return node - node

    return difference


def branches(x):
    s = bp.sqrt(x)
    return s * 3.0 - s * 2.0 - s


# A function, a point, and the derivative there.
CASES = {
    # What cancels is not 0 times infinity.
    "acosh - acosh": (cancelled(bp.acosh), -0.64, NAN),
    "2 acosh - 2 acosh": (cancelled(bp.acosh, 2.0), -0.64, NAN),
    "√ - √": (cancelled(bp.sqrt), 0.0, NAN),
    "7 √ - 7 √": (cancelled(bp.sqrt, 7.0), 0.0, NAN),
    "√ - √, away from 0": (cancelled(bp.sqrt), 4.0, 0.0),
    "three that cancel": (branches, 0.0, NAN),
    "log - log": (cancelled(bp.log), 0.0, NAN),
    "1/x - 1/x": (cancelled(lambda x: 1.0 / x), 0.0, NAN),
    "a product behind it": (lambda x: bp.exp(cancelled(bp.sqrt)(x)), 0.0, NAN),
    "a dot product": (lambda x: bp.dot([1.0, -1.0], [s := bp.sqrt(x), s]), 0.0, NAN),
    "√(x - x)": (lambda x: bp.sqrt(x - x), 0.0, NAN),
    "√(x·x)": (lambda x: bp.sqrt(x * x), 0.0, NAN),
    "√(0·x)": (lambda x: bp.sqrt(0.0 * x), 0.0, NAN),
    # Nothing passes where a partial is 0, or a gate is closed.
    "0 · √": (lambda x: 0.0 * bp.sqrt(x), 0.0, 0.0),
    "-0 · log": (lambda x: -0.0 * bp.log(x) + x, 0.0, 1.0),
    "0 · (√ - √)": (lambda x: 0.0 * cancelled(bp.sqrt)(x), 0.0, 0.0),
    "0 · 1/x": (lambda x: 0.0 * (1.0 / x) + 3.0 * x, 0.0, 3.0),
    "a mask of zeros": (lambda x: bp.dot([0.0, -0.0], [s := bp.sqrt(x), s]), 0.0, 0.0),
    "√²": (lambda x: bp.sqrt(x) ** 2, 0.0, 0.0),
    "√·√ - √·√": (lambda x: (s := bp.sqrt(x)) * s - s * s, 0.0, 0.0),
    "1/(1/x)": (lambda x: 1.0 / (1.0 / x), 0.0, 0.0),
    "a hidden zero": (lambda x: x * bp.sqrt(x), 0.0, 0.0),
    "where, not taken": (lambda x: bp.where(0.0, cancelled(bp.sqrt)(x), x), 0.0, 1.0),
    "where, taken": (lambda x: bp.where(1.0, cancelled(bp.sqrt)(x), x), 0.0, NAN),
    "relu, off": (lambda x: bp.relu(bp.sqrt(x) - 1.0), 0.0, 0.0),
    "maximum, lost": (lambda x: bp.maximum(bp.sqrt(x), x + 1.0), 0.0, 1.0),
    "|√|": (lambda x: abs(bp.sqrt(x)), 0.0, 0.0),
    "hypot(√, √)": (lambda x: bp.hypot(bp.sqrt(x), bp.sqrt(x)), 0.0, 0.0),
    "norm(log, 0)": (lambda x: bp.norm([bp.log(x + 1.0), 0.0 * bp.sqrt(x)]), 0.0, 0.0),
    "x^0": (lambda x: bp.sqrt(x) ** 0, 0.0, 0.0),
    # Infinite gradients.
    "√√": (lambda x: bp.sqrt(bp.sqrt(x)), 0.0, INF),
    "-√": (lambda x: -bp.sqrt(x), 0.0, -INF),
    "2√ + √": (lambda x: 2.0 * (s := bp.sqrt(x)) + s, 0.0, INF),
}


def gradient(function, x):
    leaf = Value(x)
    function(leaf).backward()
    return leaf.grad


def gradients_of_cases():
    """Those of CASES and of random programs, in this process."""
    choose = random.Random(4)
    results = [gradient(function, x) for function, x, _ in CASES.values()]
    for _ in range(300):
        steps = [
            [choose.randrange(len(TABLE)), *[choose.randrange(4) for _ in range(3)]]
            for _ in range(choose.randint(1, 6))
        ]
        leaves = [Value(choose.choice(POINTS + UNBOUNDED)) for _ in range(2)]
        Program(steps)(*leaves).backward()
        results += [leaf.grad for leaf in leaves]
    return results
