"""Where nodes lie in memory: in the order in which they were recorded, and not in more blocks than
they need."""

import itertools
import os
from random import Random

import pytest

from autograd_bp import Value
from autograd_bp.compat import micrograd
from autograd_bp.core import is_native

pytestmark = [
    pytest.mark.skipif(not is_native(), reason="Python allocates the nodes"),
    pytest.mark.skipif(
        os.environ.get("PYTHONMALLOC") == "malloc", reason="the sanitizer's nodes are in no pool"
    ),
]
BLOCK = 1 << 21
CLASSES = [Value, micrograd.Value]


def layered(make, weights):
    """A network without its functions: many nodes with many users, which are freed in another
    order than they were recorded in. Returns its output, and its nodes in that order."""
    recorded, outputs = [], [make(1.0) for _ in weights[0]]
    for _ in range(4):
        sums = []
        for row in weights:
            total = 0.0
            for weight, output in zip(row, outputs, strict=True):
                total = total + weight * output
                recorded.append(total)
            sums.append(total)
        outputs = sums
    return sum(outputs), recorded


@pytest.mark.parametrize("make", CLASSES)
def test_nodes_lie_in_the_order_in_which_they_were_recorded(make):
    random = Random(1)
    weights = [[make(random.random()) for _ in range(20)] for _ in range(20)]
    before, output = None, None
    for _ in range(60):
        before, (output, recorded) = output, layered(make, weights)  # two graphs are alive
        places = [id(node) for node in recorded]
        del recorded
    assert before is not None
    ascending = sum(a < b for a, b in itertools.pairwise(places))
    assert ascending > 0.98 * len(places)


@pytest.mark.parametrize("make", CLASSES)
def test_places_between_nodes_that_live_on_are_used_again(make):
    kept, blocks = [], []
    for _ in range(12):
        nodes = [make(1.0) for _ in range(60_000)]
        blocks.append({id(node) // BLOCK for node in nodes})
        kept += nodes[::1000]
        del nodes
    assert len(set().union(*blocks)) <= len(blocks[0]) + 2


@pytest.mark.parametrize("make", CLASSES)
def test_no_place_is_given_twice(make):
    random, alive = Random(2), []
    for k in range(30):
        alive += [make(float(k)) for _ in range(random.randrange(20_000))]
        assert len({id(node) for node in alive}) == len(alive)
        random.shuffle(alive)
        del alive[random.randrange(len(alive)) :]
    assert all(node.data in range(30) and node.grad == 0.0 for node in alive)
