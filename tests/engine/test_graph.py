"""Orders and walks: deterministic, complete, with multiplicity; definitions unfold."""

import random

import exact
import primitive_checks
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd_bp as bp
from autograd_bp import Value, graph
from autograd_bp.compat import micrograd
from autograd_bp.primitives import Primitive

COMPOSITES = [op for op in exact.BUILT_IN if op.definition is not None]


def wired(numbers):
    """A random graph: each number in the list picks two earlier nodes."""
    nodes = [Value(1.0), Value(0.5)]
    for n in numbers:
        nodes.append(nodes[n % len(nodes)] + nodes[(n // 7) % len(nodes)] * 0.5)
    return nodes[-1]


def test_parents_come_before_their_children_and_first_parents_first():
    a, b = Value(1.0, "a"), Value(2.0, "b")
    c = a * b
    d = c + a
    assert graph.topological_order(d) == [a, b, c, d]
    assert graph.topological_order(b * a)[:2] == [b, a]


@given(st.lists(st.integers(0, 1000), max_size=40))
def test_every_node_stands_once_and_after_its_parents(numbers):
    order = graph.topological_order(wired(numbers))
    place = {id(node): i for i, node in enumerate(order)}
    assert len(place) == len(order)
    for node in order:
        assert all(place[id(parent)] < place[id(node)] for parent in node.parents)


@given(st.lists(st.integers(0, 1000), max_size=40))
def test_the_same_graph_gives_the_same_order(numbers):
    def names(output):
        return [node.op.name if node.op else node.data for node in graph.topological_order(output)]

    assert names(wired(numbers)) == names(wired(numbers))


def test_several_outputs_share_one_order():
    x = Value(1.0)
    a, b = x * 2, x * 3
    order = graph.topological_order(a, b, a)
    assert len(order) == 5
    assert order.index(a) < order.index(b)


@given(st.data())
def test_the_quick_order_is_that_of_the_search_in_python(data):
    """Nodes of one, two and many parents, of classes with attributes, stops, several outputs."""
    numbers = data.draw(st.integers(0, 2**32))
    rng = random.Random(numbers)
    own = type("Own", (Value,), {})
    nodes = [Value(1.0), own(2.0), micrograd.Value(3.0), Value(4.0)]
    for _ in range(rng.randrange(40)):
        a, b, c = rng.choices(nodes, k=3)
        nodes.append(rng.choice([a + b, a * 2, bp.sum([a, b, c]), bp.exp(a), a]))
    outputs = rng.choices(nodes, k=rng.randrange(1, 4))
    stop = rng.choices(nodes, k=rng.randrange(3))
    found = graph.topological_order(*outputs, stop=stop)
    assert [*map(id, found)] == [*map(id, graph.searched(outputs, stop))]


def test_an_order_can_be_asked_for_inside_a_sweep():
    """There the marks of nodes are the sweep's own."""
    x = micrograd.Value(0.5)
    y = micrograd.Value(x.data, (x,), "mine")
    orders = []

    def _backward():
        orders.append(graph.topological_order(y))
        x.grad += 3.0 * y.grad

    y._backward = _backward
    (y * x + y).backward()
    assert orders == [[x, y]]
    assert x.grad == 0.5 + 3.0 * 1.5


def test_what_is_no_node_is_refused_as_ever():
    with pytest.raises(AttributeError):
        graph.topological_order(3.0)


def test_the_search_goes_no_further_than_the_nodes_to_stop_at():
    x = Value(1.0)
    a = x * 2
    b = a * a
    assert graph.topological_order(b, stop=[a]) == [a, b]
    assert graph.topological_order(b, a, stop=[a, x]) == [a, b]
    assert graph.topological_order(a + x, stop=[a])[:2] == [a, x]
    assert graph.topological_order(a, stop=[a]) == [a]


def test_no_outputs_no_nodes():
    assert graph.topological_order() == []
    assert graph.leaves() == []


def test_leaves_are_the_nodes_without_parents():
    w, x = Value(0.5, "w"), Value(2.0, "x")
    found = graph.leaves(bp.sigmoid(w * x - 1))
    assert [leaf.data for leaf in found] == [0.5, 2.0, 1.0]
    assert found[:2] == [w, x]
    assert found[2].is_constant
    assert graph.leaves(w) == [w]


def test_source_prints_one_operation_a_line():
    w, x = Value(0.5, "w"), Value(2.0, "x")
    y = bp.sigmoid(w * x - 1)
    y.label = "y"
    assert graph.source([y]) == ["v2 = mul(w, x)", "v4 = sub(v2, 1.0)", "y = sigmoid(v4)"]


def test_ops_used_are_named_once_in_the_order_of_the_table():
    x = Value(0.5)
    assert graph.ops_used(bp.sigmoid(x * x) + x * 2) == [
        Primitive.named(name) for name in ("add", "mul", "sigmoid")
    ]


# Entries whose definitions are differences of large numbers further out: the formulas say what they
# are, and not how to compute them.
CANCELLING = {"log_ndtr": 5.0, "ierfcx_2": 1.0, "mills_excess": 1.0, "mills_excess_1": 1.0}


@pytest.mark.parametrize("op", COMPOSITES, ids=[op.name for op in COMPOSITES])
def test_unfolding_gives_the_same_number_and_the_same_gradients(op):
    for point in [
        p for p in primitive_checks.points(op) if p and all(1e-3 < abs(x) < 9 for x in p)
    ]:
        if exact.value(op, point) is None:
            continue
        if op.name in CANCELLING and abs(point[0]) > CANCELLING[op.name]:
            continue
        inputs = [Value(x) for x in point]
        folded = op(*inputs)
        folded.backward()
        expected = [x.grad for x in inputs]
        unfolded, where = graph.unfold(folded)
        assert where[folded] is unfolded
        assert all(
            node.op is None or node.op.definition is None
            for node in graph.topological_order(unfolded)
        )
        assert unfolded.data == pytest.approx(folded.data, rel=1e-11, abs=1e-13)
        unfolded.backward(accumulate=False)
        assert [x.grad for x in inputs] == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_unfolding_keeps_leaves_labels_and_what_is_already_simple():
    x = Value(0.5, "x")
    simple = x * 2
    y = bp.sigmoid(simple)
    y.label = "y"
    new, where = graph.unfold(y)
    assert where[x] is x
    assert where[simple] is simple
    assert new.label == "y"
    assert y.op.name == "sigmoid"


def test_only_the_named_composites_unfold():
    x = Value(0.5)
    y = bp.sigmoid(bp.tanh(x))
    new, _ = graph.unfold(y, only=["sigmoid"])
    assert [op.name for op in graph.ops_used(new)] == ["add", "div", "neg", "exp", "tanh"]
    chosen, _ = graph.unfold(y, only=lambda node: node.op is not None and node.op.name == "tanh")
    assert {op.name for op in graph.ops_used(chosen)} == {"div", "sinh", "cosh", "sigmoid"} | (
        {"exp", "sub", "add", "neg"} & {op.name for op in graph.ops_used(chosen)}
    )
    same, _ = graph.unfold(y, only=[])
    assert same is y


def test_what_is_shared_unfolds_once():
    x = Value(0.5)
    s = bp.sigmoid(x)
    new, where = graph.unfold(s * s)
    assert new.parents == (where[s], where[s])
    assert (
        sum(node.op is not None and node.op.name == "exp" for node in graph.topological_order(new))
        == 1
    )
