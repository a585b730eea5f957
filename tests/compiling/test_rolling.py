"""Rolling: programs as loops, the same numbers from far fewer lines."""

import copy
import itertools
import pickle
import struct

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from random_programs import ARITHMETIC, NUMBERS, functions, run

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp import primitives as ops
from autograd_bp.compiling import Access, Loop, flatten, fold_constants, optimised, roll
from autograd_bp.compiling.program.passes import split_products
from autograd_bp.derivatives.recorded import record_gradients


def bits(found):
    return [
        [b"nan" if x != x else struct.pack("d", x) for x in (y if isinstance(y, list) else [y])]
        for y in found
    ]


def traced(steps, numbers, inputs):
    """A program with the last number, one in the middle, the gradient, and the gradient of its
    first number; some of it summed."""
    leaves = [Value(x, f"v{k}") for k, x in enumerate(numbers)]
    found = run(steps, leaves)
    outputs = [found[-1], found[len(found) // 2], found[-1]]
    gradient = record_gradients([Value(0.0) + found[-1]], leaves)
    bent = [g for g in gradient if isinstance(g, Value)][:1]
    gradient += record_gradients(bent, leaves) if bent else []
    return flatten(
        [*outputs, *gradient],
        parameters=leaves[inputs:],
        inputs=leaves[:inputs],
        summed=[k % 2 == 0 for k in range(3 + len(gradient))],
    )


def held_to_the_program(program, numbers, inputs):
    rows = [numbers[:inputs], [x + 0.25 for x in numbers[:inputs]]]
    loops = roll(program)
    assert bits(loops.run(numbers[inputs:], rows)) == bits(program.run(numbers[inputs:], rows))
    return loops


@given(functions(longest=14), st.lists(NUMBERS, min_size=3, max_size=3), st.integers(0, 3))
def test_loops_give_the_bits_of_the_program(steps, numbers, inputs):
    program = traced(steps, numbers, inputs)
    held_to_the_program(program, numbers, inputs)
    held_to_the_program(optimised(program), numbers, inputs)


@given(functions(longest=40, rows=ARITHMETIC), st.lists(NUMBERS, min_size=3, max_size=3))
def test_loops_over_arithmetic_give_the_bits_of_the_program(steps, numbers):
    held_to_the_program(optimised(traced(steps, numbers, 2)), numbers, 2)


def network(sizes, activation=bp.sigmoid):
    def performance(w, x, d):
        weights, y = iter(w), list(x)
        for before, after in itertools.pairwise(sizes):
            chosen = [[next(weights) for _ in range(before + 1)] for _ in range(after)]
            y = [activation(bp.dot(each, [-1.0, *y])) for each in chosen]
        return bp.performance(d, y[0])

    return performance


def program_of(sizes, rows=3):
    count = sum((a + 1) * b for a, b in itertools.pairwise(sizes))
    numbers = np.random.default_rng(0)
    function = bp.compiled(network(sizes), rows=("x", "d"))
    w = numbers.normal(size=count)
    X, d = numbers.normal(size=(rows, sizes[0])), numbers.normal(size=rows)
    function.value_and_grad(w, X, d)
    return function.program, w, np.column_stack([X, d])


def test_a_wider_network_has_no_more_loops():
    counts = {width: len(roll(program_of((2, width, width, 1))[0]).loops) for width in (8, 16, 32)}
    assert len(set(counts.values())) == 1, counts
    assert counts[8] < 40


def test_a_network_is_the_same_as_loops():
    program, w, X = program_of((2, 5, 4, 1))
    assert bits(roll(program).run(w, X)) == bits(program.run(w, X))


def test_a_layer_is_one_regular_loop():
    program, _, _ = program_of((3, 8, 1))
    layer = next(loop for loop in roll(program).loops if loop.shape == (8,) and loop.terms == 3)
    weights, inputs, biases = layer.reads
    assert (weights.space, weights.base, weights.strides, weights.step) == ("parameter", 1, (4,), 1)
    assert (inputs.space, inputs.strides, inputs.step) == ("input", (0,), 1)
    assert (biases.space, biases.strides) == ("shared", (1,))


def test_what_only_the_sums_need_is_not_stored():
    program, _, _ = program_of((2, 8, 8, 1))
    outer = [loop for loop in roll(program).loops if loop.space == "sum" and len(loop.shape) == 2]
    assert {loop.members for loop in outer} == {64, 16}


def test_irregular_reads_keep_a_table():
    x = [Value(float(k)) for k in range(9)]
    left, right = [x[k] for k in (0, 5, 1, 7)], [x[k] for k in (2, 3, 8, 8)]
    program = flatten([bp.dot(left, right)], inputs=x)
    (loop,) = roll(program).loops
    assert list(loop.reads[0].table) == [0, 5, 1, 7]
    assert "table of 4" in str(loop)
    row = [float(k) for k in range(9)]
    assert roll(program).run([], [row]) == program.run([], [row])


def test_members_in_disorder_are_put_in_order():
    x = [Value(float(k)) for k in range(4)]
    program = flatten([bp.exp(x[k]) for k in (2, 0, 1, 3)], inputs=x)
    (loop,) = roll(program).loops
    assert (loop.reads[0].base, loop.reads[0].strides) == (0, (1,))
    assert roll(program).outputs == (("per_row", 2), ("per_row", 0), ("per_row", 1), ("per_row", 3))


def test_an_output_that_is_used_again_is_copied():
    a = Value(1.0, "a")
    b = bp.exp(a)
    loops = roll(flatten([b, b * b, b], inputs=[a], summed=[True, False, False]))
    assert loops.run([], [[0.0], [1.0]]) == [1.0 + np.e, [1.0, np.e * np.e], [1.0, np.e]]


def test_a_bias_on_a_constant_is_shared_by_the_rows():
    w, x = [Value(0.5, "w0"), Value(2.0, "w1")], Value(3.0, "x")
    program = split_products(flatten([bp.dot(w, [-1.0, x])], parameters=w, inputs=[x]))
    assert str(program) == (
        "parameters w0 w1\ninputs     x\nconstants  -1\n"
        "r0 = dot w0 -1\nr1 = dot w1 x r0\noutputs    r1"
    )


def test_a_program_of_constants_has_loops_too():
    program = fold_constants(flatten([Value(2.0) * 3.0, 4.0], summed=[True, False]))
    assert roll(program).run([], [[], []]) == [12.0, [4.0, 4.0]]


def test_loops_are_pickled_and_those_of_the_first_version_are_read():
    access = Access("slot", 3, (1,), 2)
    loop = Loop(ops.mul, (3,), 1, (access, access), "per_row", 0)
    assert pickle.loads(pickle.dumps(loop)) == loop
    assert copy.deepcopy(access) == access
    old = Loop.__new__(Loop)
    names = ("shape", "terms", "reads", "base")
    old.__setstate__(
        {name: getattr(loop, name) for name in names} | {"row": ops.mul, "space": "each"}
    )
    assert old == loop


def test_squares_and_cubes_are_loops_of_their_own_and_other_powers_are_one():
    x = [Value(2.0) for _ in range(6)]
    powers = [x[0] ** 2, x[1] ** 3, x[2] ** 2, x[3] ** 0.5, x[4] ** 5, x[5] ** 7]
    loops = roll(flatten(powers, inputs=x))
    assert sorted(loop.members for loop in loops.loops if loop.op.name == "power") == [1, 2, 3]
