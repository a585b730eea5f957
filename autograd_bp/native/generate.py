"""Write kernels.h, the compiled core's rules, from the table of primitives.

A row's rule is traced once on Values; the graph that it leaves is printed as C, each of its
operations by the `c` column of its own row. So the derivative stands in the table only, and
the compiled core does the same floating-point operations in the same order as the rule does.
Rows without a `c`, or whose rule needs such a row, get no kernel: the compiled core calls
their Python functions instead.

    python -m autograd_bp.native.generate            writes kernels.h beside this file
"""

from __future__ import annotations

import math
import re
from pathlib import Path

from autograd_bp.graph import topological_order
from autograd_bp.native.kernels import flags
from autograd_bp.primitives import TABLE, Primitive
from autograd_bp.value import Value

HEADER = Path(__file__).with_name("kernels.h")

TEMPLATE = """\
/* The rules of the table of primitives in C. Written by autograd_bp/native/generate.py: do not
   edit; change primitives.py and run `python -m autograd_bp.native.generate` again. */

#define ROWS {count}

static const char *const row_names[ROWS] = {{
{names}
}};

enum {{
{places}
}};

static const unsigned char row_flags[ROWS] = {{
{flags}
}};

/* y = f(a), d[0] = df/da. Returns 0 for a row without a kernel. */
static inline int rule1(int code, double a, double *value, double *d)
{{
    double y;
    switch (code) {{
{one}
    default: return 0;
    }}
    *value = y;
    return 1;
}}

/* y = f(a, b), d[0] = df/da, d[1] = df/db. Returns 0 for a row without a kernel. */
static inline int rule2(int code, double a, double b, double *value, double *d)
{{
    double y;
    switch (code) {{
{two}
    default: return 0;
    }}
    *value = y;
    return 1;
}}

/* y = f(x[0..n)), and x[i] becomes df/dx[i]. Returns 0 for a row without a kernel. */
static int rule_many(int code, double *x, Py_ssize_t n, double *value)
{{
    double y = 0.0, *d = x;
    Py_ssize_t i;
    switch (code) {{
{many}
    default: return 0;
    }}
    *value = y;
    return 1;
}}
"""


def header() -> str:
    """The text of kernels.h for the table as the library defines it."""
    one: list[str] = []
    two: list[str] = []
    many: list[str] = []
    for row in TABLE:
        body = kernel(row)
        if body is not None:
            cases = one if row.arity == 1 else two if row.arity == 2 else many
            cases.append(f"    case {row.code}: {{ /* {row.name} */\n{body}\n        break; }}")
    return TEMPLATE.format(
        count=len(TABLE),
        names=_columns([f'"{row.name}",' for row in TABLE]),
        places=_columns([f"ROW_{row.name}," for row in TABLE]),
        flags=_columns([f"{flags(row.code)}," for row in TABLE]),
        one="\n".join(one),
        two="\n".join(two),
        many="\n".join(many),
    )


def kernel(row: Primitive) -> str | None:
    """The statements that set y and d from the inputs; None where C cannot say them."""
    if row.c is None:
        return None
    if row.arity is None:
        return _indent(row.c)
    letters = "abc"[: row.arity]
    lines: list[str] = []
    if row.arity > 2:
        lines += [f"const double {letter} = x[{i}];" for i, letter in enumerate(letters)]
    lines.append(f"y = {row.c};")
    rule = _partials(row, letters)
    return None if rule is None else _indent("\n".join([*lines, *rule]))


def _partials(row: Primitive, letters: str) -> list[str] | None:
    if row.partials is None:
        return [f"d[{i}] = NAN;" for i in range(len(letters))]
    inputs = [Value(1.0, letter) for letter in letters]
    output = Value(1.0, "y")
    results = row.partials(*inputs, y=output)
    names: dict[Value, str] = {node: node.label for node in (*inputs, output)}
    recorded = [result for result in results if isinstance(result, Value)]
    lines: list[str] = []
    for node in topological_order(*recorded):
        if node in names:
            continue
        if node.op is None:
            names[node] = _literal(node.data)
            continue
        if node.op.c is None or node.op.arity is None:
            return None
        parents = dict(zip("abc", (names[parent] for parent in node.parents), strict=False))
        expression = re.sub(r"\b[abc]\b", lambda m, p=parents: p[m[0]], node.op.c)  # type: ignore[misc]
        names[node] = f"t{len(lines)}"
        lines.append(f"const double {names[node]} = {expression};")
    for i, result in enumerate(results):
        text = names[result] if isinstance(result, Value) else _literal(float(result))
        lines.append(f"d[{i}] = {text};")
    return lines


def _literal(x: float) -> str:
    if math.isnan(x):
        return "NAN"
    if math.isinf(x):
        return "INFINITY" if x > 0 else "(-INFINITY)"
    return repr(x) if math.copysign(1.0, x) > 0 else f"({x!r})"


def _columns(items: list[str], width: int = 92) -> str:
    lines = [""]
    for item in items:
        if lines[-1] and len(lines[-1]) + len(item) > width:
            lines.append("")
        lines[-1] += (" " if lines[-1] else "") + item
    return "\n".join("    " + line for line in lines)


def _indent(text: str) -> str:
    return "\n".join("        " + line.strip() for line in text.splitlines())


def main() -> None:
    HEADER.write_text(header(), encoding="utf-8")
    print(f"wrote {HEADER}")


if __name__ == "__main__":
    main()
