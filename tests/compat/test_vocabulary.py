"""The words of other engines, one by one; errors where our own Value is asked for them."""

import copy
import gc
import math
import pickle
import subprocess
import sys

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp import graph
from autograd_bp.compat.micrograd import MLP, Layer, Module, Neuron, Value, build_topo, trace
from autograd_bp.compat.micrograd import draw_dot as draw_dot_of_lectures
from autograd_bp.errors import (
    AutogradError,
    KeywordError,
    OperandError,
    ShapeError,
    UnknownNameError,
)


# ------------------------------------------------------------------------ making a node
def test_a_leaf_knows_its_number_and_nothing_else():
    x = Value(2)
    assert (x.data, x.grad, x._op, x.label) == (2.0, 0.0, "", "")
    assert (x._prev, x._children, x._local_grads) == (set(), (), ())
    assert repr(x) == "Value(data=2.0, grad=0.0)"
    assert Value(x).data == 2.0
    assert Value(x) is not x
    assert bool(Value(0.0))


@pytest.mark.parametrize(
    "make",
    [
        lambda a, b: Value(6.0, (a, b), "*", "y"),
        lambda a, b: Value(6.0, [a, b], op="*", label="y"),
        lambda a, b: Value(6.0, _children=(a, b), _op="*", _label="y"),
        lambda a, b: Value(data=6.0, _parents=(a, b), _op="*", label="y"),
        lambda a, b: Value(6.0, _prev={a, b}, op="*", name="y"),
    ],
)
def test_children_operation_and_label_by_any_of_their_names(make):
    a, b = Value(2.0), Value(3.0)
    y = make(a, b)
    assert (y._prev, y._op, y.label, y._label) == ({a, b}, "*", "y", "y")
    y.backward()  # nobody has said how
    assert (y.grad, a.grad, b.grad) == (1.0, 0.0, 0.0)


@pytest.mark.parametrize("count", [1, 2, 3, 7])
def test_local_derivatives_as_in_microgpt(count):
    xs = [Value(float(k)) for k in range(count)]
    slopes = tuple(k + 0.5 for k in range(count))
    for y in (Value(1.0, tuple(xs), slopes), Value(1.0, xs, local_grads=list(slopes))):
        assert (y._children, y._local_grads) == (tuple(xs), slopes)
        for x in xs:
            x.grad = 0
        (y * 2).backward()
        assert [x.grad for x in xs] == [2 * s for s in slopes]


def test_local_derivatives_may_be_assigned_later():
    a, b = Value(2.0), Value(3.0)
    y = a * b
    y._local_grads = (10.0, 20.0)
    y.backward()
    assert (y._op, a.grad, b.grad) == ("*", 10.0, 20.0)


def test_children_may_be_assigned_later():
    a, y = Value(2.0), Value(4.0)
    y._prev = {a}
    y._op = "square"
    y._backward = lambda: setattr(a, "grad", a.grad + 2 * a.data * y.grad)
    (3 * y).backward()
    assert (y._prev, a.grad) == ({a}, 12.0)


def test_requires_grad_false_is_a_constant():
    x, c = Value(2.0), Value(3.0, requires_grad=False)
    assert (x.requires_grad, c.requires_grad, c.is_constant) == (True, False, True)
    (x * c).backward()
    assert (x.grad, c.grad) == (3.0, 0.0)
    c.requires_grad = True
    (x * c).backward()
    assert c.grad != 0.0


def test_grad_may_be_none_until_a_sweep_arrives():
    x, y = Value(2.0), Value(3.0)
    x.grad = None
    assert x.grad is None
    assert repr(x) == "Value(data=2.0, grad=None)"
    assert copy.deepcopy(x).grad is None
    (x * y).backward()
    assert x.grad == 3.0
    x.grad = None
    x.grad = 0
    assert x.grad == 0.0
    x.grad = None
    (0 * x).backward()
    assert x.grad == 0.0


@pytest.mark.parametrize(
    ("make", "error", "text"),
    [
        (lambda: Value("2"), OperandError, "real number"),
        (lambda: Value(2.0, 5), OperandError, "children of a Value are Values, got int"),
        (lambda: Value(2.0, (), 3.0), OperandError, "third argument of Value"),
        (lambda: Value(2.0, ("a",)), OperandError, "children of a Value are Values"),
        (lambda: Value(2.0, (Value(1.0),), (1.0, 2.0)), ShapeError, "one local derivative"),
        (lambda: Value(2.0, colour=1), KeywordError, "no keyword 'colour': it takes data"),
        (lambda: setattr(Value(2.0), "_backward", 3), OperandError, "_backward is a function"),
        (lambda: setattr(Value(2.0), "op", "+"), UnknownNameError, "write _op"),
        (lambda: Value(2.0).softmax(), OperandError, "softmax compares values"),
        (lambda: Value(2.0).backward(retain_graph=True), KeywordError, "leave it out"),
    ],
)
def test_what_makes_no_sense_is_an_error(make, error, text):
    with pytest.raises(error, match=text):
        make()


# -------------------------------------------------------------------------- operations
def test_operations_are_composed_and_named_as_in_micrograd():
    a, b = Value(2.0), Value(4.0)
    assert [(x._op, len(x._prev)) for x in (a + b, a * b, a + a, a**2, a**2.0, a**-1)] == [
        ("+", 2), ("*", 2), ("+", 1), ("**2", 1), ("**2.0", 1), ("**-1", 1),
    ]  # fmt: skip
    assert [x._op for x in (a.relu(), a.tanh(), a.exp(), a.log(), a.sigmoid())] == [
        "ReLU", "tanh", "exp", "log", "sigmoid",
    ]  # fmt: skip
    difference = a - b
    (negative,) = difference._prev - {a}
    assert (difference._op, negative._op, negative.data) == ("+", "*", -4.0)
    quotient = a / b
    (inverse,) = quotient._prev - {a}
    assert (quotient._op, inverse._op, inverse._prev) == ("*", "**-1", {b})
    assert (2 * a)._children[0] is a
    assert (2 + a)._children[0] is a
    assert (1 / a)._children[0]._op == "**-1"
    assert (-a)._children[1].data == -1.0


@pytest.mark.parametrize("kind", [float, int, np.float64, np.int64, bool])
def test_numbers_on_either_side(kind):
    a, n = Value(3.0), kind(1)
    results = [a + n, n + a, a - n, n - a, a * n, n * a, a / n, n / a, a**n]
    assert [r.data for r in results] == [4.0, 4.0, 2.0, -2.0, 3.0, 3.0, 3.0, 3**-1, 3.0]
    assert {type(r) for r in results} == {Value}


def test_division_by_zero_and_log_of_zero_give_infinite_numbers():
    x = Value(0.0)
    assert (1 / x).data == math.inf
    assert (x + 1 / Value(0.0)).data == (Value(1.0) / 0).data == math.inf
    assert x.log().data == -math.inf


def test_functions_of_the_package_and_of_numpy_record_such_nodes():
    a, b = Value(0.5), Value(2.0)
    results = [bp.sin(a), bp.sum([a, b, a]), bp.dot([a, b], [b, a]), np.exp(a), a % b, abs(a)]
    results += list(bp.softmax([a, b])) + list(Value.softmax([a, b])) + [a.softmax([a, b])]
    for each in results:
        assert isinstance(each, Value)
        assert isinstance(each + 1, Value)
        assert each._prev
    assert bp.sum([a, b, a])._children == (a, b, a)
    row = np.array([a, b]) * 2 + np.array([1.0, b])
    assert [type(each) for each in row] == [Value, Value]
    row.sum().backward()
    assert (a.grad, b.grad) == (2.0, 3.0)


def test_plain_values_may_take_part():
    a, plain = Value(2.0), bp.Value(3.0)
    for y in (a * plain, plain * a, plain - a, a / plain):
        assert type(y) is Value
    (a * plain).backward()
    assert (a.grad, plain.grad) == (3.0, 2.0)


def test_functions_under_names_that_scripts_have():
    x = Value(-2.0)
    assert x.pow(2).data == 4.0
    assert (x.leaky_relu().data, x.leaky_relu(0.5).data) == (-0.02, -1.0)
    y = Value(4.0)
    y.parents = (x,)
    assert y._prev == {x}


def test_formats_items_and_order():
    x = Value(2.34567)
    assert (f"{x:.3f}", x.item(), f"{x}") == ("2.346", 2.34567, repr(x))
    assert max([Value(1.0), x, Value(2.0)]) is x
    assert sorted([x, Value(1.0)])[1] is x
    assert x in {x}
    assert len({x, Value(2.34567)}) == 2


def test_a_second_sweep_gives_twice_the_gradient():
    x = Value(3.0)
    y = x * x * x
    y.backward()
    y.backward()
    assert x.grad == 2 * 27.0


def test_nothing_is_recorded_inside_no_recording():
    x = Value(2.0)
    with bp.no_recording():
        for y in (x * x, x - 1, 1 / x, -x, x**2, Value(1.0, (x,), "own"), Value(1.0, (x,), (2.0,))):
            assert y._prev == set()
            assert type(y) is Value
        y = Value(1.0, (x,), "own")
        y._backward = lambda: None
    (y * x).backward()
    assert x.grad == 1.0


# -------------------------------------------------------------- attributes, subclasses, copies
def test_a_node_may_have_any_attribute():
    x = Value(2.0)
    y = x * x
    for node in (x, y, x + y):
        node.m, node.history = 0.5, [1]
        node.history.append(node.m)
        assert (node.m, node.history, vars(node)["m"]) == (0.5, [1, 0.5], 0.5)
        del node.m
        assert not hasattr(node, "m")


def test_methods_may_be_added_and_replaced():
    class Temporary(Value):
        pass

    Temporary.cube = lambda self: self * self * self
    assert Temporary(2.0).cube().cube().data == 512.0
    plain = Value.__sub__
    Value.__sub__ = lambda self, other: plain(other, self)
    try:
        assert (Value(5.0) - Value(2.0)).data == -3.0
    finally:
        Value.__sub__ = plain
    assert (Value(5.0) - Value(2.0)).data == 3.0


def test_a_replaced_init_is_called():
    plain = Value.__init__

    def init(self, data, *more, **words):
        plain(self, data, *more, **words)
        self.born = True

    Value.__init__ = init
    try:
        assert Value(2.0).born
    finally:
        Value.__init__ = plain
    assert not hasattr(Value(2.0), "born")


def subclasses():
    class Bare(Value):
        __slots__ = ()

    class Open(Value):
        def __init__(self, data, _children=(), _op="", name=None):
            super().__init__(data, _children, _op)
            self.name = name

        def __mul__(self, other):
            out = super().__mul__(other)
            out.note = "product"
            return out

    class Slotted(Value):
        __slots__ = ("m",)

    return [Bare, Open, Slotted]


@pytest.mark.parametrize("cls", subclasses())
def test_results_are_of_the_subclass(cls):
    x, y = cls(2.0), cls(3.0)
    for result in (
        x + y,
        x - y,
        x / y,
        -x,
        x**2,
        1 - x,
        x.exp(),
        x * Value(2.0),
        bp.sum([x, y, x]),
    ):
        assert type(result) is cls
    z = (x * y - 1 / x).tanh()
    z.backward()
    plain = [Value(2.0), Value(3.0)]
    expected = (plain[0] * plain[1] - 1 / plain[0]).tanh()
    expected.backward()
    assert [z.data, x.grad, y.grad] == [expected.data, *(each.grad for each in plain)]


def test_an_operator_of_a_subclass_is_what_others_are_composed_of():
    Open = subclasses()[1]
    assert (-Open(1.0)).note == "product"
    assert (Open(1.0) - Open(2.0))._children[1].note == "product"


def test_copies_and_pickles():
    x = Value(2.0, label="x")
    x.m = [1.0]
    y = (x * 3 - x / 2) ** 2
    y.grad = 0.5
    for copied in (copy.deepcopy(y), pickle.loads(pickle.dumps(y))):
        assert (copied.data, copied.grad, copied._op) == (y.data, 0.5, "**2")
        assert {type(node) for node in graph.topological_order(copied)} == {Value}
        (leaf,) = [node for node in graph.leaves(copied) if node.label == "x"]
        assert leaf.m == [1.0]
        assert leaf.m is not x.m
        copied.backward()
        assert leaf.grad == 25.0
    total = copy.deepcopy(bp.sum([x, x, y]))
    assert (type(total), total._op, len(total._children)) == (Value, "sum", 3)
    stated = copy.deepcopy(Value(1.0, (x, y), (2.0, 3.0)))
    stated.backward()
    assert stated._local_grads == (2.0, 3.0)
    net = copy.deepcopy(MLP(2, [3, 1]))
    assert len(pickle.loads(pickle.dumps(net)).parameters()) == 13


# ------------------------------------------------------------------------------------ nn
def test_the_networks_are_written_and_drawn_as_in_micrograd():
    import random

    random.seed(5)
    net = MLP(2, [2, 1])
    random.seed(5)
    drawn = [random.uniform(-1, 1) for _ in range(6)]
    parameters = net.parameters()
    assert [parameters[k].data for k in (0, 1, 3, 4, 6, 7)] == drawn
    assert repr(net) == (
        "MLP of [Layer of [ReLUNeuron(2), ReLUNeuron(2)], Layer of [LinearNeuron(2)]]"
    )
    assert isinstance(net, Module)
    assert isinstance(net([1.0, Value(2.0)]), Value)
    assert len(Layer(2, 3)([1.0, 2.0])) == 3
    neuron = Neuron(2, nonlin=False)
    neuron([1.0, 2.0]).backward()
    neuron.zero_grad()
    assert [p.grad for p in neuron.parameters()] == [0.0, 0.0, 0.0]


# ---------------------------------------------------------------------- lectures, install
def test_order_edges_and_picture_of_the_lectures():
    a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    c = (a * b).tanh()
    order = build_topo(c)
    assert order[-1] is c
    assert len(order) == 4
    nodes, edges = trace(c)
    assert nodes == {*order}
    assert (a, c._children[0]) in edges
    pytest.importorskip("graphviz")
    c.backward()
    text = draw_dot_of_lectures(c).source
    assert "a | data 2.0000 | grad -0.0001" in text
    assert text == draw_dot_of_lectures(c).source
    assert text.count("->") == 2 + 3


def test_without_graphviz_the_picture_is_our_own():
    program = (
        "import sys; sys.modules['graphviz'] = None\n"
        "from autograd_bp.compat.micrograd import Value, draw_dot\n"
        "print(draw_dot(Value(2.0) * 3).dot[:7])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.strip() == "digraph", done.stderr


def test_our_own_pictures_checks_and_formulas_take_such_graphs():
    x = Value(0.5, label="x")
    y = (x * 2 - x / 3).tanh()
    assert "digraph" in bp.draw(y).dot
    assert bp.formula(y, x)
    assert bp.grad(lambda t: (t * t - 1 / t).exp())(Value(2.0)).data > 0
    program = bp.compile(y, inputs=[x])
    assert program([0.5]) == pytest.approx(y.data)


def test_install_puts_the_classes_under_the_names_of_micrograd():
    program = (
        "from autograd_bp.compat import micrograd\n"
        "micrograd.install(); micrograd.install()\n"
        "import micrograd.engine\n"
        "from micrograd.engine import Value\n"
        "from micrograd import nn\n"
        "from micrograd.nn import MLP, Layer, Neuron, Module\n"
        "import autograd_bp.compat.micrograd as ours\n"
        "print(Value is ours.Value, MLP is ours.MLP, nn.Neuron is Neuron)\n"
        "ours.uninstall()\n"
        "import sys; assert not [name for name in sys.modules if name.startswith('micrograd')]"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.split() == ["True"] * 3, done.stderr


# ------------------------------------------------------------------------- our own Value
IS_COMPILED = bp.info()["core"] == "native"
OURS = [
    lambda v: v._prev,
    lambda v: v._op,
    lambda v: v._children,
    lambda v: v._backward,
    lambda v: v._local_grads,
    lambda v: bp.Value(1.0, (v, v), "+"),
    lambda v: bp.Value(1.0, (v, v)),
    lambda v: bp.Value(2.0, ()),
    lambda v: bp.Value(1.0, (v,), (2.0,)),
    lambda v: bp.Value(1.0, _children=(v,)),
    lambda v: bp.Value(1.0, _op="+"),
]
if IS_COMPILED:  # the slots of a Python class give a plain AttributeError
    OURS += [lambda v: setattr(v, "m", 0), lambda v: setattr(v, "velocity", [])]


@pytest.mark.parametrize("use", OURS)
def test_our_own_value_points_to_the_module(use):
    with pytest.raises(AutogradError, match=r"autograd_bp\.compat\.micrograd"):
        use(bp.Value(2.0))


def test_an_attribute_on_our_own_value_is_an_attribute_error():
    with pytest.raises(AttributeError, match="attribute 'm'"):
        bp.Value(2.0).m = 0
    assert not hasattr(bp.Value(2.0), "_prev")
    assert bp.Value(2.0, None).label == ""


def test_subclasses_of_our_own_value_keep_their_names():
    class Own(bp.Value):
        def __init__(self, data):
            super().__init__(data)
            self._prev = "mine"

    assert Own(2.0)._prev == "mine"


# -------------------------------------------------------------------------------- memory
def test_nodes_stay_out_of_the_collector_until_they_carry_something():
    x = Value(2.0)
    y = x * 3
    x.note, y.label = "text", "y"
    if IS_COMPILED:
        assert not gc.is_tracked(x)
        assert not gc.is_tracked(y)
    x.history = []
    assert gc.is_tracked(x)
    assert gc.is_tracked(x * y)
