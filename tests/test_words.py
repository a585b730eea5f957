"""Words of other libraries: errors name what to write here. And what `grad` and its like are made
of: they can be pickled, refuse what is no function, and count arguments from the end."""

import copy
import inspect
import pickle
import subprocess
import sys

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp import Value, words
from autograd_bp.errors import (
    KeywordError,
    OperandError,
    PrimitiveError,
    SettingError,
    UnknownImportError,
)
from autograd_bp.training import GradientAscent, train


def product(x, y=3.0):
    return x * x * y


# ------------------------------------------------------------------------------------- keywords
KEYWORDS = [
    (lambda: bp.grad(product, argnums=1), r"grad\(\) has no keyword 'argnums': write wrt="),
    (lambda: bp.value_and_grad(product, argnums=(0, 1)), "write wrt="),
    (lambda: bp.jacobian(product, argnums=0), "write wrt="),
    (lambda: bp.hessian(product, argnum=0), "write wrt="),
    (lambda: bp.hessian(product, has_aux=True), "grad, value_and_grad and jacobian"),
    (lambda: bp.hvp(product, 1.0, 1.0, argnums=0), "wrt= selects arguments in grad, .*; here"),
    (lambda: bp.jvp(product, 1.0, 1.0, lr=0), "rate= is a keyword of GradientAscent"),
    (lambda: bp.grad(product, create_graph=True), "write record="),
    (lambda: bp.grad(product, allow_unused=True), "leave it out"),
    (lambda: bp.grad(product, holomorphic=True), "leave it out"),
    (lambda: bp.gradients(Value(1.0), Value(1.0), grad_outputs=[1.0]), "write seeds="),
    (lambda: bp.gradients(Value(1.0), Value(1.0), create_graph=True), "write record="),
    (lambda: bp.taylor(product, 1.0, order=2, argnums=0), "wrt= selects arguments"),
    (lambda: bp.grad(product, wtr=1), "did you mean wrt="),
    (lambda: bp.grad(product, colour=1), "it takes function, wrt, has_aux, record"),
    (lambda: bp.compiled(product, static_argnums=1), "write static="),
    (lambda: bp.compiled(static_argnames="y"), "write static="),
    (lambda: bp.compiled(product, in_axes=0), "write rows="),
    (lambda: GradientAscent([Value(1.0)], lr=0.1), r"GradientAscent\(\) .*'lr': write rate="),
    (lambda: GradientAscent([Value(1.0)], learning_rate=0.1), "write rate="),
    (lambda: train(None, [], lr=0.1), "write rate="),
    (lambda: train(None, [], num_epochs=3), "write epochs="),
    (lambda: Value(2.0, requires_grad=True), r"Value\(\) has no keyword 'requires_grad': leave"),
    (lambda: Value(data=2.0, dtype=float), "leave it out"),
    (lambda: Value(2.0, name="x"), "write label="),
    (lambda: Value(2.0).backward(retain_graph=True), "leave it out"),
    (lambda: Value(2.0).backward(create_graph=True), "record=True"),
    (lambda: Value(2.0).backward(gradient=2.0), "write seed="),
    (lambda: bp.nn.Network([2, 1], lr=0.1), r"Network\(\) .*'lr': rate= is a keyword of"),
    (lambda: bp.nn.Neuron(2, nonlin=False), r"Neuron\(\) .*: write activation="),
    (lambda: bp.nn.Layer(2, 1, use_bias=False), r"Layer\(\) .*: write bias="),
]


@pytest.mark.parametrize(("call", "text"), KEYWORDS)
def test_a_keyword_of_another_library_is_explained(call, text):
    with pytest.raises(KeywordError, match=text) as caught:
        call()
    assert isinstance(caught.value, TypeError)
    assert "\n" not in str(caught.value)


def test_keywords_that_exist_are_passed_on():
    assert bp.grad(product, wrt="y", has_aux=False, record=None)(2.0) == 4.0
    assert Value(data=2.0, label="x").label == "x"
    assert GradientAscent([Value(1.0)], rate=0.1).rate == 0.1
    Value(2.0).backward(seed=2.0, accumulate=False)
    assert list(inspect.signature(bp.grad).parameters) == ["function", "wrt", "has_aux", "record"]


# ---------------------------------------------------------------------------------------- names
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("vmap", r"compiled\(function, rows="),
        ("jit", r"here it is compiled\(function\)"),
        ("tensor", "Value"),
        ("Variable", "Value"),
        ("jacfwd", 'mode="forward"'),
        ("jacrev", 'mode="reverse"'),
        ("GradientTape", "gradients"),
        ("custom_vjp", "custom"),
        ("Adam", "GradientAscent"),
        ("arctan", "atan"),
        ("jv", r"bessel_j\(order, x\)"),
        ("asarray", r"array\(values\)"),
        ("max", r"maximum\(\*values\)"),
        ("isnan", "function of numpy"),
        ("ln", "here it is log"),
        ("lax", "fori, scan"),
        ("checkpoint", "checkpoint=True of fori"),
        ("cuda", "leave it out: numbers"),
        ("float32", "compiled"),
        ("sigmiod", "did you mean 'sigmoid'"),
        ("gradd", "did you mean 'grad'"),
    ],
)
def test_a_name_of_another_library_is_explained(name, text):
    with pytest.raises(AttributeError, match=f"has no attribute '{name}': .*{text}"):
        getattr(bp, name)


@pytest.mark.parametrize(
    ("module", "name", "text"),
    [
        (bp.nn, "Linear", r"'autograd_bp.nn' has no attribute 'Linear': here it is nn.Module"),
        (bp.nn, "Nuron", "did you mean 'Neuron'"),
        (bp.training, "SGD", "here it is training.GradientAscent"),
        (bp.training, "xyzzy", "^module 'autograd_bp.training' has no attribute 'xyzzy'$"),
    ],
)
def test_names_that_a_part_does_not_have_are_explained(module, name, text):
    with pytest.raises(AttributeError, match=text):
        getattr(module, name)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("requires_grad", "leave it out, since every Value"),
        ("grad_fn", "here it is op"),
        ("value", "here it is data"),
        ("name", "here it is label"),
        ("gradient", "here it is grad"),
        ("numpy", "here it is data"),
        ("children", "here it is parents"),
        ("abs", r"here it is abs\(value\)"),
    ],
)
def test_attributes_that_nodes_of_other_libraries_have_are_explained(name, text):
    node = Value(1.0)
    with pytest.raises(AttributeError, match=f"a Value has no attribute '{name}': {text}"):
        getattr(node, name)
    in_python = bp.info()["core"] != "native"  # which refuses in words of its own
    refusal = "read-only" if in_python else f"a Value has no attribute '{name}': {text}"
    with pytest.raises(AttributeError, match=refusal):
        setattr(node, name, 1.0)
    assert not hasattr(node, name)
    assert name not in dir(node)
    own = type("Own", (Value,), {})(1.0)
    setattr(own, name, "mine")
    assert getattr(own, name) == "mine"


@pytest.mark.parametrize("operation", [lambda v: v + 1j, lambda v: 2j * v, lambda v: 1j**v])
def test_complex_numbers_are_refused_by_name(operation):
    with pytest.raises(OperandError, match="a real number is needed, got complex"):
        operation(Value(1.0))


def test_a_name_that_nobody_knows_gets_the_usual_error():
    with pytest.raises(AttributeError) as caught:
        _ = bp.xyzzy
    assert str(caught.value) == "module 'autograd_bp' has no attribute 'xyzzy'"
    assert type(caught.value).__name__ == "AttributeError"
    assert not hasattr(bp, "__wrapped__")


def test_no_name_of_the_package_is_explained_as_another():
    assert not set(words.NAMES) & set(dir(bp))


def test_importing_a_module_does_not_load_what_explains():
    code = "import sys, autograd_bp, autograd_bp.derivatives; print('difflib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == "False\n"


# -------------------------------------------------------------------------- derived functions
MAKERS = [bp.grad, bp.value_and_grad, bp.jacobian, bp.hessian]


@pytest.mark.parametrize("make", MAKERS)
def test_derived_functions_can_be_pickled_and_copied(make):
    derived = make(product, wrt="y" if make is not bp.hessian else 0)
    for twin in (pickle.loads(pickle.dumps(derived)), copy.copy(derived), copy.deepcopy(derived)):
        assert twin(2.0) == derived(2.0)
        assert twin.__name__ == "product"
    nested = pickle.loads(pickle.dumps(bp.grad(bp.grad(product), wrt="y")))
    assert nested(2.0, 1.0) == 4.0
    assert pickle.loads(pickle.dumps(bp.grad(bp.exp)))(0.0) == 1.0


def test_a_derived_function_of_a_local_function_cannot_be_pickled():
    with pytest.raises((AttributeError, pickle.PicklingError)):
        pickle.dumps(bp.grad(lambda x: x))


def test_derived_functions_look_like_the_function():
    derived = bp.grad(product)
    assert inspect.signature(derived) == inspect.signature(product)
    assert (derived.__name__, derived.__module__) == ("product", __name__)
    assert repr(derived) == "<grad of product>"

    class Model:
        def area(self, side):
            return side * side

        slope = bp.grad(area, wrt=1)

    assert Model().slope(3.0) == 6.0


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize("thing", [3.0, None, Value(2.0), [product], "product"])
def test_what_is_no_function_is_refused_at_once(make, thing):
    with pytest.raises(OperandError, match=f"{make.__name__} takes a function, got"):
        make(thing)


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize("point", [2.0, None, True, [1.0, 2.0], (0, 2.0), Value(2.0), {1.5}])
def test_a_point_in_the_place_of_wrt_is_refused_at_once(make, point):
    with pytest.raises(SettingError, match=rf"write {make.__name__}\(product\)\("):
        make(product, point)


def test_arguments_are_counted_from_the_end_too():
    assert bp.grad(product, -1)(2.0, 5.0) == 4.0
    assert bp.grad(product, -2)(2.0, 5.0) == 20.0
    assert bp.grad(product, (-1, 0))(2.0, 5.0) == (4.0, 20.0)
    assert bp.grad(product, -1)(2.0, y=5.0) == 4.0
    assert bp.grad(product, np.int64(-2))(2.0, 5.0) == 20.0
    assert bp.grad(product, -1)(2.0) == 12.0  # of the arguments that are there
    with pytest.raises(SettingError, match="no argument at position -3"):
        bp.grad(product, -3)(2.0, 5.0)
    with pytest.raises(SettingError, match="selects an argument twice"):
        bp.grad(product, (0, -2))(2.0, 5.0)


# ---------------------------------------------------------------------------------------- rules
@pytest.mark.parametrize("arity", [1, 2, None])
def test_a_rule_that_returns_a_number_is_refused_when_it_is_registered(arity):
    with pytest.raises(PrimitiveError, match="one_number: the rule returns one number"):
        bp.Primitive("one_number", arity, lambda *x: x[0] * x[0], lambda *x, y: 2 * x[0])
    with pytest.raises(PrimitiveError, match="there is no primitive named 'one_number'"):
        bp.Primitive.named("one_number")


def test_a_rule_for_numbers_that_returns_one_is_refused_when_it_is_used():
    def rule(x, y):
        return float(x) * 2.0

    op = bp.Primitive("number_for_words", 1, lambda x: x * x, rule, temporary=True)
    with pytest.raises(PrimitiveError, match="number_for_words: the rule gave float"):
        op(Value(2.0))


def test_a_rule_that_returns_a_value_is_refused_when_it_is_recorded():
    def rule(x, y):
        return 2 * x if isinstance(x, Value) else (2 * x,)

    op = bp.Primitive("value_for_words", 1, lambda x: x * x, rule, temporary=True)
    assert bp.grad(op)(2.0) == 4.0
    for use in (bp.grad(bp.grad(op)), lambda x: bp.taylor(op, x, 2)):
        with pytest.raises(PrimitiveError, match="value_for_words: the rule gave Value"):
            use(2.0)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            lambda: bp.grad(abs, 0, True),
            r"grad\(\) takes 2 arguments by position, function, wrt, got 3",
        ),
        (lambda: bp.hvp(abs, 1.0, 1.0, 1.0), "keywords: record"),
        (lambda: bp.nn.Network([2, 1], "tanh", True, 0, 5), r"Network\(\) takes 4 .*, got 5$"),
        (lambda: bp.implicit(abs, abs, 1.0), "takes 2 arguments by position, equation, solve"),
    ],
)
def test_too_many_arguments_by_position_are_named(call, words):
    with pytest.raises(KeywordError, match=words):
        call()


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("from autograd_bp import jit, vmap", r"'jit' from 'autograd_bp': here it is compiled"),
        ("import autograd_bp.numpy as anp", r"compat\.autograd\.numpy"),
        ("from autograd_bp.engine import Value", r"compat\.micrograd"),
        ("from autograd_bp.nn import MLP", r"'MLP' from 'autograd_bp.nn': .*nn\.Network"),
        ("import autograd_bp.nn.functional as F", "of this package"),
        ("from autograd_bp.training import Adam", "training.optimisers"),
        ("from autograd_bp import gamma", r"exp\(lgamma\(x\)\)"),
        ("from autograd_bp import no_gradient", r"no_recording\(\)"),
        ("from autograd_bp import sigmod", "did you mean 'sigmoid'"),
    ],
)
def test_an_import_of_another_librarys_name_says_what_is_here(statement, words):
    with pytest.raises(UnknownImportError, match=words):
        exec(statement, {})


@pytest.mark.parametrize(
    ("statement", "error"),
    [
        ("from autograd_bp import zzzz", ImportError),
        ("import autograd_bp.zzzz", ModuleNotFoundError),
        ("from autograd_bp import _jit", ImportError),
    ],
)
def test_an_import_of_which_nothing_is_known_is_pythons_own_error(statement, error):
    with pytest.raises(error) as raised:
        exec(statement, {})
    assert type(raised.value) is error


def test_modules_that_are_there_are_imported_as_ever():
    import importlib.util

    assert importlib.util.find_spec("autograd_bp.nn") is not None
    assert importlib.util.find_spec("autograd_bp.zzzz") is None


def test_a_question_whether_there_is_a_module_is_answered_and_its_import_may_be_optional():
    import importlib.util
    import pydoc

    assert importlib.util.find_spec("autograd_bp.jit") is None
    assert pydoc.locate("autograd_bp.numpy") is None
    with pytest.raises(ModuleNotFoundError) as raised:
        import autograd_bp.optim  # noqa: F401
    assert raised.value.name == "autograd_bp.optim"
    with pytest.raises(ImportError) as raised:
        from autograd_bp import vmap  # noqa: F401
    assert not isinstance(raised.value, ModuleNotFoundError)
    assert raised.value.name == "autograd_bp"
    assert raised.value.path == bp.__file__
