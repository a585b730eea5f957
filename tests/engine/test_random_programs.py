"""Random programs over every smooth row, compared with two oracles that share no code with the
sweep: dual numbers carried forwards, and numerical differentiation."""

import math

import exact
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd_bp import Value
from autograd_bp.primitives import Primitive

ROWS = [
    row
    for row in exact.BUILT_IN
    if row.partials is not None and not row.gate and row.name not in ("power", "hypot")
]
SAFE = {row.name: row for row in ROWS}


class Step:
    """One line of a program: a row, and which earlier numbers it takes."""

    def __init__(self, row: Primitive, inputs: list[int]) -> None:
        self.row, self.inputs = row, inputs

    def __repr__(self) -> str:
        return f"{self.row.name}{tuple(self.inputs)}"


@st.composite
def programs(draw, longest=12):
    width = draw(st.integers(1, 3))
    steps: list[Step] = []
    for k in range(draw(st.integers(1, longest))):
        row = draw(st.sampled_from(ROWS))
        arity = row.arity or 2 * draw(st.integers(1, 2))
        inputs = draw(st.lists(st.integers(0, width + k - 1), min_size=arity, max_size=arity))
        steps.append(Step(row, inputs))
    start = draw(
        st.lists(st.floats(-2, 2).filter(lambda x: abs(x) > 0.05), min_size=width, max_size=width)
    )
    return start, steps


def run(start, steps, apply):
    numbers = list(start)
    for step in steps:
        numbers.append(apply(step.row, [numbers[i] for i in step.inputs]))
    return numbers


def dual(row, inputs):
    """Forward mode: numbers with their slopes in every direction, by exact slopes of the row."""
    data = [number for number, _ in inputs]
    y = row.forward(*data)
    slopes = [
        exact.derivative(row, data, i) if math.isfinite(y) else None for i in range(len(data))
    ]
    if any(slope is None for slope in slopes):
        raise Kink
    width = len(inputs[0][1])
    return y, [
        math.fsum(float(s) * d[k] for s, (_, d) in zip(slopes, inputs, strict=True))
        for k in range(width)
    ]


class Kink(Exception):
    """The program passes a point without a derivative: nothing to compare there."""


def gradients(start, steps):
    inputs = [Value(x) for x in start]
    output = run(inputs, steps, lambda row, operands: row(*operands))[-1]
    output.backward()
    return output, [x.grad for x in inputs]


def largest(start, steps):
    """The size of the largest number and partial on the way: what the rounding scales with."""
    nodes = run([Value(x) for x in start], steps, lambda row, operands: row(*operands))
    sizes = [abs(n) for node in nodes for n in (node.data, *node.partials)]
    return max(sizes) if all(map(math.isfinite, sizes)) else math.inf


@given(programs())
def test_the_sweep_agrees_with_dual_numbers(program):
    start, steps = program
    size = largest(start, steps)
    if size > 1e4:
        return
    width = len(start)
    directions = [[float(i == k) for k in range(width)] for i in range(width)]
    try:
        _, expected = run(list(zip(start, directions, strict=True)), steps, dual)[-1]
    except Kink:
        return
    _, found = gradients(start, steps)
    scale = max(map(abs, expected), default=0.0)
    for a, b in zip(found, expected, strict=True):
        assert a == pytest.approx(b, rel=1e-9, abs=1e-9 * (1 + scale))


@given(programs(longest=6))
def test_the_sweep_agrees_with_numerical_differentiation(program):
    start, steps = program
    if largest(start, steps) > 100.0:
        return
    _, found = gradients(start, steps)

    def output(x, k):
        moved = [*start]
        moved[k] = x
        return run(moved, steps, lambda row, operands: row.forward(*operands))[-1]

    for k, x in enumerate(start):
        slopes = [(output(x + h, k) - output(x - h, k)) / (2 * h) for h in (1e-4, 5e-5)]
        best = (4 * slopes[1] - slopes[0]) / 3
        doubt = abs(slopes[1] - slopes[0])
        if not doubt < 1e-4 * (1 + abs(best)):
            continue  # a kink, a pole or a wild curvature next to the point
        assert found[k] == pytest.approx(best, rel=1e-6, abs=1e-6 + 10 * doubt)


@given(programs())
def test_two_sweeps_give_exactly_twice_the_gradient(program):
    start, steps = program
    inputs = [Value(x) for x in start]
    output = run(inputs, steps, lambda row, operands: row(*operands))[-1]
    output.backward()
    once = [x.grad for x in inputs]
    output.backward()
    for x, g in zip(inputs, once, strict=True):
        assert x.grad == 2 * g or not math.isfinite(g)


def test_the_programs_are_drawn_from_the_whole_table():
    assert {"add", "mul", "div", "pow", "exp", "tanh", "sigmoid", "dot", "performance"} <= {*SAFE}
    assert len(SAFE) > 30
