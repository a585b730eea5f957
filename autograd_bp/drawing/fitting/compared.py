"""compared: the most that a picture of a size can show of two graphs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from autograd_bp.drawing.fitting.fit import FEWER, Candidate, Page, arranged
from autograd_bp.drawing.graph.differences import ComparedCard, Comparison
from autograd_bp.drawing.graph.scene import Scene
from autograd_bp.drawing.output.canvas import width
from autograd_bp.drawing.output.difference import has_gradient, words

ROW = 19.0  # the height of a line of a card
FEWEST = (12, 9, 6)  # cards of a neighbourhood that stand side by side


@dataclass(frozen=True)
class ComparedFit:
    """What a picture of a page shows of two graphs, by the sizes that cards will have.

    Attributes:
        chosen: the first candidate that fits.
        comparison, page: what it was chosen for.
    """

    chosen: Candidate
    comparison: Comparison
    page: Page

    def candidates(self) -> Iterator[Candidate]:
        """All candidates, from the largest to the smallest."""
        return _candidates(self.comparison, self.page)


def choose(comparison: Comparison, page: Page) -> ComparedFit:
    """The first candidate that fits the page by estimate, or else the smallest."""
    best: Candidate | None = None
    for candidate in _candidates(comparison, page):
        if best is None or page.excess(candidate.size) < page.excess(best.size):
            best = candidate
        if page.excess(candidate.size) <= 1.0:
            break
    assert best is not None
    return ComparedFit(best, comparison, page)


def _candidates(comparison: Comparison, page: Page) -> Iterator[Candidate]:
    """All cards; without what stands only below what is the same; cards of two lines, with the
    constants in them; at last the neighbourhood of where the differences begin.
    """
    most, is_asked = page.max_nodes or len(comparison.whole), page.max_nodes is not None
    attempts = [(most, False, False), (most, True, False), (most, True, True)]
    if not is_asked and page.width is not None and page.height is not None:
        attempts += [(count, True, True) for count in (*FEWER, *FEWEST)]
    seen: set[tuple[bool, int]] = set()
    for number, (count, fold, is_compact) in enumerate(attempts):
        shown = comparison.shown(count, fold=fold, inline=is_compact, asked=is_asked)
        if (is_compact, len(shown.cards)) in seen:
            continue
        seen.add((is_compact, len(shown.cards)))
        cards = [_sized(replace(card, compact=is_compact)) for card in shown.cards]
        scene = Scene(
            [*cards], [*shown.edges], comparison.has_gradients, "", shown.note, compact=is_compact
        )
        arrangement, size = arranged(scene, page)
        yield Candidate(scene, arrangement, size, number, shown.is_cut and not is_asked)


def _sized(card: ComparedCard) -> ComparedCard:
    """A card with the size that it will have."""
    lines = [words(card), *(f"grad  {card.gradient}" for _ in range(has_gradient(card)))]
    if not card.compact:
        lines.insert(1, f"value  {card.figure}")
    length = max(width(line, 10.0) for line in lines)
    return replace(card, size=(0.92 * length + 12.0, ROW * len(lines) + 4.0))
