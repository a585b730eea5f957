"""Every ufunc of NumPy on Values: the right number with the right derivative, or a named error."""

import math
from types import SimpleNamespace

import pytest
from ufunc_points import (
    CALLED,
    LOGIC,
    NO_OBJECTS,
    ON_MATRICES,
    QUESTIONS,
    REFUSED,
    UFUNCS,
    check,
    outputs,
    points,
    slopes,
    wrapped,
)

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.arrays.ufuncs import recorded
from autograd_bp.errors import AutogradError, BranchError, ConversionError, OperandError
from autograd_bp.native import kernels
from autograd_bp.primitives import TABLE

np = pytest.importorskip("numpy")


@pytest.mark.parametrize("name", CALLED)
def test_a_ufunc_of_values_has_numpys_number_and_its_derivatives(name):
    ufunc = UFUNCS[name]
    for at in points(name):
        for output in range(ufunc.nout):
            operands = wrapped(at)
            y = outputs(ufunc(*operands))[output]
            assert isinstance(y, Value)
            check(y, [x for x in operands if isinstance(x, Value)], at, ufunc, output)


@pytest.mark.parametrize("name", [n for n in CALLED if UFUNCS[n].nin == 2 and n != "ldexp"])
@pytest.mark.parametrize("kind", [float, np.float64, np.array])
def test_one_operand_may_be_a_plain_number(name, kind):
    ufunc = UFUNCS[name]
    for a, b in points(name):
        for output in range(ufunc.nout):
            left, right = Value(a), Value(b)
            y = outputs(ufunc(left, kind(b)))[output]
            z = outputs(ufunc(kind(a), right))[output]
            assert y.data == z.data == pytest.approx(float(outputs(ufunc(a, b))[output]), rel=4e-15)
            y.backward()
            z.backward()
            expected = slopes(ufunc, (a, b), output)
            assert [left.grad, right.grad] == pytest.approx(expected, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("name", [n for n in CALLED if UFUNCS[n].nin == 2 and n != "ldexp"])
def test_a_value_with_an_array_works_element_by_element(name):
    ufunc = UFUNCS[name]
    x, array = Value(0.7), np.array([[0.5, 2.3], [1.4, 3.1]])
    for output in range(ufunc.nout):
        for y, expected in (
            (ufunc(x, array), ufunc(0.7, array)),
            (ufunc(array, x), ufunc(array, 0.7)),
        ):
            nodes = outputs(y)[output]
            assert nodes.shape == (2, 2)
            assert [node.data for node in nodes.ravel()] == pytest.approx(
                outputs(expected)[output].ravel().astype(float).tolist(), rel=4e-15
            )


@pytest.mark.parametrize("name", sorted(set(UFUNCS) - ON_MATRICES))
def test_a_ufunc_of_arrays_of_values_is_right_or_refused(name):
    ufunc = UFUNCS[name]
    for at in points(name) if name not in REFUSED else [(3.0,), (3.0, 2.0)][ufunc.nin - 1 :][:1]:
        operands = wrapped(at)
        arrays = [np.array([x], dtype=object) for x in operands]
        if name in REFUSED | NO_OBJECTS or name in LOGIC:
            with pytest.raises((TypeError, AttributeError)):
                ufunc(*arrays)
            continue
        (y,) = ufunc(*arrays)
        if name in QUESTIONS or name == "sign":
            assert y == ufunc(*at)  # plain numbers: no derivative passes
            continue
        if y in operands:  # maximum and its like return one of the operands
            assert y.data == ufunc(*at)
            continue
        check(y, operands, at, ufunc, 0)


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_questions_are_answered_by_truth_values(name):
    ufunc = UFUNCS[name]
    for at in points(name):
        answer = ufunc(*wrapped(at))
        assert isinstance(answer, (bool, np.bool_))
        assert answer == ufunc(*at)
    if ufunc.nin == 2:
        answers = ufunc(Value(2.0), np.array([1.0, 2.0, 3.0]))
        assert answers.dtype == bool
        assert answers.tolist() == ufunc(2.0, np.array([1.0, 2.0, 3.0])).tolist()


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_what_cannot_be_recorded_is_refused_by_name(name):
    ufunc = UFUNCS[name]
    with pytest.raises(OperandError, match=f"{name} of a Value cannot be recorded: "):
        ufunc(*[Value(3.0), Value(2.0)][: ufunc.nin])


@pytest.mark.parametrize("name", sorted(ON_MATRICES))
def test_matrix_products_refuse_a_single_value(name):
    with pytest.raises((ValueError, TypeError)):
        UFUNCS[name](Value(1.0), Value(2.0))
    with pytest.raises((ValueError, TypeError)):
        UFUNCS[name](np.ones((2, 2)), Value(2.0))


def test_every_ufunc_with_an_entry_has_that_entry():
    for op in TABLE[: kernels.OWN]:
        if op.numpy in CALLED and op.arity in (1, 2) and op.public:
            y = UFUNCS[op.numpy](*[Value(0.5)] * op.arity)
            used = {node.op for node in bp.graph.topological_order(y)}
            assert op in used


def test_numpys_numbers_at_the_edges():
    nan, inf = math.nan, math.inf
    assert np.fmax(Value(nan), 2.0).data == 2.0
    assert np.fmin(3.0, Value(nan)).data == 3.0
    assert math.isnan(np.fmax(Value(nan), Value(nan)).data)
    assert math.isnan(np.maximum(Value(nan), 1.0).data)
    assert [y.data for y in np.modf(Value(-inf))] == [-0.0, -inf]
    assert [y.data for y in np.modf(Value(-1.5))] == [-0.5, -1.0]
    assert np.ldexp(Value(1e-300), 1030).data == math.ldexp(1e-300, 1030)
    assert np.logaddexp2(Value(2000.0), 2000.0).data == pytest.approx(2001.0)
    assert np.heaviside(Value(0.0), 0.25).data == 0.25
    assert np.reciprocal(Value(0.0)).data == inf
    assert np.hypot(Value(1e200), 1e200).data == np.hypot(1e200, 1e200)


def test_a_power_with_a_plain_exponent_holds_it_fixed():
    for ufunc in (np.power, np.float_power):
        x = Value(-2.0)
        ufunc(x, 3).backward()
        assert x.grad == 12.0


def test_ties_are_shared_where_a_value_is_an_operand():
    x, y = Value(1.0), Value(1.0)
    np.fmax(x, y).backward()
    assert (x.grad, y.grad) == (0.5, 0.5)


@pytest.mark.parametrize("name", ["add", "multiply", "logaddexp", "maximum", "hypot"])
def test_methods_of_ufuncs_are_recorded(name):
    ufunc = UFUNCS[name]
    x, row = Value(2.0), np.array([1.0, 3.0])
    y = ufunc.outer(x, row)
    assert [node.data for node in y] == pytest.approx(ufunc.outer(2.0, row).tolist())
    assert [node.data for node in ufunc.outer(row, x)] == pytest.approx([n.data for n in y])


def test_out_and_where_are_passed_on():
    x, out = Value(2.0), np.array([None, 7.0], dtype=object)
    np.hypot(x, np.array([1.5, 0.0]), out=out, where=np.array([True, False]))
    assert out[0].data == 2.5
    assert out[1] == 7.0


def test_in_a_compiled_function_no_question_is_answered():
    for name in sorted(QUESTIONS - {"equal", "not_equal"}):
        ufunc = UFUNCS[name]
        with pytest.raises((BranchError, ConversionError, AttributeError, TypeError)):
            bp.compiled(lambda x, u=ufunc: 1.0 if u(*[x, 2.0][: u.nin]) else x, wrt="x")(1.0)


def test_compiled_functions_take_ufuncs():
    def f(point):
        x, y = point
        return np.hypot(x, y) + np.square(x) * np.fmod(y, x) + np.logaddexp2(x, y) + np.fmax(x, y)

    compiled = bp.compiled(f, backend="reference")
    assert compiled([1.3, 3.1]) == pytest.approx(f([1.3, 3.1]))
    assert compiled.grad([1.3, 3.1]) == pytest.approx(bp.grad(f)([1.3, 3.1]))


def test_functions_of_other_libraries_are_recorded_where_the_table_has_them():
    """The names are those of scipy.special."""
    for name, op in (("expit", "sigmoid"), ("erf", "erf"), ("log_expit", "log_sigmoid")):
        assert recorded(SimpleNamespace(__name__=name, nin=1)).name == op
    for name in ("ellipk", "hypot", "mul"):  # hypot: of two numbers; mul: not a function of ours
        with pytest.raises(OperandError, match="cannot be recorded"):
            recorded(SimpleNamespace(__name__=name, nin=1))


def test_functions_of_python_as_ufuncs_get_the_values():
    square = np.frompyfunc(lambda x: x * x, 1, 1)
    both = np.frompyfunc(lambda x, y: (x + y, x * y), 2, 2)
    x = Value(3.0)
    square(x).backward()
    assert x.grad == 6.0
    assert [y.data for y in both(x, 2.0)] == [5.0, 6.0]
    assert [y.data for y in both(x, np.array([1.0, 2.0]))[1]] == [3.0, 6.0]


def test_another_library_may_answer_for_its_own_operands():
    class Own:
        def __array_ufunc__(self, ufunc, method, *inputs, **options):
            return "own"

    assert np.hypot(Value(1.0), Own()) == "own"


def test_a_primitive_of_a_program_does_not_take_the_place_of_the_library():
    bp.compiled(bp.stop_gradient, backend="reference")(1.0)  # adds an entry with numpy="positive"
    x = Value(2.0)
    (np.positive(x) * 3).backward()
    assert x.grad == 3.0


def test_all_errors_are_ours():
    for call in (lambda: np.gcd(Value(2.0), 4), lambda: np.ldexp(Value(1.0), 0.5)):
        with pytest.raises(AutogradError):
            call()


# --------------------------------------------------------- functions of NumPy that are no ufuncs
POINT = np.array([1.7, 0.4, 2.6, 0.9])
OF_ARRAYS = {
    "sum": np.sum,
    "mean": np.mean,
    "std": np.std,
    "var": lambda a: np.var(a, ddof=1),
    "std of columns": lambda a: np.std(a.reshape(2, 2), axis=0).sum(),
    "methods": lambda a: a.std() + a.var() * a.prod() - a.mean() / a.sum(),
    "prod": np.prod,
    "cumsum": lambda a: (np.cumsum(a) ** 2).sum(),
    "cumprod": lambda a: np.cumprod(a).sum(),
    "max": lambda a: np.max(a) ** 2,
    "ptp": np.ptp,
    "sort": lambda a: np.dot(np.sort(a), [1, 2, 3, 4]),
    "median": np.median,
    "argmax": lambda a: a[np.argmax(a)] ** 2,
    "average": lambda a: np.average(a, weights=a),
    "trace": lambda a: np.trace(a.reshape(2, 2) @ a.reshape(2, 2)),
    "inner": lambda a: np.inner(a, a) * np.vdot(a, [1.0, 2.0, 0.0, 1.0]),
    "outer": lambda a: (np.outer(a, a) ** 2).sum(),
    "tensordot": lambda a: np.tensordot(a.reshape(2, 2), a.reshape(2, 2)),
    "kron": lambda a: (np.kron(a, a) ** 2).sum(),
    "cross": lambda a: (np.cross(a[:3], a[1:]) ** 2).sum(),
    "diff": lambda a: (np.diff(a) ** 2).sum(),
    "einsum": lambda a: np.einsum("ij,jk->ik", a.reshape(2, 2), a.reshape(2, 2)).sum(),
    "linspace": lambda a: (np.linspace(a[0], a[1], 5) ** 2).sum(),
    "polyval": lambda a: np.polyval(a, 2.0) + np.polyval([1, 2, 3], a[0]) + np.polyval(a, a[1]),
    "where": lambda a: (np.where(a > 1, a * a, np.sin(a))).sum(),
    "where of one": lambda a: a[0] + np.where(a[0] > 0, a[0] * a[0], 0.0),
    "select": lambda a: np.select([a[0] > 2, a[0] > 1], [a[0], a[0] ** 3], default=0.0) * a[1],
    "piecewise": lambda a: np.piecewise(a[0], [a[0] < 0, a[0] >= 0], [abs, np.square]) * 1,
    "clip": lambda a: np.clip(a[0], 0.0, 1.0) + np.clip(a[1], None, a[2]) + np.clip(a, 0.5, 2.0)[3],
    "clip by name": lambda a: np.clip(a[0], a_min=a[1], a_max=2.0) * np.clip(a[2], min=0, max=3),
    "round": lambda a: (a - np.round(a)).sum() ** 2 + (a[0] - np.round(a[0], 1)) ** 2,
    "fix": lambda a: (a[0] - np.fix(a[0])) * a[1],
    "floor": lambda a: ((a - np.floor(a)) * np.ceil(a) * (a - np.trunc(a))).sum(),
    "mod": lambda a: (np.mod(a, 0.7) + 3.0 % a + a // 2 * a + np.fmod(a, 0.6)).sum(),
    "divmod": lambda a: np.divmod(a[0], 0.7)[1] * divmod(a[1], 0.3)[1],
    "interp": lambda a: np.interp(a[0], [0, 1, 2], [1, 3, 0]) + np.interp(a[2], [0, 1], [0, 2]),
    "interp of heights": lambda a: np.interp(a[0], [0.0, 2.0], list(a[1:3])),
    "norm": lambda a: np.linalg.norm(a) * np.linalg.norm(a.reshape(2, 2)),
    "matrix_power": lambda a: np.linalg.matrix_power(a.reshape(2, 2), 3).sum(),
    "convolve": lambda a: (np.convolve(a, a) ** 2).sum(),
    "trapezoid": lambda a: getattr(np, "trapezoid", getattr(np, "trapz", None))(a, a**2),
    "stack": lambda a: (np.stack([a[0], a[1]]) * np.append(a[:1], a[2])).sum(),
    "poly1d": lambda a: np.poly1d(a)(a[0]),
    "vectorize": lambda a: np.vectorize(lambda x: x * x, otypes=[object])(a).sum(),
    "degrees": lambda a: (np.degrees(a) * np.deg2rad(a) + np.rad2deg(a)).sum() / 100,
    "trigonometry": lambda a: (np.arctan(a) + np.arcsin(a / 3) * np.arctan2(a, 2.0)).sum(),
    "powers": lambda a: (np.square(a) * np.reciprocal(a) + np.fabs(-a) ** np.positive(a)).sum(),
    "hypot": lambda a: (np.hypot(a, a[::-1]) * np.cbrt(a) * np.exp2(a) * np.log1p(a)).sum(),
}


@pytest.mark.parametrize("name", OF_ARRAYS)
def test_functions_of_arrays_of_values_have_numpys_numbers_and_their_gradients(name):
    f = OF_ARRAYS[name]
    value, gradient = bp.value_and_grad(f)(POINT)
    assert value == pytest.approx(float(f(POINT)), rel=1e-13)
    h = 1e-5
    expected = [(f(POINT + h * e) - f(POINT - h * e)) / (2 * h) for e in np.eye(4)]
    assert gradient == pytest.approx(np.array(expected, dtype=float), rel=1e-6, abs=1e-6)


@pytest.mark.parametrize(
    "f",
    [
        lambda x: np.std([x, 1.0, 2.0]),
        lambda x: np.where(x, 1.0, x),
        lambda x: x + np.where(True, x * x, 0.0),
        lambda x: np.clip(x, -1.0, 0.5) + np.round(x, 1),
        lambda x: np.interp(x, [0.0, 1.0, 2.0], [0.0, 1.0, 0.0], left=-1.0, right=7.0),
        lambda x: np.select([x], [x * 2]),
        lambda x: np.polyval([1.0, x], x),
    ],
)
def test_compiled_functions_take_functions_of_numpy(f):
    compiled = bp.compiled(f, backend="reference")
    for x in (0.3, 1.4, -2.5, 3.5):
        assert compiled(x) == pytest.approx(f(Value(x)).data)
        assert compiled.grad(x) == pytest.approx(bp.grad(f)(x))


def test_the_result_of_where_is_a_value_for_every_function():
    x = Value(2.0)
    box = np.asarray(np.where([True], np.array([x]), 0.0))[0:1].reshape(())
    assert box.dtype == object
    assert box.shape == ()
    for y in (x + box, box + x, bp.exp(box), bp.sum([box, 1.0]), bp.dot([box], [2.0]), x**box):
        y.backward()
        assert isinstance(y, Value)
        assert x.grad != 0.0
        x.grad = 0.0
    assert x < box + 1
    assert bp.grad(lambda x: np.asarray(np.where([x > 0], x, 0.0)[0]))(1.0) == 1.0


def test_what_is_no_number_is_replaced():
    for x, expected in ((math.nan, 0.0), (math.inf, np.nan_to_num(math.inf)), (-math.inf, -7.0)):
        v = Value(x)
        y = np.nan_to_num(v, neginf=-7.0)
        assert y.data == expected
        y.backward()
        assert v.grad == 0.0
    assert bp.grad(lambda x: np.nan_to_num(x) ** 2)(3.0) == 6.0


def test_questions_about_closeness_are_answered():
    x = Value(0.3)
    assert np.isclose(x, 0.1 + 0.2)
    assert np.allclose(x, [0.3, 0.3])
    assert not np.isclose(0.4, x)
    with pytest.raises(ConversionError, match="compiled"):
        bp.compiled(lambda x: x if np.isclose(x, 1.0) else -x)(1.0)


def test_what_numpy_functions_cannot_do_with_a_value_is_refused():
    x = Value(0.3)
    for call in (
        lambda: np.where(x),
        lambda: np.clip(x, 0, 1, out=np.zeros(())),
        lambda: np.select([True, False], [x]),
        lambda: np.interp(x, [0, 1], [1, 2, 3]),
        lambda: np.interp(x, [0, 1], [1, 2], period=1.0),
        lambda: np.gradient([x, 1.0]),
        lambda: np.float64(x),
    ):
        with pytest.raises(AutogradError):
            call()


# --------------------------------------------------------------------------- SymPy's functions
EXPRESSIONS = [
    "x**2*y + sin(x)*exp(-y)",
    "sqrt(x)/(1 + y**2)",
    "x**y + y**x",
    "log(x + y)*tan(x)",
    "asin(x/4) + acos(y/4) + atan(x*y)",
    "atan2(y, x)",
    "sinh(x) + cosh(y) + tanh(x*y)",
    "asinh(x) + acosh(1 + y) + atanh(x/4)",
    "Abs(x - 2*y)",
    "sign(x - y)*x",
    "Max(x, y)*Min(x, 2*y, 3)",
    "Piecewise((x**2, x < 1), (x*y, x < 2), (y, True))",
    "Piecewise((sin(x), x > y), (cos(x), True))",
    "Heaviside(x - y)*x",
    "floor(x)*y + ceiling(y)*x",
    "Mod(x, y)",
    "x - Mod(y, x)*floor(y/x)",
    "exp(x)**2/factorial(3)",
    "1/x + x**Rational(1, 3) + y**(-2)",
    "cbrt(x) + root(y, 5)",
    "cot(x) + sec(y) + csc(x)",
    "log(x, 2) + log(y, 10)",
    "pi*x + E*y + GoldenRatio",
    "re(x) + im(x) + conjugate(y)",
    "Sum(x**k, (k, 1, 4)).doit()",
    "Sum(x**k, (k, 1, 4))",
    "Product(x + k, (k, 1, 3)).doit()",
    "exp(-(x**2 + y**2)/2)/sqrt(2*pi)",
    "x*Piecewise((1, y > 0), (0, True))",
    "sin(x)/x",
    "expand((x + y)**5)",
    "diff(sin(x*y)**2, x)",
    "hessian(x**3*y**2, (x, y)).det()",
    "Matrix([[x, y], [1, x]]).det()",
    "(Matrix([[x, y], [1, x]])*Matrix([x, y]))[0]",
    "Piecewise((x, And(x > 0, y > 0)), (0, True))",
    "Piecewise((x, Or(x < 0, y > 0)), (0, True))",
    "Piecewise((x, ITE(x > 0, y > 0, False)), (0, True))",
    "Piecewise((x, Not(x < 0)), (0, True))",
    "integrate(x*y**2, x)",
    "sinc(x)",
]


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_functions_that_sympy_prints_for_numpy_are_recorded(text):
    sympy = pytest.importorskip("sympy")
    x, y = sympy.symbols("x y", positive=True)
    expression = sympy.sympify(text, locals={"x": x, "y": y, "k": sympy.Symbol("k")})
    f = sympy.lambdify((x, y), expression, modules="numpy")
    at = (1.3, 0.9)
    value, gradient = bp.value_and_grad(f, wrt=(0, 1))(*at)
    assert value == pytest.approx(float(f(*at)), rel=1e-13)
    h = 1e-5
    assert gradient == pytest.approx(
        (
            float(f(at[0] + h, at[1]) - f(at[0] - h, at[1])) / (2 * h),
            float(f(at[0], at[1] + h) - f(at[0], at[1] - h)) / (2 * h),
        ),
        rel=1e-7,
        abs=1e-7,
    )
