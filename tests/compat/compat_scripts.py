"""Scripts in the styles that people write for scalar engines. Each gets the module that it would
import (Value, Module, Neuron, Layer, MLP) and gives the numbers that it would print."""

import copy
import dataclasses
import itertools
import math
import random

import numpy as np

SCRIPTS = {}
EXACT, NEARLY = 0.0, 1e-12


def script(tolerance=EXACT):
    """Add a script. Numbers are the same to the last bit where sums have the same order."""

    def add(function):
        SCRIPTS[function.__name__] = (function, tolerance)
        return function

    return add


def gradients(parameters):
    return [p.grad for p in parameters]


@script()
def the_expression_of_the_readme(E):
    a, b = E.Value(-4.0), E.Value(2.0)
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    g.backward()
    return [g.data, a.grad, b.grad, c.data, d.data, e.grad, f.grad]


@script()
def a_neuron_swept_by_hand(E):
    """Each node's _backward is called by hand, from the output to the leaves."""
    x1, x2 = E.Value(2.0, label="x1"), E.Value(0.0, label="x2")
    w1, w2 = E.Value(-3.0, label="w1"), E.Value(1.0, label="w2")
    b = E.Value(6.8813735870195432, label="b")
    x1w1 = x1 * w1
    x2w2 = x2 * w2
    both = x1w1 + x2w2
    n = both + b
    o = n.tanh()
    o.grad = 1.0
    for node in (o, n, b, both, x2w2, x1w1):
        node._backward()
    return [o.data, x1.grad, w1.grad, x2.grad, w2.grad, b.grad]


@script()
def tanh_by_a_closure_of_the_script(E):
    def tanh(x):
        t = (math.exp(2 * x.data) - 1) / (math.exp(2 * x.data) + 1)
        out = E.Value(t, (x,), "tanh")

        def _backward():
            x.grad += (1 - t**2) * out.grad

        out._backward = _backward
        return out

    w = [E.Value(0.1 * k - 0.2) for k in range(5)]
    rows = [(1.0, k, -k, 0.5, 2.0) for k in range(3)]
    layer = [tanh(sum((a * x for a, x in zip(w, row, strict=True)), E.Value(0.3))) for row in rows]
    loss = sum((y - t) ** 2 for y, t in zip(layer, (1.0, -1.0, 0.5), strict=True))
    loss.backward()
    return [loss.data, *gradients(w), *(y.data for y in layer)]


@script()
def the_four_examples_of_the_lecture(E):
    random.seed(1337)
    net = E.MLP(3, [4, 4, 1])
    xs = [[2.0, 3.0, -1.0], [3.0, -1.0, 0.5], [0.5, 1.0, 1.0], [1.0, 1.0, -1.0]]
    ys = [1.0, -1.0, -1.0, 1.0]
    losses = []
    for _ in range(20):
        outputs = [net(x) for x in xs]
        loss = sum((out - y) ** 2 for y, out in zip(ys, outputs, strict=True))
        for p in net.parameters():
            p.grad = 0.0
        loss.backward()
        for p in net.parameters():
            p.data += -0.05 * p.grad
        losses.append(loss.data)
    return [*losses, *(p.data for p in net.parameters())]


@script()
def a_margin_loss_with_decay(E):
    random.seed(7)
    model = E.MLP(2, [8, 8, 1])
    points = [
        (math.cos(t) + s, math.sin(t) * (1 - 2 * s), 1 - 2 * s)
        for s in (0, 1)
        for t in (0.1, 0.9, 2.0, 3.0)
    ]
    numbers = []
    for step in range(8):
        inputs = [list(map(E.Value, (x, y))) for x, y, _ in points]
        scores = list(map(model, inputs))
        pairs = [*zip(scores, points, strict=True)]
        losses = [(1 + -label * score).relu() for score, (_, _, label) in pairs]
        data_loss = sum(losses) * (1.0 / len(losses))
        total = data_loss + 1e-4 * sum(p * p for p in model.parameters())
        model.zero_grad()
        total.backward()
        rate = 1.0 - 0.9 * step / 100
        for p in model.parameters():
            p.data -= rate * p.grad
        numbers += [
            total.data,
            sum((s.data > 0) == (p[2] > 0) for s, p in zip(scores, points, strict=True)),
        ]
    return [*numbers, *gradients(model.parameters())]


@script()
def a_character_rnn_with_operations_of_its_own(E):
    """tanh, exp and log by closures; softmax and cross-entropy; gradients are clipped."""
    Value = E.Value

    def own(x, number, slope, name):
        out = Value(number, (x,), name)

        def _backward():
            x.grad += slope * out.grad

        out._backward = _backward
        return out

    def tanh(x):
        y = math.tanh(x.data)
        return own(x, y, 1 - y * y, "tanh")

    def exp(x):
        y = math.exp(x.data)
        return own(x, y, y, "exp")

    def log(x):
        return own(x, math.log(x.data), 1 / x.data, "log")

    text = "hello hello"
    letters = sorted(set(text))
    n, hidden = len(letters), 4
    rng = random.Random(3)

    def matrix(rows, columns):
        return [[Value(rng.gauss(0, 0.5)) for _ in range(columns)] for _ in range(rows)]

    wx, wh, wy = matrix(hidden, n), matrix(hidden, hidden), matrix(n, hidden)
    parameters = [p for m in (wx, wh, wy) for row in m for p in row]
    losses = []
    for _ in range(3):
        h = [Value(0.0) for _ in range(hidden)]
        loss = Value(0.0)
        for here, there in itertools.pairwise(text):
            k = letters.index(here)
            h = [
                tanh(wx[i][k] + sum(wh[i][j] * h[j] for j in range(hidden))) for i in range(hidden)
            ]
            scores = [exp(sum(wy[i][j] * h[j] for j in range(hidden))) for i in range(n)]
            share = scores[letters.index(there)] / sum(scores)
            loss = loss - log(share)
        for p in parameters:
            p.grad = 0
        loss.backward()
        for p in parameters:
            p.data -= 0.05 * max(-1.0, min(1.0, p.grad))
        losses.append(loss.data)
    return [*losses, *gradients(parameters)]


@script()
def a_subclass_with_the_state_of_adam_on_its_nodes(E):
    class Parameter(E.Value):
        def __init__(self, data, *more, **words):
            super().__init__(data, *more, **words)
            self.m = 0.0
            self.v = 0.0

        def step(self, t, rate=0.1):
            self.m = 0.9 * self.m + 0.1 * self.grad
            self.v = 0.999 * self.v + 0.001 * self.grad**2
            self.data -= rate * (self.m / (1 - 0.9**t)) / ((self.v / (1 - 0.999**t)) ** 0.5 + 1e-8)
            self.grad = 0.0

    w = [Parameter(0.3), Parameter(-0.7), Parameter(0.0)]
    numbers = []
    for t in range(1, 8):
        loss = sum(
            (w[0] * x * x + w[1] * x + w[2] - (2 * x * x - 1)) ** 2 for x in (-1.0, 0.0, 0.5, 2.0)
        )
        loss.backward()
        numbers.append(loss.data)
        for p in w:
            p.step(t)
    return [*numbers, *(p.data for p in w), *(p.m for p in w), *(p.v for p in w)]


@script()
def digits_by_softmax_and_cross_entropy(E):
    """Batches of small pictures; the largest score is subtracted; accuracy is counted."""
    rng = np.random.default_rng(0)
    pictures = rng.random((12, 9))
    kinds = [int(k) for k in rng.integers(0, 3, 12)]
    random.seed(0)
    net = E.MLP(9, [5, 3])
    numbers = []
    for start in range(0, 12, 4):
        loss = 0
        right = 0
        for row, kind in zip(pictures[start : start + 4], kinds[start : start + 4], strict=True):
            scores = net(row.tolist())
            top = max(score.data for score in scores)
            powers = [(score - top).exp() for score in scores]
            loss = loss + -(powers[kind] / sum(powers)).log()
            right += max(range(3), key=lambda k, scores=scores: scores[k].data) == kind
        loss = loss / 4
        net.zero_grad()
        loss.backward()
        for p in net.parameters():
            p.data -= 0.1 * p.grad
        numbers += [loss.data, right]
    return [*numbers, *(p.data for p in net.parameters())]


@script()
def momentum_in_attributes(E):
    k, x0 = E.Value(1.0), E.Value(0.0)
    for p in (k, x0):
        p.velocity = 0.0
    numbers = []
    for _ in range(10):
        energy = sum(
            k * (x - x0) ** 2 / 2 - force * x for x, force in ((1.0, 0.5), (2.0, 1.5), (-1.0, -0.7))
        )
        for p in (k, x0):
            p.grad = 0.0
        energy.backward()
        for p in (k, x0):
            p.velocity = 0.9 * p.velocity - 0.01 * p.grad
            p.data += p.velocity
        numbers += [energy.data, k.data, x0.data]
    return numbers


@script()
def methods_added_to_the_class(E):
    Value = E.Value

    def sin(self):
        out = Value(math.sin(self.data), (self,), "sin_of_script")

        def _backward():
            self.grad += math.cos(self.data) * out.grad

        out._backward = _backward
        return out

    def half(self):
        return self / 2

    Value.sine, Value.half = sin, half
    try:
        x = Value(0.7)
        y = (x.sine() * x.half() + x).sine()
        y.backward()
    finally:
        del Value.sine, Value.half
    return [y.data, x.grad]


@script(NEARLY)
def a_sweep_of_the_script(E):
    """The script sorts and sweeps by itself, over `_prev`, whose order is not known."""
    a, b, c = E.Value(1.5), E.Value(-0.5), E.Value(2.0)
    loss = (a * b + c / a).relu() ** 3 - (a - b) * (c - 1.0)
    order, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            for child in node._prev:
                visit(child)
            order.append(node)

    visit(loss)
    loss.grad = 1.0
    for node in order[::-1]:
        node._backward()
    return [len(order), loss.data, a.grad, b.grad, c.grad, sum(len(n._prev) for n in order)]


@script()
def a_dot_product_with_one_closure(E):
    def dot(ws, xs):
        out = E.Value(sum(w.data * x.data for w, x in zip(ws, xs, strict=True)), (*ws, *xs), "dot")

        def _backward():
            for w, x in zip(ws, xs, strict=True):
                w.grad += x.data * out.grad
                x.grad += w.data * out.grad

        out._backward = _backward
        return out

    ws, xs = ([E.Value(s * k - 1.0) for k in range(4)] for s in (0.5, 0.25))
    y = dot(ws, xs) * dot(xs, xs)
    y.backward()
    return [y.data, *gradients(ws), *gradients(xs)]


@script()
def numbers_of_every_kind(E):
    a = E.Value(np.float32(0.5))
    b, c = E.Value(3), E.Value(np.int64(-2))
    y = a * b + c * 2 - np.float64(1.5) / a + b**2 + 7 // 2
    y = sum([y, b, 1]) + max([a, b, c], key=lambda v: v.data) + min(a, b)
    y.backward()
    return [
        y.data,
        a.grad,
        b.grad,
        c.grad,
        *(v.data for v in sorted([b, a, c], key=lambda v: v.data)),
    ]


@script()
def a_network_in_a_dataclass_that_is_copied(E):
    @dataclasses.dataclass
    class Line:
        w: object
        b: object

        def __call__(self, x):
            return self.w * x + self.b

    line = Line(E.Value(0.5), E.Value(-1.0))
    before = copy.deepcopy(line)
    for _ in range(5):
        loss = sum((line(x) - (3 * x + 2)) ** 2 for x in range(4))
        line.w.grad = line.b.grad = 0.0
        loss.backward()
        line.w.data -= 0.02 * line.w.grad
        line.b.data -= 0.02 * line.b.grad
    again = sum((before(x) - (3 * x + 2)) ** 2 for x in range(4))
    again.backward()
    return [loss.data, line.w.data, line.b.data, again.data, before.w.grad, before.b.grad]


@script(NEARLY)
def gradients_that_add_up_over_examples(E):
    """backward() for each example before one step: what a leaf had before is added at the end of a
    sweep here, and first of all there, which may change the last digit."""
    w, b = E.Value(0.2), E.Value(0.1)
    for _ in range(3):
        w.grad = b.grad = 0.0
        for x, y in ((1.0, 2.0), (2.0, 3.5), (3.0, 6.1)):
            loss = (w * x + b - y) ** 2
            loss.backward()
        w.data -= 0.01 * w.grad
        b.data -= 0.01 * b.grad
    return [w.data, b.data, w.grad, b.grad]


@script()
def operators_written_around_those_of_the_class(E):
    """Operands are wrapped by hand; an operator of the class is replaced, and put back."""
    Value = E.Value
    counts = {"mul": 0}
    plain = Value.__mul__

    def counting(self, other):
        other = other if isinstance(other, Value) else Value(other)
        counts["mul"] += 1
        return plain(self, other)

    Value.__mul__ = counting
    try:
        a, b = Value(2.0), Value(5.0)
        y = -a * b - b / a + 3 * a
        y.backward()
    finally:
        Value.__mul__ = plain
    after = (a * b).data
    return [y.data, a.grad, b.grad, counts["mul"], after]


@script()
def functions_beside_the_class(E):
    """exp, sigmoid and mean as functions; a loss with the data changed between two graphs."""
    Value = E.Value

    def sigmoid(x):
        return 1 / (1 + (-x).exp())

    def mean(values):
        return sum(values) / len(values)

    w = [Value(v) for v in (0.4, -0.3, 0.9)]
    numbers = []
    for _ in range(4):
        loss = mean([-(sigmoid(w[0] * x + w[1] * x * x + w[2])).log() for x in (-1.0, 0.5, 2.0)])
        for p in w:
            p.grad = 0
        loss.backward()
        for p in w:
            p.data -= p.grad
        numbers.append(loss.data)
    return [*numbers, *gradients(w)]
