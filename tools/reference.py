"""The reference of the site, written from docstrings and from the table.

An entry of the table is documented by its columns alone, so a new primitive stands on the site
without more work. site.py puts these pages beside those of docs/.
"""

from __future__ import annotations

import importlib
import inspect
import math
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any

import autograd_bp as bp
from autograd_bp.primitives import TABLE, Primitive

ROOMS = ("", "nn", "training", "checking", "drawing", "stepping", "derivatives", "flow", "linalg")
CURVE, SLOPE, INK = "#3f8fd9", "#d9822b", "#808080"  # to be seen on light and on dark pages
LINE = 88  # letters of a signature on one line
FORMULAS = ("Formula", "Derivative")  # fields whose lines are set as code


def entry(name: str, thing: Any, level: int, plot: str = "") -> str:
    """A name with its signature and its docstring, as Markdown."""
    first, _, rest = (inspect.getdoc(thing) or "").partition("\n\n")
    lines = [f"{'#' * level} {name}", "", "```python", signature(name, thing), "```", ""]
    lines += [_escaped(first), "", *[plot, ""] * bool(plot), markdown(rest)]
    return "\n".join(lines)


def signature(name: str, thing: Any) -> str:
    """How it is called; a long signature has a line for each parameter."""
    try:
        known = inspect.signature(thing)
    except (TypeError, ValueError):
        return name
    if len(f"{name}{known}") <= LINE:
        return _as_written(f"{name}{known}")
    lines = [str(known.replace(parameters=[x])) for x in known.parameters.values()]
    lines = [line[1 : line.rindex(")")].removesuffix(", /").removeprefix("*, ") for line in lines]
    kinds = [parameter.kind for parameter in known.parameters.values()]
    if inspect.Parameter.KEYWORD_ONLY in kinds and inspect.Parameter.VAR_POSITIONAL not in kinds:
        lines.insert(kinds.index(inspect.Parameter.KEYWORD_ONLY), "*")
    if count := kinds.count(inspect.Parameter.POSITIONAL_ONLY):
        lines.insert(count, "/")
    after = str(known.replace(parameters=[]))[1:]
    return _as_written("\n".join([f"{name}(", *(f"    {line}," for line in lines), after]))


def _as_written(text: str) -> str:
    """A signature as it is written: no quotes around annotations, functions by their names."""
    text = re.sub(r"(: |-> )'([^']*)'", r"\1\2", text)
    text = re.sub(r"<(?:primitive|(?:cy)?function) (\w+)(?: at \w+)?>", r"\1", text)
    return text.replace("<factory>", "...")


def markdown(text: str) -> str:
    """The sections of a docstring: fields as a table, arguments as a list, examples as code."""
    parts: list[str] = []
    fields: list[tuple[str, str]] = []
    for block in re.split(r"\n(?=\S)", text.strip("\n")):
        head, _, body = block.partition("\n")
        field = re.fullmatch(r"([A-Z][a-z]+(?: [a-z]+)?):(?: +(\S.*))?", head)
        if field and field[2] and (body.startswith(" ") or not body.strip()):
            fields.append((field[1], _cell(field[1], [field[2], *body.splitlines()])))
            continue
        if fields:
            parts += [_table(fields), ""]
            fields = []
        if field and body.strip():
            parts += [f"**{field[1]}**", "", _section(dedent(body).strip("\n")), ""]
        elif body.strip():
            parts += [_escaped(head), "", _section(dedent(body).strip("\n")), ""]
        else:
            parts += [_escaped(head)] + [""] * block.endswith("\n")
    if fields:
        parts += [_table(fields), ""]
    return "\n".join(parts)


def _cell(name: str, lines: list[str]) -> str:
    lines = [line.strip() for line in lines if line.strip()]
    if name in FORMULAS:
        return "<br>".join(f"`{line}`" for line in lines).replace("|", "\\|")
    return _escaped(" ".join(lines))


def _table(fields: list[tuple[str, str]]) -> str:
    return "\n".join(["| | |", "|---|---|", *(f"| {name} | {text} |" for name, text in fields)])


def _section(body: str) -> str:
    """What is indented below a heading: an example, a list of names, or text."""
    if body.startswith(">>>"):
        return f"```python\n{body}\n```"
    items = re.split(r"\n(?=\S)", body)
    if all(re.match(r"[^\s:;]+(?:, [^\s:;]+)*: ", item) for item in items):
        pairs = (" ".join(item.split()).partition(": ") for item in items)
        return "\n".join(f"- `{name}`: {_escaped(text)}" for name, _, text in pairs)
    return f"```text\n{body}\n```"


def _escaped(text: str) -> str:
    """Text whose signs are not Markdown's, but for code between backticks."""
    pieces = re.split(r"(`[^`]+`)", text)
    pieces[::2] = [re.sub(r"([\\*_<>\[\]|$#])", r"\\\1", piece) for piece in pieces[::2]]
    return "".join(pieces)


def primitives_page(plots: Path) -> str:
    """Every primitive: formula, derivative, domain, kinks, measured accuracy, and a plot."""
    lines = [
        "# Primitives",
        "",
        "Each is generated from its entry of the table; the errors are those of the page on "
        "[accuracy](../accuracy.md), in units in the last place.",
        "",
    ]
    for op in TABLE:
        function = getattr(bp, op.name, None)
        if op.name in bp.__all__ and callable(function):
            lines.append(entry(op.name, function, 2, plotted(op, plots)))
    return "\n".join(lines)


def plotted(op: Primitive, plots: Path) -> str:
    """A picture of a primitive of one input and of its slope."""
    if op.arity != 1 or op.partials is None:
        return ""
    import matplotlib as mpl

    mpl.use("svg")
    import matplotlib.pyplot as plt
    import numpy as np

    mpl.rcParams["svg.hashsalt"] = op.name
    x = np.linspace(*_range(op), 600)
    y, slope = [], []
    for number in x.tolist():
        v = bp.Value(number)
        w = getattr(bp, op.name)(v)
        w.backward()
        y.append(w.data)
        slope.append(v.grad)
    figure, axes = plt.subplots(figsize=(4.2, 2.4), layout="constrained")
    for numbers, label, style, colour in (
        (y, op.name, "-", CURVE),
        (slope, "derivative", "--", SLOPE),
    ):
        axes.plot(x, _shown(numbers), style, label=label, color=colour)
    axes.axhline(0, color=INK, linewidth=0.6)
    axes.legend(fontsize=8, labelcolor="linecolor", frameon=False)
    axes.tick_params(labelsize=8, colors=INK)
    axes.spines[:].set_color(INK)
    figure.savefig(plots / f"{op.name}.svg", metadata={"Date": None}, transparent=True)
    plt.close(figure)
    return f"![{op.name} and its derivative](plots/{op.name}.svg)"


def _range(op: Primitive) -> tuple[float, float]:
    """Where its values are numbers, between -4 and 4."""
    known = [k / 50 for k in range(-200, 201) if math.isfinite(op.forward(k / 50))]
    return (known[0], known[-1]) if known else (-1.0, 1.0)


def _shown(numbers: list[float]) -> list[float]:
    """Poles would leave nothing else to see."""
    size = sorted(abs(y) for y in numbers if math.isfinite(y))
    most = 1.5 * max(size[int(0.9 * (len(size) - 1))], 1.0) if size else 1.0
    return [y if abs(y) <= most else math.nan for y in numbers]


def functions_page() -> str:
    """The public names of all rooms but the primitives."""
    names = {op.name for op in TABLE}
    lines = ["# Functions and classes", ""]
    for room in ROOMS:
        module = importlib.import_module(f"autograd_bp.{room}") if room else bp
        lines += [f"## autograd_bp{'.' * bool(room)}{room}", ""]
        for name in sorted(getattr(module, "__all__", ()), key=str.lower):
            thing = getattr(module, name)
            if not name.startswith("_") and (name not in names or room) and callable(thing):
                lines.append(entry(name, thing, 3))
    return "\n".join(lines)


def command_page() -> str:
    """What the command says of itself."""
    lines = ["# The command", ""]
    for command in ("", *_commands()):
        words = [sys.executable, "-m", "autograd_bp", *command.split(), "--help"]
        said = subprocess.run(words, capture_output=True, text=True, check=True).stdout
        lines += [f"## autograd-bp {command}".rstrip(), "", "```text", said.rstrip(), "```", ""]
    return "\n".join(lines)


def _commands() -> Iterator[str]:
    said = subprocess.run(
        [sys.executable, "-m", "autograd_bp", "--help"], capture_output=True, text=True, check=True
    ).stdout
    body = said.partition("COMMAND\n")[2].partition("\n\n")[0]
    for line in body.splitlines():
        if match := re.match(r"    (\w+)\s", line):
            yield match[1]
