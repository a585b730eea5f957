"""Where two shapes of trees differ, for the messages of errors."""

from __future__ import annotations

from autograd_bp.derivatives.trees import Tree


def difference(got: Tree, needed: Tree) -> str:
    """Where two shapes that are not equal differ first, and how, as the end of a sentence."""
    place = ""
    while got.steps == needed.steps and str(got) == str(needed):
        pairs = zip(got.steps, got.children, needed.children, strict=True)
        inner = next((pair for pair in pairs if pair[1] != pair[2]), None)
        if inner is None:
            break
        place, got, needed = place + inner[0], inner[1], inner[2]
    at = f"at {place}, " if place else ""
    if str(got) != str(needed) or got.steps == needed.steps:
        return f"{at}{needed} is needed, got {got}"
    first, second = [", ".join(step[1:-1] for step in tree.steps[:8]) for tree in (needed, got)]
    order = ", in this order," if {*needed.steps} == {*got.steps} else ""
    return f"{at}a dict with the keys {first}{order} is needed, got {second}"
