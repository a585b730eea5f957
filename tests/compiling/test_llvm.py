"""Machine code gives the numbers of the reference."""

import ctypes
import math
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from instructions import disagreements, everything
from points import agree, grid, one, own_row
from random_programs import NUMBERS, functions
from test_rolling import program_of, traced

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.compiling import flatten, optimised, roll
from autograd_bp.errors import PrimitiveError, ProgramError
from autograd_bp.expressions import choose, inputs
from autograd_bp.primitives import TABLE, Primitive

pytest.importorskip("llvmlite")

from autograd_bp.compiling.backends import llvm
from autograd_bp.compiling.backends.llvm import jit, nests
from autograd_bp.printers.c_parser import parse

ADDRESS, COUNT = ctypes.c_void_p, ctypes.c_int64


def aligned(count):
    room = np.zeros(count + 8)
    start = (-room.ctypes.data // 8) % 8
    return room[start : start + count]


class Machine:
    """What calls native code, in the plainest way."""

    def __init__(self, loops, native):
        self.loops, self.native = loops, native
        self.shared = ctypes.CFUNCTYPE(None, *[ADDRESS] * 3)(native.shared)
        self.rows = ctypes.CFUNCTYPE(None, *[ADDRESS] * 4, COUNT, COUNT, *[ADDRESS] * 3)(
            native.rows
        )

    def run(self, parameters, rows):
        """`rows` is an array (rows, inputs)."""
        count, width = rows.shape
        stride = -(-count // 16) * 16
        P, U = aligned(len(parameters) + 1), aligned(self.loops.sizes["shared"] + 1)
        P[: len(parameters)] = parameters
        X = aligned(width * stride).reshape(width, stride)
        X[:, :count], X[:, count:] = rows.T, rows.T[:, -1:]
        sums, each = aligned(self.loops.sizes["sum"]), aligned(self.loops.sizes["per_row"] * stride)
        scratch = aligned(self.native.scratch)
        p, u, x, s, y, w = (a.ctypes.data for a in (P, U, X, sums, each, scratch))
        self.shared(None, p, u)
        self.rows(None, p, u, x, stride, count, s, y, w)
        each = each.reshape(-1, stride)[:, :count]
        return [sums[k] if space == "sum" else each[k] for space, k in self.loops.outputs]


def machine(program, rows):
    loops = roll(program)
    return Machine(loops, llvm.compiled_loops(loops, rows))


ROWS = [row for row in TABLE if llvm.backend.understands(row) and row.name != "dot"]


@pytest.mark.parametrize("vectors", ["the library's vectors", "portable"])
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_every_row_on_every_kind_of_number(row, vectors, monkeypatch):
    if vectors == "portable":
        plain = jit.processor()
        plain = jit.Processor(plain.name, plain.features, plain.lanes, 0)
        monkeypatch.setattr(llvm.backend, "processor", lambda: plain)
    X = grid(row.arity or 2)
    program = one(row, X[0])
    found = machine(program, len(X)).run([], X)
    (expected,) = program.run([], X.tolist())
    agree(found[0], expected, scale=0.0, ulps=8)


def test_a_mean_on_every_kind_of_number_and_portable_beyond_the_largest_sum():
    X = np.array([[1.5e308, 1.5e308], [-1.5e308, 1.5e308], [math.inf, 1.0], [3.0, 4.0]])
    program = one(Primitive.named("mean"), X[0])
    assert machine(program, len(X)).run([], X)[0].tolist() == [1.5e308, 0.0, math.inf, 3.5]


@settings(max_examples=60)
@given(
    functions(longest=12),
    st.lists(NUMBERS, min_size=3, max_size=3),
    st.integers(0, 3),
    st.sampled_from([1, 5, 16, 37]),
)
def test_every_instruction_of_programs_with_their_gradients(steps, numbers, inputs, count):
    program = everything(optimised(traced(steps, numbers, inputs)))
    rows = np.array(numbers[:inputs]) + np.arange(count)[:, None] / 16 * np.ones(inputs)
    found = machine(program, count).run(numbers[inputs:], rows)
    assert disagreements(program, found, ulps=6) == []


@pytest.mark.parametrize("rows", [1, 2, 3, 16, 100, 129, 300])
@pytest.mark.parametrize("sizes", [(2, 4, 1), (3, 7, 5, 1), (2, 33, 1)])
def test_a_network_and_its_gradient(sizes, rows):
    program, w, X = program_of(sizes, rows)
    found = machine(program, rows).run(w, X)
    scale = rows * max(abs(x) for x in program.run(w, X.tolist()))
    agree(found, program.run(w, X.tolist()), scale=scale, ulps=4)


# Registers of 512, 256 and 128 bits: the code is another, and every processor that has the wide
# ones runs the others too.
KINDS = [(16, 8), (8, 4), (16, 0), (8, 0), (4, 0)]


def as_if(monkeypatch, lanes, vectors):
    plain = jit.processor()
    if lanes > plain.lanes or vectors > plain.vectors:
        pytest.skip("this processor has no such registers")
    other = jit.Processor(plain.name, plain.features, lanes, vectors)
    monkeypatch.setattr(llvm.backend, "processor", lambda: other)


@pytest.mark.parametrize(("lanes", "vectors"), KINDS)
@pytest.mark.parametrize("rows", [3, 17, 130])
def test_narrow_and_wide_registers(lanes, vectors, rows, monkeypatch):
    as_if(monkeypatch, lanes, vectors)
    program, w, X = program_of((3, 7, 5, 1), rows)
    compiled = machine(program, rows)
    assert compiled.native.lanes == lanes
    scale = rows * max(abs(x) for x in program.run(w, X.tolist()))
    agree(compiled.run(w, X), program.run(w, X.tolist()), scale=scale, ulps=4)


def test_the_exponential_of_the_library_is_off_by_two_ulps_at_most(monkeypatch):
    mpmath = pytest.importorskip("mpmath")
    as_if(monkeypatch, jit.processor().lanes, 0)
    random = np.random.default_rng(3)
    x = np.concatenate([random.uniform(-745.0, 709.7, 3000), random.normal(size=1000)])
    found = machine(one(bp.exp, [0.0]), len(x)).run([], x[:, None])[0]
    with mpmath.workprec(80):
        for y, number in zip(found.tolist(), x.tolist(), strict=True):
            exact = mpmath.exp(number)
            unit = max(math.ulp(float(exact)), 5e-324)
            assert abs(y - exact) <= 2 * unit, number


def test_padded_rows_never_enter_a_sum():
    a = Value(1.0, "a")
    program = flatten([bp.log(a), a, 2.0], inputs=[a], summed=[True, True, True])
    X = np.ones((19, 1))
    assert machine(program, 19).run([], X) == [0.0, 19.0, 38.0]


def test_code_for_many_rows_takes_few_and_the_other_way_round():
    program, w, X = program_of((2, 4, 1), 40)
    for made_for in (1, 40):
        compiled = machine(program, made_for)
        for count in (1, 2, 17, 40):
            agree(compiled.run(w, X[:count]), program.run(w, X[:count].tolist()), scale=10.0)


def test_a_row_without_c_is_refused_by_name():
    row = Primitive("without_c_for_llvm", 1, lambda x: {1.0: 1.0}.get(x, x), lambda x, y: (1.0,))
    with pytest.raises(ProgramError, match="'without_c_for_llvm' has no C expression"):
        llvm.compiled_loops(roll(one(row, [1.0])), 1)


def test_a_program_of_too_many_loops_is_refused_before_llvm_meets_it(monkeypatch):
    """LLVM takes minutes for some 20,000, and more end the process."""
    monkeypatch.setattr(llvm.backend, "MOST_LOOPS", 2)
    program = bp.compiled(lambda x, y, z: bp.sin(x) * bp.exp(y) / bp.tanh(z), backend="llvm")
    with pytest.raises(ProgramError, match=r"has 6 loops.*at most 2.*backend=\"tape\""):
        program(1.0, 2.0, 3.0)


def test_a_row_of_the_user_with_c_runs():
    row = own_row("softsign_for_llvm", "isinf(a) ? copysign(1.0, a) : a / (1.0 + fabs(a))")
    X = np.array([[3.0], [-1.0], [math.inf]])
    assert machine(one(row, [1.0]), 3).run([], X)[0].tolist() == [0.75, -0.5, 1.0]


@pytest.mark.parametrize("text", ["a +", "a ? b", "(a", "a @ b", "f(a", "a b", ""])
def test_what_is_no_expression_is_refused(text):
    with pytest.raises(PrimitiveError, match="C expression"):
        parse(text)


def test_expressions_bind_as_in_c():
    a, b, c = inputs("a", "b", "c")
    assert parse("-a + b * 2.0 > c || !a && b ? 1.0 : a - b - c") is choose(
        (-a + b * 2.0 > c) | (~a & b), 1.0, (a - b) - c
    )


def test_a_chunk_is_what_the_cache_holds():
    program, _, _ = program_of((2, 33, 1))
    loops = roll(program)
    assert nests.chunk_of(loops, 1) == 1
    assert nests.chunk_of(loops, 8) == nests.LONGEST_CHUNK


@pytest.mark.parametrize("exponent", [1.0, 2.0, 3.0])
def test_powers_that_are_products_are_those_of_the_c_library(exponent):
    numbers = [
        0.0,
        -0.0,
        1.0,
        -3.0,
        0.1,
        -1e-110,
        1e-170,
        7e102,
        -1e200,
        math.inf,
        -math.inf,
        math.nan,
        5e-324,
    ]
    f = bp.compiled(lambda x: x**exponent, rows="x", reduce=None, backend="llvm")
    for number, found in zip(numbers, f(np.array(numbers)), strict=True):
        wanted = bp.primitives.power(number, exponent)
        assert found == pytest.approx(wanted, rel=2.3e-16, abs=5e-324, nan_ok=True)
        assert math.copysign(1.0, found) == math.copysign(1.0, wanted) or math.isnan(wanted)


@pytest.mark.parametrize("n", [15, 16, 33, 71])
def test_a_fold_of_one_row_calls_functions_for_several_terms_at_once(n):
    of_pairs = bp.compiled(lambda x: bp.cross_entropy(list(x), list(x)), backend="llvm")
    compiled = bp.compiled(lambda x: bp.logsumexp(x), backend="llvm")
    x = np.linspace(-30.0, 5.0, n)
    compiled(x)
    text = nests.module(roll(compiled.program), 1, 8, 8)
    assert ("_ZGVeN8v_exp" in text) == (n >= 2 * 8)
    for place, number in ((0, 1.0), (3, 700.0), (n - 1, 6.0), (n // 2, -math.inf)):
        x[place] = number
        top = np.max(x)
        expected = top + math.log(math.fsum(np.exp(x - top)))
        assert compiled(x) == pytest.approx(expected, rel=1e-15)
    for number in (math.inf, math.nan):
        x[n - 2] = number
        np.testing.assert_equal(float(compiled(x)), number)
    d = np.linspace(0.0, 1.0, n)
    expected = math.fsum(d * (math.log(math.fsum(np.exp(d))) - d))
    assert of_pairs(d) == pytest.approx(expected, rel=1e-13)


def test_the_sine_and_the_cosine_of_one_number_are_one_call_of_the_c_library(monkeypatch):
    original, files = jit.assemble, []

    def assemble(*arguments):
        files.append(original(*arguments))
        return files[-1]

    monkeypatch.setattr(llvm.backend, "assemble", assemble)
    monkeypatch.setenv("AUTOGRAD_BP_CACHE", "off")
    both = bp.compiled(lambda x: bp.sin(x) * 3.0, backend="llvm")
    numbers = [0.0, -0.0, 0.3, -1.5, 1e-9, 30.0, 1e5, -7e15, 2.0**-1040, math.inf, math.nan]
    for x in numbers:
        found = both.value_and_grad(x)
        expected = bp.sin(x) * 3.0, bp.cos(x) * 3.0
        np.testing.assert_array_equal(found, expected)
    if sys.platform == "linux":
        assert b"\x00sincos\x00" in files[0]
