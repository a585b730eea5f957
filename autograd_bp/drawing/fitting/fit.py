"""fit: the most that a picture of a size can show of a graph."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from autograd_bp.drawing.fitting import lines, sizes, tags
from autograd_bp.drawing.graph import numbers
from autograd_bp.drawing.graph.build import make_scene, read
from autograd_bp.drawing.graph.parts import Graph
from autograd_bp.drawing.graph.scene import Frame, Scene, View
from autograd_bp.value import Value

POINTS_PER_PIXEL = 0.75 / 0.844  # at which the smallest text has 9 pixels
MARGIN = 36.0  # around a picture, points
MAX_CARDS = 400
LONG = 3000.0  # pixels of a picture that may be as long as it needs
CONTINUED = "(continued)"
LAYERS = (8, 4)  # operations side by side that are drawn once
FEWER = (300, 220, 160, 110, 80, 60, 40, 25, 16)  # cards of a graph that nothing else makes fit


@dataclass(frozen=True)
class Page:
    """The room for a picture.

    Attributes:
        width, height: in pixels; None for as much as it needs.
        direction: "right" or "down".
        repeats: True, False, or None where that depends on the room.
        max_nodes: the number of cards; None where that depends on the room.
    """

    width: float | None = 1600.0
    height: float | None = 1200.0
    direction: str = "right"
    repeats: bool | None = None
    max_nodes: int | None = None


def fit(outputs: tuple[Value, ...], view: View, page: Page) -> Scene:
    """The scene of a graph, wrapped and folded so that it fits the page."""
    graph = read(outputs, view)
    view = replace(view, kinds={**numbers.desired(graph.order), **view.kinds})
    most = page.max_nodes or MAX_CARDS
    best: tuple[int, Scene] | None = None
    last = None
    for attempt in _attempts(graph, view, page):
        if last == attempt:
            continue
        if best is not None and best[0] == 1 and attempt.max_nodes < most:
            break  # a divided step is better than a graph that is not whole
        scene, size = arranged(make_scene(graph, attempt), page)
        last = attempt
        cost = _cost(scene, size, page)
        if cost == 0:
            return scene
        if best is None or cost < best[0]:
            best = cost, scene
    assert best is not None
    return best[1]


def _cost(scene: Scene, size: tuple[float, float], page: Page) -> int:
    """0 where a scene fits; 1 where it does, with a step that a line break divides."""
    if not _fits(size, page):
        return 2 + int(max(size))
    return int(any(CONTINUED in frame.title for frame in scene.frames))


def _attempts(graph: Graph, view: View, page: Page) -> Iterator[View]:
    """Views from the largest to the smallest."""
    most = page.max_nodes or MAX_CARDS
    view = replace(view, max_nodes=most, repeats=page.repeats is True)
    is_large = len(graph.order) > most
    is_open = page.width is None or page.height is None
    if not is_large or page.repeats is False:
        yield view
    if page.repeats is not False:
        view = replace(view, repeats=True)
        yield view
    yield replace(view, compact=True)
    if is_open and not is_large:
        return
    for least in LAYERS:
        view = replace(view, layers=least)
        yield view
        yield replace(view, compact=True)
    if page.max_nodes is not None or is_open:
        return
    for count in FEWER:
        yield replace(view, max_nodes=count)
        yield replace(view, max_nodes=count, compact=True)


def arranged(scene: Scene, page: Page) -> tuple[Scene, tuple[float, float]]:
    """The scene with tags and lines, and its size in points."""
    scene = replace(scene, direction=page.direction)
    scene = tags.tag_leaves(scene, lines.ranks(scene))
    column = lines.ranks(scene)
    known = sizes.sizes(scene)
    axis = 1 if page.direction == "down" else 0
    limit = (page.width, page.height)[axis]
    best, extent = scene, sizes.extent(scene, column, known)
    if limit is None:
        return best, extent
    whole = limit * POINTS_PER_PIXEL
    room = whole - (sizes.HEADING if axis else MARGIN)
    for _ in range(5):  # the columns of all lines are equally wide, so that some lines get longer
        if extent[axis] <= whole:
            break
        line_of = lines.broken(scene, column, known, room)
        if line_of is None:
            break
        best = _broken(tags.tag_crossings(scene, line_of), line_of)
        best = replace(best, columns=lines.from_the_left(best))
        extent = sizes.extent(best, best.columns, sizes.sizes(best))
        room *= min(0.94, whole / extent[axis])
    return best, extent


def _broken(scene: Scene, line_of: dict[str, int]) -> Scene:
    """A frame that a line break divides becomes several."""
    frames: list[Frame] = []
    for frame in scene.frames:
        parts: dict[int, list[str]] = {}
        for id in frame.ids:
            parts.setdefault(line_of[id], []).append(id)
        for k, line in enumerate(sorted(parts)):
            formulas = frame.formulas if k == 0 else ()
            title = frame.title if k == 0 else f"{frame.title} {CONTINUED}"
            frames.append(replace(frame, ids=tuple(parts[line]), title=title, formulas=formulas))
    return replace(scene, frames=tuple(frames))


def _fits(size: tuple[float, float], page: Page) -> bool:
    """Whether a picture has room; of one that may be as long as it needs, cards get smaller once
    it is longer than some screens.
    """
    if page.width is None and page.height is None:
        return True
    limits = (page.width or LONG, page.height or LONG)
    return all(
        length <= limit * POINTS_PER_PIXEL for length, limit in zip(size, limits, strict=True)
    )
