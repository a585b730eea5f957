"""The part of the page that computes: the primitives of its graph in JavaScript, and the sweep."""

from __future__ import annotations

import json
from collections.abc import Iterable
from importlib import resources

from autograd_bp.primitives import Primitive
from autograd_bp.printers import javascript
from autograd_bp.value import Value


def computation(nodes: Iterable[Value]) -> str:
    """A script that can compute these nodes and sweep back from them; it needs no page."""
    ops = dict.fromkeys(node.op for node in nodes if node.op is not None)
    return script(printed(ops))


def script(primitives: str) -> str:
    """The script with these printed primitives."""
    return "\n".join([source("library.js"), primitives, source("sweep.js")])


def printed(ops: Iterable[Primitive]) -> str:
    """A map from the names of primitives to their functions.

    A primitive whose expression or rule cannot be seen is left out. The page shows a graph with
    such a primitive in it with the numbers that were recorded.
    """
    entries = []
    for op in ops:
        functions = javascript.primitive(op.name, op.arity, op.expression, op.partials)
        if functions is not None:
            entries.append(f"[{json.dumps(page_name(op))}, {functions}],\n")
    return f"const PRIMITIVES = new Map([\n{''.join(entries)}]);"


def page_name(op: Primitive) -> str:
    """The name of a primitive in that map; where another one has taken its name, with its code."""
    if Primitive.named(op.name) is op:
        return op.name
    return f"{op.name}_{op.code}"


def source(name: str) -> str:
    """A file of this folder as text."""
    return (resources.files("autograd_bp.stepping") / name).read_text("utf-8")
