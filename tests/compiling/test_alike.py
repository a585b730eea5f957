"""Machine code that several loops share: functions for those that are alike, and one loop over the
rows for small ones. The bits are those of each loop alone."""

import numpy as np
import pytest
from points import agree

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.compiling import flatten, optimised, roll

pytest.importorskip("llvmlite")

from test_llvm import as_if, machine

from autograd_bp.compiling.backends.llvm import alike, nests, together

EVERY = 10**9  # so many loops that none share anything


def program_of(function, count, *, by_rows):
    """The program of a function of a list, whose numbers differ from row to row or do not."""
    leaves = [Value(0.5, f"x{i}") for i in range(count)]
    group = {"inputs": leaves} if by_rows else {"parameters": leaves}
    outputs = function(leaves)
    return optimised(flatten(outputs, summed=[not by_rows] * len(outputs), **group))


def numbers(count, rows, *, by_rows):
    some = np.random.default_rng(5).uniform(0.2, 1.8, (rows, count))
    return ([], some) if by_rows else (some[0], np.zeros((1, 0)))


def triangle(x, size=14):
    """Sums of ever more products, by rows and by columns."""
    a, b = x[:size], x[size:]
    sums = [bp.dot(a[: k + 1], b[: k + 1]) for k in range(size)]
    return [bp.dot(sums[k:], a[k:]) for k in range(size)] + sums


def attention(x, positions=24, channels=8):
    """Of each position a mixture of those before."""
    scores, values = x[:positions], x[positions:]
    return [
        bp.dot(scores[: p + 1], values[i::channels][: p + 1])
        for p in range(positions)
        for i in range(channels)
    ]


def matrices(x, size=4):
    """Products of a growing matrix and a vector, whose lines are further apart each time."""
    results = []
    for count in range(1, 14):
        lines = [x[i * count : (i + 1) * count] for i in range(3 * size)]
        results += [bp.dot(line, x[-count:]) for line in lines]
    return results


def picked(x):
    """Members without an order, from tables of places: as many tables as loops."""
    random = np.random.default_rng(1)
    results = x
    for _ in range(14):
        order = random.permutation(len(x))
        results = [bp.sin(results[i]) * results[j] for i, j in zip(order, order[::-1], strict=True)]
    return results


@pytest.mark.parametrize("registers", [(16, 8), (8, 4), (4, 0)], ids=str)
@pytest.mark.parametrize("by_rows", [False, True], ids=["one row", "rows"])
@pytest.mark.parametrize(
    ("function", "count"), [(triangle, 28), (attention, 216), (matrices, 169), (picked, 19)]
)
def test_loops_that_are_alike_share_code_and_keep_their_bits(
    function, count, by_rows, registers, monkeypatch
):
    as_if(monkeypatch, *registers)
    monkeypatch.setenv("AUTOGRAD_BP_CACHE", "off")
    monkeypatch.setattr(alike, "LEAST", 3)
    monkeypatch.setattr(nests, "SMALL", 0)
    program = program_of(function, count, by_rows=by_rows)
    parameters, X = numbers(count, 21, by_rows=by_rows)
    found = machine(program, len(X)).run(parameters, X)
    agree(np.ravel(found), np.ravel(program.run(parameters, X.tolist())), scale=100.0, ulps=8)
    monkeypatch.setattr(alike, "LEAST", EVERY)
    monkeypatch.setattr(alike, "LEAST_OF_LARGE", EVERY)
    alone = machine(program, len(X)).run(parameters, X)
    assert np.array_equal(found, alone)


@pytest.mark.parametrize("lanes", [1, 16], ids=["one row", "rows"])
def test_a_triangle_has_few_functions_and_a_short_text(lanes, monkeypatch):
    program = program_of(attention, 24 * 9, by_rows=lanes > 1)
    loops = roll(program)
    text = nests.module(loops, lanes, 0, 8)
    assert 1 <= text.count("define internal") <= 3
    monkeypatch.setattr(alike, "LEAST", EVERY)
    monkeypatch.setattr(alike, "LEAST_OF_LARGE", EVERY)
    assert len(text) < len(nests.module(loops, lanes, 0, 8)) / 2


def test_small_loops_share_nothing():
    loops = roll(program_of(triangle, 28, by_rows=False))
    assert "define internal" not in nests.module(loops, 1, 0, 8)


def wave(x, rounds=9):
    """Single operations, each of which reads those before."""
    a, b = bp.sin(x[0]) * x[1], bp.exp(-x[2])
    for _ in range(rounds):
        a, b = bp.tanh(a + b * x[3]), bp.sqrt(b * b + 0.3) / (1.0 + a * a)
    return [a, b]


@pytest.mark.parametrize("rows", [3, 16, 37, 130])
def test_small_loops_go_over_the_rows_together_and_keep_their_bits(rows, monkeypatch):
    monkeypatch.setenv("AUTOGRAD_BP_CACHE", "off")
    program = program_of(wave, 4, by_rows=True)
    parameters, X = numbers(4, rows, by_rows=True)
    found = machine(program, rows).run(parameters, X)
    agree(np.ravel(found), np.ravel(program.run(parameters, X.tolist())), scale=1.0, ulps=8)
    monkeypatch.setattr(together, "MANY", 1)
    assert np.array_equal(found, machine(program, rows).run(parameters, X))


def test_what_only_its_neighbours_read_is_not_stored(monkeypatch):
    loops = roll(program_of(lambda x: wave(x, 2), 4, by_rows=True))
    text = nests.module(loops, 8, 0)
    assert text.count("store <8 x double>") == 2  # what is handed out
    monkeypatch.setattr(together, "MANY", 1)
    apart = nests.module(loops, 8, 0)
    assert apart.count("store <8 x double>") >= len(loops.loops)
    assert apart.count("phi") > 5 * text.count("phi")


def test_the_exponential_of_a_number_and_of_its_slope_is_computed_once():
    loops = roll(program_of(lambda x: [bp.softplus(x[0]), bp.logistic(x[0])], 2, by_rows=True))
    text = nests.module(loops, 8, 8)
    assert text.count("call <8 x double> @_ZGVeN8v_exp(") == 1


def test_small_loops_alone_have_a_vector_in_one_register():
    small = roll(program_of(wave, 4, by_rows=True))
    large = roll(program_of(lambda x: triangle(x, 20), 40, by_rows=True))
    assert (together.lanes_for(small, 16), together.lanes_for(large, 16)) == (8, 16)
