"""Where two shapes of trees differ, for the messages of errors."""

from __future__ import annotations

from autograd_bp.derivatives.trees import Tree


def difference(got: Tree, needed: Tree) -> str:
    """Where two shapes that are not equal differ first, and how, as the end of a sentence."""
    place, got, needed = _first(got, needed)
    at = f"at {place}, " if place else ""
    if str(got) == str(needed) and got.steps != needed.steps:
        first, second = [", ".join(step[1:-1] for step in tree.steps[:8]) for tree in (needed, got)]
        order = ", in this order," if {*needed.steps} == {*got.steps} else ""
        return f"{at}a dict with the keys {first}{order} is needed, got {second}"
    return f"{at}{shown(needed)} is needed, got {shown(got)}{_one_sided(got, needed, place)}"


def difference_inside(got: Tree, needed: Tree) -> str:
    """The same behind a sentence that names both shapes as wholes: empty where there is no more to
    say."""
    place, inner, expected = _first(got, needed)
    return f"; {difference(got, needed)}" if place else _one_sided(inner, expected, place)


def shown(shape: Tree) -> str:
    """A shape in words, or what stands in the place of numbers and is none."""
    is_static = isinstance(shape.key, tuple) and shape.key[0] == "static"
    return f"{shape.build([])!r:.40}" if is_static else str(shape)


def _first(got: Tree, needed: Tree) -> tuple[str, Tree, Tree]:
    """The place where two shapes differ first, and what stands there."""
    place = ""
    while got.steps == needed.steps and str(got) == str(needed):
        pairs = zip(got.steps, got.children, needed.children, strict=True)
        inner = next((pair for pair in pairs if pair[1] != pair[2]), None)
        if inner is None:
            break
        place, got, needed = place + inner[0], inner[1], inner[2]
    return place, got, needed


def _one_sided(got: Tree, needed: Tree, place: str) -> str:
    """The first entry that only one of two trees with entries has."""
    if not (got.children and needed.children):
        return ""
    for tree, other, words in ((needed, got, "is missing"), (got, needed, "is there besides")):
        names = set(other.steps)
        one = next((step for step in tree.steps if step not in names), None)
        if one is not None:
            return f": {place}{one} {words}"
    return ""
