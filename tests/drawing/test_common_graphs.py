"""Graphs that people have: loops fold, wide pictures wrap, all can be read, nothing vanishes."""

import itertools
import math
import random
import re
import subprocess
import xml.etree.ElementTree as ET

import pytest

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.drawing import draw, renderer
from autograd_bp.drawing.output import render
from autograd_bp.errors import DrawingError
from autograd_bp.nn import Network

needs_renderer = pytest.mark.skipif(not renderer(), reason="no program that lays out pictures")


def recurrence(n):
    w, u, s = Value(0.9, "w"), Value(0.4, "u"), Value(0.1, "s")
    for i in range(n):
        s = bp.tanh(w * s + u * math.sin(i))
    return s


def squares(n):
    total = Value(0.0)
    for i in range(n):
        x = Value(i / 10, f"x{i}")
        total = total + x * x
    return total


def euler(n):
    k, x, v = Value(2.0, "k"), Value(1.0, "x"), Value(0.0, "v")
    for _ in range(n):
        v = v - 0.01 * (k * x)
        x = x + 0.01 * v
    return x


def with_losses(n):
    """A clock, a state that reads it, and a sum over all steps: each as deep as it likes."""
    w, s, t, L = Value(0.9, "w"), Value(0.1, "s"), Value(0.0, "t"), Value(0.0)
    for i in range(n):
        t = t + 0.1
        s = s + 0.1 * (bp.sin(t) - w * s)
        L = L + (s - Value(math.cos(i), f"d{i}")) ** 2
    return L


def kalman(n):
    q, r, x, p = Value(0.01, "q"), Value(0.1, "r"), Value(0.0, "x"), Value(1.0, "p")
    for i in range(n):
        p = p + q
        k = p / (p + r)
        x = x + k * (math.sin(i / 3) - x)
        p = (1 - k) * p
    return bp.performance(0.0, x)


def several_states(n, width=3):
    rng = random.Random(0)
    W = [[Value(rng.uniform(-1, 1), f"w[{i},{j}]") for j in range(width)] for i in range(width)]
    h = [Value(0.0) for _ in range(width)]
    for i in range(n):
        x = Value(rng.random(), f"x{i}")
        h = [bp.tanh(bp.dot(row, h) + x) for row in W]
    return bp.performance([1.0] * width, h)


def random_operations(n, seed=0):
    rng = random.Random(seed)
    values = [Value(rng.uniform(0.5, 1.5), f"x{i}") for i in range(8)]
    for _ in range(n):
        a, b = rng.choice(values[-12:]), rng.choice(values)
        values.append(rng.choice((a * b, a + b, a - b, bp.tanh(a), bp.sin(a), a * 0.5)))
    return bp.sum(values[-12:])


def binomial(n):
    S, K, u, p = Value(100.0, "S"), Value(100.0, "K"), Value(1.05, "u"), Value(0.5, "p")
    values = [bp.relu(S * u ** (2 * j - n) - K) for j in range(n + 1)]
    while len(values) > 1:
        values = [p * b + (1 - p) * a for a, b in itertools.pairwise(values)]
    return values[0]


def mixed_chain(n):
    rng, x = random.Random(3), Value(0.3, "x")
    functions = (bp.sin, bp.tanh, bp.sigmoid, lambda v: v * 0.5, lambda v: v + 1.0)
    for _ in range(n):
        x = rng.choice(functions)(x)
    return x


def network(*sizes):
    x = [Value(0.1 * i, f"x{i}") for i in range(sizes[0])]
    return bp.performance([0.0] * sizes[-1], Network(list(sizes), seed=0)(x))


KINDS = {
    "recurrence": lambda: recurrence(50),
    "short recurrence": lambda: recurrence(15),
    "squares": lambda: squares(200),
    "euler": lambda: euler(50),
    "long euler": lambda: euler(1000),
    "losses": lambda: with_losses(30),
    "kalman": lambda: kalman(30),
    "several states": lambda: several_states(20),
    "random": lambda: random_operations(300),
    "binomial": lambda: binomial(8),
    "chain": lambda: mixed_chain(100),
    "network": lambda: network(2, 16, 16, 1),
    "wide": lambda: bp.sum([bp.sin(Value(i / 10, f"x{i}")) for i in range(300)]),
}


@needs_renderer
@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_fits_a_screen_and_can_be_read(kind):
    value = KINDS[kind]()
    value.backward()
    root = ET.fromstring(draw(value, variables=False).svg)
    width, height = (float(root.get(side).removesuffix("px")) for side in ("width", "height"))
    scale = width / float(root.get("viewBox").split()[2])
    smallest = min(float(node.get("font-size")) for node in root.iter() if node.get("font-size"))
    assert width <= 1600
    assert height <= 1200
    assert smallest * scale >= 9.0


@pytest.mark.parametrize(
    ("value", "times", "formulas"),
    [
        (recurrence(50), 50, ("s′ = tanh(w·s + u·cₖ)",)),
        (squares(200), 200, ("s′ = s + xₖ²",)),
        (euler(1000), 1000, ("v′ = v − 0.01·k·x", "x′ = x + 0.01·v′")),
        (
            with_losses(30),
            30,
            ("t′ = t + 0.1", "s′ = s + 0.1·(sin(t′) − w·s)", "r′ = r + (s′ − dₖ)²"),
        ),
    ],
    ids=["recurrence", "squares", "euler", "losses"],
)
def test_a_loop_is_one_frame_with_its_formula(value, times, formulas):
    (frame,) = draw(value, variables=False).scene.frames
    assert (frame.times, frame.formulas) == (times, formulas)


def test_the_states_of_a_step_belong_to_the_same_step():
    (frame,) = draw(several_states(20), variables=False).scene.frames
    assert frame.times == 20
    assert [line.split(" = ")[0] for line in frame.formulas] == ["s′", "r′", "q′"]
    assert all("xₖ" in line and "x₂ₖ" not in line for line in frame.formulas)


def test_a_state_without_a_name_gets_none_that_a_parameter_has():
    (frame,) = draw(kalman(30), variables=False).scene.frames
    names = {line.split("′ = ")[0] for line in frame.formulas if "′ = " in line}
    assert len(names) == 3
    assert not names & {"q", "r"}


def test_a_state_of_two_steps_ago_is_told_from_the_latest():
    a, b = Value(1.0, "a"), Value(1.0, "b")
    for _ in range(40):
        a, b = b, a + b * 0.5
    (frame,) = draw(b, variables=False).scene.frames
    assert frame.formulas == ("b′ = b[−1] + b·0.5",)


def test_layers_with_weights_of_their_own_are_no_steps():
    scene = draw(network(4, 8, 8, 8, 8, 8, 1), variables=False).scene
    assert {frame.title for frame in scene.frames} <= {"× 8 side by side"}


def test_a_step_that_repeats_unfolds():
    folded = draw(recurrence(10), repeats=True, variables=False).scene
    whole = draw(recurrence(10), repeats=False, variables=False).scene
    assert len(folded.cards) == 8
    assert [len(whole.cards), whole.frames] == [53, ()]


def test_a_folded_leaf_says_what_differs():
    (leaf,) = [c for c in draw(squares(50)).scene.cards if c.label.startswith("x")]
    assert leaf.series == tuple(i / 10 for i in range(50))


def test_a_leaf_that_many_read_stands_at_each_use():
    drawing = draw(recurrence(30), repeats=False, variables=False)
    readers = [tag.of.label for tag in drawing.scene.tags]
    assert readers.count("u") >= 29
    sources = [edge.source for edge in drawing.scene.edges]
    [u] = [card.id for card in drawing.scene.cards if card.label == "u"]
    assert sources.count(u) == 1


def test_what_leads_to_another_line_is_found_there_by_its_mark():
    scene = draw(mixed_chain(60), variables=False, max_nodes=400).scene
    assert len(scene.lines) > 1
    line_of = {id: k for k, ids in enumerate(scene.lines) for id in ids}
    assert all(line_of[edge.source] == line_of[edge.target] for edge in scene.edges)
    marks = {card.mark for card in scene.cards if card.mark}
    assert marks == {tag.words.split("→")[0] for tag in scene.tags}


def test_every_value_is_drawn_or_the_note_says_so():
    assert "values not drawn" in draw(network(64, 30, 10)).note
    assert "of 312" not in draw(random_operations(300), size=(1600, None)).note
    assert "the picture was cut" in draw(random_operations(300)).note
    whole = draw(random_operations(300), size=(1600, None)).scene
    constants = sum(len(card.inline) for card in whole.cards)
    count = len(bp.graph.topological_order(whole.cards[-1].node))
    assert len(whole.cards) + constants == count


def test_a_picture_goes_down_where_it_is_asked_to():
    drawing = draw(mixed_chain(8), direction="down")
    assert "rankdir=TB" in drawing.dot
    assert drawing.mermaid.startswith("flowchart TB")


@needs_renderer
def test_a_thousand_cards_are_drawn():
    value = random_operations(1400)
    drawing = draw(value, max_nodes=1000, repeats=False, variables=False)
    assert len(drawing.scene.cards) > 600
    assert "</svg>" in drawing.svg


def test_a_layout_that_takes_long_is_tried_again_with_cheaper_settings(monkeypatch):
    commands = []

    def slow(command, dot, timeout, environment):
        commands.append(command)
        if len(commands) < 3:
            raise subprocess.TimeoutExpired(command, timeout)
        return subprocess.CompletedProcess(command, 0, b"<svg/>", b"")

    monkeypatch.setattr(render, "renderer", lambda: "dot")
    monkeypatch.setattr(render.progress, "run", slow)
    assert render.run("digraph {}", "svg") == b"<svg/>"
    assert [("-Gsplines=line" in command) for command in commands] == [False, True, True]


def test_a_layout_that_never_ends_names_what_helps(monkeypatch):
    def slow(command, dot, timeout, environment):
        raise subprocess.TimeoutExpired(command, timeout)

    monkeypatch.setattr(render, "renderer", lambda: "dot")
    monkeypatch.setattr(render.progress, "run", slow)
    with pytest.raises(DrawingError, match="repeats=True"):
        render.run("digraph {}", "svg")


@needs_renderer
def test_no_arrow_crosses_the_words_of_a_frame():
    svg = draw(euler(50)).svg
    titles = svg.index('class="titles"')
    assert titles > max(match.start() for match in re.finditer('class="edge"', svg))
    assert svg.count("x′ = x + 0.01·v′") == 2  # the frame, and the text alternative


def test_operations_that_a_step_reads_from_outside_have_a_name_each():
    x, s = Value(0.5, "x"), Value(0.0, "s")
    units = [bp.tanh(Value(0.1 * i, f"w{i}") * x) for i in range(3)]
    for k in range(8):
        s = bp.atan2(bp.dot(units, [s, Value(k / 10, f"u{k}"), 1.0]), bp.log2(units[0] + 2.0))
    formulas = draw(s, variables=False, repeats=True).scene.frames[0].formulas
    (line,) = [line for line in formulas if line.startswith("s′")]
    assert "tanh₁·s + tanh₂·uₖ + tanh₃" in line
    assert "atan2(" in line


def test_a_state_of_two_steps_ago_keeps_its_index():
    a, b = Value(1.0, "b1"), Value(1.0, "b2")
    for _ in range(40):
        a, b = b, a + b * 0.5
    (frame,) = draw(b, variables=False).scene.frames
    assert not any("1[−" in line or "2[−" in line for line in frame.formulas)


def test_equal_constants_of_a_step_have_one_name():
    w, u, h = Value(0.5, "w"), Value(0.3, "u"), Value(0.0, "h")
    for k in range(8):
        x = math.sin(k)
        gate = bp.sigmoid(w * h + u * x)
        h = gate * bp.tanh(u * h + w * x)
    formulas = draw(h, variables=False).scene.frames[0].formulas
    assert formulas[0] == "h′ = σ(w·h + u·cₖ)·tanh(u·h + w·cₖ)"
