"""Long programs are machine code in pieces: the same bits, and no function grows with them."""

from functools import partial
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_programs import NUMBERS, functions
from test_rolling import program_of, traced

import autograd_bp as bp
from autograd_bp.compiling import optimised, roll
from autograd_bp.compiling.backends.choosing import BackendChoice

pytest.importorskip("llvmlite")

from autograd_bp.compiling.backends import llvm
from autograd_bp.compiling.backends.llvm import jit, nests
from autograd_bp.compiling.calling.caller import machine


def numbers_of(loops, w, X):
    """What native code makes of the loops, as bytes; which sign a NaN has is left open."""
    inputs = np.ascontiguousarray(np.asarray(X, float).T.reshape(-1, len(X)))
    native = llvm.compiled_loops(loops, len(X))
    found = machine(loops, native).run(np.asarray(w, float), inputs, 1)
    return [np.where(np.isnan(part), np.nan, part).tobytes() for part in found]


def in_pieces_of(size, make):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nests, "PIECE", size)
        return make()


@settings(max_examples=12)
@given(
    functions(longest=12),
    st.lists(NUMBERS, min_size=3, max_size=3),
    st.integers(1, 3),
    st.sampled_from([1, 5, 37]),
    st.integers(1, 3),
)
def test_pieces_have_the_bits_of_the_whole(steps, numbers, inputs, count, size):
    loops = roll(optimised(traced(steps, numbers, inputs)))
    X = np.array(numbers[:inputs]) + np.arange(count)[:, None] / 16 * np.ones(inputs)
    make = partial(numbers_of, loops, numbers[inputs:], X)
    assert in_pieces_of(size, make) == make()


@pytest.mark.parametrize("rows", [1, 2, 3, 17, 130])
@pytest.mark.parametrize("size", [1, 4])
def test_a_network_in_pieces(rows, size):
    program, w, X = program_of((3, 7, 5, 1), rows)
    make = partial(numbers_of, roll(program), w, X)
    assert in_pieces_of(size, make) == make()


def logistic(w, x, steps=60):
    y, z = x[0], x[1]
    for _ in range(steps):
        y, z = w[0] * y * (1.0 - y), bp.sin(z * w[1]) + y
    return y + z


@pytest.mark.parametrize("rows", [None, 1, 20])
@pytest.mark.parametrize("size", [1, 2, 5])
def test_what_is_repeated_is_repeated_around_its_pieces(rows, size):
    w, x = np.array([3.1, 0.9]), np.array([0.3, 0.5])
    X = x if rows is None else x + np.arange(rows)[:, None] / 100

    def make():
        names = () if rows is None else "x"
        y, g = bp.compiled(logistic, rows=names, backend="llvm").value_and_grad(w, X)
        return [float(y), *g]

    expected = make()
    assert in_pieces_of(size, make) == expected
    values = [bp.Value(k) for k in w]
    data = [x] if rows is None else X
    total = bp.sum([logistic(values, list(map(float, row))) for row in data])
    total.backward()
    assert expected == pytest.approx([total.data, *[v.grad for v in values]], rel=1e-12)


def without_pattern(count):
    """A function wired at random, and where it is computed."""
    random = Random(1)
    pairs = [(random.randrange(max(0, i - 5), i), random.randrange(i)) for i in range(3, count)]
    kinds = [random.choice("+*s") for _ in pairs]

    def function(w):
        nodes = [w[0], w[1], w[2]]
        for (i, j), kind in zip(pairs, kinds, strict=True):
            a, b = nodes[i], nodes[j]
            nodes.append(
                0.5 * a + 0.4 * b if kind == "+" else a * b if kind == "*" else bp.sin(a + b)
            )
        return bp.sum(nodes[-20:])

    return function, np.array([0.3, -0.6, 0.9])


def test_no_function_grows_with_the_program():
    function, w = without_pattern(3000)
    loops = roll(optimised(traced_function(function, w)))
    text = nests.module(loops, 1, 0)
    longest = max(part.count("\n") for part in text.split("\ndefine ")[1:])
    assert len(loops.loops) > 1000
    assert longest < 60 * nests.PIECE


def traced_function(function, w):
    from autograd_bp.compiling import flatten

    values = [bp.Value(k) for k in w]
    return flatten([function(values)], parameters=values)


def test_a_long_program_is_compiled_quickly_and_has_the_bits_of_a_thorough_one(monkeypatch):
    function, w = without_pattern(800)
    efforts = []

    def watched(text, target, effort):
        efforts.append(effort)
        return jit.assemble(text, target, effort)

    monkeypatch.setattr(llvm.backend, "assemble", watched)
    monkeypatch.setenv("AUTOGRAD_BP_CACHE", "off")
    quick = bp.compiled(function, backend="llvm").value_and_grad(w)
    monkeypatch.setattr(llvm.backend, "LONG", 10**9)
    thorough = bp.compiled(function, backend="llvm").value_and_grad(w)
    assert efforts == [jit.QUICK_GENERATION, jit.CODE_GENERATION]
    assert quick[0] == thorough[0]
    assert quick[1].tobytes() == thorough[1].tobytes()


def test_auto_takes_over_sooner_where_less_has_to_be_compiled():
    short, long = (
        BackendChoice(optimised(traced_function(*without_pattern(n))), "auto") for n in (600, 4000)
    )
    assert short._price(1) < long._price(1)
    assert short.budget(1).call < long.budget(1).call
