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


def drawn_font(path, letters, colours=()):
    """A font in which each letter is a square, in colours where some are given."""
    builder = pytest.importorskip("fontTools.fontBuilder")
    pen_of = pytest.importorskip("fontTools.pens.ttGlyphPen")

    def square(left, right):
        pen = pen_of.TTGlyphPen(None)
        pen.moveTo((left, 0))
        for point in ((left, 700), (right, 700), (right, 0)):
            pen.lineTo(point)
        pen.closePath()
        return pen.glyph()

    names = [f"g{k}" for k in range(len(letters))]
    parts = {f"p{k}": square(100 + 400 * k, 500 + 400 * k) for k in range(len(colours))}
    glyphs_of = {".notdef": square(50, 90), **{name: square(100, 900) for name in names}, **parts}
    font = builder.FontBuilder(1000, isTTF=True)
    font.setupGlyphOrder(list(glyphs_of))
    font.setupCharacterMap({ord(c): n for c, n in zip(letters, names, strict=True)})
    font.setupGlyf(glyphs_of)
    lefts = {f"p{k}": 100 + 400 * k for k in range(len(colours))}
    font.setupHorizontalMetrics({name: (1000, lefts.get(name, 100)) for name in glyphs_of})
    font.setupHorizontalHeader(ascent=800, descent=-200)
    font.setupNameTable({"familyName": "Squares", "styleName": "Regular"})
    font.setupOS2(sTypoAscender=800, usWinAscent=800, usWinDescent=200)
    font.setupPost()
    if colours:
        font.setupCPAL([list(colours)])
        font.setupCOLR({n: [(p, k) for k, p in enumerate(parts)] for n in names})
    font.save(path)


def test_chinese_is_painted_with_a_font_that_has_it(tmp_path, monkeypatch, recwarn):
    drawn_font(tmp_path / "squares.ttf", "重み")
    monkeypatch.setattr(glyphs, "folders", lambda: [tmp_path])
    painted = picture("重み").png
    assert not [w for w in recwarn if "no installed font" in str(w.message)]
    drawn_font(tmp_path / "squares.ttf", "重")  # without the second letter
    glyphs._has.cache_clear()
    glyphs._loaded.cache_clear()
    with pytest.warns(RuntimeWarning, match="no installed font has '重み'"):
        boxes = picture("重み").png
    assert pixels(painted).tobytes() != pixels(boxes).tobytes()


def test_emoji_keep_the_colours_of_their_font(tmp_path, monkeypatch):
    red, green = (1.0, 0.0, 0.0, 1.0), (0.0, 1.0, 0.0, 1.0)
    drawn_font(tmp_path / "emoji.ttf", "🦊", [red, green])
    monkeypatch.setattr(glyphs, "folders", lambda: [tmp_path])
    glyphs._has.cache_clear()
    glyphs._loaded.cache_clear()
    colours = {colour for _, colour in pixels(picture("🦊").png).getcolors(1 << 24)}
    assert {(255, 0, 0), (0, 255, 0)} <= colours
