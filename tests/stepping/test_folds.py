"""What the page folds in a large graph, and the network that it finds in one."""

import sys
from pathlib import Path

import pytest

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.graph import topological_order
from autograd_bp.nn import Network
from autograd_bp.stepping.folds import MAX_ITEMS, Fold, folds
from autograd_bp.stepping.neurons import network

sys.path.insert(0, str(Path(__file__).parents[2] / "examples"))
import common_graphs


def recurrence(steps):
    w, u, s = Value(0.9, "w"), Value(0.4, "u"), Value(0.1, "s")
    for i in range(steps):
        s = bp.tanh(w * s + u * (i / steps))
    return s


def of_network(*sizes, activation="sigmoid", bias=True):
    net = Network(list(sizes), activation, seed=1, bias=bias)
    return bp.performance([1.0] * sizes[-1], net([0.5 * i for i in range(1, sizes[0] + 1)]))


GRAPHS = {
    "recurrence": lambda: recurrence(300),
    "network": lambda: of_network(2, 16, 16, 1),
    "lstm": common_graphs.lstm,
    "attention": common_graphs.attention,
    "runge_kutta": common_graphs.runge_kutta,
    "tangle": common_graphs.tangle,
    "black_scholes": common_graphs.black_scholes,
    "one": lambda: Value(2.0) * 3,
}


def tree(output):
    order = topological_order(output)
    net = network(order)
    return order, folds(order, net["layers"] if net else ())


def every(fold):
    yield fold
    for item in fold.items:
        if isinstance(item, Fold):
            yield from every(item)


@pytest.mark.parametrize("name", GRAPHS)
def test_every_operation_is_in_one_fold_and_follows_what_it_reads(name):
    order, whole = tree(GRAPHS[name]())
    operations = [i for i, node in enumerate(order) if node.parents]
    assert sorted(whole.operations()) == operations
    position = {node: i for i, node in enumerate(order)}
    for fold in every(whole):
        owner = {
            i: k
            for k, item in enumerate(fold.items)
            for i in (item.operations() if isinstance(item, Fold) else [item])
        }
        for i, k in owner.items():
            for parent in order[i].parents:
                assert owner.get(position[parent], k) <= k


@pytest.mark.parametrize("name", GRAPHS)
def test_an_open_fold_has_few_operations(name):
    _, whole = tree(GRAPHS[name]())
    for fold in every(whole):
        assert sum(not isinstance(item, Fold) for item in fold.items) <= MAX_ITEMS


def test_steps_and_layers_are_called_so():
    _, whole = tree(recurrence(300))
    loops = [fold for fold in every(whole) if fold.unit == "loop"]
    steps = [fold for fold in every(whole) if fold.unit == "step"]
    assert len(loops) == 1
    assert [step.number for step in steps] == list(range(1, len(steps) + 1))
    assert len(steps) >= 298
    _, whole = tree(of_network(2, 16, 16, 1))
    assert [(f.unit, f.number) for f in whole.items if isinstance(f, Fold)] == [
        ("layer", 1),
        ("layer", 2),
        ("layer", 3),
    ]


def test_the_network_of_a_graph_is_found_with_any_activation():
    for activation in ("sigmoid", "tanh", bp.softplus, lambda x: x):
        order = topological_order(of_network(3, 4, 2, activation=activation))
        net = network(order)
        assert [order[i].data for i in net["inputs"]] == [0.5, 1.0, 1.5]
        assert [len(layer) for layer in net["layers"]] == [4, 2]
        for layer in net["layers"]:
            for neuron in layer:
                assert order[neuron["sum"]].op.name == "dot"
                reads = dict(zip(neuron["weights"], neuron["inputs"], strict=True))
                assert all(not order[w].parents for w in reads)


def test_no_network_is_claimed_where_weights_are_shared_or_computed():
    net = Network([2, 2, 1], seed=1)
    rows = [([0.0, 1.0], 1.0), ([1.0, 0.0], 1.0)]
    shared = sum(bp.performance(d, net([Value(v) for v in x])[0]) for x, d in rows)
    assert network(topological_order(shared)) is None
    x = [Value(1.0), Value(2.0)]
    assert network(topological_order(bp.dot([v * 2 for v in x], x))) is None
    assert network(topological_order(bp.exp(x[0]))) is None
