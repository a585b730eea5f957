"""The quick functions of the interpreted core do what value.py and backprop.py say, to the bit.

Two processes run the same: one with the quick functions, one with the plain ones.
"""

import inspect
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from test_cores import OtherCore, programs

from autograd_bp import value
from autograd_bp.interpreted import generate, install, operators

PACKAGE = Path(install.__file__).parent.parent  # in a checkout, or where a wheel was installed

# What every method of Value gives for operands of every kind, at special numbers.
OUTCOMES = """
import json, math, sys
from decimal import Decimal
from fractions import Fraction
import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.interpreted import operators
{planted}

class Own(Value):
    pass

class Indexed:
    def __index__(self):
        return 3
    def __repr__(self):
        return "an index"

class Other:
    def __repr__(self):
        return "the other"
    def __radd__(self, other):
        return "the other side"
    __rmul__ = __rsub__ = __rpow__ = __add__ = __pow__ = __radd__

def shown(x, inside=True):
    if not isinstance(x, Value):
        return [type(x).__name__, x.hex() if isinstance(x, float) else str(x)[:80]]
    own = [type(x).__name__, x.op and x.op.name, x.is_constant, x.label, x.data.hex(), x.grad.hex()]
    if inside:
        own += [[p.hex() for p in x.partials], [shown(p, False) for p in x.parents]]
    return own

def outcome(function, *operands):
    try:
        return shown(function(*operands))
    except Exception as error:
        return [type(error).__name__, str(error)[:200]]

class Loud(float):
    def __mul__(self, other):
        return 7.0

NUMBERS = [0.0, -0.0, 1.0, -1.0, 2.0, 0.5, -2.5, 3.0, 1e308, 5e-324, 745.2, math.inf, -math.inf,
           math.nan]
others = [
    2, 0, -3, True, False, 2.5, -0.0, math.inf, math.nan, 10**400, Fraction(1, 3), Decimal("0.5"),
    1j, "text", None, [1.0], Indexed(), Other(), Loud(2.0), *map(Value, NUMBERS), Own(2.0),
    bp.sum([Value(1.5), 2.0]),
]
try:
    import numpy as np
    others += [np.float64(2.5), np.float32(0.1), np.int64(3), np.bool_(True), np.array(2.0)]
except ImportError:
    pass
told = []
for x in [*map(Value, NUMBERS), Own(0.3), bp.dot([Value(0.5)], [Value(2.0)])]:
    for name in operators.METHODS:
        method = getattr(Value, name)
        if name.strip("_") in ("neg", "abs") or not name.startswith("__"):
            told.append([name, outcome(method, x)])
            with bp.no_recording():
                told.append([name, outcome(method, x)])
            continue
        for other in [*others, x]:
            told.append([name, str(other)[:30], outcome(method, x, other)])
        with bp.no_recording():
            told.append([name, outcome(method, x, 2.0), outcome(method, x, x)])
    for other in others:
        told.append(outcome(lambda: x ** other))
        told.append(outcome(lambda: other - x))
        told.append(outcome(lambda: bp.dot([x, 1.0], [2.0, other])))
        told.append(outcome(lambda: bp.where(x, other, 3.0)))
        told.append(outcome(lambda: pow(x, other, 5)))
print(json.dumps(told))
"""


def outcomes(pure: str, planted: str = "") -> list:
    done = subprocess.run(
        [sys.executable, "-c", OUTCOMES.replace("{planted}", planted)],
        env={**os.environ, "AUTOGRAD_BP_PURE": pure},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def plain_outcomes():
    return outcomes("plain")


@pytest.fixture(scope="module")
def cores():
    both = OtherCore(pure="1"), OtherCore(pure="plain")
    yield both
    for core in both:
        core.stop()


def test_methods_give_the_same_for_operands_of_every_kind(plain_outcomes):
    quick = outcomes("1")
    assert len(quick) == len(plain_outcomes) > 3000
    for one, other in zip(quick, plain_outcomes, strict=True):
        assert one == other


@pytest.mark.parametrize(
    "planted",
    [
        "operators.METHODS['__rmul__'].__code__ = operators.METHODS['__mul__'].__code__",
        "operators.forget = lambda node: None",
        "operators.METHODS['tanh'].__code__ = operators.METHODS['sin'].__code__",
    ],
)
def test_a_wrong_quick_function_is_seen(planted, plain_outcomes):
    assert outcomes("1", planted) != plain_outcomes


@settings(max_examples=300)
@given(programs())
def test_random_programs_have_the_same_bits(cores, program):
    quick, plain = cores
    assert quick.play(program) == plain.play(program)


@pytest.mark.parametrize("fault", ["gradient * node._d_first", "gate and not partial"])
def test_a_fault_in_the_quick_sweep_is_seen(fault, tmp_path):
    """At one program that has a gate, a shared leaf and several parents."""
    program = [
        [((0.3).hex(), False), ((-1.0).hex(), False), (float("inf").hex(), False)],
        [("mul", [0, 0]), ("relu", [1]), ("mul", [4, 2]), ("sum", [3, 5, 0]), ("exp", [6])],
        [(1.0).hex(), (2.0).hex()],
    ]
    source = (PACKAGE / "interpreted" / "sweep.py").read_text("utf-8")
    assert fault in source
    (tmp_path / "wrong_sweep.py").write_text(
        source.replace(fault, "False" if "gate" in fault else "gradient"), "utf-8"
    )
    planted = (
        f"sys.path.append({str(tmp_path)!r})\n"
        "import wrong_sweep\nfrom autograd_bp import backprop, value\n"
        "wrong_sweep.install(value, backprop)"
    )
    right, wrong = OtherCore(pure="plain"), OtherCore(planted, pure="1")
    try:
        assert right.play(program) != wrong.play(program)
    finally:
        right.stop()
        wrong.stop()


def test_every_operator_and_method_of_the_table_is_written_out():
    quick = operators.METHODS
    source = (PACKAGE / "value.py").read_text(encoding="utf-8")
    recording = {method.name for method in generate.recording_methods(source)}
    slow = recording - set(quick)
    assert all(generate.one(generate.Primitive.named(name)) is None for name in slow)
    assert {"__add__", "__rsub__", "__pow__", "__neg__", "__abs__", "exp", "sigmoid"} <= set(quick)


def test_a_quick_method_explains_itself_as_the_plain_one_does():
    program = (
        "import inspect, json, autograd_bp as bp\n"
        "names = [n for n in dir(bp.Value) if callable(getattr(bp.Value, n))]\n"
        "print(json.dumps([[n, getattr(bp.Value, n).__doc__, getattr(bp.Value, n).__qualname__,\n"
        "    str(inspect.signature(getattr(bp.Value, n)))]\n"
        "    for n in names if inspect.isfunction(getattr(bp.Value, n))]))\n"
    )
    told = [
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "AUTOGRAD_BP_PURE": pure},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for pure in ("1", "plain")
    ]
    assert told[0] == told[1]
    assert len(json.loads(told[0])) > 40


def test_a_source_that_was_edited_is_what_runs(tmp_path):
    package = tmp_path / "autograd_bp"
    for path in sorted(PACKAGE.rglob("*.py")):
        copy = package / path.relative_to(PACKAGE)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    table = package / "table" / "elementary.py"
    text = table.read_text(encoding="utf-8")
    rule = "lambda x, y: (1.0 - y * y,)"
    assert rule in text
    program = (
        "import autograd_bp as bp\nx = bp.Value(0.5)\nbp.tanh(x).backward()\n"
        "print(round(x.grad, 3), bp.info()['core_reason'])"
    )

    def run() -> str:
        done = subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "AUTOGRAD_BP_PURE": "1", "PYTHONPATH": str(tmp_path)},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    assert run().startswith("0.786 AUTOGRAD_BP_PURE=1 is set in the environment\n")
    table.write_bytes(text.replace("\n", "\r\n").encode())  # a checkout on Windows
    assert "quick" not in run()
    table.write_text(text.replace(rule, "lambda x, y: (2.0,)"), encoding="utf-8")
    told = run()
    assert told.startswith("2.0 ")
    assert "a source of theirs was edited, run `python tools/generate.py`" in told


def test_the_plain_functions_run_where_the_environment_asks_for_them():
    program = (
        "import autograd_bp as bp\nprint(bp.Value.__mul__.__code__.co_filename)\n"
        "print(bp.backprop.search.__code__.co_filename)\nprint(bp.info()['core_reason'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "AUTOGRAD_BP_PURE": "plain"},
        capture_output=True,
        text=True,
        check=True,
    )
    first, second, reason = done.stdout.splitlines()
    assert first.endswith("value.py")
    assert second.endswith("backprop.py")
    assert "AUTOGRAD_BP_PURE is plain" in reason


@pytest.mark.skipif(
    not inspect.isfunction(value.Value.__add__) or bool(install.why_plain()),
    reason="the quick functions are not in use here",
)
def test_the_quick_functions_are_in_use_on_the_interpreted_core():
    assert value.Value.__add__ is operators.METHODS["__add__"]
    assert value.record1.__module__ == install.__name__


FREED = """
import weakref
import autograd_bp as bp
from autograd_bp import value
from autograd_bp.interpreted import freeing

freeing.install(value)
depth = deepest = freed = 0

def counted(node):
    global depth, deepest, freed
    depth, freed = depth + 1, freed + 1
    deepest = max(deepest, depth)
    freeing.release(node)
    depth -= 1

value.Value.__del__ = counted
shared = bp.Value(2.0)
y = bp.Value(1.0)
for k in range(3000):
    y = bp.sum([y * shared, bp.tanh(y), 1.0])
y.backward()
first = weakref.ref(y.parents[0])
del y
assert first() is None
assert freed == 1 + 4 * 3000, freed
assert shared.data == 2.0 and not freeing._pending
try:
    bp.Value("text")
except bp.AutogradError:
    pass
print(deepest)
"""


def test_nodes_are_freed_in_a_loop_where_python_would_recurse():
    done = subprocess.run(
        [sys.executable, "-c", FREED],
        env={**os.environ, "AUTOGRAD_BP_PURE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert not done.stderr, "a destructor raised an error"
    assert int(done.stdout) <= 2
