"""Calls with arguments by name and with static ones are as quick as calls by places."""

from dataclasses import dataclass

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp.compiling.backends import tape

built = pytest.mark.skipif(
    tape.unavailable() is not None, reason=f"there is no tape: {tape.unavailable()}"
)
X = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])


def weighted(w, x, power=1, scale=2.0, signs=(1, 1)):
    return scale * bp.dot(w, [s * a**power for s, a in zip(signs, x, strict=True)])


def made():
    return bp.compiled(weighted, rows="x", static=("power", "signs"))


def expected(w, power=1, scale=2.0, signs=(1, 1)):
    return scale * float((X**power * np.array(signs)) @ np.array(w) @ np.ones(len(X)))


@built
@pytest.mark.parametrize(
    "given",
    [
        {"x": X},
        {"x": X, "power": 2},
        {"power": 3, "x": X},
        {"x": X, "signs": (1, -1)},
        {"x": X, "scale": 0.5},
    ],
    ids=lambda given: " ".join(given),
)
def test_later_calls_by_name_pack_nothing_in_python(given, packed):
    f, options = made(), {name: part for name, part in given.items() if name != "x"}
    for w in ([1.0, 2.0], [3.0, 5.0], [-1.0, 0.5]):
        assert f(w, **given) == pytest.approx(expected(w, **options), rel=1e-14)
        assert f(w=w, **given) == pytest.approx(expected(w, **options), rel=1e-14)
        gradient = f.grad(w, **given)
        slopes = [expected([1.0, 0.0], **options), expected([0.0, 1.0], **options)]
        assert gradient == pytest.approx(slopes, rel=1e-14)
    assert len(packed) == 2


@built
def test_static_arguments_of_another_number_or_type_are_another_program(packed):
    f = made()
    for power in (2, 3, 2, 2, 2, 3):
        assert f([1.0, 2.0], X, power) == pytest.approx(expected([1.0, 2.0], power))
    assert len(packed) == 4
    assert f([1.0, 2.0], X, 2) == f([1.0, 2.0], X, power=2)


@built
def test_true_is_not_the_number_one():
    kinds = []

    @bp.compiled(static="flag")
    def f(x, flag):
        kinds.append(type(flag))
        return x * 2.0 if flag is True else x * 3.0

    assert [f(1.0, flag) for flag in (1, 1, True, True, 1, 1)] == [3.0, 3.0, 2.0, 2.0, 3.0, 3.0]
    assert kinds == [int, bool]


@dataclass(frozen=True)
class Setting:
    value: object


@pytest.mark.parametrize("around", [lambda x: x, lambda x: (x,), lambda x: ((2, x),), Setting])
@pytest.mark.parametrize(("one", "other"), [(True, 1), (1, 1.0), (0.0, -0.0), (1.0, True)])
def test_settings_that_are_equal_but_not_the_same_have_programs_of_their_own(around, one, other):
    @bp.compiled(static="setting")
    def f(x, setting):
        return x * float(len(repr(setting))) + x * (repr(setting).count("-") - 0.5)

    for setting in (one, one, other, other, one, other):
        text = repr(around(setting))
        assert f(1.0, setting=around(setting)) == len(text) + text.count("-") - 0.5


def test_a_setting_that_is_nan_is_recorded_once():
    recorded = []

    @bp.compiled(static="setting")
    def f(x, setting):
        recorded.append(setting)
        return x * 2.0

    assert [f(1.0, float("nan")) for _ in range(3)] == [2.0] * 3
    assert len(recorded) == 1


@built
def test_functions_as_static_arguments(packed):
    f = bp.compiled(lambda x, activation: activation(x), static="activation")
    for _ in range(3):
        assert f(0.5, bp.tanh) == float(bp.tanh(0.5))
    assert f(0.5, activation=bp.relu) == 0.5
    assert f(0.5, activation=bp.tanh) == float(bp.tanh(0.5))
    assert len(packed) == 3


@built
def test_what_changes_under_an_equal_sign_is_looked_at_each_time():
    class Setting:
        def __init__(self, scale):
            self.scale = scale

        def __eq__(self, other):
            return isinstance(other, Setting) and self.scale == other.scale

        def __hash__(self):
            return hash(self.scale)

    setting = Setting(2.0)
    f = bp.compiled(lambda x, setting: x * setting.scale, static="setting")
    assert f(3.0, setting) == f(3.0, setting) == 6.0
    other = Setting(2.0)
    assert f(3.0, other) == 6.0
    assert f(3.0, Setting(5.0)) == 15.0


@built
@pytest.mark.parametrize(
    ("args", "kwargs"),
    [(([1.0, 2.0],), {}), (([1.0, 2.0], X), {"x": X}), (([1.0, 2.0],), {"y": X}), ((), {"x": X})],
)
def test_wrong_names_are_refused_after_right_ones_too(args, kwargs):
    f = made()
    for _ in range(2):
        f([1.0, 2.0], x=X)
    with pytest.raises(TypeError, match="argument"):
        f(*args, **kwargs)


@built
def test_names_count_where_the_function_wants_them():
    f = bp.compiled(lambda x, /, y, *, z: x * y + z)
    for _ in range(2):
        assert f(2.0, 3.0, z=4.0) == 10.0
        assert f(2.0, y=3.0, z=4.0) == 10.0
    for args, kwargs in (((2.0, 3.0, 4.0), {}), ((), {"x": 2.0, "y": 3.0, "z": 4.0})):
        with pytest.raises(TypeError, match=r"argument|parameter"):
            f(*args, **kwargs)


@built
def test_products_with_a_tangent_by_name(packed):
    f = bp.compiled(lambda w, x, power: bp.dot(w, x) ** power, rows="x", static="power")
    for scale in (1.0, 2.0, 3.0):
        v = [scale, 0.0]
        curved = scale * 2.0 * X[:, 0] @ X
        assert f.hvp([1.0, 2.0], x=X, power=2, tangent=v) == pytest.approx(curved)
        assert f.hvp(w=[1.0, 2.0], x=X, power=2, tangent=v) == pytest.approx(curved)
        assert f.jvp([1.0, 2.0], X, power=1, tangent=v) == pytest.approx(scale * X[:, 0].sum())
        slope = f.vjp([1.0, 2.0], x=X, power=1, cotangent=scale)
        assert slope == pytest.approx(scale * X.sum(axis=0))
    assert len(packed) == 3
    g = bp.compiled(lambda x, tangent: x**2 * tangent)
    for _ in range(2):
        assert g.jvp(3.0, 2.0, tangent=1.0) == 12.0


@built
def test_many_rows_by_name(packed):
    f = made()
    many = np.random.default_rng(1).normal(size=(40_000, 2))
    for _ in range(3):
        found = f([1.0, 2.0], x=many, power=1)
    assert found == pytest.approx(2.0 * (many @ [1.0, 2.0]).sum(), rel=1e-9)
    assert len(packed) == 1
