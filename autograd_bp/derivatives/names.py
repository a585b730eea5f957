"""What to call the nodes of a graph in text and in LaTeX."""

from __future__ import annotations

import re
from collections.abc import Iterable

from autograd_bp.notation.numbers import number
from autograd_bp.value import Value

_INDEXED = re.compile(r"([^\W\d_]+?)_?\[?(\d+)\]?")
_GREEK = {
    "α": r"\alpha",
    "β": r"\beta",
    "γ": r"\gamma",
    "δ": r"\delta",
    "ε": r"\varepsilon",
    "θ": r"\theta",
    "λ": r"\lambda",
    "μ": r"\mu",
    "π": r"\pi",
    "ρ": r"\rho",
    "σ": r"\sigma",
    "τ": r"\tau",
    "φ": r"\varphi",
    "ω": r"\omega",
    "Δ": r"\Delta",
    "Σ": r"\Sigma",
}


def node_names(nodes: Iterable[Value]) -> dict[Value, str]:
    """A name for every node, unique: its label, its number for a constant, else v1, v2, ...

    A label that several nodes have is numbered: w, w′2, w′3.
    """
    names: dict[Value, str] = {}
    listed = list(nodes)
    taken = {node.label for node in listed}
    used: dict[str, int] = {}
    count = 0
    for node in listed:
        label = node.label
        if label:
            used[label] = used.get(label, 0) + 1
            names[node] = label if used[label] == 1 else f"{label}′{used[label]}"
        elif node.is_constant:
            names[node] = number(node.data)
        else:
            count += 1
            while f"v{count}" in taken:
                count += 1
            names[node] = f"v{count}"
    return names


def latex_name(name: str) -> str:
    """A name in LaTeX: w1 as w_{1}, Greek letters as commands, words upright."""
    name, prime, count = name.partition("′")
    again = rf"^{{({count})}}" if prime else ""
    match = _INDEXED.fullmatch(name)
    word, index = (match[1], f"_{{{match[2]}}}") if match else (name, "")
    if len(word) == 1:
        return _GREEK.get(word, _escaped(word)) + index + again
    return rf"\mathrm{{{_escaped(word)}}}{index}{again}"


def _escaped(text: str) -> str:
    for letter, command in _GREEK.items():
        text = text.replace(letter, f"{{{command}}}") if len(text) > 1 else text
    special = {"\\": r"\backslash ", "^": r"\hat{}", "~": r"\sim "}
    if any(letter in text for letter in special):
        text = "".join(special.get(letter, letter) for letter in text)
    return re.sub(r"(?<!\\)([#$%&_])", r"\\\1", text)
