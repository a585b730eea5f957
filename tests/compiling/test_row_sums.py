"""Machine code for many rows: members side by side, whose sums over the rows are folded together,
and places that differ in a number alone."""

import numpy as np
import pytest
from points import agree

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.compiling import flatten, optimised, roll

pytest.importorskip("llvmlite")

from test_llvm import as_if, machine

from autograd_bp.compiling.backends.llvm import nests
from autograd_bp.compiling.backends.llvm.row_sums import blocks
from autograd_bp.compiling.backends.llvm.tiles import folded, folded_in_order
from autograd_bp.compiling.backends.llvm.together import lanes_for
from autograd_bp.compiling.backends.llvm.writer import Writer

WIDTHS = [(16, 8), (8, 4), (4, 0)]  # doubles of two registers, and of a function of libmvec


def recorded(function, *counts):
    """The program of a function of lists of these lengths, summed over the rows."""
    leaves = [
        [Value(0.5, f"{name}{i}") for i in range(n)] for name, n in zip("ab", counts, strict=True)
    ]
    outputs = function(*leaves)
    summed = [True] * len(outputs)
    return optimised(flatten(outputs, inputs=[*leaves[0], *leaves[1]], summed=summed))


def products(a, b):
    return [x * y for x in a for y in b]


def slopes(a, b):
    return [bp.exp(x) * y + 1.0 for x, y in zip(a, b, strict=False)] + [bp.sin(x) for x in a]


def short_expressions(a, b):
    return [abs(x) - x * bp.relu(y) for x, y in zip(a, b, strict=False)]


@pytest.mark.parametrize(("lanes", "vectors"), WIDTHS)
@pytest.mark.parametrize("rows", [3, 16, 37, 130])
@pytest.mark.parametrize("counts", [(1, 7), (5, 3), (13, 13), (35, 34), (43, 2)], ids=str)
@pytest.mark.parametrize("function", [products, slopes, short_expressions])
def test_sums_over_the_rows_are_those_of_the_reference(
    function, counts, rows, lanes, vectors, monkeypatch
):
    as_if(monkeypatch, lanes, vectors)
    program = recorded(function, *counts)
    X = np.random.default_rng(7).uniform(-2.0, 2.0, (rows, sum(counts)))
    found = machine(program, rows).run([], X)
    agree(np.ravel(found), np.ravel(program.run([], X.tolist())), scale=8.0 * rows, ulps=8)


@pytest.mark.parametrize("count", [2, 3, 4])
def test_more_members_than_lanes_are_side_by_side(count, monkeypatch):
    as_if(monkeypatch, 4, 0)
    program = recorded(lambda a, b: [abs(x - a[0] * b[0]) for x in a], count, 1)
    assert lanes_for(roll(program), 4) == 2
    X = np.random.default_rng(8).uniform(-2.0, 2.0, (11, count + 1))
    found = machine(program, len(X)).run([], X)
    agree(np.ravel(found), np.ravel(program.run([], X.tolist())), scale=88.0, ulps=8)


@pytest.mark.parametrize(("lanes", "vectors"), WIDTHS)
def test_an_infinite_row_spoils_the_sums_that_it_belongs_to_alone(lanes, vectors, monkeypatch):
    as_if(monkeypatch, lanes, vectors)
    program = recorded(products, 5, 3)
    X = np.ones((17, 8))
    X[16, 0], X[16, 6] = np.inf, 0.0  # in the last vector, whose other lanes are copies of it
    found = np.reshape(machine(program, 17).run([], X), (5, 3))
    assert np.isinf(found[0, [0, 2]]).all()
    assert np.isnan(found[0, 1])
    assert found[1:].tolist() == [[17.0, 16.0, 17.0]] * 4


def test_a_count_that_no_block_divides_needs_no_second_text():
    text = nests.module(roll(recorded(products, 43, 43)), 16, 8, 8)
    assert text.count("= call <16 x double> @llvm.fmuladd") == 8
    short = nests.module(roll(recorded(products, 5, 3)), 16, 8, 8)  # a third would be in vain
    assert short.count("= call <16 x double> @llvm.fmuladd") > 8


@pytest.mark.parametrize("shape", [(1,), (9,), (64,), (3, 5), (43, 43), (2, 3, 35)], ids=str)
def test_blocks_have_every_member_once(shape):
    """The loops of the counters are run as LLVM would run them."""
    writer = Writer(16, {})
    seen = np.zeros(shape, int)
    for block in blocks(writer, shape, (4, 2)):
        assert len(block.sizes) == len(shape)
        for firsts, repeated in runs(writer, block, shape):
            new = np.s_[
                tuple(
                    slice(a + r, a + n)
                    for a, r, n in zip(firsts, repeated, block.sizes, strict=True)
                )
            ]
            seen[new] += 1
    assert (seen == 1).all()


def runs(writer, block, shape):
    """The first members of a block and what is repeated, each time that it is computed."""
    per_counter = []
    for first, repeated, size, count in zip(
        block.firsts, block.repeated, block.sizes, shape, strict=True
    ):
        if not first.startswith("%"):
            per_counter.append([(int(first), 0)])
            continue
        times = -(-count // size) if repeated != "0" else count // size
        starts = [min(k * size, count - size) for k in range(times)]
        per_counter.append([(a, k * size - a) for k, a in enumerate(starts)])
    grid = np.stack(np.meshgrid(*[range(len(each)) for each in per_counter], indexing="ij"), -1)
    for numbers in grid.reshape(-1, len(shape)):
        chosen = [each[k] for each, k in zip(per_counter, numbers, strict=True)]
        yield [a for a, _ in chosen], [r for _, r in chosen]


def test_places_of_neighbours_differ_in_a_number_alone():
    w = Writer(1, {})
    third = w.index("%tile", (2, 1))
    assert third == "%tile+2"
    assert w.index(5, (third, 7), ("3", -10)) == "%t1-11"
    assert w.lines == ["  %t1 = mul i64 %tile, 7"]
    assert w.index(1, ("4", 2)) == "9"
    assert w.pointer("%S", "0") == "%S"
    w.pointer("%S", "%t1-11")
    assert w.lines[1:] == [
        "  %t2 = getelementptr double, ptr %S, i64 %t1",
        "  %t3 = getelementptr double, ptr %t2, i64 -11",
    ]


def test_a_stride_that_is_known_at_run_time_alone_moves_the_number_too():
    w = Writer(1, {})
    place = w.index(0, ("%i+2", "%stride"))
    assert [line.strip() for line in w.lines] == [
        "%t1 = mul i64 %stride, 2",
        "%t2 = mul i64 %i, %stride",
        "%t3 = add i64 %t1, %t2",
    ]
    assert place == "%t3"
    assert w.whole("%t3+4") == "%t4"
    assert w.whole("7") == "7"


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8])
@pytest.mark.parametrize("lanes", [8, 16])
def test_vectors_that_are_folded_together_have_the_sums_of_each_alone(count, lanes):
    """The instructions are run on lists of text: whatever is added, in which order."""
    names = [f"%v{k}" for k in range(count)]
    start = {name: [f"{name}.{lane}" for lane in range(lanes)] for name in names}
    together = Writer(lanes, {})
    last = folded_in_order(together, names)
    found = interpreted(together.lines, start)[last]
    for k, name in enumerate(names):
        alone = Writer(lanes, {})
        assert found[k] == interpreted(alone.lines, start, folded(alone, name))


def interpreted(lines, start, scalar=None):
    values = dict(start)
    for line in lines:
        name, _, text = line.strip().partition(" = ")
        if text.startswith("shufflevector"):
            lanes = [int(part.split()[-1]) for part in text.rpartition("<")[2][:-1].split(", ")]
            a, b = (part.split(" ")[0].rstrip(",") for part in text.split("double> ")[1:3])
            both = values[a] + (values[b] if b != "poison" else [])
            values[name] = [both[lane] for lane in lanes]
        elif text.startswith("fadd"):
            a, b = text.split("> ")[1].split(", ")
            values[name] = [f"({x}+{y})" for x, y in zip(values[a], values[b], strict=True)]
        else:
            (values[name],) = values[text.split("> ")[1].split(",")[0]]
    return values if scalar is None else values[scalar]


def picked(a, b):
    """Sums of products that share nothing."""
    order = np.random.default_rng(2).permutation(len(a)).tolist()
    pairs = [(order[k], order[k - 1]) for k in range(len(a))]
    return [bp.sin(a[i] * b[j] + a[j] * b[i]) for i, j in pairs]


def test_sums_of_few_products_that_share_nothing_are_written_one_by_one():
    """So the code is as long as that for one member."""
    text = nests.module(roll(recorded(picked, 24, 24)), 16, 8, 8)
    assert text.count("= call <16 x double> @llvm.fmuladd") <= 2
