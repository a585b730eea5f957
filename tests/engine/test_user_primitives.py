"""Primitives of the user's own: registered, recorded, swept, differentiated again, and refused.

Each registers in a process of its own, so that the table the other tests read stays as it is.
"""

import subprocess
import sys

import pytest

START = """
import math, pytest
import autograd_bp as bp
from autograd_bp import Value, primitive
from autograd_bp.errors import PrimitiveError
"""

PROGRAMS = {
    "a rule that cannot be called is refused when it is registered": """
for rule, words in (
    (lambda x: (2 * x,), "unexpected keyword argument 'y'"),
    (lambda a, b, y: (b, a), "missing a required argument: 'b'"),
    (lambda y: (1.0,), "multiple values for argument 'y'"),
    (3.0, "partials is a function, got float 3.0"),
):
    with pytest.raises(PrimitiveError, match=f"squared: .*{words}.*lambda a, y"):
        primitive(partials=rule, name="squared")(lambda x: x * x)
with pytest.raises(PrimitiveError, match="keyword y"):
    primitive(partials=lambda *x: x, name="of_any_number")(lambda *x: x[0])
assert primitive(partials=lambda *x, y: (y,), name="one")(lambda x: x + 0.0).arity == 1
assert primitive(partials=lambda x, **k: (k["y"],), name="two")(lambda x: x + 0.0).arity == 1
three = primitive(partials=lambda a, b, c, y: (c, b, a), name="three")(lambda *x: x[0])
assert three(1.0, 2.0, Value(3.0)).partials[2] == 1.0
""",
    "a primitive of one input is recorded and swept": """
@primitive(partials=lambda x, y: (3 * x * x,))
def cubed(x): return x ** 3
x = Value(2.0); y = cubed(x); y.backward()
assert (y.data, x.grad, y.op.name) == (8.0, 12.0, "cubed")
assert cubed(2.0) == 8.0
(partial,) = cubed.partials(x, y=y)
partial.backward(accumulate=False)
assert x.grad == 12.0
""",
    "primitives of two, three and any number of inputs": """
@primitive(partials=lambda a, b, y: (b, a), name="times")
def product(a, b): return a * b
@primitive(partials=lambda a, b, c, y: (1.0, 2.0, 3.0))
def weighted(a, b, c): return a + 2 * b + 3 * c
@primitive(partials=lambda *x, y: (2.0,) * len(x))
def double_sum(*x): return 2 * math.fsum(x)
a, b, c = Value(1.0), Value(2.0), Value(3.0)
(product(a, b) + weighted(a, b, c) + double_sum(a, b, c)).backward()
assert [v.grad for v in (a, b, c)] == [2 + 1 + 2, 1 + 2 + 2, 3 + 2]
assert product.name == "times"
""",
    "a gate and a refusal": """
@primitive(partials=lambda x, y: (bp.heaviside(x, 0.0),), gate=True)
def ramp(x): return max(x, 0.0)
x = Value(-1.0); ramp(x).backward(math.inf)
assert x.grad == 0.0
@primitive(partials=None, refusal="it is a step")
def step(x): return float(x > 0)
with pytest.raises(bp.AutogradError, match="step cannot be differentiated: it is a step"):
    step(x).backward()
""",
    "names that are taken or are no names": """
for name in ("exp", "two words", "1st", ""):
    with pytest.raises(PrimitiveError, match="name"):
        bp.Primitive(name, 1, abs, lambda x, y: (1.0,))
assert bp.Primitive.named("exp") is bp.exp
with pytest.raises(PrimitiveError, match="'nothing'"):
    bp.Primitive.named("nothing")
""",
    "a primitive without a rule must say why": """
with pytest.raises(PrimitiveError, match="refusal= must say why"):
    bp.Primitive("silent", 1, abs, None)
""",
    "a function of no inputs": """
with pytest.raises(PrimitiveError, match="takes no inputs"):
    @primitive(partials=lambda y: ())
    def nothing(): return 1.0
""",
    "a rule with the wrong number of partials, three inputs": """
@primitive(partials=lambda a, b, c, y: (1.0,))
def wrong(a, b, c): return a
with pytest.raises(PrimitiveError, match="1 partials for 3 inputs"):
    wrong(Value(1.0), 2.0, 3.0)
""",
    "a rule with the wrong number of partials, one and two inputs": """
@primitive(partials=lambda x, y: (1.0, 2.0))
def one(x): return x
@primitive(partials=lambda a, b, y: (1.0,))
def two(a, b): return a
with pytest.raises(PrimitiveError, match="2 partials for 1 inputs"):
    one(Value(1.0))
with pytest.raises(PrimitiveError, match="1 partials for 2 inputs"):
    two(Value(1.0), 2.0)
""",
    "a rule that gives a number instead of a sequence": """
with pytest.raises(PrimitiveError, match="squared: the rule returns one number"):
    @primitive(partials=lambda x, y: 2 * x)
    def squared(x): return x * x
@primitive(partials=lambda x, y: math.fabs(2 * x))
def twice(x): return x * x
with pytest.raises(PrimitiveError, match="twice: the rule gave float 6.0 where a sequence"):
    twice(Value(3.0))
""",
    "pairs with one input too many": """
from autograd_bp.folds import PAIRS, Fold, Stage
products = Fold(PAIRS, [Stage(lambda total, left, right: total + left * right, total=0.0)],
                lambda total: total, lambda left, right: (right, left))
pairs = bp.Primitive("pairs", None, None, products.partials, expression=products)
assert pairs(1.0, 2.0, 4.0, 8.0) == 1 * 4 + 2 * 8
for odd in ((1.0, 2.0, 4.0), (Value(1.0), 2.0, 4.0), (1.0,)):
    with pytest.raises(PrimitiveError, match=f"pairs takes its inputs as pairs, got {len(odd)}"):
        pairs(*odd)
""",
    "latex that is no format": """
with pytest.raises(PrimitiveError, match="is no format of 1 inputs"):
    bp.Primitive("odd", 1, abs, lambda x, y: (1.0,), latex="{0.real}")
""",
    "the text of an expression whose parts are shared": """
from autograd_bp.expressions import inputs
(x,) = inputs("a")
for _ in range(60): x = x * 0.5 + x * 0.25
assert repr(x) == "<expression of 183 operations>"
""",
    "an error in a function reaches the caller as it is": """
@primitive(partials=lambda x, y: (1.0,))
def broken(x): raise KeyError("mine")
with pytest.raises(KeyError, match="mine"):
    broken(Value(1.0))
assert (Value(1.0) * 2).data == 2.0
""",
    "a primitive can be drawn from the table, copied and pickled by name": """
import copy, pickle
@primitive(partials=lambda x, y: (1.0,))
def same(x): return x
y = same(Value(2.0, "x"))
for twin in (copy.deepcopy(y), pickle.loads(pickle.dumps(y))):
    assert twin.op is same and twin.data == 2.0
""",
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_primitives_of_users(name):
    done = subprocess.run(
        [sys.executable, "-c", START + PROGRAMS[name]], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
