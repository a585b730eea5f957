"""How long primitives live: temporary ones, and those that another one of their name replaces."""

import copy
import gc
import pickle
import subprocess
import sys
import weakref

import pytest

import autograd_bp as bp
from autograd_bp import Primitive, Value, entry
from autograd_bp.compiling import flatten, from_json, to_json
from autograd_bp.errors import PrimitiveError, ProgramError
from autograd_bp.graph import ops_used
from autograd_bp.stepping.functions import computation


def known():
    """How many primitives there are."""
    gc.collect()
    return len(entry.TABLE), len(entry._later), len(entry._temporary)


def sum_of_squares():
    return bp.custom(gradient=lambda p: [2 * x for x in p])(lambda p: sum(x * x for x in p))


def scaled(factor):
    """A primitive, as a cell of a notebook registers it again and again."""

    @bp.primitive(partials=lambda x, y: (factor,), name="scaled_for_lives", c=f"{factor} * a")
    def times(x):
        return factor * x

    return times


def short_lives():
    """Some ways to record nodes of primitives that live for a short time."""
    yield lambda: bp.grad(sum_of_squares())([1.0, 2.0])
    yield lambda: bp.hessian(sum_of_squares())([1.0, 2.0])
    yield lambda: bp.taylor(lambda t: sum_of_squares()([t, t]), 1.0, 3)
    yield lambda: bp.grad(bp.grad(bp.implicit(lambda y, a: y * y - a, lambda a: a**0.5)))(4.0)
    yield lambda: copy.deepcopy(sum_of_squares()([Value(1.0)]))
    yield lambda: bp.compiled(lambda a: sum_of_squares()([a]), backend="numpy")(2.0)
    yield lambda: bp.compiled(lambda a: sum_of_squares()([a]), backend="numpy").grad(2.0)


@pytest.mark.parametrize("use", [*short_lives()])
def test_a_primitive_that_was_made_on_the_way_is_freed_with_its_graph(use):
    use()
    before = known()
    for _ in range(40):
        use()
    assert known() == before


def test_one_function_keeps_primitives_for_the_latest_shapes_only():
    energy = sum_of_squares()
    before = known()
    for count in range(1, 200):
        assert bp.grad(energy)([1.0] * count) == [2.0] * count
    assert known()[1] - before[1] <= 40
    assert bp.grad(energy)([3.0]) == [6.0]
    del energy
    assert known() == before


def test_every_node_keeps_its_primitive():
    energy, x = sum_of_squares(), Value(3.0)
    y = energy([x])
    nodes = [y, copy.copy(y), copy.deepcopy(y), energy([x]), pickle.loads(pickle.dumps(y))]
    alive = weakref.ref(y.op)
    del energy, y
    while nodes:
        node = nodes.pop(len(nodes) // 2)
        gc.collect()
        assert node.op is alive()
        node.backward()
        del node
    gc.collect()
    assert alive() is None


def test_a_node_that_could_not_be_recorded_keeps_and_frees_nothing():
    one = Primitive("half_for_lives", 1, lambda x: x / 2, lambda x, y: (0.5, 1.0), temporary=True)
    many = Primitive("all_for_lives", None, lambda *x: 1.0, lambda *x, y: (), temporary=True)
    for _ in range(5):
        with pytest.raises(PrimitiveError, match="partials for"):
            one(Value(1.0))
        with pytest.raises(PrimitiveError, match="partials for"):
            many(Value(1.0), 2.0)
        with pytest.raises(bp.AutogradError, match="real number"):
            many(Value(1.0), "text")
    assert (one(1.0), many(1.0)) == (0.5, 1.0)
    alive = weakref.ref(one), weakref.ref(many)
    del one, many
    gc.collect()
    assert [op() for op in alive] == [None, None]


def test_without_recording_no_primitive_is_kept():
    half = Primitive("half_for_lives", 1, lambda x: x / 2, lambda x, y: (0.5,), temporary=True)
    alive = weakref.ref(half)
    with bp.no_recording():
        y = half(Value(1.0))
    del half
    gc.collect()
    assert (y.data, y.op, alive()) == (0.5, None, None)


def test_many_primitives_at_once_are_told_apart():
    nodes = {}
    for k in range(300):
        op = Primitive(f"p{k}_for_lives", 1, lambda x: x, lambda x, y: (1.0,), temporary=True)
        nodes[op.name] = [op(Value(float(k))) for _ in range(k % 3 + 1)]
    del op
    for k in [*range(0, 300, 7), *range(1, 300, 3)]:
        nodes.pop(f"p{k}_for_lives", None)
    gc.collect()
    for name, group in nodes.items():
        assert {node.op.name for node in group} == {name}
        (partial,) = {bp.gradients(node, node.parents[0]) for node in group}
        assert partial == 1.0


# ------------------------------------------------------------------------------- replacement
def test_a_primitive_that_is_registered_again_replaces_the_earlier_one():
    x = Value(1.0)
    first = scaled(2.0)
    old = first(x) * 1.0
    size = len(entry.TABLE)
    second = scaled(3.0)
    new = second(x) * 1.0
    assert Primitive.named("scaled_for_lives") is second
    assert len(entry.TABLE) == size
    assert [op for op in entry.TABLE if op.name == "scaled_for_lives"] == [second]
    assert (first(1.0), second(1.0)) == (2.0, 3.0)
    assert [op.name for op in ops_used(old + new)] == ["add", "mul"] + ["scaled_for_lives"] * 2
    (old + new).backward()
    assert x.grad == 5.0
    assert bp.gradients(old, x, record=True).data == 2.0
    assert bp.gradients(new, x, record=True).data == 3.0
    assert copy.deepcopy(first) is first
    assert copy.deepcopy(old).parents[0].op is first


def compiled_alone(op):
    return bp.compiled(lambda x: op(x), rows="x", reduce=None, backend="numpy")


def test_programs_keep_what_they_were_recorded_with():
    first = scaled(2.0)
    compiled = compiled_alone(first)
    x = Value(1.0, "x")
    program = flatten([first(x)], inputs=[x])
    text = to_json(program)
    assert compiled([1.0]).tolist() == [2.0]
    del first
    second = scaled(3.0)
    gc.collect()
    assert compiled([1.0]).tolist() == [2.0]
    assert program.run([], [[1.0]]) == [[2.0]]
    assert pickle.loads(pickle.dumps(program)).run([], [[1.0]]) == [[2.0]]
    assert from_json(text).run([], [[1.0]]) == [[3.0]]
    with pytest.raises(ProgramError, match="cannot be written by its name"):
        to_json(program)
    assert compiled_alone(second)([1.0]).tolist() == [3.0]


@pytest.mark.parametrize("backend", ["reference", "numpy", "tape", "llvm"])
def test_two_primitives_of_one_name_in_one_program(backend):
    first, second = scaled(2.0), scaled(3.0)
    total = bp.compiled(
        lambda x: first(x) + 10.0 * second(x), rows="x", reduce=None, backend=backend
    )
    assert total([1.0, 2.0]).tolist() == [32.0, 64.0]


def test_two_primitives_of_one_name_in_c_and_on_a_page():
    def shifted(by):
        rule = bp.primitive(
            partials=lambda x, y: (1.0,), name="shifted_for_lives", c=f"{by} + (a < 0.0 ? a : 1.0)"
        )
        return rule(lambda x: by + (x if x < 0.0 else 1.0))

    first, second = shifted(7.0), shifted(9.0)
    x = Value(1.0, "x")
    page = computation([first(x), second(x)])
    assert page.count('["shifted_for_lives') == 2
    assert page.count('["shifted_for_lives",') == 1
    product = bp.compiled(lambda x: first(x) * second(x), rows="x", reduce=None)
    assert product([3.0]).tolist() == [80.0]
    source = str(product.to_c())
    assert "7.0 + (" in source
    assert "9.0 + (" in source


def test_a_pickle_of_a_replaced_primitive_finds_it_while_it_lives():
    first = scaled(2.0)
    y = first(Value(1.0))
    scaled(3.0)
    kept = pickle.dumps(y)
    assert pickle.loads(kept).op is first
    del first, y
    gc.collect()
    with pytest.raises(PrimitiveError, match="replaced by another one of its name"):
        pickle.loads(kept)


def test_a_pickle_of_a_temporary_primitive_is_refused_in_another_process():
    y = sum_of_squares()([Value(1.0)])
    code = f"import pickle; pickle.loads({pickle.dumps(y)!r})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "PrimitiveError: the primitive 'function_" in done.stderr


def test_names_of_the_library_and_of_other_modules_are_taken():
    with pytest.raises(PrimitiveError, match="'exp' exists already, in the library"):
        Primitive("exp", 1, abs, lambda x, y: (1.0,))
    scaled(2.0)
    rule = {"__name__": "elsewhere"}
    exec("rule = lambda x, y: (1.0,)", rule)
    with pytest.raises(PrimitiveError, match=r"already, in the module '.*lives_of_primitives'"):
        Primitive("scaled_for_lives", 1, abs, rule["rule"])


def test_a_primitive_whose_rule_needs_others_does_not_make_them_at_once():
    made = []

    def family(order):
        def rule(x, y):
            made.append(order)
            return (family(order + 1)(x),)

        return Primitive(f"of_order_{order}_for_lives", 1, lambda x: x, rule)

    family(1)
    assert len(made) <= 1
    assert len([op for op in entry.TABLE if op.name.startswith("of_order_")]) <= 2
    names = {op.name for op in entry.TABLE}
    bp.grad(bp.lgamma)(2.0)
    assert {op.name for op in entry.TABLE} == names
