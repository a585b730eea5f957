"""Names in letters that the renderer's own fonts lack, in a PNG: Chinese, Arabic, emoji.

The renderer that comes along has fonts of its own and reads no others, so such letters become empty
boxes. Here they are left out of what it draws, and painted with an installed font by Pillow.
"""

from __future__ import annotations

import contextlib
import functools
import html
import io
import math
import os
import re
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

# What the renderer's fonts have, as found by looking at what it draws.
_KNOWN = (
    *((0x20, 0x2FF), (0x370, 0x52F), (0x5BE, 0x5F4), (0x1D00, 0x1DBF), (0x1E00, 0x1FFF)),
    *((0x2002, 0x2027), (0x2030, 0x205E), (0x2061, 0x2064), (0x2070, 0x209C), (0x20A0, 0x20BE)),
    *((0x2100, 0x214F), (0x2153, 0x2154), (0x215B, 0x215E), (0x2190, 0x2195)),
)
_SIGNS = "∂∆∏∑−∕∙√∞∟∩∫≈≠≡≤≥■□▪▫▲►▼◄◊○●◘◙◦☺☻☼♀♂♠♣♥♦♪♫"
_TEXT = re.compile(r"<text\b([^>]*)>([^<]*)</text>")
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
_SHIFT = re.compile(r'<g id="graph0"[^>]*translate\(([-\d.]+)[ ,]+([-\d.]+)\)')
_BLANK = "\u00a0"
_BLANK_WIDTH = 0.5  # of a blank, in heights of letters, as the renderer counts it
MAX_FONTS = 4_000
MAX_SIZE = 400  # points of a letter


class Words(NamedTuple):
    """A text of a picture: where it is, in points, and how it looks."""

    text: str
    x: float
    y: float
    size: float
    colour: str
    anchor: str


def lacking(text: str) -> list[str]:
    """The characters of a text that the renderer's fonts do not have, each once."""
    return [
        letter
        for letter in dict.fromkeys(text)
        if letter not in _SIGNS and not any(a <= ord(letter) <= b for a, b in _KNOWN)
    ]


def painted(
    dot: str,
    svg: str,
    draw: Callable[[str], bytes],
    place: Callable[[str], str],
    scale: float,
) -> bytes | None:
    """The PNG of a picture with letters that the renderer lacks; None where it lacks none, or where
    nothing here can help, which a warning says.

    Arguments:
        dot: the picture in the DOT language.
        svg: the same as SVG, which says which texts there are.
        draw: makes a PNG of DOT.
        place: makes an SVG of DOT.
        scale: the pixels of a point in the PNG.
    """
    texts = [html.unescape(content) for _, content in _TEXT.findall(svg)]
    odd = [text for text in dict.fromkeys(texts) if lacking(text)]
    if not odd:
        return None
    fonts = {text: _font_for(text) for text in odd}
    without = [text for text, font in fonts.items() if font is None]
    if without:
        letters = "".join(dict.fromkeys("".join(map("".join, map(lacking, without)))))
        warnings.warn(
            f"no installed font has {letters[:20]!r}, so the PNG shows boxes: install one (for "
            "Chinese and emoji: Noto) and Pillow, or save the picture as .svg",
            RuntimeWarning,
            stacklevel=6,
        )
    blank = {text: _blank(text, font) for text, font in fonts.items() if font is not None}
    for text, spaces in blank.items():
        dot = dot.replace(f">{html.escape(text)}<", f">{spaces}<")
    if not blank:
        return None
    return _with_words(draw(dot), place(dot), texts, fonts, scale)


def _blank(text: str, font: Path) -> str:
    width = _length(text, font, 100) / 100
    return _BLANK * max(1, math.ceil(width / _BLANK_WIDTH))


def _with_words(
    png: bytes,
    svg: str,
    texts: list[str],
    fonts: dict[str, Path | None],
    scale: float,
) -> bytes:
    """A PNG, with the words painted that were left blank."""
    from PIL import Image

    image = Image.open(io.BytesIO(png)).convert("RGBA")
    shift = _SHIFT.search(svg)
    left, top = (float(shift[1]), float(shift[2])) if shift else (0.0, 0.0)
    for words, text in zip(_words(svg), texts, strict=False):
        font = fonts.get(text)
        if font is None or words.text.strip():
            continue
        x, y = (words.x + left) * scale, (words.y + top) * scale
        _paint(image, words._replace(text=text, x=x, y=y, size=words.size * scale), font)
    file = io.BytesIO()
    image.convert("RGB").save(file, format="PNG")
    return file.getvalue()


def _words(svg: str) -> Iterator[Words]:
    for attributes, content in _TEXT.findall(svg):
        found = dict(_ATTRIBUTE.findall(attributes))
        yield Words(
            html.unescape(content),
            float(found.get("x", 0.0)),
            float(found.get("y", 0.0)),
            float(found.get("font-size", 10.0)),
            found.get("fill", "black"),
            found.get("text-anchor", "start"),
        )


def _paint(image: Any, words: Words, font: Path) -> None:
    """Paint words on their baseline. Fonts of pictures have one size, and are made to fit."""
    from PIL import Image, ImageDraw

    size = max(1, min(MAX_SIZE, round(words.size)))
    loaded, real = _loaded(font, size)
    share = size / real
    anchor = {"middle": "m", "end": "r"}.get(words.anchor, "l") + "s"
    if share == 1.0:
        ImageDraw.Draw(image).text(
            (words.x, words.y), words.text, words.colour, loaded, anchor, embedded_color=True
        )
        return
    wide, high = math.ceil(loaded.getlength(words.text)) + 4, 2 * real
    layer = Image.new("RGBA", (wide, high), (0, 0, 0, 0))
    ImageDraw.Draw(layer).text(
        (2, real * 1.4), words.text, words.colour, loaded, "ls", embedded_color=True
    )
    small = layer.resize((max(1, round(wide * share)), max(1, round(high * share))))
    back = {"m": small.width / 2, "r": small.width, "l": 0}[anchor[0]]
    where = (round(words.x - back), round(words.y - real * 1.4 * share))
    image.alpha_composite(small, (max(0, where[0]), max(0, where[1])))


# ------------------------------------------------------------------------------ installed fonts
def folders() -> list[Path]:
    """Where fonts are installed on this system."""
    home = Path.home()
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA", str(home))
        windows = os.environ.get("WINDIR", "C:\\Windows")
        return [Path(windows, "Fonts"), Path(local, "Microsoft", "Windows", "Fonts")]
    if sys.platform == "darwin":
        return [Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library" / "Fonts"]
    data = os.environ.get("XDG_DATA_HOME", str(home / ".local" / "share"))
    own = [home / ".fonts", Path(data, "fonts")]
    return [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), *own]


def _files(places: Iterable[Path]) -> list[Path]:
    """The font files in some folders, plain and wide faces first. A font of last resort has a frame
    for every character, and says nothing."""
    files = [
        file
        for place in places
        for file in sorted(place.rglob("*"))
        if file.suffix.lower() in (".ttf", ".otf", ".ttc") and "lastresort" not in file.name.lower()
    ]

    def rank(file: Path) -> tuple[bool, bool, str]:
        name = file.name.lower()
        plain = not re.search("bold|italic|oblique|mono|thin|light|condensed|serif|math|tex", name)
        return (not plain, "noto" not in name and "dejavu" not in name, str(file))

    return sorted(files, key=rank)[:MAX_FONTS]


def _font_for(text: str) -> Path | None:
    """The first installed font with all characters of a text."""
    try:
        import PIL.ImageFont  # noqa: F401
    except ImportError:
        return None
    letters = [letter for letter in dict.fromkeys(text) if not letter.isspace()]
    return next((f for f in _files(folders()) if all(_has(f, letter) for letter in letters)), None)


@functools.cache
def _has(font: Path, letter: str) -> bool:
    """Whether a font draws a character otherwise than one that no font has."""
    if letter in "\u200d\ufe0e\ufe0f":  # joiners and selectors of emoji, which draw nothing
        return True
    try:
        loaded, _ = _loaded(font, 20)
        return bytes(loaded.getmask(letter)) != bytes(loaded.getmask("\U0010fffe"))
    except (OSError, ValueError):
        return False


@functools.lru_cache(maxsize=64)
def _loaded(font: Path, size: int) -> tuple[Any, int]:
    """A font, and the size that it has: fonts of pictures, such as emoji, have few."""
    from PIL import ImageFont

    for real in (size, 109, 136, 128, 160, 96, 64):
        with contextlib.suppress(OSError):
            return ImageFont.truetype(str(font), real), real
    raise OSError(f"{font} cannot be read")


def _length(text: str, font: Path, size: int) -> float:
    loaded, real = _loaded(font, size)
    return float(loaded.getlength(text)) * size / real
