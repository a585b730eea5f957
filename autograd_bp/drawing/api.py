"""draw, draw_neuron and diff: from Values to their pictures."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from autograd_bp.derivatives.paths import Explanation, Path
from autograd_bp.drawing import arguments, caller_names, options
from autograd_bp.drawing.drawing import Drawing
from autograd_bp.drawing.fitting import compared
from autograd_bp.drawing.fitting.fit import MAX_CARDS, Page, choose
from autograd_bp.drawing.fitting.measured import is_near, measured
from autograd_bp.drawing.graph import neuron, walks
from autograd_bp.drawing.graph.compare import merge
from autograd_bp.drawing.graph.differences import compare
from autograd_bp.drawing.graph.scene import Scene, View
from autograd_bp.drawing.output import difference, text
from autograd_bp.drawing.output.dot import to_dot
from autograd_bp.drawing.output.theme import AUTO, Theme, theme_named
from autograd_bp.errors import DrawingError, OperandError, SettingError
from autograd_bp.value import Value

Names = Mapping[Any, Any]


def draw(
    value: Value | Iterable[Value] | Callable[..., Any],
    x: Iterable[Any] | None = None,
    d: Any = None,
    *,
    title: str = "",
    theme: str = "light",
    fold: bool = True,
    unfold: bool | str | Collection[str] = False,
    depth: int | None = None,
    stop_at: Iterable[Value] = (),
    names: Names | None = None,
    variables: bool = True,
    inputs: Iterable[Value] = (),
    parameters: Iterable[Value] = (),
    desired: Iterable[Value] = (),
    highlight: Explanation | Iterable[Value] = (),
    around: Value | None = None,
    radius: int = 2,
    before: Value | None = None,
    repeats: bool | None = None,
    rows: int | None = None,
    max_nodes: int | None = None,
    size: tuple[float | None, float | None] | None = (1600, 1200),
    direction: str = "right",
    graph_attr: Mapping[str, Any] | None = None,
    node_attr: Mapping[str, Any] | None = None,
    edge_attr: Mapping[str, Any] | None = None,
) -> Drawing:
    """The computation graph of a value: every node a card with its name, operation, value and
    gradient, every edge with its local derivative.

    A picture that would be larger than `size` is wrapped into lines; what still has no room is
    folded: steps that repeat, operations side by side, cards of one line; at last only the values
    nearest to the output are drawn. The picture and its `note` say what was left out.

    Arguments:
        value: the output, or a list of outputs: the picture shows what they depend on. Or a
            network (a Module, or a function of a row of inputs), for the computation of one row.
        x: the row of inputs of a network.
        d: the desired outputs for it; the picture then ends in the performance, with gradients.
        title: a line above the picture.
        theme: "light", "dark", or "auto" for an SVG that follows the page it is on.
        fold: operations on many values (a neuron's sum of products, a performance of several
            outputs) are tables; False draws every value as a card.
        unfold: True draws composites (sigmoid, performance, a sum of products ...) as their
            definitions; names of operations unfold only those.
        depth: the number of operations from the output after which the picture stops.
        stop_at: values that are drawn as inputs, whatever they were computed from.
        names: names for values that have no label: `{value: "y"}`, or `{"y": value}` as
            `locals()` returns.
        variables: values that have neither get the name of the variable, list or attribute that
            holds them where `draw` is called, in the functions that call it, or globally.
        inputs: the leaves that are inputs, whatever their names.
        parameters: the leaves that are parameters.
        desired: the leaves that are desired outputs; those of a performance are known.
        highlight: values that stand out, or an explanation, `explain(value, input)`, whose paths
            stand out.
        around: a value; only its neighbourhood is drawn, up and down.
        radius: the number of steps from it that belong to the neighbourhood.
        before: the graph before a change: the picture is that of `diff(before, value)`.
        repeats: True draws a step that is done again and again once, with its formula, "× N", and
            what differs from step to step; False draws all steps; None draws them if they have
            room.
        rows: the number of rows of a table, 12 when left out, and fewer where the picture has no
            room; the rows that add least are added up in one.
        max_nodes: the number of cards, 400 when left out; the picture is then as high as it needs.
        size: width and height in pixels that the picture has at most, at text that can be read;
            None for either, or for both, as much as it needs.
        direction: "right" or "down", where the arrows lead.
        graph_attr: attributes of Graphviz for the picture, such as `{"bgcolor": "white"}`.
        node_attr: its attributes for all cards.
        edge_attr: its attributes for all edges.

    Returns: a Drawing, with `.dot`, `.svg`, `.png`, `.show()` and `.save(path)`; a notebook shows
        it.

    Raises: OperandError when `value` is none of these; SettingError for a setting out of range;
        DrawingError for a theme that does not exist.

    Example:
        >>> import autograd_bp as bp
        >>> from autograd_bp.drawing import draw
        >>> w, x = bp.Value(0.5, "w"), bp.Value(2.0, "x")
        >>> P = bp.performance(1.0, bp.sigmoid(w * x - 1))
        >>> P.backward()
        >>> draw(P, title="a neuron")
        <Drawing of 8 cards>
    """
    subject = arguments.subject(value, x, d)
    options.title(title)
    options.flags(fold=fold, variables=variables)
    most = 400 if max_nodes is None else max_nodes
    _require_counts(
        rows=12 if rows is None else rows,
        max_nodes=most,
        radius=radius,
        depth=1 if depth is None else depth,
    )
    page = arguments.page(
        size, direction, repeats, max_nodes, rows, max_nodes is not None or repeats is False
    )
    extra = arguments.attributes(graph=graph_attr, node=node_attr, edge=edge_attr)
    colours = theme_named(theme)
    shown = _all_names(names, variables)
    outputs = subject.outputs
    if before is not None:
        _require_value(before, "draw(before=...)")
        return _diff(before, outputs[0], colours, title, shown, page)
    marked, marked_edges, caption = _marks(highlight)
    composites = neuron.composites(unfold)
    if composites != [] and (marked or around is not None):
        raise SettingError(
            "unfold makes new values, and highlight= and around= name values of the graph as it "
            "is; leave unfold out"
        )
    window = None
    if around is not None:
        _require_value(around, "draw(around=...)")
        window = walks.around(outputs, around, radius, most)
        if len(window) == 1 and around not in outputs:
            raise DrawingError("draw: the value does not depend on the value given as around=")
        marked |= {around}
        caption = f"At most {text.count(radius, 'step')} from the value with the thick frame"
    stops = frozenset(options.values(stop_at, "draw(stop_at=...)"))
    grads = dict(subject.grads)
    kinds, other = arguments.kinds(inputs, parameters, desired)
    if composites != []:
        outputs, twin, grads = neuron.all_unfolded(outputs, composites, grads)
        shown = {twin.get(node, node): name for node, name in shown.items()}
        stops = frozenset(twin.get(node, node) for node in stops)
    if depth is not None:
        stops |= walks.within(outputs, depth)
    view = View(
        fold=fold,
        rows=12 if rows is None else rows,
        stops=stops,
        keep=frozenset(node.parents[i] for node, i in marked_edges),
        names=shown,
        grads=grads,
        marked=marked,
        marked_edges=marked_edges,
        window=window,
        caption=caption,
        kinds={**subject.kinds, **kinds},
        other_leaves=other or subject.other_leaves,
    )
    return _drawing(outputs, view, colours, title, page, extra)


def diff(
    before: Value,
    after: Value,
    *,
    title: str = "",
    theme: str = "light",
    names: Names | None = None,
    variables: bool = True,
    max_nodes: int | None = None,
    size: tuple[float | None, float | None] | None = (1600, 1200),
    direction: str = "right",
) -> Drawing:
    """Two graphs in one picture: the nodes that are in both, those that only one of them has, and
    the numbers that differ. "+" and a double frame mark a new node, "−" and dashes a node that is
    gone, "≠" and a thick frame other numbers.

    A picture that would be larger than `size` is wrapped into lines; what still has no room and is
    the same in both graphs is folded; at last only what is near the places where the differences
    begin is drawn. The picture and its `note` say what was left out.

    Arguments:
        before: the output of the one graph.
        after: the output of the other.
        title: a line above the picture.
        theme: "light" or "dark".
        names: as for `draw`.
        variables: as for `draw`.
        max_nodes: the number of cards, 400 when left out; differences come first.
        size: as for `draw`.
        direction: as for `draw`.

    Returns: a Drawing; its `note` counts the differences.

    Raises: as `draw` does.

    Example:
        >>> from autograd_bp import Value
        >>> from autograd_bp.drawing import diff
        >>> x = Value(2.0, "x")
        >>> diff(x * 3, x * 3 + 1).note
        '2 values more, 0 fewer, 0 with other numbers, 3 the same'
    """
    options.title(title)
    options.flags(variables=variables)
    _require_value(before, "diff")
    _require_value(after, "diff")
    _require_counts(max_nodes=MAX_CARDS if max_nodes is None else max_nodes)
    page = arguments.page(size, direction, None, max_nodes, None, max_nodes is not None)
    shown = _all_names(names, variables)
    return _diff(before, after, theme_named(theme), title, shown, page)


def _diff(
    before: Value, after: Value, theme: Theme, title: str, names: dict[Value, str], page: Page
) -> Drawing:
    comparison = compare(merge(before, after), names, page.max_nodes or MAX_CARDS)
    fit = compared.choose(comparison, page)

    def write(scene: Scene) -> str:
        return difference.to_dot(scene, theme, title)

    scene = fit.chosen.scene
    return Drawing(
        functools.partial(write, scene),
        scene.note,
        title=title,
        room=page.sides,
        auto=theme is AUTO,
        lay_out=functools.partial(measured, fit, write) if is_near(fit) else None,
    )


def _marks(
    highlight: Explanation | Iterable[Value],
) -> tuple[frozenset[Value], frozenset[tuple[Value, int]], str]:
    """The nodes and edges that stand out, and a caption for them."""
    if not isinstance(highlight, Explanation):
        return frozenset(options.values(highlight, "draw(highlight=...)")), frozenset(), ""
    paths: tuple[Path, ...] = highlight.paths
    edges = frozenset(
        step for path in paths for step in zip(path.nodes, path.positions, strict=False)
    )
    nodes = frozenset(node for path in paths for node in path.nodes)
    return nodes, edges, f"thick: {text.count(len(paths), 'path')} of {highlight.count:,.0f}"


def draw_neuron(
    output: Value,
    *,
    to: Value | None = None,
    title: str = "",
    theme: str = "light",
    names: Names | None = None,
    rows: int = 12,
    max_nodes: int = 400,
) -> Drawing:
    """One neuron of a network: its inputs, weights, stimulus and output, and how a
    performance depends on it. The computation of its inputs is not drawn.

    Arguments:
        output: the neuron's output, or its stimulus.
        to: a value that depends on it, such as the performance. Everything on the path from
            the neuron to it is drawn too, and all else that it depends on as inputs.
        title: a line above the picture.
        theme: "light" or "dark".
        names: as for `draw`. Values without a name get the letters of the post: x or y for
            inputs, w for weights, α for the stimulus.
        rows: the number of rows of a table.
        max_nodes: the number of cards, as for `draw`.

    Returns: a Drawing, as `draw` does.

    Raises: DrawingError when `to` does not depend on `output`; else as `draw`.

    Example:
        >>> import autograd_bp as bp
        >>> from autograd_bp.drawing import draw_neuron
        >>> w = [bp.Value(0.1 * i, f"w{i}") for i in range(3)]
        >>> z = bp.sigmoid(bp.dot(w, [-1.0, 0.5, 2.0]))
        >>> P = bp.performance(1.0, z)
        >>> P.backward()
        >>> draw_neuron(z, to=P)
        <Drawing of 4 cards>
    """
    options.title(title)
    _require_value(output, "draw_neuron")
    root = output if to is None else to
    _require_value(root, "draw_neuron(to=...)")
    _require_counts(rows=rows, max_nodes=max_nodes)
    colours = theme_named(theme)
    part = neuron.neuron(output, root)
    shown = {**part.names, **_names(names)}
    view = View(rows=rows, stops=part.stops, keep=part.path, names=shown)
    page = arguments.page(None, "right", None, max_nodes, rows)
    return _drawing((root,), view, colours, title, page)


def _drawing(
    outputs: tuple[Value, ...],
    view: View,
    theme: Theme,
    title: str,
    page: Page,
    attributes: str = "",
) -> Drawing:
    whole = choose(outputs, view, page)

    def write(scene: Scene) -> str:
        return to_dot(scene, theme, title, attributes)

    return Drawing(
        functools.partial(write, whole.scene),
        whole.scene.note,
        whole.scene,
        title=title,
        value=outputs[0] if len(outputs) == 1 else None,
        names=view.names,
        room=page.sides,
        auto=theme is AUTO,
        lay_out=functools.partial(measured, whole.frozen(), write) if is_near(whole) else None,
    )


def _require_value(value: object, function: str) -> None:
    if not isinstance(value, Value):
        raise OperandError(f"{function} takes a Value, got {type(value).__name__} {value!r:.60}")


def _require_counts(**settings: object) -> None:
    for name, setting in settings.items():
        if isinstance(setting, bool) or not isinstance(setting, int) or setting < 1:
            raise SettingError(f"{name} must be a whole number from 1 up, got {setting!r:.60}")


def _all_names(names: Names | None, variables: bool) -> dict[Value, str]:
    """The names that are given, and those of variables."""
    given = _names(names)
    return {**_names(caller_names.variables()), **given} if variables else given


def _names(names: Names | None) -> dict[Value, str]:
    """Names by node, from a mapping in either direction; names of other objects are ignored."""
    explicit = options.names(names)
    names_of_nodes: dict[Value, str] = {}
    for key, item in explicit.items():
        if isinstance(key, Value):
            names_of_nodes[key] = str(item)
        elif isinstance(item, Value) and isinstance(key, str) and not key.startswith("_"):
            names_of_nodes.setdefault(item, key)
    return {
        node: name for node, name in names_of_nodes.items() if not node.label or node in explicit
    }
