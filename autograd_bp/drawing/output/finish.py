"""Adds what a renderer's SVG lacks: a text alternative, a size that fits, titles above arrows, a
theme that follows the page."""

from __future__ import annotations

import html
import re
from dataclasses import fields

from autograd_bp.drawing.output import text
from autograd_bp.drawing.output.theme import AUTO, DARK

_ROOT = re.compile(r'<svg\b[^>]*?width="([\d.]+)(pt|px|in)?"\s+height="([\d.]+)(pt|px|in)?"[^>]*>')
_CLUSTER = re.compile(
    r'<g id="[^"]*" class="cluster">\n(.*?\n)((?:</a>\n</g>\n)?)</g>\n', re.DOTALL
)
_FRAME = re.compile(r"<title>.*?</title>\n(?:<g id=[^>]*><a[^>]*>\n)?<path[^>]*/>\n", re.DOTALL)
_TITLE = re.compile(r"(<g id=\"graph0\"[^>]*>\n)<title>.*?</title>\n")
Room = tuple[float | None, float | None]
SMALLEST = 0.844  # how much smaller a picture may get so that its smallest text has 9 pixels


def finished(svg: str, words: str, room: Room = (None, None), *, auto: bool = False) -> str:
    """The SVG of a picture, as it is shown.

    Arguments:
        svg: what the renderer wrote.
        words: what the picture shows, for those who do not see it.
        room: width and height in pixels that it should have at most; it is not made smaller than
            can be read.
        auto: True where its colours follow the page.
    """
    root = _ROOT.search(svg)
    if root is None:
        return svg
    svg = _titles_above(svg)
    svg = _TITLE.sub(r"\1", svg, count=1)
    units = {"in": 96.0, "px": 1.0, "pt": 96.0 / 72.0, None: 1.0}
    wide, high = float(root[1]) * units[root[2]], float(root[3]) * units[root[4]]
    shares = [most / side for most, side in zip(room, (wide, high), strict=True) if most]
    scale = max(SMALLEST, min([1.0, *shares]))
    opening = re.sub(
        r'width="[^"]*"\s+height="[^"]*"',
        f'width="{wide * scale:.0f}px" height="{high * scale:.0f}px" role="img" '
        'style="max-width: 100%; height: auto"',
        root[0],
        count=1,
    )
    if auto:
        opening = opening.replace("<svg ", f'<svg class="{AUTO_CLASS}" ', 1)
    alternative = f"\n<title>{html.escape(text.clean(words))}</title>"
    style = f"\n<style>{_style()}</style>" if auto else ""
    return svg.replace(root[0], opening + alternative + style, 1)


def _titles_above(svg: str) -> str:
    """The words of frames after the arrows, so that no arrow crosses them."""
    titles: list[str] = []

    def frame_only(match: re.Match[str]) -> str:
        frame = _FRAME.match(match[1])
        if frame is None:
            return match[0]
        titles.append(match[1][frame.end() :])
        return match[0].replace(titles[-1], "", 1)

    svg = _CLUSTER.sub(frame_only, svg)
    if not titles:
        return svg
    end = svg.rindex("</g>\n</svg>")
    return f'{svg[:end]}<g class="titles">\n{"".join(titles)}</g>\n{svg[end:]}'


def _style() -> str:
    """Rules that give each colour of the light theme that of the dark one on a dark page."""
    pairs: dict[str, str] = {}
    for field in fields(AUTO):
        light, dark = getattr(AUTO, field.name), getattr(DARK, field.name)
        if isinstance(light, str):
            pairs[light] = dark
        else:
            pairs.update(zip(light, dark, strict=True))

    def rules(scope: str) -> str:
        return "".join(
            f'{scope}.{AUTO_CLASS} [{attribute}="{light}"]{{{attribute}:{dark}}}'
            for light, dark in pairs.items()
            for attribute in ("fill", "stroke")
        )

    notebooks = "".join(rules(f"{scope} ") for scope in DARK_PAGES)
    return f"@media (prefers-color-scheme: dark){{{rules('')}}}{notebooks}"


AUTO_CLASS = "bp-auto"  # its rules leave other pictures of the page alone
# How notebooks say that their page is dark.
DARK_PAGES = ('[data-jp-theme-light="false"]', ".vscode-dark")
