"""How formulas are written: every entry in every language, and brackets by one table."""

import itertools
import re
import xml.etree.ElementTree as ElementTree

import pytest

import autograd_bp.primitives as table
from autograd_bp import Value
from autograd_bp.drawing import derivation, latex, mathml
from autograd_bp.errors import PrimitiveError
from autograd_bp.notation import maths
from autograd_bp.notation.names import identifier
from autograd_bp.notation.operations import apply, called
from autograd_bp.primitives import Primitive

LIBRARY = [op for op in vars(table).values() if isinstance(op, Primitive)]
ASIDE = re.compile(r"\\\\|\\[{}]")


def names(count):
    return [identifier(f"x{k}") for k in range(1, count + 1)]


def check_languages(formula):
    """Its text, after its LaTeX and its MathML were found well-formed."""
    tex = ASIDE.sub("", formula.latex)
    depths = [*itertools.accumulate({"{": 1, "}": -1}.get(c, 0) for c in tex)]
    assert min(depths, default=0) >= 0
    assert tex.count("{") == tex.count("}")
    assert tex.count(r"\left") - tex.count(r"\leftarrow") == tex.count(r"\right")
    ElementTree.fromstring(formula.mathml)
    assert formula.text.count("(") == formula.text.count(")")
    return formula.text


# How many inputs a formula leaves out at its end, since they matter at infinity alone.
LEFT_OUT = {"unit": 1, "unless_stopped": 1}


@pytest.mark.parametrize("op", LIBRARY, ids=lambda op: op.name)
def test_every_entry_is_written_in_every_language(op):
    for count in [op.arity] if op.arity else [2, 3, 4, 20]:
        if not op.operands.fit(count):
            continue
        text = check_languages(apply(op, names(count)))
        assert "x1" in text
        assert f"x{count - LEFT_OUT.get(op.name, 0)}" in text
        assert check_languages(called(op, names(count)))


@pytest.mark.parametrize("op", LIBRARY, ids=lambda op: op.name)
def test_the_column_latex_is_a_format_string_that_prints_the_notation(op):
    if op.arity is None:
        name = op.name.replace("_", r"\_")
        assert op.latex.format("a") == rf"\operatorname{{{name}}}\left(a\right)"
        return
    inputs = names(op.arity)
    printed = op.latex.format(*[x.latex for x in inputs])
    # There the base of a power may be anything, so it stands between braces.
    assert re.sub(r"\{(x_\{\d\})\}\^", r"\1^", printed) == apply(op, inputs).latex


# ------------------------------------------------------------------------------- precedence
OPERATORS = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "·": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "^": lambda a, b: a**b,
    "neg": lambda a, b: -a,
    "sin": lambda a, b: maths.named("sin", a),
    "root": lambda a, b: maths.root(a),
    "bars": lambda a, b: maths.enclosed("|", a, "|"),
    "if": lambda a, b: maths.words("if ", a, " then ", b, " else ", a),
    "coefficient": lambda a, b: maths.number(-2.0) * a,
}
STANDS_APART = {("/", 0), ("/", 1), ("^", 1)}
ENCLOSES = {"sin", "root", "bars"}  # in text sin(a) and √(a), in LaTeX and MathML sin(a)
# Whether the second operator needs brackets as the first part, and as the second part, of the
# first, in one line of text. Written down by hand, as school teaches it.
NEEDS = {
    "+": {"neg": "-B", "coefficient": "-B", "if": "BB", "+": "-B", "-": "-B"},
    "-": {"neg": "-B", "coefficient": "-B", "if": "BB", "+": "-B", "-": "-B"},
    "·": {"+": "BB", "-": "BB", "neg": "BB", "if": "BB", "coefficient": "-B"},
    "/": {
        "+": "BB", "-": "BB", "neg": "BB", "if": "BB", "coefficient": "BB", "·": "-B", "/": "-B",
    },
    "^": {
        "+": "BB", "-": "BB", "neg": "BB", "if": "BB", "coefficient": "BB", "·": "BB", "/": "BB",
        "^": "BB",
    },
    "neg": {"+": "B", "-": "B", "neg": "B", "if": "B", "coefficient": "B"},
    "coefficient": {"+": "B", "-": "B", "neg": "B", "if": "B", "coefficient": "B"},
    "if": {"if": "BB"},
}  # fmt: skip


@pytest.mark.parametrize("outer", OPERATORS)
@pytest.mark.parametrize("inner", OPERATORS)
def test_brackets_are_the_same_in_every_language(outer, inner):
    a, b, x = (identifier(name) for name in "abx")
    part = OPERATORS[inner](a, b)
    for k in range(1 if outer in (*ENCLOSES, "neg", "coefficient") else 2):
        whole = OPERATORS[outer](*[part, x] if k == 0 else [x, part])
        needed = NEEDS.get(outer, {}).get(inner, "--")[k] == "B"
        in_one_line, apart = f"({part.text})", needed and (outer, k) not in STANDS_APART
        assert (in_one_line in whole.text) == (needed or outer in ("sin", "root"))
        assert (rf"\left({part.latex}\right)" in whole.latex) == (apart or outer == "sin")
        bracketed = f"<mo>(</mo>{part.mathml}<mo>)</mo>"
        assert (bracketed in whole.mathml) == (apart or outer == "sin")


def test_a_deep_formula_is_printed_without_recursion():
    formula = identifier("x")
    for _ in range(5000):
        formula = -formula
    assert formula.text.count("-") == 5000
    assert formula.latex.count("-") == formula.mathml.count("−") == 5000


# --------------------------------------------------------------------- entries of the user's
@pytest.fixture
def user():
    """Adds entries to the table under names that no other test has."""
    counter = itertools.count()

    def add(arity=1, **columns):
        forward = {1: lambda x: 2.0 * x, 2: lambda a, b: a * b, None: lambda *x: float(len(x))}
        partials = {
            1: lambda x, y: (2.0,),
            2: lambda a, b, y: (b, a),
            None: lambda *x, y: (0.0,) * len(x),
        }
        name = f"noted_{next(counter)}_{len(table.TABLE)}"
        return Primitive(name, arity, forward[arity], partials[arity], **columns)

    return add


@pytest.mark.parametrize(
    ("template", "printed"),
    [
        (r"\mathcal{{F}}\left({}\right)", r"\mathcal{F}\left(a + b\right)"),
        (r"\left\{{ {} \right\}}", r"\left\{ a + b \right\}"),
        (r"\overline{{{}}}", r"\overline{a + b}"),
        ("{}^{{*}}", r"\left(a + b\right)^{*}"),
        (r"\Psi {}", r"\Psi \left(a + b\right)"),
        ("{0} + {0}", r"\left(a + b\right) + \left(a + b\right)"),
    ],
)
def test_a_format_string_of_the_users_is_obeyed_by_latex(user, template, printed):
    op = user(latex=template)
    a, b = identifier("a"), identifier("b")
    formula = apply(op, [a + b])
    assert formula.latex == printed
    assert check_languages(formula) == f"{op.name}(a + b)"
    assert op.latex == template
    value = op(Value(1.0, "a") + Value(2.0, "b"))
    assert printed in latex(value)
    ElementTree.fromstring(mathml(value))
    assert op.name in str(derivation(value))


def test_what_a_format_string_gives_is_bracketed_by_what_stands_in_it(user):
    x = [identifier("x")]
    square = apply(user(latex="{}^2"), x)
    sum_ = apply(user(latex="{} + 1"), x)
    product = apply(user(latex=r"2 \circ {}"), x)
    assert (square * square).latex == r"x^2 \, x^2"
    assert (sum_ * sum_).latex == r"\left(x + 1\right) \, \left(x + 1\right)"
    assert (product**2).latex == r"{\left(2 \circ x\right)}^{2}"


def test_a_notation_of_the_users_is_obeyed_in_every_language(user):
    op = user(2, notation=lambda m, a, b: m.enclosed("⟨", a - b, "⟩"))
    assert check_languages(apply(op, names(2))) == "⟨x1 - x2⟩"
    assert op.latex == r"\left⟨ {} - {} \right⟩"
    named = user(notation="swish")
    assert apply(named, names(1)).latex == r"\operatorname{swish}\left(x_{1}\right)"


def test_a_format_string_goes_before_the_notation_in_latex_alone(user):
    op = user(latex=r"\tilde{{{}}}", notation=lambda m, x: 2 * x)
    formula = apply(op, names(1))
    assert formula.latex == r"\tilde{x_{1}}"
    assert formula.text == "2·x1"
    assert (formula**2).text == "(2·x1)^2"


def test_a_format_string_that_does_not_fit_the_number_of_inputs_is_left_out(user):
    op = user(None, latex=r"\star {}")
    assert apply(op, names(1)).latex == r"\star x_{1}"
    assert apply(op, names(2)).latex.startswith(r"\operatorname{noted")


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"latex": r"\mathcal{F}{}"}, "latex="),
        ({"latex": r"\frac{{{}}}{{2"}, "braces do not match"),
        ({"latex": "{} {}"}, "latex="),
        ({"notation": lambda m: m.e}, "notation="),
        ({"notation": lambda m, x: m.nothing(x)}, "nothing"),
        ({"notation": lambda m, x: "x"}, "gives str 'x'"),
    ],
)
def test_a_notation_that_cannot_be_printed_is_reported_when_the_entry_is_made(
    user, columns, message
):
    with pytest.raises(PrimitiveError, match=re.escape(message)):
        user(**columns)


def test_a_name_that_begins_with_a_prime_or_is_long_is_printed():
    assert check_languages(identifier("′2"))
    assert identifier("w", 2).latex == "{w}^{(2)}"
    assert (identifier("w", 2) ** 2).latex == "{{w}^{(2)}}^{2}"
