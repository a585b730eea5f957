"""None and static fields in trees: they stay as they are, and have no derivatives."""

import dataclasses
import enum
import typing

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.derivatives.trees import flatten
from autograd_bp.errors import OperandError, ShapeError


class Level(enum.IntEnum):
    LOW = 1


class Mode(enum.Enum):
    PLAIN = 1
    SQUARED = 2


@dataclasses.dataclass
class Layer:
    weights: list
    name: str
    activation: object = bp.sin
    depth: int = dataclasses.field(default=2, metadata={"static": True})
    bias: object = None
    trained: bool = False
    mode: Mode = Mode.PLAIN
    tags: list = dataclasses.field(default_factory=list, metadata={"static": True})

    def __call__(self, x):
        total = sum(w * x for w in self.weights)
        for _ in range(self.depth):
            total = self.activation(total)
        total = total if self.bias is None else total + self.bias
        return total * total if self.mode is Mode.SQUARED else total


class Row(typing.NamedTuple):
    x: float
    kind: str
    mask: object = None


LAYER = Layer([0.5, 0.25], "first")


def layer_output(layer):
    return layer(1.0)


def slopes_by_hand(bias=None):
    inner = np.cos(0.75) * np.cos(np.sin(0.75))
    return Layer([inner, inner], "first", bias=bias)


def near(a, b):
    """Whether two layers agree in what is static, and nearly in their numbers."""
    assert dataclasses.replace(a, weights=b.weights, bias=b.bias) == b
    assert [*a.weights, a.bias or 0.0] == pytest.approx([*b.weights, b.bias or 0.0])
    return True


def test_a_gradient_keeps_static_fields_and_none():
    assert near(bp.grad(layer_output)(LAYER), slopes_by_hand())
    assert near(
        bp.grad(layer_output)(dataclasses.replace(LAYER, bias=1.0)), slopes_by_hand(bias=1.0)
    )
    value, slopes = bp.value_and_grad(layer_output)(LAYER)
    assert value == layer_output(LAYER)
    assert near(slopes, slopes_by_hand())


def test_every_derivative_passes_static_parts():
    curvature = bp.hessian(layer_output)(LAYER)
    assert isinstance(curvature.weights[0], Layer)
    assert curvature.weights[0].name == "first"
    assert bp.jacobian(lambda p: {"y": p(1.0), "no": None})(LAYER)["no"] is None
    direction = dataclasses.replace(LAYER, weights=[1.0, 1.0])
    moved = bp.jvp(layer_output, (LAYER,), (direction,))[1]
    assert moved == pytest.approx(2.0 * slopes_by_hand().weights[0])
    product = bp.hvp(layer_output, LAYER, direction)
    assert product.weights[0] == pytest.approx(2.0 * curvature.weights[0].weights[0])
    _, pullback = bp.vjp(layer_output, LAYER)
    assert near(pullback(1.0), slopes_by_hand())


def test_named_tuples_dicts_and_lists():
    row = Row(3.0, "squared")
    assert bp.grad(lambda r: r.x**2 if r.kind == "squared" else r.x)(row) == Row(6.0, "squared")
    tree = {"w": 2.0, "none": None, "more": [None, 3.0, (None,)]}
    slopes = bp.grad(lambda t: t["w"] * t["more"][1])(tree)
    assert slopes == {"w": 3.0, "none": None, "more": [None, 2.0, (None,)]}


def test_members_of_an_enumeration_are_static_although_they_are_integers():
    assert bp.grad(lambda r: r.x * int(r.kind))(Row(3.0, Level.LOW)) == Row(1.0, Level.LOW)


def test_a_function_may_return_none_beside_numbers():
    function = bp.jacobian(lambda x: (x * 2.0, None, {"info": None, "y": x}))
    assert function(1.0) == (2.0, None, {"info": None, "y": 1.0})
    _, pullback = bp.vjp(lambda x: (x * 2.0, None), 3.0)
    assert pullback((5.0, None)) == 10.0


@pytest.mark.parametrize(
    ("tree", "words"),
    [
        ({"k": ["1.5"]}, r"\['k'\]\[0\] is str"),
        ({"k": "1.5"}, r"\['k'\] is str"),
        ([True], "truth value True"),
        ([1j, None], "complex"),
        ((1.0, None, "a"), "is str"),
        (Layer(["a"], "first"), r"\.weights\[0\] is str"),
    ],
)
def test_what_is_no_number_elsewhere_is_refused_as_before(tree, words):
    with pytest.raises(OperandError, match=words):
        bp.grad(lambda t: 1.0)(tree)


def test_a_tree_of_static_parts_only_has_nothing_to_differentiate_by():
    for tree in ([None], {"a": None}, Row(None, "a")):
        with pytest.raises(ShapeError, match="no numbers to differentiate"):
            bp.grad(lambda t: 1.0)(tree)


def test_shapes_are_equal_where_their_static_parts_are():
    shape = flatten(LAYER)[1]
    assert shape == flatten(dataclasses.replace(LAYER))[1]
    assert hash(shape) == hash(flatten(dataclasses.replace(LAYER))[1])
    others = [
        dataclasses.replace(LAYER, name="second"),
        dataclasses.replace(LAYER, depth=3),
        dataclasses.replace(LAYER, activation=bp.cos),
        dataclasses.replace(LAYER, trained=True),
        dataclasses.replace(LAYER, mode=Mode.SQUARED),
        dataclasses.replace(LAYER, bias=1.0),
        dataclasses.replace(LAYER, tags=["a"]),
    ]
    for other in others:
        assert shape != flatten(other)[1]


def test_compiled_functions_are_traced_again_for_other_static_parts():
    compiled = bp.compiled(layer_output)
    for layer in (
        LAYER,
        dataclasses.replace(LAYER, activation=bp.cos),
        dataclasses.replace(LAYER, depth=1),
        dataclasses.replace(LAYER, bias=0.5),
        dataclasses.replace(LAYER, mode=Mode.SQUARED),
        LAYER,
    ):
        assert compiled(layer) == pytest.approx(layer_output(layer))
        assert near(compiled.grad(layer), bp.grad(layer_output)(layer))


def test_a_static_list_that_was_changed_is_seen():
    marked = dataclasses.replace(LAYER, tags=["double"])

    def function(layer):
        return layer(1.0) * (2.0 if "double" in layer.tags else 1.0)

    compiled = bp.compiled(function)
    assert compiled(marked) == pytest.approx(2.0 * layer_output(LAYER))
    marked.tags.clear()
    assert compiled(marked) == pytest.approx(layer_output(LAYER))


def test_none_may_be_an_argument_of_a_compiled_function():
    compiled = bp.compiled(lambda x, mask: x * 2.0 if mask is None else x * mask)
    assert (compiled(2.0, None), compiled(2.0, 3.0), compiled(2.0, None)) == (4.0, 6.0, 4.0)
    assert compiled.grad(2.0, None) == 2.0


def test_custom_and_implicit_take_static_arguments():
    @bp.custom(gradient=lambda x, mode: (2.0 * x if mode == "squared" else 1.0, None))
    def power(x, mode):
        return x * x if mode == "squared" else x

    for _ in range(2):
        assert bp.grad(power)(3.0, "squared") == 6.0
        assert bp.grad(power)(3.0, "plain") == 1.0
    root = bp.implicit(
        lambda y, a, options: y * y - a if options is None else y - a,
        lambda a, options: a**0.5 if options is None else a,
    )
    assert bp.grad(root)(4.0, None) == 0.25
    assert bp.grad(root)(4.0, "linear") == 1.0
    assert bp.grad(bp.grad(root))(4.0, None) == pytest.approx(-1 / 32)


def test_constants_stop_in_trees_with_static_parts():
    stopped = bp.stop_gradient(Row(Value(2.0), "a"))
    assert (stopped.x.is_constant, stopped.kind, stopped.mask) == (True, "a", None)
