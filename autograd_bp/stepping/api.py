"""step_through: from a value or a network to the page."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from autograd_bp.drawing import caller_names, options
from autograd_bp.drawing.output.theme import DARK, LIGHT
from autograd_bp.errors import DrawingError, NotDifferentiableError, OperandError, SettingError
from autograd_bp.files import path_of
from autograd_bp.functions import performance
from autograd_bp.graph import topological_order
from autograd_bp.nn import Network
from autograd_bp.primitives import number
from autograd_bp.stepping import figure, functions
from autograd_bp.stepping.functions import source
from autograd_bp.stepping.pages import StepPage, assembled
from autograd_bp.stepping.program import Data, program
from autograd_bp.value import Value

MAX_NODES = 100_000
MAX_STAGES = 1_000
SCRIPTS = (
    "formulas.js",
    "page.js",
    "picture.js",
    "folding.js",
    "overview.js",
    "words.js",
    "paths.js",
    "circles.js",
    "quiz.js",
    "fields.js",
    "finding.js",
    "saving.js",
    "start.js",
)


def step_through(
    output: Value | Network,
    path: str | os.PathLike[str] | None = None,
    *,
    x: Iterable[Any] | None = None,
    d: Any = None,
    history: Iterable[Sequence[float]] = (),
    title: str = "",
    animation: str | os.PathLike[str] | None = None,
) -> StepPage:
    """A page on which a computation runs forward and backpropagation runs back, step by step.

    Every step shows the numbers and the formula; inputs and weights can be changed, and
    the page computes everything again. It needs no network and no gradients that were swept
    before, and touches none.

    Arguments:
        output: the value that is differentiated; or a network, and then the value is the
            performance P of its outputs, or its only output without `d`.
        path: where to save the page, if anywhere.
        x: the inputs of the network.
        d: the desired outputs of the network: one number, or one for each output.
        history: the network's parameters at each stage of a training, each stage as numbers
            in the order of `network.parameters()`; the page runs through them.
        title: a line above the picture.
        animation: where to save the run as an animation, if anywhere: .gif, or .png for an animated
            PNG; see `StepPage.save_animation`.

    Returns: a StepPage, with `.html` and `.save(path)`; a notebook shows it.

    Raises: OperandError when `output` is neither; SettingError for a network without `x`, for
        `x`, `d` or `history` without a network, and for a history of another network;
        DrawingError for a graph that is too large to step through; NotDifferentiableError when
        it contains an operation without a derivative; MissingExtraError without a program to
        lay out the picture.

    Example:
        >>> import autograd_bp as bp
        >>> from autograd_bp.stepping import step_through
        >>> w = bp.Value(0.5, "w")
        >>> step_through(bp.performance(1.0, bp.sigmoid(w * 2 - 1)))
        <StepPage of 8 values>
    """
    names = _names(caller_names.variables(sys._getframe(1)))
    options.title(title)
    for file in (path, animation):
        if file is not None:
            path_of(file)
    stages = [
        [
            options.finite(w, number, "history")
            for w in options.items(stage, "a stage", "[0.1, 0.2]")
        ]
        for stage in options.items(history, "history", "[[0.1, 0.2], [0.3, 0.4]]")
    ]
    parameters: list[Value] = []
    if isinstance(output, Network):
        root = _performance(output, x, d)
        parameters = list(output.parameters())
        _require_stages(stages, len(parameters))
    elif not isinstance(output, Value):
        raise OperandError(
            f"step_through takes a Value or a Network, got {type(output).__name__} {output!r:.60}"
        )
    elif x is not None or d is not None or stages:
        raise SettingError(
            "x=, d= and history= are for a network; a Value has been computed already"
        )
    else:
        root = output
    page = steps(root, names, title, parameters, stages)
    if path is not None:
        page.save(path)
    if animation is not None:
        page.save_animation(animation)
    return page


def steps(
    root: Value,
    names: Mapping[Value, str],
    title: str,
    parameters: Sequence[Value] = (),
    stages: Sequence[Sequence[float]] = (),
) -> StepPage:
    """The page of a value; see `step_through`.

    Arguments:
        root: the value that is differentiated.
        names: the names of values that have no label.
        title: a line above the picture.
        parameters: the parameters whose numbers the stages hold.
        stages: the stages of a training.
    """
    _require_steps(root)
    data = program(root, names, parameters, stages)
    return StepPage(_page(data, title, functions.computation(topological_order(root))), data)


def _names(variables: Mapping[str, Value]) -> dict[Value, str]:
    names: dict[Value, str] = {}
    for name, node in variables.items():
        names.setdefault(node, name)
    return names


def _performance(network: Network, x: Iterable[Any] | None, d: Any) -> Value:
    """P of a network, on inputs and desired outputs that the page can change."""
    if x is None:
        raise SettingError("step_through(network) needs the inputs: x=[...], one number each")
    inputs = [
        _leaf(operand, f"x{i}") for i, operand in enumerate(options.items(x, "x", "[0.0, 1.0]"), 1)
    ]
    outputs = network.trace(inputs)[-1].outputs
    if d is None:
        if len(outputs) > 1:
            raise SettingError(
                f"the network has {len(outputs)} outputs: state the desired ones, d=[...], "
                "and the page steps through P"
            )
        return outputs[0]
    desired = options.items(d, "d", "[0.0, 1.0]") if isinstance(d, Iterable) else [d]
    leaves = [_leaf(operand, f"d{i}") for i, operand in enumerate(desired, 1)]
    P: Value = performance(leaves, outputs)
    P.label = "P"
    return P


def _leaf(operand: Any, label: str) -> Value:
    if isinstance(operand, Value):
        return operand
    return Value(options.finite(operand, number, label), label)


def _require_stages(stages: list[list[float]], n: int) -> None:
    if len(stages) > MAX_STAGES:
        raise SettingError(
            f"a history of {len(stages):,} stages is too long, the page takes {MAX_STAGES:,}: pass "
            "every tenth or hundredth"
        )
    for k, stage in enumerate(stages, 1):
        if len(stage) != n:
            raise SettingError(
                f"stage {k} of the history has {len(stage)} numbers, the network has {n} "
                "parameters: collect [w.data for w in network.parameters()]"
            )


def _require_steps(root: Value) -> None:
    order = topological_order(root)
    if len(order) > MAX_NODES:
        raise DrawingError(
            f"{len(order):,} values are too many to step through, the page takes {MAX_NODES:,}: "
            "use fewer rows or steps, or draw(value), which folds graphs of any size"
        )
    for node in order:
        if node.op is not None and node.op.partials is None:
            raise NotDifferentiableError(
                f"{node.op.name} cannot be differentiated: {node.op.refusal}"
            )


def _page(data: Data, title: str, computation: str) -> str:
    return assembled(
        "steps.html",
        data,
        title.strip() or "Step through backpropagation",
        colours() + source("page.css"),
        "\n".join([computation, *map(source, SCRIPTS)]),
        {
            "FIGURE": figure.empty() if data["folds"] else figure.svg(data["nodes"]),
            "INDICES": _indices(data),
        },
    )


def colours() -> str:
    """The colours of signs and sizes, which are those of other pictures, as variables of CSS."""
    light, dark = (
        "".join(
            [
                *(f"--plus{k}:{colour};" for k, colour in enumerate(theme.plus)),
                *(f"--minus{k}:{colour};" for k, colour in enumerate(theme.minus)),
                f"--plustext:{theme.strong_text};--minustext:{theme.strong_minus_text};",
                f"--up:{theme.edge_plus};--down:{theme.edge_minus};",
                f"--bad:{theme.not_finite};--badtext:{theme.not_finite_text};",
            ]
        )
        for theme in (LIGHT, DARK)
    )
    return f":root{{{light}}}\n@media (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"


def _indices(data: Data) -> str:
    """A line that explains the indices of w[1,2,0], where the page has such names."""
    if not any(re.fullmatch(r"w\[\d+,\d+,\d+\]", str(node["name"])) for node in data["nodes"]):
        return ""
    return (
        '<p class="keys">w[layer, neuron, input]: all count from 1; input 0 is the bias weight '
        "w0.</p>\n"
    )
