"""NumPy's numbers and arrays of objects, on either side of every operator."""

import operator

import pytest

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.errors import ConversionError, OperandError
from autograd_bp.primitives import TABLE

np = pytest.importorskip("numpy")

OPERATORS = [operator.add, operator.sub, operator.mul, operator.truediv, operator.pow]
SCALARS = [
    np.float64(3),
    np.float32(1.5),
    np.float16(2),
    np.int64(3),
    np.uint8(3),
    np.bool_(True),
    np.longdouble(2),
    np.array(3.0),
    np.array(2),
]


@pytest.mark.parametrize("apply", OPERATORS)
@pytest.mark.parametrize("scalar", SCALARS, ids=lambda s: f"{type(s).__name__}-{s.dtype}")
def test_scalars_are_recorded_as_numbers_on_either_side(apply, scalar):
    v = Value(2.0)
    right, left = apply(v, scalar), apply(scalar, v)
    assert type(right) is Value
    assert type(left) is Value
    assert right.data == apply(2.0, float(scalar))
    assert left.data == apply(float(scalar), 2.0)
    left.backward()
    assert v.grad == left.partials[1]


@pytest.mark.parametrize("scalar", SCALARS[:6])
def test_scalars_compare_on_either_side(scalar):
    number = float(scalar)
    v = Value(2.0)
    assert bool(v < scalar) == (number > 2.0)
    assert bool(scalar < v) == (number < 2.0)
    assert bool(scalar >= v) == (number >= 2.0)
    assert bool(v == scalar) == (number == 2.0)
    assert bool(scalar != v) == (number != 2.0)


@pytest.mark.parametrize("scalar", SCALARS)
def test_a_scalar_becomes_a_leaf(scalar):
    assert type(Value(scalar).data) is float
    assert Value(scalar).data == float(scalar)


@pytest.mark.parametrize(
    "bad", [np.complex128(1j), np.datetime64("2020"), np.str_("a"), np.array([1.0, 2.0])]
)
def test_what_is_no_real_number_is_refused(bad):
    with pytest.raises(OperandError):
        Value(bad)


def test_arrays_of_values_work_element_by_element_with_numbers():
    v, w = Value(2.0), Value(3.0)
    for y in (np.array([v, w]) * 2, 2 * np.array([v, w]), np.array([v, w]) * np.array([2.0, 2.0])):
        assert [node.data for node in y] == [4.0, 6.0]
        assert [node.op.name for node in y] == ["mul", "mul"]
    assert [node.data for node in 1 - np.array([v, w]) ** 2] == [-3.0, -8.0]


@pytest.mark.parametrize("apply", OPERATORS)
@pytest.mark.parametrize("numbers", [[1.0, 5.0], [1, 5], [[1.0, 5.0]]])
def test_a_value_with_an_array_of_numbers_gives_an_array_of_values(apply, numbers):
    v, array = Value(2.0), np.array(numbers)
    for y, expected in ((apply(v, array), apply(2.0, array)), (apply(array, v), apply(array, 2.0))):
        assert y.shape == array.shape
        assert [node.data for node in y.ravel()] == list(expected.ravel())
        assert all(type(node) is Value for node in y.ravel())


@pytest.mark.parametrize("apply", OPERATORS)
def test_a_value_with_an_array_of_values_works_on_either_side(apply):
    v, array = Value(2.0), np.array([Value(2.0), Value(3.0)])
    assert [node.data for node in apply(v, array)] == [apply(2.0, 2.0), apply(2.0, 3.0)]
    assert [node.data for node in apply(array, v)] == [apply(2.0, 2.0), apply(3.0, 2.0)]


def test_matrix_products_sums_and_means_of_values_are_recorded():
    v, w = Value(2.0), Value(3.0)
    array = np.array([v, w])
    (array @ array).backward()
    assert (v.grad, w.grad) == (4.0, 6.0)
    products = np.array([[1.0, 2.0], [3.0, 4.0]]) @ array
    assert [node.data for node in products] == [8.0, 18.0]
    assert np.sum(array).data == 5.0
    assert np.mean(array).data == 2.5
    assert array.sum().data == 5.0
    assert array.dot(np.array([1.0, 10.0])).data == 32.0


UFUNCS = sorted({op.numpy for op in bp.primitives.TABLE if op.numpy and op.arity == 1})


@pytest.mark.parametrize("name", UFUNCS)
def test_numpys_functions_of_one_value_are_recorded(name):
    x = 1.5 if name == "arccosh" else 0.5
    y = getattr(np, name)(Value(x))
    assert type(y) is Value
    assert y.op.numpy == name
    assert y.data == pytest.approx(float(getattr(np, name)(x)), rel=1e-15)


@pytest.mark.parametrize("name", ["exp", "sin", "tanh", "sqrt", "log", "cbrt", "exp2", "log2"])
def test_numpys_functions_of_arrays_of_values_are_recorded(name):
    array = np.array([Value(0.5), Value(2.0)])
    y = getattr(np, name)(array)
    assert [node.op.numpy for node in y] == [name, name]


def test_numpys_functions_of_two_values_are_recorded():
    v, w = Value(3.0), Value(4.0)
    for name, data in (
        ("maximum", 4.0),
        ("minimum", 3.0),
        ("hypot", 5.0),
        ("power", 81.0),
        ("add", 7.0),
        ("multiply", 12.0),
        ("arctan2", np.arctan2(3.0, 4.0)),
    ):
        y = getattr(np, name)(v, w)
        assert y.data == data
        assert y.parents == (v, w)


def test_numpys_functions_of_a_value_and_an_array_are_recorded():
    v = Value(2.0)
    y = np.maximum(v, np.array([1.0, 5.0]))
    assert [node.data for node in y] == [2.0, 5.0]
    assert [node.op.name for node in y] == ["maximum", "maximum"]
    assert [node.data for node in np.hypot(np.array([1.5]), v)] == [2.5]


def test_numpys_functions_that_are_no_primitives_are_refused():
    with pytest.raises(OperandError, match=r"spacing of a Value cannot be recorded: .*value\.data"):
        np.spacing(Value(1.0))


def test_our_functions_take_arrays_of_numbers_and_of_values():
    assert list(bp.sigmoid(np.array([0.0, 1000.0]))) == [0.5, 1.0]
    y = bp.sigmoid(np.array([Value(0.0), Value(1.0)]))
    assert [node.op.name for node in y] == ["sigmoid", "sigmoid"]
    assert [node.data for node in bp.maximum(Value(2.0), np.array([1.0, 5.0]))] == [2.0, 5.0]
    assert bp.exp(np.float32(0.0)) == 1.0
    assert type(bp.exp(np.float64(0.0))) is float


def test_integer_arrays_are_taken_as_real_numbers():
    assert list(bp.primitives.pow(np.array([2, 4]), -1)) == [0.5, 0.25]
    assert bp.primitives.add(np.array([2**62]), np.array([2**62]))[0] == 2.0**63
    assert list(bp.primitives.neg(np.array([True, False]))) == [-1.0, 0.0]


def test_arrays_of_text_or_complex_numbers_are_refused():
    for bad in (np.array(["a"]), np.array([1j])):
        with pytest.raises(OperandError, match="takes real numbers"):
            bp.exp(bad)


def test_comparison_with_arrays_gives_arrays():
    v = Value(2.0)
    assert list(np.array([1.0, 3.0]) < v) == [True, False]
    assert list(v < np.array([1.0, 3.0])) == [False, True]
    assert list(np.array([v, Value(2.0)]) == v) == [True, False]


def test_where_takes_arrays_of_conditions():
    v, w = Value(2.0), Value(3.0)
    y = bp.where(np.array([True, False]), v, w)
    assert [node.data for node in y] == [2.0, 3.0]


def test_a_value_is_not_silently_turned_into_a_float():
    for convert in (np.float64, lambda v: np.array([v], dtype=float)):
        with pytest.raises(ConversionError, match=r"value\.data"):
            convert(Value(1.0))


def test_lists_of_values_become_arrays_of_objects():
    array = np.array([[Value(1.0), Value(2.0)], [Value(3.0), Value(4.0)]])
    assert array.dtype == object
    assert array.shape == (2, 2)
    assert [node.data for node in array.sum(axis=0)] == [4.0, 6.0]


@pytest.mark.parametrize(
    "op",
    [op for op in TABLE if op.public and op.partials and op.arity == 1 and op.module != __name__],
    ids=lambda op: op.name,
)
def test_a_0_dimensional_array_is_differentiated_as_the_number_in_it(op):
    x = 1.5 if op.name == "acosh" else 0.4
    slope = bp.grad(op)(x)
    for kind in (np.array(x), np.float64(x)):
        assert np.shape(bp.grad(op)(kind)) == ()
        assert bp.grad(op)(kind) == slope
        assert float(bp.hessian(op)(kind)) == bp.hessian(op)(x)
    if op.domain[0][1] > 2.0:
        assert bp.grad(op)(np.array(2)) == bp.grad(op)(2.0)  # integers too
