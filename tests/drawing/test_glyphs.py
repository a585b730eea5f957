"""PNGs with letters that the renderer's own fonts lack."""

import io
from pathlib import Path

import pytest

from autograd_bp import Value
from autograd_bp.drawing import draw, renderer
from autograd_bp.drawing.output import glyphs, render
from autograd_bp.stepping import step_through

image = pytest.importorskip("PIL.Image")
matplotlib = pytest.importorskip("matplotlib")
pytestmark = pytest.mark.skipif(
    render.EMBEDDED not in Path(renderer()).name, reason="needs the renderer that comes along"
)
FONTS = Path(matplotlib.get_data_path(), "fonts", "ttf")


@pytest.fixture
def fonts(monkeypatch):
    monkeypatch.setattr(glyphs, "folders", lambda: [FONTS])


def pixels(png):
    return image.open(io.BytesIO(png)).convert("RGB")


def picture(name):
    return draw(Value(2.0, name) * Value(3.0, "x"), variables=False)


@pytest.mark.parametrize("name", ["∇f ⊙ g", "وزن", "⟨w⟩ & <b>", "😀"])
def test_letters_of_an_installed_font_are_painted(fonts, monkeypatch, name):
    drawn = pixels(picture(name).png)
    monkeypatch.setattr(glyphs, "folders", list)
    with pytest.warns(RuntimeWarning, match="no installed font has"):
        boxes = pixels(picture(name).png)
    assert drawn.getcolors(1 << 24) != boxes.getcolors(1 << 24)


def test_where_no_font_has_them_a_warning_says_so_and_there_are_boxes(fonts):
    with pytest.warns(RuntimeWarning, match=r"has '重み', so the PNG shows boxes.*[.]svg"):
        png = picture("重み").png
    assert pixels(png).width > 50
    svg = picture("重み").svg
    assert "重み" in svg


def test_two_names_are_painted_where_they_stand(fonts):
    one = draw(Value(2.0, "∇") * Value(3.0, "⊙"), variables=False)
    other = draw(Value(2.0, "⊙") * Value(3.0, "∇"), variables=False)
    assert pixels(one.png).tobytes() != pixels(other.png).tobytes()
    assert one.png == one.png


@pytest.mark.parametrize("name", ["w", "α₁", "∂P/∂w", "Größe", "вес", "√x ≤ ∞"])
def test_what_the_renderer_has_is_left_to_it(fonts, monkeypatch, name):
    monkeypatch.setattr(glyphs, "_with_words", None)
    assert picture(name).png.startswith(b"\x89PNG")


def test_animations_have_these_letters_too(fonts, tmp_path):
    page = step_through(Value(2.0, "∇f") * Value(3.0, "x"))
    plain = step_through(Value(2.0, "w") * Value(3.0, "x"))
    one = page.save_step(tmp_path / "a.png", 1).read_bytes()
    other = plain.save_step(tmp_path / "b.png", 1).read_bytes()
    assert pixels(one).size[1] == pixels(other).size[1]
    page.save_animation(tmp_path / "run.png")
