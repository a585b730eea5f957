"""Reads the arguments of `draw`: values, a network and a row, settings; its errors say what to call
instead."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from autograd_bp import functions, graph
from autograd_bp.derivatives.reverse import gradients
from autograd_bp.drawing import options
from autograd_bp.drawing.fitting.fit import Page
from autograd_bp.errors import AutogradError, NotDifferentiableError, OperandError, SettingError
from autograd_bp.nn import Module
from autograd_bp.primitives import number
from autograd_bp.value import Value

MIN_SIDE = 300  # pixels: less has no room for a card and the legend


@dataclass(frozen=True)
class Subject:
    """The values or the network that are drawn.

    Attributes:
        outputs: the values.
        kinds: what leaves are.
        other_leaves: what all other leaves are.
        grads: gradients that are not those of the nodes.
    """

    outputs: tuple[Value, ...]
    kinds: Mapping[Value, str] = field(default_factory=dict)
    other_leaves: str = ""
    grads: Mapping[Value, float] = field(default_factory=dict)


def subject(value: Any, x: Any, d: Any, function: str = "draw") -> Subject:
    """The values that `draw(value, x, d)` is about.

    Raises: OperandError for what cannot be drawn, with what to call instead.
    """
    if isinstance(value, Value):
        if x is not None or d is not None:
            raise OperandError(
                f"{function}(value, x, d) takes a network first, got a Value; {function}(value) "
                "draws what it was computed from"
            )
        return Subject((value,))
    if isinstance(value, Module) or (callable(value) and not isinstance(value, type)):
        return _of_network(value, x, d, function)
    if isinstance(value, (list, tuple)) or type(value).__name__ == "ndarray":
        outputs = tuple(dict.fromkeys(_flat(value)))
        if outputs and all(isinstance(output, Value) for output in outputs):
            return Subject(outputs)
    raise OperandError(
        f"{function} takes a Value, a list of Values, or a network with a row of inputs, got "
        f"{type(value).__name__} {value!r:.60}{_hint(value)}"
    )


def _flat(items: Any) -> Iterable[Any]:
    for item in items:
        if isinstance(item, (list, tuple)) or (
            type(item).__name__ == "ndarray" and bool(getattr(item, "ndim", False))
        ):
            yield from _flat(item)
        else:
            yield item


def _hint(value: Any) -> str:
    if isinstance(value, (int, float)):
        return ": a number has no graph, so compute it with Values, such as Value(2.0, 'x') * 3"
    if isinstance(value, dict):
        return ": give the values, such as draw(list(results.values()))"
    return ""


def _of_network(network: Callable[..., Any], x: Any, d: Any, function: str) -> Subject:
    name = type(network).__name__ if isinstance(network, Module) else "a function"
    if x is None:
        raise OperandError(
            f"{function} got a network ({name}) without inputs: {function}(network, x) or "
            f"{function}(network, x, d) draws the computation of one row, "
            "draw_network(network) its neurons and weights"
        )
    inputs = _row(x, function)
    outputs = _outputs(network, inputs, function)
    kinds = dict.fromkeys(inputs, "input")
    other = ""
    if isinstance(network, Module):
        kinds.update(dict.fromkeys(network.parameters(), "parameter"))
        other = "input"
    if d is None:
        return Subject(outputs, kinds, other)
    desired = _row(d, function) if isinstance(d, Iterable) else [Value(_number(d), "d")]
    for k, item in enumerate(desired):
        if len(desired) > 1 and item.label.startswith("x"):
            desired[k] = Value(item.data, f"d{k + 1}")
        elif len(desired) == 1 and item.label == "x":
            desired[k] = Value(item.data, "d")
    kinds.update(dict.fromkeys(desired, "desired"))
    P = functions.performance(desired, list(outputs))
    return Subject((P,), kinds, other, _gradients(P))


def _outputs(
    network: Callable[..., Any], inputs: Sequence[Value], function: str
) -> tuple[Value, ...]:
    """What a network gives for a row."""
    try:
        result = network(list(inputs))
    except AutogradError:
        raise
    except (IndexError, ValueError, TypeError) as error:
        raise OperandError(
            f"{function}: the network failed on a row of {len(inputs)} inputs "
            f"({type(error).__name__}: {error}): is x as long as it needs?"
        ) from error
    outputs: tuple[Any, ...] = ()
    if isinstance(result, Value):
        outputs = (result,)
    elif isinstance(result, (list, tuple)) or type(result).__name__ == "ndarray":
        outputs = tuple(_flat(result))
    if not outputs or not all(isinstance(output, Value) for output in outputs):
        raise OperandError(
            f"{function}: a network gives a Value or a list of Values, this one gave "
            f"{type(result).__name__} {result!r:.60}"
        )
    return outputs


def _gradients(P: Value) -> dict[Value, float]:
    """The gradients of a performance; no node's `.grad` is touched."""
    nodes = graph.topological_order(P)
    try:
        return dict(zip(nodes, gradients([P], nodes), strict=True))
    except NotDifferentiableError:
        return {}


def _row(x: Any, function: str) -> list[Value]:
    try:
        items = list(x)
    except TypeError:
        raise OperandError(
            f"{function}: x is a row of numbers, got {type(x).__name__} {x!r:.60}"
        ) from None
    names = ["x"] if len(items) == 1 else [f"x{k}" for k in range(1, len(items) + 1)]
    return [
        item if isinstance(item, Value) and item.label else Value(_number(item), name)
        for item, name in zip(items, names, strict=True)
    ]


def _number(item: Any) -> float:
    return item.data if isinstance(item, Value) else options.finite(item, number, "draw")


def kinds(
    inputs: Iterable[Value], parameters: Iterable[Value], desired: Iterable[Value]
) -> tuple[dict[Value, str], str]:
    """The kinds of leaves by `inputs=`, `parameters=` and `desired=`, and of the others."""
    known: dict[Value, str] = {}
    given = {"input": inputs, "parameter": parameters, "desired": desired}
    for kind, values in given.items():
        known.update(dict.fromkeys(options.values(values, f"draw({kind}s=...)"), kind))
    has = {*known.values()}
    other = "input" if "parameter" in has else "parameter" if "input" in has else ""
    return known, other


def page(
    size: Any,
    direction: Any,
    repeats: bool | None,
    max_nodes: int | None,
    rows: int | None,
    asked: bool = False,
) -> Page:
    """The room for a picture.

    Raises: SettingError for a size or a direction that is none.
    """
    options.one_of(direction, "direction", "right", "down")
    if repeats is not None and not isinstance(repeats, bool):
        raise SettingError(f"repeats must be True, False or None, got {repeats!r:.60}")
    if size is None:
        return Page(None, None, direction, repeats, max_nodes, rows)
    sides = tuple(size) if isinstance(size, (tuple, list)) else ()
    is_good = len(sides) == 2 and all(
        side is None
        or (isinstance(side, (int, float)) and not isinstance(side, bool) and side >= MIN_SIDE)
        for side in sides
    )
    if not is_good:
        raise SettingError(
            f"size is (width, height) in pixels, each {MIN_SIDE} or more, or None for as much as "
            f"the picture needs, got {size!r:.60}"
        )
    width, height = sides
    if asked:  # who asks for all steps or for so many cards gets as many lines as they need
        if direction == "down":
            width = None
        else:
            height = None
    return Page(width, height, direction, repeats, max_nodes, rows)


def attributes(**given: Any) -> str:
    """`graph_attr=` and so on as statements of the DOT language.

    Raises: SettingError for what is no mapping of names to texts.
    """
    lines = []
    for part, settings in given.items():
        if settings is None:
            continue
        if not isinstance(settings, Mapping):
            raise SettingError(
                f"{part}_attr is a mapping of Graphviz's attributes, such as "
                f"{{'bgcolor': 'white'}}, got {settings!r:.60}"
            )
        pairs = []
        for name, setting in settings.items():
            if not isinstance(name, str) or not name.isidentifier():
                raise SettingError(f"{part}_attr: {name!r:.60} is no attribute of Graphviz")
            shown = str(setting).replace("\\", "\\\\").replace('"', '\\"')
            pairs.append(f'{name}="{shown}"')
        lines += [f"{part} [{' '.join(pairs)}]"] if pairs else []
    return "\n".join(lines)
