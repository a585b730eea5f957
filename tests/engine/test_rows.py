"""Every row of the table, at its points and at random ones: a new row is tested here unasked."""

import math

import exact
import pytest
import rowcheck

from autograd_bp import Value
from autograd_bp.expressions import FUNCTIONS, Expression, Fold, walk
from autograd_bp.primitives import Primitive
from autograd_bp.printers.overrides import OVERRIDES

ROWS = exact.BUILT_IN
SMOOTH = [row for row in ROWS if row.partials is not None]
COMPOSITES = [row for row in SMOOTH if row.definition is not None]
NAN, INF = math.nan, math.inf

# Where IEEE 754, or the meaning of a choice, says that a NaN does not reach the output.
NAN_IS_IGNORED = {
    "pow": [(NAN, 0.0), (1.0, NAN)],
    "power": [(NAN, 0.0), (1.0, NAN)],
    "hypot": [(NAN, INF), (INF, NAN)],
    "norm": [(NAN, INF), (INF, NAN)],
    "where": [(1.0, 2.0, NAN), (0.0, NAN, 3.0), (NAN, 2.0, 3.0)],
    "heaviside": [(2.0, NAN), (-1.0, NAN)],
    "nonzero": [(NAN,)],
    "moves": [(NAN, 0.5), (0.0, NAN)],
}

# Limits at infinity, as C's Annex F has them.
AT_INFINITY = {
    "abs": (INF, INF),
    "exp": (0.0, INF),
    "expm1": (-1.0, INF),
    "exp2": (0.0, INF),
    "log": (NAN, INF),
    "log1p": (NAN, INF),
    "log2": (NAN, INF),
    "log10": (NAN, INF),
    "sqrt": (NAN, INF),
    "cbrt": (-INF, INF),
    "sin": (NAN, NAN),
    "cos": (NAN, NAN),
    "tan": (NAN, NAN),
    "asin": (NAN, NAN),
    "acos": (NAN, NAN),
    "atan": (-math.pi / 2, math.pi / 2),
    "sinh": (-INF, INF),
    "cosh": (INF, INF),
    "tanh": (-1.0, 1.0),
    "asinh": (-INF, INF),
    "acosh": (NAN, INF),
    "atanh": (NAN, NAN),
    "erf": (-1.0, 1.0),
    "erfc": (2.0, 0.0),
    "sigmoid": (0.0, 1.0),
    "log_sigmoid": (-INF, 0.0),
    "softplus": (0.0, INF),
    "relu": (0.0, INF),
    "threshold": (0.0, 1.0),
    "sign": (-1.0, 1.0),
    "floor": (-INF, INF),
    "nonzero": (1.0, 1.0),
    "neg": (INF, -INF),
}


def same(a: float, b: float) -> bool:
    return a == b or (a != a and b != b)


def everyone(rows: list[Primitive]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("row", rows, ids=[row.name for row in rows])


def moderate(row: Primitive) -> list[tuple[float, ...]]:
    """Points where a composition of simpler rows neither overflows nor cancels."""
    inside = [p for p in rowcheck.points(row) if p and all(1e-3 < abs(x) < 15.0 for x in p)]
    return [p for p in inside if exact.value(row, p) is not None]


@everyone(ROWS)
def test_the_output_is_right_to_a_few_units_in_the_last_place(row):
    for point in rowcheck.points(row):
        rowcheck.check_forward(row, point)


@everyone(SMOOTH)
def test_the_partials_are_those_of_the_exact_function(row):
    checked = sum(rowcheck.check_partials(row, point) for point in rowcheck.points(row))
    assert checked > 0


@everyone(SMOOTH)
def test_the_partials_are_those_of_central_differences(row):
    checked = sum(rowcheck.check_differences(row, point) for point in moderate(row))
    assert checked > 0


@everyone(SMOOTH)
def test_the_recorded_partials_give_the_second_derivatives(row):
    checked = sum(rowcheck.check_second(row, point) for point in moderate(row)[:8])
    assert checked > 0


@everyone(ROWS)
def test_a_row_never_raises_and_gives_a_float_for_any_floats(row):
    odd = [0.0, -0.0, 1.0, -1.0, 0.5, -2.5, 5e-324, -5e-324, 1e308, -1e308, INF, -INF, NAN]
    width = row.arity if row.arity is not None else 4
    for left in odd:
        for right in odd:
            inputs = (left, right, left, right)[:width]
            y = row.forward(*inputs)
            assert type(y) is float
            if row.partials is not None:
                partials = row.partials(*inputs, y=y)
                assert [type(partial) for partial in partials] == [float] * width


@everyone(ROWS)
def test_nan_in_is_nan_out_save_where_it_is_not_used(row):
    width = row.arity if row.arity is not None else 2
    for i in range(width):
        for other in (-2.0, 0.0, 0.5, 1.0, INF):
            inputs = [other] * width
            inputs[i] = NAN
            if any(all(map(same, inputs, case)) for case in NAN_IS_IGNORED.get(row.name, [])):
                continue
            if row.name in ("where", "moves"):
                continue
            if row.name == "heaviside" and i == 1 and other != 0.0:
                continue
            assert math.isnan(row.forward(*inputs)), inputs


@pytest.mark.parametrize("name", NAN_IS_IGNORED)
def test_the_exceptions_to_nan_in_nan_out_are_those_listed(name):
    for inputs in NAN_IS_IGNORED[name]:
        assert not math.isnan(Primitive.named(name).forward(*inputs)), inputs


@everyone([row for row in ROWS if row.arity == 1])
def test_infinity_gives_the_limit(row):
    for sign, expected in zip((-1.0, 1.0), AT_INFINITY.get(row.name, (None, None)), strict=True):
        y = row.forward(sign * INF)
        if expected is None:  # a row that is not in the list above: at least no surprise
            far = row.forward(sign * 1.7e308)
            assert not math.isfinite(y) or y == pytest.approx(far, rel=1e-9, abs=1e-9)
        else:
            assert same(y, expected)


@everyone([row for row in ROWS if row.arity == 1 and row.domain != ((-INF, INF),)])
def test_outside_its_domain_a_row_is_nan(row):
    ((low, high),) = row.domain
    for step in (1e-15, 0.5, 1e300):
        if math.isfinite(low):
            assert math.isnan(row.forward(low - step - step * abs(low)))
        if math.isfinite(high):
            assert math.isnan(row.forward(high + step + step * abs(high)))


@everyone(COMPOSITES)
def test_a_composite_is_its_definition(row):
    for point in moderate(row):
        assert row(*point) == pytest.approx(float(row.definition(*point)), rel=1e-11, abs=1e-14)


@everyone(COMPOSITES)
def test_a_composite_has_the_derivatives_of_its_definition(row):
    for point in moderate(row):
        direct, composed = [Value(x) for x in point], [Value(x) for x in point]
        row(*direct).backward()
        row.definition(*composed).backward()
        for a, b in zip(direct, composed, strict=True):
            assert a.grad == pytest.approx(b.grad, rel=1e-9, abs=1e-12)


@everyone(SMOOTH)
def test_recording_gives_the_numbers_that_floats_give(row):
    for point in rowcheck.points(row):
        if not point:
            continue
        y = row.forward(*point)
        node = row(*map(Value, point))
        assert same(node.data, y)
        assert all(map(same, node.partials, map(float, row.partials(*point, y=y))))
        assert [parent.data for parent in node.parents] == list(point)
        assert node.op is row


@everyone(SMOOTH)
def test_the_rule_gives_the_same_numbers_on_values(row):
    for point in rowcheck.points(row):
        on_floats = row.partials(*point, y=row.forward(*point))
        inputs = [Value(x) for x in point]
        output = row(*inputs) if inputs else row.forward()
        for a, b in zip(on_floats, row.partials(*inputs, y=output), strict=True):
            assert same(a, b.data if isinstance(b, Value) else float(b))


@everyone([row for row in ROWS if row.arity is not None])
def test_arrays_are_taken_element_by_element(row):
    np = pytest.importorskip("numpy")
    points = rowcheck.points(row)
    columns = [np.array(column) for column in zip(*points, strict=True)]
    ys = row(*columns)
    for y, point in zip(ys, points, strict=True):
        assert_near(y, row.forward(*point), exactly=not calls_numpy(row))
    if row.partials is None:
        return
    with np.errstate(all="ignore"):
        partials = row.partials(*columns, y=ys)
    for i, partial in enumerate(partials):
        for measured, y, point in zip(np.broadcast_to(partial, ys.shape), ys, points, strict=True):
            assert_near(measured, float(row.partials(*point, y=float(y))[i]), exactly=False)


@everyone([row for row in SMOOTH if row.arity is None])
def test_rows_of_any_number_of_inputs_take_arrays_too(row):
    np = pytest.importorskip("numpy")
    columns = [np.array([1.0, -2.0]), np.array([0.5, 3.0])]
    for k, y in enumerate(row(*columns)):
        assert_near(
            y, row.forward(*(column[k] for column in columns)), exactly=not calls_numpy(row)
        )


def calls_numpy(row: Primitive) -> bool:
    """Whether NumPy rounds otherwise: it, or a function that it calls, is NumPy's own."""
    tree = row.expression
    roots = [tree] if isinstance(tree, Expression) else [tree.finish]
    if isinstance(tree, Fold):
        roots += [step for stage in tree.stages for step in stage.steps]
    called = {node.head for node in walk(*roots)} & FUNCTIONS
    others = row.numpy is not None or ("python", row.name) in OVERRIDES
    return others or not called <= {"fabs", "floor", "copysign", "sqrt"}


def assert_near(measured: float, expected: float, exactly: bool) -> None:
    """NumPy has its own exp and sin: they may differ from the C library's in the last digits."""
    if same(measured, expected):
        return
    assert not exactly
    assert abs(measured - expected) <= 16 * math.ulp(expected) + 2**-52 * (abs(expected) < 1e-3)


@everyone(ROWS)
def test_a_row_takes_integers_and_fractions_as_numbers(row):
    from fractions import Fraction

    width = row.arity if row.arity is not None else 2
    assert same(row(*[1] * width), row.forward(*[1.0] * width))
    assert same(row(*[Fraction(1, 2)] * width), row.forward(*[0.5] * width))
