"""At the edges of floating point: infinities, NaN, zeros, the largest and smallest numbers.

At infinite inputs a derivative is its limit as all of them grow together: mpmath follows them. All
orders up to 2, every way to compute them and every backend give the same.
"""

import ctypes
import functools
import itertools
import math
import shutil
import subprocess

import exact
import numpy as np
import pytest
from mpmath import mp, mpf

import autograd_bp as bp
from autograd_bp import Value, core
from autograd_bp.compiling.backends import registry
from benchmarks.accuracy.references import ROWS, SUMS, sums
from benchmarks.fuzz.exact import WEIGHTS

INF, NAN = math.inf, math.nan
LARGEST, LEAST = 1.7976931348623157e308, 5e-324
EDGES = (INF, -INF, NAN, 0.0, -0.0, LEAST, -LEAST, LARGEST, -LARGEST, 1.0, -2.5, 0.5)
FEWER = (INF, -INF, NAN, 0.0, 1.0, -2.5, LARGEST)
FEWEST = (INF, -INF, NAN, 0.0, -2.5)
OPS = [op for op in exact.BUILT_IN if op.partials is not None]
PUBLIC = [op for op in OPS if op.public or op.symbol in ("+", "−", "×", "÷", "^", "| |")]


def width(op):
    if op.arity is not None:
        return op.arity
    return 4 if "pairs" in op.operands.name else 3


def points(op):
    numbers = {1: EDGES, 2: EDGES, 3: FEWER, 4: FEWEST}[width(op)]
    return list(itertools.product(numbers, repeat=width(op)))


def free(op):
    return [i for i in range(width(op)) if i not in op.fixed]


def of_free(op, point):
    """The primitive as a function of the inputs that are not held fixed."""

    def function(x):
        inputs = list(point)
        for i, each in zip(free(op), x, strict=True):
            inputs[i] = each
        return op(*inputs)

    return function


def all_orders(f, x):
    """The value, the gradient and the Hessian, row by row."""
    y = f(x)
    if not isinstance(y, Value):
        return [y] + [0.0] * (len(x) + len(x) ** 2)
    return [y, *bp.grad(f)(x), *[number for row in bp.hessian(f)(x) for number in row]]


def eager(op, point):
    return _eager(op, tuple(float(x).hex() for x in point))  # -0 is not 0 there


@functools.cache
def _eager(op, digits):
    point = tuple(map(float.fromhex, digits))
    x = [point[i] for i in free(op)]
    f = of_free(op, point)
    leaves = [Value(number) for number in x]
    y = f(leaves)
    if not isinstance(y, Value):
        return all_orders(f, x)
    y.backward()
    rows = bp.hessian(f)(x)
    return [y.data, *[leaf.grad for leaf in leaves], *[h for row in rows for h in row]]


def same(a, b):
    if a != a or b != b:
        return a != a and b != b
    return a == b or abs(a - b) <= 1e-12 * max(abs(a), abs(b)) + 1e-15


# ------------------------------------------------------------------------------------ the limits
STEPS = (mpf(10) ** 20, mpf(10) ** 50)
PART = mpf(10) ** -60  # of a number, for differences


def exactly(op):
    if op.name in SUMS:
        return lambda *x: sums(op.name, x)[0]
    return ROWS[op.name].function if op.name in ROWS else None


def slope(function, x, places):
    """A derivative of a function of mpmath, from differences."""
    orders = [places.count(i) for i in range(len(x))]
    steps = [abs(each) * PART or PART for each in x]
    total = mpf(0)
    for moves in itertools.product(*[WEIGHTS[order].items() for order in orders]):
        moved = [a + k * h for a, (k, _), h in zip(x, moves, steps, strict=True)]
        total += math.prod(weight for _, weight in moves) * function(*moved)
    return total / math.prod(h**order for h, order in zip(steps, orders, strict=True))


def limit(function, point, places):
    """What a derivative tends to while the infinite inputs grow together; None for nothing."""
    near, far = (
        slope(function, [mp.sign(x) * T if math.isinf(x) else mpf(x) for x in point], places)
        for T in STEPS
    )
    if abs(far) < 1e-9 and abs(far) <= abs(near):
        return 0.0
    if abs(far - near) < 1e-9 * abs(far):
        return float(far)
    return math.copysign(INF, far) if abs(far) > abs(near) > 10.0 else None


# Jumps and kinks without end on the way to infinity, and what is a part of rules alone.
WITHOUT_LIMITS = {
    *("floor", "ceil", "trunc", "round", "round_to", "floor_divide", "remainder", "fmod"),
    *("sin", "cos", "tan", "compare", "clip", "where", "moves", "share_slope", "unless_stopped"),
    *("unit", "power_logarithm", "lgamma", "digamma", "trigamma", "polygamma_2", "polygamma_3"),
    *("surprise", "cross_entropy", "rest", "power", "infinities", "power_slope"),
}
OF_LIMITS = [op for op in OPS if exactly(op) is not None and op.name not in WITHOUT_LIMITS]


def infinite_points(op):
    numbers = (INF, -INF, 0.5, 2.0) if width(op) < 3 else (INF, 0.5)
    every = itertools.product(numbers, repeat=width(op))
    return [x for x in every if any(map(math.isinf, x)) and not is_tied(op, x)]


def is_tied(op, point):
    if op.name in ("xlogy", "xlog1py") and all(map(math.isinf, point)):
        return True  # a quotient of infinities
    return op.kink is not None and op.kink.gap(*point) == 0.0


@pytest.mark.parametrize("op", OF_LIMITS, ids=[op.name for op in OF_LIMITS])
def test_derivatives_at_infinite_inputs_are_limits(op):
    function, compared = exactly(op), 0
    for point in infinite_points(op):
        numbers = eager(op, point)
        if math.isnan(numbers[0]):  # IEEE 754 has no value there
            continue
        places = [(), *[(i,) for i in free(op)], *itertools.product(free(op), repeat=2)]
        with mp.workdps(320):
            for place, number in zip(places, numbers, strict=True):
                try:
                    right = limit(function, point, place)
                except (ValueError, ZeroDivisionError, TypeError, AttributeError):
                    continue  # outside of the domain
                if right is not None:
                    compared += 1
                    assert same(number, right) or abs(number - right) < 1e-9, (
                        f"∂{place} of {op.name}{point} is {number}, its limit {right}"
                    )
    outside = op.domain[0] in ((-1.0, 1.0), (0.0, 1.0))
    assert compared or outside or op.name == "exp_left"


LIMITS = {  # value, gradient and Hessian, by hand
    "a length": (lambda x: bp.hypot(*x), [INF, 1.0], [INF, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0]),
    "two long sides": (
        lambda x: bp.norm(x),
        [INF, -INF],
        [INF, 0.5**0.5, -(0.5**0.5), 0.0, 0.0, 0.0, 0.0],
    ),
    "an angle": (
        lambda x: bp.atan2(*x),
        [INF, INF],
        [math.pi / 4, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
    ),
    "1 to infinity": (lambda x: x[0] ** x[1], [1.0, INF], [1.0, INF, 0.0, INF, 1.0, 1.0, 0.0]),
    "infinity to 0": (lambda x: x[0] ** x[1], [INF, 0.0], [1.0, 0.0, INF, 0.0, 0.0, 0.0, INF]),
    "a part to infinity": (lambda x: x[0] ** x[1], [0.5, INF], [0.0] * 7),
    "logaddexp": (
        lambda x: bp.logaddexp(*x),
        [INF, INF],
        [INF, 0.5, 0.5, 0.25, -0.25, -0.25, 0.25],
    ),
    "logsumexp": (bp.logsumexp, [INF, 3.0], [INF, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0]),
    "softmax": (lambda x: bp.softmax(x)[0], [INF, 3.0], [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]),
    "log_softmax": (
        lambda x: bp.log_softmax(x)[1],
        [INF, 3.0],
        [-INF, -1.0, 1.0, 0.0, 0.0, 0.0, 0.0],
    ),
    "cross_entropy": (
        lambda x: bp.cross_entropy(0, x),
        [INF, 3.0],
        [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
    ),
    "masks alone": (
        lambda x: bp.softmax(x)[0],
        [-INF, -INF],
        [0.5, 0.25, -0.25, 0.0, 0.0, 0.0, 0.0],
    ),
    "the largest": (lambda x: bp.maximum(*x), [INF, 1.0], [INF, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0]),
    "beta": (lambda x: bp.beta(*x), [INF, 2.0], [0.0] * 7),
    "a density": (lambda x: x[0] * bp.primitives.normal_pdf(x[1]), [2.0, INF], [0.0] * 7),
}
BACKENDS = [backend.name for backend in registry.backends()]


@pytest.mark.parametrize("name", LIMITS)
def test_what_people_meet_has_the_limit_in_every_mode(name):
    f, point, right = LIMITS[name]
    leaves = [Value(x) for x in point]
    y = f(leaves)
    y.backward()
    rows = bp.hessian(f)(point)
    numbers = [y.data, *[leaf.grad for leaf in leaves], *[h for row in rows for h in row]]
    assert numbers == pytest.approx(right, rel=1e-15, abs=0.0), numbers
    tangents = ([1.0, 0.0], [0.0, 1.0])
    forward = [bp.jvp(f, point, tangent) for tangent in tangents]
    assert [forward[0][0], *[slope for _, slope in forward]] == pytest.approx(right[:3], rel=1e-15)
    columns = [bp.jvp(bp.grad(f), point, tangent)[1] for tangent in tangents]
    assert [h for column in columns for h in column] == pytest.approx(right[3:], rel=1e-15)
    for backend in BACKENDS:
        compiled = bp.compiled(f, backend=backend)
        value, gradient = compiled.value_and_grad(point)
        columns = [compiled.hvp(point, tangent=tangent) for tangent in tangents]
        numbers = [value, *gradient, *[h for column in columns for h in column]]
        assert numbers == pytest.approx(right, rel=1e-14), backend


@pytest.mark.parametrize(
    ("function", "point", "value"),
    [
        (bp.gammainc, [3.0, INF], 1.0),
        (bp.gammainc, [1.0, INF], 1.0),
        (bp.gammaincc, [INF, 2.0], 1.0),
        (lambda a, x: bp.betainc(a, 2.0, x), [INF, 0.0], 0.0),
        (lambda a, x: bp.betainc(2.0, a, x), [INF, 1.0], 1.0),
    ],
)
def test_incomplete_functions_are_flat_at_infinity(function, point, value):
    def f(x):
        return function(*x)

    assert all_orders(f, point) == [value] + [0.0] * 6


# ------------------------------------------------------------------------- eager and compiled
OUTSIDE = {"atanh"}  # whose slope is a number where it has no value


@functools.cache
def in_one_program(count, backend):
    """All primitives of so many inputs, compiled together: derivatives up to order 2."""
    ops = [op for op in PUBLIC if width(op) == count and not op.fixed]
    names = "abcd"[:count]

    def function(*x):
        return [number for op in ops for number in all_orders(of_free(op, x), list(x))]

    text = f"lambda {', '.join(names)}: function({', '.join(names)})"
    run = bp.compiled(
        eval(text, {"function": function}), rows=tuple(names), reduce=None, backend=backend
    )
    where = points(ops[0])
    results = run(*np.array(where).T)
    table = np.array([np.broadcast_to(each, (len(where),)) for each in results], dtype=float)
    return ops, where, table.reshape(len(ops), -1, len(where)), run


def require_eager(ops, where, table):
    """The numbers of a table are those of eager code, where there is a value."""
    for op, numbers in zip(ops, table, strict=True):
        for place, point in enumerate(where):
            right = eager(op, point)
            if not math.isnan(right[0]) and op.name not in OUTSIDE:
                for a, b in zip(right, numbers[:, place], strict=True):
                    assert same(a, b), (op.name, point, right, numbers[:, place].tolist())


@pytest.mark.parametrize("backend", [name for name in BACKENDS if name != "reference"])
@pytest.mark.parametrize("count", [1, 2])
def test_compiled_derivatives_at_the_edges_are_the_eager_ones(count, backend):
    ops, where, table, _ = in_one_program(count, backend)
    require_eager(ops, where, table)


# ------------------------------------------------------------------------------- what is exported
COMPILERS = [name for name in ("gcc", "clang") if shutil.which(name)]
EXACT = ["-O1", "-ffp-contract=off"]
FLAGS = [EXACT, ["-O2"]] if core.is_native() else [EXACT]  # the text is that of both cores


@pytest.mark.parametrize("compiler", COMPILERS)
@pytest.mark.parametrize("flags", FLAGS, ids=lambda flags: flags[0])
@pytest.mark.parametrize("count", [1, 2])
def test_derivatives_in_c_at_the_edges_are_the_eager_ones(tmp_path, compiler, flags, count):
    ops, where, _, run = in_one_program(count, "numpy")
    source, library = tmp_path / "f.c", tmp_path / "f.so"
    source.write_text(run.to_c(name="f", vectors=0))
    command = [compiler, "-std=c99", *flags, "-shared", "-fPIC", str(source), "-lm"]
    subprocess.run([*command, "-o", str(library)], check=True)
    rows, nothing = np.ascontiguousarray(where), np.zeros(1)
    each = np.full((len(rows), len(run.program.outputs)), NAN)
    pointer = ctypes.POINTER(ctypes.c_double)
    p, x, s, y = (a.ctypes.data_as(pointer) for a in (nothing, rows, nothing, each))
    scratch = ctypes.create_string_buffer(1 << 22)
    ctypes.CDLL(str(library)).f(p, x, ctypes.c_size_t(len(rows)), s, y, scratch)
    require_eager(ops, where, each.T.reshape(len(ops), -1, len(where)))


@pytest.mark.parametrize("count", [1, 2])
def test_derivatives_in_jax_at_the_edges_are_the_eager_ones(count):
    jax = pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)
    ops, where, _, run = in_one_program(count, "numpy")
    results = jax.jit(run.to_jax())(*np.array(where).T)
    columns = [np.broadcast_to(np.asarray(each), (len(where),)) for each in results]
    table = np.array(columns).reshape(len(ops), -1, len(where))
    # XLA takes numbers below 2.2e-308 for 0, and so is the inverse of the largest.
    normal = [k for k, x in enumerate(where) if not {*map(abs, x)} & {LEAST, LARGEST}]
    require_eager(ops, [where[k] for k in normal], table[:, :, normal])
