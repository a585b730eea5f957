"""Copies and pickles: what is shared stays shared, numbers and names are kept."""

import copy
import gc
import pickle
import weakref

import pytest

import autograd_bp as bp
from autograd_bp import Value

PROTOCOLS = range(pickle.HIGHEST_PROTOCOL + 1)
WAYS = [copy.deepcopy, *(lambda x, p=p: pickle.loads(pickle.dumps(x, p)) for p in PROTOCOLS)]
again = pytest.mark.parametrize("again", WAYS, ids=["deepcopy", *map(str, PROTOCOLS)])


class Parameter(Value):
    """A subclass with room for attributes of its own, as a user would write it."""

    __slots__ = ("__dict__",)


def expression():
    w, x = Value(0.5, "w"), Value(2.0, "x")
    y = bp.dot([w, x], [x, w], bias=w) * bp.sigmoid(w * x - 1) + w
    y.label = "y"
    return w, x, y


def same_graph(a, b):
    left, right = bp.graph.topological_order(a), bp.graph.topological_order(b)
    index = {id(node): i for i, node in enumerate(left)}
    other = {id(node): i for i, node in enumerate(right)}
    return len(left) == len(right) and all(
        (p.data, p.grad, p.op, p.label, p.partials, p.is_constant)
        == (q.data, q.grad, q.op, q.label, q.partials, q.is_constant)
        and [index[id(v)] for v in p.parents] == [other[id(v)] for v in q.parents]
        for p, q in zip(left, right, strict=True)
    )


@again
def test_a_graph_comes_back_with_its_numbers_names_and_sharing(again):
    w, x, y = expression()
    y.backward()
    twin = again(y)
    assert twin is not y
    assert same_graph(twin, y)
    assert not {id(n) for n in bp.graph.leaves(twin)} & {id(w), id(x)}


@again
def test_a_graph_that_came_back_can_be_swept(again):
    w, _, y = expression()
    y.backward()
    twin = again(y)
    twin.backward(accumulate=False)
    (its_w,) = [leaf for leaf in bp.graph.leaves(twin) if leaf.label == "w"]
    assert its_w.grad == w.grad


@again
def test_containers_keep_one_object_for_one_node(again):
    w, x, y = expression()
    network = {"w": w, "layers": [[w, x], (y, y)], "loss": y * 2}
    twin = again(network)
    assert twin["w"] is twin["layers"][0][0]
    assert twin["layers"][1][0] is twin["layers"][1][1]
    leaves = bp.graph.leaves(twin["loss"])
    assert twin["w"] in leaves
    assert twin["layers"][0][1] in leaves


@again
def test_leaves_come_back(again):
    for leaf in (Value(0.5, "w"), Value(-0.0), (2 * Value(1.0)).parents[0]):
        leaf.grad = 3.0
        assert same_graph(again(leaf), leaf)


@again
def test_a_subclass_stays_one_and_keeps_its_attributes(again):
    p = Parameter(0.5, "p")
    p.frozen = True
    twin = again([p, p * 2])
    assert type(twin[0]) is Parameter
    assert twin[0].frozen is True
    assert twin[0].label == "p"
    assert twin[1].parents[0] is twin[0]


def test_a_shallow_copy_is_a_second_node_with_the_same_parents():
    w, x, y = expression()
    for node in (w, y):
        node.grad = 2.0
        twin = copy.copy(node)
        assert twin is not node
        assert (twin.data, twin.grad, twin.label, twin.op) == (
            node.data,
            node.grad,
            node.label,
            node.op,
        )
        assert twin.parents == node.parents
        assert twin.partials == node.partials
    twin = copy.copy(y)
    w.zero_grad()
    twin.backward()
    assert w.grad != 0.0
    assert x.grad != 0.0


def test_a_copied_leaf_is_independent():
    w = Value(0.5, "w")
    twin = copy.deepcopy(w)
    (twin * 3).backward()
    assert (w.grad, twin.grad) == (0.0, 3.0)


def test_a_deep_copy_respects_what_was_copied_before():
    w, x, _ = expression()
    memo = {}
    first, second = copy.deepcopy(w * x, memo), copy.deepcopy(w + x, memo)
    assert first.parents[0] is second.parents[0]


def test_primitives_of_the_table_pickle_by_name():
    for p in PROTOCOLS:
        assert pickle.loads(pickle.dumps(bp.sigmoid, p)) is bp.sigmoid
    assert copy.deepcopy(bp.sigmoid) is bp.sigmoid


def test_a_pickle_of_a_primitive_that_does_not_exist_is_refused_by_name():
    data = pickle.dumps(Value(1.0) * 2, 0).replace(b"mul", b"mut")
    with pytest.raises(bp.AutogradError, match="no primitive named 'mut'"):
        pickle.loads(data)


def test_nodes_can_be_weakly_referenced_and_die_with_the_last_reference():
    gc.disable()
    try:
        x = Value(1.0)
        y = bp.exp(x * 2)
        output, inner, leaf = weakref.ref(y), weakref.ref(y.parents[0]), weakref.ref(x)
        assert output() is y
        y.backward()
        del y
        assert output() is None
        assert inner() is None
        assert leaf() is x
    finally:
        gc.enable()
