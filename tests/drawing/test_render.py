"""From DOT text to files: formats, errors, hostile labels, sizes."""

import io
import os
import pickle
import re
import stat
import subprocess
import sys
import xml.etree.ElementTree as ET

import pytest

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.drawing import (
    Drawing,
    api,
    diff,
    draw,
    draw_network,
    draw_neuron,
    draw_weights,
    drawing,
    renderer,
)
from autograd_bp.drawing.drawing import FORMATS
from autograd_bp.drawing.output import difference, progress, render, titles
from autograd_bp.drawing.output.canvas import Canvas
from autograd_bp.errors import DrawingError, MissingExtraError, OutputError
from autograd_bp.nn import Network, Neuron
from autograd_bp.stepping import step_through

needs_renderer = pytest.mark.skipif(not renderer(), reason="no program that lays out pictures")

HOSTILE = [
    'quotes " and \' and "',
    "trailing backslash \\",
    r"\N \G \n \l \T",
    "<B>bold</B>",
    "<<TABLE><TR><TD>x</TD></TR></TABLE>>",
    '"><script>alert(1)</script>',
    "</TD></TR></TABLE>>]; evil [label=x]",
    '" HREF="javascript:alert(1)',
    "{a|b}|<port> c",
    "a\nb\r\nc\td",
    "\x00\x01\x1b\x7f\x85",
    "\ud800 lone \udfff",
    "\ufffe\uffff",
    "emoji 👩‍🔬🚀",
    "עברית العربية",
    "\u202e reversed \u202c",
    "&amp; &lt; &nbsp; & &#60;script&#62;",
    "a:b:c",
    "%s %n {} {0}",
    "// comment /* */ # x",
    "]]> --> <!-- ",
    "   ",
    "x" * 10_000,
    "<" * 10_000,
]


def shape(svg):
    """Every element of an SVG with the names of its attributes, in order, texts left out."""
    root = ET.fromstring(svg)
    return [
        (element.tag.rpartition("}")[2], sorted(key.rpartition("}")[2] for key in element.attrib))
        for element in root.iter()
    ]


def links(svg):
    """What the picture would open or run."""
    return {
        value
        for element in ET.fromstring(svg).iter()
        for key, value in element.attrib.items()
        if key.endswith("href") or key.rpartition("}")[2].startswith("on")
    }


def labelled(label):
    w, x = Value(1.0, label), Value(2.0, "x")
    y = w * x
    y.backward()
    y.label = label
    return y


@needs_renderer
@pytest.mark.parametrize("label", HOSTILE, ids=range(len(HOSTILE)))
def test_a_label_never_becomes_markup(label):
    svg = draw(labelled(label), title=label).svg
    expected = shape(draw(labelled("plain"), title="plain").svg)
    if not label.strip():
        expected = None
    assert links(svg) == set()
    tags = {tag for tag, _ in shape(svg)}
    assert tags <= {"svg", "g", "title", "polygon", "path", "text", "a", "polyline"}
    if expected is not None:
        assert [tag for tag, _ in shape(svg) if tag != "text"] == [
            tag for tag, _ in expected if tag != "text"
        ]
        assert {a for _, names in shape(svg) for a in names} == {
            a for _, names in expected for a in names
        }


@needs_renderer
@pytest.mark.parametrize("label", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_label_is_safe_in_the_table_of_a_neuron(label):
    w = [Value(1.0, label), Value(2.0, "w1")]
    z = bp.dot(w, [-1.0, 2.0])
    z.backward()
    tags = {tag for tag, _ in shape(draw_neuron(z).svg)}
    assert tags <= {"svg", "g", "title", "polygon", "path", "text", "a", "polyline"}


@needs_renderer
@pytest.mark.parametrize("label", ['a "b" \\', "&lt;b&gt;", r"\N", "<i>", "a:b", "ünïcödé ∂"])
def test_the_whole_label_stands_in_the_tooltip(label):
    root = ET.fromstring(draw(Value(1.0, label)).svg)
    titles = [
        value for e in root.iter() for key, value in e.attrib.items() if key.endswith("}title")
    ]
    assert any(title.startswith(f"{label}: value 1.0") for title in titles)


@needs_renderer
def test_numbers_that_are_not_finite_give_a_picture():
    x = Value(float("inf"), "x")
    y = x * Value(0.0, "w") - x
    y.backward()
    ET.fromstring(draw(y).svg)


@needs_renderer
def test_every_format_is_written(tmp_path):
    drawing = draw(labelled("w"))
    assert drawing.save(tmp_path / "a.svg").read_text(encoding="utf-8") == drawing.svg
    assert drawing.save(str(tmp_path / "a.PNG")).read_bytes().startswith(b"\x89PNG")
    assert drawing.save(tmp_path / "a.dot").read_text(encoding="utf-8") == drawing.dot
    assert drawing.save(tmp_path / "a.gv").read_text(encoding="utf-8") == drawing.dot
    assert sorted(os.listdir(tmp_path)) == ["a.PNG", "a.dot", "a.gv", "a.svg"]


def test_an_unknown_format_names_those_that_are(tmp_path):
    with pytest.raises(DrawingError, match=r"\.html, \.dot, \.gv, \.mmd, not as 'graph\.tiff'"):
        draw(Value(1.0)).save(tmp_path / "graph.tiff")


def test_a_format_is_one_function_and_one_line(tmp_path, monkeypatch):
    def as_list(drawing):
        return "\n".join(card.label for card in drawing.scene.cards).encode()

    monkeypatch.setitem(FORMATS, ".txt", as_list)
    saved = draw(Value(2.0, "x") * Value(3.0, "y"), variables=False).save(tmp_path / "cards.TXT")
    assert saved.read_text() == "x\ny\n"
    with pytest.raises(DrawingError, match=r"\.mmd, \.txt, not as"):
        draw(Value(1.0)).save(tmp_path / "cards.tiff")


def test_a_picture_without_a_form_in_mermaid_says_so(tmp_path):
    for picture in (diff(Value(1.0), Value(2.0)), draw_weights(Neuron(4, seed=0))):
        assert picture.mermaid == ""
        with pytest.raises(DrawingError, match="no form in Mermaid"):
            picture.save(tmp_path / "picture.mmd")


def drawings():
    """One drawing of each kind, with the numbers that it depends on."""
    net = Network([2, 2, 1], seed=0)
    numbers = [parameter for _, parameter in net.named_parameters()]
    x = Value(0.5, "x")
    P = bp.performance(1.0, net([x, 1.0]))
    P.backward()
    numbers += [x, P]
    other = bp.performance(0.0, net([x, 2.0]))
    return numbers, [
        draw(P),
        draw(P, fold=False),
        draw_neuron(P),
        diff(P, other),
        draw_network(net, x=[0.5, 1.0], d=1),
        draw_weights(net, (1, 2)),
    ]


def test_nothing_is_written_before_it_is_asked_for(monkeypatch):
    def write(*_):
        raise AssertionError("written too early")

    for module in (api, drawing, difference):
        for name in ("to_dot", "to_mermaid"):
            if hasattr(module, name):
                monkeypatch.setattr(module, name, write)
    monkeypatch.setattr(Canvas, "dot", write)
    _, pictures = drawings()
    for picture in pictures:
        with pytest.raises(AssertionError, match="too early"):
            _ = picture.dot


def test_a_picture_shows_the_numbers_of_when_it_was_drawn():
    _, pictures = drawings()
    texts = [(picture.dot, picture.mermaid) for picture in pictures]
    numbers, pictures = drawings()
    for node in numbers:
        node.data, node.grad = node.data + 1.0, node.grad + 1.0
    assert [(picture.dot, picture.mermaid) for picture in pictures] == texts


def test_pickled_pictures_are_the_same(tmp_path):
    _, pictures = drawings()
    for picture, twin in zip(pictures, pickle.loads(pickle.dumps(pictures)), strict=True):
        assert (twin.dot, twin.mermaid, twin.note) == (picture.dot, picture.mermaid, picture.note)
        assert repr(twin) == repr(picture)
        assert twin.save(tmp_path / "a.dot").read_text(encoding="utf-8") == picture.dot


def test_an_svg_that_an_earlier_version_laid_out_is_not_laid_out_again(monkeypatch):
    monkeypatch.setattr(render, "svg", None)
    picture = Drawing.__new__(Drawing)
    picture.__setstate__({"dot": "digraph {}", "mermaid": "", "note": "", "_svg": "<svg/>"})
    assert picture.svg == "<svg/>"


def test_a_picture_as_an_object_of_the_package_graphviz():
    graphviz = pytest.importorskip("graphviz")
    picture = draw(Value(2.0, "x") ** 2)
    source = picture.graphviz
    assert isinstance(source, graphviz.Source)
    assert source.source == picture.dot


def test_without_that_package_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "graphviz", None)
    with pytest.raises(MissingExtraError, match=r"autograd_bp\[drawing\]"):
        _ = draw(Value(1.0)).graphviz


@needs_renderer
def test_a_graph_as_a_page_is_one_to_step_through(tmp_path):
    x = Value(2.0, "x")
    square = x * x
    y = square + 1.0
    page = draw(y, title="a & b").save(tmp_path / "graph.html").read_text("utf-8")
    assert "square" in page
    assert page == step_through(y, title="a & b").html


@needs_renderer
def test_what_cannot_be_stepped_through_is_a_page_to_zoom():
    value = Value(1.0, "x")
    for _ in range(300):
        value = bp.sin(value) * 1.5
    page = draw(value, title="<b>").html
    assert "<title>&lt;b&gt;</title>" in page
    assert "zoom" in page
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert "zoom" in draw(bp.threshold(Value(1.0))).html
    assert "zoom" in draw_network(Network([2, 2, 1], seed=0)).html
    for picture in (
        draw_network(Network([2, 2, 1], seed=0), title="T & x"),
        draw_weights(Network([4, 2], seed=0), title="T & x"),
        diff(Value(1.0), Value(2.0), title="T & x"),
    ):
        assert "<h1>T &amp; x</h1>" in picture.html


def test_a_folder_that_does_not_exist_is_an_output_error(tmp_path):
    with pytest.raises(OutputError, match="cannot write"):
        draw(Value(1.0)).save(tmp_path / "nowhere" / "graph.dot")


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    target = tmp_path / "graph.dot"
    target.write_text("old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OutputError, match="No space left"):
        draw(Value(1.0)).save(target)
    assert target.read_text() == "old"
    assert os.listdir(tmp_path) == ["graph.dot"]


@pytest.mark.skipif(os.name == "nt", reason="POSIX permissions")
def test_a_saved_file_can_be_read_like_any_other(tmp_path):
    other = tmp_path / "other"
    other.write_text("")
    saved = draw(Value(1.0)).save(tmp_path / "graph.dot")
    assert stat.S_IMODE(saved.stat().st_mode) == stat.S_IMODE(other.stat().st_mode)


@needs_renderer
def test_a_notebook_shows_the_svg():
    bundle = draw(Value(1.0, "x"))._repr_mimebundle_()
    assert bundle["image/svg+xml"].startswith("<svg")


def test_a_notebook_without_a_renderer_says_what_to_install(monkeypatch):
    monkeypatch.setattr(render, "renderer", lambda: "")
    bundle = draw(Value(1.0, "x"))._repr_mimebundle_()
    assert list(bundle) == ["text/plain"]
    assert 'pip install "autograd_bp[drawing]"' in bundle["text/plain"]


def test_without_a_renderer_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setattr(render, "renderer", lambda: "")
    with pytest.raises(MissingExtraError, match=r'pip install "autograd_bp\[drawing\]"'):
        _ = draw(Value(1.0)).svg


def test_a_dot_program_on_the_path_comes_first(monkeypatch):
    monkeypatch.setattr(render.shutil, "which", lambda name: f"/somewhere/{name}")
    assert renderer() == "/somewhere/dot"


@pytest.mark.skipif(not next(render._embedded(), ""), reason="needs graphviz-pure")
def test_without_dot_the_embedded_program_is_found(monkeypatch):
    monkeypatch.setattr(render.shutil, "which", lambda name: None)
    assert os.path.basename(renderer()).startswith("graphviz-pure")


def stand_in(monkeypatch, *, code=0, out=b"", err=b""):
    def run(*args, **_):
        return subprocess.CompletedProcess(args, code, out, err)

    monkeypatch.setattr(render, "renderer", lambda: "dot")
    monkeypatch.setattr(render.subprocess, "run", run)


def test_a_picture_that_comes_with_a_failure_is_refused(monkeypatch):
    stand_in(monkeypatch, code=1, out=b"<svg/>", err=b"Warning: no font\nError: syntax error\n")
    with pytest.raises(DrawingError, match="failed with code 1: Error: syntax error"):
        _ = draw(Value(1.0)).svg


def test_warnings_alone_are_no_failure(monkeypatch):
    stand_in(monkeypatch, out=b"<svg/>", err=b"Warning: no hard-coded metrics for 'Helvetica'\n")
    assert draw(Value(1.0)).svg == "<svg/>"


def test_a_renderer_that_hangs_is_stopped(monkeypatch):
    program = [sys.executable, "-c", "import time; time.sleep(60)"]
    real = subprocess.run
    monkeypatch.setattr(render, "renderer", lambda: "dot")
    monkeypatch.setattr(render.subprocess, "run", lambda _, **options: real(program, **options))
    with pytest.raises(DrawingError, match=r"did not finish the picture within 0\.2 s"):
        render.run("digraph {}", "svg", timeout=0.2)


def test_a_renderer_that_cannot_start_is_named(monkeypatch):
    monkeypatch.setattr(render, "renderer", lambda: "/no/such/dot")
    with pytest.raises(DrawingError, match="/no/such/dot cannot be run"):
        _ = draw(Value(1.0)).svg


def test_a_large_picture_gets_fewer_dots_per_inch():
    assert render.resolution(500, 300) == render.DPI
    for width, height in ((100_000, 50), (50, 100_000), (20_000, 20_000)):
        scale = render.resolution(width, height) / 72
        assert max(width, height) * scale <= render.MAX_SIDE * 1.001
        assert width * height * scale * scale <= render.MAX_PIXELS * 1.001


def test_the_size_of_an_svg_is_read_in_points():
    assert render.size('<svg width="12pt" height="7.5pt"\n viewBox="0 0 1 1">') == (12.0, 7.5)
    with pytest.raises(DrawingError, match="without a size"):
        render.size("<svg>")


@needs_renderer
def test_a_long_graph_is_saved_as_a_png_of_bounded_size(tmp_path):
    v = Value(1.0, "x")
    for _ in range(150):
        v = v * 2.0
    drawing = draw(v, size=None, repeats=False)
    data = drawing.save(tmp_path / "long.png").read_bytes()
    width, height = (int.from_bytes(data[i : i + 4], "big") for i in (16, 20))
    assert 1000 < width <= render.MAX_SIDE + 1
    assert height > 0


def test_importing_the_package_does_not_import_the_drawing():
    code = "import sys, autograd_bp; print('autograd_bp.drawing' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


class Terminal(io.StringIO):
    def isatty(self):
        return True


def slow_program(folder, seconds):
    """A program that lays nothing out, and takes its time."""
    path = folder / "dot"
    path.write_text(
        f"#!{sys.executable}\nimport sys, time\nsys.stdin.read()\n"
        f"time.sleep({seconds})\nprint('<svg/>')\n"
    )
    path.chmod(0o755)
    return str(path)


@pytest.mark.skipif(os.name == "nt", reason="a script as a program")
def test_who_has_to_wait_sees_how_long(tmp_path, monkeypatch):
    pytest.importorskip("tqdm")
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr(progress, "MIN_SECONDS_FOR_BAR", 0.0)
    monkeypatch.setattr(progress, "SECONDS_BETWEEN_UPDATES", 0.01)
    monkeypatch.setattr(render, "renderer", lambda: slow_program(tmp_path, 0.2))
    assert render.run("digraph {\n}", "svg") == b"<svg/>\n"
    assert "laying out" in screen.getvalue()


@pytest.mark.skipif(os.name == "nt", reason="a script as a program")
@pytest.mark.parametrize("seen", [True, False])
def test_an_interrupted_layout_ends_the_program_and_writes_nothing(tmp_path, monkeypatch, seen):
    pytest.importorskip("tqdm")
    started = []
    popen = subprocess.Popen

    class Watched(popen):
        def __init__(self, *args, **options):
            super().__init__(*args, **options)
            started.append(self)

        def communicate(self, *args, **options):
            raise KeyboardInterrupt

    monkeypatch.setattr(subprocess, "Popen", Watched)
    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setattr(progress, "MIN_SECONDS_FOR_BAR", 0.0 if seen else 1e9)
    monkeypatch.setattr(render, "renderer", lambda: slow_program(tmp_path, 60))
    with pytest.raises(KeyboardInterrupt):
        draw(Value(1.0)).save(tmp_path / "graph.svg")
    assert [process.wait() for process in started] == [-9]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["dot"]


def test_the_estimate_grows_with_the_picture():
    small, large = (
        progress.estimate(draw(chain_of(n), max_nodes=9999, repeats=False).dot) for n in (10, 2000)
    )
    assert small < 0.1 < 1.0 < large


def chain_of(n):
    value = Value(1.0, "x")
    for i in range(n):
        value = value * float(i)
    return value


@needs_renderer
def test_no_arrow_crosses_the_title_of_a_frame_in_a_png():
    u = w = Value(0.5, 'u"]\\')
    for k in range(30):
        w = bp.tanh(w * u + Value(0.1 * k, f"b{k}"))
    w.backward()
    picture = draw(w, variables=False, repeats=True)
    dot = picture.dot
    placed = render.run(dot, "dot").decode()
    text = titles.above(placed)
    painted = ET.fromstring(render.svg(text))
    words = [child.text for child in painted.iter() if child.tag.endswith("title")]
    assert "title0" in words
    assert words.index("title0") > max(words.index(word) for word in words if "->" in word)

    def boxes(svg):
        found = re.findall(r'<g id="(n\d+)" class="([^"]+)".*?points="([^"]*)"', svg, re.DOTALL)
        sizes = {}
        for id, kind, points in found:
            sides = [*zip(*(map(float, pair.split(",")) for pair in points.split()), strict=True)]
            sizes[id, kind] = [max(side) - min(side) for side in sides]
        return sizes

    before, after = boxes(render.svg(dot)), boxes(render.svg(text))
    assert any("output" in kind for _, kind in before)
    assert before.keys() == after.keys()
    for card in before:
        assert before[card] == pytest.approx(after[card], abs=0.5)  # no double frame is added


@needs_renderer
def test_a_picture_without_frames_is_painted_as_it_is():
    assert titles.above(render.run(draw(Value(1.0, "x") * 2).dot, "dot").decode()) == ""
