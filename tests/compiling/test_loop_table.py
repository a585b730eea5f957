"""Programs of many loops, whose loops are written as numbers."""

import math
from random import Random

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.compiling import compile, flatten, optimised, roll
from autograd_bp.compiling.backends import registry, tape
from autograd_bp.compiling.loops import table
from autograd_bp.compiling.loops.fusing import fused
from autograd_bp.compiling.loops.table import MANY, LoopTable
from autograd_bp.compiling.loops.unrolled import unrolled
from autograd_bp.compiling.program import native
from autograd_bp.printers.overrides import form

needs_walks = pytest.mark.skipif(native.walks is None, reason="the walks in C were not built")
OPS = (bp.sin, bp.tanh, bp.exp, lambda x: bp.maximum(x, 0.25), lambda x: x / 1.5)


def irregular(w, x, operations=1500, seed=3):
    """Wired at random."""
    random, nodes = Random(seed), [*w, *x]
    for _ in range(operations):
        if random.random() < 0.3:
            nodes.append(random.choice(OPS)(bp.sin(random.choice(nodes))))
        else:
            a, b = random.choice(nodes), random.choice(nodes)
            nodes.append(a * b if random.random() < 0.5 else 0.5 * (a - b))
    return bp.dot(nodes[-40:-20], nodes[-20:])


W, X = [0.3, -0.7, 1.1], [[0.5, 0.25], [-1.0, 2.0], [0.125, 3.0]]


@needs_walks
def test_many_loops_are_numbers_and_few_are_objects():
    w, x = [Value(k) for k in W], [Value(k) for k in X[0]]
    program = optimised(flatten([irregular(w, x)], parameters=w, inputs=x))
    loops = roll(program)
    assert isinstance(loops.loops, LoopTable)
    assert len(loops.loops) >= MANY
    assert loops.loops[3] is loops.loops[3]
    assert [*loops.loops][7] is loops.loops[7]
    assert loops.loops[2:5] == tuple(loops.loops)[2:5]
    assert isinstance(roll(optimised(flatten([w[0] * x[0]], parameters=w, inputs=x))).loops, tuple)


@needs_walks
@pytest.mark.parametrize("backend", ["tape", "numpy", "reference", "auto", "llvm"])
def test_they_run_on_every_backend(backend):
    if backend == "llvm":
        pytest.importorskip("llvmlite")
    if backend == "tape" and tape.unavailable():
        pytest.skip("there is no tape")
    f = bp.compiled(irregular, rows="x", backend=backend)
    value, slopes = f.value_and_grad(W, X)
    w = [Value(k) for k in W]
    expected = [irregular(w, row) for row in X]
    bp.sum(expected).backward()
    assert value == pytest.approx(sum(y.data for y in expected), rel=1e-9)
    assert slopes == pytest.approx([k.grad for k in w], rel=1e-9)


@needs_walks
def test_they_are_rolled_fused_and_unrolled_as_objects_are():
    w, x = [Value(k) for k in W], [Value(k) for k in X[0]]
    program = optimised(flatten([irregular(w, x)], parameters=w, inputs=x, summed=[True]))
    loops = roll(program)
    whole = loops.written_out()
    assert unrolled(loops) == unrolled(whole)
    one, other = (fused(some, lambda op: form("llvm", op)) for some in (loops, whole))
    assert [x.reads for x in one.loops] == [x.reads for x in other.loops]
    assert str(loops) == str(whole)
    assert loops.run(W, X) == program.run(W, X)


@needs_walks
def test_a_primitive_of_the_users_takes_the_tape_by_its_recipe():
    if tape.unavailable():
        pytest.skip("there is no tape")

    @bp.primitive(partials=lambda x, y: (1.0 / (1.0 + x * x),), c="atan(a)")
    def softly(x):
        return math.atan(x)

    def function(w, x):
        return softly(irregular(w, x, 800))

    f = bp.compiled(function, rows="x", backend="tape")
    value, slopes = f.value_and_grad(W, X)
    plain = bp.compiled(function, rows="x", backend="reference")
    assert [value, *slopes] == pytest.approx([plain(W, X), *plain.grad(W, X)], rel=1e-9)


@needs_walks
def test_all_kinds_of_results_and_exports_of_such_programs(tmp_path):
    x = [Value(k, f"x{i}") for i, k in enumerate(X[0])]
    w = [Value(k, f"w{i}") for i, k in enumerate(W)]
    f = compile(irregular(w, x), parameters=w, inputs={"x": x})
    points = np.array(X)
    hvp = f.hvp(W, points, tangent=[1.0, 0.0, 0.0])
    step = 1e-6
    slopes = [np.array(f.grad([W[0] + h, *W[1:]], points)) for h in (step, -step)]
    assert hvp == pytest.approx((slopes[0] - slopes[1]) / (2 * step), rel=1e-4, abs=1e-5)
    assert f.to_c().count("\n") > 100
    assert registry.named("tape").name == "tape"


@pytest.mark.parametrize("far", [2, 10**7])
def test_kinds_of_loops_are_told_apart_however_large_their_numbers_are(far):
    kinds, which = table._different(np.array([far, 3, far, 0, 3]))
    assert kinds == sorted({far, 3, 0})
    assert [kinds[k] for k in which] == [far, 3, far, 0, 3]
