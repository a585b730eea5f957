"""The walks in C, compared with Python instruction for instruction and loop for loop."""

import gc
import itertools
import math
import pickle
import struct
import subprocess
import sys
import threading
from array import array
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from random_programs import ARITHMETIC, NUMBERS, Step, functions, run

import autograd_bp as bp
from autograd_bp import Value, errors
from autograd_bp.compiling import Builder, Program, flatten, optimised, roll
from autograd_bp.compiling.backends import tape
from autograd_bp.compiling.backends.protocol import Source
from autograd_bp.compiling.calling.caller import machine
from autograd_bp.compiling.loops import affine, rolling, sequences
from autograd_bp.compiling.loops.loops import numbers_read
from autograd_bp.compiling.loops.table import SPACES, LoopTable
from autograd_bp.compiling.program import native, passes
from autograd_bp.compiling.program.collector import no_collections
from autograd_bp.compiling.program.flatten import flatten_in_python
from autograd_bp.derivatives.recorded import record_gradients
from autograd_bp.primitives import TABLE, Primitive

needs_walks = pytest.mark.skipif(native.walks is None, reason="the walks in C were not built")
PASSES = (
    passes.dead_code,
    passes.fold_constants,
    passes.simplify,
    passes.common_subexpressions,
    passes.tidy,
    passes.fuse_products,
    passes.split_products,
)
SPECIAL = [0.0, -0.0, 1.0, -1.0, 2.0, 3.0, 0.5, math.inf, -math.inf, math.nan, 5e-324]


def bits(numbers):
    return [b"nan" if x != x else struct.pack("d", x) for x in numbers]


def fields(program):
    """All that a program consists of."""
    return (
        program.parameters,
        program.inputs,
        bits(program.constants),
        list(program.codes),
        list(program.starts),
        list(program.operands),
        program.outputs,
        program.summed,
    )


def parts(loops):
    return (
        loops.parameters,
        loops.inputs,
        bits(loops.constants),
        loops.loops,
        loops.sizes,
        loops.outputs,
    )


def assert_walks_agree(outputs, parameters=(), inputs=(), summed=None):
    """Compares flattening, every pass by itself and in turn, and rolling."""
    names = (
        tuple([f"p{k}" for k in range(len(parameters))]),
        tuple(f"x{k}" for k in range(len(inputs))),
    )
    marks = tuple(summed or [k % 2 == 0 for k in range(len(outputs))])
    program = flatten(outputs, parameters=parameters, inputs=inputs, summed=marks)
    expected = flatten_in_python(outputs, parameters, inputs, names, marks)
    assert fields(program)[2:] == fields(expected)[2:]
    assert_passes_agree(program)
    return program


def assert_passes_agree(program):
    for one in PASSES:
        assert fields(one(program)) == fields(one.reference(program)), one.__name__
    assert parts(roll(program)) == parts(rolling.roll_in_python(program))
    for one in passes.STANDARD:
        expected = one.reference(program)
        program = one(program)
        assert fields(program) == fields(expected), one.__name__
    loops = roll(program)
    assert parts(loops) == parts(rolling.roll_in_python(program))
    for one in PASSES:
        assert fields(one(program)) == fields(one.reference(program)), one.__name__
    for loop in loops.loops:
        assert repr(loop)  # every field is there
        hash(loop.space)
    assert_numbers_agree(program, loops)


def assert_numbers_agree(program, loops):
    """Compares loops that are written as numbers with those that are objects."""
    in_numbers = rolling._rolled(passes.split_products(program), many=0)
    table = in_numbers.loops
    assert isinstance(table, LoopTable)
    assert parts(replace(in_numbers, loops=tuple(table))) == parts(loops)
    assert [table._loop(k) for k in range(len(table))] == [*loops.loops]
    for loop, other in zip(table, loops.loops, strict=True):
        assert repr(loop) == repr(other)
    assert {*in_numbers.ops} == {*loops.ops}
    assert in_numbers.work == loops.work
    assert Source(in_numbers).work == Source(loops).work
    assert table.reads == sum(len(loop.reads) for loop in loops.loops)
    assert table.deepest == max((len(loop.shape) for loop in loops.loops), default=0)
    assert pickle.loads(pickle.dumps(table)) == loops.loops
    found = []
    suiting = rolling.roll_if(program, lambda *counts: found.append(counts) or True)
    assert parts(suiting) == parts(loops)
    assert found[-1] == (len(loops.loops), sum(map(numbers_read, loops.loops)))
    assert rolling.roll_if(program, lambda *counts: False) is None
    if tape.unavailable() is None and tape.refused(loops) is None:
        text, expected = tape._Text(in_numbers), tape._Text(loops.written_out())
        for name in ("recipes", "pieces", "shared", "count", "reads"):
            assert getattr(text, name) == getattr(expected, name)
        given = text_of(*text.table, text.tables) if text.table else (text.loops, text.tables)
        assert given == (expected.loops, expected.tables)
        parameters = np.linspace(0.2, 0.9, len(loops.parameters))
        inputs = np.linspace(-0.9, 0.8, 3 * len(loops.inputs)).reshape(-1, 3)
        for some in (inputs, inputs[:, :1]):
            results = [
                machine(content, tape.tape_of(content)).run(parameters, some, 1)
                for content in (in_numbers, loops.written_out())
            ]
            for one, other in zip(*results, strict=True):
                assert one.tobytes() == other.tobytes()


def text_of(numbers, starts, facts, tables):
    """The numbers of a LoopTable, and its tables, as those of loops that were objects.

    The tables lie in the order of the accesses; where an access comes before another one for the
    tape, those of a LoopTable stay where they are.
    """
    text, laid = array("q"), array("i")
    for k, fact in enumerate(facts.tolist()):
        code, space, base, terms, reads, depth, *rest = numbers[starts[k] : starts[k + 1]]
        shape, rest = rest[:depth], rest[depth:]
        accesses = [rest[j : j + 4 + depth] for j in range(0, len(rest), 4 + depth)]
        lengths = [math.prod(shape) * terms] * reads
        if fact & 1:
            lengths[-1] = math.prod(shape)
        if fact & 4 and reads > 1 and SPACES[accesses[1][0]] in tape.UNIFORM:
            accesses[:2], lengths[:2] = accesses[1::-1], lengths[1::-1]
        text.extend([code, space, base, terms, fact & 1, reads, depth, fact >> 1 & 1, -1, *shape])
        for (where, first, step, place, *strides), length in zip(accesses, lengths, strict=True):
            text.extend([where, first, step, place if place < 0 else len(laid), *strides])
            laid.extend(tables[place : place + length] if place >= 0 else ())
    return text, laid


def with_gradient(y, leaves):
    gradient = record_gradients([y], leaves) if isinstance(y, Value) else []
    return [y, *gradient]


# ------------------------------------------------------------------------------ random programs
@needs_walks
@given(functions(longest=16), st.lists(NUMBERS, min_size=3, max_size=3), st.integers(0, 3))
@settings(max_examples=150)
def test_random_programs(steps, numbers, inputs):
    leaves = [Value(x) for x in numbers]
    y = run(steps, leaves)
    outputs = [y[-1], y[len(y) // 2], y[-1], leaves[0], leaves[2], 4.0, y[-2], -0.0, math.nan]
    outputs += with_gradient(Value(0.0) + y[-1], leaves)
    assert_walks_agree(outputs, leaves[inputs:], leaves[:inputs])


def steps_of(*lines):
    return [Step(Primitive.named(name), reads) for name, *reads in lines]


# In its gradient a dot reads two lists by tables, of which the second comes first for the tape.
TWO_TABLES = steps_of(("add", 0, 0), ("add", 4, 4), ("maximum", 1, 1), ("maximum", 1, 4))
TWO_TABLES += steps_of(*[("add", 0, 0)] * 16, ("add", 5, 6))


@needs_walks
@example(TWO_TABLES, [0.0, 0.0, 0.0])
@given(functions(longest=60, rows=ARITHMETIC), st.lists(NUMBERS, min_size=3, max_size=3))
@settings(max_examples=150)
def test_random_arithmetic(steps, numbers):
    leaves = [Value(x) for x in numbers]
    y = run(steps, leaves)
    assert_walks_agree(with_gradient(Value(0.0) + y[-1], leaves), leaves[1:], leaves[:1])


@needs_walks
@given(st.data(), st.integers(1, 25))
@settings(max_examples=150)
def test_random_registers(data, length):
    """Programs that no graph gives: equal constants, instructions that nobody reads, all folds."""
    constants = data.draw(st.lists(st.sampled_from(SPECIAL), max_size=4))
    rows = [row for row in TABLE if row.arity is None] + [*ARITHMETIC] * 2
    rows += [Primitive.named(name) for name in ("where", "power", "pow", "neg", "div")]
    codes, starts, operands = array("i"), array("q", [0]), array("q")
    total = 4 + len(constants)
    for _ in range(length):
        row = data.draw(st.sampled_from(rows))
        count = row.arity
        while count is None or (row.arity is None and not row.operands.fit(count)):
            count = data.draw(st.integers(1, 7))
        codes.append(row.code)
        operands.extend(data.draw(st.integers(0, total - 1)) for _ in range(count))
        starts.append(len(operands))
        total += 1
    outputs = tuple(data.draw(st.lists(st.integers(0, total - 1), max_size=6)))
    summed = tuple(data.draw(st.booleans()) for _ in outputs)
    program = Program(
        ("a", "b"), ("x", "y"), tuple(constants), codes, starts, operands, outputs, summed
    )
    assert_passes_agree(program.check())


# ------------------------------------------------------------------------------ what users write
def values(count, start=0.1):
    return [Value(start + 0.37 * k) for k in range(count)]


def network(sizes):
    w = iter(values(sum((a + 1) * b for a, b in itertools.pairwise(sizes))))
    parameters, x = [], values(sizes[0])
    y = x
    for before, after in itertools.pairwise(sizes):
        layer = [[next(w) for _ in range(before + 1)] for _ in range(after)]
        parameters += [v for line in layer for v in line]
        y = [
            bp.sigmoid(line[0] + sum(a * b for a, b in zip(line[1:], y, strict=True)))
            for line in layer
        ]
    return sum((v - 0.5) ** 2 for v in y), parameters, x


def runge_kutta():
    state, rates = values(3), values(2)

    def slope(y):
        return [rates[0] * (y[1] - y[0]), y[0] * (rates[1] - y[2]) - y[1], y[0] * y[1] - y[2]]

    y = state
    for _ in range(6):
        k1 = slope(y)
        k2 = slope([a + 0.05 * k for a, k in zip(y, k1, strict=True)])
        k3 = slope([a + 0.05 * k for a, k in zip(y, k2, strict=True)])
        k4 = slope([a + 0.1 * k for a, k in zip(y, k3, strict=True)])
        y = [
            a + 0.1 / 6 * (p + 2 * q + 2 * r + s)
            for a, p, q, r, s in zip(y, k1, k2, k3, k4, strict=True)
        ]
    return y[0] + y[2], rates, state


def lstm():
    w, x = values(4 * 2 * 4, 0.01), values(6)
    h, c = [0.0, 0.0], [0.0, 0.0]
    for t in range(3):
        z = [*x[2 * t : 2 * t + 2], *h]
        gates = [bp.dot(w[4 * k : 4 * k + 4], z) for k in range(8)]
        c = [
            bp.sigmoid(gates[k]) * c[k] + bp.sigmoid(gates[2 + k]) * bp.tanh(gates[4 + k])
            for k in range(2)
        ]
        h = [bp.sigmoid(gates[6 + k]) * bp.tanh(c[k]) for k in range(2)]
    return h[0] * h[1], w, x


def attention():
    w, x = values(12), values(8)
    keys = [bp.dot(w[:4], x[k : k + 4]) for k in range(4)]
    queries = [bp.dot(w[4:8], x[k : k + 4]) for k in range(4)]
    total = Value(0.0)
    for p in range(4):
        weights = bp.softmax([queries[p] * keys[t] for t in range(p + 1)])
        total = total + bp.dot(weights, keys[: p + 1]) ** 2
    return total, w, x


def convolution():
    w, x = values(3), values(10)
    y = [bp.relu(sum(w[j] * x[i + j] for j in range(3))) for i in range(8)]
    return bp.logsumexp([bp.maximum(y[i], y[i + 1]) for i in range(0, 8, 2)]), w, x


def irregular():
    random = np.random.default_rng(3)
    nodes = values(6)
    w, x = nodes[:4], nodes[4:]
    for _ in range(120):
        a, b = (nodes[random.integers(len(nodes))] for _ in range(2))
        kind = random.integers(6)
        nodes.append(
            (a + b, a * b, bp.sin(a), bp.where(a, b, 1.0), bp.sum([a, b, 2.0]), a**2)[kind]
        )
    return nodes[-1] + nodes[-2] * nodes[-3], w, x


MODELS = [lambda: network((2, 5, 4, 1)), lambda: network((3, 1)), runge_kutta, lstm, attention]
MODELS += [convolution, irregular]


@needs_walks
@pytest.mark.parametrize("model", MODELS)
def test_models_and_their_gradients(model):
    y, w, x = model()
    program = assert_walks_agree([y], w, x, [True])
    assert len(optimised(program)) <= len(program)
    outputs = with_gradient(y, w)
    assert_walks_agree(outputs, w, x, [True] * len(outputs))
    assert_walks_agree(outputs, x, w)


@needs_walks
def test_outputs_of_every_kind():
    a, b, x = values(3)
    y, constant = bp.exp(a), Value(math.nan)
    outputs = [y, y, a, x, x, constant, 2.0, 2.0, y * x, bp.sin(x), bp.sin(x), Value(-0.0), 0.0]
    for summed in (False, True):
        assert_walks_agree(outputs, [a, b], [x], [summed] * len(outputs))
    assert_walks_agree([], [a], [x])
    assert_walks_agree([1.0])


@needs_walks
def test_primitives_of_users():
    cube = Primitive("cube_for_walks", 1, lambda x: x * x * x, lambda x, y: (3.0 * x * x,))
    pair = Primitive("pair_for_walks", 2, lambda x, y: x - 2.0 * y, lambda x, y_, y: (1.0, -2.0))
    w, x = values(3), values(2)
    y = cube(w[0]) + pair(cube(x[0]), w[1]) + pair(w[2], x[1]) + cube(Value(2.0))
    program = assert_walks_agree(with_gradient(y, w), w, x)
    assert program.later == sorted([cube.code, pair.code])
    assert cube in [op for _, op, _ in optimised(program).instructions()]


@needs_walks
def test_a_primitive_that_raises_does_so_in_a_pass():
    def refuse(x):
        if x == 2.5:
            raise ZeroDivisionError("no")
        return x

    with np.errstate(all="ignore"):
        odd = Primitive("odd_for_walks", 1, refuse, lambda x, y: (1.0,))
    builder = Builder([], ["x"])
    program = builder.finish([builder.emit(odd, [builder.constant(2.5)])], [False])
    for walk in (passes.tidy, passes.tidy.reference, passes.fold_constants):
        with pytest.raises(ZeroDivisionError, match="no"):
            walk(program)
    assert fields(passes.simplify(program)) == fields(program)


# ------------------------------------------------------------------------------ graphs
@needs_walks
def test_marks_of_a_sweep_are_put_back():
    """A flattening between two sweeps changes no gradient, and neither does one that fails."""
    x, y = values(2)
    z = bp.sin(x * y) + x
    z.backward()
    first = x.grad, y.grad
    flatten([z], inputs=[x, y])
    with pytest.raises(errors.OperandError):
        flatten([z], inputs=[x, x])
    z.backward()
    assert (x.grad, y.grad) == (2 * first[0], 2 * first[1])


@needs_walks
def test_a_flattening_inside_a_primitive_of_a_sweep():
    """The walk of a graph uses the marks of nodes while another sweep waits with its own."""
    x = Value(0.3)
    z = x
    nodes = []
    for _ in range(50):
        z = bp.sin(z) + x
        nodes.append(z)
    z.backward()
    expected = x.grad
    x.zero_grad()

    threads = [
        threading.Thread(target=lambda: [flatten([z], inputs=[x]) for _ in range(20)])
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for _ in range(20):
        z.backward(accumulate=False)
    for thread in threads:
        thread.join()
    assert x.grad == expected
    assert len(flatten([z], inputs=[x])) == 100


@needs_walks
def test_a_given_node_stops_the_walk_and_may_be_an_output():
    a, x = values(2)
    middle = bp.exp(a)
    outputs = [middle * x, middle, a, bp.sin(a)]
    assert_walks_agree(outputs, [middle], [x])
    assert_walks_agree(outputs, [middle, a], [x])


@needs_walks
def test_a_class_derived_from_value_is_flattened_too():
    class Named(Value):
        pass

    a, b = Named(1.0), Named(2.0)
    y = bp.sum([a * b, b, 3.0]) + bp.dot([a, b], [b, 1.0])
    assert_walks_agree([y, a], [a], [b])


@needs_walks
def test_a_chain_of_a_million_needs_no_recursion():
    x, w = Value(0.5), Value(0.999)
    y = x
    for _ in range(10**6):
        y = y * w
    program = flatten([y], parameters=[w], inputs=[x])
    assert len(program) == 10**6
    assert list(program.operands[-4:]) == [999_999, 0, 1_000_000, 0]
    assert len(optimised(program)) == 10**6


@needs_walks
@pytest.mark.parametrize("readers", [1, 7, 8, 9, 40])
def test_what_is_computed_twice_is_found_however_many_read_a_result(readers):
    w, x = [Value(0.1 * k) for k in range(readers)], Value(0.5)
    y = bp.sin(x)
    first = [y * a for a in w] + [bp.tanh(a) for a in w]
    again = [a * y for a in reversed(w)] + [bp.tanh(a) for a in w]
    total = bp.sum([a * b for a, b in zip(first, again, strict=True)])
    program = assert_walks_agree([total], w, [x])
    squares = readers + (readers + 1) // 2  # y·a · y·b comes twice where a is not b
    assert len(passes.tidy(program)) == 1 + 2 * readers + squares + 1


@needs_walks
def test_loops_that_do_not_suit_are_not_counted_to_the_last():
    w = y = Value(0.5)
    for _ in range(5000):
        y = bp.sin(y)
    asked = []

    def suits(loops, numbers):
        asked.append(loops)
        return numbers >= 100 * loops

    assert rolling.roll_if(flatten([y], parameters=[w]), suits) is None
    assert 32 <= max(asked) < 200


@needs_walks
def test_names_of_nodes_are_those_of_the_program():
    a, b, x = Value(1.0, "speed"), Value(2.0), Value(3.0)
    program = flatten([a * b * x], parameters=[a, b], inputs=[x])
    assert (program.parameters, program.inputs) == (("speed", "p1"), ("x0",))


# ------------------------------------------------------------------------------ what is not valid
@needs_walks
@pytest.mark.parametrize(
    "changes",
    [
        {"operands": array("q", [0, 10**9, 2, 1])},
        {"operands": array("q", [0, -10, 2, 1])},
        {"starts": array("q", [0, 1, 4])},
        {"starts": array("q", [0, 3, 2])},
        {"outputs": (10**9,)},
        {"codes": [2, 0]},
        {"codes": array("i", [2, 10**6])},
        {"summed": ()},
    ],
)
def test_a_program_that_is_not_valid_is_left_to_python(changes):
    x = Value(1.0)
    whole = flatten([x * x + 1.0], inputs=[x])
    names = Program.__dataclass_fields__
    broken = Program(**{**{name: getattr(whole, name) for name in names}, **changes})
    for one in () if "codes" in changes else PASSES:
        assert outcome(one, broken) == outcome(one.reference, broken)
    assert outcome(roll, broken) == outcome(rolling.roll_in_python, broken)


def outcome(function, program):
    try:
        result = function(program)
    except Exception as error:
        return type(error)
    return fields(result) if isinstance(result, Program) else parts(result)


# ------------------------------------------------------------------------------ nests
NESTS = st.lists(st.integers(1, 4), min_size=1, max_size=4)


@needs_walks
@given(st.data(), NESTS, st.integers(1, 4))
@settings(max_examples=300)
def test_nests_are_those_of_python(data, shape, terms):
    """Regular lists, in order, shuffled, or with a few places changed."""
    members = math.prod(shape)
    grid = np.indices(shape).reshape(len(shape), members)
    order = np.arange(members)
    if data.draw(st.booleans()):
        np.random.default_rng(data.draw(st.integers(0, 99))).shuffle(order)
    lists = []
    for _ in range(data.draw(st.integers(1, 4))):
        count = data.draw(st.sampled_from([1, terms]))
        strides = [data.draw(st.integers(-3, 40)) for _ in shape]
        starts = data.draw(st.integers(-5, 10**6)) + strides @ grid
        numbers = starts[order, None] + data.draw(st.integers(-2, 300)) * np.arange(count)
        if data.draw(st.integers(0, 3)) == 0:
            numbers[data.draw(st.integers(0, members - 1)), -1] += 1
        lists.append(numbers)
    assert_same_nest(lists)


def assert_same_nest(lists):
    order, shape, families = affine.arrange(lists)
    expected_order, expected_shape, expected = affine.arrange_in_python(lists)
    assert (order is None) == (expected_order is None)
    assert order is None or (order == expected_order).all()
    assert shape == expected_shape
    for family, other in zip(families, expected, strict=True):
        assert type(family) is type(other)
        assert family == other if isinstance(family, tuple) else np.array_equal(family, other)


@needs_walks
@pytest.mark.parametrize("spread", [1, 300, 2**20, 2**40])
def test_many_members_are_sorted_as_by_python(spread):
    """So many that digits are sorted instead of members."""
    random = np.random.default_rng(spread)
    inner, outer = np.meshgrid(np.arange(60), np.arange(50))
    order = random.permutation(3000)
    first = (spread * outer + 3).ravel()[order, None] + np.arange(3)
    second = (-spread * inner).ravel()[order, None]
    assert_same_nest([first, second])
    assert_same_nest([second, first])
    assert_same_nest([first[:, :1], second, random.integers(-spread, spread, (3000, 1))])
    assert_same_nest([np.asfortranarray(first.astype(np.int32)), second[::-1]])


# ------------------------------------------------------------------------------ the collector
def test_the_collector_does_not_run_while_a_program_is_made():
    runs = []
    x, w = Value(0.5), values(3)
    y = x
    for _ in range(4000):
        y = bp.sin(y) * w[0] + w[1] * bp.sin(x)
    gc.collect()

    def note(phase, info):
        runs.append(phase)

    before = gc.get_threshold()
    gc.set_threshold(50, 2, 2)
    try:
        with no_collections():
            gc.callbacks.append(note)
            program = optimised(flatten([y], parameters=w, inputs=[x]))
            roll(program)
            assert not runs
            gc.callbacks.remove(note)
        assert gc.isenabled()
    finally:
        gc.set_threshold(*before)
        if note in gc.callbacks:
            gc.callbacks.remove(note)


def test_the_collector_is_as_it_was_after_an_error():
    assert gc.isenabled()
    with pytest.raises(errors.OperandError):
        flatten([Value(1.0)], inputs=["x"])
    assert gc.isenabled()
    gc.disable()
    try:
        with no_collections(), no_collections():
            assert not gc.isenabled()
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_pauses_of_several_threads_end_with_the_last():
    inside, leave = threading.Event(), threading.Event()

    def pause():
        with no_collections():
            inside.set()
            leave.wait(10)

    other = threading.Thread(target=pause)
    other.start()
    inside.wait(10)
    with no_collections():
        leave.set()
        other.join()
        assert not gc.isenabled()
    assert gc.isenabled()


# ------------------------------------------------------------------------------ the tests can fail
@needs_walks
def test_a_walk_that_differs_would_be_seen(monkeypatch):
    x = values(2)
    program = flatten([x[0] * x[1] + x[0]], inputs=x)
    other = flatten([x[1] * x[0] + x[0]], inputs=x)
    assert fields(program) != fields(other)
    assert parts(roll(program)) != parts(roll(other))


# ------------------------------------------------------------------------------ repeated loops
@needs_walks
@given(st.lists(st.integers(0, 2), min_size=1, max_size=40), st.integers(1, 4), st.data())
@settings(max_examples=200)
def test_steps_are_those_of_python(pattern, times, data):
    kinds = np.array(pattern * times + data.draw(st.lists(st.integers(0, 2), max_size=5)))
    moved = np.arange(len(kinds) * 2).reshape(-1, 2) * data.draw(st.integers(-2, 3))
    for place in data.draw(st.lists(st.integers(0, len(kinds) - 1), max_size=3)):
        moved[place, 1] += 1
    expected = sequences._best(kinds, moved)
    found = native.walks.steps(kinds, moved, sequences.MAX_BODY, sequences.MIN_STEPS)
    for one, other in zip(found, expected, strict=True):
        assert one.tolist() == other.tolist()


@needs_walks
@pytest.mark.parametrize("model", MODELS)
def test_kinds_of_loops_are_those_of_python(model):
    y, w, x = model()
    loops = roll(optimised(flatten(with_gradient(y, w), parameters=w, inputs=x))).loops
    kinds, bases = native.walks.kinds_and_bases(loops)
    assert kinds.tolist() == sequences._kinds(loops).tolist()
    assert bases.tolist() == sequences._bases(loops).tolist()


def test_names_that_are_passed_come_before_labels():
    a, b, c = Value(1.0, "a"), Value(2.0, "b"), Value(3.0)
    program = flatten([a * b * c], parameters=[a, b, c], names=(["first"], []))
    assert program.parameters == ("first", "b", "p2")


def test_many_arguments_have_names_in_the_program():
    f = bp.compiled(lambda w, x: bp.dot(w, x), rows="x", backend="reference")
    f.value_and_grad(np.ones(300), np.ones((2, 300)))
    assert f.program.parameters[:2] == ("w[0]", "w[1]")
    assert f.program.inputs[299] == "x[299]"


def test_a_pass_takes_its_program_by_name():
    x = Value(1.0)
    program = flatten([x * 1.0], inputs=[x])
    assert len(passes.tidy(program=program)) == 0
    assert len(passes.dead_code(program=program)) == 1


@needs_walks
def test_walks_of_other_sources_do_not_run():
    code = (
        "import importlib\n"
        "from autograd_bp.compiling.program import _walks, native\n"
        "assert native.walks is _walks\n"
        "_walks.FORMAT = 0\n"
        "assert importlib.reload(native).walks is None\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@needs_walks
@pytest.mark.parametrize("one", [passes.fuse_products, passes.split_products])
def test_a_program_without_chains_of_additions_stays_as_it_is(one):
    a, b = Value(0.5), Value(2.0)
    program = flatten([bp.sin(a * b) + 1.0], parameters=[a, b])
    assert one(program) is program
    assert one.reference(program) is program
