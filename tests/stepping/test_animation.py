"""Steps and runs that are saved as pictures, SVG, animated PNG and GIF."""

import math
import struct
import xml.etree.ElementTree as ElementTree
import zlib

import pytest

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.drawing import renderer
from autograd_bp.errors import DrawingError, MissingExtraError, SettingError
from autograd_bp.graph import topological_order
from autograd_bp.nn import Network
from autograd_bp.stepping import live, step_through
from autograd_bp.stepping.frames import steps

pytestmark = pytest.mark.skipif(not renderer(), reason="needs a program that lays out graphs")
EVIL = '<b>&"\\N</b>|{}'


def neuron(name="w"):
    w, x = Value(0.5, name), Value(2.0, "x")
    return bp.performance(1.0, bp.sigmoid(w * x - 1))


def chunks(data):
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    place, found = 8, []
    while place < len(data):
        (size,) = struct.unpack(">I", data[place : place + 4])
        body = data[place + 4 : place + 8 + size]
        assert data[place + 8 + size : place + 12 + size] == struct.pack(">I", zlib.crc32(body))
        found.append((body[:4], body[4:]))
        place += size + 12
    return found


@pytest.mark.parametrize(
    "output",
    [
        neuron(),
        bp.relu(-Value(2.0, "x")) * bp.log(Value(0.0, "w")),  # a closed gate before an infinity
        (lambda t: t * t + bp.exp(t) / t)(bp.tanh(Value(0.3, "x"))),
    ],
)
def test_the_steps_have_the_gradients_of_the_engine(output):
    bp.graph.zero_grad(output)
    output.backward()
    order = topological_order(output)
    *_, last = steps(step_through(output).data["nodes"])
    swept = [0.0 if grad is None else grad for grad in last.grads]
    for node, grad in zip(order, swept, strict=True):
        if not node.is_constant:
            assert grad == node.grad or (math.isnan(grad) and math.isnan(node.grad))


def test_a_run_is_an_animated_png_of_one_picture_a_step(tmp_path):
    page = step_through(neuron(), animation=tmp_path / "run.png")
    found = chunks((tmp_path / "run.png").read_bytes())
    names = [name for name, _ in found]
    count = len(list(steps(page.data["nodes"])))
    assert count == 2 + 2 * 4
    assert names[:3] == [b"IHDR", b"acTL", b"fcTL"]
    assert names[-1] == b"IEND"
    assert struct.unpack(">II", found[1][1]) == (count, 0)
    frames = [struct.unpack(">IIIIIHHBB", data) for name, data in found if name == b"fcTL"]
    assert {frame[1:5] for frame in frames} == {(*struct.unpack(">II", found[0][1][:8]), 0, 0)}
    assert {frame[5] for frame in frames[:-1]} == {1200}
    turns = [struct.unpack(">I", data[:4])[0] for name, data in found if name in (b"fcTL", b"fdAT")]
    assert turns == list(range(len(turns)))


def test_the_pictures_of_a_run_differ_and_are_equally_large(tmp_path):
    image = pytest.importorskip("PIL.Image")
    page = step_through(neuron())
    for name in ("run.png", "run.gif"):
        page.save_animation(tmp_path / name, seconds=0.5, theme="dark")
        with image.open(tmp_path / name) as run:
            assert run.n_frames == 10
            assert run.info["loop"] == 0
            pictures = []
            for k in range(run.n_frames):
                run.seek(k)
                assert run.info["duration"] == (1000 if k == 9 else 500)
                pictures.append(run.convert("RGB"))
        assert len({picture.size for picture in pictures}) == 1
        assert len({picture.tobytes() for picture in pictures}) == 10
        assert max(pictures[0].size) <= 1300


def test_a_gif_without_pillow_names_the_extra(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "PIL", None)
    with pytest.raises(MissingExtraError, match=r"autograd_bp\[animation\].*\.png"):
        step_through(neuron()).save_animation(tmp_path / "run.gif")
    assert not list(tmp_path.iterdir())


def test_a_step_is_saved_as_svg_with_its_numbers(tmp_path):
    network = Network([2, 2, 1], seed=1)
    page = step_through(network, x=[0.0, 1.0], d=1.0)
    svg = page.save_step(tmp_path / "step.svg", 10).read_text(encoding="utf-8")
    texts = [element.text for element in ElementTree.fromstring(svg).iter() if element.text]
    assert any("Step 10 of 16. Backward: P" in text for text in texts)
    P = page.data["nodes"][-1]["value"]
    assert any(text.startswith(f"{P:.4g}".replace("-", "−")) for text in texts)
    assert page.save_step(tmp_path / "step.png", 1).read_bytes().startswith(b"\x89PNG")


def test_a_name_stays_a_name_in_pictures_and_a_nan_is_shown(tmp_path):
    page = step_through(neuron(EVIL) + Value(math.nan, "n") * math.inf)
    for k in range(1, 14):
        svg = page.save_step(tmp_path / "step.svg", k).read_text(encoding="utf-8")
        root = ElementTree.fromstring(svg)
        assert not [e for e in root.iter() if e.tag.endswith(("}b", "}script"))]
    assert "NaN" in svg
    assert "&lt;b&gt;" in svg


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda page, at: page.save_step(at / "a.svg", 0), SettingError, "from 1 to 10, got 0"),
        (lambda page, at: page.save_step(at / "a.svg", 11), SettingError, "from 1 to 10, got 11"),
        (lambda page, at: page.save_step(at / "a.svg", 1.0), SettingError, "got 1.0"),
        (lambda page, at: page.save_step(at / "a.jpg", 1), DrawingError, "'a.jpg'"),
        (lambda page, at: page.save_animation(at / "a.mp4"), DrawingError, "'a.mp4'"),
        (lambda page, at: page.save_animation(at / "a.gif", theme="blue"), DrawingError, "'blue'"),
        (lambda page, at: page.save_animation(at / "a.gif", seconds=0), SettingError, "got 0"),
        (lambda page, at: page.save_animation(at / "a.gif", seconds="1"), SettingError, "got '1'"),
        (lambda page, at: live().save_animation(at / "a.gif"), SettingError, "step_through"),
    ],
)
def test_what_cannot_be_saved_is_a_named_error(tmp_path, call, error, words):
    with pytest.raises(error, match=words):
        call(step_through(neuron()), tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_large_graph_is_animated_by_its_page(tmp_path):
    x = Value(1.0, "x")
    for _ in range(200):
        x = bp.sin(x)
    with pytest.raises(
        DrawingError, match=r"at most 100 .* this graph of 201 is larger: open the page"
    ):
        step_through(x).save_animation(tmp_path / "run.gif")
