"""Expressions in JavaScript, where the language differs from C and from Python."""

import itertools
import json
import math
import subprocess

import chromium
import pytest

from autograd_bp.expressions import call, choose, inputs
from autograd_bp.folds import PAIRS, Fold, Stage
from autograd_bp.printers import c_parser, javascript, python
from autograd_bp.printers.tracing import traced_rule
from autograd_bp.stepping.functions import source

a, b = inputs("a", "b")
EXPRESSIONS = {
    "a condition is 1 or 0": a > b,
    "so it is in arithmetic": (a > b) + (a > b) - (a == b) * 0.5,
    "and compared with another": choose((a > b) == (b > a), 1.0, 2.0),
    "a number is true where it is not 0, NaN included": choose(a | b, 1.0, 2.0),
    "not of a number": choose(~a, 1.0, 2.0),
    "and of numbers, printed twice": choose(a & b, 1.0, 2.0) + choose(a & b, 3.0, 4.0),
    "text in C": c_parser.parse("!a || !(a > b && b) ? -a : - -b"),
    "the numbers that have names": choose(a > 0.0, math.inf, choose(a < 0.0, -math.inf, math.nan)),
    "a negative zero": a * -0.0 - -1e-300,
    "tests": choose(call("isinf", a), 1.0, choose(call("isfinite", b), 2.0, 3.0)),
    "a power of 1": call("pow", a, b),
    "the sign of another": call("copysign", a, b),
}
SCALE = 2.0
NUMBERS = (math.nan, math.inf, -math.inf, 0.0, -0.0, 1.0, -1.0, 2.0)
RUN = """
const numbers = (list) => list.map((x) => (Object.is(x, -0) ? "-0.0" : String(x)));
console.log(JSON.stringify(FUNCTIONS.map(({ f }) => numbers(POINTS.map((x) => f(...x))))));
"""


def as_text(x):
    return repr(x).replace("inf", "Infinity").replace("nan", "NaN")


def evaluated(functions, points):
    """The values of printed functions at points, by node."""
    library = source("library.js")
    places = ", ".join(f"[{', '.join(map(as_text, point))}]" for point in points)
    script = f"{library}const FUNCTIONS = [{', '.join(functions)}], POINTS = [{places}];{RUN}"
    answer = subprocess.run(["node", "-e", script], capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    rows = json.loads(answer.stdout)
    assert all(type(x) is str for row in rows for x in row)
    return [[repr(float(x.replace("Infinity", "inf"))) for x in row] for row in rows]


@chromium.needs_node
def test_expressions_are_computed_as_python_computes_them():
    points = list(itertools.product(NUMBERS, repeat=2))
    roots = EXPRESSIONS.values()
    printed = [javascript.primitive("test", 2, root, None) for root in roots]
    expected = [
        [repr(float(function(*point))) for point in points]
        for function in (python.function("test", 2, root) for root in roots)
    ]
    found = dict(zip(EXPRESSIONS, evaluated(printed, points), strict=True))
    assert found == dict(zip(EXPRESSIONS, expected, strict=True))


@chromium.needs_node
def test_a_fold_may_use_any_names_and_reads_the_state_as_it_was():
    exec_names = {}
    exec("step = lambda new, x, left, right: (left * x, new + right)", exec_names)
    stage = Stage(exec_names["step"], new=1.0, x=2.0)
    fold = Fold(PAIRS, [stage], lambda new, x: new - x, lambda left, right: (right, left))
    (values,) = evaluated(
        [javascript.primitive("test", None, fold, None)], [(1.0, 2.0, 3.0, 4.0), ()]
    )
    function = python.function("test", None, fold)
    assert values == [repr(function(1.0, 2.0, 3.0, 4.0)), repr(function())]


def test_no_number_loses_digits():
    for x in (0.1, 1 / 3, 5e-324, 1e22, 123456789.0, 1e16):
        assert float(javascript.literal(x)) == x
        assert float(javascript.literal(-x).strip("()")) == -x


def test_a_rule_is_seen_with_its_branches_options_and_variables():
    def rule(x, *, y, scale=SCALE):
        if x > 0.0:
            return (math.exp(x) * scale,)
        return (y,)

    assert repr(traced_rule(rule, 1)) == "(a > 0.0 ? exp(a) * 2.0 : y,)"


@pytest.mark.parametrize(
    "rule",
    [lambda x, y: (float(int(x)),), lambda x, y: (x, y), lambda x, y: x.data, lambda x: (1.0,)],
)
def test_a_rule_that_cannot_be_seen_is_none(rule):
    assert traced_rule(rule, 1) is None
    assert javascript.primitive("test", 1, a, rule) is None


@pytest.mark.parametrize("text", ["fmin(a, b)", "a * other", "cos(a) + tgamma(b)"])
def test_text_in_c_that_javascript_does_not_have_is_none(text):
    rule = lambda a, b, y: (1.0, 1.0)  # noqa: E731
    assert javascript.primitive("test", 2, c_parser.parse(text), rule) is None
    assert javascript.primitive("test", 2, c_parser.parse("fabs(a) * b"), rule) is not None
