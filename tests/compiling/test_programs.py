"""Programs compute what the graph computes, on every backend and after every pass."""

import math
from dataclasses import replace
from importlib.util import find_spec

import numpy as np
import pytest
import random_programs
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd_bp as bp
from autograd_bp import Value, errors
from autograd_bp.compiling import Builder, Program, flatten, optimised
from autograd_bp.compiling.backends import tape
from autograd_bp.compiling.backends.choosing import BackendChoice
from autograd_bp.compiling.backends.registry import names
from autograd_bp.compiling.program import passes
from autograd_bp.derivatives.recorded import record_gradients
from autograd_bp.primitives import TABLE, Primitive

points = st.lists(st.tuples(*[random_programs.NUMBERS] * 3), min_size=1, max_size=4)


def same(a, b):
    return (a == b and math.copysign(1, a) == math.copysign(1, b)) or (a != a and b != b)


def close(a, b, scale=0.0, rel=1e-9):
    if math.isfinite(a) and math.isfinite(b):
        return abs(a - b) <= rel * max(abs(a), abs(b), scale) + 1e-300
    return same(a, b)


def recorded(steps, x):
    leaves = [Value(number, f"x{k}") for k, number in enumerate(x)]
    return leaves, random_programs.run(steps, leaves)[-1]


def ours(value):
    return value if isinstance(value, Value) else Value(value)


@given(random_programs.functions(), points)
def test_the_reference_gives_the_bits_of_the_engine(steps, rows):
    leaves, y = recorded(steps, rows[0])
    program = flatten([y], inputs=leaves).check()
    found = program.run([], rows)[0]
    for number, row in zip(found, rows, strict=True):
        assert same(number, ours(recorded(steps, row)[1]).data)


PASSES = (
    passes.dead_code,
    passes.fold_constants,
    passes.simplify,
    passes.common_subexpressions,
    passes.tidy,
    passes.fuse_products,
)


@pytest.mark.parametrize("one", PASSES, ids=lambda one: one.__name__)
@given(random_programs.functions(), points)
def test_a_pass_changes_no_bit(one, steps, rows):
    leaves, y = recorded(steps, rows[0])
    program = flatten([y, *leaves[:1]], inputs=leaves)
    shorter = one(program).check()
    assert len(shorter) <= len(program)
    for a, b in zip(shorter.run([], rows), program.run([], rows), strict=True):
        assert all(map(same, a, b))


@pytest.mark.parametrize("one", [*PASSES, optimised], ids=lambda one: one.__name__)
@given(random_programs.functions(longest=12, rows=random_programs.ARITHMETIC), points)
@settings(max_examples=300)
def test_arithmetic_keeps_its_bits_in_a_pass(one, steps, rows):
    leaves = [Value(number) for number in rows[0]]
    # Every number but the terms of sums is an output, so that nothing falls dead.
    numbers = random_programs.run(steps, leaves)[3:]
    read = {k - 3 for step in steps if step.row.name == "add" for k in step.reads}
    program = flatten([y for k, y in enumerate(numbers) if k not in read], inputs=leaves)
    for a, b in zip(one(program).check().run([], rows), program.run([], rows), strict=True):
        assert all(map(same, a, b))


def chained(y, terms):
    for term in terms:
        y = y + term
    return y


def test_a_chain_of_additions_becomes_one_dot_in_its_order():
    a, b, c, d = leaves = [Value(x) for x in (1.0, 2.0, 3.0, 4.0)]
    program = passes.fuse_products(flatten([chained(a, [b * c, d, c * d])], inputs=leaves))
    assert [row.name for _, row, _ in program.instructions()] == ["dot"]
    [[found], *_] = [program.run([], [[1e16, 1.0, 1.0, -1e16]])[0]]
    assert found == 1e16 + 1.0 - 1e16 + 1.0 * -1e16


def test_a_product_that_is_read_elsewhere_stays_outside():
    a, b = leaves = [Value(2.0), Value(3.0)]
    product = a * b
    program = passes.fuse_products(flatten([chained(a, [product, product, b * b])], inputs=leaves))
    assert [row.name for _, row, _ in program.instructions()] == ["mul", "dot"]


def test_what_is_computed_twice_is_computed_once():
    a, b = leaves = [Value(2.0), Value(3.0)]
    nodes = [a * b + 1.0, b * a + 1.0, a - b, b - a]
    program = passes.common_subexpressions(flatten(nodes, inputs=leaves))
    assert [row.name for _, row, _ in program.instructions()] == ["mul", "add", "sub", "sub"]
    assert program.run([], [[2.0, 3.0]]) == [[7.0], [7.0], [-1.0], [1.0]]


@given(random_programs.functions(), points)
def test_all_passes_change_no_bit_of_value_and_gradient(steps, rows):
    leaves, y = recorded(steps, rows[0])
    program = flatten([y, *record_gradients([ours(y)], leaves)], inputs=leaves)
    for a, b in zip(optimised(program).run([], rows), program.run([], rows), strict=True):
        assert all(map(same, a, b))


@given(random_programs.functions(longest=7), points)
def test_a_recorded_gradient_serves_other_numbers(steps, rows):
    leaves, y = recorded(steps, rows[0])
    program = optimised(flatten(record_gradients([ours(y)], leaves), inputs=leaves))
    found = program.run([], rows)
    for i, row in enumerate(rows):
        leaves, y = recorded(steps, row)
        ours(y).backward()
        scale = max([abs(leaf.grad) for leaf in leaves if math.isfinite(leaf.grad)], default=0.0)
        for numbers, leaf in zip(found, leaves, strict=True):
            if math.isfinite(leaf.grad):
                assert close(numbers[i], leaf.grad, scale * 1e3)


def there(name):
    """The backend, skipped by name where this installation has none such."""
    if name == "tape":
        return pytest.param(
            name,
            marks=pytest.mark.skipif(
                tape.unavailable() is not None, reason="there is no tape without the compiled core"
            ),
        )
    missing = name == "llvm" and find_spec("llvmlite") is None
    return pytest.param(name, marks=pytest.mark.skipif(missing, reason="llvmlite is missing"))


@pytest.mark.parametrize("name", [there(name) for name in names() if name != "reference"])
@given(random_programs.functions(), points)
def test_a_backend_agrees_with_the_reference(name, steps, rows):
    leaves, y = recorded(steps, rows[0])
    nodes = [y, *record_gradients([ours(y)], leaves)]
    program = optimised(flatten(nodes, parameters=leaves[:1], inputs=leaves[1:]))
    parameters = np.array([rows[0][0]])
    inputs = np.array([row[1:] for row in rows]).T
    _, expected = BackendChoice(program, "reference").run(parameters, inputs, 1)
    _, found = BackendChoice(program, name).run(parameters, inputs, 1)
    sizes = [abs(x) for numbers in expected for x in numbers if math.isfinite(x)]
    for a, b in zip(found, expected, strict=True):
        for x, y in zip(a, b, strict=True):
            # Near a cancellation the last digits of exp or pow grow; infinities may differ
            # where the library functions round at the edge.
            assert close(x, y, max(sizes, default=0.0)) or max(sizes, default=0.0) > 1e150


def test_sums_over_rows_are_added_in_order():
    x = Value(1.0, "x")
    program = flatten([x * 1.0, x + 0.0], inputs=[x], summed=[True, False])
    assert program.run([], [[1e16], [1.0], [-1e16]]) == [0.0, [1e16, 1.0, -1e16]]


def test_what_is_not_given_is_a_constant():
    x, w = Value(3.0, "x"), Value(2.0, "w")
    program = flatten([x * w], inputs=[x])
    w.data = 100.0
    assert program.run([], [[5.0]]) == [[10.0]]


def test_a_node_in_the_middle_can_be_given():
    x = Value(3.0, "x")
    middle = x * x
    program = flatten([middle + 1.0], inputs=[middle])
    assert len(program) == 1
    assert program.run([], [[7.0]]) == [[8.0]]


def test_a_branch_that_is_not_taken_leaks_no_nan():
    x = Value(2.0, "x")
    for safe in (bp.where(x > 0.0, bp.log(x), 0.0), bp.where(bp.maximum(x, 0.0), bp.sqrt(x), x)):
        [slope] = record_gradients([safe], [x])
        # The condition of the first is the truth of one moment: both run at their own point.
        assert math.isfinite(ours(slope).data)
    condition = bp.relu(x)
    y = bp.where(condition, bp.log(x) * bp.sqrt(x), 0.0)
    program = optimised(flatten([y, *record_gradients([y], [x])], inputs=[x]))
    values, slopes = program.run([], [[-1.0], [0.0], [4.0]])
    assert values[:2] == [0.0, 0.0]
    assert slopes[:2] == [0.0, 0.0]
    assert slopes[2] == pytest.approx(math.sqrt(4.0) / 4.0 + math.log(4.0) / 4.0)


def test_a_deep_program_needs_no_recursion():
    x = Value(1.0, "x")
    y = x
    for _ in range(20_000):
        y = y * 0.999 + x
    program = optimised(flatten([y, *record_gradients([y], [x])], inputs=[x]))
    value, slope = (numbers[0] for numbers in program.run([], [[1.0]]))
    assert value == pytest.approx(1000.0)
    assert slope == pytest.approx(value)


def test_the_print_says_everything():
    w, x = Value(0.5, "w"), Value(2.0, "x")
    program = flatten([bp.sigmoid(w * x - 1.0)], parameters=[w], inputs=[x], summed=[True])
    assert str(program).splitlines() == [
        "parameters w",
        "inputs     x",
        "constants  1",
        "r0 = mul w x",
        "r1 = sub r0 1",
        "r2 = sigmoid r1",
        "outputs    Σ r2",
    ]


def test_a_long_program_is_printed_in_part():
    x = Value(1.0, "x")
    y = x
    for _ in range(1000):
        y = y * x
    text = str(flatten([y], inputs=[x]))
    assert "... 800 more" in text
    assert len(text.splitlines()) < 210


def broken(**changes):
    x = Value(1.0, "x")
    program = flatten([x * x + 1.0], inputs=[x])
    fields = {name: getattr(program, name) for name in Program.__dataclass_fields__}
    return Program(**{**fields, **changes})


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"codes": [2, 10**6]}, "operation 1000000"),
        ({"operands": [0, 0, 5, 1]}, "register 5, which is not before"),
        ({"operands": [0, -1, 2, 1]}, "register -1"),
        ({"starts": [0, 1, 4]}, "mul takes 2 operands, got 1"),
        ({"starts": [0, 4]}, "do not belong"),
        ({"outputs": (9,)}, "register 9"),
        ({"summed": ()}, "marks"),
    ],
)
def test_a_program_that_is_not_valid_is_refused(changes, says):
    with pytest.raises(errors.ProgramError, match=says):
        broken(**changes).check()


def test_a_wrong_pass_would_be_seen():
    """The tests above can fail: a pass that takes x - y for y - x changes bits."""
    x = Value(3.0, "x")
    program = flatten([x - 1.0], inputs=[x])

    def swapped(builder, register, op, operands):
        return builder.emit(op, operands[::-1])

    wrong = passes.rewrite(program, swapped)
    assert wrong.run([], [[3.0]]) != program.run([], [[3.0]])


def test_a_row_of_the_user_runs_too():
    cubed = next((row for row in TABLE if row.name == "cubed_for_programs"), None) or Primitive(
        "cubed_for_programs", 1, lambda x: x**3, lambda x, y: (3.0 * x * x,)
    )
    x = Value(2.0, "x")
    y = cubed(x)
    program = flatten([y, *record_gradients([y], [x])], inputs=[x])
    _, found = BackendChoice(program, "numpy").run(np.empty(0), np.array([[2.0, 3.0]]), 1)
    assert [list(numbers) for numbers in found] == [[8.0, 27.0], [12.0, 27.0]]


def test_constants_are_kept_apart_by_their_bits():
    builder = Builder([], [])
    zero, negative, nan = (builder.constant(x) for x in (0.0, -0.0, math.nan))
    assert len({zero, negative, nan}) == 3
    assert builder.constant(math.nan) == nan
    assert builder.constant(0.0) == zero


def test_what_a_given_node_depends_on_is_not_in_the_program():
    x = Value(3.0, "x")
    middle = bp.exp(x) * bp.sin(x)
    assert len(flatten([middle + x, middle], inputs=[middle], parameters=[x])) == 1


def test_dead_constants_go_too():
    x = Value(1.0, "x")
    program = flatten([x * 2.0, x * 3.0], inputs=[x])
    half = replace(program, outputs=program.outputs[:1], summed=(False,))
    assert passes.dead_code(half).constants == (2.0,)
    assert passes.dead_code(program) is program
