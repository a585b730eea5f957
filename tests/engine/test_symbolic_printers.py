"""Primitives on the numbers of SymPy and of mpmath: the same function as the table's."""

import itertools
import math

import pytest

import autograd_bp as bp
import autograd_bp.primitives as table
from autograd_bp.expressions import call, choose, inputs
from autograd_bp.primitives import Primitive
from autograd_bp.printers.mpmath import Precise
from autograd_bp.printers.sympy import Symbolic, with_choices_named

sympy = pytest.importorskip("sympy")
mpmath = pytest.importorskip("mpmath")

LIBRARY = [op for op in vars(table).values() if isinstance(op, Primitive)]
A, B, C, D = sympy.symbols("a b c d", real=True)


def points(op):
    """Points of moderate size at which the function is finite and every library agrees on it."""
    counts = [op.arity] if op.arity else {len(point) for point in op.points} - {0}
    for count in counts:
        grid = [*itertools.product((-2.5, 0.0, 0.3, 3.0), repeat=count)]
        if op in (table.power_slope, table.power_logarithm):  # powers of numbers above 0
            grid = [point for point in grid if point[0] > 0.0]
        for point in grid[:: len(grid) // 16 or 1]:
            if math.isfinite(op(*point)) and not (op is table.atan2 and point == (0.0, 0.0)):
                yield point


@pytest.mark.parametrize("op", LIBRARY, ids=lambda op: op.name)
def test_sympy_computes_what_the_table_computes(op):
    symbolic = Symbolic(sympy)
    for count, group in itertools.groupby(points(op), len):
        names = sympy.symbols(f"x:{count}", real=True)
        expression = symbolic.apply(op, names)
        assert not expression.atoms(sympy.core.function.AppliedUndef)
        for point in group:
            numbers = dict(zip(names, map(sympy.Rational, point), strict=True))
            assert float(expression.subs(numbers)) == pytest.approx(op(*point), rel=1e-13)


@pytest.mark.parametrize("op", LIBRARY, ids=lambda op: op.name)
def test_mpmath_computes_what_the_table_computes(op):
    precise = Precise(mpmath)
    with mpmath.workdps(40):
        for point in points(op):
            exact = precise.apply(op, [mpmath.mpf(x) for x in point])
            assert float(exact) == pytest.approx(op(*point), rel=1e-14, abs=1e-300)


@pytest.mark.parametrize(
    ("op", "exact"),
    [
        (table.cbrt, lambda mp, x: mp.root(x, 3)),
        (table.sigmoid, lambda mp, x: 1 / (1 + mp.exp(-x))),
        (table.softplus, lambda mp, x: mp.log(1 + mp.exp(x))),
        (table.log_sigmoid, lambda mp, x: -mp.log(1 + mp.exp(-x))),
        (table.log2, lambda mp, x: mp.log(x) / mp.log(2)),
        (table.exp2, lambda mp, x: mp.exp(x * mp.log(2))),
        (table.norm, lambda mp, x: abs(x)),
        (table.logsumexp, lambda mp, x: x),
    ],
)
def test_hundreds_of_digits_are_right(op, exact):
    with mpmath.workdps(500):
        x = mpmath.mpf(7) / 3
        error = abs(Precise(mpmath).apply(op, [x]) - exact(mpmath.mp, x))
        assert error < mpmath.mpf(10) ** -490


@pytest.mark.parametrize(
    ("op", "expected"),
    [
        (table.sigmoid, 1 / (1 + sympy.exp(-A))),
        (table.log_sigmoid, -sympy.log(1 + sympy.exp(-A))),
        (table.softplus, sympy.log(1 + sympy.exp(A))),
        (table.relu, sympy.Max(A, 0)),
        (table.threshold, sympy.Heaviside(A, 1)),
        (table.sign, sympy.sign(A)),
        (table.abs_, sympy.Abs(A)),
        (table.cbrt, sympy.real_root(A, 3)),
        (table.expm1, sympy.exp(A) - 1),
        (table.maximum, sympy.Max(A, B)),
        (table.minimum, sympy.Min(A, B)),
        (table.compare, sympy.sign(A - B)),
        (table.heaviside, sympy.Heaviside(A, B)),
        (table.power, A**B),
        (table.hypot, sympy.sqrt(A**2 + B**2)),
        (table.where, sympy.Piecewise((B, sympy.Ne(A, 0)), (C, True))),
        (table.mean, (A + B + C + D) / 4),
        (table.norm, sympy.sqrt(A**2 + B**2 + C**2 + D**2)),
        (table.performance, -((A - C) ** 2 + (B - D) ** 2) / 2),
        (table.logsumexp, sympy.log(sum(map(sympy.exp, (A, B, C, D))))),
    ],
    ids=lambda thing: getattr(thing, "name", ""),
)
def test_sympy_gets_the_form_that_mathematics_has(op, expected):
    result = Symbolic(sympy).apply(op, (A, B, C, D)[: op.arity or 4])
    assert sympy.expand(result - expected) == 0 if op is table.performance else result == expected


def test_choices_get_names_inside_of_each_other():
    a, b, c = inputs("a", "b", "c")
    largest_of_two = choose(b > c, b, c)
    largest = choose((a > largest_of_two) | call("isnan", a), a, largest_of_two)
    assert repr(with_choices_named(largest)) == "max(a, max(b, c))"
    smaller = choose(~call("isfinite", a) & (a < b), 0.0, choose(a <= b, a, b))
    assert repr(with_choices_named(smaller)) == "min(a, b)"


def test_a_choice_that_only_looks_like_a_name_keeps_its_branches():
    a, b = inputs("a", "b")
    for choice in (choose(a > b, a, b + 1.0), choose(a > b, 2.0, choose(a < b, -1.0, 0.0))):
        assert with_choices_named(choice).head == "?"


def new(name, **columns):
    return Primitive(f"{name}_{len(table.TABLE)}", 1, partials=lambda x, y: (1.0,), **columns)


def test_a_primitive_of_the_users_needs_no_more_than_its_function():
    op = new("softsign", forward=lambda x: x / (1.0 + abs(x)))
    assert Symbolic(sympy).apply(op, [A]) == A / (1 + sympy.Abs(A))
    with mpmath.workdps(60):
        third = mpmath.mpf(1) / 3
        assert abs(Precise(mpmath).apply(op, [third]) - mpmath.mpf(1) / 4) < 1e-58


LOOKED_UP = {1.0: 2.0}


def test_a_function_that_cannot_be_seen_has_its_definition_or_its_name():
    defined = new(
        "seen", forward=lambda x: LOOKED_UP.get(x, x), definition=lambda x: 2.0 * bp.exp(x)
    )
    unseen = new("unseen", forward=lambda x: LOOKED_UP.get(x, x))
    assert Symbolic(sympy).apply(defined, [A]) == 2 * sympy.exp(A)
    assert float(Precise(mpmath).apply(defined, [mpmath.mpf(0)])) == 2.0
    assert Symbolic(sympy).apply(unseen, [A]).func.__name__ == unseen.name
    with pytest.raises(ValueError, match="no function of mpmath"):
        Precise(mpmath).apply(unseen, [mpmath.mpf(1)])


def test_the_branch_that_is_not_taken_is_not_computed():
    op = new("guarded", forward=None, expression=lambda a: choose(a == 0.0, 1.0, 1.0 / a))
    assert Precise(mpmath).apply(op, [mpmath.mpf(0)]) == 1
