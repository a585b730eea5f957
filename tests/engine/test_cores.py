"""The two cores, interpreted and compiled, hold each other to the bit.

Programs over the whole table, at any floats, run here and in a second process on the other
core. Every number, partial and gradient must have the same bits; so must refusals.
"""

import json
import math
import os
import subprocess
import sys
from pathlib import Path

import exact
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd_bp import AutogradError, Value, core
from autograd_bp.primitives import TABLE, Primitive


def bits(x: float) -> str:
    return "nan" if math.isnan(x) else x.hex()


def play(program: list) -> list:
    """Run a program (inputs as hexadecimal floats, steps, two seeds) and tell all its numbers."""
    start, steps, seeds = program
    nodes = [float.fromhex(x) if constant else Value(float.fromhex(x)) for x, constant in start]
    for name, places in steps:
        nodes.append(Primitive.named(name)(*(nodes[i] for i in places)))
    told: list = []
    for seed in seeds:
        output = next((node for node in reversed(nodes) if isinstance(node, Value)), None)
        if output is None:
            continue
        try:
            output.backward(float.fromhex(seed))
        except AutogradError as error:
            told.append(str(error))
    for node in nodes:
        if isinstance(node, Value):
            told.append([*map(bits, (node.data, node.grad, *node.partials))])
        else:
            told.append(bits(node))
    return told


SERVER = """
import sys, json, math
sys.path[:0] = sys.argv[1:]
import test_cores
{planted}
print(test_cores.core.is_native(), flush=True)
for line in sys.stdin:
    print(json.dumps(test_cores.play(json.loads(line))), flush=True)
"""


class OtherCore:
    """A process on the core that this one does not use, or on that of AUTOGRAD_BP_PURE=`pure`."""

    def __init__(self, planted: str = "", pure: str | None = None) -> None:
        if pure is None:
            pure = "1" if core.is_native() else ""
        environment = {**os.environ, "AUTOGRAD_BP_PURE": pure}
        here = str(Path(__file__).parent)
        self.process = subprocess.Popen(
            [sys.executable, "-c", SERVER.replace("{planted}", planted), here],
            env=environment,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self.is_native = self.process.stdout.readline().strip() == "True"

    def play(self, program: list) -> list:
        self.process.stdin.write(json.dumps(program) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def stop(self) -> None:
        self.process.communicate(timeout=60)


@pytest.fixture(scope="module")
def other_core():
    other = OtherCore()
    if other.is_native == core.is_native():
        other.stop()
        pytest.skip("the compiled core is not built here: there is one core only")
    yield other
    other.stop()


FLOATS = st.one_of(
    st.sampled_from(
        [
            0.0,
            -0.0,
            1.0,
            -1.0,
            0.5,
            2.0,
            3.0,
            -3.0,
            1e308,
            -1e308,
            5e-324,
            1e-310,
            math.inf,
            -math.inf,
            math.nan,
            745.2,
            -745.2,
            1000.0,
        ]
    ),
    st.floats(-4, 4),
    st.floats(),
)


@st.composite
def programs(draw):
    width = draw(st.integers(1, 4))
    start = [(draw(FLOATS).hex(), draw(st.booleans())) for _ in range(width)]
    steps = []
    for k in range(draw(st.integers(1, 14))):
        op = draw(st.sampled_from(exact.BUILT_IN))
        arity = op.arity or draw(st.integers(1, 6))
        if not op.operands.fit(arity):
            arity += 1
        places = draw(st.lists(st.integers(0, width + k - 1), min_size=arity, max_size=arity))
        steps.append((op.name, places))
    return start, steps, [draw(st.sampled_from([1.0, -2.5, 1e300])).hex(), (1.0).hex()]


@settings(max_examples=400)
@given(programs())
def test_both_cores_give_the_same_bits_on_random_programs(other_core, program):
    assert play(program) == other_core.play(program)


@pytest.mark.parametrize("op", exact.BUILT_IN, ids=lambda op: op.name)
def test_both_cores_give_the_same_bits_at_a_primitives_own_points(other_core, op):
    points = {
        *op.points,
        *(
            (x,) * (op.arity or 2)
            for x in (0.0, -0.0, 1.0, -1.0, 1e-310, math.inf, -math.inf, math.nan)
        ),
    }
    for point in points:
        if op.name == "mean" and not point:
            continue
        program = [
            [(x.hex(), False) for x in map(float, point)],
            [(op.name, [*range(len(point))])] if point or op.arity is None else [],
            [(1.0).hex()],
        ]
        assert play(program) == other_core.play(program), point


@pytest.mark.parametrize(
    "planted",
    [
        "op.forward = lambda a, b: math.nextafter(math.hypot(a, b), 2.0)",
        "op.partials = lambda a, b, y: (math.nextafter(a / y, 2.0), b / y)",
    ],
)
def test_a_difference_in_the_last_bit_of_a_primitive_is_seen(planted):
    other = OtherCore("op = test_cores.Primitive.named('hypot')\n" + planted)
    try:
        # hypot has no kernel, so that what is planted counts on either core.
        program = [[((0.3).hex(), False)], [("hypot", [0, 0])], [(1.0).hex()]]
        assert play(program) != other.play(program)
    finally:
        other.stop()


def test_the_generated_kernels_are_those_of_the_table():
    program = (
        "from autograd_bp.native import generate\n"
        "assert generate.HEADER.read_text(encoding='utf-8') == generate.header(), 'stale'\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_primitives_that_every_network_uses_have_kernels():
    from autograd_bp.native import generate

    without = {op.name for op in TABLE[: len(exact.BUILT_IN)] if generate.kernel(op) is None}
    assert without <= {"hypot", "cbrt", "asinh", "atan2", "norm"}


def test_a_free_threaded_python_gets_no_compiled_core_and_is_told_why(monkeypatch):
    import sysconfig

    from autograd_bp import core

    monkeypatch.setattr(core, "compiled_files", dict)
    monkeypatch.setattr(core, "FOLDER", Path("no folder"))
    monkeypatch.setattr(sysconfig, "get_config_var", {"Py_GIL_DISABLED": 1}.get)
    assert "free-threaded Python" in core.missing()


def test_the_install_on_a_free_threaded_python_compiles_nothing():
    pytest.importorskip("setuptools")
    pytest.importorskip("Cython")
    code = (
        "import runpy, setuptools, sysconfig\n"
        "setuptools.setup = lambda **words: print('extensions:', len(words['ext_modules']))\n"
        "known = sysconfig.get_config_var\n"
        "sysconfig.get_config_var = lambda name: 1 if name == 'Py_GIL_DISABLED' else known(name)\n"
        "runpy.run_path('setup.py')\n"
    )
    root = Path(__file__).resolve().parents[2]
    if not (root / "setup.py").exists():
        pytest.skip("this is no checkout")
    environment = {key: text for key, text in os.environ.items() if key != "AUTOGRAD_BP_PURE"}
    words = [sys.executable, "-c", code]
    done = subprocess.run(
        words, cwd=root, capture_output=True, text=True, check=True, env=environment
    )
    assert "free-threaded" in done.stdout
    assert done.stdout.endswith("extensions: 0\n")
