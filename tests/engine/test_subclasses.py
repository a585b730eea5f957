"""Subclasses of Value: which class results have, on both cores; how their nodes are freed."""

import copy
import gc
import pickle
import weakref

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp import Value, graph
from autograd_bp.errors import OperandError


class Number(Value):
    """A subclass that adds a method; its nodes are as small as those of Value."""

    __slots__ = ()

    def cubed(self):
        return self * self * self


class Marked(Value):
    """A subclass whose instances have attributes; the usual way to write one."""

    note = "none"


class Derived(Marked):
    """A subclass of a subclass."""


class Parameter(Value):
    """A subclass that only marks leaves."""

    result_class = Value


class Slotted(Value):
    __slots__ = ("rate",)


CLASSES = [Number, Marked, Derived, Slotted]
every_class = pytest.mark.parametrize("cls", CLASSES)

OPERATIONS = {
    "x + y": lambda x, y: x + y,
    "x - 2": lambda x, y: x - 2,
    "2 - x": lambda x, y: 2 - x,
    "x * y": lambda x, y: x * y,
    "3 * x": lambda x, y: 3 * x,
    "1 / x": lambda x, y: 1 / x,
    "x / y": lambda x, y: x / y,
    "x ** 2": lambda x, y: x**2,
    "x ** y": lambda x, y: x**y,
    "2 ** x": lambda x, y: 2**x,
    "-x": lambda x, y: -x,
    "abs(x)": lambda x, y: abs(x),
    "x.exp()": lambda x, y: x.exp(),
    "tanh(x)": lambda x, y: bp.tanh(x),
    "hypot(x, 1)": lambda x, y: bp.hypot(x, 1.0),
    "np.sin(x)": lambda x, y: np.sin(x),
    "np.float64(2) * x": lambda x, y: np.float64(2) * x,
    "an array times x": lambda x, y: (np.array([1.0, 2.0]) * x)[1],
    "where(x, y, 0)": lambda x, y: bp.where(x, y, 0.0),
}
operations = pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)


@every_class
@operations
def test_results_are_of_the_subclass(cls, operation):
    x, y = cls(0.5), cls(1.5)
    result = operation(x, y)
    assert isinstance(result, cls) or (cls is Slotted and result.op.arity not in (1, 2))
    plain = operation(Value(0.5), Value(1.5))
    assert result.data == plain.data
    result.backward()
    plain.backward()
    plain_x = graph.leaves(plain)
    assert {leaf.grad for leaf in graph.leaves(result)} == {leaf.grad for leaf in plain_x}


@every_class
def test_a_plain_value_on_either_side_changes_nothing(cls):
    x, y = cls(0.5), Value(2.0)
    assert type(x * y) is cls
    assert type(y * x) is cls
    assert type(y**x) is cls


def test_the_class_that_is_derived_from_the_other_wins():
    a, b = Marked(1.0), Derived(2.0)
    assert type(a + b) is Derived
    assert type(b + a) is Derived
    assert isinstance(bp.sum([a, b, a]), Derived)


def test_of_two_classes_that_know_nothing_of_each_other_the_first_wins():
    assert type(Number(1.0) + Marked(2.0)) is Number
    assert type(Marked(1.0) + Number(2.0)) is Marked


@pytest.mark.parametrize("cls", [Number, Marked, Derived])
def test_results_of_many_operands_are_of_the_subclass(cls):
    xs = [cls(float(k)) for k in range(1, 4)]
    for result in (bp.sum(xs), bp.dot(xs, [1.0, 2.0, 3.0]), bp.dot([Value(1.0)] * 3, xs)):
        assert isinstance(result, cls)
        assert isinstance(result + 1, cls)
        assert type(result + 1) is cls
        assert type(result).__name__ == cls.__name__
        result.backward()
    assert [x.grad for x in xs] == [1 + 1 + 1, 1 + 2 + 1, 1 + 3 + 1]


def test_slots_cannot_stand_beside_many_parents():
    xs = [Slotted(1.0), Slotted(2.0)]
    assert isinstance(bp.sum(xs), Value)
    assert bp.sum(xs).data == 3.0


def test_methods_of_the_subclass_can_be_called_on_results():
    x = Number(2.0)
    y = (x + 1).cubed().cubed()
    y.backward()
    assert (y.data, x.grad) == (3.0**9, 9 * 3.0**8)


@every_class
def test_constants_are_of_the_subclass_too(cls):
    x = cls(2.0)
    for node in ((x * 3).parents[1], (3 * x).parents[0]):
        assert type(node) is cls
        assert node.is_constant


def test_neither_new_nor_init_is_called_for_a_result():
    class Counted(Value):
        count = 0

        def __init__(self, data, label=""):
            super().__init__(data, label)
            Counted.count += 1

    x = Counted(2.0)
    y = bp.exp(x * x + 1)
    assert type(y) is Counted
    assert Counted.count == 1


def test_a_class_may_say_what_its_results_are():
    p, q = Parameter(2.0), Number(3.0)
    assert type(p * 2) is Value
    assert type(bp.sum([p, p, p])) is type(bp.sum([Value(1.0)] * 3))
    assert type(p * q) is Number
    assert type(p.detach()) is Value
    (p * p).backward()
    assert p.grad == 4.0


def test_a_wrong_result_class_is_refused():
    class Wrong(Value):
        result_class = int

    with pytest.raises(OperandError, match=r"Wrong\.result_class is the class of what .*int"):
        Wrong(1.0) + 1
    with pytest.raises(OperandError, match=r"Wrong\.result_class is the class of what .*int"):
        bp.sum([Wrong(1.0), Wrong(2.0)])


def test_operators_of_the_subclass_are_called():
    class Doubling(Value):
        __slots__ = ()

        def __add__(self, other):
            return 2 * super().__add__(other)

    assert (Doubling(1.0) + Doubling(2.0)).data == 6.0


@every_class
def test_no_recording_gives_leaves_of_the_subclass(cls):
    x = cls(2.0)
    with bp.no_recording():
        for y in (x * x, bp.exp(x)):
            assert type(y) is cls
            assert y.parents == ()


def test_detached_nodes_are_of_the_subclass():
    assert type((Marked(2.0) * 3).detach()) is Marked


@every_class
def test_derivatives_of_functions_that_make_them(cls):
    def f(x, y):
        return bp.sum([cls(2.0) * x, bp.tanh(x) * y, y])

    # The cls(2.0) is a node of its own, so what is returned depends on it: Values.
    value, gradient = bp.value_and_grad(f, wrt=(0, 1))(0.5, 1.5)
    assert value.data == f(0.5, 1.5).data
    expected = bp.grad(lambda x, y: bp.sum([2.0 * x, bp.tanh(x) * y, y]), wrt=(0, 1))(0.5, 1.5)
    assert tuple(node.data for node in gradient) == expected


@pytest.mark.parametrize("cls", [Number, Marked])
@pytest.mark.parametrize("again", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_copies_keep_class_and_attributes(cls, again):
    x = cls(2.0, "x")
    y = bp.sum([x * x, x, 1.0])
    if cls is Marked:
        y.note = ["here"]
        x.note = ["there"]
    twin = again(y)
    assert isinstance(twin, cls)
    assert type(twin * 1) is cls
    assert type(twin.parents[0]) is cls
    assert (twin.data, twin.parents[1].label) == (7.0, "x")
    if cls is Marked:
        assert (twin.note, twin.parents[1].note) == (["here"], ["there"])
        assert twin.note is not y.note
    assert isinstance(copy.copy(y), cls)


# ----------------------------------------------------------------------------- their memory
@every_class
def test_a_long_chain_is_freed_without_recursion(cls):
    x = y = cls(1.0)
    for _ in range(200_000):
        y = y + x
    y.backward()
    assert x.grad == 200_001.0
    del y
    gc.collect()


@pytest.mark.parametrize("cls", [Number, Marked])
def test_a_long_chain_of_sums_is_freed_without_recursion(cls):
    x = y = cls(1.0)
    for step in range(100_000):
        y = bp.sum([y, x, x]) if step % 2 else y * 1.0 + Value(0.0)
    y.backward()
    del y
    gc.collect()


@every_class
def test_nodes_die_with_their_last_reference(cls):
    gc.disable()
    try:
        x = cls(1.0)
        y = bp.exp(x * 2) + Value(1.0)
        output, inner, leaf = (
            weakref.ref(y),
            weakref.ref(y.parents[0].parents[0]),
            weakref.ref(x),
        )
        del y
        assert output() is None
        assert inner() is None
        assert leaf() is x
    finally:
        gc.enable()


def test_a_destructor_may_compute():
    seen = []

    class Loud(Value):
        def __del__(self):
            chain = Value(1.0)
            for _ in range(10):
                chain = chain * 2
            seen.append(chain.data)

    y = Loud(1.0)
    for _ in range(100):
        y = y * 1.5
    del y
    assert seen == [1024.0] * 201  # the chain, and the constants in it


def test_a_node_that_a_destructor_revives_is_kept():
    kept = []

    class Undead(Value):
        def __del__(self):
            if not kept:
                kept.append(self)

    y = (Undead(2.0) * Undead(3.0)) + Value(1.0)
    z = y * 2
    del y, z
    assert len(kept) == 1
    node = kept[0] * 1.0
    node.backward()
    assert node.data == kept[0].data


def test_a_cycle_through_an_attribute_is_collected():
    x = Marked(1.0)
    y = bp.sum([x * 2, x, 1.0])
    x.note = [y]  # the leaf knows the output: a cycle
    dead = weakref.ref(y), weakref.ref(x)
    del x, y
    gc.collect()
    assert [reference() for reference in dead] == [None, None]


def test_attributes_stay_with_their_node():
    x = Marked(1.0)
    y = x * 2
    y.note = "mine"
    assert (x.note, y.note, (y + 1).note) == ("none", "mine", "none")
