"""Outside its domain a primitive is NaN: whatever its arity, private or public, on every target.

A series that converges only for positive numbers gives a plausible number for negative ones.
"""

import itertools
import math
import shutil

import numpy as np
import pytest
from points import one
from test_c_calls import called, library

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.compiling import to_c
from autograd_bp.compiling.backends import registry
from autograd_bp.compiling.backends.protocol import Source
from autograd_bp.entry import FAMILIES, TABLE, Primitive
from autograd_bp.native.kernels import OWN
from autograd_bp.printers.mpmath import Precise

INF, NAN = math.inf, math.nan
WHOLE_LINE = (-INF, INF)
MEMBERS = [FAMILIES[name](order) for name in sorted(FAMILIES) for order in (2, 3)]
OPS = [
    op
    for op in dict.fromkeys([*TABLE[:OWN], *MEMBERS])
    if op.arity is not None
    and any(interval != WHOLE_LINE for interval in op.domain)
    and op.name != "power_slope"  # negative numbers have powers, as those of `pow`
]
ELSEWHERE = {
    # A concave function is -inf outside, as SciPy has it.
    "entr": lambda x: -INF,
    # Formulas that hold for all numbers; their domain is where their digits are exact.
    "share": lambda e, part: e * part,
    "share_slope": lambda e, part: part,
    "other_shares": lambda e, rest: (rest + (1.0 - e)) / (1.0 + rest) if rest != -1.0 else NAN,
    "unit": lambda part, length, infinite: part / length if length else 0.0 * part,
    "log_share": lambda z, rest: z - math.log1p(rest) if rest > -1.0 else NAN,
}


def outside(op):
    """Points of which at least one number is outside the domain."""
    sides = []
    for low, high in op.domain:
        inside = [x for x in (0.5, 2.0, -0.5, -2.0) if low < x < high][:2]
        beyond = [
            edge + sign * step * max(1.0, abs(edge))
            for edge, sign in ((low, -1.0), (high, 1.0))
            for step in (1e-15, 0.5, 3.0, 1e300, INF)
            if math.isfinite(edge)
        ]
        sides.append((inside, beyond))
    for choice in itertools.product((0, 1), repeat=len(sides)):
        if any(choice):
            yield from itertools.product(*[side[k] for side, k in zip(sides, choice, strict=True)])


def by_python(op, points):
    return [op.forward(*point) for point in points]


def by_kernel(op, points):
    return [op(*map(Value, point)).data for point in points]


def by_arrays(op, points):
    return op(*np.array(points).T)


def by_backend(name):
    def run(op, points):
        backend = registry.named(name)
        if backend.unavailable() is not None:
            pytest.skip(backend.unavailable())
        columns = np.ascontiguousarray(np.array(points).T)
        runner = backend.prepare(Source(one(op, points[0])), len(points))
        _, (ys,) = runner.run(np.empty(0), columns, 1)
        return ys

    return run


def by_jax(op, points):
    jax = pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)
    jax.config.update("jax_disable_most_optimizations", True)
    of_one, of_two = (lambda a: op(a)), (lambda a, b: op(a, b))
    function, rows = (of_one, "a") if op.arity == 1 else (of_two, ("a", "b"))
    function = bp.compiled(function, rows=rows, reduce=None)
    return np.asarray(function.to_jax()(*np.array(points).T))


def by_mpmath(op, points):
    mpmath = pytest.importorskip("mpmath")
    precise = Precise(mpmath)
    ys = []
    for point in points:
        if op.name not in ELSEWHERE and max(map(abs, point)) > 10.0:
            ys.append(NAN)  # digamma of -1e300 would take 300 digits
            continue
        try:
            y = precise.apply(op, list(map(mpmath.mpf, point)))
        except (ValueError, ZeroDivisionError, OverflowError):
            y = mpmath.nan
        # A complex number is mpmath's NaN: there is no real one.
        ys.append(float(y) if isinstance(y, mpmath.mpf) else NAN)
    return ys


@pytest.fixture(scope="module")
def functions_in_c(tmp_path_factory):
    if shutil.which("gcc") is None:
        pytest.skip("there is no gcc")
    texts = [to_c(one(op, next(outside(op))), name=f"f_{op.name}", vectors=0) for op in OPS]
    return library(tmp_path_factory.mktemp("outside"), texts)


TARGETS = {
    "python": by_python,
    "kernel": by_kernel,
    "arrays": by_arrays,
    **{name: by_backend(name) for name in registry.names() if name != registry.AUTO},
    "jax": by_jax,
    "mpmath": by_mpmath,
}


def check(op, points, ys):
    assert len(points) == len(ys)
    for point, y in zip(points, ys, strict=True):
        formula = ELSEWHERE.get(op.name)
        if formula is None:
            assert math.isnan(y), (op.name, point, y)
        elif math.isfinite(expected := formula(*point)):
            assert y == pytest.approx(expected, rel=1e-14), (op.name, point, y)
        else:
            assert y == expected or not math.isfinite(y), (op.name, point, y)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("op", OPS, ids=lambda op: op.name)
def test_outside_its_domain_a_primitive_is_nan(op, target):
    points = list(outside(op))
    check(op, points, TARGETS[target](op, points))


@pytest.mark.parametrize("op", OPS, ids=lambda op: op.name)
def test_outside_its_domain_a_function_in_c_is_nan(op, functions_in_c):
    points = list(outside(op))
    program = one(op, points[0])
    (ys,) = called(getattr(functions_in_c, f"f_{op.name}"), program, [], points)[-1:]
    check(op, points, ys)


def test_a_series_that_does_not_hold_is_found():
    wrong = Primitive(
        "series_for_positive_numbers",
        1,
        None,
        lambda x, y: (1.0 - x,),
        expression=lambda x: x - 0.5 * x * x,
        domain=((0.0, INF),),
    )
    points = list(outside(wrong))
    with pytest.raises(AssertionError):
        check(wrong, points, by_python(wrong, points))
