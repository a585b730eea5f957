"""Counted, not timed: how much work a sweep does.

In a process of its own, on the interpreted core, numbers that count their multiplications and
additions are planted as partials by a primitive of the user's. The compiled core runs the same
source as the plain interpreted core, so the count holds there too.
"""

import json
import os
import subprocess
import sys

import pytest

PROGRAM = """
import json, sys
from autograd_bp import Value, core, primitive
from autograd_bp import backprop, graph
from autograd_bp.native import kernels

assert not core.is_native()
kernels.OWN = 10**9  # a primitive of the user's keeps its numbers that count
work = {"multiplications": 0, "additions": 0}

class Counted(float):
    def __mul__(self, other):
        work["multiplications"] += 1
        return Counted(float(self) * float(other))
    def __add__(self, other):
        work["additions"] += 1
        return Counted(float(self) + float(other))
    __rmul__, __radd__ = __mul__, __add__

@primitive(partials=lambda a, b, y: (Counted(0.5), Counted(0.5)))
def mid(a, b):
    return (a + b) / 2

@primitive(partials=lambda *x, y: tuple(Counted(1.0 / len(x)) for _ in x), arity=None)
def middle(*x):
    return sum(x) / len(x)

def doublings(n):
    y = Value(1.0)
    for _ in range(n):
        y = mid(y, y)
    return y

def ladder(n):
    a, b = Value(1.0), Value(2.0)
    for _ in range(n):
        a, b = mid(a, b), mid(b, a)
    return mid(a, b)

def layers(n, width):
    op = [Value(float(i)) for i in range(width)]
    for _ in range(n):
        op = [middle(*op) for _ in range(width)]
    return middle(*op)

visits = []
search = backprop.search
def counting(root, seen, order):
    search(root, seen, order)
    visits.extend(order)
backprop.search = counting

name, *sizes = sys.argv[1:]
output = {"doublings": doublings, "ladder": ladder, "layers": layers}[name](*map(int, sizes))
nodes = graph.topological_order(output)
for node in nodes:
    node.grad = 1.0  # of an earlier sweep
output.backward(Counted(1.0))
print(json.dumps({
    **work,
    "visits": len(visits),
    "distinct": len({id(node) for node in visits}),
    "edges": sum(len(node.parents) for node in nodes),
    "inner": sum(bool(node.parents) for node in nodes),
    "leaves": sum(not node.parents for node in nodes),
}))
"""


def count(pure: str, *arguments: str) -> dict[str, int]:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments],
        env={**os.environ, "AUTOGRAD_BP_PURE": pure},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    result: dict[str, int] = json.loads(done.stdout)
    return result


@pytest.mark.parametrize("pure", ["1", "plain"])
@pytest.mark.parametrize(
    "graph",
    [("doublings", "200"), ("ladder", "50"), ("layers", "4", "8")],
    ids=lambda graph: graph[0],
)
def test_a_sweep_visits_each_node_once_and_does_at_most_two_multiply_adds_for_each_edge(
    graph, pure
):
    work = count(pure, *graph)
    assert work["edges"] >= 100
    assert work["visits"] == work["distinct"] == work["inner"]
    assert work["multiplications"] == work["edges"]
    # A leaf adds what this sweep gives it to what it had, at the end.
    assert work["additions"] == work["edges"] + work["leaves"]
