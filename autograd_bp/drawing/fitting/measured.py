"""measured: of the pictures that fit by estimate, the first one that fits when it is laid out.

The size of a picture is known for sure when a program has laid it out. Where the estimate is near
the limit, the picture is measured and, if it is too large, arranged in longer or shorter lines, or
folded further. The number of layouts is bounded, and the choice depends on sizes only.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from autograd_bp.drawing.fitting.fit import Candidate, Choice, arranged
from autograd_bp.drawing.graph.scene import Scene
from autograd_bp.drawing.output import render

CERTAIN = 0.55  # of the room: what is estimated to be smaller fits
HOPELESS = 2.0  # times the room: what is estimated to be larger does not fit
MAX_LAYOUTS = 8
MAX_LARGER = 3  # candidates that are larger by estimate than what fits
ROUNDS = 2  # lengths of lines for one candidate
TIGHT = 1.15  # times the room: what may fit where cards stand nearer to each other
MAX_EDGES = 600  # of a picture that is laid out more than once
MAX_ALL_EDGES = 1_500  # of all layouts
PATIENT = 5  # layouts after which smaller candidates are measured


@dataclass(frozen=True)
class Laid:
    """A picture as it was laid out.

    Attributes:
        dot: its text.
        svg: what the layout program made of it.
        scene: what it shows.
    """

    dot: str
    svg: str
    scene: Scene


def is_near(fit: Choice) -> bool:
    """Whether the picture could be too large, or the graph cut without need."""
    share = fit.page.excess(fit.chosen.size, long=True)
    return len(fit.chosen.scene.edges) <= MAX_EDGES and (share > CERTAIN or fit.chosen.is_cut)


def measured(fit: Choice, write: Callable[[Scene], str]) -> Laid:
    """The picture of a fit as it was laid out: the first that fits, or else the smallest.

    Arguments:
        fit: what was chosen by estimate.
        write: gives the text of a scene in the DOT language.

    Raises: as `render.svg` does.
    """
    measuring = _Measuring(fit, write)
    for candidate in measuring.candidates():
        if measuring.fits(candidate):
            break
    assert measuring.best is not None
    return measuring.best


class _Measuring:
    def __init__(self, fit: Choice, write: Callable[[Scene], str]) -> None:
        """Arguments: as those of `measured`."""
        self.fit, self.page, self.write = fit, fit.page, write
        self.axis = 1 if fit.page.direction == "down" else 0
        self.best: Laid | None = None
        self.least = math.inf  # the share of the page that the best takes
        self.size = (0.0, 0.0)  # of the latest layout
        self.layouts = self.edges = 0
        self.is_last = False  # whether there is no other candidate
        self.growth = 1.0  # how much larger pictures are than they were estimated

    def candidates(self) -> Iterator[Candidate]:
        """The chosen one, and those with less in them; before a graph is cut, those that are a
        little too large by estimate.
        """
        fit, chosen = self.fit, self.fit.chosen
        if not chosen.is_cut:
            yield chosen
        larger = []
        last = None
        for candidate in fit.candidates():
            share = self._excess(candidate.size)
            if candidate.number < chosen.number:
                if not candidate.is_cut and share <= HOPELESS:
                    larger.append((share, candidate.number, candidate))
            elif candidate.number > chosen.number:
                last = candidate
                if share * self.growth <= 1.0:
                    yield candidate
                    last = None
            elif chosen.is_cut:
                for _, _, candidate in sorted(larger)[:MAX_LARGER]:
                    if self.layouts < PATIENT and self.edges < MAX_ALL_EDGES / 2:
                        yield candidate
                yield chosen
        if last is not None:
            self.is_last = True
            yield last

    def fits(self, candidate: Candidate) -> bool:
        """Whether a candidate fits, in lines of another length too, or nearer to each other."""
        least = math.inf
        for scene in self._variants(candidate):
            share = self._measured(scene)
            if share <= 1.0:
                return True
            least = min(least, share)
        self.growth = max(1.0, least / self._excess(candidate.size))
        if self.layouts >= PATIENT:
            self.growth /= CERTAIN
        return False

    def _variants(self, candidate: Candidate) -> Iterator[Scene]:
        """A candidate as it is, nearer to each other where that could help, in other lines."""
        scene, estimate = candidate.scene, candidate.size
        for _ in range(ROUNDS):
            count = self.layouts
            yield scene
            size = self.size
            if self.layouts == count:
                return
            if self._excess(size) <= TIGHT:
                yield replace(scene, tight=True)
            if not self.page.sides[self.axis]:
                return
            length = 0.97 * estimate[self.axis] / size[self.axis]
            other, estimate = arranged(candidate.plain, self.page, length)
            if other == scene or (length > 1.0 and not scene.lines):
                return
            scene = other

    def _excess(self, size: tuple[float, float]) -> float:
        return self.page.excess(size, long=True)

    def _measured(self, scene: Scene) -> float:
        """The share of the page that a scene takes; too much once there were enough layouts."""
        is_enough = self.layouts >= MAX_LAYOUTS or self.edges + len(scene.edges) > MAX_ALL_EDGES
        if is_enough and self.best is not None and not self.is_last:
            return math.inf
        dot = self.write(scene)
        svg = render.svg(dot)
        self.layouts += 1
        self.edges += len(scene.edges)
        self.size = render.size(svg)
        share = self._excess(self.size)
        if share < self.least:
            self.best, self.least = Laid(dot, svg, scene), share
        return share
