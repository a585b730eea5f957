"""The titles of frames above the arrows, for pictures that the renderer paints.

It paints frames with their titles, then arrows, then cards. So a title becomes a card of a picture
whose places are known already.
"""

from __future__ import annotations

import re

_FRAME = re.compile(
    r"(subgraph cluster_\d+ \{\s*graph \[[^\]]*?)label=(<<TABLE.*?</TABLE>>),(.*?\];)", re.DOTALL
)
_PLACE = re.compile(r'\blp="([-+\d.e,]+)"')
_OF_LABEL = re.compile(r'^\s*(?:lp="[^"]*"|lheight=[\d.]+|lwidth=[\d.]+),?\n', re.MULTILINE)
# A card with two frames has the size of the outer one here, to which one would be added again.
_SIZE_OF_CARD = re.compile(r"^\t+(?:height|width)=(?!0,?$)[\d.]+(,\n|\];)", re.MULTILINE)


def above(placed: str) -> str:
    """A picture whose titles come last; empty where no frame has a title.

    Arguments:
        placed: the picture in the DOT language, as the renderer writes it with all places.
    """
    titles: list[str] = []

    def frame_only(match: re.Match[str]) -> str:
        before, title, after = match.groups()
        place = _PLACE.search(after)
        if place is None:
            return match[0]
        titles.append(f'title{len(titles)} [shape=plain style="" pos="{place[1]}" label={title}]')
        return f'{before}label="",{_OF_LABEL.sub("", after)}'

    text = _FRAME.sub(frame_only, placed)
    if not titles:
        return ""
    text = _SIZE_OF_CARD.sub(_end, text).replace("graph [", "graph [layout=nop2, ", 1)
    end = text.rindex("}")
    return "\n".join([text[:end], *titles, "}", ""])


def _end(match: re.Match[str]) -> str:
    """What is left of a size: the end of the statement where it was the last attribute."""
    return "" if match[1].startswith(",") else match[1]
