"""step_through: from a value or a network to the page."""

from __future__ import annotations

import html
import json
import os
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from autograd_bp.drawing import caller_names
from autograd_bp.drawing.output import text
from autograd_bp.drawing.output.page import content_hash
from autograd_bp.errors import DrawingError, NotDifferentiableError, OperandError, SettingError
from autograd_bp.files import write_atomically
from autograd_bp.functions import performance
from autograd_bp.graph import topological_order
from autograd_bp.nn import Network
from autograd_bp.primitives import number
from autograd_bp.stepping import figure, functions
from autograd_bp.stepping.functions import source
from autograd_bp.stepping.program import Data, program
from autograd_bp.value import Value

MAX_NODES = 400
MAX_STAGES = 1_000
SCRIPTS = ("formulas.js", "page.js", "words.js", "quiz.js", "fields.js", "start.js")


class StepPage:
    """A page that steps through a computation. Made by `step_through`.

    Attributes:
        html: the page, one self-contained HTML document.
        data: the graph that the page shows, as plain lists and numbers.
    """

    def __init__(self, html: str, data: Data) -> None:
        self.html = html
        self.data = data

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the page; the file appears whole or not at all. Returns the path.

        Raises: OutputError when the file cannot be written.
        """
        return write_atomically(path, self.html.encode())

    def _repr_html_(self) -> str:
        """The page in a frame of its own, which no script can leave."""
        return (
            '<iframe sandbox="allow-scripts" style="width:100%;height:52rem;border:0" '
            f'title="Step through" srcdoc="{html.escape(self.html)}"></iframe>'
        )

    def __repr__(self) -> str:
        return f"<StepPage of {text.count(len(self.data['nodes']), 'value')}>"


def step_through(
    output: Value | Network,
    path: str | os.PathLike[str] | None = None,
    *,
    x: Iterable[Any] | None = None,
    d: Any = None,
    history: Iterable[Sequence[float]] = (),
    title: str = "",
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
    stages = [list(map(number, stage)) for stage in history]
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
    inputs = [_leaf(operand, f"x{i}") for i, operand in enumerate(x, 1)]
    outputs = network.trace(inputs)[-1].outputs
    if d is None:
        if len(outputs) > 1:
            raise SettingError(
                f"the network has {len(outputs)} outputs: state the desired ones, d=[...], "
                "and the page steps through P"
            )
        return outputs[0]
    desired = list(d) if isinstance(d, Iterable) else [d]
    leaves = [_leaf(operand, f"d{i}") for i, operand in enumerate(desired, 1)]
    P: Value = performance(leaves, outputs)
    P.label = "P"
    return P


def _leaf(operand: Any, label: str) -> Value:
    return operand if isinstance(operand, Value) else Value(operand, label)


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
            f"{len(order):,} values are too many to step through, the page takes {MAX_NODES}: use "
            "a smaller network or one neuron, or draw(value), which folds large graphs"
        )
    for node in order:
        if node.op is not None and node.op.partials is None:
            raise NotDifferentiableError(
                f"{node.op.name} cannot be differentiated: {node.op.refusal}"
            )


def _page(data: Data, title: str, computation: str) -> str:
    script = "\n" + "\n".join([computation, *map(source, SCRIPTS)])
    style = "\n" + source("page.css")
    parts = {
        "POLICY": f"default-src 'none'; style-src '{content_hash(style)}'; "
        f"script-src '{content_hash(script)}'; base-uri 'none'; form-action 'none'",
        "TITLE": html.escape(text.short(text.clean(title), 120)) or "Step through backpropagation",
        "STYLE": style,
        "FIGURE": figure.svg(data["nodes"]),
        "INDICES": _indices(data),
        "DATA": as_json(data),
        "SCRIPT": script,
    }
    pieces = source("page.html").split("%%")  # texts at even places, names of parts at odd ones
    return "".join(parts[piece] if i % 2 else piece for i, piece in enumerate(pieces))


def _indices(data: Data) -> str:
    """A line that explains the indices of w[1,2,0], where the page has such names."""
    if not any(re.fullmatch(r"w\[\d+,\d+,\d+\]", str(node["name"])) for node in data["nodes"]):
        return ""
    return (
        '<p class="keys">w[layer, neuron, input]: all count from 1; input 0 is that of the bias '
        "weight w0.</p>\n"
    )


def as_json(data: Data) -> str:
    """JSON that can stand inside a script element: no text can end it."""
    plain = json.dumps(data, allow_nan=False, separators=(",", ":"))
    return plain.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
