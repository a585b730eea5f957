"""How programs are made: no collector runs meanwhile, and the time grows with the program."""

import gc
import sys
from contextlib import contextmanager
from random import Random

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.compiling import flatten, optimised, roll, to_c
from autograd_bp.compiling.backends.llvm import nests

THRESHOLD = 5000  # objects: programs have more, what follows them fewer


@contextmanager
def collections():
    """Counts how often the collector runs."""
    runs = []

    def note(phase, info):
        if phase == "start":
            runs.append(info["generation"])

    before = gc.get_threshold()
    gc.collect()
    gc.set_threshold(THRESHOLD, 10, 10)
    gc.callbacks.append(note)
    try:
        yield runs
    finally:
        gc.callbacks.remove(note)
        gc.set_threshold(*before)


def wired(count):
    """A function without a pattern."""
    random = Random(4)
    steps = [
        (random.randrange(8), random.randrange(2, 8), random.randrange(4)) for _ in range(count)
    ]

    def function(x):
        nodes = [x[k] * 0.5 for k in range(8)]
        for a, b, kind in steps:
            x, y = nodes[-1 - a % 8], nodes[-b]
            made = [x * y, bp.sin(x) + y, 0.5 * x - y, bp.tanh(x - 0.3 * y)]
            nodes.append(made[kind])
        return nodes[-1] + nodes[-2]

    return function


POINT = np.linspace(0.1, 0.8, 8)


@pytest.mark.parametrize("backend", ["tape", "numpy", "llvm", "auto", "reference"])
def test_the_collector_runs_after_a_first_call_and_not_during_it(backend):
    if backend == "llvm":
        pytest.importorskip("llvmlite")
    compiled = bp.compiled(wired(300), backend=backend)
    with collections() as runs:
        compiled.value_and_grad(POINT)
    assert len(runs) <= 1
    assert gc.isenabled()


def test_nor_before_a_bound_call_is_there():
    compiled = bp.compiled(wired(300))
    with collections() as runs:
        bound = compiled.bind(POINT)
    bound()
    assert len(runs) <= 1


def test_nor_while_c_is_written():
    compiled = bp.compiled(wired(300))
    compiled.value_and_grad(POINT)
    with collections() as runs:
        compiled.to_c()
    assert len(runs) <= 1


def test_nor_while_jax_traces():
    jax = pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)
    function, during = bp.compiled(wired(300)).to_jax(), []

    def traced(x):
        with collections() as runs:
            y = function(x)
        during.extend(runs)
        return y

    jax.make_jaxpr(traced)(POINT)
    assert len(during) <= 1


def calls_of(make):
    """How many functions of Python are called, which grows as the time does."""
    count = 0

    def profile(frame, event, argument):
        nonlocal count
        count += event == "call"

    sys.setprofile(profile)
    try:
        make()
    finally:
        sys.setprofile(None)
    return count


WRITERS = {
    "llvm, one row": lambda loops: nests.module(loops, 1, 8, 8),
    "llvm, rows": lambda loops: nests.module(loops, 16, 8, 8),
    "c": lambda loops: to_c(loops, vectors=0),
}


@pytest.mark.parametrize("name", WRITERS)
def test_the_time_that_a_text_takes_grows_with_the_program(name):
    counts, sizes = [], []
    for size in (250, 500, 1000):
        leaves = [Value(0.5) for _ in range(8)]
        program = optimised(flatten([wired(size)(leaves)], inputs=leaves))
        loops = roll(program)
        texts = []
        calls = calls_of(lambda loops=loops, texts=texts: texts.append(WRITERS[name](loops)))
        counts.append(calls / len(program))
        sizes.append(len(texts[0]) / len(program))
    assert max(counts) <= 1.3 * min(counts)
    assert max(sizes) <= 1.5 * min(sizes)
