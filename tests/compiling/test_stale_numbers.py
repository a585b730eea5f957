"""A compiled function never keeps a number that the function itself would not keep."""

import copy
import dataclasses
import functools
import math
import pickle
import random
import subprocess
import sys
import types

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp import Value, nn
from autograd_bp.compiling.backends.registry import names
from autograd_bp.errors import (
    BranchError,
    ConversionError,
    FrozenNumberError,
    NotDifferentiableError,
    SettingError,
)

BY_NUMBER = {
    "data": lambda x: Value(x.data * 2.0) * x,
    "data of a result": lambda x: (x * 2.0).data * x,
    "data in a condition": lambda x: x * 2.0 if x.data > 0.0 else x * 3.0,
    "item": lambda x: x.item() * x,
    "partials": lambda x: (x * x).partials[0] * x,
    "partials of many": lambda x: bp.sum([x, x, x]).partials[0] * x,
    "grad": lambda x: x.grad + x,
    "backward": lambda x: (x * x).backward() or x,
    "gradients": lambda x: bp.gradients(x * x, x) * x,
    "detach": lambda x: x.detach() * x,
    "copy": lambda x: copy.copy(x) * x,
    "deepcopy": lambda x: copy.deepcopy([x])[0] * x,
    "asdict": lambda x: dataclasses.asdict(Pair(x, 1.0))["a"] * x,
    "pickle": lambda x: pickle.loads(pickle.dumps(x)) * x,
    "float": lambda x: float(x) * x,
    "int": lambda x: int(x) * x,
    "complex": lambda x: complex(x).real * x,
    "math": lambda x: math.sin(x) * x,
    "range": lambda x: sum(x for _ in range(x)),
    "asarray": lambda x: np.asarray(x, dtype=float) * x,
    "astype": lambda x: np.array([x, x]).astype(float).sum() * x,
    "text": lambda x: float(f"{x:.17g}") * x,
    "format of a float": lambda x: float(f"{float(x)!r}") * x,
    "no_recording": lambda x: _without_recording(lambda: x * 2.0) * x,
    "no_recording of many": lambda x: _without_recording(lambda: bp.sum([x, x, x])) * x,
    "find_nonfinite": lambda x: x if bp.find_nonfinite(x * x) else 2.0 * x,
    "draw": lambda x: x if "5" in bp.draw(x * x).dot else 2.0 * x,
    "setting data": lambda x: setattr(x, "data", 3.0) or x * x,
}


@dataclasses.dataclass
class Pair:
    a: object
    b: object


def _without_recording(function):
    with bp.no_recording():
        return function()


@pytest.mark.parametrize("name", BY_NUMBER)
@pytest.mark.parametrize("kind", ["__call__", "grad"])
def test_a_number_of_a_traced_value_is_refused(name, kind):
    f = bp.compiled(BY_NUMBER[name])
    with pytest.raises(ConversionError):
        getattr(f, kind)(0.5)
    x = Value(0.5)
    assert (x.data, x.grad, (x * x).partials) == (0.5, 0.0, (0.5, 0.5))  # and only there


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("data", r"value\.data was asked for.*stop_gradient.*where"),
        ("grad", r"value\.grad.*gradients\(\.\.\., record=True\)"),
        ("no_recording", "without recording.*stop_gradient"),
        ("copy", "copy of a Value.*stop_gradient"),
    ],
)
def test_the_refusal_says_what_to_write(name, says):
    with pytest.raises(ConversionError, match=says):
        bp.compiled(BY_NUMBER[name])(0.5)


def test_numbers_that_are_constants_can_be_read():
    f = bp.compiled(lambda x: x * (x * 3.0).parents[1].data + len(repr(x)) * 0.0)
    assert (f(2.0), f(5.0)) == (6.0, 15.0)


def test_a_text_has_no_number():
    texts = []

    def f(x):
        texts.extend([repr(x), str(x * 2.0), f"{x}", f"{(x * 2.0).parents[1]}"])
        return x

    assert bp.compiled(f)(0.5) == 0.5
    assert texts == [
        "Value(..., 'x')",
        "Value(..., op=mul)",
        "Value(..., 'x')",
        "Value(2.0, grad=0.0)",
    ]
    assert repr(Value(0.5)) == "Value(0.5, grad=0.0)"


def test_the_advice_works():
    stopped = bp.compiled(lambda x: bp.stop_gradient(x) * x)
    chosen = bp.compiled(lambda x: bp.where(x > 0.0, x * 2.0, x * 3.0))
    assert (stopped(2.0), stopped(3.0), stopped.grad(3.0)) == (4.0, 9.0, 3.0)
    assert (chosen(1.0), chosen(-1.0), chosen.grad(-1.0)) == (2.0, -3.0, 3.0)


def test_a_rule_that_reads_numbers_is_refused_and_one_on_values_is_not():
    def rule(x, y):
        return (2.0 * (x.data if isinstance(x, Value) else x),)

    square = bp.Primitive("square_by_data", 1, lambda x: x * x, rule, temporary=True)
    assert square(Value(3.0)).data == 9.0
    with pytest.raises(NotDifferentiableError, match="cannot be recorded"):
        bp.compiled(bp.grad(lambda x: square(x) * x))(3.0)
    with pytest.raises(NotDifferentiableError, match="cannot be recorded"):
        bp.compiled(square).grad(3.0)


def test_derivatives_of_plain_numbers_inside_are_plain_numbers():
    f = bp.compiled(lambda x: x * bp.grad(lambda t: t * t * t)(2.0))
    g = bp.compiled(lambda x: x * bp.jacobian(lambda t: [t[0] * t[1], t[1]])([2.0, 3.0])[0][0])
    assert (f(1.0), f(2.0), g(2.0)) == (12.0, 24.0, 6.0)


# ------------------------------------------------------------------- Values from outside
outside = Value(2.0, "outside")
table = [Value(1.0), Value(2.0)]


def _by_name(x):
    return outside * x * x


def _by_default(x, w=outside):
    return w * x * x


def _by_helper(x):
    return _by_name(x)


def _inside(w):
    return lambda x: w * x * x


class Scale:
    def __init__(self, w):
        self.w = w

    def __call__(self, x):
        return self.w * x * x


class Slotted:
    __slots__ = ("w",)

    def __init__(self, w):
        self.w = w

    def apply(self, x):
        return self.w * x * x


BY_VALUE = {
    "global name": lambda w: _by_name,
    "default": lambda w: lambda x, w=w: w * x * x,
    "keyword default": lambda w: _keyword_default(w),
    "helper": lambda w: _by_helper,
    "closure": _inside,
    "closure of a list": lambda w: _in_list([w]),
    "closure of a dict": lambda w: _in_dict({"w": w}),
    "closure of an array": lambda w: _in_list(np.array([w], dtype=object)),
    "object": lambda w: Scale(w),
    "method": lambda w: Slotted(w).apply,
    "attribute": lambda w: _attribute(types.SimpleNamespace(model=types.SimpleNamespace(w=w))),
    "partial": lambda w: functools.partial(lambda w, x: w * x * x, w),
}


def _keyword_default(w):
    def f(x, *, w=w):
        return w * x * x

    return f


def _in_list(items):
    return lambda x: items[0] * x * x


def _in_dict(items):
    return lambda x: items["w"] * x * x


def _attribute(holder):
    return lambda x: holder.model.w * x * x


@pytest.mark.parametrize("name", BY_VALUE)
@pytest.mark.parametrize("backend", names())
def test_the_number_of_a_value_from_outside_is_read_at_each_call(name, backend):
    outside.data = 2.0
    f = bp.compiled(BY_VALUE[name](outside), backend=backend, wrt="x")
    assert f(3.0) == 18.0
    bound = f.bind(3.0)
    assert bound() == 18.0
    outside.data = 5.0
    assert f(3.0) == 45.0
    assert f.grad(3.0) == 30.0
    assert bound() == 45.0
    outside.data = -1.0
    assert f.value_and_grad(3.0) == (-9.0, -6.0)
    assert f.value_and_grad(3.0) == (-9.0, -6.0)
    assert f.hvp(3.0, tangent=1.0) == -2.0
    assert f.jacobian(3.0) == -6.0


@pytest.mark.parametrize("backend", names())
def test_a_result_that_was_computed_outside_has_its_own_number(backend):
    w = Value(2.0)
    h = w * 3.0

    def function(x):
        return h * x * x + bp.sin(h) * w

    def eager(x):
        return function(Value(x)).data, bp.grad(function)(x)

    f = bp.compiled(function, backend=backend)
    assert f.value_and_grad(2.0) == pytest.approx(eager(2.0), rel=1e-14)
    w.data = 5.0
    assert f.value_and_grad(2.0) == pytest.approx(eager(2.0), rel=1e-14)
    h.data = -1.0
    assert f.value_and_grad(2.0) == pytest.approx(eager(2.0), rel=1e-14)
    h = w * 3.0
    assert f.value_and_grad(2.0) == pytest.approx(eager(2.0), rel=1e-14)
    assert f.hvp(2.0, tangent=1.0) == 30.0


def test_another_value_in_the_place_is_noticed():
    w = Value(2.0)
    weights = [Value(1.0)]
    model = Scale(Value(1.0))

    def function(x):
        return w * x + bp.sum([v * x for v in weights]) + model(x)

    f = bp.compiled(function)
    assert f(2.0) == 4.0 + 2.0 + 4.0
    bound = f.bind(2.0)
    w = Value(3.0)
    assert f(2.0) == function(Value(2.0)).data == 12.0
    weights.append(Value(10.0))
    assert f(2.0) == function(Value(2.0)).data == 32.0
    weights[0] = Value(0.0)
    model.w = Value(2.0)
    assert f(2.0) == function(Value(2.0)).data == 34.0
    assert f.grad(2.0) == bp.grad(function)(2.0)
    with pytest.raises(SettingError, match="bind it again"):
        bound()


def test_a_list_of_values_that_grows_from_none_is_noticed_when_others_are_there():
    weights = [Value(1.0)]
    f = bp.compiled(lambda x: bp.sum([w * x for w in weights]))
    assert f(2.0) == 2.0
    weights += [Value(2.0), Value(3.0)]
    assert f(2.0) == 12.0
    del weights[1:]
    assert f(2.0) == 2.0


def test_values_of_a_static_argument_are_read_at_each_call():
    f = bp.compiled(lambda model, x: model(x), static="model", wrt="x")
    model = Scale(Value(2.0))
    assert f(model, 3.0) == 18.0
    model.w.data = 4.0
    assert f(model, 3.0) == 36.0
    model.w = Value(1.0)
    assert f(model, 3.0) == 9.0
    assert f(Scale(Value(3.0)), 3.0) == 27.0


def test_values_made_inside_are_constants():
    def f(x):
        total = Value(0.0)
        for w in [Value(1.0), Value(2.0)]:
            total = total + w * x
        return total

    f = bp.compiled(f)
    assert f(2.0) == 6.0
    assert f.program.parameters == ("x",)


def test_values_made_inside_and_kept_outside_are_read_at_each_call():
    kept = {}

    def f(x):
        if "w" not in kept:
            kept["w"] = Value(2.0)
        return kept["w"] * x

    f = bp.compiled(f)
    assert f(3.0) == 6.0
    kept["w"].data = 5.0
    assert f(3.0) == 15.0


def test_a_module_inside_a_compiled_function_keeps_learning():
    network = nn.Network([2, 3, 1], seed=0)
    f = bp.compiled(lambda x: network(x)[0], rows="x", reduce=None)
    X = np.array([[1.0, 2.0], [0.5, -1.0]])
    for factor in (1.0, 0.5, -2.0):
        for w in network.parameters():
            w.data = w.data * factor
        expected = [network([Value(a) for a in x])[0].data for x in X]
        np.testing.assert_allclose(f(X), expected, rtol=1e-13)


def test_values_from_outside_are_parameters_of_the_c_file():
    w = Value(2.0, "w")
    f = bp.compiled(lambda x: w * x)
    f(1.0)
    assert "parameters 0 to 1: x, w" in f.to_c() or "w" in f.program.parameters


def test_what_a_function_kept_outside_while_it_was_recorded_is_not_used_elsewhere():
    kept = []

    def f(x):
        kept.append(x * 2.0)
        return x

    assert bp.compiled(f)(2.0) == 2.0
    with pytest.raises(FrozenNumberError, match="from its argument x"):
        bp.compiled(lambda y: kept[0] * y)(3.0)
    kept[:] = [Value(4.0)]
    assert bp.compiled(lambda y: kept[0] * y)(3.0) == 12.0


def test_values_of_a_derivative_around_a_compiled_function_keep_their_derivatives():
    def f(x):
        return bp.compiled(lambda y: x * x * y)(2.0) * x

    assert bp.grad(f)(3.0) == 3.0 * 2.0 * 9.0
    assert bp.grad(bp.grad(f))(3.0) == 36.0
    outer = bp.compiled(f)
    assert (outer(3.0), outer(2.0), outer.grad(3.0)) == (54.0, 16.0, 54.0)
    w = Value(2.0)
    inner = bp.compiled(lambda y: w * y)
    assert bp.grad(lambda x: inner(x) * inner(2.0))(3.0) == 8.0


# ------------------------------------------------------------------------ random numbers
rng = np.random.default_rng(0)
own = random.Random(0)


@pytest.mark.parametrize(
    "draw",
    [
        lambda x: x * random.random(),
        lambda x: x * np.random.rand(),
        lambda x: x * rng.normal(),
        lambda x: x * own.random(),
        lambda x: x if random.choice([True, False]) else 2.0 * x,
    ],
)
def test_random_numbers_are_refused(draw):
    with pytest.raises(FrozenNumberError, match="pass them as an argument"):
        bp.compiled(draw)(1.0)


def test_the_first_draw_of_a_process_is_refused():
    """NumPy loads its random numbers when somebody asks for them: here the function does."""
    code = (
        "import numpy as np, autograd_bp as bp\n"
        "from autograd_bp.errors import FrozenNumberError\n"
        "try: bp.compiled(lambda x: x * np.random.rand())(1.0)\n"
        "except FrozenNumberError as error: print('refused:', error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("refused: <lambda> drew random numbers (np.random)")


def test_random_numbers_of_others_do_not_matter():
    random.random()
    assert bp.compiled(lambda x: 2.0 * x)(1.0) == 2.0
    assert issubclass(BranchError, TypeError)
