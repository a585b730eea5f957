"""Write kernels.h, the compiled core's rules, from the table of primitives.

The expression of a primitive is printed as C, and so is its rule, which is run once on
expressions. So the derivative stands in the table only, and the compiled core does the same
floating-point operations in the same order as the rule does. For the primitives of
WITHOUT_KERNEL (see printers/overrides.py), and those whose rule needs one, the compiled core calls
the Python functions instead.

    python -m autograd_bp.native.generate            writes kernels.h beside this file
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from autograd_bp.entry import Primitive
from autograd_bp.expressions import Expression, as_expression, inputs, letters, walk
from autograd_bp.folds import Fold
from autograd_bp.native.kernels import OWN, flags
from autograd_bp.primitives import TABLE
from autograd_bp.printers import c
from autograd_bp.printers.overrides import WITHOUT_KERNEL

LIBRARY_OPS = TABLE[:OWN]  # a rule may make members of families, which follow in the table
HEADER = Path(__file__).with_name("kernels.h")
CODES = Path(__file__).with_name("codes.pxd")

CODES_TEMPLATE = """\
# codes.py in C: the enumeration in kernels.h. Written by autograd_bp/native/generate.py: do not
# edit; change the table and run `python tools/generate.py`.
cdef extern from "rules.h":
    enum:
{names}
"""

FUNCTIONS = """\
static {inline}int {name}_long({arguments})
{{
    double y{local};
    switch (code) {{
{long}
    default: return 0;
    }}
    *value = y;
    return 1;
}}

/* {comment} Returns 0 for a primitive without a kernel. */
static {inline}int {name}({arguments})
{{
    double y;
    switch (code) {{
{short}
    default: return {name}_long({operands});
    }}
    *value = y;
    return 1;
}}
"""
MAX_SHORT = 4  # statements of a kernel that stands among others in one function

TEMPLATE = """\
/* The rules of the table of primitives in C. Written by autograd_bp/native/generate.py: do not
   edit; change the table and run `python tools/generate.py`. */

#define OPS {count}

static const char *const op_names[OPS] = {{
{names}
}};

enum {{
{places}
}};

static const unsigned char op_flags[OPS] = {{
{flags}
}};

/* Kernels of many statements have functions of their own: a function saves as many registers as the
   largest of its cases needs. */
{functions}
"""


class Kernels(NamedTuple):
    """A function of kernels.h: its name, its arguments in C, and what it sets."""

    name: str
    arguments: str
    comment: str
    local: str = ""
    inline: str = "inline "


KERNELS = {
    1: Kernels("rule1", "double a, double *value, double *d", "y = f(a), d[0] = df/da."),
    2: Kernels(
        "rule2",
        "double a, double b, double *value, double *d",
        "y = f(a, b), d[0] = df/da, d[1] = df/db.",
    ),
    0: Kernels(
        "rule_many",
        "double *x, Py_ssize_t n, double *value",
        "y = f(x[0..n)), and x[i] becomes df/dx[i].",
        local=", *d = x",
        inline="",
    ),
}
"""By how many inputs a primitive has; 0 for any other number."""


def header() -> str:
    """The text of kernels.h for the table as the library defines it."""
    return TEMPLATE.format(
        count=OWN,
        names=_columns([f'"{op.name}",' for op in LIBRARY_OPS]),
        places=_columns([f"OP_{op.name}," for op in LIBRARY_OPS]),
        flags=_columns([f"{flags(op.code)}," for op in LIBRARY_OPS]),
        functions="\n".join(functions(arity) for arity in KERNELS),
    )


def functions(arity: int) -> str:
    """The functions that compute the primitives of so many inputs."""
    name, arguments, comment, local, inline = KERNELS[arity]
    short: list[str] = []
    long: list[str] = []
    for op in LIBRARY_OPS:
        if (op.arity if op.arity in KERNELS else 0) != arity:
            continue
        body = kernel(op)
        if body is not None:
            is_short = isinstance(op.expression, Fold) or body.count("\n") < MAX_SHORT
            cases = short if is_short else long
            cases.append(f"    case {op.code}: {{ /* {op.name} */\n{body}\n        break; }}")
    return FUNCTIONS.format(
        name=name,
        arguments=f"int code, {arguments}",
        operands=", ".join(["code", *re.findall(r"\w+(?=,|$)", arguments)]),
        comment=comment,
        local=local,
        inline=inline,
        short="\n".join(short),
        long="\n".join(long),
    )


def kernel(op: Primitive) -> str | None:
    """The statements that set y and d from the inputs; None where C cannot say them."""
    expression = op.expression
    if expression is None or op.name in WITHOUT_KERNEL:
        return None
    if isinstance(expression, Fold):
        return _indent(c.list_fold(expression, kind="Py_ssize_t", partials=True))
    assert op.arity is not None
    names = letters(op.arity)
    roots = [expression]
    if op.partials is not None:
        arguments = inputs(*names)
        output = Expression("input", "y")
        roots += map(as_expression, op.partials(*arguments, y=output))
    if any(node.head in WITHOUT_KERNEL for node in walk(*roots)):
        return None
    printer = c.Printer({})
    printer.expect(*roots[1:])
    (y,) = printer.texts(expression)
    lines = [f"const double {name} = x[{i}];" for i, name in enumerate(names) if op.arity > 2]
    lines += [*printer.lines, f"y = {y};"]
    done = len(printer.lines)
    partials = printer.texts(*roots[1:]) if roots[1:] else ["NAN"] * op.arity
    lines += printer.lines[done:]
    return _indent([*lines, *(f"d[{i}] = {text};" for i, text in enumerate(partials))])


def _columns(items: list[str], width: int = 92) -> str:
    lines = [""]
    for item in items:
        if lines[-1] and len(lines[-1]) + len(item) > width:
            lines.append("")
        lines[-1] += (" " if lines[-1] else "") + item
    return "\n".join("    " + line for line in lines)


def _indent(lines: Sequence[str]) -> str:
    return "\n".join("        " + line for line in lines)


def codes() -> str:
    """The text of codes.pxd for the table as the library defines it."""
    return CODES_TEMPLATE.format(
        names="\n".join(f'        {op.name} "OP_{op.name}"' for op in LIBRARY_OPS)
    )


def files() -> dict[Path, str]:
    """The files that this module writes, and their texts; tools/generate.py writes those of all."""
    return {HEADER: header(), CODES: codes()}


def main() -> None:
    for path, text in files().items():
        path.write_text(text, encoding="utf-8")
        print(f"wrote {path}")


if __name__ == "__main__":
    main()
