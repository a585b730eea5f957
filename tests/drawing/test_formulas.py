"""Formulas say what the graph computes, in three languages, and no name becomes markup."""

import math
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import chromium
import pytest

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.drawing import derivation, latex, mathml
from autograd_bp.errors import (
    DrawingError,
    NotDifferentiableError,
    OperandError,
    SettingError,
)
from autograd_bp.nn import Network, gamma
from autograd_bp.notation.lines import text_block
from autograd_bp.primitives import TABLE

GOLDEN = Path(__file__).parent / "golden"
BUILT_IN = [
    row
    for row in TABLE
    if (row.forward.__module__ or "").startswith("autograd_bp") and row.arity != 0
]
HOSTILE = [
    "w_1^2",
    "a\\b",
    "{x}",
    "}{",
    "100%",
    "$5",
    "A&B",
    "#1",
    "~",
    "<b>x</b>",
    '"',
    "🙂",
    "שלום",
    "a\nb",
    "\ud800",
    "x" * 10_000,
    "\\end{aligned}",
    "1",
    "-1",
    "]]>",
]


def names(text):
    """A line of text as Python: ∂P/∂w[1,2] becomes a name, products and powers operators."""
    word = r"[\wα-ω]+(?:\[[\d,]+\])?"
    text = re.sub(rf"∂({word})/∂({word})", r"D_\1_\2", text)
    text = re.sub(r"\[([\d,]+)\]", lambda m: "_" + m[1].replace(",", "_"), text)
    text = text.replace("½", "0.5").replace("·", "*").replace("^", "**")
    return re.sub(r"\|([^|]*)\|", r"abs(\1)", text)


def evaluated(lines, known):
    """Every line read as Python, in order; each further part must say the same."""
    space = {
        **{name: getattr(math, name) for name in dir(math) if name[0] != "_"},
        "σ": bp.sigmoid,
        "ln": math.log,
        **known,
    }
    for line in lines:
        first, *others = (names(part) for part in line.split(" = "))
        numbers = [eval(part, space) for part in others if part not in ("",)] if others else []
        space[first] = numbers[-1]
        yield first, numbers


def mazur():
    """The 2-2-2 worked example, its biases as bias weights of the other sign."""
    net = Network([2, 2, 2])
    weights = [[(-0.35, 0.15, 0.2), (-0.35, 0.25, 0.3)], [(-0.6, 0.4, 0.45), (-0.6, 0.5, 0.55)]]
    for layer, rows in zip(net.layers, weights, strict=True):
        for neuron, (bias, *others) in zip(layer.neurons, rows, strict=True):
            neuron.bias.data = bias
            for weight, data in zip(neuron.weights, others, strict=True):
                weight.data = data
    x = [Value(0.05, "x1"), Value(0.1, "x2")]
    d = [Value(0.01, "d1"), Value(0.99, "d2")]
    P = bp.performance(d, net.trace(x)[-1].outputs)
    P.label = "P"
    return net, P, {node.label: node.data for node in (*x, *d)}


def test_the_lines_of_a_derivation_compute_every_gradient():
    net, P, known = mazur()
    known |= {names(p.label): p.data for p in net.parameters()}
    told = derivation(P, net.parameters())
    forward = dict(evaluated(str(told).splitlines()[: len(told.forward)], known))
    assert forward["P"][-1] == pytest.approx(P.data, rel=1e-12)
    space = dict(known)
    for line in str(told).splitlines():
        parts = [names(part) for part in line.split(" = ")]
        number = eval(parts[-1], {"σ": bp.sigmoid, **space})
        space.update(dict.fromkeys(parts[:-1], number))
    P.backward()
    for parameter in net.parameters():
        assert space[f"D_P_{names(parameter.label)}"] == pytest.approx(parameter.grad, rel=1e-12)


def test_the_gammas_of_a_derivation_are_those_derived_by_hand():
    net, P, _ = mazur()
    layers = [
        [gamma.Weights(n.bias.data, [w.data for w in n.weights]) for n in layer.neurons]
        for layer in net.layers
    ]
    by_hand = gamma.gammas(layers, gamma.outputs(layers, [0.05, 0.1]), [0.01, 0.99])
    told = str(derivation(P, net.parameters(), numbers=True))
    for layer, row in enumerate(by_hand, 1):
        for j, γ in enumerate(row, 1):
            line = re.search(rf"^γ\[{layer},{j}\] = .* = (\S+)$", told, re.MULTILINE)
            assert float(line[1]) == pytest.approx(γ, rel=1e-5)


def test_numbers_that_are_put_in_give_the_number_at_the_end():
    net, P, _ = mazur()
    told = derivation(P, net.parameters(), numbers=True)
    lines = str(told).splitlines()[len(told.forward) :]
    for line in lines:
        *_, filled, result = line.split(" = ")
        if not re.search("[a-z]", filled.replace("e", "")):
            assert eval(names(filled)) == pytest.approx(float(result), rel=2e-5, abs=1e-9)


def test_no_gradient_is_touched():
    net, P, _ = mazur()
    derivation(P, numbers=True)
    assert all(parameter.grad == 0.0 for parameter in net.parameters())


def test_the_wave_goes_from_the_output_to_the_inputs():
    _, P, _ = mazur()
    lines = [line.split(" = ")[0] for line in str(derivation(P)).splitlines()]
    order = ["∂P/∂z1", "γ[2,1]", "∂P/∂y[1,1]", "γ[1,1]", "∂P/∂w[1,1,1]"]
    assert [line for line in lines if line in order] == order


def test_a_value_that_is_used_twice_gets_both_terms():
    x = Value(3.0, "x")
    assert str(derivation(x * x)).splitlines()[-1] == "∂y/∂x = x + x"


def test_only_what_was_asked_for_is_derived():
    w, x = Value(2.0, "w"), Value(3.0, "x")
    told = derivation(w * x, w)
    assert str(told) == "y = w·x\n∂y/∂w = x"


def test_a_derivation_through_a_threshold_is_refused():
    with pytest.raises(NotDifferentiableError):
        derivation(bp.threshold(Value(1.0, "x")))


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda a, b: (a + b) * a, "y = (a + b)·a"),
        (lambda a, b: a - (b - a), "y = a - (b - a)"),
        (lambda a, b: a - b - a, "y = a - b - a"),
        (lambda a, b: (-a) ** 2, "y = (-a)^2"),
        (lambda a, b: -(a**2), "y = -a^2"),
        (lambda a, b: a / (b * a), "y = a/(b·a)"),
        (lambda a, b: a / b / a, "y = a/b/a"),
        (lambda a, b: a / (b / a), "y = a/(b/a)"),
        (lambda a, b: (a**b) ** a, "y = (a^b)^a"),
        (lambda a, b: a ** (b**a), "y = a^(b^a)"),
        (lambda a, b: 2**-a, "y = 2^(-a)"),
        (lambda a, b: a * -1.0, "y = -a"),
        (lambda a, b: a + b * -3, "y = a + b·(-3)"),
        (lambda a, b: bp.log10(a + b), "y = log10(a + b)"),
        (lambda a, b: abs(a - b), "y = |a - b|"),
        (lambda a, b: bp.dot([a, b], [b, a], 0.5), "y = a·b + b·a + 0.5"),
    ],
)
def test_brackets_stand_where_they_are_needed(make, text):
    value = make(Value(1.5, "a"), Value(2.5, "b"))
    found = text_block(bp.drawing.formulas.formula_lines(value, False, None, 9))
    assert found == text


@pytest.mark.parametrize(
    ("make", "tex"),
    [
        (lambda w, α: w * α, r"y = w_{1} \, \alpha"),
        (lambda w, α: 2 * (w * 3), r"y = 2 \, w_{1} \cdot 3"),
        (lambda w, α: w / α, r"y = \frac{w_{1}}{\alpha}"),
        (lambda w, α: bp.exp(-α), r"y = e^{-\alpha}"),
        (lambda w, α: bp.sqrt(w + α), r"y = \sqrt{w_{1} + \alpha}"),
        (lambda w, α: bp.sin(w), r"y = \sin\left(w_{1}\right)"),
        (lambda w, α: w * 1.5e-7, r"y = w_{1} \, \left(1.5 \cdot 10^{-7}\right)"),
        (lambda w, α: bp.maximum(w, α), r"y = \max\left(w_{1}, \alpha\right)"),
    ],
)
def test_latex_is_the_mathematics(make, tex):
    written = latex(make(Value(0.5, "w1"), Value(2.0, "α")))
    assert written.replace(r"\left(1.5 \cdot 10^{-7}\right)", "?") in (
        tex,
        tex.replace(r"\left(1.5 \cdot 10^{-7}\right)", "?"),
        r"y = w_{1} \cdot 1.5 \cdot 10^{-7}",
    )


def test_shared_parts_are_named_once():
    x = Value(0.5, "x")
    shared = bp.sin(x * 3 + 1)
    lines = latex(shared * shared + shared).splitlines()
    assert lines[1].startswith("t_{1} &= ")
    assert sum(r"\sin" in line for line in lines) == 1


def test_a_long_sum_shows_its_first_and_last_terms():
    many = [Value(float(i), f"x{i}") for i in range(1, 31)]
    assert latex(bp.sum(many)) == r"y = x_{1} + x_{2} + \cdots + x_{30}"


def test_two_values_of_one_name_are_told_apart():
    a, b = Value(1.0, "w"), Value(2.0, "w")
    assert latex(a + b) == r"y = w + {w}^{(2)}"


def test_the_golden_formula_is_the_same_on_every_machine():
    _, P, _ = mazur()
    told = derivation(P, numbers=True)
    assert told.latex() + "\n" == (GOLDEN / "derivation.tex").read_text(encoding="utf-8")
    assert told.mathml() + "\n" == (GOLDEN / "derivation.mml").read_text(encoding="utf-8")


def braces(tex):
    depth = 0
    for character in re.sub(r"\\[\\{}]", "", tex):
        depth += (character == "{") - (character == "}")
        assert depth >= 0, tex
    return depth


@pytest.mark.parametrize("label", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_name_stays_a_name(label):
    x = Value(0.5, label)
    y = bp.sigmoid(x * 2 + bp.exp(x)) * x
    for tex in (latex(y), derivation(y).latex()):
        assert braces(tex) == 0
        assert tex.count(r"\left") == tex.count(r"\right")
        assert tex.count(r"\begin{aligned}") == tex.count(r"\end{aligned}") <= 1
        bare = re.sub(r"\\text(asciicircum|asciitilde|backslash)\{\}|\\[\\#$%&_{}]", "", tex)
        assert not re.search(r"[#$%~]", bare)
        assert all(len(line) < 4_000 for line in tex.splitlines())
    for xml in (mathml(y), derivation(y).mathml()):
        tags = {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(xml).iter()}
        assert tags <= {
            "math",
            "mtable",
            "mtr",
            "mtd",
            "mrow",
            "mi",
            "mn",
            "mo",
            "mtext",
            "msub",
            "msup",
            "mfrac",
            "msqrt",
            "mroot",
        }


def test_a_name_that_looks_like_a_number_is_not_taken_for_one():
    one, x = Value(7.0, "1"), Value(3.0, "x")
    assert latex(bp.dot([one], [x])) == r"y = \text{1} \, x"


@pytest.mark.parametrize("row", BUILT_IN, ids=lambda row: row.name)
def test_every_primitive_can_be_written(row):
    n = row.arity or 4
    point = next((p for p in row.points if len(p if isinstance(p, tuple) else (p,)) == n), None)
    numbers = [0.25 + 0.125 * i for i in range(n)] if point is None else [0.25] * n
    value = row(*(Value(x, f"x{i}") for i, x in enumerate(numbers, 1)))
    assert braces(latex(value)) == 0
    ElementTree.fromstring(mathml(value))
    if row.partials is not None:
        told = derivation(value, numbers=True)
        assert braces(told.latex()) == 0
        ElementTree.fromstring(told.mathml())


def test_latex_is_understood_by_mathtext():
    pytest.importorskip("matplotlib")
    from matplotlib.mathtext import MathTextParser

    parser = MathTextParser("path")
    _, P, _ = mazur()
    for tex in (latex(P), derivation(P, numbers=True).latex()):
        for line in tex.splitlines()[1:-1]:
            line = line.removesuffix(r" \\").replace("&", "").replace(r"\tfrac", r"\frac")
            parser.parse(f"${line}$")


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: latex(3.0), OperandError, "made of a Value"),
        (lambda: mathml("x"), OperandError, "made of a Value"),
        (lambda: derivation(None), OperandError, "made of a Value"),
        (lambda: derivation(Value(1.0), [2.0]), OperandError, "with respect to"),
        (lambda: latex(Value(1.0) + 1, max_lines=0), SettingError, "max_lines"),
        (lambda: derivation(Value(1.0) + 1, max_lines=1.5), SettingError, "max_lines"),
    ],
)
def test_bad_input_is_refused_by_name(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_a_graph_that_is_too_long_is_refused_and_not_recursed_into():
    value = Value(0.5, "x")
    for _ in range(20_000):
        value = bp.sin(value)
    for write in (latex, mathml, derivation):
        with pytest.raises(DrawingError, match="more than 200 lines"):
            write(value)


@chromium.needs_chromium
def test_a_browser_shows_the_formulas_and_runs_nothing():
    _, P, _ = mazur()
    evil = Value(1.0, "<script>document.title='run'</script>")
    written = derivation(P, numbers=True).mathml() + mathml(evil * evil + 1)
    html = f"<!doctype html><meta charset=utf-8><title>quiet</title>{written}"
    with chromium.launched() as browser:
        page = browser.new_page()
        page.set_content(html)
        heights = page.evaluate(
            "[...document.querySelectorAll('mfrac')].map(f => f.getBoundingClientRect().height)"
        )
        rows = page.evaluate("document.querySelectorAll('math')[0].querySelectorAll('mtr').length")
        scripts = page.evaluate("document.scripts.length")
        title = page.title()
    assert rows == str(derivation(P)).count("\n") + 1
    assert min(heights) > 20  # laid out as fractions, one above the other
    assert (scripts, title) == (0, "quiet")


@pytest.mark.parametrize(
    ("function", "formula"),
    [
        (bp.atan, "1/(x^2 + 1)"),
        (bp.asin, "1/sqrt(1 - x^2)"),
        (bp.atanh, "1/(1 - x^2)"),
        (bp.normal_pdf, "-x·normal_pdf(x)"),
        (bp.gelu, "ndtr(x) + x·normal_pdf(x)"),
    ],
    ids=["atan", "asin", "atanh", "normal_pdf", "gelu"],
)
def test_slopes_are_written_out(function, formula):
    x = Value(0.5, "x")
    assert str(bp.formula(function(x), x)).partition("= ")[2] == formula
