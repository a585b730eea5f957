"""What loops are known to compute: where a number may be infinite, and what that saves."""

import math
import random

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp.compiling.front.by_loops import differentiated
from autograd_bp.compiling.loops.living import reads_of
from autograd_bp.compiling.loops.loops import _operands
from autograd_bp.compiling.loops.ranges import LoopRanges
from autograd_bp.compiling.loops.rolling import roll
from autograd_bp.compiling.program.flatten import flatten
from autograd_bp.compiling.program.passes import optimised
from autograd_bp.primitives import where

N = 24  # rows of a matrix, and its columns


def attention(x, mask):
    """Scores of each row with all rows, some left out; the shares of the rows."""
    lines = [x[i * N : (i + 1) * N] for i in range(N)]
    scaled = []
    for line in lines:
        scale = (bp.dot(line, line) / N + 1e-5) ** -0.5
        scaled.append([v * scale for v in line])
    total = []
    for i, query in enumerate(scaled):
        scores = [bp.dot(query, key) / 2.0 + mask(i, k) for k, key in enumerate(scaled)]
        total.append(bp.dot(bp.softmax(scores), [line[i] for line in scaled]))
    return bp.sum(total)


def causal(i, k):
    return 0.0 if k <= i else -math.inf


def gradient_loops(function, count):
    leaves = [bp.Value(0.1 * k) for k in range(count)]
    program = optimised(flatten([function(leaves)], parameters=leaves))
    return differentiated(program, "grad", [("parameter", range(count))])


def test_the_gradient_of_a_masked_softmax_asks_nothing():
    found = gradient_loops(lambda x: attention(x, causal), N * N)
    assert found.way == "loops"
    guards = [loop for loop in found.content.loops if loop.op is where and loop.members > N]
    assert guards == []


def test_a_table_of_constants_leaves_room_for_what_is_known():
    table = np.random.default_rng(2).normal(size=N * N).tolist()
    found = gradient_loops(
        lambda x: attention([a + b for a, b in zip(x, table, strict=True)], causal), N * N
    )
    assert found.way == "loops"
    assert not any(loop.op is where and loop.members > N for loop in found.content.loops)


def test_a_mask_that_leaves_out_all_or_lets_infinity_in_is_asked_about():
    found = gradient_loops(lambda x: attention(x, lambda i, k: -math.inf), N * N)
    assert any(loop.op is where and loop.members > N for loop in found.content.loops)
    found = gradient_loops(lambda x: attention(x, lambda i, k: math.inf * (k == 0) or 0.0), N * N)
    assert any(loop.op is where and loop.members > N for loop in found.content.loops)


@pytest.mark.parametrize("backend", ["numpy", "tape", "llvm"])
def test_the_gradient_is_that_of_eager(backend):
    if backend == "tape":
        pytest.importorskip("autograd_bp.compiling.backends.tape._interpreter")
    if backend == "llvm":
        pytest.importorskip("llvmlite")
    numbers = np.random.default_rng(1).normal(size=N * N)
    f = bp.compiled(lambda x: attention(x, causal), backend=backend)
    expected = bp.grad(lambda x: attention(x, causal))([*numbers])
    assert np.allclose(f.grad(numbers), expected, rtol=1e-11, atol=1e-13)


def test_an_infinite_constant_is_no_finite_factor():
    factors = [math.inf if k % 3 == 0 else 1.0 for k in range(3000)]

    def f(x):
        products = [bp.where(v > 0.0, v * c, 0.0) for v, c in zip(x, factors, strict=True)]
        return bp.sum(products)

    x = np.where(np.arange(3000) % 3 == 0, -1.0, 2.0)
    compiled = bp.compiled(f)
    slope = compiled.grad(x)
    assert compiled.way == "loops"
    assert slope.tolist() == [0.0 if k % 3 == 0 else 1.0 for k in range(3000)]


# ---------------------------------------------------------------------------- random programs
def random_lines(choose, x):
    """Lines of numbers, each computed from earlier ones; all members of a line the same way."""
    n = len(x)
    lines = [x, [-math.inf if k % 2 else 0.5 for k in range(n)], [float(k) for k in range(n)]]
    for _ in range(choose.randint(2, 6)):
        a, b = choose.choice(lines), choose.choice(lines)
        how = choose.choice(HOW)
        lines.append([how(u, v, a) for u, v in zip(a, b, strict=True)])
    return [v for line in lines[3:] for v in line if isinstance(v, bp.Value)]


HOW = [
    lambda u, v, line: u + v,
    lambda u, v, line: u - v,
    lambda u, v, line: u * v,
    lambda u, v, line: u * u + 1e-3,
    lambda u, v, line: u / (v * v + 1.0),
    lambda u, v, line: (u * u + 1e-3) ** -0.5,
    lambda u, v, line: bp.exp(-(u * u)),
    lambda u, v, line: bp.exp(u),
    lambda u, v, line: bp.maximum(u, v),
    lambda u, v, line: bp.logsumexp([*line, v]),
    lambda u, v, line: bp.softmax([u, v, *line])[0],
    lambda u, v, line: bp.where(u, v, 0.25),
    lambda u, v, line: bp.dot(line, line) * v,
    lambda u, v, line: bp.sum([bp.relu(w) for w in line]) + bp.sqrt(bp.softplus(v)),
    lambda u, v, line: bp.log(u) * v,
    lambda u, v, line: bp.norm([*line, v]),
]


def numbers_of(loops, parameters):
    """All numbers that loops compute."""
    spaces = {name: [math.nan] * size for name, size in loops.sizes.items()}
    spaces |= {"parameter": [*parameters], "constant": [*loops.constants], "input": []}
    for loop in loops.loops:
        for member, operands in enumerate(_operands(loop, spaces)):
            y = operands[0] if loop.op is None else loop.op.forward(*operands)
            spaces[loop.space][loop.base + member] = y
    return spaces


def holds(known, x):
    if known.below:
        return x <= known.high
    if not math.isfinite(x):
        return not known.finite and (math.isnan(x) or not known.bounded)
    slack = 1e-12 * max(abs(x), 1.0)
    return known.low - slack <= x <= known.high + slack and (x != 0.0 or not known.nonzero)


@pytest.mark.parametrize("seed", range(12))
def test_the_ranges_of_loops_hold_at_random_points(seed):
    choose = random.Random(seed)
    for _ in range(6):
        leaves = [bp.Value(0.5 + k) for k in range(3)]
        outputs = random_lines(choose, leaves)
        if not outputs:
            continue
        loops = roll(optimised(flatten(outputs, parameters=leaves)))
        ranges = LoopRanges(loops.constants)
        for loop in loops.loops:
            ranges.add(loop, reads_of(loop))
        for _ in range(8):
            spaces = numbers_of(loops, [choose.choice([0.0, -1.0, 2.5, -30.0]) for _ in leaves])
            for space, known in ranges._known.items():
                for kind, x in zip(known, spaces[space], strict=False):
                    if (abs(x) < 1e30 and (x == 0.0 or abs(x) > 1e-30)) or not math.isfinite(x):
                        assert holds(ranges._ranges[kind], x), (str(loops), ranges._ranges[kind], x)
