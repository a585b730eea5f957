"""Templates are formulas as plain data: a page puts names and numbers in their places."""

import json
import math
import xml.etree.ElementTree as ElementTree

import pytest

import autograd_bp.primitives as bp
from autograd_bp.notation.algebra import RuleTerm
from autograd_bp.notation.mathml import serialised
from autograd_bp.notation.names import identifier
from autograd_bp.notation.templates import (
    definition_template,
    operation_template,
    partial_template,
    partial_templates,
)
from autograd_bp.primitives import Primitive

LIBRARY = [op for op in vars(bp).values() if isinstance(op, Primitive)]


def filled(template, texts):
    """The template with a text in each place, in brackets where it asks for them."""
    if isinstance(template, dict):
        text = ["mn", texts[template["slot"]]]
        return ["mrow", ["mo", "("], text, ["mo", ")"]] if template["bracket"] else text
    if isinstance(template, str):
        return template
    return [filled(piece, texts) for piece in template]


SPACE = {
    **{op.name: op for op in LIBRARY},
    "e": math.e, "ln": math.log, "σ": bp.sigmoid, "max": max, "min": min, "arcsin": math.asin,
    "arccos": math.acos, "arctan": math.atan, "arsinh": math.asinh, "arcosh": math.acosh,
    "artanh": math.atanh, "nonzero": bp.nonzero, "compare": bp.compare, "heaviside": bp.heaviside,
    "atan2": math.atan2, "sqrt": math.sqrt, "inf": math.inf,
    "polygamma_4": Primitive.named("polygamma_4"),
    "polygamma_difference_2": Primitive.named("polygamma_difference_2"),
    "spherical_bessel_pi_2": Primitive.named("spherical_bessel_pi_2"),
    "ierfcx_3": Primitive.named("ierfcx_3"),
    "mills_excess_2": Primitive.named("mills_excess_2"),
    **{name: getattr(math, name) for name in ("sin", "cos", "sinh", "cosh", "tanh", "erf", "erfc")},
}  # fmt: skip
OPERATORS = {"\u2062": "*", "·": "*", "−": "-", "\u2061": "", "=": "==", "∞": "inf", "∨": " or ",
             "ψ": "digamma", "ψ′": "trigamma", "ψ″": "polygamma_2", "ψ‴": "polygamma_3",
             "φ": "normal_pdf", "Φ": "ndtr"}  # fmt: skip


def python(template):
    """A template as the expression in Python that it shows."""
    if isinstance(template, dict):
        return f"x_{template['slot']}"
    if isinstance(template, str):
        return OPERATORS.get(template, template)
    tag, *parts = [template[0], *map(python, template[1:])]
    if tag == "mfrac":
        return f"(({parts[0]})/({parts[1]}))"
    if tag == "msup":
        return f"(({parts[0]})**({parts[1]}))"
    if len(parts) > 1 and parts[0] == "if\u00a0":
        return f"(({parts[3]}) if ({parts[1]}) else ({parts[5]}))"
    if len(parts) > 1 and parts[0] in ("⌊", "⌈"):
        return f"{'floor' if parts[0] == '⌊' else 'ceil'}({''.join(parts[1:-1])})"
    if len(parts) > 1 and parts[0] == parts[-1] == "|":
        return f"abs({''.join(parts[1:-1])})"
    return f"sqrt({parts[0]})" if tag == "msqrt" else "".join(parts)


def test_the_template_of_a_product_brackets_what_may_have_a_minus():
    left, right = ({"slot": k, "bracket": True} for k in (0, 1))
    assert operation_template(bp.mul, 2) == ["mrow", left, ["mo", "\u2062"], right]


def test_only_the_first_term_of_a_sum_stands_without_brackets():
    first, second = {"slot": 0, "bracket": False}, {"slot": 1, "bracket": True}
    assert operation_template(bp.add, 2) == ["mrow", first, ["mo", "+"], second]


def test_a_place_that_is_set_apart_needs_no_brackets():
    places = json.dumps([operation_template(op, op.arity) for op in (bp.div, bp.sqrt, bp.sin)])
    assert "false" in places
    assert "true" not in places


def test_a_long_sum_has_places_for_its_first_and_last_terms():
    text = json.dumps(operation_template(bp.sum_, 30))
    assert [k for k in range(30) if f'"slot": {k},' in text] == [0, 1, 29]


@pytest.mark.parametrize("op", LIBRARY, ids=lambda op: op.name)
def test_every_template_is_plain_data_and_well_formed(op):
    for count in [op.arity] if op.arity else [2, 4, 20]:
        templates = [operation_template(op, count), *partial_templates(op, count)]
        assert json.loads(json.dumps(templates)) == templates
        for template in filter(None, [*templates, definition_template(op, count)]):
            texts = {**dict.fromkeys(range(20), "2"), "y": "3"}
            ElementTree.fromstring(serialised(filled(template, texts)))


@pytest.mark.parametrize("op", LIBRARY, ids=lambda op: op.name)
def test_a_local_derivative_computes_the_partial(op):
    count = op.arity or 4
    if op.partials is None:
        assert partial_templates(op, count) == [None] * count
        return
    inputs = [1.5, 2.25, 0.5, 1.75][:count] if op.domain[0][1] > 1.0 else [0.3] * count
    y = op(*inputs)
    for template, partial in zip(
        partial_templates(op, count), op.partials(*inputs, y=y), strict=True
    ):
        if template is not None:
            space = {"x_y": y, **{f"x_{k}": x for k, x in enumerate(inputs)}, **SPACE}
            assert eval(python(template), space) == pytest.approx(partial, rel=1e-5, abs=1e-12)


def test_a_partial_that_is_a_number_or_of_a_fixed_input_has_no_template():
    assert partial_templates(bp.add, 2) == [None, None]
    assert partial_template(bp.power, 1, 2) is None
    assert partial_template(bp.power, 0, 2) is not None


def test_a_partial_that_is_a_factor_has_brackets_where_it_is_a_sum():
    (error,) = partial_templates(bp.performance, 2)[1:]
    assert partial_templates(bp.performance, 2, as_factors=True)[1] == [
        "mrow",
        ["mo", "("],
        error,
        ["mo", ")"],
    ]
    assert partial_templates(bp.mul, 2, as_factors=True)[0] == {"slot": 1, "bracket": True}
    assert partial_templates(bp.exp, 1, as_factors=True)[0] == {"slot": "y", "bracket": True}
    plain, factors = (partial_templates(bp.sigmoid, 1, as_factors=f) for f in (False, True))
    assert plain == factors


def test_the_rule_of_a_sigmoid_is_a_formula_of_its_output():
    y = {"slot": "y", "bracket": True}
    one_minus_y = ["mrow", ["mrow", ["mn", "1"]], ["mo", "−"], y]
    bracketed = ["mrow", ["mo", "("], one_minus_y, ["mo", ")"]]
    assert partial_template(bp.sigmoid, 0, 1) == ["mrow", y, ["mo", "\u2062"], bracketed]


def test_a_rule_that_asks_for_numbers_has_no_template():
    op = Primitive(
        "step_of_a_test", 1, lambda x: x, lambda x, y: (1.0 if x > 0.0 else 2.0,), latex="{}"
    )
    assert partial_templates(op, 1) == [None]


def test_a_choice_by_a_step_stays_a_choice():
    op = Primitive(
        "leaky_of_a_test",
        1,
        lambda x: x,
        lambda x, y: (bp.where(bp.heaviside(x, 0.0), y, 0.1 * y),),
    )
    text = json.dumps(partial_template(op, 0, 1))
    assert "if" in text
    assert "else" in text


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (lambda a, b: 0.0 + a, "a"),
        (lambda a, b: a + 0.0, "a"),
        (lambda a, b: a - 0.0, "a"),
        (lambda a, b: 0.0 - a, "-a"),
        (lambda a, b: -a + b, "b - a"),
        (lambda a, b: a - -b, "a + b"),
        (lambda a, b: -(a - b), "b - a"),
        (lambda a, b: 0.0 - -a, "a"),
        (lambda a, b: 1.0 * a, "a"),
        (lambda a, b: a * -1.0, "-a"),
        (lambda a, b: a * a, "a^2"),
        (lambda a, b: -a * b, "-a·b"),
        (lambda a, b: b * -2.0, "-2·b"),
        (lambda a, b: a / 1.0, "a"),
        (lambda a, b: -a / b, "-a/b"),
        (lambda a, b: a / b / b, "a/b^2"),
        (lambda a, b: a**1.0, "a"),
        (lambda a, b: 2.0**a, "2^a"),
        (lambda a, b: bp.sqrt(a) ** 2.0, "a"),
        (lambda a, b: bp.cbrt(a) ** 2.0, "root3(a)^2"),
        (lambda a, b: bp.pow(a, b - 1.0), "a^(b - 1)"),
        (lambda a, b: bp.div(bp.mul(a, b), bp.add(a, b)), "a·b/(a + b)"),
        (lambda a, b: bp.where(a, b / a, 0.0), "b/a"),
        (lambda a, b: bp.where(bp.sin(a), b, 0.0), "b"),
        (lambda a, b: bp.where(bp.relu(a), b, 0.0), "if relu(a) then b else 0"),
        (lambda a, b: bp.where(2.0 * bp.sign(a), b, a), "if 2·sign(a) then b else a"),
        (lambda a, b: abs(a), "|a|"),
        (lambda a, b: a + 1.0 / 3.0, "a + 0.333333"),
    ],
)
def test_the_formulas_of_rules_are_as_short_as_school_algebra_makes_them(rule, text):
    a, b = (RuleTerm(identifier(name)) for name in "ab")
    assert rule(a, b).maths.text == text


def test_what_is_a_number_stays_one():
    a = RuleTerm(identifier("a"))
    assert (0.0 * a, a * 0.0, a**0.0, 0.0 / a) == (0.0, 0.0, 1.0, 0.0)
    assert bp.where(0.0, a, 2.0) == 2.0
