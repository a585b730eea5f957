"""The printed functions of every primitive, run by node, against those of the engine.

The numbers are equal to the bit where IEEE 754 defines every operation. Functions of the libraries
(exp, sin, pow and so on) may differ by a few units in the last place.
"""

from __future__ import annotations

import functools
import itertools
import json
import math
import random
import subprocess
import tempfile
from pathlib import Path

import chromium
import pytest

from autograd_bp import Value, expressions, primitives
from autograd_bp.expressions import walk
from autograd_bp.folds import Fold
from autograd_bp.graph import topological_order
from autograd_bp.primitives import Primitive
from autograd_bp.printers.overrides import override
from autograd_bp.printers.tracing import traced_rule
from autograd_bp.stepping import functions
from autograd_bp.stepping.program import finite, program

pytestmark = chromium.needs_node

OPS = [op for op in vars(primitives).values() if isinstance(op, Primitive)]
# Derivatives of the last members of families that the table has.
MEMBERS = [
    Primitive.named(name)
    for name in (
        "polygamma_4",
        "polygamma_difference_2",
        "spherical_bessel_pi_2",
        "mills_excess_2",
        "ierfcx_3",
    )
]
EXACT = {
    *expressions.ARITHMETIC,
    *expressions.COMPARISONS,
    *expressions.LOGIC,
    *expressions.TESTS,
    *("input", "number", "?", "neg", "fabs", "floor", "sqrt", "copysign"),
}
ULPS = 4
SECOND_ORDER = 4e-15  # of graphs of several operations, relative
SPECIAL = (math.nan, math.inf, -math.inf, 0.0, -0.0, 1.0, -1.0, 2.0, 0.5)

RUN = """
const numbers = (list) => list.map((x) => (Object.is(x, -0) ? "-0.0" : String(x)));
const jobs = JSON.parse(require("fs").readFileSync(0, "utf-8"));
const answers = jobs.map((job) => {
  if (job.op) {
    const x = job.x.map(Number), { f, d } = PRIMITIVES.get(job.op);
    return numbers([f(...x), ...d(x, Number(job.y))]);
  }
  const leaves = job.nodes.flatMap((node, i) => (node.kind === "operation" ? [] : [i]));
  const changed = new Map(leaves.map((i) => [i, Number(job.nodes[i].value)]));
  const { partials } = forward(job.nodes, changed);
  return numbers(backward(job.nodes, partials).grad);
});
console.log(JSON.stringify(answers));
"""


def run(printed, jobs):
    """What node answers, with these printed functions."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "page.js"  # too long for a command line
        script.write_text(functions.script(printed) + RUN, encoding="utf-8")
        answer = subprocess.run(
            ["node", str(script)],
            input=json.dumps(jobs),
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
    assert answer.returncode == 0, answer.stderr
    lines = json.loads(answer.stdout)
    return [[float(x.replace("Infinity", "inf")) for x in line] for line in lines]


def are_close(x, expected, exact):
    """Whether a number has the same bits, or is at most ULPS from what is expected; NaN is NaN."""
    if repr(x) == repr(expected):
        return True
    return not exact and abs(x - expected) <= ULPS * math.ulp(expected) < math.inf


def points(op):
    """The points of the entry, special values, and random ones inside its domain."""
    generator = random.Random(op.name)
    special = list(itertools.product(SPECIAL, repeat=op.arity or 4))
    domain = op.domain if op.arity else op.domain * 4
    inside = [
        tuple(min(max(generator.uniform(-scale, scale), low), high) for low, high in domain)
        for scale in (0.1, 3.0, 20.0) * 5
    ]
    special = special if len(special) < 100 else generator.sample(special, 100)
    return [*filter(None, op.points), *special, *inside]


@functools.cache
def exactness(op):
    """Whether the value has to be equal to the bit, and each of the partials."""
    if isinstance(op.expression, Fold):
        steps = [step for stage in op.expression.stages for step in stage.steps]
        value, slopes = [*steps, op.expression.finish], op.expression.slopes
    else:
        value, slopes = [op.expression], traced_rule(op.partials, op.arity) if op.partials else ()
    own_form = override("python", op.name) or override("javascript", op.name)
    partials = [is_exact([slope]) for slope in slopes]
    if op.arity is None:
        partials = [all(partials)]
    return is_exact(value) and not own_form, partials


def is_exact(roots):
    return all(node.head in EXACT for node in walk(*roots))


def wrong_at_first_order(printed):
    """The values and partials that are too far from the engine's."""
    cases = [(op, point) for op in OPS for point in points(op)]
    outputs = [op.forward(*point) for op, point in cases]
    jobs = [
        {"op": op.name, "x": [*map(finite, point)], "y": finite(y)}
        for (op, point), y in zip(cases, outputs, strict=True)
    ]
    wrong = []
    for (op, point), y, answer in zip(cases, outputs, run(printed, jobs), strict=True):
        partials = [math.nan] * op.arity if op.partials is None else op.partials(*point, y=y)
        value_is_exact, slopes_are_exact = exactness(op)
        slopes_are_exact = itertools.cycle(slopes_are_exact or [True])
        exact = [value_is_exact, *(next(slopes_are_exact) for _ in partials)]
        expected = [y, *map(float, partials)]
        if not all(map(are_close, answer, expected, exact)) or len(answer) != len(expected):
            wrong.append((op.name, point, answer, expected))
    return wrong


def wrong_at_second_order(printed):
    """The second derivatives that are too far: the page sweeps the graphs of recorded partials."""
    names, graphs = [], []
    for op in OPS:
        for point in filter(None, op.points if op.partials else ()):
            inputs = [Value(float(x), f"x{i}") for i, x in enumerate(point)]
            for k, partial in enumerate(op.partials(*inputs, y=op(*inputs))):
                if isinstance(partial, Value) and partial.parents:
                    names.append((op.name, point, k))
                    graphs.append(partial)
    wrong = []
    answers = run(printed, [program(graph, {}) for graph in graphs])
    for name, graph, answer in zip(names, graphs, answers, strict=True):
        graph.backward(accumulate=False)
        order = topological_order(graph)
        steps = [exactness(node.op) for node in order if node.op is not None]
        exact = all(value and all(partials) for value, partials in steps)
        for node, grad in zip(order, answer, strict=True):
            if node.op is None and not node.is_constant and repr(grad) != repr(node.grad):
                close = math.isclose(grad, node.grad, rel_tol=SECOND_ORDER)
                if exact or not close:
                    wrong.append((*name, node.label, grad, node.grad))
    return wrong


@pytest.fixture(scope="module")
def printed():
    return functions.printed([*OPS, *MEMBERS])


def test_every_primitive_of_the_table_is_printed(printed):
    assert printed.count("\n  f: ") == len(OPS) + len(MEMBERS)


def test_values_and_partials_are_those_of_the_engine(printed):
    assert wrong_at_first_order(printed) == []


def test_second_derivatives_are_those_of_the_engine(printed):
    assert wrong_at_second_order(printed) == []


@pytest.mark.parametrize(
    ("name", "right", "changed"),
    [
        ("tanh", "1 - y * y", "1 + y * y"),
        ("sigmoid", "y * (1 - y)", "y * (1 - y) * 1.00000000000001"),
        ("dot", "d[n + i] = x[i]", "d[n + i] = x[n + i]"),
        ("where", "const t0 = a == 0 ? 0 : 1", "const t0 = a > 0 ? 1 : 0"),
    ],
)
def test_a_changed_derivative_is_found(printed, name, right, changed):
    assert printed.count(right) == 1
    mutant = printed.replace(right, changed)
    assert {op for op, *_ in wrong_at_first_order(mutant)} == {name}


def test_a_changed_derivative_is_found_in_second_derivatives(printed):
    mutant = printed.replace("1 - y * y", "1 + y * y")
    # The rules of the other two are written with tanh.
    assert {op for op, *_ in wrong_at_second_order(mutant)} == {"tanh", "sech2", "sigmoid_slope"}


def test_no_infinite_gradient_passes_a_closed_gate(printed):
    w, x = Value(0.5, "w"), Value(2.0, "x")
    output = primitives.relu(-x) * primitives.log(w - 0.5) + primitives.maximum(w, x)
    (answer,) = run(printed, [program(output, {})])
    output.backward()
    order = topological_order(output)
    assert [answer[order.index(leaf)] for leaf in (w, x)] == [w.grad, x.grad] == [0.0, 1.0]


def test_what_cancels_is_not_nothing(printed):
    """Zero times infinity: 0 where nothing arrives, NaN where what arrives adds up to 0."""
    s, t, u = (primitives.sqrt(Value(0.0)) for _ in range(3))
    for y in (s - s, 2.0 * t - t - t, 0.0 * u, u**2, primitives.sqrt(u)):
        y.backward()
        (answer,) = run(printed, [program(y, {})])
        expected = [node.grad for node in topological_order(y)]
        assert [*map(str, answer)] == [*map(str, expected)]
