"""Every name explains itself: what `help`, IPython's `?` and inspect show, for every entry of the
table and every public name."""

import doctest
import inspect
import math
import pydoc
import re

import pytest

import autograd_bp as bp
from autograd_bp import Primitive, Value, functions
from autograd_bp.describe import entry, example, formulas
from autograd_bp.native.kernels import OWN
from autograd_bp.primitives import TABLE

ENTRIES = TABLE[:OWN]
FACTS = ("Formula:", "Derivative:", "Domain:", "Kinks:", "Accuracy:")
OVER_LISTS = [name for name in functions.__all__ if not isinstance(getattr(bp, name), Primitive)]
METHODS = [op.name for op in ENTRIES if op.public and op.arity == 1]
PLAIN = {"__version__"}


def run_examples(text, name):
    """Run the examples of a docstring in an empty namespace; the number of them."""
    test = doctest.DocTestParser().get_doctest(inspect.cleandoc(text), {}, name, None, 0)
    output = []
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    runner.run(test, out=output.append)
    assert not runner.failures, "".join(output)
    return len(test.examples)


def assert_explains(text, name):
    """The docstring has a sentence first, each fact, and an example that runs."""
    first, blank, *rest = inspect.cleandoc(text).splitlines()
    assert re.match(r"\S.*[.)]$", first), first
    assert len(first) <= 100
    assert blank == ""
    for fact in FACTS:
        lines = [line for line in rest if line.startswith(fact)]
        assert len(lines) == 1, (name, fact)
        assert lines[0].removeprefix(fact).strip(), (name, fact)
    assert "Example" in text
    assert run_examples(text, name) >= 2


@pytest.mark.parametrize("op", ENTRIES, ids=lambda op: op.name)
def test_an_entry_explains_itself(op):
    assert_explains(op.__doc__, op.name)
    assert op.summary, "an entry of the library says in a sentence what it computes"


@pytest.mark.parametrize("op", ENTRIES, ids=lambda op: op.name)
def test_the_documentation_of_an_entry_is_what_help_shows(op):
    shown = pydoc.render_doc(op, renderer=pydoc.plaintext)
    assert f"{op.name} = <primitive {op.name}>" in shown
    for line in op.__doc__.splitlines():
        assert line in shown
    assert inspect.getdoc(op) == op.__doc__  # what IPython's ? shows
    assert op.__name__ == op.name


@pytest.mark.parametrize("op", ENTRIES, ids=lambda op: op.name)
def test_the_signature_of_an_entry_has_a_name_for_each_input(op):
    parameters = list(inspect.signature(op).parameters.values())
    if op.arity is None:
        assert [str(p) for p in parameters] == ["*x"]
    else:
        assert all(p.kind is p.POSITIONAL_ONLY for p in parameters[: op.arity])
        assert [str(p) for p in parameters[op.arity :]] in ([], ["*more"])
        assert op.arity != 1 or not op.public or parameters[0].name == "x"


@pytest.mark.parametrize("name", METHODS)
def test_a_method_explains_itself(name):
    method = getattr(Value, name)
    assert_explains(method.__doc__, name)
    first, *more = inspect.signature(method).parameters
    assert first == "self"
    assert bool(more) is (Primitive.named(name).others is not None)
    assert "Formula:" in pydoc.render_doc(method, renderer=pydoc.plaintext)


@pytest.mark.parametrize(
    "name", [op.numpy for op in ENTRIES if op.public and op.arity == 2 and op.numpy]
)
def test_a_method_of_two_numbers_explains_itself(name):
    assert_explains(getattr(Value, name).__doc__, name)


@pytest.mark.parametrize("name", OVER_LISTS)
def test_a_function_over_lists_explains_itself(name):
    function = getattr(bp, name)
    assert_explains(function.__doc__, name)
    assert inspect.signature(function).parameters


@pytest.mark.parametrize("name", [name for name in bp.__all__ if name not in PLAIN])
def test_a_public_name_has_a_summary_an_example_and_a_signature(name):
    thing = getattr(bp, name)
    first = inspect.getdoc(thing).partition("\n")[0]
    assert first.endswith((".", ":", ")")) or first[-1].isalnum(), first
    if not (isinstance(thing, type) and issubclass(thing, Exception)):
        assert inspect.signature(thing) is not None
        assert ">>>" in thing.__doc__, f"the docstring of {name} has no example"


@pytest.mark.parametrize("part", bp._PARTS)
def test_every_part_says_what_it_is_for(part):
    assert len(getattr(bp, part).__doc__.partition("\n")[0]) > 20


@pytest.mark.parametrize("op", ENTRIES, ids=lambda op: op.name)
def test_the_written_derivatives_are_those_of_the_rule(op):
    """The text is read as Python again, and compared with the rule at points of the entry."""
    if op.arity is None or op.partials is None:
        return
    scope = {name: getattr(bp, name) for name in functions.__all__}
    scope |= {name: Primitive.named(name) for name in ("compare", "nonzero")}
    names = formulas.names(op)
    compared = 0
    for line in formulas.derivatives(op):
        left, text = line.split(" = ", 1)
        place = names.index(left.removeprefix("∂y/∂"))
        text = re.sub(r"if (.+?) then (.+?) else", r"(\2) if (\1) else", text)
        text = re.sub(r"\|([^|]+)\|", r"abs(\1)", text)
        text = text.replace("·", "*").replace("^", "**").replace("∞", "math.inf")
        code = compile(text, f"<{op.name}>", "eval")
        unknown = [
            name for name in code.co_names if name not in {*scope, *names, "math", "y", "inf"}
        ]
        scope |= {name: Primitive.named(name) for name in unknown}
        for point in [*op.points, *example.CANDIDATES[op.arity]]:
            if len(point) != op.arity or not all(0.1 < abs(x) < 5.0 for x in point):
                continue
            y = op.forward(*point)
            expected = op.partials(*point, y=y)[place]
            if math.isfinite(y) and math.isfinite(expected):
                at = dict(zip(names, point, strict=True))
                found = eval(code, {"math": math, **scope, **at, "y": y})
                assert found == pytest.approx(expected, rel=1e-12, abs=1e-300), (line, point)
                compared += 1
    assert compared or not formulas.derivatives(op)


def test_the_signature_of_an_entry_that_takes_more_inputs_says_so():
    assert str(inspect.signature(bp.maximum)) == "(a, b, /, *more)"
    assert "also called as maximum(*values)" in " ".join(bp.maximum.__doc__.split())
    assert str(inspect.signature(bp.round)) == "(x, /)"
    assert "also called as round(x, digits)" in " ".join(bp.round.__doc__.split())


# ------------------------------------------------------------------------ primitives of users
def test_a_primitive_of_a_users_explains_itself_without_more_work():
    @bp.primitive(partials=lambda x, y: (2 * x,))
    def squared_speed(speed: float) -> float:
        """The square of a speed.

        It is in m²/s².
        """
        return speed * speed

    text = squared_speed.__doc__
    assert_explains(text, "squared_speed")
    assert text.startswith(
        "The square of a speed.\n\nIt is in m²/s².\n\nFormula:    y = speed * speed"
    )
    assert "∂y/∂speed = 2·speed" in text
    assert str(inspect.signature(squared_speed)) == "(speed, /)"
    assert "The square of a speed" in pydoc.render_doc(squared_speed, renderer=pydoc.plaintext)


def test_a_primitive_that_branches_and_loops_still_explains_what_can_be_seen():
    @bp.primitive(partials=lambda n, y: (1.0,) if n > 0 else (-1.0,), kinks="at 0 it is -1")
    def counted_down(n: float) -> float:
        while n > 3.0:
            n -= 1.0
        return abs(n)

    text = counted_down.__doc__
    assert_explains(text, "counted_down")
    assert "by its rule" in text
    assert "at 0 it is -1" in text


def test_a_primitive_whose_functions_raise_has_documentation_without_an_example():
    def fail(*x, y=None):
        raise RuntimeError("not today")

    bp.Primitive("fails_always", 2, fail, fail)
    text = Primitive.named("fails_always").__doc__
    assert "The primitive fails_always of 2 numbers." in text
    assert ">>>" not in text


def test_a_primitive_of_any_number_of_inputs_explains_itself():
    @bp.primitive(partials=lambda *x, y: tuple(2.0 * v for v in x))
    def sum_of_squares(*x: float) -> float:
        """Σ x_i²."""
        return math.fsum(v * v for v in x)

    assert "Σ x_i²." in sum_of_squares.__doc__
    assert run_examples(sum_of_squares.__doc__, "sum_of_squares") >= 4
    assert str(inspect.signature(sum_of_squares)) == "(*x)"


@pytest.mark.parametrize(
    ("name", "labels"),
    [("lambda", ()), ("of_keywords", ("from", "to")), ("of_equals", ("v", "v")),
     ("of_words", ("the rate", "x")), ("of_taken_names", ("bp", "of_taken_names"))],
)  # fmt: skip
def test_names_that_are_none_in_python_give_an_example_that_runs(name, labels):
    if labels:
        op = bp.Primitive(name, 2, lambda a, b: a + b, lambda a, b, y: (1.0, 1.0), labels=labels)
        assert str(inspect.signature(op)) == "(a, b, /)"
    else:
        op = bp.Primitive(name, 1, lambda x: 2.0 * x, lambda x, y: (2.0,))
    assert run_examples(op.__doc__, name) >= 5


def test_asking_for_the_documentation_of_a_primitive_is_not_needed_to_differentiate_it():
    calls = []

    @bp.primitive(partials=lambda x, y: (1.0,))
    def counted(x: float) -> float:
        calls.append(x)
        return x

    slope = bp.grad(counted)
    assert not calls
    assert slope(2.0) == 1.0
    assert calls == [2.0]


# --------------------------------------------------------------------------- the classes
def test_the_class_of_entries_has_its_own_documentation_and_signature():
    assert Primitive.__doc__.startswith("One entry of the table.")
    assert list(inspect.signature(Primitive).parameters)[:4] == [
        "name", "arity", "forward", "partials",
    ]  # fmt: skip
    assert Primitive.__name__ == "Primitive"


def test_the_signatures_of_classes_are_seen_on_both_cores():
    assert list(inspect.signature(Value).parameters) == ["data", "label"]

    class Named(Value):
        def __init__(self, name):
            super().__init__(1.0, name)

    class Same(Value):
        pass

    assert list(inspect.signature(Named).parameters) == ["name"]
    assert list(inspect.signature(Same).parameters) == ["data", "label"]
    with pytest.raises(TypeError):
        inspect.signature(Value(1.0))


def test_a_wrong_number_in_an_example_would_be_seen():
    text = bp.tanh.__doc__.replace("(0.4621", "(0.4622")
    assert text != bp.tanh.__doc__
    with pytest.raises(AssertionError):
        run_examples(text, "tanh")


def test_the_accuracy_of_an_entry_is_that_of_the_measurements():
    assert "y 0, ∂y/∂x 1.4" in bp.sqrt.__doc__
    assert "the slope rounds to 0" in bp.sigmoid.__doc__
    assert entry.accuracy is not None
