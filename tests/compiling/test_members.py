"""Machine code for one row: members of a loop in the lanes of a vector, and terms of its sums."""

from itertools import pairwise

import numpy as np
import pytest
from points import agree
from test_rolling import program_of

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.compiling import flatten, optimised, roll
from autograd_bp.compiling.loops.loops import Loops

pytest.importorskip("llvmlite")

from test_llvm import as_if, machine

from autograd_bp.compiling.backends.llvm import jit, nests

WIDTHS = [(16, 8), (8, 4), (4, 0)]  # doubles of two registers, and of a function of libmvec


def numbers(count, seed=3):
    return np.random.default_rng(seed).uniform(-2.0, 2.0, count)


def recorded(function, *counts):
    """A program of shared numbers, which come as lists of these lengths, and the numbers."""
    leaves = [
        [Value(0.5, f"{name}{i}") for i in range(n)] for name, n in zip("abc", counts, strict=False)
    ]
    flat = [leaf for group in leaves for leaf in group]
    outputs = function(*leaves)
    program = optimised(flatten(outputs, parameters=flat, summed=[True] * len(outputs)))
    return program, numbers(len(flat))


def vectors_of(program, width):
    """The text of the code, and how many instructions in it work on a whole vector."""
    text = nests.module(roll(program), 1, 0, width)
    return text.count(f"<{width} x double>")


def neighbours(a):
    return [bp.exp(x) * y for x, y in pairwise(a)]


def backwards(a):
    return [x - bp.relu(y) for x, y in zip(a, reversed(a), strict=True)]


def by_threes(a):
    return [x * y + 1.0 for x, y in zip(a[::3], a[1::3], strict=False)]


def jumbled(a):
    order = np.random.default_rng(1).permutation(len(a)).tolist()
    return [bp.sin(a[i]) + a[j] for i, j in zip(order, reversed(order), strict=True)]


def one_for_all(a):
    return [bp.where(x > 0.1, x, a[0]) for x in a[1:]]


ELEMENTWISE = [neighbours, backwards, by_threes, jumbled, one_for_all]


@pytest.mark.parametrize(("lanes", "vectors"), WIDTHS)
@pytest.mark.parametrize("count", [5, 8, 13, 31, 64])
@pytest.mark.parametrize("function", ELEMENTWISE)
def test_members_side_by_side(function, count, lanes, vectors, monkeypatch):
    as_if(monkeypatch, lanes, vectors)
    program, w = recorded(function, count)
    agree(machine(program, 1).run(w, np.empty((1, 0))), program.run(w), scale=1.0, ulps=4)
    assert count < 13 or vectors_of(program, lanes // 2) > 0


@pytest.mark.parametrize(("lanes", "vectors"), WIDTHS)
@pytest.mark.parametrize(("rows", "terms"), [(1, 9), (3, 16), (8, 27), (19, 5), (13, 64)])
@pytest.mark.parametrize("start", [True, False], ids=["bias", "no bias"])
@pytest.mark.parametrize("way", ["along lines", "along columns"])
def test_sums_of_products(rows, terms, start, way, lanes, vectors, monkeypatch):
    as_if(monkeypatch, lanes, vectors)

    def products(a, b):
        lines = [a[i * terms : (i + 1) * terms] for i in range(rows)]
        if way == "along columns":
            lines = [a[i::rows] for i in range(rows)]
        return [bp.dot(line, b) + (a[i] if start else 0.0) for i, line in enumerate(lines)]

    program, w = recorded(products, rows * terms, terms)
    agree(machine(program, 1).run(w, np.empty((1, 0))), program.run(w), scale=terms * 4.0, ulps=2)


@pytest.mark.parametrize(("lanes", "vectors"), WIDTHS)
@pytest.mark.parametrize("count", [9, 17, 33, 40, 41, 71])
@pytest.mark.parametrize("terms", [2, 4, 9])
def test_sums_of_products_from_tables(terms, count, lanes, vectors, monkeypatch):
    """The last vector begins earlier where the members do not fill it."""
    as_if(monkeypatch, lanes, vectors)
    places = np.random.default_rng(count).integers(0, 50, (count, 2, terms)).tolist()

    def products(a):
        return [bp.dot([a[i] for i in xs], [a[j] for j in ys]) + a[0] for xs, ys in places]

    program, w = recorded(products, 50)
    agree(machine(program, 1).run(w, np.empty((1, 0))), program.run(w), scale=terms * 4.0, ulps=2)
    assert vectors_of(program, lanes // 2) > 0


@pytest.mark.parametrize("count", [64, 67, 71, 97])
def test_one_text_does_for_all_vectors_of_a_loop(count):
    def products(a):
        return [bp.dot(a[i : i + 9], a[:9]) for i in range(count)]

    text = nests.module(roll(recorded(products, count + 9)[0]), 1, 0, 4)
    assert 1 <= text.count("call <4 x double> @llvm.fmuladd") <= 5


@pytest.mark.parametrize(("lanes", "vectors"), WIDTHS)
@pytest.mark.parametrize("function", [bp.maximum, bp.logaddexp])
def test_a_tournament_is_loops_of_one_counter(function, lanes, vectors, monkeypatch):
    as_if(monkeypatch, lanes, vectors)

    def winners(a):
        half = 1
        while half < len(a):
            a = [function(a[i], a[i ^ half]) + 0.1 * a[i] for i in range(len(a))]
            half *= 2
        return a

    program, w = recorded(winners, 64)
    agree(machine(program, 1).run(w, np.empty((1, 0))), program.run(w), scale=8.0, ulps=8)
    text = nests.module(roll(program), 1, 0, lanes // 2)
    assert text.count(" phi i64 ") <= 1 + 2 * len(roll(program).loops)


def test_what_a_mask_leaves_out_does_not_count():
    def infinite(a, b):
        return [bp.dot(a, b)] + [bp.log(x) for x in b]

    program, _ = recorded(infinite, 11, 11)
    w = np.concatenate([np.full(11, 2.0), np.full(11, np.inf)])
    found = machine(program, 1).run(w, np.empty((1, 0)))
    assert found == [np.inf] * 12


@pytest.mark.parametrize(("lanes", "vectors"), WIDTHS)
@pytest.mark.parametrize("sizes", [(2, 16, 16, 1), (7, 9, 3), (64, 30, 10)])
def test_one_and_two_rows_of_a_network_and_its_gradient(sizes, lanes, vectors, monkeypatch):
    as_if(monkeypatch, lanes, vectors)
    for rows in (1, 2):
        program, w, X = program_of(sizes, rows)
        scale = rows * max(abs(x) for x in program.run(w, X.tolist()))
        found = machine(program, rows).run(w, X)
        agree(found, program.run(w, X.tolist()), scale=scale, ulps=4)


def test_a_recurrence_of_vectors_is_a_loop_of_vectors():
    def steps(count):
        def states(a, b):
            for _ in range(count):
                b = [bp.tanh(0.1 * bp.dot(a[10 * i : 10 * i + 10], b)) for i in range(10)]
            return b

        return recorded(states, 100, 10)

    program, w = steps(20)
    agree(machine(program, 1).run(w, np.empty((1, 0))), program.run(w), scale=1.0, ulps=64)
    width = jit.processor().lanes // 2
    assert 0 < vectors_of(program, width) == vectors_of(steps(40)[0], width)


def test_too_few_members_are_computed_one_by_one():
    program, _ = recorded(lambda a: [a[0] * a[1], bp.exp(a[2])], 3)
    assert isinstance(roll(program), Loops)
    assert vectors_of(program, 8) == 0
