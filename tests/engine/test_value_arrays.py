"""Arrays that ask this library what NumPy's functions do: every ufunc, on every kind of operand."""

import itertools
import math
import pickle
import subprocess
import sys

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
)

import autograd_bp as bp
from autograd_bp import Value, ValueArray
from autograd_bp.errors import (
    AutogradError,
    BranchError,
    ConversionError,
    OperandError,
    ShapeError,
    UnknownNameError,
)

np = pytest.importorskip("numpy")


def no_dimensions(x):
    box = np.empty((), dtype=object)
    box[()] = x
    return box


def ordinary(entries):
    array = np.empty(len(entries), dtype=object)
    array[:] = entries
    return array


# How a Value x stands among the operands; its result is the last entry.
KINDS = {
    "value": lambda x: x,
    "array": lambda x: bp.array([x]),
    "array with a float beside it": lambda x: bp.array([x.data, x]),
    "array with an integer beside it": lambda x: bp.array([[2, x]]),
    "array without dimensions": lambda x: bp.array(x),
    "array of numpy's without dimensions": lambda x: no_dimensions(x).view(ValueArray),
    "slice": lambda x: bp.array([1.5, x, 1.5])[1:2],
}


def last(result):
    return result.ravel()[-1] if isinstance(result, np.ndarray) else result


def integers(name, place):
    return name == "ldexp" and place == 1


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", sorted({*CALLED}))
def test_a_ufunc_of_one_kind_of_operand_has_numpys_number_and_derivatives(name, kind):
    ufunc = UFUNCS[name]
    at = points(name)[0]
    for output in range(ufunc.nout):
        leaves = [Value(x) for x in at if isinstance(x, float)]
        operands = [x if integers(name, i) else KINDS[kind](leaves[i]) for i, x in enumerate(at)]
        y = last(outputs(ufunc(*operands))[output])
        assert isinstance(y, Value)
        check(y, leaves, at, ufunc, output)


PAIRS = itertools.product(["float", *KINDS, "list"], repeat=2)
MIXES = [kinds for kinds in PAIRS if not set(kinds) <= {"float", "list"}]


@pytest.mark.parametrize("name", [n for n in CALLED if UFUNCS[n].nin == 2 and n != "ldexp"])
def test_two_kinds_of_operands_mix(name):
    ufunc = UFUNCS[name]
    at = points(name)[0]
    expected = [slopes(ufunc, at, output) for output in range(ufunc.nout)]
    for kinds in MIXES:
        leaves = [Value(x) for x in at]
        makers = [KINDS.get(kind) for kind in kinds]
        operands = [
            make(leaf) if make else (x if kind == "float" else [x])
            for make, kind, leaf, x in zip(makers, kinds, leaves, at, strict=True)
        ]
        for output in range(ufunc.nout):
            y = last(outputs(ufunc(*operands))[output])
            for leaf in leaves:
                leaf.grad = 0.0
            assert isinstance(y, Value)
            y.backward()
            assert y.data == pytest.approx(float(outputs(ufunc(*at))[output]), rel=4e-15)
            for make, leaf, slope in zip(makers, leaves, expected[output], strict=True):
                assert leaf.grad == pytest.approx(slope if make else 0.0, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("name", CALLED)
def test_numbers_alone_in_an_array_of_values_give_numbers(name):
    ufunc = UFUNCS[name]
    for at in points(name):
        arrays = [x if integers(name, i) else bp.array([x]) for i, x in enumerate(at)]
        for y, expected in zip(outputs(ufunc(*arrays)), outputs(ufunc(*at)), strict=True):
            assert isinstance(y, ValueArray)
            assert y[0] == pytest.approx(float(expected), rel=4e-15, abs=1e-300)


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_questions_give_ordinary_arrays_of_truth_values(name):
    ufunc = UFUNCS[name]
    for at in points(name):
        answer = ufunc(*[bp.array([Value(x), 2.0]) for x in at])
        assert type(answer) is np.ndarray
        assert answer.dtype == bool
        assert answer[0] == ufunc(*at)


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_what_cannot_be_recorded_is_refused_by_name(name):
    ufunc = UFUNCS[name]
    with pytest.raises(OperandError, match=f"{name} of a Value cannot be recorded: "):
        ufunc(*[bp.array([Value(3.0)]), bp.array([2.0])][: ufunc.nin])


@pytest.mark.parametrize("name", sorted(ON_MATRICES & {"matmul", "vecdot", "matvec", "vecmat"}))
def test_products_of_matrices_are_recorded(name):
    ufunc = UFUNCS[name]
    left = np.array([[1.0, 2.0], [3.0, 4.0]])
    right = {"vecdot": left, "matvec": left[0], "vecmat": left, "matmul": left}[name]
    left = left[0] if name == "vecmat" else left
    y = ufunc(
        bp.array([[Value(x) for x in row] for row in np.atleast_2d(left)]).reshape(left.shape),
        right,
    )
    assert isinstance(y, ValueArray)
    assert [node.data for node in y.ravel()] == ufunc(left, right).ravel().tolist()


@pytest.mark.parametrize("name", sorted((NO_OBJECTS | LOGIC) - QUESTIONS))
def test_our_function_takes_the_ordinary_arrays_that_numpy_refuses(name):
    """The words of the documentation: what to write where NumPy never asks the library."""
    ufunc = UFUNCS[name]
    at = points(name)[0]
    x = Value(at[0])
    others = at[1:]
    with pytest.raises((TypeError, AttributeError)):  # NumPy's own, or the truth of a Value
        ufunc(ordinary([x, at[0]]), *others)
    y = outputs(ufunc(bp.array(ordinary([x, at[0]])), *others))[0]
    assert [y[0].data, y[1]] == pytest.approx([float(outputs(ufunc(*at))[0])] * 2, rel=4e-15)
    ours = getattr(bp, name, None)
    if ours is not None:
        nodes = ours(ordinary([x, at[0]]), *others)
        assert isinstance(nodes, ValueArray)
        assert nodes[0].data == y[0].data


# ------------------------------------------------------------------ where such arrays come from
def test_functions_whose_argument_is_an_array_get_such_an_array():
    seen = []

    def f(x):
        seen.append(type(x))
        return np.logaddexp(x, np.array([0.5, 1.0])).sum() + np.exp(x[:1] * 2)[0]

    at = np.array([0.25, 1.5])
    h = 1e-6
    expected = [(f(at + h * e) - f(at - h * e)) / (2 * h) for e in np.eye(2)]
    seen.clear()
    assert bp.grad(f)(at) == pytest.approx(np.array(expected), rel=1e-7)
    assert bp.compiled(f, backend="reference").grad(at) == pytest.approx(
        np.array(expected), rel=1e-7
    )
    assert bp.jacobian(lambda x: np.heaviside(x, 0.5) * x)(at).tolist() == np.eye(2).tolist()
    assert np.allclose(bp.hessian(f)(at), bp.jacobian(bp.grad(f))(at))
    assert set(seen) == {ValueArray}


RESULTS = {
    "function of an ordinary array": lambda x: bp.exp(ordinary([x, 1.0])),
    "value with an array": lambda x: x * np.array([1.0, 2.0]),
    "array with a value": lambda x: np.array([1.0, 2.0]) - x,
    "ordinary array beside one of ours": lambda x: ordinary([x, x]) + bp.array([x, 1.0]),
    "slice": lambda x: bp.array([[x, 1.0], [2.0, x]])[:, 0],
    "transposed": lambda x: bp.array([[x, 1.0], [2.0, x]]).T,
    "joined": lambda x: np.concatenate([bp.array([x]), [1.0, 2.0]]),
    "stacked": lambda x: np.stack([bp.array([x]), [1.0]]),
    "diagonal": lambda x: np.diag(bp.array([x, 1.0])),
    "chosen": lambda x: np.where([True, False], bp.array([x, x]), 0.0),
    "chosen by a value": lambda x: bp.where(np.array([1.0, 0.0]), x, 0.0),
    "solution": lambda x: bp.linalg.solve([[x, 0.0], [0.0, 1.0]], np.array([1.0, 2.0])),
    "entries": lambda x: bp.take([x, 2.0], np.array([0, 1])),
    "accumulated": lambda x: np.cumsum(bp.array([x, 1.0])),
    "pickled": lambda x: pickle.loads(pickle.dumps(bp.array([x, 1.0]))),
}


@pytest.mark.parametrize("name", RESULTS)
def test_results_are_arrays_of_this_kind(name):
    y = RESULTS[name](Value(0.5))
    assert type(y) is ValueArray
    assert np.heaviside(y, 0.5).shape == y.shape


def test_an_array_keeps_the_nodes_and_makes_floats_of_numbers():
    x = Value(2.0)
    array = bp.array([[x, 1], [np.float32(0.5), True]])
    assert array.shape == (2, 2)
    assert array[0, 0] is x
    assert [type(entry) for entry in array.ravel()[1:]] == [float, float, float]
    copy = bp.array(array)
    copy[0, 0] = 3.0
    assert array[0, 0] is x
    assert bp.array(x).shape == ()
    assert bp.array([]).shape == (0,)
    assert bp.array(np.arange(6.0).reshape(2, 3)).shape == (2, 3)
    assert np.add(bp.array([1.0, 2.0]), x)[1].data == 4.0


@pytest.mark.parametrize("bad", [["a"], [[1.0, 2.0], [3.0]], [None], [1j], "text", {"a": 1.0}])
def test_an_array_of_anything_but_real_numbers_is_refused(bad):
    with pytest.raises(OperandError):
        bp.array(bad)


# ------------------------------------------------------------------------- numbers and choices
def test_division_by_zero_and_powers_of_floats_have_the_numbers_of_ieee_754(recwarn):
    x = bp.array([Value(1.0), 1.0, 0.0, -8.0])
    y = x / 0.0
    assert [y[0].data, y[1]] == [math.inf, math.inf]
    assert math.isnan(y[2])
    assert y[3] == -math.inf
    assert math.isnan((x**0.5)[3])
    assert (x ** (-1.0))[2] == math.inf
    assert math.isnan((x % 0.0)[1])
    assert math.isnan(np.log(x)[3])
    assert not recwarn.list


def test_ties_are_shared_and_nan_stays():
    x, y = Value(1.0), Value(1.0)
    np.maximum(bp.array([x]), bp.array([y]))[0].backward()
    assert (x.grad, y.grad) == (0.5, 0.5)
    assert math.isnan(np.maximum(bp.array([x]), math.nan)[0].data)
    assert math.isnan(np.max(bp.array([x, math.nan])).data)


def test_reductions_take_where_initial_and_axes():
    x = bp.array([[Value(1.0), 2.0, 3.0], [4.0, Value(5.0), 6.0]])
    mask = np.array([[True, False, True], [False, True, False]])
    assert np.sum(x, where=mask).data == 9.0
    assert np.mean(x, where=mask).data == 3.0
    assert [np.sum(x, axis=0)[1].data, np.sum(x, axis=0)[2]] == [7.0, 9.0]
    assert x.sum(axis=1, keepdims=True).shape == (2, 1)
    assert np.max(x, axis=1)[1].data == 6.0
    assert np.max(x, initial=7.0).data == 7.0
    assert np.sum(bp.array([])) == 0.0
    assert np.all(x).data == 1.0
    assert np.any(x * 0.0).data == 0.0


def test_out_and_in_place_operations_keep_the_array():
    x = Value(2.0)
    array = same = bp.array([x, 1.0])
    array += 1.0
    array *= x
    np.exp(array, out=array)
    assert array is same
    array[0].backward()
    assert x.grad == pytest.approx(5.0 * math.exp(6.0))
    quotients, rests = np.divmod(
        bp.array([x, 7.0]), 2.0, out=(np.empty(2, object), np.empty(2, object))
    )
    assert [quotients[1], rests[1]] == [3.0, 1.0]
    np.add.at(array, [1, 1], x)
    assert array[1].data == pytest.approx(math.exp(4.0) + 4.0)


def f_of_choices(x):
    return (
        np.where(x > 0.0, x * x, np.sin(x)).sum()
        + np.max(x) * np.min(x)
        + np.clip(x, -1.0, 0.5)[0]
        + np.select([x > 1.0, x > 0.0], [x, x**3], 0.0).sum()
        + np.heaviside(x, 0.5) @ x
        + np.logical_and(x > 0.0, x < 1.0) @ x
    )


def test_a_compiled_function_chooses_when_it_runs():
    compiled = bp.compiled(f_of_choices, backend="reference")
    for at in ([0.3, -1.2, 2.0], [-0.7, 0.4, -3.0], [5.0, 1.5, 0.6]):
        at = np.array(at)
        assert compiled(at) == pytest.approx(float(f_of_choices(at)), rel=1e-13)
        assert compiled.grad(at) == pytest.approx(bp.grad(f_of_choices)(at), rel=1e-13)


@pytest.mark.parametrize("f", [np.argsort, np.median, lambda x: x[x > 0.0].sum()])
def test_what_depends_on_truths_is_refused_in_a_compiled_function(f):
    at = np.array([1.0, -2.0])
    f(bp.array([Value(1.0), -2.0]))
    with pytest.raises((BranchError, IndexError)):  # IndexError: NumPy's own, of conditions
        bp.compiled(f)(at)


@pytest.mark.parametrize(
    ("f", "expected"),
    [
        (lambda x: x * x, "mul"),
        (lambda x: x / 2.0, "div"),
        (lambda x: x**3, "power"),
        (lambda x: x**-1.5, "power"),
        (np.sqrt, "sqrt"),
        (np.log, "log"),
        (lambda x: abs(x), "abs"),
        (lambda x: x - x[:1], "sub"),
    ],
)
@pytest.mark.parametrize("beside", [4.0, -1.0, 0.0, 1e200, math.inf, math.nan])
def test_floats_beside_values_have_the_numbers_of_floats(f, expected, beside, recwarn):
    x = Value(4.0)
    y = f(bp.array([x, beside]))
    assert y[0].op.name == expected
    with np.errstate(all="ignore"):
        numbers = f(np.array([4.0, beside]))
    assert [y[0].data, float(y[1] if isinstance(y[1], float) else y[1].data)] == pytest.approx(
        numbers.tolist(), rel=1e-15, nan_ok=True
    )
    assert not recwarn.list


def test_the_truth_of_known_conditions_chooses_without_a_node():
    x = Value(2.0)
    y = np.where(np.array([True, False]), bp.array([x, 1.0]), x)
    assert y[0] is x
    assert y[1] is x


# --------------------------------------------------------------------------- numpy's functions
def test_linear_algebra_of_numpy_is_that_of_the_library():
    a = np.array([[2.0, 1.0], [1.0, 3.0]])
    functions = {
        "solve": lambda m: np.linalg.solve(m, [1.0, 2.0]).sum(),
        "inv": lambda m: np.linalg.inv(m)[0, 1],
        "det": np.linalg.det,
        "slogdet": lambda m: np.linalg.slogdet(m)[1],
        "cholesky": lambda m: np.linalg.cholesky(m)[1, 1],
        "qr": lambda m: np.linalg.qr(m)[1][0, 0] ** 2,
        "norm": np.linalg.norm,
        "norms of rows": lambda m: np.linalg.norm(m, axis=1).sum(),
        "power": lambda m: np.linalg.matrix_power(m, -2)[0, 0],
        "trace": lambda m: np.trace(m @ m),
    }
    for f in functions.values():
        gradient, h = bp.grad(f)(a), 1e-6
        for i, j in itertools.product(range(2), repeat=2):
            if f is functions["cholesky"] and i < j:
                continue  # the lower triangle alone is read
            step = np.zeros((2, 2))
            step[i, j] = h
            slope = float((f(a + step) - f(a - step)) / (2 * h))
            assert gradient[i, j] == pytest.approx(slope, rel=1e-6, abs=1e-8)
    assert bp.grad(np.linalg.norm)(np.zeros(2)).tolist() == [0.0, 0.0]


@pytest.mark.parametrize(
    "call",
    [
        lambda x: np.linalg.eigh(np.outer(x, x)),
        lambda x: np.linalg.svd(np.outer(x, x)),
        lambda x: np.linalg.lstsq(np.outer(x, x), x),
        lambda x: np.linalg.qr(np.outer(x, x), mode="r"),
        lambda x: np.linalg.cholesky(np.outer(x, x), upper=True),
        lambda x: np.fft.fft(x),
        lambda x: x & x,
        lambda x: x.astype(float),
        lambda x: np.asarray(x, dtype=float),
        lambda x: np.where(x),
        lambda x: np.roots(x),
        lambda x: np.polyfit(x, x, 1, full=True),
    ],
)
def test_what_numpy_cannot_record_is_a_named_error(call):
    with pytest.raises(AutogradError) as raised:
        call(bp.array([Value(1.0), 2.0]))
    assert "Value" in str(raised.value) or isinstance(raised.value, ConversionError)


def test_methods_of_arrays_are_numpys_functions():
    x = bp.array([Value(0.26), 2.75])
    assert [x.round(1)[0].data, x.round()[1]] == [0.3, 3.0]
    assert [x.clip(0.5, 1.0)[0].data, x.clip(max=1.0)[1]] == [0.5, 1.0]
    assert x.std().data == pytest.approx(np.std([0.26, 2.75]))
    assert x.dot(x).data == pytest.approx(0.26**2 + 2.75**2)
    assert x.max().data == 2.75
    assert not (~(x > 1.0))[1]


def test_the_class_makes_an_array_of_its_values():
    x = Value(1.0)
    assert ValueArray([x, 2.0])[0] is x
    assert ValueArray([[1.0], [2.0]]).shape == (2, 1)
    with pytest.raises(OperandError, match="takes the values alone"):
        ValueArray((2, 3), dtype=object)


def test_an_array_has_the_numbers_and_the_gradients_of_its_values():
    x = bp.array([[Value(1.0), 2.0], [Value(3.0), 4.0]])
    (x * x * 3.0).sum().backward()
    assert x.data.tolist() == [[1.0, 2.0], [3.0, 4.0]]
    assert x.grad.tolist() == [[6.0, 0.0], [18.0, 0.0]]
    x.data = x.data - 0.5 * x.grad
    assert [v.data if isinstance(v, Value) else v for v in x.ravel()] == [-2.0, 2.0, -6.0, 4.0]
    x.zero_grad()
    assert not x.grad.any()
    x.data = 0.5
    assert (x.data == 0.5).all()


def test_numbers_of_an_array_are_changed_in_the_words_of_other_libraries():
    x = bp.array([Value(1.0), Value(3.0), 5.0])
    nodes = list(x)
    (x * x).sum().backward()
    x.data -= 0.25 * x.grad
    assert [nodes[0].data, nodes[1].data, x[2]] == [0.5, 1.5, 5.0]
    x.data *= [2.0, 4.0, 1.0]
    assert x.data.tolist() == [1.0, 6.0, 5.0]
    x.grad /= 2.0
    assert [nodes[0].grad, nodes[1].grad] == [1.0, 3.0]
    x.grad = 0.0
    assert not x.grad.any()
    with pytest.raises(OperandError, match=r"zero_grad\(\)"):
        x.grad = None


def test_what_is_computed_from_numbers_of_an_array_is_an_ordinary_array():
    x = bp.array([Value(1.0), 3.0])
    steps = numbers = x.data.copy()
    steps += 1.0
    assert numbers.tolist() == [2.0, 4.0]
    assert repr(x.data) == "array([1., 3.])"
    assert type(x.data + 1.0) is type(-x.grad) is np.ndarray
    assert type(x.data.sum()) is type(x.data[0]) is np.float64
    assert isinstance(x.data * x, bp.ValueArray)
    assert isinstance(np.concatenate([x.data, x]), bp.ValueArray)
    assert np.cov(x.data, x)[0, 1].op is not None


def test_numbers_of_an_array_are_not_changed_without_effect():
    x = bp.array([Value(1.0)])
    for numbers in (x.data, x.grad):
        with pytest.raises(ValueError, match="read-only"):
            numbers[0] = 2.0
    with pytest.raises(ShapeError, match=r"of shape \(1,\) was given numbers of shape \(2,\)"):
        x.data = [1.0, 2.0]
    with pytest.raises(OperandError, match="plain numbers are needed, got 'a'"):
        x.data = "a"
    with pytest.raises(OperandError, match="plain numbers are needed"):
        x.data = [Value(1.0)]


@pytest.mark.parametrize("name", ["data", "grad"])
def test_a_compiled_function_does_not_keep_numbers_of_an_array(name):
    with pytest.raises(ConversionError, match=f"value.{name}"):
        bp.compiled(lambda v: getattr(v, name).sum())(np.array([1.0, 2.0]))


@pytest.mark.parametrize(
    ("name", "advice"),
    [("backward", "array.sum"), ("numpy", "it is data"), ("op", "array"), ("foo", "'foo'$")],
)
def test_a_name_that_an_array_does_not_have_says_what_to_write(name, advice):
    x = bp.array([1.0])
    assert not hasattr(x, name)
    with pytest.raises(UnknownNameError, match=f"no attribute {name!r}.*{advice}|{advice}"):
        getattr(x, name)


def test_the_class_is_there_after_a_bare_import():
    code = "import autograd_bp as bp, sys; print('numpy' in sys.modules, bp.array([1.0]))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout == "False [1.0]\n", done.stderr


def test_iterating_sees_what_is_assigned_meanwhile():
    a = bp.array([Value(1.0), 2.0, 3.0])
    seen = []
    for k, entry in enumerate(a):
        seen.append(entry.data if isinstance(entry, Value) else entry)
        if k < 2:
            a[k + 1] = entry * 10.0
    assert seen == [1.0, 10.0, 100.0]
    assert [type(row) for row in a.reshape(3, 1)] == [ValueArray] * 3
    with pytest.raises(TypeError):
        iter(a.reshape(3)[0:1].reshape(()))


def test_functions_of_numpy_call_the_methods_that_a_class_of_the_users_has():
    class Loud(Value):
        def exp(self):
            return "exp"

    assert np.exp(bp.array([Loud(0.0), Value(0.0)]))[0] == "exp"
    three = bp.sum([Value(1.0), Value(2.0)])
    for entries in ([[Value(0.0)], [three]], [[0.0], [three]]):
        assert np.exp(bp.array(entries)).data.tolist() == [[1.0], [math.exp(3.0)]]
