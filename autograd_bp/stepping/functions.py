"""The primitives of a graph in JavaScript, so that the page can compute them."""

from __future__ import annotations

import json
from collections.abc import Iterable

from autograd_bp.primitives import Primitive
from autograd_bp.printers import javascript
from autograd_bp.value import Value


def script(nodes: Iterable[Value]) -> str:
    """A map from the names of the primitives that made the nodes to their functions.

    A primitive whose expression cannot be seen is left out. The page shows a graph with such a
    primitive in it with the numbers that were recorded.
    """
    ops = dict.fromkeys(node.op for node in nodes if node.op is not None)
    return printed(ops)


def printed(ops: Iterable[Primitive]) -> str:
    """The same for these primitives."""
    entries = []
    for op in ops:
        functions = javascript.primitive(op.name, op.arity, op.expression, op.partials)
        if functions is not None:
            entries.append(f"[{json.dumps(op.name)}, {functions}],\n")
    return f"const PRIMITIVES = new Map([\n{''.join(entries)}]);"
