"""Every primitive of the table on every target: its value, first and second derivatives.

A program records them at the points of the entry, and hands out all of its registers. Each is
compared with what the reference makes of the numbers that the target itself read there. A target
that cannot run a primitive fails. So do the primitives of users at the end: one is given as an
expression, one is a Python function that is traced, and the others are folds.

A new target is a function in TARGETS and its units in the last place in ULPS.
"""

import math
import shutil
from functools import cache

import numpy as np
import pytest
from instructions import agree, everything, scale_of
from test_c_calls import called, library

from autograd_bp import Primitive, Value, primitive
from autograd_bp.compiling import flatten, to_c
from autograd_bp.compiling.backends import registry
from autograd_bp.compiling.backends.protocol import Source
from autograd_bp.derivatives.recorded import record_gradients
from autograd_bp.expressions import Expression, as_expression, call, choose, inputs, letters, walk
from autograd_bp.folds import INITIAL, LIST, PAIRS, PAIRS_WITH_INITIAL, Fold, Stage
from autograd_bp.native import generate
from autograd_bp.native.kernels import OWN
from autograd_bp.primitives import TABLE, compare, div, exp, heaviside, sigmoid, where
from autograd_bp.printers import python
from autograd_bp.printers.c_parser import parse
from autograd_bp.printers.mpmath import Precise
from autograd_bp.printers.numpy import evaluated
from autograd_bp.printers.overrides import LIBRARYS_OWN, OVERRIDES, WITHOUT_KERNEL, form, tuned

mpmath = pytest.importorskip("mpmath")

LIBRARY = TABLE[:OWN]


# ------------------------------------------------------------------------- primitives of users
swish = Primitive(
    "swish_of_a_user",
    1,
    None,
    lambda x, y: (sigmoid(x) + y * (1.0 - sigmoid(x)),),
    expression=lambda x: x / (1.0 + call("exp", -x)),
)


@primitive(partials=lambda x, y: (where(heaviside(x, 0.0), div(1.0, 1.0 + x), exp(x)),))
def bent_of_a_user(x):
    if x > 0.0:
        return math.log1p(x)
    return math.expm1(x)


def of_any_number(name, fold, points):
    return Primitive(name, None, None, fold.partials, expression=fold, points=points)


quadratic_mean = of_any_number(
    "quadratic_mean_of_a_user",
    Fold(
        LIST,
        [Stage(lambda squares, x: squares + x * x, squares=0.0)],
        lambda squares, n: call("sqrt", squares / n),
        lambda x, y, n: div(x, n * y),
    ),
    points=((3.0, 4.0), (-1.0,), (0.5, -2.0, 1.0, 7.0, 0.25)),
)
product = of_any_number(
    "product_of_a_user",  # each step needs the one before it
    Fold(
        LIST,
        [Stage(lambda product, x: product * x, product=1.0)],
        lambda product: product,
        lambda x, y: div(y, x),
    ),
    points=((3.0, -4.0), (0.5,), (0.5, -2.0, 1.0, 7.0, 0.25)),
)
farthest = of_any_number(
    "farthest_of_a_user",  # two accumulators that read each other, in two stages
    Fold(
        PAIRS,
        [
            Stage(
                lambda count, far, left, right: (
                    count + choose(abs(left - right) >= far, 1.0, 0.0),
                    choose(abs(left - right) > far, abs(left - right), far),
                ),
                count=0.0,
                far=0.0,
            ),
            Stage(
                lambda near, left, right, far: near + choose(abs(left - right) < far, 1.0, 0.0),
                near=0.0,
                when=lambda count: count > 1.0,
            ),
        ],
        lambda far, near, count: far + 0.0 * near + 0.0 * count,
        lambda left, right, y: (
            where(abs(left - right) - y, 0.0, compare(left, right)),
            where(abs(left - right) - y, 0.0, compare(right, left)),
        ),
    ),
    points=((3.0, 4.0), (1.0, 5.0, 2.0, 2.5, 4.0, 9.0)),
)
distance = of_any_number(
    "distance_of_a_user",
    Fold(
        PAIRS_WITH_INITIAL,
        [Stage(lambda total, left, right: total + abs(left - right), total=INITIAL)],
        lambda total: 2.0 * total,
        lambda left, right: (2.0 * compare(left, right), 2.0 * compare(right, left)),
    ),
    points=((3.0, 4.0), (3.0, 4.0, 0.5), (1.0, 5.0, 2.0, 2.5, 4.0, 9.0, -3.0), (0.25,)),
)
USERS = [swish, bent_of_a_user, quadratic_mean, product, farthest, distance]


# ------------------------------------------------------------------------------------ programs
@cache
def programs(op):
    """Programs of the value, the first and the second derivatives, each with its rows of data;
    the points of an entry may have several lengths."""
    lengths = {}
    for point in op.points:
        point = point * op.arity if op.arity and len(point) != op.arity else point
        if point:
            lengths.setdefault(len(point), []).append(point)
    return [(_program(op, rows[0]), rows) for rows in lengths.values()]


def _program(op, point):
    leaves = [Value(x, f"x{k}") for k, x in enumerate(point)]
    outputs = [op(*leaves)]
    if op.partials is not None:
        first = record_gradients(outputs, leaves)
        outputs += first
        for slope in first:
            if isinstance(slope, Value):
                outputs += record_gradients([slope], leaves)
    return everything(flatten(outputs, inputs=leaves))


def numbered(op):
    return [f"{op.name}_{len(rows[0])}" for _, rows in programs(op)]


# ------------------------------------------------------------------------------------- targets
def by_python(op):
    """The registers of the reference, which calls the printed Python functions."""
    return [program.run([], rows) for program, rows in programs(op)]


def by_kernel(op):
    """The same, as the core computes them where they are recorded."""
    by_row = [[_recorded(op, point) for point in rows] for _, rows in programs(op)]
    return [[list(column) for column in zip(*rows, strict=True)] for rows in by_row]


def _recorded(op, point):
    program = _program(op, point)
    registers = [*map(float, point), *program.constants]
    for _, instruction, operands in program.instructions():
        numbers = [registers[k] for k in operands]
        registers.append(instruction(*map(Value, numbers)).data)
    return registers


def by_backend(name):
    backend = registry.named(name)

    def run(op):
        if backend.unavailable() is not None:
            pytest.skip(backend.unavailable())
        tables = []
        for program, rows in programs(op):
            columns = np.ascontiguousarray(np.array(rows).T)
            runner = backend.prepare(Source(program), len(rows))
            _, per_row = runner.run(np.empty(0), columns, 1)
            tables.append(per_row)
        return tables

    return run


@pytest.fixture(scope="session")
def functions_in_c(tmp_path_factory):
    """What C computes for every primitive, compiled in one go."""
    if shutil.which("gcc") is None:
        pytest.skip("there is no gcc")
    texts = [
        to_c(program, name=name, vectors=0)
        for op in [*LIBRARY, *USERS]
        for name, (program, _) in zip(numbered(op), programs(op), strict=True)
    ]
    return library(tmp_path_factory.mktemp("targets"), texts)


def by_c(op, functions):
    return [
        called(getattr(functions, name), program, [], rows)
        for name, (program, rows) in zip(numbered(op), programs(op), strict=True)
    ]


TARGETS = {
    "python": by_python,
    "kernel": by_kernel,
    **{name: by_backend(name) for name in registry.names() if name != registry.AUTO},
    "c": by_c,
}
ULPS = {"python": 4, "kernel": 0, "reference": 0, "numpy": 8, "tape": 8, "llvm": 8, "c": 0}
INEXACT_IN_C = ("hypot", "norm")  # the reference is Python's math.hypot


# --------------------------------------------------------------------------------------- tests
@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("op", [*LIBRARY, *USERS], ids=lambda op: op.name)
def test_every_primitive_runs_on_every_target(op, target, request):
    run = TARGETS[target]
    tables = run(op, request.getfixturevalue("functions_in_c")) if target == "c" else run(op)
    for (program, rows), registers in zip(programs(op), tables, strict=True):
        table = np.array([np.broadcast_to(x, len(rows)) for x in registers], dtype=float)
        compared = 0
        for register, instruction, operands in program.instructions():
            for k in range(len(rows)):
                numbers = table[list(operands), k].tolist()
                expected = exactly(instruction, numbers) if target == "python" else None
                if expected is None:
                    expected = instruction.forward(*numbers)
                ulps = ULPS[target] + (target == "c" and instruction.name in INEXACT_IN_C)
                y = float(table[register, k])
                scale = scale_of(instruction, numbers) if ulps else 0.0
                assert agree(y, expected, scale, ulps), (instruction, numbers, y, expected)
                compared += 1
        assert compared >= len(rows)


def exactly(op, numbers):
    """The number of many digits, rounded; None where it is not finite."""
    if not all(map(math.isfinite, numbers)):
        return None
    with mpmath.workdps(400):
        try:
            y = Precise(mpmath).apply(op, list(map(mpmath.mpf, numbers)))
        except (ZeroDivisionError, ValueError):
            return None
        return float(y) if isinstance(y, mpmath.mpf) and mpmath.isfinite(y) else None


@pytest.mark.parametrize("op", [*LIBRARY, *USERS], ids=lambda op: op.name)
def test_no_target_falls_back_on_calling_python(op):
    assert op.expression is not None
    for target in ("numpy", "tape", "llvm"):
        assert tuned(target, op.name) or form(target, op) is not None
    if op in LIBRARY:
        assert generate.kernel(op) is not None or uses(op, WITHOUT_KERNEL)


def uses(op, names):
    """Whether a primitive or its rule is, or calls, one of these functions."""
    roots = [op.expression] if isinstance(op.expression, Expression) else []
    if roots and op.partials is not None:
        arguments = inputs(*letters(op.arity))
        roots += map(as_expression, op.partials(*arguments, y=Expression("input", "y")))
    return op.name in names or any(node.head in names for node in walk(*roots))


FIRST = {
    swish: lambda x: (1.0 + math.exp(-x) * (1.0 + x)) / (1.0 + math.exp(-x)) ** 2,
    bent_of_a_user: lambda x: 1.0 / (1.0 + x) if x > 0.0 else math.exp(x),
    quadratic_mean: lambda *x: x[0] / (len(x) * quadratic_mean(*x)),
    product: lambda *x: math.prod(x[1:]),
    farthest: lambda *x: -1.0 if len(x) == 2 else 0.0,
    distance: lambda *x: 1.0 if len(x) == 1 else -2.0,
}


@pytest.mark.parametrize("op", FIRST, ids=lambda op: op.name)
def test_primitives_of_users_have_the_derivatives_of_their_formulas(op):
    for point in op.points:
        if op is distance and len(point) == 1:
            continue  # the initial value alone: its partial is 1 by definition
        leaves = [Value(x) for x in point]
        op(*leaves).backward()
        assert leaves[0].grad == pytest.approx(FIRST[op](*point), rel=1e-14)


@pytest.mark.parametrize("op", USERS, ids=lambda op: op.name)
def test_primitives_of_users_take_arrays(op):
    for _, rows in programs(op):
        columns = [np.array([[x, x], [x, 2.0 * x]]) for x in rows[0]]
        found = op(*columns)
        assert found.shape == (2, 2)
        assert found[0, 0] == pytest.approx(op.forward(*rows[0]), rel=1e-15)
        assert found[1, 1] == pytest.approx(op.forward(*[2.0 * x for x in rows[0]]), rel=1e-15)


# ----------------------------------------------------------------------------------- overrides
SPECIAL = (
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.3,
    -2.5,
    7.0,
    1e-310,
    1e200,
    -1e200,
    math.inf,
    -math.inf,
    math.nan,
)


def points_of(op):
    if op.arity == 1:
        return [(x,) for x in SPECIAL]
    pairs = [(a, b) for a in SPECIAL for b in SPECIAL]
    return pairs if op.arity == 2 else [*pairs, *[(a, b, a) for a, b in pairs], *op.points]


@pytest.mark.parametrize(("target", "name"), OVERRIDES, ids=map("-".join, OVERRIDES))
def test_an_override_computes_what_the_table_says(target, name):
    op, override = Primitive.named(name), OVERRIDES[target, name]
    assert op in LIBRARY
    assert len(override.reason) > 20
    if not override.form or target == "c":
        assert target in TARGETS  # its code runs there, beside that of the others
        return
    if override.reason == LIBRARYS_OWN:  # test_symbolic_printers.py compares them there
        assert target in ("sympy", "mpmath")
        return
    table = python.function(f"table_of_{name}", op.arity, op.expression)
    own = overriding(target, op, override.form)
    for point in filter(None, points_of(op)):
        y, expected = own(*point), table(*point)
        assert agree(y, expected, scale_of(op, point), ulps=4), point
        assert y != 0.0 or math.copysign(1.0, y) == math.copysign(1.0, expected), point


def overriding(target, op, text):
    """The override as a function of floats."""
    if target == "python":
        return eval(text, {"math": math})
    tree = parse(text) if isinstance(text, str) else text
    if target == "numpy":
        return lambda *x: float(_on_arrays(tree, x))
    return python.function(f"{target}_of_{op.name}", op.arity, tree)


def _on_arrays(tree, x):
    with np.errstate(all="ignore"):
        return evaluated(tree, [np.array([number]) for number in x])[0]
