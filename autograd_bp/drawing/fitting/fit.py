"""fit: the most that a picture of a size can show of a graph."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Protocol

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
LAYERS = (8, 4, 3, 2)  # operations side by side that are drawn once
SHORTER = (6, 3)  # rows of tables
# Cards of a graph that nothing else makes fit.
FEWER = (300, 220, 160, 110, 80, 60, 40, 25, 16, 10, 6)


@dataclass(frozen=True)
class Page:
    """The room for a picture.

    Attributes:
        width, height: in pixels; None for as much as it needs.
        direction: "right" or "down".
        repeats: True, False, or None where that depends on the room.
        max_nodes: the number of cards; None where that depends on the room.
        rows: of tables; None where that depends on the room.
    """

    width: float | None = 1600.0
    height: float | None = 1200.0
    direction: str = "right"
    repeats: bool | None = None
    max_nodes: int | None = None
    rows: int | None = None

    @property
    def sides(self) -> tuple[float | None, float | None]:
        """Width and height, as asked for."""
        return self.width, self.height

    @property
    def limits(self) -> tuple[float, float]:
        """Width and height in points. Of a picture that may be as long as it needs, cards get
        smaller once it is longer than some screens.
        """
        if self.width is None and self.height is None:
            return math.inf, math.inf
        sides = (self.width or LONG, self.height or LONG)
        return sides[0] * POINTS_PER_PIXEL, sides[1] * POINTS_PER_PIXEL

    def excess(self, size: tuple[float, float], *, long: bool = False) -> float:
        """The larger share of a side that a picture takes: it fits up to 1.

        Arguments:
            size: width and height in points.
            long: True where it may be as long as it needs, False where it should not be long.
        """
        sides = zip(size, self.limits, self.sides, strict=True)
        return max(0.0 if long and not asked else side / limit for side, limit, asked in sides)


@dataclass(frozen=True)
class Candidate:
    """A graph as one of several pictures could show it.

    Attributes:
        plain: its cards and edges.
        scene: the same with tags and lines.
        size: width and height that it will have, roughly, in points.
        number: its place among all candidates.
        is_cut: True where fewer cards are drawn than were asked for.
    """

    plain: Scene
    scene: Scene
    size: tuple[float, float]
    number: int
    is_cut: bool


class Choice(Protocol):
    """A candidate that fits a page by estimate, and all others."""

    @property
    def chosen(self) -> Candidate:
        """The first candidate that fits."""

    @property
    def page(self) -> Page:
        """What it was chosen for."""

    def candidates(self) -> Iterator[Candidate]:
        """All candidates, from the largest to the smallest."""


@dataclass(frozen=True)
class Fit:
    """What a picture of a page shows of a graph, by the sizes that cards will have.

    Attributes:
        chosen: the first candidate that fits.
        graph, view, page: what it was chosen for.
    """

    chosen: Candidate
    graph: Graph
    view: View
    page: Page

    @property
    def scene(self) -> Scene:
        """What the chosen candidate shows."""
        return self.chosen.scene

    def candidates(self) -> Iterator[Candidate]:
        """All candidates, from the largest to the smallest."""
        return _candidates(self.graph, self.view, self.page)

    def frozen(self) -> Fit:
        """The same with the numbers that all nodes have now, whatever becomes of them."""
        now = {node: self.view.number(node) for node in self.graph.order}
        grads = {node: self.view.grad(node) for node in self.graph.order}
        view = replace(self.view, numbers=now, grads=grads)
        return replace(self, graph=replace(self.graph, numbers=now), view=view)


def fit(outputs: tuple[Value, ...], view: View, page: Page) -> Scene:
    """The scene of a graph, wrapped and folded so that it fits the page by estimate."""
    return choose(outputs, view, page).scene


def choose(outputs: tuple[Value, ...], view: View, page: Page) -> Fit:
    """The first candidate that fits the page by estimate, or else the smallest."""
    graph = read(outputs, view)
    view = replace(view, kinds={**numbers.desired(graph.order), **view.kinds})
    best: tuple[int, Candidate] | None = None
    for candidate in _candidates(graph, view, page):
        if candidate.is_cut and best is not None and best[0] == 1:
            break  # a divided step is better than a graph that is not whole
        cost = _cost(candidate.scene, candidate.size, page)
        if best is None or cost < best[0]:
            best = cost, candidate
        if cost == 0:
            break
    assert best is not None
    return Fit(best[1], graph, view, page)


def _candidates(graph: Graph, view: View, page: Page) -> Iterator[Candidate]:
    """A candidate for each view."""
    most = page.max_nodes or MAX_CARDS
    counts: dict[bool, int] = {}  # of cards, by whether they are one line
    seen: set[object] = set()
    for number, attempt in enumerate(_attempts(graph, view, page)):
        is_cut = attempt.max_nodes < most
        if is_cut and counts.get(attempt.compact, most) <= attempt.max_nodes:
            continue  # nothing would be left out
        plain = make_scene(graph, attempt)
        counts[attempt.compact] = len(plain.cards)
        scene, size = arranged(plain, page)
        look = (attempt.compact, len(plain.cards), len(plain.edges), size)
        if look not in seen:  # else it is the same once more
            seen.add(look)
            yield Candidate(plain, scene, size, number, is_cut)


def _cost(scene: Scene, size: tuple[float, float], page: Page) -> int:
    """0 where a scene fits; 1 where it does, with a step that a line break divides."""
    if page.excess(size) > 1.0:
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
    for rows in SHORTER:
        if rows < view.rows and page.rows is None:
            yield replace(view, rows=rows, compact=True)
    yield replace(view, compact=True, brief=True)
    for count in FEWER:
        yield replace(view, max_nodes=count)
        yield replace(view, max_nodes=count, compact=True, brief=view.window is not None)


def arranged(scene: Scene, page: Page, share: float = 1.0) -> tuple[Scene, tuple[float, float]]:
    """The scene with tags and lines, and its size in points.

    Arguments:
        scene: the cards and edges.
        page: the room for the picture.
        share: of the room, the length of a line.
    """
    scene = replace(scene, direction=page.direction)
    scene = tags.tag_leaves(scene, lines.ranks(scene))
    column = lines.ranks(scene)
    known = sizes.sizes(scene)
    axis = 1 if page.direction == "down" else 0
    limit = (page.width, page.height)[axis]
    best, extent = scene, sizes.extent(scene, column, known)
    if limit is None:
        return best, extent
    whole = limit * POINTS_PER_PIXEL * share
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
