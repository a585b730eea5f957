"""Highlighted paths, neighbourhoods, chains that repeat, names of variables, Mermaid."""

import re
import sys
from collections import Counter
from pathlib import Path

import pytest

import autograd_bp as bp
from autograd_bp import Value, explain
from autograd_bp.drawing import caller_names, draw
from autograd_bp.drawing.fitting.fit import Page, fit
from autograd_bp.drawing.graph.build import make_scene
from autograd_bp.drawing.graph.layers import find
from autograd_bp.drawing.graph.scene import View
from autograd_bp.drawing.graph.walks import around
from autograd_bp.drawing.output import render
from autograd_bp.drawing.output.mermaid import escaped
from autograd_bp.drawing.output.pdf import from_svg
from autograd_bp.errors import DrawingError, MissingExtraError, OperandError, SettingError
from autograd_bp.graph import topological_order
from autograd_bp.nn import Network

GOLDEN = Path(__file__).parent / "golden"


def two_paths():
    x = Value(2.0, "x")
    return x, x * x.exp()


def chain(n, start=None):
    value = Value(1.0, "x") if start is None else start
    for _ in range(n):
        value = bp.sin(value * 1.5)
    return value


def edges(dot):
    return [line for line in dot.splitlines() if " -> " in line]


@pytest.mark.parametrize("ending", ["dot", "mmd"])
def test_a_highlighted_picture_is_the_golden_one(ending):
    x, y = two_paths()
    y.backward()
    drawing = draw(y, highlight=explain(y, x), variables=False)
    text = {"dot": drawing.dot, "mmd": drawing.mermaid}[ending]
    assert text == (GOLDEN / f"highlight.{ending}").read_text(encoding="utf-8")


def test_the_largest_path_is_thick_and_the_others_dotted():
    x, y = two_paths()
    dot = draw(y, highlight=explain(y, x, most=1)).dot
    thick = [line for line in edges(dot) if "penwidth=4.20" in line]
    dotted = [line for line in edges(dot) if "style=dotted" in line]
    assert [re.match(r"\S+ -> \S+", line)[0] for line in thick] == ["n0 -> n1", "n1 -> n2"]
    assert [re.match(r"\S+ -> \S+", line)[0] for line in dotted] == ["n0 -> n2"]
    assert "Thick: 1 path of 2" in dot


def test_a_path_through_one_of_two_equal_parents_marks_one_edge():
    x = Value(3.0, "x")
    y = x * x
    assert "penwidth=4.20" in edges(draw(y, highlight=explain(y, x, most=1)).dot)[0]
    assert "penwidth=4.20" not in edges(draw(y, highlight=explain(y, x, most=1)).dot)[1]


def test_a_path_that_ends_in_a_table_marks_its_row_and_keeps_it():
    w = [Value(float(i + 1), f"w{i}") for i in range(40)]
    z = bp.dot(w, [1.0] * 40)
    dot = draw(z, highlight=explain(z, w[3]), rows=3).dot
    assert "<B>→ w₃</B>" in dot


def test_only_values_can_be_highlighted():
    _, y = two_paths()
    with pytest.raises(OperandError, match="highlight"):
        draw(y, highlight=[1.0])


def test_highlight_with_unfold_is_refused():
    x, y = two_paths()
    with pytest.raises(SettingError, match="leave unfold out"):
        draw(y, highlight=explain(y, x), unfold=True)


def test_a_neighbourhood_reaches_up_and_down():
    x = Value(0.5, "x")
    steps = [x]
    for _ in range(9):
        steps.append(steps[-1].sin())
    assert around(steps[-1:], steps[4], 2, 100) == frozenset(steps[2:7])
    assert repr(draw(steps[-1], around=steps[4], radius=2)) == "<Drawing of 5 cards>"
    assert ">… sin" in draw(steps[-1], around=steps[4], variables=False).dot.replace("<B>", "")


def test_a_neighbourhood_in_a_chain_of_100000():
    x = Value(0.5, "x")
    middle = chain(25_000, x)
    drawing = draw(chain(25_000, middle), around=middle, radius=3)
    assert int(repr(drawing).split()[2]) <= 12
    assert "of 150,001 values" in drawing.note


def test_no_card_of_a_neighbourhood_stands_alone():
    hidden = [Value(0.0).sin() for _ in range(30)]
    z = bp.dot([1.0] * 30, hidden)
    dot = draw(z, around=z, rows=3).dot
    linked = set(re.findall(r"\bn\d+", " ".join(line.split("[")[0] for line in edges(dot))))
    assert set(re.findall(r'id="(n\d+)"', dot)) == linked


def test_a_value_that_the_output_does_not_depend_on_has_no_neighbourhood():
    _, y = two_paths()
    with pytest.raises(DrawingError, match="does not depend"):
        draw(y, around=Value(1.0))


def test_a_chain_of_100000_operations_is_drawn_once():
    drawing = draw(chain(50_000))
    assert ">× 50,000<" in drawing.dot
    assert repr(drawing) == "<Drawing of 4 cards>"


def test_a_repeated_stretch_hangs_together_with_what_comes_before_and_after():
    x = Value(1.0, "x")
    scene = make_scene(chain(6, x.exp()).exp(), View(repeats=True))
    assert [(frame.times, len(frame.ids)) for frame in scene.frames] == [(6, 3)]
    symbols = {card.id: card.symbol or card.label for card in scene.cards}
    ways = [(symbols[e.source], symbols[e.target]) for e in scene.edges]
    assert ways == [("x", "exp"), ("exp", "×"), ("", "×"), ("×", "sin"), ("sin", "exp")]


def test_what_is_used_elsewhere_is_not_hidden_in_a_repetition():
    x = Value(1.0, "x")
    middle = chain(5, x)
    scene = make_scene(chain(5, middle) + middle, View(repeats=True))
    assert [frame.times for frame in scene.frames] == [5, 5]
    assert middle in {card.node for card in scene.cards}


def test_small_graphs_show_each_repetition():
    assert "×\u00a0" not in draw(chain(6)).dot
    assert "subgraph" not in draw(chain(6)).dot


def test_steps_with_other_constants_are_a_repetition_that_says_what_differs():
    value = Value(1.0, "x")
    for i in range(8):
        value = value * float(i)
    scene = make_scene(value, View(repeats=True))
    assert [frame.times for frame in scene.frames] == [8]
    assert scene.frames[0].formulas == ("x′ = x·cₖ",)
    assert (0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0) in {card.series for card in scene.cards}


def test_steps_of_other_operations_are_no_repetition():
    value = Value(0.5, "x")
    for i in range(8):
        value = bp.sin(value) if i % 3 == 0 else bp.exp(value) if i % 4 == 0 else value * value
    assert make_scene(value, View(repeats=True)).frames == ()


def test_variables_name_what_has_no_label():
    a = Value(2.0)
    total = a * 3.0
    weights = [Value(1.0), Value(2.0)]
    dot = draw(total + bp.sum(weights)).dot
    for name in ("a", "total", "weights[0]", "weights[1]"):
        assert f">{name}<" in dot
    assert ">total<" not in draw(total, variables=False).dot


def test_items_of_large_tables_around_a_call_are_not_all_looked_at(monkeypatch):
    table = [[float(k)] * 100 for k in range(200)]
    last, weights = [[Value(3.0)]], [Value(1.0), Value(2.0)]
    table.append(last[0])
    y = bp.sum(weights) * last[0][0]
    dot = draw(y).dot
    for name in ("weights[0]", "weights[1]", "last[0,0]"):
        assert f">{name}<" in dot
    monkeypatch.setattr(caller_names, "MAX_IN_ALL", 150)
    assert ">y<" in draw(y).dot
    assert ">weights[0]<" not in draw(y).dot


def test_a_label_wins_over_a_variable():
    a = Value(2.0, "α")
    dot = draw(a * 1.0).dot
    assert ">α<" in dot
    assert ">a<" not in dot


def test_mermaid_has_one_arrow_for_each_edge():
    x, y = two_paths()
    lines = draw(y, highlight=explain(y, x, most=1)).mermaid.splitlines()
    assert [line.split("|")[0] for line in lines if "|" in line] == [
        "n0 ==>",
        "n0 -->",
        "n1 ==>",
    ]


@pytest.mark.parametrize("label", ['"]', "<img src=x onerror=alert(1)>", "`x`", "a|b", "#quot;"])
def test_a_label_is_no_markup_in_mermaid(label):
    assert set(re.sub(r"#\d+;", "", escaped(label))) <= set("abcdefghijklmnopqrstuvwxyz 1x.,")


def test_pdf_without_what_draws_it_says_what_is_needed(monkeypatch, tmp_path):
    monkeypatch.setattr(render, "renderer", lambda: "/somewhere/graphviz-pure")
    monkeypatch.setattr(render, "svg", lambda dot: "<svg/>")
    monkeypatch.setitem(sys.modules, "svglib.svglib", None)
    with pytest.raises(MissingExtraError, match=r"full Graphviz, or .*autograd_bp\[pdf\]"):
        draw(Value(1.0)).save(tmp_path / "a.pdf")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not render.renderer(), reason="no program that lays out pictures")
def test_pdf_is_drawn_from_the_svg_where_there_is_no_full_dot(tmp_path):
    pytest.importorskip("svglib")
    hostile = draw(bp.sigmoid(Value(1.0, "γ <b>&")), title="P = −½ (d − z)²")
    written = from_svg(hostile.svg)
    assert written.startswith(b"%PDF")
    assert b"DejaVuSans" in written


def test_pdf_is_what_a_full_dot_gives(monkeypatch, tmp_path):
    monkeypatch.setattr(render, "renderer", lambda: "/usr/bin/dot")
    monkeypatch.setattr(render, "run", lambda dot, kind: f"%{kind}".encode())
    assert draw(Value(1.0)).save(tmp_path / "a.pdf").read_bytes() == b"%pdf"


def test_info_says_what_lays_out_pictures(monkeypatch, capsys):
    from autograd_bp.command import main

    monkeypatch.setattr(render.shutil, "which", lambda name: f"/somewhere/{name}")
    main(["info"])
    assert re.search(r"^renderer +/somewhere/dot$", capsys.readouterr().out, re.MULTILINE)


def test_neurons_that_are_drawn_value_by_value_have_a_frame_each():
    from autograd_bp.nn import Network

    [output] = Network([2, 2, 1], seed=0)([0.5, 1.0])
    scene = make_scene(output, View(fold=False))
    assert [frame.title for frame in scene.frames] == [
        "layer 1, neuron 1",
        "layer 1, neuron 2",
        "layer 2, neuron 1",
    ]
    framed = [id for frame in scene.frames for id in frame.ids]
    assert len(framed) == len(set(framed))
    operations = [card.id for card in scene.cards if card.symbol]
    assert set(operations) <= set(framed)


def test_an_interrupted_save_leaves_no_half_written_file(monkeypatch, tmp_path):
    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("os.replace", stop)
    with pytest.raises(KeyboardInterrupt):
        draw(Value(1.0)).save(tmp_path / "a.dot")
    assert list(tmp_path.iterdir()) == []


def test_a_private_variable_names_nothing():
    _hidden = Value(2.0)
    _held = [Value(3.0)]
    assert "_h" not in draw(_hidden * _held[0]).dot


def recurrent(n):
    w, u, state = Value(0.9, "w"), Value(0.4, "u"), Value(0.0, "start")
    for _ in range(n):
        state = bp.tanh(w * state + u * 0.5)
    return state


def test_a_recurrence_with_shared_weights_is_drawn_once():
    scene = make_scene(recurrent(40), View(repeats=True))
    (frame,) = scene.frames
    assert frame.times == 40
    assert len(scene.cards) < 20


def rows_that_share_weights(n):
    w, P = Value(0.7, "w"), Value(0.0)
    for i in range(n):
        P = P + bp.performance(1.0, bp.sigmoid(bp.dot([w], [Value(i / n, "x")])))
    return P


def test_rows_that_share_weights_are_drawn_once():
    scene = make_scene(rows_that_share_weights(20), View(repeats=True))
    assert [frame.times for frame in scene.frames] == [20]
    table = next(card for card in scene.cards if card.table is not None)
    assert table.id in scene.frames[0].ids or len(scene.cards) < 14


def test_rows_whose_inputs_are_numbered_are_drawn_once():
    P = Value(0.0)
    for i in range(8):
        P = P + bp.performance(1.0, bp.sigmoid(Value(i / 8, f"x{i}") * 2.0))
    scene = make_scene(P, View(repeats=True))
    assert [frame.times for frame in scene.frames] == [8]
    assert tuple(i / 8 for i in range(8)) in {card.series for card in scene.cards}


def network(sizes):
    return Network(sizes, seed=0)([Value(0.5, "x1"), Value(-1.0, "x2")])[0]


def test_a_wide_network_is_drawn_layer_by_layer():
    scene = fit((network([2, 128, 128, 1]),), View(), Page())
    assert [(frame.times, len(frame.ids)) for frame in scene.frames] == [(128, 2), (128, 2)]
    assert len(scene.cards) < 12
    assert "side by side shows the first of N" in scene.note


def test_a_network_that_can_be_read_is_drawn_as_it_is():
    scene = make_scene(network([2, 5, 1]), View())
    assert scene.frames == ()
    assert sum(card.symbol == "Σ×" for card in scene.cards) == 6


def test_every_card_of_a_layered_picture_is_connected():
    scene = make_scene(network([2, 64, 64, 64, 1]), View(layers=8))
    ends = {id for edge in scene.edges for id in (edge.source, edge.target)}
    assert ends == {card.id for card in scene.cards}


@pytest.mark.parametrize("options", [{"repeats": True}, {"max_nodes": 20}])
def test_what_repeats_is_drawn_once_down_to_where_the_picture_stops(options):
    x = Value(1.0, "x")
    middle = chain(3, x)
    drawing = draw(chain(30, middle), stop_at=[middle], variables=False, **options)
    assert "× 30" in drawing.dot
    assert ">x<" not in drawing.dot


def test_layers_with_different_parents_are_kept_apart():
    x = [Value(float(i), f"x{i}") for i in range(30)]
    left, right = [bp.sin(v) for v in x], [bp.exp(v) for v in x]
    mixed = [bp.tanh(a) for a in left] + [bp.tanh(b) for b in right]
    layers = find(topological_order(bp.sum(mixed)), Counter(), ())
    assert sorted(len(layer.families[0]) for layer in layers) == [30, 30, 30, 30]
