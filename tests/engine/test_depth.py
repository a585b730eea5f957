"""Nothing recurses and nothing grows: chains of a million, doublings, long training."""

import copy
import gc
import io
import pickle
import subprocess
import sys

import pytest

import autograd_bp as bp
from autograd_bp import Value, graph

LONG = 1_000_000 if bp.info()["core"] == "native" else 200_000
COPIED = LONG // 5  # which takes longer; a call for each node would overflow the stack here too


def chain(x, length):
    y = x
    for _ in range(length // 2):
        y = y * 1.0 + 0.0
    return y


def test_a_very_long_chain_is_recorded_swept_and_freed():
    x = Value(1.0, "x")
    y = chain(x, LONG)
    y.backward()
    assert x.grad == 1.0
    assert len(repr(y)) < 80
    del y
    assert x.label == "x"


def test_a_long_chain_is_copied_pickled_and_freed():
    y = chain(Value(1.0, "x"), COPIED)
    y.backward()
    twin = copy.deepcopy(y)
    del y
    file = io.BytesIO()
    pickle.dump(twin, file, protocol=5)
    del twin
    file.seek(0)
    twin = pickle.load(file)
    twin.backward(accumulate=False)
    order = graph.topological_order(twin)
    assert order[0].label == "x"
    assert order[0].grad == 1.0
    assert sum(node.op is not None for node in order) == COPIED
    node = order[0]
    del order, twin
    assert node.label == "x"


@pytest.mark.parametrize("build", ["exp", "hypot", "sum"])
def test_long_chains_of_every_shape_of_node_live_and_die(build):
    step = {
        "exp": lambda y: bp.sin(y),
        "hypot": lambda y: bp.hypot(0.0, y),
        "sum": lambda y: bp.sum([0.0, y, 0.0]),
    }[build]
    x = Value(1.0)
    y = x
    for _ in range(20_000):
        y = step(y)
    y.backward()
    assert 0.0 <= x.grad <= 1.0
    assert copy.deepcopy(y).data == y.data


def test_a_comb_of_long_branches_is_freed():
    x = Value(1.0)
    ends = []
    for _ in range(10):
        y = x
        for _ in range(2_000):
            y = y + x
        ends.append(y)
    total = bp.sum(ends)
    del ends, y
    total.backward()
    assert x.grad == 10 * 2001


def test_a_graph_of_doublings_is_walked_once_per_node():
    y = x = Value(1.0)
    for _ in range(200):
        y = y + y
    y.backward()
    assert x.grad == 2.0**200
    assert len(graph.topological_order(y)) == 201
    assert len(pickle.dumps(y)) < 50_000
    copy.deepcopy(y).backward()


def test_a_ladder_with_two_shared_rungs_is_walked_once_per_node():
    a, b = Value(1.0), Value(1.0)
    left, right = a, b
    for _ in range(100):
        left, right = left + right, left * right * 1e-3
    (left + right).backward()
    assert len(graph.topological_order(left + right)) == 2 + 100 * 4 + 1


def test_deep_graphs_unfold():
    x = Value(0.1)
    y = x
    for _ in range(2_000):
        y = bp.sigmoid(y)
    new, _ = graph.unfold(y)
    assert new.data == pytest.approx(y.data)
    new.backward()


def test_a_low_recursion_limit_is_enough_for_a_deep_graph():
    program = (
        "import copy, pickle, sys\n"
        "from autograd_bp import Value, graph\n"
        "y = x = Value(1.0)\n"
        "sys.setrecursionlimit(60)\n"
        "for _ in range(5000): y = y + 1\n"
        "y.backward(); assert x.grad == 1.0\n"
        "y = pickle.loads(pickle.dumps(copy.deepcopy(y)))\n"
        "assert len(graph.topological_order(y)) == 10001\n"
        "del y\n"
        "print('alive')\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == "alive\n", done.stderr


def test_memory_stays_flat_over_repeated_training_steps():
    w = Value(0.5)

    def step():
        y = w
        for k in range(20):
            y = bp.dot([y, w, y], [w, 0.5, float(k)], 1.0) * 0.1
        P = bp.performance(1.0, bp.sigmoid(y))
        P.label = "P"
        P.backward()

    def alive():
        return sum(issubclass(type(each), Value) for each in gc.get_objects())

    gc.collect()
    gc.disable()
    try:
        for _ in range(20):
            step()
        nodes = alive()
        blocks = sys.getallocatedblocks()
        for _ in range(200):
            step()
        assert alive() <= nodes
        assert sys.getallocatedblocks() < blocks + 200
    finally:
        gc.enable()
