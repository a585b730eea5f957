"""Two graphs as one picture. Nodes are matched from the leaves up, where everything below is the
same, then from the outputs down, where the operation is the same though its inputs are not.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass

from autograd_bp import graph
from autograd_bp.drawing.output import text
from autograd_bp.drawing.output.cards import cell, font, row
from autograd_bp.drawing.output.theme import Theme
from autograd_bp.value import Value

SIGNS = {"more": "+", "fewer": "−", "other": "≠", "same": ""}
LOOKS = {
    "more": "peripheries=2",
    "fewer": 'style="filled,dashed"',
    "other": "penwidth=3 margin=0.06",
    "same": "",
}


@dataclass(frozen=True)
class Merged:
    """The nodes of both graphs, matched ones once, and the edges with the graphs they are in.

    Attributes:
        nodes: pairs (before, after); None where only one graph has the node.
        edges: (source, target) as indices of nodes: how often before, how often after.
        swept: both graphs have gradients, so that these are compared too.
    """

    nodes: list[tuple[Value | None, Value | None]]
    edges: dict[tuple[int, int], tuple[int, int]]
    swept: bool

    def status(self, index: int) -> str:
        old, new = self.nodes[index]
        if old is None or new is None:
            return "more" if old is None else "fewer"
        same = _equal(old.data, new.data) and (
            not self.swept or new.is_constant or _equal(old.grad, new.grad)
        )
        return "same" if same else "other"


def _equal(a: float, b: float) -> bool:
    return a == b or (a != a and b != b)


def merge(before: Value, after: Value) -> Merged:
    """Match two graphs."""
    old = graph.topological_order(before)
    new = graph.topological_order(after)
    partner = _matches(old, new)
    old_of = {b: a for a, b in partner.items()}
    nodes: list[tuple[Value | None, Value | None]] = [(old_of.get(node), node) for node in new]
    nodes += [(node, None) for node in old if node not in partner]
    new_index = {b: i for i, (_, b) in enumerate(nodes) if b is not None}
    old_index = {a: i for i, (a, _) in enumerate(nodes) if a is not None}
    first = Counter((old_index[p], old_index[n]) for n in old for p in n.parents)
    second = Counter((new_index[p], new_index[n]) for n in new for p in n.parents)
    edges = {key: (first[key], second[key]) for key in (*second, *first)}
    swept = any(n.grad != 0.0 for n in old) and any(n.grad != 0.0 for n in new)
    return Merged(nodes, edges, swept)


def _matches(old: list[Value], new: list[Value]) -> dict[Value, Value]:
    """The nodes of the old graph with their counterparts in the new one."""
    keys: dict[object, int] = {}
    waiting: dict[int, deque[Value]] = {}
    both = set(old) & set(new)
    partner: dict[Value, Value] = {node: node for node in old if node in both}
    for node, key in zip(new, _shapes(new, keys), strict=True):
        if node not in both:
            waiting.setdefault(key, deque()).append(node)
    for node, key in zip(old, _shapes(old, keys), strict=True):
        if node not in both and waiting.get(key):
            partner[node] = waiting[key].popleft()
    taken = set(partner.values())
    pending = deque([(old[-1], new[-1])])
    while pending:
        a, b = pending.popleft()
        if a in partner and partner[a] is not b:
            continue
        if a not in partner:
            if b in taken or a.op is not b.op or a.is_constant != b.is_constant:
                continue
            if a.op is None and a.label != b.label:
                continue
            partner[a] = b
            taken.add(b)
            pending.extend(zip(a.parents, b.parents, strict=False))
    return partner


def _shapes(order: list[Value], keys: dict[object, int]) -> list[int]:
    """A number for each node, the same for nodes that look the same all the way down."""
    of: dict[Value, int] = {}
    nameless = 0
    for node in order:
        key: object
        if node.op is not None:
            key = (node.op.name, tuple([of[parent] for parent in node.parents]))
        elif node.label:
            key = ("leaf", node.label)
        elif node.is_constant:
            key = ("constant", repr(node.data))
        else:
            nameless += 1
            key = ("leaf", nameless)
        of[node] = keys.setdefault(key, len(keys))
    return [of[node] for node in order]


def to_dot(
    merged: Merged, theme: Theme, title: str, names: Mapping[Value, str], most: int
) -> tuple[str, str]:
    """The picture in the DOT language, and what it says in one sentence."""
    status = [merged.status(i) for i in range(len(merged.nodes))]
    count = Counter(status)
    note = (
        f"{text.count(count['more'], 'value')} more, {count['fewer']:,} fewer, "
        f"{count['other']:,} with other numbers, {count['same']:,} the same"
    )
    drawn = _budget(merged, status, most)
    if len(drawn) < len(status):
        note += f"; drawn are {len(drawn):,}, differences first (max_nodes={most:,})"
    heading = [
        f'<TR><TD ALIGN="LEFT">{font(text.html(line), size=size, colour=colour)}</TD></TR>'
        for line, size, colour in (
            (text.short(text.clean(title), 120), 13, theme.text),
            (note, 9, theme.text),
            (
                "+ double frame, bold arrow: only after · − dashed: only before · "
                "≠ thick frame: before → after",
                8,
                theme.dim,
            ),
        )
        if line
    ]
    lines = [
        "digraph difference {",
        f'graph [rankdir=LR bgcolor="{theme.background}" fontname="Helvetica" fontsize=10 '
        "nodesep=0.18 ranksep=0.45 splines=spline outputorder=edgesfirst pad=0.25 labelloc=t "
        'labeljust=l tooltip=" " '
        f'label=<<TABLE BORDER="0" CELLSPACING="0">{"".join(heading)}</TABLE>>]',
        f'node [shape=box fontname="Helvetica" fontsize=10 fontcolor="{theme.text}" '
        f'color="{theme.line}" fillcolor="{theme.cell}" style=filled margin=0 height=0 width=0]',
        f'edge [arrowsize=0.55 color="{theme.edge_zero}"]',
    ]
    lines += [_node(i, merged, status[i], theme, names) for i in drawn]
    inside = set(drawn)
    for (source, target), (old, new) in merged.edges.items():
        if source in inside and target in inside:
            look = (
                ""
                if old == new
                else (
                    f' [color="{theme.edge_plus}" penwidth=2.2]'
                    if new > old
                    else f' [color="{theme.edge_minus}" style=dashed]'
                )
            )
            lines += [f"n{source} -> n{target}{look}"] * max(old, new)
    return "\n".join([*lines, "}", ""]), note


def _budget(merged: Merged, status: list[str], most: int) -> list[int]:
    """The nodes to draw: differences, then the nearest to them, in order."""
    if len(status) <= most:
        return list(range(len(status)))
    near: dict[int, list[int]] = {}
    for source, target in merged.edges:
        near.setdefault(source, []).append(target)
        near.setdefault(target, []).append(source)
    rank = {"more": 0, "fewer": 0, "other": 1}
    chosen = dict.fromkeys(
        sorted((i for i, s in enumerate(status) if s != "same"), key=lambda i: rank[status[i]])
        or [len(status) - 1]
    )
    queue = deque(chosen)
    while queue and len(chosen) < most:
        for other in near.get(queue.popleft(), ()):
            if other not in chosen:
                chosen[other] = None
                queue.append(other)
    return sorted(list(chosen)[:most])


def _node(index: int, merged: Merged, status: str, theme: Theme, names: Mapping[Value, str]) -> str:
    old, new = merged.nodes[index]
    node = new if new is not None else old
    assert node is not None
    fill, colour = {
        "more": (theme.plus[1], theme.text),
        "fewer": (theme.minus[1], theme.text),
        "other": (theme.header, theme.text),
        "same": ("", theme.dim),
    }[status]
    label = names.get(node) or node.label
    symbol = node.op.symbol if node.op is not None else ""
    words = [SIGNS[status], symbol, text.name(label) if label != symbol else ""]
    head = "&#160;&#160;".join(text.html(word) for word in words if word)
    lines = [row(cell(font(head, colour=colour, bold=status != "same"), "CENTER", fill))]
    first = node if old is None else old
    last = node if new is None else new
    lines.append(row(cell(_change("value", first.data, last.data, theme), "CENTER")))
    if merged.swept and not node.is_constant:
        lines.append(row(cell(_change("grad", first.grad, last.grad, theme), "CENTER")))
    body = (
        f'<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="3">{"".join(lines)}</TABLE>'
    )
    look = LOOKS[status]
    if status == "fewer":
        look += f' color="{theme.edge_minus}"'
    elif status == "more":
        look += f' color="{theme.edge_plus}"'
    tooltip = f"{label or symbol or 'leaf'}: {status}"
    return (
        f'n{index} [id="n{index}" class="{status}" {look} tooltip={text.quoted(tooltip)} '
        f"label=<{body}>]"
    )


def _change(what: str, old: float, new: float, theme: Theme) -> str:
    if _equal(old, new):
        shown = text.number(new)
    else:
        shown = f"{text.number(old)} → {text.number(new)}"
        if text.number(old) == text.number(new):
            shown += f" (by {text.number(new - old)})"
    return font(what + "&#160;&#160;", size=8, colour=theme.dim) + text.html(shown)
