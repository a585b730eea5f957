"""A traced function computes what the function computes; where it would not, it is not traced."""

import math
import random
import subprocess
import sys
import types

import numpy as np
import pytest

from autograd_bp.errors import PrimitiveError
from autograd_bp.expressions import call
from autograd_bp.printers import python
from autograd_bp.printers.tracing import traced

SCALE = 2.0
settings = types.ModuleType("settings")
settings.scale = 2.0
NUMBERS = (-800.0, -2.5, -1.0, -0.0, 0.0, 0.3, 1.0, 2.5, 5.0, 150.0)


class Options:
    scale = 2.0

    def scaled(self, x):
        return x * self.scale

    __call__ = scaled


options = Options()


def scaled(x):
    return x * SCALE


def by_default(x, factors=[2.0]):  # noqa: B006
    return x * factors[0]


def exp_or_limit(x):
    try:
        return math.exp(x)
    except OverflowError:
        return 1e300


def imports(x):
    from random import random as draw

    return x + (draw() if x > 100.0 else 0.0)


def kept_apart(x):
    return -1.0 if isinstance(x, float) and x > 100.0 else x


def with_helper(x):
    return steep(abs(x)) + 1.0


def steep(x):
    return math.sqrt(x) if x > 1.0 else x


@pytest.mark.parametrize(
    "function",
    [
        lambda x: scaled(x) + 1.0,
        lambda x: (lambda t: t * SCALE)(x),
        lambda x: x * settings.scale,
        lambda x: x * Options.scale,
        lambda x: options(x),
        lambda x: x + (random.random() if x > 100.0 else 0.0),
        lambda x: np.maximum(x, 0.0),
        lambda x: -1.0 if (x > 100.0) is True else x,
        lambda x: float(len(f"{x}")),
        options.scaled,
        by_default,
        exp_or_limit,
        imports,
        kept_apart,
    ],
)
def test_what_may_change_or_asks_more_than_numbers_is_not_traced(function):
    assert traced(function, 1) is None


@pytest.mark.parametrize(
    "function",
    [
        with_helper,
        lambda x: math.log(abs(x) + 1.0, 2),
        lambda x: math.log10(abs(x) + 1.0) * math.pi + np.pi,
        lambda x: math.floor(x) / 3,
        lambda x: (x > 0.0) + (x > 1.0),
        lambda x: math.exp(x > 0.0),
        lambda x: (x > 0.0) * x,
        lambda x: 0.0 < x < 1.0,
        lambda x: sum(x > k for k in range(3)),
    ],
)
def test_what_is_traced_has_the_numbers_of_the_function(function):
    expression = traced(function, 1)
    assert expression is not None
    printed = python.function("printed", 1, expression)
    for x in NUMBERS:
        assert repr(printed(x)) == repr(float(function(x)))


def test_a_loop_that_lasts_while_a_number_is_large_is_not_traced():
    def halved(x):
        while x > 1.0:
            x = x / 2.0
        return x

    assert traced(halved, 1) is None


def test_a_function_of_three_inputs_where_c_has_two_is_not_traced():
    assert traced(lambda a, b, c: math.hypot(a, b, c), 3) is None
    with pytest.raises(PrimitiveError, match="hypot takes 2 inputs, got 3"):
        call("hypot", 1.0, 2.0, 3.0)


# These register primitives, in a process of their own: the other tests read the table.
PROGRAMS = {
    "a rule that compares its inputs is not frozen in a compiled gradient": """
from autograd_bp.errors import BranchError
@primitive(partials=lambda x, y: (1.0 if x > 0 else 0.0,))
def ramp(x): return max(x, 0.0)
for backend in ("reference", "tape", "numpy"):
    compiled = bp.compiled(lambda x: ramp(x), backend=backend)
    with pytest.raises(BranchError):
        compiled.value_and_grad(-1.0)
""",
    "a condition is a number on every backend": """
@primitive(partials=lambda a, b, y: (0.0, 0.0))
def positives(a, b): return (a > 0) + (b > 0) * math.exp(b > 0)
@primitive(partials=lambda a, y: (0.0,), c="(a > 0) + (a > 1)")
def steps(a): return (a > 0) + (a > 1)
by_expression = Primitive("by_expression", 1, None, lambda a, y: (0.0,),
                          expression=lambda a: -(a > 0.0))
for backend in ("reference", "tape", "numpy"):
    f = bp.compiled(lambda a, b: positives(a, b) + steps(a) + by_expression(b), rows=("a", "b"),
                    reduce=None, backend=backend)
    for a, b in ((-1.0, 2.0), (2.0, 3.0), (0.5, -1.0)):
        assert f([a], [b]).tolist() == [positives(a, b) + steps(a) + by_expression(b)]
""",
    "a function whose result is complex is called as it is": """
@primitive(partials=lambda x, y: (0.5 / y,))
def root(x): return x ** 0.5
assert root.expression is None and root(4.0) == 2.0
""",
    "a primitive may have a name that is a keyword or that Python normalises": """
for name in ("class", "lambda", "\u017f"):
    op = Primitive(name, 1, None, lambda a, y: (2.0,), expression=lambda a: a * 2.0 + 1.0)
    assert op(3.0) == 7.0
    assert bp.compiled(lambda x: op(x), rows="x", reduce=None)([3.0]).tolist() == [7.0]
""",
    "a function that calls another traced primitive is traced": """
@primitive(partials=lambda x, y: (1.0,))
def inner(x): return x if x > 0 else 2 * x
@primitive(partials=lambda x, y: (1.0,))
def outer(x): return 3.0 if x > 5 else inner(x) + (1.0 if x > 2 else 0.0)
assert outer.expression is not None
""",
}

START = """
import math, pytest
import autograd_bp as bp
from autograd_bp import primitive
from autograd_bp.entry import Primitive
"""


@pytest.mark.parametrize("name", PROGRAMS)
def test_primitives_that_are_traced(name):
    done = subprocess.run(
        [sys.executable, "-c", START + PROGRAMS[name]], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
