"""Estimates of what a call does and takes, by which "auto" decides."""

from random import Random

import pytest

import autograd_bp as bp
from autograd_bp import Value, primitives
from autograd_bp.compiling import flatten, optimised, roll
from autograd_bp.compiling.backends import work as module
from autograd_bp.compiling.backends.llvm import backend as llvm
from autograd_bp.compiling.backends.llvm.library import IN_LIBMVEC
from autograd_bp.compiling.backends.protocol import Costs, Source, Work
from autograd_bp.compiling.backends.work import SLOWER, calls_of, work_of
from autograd_bp.compiling.loops.table import LoopTable
from autograd_bp.compiling.program import native
from autograd_bp.entry import Primitive
from autograd_bp.expressions import walk
from autograd_bp.folds import Fold
from autograd_bp.printers.overrides import form


def loops_of(function, count):
    leaves = [Value(0.5) for _ in range(count)]
    return roll(optimised(flatten(function(leaves), inputs=leaves)))


def layer(x):
    return [bp.tanh(bp.dot(x[3 * i : 3 * i + 3], x[6:])) for i in range(2)]


def wired(x, count=3000):
    """Without a pattern, and of many loops."""
    random, nodes = Random(3), list(x)
    for _ in range(count):
        a, b, c = (nodes[-random.randrange(1, len(x) + 1)] for _ in range(3))
        nodes.append(random.choice([a * b, a - 0.5 * c, bp.sin(a) + b, bp.dot([a, b], [b, c])]))
    return nodes[-3:]


def test_sums_of_products_are_told_from_what_is_written():
    work = Source(loops_of(layer, 9)).work
    assert work == Work(loops=2, sums=1, small=1, terms=6, scattered=0, results=2, calls=2)
    assert work.operations == 8


def test_terms_from_tables_are_told_from_those_at_regular_distances():
    order = Random(1).sample(range(24), 24)
    work = work_of(loops_of(lambda x: [bp.dot(x[:24], [x[24 + k] for k in order])], 48))
    assert (work.terms, work.scattered) == (0, 24)


@pytest.mark.skipif(native.walks is None, reason="the walks in C were not built")
def test_loops_in_numbers_have_the_work_of_loops():
    loops = loops_of(wired, 12)
    assert isinstance(loops.loops, LoopTable)
    found = work_of(loops)
    assert found == module._work_of_loops(loops.with_times())
    assert found.scattered > 0
    assert found.calls > 0


QUICK = {"exp", "expm1", "log", "log1p", "tanh"}
SLOW = IN_LIBMVEC - QUICK | {"lgamma", "tgamma"}


def heads_of(op):
    """What the form of a primitive that machine code is written from calls."""
    printed = form("llvm", op)
    if isinstance(printed, Fold):
        roots = [step for stage in printed.stages_of_output for step in stage.steps]
    else:
        roots = [] if printed is None else [printed]
    return {node.head for node in walk(*roots)} if roots else set()


@pytest.mark.parametrize(
    "op", [op for op in vars(primitives).values() if isinstance(op, Primitive)], ids=str
)
def test_the_names_of_functions_are_those_that_forms_call(op):
    heads = heads_of(op)
    expected = SLOWER if heads & SLOW else int(bool(heads & QUICK))
    assert calls_of(op) == expected


def test_functions_are_counted_by_how_slow_they_are():
    assert [calls_of(op) for op in (bp.exp, bp.sin)] == [1, SLOWER]
    few = work_of(loops_of(lambda x: [bp.logsumexp(x[:3])], 9)).calls
    many = work_of(loops_of(lambda x: [bp.logsumexp(x)], 9)).calls
    assert 0 < few < many


def test_costs_are_those_of_loops_once_and_of_operations_for_each_row():
    work = Work(loops=3, sums=1, small=0, terms=100, scattered=10, results=5, calls=2)
    costs = Costs(
        loop=1.0, operation=0.01, element=0.1, scattered=0.5, function=7.0, once=0.001,
        step=0.0, weight=0.0,
    )  # fmt: skip
    assert costs.of_call(work) == pytest.approx(3.0 + 0.115)
    assert costs.of_row(work) == pytest.approx(1.0 + 5.0 + 0.5 + 14.0)
    plain = Costs(loop=1.0, operation=0.01, step=0.0, weight=0.0)
    assert plain.of_row(work) == pytest.approx(1.15)


def test_machine_code_for_many_rows_takes_longer_to_make_and_sums_longest():
    backend, loops = llvm.LlvmBackend(), {"terms": 0, "scattered": 0, "results": 0, "calls": 0}

    def seconds(rows, sums, small, count=20):
        return backend.seconds_to_prepare(Work(count, sums, small, **loops), count, rows)

    assert seconds(1, 0, 20) < seconds(1, 0, 0) < seconds(1, 20, 0)
    assert seconds(100, 0, 20) < seconds(100, 0, 0) < seconds(100, 20, 0)
    assert seconds(1, 10, 5) < seconds(100, 10, 5)
    repeated = backend.seconds_to_prepare(Work(2000, 1000, 500, **loops), 20, 100)
    assert repeated == pytest.approx(seconds(100, 10, 5))
    long = llvm.LONG + 1
    assert seconds(1, 300, 100, count=long) < seconds(1, 300, 100, count=llvm.LONG)
