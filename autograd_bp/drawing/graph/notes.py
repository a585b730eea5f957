"""The frames of a picture, and the sentence that says what it leaves out and what stands out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from autograd_bp.drawing.graph import formulas, frames, units
from autograd_bp.drawing.graph.parts import Shown
from autograd_bp.drawing.graph.scene import Frame
from autograd_bp.notation import text
from autograd_bp.value import Value


def make_frames(shown: Shown, ids: Mapping[Value, str]) -> tuple[Frame, ...]:
    """The lines around cards: steps and layers that are drawn once, and neurons."""
    drawn, view = shown.nodes, shown.links.view

    def ids_of(members: Sequence[Value]) -> tuple[str, ...]:
        return tuple(ids[node] for node in members if node in ids)

    lines = [
        Frame(
            members,
            f"× {repetition.times:,}",
            repetition.times,
            formulas=formulas.of_step(repetition, view, ids),
        )
        for repetition in shown.repetitions
        if (members := ids_of(repetition.shown))
    ]
    for layer in shown.alike:
        times = len(layer.families[0])
        if members := ids_of(layer.shown):
            words = units.of_unit(layer, view)
            title = f"× {times:,} side by side"
            lines.append(Frame(members, title, times, beside=True, formulas=words))
    if not view.fold and not lines:
        whole = shown.graph
        neurons = frames.neurons(whole.order, whole.uses, drawn.expanded | drawn.drawn, view.label)
        lines = [Frame(ids_of(members), title) for title, members in neurons]
    return tuple(lines)


def make_note(shown: Shown, lines: Sequence[Frame]) -> str:
    """Say what was left out and what stands out, in one sentence."""
    view, nodes, total = shown.links.view, shown.nodes, len(shown.graph.order)
    if view.window is not None:
        return f"{view.caption}: {text.count(len(nodes.drawn), 'card')} of {total:,} values"
    words = [view.caption] if view.caption else []
    if any(frame.times > 1 and not frame.beside for frame in lines):
        words.append(
            "a frame with × N shows the last of N steps that do the same, and what the first "
            "started from"
        )
    if any(frame.beside for frame in lines):
        words.append("a frame with × N side by side shows the first of N that do the same")
    is_cut = any(
        node.parents and node not in nodes.expanded and node not in view.stops
        for node in nodes.drawn
    )
    words += _outputs(shown)
    if is_cut:
        words.append(
            f"the {len(nodes.drawn):,} values nearest to the output, of {total:,} in the graph; "
            f"at … the picture was cut (max_nodes={view.max_nodes:,})"
        )
    elif hidden := _behind_rows(shown):
        where = "on cards “of N”" if view.brief else f"in rows “… and N more” (rows={view.rows})"
        words.append(f"{text.count(hidden, 'value')} not drawn, only counted {where}")
    words += _numbers(shown)
    note = "; ".join(words)
    return note[:1].upper() + note[1:]


def _outputs(shown: Shown) -> list[str]:
    """How many outputs have no card."""
    outputs, drawn = {*shown.links.outputs}, shown.links.representatives
    missing = sum(drawn.get(y, y) not in shown.nodes.drawn for y in outputs)
    limit = f"(max_nodes={shown.links.view.max_nodes:,})"
    total = text.count(len(outputs), "output")
    return [f"{missing:,} of {total} left out {limit}"] if missing else []


def _behind_rows(shown: Shown) -> int:
    """How many values lead to the output by way of rows that are not shown only."""
    links, nodes, outputs = shown.links, shown.nodes, shown.links.outputs
    is_brief = links.view.brief
    tables = [table for node in nodes.expanded if (table := links.tables.get(node))]
    if not any(table.hidden or is_brief for table in tables):
        return 0
    reached = {*outputs}
    for node in reversed(shown.graph.order):
        if node not in reached or (node in links.view.stops and node not in outputs):
            continue
        table = links.tables.get(node) if node in nodes.expanded else None
        if table is None:
            reached.update(node.parents)
        else:
            shown_rows = [row.linked if is_brief else row.parents for row in table.rows]
            reached.update(node.parents[i] for row in shown_rows for i in row)
    return sum(node not in reached for node in shown.graph.order)


def _numbers(shown: Shown) -> list[str]:
    """Where NaN began, and which gradients are not of this sweep."""
    facts, view = shown.graph.facts, shown.links.view
    words = []
    if facts.began:
        began = [node for node in shown.graph.order if node in facts.began]
        names = [view.label(node) or _symbol(node, view.number(node)) for node in began[:3]]
        more = f" and {len(began) - 3:,} more" if len(began) > 3 else ""
        words.append(f"not finite (red) from {', '.join(names)}{more} on")
    if facts.earlier:
        leaves = [view.label(node) or f"{view.number(node):.6g}" for node in facts.earlier]
        more = f" and {len(leaves) - 3:,} more" if len(leaves) > 3 else ""
        words.append(f"the gradient of {', '.join(leaves[:3])}{more} is not only from this sweep")
    return words


def _symbol(node: Value, number: float) -> str:
    return (node.op.symbol or node.op.name) if node.op is not None else f"the leaf {number!r}"
