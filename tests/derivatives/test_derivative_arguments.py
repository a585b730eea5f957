"""What may be differentiated by: shapes, selection, and what is refused with which words."""

import collections
import dataclasses
import math
import types
from collections import namedtuple

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.errors import (
    NotDifferentiableError,
    OperandError,
    SettingError,
    ShapeError,
)

Point = namedtuple("Point", "x y")


@dataclasses.dataclass(frozen=True)
class Weights:
    w: list
    rate: float


@dataclasses.dataclass
class Circle:
    r: float
    area: float = dataclasses.field(init=False)

    def __post_init__(self):
        self.area = math.pi * self.r**2


def test_a_number_gives_a_float():
    found = bp.grad(lambda x: x**3)(2.0)
    assert (type(found), found) == (float, 12.0)


@pytest.mark.parametrize("x", [2, np.float64(2.0), np.int64(2), np.float32(2.0)])
def test_other_real_numbers_are_taken_as_floats(x):
    found = bp.grad(lambda x: x**3)(x)
    assert (type(found), found) == (float, 12.0)


def test_nested_containers_come_back_in_their_shape():
    point = {"a": [1.0, (2.0, 3.0)], "p": Point(4.0, [5.0])}
    found = bp.grad(lambda t: t["a"][0] * t["a"][1][1] + t["p"].x * t["p"].y[0])(point)
    assert found == {"a": [3.0, (0.0, 1.0)], "p": Point(5.0, [4.0])}
    assert type(found["p"]) is Point


def test_dataclasses_come_back_as_dataclasses():
    found = bp.grad(lambda m: m.rate * m.w[1] ** 2)(Weights([1.0, 3.0], 0.5))
    assert found == Weights([0.0, 3.0], 9.0)


def test_a_derived_field_carries_the_derivative_of_what_it_is_derived_from():
    found = bp.grad(lambda c: c.area)(Circle(2.0))
    assert found.r == pytest.approx(4 * math.pi, rel=1e-15)
    assert found.area is None


def test_arrays_come_back_as_arrays():
    a = np.arange(6.0).reshape(2, 3)
    found = bp.grad(lambda a: np.sum(np.sin(a) * a))(a)
    assert found.dtype == float
    np.testing.assert_allclose(found, np.sin(a) + a * np.cos(a), rtol=1e-15)


def test_integer_arrays_are_taken_as_floats():
    assert bp.grad(lambda a: (a * a).sum())(np.array([1, 2])).tolist() == [2.0, 4.0]


def test_arguments_are_selected_by_position_and_by_name():
    f = lambda x, y, z=4.0: x * y * y * z  # noqa: E731
    assert bp.grad(f)(2.0, 3.0) == 36.0
    assert bp.grad(f, wrt=1)(2.0, 3.0) == 48.0
    assert bp.grad(f, wrt="y")(2.0, 3.0) == 48.0
    assert bp.grad(f, wrt="z")(2.0, 3.0) == 18.0
    assert bp.grad(f, wrt="z")(2.0, 3.0, z=1.0) == 18.0
    assert bp.grad(f, wrt=("z", 0))(2.0, 3.0) == (18.0, 36.0)
    assert bp.grad(f, wrt=1)(x=2.0, y=3.0) == 48.0


def test_the_other_arguments_arrive_as_they_are():
    seen = []
    bp.grad(lambda x, n, flag: seen.append((n, flag)) or x**n)(2.0, 3, True)
    assert seen == [(3, True)]


def test_auxiliary_output_is_handed_through_as_plain_numbers():
    f = lambda x: (x * 3.0, {"twice": x * 2, "text": "t"})  # noqa: E731
    assert bp.grad(f, has_aux=True)(2.0) == (3.0, {"twice": 4.0, "text": "t"})
    assert bp.value_and_grad(f, has_aux=True)(2.0)[0] == (6.0, {"twice": 4.0, "text": "t"})
    assert bp.jacobian(f, has_aux=True)(2.0)[0] == 3.0


def test_values_in_give_values_out():
    x = Value(3.0)
    found = bp.grad(lambda t: t * t)(x)
    assert isinstance(found, Value)
    assert bp.gradients(found, x) == 2.0


def test_what_depends_on_other_values_stays_a_value_and_differentiable():
    w = Value(5.0)
    found = bp.grad(lambda x: w * x * x)(3.0)
    (found * found).backward()
    assert found.data == 30.0
    assert w.grad == 2 * 30.0 * 6.0
    assert bp.grad(lambda x: w * x * x, record=False)(3.0) == 30.0


def test_no_grad_of_the_users_values_is_touched():
    w = Value(5.0)
    w.grad = 7.0
    bp.grad(lambda x: w * x)(3.0)
    bp.gradients(w * w, w)
    bp.hessian(lambda x: w * x * x, record=False)(1.0)
    assert w.grad == 7.0


def test_inside_no_recording_gradients_are_floats():
    with bp.no_recording():
        assert bp.grad(bp.exp)(0.0) == 1.0
        assert bp.hessian(lambda x: x**3)(2.0) == 12.0
        assert type(bp.grad(bp.exp)(Value(0.0))) is float


def test_a_constant_function_has_the_gradient_zero():
    assert bp.grad(lambda x: 3.0)(1.0) == 0.0
    assert bp.jacobian(lambda x: [1.0, x[0]])([2.0, 3.0]) == [[0.0, 0.0], [1.0, 0.0]]


def itself():
    loop = []
    loop.append(loop)
    return loop


REFUSED = {
    "returns nothing": (lambda: bp.grad(lambda x: None)(1.0), OperandError, "return statement"),
    "returns a list": (lambda: bp.grad(lambda x: [x])(1.0), ShapeError, "use jacobian"),
    "returns a comparison": (lambda: bp.grad(lambda x: x > 0)(1.0), OperandError, "truth value"),
    "returns text": (lambda: bp.grad(lambda x: "a")(1.0), OperandError, "the output .* is str"),
    "truth value": (lambda: bp.grad(lambda x: x)(True), OperandError, "truth value True"),
    "complex": (lambda: bp.grad(lambda x: x)(1j), OperandError, "argument 0 .* complex 1j"),
    "text": (lambda: bp.grad(lambda x: x)({"k": ["1.5"]}), OperandError, r"\['k'\]\[0\] is str"),
    "None": (lambda: bp.grad(lambda x: x)(None), OperandError, r"argument 0 .* is NoneType"),
    "no number": (lambda: bp.grad(lambda x: 1.0)([None]), ShapeError, "no numbers to differ"),
    "large integer": (lambda: bp.grad(lambda x: x)(2**53 + 1), OperandError, "no float holds"),
    "huge integer": (lambda: bp.grad(lambda x: x)(10**400), OperandError, "no float holds"),
    "empty list": (lambda: bp.grad(lambda x: 1.0)([]), ShapeError, "argument 0 is empty"),
    "empty array": (lambda: bp.grad(lambda x: 1.0)(np.ones(0)), ShapeError, "is empty"),
    "nested in itself": (lambda: bp.grad(lambda x: 1.0)(itself()), ShapeError, "holds itself"),
    "bool array": (lambda: bp.grad(lambda x: x)(np.ones(2, bool)), OperandError, "dtype bool"),
    "unknown name": (lambda: bp.grad(lambda x: x, wrt="z")(1.0), SettingError, "'z', it has x"),
    "unknown position": (lambda: bp.grad(lambda x: x, wrt=3)(1.0), SettingError, "position 3"),
    "no selection": (lambda: bp.grad(lambda x: x, wrt=())(1.0), SettingError, "selects no"),
    "twice": (lambda: bp.grad(lambda x: x, wrt=(0, "x"))(1.0), SettingError, "twice"),
    "odd selection": (lambda: bp.grad(lambda x: x, wrt=1.5)(1.0), SettingError, "1.5"),
    "missing argument": (lambda: bp.grad(lambda x: x)(), SettingError, "without its argument 'x'"),
    "no function": (lambda: bp.grad(3.0)(1.0), OperandError, "pass f itself"),
    "no aux": (lambda: bp.grad(lambda x: x, has_aux=True)(1.0), ShapeError, "tuple of two"),
    "short tangent": (
        lambda: bp.jvp(lambda x: x[0], [1.0, 2.0], [1.0]),
        ShapeError,
        "list of 2 entries is needed, got a list of 1",
    ),
    "few tangents": (
        lambda: bp.jvp(lambda x, y: x, (1.0, 2.0), (1.0,)),
        ShapeError,
        "2 tangents are needed",
    ),
    "other keys": (
        lambda: bp.jvp(lambda x: x["a"], {"a": 1.0}, {"b": 1.0}),
        ShapeError,
        r"differ at \['a'\]",
    ),
    "hvp shape": (lambda: bp.hvp(lambda x: x * x, 1.0, [1.0]), ShapeError, "a number is needed"),
    "cotangent": (lambda: bp.vjp(lambda x: [x, x], 1.0)[1]([1.0]), ShapeError, "cotangent"),
    "threshold": (lambda: bp.grad(bp.threshold)(1.0), NotDifferentiableError, "use sigmoid"),
    "threshold forwards": (
        lambda: bp.jvp(bp.threshold, 1.0, 1.0),
        NotDifferentiableError,
        "use sigmoid",
    ),
    "order": (lambda: bp.taylor(bp.sin, 0.0, -1), SettingError, "got -1"),
    "mode": (lambda: bp.jacobian(bp.sin, mode="fwd")(1.0), SettingError, "forward, reverse"),
    "no nodes": (lambda: bp.gradients(1.0, 2.0), OperandError, "use grad"),
    "explain numbers": (lambda: bp.explain(1.0, Value(1.0)), OperandError, "explain needs Values"),
    "formula numbers": (lambda: bp.formula(Value(1.0), 1.0), OperandError, "formula needs Values"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_bad_input_is_refused_in_one_line(case):
    call, error, words = REFUSED[case]
    with pytest.raises(error, match=words) as caught:
        call()
    assert "\n" not in str(caught.value)


def test_a_refusing_row_in_a_branch_that_is_not_taken_does_no_harm():
    f = lambda x: bp.where(x - 1, bp.threshold(x), x * x)  # noqa: E731
    assert bp.grad(f)(1.0) == 2.0
    assert bp.jvp(f, 1.0, 1.0) == (1.0, 2.0)
    assert bp.grad(bp.grad(f))(1.0) == 2.0
    assert bp.taylor(f, 1.0, 2) == [1.0, 2.0, 1.0]


def test_a_rule_that_works_on_floats_only_says_so_when_it_is_recorded():
    row = bp.primitive(partials=lambda x, y: (math.cos(x),), name="sine_on_floats")(math.sin)
    assert bp.grad(row)(0.5) == math.cos(0.5)
    with pytest.raises(NotDifferentiableError, match="sine_on_floats cannot be recorded"):
        bp.grad(bp.grad(row))(0.5)


def test_stop_gradient_stops_every_order_in_both_modes():
    f = lambda x: x * bp.stop_gradient(x * x)  # noqa: E731
    assert bp.grad(f)(3.0) == 9.0
    assert bp.jvp(f, 3.0, 1.0)[1] == 9.0
    assert bp.grad(bp.grad(f))(3.0) == 0.0


def test_custom_gradients_are_used_and_differentiated_again():
    @bp.custom(gradient=lambda p, s: ([2 * s * x for x in p], sum(x * x for x in p)))
    def energy(p, s):
        assert all(type(x) is float for x in [*p, s])
        return s * sum(x * x for x in p)

    assert energy([1.0, 2.0], 3.0) == 15.0
    assert bp.grad(energy, wrt=(0, 1))([1.0, 2.0], 3.0) == ([6.0, 12.0], 5.0)
    assert bp.hessian(energy)([1.0, 2.0], 3.0) == [[6.0, 0.0], [0.0, 6.0]]


def test_a_custom_gradient_of_the_wrong_shape_is_refused():
    energy = bp.custom(gradient=lambda p: [1.0])(lambda p: p[0] + p[1])
    with pytest.raises(ShapeError, match="gradient must have the shape of the argument"):
        bp.grad(energy)([1.0, 2.0])


@pytest.mark.parametrize(
    ("thing", "words"),
    [
        ({1.0, 2.0}, r"is set .*convert it, with list\(\.\.\.\)"),
        (range(3), r"is range range\(0, 3\): .*list\("),
        ((x for x in (1.0, 2.0)), r"is generator .*list\("),
        (collections.deque([1.0]), r"is deque .*list\("),
        (types.SimpleNamespace(a=1.0), r"with vars\("),
        ({"mode": "fast", "x": 1.0}, r"\['mode'\] is str 'fast': .*a field of a dataclass"),
        (np.ma.array([1.0, 2.0], mask=[0, 1]), r"a MaskedArray.*\.filled\("),
        (object(), "a real number is needed; convert it, or leave it out of wrt="),
    ],
)
def test_what_is_no_tree_of_numbers_says_how_to_make_one(thing, words):
    with pytest.raises(OperandError, match=f"argument 0 of <lambda>.*{words}"):
        bp.grad(lambda x: x)(thing)


def test_tables_of_pandas_are_shown_in_one_line():
    pandas = pytest.importorskip("pandas")
    for table in (pandas.Series([1.0, 2.0]), pandas.DataFrame({"a": [1.0, 2.0]})):
        with pytest.raises(OperandError, match=r"^[^\n]*convert it, with \.to_numpy\(\)[^\n]*$"):
            bp.grad(lambda x: x.sum())(table)
    assert bp.grad(lambda x: (x * x).sum())(table["a"].to_numpy()).tolist() == [2.0, 4.0]
