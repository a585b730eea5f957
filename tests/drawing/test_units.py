"""Units side by side: the numbers of one of them, the constants that differ; many outputs."""

import re
import xml.etree.ElementTree as ET

import pytest

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.drawing import draw, renderer

needs_renderer = pytest.mark.skipif(not renderer(), reason="no program that lays out pictures")


def products(n):
    w = [Value(0.1 * i, f"w{i}") for i in range(n)]
    return [bp.sin(q) * w[0] for q in w]


def different(n):
    functions = (bp.sin, bp.tanh, bp.exp, bp.sigmoid, bp.cos, bp.atan)
    x, outputs = Value(0.5, "x"), []
    for k in range(n):
        y = x + k
        for i in range(3):
            y = functions[(k // 6**i) % 6](y)
        outputs.append(y)
    return outputs


OUTPUTS = {
    "products of 20": lambda: products(20),
    "products of 30": lambda: products(30),
    "products of 40": lambda: products(40),
    "products of 120": lambda: products(120),
    "different": lambda: different(60),
    "leaves": lambda: [Value(i * 0.1) for i in range(200)],
    "leaves with names": lambda: [Value(i * 0.1, f"leaf {i}") for i in range(70)],
}


@needs_renderer
@pytest.mark.parametrize("direction", ["right", "down"])
@pytest.mark.parametrize("kind", OUTPUTS)
def test_a_picture_of_many_outputs_fits_a_screen_and_says_what_it_leaves_out(kind, direction):
    outputs = OUTPUTS[kind]()
    drawing = draw(outputs, variables=False, direction=direction)
    root = ET.fromstring(drawing.svg)
    width, height = (float(root.get(side).removesuffix("px")) for side in ("width", "height"))
    assert width <= 1600
    assert height <= 1200
    drawn = drawing.svg.count('class="output"')
    assert drawn == len(outputs) or re.search("outputs left out|side by side shows", drawing.svg)


def test_the_note_counts_the_outputs_that_are_left_out():
    note = draw([Value(i * 0.1) for i in range(50)], variables=False, max_nodes=10).note
    assert note == "40 of 50 outputs left out (max_nodes=10)"


def joined(values):
    while len(values) > 1:
        rest = [values[-1]] * (len(values) % 2)
        values = [bp.tanh(p * q) for p, q in zip(values[::2], values[1::2], strict=False)] + rest
    return values[0]


def test_a_constant_that_differs_has_its_range():
    a = Value(1.0, "a")
    frames = draw(joined([bp.sin(a * n + 1) for n in range(80)]), variables=False).scene.frames
    assert frames[0].formulas == ("sin(a·c + 1): −1 … 0.9999", "c: 0 … 79")
    assert all(frame.formulas == () for frame in frames[1:])


def test_two_constants_that_differ_have_a_range_each():
    a = Value(1.0, "a")
    units = [bp.sin(a * n + n * n) for n in range(1, 81)]
    (head, *ranges) = draw(joined(units), variables=False).scene.frames[0].formulas
    assert head.startswith("sin(a·c + c₂)")
    assert [line.split(": ")[1] for line in ranges] == ["1 … 80", "1 … 6400"]


def test_equal_constants_have_no_range():
    xs = [Value(0.01 * i, f"x{i}") for i in range(300)]
    frames = draw(joined([bp.sin(x * 2.0 + 1) for x in xs]), variables=False).scene.frames
    assert frames
    assert all(frame.formulas == () for frame in frames)


def fibonacci(n, a):
    if n < 2:
        return a * n + 1
    return fibonacci(n - 1, a) * 0.5 + bp.sin(fibonacci(n - 2, a))


def catalan(n, a):
    return a * n + 0.5 if n < 3 else catalan(n - 1, a) * 0.3 + bp.tanh(catalan(n - 3, a) * n)


@pytest.mark.parametrize(("recursion", "n"), [(fibonacci, 9), (fibonacci, 8), (catalan, 12)])
def test_framed_numbers_are_computed_from_the_numbers_beside_them(recursion, n):
    scene = draw(recursion(n, Value(0.1, "a")), variables=False).scene
    cards = {card.id: card for card in scene.cards}
    framed = {id for frame in scene.frames for id in frame.ids}
    assert framed
    for edge in scene.edges:
        if {edge.source, edge.target} <= framed:
            parents = [parent.data for parent in cards[edge.target].node.parents]
            assert cards[edge.source].data in parents
