"""Modules: which parameters are found, under which names, and how states are loaded."""

import copy
import math
import pickle

import pytest

from autograd_bp import Value
from autograd_bp.errors import ModelError, SettingError
from autograd_bp.nn import Module, Network


class Line(Module):
    def __init__(self, slope=2.0, offset=1.0):
        self.slope, self.offset = Value(slope), Value(offset)

    def __call__(self, x):
        return self.slope * x + self.offset


def names(module):
    return [name for name, _ in module.named_parameters()]


def test_attributes_are_named_in_the_order_in_which_they_were_set():
    assert names(Line()) == ["slope", "offset"]


def test_names_are_the_way_through_modules_lists_tuples_and_dicts():
    module = Module()
    module.lines = [Line(), Line()]
    module.pair = (Value(1.0), {"inside": Value(2.0), 7: [Line()]})
    assert names(module) == [
        "lines.0.slope",
        "lines.0.offset",
        "lines.1.slope",
        "lines.1.offset",
        "pair.0",
        "pair.1.inside",
        "pair.1.7.0.slope",
        "pair.1.7.0.offset",
    ]


def test_the_names_in_a_network_say_layer_neuron_and_weight():
    assert names(Network([2, 1, 1])) == [
        "layers.0.neurons.0.bias",
        "layers.0.neurons.0.weights.0",
        "layers.0.neurons.0.weights.1",
        "layers.1.neurons.0.bias",
        "layers.1.neurons.0.weights.0",
    ]


def test_a_shared_parameter_counts_once_under_its_first_name():
    module = Module()
    module.first, module.second = Line(), Line()
    module.second.slope = module.first.offset
    assert names(module) == ["first.slope", "first.offset", "second.offset"]


def test_a_shared_module_counts_once():
    line = Line()
    module = Module()
    module.stages = [line, line, line]
    assert names(module) == ["stages.0.slope", "stages.0.offset"]


def test_computed_values_and_constants_are_no_parameters():
    line = Line()
    line.last_output = line(3.0)
    line.factors = list((line.slope * 2.0).parents)
    assert names(line) == ["slope", "offset"]


def test_numbers_text_and_functions_on_a_module_are_passed_over():
    line = Line()
    line.rows, line.title, line.rule = [[1.0, 2], ["text", None]], "a line", math.sin
    assert names(line) == ["slope", "offset"]


def test_parameters_in_object_arrays_are_found():
    np = pytest.importorskip("numpy")
    module = Module()
    module.matrix = np.array([[Value(1.0), Value(2.0)]], dtype=object)
    module.data = np.zeros((3, 3))
    assert names(module) == ["matrix.0.0", "matrix.0.1"]


def test_parameters_in_slots_are_found():
    class Slotted(Module):
        __slots__ = ("unset", "weight")

        def __init__(self):
            self.weight = Value(1.0)

    assert names(Slotted()) == ["weight"]


def test_modules_that_refer_to_each_other_do_not_hang():
    parent, child = Module(), Line()
    parent.child, child.parent = child, parent
    parent.everything = [parent, child]
    parent.everything.append(parent.everything)
    assert names(parent) == ["child.slope", "child.offset"]


def test_modules_may_be_nested_deeper_than_the_recursion_limit():
    outermost = Module()
    innermost = outermost
    for _ in range(5000):
        innermost.inner = Module()
        innermost = innermost.inner
    innermost.weight = Value(1.0)
    assert names(outermost) == ["inner." * 5000 + "weight"]


def test_a_module_without_parameters_has_none():
    module = Module()
    module.zero_grad()
    module.load_state_dict({})
    assert (module.parameters(), module.state_dict()) == ([], {})


def test_two_parameters_of_one_name_are_refused():
    module = Module()
    module.table = {1: Value(1.0), "1": Value(2.0)}
    with pytest.raises(SettingError, match=r"two parameters are named 'table\.1'"):
        module.named_parameters()


def test_a_module_without_call_says_what_is_missing():
    with pytest.raises(NotImplementedError, match="give it a __call__"):
        Module()(1.0)


def test_zero_grad_reaches_every_parameter():
    line = Line()
    line(3.0).backward()
    assert [p.grad for p in line.parameters()] == [3.0, 1.0]
    line.zero_grad()
    assert [p.grad for p in line.parameters()] == [0.0, 0.0]


def test_a_state_goes_into_a_module_of_the_same_shape():
    trained, fresh = Line(5.0, -7.0), Line()
    fresh.load_state_dict(trained.state_dict())
    assert fresh(2.0).data == 3.0


def test_a_state_is_plain_numbers():
    assert {type(number) for number in Line().state_dict().values()} == {float}


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ({"slope": 1.0}, "misses offset"),
        ({}, "misses slope, offset"),
        ({"slope": 1.0, "offset": 2.0, "extra": 3.0}, "has the unknown extra"),
        ({"slope": 1.0, "wrong": 2.0}, "misses offset and has the unknown wrong"),
        ({"slope": 1.0, "offset": math.nan}, "nan for offset"),
        ({"slope": -math.inf, "offset": 1.0}, "-inf for slope"),
        ({"slope": 1.0, "offset": "2"}, "'2' for offset"),
        ({"slope": 1.0, "offset": None}, "None for offset"),
        ({"slope": 1.0, "offset": True}, "True for offset"),
        ({"slope": 1.0, "offset": [2.0]}, r"\[2.0\] for offset"),
        ({"slope": 1.0, "offset": 10**400}, "for offset, where a finite"),
        ([1.0, 2.0], "mapping of names to numbers, got list"),
    ],
)
def test_a_state_that_does_not_fit_is_refused_and_changes_nothing(state, message):
    line = Line(5.0, 6.0)
    with pytest.raises(ModelError, match=message):
        line.load_state_dict(state)
    assert line.state_dict() == {"slope": 5.0, "offset": 6.0}


def test_a_message_about_many_names_stays_on_one_line():
    with pytest.raises(ModelError, match=r"and \d+ more; load it into") as refusal:
        Network([20, 20, 20]).load_state_dict({})
    assert len(str(refusal.value)) < 250


def test_a_copy_has_parameters_of_its_own():
    line = Line()
    twin = copy.deepcopy(line)
    twin.slope.data = 9.0
    assert (line.slope.data, names(twin)) == (2.0, ["slope", "offset"])


def test_a_pickled_network_computes_the_same():
    net = Network([3, 4, 2], seed=5)
    twin = pickle.loads(pickle.dumps(net))
    row = [0.1, -0.2, 0.3]
    assert [z.data for z in twin(row)] == [z.data for z in net(row)]
    assert [p.label for p in twin.parameters()] == [p.label for p in net.parameters()]


def test_repr_counts_the_parameters():
    assert repr(Line()) == "<Line with 2 parameters>"
