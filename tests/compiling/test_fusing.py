"""Loops that only one other loop reads are taken into it, and the bits stay."""

import random
from functools import partial
from itertools import pairwise

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp.compiling.calling.caller import machine
from autograd_bp.compiling.loops.fusing import fused
from autograd_bp.compiling.loops.rolling import roll
from autograd_bp.compiling.program.flatten import flatten
from autograd_bp.compiling.program.passes import optimised
from autograd_bp.printers.overrides import form

together = partial(fused, form=partial(form, "llvm"))


def loops_of(function, parameters, inputs):
    p, x = ([bp.Value(0.5 + k) for k in range(n)] for n in (parameters, inputs))
    outputs = function(p, x)
    marks = [False] * len(outputs)
    return roll(optimised(flatten(outputs, parameters=p, inputs=x, summed=marks)))


def names(loops):
    return [loop.op.name for loop in together(loops).loops]


def test_a_chain_is_one_loop():
    loops = loops_of(lambda p, x: [bp.exp(-(v * v)) * p[0] for v in x], 1, 8)
    assert len(loops.loops) == 4
    assert names(loops) == ["fused"]
    assert together(loops).sizes["slot"] == 0


def test_what_is_read_twice_is_computed_once():
    def f(p, x):
        y = [bp.tanh(v) for v in x]
        return [bp.exp(v) for v in y] + [bp.sin(v) for v in y]

    assert names(loops_of(f, 0, 8)) == ["tanh", "exp", "sin"]


def test_one_number_may_stand_in_several_places():
    loops = loops_of(lambda p, x: [(v + 1.0) * (v + 1.0) for v in x], 0, 8)
    assert names(loops) == ["fused"]
    assert len(together(loops).loops[0].reads) == 2


def test_neighbours_that_are_read_twice_are_not_computed_twice():
    def f(p, x):
        y = [bp.exp(v) for v in x]
        return [a * b for a, b in pairwise(y)]

    assert names(loops_of(f, 0, 9)) == ["exp", "mul"]


def test_what_all_rows_share_is_computed_once_for_all():
    loops = loops_of(lambda p, x: [bp.exp(a) + b for a, b in zip(p, x, strict=True)], 8, 8)
    assert names(loops) == ["exp", "add"]


def test_a_sum_takes_choices_in_and_no_products():
    def chosen(p, x):
        return [bp.sum([bp.where(bp.equal(x[0], float(k)), v, 0.0) for k, v in enumerate(p)])]

    def squares(p, x):
        return [bp.sum([bp.square(v) for v in x])]

    assert names(loops_of(chosen, 9, 1)) == ["fused"]
    assert names(loops_of(squares, 0, 9)) == ["square", "sum"]


def test_sums_of_products_stay_apart():
    loops = loops_of(lambda p, x: [bp.relu(bp.dot(p, [bp.exp(v) for v in x]))], 8, 8)
    assert names(loops) == ["exp", "dot", "relu"]


def test_a_table_of_rows_stays_regular():
    def f(p, x):
        lines = [p[3 * k : 3 * k + 3] for k in range(9)]
        is_here = [[bp.equal(token, float(k)) for k in range(9)] for token in x]
        return [
            bp.sum([bp.where(here[k], line[j], 0.0) for k, line in enumerate(lines)])
            for here in is_here
            for j in range(3)
        ]

    loops = together(loops_of(f, 27, 4))
    assert [loop.op.name for loop in loops.loops] == ["equal", "fused"]
    assert all(access.affine for loop in loops.loops for access in loop.reads)


# ---------------------------------------------------------------------------- random programs
HOW = [
    lambda u, v, line: u + v,
    lambda u, v, line: u - v,
    lambda u, v, line: u * v,
    lambda u, v, line: u / (v * v + 1.0),
    lambda u, v, line: bp.exp(-(u * u)),
    lambda u, v, line: bp.maximum(u, v),
    lambda u, v, line: bp.where(u < v, u, 0.25),
    lambda u, v, line: bp.dot(line, line) * v,
    lambda u, v, line: bp.sum([bp.relu(w - v) for w in line]),
    lambda u, v, line: bp.softmax([u, v, *line])[0],
    lambda u, v, line: bp.sigmoid(u) * bp.sin(v),
    lambda u, v, line: bp.erf(u) + bp.tanh(v),
]


def random_function(choose, n):
    def f(p, x):
        lines = [x, [a * b for a, b in zip(p, x, strict=True)], [float(k) for k in range(n)]]
        for _ in range(choose.randint(3, 9)):
            a, b, how = choose.choice(lines), choose.choice(lines[:-1]), choose.choice(HOW)
            other = b if choose.random() < 0.7 else [*b[1:], b[0]]
            lines.append([how(u, v, a) for u, v in zip(a, other, strict=True)])
        return [v for line in lines[3:] for v in line if isinstance(v, bp.Value)]

    return f


@pytest.mark.parametrize("rows", [1, 19])
@pytest.mark.parametrize("seed", range(6))
def test_the_bits_are_those_of_single_loops(seed, rows, monkeypatch):
    pytest.importorskip("llvmlite")
    from autograd_bp.compiling.backends.llvm import backend

    choose, numbers = random.Random(seed), np.random.default_rng(seed)
    for n in (1, 6):
        loops = loops_of(random_function(choose, n), n, n)
        p, x = numbers.normal(size=n), numbers.normal(size=(n, rows))
        code = backend.LlvmBackend().native_code
        found = machine(loops, code(loops, rows)).run(p, x)[1]
        with monkeypatch.context() as patched:
            patched.setattr(backend, "fused", lambda loops, form, apart: loops)
            alone = machine(loops, code(loops, rows)).run(p, x)[1]
        assert np.array_equal(found, alone, equal_nan=True)
